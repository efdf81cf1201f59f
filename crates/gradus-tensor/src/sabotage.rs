//! Deliberate errors: each smart constructor can be made to give twice its value, so that a test can
//! show that verification notices.
//!
//! Compiled to nothing unless the feature `sabotage` is on, which only tests turn on.

use crate::rational::Rational;

/// The places whose value can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sabotage {
    /// Inner products are put in the place of themselves.
    Flatten,
    /// Exponents of equal factors add up.
    MergePowers,
    /// Closed components become scalars.
    SplitScalars,
    /// Free labels become sizes.
    FreeWires,
    /// A lone sum is distributed over a trace or total.
    Distribute,
    /// Fusions and selections cancel.
    CancelConstants,
    /// Vectors whose entries add up to one are summed.
    CancelUnitSums,
    /// A matrix meets its inverse.
    CancelInverses,
    /// An orthogonal matrix meets itself.
    CancelOrthogonal,
    /// A mask meets a triangular matrix.
    CancelTriangles,
    /// A Cholesky factor meets itself.
    CancelCholesky,
    /// A skew matrix is turned round.
    OrientSkew,
    /// Neighbouring diagonal matrices change places.
    OrderDiagonals,
    /// A projector meets itself.
    CancelProjectors,
    /// A quotient meets its denominator's factors.
    CancelQuotients,
    /// `1/(1+exp(u))`.
    RecogniseSigmoid,
    /// Exponentials of multiples of one node.
    MergeExponentials,
    /// `exp(z)/sum(exp(z))`.
    RecogniseSoftmax,
    /// Two functions whose product is a third.
    JoinPairs,
    /// Equal terms of a sum add up.
    CollectTerms,
    /// A sum that is a multiple of an earlier one.
    ShareSums,
    /// Diagonal terms of a sum.
    MergeDiagonals,
    /// Elementwise functions of a rearranged argument.
    ThroughLayout,
    /// Functions of zeros and of equal entries.
    OfConstant,
    /// Odd and even functions.
    Parity,
    /// Functions of functions, elementwise.
    Compose,
    /// Determinants and the like of transposes, identities, inverses.
    ComposeArray,
    /// Inverses of scaled matrices, products, diagonals.
    ComposeInverse,
    /// Determinants and inverses of small literals.
    WriteOutLiteral,
    /// Exponentials, logarithms and roots of matrices that resolve.
    ComposeMatrixFunction,
    /// Functions that are linear in an argument.
    ComposeLinear,
    /// Matrix functions that meet in a product or a trace.
    CancelMatrixFunctions,
    /// A product over a sum that divides by a factor.
    ExpandQuotient,
    /// A sum of products with sums.
    ExpandTerms,
    /// An operand is taken out of a product in a sweep.
    RemoveOperand,
    /// A derivative is projected onto the structure of its variable.
    Project,
    /// A network is conjugated.
    Conjugate,
}

impl Sabotage {
    /// All places.
    pub const ALL: [Self; 37] = [
        Self::Flatten,
        Self::MergePowers,
        Self::SplitScalars,
        Self::FreeWires,
        Self::Distribute,
        Self::CancelConstants,
        Self::CancelUnitSums,
        Self::CancelInverses,
        Self::CancelOrthogonal,
        Self::CancelTriangles,
        Self::CancelCholesky,
        Self::OrientSkew,
        Self::OrderDiagonals,
        Self::CancelProjectors,
        Self::CancelQuotients,
        Self::RecogniseSigmoid,
        Self::MergeExponentials,
        Self::RecogniseSoftmax,
        Self::JoinPairs,
        Self::CollectTerms,
        Self::ShareSums,
        Self::MergeDiagonals,
        Self::ThroughLayout,
        Self::OfConstant,
        Self::Parity,
        Self::Compose,
        Self::ComposeArray,
        Self::ComposeInverse,
        Self::WriteOutLiteral,
        Self::ComposeMatrixFunction,
        Self::ComposeLinear,
        Self::CancelMatrixFunctions,
        Self::ExpandQuotient,
        Self::ExpandTerms,
        Self::RemoveOperand,
        Self::Project,
        Self::Conjugate,
    ];
}

#[cfg(feature = "sabotage")]
thread_local! {
    static ACTIVE: std::cell::Cell<Option<Sabotage>> = const { std::cell::Cell::new(None) };
}

/// Breaks one place on this thread, or none.
#[cfg(feature = "sabotage")]
pub fn sabotage(place: Option<Sabotage>) {
    ACTIVE.set(place);
}

/// The factor by which the value at a place is wrong: one, unless the place is broken.
#[cfg(feature = "sabotage")]
#[must_use]
pub fn factor(place: Sabotage) -> Rational {
    if ACTIVE.get() == Some(place) { Rational::integer(2) } else { Rational::ONE }
}

/// The factor by which the value at a place is wrong: one.
#[cfg(not(feature = "sabotage"))]
#[must_use]
#[inline]
pub fn factor(_place: Sabotage) -> Rational {
    Rational::ONE
}
