//! The demonstration film. **Invariant:** same bytes every time.
mod lists;
mod synth;
