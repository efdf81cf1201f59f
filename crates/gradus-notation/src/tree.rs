//! The notation tree: a formula as it stands on the page, between meaning and output.
//!
//! Must not know calculus. Every node has a shape, so that printers can tell scalars, vectors and
//! matrices apart; parentheses are no nodes, printers place them by precedence.

use gradus_tensor::{DimensionId, Dimensions, FunctionId, Rational};

/// A node of a `NotationTree`. Equal ids are equal formulas; children have smaller ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotationId(pub u32);

/// Rows and columns of a formula. A scalar is 1×1, a column n×1, a row 1×n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Number of rows.
    pub rows: DimensionId,
    /// Number of columns.
    pub columns: DimensionId,
}

impl Shape {
    /// 1×1.
    pub const SCALAR: Self = Self { rows: Dimensions::ONE, columns: Dimensions::ONE };

    /// Whether the shape is 1×1.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        self == Self::SCALAR
    }

    /// Whether the shape is a column or a row, and not a scalar.
    #[must_use]
    pub fn is_vector(self) -> bool {
        !self.is_scalar() && (self.rows == Dimensions::ONE || self.columns == Dimensions::ONE)
    }
}

/// How a power is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PowerKind {
    /// Of a scalar: `a^2`.
    Scalar,
    /// Of a square matrix: `X^2`.
    Matrix,
    /// Entry by entry: `x.^2`.
    Elementwise,
}

/// What a name on the page stands for; decides how it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A variable of the user.
    Variable,
    /// `dX`: the differential of the variable whose name follows the `d`.
    Differential,
    /// A name bound by the user, or introduced by `where`.
    Binding,
}

/// A function symbol that is applied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Head {
    /// An entry of the rule book.
    Book(FunctionId),
    /// `f.(X)`, with derivative marks.
    Mapped {
        /// The function's name.
        name: String,
        /// Number of derivative marks.
        order: u8,
    },
    /// `f(X)`, `grad_f(X)`, `hess_f(X)`.
    Scalar {
        /// The function's name.
        name: String,
        /// 0, 1, 2.
        order: u8,
    },
    /// `A(t)`, `A'(t)`.
    Path {
        /// The name.
        name: String,
        /// Number of derivative marks.
        order: u8,
    },
    /// The diagonal matrix of a vector, `diag(v)`.
    DiagonalMatrix,
    /// The diagonal of a matrix as a vector, `diag(M)`.
    DiagonalVector,
    /// The matrix whose rows are the members of a family, `rows(x)`.
    Rows,
}

/// The kinds of formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// A number; negative ones only stand under [`Notation::Power`] as exponents or alone.
    Number(Rational),
    /// π.
    Pi,
    /// ∞.
    Infinity,
    /// The imaginary unit.
    ImaginaryUnit,
    /// A dimension read as a number.
    Dimension(DimensionId),
    /// A name.
    Name {
        /// As the user wrote it, or as it was introduced.
        text: String,
        /// What it stands for.
        kind: NameKind,
    },
    /// An array of ones of the node's shape.
    Ones,
    /// An array of zeros of the node's shape.
    Zeros,
    /// The identity of the node's shape.
    Identity,
    /// Terms with their signs (`true` is minus). A scalar term among arrays stands for an array of it.
    Sum(Vec<(bool, NotationId)>),
    /// The negative.
    Negate(NotationId),
    /// Factors side by side: numbers and scalars first, then a matrix product in order.
    Product(Vec<NotationId>),
    /// A numerator over a scalar denominator.
    Fraction(NotationId, NotationId),
    /// Entry by entry product.
    Hadamard(Vec<NotationId>),
    /// Entry by entry quotient; the numerator may be a scalar.
    HadamardQuotient(NotationId, NotationId),
    /// A power; the exponent is a number or a scalar formula.
    Power {
        /// The base.
        base: NotationId,
        /// The exponent.
        exponent: NotationId,
        /// How the power is meant.
        kind: PowerKind,
    },
    /// Transpose.
    Transpose(NotationId),
    /// Conjugate transpose.
    ConjugateTranspose(NotationId),
    /// `d(U)`: a differential that is not carried out. Of a name it is the same as the name of
    /// kind [`NameKind::Differential`], which stands for `dX` where `X` is no formula by itself.
    Differential(NotationId),
    /// `∂l/∂a`: the derivative of a named scalar by a named step, before it is told. The node has the
    /// shape of the step.
    Partial {
        /// The scalar.
        of: String,
        /// The step.
        by: String,
    },
    /// A function applied to arguments; `sizes` are trailing size arguments.
    Call {
        /// The function.
        head: Head,
        /// Array arguments.
        arguments: Vec<NotationId>,
        /// Size arguments.
        sizes: Vec<DimensionId>,
    },
    /// Rows of scalars or blocks.
    Matrix(Vec<Vec<NotationId>>),
    /// `sum[i](body)`.
    IndexedSum {
        /// Index names.
        indices: Vec<String>,
        /// The summand.
        body: NotationId,
    },
    /// `x[i]`, `A[i,j]`.
    Indexed {
        /// What is indexed.
        base: NotationId,
        /// Index names.
        indices: Vec<String>,
    },
    /// `X[a+1:a+length, …]`: offsets, the shape gives the lengths.
    Slice {
        /// What is sliced.
        base: NotationId,
        /// First row minus one.
        row_offset: DimensionId,
        /// First column minus one.
        column_offset: DimensionId,
    },
}

impl Notation {
    /// Calls a function for each formula directly inside this one, in order.
    pub fn for_each_child(&self, mut visit: impl FnMut(NotationId)) {
        match self {
            Notation::Number(_)
            | Notation::Pi
            | Notation::Infinity
            | Notation::ImaginaryUnit
            | Notation::Dimension(_)
            | Notation::Name { .. }
            | Notation::Partial { .. }
            | Notation::Ones
            | Notation::Zeros
            | Notation::Identity => {}
            Notation::Sum(terms) => terms.iter().for_each(|(_, term)| visit(*term)),
            Notation::Negate(inner)
            | Notation::Transpose(inner)
            | Notation::ConjugateTranspose(inner)
            | Notation::Differential(inner) => visit(*inner),
            Notation::Product(items) | Notation::Hadamard(items) => {
                items.iter().for_each(|item| visit(*item));
            }
            Notation::Fraction(first, second) | Notation::HadamardQuotient(first, second) => {
                visit(*first);
                visit(*second);
            }
            Notation::Power { base, exponent, .. } => {
                visit(*base);
                visit(*exponent);
            }
            Notation::Call { arguments, .. } => arguments.iter().for_each(|item| visit(*item)),
            Notation::Matrix(rows) => rows.iter().flatten().for_each(|item| visit(*item)),
            Notation::IndexedSum { body, .. } => visit(*body),
            Notation::Indexed { base, .. } | Notation::Slice { base, .. } => visit(*base),
        }
    }
}

impl Notation {
    /// The same formula with other formulas directly inside it.
    #[must_use]
    pub fn map_children(&self, mut new: impl FnMut(NotationId) -> NotationId) -> Self {
        let mut mapped = self.clone();
        match &mut mapped {
            Notation::Number(_)
            | Notation::Pi
            | Notation::Infinity
            | Notation::ImaginaryUnit
            | Notation::Dimension(_)
            | Notation::Name { .. }
            | Notation::Partial { .. }
            | Notation::Ones
            | Notation::Zeros
            | Notation::Identity => {}
            Notation::Sum(terms) => terms.iter_mut().for_each(|(_, term)| *term = new(*term)),
            Notation::Negate(inner)
            | Notation::Transpose(inner)
            | Notation::ConjugateTranspose(inner)
            | Notation::Differential(inner) => *inner = new(*inner),
            Notation::Product(items) | Notation::Hadamard(items) => {
                items.iter_mut().for_each(|item| *item = new(*item));
            }
            Notation::Fraction(first, second) | Notation::HadamardQuotient(first, second) => {
                *first = new(*first);
                *second = new(*second);
            }
            Notation::Power { base, exponent, .. } => {
                *base = new(*base);
                *exponent = new(*exponent);
            }
            Notation::Call { arguments, .. } => {
                arguments.iter_mut().for_each(|item| *item = new(*item));
            }
            Notation::Matrix(rows) => {
                rows.iter_mut().flatten().for_each(|item| *item = new(*item));
            }
            Notation::IndexedSum { body, .. } => *body = new(*body),
            Notation::Indexed { base, .. } | Notation::Slice { base, .. } => *base = new(*base),
        }
        mapped
    }
}

/// A named part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFormula {
    /// The name.
    pub name: String,
    /// The index that stands freely in the formula, if the name stands for a family: `h[i] = …`.
    pub index: Option<String>,
    /// The formula.
    pub formula: NotationId,
    /// Whether the user bound this name (otherwise it was introduced).
    pub from_user: bool,
}

/// Formulas on the page: bindings in order, then the results, which refer to them by name.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// `where` bindings, each using only earlier ones.
    pub bindings: Vec<NamedFormula>,
    /// The answers.
    pub results: Vec<NotationId>,
}
