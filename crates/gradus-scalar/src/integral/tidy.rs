//! Antiderivatives as a textbook would write them. They are compared by their derivatives afterwards, so
//! that a constant may change.
//!
//! Must not know how they were found.

use rustc_hash::FxHashMap;

use super::shape;
use crate::expression::{Arena, ExprId, Function, Node, Rational};

/// Polynomials of greater degree are not multiplied out.
const MOST_EXPANDED: usize = 9;

/// A tidier form, equal up to a constant wherever both are smooth.
pub(super) fn tidied(arena: &mut Arena, id: ExprId) -> ExprId {
    let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
    for at in arena.reachable(id) {
        let rebuilt = arena.rebuild_node(at, &images);
        let image = tidied_node(arena, rebuilt);
        images.insert(at, image);
    }
    let rebuilt = images.get(&id).copied().unwrap_or(id);
    let grouped = grouped(arena, rebuilt);
    without_constants(arena, grouped)
}

/// A term: polynomials on one side, all other factors on the other.
fn split(arena: &mut Arena, base: ExprId) -> (ExprId, ExprId) {
    let (mut polynomials, mut others) = (Vec::new(), Vec::new());
    for factor in arena.factors(base) {
        let power = arena.power(factor.base, factor.exponent);
        let is_base = arena.depends(factor.base)
            && !arena.depends(factor.exponent)
            && shape::polynomial(arena, factor.base).is_some();
        let exponent = arena.as_number(factor.exponent).cloned();
        match exponent.filter(|_| is_base) {
            Some(number) if number >= Rational::from_integer(0.into()) => {
                let whole = arena.number(number.floor());
                polynomials.push(arena.power(factor.base, whole));
                let rest = arena.subtract(factor.exponent, whole);
                others.push(arena.power(factor.base, rest));
            }
            _ if !arena.depends(power) => polynomials.push(power),
            _ => others.push(power),
        }
    }
    (arena.multiply(&polynomials), arena.multiply(&others))
}

/// A term of the sum while it is collected: a number, and the polynomial and the whole that it
/// multiplies.
struct Member {
    coefficient: Rational,
    polynomial: ExprId,
    base: ExprId,
}

/// Terms that differ in a polynomial factor only are collected.
fn grouped(arena: &mut Arena, id: ExprId) -> ExprId {
    let mut groups: Vec<(ExprId, Vec<Member>)> = Vec::new();
    let terms = arena.terms(id);
    if terms.len() < 2 {
        return id;
    }
    let mut open: Vec<(Rational, ExprId)> =
        terms.into_iter().rev().map(|term| (term.coefficient, term.base)).collect();
    let mut room = 200_usize;
    while let Some((coefficient, base)) = open.pop() {
        let (polynomial, other) = split(arena, base);
        // polynomial*(a + b) with nothing else is multiplied out
        let parts = arena.terms(other);
        if parts.len() > 1 && room > parts.len() {
            room -= parts.len();
            for part in parts.into_iter().rev() {
                let product = arena.multiply(&[polynomial, part.base]);
                for term in arena.terms(product) {
                    open.push((&coefficient * &part.coefficient * term.coefficient, term.base));
                }
            }
            continue;
        }
        let member = Member { coefficient, polynomial, base };
        match groups.iter_mut().find(|(known, _)| *known == other) {
            Some((_, members)) => members.push(member),
            None => groups.push((other, vec![member])),
        }
    }
    let mut sum = Vec::new();
    for (other, members) in groups {
        if let [only] = members.as_slice() {
            sum.push((only.coefficient.clone(), only.base));
            continue;
        }
        let list: Vec<_> =
            members.into_iter().map(|member| (member.coefficient, member.polynomial)).collect();
        let collected = arena.combine(&list);
        let collected = match shape::polynomial(arena, collected) {
            Some(polynomial) if polynomial.degree() <= Some(MOST_EXPANDED) => {
                shape::written(arena, &polynomial, Arena::VARIABLE)
            }
            _ => collected,
        };
        let product = arena.multiply(&[collected, other]);
        sum.push((Rational::from_integer(1.into()), product));
    }
    arena.combine(&sum)
}

fn tidied_node(arena: &mut Arena, id: ExprId) -> ExprId {
    match arena.node(id).clone() {
        Node::Sum(_) if arena.depends(id) => match shape::polynomial(arena, id) {
            Some(polynomial) if polynomial.degree() <= Some(4) => {
                let expanded = shape::written(arena, &polynomial, Arena::VARIABLE);
                if arena.size(expanded) < arena.size(id) { expanded } else { id }
            }
            _ => id,
        },
        Node::Apply(Function::Atan, inner) => {
            shape::argument_of(arena, inner, Function::Tan).unwrap_or(id)
        }
        Node::Apply(Function::Atanh, inner) => {
            shape::argument_of(arena, inner, Function::Tanh).unwrap_or(id)
        }
        Node::Apply(Function::Cosh, inner) => {
            match shape::argument_of(arena, inner, Function::Asinh) {
                Some(u) => root_of_square(arena, u, 1),
                None => id,
            }
        }
        Node::Apply(Function::Sinh, inner) => {
            match shape::argument_of(arena, inner, Function::Acosh) {
                Some(u) => root_of_square(arena, u, -1),
                None => id,
            }
        }
        Node::Apply(Function::Log, inner) => logarithm_of_secant(arena, inner).unwrap_or(id),
        Node::Apply(Function::Abs, inner) if is_definite(arena, inner) => inner,
        Node::Apply(Function::Exp, inner) => {
            let mut terms = Vec::new();
            for term in arena.terms(inner) {
                let part = super::rewriting::multiplied_out(arena, term.base).unwrap_or(term.base);
                terms.push((term.coefficient, part));
            }
            let argument = arena.combine(&terms);
            arena.apply(Function::Exp, argument)
        }
        _ => id,
    }
}

/// `√(u² + constant)`
fn root_of_square(arena: &mut Arena, u: ExprId, constant: i64) -> ExprId {
    let square = arena.square(u);
    let constant = arena.integer(constant);
    let sum = arena.add(&[square, constant]);
    arena.square_root(sum)
}

/// `log(1 + tan²)` is `−2*log(abs(cos))`.
fn logarithm_of_secant(arena: &mut Arena, inner: ExprId) -> Option<ExprId> {
    let inner = shape::argument_of(arena, inner, Function::Abs).unwrap_or(inner);
    let terms = arena.terms(inner);
    let [a, b] = terms.as_slice() else { return None };
    let one = Rational::from_integer(1.into());
    if a.coefficient != one || b.coefficient != one || a.base != Arena::ONE {
        return None;
    }
    let [factor] = arena.factors(b.base).try_into().ok()?;
    let argument = shape::argument_of(arena, factor.base, Function::Tan)?;
    if arena.as_integer(factor.exponent) != Some(2) {
        return None;
    }
    let cosine = arena.apply(Function::Cos, argument);
    let logarithm = super::table::logarithm_of_size(arena, cosine);
    Some(arena.scale(&Rational::from_integer((-2).into()), logarithm))
}

/// A quadratic polynomial without real roots, opened upwards.
fn is_definite(arena: &mut Arena, id: ExprId) -> bool {
    let Some(polynomial) = shape::polynomial(arena, id) else { return false };
    let Some(numbers) = shape::with_numbers(arena, &polynomial) else { return false };
    let [c, b, a] = numbers.coefficients() else { return false };
    let zero = Rational::from_integer(0.into());
    *a > zero && b * b < a * c * Rational::from_integer(4.into())
}

/// Constant terms are left out.
fn without_constants(arena: &mut Arena, id: ExprId) -> ExprId {
    let terms = arena.terms(id);
    let kept: Vec<_> = terms
        .iter()
        .filter(|term| arena.depends(term.base))
        .map(|term| (term.coefficient.clone(), term.base))
        .collect();
    if kept.len() == terms.len() { id } else { arena.combine(&kept) }
}
