//! Declared variables: names, axes, structure.
//!
//! Must not know how a variable was declared or inferred.

use smallvec::SmallVec;

use crate::dimension::DimensionId;

/// A variable in an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub u32);

/// One axis of a node: its dimension, and whether it runs over the members of a family.
///
/// Range axes are never rows or columns of a matrix; functions map over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Axis {
    /// How many entries.
    pub dimension: DimensionId,
    /// Whether this is the range of a family.
    pub range: bool,
}

impl Axis {
    /// A row or column axis.
    #[must_use]
    pub fn new(dimension: DimensionId) -> Self {
        Self { dimension, range: false }
    }
}

/// The axes of a node, in order.
pub type Axes = SmallVec<[Axis; 2]>;

/// What is known of a variable beyond its axes. Every matrix property is about the last two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Structure {
    /// Nothing.
    #[default]
    General,
    /// `S' = S`
    Symmetric,
    /// `S' = -S`
    Skew,
    /// Zero off the diagonal.
    Diagonal,
    /// Zero above the diagonal.
    LowerTriangular,
    /// Zero below the diagonal.
    UpperTriangular,
    /// Symmetric positive definite.
    PositiveDefinite,
    /// `Q'Q = I`
    Orthogonal,
    /// `A^H = A`
    Hermitian,
    /// `U^H U = I`
    Unitary,
    /// A unit vector of the standard basis: entries 0 and 1 with sum 1.
    OneHot,
    /// Entries at least 0 with sum 1.
    Simplex,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name as the user wrote it.
    pub name: String,
    /// Axes: ranges first, then rows, then columns; sizes that are 1 have no axis.
    pub axes: Axes,
    /// Declared structure.
    pub structure: Structure,
    /// Declared to have positive entries.
    pub positive: bool,
    /// Declared complex.
    pub complex: bool,
    /// For `dX`, the variable X.
    pub differential_of: Option<SymbolId>,
}
