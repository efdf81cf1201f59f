//! Pseudoinverse, Cholesky factor, singular values and eigenvalues.
//!
//! Must not know arrays. Singular vectors and eigenvectors are known up to a sign, so that where only
//! their products matter these are the functions: `u*v'` and `v*v'`.

use gradus_tensor::{FunctionFacts, Role, TransposeRule};

use crate::base::{numpy, operator_name};
use crate::entry::{ArrayFunction, Exact, Form, Function, Meaning, Numeric};

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
        ..DIRECTION
    },
    Function {
        name: "nuclear",
        summary: "the nuclear norm, the sum of the singular values",
        differential: "tr(polar(X)'*dX)",
        condition: "{0} has full rank",
        numeric: Numeric::Array(ArrayFunction::NuclearNorm),
        form: Form::Fenced { fence: "‖", subscript: "*" },
        spellings: numpy!("np.linalg.norm({0}, \"nuc\")"),
        ..NORM
    },
    Function {
        name: "spectral",
        summary: "the spectral norm, the greatest singular value",
        differential: "tr(singulardyad(X)'*dX)",
        condition: "the greatest singular value of {0} is simple",
        numeric: Numeric::Array(ArrayFunction::SpectralNorm),
        form: Form::prefix("σ_max", "\\sigma_{\\max}", "sigma_max"),
        spellings: numpy!("np.linalg.norm({0}, 2)"),
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
        ..APPLIED
    },
    Function {
        name: "eigmax",
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
        ..APPLIED
    },
];
