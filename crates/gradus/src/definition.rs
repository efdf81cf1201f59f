//! The differential of a polynomial from its definition: the part of first order of the change.
//!
//! Must not know how products are multiplied out.

use gradus_derivation::{Expansion, expand};
use gradus_diagnostics::{Diagnostic, Language};
use gradus_elaborate::Program;
use gradus_elaborate::typed::VariableId;
use gradus_notation::print::{self, Format, Look, Subject};
use gradus_notation::tree::{NotationId, Shape};
use gradus_verify::Form;

use crate::answer::{Answer, Kind};
use crate::failure::Result;
use crate::steps::{StepLine, StepSection};
use crate::verification::Verification;
use crate::verify::{self, Written};

/// The lines from the definition to the differential, for each variable, or for all that vary in a
/// differential.
///
/// # Errors
/// The function is no polynomial in the variables; a line does not survive its verification.
pub(crate) fn definition(
    answer: &Answer,
    format: Format,
    language: Language,
) -> Result<(Vec<StepSection>, Verification)> {
    if answer.order() > 1 || !answer.program.points.is_empty() {
        let message = "the definition of a derivative of higher order or at a point";
        let error = Diagnostic::unsupported(message);
        return Err(answer.failure(error.hint("without --method definition, with --steps").into()));
    }
    let groups: Vec<Vec<VariableId>> = match answer.kind {
        Kind::Differential => vec![answer.variables.clone()],
        Kind::Derivative => answer.variables.iter().map(|id| vec![*id]).collect(),
    };
    let several = groups.len() > 1;
    let mut sections = Vec::with_capacity(groups.len());
    let mut verdicts = Vec::new();
    for moving in groups {
        let (section, verdict) = section(answer, &moving, several, format, language)?;
        sections.push(section);
        verdicts.push(verdict);
    }
    Ok((sections, Verification::of_all(verdicts)))
}

fn section(
    answer: &Answer,
    moving: &[VariableId],
    several: bool,
    format: Format,
    language: Language,
) -> Result<(StepSection, Verification)> {
    let program = &answer.program;
    if moving.iter().any(|id| !program.tree.variable(*id).family.is_empty()) {
        let error = Diagnostic::unsupported("the definition of a derivative by a family");
        return Err(answer.failure(error.hint("with --steps alone").into()));
    }
    let root = program.results[0];
    let found = expand(&program.tree, root, moving).map_err(|error| answer.failure(error))?;
    let verification = verified(answer, program, moving, &found)?;
    let formula = |id: NotationId| print::formula(&found.tree, id, format);
    let name = answer.function_name();
    let shape = program.tree.shape(root);
    let look = Look::of(Shape { rows: shape.rows, columns: shape.columns });
    let function = subject(&name, look);
    let variables: Vec<[String; 2]> = moving.iter().map(|id| sides(program, *id, format)).collect();
    let at = |place: usize| {
        let names: Vec<String> = variables
            .iter()
            .map(|[name, differential]| match place {
                0 => name.clone(),
                _ => format!("{name} + {differential}"),
            })
            .collect();
        let left = print::left_side(&print::Left::Name(function), format);
        format!("{left}({})", names.join(", "))
    };
    let minus = if format == Format::Unicode { "−" } else { "-" };
    let line = |left: String, id: NotationId, reason: &str| StepLine {
        left,
        formula: formula(id),
        reason: reason.to_owned(),
        rules: Vec::new(),
    };
    let words = |english: &'static str, chinese: &'static str| match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let dropped = if found.has_more {
        words("terms of first order; the others are dropped", "取一阶项，其余舍去")
    } else {
        words("there are no terms of higher order", "没有高阶项")
    };
    let left = print::Left::Differential { of: function, order: 1 };
    let steps = vec![
        line(at(0), found.function, words("the function", "函数")),
        line(at(1), found.moved, words("the variable moves", "变量有增量")),
        line(
            format!("{} {minus} {}", at(1), at(0)),
            found.change,
            words("multiplied out", "展开并相减"),
        ),
        line(print::left_side(&left, format), found.linear, dropped),
    ];
    let heading = if several {
        match language {
            Language::English => format!("by {} from the definition", variables[0][0]),
            Language::Chinese => format!("由定义对 {} 求微分", variables[0][0]),
        }
    } else {
        words("from the definition", "由定义").to_owned()
    };
    Ok((StepSection { heading, steps }, verification))
}

/// The name of a variable and its differential.
fn sides(program: &Program, id: VariableId, format: Format) -> [String; 2] {
    let variable = program.tree.variable(id);
    let shape = Shape { rows: variable.shape.rows, columns: variable.shape.columns };
    let subject = subject(&variable.name, Look::of(shape));
    [
        print::left_side(&print::Left::Name(subject), format),
        print::left_side(&print::Left::Differential { of: subject, order: 1 }, format),
    ]
}

fn subject(text: &str, look: Look) -> Subject<'_> {
    Subject { text, index: None, look, conjugate: false }
}

/// The change is what it is said to be, and its part of first order is the differential.
fn verified(
    answer: &Answer,
    program: &Program,
    moving: &[VariableId],
    found: &Expansion,
) -> Result<Verification> {
    let text = |id: NotationId| print::source(&found.tree, id);
    let mut program = program.clone();
    let names: Vec<String> =
        moving.iter().map(|id| program.tree.variable(*id).name.clone()).collect();
    let difference = format!("({}) - ({})", text(found.moved), text(found.function));
    let change = verify::equal_texts(&mut program, &difference, &text(found.change))?;
    let written = Written::of(answer);
    let linear = text(found.linear);
    let form = Form::Differential;
    let first = verify::text(&mut program, &linear, &names, form, written, (1, &[]))?;
    Ok(change.and(first))
}
