//! Paths and URLs as timelines write them, from any system, taken apart.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// Longest text that is taken for a path, in bytes.
const MAX_TEXT: usize = 16 << 10;

/// Most folders of a path that are looked at.
const MAX_PARTS: usize = 64;

/// A path or URL, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where the file may be on this machine: absolute, or relative to some folder.
    pub(super) paths: Vec<PathBuf>,
    /// Folders and file name, without drive or `.`.
    pub(super) parts: Vec<String>,
}

impl Reference {
    /// A text as it stands and, where that makes a difference, as a relative URL: OTIO has
    /// `media/x%20y.wav` where others mean every letter.
    pub(super) fn readings(text: &str) -> Vec<Self> {
        let mut readings = vec![Self::parse(text)];
        if text.contains('%') && split_scheme(text.trim()).is_none() {
            let decoded = Self::parse(&decode(text));
            if !readings.contains(&decoded) {
                readings.push(decoded);
            }
        }
        readings
    }

    /// Reads `/Volumes/A/x.wav`, `C:\A\x.wav`, `\\server\share\x.wav`, `Macintosh HD:A:x.wav`,
    /// `A/x.wav`, `file:///A/x.wav`, `file://localhost/C%3a/A/x.wav`, `s3://bucket/A/x.wav`.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim().trim_matches('"');
        if text.is_empty() || text.len() > MAX_TEXT || text.contains('\0') {
            return Self::default();
        }
        match split_scheme(text) {
            Some(("file", rest)) => Self::file_url(rest),
            Some((_, rest)) => {
                let rest = decode(rest);
                let path = rest.trim_start_matches('/');
                Self::from_parts(path.split('/').skip(1), Vec::new())
            }
            None => Self::plain(text),
        }
    }

    /// The file name.
    pub(super) fn name(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    fn file_url(rest: &str) -> Self {
        let decoded = decode(rest);
        let Some(after) = decoded.strip_prefix("//") else {
            return Self::plain(&decoded);
        };
        let (host, path) = after.split_once('/').unwrap_or((after, ""));
        if host.is_empty() || host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" {
            let path = path.trim_start_matches('/');
            let drive = has_drive(path);
            return Self::plain(&if drive {
                path.to_owned()
            } else {
                format!("/{path}")
            });
        }
        // A server's name by the standard; many writers put a path there that lacks a slash.
        let mut reference = Self::plain(after);
        reference.paths.push(PathBuf::from(format!("/{after}")));
        reference
    }

    fn plain(text: &str) -> Self {
        let windows = has_drive(text) || text.starts_with("\\\\");
        let here = !windows || cfg!(windows);
        let paths = here.then(|| PathBuf::from(text)).into_iter().collect();
        if windows || (text.contains('\\') && !text.contains('/')) {
            return Self::from_parts(text.split(['/', '\\']), paths);
        }
        // Mac OS before X: `Disk:Folder:file`.
        if !text.contains('/') && text.contains(':') {
            return Self::from_parts(text.split(':'), paths);
        }
        Self::from_parts(text.split('/'), paths)
    }

    fn from_parts<'a>(parts: impl Iterator<Item = &'a str>, paths: Vec<PathBuf>) -> Self {
        let mut kept: Vec<String> = Vec::new();
        for part in parts {
            match part {
                "" | "." | "?" => {}
                ".." => {
                    kept.pop();
                }
                drive if has_drive(&format!("{drive}/")) => {}
                part => kept.push(part.to_owned()),
            }
        }
        let parts = kept.split_off(kept.len().saturating_sub(MAX_PARTS));
        Self { paths, parts }
    }
}

/// The scheme of a URL in lower case, and what follows its colon. A single letter is a drive.
fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    if scheme.eq_ignore_ascii_case("file") && rest.starts_with(['/', '\\']) {
        return Some(("file", rest));
    }
    let other = scheme.len() > 1
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        && rest.starts_with("//");
    other.then_some(("other", rest))
}

/// Percent-decoded; bytes that are not UTF-8 are taken for Latin-1, as old systems write.
fn decode(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

/// Whether a path starts with a Windows drive: `C:\`, `C:/` or the old `C|/`.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':' | b'|', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}

/// A path without `.` and `..`, by its text alone.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, parts: &[&str], paths: &[&str]) {
        let reference = Reference::parse(text);
        assert_eq!(reference.parts, parts, "{text}");
        if cfg!(unix) {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            assert_eq!(reference.paths, paths, "{text}");
        }
    }

    #[test]
    fn urls_of_all_kinds() {
        check("file:///A%20b/x.wav", &["A b", "x.wav"], &["/A b/x.wav"]);
        check("file://localhost/A/x.wav", &["A", "x.wav"], &["/A/x.wav"]);
        check("FILE://LocalHost/A/x.wav", &["A", "x.wav"], &["/A/x.wav"]);
        check("file:/A/x.wav", &["A", "x.wav"], &["/A/x.wav"]);
        check("file:///c%3a/Users/x.wav", &["Users", "x.wav"], &[]);
        check("file://localhost/C:/A/../B/x.wav", &["B", "x.wav"], &[]);
        check("file:///A/caf%e9.wav", &["A", "café.wav"], &["/A/café.wav"]);
        check("file:///A/100%.wav", &["A", "100%.wav"], &["/A/100%.wav"]);
        check(
            "file://si.tv.fr/p/x.wav",
            &["si.tv.fr", "p", "x.wav"],
            &["si.tv.fr/p/x.wav", "/si.tv.fr/p/x.wav"],
        );
        check("s3://bucket/day%201/x.wav", &["day 1", "x.wav"], &[]);
    }

    #[test]
    fn paths_of_all_systems() {
        check("/A/./b/x.wav", &["A", "b", "x.wav"], &["/A/./b/x.wav"]);
        check("b/x.wav", &["b", "x.wav"], &["b/x.wav"]);
        check("x.wav", &["x.wav"], &["x.wav"]);
        check(r"S:\path\to\x.wav", &["path", "to", "x.wav"], &[]);
        check(r"\\server\share\x.wav", &["server", "share", "x.wav"], &[]);
        check(r"\\?\C:\share\x.wav", &["share", "x.wav"], &[]);
        check(r"media\x.wav", &["media", "x.wav"], &[r"media\x.wav"]);
        check(
            "Macintosh HD:Audio:x.wav",
            &["Macintosh HD", "Audio", "x.wav"],
            &["Macintosh HD:Audio:x.wav"],
        );
        check(" \"/A/x.wav\" ", &["A", "x.wav"], &["/A/x.wav"]);
        check("", &[], &[]);
        check("/A/\0", &[], &[]);
    }

    #[test]
    fn long_paths_keep_their_end() {
        let long = "a/".repeat(200) + "x.wav";
        let reference = Reference::parse(&long);
        assert_eq!(reference.parts.len(), MAX_PARTS);
        assert_eq!(reference.name(), "x.wav");
    }

    #[test]
    fn normal_paths_have_no_dots() {
        assert_eq!(normal(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
