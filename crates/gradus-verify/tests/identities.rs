//! Identities that hold are proved or confirmed, and identities that do not are refuted.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::identity;

const SHAPES: &str = "A: matrix(m,n); B: matrix(n,m); C: matrix(n,n); D: matrix(m,n); x: vector(n); y: vector(n); t: scalar";

#[test]
fn what_holds_exactly_is_proved() {
    for sides in [
        &["tr(A*B)", "tr(B*A)", "sum(A'.*B)", "vec(A')'*vec(B)"][..],
        &["(A*B)'", "B'*A'"],
        &["x'*C*y", "tr(y*x'*C)", "sum(C.*(x*y'))"],
        &["diag(x)*y", "x.*y", "y.*x"],
        &["vec(A*C*B)", "kron(B',A)*vec(C)"],
        &["commutation(m,n)*vec(A)", "vec(A')", "vecr(A)"],
        &["inv(C')", "inv(C)'"],
        &["det(C)*inv(C)", "adj(C)", "inv(C)*det(C)"],
        &["adj(C)*C", "det(C)*eye(n)"],
        &["C^3", "C*C*C"],
        &["C^-2", "inv(C)*inv(C)"],
        &["C\\x", "inv(C)*x"],
        &["x'/C", "x'*inv(C)"],
        &["norm2(x)^2", "x'*x", "dot(x,x)"],
        &["norm2(A)^2", "tr(A'*A)", "normF(A)^2"],
        &["mean(A)", "sum(A)/(m*n)"],
        &["rowsum(A)", "A*ones(n)"],
        &["colsum(A)", "ones(m)'*A"],
        &["tril(C)+triu(C)", "C + diag(diag(C))"],
        &["[A, D]*[x; y]", "A*x + D*y"],
        &["unvec(vec(A),m,n)", "A"],
        &["exp(-t)*exp(t)", "1"],
        &["log(exp(t))", "t"],
        &["sin(t)^2+cos(t)^2", "1"],
        &["sigmoid(-t)", "1-sigmoid(t)"],
        &["tanh(-t)", "-tanh(t)"],
        &["cosh(t)^2-sinh(t)^2", "1"],
        &["softmax(x)", "exp(x)/sum(exp(x))"],
        &["logsumexp(x)", "log(sum(exp(x)))"],
        &["softplus(t)", "log(1+exp(t))"],
        &["relu(t)-relu(-t)", "t"],
        &["relu(t)", "t*step(t)"],
        &["abs(t)", "t*sign(t)"],
        &["abs(x.*y)", "abs(x).*abs(y)"],
        &["norm1(x)", "sum(abs(x))"],
        &["f.(x)'*y", "sum(y.*f.(x))"],
        &["det(adj(C))", "det(C)^(n-1)"],
        &["kron(A,B)'", "kron(A',B')"],
    ] {
        let verdict = identity(SHAPES, sides);
        assert_eq!(verdict.name(), "proved", "{sides:?}: {verdict}");
    }
}

#[test]
fn what_holds_only_over_the_reals_is_confirmed() {
    for sides in [
        ["log(x.*y)", "log(x)+log(y)"],
        ["exp(t+1)", "exp(t)*exp(1)"],
        ["sin(2*t)", "2*sin(t)*cos(t)"],
        ["max(t, x'*y)", "max(x'*y, t)"],
        ["logdet(C*C)", "2*logdet(C)"],
        ["sqrt(t^4)", "t^2"],
        ["erf(t)", "2*erf(t)/2"],
        ["cbrt(t^3)", "t"],
        ["exp(logdet(C))", "abs(det(C))"],
        ["log2(8*exp(0*t))", "3"],
    ] {
        let verdict = identity(SHAPES, &sides);
        assert!(verdict.is_verified(), "{sides:?}: {verdict}");
    }
}

#[test]
fn what_does_not_hold_is_refuted() {
    for sides in [
        // Right for 2×2 matrices only.
        ["adj(C)", "tr(C)*eye(n) - C"],
        ["(C*D'*D)'", "C'*(D'*D)'"],
        ["tr(C*C)", "tr(C)^2"],
        ["C*C'", "C'*C"],
        ["vec(A)", "vecr(A)"],
        ["inv(C + eye(n))", "inv(C) + eye(n)"],
        ["det(2*C)", "2*det(C)"],
        ["det(C+C')", "2*det(C)"],
        ["kron(C,C')", "kron(C',C)"],
        ["abs(t)", "t"],
        ["sqrt(t^2)", "t"],
        ["abs(3*t)", "-3*abs(t)"],
        ["sign(3*exp(t))", "-1"],
        ["sign(t)", "1"],
        ["relu(t)", "0"],
        ["sqrt(9*t^2)", "-3*abs(t)"],
        ["exp(logdet(C))", "det(C)"],
        ["log(x.*y)", "log(x).*log(y)"],
        ["exp(t+1)", "exp(t)+exp(1)"],
        ["sin(2*t)", "2*sin(t)"],
        ["max(t, 0)", "abs(t)"],
        ["pi", "22/7"],
        ["sum(x)/n", "sum(x)/5"],
        ["n*t", "5*t"],
        ["f.(x)", "f.(y)"],
        ["f.(x+y)", "f.(x)+f.(y)"],
        ["sum(softmax(x))", "2"],
        ["logdet(C)", "log(det(C))+1"],
    ] {
        let verdict = identity(SHAPES, &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
}

#[test]
fn structures_are_used() {
    let lets = "S: symmetric(n); K: skew(n); D: diagonal(n); L: lower(n); U: upper(n); P: spd(n); Q: orthogonal(n); \
                y: onehot(n); z: onehot(n); w: simplex(n); X: matrix(n,n); a: positive vector(n)";
    for sides in [
        ["S'", "S"],
        ["K'", "-K"],
        ["D", "diag(diag(D))"],
        ["tril(L)", "L"],
        ["triu(U)", "U"],
        ["P", "P'"],
        ["Q'*Q", "eye(n)"],
        ["inv(Q)", "Q'"],
        ["sum(w)", "1"],
        ["y'*y", "1"],
        ["y.*y", "y"],
        ["det(Q)^2", "1"],
        ["sqrt(a.^2)", "a"],
        ["sqrt(a).*sqrt(a)", "a"],
    ] {
        let verdict = identity(lets, &sides);
        assert_eq!(verdict.name(), "proved", "{sides:?}: {verdict}");
    }
    for sides in [
        ["X'", "X"],
        ["K", "0*K"],
        ["det(Q)", "1"],
        ["det(Q)", "-1"],
        ["y'*z", "0"],
        ["y'*z", "1"],
        ["y'*X*y", "X[1,1]"],
        ["w'*w", "1"],
        ["P", "eye(n)"],
        ["Q", "eye(n)"],
        ["L", "L'"],
        ["tr(K*X)", "tr(K*X')"],
    ] {
        let verdict = identity(lets, &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
}

#[test]
fn families_and_sums() {
    let lets = "x: vector(d)[N]; c: vector(d); S: symmetric(d); r: scalar[N]; A: matrix(m,n); u: vector(m); v: vector(n)";
    for sides in [
        ["sum[i]((x[i]-c)'*(x[i]-c))", "sum[i](x[i]'*x[i]) - 2*c'*sum[i](x[i]) + N*c'*c"],
        ["sum[i](sum[j](A[i,j]*u[i]*v[j]))", "u'*A*v"],
        ["sum[j](sum[i](A[i,j]*u[i]*v[j]))", "u'*A*v"],
        ["sum[i](c'*S*c)", "N*c'*S*c"],
        ["sum[i](sum[j](r[i]*r[j]*x[i]'*x[j]))", "sum[i](r[i]*x[i])'*sum[j](r[j]*x[j])"],
        ["sum[i](u[i]^2)", "u'*u"],
    ] {
        // The range of an index that stands nowhere else is told by its partner.
        match common::read(lets, &sides, true) {
            Ok(_) => {
                let verdict = identity(lets, &sides);
                assert_eq!(verdict.name(), "proved", "{sides:?}: {verdict}");
            }
            Err(error) => assert!(sides[0] == "sum[i](c'*S*c)", "{error}"),
        }
    }
    for sides in [
        ["sum[i](sum[j](A[i,j]*u[i]*v[j]))", "u'*A*v + A[1,1]"],
        ["sum[i](r[i]*x[i])", "sum[i](r[i])*sum[i](x[i])"],
        ["sum[i](x[i]'*x[i])", "sum[i](x[i])'*sum[i](x[i])"],
    ] {
        let verdict = identity(lets, &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
}

#[test]
fn slices_and_index_form() {
    let lets = "X: matrix(m,n); A: matrix(m,q); B: matrix(q,n)";
    for sides in [["[X[1:r,:]; X[r+1:m,:]]", "X"], ["J[i,j] = A[i,k]*B[k,j]", "A*B"]] {
        let verdict = identity(lets, &sides);
        assert_eq!(verdict.name(), "proved", "{sides:?}: {verdict}");
    }
    for sides in [["[X[r+1:m,:]; X[1:r,:]]", "X"], ["J[i,j] = X[i,j]*X[i,j]", "X"]] {
        let verdict = identity(lets, &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
}

#[test]
fn symbolic_exponents() {
    let lets = "x: vector(n); k: scalar; X: matrix(n,n); t: positive scalar";
    for sides in [["x.^k.*x", "x.^(k+1)"], ["t^k*t^-k", "1"], ["(t^2)^k", "(t^k)^2"]] {
        let verdict = identity(lets, &sides);
        assert!(verdict.is_verified(), "{sides:?}: {verdict}");
    }
    for sides in [["x.^k", "x.^3"], ["t^k", "k^t"], ["(2*t)^k", "2*t^k"]] {
        let verdict = identity(lets, &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
}

#[test]
fn concrete_sizes() {
    let verdict = identity("X: matrix(100,30); Y: matrix(30,100)", &["tr(X*Y)", "tr(Y*X)"]);
    assert_eq!(verdict.name(), "proved", "{verdict}");
    // The number is the size: it holds at that size only.
    let verdict = identity("x: vector(100)", &["ones(100)'*(2*x - x)", "100*mean(x)"]);
    assert!(verdict.is_verified(), "{verdict}");
    let verdict = identity("x: vector(100)", &["sum(x)", "99*mean(x)"]);
    assert!(verdict.is_refuted(), "{verdict}");
    let verdict = identity("A: matrix(2,2)", &["adj(A)", "tr(A)*eye(2) - A"]);
    assert_eq!(verdict.name(), "proved", "{verdict}");
}

#[test]
fn what_cannot_be_decided_says_why() {
    let verdict = identity("Z: complex matrix(n,n)", &["expm(Z)*expm(Z)", "expm(2*Z)"]);
    assert!(
        matches!(&verdict, gradus_verify::Verdict::Undecided { reason } if reason.contains("complex")),
        "{verdict}"
    );
    let verdict = identity("x: vector(n)", &["log(-x'*x-1)", "log(-x'*x-1)*1"]);
    assert!(!verdict.is_refuted(), "{verdict}");
    let verdict = identity(
        "X: matrix(1000000000,1000000000)",
        &["tr(X*log(2))", "tr(X)*log(2)+0*1000000000"],
    );
    assert!(verdict.is_verified(), "{verdict}");
}

#[test]
fn answers_are_the_same_every_time() {
    let once = identity(SHAPES, &["tr(A*B)", "tr(B*A)"]);
    assert_eq!(once, identity(SHAPES, &["tr(A*B)", "tr(B*A)"]));
    assert!(once.to_string().starts_with("proved at sizes ("), "{once}");
}

#[test]
fn identities_of_matrix_functions_that_hold_near_the_identity_only_are_refuted() {
    for sides in [
        ["logm(expm(X))", "X"],
        ["logm(X*X)", "2*logm(X)"],
        ["sqrtm(X*X)", "X"],
        ["expm(X+Y)", "expm(X)*expm(Y)"],
        ["pinv(X*Y)", "pinv(Y)*pinv(X)"],
    ] {
        let verdict = common::identity("X, Y: matrix(n,n)", &sides);
        let both = matches!(sides[0], "pinv(X*Y)");
        assert_eq!(verdict.is_refuted(), !both, "{sides:?}: {verdict}");
    }
    for sides in [
        ["logm(expm(S))", "S"],
        ["sqrtm(P*P)", "P"],
        ["logm(P*P)", "2*logm(P)"],
        ["sqrtm(X)*sqrtm(X)", "X"],
        ["expm(logm(X))", "X"],
        ["cholesky(P)*cholesky(P)'", "P"],
        ["A*sylvester(A,B,C) + sylvester(A,B,C)*B", "C"],
        ["duplication(n)*vech(S)", "vec(S)"],
    ] {
        let lets = "X: matrix(n,n); S: symmetric(n); P: spd(n); A: matrix(m,m); B: matrix(n,n); \
            C: matrix(m,n)";
        let verdict = common::identity(lets, &sides);
        assert!(verdict.is_verified(), "{sides:?}: {verdict}");
    }
}

#[test]
fn identities_that_hold_near_zero_only_are_refuted() {
    for sides in [
        ["abs(a-3)", "3-a"],
        ["max(a,100)", "100"],
        ["abs(sum(x)+50)", "sum(x)+50"],
        ["sign(norm2(x)-40)", "-1"],
        ["sigmoid(40+a)", "1"],
        ["atan(tan(a))", "a"],
    ] {
        let verdict = common::identity("a: scalar; x: vector(n)", &sides);
        assert!(verdict.is_refuted(), "{sides:?}: {verdict}");
    }
    for sides in [
        ["abs(a*b)", "abs(a)*abs(b)"],
        ["norm2(c*x)", "abs(c)*norm2(x)"],
        ["max(a,b)", "(a+b+abs(a-b))/2"],
        ["sigmoid(a)", "1-sigmoid(-a)"],
        ["X - X", "0"],
    ] {
        let lets = "a: scalar; b: scalar; c: scalar; x: vector(n); X: matrix(m,n)";
        let verdict = common::identity(lets, &sides);
        assert!(verdict.is_verified(), "{sides:?}: {verdict}");
    }
}
