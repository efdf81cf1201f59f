//! Factoring of sums: `A*x + B*x = (A + B)*x` and `a.*b + a.*c = a.*(b + c)`, where it reads better.
//!
//! Must not know networks. Greedy: the most rewarding group of terms first.

use gradus_tensor::{Dimensions, Rational};
use smallvec::smallvec;

use crate::raise::formula::{Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// Longer sums are left as they are.
const TERMS: usize = 16;

/// What a partial factoring inside a longer sum must save.
const PARTIAL: i64 = 3;

/// What a factoring must save more where scalars are left that differ: a quotient of scalars reads
/// better in front of a vector than inside a matrix.
const UNEQUAL_SCALARS: i64 = 4;

/// Terms with something in common, and their sum with it taken out.
struct Candidate {
    group: Vec<usize>,
    factored: Term,
    gain: i64,
}

/// A side that Kronecker products at one place of several chains share.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    pub(crate) place: usize,
    pub(crate) shared: FormulaId,
    pub(crate) is_left: bool,
}

/// What decides how much a factoring must save.
#[derive(Clone, Copy)]
struct Demand {
    /// Scalars are left inside that differ.
    unequal: bool,
    /// What is left inside is a matrix and its transpose, such as `A + A'`.
    twins: bool,
}

impl Formulas {
    /// Takes common factors out of groups of terms while that reads better.
    pub(crate) fn factor_out(&mut self, mut terms: Vec<Term>, shape: Shape) -> Vec<Term> {
        while terms.len() > 1 && terms.len() <= TERMS {
            let Some(best) = self.best_group(&terms, shape) else { break };
            let place = best.group[0];
            for at in best.group.iter().skip(1).rev() {
                terms.remove(*at);
            }
            terms[place] = best.factored;
        }
        terms
    }

    fn best_group(&mut self, terms: &[Term], shape: Shape) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        let words = words(terms);
        let mut seen: Vec<(Chain, Chain)> = Vec::new();
        let mut seen_powers: Vec<Powers> = Vec::new();
        for first in 0..terms.len() {
            for second in first + 1..terms.len() {
                let (prefix, suffix) = common_ends(&terms[first].chain, &terms[second].chain);
                let nothing_new = prefix.is_empty() && suffix.is_empty()
                    || seen.contains(&(prefix.clone(), suffix.clone()));
                let chain = if nothing_new {
                    None
                } else {
                    seen.push((prefix.clone(), suffix.clone()));
                    self.without_ends(terms, &prefix, &suffix, shape)
                        .filter(|candidate| !splits_word(&words, &candidate.group))
                };
                let entrywise = match self.common_powers(&terms[first], &terms[second]) {
                    Some(common) if !seen_powers.contains(&common) => {
                        seen_powers.push(common.clone());
                        self.without_powers(terms, &common, shape)
                    }
                    _ => None,
                };
                let kronecker = self.common_side(&terms[first].chain, &terms[second].chain);
                let kronecker = kronecker.and_then(|side| self.without_side(terms, first, side));
                for candidate in [chain, entrywise, kronecker].into_iter().flatten() {
                    if best.as_ref().is_none_or(|best| candidate.gain > best.gain) {
                        best = Some(candidate);
                    }
                }
            }
        }
        best
    }

    /// The terms with Kronecker products that share a side, as `kron(A, …)`; everything beside these
    /// products is the same.
    fn without_side(&mut self, terms: &[Term], first: usize, side: Side) -> Option<Candidate> {
        self.factoring_budget = self.factoring_budget.checked_sub(1)?;
        let pattern = terms[first].chain.clone();
        let mut group = Vec::new();
        let mut rest = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            if let Some(other) = self.other_side(&pattern, &term.chain, side) {
                let scale = Term { chain: Chain::new(), ..term.clone() };
                rest.push(self.multiply(&scale, &self.term(other)));
                group.push(at);
            }
        }
        if group.len() < 2 {
            return None;
        }
        let shape = self.term_shape(&rest[0]);
        if shape.is_scalar() || rest.iter().any(|term| self.term_shape(term) != shape) {
            return None;
        }
        let unequal = scalars_differ(&rest);
        let inner = self.sum(rest, shape);
        let factored = self.with_side(&pattern, &inner, side);
        self.weigh(terms, group, factored, Demand { unequal, twins: false })
    }

    /// Weighs a factored form of a group against the terms as they are.
    fn weigh(
        &self,
        terms: &[Term],
        group: Vec<usize>,
        factored: Term,
        demand: Demand,
    ) -> Option<Candidate> {
        let apart = group.iter().map(|at| i64::from(self.term_cost(&terms[*at]))).sum::<i64>()
            - group.iter().filter(|at| terms[**at].coefficient.is_negative()).count() as i64
            + group.len() as i64
            - 1;
        let mut together = i64::from(self.term_cost(&factored));
        if factored.coefficient.is_negative() {
            together -= 1;
        }
        let gain = apart - together;
        let whole = group.len() == terms.len() || demand.twins;
        let mut wanted = if whole { 0 } else { PARTIAL };
        if demand.unequal {
            wanted += UNEQUAL_SCALARS;
        }
        (gain >= wanted).then_some(Candidate { group, factored, gain })
    }

    /// The terms with a common prefix and suffix, as `prefix*(…)*suffix`.
    fn without_ends(
        &mut self,
        terms: &[Term],
        prefix: &Chain,
        suffix: &Chain,
        shape: Shape,
    ) -> Option<Candidate> {
        self.factoring_budget = self.factoring_budget.checked_sub(1)?;
        let ends = prefix.len() + suffix.len();
        let mut group: Vec<usize> = (0..terms.len())
            .filter(|at| {
                let chain = &terms[*at].chain;
                chain.len() >= ends && chain.starts_with(prefix) && chain.ends_with(suffix)
            })
            .collect();
        let all_consumed = group.iter().all(|at| terms[*at].chain.len() == ends);
        if !all_consumed && (prefix.is_empty() || suffix.is_empty()) {
            // `A*x + x` reads better than `(A + eye)*x`, but `A*(eye + B)*x` better than `A*x + A*B*x`.
            group.retain(|at| terms[*at].chain.len() > ends);
        }
        if group.len() < 2 {
            return None;
        }
        let inner_shape = Shape {
            rows: prefix.last().map_or(shape.rows, |factor| self.factor_shape(*factor).columns),
            columns: suffix.first().map_or(shape.columns, |factor| self.factor_shape(*factor).rows),
        };
        let mut rest: Vec<Term> = Vec::with_capacity(group.len());
        for at in &group {
            let term = &terms[*at];
            let mut chain: Chain = term.chain[prefix.len()..term.chain.len() - suffix.len()].into();
            if chain.is_empty() && !all_consumed {
                let formula = self.intern(Formula::Identity, inner_shape);
                chain.push(Factor { formula, transposed: false });
            }
            rest.push(Term { chain, ..term.clone() });
        }
        let unequal = !all_consumed && scalars_differ(&rest);
        let inner = if all_consumed {
            self.sum(rest, Shape::SCALAR)
        } else if inner_shape.rows == Dimensions::ONE && inner_shape.columns == Dimensions::ONE {
            return None;
        } else if inner_shape.rows == Dimensions::ONE {
            let columns: Vec<Term> = rest.iter().map(|term| self.transposed(term)).collect();
            let flipped = Shape { rows: inner_shape.columns, columns: inner_shape.rows };
            let column = self.sum(columns, flipped);
            self.transposed(&column)
        } else {
            self.sum(rest, inner_shape)
        };
        let twins = matches!(inner.chain.as_slice(), [factor]
            if self.is_symmetric(factor.formula) && matches!(self.get(factor.formula), Formula::Sum(_)));
        let mut factored = Term { chain: prefix.clone(), ..inner.clone() };
        self.append(&mut factored.chain, &inner.chain);
        self.append(&mut factored.chain, suffix);
        self.weigh(terms, group, factored, Demand { unequal, twins })
    }

    /// A term as entrywise powers, if it is one array.
    pub(crate) fn entrywise_powers(&self, term: &Term) -> Option<Powers> {
        let [factor] = term.chain.as_slice() else { return None };
        if factor.transposed {
            return None;
        }
        match self.get(factor.formula) {
            Formula::Hadamard(powers) => Some(powers.clone()),
            Formula::Ones | Formula::Zeros | Formula::Identity => None,
            Formula::Call { callee: crate::raise::formula::Callee::DiagonalMatrix, .. } => None,
            _ => Some(smallvec![(factor.formula, Rational::ONE)]),
        }
    }

    fn common_powers(&self, first: &Term, second: &Term) -> Option<Powers> {
        let (first, second) = (self.entrywise_powers(first)?, self.entrywise_powers(second)?);
        let mut common = Powers::new();
        for (base, exponent) in &first {
            for (other, power) in &second {
                if base == other && exponent.is_negative() == power.is_negative() {
                    let least = if exponent.abs() < power.abs() { exponent } else { power };
                    common.push((*base, least.clone()));
                }
            }
        }
        (!common.is_empty() && first != second).then_some(common)
    }

    /// The terms with common entrywise powers, as `common.*(…)`.
    fn without_powers(
        &mut self,
        terms: &[Term],
        common: &Powers,
        shape: Shape,
    ) -> Option<Candidate> {
        self.factoring_budget = self.factoring_budget.checked_sub(1)?;
        let mut group = Vec::new();
        let mut rest: Vec<Term> = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            let Some(mut powers) = self.entrywise_powers(term) else { continue };
            let contained = common.iter().all(|(base, least)| {
                powers.iter().any(|(other, power)| {
                    other == base
                        && power.is_negative() == least.is_negative()
                        && power.abs() >= least.abs()
                })
            });
            if !contained {
                continue;
            }
            for (base, least) in common {
                Self::multiply_power(&mut powers, *base, &least.negate());
            }
            let remaining = self.hadamard(&powers, shape);
            let scale = Term { chain: Chain::new(), ..term.clone() };
            rest.push(self.multiply(&scale, &remaining));
            group.push(at);
        }
        let only_ones = rest.iter().all(|term| self.is_bare_ones(&term.chain));
        if group.len() < 2 || only_ones {
            return None;
        }
        let unequal = scalars_differ(&rest);
        let inner = self.sum(rest, shape);
        let mut powers = common.clone();
        let pure = self.of_chain(&inner.chain);
        let (coefficient, scalars) = self.multiply_entrywise(&mut powers, pure, &Rational::ONE);
        debug_assert!(coefficient.is_one() && scalars.is_empty());
        let product: Term = self.hadamard(&powers, shape);
        let scale = Term { chain: Chain::new(), ..inner };
        let factored = self.multiply(&scale, &product);
        self.weigh(terms, group, factored, Demand { unequal, twins: false })
    }
}

/// For each term the factors of its chain in any order, marks aside.
pub(crate) fn words(terms: &[Term]) -> Vec<Vec<FormulaId>> {
    let word = |term: &Term| {
        let mut word: Vec<FormulaId> = term.chain.iter().map(|factor| factor.formula).collect();
        word.sort_unstable();
        word
    };
    if terms.len() < 3 { Vec::new() } else { terms.iter().map(word).collect() }
}

/// Whether a group of terms is a part of three or more products of the same factors in other orders,
/// such as `A*X^2 + X*A*X + X^2*A`: with some of them factored, such a sum would be lopsided.
fn splits_word(words: &[Vec<FormulaId>], group: &[usize]) -> bool {
    let Some(word) = group.first().and_then(|at| words.get(*at)) else { return false };
    word.len() > 2
        && group.iter().all(|at| words[*at] == *word)
        && words.iter().filter(|other| *other == word).count() > group.len()
}

/// Whether the scalars that are left after taking out the common ones are not all the same.
fn scalars_differ(terms: &[Term]) -> bool {
    let bases = |term: &Term| -> Vec<(FormulaId, Rational)> {
        let mut scalars = term.scalars.to_vec();
        scalars.sort_by_key(|(base, _)| *base);
        scalars
    };
    terms.split_first().is_some_and(|(first, rest)| {
        let first = bases(first);
        rest.iter().any(|term| bases(term) != first)
    })
}

/// The longest common prefix and, of the remainders, the longest common suffix.
fn common_ends(first: &Chain, second: &Chain) -> (Chain, Chain) {
    let shorter = first.len().min(second.len());
    let prefix = first.iter().zip(second).take_while(|(left, right)| left == right).count();
    let suffix = first
        .iter()
        .rev()
        .zip(second.iter().rev())
        .take(shorter - prefix)
        .take_while(|(left, right)| left == right)
        .count();
    (first[..prefix].into(), first[first.len() - suffix..].into())
}
