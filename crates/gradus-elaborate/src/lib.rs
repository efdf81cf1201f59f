//! Names, kinds and shapes: surface tree to typed tree to tensor network.
//!
//! Must not know how derivatives are formed or displayed.

pub mod lower;
mod program;
mod rules;
pub mod typed;

pub use program::{Options, Program, ReadAs, ReadBack, Reading, Source, elaborate};
pub use rules::{Fragment, RuleBook, SignatureMatch, match_signature, rule_book};
