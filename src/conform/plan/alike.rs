//! Which outputs hold the same samples, whatever the sources hold.

use super::{FoldDown, RenderPlan};
use crate::audio::ChannelLayout;

/// What the samples of an output follow from.
#[derive(Debug, PartialEq)]
struct Sum<'a> {
    layout: &'a ChannelLayout,
    /// The stems in it that have segments, ascending; one that is in it twice counts twice.
    stems: Vec<usize>,
    /// Silence folded down is silence.
    fold: Option<&'a FoldDown>,
}

impl RenderPlan {
    /// For each stem whether it has anything to play: segments, and somebody who holds it.
    pub fn playing_stems(&self) -> Vec<bool> {
        let stems = self.get().stems.iter().zip(self.heard_stems());
        stems
            .map(|(stem, heard)| heard && !stem.segments.is_empty())
            .collect()
    }

    /// For each output the first one that has its layout and its very samples, whatever the sources hold:
    /// a sum of stems of which one alone plays is that stem, and all that play nothing are one silence.
    pub fn first_alike(&self) -> Vec<usize> {
        let plan = self.get();
        let playing = self.playing_stems();
        let plays = |stem: &usize| playing.get(*stem).is_some_and(|plays| *plays);
        let stems = plan.stems.iter().enumerate().map(|(number, stem)| Sum {
            layout: &stem.layout,
            stems: Some(number).filter(plays).into_iter().collect(),
            fold: None,
        });
        let sums = plan.composites.iter().map(|sum| {
            let number = |code: &String| plan.stems.iter().position(|stem| stem.code == *code);
            let numbers = sum.stems.iter().filter_map(number);
            let mut stems: Vec<usize> = numbers.filter(plays).collect();
            stems.sort_unstable();
            let fold = sum.fold.as_ref().filter(|_| !stems.is_empty());
            Sum {
                layout: &sum.layout,
                stems,
                fold,
            }
        });
        let all: Vec<Sum<'_>> = stems.chain(sums).collect();
        let first = |sum: &Sum<'_>| all.iter().position(|other| other == sum);
        all.iter()
            .enumerate()
            .map(|(number, sum)| first(sum).unwrap_or(number))
            .collect()
    }
}
