//! Where everything stands on the one axis of the page.

use super::plot::Axis;
use crate::report::{Lane, Report};

/// The axis and the lanes on it.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// Sample frames of the axis a second.
    pub(super) rate: u32,
    /// Sample frames since midnight at the axis' start, where the files say.
    pub(super) origin: Option<i64>,
    /// Sample frames of the axis.
    pub(super) length: u64,
    /// The lanes in the order of the files.
    pub(super) lanes: Vec<(&'a Lane, Axis)>,
}

impl<'a> Scene<'a> {
    /// The axis of a report: from the first start of a file to the last end. A file whose start is
    /// further from the others than the longest of them lasts (an hour off, say) is drawn from the
    /// start of the axis, so that it does not squeeze the rest to a line.
    pub(super) fn new(report: &'a Report) -> Self {
        let ordered = report.files.iter();
        let lanes: Vec<&Lane> = ordered
            .filter_map(|file| report.course.lane(&file.file))
            .collect();
        let rate = match report.sample_rate {
            0 => lanes.first().map_or(48_000, |lane| lane.sample_rate.max(1)),
            rate => rate,
        };
        let scale = |lane: &Lane| f64::from(rate) / f64::from(lane.sample_rate.max(1));
        let on_axis = |lane: &Lane, frames: f64| libm::round(frames * scale(lane));
        let start = |lane: &Lane| {
            let start = lane.start_sample?;
            Some(on_axis(lane, start as f64) as i64)
        };
        let longest = lanes
            .iter()
            .map(|lane| on_axis(lane, lane.length as f64) as u64)
            .max()
            .unwrap_or_default();
        let middle = middle(lanes.iter().filter_map(|lane| start(lane)).collect());
        let near = |lane: &Lane| {
            let distance = start(lane)?.abs_diff(middle?);
            start(lane).filter(|_| distance <= longest)
        };
        let origin = lanes.iter().filter_map(|lane| near(lane)).min();
        let axis_of = |lane: &Lane| {
            let offset = near(lane).zip(origin).map_or(0, |(s, o)| s.abs_diff(o));
            (offset, scale(lane))
        };
        let ends = lanes
            .iter()
            .map(|lane| axis_of(lane).0 + on_axis(lane, lane.length as f64) as u64);
        let length = ends.max().unwrap_or(report.length_samples).max(1);
        let lanes = lanes
            .iter()
            .map(|lane| {
                let (offset, scale) = axis_of(lane);
                let axis = Axis {
                    length,
                    offset,
                    scale,
                };
                (*lane, axis)
            })
            .collect();
        Self {
            rate,
            origin,
            length,
            lanes,
        }
    }

    /// The number of a file's lane.
    pub(super) fn index(&self, file: Option<&str>) -> Option<usize> {
        let file = file?;
        let holds = |lane: &Lane| lane.file == file || lane.also.iter().any(|other| other == file);
        self.lanes.iter().position(|(lane, _)| holds(lane))
    }

    /// The place on the axis of a sample frame of a lane; of a package's for none.
    pub(super) fn place(&self, lane: Option<usize>, at: u64) -> u64 {
        match lane.and_then(|lane| self.lanes.get(lane)) {
            Some((_, axis)) => axis.offset + libm::round(at as f64 * axis.scale) as u64,
            None => at,
        }
    }
}

/// The middle one of some values.
fn middle(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
