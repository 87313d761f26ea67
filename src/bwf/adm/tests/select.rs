//! What sounds of a model.

use super::{Selection, adm, content, items, monos, object, programme, row, uid};
use crate::bwf::adm::{FormatType, read_xml};

fn choice(programme: Option<&str>, objects: &[&str], strict: bool) -> Selection {
    Selection {
        programme: programme.map(str::to_owned),
        complementary: objects.iter().map(|id| (*id).to_owned()).collect(),
        strict,
    }
}

#[track_caller]
fn check(elements: &str, selection: &Selection, want: &str, findings: &str) {
    assert_eq!(
        items(&adm(elements), selection),
        (want.to_owned(), findings.to_owned())
    );
}

#[test]
fn the_lowest_programme_is_the_default() {
    let file = [
        programme(1002, &[1002]),
        programme(1001, &[1001]),
        content(1001, &[1001]),
        content(1002, &[1002]),
        object(1001, "AP_00010001", &[1], ""),
        object(1002, "AP_00010001", &[2], ""),
        monos(&[1, 2]),
    ]
    .concat();
    let first = "AO_1001/ATU_00000001[0]";
    check(&file, &Selection::default(), first, "ADM025");
    check(
        &file,
        &choice(Some("apr_1002"), &[], false),
        "AO_1002/ATU_00000002[1]",
        "",
    );
    check(
        &file,
        &choice(Some("P1002"), &[], false),
        "AO_1002/ATU_00000002[1]",
        "",
    );
    let error = "a.wav has no programme `APR_1009`; it has APR_1002 (P1002), APR_1001 (P1001)";
    check(&file, &choice(Some("APR_1009"), &[], false), error, "");
}

#[test]
fn without_a_programme_the_outer_objects_sound() {
    let file = [
        content(1001, &[1001]),
        object(
            1001,
            "",
            &[],
            "<audioObjectIDRef>AO_1002</audioObjectIDRef>",
        ),
        object(1002, "AP_00010001", &[1], ""),
        monos(&[1]),
    ]
    .concat();
    check(
        &file,
        &Selection::default(),
        "AO_1001/AO_1002/ATU_00000001[0]",
        "",
    );
}

/// The film in English and French: one programme each, or one for both.
fn languages(english: &[u16], french: &[u16]) -> String {
    let other = "<audioComplementaryObjectIDRef>AO_1002</audioComplementaryObjectIDRef>";
    [
        programme(1001, english),
        programme(1002, french),
        content(1001, &[1001]),
        content(1002, &[1002]),
        content(1003, &[1003]),
        object(1001, "AP_00010001", &[1], other),
        object(1002, "AP_00010001", &[2], ""),
        object(1003, "AP_00010001", &[3], ""),
        monos(&[1, 2, 3]),
    ]
    .concat()
}

#[test]
fn one_of_several_complementary_objects_sounds() {
    let both = languages(&[1001, 1002, 1003], &[]);
    let en = "AO_1001/ATU_00000001[0], AO_1003/ATU_00000003[2]";
    let fr = "AO_1002/ATU_00000002[1], AO_1003/ATU_00000003[2]";
    let first = Some("APR_1001");
    check(&both, &choice(first, &[], true), en, "ADM029");
    check(&both, &choice(first, &["AO_1001"], true), en, "");
    check(&both, &choice(first, &["ao_1002"], true), fr, "");
    let error = "a.wav: AO_1001 and AO_1002 are complementary, only one of them can be selected";
    check(
        &both,
        &choice(first, &["AO_1001", "AO_1002"], true),
        error,
        "",
    );
    let error = "a.wav has no complementary object `AO_1003` to select; it has AO_1001, AO_1002";
    check(&both, &choice(first, &["AO_1003"], true), error, "");
}

#[test]
fn a_programme_keeps_its_own_language_unless_read_to_the_letter() {
    let each = languages(&[1001, 1003], &[1002, 1003]);
    let second = Some("APR_1002");
    let fr = "AO_1002/ATU_00000002[1], AO_1003/ATU_00000003[2]";
    check(&each, &choice(second, &[], false), fr, "ADM030");
    check(
        &each,
        &choice(second, &[], true),
        "AO_1003/ATU_00000003[2]",
        "ADM030",
    );
    check(&each, &choice(second, &["AO_1002"], true), fr, "");
}

#[test]
fn an_object_sounds_once() {
    let inner = "<audioObjectIDRef>AO_1001</audioObjectIDRef>";
    let file = [
        programme(1001, &[1001, 1002]),
        content(1001, &[1001]),
        content(1002, &[1001, 1002]),
        object(1001, "AP_00010001", &[1], ""),
        object(1002, "", &[], inner),
        monos(&[1]),
    ]
    .concat();
    let model = adm(&file);
    assert_eq!(
        items(&model, &Selection::default()),
        ("AO_1001/ATU_00000001[0]".to_owned(), "ADM028".to_owned())
    );
    let selected = model.items(&Selection::default()).unwrap();
    assert_eq!(selected.items[0].contents.len(), 2);
}

#[test]
fn groups_hand_down_what_they_say() {
    let group = "<gain>0.5</gain><audioObjectIDRef>AO_1002</audioObjectIDRef>";
    let own = "<gain gainUnit='dB'>-20</gain><positionOffset coordinate='X'>0.5</positionOffset>";
    let model = adm(&[
        object(1001, "", &[], group),
        object(1002, "AP_00010001", &[1], own),
        monos(&[1]),
    ]
    .concat());
    let selected = model.items(&Selection::default()).unwrap();
    let format = &selected.items[0].parts[0].format;
    assert!((format.gain.linear() - 0.05).abs() < 1e-12);
    assert!(format.offset.is_some() && !format.mute);
    assert_eq!(selected.findings[0].code.id, "ADM031");
}

#[test]
fn value_sets_stand_in_for_the_objects_values() {
    let set = "<gain>0.9</gain><alternativeValueSet alternativeValueSetID='AVS_1001_0001'><gain>0.25</gain><mute>1</mute></alternativeValueSet>";
    let model = adm(&[
        "<audioProgramme audioProgrammeID='APR_1001' audioProgrammeName='P'><audioContentIDRef>ACO_1001</audioContentIDRef><alternativeValueSetIDRef>AVS_1001_0001</alternativeValueSetIDRef></audioProgramme>".to_owned(),
        programme(1002, &[1001]),
        content(1001, &[1001]),
        object(1001, "AP_00010001", &[1], set),
        monos(&[1]),
    ].concat());
    let gain = |id: &str| {
        let selected = model.items(&choice(Some(id), &[], false)).unwrap();
        let item = &selected.items[0];
        (item.parts[0].format.gain.linear(), item.mute)
    };
    assert_eq!(gain("APR_1001"), (0.25, true));
    assert_eq!(gain("APR_1002"), (0.9, false));
}

fn stereos(ids: &[u32]) -> String {
    let one = |id: &u32| {
        let channel = if id % 2 == 1 {
            "AT_00010001_01"
        } else {
            "AT_00010002_01"
        };
        uid(*id, channel, "AP_00010002")
    };
    ids.iter().map(one).collect()
}

#[test]
fn tracks_find_the_channels_of_their_packs() {
    let pack = "AP_00010002";
    let more = "<audioPackFormatIDRef>AP_00010002</audioPackFormatIDRef>";
    let any = Selection::default();
    // Tracks in any order.
    check(
        &[object(1001, pack, &[2, 1], ""), stereos(&[1, 2])].concat(),
        &any,
        "AO_1001/ATU_00000001[0 1]",
        "",
    );
    // Two pairs: in order.
    let pairs = [
        object(1001, pack, &[1, 2, 3, 4], more),
        stereos(&[1, 2, 3, 4]),
    ]
    .concat();
    check(
        &pairs,
        &any,
        "AO_1001/ATU_00000001[0 1], AO_1001/ATU_00000003[2 3]",
        "ADM027",
    );
    // A track without sound.
    check(
        &[object(1001, pack, &[1, 0], ""), stereos(&[1])].concat(),
        &any,
        "AO_1001/ATU_00000001[0 -]",
        "",
    );
    check(
        &[object(1001, pack, &[0, 0], ""), stereos(&[])].concat(),
        &any,
        "",
        "ADM034",
    );
    // What does not fit.
    check(
        &[object(1001, pack, &[1], ""), stereos(&[1])].concat(),
        &any,
        "AO_1001/ATU_00000001[0 -]",
        "ADM044",
    );
    check(
        &[object(1001, pack, &[1, 2, 3], ""), stereos(&[1, 2, 3])].concat(),
        &any,
        "",
        "ADM026",
    );
    check(
        &[object(1001, "", &[1, 2], ""), stereos(&[1, 2])].concat(),
        &any,
        "AO_1001/ATU_00000001[0 1]",
        "ADM008",
    );
    let other = [
        object(1001, pack, &[1, 2], ""),
        uid(1, "AT_00010001_01", "AP_00010003"),
        uid(2, "AT_00010002_01", "AP_00010003"),
    ];
    check(&other.concat(), &any, "AO_1001/ATU_00000001[0 1]", "ADM044");
}

#[test]
fn nested_packs_are_one_set_of_components() {
    // Second order: its own five and the first order's four channels.
    let file = object(1001, "AP_00040002", &[1, 2, 3, 4, 5, 6, 7, 8, 9], "");
    let uids: String = (1..=9)
        .map(|id| uid(id, &format!("AT_0004000{id}_01"), "AP_00040002"))
        .collect();
    let model = read_xml([file, uids].concat().as_bytes(), &[], 9, "a.wav");
    let selected = model.items(&Selection::default()).unwrap();
    let [item] = selected.items.as_slice() else {
        panic!("not one item")
    };
    assert_eq!((item.kind, item.parts.len()), (FormatType::Hoa, 1));
    let format = &item.parts[0].format;
    let crate::audio::scene::ItemKind::Hoa(hoa) = &format.kind else {
        panic!("not HOA")
    };
    let shown: Vec<String> = hoa
        .channels
        .iter()
        .zip(&format.feeds)
        .map(|(c, feed)| format!("{},{}:{}", c.order, c.degree, feed.taps[0].channel))
        .collect();
    assert_eq!(
        shown.join(" "),
        "2,-2:4 2,-1:5 2,0:6 2,1:7 2,2:8 0,0:0 1,-1:1 1,0:2 1,1:3"
    );
}

#[test]
fn a_table_alone_is_enough() {
    let rows = [
        row(3, "ATU_00000003", "AT_00010003_01", "AP_00010001"),
        row(1, "ATU_00000001", "AT_00010001_01", "AP_00010002"),
        row(2, "ATU_00000002", "AC_00010002_00", "AP_00010002"),
        row(4, "ATU_00000004", "AT_00010001_01", "AP_00010002"),
    ];
    let model = read_xml(b"", &rows, 4, "a.wav");
    let (shown, findings) = items(&model, &Selection::default());
    assert_eq!(
        shown,
        "ATU_00000003[2], ATU_00000001[0 1], ATU_00000004[3 -]"
    );
    assert_eq!(findings, "ADM044");
}

/// A mono sum of two channels, direct: input, output, gains and a delay of the second one.
const MATRIX: &str = "<audioPackFormat audioPackFormatID='AP_00021001' typeDefinition='Matrix'>\
     <inputPackFormatIDRef>AP_00010002</inputPackFormatIDRef><outputPackFormatIDRef>AP_00010001</outputPackFormatIDRef>\
     <audioChannelFormatIDRef>AC_00021001</audioChannelFormatIDRef></audioPackFormat>\
     <audioChannelFormat audioChannelFormatID='AC_00021001' typeDefinition='Matrix'><audioBlockFormat>\
     <matrix><coefficient gain='0.5'>AC_00010001</coefficient><coefficient gain='0.25' delay='2.5'>AC_00010002</coefficient></matrix>\
     <outputChannelFormatIDRef>AC_00010003</outputChannelFormatIDRef></audioBlockFormat></audioChannelFormat>";

#[test]
fn matrices_become_what_comes_out_of_them() {
    let direct = [
        object(1001, "AP_00021001", &[1, 2], ""),
        uid(1, "AT_00010001_01", "AP_00021001"),
        uid(2, "AT_00010002_01", "AP_00021001"),
        MATRIX.to_owned(),
    ]
    .concat();
    let model = adm(&direct);
    assert_eq!(
        items(&model, &Selection::default()).0,
        "AO_1001/ATU_00000001[0+1]"
    );
    let selected = model.items(&Selection::default()).unwrap();
    let item = &selected.items[0];
    let taps = &item.parts[0].format.feeds[0].taps;
    assert_eq!(
        (item.kind, taps[0].gain.linear(), taps[1].gain.linear()),
        (FormatType::DirectSpeakers, 0.5, 0.25)
    );
    assert_eq!(taps[1].delays[0].to_string(), "1/400");
    // Applied already: the track is the output.
    let applied = [
        object(1001, "AP_00021001", &[1], ""),
        uid(1, "AC_00021001", "AP_00021001"),
        MATRIX.to_owned(),
    ];
    check(
        &applied.concat(),
        &Selection::default(),
        "AO_1001/ATU_00000001[0]",
        "",
    );
    let shifted = direct.replace("gain='0.5'", "gain='0.5' phase='90'");
    check(&shifted, &Selection::default(), "", "ADM032");
    let variable = direct.replace("gain='0.5'", "gainVar='dmix'");
    check(&variable, &Selection::default(), "", "ADM032");
}
