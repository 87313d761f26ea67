//! Times of BS.2076 in both spellings, exactly.

use crate::time::Rational;

/// Most digits behind the point that are kept: ten hours of them still fit an exact fraction.
const DIGITS: usize = 13;

/// A time that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parsed {
    /// In seconds.
    pub(super) seconds: Rational,
    /// Whether it was written with the fraction `…S48000` of version 2.
    pub(super) fraction: bool,
    /// Whether digits were cut off.
    pub(super) cut: bool,
}

/// Reads `hh:mm:ss.zzzzz` (BS.2076-1 §5.2) or `hh:mm:ss.nnnnnSddddd` (BS.2076-2 §5.11): whole
/// seconds and `nnnnn/ddddd` of one.
pub(super) fn parse(text: &str) -> Option<Parsed> {
    let text = text.trim();
    let mut parts = text.splitn(3, ':');
    let hours = whole(parts.next()?, 4)?;
    let minutes = whole(parts.next()?, 2)?;
    let rest = parts.next()?;
    let (seconds, behind) = rest.split_once('.').unwrap_or((rest, ""));
    let seconds = whole(seconds, 2)?;
    let whole_seconds = Rational::from_int((hours * 60 + minutes) * 60 + seconds);
    let (behind, fraction, cut) = if let Some((num, den)) = behind.split_once('S') {
        (
            Rational::new(whole(num, 15)?, whole(den, 15)?)?,
            true,
            false,
        )
    } else {
        let (value, cut) = decimals(behind)?;
        (value, false, cut)
    };
    Some(Parsed {
        seconds: whole_seconds.checked_add(behind)?,
        fraction,
        cut,
    })
}

/// Reads a plain number of seconds such as `0.005208`, as `interpolationLength` has it, or a time
/// with colons.
pub(super) fn parse_seconds(text: &str) -> Option<Parsed> {
    let text = text.trim();
    if text.contains(':') {
        return parse(text);
    }
    if let Some((num, den)) = text.split_once('S') {
        let seconds = Rational::new(whole(num, 15)?, whole(den, 15)?)?;
        return Some(Parsed {
            seconds,
            fraction: true,
            cut: false,
        });
    }
    let (seconds, behind) = text.split_once('.').unwrap_or((text, ""));
    let seconds = if seconds.is_empty() && !behind.is_empty() {
        0
    } else {
        whole(seconds, 9)?
    };
    let (behind, cut) = decimals(behind)?;
    Some(Parsed {
        seconds: Rational::from_int(seconds).checked_add(behind)?,
        fraction: false,
        cut,
    })
}

fn whole(text: &str, most: usize) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && text.len() <= most)
        .then(|| text.parse().ok())
        .flatten()
}

/// The digits behind a decimal point, and whether some that are not zero were cut off.
fn decimals(text: &str) -> Option<(Rational, bool)> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = text.get(..DIGITS).unwrap_or(text);
    let cut = text.bytes().skip(kept.len()).any(|byte| byte != b'0');
    if kept.is_empty() {
        return Some((Rational::ZERO, cut));
    }
    let den = 10_i64.checked_pow(kept.len() as u32)?;
    Some((Rational::new(kept.parse().ok()?, den)?, cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Option<&str>) {
        let got = parse(text).map(|parsed| parsed.seconds.to_string());
        assert_eq!(got.as_deref(), want, "{text}");
    }

    #[test]
    fn both_spellings_are_exact() {
        check("00:00:00.00000", Some("0/1"));
        check("00:00:01.00100", Some("1001/1000"));
        check("01:00:00.1001S48000", Some("172801001/48000"));
        check("00:00:00.0S1", Some("0/1"));
        check("0:0:5", Some("5/1"));
        check("00:00:05.", Some("5/1"));
        check("26:40:00.5", Some("192001/2"));
        check(
            "00:00:00.33333333333333333333",
            Some("3333333333333/10000000000000"),
        );
    }

    #[test]
    fn nonsense_is_none() {
        for text in [
            "",
            "5",
            "00:00",
            "00:00:00.1S0",
            "aa:00:00.0",
            "00:00:-1.0",
            "00:00:00.1e5",
            "00:00:00.S48000",
            "99999999999:00:00",
            "00:00:1.٣",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn plain_seconds() {
        let check = |text: &str, want: Option<&str>| {
            let got = parse_seconds(text).map(|parsed| parsed.seconds.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        };
        check("0.005208", Some("651/125000"));
        check("0", Some("0/1"));
        check(".5", Some("1/2"));
        check("256S48000", Some("2/375"));
        check("00:00:00.00500", Some("1/200"));
        check("-1", None);
        check("nan", None);
        check("", None);
    }

    #[test]
    fn cut_digits_are_told() {
        assert!(parse("00:00:00.12345678901234567").unwrap().cut);
        assert!(!parse("00:00:00.12345000000000000").unwrap().cut);
        assert!(parse("00:00:00.5S48000").unwrap().fraction);
    }
}
