//! Trigonometric functions and their inverses.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::numpy;
use crate::curvature::{Curvature, Piece, Place, Trend};
use crate::entry::{Exact, Form, Function, Numeric};
use crate::proof::{Proof, line};

const ODD: FunctionFacts = FunctionFacts { parity: Parity::Odd, ..FunctionFacts::ELEMENTWISE };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sin",
        curvature: Curvature { range: (Some(-1), Some(1)), ..Curvature::UNKNOWN },
        summary: "sine",
        facts: FunctionFacts { role: Some(Role::Sine), ..ODD },
        differential: "cos(x).*dx",
        numeric: Numeric::Elementwise(f64::sin),
        exact: Exact::Sine,
        form: Form::prefix("sin", "\\sin", "sin"),
        spellings: numpy!("np.sin({0})"),
        proof: Proof {
            declarations: "h: vector(n)",
            lines: &[
                line(
                    "sin(x + h) = sin(x).*cos(h) + cos(x).*sin(h)",
                    "addition theorem",
                    "和角公式",
                ),
                line(
                    "",
                    "to first order cos(h) = 1 and sin(h) = h",
                    "一阶近似 cos(h) = 1，sin(h) = h",
                ),
                line("d(sin(x)) = cos(x).*dx", "h = dx", "取 h = dx"),
            ],
            ..Proof::NONE
        },
        ..Function::ELEMENTWISE
    },
    Function {
        name: "cos",
        curvature: Curvature { range: (Some(-1), Some(1)), ..Curvature::UNKNOWN },
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
        proof: Proof {
            declarations: "h: vector(n)",
            lines: &[
                line(
                    "cos(x + h) = cos(x).*cos(h) - sin(x).*sin(h)",
                    "addition theorem",
                    "和角公式",
                ),
                line(
                    "",
                    "to first order cos(h) = 1 and sin(h) = h",
                    "一阶近似 cos(h) = 1，sin(h) = h",
                ),
                line("d(cos(x)) = -sin(x).*dx", "h = dx", "取 h = dx"),
            ],
            ..Proof::NONE
        },
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
        proof: Proof::of(&[
            line("tan(x) = sin(x)./cos(x)", "definition", "定义"),
            line(
                "d(tan(x)) = (cos(x).*cos(x) + sin(x).*sin(x))./cos(x).^2.*dx",
                "quotient rule",
                "商的法则",
            ),
            line("d(tan(x)) = dx./cos(x).^2", "cos² + sin² = 1", "cos² + sin² = 1"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "asin",
        curvature: Curvature::GROWING,
        aliases: &["arcsin"],
        summary: "inverse sine",
        facts: ODD,
        differential: "dx./sqrt(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(f64::asin),
        form: Form::prefix("arcsin", "\\arcsin", "arcsin"),
        spellings: numpy!("np.arcsin({0})"),
        proof: Proof::of(&[
            line("sin(asin(x)) = x", "the inverse function", "反函数"),
            line("cos(asin(x)).*d(asin(x)) = dx", "differential of both sides", "两边求微分"),
            line(
                "cos(asin(x)) = sqrt(1 - x.^2)",
                "cos² + sin² = 1, and cos ≥ 0 between −π/2 and π/2",
                "cos² + sin² = 1，且在 −π/2 与 π/2 之间 cos ≥ 0",
            ),
            line("d(asin(x)) = dx./sqrt(1-x.^2)", "divided", "相除"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "acos",
        curvature: Curvature {
            pieces: &[
                Piece::concave(Place::Nonnegative, Trend::Decreasing).strictly(),
                Piece::convex(Place::Nonpositive, Trend::Decreasing).strictly(),
            ],
            ..Curvature::UNKNOWN
        },
        aliases: &["arccos"],
        summary: "inverse cosine",
        facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
        differential: "-dx./sqrt(1-x.^2)",
        condition: "-1 < {0} < 1",
        numeric: Numeric::Elementwise(f64::acos),
        exact: Exact::Expansion("pi/2-asin(x)"),
        form: Form::prefix("arccos", "\\arccos", "arccos"),
        spellings: numpy!("np.arccos({0})"),
        proof: Proof::of(&[
            line(
                "acos(x) = pi/2 - asin(x)",
                "the two angles of a right triangle",
                "直角三角形的两个锐角互余",
            ),
            line(
                "d(acos(x)) = -dx./sqrt(1-x.^2)",
                "d asin(x) = dx ⊘ sqrt(1 − x²)",
                "d asin(x) = dx ⊘ sqrt(1 − x²)",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "atan",
        curvature: Curvature::SATURATING,
        aliases: &["arctan"],
        summary: "inverse tangent",
        facts: ODD,
        differential: "dx./(1+x.^2)",
        numeric: Numeric::Elementwise(f64::atan),
        form: Form::prefix("arctan", "\\arctan", "arctan"),
        spellings: numpy!("np.arctan({0})"),
        proof: Proof::of(&[
            line("tan(atan(x)) = x", "the inverse function", "反函数"),
            line("d(atan(x))./cos(atan(x)).^2 = dx", "differential of both sides", "两边求微分"),
            line("1./cos(atan(x)).^2 = 1 + x.^2", "1/cos² = 1 + tan²", "1/cos² = 1 + tan²"),
            line("d(atan(x)) = dx./(1+x.^2)", "divided", "相除"),
        ]),
        ..Function::ELEMENTWISE
    },
];
