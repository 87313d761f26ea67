//! The default maps, case by case.

use super::*;
use crate::audio::{Channel, ChannelLayout};
use crate::stem::code::Group;
use crate::stem::evidence::TrackName;
use proptest::prelude::*;

/// Channel names with `|` between; a function follows a colon.
fn tracks(names: &str) -> Vec<TrackName> {
    let names = names
        .split('|')
        .enumerate()
        .filter(|(_, name)| !name.is_empty());
    names
        .map(|(i, name)| {
            let (name, function) = name.split_once(':').unwrap_or((name, ""));
            TrackName {
                channel: i as u16 + 1,
                name: name.to_owned(),
                function: function.to_owned(),
            }
        })
        .collect()
}

/// `1>C 2>L*-1.0000`, then the codes of the findings.
fn show(result: Result<(ChannelMap, Vec<Finding>), MapError>, layout: &ChannelLayout) -> String {
    let (map, findings) = match result {
        Ok(made) => made,
        Err(error) => return format!("error: {error}"),
    };
    let routes = map.routes().iter().map(|route| {
        let to = layout.channels()[route.to];
        let gain = route.gain.linear();
        if gain == 1.0 {
            format!("{}>{to}", route.from + 1)
        } else {
            format!("{}>{to}*{gain:.4}", route.from + 1)
        }
    });
    let codes = findings.iter().map(|finding| finding.code.id.to_owned());
    routes.chain(codes).collect::<Vec<_>>().join(" ")
}

/// Channels and names of the source, channel of the clip (0: all), kind of sound, layout of the
/// stem.
fn check(channels: usize, names: &str, clip: u32, group: Group, layout: &str, want: &str) {
    let layout: ChannelLayout = layout.parse().unwrap();
    let source = Source {
        channels,
        tracks: &tracks(names),
        clip_channel: (clip > 0).then_some(clip),
        position: None,
        speaker: None,
        panned: false,
    };
    let target = Target {
        group,
        layout: &layout,
    };
    let got = show(default_map(&source, &target, Decibels::ZERO), &layout);
    assert_eq!(
        got, want,
        "{channels} ({names}) channel {clip}, {group} in {layout}"
    );
}

use Group::{Adr, Backgrounds, Dialogue, Effects, Music, Production, Source as SourceMusic};

#[test]
fn mono_goes_to_the_middle() {
    check(1, "", 0, Dialogue, "5.1", "1>C");
    check(1, "", 0, Dialogue, "2.0", "1>L 1>R");
    check(1, "", 0, Dialogue, "1.0", "1>M");
    check(1, "", 0, Effects, "7.1.4", "1>C");
    check(1, "", 0, Music, "5.1", "1>L 1>R");
    check(1, "", 0, SourceMusic, "2.0", "1>L 1>R");
    check(1, "Boom", 0, Production, "5.1", "1>C");
    check(1, ":C-GENERIC", 0, Dialogue, "2.0", "1>L 1>R");
    check(1, "", 1, Dialogue, "5.1", "1>C");
    check(1, "", 2, Effects, "5.1", "1>C STM014");
    check(1, "", 0, Dialogue, "L,C,R", "1>C");
}

#[test]
fn the_pan_law_is_that_of_the_rules() {
    let layout = ChannelLayout::stereo();
    let source = Source {
        channels: 1,
        tracks: &[],
        clip_channel: None,
        position: None,
        speaker: None,
        panned: false,
    };
    let target = Target {
        group: Dialogue,
        layout: &layout,
    };
    let map = default_map(&source, &target, Decibels::new(-3.0));
    assert_eq!(show(map, &layout), "1>L*0.7079 1>R*0.7079");
}

#[test]
fn stereo_goes_left_and_right() {
    check(2, "", 0, Music, "2.0", "1>L 2>R");
    check(2, "", 0, Effects, "5.1", "1>L 2>R");
    check(2, "", 1, Music, "5.1", "1>L");
    check(2, "", 2, Music, "2.0", "2>R");
    check(2, "", 2, Dialogue, "2.0", "2>R");
    check(2, "", 2, Production, "2.0", "2>L 2>R");
    check(2, "", 4, Music, "2.0", "2>R STM019");
    check(
        4,
        "",
        5,
        Music,
        "2.0",
        "error: the timeline uses channel 5 of a source with 4",
    );
    check(2, "", 1, Adr, "5.1", "1>C");
    check(2, "", 0, Production, "2.0", "1>L 2>R");
    check(2, "", 3, Music, "2.0", "1>L STM019");
    check(
        2,
        "",
        0,
        Music,
        "1.0",
        "1>M*0.7071 2>M*0.7071 STM010 STM010",
    );
    check(2, "R|L", 0, Music, "2.0", "2>L 1>R");
    check(2, ":X-X_Y|:Y-X_Y", 0, Effects, "2.0", "1>L 2>R");
}

#[test]
fn more_channels_go_by_their_names_or_the_usual_order() {
    let film = ":L-5.1|:C-5.1|:R-5.1|:Ls-5.1|:Rs-5.1|:LFE-5.1";
    check(6, film, 0, Music, "5.1", "1>L 3>R 2>C 6>LFE 4>Ls 5>Rs");
    check(
        6,
        "",
        0,
        Effects,
        "5.1",
        "1>L 2>R 3>C 4>LFE 5>Ls 6>Rs STM013",
    );
    check(6, "", 4, Effects, "5.1", "4>LFE STM013");
    check(6, film, 6, Music, "2.0", "STM011");
    check(
        6,
        film,
        0,
        Music,
        "2.0",
        "1>L 2>L*0.7071 4>L*0.7071 2>R*0.7071 3>R 5>R*0.7071 STM010 STM010 STM010 STM011",
    );
    check(3, ":L-LCR|:C-LCR|:R-LCR", 0, Music, "5.1", "1>L 3>R 2>C");
    check(
        4,
        ":L-LCRS|:R-LCRS|:C-LCRS|:S-LCRS",
        0,
        Effects,
        "4.0",
        "1>L 2>R 3>C 4>Cs",
    );
    check(
        6,
        "",
        0,
        Backgrounds,
        "7.1",
        "1>L 2>R 3>C 4>LFE 5>Ls 6>Rs STM013",
    );
    check(
        9,
        "",
        0,
        Effects,
        "5.1",
        "error: 9 channels without names have no usual order; give them a `map` in the rules",
    );
    check(
        4,
        "W|X|Y|Z",
        0,
        Effects,
        "5.1",
        "error: the source is ambisonic (4); decode it, or give it a `map` in the rules",
    );
    check(0, "", 0, Effects, "5.1", "error: the source has 0 channels");
}

#[test]
fn of_a_recorders_file_one_track_is_used() {
    check(3, "MIX|BOOM|LAV", 0, Production, "5.1", "1>C STM012");
    check(
        4,
        "BOOM|LAV 1|LAV 2|Mix",
        0,
        Production,
        "5.1",
        "4>C STM012",
    );
    check(
        3,
        "BOOM|LAV 1|LAV 2",
        0,
        Production,
        "2.0",
        "1>L 1>R STM012",
    );
    check(
        4,
        "MixL|MixR|Anna|Ben",
        0,
        Production,
        "2.0",
        "1>L 2>R STM018",
    );
    check(4, "", 0, Production, "5.1", "1>C STM012");
    check(4, "MixL|MixR|Anna|Ben", 3, Production, "5.1", "3>C");
    check(2, "MKH516 A|Boom", 0, Production, "2.0", "1>L 1>R STM012");
    check(2, "MKH516 A|Boom", 2, Dialogue, "5.1", "2>C");
    check(8, "", 3, Dialogue, "5.1", "3>C");
    check(
        2,
        ":M-MID_SIDE|:S-MID_SIDE",
        0,
        Production,
        "5.1",
        "1>C STM015",
    );
    check(
        2,
        ":M-MID_SIDE|:S-MID_SIDE",
        0,
        Backgrounds,
        "2.0",
        "1>L 2>L 1>R 2>R*-1.0000 STM015",
    );
    check(2, ":M-MID_SIDE|:S-MID_SIDE", 1, Production, "5.1", "1>C");
}

#[test]
fn split_files_keep_their_side() {
    let split = |position: Channel, group: Group, layout: &str, want: &str| {
        let layout: ChannelLayout = layout.parse().unwrap();
        let source = Source {
            channels: 1,
            tracks: &[],
            clip_channel: None,
            position: Some(position),
            speaker: None,
            panned: false,
        };
        let target = Target {
            group,
            layout: &layout,
        };
        assert_eq!(
            show(default_map(&source, &target, Decibels::ZERO), &layout),
            want
        );
    };
    split(Channel::L, Music, "2.0", "1>L");
    split(Channel::Rs, Effects, "5.1", "1>Rs");
    split(Channel::Lfe, Effects, "2.0", "STM011");
    split(Channel::R, Dialogue, "2.0", "1>R STM017");
    split(Channel::C, Music, "2.0", "1>L*0.7071 1>R*0.7071 STM010");
}

proptest! {
    #[test]
    fn every_map_stays_within_source_and_stem(
        channels in 0usize..20,
        clip in prop::option::of(0u32..25),
        names in prop::collection::vec("(BOOM|MIX|L|R|C|Ls|LFE|M|W|)", 0..20),
        group in 0usize..16,
        layout in 0usize..6,
    ) {
        let layout: ChannelLayout =
            ["1.0", "2.0", "5.1", "7.1", "7.1.4", "L,C,R,Ls,Rs,LFE"][layout].parse().unwrap();
        let tracks = tracks(&names.join("|"));
        let group = Group::all().nth(group).unwrap();
        let source = Source { channels, tracks: &tracks, clip_channel: clip, position: None, speaker: None, panned: false };
        let target = Target { group, layout: &layout };
        let first = default_map(&source, &target, Decibels::ZERO);
        prop_assert_eq!(&first, &default_map(&source, &target, Decibels::ZERO));
        if let Ok((map, findings)) = first {
            prop_assert!(!map.is_empty() || findings.iter().any(|f| f.code == &NO_LFE));
            for pair in map.routes().windows(2) {
                prop_assert!((pair[0].to, pair[0].from) < (pair[1].to, pair[1].from));
            }
            for route in map.routes() {
                prop_assert!(route.from < channels && route.to < layout.len());
            }
        }
    }
}
