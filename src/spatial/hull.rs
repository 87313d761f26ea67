//! The convex hull of a few points, coplanar triangles merged into facets.

use std::collections::BTreeSet;

use super::vector::{Vec3, cross, dot, length, scale, sub};

/// How far from a plane a point may lie and still be of its facet.
const FLAT: f64 = 1e-5;

/// The facets of the convex hull, each the sorted numbers of its corners.
///
/// Every plane through three points that has all points on one side is a facet. That is slow in
/// general and right for the twenty points of a loudspeaker layout.
pub(super) fn facets(points: &[Vec3]) -> Vec<Vec<usize>> {
    let mut found = BTreeSet::new();
    for i in 0..points.len() {
        for j in i + 1..points.len() {
            for k in j + 1..points.len() {
                found.extend(facet(points, [i, j, k]));
            }
        }
    }
    found.into_iter().collect()
}

/// The facet in the plane of three points, where it is one.
fn facet(points: &[Vec3], [i, j, k]: [usize; 3]) -> Option<Vec<usize>> {
    let normal = cross(sub(points[j], points[i]), sub(points[k], points[i]));
    let size = length(normal);
    if size < FLAT {
        return None;
    }
    let normal = scale(normal, 1.0 / size);
    let heights: Vec<f64> = points
        .iter()
        .map(|point| dot(sub(*point, points[i]), normal))
        .collect();
    let above = heights.iter().any(|height| *height > FLAT);
    let below = heights.iter().any(|height| *height < -FLAT);
    if above && below {
        return None;
    }
    let on = |(index, height): (usize, &f64)| (height.abs() <= FLAT).then_some(index);
    Some(heights.iter().enumerate().filter_map(on).collect())
}

/// The corners that share a facet with a corner.
pub(super) fn neighbours(facets: &[Vec<usize>], corner: usize) -> Vec<usize> {
    let touching = facets.iter().filter(|facet| facet.contains(&corner));
    let mut all: BTreeSet<usize> = touching.flatten().copied().collect();
    all.remove(&corner);
    all.into_iter().collect()
}

/// The order in which the corners of a convex, nearly flat polygon go round.
pub(super) fn corner_order(corners: &[Vec3]) -> Vec<usize> {
    let count = corners.len().max(1) as f64;
    let mut centre = [0.0; 3];
    for corner in corners {
        for (sum, x) in centre.iter_mut().zip(corner) {
            *sum += x / count;
        }
    }
    let around: Vec<Vec3> = corners.iter().map(|corner| sub(*corner, centre)).collect();
    let Some((&a, rest)) = around.split_first() else {
        return Vec::new();
    };
    // Two corners span the plane; angles in a skewed basis keep their order.
    let lean = |v: &&Vec3| dot(**v, a).abs();
    let b = rest
        .iter()
        .min_by(|x, y| lean(x).total_cmp(&lean(y)))
        .copied()
        .unwrap_or(a);
    let angle = |v: Vec3| libm::atan2(dot(v, a), dot(v, b));
    let mut order: Vec<usize> = (0..corners.len()).collect();
    order.sort_by(|x, y| angle(around[*x]).total_cmp(&angle(around[*y])));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_has_six_quads() {
        let corner = |i: usize| [0, 1, 2].map(|axis| if i >> axis & 1 == 1 { 1.0 } else { -1.0 });
        let cube: Vec<Vec3> = (0..8).map(corner).collect();
        let facets = facets(&cube);
        assert_eq!(facets.len(), 6);
        assert!(facets.iter().all(|facet| facet.len() == 4));
        assert_eq!(neighbours(&facets, 0).len(), 6);
        let order = corner_order(&[
            [-1.0, 1.0, 0.0],
            [1.1, 1.0, 0.0],
            [-1.0, 1.0, 1.0],
            [1.0, 1.0, 1.0],
        ]);
        assert_eq!(order, [1, 3, 2, 0]);
    }
}
