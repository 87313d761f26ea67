//! What a part of a programme is, in the numbers of the Audio Definition Model.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The kind of a content: the `dialogue` element with its kind attribute (ITU-R BS.2076-3 §5.7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentKind {
    /// No dialogue, nothing more said (0, 0).
    NonDialogue,
    /// Music (0, 1).
    Music,
    /// Effects (0, 2).
    Effects,
    /// Music and effects in one (0, 3); since version 3.
    MusicAndEffects,
    /// Dialogue, nothing more said (1, 0).
    Dialogue,
    /// The dialogue of the story (1, 1).
    Storyline,
    /// Voice-over, narration (1, 2).
    VoiceOver,
    /// Subtitles read aloud (1, 3).
    SpokenSubtitle,
    /// Description for the visually impaired (1, 4).
    AudioDescription,
    /// Commentary (1, 5).
    Commentary,
    /// Emergency announcements (1, 6).
    Emergency,
    /// Several kinds in one, nothing more said (2, 0): what every Dolby tool writes for everything.
    Mixed,
    /// A complete main mix (2, 1).
    CompleteMain,
    /// A mix of some kinds (2, 2).
    MixedPart,
    /// A mix for the hearing impaired (2, 3).
    HearingImpaired,
    /// A mix with audio description (2, 4); since version 3.
    MixedDescription,
}

/// Value of `dialogue`, value of its kind attribute, name in JSON.
const KINDS: [(ContentKind, u8, u8, &str); 16] = [
    (ContentKind::NonDialogue, 0, 0, "non-dialogue"),
    (ContentKind::Music, 0, 1, "music"),
    (ContentKind::Effects, 0, 2, "effects"),
    (ContentKind::MusicAndEffects, 0, 3, "music-and-effects"),
    (ContentKind::Dialogue, 1, 0, "dialogue"),
    (ContentKind::Storyline, 1, 1, "storyline-dialogue"),
    (ContentKind::VoiceOver, 1, 2, "voice-over"),
    (ContentKind::SpokenSubtitle, 1, 3, "spoken-subtitle"),
    (ContentKind::AudioDescription, 1, 4, "audio-description"),
    (ContentKind::Commentary, 1, 5, "commentary"),
    (ContentKind::Emergency, 1, 6, "emergency"),
    (ContentKind::Mixed, 2, 0, "mixed"),
    (ContentKind::CompleteMain, 2, 1, "complete-main"),
    (ContentKind::MixedPart, 2, 2, "mixed-part"),
    (ContentKind::HearingImpaired, 2, 3, "hearing-impaired"),
    (ContentKind::MixedDescription, 2, 4, "mixed-description"),
];

impl ContentKind {
    /// The kind of these two values; `None` where the standard has none.
    pub fn from_values(dialogue: u8, kind: u8) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| (row.1, row.2) == (dialogue, kind))
            .map(|row| row.0)
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.3 == name).map(|row| row.0)
    }

    /// The names of all kinds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|row| row.3)
    }

    /// The text of the `dialogue` element and the value of its kind attribute.
    pub fn values(self) -> (u8, u8) {
        let row = self.row();
        (row.1, row.2)
    }

    /// The attribute that carries the kind: it follows the value of `dialogue`.
    pub fn attribute(self) -> &'static str {
        match self.values().0 {
            0 => "nonDialogueContentKind",
            1 => "dialogueContentKind",
            _ => "mixedContentKind",
        }
    }

    /// The name in JSON and messages.
    pub fn name(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> &'static (Self, u8, u8, &'static str) {
        // KINDS stands in the order of the enum; a test holds it to that.
        &KINDS[self as usize]
    }
}

impl fmt::Display for ContentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for ContentKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ContentKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("`{name}` is no kind of content"));
        Self::from_name(&name).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_enum_order_and_reads_back() {
        for (i, row) in KINDS.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
            assert_eq!(ContentKind::from_values(row.1, row.2), Some(row.0));
        }
        assert_eq!(ContentKind::from_values(0, 4), None);
        assert_eq!(ContentKind::Storyline.attribute(), "dialogueContentKind");
        assert_eq!(ContentKind::CompleteMain.attribute(), "mixedContentKind");
    }
}
