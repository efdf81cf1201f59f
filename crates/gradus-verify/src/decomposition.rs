//! Singular values and eigenvalues of small dense matrices.
//!
//! Must not know trees, fields or functions of the vocabulary. Nothing is returned where eigenvalues are
//! not real, or where what is asked for is not unique.

use crate::dense::Dense;

/// Values closer than this part of the greatest one count as equal.
const GAP: f64 = 1e-6;

/// Singular values below this part of the greatest one count as zero.
const RANK: f64 = 1e-9;

/// A thin singular value decomposition, greatest first: left vectors as columns, values, right vectors as
/// columns; vectors of the value zero are zero on the left.
pub(crate) struct Singular {
    pub(crate) left: Dense,
    pub(crate) values: Vec<f64>,
    pub(crate) right: Dense,
}

/// By rotations of columns from one side.
pub(crate) fn singular(matrix: &Dense) -> Singular {
    if matrix.rows < matrix.columns {
        let Singular { left, values, right } = singular(&matrix.transpose());
        return Singular { left: right, values, right: left };
    }
    let (mut work, mut right) = (matrix.clone(), Dense::identity(matrix.columns));
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..matrix.columns {
            for q in p + 1..matrix.columns {
                let (x, y) = (work.column(p), work.column(q));
                let (alpha, beta, gamma) = (dot(&x, &x), dot(&y, &y), dot(&x, &y));
                if gamma.abs() <= 1e-16 * (alpha * beta).sqrt() {
                    continue;
                }
                turned = true;
                rotate(&mut work, &mut right, (p, q), (beta - alpha) / (2.0 * gamma));
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..matrix.columns).collect();
    let norms: Vec<f64> = order.iter().map(|at| norm(&work.column(*at))).collect();
    order.sort_by(|a, b| norms[*b].total_cmp(&norms[*a]));
    let pick = |from: &Dense, scale: &dyn Fn(usize) -> f64| {
        let mut picked = Dense::zeros(from.rows, order.len());
        for (place, at) in order.iter().enumerate() {
            for row in 0..from.rows {
                picked.set(row, place, from.at(row, *at) * scale(*at));
            }
        }
        picked
    };
    let reciprocal = |at: usize| if norms[at] > 0.0 { 1.0 / norms[at] } else { 0.0 };
    Singular {
        left: pick(&work, &reciprocal),
        right: pick(&right, &|_| 1.0),
        values: order.iter().map(|at| norms[*at]).collect(),
    }
}

/// Turns two columns of both matrices by the angle whose doubled cotangent is given.
fn rotate(work: &mut Dense, right: &mut Dense, (p, q): (usize, usize), cotangent: f64) {
    let sign = if cotangent < 0.0 { -1.0 } else { 1.0 };
    let tangent = sign / (cotangent.abs() + (1.0 + cotangent * cotangent).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for matrix in [work, right] {
        for row in 0..matrix.rows {
            let (x, y) = (matrix.at(row, p), matrix.at(row, q));
            matrix.set(row, p, cosine * x - sine * y);
            matrix.set(row, q, sine * x + cosine * y);
        }
    }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn norm(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

/// The outer product of two columns.
pub(crate) fn outer(left: &[f64], right: &[f64]) -> Dense {
    let entries = left.iter().flat_map(|x| right.iter().map(move |y| x * y)).collect();
    Dense::new(left.len(), right.len(), entries)
}

/// The sum of `weight(s)*u*v'` over the singular values.
fn recombined(singular: &Singular, weight: impl Fn(f64) -> f64) -> Dense {
    let mut total = Dense::zeros(singular.left.rows, singular.right.rows);
    for (at, value) in singular.values.iter().enumerate() {
        let dyad = outer(&singular.left.column(at), &singular.right.column(at));
        total = total.plus(weight(*value), &dyad);
    }
    total
}

/// The place and the value of the greatest entry of a column, if it is unique.
pub(crate) fn greatest(column: &Dense) -> Option<(usize, f64)> {
    let entries = || (0..column.rows).map(|row| (row, column.at(row, 0)));
    let (place, value) = entries().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let span = entries().map(|(_, entry)| (value - entry).abs()).fold(0.0, f64::max);
    let unique = entries().all(|(row, entry)| row == place || value - entry > GAP * span);
    unique.then_some((place, value))
}

/// The Moore–Penrose inverse.
pub(crate) fn pseudoinverse(matrix: &Dense) -> Dense {
    let singular = singular(matrix);
    let least = RANK * singular.values.first().copied().unwrap_or(0.0);
    recombined(&singular, |value| if value > least { 1.0 / value } else { 0.0 }).transpose()
}

/// `U*V'`, for a matrix of full rank.
pub(crate) fn polar(matrix: &Dense) -> Option<Dense> {
    let singular = singular(matrix);
    let (first, last) = (singular.values.first()?, singular.values.last()?);
    (*last > GAP * first).then(|| recombined(&singular, |_| 1.0))
}

/// `u*v'` of the greatest singular value, if that is simple.
pub(crate) fn singular_dyad(matrix: &Dense) -> Option<Dense> {
    let singular = singular(matrix);
    let first = *singular.values.first()?;
    let second = singular.values.get(1).copied().unwrap_or(0.0);
    (first - second > GAP * first)
        .then(|| outer(&singular.left.column(0), &singular.right.column(0)))
}

/// Eigenvalues in ascending order with unit eigenvectors of the symmetric part, by rotations.
pub(crate) fn symmetric_eigen(matrix: &Dense) -> (Vec<f64>, Dense) {
    let size = matrix.rows;
    let mut work = matrix.plus(1.0, &matrix.transpose()).scale(0.5);
    let mut vectors = Dense::identity(size);
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..size {
            for q in p + 1..size {
                let (off, first, second) = (work.at(p, q), work.at(p, p), work.at(q, q));
                if off.abs() <= 1e-17 * work.largest() {
                    continue;
                }
                turned = true;
                rotate(&mut work, &mut vectors, (p, q), (second - first) / (2.0 * off));
                let mut turned_back = work.transpose();
                rotate(
                    &mut turned_back,
                    &mut Dense::zeros(0, size),
                    (p, q),
                    (second - first) / (2.0 * off),
                );
                work = turned_back.transpose();
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| work.at(*a, *a).total_cmp(&work.at(*b, *b)));
    let mut sorted = Dense::zeros(size, size);
    for (place, at) in order.iter().enumerate() {
        for row in 0..size {
            sorted.set(row, place, vectors.at(row, *at));
        }
    }
    (order.iter().map(|at| work.at(*at, *at)).collect(), sorted)
}

/// The greatest eigenvalue of the symmetric part, if it is simple, and `v*v'`.
pub(crate) fn greatest_eigen(matrix: &Dense) -> Option<(f64, Dense)> {
    let (values, vectors) = symmetric_eigen(matrix);
    let last = matrix.rows.checked_sub(1)?;
    let (greatest, scale) = (values[last], values[last].abs().max(values[0].abs()));
    if last > 0 && greatest - values[last - 1] <= GAP * scale {
        return None;
    }
    let vector = vectors.column(last);
    Some((greatest, outer(&vector, &vector)))
}

/// Real and simple eigenvalues in ascending order, and unit eigenvectors with a positive entry of
/// greatest modulus.
pub(crate) fn eigen(matrix: &Dense) -> Option<(Vec<f64>, Dense)> {
    let size = matrix.rows;
    let asymmetry = matrix.plus(-1.0, &matrix.transpose()).largest();
    let (values, mut vectors) = if asymmetry <= 1e-14 * matrix.largest() {
        symmetric_eigen(matrix)
    } else {
        let mut values = real_eigenvalues(matrix)?;
        values.sort_by(f64::total_cmp);
        let mut vectors = Dense::zeros(size, size);
        for (column, value) in values.iter().enumerate() {
            let vector = eigenvector(matrix, *value)?;
            (0..size).for_each(|row| vectors.set(row, column, vector[row]));
        }
        (values, vectors)
    };
    let scale = values.iter().fold(0.0, |scale: f64, value| scale.max(value.abs()));
    if values.windows(2).any(|pair| pair[1] - pair[0] <= GAP * scale) {
        return None;
    }
    for column in 0..size {
        let vector = vectors.column(column);
        let largest = vector.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
        let scale = largest.signum() / norm(&vector);
        (0..size).for_each(|row| vectors.set(row, column, vector[row] * scale));
    }
    Some((values, vectors))
}

/// By inverse iteration.
fn eigenvector(matrix: &Dense, value: f64) -> Option<Vec<f64>> {
    let size = matrix.rows;
    let shifted = matrix.plus(-(value + 1e-11 * matrix.largest()), &Dense::identity(size));
    let start = (0..size).map(|at| 1.0 / (1.0 + 0.37 * at as f64)).collect();
    let mut vector = Dense::new(size, 1, start);
    for _ in 0..4 {
        vector = shifted.solve(&vector)?.0;
        vector = vector.scale(1.0 / norm(&vector.entries));
    }
    let residual = matrix.times(&vector).plus(-value, &vector).largest();
    (residual <= 1e-8 * matrix.largest()).then_some(vector.entries)
}

/// By shifted QR steps on the Hessenberg form; nothing if a pair is complex.
fn real_eigenvalues(matrix: &Dense) -> Option<Vec<f64>> {
    let mut h = hessenberg(matrix);
    let mut values = Vec::new();
    let mut end = matrix.rows;
    for _ in 0..200 * matrix.rows {
        let small = |h: &Dense, at: usize| {
            h.at(at, at - 1).abs() <= 1e-15 * (h.at(at, at).abs() + h.at(at - 1, at - 1).abs())
        };
        if end == 0 {
            return Some(values);
        }
        let start = (1..end).rev().find(|at| small(&h, *at)).unwrap_or(0);
        if start + 1 == end {
            values.push(h.at(start, start));
            end = start;
            continue;
        }
        let (a, b) = (h.at(end - 2, end - 2), h.at(end - 2, end - 1));
        let (c, d) = (h.at(end - 1, end - 2), h.at(end - 1, end - 1));
        let (middle, half) = ((a + d) / 2.0, (a - d) / 2.0);
        let square = half * half + b * c;
        if start + 2 == end {
            if square < 0.0 {
                return None;
            }
            values.extend([middle - square.sqrt(), middle + square.sqrt()]);
            end = start;
            continue;
        }
        let shift = if square >= 0.0 {
            let root = square.sqrt();
            if (middle + root - d).abs() < (middle - root - d).abs() {
                middle + root
            } else {
                middle - root
            }
        } else {
            d
        };
        qr_step(&mut h, start, end, shift);
    }
    None
}

/// The form with zeros below the first lower diagonal, by elimination with exchanges.
fn hessenberg(matrix: &Dense) -> Dense {
    let size = matrix.rows;
    let mut h = matrix.clone();
    for step in 1..size.saturating_sub(1) {
        let best = (step..size)
            .max_by(|a, b| h.at(*a, step - 1).abs().total_cmp(&h.at(*b, step - 1).abs()));
        let best = best.unwrap_or(step);
        for at in 0..size {
            h.entries.swap(step * size + at, best * size + at);
        }
        for at in 0..size {
            h.entries.swap(at * size + step, at * size + best);
        }
        let pivot = h.at(step, step - 1);
        if pivot == 0.0 {
            continue;
        }
        for row in step + 1..size {
            let factor = h.at(row, step - 1) / pivot;
            for column in 0..size {
                h.entries[row * size + column] -= factor * h.at(step, column);
            }
            for other in 0..size {
                h.entries[other * size + step] += factor * h.at(other, row);
            }
        }
    }
    h
}

/// One QR step with a shift on the rows and columns from `start` to `end`.
fn qr_step(h: &mut Dense, start: usize, end: usize, shift: f64) {
    (start..end).for_each(|at| h.set(at, at, h.at(at, at) - shift));
    let mut turns = Vec::with_capacity(end - start);
    for at in start..end - 1 {
        let (x, y) = (h.at(at, at), h.at(at + 1, at));
        let length = x.hypot(y);
        let (cosine, sine) = if length == 0.0 { (1.0, 0.0) } else { (x / length, y / length) };
        turns.push((cosine, sine));
        for column in at..end {
            let (x, y) = (h.at(at, column), h.at(at + 1, column));
            h.set(at, column, cosine * x + sine * y);
            h.set(at + 1, column, cosine * y - sine * x);
        }
    }
    for (step, (cosine, sine)) in turns.into_iter().enumerate() {
        let at = start + step;
        for row in start..(at + 2).min(end) {
            let (x, y) = (h.at(row, at), h.at(row, at + 1));
            h.set(row, at, cosine * x + sine * y);
            h.set(row, at + 1, cosine * y - sine * x);
        }
    }
    (start..end).for_each(|at| h.set(at, at, h.at(at, at) + shift));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn sample(rows: usize, columns: usize) -> Dense {
        let entries = (0..rows * columns).map(|at| ((at * at * 7 + at * 3 + 1) % 11) as f64 - 4.3);
        Dense::new(rows, columns, entries.collect())
    }

    fn close(a: &Dense, b: &Dense) {
        assert!(a.plus(-1.0, b).largest() <= 1e-9 * (1.0 + a.largest()), "{a:?} {b:?}");
    }

    #[test]
    fn singular_values_recombine() {
        for (rows, columns) in [(5, 3), (3, 5), (4, 4), (1, 3)] {
            let matrix = sample(rows, columns);
            close(&recombined(&singular(&matrix), |value| value), &matrix);
            let inverse = pseudoinverse(&matrix);
            close(&matrix.times(&inverse).times(&matrix), &matrix);
            close(&inverse.times(&matrix).times(&inverse), &inverse);
        }
        let deficient = outer(&[1.0, 2.0, -1.0], &[0.5, 3.0, 1.0, 1.0]);
        let inverse = pseudoinverse(&deficient);
        close(&deficient.times(&inverse).times(&deficient), &deficient);
        assert_eq!(polar(&deficient), None);
    }

    #[test]
    fn eigenvectors_belong_to_their_values() {
        let vectors = sample(4, 4).plus(9.0, &Dense::identity(4));
        let mut scaled = vectors.clone();
        for row in 0..4 {
            for column in 0..4 {
                scaled.set(row, column, vectors.at(row, column) * [3.0, -1.0, 0.5, 7.0][column]);
            }
        }
        let matrix = vectors.transpose().solve(&scaled.transpose()).unwrap().0.transpose();
        let (values, found) = eigen(&matrix).unwrap();
        for (value, expected) in values.iter().zip([-1.0, 0.5, 3.0, 7.0]) {
            assert!((value - expected).abs() < 1e-10, "{values:?}");
        }
        let mut diagonal = Dense::zeros(4, 4);
        (0..4).for_each(|at| diagonal.set(at, at, values[at]));
        close(&matrix.times(&found), &found.times(&diagonal));
        let symmetric = matrix.plus(1.0, &matrix.transpose());
        let (values, found) = eigen(&symmetric).unwrap();
        close(&found.transpose().times(&found), &Dense::identity(4));
        let (greatest, projector) = greatest_eigen(&symmetric).unwrap();
        assert!((greatest - values[3]).abs() < 1e-10);
        close(&symmetric.times(&projector), &projector.scale(greatest));
    }

    #[test]
    fn complex_pairs_and_double_values_are_refused() {
        assert_eq!(eigen(&Dense::new(2, 2, vec![0.0, -1.0, 1.0, 0.0])), None);
        assert_eq!(eigen(&Dense::identity(3)), None);
        assert_eq!(singular_dyad(&Dense::identity(3)), None);
        let turn = Dense::new(3, 3, vec![0.3, -1.0, 0.1, 1.0, 0.2, 0.4, 0.5, 0.1, 2.0]);
        assert_eq!(eigen(&turn), None);
    }
}
