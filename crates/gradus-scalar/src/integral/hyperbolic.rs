//! Hyperbolic functions: products as sums, and everything by exponentials.
//!
//! Must not know other methods.

use rustc_hash::FxHashMap;

use super::exponential;
use super::integrator::{Found, Integrator};
use super::step::Rule;
use crate::expression::{Arena, ExprId, Function, Node, Rational};

/// Products of hyperbolic sines and cosines.
pub(super) fn linearised(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    exponential::linearised(this, integrand, true)
}

/// The integrand with exponentials in place of the hyperbolic functions.
pub(super) fn as_exponentials(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let rewritten = in_exponentials(this.arena, integrand);
    if rewritten == integrand {
        return None;
    }
    let normal = this.arena.normal(rewritten);
    let chosen = if normal == Arena::UNDEFINED { rewritten } else { normal };
    let part = this.integrate(chosen)?;
    let value = this.value(part);
    Some(Found { rule: Rule::Rewrite(rewritten), value, parts: vec![part] })
}

fn in_exponentials(arena: &mut Arena, id: ExprId) -> ExprId {
    let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
    for at in arena.reachable(id) {
        let image = match *arena.node(at) {
            Node::Apply(function @ (Function::Sinh | Function::Cosh | Function::Tanh), u)
                if arena.depends(u) =>
            {
                let u = images.get(&u).copied().unwrap_or(u);
                by_exponentials(arena, function, u)
            }
            _ => arena.rebuild_node(at, &images),
        };
        images.insert(at, image);
    }
    images.get(&id).copied().unwrap_or(id)
}

fn by_exponentials(arena: &mut Arena, function: Function, u: ExprId) -> ExprId {
    let half = Rational::new(1.into(), 2.into());
    let rise = arena.apply(Function::Exp, u);
    let minus = arena.negate(u);
    let fall = arena.apply(Function::Exp, minus);
    match function {
        Function::Sinh => arena.combine(&[(half.clone(), rise), (-half, fall)]),
        Function::Cosh => arena.combine(&[(half.clone(), rise), (half, fall)]),
        _ => {
            let square = arena.square(rise);
            let (top, bottom) =
                (arena.add(&[square, Arena::MINUS_ONE]), arena.add(&[square, Arena::ONE]));
            arena.divide(top, bottom)
        }
    }
}
