//! What is asked of the oracles.
//!
//! Must not know how the oracles work.

use gradus_elaborate::typed::{TypedId, TypedTree};

/// A node of a typed tree. Variables of different trees are the same if their names are.
#[derive(Clone, Copy, Debug)]
pub struct Expression<'a> {
    /// The tree.
    pub tree: &'a TypedTree,
    /// The node.
    pub root: TypedId,
}

/// In which order the entries of a derivative are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// A gradient has the shape of its variable, a Jacobian has the rows of the function.
    #[default]
    Mixed,
    /// The rows of the function, the columns of the variable.
    Numerator,
    /// The rows of the variable, the columns of the function.
    Denominator,
}

/// In which order the entries of a matrix are stacked into a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stacking {
    /// Column after column.
    #[default]
    Columns,
    /// Row after row.
    Rows,
}

/// What a claimed derivative by a structured variable is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Convention {
    /// The projection of the free derivative onto the tangent space of the structure.
    #[default]
    Projected,
    /// The derivatives by the entries that can vary independently, each at both of its places.
    Entries,
}

/// What the claimed expressions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The derivative as one array. Where the layout has no matrix for it, `d vec F = J d vec X`.
    Array(Layout),
    /// The derivatives of a scalar function by all variables of the claim, one after the other in one
    /// column; in numerator layout a row.
    Stacked(Layout),
    /// The differential: an expression in `dX` for each variable; of order k, `dX` stands k times.
    Differential,
    /// A linear map in `dX` of the last variable, whose value is laid out as the derivative by the
    /// variables before it.
    LinearMap(Layout),
}

/// Which derivative by a variable is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// By a real variable the derivative; by a complex one the gradient `2*∂f/∂conj(Z)` of a real
    /// scalar function.
    #[default]
    Whole,
    /// The Wirtinger derivative `∂f/∂Z` by a complex variable.
    Plain,
    /// The Wirtinger derivative `∂f/∂conj(Z)`.
    Conjugate,
}

/// One claimed derivative.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The names of the variables of differentiation, one for each order: `["x"]` for a gradient,
    /// `["x", "y"]` for the derivative by `y` of the derivative by `x`. In the form of a differential:
    /// all variables that vary, once each.
    pub wrt: Vec<String>,
    /// The claimed expression in the tree of the claims.
    pub root: TypedId,
    /// Which derivative it is by each of the variables in turn; those that are missing are whole. In
    /// the form of a differential all are.
    pub parts: Vec<Part>,
}

/// Claims about the derivatives of one function.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The function as the user wrote it.
    pub function: Expression<'a>,
    /// The tree in which the claims stand; may be the tree of the function.
    pub tree: &'a TypedTree,
    /// The claims. All gradients of one scalar function are checked together.
    pub claims: &'a [Claim],
    /// What they are.
    pub form: Form,
    /// How matrices are stacked where the layout has no matrix for a derivative.
    pub stacking: Stacking,
    /// What they are where a variable is structured.
    pub convention: Convention,
    /// Order of a differential; the other forms take theirs from the variables.
    pub order: u8,
}

/// Seeds and limits of a check.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Where the random draws begin. The same seed gives the same draws.
    pub seed: u64,
    /// How many numbers one evaluation may hold.
    pub entries: usize,
    /// How many multiplications one evaluation may take.
    pub work: u64,
    /// Whether one point is enough. What is wrong is then still refuted, except where functions have no
    /// exact values; what is verified is not to be told as verified.
    pub quick: bool,
}

impl Settings {
    /// A look at one point, to choose among many claims those that are worth a check.
    #[must_use]
    pub fn quick() -> Self {
        Self { quick: true, ..Self::default() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 0x6772_6164_7573, entries: 1 << 22, work: 1 << 30, quick: false }
    }
}
