//! Answers in index form.
//!
//! Must not know how index form is found. Where matrices were stacked, the tensor is shown as it is,
//! with the indices of the function before those of the variable.

use gradus_diagnostics::Diagnostic;
use gradus_notation::index::index_form;
use gradus_notation::raise::Goal;
use gradus_tensor::Scaled;
use gradus_verify::Form;

use crate::answer::{Answer, Line};
use crate::failure::{Failure, Result};
use crate::found::{FormulaKind, Found};
use crate::points;
use crate::request::{Convention, Verify};
use crate::verification::Verification;
use crate::verify;

/// The answer as index equations, one line for each result, with the verdict on them.
pub(crate) fn print(answer: &Answer) -> Result<(String, Verification)> {
    let mut verdicts = Vec::new();
    let mut lines = Vec::with_capacity(answer.main.found.len());
    for found in &answer.main.found {
        let (line, own) = result(answer, found)?;
        lines.push(line);
        verdicts.push(own);
    }
    let verdict = Verification::of_all(verdicts);
    match points::refusal(&answer.program, &verdict) {
        Some(refusal) => Err(answer.failure(refusal.into())),
        None => Ok((lines.join("\n"), verdict)),
    }
}

/// Each result as index equations on one line, verified; arrays without a matrix form as arrays.
pub(crate) fn results(answer: &Answer) -> Result<Vec<String>> {
    let each = answer.main.found.iter().enumerate();
    each.map(|(at, found)| match answer.by_indices.iter().find(|(place, _)| *place == at) {
        Some((_, form)) => Ok(form.text.clone()),
        None => Ok(result(answer, found)?.0),
    })
    .collect()
}

/// An array told by its entries.
#[derive(Clone, Debug)]
pub(crate) struct IndexForm {
    /// All equations.
    pub(crate) text: String,
    name: String,
}

impl IndexForm {
    /// The last equation as a line of an answer, with the others beside it.
    pub(crate) fn line(&self) -> Line {
        let plain = || Line {
            name: self.name.clone(),
            formula: self.text.clone(),
            note: "in index form".to_owned(),
        };
        let Some((before, indices, right)) = last_equation(&self.text, &self.name) else {
            return plain();
        };
        let before = before.trim_end_matches("; ").replace("; ", ", ");
        let beside = if before.is_empty() { String::new() } else { format!(", {before}") };
        Line {
            name: format!("{}[{}]", self.name, indices.join(",")),
            formula: right.to_owned(),
            note: format!("in index form{beside}"),
        }
    }
}

/// The index form of an array, with the verdict on it.
pub(crate) fn form_of(answer: &Answer, found: &Found) -> Result<(IndexForm, Verification)> {
    let (text, verdict) = result(answer, found)?;
    Ok((IndexForm { text, name: name_of(answer, found) }, verdict))
}

/// The value that the index form of a formula shows.
pub(crate) fn shown(found: &Found) -> &Scaled {
    match &found.tensor {
        Some(tensor) if found.is_whole() => tensor,
        _ => &found.goal.value,
    }
}

/// Whether a formula is a derivative of a stacked one, and stacked once more.
pub(crate) fn is_stacked_twice(found: &Found) -> bool {
    let stacked = found.kind == FormulaKind::Array { stacked: true };
    stacked && found.tensor.is_none() && found.by.len() > 1
}

fn result(answer: &Answer, found: &Found) -> Result<(String, Verification)> {
    let (names, name) = (names(answer, found), name_of(answer, found));
    let member = found.goal.member.is_some();
    if let Some(tensor) = found.tensor.as_ref().filter(|_| found.is_whole()) {
        return unstacked(answer, found, tensor, &name, &names);
    }
    let of_matrices = found.goal.rows.is_some() && found.goal.columns.is_some();
    if member && (of_matrices || !answer.function.is_scalar()) {
        return unstacked(answer, found, &found.goal.value, &name, &names);
    }
    let goal = &found.goal;
    let mut text = equations(answer, &name, &goal.value)?;
    if goal.rows.zip(goal.columns).is_some_and(|(rows, columns)| rows > columns) {
        text = transposed(&text, &name).ok_or_else(|| unwritten(answer))?;
    }
    let mut verdict = Verification::not_checked();
    if answer.verify != Verify::No {
        let (form, order) = form(answer, found);
        let is_row = goal.rows.is_none() && goal.columns.is_some();
        let upright = match form {
            Form::Differential | Form::LinearMap(_) if is_row => format!("{text}; {name}'"),
            _ => text.clone(),
        };
        let mut program = answer.program.clone();
        let written = verify::Written::of(answer);
        let parts = (order, found.parts.as_slice());
        verdict = verify::text(&mut program, &upright, &names, form, written, parts)?;
    }
    Ok((text, verdict))
}

fn names(answer: &Answer, found: &Found) -> Vec<String> {
    found.by.iter().map(|id| answer.program.tree.variable(*id).name.clone()).collect()
}

/// What an array is called in its index form.
fn name_of(answer: &Answer, found: &Found) -> String {
    let letter = match found.kind {
        FormulaKind::Differential { .. } | FormulaKind::Map { .. } => "D",
        FormulaKind::Gradient => "G",
        FormulaKind::Array { .. } if found.tensor.is_some() => "J",
        FormulaKind::Array { .. } => "G",
    };
    if answer.main.found.len() == 1 {
        answer.fresh(letter)
    } else {
        answer.fresh(&format!("{letter}_{}", names(answer, found).join("_")))
    }
}

fn equations(answer: &Answer, name: &str, value: &Scaled) -> Result<String> {
    index_form(&answer.lowered.arena, name, value, &answer.options.reserved)
        .map_err(|error| answer.failure(error))
}

/// `J[i,j,k,l] = …`, verified as the linear map `D[i,j] = …*dX[k,l]`.
fn unstacked(
    answer: &Answer,
    found: &Found,
    tensor: &Scaled,
    name: &str,
    names: &[String],
) -> Result<(String, Verification)> {
    let text = equations(answer, name, tensor)?;
    if answer.verify == Verify::No {
        return Ok((text, Verification::not_checked()));
    }
    let (before, indices, right) = last_equation(&text, name).ok_or_else(|| unwritten(answer))?;
    let last = found.by.last().map(|id| answer.program.tree.variable(*id));
    let of_variable = last.map_or(0, |variable| {
        let sides = [variable.shape.rows, variable.shape.columns].into_iter();
        let sides = sides.filter(|side| *side != gradus_tensor::Dimensions::ONE).count();
        variable.family.len() + sides
    });
    let (left, right_indices) = indices.split_at(indices.len().saturating_sub(of_variable));
    let differential = answer.parameter(found);
    // Entries that repeat count once, in the lower triangle.
    let (start, differential) = match answer.convention == Convention::Entries
        && last.is_some_and(|variable| gradus_calculus::repeats_entries(variable.structure))
    {
        true => {
            let lower = answer.fresh("L");
            (format!("{lower} = tril({differential}); "), lower)
        }
        false => (String::new(), differential),
    };
    let left = match left {
        [] => name.to_owned(),
        left => format!("{name}[{}]", left.join(",")),
    };
    // Indices on the right are summed only where some index stands on the left.
    let (left, total) = match (left.contains('['), right_indices.first()) {
        (false, Some(first)) => (format!("{name}[{first}]"), format!("; sum({name})")),
        (true, _) if answer.function.row_axis().is_none() && found.by.len() == 1 => {
            (left, format!("; {name}'"))
        }
        _ => (left, String::new()),
    };
    let indices = right_indices.join(",");
    let map = format!("{start}{before}{left} = ({right})*{differential}[{indices}]{total}");
    let mut program = answer.program.clone();
    let form = Form::LinearMap(verify::layout(answer.written_layout()));
    let written = verify::Written::of(answer);
    let verdict = verify::text(&mut program, &map, names, form, written, (1, &[]))?;
    Ok((text, verdict))
}

fn unwritten(answer: &Answer) -> Failure {
    answer.failure(Diagnostic::internal("an index form without its left side").into())
}

/// What a text in index form is: with one index, a column.
fn form(answer: &Answer, found: &Found) -> (Form, u8) {
    let layout = verify::layout(answer.written_layout());
    let goal = &found.goal;
    match found.kind {
        FormulaKind::Differential { order } => (Form::Differential, order),
        FormulaKind::Map { .. } => (Form::LinearMap(layout), 1),
        FormulaKind::Gradient => (Form::Stacked(gradus_verify::Layout::Mixed), 1),
        FormulaKind::Array { .. } if goal.rows.is_some() && goal.columns.is_some() => {
            (Form::Array(layout), 1)
        }
        FormulaKind::Array { .. } => (Form::Array(column_layout(answer, goal)), 1),
    }
}

/// The layout in which a derivative with one axis is a column.
fn column_layout(answer: &Answer, goal: &Goal) -> gradus_verify::Layout {
    // What is a row in mixed layout is a column in numerator layout.
    let is_row = answer.upright.iter().any(|upright| {
        let upright = &upright.goal;
        upright.value == goal.value && upright.rows.is_none() && upright.columns.is_some()
    });
    if is_row { gradus_verify::Layout::Numerator } else { gradus_verify::Layout::Mixed }
}

/// The last equation of a text: what stands before it, its open indices, its right side.
fn last_equation<'a>(text: &'a str, name: &str) -> Option<(&'a str, Vec<&'a str>, &'a str)> {
    let start = text.rfind("; ").map_or(0, |at| at + 2);
    let (before, last) = text.split_at(start);
    let rest = last.strip_prefix(name)?.strip_prefix('[')?;
    let (indices, rest) = rest.split_once(']')?;
    let right = rest.strip_prefix(" = ")?;
    Some((before, indices.split(',').map(str::trim).collect(), right))
}

/// The same equations with the two open indices of the last one in the other order.
fn transposed(text: &str, name: &str) -> Option<String> {
    let (before, indices, right) = last_equation(text, name)?;
    let [first, second] = indices.as_slice() else { return None };
    Some(format!("{before}{name}[{second},{first}] = {right}"))
}
