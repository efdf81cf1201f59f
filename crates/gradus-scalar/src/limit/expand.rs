//! The series of an expression in its most rapidly varying subexpression.
//!
//! Must not know how that was chosen.

use num_traits::One;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::expression::{Arena, ExprId, Factor, Function, Node, Rational, Sign};

use super::germ::{Germ, Stop};
use super::series::Series;
use super::{Limit, NoLimit};

/// One expansion: the logarithm of the scale, the exponentials that vary like it, the number of terms, and the series found so far.
struct Expansion {
    scale: ExprId,
    powers: FxHashMap<ExprId, Option<(ExprId, ExprId)>>,
    terms: usize,
    series: FxHashMap<ExprId, Series>,
    touched: FxHashSet<ExprId>,
}

/// What a node is a function of.
enum Plan {
    Known(Series),
    Needs(Vec<ExprId>),
}

impl Germ {
    /// The series of an expression.
    pub(super) fn series(
        &mut self,
        id: ExprId,
        scale: ExprId,
        terms: usize,
    ) -> Result<Series, Stop> {
        let mut expansion = Expansion {
            scale,
            powers: FxHashMap::default(),
            terms,
            series: FxHashMap::default(),
            touched: FxHashSet::default(),
        };
        let mut open = vec![id];
        let mut steps = 0;
        while let Some(at) = open.last().copied() {
            steps += 1;
            self.arena.spend(1);
            if steps > 50_000 || self.arena.is_exhausted() {
                return Err(Stop::No(NoLimit::Exhausted));
            }
            if expansion.series.contains_key(&at) {
                open.pop();
                continue;
            }
            if !self.is_touched(&mut expansion, at)? {
                expansion.series.insert(at, Series::constant(at));
                open.pop();
                continue;
            }
            match self.expand_node(&expansion, at)? {
                Plan::Known(series) => {
                    expansion.series.insert(at, series);
                    open.pop();
                }
                Plan::Needs(needs) => open.extend(needs),
            }
        }
        expansion.series.remove(&id).ok_or(Stop::No(NoLimit::Undecided))
    }

    /// Whether a most rapidly varying subexpression stands in an expression.
    fn is_touched(&mut self, expansion: &mut Expansion, id: ExprId) -> Result<bool, NoLimit> {
        if expansion.touched.contains(&id) {
            return Ok(true);
        }
        let mut found = false;
        for at in self.arena.reachable(id) {
            let mut is_touched = self.rapid_power(expansion, at)?.is_some();
            self.arena.children(at, |child| is_touched |= expansion.touched.contains(&child));
            if is_touched {
                expansion.touched.insert(at);
                found |= at == id;
            }
        }
        Ok(found)
    }

    /// For an exponential that varies like the scale its argument and its power of the scale.
    /// Rewriting makes exponentials that were not in the expression at first: all are asked here.
    fn rapid_power(
        &mut self,
        expansion: &mut Expansion,
        id: ExprId,
    ) -> Result<Option<(ExprId, ExprId)>, NoLimit> {
        if let Some(known) = expansion.powers.get(&id) {
            return Ok(*known);
        }
        let Node::Apply(Function::Exp, argument) = *self.arena.node(id) else { return Ok(None) };
        if !self.arena.depends(argument) {
            return Ok(None);
        }
        let ratio = self.arena.divide(argument, expansion.scale);
        let power = match self.limit(ratio)? {
            Limit::Finite(value) if self.arena.is_zero(value).is_zero() => None,
            Limit::Finite(value) => Some((argument, value)),
            _ => return Err(NoLimit::Undecided),
        };
        expansion.powers.insert(id, power);
        Ok(power)
    }

    fn expand_node(&mut self, expansion: &Expansion, id: ExprId) -> Result<Plan, Stop> {
        match self.arena.node(id).clone() {
            Node::Sum(terms) => {
                let bases: Vec<ExprId> = terms.iter().map(|term| term.base).collect();
                if let Some(needs) = missing(expansion, &bases) {
                    return Ok(Plan::Needs(needs));
                }
                let items: Vec<(Rational, Series)> = terms
                    .into_iter()
                    .filter_map(|term| {
                        let series = expansion.series.get(&term.base)?;
                        Some((term.coefficient, series.clone()))
                    })
                    .collect();
                Ok(Plan::Known(self.add_series(&items)?))
            }
            Node::Product(factors) => self.expand_product(expansion, &factors),
            Node::Apply(Function::Exp, argument) => {
                match expansion.powers.get(&id).copied().flatten() {
                    Some(power) => self.expand_rapid(expansion, power),
                    None => {
                        if let Some(needs) = missing(expansion, &[argument]) {
                            return Ok(Plan::Needs(needs));
                        }
                        let inner = expansion.series[&argument].clone();
                        Ok(Plan::Known(self.exponential_series(&inner, expansion.terms)?))
                    }
                }
            }
            Node::Apply(function, argument) => {
                if let Some(needs) = missing(expansion, &[argument]) {
                    return Ok(Plan::Needs(needs));
                }
                let inner = expansion.series[&argument].clone();
                let logarithm = expansion.scale;
                let series = self.function_series(function, &inner, logarithm, expansion.terms)?;
                Ok(Plan::Known(series))
            }
            Node::Undefined => Err(Stop::No(NoLimit::Undefined)),
            _ => Ok(Plan::Known(Series::constant(id))),
        }
    }

    fn expand_product(&mut self, expansion: &Expansion, factors: &[Factor]) -> Result<Plan, Stop> {
        if factors.iter().any(|factor| self.arena.depends(factor.exponent)) {
            return Err(Stop::No(NoLimit::Undecided));
        }
        let bases: Vec<ExprId> = factors.iter().map(|factor| factor.base).collect();
        if let Some(needs) = missing(expansion, &bases) {
            return Ok(Plan::Needs(needs));
        }
        let mut product = Series::constant(Arena::ONE);
        for factor in factors {
            let series = expansion.series[&factor.base].clone();
            let power = if factor.exponent == Arena::ONE {
                series
            } else {
                self.power_series(&series, factor.exponent, expansion.terms)?
            };
            product = self.multiply_series(&product, &power)?;
        }
        Ok(Plan::Known(product))
    }

    /// A most rapidly varying subexpression `f = exp(s)` is `exp(s - c*log(w))*w^c`.
    fn expand_rapid(
        &mut self,
        expansion: &Expansion,
        (logarithm, power): (ExprId, ExprId),
    ) -> Result<Plan, Stop> {
        let shift = self.arena.multiply(&[power, expansion.scale]);
        let rest = self.arena.subtract(logarithm, shift);
        let rest = self.arena.normal_if_shorter(rest);
        if let Some(needs) = missing(expansion, &[rest]) {
            return Ok(Plan::Needs(needs));
        }
        let inner = expansion.series[&rest].clone();
        let outer = self.exponential_series(&inner, expansion.terms)?;
        let monomial = Series::monomial(power, Arena::ONE);
        Ok(Plan::Known(self.multiply_series(&monomial, &outer)?))
    }

    fn exponential_series(&mut self, inner: &Series, terms: usize) -> Result<Series, Stop> {
        let (constant, rest) = self.at_constant(inner)?;
        let factor = self.arena.exponential(constant);
        let series =
            self.compose(&rest, terms, |arena, at| Some(reciprocal_factorial(arena, at)))?;
        self.multiply_series(&Series::constant(factor), &series)
    }

    fn function_series(
        &mut self,
        function: Function,
        inner: &Series,
        logarithm: ExprId,
        terms: usize,
    ) -> Result<Series, Stop> {
        match function {
            Function::Log => self.logarithm_series(inner, logarithm, terms),
            Function::Sin | Function::Cos => self.circular_series(function, inner, terms),
            Function::Erfcx => self.scaled_complement_series(inner, terms),
            Function::Atan | Function::Asin | Function::Erf => {
                self.series_by_derivative(function, inner, terms)
            }
            _ => Err(Stop::No(NoLimit::Undecided)),
        }
    }

    fn logarithm_series(
        &mut self,
        inner: &Series,
        logarithm: ExprId,
        terms: usize,
    ) -> Result<Series, Stop> {
        let (exponent, coefficient, rest) = self.split(inner)?;
        self.require_positive(coefficient)?;
        let own = self.arena.apply(Function::Log, coefficient);
        let shift = self.arena.multiply(&[exponent, logarithm]);
        let constant = self.arena.add(&[own, shift]);
        let series = self.compose(&rest, terms, |arena, at| {
            let at = i64::try_from(at).unwrap_or(i64::MAX);
            let sign = if at % 2 == 0 { -1 } else { 1 };
            Some(if at == 0 { Arena::ZERO } else { arena.fraction(sign, at) })
        })?;
        let one = Rational::one();
        self.add_series(&[(one.clone(), Series::constant(constant)), (one, series)])
    }

    fn circular_series(
        &mut self,
        function: Function,
        inner: &Series,
        terms: usize,
    ) -> Result<Series, Stop> {
        let (constant, rest) = self.at_constant(inner)?;
        let part = |remainder: usize| {
            move |arena: &mut Arena, at: usize| {
                if at % 2 != remainder {
                    return Some(Arena::ZERO);
                }
                let value = reciprocal_factorial(arena, at);
                Some(if (at / 2) % 2 == 1 { arena.negate(value) } else { value })
            }
        };
        let sine = self.compose(&rest, terms, part(1))?;
        let cosine = self.compose(&rest, terms, part(0))?;
        let s = self.arena.apply(Function::Sin, constant);
        let c = self.arena.apply(Function::Cos, constant);
        let (first, second, sign) = match function {
            Function::Sin => (s, c, Rational::one()),
            _ => (c, s, -Rational::one()),
        };
        let first = self.multiply_series(&Series::constant(first), &cosine)?;
        let second = self.multiply_series(&Series::constant(second), &sine)?;
        self.add_series(&[(Rational::one(), first), (sign, second)])
    }

    /// `erfcx(u) ~ 1/(u*sqrt(π)) * Σ (-1)^k (2k-1)!!/(2u²)^k` for u → +∞.
    fn scaled_complement_series(&mut self, inner: &Series, terms: usize) -> Result<Series, Stop> {
        let (exponent, _, _) = self.split(inner)?;
        if self.sign_of_exponent(exponent)? != Sign::Negative {
            return Err(Stop::No(NoLimit::Undecided));
        }
        let reciprocal = self.power_series(inner, Arena::MINUS_ONE, terms)?;
        let square = self.multiply_series(&reciprocal, &reciprocal)?;
        let series = self.compose(&square, terms, |arena, at| {
            let mut product = Rational::one();
            for factor in 0..at {
                product *=
                    Rational::new((-2 * i64::try_from(factor).unwrap_or(0) - 1).into(), 2.into());
            }
            Some(arena.number(product))
        })?;
        let root = self.arena.root(Arena::PI, -1, 2);
        let outer = self.multiply_series(&Series::constant(root), &reciprocal)?;
        self.multiply_series(&outer, &series)
    }

    /// `f(u) = f(u0) + ∫ f'(u) du`, where the derivative is analytic.
    fn series_by_derivative(
        &mut self,
        function: Function,
        inner: &Series,
        terms: usize,
    ) -> Result<Series, Stop> {
        let (constant, _) = self.at_constant(inner)?;
        let square = self.multiply_series(inner, inner)?;
        let one = (Rational::one(), Series::constant(Arena::ONE));
        let slope = match function {
            Function::Atan => {
                let sum = self.add_series(&[one, (Rational::one(), square)])?;
                self.power_series(&sum, Arena::MINUS_ONE, terms)?
            }
            Function::Asin => {
                let sum = self.add_series(&[one, (-Rational::one(), square)])?;
                let exponent = self.arena.fraction(-1, 2);
                self.power_series(&sum, exponent, terms)?
            }
            _ => {
                let negative = self.add_series(&[(-Rational::one(), square)])?;
                let bell = self.exponential_series(&negative, terms)?;
                let root = self.arena.root(Arena::PI, -1, 2);
                let factor = self.arena.scale(&Rational::from_integer(2.into()), root);
                self.multiply_series(&Series::constant(factor), &bell)?
            }
        };
        let step = self.logarithmic_derivative(inner)?;
        let product = self.multiply_series(&slope, &step)?;
        let rest = self.logarithmic_integral(&product);
        let value = self.arena.apply(function, constant);
        let one = Rational::one();
        self.add_series(&[(one.clone(), Series::constant(value)), (one, rest)])
    }
}

/// What of some expressions has no series yet.
fn missing(expansion: &Expansion, ids: &[ExprId]) -> Option<Vec<ExprId>> {
    let missing: Vec<ExprId> =
        ids.iter().copied().filter(|id| !expansion.series.contains_key(id)).collect();
    if missing.is_empty() { None } else { Some(missing) }
}

fn reciprocal_factorial(arena: &mut Arena, at: usize) -> ExprId {
    let mut product = Rational::one();
    for factor in 2..=at {
        product *= Rational::from_integer(factor.into());
    }
    arena.number(product.recip())
}
