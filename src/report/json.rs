//! The report for programs, schema `stemline.report/1` (`specs/schema/report.json`).

use super::Report;

/// The report as JSON text ending in a newline.
pub(super) fn show(report: &Report) -> String {
    // Strings, integers and finite numbers only: serialising them cannot fail.
    serde_json::to_string_pretty(report).unwrap_or_default() + "\n"
}
