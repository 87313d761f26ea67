//! Faults that are planted at random places.

use super::support::{Exact as _, Package, Plane, RATE, Random};
use std::f64::consts::TAU;
use std::fs;
use std::path::Path;
use stemline::time::FrameRate;

/// What has to be found: a code, in a file, at a place, with a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) code: &'static str,
    pub(crate) file: Option<String>,
    /// First sample and how far off it may be.
    pub(crate) at: Option<(u64, u64)>,
    /// What the measured value begins with.
    pub(crate) value: Option<String>,
}

/// Changes the folder of a package.
pub(crate) type OnDisk = Box<dyn Fn(&Path) + Send + Sync>;

/// Plants one fault in a package, and one in its folder once it is written.
pub(crate) struct Planted {
    pub(crate) name: &'static str,
    pub(crate) wanted: Wanted,
    pub(crate) on_disk: Option<OnDisk>,
}

type Planter = fn(&mut Package, &mut Random) -> Planted;

fn in_memory(name: &'static str, code: &'static str, file: &str) -> Planted {
    Planted {
        name,
        wanted: Wanted {
            code,
            file: Some(format!("Film_{file}.wav")),
            ..Wanted::default()
        },
        on_disk: None,
    }
}

impl Planted {
    fn at(mut self, at: usize, off: u64) -> Self {
        self.wanted.at = Some((at as u64, off));
        self
    }

    fn value(mut self, value: impl Into<String>) -> Self {
        self.wanted.value = Some(value.into());
        self
    }
}

/// A place at least a second from either end.
fn place(package: &Package, random: &mut Random, len: usize) -> usize {
    random.range(RATE, package.frames() - RATE - len)
}

/// A place where the sound of a stem is above a level just before and just behind a stretch.
fn loud_place(plane: &Plane, random: &mut Random, len: usize) -> usize {
    let loud = |at: usize| plane[at..at + 200].iter().any(|v| v.abs() > 60_000);
    for _ in 0..5_000 {
        let at = random.range(RATE, plane.len() - RATE - len);
        if at % 2_000 > 4 && (at + len) % 2_000 > 4 && loud(at - 201) && loud(at + len + 1) {
            return at;
        }
    }
    panic!("no loud place");
}

fn each(package: &mut Package, code: &str, mut change: impl FnMut(usize, usize, i32) -> i32) {
    for (channel, plane) in package.take_mut(code).planes.iter_mut().enumerate() {
        for (i, v) in plane.iter_mut().enumerate() {
            *v = change(channel, i, *v);
        }
    }
}

/// Every kind of fault.
pub(crate) const PLANTERS: &[Planter] = &[
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "MIX"]);
        let len = r.range(60, 9_000);
        let at = loud_place(&p.take(code).planes[0], r, len);
        each(
            p,
            code,
            |_, i, v| if (at..at + len).contains(&i) { 0 } else { v },
        );
        in_memory("dropout", "QCS301", code).at(at, 1)
    },
    |p, r| {
        let code = r.pick(&["MX", "DX"]);
        let at = place(p, r, 10);
        let size = 2_500_000 + r.range(0, 1_000_000) as i32;
        each(p, code, |_, i, v| if i == at { v + size } else { v });
        in_memory("click", "QCC301", code).at(at, 0)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX"]);
        let at = place(p, r, 3 * RATE);
        let peak = p.take(code).planes[0][at..at + 2 * RATE]
            .iter()
            .map(|v| v.abs())
            .max()
            .unwrap()
            .max(1);
        let gain = 2.2 * 8_388_607.0 / f64::from(peak);
        let loud = |v: i32| (f64::from(v) * gain).clamp(-8_388_608.0, 8_388_607.0) as i32;
        each(p, code, |_, i, v| {
            if (at..at + 2 * RATE).contains(&i) {
                loud(v)
            } else {
                v
            }
        });
        let first = p.take(code).planes[0]
            .iter()
            .position(|v| v.abs() >= 8_388_607)
            .unwrap();
        in_memory("clipped", "QCC101", code).at(first, 400)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX"]);
        let at = place(p, r, 3 * RATE);
        let peak = p.take(code).planes[0][at..at + 2 * RATE]
            .iter()
            .map(|v| v.abs())
            .max()
            .unwrap();
        let top = (f64::from(peak) * 0.45) as i32;
        each(p, code, |_, i, v| {
            if (at..at + 2 * RATE).contains(&i) {
                v.clamp(-top, top)
            } else {
                v
            }
        });
        in_memory("flat tops", "QCC201", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let off = r.pick(&[30_000, -42_000, 70_000]);
        each(p, code, |_, _, v| v + off);
        in_memory("direct current", "QCC401", code)
    },
    |p, r| {
        let mains = r.pick(&[50.0, 60.0]);
        let at = r.range(RATE / 2, p.frames() - 7 * RATE);
        each(p, "DX", |_, i, v| {
            let t = i as f64 / RATE as f64;
            let hum: f64 = (1..5)
                .map(|k| (TAU * mains * f64::from(k) * t).sine() / f64::from(k))
                .sum();
            if (at..at + 6 * RATE).contains(&i) {
                v + (hum * 25_000.0) as i32
            } else {
                v
            }
        });
        in_memory("hum", "QCC501", "DX").at(at, 2 * RATE as u64)
    },
    |p, r| {
        let channel = r.range(0, 2);
        each(p, "MIX", |c, _, v| if c == channel { 0 } else { v });
        in_memory("dead channel", "QCS401", "MIX")
    },
    |p, r| {
        let code = r.pick(&["MX", "FX"]);
        p.take_mut(code).planes.swap(0, 1);
        in_memory("swapped channels", "QCP202", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        each(p, code, |_, _, v| -v);
        in_memory("polarity", "QCP201", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX"]);
        let channel = r.range(0, 2);
        each(p, code, |c, _, v| if c == channel { -v } else { v });
        in_memory("polarity of a channel", "QCP203", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME"]);
        let db = r.pick(&[-6.0, -1.5, -0.3, 0.25, 1.0, 3.0, 5.5]);
        let gain = 10_f64.power(db / 20.0);
        each(p, code, |_, _, v| (f64::from(v) * gain).round() as i32);
        in_memory("gain", if code == "ME" { "QCN403" } else { "QCN" }, code)
            .value(format!("{db:+.2} dB"))
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let by = r.pick(&[1_i64, -1, 17, 480, -2_000, 4_096, -7_777]);
        for plane in &mut p.take_mut(code).planes {
            let from = plane.clone();
            for (i, v) in plane.iter_mut().enumerate() {
                let at = usize::try_from(i as i64 - by).ok();
                *v = at.and_then(|at| from.get(at)).copied().unwrap_or_default();
            }
        }
        in_memory("offset", "QCY301", code).value(format!("{by:+} samples"))
    },
    |p, r| {
        let code = r.pick(&["MX", "FX"]);
        let stem = p.take(code).clone();
        for (to, from) in p.take_mut("MIX").planes.iter_mut().zip(&stem.planes) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to -= from);
        }
        in_memory("missing stem", "QCN102", code)
    },
    |p, r| {
        let len = r.range(2_000, 30_000);
        let at = place(p, r, len);
        each(p, "MIX", |_, i, v| {
            if (at..at + len).contains(&i) {
                v + 3_000 + (i % 97) as i32 * 100
            } else {
                v
            }
        });
        in_memory("changed mix", "QCN101", "MIX").at(at, 0)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let by = r.pick(&[-172_800_000_i64, 172_800_000]);
        let take = p.take_mut(code);
        take.start = (take.start as i64 + by) as u64;
        take.stamp = Some(take.start);
        in_memory("hour", "QCF602", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let take = p.take_mut(code);
        take.start = 172_972_800;
        take.stamp = Some(take.start);
        in_memory("pull-down", "QCF603", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let take = p.take_mut(code);
        take.start += r.range(1, 90_000) as u64;
        take.stamp = Some(take.start);
        in_memory("start", "QCF601", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let by = r.range(1, 5_000);
        for plane in &mut p.take_mut(code).planes {
            plane.truncate(plane.len() - by);
        }
        in_memory("length", "QCF604", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        p.take_mut(code).stamp = Some(172_800_000 + r.range(1, 9_999) as u64);
        in_memory("two starts", "QCF401", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX"]);
        let name = format!("Film {code} final.wav");
        p.take_mut(code).name = Some(name.clone());
        let mut planted = in_memory("name", "QCF301", code);
        planted.wanted.file = Some(name);
        planted
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        p.takes.retain(|take| take.code != code);
        let mut planted = in_memory("missing file", "QCF303", code);
        planted.wanted.file = None;
        planted
    },
    |_, _| {
        let mut planted = in_memory("foreign file", "QCF304", "DX");
        planted.wanted.file = Some("Thumbs.db".to_owned());
        planted.on_disk = Some(Box::new(|folder| {
            fs::write(folder.join("Thumbs.db"), b"x").unwrap();
        }));
        planted
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        let mut planted = in_memory("cut off", "QCF105", code);
        let keep = r.range(20_000, 900_000) as u64;
        let path = format!("Film_{code}.wav");
        planted.on_disk = Some(Box::new(move |folder| {
            let file = fs::OpenOptions::new()
                .write(true)
                .open(folder.join(&path))
                .unwrap();
            file.set_len(keep).unwrap();
        }));
        let _ = p;
        planted
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        p.take_mut(code).hertz = r.pick(&[44_100, 48_048, 96_000]);
        in_memory("sample rate", "QCF101", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        each(p, code, |_, _, v| (v >> 8) << 8);
        in_memory("padded", "QCF103", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX", "ME", "MIX"]);
        p.take_mut(code).rate = FrameRate::F25;
        in_memory("frame rate", "QCF605", code)
    },
    |p, r| {
        let code = r.pick(&["DX", "MX", "FX"]);
        let at = r.range(RATE, 2 * RATE);
        let off = r.pick(&[-500_i64, 96, -96, 2_000, 48]);
        pops(p, at, code, off);
        in_memory("pop at the wrong sample", "QCY101", code).at((at as i64 + off) as usize, 0)
    },
    |p, r| {
        let at = r.range(RATE, 2 * RATE);
        pops(p, at, "MX", i64::MAX);
        in_memory("pop missing", "QCY102", "MX").at(at, 0)
    },
    |p, r| {
        let gain = 10_f64.power(-(24.0 + r.range(0, 8) as f64) / 20.0);
        let dialogue = p.take("DX").clone();
        for (to, from) in p.take_mut("FX").planes.iter_mut().zip(&dialogue.planes) {
            to.iter_mut()
                .zip(from)
                .for_each(|(to, from)| *to += (f64::from(*from) * gain) as i32);
        }
        p.sum();
        in_memory("leak", "QCM10", "ME")
    },
    |p, r| {
        let len = r.range(RATE, 2 * RATE);
        let dialogue = &p.take("DX").planes[0];
        let level = |at: usize| {
            dialogue[at..at + len]
                .iter()
                .map(|v| f64::from(*v).power(2.0))
                .sum::<f64>()
        };
        let at = (2 * RATE..dialogue.len() - 2 * RATE - len)
            .step_by(4_801)
            .max_by(|a, b| level(*a).total_cmp(&level(*b)))
            .unwrap();
        for code in ["MX", "FX"] {
            each(
                p,
                code,
                |_, i, v| if (at..at + len).contains(&i) { 0 } else { v },
            );
        }
        p.sum();
        in_memory("hole", "QCM301", "ME").at(at, 4_800)
    },
    |p, r| {
        let (code, ppm) = (r.pick(&["DX", "MX"]), r.pick(&[1_001.0, -999.0, 200.0]));
        for plane in &mut p.take_mut(code).planes {
            let from = plane.clone();
            for (i, v) in plane.iter_mut().enumerate() {
                let at = i as f64 * (1.0 - ppm / 1e6);
                let (k, part) = (at as usize, at.fract());
                let near = |k: usize| f64::from(from.get(k).copied().unwrap_or_default());
                *v = (near(k) * (1.0 - part) + near(k + 1) * part) as i32;
            }
        }
        in_memory("drift", "QCY302", code).value(format!("{ppm:+.0} ppm"))
    },
];

/// A pop in every stem at `at`, in one of them shifted, or not at all for [`i64::MAX`]; silence around it.
fn pops(p: &mut Package, at: usize, odd: &str, off: i64) {
    for code in ["DX", "MX", "FX"] {
        let shift = if code == odd { off } else { 0 };
        each(p, code, |_, i, v| {
            let start = at as i64 + if shift == i64::MAX { 0 } else { shift };
            let since = i as i64 - start;
            if shift != i64::MAX && (0..2_000).contains(&since) {
                let t = since as f64 / RATE as f64;
                (838_860.0 * (TAU * 1_000.0 * t).sine()) as i32
            } else if i < at + 2 * RATE {
                0
            } else {
                v
            }
        });
    }
    p.sum();
}
