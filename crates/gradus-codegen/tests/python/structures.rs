//! Structured variables.

use gradus_tensor::Structure;

use crate::{Case, scalar_case};

pub(crate) fn structures() -> Vec<Case> {
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
            let (entropy, cost) =
                (p.product(&[row, logarithm]), p.product(&[costs, probabilities]));
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
    vec![orthogonal.structured(), simplex.structured(), symmetric.structured(), others.structured()]
}
