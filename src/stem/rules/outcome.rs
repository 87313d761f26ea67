//! Where a rule sends its clips, checked against the stems of the spec.

use super::Outcome;
use super::raw::RawRule;
use crate::stem::document::{Document, DocumentError, nearest};
use crate::stem::{Group, StemCode, StemSet};

/// The word that sends a clip nowhere.
const IGNORE: &str = "ignore";

/// Reads `stem` and `group`.
pub(super) fn outcome(
    document: Document,
    set: &StemSet,
    raw: &RawRule,
) -> Result<Outcome, DocumentError> {
    let group = group(document, raw)?;
    let Some(stem) = &raw.stem else {
        let (Some(group), Some(written)) = (group, &raw.group) else {
            return Ok(Outcome::Undecided);
        };
        let Some(stem) = set.stem_for(group) else {
            let message = format!("no stem of the spec takes `{group}`");
            let hint = Some(format!(
                "it has {}; name one with `stem`",
                codes(set).join(" ")
            ));
            return Err(document.fault(written.span(), message, hint));
        };
        return Ok(Outcome::Stem {
            code: stem.code.clone(),
            group,
            exact: true,
        });
    };
    if stem.get_ref().eq_ignore_ascii_case(IGNORE) {
        let extra = [
            raw.group.as_ref().map(|value| ("group", value.span())),
            raw.gain_db.as_ref().map(|value| ("gain_db", value.span())),
            raw.map.as_ref().map(|value| ("map", value.span())),
        ];
        if let Some((key, span)) = extra.into_iter().flatten().next() {
            let message = format!("`{key}` makes no sense with stem = \"{IGNORE}\"");
            return Err(document.fault(span, message, None));
        }
        return Ok(Outcome::Ignore);
    }
    let code = stem.get_ref().parse::<StemCode>().ok();
    let Some(known) = code.as_ref().and_then(|code| set.get(code)) else {
        let message = format!("`{}` is not a stem of the spec", stem.get_ref());
        return Err(document.fault(stem.span(), message, Some(suggest(set, stem.get_ref()))));
    };
    // The widest kind that the stem takes, where the rule names none.
    let widest = known.groups.first().copied().unwrap_or(Group::Optional);
    Ok(Outcome::Stem {
        code: known.code.clone(),
        group: group.unwrap_or(widest),
        exact: group.is_some(),
    })
}

fn group(document: Document, raw: &RawRule) -> Result<Option<Group>, DocumentError> {
    let Some(written) = &raw.group else {
        return Ok(None);
    };
    written.get_ref().parse().map(Some).map_err(|_| {
        let names: Vec<&str> = Group::all().map(Group::name).collect();
        let hint = match nearest(written.get_ref(), &names) {
            Some(right) => format!("did you mean `{right}`?"),
            None => format!("groups are {}", names.join(", ")),
        };
        let message = format!("`{}` is not a group", written.get_ref());
        document.fault(written.span(), message, Some(hint))
    })
}

fn codes(set: &StemSet) -> Vec<&str> {
    set.stems().iter().map(|stem| stem.code.as_str()).collect()
}

fn suggest(set: &StemSet, written: &str) -> String {
    let mut known = codes(set);
    let list = known.join(" ");
    known.push(IGNORE);
    match nearest(written, &known) {
        Some(right) => format!("did you mean `{right}`? the spec has {list}"),
        None => format!("the spec has {list}; `{IGNORE}` leaves a clip out"),
    }
}
