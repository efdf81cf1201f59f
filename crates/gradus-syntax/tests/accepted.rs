//! What is in the language, and how it is understood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{show, understood, understood_with};
use gradus_syntax::tree::{Expr, Statement};
use gradus_syntax::{
    parse, parse_declaration, parse_declarations, parse_identity, parse_identity_with,
};

fn all(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(understood(source), *expected, "{source}");
    }
}

#[test]
fn sums_and_products_associate_to_the_left() {
    all(&[
        ("a + b - c", "((a + b) - c)"),
        ("a*b/c\\d.*e./f", "(((((a * b) / c) \\ d) .* e) ./ f)"),
        ("a + b*c - d", "((a + (b * c)) - d)"),
        ("a*(b + c)", "(a * (b + c))"),
        ("A ⊙ B · C × D", "(((A .* B) * C) * D)"),
        ("A*B ⊗ C*D", "(((A * B) @ C) * D)"),
        ("a − b", "(a - b)"),
    ]);
}

#[test]
fn signs_stand_before_any_operand() {
    all(&[
        ("-a", "(-a)"),
        ("+a", "(+a)"),
        ("-a*b", "(-(a * b))"),
        ("-a + b", "((-a) + b)"),
        ("-a - -b", "((-a) - (-b))"),
        ("a + -b*c + d", "((a + (-(b * c))) + d)"),
        ("B*-inv(X)*b", "((B * (-inv{X})) * b)"),
        ("a/-b*c", "((a / (-b)) * c)"),
        ("-x^2", "(-(x ^ 2))"),
        ("-x'", "(-(x)')"),
        ("a*-x^2", "(a * (-(x ^ 2)))"),
        ("a*-x'*b", "((a * (-(x)')) * b)"),
        ("--a", "(-(-a))"),
        ("a*--b*c", "((a * (-(-b))) * c)"),
        ("(-a)*b", "((-a) * b)"),
        ("-sum(-x)", "(-sum{(-x)})"),
    ]);
}

#[test]
fn powers_and_transposes_bind_alike() {
    all(&[
        ("X^2'", "((X ^ 2))'"),
        ("X'^2", "((X)' ^ 2)"),
        ("a^b^c", "((a ^ b) ^ c)"),
        ("a.^b^c", "((a .^ b) ^ c)"),
        ("2^-t", "(2 ^ (-t))"),
        ("2^-t*x", "((2 ^ (-t)) * x)"),
        ("2^-t^2", "((2 ^ (-t)) ^ 2)"),
        ("2^-t'", "((2 ^ (-t)))'"),
        ("x.^(-1)", "(x .^ (-1))"),
        ("x^(1/p)", "(x ^ (1 / p))"),
        ("2^--t", "(2 ^ (-(-t)))"),
        ("x^f(y)^2", "((x ^ f{y}) ^ 2)"),
        ("x^y[i]", "(x ^ y<i>)"),
        ("GR*T.^4", "(GR * (T .^ 4))"),
        ("x''", "((x)')'"),
        ("x.'", "(x)'"),
        ("xᵀ*y", "((x)' * y)"),
        ("Zᴴ*Z", "((Z)^H * Z)"),
        ("A⁻¹*b", "((A)⁻¹ * b)"),
        ("A⁻ᵀ", "((A)⁻¹)'"),
        ("x² + y³", "((x ^ 2) + (y ^ 3))"),
        ("x¹⁰", "(x ^ 10)"),
        ("x⁻²", "(x ^ (-2))"),
        ("-x²", "(-(x ^ 2))"),
        ("x’*y′", "((x)' * (y)')"),
        ("x ' * y", "((x)' * y)"),
        ("x″", "((x)')'"),
    ]);
}

#[test]
fn t_and_h_are_marks_unless_they_are_names() {
    all(&[
        ("X^T*y", "((X)' * y)"),
        ("X^H", "(X)^H"),
        ("(X+dX)^H - X^H", "(((X + dX))^H - (X)^H)"),
        ("X^T^2", "((X)' ^ 2)"),
        ("X.^T", "(X .^ T)"),
        ("X^(T)", "(X ^ T)"),
        ("X^Ty", "(X ^ Ty)"),
        ("T = 2; X^T", "let T 2; (X ^ T)"),
        ("T: scalar; X^T + Y^H", "declare [T] scalar; ((X ^ T) + (Y)^H)"),
        ("X^T; a, T: scalar", "(X ^ T); declare [a T] scalar"),
        ("f(T) = X^T; f(2)*X^T", "function f [T] (X ^ T); (f{2} * (X)')"),
        ("H -> X^H", "map [H] (X ^ H)"),
        ("sum[T](x^T) + x^T", "(sum[T]{(x ^ T)} + (x)')"),
        ("x^T*sum[T](x^T)", "((x)' * sum[T]{(x ^ T)})"),
        ("J[i,T] = A[i,T]^T", "indexform J [i T] (A<i, T> ^ T)"),
    ]);
    assert_eq!(understood_with("X^T", &["X", "T"]), "(X ^ T)");
    assert_eq!(understood_with("X^T*X^H", &["H"]), "((X)' * (X ^ H))");
}

#[test]
fn quotes_before_a_parenthesis_are_derivative_marks() {
    all(&[
        ("f.(X)", "f.{X}"),
        ("f'.(W*X)", "f'.{(W * X)}"),
        ("f''.(x)", "f''.{x}"),
        ("f’.(x)", "f'.{x}"),
        ("f″.(x)", "f''.{x}"),
        ("A(t)", "A{t}"),
        ("A'(t)", "A'{t}"),
        ("A'(t)'", "(A'{t})'"),
        ("A'*(B)", "((A)' * B)"),
        ("A'.*(B)", "((A)' .* B)"),
        ("x ' * y", "((x)' * y)"),
        ("A'(B)", "A'{B}"),
        ("grad_f(A*X*B)", "grad_f{((A * X) * B)}"),
        ("f .(x)", "f.{x}"),
        ("f (x)", "f{x}"),
        ("eye()", "eye{}"),
        ("g(f(x), h(y, z))", "g{f{x}, h{y, z}}"),
    ]);
}

#[test]
fn numbers() {
    all(&[
        (".5*x", "(.5 * x)"),
        ("2.*x", "(2 .* x)"),
        ("2. * x", "(2. * x)"),
        ("2./x", "(2 ./ x)"),
        ("2.^x", "(2 .^ x)"),
        ("1e-3 + 1E5", "(1e-3 + 1E5)"),
        ("2.'", "(2)'"),
        ("1./(1+exp(-W*X))", "(1 ./ (1 + exp{(-(W * X))}))"),
        ("x.^.5", "(x .^ .5)"),
    ]);
}

#[test]
fn indices() {
    all(&[
        ("x[i]", "x<i>"),
        ("X[i,j]", "X<i, j>"),
        ("X[1:k, :]", "X<1:k, :>"),
        ("x[2:]", "x<2:>"),
        ("x[:k]", "x<:k>"),
        ("x[:]", "x<:>"),
        ("X[:, :]", "X<:, :>"),
        ("X[:, 1:n-1]", "X<:, 1:(n - 1)>"),
        ("(A*B)[i,j]", "(A * B)<i, j>"),
        ("f(x)[1]", "f{x}<1>"),
        ("x[i][j]", "x<i><j>"),
        ("[1, 2][1]", "[1, 2]<1>"),
        ("x[y[i]]", "x<y<i>>"),
        ("-x[i]'", "(-(x<i>)')"),
        ("2^x[i]", "(2 ^ x<i>)"),
        ("X'[1,2]", "(X)'<1, 2>"),
        ("sum[i](x[i]*y[i])", "sum[i]{(x<i> * y<i>)}"),
        ("sum[i, j](X[i,j])", "sum[i j]{X<i, j>}"),
        ("mean[i](x[i])/2", "(mean[i]{x<i>} / 2)"),
        ("sum(x)", "sum{x}"),
        ("-sum[i](x[i])'*y", "(-((sum[i]{x<i>})' * y))"),
    ]);
}

#[test]
fn matrices() {
    all(&[
        ("[a, b; c, d]", "[a, b; c, d]"),
        ("[x^2; sin(x); exp(x)]", "[(x ^ 2); sin{x}; exp{x}]"),
        ("[1, 2;\n 3, 4]", "[1, 2; 3, 4]"),
        ("[[1, 2]; [3, 4]]", "[[1, 2]; [3, 4]]"),
        ("k*[a, b]", "(k * [a, b])"),
        ("[A, -B]", "[A, (-B)]"),
        ("[x]", "[x]"),
    ]);
}

#[test]
fn norms() {
    all(&[
        ("‖x‖", "|x|"),
        ("‖A*x - b‖^2", "(|((A * x) - b)| ^ 2)"),
        ("‖x‖*‖y‖", "(|x| * |y|)"),
        ("‖‖x‖*y‖", "|(|x| * y)|"),
        ("‖x*‖y‖‖", "|(x * |y|)|"),
        ("∥x∥²", "(|x| ^ 2)"),
    ]);
}

#[test]
fn statements() {
    all(&[
        ("Y = sigmoid(W*X); tr(Y'*M*Y)", "let Y sigmoid{(W * X)}; tr{(((Y)' * M) * Y)}"),
        (
            "swish(x) = x .* sigmoid(x)\nsum(swish(y))",
            "function swish [x] (x .* sigmoid{x}); sum{swish{y}}",
        ),
        ("f(x, y) = x*y", "function f [x y] (x * y)"),
        ("J[i,j] = A[i,k]*B[k,j]", "indexform J [i j] (A<i, k> * B<k, j>)"),
        ("dX -> A*dX*B", "map [dX] ((A * dX) * B)"),
        ("dX ↦ A*dX", "map [dX] (A * dX)"),
        ("(dX, dY) → dX*Y + X*dY", "map [dX dY] ((dX * Y) + (X * dY))"),
        ("(dX) -> dX", "map [dX] dX"),
        ("a;;b: scalar;\n\n;", "a; declare [b] scalar"),
        ("(x + y)*z", "((x + y) * z)"),
        ("(x)*z", "(x * z)"),
        ("f(x)*2", "(f{x} * 2)"),
    ]);
}

#[test]
fn declarations() {
    all(&[
        ("x: vector", "declare [x] vector"),
        ("X, Y: complex matrix(m,n)(t)[N]", "declare [X Y] complex matrix m n of t over N"),
        ("f: function", "declare [f] function"),
        ("S: symmetric matrix", "declare [S] symmetric matrix"),
        ("C: matrix(k*n, 2*k+1)", "declare [C] matrix (k * n) ((2 * k) + 1)"),
        (
            "x: vector(d)[N]; c: vector(d); sum[i](norm2(x[i]-c))",
            "declare [x] vector d over N; declare [c] vector d; sum[i]{norm2{(x<i> - c)}}",
        ),
        ("x: scalar[N]", "declare [x] scalar over N"),
        ("X,\n Y:\n matrix", "declare [X Y] matrix"),
    ]);
}

#[test]
fn declarations_alone() {
    let parsed = parse_declarations("X: matrix(m,n); M: symmetric\ny, z: positive vector(n)");
    let (tree, notes) = parsed.into_result().unwrap();
    assert!(notes.is_empty());
    assert_eq!(tree.declared_names(), ["X", "M", "y", "z"]);
    assert_eq!(parse_declaration("X: matrix(m,n)").into_result().unwrap().0.statements.len(), 1);
    assert!(parse_declaration("X: matrix; Y: matrix").has_errors());
}

#[test]
fn lines() {
    all(&[
        ("Y = A*X\ntr(Y)", "let Y (A * X); tr{Y}"),
        ("a +\n b", "(a + b)"),
        ("a + # first\n b % second", "(a + b)"),
        ("f(a,\n\n b)", "f{a, b}"),
        ("a ...\n + b", "(a + b)"),
        ("# nothing but this\nx", "x"),
        ("y = 2*x;\n-y", "let y (2 * x); (-y)"),
        ("y = 2*x\n-y'*y", "let y (2 * x); (-((y)' * y))"),
        ("Y =\n A", "let Y A"),
        ("\u{feff}x\u{a0}+\u{3000}y\r\n", "(x + y)"),
    ]);
}

#[test]
fn identities() {
    let sides = |source: &str| {
        let (tree, sides, _) = parse_identity(source)
            .into_result()
            .unwrap_or_else(|error| panic!("{source}: {error}"));
        (tree.statements.len(), sides.iter().map(|&side| show(&tree, side)).collect::<Vec<_>>())
    };
    assert_eq!(sides("tr(A*B) = tr(B*A)"), (0, vec!["tr{(A * B)}".into(), "tr{(B * A)}".into()]));
    assert_eq!(sides("a = b = c"), (0, vec!["a".into(), "b".into(), "c".into()]));
    assert_eq!(sides("Y = A*X; Y = A*X;"), (1, vec!["Y".into(), "(A * X)".into()]));
    assert_eq!(
        sides("A: matrix(n,n)\nf(x) = x^2\nf(a) = a*a\n"),
        (2, vec!["f{a}".into(), "(a * a)".into()])
    );
    assert_eq!(
        sides("x'*y =\n y'*x # transposed"),
        (0, vec!["((x)' * y)".into(), "((y)' * x)".into()])
    );
    assert_eq!(sides("X^T = X'"), (0, vec!["(X)'".into(), "(X)'".into()]));
    assert_eq!(sides("T = X^T"), (0, vec!["T".into(), "(X)'".into()]));
    assert_eq!(sides("T = 2; X^T = X*X"), (1, vec!["(X ^ T)".into(), "(X * X)".into()]));
    let (tree, declared, _) = parse_identity_with("X^T = X^3", &["T"]).into_result().unwrap();
    assert_eq!(show(&tree, declared[0]), "(X ^ T)");
}

#[test]
fn spans_cover_what_was_written() {
    let source = "2*(a + b)*c[i]'";
    let parsed = parse(source);
    let tree = &parsed.tree;
    let texts: Vec<&str> =
        tree.spans.iter().map(|span| &source[span.start as usize..span.end as usize]).collect();
    assert_eq!(
        texts,
        ["2", "a", "b", "a + b", "2*(a + b)", "c", "i", "c[i]", "c[i]'", "2*(a + b)*c[i]'"]
    );
    let program = parse("  Y = (A) ;  f.( Y ) ");
    let spans: Vec<_> =
        program.tree.statements.iter().map(|(_, span)| (span.start, span.end)).collect();
    assert_eq!(spans, [(2, 9), (13, 20)]);
}

#[test]
fn children_come_before_their_parents_and_nothing_is_left_over() {
    for source in [
        "f(x, g'.(y))[1:k, :]*sum[i](x[i]) + [a, b; c, d]^T",
        "f(x) = x; (a, b) -> ‖a‖ + b²; J[i] = x⁻ᵀ",
    ] {
        let tree = parse(source).tree;
        let mut referred = vec![0; tree.exprs.len()];
        for position in 0..tree.exprs.len() {
            let id = gradus_syntax::tree::ExprId(u32::try_from(position).unwrap());
            tree.for_each_child(id, |child| {
                assert!(child < id);
                referred[child.0 as usize] += 1;
            });
        }
        for (statement, _) in &tree.statements {
            match statement {
                Statement::Expression(value)
                | Statement::Binding { value, .. }
                | Statement::Function { body: value, .. }
                | Statement::IndexForm { value, .. }
                | Statement::LinearMap { value, .. } => referred[value.0 as usize] += 1,
                Statement::Declaration(_) => {}
            }
        }
        assert!(referred.iter().all(|&count| count == 1), "{source}: {referred:?}");
    }
}

#[test]
fn inputs_of_users() {
    for source in [
        "0.5*x'*A*x",
        "A*exp(x)",
        "sin(x)'*y",
        "(y.*v)'*x",
        "a^b",
        "norm2(A*x-y)^2",
        "sum(log(exp(-y.*(X*w)) + vector(1)))",
        "tr(A*X'*B*X*C)",
        "log(det(inv(X)))",
        "B*-inv(X)*b",
        "x ' * y",
        "x.^(-1)",
        "a^(1/p)",
        "GR*T.^4",
        "matrix(1/a).*X",
        "norm2(oneROWKp'*covmatr*lambda - x0)^2",
    ] {
        let parsed = parse(source);
        assert!(parsed.diagnostics.is_empty(), "{source}: {:?}", parsed.diagnostics);
    }
}

#[test]
fn the_text_of_a_number_is_as_written() {
    let tree = parse("0.50e1").tree;
    let Expr::Number(text) = tree.exprs[0] else { panic!() };
    assert_eq!(tree.text(text), "0.50e1");
}
