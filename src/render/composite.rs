//! Composites: integer sums of stems as written, and fold-downs of them.

use super::output::OutputBlock;
use super::quantise::add;
use crate::audio::SampleFormat;
use crate::conform::RenderPlan;
use crate::conform::plan::{Composite, Route};

/// A sum of stems.
#[derive(Debug)]
pub(super) struct PreparedComposite {
    pub(super) channels: usize,
    /// Channels of its stems.
    pub(super) summed: usize,
    pub(super) stems: Vec<usize>,
    /// From, to and factor of each route of a fold-down.
    pub(super) fold: Option<Vec<(usize, usize, f64)>>,
    /// An output drawn before it that always has its samples.
    pub(super) twin: Option<usize>,
}

/// The integer sum of the stems of a composite; nothing is limited yet. Says whether anything sounds.
pub(super) fn add_stems(
    out: &mut OutputBlock,
    frames: usize,
    composite: &PreparedComposite,
    written: &[OutputBlock],
) -> bool {
    let stems = composite.stems.iter().filter_map(|&i| written.get(i));
    for stem in stems.filter(|stem| !stem.silent) {
        // The first stem takes the place of what an earlier block left.
        let first = out.silent;
        for (sum, plane) in out.sound(frames).iter_mut().zip(&stem.planes) {
            if first {
                sum.copy_from_slice(plane);
            } else {
                add(sum, plane);
            }
        }
    }
    !out.silent
}

/// The stem that alone sounds in a composite of its channels: their samples are the same.
pub(super) fn only_stem(composite: &PreparedComposite, written: &[OutputBlock]) -> Option<usize> {
    let sounds = |i: &usize| written.get(*i).is_some_and(|stem| !stem.silent);
    let mut sounding = composite.stems.iter().copied().filter(sounds);
    let only = sounding.next().filter(|_| sounding.next().is_none())?;
    let channels = written.get(only)?.planes.len();
    (channels == composite.channels).then_some(only)
}

/// Folds integer planes down to doubles of full scale 1, in the order of the routes.
pub(super) fn fold(
    planes: &[Vec<i32>],
    routes: &[(usize, usize, f64)],
    format: SampleFormat,
    mix: &mut Vec<Vec<f64>>,
    channels: usize,
) {
    let frames = planes.first().map_or(0, Vec::len);
    if mix.len() < channels {
        mix.resize_with(channels, Vec::new);
    }
    for plane in &mut mix[..channels] {
        plane.clear();
        plane.resize(frames, 0.0);
    }
    // A power of two: the factor keeps all its bits.
    let step = format.step();
    for &(from, to, gain) in routes {
        if let (Some(plane), Some(out)) = (planes.get(from), mix.get_mut(to)) {
            for (out, sample) in out.iter_mut().zip(plane) {
                *out += f64::from(*sample) * step * gain;
            }
        }
    }
}

/// The composites of a plan.
pub(super) fn composites(plan: &RenderPlan) -> Vec<PreparedComposite> {
    let stem_index = |code: &String| plan.get().stems.iter().position(|s| s.code == *code);
    let alike = plan.first_alike();
    let stems = plan.get().stems.len();
    let composite = |(i, c): (usize, &Composite)| {
        let first = alike.get(stems + i).copied();
        let route = |route: &Route| (route.from, route.to, route.gain.linear());
        let fold = c.fold.as_ref();
        PreparedComposite {
            channels: c.layout.len(),
            summed: fold.map_or(c.layout.len(), |fold| fold.from.len()),
            stems: c.stems.iter().filter_map(stem_index).collect(),
            fold: fold.map(|fold| fold.routes.iter().map(route).collect()),
            twin: first.filter(|first| *first < stems + i),
        }
    };
    let all = plan.get().composites.iter().enumerate();
    all.map(composite).collect()
}
