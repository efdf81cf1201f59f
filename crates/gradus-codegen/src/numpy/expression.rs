//! Formulas as Python expressions.
//!
//! Must not know statements or modules: names and sizes come from the [`Printer`]'s tables.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_functions::Book;
use gradus_notation::tree::{Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{DimensionId, Dimensions, Rational};
use rustc_hash::FxHashMap;

use crate::numpy::axes;
use crate::numpy::dimension;
use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::numpy::names::Names;
use crate::statement::StatementList;
use crate::walk;

/// What a name stands for in a function body.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// The Python name.
    pub(super) name: String,
    /// How many leading axes are ranges of a family.
    pub(super) ranges: usize,
    /// Whether the value may share memory with an argument of the caller.
    pub(super) view: bool,
}

/// Prints the formulas of one statement list.
pub(super) struct Printer<'a> {
    pub(super) list: &'a StatementList,
    pub(super) book: &'a Book,
    pub(super) names: &'a Names,
    /// Names of variables and of the statements so far.
    pub(super) locals: FxHashMap<String, Local>,
    /// How far an index runs.
    pub(super) index_ranges: FxHashMap<String, DimensionId>,
    /// Whether values may be complex.
    pub(super) complex: bool,
    fragments: FxHashMap<NotationId, Result<Fragment>>,
}

impl<'a> Printer<'a> {
    /// A printer that knows no names yet.
    pub(super) fn new(list: &'a StatementList, book: &'a Book, names: &'a Names) -> Self {
        Self {
            list,
            book,
            names,
            locals: FxHashMap::default(),
            index_ranges: FxHashMap::default(),
            complex: false,
            fragments: FxHashMap::default(),
        }
    }

    /// The formula as an expression.
    pub(super) fn print(&mut self, root: NotationId) -> Result<Fragment> {
        for id in walk::reachable(&self.list.tree, [root]) {
            if !self.fragments.contains_key(&id) {
                // What cannot be printed alone may still be part of something that can, as an
                // inverse in a solve.
                let fragment = self.compose(id);
                self.fragments.insert(id, fragment);
            }
        }
        self.fragment(root)
    }

    /// The expression of a part.
    pub(super) fn fragment(&self, id: NotationId) -> Result<Fragment> {
        match self.fragments.get(&id) {
            Some(fragment) => fragment.clone(),
            None => Err(internal("a part of a formula was not printed")),
        }
    }

    pub(super) fn fragments_of(&self, ids: &[NotationId]) -> Result<Vec<Fragment>> {
        ids.iter().map(|id| self.fragment(*id)).collect()
    }

    pub(super) fn node(&self, id: NotationId) -> &'a Notation {
        self.list.tree.node(id)
    }

    pub(super) fn shape(&self, id: NotationId) -> Shape {
        self.list.tree.shape(id)
    }

    pub(super) fn rank(&self, id: NotationId) -> Rank {
        rank(self.shape(id))
    }

    /// A size as an expression.
    pub(super) fn size(&self, dimension: DimensionId) -> Fragment {
        dimension::expression(&self.list.tree.dimensions, self.names, dimension)
    }

    /// A shape as an argument of `np.zeros`.
    pub(super) fn shape_text(&self, shape: Shape) -> String {
        match rank(shape) {
            Rank::Scalar => "()".to_owned(),
            Rank::Vector if shape.rows == Dimensions::ONE => self.size(shape.columns).text,
            Rank::Vector => self.size(shape.rows).text,
            Rank::Matrix => {
                format!("({}, {})", self.size(shape.rows).text, self.size(shape.columns).text)
            }
        }
    }

    fn compose(&self, id: NotationId) -> Result<Fragment> {
        let shape = self.shape(id);
        let rank = rank(shape);
        let call = |function: &str| {
            Fragment::atom(format!("np.{function}({})", self.shape_text(shape)), rank)
        };
        let scalar = |text: &str| Fragment::atom(text, Rank::Scalar);
        Ok(match self.node(id) {
            Notation::Number(value) => number(value),
            Notation::Pi => scalar("np.pi"),
            Notation::Infinity => scalar("np.inf"),
            Notation::ImaginaryUnit => scalar("1j"),
            Notation::Dimension(dimension) => self.size(*dimension),
            Notation::Name { text, .. } => self.name(text, rank)?,
            Notation::Ones if rank == Rank::Scalar => scalar("1"),
            Notation::Identity if rank == Rank::Scalar => scalar("1"),
            Notation::Zeros if rank == Rank::Scalar => scalar("0"),
            Notation::Ones => call("ones"),
            Notation::Zeros => call("zeros"),
            Notation::Identity => {
                Fragment::atom(format!("np.eye({})", self.size(shape.rows).text), rank)
            }
            Notation::Sum(terms) => self.sum(terms, shape)?,
            Notation::Negate(inner) => self.fragment(*inner)?.negated(),
            Notation::Product(factors) => self.product(factors, shape)?,
            Notation::Fraction(above, below) => self.quotient(*above, *below, shape)?,
            Notation::Hadamard(factors) => self.hadamard(factors, shape)?,
            Notation::HadamardQuotient(above, below) => self.quotient(*above, *below, shape)?,
            Notation::Power { base, exponent, kind } => self.power(*base, *exponent, *kind)?,
            Notation::Transpose(inner) => {
                let mut fragment = self.fragment(*inner)?.transposed();
                fragment.rank = rank;
                fragment
            }
            Notation::ConjugateTranspose(_) => return Err(unsupported("a conjugate transpose")),
            Notation::Differential(_) => return Err(unsupported("a differential")),
            Notation::Partial { .. } => return Err(unsupported("a derivative that is not told")),
            Notation::Call { head, arguments, sizes } => self.call(id, head, arguments, sizes)?,
            Notation::Matrix(rows) => self.literal(rows, shape)?,
            Notation::IndexedSum { indices, body } => self.indexed_sum(indices, *body)?,
            Notation::Indexed { base, indices } => self.indexed(*base, indices, rank)?,
            Notation::Slice { base, row_offset, column_offset } => {
                self.slice(*base, *row_offset, *column_offset, shape)?
            }
        })
    }

    fn name(&self, text: &str, rank: Rank) -> Result<Fragment> {
        match self.locals.get(text) {
            Some(local) => Ok(Fragment::atom(&local.name, rank).viewing(local.view)),
            None => Err(unsupported(&format!("`{text}`, which is no variable of the program"))),
        }
    }

    /// Terms with signs; a term that is constant along an axis is left to broadcasting where some
    /// other term has the axis.
    fn sum(&self, terms: &[(bool, NotationId)], shape: Shape) -> Result<Fragment> {
        let ids: Vec<NotationId> = terms.iter().map(|(_, id)| *id).collect();
        let parts = self.broadcast(&ids, shape)?;
        let (parts, batch, rank) = axes::align(parts)?;
        let mut text = String::new();
        let mut level = Level::Sum;
        for (position, ((minus, _), part)) in terms.iter().zip(&parts).enumerate() {
            match (position, minus) {
                (0, false) => {
                    text = part.text.clone();
                    level = part.level;
                }
                (0, true) => {
                    let negated = part.negated();
                    text = negated.text;
                    level = negated.level;
                }
                (_, minus) => {
                    let sign = if *minus { '-' } else { '+' };
                    text = format!("{text} {sign} {}", part.at(Level::Product));
                    level = Level::Sum;
                }
            }
        }
        if text.is_empty() {
            return Ok(Fragment::atom(format!("np.zeros({})", self.shape_text(shape)), rank));
        }
        let sum = Fragment::new(text, level, rank).over(batch);
        let view = parts.len() == 1 && !terms[0].0 && parts[0].view;
        Ok(self.filled(sum, shape).viewing(view))
    }

    /// A number in the place of an array is repeated.
    pub(super) fn filled(&self, value: Fragment, shape: Shape) -> Fragment {
        if rank(shape) == value.rank || !value.batch.is_empty() {
            return value;
        }
        Fragment::atom(format!("np.full({}, {})", self.shape_text(shape), value.text), rank(shape))
    }

    fn hadamard(&self, factors: &[NotationId], shape: Shape) -> Result<Fragment> {
        let parts = self.broadcast(factors, shape)?;
        let (parts, batch, rank) = axes::align(parts)?;
        let is_one = |part: &Fragment| part.rank == Rank::Scalar && part.text == "1";
        let all_ones = parts.iter().all(is_one);
        let mut parts = parts.into_iter().filter(|part| all_ones || !is_one(part));
        let Some(first) = parts.next() else {
            return Err(internal("a product without factors"));
        };
        let product = parts.fold(first, |product, part| product.times(&part));
        let mut product = product.over(batch);
        product.rank = rank;
        Ok(self.filled(product, shape))
    }

    fn quotient(&self, above: NotationId, below: NotationId, shape: Shape) -> Result<Fragment> {
        let (parts, batch, rank) = axes::align(self.broadcast(&[above, below], shape)?)?;
        let mut quotient = parts[0].over_denominator(&parts[1]).over(batch);
        quotient.rank = rank;
        Ok(self.filled(quotient, shape))
    }

    fn power(
        &self,
        base_id: NotationId,
        exponent: NotationId,
        kind: PowerKind,
    ) -> Result<Fragment> {
        let base = self.fragment(base_id)?;
        let number = self.exponent(exponent);
        if kind == PowerKind::Matrix && base.rank == Rank::Matrix {
            return self.matrix_power(base_id, &base, exponent, number.as_ref());
        }
        match number {
            Some(number) => Ok(number_power(&base, &number)),
            None => {
                let (parts, batch, rank) = axes::align(vec![base, self.fragment(exponent)?])?;
                // The operator would turn a negative Python number into a complex one; powers of
                // integers would overflow.
                let dtype = if self.is_integer(base_id) { ", dtype=float" } else { "" };
                let text = format!("np.power({}, {}{dtype})", parts[0].text, parts[1].text);
                Ok(Fragment::atom(text, rank).over(batch))
            }
        }
    }

    /// The value of an exponent that is a number.
    pub(super) fn exponent(&self, id: NotationId) -> Option<Rational> {
        match self.node(id) {
            Notation::Number(number) => Some(number.clone()),
            Notation::Negate(inner) => match self.node(*inner) {
                Notation::Number(number) => Some(number.negate()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a formula is made of Python integers alone.
    fn is_integer(&self, id: NotationId) -> bool {
        walk::reachable(&self.list.tree, [id]).into_iter().all(|part| {
            matches!(
                self.node(part),
                Notation::Number(_)
                    | Notation::Dimension(_)
                    | Notation::Sum(_)
                    | Notation::Product(_)
                    | Notation::Negate(_)
            )
        })
    }

    fn matrix_power(
        &self,
        base_id: NotationId,
        base: &Fragment,
        exponent: NotationId,
        number: Option<&Rational>,
    ) -> Result<Fragment> {
        let is_name = matches!(self.node(base_id), Notation::Name { .. });
        let text = match number.map(Rational::to_i64) {
            Some(Some(2)) if is_name => {
                return Ok(base.matmul(base, Rank::Matrix).over(base.batch.clone()));
            }
            Some(Some(-1)) => format!("np.linalg.inv({})", base.text),
            Some(Some(power)) => format!("np.linalg.matrix_power({}, {power})", base.text),
            Some(None) => return Err(unsupported("a matrix power that is no integer")),
            None => {
                let exponent = self.fragment(exponent)?;
                if !exponent.batch.is_empty() {
                    return Err(unsupported("a matrix power with an exponent per index"));
                }
                if base.batch.is_empty() {
                    // Differentiable by the exponent, and the same for integers.
                    let (base, exponent) = (&base.text, exponent.text);
                    format!("scipy.linalg.fractional_matrix_power({base}, {exponent})")
                } else {
                    format!("np.linalg.matrix_power({}, round({}))", base.text, exponent.text)
                }
            }
        };
        Ok(Fragment::atom(text, Rank::Matrix).over(base.batch.clone()))
    }

    /// Rows of numbers or blocks.
    fn literal(&self, rows: &[Vec<NotationId>], shape: Shape) -> Result<Fragment> {
        let entries: Vec<NotationId> = rows.iter().flatten().copied().collect();
        let fragments = self.fragments_of(&entries)?;
        let rank = rank(shape);
        let number = if self.complex { "complex" } else { "float" };
        axes::map_over(&fragments, rank, |parts| {
            let all_scalar = parts.iter().all(|part| part.rank == Rank::Scalar);
            let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            if rank == Rank::Scalar {
                return Ok(parts[0].clone());
            }
            if rank == Rank::Vector {
                let list = texts.join(", ");
                let text = if all_scalar {
                    format!("np.array([{list}], dtype={number})")
                } else {
                    format!("np.hstack([{list}])")
                };
                return Ok(Fragment::atom(text, rank));
            }
            let mut position = 0;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                let mut line = Vec::with_capacity(row.len());
                for entry in row {
                    let is_column = parts[position].rank == Rank::Vector
                        && self.shape(*entry).columns == Dimensions::ONE;
                    let part = parts[position].as_atom();
                    line.push(if is_column {
                        format!("{part}[:, None]")
                    } else {
                        texts[position].to_owned()
                    });
                    position += 1;
                }
                lines.push(format!("[{}]", line.join(", ")));
            }
            let list = lines.join(", ");
            Ok(Fragment::atom(
                if all_scalar {
                    format!("np.array([{list}], dtype={number})")
                } else {
                    format!("np.block([{list}])")
                },
                rank,
            ))
        })
    }

    fn slice(
        &self,
        base_id: NotationId,
        row_offset: DimensionId,
        column_offset: DimensionId,
        shape: Shape,
    ) -> Result<Fragment> {
        let base = self.fragment(base_id)?;
        let whole = self.shape(base_id);
        let part = |offset, length, total| self.slice_text(offset, length, total);
        let row = part(row_offset, shape.rows, whole.rows);
        let column = part(column_offset, shape.columns, whole.columns);
        let mut parts = vec![":".to_owned(); base.batch.len()];
        match base.rank {
            Rank::Scalar => return Ok(base),
            Rank::Vector if whole.columns == Dimensions::ONE => parts.push(row),
            Rank::Vector => parts.push(column),
            Rank::Matrix => parts.extend([row, column]),
        }
        let text = format!("{}[{}]", base.as_atom(), parts.join(", "));
        Ok(Fragment::atom(text, rank(shape)).over(base.batch).viewing(base.view))
    }

    fn slice_text(&self, offset: DimensionId, length: DimensionId, total: DimensionId) -> String {
        let dimensions = &self.list.tree.dimensions;
        let starts_at_zero = dimensions.polynomial(offset).0.is_empty();
        if length == Dimensions::ONE {
            return self.size(offset).text;
        }
        let end = dimensions.polynomial(offset).add(dimensions.polynomial(length));
        let mut scratch = dimensions.clone();
        let end = scratch.intern(end);
        let start = if starts_at_zero { String::new() } else { self.size(offset).text };
        let end = if end == total {
            String::new()
        } else {
            dimension::expression(&scratch, self.names, end).text
        };
        format!("{start}:{end}")
    }

    /// `x[i]` of a family, or an entry under an index.
    fn indexed(&self, base_id: NotationId, indices: &[String], rank: Rank) -> Result<Fragment> {
        let (text, ranges, view) = match self.node(base_id) {
            Notation::Name { text, .. } => {
                let local = self.locals.get(text).ok_or_else(|| {
                    unsupported(&format!("`{text}`, which is no variable of the program"))
                })?;
                (local.name.clone(), local.ranges, local.view)
            }
            _ => {
                let base = self.fragment(base_id)?;
                if !base.batch.is_empty() {
                    return Err(unsupported("an entry of a formula with indices"));
                }
                (base.as_atom(), 0, base.view)
            }
        };
        let core = if ranges == indices.len() { 0 } else { self.rank(base_id).axes() };
        if ranges + core != indices.len() {
            return Err(unsupported("an index that runs over a part of the axes only"));
        }
        match indices {
            [a, b] if a == b => {
                if rank != Rank::Scalar {
                    return Err(unsupported("the diagonal of a family of arrays"));
                }
                let text = format!("np.diagonal({text})");
                Ok(Fragment::atom(text, rank).over(vec![a.clone()]).viewing(view))
            }
            _ => Ok(Fragment::atom(text, rank).over(indices.to_vec()).viewing(view)),
        }
    }
}

/// The number of axes of a shape.
pub(super) fn rank(shape: Shape) -> Rank {
    if shape.is_scalar() {
        Rank::Scalar
    } else if shape.is_vector() {
        Rank::Vector
    } else {
        Rank::Matrix
    }
}

/// A number; a fraction without a short decimal is a quotient.
pub(super) fn number(value: &Rational) -> Fragment {
    /// Beyond this, not every integer is a double, and NumPy might compute with Python integers.
    const EXACT: i64 = 1 << 53;
    let negative = value.is_negative();
    let value = value.abs();
    let positive = match value.to_pair() {
        Some((integer, 1)) if integer <= EXACT => Fragment::atom(integer.to_string(), Rank::Scalar),
        Some((numerator, denominator)) if numerator <= EXACT && denominator <= EXACT => {
            let is_decimal = [2, 5].iter().fold(denominator, |mut rest, prime| {
                while rest % prime == 0 {
                    rest /= prime;
                }
                rest
            }) == 1;
            let decimal = value.to_f64().to_string();
            if is_decimal && decimal.len() <= 8 {
                Fragment::atom(decimal, Rank::Scalar)
            } else {
                Fragment::new(format!("{numerator} / {denominator}"), Level::Product, Rank::Scalar)
            }
        }
        _ => Fragment::atom(format!("{:e}", value.to_f64()), Rank::Scalar),
    };
    if negative { positive.negated() } else { positive }
}

/// A power with a number as exponent, entry by entry.
pub(super) fn number_power(base: &Fragment, exponent: &Rational) -> Fragment {
    if exponent.is_zero() {
        // Also where the base is zero, as the power of a number is.
        return Fragment::new(format!("{}**0", base.as_atom()), Level::Power, base.rank)
            .over(base.batch.clone());
    }
    let magnitude = exponent.abs();
    let power = match magnitude.to_pair() {
        Some((1, 1)) => base.clone(),
        Some((1, 2)) => Fragment::atom(format!("np.sqrt({})", base.text), base.rank),
        Some((_, 1)) => {
            let text = format!("{}**{}", base.as_atom(), number(&magnitude).text);
            Fragment::new(text, Level::Power, base.rank)
        }
        // The operator would turn a negative Python number into a complex one.
        _ => {
            let text = format!("np.power({}, {})", base.text, number(&magnitude).text);
            Fragment::atom(text, base.rank)
        }
    };
    let power = power.over(base.batch.clone());
    if exponent.is_negative() {
        Fragment::atom("1", Rank::Scalar).over_denominator(&power).over(base.batch.clone())
    } else {
        power
    }
}

pub(super) fn unsupported(what: &str) -> Error {
    Box::new(Diagnostic::unsupported(format!("NumPy code for {what}")))
}

pub(super) fn internal(what: &str) -> Error {
    Box::new(Diagnostic::internal(what))
}
