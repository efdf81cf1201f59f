//! Limits where something oscillates: the same for all angles, or different along two sequences.
//!
//! Must not know series.

use rustc_hash::FxHashMap;

use crate::expression::{Arena, ExprId, Function, Node, Sign};

use super::germ::Germ;
use super::prepare::Oscillation;
use super::{Assumption, Limit, Method, NoLimit};

/// Signs closer to zero than this are not decided.
const MARGIN: f64 = 1e-9;

impl Germ {
    /// The limit at +∞.
    pub(super) fn limit_with_oscillation(&mut self, id: ExprId) -> Result<Limit, NoLimit> {
        let prepared = self.prepare(id)?;
        let (freed, oscillations) = self.free_angles(prepared)?;
        if oscillations.is_empty() {
            return self.limit(prepared);
        }
        let kept = self.assumptions.clone();
        let uniform = self.uniform_limit(freed);
        match uniform {
            Ok(limit) => {
                self.method = Some(Method::Squeeze);
                let mut kept = std::mem::take(&mut self.assumptions);
                kept.retain(|assumption| !self.is_about_angles(assumption));
                self.assumptions = kept;
                Ok(limit)
            }
            Err(NoLimit::Undefined | NoLimit::Exhausted) if oscillations.len() != 1 => {
                Err(NoLimit::Undecided)
            }
            Err(_) if oscillations.len() != 1 => Err(NoLimit::Undecided),
            Err(_) => {
                self.assumptions = kept;
                self.along_sequences(freed, &oscillations[0])
            }
        }
    }

    fn is_about_angles(&self, assumption: &Assumption) -> bool {
        let (Assumption::NonZero(id)
        | Assumption::Positive(id)
        | Assumption::ZeroToManyDigits(id)
        | Assumption::NonZeroUnseen(id)) = assumption;
        self.has_angle(*id)
    }

    /// The limit, if it is the same for all angles.
    fn uniform_limit(&mut self, freed: ExprId) -> Result<Limit, NoLimit> {
        let prepared = self.prepare(freed)?;
        match self.limit(prepared)? {
            Limit::Finite(value) => {
                let normal = self.arena.normal(value);
                if !self.has_angle(value) {
                    Ok(Limit::Finite(value))
                } else if self.has_angle(normal) {
                    Err(NoLimit::Undecided)
                } else {
                    Ok(Limit::Finite(normal))
                }
            }
            other => Ok(other),
        }
    }

    /// The angle is any value at arbitrarily large places: two values with different limits show that
    /// there is no limit.
    fn along_sequences(
        &mut self,
        freed: ExprId,
        oscillation: &Oscillation,
    ) -> Result<Limit, NoLimit> {
        let mut first = None;
        let quarters: &[(i64, i64)] = if oscillation.is_parity {
            &[(0, 1), (1, 1)]
        } else {
            &[(0, 1), (1, 2), (1, 1), (3, 2), (1, 4), (3, 4)]
        };
        for (numerator, denominator) in quarters {
            let turns = self.arena.fraction(*numerator, *denominator);
            let value = self.arena.multiply(&[turns, Arena::PI]);
            let mut images = FxHashMap::default();
            images.insert(oscillation.angle, value);
            let fixed = self.arena.rebuild(freed, &mut images);
            self.forget();
            let limit = match self.prepare(fixed).and_then(|prepared| self.limit(prepared)) {
                Ok(limit) => limit,
                Err(NoLimit::Exhausted) => return Err(NoLimit::Exhausted),
                Err(_) => continue,
            };
            match first {
                None => first = Some(limit),
                Some(known) if self.differ(known, limit) => {
                    let cause = oscillation.cause;
                    return Err(NoLimit::Oscillates { cause, first: known, second: limit });
                }
                Some(_) => {}
            }
        }
        Err(NoLimit::Undecided)
    }

    fn differ(&mut self, a: Limit, b: Limit) -> bool {
        match (a, b) {
            (Limit::Finite(a), Limit::Finite(b)) => {
                let difference = self.arena.subtract(a, b);
                self.arena.is_zero(difference) == crate::expression::Zero::No
            }
            _ => a != b,
        }
    }

    /// Whether a free angle stands in an expression.
    pub(super) fn has_angle(&self, id: ExprId) -> bool {
        !self.angles.is_empty()
            && self.arena.reachable(id).iter().any(|at| self.angles.contains(at))
    }

    /// The sign of an expression without the variable for all values of the angles.
    pub(super) fn sign_over_angles(&self, id: ExprId) -> Result<Sign, NoLimit> {
        let (least, greatest) = self.range(id);
        if least > MARGIN {
            Ok(Sign::Positive)
        } else if greatest < -MARGIN {
            Ok(Sign::Negative)
        } else {
            Err(NoLimit::Undecided)
        }
    }

    /// An interval that holds all values, by interval arithmetic.
    fn range(&self, id: ExprId) -> (f64, f64) {
        const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut ranges: FxHashMap<ExprId, (f64, f64)> = FxHashMap::default();
        for at in self.arena.reachable(id) {
            let of = |child: ExprId| ranges.get(&child).copied().unwrap_or(ALL);
            let range = match self.arena.node(at) {
                Node::Number(_) | Node::Pi => {
                    let value = self.arena.value(at, 0.0, &[]);
                    (value, value)
                }
                Node::Sum(terms) => terms.iter().fold((0.0, 0.0), |(low, high), term| {
                    let number = self.arena.float(&term.coefficient);
                    let (a, b) = of(term.base);
                    let (a, b) = (a * number, b * number);
                    (low + a.min(b), high + a.max(b))
                }),
                Node::Product(factors) => factors.iter().fold((1.0, 1.0), |range, factor| {
                    let exponent = self.arena.as_integer(factor.exponent);
                    product(range, power(of(factor.base), exponent))
                }),
                Node::Apply(Function::Sin | Function::Cos, _) => (-1.0, 1.0),
                Node::Apply(Function::Exp, argument) => {
                    let (low, high) = of(*argument);
                    (low.exp(), high.exp())
                }
                Node::Apply(Function::Abs, argument) => {
                    let (low, high) = of(*argument);
                    let least =
                        if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()) };
                    (least, low.abs().max(high.abs()))
                }
                _ => match self.arena.sign(at) {
                    Sign::Positive | Sign::NonNegative => (0.0, f64::INFINITY),
                    Sign::Negative | Sign::NonPositive => (f64::NEG_INFINITY, 0.0),
                    _ => ALL,
                },
            };
            let range = if range.0.is_nan() || range.1.is_nan() { ALL } else { range };
            ranges.insert(at, range);
        }
        ranges.get(&id).copied().unwrap_or(ALL)
    }
}

fn product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let ends = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if ends.iter().any(|end| end.is_nan()) {
        (f64::NEG_INFINITY, f64::INFINITY)
    } else {
        (low, high)
    }
}

fn power(base: (f64, f64), exponent: Option<i64>) -> (f64, f64) {
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    let Some(exponent) = exponent.and_then(|it| i32::try_from(it).ok()) else {
        return if base.0 >= 0.0 { (0.0, f64::INFINITY) } else { all };
    };
    let (a, b) = (base.0.powi(exponent.abs()), base.1.powi(exponent.abs()));
    let (low, high) = if exponent % 2 == 0 && base.0 < 0.0 && base.1 > 0.0 {
        (0.0, a.max(b))
    } else {
        (a.min(b), a.max(b))
    };
    if exponent >= 0 {
        (low, high)
    } else if low > 0.0 || high < 0.0 {
        (1.0 / high, 1.0 / low)
    } else {
        all
    }
}
