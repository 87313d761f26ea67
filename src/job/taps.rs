//! Meters listening to the outputs while they are written.

use crate::conform::RenderPlan;
use crate::deliver::Loudness;
use crate::meter::{
    Bank, ChannelPeaks, Energies, Measurement, MeterError, MeterSpec, Outline, Outliner, Positions,
    Samples,
};
use crate::render::Tap;
use crate::report::Levels;

/// One meter for each output of a plan.
pub(super) struct Meters {
    bank: Bank,
    outliners: Vec<Outliner>,
    bits: u8,
    failed: Option<MeterError>,
}

impl Meters {
    /// Meters that have heard nothing yet.
    pub(super) fn new(plan: &RenderPlan) -> Result<Self, MeterError> {
        let said = plan.get();
        let layouts = said.stems.iter().map(|stem| &stem.layout);
        let layouts = layouts.chain(said.composites.iter().map(|composite| &composite.layout));
        let spec = |layout: &crate::audio::ChannelLayout| {
            MeterSpec::new(plan.rate(), Positions::Layout(layout.clone()))
        };
        let specs: Vec<MeterSpec> = layouts.map(spec).collect();
        let outliner = |spec: &MeterSpec| Outliner::new(spec.positions.len(), said.length);
        Ok(Self {
            bank: Bank::new(&specs)?,
            outliners: specs.iter().map(outliner).collect(),
            bits: said.bits as u8,
            failed: None,
        })
    }

    /// The figures of each output.
    pub(super) fn finish(self) -> Result<Vec<Measured>, MeterError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let outlines = self.outliners.into_iter().map(Outliner::finish);
        let both = self.bank.finish().into_iter().zip(outlines);
        Ok(both
            .map(|(measured, outline)| Measured::new(measured, outline))
            .collect())
    }
}

impl Tap for Meters {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let bits = self.bits;
        let blocks: Vec<Samples<'_>> = outputs
            .iter()
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

/// What was measured of an output.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) levels: Levels,
    pub(super) loudness: Loudness,
    /// Its energies, from which the figures of parts come.
    pub(super) energies: Energies,
    /// The peaks of its channels.
    pub(super) peaks: Vec<ChannelPeaks>,
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
        };
        Self {
            levels,
            loudness,
            energies: measured.energies,
            peaks: measured.channels,
            outline,
        }
    }
}
