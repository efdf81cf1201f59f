//! Numbers of twice the usual precision that carry a bound of their error: what two computations of one
//! number may differ by, whatever the sizes of the terms on the way.
//!
//! Must not know trees or matrices. The bound is absolute and of first order (Higham, *Accuracy and
//! Stability of Numerical Algorithms*, §3.3): each operation passes on those of its operands and adds
//! what it rounds itself. A difference above the bound refutes, however small it is beside the terms; a
//! bound that is not small beside the number proves nothing. Functions that are known in the usual
//! precision only bring its error with them.

use gradus_functions::{ArrayFunction, Exact, Numeric};
use gradus_tensor::{FunctionId, Rational, Role};

use crate::book::{Context, Entry, ScalarProgram};
use crate::call::Argument;
use crate::complex::{Complex, Real};
use crate::double::{Double, LARGEST_EXPONENT, PI};
use crate::draw::{Drawn, Style};
use crate::field::{Fault, Field, Lift};
use crate::matrix::{self, Pivot};
use crate::random::Random;
use crate::smooth;
use crate::tracked::Tracked;

/// The error of one operation, as a part of its result.
const ROUNDING: f64 = 1e-31;
/// The error of an elementary function, as a part of its result.
const ROUNDING_OF_FUNCTIONS: f64 = 1e-27;
/// The error of a function in the usual precision, as a part of its result.
const ROUNDING_OF_USUAL: f64 = 4e-15;
/// The error of an algorithm on matrices in the usual precision, as a part of its scale.
const ROUNDING_OF_ARRAYS: f64 = 1e-12;
/// What is lost of numbers that are too small.
const LOST: f64 = 1e-290;
/// The bound is of first order; further orders and neighbouring roundings are left this much room.
const SAFETY: f64 = 16.0;
/// The part of a divisor or of an argument that its error may be, for a bound of first order.
const FIRST_ORDER: f64 = 1e-6;
/// A bound tells something if it is at most this part of the largest of the numbers compared.
const SHARP: f64 = 1e-5;
/// Of numbers that cancel to nothing a bound tells something if it is at most this.
const SHARP_OF_NOTHING: f64 = 1e-8;

/// Numbers are drawn up to this power of ten.
const FARTHEST: f64 = 5.0;

/// A value and a bound of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Precise {
    value: Double,
    error: f64,
}

impl Precise {
    fn with(value: Double, inherited: f64, rounding: f64) -> Self {
        Self { value, error: inherited + rounding * value.high.abs() }
    }

    fn exactly(value: f64) -> Self {
        Self { value: Double::of(value), error: 0.0 }
    }

    pub(crate) fn is_finite(self) -> bool {
        self.value.is_finite() && self.error.is_finite()
    }

    /// Whether the number may be zero and its digits are noise.
    fn may_vanish(self) -> bool {
        // What is no number may be anything.
        let is_known = self.error <= FIRST_ORDER * self.value.high.abs();
        !is_known || self.value.high == 0.0
    }

    /// The number where a function has a singularity at zero.
    fn away_from_zero(self) -> Result<Self, Fault> {
        if self.may_vanish() { Err(Fault::Outside) } else { Ok(self) }
    }

    /// Whether a difference from another number is above what rounding explains.
    pub(crate) fn differs(self, other: Self) -> bool {
        let difference = self.value.minus(other.value).high.abs();
        difference > SAFETY * (self.error + other.error) + LOST
    }

    /// Whether the bound is so small that agreement with another number tells something, in an array
    /// whose largest entry has this modulus.
    pub(crate) fn is_sharp(self, other: Self, largest: f64) -> bool {
        let bound = SAFETY * (self.error + other.error);
        bound <= SHARP * largest || largest <= bound && bound <= SHARP_OF_NOTHING
    }

    /// Whether any term was there.
    pub(crate) fn is_something(self) -> bool {
        self.value.high != 0.0 || self.error > LOST
    }

    /// The absolute value, in the usual precision.
    pub(crate) fn modulus(self) -> f64 {
        self.value.high.abs()
    }

    /// A function that is known in the usual precision.
    fn through(self, function: impl Fn(f64) -> f64) -> Result<Self, Fault> {
        let at = self.value.high;
        let value = function(at);
        let step = 1e-6 * at.abs().max(1e-3);
        let slope = (function(at + step) - function(at - step)) / (2.0 * step);
        if !value.is_finite() || !slope.is_finite() {
            return Err(Fault::Outside);
        }
        // What is lost of the argument, and rounding of it; near its zeros a function has an error that is
        // small beside one only.
        let moved = self.error + self.value.low.abs() + f64::EPSILON * at.abs();
        let inherited = 2.0 * slope.abs() * moved + f64::EPSILON;
        Ok(Self::with(Double::of(value), inherited, ROUNDING_OF_USUAL))
    }

    /// As the tracked number whose scale tells the same error of an algorithm on matrices.
    fn tracked(self) -> Tracked {
        let value = self.value.high;
        Tracked { value, scale: value.abs() + self.error / ROUNDING_OF_ARRAYS }
    }

    fn from_tracked(number: Tracked) -> Self {
        Self { value: Double::of(number.value), error: ROUNDING_OF_ARRAYS * number.scale }
    }

    fn natural_power(self, exponent: u64) -> Self {
        if self.is_zero() {
            return Self::ZERO;
        }
        let value = self.value.natural_power(exponent);
        let lower = self.value.natural_power(exponent.saturating_sub(1)).high.abs();
        let count = exponent as f64;
        Self::with(value, count * lower * self.error + LOST, count * ROUNDING)
    }

    fn square_root(self) -> Result<Self, Fault> {
        if self.value == Double::ZERO && self.error == 0.0 {
            return Ok(Self::ZERO);
        }
        let own = self.away_from_zero()?;
        if own.value.high < 0.0 {
            return Err(Fault::Outside);
        }
        let value = own.value.root();
        Ok(Self::with(value, own.error / value.high, ROUNDING))
    }

    fn sign(self) -> Result<Self, Fault> {
        if self.value == Double::ZERO && self.error == 0.0 {
            return Ok(Self::ZERO);
        }
        Ok(Self::exactly(self.away_from_zero()?.value.high.signum()))
    }
}

impl Field for Precise {
    const ZERO: Self = Self { value: Double::ZERO, error: 0.0 };
    const ONE: Self = Self { value: Double::ONE, error: 0.0 };

    fn add(self, other: Self) -> Self {
        Self::with(self.value.plus(other.value), self.error + other.error, ROUNDING)
    }

    fn subtract(self, other: Self) -> Self {
        Self::with(self.value.minus(other.value), self.error + other.error, ROUNDING)
    }

    fn multiply(self, other: Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::ZERO;
        }
        let (left, right) = (self.value.high.abs(), other.value.high.abs());
        let inherited = left * other.error + right * self.error + self.error * other.error;
        Self::with(self.value.times(other.value), inherited + LOST, ROUNDING)
    }

    fn negate(self) -> Self {
        Self { value: self.value.opposite(), error: self.error }
    }

    fn divide(self, other: Self) -> Option<Self> {
        if other.may_vanish() {
            return None;
        }
        let value = self.value.over(other.value);
        let inherited = (self.error + value.high.abs() * other.error) / other.value.high.abs();
        Some(if self.is_zero() {
            Self::ZERO
        } else {
            Self::with(value, inherited + LOST, ROUNDING)
        })
    }

    fn is_zero(self) -> bool {
        self.value == Double::ZERO && self.error == 0.0
    }

    fn from_integer(value: i64) -> Self {
        let high = value as f64;
        let low = (i128::from(value) - high as i128) as f64;
        Self { value: Double { high, low }, error: 0.0 }
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        let rounding = if value.to_i64().is_some() { 0.0 } else { ROUNDING };
        Some(Self::with(Double::from_rational(value)?, 0.0, rounding))
    }

    fn as_integer(self) -> Option<i64> {
        let whole = self.value.high.round();
        let rest = self.value.minus(Double::of(whole)).high.abs();
        (rest <= SAFETY * self.error && whole.abs() <= 1e6).then_some(whole as i64)
    }

    fn pi(_context: &mut Context<'_>) -> Self {
        Self::with(PI, 0.0, ROUNDING)
    }

    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.to_i64() {
            let power = match exponent.unsigned_abs() {
                0 => Self::ONE,
                1 => self,
                2 => self.multiply(self),
                exponent => self.natural_power(exponent),
            };
            return match exponent < 0 {
                true => Self::ONE.divide(power).ok_or(Fault::Outside),
                false => Ok(power),
            };
        }
        let doubled = exponent.multiply(&Rational::integer(2));
        if doubled.is_integer() {
            return self.square_root()?.power(&doubled, context);
        }
        if self.is_zero() && !exponent.is_negative() {
            return Ok(Self::ZERO);
        }
        let exponent = Self::from_rational(exponent).ok_or(Fault::Outside)?;
        self.logarithm(context)?.multiply(exponent).exponential(context)
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.as_integer() {
            return self.power(&Rational::integer(exponent), context);
        }
        self.logarithm(context)?.multiply(exponent).exponential(context)
    }

    fn exponential(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        if self.value.high < -LARGEST_EXPONENT {
            let error = 2.0 * self.value.high.exp() + LOST;
            return Ok(Self { value: Double::ZERO, error });
        }
        let value = self.value.exponential();
        if self.error > FIRST_ORDER || !value.is_finite() {
            return Err(Fault::Outside);
        }
        // The argument was rounded in proportion to itself.
        let moved = 2.0 * self.error + ROUNDING * self.value.high.abs();
        Ok(Self::with(value, value.high * moved + LOST, ROUNDING_OF_FUNCTIONS))
    }

    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let modulus = if self.value.high < 0.0 { self.negate() } else { self };
        modulus.logarithm(context)
    }

    fn logarithm(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        if self.value == Double::ONE && self.error == 0.0 {
            return Ok(Self::ZERO);
        }
        let own = self.away_from_zero()?;
        if own.value.high < 0.0 {
            return Err(Fault::Outside);
        }
        let inherited = own.error / own.value.high + ROUNDING_OF_FUNCTIONS;
        Ok(Self::with(own.value.logarithm(), inherited, ROUNDING_OF_FUNCTIONS))
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        entry.exact_definition().or_else(|| entry.numeric_definition())
    }

    fn primitive(
        _function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let role = entry.function.facts.role;
        match (entry.function.exact, entry.function.numeric, arguments) {
            (Exact::Exponential, _, [argument]) => argument.exponential(context),
            (Exact::Power, _, [base, exponent]) => base.power_by(*exponent, context),
            (Exact::Sign, _, [argument]) => argument.sign(),
            (Exact::Sine, _, [argument]) => Ok(argument.cosine_and_sine(context)?.1),
            (Exact::Cosine, _, [argument]) => Ok(argument.cosine_and_sine(context)?.0),
            (Exact::Table, _, [argument]) if role == Some(Role::Logarithm) => {
                argument.logarithm(context)
            }
            (_, Numeric::Elementwise(function), [argument]) => argument.through(function),
            (_, Numeric::Elementwise2(function), [left, right]) => {
                let first = left.through(|left| function(left, right.value.high))?;
                let second = right.through(|right| function(left.value.high, right))?;
                Ok(Self { value: first.value, error: first.error + second.error })
            }
            _ => Err(entry.unsupported()),
        }
    }

    fn solve(
        matrix: &[Self],
        right: &[Self],
        out: &mut [Self],
        size: usize,
        width: usize,
    ) -> Result<(), Fault> {
        matrix::solve(matrix, right, out, size, width)
    }

    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault> {
        let value = matrix::determinant(matrix, size);
        if value.is_zero() {
            // Zero, or rounding.
            return Ok(matrix::characteristic(matrix, size)?.1);
        }
        Ok(value)
    }

    fn array(
        array: ArrayFunction,
        _function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let entries: Vec<Vec<Tracked>> = arguments
            .iter()
            .map(|argument| argument.entries.iter().map(|entry| entry.tracked()).collect())
            .collect();
        let tracked: Vec<Argument<'_, Tracked>> = arguments
            .iter()
            .zip(&entries)
            .map(|(argument, entries)| Argument { entries, slot: argument.slot })
            .collect();
        let mut values = vec![Tracked::ZERO; out.len()];
        crate::array::tracked(array, &tracked, &mut values, true, context)?;
        for (out, value) in out.iter_mut().zip(values) {
            *out = Self::from_tracked(value);
        }
        Ok(())
    }

    fn mapped(self, symbol: u64, order: u32, _context: &mut Context<'_>) -> Result<Self, Fault> {
        self.through(|argument| smooth::mapped(symbol, order, argument))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        _context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let values = arguments.iter().map(|argument| argument.value.high);
        let value = smooth::partial(symbol, by, values);
        // The slopes of these functions are near one.
        let moved = |number: &Self| number.error + f64::EPSILON * (1.0 + number.modulus());
        let inherited: f64 = arguments.iter().map(moved).sum();
        Ok(Self::with(Double::of(value), 8.0 * inherited, ROUNDING_OF_USUAL))
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        _context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        self.through(|argument| smooth::path(symbol, order, entry, argument))
    }
}

impl Pivot for Precise {
    fn weight(self) -> f64 {
        if self.may_vanish() { 0.0 } else { self.modulus() }
    }
}

impl Lift for Precise {
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

impl Drawn for Precise {
    const RIDGE: Self = Self { value: Double::of(0.5), error: 0.0 };

    fn any(random: &mut Random, style: Style) -> Self {
        match style {
            // Further out than the usual precision sees beside small terms.
            Style::Far => {
                let sign = (random.unit() - 0.5).signum();
                Self::exactly(sign * 10_f64.powf(FARTHEST * random.unit()))
            }
            style => Self::exactly(Tracked::any(random, style).value),
        }
    }

    fn positive(random: &mut Random, style: Style) -> Self {
        Self::exactly(Tracked::positive(random, style).value)
    }

    fn exponent(random: &mut Random, integer: bool, round: u64) -> Self {
        Self::exactly(Tracked::exponent(random, integer, round).value)
    }

    fn agrees(self, other: Self) -> bool {
        !self.differs(other)
    }
}

impl Real for Precise {
    fn is_negligible(self) -> bool {
        self.modulus() <= SAFETY * self.error
    }

    fn cosine_and_sine(self, _context: &mut Context<'_>) -> Result<(Self, Self), Fault> {
        let (cosine, sine) = self.value.cosine_and_sine();
        if self.error > FIRST_ORDER || !cosine.is_finite() {
            return Err(Fault::Outside);
        }
        // The multiple of pi that was taken off is rounded in proportion to the argument.
        let moved = 2.0 * self.error
            + ROUNDING_OF_FUNCTIONS * self.modulus().min(1.0)
            + ROUNDING * self.modulus();
        let part = |value: Double| Self::with(value, moved, ROUNDING_OF_FUNCTIONS);
        Ok((part(cosine), part(sine)))
    }

    fn branched(
        number: Complex<Self>,
        function: impl Fn((f64, f64)) -> (f64, f64),
    ) -> Option<Complex<Self>> {
        let tracked =
            Complex { real: number.real.tracked(), imaginary: number.imaginary.tracked() };
        let found = Tracked::branched(tracked, function)?;
        // The first part of the numbers is all that was used.
        Some(Complex {
            real: Self::from_tracked(found.real),
            imaginary: Self::from_tracked(found.imaginary),
        })
    }
}
