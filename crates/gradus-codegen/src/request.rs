//! What a module is generated from.
//!
//! Must not know any output language.

use gradus_functions::Book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Page, Shape};
use gradus_tensor::{DimensionId, Structure};

/// What a name that the caller passes in stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// An array of numbers.
    Array {
        /// Declared structure, of the last two axes.
        structure: Structure,
        /// Declared to have positive entries.
        positive: bool,
        /// Declared complex.
        complex: bool,
    },
    /// An unknown elementwise function, used as `f.(X)`, `f'.(X)`.
    ElementwiseFunction,
    /// `f: function`, used as `f(X)`, `grad_f(X)`, `hess_f(X)`.
    ScalarFunction,
    /// `A: matrix(m,n)(t)`, used as `A(t)`, `A'(t)`.
    Path {
        /// The name of the scalar variable it depends on.
        parameter: String,
    },
    /// The differential `dX` of the variable of this position: an argument of `differential` alone.
    Differential {
        /// The position.
        of: usize,
    },
}

impl VariableKind {
    /// A real array without structure.
    pub const GENERAL: Self =
        Self::Array { structure: Structure::General, positive: false, complex: false };
}

/// A variable of the program; each is a keyword of the generated functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name as the user wrote it.
    pub name: String,
    /// What it stands for.
    pub kind: VariableKind,
    /// The shape; of one member, for a family. Without meaning for functions.
    pub shape: Shape,
    /// The ranges of a family, empty for a plain variable.
    pub ranges: Vec<DimensionId>,
}

/// What an answer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AnswerForm {
    /// The derivative as an array. One with more than two axes is stacked: the axes of what was
    /// differentiated last into the rows.
    #[default]
    Array,
    /// The derivative as a linear map of the differential of its last variable. The array has its
    /// values at the unit arrays, projected onto the structure of the variable.
    LinearMap {
        /// The name of the differential.
        differential: String,
    },
    /// The differential of some order along the differentials of all the variables.
    Differential {
        /// The order.
        order: u8,
    },
    /// The derivative multiplied, at its last variable, by the variable of this position.
    Along(usize),
    /// A linear map of the differential at this position, which is applied to one unit array after the
    /// other.
    Looped(usize),
    /// The derivatives of a scalar function by all the variables, in one column.
    Column,
}

/// Which derivative by a complex variable an answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// By a real variable the derivative; by a complex one the gradient `2*∂f/∂conj(Z)` of a real
    /// function.
    #[default]
    Whole,
    /// `∂f/∂Z`
    Plain,
    /// `∂f/∂conj(Z)`
    Conjugate,
}

/// One answer: the derivative of the function by one variable, or by several in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Positions in [`ModuleRequest::variables`]: one variable for each order.
    pub wrt: Vec<usize>,
    /// Which derivative it is by each of them; those that are missing are whole.
    pub parts: Vec<Part>,
    /// What it is.
    pub form: AnswerForm,
    /// Whether entries that a structured variable repeats count once: then the derivative stands for
    /// the change of the lower triangle.
    pub by_entries: bool,
    /// Indices that stand free in the formula, one per range of the variables, in order: the
    /// derivative by `x: vector(d)[N]` may be a formula of its member `i`.
    pub indices: Vec<String>,
    /// The line that is shown for the answer, such as `df/dw = 2*X'*(X*w - y)`.
    pub text: String,
}

impl Answer {
    /// Which derivative it is by the variable of an order.
    #[must_use]
    pub fn part(&self, order: usize) -> Part {
        self.parts.get(order).copied().unwrap_or_default()
    }
}

/// Where the derivatives are: some variables have values, which are given by the others.
#[derive(Clone, Copy, Debug)]
pub struct AtPoint<'a> {
    /// Positions in [`ModuleRequest::variables`] of those that have values.
    pub replaced: &'a [usize],
    /// The values: bindings and one result for each of them.
    pub values: &'a Page,
    /// The function itself, of which [`ModuleRequest::value`] is the value at the point.
    pub function: &'a Page,
}

/// What a module is generated from. Formulas and shapes refer to `tree`.
///
/// A derivative by a scalar has the function's shape; a derivative of a scalar function has the
/// variable's shape (a row may stand for a column); any other one is the Jacobian with `out.size`
/// rows and `in.size` columns, columns stacked on both sides; a second derivative of a scalar
/// function is the Hessian in the same stacking. Where there is more to tell apart, the array has an
/// axis for the function, unless that is a scalar, and one for each variable that is no scalar. By complex variables the parts that [`Answer::parts`]
/// names are answers of their own.
#[derive(Clone, Copy)]
pub struct ModuleRequest<'a> {
    /// The formulas.
    pub tree: &'a NotationTree,
    /// The rule book.
    pub book: &'a Book,
    /// The variables in the order of the keywords.
    pub variables: &'a [Variable],
    /// The function as the user wrote it, for the comment.
    pub source: &'a str,
    /// The function: bindings and one result.
    pub value: &'a Page,
    /// The derivative: bindings and one result per answer.
    pub derivative: &'a Page,
    /// The point, if the derivatives are at one.
    pub point: Option<AtPoint<'a>>,
    /// What each result of `derivative` is.
    pub answers: &'a [Answer],
    /// Whether the function is real, which matters where variables are complex.
    pub is_real: bool,
    /// Sizes of dimensions by name at which the function is known to be regular; may be empty.
    pub sizes: &'a [(String, u64)],
}

impl ModuleRequest<'_> {
    /// The differentials that stand for all unit arrays at once.
    pub(crate) fn spread(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().filter_map(|answer| match &answer.form {
            AnswerForm::LinearMap { differential } => Some(differential.as_str()),
            _ => None,
        })
    }

    /// Whether the answer is a differential, whose arguments are differentials too.
    pub(crate) fn is_differential(&self) -> bool {
        self.answers.iter().any(|answer| matches!(answer.form, AnswerForm::Differential { .. }))
    }

    /// Whether a variable has a value at the point, so that it is no argument.
    pub(crate) fn is_replaced(&self, position: usize) -> bool {
        self.point.is_some_and(|point| point.replaced.contains(&position))
    }

    /// Whether some variable is complex.
    #[must_use]
    pub fn is_complex(&self) -> bool {
        let is_complex = |variable: &Variable| {
            matches!(variable.kind, VariableKind::Array { complex: true, .. })
        };
        self.variables.iter().any(is_complex)
    }
}
