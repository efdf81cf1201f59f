//! Bounds of real numbers.
//!
//! Must not know networks.

use gradus_tensor::Rational;

/// Where the entries of an array lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    /// They are at least this.
    pub(crate) lower: Option<Rational>,
    /// They are at most this.
    pub(crate) upper: Option<Rational>,
    /// None of them is zero.
    pub(crate) nonzero: bool,
}

impl Interval {
    /// All numbers.
    pub(crate) const ANY: Self = Self { lower: None, upper: None, nonzero: false };

    /// At least zero.
    pub(crate) fn nonnegative() -> Self {
        Self { lower: Some(Rational::ZERO), upper: None, nonzero: false }
    }

    /// Greater than zero.
    pub(crate) fn positive() -> Self {
        Self { nonzero: true, ..Self::nonnegative() }
    }

    /// One number.
    pub(crate) fn number(value: &Rational) -> Self {
        let bound = Some(value.clone());
        Self { lower: bound.clone(), upper: bound, nonzero: !value.is_zero() }
    }

    pub(crate) fn is_nonnegative(&self) -> bool {
        self.lower.as_ref().is_some_and(|lower| !lower.is_negative())
    }

    pub(crate) fn is_nonpositive(&self) -> bool {
        self.upper.as_ref().is_some_and(|upper| upper.is_negative() || upper.is_zero())
    }

    pub(crate) fn is_positive(&self) -> bool {
        self.is_nonnegative() && self.is_nonzero()
    }

    pub(crate) fn is_nonzero(&self) -> bool {
        let away = |bound: &Option<Rational>, negative: bool| {
            bound.as_ref().is_some_and(|it| !it.is_zero() && it.is_negative() == negative)
        };
        self.nonzero || away(&self.lower, false) || away(&self.upper, true)
    }

    pub(crate) fn negate(&self) -> Self {
        let negate = |bound: &Option<Rational>| bound.as_ref().map(Rational::negate);
        Self { lower: negate(&self.upper), upper: negate(&self.lower), nonzero: self.nonzero }
    }

    pub(crate) fn times(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::number(&Rational::ZERO);
        }
        let turned = if factor.is_negative() { self.negate() } else { self.clone() };
        let size = factor.abs();
        let scale = |bound: Option<Rational>| bound.map(|bound| bound.multiply(&size));
        Self { lower: scale(turned.lower), upper: scale(turned.upper), nonzero: self.nonzero }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let add = |a: &Option<Rational>, b: &Option<Rational>| {
            a.as_ref().zip(b.as_ref()).map(|(a, b)| a.add(b))
        };
        let positive = self.is_nonnegative() && other.is_nonnegative();
        let negative = self.is_nonpositive() && other.is_nonpositive();
        Self {
            lower: add(&self.lower, &other.lower),
            upper: add(&self.upper, &other.upper),
            nonzero: (positive || negative) && (self.is_nonzero() || other.is_nonzero()),
        }
    }

    /// Of products of entries, of which signs and, of bounded ones at least zero, the bounds are kept.
    pub(crate) fn product(&self, other: &Self) -> Self {
        let nonzero = self.is_nonzero() && other.is_nonzero();
        if self.is_nonpositive() && !self.is_nonnegative() {
            return self.negate().product(other).negate();
        }
        if other.is_nonpositive() && !other.is_nonnegative() {
            return self.product(&other.negate()).negate();
        }
        match (self.is_nonnegative(), other.is_nonnegative()) {
            (true, true) => {
                let both = |a: &Option<Rational>, b: &Option<Rational>| {
                    a.as_ref().zip(b.as_ref()).map(|(a, b)| a.multiply(b))
                };
                let lower = both(&self.lower, &other.lower);
                Self { lower, upper: both(&self.upper, &other.upper), nonzero }
            }
            _ => Self { nonzero, ..Self::ANY },
        }
    }

    /// Of entrywise powers.
    pub(crate) fn power(&self, exponent: &Rational) -> Self {
        let Some(whole) = exponent.to_i64() else {
            return match self.is_positive() || exponent.is_negative() {
                true => Self::positive(),
                false => Self::nonnegative(),
            };
        };
        let nonzero = self.is_nonzero() || whole < 0;
        if whole % 2 == 0 {
            let size = self.largest();
            let upper = size.filter(|_| whole > 0).and_then(|size| size.power(whole));
            return Self { lower: Some(Rational::ZERO), upper, nonzero };
        }
        if whole < 0 {
            return match (self.is_nonnegative(), self.is_nonpositive()) {
                (true, _) => Self::positive(),
                (_, true) => Self::positive().negate(),
                _ => Self { nonzero, ..Self::ANY },
            };
        }
        // Odd powers grow.
        let grown = |bound: &Option<Rational>| bound.as_ref().and_then(|bound| bound.power(whole));
        Self { lower: grown(&self.lower), upper: grown(&self.upper), nonzero }
    }

    /// The greatest modulus.
    fn largest(&self) -> Option<Rational> {
        let (lower, upper) = (self.lower.as_ref()?.abs(), self.upper.as_ref()?.abs());
        Some(if upper.subtract(&lower).is_negative() { lower } else { upper })
    }

    /// What lies in both.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        let pick = |a: &Option<Rational>, b: &Option<Rational>, greater: bool| match (a, b) {
            (Some(a), Some(b)) => Some(match b.subtract(a).is_negative() == greater {
                true => a.clone(),
                false => b.clone(),
            }),
            (bound, None) | (None, bound) => bound.clone(),
        };
        Self {
            lower: pick(&self.lower, &other.lower, true),
            upper: pick(&self.upper, &other.upper, false),
            nonzero: self.nonzero || other.nonzero,
        }
    }

    /// Of sums over an index, of which only the sign is kept.
    pub(crate) fn summed(&self) -> Self {
        let zero = || Some(Rational::ZERO);
        Self {
            lower: if self.is_nonnegative() { zero() } else { None },
            upper: if self.is_nonpositive() { zero() } else { None },
            nonzero: self.is_nonzero() && (self.is_nonnegative() || self.is_nonpositive()),
        }
    }
}
