//! Faults of whole files: of one channel, several in one file, one behind another, in two files at once.

use rayon::prelude::*;
use stemline::qc::Waivers;

use super::support::{Exact as _, Package, RATE};
use super::{folder, judge, judge_by, said};

/// The fault, the seconds of the package, what is done to it, and how what is said begins: each of these, no others.
type Case = (&'static str, fn(&mut Package), &'static [&'static str]);

fn planes(p: &mut Package, code: &str, change: impl Fn(&mut Vec<i32>)) {
    p.take_mut(code).planes.iter_mut().for_each(change);
}

/// Late by so many samples, early where they are negative; silence comes in.
fn late(plane: &mut [i32], by: i64) {
    let from = plane.to_vec();
    for (i, v) in plane.iter_mut().enumerate() {
        let at = usize::try_from(i as i64 - by).ok();
        *v = at.and_then(|at| from.get(at)).copied().unwrap_or_default();
    }
}

fn shift(p: &mut Package, code: &str, by: i64) {
    planes(p, code, |plane| late(plane, by));
}

fn gain(p: &mut Package, code: &str, db: f64) {
    let gain = 10.0_f64.power(db / 20.0);
    let of = |v: i32| (f64::from(v) * gain).round() as i32;
    planes(p, code, |plane| plane.iter_mut().for_each(|v| *v = of(*v)));
}

fn invert(p: &mut Package, code: &str) {
    planes(p, code, |plane| plane.iter_mut().for_each(|v| *v = -*v));
}

/// A fade out and in around nothing, on no frame edge.
fn hole(p: &mut Package, code: &str, at: usize) {
    let gain = |i: usize| {
        let off = (i.abs_diff(at + 6_000)) as f64;
        ((off - 5_000.0) / 1_000.0).clamp(0.0, 1.0)
    };
    planes(p, code, |plane| {
        for (i, v) in plane.iter_mut().enumerate() {
            *v = (f64::from(*v) * gain(i)).round() as i32;
        }
    });
}

/// Made slower by so many parts per million, between samples by a sinc.
fn pull(p: &mut Package, code: &str, ppm: f64) {
    planes(p, code, |plane| {
        let from = plane.clone();
        for (i, v) in plane.iter_mut().enumerate() {
            let at = i as f64 * (1.0 - ppm / 1e6);
            let (whole, part) = (at.floor(), at.fract());
            let tap = |k: i64| {
                // Behind the end the sound goes back.
                let last = from.len() as i64 - 1;
                let index = usize::try_from(last - (last - whole as i64 - k).abs()).ok();
                let x = index.and_then(|i| from.get(i)).copied().unwrap_or_default();
                let turn = std::f64::consts::PI * (part - k as f64);
                let sinc = if turn.abs() < 1e-9 {
                    1.0
                } else {
                    turn.sine() / turn
                };
                f64::from(x) * sinc * (0.5 + 0.5 * (turn / 12.0).cosine())
            };
            *v = (-11..=12).map(tap).sum::<f64>().round() as i32;
        }
    });
}

const CASES: &[Case] = &[
    ("nothing", |_| {}, &[]),
    (
        "one channel late",
        |p| late(&mut p.take_mut("FX").planes[1], 700),
        &[
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"+700 samples\") channel R of FX is 700 samples late",
        ],
    ),
    (
        "one of two equal channels early by one",
        |p| late(&mut p.take_mut("DX").planes[0], -1),
        &["QCY301 Some(\"Film_DX.wav\") Some(0) Some(\"-1 samples\") channel L of DX"],
    ),
    (
        "a channel of the mix late",
        |p| late(&mut p.take_mut("MIX").planes[0], 48),
        &["QCY301 Some(\"Film_MIX.wav\") Some(0) Some(\"+48 samples\") channel L of MIX"],
    ),
    (
        "the whole file three seconds late",
        |p| shift(p, "FX", 144_000),
        &["QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"+144000 samples\")"],
    ),
    (
        "late and lower",
        |p| {
            gain(p, "MX", -1.5);
            shift(p, "MX", 77);
        },
        &[
            "QCY301 Some(\"Film_MX.wav\") Some(0) Some(\"+77 samples\")",
            "QCN103 Some(\"Film_MX.wav\") Some(0) Some(\"-1.50 dB\")",
            "QCM501 Some(\"Film_MX.wav\") Some(0) Some(\"-1.50 dB\")",
        ],
    ),
    (
        "early and upside down",
        |p| {
            invert(p, "FX");
            shift(p, "FX", -12);
        },
        &[
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"-12 samples\")",
            "QCP201 Some(\"Film_FX.wav\")",
        ],
    ),
    (
        "late and swapped",
        |p| {
            p.take_mut("FX").planes.swap(0, 1);
            shift(p, "FX", 30);
        },
        &[
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"+30 samples\")",
            "QCP202 Some(\"Film_FX.wav\")",
        ],
    ),
    (
        "late with a hole in it",
        |p| {
            hole(p, "FX", 3 * RATE + 77);
            shift(p, "FX", 500);
        },
        &[
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"+500 samples\")",
            "QCN101 Some(\"Film_MIX.wav\") Some(14",
            "QCN401 Some(\"Film_ME.wav\") Some(14",
        ],
    ),
    (
        "upside down with a part of the mix changed",
        |p| {
            invert(p, "MX");
            for plane in &mut p.take_mut("MIX").planes {
                for (i, v) in plane.iter_mut().enumerate().skip(200_000).take(6_000) {
                    *v += 4_000 + (i % 89) as i32 * 90;
                }
            }
        },
        &[
            "QCP201 Some(\"Film_MX.wav\")",
            "QCN101 Some(\"Film_MIX.wav\") Some(200000)",
        ],
    ),
    (
        "lower with a part of the mix changed",
        |p| {
            gain(p, "DX", 0.7);
            for plane in &mut p.take_mut("MIX").planes {
                for (i, v) in plane.iter_mut().enumerate().skip(200_000).take(6_000) {
                    *v += 4_000 + (i % 89) as i32 * 90;
                }
            }
        },
        &[
            "QCN103 Some(\"Film_DX.wav\") Some(0) Some(\"+0.70 dB\")",
            "QCN101 Some(\"Film_MIX.wav\") Some(200000)",
        ],
    ),
    (
        "two places silent",
        |p| {
            for plane in &mut p.take_mut("MX").planes {
                for at in [3 * RATE + 50, 5 * RATE + 50] {
                    for (k, v) in plane[at..at + 5_000].iter_mut().enumerate() {
                        *v = if k < 240 {
                            *v * (240 - k as i32) / 240
                        } else {
                            0
                        };
                    }
                }
            }
        },
        &["QCN10", "QCN40", "QCS301"],
    ),
    (
        "two files late and early",
        |p| {
            shift(p, "MX", 77);
            shift(p, "FX", -500);
        },
        &[
            "QCY301 Some(\"Film_MX.wav\") Some(0) Some(\"+77 samples\")",
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"-500 samples\")",
        ],
    ),
    (
        "two files at other levels",
        |p| {
            gain(p, "MX", -1.5);
            gain(p, "DX", 0.7);
        },
        &[
            "QCN103 Some(\"Film_MX.wav\") Some(0) Some(\"-1.50 dB\")",
            "QCN103 Some(\"Film_DX.wav\") Some(0) Some(\"+0.70 dB\")",
            "QCM501 Some(\"Film_MX.wav\") Some(0) Some(\"-1.50 dB\")",
        ],
    ),
    (
        "one file late and one louder",
        |p| {
            shift(p, "FX", 77);
            gain(p, "DX", 0.7);
        },
        &[
            "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"+77 samples\")",
            "QCN103 Some(\"Film_DX.wav\") Some(0) Some(\"+0.70 dB\")",
        ],
    ),
    (
        "dialogue in the M&E alone",
        |p| {
            let dialogue = p.take("DX").planes.clone();
            for (to, from) in p.take_mut("ME").planes.iter_mut().zip(&dialogue) {
                to.iter_mut().zip(from).for_each(|(to, v)| *to += v / 40);
            }
        },
        &["QCN401 Some(\"Film_ME.wav\")", "QCM10"],
    ),
    (
        "effects that the M&E lacks for two seconds",
        |p| {
            let effects = p.take("FX").planes.clone();
            for (to, from) in p.take_mut("ME").planes.iter_mut().zip(&effects) {
                let lost = 4 * RATE..6 * RATE;
                let pairs = to[lost.clone()].iter_mut().zip(&from[lost]);
                pairs.for_each(|(to, from)| *to -= from);
            }
        },
        &["QCM401 Some(\"Film_FX.wav\") Some(19"],
    ),
    (
        "0.1 % slower",
        |p| pull(p, "DX", 1_001.0),
        &["QCY302 Some(\"Film_DX.wav\") Some(0) Some(\"+1001 ppm\")"],
    ),
    (
        "0.1 % faster",
        |p| pull(p, "MX", -999.0),
        &["QCY302 Some(\"Film_MX.wav\") Some(0) Some(\"-999 ppm\")"],
    ),
    (
        "a little slower",
        |p| pull(p, "MX", 200.0),
        &["QCY302 Some(\"Film_MX.wav\") Some(0) Some(\"+200 ppm\")"],
    ),
    (
        "next to nothing slower",
        |p| pull(p, "MX", 12.0),
        &["QCY302 Some(\"Film_MX.wav\") Some(0) Some(\"+12 ppm\")"],
    ),
];

/// What is wrong with what is said of a package of so many seconds.
fn check((what, change, wanted): &Case, seconds: usize) -> Option<String> {
    let mut package = Package::clean(what.len() as u64 + 3, seconds);
    change(&mut package);
    let folder = folder("whole");
    package.write(folder.path());
    let said = said(&judge(folder.path(), &Waivers::default()));
    let begins = |line: &String, with: &&str| line.starts_with(with);
    let all = wanted.iter().all(|w| said.iter().any(|s| begins(s, w)));
    let only = said.iter().all(|s| wanted.iter().any(|w| begins(s, w)));
    (!all || !only).then(|| format!("{what}: {said:#?}"))
}

#[test]
fn what_is_wrong_with_whole_files_is_named() {
    let wrong: Vec<String> = CASES.par_iter().filter_map(|case| check(case, 9)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_files_of_six_channels_that_are_late_are_both_named() {
    let mut package = Package::clean(92, 9);
    package.surround();
    shift(&mut package, "MX", 77);
    shift(&mut package, "FX", -500);
    let spec = stemline::spec::Spec::builtin("dme").unwrap();
    let spec = spec.with_layout(package.takes[0].layout.clone()).unwrap();
    let folder = folder("six");
    package.write(folder.path());
    let said = said(&judge_by(&spec, folder.path(), &Waivers::default()));
    for is in [
        "QCY301 Some(\"Film_MX.wav\") Some(0) Some(\"+77 samples\")",
        "QCY301 Some(\"Film_FX.wav\") Some(0) Some(\"-500 samples\")",
    ] {
        assert!(said.iter().any(|line| line.starts_with(is)), "{said:#?}");
    }
}

#[test]
fn a_channel_of_six_that_is_early_is_named() {
    let mut package = Package::clean(91, 6);
    package.surround();
    late(&mut package.take_mut("DX").planes[2], -100);
    let spec = stemline::spec::Spec::builtin("dme").unwrap();
    let spec = spec.with_layout(package.takes[0].layout.clone()).unwrap();
    let folder = folder("six");
    package.write(folder.path());
    let said = said(&judge_by(&spec, folder.path(), &Waivers::default()));
    let is = "QCY301 Some(\"Film_DX.wav\") Some(0) Some(\"-100 samples\") channel C of DX";
    assert!(said.iter().any(|line| line.starts_with(is)), "{said:#?}");
}
