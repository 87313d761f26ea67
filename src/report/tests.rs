//! Every format of one report, against files that were reviewed.

use std::fs;
use std::path::Path;

use super::testing::report;
use super::{REPORTS, formats};

/// What a format makes of the report of [`report`].
fn shown(name: &str) -> String {
    let format = REPORTS.iter().find(|format| format.name == name).unwrap();
    (format.show)(&report())
}

#[test]
fn each_text_form_is_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report");
    for format in REPORTS.iter().filter(|format| format.name != "html") {
        let path = folder.join(format!("R1{}", format.suffix));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let got = (format.show)(&report());
        if got != expected {
            let beside = path.with_extension("got");
            fs::write(&beside, &got).unwrap();
            panic!("{} differs: see {}", path.display(), beside.display());
        }
    }
}

#[test]
fn the_page_is_whole_and_the_same_each_time() {
    let page = shown("html");
    assert_eq!(page, shown("html"));
    for part in [
        "<!doctype html>",
        "Failed",
        "3 checks on 2 files: 1 fault, 1 warning, 1 note and 1 waived.",
        "waived by A. Mixer, until 2027-01-01: creative intent",
        "MIX = DX: digital zero remains",
        "\u{2212}27.0",
        "</html>",
    ] {
        assert!(page.contains(part), "no {part}");
    }
}

#[test]
fn nothing_reaches_the_page_unescaped() {
    let page = shown("html");
    assert_eq!(page.matches("<b>R1").count(), 0);
    // One for the data, one for the script.
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(page.contains(r#""12A-3 \u003c&>""#), "the clips are data");
    for outside in [
        "http:",
        "https:",
        "url(",
        "@import",
        "<link rel=\"stylesheet\"",
        " src=",
    ] {
        assert_eq!(page.matches(outside).count(), 0, "{outside}");
    }
}

#[test]
fn formats_are_asked_for_by_name() {
    let check = |asked: &[&str], expected: &[&str]| {
        let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
        let names =
            formats(&asked).map(|formats| formats.iter().map(|f| f.name).collect::<Vec<_>>());
        assert_eq!(names, Ok(expected.to_vec()));
    };
    check(&[], &["json", "html", "junit"]);
    check(&["xml,avid"], &["json", "html", "junit", "xml", "avid"]);
    check(&["avid", "csv"], &["json", "html", "junit", "csv", "avid"]);
    assert_eq!(
        formats(&["all".to_owned()]).map(|all| all.len()),
        Ok(REPORTS.len())
    );
    assert_eq!(formats(&["pdf".to_owned()]).err(), Some("pdf".to_owned()));
}
