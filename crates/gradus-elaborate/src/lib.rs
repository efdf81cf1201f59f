//! Names, kinds and shapes: surface tree to typed tree to tensor network.
//!
//! Must not know how derivatives are formed or displayed.
//!
//! [`elaborate`] reads programs, [`Program::read_back`] reads printed answers in the context of one, and
//! [`rule_book`] holds the texts of the vocabulary, elaborated once.

mod alignment;
mod binder;
mod calls;
mod describe;
mod differential;
mod engine;
mod failure;
mod families;
mod finish;
mod implied;
mod index_messages;
mod kinds;
mod lookup;
pub mod lower;
mod messages;
mod name_messages;
mod names;
mod operators;
mod points;
mod program;
mod propose;
mod replace;
mod roots;
mod rules;
mod run;
mod scan;
mod search;
mod sizes;
mod solve;
pub mod typed;

pub use kinds::is_kind_word;
pub use program::{
    Options, Program, ReadAs, ReadBack, Reading, Source, elaborate, elaborate_assuming,
    elaborate_at,
};
pub use rules::{Fragment, RuleBook, SignatureMatch, match_signature, rule_book};
