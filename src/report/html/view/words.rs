//! Numbers and names as people write them.

use crate::report::Aim;

/// A number with one decimal and a true minus.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_prefix('-') {
        Some("0.0") => "0.0".to_owned(),
        Some(rest) => format!("\u{2212}{rest}"),
        None => text,
    }
}

pub(super) fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| "\u{2013}".to_owned(), number)
}

/// `1,234`.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `2 files`.
pub(super) fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", count(number))
}

/// `target −27.0 ±2.0`.
pub(super) fn aim_text(aim: &Aim) -> String {
    let Some((target, tolerance)) = aim.loudness else {
        return String::new();
    };
    let what = if aim.of_dialogue { "dialogue " } else { "" };
    let (target, tolerance) = (number(target.value()), number(tolerance.value()));
    format!("{what}target {target} \u{b1}{tolerance}")
}

/// The colour of a kind of file.
pub(super) fn hue(code: &str, is_sum: bool) -> &'static str {
    let starts = |heads: &[&str]| heads.iter().any(|head| code.starts_with(head));
    match code {
        _ if is_sum => "sum",
        "ME" | "MIX" | "PM" => "sum",
        _ if starts(&["DX", "DIA", "NARR", "VO", "ADR"]) => "dx",
        _ if starts(&["MX", "MUS"]) => "mx",
        _ if starts(&["FX", "SFX", "BG", "FOL", "FF", "PFX"]) => "fx",
        _ if starts(&["OPT", "GRP"]) => "opt",
        _ => "sum",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_do() {
        assert_eq!(
            (number(-23.04).as_str(), number(-0.01).as_str()),
            ("\u{2212}23.0", "0.0")
        );
        assert_eq!(
            (count(1_234_567).as_str(), count(999).as_str()),
            ("1,234,567", "999")
        );
        assert_eq!(
            (counted(1, "file"), counted(2, "file")),
            ("1 file".into(), "2 files".into())
        );
        assert_eq!(
            (hue("DX", false), hue("FX", true), hue("ZZ", false)),
            ("dx", "sum", "sum")
        );
    }
}
