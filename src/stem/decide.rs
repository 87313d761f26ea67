//! From evidence to a decision.

use super::assignment::{Decibans, Decision, Reason};
use super::code::Group;
use super::gather::{Gathered, Item, Mark, Source};
use super::set::StemSet;
use super::ucs;

/// Evidence that is not explicit decides from here, in decibans: ten to one.
const ENOUGH: i32 = 10;
/// A decision on less than this in all, or on nothing that would do alone, is shown to a person.
const WEAK: i32 = 13;
/// Classes as close as this are shown to a person.
const CLOSE: i32 = 6;

const CLASSES: [Group; 4] = [
    Group::Dialogue,
    Group::Music,
    Group::Effects,
    Group::Optional,
];

/// A decision with its reasons.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) decision: Decision,
    pub(super) rule: String,
    pub(super) evidence: Vec<Reason>,
    pub(super) review: Option<String>,
}

/// Scores of a class.
#[derive(Debug, Clone, Copy)]
struct Score {
    class: Group,
    /// Sum of all its evidence.
    total: i32,
    /// Its heaviest explicit evidence; 0 without.
    explicit: i32,
}

/// Decides: the heaviest explicit evidence wins, the rest adds; without explicit evidence the
/// heavier sum of at least ten to one.
pub(super) fn decide(gathered: &Gathered, set: &StemSet) -> Verdict {
    let mut items: Vec<&Item> = gathered.items.iter().collect();
    items.sort_by_key(|item| (-item.weight, item.source, item.group));
    let mut evidence: Vec<Reason> = items.iter().map(|item| item.reason()).collect();
    let mut scores = CLASSES.map(|class| score(class, &items));
    scores.sort_by_key(|score| (-score.explicit, -score.total));
    let [best, second, ..] = scores;
    let mark = gathered.own_mark.or(gathered.track_mark);
    evidence.extend(mark.map(mark_reason));
    let refuse = |review: String, evidence| Verdict {
        decision: Decision::Unassigned,
        rule: "none".to_owned(),
        evidence,
        review: Some(review),
    };
    if best.explicit == 0 && (gathered.own_mark.is_some() || best.total < ENOUGH) {
        return refuse(why_not(best, mark, &items), evidence);
    }
    if (best.explicit, best.total) == (second.explicit, second.total) {
        let text = format!(
            "it speaks for {} as much as for {}",
            best.class, second.class
        );
        return refuse(text, evidence);
    }
    let group = finest(best.class, &items);
    let Some(stem) = set.stem_for(group) else {
        return refuse(format!("the spec has no stem for {group}"), evidence);
    };
    let rule = items
        .iter()
        .filter(|item| item.group.root() == best.class)
        .max_by_key(|item| (item.explicit, item.weight))
        .map_or_else(|| "none".to_owned(), |item| item.rule());
    Verdict {
        decision: Decision::Stem {
            code: stem.code.clone(),
            group,
        },
        rule,
        evidence,
        review: review(best, &scores, &items),
    }
}

fn score(class: Group, items: &[&Item]) -> Score {
    let own = || items.iter().filter(|item| item.group.root() == class);
    Score {
        class,
        total: own().map(|item| item.weight).sum(),
        explicit: own()
            .filter(|item| item.explicit)
            .map(|item| item.weight)
            .max()
            .unwrap_or(0),
    }
}

/// The finest kind within the class: of the source that knows it best.
fn finest(class: Group, items: &[&Item]) -> Group {
    items
        .iter()
        .filter(|item| item.group.root() == class && item.group != class && item.weight > 0)
        .min_by_key(|item| (item.source, -item.weight))
        .map_or(class, |item| item.group)
}

/// Why a person should look at a decision that was made.
fn review(best: Score, scores: &[Score; 4], items: &[&Item]) -> Option<String> {
    let mut reasons = Vec::new();
    let rival = scores
        .iter()
        .filter(|score| score.class != best.class && score.total > 0)
        .max_by_key(|score| score.total);
    if let Some(rival) = rival.filter(|rival| best.total - rival.total <= CLOSE) {
        reasons.push(format!(
            "{} with {} decibans, {} with {}",
            best.class, best.total, rival.class, rival.total
        ));
    }
    let heaviest = items
        .iter()
        .filter(|item| item.group.root() == best.class)
        .map(|item| item.weight)
        .max();
    let thin = best.total < WEAK || heaviest.is_none_or(|weight| weight < ENOUGH);
    // That of neighbours says so itself.
    let told = items.iter().any(|item| item.source == Source::Neighbour);
    if thin && !told && best.explicit == 0 {
        reasons.push("only weak evidence".to_owned());
    }
    reasons.extend(doubt(best, items).map(str::to_owned));
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The doubt that the evidence carries: where nothing certain stands beside it, and always where
/// words may reach an M&E.
fn doubt(best: Score, items: &[&Item]) -> Option<&'static str> {
    let own = |item: &&&Item| item.group.root() == best.class;
    let certain = items
        .iter()
        .filter(own)
        .any(|item| item.explicit && item.doubt.is_none());
    let doubtful = items.iter().filter(|item| item.weight > 0);
    let fitting = |item: &&&Item| {
        let words = item.doubt.is_some_and(ucs::is_about_words);
        (own(item) && !certain) || (words && best.class == Group::Effects)
    };
    doubtful.filter(fitting).find_map(|item| item.doubt)
}

/// Why nothing was decided, with what there was.
fn why_not(best: Score, mark: Option<Mark>, items: &[&Item]) -> String {
    match mark {
        Some(Mark::Leader) => {
            return "it is a leader, pop or tone; give it a rule with stem = \"ignore\" or a stem"
                .to_owned();
        }
        Some(Mark::Composite) => {
            return "it is named like a mix of several stems; give it a rule with \
                    stem = \"ignore\" or a stem"
                .to_owned();
        }
        None => {}
    }
    if best.total <= 0 {
        return "nothing tells what it is".to_owned();
    }
    let seen: Vec<String> = items
        .iter()
        .filter(|item| item.group.root() == best.class && item.weight > 0)
        .map(|item| item.text.clone())
        .collect();
    format!("only a hint of {}: {}", best.class, seen.join(", "))
}

fn mark_reason(mark: Mark) -> Reason {
    let text = match mark {
        Mark::Leader => "named like a leader, pop or tone",
        Mark::Composite => "named like a mix of several stems",
    };
    Reason {
        rule: "built-in: names that are no stem".to_owned(),
        says: None,
        weight: Decibans(0),
        text: text.to_owned(),
    }
}
