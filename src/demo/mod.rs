//! A small film to try the program on: sound made by arithmetic, with the metadata that recorders
//! and libraries write, and two cut lists.
//!
//! **Invariant:** the same bytes every time; it goes through the same door as everybody's films.

mod lists;
mod synth;

use std::fs;
use std::path::{Path, PathBuf};

use crate::audio::{SampleFormat, SampleRate};
use crate::bwf::{
    Bext, Ixml, IxmlSpeed, IxmlTrack, LayoutError, WaveFormat, WaveSpec, encode_int24,
};
use crate::time::{FrameRate, TimecodeError, sample_at};

/// Date and time of origination of everything in the film.
pub const ORIGINATION: &str = "2026-01-01T12:00:00";

/// Where the film is.
#[derive(Debug)]
pub struct Film {
    /// Its cut lists.
    pub timelines: Vec<PathBuf>,
    /// Its sound.
    pub media: PathBuf,
    /// Where its stems go.
    pub out: PathBuf,
    /// Its title.
    pub title: String,
}

/// Why the film could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A file or folder.
    #[error("cannot write {path}: {error}")]
    Write {
        /// Which.
        path: String,
        /// The reason.
        #[source]
        error: std::io::Error,
    },
    /// A plain sound file.
    #[error("cannot write {path}: {error}")]
    Wave {
        /// Which.
        path: String,
        /// The reason.
        #[source]
        error: hound::Error,
    },
    /// The film contradicts itself.
    #[error("the film contradicts itself: {0}")]
    Layout(#[from] LayoutError),
    /// The film contradicts itself.
    #[error("the film contradicts itself: {0}")]
    Timecode(#[from] TimecodeError),
}

/// Writes the film into a folder, which is made where it is not there.
///
/// # Errors
/// [`DemoError`] with the file that cannot be written.
pub fn write(folder: &Path) -> Result<Film, DemoError> {
    let sound = folder.join("sound");
    make_folder(&sound)?;
    let rate = SampleRate::HZ_48000;
    for take in TAKES {
        write_take(&sound, take, rate)?;
    }
    let [left, right] = synth::music(20.0, rate);
    write_plain(&sound.join("1M1_Main Theme.wav"), &[left, right], rate)?;
    let [left, right] = synth::air(20.0, rate);
    write_plain(
        &sound.join("AMBRoom_Dull Office_DEMO_LIB.wav"),
        &[left, right],
        rate,
    )?;
    // Libraries come at any rate; this one has to be converted.
    let other = SampleRate::new(44_100).unwrap_or(rate);
    let door = synth::door(3.0, other);
    write_plain(
        &sound.join("DOORWood_Door Creak And Slam_DEMO_LIB.wav"),
        &[door],
        other,
    )?;
    let (edl, otio) = (
        folder.join("film_r1_dx.edl"),
        folder.join("film_r1_mx_fx.otio"),
    );
    write_text(&edl, lists::DIALOGUE_EDL)?;
    write_text(&otio, &format!("{:#}\n", lists::music_and_effects()))?;
    Ok(Film {
        timelines: vec![edl, otio],
        media: sound,
        out: folder.join("out"),
        title: "FILM_R1".to_owned(),
    })
}

/// A take of the recorder.
#[derive(Debug)]
struct Take {
    scene: &'static str,
    number: &'static str,
    /// Timecode of its first frame.
    start: &'static str,
    seconds: f64,
    /// Pitch of the speaker in Hz.
    pitch: f64,
    /// Names of its channels.
    tracks: &'static [&'static str],
}

/// The takes of sound roll SR001.
const TAKES: &[Take] = &[
    Take {
        scene: "12A",
        number: "3",
        start: "10:15:30:00",
        seconds: 14.0,
        pitch: 118.0,
        tracks: &["MIX", "BOOM"],
    },
    Take {
        scene: "12B",
        number: "1",
        start: "10:20:00:00",
        seconds: 12.0,
        pitch: 205.0,
        tracks: &["BOOM"],
    },
];

/// A take as a field recorder writes it: bext with time stamp, iXML with scene, take and tracks.
fn write_take(folder: &Path, take: &Take, rate: SampleRate) -> Result<(), DemoError> {
    let voice = synth::voice(take.seconds, take.pitch, take.pitch as u64, rate);
    let channels = take.tracks.len();
    let integers: Vec<i32> = voice
        .iter()
        .flat_map(|&x| (0..channels).map(move |channel| integer(x / (1.0 + channel as f64))))
        .collect();
    let format = WaveFormat::new(rate, channels as u16, SampleFormat::Int24, 0);
    let start = FrameRate::F24.seconds_of(take.start)?;
    let reference = sample_at(start, rate).unsigned_abs();
    let (date, time) = ORIGINATION.split_once('T').unwrap_or_default();
    let spec = WaveSpec {
        format,
        frames: voice.len() as u64,
        bext: Bext {
            description: format!(
                "sSCENE={}\r\nsTAKE={}\r\nsTAPE=SR001\r\n",
                take.scene, take.number
            ),
            originator: "stemline demo recorder".to_owned(),
            origination_date: date.to_owned(),
            origination_time: time.to_owned(),
            time_reference: reference,
            ..Bext::default()
        },
        ixml: Some(take_ixml(take, reference, rate)),
        adm: None,
        cues: Vec::new(),
        md5: None,
    };
    let layout = spec.layout()?;
    let mut samples = vec![0; integers.len() * SampleFormat::Int24.bytes()];
    encode_int24(&integers, &mut samples);
    let path = folder.join(format!("SR001-{}-T{:0>2}.wav", take.scene, take.number));
    write_bytes(&path, &[layout.head, samples, layout.tail].concat())
}

fn take_ixml(take: &Take, reference: u64, rate: SampleRate) -> Ixml {
    let fps = Some(FrameRate::F24.fps());
    let track = |(i, name): (usize, &&str)| IxmlTrack {
        channel_index: Some(i as u32 + 1),
        interleave_index: Some(i as u32 + 1),
        name: Some((*name).to_owned()),
        function: (*name == "MIX").then(|| "MIX".to_owned()),
    };
    Ixml {
        version: Some("2.10".to_owned()),
        project: Some("FILM".to_owned()),
        scene: Some(take.scene.to_owned()),
        take: Some(take.number.to_owned()),
        tape: Some("SR001".to_owned()),
        speed: Some(IxmlSpeed {
            master_speed: fps,
            current_speed: fps,
            timecode_rate: fps,
            drop_frame: Some(false),
            timestamp_samples: Some(reference),
            timestamp_sample_rate: Some(rate.hertz()),
            ..IxmlSpeed::default()
        }),
        tracks: take.tracks.iter().enumerate().map(track).collect(),
        ..Ixml::default()
    }
}

/// A sample as a 24-bit integer.
fn integer(x: f64) -> i32 {
    (x * 8_388_607.0)
        .round_ties_even()
        .clamp(-8_388_608.0, 8_388_607.0) as i32
}

/// A plain file as a library has it: no metadata at all.
fn write_plain(path: &Path, planes: &[Vec<f64>], rate: SampleRate) -> Result<(), DemoError> {
    let fail = |error| DemoError::Wave {
        path: path.display().to_string(),
        error,
    };
    let format = hound::WavSpec {
        channels: planes.len() as u16,
        sample_rate: rate.hertz(),
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, format).map_err(fail)?;
    for i in 0..planes.first().map_or(0, Vec::len) {
        for x in planes.iter().filter_map(|plane| plane.get(i)) {
            writer.write_sample(integer(*x)).map_err(fail)?;
        }
    }
    writer.finalize().map_err(fail)
}

fn make_folder(folder: &Path) -> Result<(), DemoError> {
    fs::create_dir_all(folder).map_err(|error| DemoError::Write {
        path: folder.display().to_string(),
        error,
    })
}

fn write_text(path: &Path, text: &str) -> Result<(), DemoError> {
    write_bytes(path, text.as_bytes())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    fs::write(path, bytes).map_err(|error| DemoError::Write {
        path: path.display().to_string(),
        error,
    })
}
