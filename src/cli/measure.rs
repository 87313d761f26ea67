//! `stemline measure`.

use super::Status;
use super::args::MeasureArgs;

/// `stemline measure`.
pub(super) fn run(_args: &MeasureArgs) -> Status {
    Status::Done
}
