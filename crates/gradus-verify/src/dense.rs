//! Dense matrices of floating point numbers: products, solves, exponentials, roots, logarithms.
//!
//! Must not know trees, fields or functions of the vocabulary. Nothing is returned where a result does
//! not exist or does not pass its own test.

/// A matrix in row order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dense {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) entries: Vec<f64>,
}

impl Dense {
    pub(crate) fn new(rows: usize, columns: usize, entries: Vec<f64>) -> Self {
        Self { rows, columns, entries }
    }

    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        Self::new(rows, columns, vec![0.0; rows * columns])
    }

    pub(crate) fn identity(size: usize) -> Self {
        let mut unit = Self::zeros(size, size);
        (0..size).for_each(|at| unit.entries[at * (size + 1)] = 1.0);
        unit
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.columns + column]
    }

    pub(crate) fn set(&mut self, row: usize, column: usize, value: f64) {
        self.entries[row * self.columns + column] = value;
    }

    pub(crate) fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self.at(row, column)).collect()
    }

    pub(crate) fn transpose(&self) -> Self {
        let mut turned = Self::zeros(self.columns, self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                turned.set(column, row, self.at(row, column));
            }
        }
        turned
    }

    pub(crate) fn scale(&self, factor: f64) -> Self {
        let entries = self.entries.iter().map(|entry| entry * factor).collect();
        Self { entries, ..*self }
    }

    /// `self + factor*other`
    pub(crate) fn plus(&self, factor: f64, other: &Self) -> Self {
        let pairs = self.entries.iter().zip(&other.entries);
        Self { entries: pairs.map(|(a, b)| a + factor * b).collect(), ..*self }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for row in 0..self.rows {
            for inner in 0..self.columns {
                let factor = self.at(row, inner);
                for column in 0..other.columns {
                    product.entries[row * other.columns + column] +=
                        factor * other.at(inner, column);
                }
            }
        }
        product
    }

    /// The greatest sum of moduli of a column.
    pub(crate) fn norm(&self) -> f64 {
        let column = |column| (0..self.rows).map(|row| self.at(row, column).abs()).sum::<f64>();
        (0..self.columns).map(column).fold(0.0, f64::max)
    }

    /// The greatest modulus.
    pub(crate) fn largest(&self) -> f64 {
        self.entries.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()))
    }

    /// `inv(self)*right` by elimination with row exchanges, and the modulus of the determinant.
    pub(crate) fn solve(&self, right: &Self) -> Option<(Self, f64)> {
        let (size, width) = (self.rows, right.columns);
        let (mut left, mut right) = (self.clone(), right.clone());
        let mut determinant = 1.0;
        for step in 0..size {
            let best = (step..size)
                .max_by(|a, b| left.at(*a, step).abs().total_cmp(&left.at(*b, step).abs()))?;
            let pivot = left.at(best, step);
            if pivot == 0.0 || !pivot.is_finite() {
                return None;
            }
            determinant *= pivot.abs();
            for column in 0..size {
                left.entries.swap(step * size + column, best * size + column);
            }
            for column in 0..width {
                right.entries.swap(step * width + column, best * width + column);
            }
            for row in (0..size).filter(|row| *row != step) {
                let factor = left.at(row, step) / pivot;
                for column in step..size {
                    left.entries[row * size + column] -= factor * left.at(step, column);
                }
                for column in 0..width {
                    right.entries[row * width + column] -= factor * right.at(step, column);
                }
            }
        }
        for row in 0..size {
            for column in 0..width {
                right.entries[row * width + column] /= left.at(row, row);
            }
        }
        Some((right, determinant))
    }

    /// `[a, b; 0, a]`
    pub(crate) fn block(a: &Self, b: &Self) -> Self {
        let size = a.rows;
        let mut whole = Self::zeros(2 * size, 2 * size);
        for row in 0..size {
            for column in 0..size {
                whole.set(row, column, a.at(row, column));
                whole.set(size + row, size + column, a.at(row, column));
                whole.set(row, size + column, b.at(row, column));
            }
        }
        whole
    }

    /// The upper right quarter.
    pub(crate) fn corner(&self) -> Self {
        let size = self.rows / 2;
        let mut part = Self::zeros(size, size);
        for row in 0..size {
            for column in 0..size {
                part.set(row, column, self.at(row, size + column));
            }
        }
        part
    }
}

/// Numerators of the diagonal Padé approximant of degree 13 of the exponential.
const PADE: [f64; 14] = [
    64_764_752_532_480_000.0,
    32_382_376_266_240_000.0,
    7_771_770_303_897_600.0,
    1_187_353_796_428_800.0,
    129_060_195_264_000.0,
    10_559_470_521_600.0,
    670_442_572_800.0,
    33_522_128_640.0,
    1_323_241_920.0,
    40_840_800.0,
    960_960.0,
    16_380.0,
    182.0,
    1.0,
];

/// The norm up to which that approximant is exact to rounding.
const PADE_NORM: f64 = 5.371_920_351_148_152;

/// The exponential, by scaling and squaring.
pub(crate) fn exponential(matrix: &Dense) -> Option<Dense> {
    let norm = matrix.norm();
    if !norm.is_finite() || norm > 600.0 {
        return None;
    }
    let mut squarings = 0;
    let mut scaled = matrix.clone();
    while scaled.norm() > PADE_NORM {
        scaled = scaled.scale(0.5);
        squarings += 1;
    }
    let square = scaled.times(&scaled);
    let unit = Dense::identity(matrix.rows);
    let (mut even, mut odd) = (unit.scale(PADE[12]), unit.scale(PADE[13]));
    for degree in (0..12).rev().step_by(2) {
        odd = square.times(&odd).plus(PADE[degree], &unit);
        even = square.times(&even).plus(PADE[degree - 1], &unit);
    }
    let odd = scaled.times(&odd);
    let (mut value, _) = even.plus(-1.0, &odd).solve(&even.plus(1.0, &odd))?;
    for _ in 0..squarings {
        value = value.times(&value);
    }
    value.entries.iter().all(|entry| entry.is_finite()).then_some(value)
}

/// The principal square root, by the product form of the iteration of Denman and Beavers.
pub(crate) fn root(matrix: &Dense) -> Option<Dense> {
    let size = matrix.rows;
    let unit = Dense::identity(size);
    let (mut value, mut product) = (matrix.clone(), matrix.clone());
    for step in 0..60 {
        let (inverse, determinant) = product.solve(&unit)?;
        let distance = product.plus(-1.0, &unit).largest();
        if distance < 1e-15 * size as f64 {
            break;
        }
        // Scaling helps far from convergence only.
        let scale =
            if distance > 1e-2 && step < 30 { determinant.powf(-0.5 / size as f64) } else { 1.0 };
        let square = scale * scale;
        value = value.times(&unit.plus(1.0 / square, &inverse)).scale(0.5 * scale);
        product = unit.plus(0.5 * square, &product).plus(0.5 / square, &inverse).scale(0.5);
    }
    let error = value.times(&value).plus(-1.0, matrix).largest();
    (error <= 1e-9 * matrix.largest()).then_some(value)
}

/// The principal logarithm, by inverse scaling and squaring.
pub(crate) fn logarithm(matrix: &Dense) -> Option<Dense> {
    let unit = Dense::identity(matrix.rows);
    let (mut near, mut roots) = (matrix.clone(), 0);
    while near.plus(-1.0, &unit).norm() > 0.25 {
        near = root(&near)?;
        roots += 1;
        if roots > 40 {
            return None;
        }
    }
    let excess = near.plus(-1.0, &unit);
    let mut value = Dense::zeros(matrix.rows, matrix.rows);
    for (node, weight) in gauss_legendre(10) {
        // log(I+E) is the integral of E*inv(I+t*E) over t from 0 to 1.
        let (term, _) = unit.plus(node, &excess).solve(&excess)?;
        value = value.plus(weight, &term);
    }
    let value = value.scale(2.0_f64.powi(roots));
    let error = exponential(&value)?.plus(-1.0, matrix).largest();
    (error <= 1e-8 * matrix.largest()).then_some(value)
}

/// Nodes and weights of Gauss' quadrature on [0,1].
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let node = |at: usize| {
        let mut x = (std::f64::consts::PI * (at as f64 + 0.75) / (count as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..50 {
            let (mut below, mut value) = (1.0, x);
            for degree in 2..=count {
                let degree = degree as f64;
                let next = ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * below) / degree;
                (below, value) = (value, next);
            }
            slope = count as f64 * (x * value - below) / (x * x - 1.0);
            x -= value / slope;
        }
        ((1.0 + x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..count).map(node).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn close(a: &Dense, b: &Dense) {
        let error = a.plus(-1.0, b).largest();
        assert!(error <= 1e-12 * (1.0 + a.largest()), "{a:?} {b:?}");
    }

    #[test]
    fn known_values() {
        let turn = Dense::new(2, 2, vec![0.0, -7.0, 7.0, 0.0]);
        let (s, c) = 7.0_f64.sin_cos();
        close(&exponential(&turn).unwrap(), &Dense::new(2, 2, vec![c, -s, s, c]));
        let nilpotent = Dense::new(2, 2, vec![2.0, 3.0, 0.0, 2.0]);
        let e = 2.0_f64.exp();
        close(&exponential(&nilpotent).unwrap(), &Dense::new(2, 2, vec![e, 3.0 * e, 0.0, e]));
        close(&logarithm(&exponential(&nilpotent).unwrap()).unwrap(), &nilpotent);
        let r = 2.0_f64.sqrt();
        let halved = Dense::new(2, 2, vec![r, 1.5 / r, 0.0, r]);
        close(&root(&nilpotent).unwrap(), &halved);
        let quarter = Dense::new(2, 2, vec![0.0, -1.5, 1.5, 0.0]);
        close(&logarithm(&exponential(&quarter).unwrap()).unwrap(), &quarter);
    }

    #[test]
    fn negative_eigenvalues_have_no_real_root() {
        let negative = Dense::new(2, 2, vec![-1.0, 0.3, 0.2, 2.0]);
        assert_eq!((root(&negative), logarithm(&negative)), (None, None));
        assert_eq!(root(&Dense::zeros(2, 2)), None);
    }
}
