//! Answers as program text: raised once more in mixed layout, planned, verified, printed.
//!
//! Must not know any language.

use gradus_codegen::{
    Answer as CodeAnswer, AnswerForm, AtPoint, ModuleRequest, Variable, VariableKind, plan, target,
    without_adjoints,
};
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::lower::Value;
use gradus_elaborate::typed::{Nature, Operation, TypedId, VariableId};
use gradus_functions::{Language, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_notation::tree::{Notation, NotationId, Page, Shape};
use gradus_tensor::Structure;

use crate::answer::Answer;
use crate::failure::Result;
use crate::found::{FormulaKind, Found, Part};
use crate::request::{Convention, Layout, Stacking, Verify};
use crate::verification::Verification;
use crate::verify;

/// A NumPy module with the value and the derivative, and the verdict on its statements.
pub(crate) fn numpy(answer: &Answer) -> Result<(String, Verification)> {
    with_plan(answer, |plan, computed| {
        let verification = match answer.verify {
            Verify::No => Verification::not_checked(),
            Verify::Yes | Verify::OnPrint => check(answer, computed, &plan)?,
        };
        // Where the oracles found the function regular, the module's own check will too.
        let sizes = verification.sizes.first().cloned().unwrap_or_default();
        let request = gradus_codegen::ModuleRequest { sizes: &sizes, ..plan.request };
        let plan = gradus_codegen::Plan {
            request,
            value: plan.value,
            derivative: plan.derivative,
            point: plan.point,
        };
        let text = target(Language::Numpy).module(&plan).map_err(|error| answer.failure(error))?;
        Ok((text, verification))
    })
}

/// The statements that code computes the value and the derivatives by, read back to be evaluated.
#[derive(Debug)]
pub(crate) struct Statements {
    /// In which they were read.
    pub(crate) program: Program,
    /// The value.
    pub(crate) value: TypedId,
    /// The derivatives, one for each variable.
    pub(crate) derivatives: Vec<TypedId>,
    /// What the oracles say of them.
    pub(crate) verification: Verification,
}

/// The statements of an answer, verified.
pub(crate) fn statements(answer: &Answer) -> Result<Statements> {
    with_plan(answer, |plan, computed| {
        let verification = check(answer, computed, &plan)?;
        let mut program = answer.program.clone();
        let (tree, page) = plan.value.to_page();
        let values = verify::read_back(&mut program, &tree, &page, &[])?;
        let (tree, page) = plan.derivative.to_page();
        let derivatives =
            verify::read_back(&mut program, &tree, &page, &verify::indices(computed))?;
        let value = values.first().copied();
        let value = value.ok_or_else(|| verify::defect("a function without statements"))?;
        Ok(Statements { program, value, derivatives, verification })
    })
}

/// Does something with the plan of an answer's code.
fn with_plan<T>(
    answer: &Answer,
    then: impl FnOnce(gradus_codegen::Plan<'_>, &[Found]) -> Result<T>,
) -> Result<T> {
    let function = goal(&answer.function);
    let there = answer.function_there.clone().ok_or_else(|| {
        let error = Diagnostic::unsupported("code for a function without a value at the point");
        answer.failure(error.into())
    })?;
    let value = Goal { value: there, ..function.clone() };
    let points = answer.point.as_ref().map_or(0, |(_, page)| page.results.len());
    let values: Vec<Goal> = answer.lowered.results.iter().skip(1).take(points).map(goal).collect();
    // Members of families are vectorised, so that only whole arrays need names here.
    let options = RaiseOptions { whole_names_only: true, ..answer.options.clone() };
    let computed = computed(answer, &options);
    let goals: Vec<Goal> =
        std::iter::once(value).chain(computed.iter().map(|found| found.goal.clone())).collect();
    let last = goals.len();
    let goals: Vec<Goal> = match points {
        0 => goals,
        _ => goals.into_iter().chain([function]).chain(values).collect(),
    };
    let (tree, page) =
        raise(&answer.lowered.arena, &goals, &options).map_err(|error| answer.failure(error))?;
    let (tree, page) = without_adjoints(book(), &tree, &page);
    let variables = variables(answer, &computed);
    let value = part(&tree, &page, &page.results[..1]);
    let derivative = part(&tree, &page, &page.results[1..last]);
    let function = part(&tree, &page, page.results.get(last..).unwrap_or_default());
    let values = part(&tree, &page, page.results.get(last + 1..).unwrap_or_default());
    let function = Page { results: function.results.into_iter().take(1).collect(), ..function };
    let replaced: Vec<usize> =
        answer.program.points.iter().map(|(variable, _)| position(answer, *variable)).collect();
    let point = (points > 0).then_some(AtPoint {
        replaced: &replaced,
        values: &values,
        function: &function,
    });
    let formulas = formulas(answer, &computed, &tree, &derivative);
    let answers = answers(answer, &computed, &variables, formulas);
    let request = ModuleRequest {
        tree: &tree,
        book: book(),
        variables: &variables,
        source: &answer.source,
        value: &value,
        derivative: &derivative,
        point,
        answers: &answers,
        is_real: answer.is_real,
        sizes: &[],
    };
    let plan = plan(&request).map_err(|error| answer.failure(error))?;
    then(plan, &computed)
}

fn goal(value: &Value) -> Goal {
    let (rows, columns) = (value.row_axis(), value.column_axis());
    Goal { value: value.scaled.clone(), rows, columns, member: None }
}

/// What code computes: the arrays, or where one has no matrix form, or more axes than a matrix, the
/// linear map of which its last axis has the values at unit arrays.
fn computed(answer: &Answer, options: &RaiseOptions) -> Vec<Found> {
    let arena = &answer.lowered.arena;
    let has_form = |found: &Found| raise(arena, std::slice::from_ref(&found.goal), options).is_ok();
    let all: Vec<Goal> = answer.upright.iter().map(|found| found.goal.clone()).collect();
    let all_have_forms = raise(arena, &all, options).is_ok();
    let choose = |(at, found): (usize, &Found)| {
        if let Some(entries) = by_entries(answer, at, found) {
            return entries.clone();
        }
        let same = |map: &&Found| map.by == found.by && map.parts == found.parts;
        // A map of a complex differential is linear over the reals only.
        let complex = |id: &VariableId| answer.program.tree.variable(*id).complex;
        let mut maps = answer.upright_maps.iter().filter(|map| !map.by.iter().any(complex));
        let map = maps.find(same);
        match map {
            Some(map) if has_many_axes(answer, found) || !(all_have_forms || has_form(found)) => {
                map.clone()
            }
            _ => match answer.main.found.get(at) {
                // What has neither is told by the differential of its order.
                Some(shown)
                    if matches!(shown.kind, FormulaKind::Differential { .. })
                        && !has_form(found) =>
                {
                    shown.clone()
                }
                _ => found.clone(),
            },
        }
    };
    answer.upright.iter().enumerate().map(choose).collect()
}

/// A gradient that has a form entry by entry only.
fn by_entries<'a>(answer: &'a Answer, at: usize, found: &Found) -> Option<&'a Found> {
    answer.main.found.get(at).filter(|shown| {
        let is_array = matches!(shown.kind, FormulaKind::Array { .. });
        let same = shown.by == found.by && shown.parts == found.parts;
        is_array && same && shown.goal.member.is_some() && found.goal.member.is_none()
    })
}

/// Whether the function and the variables that are no scalars are more than two.
fn has_many_axes(answer: &Answer, found: &Found) -> bool {
    let is_scalar = |id: &&VariableId| answer.program.tree.variable(**id).shape.is_scalar();
    let arrays = found.by.len() - found.by.iter().filter(is_scalar).count();
    arrays + usize::from(!answer.function.is_scalar()) > 2
}

/// The statements are run by the oracles before they are spelled in a language.
fn check(
    answer: &Answer,
    computed: &[Found],
    plan: &gradus_codegen::Plan<'_>,
) -> Result<Verification> {
    let mut program = answer.program.clone();
    let (tree, page) = plan.value.to_page();
    let mut value = verify::value_page(&mut program, &tree, &page, true)?;
    if let Some([values, function]) = &plan.point {
        let (tree, page) = function.to_page();
        value = value.and(verify::value_page(&mut program, &tree, &page, false)?);
        let (tree, page) = values.to_page();
        value = value.and(verify::point_page(&mut program, &tree, &page)?);
    }
    let (tree, page) = plan.derivative.to_page();
    let derivative =
        verify::page(&mut program, &tree, &page, computed, verify::Written::upright(answer))?;
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

fn variables(answer: &Answer, computed: &[Found]) -> Vec<Variable> {
    let tree = &answer.program.tree;
    let occurring = &tree.variables[..answer.program.occurring];
    let mut found: Vec<Variable> = Vec::new();
    let declared = occurring.iter().map(Some);
    let others = beyond(answer);
    let others = others.iter().map(|id| Some(tree.variable(*id)));
    let arguments = declared.chain(others).flatten().chain(direction(answer));
    for variable in arguments {
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
    let forms = |found: &Found| matches!(found.kind, FormulaKind::Differential { .. });
    if computed.iter().any(forms) || is_looped(answer) {
        for id in &answer.variables {
            let of = position(answer, *id);
            let Some(variable) = found.get(of) else { continue };
            let kind = VariableKind::Differential { of };
            found.push(Variable { name: differential(answer, *id), kind, ..variable.clone() });
        }
    }
    found
}

/// Whether the answer is made of second derivatives by families as linear maps.
fn is_looped(answer: &Answer) -> bool {
    let variable = |id: &VariableId| answer.program.tree.variable(*id);
    let is_map = |found: &Found| matches!(found.kind, FormulaKind::Map { .. });
    answer.direction.is_none()
        && answer.function.is_scalar()
        && answer.upright.iter().all(|found| is_map(found) && found.by.len() == 2)
        && answer.variables.iter().any(|id| !variable(id).family.is_empty())
        // Unit arrays are no tangents of a structure.
        && answer.variables.iter().all(|id| {
            !variable(id).complex && variable(id).structure == Structure::General
        })
}

/// The name of the differential of a variable.
fn differential(answer: &Answer, id: VariableId) -> String {
    let of = answer.lowered.symbols[id.0 as usize];
    let symbols = answer.lowered.arena.symbols();
    let symbol = symbols.iter().find(|symbol| symbol.differential_of == Some(of));
    symbol.map_or_else(
        || format!("d{}", answer.program.tree.variable(id).name),
        |symbol| symbol.name.clone(),
    )
}

/// The position of a variable of differentiation among those of the module.
fn position(answer: &Answer, id: VariableId) -> usize {
    let (at, occurring) = (id.0 as usize, answer.program.occurring);
    if at < occurring {
        return at;
    }
    occurring + beyond(answer).iter().filter(|other| other.0 < id.0).count()
}

/// Arguments that do not stand in the function: variables of differentiation on which it does not
/// depend, and those of which the values at the point are made.
fn beyond(answer: &Answer) -> Vec<VariableId> {
    let tree = &answer.program.tree;
    let mut found: Vec<VariableId> = answer.variables.clone();
    let mut open: Vec<TypedId> = answer.program.points.iter().map(|(_, root)| *root).collect();
    while let Some(id) = open.pop() {
        if let Operation::Variable(variable) | Operation::Rows(variable) = tree.node(id).operation {
            found.push(variable);
        }
        tree.children(id, |child| open.push(child));
    }
    found.retain(|id| id.0 as usize >= answer.program.occurring);
    found.sort_unstable();
    found.dedup();
    found
}

/// The variable that the derivative is multiplied by; it stands last.
fn direction(answer: &Answer) -> Option<&gradus_elaborate::typed::Variable> {
    let name = answer.direction.as_deref()?;
    answer.program.tree.variables.iter().find(|variable| variable.name == name)
}

/// With more names than this, comments do not repeat with each formula what they stand for.
const MOST_EXPLAINED: usize = 24;

/// The formulas for the comments: as they are shown, or as code computes them where its layout is
/// another one.
fn formulas(
    answer: &Answer,
    computed: &[Found],
    tree: &NotationTree,
    derivative: &Page,
) -> Vec<String> {
    let is_same = |(shown, computed): (&Found, &Found)| {
        std::mem::discriminant(&shown.kind) == std::mem::discriminant(&computed.kind)
    };
    let shown = (answer.layout, answer.stacking) == (Layout::Mixed, Stacking::Columns)
        && answer.main.page.bindings.is_empty()
        && answer.main.found.iter().zip(computed).all(is_same);
    if shown {
        let (_, lines) = answer.equations(Format::Source);
        return lines.into_iter().map(|line| line.right).collect();
    }
    if derivative.bindings.len() > MOST_EXPLAINED {
        return derivative.results.iter().map(|result| print::source(tree, *result)).collect();
    }
    let alone = |result: &NotationId| {
        let mut page = part(tree, derivative, std::slice::from_ref(result));
        // The user's own names stand in the program, which is told too.
        page.bindings.retain(|binding| !binding.from_user);
        print::source_page(tree, &page)
    };
    derivative.results.iter().map(alone).collect()
}

fn answers(
    answer: &Answer,
    computed: &[Found],
    variables: &[Variable],
    formulas: Vec<String>,
) -> Vec<CodeAnswer> {
    let function = answer.function_name();
    computed
        .iter()
        .zip(formulas)
        .map(|(found, formula)| {
            let index = found.goal.member.as_ref().map(|(_, index)| index.clone());
            let member = index.as_ref().map(|index| format!("[{index}]")).unwrap_or_default();
            let names: Vec<String> = found
                .by
                .iter()
                .enumerate()
                .map(|(order, id)| {
                    let name = &answer.program.tree.variable(*id).name;
                    match found.part(order) {
                        Part::Conjugate => format!("dconj({name}{member})"),
                        Part::Whole | Part::Plain => format!("d{name}{member}"),
                    }
                })
                .collect();
            let text = left(answer, found, &function, &names);
            CodeAnswer {
                wrt: found.by.iter().map(|id| position(answer, *id)).collect(),
                form: match found.kind {
                    FormulaKind::Gradient => AnswerForm::Column,
                    FormulaKind::Map { .. } if answer.direction.is_some() => {
                        AnswerForm::Along(variables.len().saturating_sub(1))
                    }
                    FormulaKind::Map { .. } if is_looped(answer) => {
                        AnswerForm::Looped(found.by.last().map_or(0, |last| {
                            let name = differential(answer, *last);
                            let own = |variable: &Variable| variable.name == name;
                            variables.iter().position(own).unwrap_or(0)
                        }))
                    }
                    FormulaKind::Map { .. } => AnswerForm::LinearMap {
                        differential: found
                            .by
                            .last()
                            .map_or_else(String::new, |last| differential(answer, *last)),
                    },
                    FormulaKind::Differential { order } => AnswerForm::Differential { order },
                    FormulaKind::Array { .. } => AnswerForm::Array,
                },
                parts: found.parts.iter().map(|part| code_part(*part)).collect(),
                by_entries: answer.convention == Convention::Entries,
                indices: index.into_iter().collect(),
                text: format!("{text} = {formula}"),
            }
        })
        .collect()
}

/// The left side of the line that says what is computed.
fn left(answer: &Answer, found: &Found, function: &str, names: &[String]) -> String {
    let derivative = |names: &[String]| {
        let order = if names.len() > 1 { names.len().to_string() } else { String::new() };
        format!("d{order}{function}/{}", names.join(" "))
    };
    match (found.kind, &answer.direction) {
        (FormulaKind::Gradient, _) => format!("d{function}/({})", names.join(", ")),
        (FormulaKind::Differential { order: 1 }, _) => format!("d{function}"),
        (FormulaKind::Differential { order }, _) => format!("d{order}{function}"),
        (FormulaKind::Array { .. }, _) => derivative(names),
        (FormulaKind::Map { .. }, Some(direction)) => {
            format!("{} * {direction}", derivative(names))
        }
        (FormulaKind::Map { .. }, None) => match names {
            [] | [_] => format!("d{function}"),
            [before @ .., _] => format!("d({})", derivative(before)),
        },
    }
}

fn code_part(part: Part) -> gradus_codegen::Part {
    match part {
        Part::Whole => gradus_codegen::Part::Whole,
        Part::Plain => gradus_codegen::Part::Plain,
        Part::Conjugate => gradus_codegen::Part::Conjugate,
    }
}
