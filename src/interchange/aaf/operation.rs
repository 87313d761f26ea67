//! Operation groups: effects with one or several inputs.

use super::axis::{Axis, Window};
use super::codes;
use super::curve::{self, Parameter};
use super::gain;
use super::ids;
use super::layers::Layer;
use super::names::{Class, Prop};
use super::objects::{Auid, ObjectId};
use super::walk::Walker;
use crate::interchange::ReadError;
use crate::time::Rational;

/// Attributes of the sequence inside an Audio Warp: the rate that its positions are counted in.
const MIX_RATE: [&str; 2] = ["_MIXMATCH_RATE_NUM", "_MIXMATCH_RATE_DENOM"];

impl Walker<'_> {
    /// Walks an effect: what it does becomes layers over its inputs. The length of the effect
    /// counts, not that of an input: Resolve writes the latter rounded to frames.
    pub(super) fn operation(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let Some(own) = self.stretch(id, axis, window, own_length) else {
            return Ok(());
        };
        let objects = self.mobs.objects;
        let operation = objects.auid(id, Prop::Operation);
        let inputs = objects.objects(id, Prop::InputSegments);
        if let Some(rate) = self.mix_rate(inputs.first()) {
            return self.audio_warp(id, axis, own, rate);
        }
        let kept = self.layers.len();
        match operation {
            // Without a rate of its own a warp has nothing to do.
            Some(op) if op == ids::AUDIO_WARP => {}
            Some(op) if op == ids::COMBINER => {
                for (i, &input) in inputs.iter().enumerate() {
                    self.layers.push(Layer::Channel(i, inputs.len()));
                    self.segment(input, axis, own, false)?;
                    self.layers.truncate(kept);
                }
                return Ok(());
            }
            Some(op) if op == ids::MIXDOWN => {
                for &input in inputs {
                    self.segment(input, axis, own, false)?;
                }
                return Ok(());
            }
            Some(op) if self.adjust(op, id, axis) => {}
            op => self.other_effect(op, id, own),
        }
        if let Some(&input) = inputs.first() {
            self.segment(input, axis, own, false)?;
        }
        self.layers.truncate(kept);
        Ok(())
    }

    /// Lays the gains or the pan of a group over what follows; false where it is another effect.
    pub(super) fn adjust(&mut self, operation: Auid, id: ObjectId, axis: Axis) -> bool {
        let length = self.length(id);
        if ids::GAIN.contains(&operation) {
            if self.gain_is_superseded {
                self.note(
                    &codes::SUPERSEDED,
                    axis.zero,
                    "the gain of the source clip is not added",
                );
                return true;
            }
            let (layers, notes) = gain::gains(self.mobs.objects, id, axis, length);
            for (code, message) in notes {
                self.note(code, axis.zero, message);
            }
            self.layers.extend(layers);
            return true;
        }
        if operation == ids::PAN {
            if let Some(pan) = gain::pan(self.mobs.objects, id, axis, length) {
                if !pan.is_centred() {
                    self.note(&codes::PAN, axis.zero, "stands left or right of the middle");
                }
                self.layers.push(Layer::Pan(pan));
            }
            return true;
        }
        false
    }

    /// An effect that is not applied, or that changes the speed.
    fn other_effect(&mut self, operation: Option<Auid>, id: ObjectId, own: Window) {
        let ratio = curve::parameters(self.mobs.objects, id, &[ids::SPEED_RATIO]);
        let ratio = ratio.into_iter().next();
        if ratio.is_none() && !self.media.is_time_warp(operation) {
            let name = self.media.operation_name(operation);
            self.note(
                &codes::EFFECT,
                own.start,
                format!("effect {name} is not applied"),
            );
            return;
        }
        // A speed that moves or is not stated has no number; without any the clip would pass.
        let speed = match ratio {
            Some(Parameter::Constant(ratio)) => Rational::from_f64_exact(ratio),
            _ => None,
        };
        self.speed(speed.unwrap_or(Rational::ZERO), own);
    }

    fn speed(&mut self, speed: Rational, own: Window) {
        if speed != Rational::ONE {
            let factor = speed.to_f64();
            self.note(
                &codes::SPEED,
                own.start,
                format!("plays at {factor:.4} of its speed"),
            );
            self.layers.push(Layer::Speed(speed));
        }
    }

    /// The rate that the input of a warp counts in, where its attributes state one.
    fn mix_rate(&self, input: Option<&ObjectId>) -> Option<Rational> {
        let lists = [Prop::ComponentAttributeList, Prop::ComponentAttributes];
        let number = |name| self.mobs.objects.tag_integer(*input?, &lists, name);
        let rate = Rational::new(number(MIX_RATE[0])?, number(MIX_RATE[1])?)?;
        (rate > Rational::ZERO).then_some(rate)
    }

    /// A clip of another frame rate than the sequence's: the sequence inside counts in a rate of
    /// its own and plays in real time.
    fn audio_warp(
        &mut self,
        id: ObjectId,
        axis: Axis,
        own: Window,
        rate: Rational,
    ) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let Some(&input) = objects.objects(id, Prop::InputSegments).first() else {
            return Ok(());
        };
        let inner = Axis { rate, ..axis };
        let kept = self.layers.len();
        let speed = self.warp_speed(id, input, axis, inner);
        self.speed(speed.unwrap_or(Rational::ONE), own);
        self.warped(input, inner, own)?;
        self.layers.truncate(kept);
        Ok(())
    }

    /// Walks what an Audio Warp plays. The end of the last clip is the effect's: its own length is
    /// rounded to its own frames.
    fn warped(&mut self, input: ObjectId, inner: Axis, own: Window) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let components = objects.objects(input, Prop::Components);
        match (objects.class(input), components) {
            (Class::Sequence, [only]) => self.segment(*only, inner, own, false),
            _ => self.segment(input, inner, own, true),
        }
    }

    /// The speed that the lengths outside and inside a warp make, where that is not 1 but for the
    /// rounding of either to whole units.
    fn warp_speed(
        &self,
        outer_id: ObjectId,
        input: ObjectId,
        outer: Axis,
        inner: Axis,
    ) -> Option<Rational> {
        let outside = outer.length(self.length(outer_id))?;
        let inside = inner.length(self.length(input))?;
        let off = inside.checked_sub(outside)?;
        let unit = outer.length(1)?.max(inner.length(1)?);
        let within = off < unit && off.checked_add(unit)? > Rational::ZERO;
        if within || outside.is_zero() || inside.is_zero() {
            return None;
        }
        inside.checked_div(outside)
    }
}
