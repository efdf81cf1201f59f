//! From pages to statement lists: association by cost, shared formulas named, long ones split.
//!
//! Must not know any output language.

mod associate;
mod builder;
mod names;
mod normalize;
pub(crate) mod parts;
mod share;

use gradus_diagnostics::{Diagnostic, Result};
use gradus_notation::tree::Page;

use crate::request::ModuleRequest;
use crate::statement::StatementList;

/// The statement lists of a module, to be verified and then printed by a [`crate::Target`].
#[derive(Clone)]
pub struct Plan<'a> {
    /// What the plan was made from.
    pub request: ModuleRequest<'a>,
    /// Computes the function.
    pub value: StatementList,
    /// Computes the derivatives.
    pub derivative: StatementList,
    /// Of derivatives at a point: computes the values there, and the function itself.
    pub point: Option<[StatementList; 2]>,
}

/// Chooses the statements of a module.
///
/// # Errors
/// A request whose parts do not fit together is refused.
pub fn plan<'a>(request: &ModuleRequest<'a>) -> Result<Plan<'a>> {
    validate(request)?;
    Ok(Plan {
        request: *request,
        value: statements(request, request.value)?,
        derivative: statements(request, request.derivative)?,
        point: match &request.point {
            Some(point) => {
                Some([statements(request, point.values)?, statements(request, point.function)?])
            }
            None => None,
        },
    })
}

fn statements(request: &ModuleRequest<'_>, page: &Page) -> Result<StatementList> {
    let normal = normalize::normalize(request, page)?;
    Ok(share::share(request, normal))
}

fn validate(request: &ModuleRequest<'_>) -> Result<()> {
    let answers_fit = request.value.results.len() == 1
        && request.derivative.results.len() == request.answers.len()
        && request.answers.iter().all(|answer| {
            !answer.wrt.is_empty()
                && answer.wrt.iter().all(|position| *position < request.variables.len())
        });
    if answers_fit {
        Ok(())
    } else {
        Err(Box::new(Diagnostic::internal("answers and formulas of a module do not fit together")))
    }
}
