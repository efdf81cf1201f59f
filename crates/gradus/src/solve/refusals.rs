//! What is refused before anything is read: inequalities, and questions without an unknown.
//!
//! Must not know how a question is solved.

use gradus_diagnostics::{Diagnostic, Span};

use super::Problem;
use crate::failure::{Failure, Result};

/// Signs of inequalities.
const INEQUALITIES: [&str; 6] = ["<=", ">=", "≤", "≥", "<", ">"];

pub(super) fn refuse(problem: &Problem) -> Result<()> {
    if problem.request.variables.is_empty() {
        let error = Diagnostic::bad_input("input", "nothing is named to solve for");
        return Err(Failure::new(error.hint("--for w"), ""));
    }
    for text in problem.constraints.iter().chain([&problem.request.program]) {
        let sign = INEQUALITIES
            .iter()
            .filter_map(|sign| Some((text.find(sign)?, *sign)))
            .min_by_key(|(at, sign)| (*at, usize::MAX - sign.len()));
        let Some((at, sign)) = sign else { continue };
        let message = "inequality constraints are not supported: what is active at the optimum would \
                       have to be known";
        let error = Diagnostic::unsupported(message)
            .label(Span::new(at, at + sign.len()), "an inequality")
            .hint(format!(
                "where it is active, as an equation: --subject-to '{}'",
                text.replacen(sign, "=", 1)
            ));
        return Err(Failure::new(error, text));
    }
    Ok(())
}
