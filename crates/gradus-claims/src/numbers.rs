//! The hypothesis that a claim is right for numbers only: the scalar chain rule, used on matrices.
//!
//! Must not know the claim's parts.

use gradus_elaborate::typed::Nature;
use gradus_elaborate::{Options, Source, elaborate};
use gradus_syntax::tree::{Expr, Statement};
use gradus_syntax::{parse_declarations, parse_with};

use crate::mistake::{Diagnosis, Mistake};
use crate::question::Question;
use crate::surface::{Surface, inlined};
use crate::trial::{Read, Trials};

/// The claim where every variable is a number, if it is right there.
pub(crate) fn numbers_only(trials: &Trials<'_>) -> Vec<Diagnosis> {
    tried(trials).unwrap_or_default()
}

fn tried(trials: &Trials<'_>) -> Option<Vec<Diagnosis>> {
    let derivative = trials.derivative()?;
    let Question { program, text, claim, .. } = trials.question;
    let variables = &program.tree.variables;
    let plain = variables
        .iter()
        .all(|variable| variable.nature == Nature::Array && variable.family.is_empty());
    if !plain || variables.iter().all(|variable| variable.shape.is_scalar()) {
        return None;
    }
    let own = variables.iter().filter(|variable| variable.differential_of.is_none());
    let names: Vec<&str> = own.map(|variable| variable.name.as_str()).collect();
    let declared = format!("{}: scalar", names.join(", "));
    let known = trials.known();
    let (declarations, _) = parse_declarations(&declared).into_result().ok()?;
    let (mut function, _) = parse_with(text, &known).into_result().ok()?;
    function.statements.retain(|(statement, _)| !matches!(statement, Statement::Declaration(_)));
    let options =
        Options { declarations: &[Source::new(&declared, &declarations)], same_shape: false };
    let scalars = elaborate(&[Source::new(text, &function)], &options).ok()?;
    let read: Read = trials.read_in(scalars, claim).ok()?;
    if !trials.meets(&read, trials.question.target) {
        return None;
    }
    let [variable] = derivative.wrt.as_slice() else { return None };
    let mistake = match inverts(trials, variable) {
        Some(true) => Mistake::InverseSandwich,
        _ => Mistake::NumbersOnly,
    };
    // A function with two derivatives has no single one to show.
    let right = trials.question.expected.filter(|right| !right.contains('\n'))?;
    Some(vec![Diagnosis {
        mistake,
        place: None,
        also: Vec::new(),
        found: claim.to_owned(),
        instead: right.to_owned(),
        repaired: right.to_owned(),
    }])
}

/// Whether the function inverts the variable, and the claim does so on one side only.
fn inverts(trials: &Trials<'_>, variable: &str) -> Option<bool> {
    let names = trials.known();
    let claim = Surface::read(trials.question.claim, &names).ok()?;
    let function = inlined(trials.question.text, &names)?;
    let is_sandwich = claim.text.matches("inv(").count() > 1;
    Some(
        inverted(&Surface::read(&function, &names).ok()?, variable)
            && inverted(&claim, variable)
            && !is_sandwich,
    )
}

/// Whether an inverse of something with the variable stands in a formula.
fn inverted(claim: &Surface, variable: &str) -> bool {
    claim.names().filter(|(_, name)| *name == variable).any(|(id, _)| {
        let mut at = Some(id);
        while let Some(id) = at {
            if let Expr::Call { function, .. } = claim.expr(id)
                && matches!(claim.tree.text(*function), "inv" | "inverse")
            {
                return true;
            }
            at = claim.parent(id);
        }
        false
    })
}
