//! Everything in a scene that tells what an item is.

use super::name::{DESCRIPTION, Found, IMPAIRED, Meaning, read};
use crate::audio::ContentKind;
use crate::stem::assignment::{Decibans, Reason};
use crate::stem::code::Group;
use crate::timeline::{SceneEvidence, SceneName};

/// Sound that is none of the stems and is not summed into any.
const SUBTITLES: Meaning = Meaning::Beside("subtitles read aloud");
const EMERGENCY: Meaning = Meaning::Beside("emergency announcements");

/// Something that tells, by rank.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    /// `built-in: ADM content kind music`.
    pub(super) rule: String,
    pub(super) meaning: Meaning,
    pub(super) text: String,
    pub(super) weight: i32,
}

impl Hint {
    pub(super) fn reason(&self) -> Reason {
        Reason {
            rule: self.rule.clone(),
            says: match self.meaning {
                Meaning::Is(group) => Some(group),
                _ => None,
            },
            weight: Decibans(self.weight),
            text: self.text.clone(),
        }
    }
}

/// Everything that tells, in order of rank.
pub(super) fn hints(scene: &SceneEvidence) -> Vec<Hint> {
    let mut hints = Vec::new();
    for content in &scene.contents {
        hints.extend(content.kind.and_then(|kind| by_kind(kind, &content.name)));
    }
    if scene
        .objects
        .iter()
        .rev()
        .find_map(|object| object.dialogue)
        == Some(true)
    {
        hints.push(Hint {
            rule: "built-in: ADM object dialogue".to_owned(),
            meaning: Meaning::Is(Group::Dialogue),
            text: "an object says that it is dialogue".to_owned(),
            weight: 80,
        });
    }
    let contents = || scene.contents.iter().map(|content| &content.name);
    let objects = || scene.objects.iter().rev().map(|object| &object.name);
    hints.extend(contents().filter_map(|name| by_name("content name", &name.name, 60)));
    let labels = |names: &mut dyn Iterator<Item = &SceneName>, what: &str| {
        names
            .flat_map(|name| &name.labels)
            .filter_map(|label| by_name(what, label, 50))
            .collect::<Vec<_>>()
    };
    hints.extend(labels(&mut contents(), "content label"));
    hints.extend(labels(&mut objects(), "object label"));
    hints.extend(objects().filter_map(|name| by_name("object name", &name.name, 40)));
    hints.extend(by_name("pack name", &scene.pack.name, 30));
    hints
}

/// What a specific kind says; the undefined ones of mixed and other sound say nothing.
fn by_kind(kind: ContentKind, content: &SceneName) -> Option<Hint> {
    let meaning = match kind {
        ContentKind::Music => Meaning::Is(Group::Music),
        ContentKind::Effects => Meaning::Is(Group::Effects),
        ContentKind::MusicAndEffects => Meaning::MusicAndEffects,
        ContentKind::Dialogue | ContentKind::Storyline => Meaning::Is(Group::Dialogue),
        ContentKind::VoiceOver | ContentKind::Commentary => Meaning::Is(Group::Narration),
        ContentKind::SpokenSubtitle => SUBTITLES,
        ContentKind::Emergency => EMERGENCY,
        ContentKind::AudioDescription | ContentKind::MixedDescription => DESCRIPTION,
        ContentKind::HearingImpaired => IMPAIRED,
        ContentKind::CompleteMain => Meaning::FullMix,
        ContentKind::NonDialogue | ContentKind::Mixed | ContentKind::MixedPart => return None,
    };
    Some(Hint {
        rule: kind_rule(kind),
        meaning,
        text: format!(
            "content {} `{}` is of kind {kind}",
            content.id, content.name
        ),
        weight: 100,
    })
}

/// The name of the rule of a kind.
pub(super) fn kind_rule(kind: ContentKind) -> String {
    format!("built-in: ADM content kind {kind}")
}

/// What a name says.
pub(super) fn by_name(what: &str, name: &str, weight: i32) -> Option<Hint> {
    let Found { meaning, token } = read(name)?;
    Some(Hint {
        rule: format!("built-in: ADM {what} token {token}"),
        meaning,
        text: format!("{what} `{name}`"),
        weight,
    })
}

/// The rule by which an item is not dialogue, where it says so.
pub(super) fn not_dialogue(scene: &SceneEvidence) -> Option<String> {
    let kind = |content: &crate::timeline::SceneContent| content.kind;
    if scene
        .contents
        .iter()
        .filter_map(kind)
        .any(|k| k == ContentKind::NonDialogue)
    {
        return Some(kind_rule(ContentKind::NonDialogue));
    }
    let flag = scene
        .objects
        .iter()
        .rev()
        .find_map(|object| object.dialogue);
    (flag == Some(false)).then(|| "built-in: ADM object not dialogue".to_owned())
}
