//! Newton's method in a trust region, its steps by conjugate gradients (Steihaug).
//!
//! Must not know the Hessian but by its products.

use crate::vector::{add, along, dot, norm, scaled};
use crate::{Found, Objective, Outcome, Progress, Search};

const LARGEST: f64 = 1e6;
const SMALLEST: f64 = 1e-14;

pub(crate) fn run<O: Objective>(
    search: &mut Search<'_, O>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, O::Error> {
    let mut radius = 1.0_f64.max(norm(&search.at) * 0.1);
    let outcome = loop {
        progress(search.progress());
        if let Some(outcome) = search.outcome() {
            break outcome;
        }
        let (step, change) = steihaug(search, radius)?;
        let at = along(&search.at, 1.0, &step);
        let (value, gradient) = search.ask(&at)?;
        let finite = value.is_finite() && gradient.iter().all(|entry| entry.is_finite());
        if value == f64::NEG_INFINITY {
            break Outcome::Diverging;
        }
        let rounding = 1e-13 * search.value.abs();
        let fall = search.value - value;
        let ratio = match finite {
            // Where values differ by rounding only, the gradient decides.
            true if -change <= 10.0 * rounding && fall.abs() <= 10.0 * rounding => {
                if norm(&gradient) < norm(&search.gradient) { 1.0 } else { -1.0 }
            }
            true => fall / -change,
            false => -1.0,
        };
        if ratio < 0.25 {
            radius = 0.25 * norm(&step).min(radius);
        } else if ratio > 0.75 && norm(&step) > 0.99 * radius {
            radius = (2.0 * radius).min(LARGEST * (1.0 + norm(&at)));
        }
        if ratio > 1e-4 {
            search.go(at, value, gradient);
        } else if radius <= SMALLEST * (1.0 + norm(&search.at)) {
            break search.stuck();
        }
    };
    Ok(search.found(outcome))
}

/// A step within the radius, and by how much the quadratic model changes over it.
fn steihaug<O: Objective>(
    search: &mut Search<'_, O>,
    radius: f64,
) -> Result<(Vec<f64>, f64), O::Error> {
    let size = norm(&search.gradient);
    let tolerance = size * size.sqrt().min(0.5);
    let mut step = vec![0.0; search.at.len()];
    let mut bent = vec![0.0; search.at.len()];
    let mut residual = search.gradient.clone();
    let mut direction = scaled(&residual, -1.0);
    let model =
        |gradient: &[f64], step: &[f64], bent: &[f64]| dot(gradient, step) + 0.5 * dot(step, bent);
    for _ in 0..2 * search.at.len().max(1) {
        let product = search.objective.hessian_times(&search.at, &direction)?;
        let curvature = dot(&direction, &product);
        let square = dot(&residual, &residual);
        let length = square / curvature;
        let next = along(&step, length, &direction);
        if curvature.is_nan() || curvature <= 0.0 || norm(&next) >= radius {
            let length = to_border(&step, &direction, radius);
            add(&mut step, length, &direction);
            add(&mut bent, length, &product);
            break;
        }
        step = next;
        add(&mut bent, length, &product);
        add(&mut residual, length, &product);
        let left = dot(&residual, &residual);
        if left.sqrt() <= tolerance {
            break;
        }
        direction = along(&scaled(&residual, -1.0), left / square, &direction);
    }
    let change = model(&search.gradient, &step, &bent);
    Ok((step, change))
}

/// The positive `t` with `‖a + t b‖ = r`.
fn to_border(a: &[f64], b: &[f64], radius: f64) -> f64 {
    let (square, mixed) = (dot(b, b), dot(a, b));
    let left = radius * radius - dot(a, a);
    let root = (mixed * mixed + square * left.max(0.0)).sqrt();
    (root - mixed) / square
}
