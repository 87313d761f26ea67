//! Pieces that Pro Tools drew itself: fades, and edits that fall between frames.

use super::codes;
use crate::finding::Finding;
use crate::timeline::{Rendered, Timeline};

/// Names of rendered fades in the languages of the program: English, German and Japanese; French;
/// Spanish; Chinese, simplified and traditional; Korean.
const FADES: [&str; 6] = ["Fade ", "Fondu ", "Fundido", "淡变 ", "淡變 ", "페이드"];

/// Names of pieces of one frame with an edit inside, in the same languages.
const EDITS: [&str; 8] = [
    "Sample accurate edit",
    "Samplegenaue Bearbeitung",
    "Edición con precisión de muestra",
    "Modification à l'échantillon près",
    "サンプル精度編集",
    "精确采样编辑",
    "精確取樣編輯",
    "샘플 단위 정밀 편집",
];

/// Marks the pieces of a timeline that Pro Tools drew; returns a finding with their number.
pub(super) fn mark(timeline: &mut Timeline) -> Option<Finding> {
    let mut count = 0;
    for clip in timeline
        .tracks
        .iter_mut()
        .flat_map(|track| &mut track.clips)
    {
        clip.rendered = kind(&clip.name);
        count += usize::from(clip.rendered.is_some());
    }
    (count > 0).then(|| {
        let message = format!("{count} clips are fades or edits that Pro Tools has drawn");
        Finding::new(&codes::RENDERED, message)
    })
}

fn kind(name: &str) -> Option<Rendered> {
    if FADES.contains(&name) {
        return Some(Rendered::Fade);
    }
    EDITS
        .contains(&name)
        .then_some(Rendered::SampleAccurateEdit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_program_not_of_people() {
        for (name, expect) in [
            ("Fade ", Some(Rendered::Fade)),
            ("Fade", None),
            ("Fade 1", None),
            ("페이드", Some(Rendered::Fade)),
            (
                "Modification à l'échantillon près",
                Some(Rendered::SampleAccurateEdit),
            ),
        ] {
            assert_eq!(kind(name), expect, "{name}");
        }
    }
}
