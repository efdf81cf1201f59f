//! Gradus, a matrix calculus system: the facade and the only stable interface.
//!
//! Must not do input or output. One readable pipeline leads from text to a verified derivative.
//!
//! ```
//! # fn main() -> gradus::Result<()> {
//! let request = gradus::Request::new("norm2(X*w - y)^2").by("w");
//! let answer = gradus::diff(&request)?;
//! assert_eq!(answer.print(gradus::Output::Source)?, "2*X'*(X*w - y)");
//! assert!(answer.verification().verdict.is_verified());
//! # Ok(())
//! # }
//! ```

mod answer;
mod batch;
mod book;
mod check;
mod claim;
mod code;
mod complex;
mod conditions;
mod convexity;
mod definition;
mod derive;
mod domains;
mod explain;
mod failure;
mod fields;
mod found;
mod index;
mod json;
mod leaves;
mod lines;
mod minimize;
mod note;
mod points;
mod reading;
pub mod remarks;
mod request;
mod results;
mod scalar;
mod solve;
mod steps;
mod structures;
mod text;
mod told;
mod variables;
mod verification;
mod verify;

pub use answer::{Answer, Line};
pub use batch::batch_line;
pub use book::{function, functions};
pub use check::{Checked, check};
pub use claim::{Claimed, check_claim};
pub use convexity::{Convexity, Curvature, convexity};
pub use derive::{diff, differential};
pub use explain::{Explanation, ReasonLine, explain, rules};
pub use failure::{Failure, Result};
pub use gradus_claims::{Diagnosis, Mistake};
pub use gradus_derivation::{Detail, Rule};
pub use gradus_diagnostics::{Class, Diagnostic, Language};
pub use gradus_optimize::{Method, Progress};
pub use gradus_verify::{Array, Remainder, Step};
pub use lines::{CheckedLines, CheckedStep, check_lines};
pub use minimize::{Ended, Given, Minimization, Minimum, Search, minimization};
pub use note::Note;
pub use request::{Convention, Forms, Layout, Order, Output, Request, Stacking, Verify};
pub use scalar::{ScalarStep, Valued, value};
pub use solve::{Goal, Problem, Row, SolutionStep, Solving, Way, solve};
pub use steps::{StepLine, StepSection};
pub use variables::Skipped;
pub use verification::{Verdict, Verification};
