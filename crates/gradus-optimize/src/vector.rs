//! Sums and products of vectors.
//!
//! Must not know what the vectors are.

/// `a'b`
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `√(a'a)`, without overflow.
pub(crate) fn norm(a: &[f64]) -> f64 {
    let largest = a.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let sum: f64 = a.iter().map(|entry| (entry / largest).powi(2)).sum();
    largest * sum.sqrt()
}

/// `a + t b`
pub(crate) fn along(a: &[f64], t: f64, b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + t * b).collect()
}

/// `a ← a + t b`
pub(crate) fn add(a: &mut [f64], t: f64, b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += t * b;
    }
}

/// `t a`
pub(crate) fn scaled(a: &[f64], t: f64) -> Vec<f64> {
    a.iter().map(|entry| t * entry).collect()
}
