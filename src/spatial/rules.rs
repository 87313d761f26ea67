//! Which loudspeakers take the channels of the packs of BS.2094 (BS.2127-0 §8.2, table 9).
//!
//! Each row holds for its mirror image as well: `+` and `-` change places in every label.

/// One rule: the channel, what takes it where all of them exist, with which power, and for which
/// packs.
pub(super) struct Rule {
    /// Label of the channel.
    pub(super) label: &'static str,
    /// Loudspeakers and powers; the gain is the root.
    pub(super) targets: &'static [(&'static str, Power)],
    /// Only for packs of these layouts; for all where empty.
    pub(super) inputs: &'static [&'static str],
    /// Only on these layouts; on all where empty.
    pub(super) outputs: &'static [&'static str],
}

/// A power as a fraction.
pub(super) type Power = (u8, u8);

const ALL: Power = (1, 1);
const HALF: Power = (1, 2);
const THIRD: Power = (1, 3);
const TWO_THIRDS: Power = (2, 3);
const QUARTER: Power = (1, 4);

/// 22.2 of BS.2051.
const NHK: &[&str] = &["9+10+3"];
/// The layouts with two LFE channels.
const TWO_LFE: &[&str] = &["9+10+3", "3+7+0"];

const fn rule(label: &'static str, targets: &'static [(&'static str, Power)]) -> Rule {
    Rule {
        label,
        targets,
        inputs: &[],
        outputs: &[],
    }
}

const fn rule_for(
    inputs: &'static [&'static str],
    label: &'static str,
    targets: &'static [(&'static str, Power)],
) -> Rule {
    Rule {
        label,
        targets,
        inputs,
        outputs: &[],
    }
}

/// The rules in the order in which they are tried.
pub(super) const RULES: &[Rule] = &[
    rule("M+000", &[("M+000", ALL)]),
    rule("M+000", &[("M+030", HALF), ("M-030", HALF)]),
    rule("M+060", &[("M+060", ALL)]),
    rule("M+060", &[("M+030", TWO_THIRDS), ("M+110", THIRD)]),
    rule("M+060", &[("M+030", HALF), ("M+090", HALF)]),
    rule("M+060", &[("M+030", ALL)]),
    rule("M+090", &[("M+090", ALL)]),
    rule_for(NHK, "M+090", &[("M+030", THIRD), ("M+110", TWO_THIRDS)]),
    rule("M+090", &[("M+030", HALF), ("M+110", HALF)]),
    rule("M+090", &[("M+030", HALF)]),
    rule("M+110", &[("M+110", ALL)]),
    rule("M+110", &[("M+135", ALL)]),
    rule("M+110", &[("M+030", HALF)]),
    rule("M+135", &[("M+135", ALL)]),
    rule("M+135", &[("M+110", ALL)]),
    rule("M+135", &[("M+030", HALF)]),
    rule("M+180", &[("M+180", ALL)]),
    rule("M+180", &[("M+135", HALF), ("M-135", HALF)]),
    rule("M+180", &[("M+110", HALF), ("M-110", HALF)]),
    rule("M+180", &[("M+030", QUARTER), ("M-030", QUARTER)]),
    rule("U+000", &[("U+000", ALL)]),
    rule("U+000", &[("U+030", HALF), ("U-030", HALF)]),
    rule("U+000", &[("U+045", HALF), ("U-045", HALF)]),
    rule("U+000", &[("M+000", ALL)]),
    rule("U+000", &[("M+030", HALF), ("M-030", HALF)]),
    rule("U+030", &[("U+030", ALL)]),
    rule("U+030", &[("U+045", ALL)]),
    rule("U+030", &[("M+030", ALL)]),
    rule("U+045", &[("U+045", ALL)]),
    rule("U+045", &[("U+030", ALL)]),
    rule("U+045", &[("M+030", ALL)]),
    rule("U+090", &[("U+090", ALL)]),
    rule_for(NHK, "U+090", &[("U+045", TWO_THIRDS), ("UH+180", THIRD)]),
    rule("U+090", &[("U+030", HALF), ("U+110", HALF)]),
    rule("U+090", &[("U+045", HALF), ("U+135", HALF)]),
    rule("U+090", &[("M+090", ALL)]),
    rule("U+090", &[("U+030", HALF), ("M+110", HALF)]),
    rule("U+090", &[("M+030", HALF), ("M+110", HALF)]),
    rule("U+090", &[("M+030", HALF)]),
    rule("U+110", &[("U+110", ALL)]),
    rule("U+110", &[("U+135", ALL)]),
    rule("U+110", &[("U+045", HALF), ("UH+180", HALF)]),
    rule("U+110", &[("M+110", ALL)]),
    rule("U+110", &[("M+135", ALL)]),
    rule("U+110", &[("M+030", HALF)]),
    rule("U+135", &[("U+135", ALL)]),
    rule("U+135", &[("U+110", ALL)]),
    rule_for(NHK, "U+135", &[("U+045", THIRD), ("UH+180", TWO_THIRDS)]),
    rule("U+135", &[("U+045", HALF), ("UH+180", HALF)]),
    rule("U+135", &[("M+135", ALL)]),
    rule("U+135", &[("M+110", ALL)]),
    rule("U+135", &[("M+030", HALF)]),
    rule("U+180", &[("U+180", ALL)]),
    rule("U+180", &[("UH+180", ALL)]),
    rule("U+180", &[("U+135", HALF), ("U-135", HALF)]),
    rule("U+180", &[("U+110", HALF), ("U-110", HALF)]),
    rule("U+180", &[("M+135", HALF), ("M-135", HALF)]),
    rule("U+180", &[("M+110", HALF), ("M-110", HALF)]),
    rule("U+180", &[("M+030", QUARTER), ("M-030", QUARTER)]),
    rule("UH+180", &[("UH+180", ALL)]),
    rule("UH+180", &[("U+180", ALL)]),
    rule("UH+180", &[("U+135", HALF), ("U-135", HALF)]),
    rule("UH+180", &[("U+110", HALF), ("U-110", HALF)]),
    rule("UH+180", &[("M+135", HALF), ("M-135", HALF)]),
    rule("UH+180", &[("M+110", HALF), ("M-110", HALF)]),
    rule("UH+180", &[("M+030", QUARTER), ("M-030", QUARTER)]),
    rule("T+000", &[("T+000", ALL)]),
    rule(
        "T+000",
        &[
            ("U+045", QUARTER),
            ("U-045", QUARTER),
            ("U+135", QUARTER),
            ("U-135", QUARTER),
        ],
    ),
    rule(
        "T+000",
        &[
            ("U+030", QUARTER),
            ("U-030", QUARTER),
            ("U+110", QUARTER),
            ("U-110", QUARTER),
        ],
    ),
    rule(
        "T+000",
        &[("U+045", THIRD), ("U-045", THIRD), ("UH+180", THIRD)],
    ),
    rule(
        "T+000",
        &[
            ("U+045", QUARTER),
            ("U-045", QUARTER),
            ("M+135", QUARTER),
            ("M-135", QUARTER),
        ],
    ),
    rule(
        "T+000",
        &[
            ("U+030", QUARTER),
            ("U-030", QUARTER),
            ("M+110", QUARTER),
            ("M-110", QUARTER),
        ],
    ),
    rule(
        "T+000",
        &[
            ("M+030", QUARTER),
            ("M-030", QUARTER),
            ("M+135", QUARTER),
            ("M-135", QUARTER),
        ],
    ),
    rule(
        "T+000",
        &[
            ("M+030", QUARTER),
            ("M-030", QUARTER),
            ("M+110", QUARTER),
            ("M-110", QUARTER),
        ],
    ),
    rule("T+000", &[("M+030", QUARTER), ("M-030", QUARTER)]),
    rule("B+000", &[("B+000", ALL)]),
    rule("B+000", &[("M+000", ALL)]),
    rule("B+000", &[("M+030", HALF), ("M-030", HALF)]),
    rule("B+045", &[("B+045", ALL)]),
    rule("B+045", &[("M+030", ALL)]),
    Rule {
        outputs: TWO_LFE,
        ..rule_for(TWO_LFE, "LFE1", &[("LFE1", ALL)])
    },
    Rule {
        outputs: TWO_LFE,
        ..rule_for(TWO_LFE, "LFE2", &[("LFE2", ALL)])
    },
    rule_for(TWO_LFE, "LFE1", &[("LFE1", HALF)]),
    rule_for(TWO_LFE, "LFE2", &[("LFE1", HALF)]),
    rule("LFE1", &[("LFE1", ALL)]),
];

/// The common packs that the rules hold for, with the layout that each is.
pub(super) const PACKS: [(&str, &str); 12] = [
    ("AP_00010001", "0+1+0"),
    ("AP_00010002", "0+2+0"),
    ("AP_0001000c", "0+5+0"),
    ("AP_00010003", "0+5+0"),
    ("AP_00010004", "2+5+0"),
    ("AP_00010005", "4+5+0"),
    ("AP_00010010", "4+5+1"),
    ("AP_00010007", "3+7+0"),
    ("AP_00010008", "4+9+0"),
    ("AP_00010009", "9+10+3"),
    ("AP_0001000f", "0+7+0"),
    ("AP_00010017", "4+7+0"),
];

/// The label on the other side; labels on the middle line are their own mirror images.
pub(super) fn mirrored(label: &str) -> String {
    if label.ends_with("000") || label.ends_with("180") {
        label.to_owned()
    } else if label.contains('+') {
        label.replace('+', "-")
    } else {
        label.replace('-', "+")
    }
}
