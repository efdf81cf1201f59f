//! The smart constructor of functions: signs, transposes, scalings and compositions that their facts
//! resolve.
//!
//! Must not know names of functions.

use smallvec::SmallVec;

use crate::arena::{Arena, NodeFacts};
use crate::facts::{FunctionFacts, Parity, Role, TransposeRule};
use crate::network::{Network, Wires};
use crate::node::{Apply, Argument, FunctionRef, Label, Labels, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::sabotage::{Sabotage, factor};
use crate::symbol::{Axes, Axis};

impl Arena {
    /// A function of one argument: it acts on the argument's last axes and maps over the others.
    pub fn apply_unary(&mut self, function: FunctionRef, argument: &Scaled) -> Scaled {
        match function {
            FunctionRef::Book(id) => {
                let facts = *self.vocabulary.facts(id);
                let core = facts.cores.first().copied().unwrap_or(0);
                if core == 0 {
                    self.apply_elementwise(function, Some(&facts), argument)
                } else {
                    self.apply_array(function, &facts, argument)
                }
            }
            FunctionRef::Elementwise { .. } => self.apply_elementwise(function, None, argument),
            FunctionRef::Scalar { order, .. } => self.apply_scalar(function, order, argument),
            FunctionRef::Path { symbol, .. } => {
                let axes = self.symbol(symbol).axes.clone();
                self.intern_apply(function, argument, 0, &axes, NodeFacts::default())
            }
        }
    }

    /// An elementwise function of several arguments, each with the same axes or, for a scalar that is
    /// the same everywhere, with none.
    pub fn apply_elementwise_many(
        &mut self,
        function: FunctionRef,
        arguments: &[Scaled],
    ) -> Scaled {
        let nodes: SmallVec<[NodeId; 2]> =
            arguments.iter().map(|argument| self.to_node(argument)).collect();
        let widest = nodes.iter().copied().max_by_key(|node| self.axes(*node).len());
        let Some(widest) = widest else { return Scaled::one(self.one()) };
        let axes: Axes = self.axes(widest).into();
        let labels = identity_labels(axes.len());
        let place = |arena: &Self, node: NodeId| Argument {
            node,
            labels: if arena.axes(node).is_empty() { Labels::new() } else { labels.clone() },
        };
        let apply = Apply {
            function,
            arguments: nodes.iter().map(|node| place(self, *node)).collect(),
            output: labels.clone(),
            axes: axes.iter().copied().collect(),
        };
        let mut facts = self.function_facts(function);
        if self.book_role(function) == Some(Role::Power) {
            // A real power of a positive base is positive.
            facts.positive = self.facts(nodes[0]).positive;
            facts.nonnegative = facts.positive;
        }
        Scaled::one(self.insert(Node::Apply(apply), axes, facts))
    }

    fn apply_elementwise(
        &mut self,
        function: FunctionRef,
        facts: Option<&FunctionFacts>,
        argument: &Scaled,
    ) -> Scaled {
        if let Some(value) = self.through_layout(function, argument) {
            return value.times(&factor(Sabotage::ThroughLayout));
        }
        if let Some(value) = facts.and_then(|facts| self.of_zero(function, facts, argument)) {
            return value.times(&factor(Sabotage::OfConstant));
        }
        if self.book_role(function) == Some(Role::Absolute) && self.facts(argument.node).complex {
            return self.modulus(argument);
        }
        let parity = facts.map_or(Parity::None, |facts| facts.parity);
        if argument.coefficient.is_negative() && parity != Parity::None {
            let positive = argument.times(&Rational::MINUS_ONE);
            let value = self.apply_elementwise(function, facts, &positive);
            let value = value.times(&factor(Sabotage::Parity));
            return if parity == Parity::Odd { value.times(&Rational::MINUS_ONE) } else { value };
        }
        if let Some(value) = facts.and_then(|facts| self.compose(facts, argument)) {
            return value.times(&factor(Sabotage::Compose));
        }
        let axes: Axes = self.axes(argument.node).into();
        let known = self.function_facts(function);
        let symmetric = self.facts(argument.node).symmetric;
        self.intern_apply(function, argument, axes.len(), &[], NodeFacts { symmetric, ..known })
    }

    /// `|z| = (z*conj(z))^(1/2)`, which says how it depends on both.
    fn modulus(&mut self, argument: &Scaled) -> Scaled {
        let conjugate = self.conjugate(argument);
        let mut network = Network::new();
        let wires = network.wires(self, argument.node);
        network.factor(argument, &wires);
        network.factor(&conjugate, &wires);
        network.output(&wires);
        let square = self.contract(network);
        let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
        self.power(&square, &half)
    }

    /// Elementwise functions commute with broadcasting and with a change of the order of axes.
    fn through_layout(&mut self, function: FunctionRef, argument: &Scaled) -> Option<Scaled> {
        if self.is_boundary(argument.node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(argument.node) else { return None };
        let layout_only = match contraction.operands.as_slice() {
            [] => !contraction.output.is_empty(),
            [operand] => {
                operand.exponent.is_one()
                    && all_distinct(&operand.labels)
                    && operand.labels.as_slice() != contraction.output.as_slice()
            }
            _ => false,
        };
        let nothing_summed = contraction.axes.len() == contraction.output.len();
        if !layout_only || !nothing_summed || !all_distinct(&contraction.output) {
            return None;
        }
        let contraction = contraction.clone();
        let mut network = Network::new();
        let wires: Wires = contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
        let (inner, place): (NodeId, Wires) = match contraction.operands.first() {
            Some(operand) => {
                (operand.node, operand.labels.iter().map(|label| wires[*label as usize]).collect())
            }
            None => (self.one(), Wires::new()),
        };
        let inner = Scaled { coefficient: argument.coefficient.clone(), node: inner };
        let value = self.apply_unary(function, &inner);
        network.factor(&value, &place);
        let output: Wires = contraction.output.iter().map(|label| wires[*label as usize]).collect();
        network.output(&output);
        Some(self.contract(network))
    }

    /// Values at zero and one, and functions of functions.
    fn compose(&mut self, facts: &FunctionFacts, argument: &Scaled) -> Option<Scaled> {
        let role = facts.role?;
        if self.is_zero(argument.node) && self.axes(argument.node).is_empty() {
            return match role {
                Role::Exponential | Role::Cosine | Role::HyperbolicCosine => {
                    Some(self.number(Rational::ONE))
                }
                Role::Sigmoid => Rational::new(1, 2).map(|half| self.number(half)),
                Role::Sine
                | Role::Tangent
                | Role::HyperbolicSine
                | Role::HyperbolicTangent
                | Role::Absolute
                | Role::Sign
                | Role::Relu
                | Role::Step => Some(self.number(Rational::ZERO)),
                _ => None,
            };
        }
        match role {
            Role::Logarithm => self.compose_logarithm(argument),
            Role::Exponential if argument.coefficient.is_one() => {
                let inner = self.inner(argument.node, Role::Logarithm)?;
                Some(Scaled::one(inner))
            }
            Role::Absolute | Role::Relu if self.facts(argument.node).nonnegative => {
                (!argument.coefficient.is_negative()).then(|| argument.clone())
            }
            Role::Sign | Role::Step
                if self.facts(argument.node).positive && !argument.coefficient.is_negative() =>
            {
                Some(self.ones_like(argument.node))
            }
            _ => None,
        }
    }

    fn compose_logarithm(&mut self, argument: &Scaled) -> Option<Scaled> {
        // The complex logarithm is one of many, so that it keeps no sum and no exponent.
        if self.facts(argument.node).complex {
            return None;
        }
        if self.is_one(argument.node) && argument.coefficient.is_one() {
            return Some(self.number(Rational::ZERO));
        }
        let node = self.to_node(argument);
        if let Some((coefficient, inner)) = self.one_plus_exponential(node)
            && coefficient.is_one()
        {
            let softplus = self.vocabulary.with_role(Role::Softplus)?;
            let inner = self.unscaled(inner);
            return Some(self.apply_unary(FunctionRef::Book(softplus), &inner));
        }
        if !argument.coefficient.is_one() {
            return None;
        }
        if let Some(inner) = self.inner(argument.node, Role::Exponential) {
            return Some(self.unscaled(inner));
        }
        if let Some(inner) = self.inner(argument.node, Role::Sigmoid) {
            let softplus = self.vocabulary.with_role(Role::Softplus)?;
            let inner = self.unscaled(inner).times(&Rational::MINUS_ONE);
            let value = self.apply_unary(FunctionRef::Book(softplus), &inner);
            return Some(value.times(&Rational::MINUS_ONE));
        }
        if let Some(inner) = self.one_minus_sigmoid(argument.node) {
            let softplus = self.vocabulary.with_role(Role::Softplus)?;
            let inner = self.unscaled(inner);
            let value = self.apply_unary(FunctionRef::Book(softplus), &inner);
            return Some(value.times(&Rational::MINUS_ONE));
        }
        if let Some(inner) = self.inner(argument.node, Role::Determinant) {
            let function = self.vocabulary.with_role(Role::LogDeterminant)?;
            return Some(self.apply_unary(FunctionRef::Book(function), &Scaled::one(inner)));
        }
        if let Some(modulus) = self.inner(argument.node, Role::Absolute)
            && let Some(inner) = self.inner(modulus, Role::Determinant)
        {
            let function = self.vocabulary.with_role(Role::LogDeterminant)?;
            return Some(self.apply_unary(FunctionRef::Book(function), &Scaled::one(inner)));
        }
        if let Some(exponential) = self.summed_exponential(argument.node)
            && !self.plain_sums
        {
            let inner = self.inner(exponential, Role::Exponential)?;
            let function = self.vocabulary.with_role(Role::LogSumExp)?;
            let inner = self.unscaled(inner);
            return Some(self.apply_unary(FunctionRef::Book(function), &inner));
        }
        self.logarithm_of_power(argument.node)
    }

    /// For `1 - sigmoid(u)`, u.
    fn one_minus_sigmoid(&self, node: NodeId) -> Option<NodeId> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Sum(sum) = self.node(node) else { return None };
        let [first, second] = sum.terms.as_slice() else { return None };
        let (ones, other) = if self.is_ones(first.1) { (first, second) } else { (second, first) };
        let argument = self.inner(other.1, Role::Sigmoid)?;
        let fits = self.is_ones(ones.1) && ones.0.is_one() && other.0 == Rational::MINUS_ONE;
        fits.then_some(argument)
    }

    /// `log(x^r) = r*log(x)` for an `x` that is never negative or an `r` that is not even, and
    /// `log(1/y)` alike; products stay.
    fn logarithm_of_power(&mut self, node: NodeId) -> Option<Scaled> {
        let (mut base, mut exponent) = self.as_power(node)?;
        // Powers of powers are taken apart one after the other, however many there are.
        while let Some((inner, next)) = self.as_power(base) {
            (base, exponent) = (inner, exponent.multiply(&next));
            if exponent.exceeds_bits(4096) {
                return None;
            }
        }
        let function = self.vocabulary.with_role(Role::Logarithm)?;
        let value = self.apply_unary(FunctionRef::Book(function), &Scaled::one(base));
        Some(value.times(&exponent))
    }

    /// For an unnamed entrywise power whose logarithm is a multiple of that of its base, the base and
    /// the exponent.
    fn as_power(&self, node: NodeId) -> Option<(NodeId, Rational)> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node) else { return None };
        let [operand] = contraction.operands.as_slice() else { return None };
        let even = operand.exponent.to_i64().is_some_and(|exponent| exponent % 2 == 0);
        let plain = operand.labels == contraction.output
            && all_distinct(&operand.labels)
            && contraction.axes.len() == contraction.output.len();
        let fits =
            !operand.exponent.is_one() && plain && (!even || self.facts(operand.node).nonnegative);
        fits.then(|| (operand.node, operand.exponent.clone()))
    }

    /// The argument of an unnamed node that applies the function with this role.
    fn inner(&self, node: NodeId, role: Role) -> Option<NodeId> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Apply(apply) = self.node(node) else { return None };
        (self.book_role(apply.function) == Some(role)).then(|| apply.arguments[0].node)
    }

    fn book_role(&self, function: FunctionRef) -> Option<Role> {
        match function {
            FunctionRef::Book(id) => self.vocabulary.facts(id).role,
            _ => None,
        }
    }

    fn ones_like(&mut self, node: NodeId) -> Scaled {
        let axes: Axes = self.axes(node).into();
        self.ones(&axes)
    }

    /// An array of ones.
    pub fn ones(&mut self, axes: &[Axis]) -> Scaled {
        let mut network = Network::new();
        let wires: Wires = axes.iter().map(|axis| network.wire(*axis)).collect();
        network.output(&wires);
        self.contract(network)
    }

    /// The identity along an axis.
    pub fn identity(&mut self, axis: Axis) -> Scaled {
        let mut network = Network::new();
        let wire = network.wire(axis);
        network.output(&[wire, wire]);
        self.contract(network)
    }

    /// A function that acts on whole vectors or matrices.
    fn apply_array(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        argument: &Scaled,
    ) -> Scaled {
        if let Some(value) = self.compose_array(function, facts, argument) {
            return value.times(&factor(Sabotage::ComposeArray));
        }
        let rank = self.axes(argument.node).len();
        let core = usize::from(facts.cores.first().copied().unwrap_or(0));
        let mapped = rank.saturating_sub(core);
        let inner = self.facts(argument.node);
        let known = self.function_facts(function);
        let symmetric = facts.symmetric || facts.keeps_symmetry && inner.symmetric;
        let node_facts = NodeFacts {
            symmetric,
            invertible: match facts.role {
                Some(Role::Inverse | Role::MatrixExponential | Role::Eigenvectors) => true,
                Some(Role::MatrixRoot | Role::Cholesky) => inner.invertible,
                _ => false,
            },
            orthogonal: match facts.role {
                Some(Role::MatrixExponential) => inner.skew,
                Some(Role::Eigenvectors) => inner.symmetric,
                _ => false,
            },
            diagonal: facts.role.is_some_and(Role::keeps_diagonal) && inner.diagonal,
            lower: facts.role == Some(Role::Cholesky)
                || facts.role.is_some_and(Role::keeps_triangles) && inner.lower,
            upper: facts.role.is_some_and(Role::keeps_triangles) && inner.upper,
            ..known
        };
        let output_core: SmallVec<[Axis; 2]> = {
            let axes = self.axes(argument.node);
            (0..usize::from(facts.output_core))
                .filter_map(|at| axes.get(mapped + facts.output_axis(at).1).copied())
                .collect()
        };
        self.intern_apply(function, argument, mapped, &output_core, node_facts)
    }

    fn compose_array(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        argument: &Scaled,
    ) -> Option<Scaled> {
        let role = facts.role;
        let rank = self.axes(argument.node).len();
        if let Some(value) = role.and_then(|role| self.of_constant(role, argument)) {
            return Some(value.times(&factor(Sabotage::OfConstant)));
        }
        if facts.transpose != TransposeRule::None
            && rank == 2
            && let Some(original) = self.transposed_original(function, argument.node)
        {
            let inner = Scaled { coefficient: argument.coefficient.clone(), node: original };
            let value = self.apply_unary(function, &inner);
            return Some(match facts.transpose {
                TransposeRule::Commutes => self.transpose(&value),
                _ => value,
            });
        }
        if let Some(value) = role.and_then(|role| self.of_literal(role, argument)) {
            return Some(value.times(&factor(Sabotage::WriteOutLiteral)));
        }
        if let Some(value) = role.and_then(|role| self.compose_matrix_function(role, argument)) {
            return Some(value.times(&factor(Sabotage::ComposeMatrixFunction)));
        }
        if role == Some(Role::Inverse) {
            let value = self.compose_inverse(function, argument)?;
            return Some(value.times(&factor(Sabotage::ComposeInverse)));
        }
        if matches!(role, Some(Role::Determinant | Role::LogDeterminant | Role::Adjugate))
            && rank == 2
            && self.is_identity(argument.node)
            && argument.coefficient.is_one()
        {
            return match role {
                Some(Role::Determinant) => Some(self.number(Rational::ONE)),
                Some(Role::LogDeterminant) => Some(self.number(Rational::ZERO)),
                _ => Some(argument.clone()),
            };
        }
        if role == Some(Role::Adjugate)
            && rank == 2
            && argument.coefficient.is_one()
            && self.facts(argument.node).orthogonal
            && let Some(determinant) = self.vocabulary.with_role(Role::Determinant)
        {
            // The inverse is the transpose.
            let value = self.apply_unary(FunctionRef::Book(determinant), argument);
            let mut network = Network::new();
            let wires = network.wires(self, argument.node);
            network.factor(argument, &wires);
            network.factor(&value, &[]);
            network.output(&[wires[1], wires[0]]);
            return Some(self.contract(network));
        }
        if role == Some(Role::LogDeterminant)
            && argument.coefficient.is_one()
            && let Some(inner) = self.inner(argument.node, Role::Inverse)
        {
            let value = self.apply_unary(function, &Scaled::one(inner));
            return Some(value.times(&Rational::MINUS_ONE));
        }
        None
    }

    /// Whether a node is the identity matrix.
    #[must_use]
    pub fn is_identity(&self, node: NodeId) -> bool {
        matches!(self.node(node), Node::Contraction(contraction)
            if contraction.operands.is_empty() && contraction.output.as_slice() == [0, 0]
                && contraction.axes.len() == 1)
    }

    /// If the node is the transpose of one seen before, that one.
    fn transposed_original(&mut self, function: FunctionRef, node: NodeId) -> Option<NodeId> {
        if self.is_boundary(node) || self.facts(node).symmetric {
            return None;
        }
        if let Node::Contraction(contraction) = self.node(node)
            && let [operand] = contraction.operands.as_slice()
            && operand.exponent.is_one()
            && operand.labels.as_slice() == [1, 0]
            && contraction.output.as_slice() == [0, 1]
            && contraction.axes.len() == 2
        {
            return Some(operand.node);
        }
        if !matches!(self.node(node), Node::Contraction(_)) {
            return None;
        }
        // The transposed product counts only if the function was applied to it before.
        let twin = self.permute(node, &[1, 0]);
        let apply = Apply {
            function,
            arguments: SmallVec::from_iter([Argument {
                node: twin.node,
                labels: identity_labels(2),
            }]),
            output: Labels::new(),
            axes: self.axes(twin.node).iter().copied().collect(),
        };
        let with_core = Apply { output: identity_labels(2), ..apply.clone() };
        let seen = self.nodes.contains(&Node::Apply(apply))
            || self.nodes.contains(&Node::Apply(with_core));
        (seen && twin.coefficient.is_one()).then_some(twin.node)
    }

    /// `inv(c*N)`, `inv(inv(N))`, `inv(diag(v))`, `inv(A*B)` of square factors, `inv(Q) = Q'`.
    fn compose_inverse(&mut self, function: FunctionRef, argument: &Scaled) -> Option<Scaled> {
        if !argument.coefficient.is_one() {
            let scale = argument.coefficient.reciprocal()?;
            return Some(self.apply_unary(function, &Scaled::one(argument.node)).times(&scale));
        }
        let node = argument.node;
        if self.is_identity(node) {
            return Some(argument.clone());
        }
        if let Some(inner) = self.inner(node, Role::Inverse) {
            return Some(Scaled::one(inner));
        }
        if self.axes(node).len() != 2 || self.is_boundary(node) {
            return None;
        }
        if self.facts(node).orthogonal && !matches!(self.node(node), Node::Contraction(_)) {
            return Some(self.permute(node, &[1, 0]));
        }
        let Node::Contraction(contraction) = self.node(node).clone() else { return None };
        let mut network = Network::new();
        if contraction.output.as_slice() == [0, 0] && contraction.axes.len() == 1 {
            let wire = network.wire(contraction.axes[0]);
            for operand in &contraction.operands {
                let wires: Wires = operand.labels.iter().map(|_| wire).collect();
                let exponent = operand.exponent.negate();
                network.power(self, &Scaled::one(operand.node), &exponent, &wires);
            }
            network.output(&[wire, wire]);
            return Some(self.contract(network));
        }
        let scalar = contraction.operands.iter().any(|operand| operand.labels.is_empty());
        let chain = square_chain(&contraction);
        if !scalar && chain.as_ref().is_none_or(|chain| chain.len() < 2) {
            return None;
        }
        let wires: Wires = contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
        if let Some(chain) = chain {
            for at in chain {
                let operand = &contraction.operands[at];
                let inverse = self.apply_unary(function, &Scaled::one(operand.node));
                // The inverse runs against the direction of its argument.
                let place: Wires =
                    operand.labels.iter().rev().map(|label| wires[*label as usize]).collect();
                network.factor(&inverse, &place);
            }
        } else {
            let rest = contraction.operands.iter().filter(|operand| !operand.labels.is_empty());
            let mut inner = Network::new();
            let inner_wires: Wires =
                contraction.axes.iter().map(|axis| inner.wire(*axis)).collect();
            for operand in rest {
                let place: Wires =
                    operand.labels.iter().map(|label| inner_wires[*label as usize]).collect();
                inner.power(self, &Scaled::one(operand.node), &operand.exponent, &place);
            }
            let open: Wires =
                contraction.output.iter().map(|label| inner_wires[*label as usize]).collect();
            inner.output(&open);
            let matrix = self.contract(inner);
            let inverse = self.apply_unary(function, &matrix);
            let mut single = Network::new();
            let wires = single.wires(self, inverse.node);
            single.factor(&inverse, &wires);
            single.output(&wires);
            network = single;
        }
        for operand in contraction.operands.iter().filter(|operand| operand.labels.is_empty()) {
            let exponent = operand.exponent.negate();
            network.power(self, &Scaled::one(operand.node), &exponent, &[]);
        }
        if network.output.is_empty() {
            // inv(A*B) = inv(B)*inv(A): rows and columns change places.
            network.output(&[
                wires[contraction.output[1] as usize],
                wires[contraction.output[0] as usize],
            ]);
        }
        Some(self.contract(network))
    }

    /// An unknown scalar function of one array of any shape, its gradient and its Hessian.
    fn apply_scalar(&mut self, function: FunctionRef, order: u8, argument: &Scaled) -> Scaled {
        let axes: Axes = self.axes(argument.node).into();
        if order < 2 || axes.is_empty() {
            let output: Axes = if order == 0 { Axes::new() } else { axes };
            return self.intern_apply(function, argument, 0, &output, NodeFacts::default());
        }
        // The Hessian is a matrix: the entries of the argument are stacked.
        let mut total = axes[0].dimension;
        for axis in &axes[1..] {
            total = self.dimensions.multiply(total, axis.dimension);
        }
        let output: Axes = [Axis::new(total), Axis::new(total)].into_iter().collect();
        let facts = NodeFacts { symmetric: true, ..NodeFacts::default() };
        self.intern_apply(function, argument, 0, &output, facts)
    }

    /// Interns a function of one argument. The first `mapped` axes of the argument are mapped over;
    /// the result's own axes follow.
    fn intern_apply(
        &mut self,
        function: FunctionRef,
        argument: &Scaled,
        mapped: usize,
        own: &[Axis],
        facts: NodeFacts,
    ) -> Scaled {
        let node = self.to_node(argument);
        let argument_axes: Axes = self.axes(node).into();
        let labels = identity_labels(argument_axes.len());
        let mut axes: SmallVec<[Axis; 4]> = argument_axes.iter().copied().collect();
        let mut output: Labels = labels[..mapped.min(labels.len())].into();
        for (position, axis) in own.iter().enumerate() {
            // A square result shares the argument's core labels where the axes agree.
            let shared = mapped + position;
            if shared < argument_axes.len()
                && argument_axes.len() - mapped == own.len()
                && argument_axes[shared] == *axis
            {
                output.push(labels[shared]);
            } else {
                output.push(Label::try_from(axes.len()).unwrap_or(Label::MAX));
                axes.push(*axis);
            }
        }
        let result: Axes = output.iter().map(|label| axes[*label as usize]).collect();
        let apply = Apply {
            function,
            arguments: SmallVec::from_iter([Argument { node, labels }]),
            output,
            axes,
        };
        Scaled::one(self.insert(Node::Apply(apply), result, facts))
    }

    pub(crate) fn function_facts(&self, function: FunctionRef) -> NodeFacts {
        match function {
            FunctionRef::Book(id) => {
                let facts = self.vocabulary.facts(id);
                NodeFacts {
                    positive: facts.positive,
                    nonnegative: facts.nonnegative || facts.positive,
                    sums_to_one: facts.sums_to_one,
                    ..NodeFacts::default()
                }
            }
            _ => NodeFacts::default(),
        }
    }
}

/// The matrices of a plain matrix product in order, if all are square of one size.
pub(crate) fn square_chain(contraction: &crate::node::Contraction) -> Option<SmallVec<[usize; 8]>> {
    let axis = *contraction.axes.first()?;
    if contraction.output.len() != 2
        || contraction.output[0] == contraction.output[1]
        || contraction.axes.iter().any(|other| *other != axis)
    {
        return None;
    }
    let matrices: SmallVec<[usize; 8]> = (0..contraction.operands.len())
        .filter(|at| !contraction.operands[*at].labels.is_empty())
        .collect();
    let mut degree: SmallVec<[u32; 8]> = contraction.axes.iter().map(|_| 0).collect();
    for at in &matrices {
        let operand = &contraction.operands[*at];
        if operand.labels.len() != 2
            || operand.labels[0] == operand.labels[1]
            || !operand.exponent.is_one()
        {
            return None;
        }
        for label in &operand.labels {
            degree[*label as usize] += 1;
        }
    }
    let is_output = |label: usize| contraction.output.iter().any(|open| *open as usize == label);
    let path = degree
        .iter()
        .enumerate()
        .all(|(label, degree)| *degree == if is_output(label) { 1 } else { 2 });
    path.then_some(matrices)
}

fn identity_labels(count: usize) -> Labels {
    (0..count).map(|label| Label::try_from(label).unwrap_or(Label::MAX)).collect()
}

fn all_distinct(labels: &[Label]) -> bool {
    labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label))
}
