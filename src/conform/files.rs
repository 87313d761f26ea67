//! The files of a delivery from the reels and what the spec demands of them.

use super::codes::NO_ROOM_FOR_POP;
use super::framing::{Framed, Reel, delivered_start};
use super::plan::{Composite, DeliveredFile, Packaging, Pop, Stem};
use crate::audio::{Channel, ChannelLayout, SampleRate};
use crate::finding::Finding;
use crate::spec::{FileFields, FileForm, PopRule, ReelForm, Spec};
use crate::stem::StemCode;
use crate::time::{FrameRate, Pos, Rational, Record, Timecode, sample_at};

/// A stretch of the programme that has files: the whole of it, or a reel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// Its number; none for the whole programme.
    reel: Option<u32>,
    /// Timecode of its first frame of picture in the files.
    pub(super) start: Pos<Record>,
    from: u64,
    length: u64,
    /// Its exact length in seconds.
    duration: Rational,
}

/// Where sound, leader and pops stand in the files of a part.
#[derive(Debug, Clone, PartialEq)]
struct Frame {
    start_sample: i64,
    start_timecode: String,
    head: u64,
    tail: u64,
    pops: Vec<Pop>,
}

/// The parts that a spec asks for.
pub(super) fn parts(
    framed: &Framed,
    spec: &Spec,
    in_reels: bool,
    rate: FrameRate,
    findings: &mut Vec<Finding>,
) -> Vec<Part> {
    let form = spec.programme.reels;
    let first = framed.reels.first().map_or(1, |reel| reel.number);
    let lone = framed.reels.len() == 1 && !in_reels && first == 1;
    let (whole, reels) = match form {
        ReelForm::LongPlay => (true, false),
        ReelForm::Reels => (false, true),
        // One timeline that is neither cut nor a later reel is the whole programme.
        ReelForm::Both => (framed.reels.len() > 1 || lone, !lone),
    };
    let mut parts = Vec::new();
    let mut start =
        |reel: u32, own| delivered_start(spec.programme.start, reel, own, rate, findings);
    if let (Some(first), true) = (framed.reels.first(), whole) {
        let mut durations = framed
            .reels
            .iter()
            .filter_map(|reel| reel.end.since(reel.start));
        let duration = durations.try_fold(Rational::ZERO, Rational::checked_add);
        parts.push(Part {
            reel: None,
            start: start(if form.reels() { first.number } else { 1 }, first.start),
            from: 0,
            length: framed.reels.iter().map(|reel| reel.length).sum(),
            duration: duration.unwrap_or(Rational::ZERO),
        });
    }
    if reels {
        let part = |reel: &Reel| Part {
            reel: Some(reel.number),
            // A long-play timeline counts on; its reels have hours of their own.
            start: start(reel.number, reel.start),
            from: reel.at,
            length: reel.length,
            duration: reel.end.since(reel.start).unwrap_or(Rational::ZERO),
        };
        parts.extend(framed.reels.iter().map(part));
    }
    parts
}

/// Lays out leader, pops and tail of a part. Every place follows from an absolute frame number, so
/// that two timecode seconds are 96,096 sample frames at 23.976 and the pop is a frame at any rate.
fn frame_of(
    part: &Part,
    spec: &Spec,
    rate: SampleRate,
    fps: FrameRate,
    notes: &mut Vec<Finding>,
) -> Frame {
    let sample = |frame: i64| {
        fps.seconds_at(frame)
            .map_or(0, |seconds| sample_at(seconds, rate))
    };
    let picture = part.start.seconds();
    let first = fps.frame_at(picture).unwrap_or_default();
    // A start between two frames moves everything by the same bit. A reel has the samples that it has
    // in the long-play; what its own axis has more or less, at most one, is of the tail.
    let frames = part.duration.checked_mul(fps.fps()).map_or(0, whole_frames);
    let (head, tail) = (spec.head.length.frames(fps), spec.tail.length.frames(fps));
    let start_sample = sample(first - head);
    let end = sample_at(picture, rate).saturating_add_unsigned(part.length);
    let head_samples = (sample_at(picture, rate) - start_sample)
        .max(0)
        .unsigned_abs();
    let behind = (sample(first + frames + tail) - end).max(0).unsigned_abs();
    let tail_samples = if tail == 0 { 0 } else { behind };
    let mut pops = Vec::new();
    let mut pop = |frame: i64, fits: bool| {
        let (from, to) = (sample(frame), sample(frame + 1));
        // The sample that a reel may have more than its own axis comes before the first frame behind it.
        let from = if frame < first { from } else { from.max(end) };
        let at = from - start_sample;
        let length = (to - from).unsigned_abs();
        if fits && at >= 0 {
            pops.push(Pop {
                at: at.unsigned_abs(),
                length,
            });
        } else {
            let timecode = Timecode::from_frame(frame, fps);
            let message = format!("a pop at {timecode} stands outside leader and tail");
            notes.push(Finding::new(&NO_ROOM_FOR_POP, message));
        }
    };
    if let PopRule::At(before) = spec.head.pop {
        let before = before.frames(fps);
        pop(first - before, before > 0 && before <= head);
    }
    if let PopRule::At(after) = spec.tail.pop {
        // From the last frame of picture, as the head pop from the first.
        let after = after.frames(fps);
        pop(first + frames - 1 + after, after > 0 && after <= tail);
    }
    Frame {
        start_sample,
        start_timecode: Timecode::from_frame(first - head, fps).to_string(),
        head: head_samples,
        tail: tail_samples,
        pops,
    }
}

/// Frames that hold so much of one: the last one may be cut short.
fn whole_frames(frames: Rational) -> i64 {
    let whole = frames.floor();
    if Rational::from_int(whole) == frames {
        whole
    } else {
        whole + 1
    }
}

/// What the files of a delivery are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delivery<'a> {
    pub(super) spec: &'a Spec,
    pub(super) title: &'a str,
    pub(super) rate: SampleRate,
    pub(super) frame_rate: FrameRate,
}

impl Delivery<'_> {
    /// Every file, part by part, output by output.
    pub(super) fn files(
        self,
        parts: &[Part],
        (stems, composites): (&[Stem], &[Composite]),
        findings: &mut Vec<Finding>,
    ) -> Vec<DeliveredFile> {
        let delivered = |stem: &&Stem| {
            let code = stem.code.parse::<StemCode>().ok();
            let said = code.and_then(|code| self.spec.stem(&code).map(|stem| stem.deliver));
            said.unwrap_or(true)
        };
        let stems = stems.iter().filter(delivered).map(|s| (&s.code, &s.layout));
        let outputs: Vec<_> = stems
            .chain(composites.iter().map(|c| (&c.code, &c.layout)))
            .collect();
        let mut files = Vec::new();
        for part in parts {
            let frame = frame_of(part, self.spec, self.rate, self.frame_rate, findings);
            for &(code, layout) in &outputs {
                let Ok(parsed) = code.parse::<StemCode>() else {
                    continue;
                };
                let mut fields = self
                    .spec
                    .fields_of(self.title, &parsed, layout, self.frame_rate);
                fields.reel = part.reel;
                for (channel, channels) in self.channels(layout) {
                    fields.channel = channel;
                    files.push(DeliveredFile {
                        file: self.name(&fields, findings),
                        output: code.clone(),
                        reel: part.reel,
                        channels,
                        start_timecode: frame.start_timecode.clone(),
                        start_sample: frame.start_sample,
                        head: frame.head,
                        from: part.from,
                        length: part.length,
                        tail: frame.tail,
                        pops: frame.pops.clone(),
                    });
                }
            }
        }
        files
    }

    fn name(self, fields: &FileFields, findings: &mut Vec<Finding>) -> String {
        let (name, told) = self.spec.name_file(fields);
        for note in told {
            // The title is the same for all files: one note of it is enough.
            if !findings.iter().any(|known| known.message == note.message) {
                findings.push(note);
            }
        }
        name
    }

    /// The channels of each file of an output, and which one a mono file holds.
    fn channels(self, layout: &ChannelLayout) -> Vec<(Option<Channel>, Vec<Option<usize>>)> {
        let order = self.spec.channel_order.as_ref();
        let ordered: Vec<Option<Channel>> = match order {
            // A fold-down has another layout than what the order is for.
            Some(order) if *layout == self.spec.layout => order.0.clone(),
            _ => layout.channels().iter().copied().map(Some).collect(),
        };
        let place =
            |channel: &Option<Channel>| channel.and_then(|channel| layout.index_of(channel));
        match self.spec.files {
            FileForm::Interleaved => vec![(None, ordered.iter().map(place).collect())],
            FileForm::Mono if layout.len() == 1 => vec![(None, vec![Some(0)])],
            FileForm::Mono => {
                let one = |channel: &Channel| (Some(*channel), vec![layout.index_of(*channel)]);
                ordered.iter().flatten().map(one).collect()
            }
        }
    }
}

/// What is made beside the sound.
pub(super) fn packaging(spec: &Spec) -> Packaging {
    Packaging {
        pop_hertz: spec.pop.frequency.value,
        pop_level: spec.pop.level,
        pop_channels: spec.pop.channels.clone(),
        md5_chunk: spec.metadata.md5.chunk(),
        md5_sidecar: spec.metadata.md5.sidecar(),
        mhl: spec.metadata.mhl,
        no_ixml: !spec.metadata.ixml,
    }
}
