//! Reports: one typed result, shown in one file per format.
//!
//! **Invariant:** a report shows and never computes; the same [`Report`] gives the same bytes.
//! A new format is one file here and one line in [`REPORTS`].

mod json;
mod model;
mod text;

pub use model::{Decision, FileReport, Levels, Null, Report, Review, Sounding};
pub use text::summary;

/// A format that a report can be shown in.
#[derive(Debug)]
pub struct ReportFormat {
    /// Short name.
    pub name: &'static str,
    /// What follows the title in the file's name: `_report.json`.
    pub suffix: &'static str,
    /// Shows a report.
    pub show: fn(&Report) -> String,
}

/// Every report that a job writes.
pub const REPORTS: &[ReportFormat] = &[ReportFormat {
    name: "json",
    suffix: "_report.json",
    show: json::show,
}];
