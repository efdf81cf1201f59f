//! The numbers that an evaluation can run over, and dual numbers over any of them.
//!
//! Must not know trees or matrices.

use gradus_functions::ArrayFunction;
use gradus_tensor::{FunctionId, Rational, Role};
use smallvec::SmallVec;

use crate::array::differential;
use crate::book::{Context, Entry, ScalarProgram};
use crate::call::{Argument, evaluate_array};
use crate::matrix::{adjugate, product};

/// Why an evaluation gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The point is outside the domain; another point may be inside.
    Outside,
    /// No point will do.
    Unsupported(String),
    /// Too large at these sizes.
    Limit(&'static str),
}

/// Scalars: a field, with the functions of the rule book.
pub(crate) trait Field: Copy + PartialEq {
    const ZERO: Self;
    const ONE: Self;
    /// Whether numbers have an imaginary part.
    const COMPLEX: bool = false;

    fn add(self, other: Self) -> Self;
    fn subtract(self, other: Self) -> Self;
    fn multiply(self, other: Self) -> Self;
    fn negate(self) -> Self;
    /// Nothing if the divisor has no inverse.
    fn divide(self, other: Self) -> Option<Self>;
    /// Whether every part is zero.
    fn is_zero(self) -> bool;
    fn from_integer(value: i64) -> Self;
    fn from_rational(value: &Rational) -> Option<Self>;
    /// The value as a small integer, if it is one and does not vary.
    fn as_integer(self) -> Option<i64>;
    fn pi(context: &mut Context<'_>) -> Self;
    /// The complex conjugate.
    fn conjugate(self) -> Self {
        self
    }
    /// The real part.
    fn real_part(self) -> Self {
        self
    }
    /// The imaginary part.
    fn imaginary_part(self) -> Self {
        Self::ZERO
    }
    /// The imaginary unit, where there is one.
    fn imaginary_unit() -> Option<Self> {
        None
    }

    /// The differential, as far as it is known: a value knows none, a dual number the one of its value,
    /// nested ones that of their tangents.
    fn differential(self) -> Self {
        Self::ZERO
    }

    /// A power with a rational exponent.
    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault>;
    /// A power whose exponent is a value.
    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault>;
    fn exponential(self, context: &mut Context<'_>) -> Result<Self, Fault>;
    /// `log |x|`
    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault>;
    fn logarithm(self, context: &mut Context<'_>) -> Result<Self, Fault>;

    /// The definition by which an entry is evaluated over this field, unless it has a value of its own.
    fn definition(entry: &Entry) -> Option<&ScalarProgram>;
    /// The value of an entry that is evaluated by no definition.
    fn primitive(
        function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault>;

    /// `out = inv(matrix)*right` for a square matrix and `width` columns.
    fn solve(
        matrix: &[Self],
        right: &[Self],
        out: &mut [Self],
        size: usize,
        width: usize,
    ) -> Result<(), Fault>;
    /// The determinant, of a singular matrix too.
    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault>;

    /// A function of whole arrays that has no algorithm over every field.
    fn array(
        array: ArrayFunction,
        function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault>;

    /// An unknown function of one number, or its derivative of some order.
    fn mapped(self, symbol: u64, order: u32, context: &mut Context<'_>) -> Result<Self, Fault>;
    /// A partial derivative of an unknown scalar function of an array by the entries in `by`.
    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault>;
    /// An entry of an unknown array function of one number, or its derivative of some order.
    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        context: &mut Context<'_>,
    ) -> Result<Self, Fault>;
}

/// The value of an elementwise function.
pub(crate) fn call<F: Field>(
    function: FunctionId,
    arguments: &[F],
    context: &mut Context<'_>,
) -> Result<F, Fault> {
    let book = context.book;
    let Some(entry) = book.entry(function) else {
        return Err(Fault::Unsupported("a function that the rule book does not have".to_owned()));
    };
    if let [argument] = arguments
        && F::COMPLEX
        && entry.function.facts.role == Some(Role::Absolute)
    {
        let half = Rational::new(1, 2).ok_or(Fault::Outside)?;
        return argument.multiply(argument.conjugate()).power(&half, context);
    }
    let Some(program) = F::definition(entry) else {
        return F::primitive(function, entry, arguments, context);
    };
    context.enter(entry)?;
    let value = program.run(arguments, &[], context);
    context.leave();
    value
}

/// A value with its derivative in one direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dual<F> {
    pub(crate) value: F,
    pub(crate) tangent: F,
}

impl<F: Field> Dual<F> {
    fn constant(value: F) -> Self {
        Self { value, tangent: F::ZERO }
    }

    /// A value whose tangent is `slope` times this one's; the slope is asked for only if it matters.
    fn chain(self, value: F, slope: impl FnOnce() -> Result<F, Fault>) -> Result<Self, Fault> {
        let tangent =
            if self.tangent.is_zero() { F::ZERO } else { slope()?.multiply(self.tangent) };
        Ok(Self { value, tangent })
    }
}

/// The values and the tangents of a list of dual numbers.
fn split<F: Field>(entries: &[Dual<F>]) -> (Vec<F>, Vec<F>) {
    entries.iter().map(|entry| (entry.value, entry.tangent)).unzip()
}

/// The values of a list of dual numbers.
fn values<F: Field>(arguments: &[Dual<F>]) -> SmallVec<[F; 8]> {
    arguments.iter().map(|argument| argument.value).collect()
}

impl<F: Field> Field for Dual<F> {
    const ZERO: Self = Self { value: F::ZERO, tangent: F::ZERO };
    const ONE: Self = Self { value: F::ONE, tangent: F::ZERO };
    const COMPLEX: bool = F::COMPLEX;

    fn add(self, other: Self) -> Self {
        Self { value: self.value.add(other.value), tangent: self.tangent.add(other.tangent) }
    }

    fn subtract(self, other: Self) -> Self {
        Self {
            value: self.value.subtract(other.value),
            tangent: self.tangent.subtract(other.tangent),
        }
    }

    fn multiply(self, other: Self) -> Self {
        let left = self.tangent.multiply(other.value);
        let right = self.value.multiply(other.tangent);
        Self { value: self.value.multiply(other.value), tangent: left.add(right) }
    }

    fn negate(self) -> Self {
        Self { value: self.value.negate(), tangent: self.tangent.negate() }
    }

    fn divide(self, other: Self) -> Option<Self> {
        if self.tangent.is_zero() && other.tangent.is_zero() {
            return Some(Self::constant(self.value.divide(other.value)?));
        }
        // Over a finite field an inverse costs much more than a product.
        let inverse = F::ONE.divide(other.value)?;
        let value = self.value.multiply(inverse);
        let tangent = self.tangent.subtract(value.multiply(other.tangent)).multiply(inverse);
        Some(Self { value, tangent })
    }

    fn is_zero(self) -> bool {
        self.value.is_zero() && self.tangent.is_zero()
    }

    fn from_integer(value: i64) -> Self {
        Self::constant(F::from_integer(value))
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        Some(Self::constant(F::from_rational(value)?))
    }

    fn as_integer(self) -> Option<i64> {
        if self.tangent.is_zero() { self.value.as_integer() } else { None }
    }

    fn pi(context: &mut Context<'_>) -> Self {
        Self::constant(F::pi(context))
    }

    fn conjugate(self) -> Self {
        Self { value: self.value.conjugate(), tangent: self.tangent.conjugate() }
    }

    fn real_part(self) -> Self {
        Self { value: self.value.real_part(), tangent: self.tangent.real_part() }
    }

    fn imaginary_part(self) -> Self {
        Self { value: self.value.imaginary_part(), tangent: self.tangent.imaginary_part() }
    }

    fn imaginary_unit() -> Option<Self> {
        F::imaginary_unit().map(Self::constant)
    }

    fn differential(self) -> Self {
        Self { value: self.tangent, tangent: self.tangent.differential() }
    }

    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.power(exponent, context)?;
        self.chain(value, || {
            let lowered = self.value.power(&exponent.subtract(&Rational::ONE), context)?;
            let factor = F::from_rational(exponent).ok_or(Fault::Outside)?;
            Ok(factor.multiply(lowered))
        })
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.power_by(exponent.value, context)?;
        let mut tangent = F::ZERO;
        if !self.tangent.is_zero() {
            let lowered = self.value.power_by(exponent.value.subtract(F::ONE), context)?;
            tangent = exponent.value.multiply(lowered).multiply(self.tangent);
        }
        if !exponent.tangent.is_zero() {
            let logarithm = self.value.logarithm(context)?;
            tangent = tangent.add(value.multiply(logarithm).multiply(exponent.tangent));
        }
        Ok(Self { value, tangent })
    }

    fn exponential(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.exponential(context)?;
        self.chain(value, || Ok(value))
    }

    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.logarithm_of_modulus(context)?;
        let mut logarithm =
            self.chain(value, || F::ONE.divide(self.value).ok_or(Fault::Outside))?;
        if F::COMPLEX {
            logarithm.tangent = logarithm.tangent.real_part();
        }
        Ok(logarithm)
    }

    fn logarithm(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.logarithm(context)?;
        self.chain(value, || F::ONE.divide(self.value).ok_or(Fault::Outside))
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
        let values = values(arguments);
        let value = F::primitive(function, entry, &values, context)?;
        if arguments.iter().all(|argument| argument.tangent.is_zero()) {
            return Ok(Self::constant(value));
        }
        let tangents: SmallVec<[F; 8]> =
            arguments.iter().map(|argument| argument.tangent).collect();
        let differential = entry.differential()?;
        Ok(Self { value, tangent: differential.run(&values, &tangents, context)? })
    }

    fn solve(
        matrix: &[Self],
        right: &[Self],
        out: &mut [Self],
        size: usize,
        width: usize,
    ) -> Result<(), Fault> {
        let (values, tangents) = split(matrix);
        let (known, mut change) = split(right);
        let mut solution = known.clone();
        F::solve(&values, &known, &mut solution, size, width)?;
        let mut slope = vec![F::ZERO; change.len()];
        if tangents.iter().chain(&change).any(|tangent| !tangent.is_zero()) {
            // A x = b, and so A dx = db - dA x.
            product(&tangents, &solution, &mut slope, size, width);
            for (change, moved) in change.iter_mut().zip(&slope) {
                *change = change.subtract(*moved);
            }
            F::solve(&values, &change, &mut slope, size, width)?;
        }
        for (out, (value, tangent)) in out.iter_mut().zip(solution.into_iter().zip(slope)) {
            *out = Self { value, tangent };
        }
        Ok(())
    }

    fn determinant(matrix: &[Self], size: usize) -> Result<Self, Fault> {
        let (values, tangents) = split(matrix);
        let value = F::determinant(&values, size)?;
        if tangents.iter().all(|tangent| tangent.is_zero()) {
            return Ok(Self::constant(value));
        }
        let mut adjoint = vec![F::ZERO; values.len()];
        adjugate(&values, &mut adjoint, size)?;
        let mut tangent = F::ZERO;
        for row in 0..size {
            for column in 0..size {
                let slope = adjoint[row * size + column];
                tangent = tangent.add(slope.multiply(tangents[column * size + row]));
            }
        }
        Ok(Self { value, tangent })
    }

    fn array(
        array: ArrayFunction,
        function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let parts: Vec<(Vec<F>, Vec<F>)> =
            arguments.iter().map(|argument| split(argument.entries)).collect();
        let at: Vec<Argument<'_, F>> = arguments
            .iter()
            .zip(&parts)
            .map(|(argument, (values, _))| Argument { entries: values, slot: argument.slot })
            .collect();
        let mut values = vec![F::ZERO; out.len()];
        evaluate_array(array, function, &at, &mut values, context)?;
        let mut slope = vec![F::ZERO; out.len()];
        let changes: Vec<Vec<F>> = parts.iter().map(|(_, tangents)| tangents.clone()).collect();
        if changes.iter().flatten().any(|tangent| !tangent.is_zero()) {
            differential(function, &at, &changes, &mut slope, context)?;
        }
        for (out, (value, tangent)) in out.iter_mut().zip(values.into_iter().zip(slope)) {
            *out = Self { value, tangent };
        }
        Ok(())
    }

    fn mapped(self, symbol: u64, order: u32, context: &mut Context<'_>) -> Result<Self, Fault> {
        let value = self.value.mapped(symbol, order, context)?;
        self.chain(value, || self.value.mapped(symbol, order + 1, context))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let values = values(arguments);
        let value = F::partial(&values, symbol, by, context)?;
        let mut tangent = F::ZERO;
        let mut further: SmallVec<[u32; 4]> = by.into();
        further.push(0);
        for (entry, argument) in (0_u32..).zip(arguments) {
            if argument.tangent.is_zero() {
                continue;
            }
            further[by.len()] = entry;
            let slope = F::partial(&values, symbol, &further, context)?;
            tangent = tangent.add(slope.multiply(argument.tangent));
        }
        Ok(Self { value, tangent })
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let value = self.value.path(symbol, order, entry, context)?;
        self.chain(value, || self.value.path(symbol, order + 1, entry, context))
    }
}

/// Numbers into which a point and directions at it can be put, and from which the mixed derivative in
/// all the directions can be read.
pub(crate) trait Lift: Field {
    type Base: Field;
    /// The value with one direction for each level; missing ones are zero.
    fn lift(value: Self::Base, directions: &[Self::Base]) -> Self;
    /// The derivative in every direction once.
    fn top(self) -> Self::Base;
    /// The value alone.
    fn bottom(self) -> Self::Base;
}

impl<F: Lift> Lift for Dual<F> {
    type Base = F::Base;

    fn lift(value: F::Base, directions: &[F::Base]) -> Self {
        match directions.split_first() {
            Some((first, rest)) => {
                Self { value: F::lift(value, rest), tangent: F::lift(*first, &[]) }
            }
            None => Self { value: F::lift(value, &[]), tangent: F::ZERO },
        }
    }

    fn top(self) -> F::Base {
        self.tangent.top()
    }

    fn bottom(self) -> F::Base {
        self.value.bottom()
    }
}
