//! LaTeX mathematics, for use inside a mathematical environment with `amsmath`.
//!
//! Must not know formulas.

use std::borrow::Cow;

use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::join::{Edge, Joiner, Joint};
use crate::print::names::{Accent, Greek, Names, Stem};
use crate::print::writer::Writer;

/// Writes LaTeX.
pub(crate) struct Latex<'n> {
    names: &'n Names<'n>,
    out: String,
    joiner: Joiner,
    /// The text ends with a command that a letter would prolong.
    after_command: bool,
    /// A function was named whose arguments come next.
    applied: bool,
}

impl<'n> Latex<'n> {
    /// An empty text.
    pub(crate) fn new(names: &'n Names<'n>) -> Self {
        let joiner = Joiner::new(names.crowded);
        Self { names, out: String::new(), joiner, after_command: false, applied: false }
    }

    fn raw(&mut self, text: &str) {
        let letter = text.starts_with(|character: char| character.is_ascii_alphabetic());
        if self.after_command && letter {
            self.out.push(' ');
        }
        self.out.push_str(text);
        if !text.is_empty() {
            let rest = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
            self.after_command = rest.len() < text.len() && rest.ends_with('\\');
        }
    }

    fn piece(&mut self, text: &str, first: Edge, last: Edge) {
        match self.joiner.piece(first, last) {
            Some(Joint::Dot) if first == Edge::Digit => self.raw(" \\cdot "),
            Some(Joint::Dot | Joint::Space) => self.raw("\\,"),
            Some(Joint::Tight) | None => {}
        }
        self.raw(text);
    }

    fn sign(&mut self, text: &str) {
        self.piece(text, Edge::Other, Edge::Other);
    }

    /// A name as LaTeX, with its edge.
    fn spelled(&self, text: &str, look: Look) -> (String, Edge) {
        let glyph = self.names.glyph(text);
        let bold = look.is_bold();
        let (body, edge) = match &glyph.stem {
            Stem::Letter('d') if !bold => ("d".to_owned(), Edge::LetterD),
            Stem::Letter(letter) if bold => (format!("\\mathbf{{{letter}}}"), Edge::Letter),
            Stem::Letter(letter) => (letter.to_string(), Edge::Letter),
            Stem::Greek(Greek { name, .. }) if bold => {
                (format!("\\boldsymbol{{\\{name}}}"), Edge::Letter)
            }
            Stem::Greek(Greek { name, .. }) => (format!("\\{name}"), Edge::Letter),
            Stem::Word(word) => {
                let command = if bold { "mathbf" } else { "mathit" };
                (format!("\\{command}{{{}}}", word.replace('_', "\\_")), Edge::Word)
            }
        };
        let body = match glyph.accent {
            None => body,
            Some(Accent::Bar) => format!("\\bar{{{body}}}"),
            Some(Accent::Hat) => format!("\\hat{{{body}}}"),
            Some(Accent::Tilde) => format!("\\tilde{{{body}}}"),
            Some(Accent::Dot) => format!("\\dot{{{body}}}"),
        };
        match glyph.subscript {
            None => (body, edge),
            Some(below)
                if below.bytes().all(|byte| byte.is_ascii_digit())
                    || below.chars().count() == 1 =>
            {
                (format!("{body}_{{{below}}}"), edge)
            }
            Some(below) => (format!("{body}_{{\\mathrm{{{below}}}}}"), edge),
        }
    }

    fn operator(&mut self, operator: Operator) {
        let text = match operator {
            Operator::Plus => " + ",
            Operator::Minus => " - ",
            Operator::Negative => "-",
            Operator::Hadamard => " \\odot ",
            Operator::HadamardQuotient => " \\oslash ",
            Operator::Slash => "/",
            Operator::Caret => "^",
            Operator::HadamardPower => "\\odot ",
            Operator::Comma => ", ",
            Operator::Colon => ":",
            Operator::Partial => return self.piece("\\partial", Edge::FunctionWord, Edge::Other),
            Operator::Nabla => return self.piece("\\nabla", Edge::FunctionWord, Edge::Other),
        };
        self.sign(text);
    }

    fn mark(&mut self, mark: Mark) {
        let text = match mark {
            Mark::Transpose => Cow::Borrowed("\\top"),
            Mark::ConjugateTranspose => Cow::Borrowed("\\mathsf{H}"),
            Mark::Inverse => Cow::Borrowed("-1"),
            Mark::InverseTranspose => Cow::Borrowed("-\\top"),
            Mark::Prime(order) => Cow::Owned("\\prime".repeat(usize::from(order))),
            Mark::Book { latex, .. } => {
                let bare = latex.trim_start_matches('^');
                let inner = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                Cow::Borrowed(inner.unwrap_or(bare))
            }
        };
        self.raw(&text);
    }

    fn fence(&mut self, fence: Fence, tall: bool, opening: bool) {
        let applied = std::mem::take(&mut self.applied);
        let text = match (fence, opening) {
            (Fence::Parenthesis | Fence::Differential, true) => "(",
            (Fence::Parenthesis | Fence::Differential, false) => ")",
            (Fence::Bracket, true) => "[",
            (Fence::Bracket, false) => "]",
            (Fence::Norm, true) => "\\lVert",
            (Fence::Norm, false) => "\\rVert",
            (Fence::Absolute, true) => "\\lvert",
            (Fence::Absolute, false) => "\\rvert",
        };
        let edge = match fence {
            Fence::Norm | Fence::Absolute => Edge::Bar,
            Fence::Differential if !opening => Edge::Differential,
            Fence::Parenthesis | Fence::Bracket | Fence::Differential => Edge::Fence,
        };
        let (first, last) = if opening { (edge, Edge::Other) } else { (Edge::Other, edge) };
        match (tall, opening) {
            (false, _) => self.piece(text, first, last),
            // A growing fence would stand apart from the function before it.
            (true, true) if applied => self.piece(&format!("\\!\\left{text}"), first, last),
            (true, true) => self.piece(&format!("\\left{text}"), first, last),
            (true, false) => self.piece(&format!("\\right{text}"), first, last),
        }
    }
}

impl Writer for Latex<'_> {
    fn event(&mut self, event: Event<'_>) {
        let applies =
            matches!(event, Event::FunctionName { .. } | Event::Function { .. } | Event::Word(_))
                || matches!(event, Event::Symbol(Symbol::Differential));
        if applies || !matches!(event, Event::Open { .. }) {
            self.applied = applies;
        }
        match event {
            Event::Number(text) => self.piece(&text, Edge::Digit, Edge::Digit),
            Event::Name { text, look } => {
                let (spelled, edge) = self.spelled(text, look);
                self.piece(&spelled, edge, edge);
            }
            Event::Differential { text, look } => {
                let (spelled, _) = self.spelled(text, look);
                self.piece("\\mathrm{d}", Edge::Differential, Edge::Word);
                self.raw(&spelled);
            }
            Event::FunctionName { text, look } => {
                let (spelled, _) = self.spelled(text, look);
                self.piece(&spelled, Edge::FunctionWord, Edge::Other);
            }
            Event::Function { name, text, latex, .. } => {
                if self.names.is_taken(text) {
                    self.piece(
                        &format!("\\operatorname{{{name}}}"),
                        Edge::FunctionSymbol,
                        Edge::Other,
                    );
                } else {
                    self.piece(latex, Edge::FunctionSymbol, Edge::Other);
                }
            }
            Event::Word(word) => {
                self.piece(&format!("\\operatorname{{{word}}}"), Edge::FunctionSymbol, Edge::Other);
            }
            Event::Symbol(symbol) => match symbol {
                Symbol::Pi => self.piece("\\pi", Edge::Letter, Edge::Letter),
                Symbol::Infinity => self.piece("\\infty", Edge::Letter, Edge::Letter),
                Symbol::ImaginaryUnit => self.piece("\\mathrm{i}", Edge::Letter, Edge::Letter),
                Symbol::Ones => self.piece("\\mathbf{1}", Edge::Letter, Edge::Letter),
                Symbol::Zeros => self.piece("\\mathbf{0}", Edge::Letter, Edge::Letter),
                Symbol::Identity => self.piece("\\mathbf{I}", Edge::Letter, Edge::Letter),
                Symbol::Differential => self.piece("\\mathrm{d}", Edge::Differential, Edge::Other),
            },
            Event::Join => self.joiner.join(),
            Event::Operator(operator) => self.operator(operator),
            Event::Infix { latex, .. } => self.sign(&format!(" {latex} ")),
            Event::Open { fence, tall } => self.fence(fence, tall, true),
            Event::Close { fence, tall } => self.fence(fence, tall, false),
            Event::BeginFraction => self.piece("\\frac{", Edge::Fence, Edge::Other),
            Event::FractionBar => self.sign("}{"),
            Event::EndFraction | Event::EndRoot => self.piece("}", Edge::Other, Edge::Fence),
            Event::BeginScript(_) => {}
            Event::Script(place) => {
                self.sign(if place == Place::Above { "^{" } else { "_{" });
            }
            Event::EndScript(_) => self.piece("}", Edge::Other, Edge::Script),
            Event::Mark(mark) => self.mark(mark),
            Event::PlainSubscript(text) => self.sign(text),
            Event::BeginRoot(2) => self.piece("\\sqrt{", Edge::Fence, Edge::Other),
            // Only on one line.
            Event::RootSign(_) => {}
            Event::BeginRoot(degree) => {
                self.piece(&format!("\\sqrt[{degree}]{{"), Edge::Fence, Edge::Other);
            }
            Event::BeginMatrix => self.piece("\\begin{bmatrix} ", Edge::Fence, Edge::Other),
            Event::NextEntry => self.sign(" & "),
            Event::NextRow => self.sign(" \\\\ "),
            Event::EndMatrix => self.piece(" \\end{bmatrix}", Edge::Other, Edge::Fence),
            Event::BigSum(indices) => {
                self.piece("\\sum_{", Edge::FunctionSymbol, Edge::Other);
                for (position, index) in indices.iter().enumerate() {
                    if position > 0 {
                        self.raw(", ");
                    }
                    let (spelled, _) = self.spelled(index, Look::Scalar);
                    self.raw(&spelled);
                }
                self.raw("} ");
            }
        }
    }

    fn finish(self: Box<Self>) -> String {
        self.out
    }
}
