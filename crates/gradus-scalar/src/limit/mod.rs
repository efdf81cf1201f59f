//! Limits of expressions of one real variable.
//!
//! Must not know matrices or texts.
//!
//! A limit at a point or at an end of the line is one at +∞, along `x0 + 1/t`, `x0 - 1/t`, `t` or `-t`.
//! There the algorithm of Gruntz (*On Computing Limits in a Symbolic Manipulation System*, ETH Zürich
//! 1996) finds the subexpressions that vary most rapidly, writes the expression as a series in one
//! of them, and goes on with the leading coefficient, which varies less rapidly. What oscillates is
//! first replaced by the sine and cosine of a free angle (`prepare.rs`): if the limit is the same for
//! all angles, uniformly, it is the limit; if it differs between two, there is none.

mod approach;
mod expand;
mod germ;
mod oscillation;
mod prepare;
mod rapid;
mod series;

use crate::expression::{Arena, ExprId, Function, Node};
pub use approach::{Approached, approached};
use germ::Germ;

/// Where the variable goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// To a value without the variable.
    At(ExprId),
    /// To +∞.
    Infinity,
    /// To −∞.
    MinusInfinity,
}

/// From where the variable comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// From both sides.
    Both,
    /// From above.
    Right,
    /// From below.
    Left,
}

/// The value of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// An expression without the variable.
    Finite(ExprId),
    /// +∞
    Infinity,
    /// −∞
    MinusInfinity,
}

impl Limit {
    /// The limit of the negative.
    pub fn negated(self, arena: &mut Arena) -> Self {
        match self {
            Self::Finite(value) => Self::Finite(arena.negate(value)),
            Self::Infinity => Self::MinusInfinity,
            Self::MinusInfinity => Self::Infinity,
        }
    }
}

/// What was taken for granted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Assumption {
    /// A coefficient without the variable is not zero.
    NonZero(ExprId),
    /// A coefficient without the variable is positive: a root or a logarithm of it is taken.
    Positive(ExprId),
    /// An expression whose values have 200 zero digits is zero.
    ZeroToManyDigits(ExprId),
    /// An expression that could be evaluated nowhere is not zero.
    NonZeroUnseen(ExprId),
}

/// How a limit was found, for those who explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// The expression does not depend on the variable, or is continuous at the point.
    Continuity,
    /// A series in a power of the distance to the point: the leading term `coefficient*h^exponent`.
    Series {
        /// The leading coefficient.
        coefficient: ExprId,
        /// The exponent of the distance, or of `1/x` at an end of the line.
        exponent: ExprId,
    },
    /// A series in the most rapidly varying subexpression.
    MostRapidlyVarying {
        /// That subexpression, which goes to zero.
        scale: ExprId,
        /// The leading coefficient, which varies less rapidly.
        coefficient: ExprId,
        /// The exponent of the scale.
        exponent: ExprId,
    },
    /// What oscillates is bounded, and the limit is the same whatever it is.
    Squeeze,
}

/// A limit that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The value.
    pub value: Limit,
    /// The only side on which the expression has values, where both were asked.
    pub only_side: Option<Side>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// How it was found.
    pub method: Method,
}

/// Why no limit was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLimit {
    /// The limits from the two sides differ.
    SidesDiffer {
        /// From below.
        left: Limit,
        /// From above.
        right: Limit,
    },
    /// Along two sequences of values the limits differ.
    Oscillates {
        /// What oscillates.
        cause: ExprId,
        /// One limit.
        first: Limit,
        /// Another.
        second: Limit,
    },
    /// The expression has no real values near the point.
    Undefined,
    /// The sign of an expression decides, and is not known.
    NeedsSign(ExprId),
    /// Something oscillates, and no rule decides.
    Undecided,
    /// The work is used up.
    Exhausted,
}

/// The budget of one limit, in steps of [`Arena::spend`].
const BUDGET: u64 = 400_000;

/// The limit of an expression.
///
/// # Errors
///
/// Says why there is none, or why none was found.
pub fn limit(arena: &mut Arena, id: ExprId, point: Point, side: Side) -> Result<Found, NoLimit> {
    if id == Arena::UNDEFINED {
        return Err(NoLimit::Undefined);
    }
    if !arena.depends(id) {
        let method = Method::Continuity;
        return Ok(Found {
            value: Limit::Finite(id),
            only_side: None,
            assumptions: vec![],
            method,
        });
    }
    match (point, side) {
        (Point::Infinity | Point::MinusInfinity, _) | (_, Side::Right) => {
            one_sided(arena, id, point, false)
        }
        (_, Side::Left) => one_sided(arena, id, point, true),
        (_, Side::Both) => two_sided(arena, id, point),
    }
}

fn two_sided(arena: &mut Arena, id: ExprId, point: Point) -> Result<Found, NoLimit> {
    let right = one_sided(arena, id, point, false);
    if let Err(NoLimit::Oscillates { .. }) = &right {
        return right;
    }
    let left = one_sided(arena, id, point, true);
    match (right, left) {
        (Ok(mut right), Ok(left)) => {
            if same_limit(arena, right.value, left.value)? {
                right.assumptions.extend(left.assumptions);
                right.assumptions.dedup();
                Ok(right)
            } else {
                Err(NoLimit::SidesDiffer { left: left.value, right: right.value })
            }
        }
        (Ok(found), Err(NoLimit::Undefined)) => Ok(Found { only_side: Some(Side::Right), ..found }),
        (Err(NoLimit::Undefined), Ok(found)) => Ok(Found { only_side: Some(Side::Left), ..found }),
        (Err(NoLimit::Undefined), Err(failure)) | (Err(failure), _) | (_, Err(failure)) => {
            Err(failure)
        }
    }
}

fn same_limit(arena: &mut Arena, a: Limit, b: Limit) -> Result<bool, NoLimit> {
    match (a, b) {
        (Limit::Finite(a), Limit::Finite(b)) => {
            let difference = arena.subtract(a, b);
            Ok(arena.is_zero(difference).is_zero())
        }
        _ => Ok(a == b),
    }
}

/// The limit along `x0 ± 1/t` or `±t` for t → +∞, in an arena of its own where t is positive.
fn one_sided(
    arena: &mut Arena,
    id: ExprId,
    point: Point,
    from_below: bool,
) -> Result<Found, NoLimit> {
    let mut local = Arena::new(BUDGET);
    local.assume_variable_positive();
    local.write_exponentials();
    for parameter in arena.parameters().to_vec() {
        local.parameter(&parameter.name, parameter.sign);
    }
    let reciprocal = local.power(Arena::VARIABLE, Arena::MINUS_ONE);
    let path = match point {
        Point::Infinity => Arena::VARIABLE,
        Point::MinusInfinity => local.negate(Arena::VARIABLE),
        Point::At(at) => {
            let at = local.copy(arena, at, Arena::VARIABLE);
            let step = if from_below { local.negate(reciprocal) } else { reciprocal };
            local.add(&[at, step])
        }
    };
    let expression = local.copy(arena, id, path);
    let continuous = matches!(point, Point::At(_)).then(|| continuous_value(arena, id, point));
    let mut germ = Germ::new(local);
    let result = germ.limit_with_oscillation(expression);
    arena.spend(germ.arena.spent());
    if germ.arena.is_exhausted() {
        return Err(NoLimit::Exhausted);
    }
    let mut back = |local: &mut Arena, id: ExprId| arena.copy(local, id, Arena::VARIABLE);
    match result {
        Ok(value) => {
            let value = map_limit(&mut germ.arena, value, &mut back);
            let assumptions = germ
                .assumptions
                .clone()
                .into_iter()
                .map(|assumption| match assumption {
                    Assumption::NonZero(id) => Assumption::NonZero(back(&mut germ.arena, id)),
                    Assumption::Positive(id) => Assumption::Positive(back(&mut germ.arena, id)),
                    Assumption::ZeroToManyDigits(id) => {
                        Assumption::ZeroToManyDigits(back(&mut germ.arena, id))
                    }
                    Assumption::NonZeroUnseen(id) => {
                        Assumption::NonZeroUnseen(back(&mut germ.arena, id))
                    }
                })
                .collect();
            let method = match germ.method.take() {
                _ if continuous.flatten().is_some_and(|at| value == Limit::Finite(at)) => {
                    Method::Continuity
                }
                Some(Method::Series { coefficient, exponent }) => Method::Series {
                    coefficient: back(&mut germ.arena, coefficient),
                    exponent: back(&mut germ.arena, exponent),
                },
                Some(Method::MostRapidlyVarying { scale, coefficient, exponent }) => {
                    Method::MostRapidlyVarying {
                        scale: back(&mut germ.arena, scale),
                        coefficient: back(&mut germ.arena, coefficient),
                        exponent: back(&mut germ.arena, exponent),
                    }
                }
                Some(other) => other,
                None => Method::Continuity,
            };
            Ok(Found { value, only_side: None, assumptions, method })
        }
        Err(failure) => Err(match failure {
            NoLimit::NeedsSign(id) => NoLimit::NeedsSign(back(&mut germ.arena, id)),
            NoLimit::Oscillates { cause, first, second } => NoLimit::Oscillates {
                cause: back(&mut germ.arena, cause),
                first: map_limit(&mut germ.arena, first, &mut back),
                second: map_limit(&mut germ.arena, second, &mut back),
            },
            other => other,
        }),
    }
}

fn map_limit(
    local: &mut Arena,
    value: Limit,
    back: &mut impl FnMut(&mut Arena, ExprId) -> ExprId,
) -> Limit {
    match value {
        Limit::Finite(id) => Limit::Finite(back(local, id)),
        other => other,
    }
}

/// The value at the point, if the expression is put together from functions that are continuous there.
fn continuous_value(arena: &mut Arena, id: ExprId, point: Point) -> Option<ExprId> {
    let Point::At(at) = point else { return None };
    let jumps = arena
        .reachable(id)
        .iter()
        .any(|node| matches!(arena.node(*node), Node::Apply(Function::Sign, _)));
    let value = arena.substitute(id, at);
    (!jumps && value != Arena::UNDEFINED).then_some(value)
}
