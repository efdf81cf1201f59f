//! Cancellations: what disappears from a product because of the facts of its factors.
//!
//! Must not know names of functions; the facts and roles of the vocabulary decide. Each rule removes
//! factors or replaces two by one, so that repeating them ends.

use smallvec::SmallVec;

use crate::arena::{Arena, NodeFacts};
use crate::facts::Role;
use crate::matching;
use crate::network::{Factor, Network, Wire};
use crate::node::{Constant, Contraction, FunctionRef, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor};
use crate::symbol::{Axes, Axis, Structure};

type Rule = fn(&mut Arena, &mut Network) -> bool;

impl Arena {
    /// Applies the first rule that fits; tells whether one did.
    pub(crate) fn cancel(&mut self, network: &mut Network) -> bool {
        if self.reduce_exponents(network) {
            return true;
        }
        let rules: [(Sabotage, Rule); 13] = [
            (Sabotage::CancelConstants, Self::cancel_constants),
            (Sabotage::CancelTriangles, Self::cancel_triangles),
            (Sabotage::CancelCholesky, Self::cancel_cholesky),
            (Sabotage::CancelUnitSums, Self::cancel_unit_sums),
            (Sabotage::CancelInverses, Self::cancel_inverses),
            (Sabotage::CancelOrthogonal, Self::cancel_orthogonal),
            (Sabotage::CancelProjectors, Self::cancel_projectors),
            (Sabotage::CancelQuotients, Self::cancel_quotients),
            (Sabotage::RecogniseSigmoid, Self::recognise_sigmoid),
            (Sabotage::MergeExponentials, Self::merge_exponentials),
            (Sabotage::RecogniseSoftmax, Self::recognise_softmax),
            (Sabotage::JoinPairs, Self::join_pairs),
            (Sabotage::CancelMatrixFunctions, Self::cancel_matrix_functions),
        ];
        for (place, rule) in rules {
            if rule(self, network) {
                network.scale(&factor(place));
                return true;
            }
        }
        false
    }

    /// The argument of a factor that applies the book function with this role to one argument.
    pub(crate) fn applied(&self, node: NodeId, role: Role) -> Option<NodeId> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Apply(apply) = self.node(node) else { return None };
        let FunctionRef::Book(function) = apply.function else { return None };
        let [argument] = apply.arguments.as_slice() else { return None };
        (self.vocabulary.facts(function).role == Some(role)).then_some(argument.node)
    }

    /// A node as a number times a node.
    pub(crate) fn unscaled(&self, node: NodeId) -> Scaled {
        match self.node(node) {
            Node::Sum(sum) if sum.terms.len() == 1 && !self.is_boundary(node) => {
                let (coefficient, node) = sum.terms[0].clone();
                Scaled { coefficient, node }
            }
            _ => Scaled::one(node),
        }
    }

    /// Powers of arrays of zeros and ones, and even powers of moduli.
    fn reduce_exponents(&self, network: &mut Network) -> bool {
        let mut changed = false;
        for factor in &mut network.factors {
            if matches!(self.node(factor.node), Node::Constant(Constant::ImaginaryUnit))
                && let Some(exponent) = factor.exponent.to_i64()
                && exponent != 1
            {
                // The powers of i repeat after four.
                if matches!(exponent.rem_euclid(4), 2 | 3) {
                    network.coefficient = network.coefficient.negate();
                }
                factor.exponent = Rational::integer(exponent.rem_euclid(2));
                changed = true;
            }
            let zero_one = match self.node(factor.node) {
                Node::Constant(
                    Constant::Fusion { .. }
                    | Constant::Packing { .. }
                    | Constant::Selection { .. }
                    | Constant::Triangle { .. },
                ) => true,
                Node::Symbol(symbol) => self.symbol(*symbol).structure == Structure::OneHot,
                _ => false,
            };
            let above_one = factor.exponent.is_integer()
                && !factor.exponent.is_negative()
                && !factor.exponent.is_one();
            if zero_one && above_one {
                factor.exponent = Rational::ONE;
                changed = true;
            }
            let even = factor.exponent.to_i64().is_some_and(|exponent| exponent % 2 == 0);
            if even && let Some(argument) = self.applied(factor.node, Role::Absolute) {
                factor.node = argument;
                changed = true;
            }
        }
        network.factors.retain(|factor| !factor.exponent.is_zero());
        changed
    }

    fn cancel_constants(&mut self, network: &mut Network) -> bool {
        // A triangle holds its diagonal.
        let diagonal = network.factors.iter().position(|factor| {
            matches!(self.node(factor.node), Node::Constant(Constant::Triangle { .. }))
                && factor.wires[0] == factor.wires[1]
        });
        if let Some(at) = diagonal {
            network.factors.remove(at);
            return true;
        }
        if self.orient_permutations(network) {
            return true;
        }
        let is_constant = |factor: &Factor| {
            matches!(
                self.node(factor.node),
                Node::Constant(
                    Constant::Fusion { .. } | Constant::Packing { .. } | Constant::Selection { .. }
                )
            )
        };
        let constants: SmallVec<[usize; 8]> =
            (0..network.factors.len()).filter(|at| is_constant(&network.factors[*at])).collect();
        if constants.is_empty() {
            return false;
        }
        let degrees = network.degrees();
        let closed = |wire: Wire, degree: u32| degrees[wire as usize] == (degree, false);
        for &at in &constants {
            let wires = network.factors[at].wires.clone();
            match self.node(network.factors[at].node) {
                // Every pair has exactly one place, and every place one pair.
                Node::Constant(Constant::Fusion { .. }) => {
                    let pair_free = closed(wires[1], 1) && closed(wires[2], 1);
                    if closed(wires[0], 1) {
                        network.factors.remove(at);
                        network.dissolve(wires[0]);
                        return true;
                    }
                    if pair_free {
                        network.factors.remove(at);
                        network.dissolve(wires[1]);
                        network.dissolve(wires[2]);
                        return true;
                    }
                }
                // Every entry of the lower triangle has one place, and for the symmetric one all.
                Node::Constant(Constant::Packing { size, symmetric }) if closed(wires[0], 1) => {
                    let (size, symmetric) = (*size, *symmetric);
                    network.factors.remove(at);
                    network.dissolve(wires[0]);
                    if !symmetric {
                        let mask = self.lower_triangle(size);
                        network.factor(&mask, &wires[1..]);
                    }
                    return true;
                }
                Node::Constant(Constant::Selection { .. }) if closed(wires[0], 1) => {
                    network.factors.remove(at);
                    network.dissolve(wires[0]);
                    return true;
                }
                _ => {}
            }
        }
        for (first, &a) in constants.iter().enumerate() {
            for &b in &constants[first + 1..] {
                if self.cancel_two_constants(network, a, b) {
                    return true;
                }
            }
        }
        false
    }

    fn cancel_two_constants(&mut self, network: &mut Network, a: usize, b: usize) -> bool {
        let (first, second) = (network.factors[a].clone(), network.factors[b].clone());
        let degrees = network.degrees();
        let closed = |wire: Wire| degrees[wire as usize] == (2, false);
        let (Node::Constant(one), Node::Constant(two)) =
            (self.node(first.node), self.node(second.node))
        else {
            return false;
        };
        match (*one, *two) {
            (Constant::Fusion { .. }, Constant::Fusion { .. }) if first.node == second.node => {
                let (x, y) = (&first.wires, &second.wires);
                let through_place = x[0] == y[0] && closed(x[0]);
                let through_pair = x[1] == y[1] && x[2] == y[2] && closed(x[1]) && closed(x[2]);
                if through_place {
                    remove_two(network, a, b);
                    network.dissolve(x[0]);
                    network.join(x[1], y[1]);
                    let (into, from) = (live(x[2], x[1], y[1]), live(y[2], x[1], y[1]));
                    network.join(into, from);
                    return true;
                }
                if through_pair {
                    remove_two(network, a, b);
                    network.dissolve(x[1]);
                    network.dissolve(x[2]);
                    network.join(x[0], y[0]);
                    return true;
                }
                false
            }
            // One of the two knows the lower triangle only.
            (
                Constant::Packing { size, symmetric: one },
                Constant::Packing { size: other, symmetric: two },
            ) if size == other && !(one && two) => {
                let (x, y) = (&first.wires, &second.wires);
                let through_pair = x[1] == y[1] && x[2] == y[2] && closed(x[1]) && closed(x[2]);
                if through_pair && x[1] != x[2] {
                    remove_two(network, a, b);
                    network.dissolve(x[1]);
                    network.dissolve(x[2]);
                    network.join(x[0], y[0]);
                    return true;
                }
                if x[0] == y[0] && closed(x[0]) && !one && !two {
                    remove_two(network, a, b);
                    network.dissolve(x[0]);
                    network.join(x[1], y[1]);
                    let (into, from) = (live(x[2], x[1], y[1]), live(y[2], x[1], y[1]));
                    network.join(into, from);
                    let mask = self.lower_triangle(size);
                    network.factor(&mask, &[x[1], into]);
                    return true;
                }
                false
            }
            (
                Constant::Selection { total, offset, length },
                Constant::Selection { total: total2, offset: offset2, length: length2 },
            ) if total == total2 && first.wires[0] == second.wires[0] => {
                if (offset, length) == (offset2, length2) {
                    network.factors.remove(b);
                    if let ([_, s], [_, t]) = (first.wires.as_slice(), second.wires.as_slice()) {
                        network.join(*s, *t);
                    }
                    return true;
                }
                if self.disjoint(offset, length, offset2) || self.disjoint(offset2, length2, offset)
                {
                    network.coefficient = Rational::ZERO;
                    // The rest of the product does not matter; nothing is left to cancel.
                    return false;
                }
                false
            }
            _ => false,
        }
    }

    /// Ones on and below the diagonal of a square.
    fn lower_triangle(&mut self, size: crate::DimensionId) -> Scaled {
        let constant = Constant::Triangle { rows: size, columns: size, lower: true };
        let axes: Axes = [Axis::new(size), Axis::new(size)].into_iter().collect();
        let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
        Scaled::one(self.insert(Node::Constant(constant), axes, facts))
    }

    /// Whether `offset + length ≤ other` for all sizes.
    fn disjoint(
        &mut self,
        offset: crate::DimensionId,
        length: crate::DimensionId,
        other: crate::DimensionId,
    ) -> bool {
        let end = self.dimensions.add(offset, length);
        let gap = self.dimensions.subtract(other, end);
        self.dimensions.polynomial(gap).0.iter().all(|(_, coefficient)| !coefficient.is_negative())
    }

    /// A summed vector whose entries add up to one is one.
    fn cancel_unit_sums(&mut self, network: &mut Network) -> bool {
        let candidates: SmallVec<[usize; 4]> = (0..network.factors.len())
            .filter(|at| {
                let factor = &network.factors[*at];
                factor.exponent.is_one() && self.facts(factor.node).sums_to_one
            })
            .collect();
        if candidates.is_empty() {
            return false;
        }
        let degrees = network.degrees();
        for at in candidates {
            let Some(core) = network.factors[at].wires.last().copied() else { continue };
            if degrees[core as usize] == (1, false) {
                network.factors.remove(at);
                network.dissolve(core);
                return true;
            }
        }
        false
    }

    /// `inv(N)*N = I`, `N*inv(N) = I`, and for the adjugate `adj(N)*N = det(N)*I`.
    fn cancel_inverses(&mut self, network: &mut Network) -> bool {
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            if !factor.exponent.is_one() {
                continue;
            }
            let Node::Apply(apply) = self.node(factor.node) else { continue };
            let FunctionRef::Book(function) = apply.function else { continue };
            let role = self.vocabulary.facts(function).role;
            let adjugate = role == Some(Role::Adjugate);
            if role != Some(Role::Inverse) && !adjugate {
                continue;
            }
            let argument = apply.arguments[0].node;
            let symmetric = self.facts(argument).symmetric;
            let mapped = factor.wires.len() - 2;
            let (row, column) = (factor.wires[mapped], factor.wires[mapped + 1]);
            let batch: SmallVec<[Wire; 2]> = factor.wires[..mapped].into();
            // (the wire between the two, the other wire of the inverse, the position in N)
            let sides = [(column, row, 0), (row, column, 1), (column, row, 1), (row, column, 0)];
            for (between, outside, position) in
                sides.into_iter().take(if symmetric { 4 } else { 2 })
            {
                let Some(far) =
                    self.remove_neighbour(network, at, argument, &batch, between, position)
                else {
                    continue;
                };
                network.join(outside, far);
                if adjugate && let Some(determinant) = self.vocabulary.with_role(Role::Determinant)
                {
                    let value =
                        self.apply_unary(FunctionRef::Book(determinant), &Scaled::one(argument));
                    network.factor(&value, &batch);
                }
                return true;
            }
        }
        false
    }

    /// Removes factor `at` together with `node` where the two meet only in the wire `between`, which
    /// is the core axis `position` of the node; gives the node's other core wire.
    fn remove_neighbour(
        &self,
        network: &mut Network,
        at: usize,
        node: NodeId,
        batch: &[Wire],
        between: Wire,
        position: usize,
    ) -> Option<Wire> {
        if network.degrees()[between as usize] != (2, false) {
            return None;
        }
        let cores = batch.len();
        let direct = network.factors.iter().position(|other| {
            other.node == node
                && other.exponent.is_one()
                && other.wires[..cores] == *batch
                && other.wires[cores + position] == between
        });
        if let Some(other) = direct
            && other != at
        {
            let far = network.factors[other].wires[cores + 1 - position];
            remove_two(network, at.min(other), at.max(other));
            network.dissolve(between);
            return (far != between).then_some(far);
        }
        let Node::Contraction(pattern) = self.node(node) else { return None };
        if self.is_boundary(node) {
            return None;
        }
        let mut seeds: SmallVec<[(u8, Wire); 4]> =
            pattern.output[..cores].iter().copied().zip(batch.iter().copied()).collect();
        seeds.push((pattern.output[cores + position], between));
        let found = matching::find(network, pattern, &seeds)?;
        if found.factors.contains(&at) {
            return None;
        }
        let far = found.wires[pattern.output[cores + 1 - position] as usize];
        if far == between {
            return None;
        }
        let mut remove = found.factors;
        remove.push(at);
        dissolve_summed(network, pattern, &found.wires);
        remove_all(network, remove);
        network.dissolve(between);
        Some(far)
    }

    /// `Q'Q = QQ' = I` for an orthogonal matrix, `U^H*U = U*U^H = I` for a unitary one.
    fn cancel_orthogonal(&mut self, network: &mut Network) -> bool {
        let degrees = network.degrees();
        for a in 0..network.factors.len() {
            let first = &network.factors[a];
            if !first.exponent.is_one() {
                continue;
            }
            let Some(mate) = self.orthogonal_mate(first.node) else { continue };
            for b in a + 1..network.factors.len() {
                let second = &network.factors[b];
                if second.node != mate || !second.exponent.is_one() {
                    continue;
                }
                // The members of a family meet their own ones only.
                let mapped = first.wires.len() - 2;
                if first.wires[..mapped] != second.wires[..mapped] {
                    continue;
                }
                for (inner, outer) in [(mapped, mapped + 1), (mapped + 1, mapped)] {
                    let between = first.wires[inner];
                    if between == second.wires[inner] && degrees[between as usize] == (2, false) {
                        let (x, y) = (first.wires[outer], second.wires[outer]);
                        remove_two(network, a, b);
                        network.dissolve(between);
                        network.join(x, y);
                        return true;
                    }
                }
            }
        }
        false
    }

    /// `(P*Z)./(P*Z)`: a negative power of a product meets the product's own factors.
    fn cancel_quotients(&mut self, network: &mut Network) -> bool {
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            if !factor.exponent.is_negative() || self.is_boundary(factor.node) {
                continue;
            }
            let Node::Contraction(pattern) = self.node(factor.node) else { continue };
            let seeds: SmallVec<[(u8, Wire); 4]> =
                pattern.output.iter().copied().zip(factor.wires.iter().copied()).collect();
            if seeds.is_empty() {
                continue;
            }
            let Some(found) = matching::find(network, pattern, &seeds) else { continue };
            if found.factors.contains(&at) {
                continue;
            }
            dissolve_summed(network, pattern, &found.wires);
            network.factors[at].exponent =
                Rational::add(&network.factors[at].exponent, &Rational::ONE);
            remove_all(network, found.factors);
            network.factors.retain(|factor| !factor.exponent.is_zero());
            return true;
        }
        false
    }

    /// `1/(1 + exp(u)) = sigmoid(-u)`.
    fn recognise_sigmoid(&mut self, network: &mut Network) -> bool {
        let Some(sigmoid) = self.vocabulary.with_role(Role::Sigmoid) else { return false };
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            let Some(exponent) = factor.exponent.to_i64().filter(|exponent| *exponent < 0) else {
                continue;
            };
            let Some((coefficient, argument)) = self.one_plus_exponential(factor.node) else {
                continue;
            };
            let Some(scale) = coefficient.power(exponent) else { continue };
            let inner = self.unscaled(argument).times(&Rational::MINUS_ONE);
            let value = self.apply_unary(FunctionRef::Book(sigmoid), &inner);
            let wires = network.factors[at].wires.clone();
            network.factors.remove(at);
            network.scale(&scale);
            network.power(self, &value, &Rational::integer(-exponent), &wires);
            return true;
        }
        false
    }

    /// For `c*(1 + exp(u))` the number c and u.
    pub(crate) fn one_plus_exponential(&self, node: NodeId) -> Option<(Rational, NodeId)> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Sum(sum) = self.node(node) else { return None };
        let [first, second] = sum.terms.as_slice() else { return None };
        let (ones, other) = if self.is_ones(first.1) { (first, second) } else { (second, first) };
        let argument = self.applied(other.1, Role::Exponential)?;
        (self.is_ones(ones.1) && ones.0 == other.0).then(|| (ones.0.clone(), argument))
    }

    /// Whether a node is an array of ones.
    #[must_use]
    pub fn is_ones(&self, node: NodeId) -> bool {
        matches!(self.node(node), Node::Contraction(contraction)
            if contraction.operands.is_empty()
                && contraction.axes.len() == contraction.output.len()
                && contraction.output.iter().enumerate().all(|(at, label)| *label as usize == at))
    }

    /// `exp(u)^e = exp(e*u)`, and `exp(a*w)*exp(b*w) = exp((a+b)*w)`.
    fn merge_exponentials(&mut self, network: &mut Network) -> bool {
        let Some(exponential) = self.vocabulary.with_role(Role::Exponential) else { return false };
        let powers: SmallVec<[(usize, Scaled); 4]> = network
            .factors
            .iter()
            .enumerate()
            .filter_map(|(at, factor)| {
                let argument = self.applied(factor.node, Role::Exponential)?;
                Some((at, self.unscaled(argument).times(&factor.exponent)))
            })
            .collect();
        for (first, (a, value)) in powers.iter().enumerate() {
            let wires = network.factors[*a].wires.clone();
            let partner = powers[first + 1..]
                .iter()
                .find(|(b, other)| other.node == value.node && network.factors[*b].wires == wires);
            if let Some((b, other)) = partner {
                let total = Rational::add(&value.coefficient, &other.coefficient);
                remove_two(network, *a, *b);
                if !total.is_zero() {
                    let argument = Scaled { coefficient: total, node: value.node };
                    let merged = self.apply_unary(FunctionRef::Book(exponential), &argument);
                    network.factor(&merged, &wires);
                }
                return true;
            }
            if !network.factors[*a].exponent.is_one() {
                let merged = self.apply_unary(FunctionRef::Book(exponential), value);
                network.factors.remove(*a);
                network.factor(&merged, &wires);
                return true;
            }
        }
        false
    }

    /// `exp(z)/sum(exp(z)) = softmax(z)`, over the last axis of z, mapped over families only.
    fn recognise_softmax(&mut self, network: &mut Network) -> bool {
        let Some(softmax) = self.vocabulary.with_role(Role::Softmax) else { return false };
        if self.plain_sums {
            return false;
        }
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            if !factor.exponent.is_negative() {
                continue;
            }
            let Some(exponential) = self.summed_exponential(factor.node) else { continue };
            let mapped = factor.wires.len();
            let partner = network.factors.iter().position(|other| {
                other.node == exponential
                    && other.exponent.is_one()
                    && other.wires[..mapped] == factor.wires[..]
            });
            let Some(partner) = partner else { continue };
            let Some(argument) = self.applied(exponential, Role::Exponential) else { continue };
            let inner = self.unscaled(argument);
            let value = self.apply_unary(FunctionRef::Book(softmax), &inner);
            let wires = network.factors[partner].wires.clone();
            network.factors[at].exponent =
                Rational::add(&network.factors[at].exponent, &Rational::ONE);
            network.factors.remove(partner);
            network.factors.retain(|factor| !factor.exponent.is_zero());
            network.factor(&value, &wires);
            return true;
        }
        false
    }

    /// For `sum(exp(z))` over the last axis of z, the node `exp(z)`.
    pub(crate) fn summed_exponential(&self, node: NodeId) -> Option<NodeId> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node) else { return None };
        let [operand] = contraction.operands.as_slice() else { return None };
        self.applied(operand.node, Role::Exponential)?;
        let mapped = contraction.output.len();
        let last_is_summed = operand.exponent.is_one()
            && operand.labels.len() == mapped + 1
            && operand.labels[..mapped] == contraction.output[..]
            && contraction.axes.len() == mapped + 1
            && contraction.output.iter().enumerate().all(|(at, label)| *label as usize == at);
        let ranges = contraction.axes.iter().take(mapped).all(|axis| axis.range);
        (last_is_summed && ranges).then_some(operand.node)
    }

    /// Two functions of one argument whose product is a third.
    fn join_pairs(&mut self, network: &mut Network) -> bool {
        let roles: SmallVec<[(usize, Role); 8]> = network
            .factors
            .iter()
            .enumerate()
            .filter_map(|(at, factor)| {
                let Node::Apply(apply) = self.node(factor.node) else { return None };
                let FunctionRef::Book(function) = apply.function else { return None };
                Some((at, self.vocabulary.facts(function).role?))
            })
            .collect();
        for &(a, role) in &roles {
            if let Some(joined) = self.join_with_argument(network, a, role) {
                return joined;
            }
            for &(b, other) in &roles {
                if a != b && self.join_two(network, a, role, b, other) {
                    return true;
                }
            }
        }
        false
    }

    /// `x*sign(x) = |x|`.
    fn join_with_argument(&mut self, network: &mut Network, at: usize, role: Role) -> Option<bool> {
        let result = match role {
            Role::Sign => Role::Absolute,
            Role::Step => Role::Relu,
            _ => return None,
        };
        let factor = network.factors[at].clone();
        let argument = self.applied(factor.node, role)?;
        let inner = self.unscaled(argument);
        let partner = network.factors.iter().position(|other| {
            other.node == inner.node && other.exponent.is_one() && other.wires == factor.wires
        })?;
        if !factor.exponent.is_one() {
            return None;
        }
        let function = self.vocabulary.with_role(result)?;
        let value = self.apply_unary(FunctionRef::Book(function), &inner);
        // x*sign(c*x) is |c*x|/c.
        let scale = inner.coefficient.reciprocal()?;
        remove_two(network, at.min(partner), at.max(partner));
        network.scale(&scale);
        network.factor(&value, &factor.wires);
        Some(true)
    }

    fn join_two(
        &mut self,
        network: &mut Network,
        a: usize,
        role: Role,
        b: usize,
        other: Role,
    ) -> bool {
        let (first, second) = (&network.factors[a], &network.factors[b]);
        if first.wires != second.wires || !first.exponent.is_one() || !have_product(role, other) {
            return false;
        }
        let (first, second) = (first.clone(), second.clone());
        let (Some(x), Some(y)) = (self.applied(first.node, role), self.applied(second.node, other))
        else {
            return false;
        };
        let (inner, partner) = (self.unscaled(x), self.unscaled(y));
        let opposite =
            partner.node == inner.node && partner.coefficient == inner.coefficient.negate();
        let equal = partner == inner;
        let (result, exponent) = match (role, other) {
            (Role::Exponential, Role::Sigmoid) if opposite => (Role::Sigmoid, 1),
            (Role::HyperbolicSine, Role::HyperbolicCosine) if equal => {
                (Role::HyperbolicTangent, -1)
            }
            (Role::Sine, Role::Cosine) if equal => (Role::Tangent, -1),
            (Role::Relu, Role::Step) if equal => (Role::Relu, 1),
            (Role::Absolute, Role::Sign) if equal => {
                if !second.exponent.is_one() {
                    return false;
                }
                remove_two(network, a.min(b), a.max(b));
                network.factor(&inner, &first.wires);
                return true;
            }
            _ => return false,
        };
        if second.exponent != Rational::integer(exponent) {
            return false;
        }
        let Some(function) = self.vocabulary.with_role(result) else { return false };
        let value = self.apply_unary(FunctionRef::Book(function), &inner);
        remove_two(network, a.min(b), a.max(b));
        network.factor(&value, &first.wires);
        true
    }
}

/// Whether two functions of one argument may have a product that is a third.
fn have_product(one: Role, other: Role) -> bool {
    matches!(
        (one, other),
        (Role::Exponential, Role::Sigmoid)
            | (Role::HyperbolicSine, Role::HyperbolicCosine)
            | (Role::Sine, Role::Cosine)
            | (Role::Relu, Role::Step)
            | (Role::Absolute, Role::Sign)
    )
}

/// `wire`, unless it was just joined into another one.
fn live(wire: Wire, into: Wire, from: Wire) -> Wire {
    if wire == from { into } else { wire }
}

pub(crate) fn remove_two(network: &mut Network, a: usize, b: usize) {
    network.factors.remove(a.max(b));
    network.factors.remove(a.min(b));
}

fn remove_all(network: &mut Network, mut places: SmallVec<[usize; 8]>) {
    places.sort_unstable();
    for at in places.into_iter().rev() {
        network.factors.remove(at);
    }
}

/// The wires a removed product summed over go with it; else they would count as sizes.
fn dissolve_summed(network: &mut Network, pattern: &Contraction, wires: &[Wire]) {
    for (label, wire) in wires.iter().enumerate() {
        if !pattern.output.iter().any(|output| *output as usize == label) {
            network.dissolve(*wire);
        }
    }
}
