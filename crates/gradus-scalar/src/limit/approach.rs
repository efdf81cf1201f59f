//! A limit against values of the expression close to the point.
//!
//! Must not know how limits are found.

use crate::expression::{Arena, ExprId, Node, Rational};

use super::{Limit, Point, Side};

/// What values close to the point say about a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approached {
    /// They come close to it, or closer and closer.
    Confirmed,
    /// They settle somewhere else.
    Refuted,
    /// They do not tell.
    Unclear,
}

/// Distances to the point, as powers of ten; at an end of the line, places.
const STEPS: [u32; 6] = [1, 2, 3, 5, 9, 16];
/// So close to the limit, relative to its size, is close.
const CLOSE: f64 = 1e-3;
/// So little do values change that have settled.
const SETTLED: f64 = 1e-7;
/// So far from the limit, relative to its size, is elsewhere.
const ELSEWHERE: f64 = 1e-2;

/// Compares a limit with values of the expression close to the point. Symbols have values of their
/// signs.
pub fn approached(
    arena: &mut Arena,
    id: ExprId,
    point: Point,
    side: Side,
    value: Limit,
) -> Approached {
    let directions: &[i64] = match (point, side) {
        (Point::Infinity | Point::MinusInfinity, _) | (_, Side::Right) => &[1],
        (_, Side::Left) => &[-1],
        (_, Side::Both) => &[1, -1],
    };
    let verdicts: Vec<Approached> =
        directions.iter().map(|direction| along(arena, id, point, *direction, value)).collect();
    if verdicts.contains(&Approached::Refuted) {
        return Approached::Refuted;
    }
    if verdicts.contains(&Approached::Confirmed) {
        Approached::Confirmed
    } else {
        Approached::Unclear
    }
}

fn along(arena: &mut Arena, id: ExprId, point: Point, direction: i64, value: Limit) -> Approached {
    let mut values = Vec::new();
    for step in STEPS {
        let power = Rational::from_integer(num_bigint::BigInt::from(10).pow(step));
        let (expression, place) = match point {
            Point::Infinity => (id, power),
            Point::MinusInfinity => (id, -power),
            Point::At(at) => {
                let distance = power.recip() * Rational::from_integer(direction.into());
                match arena.node(at) {
                    Node::Number(number) => (id, number + distance),
                    _ => {
                        let sum = arena.add(&[at, Arena::VARIABLE]);
                        (arena.substitute(id, sum), distance)
                    }
                }
            }
        };
        if let Some(value) = arena.sample(expression, &place) {
            values.push(value);
        }
    }
    match value {
        Limit::Finite(limit) => {
            let Some(limit) = arena.sample(limit, &Rational::from_integer(0.into())) else {
                return Approached::Unclear;
            };
            finite(&values, limit)
        }
        Limit::Infinity => infinite(&values),
        Limit::MinusInfinity => infinite(&values.iter().map(|value| -value).collect::<Vec<_>>()),
    }
}

fn finite(values: &[f64], limit: f64) -> Approached {
    let scale = 1.0 + limit.abs();
    let errors: Vec<f64> = values.iter().map(|value| (value - limit).abs() / scale).collect();
    let [.., before, last] = values else { return Approached::Unclear };
    let error = errors.last().copied().unwrap_or(f64::INFINITY);
    if error < CLOSE {
        return Approached::Confirmed;
    }
    let has_settled = values.len() >= 4 && (last - before).abs() < SETTLED * (1.0 + last.abs());
    if has_settled && error > ELSEWHERE {
        return Approached::Refuted;
    }
    let shrinks = errors.len() >= 4 && errors.windows(2).all(|pair| pair[1] < pair[0]);
    if shrinks && error < 0.7 * errors[0] { Approached::Confirmed } else { Approached::Unclear }
}

fn infinite(values: &[f64]) -> Approached {
    let [first, .., before, last] = values else { return Approached::Unclear };
    let has_settled = values.len() >= 4 && (last - before).abs() < SETTLED * (1.0 + last.abs());
    if has_settled {
        return Approached::Refuted;
    }
    let grows = values[1..].windows(2).all(|pair| pair[1] > pair[0] || pair[1] == f64::INFINITY);
    if grows && last > first && *last > 1.0 { Approached::Confirmed } else { Approached::Unclear }
}
