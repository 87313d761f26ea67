//! The dialogue of a mix: by its dialogue stem, or by the sound of voices.

use std::path::Path;

use super::sound::Sound;
use super::{MeasureError, MeasureOptions, MeasuredFile, Measuring, same};
use crate::meter::{Dialogue, DialogueInput, DialogueSettings, Samples, dialogue};

/// The dialogue of a measured mix, by its dialogue stem: the two are laid over each other by their time
/// references, or by their first samples where one has none.
///
/// # Errors
/// [`MeasureError`] when a file cannot be read, or they are of different rates.
pub fn dialogue_by_stem(
    mix: &MeasuredFile,
    mix_path: &Path,
    stem_path: &Path,
) -> Result<Dialogue, MeasureError> {
    let (mix_sound, mut stem) = (Sound::open(mix_path)?, Sound::open(stem_path)?);
    same(&stem, &mix_sound, false)?;
    let mut meter = Measuring::new(&stem, MeasureOptions::default())?;
    let starts = mix_sound.time_reference.zip(stem.time_reference);
    let (mix_start, stem_start) = starts.unwrap_or_default();
    let length = mix.measured.length;
    let before = stem_start.saturating_sub(mix_start).min(length);
    hush(&mut meter, stem.positions.len(), before)?;
    stem.skip(mix_start.saturating_sub(stem_start))?;
    let from = stem.at();
    let mut left = length - before;
    while let Some(block) = stem.next(left)? {
        meter.push(block)?;
        left = length.saturating_sub(before + stem.at() - from);
    }
    hush(&mut meter, stem.positions.len(), left)?;
    let measured = meter.meter.finish();
    let input = DialogueInput {
        stem: measured.energies.whole(),
        mix: mix.measured.energies.whole(),
        background: None,
    };
    Ok(dialogue(input, DialogueSettings::default()))
}

/// Measures silence.
fn hush(meter: &mut Measuring, channels: usize, mut frames: u64) -> Result<(), MeasureError> {
    let silence = vec![0.0; 4_096 * channels];
    while frames > 0 {
        let now = frames.min(4_096);
        let block = silence.get(..now as usize * channels).unwrap_or_default();
        meter.push(Samples::Floats(block))?;
        frames -= now;
    }
    Ok(())
}

/// The dialogue of a measured mix, by the sound of voices in its centre channel, else in the mean of all.
///
/// # Errors
/// [`MeasureError`] when the file cannot be read.
#[cfg(feature = "speech")]
pub fn dialogue_by_voice(mix: &MeasuredFile, path: &Path) -> Result<Dialogue, MeasureError> {
    use crate::audio::{Channel, SampleRate};
    use crate::media::{MediaFile, Planar, Scratch, SourcePool};
    use crate::meter::{Positions, SpeechDetector, dialogue_where};

    /// Sample frames at 16 kHz that are read at a time.
    const FRAMES: u64 = 16_384;
    let media = MediaFile::open(path)?;
    let pool = SourcePool::new(None);
    let heard = SampleRate::new(SpeechDetector::HERTZ).unwrap_or(media.rate);
    let source = pool.open_resampled(&media, heard, 0)?;
    let spec = &mix.measured.spec;
    let centre = match &spec.positions {
        Positions::Layout(layout) => layout.index_of(Channel::C),
        Positions::Discrete(_) => None,
    };
    let channels: Vec<usize> = match centre {
        Some(centre) => vec![centre],
        None => (0..media.channels).collect(),
    };
    let share = 1.0 / channels.len().max(1) as f64;
    let (mut planes, mut scratch) = (Planar::default(), Scratch::default());
    let mut detector = SpeechDetector::new();
    let mut at = 0;
    while at < source.frames() {
        let end = (at + FRAMES).min(source.frames());
        source.read(at..end, &channels, &mut planes, &mut scratch)?;
        detector.push((0..planes.frames()).map(|frame| {
            let row = (0..channels.len()).filter_map(|c| planes.channel(c).get(frame));
            (row.sum::<f64>() * share) as f32
        }));
        at = end;
    }
    let is_speech = |start, end| detector.is_speech(spec.rate, start, end);
    let mix = mix.measured.energies.whole();
    Ok(dialogue_where(is_speech, mix, DialogueSettings::default()))
}
