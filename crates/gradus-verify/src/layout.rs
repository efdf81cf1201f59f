//! Layouts: which shape a derivative has, and how it acts on a direction.
//!
//! Must not know how derivatives are claimed or computed.

use crate::claim::{Layout, Stacking};
use crate::field::Field;
use crate::frame::Slot;

/// Rows and columns, with whether they are 1 by kind and not by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) one_row: bool,
    pub(crate) one_column: bool,
}

impl Extent {
    pub(crate) fn len(self) -> usize {
        self.rows * self.columns
    }

    pub(crate) fn shape(self) -> (u64, u64) {
        (self.rows as u64, self.columns as u64)
    }

    pub(crate) fn has_shape(self, slot: Slot) -> bool {
        (self.rows, self.columns) == slot.shape()
    }

    fn is_scalar(self) -> bool {
        self.one_row && self.one_column
    }

    fn is_vector(self) -> bool {
        self.one_row || self.one_column
    }

    fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            one_row: self.one_column,
            one_column: self.one_row,
        }
    }

    /// The column of the entries.
    fn stacked(self) -> Self {
        Self { rows: self.len(), columns: 1, one_row: self.is_scalar(), one_column: true }
    }
}

/// The shape of the derivative of a function by a variable.
pub(crate) fn derivative_extent(layout: Layout, function: Extent, variable: Extent) -> Extent {
    if function.is_scalar() {
        return match layout {
            Layout::Numerator => variable.transposed(),
            Layout::Mixed | Layout::Denominator => variable,
        };
    }
    if variable.is_scalar() {
        return match layout {
            Layout::Numerator if function.is_vector() => function.stacked(),
            Layout::Denominator if function.is_vector() => function.stacked().transposed(),
            _ => function,
        };
    }
    let (rows, columns) = (function.stacked(), variable.stacked());
    let jacobian = Extent {
        rows: rows.rows,
        columns: columns.rows,
        one_row: rows.one_row,
        one_column: columns.one_row,
    };
    if layout == Layout::Denominator { jacobian.transposed() } else { jacobian }
}

/// The change of a function that its derivative by a variable assigns to a direction.
pub(crate) fn act<F: Field>(
    layout: Layout,
    stacking: Stacking,
    derivative: &[F],
    [function, variable]: [Extent; 2],
    direction: &[F],
) -> Vec<F> {
    if variable.is_scalar() {
        return derivative.iter().map(|entry| entry.multiply(direction[0])).collect();
    }
    let (m, n) = (variable.rows, variable.columns);
    if function.is_scalar() {
        let turned = layout == Layout::Numerator;
        let mut sum = F::ZERO;
        for (at, entry) in derivative.iter().enumerate() {
            // The derivative has m columns where it is turned.
            let place = if turned { at % m * n + at / m } else { at };
            sum = sum.add(entry.multiply(direction[place]));
        }
        return vec![sum];
    }
    let (p, q) = (function.rows, function.columns);
    let mut change = vec![F::ZERO; p * q];
    for (row, sum) in change.iter_mut().enumerate() {
        // Entries of the function and of the variable are stored by rows.
        let stacked_row = match stacking {
            Stacking::Columns => row / q + p * (row % q),
            Stacking::Rows => row,
        };
        for (column, entry) in direction.iter().enumerate() {
            let stacked_column = match stacking {
                Stacking::Columns => column / n + m * (column % n),
                Stacking::Rows => column,
            };
            let place = match layout {
                Layout::Denominator => stacked_column * (p * q) + stacked_row,
                Layout::Mixed | Layout::Numerator => stacked_row * (m * n) + stacked_column,
            };
            *sum = sum.add(derivative[place].multiply(*entry));
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(rows: usize, columns: usize) -> Extent {
        Extent { rows, columns, one_row: rows == 1, one_column: columns == 1 }
    }

    #[test]
    fn the_table_of_layouts() {
        let (scalar, column, matrix, row) =
            (extent(1, 1), extent(4, 1), extent(4, 5), extent(1, 6));
        let shapes = |function, variable| {
            [Layout::Mixed, Layout::Numerator, Layout::Denominator]
                .map(|layout| derivative_extent(layout, function, variable).shape())
        };
        assert_eq!(shapes(scalar, scalar), [(1, 1), (1, 1), (1, 1)]);
        assert_eq!(shapes(scalar, column), [(4, 1), (1, 4), (4, 1)]);
        assert_eq!(shapes(scalar, matrix), [(4, 5), (5, 4), (4, 5)]);
        assert_eq!(shapes(column, scalar), [(4, 1), (4, 1), (1, 4)]);
        assert_eq!(shapes(column, extent(7, 1)), [(4, 7), (4, 7), (7, 4)]);
        assert_eq!(shapes(matrix, scalar), [(4, 5), (4, 5), (4, 5)]);
        assert_eq!(shapes(row, scalar), [(1, 6), (6, 1), (1, 6)]);
        assert_eq!(shapes(row, column), [(6, 4), (6, 4), (4, 6)]);
        assert_eq!(shapes(matrix, column), [(20, 4), (20, 4), (4, 20)]);
        assert_eq!(shapes(column, matrix), [(4, 20), (4, 20), (20, 4)]);
        assert_eq!(shapes(matrix, extent(2, 3)), [(20, 6), (20, 6), (6, 20)]);
    }
}
