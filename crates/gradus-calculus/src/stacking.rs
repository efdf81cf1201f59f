//! Stacking: the two axes of a matrix as one, so that a derivative of any shape is a matrix.
//!
//! `d vec F = J d vec X`. Must not know how derivatives are formed or displayed.

use gradus_elaborate::lower::Value;
use gradus_tensor::{
    Arena, Axes, Axis, Constant, DimensionId, Network, Node, NodeFacts, Scaled, Wire, Wires,
};

/// In which order the entries of a matrix are stacked into a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stacking {
    /// Column after column: `vec`.
    #[default]
    Columns,
    /// Row after row: `vecr`.
    Rows,
}

/// How many entries an array has.
pub(crate) fn entries(arena: &mut Arena, value: &Value) -> DimensionId {
    arena.dimensions.multiply(value.rows, value.columns)
}

/// A tensor whose axes are those of a function and then those of a variable, as a matrix: the entries
/// of the function by the entries of the variable. The ranges of a family stand between the two.
pub(crate) fn stacked(
    arena: &mut Arena,
    tensor: &Scaled,
    function: &Value,
    variable: &Value,
    stacking: Stacking,
) -> Scaled {
    let mut network = Network::new();
    let wires = network.wires(arena, tensor.node);
    network.factor(tensor, &wires);
    let (own, others) = wires.split_at(axis_count(function));
    let (ranges, others) = others.split_at(variable.ambient.len());
    let rows = fused(arena, &mut network, own, function, stacking);
    let columns = fused(arena, &mut network, others, variable, stacking);
    let output: Wires = rows.into_iter().chain(ranges.iter().copied()).chain(columns).collect();
    network.output(&output);
    arena.contract(network)
}

/// A tensor with the axes from `first` on as one axis, which are those of a variable: its entries are
/// stacked, those of a family one member after the other. Nothing is done where there is one axis or
/// none.
pub fn one_axis(
    arena: &mut Arena,
    tensor: &Scaled,
    first: usize,
    variable: &Value,
    stacking: Stacking,
) -> Scaled {
    if arena.axes(tensor.node).len() <= first + 1 {
        return tensor.clone();
    }
    let mut network = Network::new();
    let wires = network.wires(arena, tensor.node);
    network.factor(tensor, &wires);
    let (kept, own) = wires.split_at(first);
    let stacked = own.len() == variable.ambient.len() + 1;
    let (ranges, own) = own.split_at(variable.ambient.len());
    let mut length = entries(arena, variable);
    let member = if stacked {
        own.first().copied()
    } else {
        fused(arena, &mut network, own, variable, stacking)
    };
    let mut place = member;
    for (wire, (_, axis)) in ranges.iter().zip(&variable.ambient).rev() {
        place = Some(match place {
            Some(inner) => {
                let fusion = fusion(arena, length, axis.dimension);
                length = arena.dimensions.multiply(length, axis.dimension);
                let outer = network.wire(Axis::new(length));
                network.factor(&fusion, &[outer, inner, *wire]);
                outer
            }
            None => *wire,
        });
    }
    let output: Wires = kept.iter().copied().chain(place).collect();
    network.output(&output);
    arena.contract(network)
}

pub(crate) fn axis_count(value: &Value) -> usize {
    usize::from(value.has_rows()) + usize::from(value.has_columns())
}

/// The one wire of the entries of an array that lies on `wires`; none for a scalar.
fn fused(
    arena: &mut Arena,
    network: &mut Network,
    wires: &[Wire],
    value: &Value,
    stacking: Stacking,
) -> Option<Wire> {
    let [row, column] = *wires else { return wires.first().copied() };
    let total = entries(arena, value);
    let place = network.wire(Axis::new(total));
    let (fusion, fast, slow) = match stacking {
        Stacking::Columns => (self::fusion(arena, value.rows, value.columns), row, column),
        Stacking::Rows => (self::fusion(arena, value.columns, value.rows), column, row),
    };
    network.factor(&fusion, &[place, fast, slow]);
    Some(place)
}

/// The constant that stacks the columns of a matrix.
pub(crate) fn fusion(arena: &mut Arena, rows: DimensionId, columns: DimensionId) -> Scaled {
    let total = arena.dimensions.multiply(rows, columns);
    let axes: Axes = [total, rows, columns].into_iter().map(Axis::new).collect();
    let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
    Scaled::one(arena.insert(Node::Constant(Constant::Fusion { rows, columns }), axes, facts))
}
