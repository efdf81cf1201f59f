//! Roots, and the entrywise power with an exponent that is not a number.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::numpy;
use crate::entry::{Exact, Form, Function, Meaning, Numeric};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sqrt",
        summary: "square root",
        meaning: Meaning::Expansion("x.^(1/2)"),
        facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
        differential: "dx./(2*sqrt(x))",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise(f64::sqrt),
        exact: Exact::Derived,
        form: Form::Root { degree: 2 },
        spellings: numpy!("np.sqrt({0})"),
        hint: "`sqrt` acts entry by entry; the matrix square root is `sqrtm`",
        ..Function::ELEMENTWISE
    },
    // Not a rational power: that is undefined for negative numbers, of which this is the real root.
    Function {
        name: "cbrt",
        summary: "real cube root",
        facts: FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE },
        differential: "dx./(3*cbrt(x).^2)",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(f64::cbrt),
        form: Form::Root { degree: 3 },
        spellings: numpy!("np.cbrt({0})"),
        ..Function::ELEMENTWISE
    },
    Function {
        name: ".^",
        summary: "entrywise power",
        parameters: &["x", "y"],
        facts: FunctionFacts {
            cores: &[0, 0],
            role: Some(Role::Power),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "y.*x.^(y-1).*dx + log(x).*x.^y.*dy",
        condition: "{0} > 0",
        numeric: Numeric::Elementwise2(f64::powf),
        exact: Exact::Power,
        form: Form::Infix { text: "^", latex: "^", typst: "^" },
        spellings: numpy!("np.power({0}, {1})"),
        ..Function::ELEMENTWISE
    },
];
