//! A lowered value: a node whose axes are, in this order, those it is mapped over, rows, columns.
//!
//! Must not know operations of the language.

use gradus_tensor::{Arena, Axis, DimensionId, Dimensions, Network, Scaled, Wire, Wires};
use smallvec::SmallVec;

/// A label that a value is mapped over: a bound index of `sum[i]`, or an axis of the argument that a
/// rule is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ambient(pub u32);

/// The ambient labels of a value in increasing order, with their axes.
pub type Ambients = SmallVec<[(Ambient, Axis); 2]>;

/// A node with its axes in the fixed order: ambient labels, rows, columns. A side of size one has no
/// axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The node and its coefficient.
    pub scaled: Scaled,
    /// The labels it is mapped over.
    pub ambient: Ambients,
    /// Number of rows.
    pub rows: DimensionId,
    /// Number of columns.
    pub columns: DimensionId,
}

impl Value {
    /// A scalar without ambient labels.
    #[must_use]
    pub fn scalar(scaled: Scaled) -> Self {
        Self { scaled, ambient: Ambients::new(), rows: Dimensions::ONE, columns: Dimensions::ONE }
    }

    /// Whether the value has rows, that is, more than one.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        self.rows != Dimensions::ONE
    }

    /// Whether the value has columns, that is, more than one.
    #[must_use]
    pub fn has_columns(&self) -> bool {
        self.columns != Dimensions::ONE
    }

    /// Whether rows and columns are both one.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        !self.has_rows() && !self.has_columns()
    }

    /// The position of the row axis in the node.
    #[must_use]
    pub fn row_axis(&self) -> Option<usize> {
        self.has_rows().then_some(self.ambient.len())
    }

    /// The position of the column axis in the node.
    #[must_use]
    pub fn column_axis(&self) -> Option<usize> {
        self.has_columns().then(|| self.ambient.len() + usize::from(self.has_rows()))
    }
}

/// The ambient labels of two values together.
#[must_use]
pub fn union(a: &Ambients, b: &Ambients) -> Ambients {
    let mut all = a.clone();
    for (label, axis) in b {
        if let Err(at) = all.binary_search_by_key(label, |(label, _)| *label) {
            all.insert(at, (*label, *axis));
        }
    }
    all
}

/// A network whose wires are named by ambient labels, under construction.
#[derive(Default)]
pub struct Weaver {
    /// The network.
    pub network: Network,
    ambient: SmallVec<[(Ambient, Axis, Wire); 4]>,
}

impl Weaver {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { network: Network::new(), ambient: SmallVec::new() }
    }

    /// A new wire of a size; none for size one.
    pub fn side(&mut self, dimension: DimensionId) -> Option<Wire> {
        (dimension != Dimensions::ONE).then(|| self.network.wire(Axis::new(dimension)))
    }

    /// The wire of an ambient label.
    pub fn ambient(&mut self, label: Ambient, axis: Axis) -> Wire {
        if let Some((_, _, wire)) = self.ambient.iter().find(|(seen, ..)| *seen == label) {
            return *wire;
        }
        let wire = self.network.wire(axis);
        let at = self.ambient.partition_point(|(seen, ..)| *seen < label);
        self.ambient.insert(at, (label, axis, wire));
        wire
    }

    /// The wires of a value whose rows and columns lie on the given wires.
    pub fn place(&mut self, value: &Value, rows: Option<Wire>, columns: Option<Wire>) -> Wires {
        let mut wires: Wires =
            value.ambient.iter().map(|(label, axis)| self.ambient(*label, *axis)).collect();
        wires.extend(rows);
        wires.extend(columns);
        wires
    }

    /// Multiplies by a value.
    pub fn factor(&mut self, value: &Value, rows: Option<Wire>, columns: Option<Wire>) {
        let wires = self.place(value, rows, columns);
        self.network.factor(&value.scaled, &wires);
    }

    /// Takes an ambient label out of the open ones: it is summed.
    pub fn close(&mut self, label: Ambient) {
        self.ambient.retain(|(seen, ..)| *seen != label);
    }

    /// Ends with the given row and column wires open, and every ambient label that was used.
    pub fn finish(
        mut self,
        arena: &mut Arena,
        rows: (DimensionId, Option<Wire>),
        columns: (DimensionId, Option<Wire>),
    ) -> Value {
        let mut output: Wires = self.ambient.iter().map(|(_, _, wire)| *wire).collect();
        output.extend(rows.1);
        output.extend(columns.1);
        self.network.output(&output);
        Value {
            scaled: arena.contract(self.network),
            ambient: self.ambient.iter().map(|(label, axis, _)| (*label, *axis)).collect(),
            rows: rows.0,
            columns: columns.0,
        }
    }
}
