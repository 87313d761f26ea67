//! What is read of elements.

use std::fmt::Write as _;

use super::{adm, codes, object, row};
use crate::audio::ContentKind;
use crate::audio::scene::{Block, PositionOffset, Screen, SpeakerPosition};
use crate::bwf::adm::{AdmId, read_xml};

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
fn any_wrapper_and_none_holds_the_model() {
    let inner = "<audioProgramme audioProgrammeID='APR_1001' audioProgrammeName='P'/>";
    let check = |text: &str| {
        let model = read_xml(text.as_bytes(), &[], 1, "a.wav");
        assert_eq!(
            (model.programmes().len(), codes(&model)),
            (1, String::new()),
            "{text}"
        );
    };
    check(&format!(
        "<ebuCoreMain xmlns='urn:ebu:metadata-schema:ebuCore_2016'><coreMetadata><format><audioFormatExtended>{inner}</audioFormatExtended></format></coreMetadata></ebuCoreMain>"
    ));
    check(&format!(
        "<ituADM><coreMetadata><format><audioFormatExtended>{inner}</audioFormatExtended></format></coreMetadata></ituADM>"
    ));
    check(&format!(
        "<adm:audioFormatExtended xmlns:adm='urn:metadata-schema:adm'>{inner}</adm:audioFormatExtended>"
    ));
    check(&format!(
        "<frame><frameHeader/><audioFormatExtended version='ITU-R_BS.2076-2'>{inner}</audioFormatExtended></frame>"
    ));
    check(inner);
    let model = read_xml(b"<html/>", &[], 1, "a.wav");
    assert_eq!(codes(&model), "ADM005");
}

#[test]
fn kinds_of_contents_are_read_as_they_are_written() {
    let check = |dialogue: &str, want: Option<ContentKind>, findings: &str| {
        let model = adm(&format!(
            "<audioContent audioContentID='ACO_1001' audioContentName='x'>{dialogue}</audioContent>"
        ));
        let kind = model.contents()[0].dialogue.as_ref().and_then(|d| d.kind);
        assert_eq!(
            (kind, codes(&model).as_str()),
            (want, findings),
            "{dialogue}"
        );
    };
    check("", None, "");
    check(
        "<dialogue dialogueContentKind='1'>1</dialogue>",
        Some(ContentKind::Storyline),
        "",
    );
    check(
        "<dialogue mixedContentKind='0'>2</dialogue>",
        Some(ContentKind::Mixed),
        "",
    );
    check(
        "<dialogue nonDialogueContentKind='3'>0</dialogue>",
        Some(ContentKind::MusicAndEffects),
        "",
    );
    check(
        "<dialogue>1</dialogue>",
        Some(ContentKind::Dialogue),
        "ADM011",
    );
    check(
        "<dialogue nonDialogueContentKind='2'>1</dialogue>",
        Some(ContentKind::Dialogue),
        "ADM011",
    );
    check(
        "<dialogue mixedContentKind='9'>2</dialogue>",
        Some(ContentKind::Mixed),
        "ADM011",
    );
    check("<dialogue>yes</dialogue>", None, "ADM004 ADM011");
}

#[test]
fn objects_have_the_values_of_every_version() {
    let model = adm(
        "<audioObject audioObjectID='AO_100B' audioObjectName=' Boom ' startTime='00:00:01.5' duration='00:00:00.24000S48000' \
         dialogue='1' importance='5' interact='0' disableDucking='1' typeLabel='0003'>\
         <gain gainUnit='dB'>-6.0</gain><mute>1</mute><headLocked>1</headLocked>\
         <positionOffset coordinate='azimuth'>30</positionOffset><positionOffset coordinate='distance'>-0.5</positionOffset>\
         <audioObjectLabel language='en'>The boom</audioObjectLabel>\
         <audioComplementaryObjectIDRef>AO_100C</audioComplementaryObjectIDRef>\
         <audioTrackUIDRef>ATU_00000000</audioTrackUIDRef>\
         <alternativeValueSet alternativeValueSetID='AVS_100B_0001'><gain>0.5</gain></alternativeValueSet></audioObject>\
         <audioObject audioObjectID='AO_100c' audioObjectName='x'/>",
    );
    assert_eq!(codes(&model), "");
    let object = model.object(&AdmId::new("ao_100b")).unwrap();
    assert_eq!(object.start.unwrap().to_string(), "3/2");
    assert_eq!(object.duration.unwrap().to_string(), "1/2");
    assert!((object.gain.unwrap().linear() - 0.501_187).abs() < 1e-6);
    assert_eq!(
        (object.mute, object.head_locked, object.dialogue),
        (Some(true), Some(true), Some(1))
    );
    assert_eq!(
        (object.name.as_str(), object.labels[0].text.as_str()),
        ("Boom", "The boom")
    );
    assert_eq!(
        (object.tracks.as_slice(), object.complementary.len()),
        ([None].as_slice(), 1)
    );
    let Some(PositionOffset::Polar {
        azimuth,
        elevation,
        distance,
    }) = object.offset
    else {
        panic!("no offset")
    };
    assert_eq!(
        (azimuth.value(), elevation.value(), distance.value()),
        (30.0, 0.0, -0.5)
    );
    assert_eq!(
        object.value_sets[0].gain.map(crate::audio::Gain::linear),
        Some(0.5)
    );
}

#[test]
fn programmes_have_loudness_and_a_screen() {
    let model = adm(
        "<audioProgramme audioProgrammeID='APR_1001' audioProgrammeName='P' start='10:00:00.00000' end='10:00:10.0'>\
         <loudnessMetadata loudnessMethod='ITU-R BS.1770'><integratedLoudness>-23.0</integratedLoudness>\
         <maxTruePeak>-1.5</maxTruePeak><dialogueLoudness>nan</dialogueLoudness></loudnessMetadata>\
         <audioProgrammeReferenceScreen><aspectRatio>2.39</aspectRatio>\
         <screenCentrePosition azimuth='0' elevation='5' distance='1'/><screenWidth azimuth='40'/></audioProgrammeReferenceScreen>\
         </audioProgramme><profileList><profile profileName='p' profileVersion='1' profileLevel='2'>doc</profile></profileList>",
    );
    let programme = &model.programmes()[0];
    assert_eq!(codes(&model), "ADM004");
    assert_eq!(programme.loudness[0].integrated, Some(-23.0));
    assert_eq!(programme.loudness[0].dialogue, None);
    assert!(matches!(
        programme.screen,
        Some(Screen::Polar {
            aspect_ratio: 2.39,
            ..
        })
    ));
    assert_eq!(model.profiles()[0].level, "2");
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

#[test]
fn the_table_and_the_xml_are_tied() {
    let rows = [
        row(2, "ATU_00000001", "AT_00010003_01", "AP_00010001"),
        row(2, "atu_0000000A", "AC_00010003_00", "AP_00010001"),
        row(99, "ATU_00000003", "AT_00010003_01", "AP_00010001"),
        row(1, "ATU_00000004", "AT_00010001_01", "AP_00010001"),
    ];
    let text = super::monos(&[1, 4]);
    let model = read_xml(text.as_bytes(), &rows, 2, "a.wav");
    assert_eq!(codes(&model), "ADM019 ADM020 ADM022");
    let index = |id: &str| model.uid(&AdmId::new(id)).unwrap().index;
    assert_eq!(
        (
            index("ATU_00000001"),
            index("ATU_0000000a"),
            index("ATU_00000003")
        ),
        (Some(1), Some(1), None)
    );
    let channel = |id: &str| {
        model
            .channel_of(model.uid(&AdmId::new(id)).unwrap())
            .unwrap()
            .to_string()
    };
    assert_eq!(
        (channel("ATU_0000000A"), channel("ATU_00000004")),
        ("AC_00010003".to_owned(), "AC_00010003".to_owned())
    );
}

#[test]
fn tracks_lead_to_channels_on_every_way() {
    let check = |stream: &str, track: &str, findings: &str| {
        let model = adm(&format!(
            "<audioChannelFormat audioChannelFormatID='AC_00031001' typeDefinition='Objects'/>\
             <audioStreamFormat audioStreamFormatID='AS_00031001' formatDefinition='PCM'>{stream}</audioStreamFormat>\
             <audioTrackFormat audioTrackFormatID='AT_00031001_01'>{track}</audioTrackFormat>{}",
            super::uid(1, "AT_00031001_01", "")
        ));
        let channel = model.channel_of(&model.uids()[0]).map(|id| id.to_string());
        assert_eq!(channel.as_deref(), Some("AC_00031001"));
        assert_eq!(codes(&model), findings);
    };
    let channel = "<audioChannelFormatIDRef>AC_00031001</audioChannelFormatIDRef>";
    let stream = "<audioStreamFormatIDRef>AS_00031001</audioStreamFormatIDRef>";
    let track = "<audioTrackFormatIDRef>AT_00031001_01</audioTrackFormatIDRef>";
    check(channel, stream, "");
    check(&format!("{channel}{track}"), "", "");
    check("", "", "ADM023");
    check(
        &format!("{channel}<audioPackFormatIDRef>AP_00031001</audioPackFormatIDRef>"),
        stream,
        "ADM021",
    );
}
