//! Offsets to fractions of a sample, and the line on which they lie.

use std::f64::consts::PI;

/// Samples on either side that an interpolated one is made of.
const TAPS: i64 = 16;

/// Steps towards the best offset.
const STEPS: usize = 6;

/// An offset that changes with time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slip {
    /// Samples late in the middle.
    pub late: f64,
    /// Samples later with every sample.
    pub slope: f64,
}

/// A straight line through offsets over time, both in samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The offset at 0.
    pub start: f64,
    /// How it grows.
    pub slope: f64,
    /// The standard error of that.
    pub error: f64,
    /// Points that lie on it.
    pub used: usize,
}

impl Line {
    /// The offset at a time.
    pub fn at(&self, time: f64) -> f64 {
        self.start + self.slope * time
    }
}

/// How much later `actual` is than `expected`, which begin together, and the share of its energy that this leaves
/// unexplained: by least squares over offset and gain, from `first` on, whose slope is kept. `None` where one of
/// them is silent.
pub fn slip(expected: &[f32], actual: &[f32], first: Slip) -> Option<(f64, f64)> {
    let len = expected.len().min(actual.len());
    let edge = (TAPS as usize + 4 + first.late.abs().min(1e6) as usize).min(len / 2);
    let core = edge..len - edge;
    let there: Vec<f64> = actual
        .get(core.clone())?
        .iter()
        .map(|&v| f64::from(v))
        .collect();
    let energy: f64 = there.iter().map(|v| v * v).sum();
    let mut late = first.late;
    let mut rest = f64::MAX;
    for _ in 0..STEPS {
        let middle = len as f64 / 2.0;
        let at = |n: usize| n as f64 - late - first.slope * (n as f64 - middle);
        // One more on either side, for the slope of the curve.
        let curve: Vec<f64> = (core.start - 1..=core.end)
            .map(|n| interpolate(expected, at(n)))
            .collect();
        let (mut ww, mut wa) = (0.0, 0.0);
        for (w, a) in curve.iter().skip(1).zip(&there) {
            ww += w * w;
            wa += w * a;
        }
        if ww <= 0.0 || energy <= 0.0 {
            return None;
        }
        let gain = wa / ww;
        rest = (energy - gain * wa).max(0.0) / energy;
        let (mut rd, mut dd) = (0.0, 0.0);
        for (w, a) in curve.windows(3).zip(&there) {
            let falls = gain * (w[0] - w[2]) / 2.0;
            rd += (a - gain * w[1]) * falls;
            dd += falls * falls;
        }
        if dd <= 0.0 {
            return None;
        }
        late += (rd / dd).clamp(-1.0, 1.0);
    }
    Some((late, rest))
}

/// A sample between samples: a sinc under a raised cosine.
fn interpolate(x: &[f32], at: f64) -> f64 {
    let whole = at.floor();
    let part = at - whole;
    let whole = whole as i64;
    // sin(π(part − k)) is the same for all k but for its sign.
    let sine = libm::sin(PI * part);
    let (turn, step) = (PI * part / TAPS as f64, PI / TAPS as f64);
    let tap = |k: i64| {
        let sample = usize::try_from(whole + k).ok().and_then(|i| x.get(i));
        let from = part - k as f64;
        let sinc = if from.abs() < 1e-9 {
            1.0
        } else {
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            sign * sine / (PI * from)
        };
        let window = f64::midpoint(1.0, libm::cos(turn - step * k as f64));
        f64::from(sample.copied().unwrap_or_default()) * sinc * window
    };
    (1 - TAPS..=TAPS).map(tap).sum()
}

/// The line on which most points lie, time before offset: the median of the slopes of all pairs, and then least
/// squares over the points no further from it than `near`. `None` for fewer than three.
pub fn fit_line(points: &[(f64, f64)], near: f64) -> Option<Line> {
    let mut slopes: Vec<f64> = Vec::new();
    for (i, a) in points.iter().enumerate() {
        let later = points.iter().skip(i + 1).filter(|b| b.0 - a.0 >= 1.0);
        slopes.extend(later.map(|b| (b.1 - a.1) / (b.0 - a.0)));
    }
    let slope = median(&mut slopes)?;
    let mut starts: Vec<f64> = points.iter().map(|p| p.1 - slope * p.0).collect();
    let start = median(&mut starts)?;
    let off = |p: &&(f64, f64)| (p.1 - start - slope * p.0).abs();
    let mut offs: Vec<f64> = points.iter().map(|p| off(&p)).collect();
    let usual = median(&mut offs)?;
    let used: Vec<&(f64, f64)> = points
        .iter()
        .filter(|p| off(p) <= near.max(4.0 * usual))
        .collect();
    let count = used.len() as f64;
    if used.len() < 3 {
        return None;
    }
    let x = used.iter().map(|p| p.0).sum::<f64>() / count;
    let y = used.iter().map(|p| p.1).sum::<f64>() / count;
    let xx: f64 = used.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
    let xy: f64 = used.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    if xx <= 0.0 {
        return None;
    }
    let slope = xy / xx;
    let start = y - slope * x;
    let left: f64 = used
        .iter()
        .map(|p| p.1 - start - slope * p.0)
        .map(|v| v * v)
        .sum();
    Some(Line {
        start,
        slope,
        error: (left / (count - 2.0) / xx).sqrt(),
        used: used.len(),
    })
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tones below a quarter of the rate, `late` and slower by `slope`.
    fn tones(late: f64, slope: f64) -> Vec<f32> {
        let at = |n: usize| n as f64 - late - slope * (n as f64 - 2_048.0);
        let tone = |t: f64| {
            (1..30)
                .map(|k| libm::sin(t * 0.05 * f64::from(k) + f64::from(k * k)))
                .sum::<f64>()
        };
        (0..4_096).map(|n| (0.03 * tone(at(n))) as f32).collect()
    }

    #[test]
    fn offsets_are_exact_to_a_thousandth() {
        for (late, slope) in [(0.0, 0.0), (0.37, 0.0), (-0.8, 0.001), (1.2, -0.000_2)] {
            let first = Slip { late: 0.0, slope };
            let (found, rest) = slip(&tones(0.0, 0.0), &tones(late, slope), first).unwrap();
            assert!((found - late).abs() < 1e-3, "{found} of {late}");
            assert!(rest < 1e-4, "{rest}");
        }
        assert_eq!(
            slip(
                &[0.0; 100],
                &[0.5; 100],
                Slip {
                    late: 0.0,
                    slope: 0.0
                }
            ),
            None
        );
    }

    #[test]
    fn a_line_goes_by_what_lies_beside_it() {
        let mut points: Vec<(f64, f64)> = (0..20)
            .map(|i| (f64::from(i) * 1_000.0, 3.0 + 0.1 * f64::from(i)))
            .collect();
        points[4].1 = 300.0;
        points[17].1 = -90.0;
        let line = fit_line(&points, 0.01).unwrap();
        assert_eq!(line.used, 18);
        assert!((line.slope - 1e-4).abs() < 1e-9 && (line.at(5_000.0) - 3.5).abs() < 1e-6);
        assert_eq!(fit_line(&points[..1], 1.0), None);
    }
}
