//! The hypothesis that a claim holds under an assumption that was not stated.
//!
//! Must not know the claim's parts.

use gradus_elaborate::typed::VariableId;
use gradus_tensor::{Dimensions, Structure};

use crate::mistake::{Diagnosis, Mistake};
use crate::trial::{Read, Trials};

/// What else may be assumed without being stated.
const RARE: [(Structure, &str); 3] = [
    (Structure::Orthogonal, "orthogonal"),
    (Structure::Skew, "skew"),
    (Structure::Diagonal, "diagonal"),
];
/// Of more square matrices no sets are tried.
const MOST_TOGETHER: usize = 5;
/// Of more square matrices no pairs are tried.
const MOST_COMMUTING: usize = 6;

/// Matrices of which it was assumed that they are symmetric.
pub(crate) fn symmetric(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let square = squares(trials, read);
    structured(trials, read, &square, (Structure::Symmetric, "symmetric"))
}

/// Constant vectors of which it was assumed that their entries add up to one.
pub(crate) fn sums_to_one(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let tree = &read.program.tree;
    let mut found = Vec::new();
    for (id, name, shape) in trials.arrays() {
        let is_column = shape.columns == Dimensions::ONE && shape.rows != Dimensions::ONE;
        let is_free = tree.variable(id).structure == Structure::General;
        if !is_column || !is_free || tree.variable(id).complex || trials.varies(name) {
            continue;
        }
        let assumed = with_structure(read, &[id], Structure::Simplex);
        if trials.meets(&assumed, trials.question.target) {
            found.push(diagnosis(trials, format!("{name}: simplex"), "let"));
        }
    }
    found
}

/// Constant matrices of which another structure was assumed.
pub(crate) fn rare(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let square = squares(trials, read);
    let found = RARE.into_iter().map(|structure| structured(trials, read, &square, structure));
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// The smallest sets of the matrices that must have a structure.
fn structured(
    trials: &Trials<'_>,
    read: &Read,
    square: &[(VariableId, String)],
    (structure, kind): (Structure, &str),
) -> Vec<Diagnosis> {
    if square.len() > MOST_TOGETHER {
        return Vec::new();
    }
    for size in 1..=square.len() {
        let mut found = Vec::new();
        let sets = (1..1_u32 << square.len()).filter(|set| set.count_ones() as usize == size);
        for set in sets {
            let chosen = || square.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1);
            let ids: Vec<VariableId> = chosen().map(|(_, (id, _))| *id).collect();
            let assumed = with_structure(read, &ids, structure);
            if trials.meets(&assumed, trials.question.target) {
                let names: Vec<&str> = chosen().map(|(_, (_, name))| name.as_str()).collect();
                let declaration = format!("{}: {kind}", names.join(", "));
                found.push(diagnosis(trials, declaration, "let"));
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The constant square matrices without structure. Of what varies nothing is assumed: that would be another
/// derivative.
fn squares(trials: &Trials<'_>, read: &Read) -> Vec<(VariableId, String)> {
    let tree = &read.program.tree;
    let square = trials.arrays().filter(|(id, name, shape)| {
        let is_square = shape.rows == shape.columns && shape.rows != Dimensions::ONE;
        let is_free = tree.variable(*id).structure == Structure::General;
        is_square && is_free && !trials.varies(name)
    });
    square.map(|(id, name, _)| (id, name.to_owned())).collect()
}

fn with_structure(read: &Read, variables: &[VariableId], structure: Structure) -> Read {
    let mut assumed = read.clone();
    for id in variables {
        if let Some(variable) = assumed.program.tree.variables.get_mut(id.0 as usize) {
            variable.structure = structure;
        }
    }
    assumed
}

/// Pairs of square matrices, differentials included, of which it must be assumed that they commute.
pub(crate) fn commuting(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let tree = &read.program.tree;
    let square: Vec<String> = tree
        .variables
        .iter()
        .filter(|variable| {
            let shape = variable.shape;
            shape.rows == shape.columns
                && shape.rows != Dimensions::ONE
                && variable.family.is_empty()
        })
        .map(|variable| variable.name.clone())
        .collect();
    if square.len() > MOST_COMMUTING {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, one) in square.iter().enumerate() {
        for other in &square[at + 1..] {
            if holds_commuting(trials, read, one, other) == Some(true) {
                found.push(diagnosis(trials, format!("{one}*{other} = {other}*{one}"), "assume"));
            }
        }
    }
    found
}

fn holds_commuting(trials: &Trials<'_>, read: &Read, one: &str, other: &str) -> Option<bool> {
    let left = trials.read_in(read.program.clone(), &format!("{one}*{other}")).ok()?;
    let right = trials.read_in(left.program, &format!("{other}*{one}")).ok()?;
    let claim = Read { program: right.program, root: read.root, form: read.form };
    Some(trials.meets_assuming(&claim, trials.question.target, &[[left.root, right.root]]))
}

/// `found` names the option that makes the assumption.
fn diagnosis(trials: &Trials<'_>, assumption: String, option: &str) -> Diagnosis {
    Diagnosis {
        mistake: Mistake::Assumption,
        place: None,
        also: Vec::new(),
        found: option.to_owned(),
        instead: assumption,
        repaired: trials.question.claim.to_owned(),
    }
}
