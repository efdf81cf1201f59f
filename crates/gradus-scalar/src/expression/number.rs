//! Numbers: powers, prime factors.
//!
//! Must not know expressions.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::node::Rational;

/// The most bits of a power of a number.
const MOST_BITS: u64 = 40_000;
/// Prime factors up to here are found.
const GREATEST_DIVISOR: u32 = 4_000;

/// A power with an integer exponent, unless it is too long or divides by zero.
pub(super) fn integer_power(base: &Rational, exponent: &BigInt) -> Option<Rational> {
    if base.is_zero() && exponent.is_negative() {
        return None;
    }
    if base.is_one() {
        return Some(base.clone());
    }
    let bits = base.numer().bits() + base.denom().bits();
    let size = u32::try_from(exponent.abs()).ok()?;
    if (-base).is_one() {
        return Some(if exponent.is_even() { -base } else { base.clone() });
    }
    if u64::from(size).checked_mul(bits)? > MOST_BITS {
        return None;
    }
    let power = Rational::new_raw(base.numer().pow(size), base.denom().pow(size));
    Some(if exponent.is_negative() { power.recip() } else { power })
}

/// A positive number as a product of powers. Small prime factors are found, a remaining factor is
/// taken for prime unless it is a square or a cube.
pub(super) fn factored(number: &Rational) -> Vec<(BigInt, i64)> {
    let mut found = Vec::new();
    factor_into(number.numer(), 1, &mut found);
    factor_into(number.denom(), -1, &mut found);
    found
}

fn factor_into(number: &BigInt, sign: i64, found: &mut Vec<(BigInt, i64)>) {
    let mut rest = number.clone();
    let mut divisor = 2_u32;
    while divisor <= GREATEST_DIVISOR && !rest.is_one() {
        let mut count = 0;
        while (&rest % divisor).is_zero() {
            rest /= divisor;
            count += 1;
        }
        if count > 0 {
            found.push((BigInt::from(divisor), sign * count));
        }
        if BigInt::from(u64::from(divisor) * u64::from(divisor)) > rest {
            break;
        }
        divisor += if divisor == 2 { 1 } else { 2 };
    }
    if rest.is_one() {
        return;
    }
    for degree in [2_u32, 3] {
        let root = rest.nth_root(degree);
        if root.clone().pow(degree) == rest {
            found.push((root, sign * i64::from(degree)));
            return;
        }
    }
    found.push((rest, sign));
}
