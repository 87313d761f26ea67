//! AAF and AAF-XML against real files and files of our own.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that meets the unexpected fails, and says what it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stemline::interchange::{self, ReadOptions};
use stemline::media::MediaIndex;
use stemline::time::Rational;
use stemline::timeline;

/// The folder of real files; tests say that they skip where it is missing.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpus/timelines")
        .join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The files of a folder with this suffix, in order of name.
fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|s| s == suffix))
        .collect();
    files.sort();
    files
}

/// The timeline form of a file, as `inspect --json` shows it.
fn inspect(path: &Path, options: &ReadOptions) -> Result<Value, String> {
    let reading = interchange::read(path, options).map_err(|e| e.to_string())?;
    Ok(timeline::to_json(&reading.timeline, &reading.findings))
}

/// Record in, record out and source in of every clip of a timeline in JSON.
type Key = (Rational, Rational);

fn clips(timeline: &Value) -> Vec<(Key, Option<Rational>)> {
    let time = |clip: &Value, field: &str| clip[field].as_str().map(|s| s.parse().unwrap());
    let mut out = Vec::new();
    for track in timeline["tracks"].as_array().unwrap() {
        for clip in track["clips"].as_array().unwrap() {
            let key = (
                time(clip, "record_in").unwrap(),
                time(clip, "record_out").unwrap(),
            );
            out.push((key, time(clip, "source_in")));
        }
    }
    out
}

/// What differs between a timeline and what is known of it; empty where nothing does.
fn differences(found: &Value, known: &Value) -> Vec<String> {
    let mut pool: BTreeMap<Key, Vec<Option<Rational>>> = BTreeMap::new();
    for (key, source) in clips(found) {
        pool.entry(key).or_default().push(source);
    }
    let mut out = Vec::new();
    for (key, source) in clips(known) {
        let there = pool.entry(key).or_default();
        let same = |s: &Option<Rational>| s.is_none() || source.is_none() || *s == source;
        match there.iter().position(same) {
            Some(at) => drop(there.remove(at)),
            None => out.push(format!(
                "{key:?} from {source:?} not found, there: {there:?}"
            )),
        }
    }
    let more: usize = pool.values().map(Vec::len).sum();
    if more > 0 {
        out.push(format!("{more} clips too many"));
    }
    out
}

/// The first place where two values differ.
fn first_difference(a: &Value, b: &Value, at: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.len() == y.len() => x
            .iter()
            .find_map(|(key, value)| first_difference(value, y.get(key)?, &format!("{at}.{key}"))),
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find_map(|(i, (x, y))| first_difference(x, y, &format!("{at}[{i}]"))),
        _ => (a != b).then(|| format!("{at}: {a} and {b}")),
    }
}

#[test]
fn every_clip_of_the_real_files_is_exact() {
    let (mut checked, mut wrong) = (0, Vec::new());
    for (folder, suffix) in [("aaf", "aaf"), ("aafxml", "xml")] {
        let Some(folder) = corpus(folder) else {
            continue;
        };
        for path in files(&folder, suffix) {
            let known = path.with_extension(format!("{suffix}.events.json"));
            let Ok(known) = std::fs::read(known) else {
                continue;
            };
            let known: Value = serde_json::from_slice(&known).unwrap();
            let name = path.display();
            checked += 1;
            match inspect(&path, &ReadOptions::default()) {
                Ok(found) => {
                    let different = differences(&found, &known);
                    if !different.is_empty() {
                        wrong.push(format!("{name}: {different:?}"));
                    }
                    let start = &known["start"];
                    let frames: Rational = format!("{}", start["frames"]).parse().unwrap();
                    let rate: Rational = start["edit_rate"].as_str().unwrap().parse().unwrap();
                    let seconds = frames.checked_div(rate).unwrap().to_string();
                    if found["start"] != seconds || found["drop_frame"] != start["drop"] {
                        wrong.push(format!(
                            "{name}: starts at {} not {seconds}",
                            found["start"]
                        ));
                    }
                }
                Err(error) => wrong.push(error),
            }
        }
    }
    println!("{checked} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_forms_of_a_file_give_the_same_timeline() {
    let (Some(binary), Some(xml)) = (corpus("aaf"), corpus("aafxml")) else {
        return;
    };
    let mut wrong = Vec::new();
    for path in files(&binary, "aaf") {
        let twin = xml.join(path.file_name().unwrap()).with_extension("xml");
        if !twin.is_file() {
            continue;
        }
        let read = |path: &Path| inspect(path, &ReadOptions::default());
        match (read(&path), read(&twin)) {
            (Ok(mut a), Ok(mut b)) => {
                assert_eq!(
                    (&a["format"], &b["format"]),
                    (&"aaf".into(), &"aaf_xml".into())
                );
                a["format"] = Value::Null;
                b["format"] = Value::Null;
                let different = first_difference(&a, &b, "");
                wrong.extend(different.map(|d| format!("{}: {d}", path.display())));
            }
            (Err(_), Err(_)) => {}
            (a, b) => wrong.push(format!("{}: {:?} {:?}", path.display(), a.err(), b.err())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The folder of our own files.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/aaf")
}

/// Where `found` is not what `expect` asks for; keys that it does not name are free. Numbers may
/// differ in their last bits, and a null in place of a number is −∞ dB.
fn mismatch(found: &Value, expect: &Value, at: &str) -> Option<String> {
    match (found, expect) {
        (Value::Object(found), Value::Object(expect)) => expect.iter().find_map(|(key, expect)| {
            let found = found.get(key).unwrap_or(&Value::Null);
            mismatch(found, expect, &format!("{at}.{key}"))
        }),
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find_map(|(i, (x, y))| mismatch(x, y, &format!("{at}[{i}]"))),
        (Value::Number(x), Value::Number(y)) => {
            let off = x.as_f64().unwrap() - y.as_f64().unwrap();
            (off.abs() > 1e-9).then(|| format!("{at}: {x} not {y}"))
        }
        _ => (found != expect).then(|| format!("{at}: {found} not {expect}")),
    }
}

/// Holds one composition of a file against what is expected of it.
fn check_case(path: &Path, name: &str, expect: &Value) -> Option<String> {
    let options = ReadOptions {
        composition: Some(name.to_owned()),
        ..ReadOptions::default()
    };
    let mut expect = expect.clone();
    let codes = expect.as_object_mut().unwrap().remove("codes");
    let found = inspect(path, &options).unwrap();
    let findings = found["findings"].as_array().unwrap();
    let mut there: Vec<&str> = findings
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    there.sort_unstable();
    there.dedup();
    let wrong = codes.filter(|codes| *codes != Value::from(there.clone()));
    mismatch(&found, &expect, name)
        .or_else(|| wrong.map(|codes| format!("{name}: {there:?} not {codes}")))
}

#[test]
fn every_case_of_our_own_is_read_as_written() {
    let cases = std::fs::read(fixtures().join("cases.json")).unwrap();
    let cases: Value = serde_json::from_slice(&cases).unwrap();
    let cases = cases.as_object().unwrap();
    assert!(cases.len() >= 10);
    let path = fixtures().join("cases.aaf");
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, expect)| check_case(&path, name, expect))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn three_dialects_of_xml_say_the_same() {
    let expect = std::fs::read(fixtures().join("dialects.json")).unwrap();
    let expect: Value = serde_json::from_slice(&expect).unwrap();
    for dialect in ["a", "b", "c"] {
        let path = fixtures().join(format!("dialect_{dialect}.xml"));
        let found = inspect(&path, &ReadOptions::default()).unwrap();
        assert_eq!(mismatch(&found, &expect, dialect), None);
        // The register form has no streams of essence.
        let embedded = &found["tracks"][0]["clips"][0]["media"]["embedded"];
        assert_eq!(*embedded, Value::from(dialect != "c"), "{dialect}");
    }
}

/// Reads dialect A with a change to its text.
fn changed(change: impl Fn(String) -> String) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(fixtures().join("dialect_a.xml")).unwrap();
    let path = folder.path().join("cut.xml");
    std::fs::write(&path, change(text)).unwrap();
    inspect(&path, &ReadOptions::default())
}

#[test]
fn hostile_and_foreign_xml_is_refused() {
    let refused = |from: &str, to: &str, part: &str| {
        let error = changed(|text| text.replace(from, to)).unwrap_err();
        assert!(error.contains(part), "{from} -> {to}: {error}");
    };
    let own = "http://www.aafassociation.org/aafx/v1.1/20090617";
    refused(
        own,
        "http://example.org/aafxml",
        "`http://example.org/aafxml` is not a dialect",
    );
    refused(
        "take_streams/",
        "../take_streams/",
        "outside the document's folder",
    );
    refused(
        "take_streams/",
        "file:///etc/",
        "outside the document's folder",
    );
    refused("<!NOTATION", "<!ENTITY a \"ha\"><!NOTATION", "entity `a`");
    refused(
        " NDATA DataStream_0",
        "",
        "entity `stream_0` would be pasted",
    );
    refused("three dialects", "&a;", "`&a;` is not read");
    refused(
        "\"stream_0\"/>",
        "\"stream_9\"/>",
        "`stream_9` is not declared",
    );
    refused("Usage_TopLevel", "Usage_SubClip", "holds no composition");
    assert!(changed(|text| text).is_ok());
}

#[test]
fn a_clip_without_a_recording_is_told() {
    let source = |number| format!("<SourcePackageID>{}</SourcePackageID>", umid(number));
    let zeros = ["00000000"; 8].join(".");
    let nothing = format!("<SourcePackageID>urn:smpte:umid:{zeros}</SourcePackageID>");
    // Without an identifier it is a slot of its own mob, which is one of timecode here.
    for reference in [nothing.as_str(), ""] {
        let cut = changed(|text| text.replace(&source(2), reference)).unwrap();
        assert_eq!(cut["tracks"][0]["clips"].as_array().unwrap().len(), 0);
        let told = cut["findings"].as_array().unwrap().iter();
        let told: Vec<&Value> = told.filter(|finding| finding["code"] == "AAF018").collect();
        assert_eq!(told.len(), 1, "{}", cut["findings"]);
    }
}

/// The identifier of a mob of dialect A.
fn umid(number: u32) -> String {
    let zeros = "00000000.00000000.00000000";
    format!("urn:smpte:umid:060a2b34.01010105.01010f20.13000000.{zeros}.{number:08x}")
}

/// A composition of dialect A with one slot of 25 edit units a second.
fn composition(number: u32, usage: &str, segment: &str) -> String {
    format!(
        "<CompositionPackage><PackageID>{}</PackageID><PackageUsage>{usage}</PackageUsage>\
         <PackageTracks><TimelineTrack><TrackID>1</TrackID><EditRate>25/1</EditRate>\
         <TrackSegment>{segment}</TrackSegment></TimelineTrack></PackageTracks>\
         </CompositionPackage>",
        umid(number)
    )
}

const SOUND: &str = "<ComponentDataDefinition>DataDef_Sound</ComponentDataDefinition>\
                     <ComponentLength>25</ComponentLength>";

fn source_clip(number: u32) -> String {
    format!(
        "<SourceClip><SourcePackageID>{}</SourcePackageID><SourceTrackID>1</SourceTrackID>\
         {SOUND}</SourceClip>",
        umid(number)
    )
}

/// Reads a document of these mobs.
fn read_mobs(mobs: &str) -> Result<Value, String> {
    let uri = "http://www.aafassociation.org/aafx/v1.1/20090617";
    let text = format!(
        "<AAF xmlns=\"{uri}\"><Preface><ContentStorageObject><ContentStorage><Packages>{mobs}\
         </Packages></ContentStorage></ContentStorageObject></Preface></AAF>"
    );
    let file = tempfile::Builder::new().suffix(".xml").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    inspect(file.path(), &ReadOptions::default())
}

#[test]
fn circles_depth_and_growth_are_refused() {
    let top = composition(1, "Usage_TopLevel", &source_clip(2));
    let circle = composition(2, "Usage_LowerLevel", &source_clip(1));
    let error = read_mobs(&(top.clone() + &circle)).unwrap_err();
    assert!(error.contains("refers to itself"), "{error}");

    let nested = |depth: usize| {
        let open = format!("<Selector>{SOUND}<SelectedSegment>").repeat(depth);
        let close = "</SelectedSegment></Selector>".repeat(depth);
        let clip = source_clip(9);
        read_mobs(&composition(
            1,
            "Usage_TopLevel",
            &format!("{open}{clip}{close}"),
        ))
    };
    assert!(nested(50).is_ok());
    assert!(
        nested(220)
            .unwrap_err()
            .contains("nests more than 200 deep")
    );
    assert!(
        nested(100_000)
            .unwrap_err()
            .contains("elements nest more than 512 deep")
    );

    // Each composition plays the next one twice at once: 2^39 clips.
    let combiner = "<Operation>urn:uuid:6b46dd7a-132d-4856-ab21-8b751d8462ec</Operation>";
    let twice = |number: u32| {
        let both = source_clip(number + 1).repeat(2);
        let group = format!(
            "<OperationGroup>{SOUND}{combiner}<InputSegments>{both}</InputSegments></OperationGroup>"
        );
        let usage = if number == 1 {
            "Usage_TopLevel"
        } else {
            "Usage_LowerLevel"
        };
        composition(number, usage, &group)
    };
    let growing: String = (1..40).map(twice).collect();
    let error = read_mobs(&growing).unwrap_err();
    assert!(error.contains("more clips than any real one"), "{error}");
}

/// How many places each real file is cut at, and how many of its bytes are changed, by eights.
const CUTS: u64 = 64;
const FLIPS: u64 = 256;

/// Reads damaged copies of the files of a folder: an error or a timeline, never a panic.
fn damage(folder: &str, suffix: &str) {
    let Some(folder) = corpus(folder) else { return };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // Xorshift: the same damage every time.
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let (mut read, mut refused) = (0, 0);
    let mut attempt = |path: &Path| match interchange::read(path, &ReadOptions::default()) {
        Ok(reading) => {
            let tracks = reading.timeline.tracks.iter();
            let media = tracks.flat_map(|track| track.clips.iter().map(|clip| &clip.media));
            let embedded = media.filter(|media| media.embedded.is_some());
            MediaIndex::empty().add_references(embedded, Path::new("/"));
            let (valid, _) = timeline::validate(reading.timeline);
            timeline::to_json(valid.get(), &reading.findings);
            read += 1;
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            refused += 1;
        }
    };
    for path in files(&folder, suffix) {
        let whole = std::fs::read(&path).unwrap();
        let copy = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
        for _ in 0..FLIPS / 8 {
            let mut bytes = whole.clone();
            for _ in 0..8 {
                let at = random() as usize % bytes.len();
                // A byte that is not ASCII would end an XML file at once.
                let byte = random() as u8;
                bytes[at] = if suffix == "xml" {
                    0x20 + byte % 0x5f
                } else {
                    byte
                };
            }
            std::fs::write(copy.path(), &bytes).unwrap();
            attempt(copy.path());
        }
        std::fs::write(copy.path(), &whole).unwrap();
        for cut in (0..CUTS).rev() {
            let length = whole.len() as u64 * cut / CUTS;
            copy.as_file().set_len(length).unwrap();
            attempt(copy.path());
        }
    }
    println!("{read} read, {refused} refused");
    assert!(refused > 0);
}

#[test]
fn damaged_binary_files_are_read_or_refused() {
    damage("aaf", "aaf");
}

#[test]
fn damaged_xml_files_are_read_or_refused() {
    damage("aafxml", "xml");
}

#[test]
fn drawn_fades_become_true_ones_where_handles_allow() {
    let Some(folder) = corpus("aaf") else { return };
    let options = ReadOptions {
        true_fades: true,
        ..ReadOptions::default()
    };
    let read = |name: &str| inspect(&folder.join(name), &options).unwrap();
    let kept = |timeline: &Value| {
        let tracks = timeline["tracks"].as_array().unwrap();
        let clips = tracks
            .iter()
            .flat_map(|track| track["clips"].as_array().unwrap());
        clips.filter(|clip| clip["rendered"] == "fade").count()
    };
    let with = read("PT_Fades.aaf");
    assert_eq!(kept(&with), 0);
    let first = &with["tracks"][0]["clips"][0];
    assert_eq!(first["record_in"], "881/30");
    assert_eq!(first["source_in"], "0/1");
    assert_eq!(first["fade_in"]["length"], "1/2");
    assert_eq!(first["fade_out"]["length"], "11/15");
    assert_eq!(with["tracks"][0]["clips"][1]["record_in"], "156/5");
    assert_eq!(kept(&read("PT_Fades_no_handles.aaf")), 9);
}

#[test]
fn embedded_samples_are_where_the_timeline_says() {
    let options = ReadOptions {
        composition: Some("embedded".into()),
        ..ReadOptions::default()
    };
    let reading = interchange::read(&fixtures().join("cases.aaf"), &options).unwrap();
    let media = &reading.timeline.tracks[0].clips[0].media;
    let embedded = media.embedded.as_ref().unwrap();
    let mut file = cfb::open(&embedded.container).unwrap();
    let mut bytes = Vec::new();
    let mut stream = file.open_stream(&embedded.entry).unwrap();
    std::io::Read::read_to_end(&mut stream, &mut bytes).unwrap();
    let expect: Vec<u8> = (0..1600_u32)
        .flat_map(|i| (i * 37 % 65536).to_le_bytes()[..2].to_vec())
        .collect();
    assert_eq!(bytes, expect);
    let pcm = embedded.pcm.unwrap();
    assert_eq!((pcm.sample_rate.hertz(), pcm.channels), (16_000, 1));
    assert_eq!(pcm.format, stemline::audio::SampleFormat::Int16);
}

#[test]
fn a_composition_that_is_not_there_is_named_with_those_that_are() {
    let options = ReadOptions {
        composition: Some("reel 9".into()),
        ..ReadOptions::default()
    };
    let error = inspect(&fixtures().join("cases.aaf"), &options).unwrap_err();
    assert!(error.contains("`reel 9`; there are 1 `chains`"), "{error}");
    let options = ReadOptions {
        composition: Some("2".into()),
        ..ReadOptions::default()
    };
    let second = inspect(&fixtures().join("cases.aaf"), &options).unwrap();
    assert_eq!(second["name"], "nested");
    let first = inspect(&fixtures().join("cases.aaf"), &ReadOptions::default()).unwrap();
    assert_eq!(first["name"], "chains");
}
