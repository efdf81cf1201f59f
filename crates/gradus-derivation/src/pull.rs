//! A scalar differential brought to the form `tr(P dX)`: one map after the other is moved from the
//! leaf to the other factor inside the trace.
//!
//! Must not know how the differential was found.

use gradus_elaborate::typed::Shape as TypedShape;
use gradus_elaborate::{match_signature, rule_book};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_tensor::Dimensions;

use crate::builder::Builder;
use crate::path::{Path, Wrap, as_hadamard, as_products};
use crate::rules::Rule;
use crate::transcribe::fragment;

/// A term `tr(P L(dX))` on its way to `tr(P dX)`.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    negative: bool,
    /// Index sums around all of it, the outermost first.
    indices: Vec<Vec<String>>,
    scalars: Vec<NotationId>,
    under: Vec<NotationId>,
    /// `P`; none stands for one.
    multiplier: Option<NotationId>,
    /// Maps that are left, the outermost first.
    wraps: Vec<Wrap>,
    pub(crate) leaf: NotationId,
    /// Whether a trace is written around a scalar.
    written_trace: bool,
}

/// Scalar factors stand before every linear map, but inside the sum whose index they may have.
fn with_scalars_first(wraps: Vec<Wrap>) -> Vec<Wrap> {
    let mut ordered: Vec<Wrap> = Vec::with_capacity(wraps.len());
    let mut place = 0;
    for wrap in wraps {
        match wrap {
            Wrap::Scale(_) | Wrap::Under(_) => {
                ordered.insert(place, wrap);
                place += 1;
            }
            Wrap::Indices(_) => {
                ordered.push(wrap);
                place = ordered.len();
            }
            _ => ordered.push(wrap),
        }
    }
    ordered
}

/// What became of a move.
pub(crate) enum Move {
    /// A rule acted.
    By(Rule),
    /// Nothing is left to move.
    Done,
    /// The outermost map has no partner inside a trace.
    Stuck,
}

impl Term {
    pub(crate) fn new(path: Path) -> Self {
        Self {
            negative: path.negative,
            indices: Vec::new(),
            scalars: Vec::new(),
            under: Vec::new(),
            multiplier: None,
            wraps: with_scalars_first(path.wraps),
            leaf: path.leaf,
            written_trace: false,
        }
    }

    /// Takes over what needs no rule: numbers, factors that stand before the leaf, a written trace.
    pub(crate) fn settle(&mut self, builder: &mut Builder) {
        while let Some(wrap) = self.wraps.first().cloned() {
            match wrap {
                Wrap::Scale(scalar) => self.scalars.push(scalar),
                Wrap::Under(scalar) => self.under.push(scalar),
                Wrap::Left(before) => {
                    self.multiplier = Some(match self.multiplier {
                        Some(multiplier) => builder.product(&[multiplier, before]),
                        None => before,
                    });
                }
                Wrap::Trace if self.multiplier.is_none() => {}
                Wrap::Indices(indices) => {
                    if self.multiplier.is_some() {
                        return;
                    }
                    self.indices.push(indices);
                }
                _ => return,
            }
            self.wraps.remove(0);
        }
    }

    /// Whether the leaf is a matrix, so that its scalar is written as a trace.
    pub(crate) fn wants_trace(&self, builder: &Builder) -> bool {
        let shape = builder.shape(self.leaf);
        let matrix = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
        matrix && !self.written_trace
    }

    /// Writes a trace around a scalar product; tells whether that changes the formula.
    pub(crate) fn write_trace(&mut self, builder: &mut Builder) -> bool {
        let core = self.core(builder);
        if !self.wants_trace(builder) || !builder.shape(core).is_scalar() {
            return false;
        }
        // A scalar function of the leaf is no product of which it would be the trace.
        let chained = self.multiplier.is_some()
            || matches!(self.wraps.first(), Some(Wrap::Right(_) | Wrap::Transpose));
        self.written_trace = chained;
        chained
    }

    fn core(&self, builder: &mut Builder) -> NotationId {
        let inner = builder.wrapped(&self.wraps, self.leaf);
        match self.multiplier {
            Some(multiplier) => builder.product(&[multiplier, inner]),
            None => inner,
        }
    }

    /// The term as it stands.
    pub(crate) fn formula(&self, builder: &mut Builder) -> (bool, NotationId) {
        let core = self.core(builder);
        let (value, rest) = builder.split(core);
        let core = rest.unwrap_or(core);
        let trace = if builder.shape(core).is_scalar() {
            if self.written_trace { builder.written_trace(core) } else { core }
        } else {
            builder.trace(core)
        };
        let number = builder.number(value);
        let mut factors = vec![number];
        factors.extend(&self.scalars);
        factors.push(trace);
        let product = builder.product(&factors);
        let product = self.divided(builder, product);
        (self.negative, self.summed(builder, product))
    }

    fn divided(&self, builder: &mut Builder, id: NotationId) -> NotationId {
        self.under.iter().fold(id, |above, below| builder.fraction(above, *below))
    }

    fn summed(&self, builder: &mut Builder, id: NotationId) -> NotationId {
        let wraps: Vec<Wrap> = self.indices.iter().cloned().map(Wrap::Indices).collect();
        builder.wrapped(&wraps, id)
    }

    /// The index of the member that varies, if there is one.
    pub(crate) fn member<'b>(&self, builder: &'b Builder) -> Option<&'b [String]> {
        match builder.node(self.leaf) {
            Notation::Indexed { indices, .. } => Some(indices),
            _ => None,
        }
    }

    /// Takes the sum over the index of the member out of the term: each member is its own variable.
    /// None if there is no such sum.
    pub(crate) fn of_one_member(mut self, builder: &Builder) -> Option<Self> {
        let Some(own) = self.member(builder).map(<[String]>::to_vec) else { return Some(self) };
        let at = self.indices.iter().position(|indices| *indices == own)?;
        self.indices.remove(at);
        Some(self)
    }

    /// When nothing is left to move: the gradient of this term, or its derivative by a scalar.
    pub(crate) fn gradient(&self, builder: &mut Builder) -> (bool, NotationId) {
        let shape = builder.shape(self.leaf);
        let core = match self.multiplier {
            Some(multiplier) => builder.transpose(multiplier),
            None if shape.is_scalar() => builder.integer(1),
            None => builder.identity(shape),
        };
        let mut factors = self.scalars.clone();
        factors.push(core);
        let product = builder.product(&factors);
        let product = self.divided(builder, product);
        (self.negative, self.summed(builder, product))
    }

    /// Moves the outermost map.
    pub(crate) fn advance(&mut self, builder: &mut Builder) -> Move {
        let Some(wrap) = self.wraps.first().cloned() else { return Move::Done };
        let inner = builder.wrapped(&self.wraps[1..], self.leaf);
        let inner = builder.shape(inner);
        let Some(rule) = self.moved(builder, &wrap, inner) else { return Move::Stuck };
        self.settle(builder);
        Move::By(rule)
    }

    /// What the outermost map becomes; `inner` is the shape of what it acts on.
    fn moved(&mut self, builder: &mut Builder, wrap: &Wrap, inner: Shape) -> Option<Rule> {
        let column = inner.columns == Dimensions::ONE;
        let row = inner.rows == Dimensions::ONE;
        let vector_leaf = builder.shape(self.leaf).columns == Dimensions::ONE;
        match wrap {
            Wrap::Right(after) if row && self.multiplier.is_none() && vector_leaf => {
                let turned = builder.transpose(*after);
                self.replace(turned, &[]);
                self.turn();
                Some(Rule::DotSymmetric)
            }
            Wrap::Right(after)
                if self.is_diagonal(1) && builder.shape(*after).columns == Dimensions::ONE =>
            {
                self.wraps.drain(..2);
                self.wraps.insert(0, Wrap::Hadamard(*after));
                Some(Rule::DiagonalTimesVector)
            }
            Wrap::Right(after) if self.wraps.get(1) == Some(&Wrap::Transpose) => {
                let turned = builder.transpose(*after);
                let before = self.multiplier.take();
                self.replace(turned, &[1]);
                if let Some(before) = before {
                    let behind = builder.transpose(before);
                    self.wraps.insert(0, Wrap::Right(behind));
                }
                Some(Rule::TraceOfTranspose)
            }
            Wrap::Right(after) => {
                let multiplier = match self.multiplier {
                    Some(multiplier) => builder.product(&[*after, multiplier]),
                    None => *after,
                };
                self.replace(multiplier, &[]);
                Some(Rule::Cyclic)
            }
            Wrap::Transpose => {
                let one = self.multiplier.map(|multiplier| builder.transpose(multiplier));
                self.multiplier = one;
                self.wraps.remove(0);
                let dot = (row || column) && builder.shape(self.leaf).columns == Dimensions::ONE;
                Some(if dot { Rule::DotSymmetric } else { Rule::TraceOfTranspose })
            }
            Wrap::Trace => {
                // The multiplier is a scalar here.
                self.scalars.extend(self.multiplier.take());
                self.wraps.remove(0);
                Some(Rule::ScalarOut)
            }
            Wrap::Times(array) => {
                if let Some(multiplier) = self.multiplier.take() {
                    let product = builder.product(&[multiplier, *array]);
                    let trace = builder.trace(product);
                    self.scalars.push(trace);
                } else {
                    let trace = builder.trace(*array);
                    self.scalars.push(trace);
                }
                self.wraps.remove(0);
                Some(Rule::ScalarOut)
            }
            Wrap::Sum => {
                self.scalars.extend(self.multiplier.take());
                if let Some(Wrap::Hadamard(array)) = self.wraps.get(1).cloned() {
                    let turned = builder.transpose(array);
                    self.replace(turned, &[1]);
                    return Some(Rule::SumOfHadamard);
                }
                let ones = builder.ones(Shape { rows: inner.columns, columns: inner.rows });
                self.replace(ones, &[]);
                Some(Rule::SumAsProduct)
            }
            Wrap::Hadamard(array) | Wrap::Below(array) => {
                let multiplier = match self.multiplier {
                    Some(multiplier) => multiplier,
                    // The trace of an array is that of its product with the identity.
                    None if inner.rows == inner.columns => builder.identity(inner),
                    None => return None,
                };
                let turned = builder.transpose(multiplier);
                let product = match wrap {
                    Wrap::Below(_) => builder.quotient(turned, *array),
                    _ => builder.hadamard(&[turned, *array]),
                };
                let multiplier = builder.transpose(product);
                self.replace(multiplier, &[]);
                Some(Rule::HadamardExchange)
            }
            Wrap::DiagonalMatrix => {
                let multiplier = match self.multiplier {
                    Some(multiplier) => builder.diagonal_vector(multiplier),
                    None => {
                        let one = Shape { rows: inner.rows, columns: Dimensions::ONE };
                        builder.ones(one)
                    }
                };
                let multiplier = if column { builder.transpose(multiplier) } else { multiplier };
                self.replace(multiplier, &[]);
                Some(Rule::TraceOfDiagonal)
            }
            Wrap::DiagonalVector => {
                let multiplier = self.multiplier?;
                let diagonal = builder.diagonal_matrix(multiplier);
                self.replace(diagonal, &[]);
                Some(Rule::TraceOfDiagonal)
            }
            Wrap::Argument { call, position } => self.argument(builder, *call, *position, inner),
            Wrap::Block { matrix, row, column } => {
                let multiplier = self.multiplier?;
                let block = block(builder, multiplier, *matrix, (*row, *column))?;
                self.replace(block, &[]);
                Some(Rule::BlockOfTrace)
            }
            Wrap::Indices(indices) => {
                // A constant factor goes into the sum.
                self.indices.push(indices.clone());
                self.wraps.remove(0);
                Some(Rule::SumOfTraces)
            }
            Wrap::Slice(_) => {
                let products = as_products(builder, wrap, inner)?;
                self.wraps.splice(..1, products);
                Some(Rule::SliceAsProduct)
            }
            Wrap::Conjugate | Wrap::Scale(_) | Wrap::Under(_) | Wrap::Left(_) => None,
        }
    }

    /// Takes a new multiplier in the place of the outermost map, and of further ones.
    fn replace(&mut self, multiplier: NotationId, further: &[usize]) {
        self.multiplier = Some(multiplier);
        self.wraps.drain(..=further.len());
    }

    fn turn(&mut self) {
        if self.wraps.first() == Some(&Wrap::Transpose) {
            self.wraps.remove(0);
        } else {
            self.wraps.insert(0, Wrap::Transpose);
        }
    }

    fn is_diagonal(&self, at: usize) -> bool {
        self.wraps.get(at) == Some(&Wrap::DiagonalMatrix)
    }

    fn argument(
        &mut self,
        builder: &mut Builder,
        call: NotationId,
        position: usize,
        inner: Shape,
    ) -> Option<Rule> {
        let Notation::Call { head: Head::Book(function), arguments, sizes } =
            builder.node(call).clone()
        else {
            return None;
        };
        let entry = book().get(function);
        let turned = self.multiplier.map(|multiplier| builder.transpose(multiplier));
        match entry.meaning {
            Meaning::Structural(Structural::Vec) => {
                let matrix = unstacked(builder, turned?, inner);
                let multiplier = builder.transpose(matrix);
                self.replace(multiplier, &[]);
                Some(Rule::DotOfVec)
            }
            Meaning::Structural(Structural::Unvec) => {
                let turned = turned?;
                let vec = book().structural(Structural::Vec)?;
                let column = Shape { rows: inner.rows, columns: Dimensions::ONE };
                let stacked = builder.call(Head::Book(vec), &[turned], column);
                let multiplier = builder.transpose(stacked);
                self.replace(multiplier, &[]);
                Some(Rule::DotOfVec)
            }
            Meaning::Structural(Structural::LowerTriangle | Structural::UpperTriangle) => {
                let triangle = builder.call(Head::Book(function), &[turned?], inner);
                let multiplier = builder.transpose(triangle);
                self.replace(multiplier, &[]);
                Some(Rule::Triangle)
            }
            Meaning::Structural(Structural::Kronecker) => {
                let other = builder.shape(arguments[1 - position]);
                if inner.rows != inner.columns || other.rows != other.columns {
                    let (wraps, rule) = as_hadamard(builder, call, position, inner)?;
                    self.wraps.splice(..1, wraps);
                    return Some(rule);
                }
                let name =
                    if position == 0 { Structural::BlockTrace } else { Structural::BlockSum };
                let blocks = book().structural(name)?;
                let kronecker = builder.shape(call);
                let unit = builder.identity(inner);
                let pair = if position == 0 { [unit, arguments[1]] } else { [arguments[0], unit] };
                let factor = builder.call(Head::Book(function), &pair, kronecker);
                let product = match self.multiplier {
                    Some(multiplier) => builder.product(&[multiplier, factor]),
                    None => factor,
                };
                let (p, q) =
                    if position == 0 { (inner.rows, other.rows) } else { (other.rows, inner.rows) };
                let call = Notation::Call {
                    head: Head::Book(blocks),
                    arguments: vec![product],
                    sizes: vec![p, q],
                };
                let multiplier = builder.tree.intern(call, inner);
                self.replace(multiplier, &[]);
                Some(Rule::BlockTrace)
            }
            Meaning::Structural(Structural::KhatriRao) => {
                let (wraps, rule) = as_hadamard(builder, call, position, inner)?;
                self.wraps.splice(..1, wraps);
                Some(rule)
            }
            Meaning::Expansion(_) => {
                let shapes = shapes(builder, &arguments);
                let matched = match_signature(function, &shapes, &sizes)?;
                let text = rule_book().expansion(function, matched.signature).ok()?;
                let hole =
                    builder.name("\u{25a1}", gradus_notation::tree::NameKind::Differential, inner);
                let written =
                    fragment(builder, text, &matched.letters, &[hole], &[], false).ok()?;
                let facts = &mut crate::facts::Facts::new(Vec::new());
                let mut paths = crate::path::paths(builder, facts, written)?;
                let path = paths.pop().filter(|_| paths.is_empty())?;
                self.wraps.splice(..1, path.wraps);
                Some(Rule::SumAsProduct)
            }
            Meaning::Applied if !entry.adjoint.is_empty() => {
                let mut given = arguments.clone();
                let matched = match_signature(function, &shapes(builder, &arguments), &sizes)?;
                let text = rule_book().adjoint(function, matched.signature).ok()?;
                let mut parameters = text.clone();
                parameters.parameters.extend(text.cotangent);
                let turned = match turned {
                    Some(turned) => turned,
                    None => builder.identity(builder.shape(call)),
                };
                given.push(turned);
                let adjoint =
                    fragment(builder, &parameters, &matched.letters, &given, &[], false).ok()?;
                let multiplier = builder.transpose(adjoint);
                self.replace(multiplier, &[]);
                Some(Rule::Adjoint)
            }
            _ => None,
        }
    }
}

fn shapes(builder: &Builder, ids: &[NotationId]) -> Vec<TypedShape> {
    let shape = |id: &NotationId| {
        let shape = builder.shape(*id);
        TypedShape { rows: shape.rows, columns: shape.columns }
    };
    ids.iter().map(shape).collect()
}

/// The matrix of which a column is the vec.
pub(crate) fn unstacked(builder: &mut Builder, column: NotationId, shape: Shape) -> NotationId {
    if shape.columns == Dimensions::ONE {
        return column;
    }
    if let Notation::Call { head: Head::Book(function), arguments, .. } = builder.node(column)
        && matches!(book().get(*function).meaning, Meaning::Structural(Structural::Vec))
    {
        return arguments[0];
    }
    let Some(unvec) = book().structural(Structural::Unvec) else { return column };
    let call = Notation::Call {
        head: Head::Book(unvec),
        arguments: vec![column],
        sizes: vec![shape.rows, shape.columns],
    };
    builder.tree.intern(call, shape)
}

/// The rows and columns of a multiplier that meet one block.
fn block(
    builder: &mut Builder,
    multiplier: NotationId,
    matrix: NotationId,
    place: (usize, usize),
) -> Option<NotationId> {
    let Notation::Matrix(rows) = builder.node(matrix).clone() else { return None };
    let own = builder.shape(*rows.get(place.0)?.get(place.1)?);
    let (above, before) = builder.block_offset(matrix, place)?;
    let turned = Shape { rows: own.columns, columns: own.rows };
    let slice = Notation::Slice { base: multiplier, row_offset: before, column_offset: above };
    Some(builder.tree.intern(slice, turned))
}
