//! Dubs against the M&E that they were mixed over: level and offset to the figure, with dialogue all over them.

use stemline::qc::Waivers;

use super::support::{Package, RATE};
use super::{folder, judge, said};

/// A mix of an M&E at `gain`, `late` samples late, with dialogue on top, which rests in the second half where the
/// M&E is far off; the stems are not delivered.
fn dub(gain: f64, late: usize) -> Package {
    let mut package = Package::clean(31, 24);
    let speech = package.take("DX").planes.clone();
    let me = package.take("ME").planes.clone();
    let mix = &mut package.take_mut("MIX").planes;
    for ((mix, me), speech) in mix.iter_mut().zip(&me).zip(&speech) {
        let mut under = me.clone();
        under.rotate_right(late);
        let half = if late > RATE / 4 {
            speech.len() / 2
        } else {
            speech.len()
        };
        let spoken = speech.iter().take(half).chain(std::iter::repeat(&0));
        let sums = under.iter().zip(spoken);
        *mix = sums
            .map(|(&v, &dx)| (f64::from(v) * gain).round() as i32 + dx)
            .collect();
    }
    package
        .takes
        .retain(|take| matches!(&*take.code, "MIX" | "ME"));
    package
}

fn check(gain: f64, late: usize, wanted: &[&str]) {
    let folder = folder("dub");
    dub(gain, late).write(folder.path());
    let judgement = judge(folder.path(), &Waivers::default());
    let said = said(&judgement);
    let of_dub: Vec<&String> = said.iter().filter(|line| line.starts_with("QCD")).collect();
    assert_eq!(of_dub.len(), wanted.len(), "{gain} {late}: {said:#?}");
    for (line, wanted) in of_dub.iter().zip(wanted) {
        assert!(line.contains(wanted), "{gain} {late}: {line}");
    }
}

#[test]
fn the_level_under_the_dialogue_is_exact() {
    check(1.0, 0, &[]);
    check(
        0.891_251,
        0,
        &["QCD103 Some(\"Film_MIX.wav\") Some(12000) Some(\"-1.00 dB\")"],
    );
    check(1.035_142, 0, &["Some(\"+0.30 dB\")"]);
}

#[test]
fn an_offset_of_a_second_is_found_as_one_of_five_milliseconds() {
    check(1.0, 240, &["Some(\"+240 samples\")"]);
    check(1.0, 48_000, &["Some(\"+48000 samples\")"]);
}
