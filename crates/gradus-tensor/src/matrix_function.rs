//! Exponentials, logarithms and roots of matrices: what resolves at construction and in products.
//!
//! Must not know names of functions. Only what holds wherever both sides are defined.

use crate::arena::Arena;
use crate::cancel::remove_two;
use crate::facts::Role;
use crate::network::{Network, Wires};
use crate::node::{FunctionRef, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::symbol::Axis;

impl Arena {
    /// A matrix function of an identity, a diagonal matrix, a Kronecker product, or another matrix
    /// function.
    pub(crate) fn compose_matrix_function(
        &mut self,
        role: Role,
        argument: &Scaled,
    ) -> Option<Scaled> {
        let axes = self.axes(argument.node);
        if axes.len() != 2 {
            return None;
        }
        let axis = axes[0];
        if let Some(value) = self.of_kronecker(role, argument) {
            return Some(value);
        }
        let exponential = self.applied(argument.node, Role::MatrixExponential);
        match role {
            Role::MatrixExponential => {
                if self.is_zero(argument.node) {
                    return Some(self.identity(axis));
                }
                let logarithm = self.applied(argument.node, Role::MatrixLogarithm);
                if let Some(inner) = logarithm.filter(|_| argument.coefficient.is_one()) {
                    return Some(Scaled::one(inner));
                }
                self.of_diagonal(argument, Role::Exponential)
            }
            Role::MatrixLogarithm => {
                // The eigenvalues of a symmetric matrix are real.
                if let Some(inner) = exponential
                    && argument.coefficient.is_one()
                    && self.facts(inner).symmetric
                    && !self.facts(inner).complex
                {
                    return Some(self.unscaled(inner));
                }
                if let Some(inner) = self.applied(argument.node, Role::Inverse)
                    && argument.coefficient.is_one()
                {
                    let logarithm = self.vocabulary.with_role(role)?;
                    let value = self.apply_unary(FunctionRef::Book(logarithm), &Scaled::one(inner));
                    return Some(value.times(&Rational::MINUS_ONE));
                }
                self.of_diagonal(argument, Role::Logarithm)
            }
            Role::MatrixRoot => {
                let is_one = self.is_identity(argument.node) && argument.coefficient.is_one();
                if is_one {
                    return Some(argument.clone());
                }
                let (diagonal, axis) = self.diagonal_entries(argument.node)?;
                let entries = diagonal.times(&argument.coefficient);
                let root = self.power(&entries, &Rational::new(1, 2)?);
                Some(self.diagonal_matrix(&root, axis))
            }
            Role::Determinant if argument.coefficient.is_one() => {
                let trace = self.trace(exponential?);
                let function = self.vocabulary.with_role(Role::Exponential)?;
                Some(self.apply_unary(FunctionRef::Book(function), &trace))
            }
            Role::LogDeterminant if argument.coefficient.is_one() => Some(self.trace(exponential?)),
            Role::Inverse if argument.coefficient.is_one() => {
                let inner = self.unscaled(exponential?).times(&Rational::MINUS_ONE);
                let function = self.vocabulary.with_role(Role::MatrixExponential)?;
                Some(self.apply_unary(FunctionRef::Book(function), &inner))
            }
            Role::PseudoInverse => {
                if !argument.coefficient.is_one() {
                    let scale = argument.coefficient.reciprocal()?;
                    let function = self.vocabulary.with_role(role)?;
                    let value =
                        self.apply_unary(FunctionRef::Book(function), &Scaled::one(argument.node));
                    return Some(value.times(&scale));
                }
                if let Some(inner) = self.applied(argument.node, Role::PseudoInverse) {
                    return Some(Scaled::one(inner));
                }
                if self.facts(argument.node).invertible {
                    let function = self.vocabulary.with_role(Role::Inverse)?;
                    return Some(self.apply_unary(FunctionRef::Book(function), argument));
                }
                None
            }
            _ => None,
        }
    }

    /// The trace of a matrix.
    fn trace(&mut self, node: NodeId) -> Scaled {
        let axis = self.axes(node)[0];
        let mut network = Network::new();
        let wire = network.wire(axis);
        network.factor(&Scaled::one(node), &[wire, wire]);
        network.output(&[]);
        self.contract(network)
    }

    /// The diagonal of an unnamed diagonal matrix as a vector, and its axis.
    fn diagonal_entries(&mut self, node: NodeId) -> Option<(Scaled, Axis)> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node).clone() else { return None };
        if contraction.output.as_slice() != [0, 0] || contraction.axes.len() != 1 {
            return None;
        }
        let axis = contraction.axes[0];
        let mut network = Network::new();
        let wire = network.wire(axis);
        for operand in &contraction.operands {
            let place: Wires = operand.labels.iter().map(|_| wire).collect();
            network.power(self, &Scaled::one(operand.node), &operand.exponent, &place);
        }
        network.output(&[wire]);
        Some((self.contract(network), axis))
    }

    fn diagonal_matrix(&mut self, entries: &Scaled, axis: Axis) -> Scaled {
        let mut network = Network::new();
        let wire = network.wire(axis);
        network.factor(entries, &[wire]);
        network.output(&[wire, wire]);
        self.contract(network)
    }

    /// A function of a diagonal matrix acts on its diagonal.
    fn of_diagonal(&mut self, argument: &Scaled, role: Role) -> Option<Scaled> {
        let (diagonal, axis) = self.diagonal_entries(argument.node)?;
        let function = self.vocabulary.with_role(role)?;
        let inner = diagonal.times(&argument.coefficient);
        let value = self.apply_unary(FunctionRef::Book(function), &inner);
        Some(self.diagonal_matrix(&value, axis))
    }

    /// Matrix functions that meet: in a trace, or with their like.
    pub(crate) fn cancel_matrix_functions(&mut self, network: &mut Network) -> bool {
        self.close_frechet(network) || self.trace_of_logarithm(network) || self.meet_like(network)
    }

    /// `tr(logm(X)) = logdet(X)`: the determinant is positive wherever the logarithm is real.
    fn trace_of_logarithm(&mut self, network: &mut Network) -> bool {
        let degrees = network.degrees();
        let found = network.factors.iter().enumerate().find_map(|(at, factor)| {
            let [row, column] = factor.wires.as_slice() else { return None };
            let closed = row == column && degrees[*row as usize] == (2, false);
            let argument = self.applied(factor.node, Role::MatrixLogarithm)?;
            let real = !self.facts(argument).complex;
            (closed && real && factor.exponent.is_one()).then_some((at, *row, argument))
        });
        let Some((at, wire, argument)) = found else { return false };
        let Some(function) = self.vocabulary.with_role(Role::LogDeterminant) else { return false };
        // Unlike other functions, the determinant keeps the coefficient inside.
        let value = self.apply_unary(FunctionRef::Book(function), &Scaled::one(argument));
        network.factors.remove(at);
        network.dissolve(wire);
        network.factor(&value, &[]);
        true
    }

    /// `sqrtm(X)*sqrtm(X) = X`, `expm(a*X)*expm(b*X) = expm((a+b)*X)`, and `L*L' = S` for the Cholesky
    /// factor of a symmetric S.
    fn meet_like(&mut self, network: &mut Network) -> bool {
        let degrees = network.degrees();
        for a in 0..network.factors.len() {
            for b in 0..network.factors.len() {
                if a == b {
                    continue;
                }
                let (first, second) = (&network.factors[a], &network.factors[b]);
                let ([i, j], [k, l]) = (first.wires.as_slice(), second.wires.as_slice()) else {
                    continue;
                };
                if !first.exponent.is_one() || !second.exponent.is_one() || i == j || k == l {
                    continue;
                }
                let closed = |wire: u32| degrees[wire as usize] == (2, false);
                let (i, j, k, l) = (*i, *j, *k, *l);
                let (one, two) = (first.node, second.node);
                let symmetric = self.facts(one).symmetric && self.facts(two).symmetric;
                // The wire between the two, and the outer ones in reading order.
                let series = [
                    (j == k, j, i, l),
                    (symmetric && j == l, j, i, k),
                    (symmetric && i == k, i, j, l),
                ]
                .into_iter()
                .find(|(meet, between, ..)| *meet && closed(*between));
                let value = match series {
                    Some(_) => self.product_of_like(one, two),
                    None if j == l && closed(j) && one == two => self.of_cholesky(one),
                    None => None,
                };
                let Some(value) = value else { continue };
                let (between, row, column) = match series {
                    Some((_, between, row, column)) => (between, row, column),
                    None => (j, i, k),
                };
                remove_two(network, a, b);
                network.dissolve(between);
                network.factor(&value, &[row, column]);
                return true;
            }
        }
        false
    }

    fn product_of_like(&mut self, one: NodeId, two: NodeId) -> Option<Scaled> {
        if one == two
            && let Some(inner) = self.applied(one, Role::MatrixRoot)
        {
            return Some(self.unscaled(inner));
        }
        let first = self.unscaled(self.applied(one, Role::MatrixExponential)?);
        let second = self.unscaled(self.applied(two, Role::MatrixExponential)?);
        if first.node != second.node {
            return None;
        }
        let total = Rational::add(&first.coefficient, &second.coefficient);
        let function = self.vocabulary.with_role(Role::MatrixExponential)?;
        let argument = Scaled { coefficient: total.clone(), node: first.node };
        if total.is_zero() {
            let axis = self.axes(first.node)[0];
            return Some(self.identity(axis));
        }
        Some(self.apply_unary(FunctionRef::Book(function), &argument))
    }

    fn of_cholesky(&self, node: NodeId) -> Option<Scaled> {
        let inner = self.applied(node, Role::Cholesky)?;
        self.facts(inner).symmetric.then(|| self.unscaled(inner))
    }
}
