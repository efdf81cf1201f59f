//! Expressions of one real variable: nodes, constructors, derivative, normal form and values.
//!
//! Must not know limits or integrals.
//!
//! Everything lives in an [`Arena`]. A node is interned, so that equal ids are equal expressions, and
//! children have smaller ids than parents, so that every walk is a loop over ids. The constructors
//! ([`Arena::add`], [`Arena::multiply`], [`Arena::power`], [`Arena::apply`], …) bring expressions into a
//! first form: like terms and powers are collected, numbers computed, signs drawn out of odd and even
//! functions, `exp(log(u))` and the like undone, values at rational multiples of π found. They multiply
//! nothing out. [`Arena::normal`] does: it writes an expression as a quotient of two polynomials in
//! independent kernels.
//!
//! Everything is real. A power with an exponent that is not an integer has a base that is not negative,
//! a logarithm a positive argument; so `(x^2)^(1/2)` is `abs(x)`, and `(x^3)^(1/3)` is `x` because it
//! is a value for x ≥ 0 alone. Rewrites may enlarge the domain, never change a value inside it.
//!
//! What has no value (`1/0`, `log(0)`) is [`Arena::UNDEFINED`], which every constructor hands on.
//! Work is counted ([`Arena::spend`]); once the budget is spent, constructors return
//! `UNDEFINED` and [`Arena::is_exhausted`] says so: a result is good only where it is false.

mod apply;
mod arena;
mod derivative;
mod kernel;
mod multivariate;
mod node;
mod normal;
mod number;
mod precise;
mod product;
mod sign;
mod substitute;
mod sum;
mod text;
mod trigonometry;
mod value;
mod zero;

pub use arena::Arena;
pub use node::{ExprId, Factor, Function, Node, Parameter, ParameterId, Rational, Sign, Term};
pub use zero::Zero;
