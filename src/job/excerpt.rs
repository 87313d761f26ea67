//! Short stretches of finished files to be listened to: where a fault is, and a little around it.

use std::path::Path;
use std::sync::Arc;

use crate::audio::{Channel, ChannelLayout, SampleRate};
use crate::media::{
    AudioSource, Kernel, MediaError, MediaFile, Planar, ResampledSource, Scratch, SourcePool,
};
use crate::report::{Excerpt, Report};

/// Most excerpts of a report: with 64 kB of text each, 2 MB of a page.
pub(super) const MAX_EXCERPTS: usize = 32;

/// The rate that excerpts are kept at, in Hz: speech and clicks are told apart, and it is small.
const RATE: u32 = 16_000;

/// Sample frames of an excerpt at [`RATE`], and how many of them stand before the fault.
const FRAMES: u64 = 24_000;
const BEFORE: u64 = 8_000;

/// What is quieter than this is raised, by at most [`MOST_RAISED`] dB, to a peak of −12 dBFS.
const QUIET: f64 = 0.1;
const WANTED: f64 = 0.25;
const MOST_RAISED: i32 = 48;

/// A place in a file: the file's name in the report, and the sample frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) at: u64,
}

/// Where a file stands, and its channels where they are known.
pub(super) type Standing<'a> = (&'a Path, Option<ChannelLayout>);

/// Where the faults of a report are, worst first.
pub(super) fn spots(report: &Report) -> Vec<Spot> {
    let spot = |(file, at): (&str, u64)| Spot {
        file: file.to_owned(),
        at,
    };
    report.spots().into_iter().map(spot).collect()
}

/// Excerpts of the spots, at most [`MAX_EXCERPTS`]; a spot within an excerpt that is there already needs no
/// other. `path` tells where a file stands and its channels. A file that cannot be read gives none: what is
/// wrong with it stands among the faults.
pub(super) fn excerpts<'a>(
    spots: &[Spot],
    path: &dyn Fn(&str) -> Option<Standing<'a>>,
) -> Vec<Excerpt> {
    let mut taken: Vec<Excerpt> = Vec::new();
    for spot in spots {
        let heard = |excerpt: &Excerpt| {
            let span = excerpt.start..excerpt.start + excerpt.length;
            excerpt.file == spot.file && span.contains(&spot.at)
        };
        if taken.iter().any(heard) {
            continue;
        }
        if taken.len() == MAX_EXCERPTS {
            break;
        }
        let found = path(&spot.file);
        let cut =
            |(path, layout): Standing<'_>| excerpt(path, layout.as_ref(), spot).ok().flatten();
        taken.extend(found.and_then(cut));
    }
    taken
}

fn excerpt(
    path: &Path,
    layout: Option<&ChannelLayout>,
    spot: &Spot,
) -> Result<Option<Excerpt>, MediaError> {
    let media = MediaFile::open(path)?;
    let source = SourcePool::new(None).open(&media);
    let Ok(rate) = SampleRate::new(RATE) else {
        return Ok(None);
    };
    let resampled: Arc<dyn AudioSource> = if source.rate() == rate {
        source
    } else {
        let kernel = Arc::new(Kernel::new(source.rate(), rate)?);
        Arc::new(ResampledSource::new(source, kernel))
    };
    let hertz = u64::from(media.rate.hertz());
    let at = u128::from(spot.at) * u128::from(RATE) / u128::from(hertz.max(1));
    let first = u64::try_from(at).unwrap_or(u64::MAX).saturating_sub(BEFORE);
    let last = first.saturating_add(FRAMES).min(resampled.frames());
    if first >= last {
        return Ok(None);
    }
    let channels: Vec<usize> = heard_channels(media.channels, layout);
    let (mut planes, mut scratch) = (Planar::default(), Scratch::default());
    resampled.read(first..last, &channels, &mut planes, &mut scratch)?;
    let mono = fold(&planes);
    let (raised_db, samples) = audible(&mono);
    let in_file = |frame: u64| frame * hertz / u64::from(RATE);
    Ok(Some(Excerpt {
        file: spot.file.clone(),
        start: in_file(first),
        length: in_file(last) - in_file(first),
        rate: RATE,
        raised_db,
        samples,
    }))
}

/// All channels but the LFE; of many without positions the first 24.
fn heard_channels(channels: usize, layout: Option<&ChannelLayout>) -> Vec<usize> {
    let low = layout.and_then(|layout| layout.index_of(Channel::Lfe));
    let heard: Vec<usize> = (0..channels.min(24)).filter(|c| Some(*c) != low).collect();
    if heard.is_empty() { vec![0] } else { heard }
}

/// The channels in one: their sum over the root of their number, in the order of the channels.
fn fold(planes: &Planar) -> Vec<f64> {
    let share = 1.0 / libm::sqrt(planes.channels().max(1) as f64);
    let mut mono = vec![0.0; planes.frames()];
    for channel in 0..planes.channels() {
        for (sum, sample) in mono.iter_mut().zip(planes.channel(channel)) {
            *sum += sample * share;
        }
    }
    mono
}

/// 16 bits: lowered where it would clip, raised where it could hardly be heard. The first value says by how
/// many whole decibels.
fn audible(mono: &[f64]) -> (i32, Vec<i16>) {
    let peak = mono
        .iter()
        .fold(0.0_f64, |peak, sample| peak.max(sample.abs()));
    let decibels = |ratio: f64| 20.0 * libm::log10(ratio);
    let raised = if peak == 0.0 || !peak.is_finite() {
        0
    } else if peak < QUIET {
        (libm::floor(decibels(WANTED / peak)) as i32).min(MOST_RAISED)
    } else if peak > 0.99 {
        libm::floor(decibels(0.99 / peak)) as i32
    } else {
        0
    };
    let gain = libm::pow(10.0, f64::from(raised) / 20.0) * 32_767.0;
    let steps = mono.iter().map(|sample| libm::round(sample * gain) as i16);
    (raised, steps.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_sound_is_raised_and_loud_sound_lowered() {
        let check = |peak: f64, raised: i32, step: i16| {
            let (got, samples) = audible(&[0.0, peak]);
            assert_eq!((got, samples), (raised, vec![0, step]), "{peak}");
        };
        check(0.5, 0, 16_384);
        check(0.01, 27, 7_336);
        check(1e-9, 48, 0);
        check(2.0, -7, 29_273);
        check(0.0, 0, 0);
    }

    #[test]
    fn the_low_frequencies_are_not_heard() {
        let surround = ChannelLayout::usual(6);
        assert_eq!(heard_channels(6, surround.as_ref()), [0, 1, 2, 4, 5]);
        assert_eq!(heard_channels(1, None), [0]);
    }
}
