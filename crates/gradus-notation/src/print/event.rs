//! The stream between the layout of mathematical notation and the writers of formats.
//!
//! Must not know formulas or formats. Where parentheses stand is decided before an event is made.

use std::borrow::Cow;

use crate::tree::Shape;

/// How a name is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Italic.
    Scalar,
    /// Bold.
    Vector,
    /// Bold.
    Matrix,
}

impl Look {
    /// The look of a name of a shape.
    #[must_use]
    pub fn of(shape: Shape) -> Self {
        if shape.is_scalar() {
            Self::Scalar
        } else if shape.is_vector() {
            Self::Vector
        } else {
            Self::Matrix
        }
    }

    pub(crate) fn is_bold(self) -> bool {
        self != Self::Scalar
    }
}

/// An operator between or before operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Plus,
    Minus,
    /// The minus before an operand.
    Negative,
    Hadamard,
    HadamardQuotient,
    /// `/`, where fractions are written on one line.
    Slash,
    /// `^`, where an exponent cannot be raised.
    Caret,
    /// Marks a power as one of entries.
    HadamardPower,
    Comma,
    Colon,
    Partial,
    Nabla,
}

/// A symbol that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    Pi,
    Infinity,
    ImaginaryUnit,
    /// The array of ones.
    Ones,
    /// The array of zeros.
    Zeros,
    /// The identity matrix.
    Identity,
    /// The `d` of a differential.
    Differential,
}

/// What stands raised without being a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Transpose,
    ConjugateTranspose,
    Inverse,
    InverseTranspose,
    /// Derivative marks.
    Prime(u8),
    /// A mark of the rule book.
    Book {
        text: &'static str,
        latex: &'static str,
        typst: &'static str,
    },
}

/// Where a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Above,
    Below,
}

/// What stands around an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    Parenthesis,
    /// The parentheses of `d(U)`, which are kept apart from what follows.
    Differential,
    Bracket,
    /// `‖x‖`
    Norm,
    /// `|x|`
    Absolute,
}

/// One piece of a formula, in reading order.
#[derive(Clone, Debug)]
pub(crate) enum Event<'t> {
    /// A natural number.
    Number(Cow<'t, str>),
    /// A name.
    Name { text: &'t str, look: Look },
    /// The differential of a variable.
    Differential { text: &'t str, look: Look },
    /// The name of an unknown function.
    FunctionName { text: &'t str, look: Look },
    /// A function of the rule book.
    Function { name: &'static str, text: &'static str, latex: &'static str, typst: &'static str },
    /// A word of the language where notation has no sign, as `ones`.
    Word(&'static str),
    /// A symbol.
    Symbol(Symbol),
    /// The factors before and after are multiplied.
    Join,
    /// An operator.
    Operator(Operator),
    /// An infix operator of the rule book.
    Infix { text: &'static str, latex: &'static str, typst: &'static str },
    /// An opening fence; `tall` if it must grow.
    Open { fence: Fence, tall: bool },
    /// The closing fence.
    Close { fence: Fence, tall: bool },
    /// A numerator follows.
    BeginFraction,
    /// A denominator follows.
    FractionBar,
    /// The fraction ends.
    EndFraction,
    /// The base of a script follows.
    BeginScript(Place),
    /// The script follows.
    Script(Place),
    /// The script ends.
    EndScript(Place),
    /// A mark, always inside a script above.
    Mark(Mark),
    /// Subscript text of the rule book that cannot be lowered in this format.
    PlainSubscript(&'t str),
    /// A radicand follows.
    BeginRoot(u8),
    /// The radicand ends.
    EndRoot,
    /// A root sign before a tight operand, where formulas are written on one line.
    RootSign(u8),
    /// The first entry of a matrix literal follows.
    BeginMatrix,
    /// An entry of the same row follows.
    NextEntry,
    /// An entry of the next row follows.
    NextRow,
    /// The matrix ends.
    EndMatrix,
    /// A sum over indices; its body follows.
    BigSum(&'t [String]),
}
