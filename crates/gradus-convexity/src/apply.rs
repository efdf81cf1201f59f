//! Functions: the composition rules.
//!
//! Must not know names of functions: what is known of them stands in their entries.

use gradus_functions::{Curvature, Piece, Place, Trend};
use gradus_tensor::{Apply, Node, NodeId, Rational};

use crate::analysis::{Analysis, Definiteness, Known, Strict, Why, entry};
use crate::bend::Bend;
use crate::certificate::Rule;
use crate::interval::Interval;

impl Analysis<'_> {
    pub(crate) fn apply(&mut self, apply: &Apply) -> Known {
        let nodes: Vec<NodeId> = apply.arguments.iter().map(|argument| argument.node).collect();
        let arguments: Vec<Known> = nodes.iter().map(|node| self.look(*node)).collect();
        let mut known = Known::of(self.variables_of(nodes.iter().copied()));
        let Some(function) = entry(apply) else { return known };
        let curvature = function.curvature;
        known.range = range(&curvature, &arguments);
        let symmetric = nodes.iter().all(|node| self.arena.facts(*node).symmetric);
        known.definite = definite(&curvature, &arguments, symmetric);
        let role = function.facts.role;
        if role == Some(gradus_tensor::Role::Inverse) && known.definite.is_semidefinite() {
            known.definite = Definiteness::Definite;
        }
        // A logarithm is at least zero from one on.
        let at_least_one = |it: &Known| {
            let lower = it.range.lower.as_ref();
            lower.is_some_and(|lower| !lower.subtract(&Rational::ONE).is_negative())
        };
        if role == Some(gradus_tensor::Role::Logarithm) && arguments.iter().all(at_least_one) {
            known.range = known.range.meet(&Interval::nonnegative());
        }
        if known.is_constant() {
            return known;
        }
        let convex = |it: &Known| it.entries.is_convex();
        match function.facts.role {
            Some(gradus_tensor::Role::Exponential) => {
                known.log_convex = arguments.iter().all(convex);
            }
            Some(gradus_tensor::Role::Logarithm) if arguments.iter().any(|it| it.log_convex) => {
                known.entries = Bend::Convex;
                known.why_entries = Some(Why { rule: Rule::LogConvex, of: nodes });
                return known;
            }
            _ => {}
        }
        if function.facts.role == Some(gradus_tensor::Role::Logarithm)
            && self.of_logarithm(&nodes, &mut known)
        {
            return known;
        }
        for piece in curvature.pieces {
            if !arguments.iter().all(|argument| lies(argument, piece.place)) {
                continue;
            }
            let of = |it: &Known| if curvature.of_matrices { it.order } else { it.entries };
            let bends: Vec<Bend> = arguments.iter().map(of).collect();
            let Some(bend) = composed(piece, &bends) else { continue };
            let rule = Rule::Composition {
                function: function.name,
                place: piece.place,
                trend: piece.trend,
                of_affine: bends.iter().all(|bend| bend.is_affine()),
                of_matrices: curvature.of_matrices,
            };
            let why = Some(Why { rule, of: nodes.clone() });
            if function.facts.output_core == 2 && curvature.of_matrices {
                (known.order, known.why_order) = (bend, why);
            } else {
                (known.entries, known.why_entries) = (bend, why);
            }
            if piece.strict && bends.iter().all(|bend| bend.is_affine()) {
                known.strict.extend(self.strictly(&nodes));
            }
            break;
        }
        known
    }

    /// The logarithm of a function of which it is known how that bends.
    fn of_logarithm(&self, nodes: &[NodeId], known: &mut Known) -> bool {
        let [argument] = nodes else { return false };
        let Node::Apply(inner) = self.arena.node(*argument) else { return false };
        let Some(function) = entry(inner) else { return false };
        let nodes: Vec<NodeId> = inner.arguments.iter().map(|argument| argument.node).collect();
        let arguments: Option<Vec<&Known>> = nodes.iter().map(|node| self.known(*node)).collect();
        let Some(arguments) = arguments else { return false };
        let bends: Vec<Bend> = arguments.iter().map(|it| it.entries).collect();
        for piece in function.curvature.logarithm {
            if !arguments.iter().all(|argument| lies(argument, piece.place)) {
                continue;
            }
            let Some(bend) = composed(piece, &bends) else { continue };
            let of_affine = bends.iter().all(|bend| bend.is_affine());
            let rule = Rule::Logarithm { function: function.name, of_affine };
            if piece.strict && of_affine {
                known.strict.extend(self.strictly(&nodes));
            }
            known.entries = bend;
            known.why_entries = Some(Why { rule, of: nodes });
            return true;
        }
        false
    }

    /// A strict function of an affine one that takes different values at different points.
    fn strictly(&self, nodes: &[NodeId]) -> Option<Strict> {
        let [argument] = nodes else { return None };
        let conditions = self.injective(*argument)?;
        let variables = self.known(*argument)?.variables;
        Some(Strict { variables, strongly: false, conditions })
    }
}

/// Whether an argument lies in a place wherever the function has a value.
fn lies(argument: &Known, place: Place) -> bool {
    match place {
        Place::Anywhere => true,
        Place::Nonnegative => argument.range.is_nonnegative(),
        Place::Nonpositive => argument.range.is_nonpositive(),
        // What is semidefinite is definite where it has an inverse.
        Place::Definite => argument.definite.is_semidefinite(),
    }
}

/// The composition rule: a convex function that increases where its argument is convex and decreases
/// where it is concave is convex; the same turned round for concave ones.
fn composed(piece: &Piece, arguments: &[Bend]) -> Option<Bend> {
    let bent = Bend::from(piece.bent);
    let fits = |argument: &Bend| {
        let wanted = match piece.trend {
            Trend::Increasing => bent,
            Trend::Decreasing => bent.negate(),
            Trend::None => return argument.is_affine(),
        };
        match wanted {
            Bend::Convex => argument.is_convex(),
            _ => argument.is_concave(),
        }
    };
    arguments.iter().all(fits).then_some(bent)
}

fn range(curvature: &Curvature, arguments: &[Known]) -> Interval {
    let bound = |bound: Option<i32>| bound.map(|it| Rational::integer(i64::from(it)));
    let (lower, upper) = curvature.range;
    let mut range = Interval { lower: bound(lower), upper: bound(upper), nonzero: false };
    if let ([argument], true) = (arguments, curvature.keeps_sign) {
        range = range.meet(&argument.range.summed());
    }
    range
}

fn definite(curvature: &Curvature, arguments: &[Known], symmetric: bool) -> Definiteness {
    let [argument] = arguments else { return Definiteness::Unknown };
    if curvature.makes_definite && symmetric {
        return Definiteness::Definite;
    }
    if curvature.keeps_definite { argument.definite } else { Definiteness::Unknown }
}
