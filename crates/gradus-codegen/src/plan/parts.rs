//! The part that a function plays for computation, read from its entry in the rule book.
//!
//! Must not know spellings.

use gradus_functions::{Function, Meaning, Structural};
use gradus_notation::tree::{Head, Notation};
use gradus_tensor::{FunctionId, Role};

use crate::request::FunctionTable;

/// The entry of a function of the rule book.
pub(crate) fn entry<'a>(functions: &'a dyn FunctionTable, head: &Head) -> Option<&'a Function> {
    match head {
        Head::Book(id) => functions.function(*id),
        _ => None,
    }
}

/// The network that a call stands for.
pub(crate) fn structural(functions: &dyn FunctionTable, node: &Notation) -> Option<Structural> {
    let Notation::Call { head, .. } = node else { return None };
    match entry(functions, head)?.meaning {
        Meaning::Structural(structural) => Some(structural),
        _ => None,
    }
}

/// The part that a call plays in identities.
pub(crate) fn role(functions: &dyn FunctionTable, node: &Notation) -> Option<Role> {
    let Notation::Call { head, .. } = node else { return None };
    let entry = entry(functions, head)?;
    match entry.meaning {
        Meaning::Applied => entry.facts.role,
        _ => None,
    }
}

/// Whether a call is the Euclidean norm, which for a matrix is the Frobenius norm.
pub(crate) fn is_euclidean_norm(functions: &dyn FunctionTable, node: &Notation) -> bool {
    let Notation::Call { head, .. } = node else { return false };
    entry(functions, head).is_some_and(|entry| matches!(entry.name, "norm" | "norm2" | "normF"))
}

/// Whether a call works entry by entry.
pub(crate) fn is_elementwise(functions: &dyn FunctionTable, head: &Head) -> bool {
    match head {
        Head::Mapped { .. } => true,
        head => entry(functions, head)
            .is_some_and(|entry| entry.signatures.contains(&"elementwise")),
    }
}

/// The function that is a given network.
pub(crate) fn with_structural(
    functions: &dyn FunctionTable,
    wanted: Structural,
) -> Option<FunctionId> {
    let mut id = FunctionId(0);
    while let Some(function) = functions.function(id) {
        if matches!(function.meaning, Meaning::Structural(structural) if structural == wanted) {
            return Some(id);
        }
        id = FunctionId(id.0.checked_add(1)?);
    }
    None
}
