//! Gradus, a matrix calculus system: the facade and the only stable interface.
//!
//! Must not do input or output. One readable pipeline leads from text to a verified derivative.
//!
//! ```ignore
//! let request = gradus::Request::new("norm2(X*w - y)^2").by("w");
//! let answer = gradus::diff(&request)?;
//! assert_eq!(answer.print(gradus::Output::Source)?, "2*X'*(X*w - y)");
//! ```

mod book;
mod check;
mod failure;
mod note;
mod reading;
mod request;
mod text;
mod verification;

pub use book::{function, functions};
pub use check::{Checked, check};
pub use failure::{Failure, Result};
pub use gradus_diagnostics::{Class, Diagnostic};
pub use note::Note;
pub use request::{Layout, Order, Output, Request, Stacking, Verify};
pub use verification::{Verdict, Verification};
