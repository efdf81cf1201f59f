//! The adjoint sweep: one pass from the function to the leaves.
//!
//! The adjoint of a node has the function's open axes first and then the node's own. Must not know
//! variables or layouts.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::lower::apply_rule;
use gradus_tensor::{
    Apply, Arena, Axes, Axis, Contraction, Network, Node, NodeId, Rational, Scaled, Structure,
    Symbol, Wire, Wires,
};

use rustc_hash::FxHashMap;

use crate::local::{
    Kind, axes_of, elementwise, kind, label_wires, marked, scalar_derivative, without_operand,
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
        if arena.is_exhausted() {
            return Err(Diagnostic::limit("the derivative needs too many nodes").into());
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
                let argument = apply.arguments[0].node;
                let leaf = self.leaf(arena, argument);
                let arguments = [Scaled::one(argument)];
                let rule = apply_rule(arena, function, &arguments, &[Scaled::one(leaf)])?;
                let seed = self.adjoint.times(&rule.scaled.coefficient);
                let found = sweep(arena, rule.scaled.node, seed, self.open, &[leaf])?;
                if let Some(Some(value)) = found.into_iter().next() {
                    push(argument, value);
                }
            }
            Kind::MatrixPower => {
                let value = self.matrix_power(arena, node, apply)?;
                push(apply.arguments[0].node, value);
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

    /// `d tr(X^k) = tr(k X^(k-1) dX)`: closed only where the adjoint is a multiple of the identity.
    fn matrix_power(&self, arena: &mut Arena, node: NodeId, apply: &Apply) -> Result<Scaled> {
        let [matrix, exponent] = apply.arguments.as_slice() else {
            return Err(Diagnostic::internal("a matrix power has two arguments").into());
        };
        if self.depends(exponent.node) {
            return Err(Diagnostic::unsupported(
                "the derivative of a matrix power by its exponent is not supported yet",
            )
            .into());
        }
        let axis = arena.axes(node)[0];
        let scale = self.identity_multiple(arena, axis).ok_or_else(|| {
            Diagnostic::unsupported(
                "the derivative of a matrix power with a symbolic exponent has a closed form only \
                 inside a trace",
            )
        })?;
        let one = arena.number(Rational::ONE);
        let lowered =
            arena.sum(&[Scaled::one(exponent.node), one.times(&Rational::MINUS_ONE)], &[]);
        let power =
            arena.apply_matrix_with_scalars(apply.function, &Scaled::one(matrix.node), &[lowered]);
        let mut network = Network::new();
        let open: Wires = self.open.iter().map(|axis| network.wire(*axis)).collect();
        network.factor(&scale, &open);
        network.factor(&Scaled::one(exponent.node), &[]);
        let (row, column) = (network.wire(axis), network.wire(axis));
        network.factor(&power, &[column, row]);
        let result: Wires = open.iter().copied().chain([row, column]).collect();
        network.output(&result);
        Ok(arena.contract(network))
    }

    /// If the adjoint is `s*I` in the node's own two axes, s.
    fn identity_multiple(&self, arena: &mut Arena, axis: Axis) -> Option<Scaled> {
        let Node::Contraction(contraction) = arena.node(self.adjoint.node).clone() else {
            return None;
        };
        let count = self.open.len();
        let label = *contraction.output.get(count)?;
        let diagonal = contraction.output.get(count + 1) == Some(&label)
            && !contraction.output[..count].contains(&label)
            && !contraction.operands.iter().any(|operand| operand.labels.contains(&label));
        if !diagonal || contraction.axes[label as usize] != axis {
            return None;
        }
        let mut network = Network::new();
        network.scale(&self.adjoint.coefficient);
        let wires: Wires = contraction
            .axes
            .iter()
            .enumerate()
            .map(|(at, axis)| if at == label as usize { Wire::MAX } else { network.wire(*axis) })
            .collect();
        for operand in &contraction.operands {
            let place: Wires = operand.labels.iter().map(|at| wires[*at as usize]).collect();
            network.power(arena, &Scaled::one(operand.node), &operand.exponent, &place);
        }
        let output: Wires =
            contraction.output[..count].iter().map(|at| wires[*at as usize]).collect();
        network.output(&output);
        Some(arena.contract(network))
    }
}
