//! Tokens to tree. This file holds the entry points and what the parts of the parser share.
//!
//! Must not know shapes or meanings of names.

mod declaration;
mod expression;
mod group;
mod operand;
mod statement;
mod stray;

use gradus_diagnostics::{Diagnostic, Result, Span};

use crate::builder::Builder;
use crate::lexer::{Lexed, lex};
use crate::limits::{MAX_ERRORS, MAX_NODES, MAX_NOTES, MAX_SOURCE_BYTES};
use crate::messages;
use crate::token::{Token, TokenKind};
use crate::tree::{Expr, ExprId, TextId, Tree};

use expression::Frame;

/// A parsed source text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; to be used only if no diagnostic is an error.
    pub tree: Tree,
    /// Errors and notes, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether the tree is not to be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The tree and the notes, or the first error.
    pub fn into_result(self) -> Result<(Tree, Vec<Diagnostic>)> {
        or_first_error(self.tree, self.diagnostics)
    }
}

/// A parsed identity `a = b = c` with the statements before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The tree; its statements are those before the identity. To be used only if no diagnostic is an error.
    pub tree: Tree,
    /// The sides in the order written, at least two if there is no error.
    pub sides: Vec<ExprId>,
    /// Errors and notes, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

impl Identity {
    /// Whether the tree is not to be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The tree, the sides and the notes, or the first error.
    pub fn into_result(self) -> Result<(Tree, Vec<ExprId>, Vec<Diagnostic>)> {
        let (tree, notes) = or_first_error(self.tree, self.diagnostics)?;
        Ok((tree, self.sides, notes))
    }
}

fn or_first_error(tree: Tree, diagnostics: Vec<Diagnostic>) -> Result<(Tree, Vec<Diagnostic>)> {
    match diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
        Some(error) => Err(Box::new(error.clone())),
        None => Ok((tree, diagnostics)),
    }
}

/// Parses a program: declarations, bindings and a function as the last statement.
#[must_use]
pub fn parse(source: &str) -> Parsed {
    parse_with(source, &[])
}

/// Parses a program in which names have been declared elsewhere.
///
/// Names matter to the grammar in one place only: `X^T` is the transpose and `X^H` the conjugate
/// transpose, unless `T` or `H` is bound or declared as a number. Of the names that are declared
/// elsewhere, those that can be exponents are wanted.
#[must_use]
pub fn parse_with(source: &str, declared: &[&str]) -> Parsed {
    let mut parser = Parser::new(source, declared);
    parser.program(Content::Program);
    parser.finish()
}

/// Parses declarations that are separated by `;` or line ends, such as `X: matrix(m,n); M: symmetric`.
#[must_use]
pub fn parse_declarations(source: &str) -> Parsed {
    let mut parser = Parser::new(source, &[]);
    parser.program(Content::Declarations);
    parser.finish()
}

/// Parses exactly one declaration such as `X, Y: complex matrix(m,n)`.
#[must_use]
pub fn parse_declaration(source: &str) -> Parsed {
    let mut parsed = parse_declarations(source);
    if let Some((_, span)) = parsed.tree.statements.get(1) {
        let error = messages::syntax("more than one declaration").label(*span, "the second one");
        parsed
            .diagnostics
            .push(error.hint("one at a time, or several names in one: `X, Y: matrix(m,n)`"));
    }
    parsed
}

/// Parses an identity `LEFT = RIGHT` or a chain of them; statements before it are bindings and declarations.
#[must_use]
pub fn parse_identity(source: &str) -> Identity {
    parse_identity_with(source, &[])
}

/// Parses an identity as [`parse_identity`] in which names have been declared elsewhere, as in [`parse_with`].
#[must_use]
pub fn parse_identity_with(source: &str, declared: &[&str]) -> Identity {
    let mut parser = Parser::new(source, declared);
    let sides = parser.identity();
    let Parsed { tree, diagnostics } = parser.finish();
    Identity { tree, sides, diagnostics }
}

/// What the statements of a source may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Anything.
    Program,
    /// Declarations only.
    Declarations,
    /// Anything, before an identity.
    Identity,
}

/// How often the letters of `X^T` and `X^H` are bound as names where the parser stands.
#[derive(Clone, Copy, Debug, Default)]
struct BoundLetters {
    transpose: usize,
    conjugate: usize,
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    position: usize,
    builder: Builder,
    /// Operators and brackets that wait for an operand.
    frames: Vec<Frame>,
    /// How many of the frames are signs or brackets.
    depth: usize,
    letters: BoundLetters,
    has_letter_power: bool,
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    notes: usize,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str, declared: &[&str]) -> Self {
        let too_long = source.len() > MAX_SOURCE_BYTES;
        let Lexed { tokens, errors, has_letter_power } = lex(if too_long { "" } else { source });
        let mut parser = Self {
            source,
            tokens,
            position: 0,
            builder: Builder::new(),
            frames: Vec::new(),
            depth: 0,
            letters: BoundLetters::default(),
            has_letter_power,
            diagnostics: Vec::new(),
            errors: 0,
            notes: 0,
        };
        if too_long {
            let message =
                format!("the input has {} bytes, more than {MAX_SOURCE_BYTES}", source.len());
            let error = Diagnostic::limit(message);
            parser.diagnostics.push(error.hint("bind what repeats to a name: t = …"));
        } else if errors.is_empty() && parser.tokens.iter().all(|token| token.kind.ends_statement())
        {
            let error = messages::syntax("the input is empty")
                .hint("write an expression such as `norm2(X*w - y)^2`");
            parser.diagnostics.push(error);
        } else {
            parser.diagnostics = errors;
        }
        parser.errors = parser.diagnostics.len();
        for name in declared {
            parser.bind_letter(name, true);
        }
        parser
    }

    fn finish(self) -> Parsed {
        Parsed { tree: self.builder.finish(), diagnostics: self.diagnostics }
    }

    /// Whether an error has been found before parsing began, or too many since.
    fn has_failed(&self) -> bool {
        self.errors >= MAX_ERRORS
    }

    fn peek(&self) -> Token {
        self.ahead(0)
    }

    fn ahead(&self, count: usize) -> Token {
        let end = || Token {
            kind: TokenKind::End,
            spaced: false,
            span: Span::new(self.source.len(), self.source.len()),
        };
        let position = (self.position + count).min(self.tokens.len().saturating_sub(1));
        self.tokens.get(position).copied().unwrap_or_else(end)
    }

    fn advance(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.position += 1;
        }
        token
    }

    /// Passes a token of this kind, or does nothing.
    fn accept(&mut self, kind: TokenKind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.advance())
    }

    fn text(&self, token: Token) -> &'s str {
        token.text(self.source)
    }

    fn intern(&mut self, token: Token) -> TextId {
        self.builder.text(token.text(self.source))
    }

    fn push(&mut self, expr: Expr, span: Span) -> Result<ExprId> {
        if self.builder.tree().exprs.len() >= MAX_NODES {
            let message = format!("the input has more than {MAX_NODES} operands and operators");
            let error = Diagnostic::limit(message).label(span, "too much from here on");
            return Err(Box::new(error.hint("bind what repeats to a name: t = …")));
        }
        Ok(self.builder.push(expr, span))
    }

    fn report(&mut self, error: Diagnostic) {
        self.errors += 1;
        self.diagnostics.push(error);
    }

    /// Whether another note may be given; asked before one is composed, which takes time.
    fn may_note(&self) -> bool {
        self.notes < MAX_NOTES
    }

    fn note(&mut self, note: Diagnostic) {
        if self.may_note() {
            self.notes += 1;
            self.diagnostics.push(note);
        }
    }

    /// Counts a binding of `T` or `H` that begins or ends.
    fn bind_letter(&mut self, name: &str, begins: bool) {
        let count = match name {
            "T" => &mut self.letters.transpose,
            "H" => &mut self.letters.conjugate,
            _ => return,
        };
        *count = if begins { *count + 1 } else { count.saturating_sub(1) };
    }

    /// The position of the token after the bracket that closes the one at this position.
    fn after_bracket(&self, opening: usize) -> usize {
        let mut depth = 0_usize;
        for (offset, token) in self.tokens[opening..].iter().enumerate() {
            if token.kind.opens() {
                depth += 1;
            } else if token.kind.closes() {
                depth -= 1;
            }
            if depth == 0 {
                return opening + offset + 1;
            }
        }
        self.tokens.len()
    }
}
