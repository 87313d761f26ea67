//! From clips to a plan.

use std::collections::BTreeMap;

use super::adm::{Languages, adm};
use super::clips::{self, ClipJob};
use super::codes::{
    BEFORE_MIDNIGHT, BEXT_KEPT, BY_DEFAULT, EMPTY, ENDS_BEFORE_START, NO_MAP, OUTSIDE, PAN,
    ROUNDED, SPEED, TOO_SHORT, TRIMMED, TWICE,
};
use super::files::{Delivery, Part, packaging, parts};
use super::framing::{FramingInput, is_framed};
use super::inputs::contradictions;
use super::names::clash;
use super::outputs::files;
use super::overlap::overlaps;
use super::pan::{self, Panned};
use super::place::{Placed, Placing, SourceFacts};
use super::plan::{self, Because, Origin, Otherwise, Plan, Segment};
use super::programme::Programme;
use super::request::{
    ConformError, Conformed, OnMissing, OnUnassigned, Request, ReviewItem, Tally,
};
use super::scene;
use super::sources::{Found, SourceTable, facts, find_all, track_names};
use super::unused::{lost_in_folds, unused_channels};
use crate::finding::{Finding, Severity};
use crate::spec::BextDemand;
use crate::stem::{Assignment, Decision, Evidence, Route, StemSet, TrackName, assign_all, mapping};
use crate::time::{FrameRate, Pos, Record};
use crate::timeline::ValidTimeline;

/// Makes the plan.
///
/// # Errors
/// [`ConformError::Refused`] with every clip that cannot be placed, unless the request lets them go.
pub fn conform(request: &Request<'_>) -> Result<Conformed, ConformError> {
    let jobs = clips::all(request.timelines);
    let sounding: Vec<ClipJob<'_>> = jobs.iter().copied().filter(|job| !job.muted()).collect();
    let found = find_all(request, &sounding);
    let names: Vec<Vec<TrackName>> = request.index.files().iter().map(track_names).collect();
    let evidence: Vec<Evidence<'_>> = sounding
        .iter()
        .zip(&found)
        .map(|(job, found)| evidence(request, job, found.as_ref().ok(), &names))
        .collect();
    let assignments = assign_all(request.rules, request.stems, &evidence);
    let mut builder = Builder::new(request);
    builder.tally.clips = jobs.len();
    builder.tally.muted = jobs.len() - sounding.len();
    let decided = evidence.iter().zip(assignments);
    for ((job, found), (evidence, assignment)) in sounding.iter().zip(found).zip(decided) {
        builder.add(job, found, evidence, assignment);
    }
    builder.findings.extend(contradictions(request.timelines));
    for timeline in request.timelines {
        builder.findings.extend(overlaps(timeline.get()));
    }
    builder.finish()
}

fn evidence<'a>(
    request: &Request<'a>,
    job: &ClipJob<'a>,
    found: Option<&Found>,
    names: &'a [Vec<TrackName>],
) -> Evidence<'a> {
    let media = found.and_then(|found| {
        Some(facts(
            request.index.file(found.file)?,
            names.get(found.file)?.as_slice(),
        ))
    });
    Evidence {
        timeline: &job.timeline.file_name,
        track: job.track,
        clip: job.clip,
        media,
    }
}

/// The language that a scene says of an item.
fn spoken<'a>(job: &ClipJob<'a>) -> Option<&'a str> {
    let scene = job.clip.scene.as_ref()?;
    let contents = &scene.evidence.contents;
    contents
        .iter()
        .find_map(|content| content.language.as_deref())
}

/// A plan in the making.
struct Builder<'a> {
    request: &'a Request<'a>,
    set: &'a StemSet,
    programme: Programme,
    /// What has files, where they are not the programme as it is.
    parts: Option<Vec<Part>>,
    sources: SourceTable,
    /// For each stem of the set its segments.
    segments: Vec<Vec<Segment>>,
    /// For each stem the languages that its scenes say.
    languages: Languages,
    findings: Vec<Finding>,
    refused: usize,
    review: Vec<ReviewItem>,
    tally: Tally,
}

impl<'a> Builder<'a> {
    fn new(request: &'a Request<'a>) -> Self {
        let set = request.stems;
        // The reader of a timeline has heeded the rate that the user gave; it also knows the counting.
        let first = request.timelines.first();
        let frame_rate = first.map_or(FrameRate::F24, |timeline| timeline.get().rate);
        let (programme, parts, findings) = programme(request, frame_rate);
        Self {
            request,
            set,
            programme,
            parts,
            sources: SourceTable::default(),
            segments: vec![Vec::new(); set.stems().len()],
            languages: Languages::new(),
            findings,
            refused: 0,
            review: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// A clip that stops the job, unless silence may stand in its place.
    fn refuse(&mut self, finding: Finding, may_be_silent: bool) {
        if may_be_silent && self.request.on_missing == OnMissing::Silence {
            self.tally.silenced += 1;
            self.findings.push(finding.severity(Severity::Warning));
        } else {
            self.refused += 1;
            self.findings.push(finding.severity(Severity::Error));
        }
    }

    fn add(
        &mut self,
        job: &ClipJob<'_>,
        found: Result<Found, Box<Finding>>,
        evidence: &Evidence<'_>,
        assignment: Assignment,
    ) {
        let place = || job.clip.place.clone();
        if assignment.decision == Decision::Ignore {
            self.tally.ignored += 1;
            let finding = assignment.finding(&job.clip.name, place());
            self.findings.extend(finding);
            return;
        }
        if let Some(speed) = job.clip.speed {
            let message = format!("{} plays at speed {speed}", job.name());
            return self.refuse(Finding::new(&SPEED, message).at(place()), true);
        }
        // What stands in no file needs neither sound nor stem: leaders and pops of the cut.
        if self.is_outside(job) {
            return self.add_outside(job);
        }
        let found = match found {
            Ok(found) => found,
            Err(finding) => return self.refuse(*finding, true),
        };
        let Some(assignment) = self.settle(job, assignment) else {
            return;
        };
        self.findings
            .extend(found.findings.iter().chain(&found.start.findings).cloned());
        if job.clip.scene.is_some() {
            return self.add_item(job, &found, &assignment);
        }
        match mapping::map_for(
            evidence,
            &assignment,
            self.set,
            self.request.rules.pan_law(),
        ) {
            Ok((map, notes)) => {
                let at = |finding: Finding| Finding {
                    place: Some(place()),
                    ..finding
                };
                self.findings.extend(notes.into_iter().map(at));
                let by_rule = assignment.map.is_some();
                let routes = (map.routes().to_vec(), by_rule);
                self.place(job, &found, &assignment, routes);
            }
            Err(error) => {
                let message = format!("{}: {error}", job.name());
                self.refuse(Finding::new(&NO_MAP, message).at(place()), false);
            }
        }
    }

    /// An item of a scene: its own metadata say where it sounds.
    fn add_item(&mut self, job: &ClipJob<'_>, found: &Found, assignment: &Assignment) {
        let stem = assignment.stem().and_then(|code| self.set.get(code));
        if let Some(finding) = stem.and_then(|stem| scene::refusal(job, &stem.layout)) {
            return self.refuse(finding, false);
        }
        self.findings.extend(scene::unused_map(job, assignment));
        let low = stem.and_then(|stem| scene::unheard_low(job, &stem.layout));
        self.findings.extend(low);
        self.place(job, found, assignment, (Vec::new(), false));
    }

    /// The assignment with a stem, or none after it was refused.
    fn settle(&mut self, job: &ClipJob<'_>, assignment: Assignment) -> Option<Assignment> {
        let finding = assignment.finding(&job.clip.name, job.clip.place.clone());
        if assignment.stem().is_some() {
            self.findings.extend(finding);
            return Some(assignment);
        }
        let OnUnassigned::Stem(code) = self.request.on_unassigned else {
            self.refuse(finding?, false);
            return None;
        };
        let group = self
            .set
            .get(code)
            .and_then(|stem| stem.groups.first().copied())?;
        let message = format!("{} has no stem and goes to {code}", job.name());
        self.findings
            .push(Finding::new(&BY_DEFAULT, message).at(job.clip.place.clone()));
        let decision = Decision::Stem {
            code: code.clone(),
            group,
        };
        Some(Assignment {
            decision,
            rule: Because::ON_UNASSIGNED.to_owned(),
            ..assignment
        })
    }

    fn place(
        &mut self,
        job: &ClipJob<'_>,
        found: &Found,
        assignment: &Assignment,
        (routes, by_rule): (Vec<Route>, bool),
    ) {
        let Some(file) = self.request.index.file(found.file) else {
            return;
        };
        let facts = SourceFacts {
            rate: file.rate,
            frames: file.frames,
            at_sync: found.start.frame,
        };
        let placing = Placing {
            programme: &self.programme,
            timeline: job.number,
            clip: job.clip,
            track_automation: &job.track.automation,
            law: self.request.law,
        };
        let Some(placed) = placing.place(facts) else {
            return self.add_outside(job);
        };
        if !self.check_missing(job, &placed, &file.display()) || placed.length == 0 {
            return;
        }
        self.tell_trimmed(job, placed.outside);
        let clamped = job
            .clip
            .media
            .channel
            .is_some_and(|c| c as usize > file.channels);
        self.review(job, assignment);
        let Some(stem) = assignment
            .stem()
            .and_then(|code| self.set.stems().iter().position(|stem| stem.code == *code))
        else {
            return;
        };
        let source = self.sources.number(found.file);
        let panned = self.panned(job, (routes, by_rule), stem, placed.origin);
        let mut segment = segment(job, found, assignment, panned, placed, source);
        let wanted = assignment
            .stem()
            .and_then(|code| self.request.spec.stem(code));
        if let Some(stem) = wanted {
            segment.gain_db = segment.gain_db.plus(stem.gain);
        }
        if clamped && self.stands_already(job, stem, &segment) {
            return;
        }
        self.tally.placed += 1;
        if let (Some(code), Some(language)) = (assignment.stem(), spoken(job)) {
            let known = self.languages.entry(code.clone()).or_default();
            known.insert(language.to_owned());
        }
        self.segments[stem].push(segment);
    }

    fn is_outside(&self, job: &ClipJob<'_>) -> bool {
        let (record, programme) = (&job.clip.record, &self.programme);
        let clip = programme.span(job.number, record.start, record.end);
        let window = programme.window(job.number);
        self.programme.length > 0 && (clip.end <= window.start || clip.start >= window.end)
    }

    fn add_outside(&mut self, job: &ClipJob<'_>) {
        let message = format!("{} lies outside the files", job.name());
        self.findings
            .push(Finding::new(&OUTSIDE, message).at(job.clip.place.clone()));
        self.tally.outside += 1;
    }

    /// Tells what of a clip lies outside the files: so many sample frames at its head and tail.
    fn tell_trimmed(&mut self, job: &ClipJob<'_>, (head, tail): (u64, u64)) {
        let programme = &self.programme;
        let seconds = |frames: u64| frames as f64 / f64::from(programme.rate.hertz());
        let lost = match (head, tail) {
            (0, 0) => return,
            (0, tail) => format!("its last {:.3} s", seconds(tail)),
            (head, 0) => format!("its first {:.3} s", seconds(head)),
            (head, tail) => format!(
                "its first {:.3} s and its last {:.3} s",
                seconds(head),
                seconds(tail)
            ),
        };
        let message = format!("{} loses {lost} outside the programme", job.name());
        self.findings
            .push(Finding::new(&TRIMMED, message).at(job.clip.place.clone()));
    }

    /// The routes with the pan of the clip, else of its track, unless a rule made them.
    fn panned(
        &mut self,
        job: &ClipJob<'_>,
        (routes, by_rule): (Vec<Route>, bool),
        stem: usize,
        origin: Option<Pos<Record>>,
    ) -> Panned {
        let curve = None;
        let pan = job.clip.pan.as_ref().or(job.track.pan.as_ref());
        let Some(pan) = pan.filter(|pan| !pan.is_centred()) else {
            return Panned { routes, curve };
        };
        let layout = self.set.stems().get(stem).map(|stem| &stem.layout);
        let applied = origin
            .zip(layout)
            .filter(|_| !by_rule)
            .and_then(|(origin, layout)| pan::apply(pan, &routes, layout, origin));
        applied.unwrap_or_else(|| {
            let message = format!("the pan of {} is not applied", job.name());
            self.findings
                .push(Finding::new(&PAN, message).at(job.clip.place.clone()));
            Panned { routes, curve }
        })
    }

    /// Whether the source has what the clip needs; where it does not, what to do is decided here.
    fn check_missing(&mut self, job: &ClipJob<'_>, placed: &Placed, file: &str) -> bool {
        let (head, tail) = placed.missing;
        if head + tail == 0 {
            return true;
        }
        let place = || job.clip.place.clone();
        if head <= 1 && tail <= 1 && placed.length > 0 {
            let message = format!("{} needs one sample frame more than {file} has", job.name());
            self.findings
                .push(Finding::new(&ROUNDED, message).at(place()));
            return true;
        }
        let message = format!(
            "{} needs {head} sample frames before the start and {tail} after the end of {file}",
            job.name()
        );
        self.refuse(Finding::new(&TOO_SHORT, message).at(place()), true);
        self.request.on_missing == OnMissing::Silence
    }

    /// Whether the very same sound already stands there: a mono file cut as a pair.
    fn stands_already(&mut self, job: &ClipJob<'_>, stem: usize, segment: &Segment) -> bool {
        let same = |other: &&Segment| {
            (other.start, other.length, other.source, other.source_start)
                == (
                    segment.start,
                    segment.length,
                    segment.source,
                    segment.source_start,
                )
                && other.routes == segment.routes
                && other.scene == segment.scene
        };
        let twice = self.segments[stem].iter().rev().find(same).is_some();
        if twice {
            let message = format!("{} repeats the one channel of its file", job.name());
            self.findings
                .push(Finding::new(&TWICE, message).at(job.clip.place.clone()));
            self.tally.placed += 1;
        }
        twice
    }

    fn review(&mut self, job: &ClipJob<'_>, assignment: &Assignment) {
        if let (Some(reason), Some(stem)) = (&assignment.review, assignment.stem()) {
            self.review.push(ReviewItem {
                clip: job.clip.name.clone(),
                track: job.track.name.clone(),
                timecode: job.timecode(),
                stem: stem.to_string(),
                reason: reason.clone(),
            });
        }
    }

    fn finish(mut self) -> Result<Conformed, ConformError> {
        if self.programme.start_sample < 0 {
            self.refuse(
                Finding::new(&BEFORE_MIDNIGHT, "the files would start before midnight"),
                false,
            );
        }
        let broken = |finding: &Finding| finding.code == &ENDS_BEFORE_START;
        if self.findings.iter().any(broken) {
            self.refused += 1;
        } else if self.tally.clips == self.tally.muted || self.programme.length == 0 {
            let finding = Finding::new(&EMPTY, "the timelines have no clip that sounds");
            // A scene may be silent on purpose: muted objects, tracks without sound.
            let scenes = self.request.timelines.iter();
            if scenes.map(ValidTimeline::get).all(|t| t.format == "adm")
                && self.programme.length > 0
            {
                self.findings.push(finding.severity(Severity::Warning));
            } else {
                self.refuse(finding, false);
            }
        }
        if self.refused > 0 {
            return Err(ConformError::Refused {
                count: self.refused,
                findings: self.findings,
            });
        }
        let (stems, composites, notes) = files(self.request, &self.programme, self.segments);
        self.findings.extend(notes);
        let spec = self.request.spec;
        let mut plan = Plan {
            sources: self.sources.into_sources(self.request),
            adm: adm(
                self.request.spec,
                self.request.title,
                &stems,
                &self.languages,
            ),
            stems,
            composites,
            packaging: self.parts.is_some().then(|| packaging(spec)),
            ..frame(self.request, &self.programme)
        };
        self.findings.extend(unused_channels(&plan));
        self.findings.extend(lost_in_folds(&plan));
        if let Some(parts) = &self.parts {
            let delivery = Delivery {
                spec,
                title: self.request.title,
                rate: self.programme.rate,
                frame_rate: self.programme.frame_rate,
            };
            let outputs = (plan.stems.as_slice(), plan.composites.as_slice());
            plan.files = delivery.files(parts, outputs, &mut self.findings);
            if plan.files.iter().any(|file| file.start_sample < 0) {
                let message = "the files would start before midnight, with their leader";
                let finding = Finding::new(&BEFORE_MIDNIGHT, message);
                self.findings.push(finding.severity(Severity::Error));
                return Err(ConformError::Refused {
                    count: 1,
                    findings: self.findings,
                });
            }
        }
        if let Some(finding) = clash(&plan) {
            self.findings.push(finding);
            return Err(ConformError::Refused {
                count: 1,
                findings: self.findings,
            });
        }
        Ok(Conformed {
            plan: plan::check(plan)?,
            findings: self.findings,
            review: self.review,
            tally: self.tally,
        })
    }
}

fn segment(
    job: &ClipJob<'_>,
    found: &Found,
    assignment: &Assignment,
    panned: Panned,
    placed: Placed,
    source: usize,
) -> Segment {
    let evidence = assignment
        .evidence
        .iter()
        .map(|reason| format!("{}: {}", reason.rule, reason.text));
    Segment {
        start: placed.start,
        length: placed.length,
        source,
        source_start: placed.source_start,
        lead: placed.lead,
        routes: panned.routes,
        scene: job.clip.scene.as_deref().map(scene::reference),
        gain_db: job.clip.gain.plus(job.track.gain).plus(assignment.gain),
        fade_in: placed.fade_in,
        fade_out: placed.fade_out,
        automation: placed.automation,
        pan: panned.curve,
        clip: Origin {
            name: job.clip.name.clone(),
            event: job.clip.event.clone(),
            timeline: job.timeline.name.clone(),
            track: job.track.name.clone(),
            record_in: job.timecode(),
            found_by: found.by.clone(),
            notes: notes(&job.clip.notes),
        },
        because: Because {
            rule: assignment.rule.clone(),
            group: assignment
                .group()
                .map(|group| group.to_string())
                .unwrap_or_default(),
            evidence: evidence.collect(),
            otherwise: assignment.otherwise.map(|(group, sure)| Otherwise {
                group: group.to_string(),
                sure,
            }),
        },
    }
}

/// Notes by name; several of one name in their order.
fn notes(list: &[(String, String)]) -> BTreeMap<String, String> {
    let mut notes: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in list {
        let note = notes.entry(name.clone()).or_default();
        if !note.is_empty() {
            note.push_str("; ");
        }
        note.push_str(text);
    }
    notes
}

/// The axis of the programme, what has files, and what was noticed.
fn programme(
    request: &Request<'_>,
    frame_rate: FrameRate,
) -> (Programme, Option<Vec<Part>>, Vec<Finding>) {
    let rate = request.spec.sample_rate;
    // Where a spec frames the programme, the start of the files is that of the picture.
    let mut said = request.framing.clone();
    if said.ffoa.is_empty() {
        said.ffoa.extend(request.start);
    }
    let input = FramingInput {
        timelines: request.timelines,
        spec: request.spec,
        said: &said,
        reels: request.reels,
        rate,
        frame_rate,
    };
    if !is_framed(request.spec, request.framing) {
        let (timelines, start) = (request.timelines, request.start);
        let mut findings = Vec::new();
        let reels = input.groups(&mut findings);
        let programme = Programme::new(timelines, start, rate, frame_rate, &reels);
        return (programme, None, findings);
    }
    let framed = input.frame();
    let mut findings = framed.findings.clone();
    if request.spec.metadata.bext == BextDemand::None {
        let message =
            "the spec wants no bext chunk: an ADM file has none, the other files keep theirs";
        findings.push(Finding::new(&BEXT_KEPT, message));
    }
    let parts = parts(
        &framed,
        request.spec,
        request.reels,
        frame_rate,
        &mut findings,
    );
    let programme = Programme::framed(&framed, rate, frame_rate);
    (programme, Some(parts), findings)
}

/// The plan without its sources and files.
fn frame(request: &Request<'_>, programme: &Programme) -> Plan {
    let rate = programme.frame_rate;
    let timecode = rate.timecode_at(programme.start.seconds());
    Plan {
        schema: plan::SCHEMA.to_owned(),
        title: request.title.to_owned(),
        spec: request.spec.name.clone(),
        timelines: request
            .timelines
            .iter()
            .map(|timeline| timeline.get().name.clone())
            .collect(),
        sample_rate: programme.rate.hertz(),
        bits: request.spec.sample_format.bits(),
        frame_rate: rate,
        drop_frame: rate.drop_frame(),
        start: programme.start.seconds(),
        start_timecode: timecode
            .map(|timecode| timecode.to_string())
            .unwrap_or_default(),
        start_sample: programme.start_sample,
        length: programme.length,
        origination: request.origination.to_owned(),
        sources: Vec::new(),
        adm: None,
        stems: Vec::new(),
        composites: Vec::new(),
        files: Vec::new(),
        packaging: None,
    }
}
