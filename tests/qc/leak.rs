//! A faint leak of dialogue into music, a hundred times, and music that has none.

use std::f64::consts::TAU;

use rayon::prelude::*;

use stemline::audio::SampleRate;
use stemline::meter::cross::{Leak, LeakMeter};
use stemline::meter::{Meter, MeterSpec, Positions, Samples};

use super::support::{Exact as _, Package, Random};
use super::{folder, judge};
use stemline::qc::{Fault, Waivers};

/// Sample frames a second: half of the usual, which is what the meter would make of it.
const RATE: usize = 24_000;

/// Seconds of each case.
const SECONDS: usize = 150;

const FRAMES: usize = RATE * SECONDS;

/// The sound at −27 LUFS.
fn levelled(sound: &[f64]) -> Vec<f32> {
    let rate = SampleRate::new(RATE as u32).unwrap();
    let mut meter = Meter::new(&MeterSpec::new(rate, Positions::Discrete(1))).unwrap();
    meter.push(Samples::Doubles(sound)).unwrap();
    let is = meter.finish().integrated.unwrap().value();
    let gain = 10_f64.power((-27.0 - is) / 20.0);
    sound.iter().map(|v| (v * gain) as f32).collect()
}

/// A resonance.
struct Ring {
    turn: f64,
    y: [f64; 2],
}

impl Ring {
    fn new(hertz: f64) -> Self {
        let turn = 2.0 * 0.985 * (TAU * hertz / RATE as f64).cosine();
        Self { turn, y: [0.0; 2] }
    }

    fn next(&mut self, x: f64) -> f64 {
        let y = 0.015 * x + self.turn * self.y[0] - 0.985 * 0.985 * self.y[1];
        self.y = [y, self.y[0]];
        y
    }
}

/// Speech-like: voiced and unvoiced syllables, words, pauses between lines.
fn speech(seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let pitch = 130.0 + 50.0 * random.noise();
    let mut out = Vec::with_capacity(FRAMES);
    let mut phase = 0.0;
    while out.len() < FRAMES {
        if random.range(0, 14) == 0 {
            let pause = random.range(RATE / 2, 3 * RATE);
            out.extend((0..pause).map(|_| 1e-5 * random.noise()));
        }
        let length = random.range(RATE / 12, RATE / 4);
        let hiss = random.range(0, 5) == 0;
        let loud = 0.3 + 0.35 * (random.noise() + 1.0);
        let formants = [
            500.0 + 250.0 * random.noise(),
            1_500.0 + 700.0 * random.noise(),
            2_800.0,
        ];
        let mut rings = formants.map(Ring::new);
        let mut last = 0.0;
        for i in 0..length {
            let way = i as f64 / length as f64;
            phase += pitch * (1.0 + 0.1 * (way * 2.0).sine()) / RATE as f64;
            phase -= phase.floor();
            let noise = random.noise();
            let sound = if hiss {
                0.1 * (noise - last)
            } else {
                let buzz = 1.0 - 2.0 * phase + 0.05 * noise;
                rings
                    .iter_mut()
                    .zip([1.0, 0.5, 0.25])
                    .map(|(ring, gain)| gain * ring.next(buzz))
                    .sum()
            };
            last = noise;
            out.push(loud * (TAU / 2.0 * way).sine() * sound);
        }
    }
    out.truncate(FRAMES);
    out
}

/// Notes: chords of partials, with vibrato, that swell and die away over a little hiss.
fn notes(seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let base = 110.0 * (0.5 * random.noise()).power_of_two();
    let mut out = Vec::with_capacity(FRAMES);
    while out.len() < FRAMES {
        let length = random.range(RATE / 2, 2 * RATE);
        let chord: Vec<f64> = (0..4)
            .map(|_| base * (random.range(0, 28) as f64 / 12.0).power_of_two())
            .collect();
        let mut phases = [0.0; 4];
        for i in 0..length {
            let t = i as f64 / RATE as f64;
            let swell = (1.0 - (-t * 8.0).exponential()) * (-t * 0.6).exponential();
            let damped = 1.0 - (-((length - i) as f64) / 800.0).exponential();
            let vibrato = 1.0 + 0.004 * (TAU * 5.3 * t).sine();
            let mut sum = 0.0;
            for (phase, hertz) in phases.iter_mut().zip(&chord) {
                *phase += TAU * hertz * vibrato / RATE as f64;
                let (s, c) = (phase.sine(), phase.cosine());
                // Partials up to the fourth of one sine.
                sum +=
                    s + s * c + 0.6 * s * (4.0 * c * c - 1.0) + 0.6 * s * c * (2.0 * c * c - 1.0);
            }
            out.push(0.05 * swell * damped * sum + 2e-4 * random.noise());
        }
    }
    out.truncate(FRAMES);
    out
}

/// The same with drums.
fn band(seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut out = notes(seed + 1);
    let beat = RATE * 60 / random.range(90, 150) / 2;
    for (at, v) in out.iter_mut().enumerate() {
        let t = (at % beat) as f64 / RATE as f64;
        let low = if (at / beat).is_multiple_of(2) {
            0.35 * (-t * 18.0).exponential() * (TAU * 60.0 * t).sine()
        } else {
            0.0
        };
        *v += 0.15 * (-t * 40.0).exponential() * random.noise() + low;
    }
    out
}

/// Notes in a wide hall: a bed of noise that never ends 6 dB below them. (In noise alone a leak as faint as this
/// takes some ten minutes to stand out.)
fn hall(seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut out = notes(seed + 1);
    let (mut a, mut b) = (0.0, 0.0);
    let bed: Vec<f64> = (0..FRAMES)
        .map(|_| {
            let noise = random.noise();
            a += 0.02 * (noise - a);
            b += 0.2 * (noise - b);
            a + 0.2 * b + 0.01 * noise
        })
        .collect();
    let power = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>();
    let gain = 0.5 * (power(&out) / power(&bed)).sqrt();
    out.iter_mut()
        .zip(&bed)
        .for_each(|(v, bed)| *v += gain * bed);
    out
}

fn look(speech: &[f32], music: &[f32], gain: f32) -> Vec<Leak> {
    let mut meter = LeakMeter::new(SampleRate::new(RATE as u32).unwrap(), 1);
    for (speech, music) in speech.chunks(RATE).zip(music.chunks(RATE)) {
        let heard: Vec<f32> = music
            .iter()
            .zip(speech)
            .map(|(m, s)| m + gain * s)
            .collect();
        meter.push(&[(speech, &heard)]);
    }
    let (segments, whole) = meter.finish();
    // What M1 takes: sure, and not far below −40 dB.
    let taken = |leak: &Leak| leak.is_sure() && leak.gain.abs() > 10_f64.power(-43.5 / 20.0);
    segments.into_iter().chain(whole).filter(taken).collect()
}

#[test]
fn a_leak_of_40_db_is_found_and_nothing_where_none_is() {
    let seeds: Vec<u64> = (0..10).collect();
    let speeches: Vec<Vec<f32>> = seeds
        .par_iter()
        .map(|&seed| levelled(&speech(seed + 1)))
        .collect();
    let musics: Vec<Vec<f32>> = seeds
        .par_iter()
        .map(|&seed| {
            levelled(&match seed {
                0..=4 => notes(seed + 100),
                5..=8 => band(seed + 200),
                _ => hall(seed + 300),
            })
        })
        .collect();
    let cases: Vec<(usize, usize)> = (0..10).flat_map(|s| (0..10).map(move |m| (s, m))).collect();
    let missed: Vec<(usize, usize)> = cases
        .into_par_iter()
        .filter(|&(s, m)| look(&speeches[s], &musics[m], 0.01).is_empty())
        .collect();
    let alarms: Vec<(usize, Vec<Leak>)> = (0..10)
        .into_par_iter()
        .map(|i| (i, look(&speeches[i], &musics[i], 0.0)))
        .filter(|(_, leaks)| !leaks.is_empty())
        .collect();
    println!(
        "{} of 100 leaks at -40 dB found in {SECONDS} s each; {} alarms in {} minutes of none",
        100 - missed.len(),
        alarms.len(),
        10 * SECONDS / 60
    );
    assert!(
        missed.len() <= 5,
        "speech and music of those missed: {missed:?}"
    );
    assert!(alarms.len() <= 10 * SECONDS / 600, "{alarms:?}");
}

/// What is said of a package into whose M&E the dialogue leaks, with its level in dB.
fn told(seed: u64, gain: f64, late: usize) -> Vec<(String, f64)> {
    let mut package = Package::clean(seed, 40);
    let dialogue = package.take("DX").planes.clone();
    for (to, from) in package.take_mut("ME").planes.iter_mut().zip(&dialogue) {
        for (to, from) in to.iter_mut().skip(late).zip(from) {
            *to += (f64::from(*from) * gain).round() as i32;
        }
    }
    let folder = folder("leak");
    package.write(folder.path());
    let judgement = judge(folder.path(), &Waivers::default());
    let level = |fault: &Fault| {
        let said = fault
            .measured
            .as_deref()
            .and_then(|is| is.strip_suffix(" dB"));
        said.map_or(0.0, |is| is.parse().unwrap())
    };
    let leaks = judgement
        .faults()
        .filter(|(_, fault)| fault.code.id.starts_with("QCM10"));
    leaks
        .map(|(_, fault)| (fault.code.id.to_owned(), level(fault)))
        .collect()
}

#[test]
fn the_level_of_a_leak_is_told() {
    let cases = [(-18.0, 0), (-30.0, 0), (-36.0, 0), (-20.0, 1_111)];
    let wrong: Vec<String> = (0..12_usize)
        .into_par_iter()
        .filter_map(|i| {
            let (db, late) = cases[i % cases.len()];
            let found = told(60 + i as u64, 10_f64.power(db / 20.0), late);
            let right = |(_, is): &(String, f64)| (is - db).abs() <= 0.5;
            let is_right = !found.is_empty() && found.iter().all(right);
            (!is_right).then(|| format!("{db} dB, {late} late: {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
