//! What a meter notices beside its figures.

use crate::finding::{Code, Severity};

/// Every code of the meters.
pub const CODES: &[&Code] = &[
    &NOT_SAMPLES,
    &RANGE_NOT_STABLE,
    &TOO_SHORT,
    &NOTHING_ABOVE_GATE,
    &NO_POSITIONS,
    &RATE_OUTSIDE_STANDARD,
    &RATE_TOO_LOW,
    &MONO,
    &OVERS_NOT_LISTED,
    &CUT_FRAME,
];

pub(super) static NOT_SAMPLES: Code = Code {
    id: "MTR001",
    severity: Severity::Error,
    title: "samples that are no numbers",
    explanation: "The file has floating-point samples that are not a number, infinite, or more than 192 dB \
        over full scale. They are measured as silence, so every other figure stays meaningful, but a player \
        may mute, click or damage loudspeakers at this place. Render the file again from its source.",
};

pub(super) static RANGE_NOT_STABLE: Code = Code {
    id: "MTR002",
    severity: Severity::Info,
    title: "loudness range not stable",
    explanation: "EBU Tech 3342 says that the loudness range of less than 60 s of programme is not stable: \
        a few more seconds can move it by several LU. Do not judge a short item by it.",
};

pub(super) static TOO_SHORT: Code = Code {
    id: "MTR003",
    severity: Severity::Info,
    title: "too short for loudness",
    explanation: "Loudness is measured in whole windows of 400 ms (integrated, momentary) and 3 s (short-term, \
        loudness range). The sound is shorter than a window, so the figure does not exist; peaks are still \
        measured. Put the sound in its programme and measure that.",
};

pub(super) static NOTHING_ABOVE_GATE: Code = Code {
    id: "MTR004",
    severity: Severity::Info,
    title: "nothing above the absolute gate",
    explanation: "No 400 ms are louder than -70 LUFS, so there is no integrated loudness. For a stem that is \
        silent in this reel this is right; for a mix it means that the file is empty or far too quiet.",
};

pub(super) static NO_POSITIONS: Code = Code {
    id: "MTR005",
    severity: Severity::Warning,
    title: "channels without positions",
    explanation: "The file does not say at which loudspeakers its channels are heard. Each was given the weight \
        1, so surrounds count 1.5 dB too little and low-frequency effects, which count nothing by \
        BS.1770, are included. State the layout to get standard figures.",
};

pub(super) static RATE_OUTSIDE_STANDARD: Code = Code {
    id: "MTR006",
    severity: Severity::Info,
    title: "unusual sample rate",
    explanation: "The K weighting is worked out for any sample rate from its analogue prototype and agrees with \
        the standard's table at 48 kHz; outside 32 to 192 kHz no known meter can be compared with it.",
};

pub(super) static RATE_TOO_LOW: Code = Code {
    id: "MTR007",
    severity: Severity::Warning,
    title: "sample rate too low for loudness",
    explanation: "Below 8 kHz there is no room for the K weighting under half the sample rate, so no loudness is \
        measured; peaks are. Resample the sound to 48 kHz.",
};

pub(super) static MONO: Code = Code {
    id: "MTR008",
    severity: Severity::Info,
    title: "mono measured as one loudspeaker",
    explanation: "A file of one channel was measured as one loudspeaker (a dialogue stem on the centre). Heard \
        from two loudspeakers it is 3.01 LU louder: measure it as dual mono if that is how it will be used.",
};

pub(super) static OVERS_NOT_LISTED: Code = Code {
    id: "MTR009",
    severity: Severity::Warning,
    title: "more overs than are listed",
    explanation: "A channel is over the limit at more than 10,000 places. The first 10,000 are listed, the number \
        is right, and the true peak is of the whole file. Lower the level of the file, or raise the limit.",
};

pub(super) static CUT_FRAME: Code = Code {
    id: "MTR010",
    severity: Severity::Warning,
    title: "sound ends inside a frame",
    explanation: "The data ends after some of the channels of its last sample frame; these samples are not \
        measured. The file was cut off while it was written or copied: get it again.",
};
