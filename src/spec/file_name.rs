//! File names from templates.

use std::fmt;

use super::TITLE_CHANGED;
use crate::audio::ChannelLayout;
use crate::finding::Finding;
use crate::stem::StemCode;
use crate::stem::document::nearest;

/// How the files of a delivery are named: text with `{title}`, `{code}` and `{layout}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    parts: Vec<Part>,
    written: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Title,
    Code,
    Layout,
}

/// The fields of a template.
const FIELDS: [(&str, Part); 3] = [
    ("title", Part::Title),
    ("code", Part::Code),
    ("layout", Part::Layout),
];

/// Characters that a file system or shell of the field refuses.
const REFUSED: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateFault {
    /// Where, in bytes of the template.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl FileName {
    /// Reads a template.
    pub(super) fn parse(text: &str) -> Result<Self, TemplateFault> {
        let fault = |at, message: String, hint| Err(TemplateFault { at, message, hint });
        let mut parts = Vec::new();
        let mut left = text;
        while !left.is_empty() {
            let at = text.len() - left.len();
            let Some(body) = left.strip_prefix('{') else {
                let end = left.find('{').unwrap_or(left.len());
                let (front, rest) = left.split_at(end);
                let refused = |c: char| REFUSED.contains(&c) || c.is_control();
                if let Some((bad, c)) = front.char_indices().find(|&(_, c)| refused(c)) {
                    let message = format!("{c:?} cannot be part of a file name");
                    return fault(at + bad, message, None);
                }
                if let Some(bad) = front.find('}') {
                    return fault(at + bad, "`}` without `{`".to_owned(), None);
                }
                parts.push(Part::Text(front.to_owned()));
                left = rest;
                continue;
            };
            let Some((field, rest)) = body.split_once('}') else {
                return fault(at, "`{` without `}`".to_owned(), None);
            };
            let Some(known) = FIELDS.iter().find(|known| known.0 == field) else {
                let names = FIELDS.map(|known| known.0);
                let hint = match nearest(field, &names) {
                    Some(right) => format!("did you mean `{{{right}}}`?"),
                    None => format!("fields are {{{}}}", names.join("} {")),
                };
                return fault(at, format!("there is no field `{{{field}}}`"), Some(hint));
            };
            parts.push(known.1.clone());
            left = rest;
        }
        if !parts.contains(&Part::Code) {
            let hint = Some("without it all files would have one name".to_owned());
            return fault(0, "the field `{code}` is missing".to_owned(), hint);
        }
        if parts
            .first()
            .is_some_and(|part| matches!(part, Part::Text(t) if t.starts_with('.')))
        {
            return fault(0, "the name starts with a dot".to_owned(), None);
        }
        Ok(Self {
            parts,
            written: text.to_owned(),
        })
    }

    /// The name of the file of a stem or composite. Where the title holds what no file name can,
    /// those characters become underscores and a finding says so.
    pub fn of(
        &self,
        title: &str,
        code: &StemCode,
        layout: &ChannelLayout,
    ) -> (String, Option<Finding>) {
        let safe = safe_title(title);
        let note = (safe != title).then(|| {
            let message = format!("the title `{title}` becomes `{safe}` in file names");
            Finding::new(&TITLE_CHANGED, message)
        });
        let mut name = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Title => name.push_str(&safe),
                Part::Code => name.push_str(code.as_str()),
                Part::Layout => name.push_str(&layout.to_string()),
            }
        }
        (name, note)
    }
}

/// A title as part of a file name: never empty, no path, no hidden file, not longer than file
/// systems allow with what stands around it.
pub fn safe_title(title: &str) -> String {
    const MAX: usize = 160;
    let allowed = |c: char| !REFUSED.contains(&c) && !c.is_control();
    let mut safe = String::new();
    for c in title.trim().chars() {
        let c = if allowed(c) { c } else { '_' };
        if safe.len() + c.len_utf8() > MAX {
            break;
        }
        safe.push(c);
    }
    let safe = if safe.starts_with('.') {
        safe.replacen('.', "_", 1)
    } else {
        safe
    };
    let safe = safe.trim_end().to_owned();
    if safe.is_empty() {
        return "_".to_owned();
    }
    safe
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(template: &str, title: &str) -> String {
        let template = FileName::parse(template).unwrap();
        let code = "DX".parse().unwrap();
        template.of(title, &code, &ChannelLayout::stereo()).0
    }

    #[test]
    fn fields_are_filled_in() {
        assert_eq!(name("{title}_{code}.wav", "My Film"), "My Film_DX.wav");
        assert_eq!(name("{code}-{layout}", "x"), "DX-2.0");
        assert_eq!(
            name("{title}_{code}.wav", "AC/DC: ../live"),
            "AC_DC_ .._live_DX.wav"
        );
        assert_eq!(name("{title}_{code}.wav", "../../etc"), "_._.._etc_DX.wav");
        assert_eq!(name("{title}_{code}.wav", " "), "__DX.wav");
    }

    #[test]
    fn bad_templates_say_where() {
        let check = |template: &str, at: usize, message: &str| {
            let fault = FileName::parse(template).unwrap_err();
            assert_eq!(
                (fault.at, fault.message.as_str()),
                (at, message),
                "{template}"
            );
        };
        check("{title}.wav", 0, "the field `{code}` is missing");
        check("x_{cod}.wav", 2, "there is no field `{cod}`");
        check("x_{code.wav", 2, "`{` without `}`");
        check("a}{code}", 1, "`}` without `{`");
        check("out/{code}.wav", 3, "'/' cannot be part of a file name");
        check(".{code}", 0, "the name starts with a dot");
    }

    proptest! {
        #[test]
        fn no_title_leads_out_of_the_folder(title in ".*") {
            let name = name("{title}_{code}.wav", &title);
            prop_assert!(!name.contains(['/', '\\']) && !name.starts_with('.'));
            prop_assert!(name.len() <= 255 && name.ends_with("_DX.wav"));
        }
    }
}
