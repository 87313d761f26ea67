//! Dialogue: what only a dialogue stem measured beside the mix can tell.
//!
//! The stem says where speech is; the same 400 ms blocks of stem, mix and background are then compared.
//! Energies of stems do not add up to that of the mix (they are correlated), so mix and background are
//! measured themselves, never worked out.

use serde::Serialize;

use super::energy::{Hop, Reading, Stretch, Window, loudness, mean_of};
use super::gate::{self, LoudnessRange};
use crate::audio::{LoudnessUnits, Lufs};

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
    /// Loudness range of the speech in the stem.
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

/// The gate under `settings` for a stem: give it to [`dialogue_above`] for the scenes of a programme, so that
/// each is judged by the whole.
pub fn speech_gate(stem: Stretch<'_>, settings: &DialogueSettings) -> Option<Lufs> {
    let integrated = stem.integrated()?;
    let under = integrated.value() - settings.under_stem.value();
    Some(Lufs::new(settings.floor.value().max(under)))
}

/// The dialogue of a programme: [`dialogue_above`] the gate of its own stem.
pub fn dialogue(input: DialogueInput<'_>, settings: DialogueSettings) -> Dialogue {
    dialogue_above(speech_gate(input.stem, &settings), input, settings)
}

/// The dialogue of a programme or scene where a block of the stem above `gate` is speech; without a gate
/// (a silent stem) nothing is.
pub fn dialogue_above(
    gate: Option<Lufs>,
    input: DialogueInput<'_>,
    settings: DialogueSettings,
) -> Dialogue {
    let means = |stretch: Stretch<'_>| -> Vec<Reading> {
        stretch.readings(Window::Momentary, Hop::Tenth).collect()
    };
    let (stem, mix) = (means(input.stem), means(input.mix));
    let background = input.background.map(means);
    let threshold = gate.map_or(f64::INFINITY, mean_of);
    let speech: Vec<bool> = stem
        .iter()
        .map(|reading| reading.mean > threshold)
        .collect();
    let tracks = Tracks {
        stem: &stem,
        mix: &mix,
        background: background.as_deref(),
    };
    let all = tracks.line(&speech, 0..speech.len());
    let (programme, stem_integrated) = (input.mix.integrated(), input.stem.integrated());
    let speech_blocks = speech.iter().filter(|&&is| is).count();
    let enough = 100 * speech_blocks >= settings.least_share_percent as usize * speech.len();
    let anchor = if enough && speech_blocks > 0 {
        Anchor::Dialogue
    } else {
        Anchor::Programme
    };
    Dialogue {
        settings,
        gate,
        blocks: speech.len(),
        speech_blocks,
        programme,
        stem_integrated,
        stem: all.stem,
        mix: all.mix,
        background: all.background,
        ldr_stem: less(programme, stem_integrated),
        ldr_mix: less(programme, all.mix),
        over_background: all.over_background,
        range: speech_range(input.stem, &speech),
        anchored: if anchor == Anchor::Dialogue {
            all.mix
        } else {
            programme
        },
        anchor,
        lines: lines(&speech, settings.pause_tenths as usize)
            .into_iter()
            .map(|blocks| tracks.line(&speech, blocks))
            .collect(),
    }
}

fn less(a: Option<Lufs>, b: Option<Lufs>) -> Option<LoudnessUnits> {
    a.zip(b)
        .map(|(a, b)| LoudnessUnits::new(a.value() - b.value()))
}

/// The 400 ms blocks of everything measured.
#[derive(Clone, Copy)]
struct Tracks<'a> {
    stem: &'a [Reading],
    mix: &'a [Reading],
    background: Option<&'a [Reading]>,
}

impl Tracks<'_> {
    /// The speech among a run of blocks, paired block by block.
    fn line(self, speech: &[bool], blocks: std::ops::Range<usize>) -> Line {
        let level = |track: &[Reading]| {
            let spoken = track
                .iter()
                .zip(speech)
                .skip(blocks.start)
                .take(blocks.len());
            let means = spoken
                .filter(|(_, is)| **is)
                .map(|(reading, _)| reading.mean);
            gate::mean(means).and_then(loudness)
        };
        let stem = level(self.stem);
        let background = self.background.and_then(level);
        Line {
            start: self
                .stem
                .get(blocks.start)
                .map_or(0, |reading| reading.start),
            end: self
                .stem
                .get(blocks.end.wrapping_sub(1))
                .map_or(0, |reading| reading.end),
            stem,
            mix: level(self.mix),
            background,
            over_background: less(stem, background),
        }
    }
}

/// Runs of speech blocks whose ends are at most `pause` blocks apart.
fn lines(speech: &[bool], pause: usize) -> Vec<std::ops::Range<usize>> {
    let mut lines: Vec<std::ops::Range<usize>> = Vec::new();
    // A block lasts 4 hops, so a pause of n hops leaves n + 3 blocks without speech.
    let apart = pause + 4;
    for (i, _) in speech.iter().enumerate().filter(|(_, is)| **is) {
        match lines.last_mut() {
            Some(line) if i - line.end < apart => line.end = i + 1,
            _ => lines.push(i..i + 1),
        }
    }
    lines
}

/// Loudness range (Tech 3342) of the speech with the pauses cut out: the 100 ms in the middle of the blocks of
/// speech, set one after another, in windows of 3 s.
fn speech_range(stem: Stretch<'_>, speech: &[bool]) -> Option<LoudnessRange> {
    // Tenth i is in the middle of the blocks i−2 and i−1.
    let is_spoken = |i: usize| {
        let at = |k: Option<usize>| k.and_then(|k| speech.get(k)).copied().unwrap_or(false);
        at(i.checked_sub(2)) || at(i.checked_sub(1))
    };
    let spoken: Vec<f64> = stem
        .tenths()
        .enumerate()
        .filter(|(i, _)| is_spoken(*i))
        .map(|(_, mean)| mean)
        .collect();
    let size = Window::ShortTerm.sub_blocks() / Hop::Tenth.sub_blocks();
    let windows = spoken
        .windows(size)
        .map(|w| w.iter().sum::<f64>() / size as f64);
    gate::range(windows.collect())
}

#[cfg(test)]
mod tests {
    use super::super::energy::Energies;
    use super::*;
    use crate::audio::SampleRate;

    /// A programme of these loudnesses for so many tenths of a second each.
    fn programme(parts: &[(f64, usize)]) -> Energies {
        let mut energies = Energies::new(SampleRate::HZ_48000);
        for &(level, tenths) in parts {
            let mean = if level > -99.0 {
                mean_of(Lufs::new(level))
            } else {
                0.0
            };
            for _ in 0..10 * tenths {
                energies.push(mean * 480.0, 0.1);
            }
        }
        energies
    }

    fn near(got: Option<f64>, expected: f64, tolerance: f64) {
        assert!(
            (got.unwrap() - expected).abs() < tolerance,
            "{got:?} {expected}"
        );
    }

    fn check(settings: DialogueSettings) -> Dialogue {
        // Two lines of 10 s, 20 s apart, over a bed 12 LU under them; then 20 s of louder music.
        let stem = programme(&[
            (-99.0, 100),
            (-27.0, 100),
            (-99.0, 200),
            (-25.0, 100),
            (-99.0, 300),
        ]);
        let bed = programme(&[(-39.0, 520), (-20.0, 200), (-39.0, 80)]);
        let mix = programme(&[
            (-39.0, 100),
            (-26.7, 100),
            (-39.0, 200),
            (-24.8, 100),
            (-39.0, 20),
            (-20.0, 200),
            (-39.0, 80),
        ]);
        dialogue(
            DialogueInput {
                stem: stem.whole(),
                mix: mix.whole(),
                background: Some(bed.whole()),
            },
            settings,
        )
    }

    #[test]
    fn stem_and_mix_are_compared_over_the_same_blocks() {
        let got = check(DialogueSettings::default());
        assert_eq!(
            (got.blocks, got.lines.len(), got.share_percent()),
            (797, 2, 25)
        );
        near(got.stem_integrated.map(Lufs::value), -26.0, 0.2);
        near(got.stem.map(Lufs::value), -26.0, 0.2);
        near(got.mix.map(Lufs::value), -25.8, 0.2);
        near(got.programme.map(Lufs::value), -21.9, 0.2);
        near(got.ldr_stem.map(LoudnessUnits::value), 4.0, 0.3);
        near(got.over_background.map(LoudnessUnits::value), 13.0, 0.3);
        near(got.range.map(|r| r.lu.value()), 2.0, 0.2);
        assert_eq!((got.anchor, got.anchored), (Anchor::Dialogue, got.mix));
        let line = got.lines[0];
        assert!(line.start.abs_diff(480_000) <= 19_200 && line.end.abs_diff(960_000) <= 19_200);
        near(line.over_background.map(LoudnessUnits::value), 12.0, 0.3);
        near(
            got.lines[1].over_background.map(LoudnessUnits::value),
            13.5,
            0.6,
        );
    }

    #[test]
    fn with_little_speech_the_programme_counts() {
        let got = check(DialogueSettings {
            least_share_percent: 33,
            ..DialogueSettings::default()
        });
        assert_eq!(
            (got.anchor, got.anchored),
            (Anchor::Programme, got.programme)
        );
    }

    #[test]
    fn a_silent_stem_has_no_dialogue() {
        let silence = programme(&[(-99.0, 100)]);
        let mix = programme(&[(-23.0, 100)]);
        let input = DialogueInput {
            stem: silence.whole(),
            mix: mix.whole(),
            background: None,
        };
        let got = dialogue(input, DialogueSettings::default());
        assert_eq!(
            (got.gate, got.speech_blocks, got.stem, got.mix),
            (None, 0, None, None)
        );
        assert_eq!(
            (got.range, got.lines.len(), got.anchor),
            (None, 0, Anchor::Programme)
        );
    }

    #[test]
    fn a_long_pause_ends_a_line() {
        let speech = |gaps: usize| {
            let mut speech = vec![true; 5];
            speech.extend(vec![false; gaps]);
            speech.extend([true]);
            speech
        };
        assert_eq!(lines(&speech(14), 10), [0..5, 19..20]);
        let one = lines(&speech(13), 10);
        assert_eq!((one.len(), one.first()), (1, Some(&(0..19))));
        assert!(lines(&[false; 9], 10).is_empty());
    }
}
