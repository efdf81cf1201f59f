//! Formulas from source text, and their values over a finite field, for the tests of the printers.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod notation;
pub mod random;
pub mod reader;
pub mod value;

pub use reader::Reader;
