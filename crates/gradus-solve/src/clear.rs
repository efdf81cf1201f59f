//! Denominators and inverses that hold the unknown are multiplied out, and outer functions inverted.
//!
//! Must not know how what remains is solved.

use gradus_functions::book;
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind};
use gradus_tensor::Rational;

use crate::expand::power;
use crate::facts::{inverted, number};
use crate::isolate::{Isolation, Progress};
use crate::model::Condition;
use crate::rules::Rule;

/// Functions whose inverse function has a name.
const INVERSE_FUNCTIONS: [(&str, &str); 13] = [
    ("exp", "log"),
    ("log", "exp"),
    ("log1p", "expm1"),
    ("expm1", "log1p"),
    ("sinh", "asinh"),
    ("asinh", "sinh"),
    ("tanh", "atanh"),
    ("atanh", "tanh"),
    ("atan", "tan"),
    ("asin", "sin"),
    ("acos", "cos"),
    ("expm", "logm"),
    ("logm", "expm"),
];

impl Isolation<'_> {
    /// Multiplies by a scalar that holds the unknown and stands in a denominator.
    pub(crate) fn by_denominators(&mut self) -> Progress {
        let mut worst: Option<(NotationId, Rational)> = None;
        for product in self.products.clone() {
            for (base, exponent) in &product.scalars {
                if exponent.is_negative() && self.has(*base) {
                    match &worst {
                        Some((known, least)) if known == base => {
                            if exponent.subtract(least).is_negative() {
                                worst = Some((*base, exponent.clone()));
                            }
                        }
                        Some(_) => {}
                        None => worst = Some((*base, exponent.clone())),
                    }
                }
            }
        }
        let Some((base, exponent)) = worst else { return Progress::No };
        let by = power(self.builder, base, &exponent.abs());
        for product in &mut self.products {
            product.push_power(self.builder, base, &exponent.abs());
        }
        let one = self.builder.integer(1);
        if !self.multiply(one, true) {
            return Progress::No;
        }
        self.rules.push(Rule::MultiplyByScalar(by));
        Progress::On
    }

    /// Multiplies from a side on which the inverse of a matrix with the unknown stands.
    pub(crate) fn by_inverses(&mut self) -> Progress {
        for left in [true, false] {
            for at in 0..self.products.len() {
                let product = &self.products[at];
                let end = if left { product.chain.first() } else { product.chain.last() };
                let Some(end) = end.copied() else { continue };
                let matrix = match self.builder.node(end) {
                    Notation::Transpose(inner) => {
                        inverted(self.builder, *inner).map(|matrix| self.builder.transpose(matrix))
                    }
                    _ => inverted(self.builder, end),
                };
                let Some(matrix) = matrix.filter(|matrix| self.has(*matrix)) else { continue };
                let products = std::mem::take(&mut self.products);
                let mut terms = Vec::with_capacity(products.len());
                for mut product in products {
                    let own =
                        if left { product.chain.first() } else { product.chain.last() }.copied();
                    if own == Some(end) && left {
                        product.chain.remove(0);
                    } else if own == Some(end) {
                        product.chain.pop();
                    } else {
                        let place = if left { 0 } else { product.chain.len() };
                        product.chain.insert(place, matrix);
                    }
                    if product.chain.is_empty() {
                        let shape = self.builder.shape(matrix);
                        product.chain.push(self.builder.identity(shape));
                    }
                    terms.push((false, product.write(self.builder, &self.facts.known)));
                }
                let residual = self.builder.sum(&terms);
                let known = &self.facts.known;
                let expanded =
                    crate::expand::expand(self.builder, &mut self.holds, known, residual);
                let Ok(products) = expanded else { return Progress::No };
                self.products = products;
                self.rules.push(match left {
                    true => Rule::MultiplyLeft(matrix),
                    false => Rule::MultiplyRight(matrix),
                });
                return Progress::On;
            }
        }
        Progress::No
    }

    /// `f(V) = K` as `V = g(K)`.
    pub(crate) fn peel(
        &mut self,
        part: NotationId,
        value: NotationId,
    ) -> Option<(NotationId, NotationId, Rule)> {
        if let Some(matrix) = inverted(self.builder, part) {
            self.must_invert(value);
            let inverse = self.inverse_of(value);
            return Some((matrix, inverse, Rule::InvertBoth));
        }
        let shape = self.builder.shape(part);
        match self.builder.node(part).clone() {
            Notation::Power { base, exponent, kind } => {
                let exponent = number(self.builder, exponent)?;
                if kind == PowerKind::Matrix {
                    if exponent != Rational::integer(2) {
                        return None;
                    }
                    let root = book().lookup("sqrtm")?;
                    let value = self.builder.call(Head::Book(root), &[value], shape);
                    return Some((base, value, Rule::Root));
                }
                let inverse = exponent.reciprocal()?;
                let odd = exponent.is_integer()
                    && exponent.to_i64().is_some_and(|exponent| exponent % 2 != 0);
                if !odd && !self.facts.has_positive_entries(self.builder, value) {
                    self.condition(Condition::Positive(value));
                }
                let number = self.builder.number(inverse);
                Some((base, self.builder.power(value, number, kind), Rule::Root))
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if arguments.len() == 1 =>
            {
                let name = book().get(function).name;
                let argument = arguments[0];
                let rule = Rule::InverseFunction(name.to_owned());
                if name == "sqrt" || name == "sqrtm" {
                    let kind =
                        if name == "sqrt" { PowerKind::Elementwise } else { PowerKind::Matrix };
                    let two = self.builder.integer(2);
                    return Some((argument, self.builder.power(value, two, kind), rule));
                }
                if name == "sigmoid" {
                    let one = self.builder.integer(1);
                    let rest = self.builder.sum(&[(false, one), (true, value)]);
                    let odds = self.builder.quotient(value, rest);
                    let log = book().lookup("log")?;
                    return Some((
                        argument,
                        self.builder.call(Head::Book(log), &[odds], shape),
                        rule,
                    ));
                }
                let (_, other) = INVERSE_FUNCTIONS.iter().find(|(own, _)| *own == name)?;
                let other = book().lookup(other)?;
                if matches!(name, "exp") && !self.facts.has_positive_entries(self.builder, value) {
                    self.condition(Condition::Positive(value));
                }
                Some((argument, self.builder.call(Head::Book(other), &[value], shape), rule))
            }
            _ => None,
        }
    }

    /// The inverse; of a product of square matrices the product of the inverses in reverse.
    pub(crate) fn inverse_of(&mut self, id: NotationId) -> NotationId {
        if let Some(inner) = inverted(self.builder, id) {
            return inner;
        }
        let mut product = crate::expand::Product::of(self.builder, id);
        let square = |id: &NotationId| {
            let shape = self.builder.shape(*id);
            shape.rows == shape.columns
        };
        if product.chain.is_empty() || !product.chain.iter().all(square) {
            return self.builder.inverse(id);
        }
        let scale = product.scale(self.builder);
        let one = self.builder.integer(1);
        let mut factors = vec![self.builder.fraction(one, scale)];
        product.chain.reverse();
        for factor in product.chain {
            let inverse = match inverted(self.builder, factor) {
                Some(inner) => inner,
                None if matches!(self.builder.node(factor), Notation::Identity) => factor,
                None => self.builder.inverse(factor),
            };
            factors.push(inverse);
        }
        self.builder.product(&factors)
    }
}
