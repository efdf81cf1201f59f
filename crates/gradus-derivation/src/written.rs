//! Typed trees as notation exactly as they were written: nothing is simplified, moved or cancelled.
//!
//! Must not know differentials or rules.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::typed::{Operation, Shape as TypedShape, TypedId, TypedTree};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, Rational};

/// The formulas of some nodes; bound names stand as names.
///
/// # Errors
/// Arrays that are told entry by entry have no notation here.
pub fn written(tree: &TypedTree, roots: &[TypedId]) -> Result<(NotationTree, Vec<NotationId>)> {
    let writer = Writer::of(tree, roots, false)?;
    let formulas = roots.iter().map(|root| writer.formula(*root)).collect();
    Ok((writer.out, formulas))
}

/// Writes the nodes of one tree.
pub(crate) struct Writer<'t> {
    tree: &'t TypedTree,
    pub(crate) out: NotationTree,
    needed: Vec<bool>,
    /// The formulas of the nodes that are needed.
    pub(crate) formulas: Vec<NotationId>,
}

pub(crate) fn shape_of(shape: TypedShape) -> Shape {
    Shape { rows: shape.rows, columns: shape.columns }
}

impl<'t> Writer<'t> {
    /// The formulas below some nodes, of bound names the definitions too if that is asked.
    pub(crate) fn of(tree: &'t TypedTree, roots: &[TypedId], into_bindings: bool) -> Result<Self> {
        let mut needed = vec![false; tree.nodes.len()];
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut needed[id.0 as usize], true) {
                continue;
            }
            if into_bindings || !matches!(tree.node(id).operation, Operation::Binding { .. }) {
                tree.children(id, |child| open.push(child));
            }
        }
        let formulas = vec![NotationId(0); tree.nodes.len()];
        let out = NotationTree::new(tree.dimensions.clone());
        let mut writer = Self { tree, out, needed, formulas };
        for at in 0..tree.nodes.len() {
            if writer.needed[at] {
                let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
                writer.formulas[at] = writer.node(id)?;
            }
        }
        Ok(writer)
    }

    /// Whether a node stands below the roots.
    pub(crate) fn is_needed(&self, id: TypedId) -> bool {
        self.needed[id.0 as usize]
    }

    /// The formula of a node, which was written before.
    pub(crate) fn formula(&self, id: TypedId) -> NotationId {
        self.formulas[id.0 as usize]
    }

    /// The formula of an operand; of a number that stands for an array the number.
    fn loose(&self, id: TypedId) -> NotationId {
        match self.tree.node(id).operation {
            Operation::Fill(scalar) => self.formula(scalar),
            _ => self.formula(id),
        }
    }

    /// Whether an operand is a number that stands for an array.
    pub(crate) fn filled(&self, id: TypedId) -> Option<NotationId> {
        match self.tree.node(id).operation {
            Operation::Fill(scalar) => Some(self.formula(scalar)),
            _ => None,
        }
    }

    fn is_number(&self, id: NotationId, number: i64) -> bool {
        matches!(self.out.node(id), Notation::Number(value) if *value == Rational::integer(number))
    }

    /// The formula of a node from those of its children.
    pub(crate) fn node(&mut self, id: TypedId) -> Result<NotationId> {
        let node = self.tree.node(id);
        let shape = shape_of(node.shape);
        let notation = match &node.operation {
            Operation::Number(value) => Notation::Number(value.clone()),
            Operation::Pi => Notation::Pi,
            Operation::Infinity => Notation::Infinity,
            Operation::Dimension(dimension) => Notation::Dimension(*dimension),
            Operation::Variable(variable) | Operation::Rows(variable) => {
                let variable = self.tree.variable(*variable);
                let kind = match variable.differential_of {
                    Some(_) => NameKind::Differential,
                    None => NameKind::Variable,
                };
                Notation::Name { text: variable.name.clone(), kind }
            }
            Operation::Binding { name, .. } => {
                Notation::Name { text: name.clone(), kind: NameKind::Binding }
            }
            Operation::Fill(scalar) => return Ok(self.fill(*scalar, shape)),
            Operation::Identity => Notation::Identity,
            Operation::Add(a, b) => self.sum(*a, *b, false),
            Operation::Subtract(a, b) => self.sum(*a, *b, true),
            Operation::Negate(a) => Notation::Negate(self.formula(*a)),
            Operation::Multiply(a, b) | Operation::Scale(a, b) => self.product(*a, *b),
            Operation::Hadamard(a, b) => self.hadamard(*a, *b),
            Operation::Quotient(a, b) => match self.filled(*b) {
                Some(number) if self.filled(*a).is_none() => {
                    Notation::Fraction(self.formula(*a), number)
                }
                _ if shape.is_scalar() => Notation::Fraction(self.formula(*a), self.formula(*b)),
                _ => Notation::HadamardQuotient(self.loose(*a), self.loose(*b)),
            },
            Operation::Power(base, exponent) => {
                let kind =
                    if shape.is_scalar() { PowerKind::Scalar } else { PowerKind::Elementwise };
                Notation::Power { base: self.formula(*base), exponent: self.loose(*exponent), kind }
            }
            Operation::MatrixPower(base, exponent) => Notation::Power {
                base: self.formula(*base),
                exponent: self.formula(*exponent),
                kind: PowerKind::Matrix,
            },
            Operation::Transpose(a) => return Ok(self.transpose(*a, shape)),
            Operation::ConjugateTranspose(a) => Notation::ConjugateTranspose(self.formula(*a)),
            Operation::Differential(a) => Notation::Differential(self.formula(*a)),
            Operation::Limit { .. } | Operation::Integral { .. } => {
                return Err(Diagnostic::unsupported("a limit or integral without a value").into());
            }
            Operation::Call { function, arguments, sizes } => {
                let several = arguments.len() > 1;
                let arguments: Vec<NotationId> = arguments
                    .iter()
                    .map(|id| if several { self.loose(*id) } else { self.formula(*id) })
                    .collect();
                let head = self.head(*function, arguments.first().copied());
                Notation::Call { head, arguments, sizes: sizes.clone() }
            }
            Operation::Mapped { function, order, argument } => {
                let name = self.tree.variable(*function).name.clone();
                self.call(Head::Mapped { name, order: *order }, *argument)
            }
            Operation::Scalar { function, order, argument } => {
                let name = self.tree.variable(*function).name.clone();
                self.call(Head::Scalar { name, order: *order }, *argument)
            }
            Operation::Path { function, order, argument } => {
                let name = self.tree.variable(*function).name.clone();
                self.call(Head::Path { name, order: *order }, *argument)
            }
            Operation::Block(rows) => {
                let row = |row: &Vec<TypedId>| row.iter().map(|id| self.formula(*id)).collect();
                Notation::Matrix(rows.iter().map(row).collect())
            }
            Operation::Member { base, indices } => {
                let name = |id: &gradus_elaborate::typed::IndexId| {
                    self.tree.indices[id.0 as usize].name.clone()
                };
                Notation::Indexed {
                    base: self.formula(*base),
                    indices: indices.iter().map(name).collect(),
                }
            }
            Operation::Slice { base, row_offset, column_offset } => Notation::Slice {
                base: self.formula(*base),
                row_offset: *row_offset,
                column_offset: *column_offset,
            },
            Operation::IndexedSum { index, body } => self.indexed_sum(*index, *body),
            Operation::LeftDivide(..)
            | Operation::RightDivide(..)
            | Operation::Tabulate { .. }
            | Operation::Family { .. } => {
                let message = "this formula cannot be shown as it was written";
                return Err(Diagnostic::unsupported(message).into());
            }
        };
        Ok(self.out.intern(notation, shape))
    }

    fn call(&self, head: Head, argument: TypedId) -> Notation {
        Notation::Call { head, arguments: vec![self.formula(argument)], sizes: Vec::new() }
    }

    fn head(&self, function: gradus_tensor::FunctionId, first: Option<NotationId>) -> Head {
        match (book().get(function).meaning, first) {
            (Meaning::Structural(Structural::Diagonal), Some(first)) => {
                let shape = self.out.shape(first);
                let square = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
                if square { Head::DiagonalVector } else { Head::DiagonalMatrix }
            }
            _ => Head::Book(function),
        }
    }

    fn fill(&mut self, scalar: TypedId, shape: Shape) -> NotationId {
        let scalar = self.formula(scalar);
        if self.is_number(scalar, 0) {
            return self.out.intern(Notation::Zeros, shape);
        }
        let ones = self.out.intern(Notation::Ones, shape);
        if self.is_number(scalar, 1) {
            return ones;
        }
        self.out.intern(Notation::Product(vec![scalar, ones]), shape)
    }

    fn transpose(&mut self, inner: TypedId, shape: Shape) -> NotationId {
        let inner = self.formula(inner);
        match self.out.node(inner) {
            constant @ (Notation::Ones | Notation::Zeros) => {
                let constant = constant.clone();
                self.out.intern(constant, shape)
            }
            _ => self.out.intern(Notation::Transpose(inner), shape),
        }
    }

    fn sum(&self, a: TypedId, b: TypedId, minus: bool) -> Notation {
        let (left, right) = (self.loose(a), self.loose(b));
        let mut terms = match self.out.node(left) {
            Notation::Sum(terms) => terms.clone(),
            _ => vec![(false, left)],
        };
        terms.push((minus, right));
        Notation::Sum(terms)
    }

    fn product(&self, a: TypedId, b: TypedId) -> Notation {
        self.product_of(self.formula(a), self.formula(b))
    }

    /// A chain of factors. A scalar that is itself a product of arrays stays one factor.
    fn product_of(&self, left: NotationId, right: NotationId) -> Notation {
        let mut factors = self.factors(left);
        let scales = self.out.shape(left).is_scalar();
        match self.out.node(right) {
            // 2*(x*A) and (2*x)*A are one chain, A*(2*X) is none.
            Notation::Product(more) if scales => factors.extend(more.iter().copied()),
            _ => factors.push(right),
        }
        Notation::Product(factors)
    }

    /// The product of two formulas.
    pub(crate) fn multiplied(
        &mut self,
        left: NotationId,
        right: NotationId,
        shape: Shape,
    ) -> NotationId {
        // In a matrix product the chain on the right goes on.
        let is_chain = |id: NotationId| {
            matches!(self.out.node(id), Notation::Product(factors)
                if factors.first().is_some_and(|first| !self.out.shape(*first).is_scalar()))
        };
        let both = !self.out.shape(left).is_scalar() && !self.out.shape(right).is_scalar();
        let notation = match self.out.node(right) {
            Notation::Product(more) if both && is_chain(right) => {
                let mut factors = self.factors(left);
                factors.extend(more.iter().copied());
                Notation::Product(factors)
            }
            _ => self.product_of(left, right),
        };
        self.out.intern(notation, shape)
    }

    /// The entrywise product of two formulas.
    pub(crate) fn hadamard_of(
        &mut self,
        left: NotationId,
        right: NotationId,
        shape: Shape,
    ) -> NotationId {
        let mut factors = match self.out.node(left) {
            Notation::Hadamard(factors) => factors.clone(),
            _ => vec![left],
        };
        factors.push(right);
        self.out.intern(Notation::Hadamard(factors), shape)
    }

    /// The transpose of a formula, of a product factor by factor.
    pub(crate) fn transposed(&mut self, formula: NotationId, shape: Shape) -> NotationId {
        if shape.is_scalar() {
            return formula;
        }
        let notation = match self.out.node(formula).clone() {
            Notation::Transpose(inner) => return inner,
            constant @ (Notation::Ones | Notation::Zeros | Notation::Identity) => constant,
            Notation::Product(factors) => {
                let (mut turned, arrays): (Vec<NotationId>, Vec<NotationId>) =
                    factors.into_iter().partition(|factor| self.out.shape(*factor).is_scalar());
                for factor in arrays.into_iter().rev() {
                    let Shape { rows, columns } = self.out.shape(factor);
                    turned.push(
                        self.transposed_factor(factor, Shape { rows: columns, columns: rows }),
                    );
                }
                Notation::Product(turned)
            }
            _ => Notation::Transpose(formula),
        };
        self.out.intern(notation, shape)
    }

    /// The transpose of a factor, which is no product itself in a chain.
    fn transposed_factor(&mut self, factor: NotationId, shape: Shape) -> NotationId {
        match self.out.node(factor).clone() {
            Notation::Transpose(inner) => inner,
            constant @ (Notation::Ones | Notation::Zeros | Notation::Identity) => {
                self.out.intern(constant, shape)
            }
            _ => self.out.intern(Notation::Transpose(factor), shape),
        }
    }

    /// A function of formulas.
    pub(crate) fn called(
        &mut self,
        function: gradus_tensor::FunctionId,
        arguments: Vec<NotationId>,
        sizes: &[gradus_tensor::DimensionId],
        shape: Shape,
    ) -> NotationId {
        let head = self.head(function, arguments.first().copied());
        let call = Notation::Call { head, arguments, sizes: sizes.to_vec() };
        self.out.intern(call, shape)
    }

    /// The trace of a formula.
    pub(crate) fn trace(&mut self, formula: NotationId) -> NotationId {
        match book().structural(Structural::Trace) {
            Some(trace) => self.called(trace, vec![formula], &[], Shape::SCALAR),
            None => formula,
        }
    }

    /// Zeros of a shape; of a scalar the number.
    pub(crate) fn zeros(&mut self, shape: Shape) -> NotationId {
        if shape.is_scalar() {
            return self.out.intern(Notation::Number(Rational::integer(0)), shape);
        }
        self.out.intern(Notation::Zeros, shape)
    }

    /// The names of indices.
    pub(crate) fn index_names(&self, indices: &[gradus_elaborate::typed::IndexId]) -> Vec<String> {
        indices.iter().map(|id| self.tree.indices[id.0 as usize].name.clone()).collect()
    }

    /// The factors of the left side of a product.
    fn factors(&self, left: NotationId) -> Vec<NotationId> {
        let is_scalar = |id: &NotationId| self.out.shape(*id).is_scalar();
        match self.out.node(left) {
            Notation::Product(factors) if !is_scalar(&left) || factors.iter().all(is_scalar) => {
                factors.clone()
            }
            _ => vec![left],
        }
    }

    fn hadamard(&self, a: TypedId, b: TypedId) -> Notation {
        let (left, right) = (self.loose(a), self.loose(b));
        let mut factors = match self.out.node(left) {
            Notation::Hadamard(factors) => factors.clone(),
            _ => vec![left],
        };
        factors.push(right);
        Notation::Hadamard(factors)
    }

    /// A sum over one index after the other is a sum over all of them.
    fn indexed_sum(&self, index: gradus_elaborate::typed::IndexId, body: TypedId) -> Notation {
        let mut indices = vec![self.tree.indices[index.0 as usize].name.clone()];
        let body = self.formula(body);
        match self.out.node(body) {
            Notation::IndexedSum { indices: inner, body } => {
                indices.extend(inner.iter().cloned());
                Notation::IndexedSum { indices, body: *body }
            }
            _ => Notation::IndexedSum { indices, body },
        }
    }
}
