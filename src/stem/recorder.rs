//! What a location recorder wrote into a file: scene, take, roll, microphones.

use super::code::Group;
use super::evidence::MediaFacts;
use super::text::words;

/// The recorder's notes in a file, from iXML or from the lines of the bext description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recorder {
    scene: Option<String>,
    take: Option<String>,
    tape: Option<String>,
    /// Names and functions of the tracks.
    tracks: Vec<String>,
    /// Whether a known maker of location recorders wrote it.
    machine: bool,
}

/// What the notes come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) group: Group,
    /// In decibans.
    pub(super) weight: i32,
    pub(super) explicit: bool,
    pub(super) text: String,
}

/// Words in the originator of location recorders; not of workstations.
const MACHINES: &[&str] = &[
    "SOUND DEV",
    "SOUNDDEV",
    "MIXPRE",
    "ZOOM",
    "METACORDER",
    "BOOM RECORDER",
    "ZAXCOM",
    "DEVA",
    "NOMAD",
    "CANTAR",
    "AATON",
    "NAGRA",
    "FOSTEX",
    "TASCAM",
    "SONOSAX",
    "ROLAND",
    "SQN",
    "TENTACLE",
    "DEITY",
];

/// Words of microphones and tracks on set.
const MICROPHONES: &[&str] = &[
    "BOOM", "BOOMS", "LAV", "LAVS", "LAVALIER", "MIX", "MIXL", "MIXR", "RADIO", "RM", "TX", "WL",
    "WIRELESS", "PLANT", "BODY", "MKH", "CMIT", "SCHOEPS", "DPA", "COS", "RF", "MONO", "TRL",
    "TRR",
];

/// Words of instruments: a music recording made on the same machines.
const INSTRUMENTS: &[&str] = &[
    "DRUM",
    "DRUMS",
    "KICK",
    "SNARE",
    "OVERHEAD",
    "OVERHEADS",
    "GUITAR",
    "GTR",
    "BASS",
    "PIANO",
    "KEYS",
    "STRINGS",
    "VIOLIN",
    "CELLO",
    "BRASS",
    "SYNTH",
    "VOCAL",
    "VOCALS",
];

impl Recorder {
    /// Reads what a file says.
    pub(super) fn of(media: &MediaFacts) -> Self {
        let own = |text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        let mut recorder = Self {
            scene: own(media.scene),
            take: own(media.take),
            tape: own(media.tape),
            ..Self::default()
        };
        for track in media.track_names.iter().take(128) {
            recorder.tracks.extend(own(Some(&track.name)));
            recorder.tracks.extend(own(Some(&track.function)));
        }
        let description = media.description.unwrap_or_default();
        for line in description.lines().take(256) {
            recorder.line(line.trim());
        }
        let originator = media.originator.unwrap_or_default().to_uppercase();
        recorder.machine = MACHINES.iter().any(|maker| originator.contains(maker));
        recorder
    }

    /// A line of the description: `sSCENE=A101`, `zTRK1=Boom`, `TAPE=…`; iXML's word stands.
    fn line(&mut self, line: &str) {
        let Some((key, value)) = line.split_once('=') else {
            return;
        };
        let key = key.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let set = |field: &mut Option<String>| {
            field.get_or_insert_with(|| value.to_owned());
        };
        match key {
            "SCENE" => set(&mut self.scene),
            "TAKE" => set(&mut self.take),
            "TAPE" => set(&mut self.tape),
            _ => {
                let number = key.strip_prefix("TRK").or_else(|| key.strip_prefix("TR"));
                let number = number.filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
                if number.is_some_and(|rest| !rest.is_empty()) && self.tracks.len() < 128 {
                    self.tracks.push(value.to_owned());
                }
            }
        }
    }

    fn track_with(&self, list: &[&str]) -> Option<&str> {
        let named = |track: &&String| {
            let words = words(track);
            words.iter().any(|word| list.contains(&word.text.as_str()))
        };
        self.tracks.iter().find(named).map(String::as_str)
    }

    /// What the notes tell: scene and take with a microphone's name are a production recording;
    /// scene and take alone make one likely.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        let say = |group, weight, explicit, text| {
            Some(Verdict {
                group,
                weight,
                explicit,
                text,
            })
        };
        if let Some(track) = self.track_with(INSTRUMENTS) {
            return say(Group::Music, 16, false, format!("recorder track `{track}`"));
        }
        let slated = self.scene.is_some() && self.take.is_some();
        let microphone = self.track_with(MICROPHONES);
        let show = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("{name} {value}"))
        };
        let mut notes: Vec<String> = Vec::new();
        notes.extend(show("scene", &self.scene));
        notes.extend(show("take", &self.take));
        notes.extend(show("roll", &self.tape));
        notes.extend(microphone.map(|track| format!("track {track}")));
        let notes = format!("recorder notes: {}", notes.join(", "));
        match (slated, microphone.is_some()) {
            (true, true) => say(Group::Production, 35, true, notes),
            (true, false) => say(Group::Production, 18, false, notes),
            (false, true) if self.machine => say(Group::Production, 18, false, notes),
            _ if self.machine && (self.scene.is_some() || self.tape.is_some()) => {
                say(Group::Production, 12, false, notes)
            }
            _ if self.machine => {
                let text = "written by a location recorder".to_owned();
                say(Group::Production, 6, false, text)
            }
            _ => None,
        }
    }
}
