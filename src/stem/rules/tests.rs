//! What rules match and what they do.

use super::*;
use crate::audio::{ChannelLayout, SampleRate};
use crate::finding::Place;
use crate::stem::mapping::map_for;
use crate::stem::{Assignment, Decision, MediaFacts, Stem, StemSet, assign};
use crate::time::{Pos, Rational, Span};
use crate::timeline::{Clip, MediaRef, SourceIn, Track};
use std::path::Path;

fn set(layout: &str) -> StemSet {
    let stem = |code: &str, group| Stem {
        code: code.parse().unwrap(),
        layout: layout.parse::<ChannelLayout>().unwrap(),
        groups: vec![group],
    };
    StemSet::new(vec![
        stem("DX", Group::Dialogue),
        stem("MX", Group::Music),
        stem("FX", Group::Effects),
    ])
    .unwrap()
}

/// A clip that rules are tried on.
struct Sample {
    timeline: &'static str,
    track: Track,
    clip: Clip,
    path: Option<&'static str>,
    channels: usize,
}

impl Sample {
    fn new(track: &str, clip: &str, file: &str) -> Self {
        let span = Span::new(Pos::ZERO, Pos::new(Rational::ONE));
        let media = MediaRef {
            name: file.to_owned(),
            ..MediaRef::default()
        };
        let sync = Pos::ZERO;
        Self {
            timeline: "",
            track: Track {
                name: track.to_owned(),
                ..Track::default()
            },
            clip: Clip::new(clip, span, SourceIn::Head { sync }, media),
            path: None,
            channels: 1,
        }
    }

    fn evidence(&self) -> Evidence<'_> {
        let facts =
            |path| MediaFacts::new(Path::new(path), self.channels, SampleRate::HZ_48000, 24);
        Evidence {
            timeline: self.timeline,
            track: &self.track,
            clip: &self.clip,
            media: self.path.map(facts),
        }
    }

    fn assign(&self, rules: &str) -> Assignment {
        let set = set("2.0");
        let rules = RuleSet::parse(rules, "dir/rules.toml", &set).unwrap();
        assign(&rules, &set, &self.evidence())
    }

    /// Stem, group and rule, or `ignore` and the rule.
    fn outcome(&self, rules: &str) -> String {
        let got = self.assign(rules);
        match &got.decision {
            Decision::Stem { code, group } => format!("{code} {group} by {}", got.rule),
            Decision::Ignore => format!("ignore by {}", got.rule),
            Decision::Unassigned => "-".to_owned(),
        }
    }
}

#[test]
fn the_first_rule_whose_conditions_all_hold_wins() {
    let rules = "
[[rule]]
track = '^D1([.][LR])?$'
clip = 'thunder'
stem = 'fx'

[[rule]]
name = 'dialogue tracks'
track = '^D1([.][LR])?$'
stem = 'DX'

[[rule]]
file = '^D_[0-9]+'
group = 'score'

[[rule]]
clip = 'temp'
stem = 'ignore'
";
    let check = |track: &str, clip: &str, file: &str, want: &str| {
        assert_eq!(
            Sample::new(track, clip, file).outcome(rules),
            want,
            "{track} {clip} {file}"
        );
    };
    check(
        "D1",
        "Thunder 2",
        "",
        "FX effects by rules.toml:2 [[rule]] 1",
    );
    check(
        "d1.L",
        "hello",
        "",
        "DX dialogue by rules.toml:7 `dialogue tracks`",
    );
    check(
        "D10",
        "hello",
        "D_0001.wav",
        "MX score by rules.toml:12 [[rule]] 3",
    );
    check("D10", "hello", "xD_0001.wav", "-");
    check("DX 1", "Temp 3", "", "ignore by rules.toml:16 [[rule]] 4");
    check(
        "FX 1",
        "door",
        "",
        "FX effects by built-in: track name token FX",
    );
}

#[test]
fn every_key_looks_at_its_own_text() {
    let mut sample = Sample::new("A1", "clip name", "DOORWood_Slam_A_B.wav");
    sample.timeline = "R1_v2";
    sample.track.role = Some("dialogue.boom".to_owned());
    sample.path = Some("/media/Day 01/DOORWood_Slam_A_B.wav");
    let check = |condition: &str, want: bool| {
        let rules = format!("[[rule]]\n{condition}\nstem = 'MX'\n");
        let got = sample.assign(&rules);
        assert_eq!(
            got.stem().map(StemCode::as_str) == Some("MX"),
            want,
            "{condition}"
        );
    };
    check("timeline = '^r1'", true);
    check("timeline = '(?-i)^r1'", false);
    check("track = '^A1$'", true);
    check("clip = 'name$'", true);
    check("file = '[.]wav$'", true);
    check("folder = '/day 01$'", true);
    check("role = 'boom'", true);
    check("ucs = '^DOOR'", true);
    check("ucs = '^AMB'", false);
    check("ucs = ''", true);
    check("track = '^A1$'\nclip = 'other'", false);
    check("", true);
}

#[test]
fn a_key_that_the_clip_has_no_text_for_never_matches() {
    let rules = "[[rule]]\nrole = ''\nstem = 'MX'\n[[rule]]\nucs = ''\nstem = 'MX'\n";
    assert_eq!(Sample::new("A1", "x", "x.wav").outcome(rules), "-");
}

#[test]
fn a_rule_may_only_set_a_gain() {
    let rules = "[[rule]]\ntrack = 'BG'\ngain_db = -3\n[[rule]]\ntrack = 'BG'\nstem = 'MX'\n";
    let got = Sample::new("BG 1", "x", "").assign(rules);
    assert_eq!(got.stem().map(StemCode::as_str), Some("FX"));
    assert_eq!(got.gain, Decibels::new(-3.0));
    assert_eq!(got.rule, "built-in: track name token BG");
    assert_eq!(got.evidence[0].rule, "rules.toml:1 [[rule]] 1");
}

#[test]
fn a_rule_for_a_stem_keeps_the_finer_kind_that_is_known() {
    let rules = "[[rule]]\ntrack = '.'\nstem = 'DX'\n";
    let check = |track: &str, want: &str| {
        let got = Sample::new(track, "x", "").assign(rules);
        assert_eq!(got.group().map(Group::name), Some(want), "{track}");
    };
    check("ADR 1", "adr");
    check("FX 1", "dialogue");
    check("A1", "dialogue");
}

#[test]
fn maps_follow_the_channel_that_the_clip_uses() {
    let check = |map: &str, channels: usize, clip: Option<u32>, layout: &str, want: &str| {
        let set = set(layout);
        let rules = format!("[[rule]]\ntrack = 'X'\nstem = 'FX'\nmap = {map}\n");
        let rules = RuleSet::parse(&rules, "r.toml", &set).unwrap();
        let mut sample = Sample::new("X", "x", "x.wav");
        sample.path = Some("x.wav");
        sample.channels = channels;
        sample.clip.media.channel = clip;
        let assignment = assign(&rules, &set, &sample.evidence());
        let got = map_for(&sample.evidence(), &assignment, &set, rules.pan_law());
        let got = match got {
            Ok((map, findings)) => {
                let routes = map.routes().iter();
                let routes = routes.map(|r| format!("{}>{}*{:.4}", r.from, r.to, r.gain.linear()));
                let codes = findings.iter().map(|finding| finding.code.id.to_owned());
                routes.chain(codes).collect::<Vec<_>>().join(" ")
            }
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(got, want, "{map} on {channels} {clip:?}");
    };
    check("[['L','R']]", 1, None, "2.0", "0>0*1.0000 0>1*1.0000");
    check("[['Ls'],['Rs']]", 2, None, "5.1", "0>4*1.0000 1>5*1.0000");
    check("[['Ls'],['Rs']]", 2, Some(2), "5.1", "1>5*1.0000");
    check("[[{to='C', gain_db=-3}]]", 1, None, "5.1", "0>2*0.7079");
    check(
        "[[{to='C', gain_db=-6.0},'LFE']]",
        1,
        None,
        "5.1",
        "0>2*0.5012 0>3*1.0000",
    );
    check("[['L'],['R']]", 1, None, "2.0", "0>0*1.0000 STM016");
    check(
        "[[],[],['C']]",
        2,
        None,
        "5.1",
        "error: the map of r.toml:1 [[rule]] 1 names no channel that the clip has",
    );
    check("[['L']]", 2, None, "2.0", "0>0*1.0000 STM016");
    check(
        "[['L']]",
        2,
        Some(2),
        "2.0",
        "error: the map of r.toml:1 [[rule]] 1 names no channel that the clip has",
    );
    check("[['L'],['R']]", 2, Some(3), "2.0", "0>0*1.0000 STM019");
}

#[test]
fn a_clip_that_cannot_be_mapped_says_why() {
    let set = set("2.0");
    let sample = Sample::new("A1", "x", "x.wav");
    let unassigned = assign(&RuleSet::default(), &set, &sample.evidence());
    let none = map_for(&sample.evidence(), &unassigned, &set, Decibels::ZERO);
    assert_eq!(none.unwrap_err().to_string(), "the clip has no stem");
    let sample = Sample::new("DX", "x", "x.wav");
    let assigned = assign(&RuleSet::default(), &set, &sample.evidence());
    let none = map_for(&sample.evidence(), &assigned, &set, Decibels::ZERO);
    assert_eq!(
        none.unwrap_err().to_string(),
        "the media of the clip is not known"
    );
}

#[test]
fn what_a_person_should_see_is_a_finding() {
    let check = |track: &str, rules: &str, want: Option<&str>| {
        let got = Sample::new(track, "x", "").assign(rules);
        let finding = got.finding("x", Place::default());
        assert_eq!(finding.map(|finding| finding.code.id), want, "{track}");
    };
    check("DX 1", "", None);
    check("A1", "", Some("STM001"));
    check("VOX", "", Some("STM002"));
    check("A1", "[[rule]]\nstem = 'ignore'\n", Some("STM004"));
    check("VOX", "[[rule]]\nstem = 'MX'\n", None);
}

#[test]
fn the_pan_law_and_byte_order_marks_are_read() {
    let set = set("2.0");
    let rules = RuleSet::parse("\u{feff}pan_law_db = -3\n", "r.toml", &set).unwrap();
    assert_eq!((rules.pan_law(), rules.len()), (Decibels::new(-3.0), 0));
    let empty = RuleSet::parse("", "r.toml", &set).unwrap();
    assert!(empty.is_empty() && empty.pan_law() == Decibels::ZERO);
}
