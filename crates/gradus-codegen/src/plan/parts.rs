//! The part that a function plays for computation, read from its entry in the rule book.
//!
//! Must not know spellings.

use gradus_functions::{Book, Function, Meaning, Structural};
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, Notation, NotationId};
use gradus_tensor::Role;

/// The entry of a function of the rule book.
pub(crate) fn entry(book: &Book, head: &Head) -> Option<&'static Function> {
    match head {
        Head::Book(id) => Some(book.get(*id)),
        _ => None,
    }
}

/// The network that a call stands for.
pub(crate) fn structural(book: &Book, node: &Notation) -> Option<Structural> {
    let Notation::Call { head, .. } = node else {
        return None;
    };
    match entry(book, head)?.meaning {
        Meaning::Structural(structural) => Some(structural),
        _ => None,
    }
}

/// Kronecker products of permutations are followed this deep.
const NESTING: u32 = 8;

/// Whether a formula is a commutation matrix, or a Kronecker product of such and of identities: a
/// product with it moves rows or columns.
pub(crate) fn is_permutation(book: &Book, tree: &NotationTree, id: NotationId) -> bool {
    moves(book, tree, id, NESTING) && !matches!(tree.node(id), Notation::Identity)
}

fn moves(book: &Book, tree: &NotationTree, id: NotationId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match tree.node(id) {
        Notation::Identity => true,
        Notation::Transpose(inner) => moves(book, tree, *inner, depth),
        node @ Notation::Call { arguments, .. } => match structural(book, node) {
            Some(Structural::Commutation) => true,
            Some(Structural::Kronecker) => {
                arguments.iter().all(|argument| moves(book, tree, *argument, depth))
            }
            _ => false,
        },
        _ => false,
    }
}

/// The part that a call plays in identities.
pub(crate) fn role(book: &Book, node: &Notation) -> Option<Role> {
    let Notation::Call { head, .. } = node else {
        return None;
    };
    entry(book, head)?.facts.role
}

/// Whether a call is the Euclidean norm, which for a matrix is the Frobenius norm.
pub(crate) fn is_euclidean_norm(book: &Book, node: &Notation) -> bool {
    let Notation::Call { head, .. } = node else {
        return false;
    };
    entry(book, head).is_some_and(|entry| matches!(entry.name, "norm" | "norm2" | "normF"))
}

/// Whether a call works entry by entry.
pub(crate) fn is_elementwise(book: &Book, head: &Head) -> bool {
    match head {
        Head::Mapped { .. } => true,
        head => entry(book, head).is_some_and(|entry| entry.signatures.contains(&"elementwise")),
    }
}
