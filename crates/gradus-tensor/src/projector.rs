//! Projectors: matrices whose square they are themselves, such as a named `P = Z*inv(Z'*Z)*Z'` or
//! `eye - ones/n`.
//!
//! Must not know names of functions. That a matrix is a projector is found by squaring its definition.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::facts::Role;
use crate::network::{Network, Wires};
use crate::node::{Contraction, FunctionRef, Node, NodeId, Scaled};
use crate::rational::Rational;

/// Sums with more terms than this are not squared.
const TERMS: usize = 4;

/// Squaring a matrix may ask for the squares of its parts, so deep and no deeper.
const SQUARINGS: u32 = 4;

impl Arena {
    /// `P*P = P`
    pub(crate) fn cancel_projectors(&mut self, network: &mut Network) -> bool {
        for a in 0..network.factors.len() {
            let first = &network.factors[a];
            let node = first.node;
            if first.wires.len() != 2 || !first.exponent.is_one() || !self.may_project(node) {
                continue;
            }
            let symmetric = self.facts(node).symmetric;
            for b in a + 1..network.factors.len() {
                let (first, second) = (&network.factors[a], &network.factors[b]);
                if second.node != node || !second.exponent.is_one() {
                    continue;
                }
                let sides = [(1, 0), (0, 1), (0, 0), (1, 1)];
                let degrees = network.degrees();
                let meeting =
                    sides.into_iter().take(if symmetric { 4 } else { 2 }).find(|(p, q)| {
                        let between = first.wires[*p];
                        between == second.wires[*q]
                            && first.wires[0] != first.wires[1]
                            && degrees[between as usize] == (2, false)
                    });
                let Some((p, q)) = meeting else { continue };
                if !self.is_projector(node) {
                    break;
                }
                let outside = network.factors[b].wires[1 - q];
                let between = std::mem::replace(&mut network.factors[a].wires[p], outside);
                network.factors.remove(b);
                network.dissolve(between);
                return true;
            }
        }
        false
    }

    /// Whether squaring a matrix is worth trying: a named product with a quotient or an inverse, or a
    /// sum with the identity.
    fn may_project(&self, node: NodeId) -> bool {
        let axes = self.axes(node);
        if axes.len() != 2 || axes[0] != axes[1] || axes[0].range {
            return false;
        }
        match self.node(node) {
            Node::Sum(sum) => {
                sum.terms.len() > 1
                    && sum.terms.len() <= TERMS
                    && sum.terms.iter().any(|(_, term)| self.is_identity(*term))
            }
            Node::Contraction(contraction) => contraction
                .operands
                .iter()
                .any(|operand| operand.exponent.is_negative() || self.is_inverse(operand.node)),
            _ => false,
        }
    }

    fn is_inverse(&self, node: NodeId) -> bool {
        matches!(self.node(node), Node::Apply(apply)
            if matches!(apply.function, FunctionRef::Book(id)
                if self.vocabulary.facts(id).role == Some(Role::Inverse)))
    }

    /// Whether the square of a matrix is seen to be the matrix.
    fn is_projector(&mut self, node: NodeId) -> bool {
        if let Some(known) = self.projectors.get(&node) {
            return *known;
        }
        if self.squaring >= SQUARINGS {
            return false;
        }
        // The answer while it is being found.
        self.projectors.insert(node, false);
        self.squaring += 1;
        let terms: SmallVec<[(Rational, NodeId); 4]> = match self.node(node) {
            Node::Sum(sum) => sum.terms.iter().cloned().collect(),
            _ => std::iter::once((Rational::ONE, node)).collect(),
        };
        let mut products: Vec<Scaled> = Vec::with_capacity(terms.len() * terms.len());
        for (left, first) in &terms {
            for (right, second) in &terms {
                let mut network = Network::new();
                network.scale(&left.multiply(right));
                let axis = self.axes(node)[0];
                let [row, middle, column] = [0; 3].map(|_| network.wire(axis));
                self.open(&mut network, *first, [row, middle], *first == node);
                self.open(&mut network, *second, [middle, column], *second == node);
                network.output(&[row, column]);
                products.push(self.contract(network));
            }
        }
        let axes: SmallVec<[crate::symbol::Axis; 2]> = self.axes(node).into();
        let square = self.sum(&products, &axes);
        let found = square == Scaled::one(node);
        self.squaring -= 1;
        self.projectors.insert(node, found);
        found
    }

    /// Multiplies by a matrix, by the factors of its definition if it is to be opened.
    fn open(&mut self, network: &mut Network, node: NodeId, wires: [u32; 2], open: bool) {
        let contraction: Contraction = match self.node(node) {
            Node::Contraction(contraction) if open => contraction.clone(),
            _ => return network.factor(&Scaled::one(node), &wires),
        };
        let mut own: SmallVec<[Option<u32>; 8]> = contraction.axes.iter().map(|_| None).collect();
        for (label, wire) in contraction.output.iter().zip(wires) {
            own[usize::from(*label)] = Some(wire);
        }
        let own: SmallVec<[u32; 8]> = own
            .into_iter()
            .zip(&contraction.axes)
            .map(|(wire, axis)| wire.unwrap_or_else(|| network.wire(*axis)))
            .collect();
        for operand in &contraction.operands {
            let place: Wires =
                operand.labels.iter().map(|label| own[usize::from(*label)]).collect();
            network.power(self, &Scaled::one(operand.node), &operand.exponent, &place);
        }
    }
}
