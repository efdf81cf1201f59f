//! Whether an expression is zero, and what sign a constant has.
//!
//! Must not know limits. The normal form decides where it finds zero; else values to many digits do.

use num_traits::Zero as _;

use super::arena::Arena;
use super::node::{ExprId, Rational, Sign};

/// The verdict on whether an expression is zero for all values of the variable and of the symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// It is zero, by exact rewriting.
    Yes,
    /// It is not zero: a value to many digits is further from zero than its error.
    No,
    /// Its value has 200 zero digits, and no rewriting shows why.
    AssumedYes,
    /// It could be evaluated nowhere.
    AssumedNo,
}

impl Zero {
    /// Whether to go on as with zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Yes | Self::AssumedYes)
    }

    /// Whether the verdict is no more than an assumption.
    #[must_use]
    pub const fn is_assumed(self) -> bool {
        matches!(self, Self::AssumedYes | Self::AssumedNo)
    }
}

/// Bits for about 60 digits.
const SHORT: usize = 220;
/// Bits for about 200 digits and room for cancellation.
const LONG: usize = 900;
/// Bits of 200 digits.
const BITS_OF_ZERO: f64 = 665.0;

/// Places at which expressions are evaluated: nothing special happens there.
const PLACES: [(i64, i64); 8] = [
    (27_182_749, 9_999_991),
    (53_333_311, 9_999_973),
    (13_131_313, 9_999_971),
    (113_171_923, 9_999_943),
    (3_716_237, 9_999_937),
    (317_171_713, 9_999_931),
    (-17_171_747, 9_999_929),
    (-3_131_337, 9_999_907),
];

impl Arena {
    /// Whether the expression is zero for all values of the variable and of the symbols.
    pub fn is_zero(&mut self, id: ExprId) -> Zero {
        if id == Self::ZERO {
            return Zero::Yes;
        }
        if self.sign(id).is_nonzero() {
            return Zero::No;
        }
        if self.is_nonzero_somewhere(id, SHORT) {
            return Zero::No;
        }
        if self.normal(id) == Self::ZERO {
            return Zero::Yes;
        }
        if self.is_nonzero_somewhere(id, LONG) {
            return Zero::No;
        }
        let is_near = (0..PLACES.len()).any(|at| {
            let (variable, parameters) = self.place(at);
            let value = self.precise(id, &variable, &parameters, LONG);
            value.is_some_and(|value| value.is_nearly_zero(BITS_OF_ZERO))
        });
        if is_near { Zero::AssumedYes } else { Zero::AssumedNo }
    }

    fn is_nonzero_somewhere(&mut self, id: ExprId, bits: usize) -> bool {
        let mut found = 0;
        for at in 0..PLACES.len() {
            let (variable, parameters) = self.place(at);
            if let Some(value) = self.precise(id, &variable, &parameters, bits) {
                if value.certain_sign().is_some() {
                    return true;
                }
                found += 1;
            }
            if found == 2 {
                return false;
            }
        }
        false
    }

    /// Values for the variable and the symbols, with their signs.
    fn place(&self, at: usize) -> (Rational, Vec<Rational>) {
        let of = |at: usize, sign: Sign| {
            let (numerator, denominator) = PLACES[at % PLACES.len()];
            let numerator = match sign {
                Sign::Positive | Sign::NonNegative => numerator.abs(),
                Sign::Negative | Sign::NonPositive => -numerator.abs(),
                Sign::Zero => 0,
                Sign::Unknown => numerator,
            };
            Rational::new(numerator.into(), denominator.into())
        };
        let parameters = self
            .parameters()
            .iter()
            .enumerate()
            .map(|(number, parameter)| {
                let shift = Rational::new(i64::try_from(number).unwrap_or(0).into(), 7.into());
                let value = of(at + number + 1, parameter.sign);
                let sign = if value < Rational::zero() { -shift } else { shift };
                value + sign
            })
            .collect();
        (of(at, self.sign(Self::VARIABLE)), parameters)
    }

    /// The sign of an expression without the variable, from its form or from its value to many digits.
    /// `None` where symbols leave it open.
    pub fn constant_sign(&mut self, id: ExprId) -> Option<Sign> {
        let sign = self.sign(id);
        if sign.is_nonzero() || sign == Sign::Zero {
            return Some(sign);
        }
        if self.reachable(id).iter().any(|at| self.is_symbol(*at)) {
            return match self.is_zero(id) {
                Zero::Yes => Some(Sign::Zero),
                _ => self.sign_of_factors(id),
            };
        }
        for bits in [SHORT, LONG] {
            let value = self.precise(id, &Rational::zero(), &[], bits)?;
            if let Some(sign) = value.certain_sign() {
                return Some(if sign > 0 { Sign::Positive } else { Sign::Negative });
            }
        }
        Some(Sign::Zero)
    }

    fn is_symbol(&self, id: ExprId) -> bool {
        matches!(self.node(id), super::node::Node::Variable | super::node::Node::Parameter(_))
    }

    /// The sign of a product from those of its factors, each as far as its form says.
    fn sign_of_factors(&mut self, id: ExprId) -> Option<Sign> {
        let normal = self.normal(id);
        let sign = self.sign(normal);
        sign.is_nonzero().then_some(sign)
    }

    /// The value of an expression without variable and symbols.
    pub fn constant_value(&mut self, id: ExprId) -> Option<f64> {
        Some(self.precise(id, &Rational::zero(), &[], SHORT)?.to_f64())
    }

    /// The value at a number for the variable, to many digits and rounded; no symbols.
    pub fn value_at(&mut self, id: ExprId, variable: &Rational) -> Option<f64> {
        Some(self.precise(id, variable, &[], SHORT)?.to_f64())
    }
}

/// A value that is known to about six digits.
const USEFUL_BITS: f64 = 20.0;

impl Arena {
    /// The value at a number for the variable, with numbers of their signs for the symbols: to many
    /// digits, then rounded. `None` where it is not known well.
    pub fn sample(&mut self, id: ExprId, variable: &Rational) -> Option<f64> {
        let (_, parameters) = self.place(0);
        let value = self.precise(id, variable, &parameters, LONG)?;
        value.is_known_to(USEFUL_BITS).then(|| value.to_f64())
    }
}
