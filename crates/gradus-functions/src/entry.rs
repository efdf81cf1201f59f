//! What one function of the vocabulary consists of: pure data.
//!
//! Must not know graphs, trees or how any of this data is used.
//!
//! # Signatures
//!
//! A signature says which shapes a function accepts and which shape its result has. It is parsed by
//! [`crate::signature::parse`]; the book keeps the result ready.
//!
//! | text | meaning |
//! |---|---|
//! | `"(m,n), (p,q) -> (m*p,n*q)"` | array arguments with rows and columns, and the result |
//! | `"(n,1) -> (1,1)"` | a number is a fixed size: a column, a scalar |
//! | `"(m*n,1), m, n -> (m,n)"` | an argument without parentheses is a size, not an array |
//! | `"elementwise"` | all arguments have one shape, which the result keeps; scalars are broadcast |
//! | `"variadic"` | any number of arguments, at least one; the shape rule is that of the structure |
//!
//! A size is a polynomial in lower-case letters in expanded form: terms joined by `+` and `-`, factors
//! joined by `*`, a letter with an optional `^k`, and an optional division of a term by a number
//! (`n^2/2+n/2`). A letter stands for one dimension; the same letter twice demands equality. A size
//! argument is a single letter, with the name of its parameter. Several signatures are tried in
//! order and the first that fits is taken.
//!
//! # Texts
//!
//! The texts (an expansion, an exact definition, a differential, an adjoint) are programs of the
//! language. Their names are the entry's parameters, for a differential also `d` before each parameter,
//! for an adjoint also `U` with the shape of the result, `pi`,
//! and the letters of the signatures: a letter is a dimension, so it may stand where the language
//! takes a size (`ones(n)`) and where it takes a number (`sum(X)/(m*n)`). A letter that a text uses
//! stands in every signature of the entry. Texts of elementwise functions use the operators with a
//! dot between arrays, so that they hold for scalars and for arrays of any shape.

use gradus_tensor::FunctionFacts;

use crate::curvature::Curvature;
use crate::proof::Proof;

/// What a function means as a network.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A node of its own, an `Apply`; its facts and differential come from the entry.
    Applied,
    /// An abbreviation: the text in Gradus, in the entry's parameters, stands for it.
    Expansion(&'static str),
    /// A network built into the lowering.
    Structural(Structural),
}

/// Functions that are networks of labels and constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Structural {
    /// `tr(X)`
    Trace,
    /// `diag(v)`: the diagonal matrix of a vector; `diag(M)`: the diagonal of a square matrix.
    Diagonal,
    /// `sum(X)`: all entries.
    Sum,
    /// `vec(X)`: columns stacked.
    Vec,
    /// `vecr(X)`: rows stacked.
    VecRows,
    /// `unvec(v, m, n)`
    Unvec,
    /// `kron(A, B)`
    Kronecker,
    /// `commutation(m, n)`
    Commutation,
    /// `vech(X)`: the columns of the lower triangle stacked.
    HalfVec,
    /// `duplication(n)`
    Duplication,
    /// `elimination(n)`
    Elimination,
    /// `blocktrace(M, p, q)`
    BlockTrace,
    /// `blocksum(M, p, q)`
    BlockSum,
    /// `khatrirao(A, B)`
    KhatriRao,
    /// `hcat(A, B, …)`
    HorizontalConcatenation,
    /// `vcat(A, B, …)`
    VerticalConcatenation,
    /// `tril(X)`
    LowerTriangle,
    /// `triu(X)`
    UpperTriangle,
    /// `cross(a, b)`
    Cross,
    /// `transpose(X)`
    Transpose,
    /// `conj(z)`; the argument itself if it is real.
    Conjugate,
    /// `real(z)`; the argument itself if it is real.
    RealPart,
    /// `imag(z)`; zeros if the argument is real.
    ImaginaryPart,
}

/// The value of a function in f64.
#[derive(Clone, Copy)]
pub enum Numeric {
    /// Entry by entry.
    Elementwise(fn(f64) -> f64),
    /// Entry by entry with two arguments.
    Elementwise2(fn(f64, f64) -> f64),
    /// Computed on whole arrays by the evaluator.
    Array(ArrayFunction),
    /// By the expansion or by structure; nothing to evaluate of its own.
    Derived,
}

/// Functions of whole arrays that an evaluator computes over any field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrayFunction {
    /// Determinant.
    Determinant,
    /// `log |det X|`
    LogDeterminant,
    /// Inverse.
    Inverse,
    /// Adjugate, also of a singular matrix.
    Adjugate,
    /// `softmax` of a vector.
    Softmax,
    /// `logsumexp` of a vector.
    LogSumExp,
    /// `X^k` of a square matrix.
    MatrixPower,
    /// The Fréchet derivative of `X^k`.
    PowerFrechet,
    /// The matrix exponential.
    MatrixExponential,
    /// Its Fréchet derivative.
    ExponentialFrechet,
    /// The principal matrix logarithm.
    MatrixLogarithm,
    /// Its Fréchet derivative.
    LogarithmFrechet,
    /// The principal square root of a matrix.
    MatrixRoot,
    /// Its Fréchet derivative.
    RootFrechet,
    /// The solution Y of `A*Y + Y*B = C`.
    Sylvester,
    /// The Moore–Penrose inverse.
    PseudoInverse,
    /// The lower Cholesky factor of the symmetric part.
    Cholesky,
    /// `U*V'` of a thin singular value decomposition `U*diag(s)*V'`.
    PolarFactor,
    /// The sum of the singular values.
    NuclearNorm,
    /// The greatest singular value.
    SpectralNorm,
    /// `u*v'` of the singular vectors that belong to the greatest singular value.
    SingularDyad,
    /// The eigenvalues in ascending order, all real.
    Eigenvalues,
    /// Their eigenvectors as columns of norm one, with a positive entry of greatest modulus.
    Eigenvectors,
    /// The greatest eigenvalue of the symmetric part.
    GreatestEigenvalue,
    /// `v*v'` of its eigenvector of norm one.
    EigenProjector,
    /// The product of the entries of a vector.
    Product,
    /// The greatest entry of a vector.
    Greatest,
    /// One at the greatest entry of a vector, zero elsewhere.
    Hardmax,
}

/// The value of a function over a finite field, where `exp` and its like are random functions that
/// keep the algebraic identities.
#[derive(Clone, Copy, Debug)]
pub enum Exact {
    /// By a definition in Gradus, in the entry's parameters, from functions that have exact values.
    Expansion(&'static str),
    /// `exp`: random with `exp(-x) = 1/exp(x)` and `exp(0) = 1`.
    Exponential,
    /// Rational powers; the square root is `x^((p+1)/4)`.
    Power,
    /// The Legendre symbol.
    Sign,
    /// `sin`, rational in a random odd function of the argument.
    Sine,
    /// `cos`, rational in the same function.
    Cosine,
    /// A random function of the argument; an odd one where the entry's facts say so.
    Table,
    /// An array function, over the field.
    Array(ArrayFunction),
    /// None: the numeric oracle decides.
    Unknown,
    /// By structure.
    Derived,
}

/// A target language of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// NumPy, with SciPy where needed.
    Numpy,
}

/// How a function is written in mathematical notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `name(arguments)`; each string is the name in that output.
    Prefix {
        /// Unicode text.
        text: &'static str,
        /// LaTeX command.
        latex: &'static str,
        /// Typst.
        typst: &'static str,
    },
    /// Between two fences, as `‖x‖` or `|x|`, with a subscript that may be empty.
    Fenced {
        /// The fence in Unicode text; LaTeX, MathML and Typst use the field's spelling of it.
        fence: &'static str,
        /// Subscript: `1`, `2`, `F`.
        subscript: &'static str,
    },
    /// An infix operator, as `⊗`.
    Infix {
        /// Unicode text.
        text: &'static str,
        /// LaTeX command.
        latex: &'static str,
        /// Typst.
        typst: &'static str,
    },
    /// Under a radical sign, as `√x` or `∛x`.
    Root {
        /// 2 for the square root.
        degree: u8,
    },
    /// A superscript, as `X⁻¹` or `Xᵀ`.
    Superscript {
        /// Unicode text.
        text: &'static str,
        /// LaTeX.
        latex: &'static str,
        /// Typst.
        typst: &'static str,
    },
}

/// One function of the vocabulary. Everything that Gradus does with it is derived from this.
#[derive(Clone, Copy)]
pub struct Function {
    /// The name in the language.
    pub name: &'static str,
    /// Other accepted names.
    pub aliases: &'static [&'static str],
    /// One sentence for help.
    pub summary: &'static str,
    /// The names of the parameters used in the texts below, such as `["X"]`.
    pub parameters: &'static [&'static str],
    /// The function that is meant by the same name with another number of arguments; empty if none is.
    pub other: &'static str,
    /// Accepted shapes, tried in order, in the notation above.
    pub signatures: &'static [&'static str],
    /// The network.
    pub meaning: Meaning,
    /// Facts for the kernel; meaningful for applied functions.
    pub facts: FunctionFacts,
    /// The differential in Gradus, linear in `dX` for each parameter `X`. Empty where the meaning
    /// alone gives it; an abbreviation may still state it, as the rule that derivations cite.
    pub differential: &'static str,
    /// For a function that is linear in the argument that its facts name: its adjoint in that argument,
    /// applied to `U`, so that `<U, L(V)> = <L*(U), V>`.
    pub adjoint: &'static str,
    /// For a function of whole matrices: signatures in which a side is one, and what the function is
    /// there. The first that fits is taken before the signatures proper.
    pub small: &'static [(&'static str, &'static str)],
    /// Where the function and its differential are defined, with `{0}` for the first argument, such
    /// as `"{0} is invertible"`; empty if everywhere. For an elementwise function it is a condition
    /// on every entry.
    pub condition: &'static str,
    /// The f64 value.
    pub numeric: Numeric,
    /// The exact value.
    pub exact: Exact,
    /// Mathematical notation.
    pub form: Form,
    /// Spelling per language, with `{0}`, `{1}` for the arguments and `{*}` for all of them between
    /// commas; where there is none the definition is used. Every argument stands between commas or
    /// parentheses of a call, so it is inserted without parentheses, and the whole is a call or an
    /// attribute of one.
    pub spellings: &'static [(Language, &'static str)],
    /// Spellings where values are complex and the one above takes real arguments only, by the same
    /// rules, save that an argument may stand after an operator too.
    pub complex_spellings: &'static [(Language, &'static str)],
    /// Definitions in the target language on which the spelling relies.
    pub support: &'static [(Language, &'static str)],
    /// A hint where the name is easily mistaken: for an elementwise function shown when an argument
    /// is a square matrix (`exp` for `expm`), for the others when no signature fits.
    pub hint: &'static str,
    /// Why the differential is what it is.
    pub proof: Proof,
    /// How it bends; meaningful for applied functions of real arguments.
    pub curvature: Curvature,
}

impl Form {
    /// `name(arguments)`.
    #[must_use]
    pub const fn prefix(text: &'static str, latex: &'static str, typst: &'static str) -> Self {
        Self::Prefix { text, latex, typst }
    }
}

impl Function {
    /// Whether the function is reached by an operator and not by its name, as `.^`.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        !self.name.starts_with(|first: char| first.is_ascii_alphabetic())
    }

    /// Number of arguments, sizes included; `None` if any number is accepted.
    #[must_use]
    pub fn arity(&self) -> Option<usize> {
        (!self.signatures.contains(&"variadic")).then_some(self.parameters.len())
    }

    /// A definition in Gradus by other functions, if there is one.
    #[must_use]
    pub fn definition(&self) -> Option<&'static str> {
        match (self.meaning, self.exact) {
            (Meaning::Expansion(text), _) | (_, Exact::Expansion(text)) => Some(text),
            _ => None,
        }
    }

    /// The spelling in a language.
    #[must_use]
    pub fn spelling(&self, language: Language) -> Option<&'static str> {
        find(self.spellings, language)
    }

    /// The spelling in a language where values may be complex.
    #[must_use]
    pub fn complex_spelling(&self, language: Language) -> Option<&'static str> {
        find(self.complex_spellings, language).or_else(|| self.spelling(language))
    }

    /// The definition on which the spelling in a language relies.
    #[must_use]
    pub fn support(&self, language: Language) -> Option<&'static str> {
        find(self.support, language)
    }
}

fn find(texts: &[(Language, &'static str)], language: Language) -> Option<&'static str> {
    texts.iter().find(|(of, _)| *of == language).map(|(_, text)| *text)
}
