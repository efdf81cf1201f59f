//! The second differential as a quadratic form, and its sign.
//!
//! Must not know composition rules.

use gradus_calculus::differential;
use gradus_elaborate::lower::Value;
use gradus_tensor::{Arena, Node, NodeId, Scaled, Structure, Symbol};

use crate::analysis::Analysis;
use crate::bend::Bend;

/// The second differential along the differentials of some variables; nothing if a function has none.
pub(crate) fn second_differential(
    arena: &mut Arena,
    function: &Scaled,
    variables: &[NodeId],
) -> Option<Scaled> {
    let mut tangents = Vec::new();
    for variable in variables {
        let Node::Symbol(symbol) = arena.node(*variable) else { return None };
        let of = *symbol;
        let known = arena.symbols().iter().position(|it| it.differential_of == Some(of));
        let tangent = match known.and_then(|at| u32::try_from(at).ok()) {
            Some(at) => gradus_tensor::SymbolId(at),
            None => {
                let own = arena.symbol(of).clone();
                let structure = tangent_structure(own.structure)?;
                let name = format!("d{}", own.name);
                arena.declare(Symbol {
                    name,
                    structure,
                    positive: false,
                    differential_of: Some(of),
                    ..own
                })
            }
        };
        tangents.push((*variable, Scaled::one(arena.variable(tangent))));
    }
    let first = differential(arena, &Value::scalar(function.clone()), &tangents).ok()?;
    differential(arena, &Value::scalar(first), &tangents).ok()
}

/// The structure of what a variable changes by; nothing where that depends on the point.
fn tangent_structure(structure: Structure) -> Option<Structure> {
    match structure {
        Structure::PositiveDefinite => Some(Structure::Symmetric),
        Structure::Symmetric
        | Structure::Skew
        | Structure::Diagonal
        | Structure::LowerTriangular
        | Structure::UpperTriangular
        | Structure::Hermitian => Some(structure),
        // Along a simplex the entries of a change add up to zero, which is not used.
        Structure::General | Structure::Simplex => Some(Structure::General),
        Structure::Orthogonal | Structure::Unitary | Structure::OneHot => None,
    }
}

/// Whether a function has second derivatives all over its domain.
pub(crate) fn is_smooth(arena: &mut Arena, function: &Scaled, variables: &[NodeId]) -> bool {
    let mut analysis = Analysis::new(arena, variables, function.node);
    analysis.look(function.node);
    analysis.has_convex_domain()
}

/// How a function bends by the sign of its second differential, which holds where the domain is convex.
pub(crate) fn by_sign(
    arena: &mut Arena,
    second: &Scaled,
    function: &Scaled,
    variables: &[NodeId],
) -> Bend {
    // What the function says of its domain holds of its differentials too.
    let mut analysis = Analysis::new(arena, variables, function.node);
    analysis.look(function.node);
    if !analysis.has_convex_domain() {
        return Bend::Unknown;
    }
    let range = analysis.look(second.node).range.times(&second.coefficient);
    match (range.is_nonnegative(), range.is_nonpositive()) {
        (true, true) => Bend::Affine,
        (true, false) => Bend::Convex,
        (false, true) => Bend::Concave,
        _ => Bend::Unknown,
    }
}
