//! The end of a chain of mobs becomes a clip.

use super::axis::Window;
use super::codes;
use super::ids;
use super::layers::{self, Layer};
use super::names::{Class, Prop};
use super::notes;
use super::source::Leaf;
use super::speakers;
use super::tape;
use super::walk::Walker;
use crate::finding::Place;
use crate::time::{Pos, Rational, Span};
use crate::timeline::{Clip, MediaRef, SourceIn};

impl Walker<'_> {
    /// The name of the clip that is walked: of the first sub-clip or master clip on the way, or of
    /// what it refers to.
    pub(super) fn name(&self) -> String {
        let objects = self.mobs.objects;
        let hops = self.hops.iter().skip(1).filter(|hop| {
            // A nested sequence is not the clip that it holds.
            let usage = objects.auid(hop.mob, Prop::UsageCode);
            objects.class(hop.mob) != Class::CompositionMob
                || usage == Some(ids::SUB_CLIP)
                || usage == Some(ids::ADJUSTED_CLIP)
        });
        let names = hops.map(|hop| objects.text(hop.mob, Prop::MobName));
        names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .next()
            .unwrap_or_default()
    }

    /// Makes the clip of a chain's end that sounds within a window.
    pub(super) fn leaf(&mut self, leaf: Leaf, window: Window) {
        let mut media = self.media.file(&leaf, &self.hops);
        let mut name = self.name();
        if name.is_empty() {
            name.clone_from(&media.name);
        }
        let Some(source) = self.place_source(&leaf, window, &mut media) else {
            self.note(&codes::BOUNDS, window.start, "a clip lies out of bounds");
            return;
        };
        let span = Span::new(Pos::new(window.start), Pos::new(window.end));
        let mut clip = Clip::new(name, span, source, media);
        self.choose_channel(&leaf, &mut clip, window);
        let origin = tape::origin(self.mobs, &leaf, window.start);
        clip.media.reel = origin.reel;
        if matches!(source, SourceIn::Offset { .. }) {
            clip.source_timecode = origin.timecode;
        }
        layers::apply(&self.layers, &mut clip);
        let points = clip.automation.iter().map(|curve| curve.points.len());
        self.gain_points += points.sum::<usize>();
        if clip.muted {
            self.note(&codes::MUTED, window.start, "is switched off");
        }
        clip.notes = notes::of(self.mobs.objects, &self.hops, &self.references, leaf.mob);
        clip.place = Place {
            track: Some(self.track.clone()),
            clip: Some(clip.name.clone()),
            timecode: self.rate.timecode_at(window.start).map(|tc| tc.to_string()),
            ..Place::default()
        };
        self.clips.push(clip);
    }

    /// Which part of the recording sounds, with findings of what is missing.
    fn place_source(
        &mut self,
        leaf: &Leaf,
        window: Window,
        media: &mut MediaRef,
    ) -> Option<SourceIn> {
        let sync = Pos::new(window.start);
        let into = |zero: Rational| window.start.checked_sub(zero);
        let (Some(mob), Some(slot)) = (leaf.mob, leaf.slot) else {
            let what = if leaf.mob.is_some() { "slot" } else { "source" };
            let message = format!("{what} of {} is not in the file", leaf.id);
            self.note(&codes::MISSING_SOURCE, window.start, message);
            let at = Pos::new(into(leaf.zero)?);
            return Some(SourceIn::Offset { at, sync });
        };
        let first = leaf.zero.checked_sub(slot.origin_seconds()?)?;
        if self.media.has_file(mob) {
            if media.file.is_none() && media.embedded.is_none() {
                let message = format!("no path to `{}` is stated", media.name);
                self.note(&codes::NO_LOCATOR, window.start, message);
            }
            self.check_length(leaf, first, window);
            let at = Pos::new(into(first)?);
            return Some(SourceIn::Offset { at, sync });
        }
        // The chain ends at a tape, or at a recording that was never made into a file.
        let origin = tape::origin(self.mobs, leaf, window.start);
        media.file = None;
        Some(match origin.timecode {
            Some(timecode) => SourceIn::Timecode {
                at: timecode.at,
                rate: timecode.rate,
                sync,
            },
            None => SourceIn::Offset {
                at: Pos::new(into(first)?),
                sync,
            },
        })
    }

    /// A finding where a clip reaches past either end of its recording by a unit or more.
    fn check_length(&mut self, leaf: &Leaf, first: Rational, window: Window) -> Option<()> {
        let slot = leaf.slot?;
        let unit = Rational::ONE.checked_div(slot.rate)?;
        let before = first.checked_sub(window.start)?;
        if before >= unit {
            let message = format!("starts {before} s before its recording");
            self.note(&codes::PAST_END, window.start, message);
        }
        let length = self.media.length(leaf)?;
        self.lengths.insert(leaf.id.to_string(), length);
        let end = first.checked_add(length)?;
        let after = window.end.checked_sub(end)?;
        if after >= unit {
            let message = format!("goes on {after} s after its recording");
            self.note(&codes::PAST_END, window.start, message);
        }
        Some(())
    }

    /// Channel of the file and loudspeaker.
    fn choose_channel(&mut self, leaf: &Leaf, clip: &mut Clip, window: Window) {
        let choice = self.media.channel(leaf, &self.hops);
        clip.media.channel = choice.channel;
        let combined = self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Channel(index, count) => Some((*index, *count)),
            _ => None,
        });
        let Some((index, count)) = combined else {
            return;
        };
        let several = choice.count.is_none_or(|channels| channels > 1);
        if choice.channel.is_none() && choice.count == u32::try_from(count).ok() && several {
            clip.media.channel = u32::try_from(index + 1).ok();
            let message = format!("taken as channel {} of {count}", index + 1);
            self.note(&codes::CHANNEL, window.start, message);
        }
        let name = &clip.media.name;
        clip.speaker = speakers::speaker((index, count), name, clip.media.channel, choice.count);
    }
}
