//! Integrals of expressions of one real variable.
//!
//! Must not know matrices or texts. An antiderivative is searched by the methods of a textbook
//! (`integrator.rs` has them in order), and is returned only if its derivative is the integrand.

mod absolute;
mod constants;
mod definite;
mod exponential;
mod hyperbolic;
mod integrator;
mod interval;
mod numeric;
mod parts;
mod radical;
mod rational;
mod real_factors;
mod rewriting;
mod shape;
mod step;
mod substitution;
mod table;
mod tidy;
mod trigonometric;
mod zeros;

pub use definite::{Definite, NoIntegral, Value, definite};
pub use numeric::Approximation;
pub use step::{Rule, Step, StepId};
pub use zeros::Bound;

use crate::expression::{Arena, ExprId, Zero};
use integrator::Integrator;

/// An antiderivative.
#[derive(Clone, Debug)]
pub struct Antiderivative {
    /// The antiderivative, without constant of integration.
    pub value: ExprId,
    /// Whether the derivative was shown to be the integrand by values to many digits alone.
    pub is_assumed: bool,
    /// Expressions that must not be zero, in symbols other than the variable.
    pub nonzero: Vec<ExprId>,
    /// The steps, parts before what uses them; the last one solves the integral that was asked. Each was
    /// differentiated; there are none if one of them could not be verified.
    pub steps: Vec<Step>,
}

/// Why there is no antiderivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsolved {
    /// The integrand has no value.
    Undefined,
    /// No elementary form was found.
    NotFound,
    /// The sign of an expression decides on the form of the answer, and is not known.
    NeedsSign(ExprId),
    /// The work is used up.
    Exhausted,
    /// What was found does not have the integrand for derivative: an error of a method.
    Refuted,
}

/// An antiderivative of the integrand by the variable, verified.
///
/// # Errors
///
/// None is found within the budget of the arena.
pub fn antiderivative(arena: &mut Arena, integrand: ExprId) -> Result<Antiderivative, Unsolved> {
    if integrand == Arena::UNDEFINED {
        return Err(Unsolved::Undefined);
    }
    let mut search = Integrator::new(arena);
    let root = search.integrate(integrand);
    let is_spent = search.is_spent();
    let (steps, nonzero, open_sign) = (search.steps, search.nonzero, search.open_sign);
    let Some(root) = root else {
        return Err(match open_sign {
            _ if is_spent => Unsolved::Exhausted,
            Some(id) => Unsolved::NeedsSign(id),
            None => Unsolved::NotFound,
        });
    };
    let found = steps.get(root.position()).map_or(Arena::UNDEFINED, |step| step.value);
    let tidy = tidy::tidied(arena, found);
    for value in [tidy, found] {
        if let Some(is_assumed) = verified(arena, value, integrand) {
            let steps = verified_steps(arena, &steps, root);
            return Ok(Antiderivative { value, is_assumed, nonzero, steps });
        }
    }
    Err(if arena.is_exhausted() { Unsolved::Exhausted } else { Unsolved::Refuted })
}

/// The steps that lead to the root, if the derivative of each value is its integrand.
fn verified_steps(arena: &mut Arena, steps: &[Step], root: StepId) -> Vec<Step> {
    let steps = step::leading_to(steps, root);
    let is_verified =
        steps.iter().all(|step| verified(arena, step.value, step.integrand).is_some());
    if is_verified && !arena.is_exhausted() { steps } else { Vec::new() }
}

/// Whether the derivative of a value is the integrand, and whether that is an assumption.
fn verified(arena: &mut Arena, value: ExprId, integrand: ExprId) -> Option<bool> {
    let slope = arena.derivative(value);
    let difference = arena.subtract(slope, integrand);
    if arena.is_exhausted() || difference == Arena::UNDEFINED {
        return None;
    }
    let verdict = arena.is_zero(difference);
    if verdict == Zero::AssumedYes && absolute::is_zero_on_all_sides(arena, difference) {
        return Some(false);
    }
    verdict.is_zero().then_some(verdict.is_assumed())
}
