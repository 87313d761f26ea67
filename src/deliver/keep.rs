//! Items of ADM sources that the ADM file carries over instead of what is rendered of them.
//!
//! Their tracks are copied through the renderer, so that gains, fades and rates of the plan hold for
//! them too; what cannot be carried over stays in the bed of its stem.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::adm::{AdmTrack, Parts};
use super::codes::{NOT_KEPT, NOT_READ};
use super::keepable::{dolby_has, keeps_ramps};
use crate::audio::scene::{Block, Blocks, Frequency, ItemFormat, ItemKind, Screen, Tap};
use crate::audio::{AdmProfile, ChannelLayout, Gain, SampleRate};
use crate::bwf::adm::{Adm as Model, AdmId, Item, Models, Selection};
use crate::bwf::{self, AdmForm, AdmKept, AdmKeptChannel, AdmKind};
use crate::conform::RenderPlan;
use crate::conform::plan::{self, Adm, Plan, Route, SceneSegment, Segment, Stem};
use crate::finding::{Finding, Place};
use crate::time::{Rational, sample_at};

/// What is carried over, and how its tracks are made.
#[derive(Debug)]
pub struct KeptItems {
    /// A plan whose outputs are the tracks: one for each channel of an item, and a bed for each stem
    /// that has other sound.
    pub plan: RenderPlan,
    /// What could not be carried over.
    pub findings: Vec<Finding>,
    pub(super) parts: Parts,
}

/// A source with its model, and the items of a selection.
struct Scene {
    model: Arc<Model>,
    items: BTreeMap<String, Item>,
}

/// A plan of tracks in the making.
struct Keeping<'a> {
    plan: &'a Plan,
    models: &'a Models,
    scenes: BTreeMap<(usize, SceneSegment), Option<Arc<Scene>>>,
    stems: Vec<Stem>,
    parts: Parts,
    /// The reference screen of what is carried over.
    screen: Option<Screen>,
    findings: Vec<Finding>,
}

impl KeptItems {
    /// What the ADM file of a plan carries over; `None` where it wants nothing of it.
    ///
    /// # Errors
    /// [`plan::PlanError`] when the tracks make no plan, which is a fault of the program.
    pub fn new(plan: &RenderPlan, models: &Models) -> Result<Option<Self>, plan::PlanError> {
        let said = plan.get();
        let Some(adm) = said.adm.as_ref().filter(|adm| adm.keep_objects) else {
            return Ok(None);
        };
        let mut keeping = Keeping {
            plan: said,
            models,
            scenes: BTreeMap::new(),
            stems: Vec::new(),
            parts: Parts::empty(adm.contents.len()),
            screen: None,
            findings: Vec::new(),
        };
        keeping.all(adm);
        let Keeping {
            stems,
            parts,
            findings,
            ..
        } = keeping;
        let tracks = Plan {
            stems,
            composites: Vec::new(),
            files: Vec::new(),
            packaging: None,
            adm: None,
            ..said.clone()
        };
        Ok(Some(Self {
            plan: plan::check(tracks)?,
            findings,
            parts,
        }))
    }
}

impl Keeping<'_> {
    /// Beds of all stems first, as the Dolby profile has them, then objects.
    fn all(&mut self, adm: &Adm) {
        let mut objects = Vec::new();
        for (number, content) in adm.contents.iter().enumerate() {
            let plan = self.plan;
            let Some(stem) = plan.stems.iter().find(|stem| stem.code == content.stem) else {
                continue;
            };
            let mut rest = Vec::new();
            for segment in &stem.segments {
                match self.item(segment) {
                    Some(item) if matches!(item.kept.kind, AdmKind::Objects) => {
                        objects.push((number, stem, item));
                    }
                    Some(item) => self.add(number, stem, item),
                    None => rest.push(segment.clone()),
                }
            }
            if !rest.is_empty() {
                let output = self.stems.len();
                let points = self.parts.bed(number, output, stem, content, adm.profile);
                self.parts.points(number, output, stem, points);
                self.stems.push(Stem {
                    segments: rest,
                    file: output.to_string(),
                    ..stem.clone()
                });
            }
        }
        for (number, stem, item) in objects {
            self.add(number, stem, item);
        }
    }

    fn add(&mut self, content: usize, stem: &Stem, item: Track<'_>) {
        let mut tracks = Vec::new();
        for (channel, routes) in item.kept.channels.iter().zip(item.routes) {
            let output = self.stems.len();
            tracks.push((
                AdmTrack { output, channel: 0 },
                format!("{} {}", stem.code, channel.name),
            ));
            let segment = Segment {
                routes,
                scene: None,
                ..item.segment.clone()
            };
            // A channel that nothing feeds is a silent track.
            let sounds = !segment.routes.is_empty();
            self.stems.push(Stem {
                code: stem.code.clone(),
                label: channel.name.clone(),
                file: output.to_string(),
                layout: ChannelLayout::mono(),
                segments: if sounds { vec![segment] } else { Vec::new() },
            });
        }
        let form = AdmForm::Kept(Arc::new(item.kept));
        self.parts.kept(content, item.name, form, tracks);
    }

    /// The item that a segment plays, as it is carried over.
    fn item<'b>(&mut self, segment: &'b Segment) -> Option<Track<'b>> {
        let scene = segment.scene.as_ref()?;
        let key = SceneSegment {
            item: String::new(),
            ..scene.clone()
        };
        let slot = (segment.source, key);
        let known = self.scenes.get(&slot);
        let loaded = known.cloned().unwrap_or_else(|| {
            let read = self.read(segment.source, scene).map(Arc::new);
            self.scenes.insert(slot, read.clone());
            read
        })?;
        let track = loaded
            .items
            .get(&scene.item)
            .and_then(|item| track(self.plan, segment, scene, &loaded.model, item));
        let dolby = is_dolby(self.plan);
        let track = track.filter(|track| !dolby || dolby_has(&track.kept));
        let rate = i128::from(self.plan.sample_rate);
        let track = track.filter(|track| keeps_ramps(&track.kept, rate).unwrap_or(false));
        // The file has one reference screen.
        let track = track
            .filter(|track| *self.screen.get_or_insert(track.kept.screen) == track.kept.screen);
        if track.is_none() {
            let message = format!("{} is rendered to its bed", segment.clip.name);
            self.findings.push(Finding::new(NOT_KEPT, message));
        }
        track
    }

    fn read(&mut self, source: usize, scene: &SceneSegment) -> Option<Scene> {
        let file = &self.plan.sources.get(source)?.file;
        let read = || -> Result<Option<Scene>, String> {
            let wave = bwf::open(Path::new(file)).map_err(|error| error.to_string())?;
            let model = self.models.read(&wave).map_err(|error| error.to_string())?;
            let Some(model) = model else { return Ok(None) };
            let selection = Selection {
                programme: scene.programme.clone(),
                complementary: scene.select.clone(),
                strict: scene.strict,
            };
            let selected = model.items(&selection).map_err(|error| error.to_string())?;
            let items = selected
                .items
                .into_iter()
                .map(|item| (item.id.clone(), item));
            let items = items.collect();
            Ok(Some(Scene { model, items }))
        };
        read().unwrap_or_else(|message| {
            let place = Place::file(file.clone());
            self.findings
                .push(Finding::new(NOT_READ, message).at(place));
            None
        })
    }
}

/// An item with the routes that make each of its tracks.
struct Track<'a> {
    segment: &'a Segment,
    name: String,
    kept: AdmKept,
    routes: Vec<Vec<Route>>,
}

/// An item as it is carried over; `None` where its sound is more than tracks of the file.
fn track<'a>(
    plan: &Plan,
    segment: &'a Segment,
    scene: &SceneSegment,
    model: &Model,
    item: &Item,
) -> Option<Track<'a>> {
    let first = item.parts.first()?;
    let kind = match &first.format.kind {
        ItemKind::Speakers { .. } => AdmKind::Speakers,
        ItemKind::Object => AdmKind::Objects,
        ItemKind::Hoa(format) => AdmKind::Hoa(format.clone()),
        ItemKind::Binaural(_) => return None,
    };
    // The gain of an object goes into its blocks, that of others into their tracks.
    let is_object = kind == AdmKind::Objects;
    let dolby = is_dolby(plan);
    let (mut channels, mut routes) = (Vec::new(), Vec::new());
    for part in &item.parts {
        let gain = if is_object {
            Gain::UNITY
        } else {
            part.format.gain
        };
        let frequency = match &part.format.kind {
            ItemKind::Speakers { frequency, .. } => {
                low(*frequency, dolby, &*model.blocks(part, false))
            }
            _ => Frequency::default(),
        };
        for (i, feed) in part.format.feeds.iter().enumerate() {
            if feed.taps.iter().any(|tap| !tap.delays.is_empty()) {
                return None;
            }
            // So does that of a component: version 1 has none for its block.
            let own = match &part.format.kind {
                ItemKind::Hoa(format) => format.channels.get(i).map_or(Gain::UNITY, |c| c.gain),
                _ => Gain::UNITY,
            };
            let route = |tap: &Tap| Route {
                from: usize::from(tap.channel),
                to: 0,
                gain: tap.gain.times(own).times(gain),
            };
            routes.push(feed.taps.iter().map(route).collect());
            // Only the first component of a sound field is named.
            channels.push(AdmKeptChannel {
                name: if i == 0 {
                    part.name.clone()
                } else {
                    format!("{} {}", part.name, i + 1)
                },
                common: common(&part.channel).filter(|_| part.format.feeds.len() == 1),
                frequency,
                blocks: model.blocks(part, scene.strict),
            });
        }
    }
    let pack = model.pack(&item.pack);
    let name = item.objects.last().and_then(|id| model.object(id));
    let whole = segment.start == 0 && segment.length == plan.length;
    let kept = AdmKept {
        kind,
        pack_name: pack.map_or_else(|| segment.clip.name.clone(), |pack| pack.name.clone()),
        common_pack: common(&item.pack).filter(|_| channels.iter().all(|c| c.common.is_some())),
        span: (!whole).then(|| (segment.start, lasting(plan, segment, &first.format))),
        channels,
        gain: if is_object {
            first.format.gain
        } else {
            Gain::UNITY
        },
        offset: first.format.offset,
        cut: cut(plan, segment, first.format.start)?,
        strict: scene.strict,
        screen: first.format.screen,
    };
    Some(Track {
        segment,
        name: name.map_or_else(|| segment.clip.name.clone(), |object| object.name.clone()),
        kept,
        routes,
    })
}

/// Sample frames of an object: those of its segment, and its own where only the end of the programme cuts
/// them off: its blocks end with it, and their ramps with them.
fn lasting(plan: &Plan, segment: &Segment, format: &ItemFormat) -> u64 {
    let at_end = segment.start + segment.length == plan.length;
    let own = || {
        let source = plan.sources.get(segment.source)?;
        let read = Rational::from_wide(segment.source_start.into(), source.sample_rate.into())?;
        let start = format.start.unwrap_or(Rational::ZERO);
        let end = start.checked_add(format.duration.filter(|_| at_end)?)?;
        let rate = SampleRate::new(plan.sample_rate).ok()?;
        u64::try_from(sample_at(end.checked_sub(read)?, rate)).ok()
    };
    own().map_or(segment.length, |own| own.max(segment.length))
}

fn is_dolby(plan: &Plan) -> bool {
    let adm = plan.adm.as_ref();
    adm.is_some_and(|adm| adm.profile == AdmProfile::Dolby)
}

/// The bounds of a channel of a bed. Dolby masters tell the LFE by its label alone, which BS.2127 does not
/// know: it wants a bound of at most 200 Hz (BS.2127-0 §8.2), and 120 Hz is that of LFE channels (BS.775-3).
fn low(stated: Frequency, dolby: bool, blocks: &dyn Blocks) -> Frequency {
    let first = blocks.get(0);
    let labelled =
        matches!(first, Some(Block::Speaker(block)) if block.labels.iter().any(|l| l == "RC_LFE"));
    if labelled && !dolby && stated == Frequency::default() {
        return Frequency {
            low_pass: Some(120.0),
            high_pass: None,
        };
    }
    stated
}

/// Seconds of the item before the segment.
fn cut(plan: &Plan, segment: &Segment, start: Option<Rational>) -> Option<Rational> {
    let source = plan.sources.get(segment.source)?;
    let rate = i128::from(source.sample_rate);
    let at = Rational::from_wide(i128::from(segment.source_start), rate)?;
    let cut = at.checked_sub(start.unwrap_or(Rational::ZERO))?;
    // Less than a sample is the rounding of the object's start.
    let sample = Rational::from_wide(1, rate)?;
    let tiny = cut < sample && cut.checked_add(sample)? > Rational::ZERO;
    Some(if tiny { Rational::ZERO } else { cut })
}

/// The identity of a common definition.
fn common(id: &AdmId) -> Option<String> {
    id.is_common().then(|| id.to_string())
}
