//! Programs, families, unknown functions, answers read back, and the rule book.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{answer, check_tree, program, reading, several, shape};
use gradus_elaborate::typed::{Nature, Operation};
use gradus_elaborate::{match_signature, rule_book};
use gradus_functions::{Exact, Meaning, Signature, book};

#[test]
fn declared_programs_have_their_shapes() {
    for (lets, text, expected) in [
        ("x, a: vector(n); A: matrix(n,n)", "x'*A*x + a'*x", "1×1"),
        ("x: scalar", "[x^2; sin(x); exp(x)]", "3×1"),
        ("x: scalar", "[x^2, sin(x); exp(x), 1/x]*[x, 1; cos(x), x^3]", "2×2"),
        ("x: scalar", "u = x^2; [sin(u), u^3; exp(u), log(u)]", "2×2"),
        ("x: vector(n); A: matrix(m,n)", "f.(A*x)", "m×1"),
        ("X: matrix(m,m); B: matrix(p,q)", "det(X)*B", "p×q"),
        ("x: vector(n); A: matrix(n,p)", "x'*A", "1×p"),
        ("x: scalar; A: matrix(m,m)", "kron([x, 1; 2, x^2], A)", "2*m×2*m"),
        (
            "K: matrix(n,m); H: matrix(m,n); P: spd(n); V: spd(m)",
            "tr((eye(n)-K*H)*P*(eye(n)-K*H)' + K*V*K')",
            "1×1",
        ),
        ("W: matrix(p,n); X: matrix(n,N); b: vector(p)", "sigmoid(W*X + b*ones(N)')", "p×N"),
        ("X: matrix(m,n)", "commutation(m,n)*vec(X)", "m*n×1"),
        ("v: vector(m*n)", "unvec(v,m,n)", "m×n"),
        ("X: matrix(m,n); Y: matrix(m,k)", "hcat(X,Y)", "m×n+k"),
        ("X: matrix(m,n); Y: matrix(k,n)", "vcat(X,Y)", "m+k×n"),
        ("A: matrix(n,n); b: vector(n)", "A\\b", "n×1"),
        ("A: matrix(n,n); B: matrix(m,n)", "B/A", "m×n"),
        ("A: matrix(n,n)", "A⁻¹*A^-1", "n×n"),
        ("x: vector(n); X: matrix(m,n)", "‖x‖*‖X‖", "1×1"),
        ("v: vector(n)", "diag(v)*diag(diag(v))", "n×1"),
        ("z: complex vector(n)", "z^H*z", "1×1"),
        ("x: vector(n)", "x[1:k]'*x[n-k+1:n]", "1×1"),
        ("X: matrix(m,n)", "X[2:, :]*X[1, :]'", "m-1×1"),
        ("X: matrix(2,3)", "X[2,3]", "1×1"),
        ("M: matrix(n*(n+1)/2, n)", "M", "n*(n+1)/2×n"),
    ] {
        let program = program(lets, text);
        check_tree(&program);
        assert_eq!(shape(&program), expected, "{text}");
    }
}

#[test]
fn slices_carry_their_conditions() {
    let sliced = program("x: vector(n)", "x[1:k]");
    let conditions: Vec<_> = sliced
        .conditions
        .iter()
        .map(|condition| sliced.tree.dimensions.display(*condition))
        .collect();
    assert_eq!(conditions, ["n-k"]);
    assert!(program("x: vector(n)", "x[1:n]").conditions.is_empty());
}

#[test]
fn families_and_index_sums() {
    let lets = "x: vector(d)[N]; r: scalar[N]; S: spd(d); mu: vector(d)";
    let mixture = program(lets, "-sum[i](r[i]*(logdet(S) + (x[i]-mu)'*inv(S)*(x[i]-mu)))/2");
    check_tree(&mixture);
    assert_eq!(shape(&mixture), "1×1");
    let index = &mixture.tree.indices[0];
    assert_eq!(
        (index.name.as_str(), mixture.tree.dimensions.display(index.range)),
        ("i", "N".to_owned())
    );
    assert_eq!(shape(&program("x: vector(d)[N]", "sum[i,j]((x[i]-x[j])*(x[i]-x[j])')/N^2")), "d×d");
    assert_eq!(shape(&program("x: vector(d)[N]", "mean[i](x[i])")), "d×1");
    assert_eq!(
        reading(&program("", "sum[i](x[i]*A[i,i]*y[i])")),
        "x vector(n), A matrix(n,n), y vector(n)"
    );
    let product = program("", "J[i,j] = A[i,k]*B[k,j]");
    assert_eq!(shape(&product), "m×p");
    assert_eq!(reading(&product), "A matrix(m,n), B matrix(n,p)");
    // Each term is summed by itself.
    let terms = program("A, B: matrix(n,n)", "J[i,j] = A[i,k]*B[k,j] + A[i,j]");
    let sums = terms
        .tree
        .nodes
        .iter()
        .filter(|node| matches!(node.operation, Operation::IndexedSum { .. }));
    assert_eq!(sums.count(), 1);
    let Operation::Binding { value, .. } = terms.tree.node(terms.results[0]).operation else {
        panic!()
    };
    let Operation::Tabulate { body, .. } = terms.tree.node(value).operation else { panic!() };
    assert!(matches!(terms.tree.node(body).operation, Operation::Add(..)));
}

#[test]
fn families_as_values() {
    let lets = "x: vector(d)[N]; y: rowvector(d)[N]; r: scalar[N]; S: matrix(d,d)[N]";
    assert_eq!(shape(&program(lets, "rows(x)")), "N×d");
    assert_eq!(shape(&program(lets, "rows(y)'*rows(x)")), "d×d");
    // A family of scalars is a vector.
    assert_eq!(shape(&program(lets, "rows(x)'*r")), "d×1");
    // An index form of arrays is a family.
    let bound = program(lets, "h[i] = S[i]*x[i]; sum[i](r[i]*h[i])");
    check_tree(&bound);
    assert_eq!(shape(&bound), "d×1");
    let family = program(lets, "F[i] = S[i]*x[i]");
    assert!(family.tree.family_index(family.results[0]).is_some());
    let vector = program(lets, "v[i] = r[i]*x[i]'*x[i]");
    assert_eq!(
        (shape(&vector), vector.tree.family_index(vector.results[0])),
        ("N×1".to_owned(), None)
    );
}

#[test]
fn unknown_functions_and_function_matrices() {
    let composed = program("f: function", "f(A*X*B)");
    assert_eq!(shape(&composed), "1×1");
    assert_eq!(shape(&program("f: function; X: matrix(m,n)", "grad_f(X)")), "m×n");
    assert_eq!(shape(&program("f: function; X: matrix(m,n)", "hess_f(X)")), "m*n×m*n");
    assert_eq!(shape(&program("A: matrix(m,n)(t)", "A'(t)*A(t)' + A''(2*t)*A'")), "m×m");
    assert_eq!(shape(&program("f: scalar(t)", "f(t)^2 + f'(t)")), "1×1");
    let mapped = program("", "sum(f.(W*X) + f'.(W*X))");
    assert_eq!(reading(&mapped), "f elementwise function, W matrix(k,m), X matrix(m,n)");
    assert_eq!(mapped.tree.variables[0].nature, Nature::ElementwiseFunction);
    assert_eq!(shape(&program("x: vector(n)", "sin.(x)")), "n×1");
    assert_eq!(shape(&program("", "swish(x) = x.*sigmoid(x); sum(swish(swish(W*x)))")), "1×1");
    assert_eq!(shape(&program("x: vector(n)", "f(a, b) = a'*b; f(x, 2*x)*f(x, x)")), "1×1");
}

#[test]
fn answers_are_read_back_without_guessing() {
    let mut least = program("", "norm2(X*w - y)^2");
    let before = least.tree.nodes.len();
    let gradient = answer(&mut least, "2*X'*(X*w - y)").unwrap();
    check_tree(&least);
    let w = least.tree.variable_named("w").unwrap();
    assert_eq!(least.tree.shape(gradient.result), least.tree.variable(w).shape);
    assert!(least.tree.nodes.len() > before);
    answer(&mut least, "r = X*w - y; J[i] = 2*X[k,i]*r[k]").unwrap();
    answer(&mut least, "2*X'*X*dw + eye(n)*dw*m").unwrap();
    answer(&mut least, "dX -> 2*(X*w - y)*w'").unwrap();
    let nodes = least.tree.nodes.len();
    let variables = least.tree.variables.len();
    for (text, code) in [
        ("2*q", "name"),
        ("X*y", "shape"),
        ("ones(q)'*w", "size"),
        ("dy + q*w", "name"),
        ("u: scalar; u", "program"),
    ] {
        assert_eq!(answer(&mut least, text).unwrap_err().code, code, "{text}");
        assert_eq!(
            (least.tree.nodes.len(), least.tree.variables.len()),
            (nodes, variables),
            "{text}"
        );
    }
    answer(&mut least, "dy + y").unwrap();
}

#[test]
fn answers_see_the_bindings_of_the_program() {
    let mut trace = program("M: symmetric", "Y = sigmoid(W*X); tr(Y'*M*Y)");
    let read = answer(&mut trace, "G = 2*M*Y.*Y.*(1 - Y); G*X'").unwrap();
    assert_eq!(read.bindings.len(), 1);
    // What an answer binds is its own.
    assert_eq!(answer(&mut trace, "G").unwrap_err().code, "name");
    let shadowed = answer(&mut trace, "Y = W*X; Y").unwrap();
    let own = answer(&mut trace, "Y").unwrap();
    assert_ne!(shadowed.result, own.result);
    assert_eq!(own.result, trace.bindings[0].1);
}

#[test]
fn identities_of_the_notes_fit() {
    for (lets, sides) in [
        ("A: matrix(p,m); X: matrix(m,n); B: matrix(n,q)", ["vec(A*X*B)", "kron(B',A)*vec(X)"]),
        ("X: matrix(m,m)", ["dX*inv(X) + X*(-inv(X)*dX*inv(X))", "zeros(m,m)"]),
        (
            "W: matrix(l,m); X: matrix(m,n); G: matrix(l,n)",
            ["tr(G'*(f'.(W*X).*(W*dX)))", "tr((G.*f'.(W*X))'*W*dX)"],
        ),
        (
            "A: spd(n); b: vector(n)",
            ["x = inv(A)*b/(b'*inv(A)*b); 2*A*x - 2/(b'*inv(A)*b)*b", "zeros(n,1)"],
        ),
        ("A: matrix(m,m); c: scalar", ["det(c*A)", "c^m*det(A)"]),
        ("y: onehot(m)", ["y'*ones(m)", "1"]),
        ("u: vector(m); c: scalar", ["log(u/c)", "log(u) - ones(m)*log(c)"]),
    ] {
        let program =
            several(lets, &sides, true).unwrap_or_else(|error| panic!("{sides:?}: {error}"));
        check_tree(&program);
    }
}

#[test]
fn every_text_of_the_rule_book_is_elaborated() {
    for (function, entry) in book().iter() {
        for (signature, pattern) in book().signatures(function).iter().enumerate() {
            if matches!(pattern, Signature::Variadic) {
                continue;
            }
            if !entry.differential.is_empty() {
                let fragment = rule_book().differential(function, signature).unwrap();
                assert_eq!(fragment.parameters.len(), fragment.differentials.len());
            }
            if matches!(entry.meaning, Meaning::Expansion(_)) {
                rule_book().expansion(function, signature).unwrap();
            }
            if matches!(entry.exact, Exact::Expansion(_)) {
                rule_book().exact(function, signature).unwrap();
            }
        }
    }
}

#[test]
fn calls_match_their_signatures() {
    let traced = program("A: matrix(m,n); B: matrix(p,q)", "kron(A,B)");
    let Operation::Call { function, arguments, sizes } =
        &traced.tree.node(traced.results[0]).operation
    else {
        panic!("a call")
    };
    let shapes: Vec<_> = arguments.iter().map(|argument| traced.tree.shape(*argument)).collect();
    let found = match_signature(*function, &shapes, sizes).unwrap();
    let letters: Vec<_> =
        found.letters.iter().map(|letter| traced.tree.dimensions.display(*letter)).collect();
    assert_eq!((found.signature, letters.join(" ")), (0, "m n p q".to_owned()));
}

#[test]
fn a_differential_has_the_shape_of_what_it_is_of() {
    for (text, expected, sign) in [
        ("d(A*X*y)", "m×1", true),
        ("Y = A*X; dY", "m×p", true),
        ("Y = A*X; tr(Y'*d(Y))", "1×1", true),
        ("differential(A)", "m×n", false),
        ("A*d(X)", "m×p", false),
    ] {
        let program = program("A: matrix(m,n); X: matrix(n,p); y: vector(p)", text);
        assert_eq!(shape(&program), expected, "{text}");
        let is_sign = |operation: &Operation| matches!(operation, Operation::Differential(_));
        let found = program.tree.nodes.iter().any(|node| is_sign(&node.operation));
        assert_eq!(found, sign, "{text}");
    }
    // The differential of a variable is the variable that stands for it.
    let product = program("", "d(X)*Y + dX*Y");
    assert_eq!(product.tree.variables.iter().filter(|one| one.name == "dX").count(), 1);
}
