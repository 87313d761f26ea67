//! Y4: reel joins.

use crate::meter::scan::Burst;
use crate::qc::check::{Check, Looked, View, dbfs, faults};
use crate::qc::facts::{FileFacts, Sound};

faults! {
    GAP = "QCY401", Error, "gap between two reels",
        "The programme of the next reel begins later than that of this one ends. Played in a row a piece is \
         missing. Look whether a reel was exported short, or at another timecode.";
    OVERLAP = "QCY402", Error, "two reels overlap",
        "The programme of the next reel begins before that of this one ends: frames sound twice. Take the overlap \
         out, or tell the client which frame is the join.";
    POP = "QCY403", Error, "sync pop inside the programme",
        "A pop stands behind the first or before the last frame of picture of a reel: joined, it will be heard. Look \
         whether the leader is shorter than it should be.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "Y4",
    family: "sync",
    title: "reel joins",
    explanation: "Reels of a stem in order, as their names number them: where timecode runs on from one to the next, \
                  the end of the programme of one against the start of that of the next, less head and tail of the \
                  spec; pops within 10 s behind the first and before the last frame of picture.",
    codes: CODES,
    look,
};

/// Reels whose programmes lie further apart than this have an hour each, in seconds.
const APART: u64 = 300;

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let reels = || view.scanned().filter(|(sound, _)| sound.reel.is_some());
    let mut sounds: Vec<&Sound> = reels().map(|(sound, _)| sound).collect();
    sounds.sort_by_key(|sound| (sound.code.clone(), sound.reel));
    if sounds
        .iter()
        .all(|sound| sound.reel == sounds.first().and_then(|first| first.reel))
    {
        return Looked::not_applicable("the package holds no more than one reel");
    }
    for sound in &sounds {
        looked.sound(view, sound);
        pops(view, sound, &mut looked);
    }
    for pair in sounds.windows(2) {
        if let [a, b] = pair
            && a.code == b.code
        {
            join(view, a, b, &mut looked);
        }
    }
    looked
}

/// First and last sample of a reel's programme, since midnight.
fn programme(view: &View<'_>, sound: &Sound) -> Option<(i64, i64)> {
    let start = view
        .facts
        .file_of(sound, 0)
        .and_then(FileFacts::start_sample)?;
    let (head, tail) = view.limits.padding(view.facts);
    let end = start.checked_add_unsigned(sound.length.saturating_sub(tail))?;
    Some((start.checked_add_unsigned(head)?, end))
}

/// The end of one programme against the start of the next.
fn join(view: &View<'_>, a: &Sound, b: &Sound, looked: &mut Looked) {
    let next = a.reel.map(|reel| reel + 1) == b.reel && a.rate == b.rate;
    let Some((a_is, b_is)) = programme(view, a).zip(programme(view, b)).filter(|_| next) else {
        return;
    };
    let off = b_is.0 - a_is.1;
    let apart = APART * u64::from(a.rate.hertz());
    let limit = view.limits.value("Y4", "tolerance") as u64;
    if off.unsigned_abs() > apart || off.unsigned_abs() <= limit {
        return;
    }
    let (code, what) = if off > 0 {
        (GAP, "missing")
    } else {
        (OVERLAP, "there twice")
    };
    let message = format!(
        "{} samples are {what} between {} and the reel before",
        off.abs(),
        b.called()
    );
    let fault = view
        .fault(code, b, None, message)
        .over(view, b, 0, off.unsigned_abs());
    looked
        .faults
        .push(fault.value(format!("{off:+} samples"), "0 samples".to_owned()));
}

/// Pops next to the joins.
fn pops(view: &View<'_>, sound: &Sound, looked: &mut Looked) {
    let (head, tail) = view.limits.padding(view.facts);
    let near = 10 * u64::from(sound.rate.hertz());
    let (first, last) = (head, sound.length.saturating_sub(tail));
    let inside = |pop: &&Burst| {
        let end = pop.start + pop.len;
        let (at_head, at_tail) = (pop.start < first + near, end + near > last);
        pop.start >= first && end <= last && (at_head || at_tail)
    };
    let channels = sound
        .scan
        .iter()
        .flat_map(|scan| &scan.channels)
        .enumerate();
    for (i, channel) in channels {
        // Without leader in the spec the pop of a leader is inside of what it calls programme.
        for pop in channel
            .bursts
            .iter()
            .filter(|pop| pop.is_pop(sound.rate))
            .filter(inside)
            .filter(|_| head + tail > 0)
        {
            let message = format!("a pop of {} at sample {}", dbfs(pop.amplitude), pop.start);
            let fault = view.fault(POP, sound, Some(i), message);
            looked
                .faults
                .push(fault.over(view, sound, pop.start, pop.len));
        }
    }
}
