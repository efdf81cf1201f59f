//! The sizes of identity matrices in a claim that are given nowhere in it: those with which it has the
//! shape of the right formula.
//!
//! Must not know what is wrong with a claim.

use gradus_syntax::tree::ExprId;
use gradus_tensor::Dimensions;
use gradus_verify::Settings;

use crate::question::Question;
use crate::surface::{Surface, plain};
use crate::trial::Trials;

/// Of more identities no sizes are tried.
const MOST_IDENTITIES: usize = 3;
/// Of so many choices of sizes the rest is left.
const MOST_CHOICES: usize = 64;

/// The claim with a size at each `eye`, if it has none of its own that fits and the shape of what is right
/// tells one. Of several the one with which the claim is right.
#[must_use]
pub fn sized(question: Question<'_>) -> Option<String> {
    let expected = question.expected?;
    let trials = Trials::new(question, u32::MAX);
    let names = trials.known();
    let claim = Surface::read(question.claim, &names).ok()?;
    let identities: Vec<ExprId> = claim
        .names()
        .filter(|(_, name)| *name == "eye" && !names.contains(name))
        .map(|(id, _)| id)
        .collect();
    if identities.is_empty() || identities.len() > MOST_IDENTITIES {
        return None;
    }
    let shape_of = |text: &str| {
        let right = trials.read(expected).ok()?;
        let shape = right.program.tree.shape(right.root);
        let read = trials.read_in(right.program, text).ok()?;
        (read.program.tree.shape(read.root) == shape).then_some(read)
    };
    if shape_of(question.claim).is_some() {
        return None;
    }
    let sizes = sizes(&trials);
    let choices = sizes.len().checked_pow(u32::try_from(identities.len()).ok()?)?;
    let mut first = None;
    for choice in 0..choices.min(MOST_CHOICES) {
        let mut rest = choice;
        let mut edits = Vec::new();
        for id in &identities {
            edits.push((*id, format!("eye({})", sizes.get(rest % sizes.len())?)));
            rest /= sizes.len();
        }
        let text = plain(&claim.replaced_all(&edits), &names);
        let Some(read) = shape_of(&text) else { continue };
        if trials.verdict(&read, &Settings::default()).is_verified() {
            return Some(text);
        }
        first = first.or(Some(text));
    }
    first
}

/// The sizes of the variables.
fn sizes(trials: &Trials<'_>) -> Vec<String> {
    let dimensions = &trials.question.program.tree.dimensions;
    let mut sizes: Vec<String> = Vec::new();
    for (_, _, shape) in trials.arrays() {
        for size in [shape.rows, shape.columns] {
            let text = dimensions.display(size);
            if size != Dimensions::ONE && !sizes.contains(&text) {
                sizes.push(text);
            }
        }
    }
    sizes
}
