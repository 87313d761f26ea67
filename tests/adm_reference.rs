//! What the reference renderer makes of small ADM masters, where it is installed. Of version 2 it knows
//! nothing: there it gets the same said in the words of version 1.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

#[path = "support/adm_master.rs"]
mod adm_master;
mod support;

use std::fmt::Write as _;

use adm_master::{Master, block, conform, from_ear, has_ear};

/// What we make of one master is what the reference renderer makes of the other.
fn check(name: &str, ours: &Master, theirs: &Master) {
    if !has_ear() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [file, other] = ["in.wav", "other.wav"].map(|name| folder.path().join(name));
    ours.write(&file);
    theirs.write(&other);
    for options in [&[][..], &["--adm-strict"]] {
        let (out, said) = conform(&file, "out", options);
        let distance = from_ear(&other, &out);
        assert!(distance < 3e-7, "{name} {options:?}: {distance}\n{said}");
    }
}

/// One object of version 2 as another one of version 1: attributes, what is inside, blocks.
fn same(name: &str, ours: (&str, &str, &str), theirs: (&str, &str, &str)) {
    let second = block(None, -100.0, 0.0, "<gain>0.25</gain>");
    let both = |object| Master::objects("", &[object, ("", "", &second)]);
    check(name, &both(ours), &both(theirs));
}

#[test]
fn gains_in_decibels_are_those_of_version_1() {
    let decibels = block(None, 20.0, 10.0, "<gain gainUnit='dB'>-20</gain>");
    let linear = block(None, 20.0, 10.0, "<gain>0.1</gain>");
    same("of a block", ("", "", &decibels), ("", "", &linear));
    let plain = block(None, 20.0, 10.0, "");
    let of_object = "<gain gainUnit='dB'>-20</gain>";
    same("of an object", ("", of_object, &plain), ("", "", &linear));
    let silent = block(None, 20.0, 10.0, "<gain>0</gain>");
    let infinite = block(None, 20.0, 10.0, "<gain gainUnit='dB'>-inf</gain>");
    same("none", ("", "", &infinite), ("", "", &silent));
    same("mute", ("", "<mute>1</mute>", &plain), ("", "", &silent));
}

#[test]
fn offsets_move_objects() {
    let (start, end) = (Some(("0.00000", "0.10000")), Some(("0.10000", "0.40000")));
    let two = |first: (f64, f64), second: (f64, f64)| {
        [
            block(start, first.0, first.1, ""),
            block(end, second.0, second.1, ""),
        ]
        .concat()
    };
    let offset = "<positionOffset coordinate='azimuth'>40</positionOffset>\
                  <positionOffset coordinate='elevation'>-10</positionOffset>";
    let ours = two((10.0, 30.0), (-90.0, 0.0));
    let theirs = two((50.0, 20.0), (-50.0, -10.0));
    same("polar", ("", offset, &ours), ("", "", &theirs));
}

#[test]
fn value_sets_stand_in_place_of_the_objects_own() {
    let blocks = block(None, 30.0, 0.0, "");
    let sets = "<gain>0.9</gain><alternativeValueSet alternativeValueSetID='AVS_1001_0001'>\
                <gain gainUnit='dB'>-20</gain><positionOffset coordinate='azimuth'>30</positionOffset>\
                </alternativeValueSet>";
    let chosen = "<alternativeValueSetIDRef>AVS_1001_0001</alternativeValueSetIDRef>";
    let moved = block(None, 60.0, 0.0, "<gain>0.1</gain>");
    let own = block(None, 30.0, 0.0, "<gain>0.9</gain>");
    let ours = |programme: &str| Master::objects(programme, &[("", sets, &blocks)]);
    check(
        "chosen",
        &ours(chosen),
        &Master::objects("", &[("", "", &moved)]),
    );
    check(
        "not chosen",
        &ours(""),
        &Master::objects("", &[("", "", &own)]),
    );
}

#[test]
fn matrices_feed_their_outputs() {
    let coefficient = |gain: f64, channel: u8| {
        format!("<coefficient gain='{gain}'>AC_0001000{channel}</coefficient>")
    };
    let kind = "typeLabel='0002' typeDefinition='Matrix'";
    let mut axml = format!(
        "<audioObject audioObjectID='AO_1001' audioObjectName='M'>\
         <audioPackFormatIDRef>AP_00021001</audioPackFormatIDRef><audioTrackUIDRef>ATU_00000001</audioTrackUIDRef>\
         <audioTrackUIDRef>ATU_00000002</audioTrackUIDRef></audioObject>\
         <audioPackFormat audioPackFormatID='AP_00021001' audioPackFormatName='M' {kind}>\
         <inputPackFormatIDRef>AP_00010002</inputPackFormatIDRef>\
         <outputPackFormatIDRef>AP_0001000a</outputPackFormatIDRef>"
    );
    for channel in 1..=3 {
        write!(
            axml,
            "<audioChannelFormatIDRef>AC_0002100{channel}</audioChannelFormatIDRef>"
        )
        .unwrap();
    }
    axml += "</audioPackFormat>";
    for (channel, left, right) in [(1, 0.7, 0.0), (2, -0.2, 0.6), (3, 0.25, 0.5)] {
        write!(axml,             "<audioChannelFormat audioChannelFormatID='AC_0002100{channel}' audioChannelFormatName='M' {kind}>\
             <audioBlockFormat audioBlockFormatID='AB_0002100{channel}_00000001'>\
             <outputChannelFormatIDRef>AC_0001000{channel}</outputChannelFormatIDRef>\
             <matrix>{}{}</matrix></audioBlockFormat></audioChannelFormat>",
            coefficient(left, 1),
            coefficient(right, 2)
        ).unwrap();
    }
    let row = |n: u8| (format!("AT_0001000{n}_01"), "AP_00021001".to_owned());
    let reference = "<audioObjectIDRef>AO_1001</audioObjectIDRef>";
    let master = Master::new("", reference, &axml, vec![row(1), row(2)]);
    check("matrix", &master, &master);
}
