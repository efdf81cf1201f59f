//! Mathematical notation on one line of Unicode text.
//!
//! Must not know formulas.

use std::borrow::Cow;

use crate::print::event::{Event, Fence, Mark, Operator, Place, Symbol};
use crate::print::join::{Edge, Joiner, Joint};
use crate::print::names::Names;
use crate::print::script;
use crate::print::writer::Writer;

/// Writes Unicode text.
pub(crate) struct Unicode<'n> {
    names: &'n Names<'n>,
    out: String,
    joiner: Joiner,
    mode: Option<Place>,
}

impl<'n> Unicode<'n> {
    /// An empty text.
    pub(crate) fn new(names: &'n Names<'n>) -> Self {
        Self { names, out: String::new(), joiner: Joiner::new(names.crowded), mode: None }
    }

    fn piece(&mut self, text: &str, first: Edge, last: Edge) {
        let changed = match self.mode {
            None => None,
            Some(Place::Above) => script::raised(text),
            Some(Place::Below) => script::lowered(text),
        };
        let joint = self.joiner.piece(first, last);
        match joint.filter(|_| self.mode.is_none()) {
            Some(Joint::Space) => self.out.push(' '),
            Some(Joint::Dot) => self.out.push('·'),
            Some(Joint::Tight) | None => {}
        }
        self.out.push_str(changed.as_deref().unwrap_or(text));
    }

    fn sign(&mut self, text: &str) {
        self.piece(text, Edge::Other, Edge::Other);
    }

    fn name(&mut self, text: &str) {
        let (shown, is_word) = self.names.glyph(text).unicode(text);
        let last = if shown.chars().count() > 1 { Edge::Script } else { Edge::Letter };
        match shown.as_str() {
            _ if is_word => self.piece(&shown, Edge::Word, Edge::Word),
            "d" => self.piece("d", Edge::LetterD, Edge::LetterD),
            _ => self.piece(&shown, Edge::Letter, last),
        }
    }

    fn operator(&mut self, operator: Operator) {
        let text = match operator {
            Operator::Plus => " + ",
            Operator::Minus => " − ",
            Operator::Negative if self.mode.is_some() => "-",
            Operator::Negative => "−",
            Operator::Hadamard => " ⊙ ",
            Operator::HadamardQuotient => " ⊘ ",
            Operator::Slash => "/",
            Operator::Caret => "^",
            Operator::HadamardPower => "⊙",
            Operator::Comma => ", ",
            Operator::Colon => ":",
            Operator::Partial => return self.piece("∂", Edge::FunctionWord, Edge::Other),
            Operator::Nabla => return self.piece("∇", Edge::FunctionWord, Edge::Other),
        };
        self.sign(text);
    }

    fn mark(&mut self, mark: Mark) {
        let text = match mark {
            Mark::Transpose => Cow::Borrowed("ᵀ"),
            Mark::ConjugateTranspose => Cow::Borrowed("ᴴ"),
            Mark::Inverse => Cow::Borrowed("⁻¹"),
            Mark::InverseTranspose => Cow::Borrowed("⁻ᵀ"),
            Mark::Prime(order) => Cow::Owned("′".repeat(usize::from(order))),
            Mark::Book { text, .. } => Cow::Borrowed(text),
        };
        self.out.push_str(&text);
    }
}

fn fence_text(fence: Fence, opening: bool) -> (&'static str, Edge) {
    match (fence, opening) {
        (Fence::Parenthesis, true) => ("(", Edge::Fence),
        (Fence::Parenthesis, false) => (")", Edge::Fence),
        (Fence::Differential, true) => ("(", Edge::Fence),
        (Fence::Differential, false) => (")", Edge::Differential),
        (Fence::Bracket, true) => ("[", Edge::Fence),
        (Fence::Bracket, false) => ("]", Edge::Fence),
        (Fence::Norm, _) => ("‖", Edge::Bar),
        (Fence::Absolute, _) => ("|", Edge::Bar),
    }
}

impl Writer for Unicode<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Number(text) => self.piece(&text, Edge::Digit, Edge::Digit),
            Event::Name { text, .. } => self.name(text),
            Event::Differential { text, .. } => {
                let (shown, _) = self.names.glyph(text).unicode(text);
                self.piece(&format!("d{shown}"), Edge::Differential, Edge::Word);
            }
            Event::FunctionName { text, .. } => {
                let (shown, _) = self.names.glyph(text).unicode(text);
                self.piece(&shown, Edge::FunctionWord, Edge::Other);
            }
            Event::Function { name, text, .. } => {
                let text = if self.names.is_taken(text) { name } else { text };
                let single = text.chars().count() == 1;
                let edge = if single { Edge::FunctionSymbol } else { Edge::FunctionWord };
                self.piece(text, edge, Edge::Other);
            }
            Event::Word(word) => self.piece(word, Edge::FunctionWord, Edge::FunctionWord),
            Event::Symbol(symbol) => match symbol {
                Symbol::Pi => self.piece("π", Edge::Letter, Edge::Letter),
                Symbol::Infinity => self.piece("∞", Edge::Letter, Edge::Letter),
                Symbol::ImaginaryUnit if self.names.is_taken("i") => {
                    self.piece("√(−1)", Edge::FunctionSymbol, Edge::Fence);
                }
                Symbol::ImaginaryUnit => self.piece("i", Edge::FunctionWord, Edge::FunctionWord),
                Symbol::Ones => self.piece("1", Edge::Digit, Edge::Digit),
                Symbol::Zeros => self.piece("0", Edge::Digit, Edge::Digit),
                Symbol::Identity => self.piece("I", Edge::Letter, Edge::Letter),
                Symbol::Differential => self.piece("d", Edge::Differential, Edge::Other),
            },
            Event::Join => self.joiner.join(),
            Event::Operator(operator) => self.operator(operator),
            Event::Infix { text, .. } => self.sign(&format!(" {text} ")),
            Event::Open { fence, .. } => {
                let (text, edge) = fence_text(fence, true);
                self.piece(text, edge, Edge::Other);
            }
            Event::Close { fence, .. } => {
                let (text, edge) = fence_text(fence, false);
                self.piece(text, Edge::Other, edge);
            }
            Event::FractionBar => self.sign("/"),
            Event::Script(place) => self.mode = Some(place),
            Event::EndScript(_) => {
                self.mode = None;
                self.joiner.piece(Edge::Other, Edge::Script);
            }
            Event::Mark(mark) => self.mark(mark),
            Event::PlainSubscript(text) => {
                let text = if self.mode.is_some() { text.to_owned() } else { format!("_{text}") };
                self.piece(&text, Edge::Other, Edge::Word);
            }
            Event::RootSign(degree) => {
                let sign = match degree {
                    2 => "√",
                    3 => "∛",
                    4 => "∜",
                    _ => "root",
                };
                self.piece(sign, Edge::FunctionSymbol, Edge::Other);
            }
            Event::BeginMatrix => self.piece("[", Edge::Fence, Edge::Other),
            Event::NextEntry => self.sign(", "),
            Event::NextRow => self.sign("; "),
            Event::EndMatrix => self.piece("]", Edge::Other, Edge::Fence),
            Event::BigSum(indices) => {
                self.piece("∑", Edge::BigSum, Edge::Other);
                let joined = indices.concat();
                match script::lowered(&joined) {
                    Some(lowered) => self.sign(&lowered),
                    None => self.sign(&format!("_{}", indices.join(","))),
                }
                self.sign(" ");
            }
            Event::BeginFraction
            | Event::EndFraction
            | Event::BeginScript(_)
            | Event::BeginRoot(_)
            | Event::EndRoot => {}
        }
    }

    fn finish(self: Box<Self>) -> String {
        self.out
    }
}
