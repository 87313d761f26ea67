//! Which loudspeaker an input of a channel combiner feeds.

use crate::audio::{Channel, ChannelLayout};

use Channel::{C, L, Lfe, Lrs, Ls, R, Rrs, Rs};

/// Suffixes by which Pro Tools names the channels of a clip.
const SUFFIXES: [(&str, Channel); 14] = [
    ("L", L),
    ("R", R),
    ("C", C),
    ("LFE", Lfe),
    ("Ls", Ls),
    ("Rs", Rs),
    ("Lss", Ls),
    ("Rss", Rs),
    ("Lsr", Lrs),
    ("Rsr", Rrs),
    ("Lrs", Lrs),
    ("Rrs", Rrs),
    ("S", Channel::Cs),
    ("Cs", Channel::Cs),
];

/// Orders of the tracks of Media Composer and Pro Tools: left, centre, right, as film has them.
const FILM_5_1: [Channel; 6] = [L, C, R, Ls, Rs, Lfe];
const FILM_7_1: [Channel; 8] = [L, C, R, Ls, Rs, Lrs, Rrs, Lfe];

/// The loudspeaker of input `index` of `count`, of a recording with this name, of which the clip is
/// channel `channel` of `channels`.
///
/// The name decides where it has the suffix of a loudspeaker of the clip's layout. The channels of one file in their own order are in the
/// order of the file, which is WAVE's. Files of one channel are in the order of the track.
pub(super) fn speaker(
    (index, count): (usize, usize),
    name: &str,
    channel: Option<u32>,
    channels: Option<u32>,
) -> Option<Channel> {
    if count < 2 {
        return None;
    }
    let usual = ChannelLayout::usual(count)?;
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix);
    let named = SUFFIXES.iter().find(|(known, _)| Some(*known) == suffix);
    let named = named.filter(|(_, speaker)| usual.index_of(*speaker).is_some());
    if let Some((_, speaker)) = named {
        return Some(*speaker);
    }
    let of_file = |n: Option<u32>| n.and_then(|n| usize::try_from(n).ok());
    let from_one_file = of_file(channels) == Some(count) && of_file(channel) == Some(index + 1);
    let order = match count {
        6 if !from_one_file => &FILM_5_1[..],
        8 if !from_one_file => &FILM_7_1[..],
        _ => usual.channels(),
    };
    order.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: (usize, usize), name: &str, of: Option<(u32, u32)>, expect: Option<Channel>) {
        let found = speaker(at, name, of.map(|o| o.0), of.map(|o| o.1));
        assert_eq!(found, expect, "{at:?} {name}");
    }

    #[test]
    fn names_then_files_then_tracks() {
        check((0, 1), "a.L", None, None);
        check((1, 2), "a", Some((1, 1)), Some(R));
        check((1, 6), "a", Some((1, 1)), Some(C));
        check((1, 6), "a", Some((2, 6)), Some(R));
        check((1, 6), "a.LFE", Some((2, 6)), Some(Lfe));
        check((3, 8), "a", Some((1, 1)), Some(Ls));
        check((3, 8), "a", Some((4, 8)), Some(Lfe));
        check((1, 2), "take.wav", None, Some(R));
        check((0, 9), "a", None, None);
        check((0, 2), "Scene 12.C", None, Some(L));
    }
}
