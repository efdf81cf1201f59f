//! The integrand in other forms: multiplied out, in normal form.
//!
//! Must not know other methods.

use super::integrator::{Found, Integrator};
use super::step::Rule;
use crate::expression::{Arena, ExprId, Node};

/// Products with more terms are not multiplied out.
const MOST_TERMS: usize = 60;

/// A product of sums, multiplied out.
pub(super) fn expanded(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let rewritten = multiplied_out(this.arena, integrand)?;
    rewrite(this, integrand, rewritten)
}

/// The normal form.
pub(super) fn normal(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let rewritten = this.arena.normal(integrand);
    rewrite(this, integrand, rewritten)
}

fn rewrite(this: &mut Integrator<'_>, integrand: ExprId, rewritten: ExprId) -> Option<Found> {
    if rewritten == integrand || rewritten == Arena::UNDEFINED {
        return None;
    }
    let part = this.integrate(rewritten)?;
    let value = this.value(part);
    Some(Found { rule: Rule::Rewrite(rewritten), value, parts: vec![part] })
}

/// The product with its sums multiplied out, if there is one among its factors.
pub(super) fn multiplied_out(arena: &mut Arena, id: ExprId) -> Option<ExprId> {
    let [only] = arena.terms(id).try_into().ok()?;
    let coefficient = arena.number(only.coefficient);
    let mut terms = vec![coefficient];
    let mut is_changed = false;
    for factor in arena.factors(only.base) {
        let power = arena.as_integer(factor.exponent).filter(|it| (1..=12).contains(it));
        let sum = match (arena.node(factor.base), power) {
            (Node::Sum(sum), Some(_)) if sum.len() > 1 && arena.depends(factor.base) => sum.clone(),
            _ => {
                let power = arena.power(factor.base, factor.exponent);
                for term in &mut terms {
                    *term = arena.multiply(&[*term, power]);
                }
                continue;
            }
        };
        is_changed = true;
        for _ in 0..power.unwrap_or(1) {
            let mut next = Vec::new();
            for left in &terms {
                for right in &sum {
                    let right = arena.scale(&right.coefficient, right.base);
                    next.push(arena.multiply(&[*left, right]));
                }
            }
            let whole = arena.add(&next);
            let collected = arena.terms(whole);
            if collected.len() > MOST_TERMS {
                return None;
            }
            terms = collected.into_iter().map(|it| arena.scale(&it.coefficient, it.base)).collect();
        }
    }
    if is_changed { Some(arena.add(&terms)) } else { None }
}
