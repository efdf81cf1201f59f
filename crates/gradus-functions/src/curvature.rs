//! What is known of how a function bends: where it is convex or concave, how it grows, what values it
//! takes.
//!
//! Must not know how functions are composed.

/// How a function bends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bent {
    /// Chords lie above it.
    Convex,
    /// Chords lie below it.
    Concave,
}

/// How a function grows with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trend {
    /// In no one direction.
    None,
    /// Greater arguments have greater values, or the same.
    Increasing,
    /// Greater arguments have smaller values, or the same.
    Decreasing,
}

/// Where arguments lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Wherever the function has a value.
    Anywhere,
    /// All entries are at least zero.
    Nonnegative,
    /// All entries are at most zero.
    Nonpositive,
    /// A symmetric positive definite matrix.
    Definite,
}

/// How a function bends in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where every argument lies.
    pub place: Place,
    /// How it bends there.
    pub bent: Bent,
    /// How it grows there, in each argument.
    pub trend: Trend,
    /// Whether a chord meets it at its ends only.
    pub strict: bool,
}

/// What is known of how a function bends. Functions that act entry by entry, or on a vector, compare
/// arguments entry by entry; functions of a matrix compare symmetric matrices: `A ⪰ B` if `A − B` is
/// positive semidefinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curvature {
    /// Where it bends how; the first piece that holds is taken.
    pub pieces: &'static [Piece],
    /// Whether arguments, and results that are matrices, are compared as symmetric matrices.
    pub of_matrices: bool,
    /// Bounds of the values.
    pub range: (Option<i32>, Option<i32>),
    /// Whether the value has the sign of the argument.
    pub keeps_sign: bool,
    /// Whether it has a value only where its argument is positive.
    pub domain_is_positive: bool,
    /// Whether the value of a positive definite matrix is one.
    pub keeps_definite: bool,
    /// Whether the value of every symmetric matrix is positive definite.
    pub makes_definite: bool,
    /// How the logarithm of the value bends, where it is positive.
    pub logarithm: &'static [Piece],
    /// How the trace of the value bends in a symmetric argument, where the value itself need not.
    pub trace: Option<Bent>,
}

impl Piece {
    /// A convex piece.
    pub(crate) const fn convex(place: Place, trend: Trend) -> Self {
        Self { place, bent: Bent::Convex, trend, strict: false }
    }

    /// A concave piece.
    pub(crate) const fn concave(place: Place, trend: Trend) -> Self {
        Self { place, bent: Bent::Concave, trend, strict: false }
    }

    /// The same, strictly.
    pub(crate) const fn strictly(self) -> Self {
        Self { strict: true, ..self }
    }
}

use Place::{Anywhere, Definite, Nonnegative, Nonpositive};
use Trend::{Decreasing, Increasing, None as Neither};

impl Curvature {
    /// Nothing.
    pub const UNKNOWN: Self = Self {
        pieces: &[],
        of_matrices: false,
        range: (None, None),
        keeps_sign: false,
        domain_is_positive: false,
        keeps_definite: false,
        makes_definite: false,
        logarithm: &[],
        trace: None,
    };

    /// Convex and increasing.
    pub(crate) const CONVEX_INCREASING: Self =
        Self { pieces: &[Piece::convex(Anywhere, Increasing)], ..Self::UNKNOWN };

    /// Strictly convex and increasing.
    pub(crate) const STRICTLY_CONVEX_INCREASING: Self =
        Self { pieces: &[Piece::convex(Anywhere, Increasing).strictly()], ..Self::UNKNOWN };

    /// Strictly concave and increasing.
    pub(crate) const STRICTLY_CONCAVE_INCREASING: Self =
        Self { pieces: &[Piece::concave(Anywhere, Increasing).strictly()], ..Self::UNKNOWN };

    /// A logarithm.
    pub(crate) const LOGARITHM: Self =
        Self { domain_is_positive: true, ..Self::STRICTLY_CONCAVE_INCREASING };

    /// Convex, least at zero, and even.
    pub(crate) const BOWL: Self = Self {
        pieces: &[
            Piece::convex(Nonnegative, Increasing),
            Piece::convex(Nonpositive, Decreasing),
            Piece::convex(Anywhere, Neither),
        ],
        ..Self::UNKNOWN
    };

    /// A bowl without straight parts.
    pub(crate) const STRICT_BOWL: Self = Self {
        pieces: &[
            Piece::convex(Nonnegative, Increasing).strictly(),
            Piece::convex(Nonpositive, Decreasing).strictly(),
            Piece::convex(Anywhere, Neither).strictly(),
        ],
        ..Self::UNKNOWN
    };

    /// Increasing, zero at zero, concave from there on and convex before it, as `tanh`.
    pub(crate) const SATURATING: Self = Self {
        pieces: &[
            Piece::concave(Nonnegative, Increasing).strictly(),
            Piece::convex(Nonpositive, Increasing).strictly(),
        ],
        keeps_sign: true,
        ..Self::UNKNOWN
    };

    /// Increasing, zero at zero, convex from there on and concave before it, as `sinh`.
    pub(crate) const GROWING: Self = Self {
        pieces: &[
            Piece::convex(Nonnegative, Increasing).strictly(),
            Piece::concave(Nonpositive, Increasing).strictly(),
        ],
        keeps_sign: true,
        ..Self::UNKNOWN
    };

    /// A norm of a matrix.
    pub(crate) const NORM: Self =
        Self { pieces: &[Piece::convex(Anywhere, Neither)], ..Self::UNKNOWN };

    /// Concave and increasing in positive definite matrices.
    pub(crate) const MATRIX_CONCAVE: Self = Self {
        pieces: &[Piece::concave(Definite, Increasing).strictly()],
        of_matrices: true,
        ..Self::UNKNOWN
    };

    /// Convex and decreasing in positive definite matrices, as the inverse.
    pub(crate) const MATRIX_INVERSE: Self = Self {
        pieces: &[Piece::convex(Definite, Decreasing).strictly()],
        of_matrices: true,
        keeps_definite: true,
        ..Self::UNKNOWN
    };
}
