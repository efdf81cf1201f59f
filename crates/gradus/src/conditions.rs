//! Under which conditions an answer holds, from the functions that the user wrote.
//!
//! Must not know derivatives. The conditions are collected before anything is simplified.

use gradus_elaborate::Program;
use gradus_elaborate::typed::{Operation, TypedId};
use gradus_functions::book;

/// The conditions, each once, in the order of the program.
pub(crate) fn conditions(program: &Program, text: &str) -> Vec<String> {
    let tree = &program.tree;
    let mut found: Vec<String> = Vec::new();
    let waived = smooth_powers(program);
    for (at, node) in tree.nodes.iter().enumerate() {
        if waived.get(at).copied().unwrap_or(false) {
            continue;
        }
        let condition = match &node.operation {
            Operation::Call { function, arguments, .. } => {
                let template = book().get(*function).condition;
                if template.is_empty() {
                    continue;
                }
                let mut condition = template.to_owned();
                for (position, argument) in arguments.iter().enumerate() {
                    let written = written(program, *argument, text);
                    condition = condition.replace(&format!("{{{position}}}"), &written);
                }
                condition
            }
            Operation::LeftDivide(matrix, _) | Operation::RightDivide(_, matrix) => {
                format!("{} is invertible", written(program, *matrix, text))
            }
            _ => continue,
        };
        if !found.contains(&condition) {
            found.push(condition);
        }
    }
    found
}

/// Nodes whose condition falls away because an even power of them is smooth: `norm2(x)^2`.
fn smooth_powers(program: &Program) -> Vec<bool> {
    let tree = &program.tree;
    let mut waived = vec![false; tree.nodes.len()];
    for node in &tree.nodes {
        if let Operation::Power(base, exponent) = node.operation
            && let Operation::Number(exponent) = &tree.node(exponent).operation
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
    part.trim().to_owned()
}
