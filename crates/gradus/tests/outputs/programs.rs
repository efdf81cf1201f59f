//! Programs of many kinds: real, complex, structured, with families, of every shape.
//!
//! Must not know what is asked about them.

/// A program: its declarations, its text, a variable, the greatest order.
pub(crate) struct Program {
    pub(crate) declarations: &'static [&'static str],
    pub(crate) text: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) order: u32,
}

const fn program(
    declarations: &'static [&'static str],
    text: &'static str,
    variable: &'static str,
    order: u32,
) -> Program {
    Program { declarations, text, variable, order }
}

const SYMMETRIC: &[&str] = &["S: symmetric(n)"];
const POSITIVE: &[&str] = &["S: spd(n)"];
const SKEW: &[&str] = &["S: skew(n)"];
const HERMITIAN: &[&str] = &["X: hermitian(n)", "A: matrix(n,n)", "x, y: vector(n)"];
const COMPLEX: &[&str] = &["z: complex vector(n)", "A: complex matrix(m,n)", "x: vector(m)"];
const COMPLEX_MATRIX: &[&str] =
    &["Z: complex matrix(m,n)", "A: complex matrix(n,m)", "C: complex matrix(m,m)"];
const SCALARS: &[&str] = &["A: matrix(n,n)[N]", "t: scalar[N]", "x: vector(n)"];
const SAMPLES: &[&str] = &["x: vector(d)[N]", "y: scalar[N]", "w: vector(d)", "V: matrix(k,d)"];
const SQUARES: &[&str] = &["T: matrix(n,n)[n]", "x: vector(n)"];

pub(crate) const PROGRAMS: &[Program] = &[
    program(&[], "norm2(X*w - y)^2", "w", 2),
    program(&[], "norm2(X*w - y)", "w", 2),
    program(&[], "-sum(log(b - A*x))", "x", 2),
    program(&[], "A*x", "x", 2),
    program(&[], "colsum(X)", "X", 1),
    program(&["X: matrix(m,n)"], "rowsum(X)", "X", 1),
    program(&["X: matrix(m,n)"], "x'*X", "X", 2),
    program(&["X: matrix(m,n)"], "X*A", "X", 1),
    program(&[], "tril(A*X)*B", "X", 1),
    program(&["X: matrix(m,n)"], "kron(X, A)", "X", 1),
    program(&["X: matrix(m,n)"], "kron(A, X)", "X", 1),
    program(&["X: matrix(m,n)"], "kron(X, A)*B", "X", 1),
    program(&["X: matrix(m,n)"], "khatrirao(X, A)", "X", 2),
    program(&["X: matrix(m,n)"], "commutation(m,n)*vec(X)", "X", 1),
    program(&["X: matrix(p*q,p*q)"], "blocktrace(X, p, q)", "X", 1),
    program(&["X: matrix(m,n)"], "X'*X", "X", 2),
    program(&["X: matrix(n,n)"], "inv(X)", "X", 2),
    program(&["X: matrix(n,n)"], "X^3", "X", 1),
    program(&["X: matrix(n,n)"], "tr(A*expm(X))", "X", 1),
    program(&["X: matrix(n,n)"], "logdet(X)", "X", 2),
    program(&["X: matrix(m,n)"], "log(sum(exp(X)))", "X", 1),
    program(&["X: matrix(m,n)"], "sum(log(rowsum(exp(X))))", "X", 1),
    program(&["x: vector(n)"], "logsumexp(A*x)", "x", 2),
    program(&["x: vector(n)"], "softmax(x)", "x", 1),
    program(&["W: matrix(k,d)", "x: vector(d)", "y: onehot(k)"], "-y'*log(softmax(W*x))", "W", 1),
    program(&["W: matrix(k,d)", "x: vector(d)"], "sigmoid(W*x)", "W", 1),
    program(&["x: vector(n)"], "norm1(x)", "x", 1),
    program(&["x: vector(n)"], "[x; A*x]", "x", 1),
    program(&["X: matrix(m,n)"], "[X, A]*y", "X", 1),
    program(&["x, y: vector(3)"], "cross(x, y)", "x", 1),
    program(&["D: diagonal(n)", "A: matrix(n,n)"], "tr(D*A*D)", "D", 2),
    program(&["L: lower(n)", "x: vector(n)"], "norm2(L*x)^2", "L", 2),
    program(&["Q: orthogonal(n)", "A: matrix(n,n)"], "tr(A*Q)", "Q", 1),
    program(&["p: simplex(n)"], "sum(p.*log(p))", "p", 2),
    program(SYMMETRIC, "A*S*B", "S", 1),
    program(SYMMETRIC, "inv(S)", "S", 1),
    program(&["S: symmetric(n)", "x: vector(n)"], "S*x", "S", 1),
    program(SYMMETRIC, "vech(S)", "S", 1),
    program(&["S: symmetric(n)", "A: matrix(n,n)"], "S + A", "S", 1),
    program(SYMMETRIC, "S^2", "S", 1),
    program(&["S: symmetric(n)", "x: vector(n)"], "x'*S*x", "S", 2),
    program(POSITIVE, "logdet(S)", "S", 2),
    program(&["S: spd(n)", "x: vector(n)"], "x'*inv(S)*x", "S", 2),
    program(&["S: skew(n)", "x: vector(n)"], "x'*S*x", "x", 2),
    program(&["S: skew(n)", "A: matrix(n,n)"], "tr(S*A*S)", "S", 2),
    program(SKEW, "A*S", "S", 1),
    program(HERMITIAN, "X*A", "X", 1),
    program(HERMITIAN, "sum(X*A)", "X", 1),
    program(HERMITIAN, "x'*X*y", "X", 1),
    program(HERMITIAN, "logdet(X)", "X", 1),
    program(HERMITIAN, "log(x'*inv(X)*x)", "X", 1),
    program(COMPLEX, "norm2(A*z)^2", "z", 2),
    program(COMPLEX, "z'*z", "z", 2),
    program(COMPLEX, "abs(z'*z)", "z", 1),
    program(COMPLEX, "abs(z'*z)^2", "z", 1),
    program(COMPLEX, "sum(imag(z).^2)", "z", 1),
    program(COMPLEX, "sum(real(z).*imag(z))", "z", 1),
    program(COMPLEX, "norm2(real(A*z) - x)^2", "z", 1),
    program(COMPLEX, "norm2(sigmoid(A*z))^2", "z", 1),
    program(COMPLEX, "sum(log(1 + exp(A*z)))", "z", 1),
    program(COMPLEX, "exp(A*z)", "z", 1),
    program(COMPLEX_MATRIX, "imag(tr(A*Z))", "Z", 1),
    program(COMPLEX_MATRIX, "tr(A*Z)", "Z", 1),
    program(COMPLEX_MATRIX, "normF(Z*A)^2", "Z", 1),
    program(&["X: complex matrix(n,n)", "x: vector(n)"], "log(x'*diag(diag(X.*X))*x)", "X", 1),
    program(&["Z: complex matrix(n,n)"], "det(Z)", "Z", 1),
    program(&["Z: complex matrix(n,n)"], "inv(Z)", "Z", 1),
    program(SCALARS, "inv(sum[i](t[i]*A[i]))", "t", 1),
    program(SCALARS, "sum[i](t[i]*A[i])*x", "t", 1),
    program(SCALARS, "x'*sum[i](t[i]*A[i])", "t", 1),
    program(SCALARS, "logdet(sum[i](t[i]*A[i]))", "t", 1),
    program(SCALARS, "logdet(sum[i](t[i]*A[i]))", "A", 1),
    program(SAMPLES, "sum[i]((w'*x[i] - y[i])^2)", "w", 2),
    program(SAMPLES, "sum[i]((w'*x[i] - y[i])^2)", "x", 2),
    program(SAMPLES, "sum[i](logsumexp(V*x[i]))", "V", 1),
    program(SAMPLES, "sum[i](logsumexp(V*x[i]))", "x", 1),
    program(SAMPLES, "sum[i](sum[j](exp(-norm2(x[i] - x[j])^2)))", "x", 1),
    program(&["S: spd(n)[N]"], "sum[i](logdet(S[i]))", "S", 1),
    program(SQUARES, "sum[k](x'*T[k]*x*x[k])", "x", 1),
    program(&[], "sum[i](sum[j](A[i,j]*B[i,j]^2*x[j]))", "B", 1),
    program(&["X: matrix(m,n)"], "sum[i](log(sum[j](exp(X[i,j]))))", "X", 1),
];
