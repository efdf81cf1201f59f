//! Where an answer has a value although the function has one there: the partial functions that stand in
//! the answer alone, such as the inverse in the second derivative of a determinant.
//!
//! Must not know derivatives.

use std::collections::HashSet;

use gradus_functions::book;
use gradus_notation::print;
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{Apply, Arena, Contraction, FunctionRef, Node, NodeId, Role, Scaled};

/// Longer arguments are not written out.
const LONGEST_ARGUMENT: usize = 100;

/// The condition of an invertible argument, as the entries of the vocabulary write it.
const INVERTIBLE: &str = "{0} is invertible";

/// Conditions from which an argument is invertible.
const INVERTIBLE_TOO: [&str; 3] =
    [INVERTIBLE, "{0} is symmetric positive definite", "{0} has no real eigenvalue ≤ 0"];

/// What a function demands of its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    condition: &'static str,
    elementwise: bool,
    pub(crate) arguments: Vec<NodeId>,
    /// How many trailing axes of each argument the function acts on.
    cores: &'static [u8],
}

/// What the functions in some networks demand of their arguments.
pub(crate) fn demands(arena: &Arena, roots: impl IntoIterator<Item = NodeId>) -> Vec<Demand> {
    let mut seen: Vec<NodeId> = reachable(arena, roots);
    seen.sort_unstable();
    let mut demands: Vec<Demand> = Vec::new();
    for node in seen {
        let Node::Apply(apply) = arena.node(node) else { continue };
        // A block matrix of a point and its differential has the eigenvalues of the point.
        if let Some(demand) = demand(apply)
            && !demand.arguments.iter().any(|argument| has_differential(arena, *argument))
            && !demands.contains(&demand)
        {
            demands.push(demand);
        }
    }
    demands
}

fn reachable(arena: &Arena, roots: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
    let mut open: Vec<NodeId> = roots.into_iter().collect();
    let mut seen: HashSet<NodeId> = open.iter().copied().collect();
    let mut all = Vec::new();
    while let Some(node) = open.pop() {
        all.push(node);
        for child in arena.node(node).children() {
            if seen.insert(child) {
                open.push(child);
            }
        }
    }
    all
}

fn has_differential(arena: &Arena, node: NodeId) -> bool {
    let is_one = |node: &NodeId| match arena.node(*node) {
        Node::Symbol(symbol) => arena.symbol(*symbol).differential_of.is_some(),
        _ => false,
    };
    reachable(arena, [node]).iter().any(is_one)
}

fn demand(apply: &Apply) -> Option<Demand> {
    let FunctionRef::Book(function) = apply.function else { return None };
    let entry = book().get(function);
    (!entry.condition.is_empty()).then(|| Demand {
        condition: entry.condition,
        elementwise: entry.signatures == ["elementwise"],
        // An exponent, say, of which nothing is demanded is none of these.
        arguments: apply
            .arguments
            .iter()
            .enumerate()
            .filter(|(at, _)| entry.condition.contains(&format!("{{{at}}}")))
            .map(|(_, argument)| argument.node)
            .collect(),
        cores: entry.facts.cores,
    })
}

/// The conditions of what the answer demands and the function does not.
pub(crate) fn conditions(
    arena: &Arena,
    known: &[Demand],
    answer: &[Demand],
    options: &RaiseOptions,
) -> Vec<String> {
    let invertible: Vec<NodeId> = known
        .iter()
        .filter(|demand| INVERTIBLE_TOO.contains(&demand.condition))
        .filter_map(|demand| demand.arguments.first().copied())
        .collect();
    let mut open: Vec<&Demand> = Vec::new();
    for demand in answer {
        let follows = known.contains(demand)
            || demand.condition == INVERTIBLE
                && demand
                    .arguments
                    .first()
                    .is_some_and(|it| is_invertible(arena, *it, &invertible));
        if !follows {
            open.push(demand);
        }
    }
    // That a product of square matrices is invertible says it of each of them.
    let stated: Vec<NodeId> = open
        .iter()
        .filter(|demand| demand.condition == INVERTIBLE)
        .filter_map(|demand| demand.arguments.first().copied())
        .collect();
    let mut conditions = Vec::new();
    for demand in open {
        let others: Vec<NodeId> =
            stated.iter().copied().filter(|it| Some(it) != demand.arguments.first()).collect();
        let told = demand.condition == INVERTIBLE
            && demand.arguments.first().is_some_and(|it| is_factor(arena, *it, &others));
        let condition = condition(arena, demand, options);
        if !told && !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    conditions
}

/// Whether a matrix is invertible where some others are.
fn is_invertible(arena: &Arena, node: NodeId, known: &[NodeId]) -> bool {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if arena.facts(node).invertible
            || known.contains(&node)
            || has_invertible_value(arena, node)
        {
            continue;
        }
        if is_factor(arena, node, known) {
            continue;
        }
        match chain(arena, node) {
            Some(factors) => open.extend(factors),
            None => return false,
        }
    }
    true
}

/// Whether the value of a function is invertible wherever there is one.
fn has_invertible_value(arena: &Arena, node: NodeId) -> bool {
    let Node::Apply(Apply { function: FunctionRef::Book(function), .. }) = arena.node(node) else {
        return false;
    };
    let role = book().get(*function).facts.role;
    matches!(role, Some(Role::Inverse | Role::Cholesky | Role::MatrixRoot))
}

/// Whether a matrix is a factor of a product of square matrices that is known to be invertible.
fn is_factor(arena: &Arena, node: NodeId, known: &[NodeId]) -> bool {
    known.iter().any(|whole| {
        let mut open = vec![*whole];
        while let Some(next) = open.pop() {
            if next == node {
                return true;
            }
            open.extend(chain(arena, next).into_iter().flatten());
        }
        false
    })
}

/// The factors of a matrix that is a product of square matrices, transposed or not, and of numbers.
fn chain(arena: &Arena, node: NodeId) -> Option<Vec<NodeId>> {
    let Node::Contraction(Contraction { operands, output, axes }) = arena.node(node) else {
        return None;
    };
    let [first, second] = output.as_slice() else { return None };
    let size = axes.first()?;
    if first == second || axes.iter().any(|axis| axis != size) {
        return None;
    }
    let mut count = vec![0_u8; axes.len()];
    output.iter().for_each(|label| count[usize::from(*label)] += 1);
    let mut factors = Vec::new();
    for operand in operands {
        if operand.labels.is_empty() {
            continue;
        }
        if !operand.exponent.is_one() || operand.labels.len() != 2 {
            return None;
        }
        operand.labels.iter().for_each(|label| count[usize::from(*label)] += 1);
        factors.push(operand.node);
    }
    count.iter().all(|count| *count == 2).then_some(factors)
}

/// The condition in words.
fn condition(arena: &Arena, demand: &Demand, options: &RaiseOptions) -> String {
    let mut condition = demand.condition.to_owned();
    let mut scalar = true;
    for (position, argument) in demand.arguments.iter().enumerate() {
        let core = demand.cores.get(position).copied().unwrap_or(0);
        let written = written(arena, *argument, usize::from(core), options);
        condition = condition.replace(&format!("{{{position}}}"), &written);
        scalar &= arena.axes(*argument).is_empty();
    }
    if demand.elementwise && !scalar { condition + " in every entry" } else { condition }
}

/// An argument as a formula.
fn written(arena: &Arena, argument: NodeId, core: usize, options: &RaiseOptions) -> String {
    let axes = arena.axes(argument);
    let value = Scaled::one(argument);
    let mapped = axes.len().saturating_sub(core);
    let goal = match (core, mapped) {
        (2, 1) => {
            let known = options.indices.iter().find(|(_, size)| *size == axes[0].dimension);
            let index = known.map_or_else(|| "i".to_owned(), |(name, _)| name.clone());
            Goal { value, rows: Some(1), columns: Some(2), member: Some((0, index)) }
        }
        _ => Goal::upright(arena, value),
    };
    let raised = raise(arena, &[goal], options).ok().and_then(|(tree, page)| {
        let [result] = page.results.as_slice() else { return None };
        // Only names that the user gave mean something outside the answer.
        let own = page.bindings.iter().all(|binding| options.reserved.contains(&binding.name));
        own.then(|| print::source(&tree, *result))
    });
    match raised {
        Some(text) if text.chars().count() <= LONGEST_ARGUMENT => text,
        _ => "every argument in the answer".to_owned(),
    }
}
