//! Identification: the derivative of a function by variables, and its layouts.
//!
//! A layout is only the order in which the open labels are written. Must not know display.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::lower::{Ambient, Value};
use gradus_tensor::{
    Arena, Axes, DimensionId, Network, Node, NodeId, Rational, Scaled, Structure, Wires,
};

use crate::projection::{Convention, project};
use crate::reverse::sweep;
use crate::stacking::{self, Stacking, axis_count, entries};
use crate::tangent::differential;
use crate::wirtinger::is_real_space;

/// Which open labels are written as rows and which as columns.
///
/// | | mixed | numerator | denominator |
/// |---|---|---|---|
/// | scalar by vector n | n (column) | 1×n | n×1 |
/// | scalar by matrix m×n | m×n | n×m | m×n |
/// | vector m by scalar | m (column) | m×1 | 1×m |
/// | vector m by vector n | m×n | m×n | n×m |
/// | matrix m×n by scalar | m×n | m×n | m×n |
/// | stacked F by stacked X | J | J | J' |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Gradients have the shape of the variable, Jacobians are numerator by denominator.
    #[default]
    Mixed,
    /// Numerator layout: `df = tr(D dX)`, `dF = D dx`.
    Numerator,
    /// Denominator layout: the transpose of the numerator layout, but for matrix by scalar.
    Denominator,
}

/// One side of a derivative's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The axis of the node, if the side has more than one entry.
    pub axis: Option<usize>,
    /// How many entries.
    pub size: DimensionId,
}

/// A derivative in mixed layout, and how its other layouts come from it.
#[derive(Clone, Debug)]
pub struct Derivative {
    /// The network.
    pub value: Scaled,
    /// The same without stacking: the axes of the function and then those of the variable.
    pub tensor: Scaled,
    /// Whether matrices were stacked into columns: then it is `J` in `d vec F = J d vec X`.
    pub stacked: bool,
    /// The axis of [`Self::value`] along which the members of a family lie, if the variable is one.
    /// Rows and columns are those of the derivative by a member.
    pub member: Option<usize>,
    rows: Side,
    columns: Side,
    transposed_in: &'static [Layout],
}

impl Derivative {
    /// Rows and columns in a layout.
    #[must_use]
    pub fn sides(&self, layout: Layout) -> (Side, Side) {
        if self.transposed_in.contains(&layout) {
            (self.columns, self.rows)
        } else {
            (self.rows, self.columns)
        }
    }

    /// Projects a second derivative along the axes of what was differentiated, which is the gradient
    /// by a variable in a layout. Where the tangent space depends on the point, the derivative of a
    /// tangent gradient need not be tangent.
    ///
    /// # Errors
    /// As for [`derivatives`].
    pub fn project_gradient(
        &mut self,
        arena: &mut Arena,
        (gradient, by, layout): (&Value, &Value, Layout),
        variable: &Value,
        stacking: Stacking,
    ) -> Result<()> {
        let node = by.scaled.node;
        let rank = arena.axes(self.tensor.node).len();
        let turned: Vec<usize> = match layout {
            Layout::Numerator => [1, 0].into_iter().chain(2..rank).collect(),
            Layout::Mixed | Layout::Denominator => (0..rank).collect(),
        };
        let turn = |arena: &mut Arena, value: &Scaled| {
            arena.permute(value.node, &turned).times(&value.coefficient)
        };
        let upright = turn(arena, &self.tensor);
        let structure = structure_of(arena, node);
        let projected = project(arena, &upright, 0, structure, node, Convention::Projected)?;
        let projected = turn(arena, &projected);
        *self = identify(arena, gradient, variable, projected, stacking);
        Ok(())
    }

    /// The derivative as it is written in a layout, to be differentiated again; by a family it is
    /// mapped over the members.
    pub fn written(&self, arena: &mut Arena, layout: Layout) -> Value {
        let (rows, columns) = self.sides(layout);
        let axes = self.member.into_iter().chain(rows.axis).chain(columns.axis);
        let order: AxisOrder = axes.collect();
        let scaled = arena.permute(self.value.node, &order).times(&self.value.coefficient);
        let range = self.member.map(|axis| (Ambient(0), arena.axes(self.value.node)[axis]));
        let ambient = range.into_iter().collect();
        Value { rows: rows.size, columns: columns.size, ambient, ..Value::scalar(scaled) }
    }
}

type AxisOrder = smallvec::SmallVec<[usize; 3]>;

/// The derivatives of one function by several variables, from one sweep.
///
/// Variables are given by the values that lowering gives them. Where a matrix meets an array, the
/// derivative is the matrix of all entries by all entries, each stacked as `stacking` says. Along a
/// structured variable it is projected.
///
/// # Errors
/// Unsupported functions, and limits.
pub fn derivatives(
    arena: &mut Arena,
    function: &Value,
    variables: &[Value],
    stacking: Stacking,
    convention: Convention,
) -> Result<Vec<Derivative>> {
    let mut results: Vec<Option<Derivative>> = vec![None; variables.len()];
    let swept: Vec<usize> = (0..variables.len())
        .filter(|at| function.is_scalar() || !is_one_scalar(&variables[*at]))
        .collect();
    for (at, variable) in variables.iter().enumerate() {
        if !function.is_scalar() && is_one_scalar(variable) {
            results[at] = Some(by_scalar(arena, function, variable)?);
        }
    }
    if !swept.is_empty() {
        let leaves: Vec<NodeId> = swept.iter().map(|at| variables[*at].scaled.node).collect();
        let adjoints = adjoints(arena, function, &leaves)?;
        for (at, adjoint) in swept.into_iter().zip(adjoints) {
            let variable = &variables[at];
            let first = arena.axes(function.scaled.node).len();
            let node = variable.scaled.node;
            // What is no complex space is projected when the parts are together.
            let structure = match structure_of(arena, node) {
                structure if is_real_space(structure) => Structure::General,
                structure => structure,
            };
            let tensor = project(arena, &adjoint, first, structure, node, convention)?;
            results[at] = Some(identify(arena, function, variable, tensor, stacking));
        }
    }
    results
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Diagnostic::internal("a derivative was not formed").into())
}

/// The structure of the variable that a node is.
pub(crate) fn structure_of(arena: &Arena, node: NodeId) -> Structure {
    match arena.node(node) {
        Node::Symbol(symbol) => arena.symbol(*symbol).structure,
        _ => Structure::General,
    }
}

/// Whether a variable is a scalar, and no family of scalars.
fn is_one_scalar(value: &Value) -> bool {
    value.is_scalar() && value.ambient.is_empty()
}

/// The adjoint of each leaf: the function's axes, then the leaf's.
fn adjoints(arena: &mut Arena, function: &Value, leaves: &[NodeId]) -> Result<Vec<Scaled>> {
    let root = function.scaled.node;
    let open: Axes = arena.axes(root).into();
    let mut network = Network::new();
    let wires: Wires = open.iter().map(|axis| network.wire(*axis)).collect();
    let doubled: Wires = wires.iter().chain(&wires).copied().collect();
    network.output(&doubled);
    network.scale(&function.scaled.coefficient);
    let seed = arena.contract(network);
    let found = sweep(arena, root, seed, &open, leaves)?;
    let zero = |arena: &mut Arena, leaf: &NodeId| {
        let axes: Axes = open.iter().copied().chain(arena.axes(*leaf).iter().copied()).collect();
        Scaled::one(arena.zero(&axes))
    };
    Ok(leaves
        .iter()
        .zip(found)
        .map(|(leaf, adjoint)| adjoint.unwrap_or_else(|| zero(arena, leaf)))
        .collect())
}

pub(crate) fn identify(
    arena: &mut Arena,
    function: &Value,
    variable: &Value,
    value: Scaled,
    stacking: Stacking,
) -> Derivative {
    let side = |axis: Option<usize>, size| Side { axis, size };
    let family = !variable.ambient.is_empty();
    if function.is_scalar() {
        return Derivative {
            tensor: value.clone(),
            value,
            stacked: false,
            member: family.then_some(0),
            rows: side(variable.row_axis(), variable.rows),
            columns: side(variable.column_axis(), variable.columns),
            transposed_in: &[Layout::Numerator],
        };
    }
    if variable.is_scalar() {
        // By each of a family of scalars, as by one.
        return Derivative {
            tensor: value.clone(),
            value,
            stacked: false,
            member: Some(axis_count(function)),
            rows: side(function.row_axis(), function.rows),
            columns: side(function.column_axis(), function.columns),
            transposed_in: transposed_by_scalar(function),
        };
    }
    let stacked = axis_count(function) > 1 || axis_count(variable) > 1;
    let tensor = value;
    let value = if stacked {
        stacking::stacked(arena, &tensor, function, variable, stacking)
    } else {
        tensor.clone()
    };
    Derivative {
        value,
        tensor,
        stacked,
        member: family.then_some(1),
        rows: side(Some(0), entries(arena, function)),
        columns: side(Some(1 + usize::from(family)), entries(arena, variable)),
        transposed_in: &[Layout::Denominator],
    }
}

/// Anything by a scalar has the shape of the function; a vector is a row in denominator layout.
fn by_scalar(arena: &mut Arena, function: &Value, variable: &Value) -> Result<Derivative> {
    let one = arena.number(Rational::ONE);
    let value = differential(arena, function, &[(variable.scaled.node, one)])?;
    let side = |axis: Option<usize>, size| Side { axis, size };
    let rows = side(function.row_axis(), function.rows);
    let columns = side(function.column_axis(), function.columns);
    let transposed_in = transposed_by_scalar(function);
    let tensor = value.clone();
    Ok(Derivative { tensor, value, stacked: false, member: None, rows, columns, transposed_in })
}

/// A row stays a row in mixed and denominator layout; numerator layout makes it the column of its
/// entries.
fn transposed_by_scalar(function: &Value) -> &'static [Layout] {
    match (function.has_rows(), function.has_columns()) {
        (true, true) => &[],
        (true, false) => &[Layout::Denominator],
        _ => &[Layout::Numerator],
    }
}
