//! The steps of an integral: which rule was used, and on what.
//!
//! Must not know how rules are found or worded.

use crate::expression::{ExprId, Function};

/// A step, in the list that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepId(pub(super) usize);

impl StepId {
    /// The place in the list of steps.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0
    }
}

/// One integral and the rule that solved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is integrated.
    pub integrand: ExprId,
    /// The rule.
    pub rule: Rule,
    /// An antiderivative.
    pub value: ExprId,
    /// The integrals that the rule leaves, in the order in which they are written.
    pub parts: Vec<StepId>,
    /// How many substitutions stand around this integral: its variable is the one that was asked for at
    /// level zero, u below one substitution, and so on.
    pub level: usize,
}

impl Rule {
    /// Whether the parts are integrals by a new variable.
    const fn changes_variable(&self) -> bool {
        matches!(self, Self::Substitution { .. } | Self::Inverse { .. })
    }
}

/// The steps that lead to one of them, parts before what uses them, each with its level; the last one is
/// the one that was asked for.
pub(super) fn leading_to(steps: &[Step], root: StepId) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    let mut places: Vec<((StepId, usize), StepId)> = Vec::new();
    let mut open = vec![(root, 0_usize, false)];
    while let Some((id, level, are_parts_done)) = open.pop() {
        let Some(step) = steps.get(id.0) else { continue };
        let known = |places: &[((StepId, usize), StepId)], id: StepId, level: usize| {
            places.iter().find(|(key, _)| *key == (id, level)).map(|(_, place)| *place)
        };
        if known(&places, id, level).is_some() {
            continue;
        }
        // The antiderivative of the second factor of a product is by the same variable.
        let below = level + usize::from(step.rule.changes_variable());
        if are_parts_done {
            let parts = step.parts.iter().filter_map(|part| known(&places, *part, below)).collect();
            places.push(((id, level), StepId(found.len())));
            found.push(Step { parts, level, ..step.clone() });
        } else {
            open.push((id, level, true));
            open.extend(step.parts.iter().rev().map(|part| (*part, below, false)));
        }
    }
    found
}

/// A rule of integration. In the parts of a substitution the variable stands for the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A constant times the variable.
    Constant,
    /// A power of a linear expression.
    Power,
    /// The reciprocal of a linear expression: a logarithm.
    Reciprocal,
    /// A function of a linear expression, from the table.
    Table(Function),
    /// A constant to a linear power.
    ConstantBase,
    /// The reciprocal of a square of a sine or cosine, circular or hyperbolic.
    ReciprocalSquare,
    /// The integral of a sum, term by term.
    Sum,
    /// A constant factor is drawn out.
    Factor(ExprId),
    /// The integrand in another form.
    Rewrite(ExprId),
    /// `u = inner`, whose derivative is a factor: the part integrates `transformed`.
    Substitution {
        /// The expression that the new variable stands for.
        inner: ExprId,
        /// The integrand in the new variable.
        transformed: ExprId,
    },
    /// `x = outer(u)`: the part integrates `transformed`.
    Inverse {
        /// The variable, by the new one.
        outer: ExprId,
        /// The new variable, by the old one.
        inner: ExprId,
        /// The integrand in the new variable.
        transformed: ExprId,
    },
    /// `∫ first d(second) = first*second − ∫ second d(first)`.
    Parts {
        /// The factor that is differentiated.
        first: ExprId,
        /// The antiderivative of the other one.
        second: ExprId,
        /// What remains to be integrated.
        rest: ExprId,
    },
    /// The decomposition of a rational function, as a sum.
    PartialFractions(ExprId),
    /// Powers of a factor of the denominator are lowered by Hermite's reduction.
    Hermite {
        /// What is found at once.
        found: ExprId,
        /// What remains to be integrated.
        rest: ExprId,
    },
    /// Logarithm and arctangent of a quadratic denominator.
    Quadratic,
    /// The numerator is a multiple of the derivative of the denominator.
    LogarithmicDerivative,
    /// Polynomial times exponential times sine and cosine, by undetermined coefficients.
    Coefficients,
    /// The inverse function or logarithm of the root of a quadratic polynomial.
    QuadraticRoot,
    /// A recurrence between powers.
    Reduction {
        /// What is found at once.
        found: ExprId,
        /// What remains to be integrated.
        rest: ExprId,
    },
    /// The error function.
    ErrorFunction,
}
