//! Vectors, angles and piecewise lines.
//!
//! X points to the right, Y to the front, Z upwards. Azimuth counts to the left from the front
//! (BS.2127-0 §3.2), so it is the negative of the mathematical one.

use std::f64::consts::PI;

/// A direction or place.
pub(super) type Vec3 = [f64; 3];

/// Degrees to radians.
pub(super) fn radians(degrees: f64) -> f64 {
    degrees * (PI / 180.0)
}

/// Radians to degrees.
pub(super) fn degrees(radians: f64) -> f64 {
    radians * (180.0 / PI)
}

pub(super) fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

pub(super) fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(super) fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn scale(a: Vec3, factor: f64) -> Vec3 {
    a.map(|x| x * factor)
}

/// Euclidean length.
pub(super) fn length(a: Vec3) -> f64 {
    dot(a, a).sqrt()
}

/// Scales values to a Euclidean length of one; leaves zeros as they are.
pub(super) fn normalise(values: &mut [f64]) {
    let power: f64 = values.iter().map(|x| x * x).sum();
    if power > 0.0 {
        let length = power.sqrt();
        for x in values {
            *x /= length;
        }
    }
}

/// The place at an azimuth, elevation (degrees) and distance.
pub(super) fn polar(azimuth: f64, elevation: f64, distance: f64) -> Vec3 {
    let (sin_az, cos_az) = libm::sincos(radians(-azimuth));
    let (sin_el, cos_el) = libm::sincos(radians(elevation));
    [
        sin_az * cos_el * distance,
        cos_az * cos_el * distance,
        sin_el * distance,
    ]
}

/// Azimuth in degrees.
pub(super) fn azimuth(v: Vec3) -> f64 {
    -degrees(libm::atan2(v[0], v[1]))
}

/// Elevation in degrees.
pub(super) fn elevation(v: Vec3) -> f64 {
    degrees(libm::atan2(v[2], libm::hypot(v[0], v[1])))
}

/// Axes to the right, ahead and up of someone who looks to an azimuth and elevation.
pub(super) fn axes(azimuth: f64, elevation: f64) -> [Vec3; 3] {
    [
        polar(azimuth - 90.0, 0.0, 1.0),
        polar(azimuth, elevation, 1.0),
        polar(azimuth, elevation + 90.0, 1.0),
    ]
}

/// `y` turned by whole circles to the first place at or after `x`.
pub(super) fn turned_past(x: f64, y: f64) -> f64 {
    if x <= y && y - 360.0 < x {
        y
    } else {
        x + (y - x).rem_euclid(360.0)
    }
}

/// Whether an angle lies in the range that goes counter-clockwise from `start` to `end`.
///
/// A range of exactly a full turn (−180 to 180) holds every angle, one of no width (0 to 0) only
/// that angle.
pub(super) fn in_angle_range(x: f64, start: f64, end: f64, tolerance: f64) -> bool {
    let width = if end > start {
        let rest = (end - start).rem_euclid(360.0);
        if rest == 0.0 { 360.0 } else { rest }
    } else {
        (end - start).rem_euclid(360.0)
    };
    (x - (start - tolerance)).rem_euclid(360.0) <= width + 2.0 * tolerance
}

/// The piecewise straight line through points of rising `x`, level before the first and after the
/// last.
pub(super) fn interpolate(x: f64, points: &[(f64, f64)]) -> f64 {
    let after = points.partition_point(|point| point.0 <= x);
    match (
        after.checked_sub(1).and_then(|i| points.get(i)),
        points.get(after),
    ) {
        (Some(left), Some(right)) => {
            left.1 + (right.1 - left.1) / (right.0 - left.0) * (x - left.0)
        }
        (Some(only), None) | (None, Some(only)) => only.1,
        (None, None) => x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_and_back() {
        for (az, el) in [(0.0, 0.0), (30.0, 0.0), (-110.0, 30.0), (179.0, -45.0)] {
            let v = polar(az, el, 2.0);
            assert!((azimuth(v) - az).abs() < 1e-9);
            assert!((elevation(v) - el).abs() < 1e-9);
            assert!((length(v) - 2.0).abs() < 1e-12);
        }
        assert!(
            polar(90.0, 0.0, 1.0)[0] < -0.999,
            "azimuth counts to the left"
        );
    }

    #[test]
    fn ranges_of_angles() {
        let check = |x, start, end, inside| {
            assert_eq!(
                in_angle_range(x, start, end, 0.0),
                inside,
                "{x} in {start}..{end}"
            );
        };
        check(0.0, -180.0, 180.0, true);
        check(45.0, 0.0, 360.0, true);
        check(0.0, -180.0, -180.0, false);
        check(180.0, -180.0, -180.0, true);
        check(170.0, 160.0, -160.0, true);
        check(-170.0, 160.0, -160.0, true);
        check(150.0, 160.0, -160.0, false);
        assert!(in_angle_range(159.0, 160.0, -160.0, 2.0));
        assert!((turned_past(-110.0, 110.0) - 110.0).abs() < 1e-12);
        assert!((turned_past(110.0, -110.0) - 250.0).abs() < 1e-12);
    }

    #[test]
    fn lines_are_level_outside() {
        let line = [(0.0, 1.0), (2.0, 5.0)];
        assert_eq!(interpolate(-1.0, &line), 1.0);
        assert_eq!(interpolate(1.0, &line), 3.0);
        assert_eq!(interpolate(9.0, &line), 5.0);
    }
}
