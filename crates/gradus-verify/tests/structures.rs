//! Claims about second derivatives on curved structures and about complex variables: only the gradient
//! of a real function counts as one by a complex variable.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{claims, identity};
use gradus_verify::{Form, Layout, Verdict};

const LETS: &str = "A: matrix(n,n); Q: orthogonal(n)";

const COMPLEX: &str = "A: complex matrix(n,n); Z: complex matrix(n,n); z: complex vector(n); \
    G: hermitian(n); U: unitary(n)";

fn array(lets: &str, text: &str, wrt: &str, claim: &str) -> Verdict {
    claims(lets, text, Form::Array(Layout::Mixed), 1, &[(wrt, claim)])
}

#[test]
fn second_derivatives_follow_geodesics() {
    let by = |claim| array(LETS, "tr(A*Q)", "Q,Q", claim);
    let projected = "((kron((Q*A*Q)', Q) + kron(Q', Q*A*Q) + kron(Q', A') + kron(A, Q))\
                     *commutation(n, n) - kron(Q'*A', eye(n)) - kron(eye(n), Q*A) \
                     - kron(eye(n), A'*Q') - kron(A*Q, eye(n)))/8";
    assert!(by(projected).is_verified());
    assert!(by("zeros(n*n,n*n)").is_refuted());
}

#[test]
fn gradients_by_complex_variables() {
    for (text, wrt, right, wrong) in [
        ("z^H*z", "z", "2*z", "2*conj(z)"),
        ("real(tr(A*Z))", "Z", "A^H", "A'"),
        ("logdet(Z)", "Z", "inv(Z)^H", "inv(Z)'"),
        ("sum(abs(z))", "z", "z./abs(z)", "conj(z)./abs(z)"),
        ("real(tr(A*G))", "G", "(A+A^H)/2", "A^H"),
        ("real(tr(A*U))", "U", "(A^H-U*A*U)/2", "A^H"),
    ] {
        let verdict = array(COMPLEX, text, wrt, right);
        assert!(verdict.is_verified(), "{text} by {wrt}: {right}: {verdict}");
        let verdict = array(COMPLEX, text, wrt, wrong);
        assert!(verdict.is_refuted(), "{text} by {wrt}: {wrong}: {verdict}");
    }
    // A function that is not real has no gradient.
    assert!(array(COMPLEX, "tr(A*Z)", "Z", "A^H").is_refuted());
}

#[test]
fn identities_of_complex_numbers() {
    for (left, right) in [
        ("conj(z)'*z", "norm2(z)^2"),
        ("(A*Z)^H", "Z^H*A^H"),
        ("exp(conj(z))", "conj(exp(z))"),
        ("sin(z)", "(exp(sqrt(-1)*z) - exp(-sqrt(-1)*z))/(2*sqrt(-1))"),
        ("real(z) + sqrt(-1)*imag(z)", "z"),
        ("U*U^H", "eye(n)"),
        ("G^H", "G"),
        ("det(conj(Z))", "conj(det(Z))"),
        ("logdet(Z*Z^H)", "2*logdet(Z)"),
    ] {
        let verdict = identity(COMPLEX, &[left, right]);
        assert!(verdict.is_verified(), "{left} = {right}: {verdict}");
    }
    for (left, right) in [("z^H*z", "z'*z"), ("G'", "G"), ("abs(z)", "real(z)"), ("conj(Z)", "Z")] {
        let verdict = identity(COMPLEX, &[left, right]);
        assert!(verdict.is_refuted(), "{left} = {right}: {verdict}");
    }
}
