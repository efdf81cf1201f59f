//! Presentational MathML that also stands in browsers with MathML Core only.
//!
//! Must not know formulas. Bold letters are characters of their own, since MathML Core has no other
//! way to set them.

use std::borrow::Cow;

use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::join::{Edge, Joiner, Joint};
use crate::print::names::{Accent, Greek, Names, Stem};
use crate::print::writer::Writer;

/// Writes the inside of a `math` element.
pub(crate) struct MathMl<'n> {
    names: &'n Names<'n>,
    pieces: Vec<Cow<'static, str>>,
    /// Open elements: where they were opened, and how many elements are in them.
    open: Vec<(usize, usize)>,
    /// The degrees of the open roots.
    roots: Vec<u8>,
    /// Where the sign of multiplication before an open script goes, once it is known: the piece and
    /// the element around it.
    slot: Option<(usize, usize)>,
    joiner: Joiner,
}

impl<'n> MathMl<'n> {
    /// An empty formula.
    pub(crate) fn new(names: &'n Names<'n>) -> Self {
        let mut writer = Self {
            names,
            pieces: Vec::new(),
            open: Vec::new(),
            roots: Vec::new(),
            slot: None,
            joiner: Joiner::new(names.crowded),
        };
        writer.begin("<mrow>");
        writer
    }

    fn begin(&mut self, tag: &'static str) {
        self.open.push((self.pieces.len(), 0));
        self.pieces.push(Cow::Borrowed(tag));
    }

    fn end(&mut self, tag: &'static str) {
        self.open.pop();
        self.pieces.push(Cow::Borrowed(tag));
        self.count();
    }

    /// Ends a group; a group of one element needs no tags.
    fn end_group(&mut self) {
        match self.open.pop() {
            Some((at, 1)) => {
                self.pieces[at] = Cow::Borrowed("");
                self.count();
            }
            _ => {
                self.pieces.push(Cow::Borrowed("</mrow>"));
                self.count();
            }
        }
    }

    /// Where the base of a script above is one element with a script below, the two scripts are to
    /// stand one over the other: the inner element gives its parts to the outer one.
    fn open_lower_script(&mut self) {
        let [.., (outer, _), (group, 1)] = self.open.as_slice() else { return };
        let (outer, first) = (*outer, *group + 1);
        let filled: Vec<usize> =
            (first..self.pieces.len()).filter(|at| !self.pieces[*at].is_empty()).collect();
        let (Some(&begin), Some(&end)) = (filled.first(), filled.last()) else { return };
        let inside = if begin == end {
            let whole = &self.pieces[begin];
            let inside = whole.strip_prefix("<msub>").and_then(|rest| rest.strip_suffix("</msub>"));
            inside.map(str::to_owned)
        } else {
            (self.pieces[begin] == "<msub>" && self.pieces[end] == "</msub>").then(String::new)
        };
        let Some(inside) = inside else { return };
        self.pieces[begin] = Cow::Owned(inside);
        if begin != end {
            self.pieces[end] = Cow::Borrowed("");
        }
        self.pieces[outer] = Cow::Borrowed("<msubsup>");
    }

    fn count(&mut self) {
        if let Some((_, elements)) = self.open.last_mut() {
            *elements += 1;
        }
    }

    fn element(&mut self, text: impl Into<Cow<'static, str>>) {
        self.pieces.push(text.into());
        self.count();
    }

    fn join(&mut self, first: Edge, last: Edge) {
        let sign = match self.joiner.piece(first, last) {
            Some(Joint::Dot) => "<mo>⋅</mo>",
            Some(Joint::Space) => "<mo lspace=\"0\" rspace=\"0.17em\">&#x2062;</mo>",
            Some(_) => "<mo>&#x2062;</mo>",
            None => return,
        };
        match self.slot.take() {
            Some((piece, element)) => {
                self.pieces[piece] = Cow::Borrowed(sign);
                self.open[element].1 += 1;
            }
            None => self.element(sign),
        }
    }

    /// Keeps a place for a sign of multiplication that depends on what comes first in a script.
    fn reserve(&mut self) {
        if self.joiner.is_pending() && self.slot.is_none() {
            self.slot = Some((self.pieces.len(), self.open.len().saturating_sub(1)));
            self.pieces.push(Cow::Borrowed(""));
        }
    }

    fn sign(&mut self, text: &'static str) {
        self.join(Edge::Other, Edge::Other);
        self.element(text);
    }

    fn spelled(&self, text: &str, look: Look) -> (String, Edge) {
        let glyph = self.names.glyph(text);
        let bold = look.is_bold();
        let (plain, edge) = match &glyph.stem {
            Stem::Letter('d') if !bold => ("d".to_owned(), Edge::LetterD),
            Stem::Letter(letter) | Stem::Greek(Greek { letter, .. }) => {
                (letter.to_string(), Edge::Letter)
            }
            Stem::Word(word) => (word.clone(), Edge::Word),
        };
        let shown: String = if bold { plain.chars().map(bold_character).collect() } else { plain };
        let mut element = format!("<mi>{}</mi>", escape(&shown));
        if let Some(accent) = glyph.accent {
            let sign = match accent {
                Accent::Bar => "‾",
                Accent::Hat => "^",
                Accent::Tilde => "~",
                Accent::Dot => "˙",
            };
            element = format!(
                "<mover accent=\"true\">{element}<mo stretchy=\"false\">{sign}</mo></mover>"
            );
        }
        if let Some(below) = glyph.subscript {
            let tag = if below.bytes().all(|byte| byte.is_ascii_digit()) { "mn" } else { "mi" };
            element = format!("<msub>{element}<{tag}>{}</{tag}></msub>", escape(&below));
        }
        (element, edge)
    }

    fn operator(&mut self, operator: Operator) {
        let text = match operator {
            Operator::Plus => "<mo>+</mo>",
            Operator::Minus => "<mo>−</mo>",
            Operator::Negative => "<mo form=\"prefix\">−</mo>",
            Operator::Hadamard => "<mo>⊙</mo>",
            Operator::HadamardQuotient => "<mo>⊘</mo>",
            Operator::Slash => "<mo lspace=\"0\" rspace=\"0\">/</mo>",
            Operator::Caret => "<mo>^</mo>",
            Operator::HadamardPower => "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">⊙</mo>",
            Operator::Comma => "<mo separator=\"true\">,</mo>",
            Operator::Colon => "<mo lspace=\"0\" rspace=\"0\">:</mo>",
            Operator::Partial => {
                self.join(Edge::FunctionWord, Edge::Other);
                return self.element("<mo lspace=\"0\" rspace=\"0\">∂</mo>");
            }
            Operator::Nabla => {
                self.join(Edge::FunctionSymbol, Edge::Other);
                return self.element("<mo lspace=\"0\" rspace=\"0\">∇</mo>");
            }
        };
        self.sign(text);
    }

    fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Transpose => self.element("<mi mathvariant=\"normal\">⊤</mi>"),
            Mark::ConjugateTranspose => self.element("<mi mathvariant=\"normal\">H</mi>"),
            Mark::Inverse => {
                self.element("<mo form=\"prefix\">−</mo>");
                self.element("<mn>1</mn>");
            }
            Mark::InverseTranspose => {
                self.element("<mo form=\"prefix\">−</mo>");
                self.element("<mi mathvariant=\"normal\">⊤</mi>");
            }
            Mark::Prime(order) => {
                self.element(format!("<mo>{}</mo>", "′".repeat(usize::from(order))));
            }
            Mark::Book { text, .. } => self.element(format!("<mo>{}</mo>", escape(text))),
        }
    }

    fn function(&mut self, element: String, edge: Edge) {
        self.join(edge, Edge::Other);
        self.element(element);
        self.element("<mo>&#x2061;</mo>");
    }

    fn fence(&mut self, fence: Fence, tall: bool, opening: bool) {
        let text = match (fence, opening) {
            (Fence::Parenthesis | Fence::Differential, true) => "(",
            (Fence::Parenthesis | Fence::Differential, false) => ")",
            (Fence::Bracket, true) => "[",
            (Fence::Bracket, false) => "]",
            (Fence::Norm, _) => "‖",
            (Fence::Absolute, _) => "|",
        };
        let edge = match fence {
            Fence::Norm | Fence::Absolute => Edge::Bar,
            Fence::Differential if !opening => Edge::Differential,
            Fence::Parenthesis | Fence::Bracket | Fence::Differential => Edge::Fence,
        };
        let stretchy = if tall { "" } else { " stretchy=\"false\"" };
        let form = if opening { "prefix" } else { "postfix" };
        let element = format!("<mo fence=\"true\" form=\"{form}\"{stretchy}>{text}</mo>");
        if opening {
            self.join(edge, Edge::Other);
            self.begin("<mrow>");
            self.element(element);
        } else {
            self.join(Edge::Other, edge);
            self.element(element);
            self.end_group();
        }
    }
}

/// The bold form of a letter or a digit.
fn bold_character(character: char) -> char {
    let offset = |base: u32, first: char| {
        char::from_u32(base + u32::from(character) - u32::from(first)).unwrap_or(character)
    };
    match character {
        'A'..='Z' => offset(0x1D400, 'A'),
        'a'..='z' => offset(0x1D41A, 'a'),
        '0'..='9' => offset(0x1D7CE, '0'),
        'Α'..='Ω' => offset(0x1D6A8, 'Α'),
        'α'..='ω' => offset(0x1D6C2, 'α'),
        _ => character,
    }
}

/// A text inside an element.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

impl Writer for MathMl<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Number(text) => {
                self.join(Edge::Digit, Edge::Digit);
                self.element(format!("<mn>{text}</mn>"));
            }
            Event::Name { text, look } => {
                let (element, edge) = self.spelled(text, look);
                self.join(edge, edge);
                self.element(element);
            }
            Event::Differential { text, look } => {
                let (element, _) = self.spelled(text, look);
                self.join(Edge::Differential, Edge::Word);
                self.element(format!("<mrow><mi mathvariant=\"normal\">d</mi>{element}</mrow>"));
            }
            Event::FunctionName { text, look } => {
                let (element, _) = self.spelled(text, look);
                self.join(Edge::FunctionSymbol, Edge::Other);
                self.element(element);
            }
            Event::Function { name, text, .. } => {
                let text = if self.names.is_taken(text) { name } else { text };
                let single = text.chars().count() == 1;
                let edge = if single { Edge::FunctionSymbol } else { Edge::FunctionWord };
                self.function(format!("<mi mathvariant=\"normal\">{}</mi>", escape(text)), edge);
            }
            Event::Word(word) => {
                self.function(format!("<mi>{}</mi>", escape(word)), Edge::FunctionWord);
                self.joiner.piece(Edge::Other, Edge::FunctionWord);
            }
            Event::Symbol(symbol) => {
                match symbol {
                    Symbol::Differential => self.join(Edge::Differential, Edge::Other),
                    _ => self.join(Edge::Letter, Edge::Letter),
                }
                self.element(match symbol {
                    Symbol::Pi => "<mi>π</mi>",
                    Symbol::Infinity => "<mi>∞</mi>",
                    Symbol::ImaginaryUnit => "<mi mathvariant=\"normal\">i</mi>",
                    Symbol::Ones => "<mn>𝟏</mn>",
                    Symbol::Zeros => "<mn>𝟎</mn>",
                    Symbol::Identity => "<mi>𝐈</mi>",
                    Symbol::Differential => "<mi mathvariant=\"normal\">d</mi>",
                });
            }
            Event::Join => self.joiner.join(),
            Event::Operator(operator) => self.operator(operator),
            Event::Infix { text, .. } => {
                self.join(Edge::Other, Edge::Other);
                self.element(format!("<mo>{}</mo>", escape(text)));
            }
            Event::Open { fence, tall } => self.fence(fence, tall, true),
            Event::Close { fence, tall } => self.fence(fence, tall, false),
            Event::BeginFraction => {
                self.join(Edge::Fence, Edge::Other);
                self.begin("<mfrac>");
                self.begin("<mrow>");
            }
            Event::FractionBar => {
                self.joiner.piece(Edge::Other, Edge::Other);
                self.end_group();
                self.begin("<mrow>");
            }
            Event::EndFraction => {
                self.joiner.piece(Edge::Other, Edge::Fence);
                self.end_group();
                self.end("</mfrac>");
            }
            Event::BeginScript(place) => {
                self.reserve();
                self.begin(if place == Place::Above { "<msup>" } else { "<msub>" });
                self.begin("<mrow>");
            }
            Event::Script(place) => {
                self.joiner.piece(Edge::Other, Edge::Other);
                if place == Place::Above {
                    self.open_lower_script();
                }
                self.end_group();
                self.begin("<mrow>");
            }
            Event::EndScript(place) => {
                self.joiner.piece(Edge::Other, Edge::Script);
                self.end_group();
                let both = self.open.last().is_some_and(|(at, _)| self.pieces[*at] == "<msubsup>");
                self.end(match place {
                    _ if both => "</msubsup>",
                    Place::Above => "</msup>",
                    Place::Below => "</msub>",
                });
            }
            Event::Mark(mark) => self.mark(mark),
            Event::PlainSubscript(text) => {
                let tag = if text.bytes().all(|byte| byte.is_ascii_digit()) { "mn" } else { "mi" };
                self.element(format!("<{tag}>{}</{tag}>", escape(text)));
            }
            Event::BeginRoot(degree) => {
                self.join(Edge::Fence, Edge::Other);
                self.roots.push(degree);
                self.begin(if degree == 2 { "<msqrt>" } else { "<mroot>" });
                self.begin("<mrow>");
            }
            Event::EndRoot => {
                self.joiner.piece(Edge::Other, Edge::Fence);
                self.end_group();
                match self.roots.pop() {
                    Some(degree) if degree != 2 => {
                        self.element(format!("<mn>{degree}</mn>"));
                        self.end("</mroot>");
                    }
                    _ => self.end("</msqrt>"),
                }
            }
            // Only on one line.
            Event::RootSign(_) => {}
            Event::BeginMatrix => {
                self.join(Edge::Fence, Edge::Other);
                self.begin("<mrow>");
                self.element("<mo fence=\"true\" form=\"prefix\">[</mo>");
                self.begin("<mtable><mtr><mtd>");
            }
            Event::NextEntry => {
                self.joiner.piece(Edge::Other, Edge::Other);
                self.element("</mtd><mtd>");
            }
            Event::NextRow => {
                self.joiner.piece(Edge::Other, Edge::Other);
                self.element("</mtd></mtr><mtr><mtd>");
            }
            Event::EndMatrix => {
                self.joiner.piece(Edge::Other, Edge::Fence);
                self.end("</mtd></mtr></mtable>");
                self.element("<mo fence=\"true\" form=\"postfix\">]</mo>");
                self.end_group();
            }
            Event::BigSum(indices) => {
                self.join(Edge::BigSum, Edge::Other);
                let spelled: Vec<_> =
                    indices.iter().map(|index| self.spelled(index, Look::Scalar).0).collect();
                let below = spelled.join("<mo separator=\"true\">,</mo>");
                self.element(format!("<munder><mo>∑</mo><mrow>{below}</mrow></munder>"));
            }
        }
    }

    fn finish(mut self: Box<Self>) -> String {
        self.pieces.push(Cow::Borrowed("</mrow>"));
        self.pieces.concat()
    }
}

/// A formula as an element of its own.
pub(crate) fn document(inside: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">{inside}</math>")
}
