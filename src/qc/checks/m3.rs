//! M3: holes in the M&E under dialogue.

use crate::meter::scan::Scan;
use crate::qc::check::{Check, Looked, View, duration, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    ZERO = "QCM301", Error, "digital silence in the M&E under dialogue",
        "While somebody speaks, the M&E is digital silence, and before and after it sounds: production sound was \
         cut out with the words and nothing was put in its place. Fill the background and the movements.";
    HOLE = "QCM302", Warning, "hole in the M&E under dialogue",
        "While somebody speaks, the level of the M&E drops far below what it is shortly before and after. The \
         background came from the production track; fill it.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M3",
    family: "music_and_effects",
    title: "holes in the M&E under dialogue",
    explanation: "The level of the M&E in spans of 100 ms while the dialogue stem is above −50 dBFS, against its \
                  median over the 5 s before and after; a drop by the limit for the duration, or digital silence. \
                  Where there is an effects stem, its level has to drop too: a pause of the music is no hole.",
    codes: CODES,
    look,
};

/// Spans of dialogue above this mean square are speech: −50 dBFS.
const SPEECH: f64 = 1e-5;

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view
        .scanned()
        .filter(|(sound, _)| sound.kind == Kind::MusicAndEffects)
    {
        let dialogue: Vec<(&Sound, &Scan)> = view
            .scanned()
            .filter(|(s, _)| s.kind == Kind::Dialogue && s.reel == sound.reel)
            .collect();
        if dialogue.is_empty() {
            continue;
        }
        looked.sound(view, sound);
        let effects: Vec<(&Sound, &Scan)> = view
            .scanned()
            .filter(|(s, _)| s.kind == Kind::Effects && s.reel == sound.reel)
            .collect();
        let me = Levels {
            all: levels(scan),
            speech: together(&dialogue),
            effects: (!effects.is_empty()).then(|| together(&effects)),
        };
        holes(view, sound, scan, &me, &mut looked);
    }
    looked.or_nothing("there is no M&E beside a dialogue stem")
}

/// What is compared, in spans.
struct Levels {
    /// Of the M&E.
    all: Vec<f64>,
    /// Of the dialogue.
    speech: Vec<f64>,
    /// Of the effects, where they have stems of their own.
    effects: Option<Vec<f64>>,
}

/// The levels of several sounds added up.
fn together(sounds: &[(&Sound, &Scan)]) -> Vec<f64> {
    let mut sum: Vec<f64> = Vec::new();
    for (_, scan) in sounds {
        let level = levels(scan);
        sum.resize(sum.len().max(level.len()), 0.0);
        sum.iter_mut().zip(level).for_each(|(sum, v)| *sum += v);
    }
    sum
}

/// The median level of some spans.
fn median(level: &[f64], from: usize, to: usize) -> f64 {
    let mut part: Vec<f64> = level.get(from..to).unwrap_or_default().to_vec();
    part.sort_by(f64::total_cmp);
    part.get(part.len() / 2).copied().unwrap_or_default()
}

/// Mean square of all channels together in each span.
fn levels(scan: &Scan) -> Vec<f64> {
    let spans = scan.channels.first().map_or(0, |c| c.squares.len());
    let at = |i: usize| {
        scan.channels
            .iter()
            .filter_map(|c| c.squares.get(i))
            .map(|&v| f64::from(v))
            .sum()
    };
    (0..spans).map(at).collect()
}

fn holes(view: &View<'_>, sound: &Sound, scan: &Scan, levels: &Levels, looked: &mut Looked) {
    let level = levels.all.as_slice();
    let drop = libm::pow(10.0, -view.limits.value("M3", "drop") / 10.0);
    let span = scan.span.max(1);
    let least = (view.limits.value("M3", "duration") * f64::from(sound.rate.hertz()) / span as f64)
        as usize;
    let reach = (5 * u64::from(sound.rate.hertz()) / span) as usize;
    let speaks = |i: usize| levels.speech.get(i).is_some_and(|&v| v > SPEECH);
    let mut at = 0;
    while at < level.len() {
        // The reference is what the M&E does on both sides, so that the end of a cue is no hole.
        let around = median(level, at.saturating_sub(reach), at);
        let low = |i: usize| level.get(i).is_some_and(|&v| v < around * drop);
        if !low(at) || around < 1e-8 {
            at += 1;
            continue;
        }
        let end = (at..level.len()).find(|&i| !low(i)).unwrap_or(level.len());
        let after = median(level, end, (end + reach).min(level.len()));
        let spoken = (at..end).filter(|&i| speaks(i)).count();
        // Nearly all of it under speech: a pause of everybody is a pause.
        let under = spoken * 10 >= (end - at) * 6;
        let long = end - at >= least && end - at <= reach;
        let silent = (at..end).any(|i| level.get(i) == Some(&0.0));
        let drops = || silent || levels.effects_drop(at, end, reach, drop);
        if under && long && after > around * drop && drops() {
            hole(view, sound, scan, (at, end), level, looked);
        }
        at = end.max(at + 1);
    }
}

impl Levels {
    /// Whether the effects have the hole as well, or nobody knows.
    fn effects_drop(&self, at: usize, end: usize, reach: usize, drop: f64) -> bool {
        let Some(effects) = &self.effects else {
            return true;
        };
        let before = median(effects, at.saturating_sub(reach), at);
        before > 0.0 && median(effects, at, end) < before * drop
    }
}

fn hole(
    view: &View<'_>,
    sound: &Sound,
    scan: &Scan,
    (at, end): (usize, usize),
    level: &[f64],
    looked: &mut Looked,
) {
    let inside = level.get(at..end).unwrap_or_default();
    let quietest = inside.iter().copied().fold(f64::MAX, f64::min);
    let (mut start, mut stop) = (
        at as u64 * scan.span,
        (end as u64 * scan.span).min(scan.length),
    );
    let zero = quietest == 0.0;
    if zero {
        // To the sample, where all channels agree.
        let gap = |c: &crate::meter::scan::ChannelScan| {
            let middle = u64::midpoint(start, stop);
            c.gaps
                .iter()
                .find(|g| g.digital && g.start <= middle && g.end > middle)
                .map(|g| (g.start, g.end))
        };
        let gaps: Vec<(u64, u64)> = scan.channels.iter().filter_map(gap).collect();
        start = gaps.iter().map(|g| g.0).max().unwrap_or(start);
        stop = gaps
            .iter()
            .map(|g| g.1)
            .min()
            .unwrap_or(stop)
            .max(start + 1);
    }
    let code = if zero { ZERO } else { HOLE };
    let long = duration(stop - start, sound.rate);
    let what = if zero {
        "digital silence"
    } else {
        "far below what is around it"
    };
    let message = format!(
        "{} is {what} for {long} while somebody speaks",
        sound.called()
    );
    let fault = view
        .fault(code, sound, None, message)
        .over(view, sound, start, stop - start);
    let limit = format!("a drop of {} dB", view.limits.value("M3", "drop"));
    looked
        .faults
        .push(fault.value(crate::qc::check::dbfs(quietest.sqrt()), limit));
}
