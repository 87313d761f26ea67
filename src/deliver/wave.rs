//! What stands in the header of an output: format, bext, iXML.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::audio::{ChannelLayout, DbTp, LoudnessUnits, Lufs};
use crate::bwf::{
    Bext, Hundredths, Ixml, IxmlFileSet, IxmlSpeed, IxmlTrack, WaveFormat, WaveSpec,
    add_coding_history, track_function, umid,
};
use crate::conform::RenderPlan;
use crate::conform::plan::{Plan, Segment};

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
}

/// One output of a plan, stem or composite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) code: &'a str,
    pub(super) label: &'a str,
    pub(super) file: &'a str,
    pub(super) layout: &'a ChannelLayout,
    /// What sounds in it; nothing of its own in a composite.
    segments: &'a [Segment],
}

/// The outputs of a plan in the order of the renderer: stems, then composites.
pub(super) fn outputs(plan: &Plan) -> Vec<Output<'_>> {
    let stems = plan.stems.iter().map(|s| Output {
        code: &s.code,
        label: &s.label,
        file: &s.file,
        layout: &s.layout,
        segments: &s.segments,
    });
    let composites = plan.composites.iter().map(|c| Output {
        code: &c.code,
        label: &c.label,
        file: &c.file,
        layout: &c.layout,
        segments: &[],
    });
    stems.chain(composites).collect()
}

/// The file names of a plan's outputs, stems first.
pub fn output_names(plan: &RenderPlan) -> Vec<&str> {
    outputs(plan.get())
        .iter()
        .map(|output| output.file)
        .collect()
}

/// Who this delivery is, whatever machine makes it: a UUID of the plan's content.
pub(super) fn identity(plan: &RenderPlan) -> Uuid {
    // A plan that passed its check is always JSON.
    Uuid::new_v5(&NAMESPACE, plan.to_json().unwrap_or_default().as_bytes())
}

/// The header of one output; the place of its samples does not depend on `loudness`.
pub(super) fn wave_spec(
    plan: &RenderPlan,
    output: Output<'_>,
    index: usize,
    delivery: Uuid,
    loudness: Loudness,
) -> WaveSpec {
    let (rate, sample) = (plan.rate(), plan.sample_format());
    let mask = output.layout.speaker_mask();
    let format = WaveFormat::new(rate, output.layout.len() as u16, sample, mask);
    let file = Uuid::new_v5(
        &delivery,
        format!("{} {}", output.code, output.layout).as_bytes(),
    );
    WaveSpec {
        format,
        frames: plan.get().length,
        bext: bext(plan.get(), output, &format, file, loudness),
        ixml: Some(ixml(plan, output, index, delivery, file)),
        chna: None,
        axml: None,
        cues: Vec::new(),
        md5: None,
        bw64: false,
    }
}

fn bext(
    plan: &Plan,
    output: Output<'_>,
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
        description: format!("{} {} {}", plan.title, output.code, output.label),
        originator: made.to_owned(),
        originator_reference: source_identifier(file, time),
        origination_date: date.to_owned(),
        origination_time: time.to_owned(),
        time_reference: plan.start_sample.unsigned_abs(),
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

fn ixml(plan: &RenderPlan, output: Output<'_>, index: usize, delivery: Uuid, file: Uuid) -> Ixml {
    let said = plan.get();
    let fps = Some(said.frame_rate.fps());
    let note = format!("{} stem of {}: {}", output.code, said.title, output.label);
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
            timestamp_samples: Some(said.start_sample.unsigned_abs()),
            timestamp_sample_rate: Some(said.sample_rate),
            ..IxmlSpeed::default()
        }),
        file_set: Some(IxmlFileSet {
            family_uid: Some(delivery.simple().to_string().to_uppercase()),
            family_name: Some(said.title.clone()),
            total_files: Some((said.stems.len() + said.composites.len()) as u32),
            file_set_index: Some((index + 1).to_string()),
        }),
        tracks: tracks(output),
        user: Some(notes(note, output.segments)),
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

fn tracks(output: Output<'_>) -> Vec<IxmlTrack> {
    let track = |(i, channel): (usize, &crate::audio::Channel)| IxmlTrack {
        channel_index: Some(i as u32 + 1),
        interleave_index: Some(i as u32 + 1),
        name: Some(format!("{} {channel}", output.code)),
        function: Some(track_function(*channel, output.layout).to_owned()),
    };
    output
        .layout
        .channels()
        .iter()
        .enumerate()
        .map(track)
        .collect()
}
