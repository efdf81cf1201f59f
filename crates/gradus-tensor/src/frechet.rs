//! Where the Fréchet derivative of a matrix function closes: `L(X,E) = f'(X)*E` for an E that visibly
//! commutes with X.
//!
//! Must not know names of functions.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::facts::{FunctionFacts, Role};
use crate::network::{Network, Wire};
use crate::node::{FunctionRef, Labels, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::several::SeveralArgument;

/// How many parts of two matrices are looked at before they count as not commuting.
const BUDGET: usize = 128;

/// A matrix that is not taken apart further, and whether it stands transposed.
type Leaf = (NodeId, bool);

impl Arena {
    /// Whether two square matrices visibly commute: each is made of one and the same matrix by sums,
    /// products and matrix functions, or both of diagonal matrices.
    pub(crate) fn commute(&self, one: NodeId, other: NodeId) -> bool {
        self.commute_turned(one, &[(other, false)])
    }

    /// As [`Self::commute`], for the product of some matrices, which may stand transposed.
    fn commute_turned(&self, one: NodeId, others: &[Leaf]) -> bool {
        let mut budget = BUDGET;
        let stop = Some(one);
        if let Some(leaves) = self.leaves(others, stop, &mut budget)
            && leaves.iter().all(|leaf| *leaf == (one, false))
        {
            return true;
        }
        let mut all: SmallVec<[Leaf; 4]> = others.into();
        all.push((one, false));
        self.leaves(&all, None, &mut budget).is_some_and(|leaves| {
            leaves.len() <= 1 || leaves.iter().all(|(node, _)| self.is_diagonal(*node))
        })
    }

    fn is_diagonal(&self, node: NodeId) -> bool {
        self.facts(node).diagonal
            || matches!(self.node(node), Node::Contraction(contraction)
                if contraction.output.as_slice() == [0, 0] && contraction.axes.len() == 1)
    }

    /// The matrices that some matrices are polynomials or functions of. Nothing if the budget is spent.
    fn leaves(
        &self,
        of: &[Leaf],
        stop: Option<NodeId>,
        budget: &mut usize,
    ) -> Option<SmallVec<[Leaf; 4]>> {
        let mut found: SmallVec<[Leaf; 4]> = SmallVec::new();
        let mut open: SmallVec<[Leaf; 8]> = of.into();
        while let Some((node, turned)) = open.pop() {
            *budget = budget.checked_sub(1)?;
            if Some(node) == stop || !self.take_apart(node, turned, &mut open) {
                let leaf = (node, turned && !self.facts(node).symmetric);
                if !found.contains(&leaf) {
                    found.push(leaf);
                }
            }
        }
        Some(found)
    }

    /// Pushes what a matrix is a polynomial or a function of; false if it is neither.
    fn take_apart(&self, node: NodeId, turned: bool, open: &mut SmallVec<[Leaf; 8]>) -> bool {
        if self.is_boundary(node) {
            return false;
        }
        match self.node(node) {
            Node::Symbol(_) | Node::Constant(_) => false,
            Node::Sum(sum) => {
                open.extend(sum.terms.iter().map(|(_, term)| (*term, turned)));
                true
            }
            Node::Contraction(contraction) => {
                if self.is_identity(node) {
                    return true;
                }
                let Some(chain) = crate::apply::square_chain(contraction) else { return false };
                let (mut at, end) = (contraction.output[0], contraction.output[1]);
                let mut left = chain;
                let mut parts: SmallVec<[Leaf; 8]> = SmallVec::new();
                while at != end {
                    let next = left
                        .iter()
                        .position(|place| contraction.operands[*place].labels.contains(&at));
                    let Some(next) = next else { return false };
                    let operand = &contraction.operands[left.remove(next)];
                    let against = operand.labels[1] == at;
                    parts.push((operand.node, turned != against));
                    at = operand.labels[usize::from(!against)];
                }
                if !left.is_empty() {
                    return false;
                }
                open.extend(parts);
                true
            }
            Node::Apply(apply) => {
                let FunctionRef::Book(function) = apply.function else { return false };
                let function_of_one = matches!(
                    self.vocabulary.facts(function).role,
                    Some(
                        Role::Inverse
                            | Role::Adjugate
                            | Role::MatrixExponential
                            | Role::MatrixLogarithm
                            | Role::MatrixRoot
                            | Role::MatrixPower
                    )
                );
                let argument = &apply.arguments[0];
                if function_of_one && argument.labels.len() == 2 {
                    open.push((argument.node, turned));
                }
                function_of_one && argument.labels.len() == 2
            }
        }
    }

    /// `L(X,E) = E*f'(X)` for an E that commutes with X.
    pub(crate) fn closed_frechet(
        &mut self,
        facts: &FunctionFacts,
        arguments: &[SeveralArgument],
    ) -> Option<Scaled> {
        let role = facts.frechet_of?;
        let (direction, _) = arguments.get(usize::from(facts.linear_in?))?.clone();
        let matrix = arguments.first()?.0.clone();
        if !self.commute(matrix.node, direction.node) {
            return None;
        }
        let slope = self.scalar_derivative(role, arguments)?;
        let mut network = Network::new();
        let outer = network.wires(self, direction.node);
        let [row, middle] = outer.as_slice() else { return None };
        let column = network.wire(self.axes(slope.node)[1]);
        network.factor(&direction, &[*row, *middle]);
        network.factor(&slope, &[*middle, column]);
        network.output(&[*row, column]);
        Some(self.contract(network))
    }

    /// `f'(X)` for the scalar function f of a matrix function.
    fn scalar_derivative(&mut self, role: Role, arguments: &[SeveralArgument]) -> Option<Scaled> {
        let matrix = arguments.first()?.0.clone();
        let function =
            |arena: &Self, role| Some(FunctionRef::Book(arena.vocabulary.with_role(role)?));
        match role {
            Role::MatrixExponential => {
                let exponential = function(self, role)?;
                Some(self.apply_unary(exponential, &matrix))
            }
            Role::MatrixLogarithm => {
                let inverse = function(self, Role::Inverse)?;
                Some(self.apply_unary(inverse, &matrix))
            }
            Role::MatrixRoot => {
                let (root, inverse) = (function(self, role)?, function(self, Role::Inverse)?);
                let root = self.apply_unary(root, &matrix);
                let half = Rational::new(1, 2)?;
                Some(self.apply_unary(inverse, &root).times(&half))
            }
            Role::MatrixPower => {
                let exponent = arguments.get(1)?.0.clone();
                let one = self.number(Rational::ONE);
                let lowered = self.sum(&[exponent.clone(), one.times(&Rational::MINUS_ONE)], &[]);
                let power = function(self, role)?;
                let arguments = [(matrix, Labels::new()), (lowered, Labels::new())];
                let power = self.apply_several(power, &arguments, &[]);
                let mut network = Network::new();
                let wires = network.wires(self, power.node);
                network.factor(&exponent, &[]);
                network.factor(&power, &wires);
                network.output(&wires);
                Some(self.contract(network))
            }
            _ => None,
        }
    }

    /// `tr(L(X,E)*P) = tr(f'(X)*P*E)` for a product P that commutes with X, and for none: the one
    /// place where a Fréchet derivative meets only what commutes.
    pub(crate) fn close_frechet(&mut self, network: &mut Network) -> bool {
        for at in 0..network.factors.len() {
            let factor = network.factors[at].clone();
            let Node::Apply(apply) = self.node(factor.node) else { continue };
            let FunctionRef::Book(id) = apply.function else { continue };
            let facts = *self.vocabulary.facts(id);
            let ([row, column], Some(role), Some(position)) =
                (factor.wires.as_slice(), facts.frechet_of, facts.linear_in)
            else {
                continue;
            };
            if !factor.exponent.is_one() || self.is_boundary(factor.node) {
                continue;
            }
            let arguments: SmallVec<[SeveralArgument; 3]> = apply
                .arguments
                .iter()
                .map(|argument| (self.unscaled(argument.node), Labels::new()))
                .collect();
            let Some(between) = path(network, at, *row, *column) else { continue };
            let matrix = arguments[0].0.node;
            // The path is read from the row to the column, and is contracted as its transpose.
            let others: SmallVec<[Leaf; 4]> = between
                .iter()
                .map(|(place, against)| (network.factors[*place].node, !against))
                .collect();
            if !self.commute_turned(matrix, &others) {
                continue;
            }
            let Some(slope) = self.scalar_derivative(role, &arguments) else { continue };
            let direction = arguments[usize::from(position)].0.clone();
            let Some(axis) = self.axes(direction.node).first().copied() else { continue };
            let middle = network.wire(axis);
            network.factors.remove(at);
            network.factor(&slope, &[*row, middle]);
            network.factor(&direction, &[middle, *column]);
            return true;
        }
        false
    }
}

/// The factors that lead from one wire to another through wires on nothing else, apart from a factor
/// that lies on both ends; and whether each is walked against its direction. Empty if the ends are one.
fn path(
    network: &Network,
    around: usize,
    from: Wire,
    to: Wire,
) -> Option<SmallVec<[(usize, bool); 4]>> {
    let degrees = network.degrees();
    let closed = |wire: Wire| degrees[wire as usize] == (2, false);
    let mut found: SmallVec<[(usize, bool); 4]> = SmallVec::new();
    if !closed(from) || !closed(to) {
        return None;
    }
    let (mut at, mut last) = (from, around);
    while at != to {
        let next = network.factors.iter().enumerate().position(|(place, factor)| {
            place != last && place != around && factor.wires.contains(&at)
        })?;
        let factor = &network.factors[next];
        let [row, column] = factor.wires.as_slice() else { return None };
        if row == column || !factor.exponent.is_one() || !closed(at) {
            return None;
        }
        let against = *column == at;
        found.push((next, against));
        at = if against { *row } else { *column };
        last = next;
    }
    Some(found)
}
