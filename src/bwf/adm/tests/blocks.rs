//! What is read of blocks.

use std::fmt::Write as _;

use super::{adm, codes, object};
use crate::audio::scene::{Block, SpeakerPosition};

/// The block of this text in a channel of this type, with the codes of its findings.
fn block(kind: &str, text: &str) -> (Block, String) {
    let model = adm(&format!(
        "<audioPackFormat audioPackFormatID='AP_00091001' typeDefinition='{kind}'>\
         <audioChannelFormatIDRef>AC_00091001</audioChannelFormatIDRef></audioPackFormat>\
         <audioChannelFormat audioChannelFormatID='AC_00091001' typeDefinition='{kind}'>{text}</audioChannelFormat>{}{}",
        object(1001, "AP_00091001", &[1], ""),
        super::uid(1, "AC_00091001", "AP_00091001"),
    ));
    let selected = model.items(&super::Selection::default()).unwrap();
    let blocks = model.blocks(&selected.items[0].parts[0], false);
    (blocks.get(0).unwrap(), codes(&model))
}

fn object_block(text: &str) -> (crate::audio::scene::ObjectBlock, String) {
    let (block, codes) = block("Objects", text);
    let Block::Object(block) = block else {
        panic!("not an object")
    };
    (block, codes)
}

#[test]
fn object_blocks_have_every_parameter() {
    let (block, codes) = object_block(
        "<audioBlockFormat audioBlockFormatID='AB_1' rtime='00:00:00.00000' duration='00:00:00.50000'>\
         <cartesian>1</cartesian><position coordinate='X' screenEdgeLock='left'>-0.5</position><position coordinate='Y'>1</position>\
         <position coordinate='Z'>0.25</position><gain>0.5</gain><width>0.1</width><height>0.2</height><depth>0.3</depth>\
         <diffuse>0.5</diffuse><channelLock maxDistance='0.7'>1</channelLock><objectDivergence positionRange='0.4'>0.6</objectDivergence>\
         <jumpPosition interpolationLength='0.005208'>1</jumpPosition><screenRef>1</screenRef><importance>3</importance>\
         <zoneExclusion><zone minX='-1' maxX='1' minY='-1' maxY='0' minZ='-1' maxZ='1'>ZM2</zone>\
         <zone minAzimuth='-30' maxAzimuth='30' minElevation='0' maxElevation='90'/></zoneExclusion></audioBlockFormat>",
    );
    assert_eq!(codes, "");
    assert_eq!(
        block.position,
        crate::audio::scene::Position::cartesian(-0.5, 1.0, 0.25)
    );
    assert!(block.cartesian && block.screen_ref && block.jump.flag);
    assert_eq!(block.jump.length.unwrap().to_string(), "651/125000");
    assert_eq!(
        (block.gain.linear(), block.diffuse, block.importance),
        (0.5, 0.5, 3)
    );
    assert_eq!(
        (block.extent.width, block.extent.height, block.extent.depth),
        (0.1, 0.2, 0.3)
    );
    assert_eq!(
        block.channel_lock.unwrap().max_distance.unwrap().value(),
        0.7
    );
    assert_eq!(
        block.divergence.unwrap().position_range.unwrap().value(),
        0.4
    );
    assert_eq!(block.zones.len(), 2);
    assert_eq!(
        block.edges.horizontal,
        Some(crate::audio::scene::HorizontalEdge::Left)
    );
}

#[test]
fn bad_numbers_are_set_right_and_told() {
    let at = |body: &str| object_block(&format!("<audioBlockFormat>{body}</audioBlockFormat>"));
    let azimuth =
        "<position coordinate='azimuth'>30</position><position coordinate='elevation'>0</position>";
    let (block, codes) = at(&format!(
        "{azimuth}<diffuse>NaN</diffuse><width>1e9</width><gain>inf</gain>"
    ));
    assert_eq!(
        (
            block.diffuse,
            block.extent.width,
            block.gain.linear(),
            codes.as_str()
        ),
        (0.0, 360.0, 1.0, "ADM004 ADM004 ADM004")
    );
    let (block, codes) = at(
        "<position coordinate='azimuth'>nan</position><position coordinate='elevation'>-inf</position>",
    );
    assert_eq!(
        block.position,
        crate::audio::scene::Position::polar(0.0, 0.0, 1.0)
    );
    assert!(codes.contains("ADM004"), "{codes}");
    let (block, codes) =
        at("<position coordinate='X'>1</position><position coordinate='Y'>0</position>");
    assert!(block.cartesian && codes == "ADM024", "{codes}");
    let (_, codes) = at(&format!("{azimuth}<wobble>1</wobble>"));
    assert_eq!(codes, "ADM003");
}

#[test]
fn speaker_blocks_have_bounds_and_labels_have_places() {
    let at = |body: &str| {
        let (block, codes) = block(
            "DirectSpeakers",
            &format!("<audioBlockFormat>{body}</audioBlockFormat>"),
        );
        let Block::Speaker(block) = block else {
            panic!("not a speaker")
        };
        (block, codes)
    };
    let (block, codes) = at(
        "<speakerLabel>M+030</speakerLabel><speakerLabel>L</speakerLabel><gain gainUnit='dB'>0</gain>\
         <position coordinate='azimuth'>30</position><position coordinate='azimuth' bound='min'>22.5</position>\
         <position coordinate='elevation'>0</position>",
    );
    let SpeakerPosition::Polar { azimuth, .. } = block.position else {
        panic!("not polar")
    };
    assert_eq!(
        (
            azimuth.min.unwrap().value(),
            azimuth.max,
            block.labels.len(),
            codes.as_str()
        ),
        (22.5, None, 2, "")
    );
    let (block, codes) = at("<speakerLabel>urn:itu:bs:2051:0:speaker:M-110</speakerLabel>");
    let SpeakerPosition::Polar { azimuth, .. } = block.position else {
        panic!("not polar")
    };
    assert_eq!((azimuth.value.value(), codes.as_str()), (-110.0, ""));
    let (block, _) =
        at("<position coordinate='X'>-1</position><position coordinate='Y'>1</position>");
    assert!(matches!(block.position, SpeakerPosition::Cartesian { .. }));
}

/// Spans of the blocks of an object with these times, as `start+duration`.
fn spans(times: &[(&str, &str)], strict: bool) -> (String, String) {
    let mut blocks = String::new();
    for (start, duration) in times {
        let mut times = format!("rtime='00:00:00.{start}'");
        if !duration.is_empty() {
            let _ = write!(times, " duration='00:00:00.{duration}'");
        }
        let _ = write!(
            blocks,
            "<audioBlockFormat {times}><position coordinate='azimuth'>0</position><position coordinate='elevation'>0</position>\
             <jumpPosition interpolationLength='0.5'>1</jumpPosition></audioBlockFormat>"
        );
    }
    let model = adm(&format!(
        "<audioPackFormat audioPackFormatID='AP_00031001' typeDefinition='Objects'><audioChannelFormatIDRef>AC_00031001</audioChannelFormatIDRef></audioPackFormat>\
         <audioChannelFormat audioChannelFormatID='AC_00031001' typeDefinition='Objects'>{blocks}</audioChannelFormat>{}{}",
        object(1001, "AP_00031001", &[1], ""),
        super::uid(1, "AC_00031001", "AP_00031001"),
    ));
    let selected = model.items(&super::Selection::default()).unwrap();
    let blocks = model.blocks(&selected.items[0].parts[0], strict);
    let shown: Vec<String> = (0..blocks.len())
        .map(|i| {
            let Some(Block::Object(block)) = blocks.get(i) else {
                panic!("no block {i}")
            };
            let span = block.span.unwrap();
            assert_eq!(blocks.span(i), block.span);
            assert!(block.jump.length.unwrap() <= span.duration);
            format!("{}+{}", span.start.to_f64(), span.duration.to_f64())
        })
        .collect();
    (shown.join(" "), codes(&model))
}

#[test]
fn rounded_times_are_mended() {
    let check = |times: &[(&str, &str)], strict: bool, want: &str, findings: &str| {
        assert_eq!(
            spans(times, strict),
            (want.to_owned(), findings.to_owned()),
            "{times:?}"
        );
    };
    // 512 samples of 48 kHz: 0.010666… s.
    let overlap = [("00000", "01067"), ("01066", "01067")];
    check(&overlap, true, "0+0.01066 0.01066+0.01067", "ADM015 ADM013");
    let crack = [("00000", "01066"), ("01067", "01067")];
    check(&crack, false, "0+0.01067 0.01067+0.01067", "ADM015 ADM013");
    check(&crack, true, "0+0.01066 0.01067+0.01067", "ADM015 ADM013");
    check(
        &[("0", "3"), ("1", "1")],
        true,
        "0+0.1 0.1+0.1",
        "ADM015 ADM014",
    );
    check(&[("0", "1"), ("3", "1")], false, "0+0.1 0.3+0.1", "ADM015");
    check(
        &[("3", "1"), ("0", "1")],
        false,
        "0+0.1 0.3+0.1",
        "ADM015 ADM016",
    );
    check(
        &[("0", ""), ("3", "1")],
        false,
        "0+0.3 0.3+0.1",
        "ADM018 ADM015",
    );
}
