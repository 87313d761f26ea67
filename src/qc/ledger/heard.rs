//! Which samples of which sources are heard.

use std::collections::BTreeMap;

use crate::conform::plan::{Plan, Ramp, Segment};

/// What of a source feeds a stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Feed<'a> {
    /// A channel of the file.
    Channel(usize),
    /// An item of its scene.
    Item(&'a str),
}

/// Stretches of sources at full level, ready to be asked whether another one shares a sample with them.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    /// By source and feed, in order of their first samples.
    stretches: BTreeMap<(usize, Feed<'a>), Vec<Stretch<'a>>>,
}

#[derive(Debug)]
struct Stretch<'a> {
    first: i64,
    end: i64,
    segment: &'a Segment,
    /// Which of the stretches so far ends last.
    last: usize,
}

impl<'a> Heard<'a> {
    /// What these segments hold.
    pub(super) fn new(plan: &Plan, segments: impl Iterator<Item = &'a Segment>) -> Self {
        let mut stretches: BTreeMap<(usize, Feed<'a>), Vec<Stretch<'a>>> = BTreeMap::new();
        for segment in segments.filter(|segment| is_heard(segment)) {
            let Some((first, end)) = at_full_level(plan, segment) else {
                continue;
            };
            for feed in feeds(segment) {
                let list = stretches.entry((segment.source, feed)).or_default();
                list.push(Stretch {
                    first,
                    end,
                    segment,
                    last: 0,
                });
            }
        }
        for list in stretches.values_mut() {
            list.sort_by_key(|stretch| (stretch.first, stretch.end));
            let (mut last, mut end) = (0, i64::MIN);
            for (i, stretch) in list.iter_mut().enumerate() {
                if stretch.end > end {
                    (last, end) = (i, stretch.end);
                }
                stretch.last = last;
            }
        }
        Self { stretches }
    }

    /// A segment that holds a sample of a source which this one holds too, both at full level: where one fades
    /// out under the other, as production effects are split from dialogue, nothing is shared.
    pub(super) fn shares(&self, plan: &Plan, segment: &Segment) -> Option<&'a Segment> {
        let (first, end) = at_full_level(plan, segment)?;
        feeds(segment).find_map(|feed| {
            let list = self.stretches.get(&(segment.source, feed))?;
            // Of those that begin before the end, the one that ends last tells.
            let before = list.partition_point(|stretch| stretch.first < end);
            let last = list.get(before.checked_sub(1)?)?.last;
            let longest = list.get(last)?;
            (longest.end > first).then_some(longest.segment)
        })
    }
}

/// Whether anything of a segment is heard.
pub(super) fn is_heard(segment: &Segment) -> bool {
    let routed = || segment.routes.iter().any(|r| r.gain.linear() != 0.0);
    segment.gain_db.value() > f64::NEG_INFINITY && (segment.scene.is_some() || routed())
}

/// Channels, or the item of a scene, that a segment plays; a channel that feeds several stands once for each.
fn feeds(segment: &Segment) -> impl Iterator<Item = Feed<'_>> {
    let scene = segment.scene.as_ref().map(|scene| Feed::Item(&scene.item));
    let heard = segment.routes.iter().filter(|r| r.gain.linear() != 0.0);
    let channels = heard.map(|route| Feed::Channel(route.from));
    scene
        .into_iter()
        .chain(channels.filter(move |_| scene.is_none()))
}

/// Source samples that a segment reads between its fades, first and end; at another rate scaled. None where the
/// fades meet.
fn at_full_level(plan: &Plan, segment: &Segment) -> Option<(i64, i64)> {
    let fade = |ramp: Option<Ramp>| ramp.map_or(0, |ramp| ramp.length.saturating_sub(ramp.offset));
    let (head, tail) = (fade(segment.fade_in), fade(segment.fade_out));
    let length = segment.length.checked_sub(head.saturating_add(tail))?;
    let rate = plan
        .sources
        .get(segment.source)
        .map_or(plan.sample_rate, |source| source.sample_rate);
    let scale = |frames: u64| {
        let wide = u128::from(frames) * u128::from(rate) / u128::from(plan.sample_rate.max(1));
        i64::try_from(wide).unwrap_or(i64::MAX)
    };
    let first = segment
        .source_start
        .saturating_add(scale(segment.lead.saturating_add(head)));
    (length > 0).then(|| (first, first.saturating_add(scale(length).max(1))))
}
