//! Sums: equal terms collect, sums equal up to a number share the first seen one.
//!
//! Must not know products beyond asking for transposes of terms.

use smallvec::SmallVec;

use crate::arena::{Arena, COEFFICIENT_BITS, Exhaustion, NodeFacts};
use crate::network::Network;
use crate::node::{Contraction, Node, NodeId, Scaled, Sum};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor};
use crate::symbol::{Axes, Axis};

impl Arena {
    /// The number `value`, a scalar.
    pub fn number(&mut self, value: Rational) -> Scaled {
        let one = self.one();
        if value.is_zero() {
            return Scaled::one(self.zero(&[]));
        }
        Scaled { coefficient: value, node: one }
    }

    /// The number one: the empty contraction.
    pub fn one(&mut self) -> NodeId {
        let node = Node::Contraction(Contraction {
            operands: SmallVec::new(),
            output: SmallVec::new(),
            axes: SmallVec::new(),
        });
        let facts = NodeFacts {
            positive: true,
            nonnegative: true,
            symmetric: true,
            ..NodeFacts::default()
        };
        self.insert(node, Axes::new(), facts)
    }

    /// Zero along the given axes.
    pub fn zero(&mut self, axes: &[Axis]) -> NodeId {
        let axes: Axes = axes.into();
        let facts = NodeFacts {
            nonnegative: true,
            symmetric: axes.len() == 2 && axes[0] == axes[1],
            ..NodeFacts::default()
        };
        self.insert(Node::Sum(Sum { terms: Vec::new(), axes: axes.clone() }), axes, facts)
    }

    /// A node times a number as a node of its own.
    pub(crate) fn scaled_node(&mut self, factor: &Rational, node: NodeId, axes: Axes) -> NodeId {
        if factor.is_zero() {
            return self.zero(&axes);
        }
        let inner = self.facts(node);
        let facts = NodeFacts {
            positive: inner.positive && !factor.is_negative(),
            nonnegative: inner.nonnegative && !factor.is_negative(),
            symmetric: inner.symmetric,
            invertible: inner.invertible,
            diagonal: inner.diagonal,
            skew: inner.skew,
            ..NodeFacts::default()
        };
        let sum = Sum { terms: vec![(factor.clone(), node)], axes: axes.clone() };
        self.insert(Node::Sum(sum), axes, facts)
    }

    /// The sum of terms with the same axes.
    pub fn sum(&mut self, terms: &[Scaled], axes: &[Axis]) -> Scaled {
        let flat = self.flatten_terms(terms);
        let collected = collect(flat);
        if collected.iter().any(|(coefficient, _)| coefficient.exceeds_bits(COEFFICIENT_BITS)) {
            self.exhaust(Exhaustion::Digits);
            return Scaled::one(self.zero(axes));
        }
        let collected = self.merge_diagonals(collected, axes);
        let collected = self.expand_terms(&collected, axes).unwrap_or(collected);
        match collected.as_slice() {
            [] => Scaled::one(self.zero(axes)),
            [(coefficient, node)] => Scaled { coefficient: coefficient.clone(), node: *node },
            _ => self.intern_sum(collected, axes),
        }
    }

    fn flatten_terms(&self, terms: &[Scaled]) -> Vec<(Rational, NodeId)> {
        let mut flat = Vec::with_capacity(terms.len());
        for term in terms {
            match self.node(term.node) {
                Node::Sum(sum) if !self.is_boundary(term.node) => {
                    for (coefficient, node) in &sum.terms {
                        flat.push((coefficient.multiply(&term.coefficient), *node));
                    }
                }
                _ => flat.push((term.coefficient.clone(), term.node)),
            }
        }
        flat
    }

    /// Puts diagonal matrices together: `diag(u) + diag(v)` is `diag(u + v)`, and `s*I + t*I` is
    /// `(s + t)*I`; the two kinds stay apart, for a multiple of the identity reads better alone.
    fn merge_diagonals(
        &mut self,
        terms: Vec<(Rational, NodeId)>,
        axes: &[Axis],
    ) -> Vec<(Rational, NodeId)> {
        if axes.len() != 2 || axes[0] != axes[1] || terms.len() < 2 {
            return terms;
        }
        let kinds: SmallVec<[Option<bool>; 8]> =
            terms.iter().map(|(_, node)| self.diagonal_kind(*node)).collect();
        let mut result = terms;
        for kind in [false, true] {
            let members: SmallVec<[usize; 8]> =
                (0..kinds.len()).filter(|at| kinds[*at] == Some(kind)).collect();
            if members.len() < 2 {
                continue;
            }
            let parts: Vec<Scaled> = members
                .iter()
                .map(|at| {
                    let (coefficient, node) = result[*at].clone();
                    self.diagonal_part(node, kind).times(&coefficient)
                })
                .collect();
            let part_axes: SmallVec<[Axis; 1]> =
                if kind { SmallVec::from_slice(&axes[..1]) } else { SmallVec::new() };
            let total = self.sum(&parts, &part_axes);
            let mut network = Network::new();
            let wire = network.wire(axes[0]);
            network.factor(&total, if kind { std::slice::from_ref(&wire) } else { &[] });
            network.output(&[wire, wire]);
            let embedded = self.contract(network);
            for (at, term) in result.iter_mut().enumerate() {
                if members.contains(&at) {
                    term.0 = Rational::ZERO;
                }
            }
            if !self.is_zero(embedded.node) {
                let coefficient = embedded.coefficient.multiply(&factor(Sabotage::MergeDiagonals));
                result[members[0]] = (coefficient, embedded.node);
            }
        }
        collect(result)
    }

    /// `Some(true)` for the diagonal matrix of a vector, `Some(false)` for a multiple of the
    /// identity.
    fn diagonal_kind(&self, node: NodeId) -> Option<bool> {
        if self.is_boundary(node) {
            return None;
        }
        match self.node(node) {
            Node::Contraction(contraction) if contraction.output.as_slice() == [0, 0] => {
                Some(contraction.operands.iter().any(|operand| operand.labels.contains(&0)))
            }
            _ => None,
        }
    }

    fn diagonal_part(&mut self, node: NodeId, vector: bool) -> Scaled {
        let axis = self.axes(node)[0];
        if vector {
            let mut network = Network::new();
            let wire = network.wire(axis);
            network.factor(&Scaled::one(node), &[wire, wire]);
            network.output(&[wire]);
            return self.contract(network);
        }
        let Node::Contraction(contraction) = self.node(node).clone() else {
            return Scaled::one(node);
        };
        let mut network = Network::new();
        for operand in &contraction.operands {
            network.power(self, &Scaled::one(operand.node), &operand.exponent, &[]);
        }
        // Labels beyond the diagonal are sizes summed free.
        for axis in contraction.axes.iter().skip(1) {
            network.wire(*axis);
        }
        self.contract(network)
    }

    fn intern_sum(&mut self, terms: Vec<(Rational, NodeId)>, axes: &[Axis]) -> Scaled {
        let axes: Axes = axes.into();
        let (lead, key) = canonical_terms(&terms);
        if let Some((stored, node)) = self.sums.get(&(key.clone(), axes.clone())) {
            let coefficient = lead.divide(stored).unwrap_or(Rational::ONE);
            let broken =
                if coefficient.is_one() { Rational::ONE } else { factor(Sabotage::ShareSums) };
            return Scaled { coefficient: coefficient.multiply(&broken), node: *node };
        }
        let mut symmetric = false;
        let mut skew = false;
        if axes.len() == 2 {
            let transposed: Vec<(Rational, NodeId)> = terms
                .iter()
                .map(|(coefficient, node)| {
                    let twin = self.permute(*node, &[1, 0]);
                    (coefficient.multiply(&twin.coefficient), twin.node)
                })
                .collect();
            let twin_axes: Axes = [axes[1], axes[0]].into_iter().collect();
            let (twin_lead, twin_key) = canonical_terms(&collect(transposed));
            if twin_axes == axes && twin_key == key {
                symmetric = twin_lead == lead;
                skew = twin_lead == lead.negate();
            } else if let Some((stored, node)) = self.sums.get(&(twin_key, twin_axes)).cloned() {
                let coefficient = twin_lead.divide(&stored).unwrap_or(Rational::ONE);
                return self.permute(node, &[1, 0]).times(&coefficient);
            }
        }
        let facts = NodeFacts { symmetric, skew, ..self.sum_facts(&terms) };
        let node = self.insert(Node::Sum(Sum { terms, axes: axes.clone() }), axes.clone(), facts);
        self.sums.insert((key, axes), (lead, node));
        Scaled::one(node)
    }

    fn sum_facts(&self, terms: &[(Rational, NodeId)]) -> NodeFacts {
        let nonnegative = terms
            .iter()
            .all(|(coefficient, node)| !coefficient.is_negative() && self.facts(*node).nonnegative);
        let positive = nonnegative && terms.iter().any(|(_, node)| self.facts(*node).positive);
        let diagonal = terms.iter().all(|(_, node)| self.facts(*node).diagonal);
        let lower = terms.iter().all(|(_, node)| self.triangle(*node).lower);
        let upper = terms.iter().all(|(_, node)| self.triangle(*node).upper);
        NodeFacts { nonnegative, positive, diagonal, lower, upper, ..NodeFacts::default() }
    }
}

/// Adds up the coefficients of equal nodes at the place where each was first seen. A coefficient that
/// has become too long stays as it is, so that it is seen.
pub(crate) fn collect(terms: Vec<(Rational, NodeId)>) -> Vec<(Rational, NodeId)> {
    if terms.len() > 16 {
        return collect_many(terms);
    }
    let mut collected: Vec<(Rational, NodeId)> = Vec::with_capacity(terms.len());
    for (coefficient, node) in terms {
        match collected.iter_mut().find(|(_, seen)| *seen == node) {
            Some((total, _)) if total.exceeds_bits(COEFFICIENT_BITS) => {}
            Some((total, _)) => {
                *total =
                    Rational::add(total, &coefficient).multiply(&factor(Sabotage::CollectTerms));
            }
            None => collected.push((coefficient, node)),
        }
    }
    collected.retain(|(coefficient, _)| !coefficient.is_zero());
    collected
}

fn collect_many(terms: Vec<(Rational, NodeId)>) -> Vec<(Rational, NodeId)> {
    let mut places: rustc_hash::FxHashMap<NodeId, usize> = rustc_hash::FxHashMap::default();
    let mut collected: Vec<(Rational, NodeId)> = Vec::with_capacity(terms.len());
    for (coefficient, node) in terms {
        match places.get(&node) {
            Some(at) => {
                let total = &mut collected[*at].0;
                if !total.exceeds_bits(COEFFICIENT_BITS) {
                    *total = Rational::add(total, &coefficient);
                }
            }
            None => {
                places.insert(node, collected.len());
                collected.push((coefficient, node));
            }
        }
    }
    collected.retain(|(coefficient, _)| !coefficient.is_zero());
    collected
}

/// The terms in order of their nodes, divided by the coefficient of the first, and this coefficient.
fn canonical_terms(terms: &[(Rational, NodeId)]) -> (Rational, Vec<(Rational, NodeId)>) {
    let mut sorted = terms.to_vec();
    sorted.sort_unstable_by_key(|(_, node)| *node);
    let lead = sorted.first().map_or(Rational::ONE, |(coefficient, _)| coefficient.clone());
    for (coefficient, _) in &mut sorted {
        *coefficient = coefficient.divide(&lead).unwrap_or(Rational::ONE);
    }
    (lead, sorted)
}
