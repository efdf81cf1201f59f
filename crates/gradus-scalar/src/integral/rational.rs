//! Rational functions: partial fractions, Hermite's reduction, logarithms and arctangents.
//!
//! Must not know other methods. Denominators are factored over the rational numbers; factors of higher
//! degree are split over the real numbers where `real_factors` can.

use super::constants::Constants;
use super::integrator::{Found, Integrator, times};
use super::real_factors::real_factors;
use super::shape::{self, Coefficients, Quotient};
use super::step::{Rule, StepId};
use super::table::logarithm_of_size;
use crate::expression::{Arena, ExprId, Function, Rational, Sign};
use crate::polynomial::{Decomposition, Field, Polynomial, Rationals, factor, partial_fractions};

/// Powers of linear factors up to this are multiplied out with the rest.
const LEAST_POWER: i64 = 5;

/// A rational function of the variable.
pub(super) fn integrate(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    if !shape_is_rational(this.arena, integrand) {
        return None;
    }
    let quotient = shape::quotient(this.arena, integrand)?;
    if quotient.denominator.is_empty() {
        return polynomial(this, integrand, &quotient.numerator);
    }
    let (numerator, factors) = factored(this.arena, &quotient)?;
    decomposed(this, integrand, &numerator, &factors)
}

fn shape_is_rational(arena: &Arena, id: ExprId) -> bool {
    !arena.reachable(id).into_iter().any(|at| shape::is_kernel(arena, at))
}

/// A polynomial that is written as a product: multiplied out.
fn polynomial(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    polynomial: &Coefficients,
) -> Option<Found> {
    if let Some(found) = by_shift(this, integrand) {
        return Some(found);
    }
    let expanded = shape::written(this.arena, polynomial, Arena::VARIABLE);
    if expanded == integrand {
        return None;
    }
    let part = this.integrate(expanded)?;
    let value = this.value(part);
    Some(Found { rule: Rule::Rewrite(expanded), value, parts: vec![part] })
}

/// A product with a high power of a linear factor: that factor is the new variable.
fn by_shift(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let (_, core) = shape::split_constants(this.arena, integrand);
    let factors = this.arena.factors(core);
    let power = factors.into_iter().find(|factor| {
        factor.base != Arena::VARIABLE
            && this.arena.as_integer(factor.exponent).is_some_and(|it| it > LEAST_POWER)
    })?;
    shape::linear(this.arena, power.base)?;
    let transformed = super::substitution::transform(this.arena, integrand, power.base)?;
    let expanded = super::rewriting::multiplied_out(this.arena, transformed)?;
    super::substitution::substitute(this, power.base, expanded)
}

pub(super) type Factors = Vec<(Coefficients, usize)>;

/// Numerator and irreducible factors of the denominator, without common divisors.
pub(super) fn factored(arena: &mut Arena, quotient: &Quotient) -> Option<(Coefficients, Factors)> {
    match with_numbers(arena, quotient) {
        Some((numerator, denominator)) => {
            let field = &mut Rationals;
            let gcd = numerator.gcd(&denominator, field);
            let (numerator, _) = numerator.divide(&gcd, field);
            let (denominator, _) = denominator.divide(&gcd, field);
            let found = factor(&denominator);
            let numerator = numerator.scale(&found.unit.recip(), field);
            let numerator = shape::with_constants(arena, &numerator);
            let factors = found
                .factors
                .iter()
                .map(|(factor, power)| (shape::with_constants(arena, factor), *power))
                .collect();
            Some((numerator, factors))
        }
        None => coprime(arena, quotient),
    }
}

fn with_numbers(
    arena: &Arena,
    quotient: &Quotient,
) -> Option<(Polynomial<Rational>, Polynomial<Rational>)> {
    let field = &mut Rationals;
    let numerator = shape::with_numbers(arena, &quotient.numerator)?;
    let mut denominator = Polynomial::of_integers(&[1], field);
    for (factor, power) in &quotient.denominator {
        let factor = shape::with_numbers(arena, factor)?;
        denominator = denominator.multiply(&factor.power(*power, field), field);
    }
    Some((numerator, denominator))
}

/// With symbols: the factors as they are written, made coprime and square-free; what splits over the
/// rational functions of the symbols by a perfect square is split.
fn coprime(arena: &mut Arena, quotient: &Quotient) -> Option<(Coefficients, Factors)> {
    let mut numerator = quotient.numerator.clone();
    let mut open: Factors = Vec::new();
    for (factor, power) in &quotient.denominator {
        let field = &mut Constants { arena };
        for (part, multiplicity) in factor.square_free(field) {
            open.push((part, multiplicity * power));
        }
    }
    let mut done: Factors = Vec::new();
    while let Some((factor, power)) = open.pop() {
        let field = &mut Constants { arena };
        if factor.is_constant() {
            continue;
        }
        if !field.is_sound() || done.len() + open.len() > 24 {
            return None;
        }
        let common = done.iter().enumerate().find_map(|(at, (known, _))| {
            let gcd = known.gcd(&factor, field);
            (!gcd.is_constant()).then_some((at, gcd))
        });
        match common {
            None => done.push((factor, power)),
            Some((at, gcd)) => {
                let (known, known_power) = done.swap_remove(at);
                open.push((known.divide(&gcd, field).0, known_power));
                open.push((factor.divide(&gcd, field).0, power));
                open.push((gcd, known_power + power));
            }
        }
    }
    let field = &mut Constants { arena };
    for (factor, power) in &mut done {
        while *power > 0 {
            let Some(rest) = numerator.divide_exactly(factor, field) else { break };
            numerator = rest;
            *power -= 1;
        }
    }
    done.retain(|(_, power)| *power > 0);
    done.sort_by(|(a, _), (b, _)| {
        (a.degree(), a.coefficients()).cmp(&(b.degree(), b.coefficients()))
    });
    Some((numerator, done))
}

/// `numerator/factor^exponent` as an expression.
fn piece(
    arena: &mut Arena,
    numerator: &Coefficients,
    factor: &Coefficients,
    exponent: usize,
) -> ExprId {
    let numerator = shape::written(arena, numerator, Arena::VARIABLE);
    let factor = shape::written(arena, factor, Arena::VARIABLE);
    let exponent = arena.integer(-i64::try_from(exponent).unwrap_or(0));
    let power = arena.power(factor, exponent);
    arena.multiply(&[numerator, power])
}

fn decomposed(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    numerator: &Coefficients,
    factors: &Factors,
) -> Option<Found> {
    let field = &mut Constants { arena: this.arena };
    let Decomposition { whole, fractions } = partial_fractions(numerator, factors, field)?;
    if let ([only], true) = (fractions.as_slice(), whole.is_zero()) {
        return of_fraction(this, &only.numerator, &factors[only.factor].0, only.exponent);
    }
    let mut terms = Vec::new();
    let mut parts: Vec<StepId> = Vec::new();
    if !whole.is_zero() {
        let whole = shape::written(this.arena, &whole, Arena::VARIABLE);
        terms.push(whole);
        parts.push(this.integrate(whole)?);
    }
    for fraction in &fractions {
        let factor = &factors[fraction.factor].0;
        let term = piece(this.arena, &fraction.numerator, factor, fraction.exponent);
        terms.push(term);
        let found = of_fraction(this, &fraction.numerator, factor, fraction.exponent)?;
        parts.push(this.record(term, found));
    }
    let sum = this.arena.add(&terms);
    let values: Vec<ExprId> = parts.iter().map(|part| this.value(*part)).collect();
    let value = this.arena.add(&values);
    let is_same = sum == integrand;
    let rule = if is_same { Rule::Sum } else { Rule::PartialFractions(sum) };
    Some(Found { rule, value, parts })
}

/// `numerator/factor^exponent`, where the factor is square-free and its degree above that of the
/// numerator.
fn of_fraction(
    this: &mut Integrator<'_>,
    numerator: &Coefficients,
    factor: &Coefficients,
    exponent: usize,
) -> Option<Found> {
    match factor.degree()? {
        1 => of_linear(this, numerator, factor, exponent),
        _ if exponent > 1 => hermite(this, numerator, factor, exponent),
        2 => of_quadratic(this, numerator, factor),
        _ => of_higher(this, numerator, factor),
    }
}

fn of_linear(
    this: &mut Integrator<'_>,
    numerator: &Coefficients,
    factor: &Coefficients,
    exponent: usize,
) -> Option<Found> {
    let [_, slope] = factor.coefficients() else { return None };
    let constant = *numerator.coefficients().first()?;
    let base = shape::written(this.arena, factor, Arena::VARIABLE);
    let constant = this.arena.divide(constant, *slope);
    if exponent == 1 {
        let logarithm = logarithm_of_size(this.arena, base);
        let value = times(this.arena, constant, logarithm);
        return Some(Found::new(Rule::Reciprocal, value));
    }
    let next = 1 - i64::try_from(exponent).ok()?;
    let next = this.arena.integer(next);
    let power = this.arena.power(base, next);
    let product = this.arena.multiply(&[constant, power]);
    let value = this.arena.divide(product, next);
    Some(Found::new(Rule::Power, value))
}

/// With `numerator = s*factor + t*factor'`:
/// `∫ numerator/factor^k = −t/((k−1)*factor^(k−1)) + ∫ (s + t'/(k−1))/factor^(k−1)`.
fn hermite(
    this: &mut Integrator<'_>,
    numerator: &Coefficients,
    factor: &Coefficients,
    exponent: usize,
) -> Option<Found> {
    let lower = i64::try_from(exponent - 1).ok()?;
    let field = &mut Constants { arena: this.arena };
    let slope = factor.derivative(field);
    let bezout = slope.extended_gcd(factor, field);
    if bezout.gcd.degree() != Some(0) {
        return None;
    }
    let (_, t) = numerator.multiply(&bezout.first, field).divide(factor, field);
    let used = t.multiply(&slope, field);
    let s = numerator.subtract(&used, field).divide_exactly(factor, field)?;
    let lower_number = field.integer(lower);
    let one = field.integer(1);
    let inverse = field.divide(&one, &lower_number);
    let rest = s.add(&t.derivative(field).scale(&inverse, field), field);
    let minus = field.integer(-lower);
    let inverse = field.divide(&one, &minus);
    let top = t.scale(&inverse, field);
    let found = piece(this.arena, &top, factor, exponent - 1);
    let rest_expression = piece(this.arena, &rest, factor, exponent - 1);
    let rule = Rule::Hermite { found, rest: rest_expression };
    if rest.is_zero() {
        return Some(Found::new(rule, found));
    }
    let inner = of_fraction(this, &rest, factor, exponent - 1)?;
    let part = this.record(rest_expression, inner);
    let later = this.value(part);
    let value = this.arena.add(&[found, later]);
    Some(Found { rule, value, parts: vec![part] })
}

/// `(α*x + β)/(a*x^2 + b*x + c)`
fn of_quadratic(
    this: &mut Integrator<'_>,
    numerator: &Coefficients,
    factor: &Coefficients,
) -> Option<Found> {
    let field = &mut Constants { arena: this.arena };
    let [c, b, a] = factor.coefficients() else { return None };
    let (a, b, c) = (*a, *b, *c);
    let (beta, alpha) = (numerator.coefficient(0, field), numerator.coefficient(1, field));
    let double = field.add(&a, &a);
    let share = field.divide(&alpha, &double);
    let taken = field.multiply(&share, &b);
    let left = field.subtract(&beta, &taken);
    let four = field.integer(4);
    let product = field.multiply(&a, &c);
    let product = field.multiply(&four, &product);
    let square = field.multiply(&b, &b);
    let negative_discriminant = field.subtract(&product, &square);
    let base = shape::written(this.arena, factor, Arena::VARIABLE);
    let slope = factor.derivative(&mut Constants { arena: this.arena });
    let slope = shape::written(this.arena, &slope, Arena::VARIABLE);
    let Some(sign) = sign_of(this.arena, negative_discriminant) else {
        this.open_sign = Some(negative_discriminant);
        return None;
    };
    let mut terms = Vec::new();
    if share != Arena::ZERO {
        let logarithm = logarithm_of_size(this.arena, base);
        let logarithm = match (sign, sign_of(this.arena, a)) {
            (Sign::Positive | Sign::NonNegative, Some(Sign::Positive)) => {
                this.arena.apply(Function::Log, base)
            }
            _ => logarithm,
        };
        terms.push(times(this.arena, share, logarithm));
    }
    if left != Arena::ZERO {
        terms.push(reciprocal_of_quadratic(this, left, slope, negative_discriminant, sign)?);
    }
    this.require_nonzero(negative_discriminant);
    let value = this.arena.add(&terms);
    Some(Found::new(Rule::Quadratic, value))
}

/// `∫ constant/q` for a quadratic polynomial q with the derivative `slope`.
fn reciprocal_of_quadratic(
    this: &mut Integrator<'_>,
    constant: ExprId,
    slope: ExprId,
    negative_discriminant: ExprId,
    sign: Sign,
) -> Option<ExprId> {
    let arena = &mut *this.arena;
    let doubled = arena.scale(&Rational::from_integer(2.into()), constant);
    if sign.is_nonnegative() {
        let root = root_without_size(arena, negative_discriminant);
        let quotient = arena.divide(slope, root);
        let quotient = spread(arena, quotient);
        let arctangent = arena.apply(Function::Atan, quotient);
        let factor = arena.divide(doubled, root);
        let factor = arena.normal(factor);
        return Some(times(arena, factor, arctangent));
    }
    let discriminant = arena.negate(negative_discriminant);
    let root = root_without_size(arena, discriminant);
    let (low, high) = (arena.subtract(slope, root), arena.add(&[slope, root]));
    let (low, high) = (logarithm_of_size(arena, low), logarithm_of_size(arena, high));
    let difference = arena.subtract(low, high);
    let factor = arena.divide(constant, root);
    let factor = arena.normal(factor);
    Some(times(arena, factor, difference))
}

/// A product of a constant and a sum, multiplied out.
pub(super) fn spread(arena: &mut Arena, id: ExprId) -> ExprId {
    match shape::polynomial(arena, id) {
        Some(polynomial) => shape::written(arena, &polynomial, Arena::VARIABLE),
        None => id,
    }
}

/// A root of a positive constant, `a` in place of `abs(a)`: what it is used in is even in it.
fn root_without_size(arena: &mut Arena, square: ExprId) -> ExprId {
    let root = arena.square_root(square);
    let mut images = rustc_hash::FxHashMap::default();
    for at in arena.reachable(root) {
        if let Some(inner) = shape::argument_of(arena, at, Function::Abs) {
            images.insert(at, inner);
        }
    }
    arena.rebuild(root, &mut images)
}

/// The sign of a constant; where it is a square of what is not known to be zero, that of the square.
pub(super) fn sign_of(arena: &mut Arena, constant: ExprId) -> Option<Sign> {
    if let Some(sign) = arena.constant_sign(constant)
        && sign != Sign::Zero
    {
        return Some(sign);
    }
    let sign = arena.sign(constant);
    (sign != Sign::Zero && (sign.is_nonnegative() || sign.is_nonpositive())).then_some(sign)
}

/// A square-free denominator of higher degree.
fn of_higher(
    this: &mut Integrator<'_>,
    numerator: &Coefficients,
    factor: &Coefficients,
) -> Option<Found> {
    let field = &mut Constants { arena: this.arena };
    let slope = factor.derivative(field);
    if numerator.degree() == slope.degree() {
        let quotient = field.divide(numerator.leading()?, slope.leading()?);
        let scaled = slope.scale(&quotient, field);
        if numerator.subtract(&scaled, field).is_zero() {
            let base = shape::written(this.arena, factor, Arena::VARIABLE);
            let logarithm = logarithm_of_size(this.arena, base);
            let value = this.arena.multiply(&[quotient, logarithm]);
            return Some(Found::new(Rule::LogarithmicDerivative, value));
        }
    }
    let factors: Factors =
        real_factors(this.arena, factor)?.into_iter().map(|factor| (factor, 1)).collect();
    let integrand = piece(this.arena, numerator, factor, 1);
    let field = &mut Constants { arena: this.arena };
    let leading = *factor.leading()?;
    let one = field.integer(1);
    let inverse = field.divide(&one, &leading);
    let numerator = numerator.scale(&inverse, field);
    decomposed(this, integrand, &numerator, &factors)
}
