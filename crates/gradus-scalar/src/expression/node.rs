//! The nodes of an expression.
//!
//! Must not know how nodes are made or simplified.

use num_rational::BigRational;

/// An exact number.
pub type Rational = BigRational;

/// An expression in an [`Arena`](super::Arena). Children have smaller ids than parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub(super) u32);

impl ExprId {
    pub(super) fn position(self) -> usize {
        self.0 as usize
    }
}

/// A symbol other than the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub(super) u32);

/// What is known of a symbol other than the variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name as it is written.
    pub name: String,
    /// What is known of its sign.
    pub sign: Sign,
}

/// What is known of the sign of a value, wherever it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Greater than zero.
    Positive,
    /// Zero or greater.
    NonNegative,
    /// Zero.
    Zero,
    /// Zero or less.
    NonPositive,
    /// Less than zero.
    Negative,
    /// Nothing is known.
    Unknown,
}

/// The functions of one argument. All others are written by these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Function {
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Abs,
    Sign,
    Erf,
    /// `exp(u^2)*(1 - erf(u))`, which limits at infinity are found with. It has no name in the language.
    Erfcx,
}

impl Function {
    /// Every function of the language.
    pub const ALL: [Self; 17] = [
        Self::Exp,
        Self::Log,
        Self::Sin,
        Self::Cos,
        Self::Tan,
        Self::Asin,
        Self::Acos,
        Self::Atan,
        Self::Sinh,
        Self::Cosh,
        Self::Tanh,
        Self::Asinh,
        Self::Acosh,
        Self::Atanh,
        Self::Abs,
        Self::Sign,
        Self::Erf,
    ];

    /// The name in Gradus' language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Asin => "asin",
            Self::Acos => "acos",
            Self::Atan => "atan",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Tanh => "tanh",
            Self::Asinh => "asinh",
            Self::Acosh => "acosh",
            Self::Atanh => "atanh",
            Self::Abs => "abs",
            Self::Sign => "sign",
            Self::Erf => "erf",
            Self::Erfcx => "erfcx",
        }
    }

    /// The function of a name in Gradus' language.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }
}

/// A term of a sum: a number times a base that is no number (but for the constant term, whose base is
/// one), no sum and carries no number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The number.
    pub coefficient: Rational,
    /// What it multiplies.
    pub base: ExprId,
}

/// A factor of a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Factor {
    /// The base.
    pub base: ExprId,
    /// The exponent, never zero.
    pub exponent: ExprId,
}

/// An expression, its children by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// No value, or the work is used up.
    Undefined,
    /// A number.
    Number(Rational),
    /// π.
    Pi,
    /// The variable.
    Variable,
    /// Another symbol.
    Parameter(ParameterId),
    /// A sum of at least two terms, or of one whose coefficient is not one; by rising id of the base.
    Sum(Vec<Term>),
    /// A product of at least two factors, or of one whose exponent is not one; by rising id of the
    /// base. It carries no coefficient: `2*x` is a sum of one term. A number is a factor only under
    /// an exponent that is not an integer.
    Product(Vec<Factor>),
    /// A function. A power of `exp` is an `exp`.
    Apply(Function, ExprId),
}
