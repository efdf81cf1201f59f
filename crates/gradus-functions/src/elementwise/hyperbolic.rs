//! Hyperbolic functions and their inverses.
//!
//! Must not know arrays. The inverse functions have no exact definition by `log` and `sqrt`: over a
//! finite field such a definition would seldom have a value, and would not be odd.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::{numpy, operator_name};
use crate::entry::{Exact, Form, Function, Numeric};

const ODD: FunctionFacts = FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sinh",
        summary: "hyperbolic sine",
        facts: FunctionFacts { role: Some(Role::HyperbolicSine), ..ODD },
        differential: "cosh(x).*dx",
        numeric: Numeric::Elementwise(f64::sinh),
        exact: Exact::Expansion("(exp(x)-exp(-x))/2"),
        form: Form::prefix("sinh", "\\sinh", "sinh"),
        spellings: numpy!("np.sinh({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "cosh",
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
        ..Function::ELEMENTWISE
    },
    Function {
        name: "tanh",
        summary: "hyperbolic tangent",
        facts: FunctionFacts { role: Some(Role::HyperbolicTangent), ..ODD },
        differential: "(1-tanh(x).^2).*dx",
        numeric: Numeric::Elementwise(f64::tanh),
        exact: Exact::Expansion("(exp(x)-exp(-x))./(exp(x)+exp(-x))"),
        form: Form::prefix("tanh", "\\tanh", "tanh"),
        spellings: numpy!("np.tanh({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "asinh",
        aliases: &["arcsinh"],
        summary: "inverse hyperbolic sine",
        facts: ODD,
        differential: "dx./sqrt(x.^2+1)",
        numeric: Numeric::Elementwise(libm::asinh),
        form: operator_name!("arcsinh", "arsinh"),
        spellings: numpy!("np.arcsinh({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "acosh",
        aliases: &["arccosh"],
        summary: "inverse hyperbolic cosine",
        facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
        differential: "dx./sqrt(x.^2-1)",
        condition: "{0} > 1",
        numeric: Numeric::Elementwise(libm::acosh),
        form: operator_name!("arccosh", "arcosh"),
        spellings: numpy!("np.arccosh({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "atanh",
        aliases: &["arctanh"],
        summary: "inverse hyperbolic tangent",
        facts: ODD,
        differential: "dx./(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(libm::atanh),
        form: operator_name!("arctanh", "artanh"),
        spellings: numpy!("np.arctanh({0})"),
        ..Function::ELEMENTWISE
    },
];
