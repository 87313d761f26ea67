//! What is read of elements.

use super::{adm, codes, row};
use crate::audio::ContentKind;
use crate::audio::scene::{PositionOffset, Screen};
use crate::bwf::adm::{AdmId, read_xml};

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
