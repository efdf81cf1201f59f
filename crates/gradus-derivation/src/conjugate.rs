//! Complex conjugates, put on the names that are complex.
//!
//! Must not know differentials.

use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, Shape};
use gradus_tensor::FunctionId;

use crate::builder::Builder;

/// Whether a function is the conjugate.
pub(crate) fn is_conjugate(function: FunctionId) -> bool {
    matches!(book().get(function).meaning, Meaning::Structural(Structural::Conjugate))
}

/// Whether a function is the real part.
pub(crate) fn is_real_part(function: FunctionId) -> bool {
    matches!(book().get(function).meaning, Meaning::Structural(Structural::RealPart))
}

impl Builder {
    /// Whether no complex name stands in a formula.
    pub(crate) fn is_real(&self, root: NotationId) -> bool {
        if self.complex.is_empty() {
            return true;
        }
        let mut seen = vec![false; root.0 as usize + 1];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            match self.node(id) {
                Notation::Name { text, kind } => {
                    let base = match kind {
                        NameKind::Differential => text.strip_prefix('d').unwrap_or(text),
                        NameKind::Variable | NameKind::Binding => text,
                    };
                    if self.complex.iter().any(|name| name == base) {
                        return false;
                    }
                }
                Notation::Partial { .. } => return false,
                other => other.for_each_child(|child| open.push(child)),
            }
        }
        true
    }

    /// The complex conjugate.
    pub(crate) fn conjugate(&mut self, id: NotationId) -> NotationId {
        let shape = self.shape(id);
        if self.is_real(id) {
            return id;
        }
        match self.node(id).clone() {
            Notation::Negate(inner) => {
                let inner = self.conjugate(inner);
                self.negate(inner)
            }
            Notation::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|(n, id)| (*n, self.conjugate(*id))).collect();
                self.sum(&terms)
            }
            Notation::Product(factors) => {
                let factors: Vec<_> = factors.iter().map(|id| self.conjugate(*id)).collect();
                self.product(&factors)
            }
            Notation::Fraction(above, below) => {
                let (above, below) = (self.conjugate(above), self.conjugate(below));
                self.fraction(above, below)
            }
            Notation::Hadamard(items) => {
                let items: Vec<_> = items.iter().map(|id| self.conjugate(*id)).collect();
                self.hadamard(&items)
            }
            Notation::Transpose(inner) => {
                self.tree.intern(Notation::ConjugateTranspose(inner), shape)
            }
            Notation::ConjugateTranspose(inner) => self.transpose(inner),
            Notation::Call { head: Head::Book(function), arguments, .. }
                if is_conjugate(function) =>
            {
                arguments[0]
            }
            _ => self.conjugate_call(id, shape),
        }
    }

    fn conjugate_call(&mut self, id: NotationId, shape: Shape) -> NotationId {
        match book().structural(Structural::Conjugate) {
            Some(function) => self.call(Head::Book(function), &[id], shape),
            None => id,
        }
    }
}
