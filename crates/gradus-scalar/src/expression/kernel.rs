//! Kernels: what a normal form is a rational function of.
//!
//! Must not know polynomials. Each function is written by as few kernels as possible, and which root,
//! exponential or angle is the common one of several is decided once for a whole expression.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive};

use super::arena::Arena;
use super::node::{ExprId, Function, Node, Rational};

/// Common denominators beyond this are not looked for.
const GREATEST_DENOMINATOR: i64 = 60;

/// A linear combination: numbers times expressions.
pub(super) type Combination = Vec<(Rational, ExprId)>;

/// How an atom of an expression is written by kernels.
#[derive(Clone, Debug)]
pub(super) enum Recipe {
    /// A kernel of its own.
    Opaque(ExprId),
    /// `exp` of a combination.
    Exponential(Combination),
    /// A power, with a number for exponent, of a base.
    Root(ExprId, Rational),
    /// A power, with a combination for exponent, of a base.
    Power(ExprId, Combination),
    /// Sine of a combination, and the exact sine and cosine of its multiple of π.
    Sine(Combination, Option<(ExprId, ExprId)>),
    /// Cosine, likewise.
    Cosine(Combination, Option<(ExprId, ExprId)>),
    /// Another expression, which is taken apart in turn.
    Other(ExprId),
}

/// A generator of the polynomials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Generator {
    /// An expression without relations to others.
    Opaque(ExprId),
    /// `exp(u/n)`
    Exponential(ExprId, i64),
    /// `u^(1/n)`
    Root(ExprId, i64),
    /// `u^(v/n)`
    Power(ExprId, ExprId, i64),
    /// `sin(u/n)`
    Sine(ExprId, i64),
    /// `cos(u/n)`
    Cosine(ExprId, i64),
}

/// The common denominators of all that occurs in an expression.
#[derive(Clone, Debug, Default)]
pub(super) struct Denominators {
    exponentials: BTreeMap<ExprId, i64>,
    roots: BTreeMap<ExprId, i64>,
    powers: BTreeMap<(ExprId, ExprId), i64>,
    angles: BTreeMap<ExprId, i64>,
}

impl Denominators {
    /// Takes in what a recipe needs; false where denominators grow too large.
    pub(super) fn take(&mut self, recipe: &Recipe) -> bool {
        match recipe {
            Recipe::Opaque(_) | Recipe::Other(_) => true,
            Recipe::Exponential(combination) => combination
                .iter()
                .all(|(number, base)| join(&mut self.exponentials, *base, number.denom())),
            Recipe::Root(base, exponent) => join(&mut self.roots, *base, exponent.denom()),
            Recipe::Power(base, combination) => combination.iter().all(|(number, other)| {
                if *other == Arena::ONE {
                    join(&mut self.roots, *base, number.denom())
                } else {
                    join(&mut self.powers, (*base, *other), number.denom())
                }
            }),
            Recipe::Sine(combination, _) | Recipe::Cosine(combination, _) => combination
                .iter()
                .all(|(number, base)| join(&mut self.angles, *base, number.denom())),
        }
    }

    pub(super) fn of_exponential(&self, base: ExprId) -> i64 {
        self.exponentials.get(&base).copied().unwrap_or(1)
    }

    pub(super) fn of_root(&self, base: ExprId) -> i64 {
        self.roots.get(&base).copied().unwrap_or(1)
    }

    pub(super) fn of_power(&self, base: ExprId, exponent: ExprId) -> i64 {
        self.powers.get(&(base, exponent)).copied().unwrap_or(1)
    }

    pub(super) fn of_angle(&self, base: ExprId) -> i64 {
        self.angles.get(&base).copied().unwrap_or(1)
    }
}

fn join<K: Ord>(table: &mut BTreeMap<K, i64>, key: K, denominator: &BigInt) -> bool {
    let Some(denominator) = denominator.to_i64() else { return false };
    let entry = table.entry(key).or_insert(1);
    *entry = entry.lcm(&denominator);
    *entry <= GREATEST_DENOMINATOR
}

impl Arena {
    /// How a function, or a power whose exponent is no integer, is written by kernels. `normal` gives
    /// the normal forms of the children.
    pub(super) fn recipe_of_call(&mut self, function: Function, argument: ExprId) -> Recipe {
        match function {
            Function::Exp => self.recipe_of_value(function, argument),
            Function::Sin | Function::Cos => self.recipe_of_circular(function, argument),
            Function::Tan => {
                let sine = self.apply(Function::Sin, argument);
                let cosine = self.apply(Function::Cos, argument);
                Recipe::Other(self.divide(sine, cosine))
            }
            Function::Acos => {
                let other = self.apply(Function::Asin, argument);
                let quarter = self.scale(&Rational::new(1.into(), 2.into()), Self::PI);
                Recipe::Other(self.subtract(quarter, other))
            }
            Function::Sinh | Function::Cosh | Function::Tanh => {
                Recipe::Other(self.by_exponentials(function, argument))
            }
            Function::Asinh | Function::Acosh | Function::Atanh => {
                Recipe::Other(self.by_logarithms(function, argument))
            }
            Function::Sign => {
                let size = self.apply(Function::Abs, argument);
                Recipe::Other(self.divide(size, argument))
            }
            Function::Abs => self.recipe_of_value(function, argument),
            Function::Log => self.recipe_of_logarithm(argument),
            Function::Asin | Function::Atan | Function::Erf | Function::Erfcx => {
                self.recipe_of_value(function, argument)
            }
        }
    }

    /// The function applied by its constructor, and what that is a kernel of.
    fn recipe_of_value(&mut self, function: Function, argument: ExprId) -> Recipe {
        let value = self.apply(function, argument);
        match self.node(value) {
            Node::Apply(Function::Exp, inner) => {
                let inner = *inner;
                Recipe::Exponential(self.combination(inner))
            }
            Node::Apply(Function::Abs, inner) => {
                let inner = *inner;
                let square = self.square(inner);
                Recipe::Root(square, Rational::new(1.into(), 2.into()))
            }
            Node::Apply(same, _) if *same == function => Recipe::Opaque(value),
            _ => Recipe::Other(value),
        }
    }

    fn combination(&self, id: ExprId) -> Combination {
        self.terms(id).into_iter().map(|term| (term.coefficient, term.base)).collect()
    }

    fn recipe_of_circular(&mut self, function: Function, argument: ExprId) -> Recipe {
        let value = self.apply(function, argument);
        let Node::Apply(found, inner) = *self.node(value) else { return Recipe::Other(value) };
        if found != Function::Sin && found != Function::Cos {
            return Recipe::Other(value);
        }
        let mut combination = self.combination(inner);
        let limit = Rational::from_integer(GREATEST_DENOMINATOR.into());
        if combination.iter().any(|(number, _)| number.abs() > limit) {
            return Recipe::Opaque(value);
        }
        let turns = combination.iter().position(|(_, base)| *base == Self::PI);
        let exact = turns.and_then(|at| {
            let (number, _) = &combination[at];
            let angle = self.scale(&number.clone(), Self::PI);
            let sine = self.apply(Function::Sin, angle);
            let cosine = self.apply(Function::Cos, angle);
            let is_exact = |id: ExprId| !matches!(self.node(id), Node::Apply(..));
            let is_plain =
                |id: ExprId| is_exact(id) && self.terms(id).iter().all(|term| is_exact(term.base));
            (is_plain(sine) && is_plain(cosine)).then_some((sine, cosine))
        });
        if exact.is_some()
            && let Some(at) = turns
        {
            combination.remove(at);
        }
        match found {
            Function::Sin => Recipe::Sine(combination, exact),
            _ => Recipe::Cosine(combination, exact),
        }
    }

    /// A logarithm is that of the size of its argument wherever it is defined, and so a sum over the
    /// factors.
    fn recipe_of_logarithm(&mut self, argument: ExprId) -> Recipe {
        let value = self.apply(Function::Log, argument);
        let Node::Apply(Function::Log, inner) = *self.node(value) else {
            return Recipe::Other(value);
        };
        if let Some(number) = self.as_number(inner).cloned() {
            return self.recipe_of_number_logarithm(&number, value);
        }
        let Node::Product(factors) = self.node(inner).clone() else {
            return Recipe::Opaque(value);
        };
        let mut sum = Vec::new();
        for factor in factors {
            let size = self.apply(Function::Abs, factor.base);
            let logarithm = self.apply(Function::Log, size);
            sum.push(self.multiply(&[factor.exponent, logarithm]));
        }
        Recipe::Other(self.add(&sum))
    }

    fn recipe_of_number_logarithm(&mut self, number: &Rational, value: ExprId) -> Recipe {
        let factors = super::number::factored(number);
        if factors.len() < 2 {
            return Recipe::Opaque(value);
        }
        let mut sum = Vec::new();
        for (prime, count) in factors {
            let prime = self.number(Rational::from_integer(prime));
            let logarithm = self.apply(Function::Log, prime);
            sum.push((Rational::from_integer(count.into()), logarithm));
        }
        Recipe::Other(self.combine(&sum))
    }

    /// Hyperbolic functions by `exp`.
    pub fn by_exponentials(&mut self, function: Function, u: ExprId) -> ExprId {
        let negative = self.negate(u);
        let (grown, shrunk) = (self.exponential(u), self.exponential(negative));
        let half = Rational::new(1.into(), 2.into());
        match function {
            Function::Sinh => self.combine(&[(half.clone(), grown), (-half, shrunk)]),
            Function::Cosh => self.combine(&[(half.clone(), grown), (half, shrunk)]),
            _ => {
                let square = self.square(grown);
                let above = self.add(&[square, Self::MINUS_ONE]);
                let below = self.add(&[square, Self::ONE]);
                self.divide(above, below)
            }
        }
    }

    /// The inverse hyperbolic functions by `log`.
    pub fn by_logarithms(&mut self, function: Function, u: ExprId) -> ExprId {
        let one = Rational::one();
        match function {
            Function::Asinh | Function::Acosh => {
                let square = self.square(u);
                let unit = if function == Function::Asinh { Self::ONE } else { Self::MINUS_ONE };
                let inner = self.add(&[square, unit]);
                let root = self.square_root(inner);
                let sum = self.add(&[u, root]);
                self.apply(Function::Log, sum)
            }
            _ => {
                let above = self.add(&[Self::ONE, u]);
                let below = self.subtract(Self::ONE, u);
                let (above, below) =
                    (self.apply(Function::Log, above), self.apply(Function::Log, below));
                let difference = self.combine(&[(one.clone(), above), (-one, below)]);
                self.scale(&Rational::new(1.into(), 2.into()), difference)
            }
        }
    }

    /// How a power with an exponent that is no integer is written by kernels.
    pub(super) fn recipe_of_power(&mut self, base: ExprId, exponent: ExprId) -> Recipe {
        let value = self.power(base, exponent);
        let Node::Product(factors) = self.node(value).clone() else {
            return match self.node(value) {
                Node::Apply(Function::Exp, inner) => {
                    let inner = *inner;
                    Recipe::Exponential(self.combination(inner))
                }
                _ => Recipe::Other(value),
            };
        };
        let [only] = factors.as_slice() else { return Recipe::Other(value) };
        match self.as_number(only.exponent).cloned() {
            Some(number) if number.is_integer() => Recipe::Other(value),
            Some(number) => Recipe::Root(only.base, number),
            None => Recipe::Power(only.base, self.combination(only.exponent)),
        }
    }
}
