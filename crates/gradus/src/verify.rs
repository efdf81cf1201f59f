//! What is printed is read back as text and checked against what the user wrote.
//!
//! Must not know how the oracles decide.

use std::collections::HashSet;

use gradus_diagnostics::{Class, Diagnostic};
use gradus_elaborate::typed::TypedId;
use gradus_elaborate::{Program, ReadBack, Source};
use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::tree::{NamedFormula, Page};
use gradus_syntax::parse_with;
use gradus_verify::{Claim, Claims, Expression, Form, Settings, check_derivative, check_equal};

use crate::answer::{Answer, Kind};
use crate::failure::{Failure, Result};
use crate::request::Layout;
use crate::verification::{Verdict, Verification};

/// Checks an answer.
///
/// # Errors
/// The answer cannot be read back, or is refuted: a defect, and the answer must not be shown.
pub(crate) fn answer(answer: &mut Answer) -> Result<Verification> {
    let form = match answer.outcome.kind {
        Kind::Differential => Form::Differential,
        Kind::Derivative => Form::Array(layout(answer.layout)),
    };
    let names = answer.variable_names();
    derivative_page(&mut answer.program, &answer.tree, &answer.page, &names, form)
}

/// Checks a page of derivatives of the program's function by the named variables.
pub(crate) fn derivative_page(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
    names: &[String],
    form: Form,
) -> Result<Verification> {
    let roots = read_back(program, tree, page)?;
    derivative_roots(program, &roots, names, form)
}

/// Checks one derivative that is given as a text of its own.
pub(crate) fn derivative_text(
    program: &mut Program,
    text: &str,
    names: &[String],
    form: Form,
) -> Result<Verification> {
    let read = read_text(program, text)?;
    derivative_roots(program, &[read.result], names, form)
}

fn derivative_roots(
    program: &Program,
    roots: &[TypedId],
    names: &[String],
    form: Form,
) -> Result<Verification> {
    let claims: Vec<Claim> = match form {
        Form::Differential => {
            roots.iter().map(|root| Claim { wrt: names.to_vec(), root: *root }).collect()
        }
        _ => names
            .iter()
            .zip(roots)
            .map(|(name, root)| Claim { wrt: vec![name.clone()], root: *root })
            .collect(),
    };
    let function = Expression { tree: &program.tree, root: program.results[0] };
    let claims = Claims { function, tree: &program.tree, claims: &claims, form, order: 1 };
    decide(&check_derivative(&claims, &Settings::default()))
}

/// Checks a page with one result against the program's function itself.
pub(crate) fn value_page(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
) -> Result<Verification> {
    let roots = read_back(program, tree, page)?;
    let side = |root| Expression { tree: &program.tree, root };
    let sides: Vec<Expression<'_>> =
        std::iter::once(program.results[0]).chain(roots).map(side).collect();
    decide(&check_equal(&sides, &Settings::default()))
}

fn decide(verdict: &gradus_verify::Verdict) -> Result<Verification> {
    let verification = Verification::from(verdict);
    if verification.verdict == Verdict::Refuted {
        return Err(defect("the formula that was found is refuted by its verification"));
    }
    Ok(verification)
}

fn defect(message: &str) -> Failure {
    let diagnostic = Diagnostic::internal(message)
        .hint("this is a defect of Gradus: no answer is given rather than a wrong one");
    Failure::new(diagnostic, "")
}

/// The results of a page, read from its source text. All but the last are read as bindings.
fn read_back(program: &mut Program, tree: &NotationTree, page: &Page) -> Result<Vec<TypedId>> {
    let Some((last, others)) = page.results.split_last() else {
        return Err(defect("an answer without a formula"));
    };
    let taken: HashSet<&str> = page
        .bindings
        .iter()
        .map(|binding| binding.name.as_str())
        .chain(program.tree.variables.iter().map(|variable| variable.name.as_str()))
        .collect();
    let mut prefix = "result".to_owned();
    while taken.iter().any(|name| name.starts_with(&prefix)) {
        prefix.push('_');
    }
    let labelled = others.iter().enumerate().map(|(position, formula)| NamedFormula {
        name: format!("{prefix}{position}"),
        formula: *formula,
        from_user: false,
    });
    let bindings = page.bindings.iter().cloned().chain(labelled).collect();
    let text = print::source_page(tree, &Page { bindings, results: vec![*last] });
    let read = read_text(program, &text)?;
    let first = read.bindings.len().checked_sub(others.len());
    let first = first.ok_or_else(|| defect("an answer was read back without all its formulas"))?;
    let mut roots: Vec<TypedId> = read.bindings[first..].iter().map(|(_, id)| *id).collect();
    roots.push(read.result);
    Ok(roots)
}

fn read_text(program: &mut Program, text: &str) -> Result<ReadBack> {
    let unread = |error: Box<Diagnostic>| {
        // An answer may need more than an input may have.
        if error.class == Class::Limit || error.code == "number" {
            let message = format!("the answer is over a limit: {}", error.message);
            return Failure::new(Diagnostic::limit(message), "");
        }
        let mut message =
            format!("the formula that was found cannot be read back: {}", error.message);
        if text.len() <= 400 {
            message.push_str(&format!(" in `{text}`"));
        }
        defect(&message)
    };
    let (tree, _) = {
        let variables = program.tree.variables.iter().map(|variable| variable.name.as_str());
        let bindings = program.bindings.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = variables.chain(bindings).collect();
        parse_with(text, &names).into_result().map_err(unread)?
    };
    program.read_back(&Source::new(text, &tree)).map_err(unread)
}

pub(crate) fn layout(layout: Layout) -> gradus_verify::Layout {
    match layout {
        Layout::Mixed => gradus_verify::Layout::Mixed,
        Layout::Numerator => gradus_verify::Layout::Numerator,
        Layout::Denominator => gradus_verify::Layout::Denominator,
    }
}
