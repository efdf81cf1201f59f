//! Golden cases: the source notes by value, diagnostics and printed answers by their looks.
//!
//! Must not know how answers are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod asked;
mod context;
mod errors;
mod format;
mod identities;
mod spine;
mod tokens;
mod typesetting;
