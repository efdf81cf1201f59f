//! Families and sums over indices.

use gradus_codegen::VariableKind;
use gradus_notation::tree::Shape;
use gradus_tensor::Structure;

use crate::support::{Id, Program};
use crate::{Case, scalar_case};

/// The difference of a member and a centre.
fn centred(p: &mut Program) -> (Id, Id) {
    let x = p.declare("x", VariableKind::GENERAL, ["d", "1"], &["N"]);
    let c = p.vector("c", "d");
    let member = p.member(x, "i");
    (p.sum(&[member], &[c]), x)
}

pub(crate) fn families() -> Vec<Case> {
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
            p.value("s^2*sum[i,j](X[j,i]*exp((x[i]-x[j])'*(x[i]-x[j]))) + sum[i](X[i,i])", value);
            let two = p.number(2, 1);
            let derivative = p.product(&[two, s, sum]);
            p.answer("s", derivative);
        },
    );
    vec![mahalanobis, weighted, network, matrices, sums, pairs]
}
