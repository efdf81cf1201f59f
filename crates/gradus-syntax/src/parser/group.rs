//! Brackets in expressions: parentheses, arguments, matrices, indices, norms.
//!
//! Must not know what a statement is.

use gradus_diagnostics::{Diagnostic, Result, Span};

use super::Parser;
use super::expression::{Frame, Step, Value};
use crate::messages::{described, piece, repaired, syntax};
use crate::token::{Token, TokenKind};
use crate::tree::{Expr, ExprId, Index, TextId};

/// An open bracket with what has been read in it.
#[derive(Debug)]
pub(super) struct Group {
    kind: GroupKind,
    /// The place where the expression begins: the bracket, or the name before it.
    start: Span,
    /// The opening bracket.
    opening: Span,
}

/// The kinds of bracket.
#[derive(Debug)]
pub(super) enum GroupKind {
    /// `(…)`
    Parentheses,
    /// `f(…)`, or `f.(…)` if mapped
    Call { function: TextId, derivative: u8, mapped: bool, arguments: Vec<ExprId> },
    /// `sum[i](…)`
    Sum { mean: bool, indices: Vec<TextId> },
    /// `[…]`; the last row is the one that is being read
    Matrix { rows: Vec<Vec<ExprId>> },
    /// `x[…]`; after a `:` the lower end of the range waits
    Index { base: Value, indices: Vec<Index>, lower: Option<Option<ExprId>> },
    /// `‖…‖`
    Norm,
}

impl Group {
    pub(super) fn new(kind: GroupKind, start: Span, opening: Span) -> Self {
        Self { kind, start, opening }
    }

    pub(super) fn index(base: Value, opening: Token) -> Self {
        let kind = GroupKind::Index { base, indices: Vec::new(), lower: None };
        Self { kind, start: base.span, opening: opening.span }
    }

    pub(super) fn is_matrix(&self) -> bool {
        matches!(self.kind, GroupKind::Matrix { .. })
    }

    pub(super) fn is_index(&self) -> bool {
        matches!(self.kind, GroupKind::Index { .. })
    }

    pub(super) fn is_call(&self) -> bool {
        matches!(self.kind, GroupKind::Call { .. })
    }

    /// The name of a call in whose brackets so many arguments have been read.
    pub(super) fn call_with_arguments(&self, count: usize) -> Option<TextId> {
        match &self.kind {
            GroupKind::Call { function, derivative: 0, mapped: false, arguments }
                if arguments.len() == count =>
            {
                Some(*function)
            }
            _ => None,
        }
    }

    /// Whether nothing has been read in the brackets of a call.
    pub(super) fn is_call_without_arguments(&self) -> bool {
        matches!(&self.kind, GroupKind::Call { arguments, .. } if arguments.is_empty())
    }

    /// Whether an index is to begin, and no `:` has been read for it.
    pub(super) fn awaits_index(&self) -> bool {
        matches!(self.kind, GroupKind::Index { lower: None, .. })
    }
}

impl Parser<'_> {
    /// Passes a token behind a complete expression in the innermost bracket.
    pub(super) fn in_group(&mut self, value: Value) -> Result<Step> {
        let token = self.peek();
        let Some(Frame::Group(group)) = self.frames.last_mut() else {
            return Ok(Step::Done(value));
        };
        match (&mut group.kind, token.kind) {
            (GroupKind::Call { arguments, .. }, TokenKind::Comma) => arguments.push(value.id),
            (GroupKind::Matrix { rows }, TokenKind::Comma) => add_entry(rows, value.id),
            (GroupKind::Matrix { rows }, TokenKind::Semicolon) => {
                add_entry(rows, value.id);
                rows.push(Vec::new());
            }
            (GroupKind::Index { indices, lower, .. }, TokenKind::Comma) => {
                indices.push(index_of(lower.take(), Some(value.id)));
            }
            (GroupKind::Index { lower: lower @ None, .. }, TokenKind::Colon) => {
                *lower = Some(Some(value.id));
                self.advance();
                return Ok(self.behind_colon()?.map_or(Step::Operand, Step::Value));
            }
            (kind, found) if closes(kind, found) => {
                return self.close_group(Some(value)).map(Step::Value);
            }
            _ => return Err(Box::new(self.stray_in_group(value))),
        }
        self.advance();
        Ok(Step::Operand)
    }

    /// A colon where an index begins: `:` alone, or `:k`.
    pub(super) fn leading_colon(&mut self) -> Result<Option<Value>> {
        if let Some(Frame::Group(Group { kind: GroupKind::Index { lower, .. }, .. })) =
            self.frames.last_mut()
        {
            *lower = Some(None);
        }
        self.advance();
        self.behind_colon()
    }

    /// Behind the colon of an index: an upper end follows, or the index is complete.
    fn behind_colon(&mut self) -> Result<Option<Value>> {
        let next = self.peek().kind;
        if !matches!(next, TokenKind::Comma | TokenKind::RightBracket) {
            return Ok(None);
        }
        if next == TokenKind::RightBracket {
            return self.close_group(None).map(Some);
        }
        if let Some(Frame::Group(Group { kind: GroupKind::Index { indices, lower, .. }, .. })) =
            self.frames.last_mut()
        {
            indices.push(index_of(lower.take(), None));
        }
        self.advance();
        Ok(None)
    }

    /// Closes the innermost bracket; `last` is what stands before the closing token, if anything.
    pub(super) fn close_group(&mut self, last: Option<Value>) -> Result<Value> {
        let closing = self.advance();
        let Some(Frame::Group(group)) = self.frames.pop() else {
            return Err(Box::new(
                Diagnostic::internal("a bracket is closed that is not open")
                    .label(closing.span, ""),
            ));
        };
        self.depth -= 1;
        let span = group.start.to(closing.span);
        let id = match (group.kind, last) {
            (GroupKind::Parentheses, Some(value)) => value.id,
            (GroupKind::Call { function, derivative, mapped, mut arguments }, last) => {
                arguments.extend(last.map(|value| value.id));
                let call = if mapped {
                    Expr::Mapped { function, derivative, arguments }
                } else {
                    Expr::Call { function, derivative, arguments }
                };
                self.push(call, span)?
            }
            (GroupKind::Sum { mean, indices }, Some(value)) => {
                for &index in &indices {
                    self.bind_letter_of(index, false);
                }
                self.push(Expr::IndexedSum { mean, indices, body: value.id }, span)?
            }
            (GroupKind::Matrix { mut rows }, Some(value)) => {
                add_entry(&mut rows, value.id);
                self.push(Expr::Matrix(rows), span)?
            }
            (GroupKind::Index { base, mut indices, lower }, last) => {
                indices.push(index_of(lower, last.map(|value| value.id)));
                self.push(Expr::Indexed { base: base.id, indices }, span)?
            }
            (GroupKind::Norm, Some(value)) => self.push(Expr::Norm(value.id), span)?,
            (_, None) => {
                let error = syntax("nothing stands between the brackets").label(span, "empty");
                return Err(Box::new(error.hint("norm2(x)")));
            }
        };
        Ok(Value { id, span })
    }

    /// Counts a binding of `T` or `H` by an interned name.
    pub(super) fn bind_letter_of(&mut self, name: TextId, begins: bool) {
        match self.builder.tree().text(name) {
            "T" => self.bind_letter("T", begins),
            "H" => self.bind_letter("H", begins),
            _ => {}
        }
    }

    /// What is wrong with a token behind an expression in the innermost bracket.
    fn stray_in_group(&mut self, value: Value) -> Diagnostic {
        let token = self.peek();
        let Some(Frame::Group(group)) = self.frames.last() else {
            return self.stray(token);
        };
        let found = described(self.source, token);
        let opening = piece(self.source, group.opening).unwrap_or("(");
        match (&group.kind, token.kind) {
            (_, TokenKind::NormBar) => self.missing_operator(value),
            (GroupKind::Norm, _) => syntax("`‖` is never closed")
                .label(group.opening, "opened here")
                .hint("write `norm2(x)`, or close it with a second `‖`"),
            (_, TokenKind::Equals) => syntax("`=` inside brackets")
                .label(token.span, "here")
                .hint("bind a name first: `Y = A*X; tr(Y)`"),
            (_, TokenKind::Arrow) => syntax("`->` inside brackets")
                .label(token.span, "here")
                .hint("a linear map is a whole statement: `dX -> A*dX*B`"),
            (GroupKind::Call { function, .. }, TokenKind::Colon) => {
                let name = self.builder.tree().text(*function);
                syntax("`:` in an argument")
                    .label(token.span, "here")
                    .hint(format!("indices stand in square brackets: `{name}[1:k]`"))
            }
            (GroupKind::Index { .. }, TokenKind::Colon) => syntax("a range has two ends only")
                .label(token.span, "a second `:`")
                .hint("write `x[1:k]`; steps are not in the language"),
            (GroupKind::Matrix { .. }, TokenKind::Colon) => syntax("a range is not a matrix")
                .label(token.span, "here")
                .hint("write the entries: `[1, 2, 3]`; ranges stand in an index: `x[1:k]`"),
            (GroupKind::Parentheses, TokenKind::Comma) => {
                syntax("`,` in parentheses that are no arguments")
                    .label(token.span, "here")
                    .label(group.opening, "opened here")
                    .hint("write a column as `[a; b]`, a row as `[a, b]`")
            }
            (GroupKind::Call { function, .. }, TokenKind::Semicolon) => {
                let name = self.builder.tree().text(*function);
                syntax("`;` between arguments")
                    .label(token.span, "here")
                    .hint(format!("separate arguments with commas: {name}(x, y)"))
            }
            (GroupKind::Index { .. }, TokenKind::Semicolon) => syntax("`;` between indices")
                .label(token.span, "here")
                .hint("separate indices with commas: X[i, j]"),
            (GroupKind::Parentheses, TokenKind::Semicolon) => syntax("`;` inside parentheses")
                .label(token.span, "here")
                .label(group.opening, "opened here")
                .hint("write a column as `[a; b]`; close the `(` before the statement ends"),
            (GroupKind::Sum { mean, .. }, TokenKind::Comma) => {
                let name = if *mean { "mean" } else { "sum" };
                syntax(format!("`{name}[…]` takes one expression"))
                    .label(token.span, "a second one")
                    .hint(format!("name all indices in the brackets: {name}[i,j](X[i,j])"))
            }
            _ => {
                let error = syntax(format!("{found} inside `{opening}`"))
                    .label(token.span, "here")
                    .label(group.opening, "opened here");
                error.hint(
                    repaired(self.source, token.span, "")
                        .unwrap_or_else(|| format!("leave the {found} out")),
                )
            }
        }
    }
}

/// Adds an entry to the row that is being read.
fn add_entry(rows: &mut Vec<Vec<ExprId>>, entry: ExprId) {
    match rows.last_mut() {
        Some(row) => row.push(entry),
        None => rows.push(vec![entry]),
    }
}

/// The index of what has been read: `lower` is there if a colon was.
fn index_of(lower: Option<Option<ExprId>>, last: Option<ExprId>) -> Index {
    match (lower, last) {
        (None, Some(at)) => Index::At(at),
        (None, None) => Index::Range(None, None),
        (Some(lower), upper) => Index::Range(lower, upper),
    }
}

/// Whether a token closes a bracket of this kind.
fn closes(kind: &GroupKind, token: TokenKind) -> bool {
    match kind {
        GroupKind::Parentheses | GroupKind::Call { .. } | GroupKind::Sum { .. } => {
            token == TokenKind::RightParenthesis
        }
        GroupKind::Matrix { .. } | GroupKind::Index { .. } => token == TokenKind::RightBracket,
        GroupKind::Norm => token == TokenKind::NormBar,
    }
}
