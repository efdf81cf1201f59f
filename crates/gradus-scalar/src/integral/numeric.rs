//! Integrals in floating point: Gauss's rule with a proven bound of the error, else double exponential
//! quadrature with an estimate.
//!
//! Must not know antiderivatives.

use super::interval::{Interval, taylor};
use crate::expression::{Arena, ExprId};

/// A value in floating point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approximation {
    /// The value.
    pub value: f64,
    /// How far the integral may be from it.
    pub error: f64,
    /// Whether the error is proven; else it is estimated.
    pub is_proven: bool,
}

/// Points of Gauss's rule.
const POINTS: usize = 10;
/// Values with a greater relative error are of no use.
const GREATEST_ERROR: f64 = 1e-7;
/// The most panels.
const MOST_PANELS: usize = 4_000;

/// Nodes and weights on [−1, 1] by Newton's method on Legendre's polynomial.
fn rule() -> [(f64, f64); POINTS] {
    let n = POINTS as f64;
    std::array::from_fn(|at| {
        let mut x = (std::f64::consts::PI * (at as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..12 {
            let (mut last, mut value) = (1.0, x);
            for k in 2..=POINTS {
                let k = k as f64;
                (last, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * last) / k);
            }
            slope = n * (x * value - last) / (x * x - 1.0);
            x -= value / slope;
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    })
}

/// Around a node or a weight, whose error is far below this.
fn around(value: f64) -> Interval {
    Interval { low: value - 1e-14, high: value + 1e-14 }
}

/// The integral between finite ends with a proven bound of its error, or `None` where the integrand is
/// not smooth between them. The error of Gauss's rule with n points on a panel of half-width h is
/// `2^(2n+1) (n!)^4 / ((2n+1) ((2n)!)^2) * h^(2n+1)` times the Taylor coefficient of order 2n somewhere
/// in the panel.
pub(super) fn proven(arena: &Arena, id: ExprId, low: f64, high: f64) -> Option<Approximation> {
    let rule = rule();
    let order = 2 * POINTS;
    let mut constant = 2.0 / (order as f64 + 1.0);
    for k in 1..=POINTS {
        // 4^n (n!)^4/((2n)!)^2, two factors at a time
        let k = k as f64;
        constant *= (2.0 * k * k / (2.0 * k * (2.0 * k - 1.0))).powi(2);
    }
    let mut sum = Interval::point(0.0);
    let mut open = vec![(low, high)];
    let mut panels = 0;
    let width = high - low;
    while let Some((low, high)) = open.pop() {
        panels += 1;
        if panels > MOST_PANELS {
            return None;
        }
        let half = (high - low) / 2.0;
        let middle = low + half;
        let bound = taylor(arena, id, Interval { low, high }, order + 1).and_then(|jet| {
            let coefficient = jet.last()?.size();
            let error = constant * half.powi(order as i32 + 1) * coefficient * 1.000_001;
            error.is_finite().then_some(error)
        });
        let wanted = 1e-13 * (high - low) / width * (1.0 + sum.size());
        match bound {
            Some(error) if error <= wanted || panels > MOST_PANELS / 2 => {
                let mut panel = Interval { low: -error, high: error };
                for (node, weight) in rule {
                    let at = around(node).scaled(half).add(Interval::point(middle));
                    let value = taylor(arena, id, at, 1)?;
                    let weight = around(weight).scaled(half);
                    panel = panel.add(value.first()?.multiply(weight));
                }
                sum = sum.add(panel);
            }
            _ if half < width * 1e-9 => return None,
            _ => {
                open.push((low, middle));
                open.push((middle, high));
            }
        }
    }
    if !sum.is_finite() {
        return None;
    }
    let value = sum.low + (sum.high - sum.low) / 2.0;
    let error = (sum.high - sum.low) / 2.0 * 1.001;
    let is_of_use = error <= GREATEST_ERROR * (1.0 + value.abs());
    is_of_use.then_some(Approximation { value, error, is_proven: true })
}

/// The integral between ends that may be infinite or singular, by double exponential quadrature. The
/// error is estimated from the last halvings of the step; `None` where they do not settle.
pub(super) fn estimated(arena: &Arena, id: ExprId, low: f64, high: f64) -> Option<Approximation> {
    let mut last: Option<f64> = None;
    let mut differences: Vec<f64> = Vec::new();
    for level in 2..9 {
        let step = 0.5_f64.powi(level);
        let value = at_step(arena, id, low, high, step)?;
        if let Some(before) = last {
            differences.push((value - before).abs());
        }
        last = Some(value);
        let scale = 1.0 + value.abs();
        if let [.., first, second] = differences.as_slice()
            && *second <= 1e-12 * scale
            && *first <= 1e-8 * scale
        {
            break;
        }
    }
    let value = last?;
    let difference = differences.last().copied()?;
    let scale = 1.0 + value.abs();
    let error = 10.0 * difference + 1e-13 * scale;
    let is_of_use = value.is_finite() && error <= GREATEST_ERROR * scale;
    is_of_use.then_some(Approximation { value, error, is_proven: false })
}

fn at_step(arena: &Arena, id: ExprId, low: f64, high: f64, step: f64) -> Option<f64> {
    let count = (6.5 / step) as i64;
    let mut sum = 0.0;
    for k in -count..=count {
        let t = k as f64 * step;
        let Some((x, weight)) = place(low, high, t) else { continue };
        if weight == 0.0 || !weight.is_finite() || x <= low || x >= high {
            continue;
        }
        let value = arena.value(id, x, &[]) * weight;
        if value.is_finite() {
            sum += value;
        } else if weight > 1e-60 && t.abs() < 3.0 {
            return None;
        }
    }
    Some(sum * step)
}

/// Where the rule evaluates, and with what weight.
fn place(low: f64, high: f64, t: f64) -> Option<(f64, f64)> {
    let quarter = std::f64::consts::FRAC_PI_2;
    match (low.is_finite(), high.is_finite()) {
        (true, true) => {
            let half = (high - low) / 2.0;
            let u = quarter * t.sinh();
            // The distance from the nearer end keeps its digits.
            let distance = half * 2.0 / (1.0 + (2.0 * u.abs()).exp());
            let x = if t < 0.0 { low + distance } else { high - distance };
            let weight = half * quarter * t.cosh() / u.cosh().powi(2);
            Some((x, weight))
        }
        (true, false) => {
            let u = (quarter * t.sinh()).exp();
            Some((low + u, u * quarter * t.cosh()))
        }
        (false, true) => {
            let u = (quarter * t.sinh()).exp();
            Some((high - u, u * quarter * t.cosh()))
        }
        (false, false) => {
            let u = quarter * t.sinh();
            Some((u.sinh(), u.cosh() * quarter * t.cosh()))
        }
    }
}
