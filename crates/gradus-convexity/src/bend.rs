//! How an expression bends, and how that adds up.
//!
//! Must not know networks.

use gradus_functions::Bent;
use gradus_tensor::Rational;

/// How an expression bends as a function of the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bend {
    /// It does not depend on them.
    Constant,
    /// Convex and concave.
    Affine,
    /// Convex.
    Convex,
    /// Concave.
    Concave,
    /// Not known.
    Unknown,
}

impl Bend {
    /// Whether chords never lie below.
    #[must_use]
    pub fn is_convex(self) -> bool {
        matches!(self, Self::Constant | Self::Affine | Self::Convex)
    }

    /// Whether chords never lie above.
    #[must_use]
    pub fn is_concave(self) -> bool {
        matches!(self, Self::Constant | Self::Affine | Self::Concave)
    }

    /// Whether it is convex and concave.
    #[must_use]
    pub fn is_affine(self) -> bool {
        matches!(self, Self::Constant | Self::Affine)
    }

    /// That of a sum.
    pub(crate) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant, bend) | (bend, Self::Constant) => bend,
            (Self::Affine, bend) | (bend, Self::Affine) => bend,
            (Self::Convex, Self::Convex) => Self::Convex,
            (Self::Concave, Self::Concave) => Self::Concave,
            _ => Self::Unknown,
        }
    }

    /// That of the negative.
    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Convex => Self::Concave,
            Self::Concave => Self::Convex,
            bend => bend,
        }
    }

    /// That of a multiple.
    pub(crate) fn times(self, factor: &Rational) -> Self {
        match factor {
            zero if zero.is_zero() => Self::Constant,
            negative if negative.is_negative() => self.negate(),
            _ => self,
        }
    }
}

impl From<Bent> for Bend {
    fn from(bent: Bent) -> Self {
        match bent {
            Bent::Convex => Self::Convex,
            Bent::Concave => Self::Concave,
        }
    }
}
