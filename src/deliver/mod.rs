//! Delivery: complete files under their names. **Invariant:** whole or absent.
mod part_file;
pub use part_file::*;
