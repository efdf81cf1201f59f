//! Answers in index form.
//!
//! Must not know how index form is found.

use gradus_diagnostics::Diagnostic;
use gradus_notation::index::index_form;
use gradus_notation::raise::Goal;
use gradus_verify::Form;

use crate::answer::{Answer, Kind};
use crate::failure::Result;
use crate::verification::Verdict;
use crate::verify;

/// The answer as index equations, one line for each result.
pub(crate) fn print(answer: &Answer) -> Result<String> {
    Ok(results(answer)?.join("\n"))
}

/// Each result as index equations on one line, verified.
pub(crate) fn results(answer: &Answer) -> Result<Vec<String>> {
    let variables = answer.variable_names();
    let of = |at: usize| match answer.outcome.kind {
        Kind::Derivative => &variables[at..=at],
        Kind::Differential => variables.as_slice(),
    };
    let goals = answer.outcome.goals.iter().enumerate();
    goals.map(|(at, goal)| result(answer, goal, of(at))).collect()
}

fn result(answer: &Answer, goal: &Goal, variables: &[String]) -> Result<String> {
    let name = match answer.outcome.kind {
        Kind::Differential => answer.fresh("D"),
        Kind::Derivative if answer.outcome.goals.len() == 1 => answer.fresh("G"),
        Kind::Derivative => answer.fresh(&format!("G_{}", variables.join("_"))),
    };
    let arena = &answer.lowered.arena;
    let mut text = index_form(arena, &name, &goal.value, &answer.options.reserved)
        .map_err(|error| answer.failure(error))?;
    if goal.rows.zip(goal.columns).is_some_and(|(rows, columns)| rows > columns) {
        text = transposed(&text, &name).ok_or_else(|| {
            let error = Diagnostic::internal("an index form without its left side");
            answer.failure(error.into())
        })?;
    }
    if answer.verification.verdict != Verdict::NotChecked {
        let mut program = answer.program.clone();
        let form = form(answer, goal);
        let is_row = goal.rows.is_none() && goal.columns.is_some();
        let upright = match form {
            Form::Differential if is_row => format!("{text}; {name}'"),
            _ => text.clone(),
        };
        verify::derivative_text(&mut program, &upright, variables, form)?;
    }
    Ok(text)
}

/// What a text in index form is: with one index, a column.
fn form(answer: &Answer, goal: &Goal) -> Form {
    if answer.outcome.kind == Kind::Differential {
        return Form::Differential;
    }
    if goal.rows.is_some() && goal.columns.is_some() {
        return Form::Array(verify::layout(answer.layout));
    }
    // What is a row in mixed layout is a column in numerator layout.
    let is_row = answer.outcome.upright.iter().any(|upright| {
        upright.value == goal.value && upright.rows.is_none() && upright.columns.is_some()
    });
    Form::Array(if is_row {
        gradus_verify::Layout::Numerator
    } else {
        gradus_verify::Layout::Mixed
    })
}

/// The same equations with the two open indices of the last one in the other order.
fn transposed(text: &str, name: &str) -> Option<String> {
    let start = text.rfind("; ").map_or(0, |at| at + 2);
    let (before, last) = text.split_at(start);
    let rest = last.strip_prefix(name)?.strip_prefix('[')?;
    let (indices, rest) = rest.split_once(']')?;
    let (first, second) = indices.split_once(',')?;
    Some(format!("{before}{name}[{},{}]{rest}", second.trim(), first.trim()))
}
