//! What the form of an expression says about its sign.
//!
//! Must not know values.

use num_traits::Signed;

use super::arena::Arena;
use super::node::{ExprId, Factor, Function, Sign, Term};

impl Sign {
    /// Zero or greater.
    #[must_use]
    pub const fn is_nonnegative(self) -> bool {
        matches!(self, Self::Positive | Self::NonNegative | Self::Zero)
    }

    /// Zero or less.
    #[must_use]
    pub const fn is_nonpositive(self) -> bool {
        matches!(self, Self::Negative | Self::NonPositive | Self::Zero)
    }

    /// Not zero.
    #[must_use]
    pub const fn is_nonzero(self) -> bool {
        matches!(self, Self::Positive | Self::Negative)
    }

    /// The sign of the negative.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Positive => Self::Negative,
            Self::NonNegative => Self::NonPositive,
            Self::Zero => Self::Zero,
            Self::NonPositive => Self::NonNegative,
            Self::Negative => Self::Positive,
            Self::Unknown => Self::Unknown,
        }
    }

    const fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Zero, sign) | (sign, Self::Zero) => sign,
            (Self::Positive, Self::Positive | Self::NonNegative)
            | (Self::NonNegative, Self::Positive) => Self::Positive,
            (Self::NonNegative, Self::NonNegative) => Self::NonNegative,
            (Self::Negative, Self::Negative | Self::NonPositive)
            | (Self::NonPositive, Self::Negative) => Self::Negative,
            (Self::NonPositive, Self::NonPositive) => Self::NonPositive,
            _ => Self::Unknown,
        }
    }

    const fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::Zero, _) | (_, Self::Zero) => Self::Zero,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Positive, sign) | (sign, Self::Positive) => sign,
            (Self::Negative, sign) | (sign, Self::Negative) => sign.negated(),
            (Self::NonNegative, sign) | (sign, Self::NonNegative) => sign,
            (Self::NonPositive, Self::NonPositive) => Self::NonNegative,
        }
    }
}

impl Arena {
    pub(super) fn sign_of_sum(&self, terms: &[Term]) -> Sign {
        terms.iter().fold(Sign::Zero, |sign, term| {
            let base = self.sign(term.base);
            sign.plus(if term.coefficient.is_negative() { base.negated() } else { base })
        })
    }

    pub(super) fn sign_of_product(&self, factors: &[Factor]) -> Sign {
        factors.iter().fold(Sign::Positive, |sign, factor| {
            sign.times(self.sign_of_power(factor.base, factor.exponent))
        })
    }

    fn sign_of_power(&self, base: ExprId, exponent: ExprId) -> Sign {
        let sign = self.sign(base);
        if sign == Sign::Positive {
            return Sign::Positive;
        }
        let Some(number) = self.as_number(exponent) else {
            return if sign == Sign::Negative { Sign::Unknown } else { Sign::NonNegative };
        };
        let is_even = number.is_integer() && !number.numer().bit(0);
        let is_odd = number.is_integer() && !is_even;
        match sign {
            _ if is_odd => sign,
            Sign::Negative if is_even => Sign::Positive,
            _ if number.is_negative() => Sign::Positive,
            _ => Sign::NonNegative,
        }
    }

    pub(super) fn sign_of_call(&self, function: Function, argument: ExprId) -> Sign {
        let sign = self.sign(argument);
        match function {
            Function::Exp | Function::Cosh | Function::Erfcx => Sign::Positive,
            Function::Abs if sign.is_nonzero() => Sign::Positive,
            Function::Abs | Function::Acos | Function::Acosh => Sign::NonNegative,
            Function::Sinh
            | Function::Tanh
            | Function::Asinh
            | Function::Atanh
            | Function::Asin
            | Function::Atan
            | Function::Erf
            | Function::Sign => sign,
            Function::Log => self.sign_of_logarithm(argument),
            Function::Sin | Function::Cos | Function::Tan => Sign::Unknown,
        }
    }

    fn sign_of_logarithm(&self, argument: ExprId) -> Sign {
        match self.as_number(argument) {
            Some(number) if *number > super::node::Rational::from_integer(1.into()) => {
                Sign::Positive
            }
            Some(number) if number.is_positive() => Sign::Negative,
            _ => Sign::Unknown,
        }
    }
}
