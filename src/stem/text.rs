//! Names as words: folded to capitals without accents, split where people mean a new word.

/// Suffixes of sound and picture files; only these are cut off, `V1.2` keeps its `2`.
const SUFFIXES: &[&str] = &[
    "wav", "bwf", "bwav", "w64", "rf64", "aif", "aiff", "aifc", "caf", "flac", "mp3", "m4a", "mp4",
    "aac", "ogg", "opus", "wma", "sd2", "mov", "mxf", "avi", "mpg", "m4v", "omf", "r3d", "ari",
    "braw", "mts", "ec3", "ac3",
];

/// The name without the suffix of a sound or picture file.
pub(super) fn without_suffix(name: &str) -> &str {
    match name.trim().rsplit_once('.') {
        Some((front, suffix))
            if SUFFIXES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(suffix)) =>
        {
            front
        }
        _ => name.trim(),
    }
}

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded: capitals, no accents.
    pub(super) text: String,
    /// Whether nothing but a change of letters stood before it: the `M` of `1M1`.
    pub(super) glued: bool,
}

impl Word {
    /// Whether it is a number.
    pub(super) fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Most words of a name that are looked at: longer names are hostile.
const MAX_WORDS: usize = 64;

/// Splits at everything that is no letter or digit, between letters and digits, at camel case and
/// between Latin and East Asian writing.
pub(super) fn words(name: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut current = String::new();
    let mut glued = false;
    let chars: Vec<char> = name.chars().take(1024).collect();
    for (i, &c) in chars.iter().enumerate() {
        if is_mark(c) {
            continue;
        }
        let word = c.is_alphanumeric();
        let before = current.chars().last();
        let turn = before.is_some_and(|b| turns(&current, b, c, chars.get(i + 1).copied()));
        if (!word || turn) && !current.is_empty() {
            push(&mut words, &current, glued);
            current.clear();
            glued = word;
        }
        if word {
            current.push(c);
        } else {
            glued = false;
        }
    }
    push(&mut words, &current, glued);
    words.truncate(MAX_WORDS);
    words
}

fn push(words: &mut Vec<Word>, text: &str, glued: bool) {
    if !text.is_empty() {
        let text = fold(text);
        words.push(Word { text, glued });
    }
}

/// Whether a new word starts at `c` after `before`, the last of `current`.
fn turns(current: &str, before: char, c: char, after: Option<char>) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    if digit(before) != digit(c) || is_east_asian(before) != is_east_asian(c) {
        return true;
    }
    if before.is_lowercase() && c.is_uppercase() {
        return true;
    }
    // `DXstem`: the capitals are a word of their own. `FXStem`: so are they before a capital that
    // starts a word.
    let starts = c.is_lowercase() || c.is_uppercase() && after.is_some_and(char::is_lowercase);
    starts && is_abbreviation(current)
}

/// Capitals that stand for a kind of sound and are glued to words.
fn is_abbreviation(text: &str) -> bool {
    matches!(
        text,
        "DX" | "MX"
            | "FX"
            | "SFX"
            | "PFX"
            | "DIA"
            | "DIAL"
            | "MUS"
            | "ADR"
            | "BG"
            | "VO"
            | "FOL"
            | "AMB"
            | "GRP"
            | "HFX"
    )
}

/// Capitals without accents, whether these are written as one character or as a mark after the
/// letter (file names from macOS): `Geräusche` is `GERAUSCHE`.
pub(super) fn fold(text: &str) -> String {
    let bare = text
        .chars()
        .filter(|&c| !is_mark(c))
        .flat_map(char::to_uppercase);
    compose(bare.map(base_letter))
}

/// Marks that stand after their letter: accents, and the voicing marks of kana.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}')
}

/// The letter without its accent.
fn base_letter(c: char) -> char {
    const ACCENTED: &[(&str, char)] = &[
        ("ÀÁÂÃÄÅĀĂĄ", 'A'),
        ("ÇĆČ", 'C'),
        ("ĎĐ", 'D'),
        ("ÈÉÊËĒĘĚ", 'E'),
        ("Ğ", 'G'),
        ("ÌÍÎÏĪİ", 'I'),
        ("ŁĽ", 'L'),
        ("ÑŃŇ", 'N'),
        ("ÒÓÔÕÖØŌŐ", 'O'),
        ("ŘŔ", 'R'),
        ("ŠŚŞ", 'S'),
        ("ŤŢ", 'T'),
        ("ÙÚÛÜŪŮŰ", 'U'),
        ("ÝŸ", 'Y'),
        ("ŽŹŻ", 'Z'),
        ("Й", 'И'),
        ("Ё", 'Е'),
    ];
    const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボ";
    if c.is_ascii() {
        return c;
    }
    if VOICED.contains(c) {
        // The voiced kana follow their plain ones.
        return char::from_u32(c as u32 - 1).unwrap_or(c);
    }
    let row = ACCENTED.iter().find(|row| row.0.contains(c));
    row.map_or(c, |row| row.1)
}

/// Puts Korean letters together to syllables (Unicode 3.12): file names from macOS take them apart.
fn compose(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for c in chars {
        let joined = out.chars().last().and_then(|before| {
            let (b, c) = (before as u32, c as u32);
            match (b, c) {
                (0x1100..=0x1112, 0x1161..=0x1175) => {
                    char::from_u32(0xac00 + ((b - 0x1100) * 21 + (c - 0x1161)) * 28)
                }
                (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (b - 0xac00) % 28 == 0 => {
                    char::from_u32(b + c - 0x11a7)
                }
                _ => None,
            }
        });
        if joined.is_some() {
            out.pop();
        }
        out.push(joined.unwrap_or(c));
    }
    out
}

/// Writing without spaces between words.
pub(super) fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_where_people_mean_a_new_word() {
        let check = |name: &str, want: &str| {
            let got: Vec<String> = words(name).into_iter().map(|word| word.text).collect();
            assert_eq!(got.join(" "), want, "{name}");
        };
        check("TC R1 V6 TEMP2 M DX", "TC R 1 V 6 TEMP 2 M DX");
        check("FXStem", "FX STEM");
        check("DXstem", "DX STEM");
        check("RoomTone_01", "ROOM TONE 01");
        check("1M1 Main", "1 M 1 MAIN");
        check("V/O", "V O");
        check("Geräusche", "GERAUSCHE");
        check("Gera\u{308}usche", "GERAUSCHE");
        check("対白DX1", "対白 DX 1");
        check("\u{1103}\u{1162}\u{1109}\u{1161}1", "대사 1");
        check("__", "");
        check("MUSICbed", "MUSICBED");
    }

    #[test]
    fn only_known_suffixes_are_cut() {
        let check = |name: &str, want: &str| assert_eq!(without_suffix(name), want);
        check("A101_1.WAV", "A101_1");
        check("R1 V1.2", "R1 V1.2");
        check("x.L.wav", "x.L");
        check("", "");
    }
}
