//! How a program is read: names, kinds and shapes, and how that is announced.
//!
//! Must not know what is done with the program.

use gradus_elaborate::{Options, Program, elaborate_at};

use crate::failure::Result;
use crate::note::Note;
use crate::text::Texts;

/// After this many names the announcement breaks off.
const MOST_NAMES: usize = 40;

/// The program with its variables, values in the place of its limits and integrals.
pub(crate) fn program(texts: &Texts) -> Result<Program> {
    with_values(unresolved(texts)?).map_err(|error| texts.failure(error))
}

/// A program with values in the place of its limits and integrals; on what they rest stands in its
/// notes.
pub(crate) fn with_values(program: Program) -> gradus_diagnostics::Result<Program> {
    let (mut program, conditions) = crate::scalar::resolved(program)?;
    if !conditions.is_empty() {
        let message = format!("the limits and integrals hold if {}", conditions.join("; "));
        program.notes.push(gradus_diagnostics::Diagnostic::note("limit", message));
    }
    Ok(program)
}

/// The program with its variables, its limits and integrals as they are.
pub(crate) fn unresolved(texts: &Texts) -> Result<Program> {
    let declarations = texts.declarations();
    let options = Options { declarations: &declarations, same_shape: false };
    let points = texts.points();
    elaborate_at(texts.program(), &points, &options).map_err(|error| texts.failure(error))
}

/// The names that were not fully declared, as `X matrix(m,n), w vector(n)`.
pub(crate) fn announcement(program: &Program) -> String {
    let names = &program.reading.names;
    let shown = names.iter().take(MOST_NAMES).map(|read| {
        let name = &program.tree.variable(read.variable).name;
        format!("{name} {}", read.kind)
    });
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = names.len().checked_sub(MOST_NAMES) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// The hints of the parser and of the reading.
pub(crate) fn notes(texts: &Texts, program: &Program) -> Vec<Note> {
    let found = texts.notes.iter().chain(&program.notes).cloned();
    found
        .map(|diagnostic| {
            let (diagnostic, source) = texts.located(diagnostic);
            Note { diagnostic, source }
        })
        .collect()
}
