//! Files read as they would be without a fault of theirs: earlier, louder, in other channels, or not at all.

use std::io;

use super::reader::Reader;
use crate::meter::cross::Relation;

/// Gains this close to unity are unity: what was estimated is exact where nothing was rounded.
const UNITY: f64 = 2e-4;

/// Where a channel of a mended file comes from.
#[derive(Debug, Clone, Copy)]
struct Place {
    from: usize,
    /// Samples by which it is late.
    lag: i64,
    gain: f32,
}

/// How a file is mended.
#[derive(Debug, Clone)]
pub(super) struct Mending {
    places: Vec<Place>,
    /// Largest gain that rounding is raised by.
    pub(super) raised: f64,
}

impl Mending {
    /// Takes back what a relation says of a file of so many channels.
    pub(super) fn of(relation: &Relation, channels: usize) -> Self {
        let back = |gain: f64| {
            let near = (gain.abs() - 1.0).abs() < UNITY;
            if near { gain.signum() } else { 1.0 / gain }
        };
        let first = relation.channels.first();
        let common = first.filter(|first| {
            let like = |c: &&crate::meter::cross::ChannelRelation| {
                (c.gain - first.gain).abs() < UNITY * first.gain.abs()
            };
            relation.channels.iter().filter(like).count() == relation.channels.len()
        });
        let place = |p: usize| {
            let known = relation.channels.iter().find(|c| c.expected == p);
            let gain = known.or(common).map_or(1.0, |c| back(c.gain));
            Place {
                from: known.map_or(p, |c| c.found),
                lag: known.map_or(relation.lag, |c| c.lag),
                gain: if relation.extra { 0.0 } else { gain as f32 },
            }
        };
        let places: Vec<Place> = (0..channels).map(place).collect();
        let gains = places.iter().map(|place| f64::from(place.gain.abs()));
        let raised = gains.filter(|gain| (gain - 1.0).abs() > 1e-9 && *gain > 0.0);
        Self {
            raised: raised.fold(0.0, f64::max),
            places,
        }
    }

    /// Moves a file as a relation says, and at the gain by which least is left of what is wanted, beside whatever
    /// else is in that; `reach` samples on either side are there for offsets.
    pub(super) fn towards(
        relation: &Relation,
        wanted: &[Vec<f32>],
        own: &[Vec<f32>],
        reach: usize,
    ) -> Self {
        let mut mending = Self::of(relation, own.len());
        for place in &mut mending.places {
            place.gain = 1.0;
        }
        let moved = mending.window(own);
        for ((place, moved), wanted) in mending.places.iter_mut().zip(&moved).zip(wanted) {
            let core = reach..moved.len().saturating_sub(reach);
            let both = moved.get(core.clone()).zip(wanted.get(core));
            let (a, w) = both.unwrap_or_default();
            let dot = |x: &[f32], y: &[f32]| -> f64 {
                let pairs = x.iter().zip(y);
                pairs.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
            };
            let own = dot(a, a);
            if own > 0.0 {
                place.gain = (dot(a, w) / own) as f32;
            }
        }
        mending
    }

    /// The planes of a window, mended; what lies outside of it is silent.
    pub(super) fn window(&self, planes: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let one = |place: &Place| {
            let plane = planes.get(place.from).map_or(&[][..], Vec::as_slice);
            let at = |i: usize| {
                let from = i64::try_from(i).ok()?.checked_add(place.lag)?;
                plane.get(usize::try_from(from).ok()?).copied()
            };
            let mended = |i: usize| at(i).unwrap_or_default() * place.gain;
            (0..plane.len()).map(mended).collect()
        };
        self.places.iter().map(one).collect()
    }

    /// From which frame up to which all channels of a file of `length` frames are known once it is mended.
    pub(super) fn known(&self, length: u64) -> (u64, u64) {
        let lags = || self.places.iter().map(|place| place.lag);
        let early = lags().map(|lag| (-lag).max(0)).max().unwrap_or_default();
        let late = lags().map(|lag| lag.max(0)).max().unwrap_or_default();
        (
            early.unsigned_abs(),
            length.saturating_sub(late.unsigned_abs()),
        )
    }
}

/// A file as it is, or mended.
pub(super) struct Source {
    reader: Reader,
    mending: Option<Mending>,
}

impl Source {
    pub(super) const fn new(reader: Reader) -> Self {
        Self {
            reader,
            mending: None,
        }
    }

    pub(super) const fn channels(&self) -> usize {
        self.reader.channels
    }

    pub(super) fn mend(&mut self, mending: Mending) {
        self.mending = Some(mending);
    }

    /// Frames from `at` on, interleaved; beyond the end of a file they are silent.
    pub(super) fn read(&mut self, at: u64, frames: usize, out: &mut Vec<f32>) -> io::Result<()> {
        if self.mending.is_none() {
            return self.reader.read(at, frames, out);
        }
        let start = i64::try_from(at).unwrap_or(i64::MAX);
        let planes = self.window(start, frames)?;
        out.clear();
        out.resize(frames * planes.len(), 0.0);
        for (channel, plane) in planes.iter().enumerate() {
            let places = out.iter_mut().skip(channel).step_by(planes.len().max(1));
            places.zip(plane).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }

    /// A window as one plane for each channel; what lies before the start or behind the end is silent.
    pub(super) fn window(&mut self, start: i64, frames: usize) -> io::Result<Vec<Vec<f32>>> {
        let Some(mending) = &self.mending else {
            return self.reader.window(start, frames);
        };
        let mut out: Vec<Vec<f32>> = Vec::new();
        let mut read: Option<(i64, Vec<Vec<f32>>)> = None;
        for place in &mending.places {
            let again = read.as_ref().is_none_or(|(lag, _)| *lag != place.lag);
            if again {
                let from = start.saturating_add(place.lag);
                read = Some((place.lag, self.reader.window(from, frames)?));
            }
            let plane = read.as_ref().and_then(|(_, planes)| planes.get(place.from));
            let mended = plane.into_iter().flatten().map(|v| v * place.gain);
            out.push(mended.collect());
        }
        Ok(out)
    }
}
