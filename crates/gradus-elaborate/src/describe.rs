//! Shapes and expressions in the user's words.
//!
//! Must not know what is wrong.

use gradus_syntax::tree::{Expr, ExprId};
use gradus_tensor::DimensionId;

use crate::engine::Engine;
use crate::solve::One;
use crate::typed::{Shape, TypedId};

/// Longer operands are not repeated in a message.
const LONGEST: usize = 40;

impl Engine<'_> {
    /// A dimension as text; unknown ones have the letters that they would get.
    pub(crate) fn size_text(&mut self, dimension: DimensionId) -> String {
        if self.solver.is_known(dimension) {
            let dimension = self.solver.resolve(dimension);
            return self.solver.table.display(dimension);
        }
        let letters = self.fresh_letters();
        self.solver.display(dimension, |unknown| {
            let found = letters.iter().find(|(known, _)| *known == unknown);
            found.map_or_else(|| "?".to_owned(), |(_, letter)| letter.clone())
        })
    }

    /// `is m×n`, `has n entries`, `is a scalar`.
    pub(crate) fn shape_phrase(&mut self, shape: Shape) -> String {
        let one = |engine: &mut Self, side| engine.solver.one(side) == One::Yes;
        match (one(self, shape.rows), one(self, shape.columns)) {
            (true, true) => "is a scalar".to_owned(),
            (false, true) => format!("has {} entries", self.size_text(shape.rows)),
            (true, false) => format!("is a row of {} entries", self.size_text(shape.columns)),
            (false, false) => {
                format!("is {}×{}", self.size_text(shape.rows), self.size_text(shape.columns))
            }
        }
    }

    /// `X is m×n`
    pub(crate) fn described(&mut self, expr: ExprId, id: TypedId) -> String {
        let phrase = self.shape_phrase(self.shape(id));
        format!("{} {phrase}", self.short_text(expr))
    }

    /// `X is m×n, y has m entries`
    pub(crate) fn described_pair(
        &mut self,
        (left, a): (ExprId, TypedId),
        (right, b): (ExprId, TypedId),
    ) -> String {
        let first = self.shape_phrase(self.shape(a));
        let second = self.shape_phrase(self.shape(b));
        let (left_text, right_text) = (self.short_text(left), self.short_text(right));
        let (left_text, right_text) = if left_text == right_text && left != right {
            ("the left side".to_owned(), "the right side".to_owned())
        } else {
            (left_text, right_text)
        };
        format!("{left_text} {first}, {right_text} {second}")
    }

    /// The text of an expression on one line, cut in the middle if it is long.
    pub(crate) fn short_text(&self, expr: ExprId) -> String {
        shortened(self.text_of(expr))
    }

    /// The text of an expression, in parentheses unless it binds as tightly as a name.
    pub(crate) fn tight_text(&self, expr: ExprId) -> String {
        let text = self.short_text(expr);
        match self.expr(expr) {
            Expr::Unary(..) | Expr::Binary(..) => format!("({text})"),
            _ => text,
        }
    }

    /// The text of an expression as a factor.
    pub(crate) fn factor_text(&self, expr: ExprId) -> String {
        use gradus_syntax::tree::BinaryOperator;
        match self.expr(expr) {
            Expr::Binary(BinaryOperator::Multiply | BinaryOperator::Power, ..) => {
                self.short_text(expr)
            }
            _ => self.tight_text(expr),
        }
    }

    /// The text of a transposed expression.
    pub(crate) fn transposed_text(&self, expr: ExprId) -> String {
        use gradus_syntax::tree::PostfixOperator;
        match self.expr(expr) {
            Expr::Postfix(PostfixOperator::Transpose, inner) => self.tight_text(*inner),
            _ => format!("{}'", self.tight_text(expr)),
        }
    }
}

/// A text on one line, cut in the middle if it is long.
pub(crate) fn shortened(text: &str) -> String {
    let half = LONGEST / 2 - 1;
    // Only the two ends of a long text are looked at: messages about its parts would otherwise take
    // time that grows with the square of its length.
    if text.len() > 16 * LONGEST {
        let start: String =
            text.chars().filter(|letter| !letter.is_whitespace()).take(half).collect();
        let end: Vec<char> =
            text.chars().rev().filter(|letter| !letter.is_whitespace()).take(half).collect();
        return start.chars().chain(['…']).chain(end.into_iter().rev()).collect();
    }
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        let letters: Vec<char> = line.chars().collect();
        let (start, end) = (&letters[..half], &letters[letters.len() - half..]);
        line = start.iter().chain(&['…']).chain(end).collect();
    }
    line
}
