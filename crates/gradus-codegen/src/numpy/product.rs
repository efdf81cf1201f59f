//! Products: matrix products, solves, scalings, sums in the place of ones.
//!
//! Must not know in which order a chain is multiplied: that is decided before.

use gradus_diagnostics::Result;
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_tensor::{Dimensions, Role};

use crate::numpy::axes;
use crate::numpy::expression::{Printer, internal, number_power, rank, unsupported};
use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::plan::parts;

/// The inverse of a matrix as a factor.
struct Inverse {
    /// The matrix.
    matrix: NotationId,
    /// Whether the factor is the transposed inverse.
    transposed: bool,
}

/// A term that may be constant along an axis.
struct Spread {
    fragment: Fragment,
    rows: bool,
    columns: bool,
}

impl Printer<'_> {
    /// Scalars and at most two arrays.
    pub(super) fn product(&self, factors: &[NotationId], shape: Shape) -> Result<Fragment> {
        let (scalars, arrays): (Vec<NotationId>, Vec<NotationId>) =
            factors.iter().partition(|factor| self.shape(**factor).is_scalar());
        let array = match arrays.as_slice() {
            [] => None,
            [single] => Some(self.fragment(*single)?),
            [left, right] => Some(self.pair(*left, *right)?),
            _ => {
                return Err(internal("a product of more than two arrays was not associated"));
            }
        };
        if scalars.is_empty() {
            return array.ok_or_else(|| internal("a product without factors"));
        }
        self.scaled(&scalars, array, rank(shape))
    }

    fn scaled(
        &self,
        scalars: &[NotationId],
        array: Option<Fragment>,
        rank: Rank,
    ) -> Result<Fragment> {
        // A reciprocal reads better as a division at the end.
        let mut above = Vec::new();
        let mut below = Vec::new();
        for scalar in scalars {
            match self.reciprocal(*scalar)? {
                Some(denominator) => below.push(denominator),
                None => above.push(self.fragment(*scalar)?),
            }
        }
        above.extend(array);
        let count = above.len();
        let (mut parts, batch, found) =
            axes::align(above.into_iter().chain(below).collect::<Vec<_>>())?;
        let below = parts.split_off(count);
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_else(|| Fragment::atom("1", Rank::Scalar));
        let product = parts.fold(first, |product, part| product.times(&part));
        let mut product =
            below.iter().fold(product, |product, part| product.over_denominator(part));
        product.batch = batch;
        product.rank = found.max(rank);
        Ok(product)
    }

    /// The denominator of `1/d` with a number without a short decimal, or of a negative power.
    fn reciprocal(&self, id: NotationId) -> Result<Option<Fragment>> {
        match self.node(id) {
            Notation::Number(number) => {
                let printed = self.fragment(id)?;
                let denominator =
                    printed.text.strip_prefix("1 / ").filter(|_| !number.is_negative());
                Ok(denominator.map(|text| Fragment::atom(text, Rank::Scalar)))
            }
            Notation::Power { base, exponent, .. } => match self.exponent(*exponent) {
                Some(number) if number.is_negative() => {
                    Ok(Some(number_power(&self.fragment(*base)?, &number.negate())))
                }
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The product of two arrays.
    fn pair(&self, left_id: NotationId, right_id: NotationId) -> Result<Fragment> {
        if let Some(inverse) = self.inverse(left_id) {
            return self.solve(&inverse, right_id, false);
        }
        if let Some(inverse) = self.inverse(right_id) {
            return self.solve(&inverse, left_id, true);
        }
        if let Some(product) = self.moved_pair(left_id, right_id)? {
            return Ok(product);
        }
        if let Some(product) = self.least_squares(left_id, right_id)? {
            return Ok(product);
        }
        if let Some(product) = self.diagonal_pair(left_id, right_id)? {
            return Ok(product);
        }
        let (left, right) = (self.fragment(left_id)?, self.fragment(right_id)?);
        if let Some(product) = self.ones_pair(left_id, right_id, &left, &right) {
            return Ok(product);
        }
        if left.batch.is_empty() && right.batch.is_empty() {
            return Ok(self.plain_pair(left_id, right_id, &left, &right));
        }
        self.batched_pair(left_id, right_id, left, right)
    }

    fn plain_pair(
        &self,
        left_id: NotationId,
        right_id: NotationId,
        left: &Fragment,
        right: &Fragment,
    ) -> Fragment {
        if self.is_outer(left_id, right_id) {
            return Fragment::atom(
                format!("np.outer({}, {})", left.text, right.text),
                Rank::Matrix,
            );
        }
        left.matmul(right, self.product_rank(left_id, right_id))
    }

    /// Whether the product is that of a column and a row.
    pub(super) fn is_outer(&self, left: NotationId, right: NotationId) -> bool {
        self.shape(left).columns == Dimensions::ONE
            && self.shape(right).rows == Dimensions::ONE
            && self.rank(left) == Rank::Vector
            && self.rank(right) == Rank::Vector
    }

    fn product_rank(&self, left: NotationId, right: NotationId) -> Rank {
        rank(Shape { rows: self.shape(left).rows, columns: self.shape(right).columns })
    }

    fn batched_pair(
        &self,
        left_id: NotationId,
        right_id: NotationId,
        left: Fragment,
        right: Fragment,
    ) -> Result<Fragment> {
        let batch = axes::union([&left, &right]);
        let rank = self.product_rank(left_id, right_id);
        let outer = self.is_outer(left_id, right_id);
        let product = match (left.rank, right.rank) {
            _ if outer => outer_product(&left, &right),
            // A matrix times each member: the members are the rows of the array.
            (Rank::Matrix, Rank::Vector) if left.batch.is_empty() => {
                let symmetric = self.list.is_symmetric(left_id);
                let turned = if symmetric { left.clone() } else { left.transposed() };
                Some(right.matmul(&turned, rank))
            }
            (Rank::Vector, Rank::Matrix | Rank::Vector) if right.batch.is_empty() => {
                Some(left.matmul(&right, rank))
            }
            (Rank::Vector, Rank::Vector) if left.batch.is_empty() => {
                Some(right.matmul(&left, rank))
            }
            (Rank::Vector, Rank::Vector) if left.batch == right.batch => {
                Some(left.times(&right).summed(Some("-1"), rank))
            }
            (Rank::Matrix, Rank::Matrix)
                if left.batch.is_empty() || right.batch.is_empty() || left.batch == right.batch =>
            {
                Some(left.matmul(&right, rank))
            }
            _ => None,
        };
        match product {
            Some(product) => Ok(product.over(batch)),
            None => self.einsum(left_id, right_id, &left, &right, batch),
        }
    }

    fn einsum(
        &self,
        left_id: NotationId,
        right_id: NotationId,
        left: &Fragment,
        right: &Fragment,
        batch: Vec<String>,
    ) -> Result<Fragment> {
        if batch.len() > 20 {
            return Err(unsupported("more than 20 indices at once"));
        }
        // Letters for the indices are apart from those for rows, inner axes and columns.
        let index = |name: &String| {
            let position = batch.iter().position(|index| index == name).unwrap_or(0);
            char::from(b"nmpqrstuvwxyzabcdefg"[position])
        };
        let (rows, inner, columns) = ('i', 'j', 'k');
        let mut left_letters: String = left.batch.iter().map(index).collect();
        let mut right_letters: String = right.batch.iter().map(index).collect();
        let mut output: String = batch.iter().map(index).collect();
        if self.shape(left_id).rows != Dimensions::ONE {
            left_letters.push(rows);
            output.push(rows);
        }
        if self.shape(left_id).columns != Dimensions::ONE {
            left_letters.push(inner);
        }
        if self.shape(right_id).rows != Dimensions::ONE {
            right_letters.push(inner);
        }
        if self.shape(right_id).columns != Dimensions::ONE {
            right_letters.push(columns);
            output.push(columns);
        }
        let text = format!(
            "np.einsum(\"{left_letters},{right_letters}->{output}\", {}, {})",
            left.text, right.text
        );
        Ok(Fragment::atom(text, self.product_rank(left_id, right_id)).over(batch))
    }

    /// The matrix whose inverse, or transposed inverse, a factor is.
    fn inverse(&self, id: NotationId) -> Option<Inverse> {
        let (inner, transposed) = match self.node(id) {
            Notation::Transpose(inner) => (*inner, true),
            _ => (id, false),
        };
        let node = self.node(inner);
        match node {
            Notation::Call { arguments, .. }
                if parts::role(self.book, node) == Some(Role::Inverse)
                    && self.rank(inner) == Rank::Matrix =>
            {
                Some(Inverse { matrix: *arguments.first()?, transposed })
            }
            _ => None,
        }
    }

    /// `inv(A)*b`, or `b*inv(A)` if `from_right`.
    fn solve(&self, inverse: &Inverse, other_id: NotationId, from_right: bool) -> Result<Fragment> {
        let matrix = self.fragment(inverse.matrix)?;
        let transposes = inverse.transposed != from_right;
        let matrix = if transposes && !self.list.is_symmetric(inverse.matrix) {
            matrix.transposed()
        } else {
            matrix
        };
        let other = self.fragment(other_id)?;
        let other = if from_right { other.transposed() } else { other };
        let batch = axes::union([&matrix, &other]);
        let rank = other.rank;
        if batch.is_empty() {
            let text = format!("np.linalg.solve({}, {})", matrix.text, other.text);
            let solution = Fragment::atom(text, rank);
            return Ok(if from_right { solution.transposed() } else { solution });
        }
        let solution = if rank == Rank::Matrix {
            let (matrix, other) = self.aligned_pair(matrix, other, &batch)?;
            Fragment::atom(format!("np.linalg.solve({}, {})", matrix.text, other.text), rank)
        } else if matrix.batch.is_empty() && other.batch.len() == 1 {
            // The members are the rows of the array.
            Fragment::atom(
                format!("np.linalg.solve({}, {}.T).T", matrix.text, other.as_atom()),
                rank,
            )
        } else {
            let (matrix, other) = self.aligned_pair(matrix, other, &batch)?;
            let text =
                format!("np.linalg.solve({}, {}[..., None])[..., 0]", matrix.text, other.as_atom());
            Fragment::atom(text, rank)
        };
        let solution = solution.over(batch);
        Ok(if from_right { solution.transposed() } else { solution })
    }

    /// `pinv(A)*b` and `b*pinv(A)` are solutions of least squares.
    fn least_squares(&self, left: NotationId, right: NotationId) -> Result<Option<Fragment>> {
        let of = |id: NotationId| match self.node(id) {
            Notation::Call { head: Head::Book(function), arguments, .. }
                if self.book.get(*function).name == "pinv" && self.rank(id) == Rank::Matrix =>
            {
                arguments.first().copied()
            }
            _ => None,
        };
        let (matrix, other, from_right) = match (of(left), of(right)) {
            (Some(matrix), _) => (matrix, right, false),
            (None, Some(matrix)) => (matrix, left, true),
            _ => return Ok(None),
        };
        let (matrix, other) = (self.fragment(matrix)?, self.fragment(other)?);
        if !matrix.batch.is_empty() || !other.batch.is_empty() {
            return Ok(None);
        }
        let (matrix, other) = match from_right {
            true => (matrix.transposed(), other.transposed()),
            false => (matrix, other),
        };
        let rank = other.rank;
        let text = format!("np.linalg.lstsq({}, {})[0]", matrix.text, other.text);
        let solution = Fragment::atom(text, rank);
        Ok(Some(if from_right { solution.transposed() } else { solution }))
    }

    /// Both with the same leading axes, up to broadcasting.
    fn aligned_pair(
        &self,
        left: Fragment,
        right: Fragment,
        batch: &[String],
    ) -> Result<(Fragment, Fragment)> {
        let (left_rank, right_rank) = (left.rank, right.rank);
        Ok((axes::align_one(left, batch, left_rank)?, axes::align_one(right, batch, right_rank)?))
    }

    /// A product with a diagonal matrix scales rows or columns.
    fn diagonal_pair(&self, left: NotationId, right: NotationId) -> Result<Option<Fragment>> {
        let rank = self.product_rank(left, right);
        let (weights, other, scales_rows) = match (self.diagonal_of(left), self.diagonal_of(right))
        {
            (Some(a), Some(b)) => {
                let (parts, batch, _) = axes::align(self.fragments_of(&[a, b])?)?;
                if !batch.is_empty() {
                    return Ok(None);
                }
                let product = parts[0].times(&parts[1]);
                return Ok(Some(Fragment::atom(format!("np.diag({})", product.text), rank)));
            }
            (Some(weights), None) => (weights, right, true),
            (None, Some(weights)) => (weights, left, false),
            (None, None) => return Ok(None),
        };
        let (weights, other) = (self.fragment(weights)?, self.fragment(other)?);
        let batch = axes::union([&weights, &other]);
        if rank == Rank::Vector {
            let (parts, batch, _) = axes::align(vec![weights, other])?;
            let mut product = parts[0].times(&parts[1]).over(batch);
            product.rank = rank;
            return Ok(Some(product));
        }
        if weights.batch.is_empty() && other.batch.is_empty() {
            let product = if scales_rows {
                let column = Fragment::atom(format!("{}[:, None]", weights.as_atom()), rank);
                column.times(&other)
            } else {
                other.times(&weights)
            };
            return Ok(Some(product));
        }
        let subscript = if scales_rows { "[..., :, None]" } else { "[..., None, :]" };
        let weights = axes::align_one(weights, &batch, Rank::Vector)?;
        let weights = Fragment::atom(format!("{}{subscript}", weights.as_atom()), rank);
        let other = axes::align_one(other, &batch, rank)?;
        Ok(Some(weights.times(&other).over(batch)))
    }

    fn diagonal_of(&self, id: NotationId) -> Option<NotationId> {
        match self.node(id) {
            Notation::Call { head: Head::DiagonalMatrix, arguments, .. } => {
                arguments.first().copied()
            }
            _ => None,
        }
    }

    /// A product with ones sums.
    fn ones_pair(
        &self,
        left_id: NotationId,
        right_id: NotationId,
        left: &Fragment,
        right: &Fragment,
    ) -> Option<Fragment> {
        if self.is_outer(left_id, right_id) {
            return None;
        }
        let rank = self.product_rank(left_id, right_id);
        let is_row = self.shape(left_id).rows == Dimensions::ONE;
        let is_column = self.shape(right_id).columns == Dimensions::ONE;
        let sum = |array: &Fragment, over_rows: bool| {
            // The columns of a transpose are the rows of the matrix.
            let is_turned = array.rank == Rank::Matrix
                && array.batch.is_empty()
                && array.level == Level::Atom
                && array.text.ends_with(".T");
            let turned = array.transposed();
            let (array, over_rows) =
                if is_turned { (&turned, !over_rows) } else { (array, over_rows) };
            let axis = match (array.rank, over_rows) {
                _ if array.rank == Rank::Vector && array.batch.is_empty() => None,
                (Rank::Vector, _) => Some("-1"),
                (_, true) if array.batch.is_empty() => Some("0"),
                (_, true) => Some("-2"),
                (_, false) if array.batch.is_empty() => Some("1"),
                (_, false) => Some("-1"),
            };
            array.summed(axis, rank).over(array.batch.clone())
        };
        if is_row && self.is_ones(left_id) {
            Some(sum(right, true))
        } else if is_column && self.is_ones(right_id) {
            Some(sum(left, false))
        } else {
            None
        }
    }

    fn is_ones(&self, id: NotationId) -> bool {
        match self.node(id) {
            Notation::Ones => true,
            Notation::Transpose(inner) => matches!(self.node(*inner), Notation::Ones),
            _ => false,
        }
    }

    /// The operands of an entrywise operation on arrays of a shape. One that is constant along an
    /// axis is left to broadcasting, provided that another one has the axis.
    pub(super) fn broadcast(&self, ids: &[NotationId], shape: Shape) -> Result<Vec<Fragment>> {
        let plain = self.fragments_of(ids)?;
        if shape.is_scalar() || plain.iter().any(|fragment| !fragment.batch.is_empty()) {
            return Ok(plain);
        }
        let spread = ids
            .iter()
            .zip(plain)
            .map(|(id, plain)| self.spread(*id, plain))
            .collect::<Result<Vec<_>>>()?;
        let has_rows = shape.rows == Dimensions::ONE || spread.iter().any(|part| part.rows);
        let has_columns =
            shape.columns == Dimensions::ONE || spread.iter().any(|part| part.columns);
        if (has_rows && has_columns) || ids.iter().all(|id| self.shape(*id).is_scalar()) {
            return Ok(spread.into_iter().map(|part| part.fragment).collect());
        }
        self.fragments_of(ids)
    }

    /// The shortest text whose value broadcasts to that of a term.
    fn spread(&self, id: NotationId, plain: Fragment) -> Result<Spread> {
        let shape = self.shape(id);
        let whole = Spread {
            rows: shape.rows != Dimensions::ONE,
            columns: shape.columns != Dimensions::ONE,
            fragment: plain,
        };
        let constant = |text: &str| Spread {
            fragment: Fragment::atom(text, Rank::Scalar),
            rows: false,
            columns: false,
        };
        if shape.is_scalar() {
            return Ok(whole);
        }
        if self.is_ones(id) {
            return Ok(constant("1"));
        }
        // Scalars may stand in several layers around the product with ones.
        let mut scalars = Vec::new();
        let mut array = id;
        let core = loop {
            let Notation::Product(factors) = self.node(array) else {
                return Ok(whole);
            };
            let (own, arrays): (Vec<NotationId>, Vec<NotationId>) =
                factors.iter().partition(|factor| self.shape(**factor).is_scalar());
            scalars.extend(own);
            match arrays.as_slice() {
                [single] if self.is_ones(*single) => break constant("1"),
                [single] => array = *single,
                [left, right] => match self.spread_outer(*left, *right)? {
                    Some(spread) => break spread,
                    None => return Ok(whole),
                },
                _ => return Ok(whole),
            }
        };
        if scalars.is_empty() {
            return Ok(core);
        }
        let array = (core.rows || core.columns).then_some(core.fragment);
        let rank = array.as_ref().map_or(Rank::Scalar, |array| array.rank);
        Ok(Spread { fragment: self.scaled(&scalars, array, rank)?, ..core })
    }

    /// A column or row repeated by a product with ones.
    fn spread_outer(&self, left: NotationId, right: NotationId) -> Result<Option<Spread>> {
        if !self.is_outer(left, right) {
            return Ok(None);
        }
        let (left_ones, right_ones) = (self.is_ones(left), self.is_ones(right));
        Ok(match (left_ones, right_ones) {
            (true, true) => Some(Spread {
                fragment: Fragment::atom("1", Rank::Scalar),
                rows: false,
                columns: false,
            }),
            (true, false) => {
                // A 1-D array already stands for a row.
                let row = self.fragment(right)?;
                Some(Spread {
                    fragment: Fragment { rank: Rank::Matrix, ..row },
                    rows: false,
                    columns: true,
                })
            }
            (false, true) => {
                let column = self.fragment(left)?;
                let text = format!("{}[:, None]", column.as_atom());
                let fragment = Fragment { text, level: Level::Atom, rank: Rank::Matrix, ..column };
                Some(Spread { fragment, rows: true, columns: false })
            }
            (false, false) => None,
        })
    }
}

/// The products of columns and rows, by broadcasting, where the ones that run over indices run over
/// the same ones.
fn outer_product(left: &Fragment, right: &Fragment) -> Option<Fragment> {
    if !left.batch.is_empty() && !right.batch.is_empty() && left.batch != right.batch {
        return None;
    }
    let column = match left.batch.is_empty() {
        true => format!("{}[:, None]", left.as_atom()),
        false => format!("{}[..., :, None]", left.as_atom()),
    };
    let row = match right.batch.is_empty() {
        true => right.as_factor(),
        false => format!("{}[..., None, :]", right.as_atom()),
    };
    Some(Fragment::new(format!("{column} * {row}"), Level::Product, Rank::Matrix))
}
