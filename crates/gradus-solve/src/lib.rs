//! Equations solved for scalars, vectors and matrices, line by line, with the rule of every line.
//!
//! Must not know where the equations come from, nor output formats. It never decides that a solution is
//! right: whoever asks puts the solution back into the equations.
//!
//! - [`System::solve`]: equations and unknowns to an [`Outcome`].
//! - [`Rule`]: the rules that a line may cite, with their wording in every language.

mod affine;
mod clear;
mod expand;
mod facts;
mod isolate;
mod model;
mod polynomial;
mod rules;
mod spectral;
mod square;
mod system;

pub use affine::is_affine;
pub use facts::{Facts, Known};
pub use isolate::substituted;
pub use model::{
    Condition, Equation, Line, NoSolution, Outcome, Role, Solution, Solved, Symmetry, Unknown,
};
pub use rules::Rule;
pub use spectral::{Form, Recognised, Spectral};
pub use system::{Simplify, System};
