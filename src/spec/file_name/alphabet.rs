//! The characters that a client takes in file names.

use std::fmt;

/// The legal characters of file names: ranges and single characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    ranges: Vec<(char, char)>,
}

impl Alphabet {
    /// Reads `A-Z a-z 0-9 . _ -`: ranges and characters between spaces.
    pub(in crate::spec) fn parse(text: &str) -> Option<Self> {
        let range = |word: &str| {
            let mut characters = word.chars();
            match (
                characters.next(),
                characters.next(),
                characters.next(),
                characters.next(),
            ) {
                (Some(one), None, ..) => Some((one, one)),
                (Some(first), Some('-'), Some(last), None) if first <= last => Some((first, last)),
                _ => None,
            }
        };
        let ranges: Vec<(char, char)> =
            text.split_whitespace().map(range).collect::<Option<_>>()?;
        (!ranges.is_empty()).then_some(Self { ranges })
    }

    /// Whether a character is legal.
    pub fn has(&self, c: char) -> bool {
        self.ranges
            .iter()
            .any(|&(first, last)| (first..=last).contains(&c))
    }

    /// The first character of a text that is not legal.
    pub fn first_illegal(&self, text: &str) -> Option<char> {
        text.chars().find(|&c| !self.has(c))
    }

    /// A text with an underscore, or else the last legal character, for each illegal one.
    pub(super) fn legal(&self, text: &str) -> String {
        let last = self.ranges.last().map_or('_', |range| range.1);
        let instead = if self.has('_') { '_' } else { last };
        text.chars()
            .map(|c| if self.has(c) { c } else { instead })
            .collect()
    }
}

impl fmt::Display for Alphabet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |&(first, last): &(char, char)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        };
        let words: Vec<String> = self.ranges.iter().map(word).collect();
        f.write_str(&words.join(" "))
    }
}
