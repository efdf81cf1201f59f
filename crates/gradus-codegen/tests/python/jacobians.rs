//! Jacobians, derivatives by a scalar, second derivatives.

use gradus_codegen::VariableKind;
use gradus_notation::tree::{Notation, PowerKind};

use crate::{Case, scalar_case};

pub(crate) fn jacobians() -> Vec<Case> {
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
            let (a, x, b) =
                (p.matrix("A", "p", "m"), p.matrix("X", "m", "n"), p.matrix("B", "n", "q"));
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
    let zero = scalar_case("zero", "dict(a=rng.normal(size=2), x=rng.normal(size=3))", "a", |p| {
        let a = p.vector("a", "m");
        p.vector("x", "n");
        p.value("a", a);
        let zero = p.zeros("m", "n");
        p.answer("x", zero);
    });
    vec![linear, matrix, transpose, outer, zero]
}

pub(crate) fn by_a_scalar() -> Case {
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

pub(crate) fn hessians() -> Vec<Case> {
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
