//! Power series in one step, cut off at some order: numbers that know their derivatives of every order in
//! one direction.
//!
//! Must not know trees or matrices.

use gradus_functions::ArrayFunction;
use gradus_tensor::{FunctionId, Rational};
use smallvec::SmallVec;

use crate::array::differential;
use crate::book::{Context, Entry, ScalarProgram};
use crate::call::{Argument, evaluate_array};
use crate::field::{Fault, Field, Lift};

/// The greatest order of a derivative that a series knows.
pub(crate) const GREATEST_ORDER: usize = 16;

/// The coefficients of a series, of which those up to its order are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Jet<F> {
    coefficients: [F; GREATEST_ORDER + 1],
    order: usize,
}

impl<F: Field> Jet<F> {
    /// A series of which every coefficient is known.
    pub(crate) fn of(known: &[F]) -> Self {
        let mut coefficients = [F::ZERO; GREATEST_ORDER + 1];
        for (coefficient, known) in coefficients.iter_mut().zip(known) {
            *coefficient = *known;
        }
        Self { coefficients, order: GREATEST_ORDER }
    }

    /// The same, known up to an order.
    pub(crate) fn up_to(mut self, order: usize) -> Self {
        self.order = self.order.min(order);
        for coefficient in &mut self.coefficients[self.order + 1..] {
            *coefficient = F::ZERO;
        }
        self
    }

    /// The coefficient of some power.
    pub(crate) fn coefficient(&self, power: usize) -> F {
        self.coefficients[power]
    }

    fn known(&self) -> &[F] {
        &self.coefficients[..=self.order]
    }

    fn is_constant(&self) -> bool {
        self.known()[1..].iter().all(|coefficient| coefficient.is_zero())
    }

    fn each(mut self, map: impl Fn(F) -> F) -> Self {
        for coefficient in &mut self.coefficients {
            *coefficient = map(*coefficient);
        }
        self
    }

    fn with(mut self, other: &Self, join: impl Fn(F, F) -> F) -> Self {
        self.order = self.order.min(other.order);
        for power in 0..=self.order {
            self.coefficients[power] = join(self.coefficients[power], other.coefficients[power]);
        }
        self.up_to(self.order)
    }

    /// The derivative by the step, known to one order less.
    fn slope(&self) -> Self {
        let mut slope = Self { order: self.order.saturating_sub(1), ..Self::ZERO };
        for power in 0..self.order {
            let factor = F::from_integer(i64::try_from(power + 1).unwrap_or(i64::MAX));
            slope.coefficients[power] = self.coefficients[power + 1].multiply(factor);
        }
        slope
    }

    /// The series that begins with a value and has a derivative.
    fn from_slope(value: F, slope: &Self) -> Option<Self> {
        let order = (slope.order + 1).min(GREATEST_ORDER);
        let mut series = Self { order, ..Self::ZERO };
        series.coefficients[0] = value;
        for power in 1..=order {
            let divisor = F::from_integer(i64::try_from(power).ok()?);
            series.coefficients[power] = slope.coefficients[power - 1].divide(divisor)?;
        }
        Some(series)
    }

    /// A function of this series from its value and its derivative at the series, which is asked for only
    /// if it matters.
    fn chain(
        self,
        value: F,
        derivative: impl FnOnce(Self) -> Result<Self, Fault>,
    ) -> Result<Self, Fault> {
        if self.order == 0 || self.is_constant() {
            return Ok(Self::of(&[value]).up_to(self.order));
        }
        let slope = derivative(self.up_to(self.order - 1))?.multiply(self.slope());
        Self::from_slope(value, &slope).ok_or(Fault::Outside)
    }
}

/// The least order of some series.
fn order<F: Field>(entries: &[Jet<F>]) -> usize {
    entries.iter().map(|entry| entry.order).min().unwrap_or(GREATEST_ORDER)
}

fn bottoms<F: Field>(entries: &[Jet<F>]) -> Vec<F> {
    entries.iter().map(|entry| entry.coefficients[0]).collect()
}

impl<F: Field> Field for Jet<F> {
    const ZERO: Self = Self { coefficients: [F::ZERO; GREATEST_ORDER + 1], order: GREATEST_ORDER };
    const ONE: Self = {
        let mut coefficients = [F::ZERO; GREATEST_ORDER + 1];
        coefficients[0] = F::ONE;
        Self { coefficients, order: GREATEST_ORDER }
    };
    const COMPLEX: bool = F::COMPLEX;

    fn add(self, other: Self) -> Self {
        self.with(&other, F::add)
    }

    fn subtract(self, other: Self) -> Self {
        self.with(&other, F::subtract)
    }

    fn multiply(self, other: Self) -> Self {
        let mut product = Self { order: self.order.min(other.order), ..Self::ZERO };
        for power in 0..=product.order {
            let mut total = F::ZERO;
            for first in 0..=power {
                let (left, right) = (self.coefficients[first], other.coefficients[power - first]);
                if !left.is_zero() && !right.is_zero() {
                    total = total.add(left.multiply(right));
                }
            }
            product.coefficients[power] = total;
        }
        product
    }

    fn negate(self) -> Self {
        self.each(F::negate)
    }

    fn divide(self, other: Self) -> Option<Self> {
        let inverse = F::ONE.divide(other.coefficients[0])?;
        let mut quotient = Self { order: self.order.min(other.order), ..Self::ZERO };
        for power in 0..=quotient.order {
            let mut rest = self.coefficients[power];
            for first in 0..power {
                let known = quotient.coefficients[first];
                rest = rest.subtract(known.multiply(other.coefficients[power - first]));
            }
            quotient.coefficients[power] = rest.multiply(inverse);
        }
        Some(quotient)
    }

    fn is_zero(self) -> bool {
        self.known().iter().all(|coefficient| coefficient.is_zero())
    }

    fn from_integer(value: i64) -> Self {
        Self::of(&[F::from_integer(value)])
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        Some(Self::of(&[F::from_rational(value)?]))
    }

    fn as_integer(self) -> Option<i64> {
        if self.is_constant() { self.coefficients[0].as_integer() } else { None }
    }

    fn pi(context: &mut Context<'_>) -> Self {
        Self::of(&[F::pi(context)])
    }

    fn conjugate(self) -> Self {
        self.each(F::conjugate)
    }

    fn real_part(self) -> Self {
        self.each(F::real_part)
    }

    fn imaginary_part(self) -> Self {
        self.each(F::imaginary_part)
    }

    fn imaginary_unit() -> Option<Self> {
        F::imaginary_unit().map(|unit| Self::of(&[unit]))
    }

    fn differential(self) -> Self {
        self.slope()
    }

    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.coefficients[0].power(exponent, context)?;
        self.chain(value, |base| {
            let lowered = base.power(&exponent.subtract(&Rational::ONE), context)?;
            let factor = Self::from_rational(exponent).ok_or(Fault::Outside)?;
            Ok(factor.multiply(lowered))
        })
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let order = self.order.min(exponent.order);
        let value = self.coefficients[0].power_by(exponent.coefficients[0], context)?;
        if order == 0 || self.is_constant() && exponent.is_constant() {
            return Ok(Self::of(&[value]).up_to(order));
        }
        let (base, by) = (self.up_to(order - 1), exponent.up_to(order - 1));
        let mut slope = Self::ZERO.up_to(order - 1);
        if !self.is_constant() {
            let lowered = base.power_by(by.subtract(Self::ONE), context)?;
            slope = slope.add(by.multiply(lowered).multiply(self.slope()));
        }
        if !exponent.is_constant() {
            let logarithm = base.logarithm(context)?;
            let raised = base.power_by(by, context)?;
            slope = slope.add(raised.multiply(logarithm).multiply(exponent.slope()));
        }
        Self::from_slope(value, &slope).ok_or(Fault::Outside)
    }

    fn exponential(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.coefficients[0].exponential(context)?;
        self.chain(value, |argument| argument.exponential(context))
    }

    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.coefficients[0].logarithm_of_modulus(context)?;
        let series =
            self.chain(value, |argument| Self::ONE.divide(argument).ok_or(Fault::Outside))?;
        if !F::COMPLEX {
            return Ok(series);
        }
        let mut real = series.real_part();
        real.coefficients[0] = value;
        Ok(real)
    }

    fn logarithm(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.coefficients[0].logarithm(context)?;
        self.chain(value, |argument| Self::ONE.divide(argument).ok_or(Fault::Outside))
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        F::definition(entry)
    }

    fn primitive(
        function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let order = order(arguments);
        let value = F::primitive(function, entry, &bottoms(arguments), context)?;
        if order == 0 || arguments.iter().all(Self::is_constant) {
            return Ok(Self::of(&[value]).up_to(order));
        }
        let at: SmallVec<[Self; 2]> = arguments.iter().map(|it| it.up_to(order - 1)).collect();
        let slopes: SmallVec<[Self; 2]> =
            arguments.iter().map(|it| it.slope().up_to(order - 1)).collect();
        let slope = entry.differential()?.run(&at, &slopes, context)?;
        Self::from_slope(value, &slope.up_to(order - 1)).ok_or(Fault::Outside)
    }

    fn solve(
        matrix: &[Self],
        right: &[Self],
        out: &mut [Self],
        size: usize,
        width: usize,
    ) -> Result<(), Fault> {
        // The coefficients of `A x = b` one after the other.
        let order = order(matrix).min(self::order(right));
        let first = bottoms(matrix);
        let varies = matrix.iter().any(|entry| !entry.is_constant());
        let constant = right.iter().all(Self::is_constant);
        out.fill(Self::ZERO.up_to(order));
        let last = if !varies && constant { 0 } else { order };
        let mut solution = vec![F::ZERO; right.len()];
        for power in 0..=last {
            let mut rest: Vec<F> = right.iter().map(|entry| entry.coefficients[power]).collect();
            for before in 0..if varies { power } else { 0 } {
                for row in 0..size {
                    for inner in 0..size {
                        let factor = matrix[row * size + inner].coefficients[power - before];
                        if factor.is_zero() {
                            continue;
                        }
                        for column in 0..width {
                            let known = out[inner * width + column].coefficients[before];
                            let place = row * width + column;
                            rest[place] = rest[place].subtract(factor.multiply(known));
                        }
                    }
                }
            }
            F::solve(&first, &rest, &mut solution, size, width)?;
            for (entry, value) in out.iter_mut().zip(&solution) {
                entry.coefficients[power] = *value;
            }
        }
        Ok(())
    }

    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault> {
        if matrix.iter().all(Self::is_constant) {
            return Ok(Self::of(&[F::determinant(&bottoms(matrix), size)?]).up_to(order(matrix)));
        }
        Ok(division_free_determinant(matrix, size))
    }

    fn array(
        array: ArrayFunction,
        function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let order = arguments.iter().map(|it| order(it.entries)).min().unwrap_or(GREATEST_ORDER);
        let firsts: Vec<Vec<F>> = arguments.iter().map(|it| bottoms(it.entries)).collect();
        let at: Vec<Argument<'_, F>> = arguments
            .iter()
            .zip(&firsts)
            .map(|(argument, entries)| Argument { entries, slot: argument.slot })
            .collect();
        let mut values = vec![F::ZERO; out.len()];
        evaluate_array(array, function, &at, &mut values, context)?;
        let moves = arguments.iter().flat_map(|it| it.entries).any(|entry| !entry.is_constant());
        if order == 0 || !moves {
            for (out, value) in out.iter_mut().zip(values) {
                *out = Self::of(&[value]).up_to(order);
            }
            return Ok(());
        }
        let cut = |entry: &Self| entry.up_to(order - 1);
        let below: Vec<Vec<Self>> =
            arguments.iter().map(|it| it.entries.iter().map(cut).collect()).collect();
        let at: Vec<Argument<'_, Self>> = arguments
            .iter()
            .zip(&below)
            .map(|(argument, entries)| Argument { entries, slot: argument.slot })
            .collect();
        let turn = |entry: &Self| entry.slope().up_to(order - 1);
        let changes: Vec<Vec<Self>> =
            arguments.iter().map(|it| it.entries.iter().map(turn).collect()).collect();
        let mut slopes = vec![Self::ZERO; out.len()];
        differential(function, &at, &changes, &mut slopes, context)?;
        for (out, (value, slope)) in out.iter_mut().zip(values.into_iter().zip(slopes)) {
            *out = Self::from_slope(value, &slope.up_to(order - 1)).ok_or(Fault::Outside)?;
        }
        Ok(())
    }

    fn mapped(self, symbol: u64, order: u32, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.coefficients[0].mapped(symbol, order, context)?;
        self.chain(value, |argument| argument.mapped(symbol, order + 1, context))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let order = order(arguments);
        let value = F::partial(&bottoms(arguments), symbol, by, context)?;
        if order == 0 || arguments.iter().all(Self::is_constant) {
            return Ok(Self::of(&[value]).up_to(order));
        }
        let at: Vec<Self> = arguments.iter().map(|it| it.up_to(order - 1)).collect();
        let mut slope = Self::ZERO.up_to(order - 1);
        let mut further: SmallVec<[u32; 4]> = by.into();
        further.push(0);
        for (entry, argument) in (0_u32..).zip(arguments) {
            if argument.is_constant() {
                continue;
            }
            further[by.len()] = entry;
            let partial = Self::partial(&at, symbol, &further, context)?;
            slope = slope.add(partial.multiply(argument.slope()));
        }
        Self::from_slope(value, &slope).ok_or(Fault::Outside)
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let value = self.coefficients[0].path(symbol, order, entry, context)?;
        self.chain(value, |argument| argument.path(symbol, order + 1, entry, context))
    }
}

/// The determinant by sums and products alone (Bird 2011), since series that begin with zero have no
/// inverse.
fn division_free_determinant<F: Field>(matrix: &[F], size: usize) -> F {
    if size == 0 {
        return F::ONE;
    }
    let mut current = matrix.to_vec();
    for _ in 1..size {
        // Above the diagonal as it is, on it minus the sum of the diagonal below.
        let mut upper = vec![F::ZERO; size * size];
        let mut below = F::ZERO;
        for row in (0..size).rev() {
            upper[row * size + row] = below.negate();
            below = below.add(current[row * size + row]);
            for column in row + 1..size {
                upper[row * size + column] = current[row * size + column];
            }
        }
        for row in 0..size {
            for column in 0..size {
                let mut total = F::ZERO;
                for inner in row..size {
                    let left = upper[row * size + inner];
                    total = total.add(left.multiply(matrix[inner * size + column]));
                }
                current[row * size + column] = total;
            }
        }
    }
    if size.is_multiple_of(2) { current[0].negate() } else { current[0] }
}

impl<F: Field> Lift for Jet<F> {
    type Base = F;

    /// The directions are one and the same, as many as the order.
    fn lift(value: F, directions: &[F]) -> Self {
        match directions.first() {
            Some(direction) => Self::of(&[value, *direction]).up_to(directions.len()),
            None => Self::of(&[value]),
        }
    }

    /// The coefficient of the highest power that is known.
    fn top(self) -> F {
        self.coefficients[self.order]
    }

    fn bottom(self) -> F {
        self.coefficients[0]
    }
}
