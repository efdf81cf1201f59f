//! Derivatives by complex variables: the gradient of a real function, or both Wirtinger derivatives.
//!
//! Must not know how derivatives are formed.

use gradus_calculus::{
    Convention, Derivative, Stacking, conjugate_leaf, gradient_of_real, is_real_space,
};
use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::{Operation, TypedId, TypedNode};
use gradus_functions::book;
use gradus_tensor::Arena;
use gradus_verify::{Expression, Settings, check_equal};

use crate::found::Part;
use crate::structures;

/// The derivatives of a function by variables, with the place of the variable of each.
///
/// # Errors
/// Unsupported functions and structures, and limits.
pub(crate) fn derivatives(
    arena: &mut Arena,
    function: &Value,
    variables: &[Value],
    real: bool,
    stacking: Stacking,
    convention: Convention,
) -> Result<Vec<(usize, Part, Derivative)>> {
    let mut leaves: Vec<Value> = Vec::new();
    let mut places: Vec<(usize, Part)> = Vec::new();
    for (at, variable) in variables.iter().enumerate() {
        let complex = arena.facts(variable.scaled.node).complex;
        leaves.push(variable.clone());
        places.push((at, if complex { Part::Plain } else { Part::Whole }));
        if complex && let Some(leaf) = conjugate_leaf(arena, variable) {
            leaves.push(leaf);
            places.push((at, Part::Conjugate));
        }
    }
    let found = gradus_calculus::derivatives(arena, function, &leaves, stacking, convention)?;
    let mut results: Vec<(usize, Part, Derivative)> = Vec::with_capacity(found.len());
    let mut found = places.into_iter().zip(found).peekable();
    while let Some(((at, part), derivative)) = found.next() {
        if part == Part::Whole {
            results.push((at, part, derivative));
            continue;
        }
        let conjugate =
            found.next_if(|((other, part), _)| *other == at && *part == Part::Conjugate);
        let conjugate = conjugate.map(|(_, derivative)| derivative);
        let variable = &variables[at];
        if real && function.is_scalar() {
            let parts = (&derivative, conjugate.as_ref());
            let gradient =
                gradient_of_real(arena, function, variable, parts.0, parts.1, convention)?;
            results.push((at, Part::Whole, gradient));
            continue;
        }
        // Without a leaf of its own, the conjugate varies with the variable.
        if conjugate.is_some() && is_real_space(structures::of_node(arena, variable.scaled.node)) {
            return Err(no_parts());
        }
        results.push((at, Part::Plain, derivative));
        results.extend(conjugate.map(|derivative| (at, Part::Conjugate, derivative)));
    }
    Ok(results)
}

fn no_parts() -> Error {
    let message = "a function that is not known to be real has no gradient by a unitary matrix";
    let hint = "its differential: gradus differential; its real part has a gradient: real(…)";
    Diagnostic::unsupported(message).hint(hint).into()
}

/// Whether the function of a program is known to be real. Without complex variables all is real; else
/// it is compared with its conjugate, as a network and, where that does not tell, by the oracles.
pub(crate) fn is_real(program: &Program, lowered: &mut Lowered, function: &Value) -> bool {
    if !program.tree.variables.iter().any(|variable| variable.complex)
        || lowered.arena.is_real(&function.scaled)
    {
        return true;
    }
    let Some(root) = program.results.first().copied() else { return false };
    let Some(conjugate) = book().lookup("conj") else { return false };
    let mut tree = program.tree.clone();
    let node = tree.node(root).clone();
    let mut add = |operation| {
        let id = TypedId(u32::try_from(tree.nodes.len()).unwrap_or(u32::MAX));
        tree.nodes.push(TypedNode { operation, ..node.clone() });
        id
    };
    let arguments = vec![root];
    let conjugated = add(Operation::Call { function: conjugate, arguments, sizes: Vec::new() });
    let doubled = add(Operation::Add(root, root));
    let is_equal = |other: TypedId| {
        let sides = [root, other].map(|root| Expression { tree: &tree, root });
        check_equal(&sides, &Settings::default()).is_verified()
    };
    // A function that vanishes at the sizes that were tried, as a determinant may, tells nothing.
    is_equal(conjugated) && !is_equal(doubled)
}
