//! Numbers, names, sizes, and constant arrays.
//!
//! Must not know what they stand in.

use std::borrow::Cow;

use gradus_tensor::{DimensionId, Dimensions, Polynomial, Rational};

use super::{Item, Layout};
use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::number::Parts;
use crate::print::script;
use crate::tree::{NameKind, Shape};

impl<'t> Layout<'t, '_> {
    pub(super) fn number(&mut self, number: &Rational) {
        let parts = Parts::of(number);
        match parts.denominator {
            None => self.event(Event::Number(Cow::Owned(parts.numerator))),
            Some(denominator) => self.number_fraction(parts.numerator, denominator),
        }
    }

    pub(super) fn number_fraction(&mut self, numerator: String, denominator: String) {
        let numerator = Event::Number(Cow::Owned(numerator));
        let denominator = Event::Number(Cow::Owned(denominator));
        let signs = if self.planar {
            [Event::BeginFraction, numerator, Event::FractionBar, denominator, Event::EndFraction]
                .to_vec()
        } else {
            [numerator, Event::Operator(Operator::Slash), denominator].to_vec()
        };
        self.items.extend(signs.into_iter().map(Item::Event));
    }

    pub(super) fn name(&mut self, text: &'t str, kind: NameKind, look: Look) {
        match (kind, text.strip_prefix('d')) {
            (NameKind::Differential, Some(variable)) if !variable.is_empty() => {
                self.event(Event::Differential { text: variable, look });
            }
            _ => self.event(Event::Name { text, look }),
        }
    }

    /// A sum of products of dimensions.
    pub(super) fn size(&mut self, polynomial: &Polynomial) {
        if polynomial.0.is_empty() {
            self.event(Event::Number(Cow::Borrowed("0")));
        }
        for (position, (monomial, coefficient)) in polynomial.0.iter().enumerate() {
            match (position, coefficient.is_negative()) {
                (0, false) => {}
                (0, true) => self.operator(Operator::Negative),
                (_, false) => self.operator(Operator::Plus),
                (_, true) => self.operator(Operator::Minus),
            }
            let parts = Parts::of(coefficient);
            let shown = parts.numerator != "1" || monomial.is_empty();
            if shown {
                self.event(Event::Number(Cow::Owned(parts.numerator)));
            }
            for (place, (name, exponent)) in monomial.iter().enumerate() {
                if shown || place > 0 {
                    self.event(Event::Join);
                }
                let text = self.tree.dimensions.name_text(*name);
                let name = Event::Name { text, look: Look::Scalar };
                if *exponent == 1 {
                    self.event(name);
                } else {
                    self.event(Event::BeginScript(Place::Above));
                    self.event(name);
                    self.event(Event::Script(Place::Above));
                    self.event(Event::Number(Cow::Owned(exponent.to_string())));
                    self.event(Event::EndScript(Place::Above));
                }
            }
            if let Some(denominator) = parts.denominator {
                self.operator(Operator::Slash);
                self.event(Event::Number(Cow::Owned(denominator)));
            }
        }
    }

    pub(super) fn dimension(&mut self, id: DimensionId) {
        let tree = self.tree;
        self.size(tree.dimensions.polynomial(id));
    }

    /// Whether a dimension can be lowered in this format.
    pub(super) fn can_lower(&self, id: DimensionId) -> bool {
        if self.planar {
            return true;
        }
        let text = match self.tree.dimensions.as_name(id) {
            Some(name) => Cow::Borrowed(self.tree.dimensions.name_text(name)),
            None => match self.tree.dimensions.as_number(id) {
                Some(number) => Cow::Owned(number.to_string()),
                None => return false,
            },
        };
        text.chars().count() == 1 && script::lowered(&text).is_some()
            || text.chars().all(|character| character.is_ascii_digit())
    }

    /// Whether a symbol of this size has it as a subscript, lowered or not.
    fn has_subscript(&self, id: DimensionId) -> bool {
        self.can_lower(id) || self.tree.dimensions.as_name(id).is_some()
    }

    /// A symbol with its size below it, or a word with the size in parentheses.
    pub(super) fn sized(&mut self, symbol: Symbol, word: &'static str, size: DimensionId) {
        if !self.can_lower(size) {
            let tree = self.tree;
            if let Some(name) = tree.dimensions.as_name(size) {
                self.event(Event::Symbol(symbol));
                return self.event(Event::PlainSubscript(tree.dimensions.name_text(name)));
            }
            self.event(Event::Word(word));
            return self.sizes_in_parentheses(&[size]);
        }
        self.event(Event::BeginScript(Place::Below));
        self.event(Event::Symbol(symbol));
        self.event(Event::Script(Place::Below));
        self.dimension(size);
        self.event(Event::EndScript(Place::Below));
    }

    pub(super) fn sizes_in_parentheses(&mut self, sizes: &[DimensionId]) {
        self.open(false);
        self.size_list(sizes);
        self.close(false);
    }

    pub(super) fn size_list(&mut self, sizes: &[DimensionId]) {
        for (position, size) in sizes.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Comma);
            }
            self.dimension(*size);
        }
    }

    pub(super) fn open(&mut self, tall: bool) {
        self.event(Event::Open { fence: Fence::Parenthesis, tall });
    }

    pub(super) fn close(&mut self, tall: bool) {
        self.event(Event::Close { fence: Fence::Parenthesis, tall });
    }

    pub(super) fn ones(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("1")));
        } else if shape.columns == Dimensions::ONE {
            self.sized(Symbol::Ones, "ones", shape.rows);
        } else if shape.rows == Dimensions::ONE {
            self.row_of_ones(shape.columns);
        } else if self.has_subscript(shape.rows) && self.has_subscript(shape.columns) {
            self.sized(Symbol::Ones, "ones", shape.rows);
            self.event(Event::Join);
            self.row_of_ones(shape.columns);
        } else {
            self.event(Event::Word("ones"));
            self.sizes_in_parentheses(&[shape.rows, shape.columns]);
        }
    }

    fn row_of_ones(&mut self, columns: DimensionId) {
        self.event(Event::BeginScript(Place::Above));
        self.sized(Symbol::Ones, "ones", columns);
        self.end_mark(Mark::Transpose);
    }

    pub(super) fn zeros(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("0")));
        } else {
            self.event(Event::Symbol(Symbol::Zeros));
        }
    }

    pub(super) fn identity(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("1")));
        } else if self.tree.has_name("I") {
            self.event(Event::Word("eye"));
            self.sizes_in_parentheses(&[shape.rows]);
        } else if self.has_subscript(shape.rows) {
            self.sized(Symbol::Identity, "eye", shape.rows);
        } else {
            self.event(Event::Symbol(Symbol::Identity));
        }
    }
}
