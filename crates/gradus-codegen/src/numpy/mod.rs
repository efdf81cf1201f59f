//! NumPy: a self-contained module with `value`, `derivative` and `check`.
//!
//! Must not know which statements to print: they come from the plan.

mod axes;
mod body;
mod call;
mod check;
mod complex_check;
mod dimension;
mod expression;
mod fragment;
mod generic_rank;
mod indexed_sum;
mod layout;
mod matrix_of_map;
mod names;
mod permutation;
mod point;
mod product;
mod returned;
mod sample;
pub(crate) mod solution;
mod token;
mod units;

use std::fmt::Write as _;

use gradus_diagnostics::Result;
use gradus_functions::Language;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, Notation, NotationId};
use gradus_tensor::{DimensionName, Dimensions};

use crate::language::Target;
use crate::numpy::body::Bodies;
use crate::numpy::layout::INDENT;
use crate::numpy::names::Names;
use crate::plan::Plan;
use crate::request::{ModuleRequest, Variable, VariableKind};

/// NumPy, with SciPy where needed.
pub(crate) struct Numpy;

impl Target for Numpy {
    fn module(&self, plan: &Plan<'_>) -> Result<String> {
        let request = &plan.request;
        let helpers = helpers(request);
        let helper_names: Vec<String> = helpers.iter().map(|(name, _)| name.clone()).collect();
        let dimensions = &plan.value.tree.dimensions;
        let names =
            Names::new(request.variables, dimensions, &function_orders(plan), &helper_names);
        let all: Vec<Variable> = request.variables.to_vec();
        let arguments = all.iter().enumerate().filter(|(at, _)| !request.is_replaced(*at));
        let arguments: Vec<Variable> = arguments.map(|(_, variable)| variable.clone()).collect();
        let bodies = Bodies { request, book: request.book, names: &names, arguments: &arguments };
        let value = bodies.lines(&plan.value, &[returned::value(request)])?;
        let derivative = bodies.lines(&plan.derivative, &returned::answers(request)?)?;
        let mut at_point = Vec::new();
        let mut point = Vec::new();
        if let Some([values, function]) = &plan.point {
            point = bodies.lines(values, &returned::of_values(request, values))?;
            let whole = Bodies { arguments: &all, ..bodies };
            at_point = whole.lines(function, &[returned::value(request)])?;
        }
        let bodies = [&value, &derivative, &point, &at_point];
        let free = free_dimensions(&arguments, &names, dimensions, bodies);
        let check = check::text(plan, &names, &free)?;
        let functions = Functions { request, names: &names, free: &free };
        let value = functions.value(&value);
        let derivative = functions.derivative(&derivative);
        let mut texts = vec![value, derivative];
        if plan.point.is_some() {
            texts.push(functions.plain(point::FUNCTION, &at_point, |_| true));
            texts.push(functions.plain(point::POINT, &point, |at| !request.is_replaced(at)));
        }
        texts.push(check);
        Ok(assemble(request, &names, &helpers, &texts))
    }
}

/// Definitions that calls in the book's spelling rely on, by name.
fn helpers(request: &ModuleRequest<'_>) -> Vec<(String, &'static str)> {
    let mut helpers = Vec::new();
    for (_, entry) in request.book.iter() {
        for (language, text) in entry.support {
            let name = text.strip_prefix("def ").and_then(|rest| rest.split_once('('));
            if let (Language::Numpy, Some((name, _))) = (language, name) {
                helpers.push((name.to_owned(), *text));
            }
        }
    }
    let moving = permutation::HELPERS.iter().map(|(name, text)| ((*name).to_owned(), *text));
    helpers.extend(moving);
    helpers
}

/// For each variable, how often the function that it is is differentiated at most.
fn function_orders(plan: &Plan<'_>) -> Vec<u8> {
    let mut orders = vec![0; plan.request.variables.len()];
    let mut note = |tree: &NotationTree| {
        for position in 0..tree.len() {
            let id = NotationId(u32::try_from(position).unwrap_or(u32::MAX));
            let Notation::Call { head, .. } = tree.node(id) else {
                continue;
            };
            let (Head::Mapped { name, order }
            | Head::Scalar { name, order }
            | Head::Path { name, order }) = head
            else {
                continue;
            };
            let variables = plan.request.variables.iter();
            if let Some(position) = variables.into_iter().position(|entry| entry.name == *name) {
                orders[position] = (*order).max(orders[position]);
            }
        }
    };
    note(&plan.value.tree);
    note(&plan.derivative.tree);
    orders
}

/// Dimensions that are used and that no argument's shape tells; they become keywords.
fn free_dimensions(
    arguments: &[Variable],
    names: &Names,
    dimensions: &Dimensions,
    bodies: [&Vec<String>; 4],
) -> Vec<DimensionName> {
    let sources = dimension::sources(arguments, names, |_| true);
    let solutions = dimension::Solutions::new(dimensions, &sources);
    let all = (0..dimensions.name_count())
        .map(|position| DimensionName(u32::try_from(position).unwrap_or(u32::MAX)));
    let is_free = |name: &DimensionName| {
        let local = names.dimension(*name);
        !solutions.knows(*name)
            && bodies.iter().any(|lines| lines.iter().any(|line| token::mentions(line, local)))
    };
    all.filter(is_free).collect()
}

/// The generated functions around their bodies.
struct Functions<'a> {
    request: &'a ModuleRequest<'a>,
    names: &'a Names,
    free: &'a [DimensionName],
}

impl Functions<'_> {
    fn value(&self, body: &[String]) -> String {
        let of_point = |position: usize| {
            !matches!(self.request.variables[position].kind, VariableKind::Differential { .. })
                && !self.request.is_replaced(position)
        };
        let mut text = self.signature("value", body, of_point);
        for line in comment_lines(self.request.source) {
            let _ = writeln!(text, "{INDENT}# {line}");
        }
        push_body(&mut text, body);
        text
    }

    /// A function beside the two; it does not take differentials.
    fn plain(&self, name: &str, body: &[String], takes: impl Fn(usize) -> bool) -> String {
        let is_differential = |position: usize| {
            matches!(self.request.variables[position].kind, VariableKind::Differential { .. })
        };
        let takes = |position: usize| !is_differential(position) && takes(position);
        let mut text = self.signature(name, body, takes);
        push_body(&mut text, body);
        text
    }

    fn derivative(&self, body: &[String]) -> String {
        if matrix_of_map::are_looped(self.request) {
            return self.looped(body);
        }
        let name = if self.request.is_differential() { "differential" } else { "derivative" };
        let mut text = self.signature(name, body, |at| !self.request.is_replaced(at));
        for answer in self.request.answers {
            for line in comment_lines(&answer.text) {
                let _ = writeln!(text, "{INDENT}# {line}");
            }
        }
        push_body(&mut text, body);
        text
    }

    /// The maps as a function, and the derivative that calls it.
    fn looped(&self, body: &[String]) -> String {
        let mut text = self.signature(matrix_of_map::MAP, body, |_| true);
        for answer in self.request.answers {
            for line in comment_lines(&answer.text) {
                let _ = writeln!(text, "{INDENT}# {line}");
            }
        }
        push_body(&mut text, body);
        let _ = write!(text, "\n\n{}", matrix_of_map::helper());
        let free: Vec<String> =
            self.free.iter().map(|name| self.names.dimension(*name).to_owned()).collect();
        let lines = matrix_of_map::body(self.request, self.names, &free);
        let of_point = |position: usize| {
            !matches!(self.request.variables[position].kind, VariableKind::Differential { .. })
        };
        text.push_str(&self.signature("derivative", &lines, of_point));
        push_body(&mut text, &lines);
        text
    }

    /// `def name(*, …):`; functions that the body does not call may be left out by the caller.
    fn signature(&self, name: &str, body: &[String], takes: impl Fn(usize) -> bool) -> String {
        let mut parameters = Vec::new();
        for keyword in self.names.keywords.iter().filter(|keyword| takes(keyword.variable)) {
            let variable = &self.request.variables[keyword.variable];
            let is_array = matches!(
                variable.kind,
                VariableKind::Array { .. } | VariableKind::Differential { .. }
            );
            let is_used = || body.iter().any(|line| token::mentions(line, &keyword.local));
            let default = if is_array || is_used() { "" } else { "=None" };
            parameters.push(format!("{}{default}", keyword.name));
        }
        parameters.extend(self.free.iter().map(|name| self.names.dimension(*name).to_owned()));
        if parameters.is_empty() {
            return format!("def {name}():\n");
        }
        let line = format!("def {name}(*, {}):\n", parameters.join(", "));
        if line.chars().count() <= 89 {
            return line;
        }
        let mut text = format!("def {name}(\n{INDENT}*,\n");
        for parameter in parameters {
            let _ = writeln!(text, "{INDENT}{parameter},");
        }
        text.push_str("):\n");
        text
    }
}

fn push_body(text: &mut String, body: &[String]) {
    for line in body {
        let _ = writeln!(text, "{INDENT}{line}");
    }
}

/// The whole module.
fn assemble(
    request: &ModuleRequest<'_>,
    names: &Names,
    helpers: &[(String, &'static str)],
    functions: &[String],
) -> String {
    let parts = Parts { names, helpers };
    let end = "\n\nif __name__ == \"__main__\":\n    print(check())\n";
    assemble_parts(&parts, &docstring(request), functions, end)
}

/// What the texts of a module refer to.
struct Parts<'a> {
    names: &'a Names,
    helpers: &'a [(String, &'static str)],
}

/// Head, imports, helpers, functions and end of a module.
fn assemble_parts(parts: &Parts<'_>, docstring: &str, functions: &[String], end: &str) -> String {
    let Parts { names, helpers } = parts;
    let mut text = docstring.to_owned();
    let used: Vec<&str> = helpers
        .iter()
        .filter(|(name, _)| functions.iter().any(|text| token::mentions(text, name)))
        .map(|(_, text)| *text)
        .collect();
    text.push_str("\nimport numpy as np\n");
    for module in ["scipy.linalg", "scipy.special"] {
        let call = format!("{module}.");
        let uses = |text: &str| text.contains(&call);
        if functions.iter().any(|text| uses(text)) || used.iter().any(|text| uses(text)) {
            let _ = writeln!(text, "import {module}");
        }
    }
    for helper in used {
        let _ = write!(text, "\n\n{}\n", helper.trim_end());
    }
    if !names.hidden.is_empty() {
        text.push('\n');
        for name in &names.hidden {
            // A keyword of this name is never a module or a builtin of the functions below.
            if functions.iter().any(|text| token::mentions(text, &format!("_{name}"))) {
                let _ = writeln!(text, "_{name} = {name}");
            }
        }
    }
    for function in functions {
        let _ = write!(text, "\n\n{}\n", function.trim_end());
    }
    text.push_str(end);
    text
}

/// The lines of a text that are not empty, without characters that could end a comment.
fn comment_lines(text: &str) -> Vec<String> {
    let clean = |line: &str| -> String {
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(clean).collect()
}

/// The lines of a text for a docstring.
fn escaped(text: &str) -> Vec<String> {
    let escape = |line: String| line.replace('\\', "\\\\").replace('"', "\\\"");
    comment_lines(text).into_iter().map(escape).collect()
}

/// What the module computes.
fn docstring(request: &ModuleRequest<'_>) -> String {
    let kind = if request.is_differential() { "differential" } else { "derivative" };
    let mut text = format!("\"\"\"Value and {kind} of\n\n");
    for line in escaped(request.source) {
        let _ = writeln!(text, "{INDENT}{line}");
    }
    let _ = write!(text, "\nwhere the {kind} is\n\n");
    for answer in request.answers {
        for line in escaped(&answer.text) {
            let _ = writeln!(text, "{INDENT}{line}");
        }
    }
    for remark in returned::remarks(request) {
        let _ = write!(text, "\n{remark}\n");
    }
    text.push_str("\"\"\"\n");
    text
}
