//! Functions that the caller passes in, and matrix powers.

use gradus_codegen::VariableKind;
use gradus_notation::tree::{Head, PowerKind, Shape};

use crate::{Case, scalar_case};

pub(crate) fn functions() -> Vec<Case> {
    let composed = scalar_case(
        "scalar_function",
        "dict(A=rng.normal(size=(2, 3)), X=rng.normal(size=(3, 4)), B=rng.normal(size=(4, 5)), \
         f=lambda Y: np.sum(Y**3), f_grad=lambda Y: 3 * Y**2)",
        "np.sum((A @ X @ B)**3)",
        |p| {
            let (a, x, b) =
                (p.matrix("A", "p", "m"), p.matrix("X", "m", "n"), p.matrix("B", "n", "q"));
            p.function("f", VariableKind::ScalarFunction);
            let product = p.product(&[a, x, b]);
            let head = |order| Head::Scalar { name: "f".to_owned(), order };
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
            let head = |order| Head::Scalar { name: "f".to_owned(), order };
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
            let kind = VariableKind::Path { parameter: "t".to_owned() };
            p.declare("A", kind, ["n", "n"], &[]);
            let t = p.scalar("t");
            let shape = p.shape("n", "n");
            let head = |order| Head::Path { name: "A".to_owned(), order };
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
