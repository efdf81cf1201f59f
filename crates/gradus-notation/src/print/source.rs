//! Gradus source text, valid input that means the same function.
//!
//! Must not know mathematical notation. `*`, `/`, `.*` and `./` bind alike, from left to right, so
//! the parentheses of this printer are its own.

use std::borrow::Cow;

use crate::arena::NotationTree;
use crate::cost::Class;
use crate::print::number::Parts;
use crate::print::pieces::{Child, Sink};
use crate::print::product::{self, Place, ProductView};
use crate::print::{size, vocabulary};
use crate::tree::{Head, Notation, NotationId, PowerKind, Shape};

use gradus_tensor::{DimensionId, Dimensions, Rational};

/// Whether the text of a formula begins with a minus that can be taken over by what stands before.
pub(crate) fn is_negative(tree: &NotationTree, notation: &Notation) -> bool {
    match notation {
        Notation::Number(number) => number.is_negative(),
        Notation::Dimension(id) => size::is_negative(&tree.dimensions, *id),
        Notation::Negate(inner) => !tree.is_negative(*inner),
        Notation::Sum(terms) => match terms.as_slice() {
            [(minus, term)] => *minus != tree.is_negative(*term),
            _ => false,
        },
        Notation::Product(factors) => product::is_negative(tree, factors),
        Notation::Fraction(first, _) | Notation::HadamardQuotient(first, _) => {
            tree.is_negative(*first)
        }
        Notation::Hadamard(factors) => {
            factors.first().is_some_and(|first| tree.is_negative(*first))
        }
        _ => false,
    }
}

/// How the text of a formula binds once a leading minus is taken away.
pub(crate) fn class(tree: &NotationTree, notation: &Notation, shape: Shape) -> Class {
    match notation {
        Notation::Number(number) if !number.is_integer() => Class::Quotient,
        Notation::Dimension(id) => size::class(&tree.dimensions, *id),
        Notation::Sum(terms) => match terms.as_slice() {
            [] => constant_class(shape),
            [(_, term)] => signed_class(tree, *term),
            _ => Class::Sum,
        },
        Notation::Negate(inner) => signed_class(tree, *inner),
        Notation::Product(factors) => product_class(tree, factors),
        Notation::Fraction(..) => Class::Quotient,
        Notation::Hadamard(factors) => match factors.as_slice() {
            [] => Class::Atom,
            [single] => signed_class(tree, *single),
            _ => Class::Hadamard,
        },
        Notation::HadamardQuotient(..) => Class::HadamardQuotient,
        Notation::Transpose(_) | Notation::ConjugateTranspose(_) => Class::Postfix,
        _ if vocabulary::as_power(notation, shape).is_some() => Class::Postfix,
        Notation::Ones | Notation::Zeros => constant_class(shape),
        _ => Class::Atom,
    }
}

fn constant_class(shape: Shape) -> Class {
    if is_row(shape) { Class::Postfix } else { Class::Atom }
}

fn is_row(shape: Shape) -> bool {
    shape.rows == Dimensions::ONE && !shape.is_scalar()
}

/// The class of a formula that stands where a minus may come before it: a sum gets parentheses.
fn signed_class(tree: &NotationTree, id: NotationId) -> Class {
    match tree.measure(id).class {
        Class::Sum => Class::Atom,
        class => class,
    }
}

fn product_class(tree: &NotationTree, factors: &[NotationId]) -> Class {
    let view = ProductView::of(tree, factors);
    if view.denominator.is_some() {
        Class::Quotient
    } else if view.is_alone() {
        signed_class(tree, view.rest[0])
    } else if view.rest.is_empty() {
        Class::Atom
    } else {
        Class::Product
    }
}

/// Whether a formula needs parentheses before a postfix operator, or as a denominator.
fn is_tight(tree: &NotationTree, id: NotationId, with_postfix: bool) -> bool {
    let measure = tree.measure(id);
    !measure.negative
        && (measure.class == Class::Atom || with_postfix && measure.class == Class::Postfix)
}

/// Whether a formula is scalars times one array that binds tightly, as `2*x`: the multiplication
/// that follows may then stand without parentheses.
fn is_scaled_array(tree: &NotationTree, id: NotationId) -> bool {
    let Notation::Product(factors) = tree.node(id) else {
        return false;
    };
    let Some((last, scalars)) = factors.split_last() else {
        return false;
    };
    tree.measure(id).class == Class::Product
        && scalars.iter().all(|scalar| tree.shape(*scalar).is_scalar())
        && is_tight(tree, *last, true)
}

/// Writes the pieces of a formula without its leading minus.
pub(crate) fn emit<'t>(
    tree: &'t NotationTree,
    notation: &'t Notation,
    shape: Shape,
    sink: &mut impl Sink<'t>,
) {
    match notation {
        Notation::Number(number) => emit_number(number, sink),
        Notation::Pi => sink.token("pi"),
        Notation::Infinity => sink.token("inf"),
        Notation::ImaginaryUnit => sink.text(Cow::Borrowed("sqrt(-1)"), 1),
        Notation::Dimension(id) => {
            let text = size::source_text(&tree.dimensions, &size::magnitude(&tree.dimensions, *id));
            sink.text(Cow::Owned(text.text), text.tokens);
        }
        Notation::Name { text, .. } => sink.token(text),
        Notation::Ones => emit_constant(tree, ("ones", "1"), shape, sink),
        Notation::Zeros => emit_constant(tree, ("zeros", "0"), shape, sink),
        Notation::Identity if shape.is_scalar() => sink.token("1"),
        Notation::Identity => {
            sink.token("eye");
            emit_sizes(tree, &[shape.rows], sink);
        }
        Notation::Sum(terms) => emit_sum(tree, terms, shape, sink),
        Notation::Negate(inner) => {
            sink.child(Child::magnitude(*inner, tree.measure(*inner).class == Class::Sum));
        }
        Notation::Product(factors) => emit_product(tree, factors, sink),
        Notation::Fraction(numerator, denominator) => {
            let class = tree.measure(*numerator).class;
            let parentheses =
                matches!(class, Class::Sum | Class::Quotient | Class::HadamardQuotient);
            sink.child(Child::magnitude(*numerator, parentheses));
            sink.token("/");
            sink.child(Child::wrapped(*denominator, !is_tight(tree, *denominator, true)));
        }
        Notation::Hadamard(factors) => emit_hadamard(tree, factors, sink),
        Notation::HadamardQuotient(numerator, denominator) => {
            emit_hadamard_first(tree, *numerator, sink);
            sink.token("./");
            sink.child(Child::wrapped(*denominator, !is_tight(tree, *denominator, true)));
        }
        Notation::Power { base, exponent, kind } => {
            emit_power(tree, (*base, *exponent, *kind), sink);
        }
        Notation::Transpose(inner) => {
            sink.child(Child::wrapped(*inner, !is_tight(tree, *inner, false)));
            sink.transpose("'");
        }
        Notation::ConjugateTranspose(inner) => {
            sink.child(Child::wrapped(*inner, !is_tight(tree, *inner, false)));
            // After a user's own H, `^H` would be a power.
            sink.transpose(if tree.has_name("H") { "ᴴ" } else { "^H" });
        }
        Notation::Differential(inner) => {
            // A user's own d is no sign of a differential.
            sink.token(if tree.has_name("d") { "differential" } else { "d" });
            sink.glue("(");
            sink.child(Child::plain(*inner));
            sink.glue(")");
        }
        Notation::Partial { of, by } => {
            sink.text(Cow::Owned(format!("partial_{of}_{by}")), 1);
        }
        Notation::Call { head, arguments, sizes } => match vocabulary::as_power(notation, shape) {
            Some(power) => emit_power(tree, power, sink),
            None => emit_call(tree, head, (arguments, sizes), sink),
        },
        Notation::Matrix(rows) => {
            sink.glue("[");
            for (position, row) in rows.iter().enumerate() {
                if position > 0 {
                    sink.token(";");
                    sink.glue(" ");
                }
                emit_list(row, sink);
            }
            sink.glue("]");
        }
        Notation::IndexedSum { indices, body } => {
            sink.token("sum");
            emit_indices(indices, sink);
            sink.child(Child::wrapped(*body, true));
        }
        Notation::Indexed { base, indices } => {
            sink.child(Child::wrapped(*base, !can_be_indexed(tree, *base)));
            emit_indices(indices, sink);
        }
        Notation::Slice { base, row_offset, column_offset } => {
            sink.child(Child::wrapped(*base, !can_be_indexed(tree, *base)));
            emit_slice(tree, tree.shape(*base), shape, (*row_offset, *column_offset), sink);
        }
    }
}

fn emit_power<'t>(
    tree: &'t NotationTree,
    (base, exponent, kind): (NotationId, NotationId, PowerKind),
    sink: &mut impl Sink<'t>,
) {
    sink.child(Child::wrapped(base, !is_tight(tree, base, false)));
    sink.token(if kind == PowerKind::Elementwise { ".^" } else { "^" });
    sink.child(Child::wrapped(exponent, !is_plain_exponent(tree, exponent)));
}

fn emit_number<'t>(number: &Rational, sink: &mut impl Sink<'t>) {
    let parts = Parts::of(number);
    sink.text(Cow::Owned(parts.numerator), 1);
    if let Some(denominator) = parts.denominator {
        sink.token("/");
        sink.text(Cow::Owned(denominator), 1);
    }
}

fn emit_constant<'t>(
    tree: &'t NotationTree,
    (name, scalar): (&'static str, &'static str),
    shape: Shape,
    sink: &mut impl Sink<'t>,
) {
    if shape.is_scalar() {
        sink.token(scalar);
    } else if is_row(shape) {
        sink.token(name);
        emit_sizes(tree, &[shape.columns], sink);
        sink.transpose("'");
    } else {
        sink.token(name);
        let both = [shape.rows, shape.columns];
        emit_sizes(tree, if shape.is_vector() { &both[..1] } else { &both }, sink);
    }
}

fn emit_sizes<'t>(tree: &'t NotationTree, sizes: &[DimensionId], sink: &mut impl Sink<'t>) {
    sink.glue("(");
    emit_size_list(tree, sizes, sink);
    sink.glue(")");
}

fn emit_size_list<'t>(tree: &'t NotationTree, sizes: &[DimensionId], sink: &mut impl Sink<'t>) {
    for (position, size) in sizes.iter().enumerate() {
        if position > 0 {
            sink.token(",");
            sink.glue(" ");
        }
        match tree.dimensions.as_name(*size) {
            Some(name) => sink.token(tree.dimensions.name_text(name)),
            None => {
                let text = size::source_text(&tree.dimensions, tree.dimensions.polynomial(*size));
                sink.text(Cow::Owned(text.text), text.tokens);
            }
        }
    }
}

fn emit_list<'t>(items: &[NotationId], sink: &mut impl Sink<'t>) {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            sink.token(",");
            sink.glue(" ");
        }
        sink.child(Child::plain(*item));
    }
}

fn emit_indices<'t>(indices: &'t [String], sink: &mut impl Sink<'t>) {
    sink.glue("[");
    for (position, index) in indices.iter().enumerate() {
        if position > 0 {
            sink.token(",");
        }
        sink.token(index);
    }
    sink.glue("]");
}

fn emit_sum<'t>(
    tree: &'t NotationTree,
    terms: &[(bool, NotationId)],
    shape: Shape,
    sink: &mut impl Sink<'t>,
) {
    if terms.is_empty() {
        emit_constant(tree, ("zeros", "0"), shape, sink);
    }
    let single = terms.len() == 1;
    for (position, (minus, term)) in terms.iter().enumerate() {
        match (position, *minus != tree.is_negative(*term)) {
            // The sign of a single term is the sign of the whole.
            (0, true) if !single => sink.token("-"),
            (0, _) => {}
            (_, negative) => {
                sink.glue(" ");
                sink.token(if negative { "-" } else { "+" });
                sink.glue(" ");
            }
        }
        sink.child(Child::magnitude(*term, tree.measure(*term).class == Class::Sum));
    }
}

fn emit_product<'t>(tree: &'t NotationTree, factors: &[NotationId], sink: &mut impl Sink<'t>) {
    let view = ProductView::of(tree, factors);
    let mut separated = true;
    if let Some(numerator) = &view.numerator {
        sink.text(Cow::Owned(numerator.clone()), 1);
        separated = false;
    }
    for (position, factor) in view.rest.iter().enumerate() {
        if !separated {
            sink.token("*");
        }
        separated = false;
        let place = view.place(tree, position);
        let parentheses = factor_needs_parentheses(tree, *factor, place);
        if place.first && !place.signed {
            sink.child(Child::magnitude(*factor, parentheses));
        } else {
            sink.child(Child::wrapped(*factor, parentheses));
        }
    }
    if let Some(denominator) = view.denominator {
        sink.token("/");
        sink.text(Cow::Owned(denominator), 1);
    }
}

fn factor_needs_parentheses(tree: &NotationTree, factor: NotationId, place: Place) -> bool {
    let measure = tree.measure(factor);
    if measure.negative && (!place.first || place.signed) {
        return true;
    }
    let trailing = place.last && place.after_scalars;
    match measure.class {
        Class::Atom | Class::Postfix => false,
        Class::Sum => true,
        _ if place.alone => false,
        Class::Product if tree.shape(factor).is_scalar() => !trailing,
        Class::Product => !(place.first || trailing && !begins_with_number(tree, factor)),
        Class::Quotient => place.divided || !trailing || begins_with_number(tree, factor),
        Class::Hadamard => !trailing,
        Class::HadamardQuotient => place.divided || !trailing || begins_with_scalar(tree, factor),
    }
}

fn can_be_indexed(tree: &NotationTree, id: NotationId) -> bool {
    let node = tree.node(id);
    matches!(node, Notation::Name { .. } | Notation::Indexed { .. })
        || matches!(node, Notation::Call { .. }) && tree.measure(id).class == Class::Atom
}

fn begins_with_number(tree: &NotationTree, id: NotationId) -> bool {
    match tree.node(id) {
        Notation::Product(factors) => {
            factors.first().is_some_and(|first| matches!(tree.node(*first), Notation::Number(_)))
        }
        Notation::Fraction(numerator, _) => match tree.node(*numerator) {
            Notation::Number(_) => true,
            Notation::Product(factors) => factors
                .first()
                .is_some_and(|first| matches!(tree.node(*first), Notation::Number(_))),
            _ => false,
        },
        Notation::Number(_) => true,
        _ => false,
    }
}

fn begins_with_scalar(tree: &NotationTree, id: NotationId) -> bool {
    match tree.node(id) {
        Notation::HadamardQuotient(numerator, _) => tree.shape(*numerator).is_scalar(),
        _ => true,
    }
}

fn emit_hadamard<'t>(tree: &'t NotationTree, factors: &[NotationId], sink: &mut impl Sink<'t>) {
    let Some((first, rest)) = factors.split_first() else {
        return sink.token("1");
    };
    if rest.is_empty() {
        return sink.child(Child::magnitude(*first, tree.measure(*first).class == Class::Sum));
    }
    emit_hadamard_first(tree, *first, sink);
    for factor in rest {
        sink.token(".*");
        sink.child(Child::wrapped(*factor, !is_tight(tree, *factor, true)));
    }
}

fn emit_hadamard_first<'t>(tree: &'t NotationTree, first: NotationId, sink: &mut impl Sink<'t>) {
    let bare = match tree.measure(first).class {
        Class::Atom | Class::Postfix | Class::Hadamard => true,
        Class::Product => is_scaled_array(tree, first),
        Class::Sum | Class::Quotient | Class::HadamardQuotient => false,
    };
    sink.child(Child::magnitude(first, !bare));
}

fn is_plain_exponent(tree: &NotationTree, exponent: NotationId) -> bool {
    match tree.node(exponent) {
        // `X^T` and `X^H` may be read as transposes.
        Notation::Name { text, .. } => text != "T" && text != "H",
        _ => is_tight(tree, exponent, false),
    }
}

fn emit_call<'t>(
    tree: &'t NotationTree,
    head: &'t Head,
    (arguments, sizes): (&[NotationId], &[DimensionId]),
    sink: &mut impl Sink<'t>,
) {
    emit_head(head, sink);
    sink.glue("(");
    emit_list(arguments, sink);
    if !arguments.is_empty() && !sizes.is_empty() {
        sink.token(",");
        sink.glue(" ");
    }
    emit_size_list(tree, sizes, sink);
    sink.glue(")");
}

fn emit_head<'t>(head: &'t Head, sink: &mut impl Sink<'t>) {
    let (prefix, name, marks) = match head {
        Head::Book(id) => ("", vocabulary::name(*id), 0),
        Head::Mapped { name, order } | Head::Path { name, order } => ("", name.as_str(), *order),
        Head::Scalar { name, order: 0 } => ("", name.as_str(), 0),
        Head::Scalar { name, order: 1 } => ("grad_", name.as_str(), 0),
        Head::Scalar { name, .. } => ("hess_", name.as_str(), 0),
        Head::DiagonalMatrix | Head::DiagonalVector => ("", "diag", 0),
        Head::Rows => ("", "rows", 0),
    };
    sink.glue(prefix);
    sink.token(name);
    for _ in 0..marks {
        sink.token("'");
    }
    if matches!(head, Head::Mapped { .. }) {
        sink.glue(".");
    }
}

fn emit_slice<'t>(
    tree: &'t NotationTree,
    whole: Shape,
    part: Shape,
    offsets: (DimensionId, DimensionId),
    sink: &mut impl Sink<'t>,
) {
    // An index for each side that is not 1.
    let sides = [(whole.rows, part.rows, offsets.0), (whole.columns, part.columns, offsets.1)];
    sink.glue("[");
    let mut separate = false;
    for (whole, part, offset) in sides.into_iter().filter(|side| side.0 != Dimensions::ONE) {
        if separate {
            sink.token(",");
            sink.glue(" ");
        }
        separate = true;
        emit_range(tree, whole, part, offset, sink);
    }
    sink.glue("]");
}

fn emit_range<'t>(
    tree: &'t NotationTree,
    whole: DimensionId,
    part: DimensionId,
    offset: DimensionId,
    sink: &mut impl Sink<'t>,
) {
    if whole == part {
        return sink.token(":");
    }
    let offset = tree.dimensions.polynomial(offset);
    let one = tree.dimensions.polynomial(Dimensions::ONE);
    let bounds = [offset.add(one), offset.add(tree.dimensions.polynomial(part))];
    // A single place is no range.
    let count = if part == Dimensions::ONE { 1 } else { 2 };
    for (position, bound) in bounds.iter().take(count).enumerate() {
        if position > 0 {
            sink.token(":");
        }
        let text = size::source_text(&tree.dimensions, bound);
        sink.text(Cow::Owned(text.text), text.tokens);
    }
}

/// Appends the source text of a formula.
pub(crate) fn write(tree: &NotationTree, root: NotationId, out: &mut String) {
    let mut pending = vec![Piece::Child(Child::plain(root))];
    let mut pieces = Pieces(Vec::new());
    while let Some(piece) = pending.pop() {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Child(child) => {
                if child.parentheses {
                    out.push('(');
                    pending.push(Piece::Text(Cow::Borrowed(")")));
                }
                if tree.is_negative(child.id) && !child.magnitude {
                    out.push('-');
                }
                emit(tree, tree.node(child.id), tree.shape(child.id), &mut pieces);
                pending.extend(pieces.0.drain(..).rev());
            }
        }
    }
}

enum Piece<'t> {
    Text(Cow<'t, str>),
    Child(Child),
}

struct Pieces<'t>(Vec<Piece<'t>>);

impl<'t> Sink<'t> for Pieces<'t> {
    fn token(&mut self, text: &'t str) {
        self.0.push(Piece::Text(Cow::Borrowed(text)));
    }

    fn glue(&mut self, text: &'t str) {
        self.token(text);
    }

    fn text(&mut self, text: Cow<'t, str>, _: u32) {
        self.0.push(Piece::Text(text));
    }

    fn transpose(&mut self, text: &'t str) {
        self.token(text);
    }

    fn child(&mut self, child: Child) {
        self.0.push(Piece::Child(child));
    }
}
