//! A solution is put back into its equations, and each of its lines is checked there.
//!
//! Must not know how a solution was found.

use gradus_derivation::Builder;
use gradus_elaborate::Program;
use gradus_elaborate::typed::TypedId;
use gradus_notation::print;
use gradus_notation::tree::NotationId;
use gradus_solve::{Solved, Unknown, substituted};
use gradus_verify::{Expression, Settings, check_equal};

use super::pose::Posed;
use super::simplify::{free_index, read};
use crate::failure::Result;
use crate::verification::Verification;
use crate::verify::{decide, defect};

/// The verdict on a solution: every equation, constraint and line holds with the values put in.
///
/// # Errors
/// One of them is refuted, or cannot be read back.
pub(super) fn solution(posed: &mut Posed, solved: &Solved) -> Result<Verification> {
    let mut sides: Vec<(NotationId, NotationId)> = Vec::new();
    for equation in &posed.equations {
        sides.push((equation.left, equation.right));
    }
    for solution in &solved.solutions {
        for line in solution.lines.iter().chain(&solution.closing) {
            if !sides.contains(&(line.left, line.right)) {
                sides.push((line.left, line.right));
            }
        }
    }
    let mut verdict: Option<Verification> = None;
    for (left, right) in sides {
        let Posed { program, builder, unknowns, .. } = posed;
        let left = with_values(builder, unknowns, solved, left);
        let right = with_values(builder, unknowns, solved, right);
        let (left, right) = for_solvable(builder, solved, (left, right));
        let checked = equal(program, builder, left, right)?;
        verdict = Some(match verdict {
            Some(before) => before.and(checked),
            None => checked,
        });
    }
    let verdict = verdict.unwrap_or_else(Verification::not_checked);
    Ok(if posed.given { verdict } else { verdict.and(posed.derivatives.clone()) })
}

/// An equation that has a solution for some right sides only, with such a right side in the place of the
/// given one: the left side at any value of the unknown.
fn for_solvable(
    builder: &mut Builder,
    solved: &Solved,
    sides: (NotationId, NotationId),
) -> (NotationId, NotationId) {
    let (mut left, mut right) = sides;
    for (known, there) in solved.solutions.iter().filter_map(|solution| solution.solvable) {
        left = substituted(builder, left, known, there);
        right = substituted(builder, right, known, there);
    }
    (left, right)
}

/// A formula with the values of all unknowns in it.
pub(super) fn with_values(
    builder: &mut Builder,
    unknowns: &[Unknown],
    solved: &Solved,
    formula: NotationId,
) -> NotationId {
    let mut formula = formula;
    for solution in &solved.solutions {
        formula = substituted(builder, formula, unknowns[solution.unknown].atom, solution.value);
    }
    formula
}

/// Whether two formulas have one value.
fn equal(
    program: &mut Program,
    builder: &mut Builder,
    left: NotationId,
    right: NotationId,
) -> Result<Verification> {
    let index = free_index(builder, left).or_else(|| free_index(builder, right));
    let texts = match &index {
        None => [left, right].map(|side| print::source(&builder.tree, side)),
        Some(_) => {
            // A side that is the same for all members does not tell how far the index runs.
            let difference = builder.sum(&[(false, left), (true, right)]);
            if free_index(builder, difference).is_none() && builder.is_zero(difference) {
                let left = print::source(&builder.tree, left);
                [left.clone(), left]
            } else {
                let text = print::source(&builder.tree, difference);
                [text.clone(), format!("0*({text})")]
            }
        }
    };
    program.tree.dimensions = builder.tree.dimensions.clone();
    let mut roots: Vec<TypedId> = Vec::new();
    for text in &texts {
        let root = read(program, text, index.as_deref());
        roots.push(root.ok_or_else(|| {
            defect(&format!("a line of the solution cannot be read back: `{text}`"))
        })?);
    }
    builder.tree.dimensions = program.tree.dimensions.clone();
    let sides: Vec<Expression<'_>> =
        roots.iter().map(|root| Expression { tree: &program.tree, root: *root }).collect();
    let checked = check_equal(&sides, &Settings::default());
    decide(&checked).map_err(|_| {
        let [left, right] = &texts;
        defect(&format!("a line of the solution is refuted: `{left} = {right}`"))
    })
}
