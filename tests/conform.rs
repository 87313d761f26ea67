//! Whole jobs through the program: the same bytes whatever the threads and blocks, nothing that looks
//! finished after an interruption, and clear refusals.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot prepare its files has failed; one that skips says so"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::Duration;

use stemline::job::{Event, Job, Listener};
use support::{Film, Roll, expect_status, names, read_wave};

impl Film {
    /// Conforms the film into a folder of its own.
    fn conform(&self, out: &str, more: &[&str], status: i32) -> std::process::Output {
        let args = self.conforming(out, more);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        expect_status(&args, status)
    }

    /// The files of a folder by name.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(folder);
        names(&folder)
            .into_iter()
            .map(|n| (n.clone(), fs::read(folder.join(n)).unwrap()))
            .collect()
    }
}

struct Deaf;

impl Listener for Deaf {
    fn hear(&self, _: &Event<'_>) {}
}

#[test]
fn same_bytes_for_any_threads_blocks_and_from_the_plan_alone() {
    let film = Film::new();
    film.conform("one", &["--jobs", "1"], 0);
    film.conform("two", &["--jobs", "2"], 0);
    let one = film.files("one");
    assert_eq!(one.len(), 9, "{:?}", one.keys());
    assert_eq!(one, film.files("two"));

    let plan = film.text("one/T_plan.json");
    let out = film.text("again");
    expect_status(&["conform", &plan, "--out", &out], 0);
    let again = film.files("again");
    // What was noticed when the plan was made stands in the reports of that job.
    let is_report = |name: &str| name.contains("_report.") || name.contains("_junit.");
    for (name, bytes) in one.iter().filter(|(name, _)| !is_report(name)) {
        assert!(
            again[name] == *bytes,
            "{name} differs when the plan is rendered again"
        );
    }

    for block in [777, 48_000] {
        let job = job_of_plan(&film.path("one/T_plan.json"), &film.path("block"), block);
        stemline::job::run(&job, &Deaf, &AtomicBool::new(false)).unwrap();
        let blocks = film.files("block");
        for (name, bytes) in one.iter().filter(|(name, _)| !is_report(name)) {
            assert!(
                blocks[name] == *bytes,
                "{name} differs with blocks of {block}"
            );
        }
    }
}

/// A bed, objects with size and diffuse sound, and a sound field.
const SCENE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/spatial/scene/scene.wav"
);

#[test]
fn scenes_are_the_same_bytes_for_any_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let out = path("one").to_str().unwrap().to_owned();
    let args = ["conform", SCENE, "--out", &out, "--title", "T"];
    expect_status(&[&args[..], &["--layout", "7.1.4"]].concat(), 0);
    let wanted = fs::read(path("one/T_FX.wav")).unwrap();
    for block in [77, 500, 1537] {
        let job = job_of_plan(&path("one/T_plan.json"), &path("again"), block);
        stemline::job::run(&job, &Deaf, &AtomicBool::new(false)).unwrap();
        let same = fs::read(path("again/T_FX.wav")).unwrap() == wanted;
        assert!(same, "blocks of {block}");
    }
}

#[test]
fn scenes_sound_as_the_reference_renders_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let args = ["conform", SCENE, "--out", out, "--title", "T"];
    let rest = ["--layout", "5.1", "--adm-strict"];
    expect_status(&[&args[..], &rest].concat(), 0);
    let (channels, samples) = read_wave(&folder.path().join("T_FX.wav"));
    let reference = Path::new(SCENE).with_file_name("5.1.s24le");
    let reference = fs::read(reference).unwrap();
    let wanted = reference
        .chunks_exact(3)
        .map(|b| i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8);
    assert_eq!((channels, samples.len()), (6, reference.len() / 3));
    for (i, (got, want)) in samples.iter().zip(wanted).enumerate() {
        assert!((got - want).abs() <= 1, "sample {i}: {got} for {want}");
    }
}

fn job_of_plan(plan: &Path, out: &Path, block: u64) -> Job {
    use stemline::bwf::VerifyLevel;
    use stemline::conform::{OnMissing, OnUnassigned};
    Job {
        timelines: vec![plan.to_owned()],
        media: Vec::new(),
        out: out.to_owned(),
        spec: "dme".to_owned(),
        settings: Vec::new(),
        rules: None,
        title: None,
        rate: None,
        start: None,
        law: stemline::timeline::FadeShape::Linear,
        layout: None,
        on_missing: OnMissing::Refuse,
        on_unassigned: OnUnassigned::Refuse,
        reels: false,
        ffoa: Vec::new(),
        lfoa: Vec::new(),
        reel_marks: Vec::new(),
        composition: None,
        programme: None,
        select: Vec::new(),
        adm_strict: false,
        true_fades: true,
        adm: None,
        language: None,
        keep_objects: false,
        plan_only: false,
        judge: Some(stemline::job::Judging::default()),
        measure: true,
        verify: VerifyLevel::Samples,
        reports: stemline::report::formats(&[]).unwrap(),
        block,
        origination: "2026-01-01T00:00:00".to_owned(),
    }
}

#[test]
fn composites_are_the_integer_sums_of_the_stems_as_written() {
    let film = Film::new();
    film.conform("mine", &[], 0);
    let wave = |code: &str| read_wave(&film.path(&format!("mine/T_{code}.wav"))).1;
    let (dialogue, music, effects) = (wave("DX"), wave("MX"), wave("FX"));
    assert!(
        dialogue
            .iter()
            .chain(&music)
            .chain(&effects)
            .filter(|x| **x != 0)
            .count()
            > 100_000
    );
    let add = |a: &[i32], b: &[i32]| -> Vec<i32> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let differs = |a: &[i32], b: &[i32]| a.iter().zip(b).position(|(a, b)| a != b);
    let both = add(&music, &effects);
    assert_eq!(differs(&wave("ME"), &both), None);
    assert_eq!(differs(&wave("MIX"), &add(&dialogue, &both)), None);
}

#[test]
fn a_clip_without_sound_stops_the_job_or_becomes_a_finding() {
    let film = Film::new();
    fs::remove_file(film.path("sound/1M1_Main Theme.wav")).unwrap();
    let refused = film.conform("refused", &[], 3);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("1M1_Main Theme"), "{said}");
    assert!(!film.path("refused").exists(), "nothing may be written");
    film.conform("silent", &["--on-missing", "silence"], 0);
    assert!(
        read_wave(&film.path("silent/T_MX.wav"))
            .1
            .iter()
            .all(|x| *x == 0)
    );
    let report = fs::read_to_string(film.path("silent/T_report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sounding"]["silenced"], 1);
}

#[test]
fn an_unknown_clip_stops_the_job_or_goes_where_it_is_sent() {
    let film = Film::new();
    let unknown = film.path("sound/zzz.wav");
    fs::rename(film.path("sound/1M1_Main Theme.wav"), &unknown).unwrap();
    let otio = fs::read_to_string(film.path("film_r1_mx_fx.otio")).unwrap();
    let otio = otio.replace("1M1_Main Theme", "zzz").replace("MX 1", "A1");
    fs::write(film.path("film_r1_mx_fx.otio"), otio).unwrap();
    let said = String::from_utf8(film.conform("refused", &[], 3).stderr).unwrap();
    assert!(said.contains("zzz"), "{said}");
    film.conform("sent", &["--on-unassigned", "MX"], 0);
    assert!(
        read_wave(&film.path("sent/T_MX.wav"))
            .1
            .iter()
            .any(|x| *x != 0)
    );
    film.conform("nowhere", &["--on-unassigned", "QQ"], 2);
}

/// A film of an hour and a half, long enough to be interrupted: silence, which costs no disk.
fn long_film(folder: &Path) -> Vec<String> {
    let sound = folder.join("sound");
    fs::create_dir(&sound).unwrap();
    let roll = sound.join("DX_long.wav");
    Roll::mono().write(&roll, [1]);
    let frames: u32 = 5400 * 48_000;
    let mut bytes = fs::read(&roll).unwrap();
    let at = bytes.len() - 8;
    bytes[at..at + 4].copy_from_slice(&(frames * 3).to_le_bytes());
    fs::write(&roll, &bytes).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&roll).unwrap();
    file.set_len(bytes.len() as u64 + u64::from(frames) * 3)
        .unwrap();
    let edl = folder.join("long.edl");
    let event = "001  AX       A     C        00:00:00:00 01:30:00:00 01:00:00:00 02:30:00:00";
    fs::write(
        &edl,
        format!("TITLE: LONG\n{event}\n* FROM CLIP NAME: DX_long.wav\n"),
    )
    .unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (edl, sound, out) = (text(&edl), text(&sound), text(&folder.join("out")));
    let rest = ["--title", "L", "--rate", "24", "--layout", "7.1.4"].map(str::to_owned);
    [
        vec![
            "conform".to_owned(),
            edl,
            "--media".to_owned(),
            sound,
            "--out".to_owned(),
            out,
        ],
        rest.to_vec(),
    ]
    .concat()
}

/// Runs a long job until its first output file is being written.
fn start_long(folder: &Path) -> std::process::Child {
    let child = Command::new(env!("CARGO_BIN_EXE_stemline"))
        .args(long_film(folder))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..3000 {
        if folder.join("out/.L_MIX.wav.part").exists() {
            break;
        }
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(100));
    child
}

#[test]
fn a_killed_job_leaves_nothing_that_looks_finished() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = start_long(folder.path());
    child.kill().unwrap();
    child.wait().unwrap();
    let left = names(&folder.path().join("out"));
    assert!(
        !left.is_empty() && left.iter().all(|name| name.starts_with('.')),
        "{left:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_job_cleans_up_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = start_long(folder.path());
    Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert_eq!(names(&folder.path().join("out")), Vec::<String>::new());
}

/// A folder on a file system of a few megabytes, where the machine lets us make one.
#[cfg(target_os = "linux")]
struct SmallDisk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = ["-t", "tmpfs", "-o", "size=4m", "none"];
        let mounted = Command::new("mount")
            .args(options)
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        println!("skipped: a small disk cannot be mounted here");
        None
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_in_status_4_with_nothing_left() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let film = Film::new();
    let (edl, otio) = (film.text("film_r1_dx.edl"), film.text("film_r1_mx_fx.otio"));
    let (media, out) = (film.text("sound"), disk.0.path().join("out"));
    let out = out.to_str().unwrap();
    let args = [
        "conform", &edl, &otio, "--media", &media, "--out", out, "--rate", "24",
    ];
    let output = expect_status(&args, 4);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(names(Path::new(out)), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn sources_may_be_read_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let film = Film::new();
    for name in names(&film.path("sound")) {
        let file = film.path("sound").join(name);
        fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(film.path("sound"), fs::Permissions::from_mode(0o555)).unwrap();
    let before = film.files("sound");
    film.conform("mine", &[], 0);
    assert_eq!(before, film.files("sound"));
    fs::set_permissions(film.path("sound"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_changed_source_is_refused_when_a_plan_is_rendered_again() {
    let film = Film::new();
    film.conform("mine", &["--plan-only"], 0);
    assert_eq!(
        names(&film.path("mine")),
        [
            "T_junit.xml",
            "T_plan.json",
            "T_report.html",
            "T_report.json"
        ]
    );
    let door = film.path("sound/DOORWood_Door Creak And Slam_DEMO_LIB.wav");
    let mut bytes = fs::read(&door).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&door, bytes).unwrap();
    let plan = film.text("mine/T_plan.json");
    let said = expect_status(&["conform", &plan, "--out", &film.text("again")], 3).stderr;
    assert!(String::from_utf8(said).unwrap().contains("DOORWood"));
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let out = path("out");
    let check = |name: &str, bytes: &[u8], status: i32| {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = expect_status(&["conform", &path(name), "--out", &out], status);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(name), "{name}: {said}");
    };
    check("empty.edl", b"", 3);
    check("binary.edl", &[0xff, 0, 1, 2, 3, 0xfe, 0, 0, 200, 7], 3);
    check(
        "cut.otio",
        b"{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": {",
        3,
    );
    check("deep.otio", "[".repeat(10_000).as_bytes(), 3);
    check("no_timeline.txt", b"hello\n", 3);
    let missing = expect_status(&["conform", &path("none.edl"), "--out", &out], 3);
    assert!(
        String::from_utf8(missing.stderr)
            .unwrap()
            .contains("none.edl")
    );
    expect_status(&["conform"], 2);
    expect_status(&["conform", "x.edl", "--out", &out, "--rate", "17"], 2);
    expect_status(&["conform", "x.edl", "--out", &out, "--spec", "nflx"], 2);
    assert!(!Path::new(&out).exists());
}

#[test]
fn every_command_shows_an_example_and_every_finding_is_explained() {
    for command in [
        "conform",
        "inspect",
        "measure",
        "specs",
        "explain",
        "demo",
        "completions",
    ] {
        let help = expect_status(&[command, "--help"], 0);
        assert!(
            String::from_utf8(help.stdout).unwrap().contains("Example"),
            "{command}"
        );
    }
    let codes = stemline::job::codes();
    assert!(codes.len() > 40);
    for (i, code) in codes.iter().enumerate() {
        assert!(code.explanation.len() > 40, "{} is not explained", code.id);
        assert!(
            codes[..i].iter().all(|other| other.id != code.id),
            "{} stands twice",
            code.id
        );
    }
    let listed = String::from_utf8(expect_status(&["explain"], 0).stdout).unwrap();
    assert_eq!(listed.lines().count(), codes.len());
    expect_status(&["explain", "NONE999"], 2);
}

/// A list of its own with one mono roll of 30 s that starts at 01:00:00:00 at 24 fps.
struct Reel {
    folder: tempfile::TempDir,
}

impl Reel {
    fn new(edl: &str) -> Self {
        Self::of(edl, 1)
    }

    /// The same with a roll of so many channels.
    fn of(edl: &str, channels: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let media = folder.path().join("media");
        fs::create_dir(&media).unwrap();
        let roll = Roll {
            time_reference: Some(3600 * 48_000),
            channels,
            ..Roll::mono()
        };
        let samples = 30 * 48_000 * i32::from(channels);
        roll.write(&media.join("DX01.wav"), (0..samples).map(|n| n % 1000 + 1));
        fs::write(folder.path().join("reel.edl"), edl).unwrap();
        Self { folder }
    }

    fn conform(&self, more: &[&str], status: i32) -> (String, String) {
        let path = |below: &str| self.folder.path().join(below).to_str().unwrap().to_owned();
        let (edl, media, out) = (path("reel.edl"), path("media"), path("out"));
        let mut args = vec![
            "conform", &edl, "--media", &media, "--out", &out, "--title", "T",
        ];
        args.extend(more);
        let output = expect_status(&args, status);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

#[test]
fn an_event_that_cannot_be_read_stops_the_job() {
    let reel = Reel::new(
        "TITLE: X\n\
         001  DX01 A  C    01:00:00:00 01:00:02:00 01:00:08:00 01:00:10:00\n\
         002  DX01 A  C    01:00:00:00 01:00:02:00 01:00:10:00\n\
         003  DX01 A  C    01:00:00:00 01:00:02:00 01:00:12:30 01:00:14:00\n",
    );
    let (_, said) = reel.conform(&["--rate", "24"], 3);
    assert!(
        said.contains("nothing was written, for the 2 errors above"),
        "{said}"
    );
    assert!(!reel.out().exists());
    reel.conform(&["--rate", "24", "--on-missing", "silence"], 0);
    let report = fs::read_to_string(reel.out().join("T_report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sounding"]["clips"], 3);
    assert_eq!(report["sounding"]["silenced"], 2);
}

#[test]
fn channels_of_a_file_that_no_event_names_are_told() {
    let check = |event: &str, channels: u16, told: Option<&str>| {
        let line = format!(
            "TITLE: X\n001  DX01 {event} C    01:00:00:00 01:00:02:00 01:00:08:00 01:00:10:00\n"
        );
        let (_, said) = Reel::of(&line, channels).conform(&["--rate", "24"], 0);
        let wanted = told.map(|left| format!("channels that no clip uses: DX01.wav ({left})"));
        match wanted {
            Some(wanted) => assert!(said.contains(&wanted), "{event} {channels}: {said}"),
            None => assert!(!said.contains("CNF058"), "{event} {channels}: {said}"),
        }
    };
    check("A ", 1, None);
    check("AA", 2, None);
    // One of two is a choice, which the report has.
    check("A ", 2, None);
    check("AA", 6, Some("3 4 5 6 of 6"));
}

#[test]
fn a_drop_frame_list_stays_drop_frame_when_its_rate_is_given() {
    let reel = Reel::new(
        "TITLE: DF\nFCM: DROP FRAME\n\
         001  DX01 A  C    01:00:00:00 01:00:02:00 01:00:58:00 01:01:00:02\n",
    );
    reel.conform(&["--rate", "29.97", "--on-missing", "silence"], 0);
    let report = fs::read_to_string(reel.out().join("T_report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["start_timecode"], "01:00:58;00");
    assert_eq!(report["frame_rate"], "29.97 DF");
    let wave = stemline::bwf::open(&reel.out().join("T_DX.wav")).unwrap();
    assert_eq!(
        wave.ixml.unwrap().frame_rate().unwrap().to_string(),
        "29.97 DF"
    );
}

#[test]
fn a_refused_job_names_the_folder_that_is_not_there_and_ends_its_events() {
    let reel =
        Reel::new("TITLE: X\n001  DX01 A  C    01:00:00:00 01:00:02:00 01:00:08:00 01:00:10:00\n");
    fs::remove_dir_all(reel.folder.path().join("media")).unwrap();
    let (events, said) = reel.conform(&["--rate", "24", "--json-events"], 3);
    assert!(said.contains("media") && said.contains("MED001"), "{said}");
    let events: Vec<serde_json::Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        events
            .iter()
            .any(|event| event["finding"]["code"] == "MED008"),
        "{events:?}"
    );
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["delivered"]),
        (&"finished".into(), &false.into())
    );
}

#[test]
fn a_clip_that_starts_before_its_file_keeps_what_there_is() {
    let reel =
        Reel::new("TITLE: X\n001  DX01 A  C    00:59:59:00 01:00:02:00 01:00:08:00 01:00:11:00\n");
    let (_, said) = reel.conform(&["--rate", "24"], 3);
    assert!(
        said.contains("48000 sample frames before the start"),
        "{said}"
    );
    reel.conform(&["--rate", "24", "--on-missing", "silence"], 0);
    let (channels, samples) = read_wave(&reel.out().join("T_DX.wav"));
    let left: Vec<i32> = samples.into_iter().step_by(channels).collect();
    assert!(left[..48_000].iter().all(|x| *x == 0));
    assert_eq!(left[48_000..48_003], [1, 2, 3]);
}

#[test]
fn a_dissolve_past_the_end_of_its_source_says_what_it_lacks() {
    let reel = Reel::new(
        "TITLE: X\n\
         001  DX01  A  C        01:00:28:00 01:00:30:00 10:00:00:00 10:00:02:00\n\
         002  DX01  A  C        01:00:30:00 01:00:30:00 10:00:02:00 10:00:02:00\n\
         002  DX01  A  D    024 01:00:10:00 01:00:13:00 10:00:02:00 10:00:05:00\n",
    );
    let (_, said) = reel.conform(&["--rate", "24"], 3);
    assert!(said.contains("48000 after the end"), "{said}");
}

#[test]
fn a_start_behind_everything_is_refused() {
    let reel =
        Reel::new("TITLE: X\n001  DX01 A  C    01:00:00:00 01:00:02:00 01:00:08:00 01:00:10:00\n");
    reel.conform(&["--rate", "24", "--start", "01:00:20:00"], 3);
    assert!(!reel.out().exists());
}
