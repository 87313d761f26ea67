//! `fixtures/wave`: a folder per file with what is said of it, or why it is refused.

use std::path::Path;

use serde_json::Value;
use stemline::bwf;

/// The answer as it stands beside the file: JSON, or the reason for which it is refused.
fn answer(folder: &Path) -> Result<Value, String> {
    let file = std::fs::File::open(folder.join("input.wav")).unwrap();
    // The name in messages must not depend on where the tests run.
    let wave = bwf::read_from(file, Path::new("input.wav")).map_err(|e| e.to_string())?;
    Ok(bwf::to_json(&wave, None))
}

#[test]
fn every_fixture_is_answered_as_written_beside_it() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/wave"));
    let mut count = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        match answer(&folder) {
            Ok(json) => {
                let text = std::fs::read_to_string(folder.join("expected.json"));
                let expected: Value =
                    serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
                assert_eq!(json, expected, "{name}: {json:#}");
            }
            Err(reason) => {
                let expected = std::fs::read_to_string(folder.join("refusal.txt"));
                assert_eq!(reason, expected.unwrap_or_default().trim_end(), "{name}");
            }
        }
        count += 1;
    }
    assert!(count > 40, "{count} fixtures");
}
