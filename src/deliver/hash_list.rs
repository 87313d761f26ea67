//! Lists of checksums as others write them, read back: ASC MHL and MHL 1, and the lines of `md5sum`.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use super::hash::Algorithm;

/// Most entries that are read of a list.
const MAX_ENTRIES: usize = 100_000;

/// Longest name or checksum, in bytes; more is no text of a list.
const MAX_TEXT: usize = 4_096;

/// A file of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its path as it stands in the list.
    pub(crate) name: String,
    /// What is stated of it.
    pub(crate) sums: Vec<(Algorithm, String)>,
}

/// The files of a media hash list, of its first form (`file`, `xxhash64be`), that of the ASC (`path`, `xxh128`) or
/// the chain of the latter. What is not well-formed ends the list.
pub(crate) fn read_mhl(text: &str) -> Vec<Listed> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut state = State::default();
    while state.found.len() < MAX_ENTRIES {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => break,
            Ok(Event::Start(tag)) => state.open(tag.local_name().as_ref()),
            Ok(Event::End(tag)) => state.close(tag.local_name().as_ref()),
            Ok(Event::Text(text)) => state.text(&text.xml10_content()),
            Ok(Event::CData(text)) => state.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => state.reference(&reference),
            Ok(_) => (),
        }
    }
    state.found
}

/// The reading so far.
#[derive(Debug, Default)]
struct State {
    found: Vec<Listed>,
    current: Listed,
    text: String,
}

impl State {
    fn open(&mut self, element: &str) {
        self.text.clear();
        // A directory has a path and a checksum too, but of its structure.
        if matches!(element, "hash" | "hashlist" | "directoryhash") {
            self.current = Listed::default();
        }
    }

    fn close(&mut self, element: &str) {
        let text = self.text.trim();
        match element {
            "path" | "file" => text.clone_into(&mut self.current.name),
            "directoryhash" => self.current = Listed::default(),
            "hash" | "hashlist" => {
                let entry = std::mem::take(&mut self.current);
                if !entry.name.is_empty() && !entry.sums.is_empty() {
                    self.found.push(entry);
                }
            }
            _ => {
                let algorithm = Algorithm::named(element);
                let stated = algorithm.filter(|_| !text.is_empty());
                let stated = stated.map(|algorithm| (algorithm, text.to_owned()));
                self.current.sums.extend(stated);
            }
        }
        self.text.clear();
    }

    fn text(&mut self, text: &str) {
        if self.text.len() + text.len() <= MAX_TEXT {
            self.text.push_str(text);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            self.text(character.encode_utf8(&mut [0; 4]));
        } else if let Some(text) = resolve_xml_entity(reference) {
            self.text(text);
        }
    }
}

/// The files of a list of MD5 in lines, as `md5sum` writes them (`HASH *NAME`) or BSD's `md5` (`MD5 (NAME) = HASH`);
/// a line of a hash alone is of `own`.
pub(crate) fn read_lines(text: &str, own: &str) -> Vec<Listed> {
    let lines = text.lines().take(MAX_ENTRIES);
    lines.filter_map(|line| of_line(line.trim(), own)).collect()
}

fn of_line(line: &str, own: &str) -> Option<Listed> {
    let is_md5 = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let (name, sum) = if let Some(rest) = line.strip_prefix("MD5 (") {
        rest.rsplit_once(") = ")?
    } else {
        let (sum, name) = line.split_once(char::is_whitespace).unwrap_or((line, own));
        let name = name.trim_start();
        (name.strip_prefix('*').unwrap_or(name), sum)
    };
    is_md5(sum).then(|| Listed {
        name: name.to_owned(),
        sums: vec![(Algorithm::Md5, sum.to_owned())],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[Listed], want: &[(&str, &[(Algorithm, &str)])]) {
        let found: Vec<(&str, Vec<(Algorithm, &str)>)> = found
            .iter()
            .map(|l| (&*l.name, l.sums.iter().map(|(a, s)| (*a, &**s)).collect()))
            .collect();
        let want: Vec<_> = want.iter().map(|(n, s)| (*n, s.to_vec())).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn lines_of_every_program_are_read() {
        let sum = "0123456789abcdef0123456789ABCDEF";
        let md5 = [(Algorithm::Md5, sum)];
        check(
            &read_lines(&format!("{sum} *A b.wav\n"), "x"),
            &[("A b.wav", &md5)],
        );
        check(
            &read_lines(&format!("{sum}  A.wav\r\n\n# c"), "x"),
            &[("A.wav", &md5)],
        );
        check(
            &read_lines(&format!("MD5 (A (1).wav) = {sum}"), "x"),
            &[("A (1).wav", &md5)],
        );
        check(&read_lines(sum, "x.wav"), &[("x.wav", &md5)]);
        check(&read_lines("abc *A.wav\n", "x"), &[]);
    }

    #[test]
    fn lists_of_both_forms_and_the_chain_are_read() {
        let new = "<hashlist xmlns='urn:ASC:MHL:v2.0'><hashes><hash><path size='3'>A &amp; B.wav</path>\
                   <xxh128 action='original'>0f</xxh128><md5>1e</md5><sha1>9</sha1></hash>\
                   <directoryhash><path>sub</path><content><xxh128>00</xxh128></content></directoryhash>\
                   </hashes></hashlist>";
        let both = [(Algorithm::Xxh128, "0f"), (Algorithm::Md5, "1e")];
        check(&read_mhl(new), &[("A & B.wav", &both)]);
        let old = "<hashlist version='1.1'><hash><file>a/B.wav</file><size>3</size><md5>1e</md5></hash></hashlist>";
        check(&read_mhl(old), &[("a/B.wav", &[(Algorithm::Md5, "1e")])]);
        let chain = "<ascmhldirectory><hashlist sequencenr='1'><path>1.mhl</path><c4>c4x</c4></hashlist></ascmhldirectory>";
        check(&read_mhl(chain), &[("1.mhl", &[(Algorithm::C4, "c4x")])]);
        check(&read_mhl("<hashlist><hash><path>A"), &[]);
        check(&read_mhl("no list"), &[]);
    }
}
