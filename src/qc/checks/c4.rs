//! C4: direct current.

use crate::qc::check::{Check, Looked, View, dbfs, faults};

faults! {
    DC = "QCC401", Warning, "direct current",
        "The sound stands off zero: a faulty converter or an asymmetric plug-in. It costs headroom and clicks at \
         every edit. A high-pass at 10 to 20 Hz takes it away.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "C4",
    family: "corruption",
    title: "direct current",
    explanation: "The mean over 10 s, at every second, or over the whole of shorter files.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let limit = view.limits.value("C4", "level");
    let level = crate::audio::Decibels::new(limit).gain().linear();
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        let spans = |seconds: f64| {
            ((seconds * f64::from(sound.rate.hertz())) as u64 / scan.span.max(1)).max(1) as usize
        };
        let window = spans(view.limits.value("C4", "window"));
        for (i, channel) in scan.channels.iter().enumerate() {
            let mut worst: Option<(usize, usize, f64)> = None;
            let len = window.min(channel.means.len()).max(1);
            let mut at = 0;
            while at + len <= channel.means.len() {
                let part = channel.means.get(at..at + len).unwrap_or_default();
                let mean = part.iter().map(|&v| f64::from(v)).sum::<f64>() / len as f64;
                if mean.abs() > level {
                    let (first, _, most) = worst.unwrap_or((at, 0, 0.0));
                    worst = Some((
                        first,
                        at + len,
                        if mean.abs() > most.abs() { mean } else { most },
                    ));
                }
                at += spans(1.0);
            }
            if let Some((first, end, mean)) = worst {
                // Windows reach beyond what is off: begin where the sound itself is.
                let part = channel.means.get(first..end).unwrap_or_default();
                let off = |v: &f32| f64::from(*v) * mean.signum() > 0.5 * mean.abs();
                let head = part.iter().position(off).unwrap_or_default();
                let tail = part.iter().rev().position(off).unwrap_or_default();
                let (start, stop) = (
                    (first + head) as u64 * scan.span,
                    (end - tail) as u64 * scan.span,
                );
                let is = dbfs(mean.abs());
                let fault = view.fault(DC, sound, Some(i), format!("the mean over 10 s is {is}"));
                let fault = fault.over(
                    view,
                    sound,
                    start,
                    stop.min(scan.length).saturating_sub(start),
                );
                looked
                    .faults
                    .push(fault.value(is, format!("under {limit} dBFS")));
            }
        }
    }
    looked.or_nothing("no file can be read")
}
