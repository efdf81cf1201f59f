//! Transposition: products reverse, symmetric formulas stay, and sums take the mark inside only
//! where that leaves fewer marks.
//!
//! Must not know networks.

use gradus_tensor::FunctionRef;
use smallvec::SmallVec;

use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// Sums and entrywise products with more parts than this keep the mark outside.
const PARTS: usize = 16;

impl Formulas {
    /// The factor that stands for a formula or its transpose.
    pub(crate) fn factor(&mut self, formula: FormulaId, transposed: bool) -> Factor {
        let upright = Factor { formula, transposed: false };
        if !transposed || self.is_symmetric(formula) {
            return upright;
        }
        if let Some(factor) = self.transposes.get(&formula) {
            return *factor;
        }
        let factor = self.transposed_factor(formula);
        self.transposes.insert(formula, factor);
        factor
    }

    fn transposed_factor(&mut self, formula: FormulaId) -> Factor {
        let marked = Factor { formula, transposed: true };
        let shape = self.shape(formula);
        let flipped = Shape { rows: shape.columns, columns: shape.rows };
        if shape.is_vector() {
            return marked;
        }
        if let Some(mask) = self.triangular_mask(formula) {
            let other = if mask == self.heads.lower { self.heads.upper } else { self.heads.lower };
            let ones = self.intern(Formula::Ones, flipped);
            let formula = self.call(other, &[ones], flipped);
            return Factor { formula, transposed: false };
        }
        if let Some(factor) = self.transposed_kronecker(formula, flipped) {
            return factor;
        }
        if let Some(factor) = self.transposed_cross(formula, flipped) {
            return factor;
        }
        let inside = match self.get(formula).clone() {
            kind @ (Formula::Ones | Formula::Zeros) => {
                return Factor { formula: self.intern(kind, flipped), transposed: false };
            }
            Formula::Blocks(rows)
                if rows.iter().flatten().all(|entry| self.shape(*entry).is_scalar()) =>
            {
                let columns = rows.first().map_or(0, Vec::len);
                let flipped_rows = (0..columns)
                    .map(|at| rows.iter().filter_map(|row| row.get(at).copied()).collect())
                    .collect();
                self.intern(Formula::Blocks(flipped_rows), flipped)
            }
            Formula::Sum(terms) if terms.len() <= PARTS => {
                let terms: Vec<Term> = terms.iter().map(|term| self.flip(term)).collect();
                self.intern(Formula::Sum(terms), flipped)
            }
            Formula::Hadamard(powers) if powers.len() <= PARTS => {
                let powers: Powers = powers
                    .into_iter()
                    .map(|(base, exponent)| (self.transposed_formula(base), exponent))
                    .collect();
                self.intern(Formula::Hadamard(powers), flipped)
            }
            Formula::IndexedSum { indices, body } => {
                let body = self.transposed_formula(body);
                self.intern(Formula::IndexedSum { indices, body }, flipped)
            }
            _ => return marked,
        };
        let mark = 2;
        if self.measure(inside).cost < self.measure(formula).cost + mark {
            Factor { formula: inside, transposed: false }
        } else {
            marked
        }
    }

    /// `cross(a, eye(3))' = cross(eye(3), a)`
    fn transposed_cross(&mut self, formula: FormulaId, flipped: Shape) -> Option<Factor> {
        let Formula::Call {
            callee: Callee::Function(FunctionRef::Book(callee)), arguments, ..
        } = self.get(formula)
        else {
            return None;
        };
        let ([a, b], callee) = (arguments.as_slice(), *callee) else { return None };
        let (a, b) = (*a, *b);
        let is_identity = |id: FormulaId| matches!(self.get(id), Formula::Identity);
        if Some(callee) != self.heads.cross || !(is_identity(a) || is_identity(b)) {
            return None;
        }
        let formula = self.call(callee, &[b, a], flipped);
        Some(Factor { formula, transposed: false })
    }

    /// `kron(A,B)' = kron(A',B')`
    fn transposed_kronecker(&mut self, formula: FormulaId, flipped: Shape) -> Option<Factor> {
        let Formula::Call {
            callee: Callee::Function(FunctionRef::Book(callee)), arguments, ..
        } = self.get(formula)
        else {
            return None;
        };
        if *callee != self.heads.kron {
            return None;
        }
        let sides: SmallVec<[FormulaId; 2]> = arguments.clone();
        let sides: SmallVec<[FormulaId; 2]> = sides
            .into_iter()
            .map(|side| {
                let term = self.term(side);
                let term = self.transposed(&term);
                self.of_term(&term)
            })
            .collect();
        let formula = self.call(self.heads.kron, &sides, flipped);
        Some(Factor { formula, transposed: false })
    }

    /// The transpose of a factor of a product.
    pub(crate) fn flip_factor(&mut self, factor: Factor) -> Factor {
        if factor.transposed {
            Factor { formula: factor.formula, transposed: false }
        } else {
            self.factor(factor.formula, true)
        }
    }

    /// The transpose of a product.
    pub(crate) fn flip_chain(&mut self, chain: &[Factor]) -> Chain {
        chain.iter().rev().map(|factor| self.flip_factor(*factor)).collect()
    }

    /// The transpose of a term, where a sum inside keeps its mark.
    pub(crate) fn flip(&mut self, term: &Term) -> Term {
        let mut chain = Chain::new();
        for factor in term.chain.iter().rev() {
            let symmetric = self.is_symmetric(factor.formula);
            let ones = matches!(self.get(factor.formula), Formula::Ones | Formula::Zeros);
            chain.push(if ones && !self.shape(factor.formula).is_vector() {
                self.flip_factor(*factor)
            } else {
                Factor { transposed: !factor.transposed && !symmetric, ..*factor }
            });
        }
        Term { chain, ..term.clone() }
    }

    /// The transpose of a formula, as a formula; a sum inside keeps its mark.
    fn transposed_formula(&mut self, formula: FormulaId) -> FormulaId {
        let term = self.term(formula);
        let term = self.flip(&term);
        self.of_term(&term)
    }

    /// The transpose of a term, each factor in its best form.
    pub(crate) fn transposed(&mut self, term: &Term) -> Term {
        let chain = self.flip_chain(&term.chain);
        Term { chain, ..term.clone() }
    }

    /// Whether a formula of a form equals its transpose, as far as its form shows.
    pub(crate) fn is_symmetric_form(&self, formula: &Formula, shape: Shape) -> bool {
        if shape.rows != shape.columns {
            return false;
        }
        match formula {
            Formula::Identity | Formula::Ones | Formula::Zeros => true,
            Formula::Call { callee: Callee::DiagonalMatrix, .. } => true,
            Formula::Call {
                callee: Callee::Function(FunctionRef::Book(function)), sizes, ..
            } if *function == self.heads.commutation => {
                matches!(sizes.as_slice(), [rows, columns] if rows == columns)
            }
            Formula::IndexedSum { body, .. } => self.is_symmetric(*body),
            Formula::Term(term) => self.is_palindrome(term),
            Formula::Sum(terms) if terms.len() <= PARTS => terms.iter().all(|term| {
                self.is_palindrome(term)
                    || terms.iter().any(|other| {
                        term.coefficient == other.coefficient
                            && term.scalars == other.scalars
                            && self.are_twins(&term.chain, &other.chain)
                    })
            }),
            Formula::Hadamard(powers) => powers.iter().all(|(base, _)| self.is_symmetric(*base)),
            _ => false,
        }
    }

    fn is_palindrome(&self, term: &Term) -> bool {
        self.are_twins(&term.chain, &term.chain)
    }

    /// Whether one product is the other one transposed.
    fn are_twins(&self, left: &[Factor], right: &[Factor]) -> bool {
        left.len() == right.len()
            && left.iter().zip(right.iter().rev()).all(|(left, right)| {
                left.formula == right.formula
                    && (left.transposed != right.transposed || self.is_symmetric(left.formula))
            })
    }
}
