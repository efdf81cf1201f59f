//! Functions of the vocabulary on matrices of expressions.
//!
//! Must not know limits or integrals. This is the one place where the facade knows functions by their
//! names: those that the expressions of one variable have, and those that are written by them.

use gradus_scalar::expression::{Arena, ExprId, Function, Rational};
use gradus_scalar::limit::Limit;

use super::matrix::{Entries, Trouble};

/// What became of a call.
pub(crate) enum Call {
    Value(Entries),
    Trouble(Trouble),
    /// The function has no entries here.
    Unknown,
}

/// A function of the vocabulary on its arguments; an inner `None` where it is none of an entry.
pub(crate) fn call(arena: &mut Arena, name: &str, arguments: &[Entries]) -> Call {
    let result = match arguments {
        [only] => one(arena, name, only),
        [first, second] => two(arena, name, first, second),
        _ => None,
    };
    match result {
        Some(Ok(value)) => Call::Value(value),
        Some(Err(trouble)) => Call::Trouble(trouble),
        None => Call::Unknown,
    }
}

fn one(arena: &mut Arena, name: &str, a: &Entries) -> Option<Result<Entries, Trouble>> {
    if let Some(function) = Function::named(name) {
        return Some(a.map(|u| arena.apply(function, u)));
    }
    let scalar = |value: ExprId| Entries::scalar(Limit::Finite(value));
    Some(match name {
        "sqrt" => a.map(|u| arena.square_root(u)),
        "cbrt" => a.map(|u| cube_root(arena, u)),
        "log1p" => a.map(|u| {
            let sum = arena.add(&[Arena::ONE, u]);
            arena.apply(Function::Log, sum)
        }),
        "expm1" => a.map(|u| {
            let power = arena.exponential(u);
            arena.add(&[power, Arena::MINUS_ONE])
        }),
        "log2" => a.map(|u| logarithm_to(arena, u, 2)),
        "log10" => a.map(|u| logarithm_to(arena, u, 10)),
        "sigmoid" => a.map(|u| {
            let negative = arena.negate(u);
            let power = arena.exponential(negative);
            let sum = arena.add(&[Arena::ONE, power]);
            arena.power(sum, Arena::MINUS_ONE)
        }),
        "softplus" => a.map(|u| {
            let power = arena.exponential(u);
            let sum = arena.add(&[Arena::ONE, power]);
            arena.apply(Function::Log, sum)
        }),
        "relu" => a.map(|u| greater(arena, u, Arena::ZERO, 1)),
        "gelu" => a.map(|u| {
            let two = arena.integer(2);
            let root = arena.square_root(two);
            let scaled = arena.divide(u, root);
            let error = arena.apply(Function::Erf, scaled);
            let sum = arena.add(&[Arena::ONE, error]);
            arena.multiply(&[Arena::HALF, u, sum])
        }),
        "tr" => {
            let cells = match a.finite() {
                Ok(cells) => cells,
                Err(trouble) => return Some(Err(trouble)),
            };
            let diagonal: Vec<ExprId> =
                (0..a.rows).filter_map(|at| cells.get(at * a.columns + at).copied()).collect();
            Ok(scalar(arena.add(&diagonal)))
        }
        "det" => a.determinant(arena).map(scalar),
        "logdet" => a.determinant(arena).map(|value| {
            let size = arena.apply(Function::Abs, value);
            scalar(arena.apply(Function::Log, size))
        }),
        "inv" => a.inverse(arena),
        "adj" => a.adjugate(arena),
        "sum" => a.finite().map(|cells| scalar(arena.add(&cells))),
        "mean" => a.finite().map(|cells| {
            let sum = arena.add(&cells);
            scalar(arena.scale(&Rational::new(1.into(), cells.len().max(1).into()), sum))
        }),
        "rowsum" => row_sums(arena, a),
        "colsum" => row_sums(arena, &a.transposed()).map(|sums| sums.transposed()),
        "norm2" | "normF" | "norm" => a.finite().map(|cells| {
            let squares: Vec<ExprId> = cells.iter().map(|cell| arena.square(*cell)).collect();
            let sum = arena.add(&squares);
            scalar(arena.square_root(sum))
        }),
        "norm1" => a.finite().map(|cells| {
            let sizes: Vec<ExprId> =
                cells.iter().map(|cell| arena.apply(Function::Abs, *cell)).collect();
            scalar(arena.add(&sizes))
        }),
        "vec" => Ok(Entries { rows: a.cells.len(), columns: 1, cells: a.transposed().cells }),
        "vecr" => Ok(Entries { rows: a.cells.len(), columns: 1, cells: a.cells.clone() }),
        "diag" if a.columns == 1 || a.rows == 1 => {
            let size = a.cells.len();
            Ok(Entries::of(size, size, |row, column| {
                if row == column { a.cells[row] } else { Limit::Finite(Arena::ZERO) }
            }))
        }
        "diag" => Ok(Entries::of(a.rows.min(a.columns), 1, |row, _| a.at(row, row))),
        "conj" | "real" => Ok(a.clone()),
        _ => return None,
    })
}

fn two(
    arena: &mut Arena,
    name: &str,
    a: &Entries,
    b: &Entries,
) -> Option<Result<Entries, Trouble>> {
    Some(match name {
        "max" => a.zip(b, |u, v| greater(arena, u, v, 1)),
        "min" => a.zip(b, |u, v| greater(arena, u, v, -1)),
        "dot" => a.zip(b, |u, v| arena.multiply(&[u, v])).and_then(|products| {
            products.finite().map(|cells| Entries::scalar(Limit::Finite(arena.add(&cells))))
        }),
        "outer" => a.product(&b.transposed(), arena),
        "kron" => kronecker(arena, a, b),
        "hcat" => Ok(Entries::of(a.rows, a.columns + b.columns, |row, column| {
            if column < a.columns { a.at(row, column) } else { b.at(row, column - a.columns) }
        })),
        "vcat" => Ok(Entries::of(a.rows + b.rows, a.columns, |row, column| {
            if row < a.rows { a.at(row, column) } else { b.at(row - a.rows, column) }
        })),
        _ => return None,
    })
}

fn row_sums(arena: &mut Arena, a: &Entries) -> Result<Entries, Trouble> {
    let cells = a.finite()?;
    let sums: Vec<Limit> =
        cells.chunks(a.columns.max(1)).map(|row| Limit::Finite(arena.add(row))).collect();
    Ok(Entries { rows: a.rows, columns: 1, cells: sums })
}

fn kronecker(arena: &mut Arena, a: &Entries, b: &Entries) -> Result<Entries, Trouble> {
    let (left, right) = (a.finite()?, b.finite()?);
    let (rows, columns) = (a.rows * b.rows, a.columns * b.columns);
    let mut cells = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        for column in 0..columns {
            let first = left[(row / b.rows) * a.columns + column / b.columns];
            let second = right[(row % b.rows) * b.columns + column % b.columns];
            cells.push(Limit::Finite(arena.multiply(&[first, second])));
        }
    }
    Ok(Entries { rows, columns, cells })
}

/// `(u + v ± abs(u - v))/2`
fn greater(arena: &mut Arena, u: ExprId, v: ExprId, sign: i64) -> ExprId {
    let difference = arena.subtract(u, v);
    let size = arena.apply(Function::Abs, difference);
    let half = Rational::new(1.into(), 2.into());
    let signed = &half * Rational::from_integer(sign.into());
    arena.combine(&[(half.clone(), u), (half, v), (signed, size)])
}

/// `sign(u)*abs(u)^(1/3)`
fn cube_root(arena: &mut Arena, u: ExprId) -> ExprId {
    let size = arena.apply(Function::Abs, u);
    let root = arena.root(size, 1, 3);
    let sign = arena.apply(Function::Sign, u);
    arena.multiply(&[sign, root])
}

fn logarithm_to(arena: &mut Arena, u: ExprId, base: i64) -> ExprId {
    let base = arena.integer(base);
    let below = arena.apply(Function::Log, base);
    let above = arena.apply(Function::Log, u);
    arena.divide(above, below)
}
