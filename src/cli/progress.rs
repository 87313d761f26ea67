//! What a running job shows: a bar on a terminal, JSON lines for programs, else nothing.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::console;
use crate::job::{Event, Listener};

/// Shows the events of a job.
#[derive(Debug)]
pub(super) enum Progress {
    /// A bar on a terminal.
    Bar(ProgressBar),
    /// JSON lines on standard output.
    Lines,
    /// Nothing.
    Quiet,
}

impl Progress {
    /// JSON lines if asked for, a bar on a terminal, else nothing.
    pub(super) fn new(json_events: bool) -> Self {
        if json_events {
            Self::Lines
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(0);
            bar.enable_steady_tick(Duration::from_millis(120));
            Self::Bar(bar)
        } else {
            Self::Quiet
        }
    }

    /// Takes the bar off the terminal.
    pub(super) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Listener for Progress {
    fn hear(&self, event: &Event<'_>) {
        match self {
            Self::Bar(bar) => on_bar(bar, event),
            // A reader that has gone away does not stop the job.
            Self::Lines => drop(console::out(&format!("{}\n", event.to_json()))),
            Self::Quiet => (),
        }
    }
}

fn on_bar(bar: &ProgressBar, event: &Event<'_>) {
    const COUNTING: &str = "{msg:12} [{bar:40}] {percent:>3}%  {eta}";
    const WORKING: &str = "{spinner} {msg}";
    let style = |template| ProgressStyle::with_template(template).ok();
    let set = |template, message: String| {
        if let Some(style) = style(template) {
            bar.set_style(style);
        }
        bar.set_message(message);
    };
    match event {
        Event::Reading { file } => set(WORKING, format!("reading {file}")),
        Event::Indexing { files } => set(WORKING, format!("{files} files of sound")),
        Event::Conforming { clips } => set(WORKING, format!("placing {clips} clips")),
        Event::Rendering { done: 0, total } => {
            bar.set_length(*total);
            set(COUNTING, "rendering".to_owned());
        }
        Event::Rendering { done, .. } => bar.set_position(*done),
        Event::Verifying { file } => set(WORKING, format!("reading back {file}")),
        Event::Written { .. } | Event::Found { .. } | Event::Finished { .. } => (),
    }
}
