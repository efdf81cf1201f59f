//! Claims about derivatives: that wrong ones are refuted and diagnosed, and right ones accepted in
//! whatever form.
//!
//! Must not know how diagnoses are found: mutations, rewritings and their checks are made here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod golden;
mod misprints;
mod mutants;
mod mutations;
mod odd;
mod rewritings;
mod scales;
