//! What a formula holds: the variables that vary, and differentials.
//!
//! Must not know rules. The answers for all formulas are kept, for children come first in the arena.

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{NameKind, Notation, NotationId};

/// Which formulas vary, and which hold a differential.
#[derive(Debug)]
pub(crate) struct Facts {
    varying: Vec<String>,
    known: Vec<Holds>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Holds {
    varies: bool,
    differential: bool,
    pending: bool,
}

impl Facts {
    /// The facts of formulas in which the named things vary.
    pub(crate) fn new(varying: Vec<String>) -> Self {
        Self { varying, known: Vec::new() }
    }

    fn of(&mut self, tree: &NotationTree, id: NotationId) -> Holds {
        for at in self.known.len()..tree.len() {
            let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut holds = Holds::default();
            match tree.node(id) {
                Notation::Name { kind: NameKind::Differential, .. } => holds.differential = true,
                Notation::Name { text, .. } => holds.varies = self.varying.contains(text),
                Notation::Differential(_) => {
                    holds.differential = true;
                    holds.pending = true;
                }
                _ => {}
            }
            tree.node(id).for_each_child(|child| {
                let inner = self.known.get(child.0 as usize).copied().unwrap_or_default();
                holds.varies |= inner.varies;
                holds.differential |= inner.differential;
                holds.pending |= inner.pending;
            });
            self.known.push(holds);
        }
        self.known.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Whether a formula depends on what varies.
    pub(crate) fn varies(&mut self, tree: &NotationTree, id: NotationId) -> bool {
        self.of(tree, id).varies
    }

    /// Whether a formula holds a differential.
    pub(crate) fn has_differential(&mut self, tree: &NotationTree, id: NotationId) -> bool {
        self.of(tree, id).differential
    }

    /// Whether a formula holds a differential that is not carried out.
    pub(crate) fn is_pending(&mut self, tree: &NotationTree, id: NotationId) -> bool {
        self.of(tree, id).pending
    }

    /// Names of variables that stand in a formula and do not vary, in order of their first appearance.
    pub(crate) fn constants(&mut self, tree: &NotationTree, root: NotationId) -> Vec<NotationId> {
        let mut found = Vec::new();
        let mut seen = vec![false; tree.len()];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            if let Notation::Name { text, kind: NameKind::Variable | NameKind::Binding } =
                tree.node(id)
                && !self.varying.contains(text)
            {
                found.push(id);
            }
            let mut children = Vec::new();
            tree.node(id).for_each_child(|child| children.push(child));
            open.extend(children.into_iter().rev());
        }
        found
    }
}
