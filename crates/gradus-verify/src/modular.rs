//! Arithmetic of the prime field of 2⁶¹ − 1 elements.
//!
//! Must not know functions other than powers.

use gradus_tensor::Rational;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// The prime.
pub(crate) const PRIME: u64 = (1 << 61) - 1;

/// An element, kept below the prime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mod(u64);

impl Mod {
    /// An element of a small number.
    pub(crate) const fn of(word: u64) -> Self {
        Self(word % PRIME)
    }

    /// The class of any word.
    pub(crate) fn new(word: u64) -> Self {
        Self::reduce((word & PRIME) + (word >> 61))
    }

    fn reduce(word: u64) -> Self {
        Self(if word >= PRIME { word - PRIME } else { word })
    }

    pub(crate) fn word(self) -> u64 {
        self.0
    }

    pub(crate) fn sum(self, other: Self) -> Self {
        Self::reduce(self.0 + other.0)
    }

    pub(crate) fn difference(self, other: Self) -> Self {
        Self::reduce(self.0 + PRIME - other.0)
    }

    pub(crate) fn opposite(self) -> Self {
        Self::reduce(PRIME - self.0)
    }

    pub(crate) fn product(self, other: Self) -> Self {
        let wide = u128::from(self.0) * u128::from(other.0);
        // Both halves are below 2⁶¹, because the product is below 2¹²².
        let low = (wide as u64) & PRIME;
        let high = (wide >> 61) as u64;
        Self::reduce(low + high)
    }

    /// A power with a natural exponent.
    pub(crate) fn natural_power(self, mut exponent: u64) -> Self {
        let mut base = self;
        let mut power = Self(1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = power.product(base);
            }
            base = base.product(base);
            exponent >>= 1;
        }
        power
    }

    /// The inverse, by Euclid's algorithm.
    pub(crate) fn inverse(self) -> Option<Self> {
        if self.0 == 0 {
            return None;
        }
        let (mut larger, mut smaller) = (PRIME as i64, self.0 as i64);
        let (mut before, mut coefficient) = (0_i64, 1_i64);
        while smaller != 0 {
            let quotient = larger / smaller;
            (larger, smaller) = (smaller, larger - quotient * smaller);
            (before, coefficient) = (coefficient, before - quotient * coefficient);
        }
        Some(Self(before.rem_euclid(PRIME as i64) as u64))
    }

    /// The root that is itself a square, if there is one.
    pub(crate) fn square_root(self) -> Option<Self> {
        let root = self.candidate_root();
        (root.product(root) == self).then_some(root)
    }

    /// `x^((p+1)/4)`, whose square is x or −x.
    fn candidate_root(self) -> Self {
        (0..59).fold(self, |root, _| root.product(root))
    }

    /// The Legendre symbol.
    pub(crate) fn legendre(self) -> i64 {
        if self.0 == 0 {
            return 0;
        }
        if self.square_root().is_some() { 1 } else { -1 }
    }

    pub(crate) fn integer(value: i64) -> Self {
        let magnitude = Self::new(value.unsigned_abs());
        if value < 0 { magnitude.opposite() } else { magnitude }
    }

    /// The class of a rational number; nothing if the prime divides the denominator.
    pub(crate) fn rational(value: &Rational) -> Option<Self> {
        if let Some((numerator, denominator)) = value.to_pair() {
            let numerator = Self::integer(numerator);
            return match denominator {
                1 => Some(numerator),
                _ => Some(numerator.product(Self::integer(denominator).inverse()?)),
            };
        }
        let big = value.to_big();
        let numerator = Self::big(big.numer())?;
        Some(numerator.product(Self::big(big.denom())?.inverse()?))
    }

    fn big(value: &BigInt) -> Option<Self> {
        let remainder = (value % BigInt::from(PRIME)).to_i64()?;
        Some(Self::integer(remainder))
    }

    /// The integer of small modulus in this class.
    pub(crate) fn small(self, bound: u64) -> Option<i64> {
        if self.0 <= bound {
            i64::try_from(self.0).ok()
        } else if PRIME - self.0 <= bound {
            i64::try_from(PRIME - self.0).ok().map(|value| -value)
        } else {
            None
        }
    }

    /// The power with a rational exponent: even roots of squares only, odd roots where they are unique.
    pub(crate) fn rational_power(self, exponent: &Rational) -> Power {
        let Some((numerator, denominator)) = exponent.to_pair() else { return Power::Undefined };
        if numerator == 0 {
            return Power::Value(Self(1));
        }
        if self.0 == 0 {
            return if numerator > 0 { Power::Value(self) } else { Power::Outside };
        }
        let mut base = self;
        for _ in 0..denominator.trailing_zeros() {
            match base.square_root() {
                Some(root) => base = root,
                None => return Power::Outside,
            }
        }
        let odd = (denominator >> denominator.trailing_zeros()).unsigned_abs();
        if odd > 1 {
            match inverse_modulo(odd, PRIME - 1) {
                Some(inverse) => base = base.natural_power(inverse),
                None => return Power::Undefined,
            }
        }
        let power = base.natural_power(numerator.unsigned_abs());
        if numerator > 0 {
            Power::Value(power)
        } else {
            power.inverse().map_or(Power::Outside, Power::Value)
        }
    }
}

/// What a power with a rational exponent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    Value(Mod),
    /// No even root, or a negative power of zero.
    Outside,
    /// The root is not unique in this field.
    Undefined,
}

fn inverse_modulo(value: u64, modulus: u64) -> Option<u64> {
    let (mut larger, mut smaller) = (i128::from(modulus), i128::from(value % modulus));
    let (mut before, mut coefficient) = (0_i128, 1_i128);
    while smaller != 0 {
        let quotient = larger / smaller;
        (larger, smaller) = (smaller, larger - quotient * smaller);
        (before, coefficient) = (coefficient, before - quotient * coefficient);
    }
    if larger == 1 { u64::try_from(before.rem_euclid(i128::from(modulus))).ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{Mod, PRIME, Power};
    use crate::random::Random;
    use gradus_tensor::Rational;

    #[test]
    fn products_agree_with_wide_arithmetic() {
        let mut random = Random::new(1);
        for _ in 0..10_000 {
            let (a, b) = (Mod::new(random.word()), Mod::new(random.word()));
            let wide = u128::from(a.word()) * u128::from(b.word()) % u128::from(PRIME);
            assert_eq!(u128::from(a.product(b).word()), wide);
            assert_eq!(a.sum(b).difference(b), a);
            assert_eq!(a.opposite().sum(a).word(), 0);
        }
        for word in [0, 1, 2, PRIME - 1, PRIME, PRIME + 1, u64::MAX] {
            assert_eq!(Mod::new(word).word(), word % PRIME);
        }
    }

    #[test]
    fn inverses_and_roots() {
        let mut random = Random::new(2);
        let (mut squares, mut others) = (0, 0);
        for _ in 0..1000 {
            let a = Mod::new(random.word());
            assert_eq!(a.inverse().unwrap().product(a).word(), 1);
            assert_eq!(a.inverse().unwrap(), a.natural_power(PRIME - 2));
            match a.square_root() {
                Some(root) => {
                    squares += 1;
                    assert_eq!(root.product(root), a);
                    assert_eq!(root.legendre(), 1);
                }
                None => others += 1,
            }
            assert_eq!(a.legendre(), -a.opposite().legendre());
            assert_eq!(a.natural_power((PRIME - 1) / 2).small(1), Some(a.legendre()));
        }
        assert!(squares > 400 && others > 400);
        assert!(Mod::new(0).inverse().is_none());
    }

    #[test]
    fn rational_powers_keep_the_laws() {
        let mut random = Random::new(3);
        let half = Rational::new(1, 2).unwrap();
        for _ in 0..100 {
            let root = Mod::new(random.word());
            let a = root.product(root);
            let Power::Value(half_power) = a.rational_power(&half) else {
                panic!("a square has a root")
            };
            let Power::Value(third) = a.rational_power(&Rational::new(-3, 2).unwrap()) else {
                panic!()
            };
            assert_eq!(half_power.natural_power(3).product(third).word(), 1);
            let Power::Value(odd) = a.rational_power(&Rational::new(1, 17).unwrap()) else {
                panic!()
            };
            assert_eq!(odd.natural_power(17), a);
        }
        assert_eq!(Mod::new(5).rational_power(&Rational::new(1, 3).unwrap()), Power::Undefined);
        let big = Rational::parse_decimal("1e40").unwrap();
        assert_eq!(Mod::rational(&big).unwrap(), Mod::new(10).natural_power(40));
        assert_eq!(
            Mod::rational(&big.negate()).unwrap(),
            Mod::new(10).natural_power(40).opposite()
        );
    }
}
