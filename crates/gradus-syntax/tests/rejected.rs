//! What is not in the language: the message, the place and the hint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_diagnostics::{Class, Diagnostic};
use gradus_syntax::{parse, parse_declaration, parse_declarations, parse_identity};

/// The first error of a source, and the text of its main label.
fn first(source: &str) -> (Diagnostic, String) {
    let parsed = parse(source);
    let error = parsed.into_result().err().unwrap_or_else(|| panic!("{source} is accepted"));
    let span = error.labels.first().map(|label| label.span).unwrap_or_default();
    (*error, source[span.start as usize..span.end as usize].to_owned())
}

/// Each source is bad input, marked at the given text, with the given hint among its hints.
fn all(cases: &[(&str, &str, &str)]) {
    for (source, place, hint) in cases {
        let (error, marked) = first(source);
        assert_eq!(error.exit_code(), 2, "{source}: {error:?}");
        assert_eq!(marked, *place, "{source}: {error:?}");
        assert!(error.hints.iter().any(|given| given == hint), "{source}: {:?}", error.hints);
    }
}

#[test]
fn juxtaposition() {
    all(&[
        ("2X", "X", "2*X"),
        ("2X'*y", "X", "2*X"),
        ("x y", "y", "x*y"),
        ("x'y", "y", "x'*y"),
        ("x' A x", "A", "x'*A"),
        ("2(x)", "(", "2*(x)"),
        ("(a + b)(c)", "(", "(a + b)*(c)"),
        ("norm2(x)^2 y", "y", "norm2(x)^2*y"),
        ("X^T(A*x - b)", "(", "X^T*(A*x - b)"),
        ("log x", "x", "for a function write: log(x)"),
        ("sin^2(x)", "(", "for a power of a function write: sin(x)^2"),
        ("[1 2]", "2", "separate columns with commas: 1, 2"),
        ("[1, 2\n3, 4]", "3", "separate rows with `;`: [a, b; c, d]"),
        ("x [1]", "[", "for an index write: x[1]"),
        ("2[1]", "[", "2*[1]"),
        ("2.(x)", ".(", "2*(x)"),
        ("1 2", "2", "a number has at most one decimal point and no white space"),
        ("2e", "e", "2*e"),
    ]);
}

#[test]
fn operators_of_other_languages() {
    all(&[
        ("X**2", "**", "X^2"),
        ("x.**2", ".**", "x.^2"),
        ("A@B", "@", "A*B"),
        (
            "a == b",
            "==",
            "write `=`: `Y = A*X` binds a name; `gradus check 'LEFT = RIGHT'` checks an identity",
        ),
        ("a && b", "&&", "there are no comparisons and no logical operators"),
        ("|x-y|", "|x-y|", "write `abs(x-y)`, `norm2(x-y)` of a vector, or `det(x-y)` of a matrix"),
        ("||A*x||^2", "||A*x||", "norm2(A*x)"),
        ("{x}", "{", "group with `(` and `)`; write a matrix as `[a, b; c, d]`"),
        ("$x$", "$", "leave the `$` out: the input is plain text such as `x'*A*x`"),
        ("exp^x", "exp", "exp(x)"),
        ("exp^(x+y)", "exp", "exp(x+y)"),
        ("A(1:2)", ":", "indices stand in square brackets: `A[1:k]`"),
        ("A(:,1)", ":", "indices stand in square brackets: `A[:, 1]`"),
        ("x[end]", "end", "leave it out: `x[2:]` goes up to the end"),
        ("（x）", "（", "write `(`"),
    ]);
    assert!(first("a ∂ b").0.message.contains("`∂` (U+2202)"));
    assert!(first("a\u{200b}").0.message.contains("U+200B"));
}

#[test]
fn brackets() {
    all(&[
        ("sin(x", "(", "sin(x)"),
        ("[1, 2", "[", "[1, 2]"),
        ("a*(b + (c)", "(", "a*(b + (c))"),
        ("‖x", "‖", "write `norm2(x)`, or close it with a second `‖`"),
        ("(‖x)", "‖", "write `norm2(x)`, or close it with a second `‖`"),
    ]);
    let (error, place) = first("f(x]");
    assert_eq!((place.as_str(), error.labels.len()), ("(", 2));
    assert_eq!(first("x)").1, ")");
    assert_eq!(first("(a + (b").1, "(");
}

#[test]
fn operands() {
    for (source, place) in [
        ("a*", ""),
        ("a*;b", ";"),
        ("*a", "*"),
        ("a+*b", "*"),
        ("()", ")"),
        ("f(,)", ","),
        ("f(a,)", ")"),
        ("[]", "]"),
        ("[1,;2]", ";"),
        ("[1;]", "]"),
        ("x[]", "]"),
        ("x[1,]", "]"),
        ("'x", "'"),
        ("x^", ""),
        ("‖‖", ""),
        ("sum[i]", ""),
        ("sum[1](x)", "1"),
        ("sum[](x)", "]"),
        ("sum[i,i](x)", "i"),
        ("x[1:2:3]", ":"),
        ("[1:3]", ":"),
        ("f(x; y)", ";"),
        ("(a, b)", ","),
        ("a, b", ","),
    ] {
        let (error, marked) = first(source);
        assert_eq!(error.exit_code(), 2, "{source}");
        assert_eq!(marked, place, "{source}: {error:?}");
    }
}

#[test]
fn statements() {
    all(&[
        ("2*x = 3", "=", "check an identity: gradus check 'LEFT = RIGHT'"),
        ("f(x=1)", "=", "bind a name first: `Y = A*X; tr(Y)`"),
        ("f(x -> x)", "->", "a linear map is a whole statement: `dX -> A*dX*B`"),
        ("2 -> x", "->", "dX -> A*dX*B"),
        ("f(x,x) = x", "x", "give the parameters different names"),
        ("x'*y; y", "x'*y", "give it a name: t = x'*y"),
        ("a\n+ b", "+", "to go on, put the `+` at the end of the line above"),
        ("Y = a\n  -b", "-", "for a new statement, end the line above with `;`"),
        ("Y = a\n- b", "-", "for a new statement, end the line above with `;`"),
        ("a\n-b", "-", "to go on, put the `-` at the end of the line above"),
        ("a\n.*b", ".*", "to go on, put the `.*` at the end of the line above"),
        (
            "X: matrix, Y: matrix",
            ",",
            "separate declarations with `;`: X: matrix(m,n); y: vector(m)",
        ),
        (
            "X: matrix(m,n)[N,M]",
            ",",
            "separate declarations with `;`: X: matrix(m,n); y: vector(m)",
        ),
        ("X: 3", "3", "X: matrix(m,n)"),
        ("A: matrix(m)(2)", "2", "A: matrix(m,n)(t)"),
        ("a + b: scalar", ":", "X: matrix(m,n)"),
        ("", "", "write an expression such as `norm2(X*w - y)^2`"),
        (" # only a comment", "", "write an expression such as `norm2(X*w - y)^2`"),
    ]);
}

#[test]
fn declarations_and_identities() {
    let declaration = |source: &str| {
        parse_declarations(source).into_result().err().map(|error| error.exit_code())
    };
    assert_eq!(declaration("x'*x"), Some(2));
    assert_eq!(declaration("X: matrix; x'*x"), Some(2));
    assert_eq!(declaration("X = matrix(m,n)"), Some(2));
    assert_eq!(declaration(""), Some(2));
    assert!(parse_declaration("X: matrix; Y: matrix").has_errors());
    for source in ["tr(A)", "Y = A; tr(Y)", "a =", "= a", "a == b", "a = b;; c", "x; a = b", ""] {
        let identity = parse_identity(source);
        assert_eq!(
            identity.into_result().err().map(|error| error.exit_code()),
            Some(2),
            "{source}"
        );
    }
}

#[test]
fn several_errors_are_reported_but_not_many() {
    let parsed = parse("2X; 3Y; z = w\n4Z");
    assert_eq!(parsed.diagnostics.len(), 3);
    assert_eq!(parse(&"2X;".repeat(1000)).diagnostics.len(), 5);
}

#[test]
fn numbers_out_of_range() {
    for source in ["1e400", "x + 1e-400", "0e9999999"] {
        assert_eq!((first(source).0.code, first(source).0.exit_code()), ("number", 2), "{source}");
    }
    for source in ["X^999999999999", "X^-1e7", "X.^(-2000000)", "x⁹⁹⁹⁹⁹⁹⁹⁹"] {
        assert_eq!(
            (first(source).0.class, first(source).0.exit_code()),
            (Class::Limit, 4),
            "{source}"
        );
    }
    assert!(!parse("X^1000000").has_errors());
}

#[test]
fn readings_that_may_surprise_are_noted() {
    for (source, hint) in [
        ("a^b^c", "this is (a^b)^c; write parentheses to say which is meant"),
        ("2^-t^2", "this is (2^-t)^2; write parentheses to say which is meant"),
        ("[a -b]", "for two columns write: a, -b"),
    ] {
        let parsed = parse(source);
        assert!(!parsed.has_errors());
        assert_eq!(parsed.diagnostics.len(), 1, "{source}");
        assert_eq!(parsed.diagnostics[0].hints, [hint]);
    }
    for source in [
        "(a^b)^c",
        "a^(b^c)",
        "X^T^2",
        "X'^2",
        "a^2*b^2",
        "[a - b]",
        "[a-b]",
        "a -b",
        "[f(a -b)]",
        "x^-2",
    ] {
        assert!(parse(source).diagnostics.is_empty(), "{source}");
    }
}
