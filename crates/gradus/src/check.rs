//! Whether the sides of an identity are equal.
//!
//! Must not know derivatives.

use gradus_diagnostics::Diagnostic;
use gradus_elaborate::typed::{Nature, Operation, TypedNode};
use gradus_elaborate::{Options, Program, Source, elaborate_assuming};
use gradus_verify::{Difference, Expression, Settings, check_equal_assuming};

use crate::conditions::conditions;
use crate::failure::Result;
use crate::note::Note;
use crate::reading::{announcement, notes};
use crate::request::Request;
use crate::text::Texts;
use crate::verification::Verification;

/// An identity that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How the names were read that were not fully declared.
    pub reading: String,
    /// Hints.
    pub notes: Vec<Note>,
    /// Under which conditions its sides have values.
    pub conditions: Vec<String>,
    /// Whether it holds.
    pub verification: Verification,
}

/// Checks an identity `LEFT = RIGHT`, or a chain of them, for all values of its variables.
///
/// # Errors
/// The program is no identity, or something is wrong with names or shapes.
pub fn check(request: &Request) -> Result<Checked> {
    let (mut texts, trees) = Texts::of_identity(request)?;
    let assumed = texts.add_equations(&request.assumptions, ("an assumption", "--assume"))?;
    let sides: Vec<Source<'_>> = trees.iter().map(|tree| texts.program_as(tree)).collect();
    let mut declarations = vec![texts.program()];
    declarations.extend(texts.declarations());
    let options = Options { declarations: &declarations, same_shape: true };
    let equations: Vec<[Source<'_>; 2]> = assumed
        .iter()
        .enumerate()
        .map(|(at, trees)| [0, 1].map(|side| texts.equation_as(at, &trees[side])))
        .collect();
    let program = elaborate_assuming(&sides, &equations, &options);
    let program = program.map_err(|error| texts.failure(error))?;
    if let Some(verification) =
        crate::scalar::equal(&program).map_err(|error| texts.failure(error))?
    {
        return Ok(Checked {
            reading: announcement(&program),
            notes: notes(&texts, &program),
            conditions: Vec::new(),
            verification,
        });
    }
    let program = crate::reading::with_values(program).map_err(|error| texts.failure(error))?;
    let found = equal(&program);
    let mut notes = notes(&texts, &program);
    let note = |diagnostic| Note { diagnostic, source: String::new() };
    notes.extend(what_varies(&program).map(note));
    notes.extend(chain(&program, &texts, &found).map(note));
    Ok(Checked {
        reading: announcement(&program),
        notes,
        conditions: conditions(&program, texts.program().text, 1),
        verification: Verification::from(&found),
    })
}

/// Of a chain of sides, that all are compared, and which one differs.
fn chain(program: &Program, texts: &Texts, found: &gradus_verify::Verdict) -> Option<Diagnostic> {
    let count = program.results.len();
    if count < 3 {
        return None;
    }
    let mut message = format!("a chain of {count} sides, which are all to be equal");
    if let gradus_verify::Verdict::Refuted { difference: Difference::Side(side), .. } = found {
        let text = texts.program().text;
        let written = |at: usize| {
            let span = program.tree.node(*program.results.get(at)?).span;
            text.get(span.start as usize..span.end as usize).map(str::trim)
        };
        if let (Some(first), Some(other)) = (written(0), written(*side)) {
            message.push_str(&format!("; `{other}` is not `{first}`"));
        }
    }
    Some(Diagnostic::note("chain", message))
}

/// Where `d(…)` occurs, which variables vary and which are constant.
fn what_varies(program: &Program) -> Option<Diagnostic> {
    let is_differential = |node: &TypedNode| matches!(node.operation, Operation::Differential(_));
    if !program.tree.nodes.iter().any(is_differential) {
        return None;
    }
    let variables = &program.tree.variables[..program.occurring];
    let written: Vec<usize> = variables
        .iter()
        .filter_map(|variable| variable.differential_of.map(|of| of.0 as usize))
        .collect();
    let (mut varying, mut constant) = (Vec::new(), Vec::new());
    for (at, variable) in variables.iter().enumerate() {
        if variable.nature != Nature::Array || variable.differential_of.is_some() {
            continue;
        }
        let varies = written.is_empty() || written.contains(&at);
        if varies { &mut varying } else { &mut constant }.push(variable.name.as_str());
    }
    let mut message = match varying.as_slice() {
        [] => "nothing varies".to_owned(),
        [one] => format!("{one} varies"),
        several => format!("{} vary", several.join(", ")),
    };
    match constant.as_slice() {
        [] => {}
        [one] => message.push_str(&format!("; {one} is constant")),
        several => message.push_str(&format!("; {} are constant", several.join(", "))),
    }
    Some(Diagnostic::note("differential", message))
}

fn equal(program: &Program) -> gradus_verify::Verdict {
    let side = |root: &_| Expression { tree: &program.tree, root: *root };
    let sides: Vec<Expression<'_>> = program.results.iter().map(side).collect();
    let equations = program.equations.iter();
    let assumptions: Vec<[Expression<'_>; 2]> =
        equations.map(|equation| [side(&equation[0]), side(&equation[1])]).collect();
    check_equal_assuming(&sides, &assumptions, &Settings::default())
}
