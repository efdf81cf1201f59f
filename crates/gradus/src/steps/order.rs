//! Whether two formulas are the same up to the order of what commutes.
//!
//! Must not know what formulas mean.

use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::tree::{Notation, NotationId};

/// A text that formulas share exactly if they differ at most in the order of terms, of factors of an
/// entry by entry product, and of scalar factors.
pub(crate) fn key(tree: &NotationTree, root: NotationId) -> String {
    let mut keys: Vec<Option<String>> = vec![None; root.0 as usize + 1];
    let mut open = vec![(root, false)];
    while let Some((id, children_done)) = open.pop() {
        if keys[id.0 as usize].is_some() {
            continue;
        }
        if !children_done {
            open.push((id, true));
            tree.node(id).for_each_child(|child| open.push((child, false)));
            continue;
        }
        let of = |id: &NotationId| keys[id.0 as usize].clone().unwrap_or_default();
        let text = match tree.node(id) {
            Notation::Sum(terms) => {
                let mut terms: Vec<String> =
                    terms.iter().map(|(negative, id)| format!("{negative}{}", of(id))).collect();
                terms.sort();
                format!("sum({})", terms.join(","))
            }
            Notation::Hadamard(items) => {
                let mut items: Vec<String> = items.iter().map(of).collect();
                items.sort();
                format!("hadamard({})", items.join(","))
            }
            Notation::Product(factors) => {
                let (scalars, chain): (Vec<&NotationId>, Vec<&NotationId>) =
                    factors.iter().partition(|id| tree.shape(**id).is_scalar());
                let mut scalars: Vec<String> = scalars.into_iter().map(of).collect();
                scalars.sort();
                let chain: Vec<String> = chain.into_iter().map(of).collect();
                format!("product({};{})", scalars.join(","), chain.join(","))
            }
            other => {
                let mut children = Vec::new();
                other.for_each_child(|child| children.push(of(&child)));
                if children.is_empty() {
                    print::source(tree, id)
                } else {
                    let mut shell = other.clone();
                    shell = shell.map_children(|_| NotationId(0));
                    format!("{shell:?}({})", children.join(","))
                }
            }
        };
        keys[id.0 as usize] = Some(text);
    }
    keys[root.0 as usize].take().unwrap_or_default()
}
