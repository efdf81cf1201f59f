//! Complex numbers over any of the fields: pairs of a real and an imaginary part.
//!
//! Must not know trees or matrices. Over the prime field of 2⁶¹ − 1 elements −1 has no root, so that the
//! pairs are a field too, and conjugation is its automorphism.

use gradus_functions::{ArrayFunction, Exact};
use gradus_tensor::{FunctionId, Rational, Role};
use smallvec::SmallVec;

use crate::book::{Context, Entry, ScalarProgram};
use crate::call::Argument;
use crate::field::{Fault, Field, Lift};
use crate::matrix::{self, Pivot};
use crate::modular::Mod;
use crate::tracked::Tracked;

/// A field of real numbers that complex ones can be made of.
pub(crate) trait Real: Pivot + Lift<Base = Self> {
    /// Whether the number may be taken for zero beside what it was computed from.
    fn is_negligible(self) -> bool;
    /// The cosine and the sine.
    fn cosine_and_sine(self, context: &mut Context<'_>) -> Result<(Self, Self), Fault>;
    /// A function of a complex number that has a branch, in floating point only.
    fn branched(
        number: Complex<Self>,
        function: impl Fn((f64, f64)) -> (f64, f64),
    ) -> Option<Complex<Self>>;
}

impl Real for Mod {
    fn is_negligible(self) -> bool {
        Field::is_zero(self)
    }

    fn cosine_and_sine(self, context: &mut Context<'_>) -> Result<(Self, Self), Fault> {
        context.tables.cosine_and_sine(self).ok_or(Fault::Outside)
    }

    fn branched(
        _number: Complex<Self>,
        _function: impl Fn((f64, f64)) -> (f64, f64),
    ) -> Option<Complex<Self>> {
        None
    }
}

impl Real for Tracked {
    fn is_negligible(self) -> bool {
        self.value.abs() <= 1e-12 * self.scale
    }

    fn cosine_and_sine(self, _context: &mut Context<'_>) -> Result<(Self, Self), Fault> {
        Ok((self.through(f64::cos), self.through(f64::sin)))
    }

    fn branched(
        number: Complex<Self>,
        function: impl Fn((f64, f64)) -> (f64, f64),
    ) -> Option<Complex<Self>> {
        let at = (number.real.value, number.imaginary.value);
        let value = function(at);
        let step = 1e-6 * (at.0.abs() + at.1.abs()).max(1e-3);
        let moved = function((at.0 + step, at.1));
        let slope = ((moved.0 - value.0).hypot(moved.1 - value.1) / step).abs();
        let slope = if slope.is_finite() { slope } else { 0.0 };
        let scale = value.0.hypot(value.1) + slope * (number.real.scale + number.imaginary.scale);
        let part = |value: f64| Self { value, scale };
        Some(Complex { real: part(value.0), imaginary: part(value.1) })
    }
}

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex<B> {
    pub(crate) real: B,
    pub(crate) imaginary: B,
}

impl<B: Real> Complex<B> {
    pub(crate) fn of(real: B) -> Self {
        Self { real, imaginary: B::ZERO }
    }

    /// The number as a real one, if it is one.
    fn as_real(self) -> Option<B> {
        self.imaginary.is_negligible().then_some(self.real)
    }

    fn square_of_modulus(self) -> B {
        self.real.multiply(self.real).add(self.imaginary.multiply(self.imaginary))
    }

    fn half(self) -> Option<Self> {
        let half = B::from_rational(&Rational::new(1, 2)?)?;
        Some(Self { real: self.real.multiply(half), imaginary: self.imaginary.multiply(half) })
    }

    fn times_unit(self) -> Self {
        Self { real: self.imaginary.negate(), imaginary: self.real }
    }

    fn integer_power(self, exponent: i64) -> Option<Self> {
        let mut base = if exponent < 0 { Self::ONE.divide(self)? } else { self };
        let mut power = Self::ONE;
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                power = power.multiply(base);
            }
            base = base.multiply(base);
            left >>= 1;
        }
        Some(power)
    }

    /// The principal power of a real number; of a negative one for odd halves as exponents.
    fn real_power(
        base: B,
        exponent: &Rational,
        context: &mut Context<'_>,
    ) -> Result<Option<Self>, Fault> {
        let is_number = |value: &B| !value.weight().is_nan();
        let found = base.power(exponent, context);
        match found {
            Ok(value) if is_number(&value) => return Ok(Some(Self::of(value))),
            Ok(_) | Err(Fault::Outside) => {}
            Err(fault) => return Err(fault),
        }
        let Some(doubled) = exponent.multiply(&Rational::integer(2)).to_i64() else {
            return Ok(None);
        };
        if base.is_zero() || doubled % 2 == 0 {
            return Err(Fault::Outside);
        }
        let root = base.negate().power(exponent, context)?;
        let unit = Self { real: B::ZERO, imaginary: B::ONE };
        let turn = unit.integer_power(doubled.rem_euclid(4)).ok_or(Fault::Outside)?;
        Ok(Some(turn.multiply(Self::of(root))))
    }

    /// A function with a branch, which has no exact value off the real line.
    fn branched(
        self,
        what: &str,
        function: impl Fn((f64, f64)) -> (f64, f64),
    ) -> Result<Self, Fault> {
        B::branched(self, function)
            .ok_or_else(|| Fault::Unsupported(format!("{what} of a complex number, exactly")))
    }

    /// `exp(i*z)` and its inverse.
    fn turned_exponentials(self, context: &mut Context<'_>) -> Result<(Self, Self), Fault> {
        let turned = self.times_unit();
        Ok((turned.exponential(context)?, turned.negate().exponential(context)?))
    }
}

fn polar((real, imaginary): (f64, f64)) -> (f64, f64) {
    (real.hypot(imaginary), imaginary.atan2(real))
}

impl<B: Real> Field for Complex<B> {
    const ZERO: Self = Self { real: B::ZERO, imaginary: B::ZERO };
    const ONE: Self = Self { real: B::ONE, imaginary: B::ZERO };
    const COMPLEX: bool = true;

    fn add(self, other: Self) -> Self {
        Self { real: self.real.add(other.real), imaginary: self.imaginary.add(other.imaginary) }
    }

    fn subtract(self, other: Self) -> Self {
        Self {
            real: self.real.subtract(other.real),
            imaginary: self.imaginary.subtract(other.imaginary),
        }
    }

    fn multiply(self, other: Self) -> Self {
        let real = self.real.multiply(other.real);
        let cross = self.real.multiply(other.imaginary);
        Self {
            real: real.subtract(self.imaginary.multiply(other.imaginary)),
            imaginary: cross.add(self.imaginary.multiply(other.real)),
        }
    }

    fn negate(self) -> Self {
        Self { real: self.real.negate(), imaginary: self.imaginary.negate() }
    }

    fn divide(self, other: Self) -> Option<Self> {
        let square = other.square_of_modulus();
        let product = self.multiply(other.conjugate());
        Some(Self {
            real: product.real.divide(square)?,
            imaginary: product.imaginary.divide(square)?,
        })
    }

    fn is_zero(self) -> bool {
        self.real.is_zero() && self.imaginary.is_zero()
    }

    fn from_integer(value: i64) -> Self {
        Self::of(B::from_integer(value))
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        Some(Self::of(B::from_rational(value)?))
    }

    fn as_integer(self) -> Option<i64> {
        self.as_real()?.as_integer()
    }

    fn pi(context: &mut Context<'_>) -> Self {
        Self::of(B::pi(context))
    }

    fn conjugate(self) -> Self {
        Self { real: self.real, imaginary: self.imaginary.negate() }
    }

    fn real_part(self) -> Self {
        Self::of(self.real)
    }

    fn imaginary_part(self) -> Self {
        Self::of(self.imaginary)
    }

    fn imaginary_unit() -> Option<Self> {
        Some(Self { real: B::ZERO, imaginary: B::ONE })
    }

    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.to_i64() {
            return self.integer_power(exponent).ok_or(Fault::Outside);
        }
        if let Some(real) = self.as_real()
            && let Some(power) = Self::real_power(real, exponent, context)?
        {
            return Ok(power);
        }
        let exponent = exponent.to_f64();
        self.branched("a root", |number| {
            let (modulus, angle) = polar(number);
            let modulus = modulus.powf(exponent);
            (modulus * (angle * exponent).cos(), modulus * (angle * exponent).sin())
        })
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.as_integer() {
            return self.power(&Rational::integer(exponent), context);
        }
        if let (Some(base), Some(exponent)) = (self.as_real(), exponent.as_real())
            && let Ok(power) = base.power_by(exponent, context)
            && !power.weight().is_nan()
        {
            return Ok(Self::of(power));
        }
        let logarithm = self.logarithm(context)?;
        exponent.multiply(logarithm).exponential(context)
    }

    fn exponential(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let modulus = self.real.exponential(context)?;
        if self.imaginary.is_zero() {
            return Ok(Self::of(modulus));
        }
        let (cosine, sine) = self.imaginary.cosine_and_sine(context)?;
        Ok(Self { real: modulus.multiply(cosine), imaginary: modulus.multiply(sine) })
    }

    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(real) = self.as_real() {
            return Ok(Self::of(real.logarithm_of_modulus(context)?));
        }
        let square = self.square_of_modulus();
        Self::of(square.logarithm(context)?).half().ok_or(Fault::Outside)
    }

    fn logarithm(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(real) = self.as_real() {
            let logarithm = real.logarithm(context)?;
            // On the cut rounding decides between two values.
            return match logarithm.weight().is_nan() {
                true => Err(Fault::Outside),
                false => Ok(Self::of(logarithm)),
            };
        }
        self.branched("the logarithm", |number| {
            let (modulus, angle) = polar(number);
            (modulus.ln(), angle)
        })
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        entry.exact_definition()
    }

    fn primitive(
        function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let real: Option<SmallVec<[B; 4]>> =
            arguments.iter().map(|argument| argument.as_real()).collect();
        if let Some(real) = real
            && entry.function.facts.role != Some(Role::Logarithm)
        {
            return Ok(Self::of(B::primitive(function, entry, &real, context)?));
        }
        match (entry.function.exact, arguments) {
            (Exact::Exponential, [argument]) => argument.exponential(context),
            (Exact::Power, [base, exponent]) => base.power_by(*exponent, context),
            (Exact::Cosine, [argument]) => {
                let (one, other) = argument.turned_exponentials(context)?;
                one.add(other).half().ok_or(Fault::Outside)
            }
            (Exact::Sine, [argument]) => {
                let (one, other) = argument.turned_exponentials(context)?;
                // Divided by i.
                let half = one.subtract(other).half().ok_or(Fault::Outside)?;
                Ok(half.times_unit().negate())
            }
            (_, [argument]) if entry.function.facts.role == Some(Role::Logarithm) => {
                argument.logarithm(context)
            }
            _ => Err(Fault::Unsupported(format!(
                "{} of a complex number has no value in the oracle",
                entry.function.name
            ))),
        }
    }

    /// `(A + iB)(x + iy) = u + iv` as real equations.
    fn solve(
        matrix: &[Self],
        right: &[Self],
        out: &mut [Self],
        size: usize,
        width: usize,
    ) -> Result<(), Fault> {
        let doubled = 2 * size;
        let mut real = vec![B::ZERO; doubled * doubled];
        for (row, entries) in matrix.chunks_exact(size.max(1)).enumerate() {
            for (column, entry) in entries.iter().enumerate() {
                real[row * doubled + column] = entry.real;
                real[row * doubled + size + column] = entry.imaginary.negate();
                real[(size + row) * doubled + column] = entry.imaginary;
                real[(size + row) * doubled + size + column] = entry.real;
            }
        }
        let known: Vec<B> = right
            .iter()
            .map(|entry| entry.real)
            .chain(right.iter().map(|entry| entry.imaginary))
            .collect();
        let mut solution = known.clone();
        B::solve(&real, &known, &mut solution, doubled, width)?;
        let (reals, imaginaries) = solution.split_at(size * width);
        for (out, (real, imaginary)) in out.iter_mut().zip(reals.iter().zip(imaginaries)) {
            *out = Self { real: *real, imaginary: *imaginary };
        }
        Ok(())
    }

    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault> {
        Ok(matrix::determinant(matrix, size))
    }

    fn array(
        array: ArrayFunction,
        function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let parts: Option<Vec<Vec<B>>> = arguments
            .iter()
            .map(|argument| argument.entries.iter().map(|entry| entry.as_real()).collect())
            .collect();
        let Some(parts) = parts else {
            let name = gradus_functions::book().get(function).name;
            return Err(Fault::Unsupported(format!("{name} of a complex matrix has no value")));
        };
        let real: Vec<Argument<'_, B>> = arguments
            .iter()
            .zip(&parts)
            .map(|(argument, entries)| Argument { entries, slot: argument.slot })
            .collect();
        let mut values = vec![B::ZERO; out.len()];
        B::array(array, function, &real, &mut values, context)?;
        for (out, value) in out.iter_mut().zip(values) {
            *out = Self::of(value);
        }
        Ok(())
    }

    fn mapped(self, symbol: u64, order: u32, context: &mut Context<'_>) -> Result<Self, Fault> {
        let real = self.as_real().ok_or_else(unknown)?;
        Ok(Self::of(real.mapped(symbol, order, context)?))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let real: Option<Vec<B>> = arguments.iter().map(|argument| argument.as_real()).collect();
        Ok(Self::of(B::partial(&real.ok_or_else(unknown)?, symbol, by, context)?))
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let real = self.as_real().ok_or_else(unknown)?;
        Ok(Self::of(real.path(symbol, order, entry, context)?))
    }
}

fn unknown() -> Fault {
    Fault::Unsupported("an unknown function of a complex number".to_owned())
}

impl<B: Real> Pivot for Complex<B> {
    fn weight(self) -> f64 {
        self.real.weight() + self.imaginary.weight()
    }
}

impl<B: Real> Lift for Complex<B> {
    type Base = Self;

    fn lift(value: Self, _directions: &[Self]) -> Self {
        value
    }

    fn top(self) -> Self {
        self
    }

    fn bottom(self) -> Self {
        self
    }
}
