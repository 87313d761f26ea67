//! Production metadata in the lines of a bext description: `sSCENE=A101`, `gTAPE=Sr001`, `TR1=Boom`.
//!
//! Recorders wrote them before iXML and still do. The small letter before the key names the maker and
//! says nothing else.

use crate::media::file::{Labels, MediaTrack};
use crate::time::FrameRate;

/// Most lines that are looked at: the description has 256 characters.
const MAX_LINES: usize = 256;

/// What the lines say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Description {
    /// Tape, scene, take, project, note.
    pub(super) labels: Labels,
    /// Recorder tracks with their names.
    pub(super) tracks: Vec<MediaTrack>,
    /// Rate and counting of the timecode.
    pub(super) timecode_rate: Option<FrameRate>,
}

/// Reads the lines; whatever is none of these lines is free text.
pub(super) fn parse(text: &str) -> Description {
    let mut description = Description::default();
    for line in text.split(['\r', '\n']).take(MAX_LINES) {
        if let Some((key, value)) = line.split_once('=') {
            description.line(key.trim(), value.trim());
        }
    }
    description
}

impl Description {
    fn line(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let plain = match key.as_bytes() {
            [b'a'..=b'z', b'A'..=b'Z', ..] => key.get(1..).unwrap_or(key),
            _ => key,
        };
        let some = || Some(value.to_owned());
        match plain {
            "TAPE" => self.labels.tape = some(),
            "SCENE" => self.labels.scene = some(),
            "TAKE" => self.labels.take = some(),
            "PROJECT" => self.labels.project = some(),
            "NOTE" => self.labels.note = some(),
            "SPEED" | "FRAMERATE" => self.timecode_rate = rate(value),
            track => self.track(track, value),
        }
    }

    /// `TRK1`, `TR1`.
    fn track(&mut self, key: &str, name: &str) {
        let number = key.strip_prefix("TRK").or_else(|| key.strip_prefix("TR"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            self.tracks.push(MediaTrack {
                recorder_track: Some(number),
                name: Some(name.to_owned()),
                ..MediaTrack::default()
            });
        }
    }
}

/// `023.976-ND`, `029.97-DF`, `25.000ND`, `29.97ND`.
fn rate(text: &str) -> Option<FrameRate> {
    let upper = text.to_ascii_uppercase();
    let (number, drop) = match upper
        .strip_suffix("ND")
        .or_else(|| upper.strip_suffix("NDF"))
    {
        Some(number) => (number, false),
        None => match upper.strip_suffix("DF").or_else(|| upper.strip_suffix('D')) {
            Some(number) => (number, true),
            None => (upper.as_str(), false),
        },
    };
    let fps: f64 = number.trim_matches(['-', ' ']).parse().ok()?;
    FrameRate::from_f64(fps).ok()?.with_drop(drop).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        text: &str,
        tape: Option<&str>,
        scene: Option<&str>,
        take: Option<&str>,
    ) -> Description {
        let description = parse(text);
        let labels = &description.labels;
        let got = (
            labels.tape.as_deref(),
            labels.scene.as_deref(),
            labels.take.as_deref(),
        );
        assert_eq!(got, (tape, scene, take), "{text}");
        description
    }

    #[test]
    fn every_maker_has_a_letter() {
        check(
            "sSCENE=A101\r\nsTAKE=1\r\nsTAPE=18Y12M31",
            Some("18Y12M31"),
            Some("A101"),
            Some("1"),
        );
        check(
            "gSCENE=2C\r\ngTAKE=01\r\ngTAPE=Sr001\r\n",
            Some("Sr001"),
            Some("2C"),
            Some("01"),
        );
        check(
            "SCENE=Scene_1_2AG\nTAPE=WINFO",
            Some("WINFO"),
            Some("Scene_1_2AG"),
            None,
        );
        check("dTAPE=R7", Some("R7"), None, None);
        check("a description = free text\r\nsNOTE=\r\n", None, None, None);
        check("é=1\n=\nTAPE", None, None, None);
    }

    #[test]
    fn rates_and_tracks() {
        let found = parse("sSPEED=023.976-ND\r\nsTRK1=MKH516 A\r\nsTRK2=Boom\r\nTR7=Lav");
        assert_eq!(found.timecode_rate, Some(FrameRate::F23_976));
        let tracks: Vec<_> = found
            .tracks
            .iter()
            .map(|t| (t.recorder_track, t.name.as_deref()))
            .collect();
        let expect = [
            (Some(1), Some("MKH516 A")),
            (Some(2), Some("Boom")),
            (Some(7), Some("Lav")),
        ];
        assert_eq!(tracks, expect);
        for (text, expect) in [
            ("25.000ND", Some(FrameRate::F25)),
            ("029.97-DF", Some(FrameRate::F29_97_DF)),
            ("029.97-ND", Some(FrameRate::F29_97)),
            ("nonsense", None),
        ] {
            assert_eq!(rate(text), expect, "{text}");
        }
    }
}
