//! Texts of the rule book applied to values: expansions and differentials as networks.
//!
//! Must not know what a differential is for.

use gradus_diagnostics::Result;
use gradus_tensor::{Arena, DimensionId, FunctionId, Polynomial, Scaled};
use rustc_hash::FxHashMap;

use super::Lowering;
use super::call::mismatch;
use super::value::{Ambient, Ambients, Value};
use crate::rules::{Fragment, match_signature, rule_book};
use crate::typed::{Shape, VariableId};

/// Lowers a text whose parameters, and their differentials, stand for the given values.
pub(crate) fn lower_fragment(
    arena: &mut Arena,
    fragment: &Fragment,
    letters: &[DimensionId],
    parameters: &[Value],
    differentials: &[Value],
) -> Result<Value> {
    let mut translated: FxHashMap<DimensionId, DimensionId> = FxHashMap::default();
    for node in &fragment.tree.nodes {
        for dimension in [node.shape.rows, node.shape.columns] {
            translate(arena, fragment, letters, dimension, &mut translated);
        }
        match &node.operation {
            crate::typed::Operation::Dimension(dimension) => {
                translate(arena, fragment, letters, *dimension, &mut translated);
            }
            crate::typed::Operation::Call { sizes, .. } => {
                for size in sizes {
                    translate(arena, fragment, letters, *size, &mut translated);
                }
            }
            _ => {}
        }
    }
    let dimension =
        |dimension: DimensionId| translated.get(&dimension).copied().unwrap_or(dimension);
    let mut lowering = Lowering::new(arena, &fragment.tree, &[], &dimension);
    let pairs = |variables: &[VariableId], values: &[Value]| -> Vec<(VariableId, Value)> {
        variables.iter().copied().zip(values.iter().cloned()).collect()
    };
    lowering.parameters = pairs(&fragment.parameters, parameters);
    lowering.parameters.extend(pairs(&fragment.differentials, differentials));
    let mut values = lowering.values(&[fragment.result])?;
    Ok(values.remove(0))
}

/// A dimension of the text in terms of the arena's: each letter stands for a dimension.
fn translate(
    arena: &mut Arena,
    fragment: &Fragment,
    letters: &[DimensionId],
    dimension: DimensionId,
    translated: &mut FxHashMap<DimensionId, DimensionId>,
) {
    if translated.contains_key(&dimension) {
        return;
    }
    let mut total = Polynomial::zero();
    for (monomial, coefficient) in &fragment.tree.dimensions.polynomial(dimension).0 {
        let mut term = Polynomial::constant(coefficient.clone());
        for (name, exponent) in monomial {
            let Some(value) = letters.get(name.0 as usize) else { continue };
            let value = arena.dimensions.polynomial(*value).clone();
            for _ in 0..*exponent {
                term = term.multiply(&value);
            }
        }
        total = total.add(&term);
    }
    let value = arena.dimensions.intern(total);
    translated.insert(dimension, value);
}

/// The differential of a function of the rule book at the given arguments.
///
/// `arguments` are the nodes of an application, each with its axes in the order: mapped, core (of the
/// rank the facts give). `differentials` have the same axes. Elementwise functions are read as
/// functions of scalars mapped over all axes. The result has the axes of the application.
///
/// # Errors
/// The entry has no differential, or its text needs what is not supported.
pub fn apply_rule(
    arena: &mut Arena,
    function: FunctionId,
    arguments: &[Scaled],
    differentials: &[Scaled],
) -> Result<Value> {
    let cores = gradus_functions::book().get(function).facts.cores;
    let core = |position: usize| usize::from(cores.get(position).copied().unwrap_or(0));
    let values: Vec<Value> = arguments
        .iter()
        .enumerate()
        .map(|(position, argument)| as_value(arena, argument, core(position)))
        .collect();
    let tangents: Vec<Value> = differentials
        .iter()
        .enumerate()
        .map(|(position, tangent)| as_value(arena, tangent, core(position)))
        .collect();
    let shapes: Vec<Shape> =
        values.iter().map(|value| Shape { rows: value.rows, columns: value.columns }).collect();
    let (signature, letters) = if cores.iter().all(|core| *core == 0) {
        (0, Vec::new())
    } else {
        let matched = match_signature(function, &shapes, &[]).ok_or_else(|| mismatch(function))?;
        (matched.signature, matched.letters)
    };
    let fragment = rule_book().differential(function, signature)?;
    lower_fragment(arena, fragment, &letters, &values, &tangents)
}

/// A node read as a value: the axes before the core ones are mapped over.
fn as_value(arena: &Arena, scaled: &Scaled, core: usize) -> Value {
    let axes = arena.axes(scaled.node);
    let mapped = axes.len().saturating_sub(core);
    let ambient: Ambients = axes[..mapped]
        .iter()
        .enumerate()
        .map(|(at, axis)| (Ambient(u32::try_from(at).unwrap_or(u32::MAX)), *axis))
        .collect();
    let one = gradus_tensor::Dimensions::ONE;
    let rows = axes.get(mapped).map_or(one, |axis| axis.dimension);
    let columns = axes.get(mapped + 1).map_or(one, |axis| axis.dimension);
    Value { scaled: scaled.clone(), ambient, rows, columns }
}
