//! Whether the sides of an identity with limits or integrals are equal, entry by entry.
//!
//! Must not know how limits and integrals are found.

use gradus_diagnostics::{Class, Result};
use gradus_elaborate::Program;
use gradus_scalar::expression::Zero;
use gradus_scalar::limit::Limit;

use super::entries::Evaluation;
use super::matrix::Entries;
use crate::verification::{Verdict, Verification};

/// The verdict on an identity in which limits or integrals stand and whose sides can be written out;
/// `None` for others. Integrals without bounds are compared up to a constant.
///
/// # Errors
/// A limit or integral does not exist or was not found.
pub(crate) fn equal(program: &Program) -> Result<Option<Verification>> {
    let tree = &program.tree;
    if !tree.has_binders(&program.results) || !program.equations.is_empty() {
        return Ok(None);
    }
    let mut evaluation = Evaluation::new(tree);
    let mut sides = Vec::with_capacity(program.results.len());
    for root in &program.results {
        match evaluation.entries(*root) {
            Ok(entries) => sides.push(entries),
            Err(error) if error.class == Class::Unsupported && !tree.has_binders(&[*root]) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
    }
    let Some((first, others)) = sides.split_first() else { return Ok(None) };
    let constants: Vec<_> = evaluation
        .found
        .iter()
        .filter(|found| found.point.is_none() && found.bounds.is_none())
        .map(|found| found.variable)
        .collect();
    let mut verdict = Verdict::Proved;
    for other in others {
        verdict = weaker(verdict, compared(&mut evaluation, first, other, &constants));
    }
    let method = match verdict {
        Verdict::Proved => Some("exact"),
        Verdict::Confirmed | Verdict::Refuted => Some("numeric"),
        _ => None,
    };
    let reason = match verdict {
        Verdict::Undecided => "an entry could not be compared".to_owned(),
        _ => String::new(),
    };
    Ok(Some(Verification { verdict, method, sizes: Vec::new(), reason }))
}

fn weaker(a: Verdict, b: Verdict) -> Verdict {
    let rank = |verdict| match verdict {
        Verdict::Proved => 0,
        Verdict::Confirmed => 1,
        Verdict::Undecided | Verdict::NotChecked => 2,
        Verdict::Refuted => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}

fn compared(
    evaluation: &mut Evaluation<'_>,
    a: &Entries,
    b: &Entries,
    constants: &[gradus_elaborate::typed::VariableId],
) -> Verdict {
    if (a.rows, a.columns) != (b.rows, b.columns) {
        return Verdict::Refuted;
    }
    let mut verdict = Verdict::Proved;
    for (left, right) in a.cells.iter().zip(&b.cells) {
        let own = match (left, right) {
            (Limit::Finite(left), Limit::Finite(right)) => {
                let mut difference = evaluation.arena.subtract(*left, *right);
                if let [variable] = constants {
                    let symbol = evaluation.symbol(*variable);
                    difference = evaluation.arena.derivative_by(difference, symbol);
                }
                let is_undefined = difference == gradus_scalar::expression::Arena::UNDEFINED;
                match evaluation.arena.is_zero(difference) {
                    _ if is_undefined => Verdict::Undecided,
                    Zero::Yes => Verdict::Proved,
                    Zero::AssumedYes => Verdict::Confirmed,
                    Zero::No => Verdict::Refuted,
                    Zero::AssumedNo => Verdict::Undecided,
                }
            }
            _ if left == right => Verdict::Proved,
            _ => Verdict::Refuted,
        };
        verdict = weaker(verdict, own);
    }
    verdict
}
