//! What is asked, and what an answer is made of.
//!
//! Must not know how equations are solved.

use gradus_notation::tree::NotationId;

use crate::rules::Rule;

/// What is known of an unknown matrix and its transpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Symmetry {
    /// Nothing.
    #[default]
    None,
    /// `X' = X`
    Symmetric,
    /// `X' = -X`
    Skew,
}

/// Why something is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was asked for.
    Wanted,
    /// A multiplier of a constraint.
    Multiplier,
}

/// What is solved for.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The name.
    pub name: String,
    /// The formula that stands for it: its name, or of a family a member.
    pub atom: NotationId,
    /// What is known of its transpose.
    pub symmetry: Symmetry,
    /// Why it is unknown.
    pub role: Role,
}

/// An equation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The left side.
    pub left: NotationId,
    /// The right side, of the same shape.
    pub right: NotationId,
    /// The unknown that it belongs to, as the position of the unknown: of a derivative set to zero the
    /// variable of differentiation, of a constraint its multiplier.
    pub of: Option<usize>,
}

/// One line of a solution: an equation that follows from earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The left side.
    pub left: NotationId,
    /// The right side.
    pub right: NotationId,
    /// Why it holds.
    pub rules: Vec<Rule>,
}

/// Under which condition a line can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A square matrix is invertible.
    Invertible(NotationId),
    /// The columns of a matrix are linearly independent.
    FullColumnRank(NotationId),
    /// A matrix has the greatest rank that its shape allows.
    FullRank(NotationId),
    /// The rows of a matrix are linearly independent.
    FullRowRank(NotationId),
    /// A scalar, or each entry of an array, is not zero.
    NonZero(NotationId),
    /// A scalar, or each entry of an array, is positive.
    Positive(NotationId),
    /// Two formulas are equal: the equation has a solution.
    Solvable(NotationId, NotationId),
    /// `A` and `-B` have no common eigenvalue.
    NoCommonEigenvalue(NotationId, NotationId),
}

/// The value of an unknown.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The unknown, by its position.
    pub unknown: usize,
    /// The lines from its equation to its value.
    pub lines: Vec<Line>,
    /// The value in terms of unknowns that are solved later.
    pub stated: NotationId,
    /// The value in terms of what is given alone.
    pub value: NotationId,
    /// Other values of the same equation, as of a quadratic one.
    pub others: Vec<NotationId>,
    /// The line in which what was found later is put in.
    pub closing: Option<Line>,
    /// Where a matrix lacks rank, the shortest of the solutions.
    pub shortest: Option<NotationId>,
    /// Of an equation that is solvable for some right sides only: the name on the right side, and what
    /// it equals if the unknown has some value.
    pub solvable: Option<(NotationId, NotationId)>,
}

/// What was found of a system.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    /// In the order in which the unknowns were eliminated.
    pub solutions: Vec<Solution>,
    /// Under which conditions.
    pub conditions: Vec<Condition>,
    /// Equations that follow from the others, by their positions.
    pub redundant: Vec<usize>,
    /// Unknowns that stay free.
    pub free: Vec<usize>,
}

/// Why there is no solution.
#[derive(Clone, Debug)]
pub enum NoSolution {
    /// An equation of the system says `0 = c` with a number or array that is not zero.
    Contradiction {
        /// The equation by its position.
        equation: usize,
        /// Its left side, with everything put in.
        left: NotationId,
        /// Its right side.
        right: NotationId,
    },
    /// No mechanism isolates the unknown.
    NotIsolated {
        /// The unknown by its position.
        unknown: usize,
        /// The lines up to the simplest form of its equation.
        lines: Vec<Line>,
    },
}

/// What came of an attempt to solve a system.
pub type Outcome = Result<Solved, NoSolution>;
