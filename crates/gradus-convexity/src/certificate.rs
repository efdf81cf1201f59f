//! The certificate of a function: how it bends, and the statements that lead to it.
//!
//! Must not know how statements are displayed.

use gradus_functions::{Place, Trend};
use gradus_tensor::{Arena, Node, NodeId, Rational, Scaled, Structure};
use rustc_hash::FxHashSet;

use crate::analysis::{Analysis, MOST_VARIABLES, Strict, Variables, Why};
use crate::bend::Bend;
use crate::hessian;

/// Certificates with more statements are cut to the last ones.
const MOST_STEPS: usize = 200;

/// Why a statement holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Linear in the variables, plus a constant.
    Affine,
    /// A sum of affine terms.
    AffineSum,
    /// A sum of terms that bend the same way.
    Sum,
    /// A multiple.
    Multiple,
    /// A sum with weights of one sign.
    WeightedSum,
    /// A power, where that bends one way.
    Power {
        /// The exponent.
        exponent: Rational,
        /// Whether it is summed over entries.
        summed: bool,
    },
    /// A product of powers whose exponents allow it.
    Monomial,
    /// `Σ w h'Bh` with an affine h, w ≥ 0 and B ⪰ 0.
    SumOfSquares,
    /// A square of an affine h over a positive concave number, or `h'P⁻¹h` with a concave P.
    SquareOver,
    /// Squares that are completed.
    CompletedSquares,
    /// A function of the vocabulary, by the composition rule.
    Composition {
        /// Its name in the language.
        function: &'static str,
        /// Where its argument lies.
        place: Place,
        /// How it grows there.
        trend: Trend,
        /// Whether its argument is affine, so that how it grows does not matter.
        of_affine: bool,
        /// Whether matrices are compared as quadratic forms.
        of_matrices: bool,
    },
    /// The logarithm of a function of the vocabulary of which it is known how that bends.
    Logarithm {
        /// Its name in the language.
        function: &'static str,
        /// Whether its argument is affine.
        of_affine: bool,
    },
    /// The logarithm of a sum of exponentials of convex functions.
    LogConvex,
    /// `tr(GM)` with G ⪰ 0.
    Trace,
    /// The trace of a convex function of a symmetric matrix.
    TraceOfFunction,
    /// `A'MA`
    Congruence,
    /// `u log u`, and `u log(u/t)`.
    Entropy,
    /// The second differential has one sign.
    SecondDifferential,
}

/// What is said of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Each entry bends so.
    Entries(Bend),
    /// As a symmetric matrix, compared by `⪰`, it bends so.
    Matrix(Bend),
}

/// A statement of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub node: NodeId,
    /// What is said.
    pub statement: Statement,
    /// Why.
    pub rule: Rule,
}

/// What must hold for a strict statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The columns of a matrix, or its rows, are linearly independent.
    FullRank {
        /// The matrix.
        node: NodeId,
        /// Whether its columns are; else its rows.
        columns: bool,
    },
}

/// How strictly a function bends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strictness {
    /// Whether it bends at least as a square does.
    pub strongly: bool,
    /// What must hold for it.
    pub conditions: Vec<Condition>,
}

/// How a function bends in some variables together, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The answer; [`Bend::Unknown`] if neither rule says anything.
    pub bend: Bend,
    /// The statements, each after those that it uses; the last one is about the function.
    pub steps: Vec<Step>,
    /// Whether it bends strictly, if that is seen.
    pub strictness: Option<Strictness>,
    /// The second differential, if the function has one.
    pub second_differential: Option<Scaled>,
}

/// How a real scalar function bends in some variables together. Each variable is a symbol, and varies
/// in the set that its structure and its positivity say, as long as that is convex.
pub fn certify(arena: &mut Arena, function: &Scaled, variables: &[NodeId]) -> Certificate {
    let open = Certificate {
        bend: Bend::Unknown,
        steps: Vec::new(),
        strictness: None,
        second_differential: None,
    };
    let in_convex_sets = variables.iter().all(|variable| varies_in_convex_set(arena, *variable));
    if variables.len() > MOST_VARIABLES || !in_convex_sets || arena.facts(function.node).complex {
        return open;
    }
    let mut analysis = Analysis::new(arena, variables, function.node);
    let root = analysis.settle(function);
    let known = analysis.look(root);
    let mut found = Certificate { bend: known.entries, ..open };
    if found.bend != Bend::Unknown {
        found.steps = steps(&analysis, root);
        found.strictness = strictness(&known.strict, known.variables, variables.len());
    }
    let second = hessian::second_differential(arena, function, variables);
    if let (Some(second), Bend::Unknown) = (&second, found.bend) {
        found.bend = hessian::by_sign(arena, second, function, variables);
        if found.bend != Bend::Unknown {
            found.steps = vec![Step {
                node: root,
                statement: Statement::Entries(found.bend),
                rule: Rule::SecondDifferential,
            }];
        }
    }
    found.second_differential = second.filter(|_| hessian::is_smooth(arena, function, variables));
    if arena.exhaustion().is_some() {
        return Certificate { bend: Bend::Unknown, steps: Vec::new(), ..found };
    }
    found
}

/// Whether the values that a variable may take are a convex set.
#[must_use]
pub fn varies_in_convex_set(arena: &Arena, variable: NodeId) -> bool {
    match arena.node(variable) {
        Node::Symbol(symbol) => !matches!(
            arena.symbol(*symbol).structure,
            Structure::Orthogonal | Structure::Unitary | Structure::OneHot
        ),
        _ => false,
    }
}

/// The statements below one, each once, children first.
fn steps(analysis: &Analysis<'_>, root: NodeId) -> Vec<Step> {
    let mut found: Vec<(Step, bool)> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut pending = vec![(root, false)];
    while let Some((node, in_order)) = pending.pop() {
        if !seen.insert((node, in_order)) {
            continue;
        }
        let Some(known) = analysis.known(node) else { continue };
        let (bend, why) = match in_order {
            true => (known.order, &known.why_order),
            false => (known.entries, &known.why_entries),
        };
        let Some(Why { rule, of }) = why else { continue };
        if bend == Bend::Constant {
            continue;
        }
        // Parts of what is affine tell nothing.
        let of: &[NodeId] = if bend.is_affine() { &[] } else { of };
        let matrix = in_order && !bend.is_affine();
        let statement = if matrix { Statement::Matrix(bend) } else { Statement::Entries(bend) };
        found.push((Step { node, statement, rule: rule.clone() }, in_order));
        let by_order = match rule {
            Rule::Composition { of_matrices, .. } => *of_matrices,
            Rule::Trace | Rule::Congruence => true,
            Rule::Sum | Rule::Multiple => in_order,
            Rule::SquareOver => false,
            _ => false,
        };
        pending.extend(of.iter().map(|child| (*child, by_order)));
    }
    found.sort_by_key(|(step, in_order)| (step.node, *in_order));
    // The root is last, whatever was built for it.
    if let Some(at) = found.iter().position(|(step, _)| step.node == root) {
        let own = found.remove(at);
        found.push(own);
    }
    let mut steps: Vec<Step> = found.into_iter().map(|(step, _)| step).collect();
    let many = steps.len().saturating_sub(MOST_STEPS);
    steps.drain(..many);
    steps
}

/// Whether strict parts cover all variables, with the fewest conditions.
fn strictness(parts: &[Strict], depends: Variables, count: usize) -> Option<Strictness> {
    let all: Variables = if count >= MOST_VARIABLES { Variables::MAX } else { (1 << count) - 1 };
    if depends != all {
        return None;
    }
    let cover = |strongly: bool| {
        let mut left = all;
        let mut conditions: Vec<Condition> = Vec::new();
        let mut usable: Vec<&Strict> =
            parts.iter().filter(|part| part.strongly || !strongly).collect();
        usable.sort_by_key(|part| part.conditions.len());
        for part in usable {
            if part.variables & left == 0 {
                continue;
            }
            left &= !part.variables;
            for condition in &part.conditions {
                if !conditions.contains(condition) {
                    conditions.push(condition.clone());
                }
            }
        }
        (left == 0).then_some(Strictness { strongly, conditions })
    };
    let (strong, strict) = (cover(true), cover(false));
    match (strong, strict) {
        (Some(strong), Some(strict)) if strict.conditions.len() < strong.conditions.len() => {
            Some(strict)
        }
        (Some(strong), _) => Some(strong),
        (None, strict) => strict,
    }
}
