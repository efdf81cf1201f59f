//! Dense matrices in row order over any field: products, elimination, adjugates.
//!
//! Must not know trees or functions.

use crate::field::{Fault, Field};

/// `out = left*right` for an m×k and a k×n matrix.
pub(crate) fn product<F: Field>(
    left: &[F],
    right: &[F],
    out: &mut [F],
    inner: usize,
    columns: usize,
) {
    out.fill(F::ZERO);
    if inner == 0 || columns == 0 {
        return;
    }
    for (row, target) in left.chunks_exact(inner).zip(out.chunks_exact_mut(columns)) {
        for (factor, source) in row.iter().zip(right.chunks_exact(columns)) {
            if factor.is_zero() {
                continue;
            }
            for (sum, term) in target.iter_mut().zip(source) {
                *sum = sum.add(factor.multiply(*term));
            }
        }
    }
}

/// `out = matrix'` for a matrix with this many columns.
pub(crate) fn transpose<F: Field>(matrix: &[F], out: &mut [F], columns: usize) {
    let rows = matrix.len().checked_div(columns).unwrap_or(0);
    for row in 0..rows {
        for column in 0..columns {
            out[column * rows + row] = matrix[row * columns + column];
        }
    }
}

/// Numbers of which one can tell which are good pivots.
pub(crate) trait Pivot: Field {
    /// 0 for a number that has no inverse.
    fn weight(self) -> f64;
}

/// Brings a square matrix to upper triangular form by row operations, applied to `right` (with
/// `width` columns) as well, and returns the sign of the row exchanges. Nothing if there is no pivot
/// that has an inverse.
fn eliminate<F: Pivot>(
    matrix: &mut [F],
    right: &mut [F],
    size: usize,
    width: usize,
) -> Option<bool> {
    let mut odd = false;
    for step in 0..size {
        let weight = |row: usize| matrix[row * size + step].weight();
        let mut best = step;
        for row in step + 1..size {
            if weight(row) > weight(best) {
                best = row;
            }
        }
        if weight(best) == 0.0 {
            return None;
        }
        if best != step {
            odd = !odd;
            for column in 0..size {
                matrix.swap(step * size + column, best * size + column);
            }
            for column in 0..width {
                right.swap(step * width + column, best * width + column);
            }
        }
        let inverse = F::ONE.divide(matrix[step * size + step])?;
        for row in step + 1..size {
            let factor = matrix[row * size + step];
            if factor.is_zero() {
                continue;
            }
            let factor = factor.multiply(inverse);
            subtract_row(matrix, size, step, row, factor, step);
            subtract_row(right, width, step, row, factor, 0);
        }
    }
    Some(odd)
}

/// Subtracts `factor` times one row from a later one, from a column on.
fn subtract_row<F: Field>(
    matrix: &mut [F],
    width: usize,
    from: usize,
    to: usize,
    factor: F,
    start: usize,
) {
    let (above, below) = matrix.split_at_mut(to * width);
    let source = &above[from * width..(from + 1) * width];
    for column in start..width {
        below[column] = below[column].subtract(factor.multiply(source[column]));
    }
}

/// `out = inv(matrix)*right` by elimination, where `right` has `width` columns.
pub(crate) fn solve<F: Pivot>(
    matrix: &[F],
    right: &[F],
    out: &mut [F],
    size: usize,
    width: usize,
) -> Result<(), Fault> {
    let mut matrix = matrix.to_vec();
    out.copy_from_slice(right);
    eliminate(&mut matrix, out, size, width).ok_or(Fault::Outside)?;
    for row in (0..size).rev() {
        let inverse = F::ONE.divide(matrix[row * size + row]).ok_or(Fault::Outside)?;
        let (above, below) = out.split_at_mut((row + 1) * width);
        let target = &mut above[row * width..];
        for later in row + 1..size {
            let factor = matrix[row * size + later];
            let source = &below[(later - row - 1) * width..(later - row) * width];
            for (value, known) in target.iter_mut().zip(source) {
                *value = value.subtract(factor.multiply(*known));
            }
        }
        for value in target {
            *value = value.multiply(inverse);
        }
    }
    Ok(())
}

/// The identity.
pub(crate) fn identity<F: Field>(out: &mut [F], size: usize) {
    out.fill(F::ZERO);
    for position in 0..size {
        out[position * (size + 1)] = F::ONE;
    }
}

/// The inverse.
pub(crate) fn inverse<F: Field>(matrix: &[F], out: &mut [F], size: usize) -> Result<(), Fault> {
    let mut unit = vec![F::ZERO; size * size];
    identity(&mut unit, size);
    F::solve(matrix, &unit, out, size, size)
}

/// The determinant by elimination.
pub(crate) fn determinant<F: Pivot>(matrix: &[F], size: usize) -> F {
    let mut reduced = matrix.to_vec();
    let Some(odd) = eliminate(&mut reduced, &mut [], size, 0) else { return F::ZERO };
    let product =
        (0..size).fold(F::ONE, |product, step| product.multiply(reduced[step * (size + 1)]));
    if odd { product.negate() } else { product }
}

/// The adjugate, of a singular matrix too.
pub(crate) fn adjugate<F: Field>(matrix: &[F], out: &mut [F], size: usize) -> Result<(), Fault> {
    match inverse(matrix, out, size) {
        Ok(()) => {
            let determinant = F::determinant(matrix, size)?;
            for entry in out {
                *entry = entry.multiply(determinant);
            }
            Ok(())
        }
        Err(Fault::Outside) => {
            out.copy_from_slice(&characteristic(matrix, size)?.0);
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}

/// Adjugate and determinant by the recursion of Faddeev and LeVerrier for the characteristic
/// polynomial, which divides by the numbers up to the size only.
pub(crate) fn characteristic<F: Field>(matrix: &[F], size: usize) -> Result<(Vec<F>, F), Fault> {
    let mut current = vec![F::ZERO; size * size];
    let mut next = vec![F::ZERO; size * size];
    identity(&mut current, size);
    let mut coefficient = F::ONE;
    for step in 1..=size {
        product(matrix, &current, &mut next, size, size);
        let trace =
            (0..size).fold(F::ZERO, |trace, position| trace.add(next[position * (size + 1)]));
        let divisor = F::from_integer(-i64::try_from(step).unwrap_or(i64::MAX));
        coefficient = trace.divide(divisor).ok_or(Fault::Outside)?;
        if step < size {
            for position in 0..size {
                let place = position * (size + 1);
                next[place] = next[place].add(coefficient);
            }
            std::mem::swap(&mut current, &mut next);
        }
    }
    let odd = size % 2 == 1;
    if !odd {
        for entry in &mut current {
            *entry = entry.negate();
        }
    }
    Ok((current, if odd { coefficient.negate() } else { coefficient }))
}

/// A power with an integer exponent of a square matrix.
pub(crate) fn power<F: Field>(
    matrix: &[F],
    exponent: i64,
    out: &mut [F],
    size: usize,
) -> Result<(), Fault> {
    let mut base = matrix.to_vec();
    if exponent < 0 {
        inverse(matrix, &mut base, size)?;
    }
    let mut scratch = vec![F::ZERO; size * size];
    identity(out, size);
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        if left & 1 == 1 {
            product(out, &base, &mut scratch, size, size);
            out.copy_from_slice(&scratch);
        }
        left >>= 1;
        if left > 0 {
            product(&base, &base, &mut scratch, size, size);
            base.copy_from_slice(&scratch);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::field::Dual;
    use crate::modular::Mod;
    use crate::random::Random;

    fn random(size: usize, seed: u64) -> Vec<Mod> {
        let mut random = Random::new(seed);
        (0..size * size).map(|_| Mod::new(random.word())).collect()
    }

    #[test]
    fn inverse_adjugate_and_determinant_belong_together() {
        for size in 1..8 {
            let matrix = random(size, size as u64);
            let (mut inverted, mut adjoint) = (matrix.clone(), matrix.clone());
            inverse(&matrix, &mut inverted, size).unwrap();
            adjugate(&matrix, &mut adjoint, size).unwrap();
            let determinant = determinant(&matrix, size);
            for (a, b) in adjoint.iter().zip(&inverted) {
                assert_eq!(*a, b.multiply(determinant));
            }
            let (adjugate, product) = characteristic(&matrix, size).unwrap();
            assert_eq!((adjugate, product), (adjoint, determinant));
            let mut cube = matrix.clone();
            power(&matrix, -3, &mut cube, size).unwrap();
            let mut back = matrix.clone();
            power(&cube, -1, &mut back, size).unwrap();
            power(&matrix, 3, &mut cube, size).unwrap();
            assert_eq!(back, cube);
        }
    }

    #[test]
    fn a_singular_matrix_has_an_adjugate_and_a_derivative_of_its_determinant() {
        let size = 5;
        let mut matrix = random(size, 7);
        for column in 0..size {
            matrix[4 * size + column] = matrix[column].add(matrix[size + column]);
        }
        let mut adjoint = matrix.clone();
        adjugate(&matrix, &mut adjoint, size).unwrap();
        assert!(adjoint.iter().any(|entry| !Field::is_zero(*entry)));
        let direction = random(size, 8);
        let dual: Vec<Dual<Mod>> = matrix
            .iter()
            .zip(&direction)
            .map(|(value, tangent)| Dual { value: *value, tangent: *tangent })
            .collect();
        let mut slope = Mod::ZERO;
        for row in 0..size {
            for column in 0..size {
                slope = slope
                    .add(adjoint[row * size + column].multiply(direction[column * size + row]));
            }
        }
        let value = Dual::determinant(&dual, size).unwrap();
        assert_eq!((value.value, value.tangent), (Mod::ZERO, slope));
        assert_eq!(inverse(&dual, &mut dual.clone(), size), Err(Fault::Outside));
    }
}
