//! Who the recording is and where it comes from: identifiers, timecode, tape.

use super::sets::{Set, Sets, set, tag};
use crate::audio::SampleRate;
use crate::bwf::hex;
use crate::time::{FrameRate, Rational};

/// What the packages say.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub(super) time_reference: Option<u64>,
    pub(super) timecode_rate: Option<FrameRate>,
    pub(super) tape: Option<String>,
    pub(super) file_package: Option<String>,
    pub(super) material_package: Option<String>,
}

/// Reads it.
pub(super) fn of(sets: &Sets, rate: SampleRate) -> Origin {
    let file = super::file_package(sets);
    let material = sets.of(set::MATERIAL).next();
    let own = file.and_then(|package| source(sets, package));
    let start = material
        .and_then(|package| timecode(sets, package))
        .or_else(|| file.and_then(|package| timecode(sets, package)))
        .or_else(|| {
            let (tape, position, edit_rate) = own?;
            let (start, frame_rate) = timecode(sets, tape)?;
            let into = Rational::from_int(position).checked_div(edit_rate)?;
            Some((start.checked_add(into)?, frame_rate))
        });
    let name = own.and_then(|(tape, ..)| tape.text(tag::PACKAGE_NAME));
    Origin {
        time_reference: start.and_then(|(start, _)| in_samples(start, rate)),
        timecode_rate: start.map(|(_, frame_rate)| frame_rate),
        tape: name,
        file_package: file.and_then(umid),
        material_package: material.and_then(umid),
    }
}

/// So many edit units in samples, to the nearest.
pub(super) fn samples(length: i64, edit_rate: Rational, rate: SampleRate) -> Option<u64> {
    in_samples(Rational::from_int(length).checked_div(edit_rate)?, rate)
}

fn in_samples(seconds: Rational, rate: SampleRate) -> Option<u64> {
    let hertz = Rational::from_int(rate.hertz().into());
    let exact = seconds.checked_mul(hertz)?;
    let half = i128::from(exact.den());
    let doubled = 2 * i128::from(exact.num()) + half;
    u64::try_from(doubled.div_euclid(2 * half)).ok()
}

/// The package that a file was made from, where in it the file starts, and the rate of that position.
fn source<'a>(sets: &'a Sets, package: &'a Set) -> Option<(&'a Set, i64, Rational)> {
    sets.tracks(package).find_map(|track| {
        let clip = sets
            .component(track)
            .filter(|part| part.kind == set::CLIP)?;
        let origin = sets.package(clip.array(tag::SOURCE_PACKAGE)?)?;
        let position = clip.position(tag::START_POSITION)?;
        clip.number(tag::SOURCE_TRACK)?;
        Some((origin, position, track.rate(tag::EDIT_RATE)?))
    })
}

/// The timecode at a package's zero in seconds, and its rate.
fn timecode(sets: &Sets, package: &Set) -> Option<(Rational, FrameRate)> {
    sets.tracks(package).find_map(|track| {
        let part = sets
            .component(track)
            .filter(|part| part.kind == set::TIMECODE)?;
        let base = part.number(tag::TIMECODE_BASE)?;
        let edit_rate = track.rate(tag::EDIT_RATE)?;
        let start = part.position(tag::START_TIMECODE)?;
        // A track that counts samples carries the timecode of frames all the same.
        let whole = Rational::from_int(base.into());
        let slow = whole.checked_mul(Rational::new(1000, 1001)?)?;
        let real = if edit_rate.den() == 1001 { slow } else { whole };
        let frame_rate = FrameRate::from_rational(real).ok()?;
        Some((frame_rate.seconds_at(start)?, frame_rate))
    })
}

fn umid(package: &Set) -> Option<String> {
    Some(hex(&package.array::<32>(tag::PACKAGE_UID)?))
}
