//! Networks with other leaves: substitution, and complex conjugation as one.
//!
//! Must not know why leaves are replaced. A complex variable and its conjugate are two leaves; the
//! conjugate of a network is the same network with each of these in the place of the other, for every
//! function in it has real coefficients.

use rustc_hash::FxHashMap;

use crate::arena::Arena;
use crate::facts::Role;
use crate::network::{Network, Wires};
use crate::node::{Apply, Constant, Contraction, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor};
use crate::several::SeveralArgument;
use crate::symbol::{Structure, SymbolId};

impl Arena {
    /// The value with other nodes in the place of some of its own, built anew with all that is known
    /// of them; replacements have the axes of what they stand for. Names stay.
    pub fn substitute(&mut self, value: &Scaled, replaced: &[(NodeId, Scaled)]) -> Scaled {
        let mut known: FxHashMap<NodeId, Scaled> = replaced.iter().cloned().collect();
        let order = self.reachable(value.node, |_, node| !known.contains_key(&node));
        for node in order {
            let changed = self.node(node).children().any(|child| known.contains_key(&child));
            if !changed {
                continue;
            }
            let rebuilt = self.rebuilt(node, &known);
            let rebuilt = self.with_name_of(node, rebuilt);
            known.insert(node, rebuilt);
        }
        known.get(&value.node).map_or_else(|| value.clone(), |new| new.times(&value.coefficient))
    }

    /// The value at a point: other values in the place of some nodes. Names stay with what does not
    /// depend on these nodes, for they tell the value where it is not at the point. `None` if zero is
    /// divided by there.
    pub fn at_point(&mut self, value: &Scaled, replaced: &[(NodeId, Scaled)]) -> Option<Scaled> {
        let mut known: FxHashMap<NodeId, Scaled> = replaced.iter().cloned().collect();
        let order = self.reachable(value.node, |_, node| !known.contains_key(&node));
        for node in order {
            let changed = self.node(node).children().any(|child| known.contains_key(&child));
            if !changed {
                continue;
            }
            if self.divides_by_zero(node, &known) {
                return None;
            }
            let rebuilt = self.rebuilt(node, &known);
            let rebuilt =
                if self.is_zero(rebuilt.node) { Scaled::one(rebuilt.node) } else { rebuilt };
            known.insert(node, rebuilt);
        }
        match known.get(&value.node) {
            Some(new) if self.is_zero(new.node) => Some(new.clone()),
            Some(new) => Some(new.times(&value.coefficient)),
            None => Some(value.clone()),
        }
    }

    /// Whether an operand with a negative exponent is zero, or the inverse of zero is taken.
    fn divides_by_zero(&self, node: NodeId, known: &FxHashMap<NodeId, Scaled>) -> bool {
        let vanishes = |child: NodeId| known.get(&child).is_some_and(|new| self.is_zero(new.node));
        match self.node(node) {
            Node::Contraction(contraction) => contraction
                .operands
                .iter()
                .any(|operand| operand.exponent.is_negative() && vanishes(operand.node)),
            Node::Apply(apply) => {
                let singular = match apply.function {
                    crate::node::FunctionRef::Book(function) => matches!(
                        self.vocabulary.facts(function).role,
                        Some(Role::Inverse | Role::Logarithm | Role::LogDeterminant)
                    ),
                    _ => false,
                };
                singular && apply.arguments.iter().any(|argument| vanishes(argument.node))
            }
            Node::Symbol(_) | Node::Constant(_) | Node::Sum(_) => false,
        }
    }

    /// The complex conjugate; a real value itself.
    pub fn conjugate(&mut self, value: &Scaled) -> Scaled {
        if !self.facts(value.node).complex {
            return value.clone();
        }
        let order = self.reachable(value.node, |arena, node| {
            arena.facts(node).complex && !arena.conjugates.contains_key(&node)
        });
        for node in order {
            let rebuilt = match self.node(node) {
                Node::Symbol(symbol) => {
                    let symbol = *symbol;
                    self.conjugate_leaf(symbol)
                }
                Node::Constant(Constant::ImaginaryUnit) => {
                    Scaled { coefficient: Rational::MINUS_ONE, node }
                }
                _ => {
                    let known = std::mem::take(&mut self.conjugates);
                    let rebuilt = self.rebuilt(node, &known);
                    self.conjugates = known;
                    rebuilt
                }
            };
            if self.is_boundary(node) {
                self.set_boundary(rebuilt.node);
            }
            self.conjugates.insert(node, rebuilt);
        }
        let conjugate = self.conjugates.get(&value.node).cloned();
        let conjugate = conjugate.unwrap_or_else(|| Scaled::one(value.node));
        conjugate.times(&value.coefficient).times(&factor(Sabotage::Conjugate))
    }

    /// Whether a value is its own conjugate. A value that is real may not be seen to be.
    pub fn is_real(&mut self, value: &Scaled) -> bool {
        let conjugate = self.conjugate(value);
        let plain =
            |arena: &Self, value: &Scaled| arena.unscaled(value.node).times(&value.coefficient);
        plain(self, &conjugate) == plain(self, value)
    }

    /// The variable whose conjugate a symbol is.
    #[must_use]
    pub fn conjugate_of(&self, symbol: SymbolId) -> Option<SymbolId> {
        let found = self.conjugate_symbols.iter().find(|(leaf, _)| *leaf == symbol);
        found.map(|(_, variable)| *variable)
    }

    /// The conjugate of a complex variable: the leaf that stands for it. A hermitian matrix is its own
    /// transpose there.
    pub fn conjugate_leaf(&mut self, symbol: SymbolId) -> Scaled {
        if let Some(base) = self.conjugate_of(symbol) {
            return Scaled::one(self.variable(base));
        }
        let node = self.variable(symbol);
        let rank = self.axes(node).len();
        if self.symbol(symbol).structure == Structure::Hermitian && rank >= 2 {
            let mut order: Vec<usize> = (0..rank).collect();
            order.swap(rank - 2, rank - 1);
            return self.permute(node, &order);
        }
        let leaf = self.known_conjugate(symbol).unwrap_or_else(|| {
            let leaf = self.declare(self.symbol(symbol).clone());
            self.conjugate_symbols.push((leaf, symbol));
            leaf
        });
        Scaled::one(self.variable(leaf))
    }

    /// The symbol that stands for the conjugate of a variable, if it was wanted before.
    fn known_conjugate(&self, symbol: SymbolId) -> Option<SymbolId> {
        let found = self.conjugate_symbols.iter().find(|(_, variable)| *variable == symbol);
        found.map(|(leaf, _)| *leaf)
    }

    /// For a matrix whose transpose is the inverse of some node, that node: an orthogonal matrix
    /// itself, the conjugate of a unitary one.
    pub(crate) fn orthogonal_mate(&self, node: NodeId) -> Option<NodeId> {
        let Node::Symbol(symbol) = self.node(node) else {
            let plain = !matches!(self.node(node), Node::Contraction(_));
            return (plain && self.facts(node).orthogonal).then_some(node);
        };
        match self.symbol(*symbol).structure {
            Structure::Orthogonal => Some(node),
            Structure::Unitary => {
                let mate = self.conjugate_of(*symbol).or_else(|| self.known_conjugate(*symbol))?;
                self.find(&Node::Symbol(mate))
            }
            _ => None,
        }
    }

    /// The nodes below a node and itself that are wanted, children first; below an unwanted node
    /// nothing is looked at.
    fn reachable(&self, root: NodeId, wanted: impl Fn(&Self, NodeId) -> bool) -> Vec<NodeId> {
        let mut seen: rustc_hash::FxHashSet<NodeId> = rustc_hash::FxHashSet::default();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if wanted(self, node) && seen.insert(node) {
                open.extend(self.node(node).children());
            }
        }
        let mut order: Vec<NodeId> = seen.into_iter().collect();
        order.sort_unstable();
        order
    }

    /// A node built anew from other children; those that are not among the known ones stay.
    fn rebuilt(&mut self, node: NodeId, known: &FxHashMap<NodeId, Scaled>) -> Scaled {
        let new = |child: NodeId| known.get(&child).cloned().unwrap_or_else(|| Scaled::one(child));
        match self.node(node).clone() {
            Node::Symbol(_) | Node::Constant(_) => Scaled::one(node),
            Node::Sum(sum) => {
                let terms: Vec<Scaled> = sum
                    .terms
                    .iter()
                    .map(|(coefficient, child)| new(*child).times(coefficient))
                    .collect();
                self.sum(&terms, &sum.axes)
            }
            Node::Contraction(contraction) => self.rebuilt_contraction(&contraction, new),
            Node::Apply(apply) => self.rebuilt_apply(&apply, new),
        }
    }

    fn rebuilt_contraction(
        &mut self,
        contraction: &Contraction,
        new: impl Fn(NodeId) -> Scaled,
    ) -> Scaled {
        let mut network = Network::new();
        let wires: Wires = contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
        for operand in &contraction.operands {
            let place: Wires = operand.labels.iter().map(|label| wires[*label as usize]).collect();
            network.power(self, &new(operand.node), &operand.exponent, &place);
        }
        let output: Wires = contraction.output.iter().map(|label| wires[*label as usize]).collect();
        network.output(&output);
        self.contract(network)
    }

    fn rebuilt_apply(&mut self, apply: &Apply, new: impl Fn(NodeId) -> Scaled) -> Scaled {
        let arguments: Vec<Scaled> =
            apply.arguments.iter().map(|argument| new(argument.node)).collect();
        match arguments.as_slice() {
            [only] => self.apply_unary(apply.function, only),
            [_, ..] if self.acts_on_matrix(apply) => self.rebuilt_several(apply, &arguments),
            _ => self.apply_elementwise_many(apply.function, &arguments),
        }
    }

    fn rebuilt_several(&mut self, apply: &Apply, values: &[Scaled]) -> Scaled {
        let crate::node::FunctionRef::Book(function) = apply.function else {
            return self.apply_elementwise_many(apply.function, values);
        };
        let facts = *self.vocabulary.facts(function);
        let arguments: Vec<SeveralArgument> = values
            .iter()
            .zip(&apply.arguments)
            .zip(facts.cores)
            .map(|((value, argument), core)| {
                let mapped = argument.labels.len().saturating_sub(usize::from(*core));
                (value.clone(), argument.labels[..mapped].into())
            })
            .collect();
        let mapped = apply.output.len().saturating_sub(usize::from(facts.output_core));
        self.apply_several(apply.function, &arguments, &apply.axes[..mapped])
    }

    /// Whether the first argument is a matrix as a whole.
    fn acts_on_matrix(&self, apply: &Apply) -> bool {
        match apply.function {
            crate::node::FunctionRef::Book(function) => {
                self.vocabulary.facts(function).cores.first().is_some_and(|core| *core > 0)
            }
            _ => false,
        }
    }

    /// Gives a node that takes the place of another one the name of that.
    fn with_name_of(&mut self, old: NodeId, value: Scaled) -> Scaled {
        if let Some(name) = self.name(old).map(str::to_owned) {
            let node = self.to_node(&value);
            self.set_name(node, &name);
            return Scaled::one(node);
        }
        if self.is_boundary(old) {
            self.set_boundary(value.node);
        }
        value
    }
}
