//! Hypotheses about a whole product: the transposes of its factors and their order.
//!
//! Must not know whether they repair the claim.

use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator};

use crate::edits::Edit;
use crate::mistake::Mistake;
use crate::surface::Surface;

/// Products of more factors are left alone.
const MOST_FACTORS: usize = 5;
/// Up to so many factors every order is tried; of more, the order reversed.
const MOST_PERMUTED: usize = 4;

/// Every product with other transposes, in other orders.
pub(crate) fn products(claim: &Surface) -> Vec<Edit> {
    let mut edits = Vec::new();
    for at in claim.ids.iter().copied() {
        let Some(factors) = factors(claim, at) else { continue };
        let plain: Vec<(String, bool)> =
            factors.iter().map(|id| untransposed(claim, *id)).collect();
        for order in orders(plain.len()) {
            for turned in 0..1_u32 << plain.len() {
                let factor = |place: &usize| {
                    let (text, is_turned) = &plain[*place];
                    let turn = *is_turned != (turned >> place & 1 == 1);
                    if turn { format!("({text})'") } else { format!("({text})") }
                };
                let instead: Vec<String> = order.iter().map(factor).collect();
                let instead = instead.join("*");
                if let Some(trace) = trace_around(claim, at) {
                    let instead = instead.clone();
                    edits.push(Edit::new(Mistake::TraceExtra, trace, instead));
                }
                edits.push(Edit::new(Mistake::Transposes, at, instead));
            }
        }
    }
    edits
}

/// What stands at several places, transposed or untransposed at all of them.
pub(crate) fn everywhere(claim: &Surface) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (position, at) in claim.ids.iter().copied().enumerate() {
        let same = |other: &ExprId| claim.tree.same_expression(at, &claim.tree, *other);
        if claim.ids[..position].iter().any(same) || matches!(claim.expr(at), Expr::Number(_)) {
            continue;
        }
        let also: Vec<ExprId> = claim.ids[position + 1..].iter().copied().filter(same).collect();
        if also.is_empty() {
            continue;
        }
        let edit = match *claim.expr(at) {
            Expr::Postfix(PostfixOperator::Transpose, inner) => {
                Edit::new(Mistake::TransposeExtra, at, claim.of(inner))
            }
            _ => Edit::new(Mistake::TransposeMissing, at, format!("({})'", claim.of(at))),
        };
        edits.push(Edit { also, ..edit });
    }
    edits
}

/// The trace of which this is the argument.
fn trace_around(claim: &Surface, at: ExprId) -> Option<ExprId> {
    let parent = claim.parent(at)?;
    let Expr::Call { function, .. } = claim.expr(parent) else { return None };
    matches!(claim.tree.text(*function), "tr" | "trace").then_some(parent)
}

/// The factors of the largest product at a place.
fn factors(claim: &Surface, at: ExprId) -> Option<Vec<ExprId>> {
    let is_product =
        |id: ExprId| matches!(claim.expr(id), Expr::Binary(BinaryOperator::Multiply, ..));
    if !is_product(at) || claim.parent(at).is_some_and(is_product) {
        return None;
    }
    let (mut factors, mut pending) = (Vec::new(), vec![at]);
    while let Some(id) = pending.pop() {
        match *claim.expr(id) {
            Expr::Binary(BinaryOperator::Multiply, left, right) => {
                pending.push(right);
                pending.push(left);
            }
            _ => factors.push(id),
        }
    }
    (2..=MOST_FACTORS).contains(&factors.len()).then_some(factors)
}

fn untransposed(claim: &Surface, id: ExprId) -> (String, bool) {
    match *claim.expr(id) {
        Expr::Postfix(PostfixOperator::Transpose, inner) => (claim.of(inner).to_owned(), true),
        _ => (claim.of(id).to_owned(), false),
    }
}

/// Orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count > MOST_PERMUTED {
        return vec![(0..count).collect(), (0..count).rev().collect()];
    }
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for next in 0..count {
        let mut longer = Vec::new();
        for order in &orders {
            for place in (0..=order.len()).rev() {
                let mut order = order.clone();
                order.insert(place, next);
                longer.push(order);
            }
        }
        orders = longer;
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_all_there_once() {
        let mut found = orders(3);
        assert_eq!(found[0], [0, 1, 2]);
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 6);
    }
}
