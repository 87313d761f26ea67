//! AAFs end to end: what compositions sound like, sample by sample, against a reference computed here.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]
#![expect(
    clippy::disallowed_methods,
    reason = "the reference takes its functions from another library than the program does"
)]

mod support;

use std::f64::consts::{FRAC_PI_2, PI, SQRT_2};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Full scale of 24 bits.
const FULL: f64 = 8_388_608.0;

/// Sample frames of `one.wav` and `two.wav`, and of each channel of `six.wav`.
const LONG: usize = 240_000;
const SHORT: usize = 96_000;

/// A sample of the noise in a recording: a quarter of full scale, the same every time.
fn noise(seed: u32, at: i64) -> f64 {
    let mut x = (at as u32).wrapping_mul(0x9e37_79b9) ^ seed.wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    f64::from(((x ^ (x >> 16)) as i32) >> 10)
}

fn one(at: i64) -> f64 {
    noise(1, at)
}

fn two(at: i64) -> f64 {
    noise(2, at)
}

/// The recording at another sample rate: two sines.
fn slow(seconds: f64) -> f64 {
    let sine = |hertz: f64| (2.0 * PI * hertz * seconds).sin();
    FULL * (0.2 * sine(997.0) + 0.1 * sine(9311.0))
}

/// Writes the recordings.
fn recordings(folder: &Path) {
    let mono = support::Roll::mono();
    let long = |sound: fn(i64) -> f64| (0..LONG as i64).map(move |at| sound(at) as i32);
    mono.write(&folder.join("one.wav"), long(one));
    mono.write(&folder.join("two.wav"), long(two));
    let six = support::Roll {
        channels: 6,
        ..support::Roll::mono()
    };
    let frames = (0..SHORT as i64).flat_map(|at| (0..6).map(move |c| noise(60 + c, at) as i32));
    six.write(&folder.join("six.wav"), frames);
    write_doubles(&folder.join("slow.wav"), 44_100, 132_300, |at| {
        slow(f64::from(at) / 44_100.0) / FULL
    });
}

/// A WAV of 64-bit floats.
fn write_doubles(path: &Path, rate: u32, frames: u32, sound: impl Fn(u32) -> f64) {
    let mut file = b"RIFF".to_vec();
    file.extend((36 + frames * 8).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x03\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((rate * 8).to_le_bytes());
    file.extend(b"\x08\0\x40\0data");
    file.extend((frames * 8).to_le_bytes());
    for at in 0..frames {
        file.extend(sound(at).to_le_bytes());
    }
    std::fs::write(path, file).unwrap();
}

/// What a composition sounds like: value of sample `n` in channel `c`, in steps of 24 bits.
type Sound = fn(i64, usize) -> f64;

/// A stretch of a recording with a gain: silence outside.
fn within(n: i64, start: i64, length: i64, sound: impl Fn(i64) -> f64) -> f64 {
    let into = n - start;
    if (0..length).contains(&into) {
        sound(into)
    } else {
        0.0
    }
}

/// Straight from point to point, by the values' image under a law and back.
fn between(points: &[(f64, f64)], x: f64, law: fn(f64) -> f64, back: fn(f64) -> f64) -> f64 {
    let next = points.iter().position(|p| p.0 > x).unwrap_or(points.len());
    match (next.checked_sub(1).map(|i| points[i]), points.get(next)) {
        (Some((start, from)), Some(&(end, to))) => {
            let way = (x - start) / (end - start);
            back(law(from) + (law(to) - law(from)) * way)
        }
        (Some((_, only)), None) | (None, Some(&(_, only))) => only,
        (None, None) => 1.0,
    }
}

/// The points of the cases `hold`, `log`, `power`, `spline` and `cubic`.
const POINTS: [(f64, f64); 4] = [(0.0, 0.2), (0.5, 1.0), (0.75, 0.5), (1.0, 0.4)];

/// A gain over one second of `one.wav`.
fn ridden(n: i64, gain: impl Fn(f64) -> f64) -> f64 {
    within(n, 0, 48_000, |i| one(i) * gain(i as f64 / 48_000.0))
}

/// The four points around a piece; mirrored at the ends.
fn around(x: f64) -> ([(f64, f64); 4], f64) {
    let i = POINTS.iter().rposition(|p| p.0 <= x).unwrap().min(2);
    let (from, to) = (POINTS[i], POINTS[i + 1]);
    let mirror = |near: (f64, f64), far: (f64, f64)| (2.0 * near.0 - far.0, 2.0 * near.1 - far.1);
    let before = if i == 0 {
        mirror(from, to)
    } else {
        POINTS[i - 1]
    };
    let after = POINTS.get(i + 2).copied().unwrap_or(mirror(to, from));
    ([before, from, to, after], (x - from.0) / (to.0 - from.0))
}

/// Uniform cubic B-spline.
fn spline(x: f64) -> f64 {
    let (near, t) = around(x);
    let weights = [
        (1.0 - t).powi(3),
        3.0 * t.powi(3) - 6.0 * t * t + 4.0,
        -3.0 * t.powi(3) + 3.0 * t * t + 3.0 * t + 1.0,
        t.powi(3),
    ];
    let sum: f64 = near.iter().zip(weights).map(|(p, w)| p.1 * w).sum();
    sum / 6.0
}

/// Hermite cubic with the slope of the neighbours, level at peaks.
fn cubic(x: f64) -> f64 {
    let ([before, from, to, after], t) = around(x);
    let slope = |left: (f64, f64), middle: (f64, f64), right: (f64, f64)| {
        let peak = (middle.1 - left.1) * (right.1 - middle.1) <= 0.0;
        if peak {
            0.0
        } else {
            (right.1 - left.1) / (right.0 - left.0) * (to.0 - from.0)
        }
    };
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * from.1
        + (t3 - 2.0 * t2 + t) * slope(before, from, to)
        + (3.0 * t2 - 2.0 * t3) * to.1
        + (t3 - t2) * slope(from, to, after)
}

/// Fade in over 4000, crossfade of 6000, fade out over 2500.
fn faded(n: i64, law: fn(f64) -> f64) -> f64 {
    let up = |i: i64, length: i64| {
        if i < length {
            law(i as f64 / length as f64)
        } else {
            1.0
        }
    };
    let down = |left: i64, length: i64| up(left.min(length), length);
    let first = within(n, 800, 24_000, |i| {
        one(500 + i) * up(i, 4000) * down(24_000 - i, 6000)
    });
    let second = within(n, 18_800, 24_000, |i| {
        two(900 + i) * up(i, 6000) * down(24_000 - i, 2500)
    });
    first + second
}

/// A crossfade of 6000 with a curve for either side.
fn crossed(n: i64, incoming: fn(f64) -> f64, outgoing: fn(f64) -> f64) -> f64 {
    let part = |i: i64| i as f64 / 6000.0;
    let first = within(n, 0, 24_000, |i| {
        one(500 + i)
            * if i < 18_000 {
                1.0
            } else {
                outgoing(part(i - 18_000))
            }
    });
    let second = within(n, 18_000, 24_000, |i| {
        two(900 + i) * if i < 6000 { incoming(part(i)) } else { 1.0 }
    });
    first + second
}

fn equal_power(x: f64) -> f64 {
    (FRAC_PI_2 * x).sin()
}

fn logarithmic(x: f64) -> f64 {
    (10_f64.powf(2.0 * x) - 1.0) / 99.0
}

fn drawn(x: f64) -> f64 {
    between(&[(0.0, 0.0), (0.25, 0.75), (1.0, 1.0)], x, |v| v, |v| v)
}

/// The gain of a channel of a pair: equal power, and both at unity in the middle.
fn panned(place: f64, channel: usize) -> f64 {
    let way = if channel == 0 { 1.0 - place } else { place };
    (SQRT_2 * equal_power(way)).min(1.0)
}

/// Name, channels, largest difference in steps of 24 bits, and the sound.
const CASES: &[(&str, usize, i32, Sound)] = &[
    ("unity", 2, 0, |n, _| {
        within(n, 1001, 48_000, |i| one(12_345 + i)) + within(n, 49_001, 24_000, |i| two(7 + i))
    }),
    // 12/24 s into the programme; 12/24 and 3/30 s into the sub-clip, 60/30 into the master, 5/25 into
    // the file, 480 samples into the recording.
    ("chain", 2, 0, |n, _| {
        within(n, 24_000, 40_000, |i| {
            one(24_000 + 4800 + 96_000 + 9600 + 480 + i)
        })
    }),
    ("gains", 2, 1, |n, _| {
        let gain = (0.7 * 268_435_456.0_f64).round() / 268_435_456.0;
        let ride = [(0.0, 1.0), (0.5, 0.25), (1.0, 1.5)];
        within(n, 0, 48_000, |i| {
            one(100 + i) * gain * between(&ride, i as f64 / 48_000.0, |v| v, |v| v)
        })
    }),
    ("hold", 2, 1, |n, _| {
        ridden(n, |x| POINTS.iter().rev().find(|p| p.0 <= x).unwrap().1)
    }),
    ("log", 2, 1, |n, _| {
        ridden(n, |x| between(&POINTS, x, f64::ln, f64::exp))
    }),
    ("power", 2, 1, |n, _| {
        ridden(n, |x| between(&POINTS, x, |v| v * v, f64::sqrt))
    }),
    ("spline", 2, 1, |n, _| ridden(n, spline)),
    ("cubic", 2, 1, |n, _| ridden(n, cubic)),
    ("track", 2, 1, |n, _| {
        within(n, 24_000, 24_000, |i| {
            two(i) * 0.5 * ((i + 24_000) as f64 / 48_000.0)
        })
    }),
    ("fade linear", 2, 1, |n, _| faded(n, |x| x)),
    ("fade power", 2, 1, |n, _| faded(n, equal_power)),
    ("fade log", 2, 1, |n, _| faded(n, logarithmic)),
    ("fade avid 0", 2, 1, |n, _| faded(n, |x| x)),
    ("fade avid 1", 2, 1, |n, _| faded(n, equal_power)),
    ("fade step", 2, 1, |n, _| {
        // What comes is silent until the end of a transition, what goes sounds until then.
        within(n, 4800, 20_000, |i| one(4500 + i)) + within(n, 24_800, 18_000, |i| two(6900 + i))
    }),
    ("fade points", 2, 1, |n, _| {
        crossed(n, drawn, |x| 1.0 - drawn(x))
    }),
    ("fade two", 2, 1, |n, _| {
        crossed(n, |x| x, |x| logarithmic(1.0 - x))
    }),
    ("pan left", 2, 0, |n, c| {
        within(n, 0, 24_000, |i| if c == 0 { one(i) } else { 0.0 })
    }),
    ("pan right", 2, 0, |n, c| {
        within(n, 0, 24_000, |i| if c == 1 { one(i) } else { 0.0 })
    }),
    ("pan quarter", 2, 1, |n, c| {
        within(n, 0, 24_000, |i| one(i) * panned(0.25, c))
    }),
    ("pan moving", 2, 1, |n, c| {
        let ride = [(0.0, 0.0), (0.5, 1.0), (1.0, 0.5)];
        let place = |i: i64| between(&ride, i as f64 / 48_000.0, |v| v, |v| v);
        within(n, 0, 48_000, |i| one(i) * panned(place(i), c))
    }),
    ("stereo", 2, 0, |n, c| {
        within(
            n,
            0,
            24_000,
            |i| if c == 0 { one(10 + i) } else { two(10 + i) },
        )
    }),
    ("surround", 6, 0, |n, c| {
        within(n, 0, 24_000, |i| noise(60 + c as u32, 480 + i))
    }),
    // A mono effect in a 5.1 stem stands between left, middle and right.
    ("pan left", 6, 0, |n, c| {
        within(n, 0, 24_000, |i| if c == 0 { one(i) } else { 0.0 })
    }),
    ("pan quarter", 6, 1, |n, c| {
        let gain = if c == 0 || c == 2 {
            equal_power(0.5)
        } else {
            0.0
        };
        within(n, 0, 24_000, |i| one(i) * gain)
    }),
    ("rates", 2, 1, |n, _| {
        // 4801/44100 s are 5225.578 samples.
        within(n, 5226, 48_000, |i| slow(0.1 + i as f64 / 48_000.0))
    }),
];

/// Conforms one composition and returns the largest difference, with its place.
fn check(aaf: &Path, folder: &Path, case: &(&str, usize, i32, Sound)) -> Option<String> {
    let (name, channels, most, sound) = *case;
    let out = folder.join(format!("{name} {channels}"));
    let layout = if channels == 6 { "5.1" } else { "2.0" };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (aaf, media, out_text) = (text(aaf), text(folder), text(&out));
    let arguments = [
        "conform",
        &aaf,
        "--media",
        &media,
        "--out",
        &out_text,
        "--title",
        "T",
        "--composition",
        name,
        "--on-unassigned",
        "FX",
        "--layout",
        layout,
        "--no-measure",
    ];
    support::expect_status(&arguments, 0);
    let (found, samples) = support::read_wave(&out.join("T_FX.wav"));
    if found != channels {
        return Some(format!("{name}: {found} channels"));
    }
    let mut worst = (0, String::new());
    for (n, frame) in samples.chunks_exact(channels).enumerate() {
        for (c, got) in frame.iter().enumerate() {
            let want = sound(n as i64, c);
            let off = (got - want.round_ties_even() as i32).abs();
            if off > worst.0 {
                worst = (
                    off,
                    format!("{name}: sample {n} channel {c} is {got}, not {want}"),
                );
            }
        }
    }
    (worst.0 > most).then_some(worst.1)
}

#[test]
fn compositions_sound_as_they_say() {
    let folder = tempfile::tempdir().unwrap();
    recordings(folder.path());
    let aaf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/aaf/sound.aaf");
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|case| check(&aaf, folder.path(), case))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Conforms a real file with its embedded sound; returns the folder of the results and the plan.
fn conformed(path: &Path) -> (tempfile::TempDir, Value) {
    let out = tempfile::tempdir().unwrap();
    let media = support::shared("corpus/media").unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (path, media, results) = (text(path), text(&media), text(&out.path().join("out")));
    let arguments = [
        "conform",
        &path,
        "--media",
        &media,
        "--out",
        &results,
        "--title",
        "T",
        "--on-unassigned",
        "FX",
        "--no-measure",
    ];
    support::expect_status(&arguments, 0);
    let plan = std::fs::read(out.path().join("out/T_plan.json")).unwrap();
    (out, serde_json::from_slice(&plan).unwrap())
}

/// The segments of all stems of a plan.
fn segments(plan: &Value) -> Vec<&Value> {
    let stems = plan["stems"].as_array().unwrap().iter();
    stems
        .flat_map(|stem| stem["segments"].as_array().unwrap())
        .collect()
}

#[test]
fn clips_stand_at_the_samples_that_their_names_say() {
    let Some(corpus) = support::shared("corpus/timelines") else {
        return;
    };
    for file in [
        "aaf/DR_Mono_Clip_Positioning.aaf",
        "aafxml/DR_Mono_Clip_Positioning.xml",
    ] {
        let (_out, plan) = conformed(&corpus.join(file));
        let start = plan["start_sample"].as_i64().unwrap();
        let at: Vec<i64> = segments(&plan)
            .iter()
            .map(|segment| start + segment["start"].as_i64().unwrap())
            .collect();
        assert_eq!(
            at,
            [172_800_000, 173_000_000, 173_232_000, 173_459_321],
            "{file}"
        );
    }
}

/// The bytes of the only essence stream of an AAF as pyaaf2 gets them out.
fn extracted(path: &Path) -> Option<Vec<u8>> {
    let script = "import sys, aaf2\nwith aaf2.open(sys.argv[1]) as f:\n    e = list(f.content.essencedata)\n    \
                  sys.stdout.buffer.write(e[0].open('r').read())";
    let run = Command::new("python3")
        .args(["-c", script])
        .arg(path)
        .output();
    let bytes = run.ok().filter(|output| output.status.success())?;
    Some(bytes.stdout)
}

#[test]
fn embedded_sound_comes_out_sample_for_sample() {
    let Some(corpus) = support::shared("corpus/timelines") else {
        return;
    };
    for (name, header) in [("PT_PCM_Internal", 0), ("PR_WAV_Internal", 44)] {
        let binary = corpus.join(format!("aaf/{name}.aaf"));
        let Some(bytes) = extracted(&binary) else {
            println!("skipped: python3 with pyaaf2 is not installed");
            return;
        };
        let expect = data_of(&bytes).unwrap_or(&bytes);
        assert!(header == 0 || expect.len() < bytes.len(), "{name}");
        for path in [binary, corpus.join(format!("aafxml/{name}.xml"))] {
            assert!(sound_of(&path) == expect, "{}", path.display());
        }
    }
}

/// The `data` chunk of a WAV in memory.
fn data_of(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 12;
    bytes.starts_with(b"RIFF").then_some(())?;
    loop {
        let size = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        if bytes.get(at..at + 4)? == b"data" {
            return bytes.get(at + 8..at + 8 + size);
        }
        at += 8 + size + size % 2;
    }
}

/// The bytes of the samples of the sound that a timeline embeds, read through the media module.
fn sound_of(path: &Path) -> Vec<u8> {
    use stemline::interchange::{self, ReadOptions};
    use stemline::media::{MediaIndex, SourcePool};
    let reading = interchange::read(path, &ReadOptions::default()).unwrap();
    let clips = reading
        .timeline
        .tracks
        .iter()
        .flat_map(|track| &track.clips);
    let media: Vec<_> = clips.map(|clip| clip.media.clone()).collect();
    let embedded: Vec<_> = media
        .iter()
        .filter(|media| media.embedded.is_some())
        .collect();
    assert!(!embedded.is_empty(), "{}", path.display());
    let mut index = MediaIndex::empty();
    let findings = index.add_references(embedded, Path::new("/"));
    assert_eq!(findings, [], "{}", path.display());
    let file = &index.files()[0];
    let mut bytes = Vec::new();
    let pool = SourcePool::default();
    pool.open(file)
        .read_raw(0..file.frames, &mut bytes)
        .unwrap();
    bytes
}

#[test]
fn a_plan_with_embedded_sound_renders_again() {
    let Some(corpus) = support::shared("corpus/timelines/aaf") else {
        return;
    };
    let (out, plan) = conformed(&corpus.join("PT_PCM_Internal.aaf"));
    assert_eq!(plan["sources"][0]["bare_bits"], 16);
    let path = |name: &str| -> PathBuf { out.path().join(name) };
    let (plan, again) = (path("out/T_plan.json"), path("again"));
    let arguments = [
        "conform",
        plan.to_str().unwrap(),
        "--out",
        again.to_str().unwrap(),
        "--no-measure",
    ];
    support::expect_status(&arguments, 0);
    let read = |name: &str| std::fs::read(path(name)).unwrap();
    assert!(read("out/T_FX.wav") == read("again/T_FX.wav"));
}
