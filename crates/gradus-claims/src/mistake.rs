//! Mistakes, and diagnoses that name them.
//!
//! Must not know how they are found or told.

use gradus_diagnostics::Span;
use gradus_verify::Layout;

/// What may be wrong with a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Right in another layout.
    OtherLayout(Layout),
    /// Right for the other stacking of matrices.
    OtherStacking,
    /// The derivative by independent entries where the projected one was asked for, or conversely.
    OtherConvention,
    /// The derivative by another variable.
    OtherVariable,
    /// A derivative of another order.
    OtherOrder,
    /// The transpose is right.
    Transposed,
    /// A commutation matrix is missing: the differential stands transposed.
    Commutation,
    /// The negative is right.
    Sign,
    /// A multiple is right.
    Factor,
    /// The derivative by free entries: its projection onto the structure of the variable is right.
    Projection,
    /// It holds if something is assumed.
    Assumption,
    /// Of a product only some factors were differentiated.
    Occurrence,
    /// The factor before `dX` in the differential, taken for the derivative of a matrix.
    FactorOfDifferential,
    /// Right for numbers only: factors of a matrix product do not commute.
    NumbersOnly,
    /// The same, and an inverse of the variable stands in it, which must stand on both sides of `dX`.
    InverseSandwich,
    /// A transpose is missing.
    TransposeMissing,
    /// A transpose is too much.
    TransposeExtra,
    /// The transpose for the conjugate transpose, or conversely.
    Conjugate,
    /// Several transposes or the order of a product.
    Transposes,
    /// Two factors are in the wrong order.
    Order,
    /// `2*M` for `M + M'`.
    OwnTranspose,
    /// The product of traces for the trace of a product.
    ProductOfTraces,
    /// The derivative by an inner part: its own derivative is left out.
    InnerDerivative,
    /// The derivative of a function is left out, as if it were its argument.
    FunctionPassed,
    /// The sign of a term.
    TermSign,
    /// Another number.
    Number,
    /// The matrix product for the elementwise one, or conversely.
    Elementwise,
    /// A function of the whole matrix for the elementwise one, or conversely.
    MatrixFunction,
    /// `x'*x` for `x*x'`, or conversely.
    InnerOuter,
    /// A function for its derivative.
    FunctionDerivative,
    /// Another function.
    Function,
    /// An inverse is missing.
    InverseMissing,
    /// An inverse is too much.
    InverseExtra,
    /// A trace was dropped.
    TraceMissing,
    /// A trace is too much.
    TraceExtra,
    /// Summed over the wrong axis.
    Axis,
    /// A sum over rows or columns is missing.
    SumMissing,
    /// Another symbol.
    Symbol,
    /// A term is missing.
    TermMissing,
    /// A term is too much.
    TermExtra,
    /// A factor is missing.
    FactorMissing,
    /// A factor is too much.
    FactorExtra,
    /// A function is missing.
    FunctionMissing,
    /// A function is too much.
    FunctionExtra,
    /// Another part.
    Part,
    /// Another shape is claimed than the formula has.
    Shape,
    /// A bracket that is not closed, or not opened.
    Bracket,
}

impl Mistake {
    /// A word for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::OtherLayout(_) => "other-layout",
            Self::OtherStacking => "other-stacking",
            Self::OtherConvention => "other-convention",
            Self::OtherVariable => "other-variable",
            Self::OtherOrder => "other-order",
            Self::Transposed => "transposed",
            Self::Sign => "sign",
            Self::Factor => "factor",
            Self::Projection => "projection-missing",
            Self::Assumption => "assumption",
            Self::Occurrence => "forgotten-occurrence",
            Self::FactorOfDifferential => "factor-of-differential",
            Self::NumbersOnly => "numbers-only",
            Self::InverseSandwich => "inverse-without-sandwich",
            Self::TransposeMissing => "transpose-missing",
            Self::TransposeExtra => "transpose-extra",
            Self::Conjugate => "conjugate-transpose",
            Self::Transposes => "transposes",
            Self::Order => "order",
            Self::OwnTranspose => "own-transpose",
            Self::ProductOfTraces => "product-of-traces",
            Self::InnerDerivative => "inner-derivative",
            Self::FunctionPassed => "derivative-of-function",
            Self::TermSign => "sign-of-term",
            Self::Number => "number",
            Self::Elementwise => "elementwise",
            Self::MatrixFunction => "matrix-function",
            Self::InnerOuter => "inner-outer",
            Self::FunctionDerivative => "function-derivative",
            Self::Function => "function",
            Self::InverseMissing => "inverse-missing",
            Self::InverseExtra => "inverse-extra",
            Self::TraceMissing => "trace-missing",
            Self::TraceExtra => "trace-extra",
            Self::Axis => "axis",
            Self::SumMissing => "sum-missing",
            Self::Commutation => "commutation-missing",
            Self::Symbol => "symbol",
            Self::TermMissing => "term-missing",
            Self::TermExtra => "term-extra",
            Self::FactorMissing => "factor-missing",
            Self::FactorExtra => "factor-extra",
            Self::FunctionMissing => "function-missing",
            Self::FunctionExtra => "function-extra",
            Self::Part => "part",
            Self::Shape => "shape",
            Self::Bracket => "bracket",
        }
    }

    /// How much it says, among diagnoses that are found together; less is more specific.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::OtherLayout(_) | Self::OtherConvention | Self::OtherStacking => 0,
            Self::Shape | Self::Bracket => 0,
            Self::Projection => 0,
            Self::Sign | Self::Factor | Self::Transposed | Self::Assumption => 1,
            Self::Commutation => 1,
            Self::Occurrence | Self::FactorOfDifferential => 1,
            Self::InnerDerivative | Self::FunctionPassed => 1,
            Self::OwnTranspose | Self::ProductOfTraces | Self::Axis => 1,
            Self::SumMissing => 1,
            Self::TransposeExtra | Self::OtherVariable | Self::OtherOrder => 1,
            Self::TransposeMissing | Self::TermSign | Self::Conjugate => 2,
            Self::Order | Self::Elementwise | Self::MatrixFunction | Self::InnerOuter => 3,
            Self::InverseMissing | Self::InverseExtra | Self::TraceMissing => 3,
            Self::TraceExtra | Self::FunctionDerivative => 3,
            Self::Number | Self::Symbol => 4,
            Self::TermExtra | Self::FactorExtra | Self::TermMissing | Self::FactorMissing => 5,
            Self::FunctionMissing | Self::FunctionExtra | Self::Function => 6,
            Self::Transposes | Self::InverseSandwich => 7,
            Self::Part | Self::NumbersOnly => 8,
        }
    }
}

/// Where something is wrong: in the claim, or in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the claim.
    Claim(Span),
    /// In the program.
    Program(Span),
}

/// A mistake that was found, and what repairs it. The oracles verified that it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What is wrong.
    pub mistake: Mistake,
    /// Where.
    pub place: Option<Place>,
    /// The other places where the same stands and is to be changed alike.
    pub also: Vec<Place>,
    /// What stands there.
    pub found: String,
    /// What should stand there; of an assumption its declaration or equation, of a factor the number.
    pub instead: String,
    /// The claim with the mistake put right; the claim itself if an assumption puts it right.
    pub repaired: String,
}
