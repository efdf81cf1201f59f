//! Sums: like terms are collected.
//!
//! Must not know what the terms are.

use std::collections::BTreeMap;

use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::arena::Arena;
use super::node::{ExprId, Node, Rational, Term};

impl Arena {
    /// The sum.
    pub fn add(&mut self, items: &[ExprId]) -> ExprId {
        let one = Rational::one();
        let weighted: Vec<(Rational, ExprId)> =
            items.iter().map(|item| (one.clone(), *item)).collect();
        self.combine(&weighted)
    }

    /// `a - b`
    pub fn subtract(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.combine(&[(Rational::one(), a), (-Rational::one(), b)])
    }

    /// `-a`
    pub fn negate(&mut self, a: ExprId) -> ExprId {
        self.scale(&-Rational::one(), a)
    }

    /// A number times an expression. A sum is multiplied term by term.
    pub fn scale(&mut self, coefficient: &Rational, item: ExprId) -> ExprId {
        self.combine(&[(coefficient.clone(), item)])
    }

    /// The sum of numbers times expressions.
    pub fn combine(&mut self, items: &[(Rational, ExprId)]) -> ExprId {
        let mut collected: BTreeMap<ExprId, Rational> = BTreeMap::new();
        self.spend(1);
        for (coefficient, item) in items {
            if *item == Self::UNDEFINED {
                return Self::UNDEFINED;
            }
            if coefficient.is_zero() {
                continue;
            }
            let mut put = |base: ExprId, by: Rational| {
                let place = collected.entry(base).or_insert_with(Rational::zero);
                *place += by;
            };
            match self.node(*item) {
                Node::Number(number) => put(Self::ONE, coefficient * number),
                Node::Sum(terms) => {
                    for term in terms {
                        put(term.base, coefficient * &term.coefficient);
                    }
                }
                _ => put(*item, coefficient.clone()),
            }
        }
        collected.retain(|_, coefficient| !coefficient.is_zero());
        self.spend(collected.len() as u64 / 4);
        let terms: Vec<Term> =
            collected.into_iter().map(|(base, coefficient)| Term { coefficient, base }).collect();
        self.finish_sum(terms)
    }

    fn finish_sum(&mut self, mut terms: Vec<Term>) -> ExprId {
        match terms.as_slice() {
            [] => return Self::ZERO,
            [only] if only.base == Self::ONE => {
                let number = only.coefficient.clone();
                return self.number(number);
            }
            [only] if only.coefficient.is_one() => return only.base,
            _ => {}
        }
        terms.sort_by_key(|term| term.base);
        self.intern(Node::Sum(terms))
    }

    /// The terms: of a sum its own, else the expression alone.
    #[must_use]
    pub fn terms(&self, id: ExprId) -> Vec<Term> {
        match self.node(id) {
            Node::Sum(terms) => terms.clone(),
            Node::Number(number) if number.is_zero() => Vec::new(),
            Node::Number(number) => vec![Term { coefficient: number.clone(), base: Self::ONE }],
            _ => vec![Term { coefficient: Rational::one(), base: id }],
        }
    }

    /// The number that can be drawn out of all terms, and what remains: coprime integer coefficients,
    /// the last one positive.
    pub fn content(&mut self, id: ExprId) -> (Rational, ExprId) {
        let content = match self.node(id) {
            Node::Number(number) if !number.is_zero() => return (number.clone(), Self::ONE),
            Node::Sum(terms) => content_of(terms),
            _ => return (Rational::one(), id),
        };
        let rest = self.scale(&content.recip(), id);
        (content, rest)
    }
}

fn content_of(terms: &[Term]) -> Rational {
    let mut numerator = num_bigint::BigInt::zero();
    let mut denominator = num_bigint::BigInt::one();
    for term in terms {
        numerator = numerator.gcd(term.coefficient.numer());
        denominator = denominator.lcm(term.coefficient.denom());
    }
    let is_negative = terms.last().is_some_and(|term| term.coefficient.is_negative());
    let content = Rational::new(numerator, denominator);
    if is_negative { -content } else { content }
}
