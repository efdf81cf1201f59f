//! Powers, exponentials, logarithms and roots of square matrices, their Fréchet derivatives, and the
//! Sylvester equation that goes with them.
//!
//! Must not know arrays. A Fréchet derivative `L(X, E)` is linear in the direction E, and its adjoint is
//! `L(X', U)`. Its own differential is a block of the Fréchet derivative of a matrix twice the size.

use gradus_tensor::{FunctionFacts, Role, TransposeRule};

use crate::base::{numpy, operator_name};
use crate::curvature::{Bent, Curvature};
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric};
use crate::proof::{Proof, line};

/// A function of a square matrix without an exact value.
const MATRIX: Function = Function {
    signatures: &["(n,n) -> (n,n)"],
    meaning: Meaning::Applied,
    exact: Exact::Unknown,
    ..Function::DERIVED
};

/// A Fréchet derivative.
const FRECHET: Function = Function {
    parameters: &["X", "E"],
    signatures: &["(n,n), (n,n) -> (n,n)"],
    meaning: Meaning::Applied,
    exact: Exact::Unknown,
    ..Function::DERIVED
};

const LINEAR: FunctionFacts = FunctionFacts {
    cores: &[2, 2],
    output_core: 2,
    linear_in: Some(1),
    transpose: TransposeRule::Commutes,
    keeps_symmetry: true,
    ..FunctionFacts::ELEMENTWISE
};

const NUMPY_LOGM: &str = "\
def _logm(x):
    result = scipy.linalg.logm(x)
    if np.iscomplexobj(result):
        raise np.linalg.LinAlgError(\"the logarithm is not real\")
    return result
";

const NUMPY_SQRTM: &str = "\
def _sqrtm(x):
    result = scipy.linalg.sqrtm(x)
    if np.iscomplexobj(result):
        raise np.linalg.LinAlgError(\"the square root is not real\")
    return result
";

const NUMPY_LOGM_FRECHET: &str = "\
def _logm_frechet(x, e):
    n = x.shape[0]
    result = scipy.linalg.logm(np.block([[x, e], [np.zeros_like(x), x]]))
    if np.iscomplexobj(result):
        raise np.linalg.LinAlgError(\"the logarithm is not real\")
    return result[:n, n:]
";

const NUMPY_SQRTM_FRECHET: &str = "\
def _sqrtm_frechet(x, e):
    root = scipy.linalg.sqrtm(x)
    if np.iscomplexobj(root):
        raise np.linalg.LinAlgError(\"the square root is not real\")
    return scipy.linalg.solve_sylvester(root, root, e)
";

const NUMPY_POWER_FRECHET: &str = "\
def _power_frechet(x, k, e):
    n = x.shape[0]
    block = np.block([[x, e], [np.zeros_like(x), x]])
    return scipy.linalg.fractional_matrix_power(block, k)[:n, n:]
";

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "^",
        summary: "power of a square matrix",
        parameters: &["X", "k"],
        signatures: &["(n,n), (1,1) -> (n,n)"],
        meaning: Meaning::Applied,
        facts: FunctionFacts {
            cores: &[2, 0],
            output_core: 2,
            transpose: TransposeRule::Commutes,
            keeps_symmetry: true,
            role: Some(Role::MatrixPower),
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "powmfrechet(X, k, dX) + logm(X)*X^k*dk",
        numeric: Numeric::Array(ArrayFunction::MatrixPower),
        exact: Exact::Array(ArrayFunction::MatrixPower),
        form: Form::Infix { text: "^", latex: "^", typst: "^" },
        spellings: numpy!("scipy.linalg.fractional_matrix_power({0}, {1})"),
        proof: Proof {
            declarations: "k: scalar; E, B: matrix(n,n)",
            lines: &[
                line("d(X^2) = dX*X + X*dX", "product rule", "乘积法则"),
                line(
                    "d(X^3) = dX*X^2 + X*dX*X + X^2*dX",
                    "one term for each factor",
                    "每个因子一项",
                ),
                line(
                    "[X, E; zeros(n,n), X]^3 = [X^3, E*X^2 + X*E*X + X^2*E; zeros(n,n), X^3]",
                    "the same sum stands in the corner of a power of blocks",
                    "同样的和出现在分块矩阵的幂的右上角",
                ),
                line(
                    "[X, E; zeros(n,n), X]^k = [X^k, powmfrechet(X, k, E); zeros(n,n), X^k]",
                    "for every exponent this is its name",
                    "对任意指数，即以此定义",
                ),
                line(
                    "d(expm(k*B)) = B*expm(k*B)*dk",
                    "in the exponent: X^k = exp(kB) with B = log X",
                    "对指数：X^k = exp(kB)，其中 B = log X",
                ),
                line(
                    "d(X^k) = powmfrechet(X, k, dX) + logm(X)*X^k*dk",
                    "both together",
                    "两者相加",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "powmfrechet",
        summary: "the Fréchet derivative of X^k along E, for an integer k the sum of X^i*E*X^(k-1-i)",
        parameters: &["X", "k", "E"],
        signatures: &["(n,n), (1,1), (n,n) -> (n,n)"],
        facts: FunctionFacts {
            cores: &[2, 0, 2],
            linear_in: Some(2),
            frechet_of: Some(Role::MatrixPower),
            ..LINEAR
        },
        differential: "F = powmfrechet([X, E; zeros(n,n), X], k, [dX, dE; zeros(n,n), dX]); \
            F[1:n, n+1:2*n] + (logmfrechet(X, E)*X^k + logm(X)*powmfrechet(X, k, E))*dk",
        adjoint: "powmfrechet(X', k, U)",
        small: &[("(1,1), (1,1), (1,1) -> (1,1)", "k*X^(k-1)*E")],
        numeric: Numeric::Array(ArrayFunction::PowerFrechet),
        exact: Exact::Array(ArrayFunction::PowerFrechet),
        form: Form::prefix("L_pow", "L_{\\mathrm{pow}}", "L_\"pow\""),
        spellings: numpy!("_power_frechet({0}, {1}, {2})"),
        support: numpy!(NUMPY_POWER_FRECHET),
        proof: Proof {
            declarations: "k: scalar",
            bindings: "M = [X, E; zeros(n,n), X]",
            lines: &[
                line(
                    "M^k = [X^k, powmfrechet(X, k, E); zeros(n,n), X^k]",
                    "M is the block matrix [X, E; 0, X]",
                    "M 为分块矩阵 [X, E; 0, X]",
                ),
                line(
                    "d(M^k) = powmfrechet(M, k, dM) + logm(M)*M^k*dk",
                    "differential of a power",
                    "幂的微分",
                ),
                line(
                    "logm(M) = [logm(X), logmfrechet(X, E); zeros(n,n), logm(X)]",
                    "the logarithm of blocks",
                    "分块矩阵的对数",
                ),
                line(
                    "d(powmfrechet(X, k, E)) = powmfrechet([X, E; zeros(n,n), X], k, [dX, dE; zeros(n,n), dX])[1:n, n+1:2*n] + (logmfrechet(X, E)*X^k + logm(X)*powmfrechet(X, k, E))*dk",
                    "the corner of both sides",
                    "取两边的右上角",
                ),
            ],
        },
        ..FRECHET
    },
    Function {
        name: "expm",
        curvature: Curvature {
            makes_definite: true,
            trace: Some(Bent::Convex),
            ..Curvature::UNKNOWN
        },
        summary: "the exponential of a square matrix",
        facts: FunctionFacts { role: Some(Role::MatrixExponential), ..FunctionFacts::MATRIX },
        differential: "expmfrechet(X, dX)",
        small: &[("(1,1) -> (1,1)", "exp(X)")],
        numeric: Numeric::Array(ArrayFunction::MatrixExponential),
        form: operator_name!("expm"),
        spellings: numpy!("scipy.linalg.expm({0})"),
        proof: Proof {
            declarations: "E: matrix(n,n)",
            lines: &[
                line(
                    "[X, E; zeros(n,n), X]^2 = [X^2, E*X + X*E; zeros(n,n), X^2]",
                    "in the corner of a power of blocks stands the differential of the power along E",
                    "分块矩阵的幂的右上角是该幂沿 E 的微分",
                ),
                line(
                    "expm([X, E; zeros(n,n), X]) = [expm(X), expmfrechet(X, E); zeros(n,n), expm(X)]",
                    "so it is for each term of the power series I + X + X²/2 + …, and for their sum",
                    "对幂级数 I + X + X²/2 + … 的每一项成立，对其和也成立",
                ),
                line("d(expm(X)) = expmfrechet(X, dX)", "E = dX", "取 E = dX"),
            ],
            ..Proof::NONE
        },
        ..MATRIX
    },
    Function {
        name: "expmfrechet",
        summary: "the Fréchet derivative of expm at X along E",
        facts: FunctionFacts { frechet_of: Some(Role::MatrixExponential), ..LINEAR },
        differential: "F = expmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX]); \
            F[1:n, n+1:2*n]",
        adjoint: "expmfrechet(X', U)",
        small: &[("(1,1), (1,1) -> (1,1)", "exp(X)*E")],
        numeric: Numeric::Array(ArrayFunction::ExponentialFrechet),
        form: Form::prefix("L_exp", "L_{\\exp}", "L_exp"),
        spellings: numpy!("scipy.linalg.expm_frechet({0}, {1}, compute_expm=False)"),
        proof: Proof {
            bindings: "M = [X, E; zeros(n,n), X]",
            lines: &[
                line(
                    "expm(M) = [expm(X), expmfrechet(X, E); zeros(n,n), expm(X)]",
                    "M is the block matrix [X, E; 0, X]",
                    "M 为分块矩阵 [X, E; 0, X]",
                ),
                line(
                    "d(expm(M)) = expmfrechet(M, dM)",
                    "differential of expm at M",
                    "expm 在 M 处的微分",
                ),
                line(
                    "d(expmfrechet(X, E)) = expmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX])[1:n, n+1:2*n]",
                    "the corner of both sides",
                    "取两边的右上角",
                ),
            ],
            ..Proof::NONE
        },
        ..FRECHET
    },
    Function {
        name: "logm",
        curvature: Curvature::MATRIX_CONCAVE,
        summary: "the principal logarithm of a square matrix",
        facts: FunctionFacts { role: Some(Role::MatrixLogarithm), ..FunctionFacts::MATRIX },
        differential: "logmfrechet(X, dX)",
        condition: "{0} has no real eigenvalue ≤ 0",
        small: &[("(1,1) -> (1,1)", "log(X)")],
        numeric: Numeric::Array(ArrayFunction::MatrixLogarithm),
        form: operator_name!("logm"),
        spellings: numpy!("_logm({0})"),
        support: numpy!(NUMPY_LOGM),
        proof: Proof {
            declarations: "E: matrix(n,n)",
            lines: &[
                line("expm(logm(X)) = X", "the inverse function", "反函数"),
                line(
                    "expmfrechet(logm(X), d(logm(X))) = dX",
                    "differential of both sides",
                    "两边求微分",
                ),
                line(
                    "expmfrechet(logm(X), logmfrechet(X, E)) = E",
                    "the inverse of this linear map is L_log",
                    "此线性映射的逆即 L_log",
                ),
                line("d(logm(X)) = logmfrechet(X, dX)", "solved", "解出"),
            ],
            ..Proof::NONE
        },
        ..MATRIX
    },
    Function {
        name: "logmfrechet",
        summary: "the Fréchet derivative of logm at X along E",
        facts: FunctionFacts { frechet_of: Some(Role::MatrixLogarithm), ..LINEAR },
        differential: "F = logmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX]); \
            F[1:n, n+1:2*n]",
        adjoint: "logmfrechet(X', U)",
        condition: "{0} has no real eigenvalue ≤ 0",
        small: &[("(1,1), (1,1) -> (1,1)", "E/X")],
        numeric: Numeric::Array(ArrayFunction::LogarithmFrechet),
        form: Form::prefix("L_log", "L_{\\log}", "L_log"),
        spellings: numpy!("_logm_frechet({0}, {1})"),
        support: numpy!(NUMPY_LOGM_FRECHET),
        proof: Proof {
            bindings: "M = [X, E; zeros(n,n), X]",
            lines: &[
                line(
                    "logm(M) = [logm(X), logmfrechet(X, E); zeros(n,n), logm(X)]",
                    "M is the block matrix [X, E; 0, X]",
                    "M 为分块矩阵 [X, E; 0, X]",
                ),
                line(
                    "d(logm(M)) = logmfrechet(M, dM)",
                    "differential of logm at M",
                    "logm 在 M 处的微分",
                ),
                line(
                    "d(logmfrechet(X, E)) = logmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX])[1:n, n+1:2*n]",
                    "the corner of both sides",
                    "取两边的右上角",
                ),
            ],
            ..Proof::NONE
        },
        ..FRECHET
    },
    Function {
        name: "sqrtm",
        curvature: Curvature { keeps_definite: true, ..Curvature::MATRIX_CONCAVE },
        summary: "the principal square root of a square matrix",
        facts: FunctionFacts { role: Some(Role::MatrixRoot), ..FunctionFacts::MATRIX },
        differential: "sqrtmfrechet(X, dX)",
        condition: "{0} has no real eigenvalue ≤ 0",
        small: &[("(1,1) -> (1,1)", "sqrt(X)")],
        numeric: Numeric::Array(ArrayFunction::MatrixRoot),
        form: operator_name!("sqrtm"),
        spellings: numpy!("_sqrtm({0})"),
        support: numpy!(NUMPY_SQRTM),
        proof: Proof {
            bindings: "Y = sqrtm(X)",
            lines: &[
                line("Y*Y = X", "Y is the square root of X", "Y 是 X 的平方根"),
                line("dY*Y + Y*dY = dX", "product rule", "乘积法则"),
                line(
                    "dY = sylvester(Y, Y, dX)",
                    "a Sylvester equation for dY",
                    "关于 dY 的西尔维斯特方程",
                ),
                line(
                    "d(sqrtm(X)) = sqrtmfrechet(X, dX)",
                    "this solution has a name of its own",
                    "此解另有名称",
                ),
            ],
            ..Proof::NONE
        },
        ..MATRIX
    },
    Function {
        name: "sqrtmfrechet",
        summary: "the Fréchet derivative of sqrtm at X along E",
        facts: FunctionFacts { frechet_of: Some(Role::MatrixRoot), ..LINEAR },
        differential: "F = sqrtmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX]); \
            F[1:n, n+1:2*n]",
        adjoint: "sqrtmfrechet(X', U)",
        condition: "{0} has no real eigenvalue ≤ 0",
        small: &[("(1,1), (1,1) -> (1,1)", "E/(2*sqrt(X))")],
        numeric: Numeric::Array(ArrayFunction::RootFrechet),
        form: Form::prefix("L_sqrt", "L_{\\mathrm{sqrt}}", "L_\"sqrt\""),
        spellings: numpy!("_sqrtm_frechet({0}, {1})"),
        support: numpy!(NUMPY_SQRTM_FRECHET),
        proof: Proof {
            bindings: "M = [X, E; zeros(n,n), X]",
            lines: &[
                line(
                    "sqrtm(M) = [sqrtm(X), sqrtmfrechet(X, E); zeros(n,n), sqrtm(X)]",
                    "M is the block matrix [X, E; 0, X]",
                    "M 为分块矩阵 [X, E; 0, X]",
                ),
                line(
                    "d(sqrtm(M)) = sqrtmfrechet(M, dM)",
                    "differential of sqrtm at M",
                    "sqrtm 在 M 处的微分",
                ),
                line(
                    "d(sqrtmfrechet(X, E)) = sqrtmfrechet([X, E; zeros(n,n), X], [dX, dE; zeros(n,n), dX])[1:n, n+1:2*n]",
                    "the corner of both sides",
                    "取两边的右上角",
                ),
            ],
            ..Proof::NONE
        },
        ..FRECHET
    },
    Function {
        name: "sylvester",
        summary: "the solution Y of A*Y + Y*B = C",
        parameters: &["A", "B", "C"],
        signatures: &["(m,m), (n,n), (m,n) -> (m,n)"],
        facts: FunctionFacts {
            cores: &[2, 2, 2],
            output_axes: &[(2, 0), (2, 1)],
            linear_in: Some(2),
            transpose: TransposeRule::None,
            keeps_symmetry: false,
            role: Some(Role::Sylvester),
            ..LINEAR
        },
        differential: "Y = sylvester(A, B, C); sylvester(A, B, dC - dA*Y - Y*dB)",
        adjoint: "sylvester(A', B', U)",
        condition: "no eigenvalue of {0} is the negative of one of {1}",
        small: &[
            ("(1,1), (1,1), (1,1) -> (1,1)", "C/(A+B)"),
            ("(1,1), (n,n), (1,n) -> (1,n)", "C*inv(A*eye(n)+B)"),
            ("(m,m), (1,1), (m,1) -> (m,1)", "inv(A+B*eye(m))*C"),
        ],
        numeric: Numeric::Array(ArrayFunction::Sylvester),
        exact: Exact::Array(ArrayFunction::Sylvester),
        form: operator_name!("sylvester"),
        spellings: numpy!("scipy.linalg.solve_sylvester({0}, {1}, {2})"),
        proof: Proof {
            bindings: "Y = sylvester(A, B, C)",
            lines: &[
                line("A*Y + Y*B = C", "definition of Y", "Y 的定义"),
                line("dA*Y + A*dY + dY*B + Y*dB = dC", "product rule", "乘积法则"),
                line(
                    "A*dY + dY*B = dC - dA*Y - Y*dB",
                    "an equation of the same kind for dY",
                    "关于 dY 的同型方程",
                ),
                line("d(sylvester(A, B, C)) = sylvester(A, B, dC - dA*Y - Y*dB)", "solved", "解出"),
            ],
            ..Proof::NONE
        },
        ..FRECHET
    },
];
