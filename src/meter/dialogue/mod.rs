//! Dialogue: what only a dialogue stem measured beside the mix can tell.
//!
//! The stem says where speech is; the same 400 ms blocks of stem, mix and background are then compared.
//! Energies of stems do not add up to that of the mix (they are correlated), so mix and background are
//! measured themselves, never worked out.

#[cfg(feature = "speech")]
mod detector;
mod model;

#[cfg(feature = "speech")]
pub use detector::SpeechDetector;
pub use model::{Anchor, Dialogue, DialogueInput, DialogueSettings, FoundBy, Line};

use super::energy::{Hop, Reading, Stretch, Window, loudness, mean_of};
use super::gate::{self, LoudnessRange};
use crate::audio::{LoudnessUnits, Lufs};

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
    let stem = means(input.stem);
    let threshold = gate.map_or(f64::INFINITY, mean_of);
    let speech: Vec<bool> = stem
        .iter()
        .map(|reading| reading.mean > threshold)
        .collect();
    let background = input.background.map(means);
    let tracks = Tracks {
        stem: Some(&stem),
        mix: &means(input.mix),
        background: background.as_deref(),
    };
    let found = Found {
        by: FoundBy::Stem,
        gate,
        stem_integrated: input.stem.integrated(),
        range: speech_range(input.stem, &speech),
    };
    judge(tracks, &speech, found, input.mix.integrated(), settings)
}

/// The dialogue of a mix without stems, where `is_speech` says of each 400 ms block, given its first sample
/// frame and the one after its last, whether it is speech.
pub fn dialogue_where(
    is_speech: impl Fn(u64, u64) -> bool,
    mix: Stretch<'_>,
    settings: DialogueSettings,
) -> Dialogue {
    let blocks = means(mix);
    let speech: Vec<bool> = blocks
        .iter()
        .map(|block| is_speech(block.start, block.end))
        .collect();
    let tracks = Tracks {
        stem: None,
        mix: &blocks,
        background: None,
    };
    let found = Found {
        by: FoundBy::Detector,
        gate: None,
        stem_integrated: None,
        range: speech_range(mix, &speech),
    };
    judge(tracks, &speech, found, mix.integrated(), settings)
}

/// The gating blocks of BS.1770-5: 400 ms every 100 ms.
fn means(stretch: Stretch<'_>) -> Vec<Reading> {
    stretch.readings(Window::Momentary, Hop::Tenth).collect()
}

/// How speech was found, and what only its finder knows.
#[derive(Clone, Copy)]
struct Found {
    by: FoundBy,
    gate: Option<Lufs>,
    stem_integrated: Option<Lufs>,
    range: Option<LoudnessRange>,
}

fn judge(
    tracks: Tracks<'_>,
    speech: &[bool],
    found: Found,
    programme: Option<Lufs>,
    settings: DialogueSettings,
) -> Dialogue {
    let all = tracks.line(speech, 0..speech.len());
    let speech_blocks = speech.iter().filter(|&&is| is).count();
    let enough = 100 * speech_blocks >= settings.least_share_percent as usize * speech.len();
    let anchor = if enough && speech_blocks > 0 {
        Anchor::Dialogue
    } else {
        Anchor::Programme
    };
    Dialogue {
        found_by: found.by,
        settings,
        gate: found.gate,
        blocks: speech.len(),
        speech_blocks,
        programme,
        stem_integrated: found.stem_integrated,
        stem: all.stem,
        mix: all.mix,
        background: all.background,
        ldr_stem: less(programme, found.stem_integrated),
        ldr_mix: less(programme, all.mix),
        over_background: all.over_background,
        range: found.range,
        anchored: if anchor == Anchor::Dialogue {
            all.mix
        } else {
            programme
        },
        anchor,
        lines: lines(speech, settings.pause_tenths as usize)
            .into_iter()
            .map(|blocks| tracks.line(speech, blocks))
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
    stem: Option<&'a [Reading]>,
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
        let stem = self.stem.and_then(level);
        let background = self.background.and_then(level);
        Line {
            start: self
                .mix
                .get(blocks.start)
                .map_or(0, |reading| reading.start),
            end: self
                .mix
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
fn speech_range(sound: Stretch<'_>, speech: &[bool]) -> Option<LoudnessRange> {
    // Tenth i is in the middle of the blocks i−2 and i−1.
    let is_spoken = |i: usize| {
        let at = |k: Option<usize>| k.and_then(|k| speech.get(k)).copied().unwrap_or(false);
        at(i.checked_sub(2)) || at(i.checked_sub(1))
    };
    let spoken: Vec<f64> = sound
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
    use super::*;
    use crate::audio::SampleRate;
    use crate::meter::energy::Energies;

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
    fn without_a_stem_only_the_mix_is_known() {
        let mix = programme(&[(-40.0, 100), (-27.0, 100), (-40.0, 100)]);
        let spoken = |start: u64, end: u64| start >= 480_000 && end <= 960_000;
        let got = dialogue_where(spoken, mix.whole(), DialogueSettings::default());
        assert_eq!(
            (got.found_by, got.speech_blocks, got.lines.len()),
            (FoundBy::Detector, 97, 1)
        );
        near(got.mix.map(Lufs::value), -27.0, 1e-9);
        assert_eq!(
            (got.stem, got.background, got.ldr_stem, got.gate),
            (None, None, None, None)
        );
        assert_eq!((got.lines[0].start, got.lines[0].end), (480_000, 960_000));
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
