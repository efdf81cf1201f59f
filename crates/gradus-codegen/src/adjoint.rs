//! Conjugate transposes as transposes of conjugates, which is how code writes them.
//!
//! Must not know any output language.

use gradus_functions::Book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NamedFormula, Notation, NotationId, Page};
use gradus_tensor::{Role, Vocabulary};

/// The same tree and page without conjugate transposes. Where the vocabulary has no conjugate they
/// stay.
#[must_use]
pub fn without_adjoints(book: &Book, tree: &NotationTree, page: &Page) -> (NotationTree, Page) {
    let Some(conjugate) = book.with_role(Role::Conjugate) else {
        return (tree.clone(), page.clone());
    };
    let mut new_tree = tree.clone();
    let mut new: Vec<NotationId> = Vec::with_capacity(tree.len());
    for at in 0..tree.len() {
        let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
        let node = tree.node(id).map_children(|child| new[child.0 as usize]);
        let Notation::ConjugateTranspose(inner) = node else {
            new.push(if node == *tree.node(id) {
                id
            } else {
                new_tree.intern(node, tree.shape(id))
            });
            continue;
        };
        let shape = new_tree.shape(inner);
        let head = Head::Book(conjugate);
        let call = Notation::Call { head, arguments: vec![inner], sizes: Vec::new() };
        let call = new_tree.intern(call, shape);
        new.push(match shape.is_scalar() {
            true => call,
            false => new_tree.intern(Notation::Transpose(call), tree.shape(id)),
        });
    }
    let mapped = |id: &NotationId| new[id.0 as usize];
    let binding = |binding: &NamedFormula| NamedFormula {
        formula: mapped(&binding.formula),
        ..binding.clone()
    };
    let page = Page {
        bindings: page.bindings.iter().map(binding).collect(),
        results: page.results.iter().map(mapped).collect(),
    };
    (new_tree, page)
}
