//! Sweeps from text: gradients against differentials, and both against differences of values.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../gradus-tensor/tests/support/mod.rs"]
mod support;

use gradus_calculus::{derivatives, differential};
use gradus_elaborate::lower::{Lowered, Value, lower};
use gradus_elaborate::{Options, Source, elaborate};
use gradus_tensor::{Arena, Axes, Network, Rational, Scaled, Structure, Symbol};
use support::{Tensor, World, assert_close};

fn read(text: &str, declarations: &str) -> Lowered {
    let (tree, _) = gradus_syntax::parse(text).into_result().unwrap();
    let (declared, _) = gradus_syntax::parse_declarations(declarations).into_result().unwrap();
    let declarations = [Source::new(declarations, &declared)];
    let options = Options { declarations: &declarations, same_shape: false };
    let program = elaborate(&[Source::new(text, &tree)], &options)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"));
    lower(&program).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn variable(lowered: &mut Lowered, name: &str) -> Value {
    let at = lowered.arena.symbols().iter().position(|symbol| symbol.name == name).unwrap();
    let id = lowered.symbols[at];
    let node = lowered.arena.variable(id);
    let axes: Axes = lowered.arena.axes(node).into();
    let one = gradus_tensor::Dimensions::ONE;
    Value {
        rows: axes.first().map_or(one, |axis| axis.dimension),
        columns: axes.get(1).map_or(one, |axis| axis.dimension),
        ..Value::scalar(Scaled::one(node))
    }
}

fn leaf(arena: &mut Arena, like: &Value) -> Scaled {
    let axes: Axes = arena.axes(like.scaled.node).into();
    let symbol = Symbol {
        name: "tangent".to_owned(),
        axes,
        structure: Structure::General,
        positive: false,
        complex: false,
        differential_of: None,
    };
    let symbol = arena.declare(symbol);
    Scaled::one(arena.variable(symbol))
}

/// `⟨J, dX⟩` over the axes of the variable, as a network.
fn applied(arena: &mut Arena, derivative: &Scaled, tangent: &Scaled) -> Scaled {
    let mut network = Network::new();
    let wires = network.wires(arena, derivative.node);
    let own = wires.len() - arena.axes(tangent.node).len();
    network.factor(derivative, &wires);
    network.factor(tangent, &wires[own..]);
    network.output(&wires[..own]);
    arena.contract(network)
}

fn agrees(text: &str, declarations: &str, by: &str) {
    let mut lowered = read(text, declarations);
    let function = lowered.results[0].clone();
    let x = variable(&mut lowered, by);
    let arena = &mut lowered.arena;
    let tangent = leaf(arena, &x);
    let forward = differential(arena, &function, &[(x.scaled.node, tangent.clone())])
        .unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let world = World { sizes: vec![3, 2, 4, 2, 3], seed: 11 };
    let pushed: Tensor = world.value(arena, &forward);
    if function.is_scalar() || !x.is_scalar() {
        let found = derivatives(
            arena,
            &function,
            std::slice::from_ref(&x),
            gradus_calculus::Stacking::Columns,
            gradus_calculus::Convention::Projected,
        )
        .unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let pulled = applied(arena, &found[0].value, &tangent);
        assert_close(&world.value(arena, &pulled), &pushed, text);
    }
    gradus_tensor::check(arena).unwrap();
    // Against differences of values: the variable moved along the tangent, as a program of its own.
    let step = Rational::new(1, 1 << 20).unwrap();
    let moved = |arena: &mut Arena, sign: i64| {
        let scaled = tangent.times(&step.multiply(&Rational::integer(sign)));
        let axes: Axes = arena.axes(x.scaled.node).into();
        let sum = arena.sum(&[x.scaled.clone(), scaled], &axes);
        substitute(arena, &function.scaled, x.scaled.node, &sum)
    };
    let (up, down) = (moved(arena, 1), moved(arena, -1));
    let (up, down) = (world.value(arena, &up), world.value(arena, &down));
    let rate = up
        .data
        .iter()
        .zip(&down.data)
        .map(|(a, b)| (a - b) / (2.0 * step.to_f64()))
        .collect::<Vec<f64>>();
    for (a, b) in rate.iter().zip(&pushed.data) {
        assert!((a - b).abs() <= 1e-5 * (1.0 + a.abs()), "{text} by {by}: {a} against {b}");
    }
}

/// The value with a node replaced, rebuilt bottom up.
fn substitute(
    arena: &mut Arena,
    value: &Scaled,
    from: gradus_tensor::NodeId,
    to: &Scaled,
) -> Scaled {
    use gradus_tensor::{Node, NodeId};
    let mut images: Vec<Scaled> = Vec::new();
    for at in 0..=value.node.0 {
        let node = NodeId(at);
        let image = if node == from {
            to.clone()
        } else {
            match arena.node(node).clone() {
                Node::Symbol(_) | Node::Constant(_) => Scaled::one(node),
                Node::Sum(sum) => {
                    let terms: Vec<Scaled> = sum
                        .terms
                        .iter()
                        .map(|(coefficient, term)| images[term.0 as usize].times(coefficient))
                        .collect();
                    arena.sum(&terms, &sum.axes)
                }
                Node::Contraction(contraction) => {
                    let mut network = Network::new();
                    let wires: Vec<_> =
                        contraction.axes.iter().map(|axis| network.wire(*axis)).collect();
                    for operand in &contraction.operands {
                        let place: Vec<_> =
                            operand.labels.iter().map(|label| wires[*label as usize]).collect();
                        let image = images[operand.node.0 as usize].clone();
                        network.power(arena, &image, &operand.exponent, &place);
                    }
                    let open: Vec<_> =
                        contraction.output.iter().map(|label| wires[*label as usize]).collect();
                    network.output(&open);
                    arena.contract(network)
                }
                Node::Apply(apply) => {
                    let image = images[apply.arguments[0].node.0 as usize].clone();
                    arena.apply_unary(apply.function, &image)
                }
            }
        };
        images.push(image);
    }
    images[value.node.0 as usize].times(&value.coefficient)
}

#[test]
fn textbook_functions() {
    let square = "X, A, B: matrix(n,n); x, y, w: vector(n)";
    for (text, by) in [
        ("x'*A*x", "x"),
        ("norm2(A*x - y)^2", "x"),
        ("norm2(x)", "x"),
        ("x/norm2(x)", "x"),
        ("(x'*A*x)/(x'*x)", "x"),
        ("exp(-x'*x)*y", "x"),
        ("sum(log(1 + exp(-y.*(X*w))))", "w"),
        ("-y'*log(softmax(A*x))", "A"),
        ("logsumexp(A*x)", "x"),
        ("softmax(A*x)", "x"),
        ("tanh(A*x)", "x"),
        ("tr(A*X'*B*X)", "X"),
        ("logdet(X)", "X"),
        ("det(X)*tr(A*X)", "X"),
        ("tr(inv(X)*A)", "X"),
        ("y'*inv(X + 3*eye)*w", "X"),
        ("vec(A)'*kron(x, y)", "x"),
        ("vec(A)'*vec(X*B)", "X"),
        ("sum(tril(X).*A)", "X"),
        ("diag(x)*y", "x"),
        ("diag(X)'*x", "X"),
        ("sum(rowsum(X).*x) + mean(X)", "X"),
        ("hcat(x, y)*ones(2)", "x"),
        ("sum([x', 1; A, y])", "x"),
        ("sum(exp(sin(X).*A)./(1+X.^2))", "X"),
        ("tr(X^3)", "X"),
        ("normF(X)^3", "X"),
        ("sigmoid(x)'*A*sigmoid(x)", "x"),
    ] {
        agrees(text, square, by);
    }
}

#[test]
fn families() {
    let declared = "x, y: vector(d)[N]; r: scalar[N]; S: matrix(d,d)[N]; c, v: vector(d); \
                    A: matrix(d,d); Q: spd(d)[N]; p: vector(N)";
    for (text, by) in [
        ("sum[i]((x[i] - c)'*A*(x[i] - c))", "x"),
        ("sum[i](r[i]*norm2(x[i] - c)^2)", "r"),
        ("sum[i](r[i]*p[i]*norm2(x[i] - c)^2)", "p"),
        ("sum[i,j](exp(-norm2(x[i] - x[j])^2))", "x"),
        ("sum[i,j](r[i]*r[j]*exp(-norm2(x[i] - x[j])^2))", "r"),
        ("sum[i,j](exp(x[i]'*A*y[j]))", "x"),
        ("sum[i](logdet(S[i]) + c'*inv(S[i])*c)", "S"),
        ("sum[i](c'*inv(S[i] + A)*x[i])", "S"),
        ("sum[i](c'*inv(S[i] + A)*x[i])", "A"),
        ("sum[i](c'*inv(Q[i] + A)*x[i])", "A"),
        ("sum[i](c'*inv(Q[i])*S[i]*Q[i]*v)", "S"),
        ("-sum[i](y[i]'*log(softmax(A*x[i])))", "A"),
        ("sum[i](x[i])'*A*sum[i](r[i]*y[i])", "x"),
        ("sum[i](x[i]*r[i]^2)", "r"),
        ("A*sum[i](tanh(x[i] + c))", "c"),
    ] {
        agrees(text, declared, by);
    }
}

#[test]
fn function_matrices_of_a_scalar() {
    let declared = "t: scalar; A, B: matrix(n,n)";
    for text in [
        "inv(A + t*B)",
        "[t^2, sin(t); exp(t), 1/(2+t)]",
        "inv([2+t^2, sin(t); exp(t), 5])",
        "sin(t)*A*B",
        "det(A + t*B)",
    ] {
        agrees(text, declared, "t");
    }
}

/// Random expressions of each shape, from bytes that proptest shrinks.
struct Grammar<'a>(std::slice::Iter<'a, u8>);

impl Grammar<'_> {
    fn pick(&mut self, count: u8) -> u8 {
        self.0.next().copied().unwrap_or(0) % count
    }

    fn scalar(&mut self, depth: u32) -> String {
        let pick = if depth == 0 { 0 } else { self.pick(6) };
        match pick {
            0 => "s".to_owned(),
            1 => format!("tr({})", self.matrix(depth - 1)),
            2 => format!("({})'*({})", self.vector(depth - 1), self.vector(depth - 1)),
            3 => format!("({})*({})", self.scalar(depth - 1), self.scalar(depth - 1)),
            4 => format!("sin({})", self.scalar(depth - 1)),
            _ => format!("sum({})", self.matrix(depth - 1)),
        }
    }

    fn vector(&mut self, depth: u32) -> String {
        let pick = if depth == 0 { self.pick(2) } else { self.pick(8) };
        match pick {
            0 => "x".to_owned(),
            1 => "y".to_owned(),
            2 => format!("({})*({})", self.matrix(depth - 1), self.vector(depth - 1)),
            3 => format!("({} - {})", self.vector(depth - 1), self.vector(depth - 1)),
            4 => format!("({}).*({})", self.vector(depth - 1), self.vector(depth - 1)),
            5 => format!("tanh({})", self.vector(depth - 1)),
            6 => format!("softmax({})", self.vector(depth - 1)),
            _ => format!("diag({})", self.matrix(depth - 1)),
        }
    }

    fn matrix(&mut self, depth: u32) -> String {
        let pick = if depth == 0 { self.pick(2) } else { self.pick(8) };
        match pick {
            0 => "A".to_owned(),
            1 => "X".to_owned(),
            2 => format!("({})*({})", self.matrix(depth - 1), self.matrix(depth - 1)),
            3 => format!("({})'", self.matrix(depth - 1)),
            4 => format!("({} + {})", self.matrix(depth - 1), self.matrix(depth - 1)),
            5 => format!("({})*({})'", self.vector(depth - 1), self.vector(depth - 1)),
            6 => format!("({}).*({})", self.matrix(depth - 1), self.matrix(depth - 1)),
            _ => format!("sigmoid({})", self.matrix(depth - 1)),
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, ..Default::default() })]
    #[test]
    fn the_adjoint_is_the_transpose_of_the_differential(bytes in proptest::collection::vec(0u8.., 4..60)) {
        let declared = "A, X: matrix(n,n); x, y: vector(n); s: scalar";
        let mut grammar = Grammar(bytes.iter());
        let text = match grammar.pick(2) {
            0 => grammar.scalar(3),
            _ => grammar.vector(3),
        };
        agrees(&text, declared, "x");
        if text.starts_with(['s', '(', 't']) && read(&text, declared).results[0].is_scalar() {
            agrees(&text, declared, "X");
        }
    }
}
