//! The tokens of the language.
//!
//! Must not know the grammar.

use gradus_diagnostics::Span;

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `2`, `.5`, `1e-3`
    Number,
    /// `x`, `W1`, `β`
    Name,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `\`
    Backslash,
    /// `.*`
    DotStar,
    /// `./`
    DotSlash,
    /// `⊗`
    Kronecker,
    /// `^`
    Caret,
    /// `.^`
    DotCaret,
    /// `'`: a transposition or a derivative mark
    Quote,
    /// `.'` or `ᵀ`: a transposition only
    Transpose,
    /// `ᴴ`
    ConjugateTranspose,
    /// `⁻¹`
    Inverse,
    /// `⁻ᵀ`
    InverseTranspose,
    /// `²`, `⁻³`
    Superscript,
    /// `(`
    LeftParenthesis,
    /// `)`
    RightParenthesis,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `.(`
    DotParenthesis,
    /// `‖`
    NormBar,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// The end of a line, outside brackets and not after an operator.
    Newline,
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// `->`
    Arrow,
    /// The end of the source.
    End,
}

impl TokenKind {
    /// Whether a line that ends with the token goes on in the next one.
    pub(crate) fn continues_line(self) -> bool {
        use TokenKind as Kind;
        match self {
            Kind::Plus | Kind::Minus | Kind::Comma | Kind::Colon | Kind::Equals | Kind::Arrow => {
                true
            }
            kind => kind.is_product() || matches!(kind, Kind::Caret | Kind::DotCaret),
        }
    }

    /// Whether the token is an operator of the precedence of the product.
    pub(crate) fn is_product(self) -> bool {
        use TokenKind as Kind;
        matches!(
            self,
            Kind::Star
                | Kind::Slash
                | Kind::Backslash
                | Kind::DotStar
                | Kind::DotSlash
                | Kind::Kronecker
        )
    }

    /// Whether a statement ends before the token.
    pub(crate) fn ends_statement(self) -> bool {
        matches!(self, Self::Semicolon | Self::Newline | Self::End)
    }

    /// Whether the token opens a bracket.
    pub(crate) fn opens(self) -> bool {
        matches!(self, Self::LeftParenthesis | Self::LeftBracket | Self::DotParenthesis)
    }

    /// Whether the token closes a bracket.
    pub(crate) fn closes(self) -> bool {
        matches!(self, Self::RightParenthesis | Self::RightBracket)
    }
}

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Whether white space stands before it.
    pub(crate) spaced: bool,
    /// Where it is.
    pub(crate) span: Span,
}

impl Token {
    /// The text of the token.
    pub(crate) fn text(self, source: &str) -> &str {
        &source[self.span.start as usize..self.span.end as usize]
    }
}
