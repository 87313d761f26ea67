//! What a file has suffered, in words.

use super::{Diagnosis, Kind};
use crate::meter::cross::{ChannelRelation, Relation};
use crate::qc::check::View;
use crate::qc::facts::{Drift, Sound};

/// What a file has suffered, before it has a place.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) measured: String,
    pub(super) limit: &'static str,
    pub(super) channel: Option<usize>,
}

impl Described {
    fn new(kind: Kind, message: String, measured: String, limit: &'static str) -> Self {
        Self {
            kind,
            message,
            measured,
            limit,
            channel: None,
        }
    }

    /// The same of a file at a place.
    pub(super) fn over(self, sound: usize, place: (u64, u64)) -> Diagnosis {
        Diagnosis {
            kind: self.kind,
            sound,
            stem: sound,
            message: self.message,
            place,
            measured: self.measured,
            limit: self.limit.to_owned(),
            channel: self.channel,
            stem_is_silent: false,
        }
    }

    fn of(self, channel: usize) -> Self {
        Self {
            channel: Some(channel),
            ..self
        }
    }
}

/// A relation in words: everything that it says.
pub(super) fn describe(view: &View<'_>, sound: usize, relation: &Relation) -> Vec<Described> {
    let Some(of) = view.facts.sounds.get(sound) else {
        return Vec::new();
    };
    let mut out = offsets(of, relation);
    out.extend(swapped(of, relation));
    out.extend(inverted(of, relation));
    out.extend(levels(of, relation));
    out
}

/// Late or early, as a whole or by channels.
fn offsets(of: &Sound, relation: &Relation) -> Vec<Described> {
    let called = of.called();
    let one = |what: &str, lag: i64| {
        let side = if lag > 0 { "late" } else { "early" };
        let message = format!("{what} is {} samples {side}", lag.abs());
        Described::new(
            Kind::Offset,
            message,
            format!("{lag:+} samples"),
            "0 samples",
        )
    };
    if relation.lag != 0 {
        return vec![one(called, relation.lag)];
    }
    let late = relation.channels.iter().filter(|c| c.lag != 0);
    late.map(|c| {
        let what = format!("channel {} of {called}", of.channel_name(c.found));
        one(&what, c.lag).of(c.found)
    })
    .collect()
}

fn swapped(of: &Sound, relation: &Relation) -> Option<Described> {
    let moved: Vec<&ChannelRelation> = relation
        .channels
        .iter()
        .filter(|c| c.expected != c.found)
        .collect();
    let first = moved.first()?;
    let text = |c: &&ChannelRelation| {
        let (expected, found) = (of.channel_name(c.expected), of.channel_name(c.found));
        format!("{expected} stands in {found}")
    };
    let text: Vec<String> = moved.iter().map(text).collect();
    let text = text.join(", ");
    let message = format!("channels of {} are swapped: {text}", of.called());
    let swapped = Described::new(Kind::Swapped, message, text, "each in its place");
    Some(swapped.of(first.found))
}

fn inverted(of: &Sound, relation: &Relation) -> Vec<Described> {
    let called = of.called();
    let inverted = relation.channels.iter().filter(|c| c.gain < 0.0);
    let one = |kind, what: &str| {
        let message = format!("{what} has its polarity inverted");
        Described::new(kind, message, "inverted".to_owned(), "as in the mix")
    };
    if inverted.clone().count() == relation.channels.len() && !relation.channels.is_empty() {
        return vec![one(Kind::Inverted, called)];
    }
    inverted
        .map(|c| {
            let what = format!("channel {} of {called}", of.channel_name(c.found));
            one(Kind::ChannelInverted, &what).of(c.found)
        })
        .collect()
}

/// One level for all of the file, or those of its channels.
fn levels(of: &Sound, relation: &Relation) -> Vec<Described> {
    let called = of.called();
    let is = |c: &ChannelRelation| format!("{:+.2} dB", 20.0 * libm::log10(c.gain.abs()));
    let off = |c: &&ChannelRelation| (c.gain.abs() - 1.0).abs() > 2e-4;
    let changed: Vec<&ChannelRelation> = relation.channels.iter().filter(off).collect();
    let Some(first) = changed.first() else {
        return Vec::new();
    };
    let like_first = |c: &&ChannelRelation| (c.gain.abs() - first.gain.abs()).abs() < 1e-3;
    if relation.channels.iter().filter(like_first).count() == relation.channels.len() {
        let is = is(first);
        let message = format!("{called} stands at {is} against what the other files leave for it");
        return vec![Described::new(Kind::Gain, message, is, "0.00 dB")];
    }
    let one = |c: &&ChannelRelation| {
        let (name, is) = (of.channel_name(c.found), is(c));
        let message = format!("channel {name} of {called} stands at {is} against the mix");
        Described::new(Kind::ChannelGain, message, is, "0.00 dB").of(c.found)
    };
    changed.iter().map(one).collect()
}

/// A file that drifts.
pub(super) fn drifting(view: &View<'_>, drift: &Drift) -> Option<Diagnosis> {
    let of = view.facts.sounds.get(drift.sound)?;
    let is = if drift.ppm.abs() < 9.95 {
        format!("{:+.1} ppm", drift.ppm)
    } else {
        format!("{:+.0} ppm", drift.ppm)
    };
    let unsure = if drift.error >= 0.1 {
        format!(" ±{:.1}", drift.error)
    } else {
        String::new()
    };
    let from = match drift.lag.round() {
        0.0 => String::new(),
        lag => format!(", from {lag:+.0} samples at its start on"),
    };
    let message = format!("{} drifts: {is}{unsure} against the mix{from}", of.called());
    Some(Diagnosis {
        kind: Kind::Drift,
        sound: drift.sound,
        stem: drift.sound,
        message,
        place: (0, of.length),
        measured: is,
        limit: "0 ppm".to_owned(),
        channel: None,
        stem_is_silent: false,
    })
}
