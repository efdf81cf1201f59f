//! Exact rational coefficients: machine words while they fit, big integers beyond.
//!
//! Must not know tensors.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact rational number in lowest terms with a positive denominator.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Representation);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Representation {
    Small(i64, i64),
    // Only values that do not fit the small form, so that equality is structural.
    Big(Arc<BigRational>),
}

use Representation::{Big, Small};

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self(Small(0, 1));
    /// One.
    pub const ONE: Self = Self(Small(1, 1));
    /// Minus one.
    pub const MINUS_ONE: Self = Self(Small(-1, 1));

    /// The integer `value`.
    #[must_use]
    pub fn integer(value: i64) -> Self {
        Self(Small(value, 1))
    }

    /// `numerator / denominator`, or `None` if the denominator is zero.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator != 0).then(|| Self::from_wide(i128::from(numerator), i128::from(denominator)))
    }

    fn from_wide(numerator: i128, denominator: i128) -> Self {
        if denominator == 1
            && let Ok(small) = i64::try_from(numerator)
        {
            return Self(Small(small, 1));
        }
        let divisor = numerator.gcd(&denominator);
        let sign = if denominator < 0 { -1 } else { 1 };
        let (numerator, denominator) = if divisor == 0 {
            (0, 1)
        } else {
            (sign * (numerator / divisor), sign * (denominator / divisor))
        };
        match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(numerator), Ok(denominator)) => Self(Small(numerator, denominator)),
            _ => Self(Big(Arc::new(BigRational::new_raw(
                BigInt::from(numerator),
                BigInt::from(denominator),
            )))),
        }
    }

    /// A big rational; kept in the small form where it fits.
    #[must_use]
    pub fn from_big(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(numerator), Some(denominator)) => Self(Small(numerator, denominator)),
            _ => Self(Big(Arc::new(value))),
        }
    }

    /// The value as a big rational.
    #[must_use]
    pub fn to_big(&self) -> BigRational {
        match &self.0 {
            Small(numerator, denominator) => {
                BigRational::new_raw(BigInt::from(*numerator), BigInt::from(*denominator))
            }
            Big(value) => (**value).clone(),
        }
    }

    /// Reads a decimal literal such as `12`, `.5`, `2.`, `1e-3` exactly.
    ///
    /// `None` if the text is no decimal literal or the exponent is beyond ±100 000.
    #[must_use]
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() || exponent.abs() > 100_000 {
            return None;
        }
        let digits: String = [whole, fraction].concat();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let scale = exponent - i64::try_from(fraction.len()).ok()?;
        if scale == 0
            && let Ok(small) = digits.parse::<i64>()
        {
            return Some(Self::integer(small));
        }
        let digits: BigInt = digits.parse().ok()?;
        let power = BigInt::from(10).pow(u32::try_from(scale.unsigned_abs()).ok()?);
        Some(Self::from_big(if scale >= 0 {
            BigRational::from_integer(digits * power)
        } else {
            BigRational::new(digits, power)
        }))
    }

    /// Whether the value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Small(0, _))
    }

    /// Whether the value is one.
    #[must_use]
    pub fn is_one(&self) -> bool {
        matches!(self.0, Small(1, 1))
    }

    /// Whether the value is an integer.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Small(_, denominator) => *denominator == 1,
            Big(value) => value.is_integer(),
        }
    }

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small(numerator, _) => *numerator < 0,
            Big(value) => value.is_negative(),
        }
    }

    /// The value as a machine integer, if it is one.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Small(numerator, 1) => Some(*numerator),
            _ => None,
        }
    }

    /// Numerator and denominator, if both fit.
    #[must_use]
    pub fn to_pair(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Small(numerator, denominator) => Some((*numerator, *denominator)),
            Big(_) => None,
        }
    }

    /// The nearest f64.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "rounding is the purpose")]
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Small(numerator, denominator) => *numerator as f64 / *denominator as f64,
            Big(value) => value.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// Whether numerator or denominator has more than about `bits` bits; a guard against blow-up.
    #[must_use]
    pub fn exceeds_bits(&self, bits: u64) -> bool {
        match &self.0 {
            Small(..) => false,
            Big(value) => value.numer().bits() > bits || value.denom().bits() > bits,
        }
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.negate() } else { self.clone() }
    }

    /// `-self`.
    #[must_use]
    pub fn negate(&self) -> Self {
        match &self.0 {
            Small(numerator, denominator) => {
                Self::from_wide(-i128::from(*numerator), i128::from(*denominator))
            }
            Big(value) => Self::from_big(-(**value).clone()),
        }
    }

    /// `self + other`.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Small(a, 1), Small(c, 1)) => Self::from_wide(i128::from(*a) + i128::from(*c), 1),
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Self::from_wide(a * d + c * b, b * d)
            }
            _ => Self::from_big(self.to_big() + other.to_big()),
        }
    }

    /// `self - other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&other.negate())
    }

    /// `self * other`.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Small(1, 1), _) => other.clone(),
            (_, Small(1, 1)) => self.clone(),
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Self::from_wide(a * c, b * d)
            }
            _ => Self::from_big(self.to_big() * other.to_big()),
        }
    }

    /// `1 / self`, or `None` for zero.
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        match &self.0 {
            Small(0, _) => None,
            Small(numerator, denominator) => {
                Some(Self::from_wide(i128::from(*denominator), i128::from(*numerator)))
            }
            Big(value) => Some(Self::from_big(value.recip())),
        }
    }

    /// `self / other`, or `None` if `other` is zero.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Option<Self> {
        other.reciprocal().map(|reciprocal| self.multiply(&reciprocal))
    }

    /// `self ^ exponent`, or `None` for a zero base with a negative exponent, or where the result
    /// would need more than about 4096 bits.
    #[must_use]
    pub fn power(&self, exponent: i64) -> Option<Self> {
        if self.is_one() || exponent == 1 {
            return Some(self.clone());
        }
        let base = if exponent < 0 { self.reciprocal()? } else { self.clone() };
        let size = match &base.0 {
            Small(numerator, denominator) => {
                let largest = numerator.unsigned_abs().max(denominator.unsigned_abs());
                u64::from(64 - largest.saturating_sub(1).leading_zeros())
            }
            Big(value) => value.numer().bits().max(value.denom().bits()),
        };
        let exponent = exponent.unsigned_abs();
        if size.saturating_mul(exponent) > 4096 {
            return None;
        }
        let exponent = u32::try_from(exponent).ok();
        match exponent {
            Some(exponent) => {
                let big = base.to_big();
                Some(Self::from_big(BigRational::new_raw(
                    big.numer().pow(exponent),
                    big.denom().pow(exponent),
                )))
            }
            // The size guard lets only 0, 1 and -1 through here.
            None => Some(base),
        }
    }

    /// The rational root `self ^ (1/degree)` where it is exact, for a value that is not negative.
    #[must_use]
    pub fn exact_root(&self, degree: u32) -> Option<Self> {
        if self.is_negative() || degree == 0 {
            return None;
        }
        let value = self.to_big();
        let root = |part: &BigInt| {
            let root = part.nth_root(degree);
            (root.pow(degree) == *part).then_some(root)
        };
        Some(Self::from_big(BigRational::new(root(value.numer())?, root(value.denom())?)))
    }

    /// The greatest positive rational of which both are integer multiples; zero only for two zeros.
    #[must_use]
    pub fn content(&self, other: &Self) -> Self {
        if let (Small(a, b), Small(c, d)) = (&self.0, &other.0) {
            let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
            return Self::from_wide((a * d).gcd(&(c * b)), b * d);
        }
        let (first, second) = (self.to_big(), other.to_big());
        let numerator = (first.numer() * second.denom()).gcd(&(second.numer() * first.denom()));
        Self::from_big(BigRational::new(numerator, first.denom() * second.denom()))
    }
}

impl Default for Rational {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self::integer(value)
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let difference = self.subtract(other);
        if difference.is_negative() {
            Ordering::Less
        } else if difference.is_zero() {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(numerator, 1) => write!(formatter, "{numerator}"),
            Small(numerator, denominator) => write!(formatter, "{numerator}/{denominator}"),
            Big(value) if value.denom().is_one() => write!(formatter, "{}", value.numer()),
            Big(value) => write!(formatter, "{}/{}", value.numer(), value.denom()),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Zero for Rational {
    fn zero() -> Self {
        Self::ZERO
    }
    fn is_zero(&self) -> bool {
        Self::is_zero(self)
    }
}

impl std::ops::Add for Rational {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::add(&self, &other)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator, denominator).unwrap()
    }

    #[test]
    fn arithmetic_is_exact_across_the_word_boundary() {
        let large = Rational::integer(i64::MAX);
        let sum = large.add(&large);
        assert_eq!(sum.to_string(), "18446744073709551614");
        assert_eq!(sum.subtract(&large), large);
        assert_eq!(ratio(1, 3).add(&ratio(1, 6)), ratio(1, 2));
        assert_eq!(ratio(i64::MIN, -1).to_string(), "9223372036854775808");
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Rational::parse_decimal("0.1").unwrap(), ratio(1, 10));
        assert_eq!(Rational::parse_decimal("2.").unwrap(), Rational::integer(2));
        assert_eq!(Rational::parse_decimal("1.5e2").unwrap(), Rational::integer(150));
        assert_eq!(Rational::parse_decimal("."), None);
    }

    #[test]
    fn roots_and_powers() {
        assert_eq!(ratio(4, 9).exact_root(2), Some(ratio(2, 3)));
        assert_eq!(ratio(2, 1).exact_root(2), None);
        assert_eq!(ratio(2, 3).power(-2), Some(ratio(9, 4)));
        assert_eq!(ratio(2, 1).power(1_000_000), None);
        assert_eq!(ratio(-1, 1).power(i64::MAX), Some(ratio(-1, 1)));
    }

    #[test]
    fn content_divides_both() {
        assert_eq!(ratio(3, 2).content(&ratio(9, 4)), ratio(3, 4));
        assert_eq!(Rational::ZERO.content(&ratio(-2, 1)), ratio(2, 1));
    }
}
