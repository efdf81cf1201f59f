//! Size expressions: `n+1`, `2*m`, `n*(n+1)/2` as polynomials in dimension names.
//!
//! Must not know values: a size is made of numbers, dimension names and arithmetic.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, UnaryOperator};
use gradus_tensor::{DimensionId, Polynomial, Rational};

use crate::engine::Engine;
use crate::failure::Step;
use crate::names::{Meaning, NameId};
use crate::solve::{could_be_size, number, product};

/// The greatest exponent in a size.
const MAXIMUM_EXPONENT: i64 = 16;
/// A size with more terms is refused.
const MAXIMUM_TERMS: usize = 64;

/// The largest number in a size.
const LARGEST_NUMBER: u64 = 1 << 40;

/// What a name in a size may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewNames {
    /// Any name becomes a dimension.
    Allowed,
    /// Only dimensions that are known.
    Refused,
}

impl Engine<'_> {
    /// The dimension that a size expression stands for, at least 1 where that can be seen.
    pub(crate) fn size(&mut self, expr: ExprId, new: NewNames) -> Step<DimensionId> {
        let polynomial = self.size_polynomial(expr, new)?;
        if !could_be_size(&polynomial) {
            let text = self.text_of(expr);
            let error = Diagnostic::bad_input("size", format!("`{text}` is no size"));
            let error = error.label(self.span(expr), "a size is a natural number, at least 1");
            return Err(error.hint(positive_size(&polynomial, text)).into());
        }
        let huge = |(_, coefficient): &(_, gradus_tensor::Rational)| {
            coefficient.to_i64().is_none_or(|value| value.unsigned_abs() > LARGEST_NUMBER)
        };
        if polynomial.0.iter().filter(|term| term.1.is_integer()).any(huge) {
            let text = self.text_of(expr);
            let error = Diagnostic::limit(format!("the size `{text}` is too large"));
            let error = error.label(self.span(expr), "at most 2^40");
            return Err(error.hint("a size with a name has no such limit: n").into());
        }
        let dimension = self.solver.table.intern(polynomial);
        self.demand_positive(dimension);
        Ok(dimension)
    }

    /// Notes that a dimension must be at least 1, unless that can be seen.
    pub(crate) fn demand_positive(&mut self, dimension: DimensionId) {
        let dimension = self.solver.resolve(dimension);
        if self.solver.is_known(dimension) && self.solver.table.is_visibly_natural(dimension) {
            return;
        }
        let before = self.solver.polynomial(dimension).subtract(&number(1));
        self.demand_natural(before);
    }

    /// Notes that a polynomial must be a natural number; `false` if it cannot be one.
    pub(crate) fn demand_natural(&mut self, value: Polynomial) -> bool {
        match value.as_constant() {
            Some(value) => value.is_integer() && !value.is_negative(),
            None => {
                // Names are at least 1, so what is one less than a natural polynomial is natural.
                let more = self.solver.of_polynomial(value.add(&number(1)));
                let dimension = self.solver.of_polynomial(value);
                let seen = self.solver.is_known(more) && self.solver.table.is_visibly_natural(more);
                if !seen && !self.conditions.contains(&dimension) {
                    self.conditions.push(dimension);
                }
                true
            }
        }
    }

    /// The polynomial that a size expression stands for.
    pub(crate) fn size_polynomial(&mut self, root: ExprId, new: NewNames) -> Step<Polynomial> {
        let mut waiting = vec![(root, false)];
        let mut values: Vec<Polynomial> = Vec::new();
        while let Some((expr, built)) = waiting.pop() {
            let value = match self.expr(expr) {
                Expr::Number(text) => {
                    let text = self.tree().text(*text);
                    let value = Rational::parse_decimal(text);
                    value.map(Polynomial::constant).ok_or_else(|| self.no_size(expr))?
                }
                Expr::Name(text) => {
                    let name = self.name_id(*text);
                    let dimension = self.dimension_named(expr, name, new)?;
                    self.solver.table.polynomial(dimension).clone()
                }
                Expr::Unary(operator, a) => {
                    if !built {
                        waiting.extend([(expr, true), (*a, false)]);
                        continue;
                    }
                    let a = values.pop().unwrap_or_default();
                    match operator {
                        UnaryOperator::Plus => a,
                        UnaryOperator::Minus => a.scale(&Rational::MINUS_ONE),
                    }
                }
                Expr::Binary(operator, a, b) => {
                    if !built {
                        waiting.extend([(expr, true), (*b, false), (*a, false)]);
                        continue;
                    }
                    let operator = *operator;
                    let b = values.pop().unwrap_or_default();
                    let a = values.pop().unwrap_or_default();
                    combine(operator, &a, &b).ok_or_else(|| self.no_size(expr))?
                }
                _ => return Err(self.no_size(expr)),
            };
            if value.0.len() > MAXIMUM_TERMS {
                let error =
                    Diagnostic::limit(format!("a size with more than {MAXIMUM_TERMS} terms"));
                let error = error.label(self.span(expr), "here");
                return Err(error.hint("give the size a name of its own: n").into());
            }
            values.push(value);
        }
        Ok(values.pop().unwrap_or_default())
    }

    fn dimension_named(&mut self, expr: ExprId, name: NameId, new: NewNames) -> Step<DimensionId> {
        if let Some(dimension) = self.names.get(name).dimension
            && self.parameter(name).is_none()
        {
            return Ok(dimension);
        }
        let known = self.names.get(name);
        let text = known.text.clone();
        let is_value = known.declared.is_some()
            || known.bound_later
            || known.meaning != Meaning::Unseen
            || self.parameter(name).is_some();
        if is_value && new == NewNames::Allowed {
            let error =
                Diagnostic::bad_input("size", format!("`{text}` is a variable, not a size"));
            let error =
                error.label(self.span(expr), "a size is made of numbers and dimension names");
            return Err(error.hint(format!("give the size another name: {text}1")).into());
        }
        if new == NewNames::Refused {
            let error = Diagnostic::bad_input("size", format!("`{text}` is no dimension here"));
            let error = error.label(self.span(expr), "an unknown dimension");
            return Err(error
                .hint(format!("a declaration makes it one: --let 'y: vector({text})'"))
                .into());
        }
        let dimension = self.solver.table.named(&text);
        self.names.get_mut(name).dimension = Some(dimension);
        Ok(dimension)
    }

    fn no_size(&self, expr: ExprId) -> Box<crate::failure::Failure> {
        let error = Diagnostic::bad_input("size", format!("`{}` is no size", self.text_of(expr)));
        let error = error
            .label(self.span(expr), "a size is made of numbers, dimension names, + - * / and ^");
        error.hint("n").hint("2*n + 1").hint("n*(n + 1)/2").into()
    }
}

/// What may have been meant by a size that is none.
fn positive_size(polynomial: &Polynomial, text: &str) -> String {
    let opposite = polynomial.scale(&Rational::MINUS_ONE);
    match text.strip_prefix('-') {
        Some(rest) if could_be_size(&opposite) => rest.trim().to_owned(),
        _ => "n".to_owned(),
    }
}

fn combine(operator: BinaryOperator, a: &Polynomial, b: &Polynomial) -> Option<Polynomial> {
    Some(match operator {
        BinaryOperator::Add => a.add(b),
        BinaryOperator::Subtract => a.subtract(b),
        BinaryOperator::Multiply => product(a, b)?,
        BinaryOperator::Divide => a.scale(&b.as_constant()?.reciprocal()?),
        BinaryOperator::Power => {
            let exponent = b.as_constant()?.to_i64()?;
            if !(0..=MAXIMUM_EXPONENT).contains(&exponent) {
                return None;
            }
            let mut power = number(1);
            for _ in 0..exponent {
                power = product(&power, a)?;
            }
            power
        }
        _ => return None,
    })
}
