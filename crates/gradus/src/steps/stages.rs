//! Derivatives on the way to those of higher order: each has a derivation of its own, and is differentiated
//! again in the form in which it is printed.
//!
//! Must not know how derivatives are formed, projected or displayed.

use gradus_derivation::{
    Citation, Detail, Left, Part, Question, Rule, derive, derive_next_differential,
};
use gradus_elaborate::Program;
use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::raise::{Goal, raise};
use gradus_notation::tree::{Notation, NotationId, Page};
use gradus_tensor::Dimensions;
use gradus_verify::Form;

use super::{Steps, check, order, unprojected, unsupported};
use crate::answer::Answer;
use crate::derive::{function, raise_options, value};
use crate::failure::Result;
use crate::found::{self, Found};
use crate::request::{Convention, Layout};
use crate::results::{Derivatives, OnTheWay, Wanted, Written};
use crate::structures::lower_for;
use crate::verification::Verification;
use crate::verify;

/// The derivative in which the derivation of a stage ends, where it is written otherwise than it is read
/// off.
pub(crate) struct Closing {
    pub(crate) tree: NotationTree,
    pub(crate) formula: NotationId,
    pub(crate) left: Left,
    pub(crate) reasons: Vec<Citation>,
}

/// What is differentiated next.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) program: Program,
    /// What its function is called.
    pub(crate) function: String,
}

/// A derivative on the way to one of higher order, and the program of which it is the function.
///
/// # Errors
/// What has no steps, and lines that do not survive their verification.
pub(crate) fn stage(
    answer: &Answer,
    before: &Stage,
    found: &Found,
    order: usize,
    detail: Detail,
) -> Result<(Steps, Stage)> {
    let Stage { program, function } = before;
    let declared = program.tree.variable(found.by[order - 1]);
    let (variable, structure) = (declared.name.clone(), declared.structure);
    let part = part(found, order - 1);
    let question = Question { program, variable: &variable, index: None, part, function, detail };
    let mut derivation = derive(&question).map_err(|error| answer.failure(error))?;
    let free = super::is_free(structure);
    if !free {
        unprojected(&mut derivation, program, function, &variable);
    }
    let mut verification = check::verified(answer, program, &derivation, function)?;
    let (tree, formula, stacked) = on_the_way(answer, found, order)?;
    let text = print::source(&tree, formula);
    let left = Left::Derivative { by: variable.clone(), index: None, stacked, part };
    let last = derivation.sections.last().and_then(|section| section.lines.last());
    let read_off = last.filter(|line| !matches!(line.left, Left::Same));
    let same = read_off.is_some_and(|line| {
        matches!(line.left, Left::Derivative { .. })
            && order::key(&derivation.tree, line.formula) == order::key(&tree, formula)
    });
    let unchanged = read_off.is_some_and(|line| {
        order::key(&derivation.tree, line.formula) == order::key(&tree, formula)
    });
    let closing = if same {
        None
    } else {
        let written = verify::Written::of(answer);
        let parts = [found.part(order - 1)];
        let mut program = program.clone();
        let by = [variable];
        let checked =
            verify::text(&mut program, &text, &by, written.array(), written, (1, &parts))?;
        verification = verification.and(checked);
        let repeats = read_off.is_some_and(|line| line.left == left);
        let mut reasons: Vec<Citation> = Vec::new();
        match read_off.map(|line| &line.left) {
            Some(Left::Derivative { .. }) => {}
            Some(Left::Free { .. }) if answer.convention == Convention::Entries => {
                reasons.push(Rule::Entries.into());
            }
            Some(Left::Free { .. }) if unchanged => reasons.push(Rule::Tangent.into()),
            Some(Left::Free { .. }) => reasons.push(Rule::Projection.into()),
            _ => reasons.push(Rule::EntryIdentification.into()),
        }
        if reasons.is_empty() {
            let layout = answer.written_layout();
            let rule =
                if layout == Layout::Mixed { Rule::Simplification } else { Rule::LayoutApplied };
            reasons.push(rule.into());
        }
        let left = if repeats { Left::Same } else { left };
        Some(Closing { tree, formula, left, reasons })
    };
    let mut next = program.clone();
    verify::take_function(&mut next, &text)?;
    let next = Stage { function: next_name(answer, &next, function, free), program: next };
    let steps = Steps {
        derivation,
        program: program.clone(),
        function: function.clone(),
        closing,
        ends: Vec::new(),
        verification,
    };
    Ok((steps, next))
}

/// The differential of an order from the one before, in which the differentials of the variables are
/// constant.
///
/// # Errors
/// As for [`stage`].
pub(crate) fn next_differential(
    answer: &Answer,
    before: &Steps,
    names: &[&str],
    order: u8,
    detail: Detail,
) -> Result<Steps> {
    let line = before.derivation.sections.last().and_then(|section| section.lines.last());
    let Some(line) = line else { return Err(unsupported(answer, "this differential")) };
    let text = print::source(&before.derivation.tree, line.formula);
    let mut program = super::unbound(answer);
    verify::take_function(&mut program, &text)?;
    let function = answer.function_name();
    let derivation = derive_next_differential(&program, names, (&function, order), detail);
    let derivation = derivation.map_err(|error| answer.failure(error))?;
    let by: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut original = super::unbound(answer);
    let mut verdicts = Vec::new();
    for line in derivation.sections.iter().flat_map(|section| &section.lines) {
        let text = print::source(&derivation.tree, line.formula);
        let written = verify::Written::upright(answer);
        let form = Form::Differential;
        verdicts.push(verify::text(&mut original, &text, &by, form, written, (order, &[]))?);
    }
    let verification = Verification::of_all(verdicts);
    Ok(Steps { derivation, program, function, closing: None, ends: Vec::new(), verification })
}

/// Which derivative by a complex variable it is by the variable of an order.
pub(crate) fn part(found: &Found, order: usize) -> Part {
    match found.part(order) {
        found::Part::Whole => Part::Whole,
        found::Part::Plain => Part::Plain,
        found::Part::Conjugate => Part::Conjugate,
    }
}

/// The derivative by the first variables of a result as one formula, and whether it is stacked.
fn on_the_way(
    answer: &Answer,
    found: &Found,
    order: usize,
) -> Result<(NotationTree, NotationId, bool)> {
    let program = super::unbound(answer);
    let failure = |error| answer.failure(error);
    let mut lowered = lower_for(&program, &answer.variables).map_err(failure)?;
    let function = function(&lowered)?;
    let mut wanted = Vec::with_capacity(answer.variables.len());
    for id in &answer.variables {
        wanted.push(Wanted { id: *id, value: value(&mut lowered, &program, *id), index: None });
    }
    let written = Written {
        layout: answer.written_layout(),
        stacking: answer.stacking,
        convention: answer.convention,
        real: answer.is_real,
    };
    // The last derivative of a linear map is none by a leaf.
    let is_map = matches!(found.kind, found::FormulaKind::Map { .. });
    let whole = found.by.len() - usize::from(is_map);
    let whole = u32::try_from(whole).unwrap_or(u32::MAX);
    let parts: Vec<found::Part> = (0..order).map(|at| found.part(at)).collect();
    let leading = (&found.by[..order], parts.as_slice());
    let stage = Derivatives::on_the_way(&mut lowered, &function, &wanted, leading, whole, written);
    let Some(OnTheWay { value, stacked }) = stage.map_err(failure)? else {
        return Err(unsupported(answer, "this derivative of a higher order"));
    };
    let options = raise_options(&program, &lowered);
    let (rows, columns) = (value.row_axis(), value.column_axis());
    let goal = Goal { value: value.scaled, rows, columns, member: None };
    let (mut tree, page) = raise(&lowered.arena, &[goal], &options).map_err(failure)?;
    match in_one(&mut tree, &page) {
        Some(formula) => Ok((tree, formula, stacked)),
        None => Err(unsupported(answer, "this derivative of a higher order")),
    }
}

/// The result of a page with its bindings put in; none if some are members of families.
fn in_one(tree: &mut NotationTree, page: &Page) -> Option<NotationId> {
    let mut values: Vec<(String, NotationId)> = Vec::new();
    for binding in &page.bindings {
        if binding.index.is_some() {
            return None;
        }
        let formula = put_in(tree, binding.formula, &values);
        values.push((binding.name.clone(), formula));
    }
    page.results.first().map(|result| put_in(tree, *result, &values))
}

fn put_in(
    tree: &mut NotationTree,
    root: NotationId,
    values: &[(String, NotationId)],
) -> NotationId {
    if values.is_empty() {
        return root;
    }
    let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
    for at in 0..=root.0 {
        let id = NotationId(at);
        let known = match tree.node(id) {
            Notation::Name { text, .. } => values.iter().find(|(name, _)| name == text),
            _ => None,
        };
        let to = match known {
            Some((_, formula)) => *formula,
            None => {
                let shape = tree.shape(id);
                let node = tree.node(id).map_children(|child| mapped[child.0 as usize]);
                tree.intern(node, shape)
            }
        };
        mapped.push(to);
    }
    mapped[root.0 as usize]
}

/// What a derivative is called that is differentiated again. `G` is the free gradient by a structured
/// variable.
fn next_name(answer: &Answer, program: &Program, before: &str, free: bool) -> String {
    let matrix = program.results.first().is_some_and(|root| {
        let shape = program.tree.shape(*root);
        shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE
    });
    let letters = if matrix { ["G", "H", "K", "L"] } else { ["g", "h", "k", "l"] };
    let free_letters = letters.iter().skip(usize::from(!free));
    let mut unused = free_letters.filter(|letter| before != **letter);
    match unused.find(|letter| answer.fresh(letter) == **letter) {
        Some(letter) => (*letter).to_owned(),
        None => answer.fresh(letters[0]),
    }
}
