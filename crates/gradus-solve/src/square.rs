//! Equations that are quadratic in a matrix: `X X = K` and `X B X = K`.
//!
//! Must not know how the equation came about.

use gradus_functions::book;
use gradus_notation::tree::{Head, NotationId};

use crate::isolate::{Isolation, Progress};
use crate::model::Symmetry;
use crate::rules::Rule;

impl Isolation<'_> {
    /// The principal root; of `X B X = K` with positive definite B the geometric mean of K and the
    /// inverse of B.
    pub(crate) fn by_square(&mut self) -> Progress {
        let atom = self.unknown.atom;
        let mut quadratic = None;
        for product in self.products.clone() {
            if !product.holds(self.builder, &mut self.holds) {
                continue;
            }
            let scalars = product.scalars.iter().any(|(id, _)| self.holds.of(self.builder, *id));
            if quadratic.is_some() || scalars || !product.over.is_empty() {
                return Progress::No;
            }
            quadratic = Some(product);
        }
        let Some(product) = quadratic else { return Progress::No };
        let middle = match product.chain.as_slice() {
            [first, last] if *first == atom && *last == atom => None,
            [first, middle, last] if *first == atom && *last == atom && !self.has(*middle) => {
                Some(*middle)
            }
            _ => return Progress::No,
        };
        self.show();
        let (_, right) = self.sides();
        let scale = product.scale(self.builder);
        let known = self.builder.fraction(right, scale);
        let value = match middle {
            None => self.root(known),
            Some(middle) if self.unknown.symmetry == Symmetry::Symmetric => {
                if !self.facts.is_definite(self.builder, middle) {
                    return Progress::No;
                }
                let half = self.root(middle);
                let back = self.builder.inverse(half);
                let inside = self.builder.product(&[half, known, half]);
                let inside = self.root(inside);
                self.builder.product(&[back, inside, back])
            }
            Some(_) => return Progress::No,
        };
        self.rules.push(Rule::Root);
        self.line(atom, value);
        Progress::Found(vec![value])
    }

    fn root(&mut self, id: NotationId) -> NotationId {
        let shape = self.builder.shape(id);
        match book().lookup("sqrtm") {
            Some(root) => self.builder.call(Head::Book(root), &[id], shape),
            None => id,
        }
    }
}
