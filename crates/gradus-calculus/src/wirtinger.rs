//! Derivatives by complex variables: a variable and its conjugate are two leaves.
//!
//! Must not know how the derivatives by the leaves are formed.

use gradus_diagnostics::Result;
use gradus_elaborate::lower::Value;
use gradus_tensor::{Arena, Axes, Node, Scaled, Structure};

use crate::derivative::{Derivative, identify, structure_of};
use crate::projection::{Convention, project};
use crate::stacking::Stacking;

/// The leaf of the conjugate of a complex variable; none for a hermitian matrix, whose conjugate is its
/// transpose.
pub fn conjugate_leaf(arena: &mut Arena, variable: &Value) -> Option<Value> {
    let Node::Symbol(symbol) = *arena.node(variable.scaled.node) else { return None };
    let leaf = arena.conjugate_leaf(symbol);
    let is_leaf = matches!(arena.node(leaf.node), Node::Symbol(_));
    is_leaf.then(|| Value { scaled: leaf, ..variable.clone() })
}

/// Whether the tangent space of a structure is no complex space: then the derivatives by a variable
/// and by its conjugate have no meaning of their own.
#[must_use]
pub fn is_real_space(structure: Structure) -> bool {
    matches!(structure, Structure::Hermitian | Structure::Unitary)
}

/// The gradient of a real scalar function by a complex variable, `2*∂f/∂conj(Z)`, from the derivatives
/// by the variable and by its conjugate; projected where the variable is structured.
///
/// # Errors
/// As for [`crate::derivatives`].
pub fn gradient_of_real(
    arena: &mut Arena,
    function: &Value,
    variable: &Value,
    plain: &Derivative,
    conjugate: Option<&Derivative>,
    convention: Convention,
) -> Result<Derivative> {
    // For a real function both terms are equal; the extension of one to all matrices need not be real,
    // but its real part is one as well.
    let mut terms: Vec<Scaled> = conjugate.map(|part| part.tensor.clone()).into_iter().collect();
    terms.push(arena.conjugate(&plain.tensor));
    let axes: Axes = arena.axes(plain.tensor.node).into();
    let total = arena.sum(&terms, &axes);
    let node = variable.scaled.node;
    let structure = structure_of(arena, node);
    let value = if is_real_space(structure) {
        project(arena, &total, 0, structure, node, convention)?
    } else {
        total
    };
    Ok(identify(arena, function, variable, value, Stacking::Columns))
}
