//! The point source panner for polar positions (BS.2127-0 §6.1).

use super::hull::{facets, neighbours};
use super::layout::{Layout, MAX_SPEAKERS};
use super::region::{CornerGains, MAX_CORNERS, Quad, Region, Ring, Triplet};
use super::vector::{Vec3, length, normalise, polar};

/// Gains of the loudspeakers that objects are panned to, in order; those beyond are zero.
pub(super) type Gains = [f64; MAX_SPEAKERS];

/// What is shorter has no direction.
const NOWHERE: f64 = 1e-10;

/// A panner: a direction becomes gains.
#[derive(Debug, Clone)]
pub(super) struct PointPanner {
    regions: Vec<Region>,
    /// For each loudspeaker of the regions the one that gets its signal.
    feeds: Vec<usize>,
    count: usize,
    stereo: bool,
}

/// Loudspeaker of the panner: direction, and which real one gets its signal.
struct Corner {
    azimuth: f64,
    elevation: f64,
    feeds: usize,
}

impl PointPanner {
    /// The panner of a layout.
    pub(super) fn new(layout: &Layout) -> Self {
        if layout.system == "0+2+0" {
            // Stereo is the downmix of the panner of five loudspeakers.
            let five = [30.0, -30.0, 0.0, 110.0, -110.0];
            let corners = five.map(|azimuth| (azimuth, 0.0));
            return Self {
                stereo: true,
                ..Self::of(&corners)
            };
        }
        let corners: Vec<(f64, f64)> = layout
            .panned()
            .map(|(_, speaker)| (speaker.azimuth, speaker.elevation))
            .collect();
        Self::of(&corners)
    }

    fn of(speakers: &[(f64, f64)]) -> Self {
        let corners = with_layers(speakers);
        let mut positions: Vec<Vec3> = corners
            .iter()
            .map(|corner| polar(corner.azimuth, corner.elevation, 1.0))
            .collect();
        // No layout here has a loudspeaker overhead, so there is a virtual one above and one below.
        let real = positions.len();
        positions.extend([[0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]);
        let facets = facets(&positions);
        let ring = |centre: usize| {
            let around = neighbours(&facets, centre);
            let places: Vec<Vec3> = around.iter().map(|&corner| positions[corner]).collect();
            Region::Ring(Ring::new(around, &places, positions[centre]))
        };
        let mut regions: Vec<Region> = (real..positions.len()).map(ring).collect();
        let closed = facets
            .iter()
            .filter(|facet| facet.iter().all(|&c| c < real));
        regions.extend(closed.filter_map(|facet| region(facet, &positions)));
        Self {
            regions,
            feeds: corners.iter().map(|corner| corner.feeds).collect(),
            count: speakers.len(),
            stereo: false,
        }
    }

    /// Gains for a direction; of power one, or zero where there is no direction.
    pub(super) fn gains(&self, direction: Vec3) -> Gains {
        let gains = self.surround(direction);
        if self.stereo { downmix(&gains) } else { gains }
    }

    fn surround(&self, direction: Vec3) -> Gains {
        let mut gains = [0.0; MAX_SPEAKERS];
        let mut corners: CornerGains = [0.0; MAX_CORNERS];
        if length(direction).total_cmp(&NOWHERE).is_le() {
            return gains;
        }
        if self
            .regions
            .iter()
            .any(|region| region.gains(direction, &mut corners))
        {
            for (feeds, gain) in self.feeds.iter().zip(corners) {
                gains[*feeds] += gain;
            }
            normalise(&mut gains[..self.count]);
        }
        gains
    }
}

/// The loudspeakers with virtual ones above and below those of the middle layer that have none near
/// (BS.2127-0 §6.1.3.1).
fn with_layers(speakers: &[(f64, f64)]) -> Vec<Corner> {
    let mut corners: Vec<Corner> = speakers
        .iter()
        .enumerate()
        .map(|(feeds, &(azimuth, elevation))| Corner {
            azimuth,
            elevation,
            feeds,
        })
        .collect();
    for (nominal, low, high) in [(-30.0, -70.0, -10.0), (30.0, 10.0, 70.0)] {
        let layer: Vec<&(f64, f64)> = speakers
            .iter()
            .filter(|(_, elevation)| (low..=high).contains(elevation))
            .collect();
        let widest = layer.iter().map(|(azimuth, _)| azimuth.abs());
        let widest = widest.fold(None, |widest: Option<f64>, azimuth| {
            Some(widest.map_or(azimuth, |w| w.max(azimuth)))
        });
        // Only beyond the layer's own width, with room so that sources do not jump up and down.
        let limit = widest.map_or(0.0, |widest| widest + 40.0);
        let height = if layer.is_empty() {
            nominal
        } else {
            layer.iter().map(|(_, elevation)| elevation).sum::<f64>() / layer.len() as f64
        };
        for (feeds, &(azimuth, elevation)) in speakers.iter().enumerate() {
            if elevation.abs() <= 10.0 && azimuth.abs() >= limit - 1e-5 {
                corners.push(Corner {
                    azimuth,
                    elevation: height,
                    feeds,
                });
            }
        }
    }
    corners
}

/// The region of a facet between loudspeakers.
fn region(facet: &[usize], positions: &[Vec3]) -> Option<Region> {
    let place = |corner: usize| positions[corner];
    match *facet {
        [a, b, c] => Triplet::new([a, b, c], [a, b, c].map(place)).map(Region::Triplet),
        [a, b, c, d] => {
            let corners = [a, b, c, d];
            Some(Region::Quad(Quad::new(corners, corners.map(place))))
        }
        // The layouts of this program have none: a test holds their regions to cover the sphere.
        _ => None,
    }
}

/// Five loudspeakers to two (BS.2127-0 §6.1.2.4): BS.775 with the centre such that the direction is
/// kept, and up to 3 dB less for what is behind.
fn downmix(five: &Gains) -> Gains {
    let [left, right, centre, left_back, right_back, ..] = *five;
    let third = 3.0_f64.sqrt() / 3.0;
    let half = 0.5_f64.sqrt();
    let mut pair = [
        left + third * centre + half * left_back,
        right + third * centre + half * right_back,
    ];
    normalise(&mut pair);
    let front = left.max(right).max(centre);
    let back = left_back.max(right_back);
    let level = if front + back > 0.0 {
        libm::pow(0.5, 0.5 * back / (front + back))
    } else {
        0.0
    };
    let mut gains = [0.0; MAX_SPEAKERS];
    gains[0] = pair[0] * level;
    gains[1] = pair[1] * level;
    gains
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn panner(text: &str) -> PointPanner {
        PointPanner::new(&Layout::of(&text.parse().unwrap()).unwrap())
    }

    const LAYOUTS: [&str; 4] = ["5.1", "7.1", "5.1.4", "7.1.4"];

    #[test]
    fn a_loudspeaker_plays_alone() {
        for name in LAYOUTS {
            let layout = Layout::of(&name.parse().unwrap()).unwrap();
            let panner = PointPanner::new(&layout);
            for (i, (_, speaker)) in layout.panned().enumerate() {
                let gains = panner.gains(speaker.direction());
                assert!((gains[i] - 1.0).abs() < 1e-9, "{name} {}", speaker.label);
            }
        }
    }

    proptest! {
        #[test]
        fn the_whole_sphere_is_covered(azimuth in -180.0_f64..180.0, elevation in -90.0_f64..90.0) {
            for name in LAYOUTS {
                let gains = panner(name).gains(polar(azimuth, elevation, 1.0));
                let power: f64 = gains.iter().map(|gain| gain * gain).sum();
                prop_assert!((power - 1.0).abs() < 1e-9, "{} {} {}", name, azimuth, elevation);
            }
        }
    }

    #[test]
    fn stereo_is_softer_behind() {
        let panner = panner("2.0");
        let power = |azimuth| {
            panner
                .gains(polar(azimuth, 0.0, 1.0))
                .iter()
                .map(|g| g * g)
                .sum::<f64>()
        };
        assert!((power(0.0) - 1.0).abs() < 1e-12);
        assert!((power(180.0) - 0.5).abs() < 1e-12);
    }
}
