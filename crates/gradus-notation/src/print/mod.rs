//! Formulas as text: source, Unicode, LaTeX, MathML, Typst.
//!
//! Must not know how formulas were found. Nothing here recurses on the depth of a formula. The text
//! repeats what the formula shares, so a caller who cannot bound its length looks at
//! [`NotationTree::tokens`] first.

mod number;
pub(crate) mod pieces;
mod product;
mod size;
pub(crate) mod source;
mod vocabulary;

use crate::arena::NotationTree;
use crate::tree::{NotationId, Page};

/// The source text of a formula.
#[must_use]
pub fn source(tree: &NotationTree, formula: NotationId) -> String {
    let mut text = String::new();
    source::write(tree, formula, &mut text);
    text
}

/// The source text of a page: its bindings and its results, joined by `; `.
#[must_use]
pub fn source_page(tree: &NotationTree, page: &Page) -> String {
    let mut text = String::new();
    for binding in &page.bindings {
        text.push_str(&binding.name);
        text.push_str(" = ");
        source::write(tree, binding.formula, &mut text);
        text.push_str("; ");
    }
    for (position, result) in page.results.iter().enumerate() {
        if position > 0 {
            text.push_str("; ");
        }
        source::write(tree, *result, &mut text);
    }
    text
}
