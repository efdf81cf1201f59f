//! What the text of one formula consists of: tokens, glue, and the formulas inside it.
//!
//! Must not know any grammar.

use std::borrow::Cow;

use crate::tree::NotationId;

/// A formula inside another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child {
    /// The formula.
    pub(crate) id: NotationId,
    /// Whether it stands in parentheses.
    pub(crate) parentheses: bool,
    /// Whether a leading minus is left out because it was written before.
    pub(crate) magnitude: bool,
}

impl Child {
    /// The formula as it is.
    pub(crate) fn plain(id: NotationId) -> Self {
        Self { id, parentheses: false, magnitude: false }
    }

    /// The formula, in parentheses if so.
    pub(crate) fn wrapped(id: NotationId, parentheses: bool) -> Self {
        Self { id, parentheses, magnitude: false }
    }

    /// The formula without its leading minus, in parentheses if so.
    pub(crate) fn magnitude(id: NotationId, parentheses: bool) -> Self {
        Self { id, parentheses, magnitude: true }
    }
}

/// Takes the pieces of one formula in order.
pub(crate) trait Sink<'t> {
    /// One token.
    fn token(&mut self, text: &'t str);
    /// Spaces and parentheses, which cost nothing.
    fn glue(&mut self, text: &'t str);
    /// Several tokens that are not kept anywhere as text.
    fn text(&mut self, text: Cow<'t, str>, tokens: u32);
    /// A token that is a transpose mark.
    fn transpose(&mut self, text: &'t str);
    /// A formula inside this one.
    fn child(&mut self, child: Child);
}
