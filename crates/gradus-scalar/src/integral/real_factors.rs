//! Real factors of degree one and two of polynomials that have no rational ones.
//!
//! Must not know integrals.

use num_traits::{Signed, Zero};

use super::constants::Constants;
use super::shape::{self, Coefficients};
use crate::expression::{Arena, ExprId, Function, Rational};
use crate::polynomial::{Polynomial, Rationals, factor};

/// Binomials beyond this degree are not taken apart: the answers are of no use.
const MOST_DEGREE_OF_BINOMIAL: usize = 12;

/// The monic real factors, of degree one and two, of a polynomial that is irreducible over the rational
/// numbers: of a binomial `x^n + c`, or of degree four with a resolvent that has a rational root.
pub(super) fn real_factors(
    arena: &mut Arena,
    polynomial: &Coefficients,
) -> Option<Vec<Coefficients>> {
    let numbers = shape::with_numbers(arena, polynomial)?.monic(&mut Rationals);
    if is_binomial(&numbers) {
        return of_binomial(arena, &numbers);
    }
    if numbers.degree() == Some(4) { of_quartic(arena, &numbers) } else { None }
}

fn is_binomial(polynomial: &Polynomial<Rational>) -> bool {
    let inner = polynomial.coefficients().get(1..).unwrap_or_default();
    let inner = inner.split_last().map_or(&[][..], |(_, inner)| inner);
    inner.iter().all(Zero::is_zero)
}

/// The roots of `x^n + c` are `|c|^(1/n)` times roots of one or minus one.
fn of_binomial(arena: &mut Arena, polynomial: &Polynomial<Rational>) -> Option<Vec<Coefficients>> {
    let degree = polynomial.degree().filter(|degree| *degree <= MOST_DEGREE_OF_BINOMIAL)?;
    let constant = polynomial.coefficients().first()?.clone();
    let order = i64::try_from(degree).ok()?;
    let size = arena.number(constant.abs());
    let radius = arena.root(size, 1, order);
    let mut factors = Vec::new();
    let odd = i64::from(constant.is_positive());
    // The angles (2k + odd)·π/n between 0 and π.
    for step in (odd..=order).step_by(2) {
        let linear_root = match step {
            0 => Some(arena.negate(radius)),
            _ if step == order => Some(radius),
            _ => None,
        };
        let field =
            |arena: &mut Arena, list: Vec<ExprId>| Polynomial::new(list, &mut Constants { arena });
        if let Some(root) = linear_root {
            factors.push(field(arena, vec![root, Arena::ONE]));
            continue;
        }
        let turns = arena.fraction(step, order);
        let angle = arena.multiply(&[turns, Arena::PI]);
        let cosine = arena.apply(Function::Cos, angle);
        let product = arena.multiply(&[radius, cosine]);
        let middle = super::integrator::times(arena, Arena::MINUS_ONE, product);
        let middle = arena.scale(&Rational::from_integer(2.into()), middle);
        let middle = arena.normal(middle);
        let square = arena.square(radius);
        factors.push(field(arena, vec![square, middle, Arena::ONE]));
    }
    Some(factors)
}

/// A quartic, shifted so that it has no cubic term: `y^4 + p*y^2 + q*y + r`.
fn of_quartic(arena: &mut Arena, polynomial: &Polynomial<Rational>) -> Option<Vec<Coefficients>> {
    let field = &mut Rationals;
    let shift = polynomial.coefficient(3, field) / Rational::from_integer(4.into());
    let back = Polynomial::new(vec![-shift.clone(), Rational::from_integer(1.into())], field);
    let depressed = polynomial.compose(&back, field);
    let (r, q, p) = (
        depressed.coefficient(0, field),
        depressed.coefficient(1, field),
        depressed.coefficient(2, field),
    );
    let pair = if q.is_zero() { biquadratic(arena, &p, &r)? } else { resolved(arena, &p, &q, &r)? };
    let shift = arena.number(shift);
    let field = &mut Constants { arena };
    let forth = Polynomial::new(vec![shift, Arena::ONE], field);
    Some(pair.into_iter().map(|factor| factor.compose(&forth, field)).collect())
}

/// `y^4 + p*y^2 + r`
fn biquadratic(arena: &mut Arena, p: &Rational, r: &Rational) -> Option<Vec<Coefficients>> {
    let four = Rational::from_integer(4.into());
    let discriminant = p * p - four * r;
    let half = Rational::new(1.into(), 2.into());
    if discriminant.is_negative() {
        // (y² − t·y + s)(y² + t·y + s) with s = √r and t² = 2s − p
        let r = arena.number(r.clone());
        let s = arena.square_root(r);
        let p = arena.number(-p.clone());
        let square = arena.combine(&[
            (Rational::from_integer(2.into()), s),
            (Rational::from_integer(1.into()), p),
        ]);
        let t = arena.square_root(square);
        let minus = arena.negate(t);
        let field = &mut Constants { arena };
        return Some(vec![
            Polynomial::new(vec![s, minus, Arena::ONE], field),
            Polynomial::new(vec![s, t, Arena::ONE], field),
        ]);
    }
    let discriminant = arena.number(discriminant);
    let root = arena.square_root(discriminant);
    let mut factors = Vec::new();
    for sign in [1_i64, -1] {
        let number = arena.number(p * &half);
        let constant = arena.combine(&[
            (Rational::from_integer(1.into()), number),
            (Rational::new(sign.into(), 2.into()), root),
        ]);
        let list = vec![constant, Arena::ZERO, Arena::ONE];
        factors.push(Polynomial::new(list, &mut Constants { arena }));
    }
    Some(factors)
}

/// `(y² + u·y + b)(y² − u·y + c)` with `t = u²` a rational root of
/// `t³ + 2p·t² + (p² − 4r)·t − q²`, `b + c = p + t` and `c − b = q/u`.
fn resolved(
    arena: &mut Arena,
    p: &Rational,
    q: &Rational,
    r: &Rational,
) -> Option<Vec<Coefficients>> {
    let field = &mut Rationals;
    let four = Rational::from_integer(4.into());
    let two = Rational::from_integer(2.into());
    let one = Rational::from_integer(1.into());
    let resolvent = Polynomial::new(vec![-(q * q), p * p - four * r, &two * p, one.clone()], field);
    let root = factor(&resolvent).factors.into_iter().find_map(|(factor, _)| {
        let [constant, slope] = factor.coefficients() else { return None };
        Some(-constant / slope).filter(Signed::is_positive)
    })?;
    let half = Rational::new(1.into(), 2.into());
    let sum = p + &root;
    let root = arena.number(root);
    let u = arena.square_root(root);
    let minus = arena.negate(u);
    let inverse = arena.power(u, Arena::MINUS_ONE);
    let sum = arena.number(sum);
    let difference = q * &half;
    let b = arena.combine(&[(half.clone(), sum), (-difference.clone(), inverse)]);
    let c = arena.combine(&[(half, sum), (difference, inverse)]);
    let field = &mut Constants { arena };
    Some(vec![
        Polynomial::new(vec![b, u, Arena::ONE], field),
        Polynomial::new(vec![c, minus, Arena::ONE], field),
    ])
}
