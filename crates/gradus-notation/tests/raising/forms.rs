//! What raised answers look like.

use gradus_notation::print::source_page;
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{Arena, Axes, Axis, Network, Rational, Scaled, Structure};

use crate::random::{arena, symbol};

fn text(arena: &Arena, value: Scaled) -> String {
    let goal = Goal::upright(arena, value);
    let (tree, page) = raise(arena, &[goal], &RaiseOptions::default()).unwrap();
    source_page(&tree, &page)
}

/// A product by labels: `("A", "ij")` for each factor, and the output.
struct Letters {
    arena: Arena,
    symbols: Vec<(String, Scaled)>,
}

impl Letters {
    fn new(variables: &[(&str, &str)]) -> Self {
        let mut arena = arena();
        let mut symbols = Vec::new();
        for (name, dimensions) in variables {
            let dimensions: Vec<_> = dimensions
                .chars()
                .map(|letter| arena.dimensions.named(&letter.to_string()))
                .collect();
            let structure = if *name == "S" { Structure::Symmetric } else { Structure::General };
            let value = symbol(&mut arena, name, &dimensions, structure);
            symbols.push(((*name).to_owned(), value));
        }
        Self { arena, symbols }
    }

    fn value(&self, name: &str) -> Scaled {
        self.symbols.iter().find(|(other, _)| other == name).unwrap().1.clone()
    }

    fn product(&mut self, factors: &[(&str, &str)], output: &str) -> Scaled {
        let factors: Vec<(Scaled, &str, i64)> =
            factors.iter().map(|(name, labels)| (self.value(name), *labels, 1)).collect();
        self.powers(&factors, output)
    }

    fn powers(&mut self, factors: &[(Scaled, &str, i64)], output: &str) -> Scaled {
        let mut network = Network::new();
        let mut wires: Vec<(char, u32)> = Vec::new();
        for (value, labels, exponent) in factors {
            let axes: Axes = self.arena.axes(value.node).into();
            let places: Vec<u32> = labels
                .chars()
                .zip(axes)
                .map(|(letter, axis)| wire(&mut network, &mut wires, letter, axis))
                .collect();
            let exponent = Rational::integer(*exponent);
            network.power(&mut self.arena, value, &exponent, &places);
        }
        let output: Vec<u32> = output
            .chars()
            .map(|letter| wires.iter().find(|(other, _)| *other == letter).unwrap().1)
            .collect();
        network.output(&output);
        self.arena.contract(network)
    }

    fn text(&self, value: Scaled) -> String {
        text(&self.arena, value)
    }
}

fn wire(network: &mut Network, wires: &mut Vec<(char, u32)>, letter: char, axis: Axis) -> u32 {
    if let Some((_, wire)) = wires.iter().find(|(other, _)| *other == letter) {
        return *wire;
    }
    let wire = network.wire(axis);
    wires.push((letter, wire));
    wire
}

const VARIABLES: &[(&str, &str)] = &[
    ("A", "mn"),
    ("B", "nk"),
    ("C", "mn"),
    ("E", "nn"),
    ("S", "nn"),
    ("x", "n"),
    ("y", "n"),
    ("u", "m"),
    ("v", "k"),
];

/// Factors with their labels, the output, and how the product reads.
type Case<'c> = (&'c [(&'c str, &'c str)], &'c str, &'c str);

#[test]
fn products_read_like_matrix_algebra() {
    let cases: &[Case] = &[
        (&[("A", "ij"), ("B", "jk")], "ik", "A*B"),
        (&[("A", "ij"), ("B", "jk")], "ki", "B'*A'"),
        (&[("A", "ij"), ("x", "j")], "i", "A*x"),
        (&[("A", "ij"), ("u", "i")], "j", "A'*u"),
        (&[("u", "i"), ("A", "ij"), ("x", "j")], "", "u'*A*x"),
        (&[("x", "i"), ("y", "i")], "", "x'*y"),
        (&[("x", "i"), ("x", "i")], "", "x'*x"),
        (&[("x", "i"), ("x", "i")], "i", "x.^2"),
        (&[("A", "ij"), ("A", "ij")], "", "normF(A)^2"),
        (&[("A", "ij"), ("C", "ij")], "", "tr(A'*C)"),
        (&[("E", "ii")], "", "tr(E)"),
        (&[("E", "ii")], "i", "diag(E)"),
        (&[("x", "i")], "ii", "diag(x)"),
        (&[("x", "i"), ("y", "j")], "ij", "x*y'"),
        (&[("A", "ij"), ("C", "ij")], "ij", "A.*C"),
        (&[("A", "ij"), ("C", "ij")], "i", "diag(A*C')"),
        (&[("A", "ij"), ("x", "j"), ("B", "jk")], "ik", "A*diag(x)*B"),
        (&[("u", "i"), ("A", "ij")], "ij", "diag(u)*A"),
        (&[("A", "ij")], "", "sum(A)"),
        (&[("A", "ij")], "i", "A*ones(n)"),
        (&[("x", "i"), ("x", "i"), ("x", "i")], "", "sum(x.^3)"),
        (&[("E", "ij"), ("E", "jk"), ("E", "kl")], "il", "E^3"),
        (&[("S", "ij"), ("x", "i")], "j", "S*x"),
        (&[("A", "ij"), ("S", "jk"), ("A", "lk")], "il", "A*S*A'"),
    ];
    for (factors, output, expected) in cases {
        let mut letters = Letters::new(VARIABLES);
        let value = letters.product(factors, output);
        assert_eq!(letters.text(value), *expected);
    }
}

#[test]
fn a_sum_is_factored_where_that_reads_better() {
    let mut letters = Letters::new(VARIABLES);
    let upright = letters.product(&[("E", "ij"), ("x", "j")], "i");
    let flipped = letters.product(&[("E", "ji"), ("x", "j")], "i");
    let axes: Axes = letters.arena.axes(upright.node).into();
    let gradient = letters.arena.sum(&[upright, flipped], &axes);
    assert_eq!(letters.text(gradient), "(E + E')*x");
}

#[test]
fn a_row_is_a_transposed_column() {
    let mut letters = Letters::new(VARIABLES);
    let value = letters.product(&[("A", "ij"), ("u", "i")], "j");
    let goal = Goal { value, rows: None, columns: Some(0), member: None };
    let (tree, page) = raise(&letters.arena, &[goal], &RaiseOptions::default()).unwrap();
    assert_eq!(source_page(&tree, &page), "u'*A");
}

#[test]
fn norms_are_recognised() {
    let mut letters = Letters::new(VARIABLES);
    let square = letters.product(&[("x", "i"), ("x", "i")], "");
    let root = letters.arena.power(&square, &Rational::new(-3, 2).unwrap());
    let value = letters.powers(&[(letters.value("x"), "i", 1), (root, "", 1)], "i");
    assert_eq!(letters.text(value), "x/norm2(x)^3");
}

#[test]
fn what_repeats_gets_a_name_that_is_free() {
    let mut letters = Letters::new(&[("A", "mn"), ("x", "n"), ("t1", "m"), ("u", "m")]);
    let product = letters.product(&[("A", "ij"), ("x", "j")], "i");
    let axes: Axes = letters.arena.axes(product.node).into();
    let difference = letters.arena.sum(
        &[product, letters.value("u"), letters.value("t1").times(&Rational::integer(-2))],
        &axes,
    );
    let mut apply = |name: &str| {
        let function = gradus_functions::book().lookup(name).unwrap();
        letters.arena.apply_unary(gradus_tensor::FunctionRef::Book(function), &difference)
    };
    let (sine, cosine) = (apply("sin"), apply("exp"));
    let factors = [(sine, "i", 1), (cosine, "i", 1), (difference, "j", 1)];
    let value = letters.powers(&factors, "ij");
    assert_eq!(letters.text(value), "t2 = A*x + u - 2*t1; (sin(t2).*exp(t2))*t2'");
}

#[test]
fn a_complete_graph_on_four_labels_has_no_matrix_form() {
    let mut letters = Letters::new(&[("P", "nn"), ("Q", "nn"), ("T", "nn"), ("U", "nn")]);
    let value = letters.product(
        &[("P", "ij"), ("Q", "jk"), ("T", "ki"), ("U", "il"), ("P", "jl"), ("Q", "kl")],
        "",
    );
    let goal = Goal::upright(&letters.arena, value);
    let error = raise(&letters.arena, &[goal], &RaiseOptions::default()).unwrap_err();
    assert_eq!(error.class, gradus_diagnostics::Class::Unsupported);
    assert!(error.message.contains("no matrix form"));
}
