//! Sound files for tests, made byte by byte so that no writer of ours proves a reader of ours.

use std::path::Path;

/// A WAV file with whatever metadata a test needs.
#[derive(Debug, Clone)]
pub(crate) struct Wav {
    pub(crate) rate: u32,
    pub(crate) channels: u16,
    pub(crate) frames: u32,
    /// bext TimeReference; no bext chunk without it.
    pub(crate) time_reference: Option<u64>,
    pub(crate) description: &'static str,
    pub(crate) umid: [u8; 32],
    /// Body of `BWFXML`.
    pub(crate) ixml: &'static str,
    /// Makes the sound another one.
    pub(crate) seed: u32,
}

impl Default for Wav {
    fn default() -> Self {
        Self {
            rate: 48_000,
            channels: 1,
            frames: 480,
            time_reference: None,
            description: "",
            umid: [0; 32],
            ixml: "",
            seed: 0,
        }
    }
}

impl Wav {
    /// So many seconds from so many seconds after midnight.
    pub(crate) fn at(seconds: u64, length: u32) -> Self {
        Self {
            frames: 48_000 * length,
            time_reference: Some(48_000 * seconds),
            ..Self::default()
        }
    }

    /// The 24-bit sample of a frame and channel.
    pub(crate) fn sample(&self, frame: u32, channel: u16) -> i32 {
        let mixed = (frame ^ (self.seed << 20)).wrapping_mul(0x9e37_79b1) ^ u32::from(channel) << 9;
        (mixed as i32) >> 8
    }

    /// The whole file, 24 bits.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let block = 3 * self.channels;
        let mut fmt = vec![1, 0];
        fmt.extend(self.channels.to_le_bytes());
        fmt.extend(self.rate.to_le_bytes());
        fmt.extend((self.rate * u32::from(block)).to_le_bytes());
        fmt.extend(block.to_le_bytes());
        fmt.extend([24, 0]);
        let mut body = b"WAVE".to_vec();
        body.extend(chunk(*b"fmt ", &fmt));
        if let Some(reference) = self.time_reference {
            body.extend(chunk(*b"bext", &self.bext(reference)));
        }
        if !self.ixml.is_empty() {
            let xml = format!("<?xml version=\"1.0\"?><BWFXML>{}</BWFXML>", self.ixml);
            body.extend(chunk(*b"iXML", xml.as_bytes()));
        }
        let mut data = Vec::new();
        for frame in 0..self.frames {
            for channel in 0..self.channels {
                data.extend(&self.sample(frame, channel).to_le_bytes()[..3]);
            }
        }
        body.extend(chunk(*b"data", &data));
        chunk(*b"RIFF", &body)
    }

    /// Writes it, with the folders it lies in.
    pub(crate) fn write(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, self.bytes()).unwrap();
    }

    fn bext(&self, reference: u64) -> Vec<u8> {
        let mut bext = vec![0; 602];
        bext[..self.description.len()].copy_from_slice(self.description.as_bytes());
        bext[338..346].copy_from_slice(&reference.to_le_bytes());
        bext[346] = 1;
        bext[348..380].copy_from_slice(&self.umid);
        bext
    }
}

fn chunk(id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = id.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}
