//! Whether the sides of an identity are equal.
//!
//! Must not know derivatives.

use gradus_diagnostics::{Diagnostic, Error};
use gradus_elaborate::typed::{Nature, Operation, TypedId, TypedNode};
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::parse_identity_with;
use gradus_syntax::tree::Tree;
use gradus_verify::{Expression, Settings, check_equal_assuming};

use crate::failure::{Failure, Result};
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
    /// Whether it holds.
    pub verification: Verification,
}

/// Checks an identity `LEFT = RIGHT`, or a chain of them, for all values of its variables.
///
/// # Errors
/// The program is no identity, or something is wrong with names or shapes.
pub fn check(request: &Request) -> Result<Checked> {
    let (texts, trees) = Texts::of_identity(request)?;
    let sides: Vec<Source<'_>> = trees.iter().map(|tree| texts.program_as(tree)).collect();
    let mut declarations = vec![texts.program()];
    declarations.extend(texts.declarations());
    let options = Options { declarations: &declarations, same_shape: true };
    let mut program = elaborate(&sides, &options).map_err(|error| texts.failure(error))?;
    let assumptions = assumptions(&mut program, &request.assumptions)?;
    let mut notes = notes(&texts, &program);
    let note = |diagnostic| Note { diagnostic, source: String::new() };
    notes.extend(what_varies(&program).map(note));
    Ok(Checked {
        reading: announcement(&program),
        notes,
        verification: Verification::from(&equal(&program, &assumptions)),
    })
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

/// The sides of the equations that are assumed, read with the variables of the identity.
fn assumptions(program: &mut Program, texts: &[String]) -> Result<Vec<[TypedId; 2]>> {
    let mut read = Vec::with_capacity(texts.len());
    for text in texts {
        let failure = |error: Error| Failure::new(*error, text);
        let mut sides = Vec::new();
        for tree in sides_of(text, program)? {
            let source = Source::new(text, &tree);
            sides.push(program.read_back(&source).map_err(failure)?.result);
        }
        let [left, right] = sides.as_slice() else {
            let error = Diagnostic::bad_input("input", "an assumption has two sides");
            return Err(failure(error.hint("write one --assume for each equation").into()));
        };
        let shapes = [left, right].map(|side| program.tree.shape(*side));
        if shapes[0] != shapes[1] {
            let shown = shapes.map(|shape| {
                let side = |size| program.tree.dimensions.display(size);
                format!("{}×{}", side(shape.rows), side(shape.columns))
            });
            let message = format!("the sides of an assumption are {} and {}", shown[0], shown[1]);
            let error = Diagnostic::bad_input("shape", message);
            return Err(failure(
                error.hint("declare the sizes of the variables with --let").into(),
            ));
        }
        read.push([*left, *right]);
    }
    Ok(read)
}

/// The sides of an equation as trees of their own.
fn sides_of(text: &str, program: &Program) -> Result<Vec<Tree>> {
    let numbers = program.tree.variables.iter().filter(|variable| variable.shape.is_scalar());
    let names: Vec<&str> = numbers.map(|variable| variable.name.as_str()).collect();
    let (tree, sides, _) =
        parse_identity_with(text, &names).into_result().map_err(Failure::of(text))?;
    Ok(sides.iter().map(|side| Texts::side(&tree, *side)).collect())
}

fn equal(program: &Program, assumptions: &[[TypedId; 2]]) -> gradus_verify::Verdict {
    let side = |root: &_| Expression { tree: &program.tree, root: *root };
    let sides: Vec<Expression<'_>> = program.results.iter().map(side).collect();
    let assumptions: Vec<[Expression<'_>; 2]> =
        assumptions.iter().map(|equation| [side(&equation[0]), side(&equation[1])]).collect();
    check_equal_assuming(&sides, &assumptions, &Settings::default())
}
