//! The course of loudness as comma-separated values.

use std::io::{self, Write};

use super::energy::{Hop, Reading, Stretch, Window};

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
}
