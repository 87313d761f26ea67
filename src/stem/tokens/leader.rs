//! Names of leaders, pops and tones.

use crate::stem::text::Word;

/// Whether a name is that of a leader, pop or tone and of nothing else.
pub(in crate::stem) fn is_leader(name: &[Word]) -> bool {
    const CORE: &[&str] = &[
        "LEADER",
        "LEADERS",
        "POP",
        "POPS",
        "PLOP",
        "PLOPS",
        "TONE",
        "TONES",
        "BARS",
        "COUNTDOWN",
    ];
    const BESIDE: &[&str] = &[
        "HEAD",
        "TAIL",
        "SYNC",
        "ACADEMY",
        "SMPTE",
        "EBU",
        "COUNTDOWN",
        "FILM",
        "PICTURE",
        "2",
        "2ND",
        "LINEUP",
        "1K",
        "BARS",
        "TONE",
    ];
    const AROUND: &[&str] = &[
        "START", "END", "TEST", "LINE", "UP", "REF", "K", "KHZ", "HZ", "DB", "DBFS", "AND",
        "COLOR", "COLOUR", "MONO", "STEREO", "ST", "M", "L", "R", "LEFT", "RIGHT", "REEL", "TRACK",
        "TRK", "BEEP", "BLEEP", "V", "THE", "FFOA", "LFOA", "SINE", "A",
    ];
    let is = |word: &Word, list: &[&str]| list.contains(&word.text.as_str());
    let core: Vec<usize> = (0..name.len())
        .filter(|&i| name.get(i).is_some_and(|word| is(word, CORE)))
        .collect();
    if core.is_empty() {
        return false;
    }
    // `ROOM TONE`, `DIAL TONE`: the word before makes it another thing.
    let alone = name
        .iter()
        .all(|word| word.is_number() || is(word, CORE) || is(word, BESIDE) || is(word, AROUND));
    let paired = |i: usize| {
        let before = i.checked_sub(1).and_then(|i| name.get(i));
        let words = before.into_iter().chain(name.get(i + 1));
        words.into_iter().any(|word| is(word, BESIDE))
    };
    alone || core.into_iter().any(paired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stem::text::words;

    #[test]
    fn leaders_are_only_leaders() {
        let check = |name: &str, want: bool| assert_eq!(is_leader(&words(name)), want, "{name}");
        check("2POP", true);
        check("2-pop R3", true);
        check("HEAD LEADER MONO", true);
        check("FKI_LEADER_HEAD_1920X1080", true);
        check("OY_TAIL LEADER", true);
        check("BARS AND TONE", true);
        check("1K TONE -20", true);
        check("POP", true);
        check("TONE", true);
        check("ROOM TONE INT KITCHEN", false);
        check("Dial Tone", false);
        check("POP SONG", false);
        check("balloon pop", false);
        check("", false);
    }
}
