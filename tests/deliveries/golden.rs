//! A golden package for each spec: names, sizes, hashes of the sound, headers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use md5::{Digest as _, Md5};
use stemline::spec::Spec;

use crate::film::{Delivery, deliver, demo};

/// What a package looks like: a line for each file.
fn listing(delivery: &Delivery) -> String {
    let mut names = crate::support::names(&delivery.folder);
    names.sort();
    let mut text = String::new();
    for name in names {
        let path = delivery.folder.join(&name);
        if path.is_dir() {
            let _ = writeln!(text, "{name}/");
            continue;
        }
        let suffix = path.extension().and_then(|suffix| suffix.to_str());
        match suffix {
            Some("wav") => (),
            Some("md5") => {
                let _ = writeln!(text, "{name}");
                continue;
            }
            // Plans and reports have tests of their own.
            _ => continue,
        }
        let wave = stemline::bwf::open(&path).unwrap();
        let data = wave.data.unwrap();
        let bytes = fs::read(&path).unwrap();
        let sound = &bytes[data.offset as usize..(data.offset + data.bytes) as usize];
        let hash = u128::from_be_bytes(Md5::digest(sound).into());
        let ixml = wave.ixml.clone().unwrap_or_default();
        let words: Vec<String> = ixml
            .tracks
            .iter()
            .filter_map(|t| t.function.clone())
            .collect();
        let bext = wave.bext.clone().unwrap();
        assert_eq!(ixml.time_stamp(), Some(bext.time_reference), "{name}");
        assert_eq!(data.offset % 4096, 0, "{name}: sound begins at a page");
        let format = wave.format;
        let _ = writeln!(
            text,
            "{name} {} bytes, {} {}x{} {} Hz mask {:#x}, {} frames from {}, {}, md5 {hash:032x}",
            bytes.len(),
            wave.container.name(),
            format.channels,
            format.valid_bits,
            format.rate.hertz(),
            format.mask,
            wave.frames,
            bext.time_reference,
            words.join(" "),
        );
    }
    text
}

#[test]
fn every_spec_makes_its_package() {
    let film = demo();
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deliveries");
    let mut wrong = Vec::new();
    for name in Spec::names() {
        let delivery = deliver(film.path(), name, name, &[]);
        if name != "dme" {
            names_lead_back(&Spec::builtin(name).unwrap(), &delivery);
        }
        let got = listing(&delivery);
        let want = fs::read_to_string(goldens.join(format!("{name}.txt"))).unwrap_or_default();
        if got != want {
            wrong.push(format!("{name}:\n{got}"));
        }
        fs::remove_dir_all(&delivery.folder).unwrap();
    }
    assert!(
        wrong.is_empty(),
        "not as in fixtures/deliveries:\n{}",
        wrong.join("\n")
    );
}

/// That every name says what the file is.
fn names_lead_back(spec: &Spec, delivery: &Delivery) {
    assert!(!delivery.files().is_empty(), "{}", spec.name);
    for file in delivery.files() {
        let name = file["file"].as_str().unwrap();
        let read = spec.parse_file_name(name).unwrap();
        assert_eq!(
            read.code.as_str(),
            file["output"].as_str().unwrap(),
            "{name}"
        );
        assert_eq!(read.reel.map(u64::from), file["reel"].as_u64(), "{name}");
        assert_eq!(read.title, "FILM");
        let lone = file["channels"].as_array().unwrap().len() == 1 && read.layout.len() > 1;
        assert_eq!(read.channel.is_some(), lone, "{name}");
        if let (Some(channel), true) = (read.channel, lone) {
            let place = read.layout.index_of(channel).map(|place| place as u64);
            assert_eq!(file["channels"][0].as_u64(), place, "{name}");
        }
        assert_eq!(spec.name_file(&read).0, name);
    }
}
