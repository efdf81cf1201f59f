//! The table of output languages.
//!
//! Must not know how any language spells anything: a language is one file with one [`Target`].

use gradus_diagnostics::Result;
use gradus_functions::Language;

use crate::numpy::Numpy;
use crate::plan::Plan;

/// An output language.
pub trait Target: Sync {
    /// The text of a module that computes the value and the derivative.
    ///
    /// # Errors
    /// What the language cannot express is refused.
    fn module(&self, plan: &Plan<'_>) -> Result<String>;
}

/// The target of a language.
#[must_use]
pub fn target(language: Language) -> &'static dyn Target {
    match language {
        Language::Numpy => &Numpy,
    }
}
