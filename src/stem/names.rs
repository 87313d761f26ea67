//! Patterns in names that the field uses: scene and take, sound rolls, camera clips, music cues.

use super::text::{Word, without_suffix};

/// Reads a text from the left.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// Between `least` and `most` characters that fit, as many as there are.
    fn take(self, least: usize, most: usize, fits: fn(&char) -> bool) -> Option<Self> {
        let count = self.0.chars().take(most).take_while(fits).count();
        let rest: &'a str = self
            .0
            .char_indices()
            .nth(count)
            .map_or("", |(at, _)| self.0.get(at..).unwrap_or_default());
        (count >= least).then_some(Self(rest))
    }

    fn digits(self, least: usize, most: usize) -> Option<Self> {
        self.take(least, most, char::is_ascii_digit)
    }

    fn letters(self, least: usize, most: usize) -> Option<Self> {
        self.take(least, most, char::is_ascii_alphabetic)
    }

    fn one_of(self, choices: &[char]) -> Option<Self> {
        let mut chars = self.0.chars();
        chars
            .next()
            .filter(|c| choices.contains(c))
            .map(|_| Self(chars.as_str()))
    }

    fn word(self, word: &str) -> Option<Self> {
        let front = self.0.get(..word.len())?;
        let rest = self.0.get(word.len()..)?;
        front.eq_ignore_ascii_case(word).then_some(Self(rest))
    }

    /// Whether the text ends here or goes on with something that is not part of a number or word.
    fn ends(self) -> bool {
        self.0.chars().next().is_none_or(|c| !c.is_alphanumeric())
    }
}

/// Whether a clip or file name is a scene and a take, as editors name synced dailies: `32B-4`,
/// `1-2B`, `V11-3A`, `AP002K-2-B`, `A101_1`, `24AT03`, `Sr001-2C-01_01`, with what an editor's
/// program hangs on (`4F-1A.SUB.01`, `AP002N-1*`).
pub(super) fn is_scene_take(name: &str) -> bool {
    let name = Cursor(without_suffix(name));
    let roll = name
        .word("SR")
        .and_then(|c| c.digits(1, 4))
        .and_then(|c| c.one_of(&['-', '_']));
    roll.is_some_and(scene_then_take) || scene_then_take(name)
}

/// A scene (`32B`, `AP002K`, `Scene_1_2AG`) and behind it a take.
fn scene_then_take(start: Cursor) -> bool {
    // Some recorders write the word out, with a number of their own behind it.
    let named = || {
        let c = start.word("SCENE")?.one_of(&['_', ' ', '-'])?;
        let numbered = || c.digits(1, 3)?.one_of(&['_']);
        Some(numbered().unwrap_or(c))
    };
    let number = || named().unwrap_or(start).letters(0, 2)?.digits(1, 4);
    let Some(number) = number() else {
        return false;
    };
    (0..=3).any(|letters| number.letters(letters, letters).is_some_and(take_number))
}

/// `-4`, `-2A`, `_1`, `T03`, `-T001` and then the end or an addition.
fn take_number(after_scene: Cursor) -> bool {
    let dash = after_scene.one_of(&['-', '_']);
    let t_take = dash
        .or(Some(after_scene))
        .and_then(|c| c.one_of(&['T', 't']))
        .and_then(|c| c.digits(1, 3));
    let plain = dash
        .and_then(|c| c.digits(1, 2))
        .and_then(|c| c.letters(0, 3));
    let ends = |c: Cursor| c.ends() && !c.0.starts_with(' ') || c.0.trim().is_empty();
    [t_take, plain].into_iter().flatten().any(ends)
}

/// Whether a reel is a sound roll: `SR018`.
pub(super) fn is_sound_roll(reel: &str) -> bool {
    let number = |prefix| {
        let cursor = Cursor(reel.trim()).word(prefix)?;
        let cursor = cursor.one_of(&['_', '-', ' ']).unwrap_or(cursor);
        cursor.digits(1, 5)
    };
    ["SR", "SND", "SOUNDROLL", "SNDROLL"]
        .into_iter()
        .filter_map(number)
        .any(Cursor::ends)
}

/// Whether a name is that of a camera clip (`A054C002_160819_R1BY`): its sound is that of the set.
pub(super) fn is_camera_clip(name: &str) -> bool {
    let clip = || {
        let c = Cursor(without_suffix(name)).letters(1, 1)?;
        let c = c.one_of(&['_']).unwrap_or(c).digits(3, 4)?;
        c.word("C")?.digits(3, 4)?.one_of(&['_'])?.digits(6, 8)
    };
    clip().is_some()
}

/// Whether the words hold a music cue number: `1M1`, `2m03`, `10M4`.
pub(super) fn music_cue(name: &[Word]) -> Option<String> {
    name.windows(3).find_map(|three| {
        let [reel, m, cue] = three else { return None };
        let fits = reel.is_number() && !reel.glued && m.text == "M" && cue.is_number();
        let short = reel.text.len() <= 2 && cue.text.len() <= 3;
        (fits && short && m.glued && cue.glued).then(|| format!("{}M{}", reel.text, cue.text))
    })
}

/// Whether the words name a take of a line: `TAKE 2`, `2 TAKES`.
pub(super) fn names_take(name: &[Word]) -> bool {
    name.windows(2).any(|two| {
        let [a, b] = two else { return false };
        let take = |word: &Word| word.text == "TAKE" || word.text == "TAKES" || word.text == "TK";
        take(a) && b.is_number() || a.is_number() && take(b)
    })
}

/// Whether the words name a scene: `SC014`, `SCENE 12`.
pub(super) fn names_scene(name: &[Word]) -> bool {
    name.windows(2).any(|two| {
        let [a, b] = two else { return false };
        (a.text == "SC" || a.text == "SCENE") && b.is_number()
    })
}

/// The parts of a name in `[brackets]`, and the name without them, without `{fields}` and without
/// `$KEY=value` (the tags of ADR spotting in Pro Tools).
pub(super) fn tags(name: &str) -> (Vec<&str>, String) {
    let mut tags = Vec::new();
    let mut rest = String::new();
    let mut left = name;
    while let Some(at) = left.find(['[', '{', '$']) {
        let (front, marked) = left.split_at(at);
        rest.push_str(front);
        let close = match marked.chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            _ => ' ',
        };
        let body = marked.get(1..).unwrap_or_default();
        let end = body.find(close);
        if close == ' '
            && !body
                .split(' ')
                .next()
                .is_some_and(|word| word.contains('='))
        {
            // A dollar sign of its own.
            rest.push('$');
            left = body;
            continue;
        }
        let Some(end) = end.or((close == ' ').then_some(body.len())) else {
            // Never closed: an ordinary character.
            left = body;
            continue;
        };
        if close == ']' {
            tags.extend(body.get(..end));
        }
        rest.push(' ');
        left = body.get(end + 1..).unwrap_or_default();
    }
    rest.push_str(left);
    (tags, rest)
}

/// Whether a name carries the number of an ADR cue: `$QN=1001`, `{QN=J1003}`.
pub(super) fn is_adr_cue(name: &str) -> bool {
    ["$QN=", "{QN=", "{N="]
        .iter()
        .any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stem::text::words;

    #[test]
    fn scenes_and_takes_of_the_field_are_known() {
        for name in [
            "1-2B",
            "2A-2A",
            "32B-4",
            "9R-2",
            "V11-3A",
            "V14G-3A",
            "12B-3SER",
            "4F-5PUA",
            "9M-1.SUB.01",
            "4F-1A.SUB.01_BETTER SCREAMFOR KID",
            "AP002K-2-B",
            "AP002N-1*",
            "E101A_02.L.WAV",
            "A101_1.WAV",
            "Sr001-2C-01_01.WAV",
            "Scene_1_2AG-T001_Tr1.WAV",
            "24AT03.WAV",
            "44A-1",
            "13-1",
            "AP002-4*",
            "VA3-2SER",
        ] {
            assert!(is_scene_take(name), "{name}");
        }
        for name in [
            "",
            "TC R1 V6 TEMP2 M DX.WAV",
            "sq001_s004",
            "ZZ100_501 (LAY3)",
            "take_1",
            "EFA.MOV",
            "ANTI-RUSSIA_ANTI-COMMUNISM_EDUCATIONALVIDEO_1952.MP3",
            "clip 1",
            "1M1 Main Title",
            "65675056673-10-NTSC-DV.MOV",
            "LINE 02_08.L.WAV",
            "1952-10 speech",
            "A054C002_160819_R1BY",
            "R1 V1.2",
            "X-1",
        ] {
            assert!(!is_scene_take(name), "{name}");
        }
    }

    #[test]
    fn rolls_cameras_cues_and_takes_are_known() {
        assert!(is_sound_roll("SR018") && is_sound_roll("SR05") && is_sound_roll("SND_12"));
        assert!(!is_sound_roll("SR") && !is_sound_roll("SRC48") && !is_sound_roll("A054"));
        assert!(is_camera_clip("A054C002_160819_R1BY") && is_camera_clip("A008C013_140711ZJ"));
        assert!(is_camera_clip("A_0001C002_230101_120000.MXF") && !is_camera_clip("A101_1"));
        assert_eq!(music_cue(&words("1M1 Main Title")).as_deref(), Some("1M1"));
        assert_eq!(music_cue(&words("R2_3m04v2")).as_deref(), Some("3M04"));
        assert_eq!(music_cue(&words("A079C004_170801_R0M8")), None);
        assert_eq!(music_cue(&words("4 M 2")), None);
        assert_eq!(music_cue(&words("9M-1")), None);
        assert!(names_take(&words("JAKE NO TAKE 2")) && names_take(&words("KF-2 TAKES")));
        assert!(!names_take(&words("TAKE YOUR TIME")));
        assert!(names_scene(&words("SPECS SC014 - LINT 2")));
    }

    #[test]
    fn tags_are_cut_out() {
        let check = |name: &str, want: &[&str], rest: &str| {
            let (tags, left) = tags(name);
            assert_eq!(tags, want, "{name}");
            let words: Vec<&str> = left.split_whitespace().collect();
            assert_eq!(words.join(" "), rest, "{name}");
        };
        check(
            "Lorem [ADR] {P=MUSIC MAN} $QN=12 ipsum",
            &["ADR"],
            "Lorem ipsum",
        );
        check("[FX] door [GROUP]", &["FX", "GROUP"], "door");
        check("[open", &[], "open");
        check("5 $ and {x", &[], "5 $ and x");
        check("$QN=1001", &[], "");
        check("käse [Ä]", &["Ä"], "käse");
    }
}
