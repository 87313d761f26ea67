//! Compositions: choosing one, and making its slots the tracks of a timeline.

use super::Model;
use super::axis::{Axis, Window};
use super::codes;
use super::ids;
use super::layers::Layer;
use super::markers;
use super::media::MediaIndex;
use super::mobs::{Mobs, Slot};
use super::names::{Class, Prop};
use super::objects::{ObjectId, Objects};
use super::rendered;
use super::timecode;
use super::walk::Walker;
use crate::audio::{Decibels, Gain};
use crate::finding::{Finding, Place};
use crate::interchange::{Input, ReadError, ReadOptions, Reading};
use crate::time::{FrameRate, Pos, Rational};
use crate::timeline::{Clip, Timeline, Track};

/// How long a track may be, in seconds: what lies beyond is damage.
const FOREVER: i64 = 100 * 86_400;

/// Effects that may stand over a whole track, one around the other.
const MAX_TRACK_EFFECTS: usize = 32;

/// Makes the timeline of a file's objects.
///
/// # Errors
/// [`ReadError`] when there is no composition, or it breaks a limit.
pub(super) fn read(
    model: &Model,
    format: &str,
    input: &Input,
    options: &ReadOptions,
) -> Result<Reading, ReadError> {
    let mobs = Mobs::new(model);
    let (composition, others) = choose(&mobs, input, options)?;
    let mut findings = vec![producer(model)];
    for problem in &model.problems {
        findings.push(Finding::new(&codes::DAMAGED, problem.clone()));
    }
    findings.extend(others);
    let (start, rate) = starts(&mobs, composition, options, &mut findings);
    let media = MediaIndex::new(&mobs, input.name(), model.header);
    let mut walker = Walker::new(&mobs, media, rate, input.name(), composition);
    let mut tracks = Vec::new();
    for slot in mobs.slots(composition) {
        if ids::is_sound(mobs.objects.auid(slot.segment, Prop::DataDefinition)) {
            tracks.push(track(&mut walker, slot, start, tracks.len())?);
        }
    }
    findings.append(&mut walker.findings);
    let name = mobs.objects.text(composition, Prop::MobName);
    let mut timeline = Timeline {
        format: format.to_owned(),
        name: if name.is_empty() {
            input.stem()
        } else {
            name.to_owned()
        },
        file_name: input.stem(),
        rate,
        start: Pos::new(start),
        end: None,
        tracks,
        markers: markers::of(&mobs, composition, start),
    };
    findings.extend(rendered::mark(&mut timeline));
    if options.true_fades {
        findings.extend(rendered::replace(&mut timeline, &walker.lengths));
    }
    Ok(Reading { timeline, findings })
}

/// The composition to read and a finding that names the others.
fn choose(
    mobs: &Mobs<'_>,
    input: &Input,
    options: &ReadOptions,
) -> Result<(ObjectId, Option<Finding>), ReadError> {
    let objects = mobs.objects;
    let name = |mob: ObjectId| objects.text(mob, Prop::MobName);
    let all = mobs.all().iter().copied();
    let all: Vec<ObjectId> = all
        .filter(|&mob| objects.class(mob) == Class::CompositionMob)
        .collect();
    let is = |mob: &&ObjectId, usage| objects.auid(**mob, Prop::UsageCode) == Some(usage);
    let top: Vec<ObjectId> = all
        .iter()
        .filter(|m| is(m, ids::TOP_LEVEL))
        .copied()
        .collect();
    // Old files do not say what is on top: a composition that is not a clip is.
    let whole = |m: &&ObjectId| !is(m, ids::SUB_CLIP) && !is(m, ids::ADJUSTED_CLIP);
    let candidates = if top.is_empty() {
        all.iter().filter(whole).copied().collect()
    } else {
        top
    };
    let chosen = match &options.composition {
        Some(wanted) => {
            let named = |mob: &&ObjectId| name(**mob) == wanted;
            let numbered = || candidates.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
            let mut all = candidates.iter().chain(&all);
            all.find(named).or_else(numbered)
        }
        None => candidates.first(),
    };
    // Each with its number, for two may have one name.
    let quoted = |wanted: &dyn Fn(ObjectId) -> bool| {
        let numbered = candidates.iter().zip(1..).filter(|(mob, _)| wanted(**mob));
        let names = numbered.map(|(&mob, n): (&ObjectId, usize)| format!("{n} `{}`", name(mob)));
        names.collect::<Vec<_>>().join(", ")
    };
    let Some(&chosen) = chosen else {
        let message = match &options.composition {
            Some(wanted) if !candidates.is_empty() => format!(
                "no composition is named `{wanted}`; there are {}",
                quoted(&|_| true)
            ),
            _ => "the file holds no composition, only recordings or nothing at all".to_owned(),
        };
        return Err(ReadError::malformed(Place::file(input.name()), message));
    };
    let others = quoted(&|mob| mob != chosen);
    let finding = (!others.is_empty()).then(|| {
        let message = format!("`{}` is read; there are also {others}", name(chosen));
        Finding::new(&codes::COMPOSITIONS, message)
            .hint("choose another with --composition NAME or its number")
    });
    Ok((chosen, finding))
}

/// Who wrote the file last.
fn producer(model: &Model) -> Finding {
    let objects = &model.objects;
    let list = objects.objects(model.header, Prop::Identifications);
    let text = list.last().map_or_else(String::new, |&id| {
        let parts = [Prop::CompanyName, Prop::ProductName, Prop::ProductVersion];
        let parts: Vec<&str> = parts
            .iter()
            .map(|&part| objects.text(id, part).trim())
            .filter(|text| !text.is_empty())
            .collect();
        parts.join(" ")
    });
    let who = if text.is_empty() {
        "a program that does not say its name"
    } else {
        &text
    };
    Finding::new(&codes::PRODUCER, format!("written by {who}"))
}

/// Where the composition starts, in seconds since midnight, and its timecode rate.
fn starts(
    mobs: &Mobs<'_>,
    composition: ObjectId,
    options: &ReadOptions,
    findings: &mut Vec<Finding>,
) -> (Rational, FrameRate) {
    let own = timecode::of(mobs, composition);
    let note = |code, message: String| Finding::new(code, message);
    match (own, options.rate) {
        (Some(track), None) => {
            if track.doubtful {
                let message = format!(
                    "the timecode's own numbers contradict; {} is taken",
                    track.rate
                );
                findings.push(note(&codes::RATE, message));
            }
            (track.zero, track.rate)
        }
        (Some(track), Some(rate)) if rate.fps() == track.rate.fps() => (track.zero, track.rate),
        (Some(track), Some(rate)) => {
            let message = format!("the file says {}, --rate says {rate}", track.rate);
            findings.push(note(&codes::RATE, message));
            // The same frame number at the other rate.
            let frame = track.rate.frame_at(track.zero);
            let zero = frame.and_then(|frame| rate.seconds_at(frame));
            (zero.unwrap_or(track.zero), rate)
        }
        (None, rate) => {
            let mut edit = mobs.slots(composition).map(|slot| slot.rate);
            let known = |rate: Rational| FrameRate::from_rational(rate).ok();
            let rate = rate.or_else(|| edit.find_map(known));
            let rate = rate.unwrap_or(FrameRate::F24);
            let message = format!("no timecode; it is taken to start at 00:00:00:00 at {rate}");
            findings.push(note(&codes::NO_TIMECODE, message));
            (Rational::ZERO, rate)
        }
    }
}

/// A slot with sound as a track.
fn track(
    walker: &mut Walker<'_>,
    slot: Slot,
    start: Rational,
    before: usize,
) -> Result<Track, ReadError> {
    let objects = walker.mobs.objects;
    let number = objects.integer(slot.id, Prop::TrackNumber);
    let number = number
        .and_then(|n| u32::try_from(n).ok())
        .filter(|n| *n > 0);
    let number = number.unwrap_or(before as u32 + 1);
    let mut name = objects.text(slot.id, Prop::SlotName).to_owned();
    if name.is_empty() {
        name = format!("A{number}");
    }
    walker.track.clone_from(&name);
    let mut track = Track {
        name,
        number,
        ..Track::default()
    };
    mixer(walker, slot, start, &mut track);
    let zero = slot
        .origin_seconds()
        .and_then(|origin| start.checked_sub(origin));
    let end = Rational::from_int(FOREVER).checked_add(start);
    let (Some(zero), Some(end)) = (zero, end) else {
        walker.out_of_bounds(start, slot.origin);
        return Ok(track);
    };
    let axis = Axis {
        zero,
        rate: slot.rate,
    };
    let segment = track_effects(walker, slot.segment, axis, &mut track);
    // Nothing before the composition's zero sounds.
    walker.segment(segment, axis, Window { start, end }, true)?;
    track.pan = track.pan.filter(|pan| !pan.is_centred());
    track.clips = in_order(walker.take_clips());
    for clip in track.clips.iter_mut().filter(|_| track.pan.is_none()) {
        // The middle says nothing, unless it takes the place of the track's pan.
        clip.pan = clip.pan.take().filter(|pan| !pan.is_centred());
    }
    Ok(track)
}

/// Clips in order of record in; those that start together stay in order of their channels.
fn in_order(mut clips: Vec<Clip>) -> Vec<Clip> {
    clips.sort_by_key(|clip| clip.record.start);
    clips
}

/// Mute and solo of the editor's mixer.
fn mixer(walker: &mut Walker<'_>, slot: Slot, start: Rational, track: &mut Track) {
    let lists = [Prop::SlotAttributeList];
    let on = |objects: &Objects, name| objects.tag_integer(slot.id, &lists, name).unwrap_or(0) != 0;
    track.muted = on(walker.mobs.objects, "AudioMixerCompMute");
    if track.muted {
        walker.note(&codes::MUTED, start, "the track is muted");
    }
    if on(walker.mobs.objects, "AudioMixerCompSolo") {
        walker.note(&codes::SOLO, start, "the track is on solo");
    }
}

/// Gain and pan around a track's whole segment belong to the track; returns what is inside.
fn track_effects(
    walker: &mut Walker<'_>,
    segment: ObjectId,
    axis: Axis,
    track: &mut Track,
) -> ObjectId {
    let objects = walker.mobs.objects;
    let mut inner = segment;
    let mut gain = Gain::UNITY;
    for _ in 0..MAX_TRACK_EFFECTS {
        let operation = objects.auid(inner, Prop::Operation);
        let input = objects.objects(inner, Prop::InputSegments).first();
        let (Some(operation), Some(&input)) = (operation, input) else {
            break;
        };
        if !walker.adjust(operation, inner, axis) {
            break;
        }
        for layer in std::mem::take(&mut walker.layers) {
            match layer {
                Layer::Gain(factor) => gain = gain.times(factor),
                Layer::Automation(curve) => track.automation.push(curve),
                Layer::Pan(pan) => track.pan = Some(pan),
                _ => {}
            }
        }
        inner = input;
    }
    track.gain = if gain == Gain::UNITY {
        Decibels::ZERO
    } else {
        gain.decibels()
    };
    inner
}
