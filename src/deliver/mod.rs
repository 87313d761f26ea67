//! Delivery: outputs become Broadcast WAV files, whole or absent.
//!
//! **Invariant:** a file gets its name only when all files of the package are complete, synced and
//! read back; an interrupted job leaves nothing that looks like a deliverable. The same plan and
//! levels give the same bytes.

mod adm;
mod codes;
mod hash;
mod hash_list;
mod history;
mod holes;
mod keep;
mod keepable;
mod md5;
mod md5_lanes;
mod mhl;
mod package;
mod part_file;
mod pop;
mod sums;
mod wave;
mod wave_file;

pub use adm::{AdmTrack, programmes_to_measure};
pub use codes::CODES;
pub(crate) use hash::{Algorithm, digests, md5_of};
pub(crate) use hash_list::{Listed, read_lines, read_mhl};
pub use keep::KeptItems;
pub use package::{DeliverError, Package, write_texts};
pub use part_file::WriteError;
pub use wave::{Loudness, file_names};
