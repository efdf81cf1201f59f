//! Declarations: `X, Y: complex matrix(m,n)(t)[N]`.
//!
//! Must not know which kinds exist.

use gradus_diagnostics::{Diagnostic, Result, Span};

use super::Parser;
use crate::messages::{described, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{Declaration, ExprId, KindSyntax, Statement, TextId};

impl Parser<'_> {
    /// Passes a declaration, whose names are known to be followed by a colon.
    pub(super) fn declaration(&mut self) -> Result<Statement> {
        let names = self.names();
        self.advance();
        let kind = self.kind()?;
        Ok(Statement::Declaration(Declaration { names, kind }))
    }

    fn kind(&mut self) -> Result<KindSyntax> {
        let start = self.peek();
        let mut words: Vec<(TextId, Span)> = Vec::new();
        while let Some(word) = self.accept(TokenKind::Name) {
            words.push((self.intern(word), word.span));
        }
        if words.is_empty() {
            let found = described(self.source, start);
            let error = syntax("a kind is missing behind `:`")
                .label(start.span, format!("expected a kind, found {found}"));
            return Err(Box::new(
                error.hint("x: scalar").hint("x: vector(n)").hint("X: matrix(m,n)"),
            ));
        }
        let sizes = self.sizes()?;
        let parameter = self.parameter()?;
        let family = self.family()?;
        let last = self.tokens[self.position.saturating_sub(1)];
        Ok(KindSyntax { words, sizes, parameter, family, span: start.span.to(last.span) })
    }

    /// `(m, n)`, or nothing.
    fn sizes(&mut self) -> Result<Vec<ExprId>> {
        let mut sizes = Vec::new();
        if self.accept(TokenKind::LeftParenthesis).is_none() {
            return Ok(sizes);
        }
        loop {
            sizes.push(self.expression()?.id);
            if self.accept(TokenKind::Comma).is_none() {
                break;
            }
        }
        self.expect_closing(TokenKind::RightParenthesis)?;
        Ok(sizes)
    }

    /// `(t)`, or nothing.
    fn parameter(&mut self) -> Result<Option<TextId>> {
        if self.accept(TokenKind::LeftParenthesis).is_none() {
            return Ok(None);
        }
        let token = self.peek();
        if token.kind != TokenKind::Name {
            let found = described(self.source, token);
            let error = syntax("the parameter of a function matrix is a name");
            return Err(Box::new(
                error.label(token.span, format!("found {found}")).hint("A: matrix(m,n)(t)"),
            ));
        }
        self.advance();
        let parameter = self.intern(token);
        self.expect_closing(TokenKind::RightParenthesis)?;
        Ok(Some(parameter))
    }

    /// `[N]`, or nothing.
    fn family(&mut self) -> Result<Option<ExprId>> {
        if self.accept(TokenKind::LeftBracket).is_none() {
            return Ok(None);
        }
        let range = self.expression()?.id;
        self.expect_closing(TokenKind::RightBracket)?;
        Ok(Some(range))
    }

    fn expect_closing(&mut self, kind: TokenKind) -> Result<()> {
        if self.accept(kind).is_some() {
            return Ok(());
        }
        Err(Box::new(self.stray_in_declaration(self.peek())))
    }

    /// A token that does not fit into a declaration.
    pub(super) fn stray_in_declaration(&self, token: Token) -> Diagnostic {
        let found = described(self.source, token);
        let error =
            syntax(format!("{found} in a declaration")).label(token.span, "not expected here");
        match token.kind {
            TokenKind::Comma => {
                error.hint("separate declarations with `;`: X: matrix(m,n); y: vector(m)")
            }
            TokenKind::Equals => error
                .hint("declare and bind in two statements, or leave the declaration out: Y = A*X"),
            TokenKind::Name => error.hint("separate statements with `;`: x: vector(n); x'*x"),
            _ => error.hint("a declaration looks like this: X: matrix(m,n)"),
        }
    }
}
