//! The table: powers and functions of linear expressions.
//!
//! Must not know other methods.

use num_traits::One;

use super::integrator::{Found, Integrator};
use super::shape;
use super::step::Rule;
use crate::expression::{Arena, ExprId, Factor, Function, Node, Rational};

/// Powers, exponentials and the elementary functions of `a*x + b`.
pub(super) fn of_linear(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    match this.arena.node(integrand).clone() {
        Node::Variable => power(this, Arena::VARIABLE, Arena::ONE),
        Node::Apply(function, u) => {
            let (slope, _) = shape::linear(this.arena, u)?;
            let value = of_function(this.arena, function, u)?;
            Some(divided(this, Rule::Table(function), value, slope))
        }
        Node::Product(factors) => match factors.as_slice() {
            [Factor { base, exponent }] if !this.arena.depends(*exponent) => {
                let square = this.arena.as_integer(*exponent) == Some(-2);
                match this.arena.node(*base).clone() {
                    Node::Apply(function, u) if square => {
                        let (slope, _) = shape::linear(this.arena, u)?;
                        let value = of_reciprocal_square(this.arena, function, u)?;
                        Some(divided(this, Rule::ReciprocalSquare, value, slope))
                    }
                    Node::Variable | Node::Sum(_) => power(this, *base, *exponent),
                    _ => None,
                }
            }
            [Factor { base, exponent }] if !this.arena.depends(*base) => {
                let (slope, _) = shape::linear(this.arena, *exponent)?;
                let logarithm = this.arena.apply(Function::Log, *base);
                this.require_nonzero(logarithm);
                let value = this.arena.divide(integrand, logarithm);
                Some(divided(this, Rule::ConstantBase, value, slope))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Divides by the slope of the linear expression.
fn divided(this: &mut Integrator<'_>, rule: Rule, value: ExprId, slope: ExprId) -> Found {
    this.require_nonzero(slope);
    let inverse = this.arena.power(slope, Arena::MINUS_ONE);
    Found::new(rule, super::integrator::times(this.arena, inverse, value))
}

fn power(this: &mut Integrator<'_>, base: ExprId, exponent: ExprId) -> Option<Found> {
    let (slope, _) = shape::linear(this.arena, base)?;
    if exponent == Arena::MINUS_ONE {
        let value = logarithm_of_size(this.arena, base);
        return Some(divided(this, Rule::Reciprocal, value, slope));
    }
    let next = this.arena.add(&[exponent, Arena::ONE]);
    this.require_nonzero(next);
    let raised = this.arena.power(base, next);
    let value = this.arena.divide(raised, next);
    Some(divided(this, Rule::Power, value, slope))
}

/// `log(abs(u))`
pub(super) fn logarithm_of_size(arena: &mut Arena, u: ExprId) -> ExprId {
    let (_, core) = arena.content(u);
    let size = arena.apply(Function::Abs, core);
    arena.apply(Function::Log, size)
}

/// An antiderivative of `function(u)` by u.
fn of_function(arena: &mut Arena, function: Function, u: ExprId) -> Option<ExprId> {
    Some(match function {
        Function::Exp => arena.apply(Function::Exp, u),
        Function::Sin => {
            let cosine = arena.apply(Function::Cos, u);
            arena.negate(cosine)
        }
        Function::Cos => arena.apply(Function::Sin, u),
        Function::Tan => {
            let cosine = arena.apply(Function::Cos, u);
            let logarithm = logarithm_of_size(arena, cosine);
            arena.negate(logarithm)
        }
        Function::Sinh => arena.apply(Function::Cosh, u),
        Function::Cosh => arena.apply(Function::Sinh, u),
        Function::Tanh => {
            let cosine = arena.apply(Function::Cosh, u);
            arena.apply(Function::Log, cosine)
        }
        Function::Abs => {
            let size = arena.apply(Function::Abs, u);
            let product = arena.multiply(&[u, size]);
            arena.scale(&Rational::new(One::one(), 2.into()), product)
        }
        Function::Sign => arena.apply(Function::Abs, u),
        _ => return None,
    })
}

/// An antiderivative of `1/function(u)^2` by u.
fn of_reciprocal_square(arena: &mut Arena, function: Function, u: ExprId) -> Option<ExprId> {
    let (sine, is_negative, top) = match function {
        Function::Cos => return Some(arena.apply(Function::Tan, u)),
        Function::Cosh => return Some(arena.apply(Function::Tanh, u)),
        Function::Sin => (Function::Sin, true, Function::Cos),
        Function::Sinh => (Function::Sinh, true, Function::Cosh),
        _ => return None,
    };
    let (top, bottom) = (arena.apply(top, u), arena.apply(sine, u));
    let quotient = arena.divide(top, bottom);
    Some(if is_negative { arena.negate(quotient) } else { quotient })
}
