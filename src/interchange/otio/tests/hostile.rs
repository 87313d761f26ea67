//! Damaged and hostile files: an error or findings, never a panic, and soon.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// The golden inputs that can be read, for mutation.
static INPUTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folders = std::fs::read_dir("fixtures/otio").unwrap();
    let mut paths: Vec<_> = folders.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts = paths
        .iter()
        .filter_map(|folder| std::fs::read(folder.join("input.otio")).ok());
    texts
        .filter(|text| read_text(text.clone()).is_ok())
        .collect()
});

#[test]
fn nesting_of_compositions_is_limited() {
    let nested = |depth: usize| {
        let open = "{\"OTIO_SCHEMA\": \"Stack.1\", \"children\": [";
        let close = "]}";
        format!("{}{}", open.repeat(depth), close.repeat(depth))
    };
    assert!(read_text(nested(parse::MAX_NESTING)).is_ok());
    for depth in [parse::MAX_NESTING + 1, 10_000, 1_000_000] {
        refuse_deep(&nested(depth), "compositions are nested deeper than 64");
    }
}

#[test]
fn depth_of_metadata_is_limited() {
    let deep = format!("{{\"metadata\": {}", "{\"a\":".repeat(1_000_000));
    refuse_deep(&deep, "brackets are nested deeper than 1000");
    let fine = format!(
        "{{\"OTIO_SCHEMA\": \"Stack.1\", \"metadata\": {}1{}}}",
        "[".repeat(900),
        "]".repeat(900)
    );
    assert!(read_text(fine).is_ok());
}

fn refuse_deep(text: &str, message: &str) {
    let error = read_text(text).unwrap_err();
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn number_of_objects_is_limited() {
    let track = |children: &str| {
        format!("{{\"OTIO_SCHEMA\":\"Track.1\",\"kind\":\"Audio\",\"children\":[{children}]}}")
    };
    let gaps = "{\"OTIO_SCHEMA\":\"Gap.1\"},".repeat(400_001);
    refuse_deep(&track(&gaps), "more than 400000 items");
    let effects = format!("{{\"effects\":[{}]}}", "{},".repeat(1_000_001));
    refuse_deep(&track(&effects), "more than 1000000 objects");
}

#[test]
fn references_to_ancestors_are_not_followed() {
    let text = "{\"OTIO_SCHEMA\": \"Track.1\", \"OTIO_REF_ID\": \"Track-1\", \"kind\": \"Audio\", \
                \"children\": [{\"OTIO_SCHEMA\": \"SerializableObjectRef.1\", \"id\": \"Track-1\"}]}";
    let findings = read_text(text).unwrap().findings;
    assert!(findings.iter().any(|f| f.code.id == "OTIO005"));
}

#[test]
fn positions_that_add_up_beyond_the_numbers_are_reported() {
    let far = vec![clip("far", 0, i64::MAX / 2); 60];
    let reading = read_text(timeline(far)).unwrap();
    let codes: Vec<&str> = reading.findings.iter().map(|f| f.code.id).collect();
    assert!(codes.contains(&"OTIO010"), "{codes:?}");
}

#[test]
fn curves_handed_down_to_many_clips_are_limited() {
    let keys: Vec<String> = (0..3000)
        .map(|n| format!("\"{n}\":{{\"Value\":{}}}", n % 7))
        .collect();
    let volume = format!(
        "{{\"OTIO_SCHEMA\":\"Effect.1\",\"metadata\":{{\"Resolve_OTIO\":{{\"Effect Name\":\"Clip Volume\",\
         \"Parameters\":[{{\"Parameter ID\":\"volume\",\"Key Frames\":{{{}}}}}]}}}}}}",
        keys.join(",")
    );
    let clips = vec![clip("a", 0, 1).to_string(); 3000].join(",");
    let nest =
        format!("{{\"OTIO_SCHEMA\":\"Track.1\",\"effects\":[{volume}],\"children\":[{clips}]}}");
    let text = format!("{{\"OTIO_SCHEMA\":\"Track.1\",\"kind\":\"Audio\",\"children\":[{nest}]}}");
    let reading = read_text(text).unwrap();
    let clips = &reading.timeline.tracks[0].clips;
    let points: usize = clips
        .iter()
        .flat_map(|c| &c.automation)
        .map(|a| a.points.len())
        .sum();
    assert!(points <= MAX_POINTS && clips.len() == 3000, "{points}");
    assert!(reading.findings.iter().any(|f| f.code.id == "OTIO021"));
}

#[test]
fn long_names_are_not_multiplied() {
    let name = "n".repeat(100_000);
    let clips = vec![clip("a", 0, 1); 500];
    let nest = json!({"OTIO_SCHEMA": "Stack.1", "name": name, "children": clips});
    let nest = json!({"OTIO_SCHEMA": "Stack.1", "name": name, "children": [nest]});
    let nest = json!({"OTIO_SCHEMA": "Stack.1", "name": name, "children": [nest]});
    let reading = read_text(timeline(vec![nest])).unwrap();
    let clips = &reading.timeline.tracks[0].clips;
    let longest = clips
        .iter()
        .filter_map(|c| c.place.clip.as_ref())
        .map(String::len)
        .max();
    assert!(clips.len() == 500 && longest < Some(400), "{longest:?}");
}

proptest! {
    #[test]
    fn truncated_files_are_answered(pick in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let bytes = pick.get(&INPUTS);
        let end = cut.index(bytes.len().saturating_sub(2));
        prop_assert!(read_text(&bytes[..end]).is_err());
    }

    #[test]
    fn damaged_files_are_answered(
        pick in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = pick.get(&INPUTS).clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_text(bytes);
    }

    #[test]
    fn any_number_anywhere_is_answered(pick in any::<prop::sample::Index>(), number in "-?[0-9]{1,25}(\\.[0-9]{1,25})?(e-?[0-9]{1,3})?|NaN|-?Infinity", every in 1_usize..9) {
        let text: &Vec<u8> = pick.get(&INPUTS);
        let text = String::from_utf8_lossy(text).into_owned();
        let mut count = 0;
        let mutated: Vec<String> = text
            .split("\"value\": ")
            .map(|part| {
                count += 1;
                let end = part.find(['}', ',']).unwrap_or(0);
                if count % every == 0 { format!("{number}{}", &part[end..]) } else { part.to_owned() }
            })
            .collect();
        let _ = read_text(mutated.join("\"value\": "));
    }
}
