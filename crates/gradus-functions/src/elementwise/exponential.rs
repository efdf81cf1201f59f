//! Exponentials and logarithms.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::Curvature;
use crate::entry::{Exact, Form, Function, Numeric};
use crate::proof::{Proof, line};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "exp",
        curvature: Curvature::STRICTLY_CONVEX_INCREASING,
        summary: "exponential",
        facts: FunctionFacts {
            positive: true,
            nonnegative: true,
            role: Some(Role::Exponential),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "exp(x).*dx",
        numeric: Numeric::Elementwise(f64::exp),
        exact: Exact::Exponential,
        form: Form::prefix("exp", "\\exp", "exp"),
        spellings: numpy!("np.exp({0})"),
        hint: "`exp` acts entry by entry; the matrix exponential is `expm`",
        proof: Proof {
            declarations: "h: vector(n)",
            lines: &[
                line(
                    "exp(x + h) = exp(x).*exp(h)",
                    "entry by entry; the exponential turns sums into products",
                    "逐元素；指数函数把和变为积",
                ),
                line(
                    "",
                    "to first order exp(h) = 1 + h, so the linear part of exp(x + h) − exp(x) is exp(x) ⊙ h",
                    "一阶近似 exp(h) = 1 + h，故 exp(x + h) − exp(x) 的线性部分为 exp(x) ⊙ h",
                ),
                line("d(exp(x)) = exp(x).*dx", "h = dx", "取 h = dx"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log",
        curvature: Curvature::LOGARITHM,
        aliases: &["ln"],
        summary: "natural logarithm",
        facts: FunctionFacts { role: Some(Role::Logarithm), ..FunctionFacts::ELEMENTWISE },
        differential: "dx./x",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::ln),
        form: Form::prefix("log", "\\log", "log"),
        spellings: numpy!("np.log({0})"),
        hint: "`log` acts entry by entry; the matrix logarithm is `logm`",
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line(
                    "exp(log(x)) = x",
                    "the logarithm is the inverse function of the exponential",
                    "对数是指数的反函数",
                ),
                line("exp(log(x)).*d(log(x)) = dx", "differential of both sides", "两边求微分"),
                line("d(log(x)) = dx./x", "exp(log(x)) = x", "exp(log(x)) = x"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log1p",
        curvature: Curvature { keeps_sign: true, ..Curvature::STRICTLY_CONCAVE_INCREASING },
        summary: "log(1+x), accurate for small x",
        differential: "dx./(1+x)",
        condition: "{0} > -1",
        numeric: Numeric::Elementwise(f64::ln_1p),
        exact: Exact::Expansion("log(1+x)"),
        form: operator_name!("log1p"),
        spellings: numpy!("np.log1p({0})"),
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line("log1p(x) = log(1 + x)", "definition", "定义"),
                line(
                    "d(log1p(x)) = dx./(1 + x)",
                    "d log(u) = du ⊘ u with u = 1 + x",
                    "d log(u) = du ⊘ u，其中 u = 1 + x",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "expm1",
        curvature: Curvature {
            keeps_sign: true,
            range: (Some(-1), None),
            ..Curvature::STRICTLY_CONVEX_INCREASING
        },
        summary: "exp(x)-1, accurate for small x",
        differential: "exp(x).*dx",
        numeric: Numeric::Elementwise(f64::exp_m1),
        exact: Exact::Expansion("exp(x)-1"),
        form: operator_name!("expm1"),
        spellings: numpy!("np.expm1({0})"),
        proof: Proof::of(&[
            line("expm1(x) = exp(x) - 1", "definition", "定义"),
            line(
                "d(expm1(x)) = exp(x).*dx",
                "d exp(x) = exp(x) ⊙ dx; the constant has no differential",
                "d exp(x) = exp(x) ⊙ dx；常数的微分为零",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log2",
        curvature: Curvature::LOGARITHM,
        summary: "logarithm to base 2",
        differential: "dx./(log(2)*x)",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::log2),
        exact: Exact::Expansion("log(x)/log(2)"),
        form: Form::prefix("log₂", "\\log_2", "log_2"),
        spellings: numpy!("np.log2({0})"),
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line("log2(x) = log(x)/log(2)", "change of base", "换底公式"),
                line("d(log2(x)) = d(log(x))/log(2)", "log(2) is constant", "log(2) 为常数"),
                line("d(log2(x)) = dx./(log(2)*x)", "d log(x) = dx ⊘ x", "d log(x) = dx ⊘ x"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log10",
        curvature: Curvature::LOGARITHM,
        summary: "logarithm to base 10",
        differential: "dx./(log(10)*x)",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::log10),
        exact: Exact::Expansion("log(x)/log(10)"),
        form: Form::prefix("log₁₀", "\\log_{10}", "log_10"),
        spellings: numpy!("np.log10({0})"),
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line("log10(x) = log(x)/log(10)", "change of base", "换底公式"),
                line("d(log10(x)) = d(log(x))/log(10)", "log(10) is constant", "log(10) 为常数"),
                line("d(log10(x)) = dx./(log(10)*x)", "d log(x) = dx ⊘ x", "d log(x) = dx ⊘ x"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
];
