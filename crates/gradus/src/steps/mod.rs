//! The steps of an answer: derivations with every line verified, up to the answer that is printed.
//!
//! Must not know how lines are found or set.

mod check;
mod document;
mod mathematics;
mod order;
mod stages;
mod told;
mod wording;

use gradus_calculus::is_curved;
use gradus_derivation::{
    Citation, Derivation, Detail, Heading, Left, Question, Rule, compose, derive,
    derive_differential, is_composition, named_steps,
};
use gradus_diagnostics::{Class, Diagnostic, Language};
use gradus_elaborate::Program;
use gradus_elaborate::typed::VariableId;
use gradus_notation::print::Format;
use gradus_tensor::{Dimensions, Structure};

use crate::answer::{Answer, Kind};
use crate::failure::Result;
use crate::found::{self, FormulaKind, Found};
use crate::json;
use crate::request::{Convention, Layout, Output, Stacking};
use crate::verification::Verification;
use crate::verify;

pub(crate) use document::StepObject;
pub(crate) use mathematics::marked;
use stages::{Closing, Stage};
pub(crate) use told::sections;
pub use told::{StepLine, StepSection};

/// The steps to some results of an answer.
pub(crate) struct Steps {
    pub(crate) derivation: Derivation,
    /// The program whose function is differentiated.
    pub(crate) program: Program,
    /// What that function is called.
    pub(crate) function: String,
    /// The derivative on the way to one of higher order, where it is written otherwise than it is read
    /// off.
    pub(crate) closing: Option<Closing>,
    /// How the derivation ends in results of the answer; none if it is a stage on the way.
    pub(crate) ends: Vec<End>,
    /// The verdict on all lines.
    pub(crate) verification: Verification,
}

/// How a derivation ends in a result.
pub(crate) struct End {
    /// The place of the result among those of the answer.
    pub(crate) result: usize,
    /// Why the answer is what the derivation reads off.
    pub(crate) reasons: Vec<Citation>,
    /// Whether the answer says something that the last line does not.
    pub(crate) adds: bool,
}

/// The steps to every result of an answer.
///
/// # Errors
/// What has no steps, and lines that do not survive their verification.
pub(crate) fn steps(answer: &Answer, detail: Detail) -> Result<Vec<Steps>> {
    let found = &answer.main.found;
    let plain = |found: &Found| {
        matches!(found.kind, FormulaKind::Array { .. })
            && found.is_whole()
            && found.goal.member.is_none()
            && found.by.len() == 1
            && answer.program.tree.variable(found.by[0]).structure == Structure::General
    };
    let names: Vec<&str> = answer.variables.iter().map(|id| name(&answer.program, *id)).collect();
    let mut program = unbound(answer);
    let gradient = |found: &Found| {
        let general = |id: &VariableId| {
            let variable = answer.program.tree.variable(*id);
            variable.structure == Structure::General && variable.family.is_empty()
        };
        found.kind == FormulaKind::Gradient && found.is_whole() && found.by.iter().all(general)
    };
    let plain = answer.kind == Kind::Derivative
        && found.iter().all(|found| plain(found) || gradient(found));
    if plain && !is_composition(&program, &names) {
        let taken = |name: &str| answer.fresh(name) != name;
        let text = named_steps(&program, &names, &taken).map_err(|error| answer.failure(error))?;
        if let Some(text) = text {
            verify::take_function(&mut program, &text)?;
        }
    }
    if plain && is_composition(&program, &names) {
        match composed(answer, program, &names, detail) {
            // What no rule leads through step by step is shown without the steps' names.
            Err(failure) if failure.diagnostic.class == Class::Unsupported => {}
            composed => return composed.map(|steps| vec![steps]),
        }
    }
    if answer.kind == Kind::Differential {
        return differential(answer, &names, detail);
    }
    let mut all = Vec::new();
    // Derivatives on the way that are told already.
    let mut told: Vec<(Vec<VariableId>, Vec<found::Part>, Stage)> = Vec::new();
    for (at, found) in found.iter().enumerate() {
        let mut stage = Stage { program: unbound(answer), function: answer.function_name() };
        if let FormulaKind::Differential { .. } = found.kind {
            all.extend(differential(answer, &names, detail)?);
            continue;
        }
        if found.kind == FormulaKind::Gradient {
            all.extend(in_one_column(answer, &stage, at, found, detail)?);
            continue;
        }
        for order in 1..found.by.len() {
            let by = found.by[..order].to_vec();
            let parts: Vec<_> = (0..order).map(|at| found.part(at)).collect();
            let known = told.iter().find(|known| known.0 == by && known.1 == parts);
            if let Some((.., next)) = known {
                stage = next.clone();
                continue;
            }
            let (mut steps, next) = stages::stage(answer, &stage, found, order, detail)?;
            // The other Wirtinger derivative is read from the same lines.
            if order == 1 && told.iter().any(|known| known.0 == by) {
                only_last_line(&mut steps);
            }
            told.push((by, parts, next.clone()));
            stage = next;
            all.push(steps);
        }
        let Stage { program, function } = stage;
        let mut steps = of_result(answer, program, function, at, found, detail)?;
        if found.by.len() == 1 && found.parts.contains(&found::Part::Conjugate) {
            only_last_line(&mut steps);
        }
        all.push(steps);
    }
    Ok(all)
}

/// The derivatives by several variables one after the other, the last one with all of them in a column.
fn in_one_column(
    answer: &Answer,
    stage: &Stage,
    result: usize,
    found: &Found,
    detail: Detail,
) -> Result<Vec<Steps>> {
    let Stage { program, function } = stage;
    let mut all = Vec::with_capacity(found.by.len());
    for (order, variable) in found.by.iter().enumerate() {
        let declared = program.tree.variable(*variable);
        if !is_free(declared.structure) || !declared.family.is_empty() {
            let what = "derivatives by a family or a structured variable in one column";
            return Err(unsupported(answer, what));
        }
        let variable = declared.name.as_str();
        let part = stages::part(found, order);
        let question = Question { program, variable, index: None, part, function, detail };
        let derivation = derive(&question).map_err(|error| answer.failure(error))?;
        let verification = check::verified(answer, program, &derivation, function)?;
        all.push(Steps {
            derivation,
            program: program.clone(),
            function: function.clone(),
            closing: None,
            ends: Vec::new(),
            verification,
        });
    }
    let mut reasons = vec![Rule::OneColumn.into()];
    if !answer.program.points.is_empty() {
        reasons.push(Rule::AtPoint.into());
    }
    reasons.extend(written_differently(answer).map(Citation::from));
    if let Some(last) = all.last_mut() {
        last.ends.push(End { result, reasons, adds: true });
    }
    Ok(all)
}

/// The other Wirtinger derivative is read from the same lines.
fn only_last_line(steps: &mut Steps) {
    let sections = &mut steps.derivation.sections;
    sections.drain(..sections.len().saturating_sub(1));
    if let Some(section) = sections.last_mut() {
        section.lines.drain(..section.lines.len().saturating_sub(1));
    }
}

fn name(program: &Program, id: VariableId) -> &str {
    &program.tree.variable(id).name
}

/// The program without the point at which its derivative is asked for: that is put in at the end.
fn unbound(answer: &Answer) -> Program {
    let mut program = answer.program.clone();
    program.points.clear();
    program
}

/// The total differential, of a higher order from the one before.
fn differential(answer: &Answer, names: &[&str], detail: Detail) -> Result<Vec<Steps>> {
    let [found] = answer.main.found.as_slice() else {
        return Err(unsupported(answer, "this form of the answer"));
    };
    let FormulaKind::Differential { order } = found.kind else {
        return Err(unsupported(answer, "a differential of this form"));
    };
    let (program, function) = (unbound(answer), answer.function_name());
    let derivation = derive_differential(&program, names, &function, detail);
    let derivation = derivation.map_err(|error| answer.failure(error))?;
    let verification = check::verified(answer, &program, &derivation, &function)?;
    let ends = Vec::new();
    let closing = None;
    let mut all = vec![Steps { derivation, program, function, closing, ends, verification }];
    for next in 2..=order {
        let before = &all[all.len() - 1];
        let steps = stages::next_differential(answer, before, names, next, detail)?;
        all.push(steps);
    }
    let view = &answer.main;
    if let Some(last) = all.last_mut() {
        let line = last.derivation.sections.last().and_then(|section| section.lines.last());
        let same = view.page.bindings.is_empty()
            && line.is_some_and(|line| {
                order::key(&last.derivation.tree, line.formula)
                    == order::key(&view.tree, view.page.results[0])
            });
        let reasons = vec![Rule::Simplification.into()];
        last.ends.push(End { result: 0, reasons, adds: !same });
    }
    Ok(all)
}

fn unsupported(answer: &Answer, what: &str) -> crate::failure::Failure {
    let error = Diagnostic::unsupported(format!("steps for {what} are not supported yet"));
    answer.failure(error.hint("without --steps the answer is given").into())
}

/// Whether a name of a program begins so.
fn is_beginning(program: &Program, beginning: &str) -> bool {
    let variables = program.tree.variables.iter().map(|variable| variable.name.as_str());
    let mut names = variables.chain(program.bindings.iter().map(|(name, _)| name.as_str()));
    names.any(|name| name.starts_with(beginning))
}

/// All results at once, back through the steps of a composition.
fn composed(answer: &Answer, program: Program, names: &[&str], detail: Detail) -> Result<Steps> {
    let mut function = answer.function_name();
    // The derivatives by the steps have names that begin like this in source text.
    while is_beginning(&program, &format!("partial_{function}_")) {
        function.push('_');
    }
    let derivation = compose(&program, names, &function, detail);
    let derivation = derivation.map_err(|error| answer.failure(error))?;
    let verification = check::verified(answer, &program, &derivation, &function)?;
    let mut ends = Vec::new();
    for result in 0..answer.main.found.len() {
        let mut reasons = Vec::new();
        if answer.program.points.is_empty() {
            reasons.extend(written_differently(answer).map(Citation::from));
        } else {
            reasons.push(Rule::AtPoint.into());
        }
        ends.push(End { result, reasons, adds: true });
    }
    Ok(Steps { derivation, program, function, closing: None, ends, verification })
}

fn of_result(
    answer: &Answer,
    program: Program,
    function: String,
    at: usize,
    found: &Found,
    detail: Detail,
) -> Result<Steps> {
    if let (FormulaKind::Map { .. }, Some(variable)) = (found.kind, found.by.last()) {
        let variable = name(&answer.program, *variable).to_owned();
        return mapped(answer, program, function, at, &variable, detail);
    }
    let kind = matches!(found.kind, FormulaKind::Array { .. });
    let (true, Kind::Derivative, Some(variable)) = (kind, answer.kind, found.by.last()) else {
        return Err(unsupported(answer, "this form of the answer"));
    };
    let order = found.by.len();
    let part = stages::part(found, order - 1);
    let declared = answer.program.tree.variable(*variable);
    let (name, structure) = (declared.name.clone(), declared.structure);
    let index = found.goal.member.as_ref().map(|(_, index)| index.as_str());
    let question =
        Question { program: &program, variable: &name, index, part, function: &function, detail };
    let mut derivation = derive(&question).map_err(|error| answer.failure(error))?;
    let free = is_free(structure);
    if !free {
        unprojected(&mut derivation, &program, &function, &name);
    }
    let verification = check::verified(answer, &program, &derivation, &function)?;
    let end = end(answer, &derivation, at, found, free);
    if end.reasons.iter().any(|reason| {
        matches!(
            reason,
            Citation::Rule(Rule::LayoutApplied | Rule::StackingApplied | Rule::AtPoint)
        )
    }) {
        let stacked = !answer.program.tree.shape(answer.program.results[0]).is_scalar();
        unnamed(&mut derivation, stacked, &function);
    }
    let ends = vec![end];
    Ok(Steps { derivation, program, function, closing: None, ends, verification })
}

/// Whether a variable of a structure varies as a free one.
fn is_free(structure: Structure) -> bool {
    structure == Structure::General || structure == Structure::OneHot
}

/// The differential, where the answer is a linear map of it.
fn mapped(
    answer: &Answer,
    program: Program,
    function: String,
    result: usize,
    variable: &str,
    detail: Detail,
) -> Result<Steps> {
    let derivation = derive_differential(&program, &[variable], &function, detail);
    let derivation = derivation.map_err(|error| answer.failure(error))?;
    let verification = check::verified(answer, &program, &derivation, &function)?;
    let mut reasons = Vec::new();
    let declared = answer.program.tree.variable_named(variable);
    let curved = declared.is_some_and(|id| is_curved(answer.program.tree.variable(id).structure));
    if answer.main.found[result].by.len() > 1 && curved {
        reasons.push(Rule::Projection.into());
    }
    match &answer.direction {
        Some(direction) => {
            reasons.push(Citation::Direction(variable.to_owned(), direction.clone()));
        }
        None if reasons.is_empty() => reasons.push(Rule::Simplification.into()),
        None => {}
    }
    let end = End { result, reasons, adds: true };
    let ends = vec![end];
    Ok(Steps { derivation, program, function, closing: None, ends, verification })
}

/// What is read off has a name of its own where the answer is written otherwise.
fn unnamed(derivation: &mut Derivation, jacobian: bool, function: &str) {
    let Some(line) = derivation.sections.last_mut().and_then(|section| section.lines.last_mut())
    else {
        return;
    };
    if let Left::Derivative { .. } = line.left {
        let letter = if jacobian { "J" } else { "G" };
        let name = if function == letter { "H" } else { letter };
        line.left = Left::Name(name.to_owned());
    }
}

/// By a structured variable the derivative that is read off is not the answer yet.
fn unprojected(derivation: &mut Derivation, program: &Program, function: &str, variable: &str) {
    let Some(line) = derivation.sections.last_mut().and_then(|section| section.lines.last_mut())
    else {
        return;
    };
    let Left::Derivative { part, .. } = &line.left else { return };
    let part = *part;
    let scalar = program.results.first().is_some_and(|id| program.tree.shape(*id).is_scalar());
    let column = program.tree.variable_named(variable).is_some_and(|id| {
        let shape = program.tree.variable(id).shape;
        shape.rows == Dimensions::ONE || shape.columns == Dimensions::ONE
    });
    // The name is none of the function's.
    let letters = match (scalar, column) {
        (true, true) => ["g", "h"],
        (true, false) => ["G", "H"],
        (false, _) => ["J", "K"],
    };
    let name = if function == letters[0] { letters[1] } else { letters[0] };
    line.left = Left::Free { name: name.to_owned(), by: variable.to_owned(), part };
    line.rules.retain(|rule| !matches!(rule, Citation::Jacobian(_)));
}

/// Why the answer is written otherwise than the derivation reads it off, if it is.
fn written_differently(answer: &Answer) -> Option<Rule> {
    match (answer.layout, answer.stacking) {
        (_, Stacking::Rows) => Some(Rule::StackingApplied),
        (Layout::Numerator | Layout::Denominator, _) => Some(Rule::LayoutApplied),
        (Layout::Mixed, Stacking::Columns) => None,
    }
}

/// Why the answer is what the last line says, and whether it has to be told.
fn end(answer: &Answer, derivation: &Derivation, result: usize, found: &Found, free: bool) -> End {
    let line = derivation.sections.last().and_then(|section| section.lines.last());
    let Some(line) = line else { return End { result, reasons: Vec::new(), adds: true } };
    let mut reasons = Vec::new();
    match line.left {
        Left::Derivative { .. } | Left::Name(_) | Left::Free { .. } => {}
        _ => reasons.push(Rule::EntryIdentification.into()),
    }
    let view = &answer.main;
    let same = view.page.bindings.is_empty()
        && order::key(&derivation.tree, line.formula)
            == order::key(&view.tree, view.page.results[result]);
    if !free && answer.convention == Convention::Projected {
        let rule = if same { Rule::Tangent } else { Rule::Projection };
        reasons.push(rule.into());
    }
    if !free && answer.convention == Convention::Entries {
        reasons.push(Rule::Entries.into());
    }
    if !answer.program.points.is_empty() {
        reasons.push(Rule::AtPoint.into());
    } else if !same {
        reasons.extend(written_differently(answer).map(Citation::from));
    }
    if reasons.is_empty() && !same {
        reasons.push(Rule::Simplification.into());
    }
    let first = found.by.len() == 1;
    let adds = !first || !same || !matches!(line.left, Left::Derivative { .. });
    End { result, reasons, adds }
}

impl Steps {
    /// The sections that are shown: the whole derivation of a function has no heading.
    pub(crate) fn is_composed(&self) -> bool {
        self.derivation.sections.iter().any(|section| section.heading == Heading::Composition)
    }
}

/// The verdict on all lines of all steps, and on the answer in which they end.
pub(crate) fn verdict(answer: &Answer, all: &[Steps]) -> Verification {
    let lines = all.iter().map(|steps| steps.verification.clone());
    lines.fold(answer.verification().clone(), Verification::and)
}

/// Refuses forms of output that have no steps.
///
/// # Errors
/// Code and the index form.
pub(crate) fn refuse_format(answer: &Answer, output: Output) -> Result<()> {
    if output == Output::Json || document::format(output).is_some() {
        return Ok(());
    }
    let error = Diagnostic::bad_input("input", "steps have no form as code or in indices");
    Err(answer
        .failure(error.hint("steps: --emit text, source, latex, mathml, typst or json").into()))
}

/// Sections in a format that stand before the steps.
pub(crate) type Before<'a> = &'a dyn Fn(Format) -> Result<Vec<StepSection>>;

/// The steps as a document, or as text for what is no document; none if the format has no steps.
pub(crate) fn document(
    answer: &Answer,
    all: &[Steps],
    before: Before<'_>,
    output: Output,
    (language, standalone): (Language, bool),
) -> Result<String> {
    let told = |format| -> Result<Vec<StepSection>> {
        let mut told = before(format)?;
        told.extend(sections(answer, all, format, language));
        Ok(told)
    };
    let Some(format) = document::format(output) else {
        return json::print_with_steps(answer, objects(&told)?);
    };
    let text = told(format)?;
    Ok(match output {
        Output::Latex => {
            let widths = document::widths(&told(Format::Unicode)?);
            document::latex(&text, &widths, language, standalone)
        }
        Output::Mathml => document::html(&text, language, standalone),
        Output::Typst => document::typst(&text, language, standalone),
        _ => {
            let lines = text.iter().flat_map(|section| &section.steps);
            let line = |step: &StepLine| match step.left.as_str() {
                "" => format!("= {}", step.formula),
                left => format!("{left} = {}", step.formula),
            };
            lines.map(line).collect::<Vec<_>>().join("\n")
        }
    })
}

/// The steps for JSON.
fn objects(told: &dyn Fn(Format) -> Result<Vec<StepSection>>) -> Result<Vec<StepObject>> {
    let (texts, sources, latex) =
        (told(Format::Unicode)?, told(Format::Source)?, told(Format::Latex)?);
    let mut objects = Vec::new();
    for (at, section) in texts.iter().enumerate() {
        let mut before = String::new();
        for (line, step) in section.steps.iter().enumerate() {
            let source = sources[at].steps[line].formula.clone();
            objects.push(StepObject {
                section: section.heading.clone(),
                left: step.left.clone(),
                rule: step.rules.clone(),
                before: if step.left.is_empty() {
                    std::mem::take(&mut before)
                } else {
                    String::new()
                },
                after: source.clone(),
                text: step.formula.clone(),
                latex: latex[at].steps[line].formula.clone(),
                note: step.reason.clone(),
            });
            before = source;
        }
    }
    Ok(objects)
}
