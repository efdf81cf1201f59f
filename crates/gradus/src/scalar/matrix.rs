//! Matrices whose entries are expressions of one variable, or infinite.
//!
//! Must not know where they come from.

use gradus_scalar::expression::{Arena, ExprId};
use gradus_scalar::limit::Limit;

/// Inverses and determinants up to this size are written out.
const GREATEST_SIZE: usize = 6;

/// Entries by rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entries {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) cells: Vec<Limit>,
}

/// Why a matrix has no entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Infinity is computed with.
    Infinite,
    /// The matrix is too large to be written out.
    Large,
}

impl Entries {
    pub(crate) fn scalar(cell: Limit) -> Self {
        Self { rows: 1, columns: 1, cells: vec![cell] }
    }

    pub(crate) fn filled(rows: usize, columns: usize, cell: Limit) -> Self {
        Self { rows, columns, cells: vec![cell; rows * columns] }
    }

    pub(crate) fn of(rows: usize, columns: usize, cell: impl Fn(usize, usize) -> Limit) -> Self {
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Self { rows, columns, cells: places.map(|(row, column)| cell(row, column)).collect() }
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> Limit {
        self.cells
            .get(row * self.columns + column)
            .copied()
            .unwrap_or(Limit::Finite(Arena::UNDEFINED))
    }

    pub(crate) fn transposed(&self) -> Self {
        Self::of(self.columns, self.rows, |row, column| self.at(column, row))
    }

    /// All entries, if they are finite.
    pub(crate) fn finite(&self) -> Result<Vec<ExprId>, Trouble> {
        self.cells
            .iter()
            .map(|cell| match cell {
                Limit::Finite(id) => Ok(*id),
                _ => Err(Trouble::Infinite),
            })
            .collect()
    }

    fn with(rows: usize, columns: usize, cells: Vec<ExprId>) -> Self {
        Self { rows, columns, cells: cells.into_iter().map(Limit::Finite).collect() }
    }

    /// Entry by entry of one matrix.
    pub(crate) fn map(&self, mut image: impl FnMut(ExprId) -> ExprId) -> Result<Self, Trouble> {
        let cells = self.finite()?.into_iter().map(&mut image).collect();
        Ok(Self::with(self.rows, self.columns, cells))
    }

    /// Entry by entry of two matrices of one shape.
    pub(crate) fn zip(
        &self,
        other: &Self,
        mut image: impl FnMut(ExprId, ExprId) -> ExprId,
    ) -> Result<Self, Trouble> {
        let pairs = self.finite()?.into_iter().zip(other.finite()?);
        let cells = pairs.map(|(a, b)| image(a, b)).collect();
        Ok(Self::with(self.rows, self.columns, cells))
    }

    pub(crate) fn negated(&self, arena: &mut Arena) -> Self {
        let cells = self.cells.iter().map(|cell| cell.negated(arena)).collect();
        Self { cells, ..*self }
    }

    pub(crate) fn product(&self, other: &Self, arena: &mut Arena) -> Result<Self, Trouble> {
        let (left, right) = (self.finite()?, other.finite()?);
        let mut cells = Vec::with_capacity(self.rows * other.columns);
        for row in 0..self.rows {
            for column in 0..other.columns {
                let terms: Vec<ExprId> = (0..self.columns)
                    .map(|at| {
                        let factors =
                            [left[row * self.columns + at], right[at * other.columns + column]];
                        arena.multiply(&factors)
                    })
                    .collect();
                cells.push(arena.add(&terms));
            }
        }
        Ok(Self::with(self.rows, other.columns, cells))
    }

    /// The determinant, expanded along rows with equal minors computed once.
    pub(crate) fn determinant(&self, arena: &mut Arena) -> Result<ExprId, Trouble> {
        let cells = self.finite()?;
        let all: Vec<usize> = (0..self.columns).collect();
        self.minor(arena, &cells, 0, &all, None)
    }

    /// The determinant of the rows from one on, but for one, in some columns.
    fn minor(
        &self,
        arena: &mut Arena,
        cells: &[ExprId],
        row: usize,
        columns: &[usize],
        without: Option<usize>,
    ) -> Result<ExprId, Trouble> {
        if self.rows > GREATEST_SIZE {
            return Err(Trouble::Large);
        }
        if Some(row) == without {
            return self.minor(arena, cells, row + 1, columns, without);
        }
        if columns.is_empty() {
            return Ok(Arena::ONE);
        }
        let mut sum = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let cell = cells[row * self.columns + column];
            if cell == Arena::ZERO {
                continue;
            }
            let rest: Vec<usize> = columns.iter().copied().filter(|it| it != column).collect();
            let minor = self.minor(arena, cells, row + 1, &rest, without)?;
            let product = arena.multiply(&[cell, minor]);
            sum.push(if at % 2 == 0 { product } else { arena.negate(product) });
        }
        Ok(arena.add(&sum))
    }

    pub(crate) fn adjugate(&self, arena: &mut Arena) -> Result<Self, Trouble> {
        let cells = self.finite()?;
        let mut out = vec![Arena::ZERO; cells.len()];
        for row in 0..self.rows {
            for column in 0..self.columns {
                let rest: Vec<usize> = (0..self.columns).filter(|it| *it != column).collect();
                let minor = self.minor(arena, &cells, 0, &rest, Some(row))?;
                let signed = if (row + column) % 2 == 0 { minor } else { arena.negate(minor) };
                out[column * self.rows + row] = signed;
            }
        }
        Ok(Self::with(self.columns, self.rows, out))
    }

    pub(crate) fn inverse(&self, arena: &mut Arena) -> Result<Self, Trouble> {
        let determinant = self.determinant(arena)?;
        let reciprocal = arena.power(determinant, Arena::MINUS_ONE);
        self.adjugate(arena)?.map(|cell| arena.multiply(&[reciprocal, cell]))
    }
}
