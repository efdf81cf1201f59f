//! Series in something that goes to zero: real exponents, coefficients that vary less rapidly.
//!
//! Must not know where a series comes from.

use num_traits::{One, Signed};

use crate::expression::{Arena, ExprId, Rational, Sign};

use super::NoLimit;
use super::germ::{Germ, Stop};

/// The most terms of a series.
const MOST_TERMS: usize = 60;

/// Terms by rising exponent, none of them zero, and the exponent from which on terms are not known;
/// `None` where there are no more.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) terms: Vec<(ExprId, ExprId)>,
    pub(super) order: Option<ExprId>,
}

impl Series {
    pub(super) fn zero() -> Self {
        Self { terms: Vec::new(), order: None }
    }

    pub(super) fn constant(id: ExprId) -> Self {
        Self::monomial(Arena::ZERO, id)
    }

    pub(super) fn monomial(exponent: ExprId, coefficient: ExprId) -> Self {
        if coefficient == Arena::ZERO {
            return Self::zero();
        }
        Self { terms: vec![(exponent, coefficient)], order: None }
    }
}

impl Germ {
    /// Compares two constant exponents.
    fn compare_exponents(&mut self, a: ExprId, b: ExprId) -> Result<std::cmp::Ordering, Stop> {
        if a == b {
            return Ok(std::cmp::Ordering::Equal);
        }
        if let (Some(a), Some(b)) = (self.arena.as_number(a), self.arena.as_number(b)) {
            return Ok(a.cmp(b));
        }
        let difference = self.arena.subtract(a, b);
        Ok(match self.sign_of_exponent(difference)? {
            Sign::Positive => std::cmp::Ordering::Greater,
            Sign::Negative => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Equal,
        })
    }

    fn smaller_order(
        &mut self,
        a: Option<ExprId>,
        b: Option<ExprId>,
    ) -> Result<Option<ExprId>, Stop> {
        Ok(match (a, b) {
            (None, other) | (other, None) => other,
            (Some(a), Some(b)) => Some(if self.compare_exponents(a, b)?.is_le() { a } else { b }),
        })
    }

    /// Sorts terms, adds up those with one exponent, drops what vanishes and what is not known.
    fn collected(
        &mut self,
        terms: Vec<(ExprId, ExprId)>,
        order: Option<ExprId>,
    ) -> Result<Series, Stop> {
        let mut groups: Vec<(ExprId, Vec<ExprId>)> = Vec::new();
        'terms: for (exponent, coefficient) in terms {
            self.arena.spend(1);
            if let Some(order) = order
                && self.compare_exponents(exponent, order)?.is_ge()
            {
                continue;
            }
            for at in 0..groups.len() {
                match self.compare_exponents(exponent, groups[at].0)? {
                    std::cmp::Ordering::Equal => {
                        groups[at].1.push(coefficient);
                        continue 'terms;
                    }
                    std::cmp::Ordering::Less => {
                        groups.insert(at, (exponent, vec![coefficient]));
                        continue 'terms;
                    }
                    std::cmp::Ordering::Greater => {}
                }
            }
            groups.push((exponent, vec![coefficient]));
        }
        let mut series = Series { terms: Vec::new(), order };
        for (exponent, coefficients) in groups {
            if series.terms.len() >= MOST_TERMS {
                series.order = Some(exponent);
                break;
            }
            let coefficient = self.arena.add(&coefficients);
            let is_single = coefficients.len() == 1;
            if !(is_single && coefficient != Arena::UNDEFINED) && self.vanishes(coefficient)? {
                continue;
            }
            series.terms.push((exponent, coefficient));
        }
        Ok(series)
    }

    pub(super) fn add_series(&mut self, items: &[(Rational, Series)]) -> Result<Series, Stop> {
        let mut order = None;
        let mut terms = Vec::new();
        for (number, series) in items {
            order = self.smaller_order(order, series.order)?;
            for (exponent, coefficient) in &series.terms {
                terms.push((*exponent, self.arena.scale(number, *coefficient)));
            }
        }
        self.collected(terms, order)
    }

    pub(super) fn multiply_series(&mut self, a: &Series, b: &Series) -> Result<Series, Stop> {
        if (a.terms.is_empty() && a.order.is_none()) || (b.terms.is_empty() && b.order.is_none()) {
            return Ok(Series::zero());
        }
        let lead = |series: &Series| series.terms.first().map(|term| term.0).or(series.order);
        let mut order = None;
        for (first, second) in [(a, b), (b, a)] {
            if let (Some(own), Some(other)) = (first.order, lead(second)) {
                let sum = self.arena.add(&[own, other]);
                order = self.smaller_order(order, Some(sum))?;
            }
        }
        let mut terms = Vec::new();
        for (first, c) in &a.terms {
            for (second, d) in &b.terms {
                let exponent = self.arena.add(&[*first, *second]);
                terms.push((exponent, self.arena.multiply(&[*c, *d])));
            }
        }
        self.collected(terms, order)
    }

    /// The leading exponent and coefficient, and what the rest is relative to them: `c*w^e*(1 + t)`.
    pub(super) fn split(&mut self, series: &Series) -> Result<(ExprId, ExprId, Series), Stop> {
        let Some((exponent, coefficient)) = series.terms.first().copied() else {
            return Err(match series.order {
                Some(_) => Stop::MoreTerms,
                None => Stop::No(NoLimit::Undefined),
            });
        };
        let mut terms = Vec::new();
        for (other, c) in &series.terms[1..] {
            let difference = self.arena.subtract(*other, exponent);
            terms.push((difference, self.arena.divide(*c, coefficient)));
        }
        let order = match series.order {
            Some(order) => Some(self.arena.subtract(order, exponent)),
            None => None,
        };
        Ok((exponent, coefficient, Series { terms, order }))
    }

    /// `Σ coefficient(k)*t^k` for a series t that goes to zero; the coefficient of a power, or `None`
    /// from where on all are zero.
    pub(super) fn compose(
        &mut self,
        t: &Series,
        terms: usize,
        mut coefficient: impl FnMut(&mut Arena, usize) -> Option<ExprId>,
    ) -> Result<Series, Stop> {
        let Some(first) = coefficient(&mut self.arena, 0) else { return Ok(Series::zero()) };
        let mut sum = vec![(Rational::one(), Series::constant(first))];
        if t.terms.is_empty() && t.order.is_none() {
            return self.add_series(&sum);
        }
        let lead = t.terms.first().map(|term| term.0).or(t.order);
        let mut power = Series::constant(Arena::ONE);
        for at in 1..=terms {
            let Some(factor) = coefficient(&mut self.arena, at) else {
                return self.add_series(&sum);
            };
            power = self.multiply_series(&power, t)?;
            let scaled = self.multiply_series(&Series::constant(factor), &power)?;
            sum.push((Rational::one(), scaled));
        }
        if let Some(lead) = lead {
            let next = Rational::from_integer((terms + 1).into());
            let order = Some(self.arena.scale(&next, lead));
            sum.push((Rational::one(), Series { terms: Vec::new(), order }));
        }
        self.add_series(&sum)
    }

    /// The power with a constant exponent.
    pub(super) fn power_series(
        &mut self,
        series: &Series,
        exponent: ExprId,
        terms: usize,
    ) -> Result<Series, Stop> {
        let number = self.arena.as_number(exponent).cloned();
        let is_integer = number.as_ref().is_some_and(Rational::is_integer);
        let is_natural = is_integer && number.as_ref().is_some_and(|it| !it.is_negative());
        if series.terms.is_empty() && series.order.is_none() {
            return if number.as_ref().is_some_and(Signed::is_positive) {
                Ok(Series::zero())
            } else {
                Err(Stop::No(NoLimit::Undefined))
            };
        }
        let (lead, coefficient, rest) = self.split(series)?;
        if !is_integer {
            self.require_positive(coefficient)?;
        } else if !is_natural {
            self.divisible(coefficient)?;
        }
        let degree = if is_natural { self.arena.as_integer(exponent) } else { None };
        let inner = self.compose(&rest, terms, |arena, at| {
            if degree.is_some_and(|degree| i64::try_from(at).is_ok_and(|at| at > degree)) {
                return None;
            }
            Some(binomial(arena, exponent, at))
        })?;
        let factor = self.arena.power(coefficient, exponent);
        let shift = self.arena.multiply(&[lead, exponent]);
        self.multiply_series(&Series::monomial(shift, factor), &inner)
    }

    /// Splits into the coefficient of exponent zero and what goes to zero. Terms that go to infinity
    /// are an error: nothing is analytic there.
    pub(super) fn at_constant(&mut self, series: &Series) -> Result<(ExprId, Series), Stop> {
        let mut constant = Arena::ZERO;
        let mut rest = Series { terms: Vec::new(), order: series.order };
        for (exponent, coefficient) in &series.terms {
            match self.sign_of_exponent(*exponent)? {
                Sign::Positive => rest.terms.push((*exponent, *coefficient)),
                Sign::Negative => return Err(Stop::No(NoLimit::Undecided)),
                _ => constant = *coefficient,
            }
        }
        if let Some(order) = series.order
            && self.sign_of_exponent(order)? != Sign::Positive
        {
            return Err(Stop::MoreTerms);
        }
        Ok((constant, rest))
    }

    /// `w·d/dw`
    pub(super) fn logarithmic_derivative(&mut self, series: &Series) -> Result<Series, Stop> {
        let mut terms = Vec::new();
        for (exponent, coefficient) in &series.terms {
            if *exponent != Arena::ZERO {
                terms.push((*exponent, self.arena.multiply(&[*exponent, *coefficient])));
            }
        }
        Ok(Series { terms, order: series.order })
    }

    /// The inverse of [`Self::logarithmic_derivative`], without a constant term.
    pub(super) fn logarithmic_integral(&mut self, series: &Series) -> Series {
        let mut terms = Vec::new();
        for (exponent, coefficient) in &series.terms {
            terms.push((*exponent, self.arena.divide(*coefficient, *exponent)));
        }
        Series { terms, order: series.order }
    }
}

/// The binomial coefficient of a constant and a natural number.
fn binomial(arena: &mut Arena, above: ExprId, below: usize) -> ExprId {
    let mut product = vec![Arena::ONE];
    let mut divisor = Rational::one();
    for at in 0..below {
        let number = arena.integer(i64::try_from(at).unwrap_or(i64::MAX));
        product.push(arena.subtract(above, number));
        divisor *= Rational::from_integer((at + 1).into());
    }
    let product = arena.multiply(&product);
    arena.scale(&divisor.recip(), product)
}
