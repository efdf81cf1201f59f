//! The structure checker: the invariants of the arena, for tests after every pass.

use crate::arena::Arena;
use crate::node::{Contraction, Node, NodeId};
use crate::symbol::Axis;

/// Checks every node of an arena.
///
/// # Errors
/// A sentence that names the node and the broken invariant.
pub fn check(arena: &Arena) -> Result<(), String> {
    for at in 0..arena.len() {
        let id = NodeId(u32::try_from(at).map_err(|error| error.to_string())?);
        node(arena, id).map_err(|what| format!("node {at}: {what}: {:?}", arena.node(id)))?;
    }
    Ok(())
}

fn node(arena: &Arena, id: NodeId) -> Result<(), String> {
    let child = |other: NodeId| {
        if other < id { Ok(()) } else { Err("a child is younger than its parent".to_owned()) }
    };
    match arena.node(id) {
        Node::Symbol(_) | Node::Constant(_) => Ok(()),
        Node::Sum(sum) => {
            for (coefficient, term) in &sum.terms {
                child(*term)?;
                if coefficient.is_zero() {
                    return Err("a coefficient is zero".to_owned());
                }
                if !alike(arena.axes(*term).iter(), sum.axes.iter()) {
                    return Err("a term has other axes than its sum".to_owned());
                }
            }
            Ok(())
        }
        Node::Contraction(contraction) => {
            for operand in &contraction.operands {
                child(operand.node)?;
            }
            self::contraction(arena, id, contraction)
        }
        Node::Apply(apply) => {
            for argument in &apply.arguments {
                child(argument.node)?;
                let axes = arena.axes(argument.node);
                let labels = argument.labels.iter().map(|label| &apply.axes[*label as usize]);
                if axes.len() != argument.labels.len() || !alike(labels, axes.iter()) {
                    return Err("an argument's labels do not fit its axes".to_owned());
                }
            }
            let output = apply.output.iter().map(|label| apply.axes[*label as usize]);
            if !output.eq(arena.axes(id).iter().copied()) {
                return Err("the output does not fit the axes".to_owned());
            }
            Ok(())
        }
    }
}

/// Whether axes have the same sizes. A vector may lie on the range of a family.
fn alike<'a>(one: impl Iterator<Item = &'a Axis>, other: impl Iterator<Item = &'a Axis>) -> bool {
    one.map(|axis| axis.dimension).eq(other.map(|axis| axis.dimension))
}

fn contraction(arena: &Arena, id: NodeId, contraction: &Contraction) -> Result<(), String> {
    let mut used = vec![false; contraction.axes.len()];
    for operand in &contraction.operands {
        if operand.exponent.is_zero() {
            return Err("an exponent is zero".to_owned());
        }
        let axes = arena.axes(operand.node);
        let labels = operand.labels.iter().map(|label| &contraction.axes[*label as usize]);
        if axes.len() != operand.labels.len() || !alike(labels, axes.iter()) {
            return Err("an operand's labels do not fit its axes".to_owned());
        }
        for label in &operand.labels {
            used[*label as usize] = true;
        }
        let sides =
            operand.labels.iter().filter(|at| !contraction.axes[**at as usize].range).count();
        let wide_sum = matches!(arena.node(operand.node), Node::Sum(_)) && sides > 2;
        if wide_sum && operand.exponent.is_one() && !arena.is_boundary(operand.node) {
            return Err("a sum of more than two axes is an operand".to_owned());
        }
    }
    for label in &contraction.output {
        used[*label as usize] = true;
    }
    // A size is the one contraction with a label on nothing.
    let size = contraction.operands.is_empty() && contraction.output.is_empty();
    if !size && used.contains(&false) {
        return Err("a label is on nothing".to_owned());
    }
    let output = contraction.output.iter().map(|label| contraction.axes[*label as usize]);
    if !output.eq(arena.axes(id).iter().copied()) {
        return Err("the output does not fit the axes".to_owned());
    }
    Ok(())
}
