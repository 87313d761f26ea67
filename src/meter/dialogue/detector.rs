//! Voices found in a mix by their sound, for files that come without a dialogue stem.

use earshot::Detector;

use crate::audio::SampleRate;

/// Samples that the detector judges at a time: 16 ms.
const FRAME: usize = 256;

/// Above this score a frame is speech: the middle of the detector's scale, which its makers advise.
const SPEECH: f32 = 0.5;

/// Listens to one channel at 16 kHz and remembers where somebody speaks.
pub struct SpeechDetector {
    detector: Box<Detector>,
    /// The frame being filled.
    frame: Vec<f32>,
    /// Of each 16 ms whether it is speech.
    spoken: Vec<bool>,
}

impl SpeechDetector {
    /// The sample rate that it listens at.
    pub const HERTZ: u32 = 16_000;

    /// A detector that has heard nothing yet.
    pub fn new() -> Self {
        Self {
            detector: Box::new(Detector::default()),
            frame: Vec::with_capacity(FRAME),
            spoken: Vec::new(),
        }
    }

    /// Hears the next samples, full scale ±1.
    pub fn push(&mut self, samples: impl IntoIterator<Item = f32>) {
        for sample in samples {
            let sample = if sample.is_finite() { sample } else { 0.0 };
            self.frame.push(sample.clamp(-1.0, 1.0));
            if self.frame.len() == FRAME {
                let score = self.detector.predict_f32(&self.frame);
                self.spoken.push(score >= SPEECH);
                self.frame.clear();
            }
        }
    }

    /// Whether at least half of a stretch, in sample frames of a file at `rate`, is speech.
    pub fn is_speech(&self, rate: SampleRate, start: u64, end: u64) -> bool {
        let frame = |at: u64| {
            let ticks = u128::from(at) * u128::from(Self::HERTZ);
            (ticks / (u128::from(rate.hertz()) * FRAME as u128)) as usize
        };
        let frames = self
            .spoken
            .get(frame(start)..frame(end).min(self.spoken.len()));
        let frames = frames.unwrap_or_default();
        let spoken = frames.iter().filter(|&&is| is).count();
        !frames.is_empty() && 2 * spoken >= frames.len()
    }
}

impl Default for SpeechDetector {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SpeechDetector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpeechDetector")
            .field("frames", &self.spoken.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spoken: &[bool], start: u64, end: u64, expected: bool) {
        let mut detector = SpeechDetector::new();
        detector.spoken = spoken.to_vec();
        let got = detector.is_speech(SampleRate::HZ_48000, start, end);
        assert_eq!(got, expected, "{start}..{end} of {spoken:?}");
    }

    #[test]
    fn half_of_a_stretch_is_enough() {
        // 16 ms are 768 sample frames at 48 kHz.
        check(&[true, true, false, false], 0, 4 * 768, true);
        check(&[true, false, false, false], 0, 4 * 768, false);
        check(&[false, false, true, true], 2 * 768, 4 * 768, true);
        check(&[true], 768, 2 * 768, false);
        check(&[], 0, 768, false);
    }

    #[test]
    fn silence_and_what_is_no_number_are_no_speech() {
        let mut detector = SpeechDetector::new();
        detector.push((0..16_000).map(|n| if n % 3 == 0 { f32::NAN } else { 0.0 }));
        assert_eq!(detector.spoken.len(), 62);
        assert!(!detector.is_speech(SampleRate::HZ_48000, 0, 48_000));
    }
}
