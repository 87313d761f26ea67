//! What a file has suffered, in words.

use super::{Kind, Suspicion};
use crate::meter::cross::Relation;
use crate::qc::check::View;

/// Kind, message, what is measured, what should be, and the channel.
pub(super) type Described = (Kind, String, String, &'static str, Option<usize>);

/// A relation in words.
pub(super) fn describe(view: &View<'_>, sound: usize, relation: &Relation) -> Option<Described> {
    let of = view.facts.sounds.get(sound)?;
    let called = of.called();
    let decibels = |gain: f64| 20.0 * libm::log10(gain.abs());
    if relation.lag != 0 {
        let side = if relation.lag > 0 { "late" } else { "early" };
        let message = format!("{called} is {} samples {side}", relation.lag.abs());
        return Some((
            Kind::Offset,
            message,
            format!("{:+} samples", relation.lag),
            "0 samples",
            None,
        ));
    }
    let moved: Vec<_> = relation
        .channels
        .iter()
        .filter(|c| c.expected != c.found)
        .collect();
    if let Some(first) = moved.first() {
        let text: Vec<String> = moved
            .iter()
            .map(|c| {
                format!(
                    "{} stands in {}",
                    of.channel_name(c.expected),
                    of.channel_name(c.found)
                )
            })
            .collect();
        let text = text.join(", ");
        let message = format!("channels of {called} are swapped: {text}");
        return Some((
            Kind::Swapped,
            message,
            text,
            "each in its place",
            Some(first.found),
        ));
    }
    let inverted: Vec<_> = relation.channels.iter().filter(|c| c.gain < 0.0).collect();
    if let Some(first) = inverted.first() {
        if inverted.len() < relation.channels.len() {
            let name = of.channel_name(first.found);
            let message = format!("channel {name} of {called} has its polarity inverted");
            return Some((
                Kind::ChannelInverted,
                message,
                "inverted".to_owned(),
                "as in the mix",
                Some(first.found),
            ));
        }
        let message = format!("{called} has its polarity inverted");
        return Some((
            Kind::Inverted,
            message,
            "inverted".to_owned(),
            "as in the mix",
            None,
        ));
    }
    let off = |c: &&crate::meter::cross::ChannelRelation| (c.gain - 1.0).abs() > 2e-4;
    let changed: Vec<_> = relation.channels.iter().filter(off).collect();
    let first = changed.first()?;
    let is = format!("{:+.2} dB", decibels(first.gain));
    let same = |c: &&&crate::meter::cross::ChannelRelation| (c.gain - first.gain).abs() < 1e-3;
    let all = changed.len() == relation.channels.len()
        && changed.iter().filter(same).count() == changed.len();
    if all {
        let message = format!("{called} stands at {is} against what the other files leave for it");
        return Some((Kind::Gain, message, is, "0.00 dB", None));
    }
    let message = format!(
        "channel {} of {called} stands at {is} against the mix",
        of.channel_name(first.found)
    );
    Some((Kind::ChannelGain, message, is, "0.00 dB", Some(first.found)))
}

/// A lag that grows with time, by a straight line through the windows.
pub(super) fn drift(
    view: &View<'_>,
    sound: usize,
    telling: &[&Suspicion<'_>],
) -> Option<(usize, String, String)> {
    let of = view.facts.sounds.get(sound)?;
    let points: Vec<(f64, f64)> = telling
        .iter()
        .filter(|(_, r, _)| r.correlation.abs() > 0.5)
        .map(|(_, r, w)| ((w.start + w.samples / 2) as f64, r.lag as f64))
        .collect();
    let count = points.len() as f64;
    if points.len() < 3 {
        return None;
    }
    let mean = points
        .iter()
        .fold((0.0, 0.0), |m, p| (m.0 + p.0 / count, m.1 + p.1 / count));
    let spread = points.iter().fold((0.0, 0.0), |s, p| {
        let (x, y) = (p.0 - mean.0, p.1 - mean.1);
        (s.0 + x * x, s.1 + x * y)
    });
    let slope = spread.1 / spread.0.max(1.0);
    let line = |x: f64| mean.1 + slope * (x - mean.0);
    let worst = points
        .iter()
        .map(|p| (p.1 - line(p.0)).abs())
        .fold(0.0, f64::max);
    let range = points.iter().map(|p| p.1.abs()).fold(0.0, f64::max);
    let ppm = slope * 1e6;
    // Lags that jump to and fro within a few samples are those of different channels.
    (ppm.abs() > 5.0 && range > 24.0 && worst < 0.05 * range + 12.0).then(|| {
        let message = format!("{} drifts: {ppm:+.0} ppm against the mix", of.called());
        (points.len(), message, format!("{ppm:+.0} ppm"))
    })
}
