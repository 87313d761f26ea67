//! The loudspeaker layouts of ITU-R BS.2051-3 and the channels of a file that they are.

use super::vector::{Vec3, polar};
use crate::audio::Channel::{C, L, Lfe, Lrs, Ls, Ltf, Ltr, R, Rrs, Rs, Rtf, Rtr};
use crate::audio::{Channel, ChannelLayout};

/// The most loudspeakers of a layout, LFE included.
pub const MAX_SPEAKERS: usize = 12;

/// A loudspeaker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speaker {
    /// Its label in BS.2051: `M+030`.
    pub(super) label: &'static str,
    /// The channel of a file that feeds it.
    pub(super) channel: Channel,
    /// Azimuth in degrees.
    pub(super) azimuth: f64,
    /// Elevation in degrees.
    pub(super) elevation: f64,
    /// Its place in the unit cube (BS.2127-0 §7.3.9).
    pub(super) room: Vec3,
}

/// Label, azimuth, elevation, room.
type Row = (&'static str, f64, f64, Vec3);

const FRONT: [Row; 3] = [
    ("M+030", 30.0, 0.0, [-1.0, 1.0, 0.0]),
    ("M-030", -30.0, 0.0, [1.0, 1.0, 0.0]),
    ("M+000", 0.0, 0.0, [0.0, 1.0, 0.0]),
];
/// The LFE has no place; these are the numbers that the rules of bounds are tried with.
const LFE1: Row = ("LFE1", 45.0, -30.0, [-1.0, 1.0, -1.0]);
const M110: [Row; 2] = [
    ("M+110", 110.0, 0.0, [-1.0, -1.0, 0.0]),
    ("M-110", -110.0, 0.0, [1.0, -1.0, 0.0]),
];
const M090: [Row; 2] = [
    ("M+090", 90.0, 0.0, [-1.0, 0.0, 0.0]),
    ("M-090", -90.0, 0.0, [1.0, 0.0, 0.0]),
];
const M135: [Row; 2] = [
    ("M+135", 135.0, 0.0, [-1.0, -1.0, 0.0]),
    ("M-135", -135.0, 0.0, [1.0, -1.0, 0.0]),
];
const U030: [Row; 2] = [
    ("U+030", 30.0, 30.0, [-1.0, 1.0, 1.0]),
    ("U-030", -30.0, 30.0, [1.0, 1.0, 1.0]),
];
const U110: [Row; 2] = [
    ("U+110", 110.0, 30.0, [-1.0, -1.0, 1.0]),
    ("U-110", -110.0, 30.0, [1.0, -1.0, 1.0]),
];
const U045: [Row; 2] = [
    ("U+045", 45.0, 30.0, [-1.0, 1.0, 1.0]),
    ("U-045", -45.0, 30.0, [1.0, 1.0, 1.0]),
];
const U135: [Row; 2] = [
    ("U+135", 135.0, 30.0, [-1.0, -1.0, 1.0]),
    ("U-135", -135.0, 30.0, [1.0, -1.0, 1.0]),
];

/// A layout of BS.2051: its name, and its loudspeakers with the channels of ours.
type System = (&'static str, &'static [(Channel, Row)]);

/// The systems that are rendered to, in the order of BS.2051.
const SYSTEMS: [System; 5] = [
    ("0+2+0", &[(L, FRONT[0]), (R, FRONT[1])]),
    (
        "0+5+0",
        &[
            (L, FRONT[0]),
            (R, FRONT[1]),
            (C, FRONT[2]),
            (Lfe, LFE1),
            (Ls, M110[0]),
            (Rs, M110[1]),
        ],
    ),
    (
        "0+7+0",
        &[
            (L, FRONT[0]),
            (R, FRONT[1]),
            (C, FRONT[2]),
            (Lfe, LFE1),
            (Ls, M090[0]),
            (Rs, M090[1]),
            (Lrs, M135[0]),
            (Rrs, M135[1]),
        ],
    ),
    (
        "4+5+0",
        &[
            (L, FRONT[0]),
            (R, FRONT[1]),
            (C, FRONT[2]),
            (Lfe, LFE1),
            (Ls, M110[0]),
            (Rs, M110[1]),
            (Ltf, U030[0]),
            (Rtf, U030[1]),
            (Ltr, U110[0]),
            (Rtr, U110[1]),
        ],
    ),
    (
        "4+7+0",
        &[
            (L, FRONT[0]),
            (R, FRONT[1]),
            (C, FRONT[2]),
            (Lfe, LFE1),
            (Ls, M090[0]),
            (Rs, M090[1]),
            (Lrs, M135[0]),
            (Rrs, M135[1]),
            (Ltf, U045[0]),
            (Rtf, U045[1]),
            (Ltr, U135[0]),
            (Rtr, U135[1]),
        ],
    ),
];

/// Why a layout is not rendered to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "scenes cannot be rendered to the layout {0}: BS.2127 is built for 2.0, 5.1, 7.1, 5.1.4 and 7.1.4, with or without LFE and in any order of channels"
)]
pub struct UnsupportedLayout(pub ChannelLayout);

/// A layout of BS.2051 and where its loudspeakers stand in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// Its name: `4+7+0`.
    pub(super) system: &'static str,
    /// Its loudspeakers in the order of BS.2051, without an LFE that the file does not have.
    pub(super) speakers: Vec<Speaker>,
    /// For each loudspeaker its channel in the file.
    pub(super) file: Vec<usize>,
}

impl Layout {
    /// The layout of BS.2051 with just these channels, in whatever order.
    ///
    /// # Errors
    /// [`UnsupportedLayout`] where there is none.
    pub(super) fn of(layout: &ChannelLayout) -> Result<Self, UnsupportedLayout> {
        let unsupported = || UnsupportedLayout(layout.clone());
        let (system, rows) = SYSTEMS
            .iter()
            .find(|(_, rows)| same_channels(rows, layout))
            .ok_or_else(unsupported)?;
        let mut speakers = Vec::with_capacity(rows.len());
        let mut file = Vec::with_capacity(rows.len());
        for (channel, (label, azimuth, elevation, room)) in rows.iter().copied() {
            if let Some(index) = layout.index_of(channel) {
                speakers.push(Speaker {
                    label,
                    channel,
                    azimuth,
                    elevation,
                    room,
                });
                file.push(index);
            }
        }
        Ok(Self {
            system,
            speakers,
            file,
        })
    }

    /// The loudspeakers that objects are panned to, with their number in [`Layout::speakers`].
    pub(super) fn panned(&self) -> impl Iterator<Item = (usize, &Speaker)> {
        let all = self.speakers.iter().enumerate();
        all.filter(|(_, speaker)| !speaker.is_lfe())
    }

    /// The number of the loudspeaker with a label.
    pub(super) fn index_of(&self, label: &str) -> Option<usize> {
        self.speakers.iter().position(|s| s.label == label)
    }

    /// Every label of the system, with that of an LFE that the file does not have.
    pub(super) fn labels(&self) -> Vec<&'static str> {
        let rows = SYSTEMS.iter().find(|(name, _)| *name == self.system);
        rows.map_or_else(Vec::new, |(_, rows)| {
            rows.iter().map(|row| row.1.0).collect()
        })
    }
}

impl Speaker {
    pub(super) fn is_lfe(&self) -> bool {
        self.channel == Lfe
    }

    /// Its direction.
    pub(super) fn direction(&self) -> Vec3 {
        polar(self.azimuth, self.elevation, 1.0)
    }
}

/// Whether a layout has the channels of a system; the LFE may be absent.
fn same_channels(rows: &[(Channel, Row)], layout: &ChannelLayout) -> bool {
    let known = |channel: &Channel| rows.iter().any(|row| row.0 == *channel);
    let present = |row: &(Channel, Row)| row.0 == Lfe || layout.index_of(row.0).is_some();
    layout.channels().iter().all(known) && rows.iter().all(present)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_known_in_any_order() {
        let check = |text: &str, system: &str, count: usize| {
            let layout = Layout::of(&text.parse().unwrap()).unwrap();
            assert_eq!(
                (layout.system, layout.speakers.len()),
                (system, count),
                "{text}"
            );
            assert!(layout.speakers.len() <= MAX_SPEAKERS);
        };
        check("2.0", "0+2+0", 2);
        check("5.1", "0+5+0", 6);
        check("5.0", "0+5+0", 5);
        check("L,C,R,Ls,Rs,LFE", "0+5+0", 6);
        check("7.1", "0+7+0", 8);
        check("5.1.4", "4+5+0", 10);
        check("7.1.4", "4+7+0", 12);
        let film = Layout::of(&"L,C,R,Ls,Rs,LFE".parse().unwrap()).unwrap();
        assert_eq!(film.file, [0, 2, 1, 5, 3, 4]);
        for other in ["1.0", "3.0", "4.0", "6.1"] {
            assert!(Layout::of(&other.parse().unwrap()).is_err(), "{other}");
        }
    }
}
