//! What several files say about each other: whether stems sum to a mix and, where they do not, how one of
//! them differs from what the others leave for it; and how much of one file sounds in another.
//!
//! `residual` goes through all files once and notes every stretch in which the sum is not the mix. `relate`
//! then looks at windows of such a stretch: gain, polarity, swapped channels, offset (`lag`), and for drifts
//! offsets to fractions of a sample (`slip`). `leak` finds
//! the coherent part of one file in another, far below the other's own sound.
//!
//! **Invariant:** nothing is judged; offsets are exact samples; no bit depends on block lengths, threads
//! or instruction sets.

mod lag;
mod leak;
mod relate;
mod residual;
mod slip;

pub use lag::{Lag, find_lag};
pub use leak::{Leak, LeakMeter};
pub use relate::{ChannelRelation, Relation, relate};
pub use residual::{Residual, ResidualMeter, Residue};
pub use slip::{Line, Slip, fit_line, slip};
