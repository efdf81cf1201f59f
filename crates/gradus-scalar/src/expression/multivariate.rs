//! Polynomials in several generators, and quotients of them.
//!
//! Must not know what the generators stand for. Exponents may be negative (Laurent polynomials).

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::node::Rational;

/// The most terms of a polynomial.
const MOST_TERMS: usize = 1_500;
/// The greatest exponent.
const GREATEST_EXPONENT: i32 = 400;

/// The exponents of all generators.
pub(super) type Monomial = Vec<i32>;

/// The polynomial has become too long.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooLong;

/// A polynomial; no coefficient is zero.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Polynomial {
    pub(super) terms: BTreeMap<Monomial, Rational>,
}

impl Polynomial {
    pub(super) fn constant(number: Rational, generators: usize) -> Self {
        Self::monomial(vec![0; generators], number)
    }

    pub(super) fn monomial(monomial: Monomial, coefficient: Rational) -> Self {
        let mut terms = BTreeMap::new();
        if !coefficient.is_zero() {
            terms.insert(monomial, coefficient);
        }
        Self { terms }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The one term that it has.
    pub(super) fn single(&self) -> Option<(&Monomial, &Rational)> {
        if self.terms.len() == 1 { self.terms.first_key_value() } else { None }
    }

    pub(super) fn add_scaled(&mut self, other: &Self, factor: &Rational) -> Result<(), TooLong> {
        for (monomial, coefficient) in &other.terms {
            self.put(monomial.clone(), coefficient * factor);
        }
        self.checked()
    }

    fn put(&mut self, monomial: Monomial, coefficient: Rational) {
        use std::collections::btree_map::Entry;
        match self.terms.entry(monomial) {
            Entry::Vacant(place) => {
                if !coefficient.is_zero() {
                    place.insert(coefficient);
                }
            }
            Entry::Occupied(mut place) => {
                *place.get_mut() += coefficient;
                if place.get().is_zero() {
                    place.remove();
                }
            }
        }
    }

    fn checked(&self) -> Result<(), TooLong> {
        if self.terms.len() > MOST_TERMS { Err(TooLong) } else { Ok(()) }
    }

    pub(super) fn multiply(&self, other: &Self) -> Result<Self, TooLong> {
        if self.terms.len() * other.terms.len() > MOST_TERMS * 20 {
            return Err(TooLong);
        }
        let mut product = Self::default();
        for (first, a) in &self.terms {
            for (second, b) in &other.terms {
                let monomial = first.iter().zip(second).map(|(a, b)| a + b).collect::<Monomial>();
                if monomial.iter().any(|exponent| exponent.abs() > GREATEST_EXPONENT) {
                    return Err(TooLong);
                }
                product.put(monomial, a * b);
            }
        }
        product.checked()?;
        Ok(product)
    }

    pub(super) fn power(&self, exponent: u32, generators: usize) -> Result<Self, TooLong> {
        let mut power = Self::constant(Rational::one(), generators);
        let mut square = self.clone();
        let mut rest = exponent;
        while rest > 0 {
            if rest % 2 == 1 {
                power = power.multiply(&square)?;
            }
            rest /= 2;
            if rest > 0 {
                square = square.multiply(&square)?;
            }
        }
        Ok(power)
    }

    pub(super) fn scaled(mut self, factor: &Rational) -> Self {
        for coefficient in self.terms.values_mut() {
            *coefficient *= factor;
        }
        self
    }

    /// The smallest exponents of all generators.
    pub(super) fn least_exponents(&self) -> Monomial {
        let mut terms = self.terms.keys();
        let mut least = terms.next().cloned().unwrap_or_default();
        for monomial in terms {
            for (least, exponent) in least.iter_mut().zip(monomial) {
                *least = (*least).min(*exponent);
            }
        }
        least
    }

    pub(super) fn shifted(&self, by: &Monomial) -> Self {
        let terms = self
            .terms
            .iter()
            .map(|(monomial, coefficient)| {
                let shifted = monomial.iter().zip(by).map(|(a, b)| a + b).collect();
                (shifted, coefficient.clone())
            })
            .collect();
        Self { terms }
    }

    /// A number, a monomial and a polynomial without negative exponents, none of which is common to
    /// all terms, with leading coefficient one.
    pub(super) fn primitive(&self) -> (Rational, Monomial, Self) {
        let least = self.least_exponents();
        let negated = least.iter().map(|exponent| -exponent).collect();
        let shifted = self.shifted(&negated);
        let leading = shifted
            .terms
            .last_key_value()
            .map_or_else(Rational::one, |(_, coefficient)| coefficient.clone());
        let primitive = shifted.scaled(&leading.recip());
        (leading, least, primitive)
    }

    /// The quotient, if there is one without remainder. Both have no negative exponents.
    pub(super) fn divided_exactly(&self, divisor: &Self) -> Option<Self> {
        let (leading, number) = divisor.terms.last_key_value()?;
        let mut rest = self.clone();
        let mut quotient = Self::default();
        let mut steps = 0;
        while let Some((monomial, coefficient)) = rest.terms.last_key_value() {
            steps += 1;
            if steps > MOST_TERMS {
                return None;
            }
            let difference: Monomial = monomial.iter().zip(leading).map(|(a, b)| a - b).collect();
            if difference.iter().any(|exponent| *exponent < 0) {
                return None;
            }
            let factor = Self::monomial(difference, coefficient / number);
            let product = factor.multiply(divisor).ok()?;
            rest.add_scaled(&product, &-Rational::one()).ok()?;
            quotient.add_scaled(&factor, &Rational::one()).ok()?;
        }
        Some(quotient)
    }
}

/// A quotient whose denominator is kept as a product of powers.
#[derive(Clone, Debug)]
pub(super) struct Fraction {
    pub(super) numerator: Polynomial,
    pub(super) denominator: Vec<(Polynomial, u32)>,
}

impl Fraction {
    pub(super) fn polynomial(numerator: Polynomial) -> Self {
        Self { numerator, denominator: Vec::new() }
    }

    pub(super) fn add(&self, other: &Self, factor: &Rational) -> Result<Self, TooLong> {
        let mut denominator = self.denominator.clone();
        for (polynomial, exponent) in &other.denominator {
            match denominator.iter_mut().find(|(known, _)| known == polynomial) {
                Some((_, known)) => *known = (*known).max(*exponent),
                None => denominator.push((polynomial.clone(), *exponent)),
            }
        }
        let mut numerator = self.raised(&denominator)?;
        numerator.add_scaled(&other.raised(&denominator)?, factor)?;
        Ok(Self { numerator, denominator }.trimmed())
    }

    /// The numerator over a common denominator.
    fn raised(&self, denominator: &[(Polynomial, u32)]) -> Result<Polynomial, TooLong> {
        let mut numerator = self.numerator.clone();
        for (polynomial, exponent) in denominator {
            let present = self
                .denominator
                .iter()
                .find(|(known, _)| known == polynomial)
                .map_or(0, |(_, known)| *known);
            for _ in present..*exponent {
                numerator = numerator.multiply(polynomial)?;
            }
        }
        Ok(numerator)
    }

    fn trimmed(self) -> Self {
        if self.numerator.is_zero() { Self::polynomial(self.numerator) } else { self }
    }

    pub(super) fn multiply(&self, other: &Self) -> Result<Self, TooLong> {
        let numerator = self.numerator.multiply(&other.numerator)?;
        let mut denominator = self.denominator.clone();
        for (polynomial, exponent) in &other.denominator {
            match denominator.iter_mut().find(|(known, _)| known == polynomial) {
                Some((_, known)) => *known += exponent,
                None => denominator.push((polynomial.clone(), *exponent)),
            }
        }
        Ok(Self { numerator, denominator }.trimmed())
    }

    /// The power with an integer exponent; `None` inside for a negative power of zero.
    pub(super) fn power(&self, exponent: i32, generators: usize) -> Result<Option<Self>, TooLong> {
        let size = exponent.unsigned_abs();
        if exponent >= 0 {
            let numerator = self.numerator.power(size, generators)?;
            let denominator = self
                .denominator
                .iter()
                .map(|(polynomial, power)| (polynomial.clone(), power * size))
                .filter(|(_, power)| *power > 0)
                .collect();
            return Ok(Some(Self { numerator, denominator }));
        }
        if self.numerator.is_zero() {
            return Ok(None);
        }
        let (number, monomial, primitive) = self.numerator.primitive();
        let negated = monomial.iter().map(|exponent| -exponent).collect();
        let mut numerator = Polynomial::monomial(negated, number.recip());
        for (polynomial, power) in &self.denominator {
            numerator = numerator.multiply(&polynomial.power(*power, generators)?)?;
        }
        let mut inverse = Self::polynomial(numerator);
        if primitive.single().is_none() {
            inverse.denominator.push((primitive, 1));
        }
        inverse.power(i32::try_from(size).map_err(|_| TooLong)?, generators)
    }

    /// Cancels factors of the denominator that divide the numerator, or that it divides.
    pub(super) fn cancelled(mut self) -> Self {
        if self.numerator.is_zero() {
            self.denominator.clear();
            return self;
        }
        let (number, monomial, mut core) = self.numerator.primitive();
        for (polynomial, exponent) in &mut self.denominator {
            while *exponent > 0 {
                let Some(quotient) = core.divided_exactly(polynomial) else { break };
                core = quotient;
                *exponent -= 1;
            }
            while *exponent == 1 && core.single().is_none() {
                let Some(quotient) = polynomial.divided_exactly(&core) else { break };
                *polynomial = quotient;
                core = Polynomial::constant(Rational::one(), monomial.len());
            }
        }
        self.denominator
            .retain(|(polynomial, exponent)| *exponent > 0 && polynomial.single().is_none());
        self.numerator = core.shifted(&monomial).scaled(&number);
        self
    }
}
