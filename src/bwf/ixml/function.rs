//! Which loudspeaker a track feeds, in the words of iXML.

use crate::audio::{Channel, ChannelLayout};

use Channel::{C, Cs, L, Lfe, Lrs, Ls, Ltf, Ltr, Mono, R, Rrs, Rs, Rtf, Rtr};

/// The layouts that the dictionary names (gallery.co.uk/ixml, FUNCTION dictionary). Its `-7.1` has
/// Lc and Rc, five loudspeakers behind the screen, and no rears: it is not the 7.1 of today.
const LAYOUTS: [&[(Channel, &str)]; 4] = [
    &[(L, "LEFT"), (R, "RIGHT")],
    &[(L, "L-LCR"), (C, "C-LCR"), (R, "R-LCR")],
    &[(L, "L-LCRS"), (C, "C-LCRS"), (R, "R-LCRS"), (Cs, "S-LCRS")],
    &[
        (L, "L-5.1"),
        (C, "C-5.1"),
        (R, "R-5.1"),
        (Ls, "Ls-5.1"),
        (Rs, "Rs-5.1"),
        (Lfe, "LFE-5.1"),
    ],
];

/// The words for any layout. `Ls-GENERIC` is the main layer's rear left, `Sl-GENERIC` its side left.
const GENERIC: [(Channel, &str); 14] = [
    (Mono, "C-GENERIC"),
    (L, "L-GENERIC"),
    (R, "R-GENERIC"),
    (C, "C-GENERIC"),
    (Lfe, "LFE-GENERIC"),
    (Ls, "Ls-GENERIC"),
    (Rs, "Rs-GENERIC"),
    (Lrs, "Ls-GENERIC"),
    (Rrs, "Rs-GENERIC"),
    (Cs, "Cs-GENERIC"),
    (Ltf, "Tl-GENERIC"),
    (Rtf, "Tr-GENERIC"),
    (Ltr, "Trl-GENERIC"),
    (Rtr, "Trr-GENERIC"),
];

/// The side pair where there are rears too.
const SIDES: [(Channel, &str); 2] = [(Ls, "Sl-GENERIC"), (Rs, "Sr-GENERIC")];

/// The `FUNCTION` of a channel in a layout, whatever the order of its channels: `L-5.1`.
pub fn track_function(channel: Channel, layout: &ChannelLayout) -> &'static str {
    let word = |table: &[(Channel, &'static str)]| {
        let row = table.iter().find(|row| row.0 == channel);
        row.map(|row| row.1)
    };
    let same = |table: &&&[(Channel, &str)]| {
        table.len() == layout.len() && table.iter().all(|row| layout.index_of(row.0).is_some())
    };
    let named = LAYOUTS.iter().find(same).and_then(|table| word(table));
    let with_rears = layout.index_of(Lrs).is_some() || layout.index_of(Rrs).is_some();
    let side = word(&SIDES).filter(|_| with_rears);
    named
        .or(side)
        .or_else(|| word(&GENERIC))
        .unwrap_or("C-GENERIC")
}

/// The layout that the functions of all tracks name together, in the order of the tracks; `None` when
/// one is missing, unknown or stands twice.
pub(in super::super) fn layout_of(functions: &[&str]) -> Option<ChannelLayout> {
    let known = |function: &&str| function.to_ascii_uppercase();
    let functions: Vec<String> = functions.iter().map(known).collect();
    let with_sides = functions
        .iter()
        .any(|f| f == "SL-GENERIC" || f == "SR-GENERIC");
    let channel = |function: &String| {
        if functions.len() == 1 && function == "C-GENERIC" {
            return Some(Mono);
        }
        let rears = [(Lrs, "Ls-GENERIC"), (Rrs, "Rs-GENERIC")];
        let first: &[(Channel, &str)] = if with_sides { &rears } else { &[] };
        let all = first
            .iter()
            .chain(LAYOUTS.iter().copied().flatten())
            .chain(&SIDES);
        let mut all = all.chain(GENERIC.iter().filter(|row| row.0 != Mono));
        all.find(|row| row.1.eq_ignore_ascii_case(function))
            .map(|row| row.0)
    };
    let channels: Option<Vec<Channel>> = functions.iter().map(channel).collect();
    channels
        .filter(|channels| !channels.is_empty())
        .and_then(|c| ChannelLayout::new(c).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(layout: &str) -> (ChannelLayout, Vec<&'static str>) {
        let layout: ChannelLayout = layout.parse().unwrap();
        let functions = layout
            .channels()
            .iter()
            .map(|&c| track_function(c, &layout))
            .collect();
        (layout, functions)
    }

    #[test]
    fn every_layout_has_words_that_lead_back_to_it() {
        for name in [
            "1.0",
            "2.0",
            "3.0",
            "4.0",
            "5.0",
            "5.1",
            "6.1",
            "7.0",
            "7.1",
            "5.1.4",
            "7.1.4",
            "L,C,R,Ls,Rs,LFE",
            "L,R,Ls,Rs",
        ] {
            let (layout, functions) = functions(name);
            assert_eq!(layout_of(&functions), Some(layout), "{functions:?}");
        }
    }

    #[test]
    fn the_words_of_the_dictionary() {
        assert_eq!(functions("2.0").1, ["LEFT", "RIGHT"]);
        assert_eq!(functions("L,C,R,Ls,Rs,LFE").1[5], "LFE-5.1");
        assert_eq!(
            functions("7.1").1[4..],
            ["Ls-GENERIC", "Rs-GENERIC", "Sl-GENERIC", "Sr-GENERIC"]
        );
        assert_eq!(layout_of(&["LEFT", "BOOM"]), None);
        assert_eq!(layout_of(&["L-5.1", "L-5.1"]), None);
        assert_eq!(layout_of(&[]), None);
    }
}
