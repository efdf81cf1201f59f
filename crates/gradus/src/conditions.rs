//! Under which conditions an answer holds, from the functions that the user wrote.
//!
//! Must not know derivatives. The conditions are collected before anything is simplified.

use gradus_elaborate::Program;
use gradus_elaborate::typed::{Operation, TypedId, TypedTree};
use gradus_functions::book;
use gradus_tensor::{DimensionId, Dimensions, Polynomial};

/// How many conditions are stated at most.
const MOST_CONDITIONS: usize = 32;

/// How much of an expression a condition quotes.
const LONGEST_PART: usize = 100;

/// The conditions, each once, in the order of the program.
pub(crate) fn conditions(program: &Program, text: &str) -> Vec<String> {
    let tree = &program.tree;
    let mut found: Vec<String> = Vec::new();
    let waived = smooth_powers(program);
    let settled = settled_at_point(program);
    for (at, node) in tree.nodes.iter().enumerate() {
        let is_left_out = |list: &[bool]| list.get(at).copied().unwrap_or(false);
        if is_left_out(&waived) || is_left_out(&settled) {
            continue;
        }
        let Some(condition) = condition(program, &node.operation, text) else { continue };
        if found.len() >= MOST_CONDITIONS {
            break;
        }
        if !found.contains(&condition) {
            found.push(condition);
        }
    }
    let room = MOST_CONDITIONS.saturating_sub(found.len());
    found.extend(program.conditions.iter().take(room).map(|size| size_condition(tree, *size)));
    found
}

/// Nodes whose condition the point settles: those of the function in which no variable is left, for the
/// answer was verified at the point; and those of the point itself, which say nothing of the function.
fn settled_at_point(program: &Program) -> Vec<bool> {
    let tree = &program.tree;
    if program.points.is_empty() {
        return Vec::new();
    }
    let mut of_function = vec![false; tree.nodes.len()];
    let mut open = vec![program.results[0]];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut of_function[id.0 as usize], true) {
            tree.children(id, |child| open.push(child));
        }
    }
    let mut varies = vec![false; tree.nodes.len()];
    let mut settled = Vec::with_capacity(tree.nodes.len());
    for (at, node) in tree.nodes.iter().enumerate() {
        let mut free = match &node.operation {
            Operation::Variable(id) | Operation::Rows(id) => !program
                .points
                .iter()
                .any(|(variable, root)| variable == id && is_constant(program, *root)),
            Operation::Path { .. } | Operation::Mapped { .. } | Operation::Scalar { .. } => true,
            _ => false,
        };
        let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
        tree.children(id, |child| free |= varies[child.0 as usize]);
        varies[at] = free;
        settled.push(!free || !of_function[at]);
    }
    settled
}

/// Whether no variable stands in a value.
fn is_constant(program: &Program, root: TypedId) -> bool {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if matches!(program.tree.node(id).operation, Operation::Variable(_) | Operation::Rows(_)) {
            return false;
        }
        program.tree.children(id, |child| open.push(child));
    }
    true
}

/// That a size is a natural number: `k ≤ n` for `n-k`, `n/2 is a natural number` for `n/2 - 1`.
fn size_condition(tree: &TypedTree, size: DimensionId) -> String {
    let terms = &tree.dimensions.polynomial(size).0;
    let text = |negative: bool| {
        let side = terms.iter().filter(|(_, coefficient)| coefficient.is_negative() == negative);
        let side = side.map(|(monomial, coefficient)| (monomial.clone(), coefficient.abs()));
        let mut dimensions = tree.dimensions.clone();
        let side = dimensions.intern(Polynomial(side.collect()));
        dimensions.display(side)
    };
    let inequality = format!("{} ≤ {}", text(true), text(false));
    if terms.iter().all(|(_, coefficient)| coefficient.is_integer()) {
        return inequality;
    }
    let mut dimensions = tree.dimensions.clone();
    let natural = dimensions.add(size, Dimensions::ONE);
    match terms.iter().any(|(_, coefficient)| coefficient.is_negative()) {
        true if dimensions.polynomial(natural).0.iter().any(|term| term.1.is_negative()) => {
            format!("{inequality} with whole numbers on both sides")
        }
        true => format!("{} is a natural number", dimensions.display(natural)),
        false => format!("{} is a whole number", dimensions.display(size)),
    }
}

/// The condition of one operation.
fn condition(program: &Program, operation: &Operation, text: &str) -> Option<String> {
    let tree = &program.tree;
    let is_scalar = |id: TypedId| tree.shape(id).is_scalar();
    let everywhere = |condition: String, argument: TypedId| {
        if is_scalar(argument) { condition } else { format!("{condition} in every entry") }
    };
    let invertible = |matrix: TypedId| format!("{} is invertible", written(program, matrix, text));
    match operation {
        Operation::Call { function, arguments, .. } => {
            let entry = book().get(*function);
            if entry.condition.is_empty() {
                return None;
            }
            let mut condition = entry.condition.to_owned();
            for (position, argument) in arguments.iter().enumerate() {
                let written = written(program, *argument, text);
                condition = condition.replace(&format!("{{{position}}}"), &written);
            }
            let elementwise = entry.signatures == ["elementwise"];
            let first = arguments.first().copied()?;
            Some(if elementwise { everywhere(condition, first) } else { condition })
        }
        Operation::LeftDivide(matrix, _) | Operation::RightDivide(_, matrix) => {
            Some(invertible(*matrix))
        }
        Operation::MatrixPower(matrix, exponent) => {
            number(program, *exponent)?.is_negative().then(|| invertible(*matrix))
        }
        Operation::Quotient(_, divisor) => {
            let divisor = unfilled(program, *divisor);
            if number(program, divisor).is_some()
                || matches!(tree.node(divisor).operation, Operation::Dimension(_) | Operation::Pi)
            {
                return None;
            }
            Some(everywhere(format!("{} ≠ 0", written(program, divisor, text)), divisor))
        }
        Operation::Power(base, exponent) => {
            let written = written(program, *base, text);
            match number(program, unfilled(program, *exponent)) {
                Some(exponent) if !exponent.is_integer() => {
                    Some(everywhere(format!("{written} > 0"), *base))
                }
                Some(exponent) if exponent.is_negative() => {
                    Some(everywhere(format!("{written} ≠ 0"), *base))
                }
                Some(_) => None,
                // A base that is a positive number needs no condition.
                None if number(program, unfilled(program, *base))
                    .is_some_and(|base| !base.is_negative() && !base.is_zero()) =>
                {
                    None
                }
                None => Some(everywhere(format!("{written} > 0"), *base)),
            }
        }
        _ => None,
    }
}

/// A node without the operations that repeat a scalar.
fn unfilled(program: &Program, id: TypedId) -> TypedId {
    match program.tree.node(id).operation {
        Operation::Fill(inner) => inner,
        _ => id,
    }
}

/// The number that a node is.
fn number(program: &Program, id: TypedId) -> Option<gradus_tensor::Rational> {
    match &program.tree.node(id).operation {
        Operation::Number(value) => Some(value.clone()),
        Operation::Negate(inner) => match &program.tree.node(*inner).operation {
            Operation::Number(value) => Some(value.negate()),
            _ => None,
        },
        _ => None,
    }
}

/// Nodes whose condition falls away because an even power of them is smooth: `norm2(x)^2`.
fn smooth_powers(program: &Program) -> Vec<bool> {
    let tree = &program.tree;
    let mut waived = vec![false; tree.nodes.len()];
    for node in &tree.nodes {
        if let Operation::Power(base, exponent) = node.operation
            && let Some(exponent) = number(program, unfilled(program, exponent))
            && exponent.to_i64().is_some_and(|exponent| exponent > 0 && exponent % 2 == 0)
        {
            waived[base.0 as usize] = true;
        }
    }
    waived
}

/// The part of the program that a node was written as.
fn written(program: &Program, id: TypedId, text: &str) -> String {
    let span = program.tree.node(id).span;
    let part = text.get(span.start as usize..span.end as usize).unwrap_or("the argument");
    let part = part.trim();
    if part.chars().count() <= LONGEST_PART {
        return part.to_owned();
    }
    let kept: String = part.chars().take(LONGEST_PART).collect();
    format!("{kept}…")
}
