//! Building of trees: interning of texts, children before parents.
//!
//! Must not know the grammar.

use gradus_diagnostics::Span;
use rustc_hash::FxHashMap;

use crate::tree::{Expr, ExprId, Statement, TextId, Tree};

/// Up to this many different texts a linear search is faster than a hash table.
const FEW: usize = 16;

/// Builds a [`Tree`].
#[derive(Clone, Debug, Default)]
pub struct Builder {
    tree: Tree,
    ids: FxHashMap<Box<str>, TextId>,
}

impl Builder {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The id of a text; equal texts have equal ids.
    pub fn text(&mut self, text: &str) -> TextId {
        let count = self.tree.texts.len();
        let known = if count <= FEW {
            self.tree.texts.iter().position(|known| known == text).map(id_of_text)
        } else {
            self.ids.get(text).copied()
        };
        known.unwrap_or_else(|| self.new_text(text))
    }

    fn new_text(&mut self, text: &str) -> TextId {
        let id = id_of_text(self.tree.texts.len());
        self.tree.texts.push(text.to_owned());
        if self.tree.texts.len() == FEW + 1 {
            self.ids = self
                .tree
                .texts
                .iter()
                .enumerate()
                .map(|(at, text)| (text.as_str().into(), id_of_text(at)))
                .collect();
        } else if self.tree.texts.len() > FEW {
            self.ids.insert(text.into(), id);
        }
        id
    }

    /// Adds an expression whose children have been added before.
    pub fn push(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(u32::try_from(self.tree.exprs.len()).unwrap_or(u32::MAX));
        self.tree.exprs.push(expr);
        self.tree.spans.push(span);
        id
    }

    /// Adds a statement.
    pub fn statement(&mut self, statement: Statement, span: Span) {
        self.tree.statements.push((statement, span));
    }

    /// The tree so far.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The finished tree.
    #[must_use]
    pub fn finish(self) -> Tree {
        self.tree
    }
}

fn id_of_text(position: usize) -> TextId {
    TextId(u32::try_from(position).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::Builder;

    #[test]
    fn equal_texts_have_equal_ids_however_many_there_are() {
        let mut builder = Builder::new();
        let first: Vec<_> = (0..100).map(|number| builder.text(&format!("x{number}"))).collect();
        let again: Vec<_> = (0..100).map(|number| builder.text(&format!("x{number}"))).collect();
        assert_eq!(first, again);
        assert_eq!(builder.tree().texts.len(), 100);
        for (number, id) in first.into_iter().enumerate() {
            assert_eq!(builder.tree().text(id), format!("x{number}"));
        }
    }
}
