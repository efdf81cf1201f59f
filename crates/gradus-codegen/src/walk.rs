//! Walks over notation trees without recursion.
//!
//! Must not know what any formula means.

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::NotationId;

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
