//! Headers and names of files of one channel.

use std::path::Path;

use stemline::audio::ChannelLayout;
use stemline::qc::{Judgement, Waivers};
use stemline::spec::Spec;

use super::support::Package;
use super::{folder, judge_by, said};

/// A clean package of files of one channel each.
fn mono() -> Package {
    let mut package = Package::clean(12, 6);
    let takes = std::mem::take(&mut package.takes);
    for take in takes {
        for (plane, channel) in take.planes.iter().zip(take.layout.channels()) {
            let mut part = take.clone();
            part.planes = vec![plane.clone()];
            part.layout = ChannelLayout::new(vec![*channel]).unwrap();
            part.name = Some(format!("Film_{}.{channel}.wav", take.code));
            package.takes.push(part);
        }
    }
    package
}

/// Judges by the default spec, with a file for each channel.
fn judge_mono(folder: &Path) -> Judgement {
    let spec = Spec::builtin("dme").unwrap();
    let spec = spec.set("files=mono").unwrap();
    let spec = spec.set("file_name={title}_{code}{.channel}.wav").unwrap();
    judge_by(&spec, folder, &Waivers::default())
}

/// Judges a package of mono files after a change: each of `wanted` is said, and nothing where there is none.
fn check(what: &str, change: fn(&mut Package), wanted: &[&str]) {
    let mut package = mono();
    change(&mut package);
    let folder = folder("mono");
    package.write(folder.path());
    let said = said(&judge_mono(folder.path()));
    for want in wanted {
        assert!(
            said.iter().any(|line| line.contains(want)),
            "{what}: {want} in {said:#?}"
        );
    }
    if wanted.is_empty() {
        assert!(said.is_empty(), "{what}: {said:#?}");
    }
}

fn rename(package: &mut Package, from: &str, to: &str) {
    let is = |name: &Option<String>| name.as_deref() == Some(from);
    let take = package
        .takes
        .iter_mut()
        .find(|take| is(&take.name))
        .unwrap();
    take.name = Some(to.to_owned());
}

#[test]
fn the_suffix_of_a_file_is_held_against_its_header_and_the_layout() {
    check("clean", |_| {}, &[]);
    check(
        "two files with each other's names",
        |package| {
            rename(package, "Film_MX.L.wav", "left");
            rename(package, "Film_MX.R.wav", "Film_MX.L.wav");
            rename(package, "left", "Film_MX.R.wav");
        },
        &[
            "QCF203 Some(\"Film_MX.L.wav\") None None the name says L, the iXML",
            "QCF203 Some(\"Film_MX.R.wav\") None None the name says R, the iXML",
        ],
    );
    check(
        "a suffix of another layout",
        |package| rename(package, "Film_DX.R.wav", "Film_DX.Cs.wav"),
        &["QCF202 Some(\"Film_DX.L.wav\")"],
    );
}

#[test]
fn a_file_that_ends_inside_a_frame_is_named_itself() {
    check(
        "one channel nine samples short",
        |package| {
            let is = |name: &Option<String>| name.as_deref() == Some("Film_MX.R.wav");
            let take = package
                .takes
                .iter_mut()
                .find(|take| is(&take.name))
                .unwrap();
            let length = take.planes[0].len();
            take.planes[0].truncate(length - 9);
        },
        &["QCF701 Some(\"Film_MX.R.wav\")"],
    );
}
