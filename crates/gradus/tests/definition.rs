//! Differentials of polynomials from their definition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Language, Request, diff};

fn lines(function: &str, by: &str, declarations: &[&str]) -> Vec<(String, String)> {
    let mut request = Request::new(function).by(by);
    request.declarations = declarations.iter().map(|text| (*text).to_owned()).collect();
    let answer = diff(&request).unwrap();
    let (sections, verification) = answer.definition(Language::English).unwrap();
    assert!(verification.verdict.is_verified(), "{function}: {verification:?}");
    let steps = sections.into_iter().flat_map(|section| section.steps);
    steps.map(|step| (step.left, step.formula)).collect()
}

fn differential(function: &str, by: &str, declarations: &[&str]) -> String {
    lines(function, by, declarations).pop().unwrap().1
}

#[test]
fn a_quadratic_form_is_multiplied_out() {
    let found = lines("x'*A*x", "x", &[]);
    let expected = [
        ("f(x)", "xᵀAx"),
        ("f(x + dx)", "(x + dx)ᵀA(x + dx)"),
        ("f(x + dx) − f(x)", "xᵀA dx + (dx)ᵀAx + (dx)ᵀA dx"),
        ("df", "xᵀA dx + (dx)ᵀAx"),
    ];
    let expected = expected.map(|(left, formula)| (left.to_owned(), formula.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn polynomials_of_all_kinds() {
    for (function, by, declarations, expected) in [
        ("a'*X*b", "X", &["a: vector(m)", "b: vector(n)"] as &[_], "aᵀ(dX)b"),
        ("X*A*X'", "X", &[], "XA(dX)ᵀ + (dX)AXᵀ"),
        ("tr(X^2)", "X", &[], "tr(X dX) + tr((dX)X)"),
        ("X^3", "X", &[], "XX dX + X(dX)X + (dX)XX"),
        ("norm2(X*w - y)^2", "w", &[], ""),
        ("Y = A*X; tr(Y'*Y)", "X", &[], ""),
        ("x.*x.*y", "x", &["y: vector(n)"], "x ⊙ dx ⊙ y + dx ⊙ x ⊙ y"),
        ("kron(X, A)", "X", &[], "dX ⊗ A"),
        ("sum[i](x[i]*c[i])", "x", &["x: vector(n)", "c: vector(n)"], ""),
        ("c^3", "c", &[], "cc dc + c(dc)c + (dc)cc"),
        ("(x'*x)*x", "x", &[], ""),
        ("x/2 - y", "x", &["y: vector(n)"], ""),
    ] {
        let found = differential(function, by, declarations);
        if !expected.is_empty() {
            assert_eq!(found, expected, "{function}");
        }
    }
}

#[test]
fn what_is_no_polynomial_is_refused() {
    for function in ["tr(inv(X))", "norm2(X*w) + w'*w", "sum(exp(X))", "tr(X^k)"] {
        let answer = diff(&Request::new(function).by("X"));
        let failure = answer.unwrap().definition(Language::English).unwrap_err();
        assert_eq!(failure.exit_code(), 4, "{function}: {failure:?}");
        assert!(failure.text().contains("no polynomial in X"), "{function}: {failure:?}");
    }
}
