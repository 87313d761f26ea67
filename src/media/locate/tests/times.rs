//! Time stamps, tapes, identifiers, channels.

use super::*;

#[test]
fn namesakes_are_told_apart_by_time_tape_and_identifier() {
    let card = |at, tape| Wav {
        description: tape,
        ..Wav::at(at, 60)
    };
    let folder = Folder::new(&[
        ("mon/T001.WAV", card(36_000, "sTAPE=R1")),
        ("tue/T001.WAV", card(40_000, "sTAPE=R2")),
        ("wed/T001.WAV", card(40_000, "sTAPE=R3")),
    ]);
    let at = |media, timecode| timed(media, timecode, FrameRate::F25);
    folder.check(
        &at(name("T001"), "10:00:20:00"),
        "mon/T001.WAV",
        Match::FileName,
        &[],
    );
    folder.check_missing(&at(name("T001"), "11:06:50:00"), "MED004");
    let media = MediaRef {
        reel: Some("R3".into()),
        ..name("T001")
    };
    folder.check(
        &at(media, "11:06:50:00"),
        "wed/T001.WAV",
        Match::FileName,
        &[],
    );
    let umid = |last| {
        let mut umid = [0; 32];
        umid[..16].copy_from_slice(b"\x06\x0a\x2b\x34\x01\x01\x01\x05\x01\x01\x0f\x10\x13\0\0\0");
        umid[16..]
            .copy_from_slice(b"\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef");
        umid[31] = last;
        Wav {
            umid,
            ..Wav::at(0, 60)
        }
    };
    let folder = Folder::new(&[
        ("a/x.wav", umid(1)),
        ("b/x.wav", umid(2)),
        ("c/y.wav", umid(3)),
    ]);
    let hex = |last: &str| {
        format!("060a2b340101010501010f10130000000123456789abcdef0123456789abcd{last}")
    };
    let media = |last, text| MediaRef {
        umid: Some(hex(last)),
        ..name(text)
    };
    folder.check(&clip(media("02", "x")), "b/x.wav", Match::FileName, &[]);
    folder.check(
        &clip(media("03", "gone")),
        "c/y.wav",
        Match::Umid,
        &["MED005"],
    );
    // A GUID as a file system of another order writes it.
    let turned = MediaRef {
        umid: Some("67452301ab89efcd0123456789abcd03".into()),
        ..name("gone")
    };
    folder.check(&clip(turned), "c/y.wav", Match::Umid, &["MED005"]);
}

#[test]
fn reels_with_timecode() {
    let roll = |at, ixml| Wav {
        ixml,
        ..Wav::at(at, 60)
    };
    let tape = "<TAPE>SR018_LONG_NAME</TAPE><SCENE>1-2</SCENE><TAKE>B</TAKE>";
    let folder = Folder::new(&[
        ("one.wav", roll(36_000, tape)),
        ("two.wav", roll(36_060, tape)),
        ("three.wav", roll(36_060, "<TAPE>OTHER</TAPE>")),
    ]);
    let at = |media, timecode| timed(media, timecode, FrameRate::F24);
    let by = Match::ReelTimecode;
    folder.check(
        &at(reel("SR018-Long-Name"), "10:00:05:00"),
        "one.wav",
        by,
        &["MED007"],
    );
    folder.check(
        &at(reel("SR018_LO"), "10:01:05:00"),
        "two.wav",
        by,
        &["MED007"],
    );
    folder.check(
        &at(reel("other"), "10:01:05:00"),
        "three.wav",
        by,
        &["MED007"],
    );
    let mut scene = at(reel("AX"), "10:00:45:00");
    scene.name = "1-2B".into();
    folder.check(&scene, "one.wav", by, &["MED007"]);
    let missing = folder.check_missing(&at(reel("OTHER"), "10:00:05:00"), "MED008");
    assert!(
        missing.near[0].contains("covers the timecode"),
        "{missing:?}"
    );
    folder.check_missing(&at(reel("AX"), "10:00:05:00"), "MED008");
}

#[test]
fn ntsc_labels_and_midnight() {
    // 10:00:00:00 at 23.976 is 36,036 s of real time.
    let ixml = "<TAPE>SR1</TAPE><SPEED><TIMECODE_RATE>24000/1001</TIMECODE_RATE></SPEED>";
    let late = Wav {
        ixml: "<TAPE>NIGHT</TAPE>",
        ..Wav::at(86_380, 60)
    };
    let folder = Folder::new(&[
        (
            "film.wav",
            Wav {
                ixml,
                ..Wav::at(36_030, 30)
            },
        ),
        ("late.wav", late),
    ]);
    let by = Match::ReelTimecode;
    let right = timed(reel("SR1"), "10:00:00:00", FrameRate::F23_976);
    folder.check(&right, "film.wav", by, &["MED007"]);
    let wrong = timed(reel("SR1"), "10:00:00:00", FrameRate::F24);
    folder.check(&wrong, "film.wav", by, &["MED007"]);
    folder.check(
        &timed(reel("NIGHT"), "00:00:20:00", FrameRate::F25),
        "late.wav",
        by,
        &["MED007"],
    );
}

#[test]
fn channels() {
    let mono = |track| Wav {
        ixml: track,
        ..Wav::at(36_000, 60)
    };
    let folder = Folder::new(&[
        (
            "T1_1.wav",
            mono(
                "<TAPE>R</TAPE><TRACK_LIST><TRACK><CHANNEL_INDEX>1</CHANNEL_INDEX></TRACK></TRACK_LIST>",
            ),
        ),
        (
            "T1_2.wav",
            mono(
                "<TAPE>R</TAPE><TRACK_LIST><TRACK><CHANNEL_INDEX>2</CHANNEL_INDEX></TRACK></TRACK_LIST>",
            ),
        ),
        (
            "poly.wav",
            Wav {
                channels: 4,
                ..Wav::at(0, 60)
            },
        ),
        ("mono.wav", Wav::at(0, 60)),
    ]);
    let on = |media: MediaRef, channel| MediaRef {
        channel: Some(channel),
        ..media
    };
    let at = |channel| timed(on(reel("R"), channel), "10:00:05:00", FrameRate::F25);
    let by = Match::ReelTimecode;
    for (channel, expect) in [(1, "T1_1.wav"), (2, "T1_2.wav")] {
        folder.check(&at(channel), expect, by, &["MED007"]);
    }
    folder.check_missing(&at(3), "MED004");
    // Which channel is used, and whether the file has it, is the business of the stem.
    for (text, channel) in [("poly", 4), ("poly", 5), ("mono", 2)] {
        let expect = format!("{text}.wav");
        folder.check(
            &clip(on(name(text), channel)),
            &expect,
            Match::FileName,
            &[],
        );
    }
}

#[test]
fn a_name_without_the_stretch_is_second_best() {
    let camera = Wav::at(0, 5);
    let roll = Wav {
        ixml: "<TAPE>SR018</TAPE>",
        ..Wav::at(36_000, 60)
    };
    let folder = Folder::new(&[("B140C001.wav", camera), ("take.wav", roll)]);
    let media = MediaRef {
        reel: Some("SR018".into()),
        ..name("B140C001")
    };
    let found = timed(media.clone(), "10:00:05:00", FrameRate::F24);
    folder.check(&found, "take.wav", Match::ReelTimecode, &["MED007"]);
    let nowhere = timed(media, "12:00:05:00", FrameRate::F24);
    folder.check(&nowhere, "B140C001.wav", Match::FileName, &[]);
}

#[test]
fn namesakes_without_the_stretch_do_not_end_the_search() {
    let other = |seed| Wav {
        seed,
        ..Wav::at(0, 5)
    };
    let roll = Wav {
        ixml: "<TAPE>SR018</TAPE>",
        ..Wav::at(36_000, 60)
    };
    let folder = Folder::new(&[
        ("a/clip.wav", other(1)),
        ("b/clip.wav", other(2)),
        ("take.wav", roll),
    ]);
    let found = timed(reel("SR018"), "10:00:05:00", FrameRate::F24);
    folder.check(&found, "take.wav", Match::ReelTimecode, &["MED007"]);
    folder.check_missing(
        &timed(reel("SR018"), "12:00:05:00", FrameRate::F24),
        "MED004",
    );
}
