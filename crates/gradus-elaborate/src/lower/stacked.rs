//! Lowering of stacked triangles, sums over blocks and column-wise Kronecker products.

use gradus_tensor::{Constant, DimensionId, Dimensions, Scaled, Wire};

use super::Lowering;
use super::value::{Value, Weaver};

const ONE: DimensionId = Dimensions::ONE;

impl Lowering<'_> {
    /// The constant that stacks a triangle of a matrix of a size greater than one.
    fn packing(&mut self, size: DimensionId, place: DimensionId, symmetric: bool) -> Scaled {
        self.constant_node(Constant::Packing { size, symmetric }, &[place, size, size])
    }

    pub(crate) fn half_vectorize(&mut self, value: &Value, rows: DimensionId) -> Value {
        if !value.has_rows() {
            return value.clone();
        }
        let mut weaver = Weaver::new();
        let (row, column) = (weaver.side(value.rows), weaver.side(value.columns));
        let place = weaver.side(rows);
        weaver.factor(value, row, column);
        let packing = self.packing(value.rows, rows, false);
        let wires: gradus_tensor::Wires = [place, row, column].into_iter().flatten().collect();
        weaver.network.factor(&packing, &wires);
        weaver.finish(self.arena, (rows, place), (ONE, None))
    }

    /// The duplication or the elimination matrix.
    pub(crate) fn stacked_triangle(
        &mut self,
        duplication: bool,
        size: DimensionId,
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let mut weaver = Weaver::new();
        let (pair, row, column) = self.fused_wires(&mut weaver, size, size);
        let (total, half) = if duplication { (rows, columns) } else { (columns, rows) };
        let place = weaver.side(half);
        if let (Some(place), Some(row), Some(column)) = (place, row, column) {
            self.fuse(&mut weaver, pair, (size, Some(row)), (size, Some(column)));
            let packing = self.packing(size, half, duplication);
            weaver.network.factor(&packing, &[place, row, column]);
        }
        if duplication {
            weaver.finish(self.arena, (total, pair), (half, place))
        } else {
            weaver.finish(self.arena, (half, place), (total, pair))
        }
    }

    /// The traces of all blocks, or the sum of the diagonal ones, of p×p blocks of size q×q.
    pub(crate) fn sum_of_blocks(
        &mut self,
        value: &Value,
        p: DimensionId,
        q: DimensionId,
        traces: bool,
    ) -> Value {
        let mut weaver = Weaver::new();
        let (row, inner, outer) = self.fused_wires(&mut weaver, q, p);
        self.fuse(&mut weaver, row, (q, inner), (p, outer));
        let shared = if traces { inner } else { outer };
        let kept = if traces { p } else { q };
        let other = weaver.side(kept);
        let (second_inner, second_outer) = if traces { (shared, other) } else { (other, shared) };
        let column = match (second_inner, second_outer) {
            (Some(_), Some(_)) => weaver.side(value.columns),
            (inner, outer) => inner.or(outer),
        };
        self.fuse(&mut weaver, column, (q, second_inner), (p, second_outer));
        let column = column.filter(|_| value.has_columns());
        weaver.factor(value, row.filter(|_| value.has_rows()), column);
        let first: Option<Wire> = if traces { outer } else { inner };
        weaver.finish(self.arena, (kept, first), (kept, other))
    }

    pub(crate) fn khatri_rao(
        &mut self,
        a: &Value,
        b: &Value,
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let mut weaver = Weaver::new();
        let (row, b_row, a_row) = self.fused_wires(&mut weaver, b.rows, a.rows);
        let column = weaver.side(columns);
        weaver.factor(a, a_row, column);
        weaver.factor(b, b_row, column);
        self.fuse(&mut weaver, row, (b.rows, b_row), (a.rows, a_row));
        weaver.finish(self.arena, (rows, row), (columns, column))
    }
}
