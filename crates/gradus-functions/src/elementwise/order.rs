//! Modulus, sign, and the greater or smaller of two numbers.
//!
//! Must not know arrays. At ties the derivative of `abs` and `sign` is 0 and that of `max` and
//! `min` is one half in each argument; therefore `max(x, 0)` is not `relu(x)`, whose derivative at 0
//! is 0.

use gradus_tensor::{FunctionFacts, Parity, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::{Curvature, Piece, Place, Trend};
use crate::entry::{Exact, Form, Function, Numeric};
use crate::proof::{Proof, line};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "abs",
        curvature: Curvature::BOWL,
        summary: "modulus",
        facts: FunctionFacts {
            parity: Parity::Even,
            nonnegative: true,
            role: Some(Role::Absolute),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "sign(x).*dx",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(f64::abs),
        exact: Exact::Expansion("x.*sign(x)"),
        form: Form::Fenced { fence: "|", subscript: "" },
        spellings: numpy!("np.abs({0})"),
        proof: Proof::of(&[
            line("abs(x) = sign(x).*x", "entry by entry", "逐元素"),
            line(
                "d(sign(x)) = zeros(n)",
                "near x ≠ 0 the sign does not change",
                "在 x ≠ 0 附近符号不变",
            ),
            line(
                "d(abs(x)) = sign(x).*dx",
                "product rule; the other term vanishes",
                "乘积法则；另一项为零",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "sign",
        curvature: Curvature { keeps_sign: true, range: (Some(-1), Some(1)), ..Curvature::UNKNOWN },
        summary: "sign: -1, 0 or 1",
        facts: FunctionFacts {
            parity: Parity::Odd,
            real_only: true,
            role: Some(Role::Sign),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "0*dx",
        condition: "{0} ≠ 0",
        numeric: Numeric::Elementwise(sign),
        exact: Exact::Sign,
        form: operator_name!("sign"),
        spellings: numpy!("np.sign({0})"),
        proof: Proof::of(&[
            line("sign(x).*sign(x) = 1", "each entry is 1 or −1", "每个元素为 1 或 −1"),
            line(
                "2*sign(x).*d(sign(x)) = zeros(n)",
                "product rule on the left side",
                "左边用乘积法则",
            ),
            line("d(sign(x)) = zeros(n)", "sign(x) is not 0", "sign(x) 不为 0"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "max",
        curvature: Curvature::CONVEX_INCREASING,
        summary: "the greater of two, entry by entry; of one vector its greatest entry",
        other: "greatest",
        parameters: &["x", "y"],
        facts: FunctionFacts { cores: &[0, 0], real_only: true, ..FunctionFacts::ELEMENTWISE },
        differential: "(1+sign(x-y))/2.*dx + (1+sign(y-x))/2.*dy",
        condition: "{0} ≠ {1}",
        numeric: Numeric::Elementwise2(maximum),
        exact: Exact::Expansion("(x+y+abs(x-y))/2"),
        form: Form::prefix("max", "\\max", "max"),
        spellings: numpy!("np.maximum({0}, {1})"),
        proof: Proof::of(&[
            line(
                "max(x, y) = (x + y + abs(x - y))/2",
                "the greater one is the middle plus half of the distance",
                "较大者等于中点加半个距离",
            ),
            line(
                "d(max(x, y)) = (dx + dy + sign(x - y).*(dx - dy))/2",
                "d abs(u) = sign(u) ⊙ du with u = x − y",
                "d abs(u) = sign(u) ⊙ du，其中 u = x − y",
            ),
            line(
                "d(max(x, y)) = (1+sign(x-y))/2.*dx + (1+sign(y-x))/2.*dy",
                "sign(−u) = −sign(u)",
                "sign(−u) = −sign(u)",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "min",
        curvature: Curvature {
            pieces: &[Piece::concave(Place::Anywhere, Trend::Increasing)],
            ..Curvature::UNKNOWN
        },
        summary: "the smaller of two, entry by entry; of one vector its least entry",
        other: "least",
        parameters: &["x", "y"],
        facts: FunctionFacts { cores: &[0, 0], real_only: true, ..FunctionFacts::ELEMENTWISE },
        differential: "(1+sign(y-x))/2.*dx + (1+sign(x-y))/2.*dy",
        condition: "{0} ≠ {1}",
        numeric: Numeric::Elementwise2(minimum),
        exact: Exact::Expansion("(x+y-abs(x-y))/2"),
        form: Form::prefix("min", "\\min", "min"),
        spellings: numpy!("np.minimum({0}, {1})"),
        proof: Proof::of(&[
            line(
                "min(x, y) = (x + y - abs(x - y))/2",
                "the smaller one is the middle minus half of the distance",
                "较小者等于中点减半个距离",
            ),
            line(
                "d(min(x, y)) = (dx + dy - sign(x - y).*(dx - dy))/2",
                "d abs(u) = sign(u) ⊙ du with u = x − y",
                "d abs(u) = sign(u) ⊙ du，其中 u = x − y",
            ),
            line(
                "d(min(x, y)) = (1+sign(y-x))/2.*dx + (1+sign(x-y))/2.*dy",
                "sign(−u) = −sign(u)",
                "sign(−u) = −sign(u)",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
];

/// Zero at zero, unlike [`f64::signum`].
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// Not a number if either is not, unlike [`f64::max`].
fn maximum(x: f64, y: f64) -> f64 {
    if x.is_nan() || x > y { x } else { y }
}

/// Not a number if either is not, unlike [`f64::min`].
fn minimum(x: f64, y: f64) -> f64 {
    if x.is_nan() || x < y { x } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_and_nan() {
        assert_eq!((sign(-0.0), sign(-2.0), sign(3.0)), (0.0, -1.0, 1.0));
        assert!(sign(f64::NAN).is_nan());
        assert_eq!((maximum(1.0, 2.0), minimum(1.0, 2.0)), (2.0, 1.0));
        for f in [maximum, minimum] {
            assert!(f(f64::NAN, 1.0).is_nan() && f(1.0, f64::NAN).is_nan());
        }
    }
}
