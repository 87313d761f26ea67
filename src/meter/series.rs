//! The course of loudness: as comma-separated values, and thinned to be drawn.

use std::io::{self, Write};

use super::energy::{Hop, Reading, Stretch, Window};
use crate::audio::Lufs;

/// Writes momentary and short-term loudness at every hop.
///
/// Columns: `seconds` and `sample`, the end of the windows counted from the first sample measured (what a
/// meter shows at this moment); `momentary_lufs`, `short_term_lufs`, empty where a window is not yet complete
/// or is digital silence. The first row is the end of the first 400 ms.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_series(out: &mut impl Write, stretch: Stretch<'_>, hop: Hop) -> io::Result<()> {
    writeln!(out, "seconds,sample,momentary_lufs,short_term_lufs")?;
    let mut short_term = stretch.readings(Window::ShortTerm, hop).peekable();
    let digits = match hop {
        Hop::Hundredth => 2,
        Hop::Tenth => 1,
    };
    for (row, momentary) in stretch.readings(Window::Momentary, hop).enumerate() {
        let hops = (row * hop.sub_blocks() + Window::Momentary.sub_blocks()) as f64;
        write!(out, "{:.digits$},{},", hops / 100.0, momentary.end)?;
        write_level(out, Some(momentary))?;
        write!(out, ",")?;
        write_level(
            out,
            short_term.next_if(|reading| reading.end == momentary.end),
        )?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_level(out: &mut impl Write, reading: Option<Reading>) -> io::Result<()> {
    match reading.and_then(|reading| reading.loudness) {
        Some(level) => write!(out, "{:.2}", level.value()),
        None => Ok(()),
    }
}

/// The course of loudness, thinned.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// End of the window of the first value, in tenths of a second from the first sample frame measured.
    pub first: u32,
    /// Tenths of a second between values.
    pub step: u32,
    /// The loudest of the windows that end in the step up to each place; `None` for digital silence.
    pub values: Vec<Option<Lufs>>,
}

/// The course of momentary or short-term loudness in at most `most` values: a value stands for every window
/// that ends in its step, and is that of the loudest of them, so that no excess is thinned away.
pub fn trace(stretch: Stretch<'_>, window: Window, most: usize) -> Trace {
    let readings: Vec<Option<Lufs>> = stretch
        .readings(window, Hop::Tenth)
        .map(|reading| reading.loudness)
        .collect();
    let step = readings.len().div_ceil(most.max(1)).max(1);
    let louder = |a: Option<Lufs>, b: Option<Lufs>| {
        if b > a { b } else { a }
    };
    let values = readings
        .chunks(step)
        .map(|chunk| chunk.iter().copied().fold(None, louder))
        .collect();
    let window = (window.sub_blocks() / Hop::Tenth.sub_blocks()) as u32;
    Trace {
        first: window + step as u32 - 1,
        step: step as u32,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::super::energy::Energies;
    use super::*;
    use crate::audio::SampleRate;

    fn check(tenths: &[f64], hop: Hop, rows: usize, expected: &[(usize, &str)]) {
        let mut energies = Energies::new(SampleRate::HZ_48000);
        for &mean in tenths {
            for _ in 0..10 {
                energies.push(mean * 480.0, 0.5);
            }
        }
        let mut out = Vec::new();
        write_series(&mut out, energies.whole(), hop).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), rows + 1);
        for (row, line) in expected {
            assert_eq!(lines[*row], *line);
        }
    }

    #[test]
    fn a_row_is_what_a_meter_shows_at_that_moment() {
        let half = [0.01; 32];
        check(
            &half,
            Hop::Tenth,
            29,
            &[
                (0, "seconds,sample,momentary_lufs,short_term_lufs"),
                (1, "0.4,19200,-20.69,"),
                (26, "2.9,139200,-20.69,"),
                (27, "3.0,144000,-20.69,-20.69"),
                (29, "3.2,153600,-20.69,-20.69"),
            ],
        );
        check(&half, Hop::Hundredth, 281, &[(2, "0.41,19680,-20.69,")]);
        check(&[0.0; 5], Hop::Tenth, 2, &[(1, "0.4,19200,,")]);
        check(&half[..3], Hop::Tenth, 0, &[]);
    }

    #[test]
    fn thinning_keeps_the_loudest() {
        let mut energies = Energies::new(SampleRate::HZ_48000);
        for tenth in 0..12 {
            let mean = if tenth == 5 { 0.1 } else { 0.0 };
            (0..10).for_each(|_| energies.push(mean * 480.0, 0.5));
        }
        let check = |most, first, step, sounding: &[bool]| {
            let got = trace(energies.whole(), Window::Momentary, most);
            assert_eq!((got.first, got.step), (first, step));
            let sounds: Vec<bool> = got.values.iter().map(Option::is_some).collect();
            assert_eq!(sounds, sounding);
        };
        // Nine windows; those that end 0.6 to 0.9 s in hold the sound.
        check(
            99,
            4,
            1,
            &[false, false, true, true, true, true, false, false, false],
        );
        check(3, 6, 3, &[true, true, false]);
        check(0, 12, 9, &[true]);
        let short = trace(energies.whole(), Window::ShortTerm, 9);
        assert!(short.values.is_empty());
    }
}
