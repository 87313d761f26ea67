//! The ADM file of a delivery: all stems as written in one file, with programmes that share them.

use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::keep::KeptItems;
use super::package::DeliverError;
use super::wave::{Described, Loudness, wave_spec};
use super::wave_file::WaveFile;
use crate::audio::scene::Screen;
use crate::audio::{AdmProfile, Channel, ChannelLayout};
use crate::bwf::{
    AdmChunks, AdmContent, AdmDocument, AdmForm, AdmLoudness, AdmObject, AdmProgramme, AdmText,
    Hundredths, IxmlTrack, WaveFormat, WaveSpec, bed_order, dolby_parts, track_function,
    verify_adm,
};
use crate::conform::RenderPlan;
use crate::conform::plan::{self, Adm, DeliveredFile, OutputRef, Plan, Stem};

/// A track of the ADM file: a channel of an output as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmTrack {
    /// Which output, stems first.
    pub output: usize,
    /// Which of its channels, from 0.
    pub channel: usize,
}

/// The file under its temporary name.
#[derive(Debug)]
pub(super) struct AdmFile {
    pub(super) file: WaveFile,
    parts: Parts,
    document: Arc<AdmDocument>,
}

impl AdmFile {
    /// Creates the file, silent and at its final size, where the plan wants one.
    ///
    /// # Errors
    /// [`DeliverError`] when it cannot be created.
    pub(super) fn create(
        plan: &RenderPlan,
        folder: &Path,
        delivery: Uuid,
        kept: Option<&KeptItems>,
    ) -> Result<Option<Self>, DeliverError> {
        let Some(adm) = &plan.get().adm else {
            return Ok(None);
        };
        let parts = kept.map(|kept| kept.parts.clone());
        let parts = parts.unwrap_or_else(|| Parts::new(plan.get(), adm));
        // The figures come at the end: the text gets room for the longest.
        let widest = parts.document(plan, adm, |_| Some(AdmLoudness::widest()));
        let widest = Arc::new(widest);
        let chunks = chunks(&widest, 0, adm.bext);
        let spec = parts.wave_spec(plan, delivery, chunks, Loudness::default());
        Ok(Some(Self {
            document: widest,
            file: WaveFile::create(folder, &parts.delivered(plan), usize::MAX, spec, true)?,
            parts,
        }))
    }

    /// That our own reader finds in the finished file what was meant.
    pub(super) fn read_back(&self) -> Result<(), DeliverError> {
        self.file
            .hold(|path, spec| verify_adm(path, spec, &self.document))
    }

    /// The tracks of the file.
    pub(super) fn tracks(&self) -> &[AdmTrack] {
        &self.parts.tracks
    }

    /// Says how loud everything is; `loudness` has one entry for each output.
    pub(super) fn describe(&mut self, plan: &RenderPlan, delivery: Uuid, loudness: &[Loudness]) {
        let Some(adm) = &plan.get().adm else {
            return;
        };
        let parts = &self.parts;
        let of = |stems: &[String]| loudness_of(plan.get(), stems, loudness);
        let document = Arc::new(parts.document(plan, adm, |stems| of(stems).map(levels)));
        let main = adm.programmes.first();
        let main = main.and_then(|programme| of(&programme.stems));
        let room = self.file.spec.adm.as_ref().map_or(0, |adm| adm.room);
        let (chunks, main) = (chunks(&document, room, adm.bext), main.unwrap_or_default());
        self.file.spec = parts.wave_spec(plan, delivery, chunks, main);
        self.document = document;
    }
}

/// A document as chunks, with at least so much room for its text.
fn chunks(document: &Arc<AdmDocument>, room: u64, with_bext: bool) -> AdmChunks {
    let source: Arc<AdmDocument> = Arc::clone(document);
    let text = AdmText::new(source);
    AdmChunks {
        rows: document.rows(),
        room: room.max(text.bytes()),
        with_bext,
        text,
    }
}

/// Where the loudness of these stems together stands: with the stem, with the composite that is their
/// sum, or behind all outputs with [`programmes_to_measure`].
fn loudness_of(plan: &Plan, stems: &[String], loudness: &[Loudness]) -> Option<Loudness> {
    let outputs = plan.stems.len() + plan.composites.len();
    let same = |sum: &Vec<usize>| {
        let mut summed = sum.iter().filter_map(|&stem| plan.stems.get(stem));
        sum.len() == stems.len() && summed.all(|stem| stems.contains(&stem.code))
    };
    let index = output_of(plan, stems).or_else(|| {
        let extra = programmes_to_measure(plan).iter().position(same)?;
        Some(outputs + extra)
    });
    index.and_then(|index| loudness.get(index)).copied()
}

/// The output that is the sum of these stems.
fn output_of(plan: &Plan, stems: &[String]) -> Option<usize> {
    let same =
        |sum: &[String]| sum.len() == stems.len() && stems.iter().all(|code| sum.contains(code));
    let alone = |stem: &Stem| same(std::slice::from_ref(&stem.code));
    let stem = plan.stems.iter().position(alone);
    let composite = plan
        .composites
        .iter()
        .position(|sum| sum.fold.is_none() && same(&sum.stems));
    stem.or(composite.map(|index| plan.stems.len() + index))
}

/// The stems of each programme of the ADM file that no output is the sum of, where they have one
/// layout: their sum has to be measured for the file to say how loud they are.
pub fn programmes_to_measure(plan: &Plan) -> Vec<Vec<usize>> {
    let mut sums: Vec<Vec<usize>> = Vec::new();
    for programme in plan.adm.iter().flat_map(|adm| &adm.programmes) {
        let stems = plan.stems.iter().enumerate();
        let sum: Vec<usize> = stems
            .filter(|(_, stem)| programme.stems.contains(&stem.code))
            .map(|(i, _)| i)
            .collect();
        let mut layouts = sum.iter().filter_map(|&i| Some(&plan.stems.get(i)?.layout));
        let first = layouts.next();
        let alike = first.is_some() && layouts.all(|layout| Some(layout) == first);
        if alike && output_of(plan, &programme.stems).is_none() && !sums.contains(&sum) {
            sums.push(sum);
        }
    }
    sums
}

fn levels(loudness: Loudness) -> AdmLoudness {
    AdmLoudness {
        integrated: loudness.integrated.and_then(Hundredths::from_lufs),
        range: loudness.range.and_then(Hundredths::from_lu),
        true_peak: loudness.true_peak.and_then(Hundredths::from_dbtp),
        momentary: loudness.momentary.and_then(Hundredths::from_lufs),
        short_term: loudness.short_term.and_then(Hundredths::from_lufs),
        dialogue: loudness.dialogue.and_then(Hundredths::from_lufs),
    }
}

/// The objects of a plan and where their tracks come from.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    objects: Vec<AdmObject>,
    /// For each content its objects.
    of_content: Vec<Vec<usize>>,
    tracks: Vec<AdmTrack>,
    /// For each track its name and its function in the iXML.
    named: Vec<(String, Option<String>)>,
}

impl Parts {
    /// Nothing yet, of so many contents.
    pub(super) fn empty(contents: usize) -> Self {
        Self {
            objects: Vec::new(),
            of_content: vec![Vec::new(); contents],
            tracks: Vec::new(),
            named: Vec::new(),
        }
    }

    /// All stems as written: the beds first, then what no bed has.
    fn new(plan: &Plan, adm: &Adm) -> Self {
        let mut parts = Self::empty(adm.contents.len());
        let mut points = Vec::new();
        for (number, content) in adm.contents.iter().enumerate() {
            let stem = plan.stems.iter().position(|stem| stem.code == content.stem);
            if let Some((output, stem)) = stem.and_then(|i| Some((i, plan.stems.get(i)?))) {
                let rest = parts.bed(number, output, stem, content, adm.profile);
                points.push((number, output, stem, rest));
            }
        }
        for (number, output, stem, rest) in points {
            parts.points(number, output, stem, rest);
        }
        parts
    }

    /// Adds the bed of a stem, whose channels are those of an output. Returns those that no bed of the
    /// profile has.
    pub(super) fn bed(
        &mut self,
        content: usize,
        output: usize,
        stem: &Stem,
        told: &plan::AdmContent,
        profile: AdmProfile,
    ) -> Vec<Channel> {
        let (mut bed, mut rest) = (bed_order(stem.layout.channels()), Vec::new());
        if profile == AdmProfile::Dolby {
            let split = dolby_parts(&bed);
            (bed, rest) = (split.bed, split.points);
        }
        if !bed.is_empty() {
            let language = told.language.as_ref().map(|l| l.to_uppercase());
            let name = [
                Some(stem.code.clone()),
                language,
                Some(stem.layout.to_string()),
            ];
            let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
            self.add(content, output, stem, name, AdmForm::Bed(bed));
        }
        rest
    }

    /// Adds channels of a stem as objects that do not move.
    pub(super) fn points(
        &mut self,
        content: usize,
        output: usize,
        stem: &Stem,
        channels: Vec<Channel>,
    ) {
        for channel in channels {
            let name = format!("{} {channel}", stem.code);
            self.add(content, output, stem, name, AdmForm::Point(channel));
        }
    }

    /// Adds an item with its tracks and their names.
    pub(super) fn kept(
        &mut self,
        content: usize,
        name: String,
        form: AdmForm,
        tracks: impl IntoIterator<Item = (AdmTrack, String)>,
    ) {
        for (track, name) in tracks {
            self.tracks.push(track);
            self.named.push((name, None));
        }
        self.object(content, AdmObject { name, form });
    }

    fn add(&mut self, content: usize, output: usize, stem: &Stem, name: String, form: AdmForm) {
        let channels = match &form {
            AdmForm::Bed(channels) => channels.clone(),
            AdmForm::Point(channel) => vec![*channel],
            AdmForm::Kept(_) => Vec::new(),
        };
        for at in channels {
            if let Some(channel) = stem.layout.index_of(at) {
                self.tracks.push(AdmTrack { output, channel });
                let function = track_function(at, &stem.layout).to_owned();
                self.named
                    .push((format!("{} {at}", stem.code), Some(function)));
            }
        }
        self.object(content, AdmObject { name, form });
    }

    fn object(&mut self, content: usize, object: AdmObject) {
        if let Some(objects) = self.of_content.get_mut(content) {
            objects.push(self.objects.len());
        }
        self.objects.push(object);
    }

    /// The metadata, with what `loudness` says of each set of stems.
    fn document(
        &self,
        plan: &RenderPlan,
        adm: &Adm,
        loudness: impl Fn(&[String]) -> Option<AdmLoudness>,
    ) -> AdmDocument {
        let dolby = adm.profile == AdmProfile::Dolby;
        // A stem of which nothing stands in the file is no content of it.
        let all = adm.contents.iter().zip(&self.of_content);
        let kept: Vec<_> = all.filter(|(_, objects)| !objects.is_empty()).collect();
        let content = |(content, objects): &(&plan::AdmContent, &Vec<usize>)| {
            let of = || loudness(std::slice::from_ref(&content.stem));
            AdmContent {
                name: content.name.clone(),
                language: content.language.clone().filter(|_| !dolby),
                kind: content.kind,
                objects: (*objects).clone(),
                loudness: if dolby { None } else { of() },
            }
        };
        let index = |code: &String| kept.iter().position(|(content, _)| content.stem == *code);
        let programme = |programme: &plan::AdmProgramme| AdmProgramme {
            name: programme.name.clone(),
            language: programme.language.clone(),
            contents: programme.stems.iter().filter_map(index).collect(),
            loudness: loudness(&programme.stems),
        };
        let programmes = adm.programmes.iter().map(programme).enumerate();
        // The first is the main one, whatever stands in it.
        let programmes = programmes.filter(|(i, p)| *i == 0 || !p.contents.is_empty());
        AdmDocument {
            profile: adm.profile,
            rate: plan.rate(),
            bits: plan.get().bits,
            length: plan.get().length,
            start: plan.get().start_sample.unsigned_abs(),
            screen: self.screen(),
            programmes: programmes.map(|(_, programme)| programme).collect(),
            contents: kept.iter().map(content).collect(),
            objects: self.objects.clone(),
        }
    }

    /// The screen that items refer to, where it is not the usual one; all have the same.
    fn screen(&self) -> Option<Screen> {
        let kept = self.objects.iter().find_map(|object| match &object.form {
            AdmForm::Kept(kept) => Some(kept.screen),
            _ => None,
        });
        kept.filter(|screen| *screen != Screen::default())
    }

    fn wave_spec(
        &self,
        plan: &RenderPlan,
        delivery: Uuid,
        chunks: AdmChunks,
        loudness: Loudness,
    ) -> WaveSpec {
        let said = plan.get();
        let channels = self.tracks.len();
        let format = WaveFormat {
            extensible: false,
            mask: 0,
            ..WaveFormat::new(plan.rate(), channels as u16, plan.sample_format(), 0)
        };
        let stems: Vec<&str> = said.stems.iter().map(|stem| stem.code.as_str()).collect();
        let stems = stems.join(" ");
        let profile = said.adm.as_ref().map_or("", |adm| adm.profile.title());
        let (file, others) = (self.delivered(plan), plan.delivered().len());
        let of = Described {
            file: &file,
            output: OutputRef {
                index: usize::MAX,
                code: "ADM",
                label: &stems,
                file: &file.file,
                layout: &ChannelLayout::mono(),
                segments: &[],
            },
            number: (others, others + 1),
        };
        let mut spec = wave_spec(plan, of, delivery, loudness);
        spec.bext.description = format!("{} ADM {stems} ({profile})", said.title);
        if let Some(ixml) = &mut spec.ixml {
            ixml.tracks = self.ixml_tracks();
            let note = format!("all stems of {}: {stems}", said.title);
            (ixml.note, ixml.user) = (Some(note.clone()), Some(note));
        }
        WaveSpec {
            format,
            adm: Some(chunks),
            ..spec
        }
    }

    /// The file among the others: the whole programme, without a leader.
    fn delivered(&self, plan: &RenderPlan) -> DeliveredFile {
        let said = plan.get();
        DeliveredFile {
            file: said
                .adm
                .as_ref()
                .map_or_else(String::new, |adm| adm.file.clone()),
            output: "ADM".to_owned(),
            reel: None,
            channels: vec![None; self.tracks.len()],
            start_timecode: said.start_timecode.clone(),
            start_sample: said.start_sample,
            head: 0,
            from: 0,
            length: said.length,
            tail: 0,
            pops: Vec::new(),
        }
    }

    fn ixml_tracks(&self) -> Vec<IxmlTrack> {
        let track = |(i, (name, function)): (usize, &(String, Option<String>))| IxmlTrack {
            channel_index: Some(i as u32 + 1),
            interleave_index: Some(i as u32 + 1),
            name: Some(name.clone()),
            function: function.clone(),
        };
        self.named.iter().enumerate().map(track).collect()
    }
}
