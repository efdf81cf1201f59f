//! Spans, codes, and messages with labels and hints, and their rendering as text and JSON.
//!
//! Must not know mathematics: it never sees an expression, only source text and positions.

mod language;
mod render;
mod snippet;
mod suggest;

pub use language::Language;
pub use render::{render_json, render_text, render_text_coloured};
pub use suggest::closest;

/// A half-open range of byte offsets into a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// What kind of outcome a diagnostic stands for; decides the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The input is wrong. Exit code 2.
    BadInput,
    /// The input is legal, but Gradus does not support it. Exit code 4.
    Unsupported,
    /// The input is legal, but over a limit on size, depth, time or memory. Exit code 4.
    Limit,
    /// There is provably no answer: a limit that does not exist. Exit code 1.
    NoAnswer,
    /// An internal check failed. Exit code 3.
    Internal,
    /// Not an error: a note or warning beside an answer.
    Note,
}

/// A marked place in the source with a short text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be said about the place, in the user's own terms.
    pub text: String,
}

/// One message: what is wrong, where, and what could be written instead.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Diagnostic {
    /// The kind of outcome.
    pub class: Class,
    /// A short stable code such as `shape`, `syntax`, `name`, `limit`.
    pub code: &'static str,
    /// One terse sentence without a final full stop.
    pub message: String,
    /// Marked places, the main one first.
    pub labels: Vec<Label>,
    /// Hints; a suggested input stands in them so that it can be pasted.
    pub hints: Vec<String>,
}

/// A boxed [`Diagnostic`], the error type of every library crate.
pub type Error = Box<Diagnostic>;

/// A result whose error is a [`Diagnostic`].
pub type Result<T> = std::result::Result<T, Error>;

impl Diagnostic {
    /// A diagnostic of the given class and code.
    pub fn new(class: Class, code: &'static str, message: impl Into<String>) -> Self {
        Self { class, code, message: message.into(), labels: Vec::new(), hints: Vec::new() }
    }

    /// The input is wrong.
    pub fn bad_input(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::BadInput, code, message)
    }

    /// The input is legal but not supported.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Class::Unsupported, "unsupported", message)
    }

    /// The input is legal but over a limit.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new(Class::Limit, "limit", message)
    }

    /// There is provably no answer.
    pub fn no_answer(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::NoAnswer, code, message)
    }

    /// An internal check failed.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Class::Internal, "internal", message)
    }

    /// A note or warning beside an answer.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::Note, code, message)
    }

    /// Whether there is no answer because of this; a note is not an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.class != Class::Note
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The exit code of the command line for this diagnostic.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.class {
            Class::Note => 0,
            Class::NoAnswer => 1,
            Class::BadInput => 2,
            Class::Internal => 3,
            Class::Unsupported | Class::Limit => 4,
        }
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_error() {
            write!(formatter, "error[{}]: {}", self.code, self.message)
        } else {
            write!(formatter, "note: {}", self.message)
        }
    }
}

impl std::error::Error for Diagnostic {}
