//! Timecode, frames and samples held against another program's, at every rate of the field.

use proptest::prelude::*;
use stemline::audio::SampleRate;
use stemline::time::{FrameRate, Timecode, sample_at};

/// The same rate in the words of the other program; it has no 96.
fn other(rate: FrameRate) -> Option<smpte_timecode::FrameRate> {
    let ntsc = rate.fps().den() == 1001;
    let nominal = u8::try_from(rate.nominal()).ok()?;
    smpte_timecode::FrameRate::new(nominal, ntsc, rate.drop_frame()).ok()
}

proptest! {
    #[test]
    fn labels_and_samples_are_those_of_another_implementation(
        frame in 0_i64..20_000_000,
        pick in 0..FrameRate::ALL.len(),
        hertz in prop::sample::select(vec![44_100_u32, 48_000, 88_200, 96_000, 192_000]),
    ) {
        let rate = FrameRate::ALL[pick];
        let Some(theirs) = other(rate) else { return Ok(()) };
        let ours = Timecode::from_frame(frame, rate);
        let theirs = smpte_timecode::Timecode::from_frames(ours.frame() as u32, theirs).unwrap();
        let fields = theirs.fields();
        prop_assert_eq!(
            ours.fields(),
            (
                u32::from(fields.hours),
                u32::from(fields.minutes),
                u32::from(fields.seconds),
                u32::from(fields.frames),
            )
        );
        let seconds = rate.seconds_at(ours.frame()).unwrap();
        let exact = theirs.to_seconds();
        prop_assert_eq!(
            (i128::from(seconds.num()), i128::from(seconds.den())),
            (i128::from(exact.numer()), i128::from(exact.denom()))
        );
        let sample = sample_at(seconds, SampleRate::new(hertz).unwrap());
        let at = smpte_timecode::Ratio::from_integer(u64::from(hertz));
        let expect = theirs.to_samples(at, smpte_timecode::Rounding::Nearest).unwrap();
        prop_assert_eq!(sample, expect as i64);
    }
}

#[test]
fn most_rates_are_known_to_both() {
    let known = FrameRate::ALL
        .iter()
        .filter(|rate| other(**rate).is_some())
        .count();
    assert_eq!(known, FrameRate::ALL.len() - 1);
}
