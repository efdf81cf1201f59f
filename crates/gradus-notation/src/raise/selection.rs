//! Selections of a part of an axis: what meets one is sliced, and an output on one is placed.
//!
//! Must not know nodes.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_tensor::{DimensionId, Dimensions, Rational};
use smallvec::smallvec;

use crate::raise::blocks::Placement;
use crate::raise::formula::{Chain, Factor, Formula, FormulaId, Formulas, Term};
use crate::raise::graph::Graph;
use crate::tree::Shape;

/// The constant that is one where `whole = offset + part`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection {
    pub(crate) whole: usize,
    /// No label for a part of length one.
    pub(crate) part: Option<usize>,
    pub(crate) placement: Placement,
}

impl Graph<'_> {
    /// Removes a selection. What lies on the whole is sliced; an output on the whole becomes one on
    /// the part, with its place noted.
    pub(crate) fn select(
        &mut self,
        selection: &Selection,
        output: &mut [Option<usize>],
        placements: &mut [Option<Placement>],
    ) -> Result<()> {
        let whole = selection.whole;
        if self.vertices[whole].alive && self.is_fused(whole) {
            self.select_by_columns(selection);
            return Ok(());
        }
        if !self.vertices[whole].alive {
            return Err(Box::new(
                Diagnostic::unsupported("this combination of blocks has no matrix form")
                    .hint("ask for the index form"),
            ));
        }
        let Placement { offset, length, .. } = selection.placement;
        for (formula, exponent) in std::mem::take(&mut self.vertices[whole].weights) {
            let mut term = self.formulas.term(formula);
            term.chain = self.formulas.slice_rows(&term.chain, offset, length);
            let term = self.formulas.settle(term);
            match selection.part {
                Some(part) => self.push(term, &exponent, &[part]),
                None => self.push_scalar(term, &exponent),
            }
        }
        while let Some(at) = self.edges_at(whole).first().copied() {
            let edge = self.edges.remove(at);
            self.slice_edge(edge.from == edge.to, &edge, selection);
        }
        for (label, place) in output.iter_mut().zip(placements) {
            if *label == Some(whole) {
                *label = selection.part;
                *place = Some(match *place {
                    // A part of what is a part already.
                    Some(outer) => self.formulas.within(outer, selection.placement),
                    None => selection.placement,
                });
                if let Some(part) = selection.part {
                    self.vertices[part].open = true;
                }
            }
        }
        self.kill(whole);
        Ok(())
    }

    /// What is stacked further is selected by columns of an identity: `I[:,1:k]`.
    fn select_by_columns(&mut self, selection: &Selection) {
        let whole = selection.whole;
        let Placement { offset, length } = selection.placement;
        let rows = self.vertices[whole].dimension;
        let square = Shape { rows, columns: rows };
        let identity = self.formulas.intern(Formula::Identity, square);
        let factor = Factor { formula: identity, transposed: true };
        let sliced = self.formulas.slice_factor(factor, offset, length);
        let columns = smallvec![Factor { transposed: !sliced.transposed, ..sliced }];
        match selection.part {
            Some(part) => self.push_edge(whole, part, columns),
            None => self.push_column(whole, &columns),
        }
    }

    /// A selection of a part of what another one selects.
    pub(crate) fn composed(&mut self, outer: &Selection, inner: &Selection) -> Selection {
        let placement = self.formulas.within(outer.placement, inner.placement);
        Selection { whole: outer.whole, part: inner.part, placement }
    }

    fn slice_edge(
        &mut self,
        is_loop: bool,
        edge: &crate::raise::graph::Edge,
        selection: &Selection,
    ) {
        let Placement { offset, length, .. } = selection.placement;
        let (chain, other) = self.read_from(edge, selection.whole);
        let mut chain = self.formulas.slice_rows(&chain, offset, length);
        if is_loop {
            let flipped = self.formulas.flip_chain(&chain);
            let sliced = self.formulas.slice_rows(&flipped, offset, length);
            chain = self.formulas.flip_chain(&sliced);
        }
        let other = if is_loop { selection.part } else { Some(other) };
        match (selection.part, other) {
            (Some(part), Some(other)) => self.push_edge(part, other, chain),
            (None, Some(other)) => {
                let column = self.formulas.flip_chain(&chain);
                self.push_column(other, &column);
            }
            (_, None) => {
                let term = self.formulas.settle(Term::of_chain(chain));
                self.push_scalar(term, &Rational::ONE);
            }
        }
    }
}

impl Formulas {
    /// Where a part of a part lies in the whole.
    fn within(&mut self, outer: Placement, inner: Placement) -> Placement {
        let offset = self.dimensions.add(outer.offset, inner.offset);
        Placement { offset, length: inner.length }
    }

    /// A term whose chain has become a scalar keeps it among its scalars.
    pub(crate) fn settle(&mut self, mut term: Term) -> Term {
        if term.chain.is_empty() || !self.term_shape(&term).is_scalar() {
            return term;
        }
        let formula = match term.chain.as_slice() {
            [factor] => factor.formula,
            _ => self.of_chain(&term.chain),
        };
        Self::multiply_power(&mut term.scalars, formula, &Rational::ONE);
        term.chain.clear();
        term
    }

    /// Some rows of a product: of its first factor.
    fn slice_rows(&mut self, chain: &Chain, offset: DimensionId, length: DimensionId) -> Chain {
        let mut sliced = chain.clone();
        if let Some(first) = sliced.first_mut() {
            *first = self.slice_factor(*first, offset, length);
        }
        sliced
    }

    fn slice_factor(&mut self, factor: Factor, offset: DimensionId, length: DimensionId) -> Factor {
        let Factor { formula, transposed } = factor;
        let whole = self.shape(formula);
        let shape = if transposed {
            Shape { columns: length, ..whole }
        } else {
            Shape { rows: length, ..whole }
        };
        if let kind @ (Formula::Ones | Formula::Zeros) = self.get(formula).clone() {
            return Factor { formula: self.intern(kind, shape), transposed };
        }
        let (base, mut row_offset, mut column_offset) = self.sliceable(formula);
        let shifted = if transposed { &mut column_offset } else { &mut row_offset };
        *shifted = self.dimensions.add(*shifted, offset);
        let slice = Formula::Slice { base, row_offset, column_offset };
        Factor { formula: self.intern(slice, shape), transposed }
    }

    /// A name to slice, and where the formula begins in it; whatever has no name gets one.
    fn sliceable(&mut self, formula: FormulaId) -> (FormulaId, DimensionId, DimensionId) {
        let zero = self.dimensions.number(Rational::ZERO);
        match self.get(formula) {
            Formula::Slice { base, row_offset, column_offset } => {
                (*base, *row_offset, *column_offset)
            }
            Formula::Symbol(_) | Formula::Binding(_) => (formula, zero, zero),
            // A name stands for what has no index of its own.
            _ if self.free(formula) != 0 => (formula, zero, zero),
            _ => (self.bind(formula, None), zero, zero),
        }
    }

    /// Zero of a shape.
    pub(crate) fn zeros(&mut self, shape: Shape) -> Term {
        if shape.rows == Dimensions::ONE && shape.columns == Dimensions::ONE {
            return Term::number(Rational::ZERO);
        }
        let formula = self.intern(Formula::Zeros, shape);
        Term::of_chain(smallvec![Factor { formula, transposed: false }])
    }
}
