//! Definite and improper integrals.
//!
//! Must not know how antiderivatives are found. An antiderivative is used only between the places where
//! it or the integrand may not be continuous; there its one-sided limits are taken. What has no
//! antiderivative is computed numerically, and says so.

use std::cmp::Ordering;

use num_traits::Signed;

use super::numeric::{self, Approximation};
use super::shape;
use super::zeros::{Bound, Range, Zeros, compare, float, zeros};
use super::{Antiderivative, Unsolved, antiderivative};
use crate::expression::{Arena, ExprId, Function, Node, Rational};
use crate::limit::{Limit, NoLimit, Point, Side, limit};

/// The value of a definite integral.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// An expression without the variable.
    Exact(ExprId),
    /// A number with a bound of its error.
    Approximate(Approximation),
}

/// A definite integral.
#[derive(Clone, Debug)]
pub struct Definite {
    /// The value.
    pub value: Value,
    /// The antiderivative that gave it.
    pub antiderivative: Option<Antiderivative>,
    /// The places, between the bounds and at them, where one-sided limits were taken.
    pub places: Vec<Bound>,
    /// Expressions that must have no zero between the bounds.
    pub nonzero_between: Vec<ExprId>,
    /// Whether a step rests on values to many digits alone.
    pub is_assumed: bool,
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq)]
pub enum NoIntegral {
    /// The integral diverges at a place.
    Divergent {
        /// Where.
        at: Bound,
    },
    /// The antiderivative oscillates towards a place.
    Oscillates {
        /// Where.
        at: Bound,
    },
    /// The integrand has no real values on a part of the range, around a number.
    NotReal {
        /// A number of that part.
        around: f64,
    },
    /// No value was found.
    Unsolved(Unsolved),
}

/// The integral from one bound to the other.
///
/// # Errors
///
/// Says why there is none, or why none was found.
pub fn definite(
    arena: &mut Arena,
    integrand: ExprId,
    from: Bound,
    to: Bound,
) -> Result<Definite, NoIntegral> {
    if integrand == Arena::UNDEFINED {
        return Err(NoIntegral::Unsolved(Unsolved::Undefined));
    }
    let (low, high, is_reversed) = match order(arena, from, to) {
        Some(Ordering::Equal) => return Ok(exact(Arena::ZERO)),
        Some(Ordering::Greater) => (to, from, true),
        _ => (from, to, false),
    };
    let range = Range { low, high };
    let mut found = in_order(arena, integrand, range)?;
    if is_reversed {
        found.value = match found.value {
            Value::Exact(value) => Value::Exact(arena.negate(value)),
            Value::Approximate(value) => {
                Value::Approximate(Approximation { value: -value.value, ..value })
            }
        };
    }
    Ok(found)
}

const fn exact(value: ExprId) -> Definite {
    Definite {
        value: Value::Exact(value),
        antiderivative: None,
        places: Vec::new(),
        nonzero_between: Vec::new(),
        is_assumed: false,
    }
}

fn order(arena: &mut Arena, a: Bound, b: Bound) -> Option<Ordering> {
    match (a, b) {
        (Bound::At(a), Bound::At(b)) => compare(arena, a, b),
        (a, b) if a == b => Some(Ordering::Equal),
        (Bound::MinusInfinity, _) | (_, Bound::Infinity) => Some(Ordering::Less),
        _ => Some(Ordering::Greater),
    }
}

fn in_order(arena: &mut Arena, integrand: ExprId, range: Range) -> Result<Definite, NoIntegral> {
    let antiderivative = antiderivative(arena, integrand);
    if arena.is_exhausted() {
        return Err(NoIntegral::Unsolved(Unsolved::Exhausted));
    }
    let failure = match antiderivative {
        Ok(antiderivative) => match by_antiderivative(arena, integrand, range, antiderivative) {
            Ok(found) => return Ok(found),
            Err(NoIntegral::Unsolved(failure)) => failure,
            Err(failure) => return Err(failure),
        },
        Err(failure) => failure,
    };
    if arena.is_exhausted() {
        return Err(NoIntegral::Unsolved(Unsolved::Exhausted));
    }
    if failure == Unsolved::Refuted || has_symbols(arena, integrand, range) {
        return Err(NoIntegral::Unsolved(failure));
    }
    numerically(arena, integrand, range, failure)
}

fn has_symbols(arena: &Arena, integrand: ExprId, range: Range) -> bool {
    let mut roots = vec![integrand];
    for bound in [range.low, range.high] {
        if let Bound::At(at) = bound {
            roots.push(at);
        }
    }
    let is_symbol = |at: &ExprId| matches!(arena.node(*at), Node::Parameter(_));
    arena.reachable_from(&roots).iter().any(is_symbol)
}

/// Expressions at whose zeros the expression may not be continuous, or not be defined beyond.
fn suspects(arena: &mut Arena, id: ExprId) -> Vec<ExprId> {
    let mut found: Vec<ExprId> = Vec::new();
    for at in arena.reachable(id) {
        if !arena.depends(at) {
            continue;
        }
        match arena.node(at).clone() {
            Node::Product(factors) => {
                for factor in factors {
                    let is_smooth = arena
                        .as_number(factor.exponent)
                        .is_some_and(|number| number.is_integer() && !number.is_negative());
                    if arena.depends(factor.base) && !is_smooth {
                        found.push(factor.base);
                    }
                }
            }
            Node::Apply(Function::Log | Function::Abs | Function::Sign, u) => {
                found.push(shape::argument_of(arena, u, Function::Abs).unwrap_or(u));
            }
            Node::Apply(Function::Tan, u) => found.push(arena.apply(Function::Cos, u)),
            Node::Apply(Function::Asin | Function::Acos | Function::Atanh, u) => {
                let square = arena.square(u);
                found.push(arena.subtract(Arena::ONE, square));
            }
            Node::Apply(Function::Acosh, u) => found.push(arena.subtract(u, Arena::ONE)),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The places in the range where one of the expressions may break, rising; and the suspects whose zeros
/// are not known.
fn breaks(arena: &mut Arena, of: &[ExprId], range: Range) -> Option<(Vec<ExprId>, Vec<ExprId>)> {
    let mut places: Vec<ExprId> = Vec::new();
    let mut unknown = Vec::new();
    let mut all = Vec::new();
    for id in of {
        all.extend(suspects(arena, *id));
    }
    all.sort_unstable();
    all.dedup();
    for suspect in all {
        match zeros(arena, suspect, range) {
            Zeros::All(found) => {
                for place in found {
                    let mut at = 0;
                    while let Some(known) = places.get(at) {
                        match compare(arena, *known, place)? {
                            Ordering::Less => at += 1,
                            Ordering::Equal => break,
                            Ordering::Greater => {
                                places.insert(at, place);
                                break;
                            }
                        }
                    }
                    if at == places.len() {
                        places.push(place);
                    }
                }
            }
            Zeros::Unknown => unknown.push(suspect),
        }
    }
    Some((places, unknown))
}

fn by_antiderivative(
    arena: &mut Arena,
    integrand: ExprId,
    range: Range,
    antiderivative: Antiderivative,
) -> Result<Definite, NoIntegral> {
    let unsolved = NoIntegral::Unsolved(Unsolved::NotFound);
    let value = antiderivative.value;
    let (places, unknown) =
        breaks(arena, &[integrand, value], range).ok_or_else(|| unsolved.clone())?;
    let has_symbols = has_symbols(arena, integrand, range);
    if !unknown.is_empty() && !has_symbols {
        return Err(unsolved);
    }
    let mut points: Vec<(Bound, bool)> = vec![(range.low, false)];
    for place in places {
        let bound = Bound::At(place);
        match (is_same(arena, bound, range.low), is_same(arena, bound, range.high)) {
            (true, _) => points[0].1 = true,
            (_, true) => {}
            _ => points.push((bound, true)),
        }
    }
    let ends_at_break = breaks_at(arena, integrand, value, range.high)?;
    points.push((range.high, ends_at_break));
    let mut terms = Vec::new();
    let mut limits = Vec::new();
    let mut is_assumed = antiderivative.is_assumed;
    let one = Rational::from_integer(1.into());
    for pair in points.windows(2) {
        let [(low, low_breaks), (high, high_breaks)] = pair else { continue };
        check_real(arena, integrand, *low, *high)?;
        for (bound, is_break, side, sign) in
            [(*low, *low_breaks, Side::Right, -1), (*high, *high_breaks, Side::Left, 1)]
        {
            let (end, used_limit, assumed) = value_at(arena, value, bound, is_break, side)?;
            if used_limit && !limits.contains(&bound) {
                limits.push(bound);
            }
            is_assumed |= assumed;
            terms.push((&one * Rational::from_integer(sign.into()), end));
        }
    }
    let sum = arena.combine(&terms);
    let sum = shorter(arena, sum);
    if sum == Arena::UNDEFINED {
        return Err(unsolved);
    }
    if !has_symbols {
        confirm(arena, integrand, &points, sum)?;
    }
    Ok(Definite {
        value: Value::Exact(sum),
        antiderivative: Some(antiderivative),
        places: limits,
        nonzero_between: unknown,
        is_assumed,
    })
}

fn is_same(arena: &mut Arena, a: Bound, b: Bound) -> bool {
    order(arena, a, b) == Some(Ordering::Equal)
}

/// Whether an end is one of the places where something may break.
fn breaks_at(
    arena: &mut Arena,
    integrand: ExprId,
    value: ExprId,
    bound: Bound,
) -> Result<bool, NoIntegral> {
    if !matches!(bound, Bound::At(_)) {
        return Ok(true);
    }
    let (places, _) = breaks(arena, &[integrand, value], Range { low: bound, high: bound })
        .ok_or(NoIntegral::Unsolved(Unsolved::NotFound))?;
    Ok(!places.is_empty())
}

/// The value of the antiderivative at an end, its limit where it may break there.
fn value_at(
    arena: &mut Arena,
    antiderivative: ExprId,
    bound: Bound,
    is_break: bool,
    side: Side,
) -> Result<(ExprId, bool, bool), NoIntegral> {
    let point = match bound {
        Bound::At(at) => {
            if !is_break {
                let value = arena.substitute(antiderivative, at);
                if value != Arena::UNDEFINED {
                    return Ok((value, false, false));
                }
            }
            Point::At(at)
        }
        Bound::Infinity => Point::Infinity,
        Bound::MinusInfinity => Point::MinusInfinity,
    };
    match limit(arena, antiderivative, point, side) {
        Ok(found) => match found.value {
            Limit::Finite(value) => Ok((value, true, !found.assumptions.is_empty())),
            _ => Err(NoIntegral::Divergent { at: bound }),
        },
        Err(NoLimit::Oscillates { .. }) => Err(NoIntegral::Oscillates { at: bound }),
        Err(NoLimit::Exhausted) => Err(NoIntegral::Unsolved(Unsolved::Exhausted)),
        Err(_) => Err(NoIntegral::Unsolved(Unsolved::NotFound)),
    }
}

/// A number inside a range.
fn inside(low: f64, high: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low + (high - low) * 0.437,
        (true, false) => low + 1.37,
        (false, true) => high - 1.37,
        (false, false) => 0.137,
    }
}

fn check_real(
    arena: &mut Arena,
    integrand: ExprId,
    low: Bound,
    high: Bound,
) -> Result<(), NoIntegral> {
    if has_symbols(arena, integrand, Range { low, high }) {
        return Ok(());
    }
    let (Some(low), Some(high)) = (float(arena, low), float(arena, high)) else { return Ok(()) };
    let around = inside(low, high);
    if arena.value(integrand, around, &[]).is_nan() {
        return Err(NoIntegral::NotReal { around });
    }
    Ok(())
}

fn shorter(arena: &mut Arena, id: ExprId) -> ExprId {
    let normal = arena.normal(id);
    if normal != Arena::UNDEFINED && arena.size(normal) < arena.size(id) { normal } else { id }
}

/// Compares an exact value with quadrature between the places.
fn confirm(
    arena: &mut Arena,
    integrand: ExprId,
    points: &[(Bound, bool)],
    value: ExprId,
) -> Result<(), NoIntegral> {
    let Some(expected) = arena.constant_value(value) else { return Ok(()) };
    let mut sum = Approximation { value: 0.0, error: 0.0, is_proven: true };
    for pair in points.windows(2) {
        let [(low, _), (high, _)] = pair else { continue };
        let (Some(low), Some(high)) = (float(arena, *low), float(arena, *high)) else {
            return Ok(());
        };
        let Some(part) = approximated(arena, integrand, low, high) else { return Ok(()) };
        sum.value += part.value;
        sum.error += part.error;
        sum.is_proven &= part.is_proven;
    }
    let distance = (sum.value - expected).abs();
    let scale = 1.0 + expected.abs();
    if sum.is_proven && distance > 2.0 * sum.error + 1e-9 * scale {
        return Err(NoIntegral::Unsolved(Unsolved::Refuted));
    }
    if distance > 100.0 * sum.error + 1e-5 * scale {
        return Err(NoIntegral::Unsolved(Unsolved::NotFound));
    }
    Ok(())
}

fn approximated(arena: &Arena, id: ExprId, low: f64, high: f64) -> Option<Approximation> {
    let proven = if low.is_finite() && high.is_finite() {
        numeric::proven(arena, id, low, high)
    } else {
        None
    };
    proven.or_else(|| numeric::estimated(arena, id, low, high))
}

fn numerically(
    arena: &mut Arena,
    integrand: ExprId,
    range: Range,
    failure: Unsolved,
) -> Result<Definite, NoIntegral> {
    let unsolved = NoIntegral::Unsolved(failure);
    let (low, high) = range.floats(arena).ok_or_else(|| unsolved.clone())?;
    let answer = |approximation: Approximation, places: Vec<Bound>| Definite {
        value: Value::Approximate(approximation),
        places,
        ..exact(Arena::ZERO)
    };
    if low.is_finite()
        && high.is_finite()
        && let Some(found) = numeric::proven(arena, integrand, low, high)
    {
        return Ok(answer(found, Vec::new()));
    }
    let (places, unknown) = breaks(arena, &[integrand], range).ok_or_else(|| unsolved.clone())?;
    if !unknown.is_empty() {
        return Err(unsolved);
    }
    let mut points = vec![range.low];
    for place in places {
        let bound = Bound::At(place);
        if !is_same(arena, bound, range.low) && !is_same(arena, bound, range.high) {
            points.push(bound);
        }
    }
    points.push(range.high);
    let mut sum = Approximation { value: 0.0, error: 0.0, is_proven: true };
    let mut limits = Vec::new();
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        check_real(arena, integrand, *from, *to)?;
        let (Some(low), Some(high)) = (float(arena, *from), float(arena, *to)) else {
            return Err(unsolved);
        };
        for (bound, side) in [(*from, Side::Right), (*to, Side::Left)] {
            if !converges(arena, integrand, bound, side, &unsolved)? {
                limits.push(bound);
            }
        }
        let part = approximated(arena, integrand, low, high).ok_or_else(|| unsolved.clone())?;
        sum.value += part.value;
        sum.error += part.error;
        sum.is_proven &= part.is_proven;
    }
    Ok(answer(sum, limits))
}

/// Whether the integrand is continuous at an end; an error unless it is at least integrable there, by
/// comparison with powers of the distance.
fn converges(
    arena: &mut Arena,
    integrand: ExprId,
    bound: Bound,
    side: Side,
    unsolved: &NoIntegral,
) -> Result<bool, NoIntegral> {
    let (point, distance) = match bound {
        Bound::At(at) => {
            let difference = arena.subtract(Arena::VARIABLE, at);
            let signed = if side == Side::Left { arena.negate(difference) } else { difference };
            (Point::At(at), signed)
        }
        Bound::Infinity => (Point::Infinity, Arena::VARIABLE),
        Bound::MinusInfinity => (Point::MinusInfinity, arena.negate(Arena::VARIABLE)),
    };
    let is_finite = matches!(bound, Bound::At(_));
    if is_finite {
        match limit(arena, integrand, point, side) {
            Ok(found) if matches!(found.value, Limit::Finite(_)) => return Ok(true),
            // What oscillates between bounds is integrable.
            Err(NoLimit::Oscillates {
                first: Limit::Finite(_), second: Limit::Finite(_), ..
            }) => {
                return Ok(false);
            }
            _ => {}
        }
    }
    // f*d^(9/10) → 0 at a point, f*d^(11/10) → 0 at an end of the line
    let exponent = if is_finite { arena.fraction(9, 10) } else { arena.fraction(11, 10) };
    let weight = arena.power(distance, exponent);
    let weighted = arena.multiply(&[integrand, weight]);
    if let Ok(found) = limit(arena, weighted, point, side)
        && found.value == Limit::Finite(Arena::ZERO)
    {
        return Ok(false);
    }
    let weighted = arena.multiply(&[integrand, distance]);
    match limit(arena, weighted, point, side) {
        Ok(found) if found.value != Limit::Finite(Arena::ZERO) => {
            Err(NoIntegral::Divergent { at: bound })
        }
        _ => Err(unsolved.clone()),
    }
}
