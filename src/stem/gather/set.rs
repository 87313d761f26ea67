//! Evidence from the set and the cutting room: names of scenes, rolls and cameras, the recorder's
//! notes, the form of the file.

use super::Gathering;
use super::item::{Item, Source};
use crate::stem::code::Group;
use crate::stem::evidence::Evidence;
use crate::stem::names;
use crate::stem::recorder::Recorder;
use crate::stem::text::{fold, words};

impl Gathering {
    /// Names as they are given on set and in the cutting room.
    pub(super) fn patterns(&mut self, evidence: &Evidence) {
        let clip = evidence.clip;
        let file = evidence.file_name();
        let production = |gathering: &mut Self, weight, what: &str, text| {
            gathering.push(Source::Pattern, Group::Production, weight, what, text);
        };
        let own = [clip.name.as_str(), file];
        if let Some(name) = own.into_iter().find(|name| names::is_scene_take(name)) {
            production(
                self,
                14,
                "scene and take",
                format!("`{name}` is a scene and a take"),
            );
        } else if own.iter().any(|name| names::names_scene(&words(name))) {
            production(self, 6, "scene", format!("`{}` names a scene", clip.name));
        } else if own.iter().any(|name| names::names_take(&words(name))) {
            production(self, 6, "take", format!("`{}` names a take", clip.name));
        }
        if names::is_camera_clip(file) {
            production(
                self,
                10,
                "camera clip",
                format!("`{file}` is a camera's clip"),
            );
        }
        if let Some(reel) = clip.media.reel.as_deref() {
            if names::is_sound_roll(reel) {
                production(
                    self,
                    12,
                    "sound roll",
                    format!("reel `{reel}` is a sound roll"),
                );
            }
            if !reel.is_empty() && !fold(file).starts_with(&fold(reel)) {
                self.words(Source::Reel, &words(reel), reel);
            }
        }
        let slate = ["SCENE", "TAKE", "SOUNDROLL", "SOUND ROLL", "SOUND_ROLL"];
        let noted = |note: &&(String, String)| {
            slate.contains(&fold(&note.0).as_str()) && !note.1.trim().is_empty()
        };
        if let Some((name, value)) = clip.notes.iter().find(noted) {
            production(
                self,
                16,
                "slate",
                format!("the clip carries {name} {value}"),
            );
        }
    }

    pub(super) fn recorder(&mut self, evidence: &Evidence) {
        let Some(media) = &evidence.media else {
            return;
        };
        if let Some(verdict) = Recorder::of(media).verdict() {
            self.out.items.push(Item {
                source: Source::Recorder,
                group: verdict.group,
                weight: verdict.weight,
                explicit: verdict.explicit,
                what: String::new(),
                text: verdict.text,
                doubt: None,
            });
        }
    }

    /// Rate, width and channels: what consumer music and what set recordings look like.
    pub(super) fn form(&mut self, evidence: &Evidence) {
        let Some(media) = &evidence.media else {
            return;
        };
        let hertz = media.rate.hertz();
        let day = u64::from(hertz) * 86_400;
        let in_day = media.time_reference.is_some_and(|at| at > 0 && at < day);
        if media.channels == 2 && hertz == 44_100 {
            let weight = if media.bits == 16 { 6 } else { 5 };
            let text = format!(
                "{} channels at {hertz} Hz, as music is sold",
                media.channels
            );
            self.push(
                Source::Form,
                Group::Music,
                weight,
                "stereo at 44.1 kHz",
                text,
            );
        } else if media.channels == 1 && hertz == 48_000 && media.bits == 24 && in_day {
            let text = "one channel of 24 bit at 48 kHz with a time of day".to_owned();
            self.push(
                Source::Form,
                Group::Dialogue,
                5,
                "mono with time of day",
                text,
            );
        }
    }

    /// Production effects are production recordings: what tells of the set does not speak against
    /// them, and they outrank the dialogue track that they sit on.
    pub(super) fn production_effects(&mut self) {
        let pfx = |item: &Item| item.group == Group::Pfx && item.explicit;
        if !self.out.items.iter().any(pfx) {
            return;
        }
        for item in &mut self.out.items {
            if item.group == Group::Production {
                item.weight = 0;
                item.explicit = false;
                item.text.push_str(", as production effects are");
            } else if pfx(item) {
                item.weight += 12;
            }
        }
    }
}
