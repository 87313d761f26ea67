//! Which file is found for what a cut says.

use std::path::{Path, PathBuf};

use super::{Located, Match, Missing, locate};
use crate::finding::Severity;
use crate::media::MediaIndex;
use crate::media::testing::Wav;
use crate::time::{FrameRate, Pos, Rational, Span};
use crate::timeline::{Clip, MediaRef, SourceIn};

/// A media folder with files in it.
struct Folder {
    root: tempfile::TempDir,
}

impl Folder {
    fn new(files: &[(&str, Wav)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (name, wav) in files {
            wav.write(&root.path().join(name));
        }
        Self { root }
    }

    /// Files of no special content.
    fn plain(names: &[&str]) -> Self {
        let wav = |(i, name): (usize, &&'static str)| {
            let seed = i as u32;
            (
                *name,
                Wav {
                    seed,
                    frames: 480_000,
                    ..Wav::default()
                },
            )
        };
        let names: Vec<&'static str> = names.iter().map(|n| &*n.to_string().leak()).collect();
        let files: Vec<(&str, Wav)> = names.iter().enumerate().map(wav).collect();
        Self::new(&files)
    }

    fn index(&self) -> MediaIndex {
        let (index, findings) = MediaIndex::build(&[self.root.path().to_owned()], &|_| {});
        assert_eq!(findings, []);
        index
    }

    fn locate(&self, clip: &Clip) -> Result<(String, Located), Missing> {
        let mut index = self.index();
        index.add_references([&clip.media], self.root.path());
        let located = locate(&index, clip, self.root.path())?;
        let path = &index.file(located.file).unwrap().path;
        let name = path.strip_prefix(self.root.path()).unwrap_or(path);
        Ok((name.display().to_string(), located))
    }

    fn check(&self, clip: &Clip, expect: &str, by: Match, codes: &[&str]) -> Located {
        let (name, located) = self.locate(clip).unwrap();
        let found: Vec<&str> = located.findings.iter().map(|f| f.code.id).collect();
        assert_eq!(
            (name.as_str(), located.by, found.as_slice()),
            (expect, by, codes)
        );
        located
    }

    fn check_missing(&self, clip: &Clip, code: &str) -> Missing {
        let missing = self.locate(clip).unwrap_err();
        assert_eq!(missing.finding.code.id, code, "{}", missing.finding);
        assert_eq!(missing.finding.severity, Severity::Error);
        missing
    }
}

fn seconds(n: i64) -> Rational {
    Rational::from_int(n)
}

/// Ten seconds of whatever from the head of the file.
fn clip(media: MediaRef) -> Clip {
    let at = |n| Pos::new(seconds(n));
    let source = SourceIn::Head { sync: at(3600) };
    Clip::new("clip", Span::new(at(3600), at(3610)), source, media)
}

/// The same with a source timecode.
fn timed(media: MediaRef, timecode: &str, rate: FrameRate) -> Clip {
    let at = Pos::new(rate.seconds_of(timecode).unwrap());
    let sync = Pos::new(seconds(3600));
    Clip {
        source: SourceIn::Timecode { at, rate, sync },
        ..clip(media)
    }
}

fn file(file: &str) -> MediaRef {
    MediaRef {
        file: Some(file.to_owned()),
        ..MediaRef::default()
    }
}

fn name(name: &str) -> MediaRef {
    MediaRef {
        name: name.to_owned(),
        ..MediaRef::default()
    }
}

fn reel(reel: &str) -> MediaRef {
    MediaRef {
        reel: Some(reel.to_owned()),
        ..MediaRef::default()
    }
}

#[test]
fn paths_that_exist() {
    let folder = Folder::plain(&["a/x.wav", "b/x.wav", "b/ü y.wav"]);
    let explicit = Match::ExplicitPath;
    folder.check(&clip(file("a/x.wav")), "a/x.wav", explicit, &[]);
    folder.check(&clip(file("b/../b/./x.wav")), "b/x.wav", explicit, &[]);
    folder.check(&clip(file("b/%C3%BC%20y.wav")), "b/ü y.wav", explicit, &[]);
    let absolute = folder.root.path().join("b/x.wav");
    folder.check(
        &clip(file(absolute.to_str().unwrap())),
        "b/x.wav",
        explicit,
        &[],
    );
    let url = format!(
        "file://localhost{}/b/%C3%BC%20y.wav",
        folder.root.path().display()
    );
    folder.check(&clip(file(&url)), "b/ü y.wav", explicit, &[]);
}

#[test]
fn a_path_outside_the_media_folders() {
    let outside = Folder::plain(&["z.wav"]);
    let path = outside.root.path().join("z.wav");
    let folder = Folder::plain(&["a.wav"]);
    let (found, located) = folder.locate(&clip(file(path.to_str().unwrap()))).unwrap();
    assert_eq!(
        (Path::new(&found), located.by),
        (path.as_path(), Match::ExplicitPath)
    );
}

#[test]
fn the_end_of_a_path_from_another_system() {
    let folder = Folder::plain(&["day 1/A/x.wav", "day 2/A/x.wav", "day 2/B/x.wav"]);
    for text in [
        "file:///Volumes/Raid/day%202/A/x.wav",
        r"D:\show\day 2\A\X.WAV",
        "Macintosh HD:show:Day 2:A:x.wav",
        "//server/share/day 2/A/x.wav",
        "s3://bucket/day%202/A/x.wav",
    ] {
        folder.check(
            &clip(file(text)),
            "day 2/A/x.wav",
            Match::PathTail(3),
            &["MED005"],
        );
    }
    folder.check_missing(&clip(file("/elsewhere/A/x.wav")), "MED004");
}

#[test]
fn names_in_every_spelling() {
    let folder = Folder::plain(&["B140C001_160908_R16W.wav", "Café.wav", "take.one.wav"]);
    let by_name = Match::FileName;
    folder.check(
        &clip(name("B140C001_160908_R16W")),
        "B140C001_160908_R16W.wav",
        by_name,
        &[],
    );
    folder.check(
        &clip(name("b140c001_160908_r16w.WAV")),
        "B140C001_160908_R16W.wav",
        by_name,
        &[],
    );
    folder.check(&clip(name("CAFE\u{301}")), "Café.wav", by_name, &[]);
    folder.check(&clip(name("take.one")), "take.one.wav", by_name, &[]);
    let similar = Match::SimilarName;
    let mov = "B140C001_160908_R16W.mov";
    folder.check(
        &clip(name(mov)),
        "B140C001_160908_R16W.wav",
        similar,
        &["MED006"],
    );
    folder.check(
        &clip(name("Take-One")),
        "take.one.wav",
        similar,
        &["MED006"],
    );
    let cut = "B140C001_160908";
    folder.check(
        &clip(name(cut)),
        "B140C001_160908_R16W.wav",
        similar,
        &["MED006"],
    );
    folder.check_missing(&clip(name("B140C")), "MED008");
    // The name of the clip alone is the recording's; beside a name of the recording it is a hint.
    let mut only = clip(MediaRef::default());
    only.name = "Café".into();
    folder.check(&only, "Café.wav", by_name, &[]);
    let mut other = clip(name("gone"));
    other.name = "Café".into();
    folder.check(&other, "Café.wav", similar, &["MED006"]);
}

#[test]
fn copies_are_one_recording_and_namesakes_are_not() {
    let same = Wav {
        frames: 480_000,
        ..Wav::default()
    };
    let folder = Folder::new(&[("b/x.wav", same.clone()), ("a/deep/x.wav", same.clone())]);
    folder.check(
        &clip(name("x.wav")),
        "b/x.wav",
        Match::FileName,
        &["MED003"],
    );
    let other = Wav {
        seed: 1,
        ..same.clone()
    };
    let folder = Folder::new(&[("a/x.wav", same.clone()), ("b/x.wav", other)]);
    let missing = folder.check_missing(&clip(name("x.wav")), "MED004");
    assert_eq!((missing.candidates.len(), missing.near.len()), (2, 2));
    // Only one of them is long enough.
    let short = Wav {
        frames: 48_000,
        ..same.clone()
    };
    let folder = Folder::new(&[("a/x.wav", short), ("b/x.wav", same)]);
    folder.check(&clip(name("x.wav")), "b/x.wav", Match::FileName, &[]);
}

#[cfg(unix)]
#[test]
fn a_link_is_no_copy() {
    let folder = Folder::plain(&["store/abc123.wav"]);
    let link = folder.root.path().join("friendly.wav");
    std::os::unix::fs::symlink(folder.root.path().join("store/abc123.wav"), link).unwrap();
    std::fs::create_dir(folder.root.path().join("more")).unwrap();
    let more = folder.root.path().join("more/friendly.wav");
    std::fs::hard_link(folder.root.path().join("store/abc123.wav"), more).unwrap();
    folder.check(
        &clip(name("friendly")),
        "friendly.wav",
        Match::FileName,
        &[],
    );
}

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
        let located = folder.check(&at(channel), expect, by, &["MED007"]);
        assert_eq!(located.channel, Some(1));
    }
    folder.check_missing(&at(3), "MED004");
    let named = |text, channel, codes: &[&str]| {
        let expect = format!("{text}.wav");
        folder
            .check(
                &clip(on(name(text), channel)),
                &expect,
                Match::FileName,
                codes,
            )
            .channel
    };
    assert_eq!(named("poly", 4, &[]), Some(4));
    assert_eq!(named("poly", 5, &["MED013"]), None);
    assert_eq!(named("mono", 2, &["MED013"]), Some(1));
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
fn what_is_missing_comes_with_advice() {
    let folder = Folder::plain(&["Scene 12 boom.wav", "other.wav"]);
    std::fs::write(folder.root.path().join("film.mov"), b"x").unwrap();
    let near = |text: &str| folder.check_missing(&clip(name(text)), "MED008").near;
    assert!(near("Scene 13 boom.wav")[0].ends_with("Scene 12 boom.wav"));
    assert!(near("film.mov")[0].contains("export its sound as WAV"));
    assert_eq!(near("nothing like it at all"), Vec::<String>::new());
    let missing = folder.check_missing(&clip(MediaRef::default()), "MED008");
    assert_eq!(missing.tried, ["the name `clip`"]);
}

#[test]
fn hostile_names_find_nothing() {
    let folder = Folder::plain(&["a.wav"]);
    let long = "x/".repeat(20_000);
    for text in [
        "",
        "/",
        "..",
        "../../../../etc/passwd",
        "\0",
        "%",
        "file://",
        "/dev/zero",
        &long,
    ] {
        folder.check_missing(&clip(file(text)), "MED008");
    }
}

#[test]
fn twenty_thousand_clips_do_not_search_every_file() {
    let folder = Folder::plain(&["x.wav"]);
    let index = folder.index();
    let model = index.file(0).unwrap().clone();
    let mut many = MediaIndex::empty();
    for i in 0..20_000_u64 {
        let mut media = model.clone();
        media.file_name = format!("take_{i}.wav");
        media.path = PathBuf::from(format!("/media/card{}/take_{i}.wav", i % 100));
        media.time_reference = Some(i * 480_000);
        media.identity = None;
        many.add_for_test(media);
    }
    for i in 0..2_000 {
        let media = name(&format!("take_{}.wav", i * 10));
        assert_eq!(
            locate(&many, &clip(media), Path::new("/")).unwrap().file,
            i * 10
        );
        let missing = locate(&many, &clip(name(&format!("tafe_{i}"))), Path::new("/")).unwrap_err();
        assert_eq!(missing.near.len(), 1);
    }
}
