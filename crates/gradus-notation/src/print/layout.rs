//! Formulas as mathematical notation: which signs, in which order, with which parentheses.
//!
//! Must not know output formats, except whether fractions and scripts have two dimensions.

use std::borrow::Cow;

use gradus_functions::Form;
use gradus_tensor::{DimensionId, Dimensions, FunctionId, Rational};

use crate::arena::NotationTree;
use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::number::Parts;
use crate::print::product::{Place as FactorPlace, ProductView};
use crate::print::profile::{Binding, Profiles};
use crate::print::{names, script, size, vocabulary};
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

    fn number(&mut self, number: &Rational) {
        let parts = Parts::of(number);
        match parts.denominator {
            None => self.event(Event::Number(Cow::Owned(parts.numerator))),
            Some(denominator) => self.number_fraction(parts.numerator, denominator),
        }
    }

    fn number_fraction(&mut self, numerator: String, denominator: String) {
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

    fn name(&mut self, text: &'t str, kind: NameKind, look: Look) {
        match (kind, text.strip_prefix('d')) {
            (NameKind::Differential, Some(variable)) if !variable.is_empty() => {
                self.event(Event::Differential { text: variable, look });
            }
            _ => self.event(Event::Name { text, look }),
        }
    }

    /// A sum of products of dimensions.
    fn size(&mut self, polynomial: &gradus_tensor::Polynomial) {
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

    fn dimension(&mut self, id: DimensionId) {
        let tree = self.tree;
        self.size(tree.dimensions.polynomial(id));
    }

    /// Whether a dimension can be lowered in this format.
    fn can_lower(&self, id: DimensionId) -> bool {
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

    /// A symbol with sizes below it, or a word with sizes in parentheses.
    fn sized(&mut self, symbol: Symbol, word: &'static str, sizes: &[DimensionId]) {
        let lowered = match sizes {
            [only] => self.can_lower(*only),
            _ => self.planar,
        };
        if !lowered {
            self.event(Event::Word(word));
            return self.sizes_in_parentheses(sizes);
        }
        self.event(Event::BeginScript(Place::Below));
        self.event(Event::Symbol(symbol));
        self.event(Event::Script(Place::Below));
        for (position, size) in sizes.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Times);
            }
            self.dimension(*size);
        }
        self.event(Event::EndScript(Place::Below));
    }

    fn sizes_in_parentheses(&mut self, sizes: &[DimensionId]) {
        self.open(false);
        self.size_list(sizes);
        self.close(false);
    }

    fn size_list(&mut self, sizes: &[DimensionId]) {
        for (position, size) in sizes.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Comma);
            }
            self.dimension(*size);
        }
    }

    fn open(&mut self, tall: bool) {
        self.event(Event::Open { fence: Fence::Parenthesis, tall });
    }

    fn close(&mut self, tall: bool) {
        self.event(Event::Close { fence: Fence::Parenthesis, tall });
    }

    fn ones(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("1")));
        } else if shape.columns == Dimensions::ONE {
            self.sized(Symbol::Ones, "ones", &[shape.rows]);
        } else if shape.rows == Dimensions::ONE {
            self.event(Event::BeginScript(Place::Above));
            self.sized(Symbol::Ones, "ones", &[shape.columns]);
            self.end_mark(Mark::Transpose);
        } else {
            self.sized(Symbol::Ones, "ones", &[shape.rows, shape.columns]);
        }
    }

    fn zeros(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("0")));
        } else {
            self.event(Event::Symbol(Symbol::Zeros));
        }
    }

    fn identity(&mut self, shape: Shape) {
        if shape.is_scalar() {
            self.event(Event::Number(Cow::Borrowed("1")));
        } else if self.tree.has_name("I") {
            self.event(Event::Word("eye"));
            self.sizes_in_parentheses(&[shape.rows]);
        } else if self.can_lower(shape.rows) {
            self.sized(Symbol::Identity, "eye", &[shape.rows]);
        } else {
            self.event(Event::Symbol(Symbol::Identity));
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
            Binding::Product => {
                !(place.first || trailing && !self.begins_with_number(factor))
            }
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
            self.event(Event::BeginFraction);
            self.magnitude(numerator, false);
            self.event(Event::FractionBar);
            self.plain(denominator);
            self.event(Event::EndFraction);
            return;
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
                if number.is_negative() {
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
                match (book_mark(*id), arguments.as_slice()) {
                    (Some(Mark::Inverse), [argument]) => {
                        self.marked(*argument, Mark::InverseTranspose);
                    }
                    _ => self.marked(inner, Mark::Transpose),
                }
            }
            _ => self.marked(inner, Mark::Transpose),
        }
    }

    fn call(
        &mut self,
        head: &'t Head,
        (arguments, sizes): (&[NotationId], &[DimensionId]),
        shape: Shape,
    ) {
        let Head::Book(id) = head else {
            self.head(head, shape);
            return self.arguments(arguments, sizes);
        };
        match (vocabulary::form(*id), arguments) {
            (Form::Fenced { fence, subscript }, [argument]) => {
                self.fenced(fence, subscript, *argument);
            }
            (Form::Infix { text, latex, typst }, _) if sizes.is_empty() => {
                for (position, argument) in arguments.iter().enumerate() {
                    if position > 0 {
                        self.event(Event::Infix { text, latex, typst });
                    }
                    let same = matches!(self.tree.node(*argument),
                        Notation::Call { head: Head::Book(inner), .. } if inner == id);
                    self.infix_operand(*argument, position == 0, same, false);
                }
            }
            (Form::Root { degree }, [argument]) if self.planar => {
                self.event(Event::BeginRoot(degree));
                self.plain(*argument);
                self.event(Event::EndRoot);
            }
            (Form::Root { degree }, [argument]) => {
                self.event(Event::RootSign(degree));
                self.wrapped(*argument, !self.is_atom(*argument));
            }
            (Form::Superscript { .. }, [argument]) => self.superscript(*id, *argument),
            (Form::Prefix { text, latex, typst }, _) => {
                self.event(Event::Function { name: vocabulary::name(*id), text, latex, typst });
                self.arguments(arguments, sizes);
            }
            _ => {
                self.event(Event::Word(vocabulary::name(*id)));
                self.arguments(arguments, sizes);
            }
        }
    }

    fn superscript(&mut self, id: FunctionId, argument: NotationId) {
        let Some(mark) = book_mark(id) else { return self.plain(argument) };
        match (mark, self.tree.node(argument)) {
            (Mark::Inverse, Notation::Transpose(inner)) => {
                self.marked(*inner, Mark::InverseTranspose);
            }
            _ => self.marked(argument, mark),
        }
    }

    fn fenced(&mut self, fence: &'static str, subscript: &'static str, argument: NotationId) {
        let fence = if fence == "|" { Fence::Absolute } else { Fence::Norm };
        let tall = self.profiles.of(argument).tall;
        let lowered = !subscript.is_empty() && (self.planar || script::lowered(subscript).is_some());
        if lowered {
            self.event(Event::BeginScript(Place::Below));
        }
        self.event(Event::Open { fence, tall });
        self.plain(argument);
        self.event(Event::Close { fence, tall });
        if lowered {
            self.event(Event::Script(Place::Below));
        }
        if !subscript.is_empty() {
            self.event(Event::PlainSubscript(subscript));
        }
        if lowered {
            self.event(Event::EndScript(Place::Below));
        }
    }

    fn head(&mut self, head: &'t Head, shape: Shape) {
        let look = Look::of(shape);
        match head {
            Head::Mapped { name, order } => self.primed(name, *order, Look::Scalar),
            Head::Path { name, order } => self.primed(name, *order, look),
            Head::Scalar { name, order } => {
                if *order > 1 {
                    self.event(Event::BeginScript(Place::Above));
                    self.operator(Operator::Nabla);
                    self.event(Event::Script(Place::Above));
                    self.event(Event::Number(Cow::Owned(order.to_string())));
                    self.event(Event::EndScript(Place::Above));
                } else if *order == 1 {
                    self.operator(Operator::Nabla);
                }
                self.event(Event::FunctionName { text: name, look: Look::Scalar });
            }
            Head::DiagonalMatrix | Head::DiagonalVector => self.event(Event::Word("diag")),
            Head::Book(id) => self.event(Event::Word(vocabulary::name(*id))),
        }
    }

    fn primed(&mut self, text: &'t str, order: u8, look: Look) {
        if order == 0 {
            return self.event(Event::FunctionName { text, look });
        }
        self.event(Event::BeginScript(Place::Above));
        self.event(Event::FunctionName { text, look });
        self.end_mark(Mark::Prime(order));
    }

    fn arguments(&mut self, arguments: &[NotationId], sizes: &[DimensionId]) {
        let tall = arguments.iter().any(|argument| self.profiles.of(*argument).tall);
        self.open(tall);
        for (position, argument) in arguments.iter().enumerate() {
            if position > 0 {
                self.operator(Operator::Comma);
            }
            self.plain(*argument);
        }
        if !arguments.is_empty() && !sizes.is_empty() {
            self.operator(Operator::Comma);
        }
        self.size_list(sizes);
        self.close(tall);
    }

    fn matrix(&mut self, rows: &[Vec<NotationId>]) {
        self.event(Event::BeginMatrix);
        for (position, row) in rows.iter().enumerate() {
            if position > 0 {
                self.event(Event::NextRow);
            }
            for (column, entry) in row.iter().enumerate() {
                if column > 0 {
                    self.event(Event::NextEntry);
                }
                self.plain(*entry);
            }
        }
        self.event(Event::EndMatrix);
    }

    fn indexed(&mut self, base: NotationId, indices: &'t [String], shape: Shape) {
        let lowered =
            self.planar || indices.iter().all(|index| {
                index.chars().count() == 1 && script::lowered(index).is_some()
            });
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
    fn takes_subscript(&self, base: NotationId) -> bool {
        match self.tree.node(base) {
            Notation::Name { text, kind: NameKind::Variable | NameKind::Binding } => {
                let glyph = names::Glyph::of(text);
                glyph.subscript.is_none()
                    && (self.planar || !matches!(glyph.stem, names::Stem::Word(_)))
                    && (self.planar || glyph.accent.is_none())
            }
            _ => false,
        }
    }

    fn subscripted(&mut self, base: NotationId, bare: bool, look: Look) {
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

    fn indexable(&mut self, base: NotationId, look: Look) {
        match self.tree.node(base) {
            Notation::Name { text, kind } => self.name(text, *kind, look),
            _ => self.wrapped(base, !matches!(self.tree.node(base), Notation::Indexed { .. })),
        }
    }

    fn slice(&mut self, base: NotationId, offsets: (DimensionId, DimensionId), part: Shape) {
        let whole = self.tree.shape(base);
        let look = Look::of(whole);
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

    fn range(&mut self, whole: DimensionId, part: DimensionId, offset: DimensionId) {
        let tree = self.tree;
        if whole != part {
            let offset = tree.dimensions.polynomial(offset);
            let (first, last) = (
                offset.add(tree.dimensions.polynomial(Dimensions::ONE)),
                offset.add(tree.dimensions.polynomial(part)),
            );
            self.size(&first);
            self.operator(Operator::Colon);
            return self.size(&last);
        }
        self.operator(Operator::Colon);
    }
}

/// The mark of a function of the book that is written above.
pub(crate) fn book_mark(id: FunctionId) -> Option<Mark> {
    match vocabulary::form(id) {
        Form::Superscript { text: "⁻¹", .. } => Some(Mark::Inverse),
        Form::Superscript { text: "ᵀ", .. } => Some(Mark::Transpose),
        Form::Superscript { text, latex, typst } => Some(Mark::Book { text, latex, typst }),
        _ => None,
    }
}
