//! Trigonometric functions and their inverses.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::numpy;
use crate::entry::{Exact, Form, Function, Numeric};

const ODD: FunctionFacts = FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sin",
        summary: "sine",
        facts: FunctionFacts { role: Some(Role::Sine), ..ODD },
        differential: "cos(x).*dx",
        numeric: Numeric::Elementwise(f64::sin),
        exact: Exact::Sine,
        form: Form::prefix("sin", "\\sin", "sin"),
        spellings: numpy!("np.sin({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "cos",
        summary: "cosine",
        facts: FunctionFacts {
            parity: Parity::Even,
            role: Some(Role::Cosine),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "-sin(x).*dx",
        numeric: Numeric::Elementwise(f64::cos),
        exact: Exact::Cosine,
        form: Form::prefix("cos", "\\cos", "cos"),
        spellings: numpy!("np.cos({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "tan",
        summary: "tangent",
        facts: FunctionFacts { role: Some(Role::Tangent), ..ODD },
        differential: "dx./cos(x).^2",
        condition: "cos({0}) ≠ 0",
        numeric: Numeric::Elementwise(f64::tan),
        exact: Exact::Expansion("sin(x)./cos(x)"),
        form: Form::prefix("tan", "\\tan", "tan"),
        spellings: numpy!("np.tan({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "asin",
        aliases: &["arcsin"],
        summary: "inverse sine",
        facts: ODD,
        differential: "dx./sqrt(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(f64::asin),
        form: Form::prefix("arcsin", "\\arcsin", "arcsin"),
        spellings: numpy!("np.arcsin({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "acos",
        aliases: &["arccos"],
        summary: "inverse cosine",
        facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
        differential: "-dx./sqrt(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(f64::acos),
        exact: Exact::Expansion("pi/2-asin(x)"),
        form: Form::prefix("arccos", "\\arccos", "arccos"),
        spellings: numpy!("np.arccos({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "atan",
        aliases: &["arctan"],
        summary: "inverse tangent",
        facts: ODD,
        differential: "dx./(1+x.^2)",
        numeric: Numeric::Elementwise(f64::atan),
        form: Form::prefix("arctan", "\\arctan", "arctan"),
        spellings: numpy!("np.arctan({0})"),
        ..Function::ELEMENTWISE
    },
];
