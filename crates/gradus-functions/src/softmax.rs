//! Functions of a vector: softmax and log-sum-exp.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::{Curvature, Piece, Place, Trend};
use crate::entry::{ArrayFunction, Exact, Function, Numeric};
use crate::proof::{Proof, line};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "softmax",
        curvature: Curvature {
            logarithm: &[Piece::concave(Place::Anywhere, Trend::None)],
            range: (Some(0), Some(1)),
            ..Curvature::UNKNOWN
        },
        summary: "exp(x)/sum(exp(x)) of a vector, without overflow",
        signatures: &["(n,1) -> (n,1)"],
        facts: FunctionFacts {
            cores: &[1],
            output_core: 1,
            positive: true,
            nonnegative: true,
            sums_to_one: true,
            role: Some(Role::Softmax),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "softmax(x).*dx - softmax(x)*(softmax(x)'*dx)",
        numeric: Numeric::Array(ArrayFunction::Softmax),
        exact: Exact::Expansion("exp(x)/sum(exp(x))"),
        form: operator_name!("softmax"),
        spellings: numpy!("scipy.special.softmax({0})"),
        hint: "`softmax` takes a column; of a row x it is `softmax(x')'`",
        proof: Proof::of(&[
            line("softmax(x) = exp(x)/sum(exp(x))", "definition", "定义"),
            line(
                "d(softmax(x)) = exp(x).*dx/sum(exp(x)) - exp(x)*sum(exp(x).*dx)/sum(exp(x))^2",
                "quotient rule",
                "商的法则",
            ),
            line(
                "sum(exp(x).*dx)/sum(exp(x)) = softmax(x)'*dx",
                "a sum of products is an inner product",
                "乘积之和即内积",
            ),
            line("d(softmax(x)) = softmax(x).*dx - softmax(x)*(softmax(x)'*dx)", "put in", "代入"),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "logsumexp",
        curvature: Curvature::CONVEX_INCREASING,
        summary: "log(sum(exp(x))) of a vector, without overflow",
        signatures: &["(n,1) -> (1,1)"],
        facts: FunctionFacts {
            cores: &[1],
            role: Some(Role::LogSumExp),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "softmax(x)'*dx",
        numeric: Numeric::Array(ArrayFunction::LogSumExp),
        exact: Exact::Expansion("log(sum(exp(x)))"),
        form: operator_name!("logsumexp"),
        spellings: numpy!("scipy.special.logsumexp({0})"),
        hint: "`logsumexp` takes a column; over all entries of X it is `logsumexp(vec(X))`",
        proof: Proof::of(&[
            line("logsumexp(x) = log(sum(exp(x)))", "definition", "定义"),
            line(
                "d(logsumexp(x)) = sum(exp(x).*dx)/sum(exp(x))",
                "d log(u) = du/u with u = sum(exp(x))",
                "d log(u) = du/u，其中 u = sum(exp(x))",
            ),
            line(
                "d(logsumexp(x)) = softmax(x)'*dx",
                "softmax(x) = exp(x)/sum(exp(x))",
                "softmax(x) = exp(x)/sum(exp(x))",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
];
