//! Hyperbolic functions and their inverses.
//!
//! Must not know arrays. The inverse functions have no exact definition by `log` and `sqrt`: over a
//! finite field such a definition would seldom have a value, and would not be odd.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::Curvature;
use crate::entry::{Exact, Form, Function, Numeric};
use crate::proof::{Proof, line};

const ODD: FunctionFacts = FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sinh",
        curvature: Curvature::GROWING,
        summary: "hyperbolic sine",
        facts: FunctionFacts { role: Some(Role::HyperbolicSine), ..ODD },
        differential: "cosh(x).*dx",
        numeric: Numeric::Elementwise(f64::sinh),
        exact: Exact::Expansion("(exp(x)-exp(-x))/2"),
        form: Form::prefix("sinh", "\\sinh", "sinh"),
        spellings: numpy!("np.sinh({0})"),
        proof: Proof::of(&[
            line("sinh(x) = (exp(x) - exp(-x))/2", "definition", "定义"),
            line(
                "d(sinh(x)) = (exp(x) + exp(-x))/2.*dx",
                "d exp(±x) = ±exp(±x) ⊙ dx",
                "d exp(±x) = ±exp(±x) ⊙ dx",
            ),
            line("d(sinh(x)) = cosh(x).*dx", "definition of cosh", "cosh 的定义"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "cosh",
        curvature: Curvature {
            range: (Some(1), None),
            logarithm: Curvature::STRICT_BOWL.pieces,
            ..Curvature::STRICT_BOWL
        },
        summary: "hyperbolic cosine",
        facts: FunctionFacts {
            parity: Parity::Even,
            positive: true,
            nonnegative: true,
            role: Some(Role::HyperbolicCosine),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "sinh(x).*dx",
        numeric: Numeric::Elementwise(f64::cosh),
        exact: Exact::Expansion("(exp(x)+exp(-x))/2"),
        form: Form::prefix("cosh", "\\cosh", "cosh"),
        spellings: numpy!("np.cosh({0})"),
        proof: Proof::of(&[
            line("cosh(x) = (exp(x) + exp(-x))/2", "definition", "定义"),
            line(
                "d(cosh(x)) = (exp(x) - exp(-x))/2.*dx",
                "d exp(±x) = ±exp(±x) ⊙ dx",
                "d exp(±x) = ±exp(±x) ⊙ dx",
            ),
            line("d(cosh(x)) = sinh(x).*dx", "definition of sinh", "sinh 的定义"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "tanh",
        curvature: Curvature { range: (Some(-1), Some(1)), ..Curvature::SATURATING },
        summary: "hyperbolic tangent",
        facts: FunctionFacts { role: Some(Role::HyperbolicTangent), ..ODD },
        differential: "(1-tanh(x).^2).*dx",
        numeric: Numeric::Elementwise(f64::tanh),
        exact: Exact::Expansion("(exp(x)-exp(-x))./(exp(x)+exp(-x))"),
        form: Form::prefix("tanh", "\\tanh", "tanh"),
        spellings: numpy!("np.tanh({0})"),
        proof: Proof::of(&[
            line("tanh(x) = sinh(x)./cosh(x)", "definition", "定义"),
            line(
                "d(tanh(x)) = (cosh(x).*cosh(x) - sinh(x).*sinh(x))./cosh(x).^2.*dx",
                "quotient rule",
                "商的法则",
            ),
            line("d(tanh(x)) = (1-tanh(x).^2).*dx", "divided by cosh²", "除以 cosh²"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "asinh",
        curvature: Curvature::SATURATING,
        aliases: &["arcsinh"],
        summary: "inverse hyperbolic sine",
        facts: ODD,
        differential: "dx./sqrt(x.^2+1)",
        numeric: Numeric::Elementwise(libm::asinh),
        form: operator_name!("arcsinh", "arsinh"),
        spellings: numpy!("np.arcsinh({0})"),
        proof: Proof::of(&[
            line("sinh(asinh(x)) = x", "the inverse function", "反函数"),
            line("cosh(asinh(x)).*d(asinh(x)) = dx", "differential of both sides", "两边求微分"),
            line("cosh(asinh(x)) = sqrt(x.^2 + 1)", "cosh² − sinh² = 1", "cosh² − sinh² = 1"),
            line("d(asinh(x)) = dx./sqrt(x.^2+1)", "divided", "相除"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "acosh",
        curvature: Curvature::STRICTLY_CONCAVE_INCREASING,
        aliases: &["arccosh"],
        summary: "inverse hyperbolic cosine",
        facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
        differential: "dx./sqrt(x.^2-1)",
        condition: "{0} > 1",
        numeric: Numeric::Elementwise(libm::acosh),
        form: operator_name!("arccosh", "arcosh"),
        spellings: numpy!("np.arccosh({0})"),
        proof: Proof {
            declarations: "x: scalar",
            lines: &[
                line("cosh(acosh(x)) = x", "the inverse function", "反函数"),
                line(
                    "sinh(acosh(x)).*d(acosh(x)) = dx",
                    "differential of both sides",
                    "两边求微分",
                ),
                line(
                    "sinh(acosh(x)) = sqrt(x.^2 - 1)",
                    "cosh² − sinh² = 1, and acosh(x) > 0",
                    "cosh² − sinh² = 1，且 acosh(x) > 0",
                ),
                line("d(acosh(x)) = dx./sqrt(x.^2-1)", "divided", "相除"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "atanh",
        curvature: Curvature::GROWING,
        aliases: &["arctanh"],
        summary: "inverse hyperbolic tangent",
        facts: ODD,
        differential: "dx./(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(libm::atanh),
        form: operator_name!("arctanh", "artanh"),
        spellings: numpy!("np.arctanh({0})"),
        proof: Proof::of(&[
            line("tanh(atanh(x)) = x", "the inverse function", "反函数"),
            line(
                "(1 - tanh(atanh(x)).^2).*d(atanh(x)) = dx",
                "differential of both sides",
                "两边求微分",
            ),
            line("d(atanh(x)) = dx./(1-x.^2)", "divided", "相除"),
        ]),
        ..Function::ELEMENTWISE
    },
];
