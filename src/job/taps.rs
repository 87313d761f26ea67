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

/// One meter for each output of a plan that somebody asks about, and for each programme of its ADM file
/// that is none.
pub(super) struct Meters {
    bank: Bank,
    outliners: Vec<Outliner>,
    /// For each output of the plan whether it is measured.
    wanted: Vec<bool>,
    /// Stems that are summed for the meters behind those of the outputs.
    sums: Vec<Vec<usize>>,
    bits: u8,
    failed: Option<MeterError>,
}

impl Meters {
    /// Meters that have heard nothing yet.
    pub(super) fn new(plan: &RenderPlan) -> Result<Self, MeterError> {
        let said = plan.get();
        let wanted = measured_outputs(plan);
        let outputs = plan.outputs();
        let layouts = outputs.iter().zip(&wanted);
        let layouts = layouts.filter_map(|(output, wanted)| wanted.then_some(output.layout));
        let spec = |layout: &crate::audio::ChannelLayout| {
            MeterSpec::new(plan.rate(), Positions::Layout(layout.clone()))
        };
        let sums = programmes_to_measure(said);
        let first = |sum: &Vec<usize>| said.stems.get(*sum.first()?).map(|stem| &stem.layout);
        let layouts = layouts.chain(sums.iter().filter_map(first));
        let specs: Vec<MeterSpec> = layouts.map(spec).collect();
        let outliner = |spec: &MeterSpec| Outliner::new(spec.positions.len(), said.length);
        Ok(Self {
            bank: Bank::new(&specs)?,
            outliners: specs.iter().map(outliner).collect(),
            wanted,
            sums,
            bits: said.bits as u8,
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
        let mut both = both.map(|(measured, outline)| Measured::new(measured, outline));
        let outputs = self.wanted.into_iter();
        let outputs: Vec<Option<Measured>> = outputs
            .map(|wanted| wanted.then(|| both.next()).flatten())
            .collect();
        Ok(outputs.into_iter().chain(both.map(Some)).collect())
    }
}

impl Tap for Meters {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let bits = self.bits;
        let sums: Vec<Vec<Vec<i32>>> = self.sums.iter().map(|sum| summed(outputs, sum)).collect();
        let sums: Vec<Vec<&[i32]>> = sums
            .iter()
            .map(|planes| planes.iter().map(Vec::as_slice).collect())
            .collect();
        let outputs = outputs.iter().zip(&self.wanted);
        let outputs = outputs.filter_map(|(planes, wanted)| wanted.then_some(planes));
        let blocks: Vec<Samples<'_>> = outputs
            .chain(&sums)
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
