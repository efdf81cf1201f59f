//! Activation functions of neural networks, and the error function.
//!
//! Must not know arrays. At zero, `step` is 0, and so is the derivative of `relu`.

use std::f64::consts::SQRT_2;

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::{Curvature, Piece, Place, Trend};
use crate::entry::{Exact, Form, Function, Numeric};
use crate::proof::{Proof, line};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sigmoid",
        curvature: Curvature {
            logarithm: &[Piece::concave(Place::Anywhere, Trend::Increasing).strictly()],
            keeps_sign: false,
            range: (Some(0), Some(1)),
            ..Curvature::SATURATING
        },
        summary: "logistic function 1/(1+exp(-x))",
        facts: FunctionFacts {
            positive: true,
            nonnegative: true,
            role: Some(Role::Sigmoid),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "sigmoid(x).*(1-sigmoid(x)).*dx",
        numeric: Numeric::Elementwise(sigmoid),
        exact: Exact::Expansion("1./(1+exp(-x))"),
        form: Form::prefix("σ", "\\sigma", "sigma"),
        spellings: numpy!("scipy.special.expit({0})"),
        complex_spellings: numpy!("1 / (1 + np.exp(-{0}))"),
        proof: Proof::of(&[
            line("sigmoid(x) = 1./(1 + exp(-x))", "definition", "定义"),
            line("d(sigmoid(x)) = exp(-x)./(1 + exp(-x)).^2.*dx", "quotient rule", "商的法则"),
            line("exp(-x)./(1 + exp(-x)) = 1 - sigmoid(x)", "the other part of one", "与一的差"),
            line(
                "d(sigmoid(x)) = sigmoid(x).*(1-sigmoid(x)).*dx",
                "the square is taken apart",
                "把平方拆开",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "softplus",
        curvature: Curvature::STRICTLY_CONVEX_INCREASING,
        summary: "log(1+exp(x)), without overflow",
        facts: FunctionFacts {
            positive: true,
            nonnegative: true,
            role: Some(Role::Softplus),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "sigmoid(x).*dx",
        numeric: Numeric::Elementwise(softplus),
        exact: Exact::Expansion("log(1+exp(x))"),
        form: operator_name!("softplus"),
        spellings: numpy!("np.logaddexp(0.0, {0})"),
        complex_spellings: numpy!("np.log(1 + np.exp({0}))"),
        proof: Proof::of(&[
            line("softplus(x) = log(1 + exp(x))", "definition", "定义"),
            line(
                "d(softplus(x)) = exp(x)./(1 + exp(x)).*dx",
                "d log(u) = du ⊘ u with u = 1 + exp(x)",
                "d log(u) = du ⊘ u，其中 u = 1 + exp(x)",
            ),
            line(
                "d(softplus(x)) = sigmoid(x).*dx",
                "divided by exp(x) above and below",
                "分子分母同除以 exp(x)",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "relu",
        curvature: Curvature::CONVEX_INCREASING,
        summary: "max(x, 0)",
        facts: FunctionFacts {
            nonnegative: true,
            real_only: true,
            role: Some(Role::Relu),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "step(x).*dx",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(relu),
        exact: Exact::Expansion("(x+abs(x))/2"),
        form: operator_name!("relu", "ReLU"),
        spellings: numpy!("np.maximum({0}, 0.0)"),
        proof: Proof::of(&[
            line("relu(x) = (x + abs(x))/2", "the positive part", "正部"),
            line(
                "d(relu(x)) = (1 + sign(x))/2.*dx",
                "d abs(x) = sign(x) ⊙ dx",
                "d abs(x) = sign(x) ⊙ dx",
            ),
            line("d(relu(x)) = step(x).*dx", "1 where x > 0, else 0", "x > 0 处为 1，否则为 0"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "step",
        curvature: Curvature { range: (Some(0), Some(1)), ..Curvature::UNKNOWN },
        summary: "1 for positive numbers, else 0",
        facts: FunctionFacts {
            nonnegative: true,
            real_only: true,
            role: Some(Role::Step),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "0*dx",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(step),
        exact: Exact::Expansion("(sign(x)+sign(x).^2)/2"),
        form: operator_name!("step"),
        spellings: numpy!("np.heaviside({0}, 0.0)"),
        proof: Proof::of(&[
            line("step(x).*step(x) = step(x)", "each entry is 0 or 1", "每个元素为 0 或 1"),
            line(
                "(2*step(x) - 1).*d(step(x)) = zeros(n)",
                "differential of both sides",
                "两边求微分",
            ),
            line("d(step(x)) = zeros(n)", "2 step(x) − 1 is not 0", "2 step(x) − 1 不为 0"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "gelu",
        summary: "x times the normal distribution function of x",
        differential: "((1+erf(x/sqrt(2)))/2 + x.*exp(-x.^2/2)/sqrt(2*pi)).*dx",
        numeric: Numeric::Elementwise(gelu),
        exact: Exact::Expansion("x.*(1+erf(x/sqrt(2)))/2"),
        form: operator_name!("gelu", "GELU"),
        spellings: numpy!("_gelu({0})"),
        support: numpy!("def _gelu(x):\n    return x * scipy.special.ndtr(x)\n"),
        proof: Proof::of(&[
            line("gelu(x) = x.*(1 + erf(x/sqrt(2)))/2", "definition", "定义"),
            line(
                "d(gelu(x)) = (1 + erf(x/sqrt(2)))/2.*dx + x.*d(erf(x/sqrt(2)))/2",
                "product rule",
                "乘积法则",
            ),
            line(
                "d(erf(x/sqrt(2))) = 2/sqrt(pi)*exp(-x.^2/2).*dx/sqrt(2)",
                "d erf(u) with u = x/√2",
                "d erf(u)，其中 u = x/√2",
            ),
            line(
                "d(gelu(x)) = ((1+erf(x/sqrt(2)))/2 + x.*exp(-x.^2/2)/sqrt(2*pi)).*dx",
                "put in",
                "代入",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "erf",
        curvature: Curvature { range: (Some(-1), Some(1)), ..Curvature::SATURATING },
        summary: "error function",
        facts: FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE },
        differential: "2/sqrt(pi)*exp(-x.^2).*dx",
        numeric: Numeric::Elementwise(libm::erf),
        form: operator_name!("erf"),
        spellings: numpy!("scipy.special.erf({0})"),
        proof: Proof::of(&[
            line(
                "",
                "erf(x) is 2/√π times the integral of exp(−t²) over t from 0 to x",
                "erf(x) 等于 2/√π 乘以 exp(−t²) 从 0 到 x 的积分",
            ),
            line(
                "d(erf(x)) = 2/sqrt(pi)*exp(-x.^2).*dx",
                "an integral changes by its integrand at the end",
                "积分对上限的导数是被积函数",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
];

/// Only exponentials of negative numbers, which do not overflow.
fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let small = x.exp();
        small / (1.0 + small)
    }
}

fn softplus(x: f64) -> f64 {
    relu(x) + (-x.abs()).exp().ln_1p()
}

/// Written so that what is not a number stays so.
fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

fn step(x: f64) -> f64 {
    if x.is_nan() { x } else { f64::from(u8::from(x > 0.0)) }
}

/// By the complementary error function, which keeps full accuracy for negative numbers.
fn gelu(x: f64) -> f64 {
    x * libm::erfc(-x / SQRT_2) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_overflow_and_no_loss_far_from_zero() {
        assert_eq!((sigmoid(800.0), sigmoid(-800.0)), (1.0, 0.0));
        assert!((sigmoid(-40.0) / (-40.0f64).exp() - 1.0).abs() < 1e-15);
        assert_eq!((softplus(1000.0), softplus(-1000.0)), (1000.0, 0.0));
        assert!((softplus(-40.0) / (-40.0f64).exp() - 1.0).abs() < 1e-15);
        assert!((gelu(-10.0) / -7.619_853_024_160_525e-23 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn not_a_number_stays_so() {
        for f in [sigmoid, softplus, relu, step, gelu] {
            assert!(f(f64::NAN).is_nan());
        }
    }
}
