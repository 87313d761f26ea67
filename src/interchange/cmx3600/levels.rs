//! Gains: which clip of an event a level note speaks of.

use std::collections::{BTreeMap, BTreeSet};

use super::about::reels_match;
use super::axis::Axis;
use super::codes::{LEVEL, PAN, VOLUME};
use super::draft::{Budget, Draft, Part};
use super::event_line::EventLine;
use super::notes::{Level, Note, Volume};
use super::report::{Report, Spot};
use crate::interchange::ReadError;

/// Bytes that a gain point takes while reading and in the clip.
const POINT: usize = 64;

/// An event whose drafts are made and get their gains.
pub(super) struct Event<'e, 'a, 'f> {
    /// Its drafts.
    pub(super) drafts: &'e mut [Draft<'a>],
    /// Its lines.
    pub(super) lines: &'e [EventLine<'a>],
    /// Index of its first line in the list.
    pub(super) first_line: usize,
    /// Where record timecodes stand.
    pub(super) axis: &'e Axis,
    /// What memory is left.
    pub(super) budget: &'e mut Budget,
    /// Takes the findings.
    pub(super) report: &'e mut Report<'f>,
}

/// The volumes of one channel, in order of the file; only the first and last are of use.
struct Volumes {
    first: (Spot, Volume<'static>),
    last: (Spot, Volume<'static>),
    count: usize,
}

impl<'a> Event<'_, 'a, '_> {
    /// Gives the levels of an event to its drafts.
    ///
    /// AUDIO LEVEL belongs to the clips whose reel it names, of the two sides of a transition to the
    /// incoming one. Its channel is a track of the exporting system: where the levels of an event name
    /// several of its channels each is meant for one, else the level holds for all of them (a stereo
    /// clip on track A1 is cut to AA). VOL belongs to its record channel; where a transition has
    /// two, they are the outgoing and the incoming side's.
    pub(super) fn apply(&mut self, notes: &[(Spot, Note<'a>)]) -> Result<(), ReadError> {
        let mut volumes = BTreeMap::new();
        let named = self.named_channels(notes);
        for (spot, note) in notes {
            match note {
                Note::Level(level) => self.level(level, *spot, &named)?,
                Note::Volume(volume) => self.collect(&mut volumes, *spot, volume),
                _ => {}
            }
        }
        for (channel, volumes) in volumes {
            self.volumes(channel, &volumes);
        }
        self.check_channels(&named);
        Ok(())
    }

    /// The channels of the event that its levels name, each with the first place.
    fn named_channels(&self, notes: &[(Spot, Note<'_>)]) -> BTreeMap<u32, Spot> {
        let cut = |channel| self.lines.iter().any(|line| line.channels.has(channel));
        let mut named = BTreeMap::new();
        for (spot, note) in notes {
            if let Note::Level(level) = note
                && let Some(channel) = level.channel.filter(|channel| cut(*channel))
            {
                named.entry(channel).or_insert(*spot);
            }
        }
        named
    }

    /// Says where levels name some of the event's channels only.
    fn check_channels(&mut self, named: &BTreeMap<u32, Spot>) {
        let bodies = self.drafts.iter().filter(|draft| draft.part == Part::Body);
        let unnamed = |draft: &Draft<'_>| !named.contains_key(&draft.channel);
        let others: BTreeSet<u32> = bodies.filter(|d| unnamed(d)).map(|d| d.channel).collect();
        let (Some((channel, spot)), Some(other)) = (named.iter().next(), others.first()) else {
            return;
        };
        let message = if named.len() > 1 {
            format!("levels name channel {channel} and others; channel {other} keeps its gain")
        } else {
            format!("levels name channel {channel} only; they hold for channel {other} too")
        };
        self.report.add(&LEVEL, *spot, || message);
    }

    /// Gives a level to its clips: to those of its channel where the levels of the event name several
    /// that it cuts. Where they name one of them, a level of another channel is not for this event.
    fn level(
        &mut self,
        level: &Level<'_>,
        spot: Spot,
        named: &BTreeMap<u32, Spot>,
    ) -> Result<(), ReadError> {
        let by_channel = named.len() > 1;
        let Some(at) = self.axis.frame(level.at) else {
            let message = || {
                format!(
                    "{} does not exist at this rate; the level is left out",
                    level.at
                )
            };
            self.report.add(&LEVEL, spot, message);
            return Ok(());
        };
        let foreign = |channel: &u32| !named.is_empty() && !named.contains_key(channel);
        if let Some(channel) = level.channel.filter(foreign) {
            let message =
                || format!("the event does not cut channel {channel}; its level is left out");
            self.report.add(&LEVEL, spot, message);
            return Ok(());
        }
        let Some(lines) = self.named_lines(level, spot) else {
            return Ok(());
        };
        let first = self.first_line;
        let of_line = |draft: &Draft<'_>| lines.get(draft.line - first) == Some(&true);
        let incoming = |draft: &Draft<'_>| of_line(draft) && draft.part == Part::Body;
        let any_incoming = self.drafts.iter().any(incoming);
        let of_side = |draft: &&mut Draft<'_>| {
            if any_incoming {
                incoming(draft)
            } else {
                of_line(draft)
            }
        };
        let of_channel = |draft: &&mut Draft<'_>| {
            !by_channel || level.channel.is_none_or(|channel| channel == draft.channel)
        };
        for draft in self.drafts.iter_mut().filter(of_side).filter(of_channel) {
            self.budget.take(POINT, spot.line)?;
            draft.levels.push((at, level.gain));
        }
        Ok(())
    }

    /// Which lines of the event a level speaks of; all of them where it names none. `None` where
    /// there is nothing for it.
    fn named_lines(&mut self, level: &Level<'_>, spot: Spot) -> Option<Vec<bool>> {
        if self.drafts.is_empty() {
            let message = || "the event has no sound for the level".to_owned();
            self.report.add(&LEVEL, spot, message);
            return None;
        }
        let names =
            |line: &EventLine<'_>| level.reel.is_none_or(|named| reels_match(named, line.reel));
        let lines: Vec<bool> = self.lines.iter().map(names).collect();
        if lines.contains(&true) {
            return Some(lines);
        }
        let reel = level.reel.unwrap_or_default();
        let message =
            || format!("no side of the event has reel {reel}; the level holds for all of it");
        self.report.add(&LEVEL, spot, message);
        Some(vec![true; lines.len()])
    }

    fn collect(&mut self, all: &mut BTreeMap<u32, Volumes>, spot: Spot, volume: &Volume<'_>) {
        self.report
            .count(&VOLUME, "volumes (VOL) applied as clip gain", spot);
        if volume.pan.is_some() {
            self.report.count(&PAN, "pans (PAN) not applied", spot);
        }
        let volume = Volume {
            pan: None,
            ..*volume
        };
        all.entry(volume.channel)
            .and_modify(|volumes| {
                volumes.last = (spot, volume);
                volumes.count += 1;
            })
            .or_insert(Volumes {
                first: (spot, volume),
                last: (spot, volume),
                count: 1,
            });
    }

    fn volumes(&mut self, channel: u32, volumes: &Volumes) {
        let on_channel = |draft: &&mut Draft<'_>| draft.channel == channel;
        let (mut tails, mut bodies): (Vec<_>, Vec<_>) = self
            .drafts
            .iter_mut()
            .filter(on_channel)
            .partition(|draft| draft.part != Part::Body);
        let spot = volumes.last.0;
        if tails.is_empty() && bodies.is_empty() {
            let message = || format!("the event has no sound on channel {channel}");
            self.report.add(&LEVEL, spot, message);
        }
        let both = !tails.is_empty() && !bodies.is_empty();
        if volumes.count > 1 + usize::from(both) {
            let message = || {
                format!(
                    "{} volumes for channel {channel}; the last is used",
                    volumes.count
                )
            };
            self.report.add(&LEVEL, spot, message);
        }
        for tail in &mut tails {
            // One volume for two sides: which it is shows when the tail is joined to its clip.
            if both && volumes.count == 1 {
                if let Part::Tail { one_volume, .. } = &mut tail.part {
                    *one_volume = true;
                }
            } else {
                let own = if both {
                    volumes.first.1
                } else {
                    volumes.last.1
                };
                tail.volume = Some(own.gain);
            }
        }
        for body in &mut bodies {
            body.volume = Some(volumes.last.1.gain);
        }
    }
}
