//! Sums of many terms: `a + b - c + …` is one sum, not a sum of sums.
//!
//! Must not know what the terms are. Lowered term by term, a sum of n terms would be copied n times.

use crate::typed::{Operation, TypedId, TypedTree};

/// Which nodes of a tree are lowered as parts of the sum that they stand in.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    absorbed: Vec<bool>,
}

impl Chains {
    /// The chains among the needed nodes. A node that is used elsewhere, or wanted itself, is a value
    /// of its own.
    pub(crate) fn of(tree: &TypedTree, needed: &[bool], wanted: &[TypedId]) -> Self {
        let mut uses = vec![0_u32; tree.nodes.len()];
        let mut in_sum = vec![false; tree.nodes.len()];
        for id in wanted {
            uses[id.0 as usize] += 1;
        }
        for (at, node) in tree.nodes.iter().enumerate() {
            let Some(id) = u32::try_from(at).ok().map(TypedId) else { continue };
            if !needed[at] {
                continue;
            }
            let is_sum = is_part(&node.operation);
            tree.children(id, |child| {
                uses[child.0 as usize] = uses[child.0 as usize].saturating_add(1);
                in_sum[child.0 as usize] |= is_sum;
            });
        }
        let absorbed = tree.nodes.iter().enumerate().map(|(at, node)| {
            needed[at] && uses[at] == 1 && in_sum[at] && is_part(&node.operation)
        });
        Self { absorbed: absorbed.collect() }
    }

    /// Whether a node is lowered as a part of a sum.
    pub(crate) fn is_absorbed(&self, id: TypedId) -> bool {
        self.absorbed.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The terms of a sum in the order written; `true` is minus.
    pub(crate) fn terms(&self, tree: &TypedTree, sum: TypedId) -> Vec<(bool, TypedId)> {
        let mut terms = Vec::new();
        let mut open = vec![(false, sum)];
        while let Some((minus, id)) = open.pop() {
            match tree.node(id).operation {
                _ if id != sum && !self.is_absorbed(id) => terms.push((minus, id)),
                Operation::Add(a, b) => open.extend([(minus, b), (minus, a)]),
                Operation::Subtract(a, b) => open.extend([(!minus, b), (minus, a)]),
                Operation::Negate(a) => open.push((!minus, a)),
                _ => terms.push((minus, id)),
            }
        }
        terms
    }
}

fn is_part(operation: &Operation) -> bool {
    matches!(operation, Operation::Add(..) | Operation::Subtract(..) | Operation::Negate(_))
}
