//! Integration by parts.
//!
//! Must not know other methods. What is differentiated is a logarithm or an inverse function, else a
//! power of the variable.

use super::integrator::{Found, Integrator};
use super::shape;
use super::step::Rule;
use crate::expression::{Arena, ExprId, Function, Node};

/// Parts within parts go no deeper.
const MOST_DEPTH: usize = 8;

/// By parts, with each factor that may be differentiated.
pub(super) fn by_parts(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    if this.depth() > MOST_DEPTH || this.arena.terms(integrand).len() != 1 {
        return None;
    }
    let mut candidates: Vec<(u8, ExprId)> = Vec::new();
    for factor in this.arena.factors(integrand) {
        let is_power = this.arena.as_integer(factor.exponent).is_some_and(|it| it > 0);
        let order = match this.arena.node(factor.base).clone() {
            Node::Apply(Function::Log, _) => 0,
            Node::Apply(
                Function::Asin
                | Function::Acos
                | Function::Atan
                | Function::Asinh
                | Function::Acosh
                | Function::Atanh
                | Function::Erf,
                _,
            ) => 1,
            Node::Variable => 2,
            _ if this.arena.terms(factor.base).len() > 1
                && shape::polynomial(this.arena, factor.base).is_some() =>
            {
                3
            }
            _ => continue,
        };
        if is_power && this.arena.depends(factor.base) {
            candidates.push((order, this.arena.power(factor.base, factor.exponent)));
        }
    }
    candidates.sort();
    candidates.into_iter().find_map(|(order, first)| with_first(this, integrand, first, order))
}

fn with_first(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    first: ExprId,
    order: u8,
) -> Option<Found> {
    let other = this.arena.divide(integrand, first);
    if order >= 2 && !this.arena.depends(other) {
        return None;
    }
    let part = this.integrate(other)?;
    let second = this.value(part);
    let slope = this.arena.derivative(first);
    let rest = this.arena.multiply(&[second, slope]);
    let rest = simplified(this.arena, rest);
    let product = this.arena.multiply(&[first, second]);
    if rest == Arena::ZERO {
        return Some(Found::new(Rule::Parts { first, second, rest }, product));
    }
    if order >= 2
        && shape::complexity(this.arena, rest).0 > shape::complexity(this.arena, integrand).0 + 1
    {
        return None;
    }
    let later = this.integrate(rest)?;
    let value = this.value(later);
    let value = this.arena.subtract(product, value);
    Some(Found { rule: Rule::Parts { first, second, rest }, value, parts: vec![part, later] })
}

/// The shorter one of an expression and its normal form.
pub(super) fn simplified(arena: &mut Arena, id: ExprId) -> ExprId {
    let normal = arena.normal(id);
    if normal == Arena::UNDEFINED
        || shape::complexity(arena, id) <= shape::complexity(arena, normal)
    {
        id
    } else {
        normal
    }
}
