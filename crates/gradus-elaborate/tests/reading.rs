//! How undeclared names are read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{check_tree, error, program, reading, several, shape};

fn assert_reads(cases: &[(&str, &str, &str)]) {
    for (text, expected, result) in cases {
        let program = program("", text);
        check_tree(&program);
        assert_eq!(reading(&program), *expected, "{text}");
        assert_eq!(shape(&program), *result, "{text}");
    }
}

#[test]
fn inputs_of_matrixcalculus_need_no_declarations() {
    assert_reads(&[
        ("0.5*x'*A*x", "x vector(n), A matrix(n,n)", "1×1"),
        ("A*exp(x)", "A matrix(m,n), x vector(n)", "m×1"),
        ("sin(x)'*y", "x vector(n), y vector(n)", "1×1"),
        ("(y.*v)'*x", "y vector(n), v vector(n), x vector(n)", "1×1"),
        ("a^b", "a scalar, b scalar", "1×1"),
        ("norm2(A*x-y)^2", "A matrix(m,n), x vector(n), y vector(m)", "1×1"),
        ("sum(log(exp(-y.*(X*w)) + vector(1)))", "y vector(m), X matrix(m,n), w vector(n)", "1×1"),
        ("tr(A*X'*B*X*C)", "A matrix(k,n), X matrix(m,n), B matrix(m,m), C matrix(n,k)", "1×1"),
        ("log(det(inv(X)))", "X matrix(n,n)", "1×1"),
        ("x ' * y", "x vector(n), y vector(n)", "1×1"),
        ("x.^(-1)", "x vector(n)", "n×1"),
        ("GR*T.^4", "GR matrix(m,n), T matrix(n,k)", "m×k"),
        ("X/a + matrix(1/a)", "X matrix(m,n), a scalar", "m×n"),
        ("X + matrix(1/a) + Z*Z'*matrix(2)", "X matrix(m,n), a scalar, Z matrix(m,k)", "m×n"),
        ("vector(1)'*x + vector(1)'*y", "x vector(n), y vector(m)", "1×1"),
        ("(A+eye)*x", "A matrix(n,n), x vector(n)", "n×1"),
        ("x0'*covmatr*x0", "x0 vector(n), covmatr scalar", "1×1"),
        ("oneROWKp'*x*lambda", "oneROWKp vector(n), x vector(n), lambda scalar", "1×1"),
    ]);
}

#[test]
fn sizes_get_the_letters_of_textbooks() {
    assert_reads(&[
        ("norm2(X*w - y)^2", "X matrix(m,n), w vector(n), y vector(m)", "1×1"),
        ("Y = sigmoid(W*X); tr(Y'*M*Y)", "W matrix(k,m), X matrix(m,n), M matrix(k,k)", "1×1"),
        ("-y'*log(softmax(W*x))", "y vector(m), W matrix(m,n), x vector(n)", "1×1"),
        ("kron(A,B)*x", "A matrix(m,n), B matrix(k,p), x vector(n*p)", "m*k×1"),
        ("[1, 2; 3, 4]*x", "x vector(2)", "2×1"),
        ("n1 = sum(x); n1*m'*m", "x vector(n), m vector(k)", "1×1"),
    ]);
}

#[test]
fn departures_are_made_where_the_preference_fails() {
    assert_reads(&[
        ("x.^(1/p)", "x vector(n), p scalar!", "n×1"),
        ("y'*inv(K+s*eye)*y+log(det(K+s*eye))", "y vector(n), K matrix(n,n), s scalar!", "1×1"),
        ("sum(x)/N", "x vector(n), N scalar!", "1×1"),
        ("tr(X^m)", "X matrix(n,n), m scalar!", "1×1"),
        ("sum[i](a[i])", "a vector(n)!", "1×1"),
        ("1/x", "x scalar!", "1×1"),
    ]);
}

#[test]
fn transposed_early_letters_are_vectors_where_that_makes_a_scalar() {
    assert_reads(&[
        ("a'*X*b", "a vector(m)!, X matrix(m,n), b vector(n)!", "1×1"),
        ("a'*x + b'*y", "a vector(n)!, x vector(n), b vector(m)!, y vector(m)", "1×1"),
        ("a'*b", "a vector(n)!, b vector(n)!", "1×1"),
        ("c*a'*X*b", "c scalar, a vector(m)!, X matrix(m,n), b vector(n)!", "1×1"),
        ("X*a'", "X matrix(m,n), a scalar", "m×n"),
        ("B*-inv(X)*b", "B matrix(m,n), X matrix(n,n), b scalar", "m×n"),
    ]);
    let declared = program("b: vector", "B*-inv(X)*b");
    assert_eq!(shape(&declared), "m×1");
}

#[test]
fn ties_are_errors_that_list_the_declarations() {
    let error = error("", "x*y");
    assert_eq!(error.code, "reading");
    assert!(error.hints.contains(&"--let 'x: scalar'".to_owned()), "{error:?}");
    assert!(error.hints.contains(&"--let 'y: scalar'".to_owned()), "{error:?}");
    assert!(error.labels[0].text.contains("x has n entries, y has m entries"), "{error:?}");
}

#[test]
fn ties_are_broken_by_what_is_plausible() {
    assert_reads(&[
        ("(y-X*b)'*(y-X*b)", "y vector(m), X matrix(m,n), b vector(n)!", "1×1"),
        ("sum(y.*(X*b)-exp(X*b))", "y vector(m), X matrix(m,n), b vector(n)!", "1×1"),
        ("A\\b", "A matrix(n,n), b vector(n)!", "n×1"),
        ("norm2(y-X*b)^2/(2*s^2)", "y vector(m), X matrix(m,n), b vector(n)!, s scalar!", "1×1"),
    ]);
    let attention = error("", "Q = X*W; K = X*U; V = X*Y; sum(softmax(Q*K')*V)");
    assert_eq!(attention.code, "shape", "{attention:?}");
    assert_eq!(error("", "x''*y").code, error("", "x*y").code);
}

#[test]
fn blocks_and_kronecker_products_get_sizes() {
    assert_reads(&[
        ("tr(kron(X,X))", "X matrix(n,n)", "1×1"),
        ("tr(kron(A,X))", "A matrix(n,n), X matrix(m,m)", "1×1"),
    ]);
    assert_eq!(shape(&program("A: matrix(m,n)", "[A, B; C, D]*[x; y]")), "m+p×1");
    for lets in ["A: matrix(n,n); C: matrix(m,m)", "C: matrix(m,m); A: matrix(n,n)"] {
        let block = program(lets, "K = [A,B;B',C]; [x;y]'*K*[x;y]");
        check_tree(&block);
        assert_eq!(reading(&block), "B matrix(n,m), x vector(n), y vector(m)", "{lets}");
    }
}

#[test]
fn exponents_and_parameters_are_scalars() {
    assert_reads(&[
        ("a'*X^n*b", "a vector(m)!, X matrix(m,m), n scalar!, b vector(m)!", "1×1"),
        ("(x'*A*x)^p", "x vector(n), A matrix(n,n), p scalar!", "1×1"),
        ("X^m", "X matrix(n,n), m scalar!", "n×n"),
    ]);
    for text in ["t*A(t)", "exp(t)*A(t)", "A(t)*sin(t)"] {
        assert_eq!(shape(&program("A: matrix(m,n)(t)", text)), "m×n", "{text}");
    }
    assert_eq!(shape(&program("A: matrix(m,n)(t); f: function", "f(t)*A(t)*x")), "m×1");
}

#[test]
fn sizes_that_are_not_declared_are_inferred() {
    let inferred = program("M: symmetric; y: onehot; Q: orthogonal matrix", "y'*M*Q*x");
    assert_eq!(reading(&inferred), "y onehot(n), M symmetric(n), Q orthogonal(n), x vector(n)");
    let inferred = program("x: vector; A: matrix", "A*x");
    assert_eq!(reading(&inferred), "A matrix(m,n), x vector(n)");
    let inferred = program("x: vector(n)", "x'*A*x");
    assert_eq!(reading(&inferred), "A matrix(n,n)");
}

#[test]
fn differentials_have_the_shape_of_their_variable() {
    let product = program("", "dX*Y + X*dY");
    assert_eq!(reading(&product), "X matrix(m,n), Y matrix(n,k)");
    let tree = &product.tree;
    let (x, dx) = (tree.variable_named("X").unwrap(), tree.variable_named("dX").unwrap());
    assert_eq!(tree.variable(dx).differential_of, Some(x));
    // Nothing is named X here.
    assert_eq!(
        reading(&program("", "dX -> A*dX*B")),
        "A matrix(m,n), dX matrix(n,k), B matrix(k,p)"
    );
    assert_eq!(reading(&program("", "data*2")), "data scalar");
}

#[test]
fn special_names_give_way_to_declared_ones() {
    assert_eq!(shape(&program("pi: vector(n)", "pi")), "n×1");
    assert_eq!(shape(&program("n: vector(n)", "n'*n")), "1×1");
    assert_eq!(shape(&program("x: vector(n)", "sum(x)/n")), "1×1");
    assert_eq!(shape(&program("T: scalar; X: matrix(n,n)", "X^T")), "n×n");
    assert_eq!(shape(&program("dX: scalar", "dX*X")), "m×n");
    assert_eq!(shape(&program("", "I*x + e*x")), "n×1");
}

#[test]
fn texts_read_together_share_their_variables() {
    let both = several("", &["a'*X*b", "tr(X*b*a')"], true).unwrap();
    assert_eq!(reading(&both), "a vector(m)!, X matrix(m,n), b vector(n)!");
    assert_eq!(both.results.len(), 2);
    let both = several("", &["X*eye", "X"], true).unwrap();
    assert_eq!(reading(&both), "X matrix(m,n)");
    let differ = several("X: matrix(m,n)", &["X", "X'"], true).unwrap_err();
    assert_eq!(differ.message, "the sides differ in size");
    // Bindings of the first text may be bound again in the second.
    several("x: vector(n)", &["t = x + x; t'*t", "t = 2*x; t'*t"], true).unwrap();
}

#[test]
fn declared_names_that_do_not_occur_come_last() {
    let constant = program("x: vector(n); a: vector(m)", "a");
    assert_eq!(constant.occurring, 1);
    assert_eq!(constant.tree.variables.len(), 2);
    let x = constant.tree.variable(constant.tree.variable_named("x").unwrap());
    assert_eq!(constant.tree.dimensions.display(x.shape.rows), "n");
}
