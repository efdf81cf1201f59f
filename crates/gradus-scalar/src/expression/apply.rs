//! Functions: values at special arguments, parity, inverses.
//!
//! Must not know series. The trigonometric functions are in `trigonometry.rs`.

use num_integer::Integer;
use num_traits::{One, Signed};

use super::arena::Arena;
use super::node::{ExprId, Factor, Function, Node, Rational, Sign};
use super::number::factored;

impl Arena {
    /// A function of an expression.
    pub fn apply(&mut self, function: Function, argument: ExprId) -> ExprId {
        if argument == Self::UNDEFINED {
            return argument;
        }
        match function {
            Function::Exp => self.exponential(argument),
            Function::Log => self.logarithm(argument),
            Function::Abs => self.absolute(argument),
            Function::Sign => self.signum(argument),
            Function::Sin | Function::Cos | Function::Tan => self.circular(function, argument),
            Function::Asin | Function::Acos | Function::Atan => {
                self.inverse_circular(function, argument)
            }
            Function::Cosh => {
                let (_, inner) = self.drawn_sign(argument);
                if inner == Self::ZERO { Self::ONE } else { self.bare(function, inner) }
            }
            Function::Erfcx if argument == Self::ZERO => Self::ONE,
            Function::Erfcx => self.bare(function, argument),
            Function::Sinh | Function::Tanh | Function::Asinh | Function::Erf => {
                self.odd(function, argument)
            }
            Function::Atanh => match self.as_number(argument) {
                Some(number) if number.abs() >= Rational::one() => Self::UNDEFINED,
                _ => self.odd(function, argument),
            },
            Function::Acosh => match self.as_number(argument) {
                Some(number) if number.is_one() => Self::ZERO,
                Some(number) if *number < Rational::one() => Self::UNDEFINED,
                _ => self.bare(function, argument),
            },
        }
    }

    /// A function whose argument needs no further thought.
    pub(super) fn bare(&mut self, function: Function, argument: ExprId) -> ExprId {
        self.intern(Node::Apply(function, argument))
    }

    pub(super) fn odd(&mut self, function: Function, argument: ExprId) -> ExprId {
        if argument == Self::ZERO {
            return Self::ZERO;
        }
        let (is_negative, inner) = self.drawn_sign(argument);
        let inverse = match (function, self.node(inner)) {
            (Function::Sinh, Node::Apply(Function::Asinh, u))
            | (Function::Asinh, Node::Apply(Function::Sinh, u))
            | (Function::Tanh, Node::Apply(Function::Atanh, u))
            | (Function::Atanh, Node::Apply(Function::Tanh, u)) => Some(*u),
            _ => None,
        };
        let value = match inverse {
            Some(u) => u,
            None => self.bare(function, inner),
        };
        if is_negative { self.negate(value) } else { value }
    }

    /// Whether the expression is written with a minus sign, and it without.
    pub(super) fn drawn_sign(&mut self, id: ExprId) -> (bool, ExprId) {
        let is_negative = match self.node(id) {
            Node::Number(number) => number.is_negative(),
            Node::Sum(terms) => terms.last().is_some_and(|term| term.coefficient.is_negative()),
            _ => false,
        };
        if is_negative { (true, self.negate(id)) } else { (false, id) }
    }

    fn logarithm(&mut self, argument: ExprId) -> ExprId {
        match self.node(argument).clone() {
            Node::Number(number) => self.logarithm_of_number(&number),
            Node::Apply(Function::Exp, inner) => inner,
            Node::Sum(_) => {
                let (content, rest) = self.content(argument);
                let size = content.abs();
                if size.is_one() {
                    return self.bare(Function::Log, argument);
                }
                let rest = if content.is_negative() { self.negate(rest) } else { rest };
                let number = self.logarithm_of_number(&size);
                let rest = self.logarithm(rest);
                self.add(&[number, rest])
            }
            Node::Product(factors) => self.logarithm_of_product(&factors),
            _ if self.sign(argument).is_nonpositive() => Self::UNDEFINED,
            _ => self.bare(Function::Log, argument),
        }
    }

    fn logarithm_of_number(&mut self, number: &Rational) -> ExprId {
        if !number.is_positive() {
            return Self::UNDEFINED;
        }
        let factors = factored(number);
        let common = factors.iter().fold(0_i64, |common, (_, count)| common.gcd(count));
        if common == 0 {
            return Self::ZERO;
        }
        let has_denominator = factors.iter().any(|(_, count)| *count < 0);
        let has_numerator = factors.iter().any(|(_, count)| *count > 0);
        if has_denominator && has_numerator {
            let top = self.logarithm_of_number(&Rational::from_integer(number.numer().clone()));
            let bottom = self.logarithm_of_number(&Rational::from_integer(number.denom().clone()));
            return self.subtract(top, bottom);
        }
        let mut root = num_bigint::BigInt::one();
        for (prime, count) in &factors {
            let size = u32::try_from((count / common).abs()).unwrap_or(1);
            root *= prime.pow(size);
        }
        let common = if has_denominator { -common } else { common };
        let root = self.number(Rational::from_integer(root));
        let logarithm = self.bare(Function::Log, root);
        self.scale(&Rational::from_integer(common.into()), logarithm)
    }

    /// Factors that are known to be positive have logarithms of their own; a single remaining one is
    /// positive wherever the logarithm is defined.
    fn logarithm_of_product(&mut self, factors: &[Factor]) -> ExprId {
        let mut parts = Vec::new();
        let mut unknown = Vec::new();
        for factor in factors {
            let exponent = self.as_number(factor.exponent).cloned();
            let is_integer = exponent.as_ref().is_some_and(Rational::is_integer);
            let is_even = is_integer && exponent.is_some_and(|it| it.numer().is_even());
            if is_even {
                let size = self.apply(Function::Abs, factor.base);
                parts.push((size, factor.exponent));
            } else if !is_integer || self.sign(factor.base) == Sign::Positive {
                parts.push((factor.base, factor.exponent));
            } else {
                unknown.push(factor.clone());
            }
        }
        if let [only] = unknown.as_slice() {
            parts.push((only.base, only.exponent));
            unknown.clear();
        }
        let mut sum = Vec::new();
        for (base, exponent) in parts {
            let logarithm = self.logarithm(base);
            sum.push(self.multiply(&[exponent, logarithm]));
        }
        if !unknown.is_empty() {
            let inner = self.intern(Node::Product(unknown));
            sum.push(self.bare(Function::Log, inner));
        }
        self.add(&sum)
    }

    fn absolute(&mut self, argument: ExprId) -> ExprId {
        let sign = self.sign(argument);
        if sign.is_nonnegative() {
            return argument;
        }
        if sign.is_nonpositive() {
            return self.negate(argument);
        }
        match self.node(argument).clone() {
            Node::Sum(_) => {
                let (content, rest) = self.content(argument);
                let inner = if matches!(self.node(rest), Node::Sum(_)) {
                    self.bare(Function::Abs, rest)
                } else {
                    self.absolute(rest)
                };
                self.scale(&content.abs(), inner)
            }
            Node::Product(factors) => {
                let parts: Vec<ExprId> = factors
                    .iter()
                    .map(|factor| {
                        let is_integer =
                            self.as_number(factor.exponent).is_some_and(Rational::is_integer);
                        let base =
                            if is_integer { self.absolute(factor.base) } else { factor.base };
                        self.power(base, factor.exponent)
                    })
                    .collect();
                self.multiply(&parts)
            }
            Node::Apply(Function::Abs, _) => argument,
            Node::Apply(function, inner) if is_odd(function) && !self.is_call(inner) => {
                let inner = self.absolute(inner);
                self.apply(function, inner)
            }
            _ => self.bare(Function::Abs, argument),
        }
    }

    fn signum(&mut self, argument: ExprId) -> ExprId {
        match self.sign(argument) {
            Sign::Positive => return Self::ONE,
            Sign::Negative => return Self::MINUS_ONE,
            Sign::Zero => return Self::ZERO,
            _ => {}
        }
        match self.node(argument).clone() {
            Node::Sum(_) => {
                let (content, rest) = self.content(argument);
                let inner = if matches!(self.node(rest), Node::Sum(_)) {
                    self.bare(Function::Sign, rest)
                } else {
                    self.signum(rest)
                };
                if content.is_negative() { self.negate(inner) } else { inner }
            }
            Node::Apply(Function::Sign, _) => argument,
            Node::Apply(function, inner) if is_odd(function) && !self.is_call(inner) => {
                self.signum(inner)
            }
            _ => self.bare(Function::Sign, argument),
        }
    }
}

impl Arena {
    /// Whether the expression is a call: rules that look inside one stop at a second one, so that
    /// nothing recurses deeply.
    fn is_call(&self, id: ExprId) -> bool {
        matches!(self.node(id), Node::Apply(..))
    }
}

/// Functions with the sign of their argument.
const fn is_odd(function: Function) -> bool {
    matches!(
        function,
        Function::Sinh
            | Function::Tanh
            | Function::Asinh
            | Function::Atanh
            | Function::Asin
            | Function::Atan
            | Function::Erf
    )
}
