//! Hypotheses about a whole product: the transposes of its factors and their order.
//!
//! Must not know whether they repair the claim.

use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, UnaryOperator};

use crate::edits::{Edit, is_transposed};
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
        let is_number = |place: usize| matches!(claim.expr(factors[place]), Expr::Number(_));
        for order in orders(plain.len()) {
            let turns = 0..1_u32 << plain.len();
            for turned in turns.filter(|turned| {
                (0..plain.len()).all(|place| !is_number(place) || turned >> place & 1 == 0)
            }) {
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
            _ if is_transposed(claim, at) => continue,
            _ => Edit::new(Mistake::TransposeMissing, at, format!("({})'", claim.of(at))),
        };
        edits.push(Edit { also, ..edit });
    }
    edits
}

/// Every product in other orders.
pub(crate) fn permuted(claim: &Surface) -> Vec<Edit> {
    let mut edits = Vec::new();
    for at in claim.ids.iter().copied() {
        let Some(factors) = factors(claim, at) else { continue };
        let (numbers, factors): (Vec<ExprId>, Vec<ExprId>) =
            factors.into_iter().partition(|id| is_number(claim, *id));
        for order in orders(factors.len()).into_iter().skip(1) {
            let factors = order.iter().map(|place| &factors[*place]);
            edits.push(Edit::new(Mistake::Order, at, joined(claim, numbers.iter().chain(factors))));
        }
    }
    edits
}

/// Every product with elementwise products between some of its factors.
pub(crate) fn elementwise(claim: &Surface) -> Vec<Edit> {
    let mut edits = Vec::new();
    for at in claim.ids.iter().copied() {
        let Some(factors) = factors(claim, at) else { continue };
        let (numbers, factors): (Vec<ExprId>, Vec<ExprId>) =
            factors.into_iter().partition(|id| is_number(claim, *id));
        if factors.len() < 2 {
            continue;
        }
        let number: String =
            numbers.iter().map(|number| format!("({})*", claim.of(*number))).collect();
        for cuts in 1..1_u32 << (factors.len() - 1) {
            for (tight, loose) in [("*", ".*"), (".*", "*")] {
                let instead = grouped(claim, &factors, cuts, [tight, loose]);
                edits.push(Edit::new(Mistake::Elementwise, at, format!("{number}{instead}")));
            }
        }
        // A transpose that made the matrix product fit falls with it.
        let texts: Vec<String> =
            factors.iter().map(|id| format!("({})", untransposed(claim, *id).0)).collect();
        edits.push(Edit::new(Mistake::Elementwise, at, format!("{number}{}", texts.join(".*"))));
    }
    edits
}

/// The factors in groups; the cuts say before which of them a group begins.
fn grouped(claim: &Surface, factors: &[ExprId], cuts: u32, [tight, loose]: [&str; 2]) -> String {
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (place, id) in factors.iter().enumerate() {
        let text = format!("({})", claim.of(*id));
        match groups.last_mut() {
            Some(group) if cuts >> (place - 1) & 1 == 0 => group.push(text),
            _ => groups.push(vec![text]),
        }
    }
    let groups: Vec<String> =
        groups.iter().map(|group| format!("({})", group.join(tight))).collect();
    groups.join(loose)
}

/// The factors of a part as they stand, its numbers apart.
pub(crate) fn numbers_first(claim: &Surface, at: ExprId) -> (Vec<ExprId>, Vec<ExprId>) {
    flattened(claim, at).into_iter().partition(|id| is_number(claim, *id))
}

/// The product of some parts as text.
pub(crate) fn joined<'i>(claim: &Surface, factors: impl Iterator<Item = &'i ExprId>) -> String {
    let factors: Vec<String> = factors.map(|id| format!("({})", claim.of(*id))).collect();
    factors.join("*")
}

/// The transpose of the product of some parts, transposed one by one.
pub(crate) fn transposed<'i>(claim: &Surface, factors: impl Iterator<Item = &'i ExprId>) -> String {
    let mut factors: Vec<String> = factors
        .map(|id| match untransposed(claim, *id) {
            (text, true) => format!("({text})"),
            (text, false) => format!("({text})'"),
        })
        .collect();
    factors.reverse();
    factors.join("*")
}

/// A number, or a quotient of numbers.
fn is_number(claim: &Surface, id: ExprId) -> bool {
    match *claim.expr(id) {
        Expr::Number(_) => true,
        Expr::Unary(UnaryOperator::Minus, inner) => matches!(claim.expr(inner), Expr::Number(_)),
        Expr::Binary(BinaryOperator::Divide, left, right) => {
            [left, right].into_iter().all(|id| matches!(claim.expr(id), Expr::Number(_)))
        }
        _ => false,
    }
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
    let factors = flattened(claim, at);
    (2..=MOST_FACTORS).contains(&factors.len()).then_some(factors)
}

/// The factors of a product; of anything else it alone.
fn flattened(claim: &Surface, at: ExprId) -> Vec<ExprId> {
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
    factors
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
