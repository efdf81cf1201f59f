//! Functions: before, around, between or above their arguments.
//!
//! Must not know the vocabulary itself.

use std::borrow::Cow;

use gradus_functions::Form;
use gradus_tensor::{DimensionId, FunctionId};

use super::Layout;
use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::profile::is_differentiated_name;
use crate::print::{script, vocabulary};
use crate::tree::{Head, Notation, NotationId, Shape};

impl<'t> Layout<'t, '_> {
    pub(super) fn call(
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

    pub(super) fn superscript(&mut self, id: FunctionId, argument: NotationId) {
        let Some(mark) = book_mark(id) else {
            return self.plain(argument);
        };
        match (mark, self.tree.node(argument)) {
            (Mark::Inverse, Notation::Transpose(inner)) => {
                self.marked(*inner, Mark::InverseTranspose);
            }
            _ => self.marked(argument, mark),
        }
    }

    pub(super) fn fenced(
        &mut self,
        fence: &'static str,
        subscript: &'static str,
        argument: NotationId,
    ) {
        let fence = if fence == "|" { Fence::Absolute } else { Fence::Norm };
        let tall = self.profiles.of(argument).tall;
        let lowered =
            !subscript.is_empty() && (self.planar || script::lowered(subscript).is_some());
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

    pub(super) fn head(&mut self, head: &'t Head, shape: Shape) {
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
            Head::Rows => self.event(Event::Word("rows")),
            Head::Book(id) => self.event(Event::Word(vocabulary::name(*id))),
        }
    }

    pub(super) fn primed(&mut self, text: &'t str, order: u8, look: Look) {
        if order == 0 {
            return self.event(Event::FunctionName { text, look });
        }
        self.event(Event::BeginScript(Place::Above));
        self.event(Event::FunctionName { text, look });
        self.end_mark(Mark::Prime(order));
    }

    /// `dX` of a name, `d(U)` of everything else.
    pub(super) fn differential(&mut self, inner: NotationId) {
        if is_differentiated_name(self.tree, inner)
            && let Notation::Name { text, .. } = self.tree.node(inner)
        {
            let look = Look::of(self.tree.shape(inner));
            return self.event(Event::Differential { text, look });
        }
        let tall = self.profiles.of(inner).tall;
        self.event(Event::Symbol(Symbol::Differential));
        self.event(Event::Open { fence: Fence::Differential, tall });
        self.plain(inner);
        self.event(Event::Close { fence: Fence::Differential, tall });
    }

    /// `∂l/∂a`
    pub(super) fn partial(&mut self, of: &'t str, by: &'t str, shape: Shape) {
        let partial = Event::Operator(Operator::Partial);
        let (above, below) = (Look::Scalar, Look::of(shape));
        if self.planar {
            self.event(Event::BeginFraction);
        }
        self.event(partial.clone());
        self.event(Event::Name { text: of, look: above });
        self.event(if self.planar { Event::FractionBar } else { Event::Operator(Operator::Slash) });
        self.event(partial);
        self.event(Event::Name { text: by, look: below });
        if self.planar {
            self.event(Event::EndFraction);
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[NotationId], sizes: &[DimensionId]) {
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

    pub(super) fn matrix(&mut self, rows: &[Vec<NotationId>]) {
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
}

/// The mark of a function of the book that is written above.
pub(super) fn book_mark(id: FunctionId) -> Option<Mark> {
    match vocabulary::form(id) {
        Form::Superscript { text: "⁻¹", .. } => Some(Mark::Inverse),
        Form::Superscript { text: "ᵀ", .. } => Some(Mark::Transpose),
        Form::Superscript { text, latex, typst } => Some(Mark::Book { text, latex, typst }),
        _ => None,
    }
}
