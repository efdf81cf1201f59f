//! The beginning of an operand: numbers, names, opening brackets, signs.
//!
//! Must not know what a statement is.

use gradus_diagnostics::{Diagnostic, Error, Result, Span};

use super::Parser;
use super::expression::{Frame, Value};
use super::group::{Group, GroupKind};
use crate::limits::MAX_DERIVATIVE_MARKS;
use crate::messages::{described, repaired, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{Expr, TextId, UnaryOperator};

impl Parser<'_> {
    /// Passes the beginning of an operand; gives the operand if it is complete.
    pub(super) fn operand(&mut self, base: usize) -> Result<Option<Value>> {
        use TokenKind as Kind;
        let token = self.peek();
        let innermost = match self.frames[base..].last() {
            Some(Frame::Group(group)) => Some(group),
            _ => None,
        };
        match token.kind {
            Kind::Number => {
                self.advance();
                let text = self.intern(token);
                let id = self.push(Expr::Number(text), token.span)?;
                Ok(Some(Value { id, span: token.span }))
            }
            Kind::Name if innermost.is_some_and(Group::is_index) && self.text(token) == "end" => {
                let error = syntax("`end` is not an index").label(token.span, "here");
                Err(Box::new(error.hint("leave it out: `x[2:]` goes up to the end")))
            }
            Kind::Name => self.name(token),
            Kind::LeftParenthesis => self.open(GroupKind::Parentheses, token),
            Kind::LeftBracket => self.open(GroupKind::Matrix { rows: vec![Vec::new()] }, token),
            Kind::NormBar => self.open(GroupKind::Norm, token),
            Kind::Minus => self.sign(base, UnaryOperator::Minus).map(|()| None),
            Kind::Plus => self.sign(base, UnaryOperator::Plus).map(|()| None),
            Kind::Colon if innermost.is_some_and(Group::awaits_index) => self.leading_colon(),
            Kind::RightParenthesis if self.closes_call_without_arguments(innermost) => {
                self.close_group(None).map(Some)
            }
            _ => Err(self.missing_operand(base)),
        }
    }

    fn closes_call_without_arguments(&self, innermost: Option<&Group>) -> bool {
        let before = self.position.checked_sub(1).and_then(|before| self.tokens.get(before));
        innermost.is_some_and(Group::is_call_without_arguments)
            && before.is_some_and(|token| token.kind.opens())
    }

    fn open(&mut self, kind: GroupKind, token: Token) -> Result<Option<Value>> {
        self.advance();
        self.nest(Frame::Group(Group::new(kind, token.span, token.span)), token.span)?;
        Ok(None)
    }

    /// A name, which is a function if a parenthesis follows, with derivative marks between them.
    fn name(&mut self, name: Token) -> Result<Option<Value>> {
        self.advance();
        let text = self.text(name);
        let next = self.peek();
        if next.kind == TokenKind::LeftBracket && !next.spaced && matches!(text, "sum" | "mean") {
            return self.indexed_sum(name, text == "mean");
        }
        let function = self.intern(name);
        let marks = self.derivative_marks();
        let opening = self.ahead(marks);
        let mapped = opening.kind == TokenKind::DotParenthesis;
        if !mapped && opening.kind != TokenKind::LeftParenthesis {
            let id = self.push(Expr::Name(function), name.span)?;
            return Ok(Some(Value { id, span: name.span }));
        }
        let derivative = u8::try_from(marks).ok().filter(|_| marks <= MAX_DERIVATIVE_MARKS);
        let Some(derivative) = derivative else {
            let message = format!("more than {MAX_DERIVATIVE_MARKS} derivative marks");
            let error = Diagnostic::limit(message);
            let error = error.label(next.span.to(opening.span), "these marks");
            let hint = format!("declare the derivative as a function: --let '{text}1: function'");
            return Err(Box::new(error.hint(hint)));
        };
        self.position += marks + 1;
        let kind = GroupKind::Call { function, derivative, mapped, arguments: Vec::new() };
        self.nest(Frame::Group(Group::new(kind, name.span, opening.span)), opening.span)?;
        Ok(None)
    }

    /// How many quotes stand here that are derivative marks: nothing but a parenthesis follows them, and no
    /// white space stands before any of them or the parenthesis.
    fn derivative_marks(&self) -> usize {
        let quotes = self.tokens[self.position..]
            .iter()
            .take_while(|token| token.kind == TokenKind::Quote && !token.spaced);
        let count = quotes.count();
        let next = self.ahead(count);
        let applies = matches!(next.kind, TokenKind::LeftParenthesis | TokenKind::DotParenthesis)
            && !next.spaced;
        if applies { count } else { 0 }
    }

    /// `sum[i, j](`; the name has been passed.
    fn indexed_sum(&mut self, name: Token, mean: bool) -> Result<Option<Value>> {
        self.advance();
        let written = self.text(name);
        let example = format!("{written}[i](x[i])");
        let mut indices: Vec<TextId> = Vec::new();
        loop {
            let index = self.peek();
            if index.kind != TokenKind::Name {
                let error = syntax(format!("`{written}[` needs the names of its indices"));
                return Err(Box::new(
                    error.label(index.span, "a name is expected here").hint(example),
                ));
            }
            self.advance();
            let id = self.intern(index);
            if indices.contains(&id) {
                let error = syntax(format!("the index `{}` is named twice", self.text(index)));
                return Err(Box::new(
                    error.label(index.span, "again here").hint(format!("{written}[i,j](A[i,j])")),
                ));
            }
            indices.push(id);
            if self.accept(TokenKind::Comma).is_none() {
                break;
            }
        }
        if self.accept(TokenKind::RightBracket).is_none() {
            let found = self.peek();
            let error =
                syntax(format!("{} in the indices of `{written}`", described(self.source, found)));
            return Err(Box::new(error.label(found.span, "only names stand here").hint(example)));
        }
        let opening = self.peek();
        if opening.kind != TokenKind::LeftParenthesis {
            let error = syntax(format!("`{written}[…]` needs an expression in parentheses"));
            return Err(Box::new(error.label(opening.span, "`(` is expected here").hint(example)));
        }
        self.advance();
        for &index in &indices {
            self.bind_letter_of(index, true);
        }
        let kind = GroupKind::Sum { mean, indices };
        self.nest(Frame::Group(Group::new(kind, name.span, opening.span)), opening.span)?;
        Ok(None)
    }

    /// What could be written where an operand is missing between two tokens.
    fn without_dangling(&self, before: Token, token: Token) -> String {
        use TokenKind as Kind;
        let of = |span, by: &str| repaired(self.source, span, by);
        let empty = |kind: Kind| kind.opens() && token.kind.closes();
        let repair = match (before.kind, token.kind) {
            (Kind::Arrow, _) => return "dX -> A*dX*B".to_owned(),
            (Kind::Equals, _) => return "Y = A*X".to_owned(),
            (Kind::NormBar, Kind::End) => return "‖x‖".to_owned(),
            (Kind::LeftParenthesis, kind) if kind.closes() && self.follows_kind() => {
                of(before.span.to(token.span), "(n)")
            }
            (opening, _) if empty(opening) || token.kind == Kind::NormBar => {
                of(Span { start: token.span.start, end: token.span.start }, "x")
            }
            // Of two operators the first stays, a comma goes.
            (kind, Kind::End | Kind::Newline | Kind::Semicolon) if !kind.opens() => {
                of(before.span, "")
            }
            (Kind::Comma, _) => of(before.span, ""),
            (_, closing) if closing.closes() => of(before.span, ""),
            _ => of(token.span, ""),
        };
        repair
            .unwrap_or_else(|| "write a name, a number or an expression in parentheses".to_owned())
    }

    /// Whether the bracket that has just been opened stands behind a kind.
    fn follows_kind(&self) -> bool {
        let at = |back: usize| {
            self.position
                .checked_sub(back)
                .and_then(|at| self.tokens.get(at))
                .map(|token| token.kind)
        };
        at(2) == Some(TokenKind::Name) && at(3) == Some(TokenKind::Colon)
    }

    /// What could be written where an expression begins with what cannot begin one.
    fn without_leading(&self, token: Token) -> String {
        match token.kind {
            TokenKind::Equals => "Y = A*X".to_owned(),
            TokenKind::Arrow => "dX -> A*dX*B".to_owned(),
            TokenKind::Colon => "X: matrix(m,n)".to_owned(),
            _ => repaired(self.source, token.span, "")
                .unwrap_or_else(|| "write an expression such as `norm2(X*w - y)^2`".to_owned()),
        }
    }

    /// What is wrong where an operand is expected.
    fn missing_operand(&self, base: usize) -> Error {
        let token = self.peek();
        let found = described(self.source, token);
        let before =
            self.position.checked_sub(1).and_then(|before| self.tokens.get(before)).copied();
        let before = before.filter(|before| !before.kind.ends_statement());
        let innermost = match self.frames[base..].last() {
            Some(Frame::Group(group)) => Some(group),
            _ => None,
        };
        let error = match (token.kind, before) {
            (TokenKind::Quote, _)
                if self.source[token.span.start as usize..].starts_with("'fro'") =>
            {
                syntax("`'fro'` is a text, which is not in the language")
                    .hint("the Frobenius norm is normF(X)")
            }
            (TokenKind::Quote | TokenKind::Transpose, _) => {
                syntax(format!("nothing stands before {found} to be transposed")).hint("write `X'`")
            }
            (TokenKind::DotParenthesis, _) => {
                syntax("`.(` follows the name of a function").hint("f.(X)")
            }
            (TokenKind::RightBracket | TokenKind::Semicolon, _)
                if innermost.is_some_and(Group::is_matrix) =>
            {
                syntax("an entry of a matrix is missing").hint("write a matrix as `[a, b; c, d]`")
            }
            (TokenKind::Colon, _) if innermost.is_some_and(Group::is_call) => {
                syntax("`:` in an argument").hint("indices stand in square brackets: `A[:, 1]`")
            }
            (_, Some(before)) => {
                let after = described(self.source, before);
                let error = syntax(format!("an operand is missing after {after}"));
                error.hint(self.without_dangling(before, token))
            }
            (_, None) => {
                let error = syntax(format!("an expression cannot begin with {found}"));
                error.hint(self.without_leading(token))
            }
        };
        Box::new(
            error.label(token.span, format!("expected a name, a number or `(`, found {found}")),
        )
    }
}
