//! The text of generated code: association, solves, shared temporaries, shapes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use gradus_notation::tree::{Head, Notation, PowerKind, Shape};
use gradus_tensor::Structure;
use support::{Id, Program};

/// The body of `value` for one formula; every program has a scalar `t`.
fn code(build: impl FnOnce(&mut Program) -> Id) -> Vec<String> {
    let mut program = Program::new();
    program.scalar("t");
    let formula = build(&mut program);
    program.value("formula", formula);
    program.answer_over(&["t"], formula, &[], "");
    program.body("value")
}

/// The same for a formula without statements before it.
fn line(build: impl FnOnce(&mut Program) -> Id) -> String {
    let body = code(build);
    assert_eq!(body.len(), 1, "{body:?}");
    body[0].trim_start_matches("return ").to_owned()
}

#[test]
fn least_squares() {
    let mut p = Program::new();
    let (x, w, y) = (p.matrix("X", "m", "n"), p.vector("w", "n"), p.vector("y", "m"));
    let product = p.product(&[x, w]);
    let residual = p.sum(&[product], &[y]);
    let norm = p.reduce("norm2", residual);
    let value = p.square(norm);
    p.value("norm2(X*w - y)^2", value);
    let two = p.number(2, 1);
    let transposed = p.transpose(x);
    let gradient = p.product(&[two, transposed, residual]);
    p.answer("w", gradient);
    assert_eq!(p.body("value"), ["t1 = X @ w - y", "return float(t1 @ t1)"]);
    assert_eq!(p.body("derivative"), ["return 2 * (X.T @ (X @ w - y))"]);
    let text = p.module();
    assert!(
        text.contains(
            "def value(*, X, w, y):\n    # norm2(X*w - y)^2\n    X = np.asarray(X, dtype=float)\n"
        ),
        "{text}"
    );
    assert!(!text.contains("scipy"), "{text}");
}

#[test]
fn vectors_are_multiplied_first() {
    let chain = |p: &mut Program| {
        let (a, b, x) = (p.matrix("A", "k", "m"), p.matrix("B", "m", "n"), p.vector("x", "n"));
        p.product(&[a, b, x])
    };
    assert_eq!(line(chain), "A @ (B @ x)");
    assert_eq!(
        line(|p| {
            let (a, b, x) = (p.matrix("A", "k", "m"), p.matrix("B", "m", "n"), p.vector("x", "k"));
            let row = p.transpose(x);
            p.product(&[row, a, b])
        }),
        "x @ A @ B"
    );
    assert_eq!(
        line(|p| {
            let (x, y, z) = (p.vector("x", "n"), p.vector("y", "n"), p.vector("z", "n"));
            let row = p.transpose(y);
            p.product(&[x, row, z])
        }),
        "y @ z * x".replace("y @ z", "(y @ z)")
    );
}

#[test]
fn transposes_of_vectors_vanish() {
    let outer = |p: &mut Program| {
        let (x, y) = (p.vector("x", "m"), p.vector("y", "n"));
        let row = p.transpose(y);
        p.product(&[x, row])
    };
    assert_eq!(line(outer), "np.outer(x, y)");
    let dot = |p: &mut Program| {
        let (x, y) = (p.vector("x", "n"), p.vector("y", "n"));
        let row = p.transpose(x);
        p.product(&[row, y])
    };
    assert_eq!(line(dot), "float(x @ y)");
}

#[test]
fn inverses_are_solves() {
    let left = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "n", "n"), p.vector("b", "n"));
        let inverse = p.call("inv", a);
        p.product(&[inverse, b])
    };
    assert_eq!(line(left), "np.linalg.solve(A, b)");
    let right = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "n", "n"), p.vector("b", "n"));
        let (inverse, row) = (p.call("inv", a), p.transpose(b));
        p.product(&[row, inverse])
    };
    assert_eq!(line(right), "np.linalg.solve(A.T, b)");
    let both = |p: &mut Program| {
        let s = p.structured("S", Structure::PositiveDefinite, ["n", "n"]);
        let c = p.matrix("C", "n", "n");
        let inverse = p.call("inv", s);
        p.product(&[inverse, c, inverse])
    };
    assert_eq!(line(both), "np.linalg.solve(S, np.linalg.solve(S, C).T).T");
    assert_eq!(
        line(|p| {
            let a = p.matrix("A", "n", "n");
            p.call("inv", a)
        }),
        "np.linalg.inv(A)"
    );
}

#[test]
fn an_inverse_that_is_formed_anyway_is_shared() {
    let formula = |p: &mut Program| {
        let s = p.structured("S", Structure::PositiveDefinite, ["n", "n"]);
        let c = p.matrix("C", "n", "n");
        let inverse = p.call("inv", s);
        let product = p.product(&[inverse, c, inverse]);
        p.sum(&[inverse], &[product])
    };
    assert_eq!(code(formula), ["S_inv = np.linalg.inv(S)", "return S_inv - S_inv @ C @ S_inv"]);
}

#[test]
fn traces_need_no_product() {
    let trace = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "m", "n"), p.matrix("B", "n", "m"));
        let product = p.product(&[a, b]);
        p.reduce("tr", product)
    };
    assert_eq!(line(trace), "float(np.sum(A * B.T))");
    let square = |p: &mut Program| {
        let a = p.matrix("A", "m", "n");
        let transposed = p.transpose(a);
        let product = p.product(&[transposed, a]);
        p.reduce("tr", product)
    };
    assert_eq!(line(square), "float(np.sum(A**2))");
    let solve = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "n", "n"), p.matrix("B", "n", "n"));
        let inverse = p.call("inv", a);
        let product = p.product(&[b, inverse]);
        p.reduce("tr", product)
    };
    assert_eq!(line(solve), "float(np.trace(np.linalg.solve(A, B)))");
    let thin = |p: &mut Program| {
        let (a, x, y) = (p.matrix("A", "n", "n"), p.vector("x", "n"), p.vector("y", "n"));
        let row = p.transpose(y);
        let product = p.product(&[a, x, row]);
        p.reduce("tr", product)
    };
    assert_eq!(line(thin), "float(y @ A @ x)");
}

#[test]
fn diagonal_factors_scale() {
    let rows = |p: &mut Program| {
        let (v, m) = (p.vector("v", "m"), p.matrix("M", "m", "n"));
        let diagonal = p.diagonal_matrix(v);
        p.product(&[diagonal, m])
    };
    assert_eq!(line(rows), "v[:, None] * M");
    let columns = |p: &mut Program| {
        let (v, m) = (p.vector("v", "n"), p.matrix("M", "m", "n"));
        let diagonal = p.diagonal_matrix(v);
        p.product(&[m, diagonal])
    };
    assert_eq!(line(columns), "M * v");
    let between = |p: &mut Program| {
        let (v, m) = (p.vector("v", "m"), p.matrix("M", "m", "n"));
        let (diagonal, transposed) = (p.diagonal_matrix(v), p.transpose(m));
        p.product(&[transposed, diagonal, m])
    };
    assert_eq!(line(between), "(M.T * v) @ M");
    let of_product = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "m", "n"), p.matrix("B", "m", "n"));
        let transposed = p.transpose(b);
        let product = p.product(&[a, transposed]);
        p.diagonal_vector(product)
    };
    assert_eq!(line(of_product), "np.sum(A * B, axis=1)");
}

#[test]
fn ones_sum_or_broadcast() {
    let row_sums = |p: &mut Program| {
        let (m, ones) = (p.matrix("M", "m", "n"), p.ones("n", "1"));
        p.product(&[m, ones])
    };
    assert_eq!(line(row_sums), "M.sum(axis=1)");
    let column_sums = |p: &mut Program| {
        let (m, ones) = (p.matrix("M", "m", "n"), p.ones("m", "1"));
        let row = p.transpose(ones);
        p.product(&[row, m])
    };
    assert_eq!(line(column_sums), "M.sum(axis=0)");
    let bias = |p: &mut Program| {
        let (w, x, b) = (p.matrix("W", "k", "m"), p.matrix("X", "m", "N"), p.vector("b", "k"));
        let ones = p.ones("1", "N");
        let (product, repeated) = (p.product(&[w, x]), p.product(&[b, ones]));
        p.sum(&[product, repeated], &[])
    };
    assert_eq!(line(bias), "W @ X + b[:, None]");
    let distances = |p: &mut Program| {
        let (a, b) = (p.vector("a", "m"), p.vector("b", "n"));
        let (right, left, row) = (p.ones("1", "n"), p.ones("m", "1"), p.transpose(b));
        let (rows, columns) = (p.product(&[a, right]), p.product(&[left, row]));
        p.sum(&[rows, columns], &[])
    };
    assert_eq!(line(distances), "a[:, None] + b");
    let one_minus = |p: &mut Program| {
        let (s, ones) = (p.vector("s", "n"), p.ones("n", "1"));
        let difference = p.sum(&[ones], &[s]);
        p.hadamard(&[s, difference])
    };
    assert_eq!(line(one_minus), "s * (1 - s)");
    let alone = |p: &mut Program| {
        p.vector("x", "n");
        let (t, ones) = (p.scalar("s"), p.ones("n", "1"));
        p.product(&[t, ones])
    };
    assert_eq!(code(alone), ["n = x.size", "return s * np.ones(n)"]);
}

#[test]
fn numbers_and_powers() {
    let third = |p: &mut Program| {
        let (x, third) = (p.vector("x", "n"), p.number(1, 3));
        p.product(&[third, x])
    };
    assert_eq!(line(third), "x / 3");
    let half = |p: &mut Program| {
        let (x, half) = (p.vector("x", "n"), p.number(1, 2));
        p.product(&[half, x])
    };
    assert_eq!(line(half), "0.5 * x");
    let root = |p: &mut Program| {
        let (x, exponent) = (p.vector("x", "n"), p.number(-1, 2));
        p.power(x, exponent, PowerKind::Elementwise)
    };
    assert_eq!(line(root), "1 / np.sqrt(x)");
    let power = |p: &mut Program| {
        let (x, exponent) = (p.matrix("X", "n", "n"), p.number(3, 1));
        p.power(x, exponent, PowerKind::Matrix)
    };
    assert_eq!(line(power), "np.linalg.matrix_power(X, 3)");
    let applied = |p: &mut Program| {
        let (x, exponent, v) = (p.matrix("X", "n", "n"), p.number(3, 1), p.vector("v", "n"));
        let power = p.power(x, exponent, PowerKind::Matrix);
        p.product(&[power, v])
    };
    assert_eq!(line(applied), "X @ (X @ (X @ v))");
}

#[test]
fn spellings_come_from_the_book() {
    let sigmoid = |p: &mut Program| {
        let x = p.vector("x", "n");
        p.call("sigmoid", x)
    };
    assert_eq!(line(sigmoid), "scipy.special.expit(x)");
    let logdet = |p: &mut Program| {
        let x = p.matrix("X", "n", "n");
        p.reduce("logdet", x)
    };
    assert_eq!(line(logdet), "float(np.linalg.slogdet(X)[1])");
    let mut p = Program::new();
    let x = p.matrix("X", "n", "n");
    let adjugate = p.call("adj", x);
    p.value("adj(X)", adjugate);
    p.scalar("t");
    let zero = p.zeros("n", "n");
    p.answer("t", zero);
    let text = p.module();
    assert!(text.contains("def _adjugate(x):") && text.contains("return _adjugate(X)"), "{text}");
    assert_eq!(p.body("derivative"), ["n = X.shape[0]", "return np.zeros((n, n))"]);
}

#[test]
fn what_is_used_twice_has_a_name() {
    let formula = |p: &mut Program| {
        let (w, x) = (p.matrix("W", "m", "n"), p.vector("x", "n"));
        let product = p.product(&[w, x]);
        let sigmoid = p.call("sigmoid", product);
        let ones = p.ones("m", "1");
        let rest = p.sum(&[ones], &[sigmoid]);
        p.hadamard(&[sigmoid, rest])
    };
    assert_eq!(code(formula), ["t1 = scipy.special.expit(W @ x)", "return t1 * (1 - t1)"]);
}

#[test]
fn bindings_keep_their_names() {
    let mut p = Program::new();
    let (a, x) = (p.matrix("A", "m", "n"), p.vector("x", "n"));
    let product = p.product(&[a, x]);
    let h = p.bind("h", product);
    let unused = p.call("exp", x);
    p.bind("unused", unused);
    let value = p.reduce("sum", h);
    p.value("h = A*x; sum(h)", value);
    let ones = p.ones("m", "1");
    let transposed = p.transpose(a);
    let gradient = p.product(&[transposed, ones]);
    p.answer("x", gradient);
    assert_eq!(p.body("value"), ["h = A @ x", "return float(np.sum(h))"]);
    assert_eq!(p.body("derivative"), ["return A.sum(axis=0)"]);
}

#[test]
fn introduced_names_stay_where_they_are_used_twice() {
    let introduce = |twice: bool| {
        let mut p = Program::new();
        let (a, x) = (p.matrix("A", "n", "n"), p.vector("x", "n"));
        let inverse = p.call("inv", a);
        let name = p.bind("T1", inverse);
        p.value.bindings[0].from_user = false;
        let once = p.product(&[name, x]);
        let formula = if twice { p.product(&[name, once]) } else { once };
        p.value("formula", formula);
        p.scalar("t");
        p.answer("t", formula);
        p.body("value")
    };
    assert_eq!(introduce(false), ["return np.linalg.solve(A, x)"]);
    assert_eq!(introduce(true), ["T1 = np.linalg.inv(A)", "return T1 @ (T1 @ x)"]);
}

#[test]
fn results_share_no_memory_with_arguments() {
    let name = |p: &mut Program| p.vector("x", "n");
    assert_eq!(line(name), "x.copy()");
    let transposed = |p: &mut Program| {
        let x = p.matrix("X", "m", "n");
        p.transpose(x)
    };
    assert_eq!(line(transposed), "X.T.copy()");
}

#[test]
fn names_that_python_cannot_hold() {
    let mut p = Program::new();
    let (lambda, np, float) = (p.scalar("lambda"), p.vector("np", "n"), p.scalar("float"));
    let product = p.product(&[lambda, float, np]);
    let exponential = p.call("exp", product);
    let value = p.reduce("sum", exponential);
    p.value("sum(exp(lambda*float*np))", value);
    p.answer("lambda", value);
    let text = p.module();
    assert!(text.contains("def value(*, lambda_, np, float):"), "{text}");
    assert!(text.contains("    np_ = _np.asarray(np, dtype=_float)\n"), "{text}");
    assert!(text.contains("return _float(_np.sum(_np.exp(lambda_ * float_ * np_)))"), "{text}");
}

#[test]
fn sizes_are_read_or_solved() {
    let concatenated = |p: &mut Program| {
        p.vector("a", "n");
        p.vector("x", "n+k");
        p.size_number("k")
    };
    assert_eq!(code(concatenated), ["n = a.size", "k = x.size - n", "return float(k)"]);
    let product = |p: &mut Program| {
        p.matrix("A", "m", "2");
        p.vector("x", "m*n");
        p.eye("n")
    };
    assert_eq!(code(product), ["m = A.shape[0]", "n = x.size // m", "return np.eye(n)"]);
    let square = |p: &mut Program| {
        p.vector("x", "n*n");
        p.eye("n")
    };
    assert_eq!(
        code(square),
        ["n = next(n for n in range(1, x.size + 1) if n**2 == x.size)", "return np.eye(n)"]
    );
    let mut p = Program::new();
    let t = p.scalar("t");
    let eye = p.eye("n");
    let value = p.product(&[t, eye]);
    p.value("t*eye(n)", value);
    p.answer("t", eye);
    assert!(p.module().contains("def value(*, t, n):"), "{}", p.module());
}

#[test]
fn kronecker_products_and_literals() {
    let column = |p: &mut Program| {
        let (v, a) = (p.vector("v", "k"), p.matrix("A", "m", "n"));
        let shape = p.shape("k*m", "n");
        p.call_of("kron", &[v, a], &[], shape)
    };
    assert_eq!(line(column), "np.kron(v[:, None], A)");
    let scalars = |p: &mut Program| {
        let (a, b) = (p.scalar("a"), p.scalar("b"));
        let shape = p.shape("2", "1");
        p.tree.intern(Notation::Matrix(vec![vec![a], vec![b]]), shape)
    };
    assert_eq!(line(scalars), "np.array([a, b], dtype=float)");
    let blocks = |p: &mut Program| {
        let (a, b) = (p.matrix("A", "n", "n"), p.vector("b", "n"));
        let (row, c) = (p.transpose(b), p.scalar("c"));
        let shape = p.shape("n+1", "n+1");
        p.tree.intern(Notation::Matrix(vec![vec![a, b], vec![row, c]]), shape)
    };
    assert_eq!(line(blocks), "np.block([[A, b[:, None]], [b, c]])");
    let slice = |p: &mut Program| {
        let x = p.matrix("X", "m", "n+k");
        p.vector("y", "n");
        let offset = support::dimension(&mut p.tree, "n");
        let zero = support::dimension(&mut p.tree, "0");
        let shape = p.shape("m", "k");
        p.tree.intern(Notation::Slice { base: x, row_offset: zero, column_offset: offset }, shape)
    };
    assert_eq!(code(slice), ["n = y.size", "return X[:, n:].copy()"]);
}

/// `sum[i]((x[i]-c)'*inv(S)*(x[i]-c))`
fn mahalanobis(p: &mut Program) -> (Id, Id, Id) {
    let x = p.declare("x", gradus_codegen::VariableKind::GENERAL, ["d", "1"], &["N"]);
    let c = p.vector("c", "d");
    let s = p.structured("S", Structure::PositiveDefinite, ["d", "d"]);
    let member = p.member(x, "i");
    let difference = p.sum(&[member], &[c]);
    let (row, inverse) = (p.transpose(difference), p.call("inv", s));
    let body = p.product(&[row, inverse, difference]);
    let value = p.indexed_sum(&["i"], body);
    p.value("sum[i]((x[i]-c)'*inv(S)*(x[i]-c))", value);
    (difference, inverse, s)
}

#[test]
fn sums_over_an_index_are_array_operations() {
    let mut p = Program::new();
    let (difference, inverse, _) = mahalanobis(&mut p);
    let total = p.indexed_sum(&["i"], difference);
    let minus_two = p.number(-2, 1);
    let gradient = p.product(&[minus_two, inverse, total]);
    p.answer("c", gradient);
    let two = p.number(2, 1);
    let each = p.product(&[two, inverse, difference]);
    p.answer_over(&["x"], each, &["i"], "df/dx[i] = 2*inv(S)*(x[i]-c)");
    let row = p.transpose(difference);
    let scatter = p.product(&[difference, row]);
    let scatter = p.indexed_sum(&["i"], scatter);
    let product = p.product(&[inverse, scatter, inverse]);
    let gradient = p.negate(product);
    p.answer("S", gradient);
    assert_eq!(
        p.body("value"),
        ["t1 = x - c", "return float(np.sum(t1 * np.linalg.solve(S, t1.T).T))"]
    );
    let body = p.body("derivative");
    assert_eq!(body[0], "t1 = x - c");
    let text = body.join("\n");
    assert!(text.contains("-2 * np.linalg.solve(S, t1.sum(axis=0))"), "{text}");
    assert!(text.contains("2 * np.linalg.solve(S, t1.T).T"), "{text}");
    assert!(text.contains("t1.T @ t1"), "{text}");
}

#[test]
fn statement_lists_are_pages() {
    let mut p = Program::new();
    mahalanobis(&mut p);
    let zero = p.zeros("d", "1");
    p.answer("c", zero);
    let request = p.request();
    let plan = gradus_codegen::plan(&request).unwrap();
    assert_eq!(plan.value.statements.len(), 1);
    assert_eq!(plan.value.statements[0].indices, ["i"]);
    let (tree, page) = plan.value.to_page();
    // The only statement runs over the index, so that it stands in its places.
    assert!(page.bindings.is_empty());
    let Notation::IndexedSum { body, .. } = tree.node(page.results[0]) else { panic!() };
    assert!(matches!(tree.node(*body), Notation::Product(_)));
}

#[test]
fn deep_and_wide_programs_stay_linear() {
    let mut p = Program::new();
    let w = p.matrix("W", "n", "n");
    let mut layer = p.vector("x", "n");
    for _ in 0..10_000 {
        let product = p.product(&[w, layer]);
        layer = p.call("tanh", product);
    }
    let value = p.reduce("sum", layer);
    p.value("deep", value);
    let t = p.scalar("t");
    let mut chain = vec![w; 5_000];
    let column = p.ones("n", "1");
    chain.push(column);
    let product = p.product(&chain);
    let terms: Vec<Id> = (0..5_000)
        .map(|number| {
            let number = p.number(number + 2, 1);
            p.product(&[number, t])
        })
        .collect();
    let wide = p.sum(&terms, &[]);
    let formula = p.sum(&[product], &[wide]);
    p.value.results = vec![layer];
    p.answer("t", formula);
    let text = p.module();
    let longest = text.lines().map(|line| line.matches('(').count()).max().unwrap();
    assert!(longest < 60, "{longest} parentheses in a line");
}

#[test]
fn unknown_functions_are_keywords() {
    let mut p = Program::new();
    let (w, x) = (p.matrix("W", "m", "n"), p.vector("x", "n"));
    p.function("f", gradus_codegen::VariableKind::ElementwiseFunction);
    p.function("g", gradus_codegen::VariableKind::ScalarFunction);
    let product = p.product(&[w, x]);
    let mapped = p.mapped("f", 0, product);
    let value = p.head(Head::Scalar { name: "g".to_owned(), order: 0 }, mapped, Shape::SCALAR);
    p.value("g(f.(W*x))", value);
    let column = p.shape("m", "1");
    let outer = p.head(Head::Scalar { name: "g".to_owned(), order: 1 }, mapped, column);
    let slope = p.mapped("f", 1, product);
    let inner = p.hadamard(&[outer, slope]);
    let transposed = p.transpose(w);
    let gradient = p.product(&[transposed, inner]);
    p.answer("x", gradient);
    let text = p.module();
    assert!(
        text.contains("def value(*, W, x, f, f_d1=None, f_d2=None, g, g_grad=None, g_hess=None):"),
        "{text}"
    );
    assert!(
        text.contains("def derivative(*, W, x, f, f_d1, f_d2=None, g=None, g_grad, g_hess=None):"),
        "{text}"
    );
    assert_eq!(p.body("derivative"), ["t1 = W @ x", "return W.T @ (g_grad(f(t1)) * f_d1(t1))"]);
}
