//! What is wrong where stems do not sum to a mix: one diagnosis, of which each check takes its share.

mod describe;
mod local;
mod name;

use crate::finding::{Code, Severity};
use crate::meter::cross::Residue;
use crate::qc::check::{Looked, View, dbfs};
use crate::qc::facts::{Culprit, Facts, Kind as SoundKind, Made, Rest, Seen, Sum, SumWindow};
use crate::qc::judgement::Fault;
use crate::qc::limits::Limits;
use describe::{Described, describe, drifting};
use local::{hole, local};
use name::{Named, lacking, name};

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
    let mut said: Vec<Said> = Vec::new();
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
            let is = Said::of(sum, &diagnosis);
            if whole && said.iter().any(|said| said.is_like(&is)) {
                continue;
            }
            said.push(is);
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

/// A fault that was said of one sum.
struct Said {
    composite: usize,
    sound: usize,
    kind: Kind,
    channel: Option<usize>,
    /// First sample frame and the one after the last.
    place: (u64, u64),
}

impl Said {
    const fn of(sum: &Sum, diagnosis: &Diagnosis) -> Self {
        let (first, len) = diagnosis.place;
        Self {
            composite: sum.composite,
            sound: diagnosis.sound,
            kind: diagnosis.kind,
            channel: diagnosis.channel,
            place: (first, first + len),
        }
    }

    /// Whether the same was said of another sum.
    fn is_like(&self, other: &Self) -> bool {
        let together = self.place.0 < other.place.1 && other.place.0 < self.place.1;
        let same =
            (self.sound, self.kind, self.channel) == (other.sound, other.kind, other.channel);
        self.composite != other.composite && same && together
    }
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
    let mut out = Vec::new();
    let faulty: Vec<(usize, &Residue)> = sum.residual.stretches.iter().enumerate().collect();
    let limited = |residue: &Residue| residue.is_limited(sum.residual.mix_peak);
    let (by_limiter, real) = parted(&faulty, level(view, sum), sum.residual.mix_peak);
    if let Some(named) = lowered(view, sum, &by_limiter).filter(|named| holds(sum, named)) {
        out.extend(named.diagnoses);
        out.extend(behind(view, sum, level(view, sum)));
        return out;
    }
    if real.is_empty() {
        out.extend(tolerated(sum, &faulty, sum.floor.peak, limited));
        return out;
    }
    // A file that rests is not the one that was cut, where another falls silent just there.
    let cut = || {
        real.iter()
            .all(|(_, residue)| hole(view, sum, residue).is_some())
    };
    let rests = |named: &Named| named.culprit.relation.missing && cut();
    let named = name(view, sum, &real).filter(|named| holds(sum, named) && !rests(named));
    if let Some(named) = named {
        out.extend(named.diagnoses);
        out.extend(behind(view, sum, level(view, sum)));
        return out;
    }
    if let Some(together) = together(view, sum, &real) {
        return together;
    }
    if let Some(drift) = &sum.drift {
        out.extend(drifting(view, drift));
        return out;
    }
    for (index, residue) in real {
        out.push(local(view, sum, residue, &of_stretch(&sum.windows, index)));
    }
    out
}

/// What is wrong with files that were found to be wrong together, and what else is.
fn together(view: &View<'_>, sum: &Sum, real: &[(usize, &Residue)]) -> Option<Vec<Diagnosis>> {
    let rest = sum.rest.as_ref().filter(|rest| rest.holds)?;
    let first = real.iter().map(|(_, r)| r.first).min()?;
    let last = real.iter().map(|(_, r)| r.last).max()?;
    let of = |culprit: &Culprit| -> Vec<Diagnosis> {
        let all = if culprit.relation.extra {
            lacking(view, sum, culprit.sound).into_iter().collect()
        } else {
            describe(view, culprit.sound, &culprit.relation)
        };
        let make = |is: Described| is.over(culprit.sound, (first, last - first + 1));
        all.into_iter().map(make).collect()
    };
    let mut out: Vec<Diagnosis> = rest.culprits.iter().flat_map(of).collect();
    out.extend(behind(view, sum, level(view, sum)));
    Some(out)
}

/// Stretches with their numbers.
type Numbered<'a> = Vec<(usize, &'a Residue)>;

/// Stretches that remain above a level, by limiters and others.
fn parted<'a>(
    faulty: &[(usize, &'a Residue)],
    level: f64,
    ceiling: f32,
) -> (Numbered<'a>, Numbered<'a>) {
    faulty
        .iter()
        .copied()
        .filter(|(_, residue)| f64::from(residue.peak) > level)
        .partition(|(_, residue)| residue.is_limited(ceiling))
}

/// The windows of one stretch.
fn of_stretch(windows: &[SumWindow], index: usize) -> Vec<&SumWindow> {
    windows.iter().filter(|w| w.stretch == index).collect()
}

/// Whether nothing speaks against the file that was named.
fn holds(sum: &Sum, named: &Named) -> bool {
    let own = std::slice::from_ref(&named.culprit);
    let same = |rest: &Rest| rest.holds && rest.culprits == own;
    sum.rest.as_ref().is_none_or(same)
}

/// What else is wrong, once the fault of a whole file is taken back.
fn behind(view: &View<'_>, sum: &Sum, level: f64) -> Vec<Diagnosis> {
    let Some(Rest {
        culprits,
        residual,
        windows,
        ..
    }) = &sum.rest
    else {
        return Vec::new();
    };
    // What was right is wrong now, where the file has its fault only from some place on or up to one.
    let was_wrong = |residue: &Residue| {
        let both = sum.residual.stretches.iter().map(|before| {
            let (first, last) = (
                before.first.max(residue.first),
                before.last.min(residue.last),
            );
            (last + 1).saturating_sub(first)
        });
        both.sum::<u64>() * 10 > residue.len()
    };
    let faulty: Vec<(usize, &Residue)> = residual
        .stretches
        .iter()
        .enumerate()
        .filter(|(_, residue)| was_wrong(residue))
        .collect();
    let (_, real) = parted(&faulty, level, residual.mix_peak);
    let one = |(index, residue): (usize, &Residue)| {
        let mut found = local(view, sum, residue, &of_stretch(windows, index));
        if let Some(culprit) = culprits.iter().find(|c| c.sound == found.sound) {
            let lag = culprit.relation.lag;
            found.place.0 = found.place.0.saturating_add_signed(lag);
        }
        found
    };
    real.into_iter().take(MAX_BEHIND).map(one).collect()
}

/// The most faults that are said behind that of a whole file.
const MAX_BEHIND: usize = 100;

/// The file whose one fault throughout seems to explain what remains of a sum, an index of [`Facts::sums`].
pub fn culprit(facts: &Facts<'_>, sum: usize) -> Option<Culprit> {
    let limits = Limits::of(facts.spec);
    let view = &View { facts, limits };
    let sum = facts.sums.get(sum)?;
    let faulty: Vec<(usize, &Residue)> = sum.residual.stretches.iter().enumerate().collect();
    let (by_limiter, real) = parted(&faulty, level(view, sum), sum.residual.mix_peak);
    let lowered = lowered(view, sum, &by_limiter);
    let named = lowered.or_else(|| name(view, sum, &real))?;
    Some(named.culprit)
}

/// Remainders up to this are rounding, full scale 1.
fn level(view: &View<'_>, sum: &Sum) -> f64 {
    let rounding = crate::audio::Decibels::new(view.limits.value("N1", "level"));
    rounding.gain().linear().max(sum.floor.peak)
}

/// One stem at a lower level throughout, which looks much like a limiter where the mix is dense.
fn lowered(view: &View<'_>, sum: &Sum, limited: &[(usize, &Residue)]) -> Option<Named> {
    let hertz = view.facts.sounds.get(sum.composite)?.rate.hertz();
    let frames: u64 = limited.iter().map(|(_, r)| r.len()).sum();
    if frames < 3 * u64::from(hertz) {
        return None;
    }
    let of_stem = |named: &Named| named.diagnoses.iter().all(|d| d.stem != sum.composite);
    name(view, sum, limited).filter(of_stem)
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

fn mix_name(view: &View<'_>, sum: &Sum) -> String {
    view.facts
        .sounds
        .get(sum.composite)
        .map_or_else(String::new, |s| s.called().to_owned())
}
