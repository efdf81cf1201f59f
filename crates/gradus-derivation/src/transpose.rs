//! Transposes, with the marks on the factors of a product, and which formulas are seen to have none.
//!
//! Must not know differentials.

use gradus_functions::book;
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_tensor::TransposeRule;

use crate::builder::Builder;
use crate::conjugate::is_conjugate;

/// How many levels of a formula are looked through for symmetry.
const SYMMETRY_DEPTH: u32 = 12;

impl Builder {
    /// The transpose, with the mark on the factors of a product.
    pub fn transpose(&mut self, id: NotationId) -> NotationId {
        let shape = self.shape(id);
        let turned = Shape { rows: shape.columns, columns: shape.rows };
        if shape.is_scalar() || self.is_symmetric(id, SYMMETRY_DEPTH) {
            return id;
        }
        match self.node(id).clone() {
            Notation::Transpose(inner) => inner,
            Notation::ConjugateTranspose(inner) => self.conjugate(inner),
            Notation::Negate(inner) => {
                let inner = self.transpose(inner);
                self.negate(inner)
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if is_conjugate(function) =>
            {
                let inner = arguments[0];
                self.tree.intern(Notation::ConjugateTranspose(inner), turned)
            }
            Notation::Product(factors) => {
                let turned: Vec<_> = factors.iter().rev().map(|id| self.transpose(*id)).collect();
                self.product(&turned)
            }
            Notation::Fraction(numerator, denominator) => {
                let numerator = self.transpose(numerator);
                self.fraction(numerator, denominator)
            }
            Notation::Ones => self.ones(turned),
            Notation::Zeros => self.zeros(turned),
            Notation::Sum(terms) if terms.iter().any(|(_, id)| self.is_turned(*id)) => {
                let terms: Vec<_> = terms.iter().map(|(n, id)| (*n, self.transpose(*id))).collect();
                self.sum(&terms)
            }
            Notation::Hadamard(items) if items.iter().any(|id| self.is_turned(*id)) => {
                let items: Vec<_> = items.iter().map(|id| self.transpose(*id)).collect();
                self.hadamard(&items)
            }
            Notation::HadamardQuotient(above, below)
                if self.is_turned(above) || self.is_turned(below) =>
            {
                let (above, below) = (self.transpose(above), self.transpose(below));
                self.quotient(above, below)
            }
            Notation::Call { head: Head::Book(function), arguments, sizes }
                if book().get(function).facts.transpose == TransposeRule::Commutes
                    && arguments.len() == 1
                    && self.is_turned(arguments[0]) =>
            {
                let argument = self.transpose(arguments[0]);
                let head = Head::Book(function);
                self.tree.intern(Notation::Call { head, arguments: vec![argument], sizes }, turned)
            }
            Notation::Matrix(rows) => {
                let width = rows.first().map_or(0, Vec::len);
                let blocks: Vec<Vec<_>> = (0..width)
                    .map(|column| rows.iter().map(|row| self.transpose(row[column])).collect())
                    .collect();
                self.tree.intern(Notation::Matrix(blocks), turned)
            }
            _ => self.tree.intern(Notation::Transpose(id), turned),
        }
    }

    /// The transpose, of a sum with the mark on each term.
    pub fn transpose_each(&mut self, id: NotationId) -> NotationId {
        match self.node(id).clone() {
            Notation::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|(n, id)| (*n, self.transpose(*id))).collect();
                self.sum(&terms)
            }
            _ => self.transpose(id),
        }
    }

    /// Whether a transpose mark goes away when the formula is transposed.
    fn is_turned(&self, id: NotationId) -> bool {
        match self.node(id) {
            Notation::Transpose(_) => true,
            Notation::Product(factors) => factors.iter().all(|id| {
                self.shape(*id).is_scalar() || matches!(self.node(*id), Notation::Transpose(_))
            }),
            Notation::Negate(inner) => matches!(self.node(*inner), Notation::Transpose(_)),
            _ => false,
        }
    }

    /// Whether a formula is seen to equal its transpose.
    pub fn is_symmetric(&self, id: NotationId, depth: u32) -> bool {
        let shape = self.shape(id);
        if shape.rows != shape.columns || depth == 0 {
            return false;
        }
        let inside = |id: &NotationId| self.is_symmetric(*id, depth - 1);
        match self.node(id) {
            Notation::Identity | Notation::Ones | Notation::Zeros => true,
            Notation::Name { text, .. } => self.symmetric.contains(text),
            Notation::Negate(inner) => inside(inner),
            Notation::Sum(terms) => {
                terms.iter().all(|(_, id)| self.shape(*id).is_scalar() || inside(id))
            }
            Notation::Hadamard(items) => items.iter().all(inside),
            Notation::Fraction(numerator, _) => inside(numerator),
            Notation::Power { base, .. } => inside(base),
            Notation::Call { head: Head::DiagonalMatrix, .. } => true,
            Notation::Call { head: Head::Book(function), arguments, .. } => {
                let facts = &book().get(*function).facts;
                facts.symmetric || facts.keeps_symmetry && arguments.iter().all(inside)
            }
            Notation::Product(factors) => {
                let chain: Vec<NotationId> =
                    factors.iter().copied().filter(|id| !self.shape(*id).is_scalar()).collect();
                let (mut first, mut last) = (0, chain.len());
                while first < last {
                    last -= 1;
                    if first == last {
                        return inside(&chain[first]);
                    }
                    let mirrored = match (self.node(chain[first]), self.node(chain[last])) {
                        (Notation::Transpose(inner), _) => *inner == chain[last],
                        (_, Notation::Transpose(inner)) => *inner == chain[first],
                        _ => chain[first] == chain[last] && inside(&chain[first]),
                    };
                    if !mirrored {
                        return false;
                    }
                    first += 1;
                }
                true
            }
            _ => false,
        }
    }
}
