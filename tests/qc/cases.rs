//! One package for every check: where it is silent, and the same with a fault in it.

use std::fs;
use std::path::Path;

use md5::{Digest as _, Md5};
use rayon::prelude::*;
use serde_json::{Value, json};

use stemline::audio::SampleFormat;
use stemline::meter::{Meter, MeterSpec, Positions, Samples};
use stemline::qc::{CHECKS, Judgement, Outcome, Waivers};
use stemline::spec::Spec;
use stemline::time::FrameRate;

use super::support::{Exact as _, Package, RATE, Random};
use super::{folder, judge_by};

/// Changes a package.
pub(super) type Change = fn(&mut Package);

/// Changes the folder of a package.
pub(super) type OnDisk = fn(&Path);

/// A fault and the package that is clean without it.
pub(super) struct Case {
    /// The code that has to be found.
    code: &'static str,
    /// What the spec says beside `dme`.
    spec: &'static str,
    base: Change,
    prepare: OnDisk,
    plant: Change,
    spoil: OnDisk,
}

pub(super) const PLAIN: &str = "";
const START: &str = "[programme]\nstart = \"HH:00:00:00\"\n";
pub(super) const LEADER: &str = "[programme]\nstart = \"HH:00:08:00\"\n\
    [head]\nlength = \"8 s\"\npop = \"2 s\"\n[tail]\nlength = \"4 s\"\npop = \"2 s\"\n\
    [pop]\nfrequency = \"1000 Hz\"\nlevel = \"-20 dBFS\"\n";
const LOUD: &str = "[[loudness]]\nof = [\"MIX\"]\ngate = \"programme\"\ntarget = \"-23 LUFS\"\ntolerance = \"1 LU\"\nmeasurement = \"M\"\n";
const SPOKEN: &str = "[[loudness]]\nof = [\"MIX\"]\ngate = \"dialogue\"\ntarget = \"-23 LUFS\"\ntolerance = \"5 LU\"\nmeasurement = \"M\"\n";
const BOTH: &str = "[[loudness]]\nof = [\"MIX\"]\ngate = \"dialogue\"\ntarget = \"-23 LUFS\"\ntolerance = \"5 LU\"\nmeasurement = \"M\"\n\
    [[loudness]]\nof = [\"MIX\"]\ngate = \"programme\"\ntarget = \"-23 LUFS\"\ntolerance = \"1 LU\"\nmeasurement = \"M\"\n";
const PEAK: &str = "[[peak]]\ntrue_peak = \"-2 dBTP\"\nqc_true_peak = \"-1 dBTP\"\n";
const WIDE: &str = "[[stem]]\ncode = \"FOL\"\nlabel = \"Foley\"\ngroups = [\"foley\"]\n\
    [[composite]]\ncode = \"FXM\"\nlabel = \"All effects\"\nrecipe = [\"FX\", \"FOL\"]\n";

pub(super) fn nothing(_: &mut Package) {}

fn untouched(_: &Path) {}

impl Case {
    pub(super) const fn new(
        code: &'static str,
        spec: &'static str,
        base: Change,
        plant: Change,
    ) -> Self {
        Self {
            code,
            spec,
            base,
            prepare: untouched,
            plant,
            spoil: untouched,
        }
    }

    const fn on_disk(code: &'static str, prepare: OnDisk, spoil: OnDisk) -> Self {
        Self {
            prepare,
            spoil,
            ..Self::new(code, PLAIN, nothing, nothing)
        }
    }
}

/// The rate, hour and samples of whole frames of a variant.
fn variant(number: usize) -> (FrameRate, u64, usize) {
    match number % 4 {
        0 => (FrameRate::F24, 1, 2_000),
        1 => (FrameRate::F25, 10, 1_920),
        2 => (FrameRate::F23_976, 1, 2_002),
        _ => (FrameRate::F29_97, 2, 8_008),
    }
}

/// The package as clean as it can be, with the rate and the start of a variant.
fn clean(case: &Case, number: usize) -> Package {
    let (rate, hour, pattern) = variant(number);
    let mut package = Package::clean(number as u64 + 70, 22);
    (case.base)(&mut package);
    let frames = package.frames() / pattern * pattern;
    let nominal = match rate {
        FrameRate::F23_976 | FrameRate::F29_97 => 172_972_800,
        _ => 172_800_000,
    };
    for take in &mut package.takes {
        for plane in &mut take.planes {
            plane.truncate(frames);
        }
        let second = take.name.as_ref().is_some_and(|name| name.contains("_R2_"));
        take.start = nominal * hour + if second { frames as u64 } else { 0 };
        take.stamp = Some(take.start);
        take.rate = rate;
    }
    package
}

fn judge(case: &Case, number: usize, package: &Package, spoiled: bool) -> Judgement {
    let (_, hour, _) = variant(number);
    let more = case.spec.replace("HH", &format!("{hour:02}"));
    let text = format!("{}\n{more}", Spec::builtin_text("dme").unwrap());
    let parsed = Spec::parse(&text, "case.toml");
    let mut spec = parsed.unwrap_or_else(|error| panic!("{}: {error}", case.code));
    let layout = package.takes[0].layout.clone();
    if layout.len() > 2 {
        spec = spec.with_layout(layout).unwrap();
    }
    let folder = folder("case");
    package.write(folder.path());
    (case.prepare)(folder.path());
    if spoiled {
        (case.spoil)(folder.path());
    }
    judge_by(&spec, folder.path(), &Waivers::default())
}

/// What one case got wrong.
fn check(case: &Case, number: usize) -> Option<String> {
    // Leaders are made for 24 frames a second.
    let number = if case.spec == LEADER { 0 } else { number };
    let (id, code) = (case.code.get(2..4).unwrap(), case.code);
    let mut package = clean(case, number);
    let before = judge(case, number, &package, false);
    let run = before.checks.iter().find(|run| run.check == id).unwrap();
    if run.outcome != Outcome::Passed {
        return Some(format!(
            "{code} without its fault: {:?} {:#?}",
            run.outcome, run.faults
        ));
    }
    (case.plant)(&mut package);
    let after = judge(case, number, &package, true);
    let run = after.checks.iter().find(|run| run.check == id).unwrap();
    let found = run.faults.iter().any(|fault| fault.code.id == code);
    (!found).then(|| {
        format!(
            "{code} with its fault: {}",
            super::said(&after).join("\n    ")
        )
    })
}

pub(super) fn each(p: &mut Package, code: &str, change: impl Fn(usize, usize, i32) -> i32) {
    for (channel, plane) in p.take_mut(code).planes.iter_mut().enumerate() {
        for (i, v) in plane.iter_mut().enumerate() {
            *v = change(channel, i, *v);
        }
    }
}

fn gain(p: &mut Package, codes: &[&str], gain: f64) {
    let full = 8_388_607.0;
    for code in codes {
        each(p, code, |_, _, v| {
            (f64::from(v) * gain).round().clamp(-full, full) as i32
        });
    }
}

pub(super) const STEMS: [&str; 3] = ["DX", "MX", "FX"];

/// Brings the mix to −23 LUFS.
fn level(p: &mut Package) {
    let spec = MeterSpec::new(
        stemline::audio::SampleRate::HZ_48000,
        Positions::Layout(stemline::audio::ChannelLayout::stereo()),
    );
    let mut meter = Meter::new(&spec).unwrap();
    let planes: Vec<&[i32]> = p.take("MIX").planes.iter().map(Vec::as_slice).collect();
    meter
        .push(Samples::PlanarInts {
            planes: &planes,
            bits: 24,
        })
        .unwrap();
    let is = meter.finish().integrated.unwrap().value();
    gain(p, &STEMS, 10_f64.power((-23.0 - is) / 20.0));
    p.sum();
}

/// Silence with pops before and behind the programme, in every stem.
pub(super) fn leader(p: &mut Package) {
    let frames = p.frames();
    for code in STEMS {
        each(p, code, |_, i, v| {
            if (8 * RATE..frames - 4 * RATE).contains(&i) {
                v
            } else {
                0
            }
        });
        pop(p, code, 6 * RATE);
        pop(p, code, frames - 2 * RATE - 2_000);
    }
    p.sum();
}

/// A pop of one frame at 24.
pub(super) fn pop(p: &mut Package, code: &str, at: usize) {
    each(p, code, |_, i, v| {
        let since = i.wrapping_sub(at);
        let turn = std::f64::consts::TAU * since as f64 / 48.0;
        if since < 2_000 {
            (150_000.0 * turn.sine()) as i32
        } else {
            v
        }
    });
}

/// A stem beside the others, and the composites with it.
fn add(p: &mut Package, code: &str, from: &str, seed: u64) {
    let mut take = p.take(from).clone();
    let other = Package::clean(seed, p.frames() / RATE);
    take.planes.clone_from(&other.take(from).planes);
    code.clone_into(&mut take.code);
    p.takes.push(take);
}

fn mix_in(p: &mut Package, into: &str, from: &str, gain: f64) {
    let from = p.take(from).planes.clone();
    for (to, from) in p.take_mut(into).planes.iter_mut().zip(&from) {
        to.iter_mut()
            .zip(from)
            .for_each(|(to, from)| *to += (f64::from(*from) * gain) as i32);
    }
}

/// Two reels of which the second goes on where the first ends.
pub(super) fn reels(p: &mut Package) {
    let mut next = p.takes.clone();
    for (reel, takes) in [(1, &mut p.takes), (2, &mut next)] {
        for take in takes {
            take.name = Some(format!("Film_R{reel}_{}.wav", take.code));
        }
    }
    p.takes.extend(next);
}

fn only_mix_and_me(p: &mut Package) {
    let half = p.frames() / 2;
    each(p, "DX", |_, i, v| if i < half { 0 } else { v });
    p.sum();
    p.takes.retain(|take| matches!(&*take.code, "MIX" | "ME"));
}

/// A limiter with a ceiling of half the peak.
fn limit(p: &mut Package) {
    let planes = p.take("MIX").planes.clone();
    let top = |i: usize| planes.iter().map(|plane| plane[i].abs()).max().unwrap();
    let blocks: Vec<i32> = (0..p.frames())
        .collect::<Vec<_>>()
        .chunks(2_048)
        .map(|c| c.iter().map(|&i| top(i)).max().unwrap())
        .collect();
    let ceiling = f64::from(*blocks.iter().max().unwrap()) * 0.6;
    let near = |k: usize| {
        blocks[k.saturating_sub(1)..(k + 2).min(blocks.len())]
            .iter()
            .max()
            .copied()
            .unwrap()
    };
    let wanted = |k: usize| (ceiling / f64::from(near(k.min(blocks.len() - 1))).max(1.0)).min(1.0);
    each(p, "MIX", |_, i, v| {
        let (k, part) = (i / 2_048, (i % 2_048) as f64 / 2_048.0);
        (f64::from(v) * (wanted(k) * (1.0 - part) + wanted(k + 1) * part)).round() as i32
    });
}

fn digest(path: &Path) -> String {
    let mut sum = Md5::new();
    sum.update(fs::read(path).unwrap());
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    sum.finalize().iter().fold(String::new(), hex)
}

fn checksum(folder: &Path) {
    let sum = digest(&folder.join("Film_DX.wav"));
    fs::write(folder.join("Film.md5"), format!("{sum}  Film_DX.wav\n")).unwrap();
}

/// The ledger of a package in which every stem holds one clip of its own.
fn ledger(folder: &Path) {
    fs::write(folder.join("Film_plan.json"), plan(2)).unwrap();
}

/// The plan of three clips, of which the effects play this source.
fn plan(effects: usize) -> String {
    let length = 480_000;
    let names = ["12-3", "1M1", "DOORWood_Creak"];
    let sources: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({"file": format!("{name}.wav"), "size": 1_440_044, "hash": "xxh3-128-sampled:0",
                "sample_rate": 48_000, "channels": 1, "frames": length})
        })
        .collect();
    let rows = [
        ("DX", "production", 0),
        ("MX", "score", 1),
        ("FX", "hard", effects),
    ];
    let stem = |(code, group, source): (&str, &str, usize)| {
        let routes: Vec<Value> = (0..2)
            .map(|to| json!({"from": 0, "to": to, "gain": 1.0}))
            .collect();
        let clip = json!({"name": code, "event": "1", "timeline": "T", "track": "A1",
            "record_in": "01:00:00:00", "found_by": "file name"});
        json!({"code": code, "label": code, "file": format!("Film_{code}.wav"), "layout": "2.0",
            "segments": [{"start": 0, "length": length, "source": source, "source_start": 0, "routes": routes,
                "gain_db": 0.0, "clip": clip, "because": {"rule": "R", "group": group, "evidence": []}}]})
    };
    let stems: Vec<Value> = rows.into_iter().map(stem).collect();
    let sum = |code: &str, stems: &[&str]| json!({"code": code, "label": code, "file": format!("Film_{code}.wav"), "layout": "2.0", "stems": stems});
    let plan = json!({"schema": "stemline.plan/1", "title": "Film", "spec": "dme", "timelines": ["T"],
        "sample_rate": 48_000, "bits": 24, "frame_rate": "24/1", "drop_frame": false, "start": "3600/1",
        "start_timecode": "01:00:00:00", "start_sample": 172_800_000, "length": length,
        "origination": "2026-01-01T12:00:00", "sources": sources, "stems": stems,
        "composites": [sum("ME", &["MX", "FX"]), sum("MIX", &["DX", "MX", "FX"])]});
    plan.to_string()
}

const CASES: &[Case] = &[
    Case::new("QCF101", PLAIN, nothing, |p| {
        p.take_mut("FX").hertz = 44_100;
    }),
    Case::new("QCF102", PLAIN, nothing, |p| {
        p.take_mut("MX").bits = SampleFormat::Int16;
    }),
    Case::new("QCF103", PLAIN, nothing, |p| {
        each(p, "MIX", |_, _, v| v >> 10 << 10);
    }),
    Case::new("QCF201", PLAIN, nothing, |p| {
        let take = p.take_mut("FX");
        take.planes.truncate(1);
        take.layout = stemline::audio::ChannelLayout::mono();
    }),
    Case::new("QCF301", PLAIN, nothing, |p| {
        p.take_mut("MX").name = Some("Film music.wav".to_owned());
    }),
    Case::new("QCF303", PLAIN, nothing, |p| {
        p.takes.retain(|take| take.code != "ME");
    }),
    Case::on_disk("QCF304", untouched, |folder| {
        fs::write(folder.join(".DS_Store"), b"x").unwrap();
    }),
    Case::on_disk("QCF304", untouched, |folder| {
        fs::copy(folder.join("Film_DX.wav"), folder.join("Film_XX.wav")).unwrap();
    }),
    Case::new("QCF401", PLAIN, nothing, |p| {
        p.take_mut("DX").stamp = Some(17);
    }),
    Case::new("QCF502", START, nothing, |p| {
        for take in &mut p.takes {
            take.start += 3_600 * 48_000;
            take.stamp = Some(take.start);
        }
    }),
    Case::new("QCF501", START, nothing, |p| {
        for take in &mut p.takes {
            take.start += 4_004;
            take.stamp = Some(take.start);
        }
    }),
    Case::new("QCF601", PLAIN, nothing, |p| {
        p.take_mut("ME").start += 4_004;
    }),
    Case::new("QCF604", PLAIN, nothing, |p| {
        p.take_mut("DX")
            .planes
            .iter_mut()
            .for_each(|plane| plane.truncate(plane.len() - 8_008));
    }),
    Case::new("QCF701", PLAIN, nothing, |p| {
        for take in &mut p.takes {
            take.planes
                .iter_mut()
                .for_each(|plane| plane.truncate(plane.len() - 777));
        }
    }),
    Case::on_disk("QCF801", checksum, |folder| {
        fs::write(
            folder.join("Film.md5"),
            format!("{}  Film_DX.wav\n", "0".repeat(32)),
        )
        .unwrap();
    }),
    Case::new("QCL101", LOUD, level, |p| {
        gain(p, &STEMS, 0.4);
        p.sum();
    }),
    Case::new("QCL201", SPOKEN, level, |p| {
        gain(p, &STEMS, 0.2);
        p.sum();
    }),
    Case::new("QCL301", BOTH, level, |p| {
        gain(p, &STEMS, 0.2);
        p.sum();
    }),
    Case::new("QCL401", PEAK, level, |p| {
        let at = p.frames() / 2;
        each(p, "MIX", |_, i, v| if i == at { 8_300_000 } else { v });
    }),
    Case::new("QCL501", LEADER, leader, |p| {
        each(p, "FX", |_, i, v| {
            if (RATE..5 * RATE).contains(&i) {
                v + ((i * 7_919) % 2_000_000) as i32 - 1_000_000
            } else {
                v
            }
        });
        p.sum();
    }),
    Case::new("QCS101", PLAIN, nothing, |p| {
        let at = 7 * RATE + 333;
        for code in STEMS {
            each(p, code, |_, i, v| {
                if (at..at + 4 * RATE).contains(&i) {
                    0
                } else {
                    v
                }
            });
        }
        p.sum();
    }),
    Case::new("QCS201", LEADER, leader, |p| {
        each(p, "MIX", |_, i, v| if i < 500 { v + 40_000 } else { v });
    }),
    Case::new("QCS202", LEADER, leader, |p| {
        let frames = p.frames();
        each(
            p,
            "MIX",
            |_, i, v| if i + 500 > frames { v + 40_000 } else { v },
        );
    }),
    Case::new("QCS301", PLAIN, nothing, |p| {
        let loud = |at: usize, p: &Package| {
            p.take("MX").planes[0][at..at + 200]
                .iter()
                .any(|v| v.abs() > 200_000)
        };
        let at = (3 * RATE + 7..)
            .step_by(1_231)
            .find(|&at| loud(at - 201, p) && loud(at + 901, p))
            .unwrap();
        each(
            p,
            "MX",
            |_, i, v| if (at..at + 900).contains(&i) { 0 } else { v },
        );
    }),
    Case::new("QCS401", PLAIN, nothing, |p| {
        each(p, "MIX", |c, _, v| if c == 1 { 0 } else { v });
    }),
    Case::new("QCS402", PLAIN, nothing, |p| {
        each(p, "FX", |c, _, v| if c == 0 { 0 } else { v });
    }),
    Case::new("QCC101", PLAIN, nothing, |p| {
        each(p, "MX", |_, i, v| {
            if (5 * RATE..6 * RATE).contains(&i) {
                (i64::from(v) * 60).clamp(-8_388_608, 8_388_607) as i32
            } else {
                v
            }
        });
    }),
    Case::new("QCC201", PLAIN, nothing, |p| {
        each(p, "MX", |_, i, v| {
            if i > 5 * RATE {
                v.clamp(-160_000, 160_000)
            } else {
                v
            }
        });
    }),
    Case::new("QCC301", PLAIN, nothing, |p| {
        each(
            p,
            "DX",
            |_, i, v| if i == 5 * RATE + 77 { v - 3_000_000 } else { v },
        );
    }),
    Case::new("QCC401", PLAIN, nothing, |p| {
        each(p, "FX", |_, _, v| v - 25_000);
    }),
    Case::new("QCC501", PLAIN, nothing, |p| {
        each(p, "DX", |_, i, v| {
            let t = i as f64 / RATE as f64;
            let line = |k: f64| (std::f64::consts::TAU * 60.0 * k * t).sine() / k;
            v + (20_000.0 * (line(1.0) + line(2.0) + line(3.0))) as i32
        });
    }),
    Case::new("QCP101", PLAIN, nothing, |p| {
        let left = p.take("MX").planes[0].clone();
        each(p, "MX", |c, i, v| if c == 1 { -left[i] } else { v });
    }),
    Case::new("QCP201", PLAIN, nothing, |p| each(p, "MX", |_, _, v| -v)),
    Case::new("QCP202", PLAIN, nothing, |p| {
        p.take_mut("FX").planes.swap(0, 1);
    }),
    Case::new("QCP203", PLAIN, nothing, |p| {
        each(p, "DX", |c, _, v| if c == 1 { -v } else { v });
    }),
    Case::new("QCP301", PLAIN, nothing, |p| {
        let left = p.take("MX").planes[0].clone();
        p.take_mut("MX").planes[1] = left;
    }),
    Case::on_disk("QCF108", untouched, |folder| {
        let path = folder.join("Film_MX.wav");
        let mut bytes = fs::read(&path).unwrap();
        let (is, said) = (b"<FILE_SAMPLE_RATE>48000<", b"<FILE_SAMPLE_RATE>44100<");
        let at = bytes.windows(is.len()).position(|part| part == is).unwrap();
        bytes[at..at + is.len()].copy_from_slice(said);
        fs::write(&path, bytes).unwrap();
    }),
    Case::new("QCP401", PLAIN, surround, |p| {
        let mut noise = Random::new(3);
        let bright: Vec<i32> = (0..p.frames())
            .map(|_| (noise.noise() * 200_000.0) as i32)
            .collect();
        each(p, "FX", |c, i, v| if c == 3 { bright[i] } else { v });
    }),
    Case::new("QCP501", PLAIN, surround, |p| {
        p.take_mut("DX").planes.swap(0, 2);
    }),
    Case::new("QCP502", PLAIN, surround, |p| {
        let planes = &mut p.take_mut("MIX").planes;
        planes.swap(0, 4);
        planes.swap(1, 5);
        planes[0].fill(0);
        planes[1].fill(0);
        planes[2].fill(0);
    }),
    Case::new("QCY101", LEADER, leader, |p| {
        each(p, "FX", |_, i, v| if i < 7 * RATE { 0 } else { v });
        pop(p, "FX", 6 * RATE + 96);
    }),
    Case::new("QCY102", LEADER, leader, |p| {
        each(p, "DX", |_, i, v| if i < 7 * RATE { 0 } else { v });
    }),
    Case::new("QCY202", LEADER, leader, |p| {
        let frames = p.frames();
        each(p, "MX", |_, i, v| if i + 3 * RATE > frames { 0 } else { v });
    }),
    Case::new("QCY301", PLAIN, nothing, |p| {
        for plane in &mut p.take_mut("MX").planes {
            plane.rotate_right(441);
        }
    }),
    Case::new("QCY401", PLAIN, reels, |p| {
        for take in &mut p.takes {
            let second = take.name.as_ref().is_some_and(|name| name.contains("R2"));
            take.start += if second { 2_002 } else { 0 };
            take.stamp = Some(take.start);
        }
    }),
    Case::new("QCY402", PLAIN, reels, |p| {
        for take in &mut p.takes {
            let second = take.name.as_ref().is_some_and(|name| name.contains("R2"));
            take.start -= if second { 48_000 } else { 0 };
            take.stamp = Some(take.start);
        }
    }),
    Case::new("QCN101", PLAIN, nothing, |p| {
        each(p, "MIX", |_, i, v| {
            if (9 * RATE..9 * RATE + 5_000).contains(&i) {
                v + (i % 89) as i32 * 90
            } else {
                v
            }
        });
    }),
    Case::new("QCN102", PLAIN, nothing, |p| {
        let stem = p.take("MX").planes.clone();
        for (to, from) in p.take_mut("MIX").planes.iter_mut().zip(&stem) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to -= from);
        }
    }),
    Case::new("QCN103", PLAIN, nothing, |p| gain(p, &["DX"], 0.9)),
    Case::new("QCN201", PLAIN, nothing, limit),
    Case::new(
        "QCN303",
        WIDE,
        |p| {
            add(p, "FOL", "FX", 900);
            let mut all = p.take("FX").clone();
            "FXM".clone_into(&mut all.code);
            p.takes.push(all);
            mix_in(p, "FXM", "FOL", 1.0);
        },
        |p| gain(p, &["FXM"], 0.8),
    ),
    Case::new("QCN403", PLAIN, nothing, |p| gain(p, &["ME"], 1.1)),
    Case::new("QCM101", PLAIN, nothing, |p| {
        mix_in(p, "FX", "DX", 0.06);
        p.sum();
    }),
    Case {
        prepare: ledger,
        spoil: |folder| fs::write(folder.join("Film_plan.json"), plan(0)).unwrap(),
        ..Case::new("QCM201", PLAIN, nothing, nothing)
    },
    Case::new("QCM301", PLAIN, nothing, |p| {
        for code in ["MX", "FX"] {
            each(p, code, |_, i, v| {
                if (6 * RATE..8 * RATE).contains(&i) {
                    0
                } else {
                    v
                }
            });
        }
        p.sum();
    }),
    Case::new("QCM401", PLAIN, nothing, |p| {
        let music = p.take("MX").planes.clone();
        p.take_mut("ME").planes = music;
    }),
    Case::new("QCM401", PLAIN, nothing, |p| {
        // One impact is not in the M&E, the air is.
        let mut noise = Random::new(5);
        for i in 0..RATE / 3 {
            let v = (noise.noise() * 900_000.0 * (-(i as f64) / 4_000.0).exponential()) as i32;
            for code in ["FX", "MIX"] {
                p.take_mut(code)
                    .planes
                    .iter_mut()
                    .for_each(|plane| plane[9 * RATE + i] += v);
            }
        }
    }),
    Case::new("QCM501", PLAIN, nothing, |p| mix_in(p, "ME", "MX", -0.2)),
    Case::new(
        "QCM601",
        PLAIN,
        |p| {
            add(p, "OPT", "DX", 901);
            mix_in(p, "MIX", "OPT", 1.0);
        },
        |p| mix_in(p, "ME", "OPT", 0.5),
    ),
    Case::new("QCM701", PEAK, level, |p| {
        let at = p.frames() / 3;
        each(p, "ME", |_, i, v| if i == at { -8_300_000 } else { v });
    }),
    Case::new("QCD101", PLAIN, only_mix_and_me, |p| {
        for plane in &mut p.take_mut("MIX").planes {
            plane.rotate_right(240);
        }
    }),
    Case::new("QCD103", PLAIN, only_mix_and_me, |p| gain(p, &["MIX"], 0.8)),
];

/// A package of 5.1.
fn surround(p: &mut Package) {
    p.surround();
}

#[test]
fn every_check_is_silent_without_its_fault_and_finds_it() {
    let all: Vec<&Case> = CASES.iter().chain(super::confused::CASES).collect();
    let wrong: Vec<String> = all
        .par_iter()
        .enumerate()
        .filter_map(|(number, case)| check(case, number))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_check_is_without_a_case() {
    for check in CHECKS {
        let own = |case: &&Case| check.codes.iter().any(|code| code.id == case.code);
        assert!(
            CASES.iter().any(|case| own(&case)),
            "{} has no case",
            check.id
        );
    }
}
