//! What is wrong where stems do not sum to a mix: one diagnosis, of which each check takes its share.

mod describe;
mod local;

use crate::finding::{Code, Severity};
use crate::meter::cross::{Relation, Residue};
use crate::qc::check::{Looked, View, dbfs};
use crate::qc::facts::{Kind as SoundKind, Made, Seen, Sum, SumWindow};
use crate::qc::judgement::Fault;
use describe::{describe, drift};
use local::local;

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The file is silent where the mix holds it, or the mix lacks it.
    Missing,
    /// Effects that the M&E lacks.
    MissingEffects,
    /// One gain for all of it.
    Gain,
    /// The same of music in an M&E.
    MusicGain,
    /// Channels of different gains.
    ChannelGain,
    Inverted,
    ChannelInverted,
    Swapped,
    Offset,
    Drift,
    /// Something else.
    Unexplained,
    /// A peak limiter's work.
    Limited,
    /// Nothing but rounding.
    Rounding,
    /// Samples of a sum that was made here and that passed full scale.
    Full,
}

/// The codes of a check of sums; the checks differ in the composites that they look at.
#[derive(Debug)]
pub(super) struct SumCodes {
    remainder: Code,
    missing: Code,
    gain: Code,
    channel: Code,
    rounding: Code,
    full: Code,
}

impl SumCodes {
    /// Under these names, in the order of [`SumCodes::list`].
    pub(super) const fn new(ids: [&'static str; 6]) -> Self {
        use Severity::{Error, Warning};
        let [remainder, missing, gain, channel, rounding, full] = ids;
        Self {
            remainder: Code::new(
                remainder,
                Error,
                "the sum does not hold: something else",
                "The composite is not the sum of its stems here, and no single gain, offset or swap explains it: one \
                 of the files was changed in this stretch after the others were printed. Print them again in one pass.",
            ),
            missing: Code::new(
                missing,
                Error,
                "the sum does not hold: a file is missing in it",
                "A stem sounds that the composite lacks, or a stem is silent where the composite holds it. Look \
                 whether it was muted in one of the passes, and print again.",
            ),
            gain: Code::new(
                gain,
                Error,
                "the sum does not hold: a level was changed",
                "One file stands at another level than in the sum, by the same factor throughout. A fader moved \
                 between two passes; take the change back in this file, or print the others again.",
            ),
            channel: Code::new(
                channel,
                Error,
                "the sum does not hold: the level of a channel was changed",
                "One channel of a file stands at another level than in the sum. Look at its routing and trims.",
            ),
            rounding: Code::new(
                rounding,
                Warning,
                "the sum holds but for rounding",
                "What remains is below the level of the spec and above the last bits: dither, or a summing path that \
                 rounds. Nobody hears it; a file made as the integer sum of the stems has none.",
            ),
            full: Code::new(
                full,
                Warning,
                "the sum passes full scale",
                "The stems together are louder than a file can hold, and the composite stands at full scale there: it \
                 is clipped, and the stems no longer sum to it. Lower a stem by a rule with gain_db, or the whole mix.",
            ),
        }
    }

    /// All of them.
    pub(super) const fn list(&'static self) -> [&'static Code; 6] {
        [
            &self.remainder,
            &self.missing,
            &self.gain,
            &self.channel,
            &self.rounding,
            &self.full,
        ]
    }

    /// The code of a kind of fault; none for those that other checks report.
    pub(super) const fn of(&'static self, kind: Kind) -> Option<&'static Code> {
        match kind {
            Kind::Unexplained => Some(&self.remainder),
            Kind::Missing => Some(&self.missing),
            Kind::Gain => Some(&self.gain),
            Kind::ChannelGain => Some(&self.channel),
            Kind::Rounding => Some(&self.rounding),
            Kind::Full => Some(&self.full),
            _ => None,
        }
    }
}

/// A fault of a sum before it has a code.
#[derive(Debug)]
struct Diagnosis {
    kind: Kind,
    /// The sound at fault.
    sound: usize,
    /// The stem that stands wrongly in it, where that is another one.
    stem: usize,
    message: String,
    /// First sample frame and how many.
    place: (u64, u64),
    measured: String,
    limit: String,
    channel: Option<usize>,
    /// Whether it is the stem that is silent, not the sum that lacks it.
    stem_is_silent: bool,
}

/// The faults of the kinds that `code` knows, over all sums.
pub(super) fn found(view: &View<'_>, code: impl Fn(Kind) -> Option<&'static Code>) -> Looked {
    found_in(view, |_| true, code)
}

/// The same over the sums whose composite is of a wanted kind.
pub(super) fn found_in(
    view: &View<'_>,
    wanted: impl Fn(SoundKind) -> bool,
    code: impl Fn(Kind) -> Option<&'static Code>,
) -> Looked {
    let mut looked = Looked::default();
    if let Seen::Made(made) = &view.facts.seen {
        made_here(view, made, &wanted, &code, &mut looked);
        return looked.or_nothing("no composite is made");
    }
    let mut said: Vec<(usize, Kind)> = Vec::new();
    let mut elsewhere: Option<String> = None;
    for sum in &view.facts.sums {
        let Some(composite) = view.facts.sounds.get(sum.composite) else {
            continue;
        };
        if !wanted(composite.kind) {
            continue;
        }
        looked.sound(view, composite);
        for stem in sum
            .stems
            .iter()
            .filter_map(|&stem| view.facts.sounds.get(stem))
        {
            looked.sound(view, stem);
        }
        let rest = if sum.residual.differing == 0 {
            "digital zero".to_owned()
        } else {
            dbfs(f64::from(sum.residual.peak))
        };
        looked.reading(
            view.facts.name_of(composite),
            format!("remainder {rest}"),
            None,
        );
        for mut diagnosis in diagnose(view, sum) {
            diagnosis.kind = in_me(view, sum, &diagnosis);
            let Some(code) = code(diagnosis.kind) else {
                if diagnosis.kind < Kind::Limited {
                    elsewhere.get_or_insert(diagnosis.message);
                }
                continue;
            };
            // The same stem fails in every sum that it is part of: say it once.
            let whole = diagnosis.kind < Kind::Unexplained;
            if whole && said.contains(&(diagnosis.sound, diagnosis.kind)) {
                continue;
            }
            said.push((diagnosis.sound, diagnosis.kind));
            looked.faults.extend(fault(view, code, diagnosis));
        }
    }
    // A sum that does not hold has not passed, even where another check says why.
    let claims = code(Kind::Unexplained).is_some() && looked.faults.is_empty();
    looked.not_applicable = elsewhere
        .filter(|_| claims)
        .map(|reason| format!("another check says why: {reason}"));
    looked.or_nothing("no composite stands beside all of its stems")
}

/// Sums that the job has made itself: they hold by construction, but for samples that passed full scale.
fn made_here(
    view: &View<'_>,
    made: &[Made],
    wanted: impl Fn(SoundKind) -> bool,
    code: impl Fn(Kind) -> Option<&'static Code>,
    looked: &mut Looked,
) {
    for made in made {
        let Some((sound, at)) = view
            .facts
            .place_of(&made.code, made.first.unwrap_or_default())
        else {
            continue;
        };
        if !wanted(sound.kind) {
            continue;
        }
        looked.sound(view, sound);
        let rest = match made.saturated {
            0 => "remainder digital zero, as it was summed here".to_owned(),
            n => format!("{n} samples set to full scale"),
        };
        looked.reading(view.facts.name_of(sound), rest.clone(), None);
        if let (true, Some(code)) = (made.saturated > 0, code(Kind::Full)) {
            let message = format!("the stems of {} pass full scale: {rest}", made.code);
            let fault = view
                .fault(code, sound, None, message)
                .over(view, sound, at, 1);
            looked
                .faults
                .push(fault.value(rest, "0 samples".to_owned()));
        }
    }
}

/// What happens to music and effects in an M&E has names of its own.
fn in_me(view: &View<'_>, sum: &Sum, diagnosis: &Diagnosis) -> Kind {
    let kind = |index: usize| view.facts.sounds.get(index).map(|sound| sound.kind);
    let in_me = kind(sum.composite) == Some(SoundKind::MusicAndEffects);
    // A silent stem takes nothing from the M&E.
    let in_me = in_me && !diagnosis.stem_is_silent;
    match (diagnosis.kind, kind(diagnosis.stem)) {
        (Kind::Gain, Some(SoundKind::Music)) if in_me => Kind::MusicGain,
        (Kind::Missing, Some(SoundKind::Effects)) if in_me => Kind::MissingEffects,
        (kind, _) => kind,
    }
}

fn fault(view: &View<'_>, code: &'static Code, diagnosis: Diagnosis) -> Option<Fault> {
    let sound = view.facts.sounds.get(diagnosis.sound)?;
    let fault = view.fault(code, sound, diagnosis.channel, diagnosis.message);
    let fault = fault.over(view, sound, diagnosis.place.0, diagnosis.place.1);
    Some(fault.value(diagnosis.measured, diagnosis.limit))
}

/// Everything that is wrong with a sum.
fn diagnose(view: &View<'_>, sum: &Sum) -> Vec<Diagnosis> {
    let step = view.limits.value("N1", "steps") / 8_388_608.0;
    let rounding = crate::audio::Decibels::new(view.limits.value("N1", "level"))
        .gain()
        .linear();
    let mut out = Vec::new();
    let faulty: Vec<(usize, &Residue)> = sum.residual.stretches.iter().enumerate().collect();
    let limited = |residue: &Residue| residue.is_limited(sum.residual.mix_peak);
    let (by_limiter, real): (Vec<_>, Vec<_>) = faulty
        .iter()
        .copied()
        .filter(|(_, r)| f64::from(r.peak) > step.max(rounding))
        .partition(|(_, r)| limited(r));
    if let Some(named) = lowered(view, sum, &by_limiter) {
        out.push(named);
        return out;
    }
    if real.is_empty() {
        out.extend(tolerated(sum, &faulty, step, limited));
        return out;
    }
    if let Some(named) = name(view, sum, &real) {
        out.push(named);
        return out;
    }
    for (index, residue) in real {
        let windows = sum.windows.iter().filter(|w| w.stretch == index);
        let windows: Vec<&SumWindow> = windows.collect();
        out.push(local(view, sum, residue, &windows));
    }
    out
}

/// One stem at a lower level throughout, which looks much like a limiter where the mix is dense.
fn lowered(view: &View<'_>, sum: &Sum, limited: &[(usize, &Residue)]) -> Option<Diagnosis> {
    let hertz = view.facts.sounds.get(sum.composite)?.rate.hertz();
    let frames: u64 = limited.iter().map(|(_, r)| r.len()).sum();
    if frames < 3 * u64::from(hertz) {
        return None;
    }
    name(view, sum, limited).filter(|named| named.stem != sum.composite)
}

/// What remains is small, or a limiter's.
fn tolerated(
    sum: &Sum,
    faulty: &[(usize, &Residue)],
    step: f64,
    limited: impl Fn(&Residue) -> bool,
) -> Option<Diagnosis> {
    let (_, first) = faulty.iter().find(|(_, r)| f64::from(r.peak) > step)?;
    let last = faulty.last().map_or(first.last, |(_, r)| r.last);
    let by_limiter = faulty.iter().any(|(_, r)| limited(r));
    let (kind, message) = if by_limiter {
        let text = format!(
            "{} places where the mix is limited and the stems are not",
            faulty.len()
        );
        (Kind::Limited, text)
    } else {
        let text = format!(
            "the remainder reaches {}",
            dbfs(f64::from(sum.residual.peak))
        );
        (Kind::Rounding, text)
    };
    Some(Diagnosis {
        kind,
        sound: sum.composite,
        stem: sum.composite,
        message,
        place: (first.first, last - first.first + 1),
        measured: dbfs(f64::from(sum.residual.peak)),
        limit: "digital zero".to_owned(),
        channel: None,
        stem_is_silent: false,
    })
}

/// A sound and what it has suffered in a window.
type Suspicion<'a> = (usize, &'a Relation, &'a SumWindow);

/// One fault of one file that explains every window that was looked into.
fn name(view: &View<'_>, sum: &Sum, real: &[(usize, &Residue)]) -> Option<Diagnosis> {
    let windows: Vec<&SumWindow> = sum
        .windows
        .iter()
        .filter(|window| real.iter().any(|(index, _)| *index == window.stretch))
        .filter(|window| window.samples >= 4_096)
        .collect();
    if windows.is_empty() {
        return None;
    }
    let mut best: Option<(usize, Diagnosis)> = None;
    let everyone = sum.stems.iter().copied().chain([sum.composite]);
    for sound in everyone {
        let suspicions: Vec<Suspicion<'_>> = windows
            .iter()
            .filter_map(|window| {
                let relation = window.relations.iter().find(|(index, _)| *index == sound)?;
                Some((sound, &relation.1, *window))
            })
            .collect();
        // What another sum clears is right by itself: then the mix holds it wrongly.
        let cleared = is_cleared(view, sum, sound);
        let Some((weight, diagnosis)) = accuse(view, sum, real, &suspicions, cleared) else {
            continue;
        };
        // A file that fails in several sums is the likelier one.
        let failing = if cleared {
            0
        } else {
            failing_sums(view, sound)
        };
        let weight = 2 * weight + failing;
        if best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, diagnosis));
        }
    }
    best.map(|(_, diagnosis)| diagnosis)
}

/// Whether another sum holds the sound and is right: then it is not the culprit.
fn is_cleared(view: &View<'_>, sum: &Sum, sound: usize) -> bool {
    view.facts.sums.iter().any(|other| {
        let holds = other.composite == sound || other.stems.contains(&sound);
        other.composite != sum.composite && holds && other.residual.stretches.is_empty()
    })
}

fn failing_sums(view: &View<'_>, sound: usize) -> usize {
    let holds = |sum: &&Sum| sum.composite == sound || sum.stems.contains(&sound);
    view.facts
        .sums
        .iter()
        .filter(holds)
        .filter(|sum| !sum.residual.stretches.is_empty())
        .count()
}

/// What a sound has suffered if it is the culprit, and in how many windows that shows.
fn accuse(
    view: &View<'_>,
    sum: &Sum,
    real: &[(usize, &Residue)],
    suspicions: &[Suspicion<'_>],
    cleared: bool,
) -> Option<(usize, Diagnosis)> {
    let sound = suspicions.first()?.0;
    let called = view.facts.sounds.get(sound)?.called().to_owned();
    let first = real.iter().map(|(_, r)| r.first).min()?;
    let last = real.iter().map(|(_, r)| r.last).max()?;
    let missing = suspicions.iter().filter(|(_, r, _)| r.missing).count();
    let telling: Vec<&Suspicion<'_>> = suspicions
        .iter()
        .filter(|(_, r, _)| !r.missing && !r.channels.is_empty())
        .collect();
    let absent = suspicions.iter().filter(|(_, r, _)| r.extra).count();
    let make = |kind, message: String, measured: String, limit: &str, channel| Diagnosis {
        kind,
        sound,
        stem: sound,
        message,
        place: (first, last - first + 1),
        measured,
        limit: limit.to_owned(),
        channel,
        stem_is_silent: false,
    };
    if missing > 0 && missing == suspicions.len() {
        let whole = if sound == sum.composite {
            format!("{called} is silent where its stems sound")
        } else {
            format!("{called} is silent where the mix holds it")
        };
        let found = make(Kind::Missing, whole, "silence".to_owned(), "the stem", None);
        let silent = Diagnosis {
            stem_is_silent: true,
            ..found
        };
        return Some((missing, silent));
    }
    if absent > 0 && absent == suspicions.len() {
        let text = format!("{} does not hold {called}", mix_name(view, sum));
        return Some((
            absent,
            make(Kind::Missing, text, "absent".to_owned(), "present", None),
        ));
    }
    let exact: Vec<&&Suspicion<'_>> = telling
        .iter()
        .filter(|(_, r, _)| r.is_exact() && !r.is_same())
        .collect();
    if !exact.is_empty() && exact.len() * 10 >= telling.len() * 9 {
        let relation = exact
            .iter()
            .map(|(_, r, _)| *r)
            .max_by_key(|r| r.channels.len())?;
        let seen_from_mix = cleared.then(|| turned(relation));
        let steady = exact
            .iter()
            .all(|(_, r, _)| r.lag == relation.lag && is_like(r, relation));
        if steady {
            let (kind, message, measured, limit, channel) =
                describe(view, sound, seen_from_mix.as_ref().unwrap_or(relation))?;
            if cleared {
                let mix = mix_name(view, sum);
                let found = make(
                    kind,
                    format!("in {mix}, {message}"),
                    measured,
                    limit,
                    channel,
                );
                let of_mix = Diagnosis {
                    sound: sum.composite,
                    ..found
                };
                return Some((exact.len(), of_mix));
            }
            return Some((exact.len(), make(kind, message, measured, limit, channel)));
        }
    }
    drift(view, sound, &telling).map(|(count, message, measured)| {
        (count, make(Kind::Drift, message, measured, "0 ppm", None))
    })
}

fn mix_name(view: &View<'_>, sum: &Sum) -> String {
    view.facts
        .sounds
        .get(sum.composite)
        .map_or_else(String::new, |s| s.called().to_owned())
}

/// The relation as seen from the mix: what stands in it, against the file that is right.
fn turned(relation: &Relation) -> Relation {
    let channel = |c: &crate::meter::cross::ChannelRelation| crate::meter::cross::ChannelRelation {
        expected: c.found,
        found: c.expected,
        gain: 1.0 / c.gain,
    };
    Relation {
        lag: -relation.lag,
        channels: relation.channels.iter().map(channel).collect(),
        ..relation.clone()
    }
}

/// Whether two relations say the same of every channel that both know.
fn is_like(a: &Relation, b: &Relation) -> bool {
    a.channels.iter().all(|x| {
        b.channels
            .iter()
            .filter(|y| y.expected == x.expected)
            .all(|y| x.found == y.found && (x.gain - y.gain).abs() < 2e-3 * y.gain.abs().max(1e-3))
    })
}
