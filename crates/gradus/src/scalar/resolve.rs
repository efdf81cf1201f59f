//! The values of the limits and integrals of a program in their places.
//!
//! Must not know what is done with the program.

use gradus_diagnostics::{Diagnostic, Language, Result};
use gradus_elaborate::typed::{Operation, TypedId};
use gradus_elaborate::{Program, Source};
use gradus_syntax::parse;
use rustc_hash::{FxHashMap, FxHashSet};

use super::entries::Evaluation;
use super::words;

/// The program with values in the place of its limits and integrals, and the conditions under which
/// they hold.
///
/// # Errors
/// A limit or integral does not exist or was not found.
pub(crate) fn resolved(mut program: Program) -> Result<(Program, Vec<String>)> {
    let binders = outermost(&program);
    if binders.is_empty() {
        return Ok((program, Vec::new()));
    }
    let tree = program.tree.clone();
    let mut evaluation = Evaluation::new(&tree);
    let mut values = FxHashMap::default();
    for id in binders {
        let entries = evaluation.entries(id)?;
        let text = evaluation.text(id, &entries)?;
        let read = read_back(&mut program, &text)?;
        if program.tree.shape(read) != tree.shape(id) {
            return Err(Diagnostic::internal("the value of a limit has another shape").into());
        }
        values.insert(id, read);
    }
    let found = std::mem::take(&mut evaluation.found);
    let mut conditions: Vec<String> = Vec::new();
    for one in &found {
        for condition in words::conditions(&evaluation, one, Language::English) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    Ok((program.replaced(&values), conditions))
}

/// Reads a value in the context of a program.
pub(super) fn read_back(program: &mut Program, text: &str) -> Result<TypedId> {
    let parsed = parse(text);
    if let Some(error) = parsed.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
        let message = format!("a value cannot be read back: {}", error.message);
        return Err(Diagnostic::internal(message).into());
    }
    Ok(program.read_back(&Source::new(text, &parsed.tree))?.result)
}

/// The limits and integrals that stand in no other one, in the results, points and equations.
fn outermost(program: &Program) -> Vec<TypedId> {
    let mut open: Vec<TypedId> = program.results.clone();
    open.extend(program.points.iter().map(|(_, id)| *id));
    open.extend(program.equations.iter().flatten());
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let operation = &program.tree.node(id).operation;
        if matches!(operation, Operation::Limit { .. } | Operation::Integral { .. }) {
            found.push(id);
        } else {
            program.tree.children(id, |child| open.push(child));
        }
    }
    found.sort_unstable();
    found
}
