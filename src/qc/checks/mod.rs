//! The checks, one file each, and their table.
//!
//! **Invariant:** a code belongs to one check and is never used again for something else.

mod c1;
mod c2;
mod c3;
mod c4;
mod c5;
mod d1;
mod f1;
mod f2;
mod f3;
mod f4;
mod f5;
mod f6;
mod f7;
mod f8;
mod l1;
mod l2;
mod l3;
mod l4;
mod l5;
mod m1;
mod m2;
mod m3;
mod m4;
mod m5;
mod m6;
mod m7;
mod n1;
mod n2;
mod n3;
mod n4;
mod p1;
mod p2;
mod p3;
mod p4;
mod p5;
mod s1;
mod s2;
mod s3;
mod s4;
mod sum;
mod time_faults;
mod y1;
mod y2;
mod y3;
mod y4;

pub use sum::culprit;

use super::check::{Check, Looked, View};
use super::facts::{Kind, Sound};
use crate::audio::Channel;
use crate::conform::plan::{Plan, Stem};
use crate::finding::Code;

/// Every check in the order in which reports show them.
pub const CHECKS: &[Check] = &[
    f1::CHECK,
    f2::CHECK,
    f3::CHECK,
    f4::CHECK,
    f5::CHECK,
    f6::CHECK,
    f7::CHECK,
    f8::CHECK,
    l1::CHECK,
    l2::CHECK,
    l3::CHECK,
    l4::CHECK,
    l5::CHECK,
    s1::CHECK,
    s2::CHECK,
    s3::CHECK,
    s4::CHECK,
    c1::CHECK,
    c2::CHECK,
    c3::CHECK,
    c4::CHECK,
    c5::CHECK,
    p1::CHECK,
    p2::CHECK,
    p3::CHECK,
    p4::CHECK,
    p5::CHECK,
    y1::CHECK,
    y2::CHECK,
    y3::CHECK,
    y4::CHECK,
    n1::CHECK,
    n2::CHECK,
    n3::CHECK,
    n4::CHECK,
    m1::CHECK,
    m2::CHECK,
    m3::CHECK,
    m4::CHECK,
    m5::CHECK,
    m6::CHECK,
    m7::CHECK,
    d1::CHECK,
];

/// The stems of a plan that a file of this code holds: itself, or what it is the sum of.
fn terms_of<'a>(plan: &'a Plan, code: &str) -> Vec<&'a Stem> {
    let composite = plan
        .composites
        .iter()
        .find(|composite| composite.code == code);
    let holds = |stem: &&Stem| match composite {
        Some(composite) => composite.stems.contains(&stem.code),
        None => stem.code == code,
    };
    plan.stems.iter().filter(holds).collect()
}

/// Whether two channels of a sound are left and right of the same place.
fn is_pair(sound: &Sound, channels: (usize, usize)) -> bool {
    const PAIRS: [(Channel, Channel); 5] = [
        (Channel::L, Channel::R),
        (Channel::Ls, Channel::Rs),
        (Channel::Lrs, Channel::Rrs),
        (Channel::Ltf, Channel::Rtf),
        (Channel::Ltr, Channel::Rtr),
    ];
    let Some(layout) = &sound.layout else {
        return sound.parts.len() == 2;
    };
    let at = |i: usize| layout.channels().get(i).copied();
    PAIRS
        .iter()
        .any(|&(a, b)| at(channels.0) == Some(a) && at(channels.1) == Some(b))
}

/// Neighbours in time: entries less than `join` samples apart stand in one group.
fn groups<T: Copy>(entries: &[T], place: impl Fn(&T) -> (u64, u64), join: u64) -> Vec<Vec<T>> {
    let mut out: Vec<Vec<T>> = Vec::new();
    let mut end = 0;
    for entry in entries {
        let (start, len) = place(entry);
        match out.last_mut() {
            Some(last) if start <= end + join => last.push(*entry),
            _ => out.push(vec![*entry]),
        }
        end = start + len;
    }
    out
}

/// True peaks of the sounds of some kinds against the limit of each; `codes` are those past the client's
/// quality control and past its words.
fn peaks(
    view: &View<'_>,
    wanted: impl Fn(Kind) -> bool,
    codes: (&'static Code, &'static Code),
) -> Looked {
    let mut looked = Looked::default();
    for sound in view.facts.sounds.iter().filter(|sound| wanted(sound.kind)) {
        let Some(code) = sound.code.as_ref().and_then(|code| code.parse().ok()) else {
            continue;
        };
        let (Some(limit), Some(measured)) = (view.limits.spec().peak_of(&code), &sound.measured)
        else {
            continue;
        };
        looked.sound(view, sound);
        for (i, channel) in measured.channels.iter().enumerate() {
            let Some(peak) = channel.true_peak else {
                continue;
            };
            let (is, wanted) = (peak.level.to_string(), limit.true_peak.to_string());
            // Meters show tenths, and the client reads a meter.
            let over = |limit: crate::audio::DbTp| peak.level.value() > limit.value() + 0.05;
            if !over(limit.true_peak) {
                continue;
            }
            let code = if over(limit.qc_true_peak) {
                codes.0
            } else {
                codes.1
            };
            let fault = view.fault(code, sound, Some(i), format!("the true peak is {is}"));
            looked
                .faults
                .push(fault.over(view, sound, peak.at, 1).value(is, wanted));
        }
        let highest = measured
            .true_peak
            .map_or_else(|| "silence".to_owned(), |peak| peak.level.to_string());
        looked.reading(
            view.facts.name_of(sound),
            highest,
            Some(limit.true_peak.to_string()),
        );
    }
    looked.or_nothing("the spec has no limit for these files")
}
