//! What is printed is read back as text and checked against what the user wrote.
//!
//! Must not know how the oracles decide.

use std::collections::HashSet;

use gradus_diagnostics::{Class, Diagnostic};
use gradus_elaborate::typed::{Operation, TypedId, TypedNode, VariableId};
use gradus_elaborate::{Program, ReadBack, Source};
use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::tree::Page;
use gradus_syntax::parse_with;
use gradus_verify::{
    Claim, Claims, Expression, Form, Remainder, Settings, check_derivative_at, check_equal,
    check_equal_assuming,
};

use crate::answer::Answer;
use crate::failure::{Failure, Result};
use crate::found::{FormulaKind, Found, Part, View};
use crate::request::{Convention, Layout, Stacking};
use crate::verification::{Verdict, Verification};

/// Checks an answer: every formula on its pages.
///
/// # Errors
/// The answer cannot be read back, or is refuted: a defect, and the answer must not be shown.
pub(crate) fn answer(answer: &mut Answer) -> Result<Verification> {
    let written = Written::of(answer);
    let mut verification = view(&mut answer.program, &answer.main, written)?;
    if let Some(together) = &answer.together {
        let other = view(&mut answer.program, together, written)?;
        verification = verification.and(other);
    }
    Ok(verification)
}

/// How derivatives are written.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    layout: gradus_verify::Layout,
    stacking: gradus_verify::Stacking,
    convention: gradus_verify::Convention,
}

impl Written {
    /// The way of an answer.
    pub(crate) fn of(answer: &Answer) -> Self {
        let stacking = match answer.stacking {
            Stacking::Columns => gradus_verify::Stacking::Columns,
            Stacking::Rows => gradus_verify::Stacking::Rows,
        };
        let convention = match answer.convention {
            Convention::Projected => gradus_verify::Convention::Projected,
            Convention::Entries => gradus_verify::Convention::Entries,
        };
        Self { layout: layout(answer.written_layout()), stacking, convention }
    }

    /// The form of arrays in this layout.
    pub(crate) fn array(self) -> Form {
        Form::Array(self.layout)
    }

    /// The way of code: mixed layout, columns stacked.
    pub(crate) fn upright(answer: &Answer) -> Self {
        let (layout, stacking) = (gradus_verify::Layout::Mixed, gradus_verify::Stacking::Columns);
        Self { layout, stacking, ..Self::of(answer) }
    }
}

fn view(program: &mut Program, view: &View, written: Written) -> Result<Verification> {
    page(program, &view.tree, &view.page, &view.found, written)
}

/// Checks the formulas of a page.
pub(crate) fn page(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
    found: &[Found],
    written: Written,
) -> Result<Verification> {
    let roots = read_back(program, tree, page, &indices(found))?;
    let mut verdicts = Vec::new();
    for (kind, claims) in claims(program, found, &roots) {
        let found = claimed(program, &claims, form(kind, written), written, order(kind))?;
        verdicts.push(found);
    }
    if verdicts.is_empty() {
        return Err(defect("an answer without a formula"));
    }
    Ok(Verification::of_all(verdicts))
}

/// The index of each formula that is told for the members of a family.
pub(crate) fn indices(found: &[Found]) -> Vec<Option<&str>> {
    found.iter().map(|found| found.goal.member.as_ref().map(|(_, index)| index.as_str())).collect()
}

/// What is claimed by the formulas of a page that were read back; what has one form is asked together.
fn claims(program: &Program, found: &[Found], roots: &[TypedId]) -> Vec<(FormulaKind, Vec<Claim>)> {
    let names = |found: &Found| -> Vec<String> {
        found.by.iter().map(|id| program.tree.variable(*id).name.clone()).collect()
    };
    let mut groups: Vec<(FormulaKind, Vec<Claim>)> = Vec::new();
    for (found, root) in found.iter().zip(roots) {
        let claim = Claim { wrt: names(found), root: *root, parts: parts(&found.parts) };
        match groups.iter_mut().find(|(kind, _)| same_form(*kind, found.kind)) {
            Some((_, claims)) => claims.push(claim),
            None => groups.push((found.kind, vec![claim])),
        }
    }
    groups
}

/// How the function leaves the linear part that the answer gives it, as the text that is printed says.
///
/// # Errors
/// The answer cannot be read back, or is not evaluated around any point.
pub(crate) fn remainder(answer: &Answer) -> Result<Remainder> {
    let (mut program, written) = (answer.program.clone(), Written::of(answer));
    let View { tree, page, found } = &answer.main;
    let roots = read_back(&mut program, tree, page, &indices(found))?;
    let groups = claims(&program, found, &roots);
    let [(kind, claims)] = groups.as_slice() else {
        let error = Diagnostic::unsupported("a picture of derivatives of several forms");
        return Err(Failure::new(error.hint("name one variable with --wrt"), ""));
    };
    let claims = together(&program, claims, form(*kind, written), written, order(*kind));
    gradus_verify::remainder(&claims, &points(&program), &Settings::default()).map_err(|reason| {
        Failure::new(Diagnostic::unsupported(format!("a picture of this function: {reason}")), "")
    })
}

fn same_form(one: FormulaKind, other: FormulaKind) -> bool {
    order(one) == order(other) && std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

fn order(kind: FormulaKind) -> u8 {
    match kind {
        FormulaKind::Differential { order } => order,
        FormulaKind::Array { .. } | FormulaKind::Map { .. } | FormulaKind::Gradient => 1,
    }
}

fn form(kind: FormulaKind, written: Written) -> Form {
    match kind {
        FormulaKind::Array { .. } => Form::Array(written.layout),
        FormulaKind::Map { .. } => Form::LinearMap(written.layout),
        FormulaKind::Gradient => Form::Stacked(written.layout),
        FormulaKind::Differential { .. } => Form::Differential,
    }
}

fn claimed(
    program: &Program,
    claims: &[Claim],
    form: Form,
    written: Written,
    order: u8,
) -> Result<Verification> {
    let claims = together(program, claims, form, written, order);
    decide(&check_derivative_at(&claims, &points(program), &Settings::default()))
}

/// The values at the point of the derivatives.
fn points(program: &Program) -> Vec<(String, Expression<'_>)> {
    let point = |(variable, root): &(VariableId, TypedId)| {
        let name = program.tree.variable(*variable).name.clone();
        (name, Expression { tree: &program.tree, root: *root })
    };
    program.points.iter().map(point).collect()
}

fn together<'p>(
    program: &'p Program,
    claims: &'p [Claim],
    form: Form,
    written: Written,
    order: u8,
) -> Claims<'p> {
    let function = Expression { tree: &program.tree, root: program.results[0] };
    let Written { stacking, convention, .. } = written;
    Claims { function, tree: &program.tree, claims, form, stacking, convention, order }
}

/// Checks one derivative or differential that is given as a text of its own, by the named variables
/// in turn or together.
pub(crate) fn text(
    program: &mut Program,
    text: &str,
    names: &[String],
    form: Form,
    written: Written,
    (order, of): (u8, &[Part]),
) -> Result<Verification> {
    let read = read_text(program, text)?;
    let claims = [Claim { wrt: names.to_vec(), root: read.result, parts: parts(of) }];
    claimed(program, &claims, form, written, order)
}

/// Checks a page with one result against the program's function itself, or its value at the point.
pub(crate) fn value_page(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
    at_point: bool,
) -> Result<Verification> {
    let roots = read_back(program, tree, page, &[])?;
    let mut points = Vec::new();
    if at_point {
        for at in 0..program.points.len() {
            let (variable, value) = program.points[at];
            points.push([variable_node(program, variable), value]);
        }
    }
    let side = |root| Expression { tree: &program.tree, root };
    let sides: Vec<Expression<'_>> =
        std::iter::once(program.results[0]).chain(roots).map(side).collect();
    let assumed: Vec<[Expression<'_>; 2]> =
        points.iter().map(|equation| equation.map(side)).collect();
    decide(&check_equal_assuming(&sides, &assumed, &Settings::default()))
}

/// Checks a page against the values of the variables at the point.
pub(crate) fn point_page(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
) -> Result<Verification> {
    let roots = read_back(program, tree, page, &[])?;
    let mut verification: Option<Verification> = None;
    for ((_, value), root) in program.points.iter().zip(&roots) {
        let sides = [*value, *root].map(|root| Expression { tree: &program.tree, root });
        let found = decide(&check_equal(&sides, &Settings::default()))?;
        verification = Some(match verification {
            Some(before) => before.and(found),
            None => found,
        });
    }
    verification.ok_or_else(|| defect("a point without values"))
}

/// A node of a variable.
fn variable_node(program: &mut Program, variable: VariableId) -> TypedId {
    let operation = Operation::Variable(variable);
    let known = program.tree.nodes.iter().position(|node| node.operation == operation);
    let at = known.unwrap_or_else(|| {
        let declared = program.tree.variable(variable);
        let (shape, span) = (declared.shape, declared.span);
        program.tree.nodes.push(TypedNode { operation, shape, span });
        program.tree.nodes.len() - 1
    });
    TypedId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// Whether two texts in the context of a program have one value.
pub(crate) fn equal_texts(program: &mut Program, one: &str, other: &str) -> Result<Verification> {
    let roots = [read_text(program, one)?.result, read_text(program, other)?.result];
    let sides = roots.map(|root| Expression { tree: &program.tree, root });
    decide(&check_equal(&sides, &Settings::default()))
}

pub(crate) fn decide(verdict: &gradus_verify::Verdict) -> Result<Verification> {
    let verification = Verification::from(verdict);
    if verification.verdict == Verdict::Refuted {
        return Err(defect("the formula that was found is refuted by its verification"));
    }
    Ok(verification)
}

pub(crate) fn defect(message: &str) -> Failure {
    let diagnostic = Diagnostic::internal(message)
        .hint("this is a defect of Gradus: no answer is given rather than a wrong one");
    Failure::new(diagnostic, "")
}

/// The results of a page, read from its source text; those with an index for each member of a family.
/// All but the last are read as bindings.
pub(crate) fn read_back(
    program: &mut Program,
    tree: &NotationTree,
    page: &Page,
    indices: &[Option<&str>],
) -> Result<Vec<TypedId>> {
    let Some(last) = page.results.len().checked_sub(1) else {
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
    let mut text = print::source_page(tree, &Page { results: Vec::new(), ..page.clone() });
    let mut named = 0;
    for (position, result) in page.results.iter().enumerate() {
        let index = indices.get(position).copied().flatten();
        if position < last || index.is_some() {
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            text.push_str(&format!("{prefix}{position}{index} = "));
            named += 1;
        }
        text.push_str(&print::source(tree, *result));
        if position < last {
            text.push_str("; ");
        }
    }
    let read = read_text(program, &text)?;
    let first = read.bindings.len().checked_sub(named);
    let first = first.ok_or_else(|| defect("an answer was read back without all its formulas"))?;
    let mut roots: Vec<TypedId> =
        read.bindings[first..].iter().take(last).map(|(_, id)| *id).collect();
    roots.push(read.result);
    Ok(roots)
}

pub(crate) fn read_text(program: &mut Program, text: &str) -> Result<ReadBack> {
    let unread = |error: Box<Diagnostic>| {
        // An answer may need more than an input may have.
        if error.class == Class::Limit || error.code == "number" {
            let message = format!("the answer is over a limit: {}", error.message);
            return Failure::new(Diagnostic::limit(message), "");
        }
        if error.class == Class::Unsupported {
            return Failure::new(*error, "");
        }
        let mut message =
            format!("the formula that was found cannot be read back: {}", error.message);
        if text.len() <= 400 {
            message.push_str(&format!(" in `{text}`"));
        }
        defect(&message)
    };
    let (tree, _) = {
        let numbers = program.tree.variables.iter().filter(|variable| variable.shape.is_scalar());
        let variables = numbers.map(|variable| variable.name.as_str());
        let bindings = program.bindings.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = variables.chain(bindings).collect();
        parse_with(text, &names).into_result().map_err(unread)?
    };
    program.read_back(&Source::new(text, &tree)).map_err(unread)
}

fn parts(parts: &[Part]) -> Vec<gradus_verify::Part> {
    let part = |part: &Part| match part {
        Part::Whole => gradus_verify::Part::Whole,
        Part::Plain => gradus_verify::Part::Plain,
        Part::Conjugate => gradus_verify::Part::Conjugate,
    };
    parts.iter().map(part).collect()
}

pub(crate) fn layout(layout: Layout) -> gradus_verify::Layout {
    match layout {
        Layout::Mixed => gradus_verify::Layout::Mixed,
        Layout::Numerator => gradus_verify::Layout::Numerator,
        Layout::Denominator => gradus_verify::Layout::Denominator,
    }
}

/// Checks a text against the program's function itself.
pub(crate) fn value(program: &mut Program, text: &str) -> Result<Verification> {
    let read = read_text(program, text)?;
    let side = |root| Expression { tree: &program.tree, root };
    let sides = [side(program.results[0]), side(read.result)];
    decide(&check_equal(&sides, &Settings::default()))
}

/// Makes a text the function of a program.
pub(crate) fn take_function(program: &mut Program, text: &str) -> Result<()> {
    let read = read_text(program, text)?;
    program.results = vec![read.result];
    program.keep_bindings(read.bindings);
    Ok(())
}
