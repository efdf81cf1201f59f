//! The adjoint sweep: one pass from the function to the leaves.
//!
//! The adjoint of a node has the function's open axes first and then the node's own. Must not know
//! variables or layouts.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::lower::{Ambient, Value, apply_adjoint, argument_value};
use gradus_tensor::{
    Apply, Arena, Axes, Axis, Contraction, FunctionId, Network, Node, NodeId, Scaled, Structure,
    Symbol, Wire, Wires,
};

use rustc_hash::FxHashMap;

use crate::local::{
    Kind, argument, axes_of, elementwise, kind, label_wires, marked, rule, scalar_derivative,
    without_operand,
};

/// Sweeps from `root` to `targets`, which must not be above the root. `seed` is the adjoint of the
/// root, with `open` in front of the root's own axes. Gives the adjoint of each target; `None` where
/// the root does not depend on it.
pub(crate) fn sweep(
    arena: &mut Arena,
    root: NodeId,
    seed: Scaled,
    open: &[Axis],
    targets: &[NodeId],
) -> Result<Vec<Option<Scaled>>> {
    let depends = Dependants::new(arena, root, targets);
    let mut terms: Vec<Vec<(usize, Scaled)>> = vec![Vec::new(); depends.flags.len()];
    let mut found: Vec<Option<Scaled>> = vec![None; targets.len()];
    let mut places: FxHashMap<NodeId, Vec<usize>> = FxHashMap::default();
    for (at, target) in targets.iter().enumerate() {
        places.entry(*target).or_default().push(at);
    }
    if let Some(first) = terms.last_mut() {
        first.push((usize::MAX, seed));
    }
    for at in (0..terms.len()).rev() {
        if terms[at].is_empty() || !depends.flags[at] {
            continue;
        }
        let node = depends.node(at);
        let mut collected = std::mem::take(&mut terms[at]);
        // The parent that was written first gives the first term, as the user would write it.
        collected.sort_by_key(|(parent, _)| *parent);
        let collected: Vec<Scaled> = collected.into_iter().map(|(_, term)| term).collect();
        let axes: Axes = open.iter().copied().chain(arena.axes(node).iter().copied()).collect();
        let adjoint = arena.sum(&collected, &axes);
        for target in places.get(&node).into_iter().flatten() {
            found[*target] = Some(adjoint.clone());
        }
        if arena.is_zero(adjoint.node) {
            continue;
        }
        if arena.is_boundary(node) && axes.len() <= 2 && is_costly(arena, adjoint.node) {
            // What is shared below a name stays shared in the answer. A tensor of higher order takes
            // no name.
            arena.set_boundary(adjoint.node);
        }
        let mut push = |child: NodeId, value: Scaled| {
            if let Some(place) = depends.place(child) {
                terms[place].push((at, value));
            }
        };
        let step = Step { open, adjoint: &adjoint, depends: &depends };
        match arena.node(node).clone() {
            Node::Symbol(_) | Node::Constant(_) => {}
            Node::Sum(sum) => {
                for (coefficient, child) in &sum.terms {
                    push(*child, adjoint.times(coefficient));
                }
            }
            Node::Contraction(contraction) => step.contraction(arena, &contraction, &mut push),
            Node::Apply(apply) => step.apply(arena, node, &apply, &mut push)?,
        }
        if let Some(limit) = arena.exhaustion() {
            return Err(Diagnostic::limit(format!("the derivative needs {limit}")).into());
        }
    }
    Ok(found)
}

/// Whether an adjoint is worth keeping whole: a sum, or a product that sums over labels. Quotients and
/// entrywise products stay open, for they cancel further down.
fn is_costly(arena: &Arena, node: NodeId) -> bool {
    match arena.node(node) {
        Node::Sum(sum) => sum.terms.len() > 1,
        Node::Contraction(contraction) => {
            contraction.operands.len() > 1
                && (0..contraction.axes.len())
                    .any(|label| !contraction.output.iter().any(|open| *open as usize == label))
        }
        _ => false,
    }
}

/// Which nodes between the first target and the root depend on a target. Older nodes cannot, for
/// children come before their parents.
pub(crate) struct Dependants {
    base: u32,
    pub(crate) flags: Vec<bool>,
}

impl Dependants {
    pub(crate) fn new(arena: &Arena, root: NodeId, targets: &[NodeId]) -> Self {
        let base = targets.iter().map(|target| target.0).min().unwrap_or(u32::MAX);
        let count = if base > root.0 { 0 } else { (root.0 - base + 1) as usize };
        let mut depends = Self { base, flags: vec![false; count] };
        for target in targets {
            if let Some(flag) = depends.flags.get_mut((target.0 - base) as usize) {
                *flag = true;
            }
        }
        for at in 0..count {
            depends.flags[at] |= depends.has_child(arena, depends.node(at));
        }
        depends
    }

    fn has_child(&self, arena: &Arena, node: NodeId) -> bool {
        match arena.node(node) {
            Node::Symbol(_) | Node::Constant(_) => false,
            Node::Sum(sum) => sum.terms.iter().any(|(_, id)| self.contains(*id)),
            Node::Contraction(contraction) => {
                contraction.operands.iter().any(|operand| self.contains(operand.node))
            }
            Node::Apply(apply) => {
                apply.arguments.iter().any(|argument| self.contains(argument.node))
            }
        }
    }

    /// The node at a place of the table.
    pub(crate) fn node(&self, at: usize) -> NodeId {
        NodeId(self.base + u32::try_from(at).unwrap_or(0))
    }

    /// The place of a node that depends on a target.
    pub(crate) fn place(&self, node: NodeId) -> Option<usize> {
        let at = node.0.checked_sub(self.base)? as usize;
        self.flags.get(at).copied().unwrap_or(false).then_some(at)
    }

    /// Whether a node depends on a target.
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        self.place(node).is_some()
    }
}

/// One node of a sweep.
struct Step<'a> {
    open: &'a [Axis],
    adjoint: &'a Scaled,
    depends: &'a Dependants,
}

impl Step<'_> {
    fn depends(&self, node: NodeId) -> bool {
        self.depends.contains(node)
    }

    /// Puts the adjoint on new open wires and the given ones; gives the open wires.
    fn place_adjoint(&self, network: &mut Network, own: &[Wire]) -> Wires {
        let open: Wires = self.open.iter().map(|axis| network.wire(*axis)).collect();
        let wires: Wires = open.iter().chain(own).copied().collect();
        network.factor(self.adjoint, &wires);
        open
    }

    /// Each operand in turn is taken out; its labels become open.
    fn contraction(
        &self,
        arena: &mut Arena,
        contraction: &Contraction,
        push: &mut impl FnMut(NodeId, Scaled),
    ) {
        for (at, operand) in contraction.operands.iter().enumerate() {
            if !self.depends(operand.node) {
                continue;
            }
            let mut network = Network::new();
            let wires = label_wires(&mut network, contraction);
            let output: Wires =
                contraction.output.iter().map(|label| wires[*label as usize]).collect();
            let open = self.place_adjoint(&mut network, &output);
            without_operand(arena, &mut network, contraction, &wires, at);
            let own = operand.labels.iter().map(|label| wires[*label as usize]);
            let result: Wires = open.iter().copied().chain(own).collect();
            network.output(&result);
            push(operand.node, arena.contract(network));
        }
    }

    fn apply(
        &self,
        arena: &mut Arena,
        node: NodeId,
        apply: &Apply,
        push: &mut impl FnMut(NodeId, Scaled),
    ) -> Result<()> {
        match kind(arena, apply) {
            Kind::Elementwise => {
                for (position, argument) in apply.arguments.iter().enumerate() {
                    if self.depends(argument.node) {
                        let value = self.elementwise(arena, apply, position)?;
                        push(argument.node, value);
                    }
                }
            }
            Kind::Rule(function) => {
                for (position, argument) in apply.arguments.iter().enumerate() {
                    if self.depends(argument.node) {
                        let value = self.through_rule(arena, function, apply, position)?;
                        if let Some(value) = value {
                            push(argument.node, value);
                        }
                    }
                }
            }
            Kind::Scalar => {
                let argument = apply.arguments[0].node;
                let derivative = scalar_derivative(arena, apply)?;
                let mut network = Network::new();
                let own = network.wires(arena, node);
                let open = self.place_adjoint(&mut network, &own);
                let wires = network.wires(arena, argument);
                let place: Wires = own.iter().chain(&wires).copied().collect();
                network.factor(&derivative, &place);
                let result: Wires = open.iter().chain(&wires).copied().collect();
                network.output(&result);
                push(argument, arena.contract(network));
            }
            Kind::Path => {
                let argument = apply.arguments[0].node;
                let derivative = arena.apply_unary(marked(apply.function)?, &Scaled::one(argument));
                let mut network = Network::new();
                let wires = network.wires(arena, node);
                let open = self.place_adjoint(&mut network, &wires);
                network.factor(&derivative, &wires);
                network.output(&open);
                push(argument, arena.contract(network));
            }
        }
        Ok(())
    }

    fn elementwise(&self, arena: &mut Arena, apply: &Apply, position: usize) -> Result<Scaled> {
        let derivative = elementwise(arena, apply, position)?;
        let mut network = Network::new();
        let wires: Wires = apply.axes.iter().map(|axis| network.wire(*axis)).collect();
        let output: Wires = apply.output.iter().map(|label| wires[*label as usize]).collect();
        let open = self.place_adjoint(&mut network, &output);
        let place: Wires =
            derivative.ambient.iter().map(|(label, _)| output[label.0 as usize]).collect();
        network.factor(&derivative.scaled, &place);
        let own = apply.arguments[position].labels.iter().map(|label| wires[*label as usize]);
        let result: Wires = open.iter().copied().chain(own).collect();
        network.output(&result);
        Ok(arena.contract(network))
    }

    /// A new leaf with the axes of a node, to stand for its differential.
    fn leaf(&self, arena: &mut Arena, like: NodeId) -> NodeId {
        let symbol = Symbol {
            name: String::new(),
            axes: axes_of(arena, like),
            structure: Structure::General,
            positive: false,
            complex: false,
            differential_of: None,
        };
        let symbol = arena.declare(symbol);
        arena.variable(symbol)
    }

    /// The adjoint of an argument of a function of whole arrays: by the function's own adjoint where it
    /// is linear, else by a sweep through its differential.
    fn through_rule(
        &self,
        arena: &mut Arena,
        function: FunctionId,
        apply: &Apply,
        position: usize,
    ) -> Result<Option<Scaled>> {
        let linear = arena.vocabulary().facts(function).linear_in;
        if linear.map(usize::from) == Some(position) {
            return self.through_linear(arena, function, apply, position).map(Some);
        }
        let leaf = self.leaf(arena, apply.arguments[position].node);
        let tangents: Vec<Option<Scaled>> = (0..apply.arguments.len())
            .map(|at| (at == position).then(|| Scaled::one(leaf)))
            .collect();
        let rule = rule(arena, function, apply, &tangents)?;
        let seed = self.adjoint.times(&rule.scaled.coefficient);
        let found = sweep(arena, rule.scaled.node, seed, self.open, &[leaf])?;
        Ok(found.into_iter().next().flatten())
    }

    fn through_linear(
        &self,
        arena: &mut Arena,
        function: FunctionId,
        apply: &Apply,
        position: usize,
    ) -> Result<Scaled> {
        let before = self.open.len();
        let arguments: Vec<Value> = (0..apply.arguments.len())
            .map(|at| {
                let node = Scaled::one(apply.arguments[at].node);
                argument(arena, apply, at, &node, before)
            })
            .collect();
        let own = usize::from(arena.vocabulary().facts(function).output_core);
        let mapped = apply.output.len().saturating_sub(own);
        let labels: Vec<Ambient> = (0..before)
            .chain(apply.output[..mapped].iter().map(|label| before + usize::from(*label)))
            .filter_map(|at| u32::try_from(at).ok().map(Ambient))
            .collect();
        let cotangent = argument_value(arena, self.adjoint, own, &labels);
        let value = apply_adjoint(arena, function, &arguments, &cotangent)?;
        // Labels of the application that the argument lacks are summed; open ones stay in front.
        let kept: Vec<Ambient> = (0..before)
            .chain(apply.arguments[position].labels.iter().map(|at| before + usize::from(*at)))
            .filter_map(|at| u32::try_from(at).ok().map(Ambient))
            .collect();
        let mut network = Network::new();
        let wires = network.wires(arena, value.scaled.node);
        network.factor(&value.scaled, &wires);
        let mut output: Wires = value
            .ambient
            .iter()
            .zip(&wires)
            .filter(|((label, _), _)| kept.contains(label))
            .map(|(_, wire)| *wire)
            .collect();
        output.extend(wires[value.ambient.len()..].iter().copied());
        network.output(&output);
        Ok(arena.contract(network))
    }
}
