//! What the structure of matrices does to products: triangles meet masks, skew matrices have one
//! orientation, diagonal matrices one order, Cholesky factors meet themselves.
//!
//! Must not know names of functions or how networks are displayed.

use smallvec::SmallVec;

use crate::arena::{Arena, NodeFacts};
use crate::canonical::canonical;
use crate::facts::Role;
use crate::network::{Factor, Network, Wire, Wires};
use crate::node::{Constant, Contraction, FunctionRef, Node, NodeId, Scaled};
use crate::sabotage::{Sabotage, factor as broken};

/// More skew factors than this keep the orientation in which they were written.
const MOST_SKEW: usize = 3;

/// On which sides of its diagonal a matrix may have entries that are not zero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Triangle {
    pub(crate) lower: bool,
    pub(crate) upper: bool,
}

impl Triangle {
    fn turned(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }
}

impl Arena {
    /// Whether a matrix is zero above its diagonal (`lower`), and below (`upper`).
    pub(crate) fn triangle(&self, node: NodeId) -> Triangle {
        let NodeFacts { lower, upper, diagonal, .. } = self.facts(node);
        Triangle { lower: lower || diagonal, upper: upper || diagonal }
    }

    /// The triangle of a product of matrices in a chain from the first axis to the second.
    pub(crate) fn triangle_of_chain(&self, contraction: &Contraction) -> Option<Triangle> {
        let [start, end] = contraction.output.as_slice() else { return None };
        let matrices = contraction.operands.iter().filter(|operand| !operand.labels.is_empty());
        let matrices: SmallVec<[_; 8]> = matrices.collect();
        let mut used: SmallVec<[bool; 8]> = SmallVec::from_elem(false, matrices.len());
        let mut whole = Triangle { lower: true, upper: true };
        let mut at = *start;
        for _ in 0..matrices.len() {
            let next = matrices.iter().enumerate().find_map(|(place, operand)| {
                let [row, column] = operand.labels.as_slice() else { return None };
                if used[place] || !operand.exponent.is_one() || row == column {
                    return None;
                }
                let own = self.triangle(operand.node);
                if *row == at {
                    Some((place, *column, own))
                } else if *column == at {
                    Some((place, *row, own.turned()))
                } else {
                    None
                }
            })?;
            used[next.0] = true;
            at = next.1;
            whole.lower &= next.2.lower;
            whole.upper &= next.2.upper;
        }
        let is_chain = at == *end
            && start != end
            && !matrices.is_empty()
            && contraction.axes.len() == matrices.len() + 1;
        is_chain.then_some(whole)
    }

    /// A mask on a triangular matrix is nothing, or leaves the diagonal; the diagonal of the inverse of a
    /// triangular matrix has the reciprocal entries.
    pub(crate) fn cancel_triangles(&mut self, network: &mut Network) -> bool {
        for at in 0..network.factors.len() {
            if let Some(argument) = self.inverted_diagonal(&network.factors[at]) {
                let factor = &mut network.factors[at];
                factor.node = argument;
                factor.exponent = factor.exponent.negate();
                return true;
            }
            let factor = &network.factors[at];
            let Node::Constant(Constant::Triangle { rows, columns, lower }) =
                self.node(factor.node)
            else {
                continue;
            };
            let (row, column, lower) = (factor.wires[0], factor.wires[1], *lower);
            if rows != columns || row == column {
                continue;
            }
            let Some(own) = self.triangle_between(network, at, row, column) else { continue };
            let (same, other) = if lower { (own.lower, own.upper) } else { (own.upper, own.lower) };
            if other {
                network.factors.remove(at);
                network.join(row, column);
                return true;
            }
            if same {
                network.factors.remove(at);
                return true;
            }
        }
        false
    }

    /// The matrix whose inverse a factor shows the diagonal of, if it is triangular.
    fn inverted_diagonal(&self, factor: &Factor) -> Option<NodeId> {
        let [row, column] = factor.wires.as_slice() else { return None };
        if row != column {
            return None;
        }
        let argument = self.applied(factor.node, Role::Inverse)?;
        let Triangle { lower, upper } = self.triangle(argument);
        (lower || upper).then_some(argument)
    }

    /// The triangle of the entrywise product of all matrices between two wires, but one.
    fn triangle_between(
        &self,
        network: &Network,
        but: usize,
        row: Wire,
        column: Wire,
    ) -> Option<Triangle> {
        let mut found: Option<Triangle> = None;
        for (at, factor) in network.factors.iter().enumerate() {
            if at == but || factor.exponent.is_negative() {
                continue;
            }
            let own = match factor.wires.as_slice() {
                [a, b] if (*a, *b) == (row, column) => self.triangle(factor.node),
                [a, b] if (*a, *b) == (column, row) => self.triangle(factor.node).turned(),
                _ => continue,
            };
            let known = found.unwrap_or(Triangle { lower: false, upper: false });
            found =
                Some(Triangle { lower: known.lower || own.lower, upper: known.upper || own.upper });
        }
        found
    }

    /// `L*L' = S` and `inv(L)'*inv(L) = inv(S)` for the Cholesky factor L of a symmetric S.
    pub(crate) fn cancel_cholesky(&mut self, network: &mut Network) -> bool {
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            if factor.wires.len() != 2 || !factor.exponent.is_one() {
                continue;
            }
            let Some((matrix, inverted)) = self.cholesky_of(factor.node) else { continue };
            // Both columns of L, or both rows of its inverse.
            let (inner, outer) = if inverted { (0, 1) } else { (1, 0) };
            let (node, between) = (factor.node, factor.wires[inner]);
            let twin = network.factors.iter().enumerate().skip(at + 1).find(|(_, other)| {
                other.node == node
                    && other.exponent.is_one()
                    && other.wires.get(inner) == Some(&between)
            });
            let Some((twin, _)) = twin else { continue };
            if network.degrees()[between as usize] != (2, false) {
                continue;
            }
            let (x, y) = (network.factors[at].wires[outer], network.factors[twin].wires[outer]);
            if x == between || y == between {
                continue;
            }
            network.factors.remove(twin);
            network.factors.remove(at);
            network.dissolve(between);
            let mut value = Scaled::one(matrix);
            if inverted {
                let Some(inverse) = self.vocabulary.with_role(Role::Inverse) else { return false };
                value = self.apply_unary(FunctionRef::Book(inverse), &value);
            }
            network.factor(&value, &[x, y]);
            return true;
        }
        false
    }

    /// The symmetric matrix whose Cholesky factor, or the inverse of it, a node is.
    fn cholesky_of(&self, node: NodeId) -> Option<(NodeId, bool)> {
        let (factor, inverted) = match self.applied(node, Role::Inverse) {
            Some(inner) => (inner, true),
            None => (node, false),
        };
        let matrix = self.applied(factor, Role::Cholesky)?;
        let facts = self.facts(matrix);
        (facts.symmetric && !facts.complex).then_some((matrix, inverted))
    }

    /// A network in which skew matrices have the orientation and neighbouring diagonal matrices the order
    /// in which the same product was seen before. None if it is zero: if turning one skew matrix round
    /// gives the same network, whose value has the other sign.
    pub(crate) fn oriented(&self, mut network: Network) -> Option<Network> {
        self.order_diagonals(&mut network);
        let is_skew = |factor: &Factor| {
            let odd = factor.exponent.to_i64().is_some_and(|exponent| exponent % 2 != 0);
            odd && factor.wires.len() == 2 && self.facts(factor.node).skew
        };
        let skew: SmallVec<[usize; 4]> =
            (0..network.factors.len()).filter(|at| is_skew(&network.factors[*at])).collect();
        if skew.is_empty() || skew.len() > MOST_SKEW {
            return Some(network);
        }
        let Some(own) = canonical(self, &network) else { return Some(network) };
        for at in &skew {
            let turned = turned(&network, &[*at]);
            if canonical(self, &turned).is_some_and(|twin| twin == own) {
                return None;
            }
        }
        if self.find(&Node::Contraction(own)).is_some() {
            return Some(network);
        }
        // In a vector the row of a skew matrix is the side on which the product is open.
        for at in &skew {
            let [row, column] = network.factors[*at].wires.as_slice() else { continue };
            let is_open = |wire: &Wire| network.output.contains(wire);
            if network.output.len() == 1 && is_open(column) && !is_open(row) {
                network = turned(&network, &[*at]);
            }
        }
        for choice in 1_usize..1 << skew.len() {
            let chosen: SmallVec<[usize; 4]> = skew
                .iter()
                .enumerate()
                .filter(|(bit, _)| choice >> bit & 1 == 1)
                .map(|(_, at)| *at)
                .collect();
            let other = turned(&network, &chosen);
            let known = canonical(self, &other)
                .is_some_and(|contraction| self.find(&Node::Contraction(contraction)).is_some());
            if known {
                return Some(other);
            }
        }
        Some(network)
    }

    /// Diagonal matrices that stand next to each other commute.
    fn order_diagonals(&self, network: &mut Network) {
        let is_diagonal = |factor: &Factor| {
            factor.wires.len() == 2
                && factor.wires[0] != factor.wires[1]
                && factor.exponent.is_one()
                && self.facts(factor.node).diagonal
        };
        let diagonal: SmallVec<[usize; 4]> =
            (0..network.factors.len()).filter(|at| is_diagonal(&network.factors[*at])).collect();
        if diagonal.len() < 2 {
            return;
        }
        let degrees = network.degrees();
        let mut used: SmallVec<[bool; 4]> = SmallVec::from_elem(false, diagonal.len());
        for first in 0..diagonal.len() {
            if used[first] {
                continue;
            }
            used[first] = true;
            let mut chain: SmallVec<[usize; 4]> = SmallVec::from_elem(diagonal[first], 1);
            let mut grown = true;
            while grown {
                grown = false;
                for next in 0..diagonal.len() {
                    let touches = chain.iter().any(|at| {
                        network.factors[*at].wires.iter().any(|wire| {
                            degrees[*wire as usize] == (2, false)
                                && network.factors[diagonal[next]].wires.contains(wire)
                        })
                    });
                    if !used[next] && touches {
                        used[next] = true;
                        chain.push(diagonal[next]);
                        grown = true;
                    }
                }
            }
            if chain.len() > 1 {
                self.order_chain(network, &chain);
            }
        }
    }

    /// The matrices of one chain in ascending or descending order of their ids, whichever was seen.
    fn order_chain(&self, network: &mut Network, chain: &[usize]) {
        let Some(mut places) = along(network, chain) else { return };
        let is_open = |at: &usize| {
            let first = network.output.first();
            first.is_some_and(|wire| network.factors[*at].wires.contains(wire))
        };
        if places.last().is_some_and(is_open) && !places.first().is_some_and(is_open) {
            places.reverse();
        }
        let mut ascending: SmallVec<[NodeId; 4]> =
            places.iter().map(|at| network.factors[*at].node).collect();
        ascending.sort_unstable();
        let mut descending = ascending.clone();
        descending.reverse();
        let with = |nodes: &[NodeId]| {
            let mut other = network.clone();
            for (at, node) in places.iter().zip(nodes) {
                other.factors[*at].node = *node;
            }
            other
        };
        let known = |other: &Network| {
            canonical(self, other)
                .is_some_and(|contraction| self.find(&Node::Contraction(contraction)).is_some())
        };
        for nodes in [&ascending, &descending] {
            let other = with(nodes);
            if known(&other) {
                *network = other;
                network.scale(&broken(Sabotage::OrderDiagonals));
                return;
            }
        }
        *network = with(&ascending);
    }
}

/// The matrices of a chain in the order in which they hang together, if it has two ends.
fn along(network: &Network, chain: &[usize]) -> Option<SmallVec<[usize; 4]>> {
    let shared = |wire: Wire| {
        chain.iter().filter(|at| network.factors[**at].wires.contains(&wire)).count() == 2
    };
    let links = |at: &usize| -> Wires {
        network.factors[*at].wires.iter().copied().filter(|wire| shared(*wire)).collect()
    };
    let start = chain.iter().copied().find(|at| links(at).len() == 1)?;
    let mut order: SmallVec<[usize; 4]> = SmallVec::from_elem(start, 1);
    while order.len() < chain.len() {
        let last = *order.last()?;
        let next = chain.iter().copied().find(|at| {
            !order.contains(at)
                && links(at).iter().any(|wire| network.factors[last].wires.contains(wire))
        })?;
        order.push(next);
    }
    Some(order)
}

/// A network with some skew matrices turned round.
fn turned(network: &Network, places: &[usize]) -> Network {
    let mut other = network.clone();
    for at in places {
        other.factors[*at].wires.reverse();
        other.coefficient = other.coefficient.negate();
    }
    other.scale(&broken(Sabotage::OrientSkew));
    other
}
