//! Answers in index form.

use gradus_diagnostics::Diagnostic;

use crate::answer::Answer;
use crate::failure::Result;

/// The answer as one index equation a line.
pub(crate) fn print(answer: &Answer) -> Result<String> {
    let message = "index form is not supported yet";
    Err(answer.failure(Diagnostic::unsupported(message).into()))
}
