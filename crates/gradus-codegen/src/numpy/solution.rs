//! Modules for solutions of equations, and for steps of iterations towards them.
//!
//! Must not know how a solution was found.

use std::fmt::Write as _;

use gradus_diagnostics::Result;

use crate::numpy::body::{Bodies, arguments};
use crate::numpy::layout::INDENT;
use crate::numpy::names::Names;
use crate::numpy::{
    Functions, Parts, assemble_parts, comment_lines, escaped, free_dimensions, function_orders,
    helpers, push_body, returned,
};
use crate::plan::Plan;
use crate::request::ModuleRequest;

/// What the formulas of a module are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The values of unknowns, which are no arguments.
    Solution,
    /// The next point of an iteration from the point before.
    Step,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Solution => "solution",
            Self::Step => "step",
        }
    }
}

/// The positions of the unknowns.
fn unknowns(request: &ModuleRequest<'_>) -> Vec<usize> {
    request.answers.iter().flat_map(|answer| answer.wrt.iter().copied()).collect()
}

fn names(plan: &Plan<'_>) -> Names {
    let request = &plan.request;
    let helper_names: Vec<String> = helpers(request).into_iter().map(|(name, _)| name).collect();
    let dimensions = &plan.value.tree.dimensions;
    Names::new(request.variables, dimensions, &function_orders(plan), &helper_names)
}

/// The module: the function and the solution or the step.
pub(crate) fn module(plan: &Plan<'_>, purpose: Purpose) -> Result<String> {
    let request = &plan.request;
    let names = names(plan);
    let hidden = match purpose {
        Purpose::Solution => unknowns(request),
        Purpose::Step => Vec::new(),
    };
    let all = Bodies { request, book: request.book, names: &names, arguments: request.variables };
    let arguments = arguments(request.variables, &hidden);
    let bodies = Bodies { request, book: request.book, names: &names, arguments: &arguments };
    let value = all.lines(&plan.value, &[returned::value(request)])?;
    let body = bodies.lines(&plan.derivative, &returned::answers(request)?)?;
    let dimensions = &plan.value.tree.dimensions;
    let free_of_value = free_dimensions(request.variables, &names, dimensions, [&value; 4]);
    let free = free_dimensions(&arguments, &names, dimensions, [&body; 4]);
    let value = Functions { request, names: &names, free: &free_of_value }.value(&value);
    let functions = Functions { request, names: &names, free: &free };
    let mut text =
        functions.signature(purpose.name(), &body, |position| !hidden.contains(&position));
    for answer in request.answers {
        for line in comment_lines(&answer.text) {
            let _ = writeln!(text, "{INDENT}# {line}");
        }
    }
    push_body(&mut text, &body);
    let docstring = docstring(request, purpose);
    let parts = Parts { names: &names, helpers: &helpers(request) };
    Ok(assemble_parts(&parts, &docstring, &[value, text], ""))
}

/// The statements alone, the last of which gives the names their values.
pub(crate) fn lines(plan: &Plan<'_>, purpose: Purpose) -> Result<Vec<String>> {
    let request = &plan.request;
    let names = names(plan);
    let hidden = match purpose {
        Purpose::Solution => unknowns(request),
        Purpose::Step => Vec::new(),
    };
    let arguments = arguments(request.variables, &hidden);
    let bodies = Bodies { request, book: request.book, names: &names, arguments: &arguments };
    let body = bodies.lines(&plan.derivative, &returned::answers(request)?)?;
    let results: Vec<&str> = request
        .answers
        .iter()
        .filter_map(|answer| Some(request.variables[*answer.wrt.first()?].name.as_str()))
        .collect();
    let left = results.join(", ");
    let mut lines = Vec::new();
    for line in body {
        // Conversions of arguments.
        if line.contains("np.asarray(") || line.contains(" = np.float64(") {
            continue;
        }
        let line = without_helpers(&line);
        lines.push(match line.strip_prefix("return ") {
            Some(value) => format!("{left} = {value}"),
            None => line,
        });
    }
    Ok(lines)
}

/// Helpers of a module in the words of the libraries, for matrices that are symmetric.
const HELPERS: [(&str, &str, &str); 3] = [
    ("_eigenvectors(", "np.linalg.eigh(", ")[1]"),
    ("_cholesky(", "np.linalg.cholesky(", ")"),
    ("_sqrtm(", "scipy.linalg.sqrtm(", ")"),
];

/// A line without the helpers that a module would define.
fn without_helpers(line: &str) -> String {
    let mut text = line.to_owned();
    for (helper, open, close) in HELPERS {
        while let Some(at) = text.find(helper) {
            let start = at + helper.len();
            let mut depth = 1_usize;
            let inside = text[start..].char_indices().find(|(_, sign)| {
                match sign {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let Some((length, _)) = inside else { return text };
            let argument = text[start..start + length].to_owned();
            let end = start + length + 1;
            text.replace_range(at..end, &format!("{open}{argument}{close}"));
        }
    }
    text
}

fn docstring(request: &ModuleRequest<'_>, purpose: Purpose) -> String {
    let what = match purpose {
        Purpose::Solution => "Solution of",
        Purpose::Step => "One step of an iteration for",
    };
    let mut text = format!("\"\"\"{what}\n\n");
    for line in escaped(request.source) {
        let _ = writeln!(text, "{INDENT}{line}");
    }
    text.push_str("\nwhere\n\n");
    for answer in request.answers {
        for line in escaped(&answer.text) {
            let _ = writeln!(text, "{INDENT}{line}");
        }
    }
    text.push_str("\"\"\"\n");
    text
}
