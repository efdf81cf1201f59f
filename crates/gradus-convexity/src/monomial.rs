//! Products of powers: where they are convex and where concave.
//!
//! Must not know networks.

use gradus_tensor::Rational;

use crate::analysis::Known;
use crate::bend::Bend;

/// A factor: what is known of the base, and the exponent.
pub(crate) type Power<'a> = (&'a Known, Rational);

/// How the product of powers bends, and the least power in which it is convex.
///
/// On positive numbers `Π uᵢ^pᵢ` is concave if no exponent is negative and they add up to at most one;
/// it is convex if none is positive, or one is and all add up to at least one. It grows with the bases
/// of positive exponents and falls with the others. A single even power is convex everywhere.
pub(crate) fn monomial(factors: &[Power<'_>]) -> (Bend, Option<Rational>) {
    if let [(base, exponent)] = factors {
        return power(base, exponent);
    }
    let total = factors.iter().fold(Rational::ZERO, |sum, (_, exponent)| sum.add(exponent));
    let positive = |(_, exponent): &&Power<'_>| !exponent.is_negative();
    let rising = factors.iter().filter(positive).count();
    let at_least = |value: &Rational, least: &Rational| !value.subtract(least).is_negative();
    if rising == factors.len() && at_least(&Rational::ONE, &total) {
        let fits = |(base, _): &Power<'_>| base.entries.is_concave() && base.range.is_nonnegative();
        let bend = if factors.iter().all(fits) { Bend::Concave } else { Bend::Unknown };
        return (bend, None);
    }
    let falls = |(base, exponent): &Power<'_>| {
        exponent.is_negative() && base.entries.is_concave() && base.range.is_nonnegative()
    };
    if rising == 0 {
        let bend = if factors.iter().all(falls) { Bend::Convex } else { Bend::Unknown };
        return (bend, None);
    }
    let (rises, others): (Vec<&Power<'_>>, Vec<&Power<'_>>) =
        factors.iter().partition(|(_, exponent)| !exponent.is_negative());
    let [(base, exponent)] = rises.as_slice() else { return (Bend::Unknown, None) };
    // The base is a power of a convex one at least zero, which takes the exponent of both.
    let least = match is_modulus(base, exponent) {
        true => Some(Rational::ONE),
        false => base.least_convex_power(),
    };
    let Some(least) = least else { return (Bend::Unknown, None) };
    let falling = total.subtract(exponent);
    if !others.into_iter().all(falls) {
        return (Bend::Unknown, None);
    }
    match exponent.divide(&least).map(|own| own.add(&falling)) {
        // Where every power is convex, so is every product.
        None => (Bend::Convex, None),
        Some(whole) if at_least(&whole, &Rational::ONE) => (Bend::Convex, whole.reciprocal()),
        Some(_) => (Bend::Unknown, None),
    }
}

/// Whether a power is that of the modulus of an affine base.
fn is_modulus(base: &Known, exponent: &Rational) -> bool {
    base.entries.is_affine() && exponent.to_i64().is_some_and(|whole| whole % 2 == 0)
}

fn power(base: &Known, exponent: &Rational) -> (Bend, Option<Rational>) {
    let (range, entries) = (&base.range, base.entries);
    if exponent.is_one() {
        return (entries, base.least_power.clone());
    }
    let at_least = |least: &Rational| !exponent.subtract(least).is_negative();
    if exponent.is_negative() {
        let whole = exponent.to_i64();
        if entries.is_concave() && range.is_nonnegative() {
            return (Bend::Convex, Some(Rational::ZERO));
        }
        if entries.is_convex() && range.is_nonpositive() && whole.is_some() {
            let even = whole.is_some_and(|whole| whole % 2 == 0);
            return (if even { Bend::Convex } else { Bend::Concave }, None);
        }
        return (Bend::Unknown, None);
    }
    if is_modulus(base, exponent) {
        return (Bend::Convex, exponent.reciprocal());
    }
    if let Some(least) = base.least_convex_power()
        && at_least(&least)
    {
        return (Bend::Convex, least.divide(exponent));
    }
    let even = exponent.to_i64().is_some_and(|whole| whole % 2 == 0);
    let odd = exponent.is_integer() && !even;
    if entries.is_concave() && range.is_nonpositive() && exponent.is_integer() {
        return (if odd { Bend::Concave } else { Bend::Convex }, None);
    }
    let at_most_one = !Rational::ONE.subtract(exponent).is_negative();
    if at_most_one && entries.is_concave() && range.is_nonnegative() {
        return (Bend::Concave, None);
    }
    (Bend::Unknown, None)
}
