//! Reports: one typed result, shown in one file per format.
//!
//! **Invariant:** a report shows and never computes; the same [`Report`] gives the same bytes.
//! A new format is one file here and one line in [`REPORTS`].

mod course;
mod csv;
mod html;
mod json;
mod junit;
mod mark;
mod markers;
mod model;
mod tags;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod xml;

pub use course::{Aim, Course, Excerpt, Lane, MAX_TRACE, PeakMark, Placement};
pub use model::{Decision, FileReport, Levels, Null, Report, Review, Sounding};
pub use text::summary;

/// A format that a report can be shown in.
#[derive(Debug)]
pub struct ReportFormat {
    /// Short name: what `--report` takes.
    pub name: &'static str,
    /// What follows the title in the file's name: `_report.json`.
    pub suffix: &'static str,
    /// Whether it is written unless the user asks for others.
    pub usual: bool,
    /// Shows a report.
    pub show: fn(&Report) -> String,
}

impl ReportFormat {
    const fn new(
        name: &'static str,
        suffix: &'static str,
        usual: bool,
        show: fn(&Report) -> String,
    ) -> Self {
        Self {
            name,
            suffix,
            usual,
            show,
        }
    }
}

/// Every format.
pub const REPORTS: &[ReportFormat] = &[
    ReportFormat::new("json", "_report.json", true, json::show),
    ReportFormat::new("html", "_report.html", true, html::show),
    ReportFormat::new("junit", "_junit.xml", true, junit::show),
    ReportFormat::new("csv", "_faults.csv", false, csv::show),
    ReportFormat::new("xml", "_qc.xml", false, xml::show),
    ReportFormat::new(
        "protools",
        "_markers_protools.txt",
        false,
        markers::pro_tools,
    ),
    ReportFormat::new("resolve", "_markers_resolve.edl", false, markers::resolve),
    ReportFormat::new("avid", "_markers_avid.txt", false, markers::avid),
];

/// The formats that are always written and those asked for by name, in the order of [`REPORTS`]; `all`
/// asks for every one. A name may be several with commas between them.
///
/// # Errors
/// The first name that no format has.
pub fn formats(names: &[String]) -> Result<Vec<&'static ReportFormat>, String> {
    let names: Vec<&str> = names.iter().flat_map(|name| name.split(',')).collect();
    let known = |name: &&str| *name == "all" || REPORTS.iter().any(|format| format.name == *name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        return Err((*unknown).to_owned());
    }
    let asked = |format: &&ReportFormat| {
        let named = |name: &&str| *name == format.name || *name == "all";
        format.usual || names.iter().any(named)
    };
    Ok(REPORTS.iter().filter(asked).collect())
}
