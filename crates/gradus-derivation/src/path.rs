//! A differential that is carried out, as the linear maps that lead from each of its leaves `dX` to
//! the whole.
//!
//! Must not know how leaves are brought to the outside.

use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions, Rational};

use crate::builder::Builder;
use crate::conjugate::{is_conjugate, is_real_part};
use crate::facts::Facts;
use crate::rules::Rule;

/// One linear map around a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// A constant matrix before it.
    Left(NotationId),
    /// A constant matrix behind it.
    Right(NotationId),
    /// A constant scalar before it.
    Scale(NotationId),
    /// A constant scalar below it.
    Under(NotationId),
    /// Its transpose.
    Transpose,
    /// Its complex conjugate.
    Conjugate,
    /// Its trace.
    Trace,
    /// The sum of its entries.
    Sum,
    /// A constant array times it, entry by entry.
    Hadamard(NotationId),
    /// A constant array below it, entry by entry.
    Below(NotationId),
    /// It is a scalar, and multiplies a constant array.
    Times(NotationId),
    /// The diagonal matrix of it.
    DiagonalMatrix,
    /// The diagonal of it.
    DiagonalVector,
    /// An argument of another function that is linear in it.
    Argument {
        /// The call.
        call: NotationId,
        /// Which argument.
        position: usize,
    },
    /// A block of a matrix that is zero elsewhere.
    Block {
        /// The matrix.
        matrix: NotationId,
        /// Row of blocks.
        row: usize,
        /// Column of blocks.
        column: usize,
    },
    /// A slice of it.
    Slice(NotationId),
    /// The sum over indices.
    Indices(Vec<String>),
}

/// A leaf and the maps around it, the outermost first.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) negative: bool,
    pub(crate) wraps: Vec<Wrap>,
    /// `dX`, or `dx[i]` of a family.
    pub(crate) leaf: NotationId,
}

/// A slice of an array, or a block in an array of zeros, as products with slices of the identity.
pub(crate) fn as_products(builder: &mut Builder, wrap: &Wrap, inner: Shape) -> Option<Vec<Wrap>> {
    let (before, behind) = match wrap {
        Wrap::Slice(slice) => {
            let Notation::Slice { row_offset, column_offset, .. } = *builder.node(*slice) else {
                return None;
            };
            let part = builder.shape(*slice);
            builder.cut(inner, part, (row_offset, column_offset))
        }
        Wrap::Block { matrix, row, column } => {
            let whole = builder.shape(*matrix);
            let offset = builder.block_offset(*matrix, (*row, *column))?;
            let (before, behind) = builder.cut(whole, inner, offset);
            let mut turn = |id: Option<NotationId>| id.map(|id| builder.transpose(id));
            (turn(before), turn(behind))
        }
        _ => return None,
    };
    Some(before.map(Wrap::Left).into_iter().chain(behind.map(Wrap::Right)).collect())
}

/// A product of blocks with a constant factor as an entry by entry product: none of other calls.
pub(crate) fn as_hadamard(
    builder: &mut Builder,
    call: NotationId,
    position: usize,
    inner: Shape,
) -> Option<(Vec<Wrap>, Rule)> {
    let Notation::Call { head: Head::Book(function), arguments, .. } = builder.node(call).clone()
    else {
        return None;
    };
    let Meaning::Structural(structure) = book().get(function).meaning else { return None };
    let other = *arguments.get(1 - position.min(1))?;
    let shape = builder.shape(other);
    let one = Dimensions::ONE;
    match structure {
        Structural::Kronecker => {
            let spread = builder.ones(inner);
            let pair = if position == 0 { [spread, other] } else { [other, spread] };
            let constant = builder.kronecker(pair[0], pair[1])?;
            let rows = builder.identity(Shape { rows: inner.rows, columns: inner.rows });
            let columns = builder.identity(Shape { rows: inner.columns, columns: inner.columns });
            let down = builder.ones(Shape { rows: shape.rows, columns: one });
            let across = builder.ones(Shape { rows: one, columns: shape.columns });
            let (before, behind) = if position == 0 {
                (builder.kronecker(rows, down)?, builder.kronecker(columns, across)?)
            } else {
                (builder.kronecker(down, rows)?, builder.kronecker(across, columns)?)
            };
            let wraps = vec![Wrap::Hadamard(constant), Wrap::Left(before), Wrap::Right(behind)];
            Some((wraps, Rule::KroneckerAsHadamard))
        }
        Structural::KhatriRao => {
            let rows = builder.identity(Shape { rows: inner.rows, columns: inner.rows });
            let others = builder.identity(Shape { rows: shape.rows, columns: shape.rows });
            let down = builder.ones(Shape { rows: shape.rows, columns: one });
            let long = builder.ones(Shape { rows: inner.rows, columns: one });
            let (before, spread) = if position == 0 {
                (builder.kronecker(rows, down)?, builder.kronecker(long, others)?)
            } else {
                (builder.kronecker(down, rows)?, builder.kronecker(others, long)?)
            };
            let constant = builder.product(&[spread, other]);
            let wraps = vec![Wrap::Hadamard(constant), Wrap::Left(before)];
            Some((wraps, Rule::KhatriRaoAsHadamard))
        }
        _ => None,
    }
}

/// How many leaves are told apart.
const PATHS: usize = 48;

/// The paths to all leaves of a formula that is linear in differentials; none if some part of it is
/// not seen to be linear, or if there are too many.
pub(crate) fn paths(
    builder: &mut Builder,
    facts: &mut Facts,
    root: NotationId,
) -> Option<Vec<Path>> {
    let mut found = Vec::new();
    let mut open = vec![(root, Path { negative: false, wraps: Vec::new(), leaf: root })];
    while let Some((id, path)) = open.pop() {
        if !facts.has_differential(&builder.tree, id) {
            if builder.is_zero(id) {
                continue;
            }
            return None;
        }
        let next = open.len();
        descend(builder, facts, id, path, &mut open, &mut found)?;
        open[next..].reverse();
        if found.len() + open.len() > PATHS {
            return None;
        }
    }
    Some(found)
}

fn descend(
    builder: &mut Builder,
    facts: &mut Facts,
    id: NotationId,
    path: Path,
    open: &mut Vec<(NotationId, Path)>,
    found: &mut Vec<Path>,
) -> Option<()> {
    let shape = builder.shape(id);
    let with = |wraps: &[Wrap]| {
        let mut path = path.clone();
        path.wraps.extend(wraps.iter().cloned());
        path
    };
    match builder.node(id).clone() {
        Notation::Name { kind: NameKind::Differential, .. } => {
            found.push(with_conjugate_leaf(builder, Path { leaf: id, ..path }));
        }
        Notation::Indexed { base, .. } if is_leaf(builder, base) => {
            found.push(with_conjugate_leaf(builder, Path { leaf: id, ..path }));
        }
        Notation::ConjugateTranspose(inner) => {
            open.push((inner, with(&[Wrap::Transpose, Wrap::Conjugate])));
        }
        Notation::Call { head: Head::Book(function), arguments, .. } if is_conjugate(function) => {
            open.push((arguments[0], with(&[Wrap::Conjugate])));
        }
        Notation::Call { head: Head::Book(function), arguments, .. } if is_real_part(function) => {
            // (U + conj(U))/2
            let two = builder.integer(2);
            open.push((arguments[0], with(&[Wrap::Under(two)])));
            open.push((arguments[0], with(&[Wrap::Under(two), Wrap::Conjugate])));
        }
        Notation::Sum(terms) => {
            for (negative, term) in terms {
                let mut path = path.clone();
                path.negative ^= negative;
                if !shape.is_scalar() && builder.shape(term).is_scalar() {
                    path.wraps.push(Wrap::Times(builder.ones(shape)));
                }
                open.push((term, path));
            }
        }
        Notation::Negate(inner) => {
            let negative = !path.negative;
            open.push((inner, Path { negative, ..path }));
        }
        Notation::Product(factors) => {
            let holder = single(builder, facts, &factors)?;
            let wraps = around(builder, &factors, holder);
            open.push((factors[holder], with(&wraps)));
        }
        Notation::Fraction(above, below) => open.push((above, with(&[Wrap::Under(below)]))),
        Notation::Hadamard(items) => {
            let holder = single(builder, facts, &items)?;
            let mut rest = items.clone();
            let inner = rest.remove(holder);
            let rest = builder.hadamard(&rest);
            open.push((inner, with(&[Wrap::Hadamard(rest)])));
        }
        Notation::HadamardQuotient(above, below) => {
            if builder.shape(above).is_scalar() {
                let one = builder.integer(1);
                let over = builder.quotient(one, below);
                open.push((above, with(&[Wrap::Times(over)])));
            } else {
                open.push((above, with(&[Wrap::Below(below)])));
            }
        }
        Notation::Transpose(inner) => open.push((inner, with(&[Wrap::Transpose]))),
        Notation::Call { head, arguments, .. } => {
            let wrap = match head {
                Head::DiagonalMatrix => Wrap::DiagonalMatrix,
                Head::DiagonalVector => Wrap::DiagonalVector,
                Head::Book(function) => match book().get(function).meaning {
                    Meaning::Structural(Structural::Trace) => Wrap::Trace,
                    Meaning::Structural(Structural::Sum) => Wrap::Sum,
                    _ => {
                        let position = single(builder, facts, &arguments)?;
                        if !is_linear_in(builder, id, position) {
                            return None;
                        }
                        let inner = arguments[position];
                        open.push((inner, with(&[Wrap::Argument { call: id, position }])));
                        return Some(());
                    }
                },
                _ => return None,
            };
            open.push((arguments[0], with(&[wrap])));
        }
        Notation::Matrix(rows) => {
            for (row, blocks) in rows.iter().enumerate() {
                for (column, block) in blocks.iter().enumerate() {
                    if facts.has_differential(&builder.tree, *block) {
                        open.push((*block, with(&[Wrap::Block { matrix: id, row, column }])));
                    } else if !builder.is_zero(*block) {
                        return None;
                    }
                }
            }
        }
        Notation::Slice { base, .. } => open.push((base, with(&[Wrap::Slice(id)]))),
        Notation::IndexedSum { indices, body } => {
            open.push((body, with(&[Wrap::Indices(indices)])));
        }
        _ => return None,
    }
    Some(())
}

/// A path without conjugates: they pass to the constants around the leaf, and to the leaf.
fn with_conjugate_leaf(builder: &mut Builder, path: Path) -> Path {
    let mut conjugated = false;
    let mut wraps = Vec::with_capacity(path.wraps.len());
    for wrap in path.wraps {
        if wrap == Wrap::Conjugate {
            conjugated = !conjugated;
            continue;
        }
        let mut turn = |id| if conjugated { builder.conjugate(id) } else { id };
        wraps.push(match wrap {
            Wrap::Left(id) => Wrap::Left(turn(id)),
            Wrap::Right(id) => Wrap::Right(turn(id)),
            Wrap::Scale(id) => Wrap::Scale(turn(id)),
            Wrap::Under(id) => Wrap::Under(turn(id)),
            Wrap::Hadamard(id) => Wrap::Hadamard(turn(id)),
            Wrap::Below(id) => Wrap::Below(turn(id)),
            Wrap::Times(id) => Wrap::Times(turn(id)),
            other => other,
        });
    }
    let leaf = if conjugated { builder.conjugate(path.leaf) } else { path.leaf };
    Path { wraps, leaf, ..path }
}

fn is_leaf(builder: &Builder, id: NotationId) -> bool {
    matches!(builder.node(id), Notation::Name { kind: NameKind::Differential, .. })
}

/// The one part that holds a differential.
fn single(builder: &Builder, facts: &mut Facts, parts: &[NotationId]) -> Option<usize> {
    let mut holders = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if facts.has_differential(&builder.tree, *part) {
            holders.push(at);
        }
    }
    match holders.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The maps that the other factors of a product are.
fn around(builder: &mut Builder, factors: &[NotationId], holder: usize) -> Vec<Wrap> {
    let scalar = |builder: &Builder, id: &NotationId| builder.shape(*id).is_scalar();
    let before: Vec<_> = factors[..holder].to_vec();
    let after: Vec<_> = factors[holder + 1..].to_vec();
    let all: Vec<_> = before.iter().chain(&after).copied().collect();
    let scalars: Vec<_> = all.iter().copied().filter(|id| scalar(builder, id)).collect();
    let mut wraps = Vec::new();
    for scalar in scalars {
        wraps.push(Wrap::Scale(scalar));
    }
    let arrays = |builder: &Builder, ids: &[NotationId]| -> Vec<NotationId> {
        ids.iter().copied().filter(|id| !scalar(builder, id)).collect()
    };
    if builder.shape(factors[holder]).is_scalar() {
        let chain = arrays(builder, &all);
        if !chain.is_empty() {
            let product = builder.product(&chain);
            if builder.shape(product).is_scalar() {
                wraps.push(Wrap::Scale(product));
            } else {
                wraps.push(Wrap::Times(product));
            }
        }
        return wraps;
    }
    let (left, right) = (arrays(builder, &before), arrays(builder, &after));
    if !left.is_empty() {
        wraps.push(Wrap::Left(builder.product(&left)));
    }
    if !right.is_empty() {
        wraps.push(Wrap::Right(builder.product(&right)));
    }
    wraps
}

/// Whether a call is linear in one of its arguments.
pub(crate) fn is_linear_in(builder: &Builder, call: NotationId, position: usize) -> bool {
    let Notation::Call { head: Head::Book(function), .. } = builder.node(call) else {
        return false;
    };
    let entry = book().get(*function);
    match entry.meaning {
        Meaning::Structural(structure) => !matches!(
            structure,
            Structural::Conjugate | Structural::RealPart | Structural::ImaginaryPart
        ),
        Meaning::Applied => entry.facts.linear_in == u8::try_from(position).ok(),
        Meaning::Expansion(_) => matches!(entry.name, "mean" | "rowsum" | "colsum"),
    }
}

impl Builder {
    /// A slice of an array, or a block in an array of zeros, as the constant matrices before and behind
    /// it; `whole` is the shape of the larger array. A side that is not cut has none.
    pub(crate) fn cut(
        &mut self,
        whole: Shape,
        part: Shape,
        (row_offset, column_offset): (DimensionId, DimensionId),
    ) -> (Option<NotationId>, Option<NotationId>) {
        let none = self.tree.dimensions.number(Rational::ZERO);
        let before = (whole.rows != part.rows).then(|| {
            let base = self.identity(Shape { rows: whole.rows, columns: whole.rows });
            let shape = Shape { rows: part.rows, columns: whole.rows };
            let slice = Notation::Slice { base, row_offset, column_offset: none };
            self.tree.intern(slice, shape)
        });
        let behind = (whole.columns != part.columns).then(|| {
            let base = self.identity(Shape { rows: whole.columns, columns: whole.columns });
            let shape = Shape { rows: whole.columns, columns: part.columns };
            let slice = Notation::Slice { base, row_offset: none, column_offset };
            self.tree.intern(slice, shape)
        });
        (before, behind)
    }

    /// Where a block of a matrix begins.
    pub(crate) fn block_offset(
        &mut self,
        matrix: NotationId,
        (row, column): (usize, usize),
    ) -> Option<(DimensionId, DimensionId)> {
        let Notation::Matrix(rows) = self.node(matrix).clone() else { return None };
        let none = self.tree.dimensions.number(Rational::ZERO);
        let (mut above, mut before) = (none, none);
        for blocks in rows.iter().take(row) {
            let height = self.shape(*blocks.first()?).rows;
            above = self.tree.dimensions.add(above, height);
        }
        for block in rows.get(row)?.iter().take(column) {
            let width = self.shape(*block).columns;
            before = self.tree.dimensions.add(before, width);
        }
        Some((above, before))
    }

    /// The formula that maps make of the inner one.
    pub(crate) fn wrapped(&mut self, wraps: &[Wrap], leaf: NotationId) -> NotationId {
        let mut inner = leaf;
        for wrap in wraps.iter().rev() {
            inner = self.wrap(wrap, inner);
        }
        inner
    }

    fn wrap(&mut self, wrap: &Wrap, inner: NotationId) -> NotationId {
        match wrap {
            Wrap::Left(before) => self.product(&[*before, inner]),
            Wrap::Right(after) => self.product(&[inner, *after]),
            Wrap::Scale(scalar) => self.product(&[*scalar, inner]),
            Wrap::Under(scalar) => self.fraction(inner, *scalar),
            Wrap::Transpose => self.transpose(inner),
            Wrap::Conjugate => self.conjugate(inner),
            Wrap::Trace => self.trace(inner),
            Wrap::Sum => match book().structural(Structural::Sum) {
                Some(function) => self.call(Head::Book(function), &[inner], Shape::SCALAR),
                None => inner,
            },
            Wrap::Hadamard(array) => self.hadamard(&[*array, inner]),
            Wrap::Below(array) => self.quotient(inner, *array),
            Wrap::Times(array) => self.product(&[inner, *array]),
            Wrap::DiagonalMatrix => self.diagonal_matrix(inner),
            Wrap::DiagonalVector => self.diagonal_vector(inner),
            Wrap::Argument { call, position } => self.with_argument(*call, *position, inner),
            Wrap::Block { matrix, row, column } => {
                let shape = self.shape(*matrix);
                let Notation::Matrix(mut rows) = self.node(*matrix).clone() else { return inner };
                for (at, blocks) in rows.iter_mut().enumerate() {
                    for (across, block) in blocks.iter_mut().enumerate() {
                        let own = self.shape(*block);
                        *block =
                            if (at, across) == (*row, *column) { inner } else { self.zeros(own) };
                    }
                }
                self.tree.intern(Notation::Matrix(rows), shape)
            }
            Wrap::Slice(slice) => self.rebuild(*slice, |_| inner),
            Wrap::Indices(indices) => self.indexed_sum(indices, inner),
        }
    }

    /// A call with another formula as one of its arguments.
    pub(crate) fn with_argument(
        &mut self,
        call: NotationId,
        position: usize,
        inner: NotationId,
    ) -> NotationId {
        let shape = self.shape(call);
        let Notation::Call { head, mut arguments, sizes } = self.node(call).clone() else {
            return inner;
        };
        if let Some(argument) = arguments.get_mut(position) {
            *argument = inner;
        }
        self.tree.intern(Notation::Call { head, arguments, sizes }, shape)
    }
}
