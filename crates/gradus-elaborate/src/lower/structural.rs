//! Lowering of functions that are networks of labels and constants: traces, diagonals, vec, kron,
//! blocks, triangles, slices.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::Structural;
use gradus_tensor::{
    Axes, Axis, Constant, DimensionId, Dimensions, Node, NodeFacts, Rational, Scaled, Wire, Wires,
};

use super::Lowering;
use super::value::{Value, Weaver};
use crate::typed::TypedId;

const ONE: DimensionId = Dimensions::ONE;

impl Lowering<'_> {
    pub(crate) fn structural(
        &mut self,
        structure: Structural,
        values: &[Value],
        sizes: &[DimensionId],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        match (structure, values) {
            (Structural::Commutation, []) => {
                let [m, n] = sizes else { return Err(arity()) };
                Ok(self.commutation(*m, *n))
            }
            (Structural::HorizontalConcatenation, values) => {
                self.concatenate(&[values.to_vec()], rows, columns)
            }
            (Structural::VerticalConcatenation, values) => {
                let blocks: Vec<Vec<Value>> =
                    values.iter().map(|value| vec![value.clone()]).collect();
                self.concatenate(&blocks, rows, columns)
            }
            (Structural::Duplication | Structural::Elimination, []) => {
                let [n] = sizes else { return Err(arity()) };
                Ok(self.stacked_triangle(structure == Structural::Duplication, *n, rows, columns))
            }
            (Structural::BlockTrace | Structural::BlockSum, [value]) => {
                let [p, q] = sizes else { return Err(arity()) };
                Ok(self.sum_of_blocks(value, *p, *q, structure == Structural::BlockTrace))
            }
            (Structural::KhatriRao, [a, b]) => Ok(self.khatri_rao(a, b, rows, columns)),
            (Structural::Cross, [a, b]) => Ok(self.cross(a, b, rows, columns)),
            (Structural::Kronecker, [a, b]) => Ok(self.kronecker(a, b, rows, columns)),
            (_, [value]) => self.structural_unary(structure, value, rows, columns),
            _ => Err(arity()),
        }
    }

    fn structural_unary(
        &mut self,
        structure: Structural,
        value: &Value,
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let mut weaver = Weaver::new();
        Ok(match structure {
            Structural::Trace => {
                let wire = weaver.side(value.rows);
                weaver.factor(value, wire, wire);
                weaver.finish(self.arena, (ONE, None), (ONE, None))
            }
            Structural::Diagonal => {
                let wire = weaver.side(rows);
                // Where the argument has one side only, it becomes the diagonal.
                let (row, column) =
                    (wire.filter(|_| value.has_rows()), wire.filter(|_| value.has_columns()));
                weaver.factor(value, row, column);
                let column = if columns == ONE { None } else { wire };
                weaver.finish(self.arena, (rows, wire), (columns, column))
            }
            Structural::Sum => {
                let (row, column) = (weaver.side(value.rows), weaver.side(value.columns));
                weaver.factor(value, row, column);
                weaver.finish(self.arena, (ONE, None), (ONE, None))
            }
            Structural::Transpose => self.transpose(value),
            Structural::Vec => self.vectorize(value, rows),
            Structural::VecRows => {
                let transposed = self.transpose(value);
                self.vectorize(&transposed, rows)
            }
            Structural::Unvec => self.unvectorize(value, rows, columns),
            Structural::LowerTriangle => self.triangle(value, true),
            Structural::UpperTriangle => self.triangle(value, false),
            Structural::Conjugate => self.conjugate(value),
            Structural::RealPart => self.part(value, &Rational::ONE),
            Structural::ImaginaryPart => match self.imaginary_unit() {
                // Without complex variables every value is real.
                None => {
                    let zero = Value::scalar(self.arena.number(Rational::ZERO));
                    let filled = self.fill(&zero, rows, columns);
                    self.align(&filled, &value.ambient)
                }
                Some(unit) => {
                    let difference = self.part(value, &Rational::MINUS_ONE);
                    let (row, column) = (weaver.side(rows), weaver.side(columns));
                    weaver.factor(&difference, row, column);
                    weaver.network.scale(&Rational::MINUS_ONE);
                    weaver.network.factor(&unit, &[]);
                    weaver.finish(self.arena, (rows, row), (columns, column))
                }
            },
            Structural::HalfVec => self.half_vectorize(value, rows),
            Structural::Kronecker
            | Structural::KhatriRao
            | Structural::Cross
            | Structural::Commutation
            | Structural::Duplication
            | Structural::Elimination
            | Structural::BlockTrace
            | Structural::BlockSum
            | Structural::HorizontalConcatenation
            | Structural::VerticalConcatenation => return Err(arity()),
        })
    }

    /// `(z + sign*conj(z))/2`
    fn part(&mut self, value: &Value, sign: &Rational) -> Value {
        let conjugate = self.arena.conjugate(&value.scaled).times(sign);
        let axes: Axes = self.arena.axes(value.scaled.node).into();
        let total = self.arena.sum(&[value.scaled.clone(), conjugate], &axes);
        let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
        Value { scaled: total.times(&half), ..value.clone() }
    }

    pub(crate) fn constant_node(&mut self, constant: Constant, axes: &[DimensionId]) -> Scaled {
        let axes: Axes = axes.iter().map(|dimension| Axis::new(*dimension)).collect();
        let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
        Scaled::one(self.arena.insert(Node::Constant(constant), axes, facts))
    }

    /// Puts the constant that stacks `rows × columns` on the wires `place`, `row`, `column`.
    pub(crate) fn fuse(
        &mut self,
        weaver: &mut Weaver,
        place: Option<Wire>,
        (rows, row): (DimensionId, Option<Wire>),
        (columns, column): (DimensionId, Option<Wire>),
    ) {
        // With a side of size one the stacked index is the other one, and the caller shares the wire.
        if let (Some(place), Some(row), Some(column)) = (place, row, column) {
            let total = self.arena.dimensions.multiply(rows, columns);
            let fusion =
                self.constant_node(Constant::Fusion { rows, columns }, &[total, rows, columns]);
            weaver.network.factor(&fusion, &[place, row, column]);
        }
    }

    /// The wires of a stacked index and of its two parts.
    pub(crate) fn fused_wires(
        &mut self,
        weaver: &mut Weaver,
        rows: DimensionId,
        columns: DimensionId,
    ) -> (Option<Wire>, Option<Wire>, Option<Wire>) {
        let (row, column) = (weaver.side(rows), weaver.side(columns));
        let place = match (row, column) {
            (Some(_), Some(_)) => {
                let total = self.arena.dimensions.multiply(rows, columns);
                weaver.side(total)
            }
            (row, column) => row.or(column),
        };
        (place, row, column)
    }

    fn vectorize(&mut self, value: &Value, rows: DimensionId) -> Value {
        let mut weaver = Weaver::new();
        let (place, row, column) = self.fused_wires(&mut weaver, value.rows, value.columns);
        weaver.factor(value, row, column);
        self.fuse(&mut weaver, place, (value.rows, row), (value.columns, column));
        weaver.finish(self.arena, (rows, place), (ONE, None))
    }

    fn unvectorize(&mut self, value: &Value, rows: DimensionId, columns: DimensionId) -> Value {
        let mut weaver = Weaver::new();
        let (place, row, column) = self.fused_wires(&mut weaver, rows, columns);
        weaver.factor(value, place.filter(|_| value.has_rows()), None);
        self.fuse(&mut weaver, place, (rows, row), (columns, column));
        weaver.finish(self.arena, (rows, row), (columns, column))
    }

    /// `K vec(X) = vec(X')` for X of m×n.
    fn commutation(&mut self, m: DimensionId, n: DimensionId) -> Value {
        let total = self.arena.dimensions.multiply(m, n);
        let mut weaver = Weaver::new();
        let (columns_place, row, column) = self.fused_wires(&mut weaver, m, n);
        self.fuse(&mut weaver, columns_place, (m, row), (n, column));
        let rows_place = match (row, column) {
            (Some(_), Some(_)) => weaver.side(total),
            _ => columns_place,
        };
        self.fuse(&mut weaver, rows_place, (n, column), (m, row));
        weaver.finish(self.arena, (total, rows_place), (total, columns_place))
    }

    /// The cross product of columns, or of two rows; one column is paired with every column.
    fn cross(&mut self, a: &Value, b: &Value, rows: DimensionId, columns: DimensionId) -> Value {
        let is_row = rows == ONE;
        let three = if is_row { columns } else { rows };
        let axes: Axes = [three; 3].into_iter().map(Axis::new).collect();
        let node = Node::Constant(Constant::Permutation);
        let permutation = Scaled::one(self.arena.insert(node, axes, NodeFacts::default()));
        let mut weaver = Weaver::new();
        let [result, first, second] = [three; 3].map(|size| weaver.side(size));
        let along = if is_row { None } else { weaver.side(columns) };
        let wires: Wires = [result, first, second].into_iter().flatten().collect();
        weaver.network.factor(&permutation, &wires);
        for (value, wire) in [(a, first), (b, second)] {
            if is_row {
                weaver.factor(value, None, wire);
            } else {
                weaver.factor(value, wire, along.filter(|_| value.has_columns()));
            }
        }
        if is_row {
            weaver.finish(self.arena, (rows, None), (columns, result))
        } else {
            weaver.finish(self.arena, (rows, result), (columns, along))
        }
    }

    fn kronecker(
        &mut self,
        a: &Value,
        b: &Value,
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let mut weaver = Weaver::new();
        // The index of the second factor runs faster: it is the row of the stacked pair.
        let (row, b_row, a_row) = self.fused_wires(&mut weaver, b.rows, a.rows);
        let (column, b_column, a_column) = self.fused_wires(&mut weaver, b.columns, a.columns);
        weaver.factor(a, a_row, a_column);
        weaver.factor(b, b_row, b_column);
        self.fuse(&mut weaver, row, (b.rows, b_row), (a.rows, a_row));
        self.fuse(&mut weaver, column, (b.columns, b_column), (a.columns, a_column));
        weaver.finish(self.arena, (rows, row), (columns, column))
    }

    fn triangle(&mut self, value: &Value, lower: bool) -> Value {
        if !(value.has_rows() && value.has_columns()) {
            return self.triangle_of_line(value, lower);
        }
        let mut weaver = Weaver::new();
        let (row, column) = (weaver.side(value.rows), weaver.side(value.columns));
        weaver.factor(value, row, column);
        let constant = Constant::Triangle { rows: value.rows, columns: value.columns, lower };
        let mask = self.constant_node(constant, &[value.rows, value.columns]);
        let wires: Wires = row.into_iter().chain(column).collect();
        weaver.network.factor(&mask, &wires);
        weaver.finish(self.arena, (value.rows, row), (value.columns, column))
    }

    /// The triangle of a row or a column: all of it, or its first entry alone.
    fn triangle_of_line(&mut self, value: &Value, lower: bool) -> Value {
        let whole = value.is_scalar() || (value.has_rows() == lower);
        if whole {
            return value.clone();
        }
        let mut weaver = Weaver::new();
        let (row, column) = (weaver.side(value.rows), weaver.side(value.columns));
        weaver.factor(value, row, column);
        let total = if value.has_rows() { value.rows } else { value.columns };
        let zero = self.arena.dimensions.number(Rational::ZERO);
        let first = Constant::Selection { total, offset: zero, length: ONE };
        let first = self.constant_node(first, &[total]);
        let wires: Wires = row.into_iter().chain(column).collect();
        weaver.network.factor(&first, &wires);
        weaver.finish(self.arena, (value.rows, row), (value.columns, column))
    }

    pub(crate) fn block(
        &mut self,
        blocks: &[Vec<TypedId>],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let values: Vec<Vec<Value>> = blocks
            .iter()
            .map(|row| row.iter().map(|id| self.value(*id)).collect::<Result<_>>())
            .collect::<Result<_>>()?;
        self.concatenate(&values, rows, columns)
    }

    /// Blocks side by side: the sum of each block put in its place.
    fn concatenate(
        &mut self,
        blocks: &[Vec<Value>],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let zero = self.arena.dimensions.number(Rational::ZERO);
        let mut ambient = super::value::Ambients::new();
        for value in blocks.iter().flatten() {
            ambient = super::value::union(&ambient, &value.ambient);
        }
        let mut placed: Vec<Value> = Vec::new();
        let mut top = zero;
        for row in blocks {
            let mut left = zero;
            for value in row {
                let value = self.align(value, &ambient);
                placed.push(self.place_block(&value, (rows, top), (columns, left)));
                left = self.arena.dimensions.add(left, value.columns);
            }
            let height = row.first().map_or(zero, |value| value.rows);
            top = self.arena.dimensions.add(top, height);
        }
        let Some(first) = placed.first().cloned() else { return Err(arity()) };
        let axes: Axes = self.arena.axes(first.scaled.node).into();
        let terms: Vec<Scaled> = placed.into_iter().map(|value| value.scaled).collect();
        Ok(Value { scaled: self.arena.sum(&terms, &axes), ..first })
    }

    fn place_block(
        &mut self,
        value: &Value,
        (rows, top): (DimensionId, DimensionId),
        (columns, left): (DimensionId, DimensionId),
    ) -> Value {
        let mut weaver = Weaver::new();
        for (label, axis) in &value.ambient {
            weaver.ambient(*label, *axis);
        }
        let (outer_row, inner_row) = self.select(&mut weaver, rows, top, value.rows);
        let (outer_column, inner_column) = self.select(&mut weaver, columns, left, value.columns);
        weaver.factor(value, inner_row, inner_column);
        weaver.finish(self.arena, (rows, outer_row), (columns, outer_column))
    }

    /// The wires of a whole side and of a part of it, with the constant that joins them.
    fn select(
        &mut self,
        weaver: &mut Weaver,
        total: DimensionId,
        offset: DimensionId,
        length: DimensionId,
    ) -> (Option<Wire>, Option<Wire>) {
        if total == length {
            let wire = weaver.side(total);
            return (wire, wire);
        }
        let (outer, inner) = (weaver.side(total), weaver.side(length));
        let axes: Vec<DimensionId> = [total].into_iter().chain(inner.map(|_| length)).collect();
        let selection = self.constant_node(Constant::Selection { total, offset, length }, &axes);
        let wires: Wires = outer.into_iter().chain(inner).collect();
        weaver.network.factor(&selection, &wires);
        (outer, inner)
    }

    pub(crate) fn slice(
        &mut self,
        value: &Value,
        (row_offset, column_offset): (DimensionId, DimensionId),
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let mut weaver = Weaver::new();
        let (outer_row, row) = self.select(&mut weaver, value.rows, row_offset, rows);
        let (outer_column, column) =
            self.select(&mut weaver, value.columns, column_offset, columns);
        weaver.factor(value, outer_row, outer_column);
        weaver.finish(self.arena, (rows, row), (columns, column))
    }
}

fn arity() -> gradus_diagnostics::Error {
    Diagnostic::internal("a function was given the wrong number of arguments").into()
}
