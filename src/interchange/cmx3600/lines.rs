//! A text as numbered lines, whatever ends them.

/// Walks the lines of a text: `\n`, `\r\n` and `\r` end one.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    rest: Option<&'a str>,
    number: u32,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            rest: Some(text),
            number: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    /// Number from 1, and the line without its end.
    type Item = (u32, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        self.number = self.number.saturating_add(1);
        let Some(end) = rest.find(['\n', '\r']) else {
            self.rest = None;
            return Some((self.number, rest));
        };
        let (line, after) = rest.split_at(end);
        self.rest = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix(['\n', '\r']));
        Some((self.number, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end() {
        let lines: Vec<_> = Lines::of("a\nb\r\nc\rd\n\n").collect();
        let expected = [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, ""), (6, "")];
        assert_eq!(lines, expected);
        assert_eq!(Lines::of("").collect::<Vec<_>>(), [(1, "")]);
    }
}
