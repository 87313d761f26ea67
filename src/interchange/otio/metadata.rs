//! Metadata: the few keys of each editor that matter for sound; everything else is passed over.
//!
//! Nothing here is refused: a value of another type than expected is as good as absent.

use super::json::{Kind, Number};
use super::model::{Effect, Facts, Maker, Marker, Media, Plugin, SourceChannel};
use super::parse::{Parsed, Parser};

/// Namespaces below the metadata in which a role or comment is looked for.
const NAMESPACES_DEEP: usize = 1;

/// Longest list of names that may tell a transition's law.
const MAX_LABELS: usize = 16;

impl Parser<'_, '_> {
    /// Metadata of an item, transition or composition; `None` where nothing in it matters.
    pub(super) fn facts(&mut self) -> Parsed<Option<Box<Facts>>> {
        let mut facts = Facts::default();
        self.each(&mut |parser, key| match key {
            "stemline" => parser.stemline(&mut facts),
            "Resolve_OTIO" => parser.resolve(&mut facts),
            "PremierePro_OTIO" => parser.premiere(&mut facts),
            "fcp_xml" => parser.fcp(&mut facts),
            _ => parser.role(key, NAMESPACES_DEEP, &mut facts),
        })?;
        Ok((facts != Facts::default()).then(|| Box::new(facts)))
    }

    fn stemline(&mut self, facts: &mut Facts) -> Parsed<()> {
        self.each(&mut |parser, key| {
            match key {
                "gain_db" => facts.gain_db = parser.scalar()?,
                "law" => facts.law = parser.label()?,
                "role" | "stem" => facts.role = parser.label()?.or(facts.role.take()),
                _ => parser.json.skip()?,
            }
            Ok(())
        })
    }

    fn resolve(&mut self, facts: &mut Facts) -> Parsed<()> {
        self.each(&mut |parser, key| {
            match key {
                "Channels" => parser.each_of(&mut |parser| {
                    let channel = parser.resolve_channel()?;
                    facts.channels.extend(channel);
                    Ok(())
                })?,
                "Audio Type" => facts.format = parser.label()?,
                "SoloOn" => facts.solo = parser.scalar()? == Some(1.0),
                "Effects" => parser.each_of(&mut |parser| {
                    let plugin = parser.resolve_plugin()?;
                    facts.keep_label(Some(plugin.name.clone()));
                    facts.plugins.push(plugin);
                    Ok(())
                })?,
                "Volume" | "Audio Level" | "Clip Volume" => {
                    let value = parser.scalar()?;
                    facts.plugins.push(Plugin::volume(Maker::Resolve, value));
                }
                _ => parser.role(key, 0, facts)?,
            }
            Ok(())
        })
    }

    fn resolve_channel(&mut self) -> Parsed<Option<SourceChannel>> {
        self.count()?;
        let (mut stream, mut channel) = (None, None);
        self.each(&mut |parser, key| {
            match key {
                "Source Track ID" => stream = parser.scalar()?,
                "Source Channel ID" => channel = parser.scalar()?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(channel.map(|channel| SourceChannel {
            stream: stream.unwrap_or_default() as i64,
            channel: channel as i64,
        }))
    }

    fn premiere(&mut self, facts: &mut Facts) -> Parsed<()> {
        self.each(&mut |parser, key| {
            match key {
                "AudioChannels" => parser.premiere_channels(facts)?,
                "VideoFrameRate" => facts.frame_rate = parser.scalar()?.map(Number::Float),
                "MatchName" | "DisplayName" | "EffectName" | "Name" => {
                    let label = parser.label()?;
                    facts.keep_label(label);
                }
                _ => parser.role(key, 0, facts)?,
            }
            Ok(())
        })
    }

    fn premiere_channels(&mut self, facts: &mut Facts) -> Parsed<()> {
        self.each(&mut |parser, key| match key {
            "ChannelType" => {
                facts.format = parser.label()?;
                Ok(())
            }
            "SecondaryAssignments" => parser.each_of(&mut |parser| {
                parser.count()?;
                parser.each(&mut |parser, key| {
                    if key != "SecondaryChannelIndex" {
                        return parser.json.skip();
                    }
                    let index = parser.scalar()?;
                    facts.channels.extend(index.map(|index| SourceChannel {
                        stream: 0,
                        channel: index as i64,
                    }));
                    Ok(())
                })
            }),
            _ => parser.json.skip(),
        })
    }

    /// What the converters of Final Cut Pro 7 XML keep: elements as objects, attributes as `@name`,
    /// every value a text.
    fn fcp(&mut self, facts: &mut Facts) -> Parsed<()> {
        let (mut timebase, mut ntsc) = (None, false);
        self.each(&mut |parser, key| {
            match key {
                "enabled" => facts.disabled = parser.scalar()? == Some(0.0),
                "@premiereChannelType" => facts.format = parser.label()?,
                "@totalExplodedTrackCount" => {
                    facts.fcp_exploded = parser.scalar()?.map(|n| n as i64);
                }
                "sourcetrack" => facts.fcp_channel = parser.fcp_source_track()?,
                "filter" => parser.each_of(&mut |parser| {
                    let plugin = parser.fcp_plugin()?;
                    facts.plugins.push(plugin);
                    Ok(())
                })?,
                "effect" => {
                    let effect = parser.fcp_plugin()?;
                    facts.keep_label(Some(effect.name));
                }
                "rate" => parser.each(&mut |parser, key| {
                    match key {
                        "timebase" => timebase = parser.scalar()?,
                        "ntsc" => ntsc = parser.scalar()? == Some(1.0),
                        _ => parser.json.skip()?,
                    }
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        let pulled = |base: f64| if ntsc { base / 1.001 } else { base };
        facts.frame_rate = timebase
            .map(|base| Number::Float(pulled(base)))
            .or(facts.frame_rate);
        Ok(())
    }

    fn fcp_source_track(&mut self) -> Parsed<Option<i64>> {
        let (mut audio, mut index) = (true, None);
        self.each(&mut |parser, key| {
            match key {
                "mediatype" => audio = parser.label()?.is_none_or(|kind| kind == "audio"),
                "trackindex" => index = parser.scalar()?.map(|n| n as i64),
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(index.filter(|_| audio))
    }

    /// A role under one of the keys that tools give it, here or `deep` objects below.
    fn role(&mut self, key: &str, deep: usize, facts: &mut Facts) -> Parsed<()> {
        match self.json.kind()? {
            Kind::Text if matches!(key, "audioRole" | "audio_role" | "Audio Role") => {
                facts.role = self.label()?.or(facts.role.take());
                Ok(())
            }
            Kind::Text if matches!(key, "role" | "Role" | "ROLE") => {
                facts.role = facts.role.take().or(self.label()?);
                Ok(())
            }
            Kind::Object if deep > 0 => {
                self.each(&mut |parser, key| parser.role(key, deep - 1, facts))
            }
            _ => self.json.skip(),
        }
    }

    /// Metadata of an effect.
    pub(super) fn effect_facts(&mut self, effect: &mut Effect) -> Parsed<()> {
        self.each(&mut |parser, key| {
            let plugin = match key {
                "Resolve_OTIO" => parser.resolve_plugin()?,
                "PremierePro_OTIO" => parser.premiere_plugin()?,
                "fcp_xml" => parser.fcp_plugin()?,
                _ => return parser.effect_gain(key, NAMESPACES_DEEP, effect),
            };
            effect.plugin = Some(Box::new(plugin));
            Ok(())
        })
    }

    /// A gain in decibels, as our metadata and those of others that say the unit state it.
    fn effect_gain(&mut self, key: &str, deep: usize, effect: &mut Effect) -> Parsed<()> {
        let is_gain = matches!(key, "gain_db" | "volume_db" | "level_db");
        match self.json.kind()? {
            Kind::Object if deep > 0 => {
                self.each(&mut |parser, key| parser.effect_gain(key, deep - 1, effect))
            }
            _ if is_gain => {
                effect.gain_db = self.scalar()?.or(effect.gain_db);
                Ok(())
            }
            _ => self.json.skip(),
        }
    }

    /// Metadata of a media reference.
    pub(super) fn media_facts(&mut self, media: &mut Media) -> Parsed<()> {
        self.each(&mut |parser, namespace| {
            parser.media_fact(namespace, media)?;
            Ok(())
        })
    }

    fn media_fact(&mut self, key: &str, media: &mut Media) -> Parsed<()> {
        if self.json.kind()? == Kind::Object {
            return self.each(&mut |parser, key| parser.media_leaf(key, media));
        }
        self.media_leaf(key, media)
    }

    fn media_leaf(&mut self, key: &str, media: &mut Media) -> Parsed<()> {
        match key {
            "Media Url" => media.url = media.url.take().or(self.label()?),
            "reel" | "Reel" | "TapeName" => media.reel = self.label()?.or(media.reel.take()),
            "umid" | "UMID" | "MobID" | "SourceID" => {
                media.umid = self.label()?.as_deref().and_then(umid);
            }
            _ => self.json.skip()?,
        }
        Ok(())
    }

    /// Metadata of a marker: the note of editors that write none as `comment`.
    pub(super) fn marker_facts(&mut self, marker: &mut Marker) -> Parsed<()> {
        self.each(&mut |parser, key| parser.note(key, NAMESPACES_DEEP, marker))
    }

    fn note(&mut self, key: &str, deep: usize, marker: &mut Marker) -> Parsed<()> {
        match self.json.kind()? {
            Kind::Object if deep > 0 => {
                self.each(&mut |parser, key| parser.note(key, deep - 1, marker))
            }
            Kind::Text if matches!(key, "Note" | "note" | "comment" | "Comments") => {
                let note = self.json.text()?;
                if marker.comment.is_empty() {
                    marker.comment = note.into_owned();
                }
                Ok(())
            }
            _ => self.json.skip(),
        }
    }

    /// A colour: a name, or an object with a name or red, green and blue from 0 to 1.
    pub(super) fn colour(&mut self) -> Parsed<Option<String>> {
        if self.json.kind()? == Kind::Text {
            return Ok(Some(self.json.text()?.into_owned()).filter(|name| !name.is_empty()));
        }
        let (mut name, mut rgb) = (None, [None; 3]);
        self.each(&mut |parser, key| {
            match key {
                "name" => name = parser.label()?,
                "r" => rgb[0] = parser.scalar()?,
                "g" => rgb[1] = parser.scalar()?,
                "b" => rgb[2] = parser.scalar()?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        let [Some(r), Some(g), Some(b)] = rgb else {
            return Ok(name);
        };
        let byte = |part: f64| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
        Ok(name.or_else(|| Some(format!("#{:02x}{:02x}{:02x}", byte(r), byte(g), byte(b)))))
    }

    /// Calls `one` for each key of an object; passes over anything else.
    pub(super) fn each(
        &mut self,
        one: &mut dyn FnMut(&mut Self, &str) -> Parsed<()>,
    ) -> Parsed<()> {
        if self.json.kind()? != Kind::Object {
            return self.json.skip();
        }
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            one(self, &key)?;
        }
        Ok(())
    }

    /// Calls `one` for each element of a list, or for the one value that stands in its place.
    pub(super) fn each_of(&mut self, one: &mut dyn FnMut(&mut Self) -> Parsed<()>) -> Parsed<()> {
        if self.json.kind()? != Kind::Array {
            return one(self);
        }
        self.json.begin_array()?;
        while self.json.element()? {
            one(self)?;
        }
        Ok(())
    }

    /// A number, switch, or text that is one of them.
    pub(super) fn scalar(&mut self) -> Parsed<Option<f64>> {
        match self.json.kind()? {
            Kind::Number => Ok(Some(self.json.number()?.to_f64())),
            Kind::Bool => Ok(Some(f64::from(u8::from(self.json.boolean()?)))),
            Kind::Text => Ok(match self.json.text()?.trim() {
                "TRUE" | "true" | "True" => Some(1.0),
                "FALSE" | "false" | "False" => Some(0.0),
                text => text.parse().ok(),
            }),
            _ => self.json.skip().map(|()| None),
        }
    }

    /// A text that is not empty.
    pub(super) fn label(&mut self) -> Parsed<Option<String>> {
        if self.json.kind()? != Kind::Text {
            self.json.skip()?;
            return Ok(None);
        }
        Ok(Some(self.json.text()?.into_owned()).filter(|text| !text.is_empty()))
    }
}

impl Facts {
    /// Keeps a name that may tell the law of a transition.
    pub(super) fn keep_label(&mut self, label: Option<String>) {
        if self.labels.len() < MAX_LABELS {
            self.labels.extend(label);
        }
    }
}

/// The 32 or 16 bytes of a UMID or mob id in lower-case hex, whatever stands around and between.
fn umid(text: &str) -> Option<String> {
    let body = text.rsplit(':').next().unwrap_or(text);
    let hex: String = body
        .chars()
        .filter(|c| !matches!(c, '.' | '-' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let valid = matches!(hex.len(), 32 | 64) && hex.bytes().all(|b| b.is_ascii_hexdigit());
    valid.then_some(hex)
}
