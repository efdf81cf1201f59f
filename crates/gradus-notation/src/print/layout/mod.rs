//! Formulas as mathematical notation: which signs, in which order, with which parentheses.
//!
//! Must not know output formats, except whether fractions and scripts have two dimensions.

mod call;
mod constant;
mod index;

use std::borrow::Cow;

use gradus_functions::book;
use gradus_tensor::Role;

use crate::arena::NotationTree;
use crate::print::event::{Event, Look, Mark, Operator, Place, Symbol};
use crate::print::number::Parts;
use crate::print::product::{Place as FactorPlace, ProductView};
use crate::print::profile::{Binding, Profiles};
use crate::print::{script, size, vocabulary};
use crate::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};

/// A piece of a formula.
#[derive(Debug)]
pub(crate) enum Item<'t> {
    /// Something to write.
    Event(Event<'t>),
    /// A formula inside.
    Child {
        /// The formula.
        id: NotationId,
        /// Whether it stands in parentheses.
        parentheses: bool,
        /// Whether its leading minus was written before.
        magnitude: bool,
    },
}

/// Lays out one formula at a time.
pub(crate) struct Layout<'t, 'p> {
    pub(crate) tree: &'t NotationTree,
    /// What is known of the formulas inside.
    pub(crate) profiles: &'p Profiles,
    /// Whether fractions are stacked and scripts may hold anything.
    pub(crate) planar: bool,
    /// The pieces so far.
    pub(crate) items: Vec<Item<'t>>,
}

impl<'t> Layout<'t, '_> {
    fn event(&mut self, event: Event<'t>) {
        self.items.push(Item::Event(event));
    }

    fn operator(&mut self, operator: Operator) {
        self.event(Event::Operator(operator));
    }

    fn plain(&mut self, id: NotationId) {
        self.wrapped(id, false);
    }

    fn wrapped(&mut self, id: NotationId, parentheses: bool) {
        self.items.push(Item::Child { id, parentheses, magnitude: false });
    }

    fn magnitude(&mut self, id: NotationId, parentheses: bool) {
        self.items.push(Item::Child { id, parentheses, magnitude: true });
    }

    fn binding(&self, id: NotationId) -> Binding {
        self.profiles.of(id).binding
    }

    fn is_atom(&self, id: NotationId) -> bool {
        !self.tree.is_negative(id) && self.binding(id) == Binding::Atom
    }

    /// The pieces of a formula without its leading minus.
    pub(crate) fn formula(&mut self, notation: &'t Notation, shape: Shape) {
        match notation {
            Notation::Number(number) => self.number(number),
            Notation::Pi => self.event(Event::Symbol(Symbol::Pi)),
            Notation::Infinity => self.event(Event::Symbol(Symbol::Infinity)),
            Notation::ImaginaryUnit => self.event(Event::Symbol(Symbol::ImaginaryUnit)),
            Notation::Dimension(id) => {
                let polynomial = size::magnitude(&self.tree.dimensions, *id);
                self.size(&polynomial);
            }
            Notation::Name { text, kind } => self.name(text, *kind, Look::of(shape)),
            Notation::Ones => self.ones(shape),
            Notation::Zeros => self.zeros(shape),
            Notation::Identity => self.identity(shape),
            Notation::Sum(terms) => self.sum(terms, shape),
            Notation::Negate(inner) => {
                self.magnitude(*inner, self.binding(*inner) == Binding::Sum);
            }
            Notation::Product(factors) => self.product(factors),
            Notation::Fraction(numerator, denominator) => self.fraction(*numerator, *denominator),
            Notation::Hadamard(factors) => self.hadamard(factors),
            Notation::HadamardQuotient(numerator, denominator) => {
                let bare = matches!(
                    self.binding(*numerator),
                    Binding::Atom | Binding::Script | Binding::Differential | Binding::Product
                );
                self.magnitude(*numerator, !bare);
                self.operator(Operator::HadamardQuotient);
                let bare = matches!(
                    self.binding(*denominator),
                    Binding::Atom | Binding::Script | Binding::Differential
                );
                self.wrapped(*denominator, !bare || self.tree.is_negative(*denominator));
            }
            Notation::Power { base, exponent, kind } => self.power(*base, *exponent, *kind),
            Notation::Transpose(inner) => self.transpose(*inner),
            Notation::ConjugateTranspose(inner) => self.marked(*inner, Mark::ConjugateTranspose),
            Notation::Differential(inner) => self.differential(*inner),
            Notation::Partial { of, by } => self.partial(of, by, shape),
            Notation::Call { head, arguments, sizes } => {
                match vocabulary::as_power(notation, shape) {
                    Some((base, exponent, kind)) => self.power(base, exponent, kind),
                    None => self.call(head, (arguments, sizes), shape),
                }
            }
            Notation::Matrix(rows) => self.matrix(rows),
            Notation::IndexedSum { indices, body } => {
                self.event(Event::BigSum(indices));
                self.wrapped(*body, self.binding(*body) == Binding::Sum);
            }
            Notation::Indexed { base, indices } => self.indexed(*base, indices, shape),
            Notation::Slice { base, row_offset, column_offset } => {
                self.slice(*base, (*row_offset, *column_offset), shape);
            }
        }
    }

    fn sum(&mut self, terms: &[(bool, NotationId)], shape: Shape) {
        if terms.is_empty() {
            self.zeros(shape);
        }
        for (position, (minus, term)) in terms.iter().enumerate() {
            match (position, *minus != self.tree.is_negative(*term)) {
                // The sign of a single term is the sign of the whole.
                (0, true) if terms.len() > 1 => self.operator(Operator::Negative),
                (0, _) => {}
                (_, true) => self.operator(Operator::Minus),
                (_, false) => self.operator(Operator::Plus),
            }
            self.magnitude(*term, self.binding(*term) == Binding::Sum);
        }
    }

    fn product(&mut self, factors: &'t [NotationId]) {
        let view = ProductView::of(self.tree, factors);
        let mut separated = true;
        let mut after = view.denominator.clone();
        if self.planar
            && let Some(denominator) = after.take()
        {
            let numerator = view.numerator.clone().unwrap_or_else(|| "1".to_owned());
            self.number_fraction(numerator, denominator);
            separated = false;
        } else if let Some(numerator) = &view.numerator {
            self.event(Event::Number(Cow::Owned(numerator.clone())));
            separated = false;
        }
        for (position, factor) in view.rest.iter().enumerate() {
            if !separated {
                self.event(Event::Join);
            }
            let mut place = view.place(self.tree, position);
            place.first &= position == 0 && separated;
            separated = false;
            let parentheses = self.factor_needs_parentheses(*factor, place);
            if place.first && !place.signed {
                self.magnitude(*factor, parentheses);
            } else {
                self.wrapped(*factor, parentheses);
            }
        }
        if let Some(denominator) = after {
            self.operator(Operator::Slash);
            self.event(Event::Number(Cow::Owned(denominator)));
        }
    }

    fn factor_needs_parentheses(&self, factor: NotationId, place: FactorPlace) -> bool {
        if self.tree.is_negative(factor) && (!place.first || place.signed) {
            return true;
        }
        let trailing = place.last && place.after_scalars;
        let closed = place.last && (self.planar || !place.divided);
        match self.binding(factor) {
            Binding::Atom | Binding::Script => false,
            Binding::Sum => true,
            Binding::Differential => !closed,
            Binding::BigSum => !closed,
            _ if place.alone => false,
            Binding::Infix => true,
            Binding::Product if self.tree.shape(factor).is_scalar() => !trailing,
            Binding::Product => !(place.first || trailing && !self.begins_with_number(factor)),
            Binding::Fraction => {
                !self.planar && (place.divided || !trailing || self.begins_with_number(factor))
            }
        }
    }

    fn begins_with_number(&self, id: NotationId) -> bool {
        let first = match self.tree.node(id) {
            Notation::Product(factors) => factors.first().copied(),
            Notation::Fraction(numerator, _) => match self.tree.node(*numerator) {
                Notation::Product(factors) => factors.first().copied(),
                _ => Some(*numerator),
            },
            _ => Some(id),
        };
        first.is_some_and(|first| {
            matches!(self.tree.node(first), Notation::Number(_) | Notation::Ones)
        })
    }

    fn fraction(&mut self, numerator: NotationId, denominator: NotationId) {
        if self.planar {
            return self.stacked(numerator, denominator);
        }
        let bare = matches!(
            self.binding(numerator),
            Binding::Atom | Binding::Script | Binding::Product | Binding::Differential
        );
        self.magnitude(numerator, !bare);
        self.operator(Operator::Slash);
        let bare = matches!(self.binding(denominator), Binding::Atom | Binding::Script)
            && !self.tree.is_negative(denominator);
        self.wrapped(denominator, !bare);
    }

    /// A fraction with a bar. What is tall itself stands behind it: `(1/a)(b - c/d)`.
    fn stacked(&mut self, numerator: NotationId, denominator: NotationId) {
        let tree = self.tree;
        let (front, last): (&[NotationId], _) = match tree.node(numerator) {
            Notation::Product(factors) => match factors.split_last() {
                Some((last, front)) => (front, *last),
                None => (&[], numerator),
            },
            _ => (&[], numerator),
        };
        let tall = self.profiles.of(last).tall;
        let behind = match tree.node(last) {
            Notation::Sum(_) => tall && self.binding(last) == Binding::Sum,
            Notation::Matrix(_) => true,
            _ => false,
        };
        self.event(Event::BeginFraction);
        if !behind {
            self.magnitude(numerator, false);
        } else if front.is_empty() {
            self.event(Event::Number(Cow::Borrowed("1")));
        } else {
            self.product(front);
        }
        self.event(Event::FractionBar);
        self.plain(denominator);
        self.event(Event::EndFraction);
        if behind {
            self.event(Event::Join);
            self.wrapped(last, self.binding(last) == Binding::Sum);
        }
    }

    fn hadamard(&mut self, factors: &[NotationId]) {
        if factors.is_empty() {
            self.event(Event::Number(Cow::Borrowed("1")));
        }
        for (position, factor) in factors.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Hadamard);
            }
            let nested = matches!(self.tree.node(*factor), Notation::Hadamard(_));
            self.infix_operand(*factor, position == 0, nested, factors.len() == 1);
        }
    }

    /// An operand of `⊙` or `⊗`; `same` if it is made by the same operator.
    fn infix_operand(&mut self, factor: NotationId, first: bool, same: bool, alone: bool) {
        let parentheses = match self.binding(factor) {
            Binding::Atom | Binding::Script | Binding::Product | Binding::Differential => false,
            Binding::Sum => true,
            Binding::Infix => !same && !alone,
            Binding::BigSum => !alone,
            Binding::Fraction => !self.planar && !alone,
        };
        if first {
            self.magnitude(factor, parentheses);
        } else {
            self.wrapped(factor, parentheses || self.tree.is_negative(factor));
        }
    }

    fn power(&mut self, base: NotationId, exponent: NotationId, kind: PowerKind) {
        // A power of an inverse is written as a negative power.
        let inverted = match self.tree.node(exponent) {
            Notation::Number(number) if number.is_integer() && !number.is_negative() => {
                (kind == PowerKind::Matrix).then(|| self.inverted(base)).flatten()
            }
            _ => None,
        };
        let negative = inverted.is_some();
        let base = inverted.unwrap_or(base);
        let parentheses = !self.is_atom(base);
        // A vector has no power but that of its entries.
        let marked = kind == PowerKind::Elementwise
            && !self.tree.shape(base).is_scalar()
            && (self.planar || !self.tree.shape(base).is_vector());
        if !self.planar && (marked || !self.can_raise(exponent)) {
            self.wrapped(base, parentheses);
            self.operator(Operator::Caret);
            if marked {
                self.operator(Operator::HadamardPower);
            }
            return self.wrapped(exponent, !self.is_atom(exponent));
        }
        self.event(Event::BeginScript(Place::Above));
        self.wrapped(base, parentheses);
        self.event(Event::Script(Place::Above));
        if marked {
            self.operator(Operator::HadamardPower);
        }
        match self.tree.node(exponent) {
            Notation::Number(number) => {
                let parts = Parts::of(number);
                if number.is_negative() || negative {
                    self.operator(Operator::Negative);
                }
                self.event(Event::Number(Cow::Owned(parts.numerator)));
                if let Some(denominator) = parts.denominator {
                    self.operator(Operator::Slash);
                    self.event(Event::Number(Cow::Owned(denominator)));
                }
            }
            _ => self.plain(exponent),
        }
        self.event(Event::EndScript(Place::Above));
    }

    /// The matrix whose inverse a formula is.
    fn inverted(&self, id: NotationId) -> Option<NotationId> {
        match self.tree.node(id) {
            Notation::Call { head: Head::Book(function), arguments, .. } => {
                let is_inverse = book().get(*function).facts.role == Some(Role::Inverse);
                is_inverse.then(|| arguments.first().copied()).flatten()
            }
            _ => None,
        }
    }

    /// Whether an exponent can be raised on one line.
    fn can_raise(&self, exponent: NotationId) -> bool {
        let letter = |text: &str| text.chars().count() == 1 && script::raised(text).is_some();
        match self.tree.node(exponent) {
            Notation::Number(number) => number.is_integer(),
            Notation::Name { text, kind: NameKind::Variable | NameKind::Binding } => letter(text),
            Notation::Dimension(id) => self
                .tree
                .dimensions
                .as_name(*id)
                .is_some_and(|name| letter(self.tree.dimensions.name_text(name))),
            _ => false,
        }
    }

    fn end_mark(&mut self, mark: Mark) {
        self.event(Event::Script(Place::Above));
        self.event(Event::Mark(mark));
        self.event(Event::EndScript(Place::Above));
    }

    fn marked(&mut self, base: NotationId, mark: Mark) {
        self.event(Event::BeginScript(Place::Above));
        self.wrapped(base, !self.is_atom(base));
        self.end_mark(mark);
    }

    fn transpose(&mut self, inner: NotationId) {
        match self.tree.node(inner) {
            Notation::Call { head: Head::Book(id), arguments, .. } => {
                match (call::book_mark(*id), arguments.as_slice()) {
                    (Some(Mark::Inverse), [argument]) => {
                        self.marked(*argument, Mark::InverseTranspose);
                    }
                    _ => self.marked(inner, Mark::Transpose),
                }
            }
            _ => self.marked(inner, Mark::Transpose),
        }
    }
}
