//! Which stretch and which channels of the outputs stand in which files.

use crate::conform::RenderPlan;
use crate::conform::plan::DeliveredFile;

/// What a file holds of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The file, an index into [`RenderPlan::delivered`].
    pub file: usize,
    /// For each channel of the file that of the output; silence where absent.
    pub channels: Vec<Option<usize>>,
    /// First sample frame of the output.
    pub from: u64,
    /// How many.
    pub length: u64,
    /// Where the first one stands in the file.
    pub head: u64,
}

/// For each output what the files hold of it.
pub(super) fn slices(plan: &RenderPlan) -> Vec<Vec<Slice>> {
    let files = plan.delivered();
    let of = |code: &str| {
        let slice = |(file, delivered): (usize, &DeliveredFile)| Slice {
            file,
            channels: delivered.channels.clone(),
            from: delivered.from,
            length: delivered.length,
            head: delivered.head,
        };
        let files = files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.output == code);
        files.map(slice).collect()
    };
    plan.outputs()
        .iter()
        .map(|output| of(output.code))
        .collect()
}
