//! Polynomials and rational functions in one variable.
//!
//! Must not know limits or integrals.
