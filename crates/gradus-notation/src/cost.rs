//! Reading cost: tokens of the source text plus transpose marks, found as formulas are interned.
//!
//! Must not know how cost is used to choose between formulas. The tokens are counted on the very
//! pieces that the source printer writes, so that the two cannot differ.

use std::borrow::Cow;

use crate::arena::NotationTree;
use crate::print::pieces::{Child, Sink};
use crate::print::source;
use crate::tree::{Notation, Shape};

/// How a formula binds in source text, from the loosest to the tightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Two or more terms.
    Sum,
    /// Factors joined by `*`.
    Product,
    /// Something over a scalar.
    Quotient,
    /// Factors joined by `.*`.
    Hadamard,
    /// `a./b`
    HadamardQuotient,
    /// `A'`, `x^2`
    Postfix,
    /// A name, a call, a matrix literal.
    Atom,
}

/// What is known of a formula's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    /// Tokens, parentheses aside.
    pub(crate) tokens: u32,
    /// Transpose marks.
    pub(crate) transposes: u32,
    /// The text begins with a minus; everything else here is about the text after it.
    pub(crate) negative: bool,
    /// How the text binds.
    pub(crate) class: Class,
}

/// Measures a formula whose children are in the tree.
pub(crate) fn measure(tree: &NotationTree, notation: &Notation, shape: Shape) -> Measure {
    let negative = source::is_negative(tree, notation);
    let mut counter = Counter { tree, tokens: u32::from(negative), transposes: 0 };
    source::emit(tree, notation, shape, &mut counter);
    Measure {
        tokens: counter.tokens,
        transposes: counter.transposes,
        negative,
        class: source::class(tree, notation, shape),
    }
}

struct Counter<'t> {
    tree: &'t NotationTree,
    tokens: u32,
    transposes: u32,
}

impl<'t> Sink<'t> for Counter<'_> {
    fn token(&mut self, _: &'t str) {
        self.tokens = self.tokens.saturating_add(1);
    }

    fn glue(&mut self, _: &'t str) {}

    fn text(&mut self, _: Cow<'t, str>, tokens: u32) {
        self.tokens = self.tokens.saturating_add(tokens);
    }

    fn transpose(&mut self, _: &'t str) {
        self.tokens = self.tokens.saturating_add(1);
        self.transposes = self.transposes.saturating_add(1);
    }

    fn child(&mut self, child: Child) {
        let measure = self.tree.measure(child.id);
        let sign = u32::from(measure.negative && child.magnitude);
        self.tokens = self.tokens.saturating_add(measure.tokens - sign.min(measure.tokens));
        self.transposes = self.transposes.saturating_add(measure.transposes);
    }
}
