//! Declarations under which a function would be convex or concave.
//!
//! Must not know why it would be: each is tried.

use gradus_convexity::certify;
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Nature, VariableId};
use gradus_tensor::{NodeId, Structure};

use super::{Curvature, checked, node};
use crate::derive::function;
use crate::structures::lower_for;

/// What is declared of some variables for a trial.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    Positive,
    Definite,
}

/// The first declarations with which something is known, as text for `--let`, and what.
pub(super) fn hints(program: &Program, wanted: &[VariableId]) -> Vec<(String, Curvature)> {
    let all: Vec<VariableId> =
        (0..program.occurring).filter_map(|at| u32::try_from(at).ok().map(VariableId)).collect();
    let moving = |id: &&VariableId| wanted.contains(id);
    let own: Vec<VariableId> = all.iter().filter(moving).copied().collect();
    let others: Vec<VariableId> = all.iter().filter(|id| !moving(id)).copied().collect();
    for (ids, trial) in [
        (&own, Trial::Positive),
        (&own, Trial::Definite),
        (&others, Trial::Positive),
        (&others, Trial::Definite),
    ] {
        let ids: Vec<VariableId> =
            ids.iter().filter(|id| fits(program, **id, trial)).copied().collect();
        // Each alone says more than all together.
        let alone = ids.iter().map(|id| vec![*id]);
        let together = (ids.len() > 1).then(|| ids.clone());
        for ids in alone.chain(together) {
            if let Some(curvature) = tried(program, wanted, &ids, trial) {
                return vec![(declarations(program, &ids, trial), curvature)];
            }
        }
    }
    Vec::new()
}

fn fits(program: &Program, id: VariableId, trial: Trial) -> bool {
    let variable = program.tree.variable(id);
    let shape = variable.shape;
    let plain = variable.nature == Nature::Array
        && matches!(variable.structure, Structure::General | Structure::Symmetric)
        && !variable.positive;
    let square = shape.rows == shape.columns && !shape.is_scalar();
    plain
        && match trial {
            Trial::Positive => variable.structure == Structure::General,
            Trial::Definite => square,
        }
}

fn tried(
    program: &Program,
    wanted: &[VariableId],
    ids: &[VariableId],
    trial: Trial,
) -> Option<Curvature> {
    let mut program = program.clone();
    for id in ids {
        let variable = program.tree.variables.get_mut(id.0 as usize)?;
        match trial {
            Trial::Positive => variable.positive = true,
            Trial::Definite => variable.structure = Structure::PositiveDefinite,
        }
    }
    curvature(&program, wanted)
}

/// How a program bends in some variables, if a certificate says so and the oracles confirm it.
pub(crate) fn curvature(program: &Program, wanted: &[VariableId]) -> Option<Curvature> {
    let mut lowered = lower_for(program, wanted).ok()?;
    let value = function(&lowered).ok()?;
    let variables: Vec<NodeId> = wanted.iter().map(|id| node(&mut lowered, program, *id)).collect();
    let found = certify(&mut lowered.arena, &value.scaled, &variables);
    let names: Vec<String> =
        wanted.iter().map(|id| program.tree.variable(*id).name.clone()).collect();
    let (curvature, verification) = checked(program, found.bend, &names).ok()?;
    (curvature != Curvature::NotKnown && verification.verdict.is_verified()).then_some(curvature)
}

fn declarations(program: &Program, ids: &[VariableId], trial: Trial) -> String {
    let one = |id: &VariableId| {
        let variable = program.tree.variable(*id);
        let size = |id| program.tree.dimensions.display(id).to_string();
        let (rows, columns) = (variable.shape.rows, variable.shape.columns);
        let one = gradus_tensor::Dimensions::ONE;
        let kind = match (trial, rows == one, columns == one) {
            (Trial::Definite, ..) => format!("spd({})", size(rows)),
            (_, true, true) => "positive scalar".to_owned(),
            (_, false, true) => format!("positive vector({})", size(rows)),
            (_, true, false) => format!("positive rowvector({})", size(columns)),
            _ => format!("positive matrix({},{})", size(rows), size(columns)),
        };
        let family: String =
            variable.family.iter().map(|range| format!("[{}]", size(*range))).collect();
        format!("--let '{}: {kind}{family}'", variable.name)
    };
    ids.iter().map(one).collect::<Vec<_>>().join(" ")
}
