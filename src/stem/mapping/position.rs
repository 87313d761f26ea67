//! What names say of a channel's place.

use crate::audio::Channel;
use crate::stem::evidence::TrackName;
use crate::stem::text::{fold, without_suffix, words};

/// What a channel of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// A loudspeaker's channel.
    At(Channel),
    /// The middle of a mid-side pair.
    Mid,
    /// Its side.
    Side,
    /// A mono mix of a recorder.
    Mix,
    /// Left of a two-track mix of a recorder.
    MixLeft,
    /// Right of it.
    MixRight,
    /// An ambisonic component.
    Ambisonic,
    /// A microphone, an actor: any other name.
    Named,
    /// No name.
    Unnamed,
}

/// What the channels of a file are, by their functions, then by their names.
pub(super) fn positions(channels: usize, tracks: &[TrackName]) -> Vec<Position> {
    let mut positions = vec![Position::Unnamed; channels];
    for track in tracks {
        let index = usize::from(track.channel).checked_sub(1);
        let Some(slot) = index.and_then(|index| positions.get_mut(index)) else {
            continue;
        };
        let by_function = position(&track.function);
        *slot = match by_function {
            Position::Unnamed | Position::Named => match position(&track.name) {
                Position::Unnamed => by_function,
                by_name => by_name,
            },
            known => known,
        };
    }
    positions
}

/// Reads a function of the iXML dictionary (`L-5.1`, `M-MID_SIDE`, `MIX`) or a track's name (`Ls`,
/// `Left Surround`, `MixL`, `BOOM`).
fn position(text: &str) -> Position {
    let text = fold(text.trim());
    if text.is_empty() {
        return Position::Unnamed;
    }
    let compact: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    match compact.as_str() {
        "MMIDSIDE" | "MID" => return Position::Mid,
        "SMIDSIDE" | "SIDE" => return Position::Side,
        "MIX" | "MIX1" | "MONOMIX" | "MIXMONO" | "MIXDOWN" | "TRMIX" => return Position::Mix,
        "LMIX" | "MIXL" | "MIXLEFT" | "TRL" => return Position::MixLeft,
        "RMIX" | "MIXR" | "MIXRIGHT" | "TRR" => return Position::MixRight,
        "XXY" => return Position::At(Channel::L),
        "YXY" => return Position::At(Channel::R),
        "LEFTSURROUND" => return Position::At(Channel::Ls),
        "RIGHTSURROUND" => return Position::At(Channel::Rs),
        "SLCRS" => return Position::At(Channel::Cs),
        _ => {}
    }
    if ["SOUNDFIELD", "BFORMAT", "AMBIX", "FUMA"]
        .iter()
        .any(|word| compact.contains(word))
    {
        return Position::Ambisonic;
    }
    let front = match text.split_once('-') {
        Some((front, set)) if is_set(set) => front,
        _ => text.as_str(),
    };
    match front.parse::<Channel>() {
        // `M` and `S` alone are as likely middle and side.
        Ok(Channel::Mono) | Err(_) => Position::Named,
        Ok(Channel::Cs) if front == "S" => Position::Named,
        Ok(channel) => Position::At(channel),
    }
}

/// The part behind the dash of an iXML function: a layout.
fn is_set(set: &str) -> bool {
    let known = [
        "LCR", "LCRS", "GENERIC", "5.1", "6.1", "7.1", "5.1.4", "7.1.4",
    ];
    known.iter().any(|known| set.starts_with(known))
}

/// The loudspeaker that a name of a split file ends with: `Score 1M1.L.wav`, `BG_Rs.wav`, `x.LFE`.
///
/// After a dot any channel counts, after `_` only those that are no plain letters of takes.
pub fn name_position(name: &str) -> Option<Channel> {
    let name = without_suffix(name);
    let (front, end) = name.rsplit_once(['.', '_'])?;
    if front.is_empty() || end.len() > 3 {
        return None;
    }
    let channel: Channel = end.parse().ok()?;
    let dot = name.get(front.len()..)?.starts_with('.');
    let sure = matches!(
        channel,
        Channel::L
            | Channel::R
            | Channel::Lfe
            | Channel::Ls
            | Channel::Rs
            | Channel::Lrs
            | Channel::Rrs
    );
    let written = [channel.name(), "LSS", "RSS", "LSR", "RSR"];
    let plain = written.iter().any(|known| known.eq_ignore_ascii_case(end));
    let no_side = matches!(channel, Channel::Mono) || end.eq_ignore_ascii_case("S");
    (plain && !no_side && (dot || sure)).then_some(channel)
}

/// The side that the name of a track ends with: `Music 1 L`, `BG-R`. Clips have free names, and there
/// a last letter says nothing.
pub fn track_position(name: &str) -> Option<Channel> {
    let (front, end) = name.trim().rsplit_once([' ', '-'])?;
    let side = match end {
        "L" => Channel::L,
        "R" => Channel::R,
        _ => return None,
    };
    (!front.trim().is_empty()).then_some(side)
}

/// Whether a name is that of a microphone on set rather than of a loudspeaker.
pub(super) fn shows_recorder(positions: &[Position]) -> bool {
    use Position::{Mix, MixLeft, MixRight, Named};
    positions
        .iter()
        .any(|position| matches!(position, Mix | MixLeft | MixRight | Named))
}

/// Whether four channels are called W, X, Y and Z.
pub(super) fn is_b_format(tracks: &[TrackName]) -> bool {
    let called = |letter: &str| {
        tracks.iter().any(|track| {
            let words = words(&track.name);
            words.first().is_some_and(|word| word.text == letter) && words.len() == 1
        })
    };
    ["W", "X", "Y", "Z"].into_iter().all(called)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_names_are_places() {
        let check = |text: &str, want: Position| assert_eq!(position(text), want, "{text}");
        check("L-5.1", Position::At(Channel::L));
        check("LFE-7.1", Position::At(Channel::Lfe));
        check("C-GENERIC", Position::At(Channel::C));
        check("S-LCRS", Position::At(Channel::Cs));
        check("L-7.1_PROXIMITY", Position::At(Channel::L));
        check("LEFT", Position::At(Channel::L));
        check("M-MID_SIDE", Position::Mid);
        check("S-MID_SIDE", Position::Side);
        check("Mix L", Position::MixLeft);
        check("R-MIX", Position::MixRight);
        check("MIX", Position::Mix);
        check("Boom", Position::Named);
        check("MKH516 A", Position::Named);
        check("W-SOUNDFIELD", Position::Ambisonic);
        check("M", Position::Named);
        check("", Position::Unnamed);
    }

    #[test]
    fn split_files_name_their_side() {
        let check =
            |name: &str, want: Option<Channel>| assert_eq!(name_position(name), want, "{name}");
        check("Score 1M1.L.wav", Some(Channel::L));
        check("x.LFE", Some(Channel::Lfe));
        check("x_Ls.wav", Some(Channel::Ls));
        check("E101A_02.R.WAV", Some(Channel::R));
        check("M1.C", Some(Channel::C));
        check("32B-4_C", None);
        check("take.M", None);
        check("R1 V1.2", None);
        check(".L", None);
        check("FOO_R.wav", Some(Channel::R));
        check("song.lr", None);
        assert_eq!(track_position("Music 1 L"), Some(Channel::L));
        assert_eq!(track_position("BG-R"), Some(Channel::R));
        assert_eq!(track_position("L"), None);
        assert_eq!(track_position("Cue r"), None);
    }
}
