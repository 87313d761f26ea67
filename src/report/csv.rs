//! Faults and findings as comma-separated values (RFC 4180), one a line, for spreadsheets.

use super::Report;
use super::mark::{Mark, marks};

/// The columns.
const HEAD: &str = "weight,check,code,title,file,channel,first_sample,samples,timecode_in,timecode_out,\
                    message,measured,limit,hint,source,waived_by,waiver_reason,waiver_expires";

/// The table.
pub(super) fn show(report: &Report) -> String {
    let rows = marks(report);
    let lines = rows.iter().map(row);
    std::iter::once(HEAD.to_owned())
        .chain(lines)
        .map(|line| line + "\r\n")
        .collect()
}

fn row(mark: &Mark<'_>) -> String {
    let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let text = |value: Option<&str>| cell(value.unwrap_or_default());
    let waiver = mark.waiver;
    [
        mark.weight().to_owned(),
        text(mark.check.map(|run| run.check)),
        cell(mark.code.id),
        cell(mark.code.title),
        text(mark.file),
        text(mark.channel),
        number(mark.stretch.map(|stretch| stretch.0)),
        number(mark.stretch.map(|stretch| stretch.1)),
        text(mark.timecode_in.as_deref()),
        text(mark.timecode_out.as_deref()),
        cell(mark.message),
        text(mark.measured),
        text(mark.limit),
        text(mark.hint),
        text(mark.source.as_deref()),
        text(waiver.map(|waiver| waiver.by.as_str())),
        text(waiver.map(|waiver| waiver.reason.as_str())),
        text(waiver.and_then(|waiver| waiver.expires.as_deref())),
    ]
    .join(",")
}

/// A value in quotes where it needs them. One that a spreadsheet would take for a formula gets a
/// blank in front.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '@'])
        || (text.starts_with(['+', '-']) && !text[1..].starts_with(|c: char| c.is_ascii_digit()));
    let text = if is_formula {
        format!(" {text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed() {
        let check = |text: &str, expect: &str| assert_eq!(cell(text), expect);
        check("plain", "plain");
        check("a, \"b\"", "\"a, \"\"b\"\"\"");
        check("=HYPERLINK(1)", " =HYPERLINK(1)");
        check("-3.5 dB", "-3.5 dB");
        check("-x", " -x");
        check("", "");
    }
}
