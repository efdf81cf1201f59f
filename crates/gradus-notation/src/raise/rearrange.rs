//! A stacked Kronecker product: `vec(kron(A,B))` is `kron(vec(A),vec(B))` with its entries in another
//! order.
//!
//! Must not know nodes. `vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B)`, Magnus and Neudecker, Matrix
//! Differential Calculus, theorem 3.10.

use gradus_tensor::DimensionId;
use smallvec::smallvec;

use crate::raise::formula::{Chain, Factor, Formula, FormulaId, Powers};
use crate::raise::graph::{Fusion, Graph, Vertex};
use crate::tree::Shape;

impl Graph<'_> {
    /// A pair of two pairs, for rows and for columns, is made the pair of the entries of the one factor
    /// and of the other.
    pub(crate) fn rearrange(&mut self) -> bool {
        let found = self.fusions.iter().enumerate().find_map(|(at, outer)| {
            let inner = |pair: usize| {
                self.fusions.iter().position(|fusion| fusion.pair == pair).filter(|_| {
                    let vertex = &self.vertices[pair];
                    vertex.alive
                        && !vertex.open
                        && vertex.weights.is_empty()
                        && self.edges_at(pair).is_empty()
                        && self.fusions_at(pair) == 2
                })
            };
            // The new pair is summed, so that no pair is rearranged twice.
            if !self.vertices[outer.pair].open {
                return None;
            }
            Some((at, inner(outer.first)?, inner(outer.second)?))
        });
        let Some((outer, rows, columns)) = found else { return false };
        if rows == columns {
            return false;
        }
        let [outer, rows, columns] = [outer, rows, columns].map(|at| self.fusions[at]);
        self.fusions.retain(|fusion| ![outer.pair, rows.pair, columns.pair].contains(&fusion.pair));
        self.kill(rows.pair);
        self.kill(columns.pair);
        let size = |graph: &Self, label: usize| graph.vertices[label].dimension;
        let [p, m] = [rows.first, rows.second].map(|label| size(self, label));
        let [q, n] = [columns.first, columns.second].map(|label| size(self, label));
        let fast = self.pair(rows.first, columns.first);
        let slow = self.pair(rows.second, columns.second);
        let pair = self.pair(fast, slow);
        let order = self.order([n, m, q, p]);
        self.push_edge(outer.pair, pair, order);
        true
    }

    /// A new label for the pair of two labels.
    fn pair(&mut self, first: usize, second: usize) -> usize {
        let sizes = [first, second].map(|label| self.vertices[label].dimension);
        let dimension = self.formulas.dimensions.multiply(sizes[0], sizes[1]);
        self.vertices.push(Vertex { dimension, alive: true, open: false, weights: Powers::new() });
        let pair = self.vertices.len() - 1;
        self.fusions.push(Fusion { pair, first, second });
        pair
    }

    /// `kron(eye(n), kron(commutation(q,m), eye(p)))`
    fn order(&mut self, [n, m, q, p]: [DimensionId; 4]) -> Chain {
        let square = |size| Shape { rows: size, columns: size };
        let middle = self.formulas.dimensions.multiply(q, m);
        let commutation = self.formulas.heads.commutation;
        let commutation = self.formulas.sized_call(commutation, &[], &[q, m], square(middle));
        let last = self.formulas.intern(Formula::Identity, square(p));
        let inner = self.formulas.dimensions.multiply(middle, p);
        let inner = self.kronecker_of([commutation, last], square(inner));
        let first = self.formulas.intern(Formula::Identity, square(n));
        let total = self.formulas.shape(inner).rows;
        let total = self.formulas.dimensions.multiply(n, total);
        let formula = self.kronecker_of([first, inner], square(total));
        smallvec![Factor { formula, transposed: false }]
    }

    fn kronecker_of(&mut self, sides: [FormulaId; 2], shape: Shape) -> FormulaId {
        let kron = self.formulas.heads.kron;
        self.formulas.call(kron, &sides, shape)
    }
}
