//! One pass over the samples of one file.

use super::bank::Bank;
use super::code;
use super::measurement::Measurement;
use super::samples::Samples;
use super::spec::{MeterError, MeterSpec};
use crate::audio::SampleFormat;
use crate::finding::Finding;

/// The meter of one file. Sound is taken in order of time in blocks of any length, raw bytes even cut
/// inside a sample; how it is cut into blocks changes no bit of any figure.
#[derive(Debug, Clone)]
pub struct Meter {
    bank: Bank,
    channels: usize,
    /// The beginning of a frame whose end comes with the next block.
    begun: Vec<u8>,
}

impl Meter {
    /// A meter that has heard nothing yet.
    ///
    /// # Errors
    /// No channels, or more than [`MAX_CHANNELS`](super::MAX_CHANNELS).
    pub fn new(spec: &MeterSpec) -> Result<Self, MeterError> {
        Ok(Self {
            bank: Bank::new(std::slice::from_ref(spec))?,
            channels: spec.positions.len(),
            begun: Vec::new(),
        })
    }

    /// Gives the search for the true peak the sound that stands before the first frame: see
    /// [`Bank::pre_roll`].
    ///
    /// # Errors
    /// When the block ends inside a frame.
    pub fn pre_roll(&mut self, before: Samples<'_>) -> Result<(), MeterError> {
        self.bank.pre_roll(&[before])
    }

    /// Measures the next block.
    ///
    /// # Errors
    /// When a block of numbers ends inside a frame; raw bytes may be cut anywhere.
    pub fn push(&mut self, block: Samples<'_>) -> Result<(), MeterError> {
        match block {
            Samples::Bytes(format, bytes) => self.push_bytes(format, bytes),
            other => self.bank.push(&[other]),
        }
    }

    fn push_bytes(&mut self, format: SampleFormat, mut bytes: &[u8]) -> Result<(), MeterError> {
        let frame = format.bytes() * self.channels;
        if !self.begun.is_empty() {
            let missing = frame.saturating_sub(self.begun.len()).min(bytes.len());
            let (head, tail) = bytes.split_at(missing);
            self.begun.extend_from_slice(head);
            bytes = tail;
            if self.begun.len() < frame {
                return Ok(());
            }
            let begun = std::mem::take(&mut self.begun);
            self.bank.push(&[Samples::Bytes(format, &begun)])?;
        }
        let (whole, rest) = bytes.split_at(bytes.len() - bytes.len() % frame);
        self.begun.extend_from_slice(rest);
        self.bank.push(&[Samples::Bytes(format, whole)])
    }

    /// The figures.
    pub fn finish(self) -> Measurement {
        only(self.bank.finish(), self.begun.len())
    }

    /// The same where the sound goes on with `after`: see [`Bank::finish_before`].
    ///
    /// # Errors
    /// When the block ends inside a frame.
    pub fn finish_before(self, after: Samples<'_>) -> Result<Measurement, MeterError> {
        Ok(only(self.bank.finish_before(&[after])?, self.begun.len()))
    }
}

/// The one measurement of a bank of one, and what was left over of a last frame.
#[expect(
    clippy::expect_used,
    reason = "a bank has a measurement for each of its specs"
)]
fn only(mut measured: Vec<Measurement>, left_over: usize) -> Measurement {
    let mut measurement = measured.pop().expect("a bank of one has one measurement");
    if left_over > 0 {
        let message = format!("{left_over} bytes of an unfinished last frame are not measured");
        measurement
            .findings
            .push(Finding::new(&code::CUT_FRAME, message));
    }
    measurement
}
