//! Floating point numbers that remember how large the terms were from which they were computed.
//!
//! Must not know trees or matrices. Two computations of one number may differ by a small part of
//! the largest terms on the way, and not by a small part of the number: after a cancellation only
//! the terms tell how much of the number is noise.

use gradus_functions::{ArrayFunction, Exact, Numeric};
use gradus_tensor::{FunctionId, Rational};

use crate::book::{Context, Entry, ScalarProgram};
use crate::call::Argument;
use crate::field::{Fault, Field, Lift};
use crate::matrix::{self, Pivot};
use crate::smooth;

/// The scale of a number that is too small for f64: the least normal number is far below the part of
/// it by which two computations may differ.
pub(crate) const SCALE_OF_LOST: f64 = f64::MIN_POSITIVE * 1e8;

/// The part of the greatest scale in a solved system that each of its entries has at least.
const FILLED: f64 = 1e-7;

/// A number below this part of its scale is noise.
const NOISE: f64 = 1e-11;

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

    /// Whether the digits are rounding of larger terms, so that the number may be zero.
    fn is_noise(self) -> bool {
        self.value.abs() < NOISE * self.scale
    }

    /// The number where a function has a singularity at zero.
    fn away_from_zero(self) -> Result<Self, Fault> {
        if self.is_noise() { Err(Fault::Outside) } else { Ok(self) }
    }

    /// Whether a number that is not zero is too small for f64, so that nothing is known of its digits.
    fn is_lost(self) -> bool {
        self.value.abs() < f64::MIN_POSITIVE
    }

    /// The same number; one that is too small for f64 has a scale of which it may be noise.
    fn unless_lost(self, is_zero: bool) -> Self {
        if is_zero || !self.is_lost() {
            self
        } else {
            Self { scale: self.scale.max(SCALE_OF_LOST), ..self }
        }
    }

    /// The same power, if its digits are known: what a great exponent made too small may meet what it
    /// made too great.
    fn unless_lost_power(self, is_zero: bool) -> Result<Self, Fault> {
        if is_zero || !self.is_lost() { Ok(self) } else { Err(Fault::Outside) }
    }

    /// A function of this value, whose slope carries the scale on.
    pub(crate) fn through(self, function: impl Fn(f64) -> f64) -> Self {
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
        // To first order, as rounding errors go.
        let scale = self.scale * other.value.abs() + self.value.abs() * other.scale;
        let product = Self { value: self.value * other.value, scale };
        product.unless_lost(self.value == 0.0 || other.value == 0.0)
    }

    fn negate(self) -> Self {
        Self { value: -self.value, scale: self.scale }
    }

    fn divide(self, other: Self) -> Option<Self> {
        if other.value == 0.0 || other.is_noise() {
            return None;
        }
        let value = self.value / other.value;
        let modulus = other.value.abs();
        let scale = self.scale / modulus + value.abs() * (other.scale / modulus);
        Some(Self::with(value, scale).unless_lost(self.value == 0.0))
    }

    fn is_zero(self) -> bool {
        self.value == 0.0 && self.scale == 0.0
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
            Some(exponent) => {
                let base = if exponent < 0 { self.away_from_zero()? } else { self };
                let power = base.through(|base| base.powi(exponent));
                power.unless_lost_power(self.value == 0.0)
            }
            None => {
                let exponent = exponent.to_f64();
                let power = self.away_from_zero()?.through(|base| base.powf(exponent));
                power.unless_lost_power(self.value == 0.0)
            }
        }
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        if let Some(exponent) = exponent.as_integer() {
            return self.power(&Rational::integer(exponent), context);
        }
        let first = self.through(|base| base.powf(exponent.value));
        let second = exponent.through(|exponent| self.value.powf(exponent));
        let power = Self::with(first.value, first.scale + second.scale);
        power.unless_lost_power(self.value == 0.0)
    }

    fn exponential(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        // What is too great would be hidden by a factor of zero, and what is too small is not zero.
        let found = self.through(f64::exp).unless_lost(false);
        if found.value.is_finite() { Ok(found) } else { Err(Fault::Outside) }
    }

    fn logarithm_of_modulus(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.away_from_zero()?.through(|value| value.abs().ln()))
    }

    fn logarithm(self, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.away_from_zero()?.through(f64::ln))
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        entry.numeric_definition()
    }

    fn primitive(
        _function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        if let (Exact::Exponential, [argument]) = (entry.function.exact, arguments) {
            return argument.exponential(context);
        }
        match (entry.function.numeric, arguments) {
            (Numeric::Elementwise(function), [argument]) => {
                let own = match function(0.0).is_finite() {
                    true => *argument,
                    false => argument.away_from_zero()?,
                };
                let found = own.through(function);
                // What is too great for f64 would be hidden by a factor of zero.
                if found.value.is_finite() { Ok(found) } else { Err(Fault::Outside) }
            }
            (Numeric::Elementwise2(function), [left, right]) => {
                let first = left.through(|left| function(left, right.value));
                let second = right.through(|right| function(left.value, right));
                Ok(Self::with(first.value, first.scale + second.scale))
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
        let inverse = inverse(matrix, size)?;
        let known: Vec<f64> = right.iter().map(|entry| entry.value).collect();
        let mut solution = vec![0.0; known.len()];
        multiply(&inverse, &known, &mut solution, size, width);
        // The scale of A x and of b, seen through the inverse.
        let mut noise: Vec<f64> = right.iter().map(|entry| entry.scale).collect();
        for (row, scales) in matrix.chunks_exact(size).enumerate() {
            for (column, entry) in scales.iter().enumerate() {
                for side in 0..width {
                    noise[row * width + side] +=
                        entry.scale * solution[column * width + side].abs();
                }
            }
        }
        let moduli: Vec<f64> = inverse.iter().map(|entry| entry.abs()).collect();
        let mut scales = vec![0.0; noise.len()];
        multiply(&moduli, &noise, &mut scales, size, width);
        // Elimination fills places where the solution is zero with rounding of its other entries.
        let filled = FILLED * scales.iter().fold(0.0, |largest: f64, scale| largest.max(*scale));
        for (out, (value, scale)) in out.iter_mut().zip(solution.into_iter().zip(scales)) {
            *out = Self::with(value, scale.max(filled));
        }
        Ok(())
    }

    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault> {
        let Ok(inverse) = inverse(matrix, size) else {
            return Ok(matrix::characteristic(matrix, size)?.1);
        };
        let mut values: Vec<f64> = matrix.iter().map(|entry| entry.value).collect();
        let value = reduce(&mut values, &mut [], size, 0).ok_or(Fault::Outside)?;
        let mut scale = 0.0;
        for row in 0..size {
            for column in 0..size {
                scale += inverse[column * size + row].abs() * matrix[row * size + column].scale;
            }
        }
        Ok(Self::with(value, value.abs() * scale))
    }

    fn array(
        array: ArrayFunction,
        _function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        crate::array::tracked(array, arguments, out, false, context)
    }

    fn mapped(self, symbol: u64, order: u32, _context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(self.through(|argument| smooth::mapped(symbol, order, argument)))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        _context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let value = smooth::partial(symbol, by, arguments.iter().map(|argument| argument.value));
        // The slopes of these functions are near one.
        let scale: f64 = arguments.iter().map(|argument| argument.scale).sum();
        Ok(Self::with(value, value.abs() + scale))
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        _context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        Ok(self.through(|argument| smooth::path(symbol, order, entry, argument)))
    }
}

impl Pivot for Tracked {
    fn weight(self) -> f64 {
        self.value.abs()
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

    fn bottom(self) -> Self {
        self
    }
}

/// Pivots below this part of the largest entry of their row of the matrix count as zero.
const SMALLEST_PIVOT: f64 = 1e-11;

/// The inverse of the values; refused for a matrix that is singular up to rounding.
fn inverse(matrix: &[Tracked], size: usize) -> Result<Vec<f64>, Fault> {
    let mut values: Vec<f64> = matrix.iter().map(|entry| entry.value).collect();
    let mut unit = vec![0.0; size * size];
    for at in 0..size {
        unit[at * (size + 1)] = 1.0;
    }
    reduce(&mut values, &mut unit, size, size).ok_or(Fault::Outside)?;
    Ok(unit)
}

/// Brings a matrix to the identity by row operations, applied to `right` as well, and returns its
/// determinant; nothing if it is singular up to rounding.
fn reduce(matrix: &mut [f64], right: &mut [f64], size: usize, width: usize) -> Option<f64> {
    let largest = matrix.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
    let mut determinant = 1.0;
    for step in 0..size {
        let mut best = step;
        for row in step + 1..size {
            if matrix[row * size + step].abs() > matrix[best * size + step].abs() {
                best = row;
            }
        }
        let pivot = matrix[best * size + step];
        if pivot.is_nan() || pivot.abs() <= SMALLEST_PIVOT * largest {
            return None;
        }
        if best != step {
            determinant = -determinant;
            (0..size).for_each(|column| matrix.swap(step * size + column, best * size + column));
            (0..width).for_each(|column| right.swap(step * width + column, best * width + column));
        }
        determinant *= pivot;
        matrix[step * size..(step + 1) * size].iter_mut().for_each(|entry| *entry /= pivot);
        right[step * width..(step + 1) * width].iter_mut().for_each(|entry| *entry /= pivot);
        for row in (0..size).filter(|row| *row != step) {
            let factor = matrix[row * size + step];
            for column in 0..size {
                matrix[row * size + column] -= factor * matrix[step * size + column];
            }
            for column in 0..width {
                right[row * width + column] -= factor * right[step * width + column];
            }
        }
    }
    Some(determinant)
}

/// `out = left*right` for a square matrix and `width` columns.
fn multiply(left: &[f64], right: &[f64], out: &mut [f64], size: usize, width: usize) {
    out.fill(0.0);
    for row in 0..size {
        for inner in 0..size {
            for column in 0..width {
                out[row * width + column] +=
                    left[row * size + inner] * right[inner * width + column];
            }
        }
    }
}
