//! Sums over indices: what does not depend on the index stands outside, and sums over the same index
//! are joined where that is shorter.
//!
//! Must not know networks.

use gradus_tensor::{Dimensions, Rational};
use smallvec::smallvec;

use crate::raise::formula::{
    Chain, Factor, Formula, FormulaId, Formulas, IndexId, Indices, Powers, Term,
};
use crate::tree::Shape;

/// Longer sums are not searched for sums over the same index.
const JOINED_TERMS: usize = 16;

impl Formulas {
    /// A term summed over indices, each sum as narrow as it can be.
    pub(crate) fn sum_over_all(&mut self, mut term: Term, closed: &[IndexId]) -> Term {
        let mut left: Indices = closed.into();
        while !left.is_empty() {
            // The narrowest first, of equals the last: it is the inner one.
            let mut narrowest = 0;
            let mut least = usize::MAX;
            for (at, index) in left.iter().enumerate() {
                let width = self.width(&term, *index);
                if width <= least {
                    (narrowest, least) = (at, width);
                }
            }
            let index = left.remove(narrowest);
            term = self.sum_over(term, index);
        }
        term
    }

    fn has_index(&self, id: FormulaId, index: IndexId) -> bool {
        self.free(id) & index.set() != 0
    }

    /// The first and the last factor with an index.
    fn span(&self, chain: &[Factor], index: IndexId) -> Option<(usize, usize)> {
        let has = |factor: &Factor| self.has_index(factor.formula, index);
        Some((chain.iter().position(has)?, chain.iter().rposition(has)?))
    }

    fn width(&self, term: &Term, index: IndexId) -> usize {
        let scalars = term.scalars.iter().filter(|(base, _)| self.has_index(*base, index)).count();
        let chain = self.span(&term.chain, index).map_or(0, |(first, last)| last + 1 - first);
        scalars + chain
    }

    /// `sum[i](term)` with everything that does not depend on the index outside.
    fn sum_over(&mut self, term: Term, index: IndexId) -> Term {
        let (inner, outer): (Powers, Powers) =
            term.scalars.iter().cloned().partition(|(base, _)| self.has_index(*base, index));
        let mut outside = Term { scalars: outer, chain: Chain::new(), ..term };
        let span = self.span(&term.chain, index);
        if inner.is_empty() && span.is_none() {
            let range = self.indices[usize::from(index.0)].1;
            let size = self.size(range);
            outside.chain = term.chain;
            return self.multiply(&size, &outside);
        }
        let (before, segment, after): (Chain, Chain, Chain) = match span {
            Some((first, last)) => (
                term.chain[..first].into(),
                term.chain[first..=last].into(),
                term.chain[last + 1..].into(),
            ),
            None => (term.chain.clone(), Chain::new(), Chain::new()),
        };
        let mut body = Term { scalars: inner, chain: segment, coefficient: Rational::ONE };
        let factor = self.entrywise_outside(&mut body, index);
        if body.chain.is_empty() || self.term_shape(&body).is_scalar() {
            let body = self.settle(body);
            let total = self.indexed_sum(&body, index);
            Self::multiply_power(&mut outside.scalars, total, &Rational::ONE);
            outside.chain = before;
            self.append(&mut outside.chain, &after);
            return outside;
        }
        let shape = self.term_shape(&body);
        let is_row = shape.rows == Dimensions::ONE;
        if is_row {
            body.chain = self.flip_chain(&body.chain);
        }
        let mut total = self.indexed_sum(&body, index);
        if let Some(mut powers) = factor {
            let shape = self.shape(total);
            Self::multiply_power(&mut powers, total, &Rational::ONE);
            let product = self.hadamard(&powers, shape);
            total = self.of_chain(&product.chain);
        }
        let total = self.factor(total, is_row);
        outside.chain = before;
        self.append(&mut outside.chain, &smallvec_chain(total));
        self.append(&mut outside.chain, &after);
        outside
    }

    /// Takes entrywise factors without the index out of a body that is one entrywise product.
    fn entrywise_outside(&mut self, body: &mut Term, index: IndexId) -> Option<Powers> {
        let [Factor { formula, transposed: false }] = body.chain.as_slice() else { return None };
        let Formula::Hadamard(powers) = self.get(*formula).clone() else { return None };
        let shape = self.shape(*formula);
        let (inside, outside): (Powers, Powers) =
            powers.into_iter().partition(|(base, _)| self.has_index(*base, index));
        if outside.is_empty() || inside.is_empty() {
            return None;
        }
        body.chain = self.hadamard(&inside, shape).chain;
        Some(outside)
    }

    /// `sum[i](body)`; a sum directly inside is one with it.
    fn indexed_sum(&mut self, body: &Term, index: IndexId) -> FormulaId {
        let shape = self.term_shape(body);
        let body = self.of_term(body);
        let (mut indices, body) = match self.get(body) {
            Formula::IndexedSum { indices, body } => (indices.clone(), *body),
            _ => (Indices::new(), body),
        };
        indices.push(index);
        indices.sort_unstable();
        self.intern(Formula::IndexedSum { indices, body }, shape)
    }

    /// `sum[i](a) + sum[i](b)` as `sum[i](a + b)`, and `N*c + sum[i](a)` as `sum[i](c + a)`, where that
    /// is shorter.
    pub(crate) fn join_indexed_sums(&mut self, mut terms: Vec<Term>, shape: Shape) -> Vec<Term> {
        if !self.has_indexed_sums || terms.len() > JOINED_TERMS {
            return terms;
        }
        let mut at = 0;
        while at < terms.len() && terms.len() > 1 {
            if let Some((joined, group)) = self.joined(&terms, at, shape) {
                for other in group.iter().skip(1).rev() {
                    terms.remove(*other);
                }
                terms[group[0]] = joined;
            }
            at += 1;
        }
        terms
    }

    /// The sum at a place with all terms that can stand under it, if that is shorter, and their places.
    fn joined(&mut self, terms: &[Term], at: usize, shape: Shape) -> Option<(Term, Vec<usize>)> {
        let (indices, _, scale) = self.as_indexed_sum(&terms[at])?;
        let mut group = Vec::new();
        let mut bodies = Vec::new();
        for (place, term) in terms.iter().enumerate() {
            let body = match self.as_indexed_sum(term) {
                Some((other, body, own)) if other == indices && own.scalars == scale.scalars => {
                    let factor = Term::number(own.coefficient);
                    let body = self.term(body);
                    self.multiply(&factor, &body)
                }
                Some(_) => continue,
                // Of scalars, `N*logdet(S)` stays apart, as it is written.
                None => match self.without_size(term, &indices) {
                    Some(body) if scale.scalars.is_empty() && !shape.is_scalar() => body,
                    _ => continue,
                },
            };
            group.push(place);
            bodies.push(body);
        }
        if group.len() < 2 {
            return None;
        }
        let common = Term { coefficient: Rational::ONE, ..scale };
        let inner = self.sum(bodies, shape);
        let summed = self.sum_over_all(inner, &indices);
        let joined = self.multiply(&common, &summed);
        let apart: u32 = group
            .iter()
            .map(|place| {
                let negative = terms[*place].coefficient.is_negative();
                self.term_cost(&terms[*place]) + 1 - u32::from(negative)
            })
            .sum();
        (self.term_cost(&joined) < apart).then_some((joined, group))
    }

    /// The indices and the body of a term that is one sum over indices, and its number and scalars.
    fn as_indexed_sum(&self, term: &Term) -> Option<(Indices, FormulaId, Term)> {
        let sum_of = |id: FormulaId| match self.get(id) {
            Formula::IndexedSum { indices, body } => Some((indices.clone(), *body)),
            _ => None,
        };
        let mut scale = Term { chain: Chain::new(), ..term.clone() };
        match term.chain.as_slice() {
            [Factor { formula, transposed: false }] => {
                let (indices, body) = sum_of(*formula)?;
                Some((indices, body, scale))
            }
            [] => {
                let found = term.scalars.iter().enumerate().find_map(|(at, (base, exponent))| {
                    exponent.is_one().then(|| sum_of(*base)).flatten().map(|found| (at, found))
                });
                let (at, (indices, body)) = found?;
                scale.scalars.remove(at);
                Some((indices, body, scale))
            }
            _ => None,
        }
    }

    /// A term without the size of the one index as a factor.
    fn without_size(&self, term: &Term, indices: &[IndexId]) -> Option<Term> {
        let [index] = indices else { return None };
        let range = self.indices[usize::from(index.0)].1;
        let at = term.scalars.iter().position(|(base, exponent)| {
            exponent.is_one()
                && matches!(self.get(*base), Formula::Dimension(size) if *size == range)
        })?;
        let mut body = term.clone();
        body.scalars.remove(at);
        Some(body)
    }
}

fn smallvec_chain(factor: Factor) -> Chain {
    smallvec![factor]
}
