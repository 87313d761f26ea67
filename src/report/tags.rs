//! XML as text: elements with attributes, indented, with every character that XML cannot hold replaced.

/// XML being written.
#[derive(Debug)]
pub(super) struct Tags {
    out: String,
    open: Vec<&'static str>,
}

/// Attributes; those without a value are left out.
pub(super) type Attributes<'a> = &'a [(&'static str, Option<String>)];

impl Tags {
    /// A document without elements.
    pub(super) fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            open: Vec::new(),
        }
    }

    /// Opens an element, to be closed by [`close`](Self::close).
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        escape(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// The document, everything closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            if let Some(value) = value {
                self.out.push(' ');
                self.out.push_str(key);
                self.out.push_str("=\"");
                escape(&mut self.out, value);
                self.out.push('"');
            }
        }
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }
}

/// Text for content and attributes alike.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            // XML 1.0 §2.2: no other control character, and not these two.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other if (other as u32) < 0x20 => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let mut tags = Tags::new();
        let value = |text: &str| Some(text.to_owned());
        tags.open("a", &[("x", value("<\"&\u{1}")), ("y", None)]);
        tags.empty("b", &[]);
        tags.text("c", &[("z", value("1"))], "ü > \n");
        let text = tags.finish();
        let expected =
            "<a x=\"&lt;&quot;&amp;\u{fffd}\">\n  <b/>\n  <c z=\"1\">ü &gt; &#10;</c>\n</a>\n";
        assert_eq!(text.lines().count(), 5);
        assert!(text.ends_with(expected), "{text}");
    }
}
