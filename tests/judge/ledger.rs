//! A clip of dialogue in the M&E is found by the ledger, and nothing is where there is none.

use std::fs;
use std::path::Path;

use stemline::job::{QcJob, run_qc};
use stemline::qc::{Fault, Judgement, Waivers};
use stemline::spec::Spec;

use crate::film::{Cut, FPS, Film, Random};
use crate::support::{expect_status, stemline};

/// What was planted: the clip, and its first frame in the film; where it goes to by the spec alone, every clip of
/// its kind does.
struct Planted {
    kind: &'static str,
    clip: String,
    at: i64,
}

type Planter = fn(&mut Film, &mut Random) -> Planted;

/// Plants the take of the first clip of dialogue once more, under a name of its own.
fn again(film: &mut Film, random: &mut Random, track: &str, name: &str) -> i64 {
    let (_, first) = film.tracks[0].1[0].clone();
    let cut = Cut {
        name: name.to_owned(),
        from: random.range(0, FPS),
        frames: random.range(12, 2 * FPS),
        ..first
    };
    film.append(random, track, cut)
}

/// The spec of the program with words replaced.
fn spec(replaced: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/delivery/dme.toml");
    let mut text = fs::read_to_string(path).unwrap();
    for (from, to) in replaced {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

const PLANTERS: &[Planter] = &[
    // A rule by the clip's name, on the track of dialogue or on one without a name.
    |film, random| {
        let track = random.pick(&["DX 1", "Audio 7"]);
        let at = again(film, random, track, "88F-2");
        let stem = random.pick(&["FX", "MX"]);
        film.rules = Some(format!("[[rule]]\nclip = \"^88F-2$\"\nstem = \"{stem}\"\n"));
        Planted {
            kind: "rule by clip",
            clip: "88F-2".to_owned(),
            at,
        }
    },
    // A rule by the file, which every clip of the take follows.
    |film, random| {
        let clip = film.tracks[0].1[0].1.clone();
        film.rules = Some(format!("[[rule]]\nfile = '{}'\nstem = \"FX\"\n", clip.file));
        let _ = random;
        let at = film.tracks[0].1[0].0;
        Planted {
            kind: "rule by file",
            clip: clip.name,
            at,
        }
    },
    // A rule by a track that holds more than effects.
    |film, random| {
        let at = again(film, random, "FX 1", "88F-2");
        film.rules = Some("[[rule]]\ntrack = \"^FX 1$\"\nstem = \"FX\"\n".to_owned());
        Planted {
            kind: "rule by track",
            clip: "88F-2".to_owned(),
            at,
        }
    },
    // A rule that says it is dialogue and sends it to the music.
    |film, random| {
        let at = again(film, random, "DX 1", "ADR 1001 line");
        let stem = random.pick(&["FX", "MX"]);
        film.rules = Some(format!(
            "[[rule]]\nclip = \"^ADR\"\nstem = \"{stem}\"\ngroup = \"adr\"\n"
        ));
        Planted {
            kind: "rule with group",
            clip: "ADR 1001 line".to_owned(),
            at,
        }
    },
    // Called production effects, but the very samples of a line.
    |film, random| {
        let (_, line) = film.tracks[0].1[0].clone();
        let from = line.from + random.range(0, line.frames / 2);
        let cut = Cut {
            name: "PFX door".to_owned(),
            from,
            ..line
        };
        let at = film.append(random, "PFX 1", cut);
        Planted {
            kind: "same samples",
            clip: "PFX door".to_owned(),
            at,
        }
    },
    // A spec whose effects take re-recorded lines.
    |film, random| {
        let at = again(film, random, "ADR 1", "ADR 1001 line");
        film.spec = Some(spec(&[(
            "groups = [\"effects\"]",
            "groups = [\"effects\", \"adr\"]",
        )]));
        Planted {
            kind: "spec of a stem",
            clip: "ADR 1001 line".to_owned(),
            at,
        }
    },
    // A spec whose M&E holds the dialogue.
    |film, _| {
        film.spec = Some(spec(&[(
            "recipe = [\"MX\", \"FX\"]",
            "recipe = [\"MX\", \"FX\", \"DX\"]",
        )]));
        Planted {
            kind: "spec of the M&E",
            clip: String::new(),
            at: 0,
        }
    },
];

/// Conforms a film, and judges the folder by its ledger.
fn judged(film: &Film, folder: &Path) -> (Judgement, Option<i32>) {
    let written = film.write(folder);
    let out = folder.join("out");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (media, to) = (text(&folder.join("sound")), text(&out));
    let timeline = text(&written[0]);
    let mut args = vec![
        "conform",
        &timeline,
        "--media",
        &media,
        "--out",
        &to,
        "--title",
        "T",
        "--no-measure",
    ];
    let more: Vec<(&str, String)> = written
        .iter()
        .skip(1)
        .map(|path| {
            (
                if path.ends_with("rules.toml") {
                    "--rules"
                } else {
                    "--spec"
                },
                text(path),
            )
        })
        .collect();
    for (option, path) in &more {
        args.extend([option, path.as_str()]);
    }
    let done = stemline(&args);
    let spec = match more.iter().find(|(option, _)| *option == "--spec") {
        Some((_, path)) => Spec::find(path).unwrap(),
        None => Spec::builtin("dme").unwrap(),
    };
    let job = QcJob {
        inputs: vec![out],
        spec: &spec,
        waivers: &Waivers::default(),
        date: None,
        rate: None,
        compare: false,
    };
    (run_qc(&job).unwrap(), done.status.code())
}

/// The faults of the ledger.
fn of_ledger(judgement: &Judgement) -> Vec<&Fault> {
    let all = judgement.faults().map(|(_, fault)| fault);
    all.filter(|fault| fault.code.id.starts_with("QCM2"))
        .collect()
}

/// Plants a clip and says what was not found, by `qc` or by the job itself.
fn plant(number: usize) -> Option<String> {
    let mut random = Random::new(number as u64 + 11);
    let folder = tempfile::tempdir().unwrap();
    let mut film = Film::new(&mut random, &folder.path().join("sound"));
    let planted = PLANTERS[number % PLANTERS.len()](&mut film, &mut random);
    let (judgement, status) = judged(&film, folder.path());
    let sample = (planted.at * 48_000 / FPS) as u64;
    let found = of_ledger(&judgement).into_iter().any(|fault| {
        let at = fault.stretch.as_ref().map(|stretch| stretch.first_sample);
        let named = fault.message.contains(&format!("`{}`", planted.clip));
        let whole = planted.clip.is_empty() && fault.code.id == "QCM203";
        fault.file.as_deref() == Some("T_ME.wav") && (whole || named && at == Some(sample))
    });
    let refuted = judgement
        .certificate
        .as_ref()
        .unwrap()
        .statements
        .iter()
        .any(|said| !said.holds);
    (!found || !refuted || status != Some(1)).then(|| {
        let said: Vec<String> = of_ledger(&judgement)
            .iter()
            .map(|f| format!("{:?} {:?} {}", f.file, f.stretch, f.message))
            .collect();
        format!(
            "{number} {} at {sample}: status {status:?}, refuted {refuted}, {said:#?}",
            planted.kind
        )
    })
}

#[test]
fn a_planted_dialogue_clip_is_caught() {
    let missed: Vec<String> = (0..100).filter_map(plant).collect();
    println!("{} of 100 planted clips caught", 100 - missed.len());
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn where_nothing_is_planted_the_ledger_is_silent() {
    for seed in 0..20 {
        let mut random = Random::new(seed + 900);
        let folder = tempfile::tempdir().unwrap();
        let mut film = Film::new(&mut random, &folder.path().join("sound"));
        // Production effects by name, and by a rule that says so, from takes that the dialogue uses elsewhere.
        let (_, line) = film.tracks[0].1[0].clone();
        let end = line.from + line.frames;
        for (track, name) in [("PFX 1", "PFX door"), ("A9", "99-1")] {
            let cut = Cut {
                name: name.to_owned(),
                from: end,
                frames: 12,
                ..line.clone()
            };
            film.append(&mut random, track, cut);
        }
        film.rules =
            Some("[[rule]]\ntrack = \"^A9$\"\nstem = \"FX\"\ngroup = \"pfx\"\n".to_owned());
        let (judgement, status) = judged(&film, folder.path());
        assert!(
            of_ledger(&judgement).is_empty(),
            "{seed}: {:#?}",
            of_ledger(&judgement)
        );
        assert_eq!(status, Some(0), "{seed}");
        let certificate = judgement.certificate.unwrap();
        assert!(
            certificate.statements.iter().all(|said| said.holds),
            "{seed}: {certificate:#?}"
        );
        let me = certificate
            .outputs
            .iter()
            .find(|output| output.output == "ME")
            .unwrap();
        assert_eq!(
            me.clips,
            me.rules.iter().map(|rule| rule.clips).sum::<usize>()
        );
    }
}

#[test]
fn a_clip_that_nobody_knows_is_a_warning() {
    let mut random = Random::new(5);
    let folder = tempfile::tempdir().unwrap();
    let mut film = Film::new(&mut random, &folder.path().join("sound"));
    let (_, door) = film.tracks[2].1[0].clone();
    fs::copy(
        folder.path().join("sound").join(&door.file),
        folder.path().join("sound/x.wav"),
    )
    .unwrap();
    let cut = Cut {
        name: "x".to_owned(),
        file: "x.wav".to_owned(),
        ..door
    };
    film.append(&mut random, "A9", cut);
    let timeline = film.write(folder.path())[0].to_str().unwrap().to_owned();
    let text = |below: &str| folder.path().join(below).to_str().unwrap().to_owned();
    let (media, out) = (text("sound"), text("out"));
    let args = [
        "conform",
        &timeline,
        "--media",
        &media,
        "--out",
        &out,
        "--on-unassigned",
        "FX",
    ];
    let said = expect_status(&args, 0).stderr;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("warn[QCM202]"), "{said}");
    assert!(said.contains("; of 1 clip nothing tells"), "{said}");
}
