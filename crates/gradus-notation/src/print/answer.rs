//! Answers as they stand on the page: left sides, `where` blocks, alignment.
//!
//! Must not know how answers were found.

use std::borrow::Cow;

use crate::arena::NotationTree;
use crate::print::event::{Event, Fence, Look, Mark, Operator, Place, Symbol};
use crate::print::mathml;
use crate::print::names::Glyph;
use crate::print::printer::{Format, Printer};
use crate::print::script;
use crate::tree::{NamedFormula, NotationId};

/// How the left sides of equations in MathML are set; some browsers align formulas only by a value of
/// their own.
const RIGHT: &str = "text-align: right; text-align: -webkit-right; padding-right: 0";

/// How the right sides of equations in MathML are set.
const LEFT: &str = "text-align: left; text-align: -webkit-left; padding-left: 0";

/// A function or a variable that a left side names.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The name.
    pub text: &'a str,
    /// The index of the member that is meant, of a family.
    pub index: Option<&'a str>,
    /// How it is set.
    pub look: Look,
    /// Whether its complex conjugate is meant.
    pub conjugate: bool,
}

impl Subject<'_> {
    /// Whether the other one is the same.
    fn is(&self, other: &Self) -> bool {
        (self.text, self.index, self.conjugate) == (other.text, other.index, other.conjugate)
    }
}

/// The left side of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Left<'a> {
    /// `f`
    Name(Subject<'a>),
    /// `df`; `d²f` of a higher order.
    Differential {
        /// What varies.
        of: Subject<'a>,
        /// How many times.
        order: u8,
    },
    /// `d vec F`
    StackedDifferential {
        /// What varies.
        of: Subject<'a>,
    },
    /// `∂f/∂x`; stacked: `∂vec F/∂vec X`. By two variables in turn `∂²f/∂x∂yᵀ`; stacked:
    /// `∂²f/∂vec X ∂(vec Y)ᵀ`. By more of them `∂³f/∂x∂y∂z`.
    Derivative {
        /// What is differentiated.
        of: Subject<'a>,
        /// By what, in turn.
        by: &'a [Subject<'a>],
        /// Whether matrices are stacked into columns.
        stacked: bool,
    },
    /// `∂f/∂(a, b)`: the derivatives by several variables in one column.
    Gradient {
        /// What is differentiated.
        of: Subject<'a>,
        /// By what, in order.
        by: &'a [Subject<'a>],
    },
    /// `d(∂f/∂x)`: how a derivative varies.
    DerivativeDifferential {
        /// What is differentiated.
        of: Subject<'a>,
        /// By what, in turn.
        by: &'a [Subject<'a>],
        /// Whether matrices are stacked into columns.
        stacked: bool,
    },
}

/// One line of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The left side.
    pub left: Left<'a>,
    /// The right side.
    pub right: NotationId,
    /// A remark at the end of the line, such as `n×1, mixed layout`; may be empty. Formats for
    /// documents leave it out.
    pub note: &'a str,
}

/// An answer: bindings, then lines that may use them.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The bindings.
    pub bindings: &'a [NamedFormula],
    /// The lines.
    pub lines: &'a [Line<'a>],
    /// The word before the bindings, `where` in English.
    pub where_word: &'a str,
    /// The point at which the left sides are meant, in the format of the answer; empty if there is none.
    pub at: &'a str,
}

/// The sides of an equation as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The left side.
    pub left: String,
    /// The right side.
    pub right: String,
}

/// The equations of an answer as text: those of the bindings, and those of the lines.
#[must_use]
pub fn equations(
    tree: &NotationTree,
    answer: &Answer<'_>,
    format: Format,
) -> (Vec<Equation>, Vec<Equation>) {
    let bindings = answer.bindings.iter().map(|binding| binding.formula);
    let roots: Vec<_> = bindings.chain(answer.lines.iter().map(|line| line.right)).collect();
    let mut names: Vec<&str> = answer.bindings.iter().map(|binding| &*binding.name).collect();
    for line in answer.lines {
        names.extend(subjects(&line.left).map(|subject| subject.text));
    }
    let printer = Printer::new(tree, &roots, &names, format);
    let equation = |left: &Left<'_>, right| {
        let left = match format {
            Format::Source => source_left(left),
            _ => printer.events(left_events(left, format.is_planar())),
        };
        Equation { left, right: printer.formula(right) }
    };
    let bound = answer.bindings.iter().map(|binding| {
        let look = Look::of(tree.shape(binding.formula));
        equation(
            &Left::Name(Subject {
                text: &binding.name,
                index: binding.index.as_deref(),
                look,
                conjugate: false,
            }),
            binding.formula,
        )
    });
    let line = |line: &Line<'_>| {
        let Equation { left, right } = equation(&line.left, line.right);
        Equation { left: at_point(left, answer.at, format), right }
    };
    (bound.collect(), answer.lines.iter().map(line).collect())
}

/// A left side with the point at which it is meant.
fn at_point(left: String, at: &str, format: Format) -> String {
    if at.is_empty() {
        return left;
    }
    match format {
        Format::Source => left,
        Format::Unicode => format!("{left} at {at}"),
        Format::Latex => format!("\\left.{left}\\right|_{{{at}}}"),
        Format::Typst => format!("lr({left} |)_({at})"),
        Format::MathMl => {
            format!("<msub><mrow>{left}<mo fence=\"true\">|</mo></mrow><mrow>{at}</mrow></msub>")
        }
    }
}

/// A left side alone.
#[must_use]
pub fn left_side(left: &Left<'_>, format: Format) -> String {
    let tree = NotationTree::default();
    let names: Vec<&str> = subjects(left).map(|subject| subject.text).collect();
    let printer = Printer::new(&tree, &[], &names, format);
    match format {
        Format::Source => source_left(left),
        _ => printer.events(left_events(left, format.is_planar())),
    }
}

/// An answer as text with aligned sides.
///
/// Source text has no left sides for answers: there the bindings come first, all joined by `; `.
#[must_use]
pub fn answer(tree: &NotationTree, answer: &Answer<'_>, format: Format) -> String {
    let (bindings, lines) = equations(tree, answer, format);
    match format {
        Format::Source => {
            let bound = bindings.iter().map(|Equation { left, right }| format!("{left} = {right}"));
            let statements: Vec<_> =
                bound.chain(lines.into_iter().map(|line| line.right)).collect();
            statements.join("; ")
        }
        Format::Unicode => text_block(answer, &bindings, &lines),
        Format::Latex => {
            let word = format!("\\text{{{} }}", answer.where_word);
            let rows = rows(&word, &bindings, &lines);
            let rows: Vec<_> = rows
                .map(|(word, equation)| format!("{word}{} &= {}", equation.left, equation.right))
                .collect();
            let mut block = String::new();
            for (position, row) in rows.iter().enumerate() {
                // Fractions one below the other would touch.
                let tall = |row: &String| row.contains("\\frac");
                match position.checked_sub(1).map(|above| tall(&rows[above]) && tall(row)) {
                    None => {}
                    Some(true) => block.push_str(" \\\\[1ex]\n"),
                    Some(false) => block.push_str(" \\\\\n"),
                }
                block.push_str(row);
            }
            match rows.as_slice() {
                [only] => only.replacen(" &= ", " = ", 1),
                _ => format!("\\begin{{aligned}}\n{block}\n\\end{{aligned}}"),
            }
        }
        Format::Typst => {
            let word = format!("\"{} \" ", answer.where_word);
            let rows: Vec<_> = rows(&word, &bindings, &lines)
                .map(|(word, equation)| format!("{word}{} &= {}", equation.left, equation.right))
                .collect();
            rows.join(" \\\n")
        }
        Format::MathMl => {
            let word = format!("<mtext>{}&#xA0;</mtext>", mathml::escape(answer.where_word));
            let rows = rows(&word, &bindings, &lines).map(|(word, Equation { left, right })| {
                format!(
                    "<mtr><mtd style=\"{RIGHT}\">{word}{left}</mtd>\
                     <mtd style=\"{LEFT}\"><mo form=\"infix\">=</mo>{right}</mtd></mtr>"
                )
            });
            mathml::document(&format!(
                "<mtable displaystyle=\"true\" columnalign=\"right left\">{}</mtable>",
                rows.collect::<String>()
            ))
        }
    }
}

/// All equations, the first binding with the word before it.
fn rows<'a>(
    word: &'a str,
    bindings: &'a [Equation],
    lines: &'a [Equation],
) -> impl Iterator<Item = (&'a str, &'a Equation)> {
    let bound = bindings
        .iter()
        .enumerate()
        .map(move |(position, equation)| (if position == 0 { word } else { "" }, equation));
    bound.chain(lines.iter().map(|equation| ("", equation)))
}

fn text_block(answer: &Answer<'_>, bindings: &[Equation], lines: &[Equation]) -> String {
    let indent = width(answer.where_word) + 1;
    let mut block: Vec<String> = Vec::new();
    let column = bindings.iter().map(|equation| width(&equation.left)).max().unwrap_or(0);
    for (position, Equation { left, right }) in bindings.iter().enumerate() {
        let word = if position == 0 { answer.where_word } else { "" };
        let (before, after) = (padding(word, indent), padding(left, column));
        block.push(format!("{word}{before}{left}{after} = {right}"));
    }
    let column = lines.iter().map(|equation| width(&equation.left)).max().unwrap_or(0);
    let texts: Vec<String> = lines
        .iter()
        .map(|Equation { left, right }| format!("{left}{} = {right}", padding(left, column)))
        .collect();
    let edge = texts.iter().map(|text| width(text)).max().unwrap_or(0) + 4;
    for (text, line) in texts.into_iter().zip(answer.lines) {
        let note = if line.note.is_empty() {
            String::new()
        } else {
            format!("{}{}", padding(&text, edge), line.note)
        };
        block.push(format!("{text}{note}"));
    }
    block.join("\n")
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn padding(text: &str, column: usize) -> String {
    " ".repeat(column.saturating_sub(width(text)))
}

fn subjects<'a>(left: &Left<'a>) -> impl Iterator<Item = Subject<'a>> {
    let (first, others): (_, &[Subject<'a>]) = match *left {
        Left::Name(subject)
        | Left::Differential { of: subject, .. }
        | Left::StackedDifferential { of: subject } => (subject, &[]),
        Left::Derivative { of, by, .. }
        | Left::DerivativeDifferential { of, by, .. }
        | Left::Gradient { of, by } => (of, by),
    };
    std::iter::once(first).chain(others.iter().copied())
}

/// A bound name is the only left side that source text has.
fn source_left(left: &Left<'_>) -> String {
    match left {
        Left::Name(subject) => match subject.index {
            Some(index) => format!("{}[{index}]", subject.text),
            None => subject.text.to_owned(),
        },
        _ => String::new(),
    }
}

fn left_events<'a>(left: &Left<'a>, planar: bool) -> Vec<Event<'a>> {
    let mut events = Events { planar, list: Vec::new() };
    match *left {
        Left::Name(subject) => events.name(subject),
        Left::Differential { of: Subject { text, look, .. }, order: 1 } => {
            events.list.push(Event::Differential { text, look });
        }
        Left::StackedDifferential { of } => {
            events.list.extend([Event::Symbol(Symbol::Differential), Event::Join]);
            events.subject(of, true);
        }
        Left::Differential { of, order } => {
            events.power_of_d(order);
            events.name(of);
        }
        Left::Derivative { of, by, stacked } => events.derivative(of, by, stacked),
        Left::Gradient { of, by } => events.fraction(
            |events| {
                events.partial(1);
                events.name(of);
            },
            |events| {
                let fence = Fence::Parenthesis;
                events.partial(1);
                events.list.push(Event::Open { fence, tall: false });
                for (position, subject) in by.iter().enumerate() {
                    if position > 0 {
                        events.list.push(Event::Operator(Operator::Comma));
                    }
                    events.name(*subject);
                }
                events.list.push(Event::Close { fence, tall: false });
            },
        ),
        Left::DerivativeDifferential { of, by, stacked } => {
            let fence = Fence::Parenthesis;
            events.list.push(Event::Symbol(Symbol::Differential));
            events.list.push(Event::Open { fence, tall: true });
            events.derivative(of, by, stacked);
            events.list.push(Event::Close { fence, tall: true });
        }
    }
    events.list
}

struct Events<'a> {
    planar: bool,
    list: Vec<Event<'a>>,
}

impl<'a> Events<'a> {
    fn name(&mut self, subject: Subject<'a>) {
        if !subject.conjugate {
            return self.plain_name(subject);
        }
        let fence = Fence::Parenthesis;
        self.list.extend([Event::Word("conj"), Event::Open { fence, tall: false }]);
        self.plain_name(subject);
        self.list.push(Event::Close { fence, tall: false });
    }

    fn plain_name(&mut self, Subject { text, index, look, .. }: Subject<'a>) {
        let Some(index) = index else { return self.list.push(Event::Name { text, look }) };
        let index_name = Event::Name { text: index, look: Look::Scalar };
        let lowered = index.chars().count() == 1 && script::lowered(index).is_some();
        let bare = Glyph::of(text).subscript.is_none();
        if self.planar || lowered && bare {
            let place = Place::Below;
            self.list.extend([
                Event::BeginScript(place),
                Event::Name { text, look },
                Event::Script(place),
                index_name,
                Event::EndScript(place),
            ]);
            return;
        }
        let fence = Fence::Bracket;
        self.list.extend([
            Event::Name { text, look },
            Event::Open { fence, tall: false },
            index_name,
            Event::Close { fence, tall: false },
        ]);
    }

    fn fraction(&mut self, above: impl FnOnce(&mut Self), below: impl FnOnce(&mut Self)) {
        if self.planar {
            self.list.push(Event::BeginFraction);
        }
        above(self);
        self.list.push(if self.planar {
            Event::FractionBar
        } else {
            Event::Operator(Operator::Slash)
        });
        below(self);
        if self.planar {
            self.list.push(Event::EndFraction);
        }
    }

    fn derivative(&mut self, of: Subject<'a>, by: &[Subject<'a>], stacked: bool) {
        let order = u8::try_from(by.len()).unwrap_or(u8::MAX);
        self.fraction(
            |events| {
                events.partial(order);
                events.subject(of, stacked);
            },
            |events| match *by {
                [only] => {
                    events.partial(1);
                    events.subject(only, stacked);
                }
                [first, second] => events.second_denominator(first, second, stacked),
                _ => events.long_denominator(by, stacked),
            },
        );
    }

    /// `∂x∂y∂z`, with powers where one variable repeats.
    fn long_denominator(&mut self, by: &[Subject<'a>], stacked: bool) {
        for (position, group) in by.chunk_by(Subject::is).enumerate() {
            if position > 0 {
                self.list.push(Event::Join);
            }
            self.partial(1);
            match group {
                [only] => self.subject(*only, stacked),
                [first, ..] if !stacked || first.look != Look::Matrix => {
                    let order = Event::Number(Cow::Owned(group.len().to_string()));
                    self.raised(|events| events.name(*first), order);
                }
                [first, ..] => {
                    let fence = Fence::Parenthesis;
                    let order = Event::Number(Cow::Owned(group.len().to_string()));
                    self.raised(
                        |events| {
                            events.list.push(Event::Open { fence, tall: false });
                            events.subject(*first, stacked);
                            events.list.push(Event::Close { fence, tall: false });
                        },
                        order,
                    );
                }
                [] => {}
            }
        }
    }

    fn power_of_d(&mut self, order: u8) {
        let sign = Event::Symbol(Symbol::Differential);
        self.raised(|events| events.list.push(sign), Event::Number(Cow::Owned(order.to_string())));
    }

    fn partial(&mut self, order: u8) {
        let sign = Event::Operator(Operator::Partial);
        if order == 1 {
            return self.list.push(sign);
        }
        self.raised(|events| events.list.push(sign), Event::Number(Cow::Owned(order.to_string())));
    }

    fn raised(&mut self, base: impl FnOnce(&mut Self), script: Event<'a>) {
        self.list.push(Event::BeginScript(Place::Above));
        base(self);
        self.list.extend([Event::Script(Place::Above), script, Event::EndScript(Place::Above)]);
    }

    /// A name; `vec X` of a matrix that is stacked.
    fn subject(&mut self, subject: Subject<'a>, stacked: bool) {
        if stacked && subject.look == Look::Matrix {
            self.list.extend([Event::Word("vec"), Event::Join]);
        }
        self.name(subject);
    }

    fn second_denominator(&mut self, first: Subject<'a>, second: Subject<'a>, stacked: bool) {
        self.partial(1);
        if first.is(&second) && first.look == Look::Scalar {
            return self.raised(|events| events.name(first), Event::Number(Cow::Borrowed("2")));
        }
        self.subject(first, stacked);
        self.list.push(Event::Join);
        self.partial(1);
        // With one scalar the derivative has one column, and nothing stands transposed.
        if second.look == Look::Scalar || (first.look == Look::Scalar && !stacked) {
            return self.name(second);
        }
        let fence = Fence::Parenthesis;
        let wrapped = stacked && second.look == Look::Matrix;
        self.raised(
            |events| {
                if wrapped {
                    events.list.push(Event::Open { fence, tall: false });
                }
                events.subject(second, stacked);
                if wrapped {
                    events.list.push(Event::Close { fence, tall: false });
                }
            },
            Event::Mark(Mark::Transpose),
        );
    }
}
