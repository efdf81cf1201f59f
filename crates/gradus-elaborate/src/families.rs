//! Members, slices and index sums.
//!
//! Must not know how readings are searched.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{Expr, ExprId, Index, TextId};
use gradus_tensor::{DimensionId, Dimensions, Polynomial};

use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::names::{Meaning, NameId};
use crate::sizes::NewNames;
use crate::solve::{One, number};
use crate::typed::{BoundIndex, IndexId, Nature, Operation, Shape, TypedId};

/// One index, understood.
enum Selector {
    /// A bound index.
    Bound(IndexId),
    /// Offset and length.
    Part(DimensionId, DimensionId),
}

impl Engine<'_> {
    /// Binds an index until [`Self::close_indices`].
    pub(crate) fn open_index(&mut self, name: NameId) -> IndexId {
        let id = IndexId(u32::try_from(self.typed.indices.len()).unwrap_or(u32::MAX));
        let range = self.solver.flexible();
        let name_text = self.name_text(name).to_owned();
        self.typed.indices.push(BoundIndex { name: name_text, range });
        self.used_indices.push(false);
        self.indices.push((name, id));
        id
    }

    /// `sum[i, j](body)` with the body on the stack.
    pub(crate) fn leave_sum(&mut self, expr: ExprId) -> Step<()> {
        let Expr::IndexedSum { mean, indices, .. } = self.expr(expr) else { return Ok(()) };
        let (mean, count) = (*mean, indices.len());
        let mut id = self.close_sum(expr, count)?;
        if mean {
            id = self.divided_by_ranges(expr, id, count);
        }
        self.values.push(id);
        Ok(())
    }

    pub(crate) fn leave_implied_sum(&mut self, expr: ExprId) -> Step<()> {
        let count = self.implied.get(&expr).map_or(0, Vec::len);
        let id = self.close_sum(expr, count)?;
        self.values.push(id);
        Ok(())
    }

    /// Sums the body on the stack over the last `count` indices.
    fn close_sum(&mut self, expr: ExprId, count: usize) -> Step<TypedId> {
        let mut body = self.pop();
        for _ in 0..count {
            let Some((_, index)) = self.indices.pop() else { break };
            if !self.used_indices[index.0 as usize] {
                return Err(self.unused_index(expr, index));
            }
            let shape = self.shape(body);
            body = self.node(Operation::IndexedSum { index, body }, shape, expr);
        }
        Ok(body)
    }

    fn divided_by_ranges(&mut self, expr: ExprId, sum: TypedId, count: usize) -> TypedId {
        let shape = self.shape(sum);
        let mut id = sum;
        let mut at = sum;
        for _ in 0..count {
            let Operation::IndexedSum { index, body } = self.typed.node(at).operation else {
                break;
            };
            let range = self.typed.indices[index.0 as usize].range;
            let mut divisor = self.node(Operation::Dimension(range), Shape::SCALAR, expr);
            if !shape.is_scalar() {
                divisor = self.fill(divisor, shape, expr);
            }
            id = self.node(Operation::Quotient(id, divisor), shape, expr);
            at = body;
        }
        id
    }

    pub(crate) fn unused_index(&self, expr: ExprId, index: IndexId) -> Box<Failure> {
        let text = &self.typed.indices[index.0 as usize].name;
        let error = Diagnostic::bad_input("index", format!("the index `{text}` selects nothing"));
        let error = error.label(self.span(expr), format!("how far does `{text}` run?"));
        error.hint(format!("sum[{text}](x[{text}]^2)")).into()
    }

    /// `x[i]`, `X[i,j]`, `X[1:k, :]`.
    pub(crate) fn indexed(
        &mut self,
        expr: ExprId,
        base: ExprId,
        indices: &[Index],
    ) -> Step<TypedId> {
        let Expr::Name(text) = self.expr(base) else {
            let error = Diagnostic::bad_input("index", "only a name can have an index");
            let error = error.label(self.span(base), "this is no name");
            return Err(error.hint("bind it: t = …; t[i]").into());
        };
        let (base_id, family) = self.indexed_base(base, *text)?;
        let mut selectors = Vec::with_capacity(indices.len());
        let sides = self.sides(expr, base, base_id, &family, indices.len())?;
        for (index, side) in indices.iter().zip(&sides) {
            selectors.push(self.selector(expr, *index, *side)?);
        }
        let bound: Vec<IndexId> = selectors
            .iter()
            .filter_map(|selector| match selector {
                Selector::Bound(index) => Some(*index),
                Selector::Part(..) => None,
            })
            .collect();
        if bound.len() < selectors.len() && (!bound.is_empty() || !family.is_empty()) {
            let error =
                Diagnostic::unsupported("an index together with a fixed position or a range");
            return Err(error.label(self.span(expr), "not supported yet").into());
        }
        if bound.is_empty() {
            return Ok(self.slice(expr, base_id, &selectors));
        }
        for (position, (index, side)) in bound.iter().zip(&sides).enumerate() {
            self.solver.tag = self.tag(expr);
            self.used_indices[index.0 as usize] = true;
            let range = self.typed.indices[index.0 as usize].range;
            if !self.unify(expr, range, *side)? {
                return Err(self.two_ranges(expr, *index, *side, position));
            }
        }
        let shape = if bound.len() == family.len() { self.shape(base_id) } else { Shape::SCALAR };
        Ok(self.node(Operation::Member { base: base_id, indices: bound }, shape, expr))
    }

    /// The value whose parts are selected, and the ranges if it is a family.
    fn indexed_base(&mut self, base: ExprId, text: TextId) -> Step<(TypedId, Vec<DimensionId>)> {
        let name = self.name_id(text);
        if self.parameter(name).is_none()
            && self.bound_index(name).is_none()
            && !matches!(self.names.get(name).meaning, Meaning::Bound(_))
            && let Some(id) = self.variable_of(base, name)?
        {
            let variable = self.typed.variable(id);
            if variable.nature == Nature::Array && !variable.family.is_empty() {
                let family = variable.family.clone();
                return Ok((self.variable_node(id), family));
            }
        }
        Ok((self.name_value(base, name)?, Vec::new()))
    }

    /// What the indices run over: the ranges of a family, then the sides that are not 1.
    fn sides(
        &mut self,
        expr: ExprId,
        base: ExprId,
        id: TypedId,
        family: &[DimensionId],
        count: usize,
    ) -> Step<Vec<DimensionId>> {
        let mut sides = family.to_vec();
        if sides.len() < count && !self.is_scalar(id) {
            let shape = self.shape(id);
            for side in [shape.rows, shape.columns] {
                if self.solver.one(side) != One::Yes {
                    sides.push(side);
                }
            }
        }
        // A family of vectors has members x[i] and entries x[i,j].
        if sides.len() == count && count > 0 {
            return Ok(sides);
        }
        let text = self.text_of(base);
        Err(self.shape_error(expr, |engine| {
            let wanted = match sides.len() {
                0 => format!("`{text}` is a scalar and has no members"),
                1 => format!("`{text}` has one index"),
                wanted => format!("`{text}` has {wanted} indices"),
            };
            let described = engine.described(base, id);
            Diagnostic::bad_input("index", wanted).label(engine.span(expr), described)
        }))
    }

    fn selector(&mut self, expr: ExprId, index: Index, side: DimensionId) -> Step<Selector> {
        match index {
            Index::At(at) => {
                if let Expr::Name(text) = self.expr(at) {
                    let name = self.name_id(*text);
                    if let Some(index) = self.bound_index(name) {
                        return Ok(Selector::Bound(index));
                    }
                    if self.names.get(name).dimension.is_none() {
                        return Err(self.unbound_index(at, name));
                    }
                }
                let position = self.size_polynomial(at, NewNames::Refused)?;
                self.part(expr, &position, &position, side)
            }
            Index::Range(first, last) => {
                let new = self.new_names();
                let first = match first {
                    Some(first) => self.size_polynomial(first, new)?,
                    None => number(1),
                };
                let last = match last {
                    Some(last) => self.size_polynomial(last, new)?,
                    None => self.solver.polynomial(side),
                };
                self.part(expr, &first, &last, side)
            }
        }
    }

    /// The entries from `first` to `last`, counted from 1.
    fn part(
        &mut self,
        expr: ExprId,
        first: &Polynomial,
        last: &Polynomial,
        side: DimensionId,
    ) -> Step<Selector> {
        let offset = first.subtract(&number(1));
        let rest = self.solver.polynomial(side).subtract(last);
        let length = last.subtract(&offset);
        let within = [offset.clone(), rest, length.subtract(&number(1))];
        for value in within {
            if !self.demand_natural(value) {
                let length = self.size_text(side);
                let error = Diagnostic::bad_input(
                    "index",
                    format!("`{}` reaches beyond the end", self.text_of(expr)),
                );
                let error = error.label(self.span(expr), format!("indices run from 1 to {length}"));
                return Err(self.mendable(expr, error));
            }
        }
        let offset = self.solver.of_polynomial(offset);
        let length = self.solver.of_polynomial(length);
        Ok(Selector::Part(offset, length))
    }

    fn slice(&mut self, expr: ExprId, base: TypedId, selectors: &[Selector]) -> TypedId {
        let mut shape = self.shape(base);
        let zero = self.solver.table.number(gradus_tensor::Rational::ZERO);
        let (mut row_offset, mut column_offset) = (zero, zero);
        let mut parts = selectors.iter().filter_map(|selector| match selector {
            Selector::Part(offset, length) => Some((*offset, *length)),
            Selector::Bound(_) => None,
        });
        if self.solver.one(shape.rows) != One::Yes
            && let Some((offset, length)) = parts.next()
        {
            (row_offset, shape.rows) = (offset, length);
        }
        if let Some((offset, length)) = parts.next() {
            (column_offset, shape.columns) = (offset, length);
        }
        self.node(Operation::Slice { base, row_offset, column_offset }, shape, expr)
    }

    fn unbound_index(&self, expr: ExprId, name: NameId) -> Box<Failure> {
        let text = self.name_text(name);
        let error = Diagnostic::bad_input("index", format!("the index `{text}` is not bound"));
        let error = error.label(self.span(expr), "neither an index of a sum nor a dimension");
        error.hint(format!("sum[{text}](…)")).into()
    }

    fn two_ranges(
        &mut self,
        expr: ExprId,
        index: IndexId,
        side: DimensionId,
        _position: usize,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let bound = &engine.typed.indices[index.0 as usize];
            let (text, range) = (bound.name.clone(), bound.range);
            let (range, side) = (engine.size_text(range), engine.size_text(side));
            let error =
                Diagnostic::bad_input("index", format!("the index `{text}` has two ranges"));
            error.label(engine.span(expr), format!("here it runs to {side}, before to {range}"))
        })
    }

    /// `J[i,j] = value`: the open indices, then the sums that the value implies.
    pub(crate) fn tabulated(
        &mut self,
        whole: ExprId,
        indices: &[TextId],
        value: ExprId,
    ) -> Step<TypedId> {
        if indices.len() > 2 {
            let error = Diagnostic::unsupported("an index form with more than two open indices");
            return Err(error.label(self.span(whole), "not supported yet").into());
        }
        let mut open = Vec::with_capacity(indices.len());
        for index in indices {
            let name = self.name_id(*index);
            if self.bound_index(name).is_some() {
                let text = self.name_text(name);
                let error =
                    Diagnostic::bad_input("index", format!("the index `{text}` stands twice"));
                return Err(error.label(self.span(whole), "in this index form").into());
            }
            open.push(self.open_index(name));
        }
        self.imply_sums(value)?;
        let body = self.value(value)?;
        self.implied.clear();
        self.indices.clear();
        if !self.is_scalar(body) {
            return Err(self.shape_error(value, |engine| {
                let described = engine.described(value, body);
                let error =
                    Diagnostic::bad_input("index", "the right side of an index form is a scalar");
                error.label(engine.span(value), described)
            }));
        }
        for index in &open {
            if !self.used_indices[index.0 as usize] {
                return Err(self.unused_index(value, *index));
            }
        }
        let range = |at: usize| {
            open.get(at).map_or(Dimensions::ONE, |index| self.typed.indices[index.0 as usize].range)
        };
        let shape = Shape { rows: range(0), columns: range(1) };
        Ok(self.node(Operation::Tabulate { indices: open, body }, shape, value))
    }
}
