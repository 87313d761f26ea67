//! Beds and points of the Dolby Atmos Master ADM profile 1.1.

use crate::audio::Channel::{self, C, L, Lfe, Lrs, Ls, R, Rrs, Rs};

/// How a stem is told in the Dolby profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DolbyParts {
    /// Its bed, where one of the profile's fits.
    pub bed: Vec<Channel>,
    /// Channels that no bed has, each an object that does not move.
    pub points: Vec<Channel>,
}

/// Beds of the profile, the largest first. Those with two tops are not used: the tops of our layouts
/// stand at four places.
const BEDS: [&[Channel]; 6] = [
    &[L, R, C, Lfe, Ls, Rs, Lrs, Rrs],
    &[L, R, C, Ls, Rs, Lrs, Rrs],
    &[L, R, C, Lfe, Ls, Rs],
    &[L, R, C, Ls, Rs],
    &[L, R, C],
    &[L, R],
];

/// A room-centric channel: name, label, X, Y, Z.
pub(super) type RoomCentric = (&'static str, &'static str, [&'static str; 3]);

/// The largest bed that the channels have all of, and the others as points.
pub fn dolby_parts(channels: &[Channel]) -> DolbyParts {
    let has = |bed: &&&[Channel]| bed.iter().all(|channel| channels.contains(channel));
    let bed = BEDS.iter().find(has).map_or(&[][..], |bed| bed);
    let rest = channels.iter().filter(|channel| !bed.contains(channel));
    DolbyParts {
        bed: bed.to_vec(),
        points: rest.copied().collect(),
    }
}

/// The room-centric channel of a bed; surrounds stand elsewhere in 5.x than in 7.x.
pub(super) fn room_centric(channel: Channel, bed: &[Channel]) -> Option<RoomCentric> {
    let two_pairs = bed.contains(&Lrs);
    Some(match channel {
        L => ("RoomCentricLeft", "RC_L", ["-1", "1", "0"]),
        R => ("RoomCentricRight", "RC_R", ["1", "1", "0"]),
        C => ("RoomCentricCenter", "RC_C", ["0", "1", "0"]),
        Lfe => ("RoomCentricLFE", "RC_LFE", ["-1", "1", "-1"]),
        Ls if two_pairs => ("RoomCentricLeftSideSurround", "RC_Lss", ["-1", "0", "0"]),
        Rs if two_pairs => ("RoomCentricRightSideSurround", "RC_Rss", ["1", "0", "0"]),
        Lrs => ("RoomCentricLeftRearSurround", "RC_Lrs", ["-1", "-1", "0"]),
        Rrs => ("RoomCentricRightRearSurround", "RC_Rrs", ["1", "-1", "0"]),
        Ls => ("RoomCentricLeftSurround", "RC_Ls", ["-1", "-0.36397", "0"]),
        Rs => ("RoomCentricRightSurround", "RC_Rs", ["1", "-0.36397", "0"]),
        _ => return None,
    })
}

/// Where a channel that is no bed stands in the room: X, Y, Z.
pub(super) fn point(channel: Channel) -> [&'static str; 3] {
    match channel {
        L => ["-1", "1", "0"],
        R => ["1", "1", "0"],
        Ls => ["-1", "0", "0"],
        Rs => ["1", "0", "0"],
        Lrs => ["-1", "-1", "0"],
        Rrs => ["1", "-1", "0"],
        Channel::Cs => ["0", "-1", "0"],
        Channel::Ltf => ["-1", "1", "1"],
        Channel::Rtf => ["1", "1", "1"],
        Channel::Ltr => ["-1", "-1", "1"],
        Channel::Rtr => ["1", "-1", "1"],
        _ => ["0", "1", "0"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::ChannelLayout;

    #[test]
    fn layouts_become_beds_and_points() {
        let check = |layout: &str, bed: usize, points: usize| {
            let layout: ChannelLayout = layout.parse().unwrap();
            let parts = dolby_parts(layout.channels());
            assert_eq!(
                (parts.bed.len(), parts.points.len()),
                (bed, points),
                "{layout}"
            );
            for channel in &parts.bed {
                assert!(room_centric(*channel, &parts.bed).is_some());
            }
        };
        check("1.0", 0, 1);
        check("2.0", 2, 0);
        check("4.0", 3, 1);
        check("5.1", 6, 0);
        check("6.1", 6, 1);
        check("7.1", 8, 0);
        check("5.1.4", 6, 4);
        check("7.1.4", 8, 4);
    }
}
