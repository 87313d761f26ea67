//! What is carried over from small ADM masters sounds like what was rendered of them, and both like what the
//! reference renderer makes of it, where that is installed.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

#[path = "support/adm_master.rs"]
mod adm_master;
mod support;

use std::fmt::Write as _;

use adm_master::{Master, apart, block, conform, from_ear, has_ear, streams};
use support::{expect_status, read_wave};

/// Times and gains of 24 bits: four tracks add their roundings.
const NEAR: i32 = 6;

/// What a delivery with objects holds sounds as the mix does, for us and for the reference renderer;
/// `kept` says whether all items are carried over.
fn carried(name: &str, master: &Master, options: &[&str], kept: bool) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    for profile in ["bs2076-1", "bs2076-2"] {
        let adm = ["--adm", profile, "--keep-objects"];
        let (out, said) = conform(&file, profile, &[&adm, options].concat());
        assert_eq!(!said.contains("ADM101"), kept, "{name} {profile}: {said}");
        let written = out.join("T_ADM.wav");
        let back = format!("{profile}_back");
        let rate: &[&str] = if options.is_empty() {
            &[]
        } else {
            &["--rate", "25"]
        };
        let (again, _) = conform(&written, &back, rate);
        let distance = apart(&out, &again);
        assert!(distance <= NEAR, "{name} {profile}: {distance} steps apart");
        expect_status(&["adm-check", written.to_str().unwrap()], 0);
        if profile == "bs2076-1" && has_ear() {
            let distance = from_ear(&written, &out);
            assert!(distance < 2e-6, "{name}: {distance} from the reference");
        }
    }
}

#[test]
fn carried_over_objects_sound_as_rendered_ones() {
    let still = block(None, 20.0, 10.0, "<gain>0.5</gain>");
    carried(
        "still",
        &Master::objects("", &[("", "", &still)]),
        &[],
        true,
    );
    let screen = "<audioProgrammeReferenceScreen aspectRatio='2.39'><screenCentrePosition azimuth='5' elevation='3' \
                  distance='1'/><screenWidth azimuth='40'/></audioProgrammeReferenceScreen>";
    let shown = block(None, 20.0, 10.0, "<screenRef>1</screenRef>");
    carried(
        "screen",
        &Master::objects(screen, &[("", "", &shown)]),
        &[],
        true,
    );
    let long = ["0", "1"].map(|at| block(Some((&format!("{at}.00000"), "1.00000")), 30.0, 0.0, ""));
    let ends = (
        "start='00:00:00.05000' duration='00:00:00.30000'",
        "",
        long.concat(),
    );
    let ends = Master::objects("", &[(ends.0, ends.1, &ends.2)]);
    carried("ends", &ends, &[], true);
    let odd = [
        ("0.00000", "0.01067"),
        ("0.01067", "0.01066"),
        ("0.02133", "0.10000"),
    ];
    let odd = odd.map(|times| block(Some(times), times.0.len() as f64 * 10.0, 0.0, ""));
    carried(
        "odd times",
        &Master::objects("", &[("", "", &odd.concat())]),
        &[],
        true,
    );
}

#[test]
fn ramps_that_the_programme_cuts_are_rendered() {
    let blocks = [
        block(Some(("0.00000", "0.10000")), 0.0, 0.0, ""),
        block(Some(("0.10000", "0.30000")), 90.0, 0.0, ""),
    ];
    let master = Master::objects("", &[("", "", &blocks.concat())]);
    let start = |frame: &str| {
        ["--rate", "25", "--start"]
            .map(str::to_owned)
            .into_iter()
            .chain([frame.to_owned()])
            .collect::<Vec<_>>()
    };
    // The ramp lasts from 2.5 frames to 10.
    for (frame, kept) in [
        ("00:00:00:02", true),
        ("00:00:00:05", false),
        ("00:00:00:11", false),
    ] {
        let options = start(frame);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        carried(frame, &master, &options, kept);
    }
}

#[test]
fn gains_of_sound_fields_are_carried_over() {
    let (mut axml, mut rows, mut channels, mut tracks) =
        (String::new(), Vec::new(), String::new(), String::new());
    for (i, (order, degree)) in [(0, 0), (1, -1), (1, 0), (1, 1)].into_iter().enumerate() {
        let own = format!("0004{:04x}", 0x1001 + i);
        write!(axml,             "<audioChannelFormat audioChannelFormatID='AC_{own}' audioChannelFormatName='C' typeLabel='0004' \
             typeDefinition='HOA'><audioBlockFormat audioBlockFormatID='AB_{own}_00000001'><order>{order}</order>\
             <degree>{degree}</degree><gain>0.3</gain></audioBlockFormat></audioChannelFormat>"
        ).unwrap();
        axml += &streams(&own);
        write!(
            channels,
            "<audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef>"
        )
        .unwrap();
        write!(
            tracks,
            "<audioTrackUIDRef>ATU_{:08x}</audioTrackUIDRef>",
            i + 1
        )
        .unwrap();
        rows.push((format!("AT_{own}_01"), "AP_00041001".to_owned()));
    }
    write!(
        axml,
        "<audioPackFormat audioPackFormatID='AP_00041001' audioPackFormatName='P' typeLabel='0004' \
         typeDefinition='HOA'>{channels}</audioPackFormat>\
         <audioObject audioObjectID='AO_1001' audioObjectName='H'>\
         <audioPackFormatIDRef>AP_00041001</audioPackFormatIDRef>{tracks}</audioObject>"
    )
    .unwrap();
    let master = Master::new(
        "",
        "<audioObjectIDRef>AO_1001</audioObjectIDRef>",
        &axml,
        rows,
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &["--adm", "bs2076-1", "--keep-objects"]);
    assert!(!said.contains("ADM101"), "{said}");
    let (again, _) = conform(&out.join("T_ADM.wav"), "again", &[]);
    assert!(apart(&out, &again) <= NEAR);
}

#[test]
fn offsets_are_kept_within_the_sphere() {
    let blocks = block(None, 170.0, 80.0, "");
    let inside = "<positionOffset coordinate='azimuth'>30</positionOffset>\
                  <positionOffset coordinate='elevation'>20</positionOffset>";
    let master = Master::objects("", &[("", inside, &blocks)]);
    carried("offset", &master, &[], true);
}

#[test]
fn numbers_that_are_none_are_told_and_nothing_is_lost_to_them() {
    for text in ["NaN", "inf", "-inf", "1e400", "", "1e300", "x"] {
        for element in [
            "gain",
            "width",
            "height",
            "depth",
            "diffuse",
            "objectDivergence",
            "importance",
        ] {
            let blocks = block(None, 20.0, 0.0, &format!("<{element}>{text}</{element}>"));
            told(
                &Master::objects("", &[("", "", &blocks)]),
                &format!("{element} {text}"),
            );
        }
        let place = format!(
            "<audioBlockFormat audioBlockFormatID='AB_00031001_00000001' rtime='{text}' duration='{text}'>\
             <position coordinate='azimuth'>{text}</position><position coordinate='elevation'>{text}</position>\
             <position coordinate='distance'>{text}</position><jumpPosition interpolationLength='{text}'>1\
             </jumpPosition></audioBlockFormat>"
        );
        told(
            &Master::objects("", &[("", "", &place)]),
            &format!("position {text}"),
        );
        let ends = format!("start='{text}' duration='{text}'");
        let inside = format!("<gain>{text}</gain>");
        told(
            &Master::objects("", &[(&ends, &inside, &block(None, 0.0, 0.0, ""))]),
            &format!("object {text}"),
        );
    }
}

/// Some finding tells of the values, and the sound is whole numbers below full scale.
fn told(master: &Master, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &["--no-measure"]);
    assert!(
        said.contains("ADM004") || said.contains("ADM037"),
        "{what}: {said}"
    );
    assert!(!said.contains("RND002"), "{what}: {said}");
    let (_, samples) = read_wave(&out.join("T_MIX.wav"));
    assert!(samples.iter().any(|x| *x != 0), "{what}");
}

#[test]
fn ears_are_passed_to_left_and_right() {
    let tracks = "<audioTrackUIDRef>ATU_00000001</audioTrackUIDRef><audioTrackUIDRef>ATU_00000002</audioTrackUIDRef>";
    let axml = format!(
        "<audioObject audioObjectID='AO_1001' audioObjectName='B'>\
         <audioPackFormatIDRef>AP_00050001</audioPackFormatIDRef>{tracks}</audioObject>"
    );
    let row = |n: u8| (format!("AT_0005000{n}_01"), "AP_00050001".to_owned());
    let master = Master::new(
        "",
        "<audioObjectIDRef>AO_1001</audioObjectIDRef>",
        &axml,
        vec![row(1), row(2)],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &[]);
    assert!(said.contains("ADM033"), "{said}");
    let (_, given) = read_wave(&file);
    let (channels, mix) = read_wave(&out.join("T_MIX.wav"));
    for (given, mix) in given.chunks(2).zip(mix.chunks(channels)) {
        assert_eq!(given, &mix[..2]);
        assert!(mix[2..].iter().all(|x| *x == 0));
    }
}
