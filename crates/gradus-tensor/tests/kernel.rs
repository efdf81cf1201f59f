//! Identities that hold because both sides are the same network, and functions mapped over families.
#![allow(clippy::unwrap_used)]

mod support;

use gradus_tensor::{Axis, Network, Rational, Scaled, Structure};
use support::{World, arena, assert_close, function, variable};

#[test]
fn traces_of_cyclic_products_are_one_node() {
    let (mut arena, d) = arena(&["m", "n"]);
    let (m, n) = (d[0], d[1]);
    let a = variable(&mut arena, "A", &[m, n], Structure::General);
    let b = variable(&mut arena, "B", &[n, m], Structure::General);
    let product =
        |arena: &mut gradus_tensor::Arena, x: &Scaled, y: &Scaled, outer: Axis, inner: Axis| {
            let mut network = Network::new();
            let (i, k, j) = (network.wire(outer), network.wire(inner), network.wire(outer));
            network.factor(x, &[i, k]);
            network.factor(y, &[k, j]);
            network.output(&[i, j]);
            arena.contract(network)
        };
    let trace = |arena: &mut gradus_tensor::Arena, x: &Scaled, axis: Axis| {
        let mut network = Network::new();
        let i = network.wire(axis);
        network.factor(x, &[i, i]);
        arena.contract(network)
    };
    let ab = product(&mut arena, &a, &b, m, n);
    let ba = product(&mut arena, &b, &a, n, m);
    assert_ne!(ab, ba);
    assert_eq!(trace(&mut arena, &ab, m), trace(&mut arena, &ba, n));
    let twice = arena.transpose(&ab);
    assert_eq!(arena.transpose(&twice), ab);
}

#[test]
fn a_matrix_meets_its_inverse_inside_a_product() {
    let (mut arena, d) = arena(&["m", "n"]);
    let (m, n) = (d[0], d[1]);
    let x = variable(&mut arena, "X", &[m, n], Structure::General);
    let mut network = Network::new();
    let (i, k, j) = (network.wire(n), network.wire(m), network.wire(n));
    network.factor(&x, &[k, i]);
    network.factor(&x, &[k, j]);
    network.output(&[i, j]);
    let gram = arena.contract(network);
    assert!(arena.facts(gram.node).symmetric);
    let inverse = arena.apply_unary(function("inv"), &gram);
    // tr(inv(X'X) X'X) is n, and inv(X'X) X' X X' is X'.
    let mut network = Network::new();
    let (i, j, k, l) = (network.wire(n), network.wire(n), network.wire(m), network.wire(m));
    let p = network.wire(n);
    network.factor(&inverse, &[i, j]);
    network.factor(&x, &[k, j]);
    network.factor(&x, &[k, p]);
    network.factor(&x, &[l, p]);
    network.output(&[l, i]);
    assert_eq!(arena.contract(network), x);
    let mut network = Network::new();
    let (i, j) = (network.wire(n), network.wire(n));
    network.factor(&inverse, &[i, j]);
    network.factor(&gram, &[j, i]);
    let size = arena.contract(network);
    assert_eq!(size, arena.size(n.dimension));
}

#[test]
fn functions_map_over_the_members_of_families() {
    let (mut arena, d) = arena(&["N", "n", "m"]);
    let (range, n, m) = (Axis { range: true, ..d[0] }, d[1], d[2]);
    let s = variable(&mut arena, "S", &[range, n, n], Structure::General);
    let w = variable(&mut arena, "W", &[m, n], Structure::General);
    let x = variable(&mut arena, "x", &[range, n], Structure::General);
    // sum[i](logdet(S[i]))
    let logdet = arena.apply_unary(function("logdet"), &s);
    assert_eq!(arena.axes(logdet.node), &[range]);
    let mut network = Network::new();
    let i = network.wire(range);
    network.factor(&logdet, &[i]);
    let total = arena.contract(network);
    assert!(arena.axes(total.node).is_empty());
    // softmax(W*x[i])
    let mut network = Network::new();
    let (i, a, b) = (network.wire(range), network.wire(m), network.wire(n));
    network.factor(&w, &[a, b]);
    network.factor(&x, &[i, b]);
    network.output(&[i, a]);
    let activation = arena.contract(network);
    let softmax = arena.apply_unary(function("softmax"), &activation);
    assert_eq!(arena.axes(softmax.node), &[range, m]);
    // Its entries add up to one for each member.
    let mut network = Network::new();
    let (i, a) = (network.wire(range), network.wire(m));
    network.factor(&softmax, &[i, a]);
    network.output(&[i]);
    let ones = arena.contract(network);
    assert!(arena.is_ones(ones.node) && ones.coefficient.is_one());
    // A double sum over one family: sum[i](sum[j](x[i]'*x[j])) is the squared norm of sum[i](x[i]).
    let mut network = Network::new();
    let (i, j, a) = (network.wire(range), network.wire(range), network.wire(n));
    network.factor(&x, &[i, a]);
    network.factor(&x, &[j, a]);
    let double = arena.contract(network);
    let mut network = Network::new();
    let (i, a) = (network.wire(range), network.wire(n));
    network.factor(&x, &[i, a]);
    network.output(&[a]);
    let total = arena.contract(network);
    let mut network = Network::new();
    let a = network.wire(n);
    network.factor(&total, &[a]);
    network.factor(&total, &[a]);
    let squared = arena.contract(network);
    let world = World { sizes: vec![3, 2, 4], seed: 7 };
    let (one, other) = (world.value(&arena, &double), world.value(&arena, &squared));
    assert_close(&one, &other, "a double sum over one family");
    for value in [&double, &softmax, &logdet] {
        assert!(world.value(&arena, value).data.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn softmax_and_sigmoid_are_recognised() {
    let (mut arena, d) = arena(&["n"]);
    let n = d[0];
    let x = variable(&mut arena, "x", &[n], Structure::General);
    let exp = arena.apply_unary(function("exp"), &x);
    let total = {
        let mut inner = Network::new();
        let k = inner.wire(n);
        inner.factor(&exp, &[k]);
        arena.contract(inner)
    };
    let mut quotient = Network::new();
    let k = quotient.wire(n);
    quotient.factor(&exp, &[k]);
    quotient.power(&mut arena, &total, &Rational::MINUS_ONE, &[]);
    quotient.output(&[k]);
    let softmax = arena.contract(quotient);
    assert_eq!(softmax, arena.apply_unary(function("softmax"), &x));
    let minus = x.times(&Rational::MINUS_ONE);
    let decaying = arena.apply_unary(function("exp"), &minus);
    let ones = arena.ones(&[n]);
    let denominator = arena.sum(&[ones, decaying], &[n]);
    let sigmoid = arena.power(&denominator, &Rational::MINUS_ONE);
    assert_eq!(sigmoid, arena.apply_unary(function("sigmoid"), &x));
}
