//! Between the sphere and the room (BS.2127-0 §10.1).

use super::vector::{Vec3, azimuth, degrees, in_angle_range, radians, turned_past};

/// Elevation of the ceiling's edge on the sphere, and in the room.
const TOP: f64 = 30.0;
const ROOM_TOP: f64 = 45.0;

/// Azimuths of the front and side loudspeakers and where they stand in the room, going to the right.
const CORNERS: [(f64, [f64; 2]); 5] = [
    (0.0, [0.0, 1.0]),
    (-30.0, [1.0, 1.0]),
    (-110.0, [1.0, -1.0]),
    (110.0, [-1.0, -1.0]),
    (30.0, [-1.0, 1.0]),
];

type Corner = (f64, [f64; 2]);

/// The corners to the left and right of a direction; `of` says where a corner lies.
fn sector(angle: f64, of: impl Fn(&Corner) -> f64) -> (Corner, Corner) {
    (0..CORNERS.len())
        .map(|i| (CORNERS[i], CORNERS[(i + 1) % CORNERS.len()]))
        .find(|(left, right)| in_angle_range(angle, of(right), of(left), 0.0))
        .unwrap_or((CORNERS[0], CORNERS[1]))
}

/// A polar position as a place in the room.
pub(super) fn to_room(az: f64, el: f64, distance: f64) -> Vec3 {
    let (z, radius) = if el.abs() > TOP {
        let tilted = ROOM_TOP + (90.0 - ROOM_TOP) * (el.abs() - TOP) / (90.0 - TOP);
        (
            distance.copysign(el),
            distance * libm::tan(radians(90.0 - tilted)),
        )
    } else {
        (libm::tan(radians(ROOM_TOP * el / TOP)) * distance, distance)
    };
    let (left, right) = sector(az, |corner| corner.0);
    let left_az = turned_past(right.0, left.0);
    let middle = f64::midpoint(left_az, right.0);
    let half = right.0 - middle;
    let relative = turned_past(right.0, az) - middle;
    let gain = 0.5 + 0.5 * libm::tan(radians(relative)) / libm::tan(radians(half));
    let way = libm::atan2(gain, 1.0 - gain) * std::f64::consts::FRAC_2_PI;
    let along = |axis: usize| radius * (left.1[axis] + (right.1[axis] - left.1[axis]) * way);
    [along(0), along(1), z]
}

/// A place in the room as azimuth, elevation and distance.
pub(super) fn to_polar([x, y, z]: Vec3) -> (f64, f64, f64) {
    const NOTHING: f64 = 1e-10;
    if x.abs() < NOTHING && y.abs() < NOTHING {
        return if z.abs() < NOTHING {
            (0.0, 0.0, 0.0)
        } else {
            (0.0, 90.0_f64.copysign(z), z.abs())
        };
    }
    let direction = |corner: &Corner| azimuth([corner.1[0], corner.1[1], 0.0]);
    let (left, right) = sector(azimuth([x, y, 0.0]), direction);
    // Shares of the two corners that add up to the place.
    let ([lx, ly], [rx, ry]) = (left.1, right.1);
    let area = lx * ry - ly * rx;
    let of_left = (x * ry - y * rx) / area;
    let of_right = (lx * y - ly * x) / area;
    let radius = of_left + of_right;
    let az = azimuth_between(turned_past(right.0, left.0), right.0, of_right / radius);
    let tilted = degrees(libm::atan(z / radius));
    let (el, distance) = if tilted.abs() > ROOM_TOP {
        let el = TOP + (90.0 - TOP) * (tilted.abs() - ROOM_TOP) / (90.0 - ROOM_TOP);
        (el.copysign(tilted), z.abs())
    } else {
        (TOP * tilted / ROOM_TOP, radius)
    };
    (turned_past(-180.0, az), el, distance)
}

/// The azimuth at a part of the way from the left corner to the right one.
fn azimuth_between(left: f64, right: f64, way: f64) -> f64 {
    let middle = f64::midpoint(left, right);
    let (sin, cos) = libm::sincos(way * std::f64::consts::FRAC_PI_2);
    let share = sin / (cos + sin);
    let slope = libm::tan(radians(right - middle));
    middle + degrees(libm::atan(2.0 * (share - 0.5) * slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn corners_map_to_corners() {
        for (az, [x, y]) in CORNERS {
            let room = to_room(az, 0.0, 1.0);
            assert!(
                (room[0] - x).abs() < 1e-9 && (room[1] - y).abs() < 1e-9,
                "{az}"
            );
        }
        assert!((to_room(30.0, 30.0, 1.0)[2] - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn there_and_back(az in -179.0_f64..179.0, el in -89.0_f64..89.0, d in 0.1_f64..2.0) {
            let (az2, el2, d2) = to_polar(to_room(az, el, d));
            prop_assert!((az - az2).abs() < 1e-6 && (el - el2).abs() < 1e-6 && (d - d2).abs() < 1e-6);
        }
    }
}
