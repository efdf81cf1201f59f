//! Equations and stationary points solved for their unknowns: the pipeline.
//!
//! Must not know how an equation is solved, nor how a derivative is found.

mod code;
mod iterate;
mod kind;
mod pose;
mod print;
mod read;
mod refusals;
mod simplify;
mod told;
mod verify;
mod words;

use gradus_diagnostics::Diagnostic;
use gradus_notation::arena::NotationTree;
use gradus_solve::{
    Equation, Line, NoSolution, Recognised, Solved as Solution, Spectral, System, Unknown,
};

use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::request::Request;
use crate::verification::Verification;
use iterate::Iteration;
pub use iterate::Way;
use kind::Kind;
use pose::Posed;
pub(crate) use pose::declaration;
pub use told::{Row, SolutionStep};

/// Which stationary point is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// The least value.
    #[default]
    Minimize,
    /// The greatest value.
    Maximize,
}

/// A question for the solver.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The function or the equation with its declarations, and the unknowns as its variables.
    pub request: Request,
    /// Equations that the unknowns satisfy.
    pub constraints: Vec<String>,
    /// Which stationary point is meant.
    pub goal: Goal,
    /// A solution, or one step of an iteration towards it.
    pub method: Way,
}

impl Problem {
    /// A question about a function or an equation.
    pub fn new(program: impl Into<String>) -> Self {
        Self { request: Request::new(program), ..Self::default() }
    }

    /// Adds an unknown.
    #[must_use]
    pub fn unknown(mut self, name: impl Into<String>) -> Self {
        self.request.variables.push(name.into());
        self
    }

    /// Adds a declaration.
    #[must_use]
    pub fn declare(mut self, declaration: impl Into<String>) -> Self {
        self.request.declarations.push(declaration.into());
        self
    }

    /// Adds a constraint such as `sum(w) = 1`.
    #[must_use]
    pub fn subject_to(mut self, equation: impl Into<String>) -> Self {
        self.constraints.push(equation.into());
        self
    }
}

/// What came of a question.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// The unknowns in terms of what is given.
    Solved(Solution),
    /// There is none, and why.
    None(NoSolution),
    /// The stationary point is of the other kind, so that what is asked for does not exist.
    NoExtremum(Solution),
    /// One step of an iteration was asked for.
    Step,
    /// None was found; the lines lead to the simplest form.
    Open {
        /// The lines up to the simplest form of its equation.
        lines: Vec<Line>,
    },
}

/// A question that was worked on: its solution, the proof that there is none, or how far it came.
pub struct Solving {
    pub(crate) reading: String,
    pub(crate) notes: Vec<Note>,
    pub(crate) source: String,
    pub(crate) tree: NotationTree,
    pub(crate) unknowns: Vec<Unknown>,
    pub(crate) equations: Vec<Equation>,
    pub(crate) posed: Posed,
    pub(crate) outcome: Outcome,
    pub(crate) kind: Kind,
    pub(crate) verification: Verification,
    /// Steps of iterations.
    pub(crate) iterations: Vec<Iteration>,
}

impl std::fmt::Debug for Solving {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Solving")
            .field("verification", &self.verification)
            .finish_non_exhaustive()
    }
}

/// Solves an equation for its unknowns, or finds the stationary point of a function.
///
/// # Errors
/// Wrong input, what is not supported, limits, and a solution that does not survive its verification.
/// That there is no solution is no error.
pub fn solve(problem: &Problem) -> Result<Solving> {
    refusals::refuse(problem)?;
    let read = read::read(problem)?;
    let mut posed = pose::pose(problem, &read)?;
    if problem.method != Way::Solve {
        return iterate::only(problem, read, posed);
    }
    let recognised = match posed.given {
        true => None,
        false => Spectral {
            builder: &mut posed.builder,
            facts: &posed.facts,
            unknowns: &posed.unknowns,
            equations: &posed.equations,
            maximize: problem.goal == Goal::Maximize,
            lines: Vec::new(),
        }
        .solve(),
    };
    if let Some(recognised) = recognised {
        let Recognised { solved, of, form } = recognised;
        let kind = Kind::Extreme { greatest: problem.goal == Goal::Maximize, of, form };
        let verification = verify::solution(&mut posed, &solved)?;
        let told = Told { kind, verification, ..Told::default() };
        return posed.finish(problem, read, Outcome::Solved(solved), told);
    }
    let mut simplify = simplify::Simplifier::new(&mut posed.program);
    let outcome = System {
        builder: &mut posed.builder,
        facts: &posed.facts,
        unknowns: &posed.unknowns,
        equations: &posed.equations,
        alone: posed.given,
        simplify: &mut simplify,
    }
    .solve();
    let solved = match outcome {
        Ok(solved) => solved,
        Err(NoSolution::NotIsolated { lines, .. }) => {
            let iterations = iterate::both(problem, &read, &mut posed);
            let told = Told { iterations, ..Told::default() };
            return posed.finish(problem, read, Outcome::Open { lines }, told);
        }
        Err(none) => return posed.finish(problem, read, Outcome::None(none), Told::default()),
    };
    let verification = verify::solution(&mut posed, &solved)?;
    if verification.reason == SINGULAR {
        // What is inverted has no inverse for any data.
        let lines = solved.solutions.into_iter().flat_map(|solution| solution.lines).collect();
        return posed.finish(problem, read, Outcome::Open { lines }, Told::default());
    }
    let kind = kind::of(problem, &read, &mut posed);
    let told = Told { kind, verification, ..Told::default() };
    let outcome = match (&told.kind, problem.goal) {
        (Kind::GlobalMinimum(_), Goal::Maximize) => Outcome::NoExtremum(solved),
        _ => Outcome::Solved(solved),
    };
    posed.finish(problem, read, outcome, told)
}

/// Why the oracles cannot decide about a formula that inverts what is never invertible.
const SINGULAR: &str = "a divisor or a determinant is zero at every point drawn";

/// What is told beside the outcome.
pub(crate) struct Told {
    pub(crate) kind: Kind,
    pub(crate) verification: Verification,
    pub(crate) iterations: Vec<Iteration>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            kind: Kind::Unknown,
            verification: Verification::not_checked(),
            iterations: Vec::new(),
        }
    }
}

/// An error that no place in a text belongs to.
pub(crate) fn failure(diagnostic: Diagnostic) -> Failure {
    Failure::new(diagnostic, "")
}
