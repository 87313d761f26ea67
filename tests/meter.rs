//! The meter against the cases of the standards, synthesised, and against the `ebur128` crate.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::f64::consts::TAU;

use proptest::prelude::*;
use stemline::audio::{ChannelLayout, DbFs, DbTp, Lufs, SampleFormat, SampleRate};
use stemline::meter::{
    Bank, FileRecord, Measurement, Meter, MeterSpec, Positions, Record, Samples, TruePeakFilter,
    Window,
};

const RATE: f64 = 48_000.0;

fn spec(layout: &str) -> MeterSpec {
    let layout: ChannelLayout = layout.parse().unwrap();
    MeterSpec::new(SampleRate::HZ_48000, Positions::Layout(layout))
}

fn measure(spec: &MeterSpec, samples: &[f32]) -> Measurement {
    let mut meter = Meter::new(spec).unwrap();
    meter.push(Samples::Floats(samples)).unwrap();
    meter.finish()
}

fn linear(db: f64) -> f64 {
    libm::pow(10.0, db / 20.0)
}

/// A tone in segments of peak level (`None` is silence) and seconds, its phase running through.
fn tone(segments: &[(Option<f64>, f64)], hertz: f64, rate: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for &(level, seconds) in segments {
        let gain = level.map_or(0.0, linear);
        let first = out.len();
        let frames = libm::round(seconds * rate) as usize;
        out.extend(
            (first..first + frames).map(|n| gain * libm::sin(TAU * hertz * n as f64 / rate)),
        );
    }
    out
}

/// The same signal in every channel with a gain of its own, interleaved.
fn spread(signal: &[f64], gains: &[f64]) -> Vec<f32> {
    let frame = |&v: &f64| {
        gains
            .iter()
            .map(move |g| (v * g) as f32)
            .collect::<Vec<f32>>()
    };
    signal.iter().flat_map(frame).collect()
}

fn stereo(segments: &[(Option<f64>, f64)]) -> Measurement {
    measure(
        &spec("2.0"),
        &spread(&tone(segments, 1_000.0, RATE), &[1.0, 1.0]),
    )
}

fn figure(measured: &Measurement, name: &str) -> Option<f64> {
    match name {
        "I" => measured.integrated.map(Lufs::value),
        "M" => measured.max_momentary?.loudness.map(Lufs::value),
        "S" => measured.max_short_term?.loudness.map(Lufs::value),
        "LRA" => measured.loudness_range.map(|range| range.lu.value()),
        other => panic!("no figure {other}"),
    }
}

fn near(what: &str, got: Option<f64>, expected: f64, tolerance: f64) {
    let got = got.unwrap_or_else(|| panic!("{what}: no figure"));
    assert!(
        (got - expected).abs() <= tolerance,
        "{what}: {got}, expected {expected}"
    );
}

#[test]
fn tones_read_what_the_standards_say() {
    let text = include_str!("../fixtures/meter/tones.tsv");
    let optional = |text: &str| text.parse::<f64>().ok();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [
            name,
            layout,
            levels,
            segments,
            times,
            what,
            expected,
            tolerance,
        ] = fields[..]
        else {
            panic!("not a case: {line}");
        };
        let segments: Vec<(Option<f64>, f64)> = segments
            .split(' ')
            .map(|part| part.split_once(':').unwrap())
            .map(|(level, seconds)| (optional(level), seconds.parse().unwrap()))
            .collect();
        let gains: Vec<f64> = levels
            .split(' ')
            .map(|db| optional(db).map_or(0.0, linear))
            .collect();
        let signal = tone(&segments.repeat(times.parse().unwrap()), 1_000.0, RATE);
        let got = figure(&measure(&spec(layout), &spread(&signal, &gains)), what);
        match optional(expected) {
            Some(expected) => near(name, got, expected, tolerance.parse().unwrap()),
            None => assert_eq!(got, None, "{name}"),
        }
    }
}

/// Tech 3341 cases 10 and 13: a burst of one window's length, wherever it begins.
#[test]
fn maxima_do_not_depend_on_where_a_burst_begins() {
    for i in 0..20 {
        let i = f64::from(i);
        let ten = stereo(&[(None, i * 0.15), (Some(-23.0), 3.0), (None, 1.0)]);
        near("tech3341-10", figure(&ten, "S"), -23.0, 0.1);
        let thirteen = stereo(&[(None, i * 0.02), (Some(-23.0), 0.4), (None, 1.0)]);
        near("tech3341-13", figure(&thirteen, "M"), -23.0, 0.1);
        // Any hop of 10 ms, not only the multiples of 20 that the case asks for.
        let odd = stereo(&[(None, 0.01 + i * 0.02), (Some(-23.0), 0.4), (None, 1.0)]);
        near("odd hops", figure(&odd, "M"), -23.0, 0.1);
        let start = odd.max_momentary.unwrap().start as f64 / RATE;
        assert!((start - 0.01 - i * 0.02).abs() < 0.011, "{start}");
    }
}

/// Tech 3341 cases 11 and 14: the same live, each burst 1 dB louder than the one before.
#[test]
fn maxima_follow_live() {
    for (window, burst, shift) in [
        (Window::ShortTerm, 3.0, 0.15),
        (Window::Momentary, 0.4, 0.02),
    ] {
        let mut segments = Vec::new();
        for i in 0..20 {
            let i = f64::from(i);
            segments.extend([
                (None, i * shift),
                (Some(-38.0 + i), burst),
                (None, burst - i * shift),
            ]);
        }
        let measured = stereo(&segments);
        for i in 0..20_u32 {
            let end = 2.0 * burst * f64::from(i + 1) * RATE;
            let so_far = measured.energies.between(0, end as u64);
            let loudest = so_far.loudest(window).and_then(|reading| reading.loudness);
            near("live", loudest.map(Lufs::value), -38.0 + f64::from(i), 0.1);
        }
    }
}

/// The gain of the K weighting at 48 kHz from the coefficients printed in BS.1770-5.
fn printed_gain(hertz: f64) -> f64 {
    let gain = |b: [f64; 3], a: [f64; 2]| {
        let part = |c: [f64; 3]| {
            let at = |k: f64| {
                (
                    libm::cos(TAU * hertz * k / RATE),
                    libm::sin(TAU * hertz * k / RATE),
                )
            };
            let (c1, s1) = at(1.0);
            let (c2, s2) = at(2.0);
            libm::hypot(c[0] + c[1] * c1 + c[2] * c2, c[1] * s1 + c[2] * s2)
        };
        part(b) / part([1.0, a[0], a[1]])
    };
    let shelf = [
        1.535_124_859_586_97,
        -2.691_696_189_406_38,
        1.198_392_810_852_85,
    ];
    gain(shelf, [-1.690_659_293_182_41, 0.732_480_774_215_85])
        * gain(
            [1.0, -2.0, 1.0],
            [-1.990_047_454_833_98, 0.990_072_250_366_21],
        )
}

/// BS.2217: tones across the band, at every usual rate and some odd ones.
#[test]
fn the_weighting_holds_across_the_band_and_the_rates() {
    for rate in [
        32_000, 44_056, 44_100, 47_952, 48_000, 48_048, 88_200, 96_000, 176_400, 192_000,
    ] {
        for hertz in [25.0, 100.0, 500.0, 1_000.0, 2_000.0, 10_000.0] {
            let signal = tone(&[(Some(-23.0), 2.0)], hertz, f64::from(rate));
            let layout = Positions::Layout(ChannelLayout::stereo());
            let spec = MeterSpec::new(SampleRate::new(rate).unwrap(), layout);
            let measured = measure(&spec, &spread(&signal, &[1.0, 1.0]));
            let expected = -0.691 - 23.0 + 20.0 * libm::log10(printed_gain(hertz));
            // The bilinear transform of other rates bends the shelf by a few hundredths of a dB.
            let tolerance = if rate == 48_000 { 0.02 } else { 0.06 };
            near(
                &format!("{hertz} Hz at {rate}"),
                figure(&measured, "I"),
                expected,
                tolerance,
            );
        }
    }
}

fn true_peak(signal: &[f64], filter: TruePeakFilter) -> Option<f64> {
    let spec = MeterSpec {
        true_peak: filter,
        ..spec("1.0")
    };
    let measured = measure(&spec, &spread(signal, &[1.0]));
    measured.true_peak.map(|peak| peak.level.value())
}

/// 10 ms raised-cosine fades.
fn faded(mut signal: Vec<f64>, rate: f64) -> Vec<f64> {
    let fade = (rate / 100.0) as usize;
    let len = signal.len();
    for n in 0..fade {
        let gain = 0.5 - 0.5 * libm::cos(TAU / 2.0 * n as f64 / fade as f64);
        signal[n] *= gain;
        signal[len - 1 - n] *= gain;
    }
    signal
}

/// Tech 3341 cases 15 to 19.
#[test]
fn true_peaks_between_the_samples_are_found() {
    let cases = [
        (4.0, linear(-6.0), 0.0, -6.0),
        (4.0, linear(-6.0), 45.0, -6.0),
        (6.0, linear(-6.0), 60.0, -6.0),
        (8.0, linear(-6.0), 67.5, -6.0),
        (4.0, std::f64::consts::SQRT_2, 45.0, 3.0),
    ];
    for (part, gain, degrees, expected) in cases {
        let sample = |n: i32| gain * libm::sin(TAU * (f64::from(n) / part + degrees / 360.0));
        let signal = faded((0..24_000).map(sample).collect(), RATE);
        for filter in [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x] {
            let got = true_peak(&signal, filter).unwrap();
            let difference = got - expected;
            assert!(
                (-0.4..=0.2).contains(&difference),
                "{part} {degrees}: {got}"
            );
        }
    }
}

/// Tech 3341 cases 20 to 23: one louder period inside, sampled at four offsets.
#[test]
fn a_short_peak_is_found_at_every_offset() {
    let len = 9_600_usize;
    let middle = len / 2;
    let base = |n: usize| 0.5 * libm::sin(TAU * n as f64 / 24.0);
    let wide: Vec<f64> = (0..len)
        .map(|n| match n.checked_sub(middle) {
            None => base(n),
            Some(k) if k < 16 => libm::sin(TAU * k as f64 / 16.0),
            Some(k) => base(k - 16),
        })
        .collect();
    let wide = faded(wide, 4.0 * RATE);
    // A low-pass at 20.5 kHz of 1,001 taps, Blackman window.
    let taps: Vec<f64> = (-500..=500)
        .map(|k: i32| {
            let (x, cut) = (f64::from(k), 20_500.0 / (2.0 * RATE));
            let sinc = if k == 0 {
                cut
            } else {
                libm::sin(TAU / 2.0 * cut * x) / (TAU / 2.0 * x)
            };
            let turn = TAU / 2.0 * x / 500.0;
            sinc * (0.42 + 0.5 * libm::cos(turn) + 0.08 * libm::cos(2.0 * turn))
        })
        .collect();
    for offset in 0..4 {
        let sample = |n: usize| -> f64 {
            let taken = taps.iter().enumerate();
            taken
                .map(|(k, h)| h * wide.get((n + k).wrapping_sub(500)).unwrap_or(&0.0))
                .sum()
        };
        let signal: Vec<f64> = (offset..len).step_by(4).map(sample).collect();
        for filter in [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x] {
            let got = true_peak(&signal, filter).unwrap();
            assert!((-0.4..=0.2).contains(&got), "offset {offset}: {got}");
        }
    }
}

/// What follows the last sample belongs to the sound: nobody's meter may miss a peak in the last samples.
#[test]
fn the_last_samples_are_flushed() {
    let alternating: Vec<f64> = (0..999)
        .map(|n| if n % 4 < 2 { 0.7 } else { -0.7 })
        .collect();
    let got = true_peak(&alternating, TruePeakFilter::Standard4x48).unwrap();
    for keep in [990, 993, 996] {
        let cut = true_peak(&alternating[..keep], TruePeakFilter::Standard4x48).unwrap();
        assert!((cut - got).abs() < 0.6, "{cut} {got}");
    }
    let one = true_peak(&[0.0, 0.0, 0.5], TruePeakFilter::Precise16x);
    near("one sample", one, 20.0 * libm::log10(0.5), 1e-9);
}

/// Reels measured with their true neighbours have together the true peak of the whole.
#[test]
fn reel_edges_use_their_neighbours() {
    let whole = faded(tone(&[(Some(-1.0), 0.5)], 997.0, RATE), RATE);
    let samples = spread(&whole, &[1.0]);
    // Cut at a crest.
    let crest = (12_000..12_060)
        .max_by(|&a, &b| whole[a].total_cmp(&whole[b]))
        .unwrap();
    for filter in [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x] {
        let spec = MeterSpec {
            true_peak: filter,
            ..spec("1.0")
        };
        let expected = measure(&spec, &samples).true_peak.unwrap().level;
        let (first, second) = samples.split_at(crest);
        let mut one = Meter::new(&spec).unwrap();
        one.push(Samples::Floats(first)).unwrap();
        let one = one.finish_before(Samples::Floats(second)).unwrap();
        let mut two = Meter::new(&spec).unwrap();
        two.pre_roll(Samples::Floats(first)).unwrap();
        two.push(Samples::Floats(second)).unwrap();
        let two = two.finish();
        let peak = |m: &Measurement| m.true_peak.unwrap().level.value();
        assert_eq!(peak(&one).max(peak(&two)), expected.value());
        // A hard cut without neighbours rings over.
        assert!(peak(&measure(&spec, first)) > expected.value() + 0.3);
        assert_eq!((one.length + two.length) as usize, samples.len());
    }
}

#[test]
fn overs_are_listed_with_channel_and_place() {
    let mut samples = vec![0.0_f32; 2 * 48_000];
    samples[2 * 10_000] = 0.9;
    samples[2 * 10_500 + 1] = -0.95;
    samples[2 * 30_000] = 0.99;
    let spec = MeterSpec {
        overs_limit: Some(DbTp::new(-1.0)),
        ..spec("2.0")
    };
    let got: Vec<_> = measure(&spec, &samples)
        .overs
        .iter()
        .map(|over| (over.channel, over.first, over.last))
        .collect();
    assert_eq!(
        got,
        [
            (0, 10_000, 10_000),
            (1, 10_500, 10_500),
            (0, 30_000, 30_000)
        ]
    );
}

#[test]
fn damaged_floats_are_reported_and_spoil_nothing() {
    let good = spread(&tone(&[(Some(-23.0), 5.0)], 1_000.0, RATE), &[1.0, 1.0]);
    let mut bad = good.clone();
    bad[100_001] = f32::NAN;
    bad[200_000] = f32::INFINITY;
    bad[300_000] = -1e30;
    let (good, bad) = (measure(&spec("2.0"), &good), measure(&spec("2.0"), &bad));
    near(
        "integrated",
        figure(&bad, "I"),
        figure(&good, "I").unwrap(),
        0.05,
    );
    let finding = bad.findings.iter().find(|f| f.code.id == "MTR001").unwrap();
    assert!(
        finding
            .message
            .starts_with("3 samples are no numbers, the first in channel R at sample 50000")
    );
}

fn codes(measured: &Measurement) -> Vec<&'static str> {
    measured
        .findings
        .iter()
        .map(|finding| finding.code.id)
        .collect()
}

#[test]
fn odd_inputs_give_a_figure_or_say_that_there_is_none() {
    let empty = measure(&spec("2.0"), &[]);
    assert_eq!(
        (empty.length, empty.true_peak, codes(&empty)),
        (0, None, vec!["MTR003"])
    );
    let one = measure(&spec("2.0"), &[0.5, -0.25]);
    near(
        "one sample",
        one.sample_peak.map(|p| p.level.value()),
        -6.02,
        0.01,
    );
    assert_eq!((one.integrated, one.sound), (None, Some((0, 0))));
    let silence = measure(&spec("5.1"), &vec![0.0; 6 * 48_000]);
    assert_eq!(
        (silence.max_momentary, silence.true_peak, silence.sound),
        (None, None, None)
    );
    assert_eq!(codes(&silence), ["MTR004"]);
    let slow = MeterSpec::new(SampleRate::new(7_999).unwrap(), Positions::Discrete(2));
    let slow = measure(&slow, &vec![0.5; 80_000]);
    assert_eq!(
        (slow.integrated, codes(&slow)),
        (None, vec!["MTR005", "MTR007"])
    );
    near(
        "slow",
        slow.sample_peak.map(|p| p.level.value()),
        -6.02,
        0.01,
    );
    for rate in [1, 30, 99, 101, 8_000, 1_536_000] {
        let spec = MeterSpec::new(SampleRate::new(rate).unwrap(), Positions::Discrete(1));
        let measured = measure(&spec, &vec![0.25; 5_000]);
        near(
            "any rate",
            measured.sample_peak.map(|p| p.level.value()),
            -12.04,
            0.01,
        );
    }
}

#[test]
fn many_channels_are_measured_together() {
    let spec = MeterSpec::new(SampleRate::HZ_48000, Positions::Discrete(128));
    let signal = tone(&[(Some(-40.0), 3.5)], 1_000.0, RATE);
    let gains: Vec<f64> = (0..128).map(|i| if i == 77 { 2.0 } else { 1.0 }).collect();
    let measured = measure(&spec, &spread(&signal, &gains));
    let expected = -40.0 + 10.0 * libm::log10(131.0 / 2.0);
    near("128 channels", figure(&measured, "I"), expected, 0.05);
    assert_eq!(measured.true_peak.unwrap().channel, 77);
    assert!(
        Meter::new(&MeterSpec::new(
            SampleRate::HZ_48000,
            Positions::Discrete(1_025)
        ))
        .is_err()
    );
    assert!(
        Meter::new(&MeterSpec::new(
            SampleRate::HZ_48000,
            Positions::Discrete(0)
        ))
        .is_err()
    );
}

#[test]
fn the_record_is_the_schema() {
    let measured = stereo(&[(Some(-23.0), 4.0)]);
    let record = Record::new(vec![FileRecord::new("a.wav", &measured, &|_| None)], None);
    let json: serde_json::Value = serde_json::to_value(&record).unwrap();
    assert_eq!(json["schema"], "stemline.measure/1");
    let file = &json["files"][0];
    assert_eq!(
        (&file["layout"], &file["sample_rate"]),
        (&"2.0".into(), &48_000.into())
    );
    assert_eq!(file["channel_true_peak_dbtp"].as_array().unwrap().len(), 2);
    near("record", file["integrated_lufs"].as_f64(), -23.0, 0.1);
    assert!(file["max_short_term_lufs"].is_number());
    let silence = FileRecord::new("b.wav", &measure(&spec("2.0"), &[0.0; 100]), &|_| None);
    let json = serde_json::to_value(&silence).unwrap();
    assert!(json["true_peak_dbtp"].is_null() && json["integrated_lufs"].is_null());
}

#[test]
fn mono_is_an_explicit_choice() {
    let signal = spread(&tone(&[(Some(-23.0), 2.0)], 1_000.0, RATE), &[1.0]);
    let once = measure(&spec("1.0"), &signal);
    let twice = measure(
        &MeterSpec {
            dual_mono: true,
            ..spec("1.0")
        },
        &signal,
    );
    near("once", figure(&once, "I"), -26.01, 0.03);
    near("twice", figure(&twice, "I"), -23.0, 0.03);
    assert!(codes(&once).contains(&"MTR008") && !codes(&twice).contains(&"MTR008"));
}

/// Noise whose level and colour change every quarter of a second.
fn programme(seed: u64, channels: usize, frames: usize) -> Vec<f32> {
    let mut state = seed | 1;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    };
    let (mut gain, mut keep) = (0.1, 0.5);
    let mut last = vec![0.0_f32; channels];
    let mut out = Vec::with_capacity(frames * channels);
    for frame in 0..frames {
        if frame % 12_000 == 0 {
            gain = linear(f64::from(random()) * 30.0 - 30.0) as f32;
            keep = random().abs();
        }
        for value in &mut last {
            *value = keep * *value + (1.0 - keep) * random();
            out.push((*value * gain * 2.0).clamp(-1.0, 1.0));
        }
    }
    out
}

/// The samples as a 24-bit file has them.
fn packed(samples: &[f32]) -> Vec<u8> {
    let int = |v: &f32| ((v * 8_388_607.0) as i32).to_le_bytes();
    samples
        .iter()
        .flat_map(|v| int(v).into_iter().take(3))
        .collect()
}

/// Everything that was measured, for comparison to the bit.
fn all(measured: &Measurement) -> String {
    format!("{measured:?}")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_agrees_with_the_known_meter(seed: u64, channels in 1_usize..=6, low_rate: bool) {
        let rate = if low_rate { 44_100 } else { 48_000 };
        let mut samples = programme(seed, channels, 5 * 48_000 + (seed % 9_000) as usize);
        // The other meter does not flush its last samples.
        samples.extend(vec![0.0; 16 * channels]);
        let mode = ebur128::Mode::I | ebur128::Mode::TRUE_PEAK | ebur128::Mode::SAMPLE_PEAK;
        let mut witness = ebur128::EbuR128::new(channels as u32, rate, mode).unwrap();
        witness.add_frames_f32(&samples).unwrap();
        // Layouts for which the other meter's weights are those of the standard.
        let layout = ["1.0", "2.0", "3.0", "L,R,Ls,Rs", "5.0", "5.1"][channels - 1];
        let positions = Positions::Layout(layout.parse().unwrap());
        let spec = MeterSpec::new(SampleRate::new(rate).unwrap(), positions);
        let measured = measure(&spec, &samples);
        let theirs = witness.loudness_global().unwrap();
        let ours = figure(&measured, "I").unwrap();
        prop_assert!((ours - theirs).abs() < 0.001, "{layout}: {ours} {theirs}");
        for (channel, peaks) in measured.channels.iter().enumerate() {
            let db = 20.0 * libm::log10(witness.true_peak(channel as u32).unwrap());
            prop_assert!((peaks.true_peak.unwrap().level.value() - db).abs() < 0.0005);
            let db = 20.0 * libm::log10(witness.sample_peak(channel as u32).unwrap());
            prop_assert!((peaks.sample_peak.unwrap().level.value() - db).abs() < 0.0005);
        }
    }

    #[test]
    fn blocks_do_not_matter(
        seed: u64,
        cuts in prop::collection::vec(1_usize..40_000, 1..60),
        precise: bool,
    ) {
        let samples = packed(&programme(seed, 3, 200_000));
        let filters = [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x];
        let true_peak = filters[usize::from(precise)];
        let spec = MeterSpec {
            true_peak,
            overs_limit: Some(DbTp::new(-3.0)),
            leq_m: seed % 2 == 0,
            ..spec("3.0")
        };
        let mut whole = Meter::new(&spec).unwrap();
        whole.push(Samples::Bytes(SampleFormat::Int24, &samples)).unwrap();
        let mut parts = Meter::new(&spec).unwrap();
        let (mut rest, mut cuts) = (&samples[..], cuts.into_iter().cycle());
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(cuts.next().unwrap().min(rest.len()));
            parts.push(Samples::Bytes(SampleFormat::Int24, head)).unwrap();
            rest = tail;
        }
        prop_assert!(all(&whole.finish()) == all(&parts.finish()));
    }

    #[test]
    fn a_bank_measures_what_its_meters_would(seed: u64) {
        let layouts = ["2.0", "5.1", "1.0", "2.0"];
        let specs: Vec<MeterSpec> = layouts.iter().map(|name| spec(name)).collect();
        let files: Vec<Vec<i32>> = specs
            .iter()
            .enumerate()
            .map(|(i, spec)| {
                let samples = programme(seed ^ i as u64, spec.positions.len(), 190_001);
                // The third is silent, as stems often are.
                samples.iter().map(|v| if i == 2 { 0 } else { (v * 8_388_607.0) as i32 }).collect()
            })
            .collect();
        let block = |samples| Samples::Ints { samples, bits: 24 };
        let mut bank = Bank::new(&specs).unwrap();
        for at in (0..190_001).step_by(4_096) {
            let blocks: Vec<Samples<'_>> = files
                .iter()
                .zip(&specs)
                .map(|(file, spec)| {
                    let channels = spec.positions.len();
                    block(&file[at * channels..file.len().min((at + 4_096) * channels)])
                })
                .collect();
            bank.push(&blocks).unwrap();
        }
        for ((together, spec), file) in bank.finish().iter().zip(&specs).zip(&files) {
            let mut meter = Meter::new(spec).unwrap();
            meter.push(block(file)).unwrap();
            prop_assert!(all(together) == all(&meter.finish()));
        }
    }
}

#[test]
fn every_form_of_the_same_samples_measures_the_same() {
    let samples: Vec<i32> = programme(7, 2, 60_000)
        .iter()
        .map(|v| (v * 8_388_607.0) as i32)
        .collect();
    let scaled: Vec<f64> = samples
        .iter()
        .map(|&v| f64::from(v) / 8_388_608.0)
        .collect();
    let singles: Vec<f32> = scaled.iter().map(|&v| v as f32).collect();
    let bytes: Vec<u8> = samples
        .iter()
        .flat_map(|v| v.to_le_bytes().into_iter().take(3))
        .collect();
    let words: Vec<u8> = samples
        .iter()
        .flat_map(|v| (v << 8).to_le_bytes())
        .collect();
    let left: Vec<i32> = samples.iter().step_by(2).copied().collect();
    let right: Vec<i32> = samples.iter().skip(1).step_by(2).copied().collect();
    let planes: [&[i32]; 2] = [&left, &right];
    let forms = [
        Samples::Ints {
            samples: &samples,
            bits: 24,
        },
        Samples::PlanarInts {
            planes: &planes,
            bits: 24,
        },
        Samples::Floats(&singles),
        Samples::Doubles(&scaled),
        Samples::Bytes(SampleFormat::Int24, &bytes),
        Samples::Bytes(SampleFormat::Int32, &words),
    ];
    let results: Vec<String> = forms
        .into_iter()
        .map(|form| {
            let mut meter = Meter::new(&spec("2.0")).unwrap();
            meter.push(form).unwrap();
            all(&meter.finish())
        })
        .collect();
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn blocks_that_do_not_fit_are_refused() {
    let mut meter = Meter::new(&spec("2.0")).unwrap();
    assert!(meter.push(Samples::Floats(&[0.0; 3])).is_err());
    let planes: [&[i32]; 2] = [&[1, 2], &[1]];
    assert!(
        meter
            .push(Samples::PlanarInts {
                planes: &planes,
                bits: 24
            })
            .is_err()
    );
    meter
        .push(Samples::Bytes(
            SampleFormat::Int24,
            &[0, 0, 64, 0, 0, 64, 1],
        ))
        .unwrap();
    let measured = meter.finish();
    assert_eq!(
        (measured.length, measured.sample_peak.unwrap().level),
        (1, DbFs::new(20.0 * libm::log10(0.5)))
    );
    assert!(codes(&measured).contains(&"MTR010"));
    let mut bank = Bank::new(&[spec("2.0"), spec("1.0")]).unwrap();
    assert!(bank.push(&[Samples::Floats(&[0.0; 4])]).is_err());
    assert!(
        bank.push(&[Samples::Floats(&[0.0; 4]), Samples::Floats(&[0.0; 4])])
            .is_err()
    );
    assert!(
        bank.push(&[Samples::Floats(&[0.0; 4]), Samples::Floats(&[0.0; 2])])
            .is_ok()
    );
}
