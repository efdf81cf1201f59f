//! Notation pages to programs in other languages: a statement list first, then one file per language.
//!
//! Must not know how a derivative was found. A formula comes in as a page of the notation; what
//! leaves is program text. In between stands the [`StatementList`], which is again a page, so that
//! it can be printed as source text and verified before any code is shown.

mod adjoint;
mod language;
mod numpy;
mod plan;
mod request;
mod statement;
mod walk;

pub use adjoint::without_adjoints;
pub use language::{Target, target};
pub use plan::{Plan, plan};
pub use request::{Answer, AnswerForm, AtPoint, ModuleRequest, Part, Variable, VariableKind};
pub use statement::{Statement, StatementList};

pub use numpy::solution::Purpose;

use gradus_diagnostics::Result;
use gradus_functions::Language;

/// The text of a module in a language: [`plan`] and [`Target::module`] in one step, without the
/// verification of the statement lists that stands between them in the pipeline.
///
/// # Errors
/// A formula, a function or a variable that the language cannot express is refused.
pub fn module(request: &ModuleRequest<'_>, language: Language) -> Result<String> {
    target(language).module(&plan(request)?)
}

/// The text of a NumPy module with a function and the solution of equations, or a step of an iteration.
///
/// # Errors
/// As for [`module`].
pub fn solution_module(plan: &Plan<'_>, purpose: Purpose) -> Result<String> {
    numpy::solution::module(plan, purpose)
}

/// The statements of such a module alone, the last of which gives the unknowns their values.
///
/// # Errors
/// As for [`module`].
pub fn solution_lines(plan: &Plan<'_>, purpose: Purpose) -> Result<Vec<String>> {
    numpy::solution::lines(plan, purpose)
}
