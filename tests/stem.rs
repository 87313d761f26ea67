//! Which stem a clip goes to, by everything that may be known of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stemline::audio::SampleRate;
use stemline::spec::Spec;
use stemline::stem::{
    Assignment, Decision, Evidence, MediaFacts, RuleSet, StemSet, TrackName, assign,
};
use stemline::time::{Pos, Rational, Span};
use stemline::timeline::{Clip, MediaRef, SourceIn, Track};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/stem")
        .join(name)
}

fn set() -> StemSet {
    Spec::builtin("dme").unwrap().stem_set().unwrap()
}

/// A clip of a second, named and nothing else.
fn clip(name: &str, file: &str) -> Clip {
    let span = Span::new(Pos::ZERO, Pos::new(Rational::ONE));
    let source = SourceIn::Head { sync: Pos::ZERO };
    let media = MediaRef {
        name: file.to_owned(),
        ..MediaRef::default()
    };
    Clip::new(name, span, source, media)
}

fn track(name: &str) -> Track {
    Track {
        name: name.to_owned(),
        ..Track::default()
    }
}

/// A line of `cases.txt`, owned so that evidence can borrow from it.
struct Case {
    timeline: String,
    track: Track,
    clip: Clip,
    media: Option<Media>,
}

#[derive(Default)]
struct Media {
    path: PathBuf,
    channels: usize,
    rate: u32,
    bits: u16,
    tracks: Vec<TrackName>,
    text: BTreeMap<String, String>,
    reference: Option<u64>,
}

impl Case {
    fn new(track_name: &str, clip_name: &str, file: &str, more: &str) -> Self {
        let mut case = Self {
            timeline: String::new(),
            track: track(track_name),
            clip: clip(clip_name, file),
            media: None,
        };
        for pair in more.split(';').filter(|pair| !pair.trim().is_empty()) {
            let (key, value) = pair.split_once('=').unwrap();
            case.set(key.trim(), value.trim(), file);
        }
        case
    }

    fn set(&mut self, key: &str, value: &str, file: &str) {
        match key {
            "timeline" => value.clone_into(&mut self.timeline),
            "reel" => self.clip.media.reel = Some(value.to_owned()),
            "role" => self.track.role = Some(value.to_owned()),
            "clip_role" => self.clip.role = Some(value.to_owned()),
            "folder" => self.clip.media.file = Some(format!("{value}/{file}")),
            "note" => {
                let (name, value) = value.split_once(':').unwrap();
                self.clip.notes.push((name.to_owned(), value.to_owned()));
            }
            _ => {
                let media = self.media.get_or_insert_with(|| Media {
                    path: file.into(),
                    channels: 1,
                    rate: 48_000,
                    bits: 24,
                    ..Media::default()
                });
                media.set(key, value);
            }
        }
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            timeline: &self.timeline,
            track: &self.track,
            clip: &self.clip,
            media: self.media.as_ref().map(Media::facts),
        }
    }
}

impl Media {
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "channels" => self.channels = value.parse().unwrap(),
            "rate" => self.rate = value.parse().unwrap(),
            "bits" => self.bits = value.parse().unwrap(),
            "reference" => self.reference = Some(value.parse().unwrap()),
            "tracks" => {
                for (i, name) in value.split('+').enumerate() {
                    self.tracks.push(TrackName {
                        channel: i as u16 + 1,
                        name: name.to_owned(),
                        function: String::new(),
                    });
                }
                self.channels = self.tracks.len();
            }
            "description" => {
                self.text.insert(key.to_owned(), value.replace('/', "\r\n"));
            }
            "scene" | "take" | "tape" | "originator" => {
                self.text.insert(key.to_owned(), value.to_owned());
            }
            other => panic!("unknown key {other}"),
        }
    }

    fn facts(&self) -> MediaFacts<'_> {
        let text = |key: &str| self.text.get(key).map(String::as_str);
        let rate = SampleRate::new(self.rate).unwrap();
        MediaFacts {
            track_names: &self.tracks,
            scene: text("scene"),
            take: text("take"),
            tape: text("tape"),
            originator: text("originator"),
            description: text("description"),
            time_reference: self.reference,
            ..MediaFacts::new(&self.path, self.channels, rate, self.bits)
        }
    }
}

/// Stem (with `?` where a person should look), group and rule, as `cases.txt` writes them.
fn outcome(assignment: &Assignment) -> (String, String) {
    let review = assignment.review.clone().unwrap_or_default();
    match &assignment.decision {
        Decision::Unassigned => ("-".to_owned(), review),
        Decision::Ignore => ("ignore".to_owned(), assignment.rule.clone()),
        Decision::Stem { code, group } => {
            let mark = if review.is_empty() { "" } else { "?" };
            let rule = assignment.rule.replace("built-in: ", "");
            (format!("{code}{mark} {group}"), rule)
        }
    }
}

#[test]
fn clips_go_where_the_trade_expects_them() {
    let text = std::fs::read_to_string(fixture("cases.txt")).unwrap();
    let (rules, set) = (RuleSet::default(), set());
    let mut wrong = Vec::new();
    let mut count = 0;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [track, clip, file, more, stem, rule] = columns[..] else {
            panic!("line {} has {} columns", number + 1, columns.len());
        };
        let case = Case::new(track, clip, file, more);
        let assignment = assign(&rules, &set, &case.evidence());
        let (got, why) = outcome(&assignment);
        let same = if stem == "-" {
            why.contains(rule)
        } else {
            why == rule
        };
        if got != stem || !same {
            let review = assignment.review.unwrap_or_default();
            let evidence: Vec<String> = assignment
                .evidence
                .iter()
                .map(|r| format!("{} {:?} {}", r.weight, r.says, r.rule))
                .collect();
            wrong.push(format!(
                "line {}: {line}\n    got {got} | {why} ({review}) {evidence:?}",
                number + 1
            ));
        }
        count += 1;
    }
    assert!(count >= 150, "{count} cases");
    let list = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "{} of {count} wrong:\n{list}",
        wrong.len()
    );
}

/// The message of a bad rules file or spec with its hint, as `errors/*.txt` hold it.
fn complaint(name: &str, text: &str) -> String {
    let (message, hint) = if name.starts_with("rules-") {
        let error = RuleSet::parse(text, name, &set()).unwrap_err();
        (error.to_string(), error.hint)
    } else {
        let error = Spec::parse(text, name).unwrap_err();
        (error.to_string(), error.hint())
    };
    let hint = hint.map(|hint| format!("hint: {hint}\n"));
    format!("{message}\n{}", hint.unwrap_or_default())
}

#[test]
fn faults_in_rules_and_specs_are_named_with_place_and_remedy() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(fixture("errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "toml"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let got = complaint(name, &text);
        let want = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if got != want {
            wrong.push(format!("{name}\n got: {got}want: {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
