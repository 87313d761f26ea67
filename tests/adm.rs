//! ADM masters: what is read of real and made files, and that nothing in them breaks the program.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use stemline::bwf::{self, adm};
use stemline::interchange::{self, ReadOptions};
use stemline::job::adm_json;
use stemline::spec::Spec;
use support::{shared, stemline};

/// A file of the corpus, or a printed reason to skip.
fn corpus(name: &str) -> Option<PathBuf> {
    shared(&format!("corpus/adm/{name}"))
}

/// Every WAV of the corpus.
fn waves() -> Vec<PathBuf> {
    let folders = ["", "real"].into_iter().filter_map(corpus);
    let entries = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = paths
        .filter(|p| p.extension().is_some_and(|e| e == "wav"))
        .collect();
    all.sort();
    all
}

fn tree(path: &Path) -> Value {
    let wave = bwf::open(path).unwrap();
    let model = adm::read(&wave).unwrap().unwrap();
    adm_json(&model, &Spec::find("dme").unwrap().stem_set().unwrap())
}

/// Stems of the objects of a content, inner ones behind their own.
fn stems(objects: &Value, into: &mut Vec<String>) {
    for object in objects.as_array().unwrap() {
        if !object["tracks"].as_array().unwrap().is_empty() {
            into.push(object["stem"]["stem"].as_str().unwrap_or("-").to_owned());
        }
        stems(&object["objects"], into);
    }
}

/// `programme: content=stems …` of every programme.
fn shown(tree: &Value) -> Vec<String> {
    let programmes = tree["programmes"].as_array().unwrap();
    let show = |programme: &Value| {
        let contents = programme["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|content| {
                let mut all = Vec::new();
                stems(&content["objects"], &mut all);
                format!("{}={}", content["name"].as_str().unwrap(), all.join(","))
            });
        let contents: Vec<String> = contents.collect();
        format!(
            "{}: {}",
            programme["id"].as_str().unwrap(),
            contents.join(" ")
        )
    };
    programmes.iter().map(show).collect()
}

#[test]
fn stems_of_real_and_made_masters() {
    let check = |name: &str, want: &[&str]| {
        if let Some(path) = corpus(name) {
            assert_eq!(shown(&tree(&path)), want, "{name}");
        }
    };
    check(
        "real/Test_ADM_ProTools.wav",
        &["APR_1001: Atmos_Master_Content=- Dialog=DX Effects=FX,FX,FX"],
    );
    check(
        "30a_dme_delivery_v1.wav",
        &[
            "APR_1001: Dialogue English=DX Music=MX Effects=FX",
            "APR_1002: Dialogue French=DX Music=MX Effects=FX",
            "APR_1003: Music=MX Effects=FX",
        ],
    );
}

#[test]
fn a_master_without_groups_is_refused_with_a_list() {
    let Some(path) = corpus("real/Test_ADM_ProTools.wav") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = stemline(&[
        "conform",
        path.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--title",
        "T",
    ]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{said}");
    assert!(
        said.contains("Atmos_Bed_1") && said.contains("Atmos_Master_Content"),
        "{said}"
    );
    assert!(!said.contains("Atmos_Obj_1"), "{said}");
    assert!(!out.exists() || fs::read_dir(&out).unwrap().next().is_none());
}

#[test]
fn programmes_and_objects_are_chosen_by_name_or_told() {
    let Some(path) = corpus("05c_dme_trap_prog_plus_comp.wav") else {
        return;
    };
    let clips = |programme: &str, select: &[&str], strict: bool| {
        let options = ReadOptions {
            programme: Some(programme.to_owned()),
            select: select.iter().map(|id| (*id).to_owned()).collect(),
            strict,
            ..ReadOptions::default()
        };
        let reading = interchange::read(&path, &options).map_err(|e| e.to_string())?;
        assert_eq!(reading.timeline.format, "adm");
        let tracks = reading.timeline.tracks.iter();
        let names: Vec<String> = tracks
            .flat_map(|t| &t.clips)
            .map(|c| c.event.clone().unwrap())
            .collect();
        Ok::<_, String>(names.join(" "))
    };
    let rest = "AO_1004/ATU_00000004 AO_1005/ATU_00000006";
    let french = format!("AO_1002/ATU_00000002 {rest}");
    assert_eq!(clips("APR_1002", &[], true).unwrap(), rest);
    assert_eq!(clips("APR_1002", &[], false).unwrap(), french);
    assert_eq!(clips("APR_1002", &["AO_1002"], true).unwrap(), french);
    assert!(
        clips("APR_1009", &[], false)
            .unwrap_err()
            .contains("APR_1002")
    );
    assert!(
        clips("APR_1002", &["AO_1005"], false)
            .unwrap_err()
            .contains("AO_1001")
    );
}

#[test]
fn plain_recordings_are_no_timelines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.wav");
    fs::write(&path, wave(&[], 8)).unwrap();
    let error = interchange::read(&path, &ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("not a timeline"), "{error}");
}

/// A mono WAV of silence with these chunks.
fn wave(chunks: &[(&[u8; 4], &[u8])], frames: usize) -> Vec<u8> {
    // PCM, one channel, 48,000 frames of two bytes a second, 16 bits.
    let mut fmt = vec![1, 0, 1, 0];
    fmt.extend(48_000_u32.to_le_bytes());
    fmt.extend(96_000_u32.to_le_bytes());
    fmt.extend([2, 0, 16, 0]);
    let mut body = Vec::new();
    let data = vec![0; frames * 2];
    let all = [(b"fmt ", fmt.as_slice())];
    for (id, content) in all
        .iter()
        .chain(chunks)
        .chain(&[(b"data", data.as_slice())])
    {
        body.extend(*id);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend(*content);
        body.extend(vec![0; content.len() % 2]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend((body.len() as u32 + 4).to_le_bytes());
    file.extend(b"WAVE");
    file.extend(body);
    file
}

#[test]
fn an_lfe_without_a_loudspeaker_is_told() {
    let Some(path) = corpus("01_ds_51_stereo.wav") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (layout, told) in [("2.0", true), ("5.1", false)] {
        let out = folder.path().join(layout);
        let arguments = ["conform", path.to_str().unwrap(), "--title", "T"];
        let options = ["--on-unassigned", "FX", "--plan-only", "--layout", layout];
        let place = ["--out", out.to_str().unwrap()];
        let run = stemline(&[&arguments[..], &options, &place].concat());
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{said}");
        let report = fs::read_to_string(out.join("T_report.json")).unwrap();
        assert_eq!(report.contains("STM011"), told, "{layout}: {said}");
    }
}

#[test]
fn profiles_are_checked() {
    let check = |name: &str, arguments: &[&str], status: i32, want: &str| {
        let Some(path) = corpus(name) else {
            return;
        };
        let run = stemline(&[&["adm-check", path.to_str().unwrap()], arguments].concat());
        let said = String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(status), "{name}: {said}");
        assert!(said.contains(want), "{name}: {said}");
    };
    check(
        "real/Test_ADM_ProTools.wav",
        &["--profile", "dolby"],
        0,
        "Dolby Atmos Master ADM 1.1: 0 errors",
    );
    check("30a_dme_delivery_v1.wav", &[], 0, "ITU-R BS.2076: 0 errors");
    check(
        "30a_dme_delivery_v1.wav",
        &["--profile", "bs2168"],
        1,
        "ADC403",
    );
    check(
        "30a_dme_delivery_v1.wav",
        &["--profile", "dolby", "--json"],
        1,
        "\"failed\": true",
    );
}

/// Reads a damaged file to the end: whatever comes out, the program does not fall over.
fn survives(path: &Path) {
    let options = ReadOptions::default();
    if let Ok(reading) = interchange::read(path, &options) {
        stemline::timeline::validate(reading.timeline);
    }
}

/// Places outside of the sound, `count` of them, spread evenly.
fn places(path: &Path, count: u64) -> Vec<u64> {
    let wave = bwf::open(path).unwrap();
    let length = fs::metadata(path).unwrap().len();
    let data = wave.data.unwrap();
    let rest = length - data.bytes;
    let place = |i: u64| {
        let at = i * rest / count;
        if at < data.offset {
            at
        } else {
            at + data.bytes
        }
    };
    (0..count).map(place).collect()
}

#[test]
fn files_that_are_cut_or_flipped_are_survived() {
    for original in waves() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.wav");
        fs::copy(&original, &path).unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        #[expect(
            clippy::permissions_set_readonly_false,
            reason = "a copy in a folder of its own"
        )]
        permissions.set_readonly(false);
        fs::set_permissions(&path, permissions).unwrap();
        let mut file = File::options().read(true).write(true).open(&path).unwrap();
        for (i, at) in places(&original, 256).into_iter().enumerate() {
            let mut byte = [0];
            file.seek(SeekFrom::Start(at)).unwrap();
            file.read_exact(&mut byte).unwrap();
            let flipped = [byte[0] ^ 1 << (i % 8)];
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(&flipped).unwrap();
            survives(&path);
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(&byte).unwrap();
        }
        // Where the metadata lie, and all over the file: in its sound too.
        let whole = fs::metadata(&original).unwrap().len();
        let mut lengths = places(&original, 64);
        lengths.extend((0..64).map(|i| i * whole / 64));
        lengths.sort_unstable();
        for length in lengths.into_iter().rev() {
            file.set_len(length).unwrap();
            survives(&path);
        }
    }
}

#[test]
fn hostile_metadata_is_survived() {
    let chna = |tracks: u16, uids: u16, rows: &[u8]| {
        let head = [tracks.to_le_bytes(), uids.to_le_bytes()].concat();
        [head, rows.to_vec()].concat()
    };
    let object = "<audioObject audioObjectID='AO_1001' audioObjectName='x'>\
        <audioPackFormatIDRef>AP_00010001</audioPackFormatIDRef><audioTrackUIDRef>ATU_00000001</audioTrackUIDRef></audioObject>\
        <audioTrackUID UID='ATU_00000001'><audioTrackFormatIDRef>AT_00010003_01</audioTrackFormatIDRef>\
        <audioPackFormatIDRef>AP_00010001</audioPackFormatIDRef></audioTrackUID>";
    let check = |axml: &str, chna: &[u8], sounds: bool| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hostile.wav");
        fs::write(
            &path,
            wave(&[(b"axml", axml.as_bytes()), (b"chna", chna)], 480),
        )
        .unwrap();
        let reading = interchange::read(&path, &ReadOptions::default());
        let clips = reading.map(|r| {
            r.timeline
                .tracks
                .iter()
                .map(|t| t.clips.len())
                .sum::<usize>()
        });
        assert_eq!(clips.unwrap_or_default() > 0, sounds, "{axml}");
    };
    let whole = format!("<audioFormatExtended>{object}</audioFormatExtended>");
    check(&whole, &[], true);
    check(&whole, &chna(65_535, 65_535, &[]), true);
    // A table that names other tracks: those of the metadata are silent.
    check(&whole, &chna(1, 1, &[0xFF; 40]), false);
    let bomb = "<!DOCTYPE a [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;'>]>";
    check(
        &format!("{bomb}<audioFormatExtended>{object}<x>&b;</x></audioFormatExtended>"),
        &[],
        true,
    );
    let loops = object.replace(
        "</audioObject>",
        "<audioObjectIDRef>AO_1001</audioObjectIDRef></audioObject>",
    );
    check(&format!("<a>{loops}</a>"), &[], true);
    check(&"<audioFormatExtended>".repeat(10_000), &[], false);
    check(&format!("<a b='{}", "x".repeat(8 << 20)), &[], false);
    check("", &[], false);
}
