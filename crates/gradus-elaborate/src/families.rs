//! Members, slices and index sums.
//!
//! Must not know how readings are searched.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{Expr, ExprId, Index, TextId};
use gradus_tensor::{DimensionId, Dimensions, Polynomial};

use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::index_messages::Beyond;
use crate::names::{Meaning, NameId};
use crate::sizes::NewNames;
use crate::solve::{One, number};
use crate::typed::{BoundIndex, IndexId, Nature, Operation, Shape, TypedId, VariableId};

/// One index, understood.
#[derive(Clone, Copy, Debug)]
enum Selector {
    /// A bound index.
    Bound(IndexId),
    /// Offset and length.
    Part(DimensionId, DimensionId),
}

/// The bound indices among selectors.
fn bound_indices(selectors: &[Selector]) -> Vec<IndexId> {
    let bound = selectors.iter().filter_map(|selector| match selector {
        Selector::Bound(index) => Some(*index),
        Selector::Part(..) => None,
    });
    bound.collect()
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

    /// Gives an open index that selects nothing the range that is known for its name.
    fn takes_known_range(&mut self, index: IndexId) -> bool {
        let bound = &self.typed.indices[index.0 as usize];
        let known = self.open_ranges.iter().find(|(name, _)| *name == bound.name);
        let Some((_, known)) = known.cloned() else { return false };
        let range = bound.range;
        self.solver.unify(range, known).is_ok()
    }

    pub(crate) fn unused_index(&self, expr: ExprId, index: IndexId) -> Box<Failure> {
        let text = &self.typed.indices[index.0 as usize].name;
        let error = Diagnostic::bad_input("index", format!("the index `{text}` selects nothing"));
        let error = error.label(self.span(expr), format!("how far does `{text}` run?"));
        let body = match self.expr(expr) {
            Expr::IndexedSum { body, .. } => *body,
            _ => expr,
        };
        let hint = match self.expr(body) {
            Expr::Name(_) if self.text_of(body) != text.as_str() => {
                format!("sum[{text}]({}[{text}])", self.text_of(body))
            }
            _ => format!("sum[{text}](x[{text}]^2)"),
        };
        error.hint(hint).into()
    }

    /// `x[i]`, `X[i,j]`, `X[1:k, :]`, `X[:, i]`: parts of a value, or of the members of a family.
    pub(crate) fn indexed(
        &mut self,
        expr: ExprId,
        whole: TypedId,
        family: &[DimensionId],
    ) -> Step<TypedId> {
        let Expr::Indexed { base, indices } = self.expr(expr) else { return Ok(whole) };
        let sides = self.sides(expr, *base, whole, family, indices.len())?;
        let mut selectors = Vec::with_capacity(indices.len());
        for (position, side) in sides.iter().enumerate() {
            selectors.push(self.selector(expr, position, *side)?);
        }
        for (selector, side) in selectors.iter().zip(&sides) {
            if let Selector::Bound(index) = selector {
                self.select_by(expr, *index, *side)?;
            }
        }
        let (members, parts) = selectors.split_at(family.len().min(selectors.len()));
        if members.iter().any(|selector| matches!(selector, Selector::Part(..))) {
            return Err(self.part_of_family(expr, *base));
        }
        let bound = bound_indices(&selectors);
        if bound.len() == selectors.len() {
            let entries = parts.len();
            let shape = if entries == 0 { self.shape(whole) } else { Shape::SCALAR };
            return Ok(self.node(Operation::Member { base: whole, indices: bound }, shape, expr));
        }
        let mut id = whole;
        if !members.is_empty() {
            let member = Operation::Member { base: whole, indices: bound_indices(members) };
            id = self.node(member, self.shape(whole), expr);
        }
        id = self.slice(expr, id, parts);
        Ok(match parts {
            [Selector::Bound(row), Selector::Part(..)] => self.row_of(expr, id, *row),
            [Selector::Part(..), Selector::Bound(column)] => {
                let shape = self.shape(id).transposed();
                let transposed = self.node(Operation::Transpose(id), shape, expr);
                let row = self.row_of(expr, transposed, *column);
                let shape = self.shape(row).transposed();
                self.node(Operation::Transpose(row), shape, expr)
            }
            _ => id,
        })
    }

    /// The row of a matrix at an index.
    fn row_of(&mut self, expr: ExprId, base: TypedId, index: IndexId) -> TypedId {
        let shape = self.shape(base);
        // Of a row every entry is selected, of anything else every row.
        let columns =
            if self.solver.one(shape.rows) == One::Yes { Dimensions::ONE } else { shape.columns };
        let shape = Shape { rows: Dimensions::ONE, columns };
        self.node(Operation::Member { base, indices: vec![index] }, shape, expr)
    }

    /// Notes that an index runs over a side.
    fn select_by(&mut self, expr: ExprId, index: IndexId, side: DimensionId) -> Step<()> {
        self.solver.tag = self.tag(expr);
        self.used_indices[index.0 as usize] = true;
        let range = self.typed.indices[index.0 as usize].range;
        if self.unify(expr, range, side)? {
            return Ok(());
        }
        Err(self.two_ranges(expr, index, side))
    }

    /// The value whose parts are selected, and the ranges if it is a family.
    pub(crate) fn indexed_base(
        &mut self,
        base: ExprId,
        text: TextId,
    ) -> Step<(TypedId, Vec<DimensionId>)> {
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
        if self.parameter(name).is_none()
            && self.bound_index(name).is_none()
            && let Meaning::Bound(value) = self.names.get(name).meaning
            && let Some(index) = self.typed.family_index(value)
        {
            return Ok((value, vec![self.typed.indices[index.0 as usize].range]));
        }
        Ok((self.name_value(base, name)?, Vec::new()))
    }

    /// The members of a family of vectors as rows, or of scalars as a column.
    pub(crate) fn rows_node(&mut self, expr: ExprId, id: VariableId) -> TypedId {
        let variable = self.typed.variable(id);
        let range = variable.family.first().copied().unwrap_or(Dimensions::ONE);
        let Shape { rows, columns } = variable.shape;
        let columns = if columns == Dimensions::ONE { rows } else { columns };
        self.node(Operation::Rows(id), Shape { rows: range, columns }, expr)
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
        Err(self.wrong_index_count(expr, base, id, sides.len()))
    }

    fn selector(&mut self, expr: ExprId, position: usize, side: DimensionId) -> Step<Selector> {
        let Expr::Indexed { indices, .. } = self.expr(expr) else {
            return Ok(Selector::Part(side, side));
        };
        let Some(index) = indices.get(position) else { return Ok(Selector::Part(side, side)) };
        match *index {
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
                self.refuse_computed_index(at)?;
                let at = self.size_polynomial(at, NewNames::Refused)?;
                self.part((expr, position), &at, &at, side)
            }
            Index::Range(first, last) => {
                let new = self.new_names();
                for end in first.iter().chain(&last) {
                    self.refuse_computed_index(*end)?;
                }
                let first = match first {
                    Some(first) => self.size_polynomial(first, new)?,
                    None => number(1),
                };
                let last = match last {
                    Some(last) => self.size_polynomial(last, new)?,
                    None => self.solver.polynomial(side),
                };
                self.part((expr, position), &first, &last, side)
            }
        }
    }

    /// The entries from `first` to `last`, counted from 1.
    fn part(
        &mut self,
        place: (ExprId, usize),
        first: &Polynomial,
        last: &Polynomial,
        side: DimensionId,
    ) -> Step<Selector> {
        let offset = first.subtract(&number(1));
        let rest = self.solver.polynomial(side).subtract(last);
        let length = last.subtract(&offset);
        let wrong = [
            (offset.clone(), Beyond::Start),
            (rest, Beyond::End),
            (length.subtract(&number(1)), Beyond::Empty),
        ];
        for (value, beyond) in wrong {
            if !self.demand_natural(value) {
                return Err(self.beyond(place, side, beyond));
            }
        }
        let offset = self.solver.of_polynomial(offset);
        let length = self.solver.of_polynomial(length);
        Ok(Selector::Part(offset, length))
    }

    /// The part of a value that the selectors with a position or a range take; other sides stay whole.
    fn slice(&mut self, expr: ExprId, base: TypedId, selectors: &[Selector]) -> TypedId {
        let whole = self.shape(base);
        let mut shape = whole;
        let zero = self.solver.table.number(gradus_tensor::Rational::ZERO);
        let (mut row_offset, mut column_offset) = (zero, zero);
        let mut selectors = selectors.iter();
        if self.solver.one(shape.rows) != One::Yes
            && let Some(Selector::Part(offset, length)) = selectors.next()
        {
            (row_offset, shape.rows) = (*offset, *length);
        }
        if let Some(Selector::Part(offset, length)) = selectors.next() {
            (column_offset, shape.columns) = (*offset, *length);
        }
        if shape == whole && row_offset == zero && column_offset == zero {
            return base;
        }
        self.node(Operation::Slice { base, row_offset, column_offset }, shape, expr)
    }

    /// `rows(x)`: the matrix whose rows are the members of a family of vectors; of a family of scalars
    /// the vector of its members.
    pub(crate) fn rows_of_family(&mut self, expr: ExprId, argument: ExprId) -> Step<TypedId> {
        let found = match self.expr(argument) {
            Expr::Name(text) => Some(self.indexed_base(argument, *text)?),
            _ => None,
        };
        let Some((base, family)) = found.filter(|(_, family)| !family.is_empty()) else {
            return Err(self.rows_of_no_family(expr, argument));
        };
        let shape = self.shape(base);
        let sides: Vec<DimensionId> = [shape.rows, shape.columns]
            .into_iter()
            .filter(|side| *side != Dimensions::ONE)
            .collect();
        let ranges: Vec<DimensionId> = family.iter().copied().chain(sides).collect();
        if ranges.len() > 2 {
            let error = Diagnostic::unsupported("`rows` of a family of matrices");
            let error = error.label(self.span(expr), "it would have more than two axes");
            return Err(error.hint("sum over the members: sum[i](… X[i] …)").into());
        }
        if let Operation::Variable(id) = self.typed.node(base).operation {
            return Ok(self.rows_node(expr, id));
        }
        let mut indices = Vec::with_capacity(ranges.len());
        for range in &ranges {
            let id = IndexId(u32::try_from(self.typed.indices.len()).unwrap_or(u32::MAX));
            let name = self.fresh_index_name();
            self.typed.indices.push(BoundIndex { name, range: *range });
            self.used_indices.push(true);
            indices.push(id);
        }
        let member = Operation::Member { base, indices: indices.clone() };
        let body = self.node(member, Shape::SCALAR, expr);
        let side = |at: usize| ranges.get(at).copied().unwrap_or(Dimensions::ONE);
        let shape = Shape { rows: side(0), columns: side(1) };
        Ok(self.node(Operation::Tabulate { indices, body }, shape, expr))
    }

    /// A name for an index that no name of the program has.
    fn fresh_index_name(&self) -> String {
        let known = |name: &str| {
            self.names.find(name).is_some()
                || self.typed.indices.iter().any(|index| index.name == name)
        };
        let letters = ["i", "j", "k", "l"].into_iter().map(str::to_owned);
        let numbered = (1_u64..).map(|number| format!("i{number}"));
        letters.chain(numbered).find(|name| !known(name)).unwrap_or_default()
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
            let error = error.label(self.span(whole), "not supported yet");
            return Err(error.hint("one index gives a vector, two a matrix: J[i,j] = …").into());
        }
        let mut open = Vec::with_capacity(indices.len());
        for index in indices {
            let name = self.name_id(*index);
            if self.bound_index(name).is_some() {
                let text = self.name_text(name);
                let error =
                    Diagnostic::bad_input("index", format!("the index `{text}` stands twice"));
                let error = error.label(self.span(whole), "in this index form");
                return Err(error.hint("for a diagonal write: D = diag(x)").into());
            }
            open.push(self.open_index(name));
        }
        self.imply_sums(value)?;
        let body = self.value(value)?;
        self.implied.clear();
        self.indices.clear();
        for index in &open {
            if !self.used_indices[index.0 as usize] && !self.takes_known_range(*index) {
                return Err(self.unused_index(value, *index));
            }
        }
        if !self.is_scalar(body) {
            if let [index] = open.as_slice() {
                let shape = self.shape(body);
                return Ok(self.node(Operation::Family { index: *index, body }, shape, value));
            }
            return Err(self.shape_error(value, |engine| {
                let described = engine.described(value, body);
                let error = Diagnostic::bad_input(
                    "index",
                    "the right side of an index form with two indices is a scalar",
                );
                let error = error.label(engine.span(value), described);
                error.hint("every array has its indices: J[i,j] = A[i,k]*B[k,j]")
            }));
        }
        let range = |at: usize| {
            open.get(at).map_or(Dimensions::ONE, |index| self.typed.indices[index.0 as usize].range)
        };
        let shape = Shape { rows: range(0), columns: range(1) };
        Ok(self.node(Operation::Tabulate { indices: open, body }, shape, value))
    }
}
