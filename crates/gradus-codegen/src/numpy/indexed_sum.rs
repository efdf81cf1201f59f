//! Sums over indices, without loops: reductions over leading axes, as matrix products where they
//! are one.
//!
//! Must not know other formulas.

use gradus_diagnostics::Result;
use gradus_notation::tree::{Notation, NotationId};
use gradus_tensor::Dimensions;

use crate::numpy::expression::{Printer, unsupported};
use crate::numpy::fragment::{Fragment, Level, Rank};

impl Printer<'_> {
    /// `sum[i](body)`
    pub(super) fn indexed_sum(&self, indices: &[String], body: NotationId) -> Result<Fragment> {
        let fragment = self.fragment(body)?;
        let (present, constant): (Vec<&String>, Vec<&String>) =
            indices.iter().partition(|index| fragment.batch.contains(index));
        let sum = match self.contraction(&present, body)? {
            Some(contraction) => contraction,
            None => reduced(&fragment, &present),
        };
        constant.into_iter().try_fold(sum, |sum, index| {
            let range = self.index_ranges.get(index).ok_or_else(|| {
                unsupported(&format!("a sum over `{index}`, of which no variable tells the range"))
            })?;
            let count = self.size(*range);
            Ok(count.times(&sum).over(sum.batch.clone()))
        })
    }

    /// The sum as one matrix product or inner product.
    fn contraction(&self, indices: &[&String], body: NotationId) -> Result<Option<Fragment>> {
        let Notation::Product(factors) = self.node(body) else {
            return Ok(None);
        };
        let fragments = self.fragments_of(factors)?;
        let runs = |fragment: &Fragment| fragment.batch.iter().eq(indices.iter().copied());
        // Factors that do not depend on the indices stand before the sum.
        let constant: Vec<bool> = fragments
            .iter()
            .zip(factors)
            .map(|(fragment, factor)| fragment.batch.is_empty() && self.shape(*factor).is_scalar())
            .collect();
        if constant.iter().any(|constant| *constant) {
            return self.without_constants(indices, body, factors, &constant);
        }
        // Over several indices a product would need a reshape first.
        let [_] = indices else { return Ok(None) };
        if let ([_, outer], [weights, _]) = (factors.as_slice(), fragments.as_slice())
            && runs(weights)
            && weights.rank == Rank::Scalar
            && let Some(product) = self.weighted_outer(*outer, weights, &runs)?
        {
            return Ok(Some(product));
        }
        Ok(match (factors.as_slice(), fragments.as_slice()) {
            ([left_id, right_id], [left, right]) if runs(left) && runs(right) => {
                let row = self.shape(*left_id).rows == Dimensions::ONE;
                let column = self.shape(*right_id).columns == Dimensions::ONE;
                match (left.rank, right.rank) {
                    (Rank::Scalar, Rank::Scalar | Rank::Vector) => {
                        Some(left.matmul(right, right.rank))
                    }
                    (Rank::Scalar, Rank::Matrix) => {
                        let text = format!("np.tensordot({}, {}, axes=1)", left.text, right.text);
                        Some(Fragment::atom(text, Rank::Matrix))
                    }
                    (Rank::Vector, Rank::Vector) if row && column => {
                        Some(square_or_product(left, right).summed(None, Rank::Scalar))
                    }
                    (Rank::Vector, Rank::Vector) if !row && !column => {
                        Some(rows_transposed(left).matmul(right, Rank::Matrix))
                    }
                    _ => None,
                }
            }
            _ => None,
        })
    }

    /// Weights times outer products.
    fn weighted_outer(
        &self,
        outer: NotationId,
        weights: &Fragment,
        runs: &dyn Fn(&Fragment) -> bool,
    ) -> Result<Option<Fragment>> {
        let Notation::Product(factors) = self.node(outer) else {
            return Ok(None);
        };
        let [left_id, right_id] = factors.as_slice() else {
            return Ok(None);
        };
        let (left, right) = (self.fragment(*left_id)?, self.fragment(*right_id)?);
        let is_outer = self.is_outer(*left_id, *right_id);
        if !is_outer || !runs(&left) || !runs(&right) {
            return Ok(None);
        }
        let column = Fragment::atom(format!("{}[:, None]", weights.as_atom()), Rank::Vector);
        Ok(Some(rows_transposed(&column.times(&left)).matmul(&right, Rank::Matrix)))
    }

    fn without_constants(
        &self,
        indices: &[&String],
        body: NotationId,
        factors: &[NotationId],
        constant: &[bool],
    ) -> Result<Option<Fragment>> {
        let split = |wanted: bool| -> Vec<NotationId> {
            let pairs = factors.iter().zip(constant);
            pairs.filter(|(_, constant)| **constant == wanted).map(|(factor, _)| *factor).collect()
        };
        let (before, inside) = (split(true), split(false));
        if inside.is_empty() {
            return Ok(None);
        }
        let inner = match inside.as_slice() {
            [single] => match self.contraction(indices, *single)? {
                Some(contraction) => contraction,
                None => reduced(&self.fragment(*single)?, indices),
            },
            _ => reduced(&self.product(&inside, self.shape(body))?, indices),
        };
        let mut fragments = self.fragments_of(&before)?.into_iter();
        let Some(first) = fragments.next() else {
            return Ok(Some(inner));
        };
        let front = fragments.fold(first, |product, factor| product.times(&factor));
        Ok(Some(front.times(&inner).over(inner.batch.clone())))
    }
}

/// The sum over leading axes.
fn reduced(fragment: &Fragment, indices: &[&String]) -> Fragment {
    let places: Vec<String> = fragment
        .batch
        .iter()
        .enumerate()
        .filter(|(_, index)| indices.contains(index))
        .map(|(place, _)| place.to_string())
        .collect();
    let rest: Vec<String> =
        fragment.batch.iter().filter(|index| !indices.contains(index)).cloned().collect();
    let axis = match places.as_slice() {
        [] => return fragment.clone(),
        _ if rest.is_empty() && fragment.rank == Rank::Scalar => None,
        [single] => Some(single.clone()),
        _ => Some(format!("({})", places.join(", "))),
    };
    fragment.summed(axis.as_deref(), fragment.rank).over(rest)
}

/// The members of a family are the rows of its array; here they become columns.
fn rows_transposed(family: &Fragment) -> Fragment {
    let matrix = Fragment { rank: Rank::Matrix, batch: Vec::new(), ..family.clone() };
    matrix.transposed()
}

fn square_or_product(left: &Fragment, right: &Fragment) -> Fragment {
    if left.text == right.text {
        Fragment::new(format!("{}**2", left.as_atom()), Level::Power, left.rank)
    } else {
        left.times(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axes_of_the_indices_are_summed() {
        let indices = ["i".to_owned(), "j".to_owned(), "k".to_owned()];
        let array = Fragment::atom("A", Rank::Vector).over(indices.to_vec());
        let sum = reduced(&array, &[&indices[0], &indices[2]]);
        assert_eq!(sum.text, "A.sum(axis=(0, 2))");
        assert_eq!(sum.batch, ["j"]);
        let scalars = Fragment::atom("a", Rank::Scalar).over(vec!["i".to_owned()]);
        assert_eq!(reduced(&scalars, &[&indices[0]]).text, "np.sum(a)");
    }
}
