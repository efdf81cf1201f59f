//! Hints and warnings beside an answer.
//!
//! Must not know what they are about.

use gradus_diagnostics::{Diagnostic, render_text, render_text_coloured};

/// A hint with the text that its places refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is said.
    pub diagnostic: Diagnostic,
    /// The text that it is about.
    pub source: String,
}

impl Note {
    /// The hint with its place in the text.
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
