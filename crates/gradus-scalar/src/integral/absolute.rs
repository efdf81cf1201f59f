//! Integrands with the size or the sign of a linear expression.
//!
//! Must not know other methods. On each side of the zero the sign is a constant; the antiderivative is
//! put together so that it is continuous there.

use rustc_hash::FxHashMap;

use super::integrator::{Found, Integrator};
use super::shape;
use super::step::Rule;
use crate::expression::{Arena, ExprId, Function, Node, Rational, Sign};

/// `a + b*sign(u)`, with `abs(u) = u*sign(u)`.
pub(super) fn piecewise(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let inner = only_inner(this.arena, integrand)?;
    let (slope, constant) = shape::linear(this.arena, inner)?;
    let arena = &mut *this.arena;
    let quotient = arena.divide(constant, slope);
    let root = arena.negate(quotient);
    // With the sign one and minus one: a is half the sum, b half the difference.
    let (above, below) =
        (with_sign(arena, integrand, inner, 1), with_sign(arena, integrand, inner, -1));
    if above == Arena::UNDEFINED || below == Arena::UNDEFINED {
        return None;
    }
    let half = Rational::new(1.into(), 2.into());
    let even = arena.combine(&[(half.clone(), above), (half.clone(), below)]);
    let odd = arena.combine(&[(half.clone(), above), (-half, below)]);
    let (even, odd) = (arena.normal(even), arena.normal(odd));
    if odd == Arena::UNDEFINED || odd == Arena::ZERO || even == Arena::UNDEFINED {
        return None;
    }
    let sign = this.arena.apply(Function::Sign, inner);
    let product = this.arena.multiply(&[sign, odd]);
    let rewritten = this.arena.add(&[even, product]);
    let first = this.integrate(even)?;
    let second = this.integrate(odd)?;
    let (even, odd) = (this.value(first), this.value(second));
    let arena = &mut *this.arena;
    let at_root = arena.substitute(odd, root);
    if at_root == Arena::UNDEFINED {
        return None;
    }
    let shifted = arena.subtract(odd, at_root);
    let value = signed(arena, sign, inner, shifted);
    let value = arena.add(&[even, value]);
    Some(Found { rule: Rule::Rewrite(rewritten), value, parts: vec![first, second] })
}

/// `sign(u)*value`, as `abs(u)*(value/u)` for a polynomial that u divides.
fn signed(arena: &mut Arena, sign: ExprId, inner: ExprId, value: ExprId) -> ExprId {
    let quotient = arena.divide(value, inner);
    let normal = arena.normal(quotient);
    let is_polynomial = normal != Arena::UNDEFINED && shape::polynomial(arena, normal).is_some();
    if is_polynomial {
        let size = arena.apply(Function::Abs, inner);
        arena.multiply(&[size, normal])
    } else {
        arena.multiply(&[sign, value])
    }
}

/// The one expression whose size or sign is taken.
fn only_inner(arena: &Arena, id: ExprId) -> Option<ExprId> {
    let mut found = None;
    for at in arena.reachable(id) {
        if let Node::Apply(Function::Abs | Function::Sign, inner) = *arena.node(at)
            && arena.depends(inner)
        {
            if found.is_some_and(|known| known != inner) {
                return None;
            }
            found = Some(inner);
        }
    }
    found
}

/// The expression on one side of the zero.
pub(super) fn with_sign(arena: &mut Arena, id: ExprId, inner: ExprId, sign: i64) -> ExprId {
    let size = arena.scale(&Rational::from_integer(sign.into()), inner);
    let sign = arena.integer(sign);
    let mut images = FxHashMap::default();
    for at in arena.reachable(id) {
        match *arena.node(at) {
            Node::Apply(Function::Abs, u) if u == inner => images.insert(at, size),
            Node::Apply(Function::Sign, u) if u == inner => images.insert(at, sign),
            _ => None,
        };
    }
    arena.rebuild(id, &mut images)
}

/// Whether the expression is zero by exact rewriting on all sides of the zeros of what sizes and signs
/// are taken of.
pub(super) fn is_zero_on_all_sides(arena: &mut Arena, id: ExprId) -> bool {
    let mut inner: Vec<ExprId> = Vec::new();
    for at in arena.reachable(id) {
        if let Node::Apply(Function::Abs | Function::Sign, u) = *arena.node(at)
            && arena.sign(u) == Sign::Unknown
            && !inner.contains(&u)
        {
            inner.push(u);
        }
    }
    if inner.is_empty() || inner.len() > 3 {
        return false;
    }
    (0..1_u32 << inner.len()).all(|choice| {
        let mut case = id;
        // The outermost first, so that what stands inside is still there to be found.
        for (at, u) in inner.iter().enumerate().rev() {
            let sign = if choice >> at & 1 == 1 { 1 } else { -1 };
            case = with_sign(arena, case, *u, sign);
        }
        case != Arena::UNDEFINED && arena.normal(case) == Arena::ZERO
    })
}
