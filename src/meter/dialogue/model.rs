//! What is said of dialogue.

use serde::Serialize;

use crate::audio::{LoudnessUnits, Lufs};
use crate::meter::energy::Stretch;
use crate::meter::gate::LoudnessRange;

/// How speech is found and judged to be enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DialogueSettings {
    /// Speech is where 400 ms of the stem are above this…
    pub floor: Lufs,
    /// …and above the integrated loudness of the stem less this.
    pub under_stem: LoudnessUnits,
    /// A line ends where speech pauses for longer than this many tenths of a second.
    pub pause_tenths: u32,
    /// Under this share of speech, in percent of the programme's blocks, the loudness that counts is that of the
    /// whole programme.
    pub least_share_percent: u32,
}

impl Default for DialogueSettings {
    /// −55 LUFS, 20 LU, 1 s, and the 15 % of the common delivery rule.
    fn default() -> Self {
        Self {
            floor: Lufs::new(-55.0),
            under_stem: LoudnessUnits::new(20.0),
            pause_tenths: 10,
            least_share_percent: 15,
        }
    }
}

/// Stretches of the same programme, measured on the same grid.
#[derive(Debug, Clone, Copy)]
pub struct DialogueInput<'a> {
    /// The dialogue stem.
    pub stem: Stretch<'a>,
    /// The full mix.
    pub mix: Stretch<'a>,
    /// Everything but the dialogue (music and effects), where it was measured.
    pub background: Option<Stretch<'a>>,
}

/// How speech was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FoundBy {
    /// By the level of the dialogue stem.
    Stem,
    /// By a detector of voices in the mix itself: an estimate, which music with voices misleads.
    Detector,
}

/// Where the loudness that counts was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// In the mix while there is speech.
    Dialogue,
    /// In the whole programme, because there is little speech.
    Programme,
}

/// The dialogue of a programme. Figures that do not exist are `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dialogue {
    /// How speech was found. A detector knows no stem and no background.
    pub found_by: FoundBy,
    /// With what it was found.
    pub settings: DialogueSettings,
    /// Above this loudness a block of the stem is speech.
    pub gate: Option<Lufs>,
    /// 400 ms blocks, one every 100 ms.
    pub blocks: usize,
    /// How many of them are speech.
    pub speech_blocks: usize,
    /// Integrated loudness of the mix.
    pub programme: Option<Lufs>,
    /// Integrated loudness of the stem alone.
    pub stem_integrated: Option<Lufs>,
    /// The stem while there is speech.
    pub stem: Option<Lufs>,
    /// The mix while there is speech, without a level gate.
    pub mix: Option<Lufs>,
    /// The background while there is speech.
    pub background: Option<Lufs>,
    /// Loudness to dialogue ratio (EBU R 128 s4): programme less stem alone.
    pub ldr_stem: Option<LoudnessUnits>,
    /// Programme less mix while there is speech.
    pub ldr_mix: Option<LoudnessUnits>,
    /// Dialogue over background while there is speech.
    pub over_background: Option<LoudnessUnits>,
    /// Loudness range of the speech: in the stem, or in the mix where a detector found it.
    pub range: Option<LoudnessRange>,
    /// Where the loudness that counts was taken.
    pub anchor: Anchor,
    /// The loudness that counts: of the mix during speech or of the programme.
    pub anchored: Option<Lufs>,
    /// Line by line.
    pub lines: Vec<Line>,
}

/// One line: speech without a long pause.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// First sample frame, counted from the first one measured.
    pub start: u64,
    /// First sample frame after it.
    pub end: u64,
    /// The stem while there is speech.
    pub stem: Option<Lufs>,
    /// The mix.
    pub mix: Option<Lufs>,
    /// The background.
    pub background: Option<Lufs>,
    /// Dialogue over background: under about 10 LU words begin to be hard to follow.
    pub over_background: Option<LoudnessUnits>,
}

impl Dialogue {
    /// Speech in percent of the blocks, rounded down; 0 of no blocks.
    pub fn share_percent(&self) -> u32 {
        (100 * self.speech_blocks / self.blocks.max(1)) as u32
    }
}
