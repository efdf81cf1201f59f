//! Text to tokens. Also the matching of brackets, so that the parser sees balanced ones only.
//!
//! Must not know the grammar beyond that.

use gradus_diagnostics::{Diagnostic, Error, Span};

use crate::limits::{MAX_ERRORS, MAX_NAME_BYTES};
use crate::token::{Token, TokenKind};
use crate::{messages, number, unicode};

/// After this many failures, the same ones counted again, nothing more is read.
const MAX_FAILURES: usize = 100;

/// The tokens of a source text.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// The tokens, the last one being [`TokenKind::End`].
    pub(crate) tokens: Vec<Token>,
    /// What is not in the language at all, and brackets that do not match.
    pub(crate) errors: Vec<Diagnostic>,
    /// Whether `^T` or `^H` occurs.
    pub(crate) has_letter_power: bool,
}

/// Whether a text is exactly one name.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES
        && text.chars().next().is_some_and(unicode::begins_name)
        && text.chars().all(unicode::continues_name)
}

/// The tokens of a text, which is within the limit on its size.
pub(crate) fn lex(source: &str) -> Lexed {
    let mut lexer = Lexer { source, at: 0, spaced: false, open: Vec::new(), out: Lexed::default() };
    lexer.out.tokens.reserve(source.len() / 2 + 2);
    lexer.run();
    lexer.out
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    /// Whether white space has been passed since the last token.
    spaced: bool,
    /// The open brackets, as positions in the tokens.
    open: Vec<u32>,
    out: Lexed,
}

impl<'s> Lexer<'s> {
    fn run(&mut self) {
        let mut failures = 0;
        while failures < MAX_FAILURES && self.out.errors.len() < MAX_ERRORS {
            let Some(character) = self.rest().chars().next() else {
                break;
            };
            if let Err(error) = self.step(character) {
                failures += 1;
                // What is wrong in many places is said once.
                if self.out.errors.iter().all(|known| known.message != error.message) {
                    self.out.errors.push(*error);
                }
            }
        }
        if self.out.errors.is_empty() {
            self.check_all_closed();
        }
        self.push(TokenKind::End, 0);
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    /// Passes one token, or white space, or something that is an error.
    fn step(&mut self, character: char) -> Result<(), Error> {
        match character {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => self.newline(character),
            '#' | '%' => self.comment(),
            '.' if self.rest().starts_with("...") && self.ends_line() => {
                self.comment_with_line_end();
            }
            '0'..='9' => return self.number(),
            '.' if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                return self.number();
            }
            character if unicode::begins_name(character) => return self.name(),
            character if character.is_whitespace() || (character == '\u{feff}' && self.at == 0) => {
                self.at += character.len_utf8();
                self.spaced = true;
            }
            _ => return self.symbol(character),
        }
        Ok(())
    }

    /// Whether `...` continues on a next line, or ends the text; else it would hide what follows it.
    fn ends_line(&self) -> bool {
        let rest = &self.rest()[3..];
        let (line, more) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim();
        line.is_empty() || line.starts_with(['#', '%']) || !more.trim().is_empty()
    }

    /// A newline ends a statement only outside brackets and not after an operator.
    fn newline(&mut self, character: char) {
        let continues = self.out.tokens.last().is_none_or(|token| token.kind.continues_line());
        if continues || !self.open.is_empty() {
            self.at += character.len_utf8();
        } else {
            self.push(TokenKind::Newline, character.len_utf8());
        }
        self.spaced = true;
    }

    fn comment(&mut self) {
        self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        self.spaced = true;
    }

    /// `...` hides the rest of the line and the end of the line.
    fn comment_with_line_end(&mut self) {
        self.comment();
        let line_end =
            if self.rest().starts_with("\r\n") { 2 } else { usize::from(!self.rest().is_empty()) };
        self.at += line_end;
    }

    fn number(&mut self) -> Result<(), Error> {
        let length = number::length(self.rest());
        let span = Span::new(self.at, self.at + length);
        let checked = number::check(span_text(self.source, span), span);
        self.push(TokenKind::Number, length);
        checked
    }

    fn name(&mut self) -> Result<(), Error> {
        let length =
            self.rest().find(|next| !unicode::continues_name(next)).unwrap_or(self.rest().len());
        if length > MAX_NAME_BYTES {
            let span = Span::new(self.at, self.at + length);
            self.at += length;
            let message = format!("a name has more than {MAX_NAME_BYTES} bytes");
            let error = Diagnostic::limit(message).label(span, "this name");
            return Err(Box::new(error.hint("choose a shorter name")));
        }
        let after_caret =
            self.out.tokens.last().is_some_and(|token| token.kind == TokenKind::Caret);
        self.out.has_letter_power |= after_caret && matches!(&self.rest()[..length], "T" | "H");
        self.push(TokenKind::Name, length);
        Ok(())
    }

    fn symbol(&mut self, character: char) -> Result<(), Error> {
        if let Some((kind, length)) = operator(self.rest()) {
            return self.operator(kind, length);
        }
        let quotes = unicode::quotes(character);
        if quotes > 0 {
            let start = self.at;
            self.push(TokenKind::Quote, character.len_utf8());
            for _ in 1..quotes {
                let span = Span::new(start, self.at);
                self.out.tokens.push(Token { kind: TokenKind::Quote, spaced: false, span });
            }
            return Ok(());
        }
        let (kind, length) = superscript(self.rest());
        if let Some(kind) = kind {
            self.push(kind, length);
            return Ok(());
        }
        let (error, length) = messages::not_in_the_language(self.source, self.at);
        self.at += length;
        Err(Box::new(error))
    }

    fn operator(&mut self, kind: TokenKind, length: usize) -> Result<(), Error> {
        self.push(kind, length);
        let position = self.out.tokens.len() - 1;
        if kind.opens() {
            self.open.push(u32::try_from(position).unwrap_or(u32::MAX));
        } else if kind.closes() {
            self.close(position)?;
        }
        Ok(())
    }

    /// Takes the bracket that the token at this position closes.
    fn close(&mut self, position: usize) -> Result<(), Error> {
        let closing = self.out.tokens[position];
        let Some(opening) = self.open.pop().map(|opening| self.out.tokens[opening as usize]) else {
            return Err(Box::new(messages::never_opened(self.source, closing)));
        };
        let square = opening.kind == TokenKind::LeftBracket;
        if square == (closing.kind == TokenKind::RightBracket) {
            Ok(())
        } else {
            let outer = self.open.last().map(|outer| self.out.tokens[*outer as usize]);
            Err(Box::new(messages::closed_by_another(self.source, opening, closing, outer)))
        }
    }

    fn check_all_closed(&mut self) {
        let Some(&innermost) = self.open.last() else {
            return;
        };
        let opening = self.out.tokens[innermost as usize];
        self.out.errors.push(messages::never_closed(self.source, opening, self.open.len()));
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.out.tokens.push(Token { kind, spaced: self.spaced, span });
        self.at += length;
        self.spaced = false;
    }
}

fn span_text(source: &str, span: Span) -> &str {
    &source[span.start as usize..span.end as usize]
}

/// The operator or bracket that a text begins with, and its length in bytes.
fn operator(text: &str) -> Option<(TokenKind, usize)> {
    use TokenKind as Kind;
    let bytes = text.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(0);
    let found = match (bytes.first()?, second) {
        (b'*', b'*') | (b'=', b'=' | b'>') | (b':', b'=') => return None,
        (b'-', b'>') => (Kind::Arrow, 2),
        (b'.', b'*') if bytes.get(2) != Some(&b'*') => (Kind::DotStar, 2),
        (b'.', b'/') => (Kind::DotSlash, 2),
        (b'.', b'^') => (Kind::DotCaret, 2),
        (b'.', b'\'') => (Kind::Transpose, 2),
        (b'.', b'(') => (Kind::DotParenthesis, 2),
        (b'+', _) => (Kind::Plus, 1),
        (b'-', _) => (Kind::Minus, 1),
        (b'*', _) => (Kind::Star, 1),
        (b'/', _) => (Kind::Slash, 1),
        (b'\\', _) => (Kind::Backslash, 1),
        (b'^', _) => (Kind::Caret, 1),
        (b'\'', _) => (Kind::Quote, 1),
        (b'(', _) => (Kind::LeftParenthesis, 1),
        (b')', _) => (Kind::RightParenthesis, 1),
        (b'[', _) => (Kind::LeftBracket, 1),
        (b']', _) => (Kind::RightBracket, 1),
        (b',', _) => (Kind::Comma, 1),
        (b';', _) => (Kind::Semicolon, 1),
        (b':', _) => (Kind::Colon, 1),
        (b'=', _) => (Kind::Equals, 1),
        _ => return unicode_operator(text),
    };
    Some(found)
}

/// The operator outside ASCII that a text begins with, and its length in bytes.
fn unicode_operator(text: &str) -> Option<(TokenKind, usize)> {
    use TokenKind as Kind;
    let mut characters = text.chars();
    let first = characters.next()?;
    let kind = match first {
        '−' => Kind::Minus,
        '·' | '⋅' | '×' => Kind::Star,
        '⊙' => Kind::DotStar,
        '⊗' => Kind::Kronecker,
        '‖' | '∥' => Kind::NormBar,
        '→' | '↦' => Kind::Arrow,
        '.' => {
            let second = characters.next().filter(|&second| unicode::quotes(second) == 1)?;
            return Some((Kind::Transpose, 1 + second.len_utf8()));
        }
        _ => return None,
    };
    Some((kind, first.len_utf8()))
}

/// The superscript that a text begins with, and its length in bytes.
fn superscript(text: &str) -> (Option<TokenKind>, usize) {
    use TokenKind as Kind;
    match text.chars().next() {
        Some('ᵀ') => return (Some(Kind::Transpose), 'ᵀ'.len_utf8()),
        Some('ᴴ') => return (Some(Kind::ConjugateTranspose), 'ᴴ'.len_utf8()),
        _ if text.starts_with("⁻ᵀ") => return (Some(Kind::InverseTranspose), "⁻ᵀ".len()),
        _ => {}
    }
    let digits_from = if text.starts_with('⁻') { '⁻'.len_utf8() } else { 0 };
    let digits = &text[digits_from..];
    let length =
        digits.find(|next| unicode::superscript_digit(next).is_none()).unwrap_or(digits.len());
    match &text[..digits_from + length] {
        _ if length == 0 => (None, 0),
        "⁻¹" => (Some(Kind::Inverse), "⁻¹".len()),
        written => (Some(Kind::Superscript), written.len()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::lex;
    use crate::token::TokenKind::{self, *};

    fn kinds(source: &str) -> Vec<TokenKind> {
        let lexed = lex(source);
        assert!(lexed.errors.is_empty(), "{source}: {:?}", lexed.errors);
        assert_eq!(lexed.tokens.last().unwrap().kind, End);
        lexed.tokens[..lexed.tokens.len() - 1].iter().map(|token| token.kind).collect()
    }

    #[test]
    fn operators() {
        assert_eq!(
            kinds(
                "+ - * / \\ ^ ' .' .* ./ .^ ⊙ ⊗ · × − ⁻¹ ᵀ ᴴ ⁻ᵀ ² ⁻² ‖ -> → ↦ = : ; , ( ) [ ] f.( )"
            ),
            [
                Plus,
                Minus,
                Star,
                Slash,
                Backslash,
                Caret,
                Quote,
                Transpose,
                DotStar,
                DotSlash,
                DotCaret,
                DotStar,
                Kronecker,
                Star,
                Star,
                Minus,
                Inverse,
                Transpose,
                ConjugateTranspose,
                InverseTranspose,
                Superscript,
                Superscript,
                NormBar,
                Arrow,
                Arrow,
                Arrow,
                Equals,
                Colon,
                Semicolon,
                Comma,
                LeftParenthesis,
                RightParenthesis,
                LeftBracket,
                RightBracket,
                Name,
                DotParenthesis,
                RightParenthesis
            ]
        );
    }

    #[test]
    fn quotes_and_primes() {
        for source in ["x'", "x’", "x‘", "x′", "xʹ", "xʼ"] {
            assert_eq!(kinds(source), [Name, Quote], "{source}");
        }
        assert_eq!(kinds("x″"), [Name, Quote, Quote]);
        assert_eq!(kinds("x‴"), [Name, Quote, Quote, Quote]);
        assert_eq!(kinds("x.’"), [Name, Transpose]);
    }

    #[test]
    fn names() {
        for source in ["x", "x0", "oneROWKp", "_", "a_1", "λ", "β₁", "x̄", "变量", "Σ", "ẋ"]
        {
            assert_eq!(kinds(source), [Name], "{source}");
        }
        assert_eq!(kinds("x²"), [Name, Superscript]);
        assert_eq!(kinds("xᵀ"), [Name, Transpose]);
        assert_eq!(kinds("x¹²³"), [Name, Superscript]);
    }

    #[test]
    fn points_of_numbers_and_operators() {
        assert_eq!(kinds("2.*x"), [Number, DotStar, Name]);
        assert_eq!(kinds("2.^.5"), [Number, DotCaret, Number]);
        assert_eq!(kinds("2..*x"), [Number, DotStar, Name]);
        assert_eq!(kinds("x.*.5"), [Name, DotStar, Number]);
        assert_eq!(kinds("2.'"), [Number, Transpose]);
        assert_eq!(kinds("1./x"), [Number, DotSlash, Name]);
        assert_eq!(kinds("2. *x"), [Number, Star, Name]);
    }

    #[test]
    fn line_ends() {
        assert_eq!(kinds("a\nb"), [Name, Newline, Name]);
        assert_eq!(kinds("a\r\nb"), [Name, Newline, Newline, Name]);
        assert_eq!(kinds("\n\na"), [Name]);
        assert_eq!(kinds("(a\n)"), [LeftParenthesis, Name, RightParenthesis]);
        assert_eq!(kinds("a +\nb"), [Name, Plus, Name]);
        assert_eq!(kinds("a = # why\n b"), [Name, Equals, Name]);
        assert_eq!(kinds("a % c ( [\nb"), [Name, Newline, Name]);
        assert_eq!(kinds("a ... more\n + b"), [Name, Plus, Name]);
        assert_eq!(kinds("a ...\r\n + b"), [Name, Plus, Name]);
        assert_eq!(kinds("a ..."), [Name]);
        assert_eq!(kinds("a'\nb"), [Name, Quote, Newline, Name]);
        assert_eq!(kinds("\u{feff}a\u{a0}b"), [Name, Name]);
    }

    #[test]
    fn white_space_is_noted() {
        let spaced =
            |source: &str| lex(source).tokens.iter().map(|token| token.spaced).collect::<Vec<_>>();
        assert_eq!(spaced("x '*\ty"), [false, true, false, true, false]);
    }

    #[test]
    fn what_is_not_in_the_language() {
        for source in [
            "a == b",
            "a ** b",
            "a .** b",
            "a := b",
            "a => b",
            "a && b",
            "|x|",
            "{",
            "a @ b",
            "$x$",
            "a\u{200b}b",
        ] {
            assert_eq!(lex(source).errors.len().min(1), 1, "{source}");
        }
        assert_eq!(lex(&"@".repeat(1000)).errors.len(), 1);
        assert_eq!(lex("@ { $ ∂ ! ? √").errors.len(), crate::limits::MAX_ERRORS);
        assert_eq!(lex(&"x".repeat(1001)).errors[0].class, gradus_diagnostics::Class::Limit);
    }
}
