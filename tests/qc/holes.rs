//! Holes in the M&E under dialogue: where the effects stop, not where the music rests.

use stemline::qc::Waivers;

use super::support::{Exact as _, Package, RATE};
use super::{folder, judge, said};

/// Lowers stems by 40 dB for a second while somebody speaks, and says what M3 finds.
fn check(stems: &[&str], wanted: &[&str]) {
    let mut package = Package::clean(44, 20);
    let span = 9 * RATE..10 * RATE;
    for code in stems {
        for plane in &mut package.take_mut(code).planes {
            plane[span.clone()].iter_mut().for_each(|v| *v /= 100);
        }
    }
    let voice = |i: usize| 300_000.0 * (i as f64 * 0.04).sine();
    for plane in &mut package.take_mut("DX").planes {
        for i in span.clone() {
            plane[i] += voice(i) as i32;
        }
    }
    package.sum();
    let folder = folder("hole");
    package.write(folder.path());
    let said = said(&judge(folder.path(), &Waivers::default()));
    let holes: Vec<&String> = said
        .iter()
        .filter(|line| line.starts_with("QCM3"))
        .collect();
    assert_eq!(holes.len(), wanted.len(), "{stems:?}: {said:#?}");
    for (hole, wanted) in holes.iter().zip(wanted) {
        assert!(hole.starts_with(wanted), "{stems:?}: {hole}");
    }
}

#[test]
fn a_rest_of_the_music_is_no_hole_and_missing_air_is_one() {
    check(&[], &[]);
    check(&["MX"], &[]);
    check(&["MX", "FX"], &["QCM302 Some(\"Film_ME.wav\")"]);
}

/// Of two files that are silent where the sum says so, the one that falls silent there is named.
#[test]
fn the_file_that_was_cut_is_named_and_not_one_that_rests() {
    let mut package = Package::clean(47, 9);
    let (from, to) = (4 * RATE + 77, 4 * RATE + 9_077);
    for plane in &mut package.take_mut("DX").planes {
        plane[3 * RATE..5 * RATE].fill(0);
    }
    package.sum();
    for plane in &mut package.take_mut("ME").planes {
        plane[from..to].fill(0);
    }
    // Nothing but the dialogue and the M&E beside the mix.
    package
        .takes
        .retain(|take| ["DX", "ME", "MIX"].contains(&take.code.as_str()));
    let folder = folder("cut");
    package.write(folder.path());
    let said = said(&judge(folder.path(), &Waivers::default()));
    let sums: Vec<&String> = said.iter().filter(|line| line.starts_with("QCN")).collect();
    let is = format!("QCN102 Some(\"Film_ME.wav\") Some({from})");
    assert!(
        sums.len() == 1 && sums[0].starts_with(&is),
        "{is}: {said:#?}"
    );
}

/// What is late from some place on is right before it.
#[test]
fn a_file_that_is_late_from_some_place_on_is_not_early_before() {
    for (code, lag, seed) in [("DX", 6, 48), ("FX", 233, 49), ("MX", 2_415, 50)] {
        let mut package = Package::clean(seed, 14);
        let from = 6 * RATE + 321;
        for plane in &mut package.take_mut(code).planes {
            plane[from..].rotate_right(lag);
            plane[from..from + lag].fill(0);
        }
        let folder = folder("later");
        package.write(folder.path());
        let said = said(&judge(folder.path(), &Waivers::default()));
        let late: Vec<&String> = said
            .iter()
            .filter(|line| line.starts_with("QCY301"))
            .collect();
        let is = format!("{lag:+} samples");
        assert!(
            late.len() == 1 && late[0].contains(code) && late[0].contains(&is),
            "{code} {lag}: {said:#?}"
        );
    }
}
