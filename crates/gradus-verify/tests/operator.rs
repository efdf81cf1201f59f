//! The sign `d(U)` in claims and identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{claims, differential, identity, read, read_back, try_claims};
use gradus_verify::{Form, Layout, Verdict};

const LETS: &str = "A: matrix(n,n); B: matrix(n,n); X: matrix(n,n); y: vector(n); b: vector(n)";

fn holds(verdict: &Verdict, what: &str) {
    assert!(verdict.is_verified(), "{what}: {verdict:?}");
}

fn fails(verdict: &Verdict, what: &str) {
    assert!(verdict.is_refuted(), "{what}: {verdict:?}");
}

#[test]
fn a_claim_may_leave_differentials_standing() {
    let function = "tr(A*inv(X)) + b'*X*y";
    for (claim, right) in [
        ("tr(A*d(inv(X))) + b'*d(X*y)", true),
        ("d(tr(A*inv(X))) + b'*dX*y", true),
        ("tr(d(A*inv(X))) + d(b'*X*y)", true),
        ("-tr(A*inv(X)*dX*inv(X)) + b'*d(X)*y", true),
        ("d(tr(A*inv(X)) + b'*X*y)", true),
        ("tr(A*d(inv(X))) + b'*d(X*b)", false),
        ("tr(A*d(X)) + b'*d(X*y)", false),
        ("d(A)*0 + tr(A*d(inv(X')))*1 + tr(b'*d(X*y))*eye(n) - tr(b'*d(X*y))*eye(n)", false),
        ("tr(inv(X)*d(A)) + tr(A*d(inv(X))) + b'*d(X*y)", false),
        ("2*d(tr(A*inv(X))) + b'*dX*y", false),
    ] {
        match try_claims(LETS, function, Form::Differential, 1, &[("X", claim)]) {
            Ok(verdict) if right => holds(&verdict, claim),
            Ok(verdict) => fails(&verdict, claim),
            Err(error) => assert!(!right, "{claim}: {error}"),
        }
    }
}

#[test]
fn only_the_variables_that_are_asked_for_vary() {
    let function = "tr(A*X*B)";
    holds(&differential(LETS, function, "X", "tr(d(A*X*B))"), "X varies");
    holds(&differential(LETS, function, "X", "tr(A*d(X*B))"), "B is constant");
    fails(&differential(LETS, function, "X,B", "tr(A*dX*B)"), "B varies too");
    holds(&differential(LETS, function, "X,B", "tr(A*d(X*B))"), "both vary");
    holds(&differential(LETS, function, "X,B", "tr(A*X*d(B)) + tr(A*d(X)*B)"), "by name");
    let form = Form::Differential;
    let both = claims(LETS, function, form, 1, &[("X", "d(tr(A*X*B))"), ("B", "d(tr(A*X*B))")]);
    holds(&both, "one after the other");
    let wrong = claims(LETS, function, form, 1, &[("X", "d(tr(A*X*B))"), ("B", "d(tr(A*X))")]);
    fails(&wrong, "the second one");
}

#[test]
fn a_binding_has_a_differential() {
    let lets = "W1: matrix(k,m); W2: matrix(p,k); x: vector(m); u: vector(p)";
    let program = "h = sigmoid(W1*x); a = W2*h; u'*a";
    for (claim, right) in [
        ("u'*W2*dh", true),
        ("u'*da", true),
        ("u'*d(W2*h)", true),
        ("u'*W2*(h.*(1 - h).*d(W1*x))", true),
        ("u'*W2*dh + u'*dW2*h", false),
        ("u'*W2*(h.*d(W1*x))", false),
    ] {
        let verdict = differential(lets, program, "W1", claim);
        if right { holds(&verdict, claim) } else { fails(&verdict, claim) }
    }
    holds(&differential(lets, program, "W1,W2,x", "u'*W2*dh + u'*dW2*h"), "all vary");
}

#[test]
fn second_differentials_nest() {
    let form = Form::Differential;
    for (function, claim, right) in [
        ("inv(X)", "d(d(inv(X)))", true),
        ("inv(X)", "d(-inv(X)*dX*inv(X))", true),
        ("inv(X)", "-d(inv(X))*dX*inv(X) - inv(X)*dX*d(inv(X))", true),
        ("inv(X)", "-d(inv(X))*dX*inv(X)", false),
        ("tr(X*X*X)", "3*d(tr(X*X*dX))", true),
        ("tr(X*X*X)", "3*tr(d(X*X)*dX) + 3*tr(X*X*d(dX))", true),
        ("tr(X*X*X)", "d(d(tr(X*X)))", false),
        ("y'*X*X*y", "d(d(y'*X*X*y))", true),
    ] {
        let verdict = claims(LETS, function, form, 2, &[("X", claim)]);
        if right { holds(&verdict, claim) } else { fails(&verdict, claim) }
    }
    holds(&claims(LETS, "tr(X*X*X)", form, 3, &[("X", "d(d(d(tr(X*X*X))))")]), "three times");
    let four = try_claims(LETS, "tr(X*X*X)", form, 3, &[("X", "d(d(d(d(tr(X*X*X)))))")]).unwrap();
    assert!(matches!(four, Verdict::Undecided { .. }), "{four:?}");
}

#[test]
fn a_linear_map_may_use_it() {
    let map = Form::LinearMap(Layout::Mixed);
    holds(&claims(LETS, "A*X*B", map, 1, &[("X", "dX -> d(A*X*B)")]), "map");
    fails(&claims(LETS, "A*X*B", map, 1, &[("X", "dX -> d(A*X)")]), "map");
    let pair = [("X", "dX -> d(A*X*B)"), ("B", "dB -> d(A*X*B)")];
    holds(&claims(LETS, "A*X*B", map, 1, &pair), "two maps");
}

#[test]
fn an_array_has_no_differential_in_it() {
    let array = Form::Array(Layout::Mixed);
    let verdict = claims(LETS, "tr(A*X)", array, 1, &[("X", "d(X*X)*0 + A'")]);
    assert!(matches!(verdict, Verdict::Undecided { .. }), "{verdict:?}");
}

#[test]
fn identities_of_differentials() {
    for (left, right, good) in [
        ("d(A*X*B)", "A*dX*B", true),
        ("d(A*X*B)", "A*dX*B + dA*X*B", true),
        ("d(A*X*B)", "A*dX*B + X*dA*B", false),
        ("d(A*X*B)", "d(A)*X*B + A*d(X)*B + A*X*d(B)", true),
        ("d(A*X)", "d(A*X) + A*d(X) - A*dX", true),
        ("d(X*inv(X))", "zeros(n,n)", true),
        ("dX*inv(X) + X*d(inv(X))", "0", true),
        ("d(inv(X))", "-inv(X)*dX*inv(X)", true),
        ("d(inv(X))", "inv(X)*dX*inv(X)", false),
        ("d(det(X))", "tr(adj(X)*dX)", true),
        ("d(det(X))", "det(X)*tr(dX*inv(X))", true),
        ("d(tr(X*X))", "2*tr(dX)", false),
        ("d(norm2(y))", "y'*dy/norm2(y)", true),
        ("d(softmax(y))", "softmax(y).*dy - softmax(y)*(softmax(y)'*dy)", true),
        ("d(expm(X))", "expmfrechet(X, dX)", true),
        ("d(sqrtm(X))*sqrtm(X) + sqrtm(X)*d(sqrtm(X))", "dX", true),
        ("d(kron(A, X))", "kron(A, dX)", true),
        ("d(vec(X))", "vec(dX)", true),
        ("d(A.*X)", "A.*d(X) + d(A).*X", true),
        ("d(X')", "(dX)'", true),
        ("d(f.(y))", "f'.(y).*dy", true),
        ("d(f.(y))", "f.(y).*dy", false),
        ("d(d(tr(X*X)))", "2*tr(dX*dX)", true),
        ("d(sum[i](y[i]^2*b[i]))", "2*sum[i](y[i]*b[i]*dy[i])", true),
        ("d(sum[i](y[i]^2*b[i]))", "sum[i](y[i]*b[i]*dy[i])", false),
    ] {
        let verdict = identity(LETS, &[left, right]);
        let what = format!("{left} = {right}");
        if good { holds(&verdict, &what) } else { fails(&verdict, &what) }
    }
    // No differential is written: all vary.
    holds(&identity(LETS, &["d(tr(A*X))", "d(tr(X*A))"]), "cyclic");
    fails(&identity(LETS, &["d(tr(A*X*A))", "tr(d(A*X)*A)"]), "A varies");
}

#[test]
fn differentials_are_along_structures() {
    holds(&identity("Q: orthogonal(n)", &["d(Q'*Q)", "0*Q"]), "orthogonal");
    holds(&identity("S: symmetric(n)", &["d(S*S)", "d((S*S)')"]), "symmetric");
    holds(
        &identity(
            "S: spd(n)",
            &["d(cholesky(S))*cholesky(S)' + cholesky(S)*d(cholesky(S))'", "dS"],
        ),
        "spd",
    );
    fails(&identity("S: matrix(n,n)", &["d(S*S)", "d((S*S)')"]), "general");
    // Rounding in the other triangle is none of the matrix.
    let factor = "inv(cholesky(S))*d(cholesky(S))";
    holds(&identity("S: spd(n)", &[factor, &format!("tril({factor})")]), "triangular");
}

#[test]
fn a_name_d_is_no_sign() {
    let mut program = read("d: scalar; x: vector(n)", &["d*x'*x"], false).unwrap();
    assert!(read_back(&mut program, "d*d(x'*x)").is_err());
    let verdict = claims(
        "d: scalar; x: vector(n)",
        "d*x'*x",
        Form::Differential,
        1,
        &[("x", "d*differential(x'*x)")],
    );
    holds(&verdict, "differential");
    let error = read("", &["d*d(x)"], false).unwrap_err();
    assert!(error.contains("`d` is no function"), "{error}");
}
