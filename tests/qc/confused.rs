//! Packages that look like faults and are none, and faults that look like something else.

use stemline::qc::Waivers;

use super::cases::{Case, LEADER, PLAIN, STEMS, each, leader, nothing, pop, reels};
use super::support::{Exact as _, Package, RATE};

/// Every file begins and ends in the middle of a sound.
fn cut(p: &mut Package) {
    for take in &mut p.takes {
        for plane in &mut take.planes {
            plane.drain(..7_001);
        }
    }
}

/// Effects in clips with fades of 5 ms between digital silence, on no frame edge.
fn clips(p: &mut Package) {
    each(p, "FX", |_, i, v| {
        let at = (i % 19_001) as f64;
        let fade = (at / 240.0).min((15_000.0 - at) / 240.0).clamp(0.0, 1.0);
        (f64::from(v) * fade) as i32
    });
    p.sum();
}

/// A limiter that looks ahead by 2 ms, holds all channels together and lets go slowly.
fn brickwall(p: &mut Package) {
    let planes = p.take("MIX").planes.clone();
    let top = |i: usize| f64::from(planes.iter().map(|plane| plane[i].abs()).max().unwrap());
    let most = (0..p.frames()).map(top).fold(0.0, f64::max);
    let wanted: Vec<f64> = (0..p.frames())
        .map(|i| (0.7 * most / top(i).max(1.0)).min(1.0))
        .collect();
    let mut held = 1.0_f64;
    let held: Vec<f64> = (0..wanted.len())
        .map(|i| {
            let ahead = &wanted[i..(i + 96).min(wanted.len())];
            let least = ahead.iter().copied().fold(1.0, f64::min);
            held = least.min(held + (1.0 - held) * 0.000_2);
            held
        })
        .collect();
    let gain = |i: usize| {
        let behind = &held[i.saturating_sub(95)..=i];
        behind.iter().sum::<f64>() / behind.len() as f64
    };
    let gains: Vec<f64> = (0..held.len()).map(gain).collect();
    each(p, "MIX", |_, i, v| (f64::from(v) * gains[i]).round() as i32);
}

/// One pop of one level in every file, sums too.
fn printed(p: &mut Package) {
    leader(p);
    let frames = p.frames();
    for code in ["ME", "MIX"] {
        pop(p, code, 6 * RATE);
        pop(p, code, frames - 2 * RATE - 2_000);
    }
}

/// A leader without pops.
fn silent_leader(p: &mut Package) {
    for code in STEMS {
        each(p, code, |_, i, v| if i < 8 * RATE { 0 } else { v });
    }
    p.sum();
}

/// A leader behind which the music begins hard, at the first frame of picture.
fn hard(p: &mut Package) {
    leader(p);
    each(p, "MX", |channel, i, v| {
        let since = i.wrapping_sub(8 * RATE);
        let tone = (since as f64 * 0.03 + 1.0).cosine() * 900_000.0;
        if channel == 1 && since < RATE {
            v + tone as i32
        } else {
            v
        }
    });
    p.sum();
}

/// A stretch of the mix that is something else.
fn torn(p: &mut Package) {
    each(p, "MIX", |_, i, v| {
        if i / RATE == 9 && i % 3 == 0 {
            v / 3
        } else {
            v
        }
    });
}

pub(super) const CASES: &[Case] = &[
    Case::new("QCC301", LEADER, hard, |p| {
        each(
            p,
            "DX",
            |_, i, v| if i == 10 * RATE + 7 { v + 2_500_000 } else { v },
        );
    }),
    Case::new("QCC301", PLAIN, cut, |p| {
        each(p, "MX", |_, i, v| {
            v + if i / 3 == 61_000 { 2_500_000 } else { 0 }
        });
    }),
    Case::new("QCC301", PLAIN, nothing, |p| {
        each(p, "MX", |_, i, v| {
            v + if i / 8 == 51_000 { -2_500_000 } else { 0 }
        });
    }),
    Case::new("QCS301", PLAIN, clips, |p| {
        each(p, "FX", |_, i, v| {
            if (200_003..200_703).contains(&i) {
                0
            } else {
                v
            }
        });
    }),
    Case::new("QCN101", PLAIN, brickwall, torn),
    Case::new("QCN101", LEADER, printed, torn),
    Case::new("QCN104", PLAIN, nothing, |p| {
        each(p, "DX", |channel, _, v| {
            if channel == 1 {
                (f64::from(v) * 0.808).round() as i32
            } else {
                v
            }
        });
    }),
    Case::new("QCM501", PLAIN, nothing, |p| {
        let music = p.take("MX").planes.clone();
        each(p, "ME", |channel, i, v| {
            v - (f64::from(music[channel][i]) * 0.0114).round() as i32
        });
    }),
    Case::new("QCY104", LEADER, leader, |p| {
        each(p, "MX", |_, i, v| if i < 8 * RATE { v / 2 } else { v });
    }),
    Case::new("QCY104", PLAIN, leader, |p| {
        each(
            p,
            "MX",
            |channel, i, v| if channel == 1 && i < 8 * RATE { 0 } else { v },
        );
    }),
    Case::new("QCY102", PLAIN, silent_leader, |p| pop(p, "DX", 6 * RATE)),
    Case::new("QCY101", PLAIN, leader, |p| {
        for plane in &mut p.take_mut("ME").planes {
            plane[..8 * RATE].rotate_right(96);
        }
    }),
    Case::new("QCY301", PLAIN, nothing, |p| {
        for plane in &mut p.take_mut("FX").planes {
            plane.rotate_right(60_000);
        }
    }),
];

#[test]
fn a_stem_that_one_reel_lacks_is_missed() {
    let mut package = Package::clean(3, 4);
    reels(&mut package);
    let gone = |name: &str| name.contains("_R2_FX");
    package
        .takes
        .retain(|take| !take.name.as_ref().is_some_and(|name| gone(name)));
    let folder = super::folder("reels");
    package.write(folder.path());
    let said = super::said(&super::judge(folder.path(), &Waivers::default()));
    let missed = |line: &String| line.contains("no file for FX in reel 2");
    assert_eq!(
        said.iter().filter(|line| missed(line)).count(),
        1,
        "{said:#?}"
    );
}
