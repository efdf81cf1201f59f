//! What is said about wrong input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{error, program, shape};
use gradus_diagnostics::Class;

/// Declarations, program, code, a part of the first label, a hint (both may be empty).
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn assert_errors(cases: &[Case]) {
    for (lets, text, code, label, hint) in cases {
        let error = error(lets, text);
        assert_eq!(error.code, *code, "{text}: {error:?}");
        assert_eq!(error.class, Class::BadInput, "{text}");
        let first = error.labels.first().unwrap_or_else(|| panic!("{text}: no place"));
        assert!(first.text.contains(label), "{text}: {error:?}");
        let hinted = hint.is_empty() || error.hints.iter().any(|known| known.contains(hint));
        assert!(hinted, "{text}: {error:?}");
    }
}

#[test]
fn shapes_of_products_and_sums() {
    assert_errors(&[
        (
            "X: matrix(m,n); y: vector(m)",
            "X*y",
            "shape",
            "X is m×n, y has m entries",
            "did you mean X'*y?",
        ),
        (
            "X, Y: matrix(m,n)",
            "tr(X*Y)",
            "shape",
            "X is m×n, Y is m×n",
            "X'*Y and X*Y' fit; for elementwise multiplication write X.*Y",
        ),
        (
            "X: matrix(m,n); Y: matrix(n,m)",
            "X + Y",
            "shape",
            "X is m×n, Y is n×m",
            "did you mean X + Y'?",
        ),
        ("X: matrix(m,n); Y: matrix(n,m)", "X.*Y", "shape", "", "X.*Y'"),
        ("X: matrix(m,n); Y: matrix(n,m)", "X./Y", "shape", "", "X./Y'"),
        ("x: vector(n); y: vector(m)", "x - y", "shape", "x has n entries, y has m entries", ""),
        ("x: vector(n)", "x*x", "shape", "has n entries", "x'*x"),
        ("L: matrix(m,n); x: vector(k)", "2*L*x'*x", "shape", "", "2*L*(x'*x)"),
        ("A: matrix(m,n); B: matrix(k,n)", "[A, B]", "shape", "A is m×n, B is k×n", ""),
        ("A: matrix(m,n); B: matrix(m,k)", "[A; B]", "shape", "A is m×n, B is m×k", ""),
        ("A: matrix(m,n); b: vector(k)", "A\\b", "shape", "", "A*x = b"),
        ("x: vector(n); y: vector(n)", "x/y", "shape", "", "x./y"),
        ("A: matrix(n,n); c: scalar", "c/A", "shape", "", "c*inv(A)"),
        ("A: matrix(m,n); c: scalar", "c/A", "shape", "", "c./A"),
        (
            "x: vector(n); y: vector(m)",
            "max(x, y)",
            "shape",
            "x has n entries, y has m entries",
            "",
        ),
        ("A: matrix(m,n)", "det(A)", "shape", "A is m×n", ""),
        ("A: matrix(m,n)", "softmax(A)", "shape", "A is m×n", ""),
        (
            "A: matrix(k*n,k*n)",
            "tr(kron(B,C)*A)",
            "shape",
            "must equal k*n",
            "--let 'B: matrix(k,k)'",
        ),
    ]);
}

#[test]
fn blocks_and_unknown_functions() {
    assert_errors(&[
        ("", "x'*[1,2;3]", "shape", "row 1 has 2 columns, row 2 has 1", ""),
        ("", "mse(x,y)", "name", "", "mse(x, y) = …; mse(x, y)"),
        ("", "norm(x,1)", "arity", "2 given", "norm1(x)"),
    ]);
    assert!(!error("", "mse(x,y)").hints.iter().any(|hint| hint.contains("product")));
}

#[test]
fn capitals_that_may_be_meant_otherwise() {
    let note = |text: &str| program("", text).notes.first().cloned();
    assert!(note("c/A").unwrap().hints[0].contains("c*inv(A)"));
    assert!(note("1/N*sum(x)").is_none());
    assert!(note("I - X").unwrap().message.contains("`eye`"));
    assert!(program("I: matrix(n,n)", "I - X").notes.is_empty());
}

#[test]
fn powers() {
    assert_errors(&[
        ("A: matrix(m,n)", "A^2", "shape", "A is m×n, not square", "A.^2"),
        ("A: matrix(n,n)", "A^0.5", "power", "", "sqrtm(A)"),
        ("", "X^0.5", "power", "", "X.^0.5"),
        ("A: matrix(n,n)", "A^(1/3)", "power", "", "A.^"),
        ("A: matrix(n,n)", "2^A", "shape", "A is n×n", "2.^A"),
        ("A: matrix(n,n)", "A^A", "shape", "", "A.^A"),
    ]);
    let limit = error("A: matrix(n,n)", "A^(1000*10000)");
    assert_eq!(limit.class, Class::Limit);
    let note = |text: &str| program("A: matrix(n,n); x: vector(n)", text).notes[0].clone();
    assert!(note("A^2").hints[0].contains("matrixcalculus.org"));
    assert!(note("x^2").hints[0].contains("x.^2"));
}

#[test]
fn constant_arrays_without_sizes() {
    assert_errors(&[
        ("", "eye + 1", "shape", "", "eye(n)"),
        ("", "tr(eye)", "shape", "", "eye(n)"),
        ("", "sum(vector(1))", "shape", "", "ones(n)"),
        ("", "sum(ones)", "shape", "", "ones(n)"),
        ("x: vector(n)", "vector(x)", "shape", "n entries", ""),
        ("", "eye(m,n)", "arity", "", "eye(n)"),
    ]);
    assert_eq!(shape(&program("A: matrix(m,n)", "ones'*A*ones")), "1×1");
    assert_eq!(shape(&program("A: matrix(m,n)", "A*ones")), "m×1");
    assert_eq!(shape(&program("", "ones(m,n)*zeros(n) + eye(m)*ones(m)")), "m×1");
}

#[test]
fn names() {
    assert_errors(&[
        ("", "sigmiod(x)", "name", "", "did you mean sigmoid(x)?"),
        ("", "q(x)", "name", "", "--let 'q: function'"),
        ("x: vector(n)", "x'*x(x)", "name", "", "x*(x)"),
        ("", "sin + 1", "name", "", "sin(x)"),
        ("x: vector(n); x: scalar", "x", "name", "second", ""),
        ("sin: vector(n)", "sum(x)", "name", "", "sin1"),
        ("", "det = X; det", "name", "", "det1"),
        ("", "Y = X; Y = X", "name", "second", ""),
        ("Y: scalar", "Y = 2; Y", "name", "", ""),
        ("", "Z = Y; Y = x; Z", "name", "later", ""),
        ("", "norm2(x, 3)", "arity", "2 given", "norm2(x)"),
        ("", "f(x) = x; f(x, y)", "arity", "2 given", ""),
        ("", "f(x) = g(x); g(x) = f(x); f(y)", "recursion", "", ""),
        ("", "sin(x) = x; sin(y)", "name", "", ""),
        ("", "sin'.(x)", "name", "", "f'.(x)"),
        ("", "tr.(X)", "name", "", "tr(X)"),
        ("f: function", "f", "name", "", "f(X)"),
        ("x: vectr(n)", "x", "kind", "", "did you mean vector?"),
        ("A: matrix(n)", "A", "kind", "", "matrix(n,n)"),
        ("x: vector(m,n)", "x", "kind", "", "vector(m)"),
        ("x: vector(0)", "x", "size", "", ""),
        ("x: vector(n/0)", "x", "size", "", ""),
        ("k: scalar", "ones(k)", "size", "", ""),
    ]);
    assert_eq!(error("", "int(A)").class, Class::BadInput);
    assert_eq!(error("", "Y = X; dY -> dY").class, Class::Unsupported);
}

#[test]
fn indices() {
    assert_errors(&[
        ("", "x[i]", "index", "", "sum[i](x[i])"),
        ("", "sum[i](x)", "index", "", "sum[i]("),
        (
            "x: vector(d)[N]; y: scalar[M]",
            "sum[i](x[i]*y[i])",
            "index",
            "here it runs to M, before to N",
            "",
        ),
        ("x: vector(n); y: vector(m)", "sum[i](x[i]*y[i])", "index", "here it runs to m", ""),
        ("x: vector(d)[N]", "x'*x", "family", "", "x[i]"),
        ("A: matrix(m,n)", "sum[i](A[i])", "index", "A is m×n", ""),
        ("x: vector(2)", "x[3]", "index", "indices run from 1 to 2", ""),
        ("a: scalar", "sum[i](a[i])", "index", "a is a scalar", ""),
        ("", "J[i,i] = A[i,i]; J", "index", "", ""),
        ("", "y[i] = exp(A[i,k]); y", "index", "", "sum[k](…)"),
    ]);
    assert_eq!(error("", "sum[i](x[i+1]*x[i])").class, Class::Unsupported);
}

#[test]
fn hints_beside_an_answer() {
    let codes = |text: &str| -> Vec<&'static str> {
        program("A: matrix(n,n); B: matrix(m,n)", text).notes.iter().map(|note| note.code).collect()
    };
    assert_eq!(codes("sum(exp(A))"), ["elementwise"]);
    assert_eq!(codes("sum(exp(B))"), [""; 0]);
    assert_eq!(codes("tr(A + 1)"), ["broadcast"]);
    assert_eq!(codes("sum(B + 1)"), [""; 0]);
    let hint = &program("A: matrix(n,n)", "sum(exp(A))").notes[0].hints[0];
    assert!(hint.contains("expm"), "{hint}");
}

#[test]
fn limits_are_errors() {
    let mut text = String::from("f0(x) = x + x; ");
    for level in 1..60 {
        text.push_str(&format!("f{level}(x) = f{0}(f{0}(x)); ", level - 1));
    }
    text.push_str("f59(x)");
    assert_eq!(error("", &text).class, Class::Limit);
    let deep = format!("{}x{}", "sin(".repeat(9000), ")".repeat(9000));
    assert_eq!(shape(&program("", &deep)), "n×1");
    let long = (0..20_000).map(|term| format!("x{term}'*y")).collect::<Vec<_>>().join(" + ");
    assert_eq!(program("", &long).reading.names.len(), 20_001);
    let wrong = error("A, B: matrix(m,n)", &format!("{long} + A*B"));
    assert_eq!((wrong.code, wrong.labels[0].text.as_str()), ("shape", "A is m×n, B is m×n"));
}
