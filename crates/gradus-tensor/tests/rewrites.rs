//! Every simplification is exact: a random network has the value of its factors multiplied out.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use gradus_tensor::{Arena, Axis, Network, Node, Rational, Scaled, Structure, Wire};
use proptest::prelude::*;
use support::{World, arena, assert_close, function, variable};

/// Draws from a list of bytes, which proptest shrinks.
struct Draw<'a>(std::slice::Iter<'a, u8>);

impl Draw<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % limit.max(1)
    }
}

struct Pool {
    nodes: Vec<Scaled>,
}

fn leaves(arena: &mut Arena, d: &[Axis]) -> Pool {
    let (m, n) = (d[0], d[1]);
    let mut nodes = Vec::new();
    for (name, axes, structure) in [
        ("A", vec![n, n], Structure::General),
        ("S", vec![n, n], Structure::Symmetric),
        ("M", vec![m, n], Structure::General),
        ("x", vec![n], Structure::General),
        ("y", vec![m], Structure::General),
        ("h", vec![n], Structure::OneHot),
        ("s", vec![], Structure::General),
    ] {
        nodes.push(variable(arena, name, &axes, structure));
    }
    Pool { nodes }
}

/// A product of two or three random nodes on random wires, with random open wires.
fn product(arena: &mut Arena, pool: &Pool, draw: &mut Draw<'_>, d: &[Axis]) -> Network {
    let mut network = Network::new();
    let wires: Vec<Wire> = (0..4).map(|at| network.wire(d[at % 2])).collect();
    for _ in 0..2 + draw.below(2) {
        let node = pool.nodes[draw.below(pool.nodes.len())].clone();
        let axes: Vec<Axis> = arena.axes(node.node).to_vec();
        let place: Vec<Wire> = axes
            .iter()
            .map(|axis| {
                let pick = draw.below(2);
                if *axis == d[0] { wires[2 * pick] } else { wires[2 * pick + 1] }
            })
            .collect();
        let exponent = [1, 1, 1, 2, -1][draw.below(5)];
        network.power(arena, &node, &Rational::integer(exponent), &place);
    }
    let open: Vec<Wire> = (0..draw.below(3)).map(|_| wires[draw.below(4)]).collect();
    network.output(&open);
    network
}

fn step(arena: &mut Arena, pool: &mut Pool, draw: &mut Draw<'_>, d: &[Axis], world: &World) {
    match draw.below(5) {
        0 => {
            let at = draw.below(pool.nodes.len());
            let axes: Vec<Axis> = arena.axes(pool.nodes[at].node).to_vec();
            let same: Vec<Scaled> = pool
                .nodes
                .iter()
                .filter(|node| arena.axes(node.node) == axes.as_slice())
                .cloned()
                .collect();
            let other = same[draw.below(same.len())].times(&Rational::integer(-2));
            let sum = arena.sum(&[pool.nodes[at].clone(), other.clone()], &axes);
            let (a, b) = (world.value(arena, &pool.nodes[at]), world.value(arena, &other));
            let expected = support::Tensor {
                data: a.data.iter().zip(&b.data).map(|(x, y)| x + y).collect(),
                ..a
            };
            assert_close(&world.value(arena, &sum), &expected, "sum");
            pool.nodes.push(sum);
        }
        1 => {
            let name = ["exp", "sin", "sigmoid", "tanh", "softplus", "abs"][draw.below(6)];
            let at = draw.below(pool.nodes.len());
            let argument = pool.nodes[at].clone();
            let value = arena.apply_unary(function(name), &argument);
            let gradus_tensor::FunctionRef::Book(id) = function(name) else { return };
            let gradus_functions::Numeric::Elementwise(f) =
                gradus_functions::book().get(id).numeric
            else {
                return;
            };
            let inner = world.value(arena, &argument);
            let expected =
                support::Tensor { data: inner.data.iter().map(|x| f(*x)).collect(), ..inner };
            if expected.data.iter().all(|x| x.abs() < 1e6) {
                assert_close(&world.value(arena, &value), &expected, name);
                pool.nodes.push(value);
            }
        }
        _ => {
            let network = product(arena, pool, draw, d);
            let (factor, reference) = network.uncontracted(arena).unwrap();
            let value = arena.contract(network);
            let mut expected =
                world.contraction(arena, &reference, &mut std::collections::HashMap::new());
            expected.data.iter_mut().for_each(|x| *x *= factor.to_f64());
            let usable = expected.data.iter().all(|x| x.is_finite() && x.abs() < 1e6);
            if usable && !matches!(arena.node(value.node), Node::Constant(_)) {
                assert_close(&world.value(arena, &value), &expected, "product");
                if arena.axes(value.node).len() <= 2 {
                    pool.nodes.push(value);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn constructors_keep_values(bytes in prop::collection::vec(any::<u8>(), 60..160), seed in 1u64..1000) {
        let (mut arena, d) = arena(&["m", "n"]);
        let world = World { sizes: vec![2, 3], seed };
        let mut pool = leaves(&mut arena, &d);
        let mut draw = Draw(bytes.iter());
        while draw.0.len() > 0 {
            step(&mut arena, &mut pool, &mut draw, &d, &world);
        }
        prop_assert_eq!(gradus_tensor::check(&arena), Ok(()));
    }

    #[test]
    fn equal_networks_are_equal_nodes(bytes in prop::collection::vec(any::<u8>(), 40..80)) {
        let (mut arena, d) = arena(&["m", "n"]);
        let pool = leaves(&mut arena, &d);
        let mut draw = Draw(bytes.iter());
        let network = product(&mut arena, &pool, &mut draw, &d);
        let value = arena.contract(network.clone());
        let shuffled = network.reordered(draw.below(7) + 1);
        prop_assert_eq!(arena.contract(shuffled), value);
    }
}
