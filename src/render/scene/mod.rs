//! Items of scenes: made ready, and drawn into a block.
//!
//! The direct path goes straight into the mix. The diffuse path of all items of a stem is summed on
//! a bus that reaches a little beyond the block, decorrelated on the programme's grid, and added last.
//!
//! **Invariant:** what an item adds to a sample does not depend on the block that it is drawn in.

mod draw;
mod lines;
mod prepare;

pub(super) use draw::{SceneBuffers, mix_diffuse, mix_scene, needs};
pub use prepare::SceneOpener;
pub(super) use prepare::{PreparedScene, Scenes};
