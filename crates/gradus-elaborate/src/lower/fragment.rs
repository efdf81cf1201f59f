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
            crate::typed::Operation::Slice { row_offset, column_offset, .. } => {
                for offset in [row_offset, column_offset] {
                    translate(arena, fragment, letters, *offset, &mut translated);
                }
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
/// `arguments` are the values of an application: ambient labels are what it maps over.
/// `differentials` have the same shapes. Elementwise functions are read as functions of scalars mapped
/// over all axes.
///
/// # Errors
/// The entry has no differential, or its text needs what is not supported.
pub fn apply_rule(
    arena: &mut Arena,
    function: FunctionId,
    arguments: &[Value],
    differentials: &[Value],
) -> Result<Value> {
    let (signature, letters) = signature_of(function, arguments)?;
    let fragment = rule_book().differential(function, signature)?;
    lower_fragment(arena, fragment, &letters, arguments, differentials)
}

/// The adjoint of a function of the rule book that is linear in an argument, applied to a value of the
/// shape of its result.
///
/// # Errors
/// The entry has no adjoint, or its text needs what is not supported.
pub fn apply_adjoint(
    arena: &mut Arena,
    function: FunctionId,
    arguments: &[Value],
    cotangent: &Value,
) -> Result<Value> {
    let (signature, letters) = signature_of(function, arguments)?;
    let fragment = rule_book().adjoint(function, signature)?;
    let given: Vec<Value> = arguments.iter().chain([cotangent]).cloned().collect();
    let parameters = Fragment {
        parameters: fragment.parameters.iter().chain(&fragment.cotangent).copied().collect(),
        ..fragment.clone()
    };
    lower_fragment(arena, &parameters, &letters, &given, &[])
}

/// Which signature the arguments have, and what its letters stand for.
fn signature_of(function: FunctionId, arguments: &[Value]) -> Result<(usize, Vec<DimensionId>)> {
    if gradus_functions::book().get(function).facts.cores.iter().all(|core| *core == 0) {
        return Ok((0, Vec::new()));
    }
    let shapes: Vec<Shape> =
        arguments.iter().map(|value| Shape { rows: value.rows, columns: value.columns }).collect();
    let matched = match_signature(function, &shapes, &[]).ok_or_else(|| mismatch(function))?;
    Ok((matched.signature, matched.letters))
}

/// A node as the argument of a function that acts on so many of its last axes: the axes before those
/// have the given labels, in increasing order.
#[must_use]
pub fn argument_value(arena: &Arena, scaled: &Scaled, core: usize, labels: &[Ambient]) -> Value {
    let axes = arena.axes(scaled.node);
    let mapped = axes.len().saturating_sub(core);
    let ambient: Ambients = labels.iter().copied().zip(axes[..mapped].iter().copied()).collect();
    let one = gradus_tensor::Dimensions::ONE;
    let rows = axes.get(mapped).map_or(one, |axis| axis.dimension);
    let columns = axes.get(mapped + 1).map_or(one, |axis| axis.dimension);
    Value { scaled: scaled.clone(), ambient, rows, columns }
}
