//! Products with permutation matrices, which move rows or columns: an index in the place of an array.
//!
//! Must not know where such matrices come from.

use gradus_diagnostics::Result;
use gradus_functions::Structural;
use gradus_notation::tree::{Notation, NotationId};
use gradus_tensor::Dimensions;

use crate::numpy::expression::Printer;
use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::plan::parts;

/// Functions that give the places where rows come from.
pub(super) const HELPERS: &[(&str, &str)] = &[
    (
        "_commuted",
        "def _commuted(m, n):\n    \"\"\"The rows of `A` in `K(m, n) @ A`.\"\"\"\n    return np.arange(m * n).reshape(n, m).T.ravel()\n",
    ),
    (
        "_nested",
        "def _nested(outer, inner):\n    \"\"\"The rows that a Kronecker product of two permutations takes.\"\"\"\n    return (outer[:, None] * inner.size + inner).ravel()\n",
    ),
];

/// Kronecker products are followed this deep.
const NESTING: u32 = 8;

impl Printer<'_> {
    /// A product in which one factor is a permutation.
    pub(super) fn moved_pair(
        &self,
        left: NotationId,
        right: NotationId,
    ) -> Result<Option<Fragment>> {
        let is = |id| parts::is_permutation(self.book, &self.list.tree, id);
        let (array, rows) = match (is(left), is(right)) {
            (true, _) => (right, true),
            (false, true) => (left, false),
            (false, false) => return Ok(None),
        };
        let permutation = if rows { left } else { right };
        // The columns move as the rows of the transpose do.
        let Some(places) = self.places(permutation, !rows, NESTING) else { return Ok(None) };
        let moved = self.fragment(array)?;
        let shape = self.shape(array);
        let along = if rows { shape.rows } else { shape.columns };
        if moved.rank == Rank::Scalar || along == Dimensions::ONE {
            return Ok(None);
        }
        let before = if moved.batch.is_empty() { "" } else { "..., " };
        let subscript = match (moved.rank, rows, before.is_empty()) {
            (Rank::Matrix, true, true) | (Rank::Vector, _, true) => places,
            (Rank::Matrix, true, false) => format!("{before}{places}, :"),
            (Rank::Matrix, false, true) => format!(":, {places}"),
            _ => format!("{before}{places}"),
        };
        let text = format!("{}[{subscript}]", moved.as_atom());
        // An index that is an array copies.
        Ok(Some(Fragment { text, level: Level::Atom, ..moved }.viewing(false)))
    }

    /// Where the rows of a product with a permutation come from, or with its transpose.
    fn places(&self, id: NotationId, turned: bool, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let node = self.node(id);
        match node {
            Notation::Identity => {
                Some(format!("np.arange({})", self.size(self.shape(id).rows).text))
            }
            Notation::Transpose(inner) => self.places(*inner, !turned, depth),
            Notation::Call { arguments, sizes, .. } => {
                match (parts::structural(self.book, node)?, arguments.as_slice(), sizes.as_slice())
                {
                    (Structural::Commutation, [], [m, n]) => {
                        let (m, n) = if turned { (n, m) } else { (m, n) };
                        Some(format!("_commuted({}, {})", self.size(*m).text, self.size(*n).text))
                    }
                    (Structural::Kronecker, [outer, inner], _) => {
                        let outer = self.places(*outer, turned, depth)?;
                        Some(format!("_nested({outer}, {})", self.places(*inner, turned, depth)?))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
