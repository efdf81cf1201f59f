//! Factors over the rational numbers.
//!
//! Must not know expressions. The method is that of Zassenhaus with one large prime in place of lifting:
//! modulo a prime above twice the bound of all coefficients of factors (Mignotte), the true factors are
//! products of the modular ones; each is tried by division.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::dense::Polynomial;
use super::field::Rationals;
use super::modular::{PrimeField, Residues, is_prime};

/// Polynomials of greater degree are not factored.
pub const MOST_DEGREE: usize = 48;
/// The most products of modular factors that are tried.
const MOST_TRIALS: usize = 20_000;
/// Primes are below this power of two.
const MOST_BITS: u64 = 61;

/// A polynomial as a number times powers of irreducible polynomials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factorisation {
    /// The number.
    pub unit: BigRational,
    /// The factors: coprime integer coefficients, the leading one positive; by degree, then by
    /// coefficients; with their multiplicities.
    pub factors: Vec<(Polynomial<BigRational>, usize)>,
    /// Whether every factor is known to be irreducible. False where a limit was met.
    pub is_complete: bool,
}

/// The factors of a polynomial that is not zero. Beyond the limits factors may be reducible, and the
/// result says so.
#[must_use]
pub fn factor(polynomial: &Polynomial<BigRational>) -> Factorisation {
    let mut factors = Vec::new();
    let mut is_complete = true;
    for (part, multiplicity) in polynomial.square_free(&mut Rationals) {
        let part = primitive(&part);
        match factors_of_square_free(&part) {
            Some(found) => factors.extend(found.into_iter().map(|it| (it, multiplicity))),
            None => {
                is_complete = false;
                factors.push((part, multiplicity));
            }
        }
    }
    factors.sort_by(|(a, _), (b, _)| {
        (a.degree(), a.coefficients()).cmp(&(b.degree(), b.coefficients()))
    });
    let mut unit = polynomial.leading().cloned().unwrap_or_else(BigRational::zero);
    for (part, multiplicity) in &factors {
        for _ in 0..*multiplicity {
            if let Some(leading) = part.leading() {
                unit /= leading;
            }
        }
    }
    Factorisation { unit, factors, is_complete }
}

/// The polynomial times the number that makes its coefficients coprime integers, the leading one
/// positive.
pub(super) fn primitive(polynomial: &Polynomial<BigRational>) -> Polynomial<BigRational> {
    let mut numerator = BigInt::zero();
    let mut denominator = BigInt::one();
    for coefficient in polynomial.coefficients() {
        numerator = numerator.gcd(coefficient.numer());
        denominator = denominator.lcm(coefficient.denom());
    }
    if numerator.is_zero() {
        return polynomial.clone();
    }
    let mut by = BigRational::new(denominator, numerator);
    if polynomial.leading().is_some_and(BigRational::is_negative) {
        by = -by;
    }
    polynomial.scale(&by, &mut Rationals)
}

/// The irreducible factors of a primitive square-free polynomial; `None` beyond the limits.
fn factors_of_square_free(
    polynomial: &Polynomial<BigRational>,
) -> Option<Vec<Polynomial<BigRational>>> {
    let degree = polynomial.degree()?;
    if degree <= 1 {
        return Some(vec![polynomial.clone()]);
    }
    if degree > MOST_DEGREE {
        return None;
    }
    let integers: Vec<BigInt> =
        polynomial.coefficients().iter().map(|it| it.numer().clone()).collect();
    let field = PrimeField { prime: suitable_prime(&integers)? };
    let modular = {
        let residues: Residues = integers.iter().map(|it| residue(it, field.prime)).collect();
        let leading = *residues.last()?;
        let inverse = field.power(leading, field.prime - 2);
        let monic: Residues = residues.iter().map(|it| field.multiply(*it, inverse)).collect();
        field.factors(&monic)
    };
    recombine(polynomial, modular, field)
}

/// A prime above twice the bound of the coefficients of all factors, modulo which the polynomial has
/// its degree and stays square-free.
fn suitable_prime(integers: &[BigInt]) -> Option<u64> {
    let degree = integers.len() - 1;
    let norm: BigInt = integers.iter().map(|it| it * it).sum::<BigInt>().sqrt() + 1;
    let leading = integers.last()?.abs();
    let bound: BigInt = (norm * leading * 2) << degree;
    if bound.bits() >= MOST_BITS {
        return None;
    }
    let mut candidate = bound.to_u64()?.max(1 << 20) | 1;
    for _ in 0..2_000 {
        candidate += 2;
        if !is_prime(candidate) {
            continue;
        }
        let field = PrimeField { prime: candidate };
        let residues: Residues = integers.iter().map(|it| residue(it, candidate)).collect();
        if residues.last() == Some(&0) {
            continue;
        }
        if field.gcd(&residues, &field.derivative(&residues)).len() == 1 {
            return Some(candidate);
        }
    }
    None
}

fn residue(number: &BigInt, prime: u64) -> u64 {
    number.mod_floor(&BigInt::from(prime)).to_u64().unwrap_or(0)
}

/// Products of modular factors that are true factors, the smallest products first.
fn recombine(
    polynomial: &Polynomial<BigRational>,
    mut modular: Vec<Residues>,
    field: PrimeField,
) -> Option<Vec<Polynomial<BigRational>>> {
    let mut found = Vec::new();
    let mut rest = polynomial.clone();
    let mut trials = 0;
    let mut size = 1;
    modular.sort();
    while 2 * size <= modular.len() {
        let mut chosen: Vec<usize> = (0..size).collect();
        let mut hit = None;
        loop {
            trials += 1;
            if trials > MOST_TRIALS {
                return None;
            }
            if let Some(factor) = try_product(&rest, &modular, &chosen, field) {
                hit = Some(factor);
                break;
            }
            if !advance(&mut chosen, modular.len()) {
                break;
            }
        }
        match hit {
            Some((factor, quotient)) => {
                found.push(factor);
                rest = quotient;
                let mut at = 0;
                modular.retain(|_| {
                    at += 1;
                    !chosen.contains(&(at - 1))
                });
            }
            None => size += 1,
        }
    }
    if !rest.is_constant() {
        found.push(rest);
    }
    Some(found)
}

/// The next set of places, in lexicographic order.
fn advance(chosen: &mut [usize], count: usize) -> bool {
    let size = chosen.len();
    let Some(at) = (0..size).rev().find(|at| chosen[*at] < count - size + at) else {
        return false;
    };
    chosen[at] += 1;
    for next in at + 1..size {
        chosen[next] = chosen[next - 1] + 1;
    }
    true
}

fn try_product(
    rest: &Polynomial<BigRational>,
    modular: &[Residues],
    chosen: &[usize],
    field: PrimeField,
) -> Option<(Polynomial<BigRational>, Polynomial<BigRational>)> {
    let leading = rest.leading()?.numer().clone();
    let mut product = vec![residue(&leading, field.prime)];
    for at in chosen {
        product = field.product(&product, &modular[*at]);
    }
    let coefficients = product
        .into_iter()
        .map(|it| {
            let number = BigInt::from(it);
            let is_upper = it > field.prime / 2;
            BigRational::from_integer(if is_upper { number - field.prime } else { number })
        })
        .collect();
    let candidate = primitive(&Polynomial::new(coefficients, &mut Rationals));
    let quotient = rest.divide_exactly(&candidate, &mut Rationals)?;
    Some((candidate, primitive(&quotient)))
}
