//! Which sample of the file sounds at a clip's sync point.

use super::codes::{FROM_HEAD, FROM_HOUR, OUTSIDE, OWN_RATE};
use super::file::MediaFile;
use super::need::{day, first_hour, relabel, stamp};
use crate::finding::{Code, Finding};
use crate::time::{FrameRate, Rational, sample_at};
use crate::timeline::{Clip, SourceIn};

/// Where in the file a clip's sound starts, and how that was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStart {
    /// The sample frame at the clip's sync point ([`SourceIn::sync`]), at the file's own rate. It lies
    /// before the file's first for a clip that starts earlier; the caller decides about that.
    pub frame: i64,
    /// How it was found.
    pub basis: StartBasis,
    /// What was guessed.
    pub findings: Vec<Finding>,
}

/// How a source position became a sample of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StartBasis {
    /// The cut states an offset into the file.
    Offset,
    /// The cut states nothing: the file's first sample.
    Head,
    /// The cut's timecode less the file's time stamp.
    Timecode,
    /// The same, with the timecode read at the file's own frame rate.
    OwnRate,
    /// The timecode counts from the file's first sample.
    FromHead,
    /// The timecode counts from 01:00:00:00 at the file's first sample.
    FromHour,
}

/// The source timecode of a clip is not in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source timecode {timecode} of clip `{clip}` is not in {file}, which {holds}")]
pub struct StartError {
    /// The clip's name.
    pub clip: String,
    /// The timecode as the cut writes it.
    pub timecode: String,
    /// The file.
    pub file: String,
    /// What the file holds instead.
    pub holds: String,
}

impl StartError {
    /// The same as a finding that stops the job.
    pub fn finding(&self, clip: &Clip) -> Finding {
        Finding::new(OUTSIDE, self.to_string())
            .at(clip.place.clone())
            .hint(
                "another take of this name may be the right one, or the cut has another frame rate",
            )
    }
}

/// The sample frame of `file` that sounds at the clip's sync point.
///
/// An offset is `sample(offset)` at the file's rate. A timecode is `sample(timecode) − TimeReference`;
/// where that is not in the file, the timecode is tried at the file's own frame rate, then counted
/// from the file's first sample, then, for a file without a time stamp, from 01:00:00:00. Each of
/// these is a finding.
///
/// # Errors
/// [`StartError`] for a timecode that is not in the file in any of these ways.
pub fn resolve_source(clip: &Clip, file: &MediaFile) -> Result<SourceStart, StartError> {
    let plain = |seconds, basis| SourceStart {
        frame: sample_at(seconds, file.rate),
        basis,
        findings: Vec::new(),
    };
    match clip.source {
        SourceIn::Offset { at, .. } => Ok(plain(at.seconds(), StartBasis::Offset)),
        SourceIn::Head { .. } => Ok(plain(Rational::ZERO, StartBasis::Head)),
        SourceIn::Timecode { at, rate, .. } => by_timecode(clip, file, at.seconds(), rate),
    }
}

fn by_timecode(
    clip: &Clip,
    file: &MediaFile,
    at: Rational,
    rate: FrameRate,
) -> Result<SourceStart, StartError> {
    let attempts = attempts(file, at, rate);
    let all = || attempts.iter().copied();
    let inside = all().find(|(start, _)| holds(clip, file, rate, *start));
    // A file that has some of it by its own clock is the right one, and too short.
    let clock = |basis| matches!(basis, StartBasis::Timecode | StartBasis::OwnRate);
    let nearly = || all().find(|(start, basis)| clock(*basis) && touches(clip, file, *start));
    let Some((frame, basis)) = inside.or_else(nearly) else {
        return Err(outside(clip, file, at, rate));
    };
    let code = match basis {
        StartBasis::OwnRate => Some(OWN_RATE),
        StartBasis::FromHead => Some(FROM_HEAD),
        StartBasis::FromHour => Some(FROM_HOUR),
        _ => None,
    };
    let findings = code.map(|code| guess(code, clip, file, at, rate));
    Ok(SourceStart {
        frame,
        basis,
        findings: findings.into_iter().collect(),
    })
}

/// Every reading of the timecode with the sample it leads to, the likeliest first.
fn attempts(file: &MediaFile, at: Rational, rate: FrameRate) -> Vec<(i64, StartBasis)> {
    let sample = |seconds: Rational| sample_at(seconds, file.rate);
    let tomorrow = day(rate).and_then(|day| at.checked_add(day));
    let own = relabel(at, rate, file.timecode_rate);
    let stamped = [
        (Some(at), StartBasis::Timecode),
        (tomorrow, StartBasis::Timecode),
        (own, StartBasis::OwnRate),
    ];
    let mut attempts = Vec::new();
    if let Some(stamp) = stamp(file) {
        let known = stamped
            .into_iter()
            .filter_map(|(at, basis)| Some((at?, basis)));
        attempts.extend(known.map(|(at, basis)| (sample(at).saturating_sub(stamp), basis)));
    }
    attempts.push((sample(at), StartBasis::FromHead));
    let hour = first_hour(rate, file).and_then(|hour| at.checked_sub(hour));
    attempts.extend(hour.map(|at| (sample(at), StartBasis::FromHour)));
    attempts
}

/// Whether the clip's own first sample lies in the file when its sync point has this one. It may lie
/// up to a frame before: recorders start between frames, cuts do not.
fn holds(clip: &Clip, file: &MediaFile, rate: FrameRate, start: i64) -> bool {
    let lead = clip.record.start.since(clip.source.sync());
    let first = lead.map(|lead| start.saturating_add(sample_at(lead, file.rate)));
    let slack = sample_at(rate.frame_duration(), file.rate);
    first.is_some_and(|first| {
        first > -slack && u64::try_from(first.max(0)).is_ok_and(|first| first < file.frames)
    })
}

/// Whether the file has some of what the clip needs, or at least the instant of its sync point, when
/// that has this sample: then it is the right file, and what is lacking is counted in sample frames.
fn touches(clip: &Clip, file: &MediaFile, start: i64) -> bool {
    let frames = i64::try_from(file.frames).unwrap_or(i64::MAX);
    let lead = clip.record.start.since(clip.source.sync());
    let length = clip.record.duration();
    let stretch = lead.zip(length).and_then(|(lead, length)| {
        let first = start.saturating_add(sample_at(lead, file.rate));
        let end = lead.checked_add(length)?;
        Some((first, start.saturating_add(sample_at(end, file.rate))))
    });
    (0..=frames).contains(&start) || stretch.is_some_and(|(first, end)| first < frames && end > 0)
}

fn guess(
    code: &'static Code,
    clip: &Clip,
    file: &MediaFile,
    at: Rational,
    rate: FrameRate,
) -> Finding {
    let timecode = show(at, rate);
    let name = file.display();
    let how = match code.id {
        id if id == OWN_RATE.id => {
            let own = file
                .timecode_rate
                .map(|own| own.to_string())
                .unwrap_or_default();
            format!("was read at {own}, the file's frame rate, instead of {rate}")
        }
        id if id == FROM_HOUR.id => "was counted from 01:00:00:00 at its first sample".to_owned(),
        _ => "was counted from its first sample".to_owned(),
    };
    let message = format!(
        "source timecode {timecode} of clip `{}` in {name} {how}",
        clip.name
    );
    Finding::new(code, message).at(clip.place.clone())
}

fn outside(clip: &Clip, file: &MediaFile, at: Rational, rate: FrameRate) -> StartError {
    let own = file.timecode_rate.unwrap_or(rate);
    let last = |start| Some((start, Rational::checked_add(start, file.duration())?));
    let span = file.start().and_then(|start| last(start.seconds()));
    let holds = span.map_or_else(
        || {
            format!(
                "has no time stamp and is {} long",
                show(file.duration(), own)
            )
        },
        |(first, last)| format!("holds {} to {} at {own}", show(first, own), show(last, own)),
    );
    StartError {
        clip: clip.name.clone(),
        timecode: show(at, rate),
        file: file.display(),
        holds,
    }
}

fn show(at: Rational, rate: FrameRate) -> String {
    rate.timecode_at(at)
        .map_or_else(|| format!("{at} s"), |timecode| timecode.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing::Wav;
    use crate::time::{Pos, Span};
    use crate::timeline::MediaRef;

    const FILM: &str = "<SPEED><TIMECODE_RATE>24000/1001</TIMECODE_RATE></SPEED>";

    fn media(wav: &Wav) -> MediaFile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        wav.write(&path);
        MediaFile::open(&path).unwrap()
    }

    /// A clip of ten seconds whose source is synced `before` seconds before its record in.
    fn clip(source: impl Fn(Pos<crate::time::Record>) -> SourceIn, before: i64) -> Clip {
        let at = |n| Pos::new(Rational::from_int(n));
        let span = Span::new(at(3600), at(3610));
        Clip::new("c", span, source(at(3600 - before)), MediaRef::default())
    }

    fn timed(timecode: &str, rate: FrameRate) -> Clip {
        let at = Pos::new(rate.seconds_of(timecode).unwrap());
        clip(|sync| SourceIn::Timecode { at, rate, sync }, 0)
    }

    fn check(wav: &Wav, clip: &Clip, frame: i64, basis: StartBasis, codes: &[&str]) {
        let start = resolve_source(clip, &media(wav)).unwrap();
        let found: Vec<&str> = start.findings.iter().map(|f| f.code.id).collect();
        assert_eq!(
            (start.frame, start.basis, found.as_slice()),
            (frame, basis, codes)
        );
    }

    fn refused(wav: &Wav, clip: &Clip) -> String {
        let error = resolve_source(clip, &media(wav)).unwrap_err();
        assert_eq!(error.finding(clip).code.id, "MED012");
        error.to_string()
    }

    #[test]
    fn offsets_and_heads() {
        let offset = |text: &str| {
            let at = Pos::new(text.parse().unwrap());
            clip(move |sync| SourceIn::Offset { at, sync }, 0)
        };
        let odd = Wav {
            rate: 44_100,
            ..Wav::default()
        };
        check(&odd, &offset("1001/24000"), 1839, StartBasis::Offset, &[]);
        check(&odd, &offset("-1"), -44_100, StartBasis::Offset, &[]);
        check(
            &odd,
            &clip(|sync| SourceIn::Head { sync }, 5),
            0,
            StartBasis::Head,
            &[],
        );
    }

    #[test]
    fn timecode_less_time_stamp() {
        let by = StartBasis::Timecode;
        let wav = Wav::at(36_000, 60);
        check(
            &wav,
            &timed("10:00:05:12", FrameRate::F24),
            264_000,
            by,
            &[],
        );
        // An hour of 23.976 is 3603.6 s; the time stamp counts real samples.
        let film = Wav {
            ixml: FILM,
            ..Wav::at(36_030, 60)
        };
        check(
            &film,
            &timed("10:00:00:00", FrameRate::F23_976),
            288_000,
            by,
            &[],
        );
        // A recorder that started four samples into the frame.
        let late = Wav {
            time_reference: Some(36_000 * 48_000 + 4),
            ..Wav::at(0, 60)
        };
        check(&late, &timed("10:00:00:00", FrameRate::F24), -4, by, &[]);
        // Across midnight.
        let night = Wav::at(86_380, 60);
        check(
            &night,
            &timed("00:00:10:00", FrameRate::F25),
            1_440_000,
            by,
            &[],
        );
    }

    #[test]
    fn a_sync_point_before_the_clip_may_lie_outside() {
        let wav = Wav::at(36_000, 60);
        let at = Pos::new(Rational::from_int(35_995));
        let rate = FrameRate::F24;
        let clip = clip(move |sync| SourceIn::Timecode { at, rate, sync }, 7);
        check(&wav, &clip, -240_000, StartBasis::Timecode, &[]);
    }

    #[test]
    fn guesses_are_findings() {
        let own = Wav {
            ixml: FILM,
            ..Wav::at(36_030, 60)
        };
        let label = timed("10:00:00:12", FrameRate::F24);
        check(
            &own,
            &label,
            288_000 + 24_024,
            StartBasis::OwnRate,
            &["MED011"],
        );
        let plain = Wav {
            time_reference: None,
            ..Wav::at(0, 60)
        };
        check(
            &plain,
            &timed("00:00:05:00", FrameRate::F25),
            240_000,
            StartBasis::FromHead,
            &["MED009"],
        );
        check(
            &Wav::at(36_000, 60),
            &timed("00:00:05:00", FrameRate::F25),
            240_000,
            StartBasis::FromHead,
            &["MED009"],
        );
        check(
            &plain,
            &timed("01:00:05:00", FrameRate::F25),
            240_000,
            StartBasis::FromHour,
            &["MED010"],
        );
        // At 23.976 the first hour is 3603.6 s.
        check(
            &plain,
            &timed("01:00:05:00", FrameRate::F23_976),
            240_240,
            StartBasis::FromHour,
            &["MED010"],
        );
    }

    #[test]
    fn what_is_not_there_is_refused_with_what_is() {
        let text = refused(&Wav::at(36_000, 60), &timed("10:01:05:00", FrameRate::F25));
        assert!(
            text.contains("10:01:05:00") && text.contains("10:00:00:00 to 10:01:00:00"),
            "{text}"
        );
        let plain = Wav {
            time_reference: None,
            ..Wav::at(0, 60)
        };
        let text = refused(&plain, &timed("02:00:00:00", FrameRate::F25));
        assert!(
            text.contains("no time stamp and is 00:01:00:00 long"),
            "{text}"
        );
    }
}
