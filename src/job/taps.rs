//! Meters listening to the outputs while they are written.

use crate::conform::RenderPlan;
use crate::deliver::Loudness;
use crate::meter::{Bank, Energies, Measurement, MeterError, MeterSpec, Positions, Samples};
use crate::render::Tap;
use crate::report::Levels;

/// One meter for each output of a plan.
pub(super) struct Meters {
    bank: Bank,
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
        Ok(Self {
            bank: Bank::new(&specs)?,
            bits: said.bits as u8,
            failed: None,
        })
    }

    /// The figures of each output.
    pub(super) fn finish(self) -> Result<Vec<Measured>, MeterError> {
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self.bank.finish().into_iter().map(Measured::new).collect()),
        }
    }
}

impl Tap for Meters {
    fn hear(&mut self, outputs: &[Vec<&[i32]>]) {
        let bits = self.bits;
        let blocks: Vec<Samples<'_>> = outputs
            .iter()
            .map(|planes| Samples::PlanarInts { planes, bits })
            .collect();
        if let Err(error) = self.bank.push(&blocks) {
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
}

impl Measured {
    fn new(measured: Measurement) -> Self {
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
        }
    }
}
