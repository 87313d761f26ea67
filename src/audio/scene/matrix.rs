//! Blocks of `typeDefinition` Matrix (BS.2076-2 §5.4.3.2).

use super::block::BlockSpan;
use super::position::Degrees;
use crate::audio::Gain;
use crate::time::Rational;

/// How one output channel of a matrix is made.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixBlock {
    /// When; absent for the whole time of the object.
    pub span: Option<BlockSpan>,
    /// Id of the audioChannelFormat that the output is rendered as, where it is stated.
    pub output: Option<String>,
    /// What is summed.
    pub coefficients: Vec<MatrixCoefficient>,
}

/// One input of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixCoefficient {
    /// Id of the input's audioChannelFormat.
    pub input: String,
    /// Constant gain; unity where absent.
    pub gain: Option<Gain>,
    /// Constant phase shift; a renderer that cannot do it says so.
    pub phase: Option<Degrees>,
    /// Constant delay in seconds.
    pub delay: Option<Rational>,
}
