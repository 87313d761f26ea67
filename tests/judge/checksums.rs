//! Checksums beside and in the files: the wrong ones are found and name their file, the right ones say nothing.

use std::fs;
use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};
use stemline::qc::{Judgement, Outcome};

use crate::judge;
use crate::support::{Roll, expect_status};

/// The faults of the check, each as code and file.
fn faults(judgement: &Judgement) -> Vec<(&'static str, String)> {
    let all = judgement.faults().map(|(_, fault)| fault);
    let own = all.filter(|fault| fault.code.id.starts_with("QCF8"));
    own.map(|fault| (fault.code.id, fault.file.clone().unwrap_or_default()))
        .collect()
}

fn outcome(judgement: &Judgement) -> Outcome {
    let run = judgement
        .checks
        .iter()
        .find(|run| run.check == "F8")
        .unwrap();
    run.outcome.clone()
}

#[track_caller]
fn check(folder: &Path, want: &[(&'static str, &str)]) {
    let judgement = judge(folder, false);
    let want: Vec<(&str, String)> = want
        .iter()
        .map(|(code, file)| (*code, (*file).to_owned()))
        .collect();
    assert_eq!(faults(&judgement), want);
    let outcome = outcome(&judgement);
    assert_eq!(outcome == Outcome::Passed, want.is_empty(), "{outcome:?}");
}

/// Two files of sound in a folder.
fn package(folder: &Path) -> [PathBuf; 2] {
    ["Film_DX.wav", "Film_MX.wav"].map(|name| {
        let path = folder.join(name);
        Roll::mono().write(&path, (0..4_800).map(|i| (i % 97) * name.len() as i32));
        path
    })
}

fn md5(bytes: &[u8]) -> String {
    format!("{:032x}", u128::from_be_bytes(Md5::digest(bytes).into()))
}

/// Changes one sample.
fn spoil(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn files_are_held_against_md5_lists() {
    let folder = tempfile::tempdir().unwrap();
    let [dialogue, music] = package(folder.path());
    assert!(matches!(
        outcome(&judge(folder.path(), false)),
        Outcome::NotApplicable(_)
    ));
    let sum = |path: &Path| md5(&fs::read(path).unwrap());
    // One list of all, as `md5sum` writes it, and one beside its file with the sum alone.
    let list = format!(
        "{} *Film_DX.wav\r\n{}  ./Film_MX.wav\n",
        sum(&dialogue),
        sum(&music)
    );
    fs::write(folder.path().join("all.md5"), list).unwrap();
    fs::write(
        folder.path().join("Film_MX.wav.md5"),
        sum(&music).to_uppercase(),
    )
    .unwrap();
    check(folder.path(), &[]);
    spoil(&music);
    check(folder.path(), &[("QCF801", "Film_MX.wav")]);
    fs::remove_file(&dialogue).unwrap();
    check(
        folder.path(),
        &[("QCF801", "Film_MX.wav"), ("QCF802", "all.md5")],
    );
}

#[test]
fn sound_is_held_against_the_chunk_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let [dialogue, _] = package(folder.path());
    let with_chunk = |sound: &[u8]| {
        let mut bytes = fs::read(&dialogue).unwrap();
        bytes.extend(b"MD5 \x10\0\0\0");
        // Written as a number, its lowest byte first.
        let digest: [u8; 16] = Md5::digest(sound).into();
        bytes.extend(digest);
        let size = bytes.len() as u32 - 8;
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        bytes
    };
    let wave = stemline::bwf::open(&dialogue).unwrap();
    let data = wave.data.unwrap();
    let bytes = fs::read(&dialogue).unwrap();
    let sound = &bytes[data.offset as usize..(data.offset + data.bytes) as usize];
    let right = with_chunk(sound);
    fs::write(&dialogue, right).unwrap();
    let stated = stemline::bwf::open(&dialogue).unwrap().md5.unwrap();
    // Whichever way round the bytes stand, the reader gives them in the usual order.
    if stated != <[u8; 16]>::from(Md5::digest(sound)) {
        let mut bytes = fs::read(&dialogue).unwrap();
        let at = bytes.len() - 16;
        bytes[at..].reverse();
        fs::write(&dialogue, bytes).unwrap();
    }
    check(folder.path(), &[]);
    spoil(&dialogue);
    check(folder.path(), &[("QCF801", "Film_DX.wav")]);
}

#[test]
fn our_own_lists_and_chunks_hold_until_a_file_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let text = |below: &str| folder.path().join(below).to_str().unwrap().to_owned();
    expect_status(&["demo", &text("")], 0);
    let args = [
        "conform",
        &text("film_r1_dx.edl"),
        &text("film_r1_mx_fx.otio"),
        "--media",
        &text("sound"),
        "--out",
        &text("made"),
        "--title",
        "T",
        "--rate",
        "24",
        "--set",
        "metadata.md5=both",
        "--set",
        "metadata.mhl=true",
    ];
    expect_status(&args, 0);
    let made = folder.path().join("made");
    check(&made, &[]);
    let judgement = judge(&made, false);
    let run = judgement
        .checks
        .iter()
        .find(|run| run.check == "F8")
        .unwrap();
    let verified = |what: &str| {
        let readings = run
            .readings
            .iter()
            .filter(|reading| reading.measured.starts_with(what));
        readings
            .filter(|reading| reading.limit.as_deref() == Some("verified"))
            .count()
    };
    assert_eq!(
        (verified("MD5 of the samples"), verified("MD5 of the file")),
        (5, 5)
    );
    assert!(
        verified("XXH128") >= 10 && verified("C4") == 1,
        "{:#?}",
        run.readings
    );
    spoil(&made.join("T_FX.wav"));
    let found = faults(&judge(&made, false));
    assert_eq!(found, vec![("QCF801", "T_FX.wav".to_owned()); 3]);
}
