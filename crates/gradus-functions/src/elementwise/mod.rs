//! Functions that act entry by entry, by family.
//!
//! Must not know arrays.

pub(crate) mod activation;
pub(crate) mod exponential;
pub(crate) mod hyperbolic;
pub(crate) mod order;
pub(crate) mod power;
pub(crate) mod trigonometric;
