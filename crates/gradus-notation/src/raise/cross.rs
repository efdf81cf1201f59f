//! Reductions at the signs of permutations: cross products.
//!
//! Must not know nodes. The constant on `i, j, k` stands for `(a × b)_i` where `a` lies on `j` and `b` on
//! `k`; the labels may be rotated.

use gradus_tensor::{Dimensions, FunctionId, FunctionRef};
use smallvec::smallvec;

use crate::raise::formula::{Callee, Chain, Factor, Formula, Formulas, Term};
use crate::raise::graph::Graph;
use crate::tree::Shape;

impl Graph<'_> {
    /// One reduction at a cross product.
    pub(crate) fn cross(&mut self) -> bool {
        let Some(function) = self.formulas.heads.cross else { return false };
        self.cross_of_vectors(function) || self.cross_with_vector(function)
    }

    /// Whether a label belongs to a cross product.
    pub(crate) fn is_crossed(&self, label: usize) -> bool {
        self.crosses.iter().any(|labels| labels.contains(&label))
    }

    /// Whether nothing but vectors lies on a label beside one cross product.
    fn holds_a_factor(&self, label: usize) -> bool {
        let vertex = &self.vertices[label];
        let count = self.crosses.iter().flatten().filter(|other| **other == label).count();
        vertex.alive
            && !vertex.open
            && count == 1
            && self.fusions_at(label) == 0
            && self.edges_at(label).is_empty()
    }

    /// Vectors on two labels: their cross product on the third.
    fn cross_of_vectors(&mut self, function: FunctionId) -> bool {
        let found = self.crosses.iter().enumerate().find_map(|(at, labels)| {
            rotations(*labels)
                .into_iter()
                .find(|[_, first, second]| {
                    self.holds_a_factor(*first) && self.holds_a_factor(*second)
                })
                .map(|rotated| (at, rotated))
        });
        let Some((at, [result, first, second])) = found else { return false };
        self.crosses.remove(at);
        let (a, b) = (self.factor_at(first), self.factor_at(second));
        let shape = self.column(result);
        let chain = self.crossed(function, &a, &b, shape);
        self.push_column(result, &chain);
        true
    }

    /// A vector on one label: the matrix `cross(a, eye(3))` between the others.
    fn cross_with_vector(&mut self, function: FunctionId) -> bool {
        let found = self.crosses.iter().enumerate().find_map(|(at, labels)| {
            rotations(*labels)
                .into_iter()
                .find(|[from, first, to]| from != to && self.holds_a_factor(*first))
                .map(|rotated| (at, rotated))
        });
        let Some((at, [from, first, to])) = found else { return false };
        self.crosses.remove(at);
        let vector = self.factor_at(first);
        let three = self.vertices[from].dimension;
        let shape = Shape { rows: three, columns: three };
        let formula = self.formulas.intern(Formula::Identity, shape);
        let identity: Chain = smallvec![Factor { formula, transposed: false }];
        let chain = self.crossed(function, &vector, &identity, shape);
        self.push_edge(from, to, chain);
        true
    }

    /// The vectors on a label as one column; the label disappears.
    fn factor_at(&mut self, label: usize) -> Chain {
        let vector = self.take_weights(label);
        let vector = if vector.is_empty() { self.ones_column(label) } else { vector };
        self.kill(label);
        vector
    }

    fn crossed(&mut self, function: FunctionId, a: &Chain, b: &Chain, shape: Shape) -> Chain {
        debug_assert!(shape.rows != Dimensions::ONE);
        let (a, b) = (self.formulas.of_chain(a), self.formulas.of_chain(b));
        let formula = self.formulas.call(function, &[a, b], shape);
        smallvec![Factor { formula, transposed: false }]
    }
}

impl Formulas {
    /// A term without its minus, where a cross product takes it: `-cross(a,b) = cross(b,a)`.
    pub(crate) fn without_minus(&mut self, mut term: Term) -> Term {
        let Some(cross) = self.heads.cross.filter(|_| term.coefficient.is_negative()) else {
            return term;
        };
        let callee = Callee::Function(FunctionRef::Book(cross));
        let found =
            term.chain.iter().enumerate().find_map(|(at, factor)| match self.get(factor.formula) {
                Formula::Call { callee: known, arguments, .. } if *known == callee => {
                    let [a, b] = arguments.as_slice() else { return None };
                    Some((at, [*b, *a]))
                }
                _ => None,
            });
        if let Some((at, exchanged)) = found {
            let shape = self.shape(term.chain[at].formula);
            term.chain[at].formula = self.call(cross, &exchanged, shape);
            term.coefficient = term.coefficient.negate();
        }
        term
    }
}

/// The labels in the orders that do not change the sign.
fn rotations([i, j, k]: [usize; 3]) -> [[usize; 3]; 3] {
    [[i, j, k], [j, k, i], [k, i, j]]
}
