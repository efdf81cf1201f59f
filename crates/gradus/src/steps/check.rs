//! The lines of a derivation are read back and checked.
//!
//! Must not know how lines are found or set. The lines of a step of a composition are checked for any
//! derivative by the step, so that each section stands by itself.

use gradus_derivation::{Derivation, Left, Part, Section, Subject, partial_name};
use gradus_elaborate::Program;
use gradus_elaborate::typed::Shape;
use gradus_notation::print;
use gradus_notation::tree::NotationId;
use gradus_verify::Form;

use crate::answer::Answer;
use crate::failure::Result;
use crate::verification::Verification;
use crate::verify::{self, Written};

/// The verdict on all lines.
///
/// # Errors
/// A line that is refuted or cannot be read.
pub(crate) fn verified(
    answer: &Answer,
    program: &Program,
    derivation: &Derivation,
    function: &str,
) -> Result<Verification> {
    let mut verdicts = Vec::new();
    for section in &derivation.sections {
        let checked = match &section.subject {
            Subject::Names => continue,
            Subject::Function => {
                let mut program = program.clone();
                lines(answer, &mut program, derivation, section, function, &Total::Itself)?
            }
            Subject::LastStep => {
                let mut program = freed(program, derivation, section, function, None);
                verify::take_function(&mut program, &text(derivation, section.definition))?;
                lines(answer, &mut program, derivation, section, function, &Total::Itself)?
            }
            Subject::Step(step) => {
                let mut program = freed(program, derivation, section, function, Some(step));
                let definition = text(derivation, section.definition);
                let shape = derivation.tree.shape(section.definition);
                let partial = partial_name(function, step);
                let total = if shape.is_scalar() {
                    format!("{partial}*({definition})")
                } else {
                    format!("tr({partial}'*({definition}))")
                };
                verify::take_function(&mut program, &definition)?;
                lines(answer, &mut program, derivation, section, step, &Total::Text(total))?
            }
        };
        verdicts.push(checked);
    }
    verdicts.extend(whole(answer, program, derivation, function)?);
    Ok(Verification::of_all(verdicts))
}

/// The verdict on what a composition says of the variables, with the derivatives by the steps put in.
fn whole(
    answer: &Answer,
    program: &Program,
    derivation: &Derivation,
    function: &str,
) -> Result<Vec<Verification>> {
    let composed = |section: &Section| section.subject == Subject::LastStep;
    if !derivation.sections.iter().any(composed) {
        return Ok(Vec::new());
    }
    let mut program = program.clone();
    let mut definitions = String::new();
    let mut verdicts = Vec::new();
    for line in derivation.sections.iter().flat_map(|section| &section.lines) {
        let (Left::Derivative { by, .. } | Left::Total { by }) = &line.left else { continue };
        let text = text(derivation, line.formula);
        if program.bindings.iter().any(|(name, _)| name == by) {
            definitions.push_str(&format!("{} = {text}; ", partial_name(function, by)));
            continue;
        }
        let (form, by) = (Form::Array(gradus_verify::Layout::Mixed), [by.clone()]);
        let (text, written) = (format!("{definitions}{text}"), Written::upright(answer));
        let checked = verify::text(&mut program, &text, &by, form, written, (1, &[]))?;
        verdicts.push(checked);
    }
    Ok(verdicts)
}

/// What the differential of the function is of in a section.
enum Total {
    /// Of the section's subject.
    Itself,
    /// Of a step in the trace with the derivative by it.
    Text(String),
}

fn text(derivation: &Derivation, formula: NotationId) -> String {
    print::source(&derivation.tree, formula)
}

/// The program in which the steps vary freely.
fn freed(
    program: &Program,
    derivation: &Derivation,
    section: &Section,
    function: &str,
    step: Option<&str>,
) -> Program {
    let mut free: Vec<(String, Shape)> = Vec::new();
    for (name, id) in &program.bindings {
        if section.varying.contains(name) {
            free.push((name.clone(), program.tree.shape(*id)));
        }
    }
    if let Some(step) = step {
        let shape = derivation.tree.shape(section.definition);
        let shape = Shape { rows: shape.rows, columns: shape.columns };
        free.push((partial_name(function, step), shape));
    }
    program.with_variables(&free)
}

/// The verdict on the lines of a section about what is called `name`.
fn lines(
    answer: &Answer,
    program: &mut Program,
    derivation: &Derivation,
    section: &Section,
    name: &str,
    total: &Total,
) -> Result<Verification> {
    let mut whole = match total {
        Total::Itself => None,
        Total::Text(text) => {
            let mut program = program.clone();
            verify::take_function(&mut program, text)?;
            Some(program)
        }
    };
    let mut verdicts = Vec::new();
    let mut kind = &Left::Same;
    for line in &section.lines {
        if line.left != Left::Same {
            kind = &line.left;
        }
        let about_total = match kind {
            Left::Differential(of) => of != name,
            Left::Derivative { .. } | Left::Free { .. } | Left::Contribution { .. } => {
                whole.is_some()
            }
            _ => false,
        };
        let program = match (&mut whole, about_total) {
            (Some(whole), true) => whole,
            _ => &mut *program,
        };
        let varying = occurring(program, &section.varying);
        let checked = line_verified(
            answer,
            program,
            (derivation, section),
            kind,
            line.formula,
            name,
            &varying,
        )?;
        verdicts.extend(checked);
    }
    Ok(Verification::of_all(verdicts))
}

/// The variables that the function of a program depends on, of those that vary.
fn occurring(program: &Program, varying: &[String]) -> Vec<String> {
    use gradus_elaborate::typed::Operation;
    let Some(root) = program.results.first() else { return Vec::new() };
    let mut seen = vec![false; program.tree.nodes.len()];
    let mut found = vec![false; program.tree.variables.len()];
    let mut open = vec![*root];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        if let Operation::Variable(variable) | Operation::Rows(variable) =
            program.tree.node(id).operation
        {
            found[variable.0 as usize] = true;
        }
        program.tree.children(id, |child| open.push(child));
    }
    let stands =
        |name: &&String| program.tree.variable_named(name).is_some_and(|id| found[id.0 as usize]);
    varying.iter().filter(stands).cloned().collect()
}

fn line_verified(
    answer: &Answer,
    program: &mut Program,
    (derivation, section): (&Derivation, &Section),
    kind: &Left,
    formula: NotationId,
    name: &str,
    varying: &[String],
) -> Result<Option<Verification>> {
    let text = text(derivation, formula);
    let written = Written::upright(answer);
    match kind {
        Left::Differential(_) => {
            if varying.is_empty() {
                return Ok(None);
            }
            let form = Form::Differential;
            verify::text(program, &text, varying, form, written, (1, &[])).map(Some)
        }
        Left::Derivative { by, part, index, .. } => {
            let text = match index {
                // A member of a family.
                Some(index) => format!("{}[{index}] = {text}", answer.fresh("result")),
                None => text,
            };
            let parts = [match part {
                Part::Whole => crate::found::Part::Whole,
                Part::Plain => crate::found::Part::Plain,
                Part::Conjugate => crate::found::Part::Conjugate,
            }];
            if !varying.contains(by) {
                return Ok(None);
            }
            let form = Form::Array(gradus_verify::Layout::Mixed);
            let by = [by.clone()];
            verify::text(program, &text, &by, form, written, (1, &parts)).map(Some)
        }
        Left::Contribution { by } => {
            let form = Form::Array(gradus_verify::Layout::Mixed);
            let by = [by.clone()];
            verify::text(program, &text, &by, form, written, (1, &[])).map(Some)
        }
        Left::Free { by, part: Part::Whole, .. } => {
            free(program, derivation, section, &text, by, written).map(Some)
        }
        Left::Name(of) if of == name => verify::value(program, &text).map(Some),
        _ => Ok(None),
    }
}

/// The verdict on a derivative as if the entries of a structured variable could vary freely: what it says
/// of the differential.
fn free(
    program: &mut Program,
    derivation: &Derivation,
    section: &Section,
    text: &str,
    by: &str,
    written: Written,
) -> Result<Verification> {
    let names = [by.to_owned()];
    let id = program.tree.variable_named(by);
    let complex = id.is_some_and(|id| program.tree.variable(id).complex);
    let scalar = derivation.tree.shape(section.definition).is_scalar();
    if scalar {
        let text = if complex {
            format!("real(tr(conj({text})'*d{by}))")
        } else {
            format!("tr(({text})'*d{by})")
        };
        return verify::text(program, &text, &names, Form::Differential, written, (1, &[]));
    }
    let mut program = program.clone();
    let definition = self::text(derivation, section.definition);
    verify::take_function(&mut program, &format!("vec({definition})"))?;
    let text = format!("({text})*vec(d{by})");
    verify::text(&mut program, &text, &names, Form::Differential, written, (1, &[]))
}
