//! Gains of one block of a channel of a bed (BS.2127-0 §8).

use super::layout::{Layout, MAX_SPEAKERS};
use super::point::{Gains, PointPanner};
use super::room::Room;
use super::rules::{PACKS, RULES, Rule, mirrored};
use super::screen::ScreenScaler;
use super::vector::{Vec3, in_angle_range, length, polar, sub};
use crate::audio::scene::{Bounded, Coordinate, Degrees, Frequency, SpeakerBlock, SpeakerPosition};

/// Tolerance of bounds and distances.
const NEAR: f64 = 1e-5;

/// Names of the LFE channels beside those of BS.2051.
const SAME_LABEL: [(&str, &str); 3] = [("LFE", "LFE1"), ("LFEL", "LFE1"), ("LFER", "LFE2")];

/// The room-centric labels of Dolby masters and the loudspeakers that they name.
const ROOM_LABELS: [(&str, &str); 10] = [
    ("RC_L", "M+030"),
    ("RC_R", "M-030"),
    ("RC_C", "M+000"),
    ("RC_LFE", "LFE1"),
    ("RC_LSS", "M+090"),
    ("RC_RSS", "M-090"),
    ("RC_LRS", "M+135"),
    ("RC_RRS", "M-135"),
    ("RC_LS", "M+110"),
    ("RC_RS", "M-110"),
];

/// What surrounds the blocks of a bed channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct BedChannel<'a> {
    /// The pack, where it is one of BS.2094.
    pub(super) pack: Option<&'a str>,
    /// The channel's frequency range.
    pub(super) frequency: Frequency,
    /// Labels and LFE to the letter of BS.2127: room-centric labels are unknown.
    pub(super) strict: bool,
}

/// Sends bed channels to the loudspeakers of one layout.
#[derive(Debug, Clone)]
pub(super) struct BedPanner {
    layout: Layout,
    point: PointPanner,
    room: Room,
    screen: ScreenScaler,
}

/// The intended place with the loudspeakers that may take it.
struct Aim {
    place: Vec3,
    within: [bool; MAX_SPEAKERS],
    cartesian: bool,
}

impl BedPanner {
    pub(super) fn new(layout: &Layout, point: PointPanner) -> Self {
        let places: Vec<Vec3> = layout.panned().map(|(_, speaker)| speaker.room).collect();
        Self {
            layout: layout.clone(),
            point,
            room: Room::new(&places, &[false; MAX_SPEAKERS]),
            screen: ScreenScaler::new(layout),
        }
    }

    /// Gains in the order of the layout's loudspeakers, with the gain of the block.
    pub(super) fn gains(&self, block: &SpeakerBlock, channel: BedChannel<'_>) -> Gains {
        let gain = block.gain.linear();
        self.unity_gains(block, channel).map(|x| x * gain)
    }

    fn unity_gains(&self, block: &SpeakerBlock, channel: BedChannel<'_>) -> Gains {
        let named = |label: &String| nominal(label, channel.strict);
        let labels: Vec<String> = block.labels.iter().map(named).collect();
        let low = is_low(channel.frequency)
            || labels
                .iter()
                .any(|label| label == "LFE1" || label == "LFE2");
        if let Some(gains) = self.by_rule(channel.pack, labels.first()) {
            return gains;
        }
        let same = |label: &String| {
            let speaker = self.layout.index_of(label)?;
            (self.layout.speakers[speaker].is_lfe() == low).then_some(speaker)
        };
        if let Some(speaker) = labels.iter().find_map(same) {
            return only(speaker);
        }
        let aim = self.aim(block);
        if let Some(speaker) = self.closest(&aim, low) {
            return only(speaker);
        }
        if low {
            // An LFE channel goes to the LFE or nowhere.
            return self
                .layout
                .index_of("LFE1")
                .map_or([0.0; MAX_SPEAKERS], only);
        }
        let panned = if aim.cartesian {
            self.room.point_gains(aim.place)
        } else {
            self.point.gains(aim.place)
        };
        let mut gains = [0.0; MAX_SPEAKERS];
        for ((number, _), gain) in self.layout.panned().zip(panned) {
            gains[number] = gain;
        }
        gains
    }

    /// What the first mapping rule says whose loudspeakers all exist.
    fn by_rule(&self, pack: Option<&str>, label: Option<&String>) -> Option<Gains> {
        let (pack, label) = (pack?, label?);
        let known = PACKS.iter().find(|(id, _)| id.eq_ignore_ascii_case(pack));
        let input = known?.1;
        RULES.iter().find_map(|rule| {
            let plain = (rule.label == label).then(|| self.targets(rule, input, str::to_owned));
            let turned =
                || (mirrored(rule.label) == *label).then(|| self.targets(rule, input, mirrored));
            plain.flatten().or_else(|| turned().flatten())
        })
    }

    fn targets(&self, rule: &Rule, input: &str, side: fn(&str) -> String) -> Option<Gains> {
        let holds = |list: &[&str], name: &str| list.is_empty() || list.contains(&name);
        if !holds(rule.inputs, input) || !holds(rule.outputs, self.layout.system) {
            return None;
        }
        let mut gains = [0.0; MAX_SPEAKERS];
        for (label, (above, below)) in rule.targets {
            let speaker = self.layout.index_of(&side(label))?;
            gains[speaker] = (f64::from(*above) / f64::from(*below)).sqrt();
        }
        Some(gains)
    }

    fn aim(&self, block: &SpeakerBlock) -> Aim {
        match block.position {
            SpeakerPosition::Polar {
                azimuth,
                elevation,
                distance,
            } => {
                let (az, el) = (azimuth.value.value(), elevation.value.value());
                let (az, el) = self.screen.locked_angles(az, el, block.edges);
                let azimuth = range(azimuth, az, Degrees::value);
                let elevation = range(elevation, el, Degrees::value);
                let far = distance.value.value();
                let distance = range(distance, far, Coordinate::value);
                Aim {
                    place: polar(az, el, far),
                    within: self.which(|speaker| {
                        in_angle_range(speaker.azimuth, azimuth.0, azimuth.1, NEAR)
                            && inside(speaker.elevation, elevation)
                            && inside(1.0, distance)
                    }),
                    cartesian: false,
                }
            }
            SpeakerPosition::Cartesian { x, y, z } => {
                let place = [x, y, z].map(|bounded| bounded.value.value());
                let place = self.screen.locked(place, block.edges, true);
                let ranges = [(x, 0), (y, 1), (z, 2)]
                    .map(|(bounded, axis)| range(bounded, place[axis], Coordinate::value));
                Aim {
                    place,
                    within: self.which(|speaker| {
                        let mut axes = speaker.room.iter().zip(ranges);
                        axes.all(|(at, range)| inside(*at, range))
                    }),
                    cartesian: true,
                }
            }
        }
    }

    fn which(&self, test: impl Fn(&super::layout::Speaker) -> bool) -> [bool; MAX_SPEAKERS] {
        let mut within = [false; MAX_SPEAKERS];
        for (within, speaker) in within.iter_mut().zip(&self.layout.speakers) {
            *within = test(speaker);
        }
        within
    }

    /// The one loudspeaker within the bounds that is nearest; `None` where two are.
    fn closest(&self, aim: &Aim, low: bool) -> Option<usize> {
        let speakers = self.layout.speakers.iter().enumerate();
        let candidates: Vec<(usize, f64)> = speakers
            .filter(|(i, speaker)| aim.within[*i] && speaker.is_lfe() == low)
            .map(|(i, speaker)| {
                let place = if aim.cartesian {
                    speaker.room
                } else {
                    speaker.direction()
                };
                (i, length(sub(place, aim.place)))
            })
            .collect();
        let least = candidates.iter().map(|c| c.1).fold(f64::INFINITY, f64::min);
        let mut nearest = candidates.iter().filter(|c| (c.1 - least).abs() < NEAR);
        match (nearest.next(), nearest.next()) {
            (Some((speaker, _)), None) => Some(*speaker),
            _ => None,
        }
    }
}

/// All to one loudspeaker.
fn only(speaker: usize) -> Gains {
    let mut gains = [0.0; MAX_SPEAKERS];
    gains[speaker] = 1.0;
    gains
}

/// The bounds of a value, itself where there are none.
fn range<T: Copy>(bounded: Bounded<T>, value: f64, number: impl Fn(T) -> f64) -> (f64, f64) {
    let bound = |bound: Option<T>| bound.map_or(value, &number);
    (bound(bounded.min), bound(bounded.max))
}

fn inside(value: f64, (low, high): (f64, f64)) -> bool {
    value + NEAR >= low && value - NEAR <= high
}

/// The label of BS.2051 of a `speakerLabel`: without its URN, other names of the LFE replaced.
fn nominal(label: &str, strict: bool) -> String {
    let bare = label
        .strip_prefix("urn:itu:bs:2051:")
        .and_then(|rest| rest.split_once(":speaker:"))
        .filter(|(version, _)| {
            !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
        })
        .map_or(label, |(_, bare)| bare);
    let same = SAME_LABEL.iter().find(|(other, _)| *other == bare);
    let room = || {
        let found = |(other, _): &&(&str, &str)| other.eq_ignore_ascii_case(bare);
        ROOM_LABELS.iter().filter(|_| !strict).find(found)
    };
    same.or_else(room)
        .map_or(bare, |(_, label)| label)
        .to_owned()
}

/// Whether a frequency range says LFE: nothing above 200 Hz and no lower limit.
fn is_low(frequency: Frequency) -> bool {
    frequency.high_pass.is_none() && frequency.low_pass.is_some_and(|hertz| hertz <= 200.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Gain;
    use crate::audio::scene::ScreenEdges;

    fn block(labels: &[&str], position: SpeakerPosition) -> SpeakerBlock {
        SpeakerBlock {
            span: None,
            labels: labels.iter().map(ToString::to_string).collect(),
            position,
            edges: ScreenEdges::default(),
            gain: Gain::UNITY,
            importance: 10,
        }
    }

    fn at(azimuth: f64, elevation: f64) -> SpeakerPosition {
        SpeakerPosition::Polar {
            azimuth: Bounded::exactly(Degrees::new(azimuth)),
            elevation: Bounded::exactly(Degrees::new(elevation)),
            distance: Bounded::exactly(Coordinate::new(1.0)),
        }
    }

    fn room(x: f64, y: f64, z: f64) -> SpeakerPosition {
        let [x, y, z] = [x, y, z].map(|c| Bounded::exactly(Coordinate::new(c)));
        SpeakerPosition::Cartesian { x, y, z }
    }

    /// Gains as `label gain` of those that are not zero.
    fn check(layout: &str, pack: &str, strict: bool, block: &SpeakerBlock, wanted: &str) {
        let layout = Layout::of(&layout.parse().unwrap()).unwrap();
        let panner = BedPanner::new(&layout, PointPanner::new(&layout));
        let channel = BedChannel {
            pack: Some(pack),
            frequency: Frequency::default(),
            strict,
        };
        let gains = panner.gains(block, channel);
        let used = layout
            .speakers
            .iter()
            .zip(gains)
            .filter(|(_, gain)| *gain > 1e-9);
        let text: Vec<String> = used
            .map(|(s, gain)| format!("{} {gain:.4}", s.label))
            .collect();
        assert_eq!(
            text.join(", "),
            wanted,
            "{:?} to {}",
            block.labels,
            layout.system
        );
    }

    #[test]
    fn mapping_rules() {
        let rule = |layout, pack, label: &str, wanted| {
            check(layout, pack, true, &block(&[label], at(0.0, 0.0)), wanted);
        };
        rule("2.0", "AP_00010003", "M+000", "M+030 0.7071, M-030 0.7071");
        rule("2.0", "AP_00010003", "M-110", "M-030 0.7071");
        rule("2.0", "AP_00010003", "LFE1", "");
        rule("5.1", "AP_00010017", "M+090", "M+030 0.7071, M+110 0.7071");
        rule("5.1", "AP_00010017", "M-135", "M-110 1.0000");
        rule("5.1", "AP_00010017", "U+045", "M+030 1.0000");
        rule("5.1", "AP_00010009", "M-090", "M-030 0.5774, M-110 0.8165");
        rule("7.1.4", "AP_00010003", "M+110", "M+135 1.0000");
        rule(
            "7.1.4",
            "AP_00010003",
            "urn:itu:bs:2051:0:speaker:LFE",
            "LFE1 1.0000",
        );
        rule("5.1", "AP_00010009", "LFE2", "LFE1 0.7071");
        rule(
            "5.1.4",
            "AP_00010009",
            "T+000",
            "U+030 0.5000, U-030 0.5000, U+110 0.5000, U-110 0.5000",
        );
    }

    #[test]
    fn labels_bounds_and_panning() {
        let custom = "AP_00011001";
        check(
            "5.1",
            custom,
            false,
            &block(&["X", "M-110"], at(0.0, 0.0)),
            "M-110 1.0000",
        );
        check(
            "5.1",
            custom,
            false,
            &block(&[], at(-30.0, 0.0)),
            "M-030 1.0000",
        );
        check(
            "5.1",
            custom,
            false,
            &block(&[], at(15.0, 0.0)),
            "M+030 0.7071, M+000 0.7071",
        );
        let mut wide = block(&[], at(20.0, 0.0));
        if let SpeakerPosition::Polar { azimuth, .. } = &mut wide.position {
            azimuth.min = Some(Degrees::new(10.0));
            azimuth.max = Some(Degrees::new(40.0));
        }
        check("5.1", custom, false, &wide, "M+030 1.0000");
        check("2.0", custom, false, &block(&["LFE"], at(0.0, 0.0)), "");
    }

    #[test]
    fn room_centric_beds() {
        let custom = "AP_00011001";
        let low = block(&["RC_LFE"], room(-1.0, 1.0, -1.0));
        check("7.1.4", custom, false, &low, "LFE1 1.0000");
        // To the letter the label is unknown and the place is the left corner of the floor.
        check("7.1.4", custom, true, &low, "M+030 1.0000");
        let side = block(&["RC_Lss"], room(-1.0, 0.0, 0.0));
        check("7.1.4", custom, false, &side, "M+090 1.0000");
        check("5.1", custom, false, &side, "M+030 0.7071, M+110 0.7071");
        let surround = block(&["RC_Ls"], room(-1.0, -0.36397, 0.0));
        check("5.1", custom, false, &surround, "M+110 1.0000");
        let top = block(&["RC_Rts"], room(1.0, 0.0, 1.0));
        check("7.1.4", custom, false, &top, "U-045 0.7071, U-135 0.7071");
    }
}
