//! CPU time of the meter against the `ebur128` crate, ffmpeg's `ebur128=peak=true` and `cat`, on a generated
//! 10-minute 5.1 24-bit file, film-like and brick-walled: `cargo bench --bench meter`.
//!
//! Everything is measured: integrated loudness, loudness range, momentary and short-term loudness at 10 Hz,
//! true peak. Each run is a process of its own; the runs take turns, and what counts is the CPU time
//! (user and system) that the kernel booked for them, so that other load matters little.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod support;

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use support::cpu_seconds;

use stemline::audio::{ChannelLayout, SampleFormat, SampleRate};
use stemline::meter::{Hop, Meter, MeterSpec, Positions, Samples, TruePeakFilter, Window};

const RATE: usize = 48_000;
const CHANNELS: usize = 6;
const SECONDS: usize = 600;
/// Bytes before the samples.
const HEADER: usize = 44;
/// How often each contender runs.
const ROUNDS: usize = 5;
/// The file is read in blocks of this many bytes.
const BLOCK: usize = 256 << 10;
/// Sample frames that the render pass has at a time.
const RENDER_FRAMES: usize = 4_096;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [_, "run", what, file] => run(what, Path::new(file)),
        _ => compare(Path::new(words.first().copied().unwrap_or_default())),
    }
}

/// Does one contender's work in this process.
fn run(what: &str, file: &Path) -> io::Result<()> {
    match what {
        "meter" => meter(file, TruePeakFilter::Standard4x48),
        "precise" => meter(file, TruePeakFilter::Precise16x),
        "render" => render(file, true),
        "render-nothing" => render(file, false),
        _ => witness(file),
    }
}

fn spec() -> MeterSpec {
    let layout: ChannelLayout = "5.1".parse().unwrap_or_else(|_| ChannelLayout::stereo());
    MeterSpec::new(SampleRate::HZ_48000, Positions::Layout(layout))
}

/// `measure FILE`: reads, measures, makes the series.
fn meter(file: &Path, true_peak: TruePeakFilter) -> io::Result<()> {
    let mut meter = Meter::new(&MeterSpec {
        true_peak,
        ..spec()
    })
    .map_err(io::Error::other)?;
    for_blocks(file, |block| {
        meter
            .push(Samples::Bytes(SampleFormat::Int24, block))
            .map_err(io::Error::other)
    })?;
    let measured = meter.finish();
    let whole = measured.energies.whole();
    let series = whole
        .readings(Window::Momentary, Hop::Tenth)
        .chain(whole.readings(Window::ShortTerm, Hop::Tenth));
    let loud = series.filter(|reading| reading.loudness.is_some()).count();
    println!("{:?} {:?} {loud}", measured.integrated, measured.true_peak);
    Ok(())
}

/// The samples as a render has them, in whole numbers in cache, many times over; with or without meter.
fn render(file: &Path, measured: bool) -> io::Result<()> {
    let mut bytes = vec![0; RENDER_FRAMES * CHANNELS * 3];
    let mut input = File::open(file)?;
    input.read_exact(&mut bytes[..HEADER])?;
    let mut meter = Meter::new(&spec()).map_err(io::Error::other)?;
    let mut samples = vec![0_i32; RENDER_FRAMES * CHANNELS];
    while input.read_exact(&mut bytes).is_ok() {
        for (sample, packed) in samples.iter_mut().zip(bytes.as_chunks::<3>().0) {
            *sample = i32::from_le_bytes([0, packed[0], packed[1], packed[2]]) >> 8;
        }
        std::hint::black_box(&mut samples);
        if measured {
            let block = Samples::Ints {
                samples: &samples,
                bits: 24,
            };
            meter.push(block).map_err(io::Error::other)?;
        }
    }
    println!("{:?}", meter.finish().integrated);
    Ok(())
}

/// The `ebur128` crate in the same mode, read every 100 ms.
fn witness(file: &Path) -> io::Result<()> {
    let mut witness = ebur128::EbuR128::new(CHANNELS as u32, RATE as u32, ebur128::Mode::all())
        .map_err(io::Error::other)?;
    let mut samples = vec![0_i32; RATE / 10 * CHANNELS];
    let mut bytes = vec![0; samples.len() * 3];
    let mut input = File::open(file)?;
    input.read_exact(&mut bytes[..HEADER])?;
    let mut sum = 0.0;
    while input.read_exact(&mut bytes).is_ok() {
        for (sample, packed) in samples.iter_mut().zip(bytes.as_chunks::<3>().0) {
            *sample = i32::from_le_bytes([0, packed[0], packed[1], packed[2]]);
        }
        witness.add_frames_i32(&samples).map_err(io::Error::other)?;
        sum += witness.loudness_momentary().unwrap_or_default();
        sum += witness.loudness_shortterm().unwrap_or_default();
    }
    let peak = (0..CHANNELS as u32)
        .filter_map(|c| witness.true_peak(c).ok())
        .fold(0.0, f64::max);
    let range = witness.loudness_range();
    println!("{:?} {range:?} {peak} {sum}", witness.loudness_global());
    Ok(())
}

fn for_blocks(file: &Path, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut input = File::open(file)?;
    let mut block = vec![0; BLOCK];
    input.read_exact(&mut block[..HEADER])?;
    loop {
        let read = input.read(&mut block)?;
        if read == 0 {
            return Ok(());
        }
        each(&block[..read])?;
    }
}

/// Runs everybody in turn and prints the table.
fn compare(this: &Path) -> io::Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("meter-bench");
    fs::create_dir_all(&folder)?;
    for (name, brick_walled) in [("film", false), ("limit", true)] {
        let file = folder.join(format!("{name}.wav"));
        if fs::metadata(&file).map_or(0, |m| m.len()) != file_len() as u64 {
            generate(&file, brick_walled)?;
        }
        println!(
            "\n{name}: {SECONDS} s of 5.1, 24 bit, {} MB",
            file_len() / 1_000_000
        );
        table(&contenders(this, &file))?;
    }
    Ok(())
}

/// Name and command of everybody. Where ffmpeg is not installed its row says so.
fn contenders(this: &Path, file: &Path) -> Vec<(&'static str, Command)> {
    let own = |what: &str| {
        let mut command = Command::new(this);
        command.args(["run", what]).arg(file);
        command
    };
    let mut cat = Command::new("cat");
    cat.arg(file);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-hide_banner", "-nostats", "-i"]).arg(file);
    ffmpeg.args(["-filter_complex", "ebur128=peak=true", "-f", "null", "-"]);
    vec![
        ("meter", own("meter")),
        ("cat FILE", cat),
        ("ebur128 crate", own("witness")),
        ("ffmpeg", ffmpeg),
        ("meter, precise", own("precise")),
        ("in render, with", own("render")),
        ("in render, without", own("render-nothing")),
    ]
}

fn table(contenders: &[(&str, Command)]) -> io::Result<()> {
    let mut spent = vec![Some(0.0); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, command), total) in contenders.iter().zip(&mut spent) {
            *total = total
                .zip(cpu_seconds(command)?)
                .map(|(total, run)| total + run);
        }
    }
    let samples = (SECONDS * RATE * CHANNELS) as f64;
    let of = |i: usize| {
        spent
            .get(i)
            .copied()
            .flatten()
            .map(|total| total / ROUNDS as f64)
    };
    for (i, (name, _)) in contenders.iter().enumerate() {
        match of(i).zip(of(0)) {
            Some((time, ours)) => println!(
                "{name:<20} {time:7.3} CPU s  {:6.2} ns a sample  {:6.2} times the meter",
                time * 1e9 / samples,
                time / ours,
            ),
            None => println!("{name:<20} is not installed"),
        }
    }
    if let Some((with, without)) = of(5).zip(of(6)) {
        println!(
            "inside a render      {:23.2} ns a sample",
            (with - without) * 1e9 / samples
        );
    }
    Ok(())
}

const fn file_len() -> usize {
    HEADER + SECONDS * RATE * CHANNELS * 3
}

/// Pink noise and tones; either in scenes over 35 dB with a few hits, or loud throughout and clipped.
fn generate(file: &Path, brick_walled: bool) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    out.write_all(&header())?;
    let mut noise = Noise(1);
    let mut pink = [[0.0_f32; 3]; CHANNELS];
    let mut tone = [(1.0_f32, 0.0_f32); CHANNELS];
    let mut gain = 0.1;
    for frame in 0..SECONDS * RATE {
        if frame % (RATE * 7) == 0 {
            gain = if brick_walled {
                1.5
            } else {
                0.008 * libm::powf(56.0, noise.next().abs())
            };
        }
        let into_scene = frame % (RATE * 7);
        let hit = if !brick_walled && into_scene < RATE / 20 && noise.next() > 0.2 {
            3.0
        } else {
            1.0
        };
        for channel in 0..CHANNELS {
            let white = noise.next();
            let state = &mut pink[channel];
            for (value, (keep, feed)) in
                state
                    .iter_mut()
                    .zip([(0.997, 0.03), (0.96, 0.07), (0.57, 0.3)])
            {
                *value = keep * *value + feed * white;
            }
            let (c, s) = tone[channel];
            // A turn by about 0.03 radians a sample: some 230 Hz, another in each channel.
            let turn = 0.02 + 0.007 * channel as f32;
            tone[channel] = (c - turn * s, s + turn * (c - turn * s));
            let level = gain * if channel == 3 { 0.3 } else { 1.0 };
            let x = hit * level * (state.iter().sum::<f32>() + 0.1 * white + 0.3 * s);
            let limit = if brick_walled { 0.794 } else { 0.97 };
            let value = (x.clamp(-limit, limit) * 8_388_607.0) as i32;
            out.write_all(&value.to_le_bytes()[..3])?;
        }
    }
    out.flush()
}

/// Deterministic noise in ±1.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 8_388_608.0 - 1.0
    }
}

fn header() -> Vec<u8> {
    let data = (file_len() - HEADER) as u32;
    let frame = (CHANNELS * 3) as u16;
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((data + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend((CHANNELS as u16).to_le_bytes());
    bytes.extend((RATE as u32).to_le_bytes());
    bytes.extend((RATE as u32 * u32::from(frame)).to_le_bytes());
    bytes.extend(frame.to_le_bytes());
    bytes.extend(24_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes
}
