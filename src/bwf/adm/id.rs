//! Identities of ADM elements.

use std::fmt;

use serde::{Serialize, Serializer};

/// The identity of an element, in one spelling: prefix in capitals, hexadecimal digits in small
/// letters, as BS.2076 §6 writes them. Files use any case.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdmId(String);

/// Longest identity that is kept whole: the standard's have at most 23 characters.
const LONGEST: usize = 64;

/// The identity of the track without sound (BS.2076-2 §5.5.4).
const SILENT: &str = "ATU_00000000";

impl AdmId {
    /// The identity as the file writes it, brought into one spelling.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let text: String = text.chars().take(LONGEST).collect();
        let (prefix, digits) = text.split_once('_').unwrap_or((&text, ""));
        if digits.is_empty() {
            return Self(text);
        }
        let prefix = prefix.to_ascii_uppercase();
        Self(format!("{prefix}_{}", digits.to_ascii_lowercase()))
    }

    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it stands for the track without sound.
    pub fn is_silent(&self) -> bool {
        self.0 == SILENT
    }

    /// The number behind the prefix: `0x0001_1001` of `AP_00011001`; `None` where it is none.
    pub(super) fn number(&self) -> Option<u32> {
        let (_, digits) = self.0.split_once('_')?;
        let digits = digits.split('_').next()?;
        let fits = (1..=8).contains(&digits.len());
        fits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }

    /// Whether it belongs to the common definitions: a format whose own number is below 1001
    /// (BS.2076-2 §6.2).
    pub fn is_common(&self) -> bool {
        let format = ["AP_", "AC_", "AS_", "AT_"];
        let number = self.number().map(|number| number & 0xFFFF);
        format.iter().any(|prefix| self.0.starts_with(prefix))
            && number.is_some_and(|number| (1..0x1001).contains(&number))
    }

    /// The same number under another prefix: the channel `AC_00011001` of `AT_00011001_01`.
    pub(super) fn under(&self, prefix: &str) -> Option<Self> {
        let (_, digits) = self.0.split_once('_')?;
        let digits = digits.split('_').next()?;
        Some(Self(format!("{prefix}_{digits}")))
    }

    /// Whether it has this prefix: `AT`.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        let rest = self.0.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.starts_with('_'))
    }
}

impl fmt::Display for AdmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AdmId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_every_case() {
        let check = |text: &str, want: &str| assert_eq!(AdmId::new(text).as_str(), want);
        check("AO_100B", "AO_100b");
        check("ao_100b", "AO_100b");
        check(" ATU_0000000A ", "ATU_0000000a");
        check("at_0001100A_01", "AT_0001100a_01");
        check("AP_", "AP_");
        check("odd name", "odd name");
        check(&"x".repeat(1000), &"x".repeat(64));
    }

    #[test]
    fn common_definitions_and_numbers() {
        let check = |text: &str, common: bool| assert_eq!(AdmId::new(text).is_common(), common);
        check("AP_00010003", true);
        check("AP_00011001", false);
        check("AT_00010001_01", true);
        check("AO_0001", false);
        check("AP_00030000", false);
        check("AP_zzzz", false);
        assert_eq!(
            AdmId::new("AT_0001100A_01").under("AC"),
            Some(AdmId::new("AC_0001100a"))
        );
        assert!(AdmId::new("atu_00000000").is_silent());
    }
}
