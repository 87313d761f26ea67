//! Gains against vectors of others, and rules that hold for all of them.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::audio::scene::{
    ChannelLock, Coordinate, Degrees, Divergence, HorizontalEdge, ObjectBlock, Position, Screen,
    VerticalEdge, Zone,
};

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key).and_then(Value::as_f64)
}

fn position(value: &Value) -> Position {
    let of = |key: &str| number(value, key).unwrap_or(0.0);
    if value.get("azimuth").is_some() {
        let distance = number(value, "distance").unwrap_or(1.0);
        Position::polar(of("azimuth"), of("elevation"), distance)
    } else {
        Position::cartesian(of("X"), of("Y"), of("Z"))
    }
}

fn zone(value: &Value) -> Zone {
    let of = |key: &str| number(value, key).unwrap_or(0.0);
    if value.get("minX").is_some() {
        let corner =
            |low: &str| ["X", "Y", "Z"].map(|axis| Coordinate::new(of(&format!("{low}{axis}"))));
        Zone::Cartesian {
            min: corner("min"),
            max: corner("max"),
        }
    } else {
        let range = |axis: &str| {
            let bound = |low: &str| Degrees::new(of(&format!("{low}{axis}")));
            (bound("min"), bound("max"))
        };
        Zone::Polar {
            azimuth: range("Azimuth"),
            elevation: range("Elevation"),
        }
    }
}

/// The block of a vector, in the words of the reference implementation's attributes.
fn block(value: &Value) -> ObjectBlock {
    let mut block = ObjectBlock::at(position(&value["position"]));
    let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    block.cartesian = flag("cartesian");
    block.screen_ref = flag("screenRef");
    block.extent.width = number(value, "width").unwrap_or(0.0);
    block.extent.height = number(value, "height").unwrap_or(0.0);
    block.extent.depth = number(value, "depth").unwrap_or(0.0);
    block.diffuse = number(value, "diffuse").unwrap_or(0.0);
    block.gain = crate::audio::Gain::new(number(value, "gain").unwrap_or(1.0));
    block.channel_lock = value.get("channelLock").map(|lock| ChannelLock {
        max_distance: number(lock, "maxDistance").map(Coordinate::new),
    });
    block.divergence = value.get("objectDivergence").map(|divergence| Divergence {
        value: number(divergence, "value").unwrap_or(0.0),
        azimuth_range: number(divergence, "azimuthRange").map(Degrees::new),
        position_range: number(divergence, "positionRange").map(Coordinate::new),
    });
    let zones = value.get("zoneExclusion").and_then(Value::as_array);
    block.zones = zones.into_iter().flatten().map(zone).collect();
    if let Some(edges) = value["position"].get("screenEdgeLock") {
        block.edges.horizontal = match edges["horizontal"].as_str() {
            Some("left") => Some(HorizontalEdge::Left),
            Some("right") => Some(HorizontalEdge::Right),
            _ => None,
        };
        block.edges.vertical = match edges["vertical"].as_str() {
            Some("top") => Some(VerticalEdge::Top),
            Some("bottom") => Some(VerticalEdge::Bottom),
            _ => None,
        };
    }
    block
}

fn screen(value: &Value) -> Screen {
    let screen = &value["extra_data"]["reference_screen"];
    let of = |value: &Value, key: &str| number(value, key).unwrap_or(0.0);
    if screen.is_null() {
        return Screen::default();
    }
    let centre = &screen["centrePosition"];
    Screen::Polar {
        aspect_ratio: of(screen, "aspectRatio"),
        azimuth: Degrees::new(of(centre, "azimuth")),
        elevation: Degrees::new(of(centre, "elevation")),
        distance: Coordinate::new(number(centre, "distance").unwrap_or(1.0)),
        width: Degrees::new(of(screen, "widthAzimuth")),
    }
}

/// How far the gains of all vectors are from those wanted; panics where one is beyond 1e-6.
fn check_vectors(layout: &str, inputs: &str, outputs: &str) -> usize {
    let spatial = Spatial::new(&layout.parse().unwrap()).unwrap();
    let mut count = 0;
    for (line, (input, output)) in inputs.lines().zip(outputs.lines()).enumerate() {
        let (input, output): (Value, Value) = (
            serde_json::from_str(input).unwrap(),
            serde_json::from_str(output).unwrap(),
        );
        let block = block(&input["block_format"]);
        let (direct, diffuse) = spatial.object.gains(&block, None, &screen(&input));
        for (path, got) in [("direct", direct), ("diffuse", diffuse)] {
            for (i, wanted) in output[path].as_array().unwrap().iter().enumerate() {
                let wanted = wanted.as_f64().unwrap();
                assert!(
                    (got[i] - wanted).abs() < 1e-6,
                    "{layout} line {} {path} {i}: {} for {wanted} in {block:?}",
                    line + 1,
                    got[i]
                );
            }
        }
        count += 1;
    }
    count
}

#[test]
fn gains_of_the_reference_vectors() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/adm/vectors/gains"
    );
    let read = |name: &str| std::fs::read_to_string(Path::new(folder).join(name));
    let (Ok(inputs), Ok(outputs)) = (read("inputs.jsonl"), read("outputs.jsonl")) else {
        println!("skipped: {folder} is missing");
        return;
    };
    assert!(check_vectors("5.1.4", &inputs, &outputs) > 500);
}

/// Vectors of our own making, their gains computed with the reference implementation of BS.2127.
#[test]
fn gains_on_every_layout() {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/spatial/gains"
    ));
    for layout in ["2.0", "5.1", "7.1", "5.1.4", "7.1.4"] {
        let lines = std::fs::read_to_string(folder.join(format!("{layout}.jsonl"))).unwrap();
        assert_eq!(check_vectors(layout, &lines, &lines), 25);
    }
}
