//! D1: a dub against the M&E that it was mixed over.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{DubFacts, DubWindow};

faults! {
    OFFSET = "QCD101", Error, "dub out of sync with the M&E",
        "Where nobody speaks the dubbed mix is the M&E, and it comes early or late. The dialogue was recorded to \
         picture, so the whole mix is likely to be off. Shift the M&E in the session by exactly that many samples.";
    DRIFT = "QCD102", Error, "dub drifts against the M&E",
        "Where nobody speaks the dubbed mix is the M&E, at an offset that grows steadily: one of them was pulled. \
         1001 ppm is the 0.1 % between 24 and 23.976. Convert it back; shifting does not help.";
    GAIN = "QCD103", Warning, "M&E at another level in the dub",
        "Where nobody speaks the dubbed mix is the M&E at another level. Dubs are mixed over an M&E at unity; if \
         the level was lowered on purpose, say so with the delivery.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "D1",
    family: "dub",
    title: "dub against M&E",
    explanation: "Where no stems of a mix are there: windows of 1.4 s at 24 places in which the mix is nearly the M&E \
                  (correlation above 0.95), or is nothing else for 85 ms, by cross-correlation within 250 ms, and \
                  where none is, within 2.5 s: offset, its growth, and the gain where nothing else is in the mix.",
    codes: CODES,
    look,
};

/// A window is free of dialogue from this correlation on.
const FREE: f64 = 0.95;

/// How far a level may be off, in dB.
const LEVEL: f64 = 0.25;

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for facts in &view.facts.dubs {
        let of = |index: usize| view.facts.sounds.get(index);
        let (Some(mix), Some(me)) = (of(facts.mix), of(facts.me)) else {
            continue;
        };
        let is_free =
            |window: &&DubWindow| window.relation.correlation > FREE || window.has_alone();
        let free: Vec<&DubWindow> = facts.windows.iter().filter(is_free).collect();
        if free.is_empty() {
            continue;
        }
        looked.sound(view, mix);
        looked.sound(view, me);
        judge(view, facts, &free, &mut looked);
    }
    looked.or_nothing(
        "no mix stands beside an M&E but without its stems, or dialogue covers all of it",
    )
}

/// Offset, drift and level of the windows without dialogue.
fn judge(view: &View<'_>, facts: &DubFacts, free: &[&DubWindow], looked: &mut Looked) {
    let Some(mix) = view.facts.sounds.get(facts.mix) else {
        return;
    };
    let (Some(first), Some(last)) = (free.first(), free.last()) else {
        return;
    };
    let place = (first.start, last.start + last.samples - first.start);
    let mut add = |code, message: String, is: String, limit: String| {
        let fault = view.fault(code, mix, None, message);
        let fault = fault.over(view, mix, place.0, place.1);
        looked.faults.push(fault.value(is, limit));
    };
    let limit = view.limits.value("D1", "offset");
    let samples = limit / 1_000.0 * f64::from(mix.rate.hertz());
    let grown = last.relation.lag - first.relation.lag;
    let ppm = grown as f64 / (last.start - first.start).max(1) as f64 * 1e6;
    if free.len() >= 3 && grown.unsigned_abs() > 8 && ppm.abs() > 5.0 {
        let is = format!("{ppm:+.0} ppm");
        add(
            DRIFT,
            format!("the mix drifts against the M&E: {is}"),
            is,
            "0 ppm".to_owned(),
        );
        return;
    }
    let mut lags: Vec<i64> = free.iter().map(|window| window.relation.lag).collect();
    lags.sort_unstable();
    let lag = lags.get(lags.len() / 2).copied().unwrap_or_default();
    if lag.unsigned_abs() as f64 > samples {
        let side = if lag > 0 { "late" } else { "early" };
        let message = format!("the M&E in the mix is {} samples {side}", lag.abs());
        add(
            OFFSET,
            message,
            format!("{lag:+} samples"),
            format!("{limit} ms"),
        );
    }
    let db = gain(free);
    if db.abs() > LEVEL {
        let is = format!("{db:+.2} dB");
        add(
            GAIN,
            format!("the M&E stands in the mix at {is}"),
            is,
            "0.00 dB".to_owned(),
        );
    }
}

/// The gain of the M&E in dB: the median of the stretches that hold nothing else, else of the windows.
fn gain(free: &[&DubWindow]) -> f64 {
    let alone = free.iter().filter(|window| window.has_alone());
    let mut relations: Vec<_> = alone.filter_map(|window| window.alone.as_ref()).collect();
    if relations.is_empty() {
        relations.extend(free.iter().map(|window| &window.relation));
    }
    let gains = relations.iter().flat_map(|relation| &relation.channels);
    let mut gains: Vec<f64> = gains
        .filter(|channel| channel.expected == channel.found)
        .map(|channel| 20.0 * libm::log10(channel.gain.abs()))
        .collect();
    gains.sort_by(f64::total_cmp);
    gains.get(gains.len() / 2).copied().unwrap_or_default()
}
