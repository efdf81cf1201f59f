//! Rational numbers as they stand in formulas: integers over integers, never decimals.
//!
//! Must not know formulas.

use gradus_tensor::Rational;

/// The magnitude of a number as text.
pub(crate) struct Parts {
    /// The numerator.
    pub(crate) numerator: String,
    /// The denominator where it is not one.
    pub(crate) denominator: Option<String>,
}

impl Parts {
    /// The parts of the magnitude of a number.
    pub(crate) fn of(number: &Rational) -> Self {
        let (numerator, denominator) = match number.abs().to_pair() {
            Some((numerator, denominator)) => (numerator.to_string(), denominator.to_string()),
            None => {
                let big = number.abs().to_big();
                (big.numer().to_string(), big.denom().to_string())
            }
        };
        Self { numerator, denominator: (!number.is_integer()).then_some(denominator) }
    }
}
