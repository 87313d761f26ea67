//! Files that nobody writes on purpose.

use std::fmt::Write as _;

use super::{Selection, adm, codes, content, items, monos, object, programme};
use crate::bwf::adm::read_xml;

#[test]
fn circles_are_cut() {
    let inner = |id: u16| format!("<audioObjectIDRef>AO_{id}</audioObjectIDRef>");
    let model = adm(&[
        programme(1001, &[1001]),
        content(1001, &[1001]),
        object(1001, "AP_00010001", &[1], &inner(1002)),
        object(1002, "AP_00010001", &[2], &inner(1001)),
        object(1003, "AP_00010001", &[3], &inner(1003)),
        "<audioPackFormat audioPackFormatID='AP_00011001'><audioPackFormatIDRef>AP_00011001</audioPackFormatIDRef></audioPackFormat>".to_owned(),
        monos(&[1, 2, 3]),
    ].concat());
    assert_eq!(codes(&model), "ADM009 ADM009 ADM009");
    let (shown, _) = items(&model, &Selection::default());
    assert_eq!(
        shown,
        "AO_1001/ATU_00000001[0], AO_1001/AO_1002/ATU_00000002[1]"
    );
}

#[test]
fn doubling_paths_end() {
    // Each object holds the next one twice: 2^40 paths.
    let mut file = String::new();
    for id in 1001..1041 {
        let next = format!("<audioObjectIDRef>AO_{}</audioObjectIDRef>", id + 1).repeat(2);
        file += &object(id, "", &[], &next);
    }
    let (shown, findings) = items(&adm(&file), &Selection::default());
    assert_eq!((shown.as_str(), findings.as_str()), ("", "ADM012"));
    // So do packs.
    let mut file = object(1001, "AP_00011001", &[1], "");
    for id in 0x1001..0x1041 {
        let next = format!(
            "<audioPackFormatIDRef>AP_0001{:04x}</audioPackFormatIDRef>",
            id + 1
        )
        .repeat(2);
        let _ = write!(
            file,
            "<audioPackFormat audioPackFormatID='AP_0001{id:04x}'>{next}</audioPackFormat>"
        );
    }
    let (shown, _) = items(&adm(&[file, monos(&[1])].concat()), &Selection::default());
    assert_eq!(shown, "");
}

#[test]
fn what_is_cut_off_or_broken_keeps_what_stood_before() {
    let whole = [programme(1001, &[1001]), content(1001, &[1001])].concat();
    let check = |text: &str, programmes: usize, contents: usize| {
        let model = read_xml(text.as_bytes(), &[], 1, "a.wav");
        assert!(codes(&model).starts_with("ADM001"), "{text}");
        assert_eq!(
            (model.programmes().len(), model.contents().len()),
            (programmes, contents),
            "{text}"
        );
    };
    check(&format!("<a>{whole}"), 1, 1);
    check(&format!("<a>{whole}</b>"), 1, 1);
    check(&whole[..whole.len() - 3], 1, 0);
    check(&format!("<a>{}&nbsp;</a>", programme(1001, &[])), 1, 0);
    check(&"<a>".repeat(100), 0, 0);
    let model = read_xml(
        b"<audioProgramme audioProgrammeID='APR_1001' audioProgrammeName='\xFF'/>",
        &[],
        1,
        "a.wav",
    );
    assert_eq!(
        (codes(&model).as_str(), model.programmes()[0].name.as_str()),
        ("ADM006", "\u{FFFD}")
    );
}

#[test]
fn identities_that_clash_or_are_missing_are_told() {
    let model = adm(&[
        object(1001, "", &[], ""),
        object(1001, "", &[], ""),
        "<audioObject/>".to_owned(),
    ]
    .concat());
    assert_eq!(codes(&model), "ADM010 ADM007");
    let model = adm(&[
        programme(1001, &[1009]),
        object(1001, "AP_00019999", &[9], ""),
    ]
    .concat());
    assert_eq!(codes(&model), "ADM008 ADM008 ADM008");
}

#[test]
fn ten_million_blocks_are_not_kept() {
    // As many as fit a test: the limits are held by their counts.
    let one = "<audioBlockFormat><speakerLabel>L</speakerLabel><position coordinate='azimuth'>0</position></audioBlockFormat>";
    let text = format!(
        "<audioChannelFormat audioChannelFormatID='AC_00011001' typeDefinition='DirectSpeakers'>{}</audioChannelFormat>",
        one.repeat(100_010)
    );
    let model = adm(&text);
    assert_eq!(codes(&model), "ADM012");
    assert_eq!(model.block_count(&model.channels()[0].id), 100_000);
}
