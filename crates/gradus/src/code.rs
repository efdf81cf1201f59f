//! Answers as program text: raised once more in mixed layout, planned, verified, printed.
//!
//! Must not know any language.

use gradus_codegen::{
    Answer as CodeAnswer, AnswerForm, ModuleRequest, Variable, VariableKind, plan, target,
};
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::typed::{Nature, VariableId};
use gradus_functions::{Language, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_notation::tree::{Notation, NotationId, Page, Shape};

use crate::answer::{Answer, Kind};
use crate::failure::Result;
use crate::found::FormulaKind;
use crate::request::{Convention, Layout, Stacking, Verify};
use crate::verification::Verification;
use crate::verify;

/// A NumPy module with the value and the derivative, and the verdict on its statements.
pub(crate) fn numpy(answer: &Answer) -> Result<(String, Verification)> {
    if answer.kind == Kind::Differential {
        let message = "code for a differential is not supported yet";
        return Err(answer.failure(Diagnostic::unsupported(message).into()));
    }
    if answer.point.is_some() {
        let error = Diagnostic::unsupported("code for the derivative at a point")
            .hint("without --at, the module takes the point as its arguments");
        return Err(answer.failure(error.into()));
    }
    let third = |found: &&crate::found::Found| {
        matches!(found.kind, FormulaKind::Array { .. }) && found.by.len() > 2
    };
    if answer.upright.iter().any(|found| third(&found)) {
        let error = Diagnostic::unsupported("code for a derivative of third or higher order")
            .hint("a direction makes it an array of lower order: --times v");
        return Err(answer.failure(error.into()));
    }
    let function = &answer.function;
    let value = Goal {
        value: function.scaled.clone(),
        rows: function.row_axis(),
        columns: function.column_axis(),
        member: None,
    };
    let goals: Vec<Goal> = std::iter::once(value)
        .chain(answer.upright.iter().map(|found| found.goal.clone()))
        .collect();
    // Members of families are vectorised, so that only whole arrays need names here.
    let options = RaiseOptions { whole_names_only: true, ..answer.options.clone() };
    let (tree, page) =
        raise(&answer.lowered.arena, &goals, &options).map_err(|error| answer.failure(error))?;
    let variables = variables(answer);
    let value = part(&tree, &page, &page.results[..1]);
    let derivative = part(&tree, &page, &page.results[1..]);
    let formulas = formulas(answer, &tree, &derivative);
    let answers = answers(answer, &variables, formulas);
    let request = ModuleRequest {
        tree: &tree,
        book: book(),
        variables: &variables,
        source: &answer.source,
        value: &value,
        derivative: &derivative,
        answers: &answers,
        sizes: &[],
    };
    let mut plan = plan(&request).map_err(|error| answer.failure(error))?;
    let verification = match answer.verify {
        Verify::No => Verification::not_checked(),
        Verify::Yes | Verify::OnPrint => check(answer, &plan)?,
    };
    // Where the oracles found the function regular, the module's own check will too.
    let sizes = verification.sizes.first().cloned().unwrap_or_default();
    plan.request.sizes = &sizes;
    let text = target(Language::Numpy).module(&plan).map_err(|error| answer.failure(error))?;
    Ok((text, verification))
}

/// The statements are run by the oracles before they are spelled in a language.
fn check(answer: &Answer, plan: &gradus_codegen::Plan<'_>) -> Result<Verification> {
    let mut program = answer.program.clone();
    let (tree, page) = plan.value.to_page();
    let value = verify::value_page(&mut program, &tree, &page)?;
    let (tree, page) = plan.derivative.to_page();
    let derivative = verify::page(
        &mut program,
        &tree,
        &page,
        &answer.upright,
        verify::Written::upright(answer),
    )?;
    Ok(value.and(derivative))
}

/// The results with the bindings that they need.
fn part(tree: &NotationTree, page: &Page, results: &[NotationId]) -> Page {
    let mut needed = vec![false; tree.len()];
    for result in results {
        needed[result.0 as usize] = true;
    }
    let mut kept = vec![false; page.bindings.len()];
    let places: std::collections::HashMap<&str, usize> =
        page.bindings.iter().enumerate().map(|(at, bound)| (bound.name.as_str(), at)).collect();
    // A binding may stand for a formula with a greater id than the formulas that use its name, so
    // that marking goes on until nothing new is needed.
    let mut pending: Vec<NotationId> = results.to_vec();
    while let Some(id) = pending.pop() {
        if let Notation::Name { text, .. } = tree.node(id)
            && let Some(at) = places.get(text.as_str())
        {
            kept[*at] = true;
            let formula = page.bindings[*at].formula;
            if !needed[formula.0 as usize] {
                needed[formula.0 as usize] = true;
                pending.push(formula);
            }
        }
        for child in gradus_notation::print::children(tree, id) {
            if !needed[child.0 as usize] {
                needed[child.0 as usize] = true;
                pending.push(child);
            }
        }
    }
    let bindings = page
        .bindings
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .map(|(binding, _)| binding.clone())
        .collect();
    Page { bindings, results: results.to_vec() }
}

fn variables(answer: &Answer) -> Vec<Variable> {
    let tree = &answer.program.tree;
    let occurring = &tree.variables[..answer.program.occurring];
    let mut found: Vec<Variable> = Vec::new();
    let declared = occurring.iter().map(Some);
    // A variable of differentiation counts although the function does not depend on it.
    let asked = answer
        .variables
        .iter()
        .map(|id| (id.0 as usize >= answer.program.occurring).then(|| tree.variable(*id)));
    for variable in declared.chain(asked).flatten().chain(direction(answer)) {
        let kind = match variable.nature {
            Nature::Array => VariableKind::Array {
                structure: variable.structure,
                positive: variable.positive,
                complex: variable.complex,
            },
            Nature::ElementwiseFunction => VariableKind::ElementwiseFunction,
            Nature::ScalarFunction => VariableKind::ScalarFunction,
            Nature::Path { parameter } => {
                VariableKind::Path { parameter: tree.variable(parameter).name.clone() }
            }
        };
        found.push(Variable {
            name: variable.name.clone(),
            kind,
            shape: Shape { rows: variable.shape.rows, columns: variable.shape.columns },
            ranges: variable.family.clone(),
        });
    }
    found
}

/// The variable that the derivative is multiplied by; it stands last.
fn direction(answer: &Answer) -> Option<&gradus_elaborate::typed::Variable> {
    let name = answer.direction.as_deref()?;
    answer.program.tree.variables.iter().find(|variable| variable.name == name)
}

/// The formulas for the comments: as they are shown, or as code computes them where its layout is
/// another one.
fn formulas(answer: &Answer, tree: &NotationTree, derivative: &Page) -> Vec<String> {
    let shown = (answer.layout, answer.stacking) == (Layout::Mixed, Stacking::Columns);
    if shown {
        let (_, lines) = answer.equations(Format::Source);
        return lines.into_iter().map(|line| line.right).collect();
    }
    let alone = |result: &NotationId| part(tree, derivative, std::slice::from_ref(result));
    derivative.results.iter().map(|result| print::source_page(tree, &alone(result))).collect()
}

fn answers(answer: &Answer, variables: &[Variable], formulas: Vec<String>) -> Vec<CodeAnswer> {
    let function = answer.function_name();
    let occurring = answer.program.occurring;
    let position = |id: &VariableId| {
        let at = id.0 as usize;
        if at < occurring {
            return at;
        }
        let beyond =
            answer.variables.iter().filter(|other| other.0 as usize >= occurring && other.0 < id.0);
        occurring + beyond.count()
    };
    answer
        .upright
        .iter()
        .zip(formulas)
        .map(|(found, formula)| {
            let index = found.goal.member.as_ref().map(|(_, index)| index.clone());
            let member = index.as_ref().map(|index| format!("[{index}]")).unwrap_or_default();
            let names: Vec<String> = found
                .by
                .iter()
                .map(|id| format!("d{}{member}", answer.program.tree.variable(*id).name))
                .collect();
            let order = match (found.kind, names.len()) {
                (FormulaKind::Gradient, _) | (_, 1) => String::new(),
                (_, order) => order.to_string(),
            };
            let by = match found.kind {
                FormulaKind::Gradient => format!("({})", names.join(", ")),
                _ => names.join(" "),
            };
            let times = match (&answer.direction, found.kind) {
                (Some(direction), FormulaKind::Map { .. }) => format!(" * {direction}"),
                _ => String::new(),
            };
            CodeAnswer {
                wrt: found.by.iter().map(position).collect(),
                form: match found.kind {
                    FormulaKind::Gradient => AnswerForm::Column,
                    FormulaKind::Map { .. } => AnswerForm::Along(variables.len().saturating_sub(1)),
                    _ => AnswerForm::Array,
                },
                by_entries: answer.convention == Convention::Entries,
                indices: index.into_iter().collect(),
                text: format!("d{order}{function}/{by}{times} = {formula}"),
            }
        })
        .collect()
}
