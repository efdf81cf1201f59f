//! Real roots of polynomials over the rational numbers, isolated by Sturm's theorem.
//!
//! Must not know expressions.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::dense::Polynomial;
use super::factor::primitive;
use super::field::Rationals;

/// A root between two numbers: exactly one root is in the half-open interval `(low, high]`; where both
/// are equal, it is that number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isolated {
    /// The lower end.
    pub low: BigRational,
    /// The upper end.
    pub high: BigRational,
}

/// The distinct real roots in `(low, high]`, rising, each in an interval no longer than `width`.
/// `None` ends are infinite.
#[must_use]
pub fn real_roots(
    polynomial: &Polynomial<BigRational>,
    low: Option<&BigRational>,
    high: Option<&BigRational>,
    width: &BigRational,
) -> Vec<Isolated> {
    if polynomial.is_constant() {
        return Vec::new();
    }
    let chain = sturm_chain(polynomial);
    let bound = root_bound(polynomial);
    let low = low.map_or_else(|| -&bound, |it| it.max(&-&bound).clone());
    let high = high.map_or_else(|| bound.clone(), |it| it.min(&bound).clone());
    let mut found = Vec::new();
    if low >= high {
        return found;
    }
    let two = BigRational::from_integer(2.into());
    let mut open = vec![(low, high)];
    while let Some((low, high)) = open.pop() {
        let count = changes(&chain, &low).saturating_sub(changes(&chain, &high));
        if count == 0 {
            continue;
        }
        if count == 1 && &high - &low <= *width {
            let is_exact = polynomial.evaluate(&high, &mut Rationals).is_zero();
            found.push(Isolated { low: if is_exact { high.clone() } else { low }, high });
            continue;
        }
        let middle = (&low + &high) / &two;
        open.push((middle.clone(), high));
        open.push((low, middle));
    }
    found
}

/// All real roots are strictly inside plus or minus this (Cauchy).
fn root_bound(polynomial: &Polynomial<BigRational>) -> BigRational {
    let Some(leading) = polynomial.leading() else { return BigRational::one() };
    let greatest = polynomial
        .coefficients()
        .iter()
        .map(|it| (it / leading).abs())
        .max()
        .unwrap_or_else(BigRational::zero);
    (greatest + BigRational::one()).ceil()
}

fn sturm_chain(polynomial: &Polynomial<BigRational>) -> Vec<Polynomial<BigRational>> {
    let field = &mut Rationals;
    let slope = polynomial.derivative(field);
    let gcd = polynomial.gcd(&slope, field);
    let (square_free, _) = polynomial.divide(&gcd, field);
    let mut chain = vec![square_free.clone(), square_free.derivative(field)];
    while let [.., a, b] = chain.as_slice() {
        if b.is_zero() {
            chain.pop();
            break;
        }
        let (_, rest) = a.divide(b, field);
        // Only signs matter: a positive factor keeps the numbers short.
        let shortened = primitive(&rest);
        let is_negative = rest.leading().is_some_and(BigRational::is_negative);
        let minus = BigRational::from_integer((-1).into());
        chain.push(if is_negative { shortened } else { shortened.scale(&minus, field) });
    }
    chain
}

/// Changes of sign along the chain.
fn changes(chain: &[Polynomial<BigRational>], at: &BigRational) -> usize {
    let mut last = None;
    let mut count = 0;
    for member in chain {
        let value = member.evaluate(at, &mut Rationals);
        if value.is_zero() {
            continue;
        }
        let is_positive = value.is_positive();
        if last.is_some_and(|before| before != is_positive) {
            count += 1;
        }
        last = Some(is_positive);
    }
    count
}
