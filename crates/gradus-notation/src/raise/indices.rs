//! Which names indices have: the user's own where they fit, else a letter.
//!
//! Must not know how sums are formed.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_tensor::{Contraction, DimensionId, Node, NodeId};

use crate::raise::driver::Driver;
use crate::raise::formula::{IndexId, MOST_INDICES};

/// How far the user's name of an index is looked for.
const HINT_DEPTH: usize = 32;

/// Names of indices that nobody has chosen.
const LETTERS: [&str; 10] = ["i", "j", "k", "l", "m", "p", "q", "r", "s", "u"];

impl Driver<'_> {
    /// The index that the user put first on a variable that lies on a label.
    pub(crate) fn hint_on(&self, contraction: &Contraction, label: usize) -> Option<usize> {
        if self.options.first_indices.is_empty() {
            return None;
        }
        contraction.operands.iter().find_map(|operand| {
            let axis = operand.labels.iter().position(|other| usize::from(*other) == label)?;
            self.hint_of(operand.node, axis)
        })
    }

    fn hint_of(&self, mut node: NodeId, mut axis: usize) -> Option<usize> {
        for _ in 0..HINT_DEPTH {
            let on = |labels: &[u8], label: u8| labels.iter().position(|other| *other == label);
            (node, axis) = match self.arena.node(node) {
                Node::Symbol(symbol) => {
                    let found = self
                        .options
                        .first_indices
                        .iter()
                        .find(|(known, at, _)| known == symbol && *at == axis);
                    return found.map(|(_, _, index)| *index);
                }
                Node::Constant(_) => return None,
                Node::Sum(sum) => {
                    // Terms may be constant along the axis: the first that is not decides.
                    return sum.terms.iter().take(HINT_DEPTH).find_map(|(_, term)| {
                        match self.arena.node(*term) {
                            Node::Sum(_) => None,
                            _ => self.hint_of_term(*term, axis),
                        }
                    });
                }
                Node::Contraction(contraction) => {
                    let label = *contraction.output.get(axis)?;
                    contraction
                        .operands
                        .iter()
                        .find_map(|operand| Some((operand.node, on(&operand.labels, label)?)))?
                }
                Node::Apply(apply) => {
                    let label = *apply.output.get(axis)?;
                    apply
                        .arguments
                        .iter()
                        .find_map(|argument| Some((argument.node, on(&argument.labels, label)?)))?
                }
            };
        }
        None
    }

    /// The hint of a term that is no sum itself, through products only.
    fn hint_of_term(&self, mut node: NodeId, mut axis: usize) -> Option<usize> {
        for _ in 0..HINT_DEPTH {
            match self.arena.node(node) {
                Node::Symbol(_) => return self.hint_of(node, axis),
                Node::Contraction(contraction) => {
                    let label = *contraction.output.get(axis)?;
                    (node, axis) = contraction.operands.iter().find_map(|operand| {
                        let at = operand.labels.iter().position(|other| *other == label)?;
                        Some((operand.node, at))
                    })?;
                }
                _ => return None,
            }
        }
        None
    }

    /// An index for a sum inside of others: the user's own where it fits, else a letter.
    pub(crate) fn fresh_index(
        &mut self,
        hint: Option<usize>,
        size: DimensionId,
        avoid: u64,
    ) -> Result<IndexId> {
        let options = self.options;
        let own = options.indices.iter().filter(|(_, range)| *range == size);
        let own = hint.and_then(|at| options.indices.get(at)).into_iter().chain(own);
        let mut chosen: Option<String> =
            own.map(|(name, _)| name).find(|name| self.may_bind(name, avoid)).cloned();
        let mut number = 0_u32;
        while chosen.is_none() {
            let letter = LETTERS[number as usize % LETTERS.len()];
            let round = number as usize / LETTERS.len();
            let name = if round == 0 { letter.to_owned() } else { format!("{letter}{round}") };
            let taken = options.reserved.contains(&name)
                || self.arena.symbols().iter().any(|symbol| symbol.name == name);
            if !taken && self.may_bind(&name, avoid) {
                chosen = Some(name);
            }
            number += 1;
        }
        chosen.and_then(|name| self.index_named(&name, size)).ok_or_else(too_many)
    }

    /// Whether no index of a set has a name.
    fn may_bind(&self, name: &str, avoid: u64) -> bool {
        let mut known = (0..).zip(&self.formulas.indices);
        !known.any(|(at, (other, _))| other == name && IndexId(at).set() & avoid != 0)
    }

    pub(crate) fn index_named(&mut self, name: &str, size: DimensionId) -> Option<IndexId> {
        let indices = &mut self.formulas.indices;
        let known = indices.iter().position(|(other, range)| other == name && *range == size);
        let at = match known {
            Some(at) => at,
            None if indices.len() < MOST_INDICES => {
                indices.push((name.to_owned(), size));
                indices.len() - 1
            }
            None => return None,
        };
        u8::try_from(at).ok().map(IndexId)
    }
}

pub(crate) fn too_many() -> Error {
    Diagnostic::limit(format!("more than {MOST_INDICES} indices on one page")).into()
}
