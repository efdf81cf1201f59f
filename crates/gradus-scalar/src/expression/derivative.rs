//! The derivative by the variable, or by a symbol.
//!
//! Must not know limits or integrals.

use num_traits::One;
use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::node::{ExprId, Factor, Function, Node, Rational};

impl Arena {
    /// The derivative by the variable, where there is one.
    pub fn derivative(&mut self, id: ExprId) -> ExprId {
        self.derivative_by(id, Self::VARIABLE)
    }

    /// The derivative by the variable or by a symbol, where there is one.
    pub fn derivative_by(&mut self, id: ExprId, symbol: ExprId) -> ExprId {
        let mut derivatives: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        for at in self.reachable(id) {
            let derivative =
                if at == symbol { Self::ONE } else { self.derivative_of_node(at, &derivatives) };
            derivatives.insert(at, derivative);
        }
        derivatives.get(&id).copied().unwrap_or(Self::UNDEFINED)
    }

    fn derivative_of_node(
        &mut self,
        id: ExprId,
        derivatives: &FxHashMap<ExprId, ExprId>,
    ) -> ExprId {
        let of = |child: ExprId| derivatives.get(&child).copied().unwrap_or(Self::ZERO);
        match self.node(id).clone() {
            Node::Undefined => Self::UNDEFINED,
            Node::Number(_) | Node::Pi | Node::Variable | Node::Parameter(_) => Self::ZERO,
            Node::Sum(terms) => {
                let terms: Vec<_> =
                    terms.into_iter().map(|term| (term.coefficient, of(term.base))).collect();
                self.combine(&terms)
            }
            Node::Product(factors) => {
                let mut sum = Vec::new();
                for (at, factor) in factors.iter().enumerate() {
                    let (base, exponent) = (of(factor.base), of(factor.exponent));
                    if base == Self::ZERO && exponent == Self::ZERO {
                        continue;
                    }
                    let mut product = vec![self.derivative_of_power(factor, base, exponent)];
                    for (other, factor) in factors.iter().enumerate() {
                        if other != at {
                            product.push(self.power(factor.base, factor.exponent));
                        }
                    }
                    sum.push(self.multiply(&product));
                }
                self.add(&sum)
            }
            Node::Apply(function, argument) => {
                let inner = of(argument);
                if inner == Self::ZERO {
                    return Self::ZERO;
                }
                let outer = self.derivative_of_function(function, argument);
                self.multiply(&[outer, inner])
            }
        }
    }

    fn derivative_of_power(&mut self, factor: &Factor, base: ExprId, exponent: ExprId) -> ExprId {
        let mut sum = Vec::new();
        if base != Self::ZERO {
            let less = self.add(&[factor.exponent, Self::MINUS_ONE]);
            let power = self.power(factor.base, less);
            sum.push(self.multiply(&[factor.exponent, power, base]));
        }
        if exponent != Self::ZERO {
            let power = self.power(factor.base, factor.exponent);
            let logarithm = self.apply(Function::Log, factor.base);
            sum.push(self.multiply(&[power, logarithm, exponent]));
        }
        self.add(&sum)
    }

    /// The derivative of a function at an argument.
    pub fn derivative_of_function(&mut self, function: Function, u: ExprId) -> ExprId {
        match function {
            Function::Exp => self.apply(Function::Exp, u),
            Function::Log => self.power(u, Self::MINUS_ONE),
            Function::Sin => self.apply(Function::Cos, u),
            Function::Cos => {
                let sine = self.apply(Function::Sin, u);
                self.negate(sine)
            }
            Function::Tan => {
                let square = self.square_of(function, u);
                self.add(&[Self::ONE, square])
            }
            Function::Asin => self.reciprocal_root(u, 1, -1),
            Function::Acos => {
                let root = self.reciprocal_root(u, 1, -1);
                self.negate(root)
            }
            Function::Atan => self.reciprocal_of_square(u, 1),
            Function::Sinh => self.apply(Function::Cosh, u),
            Function::Cosh => self.apply(Function::Sinh, u),
            Function::Tanh => {
                let square = self.square_of(function, u);
                self.subtract(Self::ONE, square)
            }
            Function::Asinh => self.reciprocal_root(u, 1, 1),
            Function::Acosh => self.reciprocal_root(u, -1, 1),
            Function::Atanh => self.reciprocal_of_square(u, -1),
            Function::Abs => self.apply(Function::Sign, u),
            Function::Sign => Self::ZERO,
            Function::Erfcx => {
                let value = self.apply(function, u);
                let product = self.multiply(&[u, value]);
                let root = self.root(Self::PI, -1, 2);
                let two = Rational::from_integer(2.into());
                self.combine(&[(two.clone(), product), (-two, root)])
            }
            Function::Erf => {
                let square = self.square(u);
                let negative = self.negate(square);
                let bell = self.apply(Function::Exp, negative);
                let root = self.root(Self::PI, -1, 2);
                let product = self.multiply(&[root, bell]);
                self.scale(&Rational::from_integer(2.into()), product)
            }
        }
    }

    fn square_of(&mut self, function: Function, u: ExprId) -> ExprId {
        let value = self.apply(function, u);
        self.square(value)
    }

    /// `constant + sign*u^2`
    fn quadratic(&mut self, u: ExprId, constant: i64, sign: i64) -> ExprId {
        let square = self.square(u);
        let sign = Rational::from_integer(sign.into());
        let constant = self.integer(constant);
        self.combine(&[(Rational::one(), constant), (sign, square)])
    }

    fn reciprocal_root(&mut self, u: ExprId, constant: i64, sign: i64) -> ExprId {
        let quadratic = self.quadratic(u, constant, sign);
        self.root(quadratic, -1, 2)
    }

    fn reciprocal_of_square(&mut self, u: ExprId, sign: i64) -> ExprId {
        let quadratic = self.quadratic(u, 1, sign);
        self.power(quadratic, Self::MINUS_ONE)
    }
}
