//! Affine maps that take different values at different points, and the conditions for it.
//!
//! Must not know curvature.

use gradus_tensor::{Contraction, Label, Node, NodeId};

use crate::analysis::{Analysis, Definiteness};
use crate::certificate::Condition;

/// Chains with more conditions than this are given up.
const MOST_CONDITIONS: usize = 4;

impl Analysis<'_> {
    /// Under which conditions an affine node takes different values at different values of the one
    /// variable that it depends on; nothing if that is not seen.
    pub(crate) fn injective(&self, node: NodeId) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        let mut node = node;
        loop {
            if self.known(node)?.variables.count_ones() != 1 {
                return None;
            }
            node = match self.arena.node(node) {
                Node::Symbol(_) => return Some(conditions),
                Node::Sum(sum) => {
                    let mut varying = sum.terms.iter().filter(|(_, term)| self.varies(*term));
                    match (varying.next(), varying.next()) {
                        (Some((_, only)), None) => *only,
                        _ => return None,
                    }
                }
                Node::Contraction(contraction) => self.chain(contraction, &mut conditions)?,
                Node::Constant(_) | Node::Apply(_) => return None,
            };
            if conditions.len() > MOST_CONDITIONS {
                return None;
            }
        }
    }

    fn varies(&self, node: NodeId) -> bool {
        self.known(node).is_none_or(|known| !known.is_constant())
    }

    /// The one operand that varies, if each of its labels leads to the output through matrices.
    fn chain(&self, contraction: &Contraction, conditions: &mut Vec<Condition>) -> Option<NodeId> {
        let mut varying = contraction.operands.iter().enumerate();
        let varying = varying.by_ref().filter(|(_, operand)| self.varies(operand.node));
        let varying: Vec<usize> = varying.map(|(at, _)| at).collect();
        let [at] = varying.as_slice() else { return None };
        let own = &contraction.operands[*at];
        let repeats = (1..own.labels.len()).any(|at| own.labels[..at].contains(&own.labels[at]));
        if !own.exponent.is_one() || repeats {
            return None;
        }
        let mut used = vec![false; contraction.operands.len()];
        used[*at] = true;
        let mut ends: Vec<Label> = Vec::new();
        for label in &own.labels {
            let mut label = *label;
            while !contraction.output.contains(&label) {
                label = self.step(contraction, label, &mut used, conditions)?;
            }
            if ends.contains(&label) {
                return None;
            }
            ends.push(label);
        }
        // What is left are weights, none of which is zero.
        let weights = contraction.operands.iter().zip(&used).filter(|(_, used)| !**used);
        for (operand, _) in weights {
            let at_ends = operand.labels.iter().all(|label| contraction.output.contains(label));
            if !at_ends || !self.known(operand.node)?.range.is_nonzero() {
                return None;
            }
        }
        Some(own.node)
    }

    /// The label on the other side of the one matrix that meets a summed label.
    fn step(
        &self,
        contraction: &Contraction,
        label: Label,
        used: &mut [bool],
        conditions: &mut Vec<Condition>,
    ) -> Option<Label> {
        let meets = |at: &usize| contraction.operands[*at].labels.contains(&label) && !used[*at];
        let meeting: Vec<usize> = (0..used.len()).filter(meets).collect();
        let [at] = meeting.as_slice() else { return None };
        used[*at] = true;
        let matrix = &contraction.operands[*at];
        let [rows, columns] = matrix.labels.as_slice() else { return None };
        if rows == columns || !matrix.exponent.is_one() {
            return None;
        }
        let by_columns = *columns == label;
        let facts = self.arena.facts(matrix.node);
        let definite = self.known(matrix.node)?.definite == Definiteness::Definite;
        if !definite && !facts.invertible && !facts.orthogonal {
            conditions.push(Condition::FullRank { node: matrix.node, columns: by_columns });
        }
        Some(if by_columns { *rows } else { *columns })
    }
}
