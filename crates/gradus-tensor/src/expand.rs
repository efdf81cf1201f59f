//! Expansion where it cancels: products over sums are multiplied out if the result is shorter.
//!
//! Nothing is expanded globally. Two occasions are looked at: a product whose sum divides by another
//! factor, as in `s*(1-s)*(y/s - (1-y)/(1-s))`, and a sum of products with sums, as in
//! `y*(1-s) - (1-y)*s`.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::facts::Role;
use crate::network::{Network, Wires};
use crate::node::{FunctionRef, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor as broken};
use crate::symbol::{Axes, Axis};

/// Sums with more terms than this are never expanded.
const TERMS: usize = 8;
/// Expansions with more terms than this are given up.
const EXPANDED: usize = 24;
/// How many factors are multiplied out before it is given up: what cancels does so soon, and products
/// of many factors would take long.
const FACTORS: usize = 256;

impl Arena {
    /// The product multiplied out over a sum that divides by one of its factors, if that is shorter.
    pub(crate) fn expand_quotient(&mut self, network: &Network, axes: &Axes) -> Option<Scaled> {
        let at = network.factors.iter().position(|factor| {
            factor.exponent.is_one() && self.divides_by_factor(factor.node, network)
        })?;
        let others = network.factors.iter().enumerate().filter(|(place, _)| *place != at);
        let before: usize = others.map(|(_, factor)| self.weight(factor.node)).sum();
        let Node::Sum(sum) = self.node(network.factors[at].node).clone() else { return None };
        // What has a name is unfolded where it cancels.
        let own: usize = sum.terms.iter().map(|(_, term)| self.weight_of_product(*term)).sum();
        let before = before + own;
        let terms: Vec<Scaled> = sum
            .terms
            .into_iter()
            .map(|(coefficient, node)| {
                let mut term = network.clone();
                term.scale(&coefficient);
                term.factors[at].node = node;
                self.contract(term)
            })
            .collect();
        let total = self.sum(&terms, axes);
        (self.weight(total.node) < before).then(|| total.times(&broken(Sabotage::ExpandQuotient)))
    }

    fn divides_by_factor(&self, node: NodeId, network: &Network) -> bool {
        let Node::Sum(sum) = self.node(node) else { return false };
        sum.terms.len() <= TERMS
            && sum.terms.iter().any(|(_, term)| match self.node(*term) {
                Node::Contraction(contraction) if !self.is_boundary(*term) => {
                    contraction.operands.iter().any(|operand| {
                        operand.exponent.is_negative()
                            && network.factors.iter().any(|other| {
                                other.node == operand.node && !other.exponent.is_negative()
                            })
                    })
                }
                _ => false,
            })
    }

    /// The terms multiplied out, if that is shorter.
    pub(crate) fn expand_terms(
        &mut self,
        terms: &[(Rational, NodeId)],
        axes: &[Axis],
    ) -> Option<Vec<(Rational, NodeId)>> {
        if terms.len() < 2 || terms.len() > TERMS {
            return None;
        }
        let logistic = self.opposite_sigmoids(terms);
        let expandable =
            terms.iter().filter(|(_, node)| self.sum_factor(*node, &logistic).is_some()).count();
        if expandable == 0 {
            return None;
        }
        let mut expanded: Vec<Scaled> = Vec::new();
        let mut factors = 0;
        let mut pending: Vec<Scaled> = terms
            .iter()
            .rev()
            .map(|(coefficient, node)| Scaled { coefficient: coefficient.clone(), node: *node })
            .collect();
        while let Some(term) = pending.pop() {
            if expanded.len() + pending.len() > EXPANDED {
                return None;
            }
            match self.sum_factor(term.node, &logistic) {
                Some(at) => {
                    let products = self.multiply_out(&term, at, axes)?;
                    factors += products.len() * self.operands(term.node);
                    if factors > FACTORS {
                        return None;
                    }
                    pending.extend(products.into_iter().rev());
                }
                None => match self.node(term.node) {
                    Node::Sum(sum) if !self.is_boundary(term.node) && !sum.terms.is_empty() => {
                        let inner = sum.terms.clone();
                        for (coefficient, node) in inner.into_iter().rev() {
                            let coefficient = coefficient.multiply(&term.coefficient);
                            pending.push(Scaled { coefficient, node });
                        }
                    }
                    _ => expanded.push(term),
                },
            }
        }
        let collected = crate::sum::collect(
            expanded.into_iter().map(|term| (term.coefficient, term.node)).collect(),
        );
        let weigh = |terms: &[(Rational, NodeId)]| -> usize {
            terms.iter().map(|(_, node)| self.weight(*node)).sum()
        };
        let shorter = weigh(&collected) < weigh(terms) && collected.len() <= terms.len();
        shorter.then(|| {
            collected
                .into_iter()
                .map(|(coefficient, node)| {
                    (coefficient.multiply(&broken(Sabotage::ExpandTerms)), node)
                })
                .collect()
        })
    }

    /// The position of a factor that is a sum, or a logistic function to be written as `1 - s`.
    fn sum_factor(&self, node: NodeId, logistic: &[(NodeId, Scaled)]) -> Option<usize> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node) else { return None };
        contraction.operands.iter().position(|operand| {
            let is_sum = !self.is_boundary(operand.node)
                && operand.labels.len() <= 2
                && matches!(self.node(operand.node), Node::Sum(sum)
                    if sum.terms.len() > 1 && sum.terms.len() <= TERMS);
            let opposite = logistic.iter().any(|(seen, _)| *seen == operand.node);
            operand.exponent.is_one() && (is_sum || opposite)
                || (operand.exponent.to_i64() == Some(2) && opposite)
        })
    }

    /// Every `sigmoid(-u)` among the factors for which `sigmoid(u)` is one too, with the latter.
    fn opposite_sigmoids(&mut self, terms: &[(Rational, NodeId)]) -> Vec<(NodeId, Scaled)> {
        let Some(sigmoid) = self.vocabulary.with_role(Role::Sigmoid) else { return Vec::new() };
        let mut seen: SmallVec<[(NodeId, Scaled); 4]> = SmallVec::new();
        for (_, node) in terms {
            let Node::Contraction(contraction) = self.node(*node) else { continue };
            for operand in &contraction.operands {
                let Node::Apply(apply) = self.node(operand.node) else { continue };
                if apply.function == FunctionRef::Book(sigmoid) && !self.is_boundary(operand.node) {
                    let argument = self.unscaled(apply.arguments[0].node);
                    if !seen.iter().any(|(node, _)| *node == operand.node) {
                        seen.push((operand.node, argument));
                    }
                }
            }
        }
        let mut pairs = Vec::new();
        for (node, argument) in &seen {
            let opposite = argument.times(&Rational::MINUS_ONE);
            if argument.coefficient.is_negative()
                && let Some((partner, _)) = seen.iter().find(|(_, other)| *other == opposite)
            {
                pairs.push((*node, Scaled::one(*partner)));
            }
        }
        pairs
    }

    /// One term multiplied out over its factor at a position.
    fn multiply_out(&mut self, term: &Scaled, at: usize, axes: &[Axis]) -> Option<Vec<Scaled>> {
        let Node::Contraction(contraction) = self.node(term.node).clone() else { return None };
        let operand = &contraction.operands[at];
        let parts: Vec<Scaled> = match self.node(operand.node) {
            Node::Sum(sum) => sum
                .terms
                .iter()
                .map(|(coefficient, node)| Scaled { coefficient: coefficient.clone(), node: *node })
                .collect(),
            Node::Apply(apply) => {
                let function = apply.function;
                let opposite = self.unscaled(apply.arguments[0].node).times(&Rational::MINUS_ONE);
                let own: Axes = self.axes(operand.node).into();
                let partner = self.apply_unary(function, &opposite);
                vec![self.ones(&own), partner.times(&Rational::MINUS_ONE)]
            }
            _ => return None,
        };
        let mut products = Vec::with_capacity(parts.len());
        for part in parts {
            let mut network = Network::new();
            network.scale(&term.coefficient);
            let wires: Wires = contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
            for (position, other) in contraction.operands.iter().enumerate() {
                let place: Wires =
                    other.labels.iter().map(|label| wires[*label as usize]).collect();
                let mut exponent = other.exponent.clone();
                if position == at {
                    network.factor(&part, &place);
                    exponent = exponent.subtract(&Rational::ONE);
                }
                network.power(self, &Scaled::one(other.node), &exponent, &place);
            }
            let output: Wires =
                contraction.output.iter().map(|label| wires[*label as usize]).collect();
            network.output(&output);
            products.push(self.contract(network));
        }
        debug_assert!(products.iter().all(|product| {
            let sizes = |axes: &[Axis]| axes.iter().map(|axis| axis.dimension).collect::<Vec<_>>();
            sizes(self.axes(product.node)) == sizes(axes)
        }));
        Some(products)
    }

    /// A rough length of what a node prints as: its factors and terms, two levels deep.
    fn weight(&self, node: NodeId) -> usize {
        let shallow = |node: NodeId| match self.node(node) {
            _ if self.is_boundary(node) => 1,
            Node::Sum(sum) => sum.terms.iter().map(|(_, term)| self.operands(*term)).sum(),
            _ => self.operands(node),
        };
        match self.node(node) {
            _ if self.is_boundary(node) => 1,
            Node::Sum(sum) => sum.terms.iter().map(|(_, term)| self.weight_of_product(*term)).sum(),
            Node::Contraction(_) => self.weight_of_product(node),
            _ => shallow(node),
        }
    }

    fn weight_of_product(&self, node: NodeId) -> usize {
        match self.node(node) {
            Node::Contraction(contraction) if !self.is_boundary(node) => contraction
                .operands
                .iter()
                .map(|operand| match self.node(operand.node) {
                    Node::Sum(sum) if !self.is_boundary(operand.node) => {
                        1 + sum.terms.iter().map(|(_, term)| self.operands(*term)).sum::<usize>()
                    }
                    _ => 1 + usize::from(operand.exponent.is_negative()),
                })
                .sum::<usize>()
                .max(1),
            _ => 1,
        }
    }

    fn operands(&self, node: NodeId) -> usize {
        match self.node(node) {
            Node::Contraction(contraction) if !self.is_boundary(node) => {
                let divisions = contraction
                    .operands
                    .iter()
                    .filter(|operand| operand.exponent.is_negative())
                    .count();
                (contraction.operands.len() + divisions).max(1)
            }
            _ => 1,
        }
    }
}
