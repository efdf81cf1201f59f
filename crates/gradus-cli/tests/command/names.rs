//! Names: unknown, declared twice, taken by functions, indices, and variables of differentiation.

use crate::hostile::holds;
use crate::{Run, gradus};

/// A refusal with a place in the text.
#[track_caller]
fn refused(words: &[&str]) -> Run {
    let found = holds(gradus(words), &[2]);
    assert!(found.answer.is_empty() && found.messages.contains('^'), "{found:#?}");
    found
}

#[test]
fn unknown_functions_come_with_a_suggestion() {
    for (program, meant) in [
        ("sofmax(x)", "softmax(x)"),
        ("lgo(x)", "log(x)"),
        ("invers(X)", "inverse(X)"),
        ("logdett(X)", "logdet(X)"),
        ("Tr(X)", "tr(X)"),
        ("LOG(x)", "log(x)"),
    ] {
        refused(&["diff", program])
            .says("unknown function")
            .says(&format!("did you mean {meant}?"));
    }
    refused(&["diff", "foo(x)"]).says("foo.(x)").says("--let 'foo: function'").says("foo*(x)");
    refused(&["diff", "sin x"]).says("sin(x)");
    refused(&["diff", "x(2)"]).says("x*(2)");
    refused(&["diff", "x(2)", "--let", "x: vector(n)"]).says("`x` is no function");
}

#[test]
fn a_name_stands_for_one_thing() {
    for words in [
        vec!["diff", "x'*x", "--let", "x: vector(n)", "--let", "x: vector(n)"],
        vec!["diff", "x: vector(n); x: scalar; x'*x"],
        vec!["diff", "x, x: vector(n); x'*x"],
        vec!["diff", "x: vector(n); x'*x", "--let", "x: vector(n)"],
    ] {
        refused(&words)
            .says("`x` is declared twice")
            .says("the first time")
            .says("the second time");
    }
    refused(&["diff", "y = x; y = 2*x; y'*y"]).says("`y` is bound twice");
    refused(&["diff", "x: vector(n); x = y; x'*x"]).says("declared and bound").says("hint:");
    refused(&["diff", "f(x) = x; f(x) = 2*x; f(y)"]).says("`f` is defined twice");
}

#[test]
fn functions_lend_their_names_to_nothing() {
    refused(&["diff", "exp*x", "--let", "exp: vector(n)"]).says("`exp` is the name of a function");
    refused(&["diff", "det = x; det'*det"]).says("`det` is the name of a function").says("det1");
    refused(&["diff", "exp(x) = x; exp(y)"]).says("`exp` is the name of a function");
    refused(&["diff", "exp'*exp"]).says("`exp` lacks its argument").says("exp(x)");
}

#[test]
fn indices_are_bound_and_have_one_range() {
    let declared = ["--let", "X: matrix(m,n)", "--let", "x: vector(n)", "--let", "y: vector(m)"];
    for (program, message) in [
        ("x[i]", "`i` is not bound"),
        ("sum[i](x[j])", "`j` is not bound"),
        ("sum[i](x[i]*y[i])", "`i` has two ranges"),
        ("mean[i](x[i]*y[i])", "`i` has two ranges"),
        ("sum[i](X[i,i])", "`i` has two ranges"),
        ("sum[i,i](X[i,i])", "`i` is named twice"),
        ("sum[i](x)", "`i` selects nothing"),
        ("sum[i](x[i,i])", "`x` has one index"),
        ("X[1,2,3]", "`X` has 2 indices"),
        ("x[0]", "begins before the first entry"),
        ("x[n+1]", "reaches beyond the end"),
    ] {
        let mut words = vec!["diff", program];
        words.extend(declared);
        refused(&words).says("error[").says(message);
    }
}

#[test]
fn declarations_are_checked() {
    for (declaration, message) in [
        ("X: matirx(m,n)", "did you mean matrix?"),
        ("X matrix(m,n)", "X: matrix(m,n)"),
        ("X: matrix(m)", "`matrix` has 2 sizes, not 1"),
        ("X: vector(m,n)", "`vector` has 1 size, not 2"),
        ("X: vector(0)", "`0` is no size"),
        ("X: vector(-1)", "`-1` is no size"),
        ("X: vector(1.5)", "`1.5` is no size"),
        ("X: vector(n", "`(` is never closed"),
        ("X: vector(n), y: scalar", "separate declarations with `;`"),
        ("1: scalar", "a declaration is expected"),
        ("X = 2", "a declaration is expected"),
        ("\u{1b}[31m: scalar", "U+001B"),
    ] {
        let found = refused(&["diff", "norm2(X)^2", "--let", declaration]).says(message);
        assert!(!found.messages.contains('\u{1b}'), "{found:#?}");
    }
    holds(gradus(&["diff", "x'*x", "--let", ""]), &[2]);
}

#[test]
fn variables_of_differentiation_are_variables_of_the_program() {
    let refused = |program: &str, variable: &str| {
        holds(gradus(&["diff", program, "--wrt", variable]), &[2]).says("error[name]").says("hint:")
    };
    refused("x'*x", "y").says("the variables are x");
    refused("x'*y", "x,y").says("the variables are x, y");
    refused("x'*x", "X").says("did you mean x?");
    refused("alpha*x'*x", "alhpa").says("did you mean alpha?");
    refused("Y = A*x; Y'*Y", "Y").says("bound by the program");
    refused("x'*x", "n").says("the variables are x");
    holds(gradus(&["diff", "x'*y", "--wrt", "x", "--wrt", "z"]), &[2]).says("`z`");
    let words = ["diff", "x'*y", "--wrt", "y", "--wrt", "x", "--emit", "source"];
    gradus(&words).exits(0).answers("gradient_y = x\ngradient_x = y");
    let words = ["diff", "x'*y", "--wrt", "x", "--wrt", "x", "--emit", "source"];
    gradus(&words).exits(0).answers("y");
}
