//! The channels of the common definitions (ITU-R BS.2094-1).

/// Number of `AC_0001xxxx`, name, label behind [`LABEL`], azimuth and elevation in degrees.
pub(super) type Speaker = (u16, &'static str, &'static str, f64, f64);

/// What every label of the table begins with (ITU-R BS.2051).
pub(super) const LABEL: &str = "urn:itu:bs:2051:0:speaker:";

/// Channels for loudspeakers, all at distance 1.
pub(super) const SPEAKERS: &[Speaker] = &[
    (0x01, "FrontLeft", "M+030", 30.0, 0.0),
    (0x02, "FrontRight", "M-030", -30.0, 0.0),
    (0x03, "FrontCentre", "M+000", 0.0, 0.0),
    (0x04, "LowFrequencyEffects", "LFE", 0.0, -30.0),
    (0x05, "SurroundLeft", "M+110", 110.0, 0.0),
    (0x06, "SurroundRight", "M-110", -110.0, 0.0),
    (0x07, "FrontLeftOfCentre", "M+022", 22.5, 0.0),
    (0x08, "FrontRightOfCentre", "M-022", -22.5, 0.0),
    (0x09, "BackCentre", "M+180", 180.0, 0.0),
    (0x0a, "SideLeft", "M+090", 90.0, 0.0),
    (0x0b, "SideRight", "M-090", -90.0, 0.0),
    (0x0c, "TopCentre", "T+000", 0.0, 90.0),
    (0x0d, "TopFrontLeft", "U+030", 30.0, 30.0),
    (0x0e, "TopFrontCentre", "U+000", 0.0, 30.0),
    (0x0f, "TopFrontRight", "U-030", -30.0, 30.0),
    (0x10, "TopSurroundLeft", "U+110", 110.0, 30.0),
    (0x11, "TopBackCentre", "U+180", 180.0, 30.0),
    (0x12, "TopSurroundRight", "U-110", -110.0, 30.0),
    (0x13, "TopSideLeft", "U+090", 90.0, 30.0),
    (0x14, "TopSideRight", "U-090", -90.0, 30.0),
    (0x15, "BottomFrontCentre", "B+000", 0.0, -30.0),
    (0x16, "BottomFrontLeftMid", "B+045", 45.0, -30.0),
    (0x17, "BottomFrontRightMid", "B-045", -45.0, -30.0),
    (0x18, "FrontLeftWide", "M+060", 60.0, 0.0),
    (0x19, "FrontRightWide", "M-060", -60.0, 0.0),
    (0x1a, "BackLeftMidDiffuse", "M+135_Diff", 135.0, 0.0),
    (0x1b, "BackRightMidDiffuse", "M-135_Diff", -135.0, 0.0),
    (0x1c, "BackLeftMid", "M+135", 135.0, 0.0),
    (0x1d, "BackRightMid", "M-135", -135.0, 0.0),
    (0x1e, "TopBackLeftMid", "U+135", 135.0, 30.0),
    (0x1f, "TopBackRightMid", "U-135", -135.0, 30.0),
    (0x20, "LowFrequencyEffectsL", "LFEL", 45.0, -30.0),
    (0x21, "LowFrequencyEffectsR", "LFER", -45.0, -30.0),
    (0x22, "TopFrontLeftMid", "U+045", 45.0, 30.0),
    (0x23, "TopFrontRightMid", "U-045", -45.0, 30.0),
    (0x24, "FrontLeftScreen", "M+SC", 25.0, 0.0),
    (0x25, "FrontRightScreen", "M-SC", -25.0, 0.0),
    (0x26, "FrontLeftMid", "M+045", 45.0, 0.0),
    (0x27, "FrontRightMid", "M-045", -45.0, 0.0),
    (0x28, "UpperTopBackCentre", "UH+180", 180.0, 45.0),
];

/// Furse-Malham components: number of `AC_000402xx`, name, order and degree.
pub(super) const FUMA: &[(u8, &str, u32, i32)] = &[
    (0x01, "FuMa_W", 0, 0),
    (0x02, "FuMa_Y", 1, -1),
    (0x03, "FuMa_Z", 1, 0),
    (0x04, "FuMa_X", 1, 1),
    (0x05, "FuMa_V", 2, -2),
    (0x06, "FuMa_T", 2, -1),
    (0x07, "FuMa_R", 2, 0),
    (0x08, "FuMa_S", 2, 1),
    (0x09, "FuMa_U", 2, 2),
    (0x0a, "FuMa_Q", 3, -3),
    (0x0b, "FuMa_O", 3, -2),
    (0x0c, "FuMa_M", 3, -1),
    (0x0d, "FuMa_K", 3, 0),
    (0x0e, "FuMa_L", 3, 1),
    (0x0f, "FuMa_N", 3, 2),
    (0x10, "FuMa_P", 3, 3),
];
