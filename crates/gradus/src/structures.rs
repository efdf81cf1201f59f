//! Structured variables: their derivatives are projected, and the answer says so.
//!
//! Must not know how projections are formed.

use gradus_diagnostics::{Diagnostic, Error};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value, lower_freely};
use gradus_elaborate::typed::VariableId;
use gradus_tensor::{Arena, Node, NodeId, Scaled, Structure, Symbol};

use crate::answer::Answer;
use crate::found::Found;
use crate::request::Convention;

/// Lowers a program so that it can be differentiated by some variables. What holds along the tangents
/// of a structure may be used all the way; a one-hot vector has none, so that nothing is used of it
/// until it is known again.
///
/// # Errors
/// As for [`lower_freely`].
pub(crate) fn lower_for(program: &Program, variables: &[VariableId]) -> Result<Lowered, Error> {
    let onehot = |id: &&VariableId| structure(program, **id) == Structure::OneHot;
    let free: Vec<VariableId> = variables.iter().filter(onehot).copied().collect();
    lower_freely(program, &free)
}

/// What was declared of the one-hot variables among those of differentiation, to be known again.
pub(crate) struct Known {
    replaced: Vec<(NodeId, Scaled)>,
}

impl Known {
    /// The free variables, with what stands in their place.
    pub(crate) fn of(lowered: &mut Lowered, program: &Program, variables: &[VariableId]) -> Self {
        let mut replaced = Vec::new();
        for variable in variables {
            if structure(program, *variable) != Structure::OneHot {
                continue;
            }
            let symbol = lowered.symbols[variable.0 as usize];
            let free = lowered.arena.variable(symbol);
            let declared = lowered.arena.symbol(symbol).clone();
            let known = Symbol { structure: Structure::OneHot, ..declared };
            let known = lowered.arena.declare(known);
            replaced.push((free, Scaled::one(lowered.arena.variable(known))));
        }
        Self { replaced }
    }

    /// Formulas with all that is known.
    pub(crate) fn again<'a>(
        &self,
        lowered: &mut Lowered,
        formulas: impl IntoIterator<Item = &'a mut Found>,
    ) {
        for found in formulas {
            self.value(lowered, &mut found.goal.value);
            if let Some(tensor) = &mut found.tensor {
                self.value(lowered, tensor);
            }
        }
    }

    /// A value with all that is known.
    pub(crate) fn value(&self, lowered: &mut Lowered, value: &mut Scaled) {
        if !self.replaced.is_empty() {
            *value = lowered.arena.substitute(value, &self.replaced);
        }
    }
}

/// The structure that the differential of a structured variable has: where the structure is a linear
/// space, the same.
pub(crate) fn of_differential(structure: Structure) -> Structure {
    match structure {
        Structure::PositiveDefinite => Structure::Symmetric,
        Structure::Symmetric
        | Structure::Skew
        | Structure::Diagonal
        | Structure::LowerTriangular
        | Structure::UpperTriangular
        | Structure::Hermitian => structure,
        Structure::General
        | Structure::Orthogonal
        | Structure::Unitary
        | Structure::OneHot
        | Structure::Simplex => Structure::General,
    }
}

/// Whether the tangent space of a variable's structure depends on the point.
pub(crate) fn is_curved(arena: &Arena, variable: &Value) -> bool {
    gradus_calculus::is_curved(of_node(arena, variable.scaled.node))
}

/// The structure of the variable that a node is.
pub(crate) fn of_node(arena: &Arena, node: NodeId) -> Structure {
    match arena.node(node) {
        Node::Symbol(symbol) => arena.symbol(*symbol).structure,
        _ => Structure::General,
    }
}

/// The refusal of what has no matrix of its own on a curved structure.
pub(crate) fn no_higher_order() -> Error {
    let message = "by an orthogonal or unitary matrix only gradients, Jacobians and Hessians of \
                   scalars are supported yet";
    Diagnostic::unsupported(message).into()
}

/// The structure of a variable; one of size one leaves no room for it.
fn structure(program: &Program, variable: VariableId) -> Structure {
    let variable = program.tree.variable(variable);
    if variable.shape.is_scalar() { Structure::General } else { variable.structure }
}

/// What is said beside a derivative by structured variables: which convention it is in, and the other
/// one if there is one.
pub(crate) fn note(answer: &Answer, found: &Found) -> String {
    let mut list: Vec<Structure> = Vec::new();
    for variable in &found.by {
        let structure = structure(&answer.program, *variable);
        if !list.contains(&structure) {
            list.push(structure);
        }
    }
    let repeats = |structure: &Structure| gradus_calculus::repeats_entries(*structure);
    let named = |wanted: &dyn Fn(&Structure) -> bool| -> String {
        let names = list.iter().filter(|structure| wanted(structure)).filter_map(|it| name(*it));
        names.collect::<Vec<_>>().join(" and ")
    };
    let by_entries = answer.convention == Convention::Entries;
    let mut text = String::new();
    if list.contains(&Structure::OneHot) {
        text.push_str(", as if onehot could vary freely");
    }
    let entries = named(&|it| by_entries && repeats(it));
    if !entries.is_empty() {
        text.push_str(&format!(", by the independent entries of {entries}"));
    }
    let projected = named(&|it| *it != Structure::OneHot && !(by_entries && repeats(it)));
    if !projected.is_empty() {
        text.push_str(&format!(", projected on {projected}"));
        if by_entries {
            text.push_str(", as without --convention entries");
        }
    }
    let twice = found.by.windows(2).any(|pair| pair[0] == pair[1]);
    if twice && list.iter().any(|it| gradus_calculus::is_curved(*it)) {
        text.push_str(", along geodesics");
    }
    if !by_entries && list.iter().any(repeats) {
        let plain = list.iter().filter(|it| repeats(it));
        let mut plain = plain.filter(|it| !matches!(it, Structure::Skew | Structure::Hermitian));
        let other = match plain.next() {
            Some(_) => "for the Cookbook form",
            None => "for independent entries",
        };
        text.push_str(&format!("; --convention entries {other}"));
    }
    text
}

/// The name of a structure in the language.
pub(crate) fn name(structure: Structure) -> Option<&'static str> {
    Some(match structure {
        Structure::General => return None,
        Structure::Symmetric => "symmetric",
        Structure::Skew => "skew",
        Structure::Diagonal => "diagonal",
        Structure::LowerTriangular => "lower",
        Structure::UpperTriangular => "upper",
        Structure::PositiveDefinite => "spd",
        Structure::Orthogonal => "orthogonal",
        Structure::Hermitian => "hermitian",
        Structure::Unitary => "unitary",
        Structure::OneHot => "onehot",
        Structure::Simplex => "simplex",
    })
}
