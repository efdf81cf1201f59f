//! What is wrong with the answers of other people.
//!
//! Must not know how derivatives are formed or displayed. A diagnosis is a hypothesis that repairs
//! the claim, or that adds an assumption under which it holds; it counts only if the oracles verify what
//! it says. So a diagnosis may be incomplete, but it is never wrong.
//!
//! [`judge`] decides on a claim; of a wrong one it tells the most specific diagnoses that it finds, and
//! an example with small numbers.

mod align;
mod assume;
mod chain;
mod edits;
mod example;
mod functions;
mod insert;
mod mistake;
mod numbers;
mod occurrences;
pub mod phrases;
mod question;
mod search;
mod several;
mod sized;
mod surface;
mod trial;
mod whole;
mod witness;
mod words;

pub use example::{Entry, Example};
pub use mistake::{Diagnosis, Mistake, Place};
pub use question::{Derivative, Equal, Question, Target};
pub use search::{Judgement, judge};
pub use sized::sized;
pub use surface::{inlined, plain};
pub use witness::{Bending, Bends, Seen, Values, bends};
pub use words::{Words, tell};
