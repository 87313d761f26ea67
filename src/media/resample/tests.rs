//! What the converted sound is, measured against what it must be.

use std::f64::consts::PI;
use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Kernel, MediaError, ResampledSource};
use crate::audio::SampleRate;
use crate::media::source::{AudioSource, Planar, Scratch};

/// Sound that is computed: the value of a frame for each channel.
#[derive(Debug)]
struct Made {
    rate: SampleRate,
    frames: u64,
    value: fn(u64, usize) -> f64,
}

impl AudioSource for Made {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        2
    }
    fn frames(&self) -> u64 {
        self.frames
    }
    fn read(
        &self,
        range: Range<u64>,
        channels: &[usize],
        out: &mut Planar,
        _: &mut Scratch,
    ) -> Result<(), MediaError> {
        assert!(range.end <= self.frames);
        out.reset(channels.len(), (range.end - range.start) as usize);
        for (i, channel) in channels.iter().enumerate() {
            for (frame, sample) in range.clone().zip(out.channel_mut(i)) {
                *sample = (self.value)(frame, *channel);
            }
        }
        Ok(())
    }
    fn read_raw(&self, _: Range<u64>, _: &mut Vec<u8>) -> Result<(), MediaError> {
        unreachable!("a made source has no bytes")
    }
}

fn rate(hertz: u32) -> SampleRate {
    SampleRate::new(hertz).unwrap()
}

fn resampled(
    from: u32,
    to: u32,
    frames: u64,
    start: i64,
    value: fn(u64, usize) -> f64,
) -> ResampledSource {
    let made = Made {
        rate: rate(from),
        frames,
        value,
    };
    let kernel = Kernel::new(rate(from), rate(to)).unwrap();
    ResampledSource::at(Arc::new(made), Arc::new(kernel), start)
}

fn read(source: &dyn AudioSource, range: Range<u64>) -> Vec<f64> {
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    source.read(range, &[0], &mut out, &mut scratch).unwrap();
    out.channel(0).to_vec()
}

/// A sine at `cycles` per 48,000 input frames.
fn tone(frame: u64, cycles: f64) -> f64 {
    libm::sin(2.0 * PI * cycles * frame as f64 / 48_000.0)
}

/// The largest error of a converted sine against the sine itself, in dB of full scale.
fn sine_error_db(from: u32, to: u32, start: i64, cycles: f64, value: fn(u64, usize) -> f64) -> f64 {
    let source = resampled(from, to, 40_000, start, value);
    let step = f64::from(from) / f64::from(to);
    let worst = read(&source, 3000..6000)
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let at = start as f64 + (3000 + i) as f64 * step;
            (sample - libm::sin(2.0 * PI * cycles * at / 48_000.0)).abs()
        })
        .fold(0.0, f64::max);
    20.0 * libm::log10(worst)
}

#[test]
fn a_sine_stays_the_same_sine_in_phase_and_level() {
    let rates = [
        (44_100, 48_000),
        (48_000, 44_100),
        (96_000, 48_000),
        (88_200, 48_000),
        (192_000, 48_000),
        (32_000, 48_000),
        (48_048, 48_000),
        (47_952, 48_000),
        (48_000, 48_048),
        (47_999, 48_000),
        (48_000, 48_000),
    ];
    for (from, to) in rates {
        for start in [0, 1, 4321] {
            let low = sine_error_db(from, to, start, 997.0, |n, _| tone(n, 997.0));
            assert!(low < -130.0, "{from} to {to} from {start}: {low} dB");
        }
    }
    // Near the end of the pass band: 21,700 cycles per 48,000 frames are 19.94 kHz at 44.1 kHz.
    for (from, to) in [(44_100, 48_000), (48_000, 48_048)] {
        let high = sine_error_db(from, to, 7, 21_700.0, |n, _| tone(n, 21_700.0));
        assert!(high < -130.0, "{from} to {to}: {high} dB");
    }
}

#[test]
fn what_the_new_rate_cannot_hold_is_gone() {
    for (from, to, value) in [
        // 15,000 of 48,000 at 96 kHz are 30 kHz.
        (
            96_000,
            48_000,
            (|n, _| tone(n, 15_000.0)) as fn(u64, usize) -> f64,
        ),
        // 24,010 of 48,000 at 44.1 kHz would be above 22.05 kHz; 22,500 at 48 kHz are for 44.1.
        (48_000, 44_100, |n, _| tone(n, 22_500.0)),
    ] {
        let source = resampled(from, to, 40_000, 0, value);
        let worst = read(&source, 3000..6000)
            .into_iter()
            .map(f64::abs)
            .fold(0.0, f64::max);
        let level = 20.0 * libm::log10(worst);
        assert!(level < -130.0, "{from} to {to}: {level} dB");
    }
}

#[test]
fn a_constant_stays_and_an_impulse_stays_in_place() {
    let source = resampled(44_100, 48_000, 40_000, 0, |_, _| 0.25);
    for sample in read(&source, 1000..2000) {
        assert!((sample - 0.25).abs() < 1e-15, "{sample}");
    }
    // Input frame 14,700 is output frame 16,000: the peak, and the same on both sides.
    let impulse = resampled(44_100, 48_000, 40_000, 0, |n, _| {
        if n == 14_700 { 1.0 } else { 0.0 }
    });
    let response = read(&impulse, 15_900..16_101);
    let peak = response.iter().copied().fold(0.0, f64::max);
    assert_eq!(peak, response[100]);
    for i in 0..100 {
        assert!((response[i] - response[200 - i]).abs() < 1e-15, "{i}");
    }
}

#[test]
fn equal_rates_leave_every_bit_alone() {
    let source = resampled(48_000, 48_000, 900, -3, noise);
    let expect: Vec<f64> = (0..897).map(|n| noise(n, 0)).collect();
    assert_eq!(read(&source, 3..900), expect);
    assert_eq!(read(&source, 0..3), [0.0; 3]);
}

#[test]
fn length_follows_from_the_positions() {
    for (from, to, frames, start, expect) in [
        (44_100, 48_000, 44_100, 0, 48_000),
        (96_000, 48_000, 5, 0, 3),
        (96_000, 48_000, 4, 0, 2),
        (48_000, 96_000, 5, 0, 10),
        (48_048, 48_000, 48_048, 48_047, 1),
        (48_048, 48_000, 100, 100, 0),
        (48_048, 48_000, 100, 200, 0),
        (96_000, 48_000, 2, -4, 3),
    ] {
        let source = resampled(from, to, frames, start, |_, _| 0.0);
        assert_eq!(
            source.frames(),
            expect,
            "{from} to {to}, {frames} from {start}"
        );
    }
}

#[test]
fn outside_the_file_is_silence_and_outside_the_source_an_error() {
    let source = resampled(44_100, 48_000, 500, -1000, |_, _| 1.0);
    assert!(read(&source, 0..500).iter().all(|sample| *sample == 0.0));
    let frames = source.frames();
    assert!(!read(&source, frames - 50..frames).contains(&0.0));
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let past = source.read(frames..frames + 1, &[0], &mut out, &mut scratch);
    assert!(
        matches!(past, Err(MediaError::OutOfRange { .. })),
        "{past:?}"
    );
    let channel = source.read(0..1, &[2], &mut out, &mut scratch);
    assert!(
        matches!(channel, Err(MediaError::NoChannel { channel: 3, .. })),
        "{channel:?}"
    );
    assert_eq!(source.pcm(), None);
}

/// A repeatable noise of frame and channel.
fn noise(frame: u64, channel: usize) -> f64 {
    let seed = (frame + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (channel as u64 + 7);
    let mixed = (seed ^ (seed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 11) as f64 / 9_007_199_254_740_992.0 - 0.5
}

#[test]
fn agrees_with_another_resampler() {
    use rubato::audioadapter::Adapter as _;
    use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
    use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};
    let value = |n, _| 0.5 * tone(n, 997.0) + 0.3 * tone(n, 9001.0);
    for (from, to, chunk) in [(44_100, 48_000, 147 * 16), (48_048, 48_000, 1001 * 4)] {
        // An even multiple of the numerator: only then is its delay a whole number of frames.
        let window = WindowFunction::BlackmanHarris2;
        let (rate_in, rate_out) = (from as usize, to as usize);
        let mut other =
            Fft::<f64>::new_custom(rate_in, rate_out, chunk, 1, 1, window, FixedSync::Both)
                .unwrap();
        let data = vec![(0..40_000).map(|n| value(n, 0)).collect::<Vec<f64>>()];
        let input = SequentialSliceOfVecs::new(&data, 1, 40_000).unwrap();
        let expect = other.process_all(&input, 40_000, None).unwrap();
        let ours = read(&resampled(from, to, 40_000, 0, value), 8000..30_000);
        let worst = (0..ours.len())
            .map(|i| (ours[i] - expect.read_sample(0, 8000 + i).unwrap()).abs())
            .fold(0.0, f64::max);
        let level = 20.0 * libm::log10(worst);
        assert!(level < -120.0, "{from} to {to}: {level} dB apart");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_gives_the_same_bits(
        pair in prop::sample::select(vec![(44_100, 48_000), (48_048, 48_000), (96_000, 48_000), (48_000, 44_100), (47_999, 48_000)]),
        start in -300_i64..300,
        from in 0_u64..200,
        cuts in prop::collection::vec(1_u64..60, 1..6),
    ) {
        let source = resampled(pair.0, pair.1, 900, start, noise);
        let (mut out, mut scratch) = (Planar::default(), Scratch::default());
        let mut at = from;
        let mut parts = [Vec::new(), Vec::new()];
        for cut in cuts {
            source.read(at..at + cut, &[1, 0], &mut out, &mut scratch).unwrap();
            parts[0].extend_from_slice(out.channel(0));
            parts[1].extend_from_slice(out.channel(1));
            at += cut;
        }
        source.read(from..at, &[0, 1], &mut out, &mut Scratch::default()).unwrap();
        prop_assert_eq!(out.channel(0), parts[1].as_slice());
        prop_assert_eq!(out.channel(1), parts[0].as_slice());
    }
}
