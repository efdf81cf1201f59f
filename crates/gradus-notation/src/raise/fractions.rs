//! Sums of fractions over one denominator: `(1 - a/(a + b))/(a + b)` is `b/(a + b)^2`, where that
//! reads better.
//!
//! Must not know networks. Scalars and entrywise products have the same two moves: a sum is put over
//! the denominators of its terms, and a power of a sum gives up the denominators inside it.

use gradus_tensor::Rational;

use crate::raise::formula::{Chain, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// Sums with more terms than this stay as they are.
const TERMS: usize = 6;

/// Sums inside a numerator are multiplied out up to this many terms.
const EXPANDED: usize = 24;

/// Denominators are multiplied with up to this power.
const MOST_POWER: i64 = 4;

/// A product of a number and powers of scalars or, entry by entry, of arrays.
#[derive(Clone, Debug)]
struct Part {
    /// The number, with scalars beside arrays, without a chain.
    scale: Term,
    powers: Powers,
}

impl Formulas {
    /// `common` times the sum of the terms over their common denominator, if that reads at least as
    /// well as `plain`, which is the same without.
    pub(crate) fn bring_together(
        &mut self,
        terms: &[Term],
        common: &Term,
        shape: Shape,
        plain: &Term,
    ) -> Option<Term> {
        if terms.len() < 2 || terms.len() > TERMS {
            return None;
        }
        let entrywise = !shape.is_scalar();
        let parts: Vec<Part> =
            terms.iter().map(|term| self.part(term, entrywise)).collect::<Option<_>>()?;
        let denominators = denominators(&parts)?;
        self.factoring_budget = self.factoring_budget.checked_sub(1)?;
        let mut numerators = parts;
        for part in &mut numerators {
            for (base, exponent) in &denominators {
                Self::multiply_power(&mut part.powers, *base, exponent);
            }
        }
        let limit = self.term_cost(plain);
        let expanded = self.multiplied_out(numerators.clone());
        let mut best: Option<(u32, Term)> = None;
        for numerators in [Some(numerators), expanded].into_iter().flatten() {
            let count = numerators.len();
            let terms: Vec<Term> =
                numerators.into_iter().map(|part| self.of_part(part, shape)).collect();
            let numerator = self.sum(terms, shape);
            let whole = self.divided(&numerator, &denominators, shape);
            let whole = self.multiply(common, &whole);
            let cost = self.term_cost(&whole);
            // Two fractions side by side read better than one with a long numerator.
            let wanted = if entrywise || count > 2 { limit.saturating_sub(1) } else { limit };
            if cost <= wanted && best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, whole));
            }
        }
        best.map(|(_, whole)| whole)
    }

    /// A term as powers of scalars, or entry by entry.
    fn part(&self, term: &Term, entrywise: bool) -> Option<Part> {
        if !entrywise {
            let scale = Term::number(term.coefficient.clone());
            return term.chain.is_empty().then(|| Part { scale, powers: term.scalars.clone() });
        }
        let powers = if self.is_bare_ones(&term.chain) {
            Powers::new()
        } else {
            self.entrywise_powers(term)?
        };
        Some(Part { scale: Term { chain: Chain::new(), ..term.clone() }, powers })
    }

    fn of_part(&mut self, mut part: Part, shape: Shape) -> Term {
        if shape.is_scalar() {
            return Term { scalars: part.powers, ..part.scale };
        }
        // Equal products are to be equal formulas.
        part.powers.sort_unstable_by_key(|(base, _)| *base);
        let powers = self.hadamard(&part.powers, shape);
        self.multiply(&part.scale, &powers)
    }

    /// A sum over denominators; they join those that it has itself.
    fn divided(&mut self, numerator: &Term, denominators: &Powers, shape: Shape) -> Term {
        if shape.is_scalar() {
            let mut whole = numerator.clone();
            for (base, exponent) in denominators {
                Self::multiply_power(&mut whole.scalars, *base, &exponent.negate());
            }
            return whole;
        }
        let mut powers = Powers::new();
        let pure = self.of_chain(&numerator.chain);
        let (coefficient, scalars) = self.multiply_entrywise(&mut powers, pure, &Rational::ONE);
        for (base, exponent) in denominators {
            Self::multiply_power(&mut powers, *base, &exponent.negate());
        }
        let mut scale = Term { chain: Chain::new(), ..numerator.clone() };
        scale.coefficient = scale.coefficient.multiply(&coefficient);
        for (base, exponent) in &scalars {
            Self::multiply_power(&mut scale.scalars, *base, exponent);
        }
        let product = self.hadamard(&powers, shape);
        self.multiply(&scale, &product)
    }

    /// Products multiplied out over the sums among their factors; `None` if there are none, or if that
    /// is too long.
    fn multiplied_out(&self, parts: Vec<Part>) -> Option<Vec<Part>> {
        let mut pending = parts;
        pending.reverse();
        let mut expanded: Vec<Part> = Vec::new();
        let mut found = false;
        while let Some(part) = pending.pop() {
            if expanded.len() + pending.len() > EXPANDED {
                return None;
            }
            let sum = part.powers.iter().find_map(|(base, exponent)| {
                let whole = exponent.is_integer() && !exponent.is_negative();
                match self.get(*base) {
                    Formula::Sum(terms) if whole && terms.len() <= TERMS => Some((*base, terms)),
                    _ => None,
                }
            });
            let Some((base, terms)) = sum else {
                // Exponentials that could be one would stand side by side.
                let exponential = |(base, _): &&(FormulaId, Rational)| {
                    self.argument_of(*base, self.heads.exponential).is_some()
                };
                if part.powers.iter().filter(exponential).count() > 1 {
                    return None;
                }
                expanded.push(part);
                continue;
            };
            found = true;
            let entrywise = !self.shape(base).is_scalar();
            for term in terms.iter().rev() {
                let inner = self.part(term, entrywise)?;
                let mut product = part.clone();
                Self::multiply_power(&mut product.powers, base, &Rational::MINUS_ONE);
                for (factor, exponent) in &inner.powers {
                    Self::multiply_power(&mut product.powers, *factor, exponent);
                }
                product.scale = self.multiply(&product.scale, &inner.scale);
                pending.push(product);
            }
        }
        found.then_some(expanded)
    }

    /// A scalar product in which powers of sums have given up the denominators inside them, as in
    /// `1/(b*(1 + a^2/b^2)) = b/(a^2 + b^2)`, if that reads better.
    pub(crate) fn without_inner_fractions(&mut self, term: Term) -> Term {
        for at in 0..term.scalars.len() {
            let (base, exponent) = term.scalars[at].clone();
            let Some((numerator, denominators)) = self.as_fraction(base) else { continue };
            let Some(power) = exponent.to_i64() else { continue };
            let Some(coefficient) = numerator.coefficient.power(power) else { continue };
            let mut cleared = term.clone();
            cleared.scalars.remove(at);
            cleared.coefficient = cleared.coefficient.multiply(&coefficient);
            for (inner, own) in &numerator.scalars {
                Self::multiply_power(&mut cleared.scalars, *inner, &own.multiply(&exponent));
            }
            for (inner, own) in &denominators {
                let power = own.multiply(&exponent).negate();
                Self::multiply_power(&mut cleared.scalars, *inner, &power);
            }
            if self.term_cost(&cleared) < self.term_cost(&term) {
                return cleared;
            }
        }
        term
    }

    /// A scalar sum with denominators inside, as its numerator and the denominators.
    fn as_fraction(&mut self, base: FormulaId) -> Option<(Term, Powers)> {
        let Formula::Sum(terms) = self.get(base) else { return None };
        if !self.shape(base).is_scalar() || terms.len() > TERMS {
            return None;
        }
        let terms = terms.clone();
        let mut parts: Vec<Part> =
            terms.iter().map(|term| self.part(term, false)).collect::<Option<_>>()?;
        let denominators = denominators(&parts)?;
        self.factoring_budget = self.factoring_budget.checked_sub(1)?;
        for part in &mut parts {
            for (base, exponent) in &denominators {
                Self::multiply_power(&mut part.powers, *base, exponent);
            }
        }
        let terms = parts.into_iter().map(|part| self.of_part(part, Shape::SCALAR)).collect();
        Some((self.sum(terms, Shape::SCALAR), denominators))
    }
}

/// The greatest powers below the bars of all parts; `None` if there are none, or none that are whole.
fn denominators(parts: &[Part]) -> Option<Powers> {
    let mut common = Powers::new();
    for (base, exponent) in parts.iter().flat_map(|part| &part.powers) {
        if !exponent.is_negative() {
            continue;
        }
        let size = exponent.abs();
        if !size.is_integer() || size > Rational::integer(MOST_POWER) {
            return None;
        }
        match common.iter_mut().find(|(other, _)| other == base) {
            Some((_, greatest)) if *greatest < size => *greatest = size,
            Some(_) => {}
            None => common.push((*base, size)),
        }
    }
    (!common.is_empty()).then_some(common)
}
