//! Paths, names, copies.

use super::*;

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
