//! The hypothesis that the chain rule was left half-way: the derivative of an inner part, or that of a
//! function around one, is missing.
//!
//! Must not know the claim's parts. A part of the function is held as a variable of its own, of which is
//! assumed that it has the same value, and the claim is compared with the derivative of what is then asked.

use gradus_elaborate::Program;
use gradus_elaborate::typed::TypedId;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, UnaryOperator};
use gradus_tensor::Structure;

use crate::functions;
use crate::mistake::{Diagnosis, Mistake};
use crate::question::{Derivative, Target};
use crate::surface::{Surface, inlined, plain};
use crate::trial::Trials;

/// At most so many parts of a function are tried.
const MOST_PARTS: usize = 24;

/// The claim as the derivative by a part of the function, or without that of a function in it.
pub(crate) fn forgotten(trials: &Trials<'_>) -> Vec<Diagnosis> {
    tried(trials).unwrap_or_default()
}

fn tried(trials: &Trials<'_>) -> Option<Vec<Diagnosis>> {
    let asked = trials.derivative()?;
    let [variable] = asked.wrt.as_slice() else { return None };
    let names = trials.known();
    let text = inlined(trials.question.text, &names)?;
    let function = Surface::read(&text, &names).ok()?;
    let root = function.root()?;
    let mut parts: Vec<ExprId> = function
        .ids
        .iter()
        .copied()
        .filter(|id| *id != root && is_inner(&function, *id) && holds(&function, *id, variable))
        .collect();
    parts.sort_by_key(|id| std::cmp::Reverse(function.size(*id)));
    parts.truncate(MOST_PARTS);
    let search = Search { trials, asked, function: &function, variable };
    for at in parts.iter().copied().filter(|id| search.occurs_only(*id)) {
        if search.is_by_part(at) == Some(true) {
            return Some(vec![search.diagnosis(Mistake::InnerDerivative, at, "")]);
        }
    }
    let calls = function.ids.iter().copied().filter(|id| holds(&function, *id, variable));
    for (at, name, argument) in calls.filter_map(|id| called(&function, id)).take(MOST_PARTS) {
        if search.is_passed(at, argument) == Some(true) {
            return Some(vec![search.diagnosis(Mistake::FunctionPassed, at, name)]);
        }
    }
    None
}

struct Search<'s, 'a> {
    trials: &'s Trials<'a>,
    asked: &'s Derivative,
    function: &'s Surface,
    variable: &'s str,
}

impl Search<'_, '_> {
    /// A name that nothing has.
    fn free(&self, wish: &str) -> String {
        let mut name = format!("{wish}_");
        while self.trials.names.contains(&name) {
            name.push('_');
        }
        name
    }

    /// The program with a variable that stands for a part of the function.
    fn with_copy(&self, mut program: Program, name: &str, part: &str) -> Option<Program> {
        let read = self.trials.read_in(program.clone(), part).ok()?;
        let shape = read.program.tree.shape(read.root);
        let base = program.tree.variable_named(self.variable)?;
        let id = program.name_direction(name, base).ok()?;
        let copy = program.tree.variables.get_mut(id.0 as usize)?;
        copy.shape = shape;
        copy.structure = Structure::General;
        copy.positive = false;
        copy.differential_of = None;
        copy.family.clear();
        Some(program)
    }

    /// The two sides of an equation between a copy and its part.
    fn equation(
        &self,
        program: Program,
        name: &str,
        part: &str,
    ) -> Option<(Program, [TypedId; 2])> {
        let left = self.trials.read_in(program, name).ok()?;
        let right = self.trials.read_in(left.program, part).ok()?;
        Some((right.program, [left.root, right.root]))
    }

    /// Whether the variable stands in the function inside such parts only.
    fn occurs_only(&self, part: ExprId) -> bool {
        let function = self.function;
        function.names().filter(|(_, name)| *name == self.variable).all(|(id, _)| {
            let mut at = Some(id);
            while let Some(id) = at {
                if function.tree.same_expression(id, &function.tree, part) {
                    return true;
                }
                at = function.parent(id);
            }
            false
        })
    }

    /// Whether the claim is the derivative by a part.
    fn is_by_part(&self, at: ExprId) -> Option<bool> {
        let (function, name) = (self.function, self.free(self.variable));
        let part = function.of(at);
        let program = self.with_copy(self.trials.question.program.clone(), &name, part)?;
        let same = |id: &ExprId| function.tree.same_expression(*id, &function.tree, at);
        let edits: Vec<(ExprId, String)> =
            function.ids.iter().copied().filter(same).map(|id| (id, name.clone())).collect();
        let derivative = Derivative { wrt: vec![name.clone()], ..self.asked.clone() };
        let equations = [(name.as_str(), part)];
        self.is_derivative(program, &function.replaced_all(&edits), &derivative, &equations)
    }

    /// Whether the claim is the derivative where a function is replaced by its argument, but for a constant.
    fn is_passed(&self, at: ExprId, argument: ExprId) -> Option<bool> {
        let function = self.function;
        let (value, start) = (self.free("value"), self.free("start"));
        let (whole, inner) = (function.of(at), function.of(argument));
        let program = self.trials.question.program.clone();
        let program = self.with_copy(program, &value, whole)?;
        let program = self.with_copy(program, &start, inner)?;
        let passed = format!("{value}+({inner})-{start}");
        let equations = [(value.as_str(), whole), (start.as_str(), inner)];
        self.is_derivative(program, &function.replaced(at, &passed), self.asked, &equations)
    }

    fn is_derivative(
        &self,
        program: Program,
        function: &str,
        derivative: &Derivative,
        equations: &[(&str, &str)],
    ) -> Option<bool> {
        let read = self.trials.read_in(program, function).ok()?;
        let mut program = read.program;
        *program.results.first_mut()? = read.root;
        let mut sides = Vec::new();
        for (name, part) in equations {
            let (next, equation) = self.equation(program, name, part)?;
            program = next;
            sides.push(equation);
        }
        let claim = self.trials.read_in(program, self.trials.question.claim).ok()?;
        let target = Target::Derivative(derivative.clone());
        Some(self.trials.meets_assuming(&claim, &target, &sides))
    }

    fn diagnosis(&self, mistake: Mistake, at: ExprId, instead: &str) -> Diagnosis {
        let question = &self.trials.question;
        Diagnosis {
            mistake,
            place: None,
            also: Vec::new(),
            found: plain(self.function.of(at), &self.trials.known()),
            instead: instead.to_owned(),
            repaired: question.expected.unwrap_or(question.claim).to_owned(),
        }
    }
}

/// Whether a part has a derivative of its own to forget: not a variable, its transpose or its negative.
fn is_inner(function: &Surface, id: ExprId) -> bool {
    match *function.expr(id) {
        Expr::Binary(operator, ..) => !matches!(operator, BinaryOperator::Kronecker),
        Expr::Call { derivative: 0, .. } => true,
        Expr::Unary(UnaryOperator::Minus, inner) => is_inner_term(function, inner),
        Expr::Postfix(operator, inner) => {
            operator != PostfixOperator::Transpose && is_inner_term(function, inner)
        }
        _ => false,
    }
}

fn is_inner_term(function: &Surface, id: ExprId) -> bool {
    matches!(function.expr(id), Expr::Binary(..) | Expr::Call { .. })
}

/// Whether the variable stands in a part.
fn holds(function: &Surface, id: ExprId, variable: &str) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        if let Expr::Name(text) = function.expr(id)
            && function.tree.text(*text) == variable
        {
            return true;
        }
        function.tree.for_each_child(id, |child| pending.push(child));
    }
    false
}

/// A function of an argument of the same shape.
fn called(function: &Surface, id: ExprId) -> Option<(ExprId, &str, ExprId)> {
    let Expr::Call { function: name, derivative: 0, arguments } = function.expr(id) else {
        return None;
    };
    let name = function.tree.text(*name);
    let [argument] = arguments.as_slice() else { return None };
    let keeps_shape = functions::is_elementwise(name) || name == "softmax";
    keeps_shape.then_some((id, name, *argument))
}
