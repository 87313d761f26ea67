//! Every sample, read back.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use md5::{Digest as _, Md5};

use super::{Check, VerifyError};
use crate::audio::SampleFormat;
use crate::bwf::model::Container;
use crate::bwf::{decode_channel, text::hex};

const HOUND: &str = "hound";

/// Samples that are compared at a time.
const BLOCK: usize = 1 << 16;

impl Check<'_> {
    /// Holds what `hound` reads against what we read. It knows RIFF only, and of the formats those
    /// whose bits are all valid, without doubles.
    pub(super) fn hound(&self) -> Result<(), VerifyError> {
        let format = self.spec.format;
        if self.layout.container != Container::Riff
            || format.sample == SampleFormat::Float64
            || format.valid_bits != format.sample.bits()
        {
            return Ok(());
        }
        let reader = File::open(self.path).map_err(|e| self.io(e))?;
        let mut reader = hound::WavReader::new(BufReader::with_capacity(1 << 20, reader))
            .map_err(|e| self.refused(HOUND, e.to_string()))?;
        self.same(
            HOUND,
            "the length in frames",
            &u64::from(reader.duration()),
            &self.spec.frames,
        )?;
        if format.sample.is_float() {
            self.compare(reader.samples::<f32>().map(|s| s.map(f64::from)))
        } else {
            let step = format.sample.step();
            self.compare(
                reader
                    .samples::<i32>()
                    .map(|s| s.map(|s| f64::from(s) * step)),
            )
        }
    }

    fn compare(&self, theirs: impl Iterator<Item = hound::Result<f64>>) -> Result<(), VerifyError> {
        let format = self.spec.format.sample;
        let mut theirs = theirs;
        let mut count = 0_u64;
        self.blocks(format.bytes(), |bytes| {
            let mut ours = vec![0.0; bytes.len() / format.bytes()];
            decode_channel(format, 1, 0, bytes, &mut ours);
            for our in ours {
                let their = theirs
                    .next()
                    .transpose()
                    .map_err(|e| self.refused(HOUND, e.to_string()))?;
                let bits = their.map(f64::to_bits);
                if bits != Some(our.to_bits()) {
                    self.same(HOUND, format!("sample {count}"), &their, &Some(our))?;
                }
                count += 1;
            }
            Ok(())
        })?;
        let more = theirs.next().is_some();
        self.same(HOUND, "whether samples follow the last", &more, &false)
    }

    /// Holds the MD5 of the samples against the one that was written.
    pub(super) fn digest(&self) -> Result<(), VerifyError> {
        let Some(written) = self.spec.md5 else {
            return Ok(());
        };
        let mut md5 = Md5::new();
        self.blocks(1, |bytes| {
            md5.update(bytes);
            Ok(())
        })?;
        let found: [u8; 16] = md5.finalize().into();
        self.same(
            "stemline",
            "the MD5 of the samples",
            &hex(&found),
            &hex(&written),
        )
    }

    /// The samples' bytes in whole samples of `unit` bytes.
    fn blocks(
        &self,
        unit: usize,
        mut each: impl FnMut(&[u8]) -> Result<(), VerifyError>,
    ) -> Result<(), VerifyError> {
        let io = |source| self.io(source);
        let mut file = File::open(self.path).map_err(io)?;
        file.seek(SeekFrom::Start(self.layout.data_offset))
            .map_err(io)?;
        let mut left = self.layout.data_bytes;
        let mut block = vec![0; BLOCK * unit];
        while left > 0 {
            let size = (block.len() as u64).min(left);
            let part = block.get_mut(..size as usize).unwrap_or_default();
            file.read_exact(part).map_err(io)?;
            each(part)?;
            left -= size;
        }
        Ok(())
    }
}
