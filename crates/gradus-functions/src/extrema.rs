//! Functions of the entries of a vector as a whole: the greatest and the least one, and their product.
//!
//! Must not know arrays.

use gradus_tensor::FunctionFacts;

use crate::base::{numpy, operator_name};
use crate::curvature::Curvature;
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric};
use crate::proof::{Proof, line};

const NUMPY_HARDMAX: &str = "\
def _hardmax(x):
    x = np.asarray(x)
    greatest = np.zeros(x.shape)
    np.put_along_axis(greatest, np.argmax(x, axis=-1)[..., None], 1.0, axis=-1)
    return greatest
";

/// A function of a vector to a number.
const OF_VECTOR: FunctionFacts = FunctionFacts { cores: &[1], ..FunctionFacts::ELEMENTWISE };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "greatest",
        curvature: Curvature::CONVEX_INCREASING,
        summary: "the greatest entry of a vector, the same as max(x)",
        signatures: &["(n,1) -> (1,1)"],
        facts: FunctionFacts { real_only: true, ..OF_VECTOR },
        differential: "hardmax(x)'*dx",
        condition: "the greatest entry of {0} is unique",
        numeric: Numeric::Array(ArrayFunction::Greatest),
        exact: Exact::Array(ArrayFunction::Greatest),
        form: Form::prefix("max", "\\max", "max"),
        spellings: numpy!("np.max({0})"),
        hint: "of all entries of X it is `max(vec(X))`",
        proof: Proof::of(&[
            line(
                "greatest(x) = hardmax(x)'*x",
                "hardmax(x) is one at the greatest entry and zero elsewhere",
                "hardmax(x) 在最大元素处为 1，其余为 0",
            ),
            line("d(greatest(x)) = d(hardmax(x))'*x + hardmax(x)'*dx", "product rule", "乘积法则"),
            line(
                "d(greatest(x)) = hardmax(x)'*dx",
                "as long as the greatest entry is unique its place does not change",
                "最大元素唯一时，其位置不变",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "least",
        summary: "the least entry of a vector, the same as min(x)",
        signatures: &["(n,1) -> (1,1)"],
        meaning: Meaning::Expansion("-greatest(-x)"),
        condition: "the least entry of {0} is unique",
        exact: Exact::Derived,
        form: Form::prefix("min", "\\min", "min"),
        spellings: numpy!("np.min({0})"),
        hint: "of all entries of X it is `min(vec(X))`",
        ..Function::ELEMENTWISE
    },
    Function {
        name: "hardmax",
        summary: "the vector that is one at the greatest entry of a vector and zero elsewhere",
        signatures: &["(n,1) -> (n,1)"],
        facts: FunctionFacts {
            output_core: 1,
            nonnegative: true,
            sums_to_one: true,
            real_only: true,
            ..OF_VECTOR
        },
        differential: "0*dx",
        condition: "the greatest entry of {0} is unique",
        numeric: Numeric::Array(ArrayFunction::Hardmax),
        exact: Exact::Array(ArrayFunction::Hardmax),
        form: operator_name!("hardmax"),
        spellings: numpy!("_hardmax({0})"),
        support: numpy!(NUMPY_HARDMAX),
        hint: "`hardmax` takes a column; of a row x it is `hardmax(x')'`",
        proof: Proof::of(&[
            line(
                "hardmax(x).*hardmax(x) = hardmax(x)",
                "each entry is 0 or 1",
                "每个元素为 0 或 1",
            ),
            line(
                "(2*hardmax(x) - 1).*d(hardmax(x)) = zeros(n)",
                "product rule on the left side",
                "左边用乘积法则",
            ),
            line(
                "d(hardmax(x)) = zeros(n)",
                "2 hardmax(x) − 1 is not 0",
                "2 hardmax(x) − 1 不为 0",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
    Function {
        name: "prod",
        aliases: &["product"],
        summary: "the product of the entries of a vector",
        signatures: &["(n,1) -> (1,1)"],
        facts: OF_VECTOR,
        differential: "prod(x)*sum(dx./x)",
        condition: "no entry of {0} is 0",
        numeric: Numeric::Array(ArrayFunction::Product),
        exact: Exact::Array(ArrayFunction::Product),
        form: operator_name!("prod"),
        spellings: numpy!("np.prod({0})"),
        hint: "of all entries of X it is `prod(vec(X))`",
        proof: Proof::of(&[
            line(
                "prod(x) = det(diag(x))",
                "the determinant of a diagonal matrix",
                "对角矩阵的行列式",
            ),
            line(
                "d(prod(x)) = det(diag(x))*tr(inv(diag(x))*diag(dx))",
                "d det(D) = det(D) tr(D⁻¹ dD) with D = diag(x)",
                "d det(D) = det(D) tr(D⁻¹ dD)，其中 D = diag(x)",
            ),
            line(
                "d(prod(x)) = prod(x)*sum(dx./x)",
                "inverse and trace of diagonal matrices",
                "对角矩阵的逆与迹",
            ),
        ]),
        ..Function::ELEMENTWISE
    },
];
