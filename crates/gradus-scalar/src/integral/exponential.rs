//! Polynomial times exponential times sine or cosine, and the error function.
//!
//! Must not know other methods. The coefficients of the answer are found from the highest power down.

use super::constants::Constants;
use super::integrator::{Found, Integrator, times};
use super::shape::{self, Coefficients};
use super::step::Rule;
use crate::expression::{Arena, ExprId, Function, Rational, Sign};
use crate::polynomial::{Field, Polynomial};

/// A sine or cosine, circular or hyperbolic, of a linear argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wave {
    pub(super) is_cosine: bool,
    pub(super) is_hyperbolic: bool,
    pub(super) argument: ExprId,
}

impl Wave {
    /// The wave that a function of an argument is.
    pub(super) fn of(arena: &Arena, id: ExprId) -> Option<Self> {
        let crate::expression::Node::Apply(function, argument) = *arena.node(id) else {
            return None;
        };
        let (is_cosine, is_hyperbolic) = match function {
            Function::Sin => (false, false),
            Function::Cos => (true, false),
            Function::Sinh => (false, true),
            Function::Cosh => (true, true),
            _ => return None,
        };
        Some(Self { is_cosine, is_hyperbolic, argument })
    }

    /// The expression of the cosine or of the sine of the same kind and argument.
    pub(super) fn partner(self, arena: &mut Arena, is_cosine: bool) -> ExprId {
        let function = match (is_cosine, self.is_hyperbolic) {
            (false, false) => Function::Sin,
            (true, false) => Function::Cos,
            (false, true) => Function::Sinh,
            (true, true) => Function::Cosh,
        };
        arena.apply(function, self.argument)
    }
}

/// `polynomial * exp(α*x + …) * wave`
struct Product {
    polynomial: Coefficients,
    amplitude: ExprId,
    rate: ExprId,
    waves: Vec<Wave>,
}

fn taken_apart(arena: &mut Arena, id: ExprId) -> Option<Product> {
    let (coefficient, core) = shape::split_constants(arena, id);
    let mut polynomial = vec![coefficient];
    let mut amplitude = Vec::new();
    let mut rates = Vec::new();
    let mut waves = Vec::new();
    for factor in arena.factors(core) {
        let power = arena.power(factor.base, factor.exponent);
        if let Some(argument) = shape::argument_of(arena, power, Function::Exp) {
            rates.push(shape::linear(arena, argument)?.0);
            amplitude.push(power);
        } else if arena.depends(factor.exponent) {
            if arena.depends(factor.base) {
                return None;
            }
            let (slope, _) = shape::linear(arena, factor.exponent)?;
            let logarithm = arena.apply(Function::Log, factor.base);
            rates.push(arena.multiply(&[slope, logarithm]));
            amplitude.push(power);
        } else if let Some(wave) = Wave::of(arena, factor.base) {
            shape::linear(arena, wave.argument)?;
            let count = arena.as_integer(factor.exponent).filter(|it| (1..=12).contains(it))?;
            for _ in 0..count {
                waves.push(wave);
            }
        } else {
            polynomial.push(power);
        }
    }
    let polynomial = arena.multiply(&polynomial);
    let polynomial = shape::polynomial(arena, polynomial)?;
    let amplitude = arena.multiply(&amplitude);
    let rate = arena.add(&rates);
    let rate = arena.normal(rate);
    Some(Product { polynomial, amplitude, rate, waves })
}

/// Polynomial times exponential times at most one sine or cosine.
pub(super) fn products(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let product = taken_apart(this.arena, integrand)?;
    let is_plain = product.amplitude == Arena::ONE && product.waves.is_empty();
    if is_plain || product.waves.len() > 1 {
        return None;
    }
    let value = match product.waves.first() {
        None => {
            this.require_nonzero(product.rate);
            let found = along_exponential(this.arena, &product.polynomial, product.rate)?;
            let found = shape::written(this.arena, &found, Arena::VARIABLE);
            this.arena.multiply(&[found, product.amplitude])
        }
        Some(wave) => along_wave(this, &product, *wave)?,
    };
    Some(Found::new(Rule::Coefficients, value))
}

/// A with `A' + rate*A = polynomial`.
fn along_exponential(
    arena: &mut Arena,
    polynomial: &Coefficients,
    rate: ExprId,
) -> Option<Coefficients> {
    let field = &mut Constants { arena };
    let mut found = vec![Arena::ZERO; polynomial.degree()? + 1];
    let mut above = Arena::ZERO;
    for degree in (0..found.len()).rev() {
        let next = field.integer(i64::try_from(degree + 1).ok()?);
        let taken = field.multiply(&next, &above);
        let given = polynomial.coefficient(degree, field);
        let left = field.subtract(&given, &taken);
        above = field.divide(&left, &rate);
        found[degree] = above;
    }
    Some(Polynomial::new(found, field))
}

/// With C and S the two waves, `C' = σ*b*S` and `S' = b*C`: A and B with
/// `(amplitude*(A*C + B*S))' = amplitude*(p*C + q*S)`.
fn along_wave(this: &mut Integrator<'_>, product: &Product, wave: Wave) -> Option<ExprId> {
    let (slope, _) = shape::linear(this.arena, wave.argument)?;
    let rate = product.rate;
    let sigma = if wave.is_hyperbolic { 1 } else { -1 };
    let (first, second, determinant) = {
        let field = &mut Constants { arena: this.arena };
        let sigma = field.integer(sigma);
        let (rate_square, slope_square) =
            (field.multiply(&rate, &rate), field.multiply(&slope, &slope));
        let signed = field.multiply(&sigma, &slope_square);
        let determinant = field.subtract(&rate_square, &signed);
        if determinant == Arena::ZERO {
            return None;
        }
        let polynomial = &product.polynomial;
        let length = polynomial.degree()? + 1;
        let (mut first, mut second) = (vec![Arena::ZERO; length], vec![Arena::ZERO; length]);
        let (mut a, mut b) = (Arena::ZERO, Arena::ZERO);
        for degree in (0..length).rev() {
            let next = field.integer(i64::try_from(degree + 1).ok()?);
            let given = polynomial.coefficient(degree, field);
            let (p, q) = if wave.is_cosine { (given, Arena::ZERO) } else { (Arena::ZERO, given) };
            let taken = field.multiply(&next, &a);
            let p = field.subtract(&p, &taken);
            let taken = field.multiply(&next, &b);
            let q = field.subtract(&q, &taken);
            let (rp, sq) = (field.multiply(&rate, &p), field.multiply(&slope, &q));
            let top = field.subtract(&rp, &sq);
            a = field.divide(&top, &determinant);
            let (rq, sp) = (field.multiply(&rate, &q), field.multiply(&slope, &p));
            let sp = field.multiply(&sigma, &sp);
            let top = field.subtract(&rq, &sp);
            b = field.divide(&top, &determinant);
            (first[degree], second[degree]) = (a, b);
        }
        (Polynomial::new(first, field), Polynomial::new(second, field), determinant)
    };
    this.require_nonzero(determinant);
    let (cosine, sine) = (wave.partner(this.arena, true), wave.partner(this.arena, false));
    let first = shape::written(this.arena, &first, Arena::VARIABLE);
    let second = shape::written(this.arena, &second, Arena::VARIABLE);
    let first = this.arena.multiply(&[first, cosine]);
    let second = this.arena.multiply(&[second, sine]);
    let sum = this.arena.add(&[first, second]);
    Some(this.arena.multiply(&[product.amplitude, sum]))
}

/// Products of even powers of sines and cosines.
pub(super) fn linearised_even(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let product = taken_apart(this.arena, integrand)?;
    let is_even = product.waves.iter().all(|wave| {
        let is_same = |other: &&Wave| other == &wave;
        product.waves.iter().filter(is_same).count() % 2 == 0
    });
    let first = product.waves.first()?;
    if is_even { linearised(this, integrand, first.is_hyperbolic) } else { None }
}

/// Products of several sines and cosines as a sum, by the addition theorems.
pub(super) fn linearised(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    is_hyperbolic: bool,
) -> Option<Found> {
    let product = taken_apart(this.arena, integrand)?;
    let is_wanted = product.waves.iter().all(|wave| wave.is_hyperbolic == is_hyperbolic);
    if product.waves.len() < 2 || !is_wanted {
        return None;
    }
    let arena = &mut *this.arena;
    let sigma = Rational::from_integer(if is_hyperbolic { 1 } else { -1 }.into());
    let half = Rational::new(1.into(), 2.into());
    // (coefficient, whether it is a cosine, angle)
    let mut terms = vec![(Rational::from_integer(1.into()), true, Arena::ZERO)];
    for wave in &product.waves {
        let mut next: Vec<(Rational, bool, ExprId)> = Vec::new();
        for (coefficient, is_cosine, angle) in terms {
            let sum = arena.add(&[angle, wave.argument]);
            let difference = arena.subtract(angle, wave.argument);
            let scaled = &coefficient * &half;
            // C·C: C(+) + C(−);  S·S: σ(C(+) − C(−));  S·C: S(+) + S(−);  C·S: S(+) − S(−)
            let (result, plus, minus) = match (is_cosine, wave.is_cosine) {
                (true, true) => (true, scaled.clone(), scaled),
                (false, false) => (true, &scaled * &sigma, -(&scaled * &sigma)),
                (false, true) => (false, scaled.clone(), scaled),
                (true, false) => (false, scaled.clone(), -scaled),
            };
            for (weight, angle) in [(plus, sum), (minus, difference)] {
                match next.iter_mut().find(|it| it.1 == result && it.2 == angle) {
                    Some(known) => known.0 += weight,
                    None => next.push((weight, result, angle)),
                }
            }
        }
        terms = next;
    }
    let polynomial = shape::written(arena, &product.polynomial, Arena::VARIABLE);
    let mut sum = Vec::new();
    for (coefficient, is_cosine, argument) in terms {
        let wave = Wave { is_cosine, is_hyperbolic, argument };
        let wave = wave.partner(arena, is_cosine);
        let term = arena.multiply(&[polynomial, product.amplitude, wave]);
        sum.push((coefficient, term));
    }
    let rewritten = arena.combine(&sum);
    if rewritten == integrand {
        return None;
    }
    let part = this.integrate(rewritten)?;
    let value = this.value(part);
    Some(Found { rule: Rule::Rewrite(rewritten), value, parts: vec![part] })
}

/// Polynomial times the exponential of a quadratic polynomial: `A*exp(q)` and an error function.
pub(super) fn gaussian(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let mut polynomial = Vec::new();
    let mut exponential = None;
    let (coefficient, core) = shape::split_constants(this.arena, integrand);
    for factor in this.arena.factors(core) {
        let power = this.arena.power(factor.base, factor.exponent);
        match shape::argument_of(this.arena, power, Function::Exp) {
            Some(argument) if exponential.is_none() => exponential = Some((power, argument)),
            _ => polynomial.push(power),
        }
    }
    let (exponential, argument) = exponential?;
    let quadratic = shape::polynomial(this.arena, argument)?;
    let [_, b, a] = quadratic.coefficients() else { return None };
    let (a, b) = (*a, *b);
    polynomial.push(coefficient);
    let polynomial = this.arena.multiply(&polynomial);
    let polynomial = shape::polynomial(this.arena, polynomial)?;
    let (found, left) = along_quadratic(this.arena, &polynomial, a, b)?;
    let found = shape::written(this.arena, &found, Arena::VARIABLE);
    let elementary = this.arena.multiply(&[found, exponential]);
    if left == Arena::ZERO {
        return Some(Found::new(Rule::Coefficients, elementary));
    }
    let error = error_function(this.arena, argument, a, b)?;
    let value = times(this.arena, left, error);
    let value = this.arena.add(&[elementary, value]);
    Some(Found::new(Rule::ErrorFunction, value))
}

/// A and the constant λ with `A' + (2a*x + b)*A + λ = polynomial`.
fn along_quadratic(
    arena: &mut Arena,
    polynomial: &Coefficients,
    a: ExprId,
    b: ExprId,
) -> Option<(Coefficients, ExprId)> {
    let field = &mut Constants { arena };
    let double = field.add(&a, &a);
    let length = polynomial.degree()?;
    let mut found = vec![Arena::ZERO; length + 2];
    let mut left = Arena::ZERO;
    for degree in (0..=length).rev() {
        let next = field.integer(i64::try_from(degree + 1).ok()?);
        let taken = field.multiply(&next, &found[degree + 1]);
        let given = polynomial.coefficient(degree, field);
        left = field.subtract(&given, &taken);
        let taken = field.multiply(&b, &found[degree]);
        left = field.subtract(&left, &taken);
        if degree > 0 {
            found[degree - 1] = field.divide(&left, &double);
        }
    }
    Some((Polynomial::new(found, field), left))
}

/// `∫ exp(a*x^2 + b*x + c)` for a negative a:
/// `sqrt(π)/(2*r) * exp(c − b²/(4a)) * erf(r*x − b/(2r))` with `r = sqrt(−a)`.
fn error_function(arena: &mut Arena, argument: ExprId, a: ExprId, b: ExprId) -> Option<ExprId> {
    let negative = arena.negate(a);
    if arena.constant_sign(negative) != Some(Sign::Positive) {
        return None;
    }
    let root = arena.square_root(negative);
    let half = Rational::new(1.into(), 2.into());
    let quotient = arena.divide(b, root);
    let product = arena.multiply(&[root, Arena::VARIABLE]);
    let inner =
        arena.combine(&[(Rational::from_integer(1.into()), product), (-half.clone(), quotient)]);
    let error = arena.apply(Function::Erf, inner);
    let square = arena.square(b);
    let share = arena.divide(square, a);
    let constant = shape::polynomial(arena, argument)?;
    let constant = *constant.coefficients().first()?;
    let height = arena.combine(&[
        (Rational::from_integer(1.into()), constant),
        (Rational::new((-1).into(), 4.into()), share),
    ]);
    let height = arena.apply(Function::Exp, height);
    let pi = arena.square_root(Arena::PI);
    let value = arena.multiply(&[pi, height, error]);
    let value = arena.divide(value, root);
    Some(arena.scale(&half, value))
}
