//! Entries, members and slices.
//!
//! Must not know how they are used.

use gradus_tensor::{DimensionId, Dimensions};

use super::Layout;
use crate::print::event::{Event, Fence, Look, Operator, Place};
use crate::print::profile::Binding;
use crate::print::{names, script};
use crate::tree::{NameKind, Notation, NotationId, Shape};

impl<'t> Layout<'t, '_> {
    pub(super) fn indexed(&mut self, base: NotationId, indices: &'t [String], shape: Shape) {
        let lowered = self.planar
            || indices
                .iter()
                .all(|index| index.chars().count() == 1 && script::lowered(index).is_some());
        let bare = self.takes_subscript(base);
        if lowered && (bare || self.planar) {
            self.event(Event::BeginScript(Place::Below));
            self.subscripted(base, bare, Look::of(shape));
            self.event(Event::Script(Place::Below));
            let joined = indices.iter().all(|index| index.chars().count() == 1);
            for (position, index) in indices.iter().enumerate() {
                if position > 0 {
                    self.event(if joined { Event::Join } else { Event::Operator(Operator::Comma) });
                }
                self.event(Event::Name { text: index, look: Look::Scalar });
            }
            self.event(Event::EndScript(Place::Below));
            return;
        }
        self.indexable(base, Look::of(shape));
        self.event(Event::Open { fence: Fence::Bracket, tall: false });
        for (position, index) in indices.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Comma);
            }
            self.event(Event::Name { text: index, look: Look::Scalar });
        }
        self.event(Event::Close { fence: Fence::Bracket, tall: false });
    }

    /// Whether a formula is a name that has no subscript yet.
    pub(super) fn takes_subscript(&self, base: NotationId) -> bool {
        match self.tree.node(base) {
            Notation::Name { text, kind } => {
                let base = match kind {
                    NameKind::Variable | NameKind::Binding => text.as_str(),
                    NameKind::Differential => text.strip_prefix('d').unwrap_or(text),
                };
                let glyph = names::Glyph::of(base);
                glyph.subscript.is_none()
                    && (self.planar || !matches!(glyph.stem, names::Stem::Word(_)))
                    && (self.planar || glyph.accent.is_none())
            }
            _ => false,
        }
    }

    pub(super) fn subscripted(&mut self, base: NotationId, bare: bool, look: Look) {
        let tall = self.profiles.of(base).tall;
        if !bare {
            self.event(Event::Open { fence: Fence::Bracket, tall });
        }
        match self.tree.node(base) {
            Notation::Name { text, kind } if bare => self.name(text, *kind, look),
            _ => self.plain(base),
        }
        if !bare {
            self.event(Event::Close { fence: Fence::Bracket, tall });
        }
    }

    pub(super) fn indexable(&mut self, base: NotationId, look: Look) {
        match self.tree.node(base) {
            Notation::Name { text, kind } => self.name(text, *kind, look),
            Notation::Indexed { .. } => self.wrapped(base, false),
            // The name of a function with its argument is closed.
            Notation::Call { .. } => {
                self.wrapped(base, self.binding(base) != Binding::Atom);
            }
            _ => self.wrapped(base, true),
        }
    }

    pub(super) fn slice(
        &mut self,
        base: NotationId,
        offsets: (DimensionId, DimensionId),
        part: Shape,
    ) {
        let whole = self.tree.shape(base);
        // A single entry is a scalar.
        let look = Look::of(if part.is_scalar() { part } else { whole });
        if self.planar {
            let bare = self.takes_subscript(base);
            self.event(Event::BeginScript(Place::Below));
            self.subscripted(base, bare, look);
            self.event(Event::Script(Place::Below));
        } else {
            self.indexable(base, look);
            self.event(Event::Open { fence: Fence::Bracket, tall: false });
        }
        // An index for each side that is not 1.
        let sides = [(whole.rows, part.rows, offsets.0), (whole.columns, part.columns, offsets.1)];
        let mut separate = false;
        for (whole, part, offset) in sides.into_iter().filter(|side| side.0 != Dimensions::ONE) {
            if separate {
                self.operator(Operator::Comma);
            }
            separate = true;
            self.range(whole, part, offset);
        }
        self.event(if self.planar {
            Event::EndScript(Place::Below)
        } else {
            Event::Close { fence: Fence::Bracket, tall: false }
        });
    }

    pub(super) fn range(&mut self, whole: DimensionId, part: DimensionId, offset: DimensionId) {
        let tree = self.tree;
        if whole != part {
            let offset = tree.dimensions.polynomial(offset);
            let (first, last) = (
                offset.add(tree.dimensions.polynomial(Dimensions::ONE)),
                offset.add(tree.dimensions.polynomial(part)),
            );
            self.size(&first);
            // A single place is no range.
            if part != Dimensions::ONE {
                self.operator(Operator::Colon);
                self.size(&last);
            }
            return;
        }
        self.operator(Operator::Colon);
    }
}
