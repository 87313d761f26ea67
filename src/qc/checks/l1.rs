//! L1: integrated loudness, range and maxima.

use crate::audio::{DbTp, LoudnessUnits, Lufs};
use crate::bwf::Hundredths;
use crate::meter::{Levels, Measurement, Stretch};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Sound;
use crate::spec::{Gate, LoudnessLimit};

faults! {
    LOUDNESS = "QCL101", Error, "loudness off target",
        "The integrated loudness is further from the target than the client's quality control lets pass. Trim the \
         whole mix by the difference if its balance is right; loudness follows the gain to the tenth.";
    NEAR = "QCL102", Warning, "loudness at the edge of the tolerance",
        "The loudness is outside of what the client's words allow and inside of what its quality control lets pass.";
    RANGE = "QCL103", Error, "loudness range off limits",
        "The loudness range is larger or smaller than the client takes: scenes lie too far apart, or everything is \
         equally loud.";
    SHORT_TERM = "QCL104", Error, "short-term loudness too high",
        "The loudest 3 s are above the client's limit.";
    MOMENTARY = "QCL105", Error, "momentary loudness too high",
        "The loudest 400 ms are above the client's limit.";
    STATED = "QCL106", Warning, "stated loudness is not that of the sound",
        "The bext chunk states a loudness, range or true peak that the sound does not have: it was changed after it \
         was measured. Measure again and write the chunk anew.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "L1",
    family: "loudness",
    title: "integrated loudness, range and maxima",
    explanation: "ITU-R BS.1770 over the whole file, against each target of the spec that holds for it; of several \
                  targets one that is met is enough. The values of the bext chunk against the measured ones.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for sound in &view.facts.sounds {
        let Some(measured) = &sound.measured else {
            continue;
        };
        let levels = Levels::new(measured);
        stated(view, sound, &levels, &mut looked);
        let Some(code) = sound.code.as_ref().and_then(|code| code.parse().ok()) else {
            continue;
        };
        let limits = view.limits.spec().loudness_of(&code);
        let programme: Vec<&LoudnessLimit> = limits
            .iter()
            .copied()
            .filter(|l| l.gate == Gate::Programme)
            .collect();
        if let Some(limit) = programme.first() {
            looked.sound(view, sound);
            target(
                view,
                sound,
                &levels,
                limit,
                limits.len() > programme.len(),
                &mut looked,
            );
            maxima(view, sound, &levels, limit, &mut looked);
        }
        if let Some(range) = view.limits.spec().range_of(&code)
            && let Some(is) = levels.loudness_range_lu
        {
            looked.sound(view, sound);
            let low = range.min.filter(|min| is.value() < min.value());
            let high = range.max.filter(|max| is.value() > max.value());
            if let Some(limit) = low.or(high).filter(|_| measured.is_range_stable()) {
                let fault = view.fault(RANGE, sound, None, format!("the loudness range is {is}"));
                looked
                    .faults
                    .push(fault.value(is.to_string(), limit.to_string()));
            }
        }
    }
    looked.or_nothing("the spec has no target for these files, and none is stated in them")
}

fn target(
    view: &View<'_>,
    sound: &Sound,
    levels: &Levels,
    limit: &LoudnessLimit,
    second: bool,
    looked: &mut Looked,
) {
    let Some(is) = levels.integrated_lufs else {
        return;
    };
    let off = is.value() - limit.target.value();
    let wanted = format!("{} ±{}", limit.target, limit.tolerance);
    looked.reading(
        view.facts.name_of(sound),
        is.to_string(),
        Some(wanted.clone()),
    );
    let rounded = (off.abs() * 10.0).round() / 10.0;
    let low_enough = limit
        .lowest
        .is_some_and(|lowest| off < 0.0 && is.value() >= lowest.value());
    // Where dialogue is the first target, this one alone decides nothing.
    if rounded <= limit.tolerance.value() || low_enough || second {
        return;
    }
    let code = if rounded > limit.qc_tolerance.value() {
        LOUDNESS
    } else {
        NEAR
    };
    let message = format!("{is} is {off:+.1} LU from the target");
    looked.faults.push(
        view.fault(code, sound, None, message)
            .value(is.to_string(), wanted),
    );
}

fn maxima(
    view: &View<'_>,
    sound: &Sound,
    levels: &Levels,
    limit: &LoudnessLimit,
    looked: &mut Looked,
) {
    let both = [
        (
            SHORT_TERM,
            levels.max_short_term_lufs,
            limit.max_short_term,
            "short-term",
        ),
        (
            MOMENTARY,
            levels.max_momentary_lufs,
            limit.max_momentary,
            "momentary",
        ),
    ];
    for (code, is, limit, name) in both {
        if let Some((is, limit)) = is.zip(limit)
            && is.value() > limit.value() + 0.05
        {
            let message = format!("the {name} loudness reaches {is}");
            looked.faults.push(
                view.fault(code, sound, None, message)
                    .value(is.to_string(), limit.to_string()),
            );
        }
    }
}

/// The programme of a file that has a leader or a tail.
fn programme<'a>(view: &View<'_>, sound: &Sound, measured: &'a Measurement) -> Option<Stretch<'a>> {
    let listed = view.facts.listed(sound).map(|file| (file.head, file.tail));
    let (head, tail) = listed.unwrap_or_else(|| view.limits.padding(view.facts));
    let end = measured.length.saturating_sub(tail);
    (head > 0 || tail > 0).then(|| measured.energies.between(head, end))
}

/// What the bext chunk says against what was measured.
/// The level of the loudest sync pop of a file, in dBFS.
fn pop(sound: &Sound) -> Option<f64> {
    let channels = sound.scan.iter().flat_map(|scan| &scan.channels);
    let pops = channels
        .flat_map(|channel| &channel.bursts)
        .filter(|burst| burst.is_pop(sound.rate));
    let loudest = pops.map(|pop| pop.amplitude).fold(0.0, f64::max);
    (loudest > 0.0).then(|| 20.0 * libm::log10(loudest))
}

fn stated(view: &View<'_>, sound: &Sound, levels: &Levels, looked: &mut Looked) {
    let Some(bext) = view
        .facts
        .file_of(sound, 0)
        .and_then(|f| f.header())
        .and_then(|w| w.bext.as_ref())
    else {
        return;
    };
    let one_file = view.facts.names_of(sound).len() == 1;
    let inside = sound
        .measured
        .as_ref()
        .and_then(|measured| programme(view, sound, measured));
    let of = |value: Option<Hundredths>| value.map(|v| f64::from(v.get()) / 100.0);
    let pairs = [
        (
            "loudness",
            of(bext.loudness_value),
            levels.integrated_lufs.map(Lufs::value),
            0.15,
            "LUFS",
        ),
        (
            "loudness range",
            of(bext.loudness_range),
            levels.loudness_range_lu.map(LoudnessUnits::value),
            0.5,
            "LU",
        ),
        (
            "true peak",
            of(bext.max_true_peak),
            levels.true_peak_dbtp.map(DbTp::value),
            0.4,
            "dBTP",
        ),
    ];
    for (name, says, is, tolerance, unit) in pairs.into_iter().filter(|_| one_file) {
        let Some((says, is)) = says.zip(is) else {
            continue;
        };
        looked.sound(view, sound);
        // Leader and pop are no part of the programme: who states the programme alone is right as well.
        let alone = inside.as_ref().and_then(|inside| match name {
            "loudness" => inside.integrated().map(Lufs::value),
            "loudness range" => inside.loudness_range().map(|range| range.lu.value()),
            _ => None,
        });
        // Where the programme is softer than its pop, the file's true peak is the pop's.
        let alone = alone.or_else(|| {
            let pop = pop(sound).filter(|_| name == "true peak")?;
            (says < pop && (is - pop).abs() <= tolerance).then_some(says)
        });
        let right = |is: f64| (says - is).abs() <= tolerance;
        if !right(is) && !alone.is_some_and(right) {
            let (says, is) = (format!("{says:.2} {unit}"), format!("{is:.2} {unit}"));
            let message = format!("the bext chunk states a {name} of {says}, measured is {is}");
            looked
                .faults
                .push(view.fault(STATED, sound, None, message).value(is, says));
        }
    }
}
