//! Packages made by arithmetic: something like speech, something like music, effects with transients.

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

use stemline::audio::{ChannelLayout, SampleFormat, SampleRate};
use stemline::bwf::{
    Bext, Ixml, IxmlSpeed, IxmlTrack, WaveFormat, WaveSpec, encode_int24, track_function,
};
use stemline::time::FrameRate;

/// Arithmetic that is the same on every machine.
pub(crate) trait Exact {
    fn sine(self) -> f64;
    fn cosine(self) -> f64;
    fn exponential(self) -> f64;
    fn power(self, exponent: f64) -> f64;
    fn power_of_two(self) -> f64;
}

impl Exact for f64 {
    fn sine(self) -> f64 {
        libm::sin(self)
    }

    fn cosine(self) -> f64 {
        libm::cos(self)
    }

    fn exponential(self) -> f64 {
        libm::exp(self)
    }

    fn power(self, exponent: f64) -> f64 {
        libm::pow(self, exponent)
    }

    fn power_of_two(self) -> f64 {
        libm::exp2(self)
    }
}

/// Sample frames a second.
pub(crate) const RATE: usize = 48_000;

/// The start of every file: 01:00:00:00 at 24.
pub(crate) const START: u64 = 172_800_000;

/// A generator of numbers (Knuth, MMIX constants).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        random.next();
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 11
    }

    /// Evenly spread over ±1.
    pub(crate) fn noise(&mut self) -> f64 {
        self.next() as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// From `low` up to `high`.
    pub(crate) fn range(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() as usize) % (high - low).max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.range(0, from.len())]
    }
}

/// One channel of sound in steps of 24 bits.
pub(crate) type Plane = Vec<i32>;

/// A file of a package: code and its channels.
#[derive(Debug, Clone)]
pub(crate) struct Take {
    pub(crate) code: String,
    pub(crate) planes: Vec<Plane>,
    pub(crate) start: u64,
    pub(crate) stamp: Option<u64>,
    pub(crate) hertz: u32,
    pub(crate) rate: FrameRate,
    pub(crate) layout: ChannelLayout,
    pub(crate) name: Option<String>,
    pub(crate) bits: SampleFormat,
}

/// A package in memory.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub(crate) takes: Vec<Take>,
}

fn steps(x: f64) -> i32 {
    (x * 8_388_608.0).round().clamp(-8_388_608.0, 8_388_607.0) as i32
}

/// Speech-like: a buzz through moving formants, syllables of uneven length, breath and pauses.
fn voice(frames: usize, seed: u64) -> Plane {
    let mut random = Random::new(seed);
    let pitch = 95.0 + 90.0 * (random.noise() * 0.5 + 0.5);
    let (mut phase, mut y) = (0.0, [0.0_f64; 4]);
    let (mut left, mut length, mut loud, mut formants) = (0_usize, 1_usize, 0.0, (500.0, 1_500.0));
    let mut out = Vec::with_capacity(frames);
    for i in 0..frames {
        if left == 0 {
            length = random.range(RATE / 9, RATE / 3);
            left = length;
            loud = if random.noise() > -0.5 {
                0.4 + 0.6 * (random.noise() * 0.5 + 0.5)
            } else {
                0.0
            };
            formants = (
                450.0 + 250.0 * random.noise(),
                1_500.0 + 700.0 * random.noise(),
            );
        }
        left -= 1;
        let way = 1.0 - left as f64 / length as f64;
        let shape = (TAU / 2.0 * way).sine().power(0.7) * loud;
        phase += pitch * (1.0 + 0.05 * (i as f64 / RATE as f64 * 4.1).sine()) / RATE as f64;
        phase -= phase.floor();
        let buzz = 1.0 - 2.0 * phase + 0.08 * random.noise();
        let ring = |f: f64, x: f64, y1: f64, y2: f64| {
            let r: f64 = 0.991;
            (1.0 - r) * x + 2.0 * r * (TAU * f / RATE as f64).cosine() * y1 - r * r * y2
        };
        let a = ring(formants.0, buzz, y[0], y[1]);
        (y[1], y[0]) = (y[0], a);
        let b = ring(formants.1, buzz, y[2], y[3]);
        (y[3], y[2]) = (y[2], b);
        out.push(steps(
            0.06 * shape * (a + 0.5 * b) + 0.0003 * random.noise(),
        ));
    }
    out
}

/// Music-like: chords that swell and decay, a bass, and a little hiss; sides tuned apart.
fn music(frames: usize, seed: u64) -> [Plane; 2] {
    let mut random = Random::new(seed);
    let base = 98.0 * (1.0 + 0.4 * random.noise());
    let bar = random.range(RATE, 3 * RATE);
    let chords: Vec<[f64; 3]> = (0..8)
        .map(|_| [0, 1, 2].map(|_| random.range(0, 24) as f64))
        .collect();
    [1.0, 1.0003].map(|tune| {
        let mut hiss = Random::new(seed ^ (tune * 1e6) as u64);
        let mut at = |i: usize| {
            let (chord, since) = (
                chords[i / bar % chords.len()],
                (i % bar) as f64 / RATE as f64,
            );
            let left = (bar - i % bar) as f64 / RATE as f64;
            // The last chord has died away when the next begins.
            let damped = 1.0 - (-left * 14.0).exponential();
            let swell =
                damped * (1.0 - (-since * 9.0).exponential()) * (-since * 0.7).exponential();
            let note = |n: f64| {
                let f = base * tune * (n / 12.0).power_of_two();
                (1..5)
                    .map(|k| (TAU * f * f64::from(k) * since).sine() / f64::from(k * k))
                    .sum::<f64>()
            };
            0.05 * swell * chord.iter().map(|n| note(*n)).sum::<f64>() + 0.0004 * hiss.noise()
        };
        (0..frames).map(|i| steps(at(i))).collect()
    })
}

/// Effects: air that never stops, and impacts that begin hard and die away.
fn effects(frames: usize, seed: u64) -> [Plane; 2] {
    let mut random = Random::new(seed);
    let hits: Vec<(usize, f64, f64)> = (0..frames / RATE * 2)
        .map(|_| {
            (
                random.range(0, frames),
                0.05 + 0.15 * (random.noise() * 0.5 + 0.5),
                random.noise(),
            )
        })
        .collect();
    [0, 1].map(|side| {
        let mut noise = Random::new(seed * 2 + side + 77);
        let mut low = 0.0;
        let mut out: Vec<f64> = (0..frames)
            .map(|_| {
                low += 0.06 * (noise.noise() - low);
                0.05 * low + 0.0006 * noise.noise()
            })
            .collect();
        for &(at, size, pan) in &hits {
            let gain = size
                * if side == 0 {
                    0.5 - 0.4 * pan
                } else {
                    0.5 + 0.4 * pan
                };
            for (k, v) in out.iter_mut().skip(at).take(RATE / 2).enumerate() {
                let way = k as f64 / RATE as f64;
                *v += gain * noise.noise() * (-way * 30.0).exponential()
                    + 0.3 * gain * (TAU * 90.0 * way).sine() * (-way * 18.0).exponential();
            }
        }
        out.into_iter().map(steps).collect()
    })
}

impl Package {
    /// A clean delivery of dialogue, music and effects with its sums.
    pub(crate) fn clean(seed: u64, seconds: usize) -> Self {
        let frames = seconds * RATE;
        let dialogue = voice(frames, seed);
        let mut package = Self { takes: Vec::new() };
        package.add("DX", vec![dialogue.clone(), dialogue]);
        package.add("MX", music(frames, seed + 1_000).to_vec());
        package.add("FX", effects(frames, seed + 2_000).to_vec());
        package.add("ME", vec![vec![0; frames]; 2]);
        package.add("MIX", vec![vec![0; frames]; 2]);
        package.sum();
        package
    }

    /// The same in 5.1: dialogue in the centre, music and effects all around, rumble below.
    pub(crate) fn surround(&mut self) {
        let layout = ChannelLayout::usual(6).unwrap();
        for take in &mut self.takes {
            let (left, right) = (take.planes[0].clone(), take.planes[1].clone());
            let part =
                |plane: &Plane, share: i32| -> Plane { plane.iter().map(|v| v / share).collect() };
            let rumble = |i: usize| 60_000.0 * (TAU * 37.0 * i as f64 / RATE as f64).sine();
            let low: Plane = (0..left.len()).map(|i| rumble(i) as i32).collect();
            let late = |plane: &Plane| -> Plane {
                let mut plane = part(plane, 4);
                plane.rotate_right(1_777);
                plane
            };
            take.planes = if take.code == "DX" {
                let quiet = vec![0; left.len()];
                vec![
                    part(&left, 8),
                    part(&left, 9),
                    left.clone(),
                    quiet.clone(),
                    part(&right, 20),
                    part(&right, 21),
                ]
            } else {
                vec![
                    left.clone(),
                    right.clone(),
                    part(&left, 3),
                    low,
                    late(&left),
                    late(&right),
                ]
            };
            take.layout = layout.clone();
        }
        self.sum();
    }

    fn add(&mut self, code: &str, planes: Vec<Plane>) {
        self.takes.push(Take {
            code: code.to_owned(),
            planes,
            start: START,
            stamp: Some(START),
            hertz: RATE as u32,
            rate: FrameRate::F24,
            layout: ChannelLayout::stereo(),
            name: None,
            bits: SampleFormat::Int24,
        });
    }

    /// Makes M&E and mix the sums of the stems.
    pub(crate) fn sum(&mut self) {
        for (code, stems) in [("ME", &["MX", "FX"][..]), ("MIX", &["DX", "MX", "FX"])] {
            let mut total = vec![vec![0_i32; self.frames()]; self.takes[0].planes.len()];
            for stem in stems {
                for (to, from) in total.iter_mut().zip(&self.take(stem).planes) {
                    to.iter_mut()
                        .zip(from)
                        .for_each(|(to, from)| *to = (*to + from).clamp(-8_388_608, 8_388_607));
                }
            }
            self.take_mut(code).planes = total;
        }
    }

    pub(crate) fn frames(&self) -> usize {
        self.takes[0].planes[0].len()
    }

    pub(crate) fn take(&self, code: &str) -> &Take {
        self.takes.iter().find(|take| take.code == code).unwrap()
    }

    pub(crate) fn take_mut(&mut self, code: &str) -> &mut Take {
        self.takes
            .iter_mut()
            .find(|take| take.code == code)
            .unwrap()
    }

    /// Writes every file into a folder.
    pub(crate) fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for take in &self.takes {
            take.write(folder);
        }
    }
}

impl Take {
    pub(crate) fn path(&self, folder: &Path) -> PathBuf {
        let name = format!("Film_{}.wav", self.code);
        folder.join(self.name.clone().unwrap_or(name))
    }

    fn write(&self, folder: &Path) {
        let rate = SampleRate::new(self.hertz).unwrap();
        let frames = self.planes.iter().map(Vec::len).min().unwrap();
        let format = WaveFormat::new(
            rate,
            self.planes.len() as u16,
            self.bits,
            self.layout.speaker_mask(),
        );
        let track = |(i, channel): (usize, &stemline::audio::Channel)| IxmlTrack {
            channel_index: Some(i as u32 + 1),
            interleave_index: Some(i as u32 + 1),
            name: Some(channel.to_string()),
            function: Some(track_function(*channel, &self.layout).to_owned()),
        };
        let spec = WaveSpec {
            format,
            frames: frames as u64,
            bext: Bext {
                description: format!("Film {}", self.code),
                origination_date: "2026-11-22".to_owned(),
                origination_time: "12:00:00".to_owned(),
                time_reference: self.start,
                version: 1,
                ..Bext::default()
            },
            ixml: Some(Ixml {
                version: Some("2.10".to_owned()),
                speed: Some(IxmlSpeed {
                    master_speed: Some(self.rate.fps()),
                    current_speed: Some(self.rate.fps()),
                    timecode_rate: Some(self.rate.fps()),
                    drop_frame: Some(false),
                    file_sample_rate: Some(self.hertz),
                    timestamp_samples: self.stamp,
                    timestamp_sample_rate: Some(self.hertz),
                    ..IxmlSpeed::default()
                }),
                tracks: self
                    .layout
                    .channels()
                    .iter()
                    .enumerate()
                    .map(track)
                    .collect(),
                ..Ixml::default()
            }),
            adm: None,
            cues: Vec::new(),
            md5: None,
        };
        let layout = spec.layout().unwrap();
        let mut samples = Vec::with_capacity(frames * self.planes.len());
        for i in 0..frames {
            samples.extend(self.planes.iter().map(|plane| plane[i]));
        }
        let mut bytes = layout.head.clone();
        bytes.resize(layout.data_offset as usize, 0);
        let width = self.bits.bytes();
        let at = bytes.len();
        bytes.resize(at + samples.len() * width, 0);
        if self.bits == SampleFormat::Int16 {
            for (to, v) in bytes[at..].chunks_exact_mut(2).zip(&samples) {
                to.copy_from_slice(&((v >> 8) as i16).to_le_bytes());
            }
        } else {
            encode_int24(&samples, &mut bytes[at..]);
        }
        bytes.extend_from_slice(&layout.tail);
        fs::write(self.path(folder), bytes).unwrap();
    }
}
