//! Certificates that a function is convex, concave or affine in some variables, from its structure.
//!
//! Must not know how certificates are displayed, and never looks at numbers: what it says holds for all
//! values of the other variables, or is not said. It reads networks: composition rules over the nodes
//! ([`certify`]), of which the facts about functions stand in the vocabulary, and where these say
//! nothing the second differential as a sum of squares.

mod analysis;
mod apply;
mod bend;
mod certificate;
mod contraction;
mod hessian;
mod injective;
mod interval;
mod mirror;
mod monomial;
mod order;
mod squares;
mod sum;
mod wording;

pub use bend::Bend;
pub use certificate::{
    Certificate, Condition, Rule, Statement, Step, Strictness, certify, varies_in_convex_set,
};
pub use wording::{condition_words, rule_words};
