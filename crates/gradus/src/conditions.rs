//! Under which conditions an answer holds, from the functions that the user wrote.
//!
//! Must not know derivatives. The conditions are collected before anything is simplified.

use gradus_elaborate::Program;
use gradus_elaborate::typed::{Operation, TypedId, TypedTree};
use gradus_functions::{Meaning, Structural, book};
use gradus_tensor::{DimensionId, Dimensions, Polynomial, Role};

/// How many conditions are stated at most.
const MOST_CONDITIONS: usize = 32;

/// How much of an expression a condition quotes.
const LONGEST_PART: usize = 100;

/// The conditions, each once, in the order of the program.
pub(crate) fn conditions(program: &Program, text: &str, order: u32) -> Vec<String> {
    let tree = &program.tree;
    let mut found: Vec<String> = Vec::new();
    let waived = smooth_powers(program, order);
    let settled = settled_at_point(program);
    let signs = signs(program);
    let assumed = of_equations(program);
    for (at, node) in tree.nodes.iter().enumerate() {
        let is_left_out = |list: &[bool]| list.get(at).copied().unwrap_or(false);
        if is_left_out(&waived) || is_left_out(&settled) || is_left_out(&assumed) {
            continue;
        }
        let Some(condition) = condition(program, &node.operation, text) else { continue };
        if is_known(&node.operation, &signs) {
            continue;
        }
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

/// Nodes of the equations that are assumed alone, whose texts are others.
fn of_equations(program: &Program) -> Vec<bool> {
    let tree = &program.tree;
    if program.equations.is_empty() {
        return Vec::new();
    }
    let mut left_out = vec![true; tree.nodes.len()];
    let mut open = program.results.clone();
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut left_out[id.0 as usize], false) {
            tree.children(id, |child| open.push(child));
        }
    }
    left_out
}

/// What is known of the entries of a node, wherever it has a value over the reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Unknown,
    Nonnegative,
    Positive,
}

/// The sign of each node that is seen at once.
fn signs(program: &Program) -> Vec<Sign> {
    let tree = &program.tree;
    // The entries of complex arrays have no sign.
    let real = !tree.variables.iter().any(|variable| variable.complex);
    let mut signs: Vec<Sign> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: &TypedId| signs.get(id.0 as usize).copied().unwrap_or(Sign::Unknown);
        let sign = match &node.operation {
            Operation::Number(value) if value.is_negative() => Sign::Unknown,
            Operation::Number(value) if value.is_zero() => Sign::Nonnegative,
            Operation::Number(_) | Operation::Pi | Operation::Dimension(_) => Sign::Positive,
            Operation::Variable(id) if tree.variable(*id).positive => Sign::Positive,
            Operation::Binding { value: inner, .. }
            | Operation::Fill(inner)
            | Operation::Transpose(inner)
            | Operation::IndexedSum { body: inner, .. }
            | Operation::Tabulate { body: inner, .. } => of(inner),
            // What is left of one beside a number between zero and one.
            Operation::Subtract(one, part) if is_one(program, *one) && is_part(program, *part) => {
                Sign::Positive
            }
            Operation::Add(a, b) => match (of(a), of(b)) {
                (Sign::Unknown, _) | (_, Sign::Unknown) => Sign::Unknown,
                (a, b) => a.max(b),
            },
            Operation::Multiply(a, b)
            | Operation::Scale(a, b)
            | Operation::Hadamard(a, b)
            | Operation::Quotient(a, b) => of(a).min(of(b)),
            Operation::Power(base, _) if of(base) == Sign::Positive => Sign::Positive,
            Operation::Power(_, exponent) => {
                let exponent = number(program, unfilled(program, *exponent));
                match exponent.and_then(|exponent| exponent.to_i64()) {
                    Some(exponent) if exponent > 0 && exponent % 2 == 0 => Sign::Nonnegative,
                    _ => Sign::Unknown,
                }
            }
            Operation::Call { function, arguments, .. } => {
                let entry = book().get(*function);
                let sums = matches!(entry.meaning, Meaning::Structural(Structural::Sum));
                match (sums, arguments.as_slice()) {
                    (true, [only]) => of(only),
                    _ if entry.facts.positive => Sign::Positive,
                    _ if entry.facts.nonnegative => Sign::Nonnegative,
                    _ => Sign::Unknown,
                }
            }
            _ => Sign::Unknown,
        };
        signs.push(if real { sign } else { Sign::Unknown });
    }
    signs
}

fn is_one(program: &Program, id: TypedId) -> bool {
    number(program, unfilled(program, id)).is_some_and(|number| number.is_one())
}

/// Whether every entry lies between zero and one.
fn is_part(program: &Program, id: TypedId) -> bool {
    let mut id = id;
    while let Operation::Binding { value: inner, .. } | Operation::Fill(inner) =
        &program.tree.node(id).operation
    {
        id = *inner;
    }
    match &program.tree.node(id).operation {
        Operation::Call { function, .. } => book().get(*function).facts.role == Some(Role::Sigmoid),
        _ => false,
    }
}

/// Whether a condition on the sign of an operand holds everywhere.
fn is_known(operation: &Operation, signs: &[Sign]) -> bool {
    let positive = |id: &TypedId| signs.get(id.0 as usize) == Some(&Sign::Positive);
    match operation {
        Operation::Call { function, arguments, .. } => {
            let entry = book().get(*function);
            let of_sign = ["{0} > 0", "{0} ≠ 0", "{0} > -1"].contains(&entry.condition);
            of_sign && arguments.first().is_some_and(positive)
        }
        Operation::Quotient(_, divisor) => positive(divisor),
        Operation::Power(base, _) => positive(base),
        _ => false,
    }
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

/// Nodes whose condition falls away because an even power of them is smooth: `norm2(x)^2`; and of
/// `relu(x)^2` as often as it can be differentiated.
fn smooth_powers(program: &Program, order: u32) -> Vec<bool> {
    let tree = &program.tree;
    let is_smooth = |base: TypedId, exponent: i64| {
        let Operation::Call { function, .. } = &tree.node(base).operation else { return true };
        let entry = book().get(*function);
        match entry.facts.role {
            Some(Role::Relu) => i64::from(order) < exponent,
            Some(Role::Step) => false,
            _ => entry.facts.nonnegative && entry.condition == "{0} ≠ 0",
        }
    };
    let mut waived = vec![false; tree.nodes.len()];
    for node in &tree.nodes {
        if let Operation::Power(base, exponent) = node.operation
            && let Some(exponent) = number(program, unfilled(program, exponent))
            && let Some(exponent) = exponent.to_i64()
            && exponent > 0
            && exponent % 2 == 0
            && is_smooth(base, exponent)
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
