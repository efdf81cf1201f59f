//! Expressions of one real variable: normal forms, limits and integrals.
//!
//! Must not know matrices, texts or the vocabulary: whoever asks takes a function matrix apart into
//! its entries, and writes the answers.

pub mod expression;
pub mod integral;
pub mod limit;
pub mod polynomial;
