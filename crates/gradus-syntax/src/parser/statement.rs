//! Statements: declarations, bindings, functions, linear maps, identities.
//!
//! Must not know how expressions are formed.

use gradus_diagnostics::{Class, Diagnostic, Result, Span};

use super::{Content, Parser};
use crate::messages::{described, piece, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{ExprId, Statement, TextId};

/// What a statement is, as far as its first tokens tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    /// `x:` or `x, y:`
    Declaration,
    /// `x =`
    Binding,
    /// `f(x, y) =`
    Function,
    /// `J[i, j] =`
    IndexForm,
    /// `dX ->` or `(dX, dY) ->`
    LinearMap,
    /// Anything else.
    Expression,
}

impl Parser<'_> {
    /// Parses all statements.
    pub(super) fn program(&mut self, content: Content) {
        if self.errors > 0 {
            return;
        }
        self.bind_letters_of_statements(self.tokens.len());
        self.statements(content, self.tokens.len());
        self.check_values_are_used(content);
    }

    /// Parses the statements before the token position `end`.
    fn statements(&mut self, content: Content, end: usize) {
        loop {
            while matches!(self.peek().kind, TokenKind::Semicolon | TokenKind::Newline) {
                self.position += 1;
            }
            if self.position >= end || self.peek().kind == TokenKind::End || self.has_failed() {
                return;
            }
            let start = self.position;
            if let Err(error) = self.statement(content) {
                let is_limit = error.class == Class::Limit;
                self.report(*error);
                if is_limit {
                    return;
                }
                self.recover(start);
            }
        }
    }

    /// Goes on at the end of the statement that begins at this token position.
    fn recover(&mut self, start: usize) {
        self.frames.clear();
        self.depth = 0;
        self.position = self.end_of_statement(start);
    }

    /// The position of the token that ends the statement which begins at this token position.
    fn end_of_statement(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(token) = self.tokens.get(at) {
            if token.kind.ends_statement() {
                return at;
            }
            at = if token.kind.opens() { self.after_bracket(at) } else { at + 1 };
        }
        self.tokens.len()
    }

    fn statement(&mut self, content: Content) -> Result<()> {
        let first = self.peek();
        let head = self.head(self.position);
        if content == Content::Declarations && head != Head::Declaration {
            return Err(Box::new(self.not_a_declaration(first)));
        }
        self.check_beginning_of_line(first)?;
        let statement = match head {
            Head::Declaration => self.declaration()?,
            Head::Binding => self.binding()?,
            Head::Function => self.function()?,
            Head::IndexForm => self.index_form()?,
            Head::LinearMap => self.linear_map()?,
            Head::Expression => Statement::Expression(self.expression()?.id),
        };
        let next = self.peek();
        if !next.kind.ends_statement() {
            return Err(Box::new(self.stray_after(&statement, next)));
        }
        let last = self.tokens[self.position.saturating_sub(1)];
        self.builder.statement(statement, first.span.to(last.span));
        Ok(())
    }

    fn stray_after(&self, statement: &Statement, next: Token) -> Diagnostic {
        if matches!(statement, Statement::Declaration(_)) {
            self.stray_in_declaration(next)
        } else {
            self.stray(next)
        }
    }

    fn not_a_declaration(&self, first: Token) -> Diagnostic {
        let found = described(self.source, first);
        syntax("a declaration is expected")
            .label(first.span, format!("{found} does not begin one"))
            .hint("X: matrix(m,n)")
            .hint("x, y: vector(n)")
    }

    /// A line that begins with an operator would be cut off from the line above.
    fn check_beginning_of_line(&self, first: Token) -> Result<()> {
        let Some(before) = self.position.checked_sub(1).and_then(|before| self.tokens.get(before))
        else {
            return Ok(());
        };
        let is_sign = matches!(first.kind, TokenKind::Plus | TokenKind::Minus);
        let cuts = match first.kind {
            TokenKind::Quote
            | TokenKind::Caret
            | TokenKind::DotCaret
            | TokenKind::Transpose
            | TokenKind::Equals
            | TokenKind::Plus => true,
            // A line `-x'*y` after a binding is a statement of its own; if it is indented, or `- x'*y`, it
            // rather seems to be a part of the line above.
            TokenKind::Minus => {
                self.ahead(1).spaced
                    || self.is_indented(first)
                    || self.last_statement_is_expression()
            }
            kind => kind.is_product(),
        };
        if before.kind != TokenKind::Newline || !cuts {
            return Ok(());
        }
        let text = self.text(first);
        let error = syntax(format!("a line begins with `{text}`"))
            .label(first.span, "is the line above to go on here?")
            .hint(format!("to go on, put the `{text}` at the end of the line above"));
        Err(Box::new(if is_sign {
            error.hint("for a new statement, end the line above with `;`")
        } else {
            error
        }))
    }

    /// Whether white space stands before the token on its line.
    fn is_indented(&self, token: Token) -> bool {
        let before = self.source.get(..token.span.start as usize).unwrap_or_default();
        before.ends_with(|last: char| last.is_whitespace() && !matches!(last, '\n' | '\r'))
    }

    fn last_statement_is_expression(&self) -> bool {
        matches!(self.builder.tree().statements.last(), Some((Statement::Expression(_), _)))
    }

    /// What the statement at a token position is.
    fn head(&self, position: usize) -> Head {
        let kind = |offset: usize| {
            self.tokens.get(position + offset).map_or(TokenKind::End, |token| token.kind)
        };
        match (kind(0), kind(1)) {
            (TokenKind::Name, TokenKind::Equals) => Head::Binding,
            (TokenKind::Name, TokenKind::Arrow) => Head::LinearMap,
            (TokenKind::Name, TokenKind::Colon | TokenKind::Comma) => {
                if self.after_names(position) == Some(TokenKind::Colon) {
                    Head::Declaration
                } else {
                    Head::Expression
                }
            }
            (TokenKind::Name, TokenKind::LeftParenthesis) => self.head_behind_bracket(
                position + 2,
                TokenKind::RightParenthesis,
                TokenKind::Equals,
                Head::Function,
            ),
            (TokenKind::Name, TokenKind::LeftBracket) => self.head_behind_bracket(
                position + 2,
                TokenKind::RightBracket,
                TokenKind::Equals,
                Head::IndexForm,
            ),
            (TokenKind::LeftParenthesis, TokenKind::Name) => self.head_behind_bracket(
                position + 1,
                TokenKind::RightParenthesis,
                TokenKind::Arrow,
                Head::LinearMap,
            ),
            _ => Head::Expression,
        }
    }

    /// The head if names, a closing bracket and this token stand at a position, else an expression.
    fn head_behind_bracket(
        &self,
        position: usize,
        closing: TokenKind,
        behind: TokenKind,
        head: Head,
    ) -> Head {
        let names = self.count_names(position);
        let kind = |at: usize| self.tokens.get(at).map_or(TokenKind::End, |token| token.kind);
        let end = position + (2 * names).saturating_sub(1);
        if names > 0 && kind(end) == closing && kind(end + 1) == behind {
            head
        } else {
            Head::Expression
        }
    }

    /// How many names separated by commas stand at a token position.
    fn count_names(&self, position: usize) -> usize {
        let mut count = 0;
        while self
            .tokens
            .get(position + 2 * count)
            .is_some_and(|token| token.kind == TokenKind::Name)
        {
            count += 1;
            if self
                .tokens
                .get(position + 2 * count - 1)
                .is_none_or(|token| token.kind != TokenKind::Comma)
            {
                break;
            }
        }
        count
    }

    /// The kind of token behind the names at a token position.
    fn after_names(&self, position: usize) -> Option<TokenKind> {
        let names = self.count_names(position);
        self.tokens.get(position + (2 * names).checked_sub(1)?).map(|token| token.kind)
    }

    /// Passes names separated by commas.
    pub(super) fn names(&mut self) -> Vec<(TextId, Span)> {
        let mut names = Vec::new();
        while let Some(name) = self.accept(TokenKind::Name) {
            names.push((self.intern(name), name.span));
            if self.accept(TokenKind::Comma).is_none() {
                break;
            }
        }
        names
    }

    fn binding(&mut self) -> Result<Statement> {
        let name = self.advance();
        self.advance();
        let id = self.intern(name);
        let value = self.expression()?.id;
        Ok(Statement::Binding { name: id, name_span: name.span, value })
    }

    fn function(&mut self) -> Result<Statement> {
        let name = self.advance();
        self.advance();
        let id = self.intern(name);
        let parameters = self.parameters()?;
        self.advance();
        self.advance();
        let body = self.body(&parameters)?;
        Ok(Statement::Function { name: id, name_span: name.span, parameters, body })
    }

    fn index_form(&mut self) -> Result<Statement> {
        let name = self.advance();
        self.advance();
        let name = self.intern(name);
        let indices = self.names().into_iter().map(|(index, _)| index).collect::<Vec<_>>();
        self.advance();
        self.advance();
        let value = self.body(&indices)?;
        Ok(Statement::IndexForm { name, indices, value })
    }

    fn linear_map(&mut self) -> Result<Statement> {
        let parenthesised = self.accept(TokenKind::LeftParenthesis).is_some();
        let parameters = self.parameters()?;
        if parenthesised {
            self.advance();
        }
        self.advance();
        let value = self.body(&parameters)?;
        Ok(Statement::LinearMap { parameters, value })
    }

    /// Passes the names of parameters, which differ.
    fn parameters(&mut self) -> Result<Vec<TextId>> {
        let names = self.names();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = self.builder.tree().text(pair[0].0);
            let error =
                syntax(format!("`{name}` is a parameter twice")).label(pair[1].1, "again here");
            return Err(Box::new(error.hint("give the parameters different names")));
        }
        Ok(names.into_iter().map(|(name, _)| name).collect())
    }

    /// An expression in which some names are bound.
    fn body(&mut self, bound: &[TextId]) -> Result<ExprId> {
        for &name in bound {
            self.bind_letter_of(name, true);
        }
        let body = self.expression();
        for &name in bound {
            self.bind_letter_of(name, false);
        }
        body.map(|value| value.id)
    }

    /// Counts `T` and `H` as names if a statement before the token position `end` declares or binds them.
    fn bind_letters_of_statements(&mut self, end: usize) {
        if !self.has_letter_power {
            return;
        }
        let mut at = 0;
        while at < end.min(self.tokens.len()) {
            let count = match self.head(at) {
                // No matrix is an exponent.
                Head::Declaration if !self.declares_number(at) => 0,
                Head::Declaration => self.count_names(at),
                Head::Binding | Head::Function | Head::IndexForm => 1,
                Head::LinearMap | Head::Expression => 0,
            };
            for name in 0..count {
                let name = self.text(self.tokens[at + 2 * name]);
                self.bind_letter(name, true);
            }
            at = self.end_of_statement(at) + 1;
        }
    }

    /// Whether the declaration that begins at a token position is one of scalars.
    fn declares_number(&self, at: usize) -> bool {
        let tokens = self.tokens[at..self.end_of_statement(at)].iter();
        tokens.copied().any(|token| token.kind == TokenKind::Name && self.text(token) == "scalar")
    }

    /// The value of a statement that is not the last one would be lost.
    fn check_values_are_used(&mut self, content: Content) {
        if self.errors > 0 {
            return;
        }
        let statements = &self.builder.tree().statements;
        let is_declaration = |statement: &Statement| matches!(statement, Statement::Declaration(_));
        let last = match content {
            Content::Identity => statements.len(),
            _ => statements
                .iter()
                .rposition(|(statement, _)| !is_declaration(statement))
                .unwrap_or(0),
        };
        let unused = statements[..last]
            .iter()
            .find(|(statement, _)| matches!(statement, Statement::Expression(_)));
        let Some(&(_, span)) = unused else { return };
        let error = syntax("the value of a statement is not used")
            .label(span, "only the last statement is the function");
        let error = match piece(self.source, span) {
            Some(text) => error.hint(format!("give it a name: t = {text}")),
            None => error.hint("give it a name: `t = …`"),
        };
        self.report(error);
    }

    /// Parses statements and then the sides of an identity.
    pub(super) fn identity(&mut self) -> Vec<ExprId> {
        if self.errors > 0 {
            return Vec::new();
        }
        let last = self.last_statement();
        self.bind_letters_of_statements(last);
        self.statements(Content::Identity, last);
        if self.errors > 0 {
            return Vec::new();
        }
        self.check_values_are_used(Content::Identity);
        match self.sides() {
            Ok(sides) => sides,
            Err(error) => {
                self.report(*error);
                Vec::new()
            }
        }
    }

    /// The token position at which the last statement begins.
    fn last_statement(&self) -> usize {
        let mut last = 0;
        let mut at = 0;
        while at < self.tokens.len() {
            if !self.tokens[at].kind.ends_statement() {
                last = at;
            }
            at = self.end_of_statement(at) + 1;
        }
        last
    }

    fn sides(&mut self) -> Result<Vec<ExprId>> {
        let first = self.peek();
        self.check_beginning_of_line(first)?;
        let mut sides = vec![self.expression()?.id];
        while self.accept(TokenKind::Equals).is_some() {
            sides.push(self.expression()?.id);
        }
        while matches!(self.peek().kind, TokenKind::Semicolon | TokenKind::Newline) {
            self.position += 1;
        }
        let next = self.peek();
        if next.kind != TokenKind::End {
            return Err(Box::new(self.stray(next)));
        }
        if sides.len() < 2 {
            let span = first.span.to(self.tokens[self.position.saturating_sub(1)].span);
            let error = syntax("an identity needs `=`").label(span, "this is one side only");
            return Err(Box::new(error.hint("write it as `tr(A*B) = tr(B*A)`")));
        }
        Ok(sides)
    }
}
