//! Infix operators and blocks: which shapes fit, what is broadcast, what each operator means.
//!
//! Must not know how mistakes are worded.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{BinaryOperator, ExprId};
use gradus_tensor::{DimensionId, Dimensions, Rational};

use crate::alignment::{PartList, Parts};
use crate::engine::{Engine, PendingNote};
use crate::failure::Step;
use crate::solve::{Conflict, One};
use crate::typed::{Operation, Shape, TypedId};

/// An operand: the expression and its value.
pub(crate) type Operand = (ExprId, TypedId);

/// The greatest exponent of a matrix power.
const MAXIMUM_EXPONENT: i64 = 1_000_000;

/// Operators that act entry by entry on equal shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entrywise {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Engine<'_> {
    pub(crate) fn binary(
        &mut self,
        expr: ExprId,
        operator: BinaryOperator,
        left: Operand,
        right: Operand,
    ) -> Step<TypedId> {
        self.solver.tag = self.tag(expr);
        match operator {
            BinaryOperator::Add => self.entrywise(expr, Entrywise::Add, left, right),
            BinaryOperator::Subtract => self.entrywise(expr, Entrywise::Subtract, left, right),
            BinaryOperator::ElementwiseMultiply => {
                self.entrywise(expr, Entrywise::Multiply, left, right)
            }
            BinaryOperator::ElementwiseDivide => {
                self.entrywise(expr, Entrywise::Divide, left, right)
            }
            BinaryOperator::ElementwisePower => self.entrywise(expr, Entrywise::Power, left, right),
            BinaryOperator::Multiply => self.product(expr, left, right),
            BinaryOperator::Divide => self.divide(expr, left, right),
            BinaryOperator::LeftDivide => self.left_divide(expr, left, right),
            BinaryOperator::Power => self.power(expr, left, right),
            BinaryOperator::Kronecker => {
                self.named_call(expr, "kron", &[left.0, right.0], &[left.1, right.1])
            }
        }
    }

    /// Names an expression in postponed equations.
    pub(crate) fn tag(&self, expr: ExprId) -> u64 {
        (self.frames.first().map_or(0, |frame| frame.source) as u64) << 32
            | u64::from(self.frames.get(1).and_then(|frame| frame.call).unwrap_or(expr).0)
    }

    /// Demands equal dimensions, with a mended message for equations that are too large.
    pub(crate) fn unify(&mut self, expr: ExprId, a: DimensionId, b: DimensionId) -> Step<bool> {
        self.note_equation(a, b);
        match self.solver.unify(a, b) {
            Ok(()) => Ok(true),
            Err(Conflict::Differ) => Ok(false),
            Err(Conflict::TooLarge) => {
                let error = Diagnostic::limit("the equations between sizes are too large");
                Err(error.label(self.span(expr), "here").into())
            }
        }
    }

    pub(crate) fn unify_shapes(&mut self, expr: ExprId, a: Shape, b: Shape) -> Step<bool> {
        Ok(self.unify(expr, a.rows, b.rows)? && self.unify(expr, a.columns, b.columns)?)
    }

    /// A scalar repeated to a shape.
    pub(crate) fn fill(&mut self, scalar: TypedId, shape: Shape, expr: ExprId) -> TypedId {
        self.node(Operation::Fill(scalar), shape, expr)
    }

    fn entrywise(
        &mut self,
        expr: ExprId,
        operator: Entrywise,
        (left, a): Operand,
        (right, b): Operand,
    ) -> Step<TypedId> {
        let b = if operator == Entrywise::Power { self.folded(b) } else { b };
        let (scalar_a, scalar_b) = (self.is_scalar(a), self.is_scalar(b));
        let (shape, a, b) = match (scalar_a, scalar_b) {
            (true, true) => (Shape::SCALAR, a, b),
            (false, false) => {
                if !self.unify_shapes(expr, self.shape(a), self.shape(b))? {
                    return Err(self.sizes_differ(expr, operator, (left, a), (right, b)));
                }
                (self.shape(a), a, b)
            }
            (true, false) => {
                if operator == Entrywise::Multiply {
                    return Ok(self.node(Operation::Scale(a, b), self.shape(b), expr));
                }
                self.note_scalar_beside(expr, operator, b)?;
                (self.shape(b), self.fill(a, self.shape(b), left), b)
            }
            (false, true) => {
                if operator == Entrywise::Multiply {
                    return Ok(self.node(Operation::Scale(b, a), self.shape(a), expr));
                }
                self.note_scalar_beside(expr, operator, a)?;
                (self.shape(a), a, self.fill(b, self.shape(a), right))
            }
        };
        let operation = match operator {
            Entrywise::Add => Operation::Add(a, b),
            Entrywise::Subtract => Operation::Subtract(a, b),
            Entrywise::Multiply if shape.is_scalar() => Operation::Multiply(a, b),
            Entrywise::Multiply => Operation::Hadamard(a, b),
            Entrywise::Divide => Operation::Quotient(a, b),
            Entrywise::Power => Operation::Power(a, b),
        };
        Ok(self.node(operation, shape, expr))
    }

    /// A scalar beside an array in a sum: an unsized `eye` is refused, a square matrix gets a hint.
    fn note_scalar_beside(
        &mut self,
        expr: ExprId,
        operator: Entrywise,
        array: TypedId,
    ) -> Step<()> {
        if !matches!(operator, Entrywise::Add | Entrywise::Subtract) {
            return Ok(());
        }
        let shape = self.shape(array);
        if matches!(self.typed.node(array).operation, Operation::Identity)
            && self.solver.is_unknown(shape.rows)
        {
            return Err(self.shape_error(expr, |engine| engine.scalar_beside_eye(expr)));
        }
        if self.guessing && self.pending_notes.len() < 64 {
            let span = self.span(expr);
            self.pending_notes.push((array, span, PendingNote::ScalarAdded));
        }
        Ok(())
    }

    fn product(&mut self, expr: ExprId, left: Operand, right: Operand) -> Step<TypedId> {
        let (a, b) = (left.1, right.1);
        match (self.is_scalar(a), self.is_scalar(b)) {
            (true, true) => return Ok(self.node(Operation::Multiply(a, b), Shape::SCALAR, expr)),
            (true, false) => return Ok(self.node(Operation::Scale(a, b), self.shape(b), expr)),
            (false, true) => return Ok(self.node(Operation::Scale(b, a), self.shape(a), expr)),
            (false, false) => {}
        }
        let (first, second) = (self.shape(a), self.shape(b));
        if !self.unify(expr, first.columns, second.rows)? {
            return Err(self.inner_sizes_differ(expr, left, right));
        }
        let shape = Shape { rows: first.rows, columns: second.columns };
        Ok(self.node(Operation::Multiply(a, b), shape, expr))
    }

    fn divide(&mut self, expr: ExprId, left: Operand, right: Operand) -> Step<TypedId> {
        let (a, b) = (left.1, right.1);
        if self.is_scalar(b) {
            self.note_capital_divisor(expr, left, right.0);
            let shape = self.shape(a);
            let divisor = if self.is_scalar(a) { b } else { self.fill(b, shape, right.0) };
            return Ok(self.node(Operation::Quotient(a, divisor), shape, expr));
        }
        let (shape, divisor) = (self.shape(a), self.shape(b));
        if self.is_scalar(a)
            || !self.is_matrix(b)
            || !self.unify(expr, divisor.rows, divisor.columns)?
            || !self.unify(expr, shape.columns, divisor.rows)?
        {
            return Err(self.division_fails(expr, left, right));
        }
        Ok(self.node(Operation::RightDivide(a, b), shape, expr))
    }

    fn left_divide(&mut self, expr: ExprId, left: Operand, right: Operand) -> Step<TypedId> {
        let (a, b) = (left.1, right.1);
        let (divisor, shape) = (self.shape(a), self.shape(b));
        if self.is_scalar(a) {
            let divisor = if self.is_scalar(b) { a } else { self.fill(a, shape, left.0) };
            return Ok(self.node(Operation::Quotient(b, divisor), shape, expr));
        }
        if self.is_scalar(b)
            || !self.is_matrix(a)
            || !self.unify(expr, divisor.rows, divisor.columns)?
            || !self.unify(expr, divisor.columns, shape.rows)?
        {
            return Err(self.left_division_fails(expr, left, right));
        }
        Ok(self.node(Operation::LeftDivide(a, b), shape, expr))
    }

    /// Whether neither side has length 1.
    pub(crate) fn is_matrix(&mut self, id: TypedId) -> bool {
        let shape = self.shape(id);
        self.solver.one(shape.rows) != One::Yes && self.solver.one(shape.columns) != One::Yes
    }

    fn power(&mut self, expr: ExprId, (left, a): Operand, (right, b): Operand) -> Step<TypedId> {
        let b = self.folded(b);
        let (scalar_a, scalar_b) = (self.is_scalar(a), self.is_scalar(b));
        if scalar_a && scalar_b {
            return Ok(self.node(Operation::Power(a, b), Shape::SCALAR, expr));
        }
        if scalar_a {
            return Err(self.scalar_to_array(expr, left, (right, b)));
        }
        if !self.is_matrix(a) {
            if scalar_b || self.is_matrix(b) {
                self.note_vector_power(expr, left, right);
            }
            return self.entrywise(expr, Entrywise::Power, (left, a), (right, b));
        }
        let shape = self.shape(a);
        if !scalar_b || !self.unify(expr, shape.rows, shape.columns)? {
            return Err(self.matrix_power_fails(expr, (left, a), (right, b)));
        }
        if let Some(exponent) = self.constant(b) {
            if !exponent.is_integer() {
                return Err(self.fractional_matrix_power(expr, left, right, &exponent));
            }
            if exponent.to_i64().is_none_or(|exponent| exponent.abs() > MAXIMUM_EXPONENT) {
                let message = format!("an exponent beyond {MAXIMUM_EXPONENT}");
                let error = Diagnostic::limit(message).label(self.span(right), "too large");
                return Err(error.hint("an exponent with a name has no such limit: X^k").into());
            }
            self.note_matrix_power(expr, left, right);
        }
        Ok(self.node(Operation::MatrixPower(a, b), shape, expr))
    }

    /// The number that a node is, as far as it is written in numbers only.
    pub(crate) fn constant(&self, id: TypedId) -> Option<Rational> {
        let number = |id: TypedId| match &self.typed.node(id).operation {
            Operation::Number(value) => Some(value.clone()),
            Operation::Negate(inner) => match &self.typed.node(*inner).operation {
                Operation::Number(value) => Some(value.negate()),
                _ => None,
            },
            _ => None,
        };
        match &self.typed.node(id).operation {
            Operation::Quotient(a, b) => number(*a)?.divide(&number(*b)?),
            Operation::Multiply(a, b) => Some(number(*a)?.multiply(&number(*b)?)),
            Operation::Negate(inner) => match &self.typed.node(*inner).operation {
                Operation::Quotient(a, b) => Some(number(*a)?.divide(&number(*b)?)?.negate()),
                _ => number(id),
            },
            _ => number(id),
        }
    }

    /// An exponent such as `-1` or `1/2` as one number.
    fn folded(&mut self, id: TypedId) -> TypedId {
        if matches!(self.typed.node(id).operation, Operation::Number(_)) {
            return id;
        }
        match self.constant(id) {
            Some(value) => {
                let span = self.typed.node(id).span;
                self.node_at(Operation::Number(value), Shape::SCALAR, span)
            }
            None => id,
        }
    }

    /// `[a, b; c, d]`, whose cells are on the stack.
    pub(crate) fn blocks(&mut self, expr: ExprId, rows: &[Vec<ExprId>]) -> Step<TypedId> {
        let count = rows.iter().map(Vec::len).sum::<usize>();
        let start = self.values.len().saturating_sub(count);
        let cells: Vec<TypedId> = self.values.drain(start..).collect();
        let mut cells = cells.into_iter();
        let blocks: Vec<Vec<TypedId>> =
            rows.iter().map(|row| cells.by_ref().take(row.len()).collect()).collect();
        self.solver.tag = self.tag(expr);
        self.block_node(expr, rows, blocks)
    }

    /// Blocks in rows; `exprs` are the expressions of the blocks, for messages.
    pub(crate) fn block_node(
        &mut self,
        expr: ExprId,
        exprs: &[Vec<ExprId>],
        blocks: Vec<Vec<TypedId>>,
    ) -> Step<TypedId> {
        let mut height = Length::default();
        let mut width: Option<DimensionId> = None;
        for (row, cells) in blocks.iter().enumerate() {
            let Some(first) = cells.first() else { continue };
            let rows = self.shape(*first).rows;
            let mut length = Length::default();
            for (column, cell) in cells.iter().enumerate() {
                let shape = self.shape(*cell);
                if !self.unify(expr, rows, shape.rows)? {
                    let pair = [(exprs[row][0], *first), (exprs[row][column], *cell)];
                    return Err(self.blocks_differ(expr, pair, true));
                }
                length.add(self, shape.columns);
            }
            let length = length.dimension(self);
            match width {
                None => width = Some(length),
                Some(width) => {
                    if !self.unify(expr, width, length)? {
                        let pair = [(exprs[0][0], blocks[0][0]), (exprs[row][0], *first)];
                        if blocks.iter().all(|row| row.len() == 1) {
                            return Err(self.blocks_differ(expr, pair, false));
                        }
                        return Err(self.block_widths_differ(
                            expr,
                            exprs[row][0],
                            row,
                            [width, length],
                        ));
                    }
                }
            }
            height.add(self, rows);
        }
        let (rows, columns) = (height.dimension(self), width.unwrap_or(Dimensions::ONE));
        if let [row] = blocks.as_slice()
            && let [only] = row.as_slice()
        {
            return Ok(*only);
        }
        Ok(self.node(Operation::Block(blocks), Shape { rows, columns }, expr))
    }
}

/// A sum of dimensions in which ones are only counted.
#[derive(Default)]
struct Length {
    ones: i64,
    rest: Option<DimensionId>,
    summands: PartList,
}

impl Length {
    fn add(&mut self, engine: &mut Engine<'_>, dimension: DimensionId) {
        self.summands.push(dimension);
        if dimension == Dimensions::ONE {
            self.ones += 1;
            return;
        }
        self.rest = Some(match self.rest {
            None => dimension,
            Some(rest) => engine.solver.add(rest, dimension),
        });
    }

    fn dimension(&self, engine: &mut Engine<'_>) -> DimensionId {
        let ones = engine.solver.table.number(Rational::integer(self.ones));
        let Some(rest) = self.rest else { return ones };
        let length = if self.ones == 0 { rest } else { engine.solver.add(rest, ones) };
        engine.note_parts(length, self.summands.clone(), Parts::Summands);
        length
    }
}
