//! Derivations in a format: left sides, formulas, reasons, headings.
//!
//! Must not know how lines are found or checked.

use gradus_derivation::{Heading, Left, Line, Part};
use gradus_diagnostics::Language;
use gradus_elaborate::typed::Shape;
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format, Look, Subject};

use super::stages::Closing;
use super::{Steps, wording};
use crate::answer::Answer;
use crate::found::FormulaKind;

/// One line of a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// The left side; empty where the line goes on from the one before.
    pub left: String,
    /// The right side.
    pub formula: String,
    /// Why it equals the line before; empty if there is nothing to say.
    pub reason: String,
    /// The names of the rules and functions that the reason tells.
    pub rules: Vec<String>,
}

/// Lines that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepSection {
    /// What they are about; empty if they are the whole derivation.
    pub heading: String,
    /// The lines.
    pub steps: Vec<StepLine>,
}

/// The steps of all results in a format.
pub(crate) fn sections(
    answer: &Answer,
    all: &[Steps],
    format: Format,
    language: Language,
) -> Vec<StepSection> {
    let mut told = Vec::new();
    for steps in all {
        let composed = steps.is_composed();
        for section in &steps.derivation.sections {
            let tree = &steps.derivation.tree;
            let line = |line| told_line(steps, tree, line, format, language);
            let lines = section.lines.iter().map(line);
            told.push(StepSection {
                heading: heading(steps, &section.heading, format, language),
                steps: lines.collect(),
            });
        }
        if let (Some(closing), Some(section)) = (&steps.closing, told.last_mut()) {
            let Closing { tree, formula, left, reasons } = closing;
            let line = Line { left: left.clone(), formula: *formula, rules: reasons.clone() };
            section.steps.push(told_line(steps, tree, &line, format, language));
        }
        for section in &mut told {
            // Lines may differ in the order of rewriting alone.
            section
                .steps
                .dedup_by(|line, before| line.left.is_empty() && line.formula == before.formula);
        }
        if composed {
            told.push(StepSection {
                heading: wording::heading_text(&Heading::Answer, language),
                steps: Vec::new(),
            });
        }
        end(answer, steps, format, language, &mut told);
    }
    told
}

fn told_line(
    steps: &Steps,
    tree: &NotationTree,
    line: &Line,
    format: Format,
    language: Language,
) -> StepLine {
    let mut formula = print::formula(tree, line.formula, format);
    if let Left::Contribution { .. } = line.left {
        formula.push_str(match format {
            Format::Source => "",
            Format::Unicode => " + …",
            Format::Latex => " + \\cdots",
            Format::Typst => " + dots.c",
            Format::MathMl => "<mo>+</mo><mo>…</mo>",
        });
    }
    StepLine {
        left: left(steps, &line.left, format),
        formula,
        reason: wording::reason(tree, &line.rules, format, language),
        rules: line.rules.iter().map(wording::rule_name).collect(),
    }
}

/// The answer itself, where the derivation does not end with it.
fn end(
    answer: &Answer,
    steps: &Steps,
    format: Format,
    language: Language,
    told: &mut [StepSection],
) {
    let Some(section) = told.last_mut() else { return };
    let (bindings, results) = answer.equations(format);
    let lines_before = section.steps.len();
    if steps.ends.iter().any(|end| end.adds) && !steps.is_composed() {
        for binding in bindings {
            let (left, formula) = (binding.left, binding.right);
            if section.steps.iter().any(|step| step.left == left) {
                continue;
            }
            section.steps.push(StepLine {
                left,
                formula,
                reason: String::new(),
                rules: Vec::new(),
            });
        }
    } else if steps.is_composed() {
        let own: Vec<&str> = steps.program.bindings.iter().map(|(name, _)| name.as_str()).collect();
        let view = &answer.main.page.bindings;
        for (binding, named) in bindings.into_iter().zip(view) {
            if own.contains(&named.name.as_str()) {
                continue;
            }
            let (left, formula) = (binding.left, binding.right);
            section.steps.push(StepLine {
                left,
                formula,
                reason: String::new(),
                rules: Vec::new(),
            });
        }
    }
    for end in &steps.ends {
        let Some(mut equation) = results.get(end.result).cloned() else { continue };
        if format == Format::Source {
            let by = answer.main.found[end.result].by.iter();
            let by: Vec<String> =
                by.map(|id| answer.program.tree.variable(*id).name.clone()).collect();
            equation.left = match answer.kind {
                crate::answer::Kind::Differential => format!("d{}", steps.function),
                crate::answer::Kind::Derivative => {
                    format!("d{}/d{}", answer.function_name(), by.join(" d"))
                }
            };
        }
        let told = section.steps.last().is_some_and(|step| step.formula == equation.right);
        let direct = section.steps.len() == lines_before;
        let same_left = section
            .steps
            .iter()
            .rev()
            .find(|step| !step.left.is_empty())
            .is_some_and(|step| step.left == equation.left);
        if told && same_left && direct && end.adds && !steps.is_composed() {
            remark(answer, end.result, format, language, section);
            continue;
        }
        if !end.adds {
            // The same terms and factors in the order of the answer.
            if let Some(last) = section.steps.last_mut() {
                last.formula = equation.right;
            }
            remark(answer, end.result, format, language, section);
            continue;
        }
        let before = section.steps.iter().rev().find(|step| !step.left.is_empty());
        let repeats = before.is_some_and(|step| step.left == equation.left);
        section.steps.push(StepLine {
            left: if repeats { String::new() } else { equation.left },
            formula: equation.right,
            reason: wording::reason(&steps.derivation.tree, &end.reasons, format, language),
            rules: end.reasons.iter().map(wording::rule_name).collect(),
        });
        remark(answer, end.result, format, language, section);
    }
}

/// Shape and layout, at the side of the answer.
fn remark(
    answer: &Answer,
    result: usize,
    format: Format,
    language: Language,
    section: &mut StepSection,
) {
    let shapes = answer.shapes();
    let (Some(shape), Some(step)) = (shapes.get(result), section.steps.last_mut()) else { return };
    let in_layout =
        matches!(answer.main.found[result].kind, FormulaKind::Array { .. } | FormulaKind::Gradient);
    let text = wording::shape(shape, in_layout.then_some(answer.layout), language);
    if !step.reason.is_empty() {
        step.reason.push_str(wording::separator(language));
    }
    step.reason.push_str(&super::mathematics::shape(&text, format));
}

fn heading(steps: &Steps, heading: &Heading, format: Format, language: Language) -> String {
    match heading {
        Heading::Through(step) => {
            let look = look_of(steps, step);
            let name = print::left_side(&print::Left::Name(subject(step, look)), format);
            wording::through(&name, format, language)
        }
        other => wording::heading_text(other, language),
    }
}

fn subject(text: &str, look: Look) -> Subject<'_> {
    Subject { text, index: None, look, conjugate: false }
}

fn look(shape: Shape) -> Look {
    Look::of(gradus_notation::tree::Shape { rows: shape.rows, columns: shape.columns })
}

/// How the name of a variable, a step or the function is set.
fn look_of(steps: &Steps, name: &str) -> Look {
    let program = &steps.program;
    if name == steps.function
        && let Some(root) = program.results.first()
    {
        return look(program.tree.shape(*root));
    }
    if let Some((_, id)) = program.bindings.iter().find(|(bound, _)| bound == name) {
        return look(program.tree.shape(*id));
    }
    match program.tree.variable_named(name) {
        Some(id) => look(program.tree.variable(id).shape),
        None => Look::Matrix,
    }
}

/// The left side of a line.
fn left(steps: &Steps, left: &Left, format: Format) -> String {
    if format == Format::Source {
        return source_left(&steps.function, left);
    }
    let named = |name| subject(name, look_of(steps, name));
    let of = named(&steps.function);
    let left = match left {
        Left::Same => return String::new(),
        Left::Name(name) | Left::Free { name, .. } => print::Left::Name(named(name)),
        Left::Member(name, index) => {
            print::Left::Name(Subject { index: Some(index), ..named(name) })
        }
        Left::Differential(name) => print::Left::Differential { of: named(name), order: 1 },
        Left::HigherDifferential(name, order) => {
            print::Left::Differential { of: named(name), order: *order }
        }
        Left::StackedDifferential(name) => print::Left::StackedDifferential { of: named(name) },
        Left::Derivative { by, index, stacked, part } => {
            let conjugate = *part == Part::Conjugate;
            let by = [Subject { index: index.as_deref(), conjugate, ..named(by) }];
            let left = print::Left::Derivative { of, by: &by, stacked: *stacked };
            return print::left_side(&left, format);
        }
        Left::Contribution { by } | Left::Total { by } => {
            let by = [named(by)];
            let left = print::Left::Derivative { of, by: &by, stacked: false };
            return print::left_side(&left, format);
        }
    };
    print::left_side(&left, format)
}

/// A left side as it is read in derivations: `df`, `df/dX`.
fn source_left(function: &str, left: &Left) -> String {
    match left {
        Left::Same => String::new(),
        Left::Name(name) | Left::Free { name, .. } => name.clone(),
        Left::Member(name, index) => format!("{name}[{index}]"),
        Left::Differential(name) | Left::StackedDifferential(name) => format!("d{name}"),
        Left::HigherDifferential(name, order) => format!("d^{order} {name}"),
        Left::Derivative { by, .. } | Left::Total { by } | Left::Contribution { by } => {
            format!("d{function}/d{by}")
        }
    }
}
