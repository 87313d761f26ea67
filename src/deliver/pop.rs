//! Pops: one frame of a sine in leader and tail.

use std::f64::consts::TAU;

use crate::audio::{Channel, ChannelLayout, SampleFormat, SampleRate};
use crate::conform::plan::{DeliveredFile, OutputRef, Packaging, Pop};

/// The bytes of a pop in a file, all its channels interleaved.
///
/// Sample `i` is `A·sin(2π·f·i/rate)` from zero on, rounded to the nearest integer, ties to even, with
/// `A = 10^(level/20)` of full scale, the same on every machine and in every file. A level of -20 dBFS
/// is that of a sine whose peaks are a tenth of full scale (AES17: 0 dBFS is a sine of full scale).
pub(super) fn pop_bytes(
    pop: Pop,
    file: &DeliveredFile,
    output: OutputRef<'_>,
    packaging: &Packaging,
    (rate, format): (SampleRate, SampleFormat),
) -> Vec<u8> {
    let full = 1.0 / format.step();
    let peak = libm::pow(10.0, packaging.pop_level.value() / 20.0) * full;
    let hertz = packaging.pop_hertz / f64::from(rate.hertz());
    let carried: Vec<bool> = file
        .channels
        .iter()
        .map(|c| carries(*c, output.layout, packaging))
        .collect();
    let width = format.bytes();
    let mut bytes = Vec::new();
    for i in 0..pop.length {
        // The phase is taken of whole turns only, so that it stays exact however long the pop.
        let turns = hertz * i as f64;
        let sample = peak * libm::sin(TAU * (turns - libm::floor(turns)));
        let sample = libm::rint(sample).clamp(-full, full - 1.0) as i32;
        for &carried in &carried {
            let value = if carried { sample } else { 0 };
            bytes.extend(value.to_le_bytes().iter().take(width));
        }
    }
    bytes
}

/// Whether a channel of a file carries the pop: the sounding ones that the spec names.
fn carries(channel: Option<usize>, layout: &ChannelLayout, packaging: &Packaging) -> bool {
    let channel: Option<Channel> = channel.and_then(|c| layout.channels().get(c).copied());
    let named = &packaging.pop_channels;
    // A lone channel has no position.
    let holds = |channel| named.is_empty() || channel == Channel::Mono || named.contains(&channel);
    channel.is_some_and(holds)
}
