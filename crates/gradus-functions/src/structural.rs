//! Rearrangements of entries: stacking, diagonals, Kronecker products, blocks, triangles.
//!
//! Must not know networks. In NumPy a vector has one axis: where that changes the right call,
//! because an argument is a row or a column, the spelling is the one for the arguments named beside.

use crate::base::{numpy, operator_name};
use crate::entry::{Form, Function, Meaning, Structural};
use crate::proof::{Proof, line};

/// Row `i*n + j` of the result selects entry `i + m*j`.
const NUMPY_COMMUTATION: &str = "\
def _commutation(m, n):
    return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]
";

/// Place `p` of a stacked triangle is entry `i, j`.
const NUMPY_DUPLICATION: &str = "\
def _duplication(n):
    j, i = np.triu_indices(n)
    result = np.zeros((n * n, j.size))
    result[i + n * j, np.arange(j.size)] = 1.0
    result[j + n * i, np.arange(j.size)] = 1.0
    return result
";

const NUMPY_ELIMINATION: &str = "\
def _elimination(n):
    j, i = np.triu_indices(n)
    result = np.zeros((j.size, n * n))
    result[np.arange(j.size), i + n * j] = 1.0
    return result
";

const NUMPY_HALF_VEC: &str = "\
def _half_vec(x):
    return x.T[np.triu_indices(x.shape[0])]
";

const NUMPY_BLOCK_TRACE: &str = "\
def _block_trace(m, p, q):
    return np.einsum(\"aibi->ab\", m.reshape(p, q, p, q))
";

const NUMPY_BLOCK_SUM: &str = "\
def _block_sum(m, p, q):
    return np.einsum(\"aiaj->ij\", m.reshape(p, q, p, q))
";

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "vec",
        summary: "the columns of a matrix, stacked",
        signatures: &["(m,n) -> (n*m,1)"],
        meaning: Meaning::Structural(Structural::Vec),
        form: operator_name!("vec"),
        spellings: numpy!("np.ravel({0}, order=\"F\")"),
        ..Function::DERIVED
    },
    Function {
        name: "vecr",
        summary: "the rows of a matrix, stacked into a column",
        signatures: &["(m,n) -> (m*n,1)"],
        meaning: Meaning::Structural(Structural::VecRows),
        form: operator_name!("vecr"),
        spellings: numpy!("np.ravel({0})"),
        ..Function::DERIVED
    },
    Function {
        name: "unvec",
        summary: "the m×n matrix with stacked columns v",
        parameters: &["v", "m", "n"],
        signatures: &["(n*m,1), m, n -> (m,n)"],
        meaning: Meaning::Structural(Structural::Unvec),
        form: operator_name!("unvec"),
        spellings: numpy!("np.reshape({0}, ({1}, {2}), order=\"F\")"),
        hint: "`unvec(v, m, n)` takes a column of m*n entries",
        ..Function::DERIVED
    },
    Function {
        name: "diag",
        summary: "the diagonal matrix of a vector; the diagonal of a square matrix",
        signatures: &["(n,1) -> (n,n)", "(1,n) -> (n,n)", "(n,n) -> (n,1)"],
        meaning: Meaning::Structural(Structural::Diagonal),
        form: operator_name!("diag"),
        spellings: numpy!("np.diag({0})"),
        ..Function::DERIVED
    },
    // Of a column and a matrix, the column needs a second axis in NumPy.
    Function {
        name: "kron",
        summary: "Kronecker product",
        parameters: &["A", "B"],
        signatures: &["(m,n), (p,q) -> (m*p,n*q)"],
        meaning: Meaning::Structural(Structural::Kronecker),
        differential: "kron(dA, B) + kron(A, dB)",
        form: Form::Infix { text: "⊗", latex: "\\otimes", typst: "⊗" },
        spellings: numpy!("np.kron({0}, {1})"),
        proof: Proof {
            declarations: "A, H: matrix(m,n); B, K: matrix(p,q)",
            lines: &[
                line(
                    "kron(A + H, B + K) - kron(A, B) = kron(H, B) + kron(A, K) + kron(H, K)",
                    "linear in each factor",
                    "对每个因子为线性",
                ),
                line(
                    "d(kron(A, B)) = kron(dA, B) + kron(A, dB)",
                    "H and K are the differentials; their product is of second order",
                    "H、K 为微分；它们的积为二阶小量",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "cross",
        summary: "cross product of columns of three entries",
        parameters: &["a", "b"],
        signatures: &[
            "(3,1), (3,1) -> (3,1)",
            "(1,3), (1,3) -> (1,3)",
            "(3,1), (3,n) -> (3,n)",
            "(3,n), (3,1) -> (3,n)",
            "(3,n), (3,n) -> (3,n)",
        ],
        meaning: Meaning::Structural(Structural::Cross),
        differential: "cross(da, b) + cross(a, db)",
        form: operator_name!("cross"),
        spellings: numpy!("np.cross({0}, {1})"),
        hint: "`cross(a, b)` takes columns of three entries",
        proof: Proof {
            declarations: "a, b, H, K: vector(3)",
            lines: &[
                line(
                    "cross(a + H, b + K) - cross(a, b) = cross(H, b) + cross(a, K) + cross(H, K)",
                    "linear in each factor",
                    "对每个因子为线性",
                ),
                line(
                    "d(cross(a, b)) = cross(da, b) + cross(a, db)",
                    "H and K are the differentials; their product is of second order",
                    "H、K 为微分；它们的积为二阶小量",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "commutation",
        summary: "the matrix K with K*vec(X) = vec(X') for X m×n",
        parameters: &["m", "n"],
        signatures: &["m, n -> (m*n,n*m)"],
        meaning: Meaning::Structural(Structural::Commutation),
        form: Form::prefix("K", "\\mathbf{K}", "bold(K)"),
        spellings: numpy!("_commutation({0}, {1})"),
        support: numpy!(NUMPY_COMMUTATION),
        hint: "`commutation(m, n)` takes two sizes",
        ..Function::DERIVED
    },
    Function {
        name: "khatrirao",
        summary: "the Kronecker products of the columns of two matrices, side by side",
        parameters: &["A", "B"],
        signatures: &["(m,n), (p,n) -> (m*p,n)"],
        meaning: Meaning::Structural(Structural::KhatriRao),
        differential: "khatrirao(dA, B) + khatrirao(A, dB)",
        form: Form::Infix { text: "∗", latex: "\\ast", typst: "ast.op" },
        spellings: numpy!("scipy.linalg.khatri_rao({0}, {1})"),
        hint: "`khatrirao` takes two matrices with as many columns",
        proof: Proof {
            declarations: "A, H: matrix(m,n); B, K: matrix(p,n)",
            lines: &[
                line(
                    "khatrirao(A + H, B + K) - khatrirao(A, B) = khatrirao(H, B) + khatrirao(A, K) + khatrirao(H, K)",
                    "linear in each factor",
                    "对每个因子为线性",
                ),
                line(
                    "d(khatrirao(A, B)) = khatrirao(dA, B) + khatrirao(A, dB)",
                    "H and K are the differentials; their product is of second order",
                    "H、K 为微分；它们的积为二阶小量",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "blocktrace",
        summary: "the p×p matrix of the traces of blocks of size q×q",
        parameters: &["M", "p", "q"],
        signatures: &["(p*q,p*q), p, q -> (p,p)"],
        meaning: Meaning::Structural(Structural::BlockTrace),
        form: operator_name!("blocktrace"),
        spellings: numpy!("_block_trace({0}, {1}, {2})"),
        support: numpy!(NUMPY_BLOCK_TRACE),
        hint: "`blocktrace(M, p, q)` takes a square matrix of p*q rows",
        ..Function::DERIVED
    },
    Function {
        name: "blocksum",
        summary: "the q×q sum of the p diagonal blocks of size q×q",
        parameters: &["M", "p", "q"],
        signatures: &["(p*q,p*q), p, q -> (q,q)"],
        meaning: Meaning::Structural(Structural::BlockSum),
        form: operator_name!("blocksum"),
        spellings: numpy!("_block_sum({0}, {1}, {2})"),
        support: numpy!(NUMPY_BLOCK_SUM),
        hint: "`blocksum(M, p, q)` takes a square matrix of p*q rows",
        ..Function::DERIVED
    },
    Function {
        name: "vech",
        summary: "the columns of the lower triangle, diagonal included, stacked",
        signatures: &["(n,n) -> (n^2/2+n/2,1)"],
        meaning: Meaning::Structural(Structural::HalfVec),
        form: operator_name!("vech"),
        spellings: numpy!("_half_vec({0})"),
        support: numpy!(NUMPY_HALF_VEC),
        ..Function::DERIVED
    },
    Function {
        name: "duplication",
        summary: "the matrix D with D*vech(S) = vec(S) for symmetric S of size n",
        parameters: &["n"],
        signatures: &["n -> (n^2,n^2/2+n/2)"],
        meaning: Meaning::Structural(Structural::Duplication),
        form: Form::prefix("D", "\\mathbf{D}", "bold(D)"),
        spellings: numpy!("_duplication({0})"),
        support: numpy!(NUMPY_DUPLICATION),
        hint: "`duplication(n)` takes a size",
        ..Function::DERIVED
    },
    Function {
        name: "elimination",
        summary: "the matrix L with L*vec(X) = vech(X) for X of size n",
        parameters: &["n"],
        signatures: &["n -> (n^2/2+n/2,n^2)"],
        meaning: Meaning::Structural(Structural::Elimination),
        form: Form::prefix("L", "\\mathbf{L}", "bold(L)"),
        spellings: numpy!("_elimination({0})"),
        support: numpy!(NUMPY_ELIMINATION),
        hint: "`elimination(n)` takes a size",
        ..Function::DERIVED
    },
    // Of rows, NumPy needs `np.concatenate`.
    Function {
        name: "hcat",
        summary: "blocks side by side, the same as [A, B]",
        parameters: &["A", "B"],
        signatures: &["variadic"],
        meaning: Meaning::Structural(Structural::HorizontalConcatenation),
        form: operator_name!("hcat"),
        spellings: numpy!("np.column_stack([{*}])"),
        ..Function::DERIVED
    },
    // Of columns, NumPy needs `np.concatenate`.
    Function {
        name: "vcat",
        summary: "blocks below each other, the same as [A; B]",
        parameters: &["A", "B"],
        signatures: &["variadic"],
        meaning: Meaning::Structural(Structural::VerticalConcatenation),
        form: operator_name!("vcat"),
        spellings: numpy!("np.vstack([{*}])"),
        ..Function::DERIVED
    },
    Function {
        name: "tril",
        summary: "the lower triangle, diagonal included, zeros elsewhere",
        signatures: &["(m,n) -> (m,n)"],
        meaning: Meaning::Structural(Structural::LowerTriangle),
        form: operator_name!("tril"),
        spellings: numpy!("np.tril({0})"),
        ..Function::DERIVED
    },
    Function {
        name: "triu",
        summary: "the upper triangle, diagonal included, zeros elsewhere",
        signatures: &["(m,n) -> (m,n)"],
        meaning: Meaning::Structural(Structural::UpperTriangle),
        form: operator_name!("triu"),
        spellings: numpy!("np.triu({0})"),
        ..Function::DERIVED
    },
];
