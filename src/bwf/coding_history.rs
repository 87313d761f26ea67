//! The coding history of the bext chunk.

use super::model::WaveFormat;

/// Adds our line to a coding history: one line per process, ended by CR LF, fields in the order of
/// EBU R 98 §2. `text` says what was done and by what; commas, which separate fields, become semicolons.
///
/// More than two channels are outside R 98; `multichannel` is what archives write for them (FADGI,
/// Embedding Metadata in Digital Audio Files).
pub fn add_coding_history(history: &str, format: &WaveFormat, text: &str) -> String {
    let mode = match format.channels {
        1 => "mono",
        2 => "stereo",
        _ => "multichannel",
    };
    let text: String = text
        .chars()
        .map(|c| match c {
            ',' => ';',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let before = history.trim_end_matches(['\r', '\n', '\0']);
    let end = if before.is_empty() { "" } else { "\r\n" };
    format!(
        "{before}{end}A=PCM,F={},W={},M={mode},T={text}\r\n",
        format.rate.hertz(),
        format.valid_bits
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{SampleFormat, SampleRate};

    #[test]
    fn lines_follow_each_other() {
        let format =
            |channels| WaveFormat::new(SampleRate::HZ_48000, channels, SampleFormat::Int24, 0);
        let one = add_coding_history("", &format(2), "recorder, take 1");
        assert_eq!(one, "A=PCM,F=48000,W=24,M=stereo,T=recorder; take 1\r\n");
        let two = add_coding_history("A=ANALOGUE,M=mono", &format(6), "stemline");
        assert_eq!(
            two,
            "A=ANALOGUE,M=mono\r\nA=PCM,F=48000,W=24,M=multichannel,T=stemline\r\n"
        );
        assert_eq!(add_coding_history(&one, &format(1), "x").lines().count(), 2);
    }
}
