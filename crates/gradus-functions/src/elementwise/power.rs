//! Roots, and the entrywise power with an exponent that is not a number.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::numpy;
use crate::curvature::Curvature;
use crate::entry::{Exact, Form, Function, Meaning, Numeric};
use crate::proof::{Proof, line};

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
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line("sqrt(x).*sqrt(x) = x", "the square of the root", "平方根的平方"),
                line(
                    "2*sqrt(x).*d(sqrt(x)) = dx",
                    "product rule on the left side",
                    "左边用乘积法则",
                ),
                line("d(sqrt(x)) = dx./(2*sqrt(x))", "divided by 2 sqrt(x)", "除以 2 sqrt(x)"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    // Not a rational power: that is undefined for negative numbers, of which this is the real root.
    Function {
        name: "cbrt",
        curvature: Curvature::SATURATING,
        summary: "real cube root",
        facts: FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE },
        differential: "dx./(3*cbrt(x).^2)",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(f64::cbrt),
        form: Form::Root { degree: 3 },
        spellings: numpy!("np.cbrt({0})"),
        proof: Proof {
            declarations: "x: positive vector(n)",
            lines: &[
                line("cbrt(x).*cbrt(x).*cbrt(x) = x", "the cube of the root", "立方根的立方"),
                line(
                    "3*cbrt(x).^2.*d(cbrt(x)) = dx",
                    "product rule on the left side",
                    "左边用乘积法则",
                ),
                line("d(cbrt(x)) = dx./(3*cbrt(x).^2)", "divided by 3 cbrt(x)²", "除以 3 cbrt(x)²"),
            ],
            ..Proof::NONE
        },
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
        proof: Proof {
            declarations: "x: positive vector(n); y: vector(n)",
            lines: &[
                line(
                    "x.^y = exp(y.*log(x))",
                    "definition of a power with a positive base",
                    "底数为正的幂的定义",
                ),
                line(
                    "d(x.^y) = x.^y.*(y.*dx./x + log(x).*dy)",
                    "d exp(u) = exp(u) ⊙ du with u = y ⊙ log(x), and the product rule for u",
                    "d exp(u) = exp(u) ⊙ du，其中 u = y ⊙ log(x)，对 u 用乘积法则",
                ),
                line("d(x.^y) = y.*x.^(y-1).*dx + log(x).*x.^y.*dy", "multiplied out", "展开"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
];
