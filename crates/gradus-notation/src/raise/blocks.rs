//! Values that fill a part of an array only, and the matrix literals that they make up together.
//!
//! Must not know nodes.

use gradus_tensor::{DimensionId, Dimensions, Rational};
use smallvec::{SmallVec, smallvec};

use crate::raise::formula::{Factor, Formula, FormulaId, Formulas, Term};
use crate::tree::Shape;

/// Where a part lies along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    pub(crate) offset: DimensionId,
    pub(crate) length: DimensionId,
}

/// A raised value; where an axis has a placement, the value is zero outside of it.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    pub(crate) term: Term,
    /// Rows and columns; empty if nothing is placed.
    pub(crate) placements: SmallVec<[Option<Placement>; 2]>,
}

impl Raised {
    pub(crate) fn plain(term: Term) -> Self {
        Self { term, placements: SmallVec::new() }
    }

    pub(crate) fn is_placed(&self) -> bool {
        self.placements.iter().any(Option::is_some)
    }
}

/// Blocks on one grid.
#[derive(Default)]
struct Grid {
    rows: Vec<Placement>,
    columns: Vec<Placement>,
    cells: Vec<(Placement, Placement, Vec<Term>)>,
}

impl Formulas {
    /// Placed values of one shape as matrix literals, as few as their places allow.
    pub(crate) fn tile(&mut self, parts: Vec<Raised>, shape: Shape) -> Vec<Term> {
        let mut grids: Vec<Grid> = Vec::new();
        for part in parts {
            let place = |axis: usize, size: DimensionId, zero: DimensionId| {
                part.placements
                    .get(axis)
                    .copied()
                    .flatten()
                    .unwrap_or(Placement { offset: zero, length: size })
            };
            let zero = self.dimensions.number(Rational::ZERO);
            let (row, column) = (place(0, shape.rows, zero), place(1, shape.columns, zero));
            let mut fitting = None;
            for (at, grid) in grids.iter().enumerate() {
                if self.fits(&grid.rows, row) && self.fits(&grid.columns, column) {
                    fitting = Some(at);
                    break;
                }
            }
            let at = fitting.unwrap_or_else(|| {
                grids.push(Grid::default());
                grids.len() - 1
            });
            let grid = &mut grids[at];
            if !grid.rows.contains(&row) {
                grid.rows.push(row);
            }
            if !grid.columns.contains(&column) {
                grid.columns.push(column);
            }
            match grid.cells.iter_mut().find(|cell| (cell.0, cell.1) == (row, column)) {
                Some(cell) => cell.2.push(part.term),
                None => grid.cells.push((row, column, vec![part.term])),
            }
        }
        grids.into_iter().map(|grid| self.literal(grid, shape)).collect()
    }

    /// Whether an interval is one of some disjoint ones or beside them all.
    fn fits(&mut self, intervals: &[Placement], new: Placement) -> bool {
        intervals.iter().all(|old| *old == new || self.before(*old, new) || self.before(new, *old))
    }

    fn before(&mut self, first: Placement, second: Placement) -> bool {
        let end = self.dimensions.add(first.offset, first.length);
        self.is_not_negative(second.offset, end)
    }

    /// Whether `large - small` is visibly at least zero.
    fn is_not_negative(&mut self, large: DimensionId, small: DimensionId) -> bool {
        let difference = self.dimensions.subtract(large, small);
        self.dimensions
            .polynomial(difference)
            .0
            .iter()
            .all(|(_, coefficient)| !coefficient.is_negative())
    }

    /// Intervals in order, with what lies between them.
    fn without_gaps(&mut self, mut intervals: Vec<Placement>, size: DimensionId) -> Vec<Placement> {
        let mut full = Vec::with_capacity(intervals.len());
        let mut end = self.dimensions.number(Rational::ZERO);
        while !intervals.is_empty() {
            let mut first = 0;
            for at in 1..intervals.len() {
                if self.before(intervals[at], intervals[first]) {
                    first = at;
                }
            }
            let next = intervals.remove(first);
            self.push_gap(&mut full, end, next.offset);
            full.push(next);
            end = self.dimensions.add(next.offset, next.length);
        }
        self.push_gap(&mut full, end, size);
        full
    }

    fn push_gap(&mut self, full: &mut Vec<Placement>, from: DimensionId, to: DimensionId) {
        if from != to {
            let length = self.dimensions.subtract(to, from);
            full.push(Placement { offset: from, length });
        }
    }

    fn literal(&mut self, grid: Grid, shape: Shape) -> Term {
        let rows = self.without_gaps(grid.rows, shape.rows);
        let columns = self.without_gaps(grid.columns, shape.columns);
        let mut cells = grid.cells;
        let mut blocks: Vec<Vec<FormulaId>> = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut line = Vec::with_capacity(columns.len());
            for column in &columns {
                let size = Shape { rows: row.length, columns: column.length };
                let found = cells.iter().position(|cell| (cell.0, cell.1) == (*row, *column));
                let terms = found.map(|at| cells.swap_remove(at).2).unwrap_or_default();
                let value = self.sum(terms, size);
                line.push(self.of_term(&value));
            }
            blocks.push(line);
        }
        if let [line] = blocks.as_slice()
            && let [single] = line.as_slice()
        {
            return self.term(*single);
        }
        debug_assert!(shape.rows != Dimensions::ONE || shape.columns != Dimensions::ONE);
        let formula = self.intern(Formula::Blocks(blocks), shape);
        Term::of_chain(smallvec![Factor { formula, transposed: false }])
    }

    /// A raised value as an array of its full shape.
    pub(crate) fn closed(&mut self, raised: Raised, shape: Shape) -> Term {
        if !raised.is_placed() {
            return raised.term;
        }
        let literals = self.tile(vec![raised], shape);
        self.sum(literals, shape)
    }
}
