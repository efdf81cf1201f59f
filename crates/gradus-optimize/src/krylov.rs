//! The least and the greatest curvature at a point along directions of a Krylov space (Lanczos).
//!
//! Must not know the Hessian but by its products.

use crate::Objective;
use crate::vector::{add, dot, norm, scaled};

/// The most directions.
const DIRECTIONS: usize = 30;

/// The curvature at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curvature {
    /// The least one seen.
    pub least: f64,
    /// The greatest one seen.
    pub greatest: f64,
    /// Along how many directions; all of the space if it has no more.
    pub directions: usize,
}

/// The curvature of a function at a point, from a direction on.
///
/// # Errors
/// Those of the objective.
pub fn curvature<O: Objective>(
    objective: &mut O,
    at: &[f64],
    first: &[f64],
) -> Result<Curvature, O::Error> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut direction = scaled(first, 1.0 / norm(first));
    while basis.len() < DIRECTIONS.min(at.len()) {
        let mut product = objective.hessian_times(at, &direction)?;
        let size = norm(&product);
        diagonal.push(dot(&direction, &product));
        basis.push(direction);
        // Twice, so that the basis stays orthogonal.
        for _ in 0..2 {
            for known in &basis {
                let share = dot(known, &product);
                add(&mut product, -share, known);
            }
        }
        let rest = norm(&product);
        if !rest.is_finite() || rest <= 1e-12 * size.max(f64::MIN_POSITIVE) {
            break;
        }
        beside.push(rest);
        direction = scaled(&product, 1.0 / rest);
    }
    beside.truncate(diagonal.len().saturating_sub(1));
    let (least, greatest) = extremes(&diagonal, &beside);
    Ok(Curvature { least, greatest, directions: diagonal.len() })
}

/// The least and the greatest eigenvalue of a symmetric tridiagonal matrix, by bisection on the number of
/// negative pivots.
fn extremes(diagonal: &[f64], beside: &[f64]) -> (f64, f64) {
    let count = diagonal.len();
    if count == 0 {
        return (0.0, 0.0);
    }
    let off = |at: usize| beside.get(at).map_or(0.0, |entry| entry.abs());
    let before = |at: usize| if at == 0 { 0.0 } else { off(at - 1) };
    let spread = |at: usize| before(at) + off(at);
    let bound = |sign: f64| {
        let ends = (0..count).map(|at| diagonal[at] + sign * spread(at));
        ends.fold(
            diagonal[0] + sign * spread(0),
            |a, b| if sign < 0.0 { a.min(b) } else { a.max(b) },
        )
    };
    let (low, high) = (bound(-1.0), bound(1.0));
    let below = |shift: f64| {
        let mut pivot = 1.0_f64;
        let mut negative = 0;
        for (at, entry) in diagonal.iter().enumerate() {
            let square = if at == 0 { 0.0 } else { off(at - 1).powi(2) };
            pivot = entry - shift - square / pivot;
            if pivot == 0.0 {
                pivot = f64::EPSILON * (high - low).abs().max(1e-300);
            }
            negative += usize::from(pivot < 0.0);
        }
        negative
    };
    let find = |wanted: usize| {
        let (mut low, mut high) = (low, high);
        for _ in 0..200 {
            let middle = low + (high - low) / 2.0;
            if below(middle) >= wanted { high = middle } else { low = middle }
        }
        low + (high - low) / 2.0
    };
    (find(1), find(count))
}
