//! What is wrong with a token that does not fit behind an expression, and what could be meant.
//!
//! Must not know meanings of names.

use gradus_diagnostics::{Diagnostic, Span};

use super::Parser;
use super::expression::{Frame, Value};
use crate::messages::{described, piece, repaired, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{BinaryOperator, Expr};

impl<'s> Parser<'s> {
    /// Two operands without an operator between them: `2X`, `x y`, `[1 2]`, `2(x)`.
    pub(super) fn missing_operator(&self, value: Value) -> Diagnostic {
        let token = self.peek();
        let found = described(self.source, token);
        let error = syntax(format!("an operator is missing before {found}"))
            .label(token.span, "an operator is expected here");
        let pieces = (piece(self.source, value.span), self.operand_piece(self.position));
        let (Some(left), Some(right)) = pieces else {
            return error.hint("put an operator such as `*` between the two operands");
        };
        if token.kind == TokenKind::DotParenthesis {
            let right = right.trim_start_matches('.');
            return syntax("`.(` follows the name of a function")
                .label(token.span, "no name stands before it")
                .hint(format!("{left}*{right}"));
        }
        if self.is_inside_matrix() && self.is_on_another_line(value, token) {
            return error.hint("separate rows with `;`: [a, b; c, d]");
        }
        if self.is_inside_matrix() {
            return error
                .hint(format!("separate columns with commas: {left}, {right}"))
                .hint(format!("for a product write: {left}*{right}"));
        }
        self.with_readings(error, value, left, right)
    }

    /// Adds what two neighbouring operands may mean.
    fn with_readings(
        &self,
        error: Diagnostic,
        value: Value,
        left: &str,
        right: &str,
    ) -> Diagnostic {
        let token = self.peek();
        let both_numbers = token.kind == TokenKind::Number
            && left.ends_with(|last: char| last.is_ascii_digit() || last == '.');
        if both_numbers {
            return error.hint("a number has at most one decimal point and no white space");
        }
        if token.kind == TokenKind::LeftBracket && token.spaced {
            return error
                .hint(format!("for an index write: {left}{right}"))
                .hint(format!("for a product write: {left}*{right}"));
        }
        let product = format!("{left}*{right}");
        if let (Some((function, power)), TokenKind::LeftParenthesis) =
            (self.power_of_name(value), token.kind)
        {
            return error
                .hint(format!("for a power of a function write: {function}{right}^{power}"))
                .hint(format!("for a product write: {function}^{power}*{right}"));
        }
        if self.ahead(1).kind == TokenKind::Colon && token.kind == TokenKind::Name {
            return error.hint(format!("to declare both write: {left}, {right}: vector(n)"));
        }
        let is_word = matches!(self.builder.tree().expr(value.id), Expr::Name(_)) && left.len() > 1;
        if is_word && token.kind == TokenKind::Name {
            return error
                .hint(format!("for a product write: {product}"))
                .hint(format!("for a function write: {left}({right})"));
        }
        error.hint(product)
    }

    /// The name and the exponent of a value such as `sin^2`.
    fn power_of_name(&self, value: Value) -> Option<(&'s str, &'s str)> {
        let tree = self.builder.tree();
        let Expr::Binary(BinaryOperator::Power, name, exponent) = *tree.expr(value.id) else {
            return None;
        };
        let is_name = matches!(tree.expr(name), Expr::Name(_));
        let is_number = matches!(tree.expr(exponent), Expr::Number(_));
        if is_name && is_number {
            Some((piece(self.source, tree.span(name))?, piece(self.source, tree.span(exponent))?))
        } else {
            None
        }
    }

    /// Whether a line ends between a value and a token behind it.
    fn is_on_another_line(&self, value: Value, token: Token) -> bool {
        let between = self.source.get(value.span.end as usize..token.span.start as usize);
        between.is_some_and(|between| between.contains('\n'))
    }

    /// Whether the innermost bracket is that of a matrix.
    fn is_inside_matrix(&self) -> bool {
        let innermost = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Group(group) => Some(group),
            _ => None,
        });
        innermost.is_some_and(super::group::Group::is_matrix)
    }

    /// The text of the operand at a token: a name or number with the brackets directly behind it, or a bracket.
    pub(super) fn operand_piece(&self, position: usize) -> Option<&'s str> {
        let first = self.tokens.get(position)?;
        let mut end = position;
        if matches!(first.kind, TokenKind::Name | TokenKind::Number) {
            end += 1;
        } else if !first.kind.opens() {
            return None;
        }
        while self
            .tokens
            .get(end)
            .is_some_and(|token| token.kind.opens() && (!token.spaced || end == position))
        {
            end = self.after_bracket(end);
        }
        let last = self.tokens.get(end - 1)?;
        piece(self.source, Span { start: first.span.start, end: last.span.end })
    }

    /// A token behind an expression, outside all brackets, that begins nothing that could follow.
    pub(super) fn stray(&self, token: Token) -> Diagnostic {
        let found = described(self.source, token);
        match token.kind {
            TokenKind::Equals => syntax("an equation is not a function")
                .label(token.span, "`=` behind an expression")
                .hint("bind a name: `Y = A*X; tr(Y)`")
                .hint("check an identity: gradus check 'LEFT = RIGHT'"),
            TokenKind::Arrow => syntax("`->` follows a name, or names in parentheses")
                .label(token.span, "here")
                .hint("dX -> A*dX*B")
                .hint("(dX, dY) -> dX*Y + X*dY"),
            TokenKind::Colon => syntax("only names are declared")
                .label(token.span, "`:` behind an expression")
                .hint("X: matrix(m,n)"),
            TokenKind::Comma if self.ahead(1).kind == TokenKind::Colon => {
                syntax("a name is missing after `,`")
                    .label(token.span, "here")
                    .hint("x, y: vector(n)")
            }
            TokenKind::Comma => syntax("`,` outside brackets")
                .label(token.span, "here")
                .hint("separate statements with `;`")
                .hint("write a column as `[a; b]`, a row as `[a, b]`"),
            _ => {
                let error = syntax(format!("{found} is not expected here"))
                    .label(token.span, "the statement should end before it");
                error.hint(
                    repaired(self.source, token.span, "")
                        .unwrap_or_else(|| "separate statements with `;`".to_owned()),
                )
            }
        }
    }
}
