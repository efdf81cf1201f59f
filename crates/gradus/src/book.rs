//! The rule book as text: every function with its shapes, definition and differential.
//!
//! Must not know requests.

use std::fmt::Write as _;

use gradus_diagnostics::{Diagnostic, closest};

use crate::failure::{Failure, Result};

/// A line for every function of the language, by family.
#[must_use]
pub fn functions() -> String {
    let mut text = String::new();
    for family in gradus_functions::book().families() {
        let separator = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{separator}{}", family.title);
        for function in family.entries {
            let _ = writeln!(text, "  {}", function.help_line());
        }
    }
    text
}

/// All that the book says about the function with a name or an alias.
///
/// # Errors
/// There is no such function.
pub fn function(name: &str) -> Result<String> {
    let book = gradus_functions::book();
    if let Some(id) = book.lookup(name) {
        return Ok(book.get(id).describe());
    }
    let message = format!("there is no function `{name}`");
    let mut diagnostic = Diagnostic::bad_input("name", message);
    if let Some(near) = closest(name, book.names().iter().copied()) {
        diagnostic = diagnostic.hint(format!("did you mean {near}?"));
    }
    Err(Failure::new(diagnostic, ""))
}
