//! Samples between bytes and numbers, whole blocks at a time.
//!
//! **Invariant:** every conversion is exact: an integer of n bits becomes `i / 2^(n-1)`, a float
//! itself, and packing keeps the low bits of what it is given. Rounding and clipping happen before.

mod decode;
mod encode;
mod four;

pub use decode::decode_channel;
pub use encode::{encode_float32, encode_int16, encode_int24, encode_int32, encode_uint8};
pub use four::decode_four_24;
