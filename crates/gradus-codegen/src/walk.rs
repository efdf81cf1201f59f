//! Walks over notation trees without recursion: direct children, rebuilding, reachability.
//!
//! Must not know what any formula means.

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Notation, NotationId};

/// The same formula with other children.
pub(crate) fn with_children(
    notation: &Notation,
    mut replace: impl FnMut(NotationId) -> NotationId,
) -> Notation {
    let mut copy = notation.clone();
    match &mut copy {
        Notation::Number(_)
        | Notation::Pi
        | Notation::Infinity
        | Notation::Dimension(_)
        | Notation::Name { .. }
        | Notation::Ones
        | Notation::Zeros
        | Notation::Identity => {}
        Notation::Sum(terms) => terms.iter_mut().for_each(|(_, term)| *term = replace(*term)),
        Notation::Product(parts)
        | Notation::Hadamard(parts)
        | Notation::Call { arguments: parts, .. } => {
            parts.iter_mut().for_each(|part| *part = replace(*part));
        }
        Notation::Negate(a)
        | Notation::Transpose(a)
        | Notation::ConjugateTranspose(a)
        | Notation::Differential(a)
        | Notation::IndexedSum { body: a, .. }
        | Notation::Indexed { base: a, .. }
        | Notation::Slice { base: a, .. } => *a = replace(*a),
        Notation::Fraction(a, b)
        | Notation::HadamardQuotient(a, b)
        | Notation::Power { base: a, exponent: b, .. } => {
            *a = replace(*a);
            *b = replace(*b);
        }
        Notation::Matrix(rows) => {
            rows.iter_mut().flatten().for_each(|part| *part = replace(*part));
        }
    }
    copy
}

/// Everything reachable from the roots, children before parents, each once.
pub(crate) fn reachable(
    tree: &NotationTree,
    roots: impl IntoIterator<Item = NotationId>,
) -> Vec<NotationId> {
    let mut found = rustc_hash::FxHashSet::default();
    let mut open: Vec<NotationId> = roots.into_iter().collect();
    let mut order = Vec::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            order.push(id);
            tree.node(id).for_each_child(|child| open.push(child));
        }
    }
    order.sort_unstable();
    order
}
