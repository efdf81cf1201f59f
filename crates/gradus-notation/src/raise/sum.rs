//! Sums: equal terms collect, diagonals join, common factors come out, signs and order read well.
//!
//! Must not know networks.

use gradus_tensor::{DimensionId, FunctionRef, Rational};
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// What a common denominator may cost more than a denominator under each term.
const COMMON_DENOMINATOR: u32 = 4;

/// Longer sums keep their transpose mark.
const INNER_TERMS: usize = 8;

impl Formulas {
    /// The sum of terms of one shape.
    pub(crate) fn sum(&mut self, terms: Vec<Term>, shape: Shape) -> Term {
        let number = Self::common_number(&terms);
        let terms = terms.iter().map(|term| divide(term, &number)).collect();
        let terms = self.collect(terms);
        let terms = self.join_calls(terms);
        let terms = self.join_scaled(terms);
        // Common scalars would make every factoring look better than it is.
        let common = Self::common_scalars(&terms);
        let terms: Vec<Term> = terms.iter().map(|term| divide(term, &common)).collect();
        let fractions = self.has_fractions(&terms).then(|| terms.clone());
        let terms = self.factor_out(terms, shape);
        let terms = self.join_indexed_sums(terms, shape);
        let common = Term { coefficient: number.coefficient, ..common };
        let plain = self.of_terms(terms, common.clone(), shape);
        fractions
            .and_then(|terms| self.bring_together(&terms, &common, shape, &plain))
            .unwrap_or(plain)
    }

    /// The sum of collected terms times what was taken out of them.
    fn of_terms(&mut self, mut terms: Vec<Term>, common: Term, shape: Shape) -> Term {
        match terms.len() {
            0 => self.zeros(shape),
            1 => self.multiply(&common, &terms.remove(0)),
            _ => self.finish_sum(terms, common, shape),
        }
    }

    /// Whether some terms have a denominator.
    fn has_fractions(&self, terms: &[Term]) -> bool {
        let below = |powers: &Powers| powers.iter().any(|(_, exponent)| exponent.is_negative());
        terms.iter().any(|term| {
            below(&term.scalars)
                || matches!(term.chain.as_slice(), [factor]
                    if matches!(self.get(factor.formula), Formula::Hadamard(powers) if below(powers)))
        })
    }

    /// Puts inner sums in line, adds up equal terms, and drops zeros.
    fn collect(&mut self, terms: Vec<Term>) -> Vec<Term> {
        let mut flat: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            match self.inner_sum(&term) {
                Some(inner) => flat.extend(inner.iter().map(|inner| Term {
                    coefficient: inner.coefficient.multiply(&term.coefficient),
                    ..inner.clone()
                })),
                None => flat.push(term),
            }
        }
        self.open_twins(&mut flat);
        flat.retain(|term| {
            let zeros = |factor: &Factor| matches!(self.get(factor.formula), Formula::Zeros);
            !term.coefficient.is_zero() && !term.chain.iter().any(zeros)
        });
        let mut places: FxHashMap<(Powers, Chain), usize> = FxHashMap::default();
        let mut collected: Vec<Term> = Vec::with_capacity(flat.len());
        for term in flat {
            let mut scalars = term.scalars.clone();
            scalars.sort_unstable_by_key(|(base, _)| *base);
            let place = *places.entry((scalars, term.chain.clone())).or_insert(collected.len());
            match collected.get_mut(place) {
                Some(other) => other.coefficient = other.coefficient.add(&term.coefficient),
                None => collected.push(term),
            }
        }
        collected.retain(|term| !term.coefficient.is_zero());
        collected
    }

    /// Opens the transpose of a sum where some of its terms meet others: `S - C + (S - C)'`.
    fn open_twins(&mut self, terms: &mut Vec<Term>) {
        for at in (0..terms.len()).rev() {
            let outer = terms[at].clone();
            let ([], [factor]) = (outer.scalars.as_slice(), outer.chain.as_slice()) else {
                continue;
            };
            if !factor.transposed {
                continue;
            }
            let Formula::Sum(inner) = self.get(factor.formula).clone() else { continue };
            if inner.len() > INNER_TERMS {
                continue;
            }
            let flipped: Vec<Term> = inner
                .iter()
                .map(|inner| {
                    let term = self.transposed(inner);
                    Term { coefficient: term.coefficient.multiply(&outer.coefficient), ..term }
                })
                .collect();
            let meets = |flipped: &Term| {
                terms.iter().any(|other| {
                    (&other.scalars, &other.chain) == (&flipped.scalars, &flipped.chain)
                })
            };
            if flipped.iter().any(meets) {
                terms.splice(at..=at, flipped);
            }
        }
    }

    /// The terms of a sum that stands with a sign only.
    fn inner_sum(&self, term: &Term) -> Option<&[Term]> {
        if !term.coefficient.abs().is_one() {
            return None;
        }
        let formula = match (term.scalars.as_slice(), term.chain.as_slice()) {
            ([], [factor]) if !factor.transposed => factor.formula,
            ([(base, exponent)], []) if exponent.is_one() => *base,
            _ => return None,
        };
        match self.get(formula) {
            Formula::Sum(terms) => Some(terms),
            _ => None,
        }
    }

    /// `diag(u) + diag(v) = diag(u + v)`, and so for the other calls that only rearrange entries.
    fn join_calls(&mut self, mut terms: Vec<Term>) -> Vec<Term> {
        let mut at = 0;
        while at < terms.len() {
            let Some((callee, sizes, _)) = self.rearrangement(&terms[at]) else {
                at += 1;
                continue;
            };
            let alike: Vec<usize> = (at..terms.len())
                .filter(|other| {
                    self.rearrangement(&terms[*other])
                        .is_some_and(|(other, own, _)| (other, &own) == (callee, &sizes))
                })
                .collect();
            if alike.len() > 1 {
                let shape = self.term_shape(&terms[at]);
                let mut arguments = Vec::with_capacity(alike.len());
                for other in &alike {
                    if let Some((_, _, argument)) = self.rearrangement(&terms[*other]) {
                        let scale = Term { chain: Chain::new(), ..terms[*other].clone() };
                        arguments.push(self.multiply(&scale, &self.term(argument)));
                    }
                }
                let inner_shape = self.term_shape(&arguments[0]);
                let inner = self.sum(arguments, inner_shape);
                let argument = self.of_chain(&inner.chain);
                let formula = self
                    .intern(Formula::Call { callee, arguments: smallvec![argument], sizes }, shape);
                let chain = smallvec![Factor { formula, transposed: false }];
                for other in alike.iter().skip(1).rev() {
                    terms.remove(*other);
                }
                terms[at] = Term { chain, ..inner };
            }
            at += 1;
        }
        terms
    }

    /// The call of a term that is nothing but its argument's entries in other places.
    fn rearrangement(
        &self,
        term: &Term,
    ) -> Option<(Callee, SmallVec<[DimensionId; 2]>, FormulaId)> {
        let [Factor { formula, transposed: false }] = term.chain.as_slice() else { return None };
        let Formula::Call { callee, arguments, sizes } = self.get(*formula) else { return None };
        let [argument] = arguments.as_slice() else { return None };
        let rearranges = match callee {
            Callee::DiagonalMatrix => true,
            Callee::Function(FunctionRef::Book(id)) => {
                [self.heads.vec, self.heads.unvec].contains(id)
            }
            _ => false,
        };
        rearranges.then(|| (*callee, sizes.clone(), *argument))
    }

    /// Two or more terms as a sum times what was taken out before. It goes back into the terms where
    /// that reads better.
    fn finish_sum(&mut self, mut terms: Vec<Term>, common: Term, shape: Shape) -> Term {
        let mut front = Term::number(Rational::ONE);
        self.order_terms(&mut terms);
        let content = Self::common_number(&terms);
        terms = terms.iter().map(|term| divide(term, &content)).collect();
        let number = Term::number(common.coefficient.multiply(&content.coefficient));
        let scalars = Term { coefficient: Rational::ONE, ..common };
        for common in [scalars, number] {
            if common.is_pure() {
                continue;
            }
            let spread: Vec<Term> = terms.iter().map(|term| self.multiply(&common, term)).collect();
            let gathered = self.measure_parts(&terms) + 2 + self.front_cost(&common);
            let below = !common.scalars.is_empty()
                && common.scalars.iter().all(|(_, exponent)| exponent.is_negative());
            let slack = if below { COMMON_DENOMINATOR } else { 0 };
            // A denominator over fractions.
            let nested = common.coefficient.to_pair().is_some_and(|(_, below)| below != 1)
                && self.has_fractions(&terms);
            let malus = if nested { COMMON_DENOMINATOR } else { 0 };
            if gathered + malus <= self.measure_parts(&spread) + slack {
                front = self.multiply(&front, &common);
            } else {
                terms = spread;
            }
        }
        if terms.iter().all(|term| term.coefficient.is_negative()) {
            front.coefficient = front.coefficient.negate();
            for term in &mut terms {
                term.coefficient = term.coefficient.negate();
            }
        }
        let sum = self.upright_or_flipped(terms, shape);
        self.multiply(&front, &sum)
    }

    /// A sum; of matrices, the transpose of the flipped sum where that has fewer marks.
    fn upright_or_flipped(&mut self, terms: Vec<Term>, shape: Shape) -> Term {
        let is_matrix = !shape.is_scalar() && !shape.is_vector();
        if is_matrix && terms.iter().any(|term| term.chain.iter().any(|factor| factor.transposed)) {
            let mut flipped: Vec<Term> = terms.iter().map(|term| self.transposed(term)).collect();
            self.order_terms(&mut flipped);
            // A mark and its parentheses.
            if self.measure_parts(&flipped) + 4 < self.measure_parts(&terms) {
                let shape = Shape { rows: shape.columns, columns: shape.rows };
                let formula = self.intern(Formula::Sum(flipped), shape);
                return Term::of_chain(smallvec![self.factor(formula, true)]);
            }
        }
        if let Some(negative) = self.known_negative(&terms, shape) {
            let term = self.term(negative);
            return Term { coefficient: term.coefficient.negate(), ..term };
        }
        let formula = self.intern(Formula::Sum(terms), shape);
        self.term(formula)
    }

    /// The negative of a difference, if it was seen before: beside `x[i] - x[j]` stands no
    /// `x[j] - x[i]`. Without indices the network has one of the two already.
    fn known_negative(&self, terms: &[Term], shape: Shape) -> Option<FormulaId> {
        let [first, second] = terms else { return None };
        if self.indices.is_empty() || !second.coefficient.is_negative() {
            return None;
        }
        let negated = |term: &Term| Term { coefficient: term.coefficient.negate(), ..term.clone() };
        self.known(Formula::Sum(vec![negated(second), negated(first)]), shape)
    }

    fn measure_parts(&self, terms: &[Term]) -> u32 {
        self.measure_formula(&Formula::Sum(terms.to_vec()), Shape::SCALAR, &|id| self.measure(id))
            .cost
    }

    /// What a common factor costs before a parenthesis: its text and the operator.
    fn front_cost(&self, common: &Term) -> u32 {
        let parts = |id: FormulaId| self.measure(id);
        let mut cost = 0;
        if let Some((numerator, denominator)) = common.coefficient.to_pair() {
            cost += if numerator == 1 { 0 } else { 2 };
            cost += if denominator == 1 { 0 } else { 2 };
        } else {
            cost += 4;
        }
        for (base, exponent) in &common.scalars {
            let measure = self.measure_scalar_power(*base, &exponent.abs(), &parts);
            cost += measure.within(crate::raise::measure::Level::Product) + 1;
        }
        cost
    }

    /// The scalars that all terms have, with the least exponent.
    fn common_scalars(terms: &[Term]) -> Term {
        let mut common = Powers::new();
        let Some((first, rest)) = terms.split_first() else { return Term::number(Rational::ONE) };
        for (base, exponent) in &first.scalars {
            let mut least = exponent.clone();
            let shared = rest.iter().all(|term| {
                term.scalars.iter().any(|(other, power)| {
                    let same = other == base && power.is_negative() == least.is_negative();
                    if same && power.abs() < least.abs() {
                        least = power.clone();
                    }
                    same
                })
            });
            if shared {
                common.push((*base, least));
            }
        }
        Term { scalars: common, ..Term::number(Rational::ONE) }
    }

    fn common_number(terms: &[Term]) -> Term {
        let content =
            terms.iter().fold(Rational::ZERO, |content, term| content.content(&term.coefficient));
        Term::number(if content.is_zero() { Rational::ONE } else { content })
    }

    /// Of two products of the same factors, `B'*X*C'` and `B*X*C`, the one with fewer marks goes first,
    /// and of two outer products, `b*a'` and `a*b'`, the one in the order of the alphabet.
    fn order_twins(&self, terms: &mut [Term]) {
        let marks = |chain: &Chain| chain.iter().filter(|factor| factor.transposed).count();
        for first in 0..terms.len().min(INNER_TERMS) {
            let later = (first + 1..terms.len().min(INNER_TERMS)).find(|second| {
                let (one, other) = (&terms[first], &terms[*second]);
                let alike = one.coefficient == other.coefficient
                    && one.scalars == other.scalars
                    && one.chain.len() == other.chain.len()
                    && one.chain.len() > 1;
                let same = || {
                    one.chain.iter().zip(&other.chain).all(|(a, b)| a.formula == b.formula)
                        && marks(&other.chain) < marks(&one.chain)
                };
                let mirrored = || {
                    let reversed = one.chain.iter().zip(other.chain.iter().rev());
                    reversed
                        .clone()
                        .all(|(a, b)| a.formula == b.formula && a.transposed != b.transposed)
                        && self.reading_order(&other.chain, &one.chain).is_lt()
                };
                alike && (same() || mirrored())
            });
            if let Some(second) = later {
                terms.swap(first, second);
            }
        }
    }

    /// Products of the same factors in other orders, `X*A*X^2 + A*X^3 + X^2*A*X`, are put in order.
    fn order_words(&self, terms: &mut [Term]) {
        if terms.len() < 3 || terms.len() > INNER_TERMS {
            return;
        }
        let words = crate::raise::factoring::words(terms);
        let same = |at: usize| {
            words[at].len() > 2
                && words[at] == words[0]
                && terms[at].coefficient == terms[0].coefficient
                && terms[at].scalars == terms[0].scalars
        };
        if (0..terms.len()).all(same) {
            terms.sort_by(|one, other| self.reading_order(&one.chain, &other.chain));
        }
    }

    /// Positive terms go first; of a matrix and its transpose, the one without the mark.
    fn order_terms(&self, terms: &mut [Term]) {
        for first in 0..terms.len().min(INNER_TERMS) {
            let [marked] = terms[first].chain.as_slice() else { continue };
            if !marked.transposed {
                continue;
            }
            let twin = (first + 1..terms.len()).find(|second| {
                terms[*second].coefficient == terms[first].coefficient
                    && terms[*second].scalars == terms[first].scalars
                    && matches!(terms[*second].chain.as_slice(), [factor]
                        if factor.formula == marked.formula && !factor.transposed)
            });
            if let Some(second) = twin {
                terms.swap(first, second);
            }
        }
        self.order_twins(terms);
        self.order_words(terms);
        let negative = |term: &Term| term.coefficient.is_negative();
        let first = terms.iter().take_while(|term| negative(term)).count();
        let positive = terms[first..].iter().take_while(|term| !negative(term)).count();
        terms[..first + positive].rotate_left(first);
    }
}

/// A term divided by a number and scalars.
pub(crate) fn divide(term: &Term, common: &Term) -> Term {
    let mut quotient = term.clone();
    if let Some(coefficient) = term.coefficient.divide(&common.coefficient) {
        quotient.coefficient = coefficient;
    }
    for (base, exponent) in &common.scalars {
        Formulas::multiply_power(&mut quotient.scalars, *base, &exponent.negate());
    }
    quotient
}
