//! Meters listening to the outputs while they are written.

use crate::conform::RenderPlan;
use crate::deliver::Loudness;
use crate::render::Tap;
use crate::report::Levels;

/// What was measured of an output.
pub(super) struct Measured {
    pub(super) levels: Levels,
    pub(super) loudness: Loudness,
}

/// A meter on an output.
pub(super) struct OutputMeter;

/// One for each output.
pub(super) fn meters(_plan: &RenderPlan) -> Vec<OutputMeter> {
    Vec::new()
}

impl OutputMeter {
    pub(super) fn finish(self) -> Measured {
        Measured { levels: Levels { integrated_lufs: None, loudness_range_lu: None, max_momentary_lufs: None, max_short_term_lufs: None, true_peak_dbtp: None, sample_peak_dbfs: None, channel_true_peak_dbtp: Vec::new() }, loudness: Loudness::default() }
    }
}

impl Tap for &mut OutputMeter {
    fn hear(&mut self, _planes: &[&[i32]]) {}
}
