//! The figures of one file.

use super::bank::Programme;
use super::code;
use super::energy::{Energies, Reading, Window};
use super::gate::LoudnessRange;
use super::kweight::has_loudness;
use super::leq_m::LeqM;
use super::peak::ChannelPeak;
use super::spec::MeterSpec;
use crate::audio::{DbFs, DbTp, LoudnessUnits, Lufs};
use crate::finding::Finding;

/// Loudness range is stable from this many seconds on (EBU Tech 3342 §3).
const STABLE_SECONDS: u64 = 60;

/// The standard's range of sample rates in which meters can be compared, in Hz.
const USUAL_RATES: std::ops::RangeInclusive<u32> = 32_000..=192_000;

/// Everything measured in one file. A figure that does not exist (silence, too short) is `None`.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// What was asked for: rate, positions, how mono is heard, the filter of the true peak.
    pub spec: MeterSpec,
    /// Sample frames measured.
    pub length: u64,
    /// Integrated loudness.
    pub integrated: Option<Lufs>,
    /// Loudness range with its ends and count; not stable under 60 s.
    pub loudness_range: Option<LoudnessRange>,
    /// The loudest 400 ms at a hop of 10 ms.
    pub max_momentary: Option<Reading>,
    /// The loudest 3 s at a hop of 10 ms.
    pub max_short_term: Option<Reading>,
    /// Peaks of every channel in file order.
    pub channels: Vec<ChannelPeaks>,
    /// The highest true peak.
    pub true_peak: Option<Peak<DbTp>>,
    /// The highest sample.
    pub sample_peak: Option<Peak<DbFs>>,
    /// Peak to loudness ratio: true peak less integrated loudness.
    pub plr: Option<LoudnessUnits>,
    /// The least peak to short-term loudness ratio, of sample peaks, and its 3 s.
    pub least_psr: Option<(LoudnessUnits, Reading)>,
    /// Leq(m) of the whole length, where asked for.
    pub leq_m: Option<LeqM>,
    /// Places above the limit, where one was set, by time and then by channel.
    pub overs: Vec<Over>,
    /// First and last frame with a sample that is not zero.
    pub sound: Option<(u64, u64)>,
    /// The energies per 10 ms, from which series and figures of parts come.
    pub energies: Energies,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// A peak and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak<Level> {
    /// How high.
    pub level: Level,
    /// Index of the channel.
    pub channel: usize,
    /// Sample frame in which it stands or which it follows, counted from the first one measured.
    pub at: u64,
}

/// The peaks of one channel; `None` for digital silence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelPeaks {
    /// At and between the samples.
    pub true_peak: Option<Peak<DbTp>>,
    /// At the samples.
    pub sample_peak: Option<Peak<DbFs>>,
}

/// A place above the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Over {
    /// Index of the channel.
    pub channel: usize,
    /// First sample frame above the limit.
    pub first: u64,
    /// Last sample frame above it; overs less than 100 ms apart are one.
    pub last: u64,
    /// The highest true peak in it.
    pub level: DbTp,
}

impl Measurement {
    pub(super) fn new(programme: Programme, mut peaks: Vec<ChannelPeak>, length: u64) -> Self {
        let whole = programme.energies.whole();
        let integrated = whole.integrated();
        let findings = findings(&programme, &mut peaks, length, integrated);
        let channels: Vec<ChannelPeaks> = peaks
            .iter()
            .enumerate()
            .map(|(i, peak)| ChannelPeaks::new(i, peak))
            .collect();
        let true_peak = highest(channels.iter().map(|c| c.true_peak), DbTp::value);
        let ratio = |peak: Peak<DbTp>, loudness: Lufs| peak.level.value() - loudness.value();
        Self {
            length,
            integrated,
            loudness_range: whole.loudness_range(),
            max_momentary: whole.loudest(Window::Momentary),
            max_short_term: whole.loudest(Window::ShortTerm),
            sample_peak: highest(channels.iter().map(|c| c.sample_peak), DbFs::value),
            plr: true_peak
                .zip(integrated)
                .map(|(p, i)| LoudnessUnits::new(ratio(p, i))),
            least_psr: whole.least_psr(),
            leq_m: programme
                .leq_m
                .as_ref()
                .and_then(super::leq_m::LeqMMeter::finish),
            overs: overs(&peaks),
            sound: programme.sound,
            true_peak,
            channels,
            findings,
            spec: programme.spec,
            energies: programme.energies,
        }
    }

    /// Whether the loudness range may be judged: the sound is at least 60 s long.
    pub fn is_range_stable(&self) -> bool {
        self.length >= STABLE_SECONDS * u64::from(self.spec.rate.hertz())
    }
}

impl ChannelPeaks {
    fn new(channel: usize, peak: &ChannelPeak) -> Self {
        let place = |size: f32, at| (size > 0.0).then(|| (decibels(size), at));
        Self {
            true_peak: place(peak.peak, peak.peak_at).map(|(db, at)| Peak {
                level: DbTp::new(db),
                channel,
                at,
            }),
            sample_peak: place(peak.sample, peak.sample_at).map(|(db, at)| Peak {
                level: DbFs::new(db),
                channel,
                at,
            }),
        }
    }
}

fn decibels(size: f32) -> f64 {
    20.0 * libm::log10(f64::from(size))
}

/// The highest of several peaks, the first channel of equals.
fn highest<L: Copy>(
    peaks: impl Iterator<Item = Option<Peak<L>>>,
    value: impl Fn(L) -> f64,
) -> Option<Peak<L>> {
    peaks.flatten().reduce(|best, next| {
        if value(next.level) > value(best.level) {
            next
        } else {
            best
        }
    })
}

fn overs(peaks: &[ChannelPeak]) -> Vec<Over> {
    let lists = peaks
        .iter()
        .map(|peak| peak.overs.as_ref().map_or(&[][..], |o| &o.list));
    let mut overs: Vec<Over> = lists
        .enumerate()
        .flat_map(|(channel, list)| {
            list.iter().map(move |over| Over {
                channel,
                first: over.first,
                last: over.last,
                level: DbTp::new(decibels(over.size)),
            })
        })
        .collect();
    overs.sort_by_key(|over| (over.first, over.channel));
    overs
}

fn findings(
    programme: &Programme,
    peaks: &mut [ChannelPeak],
    length: u64,
    integrated: Option<Lufs>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    about_input(programme, &mut findings);
    for (channel, overs) in peaks.iter_mut().enumerate() {
        let Some(overs) = &mut overs.overs else {
            continue;
        };
        overs.close();
        if overs.count > overs.list.len() as u64 {
            let name = programme.spec.positions.channel_name(channel);
            let message = format!("channel {name} is over the limit at {} places", overs.count);
            findings.push(Finding::new(&code::OVERS_NOT_LISTED, message));
        }
    }
    findings.extend(about_loudness(programme, length, integrated));
    findings
}

fn about_input(programme: &Programme, findings: &mut Vec<Finding>) {
    let (spec, damage) = (&programme.spec, programme.damage);
    if let Some((frame, channel)) = damage.first {
        let name = spec.positions.channel_name(channel);
        let message = format!(
            "{} samples are no numbers, the first in channel {name} at sample {frame}; measured as silence",
            damage.count
        );
        findings.push(Finding::new(&code::NOT_SAMPLES, message));
    }
    let channels = spec.positions.len();
    if channels == 1 && !spec.dual_mono {
        let message = "one channel, measured as one loudspeaker";
        findings.push(Finding::new(&code::MONO, message));
    } else if matches!(spec.positions, super::spec::Positions::Discrete(_)) && channels > 1 {
        let message = format!("{channels} channels without positions, each weighted 1");
        findings.push(Finding::new(&code::NO_POSITIONS, message));
    }
    if !has_loudness(spec.rate) {
        let message = format!("no loudness is measured at {}", spec.rate);
        findings.push(Finding::new(&code::RATE_TOO_LOW, message));
    } else if !USUAL_RATES.contains(&spec.rate.hertz()) {
        let message = format!("{} is outside 32,000 to 192,000 Hz", spec.rate);
        findings.push(Finding::new(&code::RATE_OUTSIDE_STANDARD, message));
    }
}

/// The one thing to say about the loudness figures, if there is one.
fn about_loudness(programme: &Programme, length: u64, integrated: Option<Lufs>) -> Option<Finding> {
    let rate = programme.spec.rate;
    if !has_loudness(rate) {
        return None;
    }
    let windows = |window| programme.energies.whole().windows(window);
    let (code, message) = if windows(Window::Momentary) == 0 {
        let message = format!("{length} samples are less than 400 ms, so there is no loudness");
        (&code::TOO_SHORT, message)
    } else if integrated.is_none() {
        let message = "no 400 ms are above -70 LUFS, so there is no integrated loudness";
        (&code::NOTHING_ABOVE_GATE, message.to_owned())
    } else if windows(Window::ShortTerm) == 0 {
        let message =
            format!("{length} samples are less than 3 s, so there is no short-term loudness");
        (&code::TOO_SHORT, message)
    } else if length < STABLE_SECONDS * u64::from(rate.hertz()) {
        let seconds = length / u64::from(rate.hertz());
        (
            &code::RANGE_NOT_STABLE,
            format!("the loudness range of {seconds} s is not stable"),
        )
    } else {
        return None;
    };
    Some(Finding::new(code, message))
}
