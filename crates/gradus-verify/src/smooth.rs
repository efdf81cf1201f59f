//! Smooth functions that stand for unknown ones over the reals, with derivatives of every order.
//!
//! Must not know trees.

use std::f64::consts::{FRAC_PI_2, TAU};

use crate::random::{absorb, unit};

/// A coefficient of the function of a symbol.
fn coefficient(symbol: u64, position: u64) -> f64 {
    unit(absorb(absorb(0x736d_6f6f_7468, symbol), position))
}

/// The derivative of some order of `sin(rate*x + phase)`.
fn wave(rate: f64, phase: f64, order: u32, x: f64) -> f64 {
    let turned = rate * x + phase + FRAC_PI_2 * f64::from(order % 4);
    turned.sin() * rate.powi(i32::try_from(order).unwrap_or(i32::MAX))
}

/// The derivative of some order of `a*x² + b*x`.
fn parabola(a: f64, b: f64, order: u32, x: f64) -> f64 {
    match order {
        0 => (a * x + b) * x,
        1 => 2.0 * a * x + b,
        2 => 2.0 * a,
        _ => 0.0,
    }
}

/// An unknown elementwise function, or its derivative of some order.
pub(crate) fn mapped(symbol: u64, order: u32, x: f64) -> f64 {
    let rate = 0.8 + coefficient(symbol, 0);
    let phase = TAU * coefficient(symbol, 1);
    let (a, b) = (0.3 + 0.4 * coefficient(symbol, 2), coefficient(symbol, 3) - 0.5);
    wave(rate, phase, order, x) + parabola(a, b, order, x)
}

/// An entry of an unknown array that depends on one number, or its derivative of some order.
pub(crate) fn path(symbol: u64, order: u32, entry: u32, t: f64) -> f64 {
    mapped(absorb(symbol, u64::from(entry)), order, t)
}

/// A partial derivative of an unknown scalar function of an array: `sin(u) + u²/3 + Σ sin(xₖ + φₖ)`
/// with `u` a linear function of the entries.
pub(crate) fn partial(symbol: u64, by: &[u32], arguments: impl Iterator<Item = f64>) -> f64 {
    let weight = |entry: u64| coefficient(symbol, 2 * entry) - 0.5;
    let phase = |entry: u64| TAU * coefficient(symbol, 2 * entry + 1);
    let order = u32::try_from(by.len()).unwrap_or(u32::MAX);
    let same = by.iter().all(|entry| Some(entry) == by.first());
    let (mut linear, mut waves) = (0.0, 0.0);
    for (entry, x) in (0_u64..).zip(arguments) {
        linear += weight(entry) * x;
        if order == 0 || (same && by.first().is_some_and(|first| u64::from(*first) == entry)) {
            waves += wave(1.0, phase(entry), order, x);
        }
    }
    let outer = wave(1.0, 0.0, order, linear) + parabola(1.0 / 3.0, 0.0, order, linear);
    let weights: f64 = by.iter().map(|entry| weight(u64::from(*entry))).product();
    outer * weights + waves
}
