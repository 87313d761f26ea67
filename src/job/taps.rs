//! Who listens to the outputs while they are written: meters, and the ADM file that holds them all.

use std::io;

use super::assemble::DialogueParts;
use crate::audio::SampleFormat;
use crate::conform::RenderPlan;
use crate::conform::plan::OutputRef;
use crate::deliver::{AdmTrack, Loudness, Package, programmes_to_measure};
use crate::meter::{
    Bank, Measurement, MeterError, MeterSpec, Outline, Outliner, Positions, Samples,
};
use crate::render::{Tap, pack};
use crate::report::Levels;

/// Everybody who listens.
pub(super) struct Taps<'a> {
    meters: Option<Meters>,
    adm: Option<AdmWriter<'a>>,
}

/// Why listening failed.
pub(super) enum TapError {
    /// A meter refused what it heard.
    Meter(MeterError),
    /// The ADM file could not be written.
    Write(io::Error),
}

impl<'a> Taps<'a> {
    /// The meters, and the ADM file of the package where it has one.
    pub(super) fn new(
        meters: Option<Meters>,
        package: Option<&'a Package<'a>>,
        format: SampleFormat,
    ) -> Self {
        let package = package.filter(|package| !package.adm_tracks().is_empty());
        let adm = package.map(|package| AdmWriter {
            package,
            tracks: package.adm_tracks(),
            format,
            frame: 0,
            bytes: Vec::new(),
            failed: None,
        });
        Self { meters, adm }
    }

    /// What was measured: each output where it was, then what [`programmes_to_measure`] names.
    pub(super) fn finish(self) -> Result<Vec<Option<Measured>>, TapError> {
        if let Some(error) = self.adm.and_then(|adm| adm.failed) {
            return Err(TapError::Write(error));
        }
        let measured = self.meters.map(Meters::finish).transpose();
        Ok(measured.map_err(TapError::Meter)?.unwrap_or_default())
    }
}

impl Tap for Taps<'_> {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let Self { meters, adm } = self;
        rayon::join(
            || meters.iter_mut().for_each(|meters| meters.hear(outputs)),
            || adm.iter_mut().for_each(|adm| adm.hear(outputs)),
        );
    }
}

/// Writes the tracks of the ADM file.
struct AdmWriter<'a> {
    package: &'a Package<'a>,
    tracks: &'a [AdmTrack],
    format: SampleFormat,
    /// The next sample frame.
    frame: u64,
    bytes: Vec<u8>,
    failed: Option<io::Error>,
}

impl AdmWriter<'_> {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let plane = |track: &AdmTrack| outputs.get(track.output)?.get(track.channel).copied();
        let planes: Vec<&[i32]> = self.tracks.iter().filter_map(plane).collect();
        let frames = planes.first().map_or(0, |plane| plane.len());
        // What is never written is silence.
        let silent = planes.iter().all(|plane| plane.iter().all(|&x| x == 0));
        if !silent && self.failed.is_none() {
            pack(&planes, self.format, &mut self.bytes);
            self.failed = self.package.write_adm(self.frame, &self.bytes).err();
        }
        self.frame += frames as u64;
    }
}

/// Meters of the outputs of a plan that somebody asks about, and of the programmes of its ADM file that are
/// none. What always has the same samples shares one.
pub(super) struct Meters {
    bank: Bank,
    outliners: Vec<Outliner>,
    /// What each meter hears.
    hears: Vec<Heard>,
    /// For each output of the plan, then for each sum, its meter; none where it is not measured.
    of: Vec<Option<usize>>,
    bits: u8,
    failed: Option<MeterError>,
}

/// What a meter hears.
#[derive(Debug, Clone, PartialEq)]
enum Heard {
    /// An output of the plan.
    Output(usize),
    /// The sum of these stems, which have one layout.
    Sum(Vec<usize>),
}

impl Meters {
    /// Meters that have heard nothing yet.
    pub(super) fn new(plan: &RenderPlan) -> Result<Self, MeterError> {
        let wanted = wanted(plan);
        let mut hears: Vec<Heard> = Vec::new();
        let mut number = |wanted: Option<Heard>| {
            let wanted = wanted?;
            let known = hears.iter().position(|heard| *heard == wanted);
            Some(known.unwrap_or_else(|| {
                hears.push(wanted);
                hears.len() - 1
            }))
        };
        let of = wanted.into_iter().map(&mut number).collect();
        let outputs = plan.outputs();
        let spec = |heard: &Heard| {
            let output = match heard {
                Heard::Output(output) => outputs.get(*output),
                Heard::Sum(stems) => outputs.get(*stems.first()?),
            };
            let positions = Positions::Layout(output?.layout.clone());
            Some(MeterSpec::new(plan.rate(), positions))
        };
        let specs: Vec<MeterSpec> = hears.iter().filter_map(spec).collect();
        let length = plan.get().length;
        let outliner = |spec: &MeterSpec| Outliner::new(spec.positions.len(), length);
        Ok(Self {
            bank: Bank::new(&specs)?,
            outliners: specs.iter().map(outliner).collect(),
            hears,
            of,
            bits: plan.get().bits as u8,
            failed: None,
        })
    }

    /// The figures of each output, none where it was not measured; then those of the sums.
    pub(super) fn finish(self) -> Result<Vec<Option<Measured>>, MeterError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let outlines = self.outliners.into_iter().map(Outliner::finish);
        let both = self.bank.finish().into_iter().zip(outlines);
        let all: Vec<Measured> = both
            .map(|(measured, outline)| Measured::new(measured, outline))
            .collect();
        let of = self.of.into_iter();
        Ok(of.map(|meter| all.get(meter?).cloned()).collect())
    }
}

impl Tap for Meters {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let bits = self.bits;
        let sum = |heard: &Heard| match heard {
            Heard::Output(_) => Vec::new(),
            Heard::Sum(stems) => summed(outputs, stems),
        };
        let sums: Vec<Vec<Vec<i32>>> = self.hears.iter().map(sum).collect();
        let mut heard: Vec<Vec<&[i32]>> = Vec::with_capacity(sums.len());
        for (meter, sum) in self.hears.iter().zip(&sums) {
            heard.push(match meter {
                Heard::Output(output) => outputs.get(*output).cloned().unwrap_or_default(),
                Heard::Sum(_) => sum.iter().map(Vec::as_slice).collect(),
            });
        }
        let blocks = heard.iter();
        let blocks: Vec<Samples<'_>> = blocks
            .map(|planes| Samples::PlanarInts { planes, bits })
            .collect();
        let drawn = self.outliners.iter_mut().zip(&blocks);
        let mut drawn = drawn.map(|(outliner, block)| outliner.push(block));
        let drawn = drawn.try_for_each(|result| result);
        if let Err(error) = self.bank.push(&blocks).and(drawn) {
            self.failed.get_or_insert(error);
        }
    }
}

/// What is measured for each output and for each sum: the first output that has its samples, where there
/// is one.
fn wanted(plan: &RenderPlan) -> Vec<Option<Heard>> {
    let (alike, playing) = (plan.first_alike(), plan.playing_stems());
    let outputs = measured_outputs(plan).into_iter().zip(&alike);
    let outputs = outputs.map(|(wanted, first)| wanted.then_some(Heard::Output(*first)));
    let sum = |stems: Vec<usize>| {
        let plays = |stem: &&usize| playing.get(**stem).is_some_and(|plays| *plays);
        let mut sounding = stems.iter().filter(plays);
        let alone = match (sounding.next(), sounding.next()) {
            (Some(only), None) => Some(only),
            (None, _) => stems.first(),
            _ => None,
        };
        match alone.and_then(|stem| alike.get(*stem)) {
            Some(first) => Heard::Output(*first),
            None => Heard::Sum(stems),
        }
    };
    let sums = programmes_to_measure(plan.get()).into_iter();
    outputs.chain(sums.map(|stems| Some(sum(stems)))).collect()
}

/// Which outputs are measured: those that are delivered, and those that the dialogue is told from. A stem
/// that only stands in sums costs no meter.
fn measured_outputs(plan: &RenderPlan) -> Vec<bool> {
    let files = plan.delivered();
    let parts = DialogueParts::of(plan.get());
    let asked = |output: &OutputRef<'_>| {
        files.iter().any(|file| file.output == output.code)
            || parts.is_some_and(|parts| parts.contains(output.index))
    };
    let in_adm = plan.get().adm.is_some();
    let outputs = plan.outputs();
    outputs
        .iter()
        .map(|output| in_adm || asked(output))
        .collect()
}

/// The sum of these outputs, which have one layout, plane by plane.
fn summed(outputs: &[Vec<&[i32]>], sum: &[usize]) -> Vec<Vec<i32>> {
    let mut stems = sum.iter().filter_map(|&stem| outputs.get(stem));
    let first = stems.next().map_or(&[][..], Vec::as_slice);
    let mut planes: Vec<Vec<i32>> = first.iter().map(|plane| plane.to_vec()).collect();
    for stem in stems {
        for (plane, more) in planes.iter_mut().zip(stem) {
            for (sample, more) in plane.iter_mut().zip(*more) {
                *sample = sample.saturating_add(*more);
            }
        }
    }
    planes
}

/// What was measured of an output.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) levels: Levels,
    pub(super) loudness: Loudness,
    /// All its figures, and its energies, from which those of parts come.
    pub(super) figures: Measurement,
    /// What it looks like.
    pub(super) outline: Outline,
}

impl Measured {
    fn new(measured: Measurement, outline: Outline) -> Self {
        let levels = Levels::new(&measured);
        let loudness = Loudness {
            integrated: levels.integrated_lufs,
            range: levels.loudness_range_lu,
            true_peak: levels.true_peak_dbtp,
            momentary: levels.max_momentary_lufs,
            short_term: levels.max_short_term_lufs,
            dialogue: None,
        };
        Self {
            levels,
            loudness,
            figures: measured,
            outline,
        }
    }
}
