//! Expressions of one real variable: nodes, normal form, derivative and values.
//!
//! Must not know limits or integrals.
