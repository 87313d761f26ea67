//! A text as numbered lines, whatever ends them.

/// Walks the lines of a text: `\n`, `\r\n` and `\r` end one.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where the next line starts; `None` behind the last.
    at: Option<usize>,
    /// The next `\n` at or behind `at`, else the end of the text: looked for once a line feed, so
    /// that a text of `\r` alone is not searched again for every line.
    feed: Option<usize>,
    number: u32,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            at: Some(0),
            feed: None,
            number: 0,
        }
    }

    /// Where `c` next stands between two places, else the second of them.
    fn next_of(&self, c: char, from: usize, to: usize) -> usize {
        let part = self.text.get(from..to).unwrap_or_default();
        part.find(c).map_or(to, |found| from + found)
    }
}

impl<'a> Iterator for Lines<'a> {
    /// Number from 1, and the line without its end.
    type Item = (u32, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at?;
        self.number = self.number.saturating_add(1);
        let feed = match self.feed.filter(|feed| *feed >= start) {
            Some(feed) => feed,
            None => self.next_of('\n', start, self.text.len()),
        };
        self.feed = Some(feed);
        let end = self.next_of('\r', start, feed);
        let length = if self
            .text
            .get(end..)
            .is_some_and(|rest| rest.starts_with("\r\n"))
        {
            2
        } else {
            1
        };
        self.at = Some(end + length).filter(|_| end < self.text.len());
        Some((self.number, self.text.get(start..end).unwrap_or_default()))
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
