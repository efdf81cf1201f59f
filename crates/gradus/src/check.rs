//! Whether the sides of an identity are equal.
//!
//! Must not know derivatives.

use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_verify::{Expression, Settings, check_equal};

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
    let program = elaborate(&sides, &options).map_err(|error| texts.failure(error))?;
    Ok(Checked {
        reading: announcement(&program),
        notes: notes(&texts, &program),
        verification: Verification::from(&equal(&program)),
    })
}

fn equal(program: &Program) -> gradus_verify::Verdict {
    let side = |root: &_| Expression { tree: &program.tree, root: *root };
    let sides: Vec<Expression<'_>> = program.results.iter().map(side).collect();
    check_equal(&sides, &Settings::default())
}
