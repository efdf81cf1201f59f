//! The constructor of functions of several arrays, and what becomes of those that are linear in one.
//!
//! Must not know names of functions.

use smallvec::SmallVec;

use crate::arena::{Arena, Exhaustion, NodeFacts};
use crate::facts::FunctionFacts;
use crate::network::{Network, Wires};
use crate::node::{Apply, Argument, FunctionRef, Label, Labels, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor};
use crate::symbol::{Axes, Axis};

/// An argument of a function of several arrays: a value, and for each axis before its core axes the
/// position of the mapped axis that it is.
pub type SeveralArgument = (Scaled, Labels);

impl Arena {
    /// A function of several arrays, which acts on the last axes of each (as many as its facts say) and
    /// maps over `mapped`. The result has the mapped axes, then its core axes.
    pub fn apply_several(
        &mut self,
        function: FunctionRef,
        arguments: &[SeveralArgument],
        mapped: &[Axis],
    ) -> Scaled {
        let FunctionRef::Book(id) = function else {
            // Only the book has functions of several arrays.
            self.exhaust(Exhaustion::Labels);
            return Scaled::one(self.zero(mapped));
        };
        let facts = *self.vocabulary.facts(id);
        if let Some(value) = self.linear(function, &facts, arguments, mapped) {
            return value.times(&factor(Sabotage::ComposeLinear));
        }
        if mapped.is_empty()
            && let Some(value) = self.turned(function, &facts, arguments)
        {
            return value.times(&factor(Sabotage::ComposeArray));
        }
        let (apply, axes) = self.several(function, &facts, arguments, mapped);
        let matrices = arguments.iter().zip(facts.cores).filter(|(_, core)| **core == 2);
        let symmetric = facts.keeps_symmetry
            && mapped.is_empty()
            && matrices.map(|((value, _), _)| value.node).all(|node| self.facts(node).symmetric);
        let known = NodeFacts { symmetric, ..self.function_facts(function) };
        Scaled::one(self.insert(Node::Apply(apply), axes, known))
    }

    /// The application as it stands, and the axes of its result.
    fn several(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        arguments: &[SeveralArgument],
        mapped: &[Axis],
    ) -> (Apply, Axes) {
        let mut axes: SmallVec<[Axis; 4]> = mapped.into();
        let mut places: SmallVec<[Argument; 1]> = SmallVec::new();
        let mut output: Labels = labels(0, mapped.len());
        for (value, ambient) in arguments {
            let node = self.to_node(value);
            let own: Axes = self.axes(node)[ambient.len().min(self.axes(node).len())..].into();
            let mut all = ambient.clone();
            all.extend(labels(axes.len(), own.len()));
            axes.extend(own);
            places.push(Argument { node, labels: all });
        }
        for position in 0..usize::from(facts.output_core) {
            let (argument, core) = facts.output_axis(position);
            let label = places.get(argument).zip(arguments.get(argument));
            output.extend(
                label.and_then(|(place, (_, ambient))| {
                    place.labels.get(ambient.len() + core).copied()
                }),
            );
        }
        let result: Axes = output.iter().map(|label| axes[usize::from(*label)]).collect();
        (Apply { function, arguments: places, output, axes }, result)
    }

    /// What a function that is linear in one argument becomes where that is zero, a multiple, or has
    /// scalar factors; and what closes the Fréchet derivative of a matrix function.
    fn linear(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        arguments: &[SeveralArgument],
        mapped: &[Axis],
    ) -> Option<Scaled> {
        let position = usize::from(facts.linear_in?);
        let (value, ambient) = arguments.get(position)?.clone();
        if self.is_zero(value.node) {
            let (_, axes) = self.several(function, facts, arguments, mapped);
            return Some(Scaled::one(self.zero(&axes)));
        }
        if !value.coefficient.is_one() {
            let mut unit = arguments.to_vec();
            unit[position].0.coefficient = Rational::ONE;
            return Some(self.apply_several(function, &unit, mapped).times(&value.coefficient));
        }
        if let Some((scalars, rest)) = self.without_scalars(value.node) {
            let mut inner = arguments.to_vec();
            inner[position] = (rest, ambient);
            let inner = self.apply_several(function, &inner, mapped);
            let mut network = Network::new();
            let wires = network.wires(self, inner.node);
            for (scalar, exponent) in scalars {
                network.power(self, &Scaled::one(scalar), &exponent, &[]);
            }
            network.factor(&inner, &wires);
            network.output(&wires);
            return Some(self.contract(network));
        }
        if !mapped.is_empty() {
            return None;
        }
        self.closed_frechet(facts, arguments)
            .or_else(|| self.split_frechet(function, facts, arguments))
    }

    /// The scalar factors of an unnamed product, and the product of the others.
    fn without_scalars(&mut self, node: NodeId) -> Option<(Vec<(NodeId, Rational)>, Scaled)> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node).clone() else { return None };
        let (scalars, rest): (Vec<_>, Vec<_>) =
            contraction.operands.into_iter().partition(|operand| operand.labels.is_empty());
        if scalars.is_empty() {
            return None;
        }
        let mut network = Network::new();
        let wires: Wires = contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
        for operand in rest {
            let place: Wires = operand.labels.iter().map(|at| wires[usize::from(*at)]).collect();
            network.power(self, &Scaled::one(operand.node), &operand.exponent, &place);
        }
        let output: Wires = contraction.output.iter().map(|at| wires[usize::from(*at)]).collect();
        network.output(&output);
        let scalars = scalars.into_iter().map(|operand| (operand.node, operand.exponent)).collect();
        Some((scalars, self.contract(network)))
    }

    /// A Fréchet derivative along a sum of which some terms commute with the matrix.
    fn split_frechet(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        arguments: &[SeveralArgument],
    ) -> Option<Scaled> {
        facts.frechet_of?;
        let position = usize::from(facts.linear_in?);
        let (matrix, direction) = (arguments.first()?.0.node, arguments.get(position)?.0.node);
        if self.is_boundary(direction) {
            return None;
        }
        let Node::Sum(sum) = self.node(direction).clone() else { return None };
        if !sum.terms.iter().any(|(_, term)| self.commute(matrix, *term)) {
            return None;
        }
        let mut parts = Vec::with_capacity(sum.terms.len());
        for (coefficient, node) in sum.terms {
            let mut part = arguments.to_vec();
            part[position].0 = Scaled { coefficient, node };
            parts.push(self.apply_several(function, &part, &[]));
        }
        Some(self.sum(&parts, &sum.axes))
    }

    /// `f(A', B') = f(A, B)'` for a function of matrices that says so, where every matrix is written
    /// transposed or symmetric.
    fn turned(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        arguments: &[SeveralArgument],
    ) -> Option<Scaled> {
        if facts.transpose != crate::facts::TransposeRule::Commutes {
            return None;
        }
        let mut turned = arguments.to_vec();
        let mut any = false;
        for ((value, _), core) in turned.iter_mut().zip(facts.cores) {
            if *core != 2 || self.facts(value.node).symmetric {
                continue;
            }
            value.node = self.plain_transpose(value.node)?;
            any = true;
        }
        if !any {
            return None;
        }
        let value = self.apply_several(function, &turned, &[]);
        Some(self.transpose(&value))
    }

    /// What an unnamed node is the transpose of, if it is nothing more.
    pub(crate) fn plain_transpose(&self, node: NodeId) -> Option<NodeId> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node) else { return None };
        let [operand] = contraction.operands.as_slice() else { return None };
        let plain = operand.exponent.is_one()
            && operand.labels.as_slice() == [1, 0]
            && contraction.output.as_slice() == [0, 1]
            && contraction.axes.len() == 2;
        plain.then_some(operand.node)
    }
}

/// So many labels from a first one on.
pub(crate) fn labels(from: usize, count: usize) -> Labels {
    (from..from + count).map(|label| Label::try_from(label).unwrap_or(Label::MAX)).collect()
}
