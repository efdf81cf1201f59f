//! Typst mathematics, for use between dollar signs.
//!
//! Must not know formulas.

use std::borrow::Cow;

use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::join::{Edge, Joiner, Joint};
use crate::print::names::{Accent, Greek, Names, Stem};
use crate::print::writer::Writer;

/// Writes Typst.
pub(crate) struct Typst<'n> {
    names: &'n Names<'n>,
    out: String,
    joiner: Joiner,
    /// Nothing separates what is written from what comes next.
    open: bool,
    /// A function was named whose arguments come next.
    applied: bool,
    /// For each open fence, whether it holds the arguments of a function.
    fences: Vec<bool>,
    /// The arguments of a function have just ended.
    called: bool,
}

impl<'n> Typst<'n> {
    /// An empty text.
    pub(crate) fn new(names: &'n Names<'n>) -> Self {
        Self {
            names,
            out: String::new(),
            joiner: Joiner::new(false),
            open: true,
            applied: false,
            fences: Vec::new(),
            called: false,
        }
    }

    /// Letters side by side would be one name, so that all pieces are separated by spaces.
    fn piece(&mut self, text: &str, first: Edge, last: Edge) {
        let joint = self.joiner.piece(first, last);
        if joint == Some(Joint::Dot) && first == Edge::Digit {
            self.out.push_str(" ⋅");
        }
        if !self.open || joint.is_some() {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.open = false;
    }

    /// A piece that stands close to what is before it, and lets the next piece stand close.
    fn close(&mut self, text: &str, last: Edge) {
        self.joiner.piece(Edge::Other, last);
        self.out.push_str(text);
        self.open = matches!(last, Edge::Other);
    }

    fn begin(&mut self, text: &str) {
        self.piece(text, Edge::Fence, Edge::Other);
        self.open = true;
    }

    fn spelled(&self, text: &str, look: Look) -> String {
        let glyph = self.names.glyph(text);
        let body = match &glyph.stem {
            Stem::Letter(letter) => letter.to_string(),
            Stem::Greek(Greek { name, .. }) => (*name).to_owned(),
            Stem::Word(word) => format!("\"{word}\""),
        };
        let body = if look.is_bold() { format!("bold({body})") } else { body };
        let body = match glyph.accent {
            None => body,
            Some(Accent::Bar) => format!("macron({body})"),
            Some(Accent::Hat) => format!("hat({body})"),
            Some(Accent::Tilde) => format!("tilde({body})"),
            Some(Accent::Dot) => format!("dot({body})"),
        };
        match glyph.subscript {
            None => body,
            Some(below)
                if below.bytes().all(|byte| byte.is_ascii_digit())
                    || below.chars().count() == 1 =>
            {
                format!("{body}_{below}")
            }
            Some(below) => format!("{body}_\"{below}\""),
        }
    }

    fn operator(&mut self, operator: Operator) {
        let text = match operator {
            Operator::Comma => return self.comma(","),
            Operator::Plus => "+",
            Operator::Minus => "-",
            Operator::Negative => return self.begin_other("-"),
            Operator::Hadamard => "⊙",
            Operator::HadamardQuotient => "⊘",
            // A slash alone would make a fraction.
            Operator::Slash => return self.close("\\/", Edge::Other),
            Operator::Caret => return self.close("^", Edge::Other),
            Operator::HadamardPower => "⊙",
            Operator::Colon => return self.close(":", Edge::Other),
            Operator::Partial => "∂",
            Operator::Nabla => "∇",
        };
        self.piece(text, Edge::Other, Edge::Other);
    }

    fn begin_other(&mut self, text: &str) {
        self.piece(text, Edge::Other, Edge::Other);
        self.open = true;
    }

    fn comma(&mut self, text: &str) {
        self.close(text, Edge::Other);
        self.open = false;
    }

    fn mark(&mut self, mark: Mark) {
        let text = match mark {
            Mark::Transpose => Cow::Borrowed("top"),
            Mark::ConjugateTranspose => Cow::Borrowed("sans(H)"),
            Mark::Inverse => Cow::Borrowed("-1"),
            Mark::InverseTranspose => Cow::Borrowed("-top"),
            Mark::Prime(order) => Cow::Owned(vec!["prime"; usize::from(order)].join(" ")),
            Mark::Book { typst, .. } => {
                let bare = typst.trim_start_matches('^');
                let inner = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                Cow::Borrowed(inner.unwrap_or(bare))
            }
        };
        self.piece(&text, Edge::Other, Edge::Other);
    }
}

fn fence_text(fence: Fence, opening: bool) -> &'static str {
    match (fence, opening) {
        (Fence::Parenthesis | Fence::Differential, true) => "(",
        (Fence::Parenthesis | Fence::Differential, false) => ")",
        (Fence::Bracket, true) => "[",
        (Fence::Bracket, false) => "]",
        (Fence::Norm, true) => "norm(",
        (Fence::Absolute, true) => "abs(",
        (Fence::Norm | Fence::Absolute, false) => ")",
    }
}

impl Writer for Typst<'_> {
    fn event(&mut self, event: Event<'_>) {
        let applied = std::mem::take(&mut self.applied);
        let called = std::mem::take(&mut self.called);
        match &event {
            Event::FunctionName { .. } | Event::Function { .. } | Event::Word(_) => {
                self.applied = true;
            }
            Event::Open { .. } => self.fences.push(applied),
            Event::Close { .. } => self.called = self.fences.pop().unwrap_or(false),
            _ => {}
        }
        match event {
            Event::Number(text) => self.piece(&text, Edge::Digit, Edge::Digit),
            Event::Name { text, look } => {
                let spelled = self.spelled(text, look);
                self.piece(&spelled, Edge::Letter, Edge::Letter);
            }
            Event::Differential { text, look } => {
                let spelled = self.spelled(text, look);
                self.piece(&format!("dif {spelled}"), Edge::Letter, Edge::Letter);
            }
            Event::FunctionName { text, look } => {
                let spelled = self.spelled(text, look);
                self.piece(&spelled, Edge::FunctionSymbol, Edge::Other);
                self.open = true;
            }
            Event::Function { name, text, typst, .. } => {
                if self.names.is_taken(text) {
                    self.piece(&format!("op(\"{name}\")"), Edge::FunctionSymbol, Edge::Other);
                } else {
                    self.piece(typst, Edge::FunctionSymbol, Edge::Other);
                }
                self.open = true;
            }
            Event::Word(word) => {
                self.piece(&format!("op(\"{word}\")"), Edge::FunctionSymbol, Edge::Other);
                self.open = true;
            }
            Event::Symbol(symbol) => {
                let text = match symbol {
                    Symbol::Pi => "pi",
                    Symbol::Infinity => "∞",
                    Symbol::ImaginaryUnit => "upright(i)",
                    Symbol::Ones => "bold(1)",
                    Symbol::Zeros => "bold(0)",
                    Symbol::Identity => "bold(I)",
                    Symbol::Differential => "upright(d)",
                };
                self.piece(text, Edge::Letter, Edge::Letter);
            }
            Event::Join => self.joiner.join(),
            Event::Operator(operator) => self.operator(operator),
            Event::Infix { typst, .. } => self.piece(typst, Edge::Other, Edge::Other),
            Event::Open { fence, .. } => self.begin(fence_text(fence, true)),
            Event::Close { fence, .. } => self.close(fence_text(fence, false), Edge::Fence),
            Event::BeginFraction => self.begin("frac("),
            Event::FractionBar => self.comma(","),
            Event::EndFraction | Event::EndRoot | Event::EndMatrix => {
                self.close(")", Edge::Fence);
            }
            Event::BeginScript(_) => {}
            Event::Script(place) => {
                if called {
                    // With a script, the fence alone would stand apart from its function.
                    self.out.push_str("zws");
                }
                self.close(if place == Place::Above { "^(" } else { "_(" }, Edge::Other);
            }
            Event::EndScript(_) => self.close(")", Edge::Script),
            Event::Mark(mark) => self.mark(mark),
            Event::PlainSubscript(text) => self.piece(text, Edge::Other, Edge::Other),
            Event::BeginRoot(2) => self.begin("sqrt("),
            Event::BeginRoot(degree) => self.begin(&format!("root({degree}, ")),
            // Only on one line.
            Event::RootSign(_) => {}
            Event::BeginMatrix => self.begin("mat(delim: \"[\", "),
            Event::NextEntry => self.comma(","),
            Event::NextRow => self.comma(";"),
            Event::BigSum(indices) => {
                let spelled: Vec<_> =
                    indices.iter().map(|index| self.spelled(index, Look::Scalar)).collect();
                self.piece(&format!("∑_({})", spelled.join(", ")), Edge::Other, Edge::Other);
            }
        }
    }

    fn finish(self: Box<Self>) -> String {
        self.out
    }
}
