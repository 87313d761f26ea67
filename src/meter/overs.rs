//! The list of places where a channel is above a limit.

use crate::audio::{DbTp, SampleRate};

/// Overs of one channel that are listed; more are only counted.
pub const MAX_OVERS: usize = 10_000;

/// Overs of a channel that are nearer than this are one, in parts of a second: 100 ms.
const APART: u32 = 10;

/// One stretch above the limit, in frames and linear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) size: f32,
}

/// The overs of one channel, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Overs {
    limit: f32,
    apart: u64,
    pub(super) list: Vec<Stretch>,
    /// How many there are, listed or not.
    pub(super) count: u64,
    open: Option<Stretch>,
}

impl Overs {
    pub(super) fn new(limit: DbTp, rate: SampleRate) -> Self {
        Self {
            limit: libm::pow(10.0, limit.value() / 20.0) as f32,
            apart: u64::from(rate.hertz() / APART),
            list: Vec::new(),
            count: 0,
            open: None,
        }
    }

    /// The limit, linear.
    pub(super) fn limit(&self) -> f32 {
        self.limit
    }

    /// The channel has this magnitude at this frame; frames come in order.
    pub(super) fn note(&mut self, at: u64, size: f32) {
        if size <= self.limit {
            return;
        }
        match &mut self.open {
            Some(open) if at.saturating_sub(open.last) <= self.apart => {
                open.last = at;
                open.size = open.size.max(size);
            }
            _ => {
                self.close();
                self.open = Some(Stretch {
                    first: at,
                    last: at,
                    size,
                });
            }
        }
    }

    /// Ends the over that is still open.
    pub(super) fn close(&mut self) {
        if let Some(over) = self.open.take() {
            self.count += 1;
            if self.list.len() < MAX_OVERS {
                self.list.push(over);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overs_nearer_than_a_tenth_of_a_second_are_one() {
        let mut overs = Overs::new(DbTp::new(0.0), SampleRate::HZ_48000);
        for (at, size) in [
            (10, 1.0),
            (11, 1.5),
            (4_811, 1.2),
            (9_612, 1.1),
            (20_000, 0.9),
        ] {
            overs.note(at, size);
        }
        overs.close();
        let got: Vec<_> = overs
            .list
            .iter()
            .map(|o| (o.first, o.last, o.size))
            .collect();
        assert_eq!(got, [(11, 4_811, 1.5), (9_612, 9_612, 1.1)]);
        assert_eq!(overs.count, 2);
    }
}
