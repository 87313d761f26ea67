//! How a file differs from what it should be.

use super::lag::find_lag;

/// Least share of the energy that a relation explains: the rest is rounding (−60 dB).
const EXPLAINED: f64 = 1e-6;

/// How a file stands to what the others leave for it, in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Samples by which the file is later than expected; 0 where its channels are not late by the same.
    pub lag: i64,
    /// Correlation at that lag, of the loudest channel.
    pub correlation: f64,
    /// Channel by channel; one entry for each expected channel that sounds.
    pub channels: Vec<ChannelRelation>,
    /// Share of the file's and the expected energy that all this leaves unexplained.
    pub unexplained: f64,
    /// Whether the file is silent where something is expected.
    pub missing: bool,
    /// Whether the file sounds where nothing is expected.
    pub extra: bool,
}

/// Where an expected channel is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelRelation {
    /// The expected channel.
    pub expected: usize,
    /// The channel of the file that holds it.
    pub found: usize,
    /// Its gain there; negative where polarity is inverted.
    pub gain: f64,
    /// Samples by which it is later than expected.
    pub lag: i64,
    /// Share of the expected channel's energy that this leaves unexplained.
    pub unexplained: f64,
}

impl Relation {
    /// Whether it explains the file to the last bits.
    pub fn is_exact(&self) -> bool {
        !self.extra && self.unexplained < EXPLAINED.max(1e-5)
    }

    /// Whether the file is what it should be.
    pub fn is_same(&self) -> bool {
        let same = |c: &ChannelRelation| {
            c.expected == c.found && c.lag == 0 && (c.gain - 1.0).abs() < 2e-4
        };
        self.lag == 0 && !self.missing && self.is_exact() && self.channels.iter().all(same)
    }
}

/// Compares planes of a file with what is expected of it. `reach` samples at either end of both are used
/// only to look for offsets; windows that are not longer than that have no offsets looked for.
pub fn relate(expected: &[Vec<f32>], actual: &[Vec<f32>], reach: usize) -> Relation {
    let frames = expected.first().map_or(0, Vec::len);
    let core = if frames > 2 * reach {
        (reach, frames - reach)
    } else {
        (0, frames)
    };
    let (wanted, there) = (energy(expected, core), energy(actual, core));
    let silent = Relation {
        lag: 0,
        correlation: 0.0,
        channels: Vec::new(),
        unexplained: 0.0,
        missing: false,
        extra: false,
    };
    if wanted <= 0.0 && there <= 0.0 {
        return silent;
    }
    if there < wanted * 1e-7 {
        // Silent here, and late enough to sound elsewhere?
        let late = (core.0 > 0).then(|| offset(expected, actual, core, reach));
        return late
            .flatten()
            .filter(Relation::is_exact)
            .unwrap_or(Relation {
                missing: true,
                ..silent
            });
    }
    if wanted < there * 1e-7 {
        return Relation {
            extra: true,
            unexplained: 1.0,
            ..silent
        };
    }
    let at_once = fit(expected, actual, core, 0);
    if at_once.is_exact() || core.0 == 0 {
        return at_once;
    }
    let later = offset(expected, actual, core, reach);
    let whole = match later {
        Some(later) if later.unexplained < at_once.unexplained => later,
        _ => at_once,
    };
    if whole.is_exact() {
        return whole;
    }
    let each = apart(expected, actual, core, reach, &whole);
    each.filter(Relation::is_exact).unwrap_or(whole)
}

/// Every channel in its own place with an offset of its own, where one of them at least stands right in `whole`.
fn apart(
    expected: &[Vec<f32>],
    actual: &[Vec<f32>],
    core: (usize, usize),
    reach: usize,
    whole: &Relation,
) -> Option<Relation> {
    let stands = |c: &&ChannelRelation| c.expected == c.found && c.unexplained < ALIKE;
    let far = reach > core.1 - core.0;
    if far || whole.channels.len() < 2 || !whole.channels.iter().any(|c| stands(&c)) {
        return None;
    }
    let total: f64 = energy(expected, core).max(energy(actual, core));
    let mut relation = Relation {
        lag: 0,
        channels: Vec::new(),
        unexplained: 0.0,
        ..whole.clone()
    };
    for known in &whole.channels {
        let p = known.expected;
        let (wanted, there) = (expected.get(p)?, actual.get(p)?);
        let channel = if stands(&known) {
            *known
        } else {
            let lag = lag_of(wanted, there, core, reach)?;
            in_place(p, (wanted, there), core, lag.samples)
        };
        let ww = power(wanted, core, 0);
        relation.unexplained += channel.unexplained * ww / total.max(f64::MIN_POSITIVE);
        relation.channels.push(channel);
    }
    Some(relation)
}

/// What is left of a channel in its own place is rounding below this share of its energy.
const ALIKE: f64 = 1e-5;

/// A channel in its own place at one lag.
fn in_place(
    p: usize,
    (wanted, there): (&[f32], &[f32]),
    core: (usize, usize),
    lag: i64,
) -> ChannelRelation {
    let ww = power(wanted, core, 0).max(f64::MIN_POSITIVE);
    let (wt, tt) = (dot(wanted, there, core, lag), power(there, core, lag));
    ChannelRelation {
        expected: p,
        found: p,
        gain: wt / ww,
        lag,
        unexplained: (tt - wt * wt / ww).max(0.0) / ww,
    }
}

/// The offset of one channel in its own place.
fn lag_of(wanted: &[f32], there: &[f32], core: (usize, usize), reach: usize) -> Option<super::Lag> {
    // A third of the window is enough to find the offset, and less sensitive to drift.
    let len = ((core.1 - core.0) / 3).clamp(1, 16_384);
    let part = core.0 + loudest_part(wanted.get(core.0..core.1)?, len);
    let (low, high) = (
        part - reach.min(part),
        (part + len + reach).min(wanted.len()),
    );
    find_lag(
        wanted.get(part..part + len)?,
        there.get(low..high)?,
        part - low,
    )
}

/// The same with an offset: that of the loudest expected channel against whichever channel it is found in.
fn offset(
    expected: &[Vec<f32>],
    actual: &[Vec<f32>],
    core: (usize, usize),
    reach: usize,
) -> Option<Relation> {
    let loudest = |planes: &[Vec<f32>]| {
        let energy = |plane: &Vec<f32>| energy(std::slice::from_ref(plane), core);
        (0..planes.len()).max_by(|&a, &b| {
            let at = |i: usize| planes.get(i).map_or(0.0, energy);
            at(a).total_cmp(&at(b)).then(b.cmp(&a))
        })
    };
    let own = loudest(expected)?;
    let wanted = expected.get(own)?;
    // Far away only the channel's own place is searched.
    let far = reach > core.1 - core.0;
    let mut best = None;
    let searched = actual.iter().enumerate().filter(|(q, _)| !far || *q == own);
    for (_, plane) in searched {
        let lag = lag_of(wanted, plane, core, reach);
        let better = |best: &Option<super::Lag>, lag: &super::Lag| {
            best.is_none_or(|best| lag.correlation.abs() > best.correlation.abs() + 1e-6)
        };
        if let Some(lag) = lag.filter(|lag| better(&best, lag)) {
            best = Some(lag);
        }
    }
    let lag = best?;
    let mut relation = fit(expected, actual, core, lag.samples);
    relation.correlation = lag.correlation;
    Some(relation)
}

/// Where the loudest `len` samples begin, in steps of half of them.
fn loudest_part(plane: &[f32], len: usize) -> usize {
    let starts = (0..=plane.len().saturating_sub(len)).step_by((len / 2).max(1));
    let energy = |start: usize| -> f64 {
        let part = plane.get(start..start + len).unwrap_or_default();
        part.iter().map(|&v| f64::from(v) * f64::from(v)).sum()
    };
    starts
        .map(|start| (energy(start), start))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        .map_or(0, |(_, start)| start)
}

/// The best channel and gain for each expected channel at one lag, by least squares.
fn fit(expected: &[Vec<f32>], actual: &[Vec<f32>], core: (usize, usize), lag: i64) -> Relation {
    let total: f64 = energy(expected, core).max(energy(actual, core));
    let mut channels = Vec::new();
    let mut left = 0.0;
    let mut correlation: f64 = 0.0;
    for (p, wanted) in expected.iter().enumerate() {
        let ww = power(wanted, core, 0);
        // A channel that is 50 dB below the others is not told apart from them.
        if ww <= total * 1e-7 {
            continue;
        }
        // (energy left, found, gain, correlation); the channel's own place first among equals.
        let mut best: Option<(f64, usize, f64, f64)> = None;
        let own_first = std::iter::once(p).chain((0..actual.len()).filter(|&q| q != p));
        for q in own_first {
            let Some(there) = actual.get(q) else { continue };
            let (wt, tt) = (dot(wanted, there, core, lag), power(there, core, lag));
            let rest = tt - wt * wt / ww;
            // What is not found at all counts in full: a silent channel explains nothing.
            let score = if wt.abs() < 1e-3 * ww {
                ww + tt
            } else {
                rest.max(0.0) * (ww / tt.max(f64::MIN_POSITIVE)).max(1.0)
            };
            let r = wt / (ww * tt).sqrt().max(f64::MIN_POSITIVE);
            // What its own place explains to the last bits stands in it, however alike another channel is.
            let beats =
                |best: (f64, usize, f64, f64)| best.0 > EXPLAINED * ww && score < best.0 * 0.9;
            if best.is_none_or(beats) {
                best = Some((score, q, wt / ww, r));
            }
        }
        if let Some((rest, found, gain, r)) = best {
            left += rest;
            if r.abs() > correlation.abs() {
                correlation = r;
            }
            channels.push(ChannelRelation {
                expected: p,
                found,
                gain,
                lag,
                unexplained: rest / ww,
            });
        }
    }
    // Sound in channels where none is expected and none was found.
    for (q, there) in actual.iter().enumerate() {
        if channels.iter().all(|c| c.found != q) {
            left += power(there, core, lag);
        }
    }
    Relation {
        lag,
        correlation,
        channels,
        unexplained: left / total.max(f64::MIN_POSITIVE),
        missing: false,
        extra: false,
    }
}

fn energy(planes: &[Vec<f32>], core: (usize, usize)) -> f64 {
    planes.iter().map(|plane| power(plane, core, 0)).sum()
}

/// `Σ a[n + lag]²` over the core.
fn power(a: &[f32], core: (usize, usize), lag: i64) -> f64 {
    let from = usize::try_from(core.0 as i64 + lag).unwrap_or_default();
    let part = a.get(from..).unwrap_or_default();
    let squares = part.iter().take(core.1 - core.0);
    squares.map(|&v| f64::from(v) * f64::from(v)).sum()
}

/// `Σ a[n]·b[n + lag]` over the core.
fn dot(a: &[f32], b: &[f32], core: (usize, usize), lag: i64) -> f64 {
    let from = usize::try_from(core.0 as i64 + lag).unwrap_or_default();
    let first = a.get(core.0..).unwrap_or_default();
    let second = b.get(from..).unwrap_or_default();
    let pairs = first.iter().zip(second).take(core.1 - core.0);
    pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(seed: u64, len: usize) -> Vec<f32> {
        let mut state = seed | 1;
        let mut low = 0.0_f32;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            low += 0.2 * ((state >> 40) as f32 / 8_388_608.0 - 1.0 - low);
            low
        };
        (0..len).map(|_| next()).collect()
    }

    fn stereo() -> Vec<Vec<f32>> {
        vec![sound(1, 20_000), sound(2, 20_000)]
    }

    fn shifted(planes: &[Vec<f32>], by: i64, gain: f32) -> Vec<Vec<f32>> {
        let at = |plane: &Vec<f32>, i: usize| {
            let from = usize::try_from(i as i64 - by).ok();
            gain * from.and_then(|i| plane.get(i)).copied().unwrap_or_default()
        };
        let one = |plane: &Vec<f32>| (0..plane.len()).map(|i| at(plane, i)).collect();
        planes.iter().map(one).collect()
    }

    #[test]
    fn gains_polarity_and_offsets_are_exact() {
        let expected = stereo();
        assert!(relate(&expected, &expected, 3_000).is_same());
        let late = relate(&expected, &shifted(&expected, 9_000, 1.0), 9_900);
        assert!(late.is_exact() && late.lag == 9_000, "{late:?}");
        for (by, gain) in [(0, 0.7), (0, -1.0), (17, 1.0), (-2_400, 1.0), (480, -0.5)] {
            let relation = relate(&expected, &shifted(&expected, by, gain), 3_000);
            assert_eq!(relation.lag, by, "{by} {gain}: {relation:?}");
            assert!(relation.is_exact() && !relation.is_same(), "{relation:?}");
            for channel in &relation.channels {
                assert_eq!(channel.expected, channel.found);
                assert!((channel.gain - f64::from(gain)).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn a_lowered_channel_of_two_alike_stands_in_its_own_place() {
        let one = stereo().swap_remove(0);
        let rounded = |gain: f32| {
            one.iter()
                .map(move |v| (v * gain * 8_388_608.0).round() / 8_388_608.0)
        };
        let lowered = vec![one.clone(), rounded(0.808).collect()];
        let relation = relate(&[one.clone(), one.clone()], &lowered, 3_000);
        assert!(relation.is_exact(), "{relation:?}");
        let found: Vec<(usize, f64)> = relation
            .channels
            .iter()
            .map(|c| (c.found, c.gain))
            .collect();
        assert_eq!((found[0].0, found[1].0), (0, 1));
        assert!((found[1].1 - 0.808).abs() < 1e-4);
    }

    #[test]
    fn one_late_channel_is_late_by_itself() {
        let expected = stereo();
        for by in [1, -1, 24, 700, -2_000] {
            for alike in [false, true] {
                let mut expected = expected.clone();
                if alike {
                    expected[1] = expected[0].clone();
                }
                let mut late = expected.clone();
                late[1] = shifted(&expected[1..], by, 0.5).remove(0);
                let relation = relate(&expected, &late, 3_000);
                assert!(relation.is_exact() && !relation.is_same(), "{relation:?}");
                let lags: Vec<i64> = relation.channels.iter().map(|c| c.lag).collect();
                assert_eq!((relation.lag, lags), (0, vec![0, by]));
                assert!((relation.channels[1].gain - 0.5).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn swapped_and_missing_channels_are_named() {
        let expected = stereo();
        let swapped = vec![expected[1].clone(), expected[0].clone()];
        let found = |relation: &Relation| -> Vec<usize> {
            relation
                .channels
                .iter()
                .map(|channel| channel.found)
                .collect()
        };
        assert_eq!(found(&relate(&expected, &swapped, 3_000)), [1, 0]);
        let silent = vec![vec![0.0; 20_000]; 2];
        assert!(relate(&expected, &silent, 3_000).missing);
        assert!(relate(&silent, &expected, 3_000).extra);
    }
}
