//! Diagonal matrices inside products: scalings of rows and columns join.
//!
//! Must not know networks.

use gradus_tensor::Rational;

use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// Longer sums are left as they are.
const TERMS: usize = 8;

impl Formulas {
    /// `X - diag(u)*X = diag(1 - u)*X`
    pub(crate) fn join_scaled(&mut self, mut terms: Vec<Term>) -> Vec<Term> {
        let mut at = 0;
        while at < terms.len() && terms.len() <= TERMS {
            let joined = (0..terms[at].chain.len()).find_map(|place| {
                if terms[at].chain.len() < 2 {
                    return None;
                }
                let vector = self.diagonal_factor(terms[at].chain[place])?;
                let mut bare = terms[at].chain.clone();
                bare.remove(place);
                let other = terms.iter().position(|term| term.chain == bare)?;
                Some((place, vector, other))
            });
            let Some((place, vector, other)) = joined else {
                at += 1;
                continue;
            };
            let square = self.factor_shape(terms[at].chain[place]);
            let column = Shape { rows: square.rows, columns: gradus_tensor::Dimensions::ONE };
            let ones = self.intern(Formula::Ones, column);
            let scale = |term: &Term| Term { chain: Chain::new(), ..term.clone() };
            let (scaled, bare) = (scale(&terms[at]), scale(&terms[other]));
            let mut parts = vec![
                self.multiply(&bare, &self.term(ones)),
                self.multiply(&scaled, &self.term(vector)),
            ];
            if at < other {
                parts.reverse();
            }
            let inner = self.sum(parts, column);
            let mut chain = terms[at].chain.clone();
            let vector = self.of_chain(&inner.chain);
            let formula = self.apply(Callee::DiagonalMatrix, &[vector], square);
            chain[place] = Factor { formula, transposed: false };
            let merged = self.merge_diagonals(&chain);
            let scale = Term { chain: Chain::new(), ..inner };
            let first = at.min(other);
            terms[first] = self.multiply(&scale, &merged);
            terms.remove(at.max(other));
            at = first;
        }
        terms
    }

    /// `diag(u)*diag(v) = diag(u.*v)` inside a product.
    pub(crate) fn merge_diagonals(&mut self, chain: &Chain) -> Term {
        let mut merged = Term::number(Rational::ONE);
        for factor in chain {
            let pair = merged
                .chain
                .last()
                .and_then(|last| self.diagonal_factor(*last).zip(self.diagonal_factor(*factor)));
            let Some((left, right)) = pair else {
                merged.chain.push(*factor);
                continue;
            };
            let square = self.factor_shape(*factor);
            let column = Shape { rows: square.rows, columns: gradus_tensor::Dimensions::ONE };
            let mut powers = Powers::new();
            for vector in [right, left] {
                let (coefficient, scalars) =
                    self.multiply_entrywise(&mut powers, vector, &Rational::ONE);
                let scale = Term { coefficient, scalars, chain: Chain::new() };
                merged = self.multiply(&merged, &scale);
            }
            let product = self.hadamard(&powers, column);
            let vector = self.of_chain(&product.chain);
            let formula = self.apply(Callee::DiagonalMatrix, &[vector], square);
            merged.chain.pop();
            let scale = Term { chain: Chain::new(), ..product };
            merged = self.multiply(&merged, &scale);
            merged.chain.push(Factor { formula, transposed: false });
        }
        merged
    }

    /// `diag(u)*tril(ones)*diag(v) = tril(u*v')` inside a product.
    pub(crate) fn fill_masks(&mut self, term: &mut Term) {
        let mut at = 0;
        while at + 2 < term.chain.len() {
            let [left, mask, right] = [term.chain[at], term.chain[at + 1], term.chain[at + 2]];
            let found = self
                .triangular_mask(mask.formula)
                .and_then(|mask| Some((mask, self.diagonal_factor(left)?)))
                .and_then(|(mask, left)| Some((mask, left, self.diagonal_factor(right)?)));
            let Some((mut function, left, right)) = found else {
                at += 1;
                continue;
            };
            if mask.transposed {
                let (lower, upper) = (self.heads.lower, self.heads.upper);
                function = if function == lower { upper } else { lower };
            }
            let shape = self.factor_shape(mask);
            let (left, right) = (self.term(left), self.term(right));
            let right = self.transposed(&right);
            let outer = self.multiply(&left, &right);
            let inner = self.of_chain(&outer.chain);
            let formula = self.call(function, &[inner], shape);
            term.chain.drain(at..at + 3);
            term.chain.insert(at, Factor { formula, transposed: false });
            let chain = std::mem::take(&mut term.chain);
            *term = self.multiply(term, &Term { chain: Chain::new(), ..outer });
            term.chain = chain;
        }
    }

    /// The vector of a diagonal matrix.
    pub(crate) fn diagonal_factor(&self, factor: Factor) -> Option<FormulaId> {
        match self.get(factor.formula) {
            Formula::Call { callee: Callee::DiagonalMatrix, arguments, .. } => {
                arguments.first().copied()
            }
            _ => None,
        }
    }
}
