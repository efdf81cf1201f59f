//! Formulas as text: source, Unicode, LaTeX, MathML, Typst.
//!
//! Must not know how formulas were found. Nothing here recurses on the depth of a formula. The text
//! repeats what the formula shares, so a caller who cannot bound its length looks at [`tokens`]
//! first.

mod answer;
mod event;
mod join;
mod latex;
mod layout;
mod mathml;
mod names;
mod number;
pub(crate) mod pieces;
mod printer;
mod product;
mod profile;
mod script;
mod size;
pub(crate) mod source;
mod typst;
mod unicode;
mod vocabulary;
mod writer;

pub use answer::{Answer, Equation, Left, Line, Subject, answer, equations, left_side};
pub use event::Look;
pub(crate) use number::Parts;
pub use printer::{Format, children, parts, tokens};
pub use script::raised_exponents;

use gradus_tensor::{DimensionId, Dimensions, Polynomial};

use crate::arena::NotationTree;
use crate::tree::{NotationId, Page};
use printer::Printer;

/// A formula in a format.
#[must_use]
pub fn formula(tree: &NotationTree, formula: NotationId, format: Format) -> String {
    let printer = Printer::new(tree, &[formula], &[], format);
    printer.whole(printer.formula(formula))
}

/// The source text of a formula.
#[must_use]
pub fn source(tree: &NotationTree, formula: NotationId) -> String {
    self::formula(tree, formula, Format::Source)
}

/// A formula on one line of Unicode text.
#[must_use]
pub fn unicode(tree: &NotationTree, formula: NotationId) -> String {
    self::formula(tree, formula, Format::Unicode)
}

/// A formula in LaTeX.
#[must_use]
pub fn latex(tree: &NotationTree, formula: NotationId) -> String {
    self::formula(tree, formula, Format::Latex)
}

/// A formula as a MathML element.
#[must_use]
pub fn mathml(tree: &NotationTree, formula: NotationId) -> String {
    self::formula(tree, formula, Format::MathMl)
}

/// A formula in Typst.
#[must_use]
pub fn typst(tree: &NotationTree, formula: NotationId) -> String {
    self::formula(tree, formula, Format::Typst)
}

/// The source text of a page: its bindings and its results, joined by `; `.
#[must_use]
pub fn source_page(tree: &NotationTree, page: &Page) -> String {
    let mut text = String::new();
    for binding in &page.bindings {
        text.push_str(&binding.name);
        if let Some(index) = &binding.index {
            text.push_str(&format!("[{index}]"));
        }
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

/// The source text of a page whose result is the value of a linear map of differentials, such as
/// `dX -> A*dX*B`.
#[must_use]
pub fn source_linear_map(tree: &NotationTree, parameters: &[&str], page: &Page) -> String {
    let bindings = Page { bindings: page.bindings.clone(), results: Vec::new() };
    let mut text = source_page(tree, &bindings);
    match parameters {
        [only] => text.push_str(only),
        several => {
            text.push('(');
            text.push_str(&several.join(", "));
            text.push(')');
        }
    }
    text.push_str(" -> ");
    let results = Page { bindings: Vec::new(), results: page.results.clone() };
    text.push_str(&source_page(tree, &results));
    text
}

/// The source text of a dimension.
pub(crate) fn size_text(dimensions: &Dimensions, id: DimensionId) -> String {
    polynomial_text(dimensions, dimensions.polynomial(id))
}

/// The source text of a polynomial in dimensions.
pub(crate) fn polynomial_text(dimensions: &Dimensions, polynomial: &Polynomial) -> String {
    size::source_text(dimensions, polynomial).text
}
