//! Drawing a whole programme: blocks in parallel, each written where it belongs, then shown in
//! order of time to whoever listens.
//!
//! Memory is a few blocks a thread, whatever the length of the programme.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::block::{Buffers, Renderer};
use super::output::{Drawn, OutputStats};
use super::prepare::RenderError;

/// Takes the bytes of files, in any order, from any thread.
pub trait Sink: Sync {
    /// Writes the sample frames of a file ([`crate::conform::RenderPlan::delivered`]) from `frame` on.
    /// What is never written is silence.
    ///
    /// # Errors
    /// Whatever the file says.
    fn write(&self, file: usize, frame: u64, bytes: &[u8]) -> io::Result<()>;
}

/// Listens to the outputs in order of time.
pub trait Tap: Send {
    /// The next sample frames: for each output one plane a channel, in the integers that were
    /// written.
    fn hear(&mut self, outputs: &[Vec<&[i32]>]);
}

/// Why a programme could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// A source failed.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A file failed.
    #[error("file {file}: {error}")]
    Write {
        /// Which.
        file: usize,
        /// The reason.
        #[source]
        error: io::Error,
    },
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// Draws the whole programme into `sink`, `tap` listening.
///
/// `progress` is told the sample frames that are done, from any thread, never fewer than before.
/// Returns what each output lost.
///
/// # Errors
/// [`DriveError`]; what was written by then is of no use.
pub fn drive(
    renderer: &Renderer,
    sink: &dyn Sink,
    mut tap: Option<&mut dyn Tap>,
    progress: &(dyn Fn(u64) + Sync),
    interrupted: &AtomicBool,
) -> Result<Vec<OutputStats>, DriveError> {
    let mut totals = vec![OutputStats::default(); renderer.outputs()];
    let pen = Pen {
        renderer,
        sink,
        progress,
        interrupted,
        done: AtomicU64::new(0),
        idle: Mutex::default(),
    };
    let (mut drawing, mut heard) = (Wave::new(), Wave::new());
    let mut first = 0;
    // While one wave of blocks is drawn, the one before it is listened to.
    while first < renderer.blocks() || heard.count > 0 {
        drawing.count = (renderer.blocks() - first).min(drawing.blocks.len() as u64) as usize;
        let (drawn, ()) = rayon::join(
            || pen.draw_wave(first, &mut drawing),
            || listen(renderer.outputs(), heard.drawn(), &mut tap),
        );
        drawn?;
        for (output, total) in totals.iter_mut().enumerate() {
            drawing
                .drawn()
                .iter()
                .for_each(|block| total.add(block.stats(output)));
        }
        first += drawing.count as u64;
        std::mem::swap(&mut drawing, &mut heard);
    }
    Ok(totals)
}

/// Blocks that are drawn together.
struct Wave {
    blocks: Vec<Drawn>,
    /// How many of them hold a drawn block.
    count: usize,
}

impl Wave {
    /// Two blocks a thread, so that a slow one does not hold up the others.
    fn new() -> Self {
        let mut blocks = Vec::new();
        blocks.resize_with(2 * rayon::current_num_threads(), Drawn::default);
        Self { blocks, count: 0 }
    }

    fn drawn(&self) -> &[Drawn] {
        &self.blocks[..self.count]
    }
}

fn listen(outputs: usize, drawn: &[Drawn], tap: &mut Option<&mut dyn Tap>) {
    if let Some(tap) = tap {
        for block in drawn {
            let all: Vec<Vec<&[i32]>> = (0..outputs).map(|output| block.planes(output)).collect();
            tap.hear(&all);
        }
    }
}

/// What drawing needs to know.
struct Pen<'a> {
    renderer: &'a Renderer,
    sink: &'a dyn Sink,
    progress: &'a (dyn Fn(u64) + Sync),
    interrupted: &'a AtomicBool,
    done: AtomicU64,
    /// Working memory that no thread uses at the moment.
    idle: Mutex<Vec<Buffers>>,
}

impl Pen<'_> {
    /// Draws and writes the blocks from `first` on.
    fn draw_wave(&self, first: u64, wave: &mut Wave) -> Result<(), DriveError> {
        let blocks = wave.blocks.get_mut(..wave.count).unwrap_or_default();
        blocks
            .par_iter_mut()
            .enumerate()
            .try_for_each(|(i, drawn)| {
                if self.interrupted.load(Ordering::Relaxed) {
                    return Err(DriveError::Interrupted);
                }
                let block = first + i as u64;
                self.draw(block, drawn)?;
                let frames = self.renderer.span(block).1 as u64;
                (self.progress)(self.done.fetch_add(frames, Ordering::Relaxed) + frames);
                Ok(())
            })
    }

    /// Draws a block with working memory of an earlier one, which is warm.
    fn draw(&self, block: u64, drawn: &mut Drawn) -> Result<(), DriveError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffers = idle().pop().unwrap_or_default();
        std::mem::swap(&mut buffers.drawn, drawn);
        let done = draw(self.renderer, block, &mut buffers, self.sink);
        std::mem::swap(&mut buffers.drawn, drawn);
        idle().push(buffers);
        done
    }
}

/// Draws one block and writes what sounds in it.
fn draw(
    renderer: &Renderer,
    block: u64,
    buffers: &mut Buffers,
    sink: &dyn Sink,
) -> Result<(), DriveError> {
    renderer.render(block, buffers)?;
    let span = renderer.span(block);
    for output in 0..renderer.outputs() {
        if buffers.is_silent(output) {
            continue;
        }
        for slice in renderer.slices(output) {
            if let Some((frame, bytes)) = buffers.packed(output, slice, span, renderer.format()) {
                let file = slice.file;
                sink.write(file, frame, bytes)
                    .map_err(|error| DriveError::Write { file, error })?;
            }
        }
    }
    Ok(())
}
