//! The hypothesis that of a product only some factors were differentiated.
//!
//! Must not know the claim's parts. Where the variable stands several times in the function, the claim is
//! compared with the derivative in which only some of these places vary: the others hold a copy of the
//! variable, of which is assumed that it has the same value.

use gradus_diagnostics::Span;
use gradus_syntax::tree::ExprId;

use crate::mistake::{Diagnosis, Mistake, Place};
use crate::surface::{Surface, inlined};
use crate::trial::Trials;

/// Where the variable stands more often, one place at a time is tried to be forgotten, or remembered.
const MOST_SUBSETS: usize = 4;
/// Where it stands more often than this, nothing is tried.
const MOST_PLACES: usize = 12;

/// The claim as the derivative by some of the places of the variable only.
pub(crate) fn forgotten(trials: &Trials<'_>) -> Vec<Diagnosis> {
    tried(trials).unwrap_or_default()
}

fn tried(trials: &Trials<'_>) -> Option<Vec<Diagnosis>> {
    let derivative = trials.derivative()?;
    let [variable] = derivative.wrt.as_slice() else { return None };
    let names = trials.known();
    let text = inlined(trials.question.text, &names)?;
    let surface = Surface::read(&text, &names).ok()?;
    let places: Vec<ExprId> =
        surface.names().filter(|(_, name)| name == variable).map(|(id, _)| id).collect();
    if !(2..=MOST_PLACES).contains(&places.len()) {
        return None;
    }
    let mut copy = format!("{variable}_");
    while trials.names.contains(&copy) {
        copy.push('_');
    }
    for held in subsets(places.len()) {
        let edits: Vec<(ExprId, String)> =
            held.iter().map(|at| (places[*at], copy.clone())).collect();
        let function = surface.replaced_all(&edits);
        if holds(trials, &function, variable, &copy) == Some(true) {
            return Some(vec![diagnosis(trials, &surface, &places, &held)]);
        }
    }
    None
}

/// Whether the claim is the derivative of this function by the variable where the copy is equal to it.
fn holds(trials: &Trials<'_>, function: &str, variable: &str, copy: &str) -> Option<bool> {
    let mut program = trials.question.program.clone();
    let id = program.tree.variable_named(variable)?;
    program.name_direction(copy, id).ok()?;
    let read = trials.read_in(program, function).ok()?;
    let mut program = read.program;
    *program.results.first_mut()? = read.root;
    let left = trials.read_in(program, copy).ok()?;
    let right = trials.read_in(left.program, variable).ok()?;
    let claim = trials.read_in(right.program, trials.question.claim).ok()?;
    Some(trials.meets_assuming(&claim, trials.question.target, &[[left.root, right.root]]))
}

/// The places that are held: few at first, all but one at last.
fn subsets(count: usize) -> Vec<Vec<usize>> {
    if count > MOST_SUBSETS {
        let one = (0..count).map(|at| vec![at]);
        let rest = (0..count).map(|at| (0..count).filter(|other| *other != at).collect());
        return one.chain(rest).collect();
    }
    let mut subsets: Vec<Vec<usize>> = (1..(1_u32 << count) - 1)
        .map(|mask| (0..count).filter(|at| mask >> at & 1 == 1).collect())
        .collect();
    subsets.sort_by_key(Vec::len);
    subsets
}

fn diagnosis(
    trials: &Trials<'_>,
    surface: &Surface,
    places: &[ExprId],
    held: &[usize],
) -> Diagnosis {
    let (program, text) = (trials.question.text, surface.text.as_str());
    // The place is known where the program is one expression.
    let offset = program.find(text).filter(|_| !program.contains(';'));
    let place = held.first().zip(offset).map(|(first, offset)| {
        let span = surface.tree.span(places[*first]);
        let shift = |at: u32| at as usize + offset;
        Place::Program(Span::new(shift(span.start), shift(span.end)))
    });
    let list: Vec<String> = held.iter().map(|at| (at + 1).to_string()).collect();
    Diagnosis {
        mistake: Mistake::Occurrence,
        place,
        also: Vec::new(),
        found: surface.of(places[0]).to_owned(),
        instead: list.join(", "),
        repaired: trials.question.expected.unwrap_or(trials.question.claim).to_owned(),
    }
}
