//! Natural roots of polynomials in dimensions, where there is exactly one.
//!
//! Must not know what the names stand for, except that it is a natural number, at least 1.

use gradus_tensor::{DimensionName, Polynomial, Rational};

/// Roots beyond this are not looked for.
const LARGEST_ROOT: i64 = 1 << 40;

/// The highest power of a name that is looked at.
const MAXIMUM_POWER: u32 = 16;

/// Whether `unknown = other` is the only solution of `polynomial = 0`: `unknown - other` is a factor,
/// and the other factor has terms of one sign only, so that it is never zero.
pub(crate) fn only_root(
    polynomial: &Polynomial,
    unknown: DimensionName,
    other: DimensionName,
) -> bool {
    let Some(coefficients) = coefficients(polynomial, unknown) else { return false };
    let root = Polynomial::variable(other);
    // Division by `unknown - other`, from the highest power down.
    let mut quotient: Vec<Polynomial> = Vec::with_capacity(coefficients.len());
    let mut carried = Polynomial::zero();
    for coefficient in coefficients.iter().rev() {
        carried = coefficient.add(&carried.multiply(&root));
        quotient.push(carried.clone());
    }
    let remainder = quotient.pop();
    if remainder.is_none_or(|remainder| !remainder.0.is_empty()) {
        return false;
    }
    let signs: Vec<bool> = quotient
        .iter()
        .flat_map(|part| part.0.iter().map(|(_, coefficient)| coefficient.is_negative()))
        .collect();
    !signs.is_empty() && signs.windows(2).all(|pair| pair[0] == pair[1])
}

/// The natural number that solves an equation in one name, if its terms change their sign once in the
/// order of powers, so that there is at most one positive solution. `Some(None)` if that is no natural
/// number; `None` if nothing can be said.
pub(crate) fn natural_root(polynomial: &Polynomial) -> Option<Option<Rational>> {
    let name = polynomial.names().next()?;
    let coefficients = coefficients(polynomial, name)?;
    let constants: Vec<Rational> = coefficients
        .iter()
        .map(|coefficient| {
            if coefficient.0.is_empty() { Some(Rational::ZERO) } else { coefficient.as_constant() }
        })
        .collect::<Option<_>>()?;
    let signs: Vec<bool> = constants
        .iter()
        .filter(|constant| !constant.is_zero())
        .map(Rational::is_negative)
        .collect();
    if signs.windows(2).filter(|pair| pair[0] != pair[1]).count() != 1 {
        return None;
    }
    // Below the root the sign is that of the lowest power, above it that of the highest.
    let low = *signs.first()?;
    let value = |at: i64| {
        let at = Rational::integer(at);
        constants.iter().rev().fold(Rational::ZERO, |sum, constant| sum.multiply(&at).add(constant))
    };
    let (mut below, mut above) = (0_i64, LARGEST_ROOT);
    if value(above).is_negative() == low {
        return None;
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        let found = value(middle);
        if found.is_zero() {
            return Some(Some(Rational::integer(middle)));
        }
        if found.is_negative() == low {
            below = middle;
        } else {
            above = middle;
        }
    }
    Some(None)
}

/// The coefficients of the powers of a name, from power 0 up.
fn coefficients(polynomial: &Polynomial, of: DimensionName) -> Option<Vec<Polynomial>> {
    let mut coefficients: Vec<Polynomial> = Vec::new();
    for (monomial, coefficient) in &polynomial.0 {
        let power = monomial.iter().find(|(name, _)| *name == of).map_or(0, |(_, power)| *power);
        if power > MAXIMUM_POWER {
            return None;
        }
        let rest = monomial.iter().filter(|(name, _)| *name != of).copied().collect();
        let at = power as usize;
        if coefficients.len() <= at {
            coefficients.resize(at + 1, Polynomial::zero());
        }
        coefficients[at] = coefficients[at].add(&Polynomial(vec![(rest, coefficient.clone())]));
    }
    Some(coefficients)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn variable(at: u32) -> Polynomial {
        Polynomial::variable(DimensionName(at))
    }

    /// `x*(x + 1)`
    fn triangle(x: &Polynomial) -> Polynomial {
        x.multiply(&x.add(&Polynomial::constant(Rational::ONE)))
    }

    #[test]
    fn triangular_numbers_have_one_root() {
        let (u, n) = (variable(0), variable(1));
        let difference = triangle(&u).subtract(&triangle(&n));
        assert!(only_root(&difference, DimensionName(0), DimensionName(1)));
        let other = u.multiply(&u).subtract(&triangle(&n));
        assert!(!only_root(&other, DimensionName(0), DimensionName(1)));
    }

    #[test]
    fn a_factor_that_may_vanish_decides_nothing() {
        let (u, n, m) = (variable(0), variable(1), variable(2));
        let difference = u.subtract(&n).multiply(&u.subtract(&m));
        assert!(!only_root(&difference, DimensionName(0), DimensionName(1)));
    }

    #[test]
    fn numbers_are_found() {
        let u = variable(0);
        let minus = |value: i64| Polynomial::constant(Rational::integer(-value));
        assert_eq!(natural_root(&triangle(&u).add(&minus(12))), Some(Some(Rational::integer(3))));
        assert_eq!(natural_root(&triangle(&u).add(&minus(11))), Some(None));
        assert_eq!(natural_root(&u.multiply(&u).add(&minus(9))), Some(Some(Rational::integer(3))));
    }
}
