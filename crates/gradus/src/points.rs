//! Derivatives at a point: variables have values, which may have variables of their own.
//!
//! Must not know how a derivative is formed. It is formed in general; then each variable is replaced in
//! its network, and the constructors simplify what comes of it.

use std::collections::HashSet;

use gradus_calculus::conjugate_leaf;
use gradus_diagnostics::{Class, Diagnostic, Error};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::{Operation, TypedId, TypedNode, TypedTree, Variable, VariableId};
use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format, Left, Subject};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_notation::tree::Page;
use gradus_tensor::{Arena, Dimensions, Node, NodeId, Rational, Scaled, Structure};
use gradus_verify::{Expression, Settings, check_equal};

use crate::domains::Demand;
use crate::failure::Result;
use crate::found::Found;
use crate::structures;
use crate::text::Texts;
use crate::verification::{Verdict, Verification};

/// The nodes of variables with their values at the point.
pub(crate) struct Points {
    replaced: Vec<(NodeId, Scaled)>,
    /// What the user wrote, for messages.
    text: String,
}

impl Points {
    /// Reads the point of a program; `value` gives the node of a variable.
    ///
    /// # Errors
    /// A value has not the structure of its variable, or is not seen to have it.
    pub(crate) fn of(
        lowered: &mut Lowered,
        (texts, program): (&Texts, &Program),
        value: impl Fn(&mut Lowered, VariableId) -> Value,
    ) -> Result<Self> {
        let mut replaced = Vec::new();
        let mut written: Vec<&str> = Vec::new();
        for (at, (variable, root)) in program.points.iter().enumerate() {
            written.push(texts.point_text(at));
            let fits =
                stays(program, *root).and_then(|()| has_structure(program, *variable, *root));
            fits.map_err(|error| texts.failure(error))?;
            let Some(point) = lowered.results.get(at + 1).map(|value| value.scaled.clone()) else {
                continue;
            };
            let whole = value(lowered, *variable);
            if program.tree.variable(*variable).complex
                && let Some(leaf) = conjugate_leaf(&mut lowered.arena, &whole)
            {
                replaced.push((leaf.scaled.node, lowered.arena.conjugate(&point)));
            }
            replaced.push((whole.scaled.node, point));
        }
        Ok(Self { replaced, text: written.join(", ") })
    }

    /// Formulas at the point.
    ///
    /// # Errors
    /// They divide by zero there.
    pub(crate) fn apply<'a>(
        &self,
        lowered: &mut Lowered,
        formulas: impl IntoIterator<Item = &'a mut Found>,
    ) -> std::result::Result<(), Error> {
        if self.replaced.is_empty() {
            return Ok(());
        }
        for found in formulas {
            for value in std::iter::once(&mut found.goal.value).chain(found.tensor.as_mut()) {
                *value = self.at(lowered, value).ok_or_else(|| singular(&self.text))?;
            }
        }
        Ok(())
    }

    /// The function at the point.
    pub(crate) fn of_function(&self, lowered: &mut Lowered, value: &Scaled) -> Option<Scaled> {
        self.at(lowered, value)
    }

    /// What the function demands of its arguments, there.
    pub(crate) fn move_demands(&self, lowered: &mut Lowered, demands: &mut [Demand]) {
        if self.replaced.is_empty() {
            return;
        }
        for argument in demands.iter_mut().flat_map(|demand| &mut demand.arguments) {
            if let Some(value) = self.at(lowered, &Scaled::one(*argument)) {
                *argument = value.node;
            }
        }
    }

    /// A value at the point. Literals are multiplied out where that gives numbers; beside variables
    /// they stay whole.
    fn at(&self, lowered: &mut Lowered, value: &Scaled) -> Option<Scaled> {
        let arena = &mut lowered.arena;
        let plain = arena.at_point(value, &self.replaced)?;
        if !has_symbols(arena, plain.node) {
            return Some(plain);
        }
        let literals: Vec<NodeId> = self
            .replaced
            .iter()
            .map(|(_, point)| point.node)
            .filter(|node| {
                let is_sum = matches!(arena.node(*node), Node::Sum(sum) if !sum.terms.is_empty());
                is_sum && !has_symbols(arena, *node)
            })
            .collect();
        if literals.is_empty() {
            return Some(plain);
        }
        for node in literals {
            arena.set_boundary(node);
        }
        arena.at_point(value, &self.replaced)
    }
}

/// Whether a variable stands in a network.
fn has_symbols(arena: &Arena, root: NodeId) -> bool {
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if matches!(arena.node(node), Node::Symbol(_)) {
            return true;
        }
        open.extend(arena.node(node).children().filter(|child| seen.insert(*child)));
    }
    false
}

fn singular(text: &str) -> Error {
    let message = format!("there is no derivative at {text}: it divides by zero");
    let error = Diagnostic::bad_input("point", message);
    error.hint("the derivative where it is: without --at").into()
}

/// Refuses an answer at a point that was not verified there: the function may have no derivative.
pub(crate) fn refusal(program: &Program, verification: &Verification) -> Option<Diagnostic> {
    if program.points.is_empty() || verification.verdict != Verdict::Undecided {
        return None;
    }
    let message = format!("the derivative at this point is not verified: {}", verification.reason);
    let error = Diagnostic::new(Class::Unsupported, "point", message);
    Some(error.hint("the derivative where it is: without --at"))
}

/// Refuses a point in which a differential stands, or the direction of the derivative: what varies does
/// not say where.
fn stays(program: &Program, root: TypedId) -> std::result::Result<(), Error> {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        let node = program.tree.node(id);
        if let Operation::Variable(variable) = node.operation {
            let variable = program.tree.variable(variable);
            if variable.differential_of.is_some() {
                let message = format!("`{}` stands in a point and varies", variable.name);
                let error = Diagnostic::bad_input("point", message).label(node.span, "here");
                return Err(error.hint("a point has other names than directions").into());
            }
        }
        program.tree.children(id, |child| open.push(child));
    }
    Ok(())
}

/// Refuses values that have not the structure of their variable, for it was relied on.
fn has_structure(
    program: &Program,
    id: VariableId,
    root: TypedId,
) -> std::result::Result<(), Error> {
    let variable = program.tree.variable(id);
    let mut tree = program.tree.clone();
    for (left, right, what) in demands(&mut tree, variable, root) {
        let sides = [left, right].map(|root| Expression { tree: &tree, root });
        let verdict = check_equal(&sides, &Settings::default());
        if verdict.is_verified() {
            continue;
        }
        let name = &variable.name;
        let span = program.tree.node(root).span;
        let error = match verdict.is_refuted() {
            true => Diagnostic::bad_input("point", format!("the point of `{name}` is not {what}")),
            false => Diagnostic::new(
                Class::Unsupported,
                "point",
                format!("the point of `{name}` is not seen to be {what}"),
            ),
        };
        let error = error.label(span, "this point");
        return Err(error.hint(format!("`{name}` is declared {what}")).into());
    }
    Ok(())
}

/// Equations that hold of a value with the structure of a variable, with the word for what they say.
fn demands(
    tree: &mut TypedTree,
    variable: &Variable,
    root: TypedId,
) -> Vec<(TypedId, TypedId, &'static str)> {
    let mut builder = Builder { tree, root };
    let mut found = Vec::new();
    let structure =
        if variable.shape.is_scalar() { Structure::General } else { variable.structure };
    let word = structures::name(structure).unwrap_or_default();
    let identity = |builder: &mut Builder<'_>| builder.node(Operation::Identity);
    match structure {
        Structure::General => {}
        Structure::Symmetric => found.push((root, builder.node(Operation::Transpose(root)), word)),
        Structure::Skew => {
            let transpose = builder.node(Operation::Transpose(root));
            found.push((root, builder.node(Operation::Negate(transpose)), word));
        }
        Structure::Hermitian => {
            found.push((root, builder.node(Operation::ConjugateTranspose(root)), word));
        }
        Structure::Orthogonal | Structure::Unitary => {
            let transpose = builder.node(Operation::ConjugateTranspose(root));
            let product = builder.node(Operation::Multiply(transpose, root));
            found.push((product, identity(&mut builder), word));
        }
        Structure::Diagonal => {
            let identity = identity(&mut builder);
            found.push((root, builder.node(Operation::Hadamard(root, identity)), word));
        }
        Structure::LowerTriangular => found.extend(builder.call("tril").map(|it| (root, it, word))),
        Structure::UpperTriangular => found.extend(builder.call("triu").map(|it| (root, it, word))),
        Structure::PositiveDefinite => {
            if let Some(factor) = builder.call("cholesky") {
                let transpose = builder.node(Operation::Transpose(factor));
                found.push((root, builder.node(Operation::Multiply(factor, transpose)), word));
            }
        }
        Structure::OneHot | Structure::Simplex => {
            if let Some(sum) = builder.scalar_call("sum") {
                found.push((sum, builder.one(), word));
            }
            if structure == Structure::OneHot {
                found.push((root, builder.node(Operation::Hadamard(root, root)), word));
            } else {
                found.extend(builder.call("abs").map(|it| (root, it, word)));
            }
        }
    }
    if variable.positive {
        found.extend(builder.call("abs").map(|it| (root, it, "positive")));
    }
    if !variable.complex {
        // A real variable has no complex value.
        let node = Operation::ConjugateTranspose(root);
        if builder.tree.variables.iter().any(|variable| variable.complex) {
            let conjugate = builder.turned(node);
            let plain = builder.turned(Operation::Transpose(root));
            found.push((conjugate, plain, "real"));
        }
    }
    found
}

/// Nodes that are made of a value.
struct Builder<'t> {
    tree: &'t mut TypedTree,
    root: TypedId,
}

impl Builder<'_> {
    /// A node with the shape of the value, which is square where that matters.
    fn node(&mut self, operation: Operation) -> TypedId {
        let own = self.tree.node(self.root).clone();
        self.push(TypedNode { operation, ..own })
    }

    fn turned(&mut self, operation: Operation) -> TypedId {
        let own = self.tree.node(self.root).clone();
        self.push(TypedNode { operation, shape: own.shape.transposed(), span: own.span })
    }

    fn push(&mut self, node: TypedNode) -> TypedId {
        let id = TypedId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        self.tree.nodes.push(node);
        id
    }

    fn call(&mut self, name: &str) -> Option<TypedId> {
        let function = book().lookup(name)?;
        let arguments = vec![self.root];
        Some(self.node(Operation::Call { function, arguments, sizes: Vec::new() }))
    }

    fn scalar_call(&mut self, name: &str) -> Option<TypedId> {
        let id = self.call(name)?;
        let one = Dimensions::ONE;
        self.tree.nodes[id.0 as usize].shape =
            gradus_elaborate::typed::Shape { rows: one, columns: one };
        Some(id)
    }

    fn one(&mut self) -> TypedId {
        let span = self.tree.node(self.root).span;
        let shape = gradus_elaborate::typed::Shape::SCALAR;
        self.push(TypedNode { operation: Operation::Number(Rational::ONE), shape, span })
    }
}

/// The formulas of the values at the point.
pub(crate) fn formulas(
    lowered: &Lowered,
    program: &Program,
    options: &RaiseOptions,
) -> std::result::Result<Option<(NotationTree, Page)>, Error> {
    if program.points.is_empty() {
        return Ok(None);
    }
    let goal = |value: &Value| Goal {
        value: value.scaled.clone(),
        rows: value.row_axis(),
        columns: value.column_axis(),
        member: None,
    };
    let goals: Vec<Goal> = lowered.results.iter().skip(1).map(goal).collect();
    Ok(Some(raise(&lowered.arena, &goals, options)?))
}

/// The point as text, such as `x = 0, X = I`.
pub(crate) fn text(
    (tree, page): &(NotationTree, Page),
    subjects: &[Subject<'_>],
    format: Format,
) -> String {
    let mut lines: Vec<print::Line<'_>> = Vec::with_capacity(subjects.len());
    for (subject, right) in subjects.iter().zip(&page.results) {
        lines.push(print::Line { left: Left::Name(*subject), right: *right, note: "" });
    }
    let answer = print::Answer { bindings: &[], lines: &lines, where_word: "where", at: "" };
    let (_, equations) = print::equations(tree, &answer, format);
    let (sign, comma) = match format {
        Format::MathMl => ("<mo form=\"infix\">=</mo>", "<mo separator=\"true\">,</mo>"),
        Format::Source | Format::Unicode | Format::Latex | Format::Typst => (" = ", ", "),
    };
    let each =
        equations.iter().map(|equation| format!("{}{sign}{}", equation.left, equation.right));
    each.collect::<Vec<_>>().join(comma)
}
