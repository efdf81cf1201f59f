//! Generated modules are run in Python and compared with references and finite differences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use gradus_codegen::VariableKind;
use gradus_notation::tree::{Head, Notation, PowerKind, Shape};
use gradus_tensor::Structure;
use support::{Id, Program};

/// A module with arguments to run it with.
struct Case {
    name: &'static str,
    program: Program,
    /// A Python dictionary; `rng` is a random generator.
    arguments: &'static str,
    /// What the value has to be, in Python; empty if only the differences are compared.
    value: &'static str,
    /// Whether the derivative is that of a free variable, entry by entry.
    differences: bool,
}

impl Case {
    fn new(name: &'static str, arguments: &'static str, value: &'static str) -> Self {
        Self {
            name,
            program: Program::new(),
            arguments,
            value,
            differences: true,
        }
    }

    fn structured(mut self) -> Self {
        self.differences = false;
        self
    }
}

/// The interpreter with NumPy and SciPy.
fn interpreter() -> PathBuf {
    if let Some(path) = std::env::var_os("GRADUS_PYTHON") {
        return path.into();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join(".venv/bin/python");
    assert!(
        path.exists(),
        "this test runs Python: start it with `cargo xtask test`, which prepares {}",
        path.display()
    );
    path
}

fn json_text(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

fn run(group: &str, cases: &[Case]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(group);
    std::fs::create_dir_all(&folder).unwrap();
    let mut entries = Vec::new();
    for case in cases {
        let path = folder.join(format!("{}.py", case.name));
        std::fs::write(&path, case.program.module()).unwrap();
        let wrt: Vec<String> = case
            .program
            .answers
            .iter()
            .map(|answer| {
                let names: Vec<String> = answer
                    .wrt
                    .iter()
                    .map(|position| json_text(&case.program.variables[*position].name))
                    .collect();
                format!("[{}]", names.join(","))
            })
            .collect();
        entries.push(format!(
            "{{\"name\":{},\"path\":{},\"arguments\":{},\"value\":{},\"wrt\":[{}],\"differences\":{}}}",
            json_text(case.name),
            json_text(&path.to_string_lossy()),
            json_text(case.arguments),
            json_text(case.value),
            wrt.join(","),
            case.differences
        ));
    }
    let list = folder.join("cases.json");
    std::fs::write(&list, format!("[{}]", entries.join(","))).unwrap();
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/harness.py");
    let output = Command::new(interpreter())
        .arg(harness)
        .arg(&list)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
}

fn scalar_case(
    name: &'static str,
    arguments: &'static str,
    value: &'static str,
    build: impl FnOnce(&mut Program),
) -> Case {
    let mut case = Case::new(name, arguments, value);
    build(&mut case.program);
    case
}

fn least_squares() -> Case {
    scalar_case(
        "least_squares",
        "dict(X=rng.normal(size=(5, 3)), w=rng.normal(size=3), y=rng.normal(size=5))",
        "np.sum((X @ w - y)**2)",
        |p| {
            let (x, w, y) = (
                p.matrix("X", "m", "n"),
                p.vector("w", "n"),
                p.vector("y", "m"),
            );
            let product = p.product(&[x, w]);
            let residual = p.sum(&[product], &[y]);
            let norm = p.reduce("norm2", residual);
            let value = p.square(norm);
            p.value("norm2(X*w - y)^2", value);
            let (two, transposed, row) = (p.number(2, 1), p.transpose(x), p.transpose(w));
            let gradient = p.product(&[two, transposed, residual]);
            p.answer("w", gradient);
            let gradient = p.product(&[two, residual, row]);
            p.answer("X", gradient);
            let minus_two = p.number(-2, 1);
            let gradient = p.product(&[minus_two, residual]);
            p.answer("y", gradient);
        },
    )
}

fn logistic() -> Case {
    scalar_case(
        "logistic",
        "dict(X=rng.normal(size=(5, 3)), w=rng.normal(size=3), y=rng.normal(size=5))",
        "np.sum(np.log(1 + np.exp(-y * (X @ w))))",
        |p| {
            let (x, w, y) = (
                p.matrix("X", "m", "n"),
                p.vector("w", "n"),
                p.vector("y", "m"),
            );
            let product = p.product(&[x, w]);
            let minus = p.negate(y);
            let margin = p.hadamard(&[minus, product]);
            let losses = p.call("softplus", margin);
            let value = p.reduce("sum", losses);
            p.value("sum(log(1+exp(-y.*(X*w))))", value);
            let sigmoid = p.call("sigmoid", margin);
            let weights = p.hadamard(&[y, sigmoid]);
            let transposed = p.transpose(x);
            let product = p.product(&[transposed, weights]);
            let gradient = p.negate(product);
            p.answer("w", gradient);
        },
    )
}

fn cross_entropy() -> Case {
    scalar_case(
        "cross_entropy",
        "dict(y=np.eye(4)[2], W=rng.normal(size=(4, 3)), x=rng.normal(size=3))",
        "-np.log(scipy.special.softmax(W @ x)[2])",
        |p| {
            let y = p.structured("y", Structure::OneHot, ["m", "1"]);
            let (w, x) = (p.matrix("W", "m", "n"), p.vector("x", "n"));
            let product = p.product(&[w, x]);
            let probabilities = p.call("softmax", product);
            let logarithm = p.call("log", probabilities);
            let row = p.transpose(y);
            let dot = p.product(&[row, logarithm]);
            let value = p.negate(dot);
            p.value("-y'*log(softmax(W*x))", value);
            let difference = p.sum(&[probabilities], &[y]);
            let row = p.transpose(x);
            let gradient = p.product(&[difference, row]);
            p.answer("W", gradient);
        },
    )
}

fn determinants() -> Vec<Case> {
    let det = scalar_case(
        "determinant",
        "dict(X=np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]) + np.diag([1.0, 2.0, 0.0]))",
        "np.linalg.det(X)",
        |p| {
            let x = p.matrix("X", "n", "n");
            let value = p.reduce("det", x);
            p.value("det(X)", value);
            let adjugate = p.call("adj", x);
            let gradient = p.transpose(adjugate);
            p.answer("X", gradient);
        },
    );
    let logdet = scalar_case(
        "logdet_of_spd",
        "dict(S=np.diag([1.0, 2.0, 3.0]) + 0.1)",
        "np.log(np.linalg.det(S))",
        |p| {
            let s = p.structured("S", Structure::PositiveDefinite, ["n", "n"]);
            let value = p.reduce("logdet", s);
            p.value("logdet(S)", value);
            let gradient = p.call("inv", s);
            p.answer("S", gradient);
        },
    );
    let trace = scalar_case(
        "trace_of_inverse",
        "dict(X=rng.normal(size=(4, 4)))",
        "np.trace(np.linalg.inv(X))",
        |p| {
            let x = p.matrix("X", "n", "n");
            let inverse = p.call("inv", x);
            let value = p.reduce("tr", inverse);
            p.value("tr(inv(X))", value);
            let square = p.product(&[inverse, inverse]);
            let transposed = p.transpose(square);
            let gradient = p.negate(transposed);
            p.answer("X", gradient);
        },
    );
    vec![det, logdet.structured(), trace]
}

fn jacobians() -> Vec<Case> {
    let linear = scalar_case(
        "vector_by_vector",
        "dict(A=rng.normal(size=(4, 3)), x=rng.normal(size=3), f=np.sin, f_d1=np.cos)",
        "np.sin(A @ x)",
        |p| {
            let (a, x) = (p.matrix("A", "m", "n"), p.vector("x", "n"));
            p.function("f", VariableKind::ElementwiseFunction);
            let product = p.product(&[a, x]);
            let value = p.mapped("f", 0, product);
            p.value("f.(A*x)", value);
            let slope = p.mapped("f", 1, product);
            let diagonal = p.diagonal_matrix(slope);
            let jacobian = p.product(&[diagonal, a]);
            p.answer("x", jacobian);
        },
    );
    let matrix = scalar_case(
        "matrix_by_matrix",
        "dict(A=rng.normal(size=(2, 3)), X=rng.normal(size=(3, 4)), B=rng.normal(size=(4, 5)))",
        "A @ X @ B",
        |p| {
            let (a, x, b) = (
                p.matrix("A", "p", "m"),
                p.matrix("X", "m", "n"),
                p.matrix("B", "n", "q"),
            );
            let value = p.product(&[a, x, b]);
            p.value("A*X*B", value);
            let transposed = p.transpose(b);
            let shape = p.shape("p*q", "m*n");
            let jacobian = p.call_of("kron", &[transposed, a], &[], shape);
            p.answer("X", jacobian);
        },
    );
    let transpose = scalar_case("transpose", "dict(X=rng.normal(size=(2, 3)))", "X.T", |p| {
        let x = p.matrix("X", "m", "n");
        let value = p.transpose(x);
        p.value("X'", value);
        let shape = p.shape("m*n", "m*n");
        let jacobian = p.call_of("commutation", &[], &["m", "n"], shape);
        p.answer("X", jacobian);
    });
    let outer = scalar_case(
        "kronecker_with_vectors",
        "dict(X=rng.normal(size=(2, 3)), b=rng.normal(size=3))",
        "X @ b",
        |p| {
            let (x, b) = (p.matrix("X", "m", "n"), p.vector("b", "n"));
            let value = p.product(&[x, b]);
            p.value("X*b", value);
            let (row, eye) = (p.transpose(b), p.eye("m"));
            let shape = p.shape("m", "m*n");
            let jacobian = p.call_of("kron", &[row, eye], &[], shape);
            p.answer("X", jacobian);
            p.answer("b", x);
        },
    );
    let zero = scalar_case(
        "zero",
        "dict(a=rng.normal(size=2), x=rng.normal(size=3))",
        "a",
        |p| {
            let a = p.vector("a", "m");
            p.vector("x", "n");
            p.value("a", a);
            let zero = p.zeros("m", "n");
            p.answer("x", zero);
        },
    );
    vec![linear, matrix, transpose, outer, zero]
}

fn by_a_scalar() -> Case {
    scalar_case(
        "literal_by_scalar",
        "dict(x=0.7)",
        "np.array([[x**2, np.sin(x)], [np.exp(x), 1 / x]])",
        |p| {
            let x = p.scalar("x");
            let (two, minus_one, minus_two) = (p.number(2, 1), p.number(-1, 1), p.number(-2, 1));
            let (square, inverse) = (p.square(x), p.power(x, minus_one, PowerKind::Scalar));
            let (sine, cosine, exponential) =
                (p.call("sin", x), p.call("cos", x), p.call("exp", x));
            let shape = p.shape("2", "2");
            let rows = vec![vec![square, sine], vec![exponential, inverse]];
            let value = p.tree.intern(Notation::Matrix(rows), shape);
            p.value("[x^2, sin(x); exp(x), 1/x]", value);
            let double = p.product(&[two, x]);
            let power = p.power(x, minus_two, PowerKind::Scalar);
            let slope = p.negate(power);
            let rows = vec![vec![double, cosine], vec![exponential, slope]];
            let derivative = p.tree.intern(Notation::Matrix(rows), shape);
            p.answer("x", derivative);
        },
    )
}

fn hessians() -> Vec<Case> {
    let quadratic = scalar_case(
        "hessian",
        "dict(x=rng.normal(size=3), A=rng.normal(size=(3, 3)))",
        "x @ A @ x",
        |p| {
            let (x, a) = (p.vector("x", "n"), p.matrix("A", "n", "n"));
            let row = p.transpose(x);
            let value = p.product(&[row, a, x]);
            p.value("x'*A*x", value);
            let transposed = p.transpose(a);
            let hessian = p.sum(&[a, transposed], &[]);
            p.answer_over(&["x", "x"], hessian, &[], "d2f/dx2 = A + A'");
        },
    );
    let mixed = scalar_case(
        "mixed_second_derivatives",
        "dict(x=rng.normal(size=3), t=0.3, s=0.2, y=rng.normal(size=4), M=rng.normal(size=(3, 4)))",
        "t * s**2 * (x @ M @ y)",
        |p| {
            let (x, y) = (p.vector("x", "n"), p.vector("y", "m"));
            let (t, s, m) = (p.scalar("t"), p.scalar("s"), p.matrix("M", "n", "m"));
            let (row, square, two) = (p.transpose(x), p.square(s), p.number(2, 1));
            let form = p.product(&[row, m, y]);
            let value = p.product(&[t, square, form]);
            p.value("t*s^2*x'*M*y", value);
            let scaled = p.product(&[t, square, m]);
            p.answer_over(&["x", "y"], scaled, &[], "d2f/dx dy = t*s^2*M");
            let number = p.product(&[two, s, form]);
            p.answer_over(&["t", "s"], number, &[], "d2f/dt ds = 2*s*x'*M*y");
            let vector = p.product(&[square, m, y]);
            p.answer_over(&["t", "x"], vector, &[], "d2f/dt dx = s^2*M*y");
            p.answer_over(&["x", "t"], vector, &[], "d2f/dx dt = s^2*M*y");
        },
    );
    vec![quadratic, mixed]
}

fn functions() -> Vec<Case> {
    let composed = scalar_case(
        "scalar_function",
        "dict(A=rng.normal(size=(2, 3)), X=rng.normal(size=(3, 4)), B=rng.normal(size=(4, 5)), \
         f=lambda Y: np.sum(Y**3), f_grad=lambda Y: 3 * Y**2)",
        "np.sum((A @ X @ B)**3)",
        |p| {
            let (a, x, b) = (
                p.matrix("A", "p", "m"),
                p.matrix("X", "m", "n"),
                p.matrix("B", "n", "q"),
            );
            p.function("f", VariableKind::ScalarFunction);
            let product = p.product(&[a, x, b]);
            let head = |order| Head::Scalar {
                name: "f".to_owned(),
                order,
            };
            let value = p.head(head(0), product, Shape::SCALAR);
            p.value("f(A*X*B)", value);
            let shape = p.shape("p", "q");
            let inner = p.head(head(1), product, shape);
            let (left, right) = (p.transpose(a), p.transpose(b));
            let gradient = p.product(&[left, inner, right]);
            p.answer("X", gradient);
        },
    );
    let hessian = scalar_case(
        "hessian_of_scalar_function",
        "dict(A=rng.normal(size=(2, 3)), x=rng.normal(size=3), \
         f=lambda Y: np.sum(Y**3), f_grad=lambda Y: 3 * Y**2, f_hess=lambda Y: np.diag(6 * Y))",
        "np.sum((A @ x)**3)",
        |p| {
            let (a, x) = (p.matrix("A", "m", "n"), p.vector("x", "n"));
            p.function("f", VariableKind::ScalarFunction);
            let product = p.product(&[a, x]);
            let head = |order| Head::Scalar {
                name: "f".to_owned(),
                order,
            };
            let value = p.head(head(0), product, Shape::SCALAR);
            p.value("f(A*x)", value);
            let shape = p.shape("m", "m");
            let inner = p.head(head(2), product, shape);
            let transposed = p.transpose(a);
            let result = p.product(&[transposed, inner, a]);
            p.answer_over(&["x", "x"], result, &[], "d2f/dx2 = A'*hess_f(A*x)*A");
        },
    );
    let path = scalar_case(
        "path",
        "dict(A=lambda t: np.sin(t + np.arange(9.0).reshape(3, 3)), \
         A_d1=lambda t: np.cos(t + np.arange(9.0).reshape(3, 3)), t=0.3)",
        "np.trace(np.sin(t + np.arange(9.0).reshape(3, 3))) + 3",
        |p| {
            let kind = VariableKind::Path {
                parameter: "t".to_owned(),
            };
            p.declare("A", kind, ["n", "n"], &[]);
            let t = p.scalar("t");
            let shape = p.shape("n", "n");
            let head = |order| Head::Path {
                name: "A".to_owned(),
                order,
            };
            let at = p.head(head(0), t, shape);
            let eye = p.eye("n");
            let matrix = p.sum(&[at, eye], &[]);
            let value = p.reduce("tr", matrix);
            p.value("tr(A(t) + eye(n))", value);
            let slope = p.head(head(1), t, shape);
            let derivative = p.reduce("tr", slope);
            p.answer("t", derivative);
        },
    );
    let power = scalar_case(
        "matrix_power",
        "dict(X=rng.normal(size=(3, 3)), k=4)",
        "np.trace(X @ X @ X @ X)",
        |p| {
            let (x, k) = (p.matrix("X", "n", "n"), p.scalar("k"));
            let power = p.power(x, k, PowerKind::Matrix);
            let value = p.reduce("tr", power);
            p.value("tr(X^k)", value);
            let one = p.number(1, 1);
            let exponent = p.sum(&[k], &[one]);
            let power = p.power(x, exponent, PowerKind::Matrix);
            let transposed = p.transpose(power);
            let gradient = p.product(&[k, transposed]);
            p.answer("X", gradient);
        },
    );
    vec![composed, hessian, path, power]
}

/// The difference of a member and a centre.
fn centred(p: &mut Program) -> (Id, Id) {
    let x = p.declare("x", VariableKind::GENERAL, ["d", "1"], &["N"]);
    let c = p.vector("c", "d");
    let member = p.member(x, "i");
    (p.sum(&[member], &[c]), x)
}

fn families() -> Vec<Case> {
    let mahalanobis = scalar_case(
        "mahalanobis",
        "dict(x=rng.normal(size=(6, 3)), c=rng.normal(size=3), S=rng.normal(size=(3, 3)))",
        "sum((m - c) @ np.linalg.inv(S) @ (m - c) for m in x)",
        |p| {
            let (difference, _) = centred(p);
            let s = p.matrix("S", "d", "d");
            let (row, inverse) = (p.transpose(difference), p.call("inv", s));
            let body = p.product(&[row, inverse, difference]);
            let value = p.indexed_sum(&["i"], body);
            p.value("sum[i]((x[i]-c)'*inv(S)*(x[i]-c))", value);
            let transposed = p.transpose(inverse);
            let both = p.sum(&[inverse, transposed], &[]);
            let each = p.product(&[both, difference]);
            p.answer_over(&["x"], each, &["i"], "df/dx[i] = (inv(S)+inv(S)')*(x[i]-c)");
            let total = p.indexed_sum(&["i"], difference);
            let product = p.product(&[both, total]);
            let gradient = p.negate(product);
            p.answer("c", gradient);
            let outer = p.product(&[difference, row]);
            let scatter = p.indexed_sum(&["i"], outer);
            let product = p.product(&[transposed, scatter, transposed]);
            let gradient = p.negate(product);
            p.answer("S", gradient);
        },
    );
    let weighted = scalar_case(
        "weighted_scatter",
        "dict(x=rng.normal(size=(6, 3)), c=rng.normal(size=3), r=rng.normal(size=6), \
         A=rng.normal(size=(3, 3)), t=0.4)",
        "t * sum(r[i] * (x[i] - c) @ A @ (x[i] - c) for i in range(6)) / 6",
        |p| {
            let (difference, _) = centred(p);
            let r = p.declare("r", VariableKind::GENERAL, ["1", "1"], &["N"]);
            let (a, t) = (p.matrix("A", "d", "d"), p.scalar("t"));
            let weight = p.member(r, "i");
            let row = p.transpose(difference);
            let body = p.product(&[t, weight, row, a, difference]);
            let sum = p.indexed_sum(&["i"], body);
            let count = p.size_number("N");
            let value = p.fraction(sum, count);
            p.value("sum[i](t*r[i]*(x[i]-c)'*A*(x[i]-c))/N", value);
            let outer = p.product(&[weight, difference, row]);
            let scatter = p.indexed_sum(&["i"], outer);
            let scaled = p.product(&[t, scatter]);
            let gradient = p.fraction(scaled, count);
            p.answer("A", gradient);
            let form = p.product(&[row, a, difference]);
            let each = p.product(&[t, form]);
            let each = p.fraction(each, count);
            p.answer_over(&["r"], each, &["i"], "df/dr[i] = t*(x[i]-c)'*A*(x[i]-c)/N");
        },
    );
    let network = scalar_case(
        "network_over_a_family",
        "dict(W1=rng.normal(size=(5, 3)), W2=rng.normal(size=(4, 5)), b=rng.normal(size=5), \
         x=rng.normal(size=(6, 3)), y=np.eye(4)[[0, 1, 2, 3, 0, 1]])",
        "-sum(v @ np.log(scipy.special.softmax(W2 @ scipy.special.expit(W1 @ u + b))) \
         for u, v in zip(x, y))",
        |p| {
            let (w1, w2) = (p.matrix("W1", "p", "n"), p.matrix("W2", "m", "p"));
            let b = p.vector("b", "p");
            let x = p.declare("x", VariableKind::GENERAL, ["n", "1"], &["N"]);
            let kind = VariableKind::Array {
                structure: Structure::OneHot,
                positive: false,
                complex: false,
            };
            let y = p.declare("y", kind, ["m", "1"], &["N"]);
            let (input, target) = (p.member(x, "i"), p.member(y, "i"));
            let product = p.product(&[w1, input]);
            let shifted = p.sum(&[product, b], &[]);
            let hidden = p.call("sigmoid", shifted);
            let output = p.product(&[w2, hidden]);
            let probabilities = p.call("softmax", output);
            let logarithm = p.call("log", probabilities);
            let row = p.transpose(target);
            let body = p.product(&[row, logarithm]);
            let sum = p.indexed_sum(&["i"], body);
            let value = p.negate(sum);
            p.value("-sum[i](y[i]'*log(softmax(W2*sigmoid(W1*x[i]+b))))", value);
            let difference = p.sum(&[probabilities], &[target]);
            let row = p.transpose(hidden);
            let outer = p.product(&[difference, row]);
            let gradient = p.indexed_sum(&["i"], outer);
            p.answer("W2", gradient);
            let transposed = p.transpose(w2);
            let back = p.product(&[transposed, difference]);
            let square = p.square(hidden);
            let slope = p.sum(&[hidden], &[square]);
            let delta = p.hadamard(&[back, slope]);
            let row = p.transpose(input);
            let outer = p.product(&[delta, row]);
            let gradient = p.indexed_sum(&["i"], outer);
            p.answer("W1", gradient);
            let gradient = p.indexed_sum(&["i"], delta);
            p.answer("b", gradient);
        },
    );
    let matrices = scalar_case(
        "family_of_matrices",
        "dict(S=np.eye(3) + 0.2 * rng.normal(size=(5, 3, 3)), a=rng.normal(size=3))",
        "sum(np.linalg.slogdet(M)[1] + a @ np.linalg.inv(M) @ a for M in S)",
        |p| {
            let s = p.declare("S", VariableKind::GENERAL, ["n", "n"], &["N"]);
            let a = p.vector("a", "n");
            let member = p.member(s, "i");
            let logdet = p.reduce("logdet", member);
            let (row, inverse) = (p.transpose(a), p.call("inv", member));
            let form = p.product(&[row, inverse, a]);
            let body = p.sum(&[logdet, form], &[]);
            let value = p.indexed_sum(&["i"], body);
            p.value("sum[i](logdet(S[i]) + a'*inv(S[i])*a)", value);
            let transposed = p.transpose(inverse);
            let left = p.product(&[transposed, a]);
            let right = p.product(&[row, transposed]);
            let outer = p.product(&[left, right]);
            let each = p.sum(&[transposed], &[outer]);
            p.answer_over(
                &["S"],
                each,
                &["i"],
                "df/dS[i] = inv(S[i])' - inv(S[i])'*a*a'*inv(S[i])'",
            );
        },
    );
    let sums = scalar_case(
        "jacobian_by_a_family",
        "dict(x=rng.normal(size=(4, 3)), A=rng.normal(size=(2, 3)))",
        "A @ x.sum(axis=0)",
        |p| {
            let x = p.declare("x", VariableKind::GENERAL, ["d", "1"], &["N"]);
            let a = p.matrix("A", "k", "d");
            let member = p.member(x, "i");
            let sum = p.indexed_sum(&["i"], member);
            let value = p.product(&[a, sum]);
            p.value("A*sum[i](x[i])", value);
            p.answer_over(&["x"], a, &["i"], "d/dx[i] = A");
        },
    );
    let pairs = scalar_case(
        "pairs_of_members",
        "dict(x=rng.normal(size=(4, 3)), s=0.3, X=rng.normal(size=(4, 4)))",
        "s**2 * sum(X[i, j] * np.exp((x[i] - x[j]) @ (x[i] - x[j])) \
         for i in range(4) for j in range(4)) + np.trace(X)",
        |p| {
            let x = p.declare("x", VariableKind::GENERAL, ["d", "1"], &["N"]);
            let (s, m) = (p.scalar("s"), p.matrix("X", "N", "N"));
            let (first, second) = (p.member(x, "i"), p.member(x, "j"));
            let difference = p.sum(&[first], &[second]);
            let row = p.transpose(difference);
            let square = p.product(&[row, difference]);
            let kernel = p.call("exp", square);
            let entry = p.indexed(m, &["j", "i"], Shape::SCALAR);
            let body = p.product(&[entry, kernel]);
            let sum = p.indexed_sum(&["i", "j"], body);
            let factor = p.square(s);
            let product = p.product(&[factor, sum]);
            let diagonal = p.indexed(m, &["i", "i"], Shape::SCALAR);
            let trace = p.indexed_sum(&["i"], diagonal);
            let value = p.sum(&[product, trace], &[]);
            p.value(
                "s^2*sum[i,j](X[j,i]*exp((x[i]-x[j])'*(x[i]-x[j]))) + sum[i](X[i,i])",
                value,
            );
            let two = p.number(2, 1);
            let derivative = p.product(&[two, s, sum]);
            p.answer("s", derivative);
        },
    );
    vec![mahalanobis, weighted, network, matrices, sums, pairs]
}

fn structures() -> Vec<Case> {
    let orthogonal = scalar_case(
        "orthogonal",
        "dict(A=rng.normal(size=(3, 3)), Q=np.linalg.qr(rng.normal(size=(3, 3)))[0])",
        "np.trace(A.T @ Q)",
        |p| {
            let a = p.matrix("A", "n", "n");
            let q = p.structured("Q", Structure::Orthogonal, ["n", "n"]);
            let transposed = p.transpose(a);
            let product = p.product(&[transposed, q]);
            let value = p.reduce("tr", product);
            p.value("tr(A'*Q)", value);
            let half = p.number(1, 2);
            let product = p.product(&[q, transposed, q]);
            let difference = p.sum(&[a], &[product]);
            let gradient = p.product(&[half, difference]);
            p.answer("Q", gradient);
        },
    );
    let simplex = scalar_case(
        "simplex",
        "dict(p=np.array([0.2, 0.3, 0.5]), c=rng.normal(size=3))",
        "p @ np.log(p) + c @ p",
        |p| {
            let probabilities = p.structured("p", Structure::Simplex, ["n", "1"]);
            let c = p.vector("c", "n");
            let (row, costs) = (p.transpose(probabilities), p.transpose(c));
            let logarithm = p.call("log", probabilities);
            let (entropy, cost) = (
                p.product(&[row, logarithm]),
                p.product(&[costs, probabilities]),
            );
            let value = p.sum(&[entropy, cost], &[]);
            p.value("p'*log(p) + c'*p", value);
            let gradient = p.sum(&[logarithm, c], &[]);
            let mean = p.reduce("mean", gradient);
            let centred = p.sum(&[gradient], &[mean]);
            p.answer("p", centred);
        },
    );
    let symmetric = scalar_case(
        "symmetric_with_solves",
        "dict(S=np.diag([1.0, 2.0, 3.0]) + 0.1, b=rng.normal(size=3), C=rng.normal(size=(3, 3)))",
        "b @ np.linalg.inv(S) @ b + np.trace(C @ np.linalg.inv(S))",
        |p| {
            let s = p.structured("S", Structure::Symmetric, ["n", "n"]);
            let (b, c) = (p.vector("b", "n"), p.matrix("C", "n", "n"));
            let (row, inverse) = (p.transpose(b), p.call("inv", s));
            let form = p.product(&[row, inverse, b]);
            let product = p.product(&[c, inverse]);
            let trace = p.reduce("tr", product);
            let value = p.sum(&[form, trace], &[]);
            p.value("b'*inv(S)*b + tr(C*inv(S))", value);
            let outer = p.product(&[b, row]);
            let transposed = p.transpose(c);
            let (half, both) = (p.number(1, 2), p.sum(&[c, transposed], &[]));
            let part = p.product(&[half, both]);
            let inner = p.sum(&[outer, part], &[]);
            let product = p.product(&[inverse, inner, inverse]);
            let gradient = p.negate(product);
            p.answer("S", gradient);
        },
    );
    let others = scalar_case(
        "skew_diagonal_triangular",
        "dict(K=np.array([[0.0, 1.0], [-1.0, 0.0]]), D=np.diag([1.0, 2.0]), \
         L=np.array([[1.0, 0.0], [2.0, 3.0]]), A=rng.normal(size=(2, 2)))",
        "np.trace(A @ K) + np.trace(A @ D) + np.trace(A @ L)",
        |p| {
            let k = p.structured("K", Structure::Skew, ["n", "n"]);
            let d = p.structured("D", Structure::Diagonal, ["n", "n"]);
            let l = p.structured("L", Structure::LowerTriangular, ["n", "n"]);
            let a = p.matrix("A", "n", "n");
            let mut terms = Vec::new();
            for variable in [k, d, l] {
                let product = p.product(&[a, variable]);
                terms.push(p.reduce("tr", product));
            }
            let value = p.sum(&terms, &[]);
            p.value("tr(A*K) + tr(A*D) + tr(A*L)", value);
            let transposed = p.transpose(a);
            let (half, difference) = (p.number(1, 2), p.sum(&[transposed], &[a]));
            let gradient = p.product(&[half, difference]);
            p.answer("K", gradient);
            let vector = p.diagonal_vector(a);
            let gradient = p.diagonal_matrix(vector);
            p.answer("D", gradient);
            let gradient = p.call("tril", transposed);
            p.answer("L", gradient);
        },
    );
    vec![
        orthogonal.structured(),
        simplex.structured(),
        symmetric.structured(),
        others.structured(),
    ]
}

fn arrangements() -> Vec<Case> {
    let stacking = scalar_case(
        "vec_and_unvec",
        "dict(X=rng.normal(size=(2, 3)), a=rng.normal(size=6), B=rng.normal(size=(2, 3)))",
        "a @ X.ravel(order='F') + np.sum(np.tril(X) * B) + B.ravel() @ X.ravel()",
        |p| {
            let (x, a, b) = (
                p.matrix("X", "m", "n"),
                p.vector("a", "m*n"),
                p.matrix("B", "m", "n"),
            );
            let stacked = p.shape("m*n", "1");
            let shape = p.shape("m", "n");
            let columns = p.call_of("vec", &[x], &[], stacked);
            let row = p.transpose(a);
            let first = p.product(&[row, columns]);
            let triangle = p.call("tril", x);
            let entries = p.hadamard(&[triangle, b]);
            let second = p.reduce("sum", entries);
            let (left, right) = (
                p.call_of("vecr", &[b], &[], stacked),
                p.call_of("vecr", &[x], &[], stacked),
            );
            let row = p.transpose(left);
            let third = p.product(&[row, right]);
            let value = p.sum(&[first, second, third], &[]);
            p.value("a'*vec(X) + sum(tril(X).*B) + vecr(B)'*vecr(X)", value);
            let matrix = p.call_of("unvec", &[a], &["m", "n"], shape);
            let triangle = p.call("tril", b);
            let gradient = p.sum(&[matrix, triangle, b], &[]);
            p.answer("X", gradient);
        },
    );
    let blocks = scalar_case(
        "blocks_and_slices",
        "dict(A=rng.normal(size=(3, 3)), b=rng.normal(size=3), c=0.4, G=rng.normal(size=(4, 4)))",
        "np.sum(np.block([[A, b[:, None]], [b, c]]) * G) + np.sum(np.column_stack([A, b])) \
         + np.sum(np.hstack([b, c])**2)",
        |p| {
            let (a, b, c) = (p.matrix("A", "n", "n"), p.vector("b", "n"), p.scalar("c"));
            let g = p.matrix("G", "n+1", "n+1");
            let row = p.transpose(b);
            let whole = p.shape("n+1", "n+1");
            let literal = p
                .tree
                .intern(Notation::Matrix(vec![vec![a, b], vec![row, c]]), whole);
            let entries = p.hadamard(&[literal, g]);
            let first = p.reduce("sum", entries);
            let shape = p.shape("n", "n+1");
            let beside = p.call_of("hcat", &[a, b], &[], shape);
            let second = p.reduce("sum", beside);
            let shape = p.shape("n+1", "1");
            let below = p.call_of("vcat", &[b, c], &[], shape);
            let norm = p.reduce("norm2", below);
            let third = p.square(norm);
            let value = p.sum(&[first, second, third], &[]);
            p.value(
                "sum([A, b; b', c].*G) + sum(hcat(A, b)) + norm2(vcat(b, c))^2",
                value,
            );
            let zero = support::dimension(&mut p.tree, "0");
            let n = support::dimension(&mut p.tree, "n");
            let slice =
                |p: &mut Program, row_offset, column_offset, rows: &str, columns: &str| {
                    let shape = p.shape(rows, columns);
                    p.tree.intern(
                        Notation::Slice {
                            base: g,
                            row_offset,
                            column_offset,
                        },
                        shape,
                    )
                };
            let corner = slice(p, zero, zero, "n", "n");
            let one = p.number(1, 1);
            let gradient = p.sum(&[corner, one], &[]);
            p.answer("A", gradient);
            let (column, row) = (slice(p, zero, n, "n", "1"), slice(p, n, zero, "1", "n"));
            let (two, transposed) = (p.number(2, 1), p.transpose(row));
            let double = p.product(&[two, b]);
            let gradient = p.sum(&[column, transposed, one, double], &[]);
            p.answer("b", gradient);
            let last = slice(p, n, n, "1", "1");
            let double = p.product(&[two, c]);
            let gradient = p.sum(&[last, double], &[]);
            p.answer("c", gradient);
        },
    );
    let bias = scalar_case(
        "bias_by_ones",
        "dict(W=rng.normal(size=(4, 3)), X=rng.normal(size=(3, 5)), b=rng.normal(size=4))",
        "np.sum(np.tanh(W @ X + b[:, None])**2)",
        |p| {
            let (w, x, b) = (
                p.matrix("W", "k", "m"),
                p.matrix("X", "m", "N"),
                p.vector("b", "k"),
            );
            let ones = p.ones("N", "1");
            let row = p.transpose(ones);
            let (product, repeated) = (p.product(&[w, x]), p.product(&[b, row]));
            let sum = p.sum(&[product, repeated], &[]);
            let hidden = p.call("tanh", sum);
            let h = p.bind("H", hidden);
            let norm = p.reduce("normF", h);
            let value = p.square(norm);
            p.value("H = tanh(W*X + b*ones(N)'); normF(H)^2", value);
            let (square, two) = (p.square(h), p.number(2, 1));
            let all = p.ones("k", "N");
            let slope = p.sum(&[all], &[square]);
            let delta = p.hadamard(&[h, slope]);
            let transposed = p.transpose(x);
            let gradient = p.product(&[two, delta, transposed]);
            p.answer("W", gradient);
            let gradient = p.product(&[two, delta, ones]);
            p.answer("b", gradient);
        },
    );
    vec![stacking, blocks, bias]
}

fn odd_names() -> Case {
    scalar_case(
        "odd_names",
        "{'lambda_': 0.3, 'np': rng.normal(size=3), 'float': 0.5, 'None_': 0.25, 't1': 2.0}",
        "",
        |p| {
            let lambda = p.scalar("lambda");
            let (np, float) = (p.vector("np", "n"), p.scalar("float"));
            let (none, t1) = (p.scalar("None"), p.scalar("t1"));
            let product = p.product(&[lambda, float, none, t1, np]);
            let exponential = p.call("exp", product);
            let value = p.reduce("sum", exponential);
            p.value("sum(exp(lambda*float*None*t1*np))", value);
            let factor = p.product(&[lambda, float, none, t1]);
            let gradient = p.product(&[factor, exponential]);
            p.answer("np", gradient);
        },
    )
}

fn numbers() -> Case {
    scalar_case(
        "numbers_and_powers",
        "dict(x=np.array([0.3, 1.2, 2.0]), t=1.7)",
        "np.sum(x**1.5) / 3 + t**(1 / 3) + np.pi * t**-2.5 + 2.0**t",
        |p| {
            let (x, t) = (p.positive("x", ["n", "1"]), p.positive("t", ["1", "1"]));
            let power = |p: &mut Program, base, numerator, denominator, kind| {
                let exponent = p.number(numerator, denominator);
                p.power(base, exponent, kind)
            };
            let entries = power(p, x, 3, 2, PowerKind::Elementwise);
            let sum = p.reduce("sum", entries);
            let third = p.number(1, 3);
            let first = p.product(&[third, sum]);
            let second = power(p, t, 1, 3, PowerKind::Scalar);
            let pi = p.tree.intern(Notation::Pi, Shape::SCALAR);
            let decay = power(p, t, -5, 2, PowerKind::Scalar);
            let third_term = p.product(&[pi, decay]);
            let two = p.number(2, 1);
            let growth = p.power(two, t, PowerKind::Scalar);
            let value = p.sum(&[first, second, third_term, growth], &[]);
            p.value("sum(x.^(3/2))/3 + t^(1/3) + pi*t^(-5/2) + 2^t", value);
            let (half, root) = (p.number(1, 2), power(p, x, 1, 2, PowerKind::Elementwise));
            let gradient = p.product(&[half, root]);
            p.answer("x", gradient);
            let slope = power(p, t, -2, 3, PowerKind::Scalar);
            let (first, third) = (p.product(&[third, slope]), p.number(5, 2));
            let steep = power(p, t, -7, 2, PowerKind::Scalar);
            let second = p.product(&[third, pi, steep]);
            let logarithm = p.call("log", two);
            let last = p.product(&[logarithm, growth]);
            let derivative = p.sum(&[first, last], &[second]);
            p.answer("t", derivative);
        },
    )
}

#[test]
fn scalar_functions() {
    let mut cases = vec![least_squares(), logistic(), cross_entropy(), numbers()];
    cases.extend(determinants());
    run("scalar", &cases);
}

#[test]
fn jacobians_and_hessians() {
    let mut cases = jacobians();
    cases.push(by_a_scalar());
    cases.extend(hessians());
    run("jacobians", &cases);
}

#[test]
fn unknown_functions() {
    run("functions", &functions());
}

#[test]
fn sums_over_families() {
    run("families", &families());
}

#[test]
fn structured_variables() {
    run("structures", &structures());
}

#[test]
fn rearrangements_and_names() {
    let mut cases = arrangements();
    cases.push(odd_names());
    run("arrangements", &cases);
}
