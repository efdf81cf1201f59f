//! Zeros of expressions in a range: all of them exactly, or no answer.
//!
//! Must not know integrals.

use std::cmp::Ordering;

use num_traits::Signed;
use rustc_hash::FxHashMap;

use super::interval::is_never_zero;
use super::shape;
use crate::expression::{Arena, ExprId, Function, Node, Rational, Sign};
use crate::polynomial::{Polynomial, Rationals, factor, real_roots};

/// The most zeros of a periodic function.
const MOST_ZEROS: i64 = 200;
/// How often functions are undone.
const MOST_DEPTH: usize = 8;

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A value without the variable.
    At(ExprId),
    /// +∞
    Infinity,
    /// −∞
    MinusInfinity,
}

/// A range of the variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) low: Bound,
    pub(super) high: Bound,
}

impl Range {
    /// The ends in floating point, if they hold no symbol.
    pub(super) fn floats(self, arena: &mut Arena) -> Option<(f64, f64)> {
        Some((float(arena, self.low)?, float(arena, self.high)?))
    }

    /// Where a point lies: `None` if symbols leave it open.
    fn holds(self, arena: &mut Arena, point: ExprId) -> Option<bool> {
        let above = match self.low {
            Bound::At(low) => compare(arena, low, point)? != Ordering::Greater,
            Bound::MinusInfinity => true,
            Bound::Infinity => false,
        };
        let below = match self.high {
            Bound::At(high) => compare(arena, point, high)? != Ordering::Greater,
            Bound::Infinity => true,
            Bound::MinusInfinity => false,
        };
        Some(above && below)
    }
}

/// A bound in floating point.
pub(super) fn float(arena: &mut Arena, bound: Bound) -> Option<f64> {
    match bound {
        Bound::At(at) => arena.constant_value(at),
        Bound::Infinity => Some(f64::INFINITY),
        Bound::MinusInfinity => Some(f64::NEG_INFINITY),
    }
}

/// The order of two constants, as far as it is known.
pub(super) fn compare(arena: &mut Arena, a: ExprId, b: ExprId) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    let difference = arena.subtract(a, b);
    match arena.constant_sign(difference) {
        Some(Sign::Positive) => Some(Ordering::Greater),
        Some(Sign::Negative) => Some(Ordering::Less),
        Some(Sign::Zero) => Some(Ordering::Equal),
        _ => {
            let normal = arena.normal(difference);
            match arena.sign(normal) {
                Sign::Positive => Some(Ordering::Greater),
                Sign::Negative => Some(Ordering::Less),
                Sign::Zero => Some(Ordering::Equal),
                _ => None,
            }
        }
    }
}

/// What is known of the zeros of an expression in a range.
pub(super) enum Zeros {
    /// All of them, in no order.
    All(Vec<ExprId>),
    /// Some were not found.
    Unknown,
}

/// The zeros of an expression in a range, its ends included.
pub(super) fn zeros(arena: &mut Arena, id: ExprId, range: Range) -> Zeros {
    let candidates = solve(arena, id, range, 0);
    let Some(candidates) = candidates else { return by_intervals(arena, id, range) };
    let mut found: Vec<ExprId> = Vec::new();
    for candidate in candidates {
        match range.holds(arena, candidate) {
            Some(true) if !found.contains(&candidate) => found.push(candidate),
            Some(_) => {}
            None => return Zeros::Unknown,
        }
    }
    Zeros::All(found)
}

fn by_intervals(arena: &mut Arena, id: ExprId, range: Range) -> Zeros {
    let Some((low, high)) = range.floats(arena) else { return Zeros::Unknown };
    if is_never_zero(arena, id, low, high) { Zeros::All(Vec::new()) } else { Zeros::Unknown }
}

/// Points that hold all zeros in the range, and perhaps others.
fn solve(arena: &mut Arena, id: ExprId, range: Range, depth: usize) -> Option<Vec<ExprId>> {
    if depth > MOST_DEPTH || id == Arena::UNDEFINED || id == Arena::ZERO {
        return None;
    }
    if !arena.depends(id) || arena.sign(id).is_nonzero() {
        return Some(Vec::new());
    }
    match arena.node(id).clone() {
        Node::Variable => Some(vec![Arena::ZERO]),
        Node::Product(factors) => {
            let mut found = Vec::new();
            for factor in factors {
                let exponent = arena.as_number(factor.exponent).cloned();
                match exponent {
                    Some(number) if number.is_negative() => {}
                    Some(_) => found.extend(solve(arena, factor.base, range, depth + 1)?),
                    None if arena.sign(factor.base) == Sign::Positive => {}
                    None => return None,
                }
            }
            Some(found)
        }
        Node::Apply(function, u) => match function {
            Function::Exp | Function::Cosh => Some(Vec::new()),
            Function::Sin | Function::Tan => periodic(arena, u, Arena::ZERO, Arena::PI, range),
            Function::Cos => {
                let half = arena.multiply(&[Arena::HALF, Arena::PI]);
                periodic(arena, u, half, Arena::PI, range)
            }
            Function::Log | Function::Acos | Function::Acosh => {
                let difference = arena.subtract(u, Arena::ONE);
                solve(arena, difference, range, depth + 1)
            }
            _ => solve(arena, u, range, depth + 1),
        },
        Node::Sum(_) => of_sum(arena, id, range, depth),
        _ => None,
    }
}

/// All x in the range with `u = value + k*period`.
fn periodic(
    arena: &mut Arena,
    u: ExprId,
    value: ExprId,
    period: ExprId,
    range: Range,
) -> Option<Vec<ExprId>> {
    let (slope, constant) = shape::linear(arena, u)?;
    let (low, high) = range.floats(arena)?;
    if !low.is_finite() || !high.is_finite() {
        return None;
    }
    let rate = arena.constant_value(slope)?;
    let shift = arena.constant_value(constant)?;
    let (start, length) = (arena.constant_value(value)?, arena.constant_value(period)?);
    let ends = [rate * low + shift, rate * high + shift];
    let first = ((ends[0].min(ends[1]) - start) / length - 1e-6).floor();
    let last = ((ends[0].max(ends[1]) - start) / length + 1e-6).ceil();
    if last - first > MOST_ZEROS as f64 {
        return None;
    }
    let mut found = Vec::new();
    for k in (first as i64)..=(last as i64) {
        let turns = arena.integer(k);
        let turns = arena.multiply(&[turns, period]);
        let angle = arena.add(&[value, turns]);
        let difference = arena.subtract(angle, constant);
        let inverse = arena.power(slope, Arena::MINUS_ONE);
        found.push(super::integrator::times(arena, inverse, difference));
    }
    Some(found)
}

fn of_sum(arena: &mut Arena, id: ExprId, range: Range, depth: usize) -> Option<Vec<ExprId>> {
    if let Some(polynomial) = shape::polynomial(arena, id) {
        return roots(arena, &polynomial, range);
    }
    let kernels: Vec<ExprId> =
        arena.reachable(id).into_iter().filter(|at| shape::is_kernel(arena, *at)).collect();
    for kernel in kernels {
        let new = arena.parameter("u", Sign::Unknown);
        let mut images = FxHashMap::from_iter([(kernel, new)]);
        let written = arena.rebuild(id, &mut images);
        if arena.depends(written) {
            continue;
        }
        let mut images = FxHashMap::from_iter([(new, Arena::VARIABLE)]);
        let written = arena.rebuild(written, &mut images);
        let Some(polynomial) = shape::polynomial(arena, written) else { continue };
        let everywhere = Range { low: Bound::MinusInfinity, high: Bound::Infinity };
        let values = roots(arena, &polynomial, everywhere)?;
        let mut found = Vec::new();
        for value in values {
            found.extend(where_kernel_is(arena, kernel, value, range, depth)?);
        }
        return Some(found);
    }
    None
}

/// The points where a function or root has a value.
fn where_kernel_is(
    arena: &mut Arena,
    kernel: ExprId,
    value: ExprId,
    range: Range,
    depth: usize,
) -> Option<Vec<ExprId>> {
    let sign = arena.constant_sign(value)?;
    let is_within = |arena: &mut Arena| {
        let size = arena.constant_value(value).map(f64::abs);
        size.map(|size| size <= 1.0 + 1e-15)
    };
    let twice_pi = arena.scale(&Rational::from_integer(2.into()), Arena::PI);
    let inverse = match arena.node(kernel).clone() {
        Node::Product(factors) => {
            let [only] = factors.as_slice() else { return None };
            if sign == Sign::Negative {
                return Some(Vec::new());
            }
            let exponent = arena.as_number(only.exponent)?.recip();
            let exponent = arena.number(exponent);
            let power = arena.power(value, exponent);
            let difference = arena.subtract(only.base, power);
            return solve(arena, difference, range, depth + 1);
        }
        Node::Apply(Function::Sin, u) => {
            if !is_within(arena)? {
                return Some(Vec::new());
            }
            let angle = arena.apply(Function::Asin, value);
            let other = arena.subtract(Arena::PI, angle);
            let mut found = periodic(arena, u, angle, twice_pi, range)?;
            found.extend(periodic(arena, u, other, twice_pi, range)?);
            return Some(found);
        }
        Node::Apply(Function::Cos, u) => {
            if !is_within(arena)? {
                return Some(Vec::new());
            }
            let angle = arena.apply(Function::Acos, value);
            let other = arena.negate(angle);
            let mut found = periodic(arena, u, angle, twice_pi, range)?;
            found.extend(periodic(arena, u, other, twice_pi, range)?);
            return Some(found);
        }
        Node::Apply(Function::Tan, u) => {
            let angle = arena.apply(Function::Atan, value);
            return periodic(arena, u, angle, Arena::PI, range);
        }
        Node::Apply(Function::Exp, _) if sign != Sign::Positive => return Some(Vec::new()),
        Node::Apply(Function::Abs, u) => {
            let mut found = Vec::new();
            for sign in [1_i64, -1] {
                let signed = arena.scale(&Rational::from_integer(sign.into()), value);
                let difference = arena.subtract(u, signed);
                found.extend(solve(arena, difference, range, depth + 1)?);
            }
            return Some(found);
        }
        Node::Apply(function, u) => {
            let inverse = match function {
                Function::Exp => Function::Log,
                Function::Log => Function::Exp,
                Function::Sinh => Function::Asinh,
                Function::Asinh => Function::Sinh,
                _ => return None,
            };
            (u, arena.apply(inverse, value))
        }
        _ => return None,
    };
    let difference = arena.subtract(inverse.0, inverse.1);
    solve(arena, difference, range, depth + 1)
}

/// The real roots of a polynomial, if all that lie in the range can be written.
fn roots(arena: &mut Arena, polynomial: &shape::Coefficients, range: Range) -> Option<Vec<ExprId>> {
    let Some(numbers) = shape::with_numbers(arena, polynomial) else {
        return roots_of_small(arena, polynomial);
    };
    let mut found = Vec::new();
    for (part, _) in factor(&numbers).factors {
        if part.degree()? <= 2 {
            let part = shape::with_constants(arena, &part);
            found.extend(roots_of_small(arena, &part)?);
        } else if has_root_in(arena, &part, range) {
            return None;
        }
    }
    Some(found)
}

fn has_root_in(arena: &mut Arena, polynomial: &Polynomial<Rational>, range: Range) -> bool {
    let end = |arena: &mut Arena, bound: Bound, outwards: f64| match bound {
        Bound::At(at) => match arena.as_number(at) {
            Some(number) => Some(number.clone()),
            None => {
                let value = arena.constant_value(at)?;
                Rational::from_float(value + outwards * (1e-9 + value.abs() * 1e-9))
            }
        },
        _ => None,
    };
    let (low, high) = (end(arena, range.low, -1.0), end(arena, range.high, 1.0));
    let width = Rational::from_integer(1_000_000.into());
    let inside = real_roots(polynomial, low.as_ref(), high.as_ref(), &width);
    let is_end = low.is_some_and(|low| {
        polynomial.evaluate(&low, &mut Rationals) == Rational::from_integer(0.into())
    });
    is_end || !inside.is_empty()
}

/// The real roots of a polynomial of degree one or two.
fn roots_of_small(arena: &mut Arena, polynomial: &shape::Coefficients) -> Option<Vec<ExprId>> {
    match polynomial.coefficients() {
        [constant, slope] => {
            let quotient = arena.divide(*constant, *slope);
            let root = arena.negate(quotient);
            Some(vec![arena.normal(root)])
        }
        [c, b, a] => {
            let (a, b, c) = (*a, *b, *c);
            let square = arena.square(b);
            let product = arena.multiply(&[a, c]);
            let discriminant = arena.combine(&[
                (Rational::from_integer(1.into()), square),
                (Rational::from_integer((-4).into()), product),
            ]);
            let discriminant = arena.normal(discriminant);
            if arena.constant_sign(discriminant)? == Sign::Negative {
                return Some(Vec::new());
            }
            let root = arena.square_root(discriminant);
            let mut found = Vec::new();
            for sign in [1_i64, -1] {
                let top = arena.combine(&[
                    (Rational::from_integer((-1).into()), b),
                    (Rational::from_integer(sign.into()), root),
                ]);
                let double = arena.scale(&Rational::from_integer(2.into()), a);
                let quotient = arena.divide(top, double);
                found.push(arena.normal(quotient));
            }
            Some(found)
        }
        _ => None,
    }
}
