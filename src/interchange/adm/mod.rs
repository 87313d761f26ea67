//! WAV files with the Audio Definition Model (ITU-R BS.2076, BS.2088): immersive masters.
//!
//! Each item of the chosen programme becomes a clip that plays its part of the file itself, on a
//! track for each content. What the items mean is read by [`crate::bwf::adm`]; what is read, ignored
//! and refused stands in `specs/formats/adm.md`.
//!
//! **Invariant:** a clip's source position is its record position less the file's start, exactly; the
//! sound of an item stands in one clip, whatever refers to it.

mod codes;
mod evidence;
mod limits;

use crate::bwf::adm::{self, Adm, Item, Selection};
use crate::bwf::{self, Wave, WaveError};
use crate::finding::{Finding, Place};
use crate::time::{FrameRate, Pos, Rational, Record, Span};
use crate::timeline::{Clip, MediaRef, SceneItem, SourceIn, Timeline, Track};
pub use evidence::scene_evidence;

use codes::{EMPTY, NO_RATE, RANGE, START_DIFFERS};

use super::{Format, Input, ReadError, ReadOptions, Reading};

/// ADM in WAV files, for [`FORMATS`](super::FORMATS).
pub(super) const FORMAT: Format = Format {
    name: "adm",
    title: "Audio Definition Model (.wav: BW64, RF64 or RIFF with axml or chna)",
    suffixes: &[],
    probe,
    read,
    codes: codes::CODES,
};

/// The programme's length may differ from the file's by this many seconds.
const TOLERANCE: Rational = Rational::ONE;

/// Whether a file is of the WAVE family and holds ADM: plain recordings are no timelines.
fn probe(input: &Input) -> bool {
    let head = |id: &[u8]| input.head.starts_with(id) && input.head.get(8..12) == Some(b"WAVE");
    let wave = [b"RIFF", b"RF64", b"BW64"].into_iter().any(|id| head(id));
    wave && bwf::open(&input.path).is_ok_and(|wave| {
        let adm = wave.adm.unwrap_or_default();
        adm.axml.or(adm.bxml).is_some() || adm.uids.is_some_and(|uids| uids > 0)
    })
}

fn read(input: &Input, options: &ReadOptions) -> Result<Reading, ReadError> {
    let wave = bwf::open(&input.path).map_err(|error| refused(input, error))?;
    let model = options
        .models
        .read(&wave)
        .map_err(|error| refused(input, error))?;
    let empty = || {
        let message = "the file has no ADM metadata that describes its sound";
        ReadError::malformed(Place::file(input.name()), message)
    };
    let model = model.filter(|model| !model.is_empty()).ok_or_else(empty)?;
    let selection = Selection {
        programme: options.programme.clone(),
        complementary: options.select.clone(),
        strict: options.strict,
    };
    let selected = model.items(&selection).map_err(|error| {
        let hint = "`stemline inspect` lists the programmes and objects of the file";
        ReadError::Malformed {
            place: Box::new(Place::file(input.name())),
            message: error.to_string(),
            hint: Some(hint.to_owned()),
        }
    })?;
    let mut findings = wave.findings.clone();
    findings.extend(model.findings.iter().cloned());
    findings.extend(selected.findings.iter().cloned());
    let scene = Scene {
        input,
        wave: &wave,
        model: &model,
        options,
        programme: selected.programme.as_ref(),
    };
    let timeline = scene.timeline(&selected.items, &mut findings);
    Ok(Reading { timeline, findings })
}

fn refused(input: &Input, error: WaveError) -> ReadError {
    match error {
        WaveError::Io { path, source } => ReadError::Io { path, source },
        other => ReadError::malformed(Place::file(input.name()), other.to_string()),
    }
}

/// What making the timeline needs.
struct Scene<'a> {
    input: &'a Input,
    wave: &'a Wave,
    model: &'a Adm,
    options: &'a ReadOptions,
    programme: Option<&'a adm::AdmId>,
}

impl Scene<'_> {
    fn timeline(&self, items: &[Item], findings: &mut Vec<Finding>) -> Timeline {
        let rate = self.rate(findings);
        let start = self.start(findings);
        let length = self.length(findings);
        let end = start.checked_add(length);
        let mut tracks: Vec<Track> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        let place = Place::file(self.input.name());
        for item in items {
            findings.extend(limits::limits(item, &place));
            let (key, name) = self.group(item);
            let at = keys.iter().position(|known| *known == key);
            let at = at.unwrap_or_else(|| {
                keys.push(key);
                let number = keys.len() as u32;
                tracks.push(Track {
                    name,
                    number,
                    ..Track::default()
                });
                keys.len() - 1
            });
            let clip = self.clip(item, start, length, findings);
            if let Some(track) = tracks.get_mut(at) {
                track.clips.extend(clip);
            }
        }
        Timeline {
            format: FORMAT.name.to_owned(),
            name: self.input.stem(),
            file_name: self.input.stem(),
            rate,
            start,
            end,
            tracks,
            markers: Vec::new(),
        }
    }

    /// The rate of the reports' timecodes: ADM has none.
    fn rate(&self, findings: &mut Vec<Finding>) -> FrameRate {
        let stated = self.options.rate.or_else(|| self.wave.frame_rate());
        stated.unwrap_or_else(|| {
            findings.push(self.note(&NO_RATE, "24 frames per second are used"));
            FrameRate::F24
        })
    }

    /// Where the first sample stands: by the bext chunk or the iXML, else by the programme.
    fn start(&self, findings: &mut Vec<Finding>) -> Pos<Record> {
        let programme = self.programme.and_then(|id| self.model.programme(id));
        let stated = programme.and_then(|programme| programme.start);
        let file = self.wave.start().map(Pos::seconds);
        // A reference of 0 is what writers leave there that know of none.
        let file = file.filter(|start| !start.is_zero());
        let start = file.or(stated).unwrap_or(Rational::ZERO);
        if let (Some(file), Some(stated)) = (file, stated)
            && !stated.is_zero()
            && apart(file, stated) > Rational::new(1, 1000)
        {
            let message = format!("the programme starts at {stated} s, the file at {file} s");
            findings.push(self.note(&START_DIFFERS, &message));
        }
        Pos::new(start)
    }

    /// The length of the sound in seconds.
    fn length(&self, findings: &mut Vec<Finding>) -> Rational {
        let hertz = i128::from(self.wave.format.rate.hertz());
        let length = Rational::from_wide(i128::from(self.wave.frames), hertz);
        let length = length.unwrap_or(Rational::ZERO);
        let programme = self.programme.and_then(|id| self.model.programme(id));
        let stated = programme.and_then(|p| p.end?.checked_sub(p.start.unwrap_or(Rational::ZERO)));
        if let Some(stated) = stated
            && apart(stated, length) > Some(TOLERANCE)
        {
            let message = format!("the programme lasts {stated} s, the sound {length} s");
            findings.push(self.note(&RANGE, &message));
        }
        length
    }

    fn note(&self, code: &'static crate::finding::Code, message: &str) -> Finding {
        Finding::new(code, message).at(Place::file(self.input.name()))
    }

    /// What groups items into a track: their content, else their outermost object.
    fn group(&self, item: &Item) -> (String, String) {
        let content = item.contents.first().and_then(|id| self.model.content(id));
        if let Some(content) = content {
            return (content.id.to_string(), named(&content.name, &content.id));
        }
        let object = item.objects.first().and_then(|id| self.model.object(id));
        match object {
            Some(object) => (object.id.to_string(), named(&object.name, &object.id)),
            None => (String::new(), self.input.stem()),
        }
    }

    /// The clip of an item; none, with a finding, where its object lies outside of the sound.
    fn clip(
        &self,
        item: &Item,
        start: Pos<Record>,
        length: Rational,
        findings: &mut Vec<Finding>,
    ) -> Option<Clip> {
        let (from, to) = self.span(item, length)?;
        let place = Place {
            clip: Some(item.id.clone()),
            ..Place::file(self.input.name())
        };
        let record = start.checked_add(from).zip(start.checked_add(to));
        let Some((record_in, record_out)) = record.filter(|_| from < to) else {
            let message = format!("{} lies outside of the sound", item.id);
            findings.push(Finding::new(&EMPTY, message).at(place));
            return None;
        };
        let source = SourceIn::Offset {
            at: Pos::new(from),
            sync: record_in,
        };
        let media = MediaRef {
            name: self.input.stem(),
            // Relative to the folder of the file that is read.
            file: self
                .input
                .path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            ..MediaRef::default()
        };
        let scene = SceneItem {
            item: item.id.clone(),
            programme: self.programme.map(ToString::to_string),
            select: self.options.select.clone(),
            strict: self.options.strict,
            low: item
                .parts
                .iter()
                .any(|part| limits::is_low(self.model, part)),
            evidence: scene_evidence(self.model, self.programme, item),
        };
        Some(Clip {
            event: Some(item.id.clone()),
            muted: item.mute,
            scene: Some(Box::new(scene)),
            place,
            ..Clip::new(
                self.clip_name(item),
                Span::new(record_in, record_out),
                source,
                media,
            )
        })
    }

    /// Which seconds of the file an item sounds in. To the letter of BS.2127 a sample belongs to it
    /// that begins in it, so the span is widened to whole samples.
    fn span(&self, item: &Item, length: Rational) -> Option<(Rational, Rational)> {
        let from = item.start.unwrap_or(Rational::ZERO);
        let to = match item.duration {
            Some(duration) => from.checked_add(duration)?.min(length),
            None => length,
        };
        if !self.options.strict {
            return Some((from, to));
        }
        let rate = Rational::from_int(i64::from(self.wave.format.rate.hertz()));
        let first = from.checked_mul(rate)?.floor();
        // The ceiling, as the floor of what lies on the other side of zero.
        let minus = Rational::ZERO.checked_sub(to.checked_mul(rate)?)?;
        let last = minus.floor().checked_neg()?;
        Some((
            Rational::from_int(first).checked_div(rate)?,
            Rational::from_int(last).checked_div(rate)?,
        ))
    }

    fn clip_name(&self, item: &Item) -> String {
        let object = item.objects.last().and_then(|id| self.model.object(id));
        let pack = self.model.pack(&item.pack);
        match (object, pack) {
            (Some(object), _) => named(&object.name, &object.id),
            (None, Some(pack)) => named(&pack.name, &pack.id),
            (None, None) => item.id.clone(),
        }
    }
}

fn named(name: &str, id: &adm::AdmId) -> String {
    if name.is_empty() {
        id.to_string()
    } else {
        name.to_owned()
    }
}

/// How far two times are from each other.
fn apart(a: Rational, b: Rational) -> Option<Rational> {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    high.checked_sub(low)
}
