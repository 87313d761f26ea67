//! Drawing a whole programme: blocks in parallel, each written where it belongs, then shown in
//! order of time to whoever listens.
//!
//! Memory is a few blocks a thread, whatever the length of the programme.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::block::{Buffers, OutputStats, Renderer};
use super::prepare::RenderError;

/// Takes the bytes of outputs, in any order, from any thread.
pub trait Sink: Sync {
    /// Writes the sample frames of an output from `frame` on. What is never written is silence.
    ///
    /// # Errors
    /// Whatever the file says.
    fn write(&self, output: usize, frame: u64, bytes: &[u8]) -> io::Result<()>;
}

/// Listens to one output in order of time.
pub trait Tap: Send {
    /// The next sample frames, one plane a channel, in the integers that were written.
    fn hear(&mut self, planes: &[&[i32]]);
}

/// Why a programme could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// A source failed.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// An output failed.
    #[error("output {output}: {error}")]
    Write {
        /// Which, stems first.
        output: usize,
        /// The reason.
        #[source]
        error: io::Error,
    },
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// Draws the whole programme into `sink`, `taps` listening (one an output, or none at all).
///
/// `progress` is told the sample frames that are done, from any thread, never fewer than before.
/// Returns what each output lost.
///
/// # Errors
/// [`DriveError`]; what was written by then is of no use.
pub fn drive(
    renderer: &Renderer,
    sink: &dyn Sink,
    taps: &mut [Box<dyn Tap + '_>],
    progress: &(dyn Fn(u64) + Sync),
    interrupted: &AtomicBool,
) -> Result<Vec<OutputStats>, DriveError> {
    let mut totals = vec![OutputStats::default(); renderer.outputs()];
    let done = AtomicU64::new(0);
    let mut wave: Vec<Buffers> = Vec::new();
    wave.resize_with(2 * rayon::current_num_threads(), Buffers::default);
    let mut first = 0;
    while first < renderer.blocks() {
        let count = (renderer.blocks() - first).min(wave.len() as u64);
        let blocks = &mut wave[..count as usize];
        blocks.par_iter_mut().enumerate().try_for_each(|(i, buffers)| {
            let block = first + i as u64;
            if interrupted.load(Ordering::Relaxed) {
                return Err(DriveError::Interrupted);
            }
            draw(renderer, block, buffers, sink)?;
            let frames = renderer.span(block).1 as u64;
            progress(done.fetch_add(frames, Ordering::Relaxed) + frames);
            Ok(())
        })?;
        taps.par_iter_mut().enumerate().for_each(|(output, tap)| {
            blocks.iter().for_each(|buffers| tap.hear(&buffers.planes(output)));
        });
        for (output, total) in totals.iter_mut().enumerate() {
            for stats in blocks.iter().map(|buffers| buffers.stats(output)) {
                total.add(stats);
            }
        }
        first += count;
    }
    Ok(totals)
}

/// Draws one block and writes what sounds in it.
fn draw(
    renderer: &Renderer,
    block: u64,
    buffers: &mut Buffers,
    sink: &dyn Sink,
) -> Result<(), DriveError> {
    renderer.render(block, buffers)?;
    let start = renderer.span(block).0;
    for output in 0..renderer.outputs() {
        if buffers.is_silent(output) {
            continue;
        }
        let bytes = buffers.packed(output, renderer.format());
        sink.write(output, start, bytes).map_err(|error| DriveError::Write { output, error })?;
    }
    Ok(())
}
