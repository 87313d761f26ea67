//! Blocks of HOA components and matrices.

use std::io::BufRead;

use super::super::format::normalization;
use super::super::value::{attribute, float, in_decibels, value};
use super::super::{Broken, Parser, Step, value};
use crate::audio::Gain;
use crate::audio::scene::{
    BlockSpan, Coordinate, Degrees, HoaChannel, MatrixBlock, MatrixCoefficient,
};
use crate::bwf::adm::blocks::HoaBlock;
use crate::bwf::adm::codes::VALUE;
use crate::bwf::adm::id::AdmId;
use crate::time::Rational;

/// Highest order that is read; rendering ends far below.
const MAX_ORDER: u32 = 50;

/// Most terms of one output of a matrix.
const MAX_TERMS: usize = 1024;

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn hoa_block(&mut self, span: Option<BlockSpan>) -> Result<HoaBlock, Broken> {
        let mut block = HoaBlock {
            span,
            ..HoaBlock::default()
        };
        let mut order: Option<u32> = None;
        let mut degree: Option<i32> = None;
        let mut loud = Gain::UNITY;
        while self.xml.next()? == Step::Open {
            let at = self.xml.tag.offset;
            match self.xml.tag.name() {
                "order" => {
                    let read = |text: &str| text.parse().ok().filter(|n| *n <= MAX_ORDER);
                    order = value(self.notes, at, "order", self.xml.text()?, read);
                }
                "degree" => {
                    let read = |text: &str| text.parse().ok();
                    degree = value(self.notes, at, "degree", self.xml.text()?, read);
                }
                "normalization" => {
                    let text = self.xml.text()?;
                    block.normalization =
                        value(self.notes, at, "normalization", text, normalization);
                }
                "nfcRefDist" => {
                    let number = value(self.notes, at, "nfcRefDist", self.xml.text()?, float);
                    block.nfc_distance = number.map(Coordinate::new);
                }
                "screenRef" => block.screen_ref = self.text_flag("screenRef")?,
                "gain" => loud = self.block_gain()?.unwrap_or(loud),
                "equation" => {
                    block.equation = true;
                    self.xml.skip()?;
                }
                "importance" | "headLocked" | "headphoneVirtualise" => self.xml.skip()?,
                _ => self.unknown("audioBlockFormat")?,
            }
        }
        if let (Some(order), Some(degree)) = (order, degree)
            && degree.unsigned_abs() <= order
        {
            block.channel = Some(HoaChannel {
                order,
                degree,
                gain: loud,
            });
        }
        Ok(block)
    }

    pub(super) fn matrix_block(&mut self, span: Option<BlockSpan>) -> Result<MatrixBlock, Broken> {
        let mut block = MatrixBlock {
            span,
            output: None,
            coefficients: Vec::new(),
        };
        let mut variable = false;
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                // Files of the first version write `outputChannelIDRef`.
                "outputChannelFormatIDRef" | "outputChannelIDRef" => {
                    let id = AdmId::new(self.xml.text()?);
                    block.output = Some(id.to_string());
                }
                "matrix" => {
                    while self.xml.next()? == Step::Open {
                        if self.xml.tag.name() == "coefficient" {
                            variable |= self.coefficient(&mut block.coefficients)?;
                        } else {
                            self.unknown("matrix")?;
                        }
                    }
                }
                _ => self.unknown("audioBlockFormat")?,
            }
        }
        if variable {
            // Without its terms the matrix is refused where it is used.
            block.coefficients.clear();
        }
        Ok(block)
    }

    /// One `coefficient`, and whether it has variables: only constants can be computed.
    fn coefficient(&mut self, to: &mut Vec<MatrixCoefficient>) -> Result<bool, Broken> {
        let tag = &self.xml.tag;
        let offset = tag.offset;
        let variables = ["gainVar", "phaseVar", "delayVar"];
        let variable = variables.iter().any(|name| tag.attribute(name).is_some());
        if variable {
            let message = || "a coefficient of a matrix has variables".to_owned();
            self.notes.at(VALUE, offset, "variable", message);
        }
        let decibels = in_decibels(tag);
        let gain_text = tag.attribute("gain").map(str::to_owned);
        let phase = attribute(self.notes, tag, "phase", float).map(Degrees::new);
        let delay = attribute(self.notes, tag, "delay", milliseconds);
        let gain = gain_text.and_then(|text| value::gain(self.notes, offset, &text, decibels));
        let input = AdmId::new(self.xml.text()?);
        if to.len() < MAX_TERMS && !input.is_empty() {
            to.push(MatrixCoefficient {
                input: input.to_string(),
                gain,
                phase,
                delay,
            });
        }
        Ok(variable)
    }
}

/// A delay in milliseconds (BS.2076-2 §5.4.3.2) as seconds, exact to a millionth of one.
fn milliseconds(text: &str) -> Option<Rational> {
    let number = float(text)?;
    let nanoseconds = (number * 1e6).round();
    let fits = (0.0..=1e13).contains(&nanoseconds);
    fits.then(|| Rational::new(nanoseconds as i64, 1_000_000_000))
        .flatten()
}
