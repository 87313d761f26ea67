//! What the notes of an event say of its sides: names, files, channels, speed, fade law.

use std::collections::BTreeMap;

use super::event_line::{EventLine, Transition};
use super::events::{Event, List};
use super::notes::{Note, Patch, Side, Speed};
use crate::timeline::FadeShape;

/// Which side of its event a line is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role<'a> {
    /// A cut of its own.
    Sole,
    /// The outgoing side of a transition, and the incoming line.
    From(&'a EventLine<'a>),
    /// The incoming side, and the outgoing line where the event has one.
    To(Option<&'a EventLine<'a>>),
}

/// A recording in the words of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Media<'a> {
    /// Clip name, else file, else reel; empty where nothing is said.
    pub(super) name: &'a str,
    /// Path, else name of the source file.
    pub(super) file: Option<&'a str>,
    /// The source file where `file` is a path.
    pub(super) other: Option<&'a str>,
    /// Reel as the event writes it.
    pub(super) reel: &'a str,
    /// Reel untruncated.
    pub(super) full_reel: Option<&'a str>,
}

impl<'a> Media<'a> {
    /// Whether two edits may be of one recording: the same reel, and no different names.
    pub(super) fn may_be(&self, other: &Media<'a>) -> bool {
        let same_file = match (self.file, other.file) {
            (Some(own), Some(theirs)) => own == theirs,
            _ => true,
        };
        self.reel.eq_ignore_ascii_case(other.reel)
            && (self.name == other.name || !self.is_named() || !other.is_named())
            && same_file
    }

    /// Whether its name is more than the reel again.
    pub(super) fn is_named(&self) -> bool {
        !self.name.is_empty() && self.name != self.reel
    }
}

/// The patches of one record channel: transitions have one for each side.
#[derive(Debug, Clone, Copy)]
struct Patches<'a> {
    first: Patch<'a>,
    last: Patch<'a>,
    count: usize,
    /// Whether a third one names yet another source channel than the second.
    third: bool,
}

/// The notes of one event, sorted.
#[derive(Debug, Default)]
pub(super) struct About<'a> {
    from_names: Vec<&'a str>,
    to_names: Vec<&'a str>,
    from_paths: Vec<&'a str>,
    to_paths: Vec<&'a str>,
    files: Vec<&'a str>,
    reels: Vec<&'a str>,
    patches: BTreeMap<u32, Patches<'a>>,
    speeds: Vec<Speed<'a>>,
    /// The law of its fades, and whether it is only near the one named.
    pub(super) law: Option<(FadeShape, bool)>,
    /// Bytes that its comments take in each clip.
    pub(super) comment_bytes: usize,
}

impl<'a> About<'a> {
    /// Sorts the notes of an event.
    pub(super) fn event(list: &List<'a>, event: &Event) -> Self {
        let mut about = Self::default();
        for (_, note) in list.notes_of(event) {
            about.take(*note);
        }
        about
    }

    fn take(&mut self, note: Note<'a>) {
        match note {
            Note::Name(Side::From, name) => self.from_names.push(name),
            Note::Name(Side::To, name) => self.to_names.push(name),
            Note::Path(Side::From, path) => self.from_paths.push(path),
            Note::Path(Side::To, path) => self.to_paths.push(path),
            Note::File(file) => self.files.push(file),
            Note::Reel(reel) => self.reels.push(reel),
            Note::Speed(speed) => self.speeds.push(speed),
            Note::Effect(name) => self.law = self.law.or(law(name)),
            Note::Comment(text) => self.comment_bytes += text.len() + 80,
            Note::Patch(patch) => {
                let new = Patches {
                    first: patch,
                    last: patch,
                    count: 0,
                    third: false,
                };
                let same = self.patches.entry(patch.record).or_insert(new);
                same.third |= same.count > 1 && same.last.source != patch.source;
                same.last = patch;
                same.count += 1;
            }
            Note::Level(_) | Note::Volume(_) | Note::Repair(_) => {}
        }
    }

    /// The recording of a line.
    pub(super) fn media(&self, line: &EventLine<'a>, role: Role<'_>) -> Media<'a> {
        let name = self.name(line, role);
        let file = self.file(line, role).filter(|file| !file.is_empty());
        let path = match role {
            Role::Sole | Role::From(_) => self.from_paths.first(),
            Role::To(outgoing) => {
                let same = self.is_same(line, outgoing);
                let own = self.to_paths.first();
                own.or(self.from_paths.first().filter(|_| same))
            }
        };
        let reel = match role {
            Role::Sole | Role::From(_) => self.reels.first(),
            Role::To(outgoing) => {
                let first = self.reels.first().filter(|_| self.is_same(line, outgoing));
                self.reels.get(1).or(first)
            }
        };
        let path = path.copied().filter(|path| !path.is_empty());
        let tape = Some(line.reel).filter(|_| !line.is_aux());
        let full = reel.copied();
        let words = [name, file, path.map(last_part), full, tape];
        let named = words.into_iter().flatten().find(|word| !word.is_empty());
        Media {
            name: named.unwrap_or_default(),
            file: path.or(file),
            other: file.filter(|file| path.is_some_and(|path| path != *file)),
            reel: line.reel,
            full_reel: full.filter(|reel| !reel.is_empty() && *reel != line.reel),
        }
    }

    fn name(&self, line: &EventLine<'_>, role: Role<'_>) -> Option<&'a str> {
        let from = self.from_names.first().copied();
        match role {
            Role::Sole | Role::From(_) => from,
            Role::To(outgoing) => {
                let own = self.to_names.first().or(self.from_names.get(1)).copied();
                // The one name of an event is the incoming side's where the other is silent, or
                // where both come from one tape.
                let shared = match outgoing {
                    Some(outgoing) if !outgoing.is_silent() => same_tape(line, outgoing),
                    _ => true,
                };
                own.or(from.filter(|_| shared))
            }
        }
    }

    fn file(&self, line: &EventLine<'_>, role: Role<'_>) -> Option<&'a str> {
        match role {
            Role::Sole | Role::From(_) => self.files.first().copied(),
            Role::To(outgoing) => {
                let first = self.files.first().filter(|_| self.is_same(line, outgoing));
                self.files.get(1).or(first).copied()
            }
        }
    }

    /// Whether what the event says of its first side holds for the incoming side too: the outgoing
    /// side is silent, or both are one recording.
    fn is_same(&self, line: &EventLine<'_>, outgoing: Option<&EventLine<'_>>) -> bool {
        let own = self.to_names.first().or(self.from_names.get(1));
        let one_name = own.is_none() || own == self.from_names.first();
        match outgoing {
            Some(outgoing) if outgoing.is_silent() => true,
            Some(outgoing) if own.is_some() => {
                one_name && line.reel.eq_ignore_ascii_case(outgoing.reel)
            }
            Some(outgoing) => same_tape(line, outgoing),
            None => one_name || self.from_names.is_empty(),
        }
    }

    /// The channel of the recording that feeds a record channel of a line: the same one unless
    /// patched.
    pub(super) fn source_channel(&self, record: u32, line: &EventLine<'_>, role: Role<'_>) -> u32 {
        let Some(Patches {
            first, last, count, ..
        }) = self.patches.get(&record)
        else {
            return record;
        };
        let other = match role {
            Role::From(other) | Role::To(Some(other)) if !other.is_silent() => other,
            _ => return last.source,
        };
        if *count == 1 {
            let names = |line: &EventLine<'_>| reels_match(line.reel, first.reel);
            let is_others = names(other) && !names(line);
            return if is_others { record } else { first.source };
        }
        if matches!(role, Role::From(_)) {
            first.source
        } else {
            last.source
        }
    }

    /// Whether a record channel has more source channels than the event has sides.
    pub(super) fn contradicts(&self, record: u32, lines: &[EventLine<'_>]) -> bool {
        let mixes = |line: &EventLine<'_>| matches!(line.transition, Transition::Mix(_));
        self.patches.get(&record).is_some_and(|patches| {
            let differ = patches.first.source != patches.last.source;
            patches.third || (differ && !lines.iter().any(mixes))
        })
    }

    /// The speed change that speaks of a line: by its reel, and by its source in where several lines
    /// have that reel. One that names no reel of the event holds for all of it.
    pub(super) fn speed(&self, line: &EventLine<'_>, lines: &[EventLine<'_>]) -> Option<Speed<'a>> {
        let names = |speed: &Speed<'_>, line: &EventLine<'_>| reels_match(line.reel, speed.reel);
        let starts = |speed: &Speed<'_>, line: &EventLine<'_>| {
            speed
                .at
                .is_some_and(|at| at.label(1 << 10) == line.source.0.label(1 << 10))
        };
        let speaks_of = |speed: &&Speed<'a>| {
            let nobody = !lines.iter().any(|other| names(speed, other));
            let others = lines
                .iter()
                .any(|other| names(speed, other) && starts(speed, other));
            (nobody || names(speed, line)) && (!others || starts(speed, line))
        };
        self.speeds.iter().find(speaks_of).copied()
    }
}

/// Whether two lines name one tape; AX names none.
fn same_tape(line: &EventLine<'_>, other: &EventLine<'_>) -> bool {
    !line.is_aux() && line.reel.eq_ignore_ascii_case(other.reel)
}

/// Whether two reels are the same, one perhaps truncated to fewer characters.
pub(super) fn reels_match(one: &str, other: &str) -> bool {
    /// Reels shorter than this are never the truncation of a longer one.
    const TRUNCATED: usize = 6;
    let length = one.len().min(other.len());
    let start = |text: &str| {
        text.as_bytes()
            .get(..length)
            .unwrap_or_default()
            .to_ascii_uppercase()
    };
    one.eq_ignore_ascii_case(other) || (length >= TRUNCATED && start(one) == start(other))
}

/// The file name of a path of any system.
fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The fade law that an effect's name stands for, and whether it is only near. A dissolve names none.
fn law(name: &str) -> Option<(FadeShape, bool)> {
    let name: String = name
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '+')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if is(&["CONSTANTPOWER", "EQUALPOWER", "FADE+3DB"]) {
        Some((FadeShape::EqualPower, false))
    } else if is(&["CONSTANTGAIN", "EQUALGAIN", "LINEAR", "FADE0DB"]) {
        Some((FadeShape::Linear, false))
    } else if is(&["EXPONENTIAL", "LOGARITHMIC"]) {
        Some((FadeShape::Logarithmic, true))
    } else if is(&["SCURVE"]) {
        Some((FadeShape::SCurve, false))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::list;
    use super::super::report::Report;
    use super::*;

    const ZERO: &str = "01:00:00:09 01:00:00:09 02:00:00:09 02:00:00:09";
    const TEN: &str = "01:00:08:09 01:00:08:19 02:00:00:09 02:00:00:19";

    /// Name and file of both sides of a two-line event, and the source channel of channel 2.
    fn check(reels: (&str, &str), notes: &str, from: (&str, &str, u32), to: (&str, &str, u32)) {
        let (a, b) = reels;
        let text = format!("1 {a} A2 C {ZERO}\n1 {b} A2 D 010 {TEN}\n{notes}");
        let mut report = Report::new("a.edl");
        let list = list(&text, &mut report).unwrap();
        let event = &list.events[0];
        let about = About::event(&list, event);
        let lines = list.lines_of(event);
        let read = |line: &EventLine<'_>, role| {
            let media = about.media(&list.lines[usize::from(line.reel == b && a != b)], role);
            let channel = about.source_channel(2, line, role);
            (
                media.name.to_owned(),
                media.file.unwrap_or_default().to_owned(),
                channel,
            )
        };
        let owned =
            |(name, file, channel): (&str, &str, u32)| (name.to_owned(), file.to_owned(), channel);
        assert_eq!(
            read(&lines[0], Role::From(&lines[1])),
            owned(from),
            "{notes}"
        );
        assert_eq!(
            read(&lines[1], Role::To(Some(&lines[0]))),
            owned(to),
            "{notes}"
        );
    }

    #[test]
    fn sides_get_their_own_names() {
        let names = "* FROM CLIP NAME: a\n* TO CLIP NAME: b\n";
        check(("R1", "R2"), names, ("a", "", 2), ("b", "", 2));
        check(("AX", "AX"), names, ("a", "", 2), ("b", "", 2));
        check(
            ("R1", "R2"),
            &format!("{names}* SOURCE FILE: x"),
            ("a", "x", 2),
            ("b", "", 2),
        );
        check(
            ("R1", "R2"),
            &format!("{names}* SOURCE FILE: x\n* SOURCE FILE: y"),
            ("a", "x", 2),
            ("b", "y", 2),
        );
        let same = "* FROM CLIP NAME: a\n* TO CLIP NAME: a\n* SOURCE FILE: x";
        check(("R1", "R1"), same, ("a", "x", 2), ("a", "x", 2));
        check(("R1", "R2"), "", ("R1", "", 2), ("R2", "", 2));
        check(
            ("R1", "R1"),
            "* FROM CLIP NAME: a",
            ("a", "", 2),
            ("a", "", 2),
        );
        check(
            ("R1", "R2"),
            "* FROM CLIP NAME: a",
            ("a", "", 2),
            ("R2", "", 2),
        );
        check(
            ("BL", "R2"),
            "* TO CLIP NAME: b\n* SOURCE FILE: (NULL)",
            ("BL", "", 2),
            ("b", "", 2),
        );
        check(
            ("BL", "R2"),
            "* FROM CLIP NAME: b\n* FROM CLIP: /x/b.wav",
            ("b", "/x/b.wav", 2),
            ("b", "/x/b.wav", 2),
        );
    }

    #[test]
    fn patches_choose_the_source_channel() {
        let patch = |reel, source| format!("* PATCH {reel}:  FROM SOURCE {source} TO RECORD 2\n");
        let both = patch("R1", 1) + &patch("R2", 4);
        check(("R1", "R2"), &both, ("R1", "", 1), ("R2", "", 4));
        check(("R1", "R2"), &patch("R2", 4), ("R1", "", 2), ("R2", "", 4));
        check(("R1", "R2"), &patch("R9", 4), ("R1", "", 4), ("R2", "", 4));
        check(("R1", "R1"), &patch("R1", 1), ("R1", "", 1), ("R1", "", 1));
        check(("BL", "R1"), &patch("R1", 1), ("BL", "", 2), ("R1", "", 1));
    }

    #[test]
    fn laws_by_name() {
        use FadeShape::{EqualPower, Linear, Logarithmic};
        for (name, expected) in [
            ("Constant Power", Some((EqualPower, false))),
            ("CONSTANT GAIN", Some((Linear, false))),
            ("CROSS FADE (+3dB)", Some((EqualPower, false))),
            ("CROSS FADE ( 0dB)", Some((Linear, false))),
            ("EXPONENTIAL FADE", Some((Logarithmic, true))),
            ("CROSS DISSOLVE", None),
        ] {
            assert_eq!(law(name), expected, "{name}");
        }
    }

    #[test]
    fn truncated_reels_match() {
        assert!(reels_match("A192C008", "A192C008_160909_R1BY"));
        assert!(reels_match("ax", "AX"));
        assert!(!reels_match("R1", "R10"));
    }
}
