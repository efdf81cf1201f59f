//! Every smart constructor, broken on purpose: no wrong answer gets past verification.
#![allow(clippy::unwrap_used, clippy::panic)]

use gradus::{Output, Request};
use gradus_tensor::sabotage::{Sabotage, sabotage};

/// Inputs that together reach every place that can be broken, with what they are differentiated by.
const INPUTS: &[(&str, &str, &str)] = &[
    ("norm2(X*w - y)^2", "w", ""),
    ("tr(A*X*B*X')", "X", ""),
    ("x'*A*x*(x'*x)", "x", ""),
    ("(x'*A*x)/(x'*x)", "x", ""),
    ("y'*(a*b'*x)", "x", "a, b, x, y: vector(n)"),
    ("sum(x + s)", "s", "x: vector(n); s: scalar"),
    ("sum(A*x)*n", "x", "A: matrix(m,n); x: vector(n)"),
    ("sum(X)*tr(eye(n))", "X", "X: matrix(m,n)"),
    ("tr(X + A*B)", "X", ""),
    ("sum(X*A + B)", "X", ""),
    (
        "vec(Y)'*kron(X,B)*vec(Z)",
        "X",
        "X: matrix(m,n); B: matrix(p,q); Y: matrix(p,m); Z: matrix(q,n)",
    ),
    ("-y'*log(softmax(W*x))", "W", "y: onehot(m); W: matrix(m,n); x: vector(n)"),
    ("logdet(X'*A*X)", "X", ""),
    ("tr(inv(X)*A)", "X", ""),
    ("log(det(A*X*B))", "X", "A, X, B: matrix(n,n)"),
    ("norm2(Q*x)^2 + x'*Q'*A*Q*x", "x", "Q: orthogonal(n); x: vector(n)"),
    ("P = Z*inv(Z'*Z)*Z'; y'*P*P*y", "y", ""),
    ("det([a, b; b, c]) + tr(inv([a, b; b, c]))", "a", ""),
    ("sum(log(A*x))", "A", ""),
    ("sum((A*x)./(A*x)) + sum(x./(A*y).*(A*y))", "x", "A: matrix(n,n)"),
    ("sum(1./(1+exp(-x)))", "x", ""),
    ("sum(exp(x).*exp(x).*exp(y))", "x", ""),
    ("y'*(exp(x)/sum(exp(x)))", "x", ""),
    ("sum(x.*sign(x)) + sum(sinh(x)./cosh(x))", "x", ""),
    ("x'*y + y'*x + 3*x'*y", "x", ""),
    ("(x - y)'*A*(2*y - 2*x)", "x", ""),
    ("sum(diag(x) + diag(y)) + sum((diag(x) + diag(y))*A)", "x", ""),
    ("tanh(A*x) .* (B*x)", "x", ""),
    ("sum(sin(X'))", "X", ""),
    ("sum(sin(-x)) + sum(cos(-x).*x)", "x", ""),
    ("sum(log(exp(x)).*x) + sum(log(1+exp(x)))", "x", ""),
    ("x'*cos(zeros(n)) + x'*softmax(zeros(n))", "x", "x: vector(n)"),
    ("det(X')*tr(X)", "X", ""),
    ("logdet(inv(X)) + logdet(X')", "X", ""),
    ("tr(inv(2*X)*A) + tr(inv(A*X)*B)", "X", "A, B, X: matrix(n,n)"),
    ("-(y'*log(sigmoid(X*w)) + (1-y)'*log(1-sigmoid(X*w)))", "w", ""),
    ("logdet(expm(X)) + tr(A*X)", "X", ""),
    ("expm(t*A)", "t", "A: matrix(n,n); t: scalar"),
    ("tr(B*expm(t*A))", "t", "A, B: matrix(n,n); t: scalar"),
    ("tr(B*sqrtm(S)*X*X'*sqrtm(S)*sqrtm(S))", "X", "B, S: matrix(n,n); X: matrix(n,m)"),
    ("sum(x.*(1-x).*(y./x - (1-y)./(1-x)))", "x", ""),
    ("tr(A*S*B)", "S", "S: symmetric(n)"),
    ("tr(A*D*B)", "D", "D: diagonal(n)"),
    ("norm2(Q*A - B)^2", "Q", "Q: orthogonal(n)"),
    ("logdet(L)", "L", "L: lower(n)"),
    ("sum(log(diag(cholesky(S))))", "S", "S: spd(n)"),
    ("(x-y)'*S*(x+y)", "x", "S: skew(n); x, y: vector(n)"),
    ("x'*D*E*x", "x", "D, E: diagonal(n)"),
    ("a'*log(p)", "p", "p: simplex(n)"),
    ("norm2(A*z - b)^2", "z", "z: complex vector(n); A: complex matrix(m,n); b: complex vector(m)"),
    ("real(tr(A*U))", "U", "U: unitary(n); A: complex matrix(n,n)"),
];

fn request((program, variable, declaration): &(&str, &str, &str)) -> Request {
    let request = Request::new(*program).by(*variable);
    if declaration.is_empty() { request } else { request.declare(*declaration) }
}

#[test]
fn every_input_is_verified_when_nothing_is_broken() {
    for input in INPUTS {
        let answer = gradus::diff(&request(input)).unwrap_or_else(|failure| panic!("{failure}"));
        assert!(
            answer.verification().verdict.is_verified(),
            "{}: {}",
            input.0,
            answer.verification()
        );
    }
}

#[test]
fn every_broken_constructor_ends_in_exit_code_three() {
    let sound: Vec<String> = INPUTS
        .iter()
        .map(|input| gradus::diff(&request(input)).unwrap().print(Output::Source).unwrap())
        .collect();
    let mut unnoticed = Vec::new();
    for place in Sabotage::ALL {
        sabotage(Some(place));
        let mut refuted = 0;
        for (input, sound) in INPUTS.iter().zip(&sound) {
            match gradus::diff(&request(input)) {
                Err(failure) if failure.exit_code() == 3 => refuted += 1,
                Err(failure) => panic!("{place:?}: {}: {failure}", input.0),
                // What is verified in spite of the broken place is right, however it is written.
                Ok(answer) => {
                    let printed = answer.print(Output::Source).unwrap();
                    let verified = answer.verification().verdict.is_verified();
                    assert!(verified || printed == *sound, "{place:?}: {}: {printed}", input.0);
                }
            }
        }
        if refuted == 0 {
            unnoticed.push(place);
        }
    }
    sabotage(None);
    assert!(unnoticed.is_empty(), "no input reaches {unnoticed:?}");
}
