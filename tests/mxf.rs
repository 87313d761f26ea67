//! MXF as other programs write it.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod support;

use std::path::Path;
use std::process::Command;

use stemline::media::{Match, MediaFile, MediaIndex, Planar, Scratch, SourcePool, locate};
use stemline::time::{Pos, Rational, Span};
use stemline::timeline::{Clip, MediaRef, SourceIn};

/// Noise that is the same every time.
fn noise(count: usize) -> Vec<i32> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state as i32) >> 9
    };
    (0..count).map(|_| next()).collect()
}

fn ffmpeg(arguments: &[&str]) -> bool {
    let common = ["-v", "error", "-nostdin", "-y", "-bitexact"];
    let run = Command::new("ffmpeg").args(common).args(arguments).output();
    run.is_ok_and(|output| output.status.success())
}

/// The samples of every channel as 24-bit integers, read in two blocks.
fn read(path: &Path) -> (MediaFile, Vec<Vec<i32>>) {
    let media = MediaFile::open(path).unwrap();
    let pool = SourcePool::default();
    assert_eq!(pool.prepare(&[&media]), [], "{}", path.display());
    let source = pool.open(&media);
    let channels: Vec<usize> = (0..media.channels).collect();
    let mut all = vec![Vec::new(); channels.len()];
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let middle = media.frames / 2 + 7;
    for range in [0..middle, middle..media.frames] {
        source
            .read(range, &channels, &mut out, &mut scratch)
            .unwrap();
        for (channel, all) in all.iter_mut().enumerate() {
            let int = |x: &f64| (x * 8_388_608.0) as i32;
            all.extend(out.channel(channel).iter().map(int));
        }
    }
    (media, all)
}

/// Every second sample from `from` on.
fn channel(samples: &[i32], from: usize) -> Vec<i32> {
    samples.iter().skip(from).step_by(2).copied().collect()
}

/// How a clip is found that knows no more than an identifier.
fn found_by(folder: &Path, umid: &str) -> Match {
    let (index, _) = MediaIndex::build(&[folder.to_owned()], &|_| {});
    let at = |seconds| Pos::new(Rational::from_int(seconds));
    let source = SourceIn::Offset {
        at: Pos::new(Rational::ZERO),
        sync: at(0),
    };
    let media = MediaRef {
        name: "nowhere.A1234.mxf".into(),
        umid: Some(umid.into()),
        ..MediaRef::default()
    };
    let clip = Clip::new("c", Span::new(at(0), at(1)), source, media);
    locate(&index, &clip, Path::new("/")).unwrap().by
}

#[test]
fn sound_comes_out_as_it_went_in() {
    if !support::has_tool("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (mono, stereo) = (noise(4 * 48_000), noise(8 * 48_048));
    support::Roll::mono().write(Path::new(&path("mono.wav")), mono.iter().copied());
    let roll = support::Roll {
        channels: 2,
        ..support::Roll::mono()
    };
    roll.write(Path::new(&path("stereo.wav")), stereo.iter().copied());

    let atom = path("atom.mxf");
    let source = path("mono.wav");
    assert!(ffmpeg(&[
        "-i",
        &source,
        "-c:a",
        "pcm_s24le",
        "-f",
        "mxf_opatom",
        &atom
    ]));
    let (media, channels) = read(Path::new(&atom));
    assert_eq!((media.channels, media.frames), (1, 192_000));
    assert!(channels[0] == mono);
    // By the identifier of the file package, which an AAF's file has, and of the material package, its
    // master clip's.
    for umid in [media.umid.unwrap(), media.file_uid.unwrap()] {
        assert_eq!(found_by(folder.path(), &umid), Match::Umid, "{umid}");
    }

    let op1a = path("op1a.mxf");
    let picture = "testsrc=s=64x64:r=30000/1001:d=4.004";
    let made = ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        picture,
        "-i",
        &path("stereo.wav"),
        "-i",
        &source,
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        "-c:v",
        "mpeg2video",
        "-c:a",
        "pcm_s24le",
        "-timecode",
        "01:00:00:00",
        "-f",
        "mxf",
        &op1a,
    ]);
    assert!(made);
    let (media, channels) = read(Path::new(&op1a));
    let frames = media.frames as usize;
    assert_eq!(media.channels, 3);
    assert!(frames > 190_000, "{frames}");
    assert!(channels[0] == channel(&stereo, 0)[..frames]);
    assert!(channels[1] == channel(&stereo, 1)[..frames]);
    // What is shorter is filled up by the writer.
    assert!(channels[2][..190_000] == mono[..190_000]);
    assert_eq!(media.time_reference, Some(172_972_800));
    assert_eq!(media.timecode_rate.unwrap().to_string(), "29.97");
}

#[test]
fn eight_channels_of_aes3() {
    if !support::has_tool("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let stereo = noise(2 * 48_000);
    let roll = support::Roll {
        channels: 2,
        ..support::Roll::mono()
    };
    roll.write(Path::new(&path("stereo.wav")), stereo.iter().copied());
    let d10 = path("d10.mxf");
    let made = ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=720x608:r=25:d=1",
        "-i",
        &path("stereo.wav"),
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "mpeg2video",
        "-pix_fmt",
        "yuv422p",
        "-g",
        "1",
        "-intra_vlc",
        "1",
        "-non_linear_quant",
        "1",
        "-qscale:v",
        "1",
        "-maxrate",
        "50M",
        "-minrate",
        "50M",
        "-b:v",
        "50M",
        "-bufsize",
        "2000000",
        "-rc_init_occupancy",
        "2000000",
        "-dc",
        "10",
        "-flags",
        "+ildct+low_delay",
        "-top",
        "1",
        "-qmax",
        "12",
        "-c:a",
        "pcm_s24le",
        "-f",
        "mxf_d10",
        &d10,
    ]);
    assert!(made);
    let (media, channels) = read(Path::new(&d10));
    assert!(media.frames >= 47_000, "{}", media.frames);
    for (side, found) in channels.iter().take(2).enumerate() {
        let frames = found.len().min(47_000);
        assert!(
            found[..frames] == channel(&stereo, side)[..frames],
            "{side}"
        );
    }
}
