//! A loudspeaker's sound in a layout that may lack the loudspeaker.

use std::f64::consts::FRAC_1_SQRT_2;

use crate::audio::Channel::{self, C, Cs, L, Lfe, Lrs, Ls, Ltf, Ltr, Mono, R, Rrs, Rs, Rtf, Rtr};
use crate::audio::{ChannelLayout, Gain};

/// Where a channel goes that the layout lacks: the first list whose channels can all be reached.
/// Coefficients of ITU-R BS.775-4 Annex 4 table 2 (0.7071 for centre and surrounds, 0.5 for a
/// surround in mono by applying it twice); rear surrounds go to the sides at unity, heights to the
/// loudspeaker below at 0.7071 as in common renderers.
fn steps(channel: Channel) -> &'static [&'static [(Channel, f64)]] {
    const H: f64 = FRAC_1_SQRT_2;
    match channel {
        Mono => &[&[(C, 1.0)], &[(L, 1.0), (R, 1.0)]],
        L | R => &[&[(C, H)], &[(Mono, H)]],
        C => &[&[(Mono, 1.0)], &[(L, H), (R, H)]],
        Lfe => &[],
        Ls => &[&[(Cs, H)], &[(L, H)]],
        Rs => &[&[(Cs, H)], &[(R, H)]],
        Lrs => &[&[(Ls, 1.0)]],
        Rrs => &[&[(Rs, 1.0)]],
        Cs => &[&[(Ls, H), (Rs, H)]],
        Ltf => &[&[(L, H)]],
        Rtf => &[&[(R, H)]],
        Ltr => &[&[(Ls, H)]],
        Rtr => &[&[(Rs, H)]],
    }
}

/// Longest way down: a top rear loudspeaker over side and front to mono.
const DEPTH: usize = 5;

/// The channels of the layout that carry `channel`, with their gains; empty for an LFE that the
/// layout lacks. Indexes count from 0.
pub(super) fn fold(channel: Channel, layout: &ChannelLayout) -> Vec<(usize, Gain)> {
    down(channel, layout, 1.0, DEPTH)
}

fn down(channel: Channel, layout: &ChannelLayout, gain: f64, depth: usize) -> Vec<(usize, Gain)> {
    if let Some(to) = layout.index_of(channel) {
        return vec![(to, Gain::new(gain))];
    }
    if depth == 0 {
        return Vec::new();
    }
    let way = |way: &&[(Channel, f64)]| {
        let parts = way.iter();
        let parts: Vec<Vec<(usize, Gain)>> = parts
            .map(|&(next, factor)| reach(next, channel, layout, gain * factor, depth - 1))
            .collect();
        let whole = parts.iter().all(|part| !part.is_empty());
        whole.then(|| merge(parts.into_iter().flatten()))
    };
    steps(channel).iter().find_map(way).unwrap_or_default()
}

/// Folds on, but never back to where it came from: sideways only to what the layout itself has.
fn reach(
    next: Channel,
    from: Channel,
    layout: &ChannelLayout,
    gain: f64,
    depth: usize,
) -> Vec<(usize, Gain)> {
    let sideways = matches!(
        (from, next),
        (L | R, C) | (Ls | Rs, Cs) | (Mono, _) | (_, Mono)
    );
    if sideways && layout.index_of(next).is_none() {
        return Vec::new();
    }
    down(next, layout, gain, depth)
}

/// Adds gains that meet in one channel.
fn merge(parts: impl Iterator<Item = (usize, Gain)>) -> Vec<(usize, Gain)> {
    let mut routes: Vec<(usize, Gain)> = Vec::new();
    for (to, gain) in parts {
        match routes.iter_mut().find(|route| route.0 == to) {
            Some(route) => route.1 = Gain::new(route.1.linear() + gain.linear()),
            None => routes.push((to, gain)),
        }
    }
    routes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_fold_by_the_recommendation() {
        let check = |channel: &str, layout: &str, want: &str| {
            let layout: ChannelLayout = layout.parse().unwrap();
            let routes = fold(channel.parse().unwrap(), &layout);
            let text: Vec<String> = routes
                .iter()
                .map(|(to, gain)| format!("{}:{:.4}", layout.channels()[*to], gain.linear()))
                .collect();
            assert_eq!(text.join(" "), want, "{channel} in {layout}");
        };
        check("L", "5.1", "L:1.0000");
        check("C", "2.0", "L:0.7071 R:0.7071");
        check("Ls", "2.0", "L:0.7071");
        check("Rs", "1.0", "M:0.5000");
        check("C", "1.0", "M:1.0000");
        check("L", "1.0", "M:0.7071");
        check("LFE", "2.0", "");
        check("LFE", "5.1", "LFE:1.0000");
        check("Lrs", "5.1", "Ls:1.0000");
        check("Lrs", "2.0", "L:0.7071");
        check("Cs", "5.1", "Ls:0.7071 Rs:0.7071");
        check("Ls", "4.0", "Cs:0.7071");
        check("Cs", "2.0", "L:0.5000 R:0.5000");
        check("Ltf", "7.1", "L:0.7071");
        check("Rtr", "7.1", "Rs:0.7071");
        check("Rtr", "2.0", "R:0.5000");
        check("Ls", "7.1", "Ls:1.0000");
        check("M", "5.1", "C:1.0000");
        check("M", "2.0", "L:1.0000 R:1.0000");
    }

    #[test]
    fn every_channel_but_the_lfe_finds_a_place() {
        for layout in [
            "1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.1", "7.0", "7.1", "5.1.4", "7.1.4",
        ] {
            let layout: ChannelLayout = layout.parse().unwrap();
            for name in "L R C Ls Rs Lrs Rrs Cs Ltf Rtf Ltr Rtr M".split(' ') {
                let routes = fold(name.parse().unwrap(), &layout);
                assert!(!routes.is_empty(), "{name} in {layout}");
            }
        }
    }
}
