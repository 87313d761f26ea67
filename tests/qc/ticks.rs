//! Sounds that begin hard and ring away, which are no clicks, and clicks among them.

use std::f64::consts::TAU;

use rayon::prelude::*;
use stemline::audio::SampleRate;
use stemline::meter::Samples;
use stemline::meter::scan::{ScanSpec, Scanner};
use stemline::qc::Waivers;

use super::support::{Exact as _, Package, RATE, Random};
use super::{folder, judge, judge_by, said};

/// What a knock is made of: its tones in Hz, how long each rings in seconds, and the share of noise.
type Knock = (&'static [f64], f64, f64);

/// Clocks, castanets, rims, blocks, closed and open hats, a kick.
const KNOCKS: [Knock; 9] = [
    (&[2_000.0, 3_300.0], 0.004, 0.0),
    (&[4_200.0, 5_900.0], 0.0015, 0.05),
    (&[2_400.0, 3_700.0, 5_200.0], 0.012, 0.0),
    (&[2_900.0], 0.025, 0.0),
    (&[850.0, 2_100.0], 0.02, 0.1),
    (&[6_000.0, 4_700.0, 5_300.0], 0.03, 0.5),
    (&[5_100.0], 0.06, 0.3),
    (&[3_000.0], 0.0008, 0.0),
    (&[70.0, 2_600.0], 0.02, 0.0),
];

/// Lays a knock into a plane at `at`, from its first sample on at full height and in any phase.
fn strike(plane: &mut [i32], at: usize, (tones, length, noise): Knock, random: &mut Random) {
    let height = 400_000.0 * (1.0 + 4.0 * random.noise().abs());
    let phases: Vec<f64> = tones.iter().map(|_| TAU * random.noise()).collect();
    for (k, v) in plane.iter_mut().skip(at).take(RATE / 2).enumerate() {
        let t = k as f64 / RATE as f64;
        let ring = |(f, phase): (&f64, &f64)| (TAU * f * t + phase).sine();
        let tone: f64 = tones.iter().zip(&phases).map(ring).sum();
        let sound = tone / tones.len() as f64 + noise * random.noise();
        *v += (height * (-t / length).exponential() * sound) as i32;
    }
}

/// A channel of knocks of one kind over so much noise, and where they begin.
fn ticking(knock: Knock, hiss: f64, seed: u64) -> (Vec<i32>, Vec<usize>) {
    let mut random = Random::new(seed);
    let mut plane: Vec<i32> = (0..3 * RATE)
        .map(|_| (hiss * random.noise()) as i32)
        .collect();
    let mut places = Vec::new();
    let mut at = random.range(2_000, 9_000);
    while at + RATE / 4 < plane.len() {
        strike(&mut plane, at, knock, &mut random);
        places.push(at);
        at += random.range(9_000, 30_000);
    }
    (plane, places)
}

/// Where a scan sees clicks.
fn clicks(plane: &[i32]) -> Vec<u64> {
    let mut scanner = Scanner::new(ScanSpec::new(SampleRate::HZ_48000, 1)).unwrap();
    let ints = Samples::Ints {
        samples: plane,
        bits: 24,
    };
    scanner.push(ints).unwrap();
    let scan = scanner.finish();
    let clicks = &scan.channels[0].clicks;
    clicks.iter().map(|click| click.at).collect()
}

#[test]
fn sounds_that_begin_hard_and_ring_away_are_no_clicks() {
    let (mut struck, mut wrong) = (0, Vec::new());
    for (i, &knock) in KNOCKS.iter().enumerate() {
        for seed in 0..12 {
            let hiss = [0.0, 3.0, 300.0, 3_000.0][seed as usize % 4];
            let (plane, places) = ticking(knock, hiss, seed * 31 + i as u64);
            struck += places.len();
            let found = clicks(&plane);
            if !found.is_empty() {
                wrong.push(format!("knock {i}, hiss {hiss}: {found:?} of {places:?}"));
            }
        }
    }
    assert!(struck > 500 && wrong.is_empty(), "{struck}: {wrong:#?}");
}

#[test]
fn a_click_between_knocks_is_found() {
    let mut missed = Vec::new();
    for (i, &knock) in KNOCKS.iter().enumerate() {
        for seed in 0..6 {
            let hiss = [0.0, 30.0][seed as usize % 2];
            let (mut plane, places) = ticking(knock, hiss, seed * 37 + i as u64);
            let at = places[1] - 1_500;
            let wide = [1, 3, 9][seed as usize % 3];
            plane[at..at + wide]
                .iter_mut()
                .for_each(|v| *v += 2_000_000);
            if clicks(&plane) != [at as u64] {
                missed.push(format!("knock {i}, {wide} wide, hiss {hiss}"));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// A sound that is cut in without a fade and goes on: music, speech, air.
#[test]
fn a_cut_without_a_fade_is_a_click_still() {
    let package = Package::clean(9, 8);
    let loud = |plane: &[i32], at: usize| plane[at].abs() > 150_000;
    for code in ["MX", "DX"] {
        let plane = &package.take(code).planes[0];
        let places: Vec<usize> = (RATE..5 * RATE)
            .step_by(977)
            .filter(|&at| loud(plane, at))
            .collect();
        let found = places.iter().filter(|&&at| {
            let mut cut = plane.clone();
            cut[at - 24_000..at].fill(0);
            clicks(&cut).contains(&(at as u64))
        });
        let (found, all) = (found.count(), places.len());
        println!("{code}: {found} of {all} cuts found");
        assert!(all > 8 && found * 10 >= all * 8, "{code}: {found} of {all}");
    }
}

#[test]
fn a_ticking_clock_in_a_stem_is_no_fault_of_any_file() {
    let alarms: Vec<String> = (0..KNOCKS.len())
        .into_par_iter()
        .filter_map(|kind| {
            let mut package = Package::clean(kind as u64 + 40, 6);
            let code = ["FX", "MX"][kind % 2];
            let mut random = Random::new(kind as u64);
            for at in (10_000..5 * RATE).step_by(24_000) {
                let at = at + random.range(0, 4_000);
                let mut tick = vec![0; package.frames()];
                strike(&mut tick, at, KNOCKS[kind], &mut random);
                for (channel, plane) in package.take_mut(code).planes.iter_mut().enumerate() {
                    let more = tick.iter().map(|v| v / (channel as i32 + 1));
                    plane.iter_mut().zip(more).for_each(|(v, more)| *v += more);
                }
            }
            package.sum();
            let folder = folder("clock");
            package.write(folder.path());
            let said = said(&judge(folder.path(), &Waivers::default()));
            (!said.is_empty()).then(|| format!("{kind}: {said:#?}"))
        })
        .collect();
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn a_sample_alone_in_a_silent_channel_is_a_click() {
    for (channel, at) in [(3, 5 * RATE + 77), (3, 5 * RATE), (0, 4 * RATE + 2_001)] {
        let mut package = Package::clean(93, 9);
        package.surround();
        let dialogue = &mut package.take_mut("DX").planes;
        // Hiss, in which nothing is to be heard.
        let mut noise = Random::new(7);
        let hiss = dialogue[channel].iter_mut();
        hiss.for_each(|v| *v = (noise.noise() * 40.0) as i32);
        dialogue[channel][at] = 5_000_000;
        package.sum();
        let spec = stemline::spec::Spec::builtin("dme").unwrap();
        let spec = spec.with_layout(package.takes[0].layout.clone()).unwrap();
        let folder = folder("alone");
        package.write(folder.path());
        let said = said(&judge_by(&spec, folder.path(), &Waivers::default()));
        let is = format!("QCC301 Some(\"Film_DX.wav\") Some({at})");
        assert!(said.iter().any(|line| line.starts_with(&is)), "{said:#?}");
    }
}
