//! Curves as the `d` of SVG paths: what the page shows on paper and before its script runs.
//!
//! Every plot is [`WIDTH`] wide and [`HEIGHT`] high, stretched by the page; numbers have one decimal.

use std::fmt::Write as _;

use crate::meter::{Outline, Trace};
use crate::report::Lane;

/// Width of a plot.
pub(super) const WIDTH: f64 = 1200.0;

/// Height of a plot.
pub(super) const HEIGHT: f64 = 100.0;

/// Columns that a waveform is drawn in.
const COLUMNS: usize = 1200;

/// How many LU a loudness plot is high.
pub(super) const SPAN: f64 = 42.0;

/// Where a lane stands on the axis of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    /// Sample frames of the axis.
    pub(super) length: u64,
    /// First sample frame of the lane on the axis.
    pub(super) offset: u64,
    /// Axis frames of a lane's frame.
    pub(super) scale: f64,
}

impl Axis {
    /// The place of a sample frame of the lane, from 0 to [`WIDTH`].
    pub(super) fn x(&self, at: f64) -> f64 {
        (self.offset as f64 + at * self.scale) * WIDTH / (self.length.max(1) as f64)
    }
}

/// The height of a sample, full scale ±1: on a root scale, on which quiet sound still shows.
pub(super) fn y_of_sample(sample: f64) -> f64 {
    let root = libm::sqrt(sample.abs()).min(1.0);
    let half = HEIGHT / 2.0;
    half - if sample < 0.0 { -root } else { root } * (half - 1.0)
}

/// The waveform, as one closed shape.
pub(super) fn waveform(outline: &Outline, axis: Axis) -> String {
    let bins = outline.extremes();
    let many = bins.len().div_ceil(COLUMNS).max(1);
    let column = |(i, bins): (usize, &[(i16, i16)])| {
        let low = bins.iter().map(|bin| bin.0).min().unwrap_or_default();
        let high = bins.iter().map(|bin| bin.1).max().unwrap_or_default();
        let x = axis.x((i * many) as f64 * outline.bin() as f64);
        let y = |sample: i16| y_of_sample(f64::from(sample) / 32_768.0);
        (x, y(low), y(high))
    };
    let columns: Vec<(f64, f64, f64)> = bins.chunks(many).enumerate().map(column).collect();
    let tops = columns.iter().map(|(x, _, high)| (*x, *high));
    let bottoms = columns.iter().rev().map(|(x, low, _)| (*x, *low));
    let mut path = line(tops.chain(bottoms));
    if !path.is_empty() {
        path.push('Z');
    }
    path
}

/// A line through points.
fn line(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.enumerate() {
        let step = if i == 0 { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(path, "{step}{x:.1} {y:.1}");
    }
    path
}

/// The loudness at the upper edge of the plots: a multiple of 6 above all that is drawn.
pub(super) fn top(lanes: &[Lane]) -> f64 {
    let values = lanes
        .iter()
        .flat_map(|lane| lane.momentary.values.iter().chain(&lane.short_term.values));
    let loudest = values
        .flatten()
        .map(|value| value.value())
        .fold(-24.0, f64::max);
    (libm::ceil((loudest + 1.0) / 6.0) * 6.0).min(12.0)
}

/// The height of a loudness below `top`.
pub(super) fn y_of_loudness(loudness: f64, top: f64) -> f64 {
    ((top - loudness) * HEIGHT / SPAN).clamp(0.0, HEIGHT)
}

/// A loudness curve; silence parts it.
pub(super) fn loudness(trace: &Trace, rate: u32, axis: Axis, top: f64) -> String {
    let mut path = String::new();
    let mut at_rest = true;
    for (i, value) in trace.values.iter().enumerate() {
        let Some(value) = value.filter(|value| value.value() > top - SPAN) else {
            at_rest = true;
            continue;
        };
        let tenths = f64::from(trace.first) + i as f64 * f64::from(trace.step);
        let x = axis.x(tenths * f64::from(rate) / 10.0);
        let step = if at_rest { 'M' } else { 'L' };
        let y = y_of_loudness(value.value(), top);
        // Writing to a string cannot fail.
        let _ = write!(path, "{step}{x:.1} {y:.1}");
        at_rest = false;
    }
    path
}

/// Stretches as boxes from `y` on, `height` high.
pub(super) fn boxes(
    stretches: impl Iterator<Item = (u64, u64)>,
    axis: Axis,
    y: f64,
    height: f64,
) -> String {
    let mut path = String::new();
    for (start, end) in stretches {
        let from = axis.x(start as f64);
        let width = (axis.x(end as f64) - from).max(0.5);
        // Writing to a string cannot fail.
        let _ = write!(
            path,
            "M{from:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}Z"
        );
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Lufs;
    use crate::meter::{Outliner, Samples};

    const AXIS: Axis = Axis {
        length: 48_000,
        offset: 24_000,
        scale: 1.0,
    };

    #[test]
    fn a_waveform_is_a_closed_shape() {
        let mut outliner = Outliner::new(1, 24_000);
        outliner
            .push(&Samples::Floats(&[0.25, 0.25, -0.25, -1.0]))
            .unwrap();
        let path = waveform(&outliner.finish(), AXIS);
        assert_eq!(path, "M600.0 25.5L600.0 74.5L600.0 99.0L600.0 25.5Z");
        assert_eq!(waveform(&Outliner::new(1, 0).finish(), AXIS), "");
    }

    #[test]
    fn silence_parts_a_curve() {
        let trace = Trace {
            first: 4,
            step: 1,
            values: [Some(-24.0), Some(-36.0), None, Some(-99.0), Some(0.0)]
                .map(|value| value.map(Lufs::new))
                .to_vec(),
        };
        let path = loudness(&trace, 24_000, AXIS, 0.0);
        assert_eq!(path, "M840.0 57.1L900.0 85.7M1080.0 0.0");
    }
}
