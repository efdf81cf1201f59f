//! How the rule book writes its functions.
//!
//! Must not know formulas beyond one call.

use gradus_functions::{Form, book};
use gradus_tensor::{FunctionId, Role};

use crate::tree::{Head, Notation, NotationId, PowerKind, Shape};

/// The name of a function in the language.
pub(crate) fn name(id: FunctionId) -> &'static str {
    book().get(id).name
}

/// The mathematical notation of a function.
pub(crate) fn form(id: FunctionId) -> Form {
    book().get(id).form
}

/// Base, exponent and kind of a formula that is a power, also where it is written as a call of the
/// book's power functions.
pub(crate) fn as_power(
    notation: &Notation,
    shape: Shape,
) -> Option<(NotationId, NotationId, PowerKind)> {
    match notation {
        Notation::Power { base, exponent, kind } => Some((*base, *exponent, *kind)),
        Notation::Call { head: Head::Book(id), arguments, sizes } if sizes.is_empty() => {
            let [base, exponent] = arguments.as_slice() else {
                return None;
            };
            let kind = match book().get(*id).facts.role? {
                Role::Power if shape.is_scalar() => PowerKind::Scalar,
                Role::Power => PowerKind::Elementwise,
                Role::MatrixPower => PowerKind::Matrix,
                _ => return None,
            };
            Some((*base, *exponent, kind))
        }
        _ => None,
    }
}
