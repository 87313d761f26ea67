//! From what a scene says to a stem.

use super::hint::{Hint, by_name, hints, kind_rule, not_dialogue};
use super::name::{DESCRIPTION, Meaning, root};
use crate::audio::{ContentKind, Decibels};
use crate::stem::assignment::{Assignment, Decision, Reason};
use crate::stem::code::Group;
use crate::stem::set::StemSet;
use crate::timeline::SceneEvidence;

/// The stem of an item. `hints` of lower rank than the one that decides stay in the list.
pub(in crate::stem) fn decide(scene: &SceneEvidence, set: &StemSet) -> Assignment {
    let hints = hints(scene);
    // Not dialogue: only names of music and effects count.
    let not_dialogue = not_dialogue(scene);
    let speech = |hint: &Hint| root(hint.meaning) == Some(Group::Dialogue);
    let mut usable = hints.iter().filter(|hint| {
        hint.meaning != Meaning::Several && !(not_dialogue.is_some() && speech(hint))
    });
    let description = |hint: &&Hint| hint.meaning == DESCRIPTION;
    let first = usable.next();
    let undefined = kind_rule(ContentKind::Dialogue);
    let open = |hint: &Hint| hint.rule == undefined;
    // `dialogue` of an undefined kind under the name of a description is the description.
    let named = hints.iter().find(description);
    let deciding = match (first, named) {
        (Some(first), Some(named)) if open(first) => Some(named),
        (first, _) => first,
    };
    let reasons: Vec<Reason> = hints.iter().map(Hint::reason).collect();
    match (deciding, not_dialogue) {
        (Some(hint), _) => settle(hint, &hints, reasons, set),
        (None, Some(rule)) => {
            let hint = Hint {
                rule,
                meaning: Meaning::Is(Group::Effects),
                text: "it is not dialogue, and nothing says music".to_owned(),
                weight: 10,
            };
            let mut assignment = settle(&hint, &hints, reasons, set);
            assignment.evidence.insert(0, hint.reason());
            assignment.review = Some(hint.text);
            assignment
        }
        (None, None) => unassigned(why_not(scene, &hints), reasons),
    }
}

/// The stem of an item of which nothing else tells, by the name of its programme.
pub(in crate::stem) fn decide_by_programme(
    scene: &SceneEvidence,
    set: &StemSet,
) -> Option<Assignment> {
    let programme = scene.programme.as_ref()?;
    let hint = by_name("programme name", &programme.name, 20)?;
    let assignment = settle(&hint, &[], vec![hint.reason()], set);
    assignment.stem().is_some().then_some(assignment)
}

fn settle(hint: &Hint, hints: &[Hint], reasons: Vec<Reason>, set: &StemSet) -> Assignment {
    let group = match hint.meaning {
        Meaning::Is(group) => group,
        Meaning::Beside(what) => {
            let text = format!("it is {what}, which belongs to no stem and not to the mix");
            return Assignment {
                decision: Decision::Ignore,
                rule: hint.rule.clone(),
                ..unassigned(text, reasons)
            };
        }
        Meaning::MusicAndEffects => {
            let text = format!(
                "{} is music and effects in one, which cannot be taken apart",
                hint.text
            );
            return unassigned(text, reasons);
        }
        Meaning::FullMix | Meaning::Several => {
            let text = format!("{} is a mix of several stems", hint.text);
            return unassigned(text, reasons);
        }
    };
    let Some(stem) = set.stem_for(group) else {
        return unassigned(format!("the spec has no stem for {group}"), reasons);
    };
    let other = hints.iter().find(|other| disagrees(hint, other));
    Assignment {
        decision: Decision::Stem {
            code: stem.code.clone(),
            group,
        },
        gain: Decibels::ZERO,
        map: None,
        rule: hint.rule.clone(),
        evidence: reasons,
        review: other.map(|other| format!("{}, but {} says otherwise", hint.text, other.text)),
        by_neighbours: false,
        otherwise: None,
    }
}

/// Whether a name or kind that did not decide speaks for another class of sound.
fn disagrees(hint: &Hint, other: &Hint) -> bool {
    match (root(hint.meaning), root(other.meaning)) {
        (Some(own), Some(other)) => own != other,
        _ => other.meaning != Meaning::Several && root(other.meaning).is_none(),
    }
}

fn unassigned(why: String, evidence: Vec<Reason>) -> Assignment {
    Assignment {
        decision: Decision::Unassigned,
        gain: Decibels::ZERO,
        map: None,
        rule: "none".to_owned(),
        evidence,
        review: Some(why),
        by_neighbours: false,
        otherwise: None,
    }
}

fn why_not(scene: &SceneEvidence, hints: &[Hint]) -> String {
    if let Some(several) = hints.iter().find(|hint| hint.meaning == Meaning::Several) {
        return format!("{} names several kinds of sound", several.text);
    }
    let content = scene
        .contents
        .first()
        .map(|content| content.name.name.as_str());
    let object = scene.objects.last().map(|object| object.name.name.as_str());
    let named: Vec<String> = [("content", content), ("object", object)]
        .into_iter()
        .filter_map(|(what, name)| Some(format!("{what} `{}`", name?)))
        .collect();
    format!(
        "neither kinds nor names tell what it is ({})",
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::ChannelLayout;
    use crate::stem::Stem;
    use crate::timeline::{SceneContent, SceneName, SceneObject};

    fn set() -> StemSet {
        let kinds = [
            ("DX", Group::Dialogue),
            ("MX", Group::Music),
            ("FX", Group::Effects),
        ];
        let stem = |(code, group): (&str, Group)| Stem {
            code: code.parse().unwrap(),
            layout: ChannelLayout::stereo(),
            groups: vec![group],
        };
        StemSet::new(kinds.map(stem).to_vec()).unwrap()
    }

    fn named(name: &str) -> SceneName {
        SceneName {
            name: name.to_owned(),
            ..SceneName::default()
        }
    }

    fn scene(kind: (u8, u8), content: &str, object: &str) -> SceneEvidence {
        SceneEvidence {
            contents: vec![SceneContent {
                name: named(content),
                kind: ContentKind::from_values(kind.0, kind.1),
                language: None,
            }],
            objects: vec![SceneObject {
                name: named(object),
                dialogue: None,
            }],
            ..SceneEvidence::default()
        }
    }

    fn shown(assignment: &Assignment) -> String {
        let mark = if assignment.review.is_some() { "?" } else { "" };
        match &assignment.decision {
            Decision::Stem { code, .. } => format!("{code}{mark} {}", assignment.rule),
            Decision::Ignore => "ignore".to_owned(),
            Decision::Unassigned => "-".to_owned(),
        }
    }

    #[track_caller]
    fn check(kind: (u8, u8), content: &str, object: &str, want: &str) {
        assert_eq!(shown(&decide(&scene(kind, content, object), &set())), want);
    }

    #[test]
    fn kinds_come_before_names() {
        check(
            (1, 1),
            "x",
            "y",
            "DX built-in: ADM content kind storyline-dialogue",
        );
        check(
            (0, 1),
            "Dialogue",
            "y",
            "MX? built-in: ADM content kind music",
        );
        check((0, 2), "x", "y", "FX built-in: ADM content kind effects");
        check((1, 2), "x", "y", "DX built-in: ADM content kind voice-over");
        check(
            (2, 0),
            "Dialog",
            "Atmos_Obj_1",
            "DX built-in: ADM content name token DIALOG",
        );
        check(
            (2, 2),
            "Effects",
            "x",
            "FX built-in: ADM content name token EFFECTS",
        );
        check(
            (2, 0),
            "Objects",
            "Music st",
            "MX built-in: ADM object name token MUSIC",
        );
        check((2, 0), "Atmos_Master_Content", "Atmos_Bed_1", "-");
    }

    #[test]
    fn what_is_beside_the_stems_is_in_none() {
        check((1, 4), "Dialogue", "y", "ignore");
        check((1, 3), "Dialogue", "y", "ignore");
        check((1, 6), "Dialogue", "y", "ignore");
        check((2, 3), "Mix", "y", "ignore");
        check((2, 4), "Mix", "y", "ignore");
        check((2, 0), "Audio Description", "y", "ignore");
        check((1, 0), "Audio Description", "y", "ignore");
        check(
            (1, 1),
            "Audio Description",
            "y",
            "DX? built-in: ADM content kind storyline-dialogue",
        );
    }

    #[test]
    fn sums_are_refused() {
        check((0, 3), "M&E", "y", "-");
        check((2, 0), "M&E", "FX", "-");
        check((2, 1), "Dialogue", "y", "-");
        check((2, 0), "Full Mix", "y", "-");
        check((2, 0), "Dialogue + Music", "x", "-");
    }

    #[test]
    fn what_is_not_dialogue_is_an_effect_or_music() {
        check(
            (0, 0),
            "x",
            "y",
            "FX? built-in: ADM content kind non-dialogue",
        );
        check(
            (0, 0),
            "Music",
            "y",
            "MX built-in: ADM content name token MUSIC",
        );
        check(
            (0, 0),
            "Dialogue",
            "y",
            "FX? built-in: ADM content kind non-dialogue",
        );
        let mut flagged = scene((2, 0), "x", "y");
        flagged.objects[0].dialogue = Some(false);
        assert_eq!(
            shown(&decide(&flagged, &set())),
            "FX? built-in: ADM object not dialogue"
        );
        flagged.objects[0].dialogue = Some(true);
        assert_eq!(
            shown(&decide(&flagged, &set())),
            "DX built-in: ADM object dialogue"
        );
    }

    #[test]
    fn the_programme_tells_last() {
        let mut file = scene((2, 0), "Master", "Bed 1");
        file.programme = Some(named("Film_MX"));
        assert_eq!(shown(&decide(&file, &set())), "-");
        let by = decide_by_programme(&file, &set()).unwrap();
        assert_eq!(shown(&by), "MX built-in: ADM programme name token MX");
        file.programme = Some(named("Atmos_Master"));
        assert_eq!(decide_by_programme(&file, &set()), None);
    }
}
