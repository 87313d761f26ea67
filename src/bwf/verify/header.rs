//! Headers and metadata, read back.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use super::{Check, VerifyError};
use crate::bwf::chunk::{bext, fmt};
use crate::bwf::codes::{BAD_CHNA, IXML_ROUNDED, IXML_VALUE};
use crate::bwf::layout::ixml_body;
use crate::bwf::model::{Bext, Hundredths};

const OURS: &str = "stemline";
const BWAVFILE: &str = "bwavfile";

/// A reader whose every read is as long as the file allows: `bwavfile` reads a chunk at one go.
struct Whole<R>(R);

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.0.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filled)
    }
}

impl<R: Seek> Seek for Whole<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Holds what is written against what stands in a file.
struct Held<R> {
    file: R,
    /// The place of the next byte.
    at: u64,
    /// The first byte that differs.
    wrong: Option<u64>,
}

impl<R: Read> Write for Held<R> {
    fn write(&mut self, expected: &[u8]) -> io::Result<usize> {
        let mut found = [0; 8 << 10];
        for part in expected.chunks(found.len()) {
            let found = found.get_mut(..part.len()).unwrap_or_default();
            self.file.read_exact(found)?;
            if self.wrong.is_none() && found != part {
                let at = found.iter().zip(part).position(|(a, b)| a != b);
                self.wrong = at.map(|i| self.at + i as u64);
            }
            self.at += part.len() as u64;
        }
        Ok(expected.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Check<'_> {
    /// The file's length and every byte around the samples.
    pub(super) fn bytes(&self) -> Result<(), VerifyError> {
        let io = |source| self.io(source);
        let mut file = File::open(self.path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        self.same(OURS, "the file size", &length, &self.layout.file_size)?;
        let mut held = Held {
            file: BufReader::new(&mut file),
            at: 0,
            wrong: None,
        };
        self.layout.write_head(self.spec, &mut held).map_err(io)?;
        let wrong = |what: &str| format!("the first wrong byte of {what}");
        self.same(OURS, wrong("the header"), &held.wrong, &None)?;
        held.at = self.layout.data_offset + self.layout.data_bytes;
        held.file.seek(SeekFrom::Start(held.at)).map_err(io)?;
        held.write_all(&self.layout.tail).map_err(io)?;
        self.same(OURS, wrong("what follows the samples"), &held.wrong, &None)
    }

    /// What our own reader makes of it.
    pub(super) fn model(&self) -> Result<(), VerifyError> {
        let wave = crate::bwf::open(self.path)?;
        self.same(
            OURS,
            "the container",
            &wave.container,
            &self.layout.container,
        )?;
        let data = wave.data.map(|data| (data.offset, data.bytes));
        let written = Some((self.layout.data_offset, self.layout.data_bytes));
        self.same(OURS, "the place of the samples", &data, &written)?;
        self.same(
            OURS,
            "the length in frames",
            &wave.frames,
            &self.spec.frames,
        )?;
        self.same(OURS, "the MD5", &wave.md5, &self.spec.md5)?;
        // What the caller put into the iXML and chna chunks may be odd; the file is as meant.
        let content = [IXML_VALUE, IXML_ROUNDED, BAD_CHNA];
        let damage = wave.findings.iter().find(|f| !content.contains(&f.code));
        self.same(OURS, "findings", &damage, &None)
    }

    /// What `bwavfile` makes of it; it walks the chunks and reads no sound.
    pub(super) fn bwavfile(&self) -> Result<(), VerifyError> {
        let refused = |e: bwavfile::Error| self.refused(BWAVFILE, format!("{e:?}"));
        let file = File::open(self.path).map_err(|e| self.io(e))?;
        let reader = Whole(BufReader::new(file));
        let mut reader = bwavfile::WaveReader::new(reader).map_err(refused)?;
        self.format(&reader.format().map_err(refused)?)?;
        let frames = reader.frame_length().map_err(refused)?;
        self.same(BWAVFILE, "the length in frames", &frames, &self.spec.frames)?;
        let bext = reader.broadcast_extension().map_err(refused)?;
        match bext {
            Some(bext) => self.bext(bext)?,
            None if self.spec.has_bext() => {
                return Err(self.refused(BWAVFILE, "it finds no bext chunk"));
            }
            None => {}
        }
        let mut xml = Vec::new();
        reader.read_ixml(&mut xml).map_err(refused)?;
        let written = self.spec.ixml.as_ref().map(|ixml| ixml_body(ixml).0);
        self.same(BWAVFILE, "the iXML", &xml, &written.unwrap_or_default())
    }

    fn format(&self, found: &bwavfile::WaveFmt) -> Result<(), VerifyError> {
        let spec = &self.spec.format;
        let extensible = self.spec.extensible();
        let tag = match spec.sample.is_float() {
            _ if extensible => fmt::EXTENSIBLE,
            true => fmt::FLOAT,
            false => fmt::PCM,
        };
        let bits = if extensible {
            spec.sample.bits()
        } else {
            spec.valid_bits
        };
        let read = (
            found.tag,
            found.channel_count,
            found.sample_rate,
            found.bits_per_sample,
        );
        let written = (tag, spec.channels, spec.rate.hertz(), bits);
        self.same(BWAVFILE, "tag, channels, rate and bits", &read, &written)?;
        let block = u64::from(found.block_alignment);
        self.same(BWAVFILE, "the block alignment", &block, &spec.frame_bytes())?;
        let read = found
            .extended_format
            .map(|e| (e.valid_bits_per_sample, e.channel_mask));
        let written = extensible.then_some((spec.valid_bits, spec.mask));
        self.same(BWAVFILE, "valid bits and channel mask", &read, &written)
    }

    /// The bext chunk as it was written, which is ASCII and cut to its fields.
    fn bext(&self, found: bwavfile::Bext) -> Result<(), VerifyError> {
        let (written, _) = bext::parse(&bext::bytes(&self.spec.bext).0);
        // bwavfile shows a level that is not used as 327.67.
        let level = |value: Option<f32>| {
            let hundredths = value.map(|value| (f64::from(value) * 100.0).round() as i16);
            hundredths.and_then(Hundredths::new)
        };
        let read = Bext {
            description: found.description,
            originator: found.originator,
            originator_reference: found.originator_reference,
            origination_date: found.origination_date,
            origination_time: found.origination_time,
            time_reference: found.time_reference,
            version: found.version,
            umid: found.umid.filter(|umid| *umid != [0; 64]),
            loudness_value: level(found.loudness_value),
            loudness_range: level(found.loudness_range),
            max_true_peak: level(found.max_true_peak_level),
            max_momentary: level(found.max_momentary_loudness),
            max_short_term: level(found.max_short_term_loudness),
            // It keeps the NUL that makes the chunk even.
            coding_history: found.coding_history.trim_end_matches('\0').to_owned(),
        };
        self.same(BWAVFILE, "the bext chunk", &read, &written)
    }
}
