//! Norms. `norm2` of a matrix is the Frobenius norm and `norm1` the sum of moduli.
//!
//! Must not know networks.

use gradus_tensor::FunctionFacts;

use crate::base::numpy;
use crate::entry::{Form, Function, Meaning};
use crate::proof::{Proof, line};

const NORM: Function = Function {
    parameters: &["x"],
    signatures: &["(m,n) -> (1,1)"],
    facts: FunctionFacts { nonnegative: true, ..FunctionFacts::ELEMENTWISE },
    condition: "{0} ≠ 0",
    spellings: numpy!("np.linalg.norm({0})"),
    ..Function::DERIVED
};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "norm2",
        summary: "Euclidean norm; of a matrix, the Frobenius norm",
        meaning: Meaning::Expansion("sum(conj(x).*x)^(1/2)"),
        differential: "sum(x.*dx)/norm2(x)",
        form: Form::Fenced { fence: "‖", subscript: "2" },
        proof: Proof::of(&[
            line("norm2(x)^2 = sum(x.*x)", "definition", "定义"),
            line(
                "2*norm2(x)*d(norm2(x)) = 2*sum(x.*dx)",
                "product rule on both sides",
                "两边用乘积法则",
            ),
            line(
                "d(norm2(x)) = sum(x.*dx)/norm2(x)",
                "divided by twice the norm, where it is not 0",
                "除以范数的两倍（范数不为 0）",
            ),
        ]),
        ..NORM
    },
    Function {
        name: "normF",
        summary: "Frobenius norm",
        parameters: &["X"],
        meaning: Meaning::Expansion("sum(conj(X).*X)^(1/2)"),
        differential: "tr(X'*dX)/normF(X)",
        form: Form::Fenced { fence: "‖", subscript: "F" },
        proof: Proof::of(&[
            line("normF(X)^2 = tr(X'*X)", "definition", "定义"),
            line(
                "2*normF(X)*d(normF(X)) = tr(dX'*X) + tr(X'*dX)",
                "product rule on both sides",
                "两边用乘积法则",
            ),
            line("tr(dX'*X) = tr(X'*dX)", "tr(U) = tr(Uᵀ)", "tr(U) = tr(Uᵀ)"),
            line(
                "d(normF(X)) = tr(X'*dX)/normF(X)",
                "divided by twice the norm, where it is not 0",
                "除以范数的两倍（范数不为 0）",
            ),
        ]),
        ..NORM
    },
    // Of a matrix some read the spectral and some the Frobenius norm.
    Function {
        name: "norm",
        summary: "Euclidean norm of a vector",
        signatures: &["(n,1) -> (1,1)", "(1,n) -> (1,1)"],
        meaning: Meaning::Expansion("sum(conj(x).*x)^(1/2)"),
        differential: "sum(x.*dx)/norm(x)",
        form: Form::Fenced { fence: "‖", subscript: "" },
        hint: "`norm` takes a vector; the Frobenius norm of a matrix is `normF`",
        proof: Proof::of(&[
            line("norm(x)^2 = sum(x.*x)", "definition", "定义"),
            line(
                "2*norm(x)*d(norm(x)) = 2*sum(x.*dx)",
                "product rule on both sides",
                "两边用乘积法则",
            ),
            line(
                "d(norm(x)) = sum(x.*dx)/norm(x)",
                "divided by twice the norm, where it is not 0",
                "除以范数的两倍（范数不为 0）",
            ),
        ]),
        ..NORM
    },
    Function {
        name: "norm1",
        summary: "the sum of the moduli of all entries",
        meaning: Meaning::Expansion("sum(abs(x))"),
        differential: "sum(sign(x).*dx)",
        condition: "no entry of {0} is 0",
        form: Form::Fenced { fence: "‖", subscript: "1" },
        spellings: numpy!("np.sum(np.abs({0}))"),
        proof: Proof::of(&[
            line("norm1(x) = sum(abs(x))", "definition", "定义"),
            line(
                "d(norm1(x)) = sum(sign(x).*dx)",
                "d abs(x) = sign(x) ⊙ dx",
                "d abs(x) = sign(x) ⊙ dx",
            ),
        ]),
        ..NORM
    },
];
