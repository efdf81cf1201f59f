//! Why there is no answer.
//!
//! Must not know what was asked.

use std::fmt;

use gradus_diagnostics::{Diagnostic, render_text, render_text_coloured};

/// One message with the text that its places refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub diagnostic: Box<Diagnostic>,
    /// The text in which it is wrong: the program or a declaration; empty if it is in neither.
    pub source: String,
}

/// A result whose error is a [`Failure`].
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The message about a text.
    pub(crate) fn new(diagnostic: impl Into<Box<Diagnostic>>, source: &str) -> Self {
        Self { diagnostic: diagnostic.into(), source: source.to_owned() }
    }

    /// Turns the error of a layer into one about a text.
    pub(crate) fn of(source: &str) -> impl Fn(Box<Diagnostic>) -> Self + '_ {
        move |diagnostic| Self::new(diagnostic, source)
    }

    /// The exit code of the command line: 2 bad input, 3 an internal check failed, 4 not supported,
    /// or a limit reached.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.diagnostic.exit_code()
    }

    /// The message with the place in the text and hints.
    #[must_use]
    pub fn text(&self) -> String {
        render_text(&self.diagnostic, &self.source)
    }

    /// The same with colours for a terminal.
    #[must_use]
    pub fn coloured_text(&self) -> String {
        render_text_coloured(&self.diagnostic, &self.source)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl std::error::Error for Failure {}
