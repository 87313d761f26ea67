//! P3: equal channels.

use crate::audio::Channel;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    DUAL_MONO = "QCP301", Warning, "mono in two channels",
        "The two channels of a pair are the same although the file should be stereo: a mono bounce, or one side \
         routed to both. Export it in stereo.";
    EQUAL = "QCP302", Warning, "two channels are the same",
        "Two channels that are no pair hold the same samples throughout: a routing mistake, such as the centre \
         copied to the low-frequency channel.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "P3",
    family: "phase",
    title: "equal channels",
    explanation: "Channels that are equal to the bit, or pairs whose correlation over the whole file reaches the \
                  limit, in mixes, M&Es and music. Dialogue and effects may be mono; channels that hold nothing but \
                  sync pops are empty.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let limit = view.limits.value("P3", "correlation");
    for (sound, scan) in view.scanned().filter(|(sound, _)| applies(view, sound)) {
        looked.sound(view, sound);
        let correlated = scan
            .pairs
            .iter()
            .filter(|pair| pair.correlation.is_some_and(|c| c >= limit));
        let mut found: Vec<((usize, usize), String)> = correlated
            .map(|pair| {
                (
                    pair.channels,
                    format!("{:.5}", pair.correlation.unwrap_or_default()),
                )
            })
            .collect();
        // Channels that hold nothing but the pops of their leaders are empty.
        let length = scan.length as f64;
        let sounds = |i: usize| {
            let channel = scan.channels.get(i);
            channel.is_some_and(|c| c.pop_energy(scan.rate) < 0.99 * c.mean_square * length)
        };
        found.retain(|((a, _), _)| sounds(*a));
        for &pair in scan.equal.iter().filter(|pair| sounds(pair.0)) {
            if found.iter().all(|(other, _)| *other != pair) {
                found.push((pair, "1, to the bit".to_owned()));
            }
        }
        for ((a, b), correlation) in found {
            let pair = super::is_pair(sound, (a, b));
            let (code, limit) = (
                if pair { DUAL_MONO } else { EQUAL },
                format!("under {limit}"),
            );
            let names = format!("{} and {}", sound.channel_name(a), sound.channel_name(b));
            let message = format!("{names} are the same (correlation {correlation})");
            let fault = view
                .fault(code, sound, Some(b), message)
                .over(view, sound, 0, scan.length);
            looked.faults.push(fault.value(correlation, limit));
        }
    }
    looked.or_nothing("no mix, M&E or music has two channels")
}

/// Whether the sound should have different channels.
fn applies(view: &View<'_>, sound: &Sound) -> bool {
    let wide = sound.parts.len() > 1;
    let stereo = matches!(sound.kind, Kind::Mix | Kind::MusicAndEffects | Kind::Music);
    let low = sound
        .layout
        .as_ref()
        .is_some_and(|l| l.channels().contains(&Channel::Lfe));
    wide && (stereo || low) && !is_planned_mono(view, sound)
}

/// Whether the plan feeds the channels of its stems from single channels only, so that they must be equal.
fn is_planned_mono(view: &View<'_>, sound: &Sound) -> bool {
    let Some((_, plan)) = &view.facts.plan else {
        return false;
    };
    let stems = super::terms_of(plan, sound.called());
    let segments = || stems.iter().flat_map(|stem| &stem.segments);
    let mono = |s: &crate::conform::plan::Segment| {
        let first = s.routes.first().map(|route| route.from);
        s.routes.iter().all(|route| Some(route.from) == first)
    };
    segments().next().is_some() && segments().all(mono)
}
