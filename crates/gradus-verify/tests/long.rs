//! Long programs: no recursion, linear time, explicit limits.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Instant;

use gradus_diagnostics::Span;
use gradus_elaborate::typed::{
    Nature, Operation, Shape, TypedId, TypedNode, TypedTree, Variable, VariableId,
};
use gradus_tensor::{DimensionId, Dimensions, Rational, Structure};
use gradus_verify::{
    Claim, Claims, Expression, Form, Layout, Settings, Verdict, check_derivative, check_equal,
};

struct Builder {
    tree: TypedTree,
    n: DimensionId,
}

impl Builder {
    fn new() -> Self {
        let mut tree = TypedTree::default();
        let n = tree.dimensions.named("n");
        Self { tree, n }
    }

    fn vector(&self) -> Shape {
        Shape { rows: self.n, columns: Dimensions::ONE }
    }

    fn square(&self) -> Shape {
        Shape { rows: self.n, columns: self.n }
    }

    fn add(&mut self, operation: Operation, shape: Shape) -> TypedId {
        self.tree.nodes.push(TypedNode { operation, shape, span: Span::new(0, 0) });
        TypedId(u32::try_from(self.tree.nodes.len() - 1).unwrap())
    }

    fn variable(&mut self, name: &str, shape: Shape) -> TypedId {
        self.tree.variables.push(Variable {
            name: name.to_owned(),
            nature: Nature::Array,
            shape,
            family: Vec::new(),
            structure: Structure::General,
            positive: false,
            complex: false,
            declared: true,
            differential_of: None,
            span: Span::new(0, 0),
        });
        let id = VariableId(u32::try_from(self.tree.variables.len() - 1).unwrap());
        self.add(Operation::Variable(id), shape)
    }
}

/// `h = W1*x; h = W2*h + h; …; sum(h)` with the gradients by every weight as one program.
fn network(layers: usize) -> (TypedTree, TypedId, Vec<Claim>) {
    let mut build = Builder::new();
    let (vector, square) = (build.vector(), build.square());
    let row = vector.transposed();
    let mut state = build.variable("x", vector);
    let (mut states, mut weights) = (vec![state], Vec::new());
    for layer in 0..layers {
        let weight = build.variable(&format!("W{layer}"), square);
        let product = build.add(Operation::Multiply(weight, state), vector);
        let moved = build.add(Operation::Add(product, state), vector);
        state = build.add(Operation::Binding { name: format!("h{layer}"), value: moved }, vector);
        states.push(state);
        weights.push(weight);
    }
    let one = build.add(Operation::Number(Rational::ONE), Shape::SCALAR);
    let ones = build.add(Operation::Fill(one), vector);
    let turned = build.add(Operation::Transpose(ones), row);
    let result = build.add(Operation::Multiply(turned, state), Shape::SCALAR);
    let mut adjoint = ones;
    let mut claims = Vec::new();
    for layer in (0..layers).rev() {
        let input = build.add(Operation::Transpose(states[layer]), row);
        let gradient = build.add(Operation::Multiply(adjoint, input), square);
        claims.push(Claim { wrt: vec![format!("W{layer}")], root: gradient, parts: Vec::new() });
        let weight = build.add(Operation::Transpose(weights[layer]), square);
        let back = build.add(Operation::Multiply(weight, adjoint), vector);
        adjoint = build.add(Operation::Add(back, adjoint), vector);
    }
    claims.push(Claim { wrt: vec!["x".to_owned()], root: adjoint, parts: Vec::new() });
    (build.tree, result, claims)
}

fn check(layers: usize) -> (Verdict, f64) {
    let (tree, root, claims) = network(layers);
    let function = Expression { tree: &tree, root };
    let form = Form::Array(Layout::Mixed);
    let start = Instant::now();
    let verdict = check_derivative(
        &Claims {
            function,
            tree: &tree,
            claims: &claims,
            form,
            stacking: gradus_verify::Stacking::Columns,
            convention: gradus_verify::Convention::Projected,
            order: 1,
        },
        &Settings::default(),
    );
    (verdict, start.elapsed().as_secs_f64())
}

#[test]
fn ten_thousand_layers_with_all_gradients() {
    let (verdict, short) = check(1_000);
    assert_eq!(verdict.name(), "proved", "{verdict}");
    let (verdict, long) = check(10_000);
    assert_eq!(verdict.name(), "proved", "{verdict}");
    println!("1000 layers: {short:.3} s, 10000 layers: {long:.3} s");
    assert!(long < 40.0 * short.max(0.01), "{short} {long}");
}

#[test]
fn a_wrong_gradient_among_many_is_refuted() {
    let (mut tree, root, mut claims) = network(500);
    let claim = claims[321].root;
    let shape = tree.shape(claim);
    tree.nodes.push(TypedNode {
        operation: Operation::Negate(claim),
        shape,
        span: Span::new(0, 0),
    });
    claims[321].root = TypedId(u32::try_from(tree.nodes.len() - 1).unwrap());
    let function = Expression { tree: &tree, root };
    let form = Form::Array(Layout::Mixed);
    let verdict = check_derivative(
        &Claims {
            function,
            tree: &tree,
            claims: &claims,
            form,
            stacking: gradus_verify::Stacking::Columns,
            convention: gradus_verify::Convention::Projected,
            order: 1,
        },
        &Settings::default(),
    );
    assert!(verdict.is_refuted(), "{verdict:?}");
}

#[test]
fn a_chain_of_a_million_nodes() {
    let mut build = Builder::new();
    let vector = build.vector();
    let mut value = build.variable("x", vector);
    for _ in 0..1_000_000 {
        value = build.add(Operation::Negate(value), vector);
    }
    let settings = Settings { entries: 1 << 24, ..Settings::default() };
    let sides = [TypedId(0), value].map(|root| Expression { tree: &build.tree, root });
    assert_eq!(check_equal(&sides, &settings).name(), "proved");
}

#[test]
fn limits_are_told() {
    let mut build = Builder::new();
    let square = build.square();
    let matrix = build.variable("X", square);
    let mut value = matrix;
    for _ in 0..1000 {
        value = build.add(Operation::Multiply(value, matrix), square);
    }
    let sides = [value, value].map(|root| Expression { tree: &build.tree, root });
    let told = |settings: Settings| match check_equal(&sides, &settings) {
        Verdict::Undecided { reason } => reason,
        verdict => panic!("{verdict}"),
    };
    assert!(told(Settings { entries: 100, ..Settings::default() }).contains("limit"));
    assert!(told(Settings { work: 100, ..Settings::default() }).contains("limit"));
}

#[test]
fn damaged_trees_are_refused() {
    let mut build = Builder::new();
    let (vector, square) = (build.vector(), build.square());
    let x = build.variable("x", vector);
    let wrong = build.add(Operation::Multiply(x, x), square);
    let own = build.add(Operation::Negate(TypedId(7)), vector);
    for root in [wrong, own, TypedId(99)] {
        let verdict =
            check_equal(&[Expression { tree: &build.tree, root }; 2], &Settings::default());
        assert!(matches!(verdict, Verdict::Undecided { .. }), "{verdict}");
    }
}
