//! Matrices: sums of channels that stand for the channels of another pack (ITU-R BS.2076-2 §5.4.3.2,
//! BS.2127-0 §5.2.5).
//!
//! A direct matrix has an input and an output pack; an encoder has an input, a decoder an output pack
//! and its encoder. A matrix may have been applied already: then its own channels have the tracks.

use std::collections::BTreeMap;

use super::allocate::{Slot, slot, slots as plain_slots};
use crate::audio::Gain;
use crate::audio::scene::{Feed, MatrixBlock, Tap};
use crate::bwf::adm::blocks::BlockStore;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{FormatType, Pack};
use crate::bwf::adm::whole::Adm;
use crate::time::Rational;

/// In how many ways tracks may refer to a matrix.
pub(super) const FORMS: usize = 3;

/// Most channels of the file that one output sums.
const MAX_TAPS: usize = 4096;

/// How many matrices may stand in series: an encoder and a decoder, and one to spare.
const MAX_SERIES: usize = 3;

/// The channels that want tracks, in one form: those that go in, the matrix's own, those that go into its
/// encoder. Empty where the matrix has no such form.
pub(super) fn slots(adm: &Adm, pack: &Pack, form: usize) -> Vec<Slot> {
    let inputs = |from: Option<&Pack>, via: &AdmId| {
        let all = from.map(|from| plain_slots(adm, from)).unwrap_or_default();
        let renamed = all.into_iter().map(|s| slot(s.channel, vec![via.clone()]));
        renamed.collect::<Vec<_>>()
    };
    let encoder = pack.encoders.first().and_then(|id| adm.pack(id));
    let input = pack.input.as_ref().and_then(|id| adm.pack(id));
    match form {
        0 => inputs(input.or(encoder), &pack.id),
        1 => plain_slots(adm, pack),
        _ => {
            let Some(encoder) = encoder else {
                return Vec::new();
            };
            let input = encoder.input.as_ref().and_then(|id| adm.pack(id));
            inputs(input, &encoder.id)
        }
    }
}

/// The channels of a pack in the form that has a channel; of no matrix its own.
pub(super) fn slots_for(adm: &Adm, pack: &Pack, channel: &AdmId) -> Vec<Slot> {
    if pack.kind != FormatType::Matrix {
        return plain_slots(adm, pack);
    }
    let mut forms = (0..FORMS).map(|form| slots(adm, pack, form));
    let fits = |slots: &Vec<Slot>| slots.iter().any(|slot| slot.channel == *channel);
    forms.find(fits).unwrap_or_default()
}

/// The decoder that undoes an encoder, where the file has one: that is what is rendered.
pub(super) fn decoder_of<'a>(adm: &'a Adm, pack: &'a Pack) -> &'a Pack {
    if pack.kind != FormatType::Matrix || pack.output.is_some() {
        return pack;
    }
    let mut all = adm.packs().iter();
    let decoder = all.find(|other| other.output.is_some() && other.encoders.contains(&pack.id));
    decoder.unwrap_or(pack)
}

/// The channels of the output pack with where their signals come from; why not, where they cannot be
/// computed.
pub(super) fn outputs(
    adm: &Adm,
    pack: &Pack,
    slots: &[Slot],
) -> Result<Vec<(AdmId, Feed)>, String> {
    let inputs: BTreeMap<&AdmId, &Slot> = slots.iter().map(|slot| (&slot.channel, slot)).collect();
    let channels = plain_slots(adm, pack);
    let mut outputs = Vec::new();
    for own in &channels {
        let block = block(adm, &own.channel)?;
        let output = block.output.as_ref();
        let output = output.ok_or_else(|| format!("{} names no output", own.channel))?;
        let mut taps = Vec::new();
        let through = Through {
            gain: 1.0,
            delays: Vec::new(),
        };
        follow(adm, &inputs, &own.channel, &through, 0, &mut taps)?;
        outputs.push((AdmId::new(output), Feed { taps }));
    }
    Ok(outputs)
}

/// What a signal has passed so far.
#[derive(Debug, Clone)]
struct Through {
    gain: f64,
    delays: Vec<Rational>,
}

fn follow(
    adm: &Adm,
    inputs: &BTreeMap<&AdmId, &Slot>,
    channel: &AdmId,
    through: &Through,
    depth: usize,
    taps: &mut Vec<Tap>,
) -> Result<(), String> {
    if let Some(slot) = inputs.get(channel) {
        let index = slot.track.as_ref().and_then(|track| track.index);
        taps.extend(index.map(|index| Tap {
            channel: index,
            gain: Gain::new(through.gain),
            delays: through.delays.clone(),
        }));
        return Ok(());
    }
    if depth == MAX_SERIES || taps.len() > MAX_TAPS {
        return Err(format!("the matrices before {channel} are too many"));
    }
    let block = block(adm, channel)?;
    if block.coefficients.is_empty() {
        return Err(format!("{channel} has no constant coefficients"));
    }
    for term in &block.coefficients {
        if term.phase.is_some_and(|phase| phase.value() != 0.0) {
            return Err(format!("{channel} wants a phase shift"));
        }
        let mut next = through.clone();
        next.gain *= term.gain.map_or(1.0, Gain::linear);
        next.delays
            .extend(term.delay.filter(|delay| !delay.is_zero()));
        follow(
            adm,
            inputs,
            &AdmId::new(&term.input),
            &next,
            depth + 1,
            taps,
        )?;
    }
    Ok(())
}

fn block<'a>(adm: &'a Adm, channel: &AdmId) -> Result<&'a MatrixBlock, String> {
    let format = adm.channel(channel);
    match format.map(|format| &*format.blocks) {
        Some(BlockStore::Matrix(blocks)) => {
            let first = blocks.first();
            first.ok_or_else(|| format!("{channel} has no block"))
        }
        _ => Err(format!("{channel} is neither a track nor a matrix")),
    }
}
