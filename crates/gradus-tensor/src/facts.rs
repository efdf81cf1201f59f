//! What the kernel may know about a function: facts, never names.
//!
//! Must not know the vocabulary itself; it is reached through the one trait [`Vocabulary`].

/// An entry of the rule book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u16);

/// `f(-x)` in terms of `f(x)`, for elementwise functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Parity {
    /// No relation.
    #[default]
    None,
    /// `f(-x) = f(x)`
    Even,
    /// `f(-x) = -f(x)`
    Odd,
}

/// How a function of a matrix meets transposition of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TransposeRule {
    /// No relation.
    #[default]
    None,
    /// `f(X') = f(X)'`
    Commutes,
    /// `f(X') = f(X)`
    Invariant,
}

/// The algebraic part a function plays in identities of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `exp`, elementwise.
    Exponential,
    /// `log`, elementwise.
    Logarithm,
    /// `1/(1+exp(-x))`
    Sigmoid,
    /// `log(1+exp(x))`
    Softplus,
    /// `exp(x)/sum(exp(x))`
    Softmax,
    /// `log(sum(exp(x)))`
    LogSumExp,
    /// `|x|`
    Absolute,
    /// `-1, 0, 1`
    Sign,
    /// `max(x, 0)`
    Relu,
    /// Derivative of relu.
    Step,
    /// `sinh`
    HyperbolicSine,
    /// `cosh`
    HyperbolicCosine,
    /// `tanh`
    HyperbolicTangent,
    /// `sin`
    Sine,
    /// `cos`
    Cosine,
    /// `tan`
    Tangent,
    /// The inverse of a matrix.
    Inverse,
    /// The determinant.
    Determinant,
    /// `log |det X|`
    LogDeterminant,
    /// The adjugate.
    Adjugate,
    /// `x.^y` with an exponent that is not a number.
    Power,
    /// `X^k` with a square matrix and an exponent that is not a number.
    MatrixPower,
    /// The matrix exponential.
    MatrixExponential,
    /// The principal logarithm of a matrix.
    MatrixLogarithm,
    /// The principal square root of a matrix.
    MatrixRoot,
    /// The Moore–Penrose inverse.
    PseudoInverse,
    /// The Cholesky factor.
    Cholesky,
    /// The eigenvectors as columns.
    Eigenvectors,
    /// The solution `Y` of `A*Y + Y*B = C`.
    Sylvester,
    /// Complex conjugation.
    Conjugate,
}

impl Role {
    /// Whether the function of a triangular matrix is triangular alike.
    pub(crate) fn keeps_triangles(self) -> bool {
        matches!(
            self,
            Self::Inverse
                | Self::Adjugate
                | Self::MatrixExponential
                | Self::MatrixLogarithm
                | Self::MatrixRoot
        )
    }

    /// Whether the function of a diagonal matrix is diagonal.
    pub(crate) fn keeps_diagonal(self) -> bool {
        matches!(
            self,
            Self::Inverse
                | Self::PseudoInverse
                | Self::MatrixExponential
                | Self::MatrixLogarithm
                | Self::MatrixRoot
                | Self::Cholesky
        )
    }
}

/// Facts about one function that becomes an `Apply` node.
#[derive(Clone, Copy, Debug)]
pub struct FunctionFacts {
    /// For each argument, on how many trailing axes the function acts: 0 elementwise, 1 for
    /// softmax, 2 for inv. It maps over all other axes.
    pub cores: &'static [u8],
    /// How many core axes the result has.
    pub output_core: u8,
    /// Where the core axes of the result come from: an argument and one of its core axes. Empty for
    /// the last core axes of the first argument.
    pub output_axes: &'static [(u8, u8)],
    /// The argument in which the function is linear; its entry states the adjoint.
    pub linear_in: Option<u8>,
    /// For a Fréchet derivative, of what: the function with this role, at the arguments before the
    /// linear one.
    pub frechet_of: Option<Role>,
    /// Relation under a change of sign.
    pub parity: Parity,
    /// Relation under transposition.
    pub transpose: TransposeRule,
    /// Symmetric result for a symmetric argument.
    pub keeps_symmetry: bool,
    /// Symmetric result for every argument.
    pub symmetric: bool,
    /// Every entry of the result is positive for real arguments.
    pub positive: bool,
    /// Every entry of the result is at least zero for real arguments.
    pub nonnegative: bool,
    /// The entries of the result over the core axis add up to one.
    pub sums_to_one: bool,
    /// Only real arguments are meant: the function is not analytic, and not built from what is.
    pub real_only: bool,
    /// The part in the kernel's identities.
    pub role: Option<Role>,
}

impl FunctionFacts {
    /// Where a core axis of the result comes from: an argument and one of its core axes.
    #[must_use]
    pub fn output_axis(&self, position: usize) -> (usize, usize) {
        match self.output_axes.get(position) {
            Some((argument, axis)) => (usize::from(*argument), usize::from(*axis)),
            None => {
                let first = self.cores.first().copied().unwrap_or(0);
                (0, usize::from(first.saturating_sub(self.output_core)) + position)
            }
        }
    }

    /// The facts of an elementwise function of one argument of which nothing else is known.
    pub const ELEMENTWISE: Self = Self {
        cores: &[0],
        output_core: 0,
        output_axes: &[],
        linear_in: None,
        frechet_of: None,
        parity: Parity::None,
        transpose: TransposeRule::None,
        keeps_symmetry: false,
        symmetric: false,
        positive: false,
        nonnegative: false,
        sums_to_one: false,
        real_only: false,
        role: None,
    };

    /// The facts of a function from square matrices to square matrices that commutes with
    /// transposition.
    pub const MATRIX: Self = Self {
        cores: &[2],
        output_core: 2,
        transpose: TransposeRule::Commutes,
        keeps_symmetry: true,
        ..Self::ELEMENTWISE
    };

    /// The facts of a function from square matrices to scalars that ignores transposition.
    pub const INVARIANT: Self = Self {
        cores: &[2],
        output_core: 0,
        transpose: TransposeRule::Invariant,
        ..Self::ELEMENTWISE
    };
}

/// The rule book as the kernel sees it.
pub trait Vocabulary: Sync {
    /// The facts of a function.
    fn facts(&self, function: FunctionId) -> &FunctionFacts;
    /// The function that plays a part, if the book has one.
    fn with_role(&self, role: Role) -> Option<FunctionId>;
}
