//! Pseudoinverse, Cholesky factor, singular values and eigenvalues.
//!
//! Must not know arrays. Singular vectors and eigenvectors are known up to a sign, so that where only
//! their products matter these are the functions: `u*v'` and `v*v'`.

use gradus_tensor::{FunctionFacts, Role, TransposeRule};

use crate::base::{numpy, operator_name};
use crate::curvature::Curvature;
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric};
use crate::proof::{Proof, line};

const APPLIED: Function = Function {
    signatures: &["(m,n) -> (m,n)"],
    meaning: Meaning::Applied,
    exact: Exact::Unknown,
    ..Function::DERIVED
};

/// A scalar function of singular values; of a vector, its norm.
const NORM: Function = Function {
    signatures: &["(m,n) -> (1,1)"],
    facts: FunctionFacts { nonnegative: true, real_only: true, ..FunctionFacts::INVARIANT },
    small: &[
        ("(1,1) -> (1,1)", "abs(X)"),
        ("(m,1) -> (1,1)", "norm2(X)"),
        ("(1,n) -> (1,1)", "norm2(X)"),
    ],
    ..APPLIED
};

/// A matrix of singular vectors; of a vector, the unit vector in its direction.
const DIRECTION: Function = Function {
    facts: FunctionFacts { real_only: true, ..FunctionFacts::MATRIX },
    small: &[
        ("(1,1) -> (1,1)", "sign(X)"),
        ("(m,1) -> (m,1)", "X/norm2(X)"),
        ("(1,n) -> (1,n)", "X/norm2(X)"),
    ],
    ..APPLIED
};

const NUMPY_CHOLESKY: &str = "\
def _cholesky(s):
    return np.linalg.cholesky((s + s.T) / 2)
";

const NUMPY_DYAD: &str = "\
def _singular_dyad(x):
    u, _, vt = np.linalg.svd(x)
    return np.outer(u[:, 0], vt[0])
";

const NUMPY_EIGENVALUES: &str = "\
def _eigenvalues(x):
    if np.array_equal(x, x.T):
        return np.linalg.eigvalsh(x)
    values = np.linalg.eigvals(x)
    if np.iscomplexobj(values):
        raise np.linalg.LinAlgError(\"the eigenvalues are not real\")
    return np.sort(values)
";

const NUMPY_EIGENVECTORS: &str = "\
def _eigenvectors(x):
    symmetric = np.array_equal(x, x.T)
    values, vectors = np.linalg.eigh(x) if symmetric else np.linalg.eig(x)
    if np.iscomplexobj(values):
        raise np.linalg.LinAlgError(\"the eigenvalues are not real\")
    vectors = vectors[:, np.argsort(values)]
    largest = np.argmax(np.abs(vectors), axis=0)
    return vectors * np.sign(vectors[largest, np.arange(largest.size)])
";

const NUMPY_GREATEST: &str = "\
def _greatest_eigenvalue(x):
    return np.linalg.eigvalsh((x + x.T) / 2)[-1]
";

const NUMPY_PROJECTOR: &str = "\
def _eigenprojector(x):
    vector = np.linalg.eigh((x + x.T) / 2)[1][:, -1]
    return np.outer(vector, vector)
";

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "pinv",
        curvature: Curvature { keeps_definite: true, ..Curvature::UNKNOWN },
        summary: "the Moore–Penrose inverse",
        signatures: &["(m,n) -> (n,m)"],
        facts: FunctionFacts {
            output_axes: &[(0, 1), (0, 0)],
            role: Some(Role::PseudoInverse),
            real_only: true,
            ..FunctionFacts::MATRIX
        },
        differential: "P = pinv(X); \
            -P*dX*P + P*P'*dX'*(eye(m)-X*P) + (eye(n)-P*X)*dX'*P'*P",
        condition: "{0} has constant rank",
        small: &[
            ("(1,1) -> (1,1)", "1/X"),
            ("(m,1) -> (1,m)", "X'/(X'*X)"),
            ("(1,n) -> (n,1)", "X'/(X*X')"),
        ],
        numeric: Numeric::Array(ArrayFunction::PseudoInverse),
        exact: Exact::Array(ArrayFunction::PseudoInverse),
        form: Form::Superscript { text: "⁺", latex: "^{+}", typst: "^+" },
        spellings: numpy!("np.linalg.pinv({0})"),
        proof: Proof {
            bindings: "P = pinv(X)",
            lines: &[
                line("X*P*X = X", "Penrose", "彭罗斯条件"),
                line(
                    "P*X*dP*X*P = -P*dX*P",
                    "differential of XPX = X, times P from both sides",
                    "对 XPX = X 求微分，再左右各乘 P",
                ),
                line("P = P*P'*X'", "P = P(XP), and XP is symmetric", "P = P(XP)，且 XP 对称"),
                line(
                    "dP*(eye(m) - X*P) = P*P'*dX'*(eye(m) - X*P)",
                    "differential; Xᵀ(I − XP) = 0",
                    "求微分；Xᵀ(I − XP) = 0",
                ),
                line("P = X'*P'*P", "P = (PX)P, and PX is symmetric", "P = (PX)P，且 PX 对称"),
                line(
                    "(eye(n) - P*X)*dP = (eye(n) - P*X)*dX'*P'*P",
                    "differential; (I − PX)Xᵀ = 0",
                    "求微分；(I − PX)Xᵀ = 0",
                ),
                line(
                    "dP = P*X*dP*X*P + dP*(eye(m) - X*P) + (eye(n) - P*X)*dP*X*P",
                    "split by the projectors",
                    "用投影分解",
                ),
                line(
                    "d(pinv(X)) = -P*dX*P + P*P'*dX'*(eye(m)-X*P) + (eye(n)-P*X)*dX'*P'*P",
                    "put in",
                    "代入",
                ),
            ],
            ..Proof::NONE
        },
        ..APPLIED
    },
    Function {
        name: "cholesky",
        summary: "the lower triangular L with L*L' = S and a positive diagonal",
        parameters: &["S"],
        signatures: &["(n,n) -> (n,n)"],
        facts: FunctionFacts {
            cores: &[2],
            output_core: 2,
            role: Some(Role::Cholesky),
            real_only: true,
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "L = cholesky(S); M = inv(L)*dS*inv(L)'; \
            L*(tril(M+M') - diag(diag(M)))/2",
        condition: "{0} is symmetric positive definite",
        small: &[("(1,1) -> (1,1)", "sqrt(S)")],
        numeric: Numeric::Array(ArrayFunction::Cholesky),
        exact: Exact::Array(ArrayFunction::Cholesky),
        form: operator_name!("chol"),
        spellings: numpy!("_cholesky({0})"),
        support: numpy!(NUMPY_CHOLESKY),
        proof: Proof {
            declarations: "S: spd(n)",
            bindings: "L = cholesky(S); M = inv(L)*dS*inv(L)'",
            lines: &[
                line("L*L' = S", "definition", "定义"),
                line("dL*L' + L*dL' = dS", "product rule", "乘积法则"),
                line(
                    "inv(L)*dL + (inv(L)*dL)' = M",
                    "multiplied by L⁻¹ from the left and by its transpose from the right; M is L⁻¹(dS)L⁻ᵀ",
                    "左乘 L⁻¹，右乘其转置；M 即 L⁻¹(dS)L⁻ᵀ",
                ),
                line(
                    "tril(inv(L)*dL) = inv(L)*dL",
                    "a product of lower triangular matrices is lower triangular",
                    "下三角矩阵之积为下三角",
                ),
                line(
                    "inv(L)*dL = (tril(M + M') - diag(diag(M)))/2",
                    "so it is the lower triangle of M with half of the diagonal; M is symmetric",
                    "故为 M 的下三角，对角线取半；M 对称",
                ),
                line(
                    "d(cholesky(S)) = L*(tril(M+M') - diag(diag(M)))/2",
                    "multiplied by L",
                    "左乘 L",
                ),
            ],
        },
        ..APPLIED
    },
    Function {
        name: "polar",
        summary: "U*V' of the thin singular value decomposition X = U*diag(s)*V'",
        differential: "Q = polar(X); P = Q'*Q; H = Q'*X + eye(n) - P; \
            Q*sylvester(H, H, P*(Q'*dX - dX'*Q)*P) \
            + (eye(m)-Q*Q')*dX*pinv(X)*Q + Q*pinv(X)*dX*(eye(n)-P)",
        condition: "{0} has full rank",
        numeric: Numeric::Array(ArrayFunction::PolarFactor),
        form: operator_name!("polar"),
        spellings: numpy!("scipy.linalg.polar({0})[0]"),
        proof: Proof {
            bindings: "Q = polar(X); P = Q'*Q; H = Q'*X; W = Q'*d(Q)*P",
            lines: &[
                line(
                    "Q*H = X",
                    "H is QᵀX, symmetric; QQᵀ and P = QᵀQ are projectors",
                    "H 即 QᵀX，对称；QQᵀ 与 P = QᵀQ 为投影",
                ),
                line(
                    "dQ'*X + Q'*dX = dX'*Q + X'*dQ",
                    "differential of QᵀX = XᵀQ",
                    "对 QᵀX = XᵀQ 求微分",
                ),
                line(
                    "H*W + W*H = P*(Q'*dX - dX'*Q)*P",
                    "between the projectors, with the skew matrix W = QᵀdQ P",
                    "夹在投影之间，其中 W = QᵀdQ P 反对称",
                ),
                line(
                    "(eye(m) - Q*Q')*dQ = (eye(m) - Q*Q')*dX*pinv(X)*Q",
                    "differential of X = QH, outside of the range of Q",
                    "对 X = QH 求微分，取 Q 值域之外的部分",
                ),
                line(
                    "dQ*(eye(n) - P) = Q*pinv(X)*dX*(eye(n) - P)",
                    "the same for the rows",
                    "对行同理",
                ),
                line(
                    "dQ = Q*W + (eye(m) - Q*Q')*dQ + dQ*(eye(n) - P)",
                    "split by the projectors",
                    "用投影分解",
                ),
                line(
                    "d(polar(X)) = Q*sylvester(H+eye(n)-P, H+eye(n)-P, P*(Q'*dX - dX'*Q)*P) + (eye(m)-Q*Q')*dX*pinv(X)*Q + Q*pinv(X)*dX*(eye(n)-P)",
                    "the Sylvester equation solved; I − P makes it regular",
                    "解西尔维斯特方程；I − P 使之可解",
                ),
            ],
            ..Proof::NONE
        },
        ..DIRECTION
    },
    Function {
        name: "nuclear",
        curvature: Curvature::NORM,
        summary: "the nuclear norm, the sum of the singular values",
        differential: "tr(polar(X)'*dX)",
        condition: "{0} has full rank",
        numeric: Numeric::Array(ArrayFunction::NuclearNorm),
        form: Form::Fenced { fence: "‖", subscript: "*" },
        spellings: numpy!("np.linalg.norm({0}, \"nuc\")"),
        proof: Proof {
            bindings: "Q = polar(X)",
            lines: &[
                line(
                    "nuclear(X) = tr(Q'*X)",
                    "Q = UVᵀ is the polar factor: tr(VUᵀ UΣVᵀ) = tr(Σ)",
                    "Q = UVᵀ 为极因子：tr(VUᵀ UΣVᵀ) = tr(Σ)",
                ),
                line("d(nuclear(X)) = tr(dQ'*X) + tr(Q'*dX)", "product rule", "乘积法则"),
                line(
                    "tr(dQ'*X) = 0",
                    "no other Q with orthonormal columns gives a greater trace, so to first order it does not change",
                    "在列正交的矩阵中 Q 使迹最大，一阶不变",
                ),
                line("d(nuclear(X)) = tr(polar(X)'*dX)", "what is left", "余下的项"),
            ],
            ..Proof::NONE
        },
        ..NORM
    },
    Function {
        name: "spectral",
        curvature: Curvature::NORM,
        summary: "the spectral norm, the greatest singular value",
        differential: "tr(singulardyad(X)'*dX)",
        condition: "the greatest singular value of {0} is simple",
        numeric: Numeric::Array(ArrayFunction::SpectralNorm),
        form: Form::prefix("σ_max", "\\sigma_{\\max}", "sigma_max"),
        spellings: numpy!("np.linalg.norm({0}, 2)"),
        proof: Proof {
            bindings: "D = singulardyad(X)",
            lines: &[
                line(
                    "spectral(X) = tr(D'*X)",
                    "D = uvᵀ of the unit singular vectors: tr(vuᵀX) = uᵀXv = σ",
                    "D = uvᵀ：tr(vuᵀX) = uᵀXv = σ",
                ),
                line("d(spectral(X)) = tr(dD'*X) + tr(D'*dX)", "product rule", "乘积法则"),
                line(
                    "tr(dD'*X) = 0",
                    "u and v have length one: uᵀdu = 0 and vᵀdv = 0",
                    "u 与 v 为单位向量：uᵀdu = 0，vᵀdv = 0",
                ),
                line("d(spectral(X)) = tr(singulardyad(X)'*dX)", "what is left", "余下的项"),
            ],
            ..Proof::NONE
        },
        ..NORM
    },
    Function {
        name: "singulardyad",
        summary: "u*v' of the unit singular vectors of the greatest singular value",
        differential: "D = singulardyad(X); sigma = spectral(X); \
            pinv(sigma^2*eye(m)-X*X')*(dX*X'+X*dX')*D + D*(dX'*X+X'*dX)*pinv(sigma^2*eye(n)-X'*X)",
        condition: "the greatest singular value of {0} is simple",
        numeric: Numeric::Array(ArrayFunction::SingularDyad),
        form: operator_name!("dyad"),
        spellings: numpy!("_singular_dyad({0})"),
        support: numpy!(NUMPY_DYAD),
        proof: Proof {
            bindings: "D = singulardyad(X); sigma = spectral(X); R = pinv(sigma^2*eye(m)-X*X'); S = pinv(sigma^2*eye(n)-X'*X)",
            lines: &[
                line(
                    "X*X'*D = sigma^2*D",
                    "D = uvᵀ: u is an eigenvector of XXᵀ",
                    "D = uvᵀ：u 是 XXᵀ 的特征向量",
                ),
                line(
                    "R*(sigma^2*eye(m) - X*X')*dD = R*(dX*X' + X*dX')*D",
                    "differential; R is the pseudoinverse of σ²I − XXᵀ, and RD = 0",
                    "求微分；R 为 σ²I − XXᵀ 的伪逆，RD = 0",
                ),
                line(
                    "R*(sigma^2*eye(m) - X*X') = eye(m) - D*D'",
                    "the projector that takes u away",
                    "去掉 u 的投影",
                ),
                line("dD - D*D'*dD = R*(dX*X' + X*dX')*D", "the change of u", "u 的变化"),
                line(
                    "dD - dD*D'*D = D*(dX'*X + X'*dX)*S",
                    "the change of v in the same way, S the pseudoinverse of σ²I − XᵀX",
                    "同理得 v 的变化，S 为 σ²I − XᵀX 的伪逆",
                ),
                line(
                    "dD = (dD - D*D'*dD) + (dD - dD*D'*D)",
                    "both together: D changes by (du)vᵀ + u dvᵀ",
                    "合起来：D 的变化为 (du)vᵀ + u dvᵀ",
                ),
                line(
                    "d(singulardyad(X)) = R*(dX*X'+X*dX')*D + D*(dX'*X+X'*dX)*S",
                    "put in",
                    "代入",
                ),
            ],
            ..Proof::NONE
        },
        ..DIRECTION
    },
    Function {
        name: "eigvals",
        summary: "the vector of eigenvalues, which are real, in ascending order",
        signatures: &["(n,n) -> (n,1)"],
        facts: FunctionFacts {
            output_core: 1,
            output_axes: &[(0, 0)],
            real_only: true,
            ..FunctionFacts::INVARIANT
        },
        differential: "diag(inv(eigvecs(X))*dX*eigvecs(X))",
        condition: "{0} has real and simple eigenvalues",
        small: &[("(1,1) -> (1,1)", "X")],
        numeric: Numeric::Array(ArrayFunction::Eigenvalues),
        form: Form::prefix("λ", "\\lambda", "lambda"),
        spellings: numpy!("_eigenvalues({0})"),
        support: numpy!(NUMPY_EIGENVALUES),
        proof: Proof {
            bindings: "V = eigvecs(X); lambda = eigvals(X)",
            lines: &[
                line(
                    "X*V = V*diag(lambda)",
                    "the columns of V are eigenvectors",
                    "V 的列为特征向量",
                ),
                line("dX*V + X*dV = dV*diag(lambda) + V*diag(dlambda)", "product rule", "乘积法则"),
                line(
                    "inv(V)*dX*V + diag(lambda)*inv(V)*dV = inv(V)*dV*diag(lambda) + diag(dlambda)",
                    "multiplied by V⁻¹ from the left",
                    "左乘 V⁻¹",
                ),
                line(
                    "diag(diag(lambda)*inv(V)*dV) = diag(inv(V)*dV*diag(lambda))",
                    "the diagonals of these two terms are equal",
                    "这两项的对角元相等",
                ),
                line(
                    "d(eigvals(X)) = diag(inv(eigvecs(X))*dX*eigvecs(X))",
                    "the diagonal of the whole",
                    "取整个等式的对角元",
                ),
            ],
            ..Proof::NONE
        },
        ..APPLIED
    },
    Function {
        name: "eigvecs",
        summary: "the unit eigenvectors as columns, in the order of eigvals",
        signatures: &["(n,n) -> (n,n)"],
        facts: FunctionFacts {
            cores: &[2],
            output_core: 2,
            role: Some(Role::Eigenvectors),
            real_only: true,
            ..FunctionFacts::ELEMENTWISE
        },
        differential: "V = eigvecs(X); lambda = eigvals(X); \
            W = V*((1./(ones(n)*lambda' - lambda*ones(n)' + eye(n)) - eye(n)).*(inv(V)*dX*V)); \
            W - V*diag(diag(V'*W))",
        condition: "{0} has real and simple eigenvalues",
        small: &[("(1,1) -> (1,1)", "1")],
        numeric: Numeric::Array(ArrayFunction::Eigenvectors),
        form: operator_name!("eigvecs"),
        spellings: numpy!("_eigenvectors({0})"),
        support: numpy!(NUMPY_EIGENVECTORS),
        proof: Proof {
            bindings: "V = eigvecs(X); lambda = eigvals(X); W = V*((1./(ones(n)*lambda' - lambda*ones(n)' + eye(n)) - eye(n)).*(inv(V)*dX*V))",
            lines: &[
                line(
                    "X*V = V*diag(lambda)",
                    "the columns of V are eigenvectors",
                    "V 的列为特征向量",
                ),
                line(
                    "inv(V)*dV*diag(lambda) - diag(lambda)*inv(V)*dV = inv(V)*dX*V - diag(dlambda)",
                    "product rule, multiplied by V⁻¹ from the left",
                    "乘积法则，左乘 V⁻¹",
                ),
                line(
                    "(ones(n)*lambda' - lambda*ones(n)').*(inv(V)*dV) = inv(V)*dX*V - diag(dlambda)",
                    "entry by entry: (λⱼ − λᵢ) times the entry",
                    "逐元素：乘以 λⱼ − λᵢ",
                ),
                line(
                    "dV = W + V*diag(diag(inv(V)*dV))",
                    "divided outside of the diagonal: this part is W",
                    "对角线外相除，该部分记为 W",
                ),
                line("diag(V'*dV) = zeros(n)", "the columns have length one", "各列为单位向量"),
                line(
                    "diag(inv(V)*dV) = -diag(V'*W)",
                    "so the diagonal part is known too",
                    "故对角部分也已知",
                ),
                line("d(eigvecs(X)) = W - V*diag(diag(V'*W))", "put in", "代入"),
            ],
            ..Proof::NONE
        },
        ..APPLIED
    },
    Function {
        name: "eigmax",
        curvature: Curvature { of_matrices: true, ..Curvature::CONVEX_INCREASING },
        summary: "the greatest eigenvalue of a symmetric matrix",
        signatures: &["(n,n) -> (1,1)"],
        facts: FunctionFacts { real_only: true, ..FunctionFacts::INVARIANT },
        differential: "tr(eigprojector(X)*dX)",
        condition: "{0} is symmetric with a simple greatest eigenvalue",
        small: &[("(1,1) -> (1,1)", "X")],
        numeric: Numeric::Array(ArrayFunction::GreatestEigenvalue),
        form: Form::prefix("λ_max", "\\lambda_{\\max}", "lambda_max"),
        spellings: numpy!("_greatest_eigenvalue({0})"),
        support: numpy!(NUMPY_GREATEST),
        proof: Proof {
            declarations: "X: symmetric(n)",
            bindings: "P = eigprojector(X)",
            lines: &[
                line(
                    "eigmax(X) = tr(P*X)",
                    "P = vvᵀ of the unit eigenvector: vᵀXv = λ",
                    "P = vvᵀ：vᵀXv = λ",
                ),
                line("d(eigmax(X)) = tr(dP*X) + tr(P*dX)", "product rule", "乘积法则"),
                line("tr(dP*X) = 0", "v has length one: vᵀdv = 0", "v 为单位向量：vᵀdv = 0"),
                line("d(eigmax(X)) = tr(eigprojector(X)*dX)", "what is left", "余下的项"),
            ],
        },
        ..APPLIED
    },
    Function {
        name: "eigprojector",
        summary: "v*v' of the unit eigenvector of the greatest eigenvalue of a symmetric matrix",
        signatures: &["(n,n) -> (n,n)"],
        facts: FunctionFacts {
            transpose: TransposeRule::Invariant,
            symmetric: true,
            real_only: true,
            ..FunctionFacts::MATRIX
        },
        differential: "P = eigprojector(X); R = pinv(eigmax(X)*eye(n) - (X+X')/2); \
            (R*(dX+dX')*P + P*(dX+dX')*R)/2",
        condition: "{0} is symmetric with a simple greatest eigenvalue",
        small: &[("(1,1) -> (1,1)", "1")],
        numeric: Numeric::Array(ArrayFunction::EigenProjector),
        form: operator_name!("eigprojector"),
        spellings: numpy!("_eigenprojector({0})"),
        support: numpy!(NUMPY_PROJECTOR),
        proof: Proof {
            declarations: "X: symmetric(n)",
            bindings: "P = eigprojector(X); lambda = eigmax(X); R = pinv(lambda*eye(n) - X)",
            lines: &[
                line(
                    "X*P = lambda*P",
                    "P = vvᵀ of the unit eigenvector v",
                    "P = vvᵀ，v 为单位特征向量",
                ),
                line(
                    "R*(lambda*eye(n) - X)*dP = R*dX*P",
                    "differential; R is the pseudoinverse of λI − X, and RP = 0",
                    "求微分；R 为 λI − X 的伪逆，RP = 0",
                ),
                line(
                    "R*(lambda*eye(n) - X) = eye(n) - P",
                    "the projector that takes v away",
                    "去掉 v 的投影",
                ),
                line(
                    "dP = (eye(n) - P)*dP + dP*(eye(n) - P)",
                    "P changes by (dv)vᵀ + v dvᵀ",
                    "P 的变化为 (dv)vᵀ + v dvᵀ",
                ),
                line(
                    "dP = R*dX*P + P*dX*R",
                    "put in; the second term is the transpose of the first",
                    "代入；第二项是第一项的转置",
                ),
                line(
                    "d(eigprojector(X)) = (R*(dX+dX')*P + P*(dX+dX')*R)/2",
                    "of a matrix that is not symmetric its symmetric part counts",
                    "对非对称矩阵取其对称部分",
                ),
            ],
        },
        ..APPLIED
    },
];
