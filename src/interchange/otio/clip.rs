//! A clip of OTIO as a clip of the timeline.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::codes;
use super::context::{Context, Slot, times};
use super::fade::{Applied, Ramp, handles};
use super::layout::Layout;
use super::level::{Levels, Stand};
use super::model::{Class, Facts, Media, MediaClass, Object, SourceChannel};
use super::time::{Moment, TimeError, frame_rate};
use crate::finding::Place;
use crate::time::{Pos, Rational, Span};
use crate::timeline::{Clip, Embedded, MediaRef, SourceIn};

/// The bundle (`.otioz`) that a timeline came in.
#[derive(Debug)]
pub(super) struct Bundle {
    /// The bundle as a path to open.
    pub(super) container: String,
    /// The names of its files.
    pub(super) entries: BTreeSet<String>,
}

impl Layout<'_> {
    /// Places a clip with what surrounds it. What is cut off by the composition around it is gone.
    pub(super) fn clip(
        &mut self,
        item: &Object,
        slot: Slot,
        context: &Context,
        out: &mut Vec<Clip>,
    ) {
        let stand = self.stand(item, &slot, context);
        let Some((from, to, ramps)) = slot.extent() else {
            let message = "Clip is left out: its position is beyond what can be counted";
            self.note(&codes::BAD_TIME, &stand.place, message);
            return;
        };
        let (start, end) = context.visible(from, to);
        if let Some(origin) = slot.start.checked_sub(stand.source) {
            self.place_markers(&item.markers, origin, Some(start), Some(end));
        }
        let trimmed_away = start >= end && from < to;
        if !context.sounding || trimmed_away || self.is_generated(item, &stand) {
            return;
        }
        let source = match self.source(item, &slot, from, &stand) {
            Ok(source) => source,
            Err(error) => {
                let message = format!("Clip is left out: {error}");
                self.note(&codes::BAD_TIME, &stand.place, message);
                return;
            }
        };
        let media = self.media(item, context, &stand.place);
        let span = Span::new(Pos::new(start), Pos::new(end));
        let mut clip = Clip::new(clip_name(item), span, source, media);
        let levels = self.levels(item, &stand);
        clip.muted = context.muted || item.disabled || levels.muted;
        clip.gain = context.gain.plus(levels.gain);
        clip.speed = times(context.speed, levels.speed);
        let facts = item.facts.as_deref();
        clip.role = facts.and_then(|facts| facts.role.clone());
        clip.notes = notes(facts, context);
        clip.place = stand.place;
        self.shape(&mut clip, levels, &slot, &ramps, context);
        out.push(clip);
    }

    /// Fades and gain curves, its own and those from around.
    fn shape(
        &mut self,
        clip: &mut Clip,
        levels: Levels,
        slot: &Slot,
        own: &[Ramp],
        context: &Context,
    ) {
        let end = slot.start.checked_add(slot.length);
        let faders = handles(levels.fades, Some(slot.start), end);
        let second = faders.filter(|ramp| {
            let taken = own
                .iter()
                .any(|transition| transition.rising == ramp.rising);
            if taken {
                let message = "a fade handle under a transition is not applied";
                self.note(&codes::TRANSITION, &clip.place, message);
            }
            !taken
        });
        let ramps: Vec<Ramp> = own.iter().copied().chain(second).collect();
        let around = context.ramps.iter().copied();
        let mut drawn = 0;
        for ramp in ramps.into_iter().chain(around) {
            drawn += usize::from(ramp.apply(clip) == Applied::Drawn);
        }
        if drawn > 0 {
            let message = format!("{drawn} fades of the clip are drawn as gain curves");
            self.note(&codes::FADE_DRAWN, &clip.place, message);
        }
        clip.automation.extend(levels.curves);
        clip.automation.extend(context.curves.iter().cloned());
        let points: usize = clip.automation.iter().map(|curve| curve.points.len()).sum();
        if let Some(left) = self.points_left.checked_sub(points) {
            self.points_left = left;
        } else {
            clip.automation.clear();
            let message = "gain curves have more points than can be kept; none is applied here";
            self.note(&codes::NOT_APPLIED, &clip.place, message);
        }
    }

    /// Whether the clip plays no recording; then that is noted.
    fn is_generated(&mut self, item: &Object, stand: &Stand) -> bool {
        let what = match item.active_media().map(|media| &media.class) {
            Some(MediaClass::Generator(kind)) => format!("a generator `{kind}`"),
            Some(MediaClass::Images) => "a sequence of pictures".to_owned(),
            _ => return false,
        };
        let message = format!("the clip plays {what}; silence stands there");
        self.note(&codes::GENERATOR, &stand.place, message);
        true
    }

    /// Which part of the recording sounds at `from`, the start of the clip's full extent.
    fn source(
        &mut self,
        item: &Object,
        slot: &Slot,
        from: Rational,
        stand: &Stand,
    ) -> Result<SourceIn, TimeError> {
        let available = item.active_media().and_then(|media| media.available);
        let start = match (item.source_range, available) {
            (Some(range), _) | (None, Some(range)) => self.clock.seconds(range.start)?,
            (None, None) => Rational::ZERO,
        };
        let extent = match available.map(|range| self.clock.length(range.length)) {
            Some(Ok(extent)) => Some(extent).filter(|extent| !extent.is_zero()),
            Some(Err(error)) => {
                let message = format!("the available_range of the media is not used: {error}");
                self.note(&codes::BAD_TIME, &stand.place, message);
                None
            }
            None => None,
        };
        // The extension by a transition before the cut.
        let reach = slot.start.checked_sub(from);
        let early = |at: Rational| {
            let at = reach.and_then(|reach| at.checked_sub(reach));
            at.map(Pos::new).ok_or_else(|| beyond(item))
        };
        let sync = Pos::new(from);
        let counted = match extent {
            Some(extent) => self.offset(start, slot.length, stand, extent),
            None if start.is_zero() => Counted::FromFile(start),
            None => Counted::Timecode,
        };
        Ok(match counted {
            Counted::FromFile(offset) => SourceIn::Offset {
                at: early(offset)?,
                sync,
            },
            Counted::Timecode => {
                let range = item.source_range;
                let rates = range.map(|range| [range.start.rate, range.length.rate]);
                let stated = rates.into_iter().flatten().find_map(frame_rate);
                SourceIn::Timecode {
                    at: early(start)?,
                    rate: stated.unwrap_or(self.frames),
                    sync,
                }
            }
        })
    }

    /// From where a source position counts, given that `extent` of the media exists.
    fn offset(
        &mut self,
        start: Rational,
        length: Rational,
        stand: &Stand,
        extent: Rational,
    ) -> Counted {
        let Some(offset) = start.checked_sub(stand.media) else {
            return Counted::Timecode;
        };
        let fits = start.checked_add(length).is_some_and(|end| end <= extent);
        if !offset.is_negative() && (offset < extent || !stand.media.is_zero()) {
            return Counted::FromFile(offset);
        }
        let (counted, how) = if offset.is_negative() && !start.is_negative() && fits {
            (
                Counted::FromFile(start),
                "it is counted from the start of the file",
            )
        } else if !offset.is_negative() {
            (Counted::Timecode, "it is taken as timecode")
        } else {
            (
                Counted::FromFile(offset),
                "it lies before the start of the media",
            )
        };
        let message = format!("source_range is outside the available_range; {how}");
        self.note(&codes::OUTSIDE_MEDIA, &stand.place, message);
        counted
    }

    /// Which recording plays.
    fn media(&mut self, item: &Object, context: &Context, place: &Place) -> MediaRef {
        let Class::Clip { media, active } = &item.class else {
            return MediaRef::default();
        };
        if let Some(key) = active.as_deref().filter(|_| !media.is_empty())
            && !media.iter().any(|(name, _)| name == key)
        {
            let message = format!("the clip has no media reference `{key}`; the first one is used");
            self.note(&codes::ACTIVE_KEY, place, message);
        }
        let chosen = item.active_media();
        let file = chosen.and_then(|media| media.url.clone());
        let others = media
            .iter()
            .filter_map(|(_, media)| media.url.clone())
            .filter(|url| Some(url) != file.as_ref());
        let alternatives: Vec<String> = others.collect();
        self.nameless += usize::from(file.is_none());
        MediaRef {
            name: recording_name(item, chosen, file.as_deref()),
            embedded: file.as_deref().and_then(|url| self.embedded(url, place)),
            file,
            alternatives,
            reel: chosen.and_then(|media| media.reel.clone()),
            umid: chosen.and_then(|media| media.umid.clone()),
            channel: self.channel(item.facts.as_deref(), context, place),
        }
    }

    /// The file inside the bundle, if the timeline came in one.
    fn embedded(&mut self, url: &str, place: &Place) -> Option<Embedded> {
        let bundle = self.bundle.as_ref()?;
        let plain = percent_decode_str(url).decode_utf8_lossy();
        let names = [url, &plain].map(|name| name.strip_prefix("./").unwrap_or(name));
        if let Some(entry) = names
            .into_iter()
            .find(|name| bundle.entries.contains(*name))
        {
            return Some(Embedded {
                container: bundle.container.clone(),
                entry: entry.to_owned(),
                pcm: None,
            });
        }
        let elsewhere = url.contains(':') || url.starts_with(['/', '\\']);
        if !elsewhere {
            let message = format!("the bundle does not hold `{url}`");
            self.note(&codes::NOT_IN_BUNDLE, place, message);
        }
        None
    }

    /// The channel of the recording, from 1, where it is a single one.
    fn channel(&mut self, facts: Option<&Facts>, context: &Context, place: &Place) -> Option<u32> {
        let facts = facts?;
        let number = |index: i64| u32::try_from(index.checked_add(1)?).ok().filter(|n| *n > 0);
        let problem = match facts.channels.as_slice() {
            [] => {
                let one_of_a_pair = context.exploded || facts.format.as_deref() == Some("stereo");
                let index = facts.fcp_channel.filter(|_| !one_of_a_pair);
                return index.and_then(|index| number(index - 1));
            }
            [SourceChannel { stream: 0, channel }] => match number(*channel) {
                Some(channel) => return Some(channel),
                None => format!("channel {channel} does not exist; all channels are used"),
            },
            [SourceChannel { stream, channel: 0 }] => {
                let message = format!("stream {stream} is taken as channel, as of mono streams");
                self.note(&codes::CHANNELS, place, message);
                return number(*stream);
            }
            all if in_order(all) => return None,
            all => format!("the clip uses {}; all channels are read", list(all)),
        };
        self.note(&codes::CHANNELS, place, problem);
        None
    }
}

/// From where a source position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// Seconds from the first sample of the file.
    FromFile(Rational),
    /// The file's own timecode.
    Timecode,
}

fn beyond(item: &Object) -> TimeError {
    let start = item.source_range.map_or(Moment::ZERO, |range| range.start);
    TimeError::TooLarge(start.value, start.rate)
}

/// Whether these are all channels from the first on: of one stream, or of mono streams.
fn in_order(all: &[SourceChannel]) -> bool {
    let counting = |pick: fn(&SourceChannel) -> i64| (0_i64..).zip(all).all(|(n, c)| pick(c) == n);
    let zero = |pick: fn(&SourceChannel) -> i64| all.iter().all(|c| pick(c) == 0);
    (counting(|c| c.channel) && zero(|c| c.stream))
        || (counting(|c| c.stream) && zero(|c| c.channel))
}

/// Channels for people, numbered from 1.
fn list(all: &[SourceChannel]) -> String {
    let one = |c: &SourceChannel| match c.stream {
        0 => format!("channel {}", c.channel.saturating_add(1)),
        stream => format!(
            "channel {} of stream {}",
            c.channel.saturating_add(1),
            stream.saturating_add(1)
        ),
    };
    let shown: Vec<String> = all.iter().take(8).map(one).collect();
    shown.join(", ")
}

/// The note that names the track of a nested composition.
pub(super) const INNER_TRACK: &str = "nested track";

/// What the editor says of channels, as evidence.
fn notes(facts: Option<&Facts>, context: &Context) -> Vec<(String, String)> {
    let channels = facts.filter(|facts| !facts.channels.is_empty());
    let said = [
        (
            "source channels",
            channels.map(|facts| list(&facts.channels)),
        ),
        ("clip format", facts.and_then(|facts| facts.format.clone())),
        ("track format", context.format.clone()),
        (INNER_TRACK, context.inner_track.clone()),
    ];
    let said = said
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)));
    said.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn clip_name(item: &Object) -> String {
    match item.active_media() {
        Some(media) if item.name.is_empty() => media.name.clone(),
        _ => item.name.clone(),
    }
}

/// The reference's name, else the last part of its URL, else the clip's name.
fn recording_name(item: &Object, media: Option<&Media>, url: Option<&str>) -> String {
    let stated = media
        .map(|media| media.name.as_str())
        .filter(|name| !name.is_empty());
    if let Some(name) = stated {
        return name.to_owned();
    }
    let last = url
        .and_then(|url| url.rsplit(['/', '\\']).next())
        .filter(|l| !l.is_empty());
    last.map_or_else(
        || item.name.clone(),
        |last| percent_decode_str(last).decode_utf8_lossy().into_owned(),
    )
}
