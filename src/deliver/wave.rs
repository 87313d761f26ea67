//! What stands in the header of an output: format, bext, iXML.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::audio::{DbTp, LoudnessUnits, Lufs};
use crate::bwf::{
    Bext, Hundredths, Ixml, IxmlFileSet, IxmlSpeed, IxmlSyncPoint, IxmlTrack, WaveFormat, WaveSpec,
    add_coding_history, track_function, umid,
};
use crate::conform::RenderPlan;
use crate::conform::plan::{DeliveredFile, OutputRef, Plan, Segment};

/// Most bytes of notes in a header.
const MAX_NOTES: usize = 16 << 10;

/// The name space of our content identities: made once, kept for ever.
const NAMESPACE: Uuid = Uuid::from_u128(0x7d0f_4c3b_52f1_4e36_9a6c_1f8e_0b5d_2c94);

/// What bext states of a file's loudness (EBU Tech 3285 v2 §2.3); what is absent is "not used".
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Loudness {
    /// Integrated loudness.
    pub integrated: Option<Lufs>,
    /// Loudness range.
    pub range: Option<LoudnessUnits>,
    /// Largest true peak.
    pub true_peak: Option<DbTp>,
    /// Largest momentary loudness.
    pub momentary: Option<Lufs>,
    /// Largest short-term loudness.
    pub short_term: Option<Lufs>,
    /// Loudness while there is speech, for ADM; bext has no field for it.
    pub dialogue: Option<Lufs>,
}

/// A file of the delivery with what it is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Described<'a> {
    pub(super) file: &'a DeliveredFile,
    pub(super) output: OutputRef<'a>,
    /// Its number, from 0, and how many there are.
    pub(super) number: (usize, usize),
}

/// The names of the files that a plan leads to.
pub fn file_names(plan: &RenderPlan) -> Vec<String> {
    let files = plan.delivered().into_iter();
    files.map(|file| file.file).collect()
}

/// Who this delivery is, whatever machine makes it: a UUID of the plan's content.
pub(super) fn identity(plan: &RenderPlan) -> Uuid {
    // A plan that passed its check is always JSON.
    Uuid::new_v5(&NAMESPACE, plan.to_json().unwrap_or_default().as_bytes())
}

/// The header of one file; the place of its samples does not depend on `loudness`.
pub(super) fn wave_spec(
    plan: &RenderPlan,
    of: Described<'_>,
    delivery: Uuid,
    loudness: Loudness,
) -> WaveSpec {
    let (rate, sample) = (plan.rate(), plan.sample_format());
    let straight = (0..of.output.layout.len()).map(Some);
    let mask = if straight.eq(of.file.channels.iter().copied()) {
        of.output.layout.speaker_mask()
    } else {
        0
    };
    let format = WaveFormat::new(rate, of.file.channels.len() as u16, sample, mask);
    let implied = plan.get().files.is_empty();
    let mut name = format!("{} {}", of.output.code, of.output.layout);
    if !implied {
        name = format!("{name} {}", of.file.file);
    }
    let file = Uuid::new_v5(&delivery, name.as_bytes());
    let packaging = plan.get().packaging.as_ref();
    WaveSpec {
        format,
        frames: of.file.frames(),
        bext: bext(plan.get(), of, &format, file, loudness),
        ixml: packaging
            .is_none_or(|packaging| !packaging.no_ixml)
            .then(|| ixml(plan, of, delivery, file)),
        adm: None,
        cues: Vec::new(),
        md5: packaging
            .is_some_and(|packaging| packaging.md5_chunk)
            .then_some([0; 16]),
    }
}

/// What tells a file from others of its output: ` R2`, ` L`.
fn suffix(of: Described<'_>) -> String {
    let reel = of.file.reel.map(|reel| format!(" R{reel}"));
    let lone = match (of.file.channels.as_slice(), of.output.layout.channels()) {
        ([Some(channel)], channels) if channels.len() > 1 => channels.get(*channel),
        _ => None,
    };
    let channel = lone.map(|channel| format!(" {channel}"));
    format!(
        "{}{}",
        reel.unwrap_or_default(),
        channel.unwrap_or_default()
    )
}

fn bext(
    plan: &Plan,
    of: Described<'_>,
    format: &WaveFormat,
    file: Uuid,
    loudness: Loudness,
) -> Bext {
    let (date, time) = plan
        .origination
        .split_once('T')
        .unwrap_or((&plan.origination, ""));
    let made = concat!("stemline ", env!("CARGO_PKG_VERSION"));
    Bext {
        description: format!(
            "{} {} {}{}",
            plan.title,
            of.output.code,
            of.output.label,
            suffix(of)
        ),
        originator: made.to_owned(),
        originator_reference: source_identifier(file, time),
        origination_date: date.to_owned(),
        origination_time: time.to_owned(),
        time_reference: of.file.start_sample.unsigned_abs(),
        version: 2,
        umid: Some(umid(*file.as_bytes())),
        loudness_value: loudness.integrated.and_then(Hundredths::from_lufs),
        loudness_range: loudness.range.and_then(Hundredths::from_lu),
        max_true_peak: loudness.true_peak.and_then(Hundredths::from_dbtp),
        max_momentary: loudness.momentary.and_then(Hundredths::from_lufs),
        max_short_term: loudness.short_term.and_then(Hundredths::from_lufs),
        coding_history: add_coding_history("", format, made),
    }
}

/// A unique source identifier of 32 characters (EBU R 99 §2) for an organisation without a code of
/// its own: country `ZZ`, organisation `STL`, 12 characters of serial, the time, 9 digits.
fn source_identifier(file: Uuid, time: &str) -> String {
    let id = file.as_u128();
    let serial = format!("{:012X}", (id >> 80) & 0xffff_ffff_ffff);
    let clock: String = time.chars().filter(char::is_ascii_digit).collect();
    let digits = (id & u128::from(u64::MAX)) % 1_000_000_000;
    format!("ZZSTL{serial}{clock:0>6}{digits:09}")
}

fn ixml(plan: &RenderPlan, of: Described<'_>, delivery: Uuid, file: Uuid) -> Ixml {
    let said = plan.get();
    let fps = Some(said.frame_rate.fps());
    let (code, label) = (of.output.code, of.output.label);
    let note = format!("{code} stem of {}: {label}{}", said.title, suffix(of));
    Ixml {
        version: Some("2.10".to_owned()),
        project: Some(said.title.clone()),
        scene: said.timelines.first().cloned(),
        tape: Some(said.title.clone()),
        file_uid: Some(file.simple().to_string().to_uppercase()),
        note: Some(note.clone()),
        speed: Some(IxmlSpeed {
            master_speed: fps,
            current_speed: fps,
            timecode_rate: fps,
            drop_frame: Some(said.drop_frame),
            file_sample_rate: Some(said.sample_rate),
            audio_bit_depth: Some(u32::from(said.bits)),
            timestamp_samples: Some(of.file.start_sample.unsigned_abs()),
            timestamp_sample_rate: Some(said.sample_rate),
            ..IxmlSpeed::default()
        }),
        file_set: Some(IxmlFileSet {
            family_uid: Some(delivery.simple().to_string().to_uppercase()),
            family_name: Some(said.title.clone()),
            total_files: Some(of.number.1 as u32),
            file_set_index: Some((of.number.0 + 1).to_string()),
        }),
        tracks: tracks(of),
        sync_points: sync_points(of.file),
        user: Some(notes(note, of.output.segments)),
        ..Ixml::default()
    }
}

/// The note of a file, and below it what people wrote about its clips, each once.
fn notes(first: String, segments: &[Segment]) -> String {
    let mut text = first;
    let mut seen = BTreeSet::new();
    for clip in segments.iter().map(|segment| &segment.clip) {
        for (name, value) in &clip.notes {
            let line = format!("{}: {name}: {value}", clip.name);
            if text.len() + line.len() > MAX_NOTES {
                return text;
            }
            if seen.insert(line.clone()) {
                text.push('\n');
                text.push_str(&line);
            }
        }
    }
    text
}

/// The pops, for who looks for them.
fn sync_points(file: &DeliveredFile) -> Vec<IxmlSyncPoint> {
    let point = |pop: &crate::conform::plan::Pop| IxmlSyncPoint {
        kind: Some("RELATIVE".to_owned()),
        function: Some("SLATE_GENERIC".to_owned()),
        comment: Some(
            if pop.at < file.head {
                "head pop"
            } else {
                "tail pop"
            }
            .to_owned(),
        ),
        samples: Some(pop.at),
        event_duration: Some(pop.length),
    };
    file.pops.iter().map(point).collect()
}

fn tracks(of: Described<'_>) -> Vec<IxmlTrack> {
    let layout = of.output.layout;
    // A lone channel keeps its number in the output; the channels of a file are numbered as they stand.
    let lone = of.file.channels.len() == 1;
    let track = |(i, channel): (usize, &Option<usize>)| {
        let place = channel.and_then(|channel| Some((channel, layout.channels().get(channel)?)));
        let code = of.output.code;
        IxmlTrack {
            channel_index: Some(
                place.filter(|_| lone).map_or(i, |(channel, _)| channel) as u32 + 1,
            ),
            interleave_index: Some(i as u32 + 1),
            name: Some(match place {
                Some((_, channel)) => format!("{code} {channel}"),
                None => "silent".to_owned(),
            }),
            function: place.map(|(_, channel)| track_function(*channel, layout).to_owned()),
        }
    };
    of.file.channels.iter().enumerate().map(track).collect()
}
