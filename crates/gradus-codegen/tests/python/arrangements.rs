//! Stacking, blocks, slices, broadcasting, and names that Python cannot hold.

use gradus_notation::tree::Notation;

use crate::support::Program;
use crate::{Case, scalar_case};

pub(crate) fn arrangements() -> Vec<Case> {
    let stacking = scalar_case(
        "vec_and_unvec",
        "dict(X=rng.normal(size=(2, 3)), a=rng.normal(size=6), B=rng.normal(size=(2, 3)))",
        "a @ X.ravel(order='F') + np.sum(np.tril(X) * B) + B.ravel() @ X.ravel()",
        |p| {
            let (x, a, b) =
                (p.matrix("X", "m", "n"), p.vector("a", "m*n"), p.matrix("B", "m", "n"));
            let stacked = p.shape("m*n", "1");
            let shape = p.shape("m", "n");
            let columns = p.call_of("vec", &[x], &[], stacked);
            let row = p.transpose(a);
            let first = p.product(&[row, columns]);
            let triangle = p.call("tril", x);
            let entries = p.hadamard(&[triangle, b]);
            let second = p.reduce("sum", entries);
            let (left, right) =
                (p.call_of("vecr", &[b], &[], stacked), p.call_of("vecr", &[x], &[], stacked));
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
            let literal = p.tree.intern(Notation::Matrix(vec![vec![a, b], vec![row, c]]), whole);
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
            p.value("sum([A, b; b', c].*G) + sum(hcat(A, b)) + norm2(vcat(b, c))^2", value);
            let zero = crate::support::dimension(&mut p.tree, "0");
            let n = crate::support::dimension(&mut p.tree, "n");
            let slice = |p: &mut Program, row_offset, column_offset, rows: &str, columns: &str| {
                let shape = p.shape(rows, columns);
                p.tree.intern(Notation::Slice { base: g, row_offset, column_offset }, shape)
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
            let (w, x, b) = (p.matrix("W", "k", "m"), p.matrix("X", "m", "N"), p.vector("b", "k"));
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

pub(crate) fn odd_names() -> Case {
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
