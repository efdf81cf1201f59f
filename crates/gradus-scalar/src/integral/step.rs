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
