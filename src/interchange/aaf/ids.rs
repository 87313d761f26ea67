//! Identifiers of definitions that mean something to sound, as real files use them.
//!
//! Source: AAF Object Specification 1.1.1 and Edit Protocol, and the definitions that Media Composer
//! writes into its files.

use super::objects::Auid;

const fn id(number: u128) -> Auid {
    Auid(number)
}

/// Data definitions: sound, and its form before the SMPTE registers (Pro Tools still writes it).
pub(super) const SOUND: [Auid; 2] = [
    id(0x0103_0202_0200_0000_060e_2b34_0401_0101),
    id(0x78e1_ebe1_6cef_11d2_807d_0060_0814_3e6f),
];
/// Data definitions: picture.
pub(super) const PICTURE: [Auid; 2] = [
    id(0x0103_0202_0100_0000_060e_2b34_0401_0101),
    id(0x6f3c_8ce1_6cef_11d2_807d_0060_0814_3e6f),
];

/// Gain of one channel, and of a pair.
pub(super) const GAIN: [Auid; 2] = [
    id(0x9d2e_a894_0968_11d3_8a38_0050_040e_f7d2),
    id(0x9d2e_a895_0968_11d3_8a38_0050_040e_f7d2),
];
/// Pan.
pub(super) const PAN: Auid = id(0x9d2e_a893_0968_11d3_8a38_0050_040e_f7d2);
/// Dissolve of one channel, and of a pair.
pub(super) const DISSOLVE: [Auid; 2] = [
    id(0x0c3b_ea41_fc05_11d2_8a29_0050_040e_f7d2),
    id(0x0c3b_ea42_fc05_11d2_8a29_0050_040e_f7d2),
];
/// Dissolve with a curve for either side.
pub(super) const TWO_CURVE_DISSOLVE: Auid = id(0x2311_bd90_b5da_4285_aa3a_8552_8487_79b3);
/// Several inputs summed into one.
pub(super) const MIXDOWN: Auid = id(0x8d89_6ad0_2261_11d3_8a4c_0050_040e_f7d2);
/// The channels of a stereo or surround clip, one input each (Media Composer, and the others after it).
pub(super) const COMBINER: Auid = id(0x6b46_dd7a_132d_4856_ab21_8b75_1d84_62ec);
/// A clip of another frame rate than the sequence's (Media Composer).
pub(super) const AUDIO_WARP: Auid = id(0xf1db_0f27_8d64_11d3_80df_0060_0814_3e6f);

/// Parameter: level of the incoming side of a dissolve, 0 to 1.
pub(super) const LEVEL: Auid = id(0xe496_2320_2267_11d3_8a4c_0050_040e_f7d2);
/// Parameter: linear gain.
pub(super) const AMPLITUDE: Auid = id(0xe496_2321_2267_11d3_8a4c_0050_040e_f7d2);
/// Parameter: 0 left, 1/2 middle, 1 right.
pub(super) const PAN_POSITION: Auid = id(0xe496_2322_2267_11d3_8a4c_0050_040e_f7d2);
/// Parameter: gain of the side that goes.
pub(super) const OUTGOING_LEVEL: Auid = id(0x9e61_0007_1be2_41e1_bb11_c95d_e996_4d03);
/// Parameter: gain of the side that comes.
pub(super) const INCOMING_LEVEL: Auid = id(0x48ce_a642_a8f9_455b_82b3_86c8_14b7_97c7);
/// Parameter: clip gain over time, linear (Media Composer).
pub(super) const CLIP_RATIO: Auid = id(0x47c0_0f7d_fb55_11d3_9ff7_0004_ac96_9f50);
/// Parameter: 0 linear, 1 equal power (Media Composer).
pub(super) const CURVE_TYPE: Auid = id(0x8134_fc48_3bd6_4904_9520_7a63_60cc_7127);
/// Parameter: speed of a time warp.
pub(super) const SPEED_RATIO: Auid = id(0x7255_9a80_24d7_11d3_8a50_0050_040e_f7d2);

/// Interpolation: stays until the next point.
pub(super) const CONSTANT: Auid = id(0x5b6c_85a5_0ede_11d3_80a9_0060_0814_3e6f);
/// Interpolation: straight.
pub(super) const LINEAR: Auid = id(0x5b6c_85a4_0ede_11d3_80a9_0060_0814_3e6f);
/// Interpolation: none; read as [`CONSTANT`].
pub(super) const NONE: Auid = id(0x5b6c_85a3_0ede_11d3_80a9_0060_0814_3e6f);
/// Interpolation: uniform cubic B-spline.
pub(super) const B_SPLINE: Auid = id(0x5b6c_85a6_0ede_11d3_80a9_0060_0814_3e6f);
/// Interpolation: logarithmic.
pub(super) const LOG: Auid = id(0x1582_9ec3_1f24_458a_960d_c65b_b23c_2aa1);
/// Interpolation: power.
pub(super) const POWER: Auid = id(0xc091_53f7_bd18_4e5a_ad09_cbdd_654f_a001);
/// Interpolation: Bézier with tangents at each point (Media Composer).
pub(super) const BEZIER: Auid = id(0xdf39_4eda_6ac6_4566_8dbe_f28b_0bdd_781a);
/// Interpolation: cubic with tangents from the neighbours (Media Composer's "spline").
pub(super) const CUBIC: Auid = id(0xa04a_5439_8a0e_4cb7_975f_a5b2_5586_6883);

/// Usage of a composition: what was exported.
pub(super) const TOP_LEVEL: Auid = usage(0x0700);
/// Usage of a composition: a sub-clip.
pub(super) const SUB_CLIP: Auid = usage(0x0500);
/// Usage of a composition: a clip with gain of its own.
pub(super) const ADJUSTED_CLIP: Auid = usage(0x0600);

const fn usage(number: u128) -> Auid {
    Auid(0x0d01_0102_0101_0000_060e_2b34_0401_0101 | number << 64)
}

/// Definitions that XML names by symbol, also where the document does not define them itself.
pub(super) const SYMBOLS: &[(&str, Auid)] = &[
    ("DataDef_Sound", SOUND[0]),
    ("DataDef_LegacySound", SOUND[1]),
    ("DataDef_Picture", PICTURE[0]),
    ("DataDef_LegacyPicture", PICTURE[1]),
    ("OperationDef_MonoAudioGain", GAIN[0]),
    ("OperationDef_StereoAudioGain", GAIN[1]),
    ("OperationDef_MonoAudioPan", PAN),
    ("OperationDef_MonoAudioDissolve", DISSOLVE[0]),
    ("OperationDef_StereoAudioDissolve", DISSOLVE[1]),
    (
        "OperationDef_TwoParameterMonoAudioDissolve",
        TWO_CURVE_DISSOLVE,
    ),
    ("OperationDef_MonoAudioMixdown", MIXDOWN),
    ("ParameterDef_Level", LEVEL),
    ("ParameterDef_Amplitude", AMPLITUDE),
    ("ParameterDef_Pan", PAN_POSITION),
    ("ParameterDef_OutgoingLevel", OUTGOING_LEVEL),
    ("ParameterDef_IncomingLevel", INCOMING_LEVEL),
    ("ParameterDef_SpeedRatio", SPEED_RATIO),
    ("InterpolationDef_None", NONE),
    ("InterpolationDef_Linear", LINEAR),
    ("InterpolationDef_Constant", CONSTANT),
    ("InterpolationDef_BSpline", B_SPLINE),
    ("InterpolationDef_Log", LOG),
    ("InterpolationDef_Power", POWER),
    ("Usage_TopLevel", TOP_LEVEL),
    ("Usage_SubClip", SUB_CLIP),
    ("Usage_AdjustedClip", ADJUSTED_CLIP),
];

/// Enumerations that XML writes by symbol, with their numbers.
pub(super) const ENUMERATIONS: &[(&str, i64)] = &[
    ("true", 1),
    ("True", 1),
    ("false", 0),
    ("False", 0),
    ("FadeNone", 0),
    ("FadeLinearAmp", 1),
    ("FadeLinearPower", 2),
    ("TwoThreePD", 0),
    ("PALPD", 1),
    ("OneToOneNTSC", 2),
    ("OneToOnePAL", 3),
    ("VideoTapNTSC", 4),
    ("OneToOneHDSixty", 5),
    ("TwentyFourToSixtyPD", 6),
    ("TwoToOnePD", 7),
    ("TapeToFilmSpeed", 0),
    ("FilmToTapeSpeed", 1),
];

/// Types of values that carry their own type, by identifier and by name in XML.
pub(super) mod types {
    use super::{Auid, id};

    /// Unsigned and signed integers of 1, 2, 4 and 8 bytes: name, identifier, whether signed.
    pub(in super::super) const INTEGERS: [(&str, Auid, bool); 8] = [
        ("UInt8", integer(1), false),
        ("UInt16", integer(2), false),
        ("UInt32", integer(3), false),
        ("UInt64", integer(4), false),
        ("Int8", integer(5), true),
        ("Int16", integer(6), true),
        ("Int32", integer(7), true),
        ("Int64", integer(8), true),
    ];
    /// Boolean.
    pub(in super::super) const BOOLEAN: Auid = id(0x0104_0100_0000_0000_060e_2b34_0104_0101);
    /// Fraction of two 32-bit integers.
    pub(in super::super) const RATIONAL: Auid = id(0x0301_0100_0000_0000_060e_2b34_0104_0101);
    /// Text.
    pub(in super::super) const TEXT: Auid = id(0x0110_0200_0000_0000_060e_2b34_0104_0101);

    const fn integer(number: u128) -> Auid {
        Auid(0x0101_0000_0000_0000_060e_2b34_0104_0101 | number << 104)
    }
}

/// Whether a data definition is sound.
pub(super) fn is_sound(definition: Option<Auid>) -> bool {
    definition.is_some_and(|id| SOUND.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_of_identifiers() {
        assert_eq!(
            TOP_LEVEL.to_string(),
            "0d010102-0101-0700-060e-2b3404010101"
        );
        assert_eq!(
            types::INTEGERS[6].1.to_string(),
            "01010700-0000-0000-060e-2b3401040101"
        );
        assert!(is_sound(Some(SOUND[1])) && !is_sound(Some(PICTURE[0])) && !is_sound(None));
    }
}
