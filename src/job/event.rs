//! What a job tells while it runs. Progress bars and JSON lines hang on these, so they cannot
//! disagree.

use serde::Serialize;

use crate::finding::Finding;

/// Something happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A timeline is being read.
    Reading {
        /// The file.
        file: &'a str,
    },
    /// Folders of sound are being looked through.
    Indexing {
        /// Files seen so far.
        files: u64,
    },
    /// Clips are being placed.
    Conforming {
        /// How many.
        clips: usize,
    },
    /// Sound is being rendered.
    Rendering {
        /// Sample frames that are done.
        done: u64,
        /// Sample frames in all.
        total: u64,
    },
    /// A finished file is being read back.
    Verifying {
        /// Its name.
        file: &'a str,
    },
    /// A file stands under its name.
    Written {
        /// Its name.
        file: &'a str,
        /// Its size.
        bytes: u64,
    },
    /// The job is over.
    Finished {
        /// Whether it delivered.
        delivered: bool,
        /// Why not.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'a str>,
    },
    /// Something was noticed.
    Found {
        /// What.
        finding: &'a Finding,
    },
}

impl Event<'_> {
    /// The event as one line of JSON.
    pub fn to_json(&self) -> String {
        // Strings and numbers only: serialising them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Hears the events of a job, from any thread.
pub trait Listener: Sync {
    /// Something happened.
    fn hear(&self, event: &Event<'_>);
}
