//! Tensor network to matrix notation, and matrix notation to source text, Unicode, LaTeX, MathML,
//! Typst and index form.
//!
//! Must not know calculus.

pub mod arena;
mod cost;
pub mod index;
pub mod print;
pub mod raise;
pub mod tree;
