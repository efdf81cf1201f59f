//! The constants of an arena as a field of coefficients.
//!
//! Must not know integrals.

use crate::expression::{Arena, ExprId};
use crate::polynomial::Field;

/// Expressions without the variable, each in normal form.
#[derive(Debug)]
pub(super) struct Constants<'a> {
    pub(super) arena: &'a mut Arena,
}

impl Field for Constants<'_> {
    type Element = ExprId;

    fn integer(&mut self, number: i64) -> ExprId {
        self.arena.integer(number)
    }

    fn add(&mut self, a: &ExprId, b: &ExprId) -> ExprId {
        let sum = self.arena.add(&[*a, *b]);
        self.normal(sum)
    }

    fn subtract(&mut self, a: &ExprId, b: &ExprId) -> ExprId {
        let difference = self.arena.subtract(*a, *b);
        self.normal(difference)
    }

    fn multiply(&mut self, a: &ExprId, b: &ExprId) -> ExprId {
        let product = self.arena.multiply(&[*a, *b]);
        self.normal(product)
    }

    fn divide(&mut self, a: &ExprId, b: &ExprId) -> ExprId {
        let quotient = self.arena.divide(*a, *b);
        self.normal(quotient)
    }

    fn is_zero(&mut self, a: &ExprId) -> bool {
        *a == Arena::ZERO
    }

    fn is_sound(&self) -> bool {
        !self.arena.is_exhausted()
    }
}

impl Constants<'_> {
    fn normal(&mut self, id: ExprId) -> ExprId {
        if self.arena.as_number(id).is_some() { id } else { self.arena.normal(id) }
    }
}
