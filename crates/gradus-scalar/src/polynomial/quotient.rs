//! Quotients of polynomials, taken apart by the factors of the denominator.
//!
//! Must not know expressions or integrals.

use super::dense::Polynomial;
use super::field::Field;

/// A term `numerator / factor^exponent` of a decomposition; the numerator has a smaller degree than the
/// factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fraction<E> {
    /// The numerator.
    pub numerator: Polynomial<E>,
    /// The place of the factor in the list of factors.
    pub factor: usize,
    /// The exponent, at least one.
    pub exponent: usize,
}

/// A polynomial and fractions that add up to a quotient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decomposition<E> {
    /// The polynomial.
    pub whole: Polynomial<E>,
    /// The fractions, by factor.
    pub fractions: Vec<Fraction<E>>,
}

/// The decomposition of `numerator / product of factor^multiplicity` into a polynomial and fractions,
/// for factors that have no common divisors. `None` where they have.
pub fn partial_fractions<F: Field>(
    numerator: &Polynomial<F::Element>,
    factors: &[(Polynomial<F::Element>, usize)],
    field: &mut F,
) -> Option<Decomposition<F::Element>> {
    let powers: Vec<Polynomial<F::Element>> =
        factors.iter().map(|(factor, exponent)| factor.power(*exponent, field)).collect();
    let mut denominator = Polynomial::of_integers(&[1], field);
    for power in &powers {
        denominator = denominator.multiply(power, field);
    }
    let (whole, mut rest) = numerator.divide(&denominator, field);
    let mut fractions = Vec::new();
    for (at, power) in powers.iter().enumerate() {
        let (others, _) = denominator.divide(power, field);
        // rest/(power*others) = share/power + later/others
        let bezout = others.extended_gcd(power, field);
        if bezout.gcd.degree() != Some(0) {
            return None;
        }
        let (_, share) = rest.multiply(&bezout.first, field).divide(power, field);
        let used = share.multiply(&others, field);
        rest = rest.subtract(&used, field).divide_exactly(power, field)?;
        denominator = others;
        expand(at, &share, &factors[at], field, &mut fractions);
    }
    field.is_sound().then_some(Decomposition { whole, fractions })
}

/// `share / factor^multiplicity` by powers of the factor, the first power first.
fn expand<F: Field>(
    at: usize,
    share: &Polynomial<F::Element>,
    factor: &(Polynomial<F::Element>, usize),
    field: &mut F,
    fractions: &mut Vec<Fraction<F::Element>>,
) {
    let mut digits = Vec::new();
    let mut rest = share.clone();
    for _ in 0..factor.1 {
        let (quotient, digit) = rest.divide(&factor.0, field);
        digits.push(digit);
        rest = quotient;
    }
    for (place, numerator) in digits.into_iter().enumerate().rev() {
        if !numerator.is_zero() {
            fractions.push(Fraction { numerator, factor: at, exponent: factor.1 - place });
        }
    }
}
