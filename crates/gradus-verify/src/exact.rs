//! Functions over the finite field: exact where they are algebraic, else random functions that keep
//! the identities which the function is known to have.
//!
//! Must not know trees or matrices.

use gradus_functions::{ArrayFunction, Exact};
use gradus_tensor::{FunctionId, Parity, Rational, Role};
use rustc_hash::FxHashMap;

use crate::book::{Context, Entry, ScalarProgram};
use crate::call::Argument;
use crate::field::{Fault, Field, Lift};
use crate::matrix::{self, Pivot};
use crate::modular::{Mod, Power};
use crate::random::absorb;

/// Integers up to this modulus can be exponents.
const LARGEST_EXPONENT: u64 = 1 << 20;

const PI: u64 = 1;
const EXPONENTIAL: u64 = 2;
const LOGARITHM: u64 = 3;
const ANGLE: u64 = 4;
const FUNCTION: u64 = 5;
const MAPPED: u64 = 6;
const PARTIAL: u64 = 7;
const PATH: u64 = 8;

/// The random functions of one draw, and which of them were used.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) seed: u64,
    /// `exp(x)` for the lesser of `x` and `-x`, and its inverse once it was wanted.
    exponentials: FxHashMap<Mod, (Mod, Option<Mod>)>,
    /// `log(y)` for one of `y` and `1/y`; the other one is its opposite.
    logarithms: FxHashMap<Mod, Mod>,
    /// A random function was used: an inequality proves nothing.
    pub(crate) used_random: bool,
    /// A root was used: of two roots the one that is a square was taken.
    pub(crate) used_root: bool,
    /// A root of zero was used, where it has no slope.
    pub(crate) used_root_of_zero: bool,
    /// A sign was used: the field has no order, so a sign is a choice among two.
    pub(crate) used_sign: bool,
}

/// What a draw chose among: a generic point tells more than a sign, which is one of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Choices {
    #[default]
    Generic,
    Roots,
    Signs,
}

impl Tables {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// A random function of words, the same in every evaluation of one draw.
    fn random(&mut self, tag: u64, words: impl IntoIterator<Item = u64>) -> Mod {
        self.used_random = true;
        let start = absorb(self.seed, tag);
        Mod::new(words.into_iter().fold(start, absorb))
    }

    fn exponential(&mut self, argument: Mod) -> Mod {
        self.used_random = true;
        if argument == Mod::ZERO {
            return Mod::ONE;
        }
        let canonical = argument.min(argument.opposite());
        if !self.exponentials.contains_key(&canonical) {
            // A square, because an exponential is positive.
            let root = self.random(EXPONENTIAL, [canonical.word()]);
            let value = root.product(root);
            self.exponentials.insert(canonical, (value, None));
            self.logarithms.insert(value, canonical);
        }
        match self.exponentials.get_mut(&canonical) {
            Some((value, _)) if argument == canonical => *value,
            Some((value, inverse)) => {
                *inverse.get_or_insert_with(|| value.inverse().unwrap_or(*value))
            }
            None => Mod::ONE,
        }
    }

    fn logarithm(&mut self, argument: Mod) -> Option<Mod> {
        self.used_random = true;
        if argument == Mod::ZERO {
            return None;
        }
        if argument == Mod::ONE {
            return Some(Mod::ZERO);
        }
        if let Some(value) = self.logarithms.get(&argument) {
            return Some(*value);
        }
        let inverse = argument.inverse()?;
        if let Some(value) = self.logarithms.get(&inverse) {
            return Some(value.opposite());
        }
        let value = self.random(LOGARITHM, [argument.word()]);
        self.logarithms.insert(argument, value);
        let canonical = value.min(value.opposite());
        let pair = if value == canonical { (argument, inverse) } else { (inverse, argument) };
        self.exponentials.insert(canonical, (pair.0, Some(pair.1)));
        Some(value)
    }

    /// A random function with a relation under change of sign.
    fn function(&mut self, tag: u64, symbol: u64, argument: Mod, parity: Parity) -> Mod {
        let canonical = argument.min(argument.opposite());
        match parity {
            Parity::None => self.random(tag, [symbol, argument.word()]),
            Parity::Even => self.random(tag, [symbol, canonical.word()]),
            Parity::Odd if argument == Mod::ZERO => Mod::ZERO,
            Parity::Odd => {
                let value = self.random(tag, [symbol, canonical.word()]);
                if argument == canonical { value } else { value.opposite() }
            }
        }
    }

    /// The tangent of half the angle, from which sine and cosine are rational.
    fn half_angle(&mut self, argument: Mod) -> Mod {
        self.function(ANGLE, 0, argument, Parity::Odd)
    }

    /// Cosine and sine.
    pub(crate) fn cosine_and_sine(&mut self, argument: Mod) -> Option<(Mod, Mod)> {
        let tangent = self.half_angle(argument);
        let square = tangent.product(tangent);
        let inverse = Mod::ONE.sum(square).inverse()?;
        let cosine = Mod::ONE.difference(square).product(inverse);
        Some((cosine, tangent.sum(tangent).product(inverse)))
    }

    /// How few choices the draw made.
    pub(crate) fn choices(&self) -> Choices {
        match (self.used_sign, self.used_root) {
            (true, _) => Choices::Signs,
            (false, true) => Choices::Roots,
            (false, false) => Choices::Generic,
        }
    }

    fn sign(&mut self, argument: Mod) -> Mod {
        self.used_sign = true;
        Mod::integer(argument.legendre())
    }
}

impl Mod {
    fn power_in(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        if !exponent.is_integer() {
            context.tables.used_root = true;
            context.tables.used_root_of_zero |= Field::is_zero(self);
        }
        match self.rational_power(exponent) {
            Power::Value(value) => Ok(value),
            Power::Outside => Err(Fault::Outside),
            Power::Undefined => {
                Err(Fault::Unsupported("a root that is not unique in the finite field".to_owned()))
            }
        }
    }
}

impl Field for Mod {
    const ZERO: Self = Self::of(0);
    const ONE: Self = Self::of(1);

    fn add(self, other: Self) -> Self {
        self.sum(other)
    }

    fn subtract(self, other: Self) -> Self {
        self.difference(other)
    }

    fn multiply(self, other: Self) -> Self {
        self.product(other)
    }

    fn negate(self) -> Self {
        self.opposite()
    }

    fn divide(self, other: Self) -> Option<Self> {
        if other == Self::ONE {
            return Some(self);
        }
        Some(self.product(other.inverse()?))
    }

    fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    fn from_integer(value: i64) -> Self {
        Self::integer(value)
    }

    fn from_rational(value: &Rational) -> Option<Self> {
        Self::rational(value)
    }

    fn as_integer(self) -> Option<i64> {
        self.small(LARGEST_EXPONENT)
    }

    fn pi(context: &mut Context<'_>) -> Self {
        let root = context.tables.random(PI, []);
        root.product(root)
    }

    fn power(self, exponent: &Rational, context: &mut Context<'_>) -> Result<Self, Fault> {
        self.power_in(exponent, context)
    }

    fn power_by(self, exponent: Self, context: &mut Context<'_>) -> Result<Self, Fault> {
        match exponent.as_integer() {
            Some(exponent) => self.power_in(&Rational::integer(exponent), context),
            None => Err(Fault::Unsupported("an exponent that is no small integer".to_owned())),
        }
    }

    fn exponential(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(context.tables.exponential(self))
    }

    fn logarithm_of_modulus(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        let modulus = self.product(context.tables.sign(self));
        context.tables.logarithm(modulus).ok_or(Fault::Outside)
    }

    fn logarithm(self, context: &mut Context<'_>) -> Result<Self, Fault> {
        context.tables.logarithm(self).ok_or(Fault::Outside)
    }

    fn definition(entry: &Entry) -> Option<&ScalarProgram> {
        entry.exact_definition()
    }

    fn primitive(
        _function: FunctionId,
        entry: &Entry,
        arguments: &[Self],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        let facts = &entry.function.facts;
        match (entry.function.exact, arguments) {
            (Exact::Exponential, [argument]) => argument.exponential(context),
            (Exact::Power, [base, exponent]) => base.power_by(*exponent, context),
            (Exact::Sign, [argument]) => Ok(context.tables.sign(*argument)),
            (Exact::Sine, [argument]) => {
                Ok(context.tables.cosine_and_sine(*argument).ok_or(Fault::Outside)?.1)
            }
            (Exact::Cosine, [argument]) => {
                Ok(context.tables.cosine_and_sine(*argument).ok_or(Fault::Outside)?.0)
            }
            (Exact::Table, [argument]) if facts.role == Some(Role::Logarithm) => {
                argument.logarithm(context)
            }
            (Exact::Table, [argument]) => Ok(context.tables.function(
                FUNCTION,
                u64::from(entry.id.0),
                *argument,
                facts.parity,
            )),
            (Exact::Table, arguments) => {
                let words = arguments.iter().map(|argument| argument.word());
                Ok(context
                    .tables
                    .random(FUNCTION, std::iter::once(u64::from(entry.id.0)).chain(words)))
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
        Ok(matrix::determinant(matrix, size))
    }

    fn array(
        array: ArrayFunction,
        function: FunctionId,
        arguments: &[Argument<'_, Self>],
        out: &mut [Self],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        // The field has no order; whatever holds for any choice of an entry holds for the greatest.
        if let (ArrayFunction::Greatest | ArrayFunction::Hardmax, [only]) = (array, arguments) {
            context.tables.used_random = true;
            let entries = only.entries.iter().enumerate();
            let (place, value) =
                entries.max_by_key(|(_, entry)| entry.word()).ok_or(Fault::Outside)?;
            if array == ArrayFunction::Greatest {
                out.fill(*value);
            } else {
                out.fill(Self::ZERO);
                out[place] = Self::ONE;
            }
            return Ok(());
        }
        // A matrix without full rank: another one may have it.
        if array == ArrayFunction::PseudoInverse {
            return Err(Fault::Outside);
        }
        let name = gradus_functions::book().get(function).name;
        Err(Fault::Unsupported(format!("{name} has no exact value")))
    }

    fn mapped(self, symbol: u64, order: u32, context: &mut Context<'_>) -> Result<Self, Fault> {
        Ok(context.tables.random(MAPPED, [symbol, u64::from(order), self.word()]))
    }

    fn partial(
        arguments: &[Self],
        symbol: u64,
        by: &[u32],
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        // The order of differentiation does not matter.
        let mut by: smallvec::SmallVec<[u32; 4]> = by.into();
        by.sort_unstable();
        let by = std::iter::once(by.len() as u64).chain(by.iter().map(|entry| u64::from(*entry)));
        let words = arguments.iter().map(|argument| argument.word());
        Ok(context.tables.random(PARTIAL, std::iter::once(symbol).chain(by).chain(words)))
    }

    fn path(
        self,
        symbol: u64,
        order: u32,
        entry: u32,
        context: &mut Context<'_>,
    ) -> Result<Self, Fault> {
        Ok(context.tables.random(PATH, [symbol, u64::from(order), u64::from(entry), self.word()]))
    }
}

impl Pivot for Mod {
    fn weight(self) -> f64 {
        f64::from(u8::from(!Field::is_zero(self)))
    }
}

impl Lift for Mod {
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
