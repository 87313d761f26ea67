//! What surrounds an item, and the room it gets.

use super::fade::{Ramp, handles};
use super::level::Levels;
use super::model::Object;
use crate::audio::Decibels;
use crate::time::Rational;
use crate::timeline::{Automation, FadeShape};

/// What surrounds an item.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// Record seconds before which nothing sounds.
    pub(super) from: Option<Rational>,
    /// Record seconds from which nothing sounds.
    pub(super) to: Option<Rational>,
    /// Whether this is sound; else only markers are looked for.
    pub(super) sounding: bool,
    /// Disabled or muted further out.
    pub(super) muted: bool,
    /// Gain of everything around.
    pub(super) gain: Decibels,
    /// Gain curves of everything around.
    pub(super) curves: Vec<Automation>,
    /// Fades of everything around.
    pub(super) ramps: Vec<Ramp>,
    /// Speed of everything around, where it is not 1.
    pub(super) speed: Option<Rational>,
    /// The track, for messages.
    pub(super) track: Option<String>,
    /// The named track of a nested composition.
    pub(super) inner_track: Option<String>,
    /// The track's format in the editor's words: `Mono`, `Stereo`.
    pub(super) format: Option<String>,
    /// Names of the compositions around, each followed by a separator.
    pub(super) path: String,
    /// Whether the track is one of several that a stereo track was written as (Final Cut Pro 7 XML).
    pub(super) exploded: bool,
}

/// The room an item gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Record seconds of its start, without transitions.
    pub(super) start: Rational,
    /// Its length, without transitions.
    pub(super) length: Rational,
    /// The transition before it.
    pub(super) head: Option<Edge>,
    /// The transition after it.
    pub(super) tail: Option<Edge>,
}

/// What a transition does to one of its neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// How far the neighbour reaches over the cut.
    pub(super) reach: Rational,
    /// The length of the fade.
    pub(super) length: Rational,
    /// Its law.
    pub(super) shape: Option<FadeShape>,
}

impl Slot {
    /// Without transitions.
    pub(super) const fn plain(start: Rational, length: Rational) -> Self {
        Self {
            start,
            length,
            head: None,
            tail: None,
        }
    }

    /// Its extent with transitions, and where the fades of those lie.
    pub(super) fn extent(&self) -> Option<(Rational, Rational, Vec<Ramp>)> {
        let reach = |edge: Option<Edge>| edge.map_or(Rational::ZERO, |edge| edge.reach);
        let from = self.start.checked_sub(reach(self.head))?;
        let end = self.start.checked_add(self.length)?;
        let to = end.checked_add(reach(self.tail))?;
        let mut ramps = Vec::new();
        if let Some(Edge { length, shape, .. }) = self.head {
            ramps.push(Ramp {
                from,
                to: from.checked_add(length)?,
                rising: true,
                shape,
            });
        }
        if let Some(Edge { length, shape, .. }) = self.tail {
            ramps.push(Ramp {
                from: to.checked_sub(length)?,
                to,
                rising: false,
                shape,
            });
        }
        Some((from, to, ramps))
    }
}

impl Context {
    /// Around the outermost stack.
    pub(super) const fn outermost() -> Self {
        Self {
            from: None,
            to: None,
            sounding: true,
            muted: false,
            gain: Decibels::ZERO,
            curves: Vec::new(),
            ramps: Vec::new(),
            speed: None,
            track: None,
            inner_track: None,
            format: None,
            path: String::new(),
            exploded: false,
        }
    }

    /// The same cut off at both ends.
    pub(super) fn cut(mut self, from: Rational, to: Rational) -> Self {
        self.from = Some(self.from.map_or(from, |outer| outer.max(from)));
        self.to = Some(self.to.map_or(to, |outer| outer.min(to)));
        self
    }

    /// Hands what an item does to its sound down to its children.
    pub(super) fn absorb(&mut self, item: &Object, levels: Levels, slot: &Slot) {
        self.muted |= item.disabled || levels.muted;
        self.gain = self.gain.plus(levels.gain);
        self.curves.extend(levels.curves);
        self.speed = times(self.speed, levels.speed);
        let end = slot.start.checked_add(slot.length);
        self.ramps
            .extend(handles(levels.fades, Some(slot.start), end));
    }

    /// Takes out what a track says once for all its clips.
    pub(super) fn release(&mut self) -> Self {
        let quiet = Self {
            muted: false,
            gain: Decibels::ZERO,
            curves: Vec::new(),
            path: String::new(),
            ..self.clone()
        };
        std::mem::replace(self, quiet)
    }

    /// The part of a stretch that may sound.
    pub(super) fn visible(&self, from: Rational, to: Rational) -> (Rational, Rational) {
        (
            self.from.map_or(from, |outer| outer.max(from)),
            self.to.map_or(to, |outer| outer.min(to)),
        )
    }
}

/// Two speeds in series.
pub(super) fn times(a: Option<Rational>, b: Option<Rational>) -> Option<Rational> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.checked_mul(b).unwrap_or(Rational::ZERO)),
        (one, None) | (None, one) => one,
    }
}
