//! Rational functions of x and of the root of a quadratic polynomial.
//!
//! Must not know other methods.

use num_integer::Integer;
use num_traits::ToPrimitive;
use rustc_hash::FxHashMap;

use super::constants::Constants;
use super::integrator::{Found, Integrator, times};
use super::rational::{factored, sign_of, spread};
use super::shape::{self, Coefficients};
use super::step::Rule;
use super::table::logarithm_of_size;
use crate::expression::{Arena, ExprId, Function, Node, Rational, Sign};
use crate::polynomial::{Decomposition, Field, Polynomial, partial_fractions};

/// Powers of the root beyond this are not reduced.
const MOST_POWER: i64 = 41;

pub(super) fn integrate(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let base = only_root(this.arena, integrand)?;
    let quadratic = shape::polynomial(this.arena, base)?;
    if quadratic.degree() != Some(2) {
        return None;
    }
    with_quotient(this, integrand, base, &quadratic)
        .or_else(|| by_euler(this, integrand, base, &quadratic))
}

/// The one expression whose square root is taken, if no other function stands in the integrand.
fn only_root(arena: &Arena, id: ExprId) -> Option<ExprId> {
    let mut found = None;
    for at in arena.reachable(id) {
        if !arena.depends(at) {
            continue;
        }
        match arena.node(at) {
            Node::Apply(..) => return None,
            Node::Product(factors) => {
                for factor in factors {
                    if arena.depends(factor.exponent) {
                        return None;
                    }
                    if !arena.depends(factor.base) || arena.as_integer(factor.exponent).is_some() {
                        continue;
                    }
                    let is_half = arena
                        .as_number(factor.exponent)
                        .is_some_and(|it| it.denom().to_i64() == Some(2));
                    if !is_half || found.is_some_and(|known| known != factor.base) {
                        return None;
                    }
                    found = Some(factor.base);
                }
            }
            _ => {}
        }
    }
    found
}

/// A rational function times an odd power of the root.
fn with_quotient(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    base: ExprId,
    quadratic: &Coefficients,
) -> Option<Found> {
    let mut doubled = 0;
    let (coefficient, core) = shape::split_constants(this.arena, integrand);
    let mut others = vec![coefficient];
    for factor in this.arena.factors(core) {
        if factor.base == base {
            let twice = this.arena.as_number(factor.exponent)? * Rational::from_integer(2.into());
            doubled = twice.to_integer().to_i64().filter(|it| it.abs() <= MOST_POWER)?;
        } else {
            others.push(this.arena.power(factor.base, factor.exponent));
        }
    }
    if doubled.is_even() {
        return None;
    }
    let others = this.arena.multiply(&others);
    let quotient = shape::quotient(this.arena, others)?;
    let (mut numerator, factors) = factored(this.arena, &quotient)?;
    let field = &mut Constants { arena: this.arena };
    while doubled > -1 {
        numerator = numerator.multiply(quadratic, field);
        doubled -= 2;
    }
    let mut terms = Vec::new();
    let mut polynomial = numerator.clone();
    if !factors.is_empty() {
        if doubled != -1 {
            return None;
        }
        let Decomposition { whole, fractions } = partial_fractions(&numerator, &factors, field)?;
        polynomial = whole;
        for fraction in fractions {
            let factor = &factors[fraction.factor].0;
            let mut top = fraction.numerator;
            for exponent in (2..=fraction.exponent).rev() {
                let (found, rest) = without_power(this.arena, &top, factor, quadratic, exponent)?;
                let root = this.arena.square_root(base);
                terms.push(this.arena.multiply(&[found, root]));
                top = rest;
            }
            let field = &mut Constants { arena: this.arena };
            let (whole, rest) = top.divide(factor, field);
            polynomial = polynomial.add(&whole, field);
            if !rest.is_zero() {
                terms.push(over_linear(this.arena, &rest, factor, quadratic, base)?);
            }
        }
    }
    while doubled < -1 {
        let (found, rest) = lowered(this.arena, &polynomial, quadratic, base, doubled)?;
        terms.push(found);
        polynomial = rest;
        doubled += 2;
    }
    if !polynomial.is_zero() {
        let (factor, left) = along_root(this.arena, &polynomial, quadratic)?;
        let factor = shape::written(this.arena, &factor, Arena::VARIABLE);
        let root = this.arena.square_root(base);
        terms.push(this.arena.multiply(&[factor, root]));
        if left != Arena::ZERO {
            let reciprocal = reciprocal_root(this.arena, base, quadratic)?;
            terms.push(times(this.arena, left, reciprocal));
        }
    }
    let value = this.arena.add(&terms);
    Some(Found::new(Rule::QuadraticRoot, value))
}

/// With `numerator = s*d + t*d'*q` and k the exponent:
/// `∫ numerator/(d^k*√q) = −t*√q/((k−1)*d^(k−1)) + ∫ (s + (t'*q + t*q'/2)/(k−1))/(d^(k−1)*√q)`.
/// The first one without the root, and the numerator of the second.
fn without_power(
    arena: &mut Arena,
    numerator: &Coefficients,
    factor: &Coefficients,
    quadratic: &Coefficients,
    exponent: usize,
) -> Option<(ExprId, Coefficients)> {
    let lower = i64::try_from(exponent - 1).ok()?;
    let field = &mut Constants { arena };
    let slope = factor.derivative(field).multiply(quadratic, field);
    let bezout = slope.extended_gcd(factor, field);
    if bezout.gcd.degree() != Some(0) {
        return None;
    }
    let (_, t) = numerator.multiply(&bezout.first, field).divide(factor, field);
    let used = t.multiply(&slope, field);
    let s = numerator.subtract(&used, field).divide_exactly(factor, field)?;
    let inverse = field.arena.fraction(1, lower);
    let half_inverse = field.arena.fraction(1, 2 * lower);
    let first = t.derivative(field).multiply(quadratic, field).scale(&inverse, field);
    let quadratic_slope = quadratic.derivative(field);
    let second = t.multiply(&quadratic_slope, field).scale(&half_inverse, field);
    let rest = s.add(&first, field).add(&second, field);
    let minus = field.arena.fraction(-1, lower);
    let top = t.scale(&minus, field);
    let top = shape::written(arena, &top, Arena::VARIABLE);
    let bottom = shape::written(arena, factor, Arena::VARIABLE);
    let power = arena.integer(-lower);
    let power = arena.power(bottom, power);
    Some((arena.multiply(&[top, power]), rest))
}

/// `∫ constant/((x − r)*√q)`, by the value of q at r.
fn over_linear(
    arena: &mut Arena,
    numerator: &Coefficients,
    factor: &Coefficients,
    quadratic: &Coefficients,
    base: ExprId,
) -> Option<ExprId> {
    let [low, high] = factor.coefficients() else { return None };
    let field = &mut Constants { arena };
    let zero = field.integer(0);
    let minus = field.subtract(&zero, low);
    let place = field.divide(&minus, high);
    let constant = field.divide(numerator.coefficients().first()?, high);
    let value = quadratic.evaluate(&place, field);
    let slope = quadratic.derivative(field).evaluate(&place, field);
    let negative = field.subtract(&zero, &place);
    let shifted = arena.add(&[Arena::VARIABLE, negative]);
    let rise = arena.multiply(&[slope, shifted]);
    let root = arena.square_root(base);
    let (one, two) = (Rational::from_integer(1.into()), Rational::from_integer(2.into()));
    if value == Arena::ZERO {
        let quotient = arena.divide(root, rise);
        let quotient = arena.multiply(&[constant, quotient]);
        return Some(arena.scale(&-two, quotient));
    }
    let both = arena.combine(&[(one.clone(), rise), (two.clone(), value)]);
    let both = spread(arena, both);
    match sign_of(arena, value)? {
        Sign::Positive | Sign::NonNegative => {
            let height = arena.square_root(value);
            let product = arena.multiply(&[height, root]);
            let sum = arena.combine(&[(one, both), (two, product)]);
            let (top, bottom) = (logarithm_of_size(arena, sum), logarithm_of_size(arena, shifted));
            let difference = arena.subtract(bottom, top);
            let factor = arena.divide(constant, height);
            Some(times(arena, factor, difference))
        }
        _ => {
            let size = arena.negate(value);
            let height = arena.square_root(size);
            let product = arena.multiply(&[height, root]);
            let quotient = arena.divide(both, product);
            let quotient = arena.scale(&Rational::new(1.into(), 2.into()), quotient);
            let arctangent = arena.apply(Function::Atan, quotient);
            let factor = arena.divide(constant, height);
            Some(times(arena, factor, arctangent))
        }
    }
}

/// With `polynomial = s*q + t*q'` and `e = exponent/2 + 1`:
/// `∫ polynomial*q^(e−1) = t*q^e/e + ∫ (s − t'/e)*q^e`.
fn lowered(
    arena: &mut Arena,
    polynomial: &Coefficients,
    quadratic: &Coefficients,
    base: ExprId,
    doubled: i64,
) -> Option<(ExprId, Coefficients)> {
    let field = &mut Constants { arena };
    let slope = quadratic.derivative(field);
    let bezout = slope.extended_gcd(quadratic, field);
    if bezout.gcd.degree() != Some(0) {
        return None;
    }
    let (_, t) = polynomial.multiply(&bezout.first, field).divide(quadratic, field);
    let used = t.multiply(&slope, field);
    let s = polynomial.subtract(&used, field).divide_exactly(quadratic, field)?;
    let inverse = field.arena.fraction(2, doubled + 2);
    let rest = s.subtract(&t.derivative(field).scale(&inverse, field), field);
    let top = t.scale(&inverse, field);
    let top = shape::written(arena, &top, Arena::VARIABLE);
    let power = arena.root(base, doubled + 2, 2);
    Some((arena.multiply(&[top, power]), rest))
}

/// A and λ with `∫ polynomial/√q = A*√q + λ*∫ 1/√q`: `A'*q + A*q'/2 + λ = polynomial`.
fn along_root(
    arena: &mut Arena,
    polynomial: &Coefficients,
    quadratic: &Coefficients,
) -> Option<(Coefficients, ExprId)> {
    let [c, b, a] = quadratic.coefficients() else { return None };
    let field = &mut Constants { arena };
    let length = polynomial.degree().unwrap_or(0);
    let mut found = vec![Arena::ZERO; length + 2];
    let mut left = Arena::ZERO;
    for degree in (0..=length).rev() {
        let order = i64::try_from(degree).ok()?;
        let half_odd = field.arena.fraction(2 * order + 1, 2);
        let next = field.integer(order + 1);
        left = polynomial.coefficient(degree, field);
        for (weight, coefficient, known) in
            [(half_odd, b, found[degree]), (next, c, found[degree + 1])]
        {
            let product = field.multiply(coefficient, &known);
            let product = field.multiply(&weight, &product);
            left = field.subtract(&left, &product);
        }
        if degree > 0 {
            let scale = field.integer(order);
            let scale = field.multiply(&scale, a);
            found[degree - 1] = field.divide(&left, &scale);
        }
    }
    Some((Polynomial::new(found, field), left))
}

/// `∫ 1/√(a*x² + b*x + c)`
fn reciprocal_root(arena: &mut Arena, base: ExprId, quadratic: &Coefficients) -> Option<ExprId> {
    let [c, b, a] = quadratic.coefficients() else { return None };
    let (a, b, c) = (*a, *b, *c);
    let field = &mut Constants { arena };
    let four = field.integer(4);
    let product = field.multiply(&a, &c);
    let product = field.multiply(&four, &product);
    let square = field.multiply(&b, &b);
    let discriminant = field.subtract(&square, &product);
    let slope = quadratic.derivative(field);
    let slope = shape::written(arena, &slope, Arena::VARIABLE);
    let shape_sign = sign_of(arena, discriminant)?;
    match (sign_of(arena, a)?, shape_sign) {
        (Sign::Positive, sign)
            if sign.is_nonpositive() && arena.as_number(discriminant).is_some() =>
        {
            let size = arena.negate(discriminant);
            let root = arena.square_root(size);
            let inverse = arena.power(root, Arena::MINUS_ONE);
            let inner = times(arena, inverse, slope);
            let inner = without_roots(arena, inner);
            let value = arena.apply(Function::Asinh, inner);
            let leading = arena.root(a, -1, 2);
            Some(arena.multiply(&[leading, value]))
        }
        (Sign::Positive, _) => {
            let leading = arena.square_root(a);
            let root = arena.square_root(base);
            let product = arena.multiply(&[leading, root]);
            let sum = arena.combine(&[
                (Rational::from_integer(1.into()), slope),
                (Rational::from_integer(2.into()), product),
            ]);
            let logarithm = logarithm_of_size(arena, sum);
            Some(arena.divide(logarithm, leading))
        }
        (Sign::Negative, sign) if sign.is_nonnegative() => {
            let root = arena.square_root(discriminant);
            let inverse = arena.power(root, Arena::MINUS_ONE);
            let inner = times(arena, inverse, slope);
            let inner = without_roots(arena, inner);
            let inner = arena.negate(inner);
            let value = arena.apply(Function::Asin, inner);
            let size = arena.negate(a);
            let leading = arena.root(size, -1, 2);
            Some(arena.multiply(&[leading, value]))
        }
        _ => None,
    }
}

/// Roots of squares are written without the size of what is squared, where its sign is not known.
fn without_roots(arena: &mut Arena, id: ExprId) -> ExprId {
    let normal = arena.normal(id);
    if arena.size(normal) < arena.size(id) { normal } else { id }
}

/// Euler's substitutions: `√q = t + √a*x`, else `√q = t*x + √c`.
fn by_euler(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    base: ExprId,
    quadratic: &Coefficients,
) -> Option<Found> {
    let [c, b, a] = quadratic.coefficients() else { return None };
    let (a, b, c) = (*a, *b, *c);
    let arena = &mut *this.arena;
    let t = arena.parameter("u", Sign::Unknown);
    let root = arena.square_root(base);
    let square = arena.square(t);
    let double = arena.scale(&Rational::from_integer(2.into()), t);
    let (outer, new_root, inner) = if arena.constant_sign(a) == Some(Sign::Positive) {
        let leading = arena.square_root(a);
        let top = arena.subtract(square, c);
        let product = arena.multiply(&[leading, double]);
        let bottom = arena.subtract(b, product);
        let outer = arena.divide(top, bottom);
        let product = arena.multiply(&[leading, outer]);
        let new_root = arena.add(&[t, product]);
        let product = arena.multiply(&[leading, Arena::VARIABLE]);
        (outer, new_root, arena.subtract(root, product))
    } else if arena.constant_sign(c) == Some(Sign::Positive) {
        let constant = arena.square_root(c);
        let product = arena.multiply(&[constant, double]);
        let top = arena.subtract(b, product);
        let bottom = arena.subtract(square, a);
        let outer = arena.divide(top, bottom);
        let product = arena.multiply(&[t, outer]);
        let new_root = arena.add(&[product, constant]);
        let difference = arena.subtract(root, constant);
        (outer, new_root, arena.divide(difference, Arena::VARIABLE))
    } else {
        return None;
    };
    let written = in_root(arena, integrand, base, outer, new_root)?;
    let slope = arena.derivative_by(outer, t);
    let product = arena.multiply(&[written, slope]);
    let normal = arena.normal(product);
    if arena.depends(normal) || normal == Arena::UNDEFINED {
        return None;
    }
    let mut images = FxHashMap::from_iter([(t, Arena::VARIABLE)]);
    let transformed = arena.rebuild(normal, &mut images);
    let outer = arena.rebuild(outer, &mut FxHashMap::from_iter([(t, Arena::VARIABLE)]));
    let part = this.integrate(transformed)?;
    let value = this.value(part);
    let value = this.arena.substitute(value, inner);
    Some(Found { rule: Rule::Inverse { outer, inner, transformed }, value, parts: vec![part] })
}

/// The integrand with the variable and the root replaced.
fn in_root(
    arena: &mut Arena,
    integrand: ExprId,
    base: ExprId,
    outer: ExprId,
    new_root: ExprId,
) -> Option<ExprId> {
    let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
    images.insert(Arena::VARIABLE, outer);
    for at in arena.reachable(integrand) {
        if images.contains_key(&at) {
            continue;
        }
        let image = match arena.node(at).clone() {
            Node::Product(factors) => {
                let mut product = Vec::new();
                for factor in factors {
                    let doubled = arena
                        .as_number(factor.exponent)
                        .map(|it| it * Rational::from_integer(2.into()))
                        .filter(|it| factor.base == base && it.is_integer());
                    product.push(match doubled {
                        Some(doubled) => {
                            let exponent = arena.number(doubled);
                            arena.power(new_root, exponent)
                        }
                        None => {
                            let image = images.get(&factor.base).copied().unwrap_or(factor.base);
                            arena.power(image, factor.exponent)
                        }
                    });
                }
                arena.multiply(&product)
            }
            _ => arena.rebuild_node(at, &images),
        };
        images.insert(at, image);
    }
    images.get(&integrand).copied()
}
