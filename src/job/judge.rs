//! Judging what the job itself has made, without reading its sound again: headers as written, the meters of the
//! render pass, and the plan as ledger.

use std::fs;
use std::path::Path;

use super::qc::known;
use super::taps::Measured;
use crate::audio::ChannelLayout;
use crate::bwf;
use crate::conform::RenderPlan;
use crate::conform::plan::{Composite, DeliveredFile, OutputRef};
use crate::meter::Measurement;
use crate::qc::{Facts, FileFacts, Judgement, Made, Seen, Sound, Waivers, judge};
use crate::render::OutputStats;
use crate::spec::Spec;

/// How a job judges what it has made.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// Faults that a person has accepted.
    pub waivers: Waivers,
    /// The day, `YYYY-MM-DD`, which waivers expire against.
    pub date: Option<String>,
}

/// What is known of the files when they are complete.
pub(super) struct Finished<'a> {
    pub(super) plan: &'a RenderPlan,
    /// Name of the plan's file.
    pub(super) ledger: String,
    pub(super) spec: &'a Spec,
    /// What each output lost.
    pub(super) stats: &'a [OutputStats],
    /// What was measured of each output; may be none.
    pub(super) measured: &'a [Option<Measured>],
    /// The files of a package with sound and where they stand until they get their names; none were written
    /// where there are none.
    pub(super) files: Vec<(DeliveredFile, &'a Path)>,
}

impl Finished<'_> {
    /// What quality control says.
    pub(super) fn judge(&self, how: &Judging) -> Judgement {
        let listed = self.plan.delivered();
        let written: Vec<&DeliveredFile> = match self.files.as_slice() {
            [] => listed.iter().collect(),
            files => files.iter().map(|(file, _)| file).collect(),
        };
        let files: Vec<FileFacts> = written.iter().map(|file| self.file(file)).collect();
        let facts = Facts {
            title: self.plan.get().title.clone(),
            spec: self.spec,
            rate: Some(self.plan.frame_rate()),
            sounds: self.sounds(&written, &files),
            files,
            sums: Vec::new(),
            leaks: Vec::new(),
            folds: Vec::new(),
            dubs: Vec::new(),
            plan: Some((self.ledger.clone(), self.plan.get().clone())),
            seen: Seen::Made(self.made()),
            absent: Vec::new(),
        };
        judge(&facts, &how.waivers, how.date.as_deref())
    }

    fn file(&self, file: &DeliveredFile) -> FileFacts {
        let path = self.files.iter().find(|(made, _)| made.file == file.file);
        let path = path.map(|(_, path)| *path);
        let outputs = self.plan.outputs();
        let is_output = outputs.iter().any(|output| output.code == file.output);
        FileFacts {
            name: file.file.clone(),
            bytes: path.and_then(|path| Some(fs::metadata(path).ok()?.len())),
            wave: path.map(|path| bwf::open(path).map_err(|error| error.to_string())),
            code: is_output.then(|| file.output.clone()),
            foreign: false,
            checksums: Vec::new(),
        }
    }

    /// What sounds: the files of each output, those of one channel together, each reel by itself.
    fn sounds(&self, written: &[&DeliveredFile], files: &[FileFacts]) -> Vec<Sound> {
        let mut sounds = Vec::new();
        for output in self.plan.outputs() {
            let of = |(_, file): &(usize, &&DeliveredFile)| file.output == output.code;
            let own: Vec<(usize, &DeliveredFile)> = { written.iter().enumerate().filter(of) }
                .map(|(index, file)| (index, *file))
                .collect();
            let mut reels: Vec<Option<u32>> = own.iter().map(|(_, file)| file.reel).collect();
            reels.dedup();
            for reel in reels {
                let parts: Vec<(usize, &DeliveredFile)> = own
                    .iter()
                    .filter(|(_, file)| file.reel == reel)
                    .copied()
                    .collect();
                sounds.extend(self.sound(output, &parts, files));
            }
        }
        sounds
    }

    fn sound(
        &self,
        output: OutputRef<'_>,
        own: &[(usize, &DeliveredFile)],
        files: &[FileFacts],
    ) -> Option<Sound> {
        let (index, first) = own.first()?;
        let parts: Vec<(usize, usize)> = own
            .iter()
            .flat_map(|(index, file)| (0..file.channels.len()).map(|channel| (*index, channel)))
            .collect();
        let alone = own.len() == 1;
        let stated = || files.get(*index)?.header()?.stated_layout();
        let layout = if parts.len() == output.layout.len() {
            { alone.then(stated) }
                .flatten()
                .or_else(|| Some(output.layout.clone()))
        } else {
            stated().or_else(|| ChannelLayout::usual(parts.len()))
        };
        let (label, kind) = known(self.spec, output.code);
        Some(Sound {
            code: Some(output.code.to_owned()),
            label: label.or_else(|| Some(output.label.to_owned())),
            kind,
            reel: first.reel,
            rate: self.plan.rate(),
            length: first.frames(),
            scan: None,
            measured: self.measured(output, first, parts.len()),
            error: None,
            parts,
            layout,
        })
    }

    /// The figures of an output, where a file holds all of it; peaks behind its leader.
    fn measured(
        &self,
        output: OutputRef<'_>,
        file: &DeliveredFile,
        channels: usize,
    ) -> Option<Measurement> {
        let whole = file.from == 0 && file.length == self.plan.get().length;
        let same = channels == output.layout.len();
        let known = self.measured.get(output.index).filter(|_| whole && same)?;
        let mut measured = known.as_ref()?.figures.clone();
        for channel in &mut measured.channels {
            for at in channel.true_peak.iter_mut().map(|peak| &mut peak.at) {
                *at += file.head;
            }
        }
        Some(measured)
    }

    /// The composites that were summed.
    fn made(&self) -> Vec<Made> {
        let plan = self.plan.get();
        let made = |(i, composite): (usize, &Composite)| {
            let stats = self.stats.get(plan.stems.len() + i);
            let stats = stats.copied().unwrap_or_default();
            Made {
                code: composite.code.clone(),
                saturated: stats.saturated,
                first: stats.first_saturated,
            }
        };
        // A fold-down is not the sum of its stems, it is made of that sum.
        let sums = plan.composites.iter().enumerate();
        sums.filter(|(_, composite)| composite.fold.is_none())
            .map(made)
            .collect()
    }
}
