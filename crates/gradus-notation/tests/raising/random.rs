//! Random networks: products of variables, constants and earlier values, sums and functions of them.

use gradus_functions::book;
use gradus_tensor::{
    Arena, Axes, Axis, Constant, DimensionId, Dimensions, FunctionRef, Network, Node, NodeFacts,
    Rational, Scaled, Structure, Symbol, SymbolId, Wire,
};

pub struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % bound
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The variables that are declared as rows: those whose names begin with `r`.
pub fn rows(arena: &Arena) -> Vec<SymbolId> {
    (0..arena.symbols().len())
        .map(|at| SymbolId(u32::try_from(at).unwrap()))
        .filter(|id| arena.symbol(*id).name.starts_with('r') && arena.symbol(*id).axes.len() == 1)
        .collect()
}

pub fn symbol(
    arena: &mut Arena,
    name: &str,
    dimensions: &[DimensionId],
    structure: Structure,
) -> Scaled {
    let axes: Axes = dimensions.iter().map(|dimension| Axis::new(*dimension)).collect();
    let id = arena.declare(Symbol {
        name: name.to_owned(),
        axes,
        structure,
        positive: true,
        complex: false,
        differential_of: None,
    });
    Scaled::one(arena.variable(id))
}

pub fn arena() -> Arena {
    Arena::new(Dimensions::new(), book(), 1 << 20)
}

/// Values of several orders to choose from.
struct Pool {
    arena: Arena,
    values: Vec<Scaled>,
    source: Source,
}

/// A random value of at most a few layers.
pub fn network(seed: u64) -> (Arena, Scaled) {
    let mut arena = arena();
    let names = ["m", "n", "k"];
    let dimensions: Vec<DimensionId> =
        names.iter().map(|name| arena.dimensions.named(name)).collect();
    let [m, n, k] = [dimensions[0], dimensions[1], dimensions[2]];
    let mut values = Vec::new();
    for (name, axes) in [
        ("a", &[][..]),
        ("b", &[]),
        ("x", &[m]),
        ("y", &[m]),
        ("u", &[n]),
        ("rv", &[n]),
        ("w", &[k]),
        ("A", &[m, n]),
        ("B", &[m, n]),
        ("C", &[n, k]),
        ("D", &[k, m]),
        ("E", &[m, m]),
        ("F", &[n, n]),
    ] {
        values.push(symbol(&mut arena, name, axes, Structure::General));
    }
    values.push(symbol(&mut arena, "S", &[m, m], Structure::Symmetric));
    values.push(symbol(&mut arena, "R", &[n, n], Structure::Symmetric));
    let mut pool = Pool { arena, values, source: Source::new(seed) };
    pool.constants(m, n);
    for layer in 0..1 + pool.source.below(4) {
        let value = pool.step();
        if pool.arena.axes(value.node).len() <= 2 {
            let node = value.node;
            if pool.source.chance(20) {
                let name = if pool.source.chance(50) { "y" } else { "Y" };
                pool.arena.set_name(node, &format!("{name}{layer}"));
            } else if pool.source.chance(20) {
                pool.arena.set_boundary(node);
            }
        }
        pool.values.push(value);
    }
    let last = pool.step();
    (pool.arena, last)
}

impl Pool {
    fn constants(&mut self, m: DimensionId, n: DimensionId) {
        let pair = self.arena.dimensions.multiply(m, n);
        let total = self.arena.dimensions.add(m, n);
        let zero = self.arena.dimensions.number(Rational::ZERO);
        let one = Dimensions::ONE;
        let half = {
            let next = self.arena.dimensions.add(n, one);
            let double = self.arena.dimensions.multiply(n, next);
            let polynomial = self.arena.dimensions.polynomial(double).clone();
            self.arena.dimensions.intern(polynomial.scale(&Rational::new(1, 2).unwrap()))
        };
        for (constant, axes) in [
            (Constant::Fusion { rows: m, columns: n }, vec![pair, m, n]),
            (Constant::Fusion { rows: n, columns: m }, vec![pair, n, m]),
            (Constant::Packing { size: n, symmetric: false }, vec![half, n, n]),
            (Constant::Packing { size: n, symmetric: true }, vec![half, n, n]),
            (Constant::Selection { total, offset: zero, length: m }, vec![total, m]),
            (Constant::Selection { total, offset: m, length: n }, vec![total, n]),
            (Constant::Selection { total: n, offset: one, length: one }, vec![n]),
            (Constant::Triangle { rows: m, columns: m, lower: true }, vec![m, m]),
            (Constant::Triangle { rows: m, columns: n, lower: false }, vec![m, n]),
        ] {
            if self.source.chance(15) {
                let axes: Axes = axes.into_iter().map(Axis::new).collect();
                let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
                let node = self.arena.insert(Node::Constant(constant), axes, facts);
                self.values.push(Scaled::one(node));
            }
        }
    }

    fn pick(&mut self) -> Scaled {
        let count = self.values.len();
        // Later values more often, so that layers build on each other.
        let at = if self.source.chance(40) && count > 6 {
            count - 1 - self.source.below(6)
        } else {
            self.source.below(count)
        };
        self.values[at].clone()
    }

    fn step(&mut self) -> Scaled {
        match self.source.below(10) {
            0..=5 => self.product(),
            6..=7 => self.sum(),
            _ => self.function(),
        }
    }

    fn product(&mut self) -> Scaled {
        let mut network = Network::new();
        let mut wires: Vec<(Wire, DimensionId)> = Vec::new();
        for _ in 0..1 + self.source.below(5) {
            let value = self.pick();
            let axes: Vec<Axis> = self.arena.axes(value.node).to_vec();
            let mut places = Vec::new();
            for axis in axes {
                let fitting: Vec<Wire> = wires
                    .iter()
                    .filter(|(_, dimension)| *dimension == axis.dimension)
                    .map(|(wire, _)| *wire)
                    .collect();
                let wire = if fitting.is_empty() || self.source.chance(35) {
                    let wire = network.wire(axis);
                    wires.push((wire, axis.dimension));
                    wire
                } else {
                    fitting[self.source.below(fitting.len())]
                };
                places.push(wire);
            }
            let exponent = match self.source.below(12) {
                0 => Rational::integer(2),
                1 => Rational::integer(-1),
                2 => Rational::new(1, 2).unwrap(),
                3 => Rational::integer(3),
                _ => Rational::ONE,
            };
            let constant = matches!(self.arena.node(value.node), Node::Constant(_));
            if exponent.is_one() || constant {
                network.factor(&value, &places);
            } else {
                network.power(&mut self.arena, &value, &exponent, &places);
            }
        }
        let mut output: Vec<Wire> = Vec::new();
        for _ in 0..self.source.below(3) {
            if !wires.is_empty() {
                output.push(wires[self.source.below(wires.len())].0);
            }
        }
        network.output(&output);
        self.arena.contract(network)
    }

    fn sum(&mut self) -> Scaled {
        let first = if self.source.chance(60) { self.product() } else { self.pick() };
        let axes: Axes = self.arena.axes(first.node).into();
        let mut terms = vec![first];
        let alike: Vec<Scaled> = self
            .values
            .iter()
            .filter(|value| self.arena.axes(value.node) == axes.as_slice())
            .cloned()
            .collect();
        for _ in 0..40 {
            let other = if self.source.chance(60) || alike.is_empty() {
                self.product()
            } else {
                alike[self.source.below(alike.len())].clone()
            };
            let factor =
                Rational::new(self.source.below(5) as i64 - 2, 1 + self.source.below(2) as i64)
                    .unwrap();
            if self.arena.axes(other.node) == axes.as_slice() {
                terms.push(other.times(&factor));
            } else if axes.len() == 2 && self.arena.axes(other.node) == [axes[1], axes[0]] {
                terms.push(self.arena.transpose(&other).times(&factor));
            }
            if terms.len() > 4 {
                break;
            }
        }
        self.arena.sum(&terms, &axes)
    }

    fn function(&mut self) -> Scaled {
        let value = self.pick();
        let axes: Vec<Axis> = self.arena.axes(value.node).to_vec();
        let names: &[&str] = match axes.len() {
            1 => &["exp", "sin", "softmax", "logsumexp", "sigmoid"],
            2 if axes[0] == axes[1] => &["exp", "cos", "tanh", "inv", "inv"],
            _ => &["exp", "cos", "sigmoid"],
        };
        let name = names[self.source.below(names.len())];
        let function = FunctionRef::Book(book().lookup(name).unwrap());
        self.arena.apply_unary(function, &value)
    }
}
