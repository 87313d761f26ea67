//! Loudspeaker channels and the layouts that order them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One loudspeaker position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The single channel of a mono file; no position.
    Mono,
    /// Front left.
    L,
    /// Front right.
    R,
    /// Front centre.
    C,
    /// Low-frequency effects.
    Lfe,
    /// Left surround: the side pair of 7.1 (at 90 degrees), the only pair of 5.1 (at 110 degrees).
    Ls,
    /// Right surround.
    Rs,
    /// Left rear surround of 7.1, at 135 degrees.
    Lrs,
    /// Right rear surround.
    Rrs,
    /// Centre surround of 6.1 and LCRS.
    Cs,
    /// Left top front.
    Ltf,
    /// Right top front.
    Rtf,
    /// Left top rear.
    Ltr,
    /// Right top rear.
    Rtr,
}

/// Name, `WAVEFORMATEXTENSIBLE` speaker bit (Microsoft, ksmedia.h), other names of the trade.
/// Both pairs of 5.1 masks are met in the field (0x3F back, 0x60F side); ours writes the one of the
/// layout.
const CHANNELS: [(Channel, &str, u32, &[&str]); 14] = [
    (Channel::Mono, "M", 0, &["mono"]),
    (Channel::L, "L", 0x1, &["left", "fl"]),
    (Channel::R, "R", 0x2, &["right", "fr"]),
    (Channel::C, "C", 0x4, &["centre", "center", "fc"]),
    (Channel::Lfe, "LFE", 0x8, &["sub", "lf"]),
    (Channel::Ls, "Ls", 0x200, &["lss", "sl", "sidel"]),
    (Channel::Rs, "Rs", 0x400, &["rss", "sr", "sider"]),
    (Channel::Lrs, "Lrs", 0x10, &["lsr", "lb", "bl", "lr"]),
    (Channel::Rrs, "Rrs", 0x20, &["rsr", "rb", "br", "rr"]),
    (Channel::Cs, "Cs", 0x100, &["s", "bc"]),
    (Channel::Ltf, "Ltf", 0x1000, &["tfl", "lhf"]),
    (Channel::Rtf, "Rtf", 0x4000, &["tfr", "rhf"]),
    (Channel::Ltr, "Ltr", 0x8000, &["tbl", "ltb", "lhr"]),
    (Channel::Rtr, "Rtr", 0x2_0000, &["tbr", "rtb", "rhr"]),
];

impl Channel {
    /// Every channel.
    pub fn all() -> impl Iterator<Item = Self> {
        CHANNELS.iter().map(|row| row.0)
    }

    /// The name as people and rules write it: `L`, `LFE`, `Ls`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The speaker bit of `WAVEFORMATEXTENSIBLE`, 0 for mono.
    pub fn speaker_bit(self) -> u32 {
        self.row().2
    }

    fn row(self) -> &'static (Self, &'static str, u32, &'static [&'static str]) {
        // CHANNELS stands in the order of the enum; a test holds it to that.
        &CHANNELS[self as usize]
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Channel {
    type Err = LayoutError;

    /// Reads the name or one of the trade's other names, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        CHANNELS
            .iter()
            .find(|(_, name, _, others)| {
                name.eq_ignore_ascii_case(&lower) || others.contains(&lower.as_str())
            })
            .map(|row| row.0)
            .ok_or_else(|| LayoutError::UnknownChannel(text.to_owned()))
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The channels of a file in the order in which they are interleaved.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelLayout {
    channels: Vec<Channel>,
}

/// Why a text is not a channel or layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// No channel of this name.
    #[error("`{0}` is not a channel; known are L R C LFE Ls Rs Lrs Rrs Cs Ltf Rtf Ltr Rtr M")]
    UnknownChannel(String),
    /// No layout of this name.
    #[error(
        "`{0}` is not a layout; known are 1.0 2.0 3.0 5.0 5.1 7.1 5.1.4 7.1.4, or channels such as L,C,R,Ls,Rs,LFE"
    )]
    UnknownLayout(String),
    /// The same channel twice.
    #[error("`{0}` names the channel {1} twice")]
    Twice(String, Channel),
}

use Channel::{C, Cs, L, Lfe, Lrs, Ls, Ltf, Ltr, Mono, R, Rrs, Rs, Rtf, Rtr};

/// Named layouts: in WAVE order up to 7.1, the immersive ones in the order of ITU-R BS.2051 and of the room
/// lists, where the sides stand before the rears.
const LAYOUTS: [(&str, &[Channel]); 11] = [
    ("1.0", &[Mono]),
    ("2.0", &[L, R]),
    ("3.0", &[L, R, C]),
    ("4.0", &[L, R, C, Cs]),
    ("5.0", &[L, R, C, Ls, Rs]),
    ("5.1", &[L, R, C, Lfe, Ls, Rs]),
    ("6.1", &[L, R, C, Lfe, Cs, Ls, Rs]),
    ("7.0", &[L, R, C, Lrs, Rrs, Ls, Rs]),
    ("7.1", &[L, R, C, Lfe, Lrs, Rrs, Ls, Rs]),
    ("5.1.4", &[L, R, C, Lfe, Ls, Rs, Ltf, Rtf, Ltr, Rtr]),
    (
        "7.1.4",
        &[L, R, C, Lfe, Ls, Rs, Lrs, Rrs, Ltf, Rtf, Ltr, Rtr],
    ),
];

impl ChannelLayout {
    /// One channel without a position.
    pub fn mono() -> Self {
        Self {
            channels: vec![Mono],
        }
    }

    /// L, R.
    pub fn stereo() -> Self {
        Self {
            channels: vec![L, R],
        }
    }

    /// A layout of any order.
    ///
    /// # Errors
    /// [`LayoutError::Twice`] when a channel stands in it twice.
    pub fn new(channels: Vec<Channel>) -> Result<Self, LayoutError> {
        for (i, channel) in channels.iter().enumerate() {
            if channels[..i].contains(channel) {
                let text = Self {
                    channels: channels.clone(),
                }
                .to_string();
                return Err(LayoutError::Twice(text, *channel));
            }
        }
        Ok(Self { channels })
    }

    /// The usual layout of so many channels, in WAVE order; `None` where there is no usual one.
    pub fn usual(channels: usize) -> Option<Self> {
        let name = match channels {
            1 => "1.0",
            2 => "2.0",
            3 => "3.0",
            4 => "4.0",
            5 => "5.0",
            6 => "5.1",
            7 => "6.1",
            8 => "7.1",
            10 => "5.1.4",
            12 => "7.1.4",
            _ => return None,
        };
        name.parse().ok()
    }

    /// The channels in file order.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.channels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Where a channel stands in the file, from 0.
    pub fn index_of(&self, channel: Channel) -> Option<usize> {
        self.channels.iter().position(|&c| c == channel)
    }

    /// The `WAVEFORMATEXTENSIBLE` mask when the order is the one that a mask implies (ascending
    /// bits), else 0: "no positions", and iXML states them. 5.1 is written as 0x3F, what workstations
    /// write, with its surrounds on the back bits.
    pub fn speaker_mask(&self) -> u32 {
        let with_rears = self.channels.contains(&Lrs);
        let bit = |channel: &Channel| match channel {
            Ls if !with_rears => Lrs.speaker_bit(),
            Rs if !with_rears => Rrs.speaker_bit(),
            other => other.speaker_bit(),
        };
        let bits: Vec<u32> = self.channels.iter().map(bit).collect();
        let ascending = bits.windows(2).all(|pair| pair[0] < pair[1]);
        if ascending && !bits.contains(&0) {
            bits.iter().sum()
        } else {
            0
        }
    }
}

impl fmt::Display for ChannelLayout {
    /// The name where there is one, else the channels: `5.1`, `L,C,R,Ls,Rs,LFE`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = LAYOUTS.iter().find(|(_, list)| *list == self.channels) {
            return f.write_str(name);
        }
        let names: Vec<&str> = self.channels.iter().map(|c| c.name()).collect();
        f.write_str(&names.join(","))
    }
}

impl fmt::Debug for ChannelLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ChannelLayout {
    type Err = LayoutError;

    /// Reads a name (`5.1`, `mono`, `stereo`) or a list of channels (`L,C,R`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = match text.trim() {
            "mono" => "1.0",
            "stereo" => "2.0",
            other => other,
        };
        if let Some((_, channels)) = LAYOUTS.iter().find(|(known, _)| *known == name) {
            return Ok(Self {
                channels: channels.to_vec(),
            });
        }
        if !name.contains(',') && name.parse::<Channel>().is_err() {
            return Err(LayoutError::UnknownLayout(text.to_owned()));
        }
        Self::new(name.split(',').map(str::parse).collect::<Result<_, _>>()?)
    }
}

impl Serialize for ChannelLayout {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChannelLayout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_channel_table_stands_in_enum_order() {
        for (i, row) in CHANNELS.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
            assert_eq!(row.1.parse::<Channel>(), Ok(row.0));
        }
    }

    #[test]
    fn every_layout_reads_back_and_has_its_mask() {
        for (name, channels) in LAYOUTS {
            let layout: ChannelLayout = name.parse().unwrap();
            assert_eq!(layout.channels(), channels);
            assert_eq!(layout.to_string(), name);
        }
        let mask = |name: &str| name.parse::<ChannelLayout>().unwrap().speaker_mask();
        assert_eq!(mask("2.0"), 0x3);
        assert_eq!(mask("5.1"), 0x3F);
        assert_eq!(mask("7.1"), 0x63F);
        assert_eq!(mask("7.1.4"), 0, "sides before rears have no mask");
        assert_eq!(mask("L,R,C,LFE,Lrs,Rrs,Ls,Rs,Ltf,Rtf,Ltr,Rtr"), 0x2_D63F);
        assert_eq!(mask("L,C,R,Ls,Rs,LFE"), 0, "film order has no mask");
        assert!("L,R,L".parse::<ChannelLayout>().is_err());
        assert!("9.9".parse::<ChannelLayout>().is_err());
    }
}
