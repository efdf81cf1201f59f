//! What a function is differentiated by: a complex variable and its conjugate are two leaves.
//!
//! Must not know how derivatives are formed or displayed.

use gradus_calculus::{Derivative, conjugate_leaf, derivatives, gradient_of_real, is_real_space};
use gradus_diagnostics::Result;
use gradus_elaborate::lower::Value;
use gradus_tensor::{Arena, Structure};

use crate::complex;
use crate::found::Part;
use crate::results::{Wanted, Written};
use crate::structures;

/// A leaf of differentiation.
pub(crate) struct Leaf {
    /// The place of its variable.
    pub(crate) at: usize,
    pub(crate) part: Part,
    value: Value,
}

/// The leaves of derivatives of some order. Of the first order a complex variable is one leaf, whose
/// derivatives are put together; of a higher one its conjugate stands before it.
///
/// # Errors
/// A unitary matrix has no derivatives of higher order by leaves.
pub(crate) fn leaves(arena: &mut Arena, wanted: &[Wanted], order: u32) -> Result<Vec<Leaf>> {
    let mut leaves = Vec::with_capacity(wanted.len());
    for (at, wanted) in wanted.iter().enumerate() {
        let value = wanted.value.clone();
        if order == 1 || !arena.facts(value.scaled.node).complex {
            leaves.push(Leaf { at, part: Part::Whole, value });
            continue;
        }
        if structures::of_node(arena, value.scaled.node) == Structure::Unitary {
            return Err(structures::no_higher_order());
        }
        if let Some(conjugate) = conjugate_leaf(arena, &value) {
            leaves.push(Leaf { at, part: Part::Conjugate, value: conjugate });
        }
        leaves.push(Leaf { at, part: Part::Plain, value });
    }
    Ok(leaves)
}

/// The derivatives by leaves, with the place of the leaf of each and its part.
///
/// # Errors
/// Unsupported functions, and limits.
pub(crate) fn by_leaves(
    arena: &mut Arena,
    before: &Value,
    leaves: &[Leaf],
    written: Written,
    (order, is_first): (u32, bool),
) -> Result<Vec<(usize, Part, Derivative)>> {
    let values: Vec<Value> = leaves.iter().map(|leaf| leaf.value.clone()).collect();
    let (stacking, convention) = (written.calculus_stacking(), written.calculus_convention());
    if order == 1 && values.iter().any(|value| arena.facts(value.scaled.node).complex) {
        return complex::derivatives(arena, before, &values, written.real, stacking, convention);
    }
    let found = derivatives(arena, before, &values, stacking, convention)?;
    let mut results = Vec::with_capacity(found.len());
    for (at, (leaf, derivative)) in leaves.iter().zip(found).enumerate() {
        let is_gradient = is_first
            && written.real
            && before.is_scalar()
            && leaf.part == Part::Plain
            && is_real_space(structures::of_node(arena, leaf.value.scaled.node));
        if is_gradient {
            let whole =
                gradient_of_real(arena, before, &leaf.value, &derivative, None, convention)?;
            results.push((at, Part::Whole, whole));
            continue;
        }
        results.push((at, leaf.part, derivative));
    }
    Ok(results)
}

/// Whether a derivative of a real function is the conjugate of another one that is told as well: that
/// by the conjugates of fewer variables, else the one that comes first.
pub(crate) fn is_told_by_its_conjugate(leaves: &[Leaf], by: &[usize]) -> bool {
    let mirror = |at: usize| match leaves[at].part {
        Part::Whole => at,
        // The conjugate of a variable stands before it; one that has none is its own.
        Part::Conjugate => at + 1,
        Part::Plain if at > 0 && is_conjugate_of(&leaves[at - 1], &leaves[at]) => at - 1,
        Part::Plain => at,
    };
    let rank = |by: Vec<usize>| {
        let conjugates = by.iter().filter(|at| leaves[**at].part == Part::Conjugate).count();
        (conjugates, by)
    };
    let mut mirrored: Vec<usize> = by.iter().map(|at| mirror(*at)).collect();
    mirrored.sort_unstable();
    rank(mirrored) < rank(by.to_vec())
}

fn is_conjugate_of(one: &Leaf, other: &Leaf) -> bool {
    one.at == other.at && one.part == Part::Conjugate
}
