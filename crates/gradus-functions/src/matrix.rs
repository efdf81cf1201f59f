//! Functions of one matrix: trace, determinant, inverse and their relatives.
//!
//! Must not know arrays.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::curvature::Curvature;
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric, Structural};
use crate::proof::{Proof, line};

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
        proof: Proof {
            declarations: "H: matrix(n,n)",
            lines: &[
                line(
                    "tr(X + H) = tr(X) + tr(H)",
                    "the trace is a sum of entries, so it is linear",
                    "迹是元素之和，故为线性",
                ),
                line(
                    "d(tr(X)) = tr(dX)",
                    "a linear function is its own linear part",
                    "线性函数的线性部分就是它自己",
                ),
            ],
            ..Proof::NONE
        },
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
        proof: Proof {
            declarations: "h: scalar; a: vector(n); b: vector(n)",
            lines: &[
                line(
                    "X*adj(X) = det(X)*eye(n)",
                    "Laplace expansion: a row with its own cofactors gives det(X), with those of another row 0",
                    "拉普拉斯展开：一行乘其代数余子式得 det X，乘另一行的代数余子式得两行相同的行列式，即零",
                ),
                line(
                    "det(X + h*a*b') = det(X) + h*b'*adj(X)*a",
                    "for a = eᵢ, b = eⱼ: linear in the one entry Xᵢⱼ, with its cofactor as the factor",
                    "取 a = eᵢ, b = eⱼ，只改变元素 Xᵢⱼ；行列式关于它是线性的，系数为其代数余子式",
                ),
                line(
                    "d(det(X)) = sum(adj(X)'.*dX)",
                    "so ∂det/∂Xᵢⱼ is the cofactor adj(X)ⱼᵢ; all entries vary",
                    "∂det/∂Xᵢⱼ 为代数余子式 adj(X)ⱼᵢ；所有元素都变动",
                ),
                line("d(det(X)) = tr(adj(X)*dX)", "sum(Uᵀ ⊙ V) = tr(UV)", "sum(Uᵀ ⊙ V) = tr(UV)"),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "logdet",
        curvature: Curvature::MATRIX_CONCAVE,
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
        proof: Proof::of(&[
            line("logdet(X) = log(abs(det(X)))", "definition", "定义"),
            line("d(logdet(X)) = d(det(X))/det(X)", "d log|u| = du/u", "d log|u| = du/u"),
            line(
                "d(logdet(X)) = tr(adj(X)*dX)/det(X)",
                "d det(X) = tr(adj(X) dX)",
                "d det(X) = tr(adj(X) dX)",
            ),
            line("d(logdet(X)) = tr(inv(X)*dX)", "X⁻¹ = adj(X)/det(X)", "X⁻¹ = adj(X)/det(X)"),
        ]),
        ..Function::DERIVED
    },
    Function {
        name: "inv",
        curvature: Curvature::MATRIX_INVERSE,
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
        proof: Proof::of(&[
            line("X*inv(X) = eye(n)", "definition of the inverse", "逆矩阵的定义"),
            line(
                "dX*inv(X) + X*d(inv(X)) = zeros(n,n)",
                "differential of both sides: product rule, and the identity is constant",
                "两边求微分：乘积法则，单位矩阵为常量",
            ),
            line("X*d(inv(X)) = -dX*inv(X)", "the first term to the other side", "移项"),
            line("d(inv(X)) = -inv(X)*dX*inv(X)", "multiplied by X⁻¹ from the left", "左乘 X⁻¹"),
        ]),
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
        proof: Proof::of(&[
            line(
                "adj(X) = det(X)*inv(X)",
                "X adj(X) = det(X) I, where X is invertible",
                "X adj(X) = det(X) I，X 可逆",
            ),
            line("d(adj(X)) = d(det(X))*inv(X) + det(X)*d(inv(X))", "product rule", "乘积法则"),
            line(
                "d(adj(X)) = tr(adj(X)*dX)*inv(X) - det(X)*inv(X)*dX*inv(X)",
                "differentials of det and of the inverse",
                "行列式与逆的微分",
            ),
            line(
                "d(adj(X)) = tr(inv(X)*dX)*adj(X) - inv(X)*dX*adj(X)",
                "det(X) X⁻¹ = adj(X)",
                "det(X) X⁻¹ = adj(X)",
            ),
        ]),
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
