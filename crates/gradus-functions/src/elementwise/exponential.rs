//! Exponentials and logarithms.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::entry::{Exact, Form, Function, Numeric};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "exp",
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
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log",
        aliases: &["ln"],
        summary: "natural logarithm",
        facts: FunctionFacts { role: Some(Role::Logarithm), ..FunctionFacts::ELEMENTWISE },
        differential: "dx./x",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::ln),
        form: Form::prefix("log", "\\log", "log"),
        spellings: numpy!("np.log({0})"),
        hint: "`log` acts entry by entry; the matrix logarithm is `logm`",
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log1p",
        summary: "log(1+x), accurate for small x",
        differential: "dx./(1+x)",
        condition: "{0} > -1",
        numeric: Numeric::Elementwise(f64::ln_1p),
        exact: Exact::Expansion("log(1+x)"),
        form: operator_name!("log1p"),
        spellings: numpy!("np.log1p({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "expm1",
        summary: "exp(x)-1, accurate for small x",
        differential: "exp(x).*dx",
        numeric: Numeric::Elementwise(f64::exp_m1),
        exact: Exact::Expansion("exp(x)-1"),
        form: operator_name!("expm1"),
        spellings: numpy!("np.expm1({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log2",
        summary: "logarithm to base 2",
        differential: "dx./(log(2)*x)",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::log2),
        exact: Exact::Expansion("log(x)/log(2)"),
        form: Form::prefix("log₂", "\\log_2", "log_2"),
        spellings: numpy!("np.log2({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "log10",
        summary: "logarithm to base 10",
        differential: "dx./(log(10)*x)",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::log10),
        exact: Exact::Expansion("log(x)/log(10)"),
        form: Form::prefix("log₁₀", "\\log_{10}", "log_10"),
        spellings: numpy!("np.log10({0})"),
        ..Function::ELEMENTWISE
    },
];
