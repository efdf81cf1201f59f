//! Random numbers that are the same on every machine and in every run.
//!
//! Must not know what is drawn.

/// A generator of the splitmix64 family.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

/// Mixes the bits of a word so that nearby words have unrelated results.
pub(crate) fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Adds a word to a running hash.
pub(crate) fn absorb(hash: u64, word: u64) -> u64 {
    mix(hash.rotate_left(23).wrapping_add(mix(word.wrapping_add(0x9e37_79b9_7f4a_7c15))))
}

/// A hash of a text.
pub(crate) fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0x5bd1_e995, |hash, byte| absorb(hash, u64::from(byte)))
}

/// A number in the half-open unit interval from a random word.
pub(crate) fn unit(word: u64) -> f64 {
    // The top 53 bits fit a double exactly.
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A natural number below a bound that is small against 2⁶⁴.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.word() % bound.max(1)
    }

    pub(crate) fn unit(&mut self) -> f64 {
        unit(self.word())
    }

    /// A number of the standard normal distribution.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = usize::try_from(self.below(end as u64 + 1)).unwrap_or(0);
            items.swap(end, other);
        }
    }
}
