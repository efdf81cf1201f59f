//! Intervals of floating point numbers that hold all values of a function, with its Taylor
//! coefficients.
//!
//! Must not know integrals. Every result is widened outwards by more than the rounding of what computed
//! it.

use rustc_hash::FxHashMap;

use crate::expression::{Arena, ExprId, Function, Node};
use num_traits::ToPrimitive;

/// Rounding errors of the functions of the library, in units of the last place, are below this.
const ULPS: f64 = 8.0;

/// All numbers between two, which may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Interval {
    pub(super) const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    pub(super) const fn point(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// Around a value that was computed with a small relative error.
    pub(super) fn about(value: f64) -> Self {
        Self::point(value).widened()
    }

    fn widened(self) -> Self {
        if self.low.is_nan() || self.high.is_nan() {
            return Self::ALL;
        }
        let margin = |value: f64| value.abs() * f64::EPSILON * ULPS + f64::MIN_POSITIVE;
        let low = if self.low.is_finite() { self.low - margin(self.low) } else { self.low };
        let high = if self.high.is_finite() { self.high + margin(self.high) } else { self.high };
        Self { low, high }
    }

    pub(super) fn contains_zero(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    pub(super) fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    pub(super) fn size(self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    pub(super) fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }.widened()
    }

    fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    pub(super) fn multiply(self, other: Self) -> Self {
        let times = |a: f64, b: f64| if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
        let products = [
            times(self.low, other.low),
            times(self.low, other.high),
            times(self.high, other.low),
            times(self.high, other.high),
        ];
        let low = products.iter().copied().fold(f64::INFINITY, f64::min);
        let high = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { low, high }.widened()
    }

    pub(super) fn scaled(self, by: f64) -> Self {
        self.multiply(Self::about(by))
    }

    fn reciprocal(self) -> Self {
        if self.contains_zero() {
            return Self::ALL;
        }
        Self { low: 1.0 / self.high, high: 1.0 / self.low }.widened()
    }

    /// Of a function that rises.
    fn rising(self, function: impl Fn(f64) -> f64) -> Self {
        Self { low: function(self.low), high: function(self.high) }.widened()
    }

    fn sine(self) -> Self {
        use std::f64::consts::{FRAC_PI_2, TAU};
        let bounded = Self { low: -1.0, high: 1.0 };
        if !self.is_finite() || self.high - self.low >= TAU || self.size() > 1e6 {
            return bounded;
        }
        let (a, b) = (self.low.sin(), self.high.sin());
        let holds = |peak: f64| {
            let turns = ((self.low - peak) / TAU).ceil();
            peak + turns * TAU <= self.high + 1e-9
        };
        let high = if holds(FRAC_PI_2) { 1.0 } else { a.max(b) + 1e-12 };
        let low = if holds(-FRAC_PI_2) { -1.0 } else { a.min(b) - 1e-12 };
        Self { low: low.max(-1.0), high: high.min(1.0) }
    }

    fn cosine(self) -> Self {
        self.add(Self::about(std::f64::consts::FRAC_PI_2)).sine()
    }

    fn power(self, exponent: f64) -> Self {
        if self.low < 0.0 {
            return Self::ALL;
        }
        let (low, high) = (self.low.powf(exponent), self.high.powf(exponent));
        Self { low: low.min(high), high: low.max(high) }.widened()
    }

    fn integer_power(self, exponent: i64) -> Self {
        let size = i32::try_from(exponent.unsigned_abs()).unwrap_or(i32::MAX);
        let (low, high) = (self.low.powi(size), self.high.powi(size));
        let power = if size % 2 == 1 {
            Self { low, high }
        } else if self.contains_zero() {
            Self { low: 0.0, high: low.max(high) }
        } else {
            Self { low: low.min(high), high: low.max(high) }
        };
        let power = power.widened();
        if exponent < 0 { power.reciprocal() } else { power }
    }
}

/// Taylor coefficients, from the value upwards, each for all points of an interval.
pub(super) type Jet = Vec<Interval>;

fn product(a: &[Interval], b: &[Interval]) -> Jet {
    (0..a.len())
        .map(|k| (0..=k).fold(Interval::point(0.0), |sum, j| sum.add(a[j].multiply(b[k - j]))))
        .collect()
}

/// The coefficients of the antiderivative of `slope * inner'`, from a value.
fn composed(value: Interval, slope: &[Interval], inner: &[Interval]) -> Jet {
    let mut jet = vec![value];
    for k in 1..inner.len() {
        let mut sum = Interval::point(0.0);
        for j in 1..=k {
            let weight = j as f64 / k as f64;
            sum = sum.add(inner[j].multiply(slope[k - j]).scaled(weight));
        }
        jet.push(sum);
    }
    jet
}

/// `u^exponent` for u away from zero.
fn power(u: &[Interval], value: Interval, exponent: f64) -> Jet {
    let mut jet = vec![value];
    let inverse = u[0].reciprocal();
    for k in 1..u.len() {
        let mut sum = Interval::point(0.0);
        for j in 1..=k {
            let weight = (exponent * j as f64 - (k - j) as f64) / k as f64;
            sum = sum.add(u[j].multiply(jet[k - j]).scaled(weight));
        }
        jet.push(sum.multiply(inverse));
    }
    jet
}

fn integer_power(u: &[Interval], exponent: i64) -> Jet {
    if exponent >= 0 {
        let mut jet = constant(Interval::point(1.0), u.len());
        for _ in 0..exponent.min(64) {
            jet = product(&jet, u);
        }
        jet[0] = u[0].integer_power(exponent);
        return jet;
    }
    power(u, u[0].integer_power(exponent), exponent as f64)
}

fn constant(value: Interval, length: usize) -> Jet {
    let mut jet = vec![Interval::point(0.0); length];
    jet[0] = value;
    jet
}

/// Two functions with `first' = u'*second` and `second' = sign*u'*first`.
fn waves(u: &[Interval], first: Interval, second: Interval, sign: f64) -> (Jet, Jet) {
    let (mut a, mut b) = (vec![first], vec![second]);
    for k in 1..u.len() {
        let (mut next_a, mut next_b) = (Interval::point(0.0), Interval::point(0.0));
        for j in 1..=k {
            let weight = j as f64 / k as f64;
            next_a = next_a.add(u[j].multiply(b[k - j]).scaled(weight));
            next_b = next_b.add(u[j].multiply(a[k - j]).scaled(weight * sign));
        }
        a.push(next_a);
        b.push(next_b);
    }
    (a, b)
}

fn plus_constant(jet: &[Interval], by: f64, scale: f64) -> Jet {
    let mut jet: Jet = jet.iter().map(|it| it.scaled(scale)).collect();
    jet[0] = jet[0].add(Interval::point(by));
    jet
}

fn reciprocal(u: &[Interval]) -> Jet {
    integer_power(u, -1)
}

fn root(u: &[Interval], exponent: f64) -> Jet {
    power(u, u[0].power(exponent), exponent)
}

fn call(function: Function, u: &[Interval]) -> Option<Jet> {
    let x = u[0];
    let square = || product(u, u);
    let derived = |value: Interval, slope: Jet| Some(composed(value, &slope, u));
    match function {
        Function::Exp => {
            let value = x.rising(f64::exp);
            let mut jet = vec![value];
            for k in 1..u.len() {
                let mut sum = Interval::point(0.0);
                for j in 1..=k {
                    sum = sum.add(u[j].multiply(jet[k - j]).scaled(j as f64 / k as f64));
                }
                jet.push(sum);
            }
            Some(jet)
        }
        Function::Log if x.low < 0.0 => None,
        Function::Log => derived(x.rising(f64::ln), reciprocal(u)),
        Function::Sin => Some(waves(u, x.sine(), x.cosine(), -1.0).0),
        Function::Cos => Some(waves(u, x.sine(), x.cosine(), -1.0).1),
        Function::Tan => {
            let (sine, cosine) = waves(u, x.sine(), x.cosine(), -1.0);
            Some(product(&sine, &reciprocal(&cosine)))
        }
        Function::Sinh | Function::Cosh | Function::Tanh => {
            let low = if x.contains_zero() { 1.0 } else { x.low.cosh().min(x.high.cosh()) };
            let cosine = Interval { low, high: x.low.cosh().max(x.high.cosh()) }.widened();
            let (sine, cosine) = waves(u, x.rising(f64::sinh), cosine, 1.0);
            Some(match function {
                Function::Sinh => sine,
                Function::Cosh => cosine,
                _ => {
                    let mut jet = product(&sine, &reciprocal(&cosine));
                    jet[0] = x.rising(f64::tanh);
                    jet
                }
            })
        }
        Function::Asin | Function::Acos if x.low < -1.0 || x.high > 1.0 => None,
        Function::Asin => {
            derived(x.rising(f64::asin), root(&plus_constant(&square(), 1.0, -1.0), -0.5))
        }
        Function::Acos => {
            let value = Interval { low: x.high.acos(), high: x.low.acos() }.widened();
            let slope = root(&plus_constant(&square(), 1.0, -1.0), -0.5);
            derived(value, slope.iter().map(|it| it.negated()).collect())
        }
        Function::Atan => {
            derived(x.rising(f64::atan), reciprocal(&plus_constant(&square(), 1.0, 1.0)))
        }
        Function::Asinh => {
            derived(x.rising(f64::asinh), root(&plus_constant(&square(), 1.0, 1.0), -0.5))
        }
        Function::Acosh if x.low < 1.0 => None,
        Function::Acosh => {
            derived(x.rising(f64::acosh), root(&plus_constant(&square(), -1.0, 1.0), -0.5))
        }
        Function::Atanh if x.low <= -1.0 || x.high >= 1.0 => None,
        Function::Atanh => {
            derived(x.rising(f64::atanh), reciprocal(&plus_constant(&square(), 1.0, -1.0)))
        }
        Function::Abs if x.low >= 0.0 => Some(u.to_vec()),
        Function::Abs if x.high <= 0.0 => Some(u.iter().map(|it| it.negated()).collect()),
        Function::Abs if u.len() == 1 => Some(vec![Interval { low: 0.0, high: x.size() }]),
        Function::Sign if x.low > 0.0 => Some(constant(Interval::point(1.0), u.len())),
        Function::Sign if x.high < 0.0 => Some(constant(Interval::point(-1.0), u.len())),
        Function::Abs | Function::Sign | Function::Erfcx => None,
        Function::Erf => {
            let negative: Jet = square().iter().map(|it| it.negated()).collect();
            let bell = call(Function::Exp, &negative)?;
            let slope = bell.iter().map(|it| it.scaled(std::f64::consts::FRAC_2_SQRT_PI)).collect();
            derived(x.rising(libm::erf), slope)
        }
    }
}

/// The Taylor coefficients, as many as `length`, at all points of an interval; `None` where the
/// expression is not smooth, or holds a symbol.
pub(super) fn taylor(arena: &Arena, id: ExprId, at: Interval, length: usize) -> Option<Jet> {
    let mut jets: FxHashMap<ExprId, Jet> = FxHashMap::default();
    for node in arena.reachable(id) {
        let jet = taylor_of_node(arena, node, at, length, &jets)?;
        if jet[0].low.is_nan() || jet[0].high.is_nan() {
            return None;
        }
        jets.insert(node, jet);
    }
    jets.remove(&id)
}

fn taylor_of_node(
    arena: &Arena,
    id: ExprId,
    at: Interval,
    length: usize,
    jets: &FxHashMap<ExprId, Jet>,
) -> Option<Jet> {
    let of = |child: ExprId| jets.get(&child);
    match arena.node(id) {
        Node::Undefined | Node::Parameter(_) => None,
        Node::Number(number) => Some(constant(Interval::about(number.to_f64()?), length)),
        Node::Pi => Some(constant(Interval::about(std::f64::consts::PI), length)),
        Node::Variable => {
            let mut jet = constant(at, length);
            if length > 1 {
                jet[1] = Interval::point(1.0);
            }
            Some(jet)
        }
        Node::Sum(terms) => {
            let mut sum = constant(Interval::point(0.0), length);
            for term in terms {
                let weight = Interval::about(term.coefficient.to_f64()?);
                for (place, part) in sum.iter_mut().zip(of(term.base)?) {
                    *place = place.add(part.multiply(weight));
                }
            }
            Some(sum)
        }
        Node::Product(factors) => {
            let mut whole: Option<Jet> = None;
            for factor in factors {
                let base = of(factor.base)?;
                let jet =
                    match (arena.as_integer(factor.exponent), arena.as_number(factor.exponent)) {
                        (Some(exponent), _) if exponent.abs() <= 64 => {
                            integer_power(base, exponent)
                        }
                        (_, Some(exponent)) if base[0].low >= 0.0 => root(base, exponent.to_f64()?),
                        (_, None) if base[0].low > 0.0 => {
                            let logarithm = call(Function::Log, base)?;
                            call(Function::Exp, &product(&logarithm, of(factor.exponent)?))?
                        }
                        _ => return None,
                    };
                whole = Some(match whole {
                    Some(known) => product(&known, &jet),
                    None => jet,
                });
            }
            whole
        }
        Node::Apply(function, argument) => call(*function, of(*argument)?),
    }
}

/// Whether the expression is shown to be without zero between two numbers, which may be infinite.
pub(super) fn is_never_zero(arena: &Arena, id: ExprId, low: f64, high: f64) -> bool {
    let mut open = vec![(low, high)];
    let mut room = 3_000;
    while let Some((low, high)) = open.pop() {
        room -= 1;
        if room == 0 {
            return false;
        }
        let found = taylor(arena, id, Interval { low, high }, 1);
        if found.is_some_and(|jet| !jet[0].contains_zero()) {
            continue;
        }
        let middle = match (low.is_finite(), high.is_finite()) {
            (true, true) => low + (high - low) / 2.0,
            (true, false) => low.abs().mul_add(2.0, 1.0),
            (false, true) => -(high.abs().mul_add(2.0, 1.0)),
            (false, false) => 0.0,
        };
        if middle <= low || middle >= high || middle.abs() > 1e12 || high - low < 1e-9 {
            return false;
        }
        open.push((low, middle));
        open.push((middle, high));
    }
    true
}
