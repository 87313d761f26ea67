//! From what a scene says to a stem.

use super::name::{DESCRIPTION, Found, IMPAIRED, Meaning, read, root};
use crate::audio::{ContentKind, Decibels};
use crate::stem::assignment::{Assignment, Decibans, Decision, Reason};
use crate::stem::code::Group;
use crate::stem::set::StemSet;
use crate::timeline::{SceneEvidence, SceneName};

/// Sound that is none of the stems and is not summed into any.
const SUBTITLES: Meaning = Meaning::Beside("subtitles read aloud");
const EMERGENCY: Meaning = Meaning::Beside("emergency announcements");

/// Something that tells, by rank.
#[derive(Debug, Clone)]
struct Hint {
    /// `built-in: ADM content kind music`.
    rule: String,
    meaning: Meaning,
    text: String,
    weight: i32,
}

impl Hint {
    fn reason(&self) -> Reason {
        Reason {
            rule: self.rule.clone(),
            says: match self.meaning {
                Meaning::Is(group) => Some(group),
                _ => None,
            },
            weight: Decibans(self.weight),
            text: self.text.clone(),
        }
    }
}

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

/// Everything that tells, in order of rank.
fn hints(scene: &SceneEvidence) -> Vec<Hint> {
    let mut hints = Vec::new();
    for content in &scene.contents {
        hints.extend(content.kind.and_then(|kind| by_kind(kind, &content.name)));
    }
    if scene
        .objects
        .iter()
        .rev()
        .find_map(|object| object.dialogue)
        == Some(true)
    {
        hints.push(Hint {
            rule: "built-in: ADM object dialogue".to_owned(),
            meaning: Meaning::Is(Group::Dialogue),
            text: "an object says that it is dialogue".to_owned(),
            weight: 80,
        });
    }
    let contents = || scene.contents.iter().map(|content| &content.name);
    let objects = || scene.objects.iter().rev().map(|object| &object.name);
    hints.extend(contents().filter_map(|name| by_name("content name", &name.name, 60)));
    let labels = |names: &mut dyn Iterator<Item = &SceneName>, what: &str| {
        names
            .flat_map(|name| &name.labels)
            .filter_map(|label| by_name(what, label, 50))
            .collect::<Vec<_>>()
    };
    hints.extend(labels(&mut contents(), "content label"));
    hints.extend(labels(&mut objects(), "object label"));
    hints.extend(objects().filter_map(|name| by_name("object name", &name.name, 40)));
    hints.extend(by_name("pack name", &scene.pack.name, 30));
    hints
}

/// What a specific kind says; the undefined ones of mixed and other sound say nothing.
fn by_kind(kind: ContentKind, content: &SceneName) -> Option<Hint> {
    let meaning = match kind {
        ContentKind::Music => Meaning::Is(Group::Music),
        ContentKind::Effects => Meaning::Is(Group::Effects),
        ContentKind::MusicAndEffects => Meaning::MusicAndEffects,
        ContentKind::Dialogue | ContentKind::Storyline => Meaning::Is(Group::Dialogue),
        ContentKind::VoiceOver | ContentKind::Commentary => Meaning::Is(Group::Narration),
        ContentKind::SpokenSubtitle => SUBTITLES,
        ContentKind::Emergency => EMERGENCY,
        ContentKind::AudioDescription | ContentKind::MixedDescription => DESCRIPTION,
        ContentKind::HearingImpaired => IMPAIRED,
        ContentKind::CompleteMain => Meaning::FullMix,
        ContentKind::NonDialogue | ContentKind::Mixed | ContentKind::MixedPart => return None,
    };
    Some(Hint {
        rule: kind_rule(kind),
        meaning,
        text: format!(
            "content {} `{}` is of kind {kind}",
            content.id, content.name
        ),
        weight: 100,
    })
}

fn kind_rule(kind: ContentKind) -> String {
    format!("built-in: ADM content kind {kind}")
}

fn by_name(what: &str, name: &str, weight: i32) -> Option<Hint> {
    let Found { meaning, token } = read(name)?;
    Some(Hint {
        rule: format!("built-in: ADM {what} token {token}"),
        meaning,
        text: format!("{what} `{name}`"),
        weight,
    })
}

/// The rule by which an item is not dialogue, where it says so.
fn not_dialogue(scene: &SceneEvidence) -> Option<String> {
    let kind = |content: &crate::timeline::SceneContent| content.kind;
    if scene
        .contents
        .iter()
        .filter_map(kind)
        .any(|k| k == ContentKind::NonDialogue)
    {
        return Some(kind_rule(ContentKind::NonDialogue));
    }
    let flag = scene
        .objects
        .iter()
        .rev()
        .find_map(|object| object.dialogue);
    (flag == Some(false)).then(|| "built-in: ADM object not dialogue".to_owned())
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
    use crate::timeline::{SceneContent, SceneObject};

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
