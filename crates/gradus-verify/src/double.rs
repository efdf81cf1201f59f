//! Numbers of twice the precision of floating point numbers: unevaluated sums of two of them, with the
//! elementary functions.
//!
//! Must not know errors, fields or trees. Sums, products and quotients are right to about 2⁻¹⁰² of the
//! result (Dekker 1971; Joldes, Muller and Popescu 2017), functions to about 10⁻²⁸.

use gradus_tensor::Rational;

/// The sum of a number and a much smaller one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Double {
    pub(crate) high: f64,
    pub(crate) low: f64,
}

pub(crate) const PI: Double =
    Double { high: std::f64::consts::PI, low: 1.224_646_799_147_353_2e-16 };
const LN_2: Double = Double { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
/// Beyond this exponentials, or their second parts, are too large or too small.
pub(crate) const LARGEST_EXPONENT: f64 = 650.0;
/// The argument of the series of the exponential is halved so often.
const HALVINGS: i32 = 6;

/// `a + b` and what is lost of it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// `a*b` and what is lost of it.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

impl Double {
    pub(crate) const ZERO: Self = Self::of(0.0);
    pub(crate) const ONE: Self = Self::of(1.0);

    pub(crate) const fn of(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }

    fn renormalized(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self { high: sum, low: low - (sum - high) }
    }

    /// The nearest such number, or one beside it.
    pub(crate) fn from_rational(value: &Rational) -> Option<Self> {
        let high = value.to_f64();
        if !high.is_finite() {
            return None;
        }
        // The denominators of floating point numbers are powers of two.
        let (mut scaled, mut halvings) = (high, 0_i64);
        while scaled.fract() != 0.0 && halvings < 1100 {
            (scaled, halvings) = (scaled * 2.0, halvings + 1);
        }
        let two = Rational::integer(2);
        let (mut whole, mut doublings) = (scaled, 0_i64);
        while whole.abs() >= 9e18 {
            (whole, doublings) = (whole / 2.0, doublings + 1);
        }
        let first = Rational::integer(whole as i64).multiply(&two.power(doublings - halvings)?);
        let low = value.subtract(&first).to_f64();
        Some(Self::renormalized(high, low))
    }

    pub(crate) fn is_finite(self) -> bool {
        self.high.is_finite() && self.low.is_finite()
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let (high, error) = two_sum(self.high, other.high);
        let (low, rest) = two_sum(self.low, other.low);
        let first = Self::renormalized(high, error + low);
        Self::renormalized(first.high, first.low + rest)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.opposite())
    }

    pub(crate) fn opposite(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let (high, error) = two_product(self.high, other.high);
        let mixed = self.high.mul_add(other.low, self.low * other.high);
        Self::renormalized(high, error + mixed)
    }

    pub(crate) fn over(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.minus(other.times(Self::of(first)));
        let second = rest.high / other.high;
        let rest = rest.minus(other.times(Self::of(second)));
        let third = rest.high / other.high;
        Self::renormalized(first, second).plus(Self::of(third))
    }

    /// The power with a natural exponent.
    pub(crate) fn natural_power(self, exponent: u64) -> Self {
        let (mut base, mut power, mut left) = (self, Self::ONE, exponent);
        while left > 0 {
            if left & 1 == 1 {
                power = power.times(base);
            }
            base = base.times(base);
            left >>= 1;
        }
        power
    }

    /// The root of a number that is not negative.
    pub(crate) fn root(self) -> Self {
        let first = self.high.sqrt();
        if first == 0.0 || !first.is_finite() {
            return Self::of(first);
        }
        let first = Self::of(first);
        let half = Self::of(0.5);
        let second = first.plus(self.over(first)).times(half);
        second.plus(self.over(second)).times(half)
    }

    pub(crate) fn exponential(self) -> Self {
        if self.high.is_nan() || self.high.abs() > LARGEST_EXPONENT {
            return Self::of(f64::NAN);
        }
        let twos = (self.high / LN_2.high).round();
        let rest = self.minus(LN_2.times(Self::of(twos)));
        let small = rest.times(Self::of(0.5_f64.powi(HALVINGS)));
        // exp(r) - 1, whose digits survive that r is small.
        let (mut term, mut sum) = (small, small);
        for step in 2..=14 {
            term = term.times(small).over(Self::of(f64::from(step)));
            sum = sum.plus(term);
        }
        for _ in 0..HALVINGS {
            // (1 + s)² - 1
            sum = sum.plus(sum).plus(sum.times(sum));
        }
        let value = sum.plus(Self::ONE);
        let factor = 2.0_f64.powi(twos as i32);
        Self { high: value.high * factor, low: value.low * factor }
    }

    /// The natural logarithm of a positive number.
    pub(crate) fn logarithm(self) -> Self {
        let first = self.high.ln();
        if !first.is_finite() {
            return Self::of(first);
        }
        // Two steps of Newton's method for exp(y) = x.
        let mut value = Self::of(first);
        for _ in 0..2 {
            let quotient = self.times(value.opposite().exponential());
            value = value.plus(quotient.minus(Self::ONE));
        }
        value
    }

    /// Cosine and sine.
    pub(crate) fn cosine_and_sine(self) -> (Self, Self) {
        let quarter = PI.times(Self::of(0.5));
        let turns = (self.high / quarter.high).round();
        if !turns.is_finite() || turns.abs() > 1e9 {
            return (Self::of(f64::NAN), Self::of(f64::NAN));
        }
        let rest = self.minus(quarter.times(Self::of(turns)));
        let square = rest.times(rest).opposite();
        let (mut cosine, mut sine) = (Self::ONE, rest);
        let (mut even, mut odd) = (Self::ONE, rest);
        for step in 1..=15 {
            let step = f64::from(step);
            even = even.times(square).over(Self::of((2.0 * step - 1.0) * 2.0 * step));
            odd = odd.times(square).over(Self::of(2.0 * step * (2.0 * step + 1.0)));
            cosine = cosine.plus(even);
            sine = sine.plus(odd);
        }
        match (turns as i64).rem_euclid(4) {
            0 => (cosine, sine),
            1 => (sine.opposite(), cosine),
            2 => (cosine.opposite(), sine.opposite()),
            _ => (sine, cosine.opposite()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn near(left: Double, right: Double) -> bool {
        left.minus(right).high.abs() <= 1e-27 * left.high.abs().max(1.0)
    }

    #[test]
    fn rational_numbers_keep_twice_the_digits() {
        for (above, below) in [(1, 3), (2, 7), (-1, 10), (123_456_789, 1_000_000_007)] {
            let value = Double::from_rational(&Rational::new(above, below).unwrap()).unwrap();
            let back = value.times(Double::of(below as f64));
            assert!(back.minus(Double::of(above as f64)).high.abs() < 1e-22, "{above}/{below}");
            assert!(value.low != 0.0);
        }
        let large = Rational::integer(10).power(30).unwrap().add(&Rational::ONE);
        let large = Double::from_rational(&large).unwrap();
        let power = Double::from_rational(&Rational::integer(10).power(30).unwrap()).unwrap();
        assert_eq!(large.minus(power).high, 1.0);
    }

    #[test]
    fn functions_satisfy_their_equations_to_twice_the_digits() {
        for at in [-3.3, -0.7, 1e-9, 0.01, 0.5, 1.0, 2.2, 17.0] {
            let x = Double::of(at).over(Double::of(3.0));
            let y = Double::of(0.77).over(Double::of(7.0));
            let product = x.exponential().times(y.exponential());
            assert!(near(x.plus(y).exponential(), product), "exp at {at}");
            assert!(near(x.exponential().logarithm(), x), "log at {at}");
            let (cosine, sine) = x.cosine_and_sine();
            let (c, s) = y.cosine_and_sine();
            let (_, sum) = x.plus(y).cosine_and_sine();
            assert!(near(sine.times(c).plus(cosine.times(s)), sum), "sin at {at}");
            let square = x.times(x);
            assert!(near(square.root().times(square.root()), square), "root at {at}");
        }
        // pi = 3.14159265358979323846264338327950288…
        let half = PI.times(Double::of(0.5));
        assert!(half.cosine_and_sine().0.high.abs() < 1e-31);
        // e = 2.71828182845904523536028747135266249775…
        let rest = Double::ONE.exponential().minus(Double::of(std::f64::consts::E));
        assert!((rest.high - 1.445_646_891_729_250_2e-16).abs() < 1e-29);
    }
}
