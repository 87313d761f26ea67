//! Decoding of ambisonics to loudspeakers (BS.2127-0 §9): the all-round technique, where virtual
//! loudspeakers all over the sphere are panned to the real ones.
//!
//! What the panner does with those virtual loudspeakers does not depend on the components that a
//! file has: it is a table, `projection.tsv`. Its projections belong to the N3D components; those of
//! other normalisations are scaled.

use super::layout::{Layout, MAX_SPEAKERS};
use super::point::Gains;
use crate::audio::scene::{HoaFormat, Normalization};

/// Components to the third order.
const COMPONENTS: usize = 16;
/// The highest order that is decoded.
pub const MAX_ORDER: u32 = 3;

const TABLE: &str = include_str!("projection.tsv");

/// Decodes sound fields to one layout.
#[derive(Debug, Clone)]
pub(super) struct HoaDecoder {
    /// For each loudspeaker its part of each component; zeros for the LFE.
    projection: Vec<[f64; COMPONENTS]>,
}

impl HoaDecoder {
    pub(super) fn new(layout: &Layout) -> Self {
        let row = |label: &str| {
            let mut row = [0.0; COMPONENTS];
            let mut lines = TABLE.lines().map(|line| line.split('\t'));
            let found = lines.find_map(|mut fields| {
                (fields.next() == Some(layout.system) && fields.next() == Some(label))
                    .then_some(fields)
            });
            for (number, field) in row.iter_mut().zip(found.into_iter().flatten()) {
                *number = field.parse().unwrap_or(0.0);
            }
            row
        };
        Self {
            projection: layout.speakers.iter().map(|s| row(s.label)).collect(),
        }
    }

    /// Gains of each component in the order of the layout's loudspeakers; zero for components above
    /// the third order. Scaled to unit mean power over all directions.
    pub(super) fn gains(&self, format: &HoaFormat) -> Vec<Gains> {
        let numbers: Vec<Option<usize>> = format
            .channels
            .iter()
            .map(|channel| component(channel.order, channel.degree))
            .collect();
        let level = 1.0 / self.mean_power(&numbers).sqrt();
        let level = if level.is_finite() { level } else { 0.0 };
        format
            .channels
            .iter()
            .zip(numbers)
            .map(|(channel, number)| {
                let mut gains = [0.0; MAX_SPEAKERS];
                let Some(number) = number else {
                    return gains;
                };
                let degree = channel.degree.unsigned_abs();
                let scale = n3d_over(format.normalization, channel.order, degree);
                let scale = level * scale * channel.gain.linear();
                for (gain, row) in gains.iter_mut().zip(&self.projection) {
                    *gain = row[number] * scale;
                }
                gains
            })
            .collect()
    }

    /// The mean power of all loudspeakers over all directions. Different components are orthogonal;
    /// one that stands twice adds up.
    fn mean_power(&self, numbers: &[Option<usize>]) -> f64 {
        let times = |number: usize| numbers.iter().flatten().filter(|n| **n == number).count();
        let power = |number: usize| {
            let sum: f64 = self
                .projection
                .iter()
                .map(|row| row[number] * row[number])
                .sum();
            let times = times(number) as f64;
            sum * times * times
        };
        (0..COMPONENTS).map(power).sum()
    }
}

/// The ambisonic channel number; `None` above the third order and for impossible degrees.
fn component(order: u32, degree: i32) -> Option<usize> {
    if order > MAX_ORDER || degree.unsigned_abs() > order {
        return None;
    }
    usize::try_from(i64::from(order * order + order) + i64::from(degree)).ok()
}

/// The scale of an N3D component over that of another normalisation (BS.2127-0 §9.2).
fn n3d_over(normalization: Normalization, order: u32, degree: u32) -> f64 {
    let over_sn3d = f64::from(2 * order + 1).sqrt();
    match normalization {
        Normalization::N3d => 1.0,
        Normalization::Sn3d => over_sn3d,
        Normalization::FuMa => over_sn3d / fuma_over_sn3d(order, degree),
    }
}

/// The maxima of the `FuMa` components over those of SN3D.
fn fuma_over_sn3d(order: u32, degree: u32) -> f64 {
    match (order, degree) {
        (0, _) => 0.5_f64.sqrt(),
        (2, 1 | 2) => 2.0 / 3.0_f64.sqrt(),
        (3, 1) => (45.0_f64 / 32.0).sqrt(),
        (3, 2) => 3.0 / 5.0_f64.sqrt(),
        (3, 3) => (8.0_f64 / 5.0).sqrt(),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Gain;
    use crate::audio::scene::HoaChannel;
    use crate::spatial::point::PointPanner;
    use crate::spatial::vector::{polar, radians};

    fn decoder(name: &str) -> (HoaDecoder, PointPanner) {
        let layout = Layout::of(&name.parse().unwrap()).unwrap();
        (HoaDecoder::new(&layout), PointPanner::new(&layout))
    }

    /// N3D components 0 to 3 of a direction.
    fn first_order(azimuth: f64, elevation: f64) -> [f64; 4] {
        let [x, y, z] = polar(azimuth, elevation, 1.0);
        let root = 3.0_f64.sqrt();
        [1.0, -x * root, z * root, y * root]
    }

    #[test]
    fn the_table_is_what_our_panner_does() {
        // A grid by angles instead of the design's points: the same integral to three digits.
        for name in ["2.0", "5.1", "7.1", "5.1.4", "7.1.4"] {
            let (decoder, panner) = decoder(name);
            let layout = Layout::of(&name.parse().unwrap()).unwrap();
            let mut sums = vec![[0.0; 4]; layout.speakers.len()];
            let mut area = 0.0;
            for el in (-89..90).step_by(2).map(f64::from) {
                for az in (-179..180).step_by(2).map(f64::from) {
                    let weight = libm::cos(radians(el));
                    area += weight;
                    let gains = panner.gains(polar(az, el, 1.0));
                    for ((number, _), gain) in layout.panned().zip(gains) {
                        for (sum, y) in sums[number].iter_mut().zip(first_order(az, el)) {
                            *sum += weight * gain * y;
                        }
                    }
                }
            }
            for (row, sums) in decoder.projection.iter().zip(sums) {
                for (table, sum) in row.iter().zip(sums) {
                    assert!(
                        (table - sum / area).abs() < 2e-3,
                        "{name}: {table} {}",
                        sum / area
                    );
                }
            }
        }
    }

    #[test]
    fn normalisations_mean_the_same_sound() {
        let (decoder, _) = decoder("7.1.4");
        let channel = |order, degree| HoaChannel {
            order,
            degree,
            gain: Gain::UNITY,
        };
        let gains = |normalization| {
            decoder.gains(&HoaFormat {
                channels: vec![channel(0, 0), channel(1, 1), channel(2, -1), channel(4, 0)],
                normalization,
                nfc_distance: None,
                screen_ref: false,
                span: None,
            })
        };
        let (n3d, sn3d, fuma) = (
            gains(Normalization::N3d),
            gains(Normalization::Sn3d),
            gains(Normalization::FuMa),
        );
        assert!((sn3d[1][0] / n3d[1][0] - 3.0_f64.sqrt()).abs() < 1e-12);
        assert!((fuma[0][0] / sn3d[0][0] - 2.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(n3d[3], [0.0; MAX_SPEAKERS], "above the third order");
    }
}
