//! Declarations: words, sizes and families of a kind.
//!
//! Must not know how variables are used.

use gradus_diagnostics::{Diagnostic, Span, closest};
use gradus_syntax::tree::{Declaration, Expr, KindSyntax, TextId};
use gradus_tensor::{DimensionId, Dimensions, Structure};

use crate::engine::Engine;
use crate::failure::Step;
use crate::names::{NameId, Word};
use crate::sizes::NewNames;

/// A size of a declared variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// A known dimension.
    Known(DimensionId),
    /// Left to inference.
    Inferred,
    /// The same as the rows.
    AsRows,
}

/// A declared name.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) name: NameId,
    pub(crate) span: Span,
    pub(crate) rows: Size,
    pub(crate) columns: Size,
    pub(crate) family: Option<DimensionId>,
    pub(crate) structure: Structure,
    pub(crate) positive: bool,
    pub(crate) complex: bool,
    /// `f: function`
    pub(crate) function: bool,
    /// The `t` of `matrix(m,n)(t)`.
    pub(crate) parameter: Option<NameId>,
}

impl Declared {
    /// Whether inference has to find a size.
    pub(crate) fn is_open(&self) -> bool {
        !self.function && (self.rows == Size::Inferred || self.columns == Size::Inferred)
    }

    /// The head of the kind as a declaration says it, with its prefixes.
    pub(crate) fn head(&self) -> String {
        let mut text = String::new();
        if self.complex && !matches!(self.structure, Structure::Hermitian | Structure::Unitary) {
            text.push_str("complex ");
        }
        if self.positive {
            text.push_str("positive ");
        }
        text.push_str(match self.structure {
            Structure::General => match (self.rows, self.columns) {
                _ if self.function => "function",
                (ONE, ONE) => "scalar",
                (_, ONE) => "vector",
                (ONE, _) => "rowvector",
                _ => "matrix",
            },
            Structure::Symmetric => "symmetric",
            Structure::Skew => "skew",
            Structure::Diagonal => "diagonal",
            Structure::LowerTriangular => "lower",
            Structure::UpperTriangular => "upper",
            Structure::PositiveDefinite => "spd",
            Structure::Orthogonal => "orthogonal",
            Structure::Hermitian => "hermitian",
            Structure::Unitary => "unitary",
            Structure::OneHot => "onehot",
            Structure::Simplex => "simplex",
        });
        text
    }
}

const ONE: Size = Size::Known(Dimensions::ONE);

/// What a kind is before its sizes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    Scalar,
    Vector,
    RowVector,
    Matrix,
    Square,
    Function,
}

impl Head {
    fn size_count(self) -> usize {
        match self {
            Self::Scalar | Self::Function => 0,
            Self::Vector | Self::RowVector | Self::Square => 1,
            Self::Matrix => 2,
        }
    }
}

/// Whether a word can stand in a kind, as `positive` and `matrix` in `positive matrix(m,n)`.
#[must_use]
pub fn is_kind_word(word: &str) -> bool {
    WORDS.contains(&word)
}

const WORDS: [&str; 18] = [
    "scalar",
    "vector",
    "rowvector",
    "matrix",
    "symmetric",
    "skew",
    "diagonal",
    "lower",
    "upper",
    "spd",
    "orthogonal",
    "hermitian",
    "unitary",
    "onehot",
    "simplex",
    "function",
    "complex",
    "positive",
];

fn structure(word: &str) -> Option<(Structure, Head)> {
    Some(match word {
        "symmetric" => (Structure::Symmetric, Head::Square),
        "skew" => (Structure::Skew, Head::Square),
        "diagonal" => (Structure::Diagonal, Head::Square),
        "lower" => (Structure::LowerTriangular, Head::Square),
        "upper" => (Structure::UpperTriangular, Head::Square),
        "spd" => (Structure::PositiveDefinite, Head::Square),
        "orthogonal" => (Structure::Orthogonal, Head::Square),
        "hermitian" => (Structure::Hermitian, Head::Square),
        "unitary" => (Structure::Unitary, Head::Square),
        "onehot" => (Structure::OneHot, Head::Vector),
        "simplex" => (Structure::Simplex, Head::Vector),
        _ => return None,
    })
}

/// What may be meant by a complex array with a structure that is one of real arrays.
fn complex_instead(structure: Structure) -> Option<&'static str> {
    Some(match structure {
        Structure::PositiveDefinite => {
            "a complex matrix of this kind is hermitian: H: hermitian(n)"
        }
        Structure::Orthogonal => "a complex matrix of this kind is unitary: U: unitary(n)",
        Structure::OneHot | Structure::Simplex => "leave `complex` out",
        _ => return None,
    })
}

impl Engine<'_> {
    /// Takes in a declaration.
    pub(crate) fn declare(&mut self, declaration: &Declaration) -> Step<()> {
        let kind = self.kind(&declaration.kind)?;
        if let Some(parameter) = kind.parameter {
            self.names.get_mut(parameter).scalar = true;
        }
        for (text, span) in &declaration.names {
            let name = self.name_id(*text);
            let span = self.shifted(*span);
            self.check_declarable(name, span)?;
            let position = u32::try_from(self.declared.len()).unwrap_or(u32::MAX);
            self.names.get_mut(name).declared = Some(position);
            self.declared.push(Declared { name, span, ..kind.clone() });
        }
        Ok(())
    }

    fn check_declarable(&mut self, name: NameId, span: Span) -> Step<()> {
        let known = self.names.get(name);
        let text = known.text.clone();
        if let Some(first) = known.declared {
            let first = self.declared[first as usize].span;
            let error = Diagnostic::bad_input("name", format!("`{text}` is declared twice"));
            let error = error.label(span, "the second time").label(first, "the first time");
            return Err(error.hint("leave one of the declarations out").into());
        }
        self.refuse_function_name(name, span, "variable")
    }

    /// A function's name cannot be a variable.
    pub(crate) fn refuse_function_name(&self, name: NameId, span: Span, what: &str) -> Step<()> {
        let known = self.names.get(name);
        if matches!(known.word, Word::None | Word::Pi | Word::Infinity) {
            return Ok(());
        }
        let text = &known.text;
        let message = format!("`{text}` is the name of a function and cannot be a {what}");
        let error = Diagnostic::bad_input("name", message).label(span, "choose another name");
        Err(error.hint(format!("{text}1")).into())
    }

    fn kind(&mut self, kind: &KindSyntax) -> Step<Declared> {
        let (mut complex, mut positive) = (false, false);
        let mut found: Option<(Structure, Head)> = None;
        for (text, span) in &kind.words {
            let word = self.tree().text(*text);
            match word {
                "complex" => complex = true,
                "positive" => positive = true,
                _ => found = Some(self.head(word, *span, found)?),
            }
        }
        // A prefix alone leaves the head out: `x: positive`.
        let Some((structure, head)) = found else {
            let error = Diagnostic::bad_input("kind", "the kind lacks a head");
            let error = error.label(self.shifted(kind.span), "scalar, vector or matrix?");
            return Err(error.hint("x: positive vector(n)").into());
        };
        if matches!(structure, Structure::Hermitian | Structure::Unitary) {
            complex = true;
        }
        if complex && let Some(instead) = complex_instead(structure) {
            let word = self.tree().text(kind.words.last().map_or(TextId(0), |(text, _)| *text));
            let message = format!("`{word}` is a structure of real arrays");
            let error = Diagnostic::bad_input("kind", message);
            return Err(error
                .label(self.shifted(kind.span), "of a complex one")
                .hint(instead)
                .into());
        }
        let (sizes, parameter) = self.sizes_and_parameter(kind, head)?;
        let (rows, columns) = self.axes(kind, head, &sizes)?;
        let family = kind.family.map(|range| self.size(range, NewNames::Allowed)).transpose()?;
        Ok(Declared {
            name: NameId(0),
            span: Span::default(),
            rows,
            columns,
            family,
            structure,
            positive,
            complex,
            function: head == Head::Function,
            parameter,
        })
    }

    fn head(
        &self,
        word: &str,
        span: Span,
        before: Option<(Structure, Head)>,
    ) -> Step<(Structure, Head)> {
        let head = match word {
            "scalar" => Some((Structure::General, Head::Scalar)),
            "vector" => Some((Structure::General, Head::Vector)),
            "rowvector" => Some((Structure::General, Head::RowVector)),
            "matrix" => Some((Structure::General, Head::Matrix)),
            "function" => Some((Structure::General, Head::Function)),
            _ => structure(word),
        };
        let span = self.shifted(span);
        let Some(head) = head else {
            let error = Diagnostic::bad_input("kind", format!("`{word}` is no kind"));
            let mut error = error.label(span, "unknown");
            if let Some(near) = closest(word, WORDS) {
                error = error.hint(format!("did you mean {near}?"));
            }
            return Err(error.hint(format!("kinds are {}", WORDS.join(", "))).into());
        };
        match (before, head) {
            (None, head) => Ok(head),
            // `symmetric matrix`, `onehot vector`
            (Some(before @ (_, Head::Square)), (Structure::General, Head::Matrix))
            | (Some(before @ (_, Head::Vector)), (Structure::General, Head::Vector)) => Ok(before),
            _ => {
                let error = Diagnostic::bad_input("kind", format!("`{word}` does not fit here"));
                let error = error.label(span, "contradicts the word before");
                Err(error
                    .hint("a kind has one head: symmetric matrix(n), positive vector(n)")
                    .into())
            }
        }
    }

    /// The sizes and the parameter; in `scalar(t)` the name in parentheses is the parameter.
    fn sizes_and_parameter(
        &mut self,
        kind: &KindSyntax,
        head: Head,
    ) -> Step<(Vec<DimensionId>, Option<NameId>)> {
        let mut parameter: Option<TextId> = kind.parameter;
        let mut sizes = kind.sizes.as_slice();
        if head == Head::Scalar
            && let ([only], None) = (sizes, parameter)
            && let Expr::Name(text) = self.expr(*only)
        {
            parameter = Some(*text);
            sizes = &[];
        }
        let mut dimensions = Vec::with_capacity(sizes.len());
        for size in sizes {
            dimensions.push(self.size(*size, NewNames::Allowed)?);
        }
        Ok((dimensions, parameter.map(|text| self.name_id(text))))
    }

    fn axes(&self, kind: &KindSyntax, head: Head, sizes: &[DimensionId]) -> Step<(Size, Size)> {
        let known = |at: usize| sizes.get(at).map_or(Size::Inferred, |size| Size::Known(*size));
        let square =
            head == Head::Square && (sizes.len() < 2 || sizes.len() == 2 && sizes[0] == sizes[1]);
        if !square && !sizes.is_empty() && sizes.len() != head.size_count() {
            return Err(self.wrong_sizes(kind, head, sizes.len()));
        }
        Ok(match head {
            Head::Scalar | Head::Function => (ONE, ONE),
            Head::Vector => (known(0), ONE),
            Head::RowVector => (ONE, known(0)),
            Head::Matrix => (known(0), known(1)),
            Head::Square => (known(0), if sizes.is_empty() { Size::AsRows } else { known(0) }),
        })
    }

    fn wrong_sizes(
        &self,
        kind: &KindSyntax,
        head: Head,
        count: usize,
    ) -> Box<crate::failure::Failure> {
        let words: Vec<&str> = kind.words.iter().map(|(text, _)| self.tree().text(*text)).collect();
        let words = words.join(" ");
        let wanted = head.size_count();
        let sizes = if wanted == 1 { "size" } else { "sizes" };
        let message = format!("`{words}` has {wanted} {sizes}, not {count}");
        let error = Diagnostic::bad_input("kind", message);
        let error = error.label(self.shifted(kind.span), "wrong number of sizes");
        let hint = match (head, kind.sizes.as_slice()) {
            (Head::Matrix, [only]) => {
                let size = self.text_of(*only);
                format!("{words}({size},{size})")
            }
            (Head::Vector | Head::RowVector | Head::Square, [first, ..]) => {
                format!("{words}({})", self.text_of(*first))
            }
            _ => words,
        };
        error.hint(hint).into()
    }
}
