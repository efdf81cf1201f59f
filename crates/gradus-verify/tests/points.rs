//! Claims about derivatives at points: right ones, damaged ones, and corners.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use gradus_verify::{
    Claim, Claims, Convention, Expression, Form, Layout, Settings, Stacking, Verdict,
    check_derivative_at,
};

const LETS: &str = "A: matrix(m,n); X, B: matrix(n,n); x, y: vector(n); a: scalar";

/// The verdict on the claim that this is the derivative of a function where a variable has a value.
fn at(text: &str, wrt: &str, (name, value): (&str, &str), claim: &str) -> Verdict {
    let mut program = common::read(LETS, &[text], false).unwrap();
    let function = program.results[0];
    let value = common::read_back(&mut program, value).unwrap().result;
    let root = common::read_back(&mut program, claim).unwrap().result;
    let wrt: Vec<String> = wrt.split(',').map(str::to_owned).collect();
    let tree = &program.tree;
    let claims = Claims {
        function: Expression { tree, root: function },
        tree,
        claims: &[Claim { wrt, root, parts: Vec::new() }],
        form: Form::Array(Layout::Mixed),
        stacking: Stacking::Columns,
        convention: Convention::Projected,
        order: 1,
    };
    let point = (name.to_owned(), Expression { tree, root: value });
    check_derivative_at(&claims, &[point], &Settings::default())
}

#[test]
fn derivatives_at_points_are_told_from_others() {
    for (text, wrt, point, right, wrong) in [
        ("x'*B*x", "x", ("x", "y"), "(B+B')*y", "(B+B')*x"),
        ("sum(exp(A*x))", "x", ("x", "zeros(n)"), "A'*ones(m)", "2*A'*ones(m)"),
        ("sum(exp(A*x))", "x,x", ("x", "zeros(n)"), "A'*A", "2*A'*A"),
        ("tr(inv(X)*B)", "X", ("X", "eye(n)"), "-B'", "B'"),
        ("x'*B*x", "x", ("B", "eye(n)"), "2*x", "x"),
        ("x'*x", "x", ("x", "2*x"), "4*x", "2*x"),
        ("norm2(x)^3", "x", ("x", "zeros(n)"), "zeros(n)", "ones(n)"),
    ] {
        let verdict = at(text, wrt, point, right);
        assert!(verdict.is_verified(), "{text} at {point:?}: {right}: {verdict}");
        let verdict = at(text, wrt, point, wrong);
        assert!(verdict.is_refuted(), "{text} at {point:?}: {wrong}: {verdict}");
    }
}

#[test]
fn there_is_no_derivative_in_a_corner() {
    for (text, wrt, point, claim) in [
        ("sum(abs(x))", "x", ("x", "zeros(n)"), "zeros(n)"),
        ("sum(relu(x))", "x", ("x", "zeros(n)"), "zeros(n)"),
        ("sum(max(x,y))", "x", ("x", "y"), "ones(n)/2"),
        ("1000 + abs(a)", "a", ("a", "0"), "0"),
        ("relu(a)^2", "a,a", ("a", "0"), "0"),
        ("sqrt(a)^3", "a", ("a", "0"), "0"),
    ] {
        let verdict = at(text, wrt, point, claim);
        assert!(matches!(verdict, Verdict::Undecided { .. }), "{text} at {point:?}: {verdict}");
    }
}
