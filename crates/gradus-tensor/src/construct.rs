//! The smart constructor of products: `contract` simplifies a network and interns it.
//!
//! Must not know how networks are displayed. Order of work: flatten, merge powers, cancel, split off
//! scalars, canonical labels.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::arena::{Arena, COEFFICIENT_BITS, Exhaustion, NodeFacts};
use crate::canonical::canonical;
use crate::dimension::DimensionId;
use crate::network::{Factor, Network, Wire, Wires};
use crate::node::{Constant, Contraction, Node, NodeId, Operand, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor as broken};
use crate::symbol::{Axes, Axis};

/// Beyond this many factors an inner product stays a node of its own, so that long chains cost
/// linear time.
const FLAT_FACTORS: usize = 32;

/// The greatest numerator or denominator that the product of two exponents may have; the language takes
/// no greater ones.
const LARGEST_EXPONENT: u64 = 1_000_000;

/// How often a network is simplified again after a rewrite changed it; rewrites only remove factors,
/// so this is a guard and not a tuning knob.
const ROUNDS: usize = 64;

impl Arena {
    /// The product of a network's factors, summed over all wires that are not outputs.
    pub fn contract(&mut self, mut network: Network) -> Scaled {
        let axes: Option<Axes> = network.output.iter().map(|wire| network.axis(*wire)).collect();
        let Some(axes) = axes else {
            // An output on a dissolved wire cannot be built through the public interface.
            self.exhaust(Exhaustion::Labels);
            return Scaled::one(self.zero(&[]));
        };
        if network.coefficient.exceeds_bits(COEFFICIENT_BITS) {
            self.exhaust(Exhaustion::Digits);
            return Scaled::one(self.zero(&axes));
        }
        self.merge_powers(&mut network);
        if self.has_zero(&network) {
            return Scaled::one(self.zero(&axes));
        }
        if let Some(at) = self.sum_to_distribute(&network) {
            return self.distribute(&network, at, &axes);
        }
        if let Some(at) = self.blocks_to_distribute(&network) {
            return self.distribute_blocks(&network, at, &axes);
        }
        self.flatten(&mut network);
        for _ in 0..ROUNDS {
            self.merge_powers(&mut network);
            let changed = self.cancel(&mut network);
            if !changed {
                break;
            }
        }
        if network.coefficient.is_zero() || self.has_zero(&network) {
            return Scaled::one(self.zero(&axes));
        }
        if let Some(at) = self.blocks_to_distribute(&network) {
            return self.distribute_blocks(&network, at, &axes);
        }
        self.split_scalars(&mut network);
        if self.has_zero(&network) {
            return Scaled::one(self.zero(&axes));
        }
        if let Some(at) = self.sum_alone(&network) {
            return self.distribute(&network, at, &axes);
        }
        if let Some(value) = self.expand_quotient(&network, &axes) {
            return value;
        }
        self.finish(network, axes)
    }

    /// The node with its axes in another order: axis `i` of the result is axis `order[i]`.
    pub fn permute(&mut self, node: NodeId, order: &[usize]) -> Scaled {
        if order.iter().enumerate().all(|(at, axis)| at == *axis) {
            return Scaled::one(node);
        }
        let mut network = Network::new();
        let wires = network.wires(self, node);
        network.factor(&Scaled::one(node), &wires);
        let output: Wires = order.iter().map(|axis| wires[*axis]).collect();
        network.output(&output);
        self.contract(network)
    }

    /// The transpose of a node with two axes.
    pub fn transpose(&mut self, value: &Scaled) -> Scaled {
        self.permute(value.node, &[1, 0]).times(&value.coefficient)
    }

    /// The entrywise power of a node.
    pub fn power(&mut self, value: &Scaled, exponent: &Rational) -> Scaled {
        let mut network = Network::new();
        let wires = network.wires(self, value.node);
        network.power(self, value, exponent, &wires);
        network.output(&wires);
        self.contract(network)
    }

    fn has_zero(&self, network: &Network) -> bool {
        network
            .factors
            .iter()
            .any(|factor| self.is_zero(factor.node) && !factor.exponent.is_negative())
    }

    /// A sum of more than two axes is never an operand: it could not be raised as an atom.
    fn sum_to_distribute(&self, network: &Network) -> Option<usize> {
        network.factors.iter().position(|factor| {
            // The members of a family are raised one by one, so that its ranges do not count.
            let sides = || {
                let range = |wire: &&Wire| network.axis(**wire).is_some_and(|axis| axis.range);
                factor.wires.iter().filter(|wire| !range(wire)).count()
            };
            factor.exponent.is_one()
                && factor.wires.len() > 2
                && sides() > 2
                && !self.is_boundary(factor.node)
                && matches!(self.node(factor.node), Node::Sum(_))
        })
    }

    /// A lone sum under a trace or a total is linear: `tr(A + B) = tr(A) + tr(B)`.
    fn sum_alone(&self, network: &Network) -> Option<usize> {
        let at = network.factors.iter().position(|factor| !factor.wires.is_empty())?;
        let factor = &network.factors[at];
        let alone = network.factors.iter().filter(|factor| !factor.wires.is_empty()).count() == 1;
        let is_sum = matches!(self.node(factor.node), Node::Sum(sum) if sum.terms.len() > 1);
        if !alone || !is_sum || !factor.exponent.is_one() || self.is_boundary(factor.node) {
            return None;
        }
        let all_open = factor.wires.iter().all(|wire| network.output.contains(wire));
        (!all_open).then_some(at)
    }

    fn distribute(&mut self, network: &Network, at: usize, axes: &Axes) -> Scaled {
        let Node::Sum(sum) = self.node(network.factors[at].node).clone() else {
            return Scaled::one(self.zero(axes));
        };
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
        self.sum(&terms, axes).times(&broken(Sabotage::Distribute))
    }

    /// A sum of blocks whose stacked side is summed: the blocks meet their own parts only.
    fn blocks_to_distribute(&self, network: &Network) -> Option<usize> {
        network.factors.iter().position(|factor| {
            let whole = factor.exponent.is_integer() && !factor.exponent.is_negative();
            whole
                && !self.is_boundary(factor.node)
                && factor.wires.iter().enumerate().any(|(position, wire)| {
                    !network.output.contains(wire)
                        && (factor.wires.len() == 1 || self.is_selected(network, *wire))
                        && self.is_stacked(factor.node, position)
                })
        })
    }

    /// Whether a part of a wire's range is selected: then one block of a matrix is wanted. Products of
    /// whole block matrices stay as they were written.
    fn is_selected(&self, network: &Network, wire: Wire) -> bool {
        network.factors.iter().any(|factor| {
            factor.wires.first() == Some(&wire)
                && matches!(self.node(factor.node), Node::Constant(Constant::Selection { .. }))
        })
    }

    /// Whether a node is a sum whose terms are non-zero on parts of an axis that do not overlap.
    fn is_stacked(&self, node: NodeId, position: usize) -> bool {
        let Node::Sum(sum) = self.node(node) else { return false };
        if sum.terms.len() < 2 || sum.terms.len() > FLAT_FACTORS {
            return false;
        }
        let parts: Option<SmallVec<[_; 4]>> =
            sum.terms.iter().map(|(_, term)| self.selected_part(*term, position)).collect();
        let Some(parts) = parts else { return false };
        parts.iter().enumerate().all(|(at, one)| {
            parts[..at].iter().all(|other| one == other || self.are_disjoint(*one, *other))
        })
    }

    /// Where a product is non-zero along an axis, if a selection says so.
    fn selected_part(&self, node: NodeId, position: usize) -> Option<(DimensionId, DimensionId)> {
        let contraction = match self.node(node) {
            Node::Contraction(contraction) => contraction,
            Node::Constant(Constant::Selection { offset, length, .. }) if position == 0 => {
                return Some((*offset, *length));
            }
            _ => return None,
        };
        let label = contraction.output.get(position)?;
        contraction.operands.iter().find_map(|operand| match self.node(operand.node) {
            Node::Constant(Constant::Selection { offset, length, .. })
                if operand.labels.first() == Some(label) =>
            {
                Some((*offset, *length))
            }
            _ => None,
        })
    }

    fn are_disjoint(
        &self,
        one: (DimensionId, DimensionId),
        other: (DimensionId, DimensionId),
    ) -> bool {
        let before = |(offset, length): (DimensionId, DimensionId), next: DimensionId| {
            let end = self.dimensions.polynomial(offset).add(self.dimensions.polynomial(length));
            let gap = self.dimensions.polynomial(next).add(&end.scale(&Rational::MINUS_ONE));
            gap.0.iter().all(|(_, coefficient)| !coefficient.is_negative())
        };
        before(one, other.0) || before(other, one.0)
    }

    /// The product for each term of a sum of blocks. An entrywise power of such a sum is the sum of
    /// the powers only where all terms are disjoint along one axis; else the powers are multiplied
    /// out one by one.
    fn distribute_blocks(&mut self, network: &Network, at: usize, axes: &Axes) -> Scaled {
        let Node::Sum(sum) = self.node(network.factors[at].node).clone() else {
            return Scaled::one(self.zero(axes));
        };
        let rest = network.factors[at].exponent.subtract(&Rational::ONE);
        let terms: Vec<Scaled> = sum
            .terms
            .into_iter()
            .map(|(coefficient, node)| {
                let mut term = network.clone();
                term.scale(&coefficient);
                if !rest.is_zero() {
                    let remaining = Factor { exponent: rest.clone(), ..term.factors[at].clone() };
                    term.factors.push(remaining);
                }
                term.factors[at] =
                    Factor { node, exponent: Rational::ONE, ..term.factors[at].clone() };
                self.contract(term)
            })
            .collect();
        self.sum(&terms, axes).times(&broken(Sabotage::Distribute))
    }

    /// Puts the factors of unnamed inner products in the place of these products.
    fn flatten(&mut self, network: &mut Network) {
        let mut pending: Vec<Factor> = std::mem::take(&mut network.factors);
        pending.reverse();
        let mut wanted = pending.len();
        while let Some(factor) = pending.pop() {
            match self.node(factor.node) {
                Node::Sum(sum) if sum.terms.len() == 1 && !self.is_boundary(factor.node) => {
                    let (coefficient, node) = sum.terms[0].clone();
                    match scale_power(&coefficient, &factor.exponent) {
                        Some(scale) => {
                            network.scale(&scale);
                            pending.push(Factor { node, ..factor });
                        }
                        None => network.factors.push(factor),
                    }
                }
                Node::Contraction(inner) if !self.is_boundary(factor.node) => {
                    if self.is_one(factor.node) {
                        wanted -= 1;
                        continue;
                    }
                    let inner = inner.clone();
                    let total = wanted + inner.operands.len();
                    if total > FLAT_FACTORS && inner.operands.len() > 4 {
                        self.set_boundary(factor.node);
                        network.factors.push(factor);
                    } else if self.may_inline(&inner, &factor) {
                        wanted += inner.operands.len();
                        network.scale(&broken(Sabotage::Flatten));
                        let factors = inline(network, &mut pending, &inner, &factor);
                        pending.extend(factors);
                    } else {
                        network.factors.push(factor);
                    }
                }
                _ => network.factors.push(factor),
            }
        }
    }

    /// Whether `(product)^exponent` is the product of the factors' powers. A scalar with summed
    /// labels stays whole, so that quadratic forms, norms and traces are atoms.
    fn may_inline(&self, inner: &Contraction, factor: &Factor) -> bool {
        let summed = inner.axes.len() > distinct_labels(&inner.output);
        if summed && (inner.output.is_empty() || !factor.exponent.is_one()) {
            return false;
        }
        // Exponents that grow without bound are left apart.
        let grown = |operand: &Operand| operand.exponent.multiply(&factor.exponent);
        if inner.operands.iter().any(|operand| exceeds(&grown(operand), LARGEST_EXPONENT)) {
            return false;
        }
        if factor.exponent.is_integer() {
            return true;
        }
        // The root of a product of complex numbers is not the product of the roots.
        if inner.operands.iter().any(|operand| self.facts(operand.node).complex) {
            return false;
        }
        // A diagonal or a constant direction has zeros or nothing to take a root of.
        let rough = |node: NodeId, exponent: &Rational| {
            let nonnegative = self.facts(node).nonnegative;
            let even = exponent.is_integer()
                && exponent.to_i64().is_some_and(|exponent| exponent % 2 == 0);
            !nonnegative && even
        };
        match inner.operands.as_slice() {
            [operand] => !rough(operand.node, &operand.exponent),
            operands => {
                let signed =
                    operands.iter().filter(|operand| !self.facts(operand.node).nonnegative).count();
                signed <= 1
                    && !operands.iter().any(|operand| rough(operand.node, &operand.exponent))
            }
        }
    }

    /// Adds up the exponents of equal factors on equal wires.
    fn merge_powers(&mut self, network: &mut Network) {
        for factor in &mut network.factors {
            if factor.wires.len() == 2 && self.facts(factor.node).symmetric {
                factor.wires.sort_unstable();
            }
        }
        if network.factors.len() < 2 {
            return;
        }
        if network.factors.len() <= 12 {
            let mut at = 0;
            while at < network.factors.len() {
                let mut other = at + 1;
                while other < network.factors.len() {
                    let (first, second) = (&network.factors[at], &network.factors[other]);
                    if first.node == second.node && first.wires == second.wires {
                        let merged = Rational::add(&first.exponent, &second.exponent);
                        network.factors[at].exponent = merged;
                        network.factors.remove(other);
                        network.scale(&broken(Sabotage::MergePowers));
                    } else {
                        other += 1;
                    }
                }
                at += 1;
            }
        } else {
            let mut places: FxHashMap<(NodeId, Wires), usize> = FxHashMap::default();
            let mut merged: Vec<Factor> = Vec::with_capacity(network.factors.len());
            for factor in std::mem::take(&mut network.factors) {
                match places.get(&(factor.node, factor.wires.clone())) {
                    Some(at) => {
                        let total = &mut merged[*at].exponent;
                        *total = Rational::add(total, &factor.exponent);
                    }
                    None => {
                        places.insert((factor.node, factor.wires.clone()), merged.len());
                        merged.push(factor);
                    }
                }
            }
            network.factors = merged;
        }
        network.factors.retain(|factor| !factor.exponent.is_zero());
    }

    /// Gives every closed component a scalar node of its own, unless it is all there is.
    fn split_scalars(&mut self, network: &mut Network) {
        self.take_free_wires(network);
        for _ in 0..ROUNDS {
            let components = closed_components(network);
            let open = network.factors.iter().any(|factor| !factor.wires.is_empty())
                && components.iter().map(|component| component.factors.len()).sum::<usize>()
                    < network.factors.iter().filter(|factor| !factor.wires.is_empty()).count();
            let scalars = network.factors.iter().filter(|factor| factor.wires.is_empty()).count();
            let alone = !open && scalars == 0 && components.len() == 1 && network.output.is_empty();
            if components.is_empty() || alone {
                break;
            }
            let mut remaining: Vec<Factor> = Vec::with_capacity(network.factors.len());
            let mut taken = vec![false; network.factors.len()];
            let mut values = Vec::with_capacity(components.len());
            for component in components {
                let mut part = Network { axes: network.axes.clone(), ..Network::new() };
                for (wire, axis) in part.axes.iter_mut().enumerate() {
                    if !component.wires.iter().any(|own| *own as usize == wire) {
                        *axis = None;
                    }
                }
                for at in component.factors {
                    taken[at] = true;
                    part.factors.push(network.factors[at].clone());
                }
                for wire in component.wires {
                    network.dissolve(wire);
                }
                values.push(match self.sum_alone(&part) {
                    Some(at) => self.distribute(&part, at, &Axes::new()),
                    None => self.finish(part, Axes::new()),
                });
            }
            for (at, factor) in std::mem::take(&mut network.factors).into_iter().enumerate() {
                if !taken[at] {
                    remaining.push(factor);
                }
            }
            network.factors = remaining;
            for value in values {
                network.factor(&value, &[]);
                network.scale(&broken(Sabotage::SplitScalars));
            }
            self.flatten(network);
            self.merge_powers(network);
        }
    }

    /// A wire on nothing is a factor of its size.
    fn take_free_wires(&mut self, network: &mut Network) {
        let degrees = network.degrees();
        for (wire, (degree, open)) in degrees.iter().enumerate() {
            let Some(axis) = network.axes[wire] else { continue };
            if *degree > 0 || *open {
                continue;
            }
            let alone = network.factors.is_empty()
                && network.output.is_empty()
                && network.axes.iter().flatten().count() == 1;
            if alone && self.dimensions.as_name(axis.dimension).is_some() {
                continue;
            }
            let size = self.size(axis.dimension);
            network.axes[wire] = None;
            network.factor(&size, &[]);
            network.scale(&broken(Sabotage::FreeWires));
        }
        self.merge_powers(network);
    }

    /// A dimension as a number: names are scalars, and a polynomial is built from them.
    pub fn size(&mut self, dimension: DimensionId) -> Scaled {
        if let Some(value) = self.dimensions.as_number(dimension) {
            return self.number(value);
        }
        if self.dimensions.as_name(dimension).is_some() {
            let contraction = Contraction {
                operands: SmallVec::new(),
                output: SmallVec::new(),
                axes: SmallVec::from_slice(&[Axis::new(dimension)]),
            };
            let facts = NodeFacts { positive: true, nonnegative: true, ..NodeFacts::default() };
            return Scaled::one(self.insert(Node::Contraction(contraction), Axes::new(), facts));
        }
        let polynomial = self.dimensions.polynomial(dimension).clone();
        let terms: Vec<Scaled> = polynomial
            .0
            .iter()
            .map(|(monomial, coefficient)| {
                let mut network = Network::new();
                network.scale(coefficient);
                for (name, exponent) in monomial {
                    let named = self.dimensions.variable(*name);
                    let size = self.size(named);
                    network.power(self, &size, &Rational::integer(i64::from(*exponent)), &[]);
                }
                self.contract(network)
            })
            .collect();
        self.sum(&terms, &[])
    }

    /// Interns a simplified network.
    fn finish(&mut self, network: Network, axes: Axes) -> Scaled {
        let Some(network) = self.oriented(network) else {
            return Scaled::one(self.zero(&axes));
        };
        let coefficient = network.coefficient.clone();
        if let [factor] = network.factors.as_slice()
            && factor.exponent.is_one()
            && self.lies_on(factor, &network.output)
            && network.axes.iter().flatten().count() == factor.wires.len()
            && all_distinct(&factor.wires)
        {
            return Scaled { coefficient, node: factor.node };
        }
        let Some(contraction) = canonical(self, &network) else {
            self.exhaust(Exhaustion::Labels);
            return Scaled::one(self.zero(&axes));
        };
        let node = Node::Contraction(contraction);
        if let Some(known) = self.find(&node) {
            return Scaled { coefficient, node: known };
        }
        let Node::Contraction(contraction) = node else {
            return Scaled::one(self.zero(&axes));
        };
        let facts = self.contraction_facts(&contraction, &network, &axes);
        // A skew or symmetric operand with its outputs exchanged is the operand itself.
        if let ([operand], [0, 1]) =
            (contraction.operands.as_slice(), contraction.output.as_slice())
            && operand.exponent.is_one()
            && operand.labels.as_slice() == [1, 0]
            && contraction.axes.len() == 2
            && self.facts(operand.node).skew
        {
            return Scaled { coefficient: coefficient.negate(), node: operand.node };
        }
        let node = self.insert(Node::Contraction(contraction), axes, facts);
        Scaled { coefficient, node }
    }

    /// Whether a factor's axes are the output's in order; for a symmetric matrix also turned round.
    fn lies_on(&self, factor: &Factor, output: &Wires) -> bool {
        let turned = || {
            factor.wires.len() == 2
                && self.facts(factor.node).symmetric
                && factor.wires.iter().rev().eq(output.iter())
        };
        factor.wires == *output || turned()
    }

    fn contraction_facts(
        &self,
        contraction: &Contraction,
        network: &Network,
        axes: &Axes,
    ) -> NodeFacts {
        let plain = |operand: &crate::node::Operand| {
            let facts = self.facts(operand.node);
            let even = operand.exponent.to_i64().is_some_and(|exponent| exponent % 2 == 0);
            (facts.positive, facts.nonnegative || even)
        };
        let embedded = contraction.output.len() > distinct_labels(&contraction.output);
        let nonnegative = contraction.operands.iter().all(|operand| plain(operand).1);
        let positive = !embedded && contraction.operands.iter().all(|operand| plain(operand).0);
        let mut facts = NodeFacts { nonnegative, positive, ..NodeFacts::default() };
        if axes.len() == 2 && axes[0] == axes[1] {
            facts.diagonal = contraction.output[0] == contraction.output[1];
            facts.symmetric = facts.diagonal || {
                let mut swapped = network.clone();
                swapped.output.reverse();
                canonical(self, &swapped).is_some_and(|twin| twin == *contraction)
            };
            if let Some(triangle) = self.triangle_of_chain(contraction) {
                (facts.lower, facts.upper) = (triangle.lower, triangle.upper);
            }
            facts.orthogonal = facts.diagonal && contraction.operands.is_empty();
            facts.invertible = facts.orthogonal;
        }
        facts
    }
}

struct Component {
    factors: Vec<usize>,
    wires: SmallVec<[Wire; 8]>,
}

/// The connected parts that touch no output.
fn closed_components(network: &Network) -> Vec<Component> {
    let mut group: SmallVec<[Wire; 16]> =
        (0..network.axes.len()).filter_map(|wire| Wire::try_from(wire).ok()).collect();
    fn root(group: &mut [Wire], mut wire: Wire) -> Wire {
        while group[wire as usize] != wire {
            let parent = group[group[wire as usize] as usize];
            group[wire as usize] = parent;
            wire = parent;
        }
        wire
    }
    for factor in &network.factors {
        for pair in factor.wires.windows(2) {
            let (a, b) = (root(&mut group, pair[0]), root(&mut group, pair[1]));
            group[a.max(b) as usize] = a.min(b);
        }
    }
    let mut open: SmallVec<[bool; 16]> = network.axes.iter().map(|_| false).collect();
    for wire in &network.output {
        let root = root(&mut group, *wire);
        open[root as usize] = true;
    }
    let mut components: Vec<(Wire, Component)> = Vec::new();
    for (at, factor) in network.factors.iter().enumerate() {
        let Some(first) = factor.wires.first() else { continue };
        let root = root(&mut group, *first);
        if open[root as usize] {
            continue;
        }
        match components.iter_mut().find(|(seen, _)| *seen == root) {
            Some((_, component)) => component.factors.push(at),
            None => {
                let wires = SmallVec::new();
                components.push((root, Component { factors: vec![at], wires }));
            }
        }
    }
    for wire in 0..network.axes.len() {
        let Ok(wire) = Wire::try_from(wire) else { continue };
        if network.axis(wire).is_none() {
            continue;
        }
        let root = root(&mut group, wire);
        if let Some((_, component)) = components.iter_mut().find(|(seen, _)| *seen == root) {
            component.wires.push(wire);
        }
    }
    components.into_iter().map(|(_, component)| component).collect()
}

/// Puts the factors of `inner` on the wires of `factor`, and on new wires where it sums.
fn inline(
    network: &mut Network,
    pending: &mut [Factor],
    inner: &Contraction,
    factor: &Factor,
) -> Vec<Factor> {
    let mut outer = factor.wires.clone();
    let mut wires: SmallVec<[Option<Wire>; 16]> = inner.axes.iter().map(|_| None).collect();
    for (position, label) in inner.output.iter().enumerate() {
        let here = outer[position];
        match wires[*label as usize] {
            None => wires[*label as usize] = Some(here),
            Some(seen) if seen != here => {
                // A diagonal: the two outer wires are one.
                network.join(seen, here);
                let waiting = pending.iter_mut().flat_map(|factor| &mut factor.wires);
                let known = wires.iter_mut().flatten();
                for wire in waiting.chain(known).chain(&mut outer) {
                    if *wire == here {
                        *wire = seen;
                    }
                }
            }
            Some(_) => {}
        }
    }
    let mut own: SmallVec<[Wire; 16]> = SmallVec::new();
    for (label, wire) in wires.iter().enumerate() {
        own.push(wire.unwrap_or_else(|| network.wire(inner.axes[label])));
    }
    inner
        .operands
        .iter()
        .rev()
        .map(|operand| Factor {
            node: operand.node,
            exponent: operand.exponent.multiply(&factor.exponent),
            wires: operand.labels.iter().map(|label| own[*label as usize]).collect(),
        })
        .collect()
}

/// Whether the numerator or the denominator of a number is greater than a bound.
fn exceeds(number: &Rational, bound: u64) -> bool {
    number.to_pair().is_none_or(|(numerator, denominator)| {
        numerator.unsigned_abs() > bound || denominator.unsigned_abs() > bound
    })
}

/// `coefficient ^ exponent` where it is rational.
fn scale_power(coefficient: &Rational, exponent: &Rational) -> Option<Rational> {
    if let Some(exponent) = exponent.to_i64() {
        return coefficient.power(exponent);
    }
    let (numerator, denominator) = exponent.to_pair()?;
    coefficient.exact_root(u32::try_from(denominator).ok()?)?.power(numerator)
}

fn distinct_labels(labels: &[u8]) -> usize {
    let mut sorted: SmallVec<[u8; 4]> = labels.into();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

fn all_distinct(wires: &[Wire]) -> bool {
    wires.iter().enumerate().all(|(at, wire)| !wires[..at].contains(wire))
}
