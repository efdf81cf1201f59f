//! Functions of one matrix: trace, determinant, inverse and their relatives.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric, Structural};

/// The adjugate by singular values: right at every rank, unlike the determinant times the inverse.
const NUMPY_ADJUGATE: &str = "\
def _adjugate(x):
    u, s, vt = np.linalg.svd(x)
    cofactors = np.array([np.prod(np.delete(s, i)) for i in range(s.size)])
    return np.linalg.det(u) * np.linalg.det(vt) * (vt.conj().T * cofactors) @ u.conj().T
";

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "tr",
        aliases: &["trace"],
        summary: "trace",
        signatures: &["(n,n) -> (1,1)"],
        meaning: Meaning::Structural(Structural::Trace),
        differential: "tr(dX)",
        form: Form::prefix("tr", "\\operatorname{tr}", "tr"),
        spellings: numpy!("np.trace({0})"),
        ..Function::DERIVED
    },
    Function {
        name: "det",
        aliases: &["determinant"],
        summary: "determinant",
        signatures: &["(n,n) -> (1,1)"],
        meaning: Meaning::Applied,
        facts: FunctionFacts { role: Some(Role::Determinant), ..FunctionFacts::INVARIANT },
        differential: "tr(adj(X)*dX)",
        numeric: Numeric::Array(ArrayFunction::Determinant),
        exact: Exact::Array(ArrayFunction::Determinant),
        form: Form::prefix("det", "\\det", "det"),
        spellings: numpy!("np.linalg.det({0})"),
        ..Function::DERIVED
    },
    Function {
        name: "logdet",
        summary: "log|det X|",
        signatures: &["(n,n) -> (1,1)"],
        meaning: Meaning::Applied,
        facts: FunctionFacts { role: Some(Role::LogDeterminant), ..FunctionFacts::INVARIANT },
        differential: "tr(inv(X)*dX)",
        condition: "{0} is invertible",
        numeric: Numeric::Array(ArrayFunction::LogDeterminant),
        // Without the modulus: whatever holds for every function with the derivative 1/x holds for
        // log|x| too, and so `log(det(X))` has the same exact value.
        exact: Exact::Expansion("log(det(X))"),
        form: operator_name!("logdet"),
        spellings: numpy!("np.linalg.slogdet({0})[1]"),
        ..Function::DERIVED
    },
    Function {
        name: "inv",
        aliases: &["inverse"],
        summary: "inverse",
        signatures: &["(n,n) -> (n,n)"],
        meaning: Meaning::Applied,
        facts: FunctionFacts { role: Some(Role::Inverse), ..FunctionFacts::MATRIX },
        differential: "-inv(X)*dX*inv(X)",
        condition: "{0} is invertible",
        numeric: Numeric::Array(ArrayFunction::Inverse),
        exact: Exact::Array(ArrayFunction::Inverse),
        form: Form::Superscript { text: "⁻¹", latex: "^{-1}", typst: "^(-1)" },
        spellings: numpy!("np.linalg.inv({0})"),
        ..Function::DERIVED
    },
    // The differential is a polynomial in the entries, but without the inverse it has no short form.
    Function {
        name: "adj",
        aliases: &["adjugate"],
        summary: "adjugate, the transposed matrix of cofactors",
        signatures: &["(n,n) -> (n,n)"],
        meaning: Meaning::Applied,
        facts: FunctionFacts { role: Some(Role::Adjugate), ..FunctionFacts::MATRIX },
        differential: "tr(inv(X)*dX)*adj(X) - inv(X)*dX*adj(X)",
        condition: "{0} is invertible",
        numeric: Numeric::Array(ArrayFunction::Adjugate),
        exact: Exact::Array(ArrayFunction::Adjugate),
        form: operator_name!("adj"),
        spellings: numpy!("_adjugate({0})"),
        support: numpy!(NUMPY_ADJUGATE),
        ..Function::DERIVED
    },
    Function {
        name: "transpose",
        summary: "transpose, the same as X'",
        signatures: &["(m,n) -> (n,m)"],
        meaning: Meaning::Structural(Structural::Transpose),
        form: Form::Superscript { text: "ᵀ", latex: "^{\\mathsf T}", typst: "^sans(T)" },
        spellings: numpy!("np.transpose({0})"),
        ..Function::DERIVED
    },
];
