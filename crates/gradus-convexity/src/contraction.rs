//! Products: weighted sums of powers, sums of squares, quadratic forms over what they are divided by.
//!
//! Must not know functions of the vocabulary, but that one is the logarithm.

use gradus_tensor::{
    Contraction, Label, Network, Node, NodeId, Operand, Rational, Role, Scaled, Wires,
};

use crate::analysis::{Analysis, Definiteness, Known, Strict, Variables, Why, entry};
use crate::bend::Bend;
use crate::certificate::Rule;
use crate::interval::Interval;
use crate::mirror::{Mirror, mirror};
use crate::monomial::monomial;

impl Analysis<'_> {
    pub(crate) fn contraction(&mut self, contraction: &Contraction) -> Known {
        let nodes: Vec<NodeId> = contraction.operands.iter().map(|it| it.node).collect();
        for operand in &nodes {
            self.look(*operand);
        }
        let mut known = Known::of(self.variables_of(nodes.iter().copied()));
        known.range = self.product_range(contraction, &(0..nodes.len()).collect::<Vec<_>>());
        if is_summed(contraction) {
            known.range = known.range.summed();
            // Off a diagonal stand zeros.
            known.range.nonzero &= !is_diagonal(contraction);
        }
        if !known.range.is_nonnegative() && self.squares(contraction, &[], &[]).is_some() {
            known.range = known.range.meet(&Interval::nonnegative());
        }
        known.definite = self.definite_product(contraction, &known.range);
        if known.is_constant() {
            return known;
        }
        self.entrywise(contraction, &mut known);
        if crate::order::sides(contraction).is_some() {
            self.in_order(contraction, &mut known);
        }
        known
    }

    /// How each entry bends, by the first rule that says so.
    fn entrywise(&mut self, contraction: &Contraction, known: &mut Known) {
        let varying = self.varying(contraction);
        let constants = self.constants(contraction);
        let weight = self.product_range(contraction, &constants);
        if let [only] = varying.as_slice() {
            let operand = &contraction.operands[*only];
            if operand.exponent.is_one() && self.bends(operand).is_affine() {
                known.entries = Bend::Affine;
                known.why_entries = Some(Why { rule: Rule::Affine, of: Vec::new() });
                return;
            }
        }
        let _ = self.by_squares_of_halves(contraction, known)
            || self.by_powers(contraction, (&varying, &weight), known)
            || self.in_trace(contraction, &varying, known)
            || self.by_perspective(contraction, (&varying, &weight), known);
    }

    /// `Σ w Π uᵢ^pᵢ` with weights of one sign.
    fn by_powers(
        &self,
        contraction: &Contraction,
        (varying, weight): (&[usize], &Interval),
        known: &mut Known,
    ) -> bool {
        let operands: Vec<&Operand> = varying.iter().map(|at| &contraction.operands[*at]).collect();
        let bases: Option<Vec<(&Known, Rational)>> = operands
            .iter()
            .map(|operand| Some((self.known(operand.node)?, operand.exponent.clone())))
            .collect();
        let Some(factors) = bases else { return false };
        let (bend, least) = monomial(&factors);
        if bend == Bend::Unknown {
            return false;
        }
        let (up, down) = (weight.is_nonnegative(), weight.is_nonpositive());
        known.entries = match (up, down) {
            (true, _) => bend,
            (_, true) => bend.negate(),
            _ => return false,
        };
        if up {
            known.least_power = least.filter(|_| known.range.is_nonnegative());
            let log_convex = |(base, exponent): &(&Known, Rational)| {
                let falls = exponent.is_negative()
                    && base.entries.is_concave()
                    && base.range.is_nonnegative();
                falls || base.log_convex && !exponent.is_negative()
            };
            known.log_convex = weight.is_positive() && factors.iter().all(log_convex);
        }
        let of = operands.iter().map(|operand| operand.node).collect();
        let rule = match operands.as_slice() {
            [only] if only.exponent.is_one() => Rule::WeightedSum,
            [only] => {
                Rule::Power { exponent: only.exponent.clone(), summed: is_summed(contraction) }
            }
            _ => Rule::Monomial,
        };
        known.why_entries = Some(Why { rule, of });
        if up && weight.is_positive() {
            known.strict = self.strict_power(&operands);
        }
        true
    }

    /// Where a weighted sum of powers bends strictly.
    fn strict_power(&self, operands: &[&Operand]) -> Vec<Strict> {
        let [only] = operands else { return Vec::new() };
        let Some(base) = self.known(only.node) else { return Vec::new() };
        // The weights reach every entry.
        let distinct =
            (1..only.labels.len()).all(|at| !only.labels[..at].contains(&only.labels[at]));
        if !distinct {
            return Vec::new();
        }
        if only.exponent.is_one() {
            return base.strict.clone();
        }
        if !base.entries.is_affine() {
            return Vec::new();
        }
        let Some(conditions) = self.injective(only.node) else { return Vec::new() };
        let strongly = only.exponent == Rational::integer(2);
        vec![Strict { variables: base.variables, strongly, conditions }]
    }

    /// `Σ w h'Bh` with affine halves, weights at least zero that may be divided by concave ones, and
    /// positive semidefinite matrices between the halves, or the inverse of one that is affine.
    fn by_squares_of_halves(&mut self, contraction: &Contraction, known: &mut Known) -> bool {
        let Some((found, kind)) = self.convex_squares(contraction, &[], &[]) else { return false };
        known.entries = Bend::Convex;
        known.range = known.range.meet(&Interval::nonnegative());
        let fixed = kind == Halves::Squares;
        let half = self.half(contraction, &found, None);
        if fixed {
            known.least_power = Rational::new(1, 2);
            known.strict = self.strict_squares(contraction, &found, half);
        }
        let mut of = vec![half];
        of.extend(self.moving_weights(contraction, &found));
        let rule = if fixed { Rule::SumOfSquares } else { Rule::SquareOver };
        known.why_entries = Some(Why { rule, of });
        true
    }

    /// The weights and bridges that vary.
    fn moving_weights(&self, contraction: &Contraction, found: &Mirror) -> Vec<NodeId> {
        let weights = found.fixed.iter().chain(&found.bridges);
        let nodes = weights.map(|at| contraction.operands[*at].node);
        nodes.filter(|node| self.known(*node).is_some_and(|it| !it.is_constant())).collect()
    }

    fn strict_squares(
        &self,
        contraction: &Contraction,
        found: &Mirror,
        half: NodeId,
    ) -> Vec<Strict> {
        let definite = |at: &usize| {
            let known = self.known(contraction.operands[*at].node);
            known.is_some_and(|known| known.definite == Definiteness::Definite)
        };
        let positive = found
            .fixed
            .iter()
            .all(|at| self.instance_range(&contraction.operands[*at]).is_positive());
        let met = |label: Label| {
            let meets = |at: &&usize| contraction.operands[**at].labels.contains(&label);
            found.bridges.iter().filter(meets).count()
        };
        let once = (0..found.image.len()).all(|at| met(label(at)) <= 1);
        if !found.bridges.iter().all(definite) || !positive || !once {
            return Vec::new();
        }
        let Some(conditions) = self.injective(half) else { return Vec::new() };
        let variables = self.known(half).map_or(Variables::MAX, |it| it.variables);
        vec![Strict { variables, strongly: true, conditions }]
    }

    /// A mirror that makes a product of constants and affine arrays convex.
    pub(crate) fn convex_squares(
        &mut self,
        contraction: &Contraction,
        pairs: &[(Label, Label)],
        skipped: &[usize],
    ) -> Option<(Mirror, Halves)> {
        let found = {
            let this = &*self;
            let accept = |found: &Mirror| this.has_convex_weights(contraction, found).is_some();
            mirror(this.arena, contraction, pairs, skipped, &accept)?
        };
        let kind = self.has_convex_weights(contraction, &found)?;
        let half = self.half(contraction, &found, pairs.first().copied());
        self.look(half).entries.is_affine().then_some((found, kind))
    }

    /// Whether the weights and bridges of a mirror keep squares of affine halves convex.
    fn has_convex_weights(&self, contraction: &Contraction, found: &Mirror) -> Option<Halves> {
        let mut moving = 0;
        let varies = |at: &usize| {
            self.known(contraction.operands[*at].node).is_none_or(|known| !known.is_constant())
        };
        if !found.half.iter().any(varies) {
            return None;
        }
        for at in &found.fixed {
            let operand = &contraction.operands[*at];
            let known = self.known(operand.node)?;
            if known.is_constant() {
                if !self.instance_range(operand).is_nonnegative() {
                    return None;
                }
                continue;
            }
            // A square over a positive concave number.
            let divides = operand.exponent == Rational::MINUS_ONE
                && known.entries.is_concave()
                && known.range.is_nonnegative();
            if !divides {
                return None;
            }
            moving += 1;
        }
        for at in &found.bridges {
            let operand = &contraction.operands[*at];
            let known = self.known(operand.node)?;
            if known.is_constant() {
                self.bridges(operand).then_some(())?;
                continue;
            }
            if !operand.exponent.is_one() || !self.is_inverse_of_concave(operand.node) {
                return None;
            }
            moving += 1;
        }
        match moving {
            0 => Some(Halves::Squares),
            1 => Some(Halves::Over),
            _ => None,
        }
    }

    /// Whether a node is the inverse of a positive definite matrix that is concave in order.
    fn is_inverse_of_concave(&self, node: NodeId) -> bool {
        let Node::Apply(apply) = self.arena.node(node) else { return false };
        let inverts = entry(apply).is_some_and(|it| it.facts.role == Some(Role::Inverse));
        let concave = |node: NodeId| {
            self.known(node)
                .is_some_and(|it| it.order.is_concave() && it.definite.is_semidefinite())
        };
        inverts && apply.arguments.iter().all(|argument| concave(argument.node))
    }

    /// A mirror that shows that a product is at least zero.
    pub(crate) fn squares(
        &self,
        contraction: &Contraction,
        pairs: &[(Label, Label)],
        skipped: &[usize],
    ) -> Option<Mirror> {
        let accept = |found: &Mirror| {
            let weight =
                |at: &usize| self.instance_range(&contraction.operands[*at]).is_nonnegative();
            let bridge = |at: &usize| self.bridges(&contraction.operands[*at]);
            found.fixed.iter().all(weight) && found.bridges.iter().all(bridge)
        };
        mirror(self.arena, contraction, pairs, skipped, &accept)
    }

    /// Whether an operand is a positive semidefinite matrix; entrywise powers of one are.
    pub(crate) fn bridges(&self, operand: &Operand) -> bool {
        let whole = operand.exponent.to_i64().is_some_and(|exponent| exponent > 0);
        whole && self.known(operand.node).is_some_and(|it| it.definite.is_semidefinite())
    }

    /// The near half of a mirror as an array over the labels that stay, those that a bridge meets, and the
    /// near one of a pair of outputs.
    pub(crate) fn half(
        &mut self,
        contraction: &Contraction,
        found: &Mirror,
        pair: Option<(Label, Label)>,
    ) -> NodeId {
        let in_half = |label: Label| {
            found.half.iter().any(|at| contraction.operands[*at].labels.contains(&label))
        };
        let bridged = |label: Label| {
            found.bridges.iter().any(|at| contraction.operands[*at].labels.contains(&label))
        };
        let opens = |label: Label| {
            let near = found.near[label as usize];
            let paired = pair.is_some_and(|(one, other)| label == one || label == other);
            in_half(label) && (found.stays(label) || near && (bridged(label) || paired))
        };
        let open: Vec<Label> = (0..found.image.len()).map(label).filter(|it| opens(*it)).collect();
        let value = self.part(contraction, &found.half, &open);
        self.settle(&value)
    }

    /// The product of some operands, with some labels open.
    pub(crate) fn part(
        &mut self,
        contraction: &Contraction,
        operands: &[usize],
        open: &[Label],
    ) -> Scaled {
        let mut network = Network::new();
        let mut wires: Vec<Option<gradus_tensor::Wire>> = vec![None; contraction.axes.len()];
        let mut wire = |network: &mut Network, label: Label| {
            *wires[label as usize]
                .get_or_insert_with(|| network.wire(contraction.axes[label as usize]))
        };
        for at in operands {
            let operand = &contraction.operands[*at];
            let place: Wires =
                operand.labels.iter().map(|label| wire(&mut network, *label)).collect();
            let value = Scaled::one(operand.node);
            network.power(self.arena, &value, &operand.exponent, &place);
        }
        let output: Wires = open.iter().map(|label| wire(&mut network, *label)).collect();
        network.output(&output);
        self.arena.contract(network)
    }

    /// `tr(GM)`, where M bends in order and what is left of the product is positive semidefinite.
    fn in_trace(&self, contraction: &Contraction, varying: &[usize], known: &mut Known) -> bool {
        let [at] = varying else { return false };
        let operand = &contraction.operands[*at];
        let Some(base) = self.known(operand.node) else { return false };
        let [.., rows, columns] = operand.labels.as_slice() else { return false };
        if !operand.exponent.is_one() {
            return false;
        }
        let alone = contraction.operands.len() == 1;
        if rows == columns && alone {
            // The trace itself, or the diagonal.
            let traced = !contraction.output.contains(rows);
            if let (true, Some(bend)) = (traced, self.trace(operand.node)) {
                known.entries = bend;
                known.why_entries =
                    Some(Why { rule: Rule::TraceOfFunction, of: vec![operand.node] });
                return true;
            }
        }
        if !matches!(base.order, Bend::Convex | Bend::Concave) {
            return false;
        }
        let opens = |label: &Label| contraction.output.contains(label);
        let holds = rows == columns
            || !opens(rows)
                && !opens(columns)
                && self.squares(contraction, &[(*rows, *columns)], &[*at]).is_some();
        if !holds {
            return false;
        }
        let others = |other: &usize| *other != *at;
        let weights = self.constants(contraction).into_iter().filter(others);
        if rows == columns
            && !self.product_range(contraction, &weights.collect::<Vec<_>>()).is_nonnegative()
        {
            return false;
        }
        known.entries = base.order;
        known.why_entries = Some(Why { rule: Rule::Trace, of: vec![operand.node] });
        known.strict =
            if alone && rows == columns { self.strict_trace(operand.node) } else { Vec::new() };
        true
    }

    /// Where the trace of a strict function of a matrix bends strictly.
    fn strict_trace(&self, node: NodeId) -> Vec<Strict> {
        self.known(node).map(|known| known.strict.clone()).unwrap_or_default()
    }

    /// How the trace of a function of a symmetric affine matrix bends.
    fn trace(&self, node: NodeId) -> Option<Bend> {
        let Node::Apply(apply) = self.arena.node(node) else { return None };
        let bent = entry(apply)?.curvature.trace?;
        let argument = apply.arguments.first()?.node;
        let symmetric = self.arena.facts(argument).symmetric;
        let affine = self.known(argument)?.entries.is_affine();
        (symmetric && affine).then_some(bent.into())
    }

    /// `u log(u/t)`, convex in both together: a perspective of `u log u`.
    fn by_perspective(
        &self,
        contraction: &Contraction,
        (varying, weight): (&[usize], &Interval),
        known: &mut Known,
    ) -> bool {
        let [one, other] = varying else { return false };
        let (one, other) = (&contraction.operands[*one], &contraction.operands[*other]);
        let (base, log) = if self.logarithm(other).is_some() { (one, other) } else { (other, one) };
        let Some(argument) = self.logarithm(log) else { return false };
        let linear = base.exponent.is_one() && log.exponent.is_one() && base.labels == log.labels;
        let is_affine = |node: NodeId| self.known(node).is_some_and(|it| it.entries.is_affine());
        let positive = self.known(base.node).is_some_and(|it| it.range.is_nonnegative());
        if !linear || !is_affine(base.node) || !positive && argument != base.node {
            return false;
        }
        let Some(bend) = self.entropy(base, argument) else { return false };
        known.entries = match (weight.is_nonnegative(), weight.is_nonpositive()) {
            (true, _) => bend,
            (_, true) => bend.negate(),
            _ => return false,
        };
        let strictly = bend == Bend::Convex && argument == base.node && weight.is_positive();
        if let (true, Some(conditions)) = (strictly, self.injective(base.node)) {
            known.strict = vec![Strict { variables: known.variables, strongly: false, conditions }];
        }
        let of = vec![base.node];
        known.why_entries = Some(Why { rule: Rule::Entropy, of });
        true
    }

    /// The argument of a logarithm.
    fn logarithm(&self, operand: &Operand) -> Option<NodeId> {
        let Node::Apply(apply) = self.arena.node(operand.node) else { return None };
        let is_log = match apply.function {
            gradus_tensor::FunctionRef::Book(function) => {
                self.arena.vocabulary().facts(function).role == Some(Role::Logarithm)
            }
            _ => false,
        };
        is_log.then(|| apply.arguments[0].node)
    }

    /// How `u log v` bends: v is u times a positive constant, over an affine number or not, or it is affine
    /// over u.
    fn entropy(&self, base: &Operand, argument: NodeId) -> Option<Bend> {
        if argument == base.node {
            return Some(Bend::Convex);
        }
        let argument = self.without_factor(argument)?;
        let Node::Contraction(inner) = self.arena.node(argument) else { return None };
        let positive_affine = |node: NodeId| {
            self.known(node).is_some_and(|it| it.entries.is_affine() && it.range.is_nonnegative())
        };
        let varying = self.varying(inner);
        let constants = self.constants(inner);
        if !self.product_range(inner, &constants).is_positive() {
            return None;
        }
        if is_summed(inner) {
            return None;
        }
        // The same entry of the base.
        let place = |operand: &&Operand| {
            operand.node == base.node && operand.labels.as_slice() == inner.output.as_slice()
        };
        let operands: Vec<&Operand> = varying.iter().map(|at| &inner.operands[*at]).collect();
        let own = operands.iter().position(place);
        match (operands.as_slice(), own) {
            ([only], Some(0)) if only.exponent.is_one() => Some(Bend::Convex),
            ([a, b], Some(at)) => {
                let (own, other) = if at == 0 { (a, b) } else { (b, a) };
                if !positive_affine(other.node) {
                    return None;
                }
                let (p, q) = (own.exponent.to_i64()?, other.exponent.to_i64()?);
                match (p, q) {
                    (1, -1) => Some(Bend::Convex),
                    (-1, 1) => Some(Bend::Concave),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A node without a positive factor.
    fn without_factor(&self, node: NodeId) -> Option<NodeId> {
        match self.arena.node(node) {
            Node::Sum(sum) => match sum.terms.as_slice() {
                [(factor, inner)] if !factor.is_negative() => Some(*inner),
                _ => None,
            },
            _ => Some(node),
        }
    }

    fn bends(&self, operand: &Operand) -> Bend {
        self.known(operand.node).map_or(Bend::Unknown, |known| known.entries)
    }

    /// The operands that vary.
    pub(crate) fn varying(&self, contraction: &Contraction) -> Vec<usize> {
        let varies = |at: &usize| {
            let node = contraction.operands[*at].node;
            self.known(node).is_none_or(|known| !known.is_constant())
        };
        (0..contraction.operands.len()).filter(varies).collect()
    }

    /// The operands that do not.
    pub(crate) fn constants(&self, contraction: &Contraction) -> Vec<usize> {
        let varying = self.varying(contraction);
        (0..contraction.operands.len()).filter(|at| !varying.contains(at)).collect()
    }

    /// Where the entries of a power lie as they stand in a product: the diagonal of a positive
    /// semidefinite matrix is at least zero.
    pub(crate) fn instance_range(&self, operand: &Operand) -> Interval {
        let Some(known) = self.known(operand.node) else { return Interval::ANY };
        let mut range = known.range.clone();
        if let [.., rows, columns] = operand.labels.as_slice()
            && rows == columns
        {
            match known.definite {
                Definiteness::Definite => range = range.meet(&Interval::positive()),
                Definiteness::Semidefinite => range = range.meet(&Interval::nonnegative()),
                Definiteness::Unknown => {}
            }
        }
        if operand.exponent.is_one() { range } else { range.power(&operand.exponent) }
    }

    pub(crate) fn product_range(&self, contraction: &Contraction, operands: &[usize]) -> Interval {
        let one = Interval::number(&Rational::ONE);
        operands.iter().fold(one, |product, at| {
            product.product(&self.instance_range(&contraction.operands[*at]))
        })
    }
}

/// What makes squares of affine halves convex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halves {
    /// All else is constant.
    Squares,
    /// They stand over something that varies.
    Over,
}

pub(crate) fn label(at: usize) -> Label {
    Label::try_from(at).unwrap_or(Label::MAX)
}

/// Whether some label is summed, or makes a diagonal.
fn is_summed(contraction: &Contraction) -> bool {
    let output = &contraction.output;
    is_diagonal(contraction) || (0..contraction.axes.len()).any(|at| !output.contains(&label(at)))
}

fn is_diagonal(contraction: &Contraction) -> bool {
    let output = &contraction.output;
    (1..output.len()).any(|at| output[..at].contains(&output[at]))
}
