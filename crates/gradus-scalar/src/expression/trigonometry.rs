//! The trigonometric functions and their inverses: exact values, shifts by multiples of π/2.
//!
//! Must not know series.

use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

use super::arena::Arena;
use super::node::{ExprId, Function, Node, Rational};

impl Arena {
    pub(super) fn circular(&mut self, function: Function, argument: ExprId) -> ExprId {
        if let Some(value) = self.circular_of_inverse(function, argument) {
            return value;
        }
        let (turns, rest) = self.multiple_of_pi(argument);
        if rest == Self::ZERO {
            return match self.exact_circular(function, &turns) {
                Some(value) => value,
                None => self.reduced_circular(function, &turns),
            };
        }
        let doubled = &turns * Rational::from_integer(2.into());
        if turns.is_zero() || !doubled.is_integer() {
            return self.circular_with_parity(function, argument);
        }
        let quarter = doubled.to_integer().mod_floor(&4.into()).to_u8().unwrap_or(0);
        self.shifted(function, quarter, rest)
    }

    /// The multiple of π in an argument, and what else there is.
    fn multiple_of_pi(&mut self, argument: ExprId) -> (Rational, ExprId) {
        let terms = self.terms(argument);
        let Some(turns) = terms.iter().find(|term| term.base == Self::PI) else {
            return (Rational::zero(), argument);
        };
        let turns = turns.coefficient.clone();
        let rest = self.combine(&[(Rational::one(), argument), (-turns.clone(), Self::PI)]);
        (turns, rest)
    }

    fn shifted(&mut self, function: Function, quarter: u8, rest: ExprId) -> ExprId {
        let (function, is_negative) = match (function, quarter) {
            (Function::Sin, 0) => (Function::Sin, false),
            (Function::Sin, 1) => (Function::Cos, false),
            (Function::Sin, 2) => (Function::Sin, true),
            (Function::Sin, _) => (Function::Cos, true),
            (Function::Cos, 0) => (Function::Cos, false),
            (Function::Cos, 1) => (Function::Sin, true),
            (Function::Cos, 2) => (Function::Cos, true),
            (Function::Cos, _) => (Function::Sin, false),
            (other, 0 | 2) => (other, false),
            (_, _) => {
                let sine = self.circular(Function::Sin, rest);
                let cosine = self.circular(Function::Cos, rest);
                let quotient = self.divide(cosine, sine);
                return self.negate(quotient);
            }
        };
        let value = self.circular(function, rest);
        if is_negative { self.negate(value) } else { value }
    }

    fn circular_with_parity(&mut self, function: Function, argument: ExprId) -> ExprId {
        if argument == Self::ZERO {
            return if function == Function::Cos { Self::ONE } else { Self::ZERO };
        }
        let (is_negative, inner) = self.drawn_sign(argument);
        if let Some(value) = self.circular_of_inverse(function, inner) {
            return if is_negative && function != Function::Cos {
                self.negate(value)
            } else {
                value
            };
        }
        let value = self.bare(function, inner);
        if is_negative && function != Function::Cos { self.negate(value) } else { value }
    }

    fn circular_of_inverse(&mut self, function: Function, argument: ExprId) -> Option<ExprId> {
        let Node::Apply(inverse, u) = *self.node(argument) else { return None };
        let square = |arena: &mut Self, sign: i64| {
            let square = arena.square(u);
            let signed = arena.scale(&Rational::from_integer(sign.into()), square);
            let sum = arena.add(&[Self::ONE, signed]);
            arena.square_root(sum)
        };
        Some(match (function, inverse) {
            (Function::Sin, Function::Asin)
            | (Function::Cos, Function::Acos)
            | (Function::Tan, Function::Atan) => u,
            (Function::Sin, Function::Acos) | (Function::Cos, Function::Asin) => square(self, -1),
            (Function::Tan, Function::Asin) => {
                let root = square(self, -1);
                self.divide(u, root)
            }
            (Function::Tan, Function::Acos) => {
                let root = square(self, -1);
                self.divide(root, u)
            }
            (Function::Sin, Function::Atan) => {
                let root = square(self, 1);
                self.divide(u, root)
            }
            (Function::Cos, Function::Atan) => {
                let root = square(self, 1);
                self.power(root, Self::MINUS_ONE)
            }
            _ => return None,
        })
    }

    /// The value at `turns`·π, where that is a multiple of π/12.
    fn exact_circular(&mut self, function: Function, turns: &Rational) -> Option<ExprId> {
        if function == Function::Tan {
            let sine = self.exact_circular(Function::Sin, turns)?;
            let cosine = self.exact_circular(Function::Cos, turns)?;
            return Some(self.quotient_of_roots(sine, cosine));
        }
        let twelfths = turns * Rational::from_integer(12.into());
        if !twelfths.is_integer() {
            return None;
        }
        let shift = if function == Function::Cos { 6 } else { 0 };
        let at = (twelfths.to_integer().mod_floor(&24.into()).to_i64()? + shift) % 24;
        let (is_negative, at) = if at >= 12 { (true, at - 12) } else { (false, at) };
        let at = if at > 6 { 12 - at } else { at };
        let value = self.sine_of_twelfths(at);
        Some(if is_negative { self.negate(value) } else { value })
    }

    /// sin(at·π/12) for `at` up to 6.
    fn sine_of_twelfths(&mut self, at: i64) -> ExprId {
        let root = |arena: &mut Self, number: i64| {
            let number = arena.integer(number);
            arena.square_root(number)
        };
        match at {
            0 => Self::ZERO,
            2 => Self::HALF,
            3 => {
                let root = root(self, 2);
                self.scale(&Rational::new(1.into(), 2.into()), root)
            }
            4 => {
                let root = root(self, 3);
                self.scale(&Rational::new(1.into(), 2.into()), root)
            }
            6 => Self::ONE,
            _ => {
                let (six, two) = (root(self, 6), root(self, 2));
                let sign: i64 = if at == 1 { -1 } else { 1 };
                let quarter = Rational::new(1.into(), 4.into());
                let signed = &quarter * Rational::from_integer(sign.into());
                self.combine(&[(quarter, six), (signed, two)])
            }
        }
    }

    /// A quotient of the values of `sine_of_twelfths`, with a rational denominator.
    fn quotient_of_roots(&mut self, sine: ExprId, cosine: ExprId) -> ExprId {
        let Node::Sum(terms) = self.node(cosine).clone() else { return self.divide(sine, cosine) };
        let [first, second] = terms.as_slice() else { return self.divide(sine, cosine) };
        let conjugate = self.combine(&[
            (first.coefficient.clone(), first.base),
            (-second.coefficient.clone(), second.base),
        ]);
        let numerator = self.multiply_out(sine, conjugate);
        let denominator = self.multiply_out(cosine, conjugate);
        self.divide(numerator, denominator)
    }

    /// The product of two sums, term by term.
    pub(super) fn multiply_out(&mut self, a: ExprId, b: ExprId) -> ExprId {
        let mut sum = Vec::new();
        for left in self.terms(a) {
            for right in self.terms(b) {
                let product = self.multiply(&[left.base, right.base]);
                sum.push((&left.coefficient * &right.coefficient, product));
            }
        }
        self.combine(&sum)
    }

    /// No table value: the argument is brought into the first quadrant.
    fn reduced_circular(&mut self, function: Function, turns: &Rational) -> ExprId {
        let two = Rational::from_integer(2.into());
        let half = Rational::new(1.into(), 2.into());
        let mut turns = turns - (turns / &two).floor() * &two;
        let mut is_negative = false;
        if turns >= Rational::one() {
            turns -= Rational::one();
            is_negative = function != Function::Tan;
        }
        if turns > half {
            turns = Rational::one() - turns;
            is_negative ^= function != Function::Sin;
        }
        let argument = self.scale(&turns, Self::PI);
        let value = self.bare(function, argument);
        if is_negative { self.negate(value) } else { value }
    }

    pub(super) fn inverse_circular(&mut self, function: Function, argument: ExprId) -> ExprId {
        let (is_negative, inner) = self.drawn_sign(argument);
        let exceeds = self.as_number(inner).is_some_and(|number| *number > Rational::one());
        if exceeds && function != Function::Atan {
            return Self::UNDEFINED;
        }
        let turns = self.inverse_table(function, inner);
        let value = match turns {
            Some(turns) => self.scale(&turns, Self::PI),
            None => self.bare(function, inner),
        };
        match (is_negative, function) {
            (false, _) => value,
            (true, Function::Acos) => self.subtract(Self::PI, value),
            (true, _) => self.negate(value),
        }
    }

    /// The value as a multiple of π, where it is a small one.
    fn inverse_table(&mut self, function: Function, argument: ExprId) -> Option<Rational> {
        if self.depends(argument) || self.size(argument) > 16 {
            return None;
        }
        let forward = match function {
            Function::Asin => Function::Sin,
            Function::Acos => Function::Cos,
            _ => Function::Tan,
        };
        let last = if forward == Function::Tan { 5 } else { 6 };
        for at in 0..=last {
            let turns = Rational::new(at.into(), 12.into());
            if self.exact_circular(forward, &turns) == Some(argument) {
                return Some(turns);
            }
        }
        None
    }
}
