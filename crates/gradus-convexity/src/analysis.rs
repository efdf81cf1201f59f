//! What is known of each node: a walk over the network, children first.
//!
//! Must not know how each kind of node is judged; that is the business of the modules beside it.

use gradus_functions::{Function, Piece, Place};
use gradus_tensor::{
    Apply, Arena, Constant, FunctionRef, Node, NodeId, Rational, Scaled, Structure,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bend::Bend;
use crate::certificate::{Condition, Rule};
use crate::interval::Interval;

/// A set of variables, one bit each.
pub(crate) type Variables = u64;

/// More variables than this are not told apart.
pub(crate) const MOST_VARIABLES: usize = 64;

/// The sign of a symmetric matrix as a quadratic form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Definiteness {
    #[default]
    Unknown,
    /// `v'Mv ≥ 0`
    Semidefinite,
    /// `v'Mv > 0` for `v ≠ 0`
    Definite,
}

impl Definiteness {
    pub(crate) fn is_semidefinite(self) -> bool {
        self != Self::Unknown
    }
}

/// Why a node bends as it does, and what of its parts was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) rule: Rule,
    pub(crate) of: Vec<NodeId>,
}

/// That the sum over all entries of a node with positive weights bends strictly in some variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strict {
    /// All that the node depends on.
    pub(crate) variables: Variables,
    /// Whether it bends at least as a square does.
    pub(crate) strongly: bool,
    /// What must hold for it.
    pub(crate) conditions: Vec<Condition>,
}

/// What is known of a node.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// On which variables it depends.
    pub(crate) variables: Variables,
    /// Where its entries lie.
    pub(crate) range: Interval,
    /// How each entry bends.
    pub(crate) entries: Bend,
    pub(crate) why_entries: Option<Why>,
    /// How it bends as a symmetric matrix, compared by `⪰`.
    pub(crate) order: Bend,
    pub(crate) why_order: Option<Why>,
    /// Its sign as a symmetric matrix.
    pub(crate) definite: Definiteness,
    /// The least power in which it is convex; it is at least zero then.
    pub(crate) least_power: Option<Rational>,
    /// Whether the logarithm of each entry is convex.
    pub(crate) log_convex: bool,
    /// Where it bends strictly.
    pub(crate) strict: Vec<Strict>,
}

impl Known {
    /// What holds of every node that depends on some variables.
    pub(crate) fn of(variables: Variables) -> Self {
        Self {
            variables,
            range: Interval::ANY,
            entries: if variables == 0 { Bend::Constant } else { Bend::Unknown },
            why_entries: None,
            order: if variables == 0 { Bend::Constant } else { Bend::Unknown },
            why_order: None,
            definite: Definiteness::Unknown,
            least_power: None,
            log_convex: false,
            strict: Vec::new(),
        }
    }

    pub(crate) fn is_constant(&self) -> bool {
        self.variables == 0
    }

    /// The least power in which it is convex, if it is at least zero.
    pub(crate) fn least_convex_power(&self) -> Option<Rational> {
        if self.least_power.is_some() {
            return self.least_power.clone();
        }
        (self.entries.is_convex() && self.range.is_nonnegative()).then_some(Rational::ONE)
    }
}

/// The walk.
pub(crate) struct Analysis<'a> {
    pub(crate) arena: &'a mut Arena,
    /// The variables in order.
    pub(crate) variables: Vec<NodeId>,
    known: FxHashMap<NodeId, Known>,
    /// Nodes that are at least zero, or greater, wherever the function has a value.
    implied: FxHashMap<NodeId, bool>,
}

impl<'a> Analysis<'a> {
    pub(crate) fn new(arena: &'a mut Arena, variables: &[NodeId], root: NodeId) -> Self {
        let implied = implied(arena, root);
        let variables = variables.to_vec();
        Self { arena, variables, known: FxHashMap::default(), implied }
    }

    /// What is known of a node that was looked at.
    pub(crate) fn known(&self, node: NodeId) -> Option<&Known> {
        self.known.get(&node)
    }

    /// What is known of a node, which may be new.
    pub(crate) fn look(&mut self, node: NodeId) -> Known {
        self.ensure(node);
        self.known.get(&node).cloned().unwrap_or_else(|| Known::of(Variables::MAX))
    }

    /// Looks at all that a node is made of.
    fn ensure(&mut self, node: NodeId) {
        for node in self.unseen(node) {
            let mut known = self.judge(node);
            if self.arena.facts(node).positive {
                known.range = known.range.meet(&Interval::positive());
            } else if self.arena.facts(node).nonnegative {
                known.range = known.range.meet(&Interval::nonnegative());
            }
            // Where the domain follows from it, the domain is convex.
            let convex_domain = known.entries.is_concave() || known.is_constant();
            if let Some(positive) = self.implied.get(&node)
                && convex_domain
            {
                let bound = if *positive { Interval::positive() } else { Interval::nonnegative() };
                known.range = known.range.meet(&bound);
            }
            if self.arena.facts(node).complex {
                known = Known::of(known.variables);
            }
            self.known.insert(node, known);
        }
    }

    /// The nodes below one that were not looked at, children first.
    fn unseen(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            if self.known.contains_key(&node) || !seen.insert(node) {
                continue;
            }
            found.push(node);
            pending.extend(self.arena.node(node).children());
        }
        found.sort_unstable();
        found
    }

    fn judge(&mut self, node: NodeId) -> Known {
        let kind = self.arena.node(node).clone();
        match kind {
            Node::Symbol(symbol) => self.symbol(node, self.arena.symbol(symbol).structure),
            Node::Constant(constant) => constant_facts(constant),
            Node::Sum(sum) => self.sum(&sum),
            Node::Contraction(contraction) => self.contraction(&contraction),
            Node::Apply(apply) => self.apply(&apply),
        }
    }

    fn symbol(&self, node: NodeId, structure: Structure) -> Known {
        let place = self.variables.iter().position(|variable| *variable == node);
        let mut known = Known::of(place.map_or(0, |at| 1 << at));
        if place.is_some() {
            (known.entries, known.order) = (Bend::Affine, Bend::Affine);
        }
        let facts = self.arena.facts(node);
        match structure {
            Structure::PositiveDefinite => known.definite = Definiteness::Definite,
            Structure::Diagonal if facts.positive => known.definite = Definiteness::Definite,
            Structure::OneHot | Structure::Simplex => {
                known.range.lower = Some(Rational::ZERO);
                known.range.upper = Some(Rational::ONE);
            }
            _ => {}
        }
        // Off its diagonal a positive diagonal matrix is zero.
        let banded = matches!(
            structure,
            Structure::Diagonal | Structure::LowerTriangular | Structure::UpperTriangular
        );
        if facts.positive && !banded {
            known.range = Interval::positive();
        }
        known
    }

    /// On which variables some nodes that were looked at depend.
    pub(crate) fn variables_of(&self, nodes: impl IntoIterator<Item = NodeId>) -> Variables {
        nodes.into_iter().fold(0, |all, node| {
            all | self.known.get(&node).map_or(Variables::MAX, |known| known.variables)
        })
    }

    /// A scaled value as a node that was looked at.
    pub(crate) fn settle(&mut self, value: &Scaled) -> NodeId {
        let node = self.arena.to_node(value);
        self.ensure(node);
        node
    }
}

fn constant_facts(constant: Constant) -> Known {
    let mut known = Known::of(0);
    match constant {
        Constant::Fusion { .. }
        | Constant::Packing { .. }
        | Constant::Selection { .. }
        | Constant::Triangle { .. } => {
            known.range.lower = Some(Rational::ZERO);
            known.range.upper = Some(Rational::ONE);
        }
        Constant::Pi | Constant::Infinity => known.range = Interval::positive(),
        Constant::Permutation | Constant::ImaginaryUnit => {}
    }
    known
}

/// The entry of a function of the vocabulary.
pub(crate) fn entry(apply: &Apply) -> Option<&'static Function> {
    match apply.function {
        FunctionRef::Book(function) => Some(gradus_functions::book().get(function)),
        _ => None,
    }
}

/// What has a value only where some of its parts are at least zero, or greater than zero.
fn implied(arena: &Arena, root: NodeId) -> FxHashMap<NodeId, bool> {
    let mut found: FxHashMap<NodeId, bool> = FxHashMap::default();
    let mut seen = FxHashSet::default();
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if !seen.insert(node) {
            continue;
        }
        match arena.node(node) {
            Node::Contraction(contraction) => {
                for operand in &contraction.operands {
                    let rough = operand.exponent.to_pair().is_some_and(|(_, below)| below % 2 == 0);
                    if rough {
                        let positive = operand.exponent.is_negative();
                        *found.entry(operand.node).or_default() |= positive;
                    }
                }
            }
            Node::Apply(apply) => {
                let positive = entry(apply).is_some_and(|it| it.curvature.domain_is_positive);
                for argument in apply.arguments.iter().filter(|_| positive) {
                    found.insert(argument.node, true);
                }
            }
            Node::Symbol(_) | Node::Constant(_) | Node::Sum(_) => {}
        }
        pending.extend(arena.node(node).children());
    }
    // A multiple of what is positive is positive on the same side.
    let multiples: Vec<(NodeId, bool)> = found
        .iter()
        .filter_map(|(node, positive)| match arena.node(*node) {
            Node::Sum(sum) => match sum.terms.as_slice() {
                [(factor, inner)] if !factor.is_negative() => Some((*inner, *positive)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    for (node, positive) in multiples {
        *found.entry(node).or_default() |= positive;
    }
    found
}

impl Analysis<'_> {
    /// Whether all that restricts the domain of the function is that concave parts are positive, which
    /// leaves a convex domain; what divides or is inverted has one sign.
    pub(crate) fn has_convex_domain(&self) -> bool {
        let mut nodes: Vec<&NodeId> = self.known.keys().collect();
        nodes.sort_unstable();
        nodes.into_iter().all(|node| match self.arena.node(*node) {
            Node::Contraction(contraction) => contraction.operands.iter().all(|operand| {
                let Some(known) = self.known.get(&operand.node) else { return false };
                let range = &known.range;
                let rough = !operand.exponent.is_integer();
                let divides = operand.exponent.is_negative();
                known.is_constant()
                    || !rough && !divides
                    || range.is_nonnegative() && (known.entries.is_concave() || range.is_positive())
            }),
            Node::Apply(apply) => {
                let Some(function) = entry(apply) else { return false };
                let varies =
                    |node: NodeId| self.known.get(&node).is_none_or(|it| !it.is_constant());
                let moving = || apply.arguments.iter().filter(|it| varies(it.node));
                if moving().next().is_none() || function.condition.is_empty() {
                    return true;
                }
                let curvature = &function.curvature;
                moving().all(|argument| {
                    let Some(known) = self.known.get(&argument.node) else { return false };
                    match curvature.domain_is_positive {
                        true => known.entries.is_concave() || known.range.is_positive(),
                        // Smooth on definite matrices are those that bend one way there.
                        false => {
                            let on_definite = |piece: &Piece| piece.place == Place::Definite;
                            known.definite.is_semidefinite()
                                && curvature.pieces.iter().any(on_definite)
                        }
                    }
                })
            }
            Node::Symbol(_) | Node::Constant(_) | Node::Sum(_) => true,
        })
    }
}
