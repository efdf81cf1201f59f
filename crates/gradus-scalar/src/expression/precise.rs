//! Values to many digits, with a bound of their error.
//!
//! Must not know simplification. The arithmetic is that of `dashu-float`, correctly rounded; the error
//! is carried along to first order, in powers of two.

use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig, Repr};
use dashu_int::IBig;
use num_traits::ToPrimitive;
use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::node::{ExprId, Factor, Function, Node, Rational};

type Float = FBig<HalfEven, 2>;

/// Arguments of `exp` beyond this, and exponents, are not evaluated.
const GREATEST_MAGNITUDE: f64 = 40.0;

/// A value and the power of two that its error is below; −∞ where it is exact.
#[derive(Clone, Debug)]
pub(super) struct Precise {
    value: Float,
    error: f64,
}

impl Precise {
    /// The power of two just above the value.
    fn magnitude(&self) -> f64 {
        magnitude(&self.value)
    }

    /// The sign, where the value is further from zero than its error by many bits.
    pub(super) fn certain_sign(&self) -> Option<i8> {
        if self.magnitude() <= self.error + 16.0 {
            return None;
        }
        Some(if self.value.repr().sign() == dashu_base::Sign::Negative { -1 } else { 1 })
    }

    /// Whether the value is zero to within its error, and that error is small.
    pub(super) fn is_nearly_zero(&self, bits: f64) -> bool {
        self.certain_sign().is_none() && self.error < -bits
    }

    /// Whether so many bits of the value are known, after or before the point.
    pub(super) fn is_known_to(&self, bits: f64) -> bool {
        self.error < -bits || self.error < self.magnitude() - bits
    }

    /// The nearest number of the machine.
    pub(super) fn to_f64(&self) -> f64 {
        self.value.to_f64().value()
    }
}

fn magnitude(value: &Float) -> f64 {
    let repr = value.repr();
    if repr.significand().is_zero() {
        return f64::NEG_INFINITY;
    }
    let digits = f64::from(u32::try_from(repr.digits()).unwrap_or(u32::MAX));
    digits + repr.exponent().to_f64().unwrap_or(f64::INFINITY)
}

/// One evaluation: the precision and the values found so far.
struct Evaluation<'a> {
    arena: &'a Arena,
    context: Context<HalfEven>,
    bits: usize,
    variable: Float,
    parameters: Vec<Float>,
    values: FxHashMap<ExprId, Precise>,
}

impl Arena {
    /// The value to a number of bits, where there is one that can be computed.
    pub(super) fn precise(
        &mut self,
        id: ExprId,
        variable: &Rational,
        parameters: &[Rational],
        bits: usize,
    ) -> Option<Precise> {
        let nodes = self.reachable(id);
        self.spend(nodes.len() as u64 * (2 + bits as u64 / 64));
        let context = Context::new(bits);
        let mut evaluation = Evaluation {
            arena: self,
            context,
            bits,
            variable: rational(&context, variable)?,
            parameters: parameters
                .iter()
                .map(|value| rational(&context, value))
                .collect::<Option<_>>()?,
            values: FxHashMap::default(),
        };
        for at in nodes {
            let value = evaluation.node(at)?;
            evaluation.values.insert(at, value);
        }
        evaluation.values.remove(&id)
    }
}

fn integer(number: &num_bigint::BigInt) -> IBig {
    let (sign, bytes) = number.to_bytes_le();
    let size = IBig::from(dashu_int::UBig::from_le_bytes(&bytes));
    if sign == num_bigint::Sign::Minus { -size } else { size }
}

fn rational(context: &Context<HalfEven>, number: &Rational) -> Option<Float> {
    let numerator = Repr::<2>::new(integer(number.numer()), 0);
    let denominator = Repr::<2>::new(integer(number.denom()), 0);
    Some(context.div(&numerator, &denominator).ok()?.value())
}

impl Evaluation<'_> {
    /// A computed value: the error from the arguments, and that of rounding.
    fn rounded(&self, value: Float, error: f64) -> Option<Precise> {
        if !value.repr().is_finite() {
            return None;
        }
        let size = magnitude(&value);
        if size > 1e15 || error.is_nan() {
            return None;
        }
        let rounding = size - self.bits as f64 + 1.0;
        Some(Precise { value, error: error.max(rounding) + 1.0 })
    }

    fn exact(&self, value: Float) -> Option<Precise> {
        self.rounded(value, f64::NEG_INFINITY)
    }

    fn node(&self, id: ExprId) -> Option<Precise> {
        match self.arena.node(id) {
            Node::Undefined => None,
            Node::Number(number) => self.exact(rational(&self.context, number)?),
            Node::Pi => self.exact(self.context.pi::<2>(None).value()),
            Node::Variable => self.exact(self.variable.clone()),
            Node::Parameter(parameter) => {
                self.exact(self.parameters.get(parameter.0 as usize)?.clone())
            }
            Node::Sum(terms) => {
                let mut sum = Float::ZERO;
                let mut error = f64::NEG_INFINITY;
                for term in terms {
                    let base = self.values.get(&term.base)?;
                    let number = rational(&self.context, &term.coefficient)?;
                    let product = self.context.mul(number.repr(), base.value.repr()).ok()?.value();
                    error = error
                        .max(base.error + magnitude(&number))
                        .max(magnitude(&product) - self.bits as f64);
                    sum = self.context.add(sum.repr(), product.repr()).ok()?.value();
                    error = error.max(magnitude(&sum) - self.bits as f64);
                }
                self.rounded(sum, error + 2.0)
            }
            Node::Product(factors) => {
                let mut product: Option<Precise> = None;
                for factor in factors {
                    let power = self.power(factor)?;
                    product = Some(match product {
                        None => power,
                        Some(so_far) => {
                            let value =
                                self.context.mul(so_far.value.repr(), power.value.repr()).ok()?;
                            let error = (so_far.error + power.magnitude())
                                .max(power.error + so_far.magnitude());
                            self.rounded(value.value(), error + 1.0)?
                        }
                    });
                }
                product
            }
            Node::Apply(function, argument) => self.call(*function, self.values.get(argument)?),
        }
    }

    fn power(&self, factor: &Factor) -> Option<Precise> {
        let base = self.values.get(&factor.base)?;
        if factor.exponent == Arena::ONE {
            return Some(base.clone());
        }
        let size = base.magnitude();
        let is_zero_like = base.certain_sign().is_none();
        if let Some(exponent) = self.arena.as_integer(factor.exponent) {
            if exponent.unsigned_abs() > 1_000_000 || (exponent < 0 && is_zero_like) {
                return None;
            }
            let value = self.context.powi(base.value.repr(), IBig::from(exponent)).ok()?.value();
            let amplified = (exponent.unsigned_abs() as f64).log2();
            let error = if base.value.repr().significand().is_zero() {
                base.error * exponent as f64
            } else {
                magnitude(&value) + amplified + base.error - size + 2.0
            };
            return self.rounded(value, error);
        }
        if is_zero_like || base.certain_sign() == Some(-1) {
            return None;
        }
        let exponent = self.values.get(&factor.exponent)?;
        let logarithm = self.call(Function::Log, base)?;
        let product = self.context.mul(logarithm.value.repr(), exponent.value.repr()).ok()?.value();
        let error =
            (logarithm.error + exponent.magnitude()).max(exponent.error + logarithm.magnitude());
        let product = self.rounded(product, error + 1.0)?;
        self.call(Function::Exp, &product)
    }

    fn call(&self, function: Function, u: &Precise) -> Option<Precise> {
        let context = &self.context;
        let repr = u.value.repr();
        let one = Float::ONE;
        let relative_to =
            |quadratic: Option<Float>| -> Option<f64> { Some(u.error - magnitude(&quadratic?)) };
        let square = || context.sqr(repr).ok().map(dashu_base::Approximation::value);
        let one_minus = || {
            let square = square()?;
            Some(context.sub(one.repr(), square.repr()).ok()?.value())
        };
        let minus_one = || {
            let square = square()?;
            Some(context.sub(square.repr(), one.repr()).ok()?.value())
        };
        let is_large = u.magnitude() > GREATEST_MAGNITUDE;
        let (value, error) = match function {
            Function::Exp | Function::Sinh | Function::Cosh if is_large => return None,
            Function::Exp => {
                let value = context.exp(repr, None).ok()?.value();
                let error = magnitude(&value) + u.error + 1.0;
                (value, error)
            }
            Function::Log => {
                if u.certain_sign() != Some(1) {
                    return None;
                }
                (context.ln(repr, None).ok()?.value(), u.error - u.magnitude() + 2.0)
            }
            Function::Sin | Function::Cos | Function::Tan if u.magnitude() > 2_000.0 => {
                return None;
            }
            Function::Sin => (context.sin(repr, None).ok()?.value(), u.error),
            Function::Cos => (context.cos(repr, None).ok()?.value(), u.error),
            Function::Tan => {
                let value = context.tan(repr, None).ok()?.value();
                let slope = 2.0 * magnitude(&value).max(0.0) + 1.0;
                (value, u.error + slope)
            }
            Function::Asin => {
                let error = u.error - magnitude(&one_minus()?) / 2.0 + 2.0;
                (context.asin(repr, None).ok()?.value(), error)
            }
            Function::Acos => {
                let error = u.error - magnitude(&one_minus()?) / 2.0 + 2.0;
                (context.acos(repr, None).ok()?.value(), error)
            }
            Function::Atan => (context.atan(repr, None).ok()?.value(), u.error),
            Function::Sinh => {
                let value = context.sinh(repr, None).ok()?.value();
                let error = magnitude(&value).max(1.0) + u.error + 1.0;
                (value, error)
            }
            Function::Cosh => {
                let value = context.cosh(repr, None).ok()?.value();
                let error = magnitude(&value) + u.error + 1.0;
                (value, error)
            }
            Function::Tanh => (context.tanh(repr, None).ok()?.value(), u.error),
            Function::Asinh => (context.asinh(repr, None).ok()?.value(), u.error),
            Function::Acosh => {
                let error = u.error - magnitude(&minus_one()?) / 2.0 + 2.0;
                (context.acosh(repr, None).ok()?.value(), error)
            }
            Function::Atanh => {
                let error = relative_to(one_minus())? + 2.0;
                (context.atanh(repr, None).ok()?.value(), error)
            }
            Function::Abs => {
                let is_negative = repr.sign() == dashu_base::Sign::Negative;
                (if is_negative { -u.value.clone() } else { u.value.clone() }, u.error)
            }
            Function::Sign => return self.sign(u),
            Function::Erf => (self.error_function(&u.value)?, u.error + 1.0),
            Function::Erfcx => return self.scaled_complement(u),
        };
        self.rounded(value, error)
    }

    fn sign(&self, u: &Precise) -> Option<Precise> {
        let value = match u.certain_sign()? {
            1 => Float::ONE,
            _ => -Float::ONE,
        };
        self.exact(value)
    }

    /// `exp(u^2)*(1 - erf(u))`
    fn scaled_complement(&self, u: &Precise) -> Option<Precise> {
        if u.magnitude() > 4.0 {
            return None;
        }
        let erf = self.call(Function::Erf, u)?;
        let rest = self.context.sub(Float::ONE.repr(), erf.value.repr()).ok()?.value();
        let rest = self.rounded(rest, erf.error)?;
        let square = self.context.sqr(u.value.repr()).ok()?.value();
        let square = self.rounded(square, u.error + u.magnitude() + 1.0)?;
        let grown = self.call(Function::Exp, &square)?;
        let value = self.context.mul(rest.value.repr(), grown.value.repr()).ok()?.value();
        let error = (rest.error + grown.magnitude()).max(grown.error + rest.magnitude());
        self.rounded(value, error + 1.0)
    }

    /// erf(x) = 2/√π · exp(−x²) · Σ 2ⁿ x^(2n+1)/(2n+1)!!, whose terms have one sign.
    fn error_function(&self, x: &Float) -> Option<Float> {
        let context = &self.context;
        if magnitude(x) > 5.0 {
            let is_negative = x.repr().sign() == dashu_base::Sign::Negative;
            return Some(if is_negative { -Float::ONE } else { Float::ONE });
        }
        let square = context.sqr(x.repr()).ok()?.value();
        let double = context.add(square.repr(), square.repr()).ok()?.value();
        let mut term = x.clone();
        let mut sum = x.clone();
        for at in 1..4_000_i64 {
            if magnitude(&term) < magnitude(&sum) - self.bits as f64 - 8.0 {
                break;
            }
            let odd = Repr::<2>::new(IBig::from(2 * at + 1), 0);
            let grown = context.mul(term.repr(), double.repr()).ok()?.value();
            term = context.div(grown.repr(), &odd).ok()?.value();
            sum = context.add(sum.repr(), term.repr()).ok()?.value();
        }
        let negative = -square;
        let bell = context.exp(negative.repr(), None).ok()?.value();
        let root = context.sqrt(context.pi::<2>(None).value().repr()).ok()?.value();
        let scaled = context.mul(sum.repr(), bell.repr()).ok()?.value();
        let doubled = context.add(scaled.repr(), scaled.repr()).ok()?.value();
        Some(context.div(doubled.repr(), root.repr()).ok()?.value())
    }
}
