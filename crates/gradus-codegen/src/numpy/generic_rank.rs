//! Whether matrices that have to be regular can be, at given sizes: `det(A*X*B)` is zero where the
//! inner sizes are smaller than the outer one.
//!
//! Must not know where sizes come from.

use gradus_functions::Book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Notation, NotationId, PowerKind};
use gradus_tensor::Role;
use rustc_hash::FxHashMap;

use crate::plan::parts;
use crate::statement::StatementList;
use crate::walk;

/// Whether no determinant or inverse is one of a matrix whose rank is too small for all arguments.
pub(super) fn is_regular(list: &StatementList, book: &Book, sizes: &[u64]) -> bool {
    let mut ranks = Ranks { tree: &list.tree, book, sizes, names: FxHashMap::default() };
    let statements = list.statements.iter().map(|one| (Some(one.name.as_str()), one.formula));
    let results = list.results.iter().map(|result| (None, *result));
    statements.chain(results).all(|(name, formula)| ranks.note(name, formula))
}

struct Ranks<'a> {
    tree: &'a NotationTree,
    book: &'a Book,
    sizes: &'a [u64],
    /// The greatest rank of what a statement computes.
    names: FxHashMap<&'a str, u64>,
}

impl<'a> Ranks<'a> {
    /// Notes the rank of a formula under its name. Whether everything in it can be regular.
    fn note(&mut self, name: Option<&'a str>, formula: NotationId) -> bool {
        let mut ranks: FxHashMap<NotationId, u64> = FxHashMap::default();
        for id in walk::reachable(self.tree, [formula]) {
            if self
                .needs_regular(id)
                .is_some_and(|of| ranks.get(&of).is_some_and(|rank| *rank < self.size(of)))
            {
                return false;
            }
            let rank = self.rank(id, &ranks).min(self.size(id));
            ranks.insert(id, rank);
        }
        if let (Some(name), Some(rank)) = (name, ranks.get(&formula)) {
            self.names.insert(name, *rank);
        }
        true
    }

    /// The matrix that has to be regular for a call to be of use.
    fn needs_regular(&self, id: NotationId) -> Option<NotationId> {
        let node = self.tree.node(id);
        let Notation::Call { arguments, .. } = node else {
            return None;
        };
        let role = parts::role(self.book, node)?;
        matches!(role, Role::Determinant | Role::LogDeterminant | Role::Inverse)
            .then(|| arguments.first().copied())?
    }

    /// The smaller one of the numbers of rows and columns.
    fn size(&self, id: NotationId) -> u64 {
        let shape = self.tree.shape(id);
        let size = |axis| self.tree.dimensions.evaluate(axis, self.sizes).unwrap_or(0);
        size(shape.rows).min(size(shape.columns))
    }

    /// No matrix that the formula stands for has a greater rank.
    fn rank(&self, id: NotationId, ranks: &FxHashMap<NotationId, u64>) -> u64 {
        let of = |id: &NotationId| ranks.get(id).copied().unwrap_or(u64::MAX);
        match self.tree.node(id) {
            Notation::Name { text, .. } => {
                self.names.get(text.as_str()).copied().unwrap_or(u64::MAX)
            }
            Notation::Ones | Notation::Zeros => 1,
            Notation::Negate(inner)
            | Notation::Transpose(inner)
            | Notation::ConjugateTranspose(inner)
            | Notation::Fraction(inner, _) => of(inner),
            Notation::Sum(terms) => {
                terms.iter().fold(0_u64, |sum, (_, term)| sum.saturating_add(of(term)))
            }
            Notation::Product(factors) => {
                let arrays = factors.iter().filter(|one| !self.tree.shape(**one).is_scalar());
                arrays.map(of).min().unwrap_or(u64::MAX)
            }
            Notation::Power { base, kind: PowerKind::Matrix, .. } => of(base),
            _ => u64::MAX,
        }
    }
}
