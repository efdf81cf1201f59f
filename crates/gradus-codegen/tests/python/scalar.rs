//! Scalar functions of vectors and matrices.

use gradus_notation::tree::{Notation, PowerKind, Shape};
use gradus_tensor::Structure;

use crate::support::Program;
use crate::{Case, scalar_case};

pub(crate) fn least_squares() -> Case {
    scalar_case(
        "least_squares",
        "dict(X=rng.normal(size=(5, 3)), w=rng.normal(size=3), y=rng.normal(size=5))",
        "np.sum((X @ w - y)**2)",
        |p| {
            let (x, w, y) = (p.matrix("X", "m", "n"), p.vector("w", "n"), p.vector("y", "m"));
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

pub(crate) fn logistic() -> Case {
    scalar_case(
        "logistic",
        "dict(X=rng.normal(size=(5, 3)), w=rng.normal(size=3), y=rng.normal(size=5))",
        "np.sum(np.log(1 + np.exp(-y * (X @ w))))",
        |p| {
            let (x, w, y) = (p.matrix("X", "m", "n"), p.vector("w", "n"), p.vector("y", "m"));
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

pub(crate) fn cross_entropy() -> Case {
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

pub(crate) fn determinants() -> Vec<Case> {
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

pub(crate) fn numbers() -> Case {
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
