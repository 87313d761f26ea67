//! The outputs of a plan: stems with their segments, and composites of them.

use std::collections::BTreeMap;

use super::codes::NOT_DELIVERED;
use super::plan::{Composite, FoldDown, Route, Segment, Stem};
use super::programme::Programme;
use super::request::Request;
use crate::audio::ChannelLayout;
use crate::finding::Finding;
use crate::spec::{self, SpecStem};
use crate::stem::StemCode;

/// The stems with their segments in the order in which they are summed (by start, then as the
/// timelines list them), and the composites. Optional stems that nothing went to are left out, and
/// those that are neither delivered nor summed.
pub(super) fn files(
    request: &Request<'_>,
    programme: &Programme,
    segments: Vec<Vec<Segment>>,
) -> (Vec<Stem>, Vec<Composite>, Vec<Finding>) {
    let spec = request.spec;
    let mut by_code: BTreeMap<&StemCode, Vec<Segment>> = BTreeMap::new();
    for (stem, segments) in request.stems.stems().iter().zip(segments) {
        by_code.insert(&stem.code, segments);
    }
    let used = by_code.iter().filter(|(_, segments)| !segments.is_empty());
    let (written, mut notes) = spec.written(&used.map(|(code, _)| (*code).clone()).collect());
    let (written, idle): (Vec<&SpecStem>, Vec<&SpecStem>) = written.into_iter().partition(|stem| {
        stem.deliver
            || spec
                .composites
                .iter()
                .any(|c| c.recipe.contains(&stem.code))
    });
    notes.extend(idle.iter().map(|stem| {
        let message = format!("{} ({}) is not part of the delivery", stem.code, stem.label);
        Finding::new(&NOT_DELIVERED, message)
    }));
    let mut name = |code: &StemCode, layout: &ChannelLayout| {
        let fields = spec.fields_of(request.title, code, layout, programme.frame_rate);
        let (name, told) = spec.name_file(&fields);
        // The title is the same for all files: one note of it is enough.
        for note in told {
            if !notes.iter().any(|n| n.message == note.message) {
                notes.push(note);
            }
        }
        name
    };
    let mut stems = Vec::new();
    for stem in &written {
        let layout = spec.layout_of(stem).clone();
        let mut segments = by_code.remove(&stem.code).unwrap_or_default();
        segments.sort_by_key(|segment| segment.start);
        let (code, label) = (stem.code.to_string(), stem.label.clone());
        stems.push(Stem {
            code,
            label,
            file: name(&stem.code, &layout),
            layout,
            segments,
        });
    }
    let has = |code: &StemCode| written.iter().any(|stem| stem.code == *code);
    let composite = |composite: &spec::Composite| {
        let layout = spec.composite_layout(composite).clone();
        let summed = composite.recipe.iter().filter(|code| has(code));
        let fold = composite.fold.as_ref();
        Composite {
            code: composite.code.to_string(),
            label: composite.label.clone(),
            file: name(&composite.code, &layout),
            layout,
            stems: summed.map(ToString::to_string).collect(),
            fold: fold.map(|fold| fold_down(fold, spec.summed_layout(composite))),
        }
    };
    let wanted = spec
        .composites
        .iter()
        .filter(|composite| composite.when.iter().all(has));
    let composites = wanted.map(composite).collect();
    (stems, composites, notes)
}

/// A fold-down of the channels that there are.
fn fold_down(fold: &spec::Fold, from: &ChannelLayout) -> FoldDown {
    let mut routes = Vec::new();
    for (to, row) in fold.rows.iter().enumerate() {
        let there = row
            .iter()
            .filter_map(|&(channel, gain)| Some((from.index_of(channel)?, gain)));
        routes.extend(there.map(|(from, gain)| Route { from, to, gain }));
    }
    FoldDown {
        name: fold.name.clone(),
        title: fold.title.clone(),
        from: from.clone(),
        routes,
    }
}
