//! Polynomials in one indeterminate: arithmetic, greatest common divisors, factors, real roots.
//!
//! Must not know expressions or integrals. The coefficients are elements of a [`Field`], whatever it is.

mod dense;
mod factor;
mod field;
mod modular;
mod quotient;
mod roots;

pub use dense::{Bezout, Polynomial};
pub use factor::{Factorisation, MOST_DEGREE, factor};
pub use field::{Field, Rationals};
pub use quotient::{Decomposition, Fraction, partial_fractions};
pub use roots::{Isolated, real_roots};
