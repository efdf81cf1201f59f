//! Powers and rational functions of sine and cosine, and of their hyperbolic kin.
//!
//! Must not know other methods.

use rustc_hash::FxHashMap;

use super::exponential;
use super::integrator::{Found, Integrator};
use super::rewriting::multiplied_out;
use super::shape;
use super::step::Rule;
use super::substitution::substitute;
use super::table::logarithm_of_size;
use crate::expression::{Arena, ExprId, Function, Node, Rational, Sign};

/// Powers beyond this are not reduced.
const MOST_POWER: i64 = 40;

/// Products of sines and cosines as sums.
pub(super) fn linearised(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    exponential::linearised(this, integrand, false)
}

/// `sin(w)^sines * cos(w)^cosines`, or hyperbolic, with tangents taken apart.
struct Powers {
    argument: ExprId,
    slope: ExprId,
    is_hyperbolic: bool,
    sines: i64,
    cosines: i64,
}

impl Powers {
    fn of(arena: &mut Arena, id: ExprId) -> Option<Self> {
        let mut found: Option<Self> = None;
        if arena.terms(id).len() != 1 || !arena.content(id).0.is_integer() {
            return None;
        }
        for factor in arena.factors(id) {
            let Node::Apply(function, argument) = *arena.node(factor.base) else { return None };
            let exponent = arena.as_integer(factor.exponent).filter(|it| it.abs() <= MOST_POWER)?;
            let (is_hyperbolic, sines, cosines) = match function {
                Function::Sin => (false, exponent, 0),
                Function::Cos => (false, 0, exponent),
                Function::Tan => (false, exponent, -exponent),
                Function::Sinh => (true, exponent, 0),
                Function::Cosh => (true, 0, exponent),
                Function::Tanh => (true, exponent, -exponent),
                _ => return None,
            };
            match &mut found {
                None => {
                    let (slope, _) = shape::linear(arena, argument)?;
                    found = Some(Self { argument, slope, is_hyperbolic, sines, cosines });
                }
                Some(known)
                    if known.argument == argument && known.is_hyperbolic == is_hyperbolic =>
                {
                    known.sines += sines;
                    known.cosines += cosines;
                }
                Some(_) => return None,
            }
        }
        found
    }

    /// The product with other exponents.
    fn with(&self, arena: &mut Arena, sines: i64, cosines: i64) -> ExprId {
        let functions = if self.is_hyperbolic {
            (Function::Sinh, Function::Cosh, Function::Tanh)
        } else {
            (Function::Sin, Function::Cos, Function::Tan)
        };
        let mut power = |function: Function, exponent: i64| {
            let base = arena.apply(function, self.argument);
            let exponent = arena.integer(exponent);
            arena.power(base, exponent)
        };
        if sines > 0 && sines == -cosines {
            return power(functions.2, sines);
        }
        let (sine, cosine) = (power(functions.0, sines), power(functions.1, cosines));
        arena.multiply(&[sine, cosine])
    }
}

/// The recurrences for powers of secant, cosecant, tangent and cotangent.
pub(super) fn reduction(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let powers = Powers::of(this.arena, integrand)?;
    let (m, n) = (powers.sines, powers.cosines);
    match (m, n) {
        (0, -1) | (-1, 0) => return Some(of_reciprocal(this, &powers)),
        (-1, 1) => {
            let sine = powers.with(this.arena, 1, 0);
            let logarithm = logarithm_of_size(this.arena, sine);
            let value = this.arena.divide(logarithm, powers.slope);
            return Some(Found::new(Rule::Reduction { found: value, rest: Arena::ZERO }, value));
        }
        _ => {}
    }
    let sigma = if powers.is_hyperbolic { -1 } else { 1 };
    // (numerator, its exponents), (factor of the rest, its exponents)
    let (found, rest) = match (m, n) {
        (0, ..=-3) => (((1, -n - 1), (1, n + 1)), ((-n - 2, -n - 1), (0, n + 2))),
        (..=-3, 0) => (((-1, -m - 1), (m + 1, 1)), ((sigma * (-m - 2), -m - 1), (m + 2, 0))),
        (2.., _) if n == -m => (((sigma, m - 1), (m - 1, 1 - m)), ((-sigma, 1), (m - 2, 2 - m))),
        (..=-2, _) if n == -m => (((-1, -m - 1), (m + 1, -m - 1)), ((-sigma, 1), (m + 2, -m - 2))),
        (..=-1, ..=-1) if (m + n) % 2 == 0 => {
            let functions = if powers.is_hyperbolic { Function::Tanh } else { Function::Tan };
            let inner = this.arena.apply(functions, powers.argument);
            let transformed = super::substitution::transform(this.arena, integrand, inner)?;
            return substitute(this, inner, transformed);
        }
        _ => return by_squares(this, integrand, &powers),
    };
    let arena = &mut *this.arena;
    let ((top, bottom), (sines, cosines)) = found;
    let product = powers.with(arena, sines, cosines);
    let product = arena.scale(&Rational::new(top.into(), bottom.into()), product);
    let found = arena.divide(product, powers.slope);
    let ((top, bottom), (sines, cosines)) = rest;
    let product = powers.with(arena, sines, cosines);
    let rest = arena.scale(&Rational::new(top.into(), bottom.into()), product);
    let part = this.integrate(rest)?;
    let later = this.value(part);
    let value = this.arena.add(&[found, later]);
    Some(Found { rule: Rule::Reduction { found, rest }, value, parts: vec![part] })
}

/// `1/sin`, `1/cos` and their hyperbolic kin.
fn of_reciprocal(this: &mut Integrator<'_>, powers: &Powers) -> Found {
    let arena = &mut *this.arena;
    let half = Rational::new(1.into(), 2.into());
    let value = match (powers.is_hyperbolic, powers.cosines) {
        (false, -1) => {
            let secant = powers.with(arena, 0, -1);
            let tangent = arena.apply(Function::Tan, powers.argument);
            let sum = arena.add(&[secant, tangent]);
            logarithm_of_size(arena, sum)
        }
        (true, -1) => {
            let sine = powers.with(arena, 1, 0);
            arena.apply(Function::Atan, sine)
        }
        (is_hyperbolic, _) => {
            let argument = arena.scale(&half, powers.argument);
            let function = if is_hyperbolic { Function::Tanh } else { Function::Tan };
            let tangent = arena.apply(function, argument);
            logarithm_of_size(arena, tangent)
        }
    };
    let value = arena.divide(value, powers.slope);
    Found::new(Rule::Reduction { found: value, rest: Arena::ZERO }, value)
}

/// An even positive power over a power of the other function: by `sin² = 1 − cos²`.
fn by_squares(this: &mut Integrator<'_>, integrand: ExprId, powers: &Powers) -> Option<Found> {
    let (m, n) = (powers.sines, powers.cosines);
    let is_mixed = (m + n) % 2 != 0;
    let is_sine = is_mixed && m > 0 && m % 2 == 0 && n < 0;
    let is_cosine = is_mixed && n > 0 && n % 2 == 0 && m < 0;
    if !is_sine && !is_cosine {
        return None;
    }
    let arena = &mut *this.arena;
    let square = if is_sine { powers.with(arena, 0, 2) } else { powers.with(arena, 2, 0) };
    // circular: 1 − square; hyperbolic: sinh² = cosh² − 1, cosh² = 1 + sinh²
    let (constant, sign) = match (powers.is_hyperbolic, is_sine) {
        (false, _) => (1, -1),
        (true, true) => (-1, 1),
        (true, false) => (1, 1),
    };
    let constant = arena.integer(constant);
    let base = arena.combine(&[
        (Rational::from_integer(1.into()), constant),
        (Rational::from_integer(sign.into()), square),
    ]);
    let exponent = arena.integer(if is_sine { m / 2 } else { n / 2 });
    let power = arena.power(base, exponent);
    let other = if is_sine { powers.with(arena, 0, n) } else { powers.with(arena, m, 0) };
    let product = arena.multiply(&[power, other]);
    let rewritten = multiplied_out(arena, product)?;
    if rewritten == integrand {
        return None;
    }
    let part = this.integrate(rewritten)?;
    let value = this.value(part);
    Some(Found { rule: Rule::Rewrite(rewritten), value, parts: vec![part] })
}

/// Rational functions of sine and cosine of one argument: by cosine, sine, tangent, or the tangent of
/// half the argument, whichever fits (Bioche).
pub(super) fn rational_in_sine_and_cosine(
    this: &mut Integrator<'_>,
    integrand: ExprId,
) -> Option<Found> {
    let arena = &mut *this.arena;
    let normal = arena.normal(integrand);
    let (argument, slope) = common_argument(arena, normal)?;
    let sine = arena.apply(Function::Sin, argument);
    let cosine = arena.apply(Function::Cos, argument);
    let new = arena.parameter("u", Sign::Unknown);
    let (minus_sine, minus_cosine) = (arena.negate(sine), arena.negate(cosine));
    let is_odd_in_sine = is_odd(arena, normal, &[(sine, minus_sine)]);
    let is_odd_in_cosine = is_odd(arena, normal, &[(cosine, minus_cosine)]);
    let square = arena.square(new);
    let one_minus = arena.subtract(Arena::ONE, square);
    let one_plus = arena.add(&[Arena::ONE, square]);
    let root = |arena: &mut Arena, of: ExprId| arena.square_root(of);
    let both = [(sine, minus_sine), (cosine, minus_cosine)];
    // (u, sine, cosine, the derivative of u without the slope)
    let (inner, s, c, derivative) = if is_odd_in_sine {
        let r = root(arena, one_minus);
        let derivative = arena.negate(r);
        (cosine, r, new, derivative)
    } else if is_odd_in_cosine {
        let r = root(arena, one_minus);
        (sine, new, r, r)
    } else if is_even(arena, normal, &both) {
        let r = root(arena, one_plus);
        let c = arena.power(r, Arena::MINUS_ONE);
        let tangent = arena.apply(Function::Tan, argument);
        (tangent, arena.multiply(&[new, c]), c, one_plus)
    } else {
        let half = arena.scale(&Rational::new(1.into(), 2.into()), argument);
        let tangent = arena.apply(Function::Tan, half);
        let inverse = arena.power(one_plus, Arena::MINUS_ONE);
        let double = arena.scale(&Rational::from_integer(2.into()), new);
        let derivative = arena.scale(&Rational::new(1.into(), 2.into()), one_plus);
        let s = arena.multiply(&[double, inverse]);
        let c = arena.multiply(&[one_minus, inverse]);
        (tangent, s, c, derivative)
    };
    let mut images = FxHashMap::from_iter([(sine, s), (cosine, c)]);
    let written = arena.rebuild(normal, &mut images);
    let slope = arena.multiply(&[derivative, slope]);
    let quotient = arena.divide(written, slope);
    let transformed = arena.normal(quotient);
    if arena.depends(transformed) {
        return None;
    }
    let transformed =
        arena.rebuild(transformed, &mut FxHashMap::from_iter([(new, Arena::VARIABLE)]));
    if arena.reachable(transformed).into_iter().any(|at| shape::is_kernel(arena, at)) {
        return None;
    }
    substitute(this, inner, transformed)
}

/// The argument, if sine and cosine of it are the only functions of the variable.
fn common_argument(arena: &mut Arena, id: ExprId) -> Option<(ExprId, ExprId)> {
    let mut found = None;
    for at in arena.reachable(id) {
        if !arena.depends(at) {
            continue;
        }
        if let Node::Apply(function, argument) = *arena.node(at) {
            let fits = matches!(function, Function::Sin | Function::Cos);
            if !fits || found.is_some_and(|known| known != argument) {
                return None;
            }
            found = Some(argument);
        } else if shape::is_kernel(arena, at) {
            return None;
        }
    }
    let argument = found?;
    let (slope, _) = shape::linear(arena, argument)?;
    // The variable must stand in the argument alone.
    let probe = arena.parameter("u", Sign::Unknown);
    let mut images = FxHashMap::from_iter([(argument, probe)]);
    let rebuilt = arena.rebuild(id, &mut images);
    (!arena.depends(rebuilt)).then_some((argument, slope))
}

fn changed(arena: &mut Arena, id: ExprId, signs: &[(ExprId, ExprId)]) -> ExprId {
    let mut images: FxHashMap<ExprId, ExprId> = signs.iter().copied().collect();
    arena.rebuild(id, &mut images)
}

fn is_odd(arena: &mut Arena, id: ExprId, signs: &[(ExprId, ExprId)]) -> bool {
    let other = changed(arena, id, signs);
    let sum = arena.add(&[id, other]);
    sum != Arena::UNDEFINED && arena.normal(sum) == Arena::ZERO
}

fn is_even(arena: &mut Arena, id: ExprId, signs: &[(ExprId, ExprId)]) -> bool {
    let other = changed(arena, id, signs);
    let difference = arena.subtract(id, other);
    difference != Arena::UNDEFINED && arena.normal(difference) == Arena::ZERO
}
