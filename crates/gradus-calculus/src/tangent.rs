//! Forward: the differential of every node from the leaves up.
//!
//! A tangent has the axes of its node. Must not know layouts.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::lower::Value;
use gradus_tensor::{Apply, Arena, Axes, Contraction, Network, Node, NodeId, Scaled, Wires};

use rustc_hash::FxHashMap;

use crate::local::{
    Kind, elementwise, kind, label_wires, marked, rule, scalar_derivative, without_operand,
};
use crate::reverse::Dependants;

/// The differential of a function along tangents of leaves: linear in them, with the axes of the
/// function.
///
/// # Errors
/// Functions without a known differential, and limits.
pub fn differential(
    arena: &mut Arena,
    function: &Value,
    tangents: &[(NodeId, Scaled)],
) -> Result<Scaled> {
    let root = function.scaled.node;
    let leaves: Vec<NodeId> = tangents.iter().map(|(leaf, _)| *leaf).collect();
    let depends = Dependants::new(arena, root, &leaves);
    let wanted = reachable(arena, root, &depends);
    let given: FxHashMap<NodeId, &Scaled> =
        tangents.iter().map(|(leaf, tangent)| (*leaf, tangent)).collect();
    let mut known = Tangents { depends, values: Vec::new() };
    known.values.resize(known.depends.flags.len(), None);
    for (at, wanted) in wanted.into_iter().enumerate() {
        if !wanted {
            continue;
        }
        let node = known.depends.node(at);
        let tangent = match given.get(&node) {
            Some(tangent) => (*tangent).clone(),
            None => node_tangent(arena, node, &known)?,
        };
        if arena.is_boundary(node) {
            arena.set_boundary(tangent.node);
        }
        known.values[at] = Some(tangent);
        if let Some(limit) = arena.exhaustion() {
            return Err(Diagnostic::limit(format!("the differential needs {limit}")).into());
        }
    }
    Ok(match known.get(root) {
        Some(total) => total.times(&function.scaled.coefficient),
        None => {
            let axes: Axes = arena.axes(root).into();
            Scaled::one(arena.zero(&axes))
        }
    })
}

/// The tangents of the nodes that depend on a leaf.
struct Tangents {
    depends: Dependants,
    values: Vec<Option<Scaled>>,
}

impl Tangents {
    fn get(&self, node: NodeId) -> Option<&Scaled> {
        self.values[self.depends.place(node)?].as_ref()
    }
}

/// Which dependants the root is made of.
fn reachable(arena: &Arena, root: NodeId, depends: &Dependants) -> Vec<bool> {
    let mut wanted = vec![false; depends.flags.len()];
    if let Some(at) = depends.place(root) {
        wanted[at] = true;
    }
    for at in (0..wanted.len()).rev() {
        if !wanted[at] {
            continue;
        }
        let mut want = |id: NodeId| {
            if let Some(place) = depends.place(id) {
                wanted[place] = true;
            }
        };
        match arena.node(depends.node(at)) {
            Node::Symbol(_) | Node::Constant(_) => {}
            Node::Sum(sum) => sum.terms.iter().for_each(|(_, id)| want(*id)),
            Node::Contraction(contraction) => {
                contraction.operands.iter().for_each(|operand| want(operand.node));
            }
            Node::Apply(apply) => apply.arguments.iter().for_each(|argument| want(argument.node)),
        }
    }
    wanted
}

fn node_tangent(arena: &mut Arena, node: NodeId, known: &Tangents) -> Result<Scaled> {
    let axes: Axes = arena.axes(node).into();
    match arena.node(node).clone() {
        Node::Symbol(_) | Node::Constant(_) => Ok(Scaled::one(arena.zero(&axes))),
        Node::Sum(sum) => {
            let terms: Vec<Scaled> = sum
                .terms
                .iter()
                .filter_map(|(coefficient, child)| {
                    known.get(*child).map(|tangent| tangent.times(coefficient))
                })
                .collect();
            Ok(arena.sum(&terms, &axes))
        }
        Node::Contraction(contraction) => {
            Ok(contraction_tangent(arena, &contraction, &axes, known))
        }
        Node::Apply(apply) => apply_tangent(arena, &apply, &axes, known),
    }
}

fn contraction_tangent(
    arena: &mut Arena,
    contraction: &Contraction,
    axes: &Axes,
    known: &Tangents,
) -> Scaled {
    let mut terms = Vec::new();
    for (at, operand) in contraction.operands.iter().enumerate() {
        let Some(tangent) = known.get(operand.node) else { continue };
        let mut network = Network::new();
        let wires = label_wires(&mut network, contraction);
        let place: Wires = operand.labels.iter().map(|label| wires[*label as usize]).collect();
        network.factor(tangent, &place);
        without_operand(arena, &mut network, contraction, &wires, at);
        let output: Wires = contraction.output.iter().map(|label| wires[*label as usize]).collect();
        network.output(&output);
        terms.push(arena.contract(network));
    }
    arena.sum(&terms, axes)
}

fn apply_tangent(
    arena: &mut Arena,
    apply: &Apply,
    axes: &Axes,
    known: &Tangents,
) -> Result<Scaled> {
    let tangent = |node: NodeId| known.get(node).cloned();
    match kind(arena, apply) {
        Kind::Elementwise => {
            let mut terms = Vec::new();
            for (position, argument) in apply.arguments.iter().enumerate() {
                let Some(tangent) = tangent(argument.node) else { continue };
                let derivative = elementwise(arena, apply, position)?;
                let mut network = Network::new();
                let wires: Wires = apply.axes.iter().map(|axis| network.wire(*axis)).collect();
                let output: Wires =
                    apply.output.iter().map(|label| wires[*label as usize]).collect();
                let place: Wires =
                    derivative.ambient.iter().map(|(label, _)| output[label.0 as usize]).collect();
                network.factor(&derivative.scaled, &place);
                let own: Wires =
                    argument.labels.iter().map(|label| wires[*label as usize]).collect();
                network.factor(&tangent, &own);
                network.output(&output);
                terms.push(arena.contract(network));
            }
            Ok(arena.sum(&terms, axes))
        }
        Kind::Rule(function) => {
            let tangents: Vec<Option<Scaled>> =
                apply.arguments.iter().map(|argument| tangent(argument.node)).collect();
            if tangents.iter().all(Option::is_none) {
                return Ok(Scaled::one(arena.zero(axes)));
            }
            Ok(rule(arena, function, apply, &tangents)?.scaled)
        }
        Kind::Scalar => {
            let argument = apply.arguments[0].node;
            let Some(tangent) = tangent(argument) else {
                return Ok(Scaled::one(arena.zero(axes)));
            };
            let derivative = scalar_derivative(arena, apply)?;
            let mut network = Network::new();
            let place = network.wires(arena, derivative.node);
            network.factor(&derivative, &place);
            let (own, wires) = place.split_at(axes.len());
            network.factor(&tangent, wires);
            network.output(own);
            Ok(arena.contract(network))
        }
        Kind::Path => {
            let argument = apply.arguments[0].node;
            let Some(tangent) = tangent(argument) else {
                return Ok(Scaled::one(arena.zero(axes)));
            };
            let derivative = arena.apply_unary(marked(apply.function)?, &Scaled::one(argument));
            let mut network = Network::new();
            let wires = network.wires(arena, derivative.node);
            network.factor(&derivative, &wires);
            network.factor(&tangent, &[]);
            network.output(&wires);
            Ok(arena.contract(network))
        }
    }
}
