//! Marker lists, so that a person can jump to the faults: for Pro Tools, Resolve and Avid.
//!
//! Only what has a place in the programme is a marker. Every list is in the order of time.

use std::fmt::Write as _;

use super::Report;
use super::mark::{Mark, frame_rate, marks, timecodes};
use crate::time::{FrameRate, Timecode};

/// A place with a name.
struct Marker {
    first: Timecode,
    after: Timecode,
    /// Sample frame from the start of the files.
    sample: u64,
    name: String,
    comment: String,
    weight: &'static str,
}

/// The markers of a report in order of time; none where no frame rate is known.
fn markers(report: &Report) -> Vec<Marker> {
    let Some(rate) = frame_rate(report) else {
        return Vec::new();
    };
    let all = marks(report);
    let mut markers: Vec<Marker> = all
        .iter()
        .filter_map(|mark| marker(report, rate, mark))
        .collect();
    markers.sort_by_key(|marker| (marker.first.frame(), marker.sample));
    markers
}

fn marker(report: &Report, rate: FrameRate, mark: &Mark<'_>) -> Option<Marker> {
    let (sample, samples) = mark.stretch?;
    let parse = |text: &Option<String>| Timecode::parse(text.as_deref()?, rate).ok();
    let (worked, worked_after) = timecodes(report, sample, samples)?;
    let first = parse(&mark.timecode_in).unwrap_or(worked);
    let least = Timecode::from_frame(first.frame() + 1, rate);
    let after = parse(&mark.timecode_out).unwrap_or(worked_after);
    let after = if after.frame() > first.frame() {
        after
    } else {
        least
    };
    let place = [mark.file, mark.channel].into_iter().flatten();
    let place = place.collect::<Vec<_>>().join(" ");
    Some(Marker {
        first,
        after,
        sample,
        name: one_line(&format!("{} {}", mark.code.id, mark.code.title)),
        comment: one_line(&format!("{place}: {}", mark.message)),
        weight: mark.weight(),
    })
}

/// Text on one line, without the characters that part columns and fields or that are none for people.
fn one_line(text: &str) -> String {
    let plain = text.replace(|c: char| c == '|' || c.is_control(), " ");
    plain.trim_start_matches([':', ' ']).trim_end().to_owned()
}

/// Pro Tools: the form of its "session info as text", which it and the tools around it take in.
pub(super) fn pro_tools(report: &Report) -> String {
    let mut text = String::new();
    let rate = frame_rate(report);
    let rate_name = rate.map(|rate| {
        let drop = if rate.drop_frame() { " Drop" } else { "" };
        let fps = rate.to_string();
        format!("{}{drop} Frame", fps.trim_end_matches(" DF"))
    });
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "SESSION NAME:\t{}\nSAMPLE RATE:\t{}.000000\nBIT DEPTH:\t24-bit\nSESSION START TIMECODE:\t{}\n\
         TIMECODE FORMAT:\t{}\n# OF AUDIO TRACKS:\t0\n# OF AUDIO CLIPS:\t0\n# OF AUDIO FILES:\t0\n\n\n\
         M A R K E R S  L I S T I N G\n\
         #   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME                             \tCOMMENTS\n",
        one_line(&report.title),
        report.sample_rate,
        report.start_timecode,
        rate_name.unwrap_or_default(),
    );
    for (i, marker) in markers(report).iter().enumerate() {
        let _ = writeln!(
            text,
            "{:<4}\t{:<13}\t{:<18}\tSamples  \t{:<33}\t{}",
            i + 1,
            marker.first.to_string(),
            marker.sample,
            marker.name,
            marker.comment
        );
    }
    text
}

/// Resolve: the EDL that its "import timeline markers from EDL" reads, each marker an event with its colour, name,
/// note and length in frames.
pub(super) fn resolve(report: &Report) -> String {
    let drop = frame_rate(report).is_some_and(FrameRate::drop_frame);
    let counting = if drop { "DROP FRAME" } else { "NON-DROP FRAME" };
    let mut text = format!("TITLE: {}\nFCM: {counting}\n\n", one_line(&report.title));
    for (i, marker) in markers(report).iter().enumerate() {
        let next = Timecode::from_frame(marker.first.frame() + 1, marker.first.rate());
        let color = match marker.weight {
            "error" => "Red",
            "warning" => "Yellow",
            "waived" => "Green",
            _ => "Blue",
        };
        let frames = marker.after.frame() - marker.first.frame();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{:03}  001      V     C        {first} {next} {first} {next}  \n\
             {} |C:ResolveColor{color} |M:{} |D:{frames}\n\n",
            i + 1,
            marker.comment,
            marker.name,
            first = marker.first,
        );
    }
    text
}

/// Avid: locators as Media Composer's marker window imports them: user, timecode, track, colour, comment,
/// length in frames.
pub(super) fn avid(report: &Report) -> String {
    let mut text = String::new();
    for marker in markers(report) {
        let color = match marker.weight {
            "error" => "red",
            "warning" => "yellow",
            "waived" => "green",
            _ => "blue",
        };
        let frames = marker.after.frame() - marker.first.frame();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "stemline\t{}\tA1\t{color}\t{}: {}\t{frames}",
            marker.first, marker.name, marker.comment
        );
    }
    text
}
