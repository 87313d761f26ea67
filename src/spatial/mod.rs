//! Scenes to loudspeakers: gains of beds, objects and sound fields on a layout, after ITU-R BS.2127.
//!
//! A [`Spatial`] knows one layout. A [`SceneTrack`] is one item of a scene on it: it shows, for any
//! stretch of samples, which gains hold ([`Piece`]). The diffuse path goes through a
//! [`Decorrelator`]. Nothing here touches sound except the decorrelator.
//!
//! **Invariant:** the gains of a sample follow from the item and the sample's number alone, to the
//! bit, whatever stretch is asked for and in whatever order.

mod bed;
mod convert;
mod decorrelate;
mod fourier;
mod hoa;
mod hull;
mod layout;
mod lock;
mod mersenne;
mod object;
mod point;
mod region;
mod room;
mod room_spread;
mod rules;
mod screen;
mod spread;
mod timing;
mod track;
mod vector;
mod zone;

#[cfg(test)]
mod tests;

pub use decorrelate::{Decorrelator, DiffuseWork};
pub use hoa::MAX_ORDER;
pub use layout::{MAX_SPEAKERS, UnsupportedLayout};
pub use track::{PathGains, Piece, SceneClock, SceneTrack, delay_samples};

use crate::audio::ChannelLayout;

/// Everything that is designed once for a layout.
#[derive(Debug, Clone)]
pub struct Spatial {
    layout: layout::Layout,
    object: object::ObjectPanner,
    bed: bed::BedPanner,
    hoa: hoa::HoaDecoder,
    decorrelator: Decorrelator,
}

impl Spatial {
    /// The renderer of a layout.
    ///
    /// # Errors
    /// [`UnsupportedLayout`] for all but 2.0, 5.1, 7.1, 5.1.4 and 7.1.4; their LFE may be absent and
    /// their channels stand in any order.
    pub fn new(layout: &ChannelLayout) -> Result<Self, UnsupportedLayout> {
        let layout = layout::Layout::of(layout)?;
        let point = point::PointPanner::new(&layout);
        Ok(Self {
            object: object::ObjectPanner::new(&layout, point.clone()),
            bed: bed::BedPanner::new(&layout, point),
            hoa: hoa::HoaDecoder::new(&layout),
            decorrelator: Decorrelator::new(&layout),
            layout,
        })
    }

    /// Whether scenes can be rendered to a layout.
    ///
    /// # Errors
    /// As [`Spatial::new`].
    pub fn supports(layout: &ChannelLayout) -> Result<(), UnsupportedLayout> {
        layout::Layout::of(layout).map(|_| ())
    }

    /// The name of the layout in BS.2051: `4+7+0`.
    pub fn system(&self) -> &'static str {
        self.layout.system
    }

    /// The filters of the diffuse path.
    pub fn decorrelator(&self) -> &Decorrelator {
        &self.decorrelator
    }

    /// Gains in the order of the layout's loudspeakers to those in the order of the file.
    fn to_file(&self, gains: &point::Gains, gain: f64) -> point::Gains {
        let mut out = [0.0; MAX_SPEAKERS];
        for (channel, value) in self.layout.file.iter().zip(gains) {
            out[*channel] = value * gain;
        }
        out
    }
}
