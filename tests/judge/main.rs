//! Packages judged: by the job that makes them, by the ledger, and by `stemline qc` whatever lies in the folder.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod broken;
mod checksums;
mod film;
mod ledger;
mod made;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;

use stemline::job::{QcJob, run_qc};
use stemline::qc::{Judgement, Waivers};
use stemline::spec::Spec;

/// What `stemline qc` says of a folder by the default spec, with or without what compares files.
fn judge(folder: &Path, compare: bool) -> Judgement {
    let spec = Spec::builtin("dme").unwrap();
    let job = QcJob {
        inputs: vec![folder.to_owned()],
        spec: &spec,
        waivers: &Waivers::default(),
        date: None,
        rate: None,
        compare,
    };
    run_qc(&job).unwrap()
}
