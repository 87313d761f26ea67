//! From text to the objects of the file.

use super::codes;
use super::draft::{Draft, class_name};
use super::json::{Json, Kind, Number, SyntaxError};
use super::log::Log;
use super::model::{Class, Effect, EffectClass, Marker, Media, MediaClass, Object};
use super::time::{Moment, Range};

/// Most objects (items, effects, markers, references, keyframes) of one file. A feature has some
/// 100,000.
const MAX_OBJECTS: usize = 1_000_000;

/// Most items (clips, gaps, transitions, compositions) of one file: what becomes of them then fits
/// well into 1 GiB.
const MAX_ITEMS: usize = 400_000;

/// Deepest nesting of compositions; editors go some ten deep.
pub(super) const MAX_NESTING: usize = 64;

/// Result of reading a part.
pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Reads the whole text.
///
/// # Errors
/// [`SyntaxError`] where it is not JSON or breaks a limit. Wrong values are findings.
pub(super) fn document(bytes: &[u8], log: &mut Log) -> Parsed<Object> {
    let mut parser = Parser {
        json: Json::new(bytes),
        log,
        objects: 0,
        items: 0,
        nesting: 0,
    };
    if parser.json.kind()? != Kind::Object {
        return Err(parser.json.error("an OTIO file is one JSON object"));
    }
    let root = parser.object()?;
    parser.json.end()?;
    if parser.json.mangled() {
        let message = "some text is not UTF-8; its unknown bytes are shown as \u{fffd}";
        parser.log.file_note(&codes::NOT_UTF8, message);
    }
    Ok(root)
}

/// The state of reading.
#[derive(Debug)]
pub(super) struct Parser<'a, 'l> {
    pub(super) json: Json<'a>,
    pub(super) log: &'l mut Log,
    objects: usize,
    items: usize,
    nesting: usize,
}

/// The keys that are read from an item.
const KEYS: &[&str] = &[
    "OTIO_SCHEMA",
    "name",
    "enabled",
    "source_range",
    "children",
    "tracks",
    "kind",
    "effects",
    "markers",
    "media_reference",
    "media_references",
    "active_media_reference_key",
    "global_start_time",
    "in_offset",
    "out_offset",
    "transition_type",
    "metadata",
];

impl Parser<'_, '_> {
    fn object(&mut self) -> Parsed<Object> {
        self.count()?;
        self.items += 1;
        if self.items > MAX_ITEMS {
            return Err(self.json.error(format!("more than {MAX_ITEMS} items")));
        }
        if self.nesting == MAX_NESTING {
            let message = format!("compositions are nested deeper than {MAX_NESTING}");
            return Err(self.json.error(message));
        }
        self.nesting += 1;
        let mut draft = Draft::default();
        draft.object.line = self.json.line();
        let mut seen = 0_u32;
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match KEYS.iter().position(|known| *known == key) {
                Some(index) => {
                    self.once(&key, 1 << index, &mut seen);
                    self.field(&key, &mut draft)?;
                }
                None => self.json.skip()?,
            }
        }
        self.nesting -= 1;
        Ok(draft.finish(self.log))
    }

    /// Notes a key that stands twice.
    fn once(&mut self, key: &str, bit: u32, seen: &mut u32) {
        if *seen & bit != 0 {
            let message = format!("`{key}` stands twice in one object; the last one is used");
            self.log
                .line_note(&codes::REPEATED_KEY, self.json.line(), message);
        }
        *seen |= bit;
    }

    fn field(&mut self, key: &str, draft: &mut Draft) -> Parsed<()> {
        match key {
            "OTIO_SCHEMA" => draft.schema = self.text(key)?.unwrap_or_default(),
            "name" => draft.object.name = self.text(key)?.unwrap_or_default(),
            "enabled" => draft.object.disabled = self.flag(key)? == Some(false),
            "source_range" => draft.object.source_range = self.range(key)?,
            "children" => draft.children = self.list(key, Self::object)?,
            "tracks" => draft.tracks = self.tracks()?,
            "kind" => draft.kind = self.text(key)?,
            "effects" => draft.object.effects = self.list(key, Self::effect)?,
            "markers" => draft.object.markers = self.list(key, Self::marker)?,
            "media_reference" => {
                let media = self.maybe(key, Self::media)?;
                draft.media = media
                    .map(|m| ("DEFAULT_MEDIA".into(), m))
                    .into_iter()
                    .collect();
            }
            "media_references" => draft.media = self.references(key)?,
            "active_media_reference_key" => draft.active = self.text(key)?,
            "global_start_time" => draft.start = self.moment(key)?,
            "in_offset" => draft.offsets[0] = self.moment(key)?,
            "out_offset" => draft.offsets[1] = self.moment(key)?,
            "transition_type" => draft.style = self.text(key)?,
            _ => draft.object.facts = self.facts()?,
        }
        Ok(())
    }

    /// The stack of a timeline; a bare list of tracks is taken for one.
    fn tracks(&mut self) -> Parsed<Option<Box<Object>>> {
        if self.json.kind()? != Kind::Array {
            return Ok(self.maybe("tracks", Self::object)?.map(Box::new));
        }
        let line = self.json.line();
        let class = Class::Stack(self.list("tracks", Self::object)?);
        Ok(Some(Box::new(Object {
            line,
            class,
            ..Object::default()
        })))
    }

    /// Media references by key.
    fn references(&mut self, key: &str) -> Parsed<Vec<(String, Media)>> {
        let mut all = Vec::new();
        if !self.is(key, Kind::Object)? {
            return Ok(all);
        }
        self.json.begin_object()?;
        while let Some(name) = self.json.key()? {
            if let Some(media) = self.maybe(&name, Self::media)? {
                all.push((name.into_owned(), media));
            }
        }
        Ok(all)
    }

    fn media(&mut self) -> Parsed<Media> {
        self.count()?;
        let mut media = Media::default();
        let mut schema = String::new();
        let mut generator = None;
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match &*key {
                "OTIO_SCHEMA" => schema = self.text(&key)?.unwrap_or_default(),
                "name" => media.name = self.text(&key)?.unwrap_or_default(),
                "target_url" => media.url = self.text(&key)?.filter(|url| !url.is_empty()),
                "available_range" => media.available = self.range(&key)?,
                "generator_kind" => generator = self.text(&key)?,
                "metadata" => self.media_facts(&mut media)?,
                _ => self.json.skip()?,
            }
        }
        media.class = match self.class_name(&schema, 1).as_str() {
            "MissingReference" => MediaClass::Missing,
            "GeneratorReference" => MediaClass::Generator(generator.unwrap_or_default()),
            "ImageSequenceReference" => MediaClass::Images,
            _ if media.url.is_some() => MediaClass::External,
            _ => MediaClass::Missing,
        };
        Ok(media)
    }

    fn effect(&mut self) -> Parsed<Effect> {
        self.count()?;
        let mut effect = Effect::default();
        let (mut schema, mut kind) = (String::new(), String::new());
        let (mut scalar, mut gain) = (Number::Int(1), Number::Int(1));
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match &*key {
                "OTIO_SCHEMA" => schema = self.text(&key)?.unwrap_or_default(),
                "effect_name" => kind = self.text(&key)?.unwrap_or_default(),
                "name" => effect.name = self.text(&key)?.unwrap_or_default(),
                "enabled" => effect.disabled = self.flag(&key)? == Some(false),
                "time_scalar" => scalar = self.number(&key)?.unwrap_or(Number::NONE),
                "gain" => gain = self.number(&key)?.unwrap_or(Number::NONE),
                "metadata" => self.effect_facts(&mut effect)?,
                _ => self.json.skip()?,
            }
        }
        let schema = self.class_name(&schema, 1);
        effect.class = match schema.as_str() {
            "LinearTimeWarp" => EffectClass::Speed(scalar),
            "FreezeFrame" => EffectClass::Speed(Number::Int(0)),
            "TimeEffect" => EffectClass::VariableSpeed,
            "AudioVolume" => EffectClass::Volume(gain),
            _ => EffectClass::Other,
        };
        let names = [kind, std::mem::take(&mut effect.name), schema];
        effect.name = names
            .into_iter()
            .find(|n| !n.is_empty())
            .unwrap_or_default();
        if let Some(plugin) = effect.plugin.as_mut().filter(|p| p.name.is_empty()) {
            plugin.name.clone_from(&effect.name);
        }
        Ok(effect)
    }

    fn marker(&mut self) -> Parsed<Marker> {
        self.count()?;
        let mut marker = Marker::default();
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match &*key {
                "name" => marker.name = self.text(&key)?.unwrap_or_default(),
                // Marker.1 says `range`.
                "marked_range" | "range" => marker.range = self.range(&key)?,
                "comment" => marker.comment = self.text(&key)?.unwrap_or_default(),
                "color" => marker.colour = self.colour()?,
                "metadata" => self.marker_facts(&mut marker)?,
                _ => self.json.skip()?,
            }
        }
        Ok(marker)
    }

    /// A stretch of time: `start_time` and `duration`, 0 where absent.
    pub(super) fn range(&mut self, key: &str) -> Parsed<Option<Range>> {
        if !self.is(key, Kind::Object)? {
            return Ok(None);
        }
        let mut range = Range {
            start: Moment::ZERO,
            length: Moment::ZERO,
        };
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match &*key {
                "start_time" => range.start = self.moment(&key)?.unwrap_or(range.start),
                "duration" => range.length = self.moment(&key)?.unwrap_or(range.length),
                _ => self.json.skip()?,
            }
        }
        Ok(Some(range))
    }

    /// A time: `value` and `rate`.
    pub(super) fn moment(&mut self, key: &str) -> Parsed<Option<Moment>> {
        if !self.is(key, Kind::Object)? {
            return Ok(None);
        }
        let mut moment = Moment {
            value: Number::NONE,
            rate: Number::NONE,
        };
        self.json.begin_object()?;
        while let Some(key) = self.json.key()? {
            match &*key {
                "value" => moment.value = self.number(&key)?.unwrap_or(Number::NONE),
                "rate" => moment.rate = self.number(&key)?.unwrap_or(Number::NONE),
                _ => self.json.skip()?,
            }
        }
        Ok(Some(moment))
    }

    /// A list of objects; anything else in it is noted.
    fn list<T>(&mut self, key: &str, one: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = Vec::new();
        if self.is(key, Kind::Array)? {
            self.json.begin_array()?;
            while self.json.element()? {
                all.extend(self.maybe(key, one)?);
            }
        }
        Ok(all)
    }

    /// An object, unless something else stands there.
    fn maybe<T>(&mut self, key: &str, one: fn(&mut Self) -> Parsed<T>) -> Parsed<Option<T>> {
        if self.is(key, Kind::Object)? {
            return one(self).map(Some);
        }
        Ok(None)
    }

    fn text(&mut self, key: &str) -> Parsed<Option<String>> {
        if self.is(key, Kind::Text)? {
            return Ok(Some(self.json.text()?.into_owned()));
        }
        Ok(None)
    }

    fn flag(&mut self, key: &str) -> Parsed<Option<bool>> {
        if self.is(key, Kind::Bool)? {
            return self.json.boolean().map(Some);
        }
        Ok(None)
    }

    fn number(&mut self, key: &str) -> Parsed<Option<Number>> {
        if self.is(key, Kind::Number)? {
            return self.json.number().map(Some);
        }
        Ok(None)
    }

    /// Whether the next value is of this kind. Others are passed over, and noted unless null.
    fn is(&mut self, key: &str, wanted: Kind) -> Parsed<bool> {
        let found = self.json.kind()?;
        if found == wanted {
            return Ok(true);
        }
        let line = self.json.line();
        self.json.skip()?;
        if found != Kind::Null {
            let (found, wanted) = (found.name(), wanted.name());
            let message = format!("`{key}` is {found}, not {wanted}, and is treated as absent");
            self.log.line_note(&codes::WRONG_TYPE, line, message);
        }
        Ok(false)
    }

    /// Counts an object against the limit.
    pub(super) fn count(&mut self) -> Parsed<()> {
        self.objects += 1;
        if self.objects > MAX_OBJECTS {
            let message = format!("more than {MAX_OBJECTS} objects");
            return Err(self.json.error(message));
        }
        Ok(())
    }

    fn class_name(&mut self, schema: &str, newest: u32) -> String {
        class_name(schema, newest, self.json.line(), self.log)
    }
}
