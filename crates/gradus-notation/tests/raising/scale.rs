//! Deep and wide networks cost linear time and memory.

use gradus_functions::book;
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{FunctionRef, Network, Scaled, Structure};

use crate::random::{arena, symbol};

/// A network of many named layers `h = tanh(W*h)`.
fn layers(count: usize, named: bool) -> (gradus_tensor::Arena, Scaled) {
    let mut arena = arena();
    let n = arena.dimensions.named("n");
    let matrix = symbol(&mut arena, "W", &[n, n], Structure::General);
    let mut hidden = symbol(&mut arena, "x", &[n], Structure::General);
    let tanh = FunctionRef::Book(book().lookup("tanh").unwrap());
    for layer in 0..count {
        let mut network = Network::new();
        let rows = network.wires(&arena, matrix.node);
        network.factor(&matrix, &rows);
        network.factor(&hidden, &rows[1..]);
        network.output(&rows[..1]);
        let product = arena.contract(network);
        hidden = arena.apply_unary(tanh, &product);
        if named {
            arena.set_name(hidden.node, &format!("h{layer}"));
        }
    }
    (arena, hidden)
}

#[test]
fn ten_thousand_named_layers_are_ten_thousand_bindings() {
    let (arena, value) = layers(10_000, true);
    let goal = Goal::upright(&arena, value);
    let (_, page) = raise(&arena, &[goal], &RaiseOptions::default()).unwrap();
    assert_eq!(page.bindings.len(), 10_000);
}

#[test]
fn depth_without_names_is_no_danger() {
    let (arena, value) = layers(10_000, false);
    let goal = Goal::upright(&arena, value);
    let (tree, page) = raise(&arena, &[goal], &RaiseOptions::default()).unwrap();
    assert_eq!(tree.tokens(page.results[0]), 10_000 * 3 + 1);
}
