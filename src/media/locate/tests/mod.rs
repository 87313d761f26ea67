//! Which file is found for what a cut says.

mod names;
mod times;

use std::path::{Path, PathBuf};

use super::{Located, Match, Missing, locate};
use crate::finding::Severity;
use crate::media::MediaIndex;
use crate::media::testing::Wav;
use crate::time::{FrameRate, Pos, Rational, Span};
use crate::timeline::{Clip, MediaRef, SourceIn};

/// A media folder with files in it.
struct Folder {
    root: tempfile::TempDir,
}

impl Folder {
    fn new(files: &[(&str, Wav)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (name, wav) in files {
            wav.write(&root.path().join(name));
        }
        Self { root }
    }

    /// Files of no special content.
    fn plain(names: &[&str]) -> Self {
        let wav = |(i, name): (usize, &&'static str)| {
            let seed = i as u32;
            (
                *name,
                Wav {
                    seed,
                    rate: 8000,
                    frames: 80_000,
                    ..Wav::default()
                },
            )
        };
        let names: Vec<&'static str> = names.iter().map(|n| &*n.to_string().leak()).collect();
        let files: Vec<(&str, Wav)> = names.iter().enumerate().map(wav).collect();
        Self::new(&files)
    }

    fn index(&self) -> MediaIndex {
        let (index, findings) = MediaIndex::build(&[self.root.path().to_owned()], &|_| {});
        assert_eq!(findings, []);
        index
    }

    fn locate(&self, clip: &Clip) -> Result<(String, Located), Missing> {
        let mut index = self.index();
        index.add_references([&clip.media], self.root.path());
        let located = locate(&index, clip, self.root.path())?;
        let path = &index.file(located.file).unwrap().path;
        let name = path.strip_prefix(self.root.path()).unwrap_or(path);
        Ok((name.display().to_string(), located))
    }

    fn check(&self, clip: &Clip, expect: &str, by: Match, codes: &[&str]) -> Located {
        let (name, located) = self.locate(clip).unwrap();
        let found: Vec<&str> = located.findings.iter().map(|f| f.code.id).collect();
        assert_eq!(
            (name.as_str(), located.by, found.as_slice()),
            (expect, by, codes)
        );
        located
    }

    fn check_missing(&self, clip: &Clip, code: &str) -> Missing {
        let missing = self.locate(clip).unwrap_err();
        assert_eq!(missing.finding.code.id, code, "{}", missing.finding);
        assert_eq!(missing.finding.severity, Severity::Error);
        missing
    }
}

fn seconds(n: i64) -> Rational {
    Rational::from_int(n)
}

/// Ten seconds of whatever from the head of the file.
fn clip(media: MediaRef) -> Clip {
    let at = |n| Pos::new(seconds(n));
    let source = SourceIn::Head { sync: at(3600) };
    Clip::new("clip", Span::new(at(3600), at(3610)), source, media)
}

/// The same with a source timecode.
fn timed(media: MediaRef, timecode: &str, rate: FrameRate) -> Clip {
    let at = Pos::new(rate.seconds_of(timecode).unwrap());
    let sync = Pos::new(seconds(3600));
    Clip {
        source: SourceIn::Timecode { at, rate, sync },
        ..clip(media)
    }
}

fn file(file: &str) -> MediaRef {
    MediaRef {
        file: Some(file.to_owned()),
        ..MediaRef::default()
    }
}

fn name(name: &str) -> MediaRef {
    MediaRef {
        name: name.to_owned(),
        ..MediaRef::default()
    }
}

fn reel(reel: &str) -> MediaRef {
    MediaRef {
        reel: Some(reel.to_owned()),
        ..MediaRef::default()
    }
}
