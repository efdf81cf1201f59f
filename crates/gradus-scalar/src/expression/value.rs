//! Values in floating point.
//!
//! Must not know simplification.

use num_traits::ToPrimitive;
use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::node::{ExprId, Function, Node, Rational};

impl Arena {
    /// The value with numbers for the variable and for the symbols, in the order of
    /// [`Arena::parameters`]; NaN where there is none.
    #[must_use]
    pub fn value(&self, id: ExprId, variable: f64, parameters: &[f64]) -> f64 {
        let mut values: FxHashMap<ExprId, f64> = FxHashMap::default();
        for at in self.reachable(id) {
            let value = self.value_of_node(at, &values, variable, parameters);
            values.insert(at, value);
        }
        values.get(&id).copied().unwrap_or(f64::NAN)
    }

    fn value_of_node(
        &self,
        id: ExprId,
        values: &FxHashMap<ExprId, f64>,
        variable: f64,
        parameters: &[f64],
    ) -> f64 {
        let of = |child: ExprId| values.get(&child).copied().unwrap_or(f64::NAN);
        match self.node(id) {
            Node::Undefined => f64::NAN,
            Node::Number(number) => float(number),
            Node::Pi => std::f64::consts::PI,
            Node::Variable => variable,
            Node::Parameter(parameter) => {
                parameters.get(parameter.0 as usize).copied().unwrap_or(f64::NAN)
            }
            Node::Sum(terms) => {
                terms.iter().map(|term| float(&term.coefficient) * of(term.base)).sum()
            }
            Node::Product(factors) => {
                factors.iter().map(|factor| of(factor.base).powf(of(factor.exponent))).product()
            }
            Node::Apply(function, argument) => float_call(*function, of(*argument)),
        }
    }
}

impl Arena {
    /// The nearest floating point number.
    #[must_use]
    pub fn float(&self, number: &Rational) -> f64 {
        float(number)
    }
}

/// The nearest floating point number.
fn float(number: &Rational) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

fn float_call(function: Function, u: f64) -> f64 {
    match function {
        Function::Exp => u.exp(),
        Function::Log => u.ln(),
        Function::Sin => u.sin(),
        Function::Cos => u.cos(),
        Function::Tan => u.tan(),
        Function::Asin => u.asin(),
        Function::Acos => u.acos(),
        Function::Atan => u.atan(),
        Function::Sinh => u.sinh(),
        Function::Cosh => u.cosh(),
        Function::Tanh => u.tanh(),
        Function::Asinh => u.asinh(),
        Function::Acosh => u.acosh(),
        Function::Atanh => u.atanh(),
        Function::Abs => u.abs(),
        Function::Sign if u == 0.0 => 0.0,
        Function::Sign => u.signum(),
        Function::Erf => libm::erf(u),
        Function::Erfcx => (u * u).exp() * libm::erfc(u),
    }
}
