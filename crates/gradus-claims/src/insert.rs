//! Hypotheses of what is missing: a factor or a term at every place of a claim.
//!
//! Must not know whether it repairs the claim.

use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator};

use crate::align::Right;
use crate::edits::Edit;
use crate::mistake::Mistake;
use crate::surface::Surface;
use crate::trial::Trials;

/// Factors longer than this are not tried.
const LONGEST_FACTOR: usize = 24;

/// A missing factor at every place: variables, and the parts of the right formula.
pub(crate) fn factors(trials: &Trials<'_>, claim: &Surface, right: Option<&Right>) -> Vec<Edit> {
    let mut factors: Vec<String> = Vec::new();
    let mut offer = |text: String| {
        if !factors.contains(&text) && text.len() <= LONGEST_FACTOR {
            factors.push(text);
        }
    };
    for right in right.into_iter().flat_map(Right::texts) {
        offer(right.to_owned());
    }
    for name in &trials.names {
        offer(name.clone());
        offer(format!("{name}'"));
    }
    let mut edits = Vec::new();
    for at in claim.ids.iter().copied().filter(|id| is_factor(claim, *id)) {
        let whole = claim.of(at);
        for factor in &factors {
            let is_inverse =
                factor.starts_with("inv(") && claim.ids.iter().any(|id| claim.of(*id) == factor);
            let mistake =
                if is_inverse { Mistake::InverseSandwich } else { Mistake::FactorMissing };
            for instead in [
                format!("({factor})*({whole})"),
                format!("({whole})*({factor})"),
                format!("({factor}).*({whole})"),
                format!("({whole})./({factor})"),
            ] {
                edits.push(Edit::new(mistake.clone(), at, instead));
            }
        }
    }
    edits
}

/// A missing term at every place where a sum may stand.
pub(crate) fn terms(claim: &Surface, right: Option<&Right>) -> Vec<Edit> {
    let mut terms: Vec<String> = right.map(Right::terms).unwrap_or_default();
    for id in &claim.ids {
        let is_term = match claim.parent(*id) {
            None => true,
            Some(parent) => matches!(
                claim.expr(parent),
                Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..)
            ),
        };
        let text = claim.of(*id);
        if is_term && !terms.iter().any(|term| term == text) {
            terms.push(text.to_owned());
        }
    }
    let mut edits = Vec::new();
    for at in claim.ids.iter().copied() {
        let whole = claim.of(at);
        // A part with its own transpose is what symmetry makes.
        let own = std::iter::once(format!("({whole})'"));
        for term in terms.iter().cloned().chain(own) {
            let term = term.strip_prefix('-').unwrap_or(&term);
            for instead in [format!("({whole})+({term})"), format!("({whole})-({term})")] {
                edits.push(Edit::new(Mistake::TermMissing, at, instead));
            }
        }
    }
    edits
}

/// Whether a further factor beside this part is not as well one beside what is around it.
fn is_factor(claim: &Surface, id: ExprId) -> bool {
    // A factor that only gives the identity its size is none.
    !matches!(claim.expr(id), Expr::Number(_))
        && claim.of(id) != "eye"
        && claim.parent(id).is_none_or(|parent| {
            !matches!(claim.expr(parent), Expr::Postfix(PostfixOperator::Transpose, _))
        })
}
