//! Packages of which every file was dithered by itself.

use stemline::audio::SampleFormat;
use stemline::qc::{Verdict, Waivers};
use stemline::spec::Spec;

use super::support::{Package, RATE, Random};
use super::{folder, judge_by, said};

/// A clean package of which every file has its own dither of one step (TPDF), after a change to what is printed.
fn dithered(seed: u64, bits: SampleFormat, change: impl Fn(&mut Package)) -> Package {
    let mut package = Package::clean(seed, 12);
    change(&mut package);
    let step = f64::from(1 << (24 - bits.bits()));
    for (i, take) in package.takes.iter_mut().enumerate() {
        take.bits = bits;
        let mut random = Random::new(seed * 31 + i as u64);
        for v in take.planes.iter_mut().flatten() {
            let noise = 0.5 * (random.noise() + random.noise());
            *v = ((f64::from(*v) / step + noise).round() * step) as i32;
        }
    }
    package
}

/// What is said of a package of such files; nothing where it passes.
fn told(package: &Package, bits: SampleFormat) -> Vec<String> {
    let spec = Spec::builtin("dme").unwrap();
    let spec = spec
        .set(&format!("sample_format=int{}", bits.bits()))
        .unwrap();
    let folder = folder("dither");
    package.write(folder.path());
    let judgement = judge_by(&spec, folder.path(), &Waivers::default());
    let said = said(&judgement);
    assert_eq!(judgement.verdict == Verdict::Pass, said.is_empty());
    said
}

#[test]
fn the_dither_of_files_is_no_fault_of_their_sum() {
    for (seed, bits) in [
        (61, SampleFormat::Int24),
        (62, SampleFormat::Int16),
        (63, SampleFormat::Int24),
        (64, SampleFormat::Int16),
    ] {
        let package = dithered(seed, bits, |_| ());
        assert_eq!(told(&package, bits), [""; 0], "{seed}");
    }
}

#[test]
fn dither_hides_no_fault_of_one_second() {
    for (seed, bits) in [(65, SampleFormat::Int24), (66, SampleFormat::Int16)] {
        let (from, to) = (4 * RATE + 123, 5 * RATE + 123);
        let package = dithered(seed, bits, |package| {
            for plane in &mut package.take_mut("FX").planes {
                for v in &mut plane[from..to] {
                    *v = *v * 7 / 10;
                }
            }
        });
        let said = told(&package, bits);
        let is = |line: &&String| {
            let place = format!("Some({from})");
            line.starts_with("QCN103 Some(\"Film_FX.wav\")") || line.contains(&place)
        };
        assert!(said.iter().any(|line| is(&line)), "{said:#?}");
        assert!(
            said.iter()
                .all(|line| line.starts_with("QCN") || line.starts_with("QCM")),
            "{said:#?}"
        );
    }
}
