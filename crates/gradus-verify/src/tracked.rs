//! Floating point numbers that remember how large the terms were from which they were computed.
//!
//! Must not know trees or matrices. Two computations of one number may differ by a small part of
//! the largest terms on the way, and not by a small part of the number: after a cancellation only
//! the terms tell how much of the number is noise.

use gradus_functions::Numeric;
use gradus_tensor::{FunctionId, Rational};

use crate::book::{Context, Entry, ScalarProgram};
use crate::field::{Fault, Field, Lift};
use crate::smooth;

/// A value and the scale of its terms, never below its modulus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tracked {
    pub(crate) value: f64,
    pub(crate) scale: f64,
}

impl Tracked {
    pub(crate) fn new(value: f64) -> Self {
        Self { value, scale: value.abs() }
    }

    fn with(value: f64, scale: f64) -> Self {
        Self { value, scale: scale.max(value.abs()) }
    }

    /// A function of this value, whose slope carries the scale on.
    fn through(self, function: impl Fn(f64) -> f64) -> Self {
        let value = function(self.value);
        if self.scale == 0.0 {
            return Self::new(value);
        }
        let step = 1e-6 * self.value.abs().max(1e-3);
        let slope = (function(self.value + step) - function(self.value - step)) / (2.0 * step);
        // At an edge of the domain there is a value on one side only, or none.
        let slope = if slope.is_finite() { slope.abs() } else { 0.0 };
        Self::with(value, value.abs() + slope * self.scale)
    }
}

impl Field for Tracked {
    const ZERO: Self = Self { value: 0.0, scale: 0.0 };
    const ONE: Self = Self { value: 1.0, scale: 1.0 };

    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, scale: self.scale + other.scale }
    }

    fn subtract(self, other: Self) -> Self {
        Self { value: self.value - other.value, scale: self.scale + other.scale }
    }

    fn multiply(self, other: Self) -> Self {
        Self { value: self.value * other.value, scale: self.scale * other.scale }
    }

    fn negate(self) -> Self {
        Self { value: -self.value, scale: self.scale }
    }

    fn divide(self, other: Self) -> Option<Self> {
        if other.value == 0.0 {
            return None;
        }
        let value = self.value / other.value;
        let modulus = other.value.abs();
        Some(Self::with(value, self.scale / modulus * (other.scale / modulus)))
    }

    fn is_zero(self) -> bool {
        self.value == 0.0 && self.scale == 0.0
    }

    fn weight(self) -> f64 {
        // What is noise is no pivot.
        if self.value.abs() > 1e-13 * self.scale { self.value.abs() } else { 0.0 }
    }

    fn from_integer(value: i64) -> Self {
        Self::new(value as f64)
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        Some(Self::new(value.to_f64()))
    }

    fn as_integer(self) -> Option<i64> {
        let whole = self.value.round();
        let near = (self.value - whole).abs() <= 1e-9 * self.scale.max(1.0);
        (near && whole.abs() <= 1e6).then_some(whole as i64)
    }

    fn pi(_context: &mut Context<'_>) -> Self {
        Self::new(std::f64::consts::PI)
    }

    fn power(self, exponent: &Rational, _context: &mut Context<'_>) -> Result<Self, Fault> {
        match exponent.to_i64().and_then(|exponent| i32::try_from(exponent).ok()) {
            Some(0) => Ok(Self::ONE),
            Some(1) => Ok(self),
            Some(2) => Ok(self.multiply(self)),
            Some(-1) => Self::ONE.divide(self).ok_or(Fault::Outside),
            Some(exponent) => Ok(self.through(|base| base.powi(exponent))),
            None => {
                let exponent = exponent.to_f64();
                Ok(self.through(|base| base.powf(exponent)))
            }
        }
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.as_integer() {
            return self.power(&Rational::integer(exponent), context);
        }
        let first = self.through(|base| base.powf(exponent.value));
        let second = exponent.through(|exponent| self.value.powf(exponent));
        Ok(Self::with(first.value, first.scale + second.scale))
    }

    fn exponential(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(f64::exp))
    }

    fn logarithm_of_modulus(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(|value| value.abs().ln()))
    }

    fn logarithm(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(f64::ln))
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        entry.numeric_definition()
    }

    fn primitive(
        _function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        _context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        match (entry.function.numeric, arguments) {
            (Numeric::Elementwise(function), [argument]) => Ok(argument.through(function)),
            (Numeric::Elementwise2(function), [left, right]) => {
                let first = left.through(|left| function(left, right.value));
                let second = right.through(|right| function(left.value, right));
                Ok(Self::with(first.value, first.scale + second.scale))
            }
            _ => Err(entry.unsupported()),
        }
    }

    fn mapped(self, symbol: u64, order: u32, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(|argument| smooth::mapped(symbol, order, argument)))
    }

    fn partial(arguments: &[Self], symbol: u64, by: &[u32], _context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = smooth::partial(symbol, by, arguments.iter().map(|argument| argument.value));
        // The slopes of these functions are near one.
        let scale: f64 = arguments.iter().map(|argument| argument.scale).sum();
        Ok(Self::with(value, value.abs() + scale))
    }

    fn path(self, symbol: u64, order: u32, entry: u32, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(|argument| smooth::path(symbol, order, entry, argument)))
    }
}

impl Lift for Tracked {
    type Base = Self;

    fn lift(value: Self, _directions: &[Self]) -> Self {
        value
    }

    fn top(self) -> Self {
        self
    }
}
