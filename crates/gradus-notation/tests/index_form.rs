//! Index forms are read back as the same network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../gradus-tensor/tests/support/mod.rs"]
mod tensors;

use gradus_calculus::{Convention, Stacking, derivatives};
use gradus_elaborate::lower::{Value, lower};
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_notation::index::index_form;
use gradus_tensor::{Axes, Network, Rational, Scaled, Structure};
use tensors::{World, assert_close};

const DECLARATIONS: &str = "X, Y: matrix(m,n); A, B, S: matrix(n,n); x, w, z: vector(n); y: vector(m); \
                            s, t: scalar; p: vector(n)[N]; c: scalar[N]; \
                            P: matrix(m*n,m*n)";

fn read(text: &str) -> Program {
    let (tree, _) = gradus_syntax::parse(text).into_result().unwrap();
    let (declared, _) = gradus_syntax::parse_declarations(DECLARATIONS).into_result().unwrap();
    let declarations = [Source::new(DECLARATIONS, &declared)];
    let options = Options { declarations: &declarations, same_shape: false };
    elaborate(&[Source::new(text, &tree)], &options)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// The derivative of a text in index form.
fn derived(text: &str, by: &str) -> String {
    let mut program = read(text);
    let mut lowered = lower(&program).unwrap();
    let at = lowered.arena.symbols().iter().position(|symbol| symbol.name == by).unwrap();
    let node = lowered.arena.variable(lowered.symbols[at]);
    let axes: Axes = lowered.arena.axes(node).into();
    let one = gradus_tensor::Dimensions::ONE;
    let variable = Value {
        rows: axes.first().map_or(one, |axis| axis.dimension),
        columns: axes.get(1).map_or(one, |axis| axis.dimension),
        ..Value::scalar(Scaled::one(node))
    };
    let function = lowered.results[0].clone();
    let arena = &mut lowered.arena;
    let derivative =
        derivatives(arena, &function, &[variable], Stacking::Columns, Convention::Projected)
            .unwrap()
            .remove(0)
            .value;
    let form = index_form(arena, "J", &derivative, &[]).unwrap();
    // The evaluator knows neither unknown functions nor powers with an unknown exponent.
    if !text.contains("f.") && !text.contains("s^t") && arena.axes(derivative.node).len() <= 2 {
        let world = World { sizes: vec![3, 2, 4, 2], seed: 5 };
        let expected = world.value(arena, &derivative);
        let (tree, _) = gradus_syntax::parse(&form).into_result().unwrap();
        let back = program
            .read_back(&Source::new(&form, &tree))
            .unwrap_or_else(|error| panic!("{form}: {error:?}"));
        program.results = vec![back.result];
        let again = lower(&program).unwrap();
        let found = world.value(&again.arena, &again.results[0].scaled);
        assert_close(&found, &expected, &form);
    }
    form
}

#[test]
fn summed_indices_stand_only_on_the_right() {
    for (text, by, expected) in [
        ("x'*A*w", "x", "J[i] = A[i,j]*w[j]"),
        ("norm2(X*w - y)^2", "w", "J[i] = 2*X[j,i]*(X[j,k]*w[k] - y[j])"),
        ("A*x", "x", "J[i,j] = A[i,j]"),
        ("tr(A*X'*X)", "X", "J[i,j] = A[j,k]*X[i,k] + A[k,j]*X[i,k]"),
        ("x.*w", "x", "delta = eye(n); J[i,j] = w[i]*delta[i,j]"),
        ("sum(x)", "x", "one = ones(n); J[i] = one[i]"),
        ("s*x", "s", "J[i] = x[i]"),
        ("x'*w", "s", "J = 0"),
        ("tr(A)", "A", "delta = eye(n); J[i,j] = delta[i,j]"),
        ("sum(X)", "X", "one = ones(m); one1 = ones(n); J[i,j] = one[i]*one1[j]"),
    ] {
        let form = derived(text, by);
        assert_eq!(form, expected);
    }
}

#[test]
fn what_has_no_place_in_a_product_gets_a_name() {
    for (text, by) in [
        ("sum(exp(A*x))", "x"),
        ("sum(exp(A*x).*w)", "x"),
        ("sum(log(1 + exp(X*w)))", "w"),
        ("y'*log(1 + exp(-X*x))", "x"),
        ("norm2(A*x - w)", "x"),
        ("(x'*A*x)/(x'*w)", "x"),
        ("logdet(A + x*w')", "A"),
        ("tr(inv(A*B)*S)", "A"),
        ("det(A)*tr(B*A)", "A"),
        ("softmax(A*x)", "x"),
        ("w'*softmax(A*x)", "A"),
        ("sum(1./x)", "x"),
        ("sum(x./(A*w))", "A"),
        ("tr(A^3)", "A"),
        ("norm2(x)^3", "x"),
        ("sum(x)*sum(w./x)", "x"),
        ("sum((A*x - w).^2.*x)", "x"),
        ("sum((x + w).^3)", "x"),
        ("s^t*x'*w", "s"),
        ("sum(exp(s*x))*t", "s"),
        ("sum(exp(x))", "s"),
        ("sum[i](c[i]*p[i]'*A*p[i])", "A"),
        ("sum[i](c[i]*exp(p[i]'*x))", "x"),
        ("Z = A*x; sum(exp(Z).*Z)", "x"),
        ("normF(X*A)", "A"),
        ("sum(abs(x)) + n*s", "x"),
        ("x*ones(n)'*A*ones(n)", "x"),
        ("sum(tril(A)*x)", "x"),
        ("sum(A[1:2, :]*x)", "x"),
        ("(x'*A*x)*(x'*S*w)*(w'*B*x)*(x'*A*B*x)", "x"),
        ("(A*x - w)'*S*(B*x - z)*(x'*A*w)", "x"),
    ] {
        assert!(derived(text, by).contains("J"), "{text}");
    }
}

#[test]
fn stacked_axes_have_the_index_of_their_row_and_of_their_column() {
    assert_eq!(
        derived("vec(X)*s", "s"),
        "row = kron(ones(n), eye(m)); column = kron(eye(n), ones(m)); \
         J[i] = X[j,k]*row[i,j]*column[i,k]"
    );
    for (text, by) in [
        ("vec(X)'*P*vec(Y)", "X"),
        ("s*kron(A, X)", "s"),
        ("vec(X')*s", "s"),
        ("unvec(P*vec(X), m, n)*s", "s"),
    ] {
        assert!(derived(text, by).contains("row["), "{text}");
    }
    for (text, by) in
        [("vech(A*s)", "s"), ("duplication(n)'*vec(A)*s", "s"), ("elimination(n)*vec(A)*s", "s")]
    {
        assert!(derived(text, by).contains("triangle["), "{text}");
    }
}

#[test]
fn unknown_functions_are_applied_to_entries() {
    let form = derived("sum(f.(A*x).*w)", "x");
    assert_eq!(form, "t1[i] = A[i,j]*x[j]; J[i] = A[j,i]*w[j]*f'.(t1[j])");
}

#[test]
fn tensors_of_any_order_have_an_index_form() {
    // The Jacobian of X*A by X, rows and columns of the value first.
    let (mut arena, axes) = tensors::arena(&["m", "n"]);
    let a = tensors::variable(&mut arena, "A", &[axes[1], axes[1]], Structure::General);
    let mut network = Network::new();
    let [i, j, l] = [axes[0], axes[1], axes[1]].map(|axis| network.wire(axis));
    network.factor(&a, &[l, j]);
    network.output(&[i, j, i, l]);
    let value = arena.contract(network).times(&Rational::new(-3, 2).unwrap());
    let form = index_form(&arena, "J", &value, &["i".to_owned()]).unwrap();
    assert_eq!(form, "delta = eye(m); J[j,k,l,p] = -3*A[p,k]*delta[j,l]/2");
}
