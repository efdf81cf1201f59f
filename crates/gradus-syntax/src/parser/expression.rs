//! Expressions: operators by precedence, on an explicit stack.
//!
//! Must not know what a statement is.

use gradus_diagnostics::{Diagnostic, Result, Span};

use super::Parser;
use super::group::Group;
use crate::limits::{MAX_DEPTH, MAX_EXPONENT};
use crate::messages::{piece, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, UnaryOperator};

/// Precedence of sums; also that of a sign where no operator stands before it.
pub(super) const SUM: u8 = 1;
/// Precedence of products and quotients.
pub(super) const PRODUCT: u8 = 2;
/// Precedence of powers and of all that stands behind its operand.
pub(super) const POWER: u8 = 3;

/// An expression with its place, parentheses around it included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) id: ExprId,
    pub(super) span: Span,
}

/// What waits for an operand.
#[derive(Debug)]
pub(super) enum Frame {
    /// A sign. It takes what binds tighter than its level.
    Prefix { operator: UnaryOperator, level: u8, start: Span },
    /// An operator with its left operand.
    Infix { operator: BinaryOperator, level: u8, left: Value },
    /// An open bracket.
    Group(Group),
}

/// What follows after a token behind an operand.
pub(super) enum Step {
    /// The operand has become another one.
    Value(Value),
    /// An operand is expected.
    Operand,
    /// The expression is complete, and the token belongs to what is around it.
    Done(Value),
}

impl Parser<'_> {
    /// Parses an expression up to the first token that does not belong to it.
    pub(super) fn expression(&mut self) -> Result<Value> {
        let base = self.frames.len();
        loop {
            let Some(mut value) = self.operand(base)? else {
                continue;
            };
            loop {
                match self.behind_operand(base, value)? {
                    Step::Value(next) => value = next,
                    Step::Operand => break,
                    Step::Done(value) => return Ok(value),
                }
            }
        }
    }

    /// Pushes a sign or a bracket, within the limit on nesting.
    pub(super) fn nest(&mut self, frame: Frame, place: Span) -> Result<()> {
        if self.depth >= MAX_DEPTH {
            let message = format!("brackets and signs are nested more than {MAX_DEPTH} deep");
            let error = Diagnostic::limit(message).label(place, "too deep from here on");
            return Err(Box::new(error.hint("bind an inner part to a name: t = …")));
        }
        self.depth += 1;
        self.frames.push(frame);
        Ok(())
    }

    /// A sign before an operand. After a product it takes what a power takes, after a power a single operand.
    pub(super) fn sign(&mut self, base: usize, operator: UnaryOperator) -> Result<()> {
        let start = self.advance().span;
        let level = match self.frames[base..].last() {
            Some(Frame::Infix { level, .. } | Frame::Prefix { level, .. }) => *level,
            Some(Frame::Group(_)) | None => SUM,
        };
        self.nest(Frame::Prefix { operator, level, start }, start)
    }

    /// Passes the token behind an operand.
    fn behind_operand(&mut self, base: usize, value: Value) -> Result<Step> {
        use TokenKind as Kind;
        let token = self.peek();
        match token.kind {
            Kind::Quote | Kind::Transpose => {
                self.postfix(base, value, &[PostfixOperator::Transpose])
            }
            Kind::ConjugateTranspose => {
                self.postfix(base, value, &[PostfixOperator::ConjugateTranspose])
            }
            Kind::Inverse => self.postfix(base, value, &[PostfixOperator::Inverse]),
            Kind::InverseTranspose => {
                self.postfix(base, value, &[PostfixOperator::Inverse, PostfixOperator::Transpose])
            }
            Kind::Superscript => self.superscript(base, value),
            Kind::Caret => self.caret(base, value),
            Kind::LeftBracket if !token.spaced && !self.is_bare_number(value) => {
                self.advance();
                self.nest(Frame::Group(Group::index(value, token)), token.span)?;
                Ok(Step::Operand)
            }
            Kind::Number
            | Kind::Name
            | Kind::LeftParenthesis
            | Kind::LeftBracket
            | Kind::DotParenthesis => {
                let value = self.reduce(base, POWER, value)?;
                Err(Box::new(self.missing_operator(value)))
            }
            kind => match infix(kind) {
                Some((operator, level)) => self.infix(base, value, operator, level),
                None => self.behind_expression(base, value),
            },
        }
    }

    fn is_bare_number(&self, value: Value) -> bool {
        let tree = self.builder.tree();
        matches!(tree.expr(value.id), Expr::Number(_)) && tree.span(value.id) == value.span
    }

    /// A token that ends the operators before it: it belongs to the innermost bracket, or to the statement.
    fn behind_expression(&mut self, base: usize, value: Value) -> Result<Step> {
        let value = self.reduce(base, 0, value)?;
        if self.frames.len() > base {
            return self.in_group(value);
        }
        if self.peek().kind == TokenKind::NormBar {
            return Err(Box::new(self.missing_operator(value)));
        }
        Ok(Step::Done(value))
    }

    fn infix(
        &mut self,
        base: usize,
        value: Value,
        operator: BinaryOperator,
        level: u8,
    ) -> Result<Step> {
        let token = self.advance();
        let after_power = level == POWER && self.follows_power(base);
        let left = self.reduce(base, level, value)?;
        if after_power && self.may_note() {
            self.note_chain_of_powers(left, token);
        }
        if level == SUM
            && self.peek().kind == TokenKind::RightParenthesis
            && let Some(side) = approach(operator)
            && self.awaits_point(base)
        {
            let span = left.span.to(token.span);
            return Ok(Step::Value(Value {
                id: self.push(Expr::Postfix(side, left.id), span)?,
                span,
            }));
        }
        if level == SUM && token.spaced && !self.peek().spaced && self.may_note() {
            self.note_sign_in_matrix(base, left, token);
        }
        self.frames.push(Frame::Infix { operator, level, left });
        Ok(Step::Operand)
    }

    /// Whether the operand that has just been read is the point of a limit.
    fn awaits_point(&self, base: usize) -> bool {
        match self.frames[base..].last() {
            Some(Frame::Group(group)) => group
                .call_with_arguments(2)
                .is_some_and(|name| self.builder.tree().text(name) == "limit"),
            _ => false,
        }
    }

    /// `^`, which is `X^T` or `X^H` before these letters where they are not names.
    fn caret(&mut self, base: usize, value: Value) -> Result<Step> {
        let next = self.ahead(1);
        let letter = if next.kind == TokenKind::Name { self.text(next) } else { "" };
        let operator = match letter {
            "T" if self.letters.transpose == 0 => PostfixOperator::Transpose,
            "H" if self.letters.conjugate == 0 => PostfixOperator::ConjugateTranspose,
            _ => {
                self.check_function_is_applied(value)?;
                return self.infix(base, value, BinaryOperator::Power, POWER);
            }
        };
        self.advance();
        self.postfix(base, value, &[operator])
    }

    /// `exp^x` is a common slip for `exp(x)`.
    fn check_function_is_applied(&self, value: Value) -> Result<()> {
        let tree = self.builder.tree();
        let Expr::Name(name) = tree.expr(value.id) else {
            return Ok(());
        };
        if tree.text(*name) != "exp" {
            return Ok(());
        }
        let exponent = self.operand_piece(self.position + 1).unwrap_or("x");
        let inner =
            exponent.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(exponent);
        let error = syntax("`exp` is a function and needs an argument")
            .label(value.span, "no argument follows");
        Err(Box::new(error.hint(format!("exp({inner})"))))
    }

    /// Operators behind an operand; they bind like powers.
    fn postfix(
        &mut self,
        base: usize,
        value: Value,
        operators: &[PostfixOperator],
    ) -> Result<Step> {
        let token = self.advance();
        let operand = self.reduce(base, POWER, value)?;
        let span = operand.span.to(token.span);
        let mut id = operand.id;
        for &operator in operators {
            id = self.push(Expr::Postfix(operator, id), span)?;
        }
        Ok(Step::Value(Value { id, span }))
    }

    /// `x²`, `x⁻³`.
    fn superscript(&mut self, base: usize, value: Value) -> Result<Step> {
        self.check_function_is_applied(value)?;
        let token = self.advance();
        let operand = self.reduce(base, POWER, value)?;
        let written = self.text(token);
        let digits: String =
            written.chars().filter_map(crate::unicode::superscript_digit).collect();
        crate::number::check(&digits, token.span)?;
        let text = self.builder.text(&digits);
        let mut exponent = self.push(Expr::Number(text), token.span)?;
        if written.starts_with('⁻') {
            exponent = self.push(Expr::Unary(UnaryOperator::Minus, exponent), token.span)?;
        }
        let left = Value { id: operand.id, span: operand.span };
        let right = Value { id: exponent, span: token.span };
        Ok(Step::Value(self.binary(BinaryOperator::Power, left, right)?))
    }

    /// Gives their operand to all operators after `base` that bind at least as tight as `level`.
    pub(super) fn reduce(&mut self, base: usize, level: u8, mut value: Value) -> Result<Value> {
        while self.frames.len() > base {
            match self.frames.pop() {
                Some(Frame::Prefix { operator, level: own, start }) if own >= level => {
                    self.depth -= 1;
                    let span = start.to(value.span);
                    value = Value { id: self.push(Expr::Unary(operator, value.id), span)?, span };
                }
                Some(Frame::Infix { operator, level: own, left }) if own >= level => {
                    value = self.binary(operator, left, value)?;
                }
                Some(frame) => {
                    self.frames.push(frame);
                    break;
                }
                None => break,
            }
        }
        Ok(value)
    }

    fn binary(&mut self, operator: BinaryOperator, left: Value, right: Value) -> Result<Value> {
        if matches!(operator, BinaryOperator::Power | BinaryOperator::ElementwisePower) {
            self.check_exponent(right)?;
        }
        let span = left.span.to(right.span);
        Ok(Value { id: self.push(Expr::Binary(operator, left.id, right.id), span)?, span })
    }

    /// An exponent that is a number must not be so large that the power could not be formed.
    fn check_exponent(&self, exponent: Value) -> Result<()> {
        let tree = self.builder.tree();
        let unsigned = match tree.expr(exponent.id) {
            Expr::Unary(_, operand) => *operand,
            _ => exponent.id,
        };
        let Expr::Number(text) = tree.expr(unsigned) else {
            return Ok(());
        };
        if tree.text(*text).parse::<f64>().is_ok_and(|value| value > f64::from(MAX_EXPONENT)) {
            let error = Diagnostic::limit(format!("an exponent is greater than {MAX_EXPONENT}"));
            let error = error.label(exponent.span, "this exponent");
            return Err(Box::new(error.hint("an exponent with a name has no such limit: x^k")));
        }
        Ok(())
    }

    /// Whether the operand that has just been read is the exponent of a power.
    fn follows_power(&self, base: usize) -> bool {
        let mut operators = self.frames[base..].iter().rev();
        let innermost =
            operators.find(|frame| !matches!(frame, Frame::Prefix { level: POWER, .. }));
        matches!(innermost, Some(Frame::Infix { level: POWER, .. }))
    }

    fn note_chain_of_powers(&mut self, left: Value, token: Token) {
        let note = Diagnostic::note("power", "powers are read from left to right")
            .label(token.span, "a second power");
        let parts = (piece(self.source, left.span), self.operand_piece(self.position));
        let note = match parts {
            (Some(left), Some(right)) => {
                let written = self.text(token);
                note.hint(format!(
                    "this is ({left}){written}{right}; write parentheses to say which is meant"
                ))
            }
            _ => note.hint("a^b^c is (a^b)^c; write a^(b^c) for the other"),
        };
        self.note(note);
    }

    /// `[a -b]` has two columns elsewhere.
    fn note_sign_in_matrix(&mut self, base: usize, left: Value, token: Token) {
        let Some(Frame::Group(group)) = self.frames[base..].last() else {
            return;
        };
        if !group.is_matrix() {
            return;
        }
        let note =
            Diagnostic::note("matrix", "white space does not separate the entries of a matrix");
        let note = note.label(token.span, "this is a sum or difference");
        let note = match (piece(self.source, left.span), self.operand_piece(self.position)) {
            (Some(left), Some(right)) => {
                note.hint(format!("for two columns write: {left}, {}{right}", self.text(token)))
            }
            _ => note.hint("separate columns with `,`"),
        };
        self.note(note);
    }
}

/// The side from which a sign behind the point of a limit says that it is approached.
fn approach(operator: BinaryOperator) -> Option<PostfixOperator> {
    match operator {
        BinaryOperator::Add => Some(PostfixOperator::FromAbove),
        BinaryOperator::Subtract => Some(PostfixOperator::FromBelow),
        _ => None,
    }
}

/// The operator between two operands that a token stands for, and its precedence.
fn infix(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    Some(match kind {
        TokenKind::Plus => (BinaryOperator::Add, SUM),
        TokenKind::Minus => (BinaryOperator::Subtract, SUM),
        TokenKind::Star => (BinaryOperator::Multiply, PRODUCT),
        TokenKind::Slash => (BinaryOperator::Divide, PRODUCT),
        TokenKind::Backslash => (BinaryOperator::LeftDivide, PRODUCT),
        TokenKind::DotStar => (BinaryOperator::ElementwiseMultiply, PRODUCT),
        TokenKind::DotSlash => (BinaryOperator::ElementwiseDivide, PRODUCT),
        TokenKind::Kronecker => (BinaryOperator::Kronecker, PRODUCT),
        TokenKind::DotCaret => (BinaryOperator::ElementwisePower, POWER),
        _ => return None,
    })
}
