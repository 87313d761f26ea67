//! What can be seen in one pass over the channels of a file beside loudness: where there is silence, where
//! sound stops and goes on, where it clips, clicks, pops or hums, and how channels belong together.
//!
//! Sound is looked at in spans of 100 ms (`scanner`), each channel by itself (`column`). A span's samples
//! become one peak and one bend for each cell of 16 (`cells`); everything else looks only into spans whose
//! cells say that something is there: `quiet` follows runs of silence to their exact samples, `flat` and
//! `click` look at crests and jumps, `burst` at short sounds between silences, `hum` at a thinned copy,
//! `pair` at two channels together.
//!
//! **Invariant:** nothing is judged; every place is an exact sample frame; lists are bounded; and no bit of a
//! result depends on block lengths, threads or instruction sets.

mod burst;
mod cells;
mod click;
mod column;
mod flat;
mod found;
mod hum;
mod pair;
mod quiet;
mod scanner;
mod thin;

pub use found::{Burst, ChannelScan, Click, FlatTop, Hum, PairScan, Quiet, Scan};
pub use scanner::{ScanSpec, Scanner};
