//! Derivations: the differential of a function line by line, with the rule of every line, up to the
//! gradient or Jacobian that is read off.
//!
//! Must not know output formats, nor how the answer was found: the lines are rewritten notation, and
//! whoever shows them compares each with the function and the last with the answer.
//!
//! - [`derive()`]: from a program and a variable to a [`Derivation`].
//! - [`Rule`]: the rules that a line may cite, with their wording in every language.

mod builder;
mod collect;
mod composition;
mod conjugate;
mod definition;
mod derive;
mod differential;
mod facts;
mod jacobian;
mod model;
mod naming;

mod path;
mod pull;
mod rules;
mod transcribe;
mod transpose;
mod written;

pub use builder::Builder;
pub use composition::{compose, is_composition};
pub use definition::{Expansion, expand};
pub use derive::{Question, derive, derive_differential, derive_next_differential, rule_formula};
pub use model::{Derivation, Detail, Heading, Left, Line, Part, Section, Subject, partial_name};
pub use naming::named_steps;
pub use rules::{Citation, Rule};
pub use written::written;
