//! Why an attempt at elaboration ended: the message, and whether another reading could mend it.
//!
//! Must not know how readings are searched.

use gradus_diagnostics::{Diagnostic, Error};
use gradus_syntax::tree::ExprId;

/// Why an attempt ended.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The message.
    pub(crate) diagnostic: Error,
    /// The source and the expression where it ended, if another kind of a name in it could help.
    pub(crate) mendable: Option<(usize, ExprId)>,
}

/// The result of a step of elaboration.
pub(crate) type Step<T> = Result<T, Box<Failure>>;

impl From<Diagnostic> for Box<Failure> {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(Failure { diagnostic: diagnostic.into(), mendable: None })
    }
}
