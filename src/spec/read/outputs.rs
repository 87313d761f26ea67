//! Stems, composites and fold-downs.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{Read, Reader, hint_of};
use crate::audio::{ChannelLayout, Decibels};
use crate::spec::model::{Composite, Fold, Spec, SpecStem};
use crate::spec::quantity::Unit;
use crate::spec::raw::{RawComposite, RawSpec, RawStem, Text};
use crate::stem::{Group, StemCode};

/// Most stems and composites of a spec.
const MAX_FILES: usize = 256;

/// Largest gain of a stem, up or down, in dB.
const MAX_GAIN: f64 = 60.0;

/// What is written.
pub(super) struct Outputs {
    pub(super) stems: Vec<SpecStem>,
    pub(super) composites: Vec<Composite>,
}

impl Outputs {
    /// The codes of all stems and composites.
    pub(super) fn codes(&self) -> Vec<StemCode> {
        let stems = self.stems.iter().map(|stem| &stem.code);
        let composites = self.composites.iter().map(|composite| &composite.code);
        stems.chain(composites).cloned().collect()
    }

    /// What a code of a recipe stands for: a stem, or the stems of a composite before this one.
    fn parts_of(&self, code: &StemCode) -> Option<Vec<StemCode>> {
        if self.stems.iter().any(|stem| stem.code == *code) {
            return Some(vec![code.clone()]);
        }
        let composite = self
            .composites
            .iter()
            .find(|composite| composite.code == *code);
        composite.map(|composite| composite.recipe.clone())
    }

    /// The stems without which a part of a recipe is not made; none for a stem.
    fn needs_of(&self, code: &str) -> &[StemCode] {
        let mut composites = self.composites.iter();
        let composite = composites.find(|composite| composite.code.as_str() == code);
        composite.map_or(&[], |composite| &composite.when)
    }
}

impl Reader<'_> {
    pub(super) fn outputs(&self, raw: &RawSpec) -> Read<Outputs> {
        self.count(raw)?;
        let mut outputs = Outputs {
            stems: Self::all(&raw.stem, |stem| self.stem(stem))?,
            composites: Vec::new(),
        };
        let folds = raw.fold.iter().map(|(name, fold)| self.fold(name, fold));
        let folds: Vec<Fold> = folds.collect::<Result<_, _>>()?;
        for composite in &raw.composite {
            let composite = self.composite(composite, &outputs, &folds)?;
            outputs.composites.push(composite);
        }
        self.codes_once(raw)?;
        self.groups_once(raw)?;
        Ok(outputs)
    }

    fn count(&self, raw: &RawSpec) -> Read<()> {
        let whole = 0..0;
        let message = if raw.stem.is_empty() {
            "there is no stem"
        } else if raw.stem.len() + raw.composite.len() > MAX_FILES {
            "there are more than 256 stems and composites"
        } else {
            return Ok(());
        };
        Err(self.document.fault(whole, message, None))
    }

    fn stem(&self, raw: &RawStem) -> Read<SpecStem> {
        let layout = raw.layout.as_ref().map(|layout| self.layout(layout));
        Ok(SpecStem {
            code: self.code(&raw.code)?,
            label: raw.label.clone(),
            groups: Self::all(&raw.groups, |group| self.group(group))?,
            layout: layout.transpose()?,
            optional: raw.optional,
            deliver: raw.deliver.unwrap_or(true),
            gain: self.gain(raw.gain.as_ref())?,
            naming: self.naming(
                raw.asset.as_ref(),
                raw.language.as_ref(),
                raw.soundfield.as_ref(),
            )?,
        })
    }

    /// A gain in dB, 0 where none is given.
    fn gain(&self, text: Option<&Text>) -> Read<Decibels> {
        let Some(text) = text else {
            return Ok(Decibels::ZERO);
        };
        let gain = self.quantity(text, &[Unit::Db])?;
        if gain.value.abs() > MAX_GAIN {
            let message = format!(
                "`{}` is not between -{MAX_GAIN} dB and {MAX_GAIN} dB",
                text.get_ref()
            );
            return Err(self.fault(text, message, None));
        }
        Ok(Decibels::new(gain.value))
    }

    fn group(&self, group: &Text) -> Read<Group> {
        group.get_ref().parse().map_err(|_| {
            let names: Vec<&str> = Group::all().map(Group::name).collect();
            let hint = hint_of(group.get_ref(), &names, "groups are");
            let message = format!("`{}` is not a group", group.get_ref());
            self.fault(group, message, Some(hint))
        })
    }

    fn composite(&self, raw: &RawComposite, known: &Outputs, folds: &[Fold]) -> Read<Composite> {
        let mut recipe = Vec::new();
        // What is made of a composite is not made without it.
        let mut needs: Vec<StemCode> = Vec::new();
        for part in raw.recipe.get_ref() {
            needs.extend_from_slice(known.needs_of(self.code(part)?.as_str()));
            for code in self.parts(part, known)? {
                if recipe.contains(&code) {
                    return Err(self.fault(part, format!("{code} is summed twice"), None));
                }
                recipe.push(code);
            }
        }
        for part in &raw.without {
            let gone = self.parts(part, known)?;
            self.in_recipe(part, &gone, &recipe)?;
            recipe.retain(|code| !gone.contains(code));
            needs.retain(|code| !gone.contains(code));
        }
        let mut when = Self::all(&raw.when, |part| self.one_stem(part, known))?;
        for (part, instead) in &raw.instead {
            let (old, new) = (self.one_stem(part, known)?, self.one_stem(instead, known)?);
            self.in_recipe(part, std::slice::from_ref(&old), &recipe)?;
            if recipe.contains(&new) {
                return Err(self.fault(instead, format!("{new} is summed twice"), None));
            }
            let place = recipe.iter_mut().filter(|code| **code == old);
            place.for_each(|code| *code = new.clone());
            needs.retain(|code| *code != old);
            when.push(new);
        }
        needs.retain(|code| !when.contains(code));
        when.extend(needs);
        if recipe.is_empty() {
            let message = "a composite of nothing".to_owned();
            return Err(self.fault(&raw.recipe, message, None));
        }
        Ok(Composite {
            code: self.code(&raw.code)?,
            label: raw.label.clone(),
            recipe,
            when,
            fold: raw
                .fold
                .as_ref()
                .map(|name| self.fold_named(name, folds))
                .transpose()?,
            naming: self.naming(
                raw.asset.as_ref(),
                raw.language.as_ref(),
                raw.soundfield.as_ref(),
            )?,
        })
    }

    /// The stems that a code of a recipe stands for.
    fn parts(&self, part: &Text, known: &Outputs) -> Read<Vec<StemCode>> {
        let code = self.code(part)?;
        known.parts_of(&code).ok_or_else(|| {
            let codes = known.codes();
            let names: Vec<&str> = codes.iter().map(StemCode::as_str).collect();
            let hint = match hint_of(code.as_str(), &names, "stems are") {
                hint if hint.starts_with("stems are") => hint.replace(", ", " "),
                hint => hint,
            };
            self.fault(part, format!("there is no stem {code} to sum"), Some(hint))
        })
    }

    fn one_stem(&self, part: &Text, known: &Outputs) -> Read<StemCode> {
        let code = self.code(part)?;
        let stems: Vec<StemCode> = known.stems.iter().map(|stem| stem.code.clone()).collect();
        self.known_code(part, &stems).map(|_| code)
    }

    fn in_recipe(&self, part: &Text, wanted: &[StemCode], recipe: &[StemCode]) -> Read<()> {
        match wanted.iter().find(|code| !recipe.contains(code)) {
            Some(code) => {
                let message = format!("{code} is not in the recipe");
                Err(self.fault(part, message, None))
            }
            None => Ok(()),
        }
    }

    fn fold_named(&self, name: &Text, folds: &[Fold]) -> Read<Fold> {
        let found = folds.iter().find(|fold| fold.name == *name.get_ref());
        found.cloned().ok_or_else(|| {
            let names: Vec<&str> = folds.iter().map(|fold| fold.name.as_str()).collect();
            let hint = hint_of(name.get_ref(), &names, "fold-downs are");
            self.fault(
                name,
                format!("there is no fold-down `{}`", name.get_ref()),
                Some(hint),
            )
        })
    }

    /// Codes become file names.
    fn codes_once(&self, raw: &RawSpec) -> Read<()> {
        let stems = raw.stem.iter().map(|stem| &stem.code);
        let codes = stems.chain(raw.composite.iter().map(|composite| &composite.code));
        let mut seen = BTreeSet::new();
        for code in codes {
            if !seen.insert(self.code(code)?) {
                let message = format!("the code `{}` stands twice", code.get_ref());
                return Err(self.fault(code, message, None));
            }
        }
        Ok(())
    }

    /// A kind of sound goes to one stem.
    fn groups_once(&self, raw: &RawSpec) -> Read<()> {
        let mut taken: BTreeMap<Group, &str> = BTreeMap::new();
        for stem in &raw.stem {
            for group in &stem.groups {
                if let Some(other) = taken.insert(self.group(group)?, stem.code.get_ref()) {
                    let message = format!("`{}` goes to {other} already", group.get_ref());
                    return Err(self.fault(group, message, None));
                }
            }
        }
        Ok(())
    }

    /// Composites sum channel by channel, and fold-downs take channels that are there.
    pub(super) fn layouts_agree(&self, raw: &RawSpec, spec: &Spec) -> Read<()> {
        for (composite, raw) in spec.composites.iter().zip(&raw.composite) {
            if let Some((first, second)) = spec.layout_clash(composite) {
                let message = format!("stems of different layouts: {first} and {second}");
                let hint = Some("give these stems one layout".to_owned());
                return Err(self.fault(&raw.recipe, message, hint));
            }
        }
        let nowhere = |channel: &&Text| {
            let parsed = channel.get_ref().parse();
            parsed.is_ok_and(|channel| !spec.has_channel(channel))
        };
        if let Some(channel) = raw.pop.channels.iter().find(nowhere) {
            let message = format!("no file has a channel {}", channel.get_ref());
            let hint = format!("the layout is {}", spec.layout);
            return Err(self.fault(channel, message, Some(hint)));
        }
        self.order_has_all(raw, spec)
    }

    /// A channel order must have a place for every channel that is mixed.
    fn order_has_all(&self, raw: &RawSpec, spec: &Spec) -> Read<()> {
        let (Some(order), Some(at)) = (&spec.channel_order, &raw.channel_order) else {
            return Ok(());
        };
        let has = |layout: &ChannelLayout| {
            let mut channels = layout.channels().iter();
            channels.all(|&channel| order.0.contains(&Some(channel)))
        };
        if has(&spec.layout) {
            return Ok(());
        }
        let message = format!("the order has not every channel of {}", spec.layout);
        Err(self.fault::<Vec<Spanned<String>>>(at, message, None))
    }
}
