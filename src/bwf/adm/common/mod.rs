//! The common definitions (ITU-R BS.2094-1): formats that files refer to without holding them.
//!
//! Pack `AP_00010016` (7.1.2) differs between programs: one has side right and top centre where the
//! standard has side left and side right. The standard's is here.

mod channels;
mod packs;

use std::sync::Arc;

use super::blocks::{BlockStore, HoaBlock};
use super::id::AdmId;
use super::model::{ChannelFormat, FormatType, Pack};
use crate::audio::Gain;
use crate::audio::scene::{
    Bounded, Coordinate, Degrees, Frequency, HoaChannel, HorizontalEdge, Normalization,
    ScreenEdges, SpeakerBlock, SpeakerPosition,
};
use channels::{FUMA, LABEL, SPEAKERS, Speaker};
use packs::PACKS;

/// Highest ambisonic channel number that is defined: order 10.
const MAX_ACN: u32 = 120;

/// Low-pass of the channels for low-frequency effects, in Hz.
const LFE_LOW_PASS: f64 = 120.0;

/// A position on the loudspeakers' sphere.
pub(super) fn polar(azimuth: f64, elevation: f64) -> SpeakerPosition {
    SpeakerPosition::Polar {
        azimuth: Bounded::exactly(Degrees::new(azimuth)),
        elevation: Bounded::exactly(Degrees::new(elevation)),
        distance: Bounded::exactly(Coordinate::new(1.0)),
    }
}

/// Where the loudspeaker of a label stands, for files that state the label alone.
pub(super) fn position(label: &str) -> Option<SpeakerPosition> {
    let bare = label.strip_prefix(LABEL).unwrap_or(label);
    let row = SPEAKERS
        .iter()
        .find(|row| row.2.eq_ignore_ascii_case(bare))?;
    Some(polar(row.3, row.4))
}

/// The pack of an identity.
pub(super) fn pack(id: &AdmId) -> Option<Pack> {
    let number = id.has_prefix("AP").then(|| id.number()).flatten()?;
    let row = PACKS.iter().find(|row| row.0 == number)?;
    let channel = |number: &u32| AdmId::new(&format!("AC_{number:08x}"));
    let inner = (row.3 != 0).then(|| AdmId::new(&format!("AP_{:08x}", row.3)));
    Some(Pack {
        name: row.1.to_owned(),
        channels: row.2.iter().map(channel).collect(),
        packs: inner.into_iter().collect(),
        ..Pack::new(id.clone())
    })
}

/// The channel of an identity.
pub(super) fn channel(id: &AdmId) -> Option<ChannelFormat> {
    let number = id.has_prefix("AC").then(|| id.number()).flatten()?;
    let low = number & 0xFFFF;
    match number >> 16 {
        1 => {
            let row = SPEAKERS.iter().find(|row| u32::from(row.0) == low)?;
            Some(speaker(id, row))
        }
        4 => component(id, low),
        5 => {
            let name = match low {
                1 => "LeftEar",
                2 => "RightEar",
                _ => return None,
            };
            Some(ChannelFormat {
                id: id.clone(),
                name: name.to_owned(),
                kind: FormatType::Binaural,
                frequency: Frequency::default(),
                blocks: Arc::new(BlockStore::Other(1)),
            })
        }
        _ => None,
    }
}

fn speaker(id: &AdmId, row: &Speaker) -> ChannelFormat {
    let (_, name, label, azimuth, elevation) = *row;
    // The two channels beside the screen stick to its edges.
    let horizontal = match label {
        "M+SC" => Some(HorizontalEdge::Left),
        "M-SC" => Some(HorizontalEdge::Right),
        _ => None,
    };
    let block = SpeakerBlock {
        span: None,
        labels: vec![format!("{LABEL}{label}")],
        position: polar(azimuth, elevation),
        edges: ScreenEdges {
            horizontal,
            vertical: None,
        },
        gain: Gain::UNITY,
        importance: 10,
    };
    ChannelFormat {
        id: id.clone(),
        name: name.to_owned(),
        kind: FormatType::DirectSpeakers,
        frequency: Frequency {
            low_pass: label.starts_with("LFE").then_some(LFE_LOW_PASS),
            high_pass: None,
        },
        blocks: Arc::new(BlockStore::Speakers(vec![block])),
    }
}

/// `AC_000400xx` SN3D and `AC_000401xx` N3D by ambisonic channel number plus one, `AC_000402xx`
/// Furse-Malham by letter.
fn component(id: &AdmId, low: u32) -> Option<ChannelFormat> {
    let (set, number) = (low >> 8, low & 0xFF);
    let (name, normalization, order, degree) = match set {
        0 | 1 => {
            let acn = number.checked_sub(1).filter(|acn| *acn <= MAX_ACN)?;
            let order = acn.isqrt();
            let degree = acn as i32 - (order * order + order) as i32;
            let (name, normalization) = if set == 0 {
                ("SN3D", Normalization::Sn3d)
            } else {
                ("N3D", Normalization::N3d)
            };
            (format!("{name}_ACN_{acn}"), normalization, order, degree)
        }
        2 => {
            let row = FUMA.iter().find(|row| u32::from(row.0) == number)?;
            (row.1.to_owned(), Normalization::FuMa, row.2, row.3)
        }
        _ => return None,
    };
    let block = HoaBlock {
        channel: Some(HoaChannel {
            order,
            degree,
            gain: Gain::UNITY,
        }),
        normalization: Some(normalization),
        ..HoaBlock::default()
    };
    Some(ChannelFormat {
        id: id.clone(),
        name,
        kind: FormatType::Hoa,
        frequency: Frequency::default(),
        blocks: Arc::new(BlockStore::Hoa(vec![block])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_leads_to_channels_of_its_type() {
        for row in PACKS {
            let id = AdmId::new(&format!("AP_{:08x}", row.0));
            let pack = pack(&id).unwrap();
            assert!(id.is_common() && !pack.channels.is_empty(), "{id}");
            for channel_id in &pack.channels {
                let channel = channel(channel_id).unwrap();
                assert_eq!((channel.kind, channel.blocks.len()), (pack.kind, 1), "{id}");
            }
            assert!(pack.packs.iter().all(|inner| super::pack(inner).is_some()));
        }
        assert!(pack(&AdmId::new("AP_00011001")).is_none());
    }

    #[test]
    fn components_have_their_order_and_degree() {
        let check = |id: &str, want: (&str, u32, i32)| {
            let channel = channel(&AdmId::new(id)).unwrap();
            let BlockStore::Hoa(blocks) = &*channel.blocks else {
                panic!("{id} is no component")
            };
            let component = blocks[0].channel.unwrap();
            assert_eq!(
                (channel.name.as_str(), component.order, component.degree),
                want
            );
        };
        check("AC_00040001", ("SN3D_ACN_0", 0, 0));
        check("AC_00040107", ("N3D_ACN_6", 2, 0));
        check("AC_00040202", ("FuMa_Y", 1, -1));
        check("AC_00040010", ("SN3D_ACN_15", 3, 3));
        assert!(channel(&AdmId::new("AC_000400ff")).is_none());
    }

    #[test]
    fn low_frequencies_are_told_and_labels_have_places() {
        let lfe = channel(&AdmId::new("AC_00010004")).unwrap();
        assert_eq!(lfe.frequency.low_pass, Some(120.0));
        assert_eq!(position("M-030"), Some(polar(-30.0, 0.0)));
        assert_eq!(
            position("urn:itu:bs:2051:0:speaker:U+135"),
            Some(polar(135.0, 30.0))
        );
        assert_eq!(position("RC_L"), None);
    }
}
