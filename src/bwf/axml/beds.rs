//! Beds: which common definitions (ITU-R BS.2094-1) the channels of a layout are.

use crate::audio::Channel::{self, C, Cs, L, Lfe, Lrs, Ls, Ltf, Ltr, Mono, R, Rrs, Rs, Rtf, Rtr};

/// A channel of a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BedChannel {
    pub(super) channel: Channel,
    /// Number of its common definition: `AC_0001xxxx`.
    pub(super) definition: u16,
}

/// Where a pack comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BedPack {
    /// A common definition: `AP_0001xxxx`.
    Common(u16),
    /// None is the same in every program: the document defines it.
    Own,
}

/// Common packs and their channels in order. The one for 7.1.2 (`AP_00010016`) is missing: programs
/// differ in what its surrounds and tops are.
const PACKS: [(u16, &[Channel]); 10] = [
    (0x01, &[Mono]),
    (0x02, &[L, R]),
    (0x0A, &[L, R, C]),
    (0x0B, &[L, R, C, Cs]),
    (0x0C, &[L, R, C, Ls, Rs]),
    (0x03, &[L, R, C, Lfe, Ls, Rs]),
    (0x0D, &[L, R, C, Lfe, Ls, Rs, Cs]),
    (0x0F, &[L, R, C, Lfe, Ls, Rs, Lrs, Rrs]),
    (0x05, &[L, R, C, Lfe, Ls, Rs, Ltf, Rtf, Ltr, Rtr]),
    (0x17, &[L, R, C, Lfe, Ls, Rs, Lrs, Rrs, Ltf, Rtf, Ltr, Rtr]),
];

/// The order of channels in packs, and the common definition of each: where there is one pair of
/// surrounds (5.1, 5.1.4), and where there are two (7.1, 7.1.4).
const CHANNELS: [(Channel, u16, u16); 14] = [
    (Mono, 0x03, 0x03),
    (L, 0x01, 0x01),
    (R, 0x02, 0x02),
    (C, 0x03, 0x03),
    (Lfe, 0x04, 0x04),
    (Ls, 0x05, 0x0A),
    (Rs, 0x06, 0x0B),
    (Lrs, 0x1C, 0x1C),
    (Rrs, 0x1D, 0x1D),
    (Cs, 0x09, 0x09),
    (Ltf, 0x0D, 0x22),
    (Rtf, 0x0F, 0x23),
    (Ltr, 0x10, 0x1E),
    (Rtr, 0x12, 0x1F),
];

/// Channels in the order in which a bed of them holds its tracks; those that have no common
/// definition are left out.
pub fn bed_order(channels: &[Channel]) -> Vec<Channel> {
    let known = CHANNELS.iter().map(|row| row.0);
    known.filter(|known| channels.contains(known)).collect()
}

/// The channels of a bed with their definitions.
pub(super) fn bed_channels(channels: &[Channel]) -> Vec<BedChannel> {
    let two_pairs = channels.contains(&Lrs) || channels.contains(&Rrs);
    let definition = |channel: &Channel| {
        let (_, one, two) = CHANNELS.iter().find(|row| row.0 == *channel)?;
        Some(BedChannel {
            channel: *channel,
            definition: if two_pairs { *two } else { *one },
        })
    };
    channels.iter().filter_map(definition).collect()
}

/// The pack of these channels, which stand in the order of [`bed_order`].
pub(super) fn bed_pack(channels: &[Channel]) -> BedPack {
    let pack = PACKS.iter().find(|(_, list)| *list == channels);
    pack.map_or(BedPack::Own, |pack| BedPack::Common(pack.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::ChannelLayout;

    #[test]
    fn every_pack_stands_in_the_order_of_beds() {
        for (pack, channels) in PACKS {
            assert_eq!(bed_order(channels), channels, "{pack:x}");
            assert_eq!(bed_channels(channels).len(), channels.len());
        }
    }

    #[test]
    fn layouts_and_their_packs() {
        let check = |layout: &str, pack: BedPack, last: u16| {
            let layout: ChannelLayout = layout.parse().unwrap();
            let order = bed_order(layout.channels());
            assert_eq!(order.len(), layout.len());
            assert_eq!(bed_pack(&order), pack, "{layout}");
            let channels = bed_channels(&order);
            assert_eq!(
                channels.last().map(|c| c.definition),
                Some(last),
                "{layout}"
            );
        };
        check("1.0", BedPack::Common(0x01), 0x03);
        check("2.0", BedPack::Common(0x02), 0x02);
        check("5.1", BedPack::Common(0x03), 0x06);
        check("L,C,R,Ls,Rs,LFE", BedPack::Common(0x03), 0x06);
        check("7.1", BedPack::Common(0x0F), 0x1D);
        check("5.1.4", BedPack::Common(0x05), 0x12);
        check("7.1.4", BedPack::Common(0x17), 0x1F);
        check("7.0", BedPack::Own, 0x1D);
        check("L,R,C,LFE,Ls,Rs,Lrs,Rrs,Ltf,Rtf", BedPack::Own, 0x23);
    }
}
