//! Lowering of the operators.
//!
//! Must not know functions of the vocabulary beyond the inverse that a division by a matrix needs.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::book;
use gradus_tensor::{
    Axis, Constant, DimensionId, Dimensions, FunctionRef, Node, NodeFacts, Rational, Role, Scaled,
    Wire,
};

use super::Lowering;
use super::value::{Ambient, Ambients, Value, Weaver, union};
use crate::typed::{Operation, TypedId, VariableId};

/// Matrix powers up to this exponent are products; higher ones stay powers.
const PRODUCT_POWER: i64 = 8;

impl Lowering<'_> {
    pub(crate) fn operation(&mut self, id: TypedId) -> Result<Value> {
        let node = self.tree.node(id).clone();
        let rows = self.size(node.shape.rows);
        let columns = self.size(node.shape.columns);
        Ok(match node.operation {
            Operation::Number(value) => Value::scalar(self.arena.number(value)),
            Operation::Pi => self.constant(Constant::Pi),
            Operation::Infinity => self.constant(Constant::Infinity),
            Operation::Dimension(dimension) => {
                let dimension = self.size(dimension);
                Value::scalar(self.arena.size(dimension))
            }
            Operation::Variable(variable) => self.variable(variable, rows, columns)?,
            Operation::Binding { name, value } => self.binding(&name, value)?,
            Operation::Fill(value) => {
                let value = self.value(value)?;
                self.fill(&value, rows, columns)
            }
            Operation::Identity => self.identity(rows),
            Operation::Add(..) | Operation::Subtract(..) | Operation::Negate(_) => {
                self.sum_of_terms(id)?
            }
            Operation::Multiply(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.multiply(&a, &b)
            }
            Operation::Scale(a, b) | Operation::Hadamard(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.hadamard(&a, &b, &Rational::ONE)
            }
            Operation::Quotient(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.hadamard(&a, &b, &Rational::MINUS_ONE)
            }
            Operation::LeftDivide(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                let inverse = self.inverse(&a)?;
                self.multiply(&inverse, &b)
            }
            Operation::RightDivide(b, a) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                let inverse = self.inverse(&a)?;
                self.multiply(&b, &inverse)
            }
            Operation::Power(a, b) => self.power(a, b)?,
            Operation::MatrixPower(a, b) => self.matrix_power(a, b)?,
            Operation::Transpose(a) => {
                let value = self.value(a)?;
                self.transpose(&value)
            }
            Operation::ConjugateTranspose(a) => {
                let value = self.value(a)?;
                let value = self.conjugate(&value);
                self.transpose(&value)
            }
            Operation::Differential(_) => {
                let message = "`d(…)` stands in derivations and claims only";
                let error = Diagnostic::unsupported(message);
                return Err(error
                    .hint("a differential is asked for by: gradus differential")
                    .into());
            }
            Operation::Call { function, arguments, sizes } => {
                self.call(function, &arguments, &sizes, rows, columns)?
            }
            Operation::Mapped { function, order, argument } => {
                let value = self.value(argument)?;
                self.require_real(&value, "an unknown function")?;
                let symbol = self.symbols[function.0 as usize];
                let function = FunctionRef::Elementwise { symbol, order };
                Value { scaled: self.arena.apply_unary(function, &value.scaled), ..value }
            }
            Operation::Scalar { function, order, argument } => {
                self.scalar_function(function, order, argument)?
            }
            Operation::Limit { .. } => return Err(unsupported("a limit whose value is not known")),
            Operation::Integral { .. } => {
                return Err(unsupported("an integral whose value is not known"));
            }
            Operation::Path { function, order, argument } => {
                let value = self.value(argument)?;
                if !value.ambient.is_empty() {
                    return Err(unsupported("a function matrix of an indexed argument"));
                }
                self.require_real(&value, "a function matrix")?;
                let symbol = self.symbols[function.0 as usize];
                let function = FunctionRef::Path { symbol, order };
                let scaled = self.arena.apply_unary(function, &value.scaled);
                Value { scaled, rows, columns, ..value }
            }
            Operation::Block(blocks) => self.block(&blocks, rows, columns)?,
            Operation::Member { base, indices } => {
                let labels: Vec<u32> = indices.iter().map(|index| index.0).collect();
                self.member(base, &labels, rows, columns)?
            }
            Operation::Slice { base, row_offset, column_offset } => {
                let value = self.value(base)?;
                let offsets = (self.size(row_offset), self.size(column_offset));
                self.slice(&value, offsets, rows, columns)
            }
            Operation::IndexedSum { index, body } => {
                let range = self.size(self.tree.indices[index.0 as usize].range);
                let value = self.value(body)?;
                self.indexed_sum(&value, Ambient(index.0), range)
            }
            Operation::Rows(variable) => {
                if self.tree.variable(variable).complex {
                    return Err(unsupported(
                        "the derivative of an expression in complex variables",
                    ));
                }
                let symbol = self.symbols[variable.0 as usize];
                let scaled = Scaled::one(self.arena.variable(symbol));
                Value { scaled, ambient: Ambients::new(), rows, columns }
            }
            // A member: it is mapped over the open index.
            Operation::Family { body, .. } => self.value(body)?,
            Operation::Tabulate { indices, body } => {
                let value = self.value(body)?;
                let labels: Vec<u32> = indices.iter().map(|index| index.0).collect();
                self.tabulate(&value, &labels, rows, columns)
            }
        })
    }

    pub(crate) fn conjugate(&mut self, value: &Value) -> Value {
        Value { scaled: self.arena.conjugate(&value.scaled), ..value.clone() }
    }

    /// Refuses a value that may not be real where only real numbers are meant.
    pub(crate) fn require_real(&mut self, value: &Value, what: &str) -> Result<()> {
        if self.arena.is_real(&value.scaled) {
            return Ok(());
        }
        Err(unsupported(&format!("{what} of a complex value")))
    }

    /// The root with an odd half as exponent of a negative number, where complex numbers are meant.
    fn root_of_negative(&mut self, base: &Value, exponent: &Rational) -> Option<Value> {
        let number = self.as_number(base).filter(Rational::is_negative)?;
        let two = Rational::integer(2);
        let doubled = exponent.multiply(&two).to_i64()?;
        if doubled.rem_euclid(2) == 0 {
            return None;
        }
        let unit = self.imaginary_unit()?;
        let one = self.arena.number(Rational::ONE);
        let mut network = gradus_tensor::Network::new();
        network.power(self.arena, &one.times(&number.negate()), exponent, &[]);
        network.power(self.arena, &unit, &Rational::integer(doubled), &[]);
        let root = Value::scalar(self.arena.contract(network));
        let filled = self.fill(&root, base.rows, base.columns);
        Some(self.align(&filled, &base.ambient))
    }

    /// The imaginary unit; without complex variables, roots of negative numbers are outside the
    /// domain.
    pub(crate) fn imaginary_unit(&mut self) -> Option<Scaled> {
        if !self.arena.symbols().iter().any(|symbol| symbol.complex) {
            return None;
        }
        let facts = NodeFacts { complex: true, ..NodeFacts::default() };
        let node = Node::Constant(Constant::ImaginaryUnit);
        Some(Scaled::one(self.arena.insert(node, gradus_tensor::Axes::new(), facts)))
    }

    fn constant(&mut self, constant: Constant) -> Value {
        let positive = NodeFacts { positive: true, nonnegative: true, ..NodeFacts::default() };
        let axes = gradus_tensor::Axes::new();
        let node = self.arena.insert(Node::Constant(constant), axes, positive);
        Value::scalar(Scaled::one(node))
    }

    fn variable(
        &mut self,
        variable: VariableId,
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        if let Some((_, value)) = self.parameters.iter().find(|(seen, _)| *seen == variable) {
            return Ok(value.clone());
        }
        let declared = self.tree.variable(variable);
        if !declared.family.is_empty() {
            return Err(unsupported("a whole family as a value"));
        }
        let symbol = self.symbols[variable.0 as usize];
        let scaled = Scaled::one(self.arena.variable(symbol));
        Ok(Value { scaled, ambient: Ambients::new(), rows, columns })
    }

    fn binding(&mut self, name: &str, definition: TypedId) -> Result<Value> {
        let value = self.value(definition)?;
        // A name for a family stands for its members.
        let ranges = usize::from(self.tree.family_index(definition).is_some());
        if !self.keep_names
            || value.ambient.len() != ranges
            || self.arena.is_number(value.scaled.node)
        {
            return Ok(value);
        }
        let node = self.arena.to_node(&value.scaled);
        self.arena.set_name(node, name);
        Ok(Value { scaled: Scaled::one(node), ..value })
    }

    /// A scalar repeated to a shape.
    pub(crate) fn fill(&mut self, value: &Value, rows: DimensionId, columns: DimensionId) -> Value {
        let mut weaver = Weaver::new();
        weaver.factor(value, None, None);
        let row = weaver.side(rows);
        let column = weaver.side(columns);
        weaver.finish(self.arena, (rows, row), (columns, column))
    }

    fn identity(&mut self, size: DimensionId) -> Value {
        let mut weaver = Weaver::new();
        let wire = weaver.side(size);
        weaver.finish(self.arena, (size, wire), (size, wire))
    }

    /// The value made constant along the ambient labels that it lacks.
    pub(crate) fn align(&mut self, value: &Value, ambient: &Ambients) -> Value {
        if value.ambient == *ambient {
            return value.clone();
        }
        let mut weaver = Weaver::new();
        for (label, axis) in ambient {
            weaver.ambient(*label, *axis);
        }
        let row = weaver.side(value.rows);
        let column = weaver.side(value.columns);
        weaver.factor(value, row, column);
        weaver.finish(self.arena, (value.rows, row), (value.columns, column))
    }

    fn sum_of_terms(&mut self, id: TypedId) -> Result<Value> {
        let signed = |minus: bool| if minus { Rational::MINUS_ONE } else { Rational::ONE };
        let terms = self.chains.terms(self.tree, id);
        if let [(minus, only)] = terms.as_slice() {
            let value = self.value(*only)?;
            return Ok(Value { scaled: value.scaled.times(&signed(*minus)), ..value });
        }
        let mut values = Vec::with_capacity(terms.len());
        let mut ambient = Ambients::new();
        for (minus, term) in terms {
            let value = self.value(term)?;
            ambient = union(&ambient, &value.ambient);
            values.push((minus, value));
        }
        let mut scaled = Vec::with_capacity(values.len());
        for (minus, value) in &values {
            scaled.push(self.align(value, &ambient).scaled.times(&signed(*minus)));
        }
        let Some((_, first)) = values.first() else {
            return Err(Diagnostic::internal("a sum without terms").into());
        };
        let (rows, columns) = (first.rows, first.columns);
        let axes: gradus_tensor::Axes = match scaled.first() {
            Some(first) => self.arena.axes(first.node).into(),
            None => gradus_tensor::Axes::new(),
        };
        Ok(Value { scaled: self.arena.sum(&scaled, &axes), ambient, rows, columns })
    }

    pub(crate) fn multiply(&mut self, a: &Value, b: &Value) -> Value {
        let mut weaver = Weaver::new();
        let row = weaver.side(a.rows);
        let inner = weaver.side(a.columns);
        let column = weaver.side(b.columns);
        weaver.factor(a, row, inner);
        weaver.factor(b, inner, column);
        weaver.finish(self.arena, (a.rows, row), (b.columns, column))
    }

    /// Entry by entry `a * b^exponent`; a scalar side counts for every entry.
    fn hadamard(&mut self, a: &Value, b: &Value, exponent: &Rational) -> Value {
        let wide = if a.is_scalar() { b } else { a };
        let (rows, columns) = (wide.rows, wide.columns);
        let mut weaver = Weaver::new();
        let row = weaver.side(rows);
        let column = weaver.side(columns);
        let sides = |value: &Value| if value.is_scalar() { (None, None) } else { (row, column) };
        let (r, c) = sides(a);
        weaver.factor(a, r, c);
        let (r, c) = sides(b);
        let wires = weaver.place(b, r, c);
        weaver.network.power(self.arena, &b.scaled, exponent, &wires);
        weaver.finish(self.arena, (rows, row), (columns, column))
    }

    pub(crate) fn transpose(&mut self, value: &Value) -> Value {
        let transposed = Value { rows: value.columns, columns: value.rows, ..value.clone() };
        if !(value.has_rows() && value.has_columns()) {
            return transposed;
        }
        let mapped = value.ambient.len();
        let mut order: Vec<usize> = (0..mapped + 2).collect();
        order.swap(mapped, mapped + 1);
        let permuted = self.arena.permute(value.scaled.node, &order);
        Value { scaled: permuted.times(&value.scaled.coefficient), ..transposed }
    }

    pub(crate) fn inverse(&mut self, value: &Value) -> Result<Value> {
        if value.is_scalar() {
            let scaled = self.arena.power(&value.scaled, &Rational::MINUS_ONE);
            return Ok(Value { scaled, ..value.clone() });
        }
        let inverse = book_function(Role::Inverse)?;
        Ok(Value { scaled: self.arena.apply_unary(inverse, &value.scaled), ..value.clone() })
    }

    /// The number that a value is everywhere, if it is one.
    pub(crate) fn as_number(&self, value: &Value) -> Option<Rational> {
        let node = value.scaled.node;
        if self.arena.is_zero(node) {
            return Some(Rational::ZERO);
        }
        self.arena.is_ones(node).then(|| value.scaled.coefficient.clone())
    }

    /// A value that is the same scalar everywhere, as this scalar.
    fn as_scalar(&mut self, value: &Value) -> Option<Value> {
        let Node::Contraction(contraction) = self.arena.node(value.scaled.node) else {
            return None;
        };
        let constant = contraction.operands.iter().all(|operand| operand.labels.is_empty())
            && contraction.axes.len() == contraction.output.len()
            && value.ambient.is_empty()
            && !value.is_scalar();
        if !constant || self.arena.is_boundary(value.scaled.node) {
            return None;
        }
        let operands = contraction.operands.clone();
        let mut weaver = Weaver::new();
        weaver.network.scale(&value.scaled.coefficient);
        for operand in operands {
            let node = Scaled::one(operand.node);
            weaver.network.power(self.arena, &node, &operand.exponent, &[]);
        }
        Some(weaver.finish(self.arena, (Dimensions::ONE, None), (Dimensions::ONE, None)))
    }

    fn power(&mut self, base: TypedId, exponent: TypedId) -> Result<Value> {
        let (base, exponent) = (self.value(base)?, self.value(exponent)?);
        if let Some(number) = self.as_number(&exponent) {
            if number.is_zero() {
                let one = Value::scalar(self.arena.number(Rational::ONE));
                let filled = self.fill(&one, base.rows, base.columns);
                return Ok(self.align(&filled, &base.ambient));
            }
            if let Some(value) = self.root_of_negative(&base, &number) {
                return Ok(value);
            }
            let mut weaver = Weaver::new();
            let row = weaver.side(base.rows);
            let column = weaver.side(base.columns);
            let wires = weaver.place(&base, row, column);
            weaver.network.power(self.arena, &base.scaled, &number, &wires);
            return Ok(weaver.finish(self.arena, (base.rows, row), (base.columns, column)));
        }
        let function = book_function(Role::Power)?;
        if let Some(scalar) = self.as_scalar(&exponent) {
            let arguments = [base.scaled.clone(), scalar.scaled];
            let scaled = self.arena.apply_elementwise_many(function, &arguments);
            return Ok(Value { scaled, ..base });
        }
        if exponent.is_scalar() && exponent.ambient.is_empty() {
            let arguments = [base.scaled.clone(), exponent.scaled];
            let scaled = self.arena.apply_elementwise_many(function, &arguments);
            return Ok(Value { scaled, ..base });
        }
        self.elementwise_many(function, &[base, exponent])
    }

    /// An elementwise function of values with equal shapes.
    pub(crate) fn elementwise_many(
        &mut self,
        function: FunctionRef,
        values: &[Value],
    ) -> Result<Value> {
        let mut ambient = Ambients::new();
        for value in values {
            ambient = union(&ambient, &value.ambient);
        }
        let aligned: Vec<Value> = values.iter().map(|value| self.align(value, &ambient)).collect();
        let scaled: Vec<Scaled> = aligned.iter().map(|value| value.scaled.clone()).collect();
        let Some(shape) = aligned.iter().find(|value| !value.is_scalar()).or(aligned.first())
        else {
            return Err(Diagnostic::internal("a function without arguments").into());
        };
        Ok(Value { scaled: self.arena.apply_elementwise_many(function, &scaled), ..shape.clone() })
    }

    fn matrix_power(&mut self, base: TypedId, exponent: TypedId) -> Result<Value> {
        let (base, exponent) = (self.value(base)?, self.value(exponent)?);
        let number = self.as_number(&exponent).and_then(|number| number.to_i64());
        match number {
            Some(0) => Ok(self.identity(base.rows)),
            Some(power) if power.abs() <= PRODUCT_POWER => {
                let factor = if power < 0 { self.inverse(&base)? } else { base };
                let mut product = factor.clone();
                for _ in 1..power.abs() {
                    product = self.multiply(&product, &factor);
                }
                Ok(product)
            }
            Some(power) if power < 0 => {
                let inverse = self.inverse(&base)?;
                let positive = Value::scalar(self.arena.number(Rational::integer(-power)));
                self.symbolic_matrix_power(&inverse, &positive)
            }
            _ => self.symbolic_matrix_power(&base, &exponent),
        }
    }

    fn symbolic_matrix_power(&mut self, base: &Value, exponent: &Value) -> Result<Value> {
        let function = book_function(Role::MatrixPower)?;
        let values = [base.clone(), exponent.clone()];
        Ok(self.of_several(function, &values, base.rows, base.columns))
    }

    fn scalar_function(
        &mut self,
        function: VariableId,
        order: u8,
        argument: TypedId,
    ) -> Result<Value> {
        let value = self.value(argument)?;
        if !value.ambient.is_empty() {
            return Err(unsupported("an unknown function of an indexed argument"));
        }
        self.require_real(&value, "an unknown function")?;
        let symbol = self.symbols[function.0 as usize];
        let scaled = self.arena.apply_unary(FunctionRef::Scalar { symbol, order }, &value.scaled);
        match order {
            0 => Ok(Value::scalar(scaled)),
            1 => Ok(Value { scaled, ..value }),
            2 => {
                let total = self.arena.dimensions.multiply(value.rows, value.columns);
                Ok(Value { scaled, rows: total, columns: total, ..value })
            }
            _ => Err(unsupported("a third derivative of an unknown function")),
        }
    }

    fn member(
        &mut self,
        base: TypedId,
        indices: &[u32],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let whole = self.indexed_whole(base)?;
        let node = whole.node;
        let axes: Vec<Axis> = self.arena.axes(node).to_vec();
        if indices.len() > axes.len() {
            return Err(Diagnostic::internal("more indices than axes").into());
        }
        let mut weaver = Weaver::new();
        let mut wires = gradus_tensor::Wires::new();
        for (index, axis) in indices.iter().zip(&axes) {
            // A label that a family lies on is a range, whatever else lies on it.
            let range = axis.range || self.ranges.get(*index as usize).copied().unwrap_or(false);
            wires.push(weaver.ambient(Ambient(*index), Axis { range, ..*axis }));
        }
        let rest: Vec<Wire> =
            axes[indices.len()..].iter().map(|axis| weaver.network.wire(*axis)).collect();
        wires.extend(rest.iter().copied());
        weaver.network.factor(&whole, &wires);
        let mut rest = rest.into_iter();
        let row = if rows == Dimensions::ONE { None } else { rest.next() };
        let column = if columns == Dimensions::ONE { None } else { rest.next() };
        Ok(weaver.finish(self.arena, (rows, row), (columns, column)))
    }

    /// What an index selects from: a variable, or a value that a name was bound to.
    fn indexed_whole(&mut self, base: TypedId) -> Result<Scaled> {
        let Operation::Variable(variable) = self.tree.node(base).operation else {
            let value = self.value(base)?;
            // The one open index of a family that is bound to a name comes first.
            if value.ambient.len() > usize::from(self.tree.family_index(base).is_some()) {
                return Err(unsupported("an index on something that has an index itself"));
            }
            return Ok(value.scaled);
        };
        Ok(Scaled::one(self.arena.variable(self.symbols[variable.0 as usize])))
    }

    /// The array whose rows and columns are the given indices of a scalar.
    fn tabulate(
        &mut self,
        value: &Value,
        indices: &[u32],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let mut weaver = Weaver::new();
        let mut sides = [rows, columns].into_iter();
        let mut wires: [Option<Wire>; 2] = [None, None];
        for (place, index) in indices.iter().take(2).enumerate() {
            let side = sides.next().unwrap_or(Dimensions::ONE);
            let axis = value
                .ambient
                .iter()
                .find(|(seen, _)| seen.0 == *index)
                .map_or(Axis::new(side), |(_, axis)| *axis);
            wires[place] = Some(weaver.ambient(Ambient(*index), axis));
        }
        weaver.factor(value, None, None);
        for index in indices {
            weaver.close(Ambient(*index));
        }
        weaver.finish(self.arena, (rows, wires[0]), (columns, wires[1]))
    }

    fn indexed_sum(&mut self, value: &Value, label: Ambient, range: DimensionId) -> Value {
        let mut weaver = Weaver::new();
        // A summand without the index is added up all the same, once per value of the index.
        let axis = value
            .ambient
            .iter()
            .find(|(seen, _)| *seen == label)
            .map_or(Axis { dimension: range, range: true }, |(_, axis)| *axis);
        weaver.ambient(label, axis);
        let row = weaver.side(value.rows);
        let column = weaver.side(value.columns);
        weaver.factor(value, row, column);
        weaver.close(label);
        weaver.finish(self.arena, (value.rows, row), (value.columns, column))
    }
}

/// The function of the rule book that plays a part.
pub(crate) fn book_function(role: Role) -> Result<FunctionRef> {
    use gradus_tensor::Vocabulary as _;
    book()
        .with_role(role)
        .map(FunctionRef::Book)
        .ok_or_else(|| Diagnostic::internal(format!("the rule book has no {role:?}")).into())
}

pub(crate) fn unsupported(what: &str) -> gradus_diagnostics::Error {
    Diagnostic::unsupported(format!("{what} is not supported yet")).into()
}
