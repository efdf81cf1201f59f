//! Golden cases: derivatives and identities by value, diagnostics and printed answers by their looks.
//!
//! Must not know how answers are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod asked;
mod claims;
mod context;
mod convexity;
mod distinct;
mod errors;
mod format;
mod golden;
mod identities;
mod steps;
mod tokens;
mod typesetting;
