//! Polynomials as lists of coefficients.
//!
//! Must not know what the coefficients are.

use super::field::Field;

/// A polynomial: the coefficients from the constant one to the leading one, which is not zero. The zero
/// polynomial has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Polynomial<E> {
    coefficients: Vec<E>,
}

/// What [`Polynomial::extended_gcd`] finds.
#[derive(Clone, Debug)]
pub struct Bezout<E> {
    /// The greatest common divisor, monic.
    pub gcd: Polynomial<E>,
    /// What multiplies the first one.
    pub first: Polynomial<E>,
    /// What multiplies the second one.
    pub second: Polynomial<E>,
}

impl<E: Clone + std::fmt::Debug> Polynomial<E> {
    /// The polynomial of coefficients from the constant one upwards; leading zeros are dropped.
    pub fn new(mut coefficients: Vec<E>, field: &mut impl Field<Element = E>) -> Self {
        while coefficients.last().is_some_and(|last| field.is_zero(last)) {
            coefficients.pop();
        }
        Self { coefficients }
    }

    /// 0
    #[must_use]
    pub fn zero() -> Self {
        Self { coefficients: Vec::new() }
    }

    /// A polynomial without indeterminate.
    pub fn constant(value: E, field: &mut impl Field<Element = E>) -> Self {
        Self::new(vec![value], field)
    }

    /// A polynomial with integer coefficients, from the constant one upwards.
    pub fn of_integers(numbers: &[i64], field: &mut impl Field<Element = E>) -> Self {
        let coefficients = numbers.iter().map(|number| field.integer(*number)).collect();
        Self::new(coefficients, field)
    }

    /// `coefficient * x^degree`
    pub fn monomial(coefficient: E, degree: usize, field: &mut impl Field<Element = E>) -> Self {
        let mut coefficients = vec![field.integer(0); degree];
        coefficients.push(coefficient);
        Self::new(coefficients, field)
    }

    /// The coefficients, from the constant one upwards.
    #[must_use]
    pub fn coefficients(&self) -> &[E] {
        &self.coefficients
    }

    /// The coefficient of a power.
    pub fn coefficient(&self, degree: usize, field: &mut impl Field<Element = E>) -> E {
        self.coefficients.get(degree).cloned().unwrap_or_else(|| field.integer(0))
    }

    /// The degree; `None` for zero.
    #[must_use]
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// Whether this is the zero polynomial.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// Whether the indeterminate does not occur.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.coefficients.len() <= 1
    }

    /// The leading coefficient; `None` for zero.
    #[must_use]
    pub fn leading(&self) -> Option<&E> {
        self.coefficients.last()
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self, field: &mut impl Field<Element = E>) -> Self {
        self.combine(other, field, false)
    }

    /// The difference.
    #[must_use]
    pub fn subtract(&self, other: &Self, field: &mut impl Field<Element = E>) -> Self {
        self.combine(other, field, true)
    }

    fn combine(
        &self,
        other: &Self,
        field: &mut impl Field<Element = E>,
        is_difference: bool,
    ) -> Self {
        let length = self.coefficients.len().max(other.coefficients.len());
        let mut sum = Vec::with_capacity(length);
        for at in 0..length {
            let a = self.coefficient(at, field);
            let b = other.coefficient(at, field);
            sum.push(if is_difference { field.subtract(&a, &b) } else { field.add(&a, &b) });
        }
        Self::new(sum, field)
    }

    /// The product.
    #[must_use]
    pub fn multiply(&self, other: &Self, field: &mut impl Field<Element = E>) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::zero();
        }
        let length = self.coefficients.len() + other.coefficients.len() - 1;
        let mut product = vec![field.integer(0); length];
        for (i, a) in self.coefficients.iter().enumerate() {
            for (j, b) in other.coefficients.iter().enumerate() {
                let term = field.multiply(a, b);
                product[i + j] = field.add(&product[i + j], &term);
            }
        }
        Self::new(product, field)
    }

    /// The product with a coefficient.
    #[must_use]
    pub fn scale(&self, by: &E, field: &mut impl Field<Element = E>) -> Self {
        let scaled = self.coefficients.iter().map(|it| field.multiply(it, by)).collect();
        Self::new(scaled, field)
    }

    /// A power.
    #[must_use]
    pub fn power(&self, exponent: usize, field: &mut impl Field<Element = E>) -> Self {
        let mut power = Self::of_integers(&[1], field);
        for _ in 0..exponent {
            power = power.multiply(self, field);
        }
        power
    }

    /// Quotient and remainder; the divisor is not zero.
    #[must_use]
    pub fn divide(&self, by: &Self, field: &mut impl Field<Element = E>) -> (Self, Self) {
        let (Some(degree), Some(leading)) = (by.degree(), by.leading()) else {
            return (Self::zero(), self.clone());
        };
        let mut rest = self.coefficients.clone();
        let mut quotient = vec![field.integer(0); rest.len().saturating_sub(degree)];
        while rest.len() > degree {
            let at = rest.len() - 1 - degree;
            let Some(top) = rest.pop() else { break };
            if field.is_zero(&top) {
                continue;
            }
            let factor = field.divide(&top, leading);
            for (shift, coefficient) in by.coefficients[..degree].iter().enumerate() {
                let term = field.multiply(&factor, coefficient);
                rest[at + shift] = field.subtract(&rest[at + shift], &term);
            }
            quotient[at] = factor;
        }
        (Self::new(quotient, field), Self::new(rest, field))
    }

    /// The quotient, if there is no remainder.
    #[must_use]
    pub fn divide_exactly(&self, by: &Self, field: &mut impl Field<Element = E>) -> Option<Self> {
        let (quotient, rest) = self.divide(by, field);
        rest.is_zero().then_some(quotient)
    }

    /// The polynomial divided by its leading coefficient.
    #[must_use]
    pub fn monic(&self, field: &mut impl Field<Element = E>) -> Self {
        let Some(leading) = self.leading().cloned() else { return self.clone() };
        let one = field.integer(1);
        let mut coefficients: Vec<E> = self.coefficients[..self.coefficients.len() - 1]
            .iter()
            .map(|it| field.divide(it, &leading))
            .collect();
        coefficients.push(one);
        Self { coefficients }
    }

    /// The greatest common divisor, monic.
    #[must_use]
    pub fn gcd(&self, other: &Self, field: &mut impl Field<Element = E>) -> Self {
        let (mut a, mut b) = (self.monic(field), other.monic(field));
        while !b.is_zero() && field.is_sound() {
            let (_, rest) = a.divide(&b, field);
            a = b;
            b = rest.monic(field);
        }
        a
    }

    /// The greatest common divisor with the multipliers that give it.
    #[must_use]
    pub fn extended_gcd(&self, other: &Self, field: &mut impl Field<Element = E>) -> Bezout<E> {
        let one = Self::of_integers(&[1], field);
        let (mut a, mut b) = (self.clone(), other.clone());
        let (mut first, mut next_first) = (one.clone(), Self::zero());
        let (mut second, mut next_second) = (Self::zero(), one);
        while !b.is_zero() && field.is_sound() {
            let (quotient, rest) = a.divide(&b, field);
            let later_first = first.subtract(&quotient.multiply(&next_first, field), field);
            let later_second = second.subtract(&quotient.multiply(&next_second, field), field);
            (a, b) = (b, rest);
            (first, next_first) = (next_first, later_first);
            (second, next_second) = (next_second, later_second);
        }
        let Some(leading) = a.leading().cloned() else {
            return Bezout { gcd: a, first, second };
        };
        let unit = field.integer(1);
        let inverse = field.divide(&unit, &leading);
        Bezout {
            gcd: a.monic(field),
            first: first.scale(&inverse, field),
            second: second.scale(&inverse, field),
        }
    }

    /// The derivative.
    #[must_use]
    pub fn derivative(&self, field: &mut impl Field<Element = E>) -> Self {
        let mut coefficients = Vec::with_capacity(self.coefficients.len());
        for (degree, coefficient) in self.coefficients.iter().enumerate().skip(1) {
            let factor = field.integer(i64::try_from(degree).unwrap_or(i64::MAX));
            coefficients.push(field.multiply(coefficient, &factor));
        }
        Self::new(coefficients, field)
    }

    /// The antiderivative without constant term.
    #[must_use]
    pub fn antiderivative(&self, field: &mut impl Field<Element = E>) -> Self {
        let mut coefficients = vec![field.integer(0)];
        for (degree, coefficient) in self.coefficients.iter().enumerate() {
            let factor = field.integer(i64::try_from(degree + 1).unwrap_or(i64::MAX));
            coefficients.push(field.divide(coefficient, &factor));
        }
        Self::new(coefficients, field)
    }

    /// The value at a point, by Horner's rule.
    pub fn evaluate(&self, at: &E, field: &mut impl Field<Element = E>) -> E {
        let mut value = field.integer(0);
        for coefficient in self.coefficients.iter().rev() {
            let product = field.multiply(&value, at);
            value = field.add(&product, coefficient);
        }
        value
    }

    /// The polynomial of another polynomial.
    #[must_use]
    pub fn compose(&self, inner: &Self, field: &mut impl Field<Element = E>) -> Self {
        let mut value = Self::zero();
        for coefficient in self.coefficients.iter().rev() {
            let constant = Self::constant(coefficient.clone(), field);
            value = value.multiply(inner, field).add(&constant, field);
        }
        value
    }

    /// The square-free factors with their multiplicities, rising, by Yun's algorithm (characteristic
    /// zero). Their product of powers is the monic polynomial; constants are left out.
    #[must_use]
    pub fn square_free(&self, field: &mut impl Field<Element = E>) -> Vec<(Self, usize)> {
        let mut found = Vec::new();
        if self.is_constant() {
            return found;
        }
        let monic = self.monic(field);
        let derivative = monic.derivative(field);
        let gcd = monic.gcd(&derivative, field);
        let (mut rest, _) = monic.divide(&gcd, field);
        let (mut other, _) = derivative.divide(&gcd, field);
        let mut multiplicity = 1;
        while !rest.is_constant() && field.is_sound() {
            let slope = rest.derivative(field);
            let difference = other.subtract(&slope, field);
            let part = rest.gcd(&difference, field);
            if !part.is_constant() {
                found.push((part.clone(), multiplicity));
            }
            (rest, _) = rest.divide(&part, field);
            (other, _) = difference.divide(&part, field);
            multiplicity += 1;
        }
        found
    }

    /// The resultant, by Euclid's algorithm.
    pub fn resultant(&self, other: &Self, field: &mut impl Field<Element = E>) -> E {
        let (mut a, mut b) = (self.clone(), other.clone());
        let mut resultant = field.integer(1);
        if a.is_zero() || b.is_zero() {
            return field.integer(0);
        }
        loop {
            let (Some(m), Some(n)) = (a.degree(), b.degree()) else {
                return field.integer(0);
            };
            let Some(leading) = b.leading().cloned() else { return field.integer(0) };
            if n == 0 {
                for _ in 0..m {
                    resultant = field.multiply(&resultant, &leading);
                }
                return resultant;
            }
            let (_, rest) = a.divide(&b, field);
            let Some(rest_degree) = rest.degree() else { return field.integer(0) };
            for _ in 0..m - rest_degree.min(m) {
                resultant = field.multiply(&resultant, &leading);
            }
            if m * n % 2 == 1 {
                let minus = field.integer(-1);
                resultant = field.multiply(&resultant, &minus);
            }
            (a, b) = (b, rest);
        }
    }
}
