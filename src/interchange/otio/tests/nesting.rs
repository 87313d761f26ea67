//! Random compositions against a model that asks, frame by frame, what sounds.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// An item of the model; all times in frames.
#[derive(Debug, Clone)]
enum Item {
    Clip {
        start: i64,
        length: i64,
    },
    Gap(i64),
    Track {
        children: Vec<(Item, Option<Cross>)>,
        range: Option<(i64, i64)>,
    },
    Stack {
        children: Vec<Item>,
        range: Option<(i64, i64)>,
    },
}

/// A transition after an item: in and out offset.
type Cross = (i64, i64);

/// What sounds in a frame: the identity of a clip and the frame of its source.
type Sounding = BTreeSet<(String, i64)>;

impl Item {
    fn length(&self) -> i64 {
        match self {
            Self::Clip { length, .. }
            | Self::Gap(length)
            | Self::Track {
                range: Some((_, length)),
                ..
            }
            | Self::Stack {
                range: Some((_, length)),
                ..
            } => *length,
            Self::Track { children, .. } => {
                let last = children.last().and_then(|(_, cross)| *cross);
                let items: i64 = children.iter().map(|(item, _)| item.length()).sum();
                items + last.map_or(0, |(_, after)| after)
            }
            Self::Stack { children, .. } => children.iter().map(Self::length).max().unwrap_or(0),
        }
    }

    /// What sounds `late` frames after the item's trimmed start; transitions may make that negative or
    /// go past its end.
    fn sounding(&self, late: i64, name: &str, out: &mut Sounding) {
        match self {
            Self::Clip { start, .. } => {
                out.insert((name.to_owned(), start + late));
            }
            Self::Gap(_) => {}
            Self::Track { children, range } => {
                let own = range.map_or(0, |(start, _)| start) + late;
                let mut at = 0;
                let mut before = None;
                for (index, (item, after)) in children.iter().enumerate() {
                    let from = at - before.map_or(0, |(reach, _): Cross| reach);
                    let to = at + item.length() + after.map_or(0, |(_, reach)| reach);
                    if (from..to).contains(&own) {
                        item.sounding(own - at, &format!("{name}.{index}"), out);
                    }
                    at += item.length();
                    before = *after;
                }
            }
            Self::Stack { children, range } => {
                let own = range.map_or(0, |(start, _)| start) + late;
                for (index, item) in children.iter().enumerate() {
                    if (0..item.length()).contains(&own) {
                        item.sounding(own, &format!("{name}.{index}"), out);
                    }
                }
            }
        }
    }

    fn json(&self, name: &str) -> Value {
        let with_range = |mut value: Value, trim: &Option<(i64, i64)>| {
            if let Some((start, length)) = trim {
                value["source_range"] = range(*start, *length);
            }
            value
        };
        match self {
            Self::Clip { start, length } => clip(name, *start, *length),
            Self::Gap(length) => gap(*length),
            Self::Track { children, range } => {
                let mut list = Vec::new();
                for (index, (item, after)) in children.iter().enumerate() {
                    list.push(item.json(&format!("{name}.{index}")));
                    list.extend(after.map(|(before, after)| transition(before, after)));
                }
                let value = json!({"OTIO_SCHEMA": "Track.1", "kind": "Audio", "children": list});
                with_range(value, range)
            }
            Self::Stack { children, range } => {
                let numbered = children.iter().enumerate();
                let list: Vec<Value> = numbered
                    .map(|(i, item)| item.json(&format!("{name}.{i}")))
                    .collect();
                with_range(json!({"OTIO_SCHEMA": "Stack.1", "children": list}), range)
            }
        }
    }
}

fn items() -> impl Strategy<Value = Item> {
    let leaf = prop_oneof![
        3 => (100_i64..200, 1_i64..20).prop_map(|(start, length)| Item::Clip { start, length }),
        1 => (0_i64..10).prop_map(Item::Gap),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let trim = || proptest::option::of((0_i64..15, 1_i64..25));
        let cross = proptest::option::weighted(0.4, (0_i64..5, 0_i64..5));
        let row = proptest::collection::vec((inner.clone(), cross), 1..5);
        let pile = proptest::collection::vec(inner, 1..4);
        prop_oneof![
            (row, trim()).prop_map(|(children, range)| Item::Track { children, range }),
            (pile, trim()).prop_map(|(children, range)| Item::Stack { children, range }),
        ]
    })
}

/// What sounds in a frame of the record axis, as it was read.
fn read_sounding(clips: &[Clip], frame: i64) -> Sounding {
    let clips = clips.iter().map(edges);
    let sounding = clips.filter(|(_, start, end, _)| (*start..*end).contains(&frame));
    sounding
        .map(|(name, start, _, source)| (name.to_owned(), source + frame - start))
        .collect()
}

proptest! {
    #[test]
    fn what_sounds_in_every_frame_agrees(item in items()) {
        // Room before and behind, so that transitions at the ends have somewhere to reach.
        let length = item.length();
        let outer = vec![gap(30), item.json("c"), gap(30)];
        let reading = read_text(timeline(outer)).unwrap();
        let clips = &reading.timeline.tracks[0].clips;
        for frame in 0..length + 60 {
            let mut expected = Sounding::new();
            if (0..length).contains(&(frame - 30)) {
                item.sounding(frame - 30, "c", &mut expected);
            }
            prop_assert_eq!(read_sounding(clips, frame), expected, "frame {}", frame);
        }
    }
}
