//! Names made comparable: spelling, case and the two ways Unicode writes an accent set aside.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Small letters that Unicode also writes as a letter and a mark, after the letter they are made of
/// (the canonical decompositions of the Latin, Greek and Cyrillic blocks, Unicode 15). macOS stores
/// names the long way, most others the short way.
const ACCENTED: &[&str] = &[
    "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
    "bḃḅḇ",
    "cçćĉċčḉ",
    "dďḋḍḏḑḓ",
    "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
    "fḟ",
    "gĝğġģǧǵḡ",
    "hĥȟḣḥḧḩḫẖ",
    "iìíîïĩīĭįǐȉȋḭḯỉị",
    "jĵǰ",
    "kķǩḱḳḵ",
    "lĺļľḷḹḻḽ",
    "mḿṁṃ",
    "nñńņňǹṅṇṉṋ",
    "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
    "pṕṗ",
    "rŕŗřȑȓṙṛṝṟ",
    "sśŝşšșṡṣṥṧṩ",
    "tţťțṫṭṯṱẗ",
    "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
    "vṽṿ",
    "wŵẁẃẅẇẉẘ",
    "xẋẍ",
    "yýÿŷȳẏẙỳỵỷỹ",
    "zźżžẑẓẕ",
    "æǣǽ",
    "øǿ",
    "ſẛ",
    "ʒǯ",
    "αά",
    "εέ",
    "ηή",
    "ιΐίϊ",
    "οό",
    "υΰϋύ",
    "ωώ",
    "аӑӓ",
    "гѓ",
    "еѐёӗ",
    "жӂӝ",
    "зӟ",
    "ийѝӣӥ",
    "кќ",
    "оӧ",
    "уўӯӱӳ",
    "чӵ",
    "ыӹ",
    "эӭ",
    "ії",
    "ѵѷ",
    "әӛ",
    "өӫ",
];

static BASES: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
    let groups = ACCENTED.iter().filter_map(|group| {
        let base = group.chars().next()?;
        Some(group.chars().skip(1).map(move |accented| (accented, base)))
    });
    groups.flatten().collect()
});

/// A name without case and accents: equal for every way of writing the same name.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        push_folded(letter, &mut folded);
    }
    folded
}

/// The letters and digits of a name, folded: what is left of it in any system that cleans names.
pub(super) fn loose(name: &str) -> String {
    let mut key = fold(name);
    key.retain(char::is_alphanumeric);
    key
}

fn push_folded(letter: char, folded: &mut String) {
    match letter {
        '\0'..='\x7f' => folded.push(letter),
        // Combining accents, and the voicing marks of kana.
        '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' => {}
        '\u{ac00}'..='\u{d7a3}' => push_jamo(letter, folded),
        '\u{3041}'..='\u{30ff}' => folded.push(unvoiced(letter)),
        _ => folded.push(BASES.get(&letter).copied().unwrap_or(letter)),
    }
}

/// A Hangul syllable as its letters (the Unicode Standard, §3.12).
fn push_jamo(syllable: char, folded: &mut String) {
    let index = syllable as u32 - 0xac00;
    let tail = index % 28;
    let letters = [
        Some(0x1100 + index / 588),
        Some(0x1161 + index % 588 / 28),
        (tail > 0).then_some(0x11a7 + tail),
    ];
    folded.extend(letters.into_iter().flatten().filter_map(char::from_u32));
}

/// A kana without its voicing mark; hiragana and katakana stand 0x60 apart in the same order.
fn unvoiced(kana: char) -> char {
    let code = kana as u32;
    let shift = if code >= 0x30a1 { 0x60 } else { 0 };
    let plain = match code - shift {
        c @ 0x304b..=0x3062 => c - (c - 0x304b) % 2,
        c @ 0x3064..=0x3069 => c - (c - 0x3064) % 2,
        c @ 0x306f..=0x307d => c - (c - 0x306f) % 3,
        0x3094 => 0x3046,
        c => c,
    };
    char::from_u32(plain + shift).unwrap_or(kana)
}

/// A file name without its suffix: what stands after the last dot, if that is one to five letters
/// or digits and not all of the name.
pub(super) fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() && is_suffix(suffix) => stem,
        _ => name,
    }
}

fn is_suffix(suffix: &str) -> bool {
    (1..=5).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// How many single-letter changes make one name the other; `None` past `limit`.
pub(super) fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut best = left;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let change = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = change.min(diagonal + 1).min(left + 1);
            *cell = left;
            best = best.min(left);
        }
        if best > limit {
            return None;
        }
    }
    row.last().copied().filter(|changes| *changes <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_name_are_equal() {
        for (short, long) in [
            ("Café.WAV", "cafe\u{301}.wav"),
            ("Übung", "u\u{308}bung"),
            ("Ёлка й", "е\u{308}лка и\u{306}"),
            (
                "한국어",
                "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}",
            ),
            ("が ぱ ヴ ド", "か\u{3099} は\u{309a} ウ\u{3099} ト\u{3099}"),
            ("Việt", "vie\u{323}\u{302}t"),
        ] {
            assert_eq!(fold(short), fold(long), "{short}");
        }
        assert_ne!(fold("a.wav"), fold("b.wav"));
        assert_eq!(loose("SR-018_b"), "sr018b");
    }

    #[test]
    fn suffixes_are_short() {
        for (name, expect) in [
            ("a.wav", "a"),
            ("B140C001_160908_R16W", "B140C001_160908_R16W"),
            (".hidden", ".hidden"),
            ("ZZ100_501.LAY3.01", "ZZ100_501.LAY3"),
            ("Dr. Strange and more", "Dr. Strange and more"),
            ("a.", "a."),
        ] {
            assert_eq!(stem(name), expect);
        }
    }

    #[test]
    fn distance_counts_changes_up_to_a_limit() {
        for (a, b, expect) in [
            ("kitten", "sitting", Some(3)),
            ("same", "same", Some(0)),
            ("", "abc", Some(3)),
            ("abc", "", Some(3)),
            ("abcdefgh", "zyxwvuts", None),
        ] {
            assert_eq!(distance(a, b, 3), expect, "{a} {b}");
        }
    }
}
