//! Stretches of a remainder, each by itself.

use super::describe::describe;
use super::name::turned;
use super::{Diagnosis, Kind, mix_name};
use crate::meter::cross::{Relation, Residue};
use crate::meter::scan::Quiet;
use crate::qc::check::{View, dbfs};
use crate::qc::facts::{Kind as SoundKind, Sum, SumWindow};

/// A stretch of its own: which file is silent in it, where that shows, else how much remains.
pub(super) fn local(
    view: &View<'_>,
    sum: &Sum,
    residue: &Residue,
    windows: &[&SumWindow],
) -> Diagnosis {
    let window = windows.first().copied();
    // Silent in all of a long stretch, not only where it was looked into first.
    let always = |entry: &&(usize, Relation)| {
        let silent = |w: &&SumWindow| w.relations.iter().any(|(s, r)| *s == entry.0 && r.missing);
        windows.iter().all(silent)
    };
    let silent = window.and_then(|window| window.relations.iter().find(always));
    let absent = window.and_then(|window| window.relations.iter().find(|(_, r)| r.extra));
    // A stem that rests by itself is not the one that the mix lacks.
    let silent = silent.filter(|(sound, _)| *sound == sum.composite || absent.is_none());
    let silent = hole(view, sum, residue).or(silent.map(|entry| entry.0));
    let mix = mix_name(view, sum);
    let place = (residue.first, residue.len());
    let peak = dbfs(f64::from(residue.peak));
    let make = |kind, sound, message, measured, limit: &str, channel| Diagnosis {
        kind,
        sound,
        stem: sound,
        message,
        place,
        measured,
        limit: limit.to_owned(),
        channel,
        stem_is_silent: false,
    };
    if residue.len() >= 48
        && let Some(sound) = silent
    {
        let called = view.facts.sounds.get(sound).map_or("?", |s| s.called());
        let message = if sound == sum.composite {
            format!("{called} is silent where its stems sound")
        } else {
            format!("{called} is silent where the mix holds it")
        };
        let measured = "silence".to_owned();
        return Diagnosis {
            stem_is_silent: true,
            ..make(Kind::Missing, sound, message, measured, "the stem", None)
        };
    }
    if residue.len() >= 480
        && let Some((sound, _)) = absent
    {
        let called = view.facts.sounds.get(*sound).map_or("?", |s| s.called());
        let message = format!("{mix} does not hold {called} here");
        let measured = "absent".to_owned();
        return make(Kind::Missing, *sound, message, measured, "present", None);
    }
    if residue.len() >= 480
        && let Some(found) = window.and_then(|window| exactly(view, sum, residue, window))
    {
        return found;
    }
    if residue.len() >= 480
        && let Some(sound) = lost(view, sum, window)
    {
        let called = view.facts.sounds.get(sound).map_or("?", |s| s.called());
        let message = format!("{mix} lacks a part of {called} here, {peak} of it");
        return make(Kind::Missing, sound, message, peak, "present", None);
    }
    let message = format!("{mix} and the sum of its stems differ by up to {peak}");
    make(
        Kind::Unexplained,
        sum.composite,
        message,
        peak,
        "digital zero",
        None,
    )
}

/// The file of which one relation explains the stretch. What another sum clears there is right by itself: then this
/// composite holds it wrongly.
fn exactly(view: &View<'_>, sum: &Sum, residue: &Residue, window: &SumWindow) -> Option<Diagnosis> {
    let good = |entry: &&(usize, Relation)| entry.1.is_exact() && !entry.1.is_same();
    let (stem, relation) = window.relations.iter().find(good)?;
    let place = (residue.first, residue.len());
    if !is_cleared(view, sum, *stem, residue) {
        let is = describe(view, *stem, relation).into_iter().next()?;
        return Some(is.over(*stem, place));
    }
    let is = describe(view, *stem, &turned(relation))
        .into_iter()
        .next()?;
    let message = format!("in {}, {}", mix_name(view, sum), is.message);
    Some(Diagnosis {
        sound: sum.composite,
        message,
        ..is.over(*stem, place)
    })
}

/// Whether another sum holds a stem and is right in a stretch.
fn is_cleared(view: &View<'_>, sum: &Sum, sound: usize, residue: &Residue) -> bool {
    let right = |other: &Sum| {
        let stretches = &other.residual.stretches;
        let clear = |r: &Residue| r.last < residue.first || r.first > residue.last;
        stretches.iter().all(clear)
    };
    let holds = |other: &&Sum| {
        let differs = other.composite != sum.composite && sound != sum.composite;
        differs && other.stems.contains(&sound)
    };
    view.facts.sums.iter().filter(holds).any(right)
}

/// The file in which a channel falls silent where the remainder begins, and sounds again where it ends: others may rest
/// there by themselves.
pub(super) fn hole(view: &View<'_>, sum: &Sum, residue: &Residue) -> Option<usize> {
    let near = |a: u64, b: u64| a.abs_diff(b) <= 8;
    let is_hole = |gap: &Quiet| {
        let sounds = gap.before > 0.0 && gap.after > 0.0;
        sounds && near(gap.start, residue.first) && near(gap.end, residue.last + 1)
    };
    let has = |index: &usize| {
        let scan = view.facts.sounds.get(*index)?.scan.as_ref()?;
        let mut gaps = scan.channels.iter().flat_map(|channel| &channel.gaps);
        gaps.any(is_hole).then_some(*index)
    };
    let mut all = sum.stems.iter().chain([&sum.composite]);
    all.find_map(has)
}

/// Effects of which an M&E holds only a part: what it leaves for them is in the stem at unity, and the stem holds
/// more. (Where the M&E holds more than its stems, what it leaves is found in the stem at less than unity.)
fn lost(view: &View<'_>, sum: &Sum, window: Option<&SumWindow>) -> Option<usize> {
    let kind = |index: usize| view.facts.sounds.get(index).map(|sound| sound.kind);
    if kind(sum.composite) != Some(SoundKind::MusicAndEffects) {
        return None;
    }
    let fits = |(sound, relation): &&(usize, Relation)| {
        // The louder what is lost, the less exactly the rest shows.
        let loose = if relation.unexplained > 0.2 {
            0.3
        } else {
            0.05
        };
        // What is left unexplained stands in the stem, not beside it in the M&E: that would lower the gain by as much.
        let unity = |c: &crate::meter::cross::ChannelRelation| {
            let lowered = 1.0 - c.gain > 0.5 * c.unexplained + 1e-4;
            c.expected == c.found && (c.gain - 1.0).abs() < loose && !lowered
        };
        kind(*sound) == Some(SoundKind::Effects)
            && relation.lag == 0
            && !(relation.missing || relation.extra || relation.channels.is_empty())
            && relation.unexplained > 1e-3
            && relation.channels.iter().all(unity)
    };
    let (sound, _) = window?.relations.iter().find(fits)?;
    Some(*sound)
}
