//! A linear map as a matrix before the differential of a vector, or before the vec of that of a matrix.
//!
//! Must not know how lines are made of it.

use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions};

use crate::builder::Builder;
use crate::path::{Path, Wrap, as_hadamard, as_products};
use crate::rules::{Rule, Used};

/// The matrix `J` with `L(dx) = J dx`, or `vec L(dX) = J vec dX`; none if a map has none here.
pub(crate) fn jacobian(
    builder: &mut Builder,
    path: Path,
    mut flat: bool,
    used: &mut Used,
) -> Option<NotationId> {
    let mut state = State {
        builder,
        factors: Vec::new(),
        under: Vec::new(),
        wraps: path.wraps,
        leaf: path.leaf,
    };
    while !state.wraps.is_empty() {
        let before = flat.then(|| state.wraps.clone());
        let rule = match before {
            None => state.stacked()?,
            Some(before) => match state.flat() {
                Some(rule) => rule,
                // A column may be made of matrices.
                None => {
                    state.wraps = before;
                    flat = false;
                    state.stacked()?
                }
            },
        };
        if let Some(rule) = rule {
            used.cite(rule);
        }
    }
    let State { builder, factors, under, leaf, .. } = state;
    let shape = builder.shape(leaf);
    let size = builder.tree.dimensions.multiply(shape.rows, shape.columns);
    let arrays = factors.iter().any(|id| !builder.shape(*id).is_scalar());
    let mut factors = factors;
    if !arrays {
        factors.push(builder.identity(Shape { rows: size, columns: size }));
    }
    let product = builder.product(&factors);
    Some(under.iter().fold(product, |above, below| builder.fraction(above, *below)))
}

struct State<'b> {
    builder: &'b mut Builder,
    factors: Vec<NotationId>,
    under: Vec<NotationId>,
    wraps: Vec<Wrap>,
    leaf: NotationId,
}

impl State<'_> {
    /// The shape of what the outermost map acts on.
    fn inner(&mut self) -> Shape {
        let inner = self.builder.wrapped(&self.wraps[1..], self.leaf);
        self.builder.shape(inner)
    }

    fn take(&mut self, factor: NotationId) {
        self.factors.push(factor);
        self.wraps.remove(0);
    }

    /// One map of a column.
    fn flat(&mut self) -> Option<Option<Rule>> {
        let wrap = self.wraps.first()?.clone();
        let inner = self.inner();
        let column = inner.columns == Dimensions::ONE;
        match wrap {
            Wrap::Left(before) => {
                if !column {
                    return self.diagonal_after();
                }
                self.take(before);
                Some(None)
            }
            Wrap::Right(after) => {
                let vector = self.builder.shape(after).columns == Dimensions::ONE;
                if vector && self.wraps.get(1) == Some(&Wrap::DiagonalMatrix) {
                    self.wraps.splice(..2, [Wrap::Hadamard(after)]);
                    return Some(Some(Rule::DiagonalTimesVector));
                }
                if !vector || inner.rows != Dimensions::ONE {
                    return None;
                }
                let turned = self.builder.transpose(after);
                self.take(turned);
                if self.wraps.first() == Some(&Wrap::Transpose) {
                    self.wraps.remove(0);
                } else {
                    self.wraps.insert(0, Wrap::Transpose);
                }
                Some(Some(Rule::DotSymmetric))
            }
            Wrap::Transpose => {
                self.wraps.remove(0);
                if inner.is_scalar() {
                    return Some(None);
                }
                self.push_transpose_inside()
            }
            Wrap::Hadamard(array) if column => {
                let diagonal = self.builder.diagonal_matrix(array);
                self.take(diagonal);
                Some(Some(Rule::DiagonalTimesVector))
            }
            Wrap::Below(array) if column => {
                let one = self.builder.integer(1);
                let over = self.builder.quotient(one, array);
                let diagonal = self.builder.diagonal_matrix(over);
                self.take(diagonal);
                Some(Some(Rule::DiagonalTimesVector))
            }
            Wrap::Sum if column => {
                if let Some(Wrap::Hadamard(array)) = self.wraps.get(1).cloned() {
                    self.wraps.remove(0);
                    let turned = self.builder.transpose(array);
                    self.take(turned);
                    return Some(Some(Rule::SumOfHadamard));
                }
                let ones = self.builder.ones(Shape { rows: Dimensions::ONE, columns: inner.rows });
                self.take(ones);
                Some(Some(Rule::SumAsProduct))
            }
            other => self.common(&other),
        }
    }

    /// `A diag(v) b` with the diagonal matrix before what follows it.
    fn diagonal_after(&mut self) -> Option<Option<Rule>> {
        let (Some(Wrap::Left(before)), Some(Wrap::Right(after))) =
            (self.wraps.first().cloned(), self.wraps.get(1).cloned())
        else {
            return None;
        };
        self.wraps[0] = Wrap::Left(before);
        self.wraps[1] = Wrap::Right(after);
        let vector = self.builder.shape(after).columns == Dimensions::ONE;
        if vector && self.wraps.get(2) == Some(&Wrap::DiagonalMatrix) {
            self.wraps.splice(1..3, [Wrap::Hadamard(after)]);
            return Some(Some(Rule::DiagonalTimesVector));
        }
        if vector {
            // A row times what follows is a scalar: it is turned.
            let inner = self.builder.wrapped(&self.wraps[2..], self.leaf);
            if self.builder.shape(inner).rows == Dimensions::ONE {
                self.take(before);
                return Some(None);
            }
        }
        None
    }

    /// The transpose of a product, of the transpose of a map.
    fn push_transpose_inside(&mut self) -> Option<Option<Rule>> {
        match self.wraps.first().cloned()? {
            Wrap::Transpose => {
                self.wraps.remove(0);
            }
            Wrap::Right(after) => {
                self.wraps[0] = Wrap::Left(self.builder.transpose(after));
                self.wraps.insert(1, Wrap::Transpose);
            }
            Wrap::Left(before) => {
                self.wraps[0] = Wrap::Right(self.builder.transpose(before));
                self.wraps.insert(1, Wrap::Transpose);
            }
            Wrap::Hadamard(array) => {
                self.wraps[0] = Wrap::Hadamard(self.builder.transpose(array));
                self.wraps.insert(1, Wrap::Transpose);
            }
            Wrap::Below(array) => {
                self.wraps[0] = Wrap::Below(self.builder.transpose(array));
                self.wraps.insert(1, Wrap::Transpose);
            }
            Wrap::Times(array) => {
                self.wraps[0] = Wrap::Times(self.builder.transpose(array));
            }
            Wrap::Scale(_) | Wrap::Under(_) => self.wraps.insert(1, Wrap::Transpose),
            Wrap::DiagonalMatrix => {}
            _ => return None,
        }
        Some(None)
    }

    /// One map of a matrix under vec.
    fn stacked(&mut self) -> Option<Option<Rule>> {
        let wrap = self.wraps.first()?.clone();
        let inner = self.inner();
        let column = inner.columns == Dimensions::ONE;
        let matrix = inner.rows != Dimensions::ONE && !column;
        match wrap {
            Wrap::Left(before) => {
                if let Some(Wrap::Right(after)) = self.wraps.get(1).cloned() {
                    self.wraps.remove(0);
                    let turned = self.builder.transpose(after);
                    let kronecker = self.builder.kronecker(turned, before)?;
                    self.take(kronecker);
                    return Some(Some(Rule::VecOfProduct));
                }
                let columns = Shape { rows: inner.columns, columns: inner.columns };
                let unit = self.builder.identity(columns);
                let kronecker = self.builder.kronecker(unit, before)?;
                self.take(kronecker);
                Some(matrix.then_some(Rule::VecOfProduct))
            }
            Wrap::Right(after) => {
                let turned = self.builder.transpose(after);
                let rows = Shape { rows: inner.rows, columns: inner.rows };
                let unit = self.builder.identity(rows);
                let kronecker = self.builder.kronecker(turned, unit)?;
                self.take(kronecker);
                Some(Some(Rule::VecOfProduct))
            }
            Wrap::Transpose => {
                if !matrix {
                    self.wraps.remove(0);
                    return Some(None);
                }
                let commutation = self.builder.commutation(inner)?;
                self.take(commutation);
                Some(Some(Rule::VecOfTranspose))
            }
            Wrap::Hadamard(array) => {
                let stacked = self.builder.stacked(array);
                let diagonal = self.builder.diagonal_matrix(stacked);
                self.take(diagonal);
                Some(Some(Rule::VecOfHadamard))
            }
            Wrap::Below(array) => {
                let one = self.builder.integer(1);
                let over = self.builder.quotient(one, array);
                let stacked = self.builder.stacked(over);
                let diagonal = self.builder.diagonal_matrix(stacked);
                self.take(diagonal);
                Some(Some(Rule::VecOfHadamard))
            }
            Wrap::Sum => {
                let size = self.builder.tree.dimensions.multiply(inner.rows, inner.columns);
                let ones = self.builder.ones(Shape { rows: Dimensions::ONE, columns: size });
                self.take(ones);
                Some(Some(Rule::SumAsProduct))
            }
            Wrap::Trace => {
                let (unit, next) = match self.wraps.get(1).cloned() {
                    Some(Wrap::Left(before)) => (before, true),
                    _ => (self.builder.identity(inner), false),
                };
                if next {
                    self.wraps.remove(0);
                }
                let turned = self.builder.transpose(unit);
                let stacked = self.builder.stacked(turned);
                let row = self.builder.transpose(stacked);
                self.take(row);
                Some(Some(Rule::DotOfVec))
            }
            Wrap::Times(array) => {
                let stacked = self.builder.stacked(array);
                self.take(stacked);
                Some(None)
            }
            Wrap::DiagonalMatrix => {
                let diagonals = self.diagonals(if column { inner.rows } else { inner.columns })?;
                self.take(diagonals);
                Some(Some(Rule::VecOfDiagonal))
            }
            Wrap::DiagonalVector => {
                let diagonals = self.diagonals(inner.rows)?;
                let turned = self.builder.transpose(diagonals);
                self.take(turned);
                Some(Some(Rule::DiagonalOfVec))
            }
            Wrap::Slice(_) | Wrap::Block { .. } => {
                let products = as_products(self.builder, &wrap, inner)?;
                self.wraps.splice(..1, products);
                Some(Some(Rule::SliceAsProduct))
            }
            Wrap::Argument { call, position } => self.argument(call, position, inner),
            other => self.common(&other),
        }
    }

    /// `I ∗ I`, of which the columns are the vecs of the diagonal unit matrices.
    fn diagonals(&mut self, size: DimensionId) -> Option<NotationId> {
        let unit = self.builder.identity(Shape { rows: size, columns: size });
        let function = book().structural(Structural::KhatriRao)?;
        let rows = self.builder.tree.dimensions.multiply(size, size);
        let shape = Shape { rows, columns: size };
        Some(self.builder.call(Head::Book(function), &[unit, unit], shape))
    }

    /// A function that is linear in its argument under vec.
    fn argument(
        &mut self,
        call: NotationId,
        position: usize,
        inner: Shape,
    ) -> Option<Option<Rule>> {
        let Notation::Call { head: Head::Book(function), arguments, .. } =
            self.builder.node(call).clone()
        else {
            return None;
        };
        let Meaning::Structural(structure) = book().get(function).meaning else { return None };
        match structure {
            Structural::Vec | Structural::Unvec => {
                self.wraps.remove(0);
                Some(None)
            }
            Structural::HalfVec => {
                let elimination = book().structural(Structural::Elimination)?;
                let rows = self.builder.shape(call).rows;
                let columns = self.builder.tree.dimensions.multiply(inner.rows, inner.columns);
                let notation = Notation::Call {
                    head: Head::Book(elimination),
                    arguments: Vec::new(),
                    sizes: vec![inner.rows],
                };
                let matrix = self.builder.tree.intern(notation, Shape { rows, columns });
                self.take(matrix);
                Some(Some(Rule::HalfVecOfVec))
            }
            Structural::LowerTriangle | Structural::UpperTriangle => {
                let ones = self.builder.ones(inner);
                let triangle = self.builder.call(Head::Book(function), &[ones], inner);
                self.wraps[0] = Wrap::Hadamard(triangle);
                Some(Some(Rule::TriangleAsHadamard))
            }
            Structural::Kronecker => {
                let factor = self.kronecker_map(&arguments, position, inner)?;
                for id in factor {
                    self.factors.push(id);
                }
                self.wraps.remove(0);
                Some(Some(Rule::VecOfKronecker))
            }
            Structural::KhatriRao => {
                let (wraps, rule) = as_hadamard(self.builder, call, position, inner)?;
                self.wraps.splice(..1, wraps);
                Some(Some(rule))
            }
            // It acts on each column of its argument.
            Structural::Cross if inner.columns == Dimensions::ONE => {
                let square = Shape { rows: inner.rows, columns: inner.rows };
                let unit = self.builder.identity(square);
                let mut arguments = arguments;
                arguments[position] = unit;
                let images = self.builder.call(Head::Book(function), &arguments, square);
                self.take(images);
                Some(Some(Rule::Basis))
            }
            _ => None,
        }
    }

    /// The matrices with `vec(U ⊗ A) = (I ⊗ K ⊗ I)(I ⊗ vec A) vec U`, and of the other factor.
    fn kronecker_map(
        &mut self,
        arguments: &[NotationId],
        position: usize,
        inner: Shape,
    ) -> Option<[NotationId; 2]> {
        let other = *arguments.get(1 - position.min(1))?;
        let shape = self.builder.shape(other);
        let (first, second) = if position == 0 { (inner, shape) } else { (shape, inner) };
        let square = |size| Shape { rows: size, columns: size };
        let before = self.builder.identity(square(first.columns));
        let behind = self.builder.identity(square(second.rows));
        // Of a product of an m×n and a p×q matrix, K vec(W) = vec(W') for W of q rows and m columns.
        let exchanged = Shape { rows: second.columns, columns: first.rows };
        let commutation = self.builder.commutation(exchanged)?;
        let middle = self.builder.kronecker(before, commutation)?;
        let whole = self.builder.kronecker(middle, behind)?;
        let size = self.builder.tree.dimensions.multiply(inner.rows, inner.columns);
        let unit = self.builder.identity(square(size));
        let stacked = self.builder.stacked(other);
        let spread = if position == 0 {
            self.builder.kronecker(unit, stacked)?
        } else {
            self.builder.kronecker(stacked, unit)?
        };
        Some([whole, spread])
    }

    /// Maps that are the same of a column and under vec.
    fn common(&mut self, wrap: &Wrap) -> Option<Option<Rule>> {
        match wrap {
            Wrap::Scale(scalar) => {
                self.take(*scalar);
                Some(None)
            }
            Wrap::Under(scalar) => {
                self.under.push(*scalar);
                self.wraps.remove(0);
                Some(None)
            }
            Wrap::Times(array) => {
                self.take(*array);
                Some(None)
            }
            _ => None,
        }
    }
}

impl Builder {
    /// `vec(X)`; a column is its own.
    pub(crate) fn stacked(&mut self, id: NotationId) -> NotationId {
        let shape = self.shape(id);
        if shape.columns == Dimensions::ONE {
            return id;
        }
        if shape.rows == Dimensions::ONE {
            return self.transpose(id);
        }
        let rows = self.tree.dimensions.multiply(shape.columns, shape.rows);
        let column = Shape { rows, columns: Dimensions::ONE };
        match book().structural(Structural::Vec) {
            Some(function) => self.call(Head::Book(function), &[id], column),
            None => id,
        }
    }

    /// `kron(A, B)`; of identities one identity.
    pub(crate) fn kronecker(&mut self, a: NotationId, b: NotationId) -> Option<NotationId> {
        let (first, second) = (self.shape(a), self.shape(b));
        if first.is_scalar() || second.is_scalar() {
            return Some(self.product(&[a, b]));
        }
        let rows = self.tree.dimensions.multiply(first.rows, second.rows);
        let columns = self.tree.dimensions.multiply(first.columns, second.columns);
        let shape = Shape { rows, columns };
        if matches!((self.node(a), self.node(b)), (Notation::Identity, Notation::Identity)) {
            return Some(self.identity(shape));
        }
        let (value, a) = self.split(a);
        let (other, b) = self.split(b);
        let (a, b) = (a?, b?);
        let function = book().structural(Structural::Kronecker)?;
        let kronecker = self.call(Head::Book(function), &[a, b], shape);
        Some(self.scaled(value.multiply(&other), kronecker))
    }

    /// `K` with `K vec(X) = vec(X')` for X of a shape.
    fn commutation(&mut self, shape: Shape) -> Option<NotationId> {
        let function = book().structural(Structural::Commutation)?;
        let size = self.tree.dimensions.multiply(shape.rows, shape.columns);
        let call = Notation::Call {
            head: Head::Book(function),
            arguments: Vec::new(),
            sizes: vec![shape.rows, shape.columns],
        };
        Some(self.tree.intern(call, Shape { rows: size, columns: size }))
    }
}
