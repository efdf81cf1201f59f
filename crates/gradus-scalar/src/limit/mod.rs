//! Limits of expressions of one real variable.
//!
//! Must not know matrices or texts.
