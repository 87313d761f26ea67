//! The random numbers of the decorrelators (BS.2127-0 §7.4): MT19937 of Matsumoto and Nishimura.

const SIZE: usize = 624;
const SHIFT: usize = 397;

/// The generator.
pub(super) struct Mersenne {
    state: [u32; SIZE],
    next: usize,
}

impl Mersenne {
    pub(super) fn new(seed: u32) -> Self {
        let mut state = [seed; SIZE];
        for i in 1..SIZE {
            let last = state[i - 1];
            state[i] = (last ^ (last >> 30))
                .wrapping_mul(1_812_433_253)
                .wrapping_add(i as u32);
        }
        Self { state, next: SIZE }
    }

    fn refill(&mut self) {
        for i in 0..SIZE {
            let word = self.state[i] & 0x8000_0000 | self.state[(i + 1) % SIZE] & 0x7FFF_FFFF;
            let twist = if word & 1 == 1 { 0x9908_B0DF } else { 0 };
            self.state[i] = self.state[(i + SHIFT) % SIZE] ^ (word >> 1) ^ twist;
        }
        self.next = 0;
    }

    /// The next 32 bits.
    pub(super) fn bits(&mut self) -> u32 {
        if self.next == SIZE {
            self.refill();
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C_5680;
        y ^= y << 15 & 0xEFC6_0000;
        y ^ y >> 18
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_sequence() {
        // First and ten-thousandth output for the seed 5489 (ISO/IEC 14882, rand.predef).
        let mut random = super::Mersenne::new(5489);
        assert_eq!(random.bits(), 3_499_211_612);
        assert_eq!(
            (1..10_000).map(|_| random.bits()).last(),
            Some(4_123_659_995)
        );
    }
}
