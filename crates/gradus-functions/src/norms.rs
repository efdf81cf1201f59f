//! Norms. `norm2` of a matrix is the Frobenius norm and `norm1` the sum of moduli.
//!
//! Must not know networks.

use gradus_tensor::FunctionFacts;

use crate::base::numpy;
use crate::entry::{Form, Function, Meaning};

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
        ..NORM
    },
    Function {
        name: "normF",
        summary: "Frobenius norm",
        parameters: &["X"],
        meaning: Meaning::Expansion("sum(conj(X).*X)^(1/2)"),
        differential: "tr(X'*dX)/normF(X)",
        form: Form::Fenced { fence: "‖", subscript: "F" },
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
        ..NORM
    },
];
