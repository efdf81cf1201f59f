//! Reductions at fusion constants: vec, unvec, Kronecker products and commutation matrices.
//!
//! Must not know nodes. A fusion joins labels `i` and `j` to the pair `p = i + rows*j`: columns are
//! stacked.

use gradus_tensor::{Dimensions, Rational};
use smallvec::{SmallVec, smallvec};

use crate::raise::formula::{Chain, Factor, Formula, FormulaId};
use crate::raise::graph::{Fusion, Graph};
use crate::tree::Shape;

impl Graph<'_> {
    /// One reduction at a fusion.
    pub(crate) fn fuse(&mut self) -> bool {
        if self.fusions.is_empty() {
            return false;
        }
        self.stack_matrix()
            || self.unstack_vector()
            || self.kronecker()
            || self.half_kronecker()
            || self.khatri_rao()
            || self.rearrange()
            || self.sum_in_part()
            || self.weigh_pair()
    }

    pub(crate) fn is_summed(&self, label: usize) -> bool {
        self.vertices[label].alive && !self.vertices[label].open && !self.is_crossed(label)
    }

    pub(crate) fn fusions_at(&self, label: usize) -> usize {
        self.fusions
            .iter()
            .filter(|fusion| [fusion.pair, fusion.first, fusion.second].contains(&label))
            .count()
    }

    /// Whether all edges at one label lead to another one.
    pub(crate) fn leads_only_to(&self, label: usize, other: usize) -> bool {
        self.edges_at(label).iter().all(|at| {
            let edge = &self.edges[*at];
            [edge.from, edge.to] == [label, other] || [edge.from, edge.to] == [other, label]
        })
    }

    /// Whether a label is summed and belongs to one fusion only.
    pub(crate) fn is_inner(&self, label: usize) -> bool {
        self.is_summed(label) && self.fusions_at(label) == 1
    }

    /// A matrix or two vectors on the fused labels and nothing else: `vec(M)`, `kron(v,u)`.
    fn stack_matrix(&mut self) -> bool {
        let found = self.fusions.iter().position(|fusion| {
            fusion.first != fusion.second
                && fusion.pair != fusion.first
                && fusion.pair != fusion.second
                && self.is_inner(fusion.first)
                && self.is_inner(fusion.second)
                && self.leads_only_to(fusion.first, fusion.second)
                && self.leads_only_to(fusion.second, fusion.first)
        });
        let Some(at) = found else { return false };
        let fusion = self.fusions.remove(at);
        let (first, second) = (fusion.first, fusion.second);
        let column = self.column(fusion.pair);
        let joined = !self.edges_at(first).is_empty();
        let formula = if joined {
            let chain = self.matrix(first, second);
            let inner = self.formulas.of_chain(&chain);
            if self.stack_triangle(fusion.pair, inner) {
                self.kill(first);
                self.kill(second);
                return true;
            }
            let vec = self.formulas.heads.vec;
            self.formulas.call(vec, &[inner], column)
        } else {
            let mut sides: SmallVec<[FormulaId; 2]> = SmallVec::new();
            for label in [second, first] {
                let chain = self.take_weights(label);
                let chain = if chain.is_empty() { self.ones_column(label) } else { chain };
                sides.push(self.formulas.of_chain(&chain));
            }
            let kron = self.formulas.heads.kron;
            self.formulas.call(kron, &sides, column)
        };
        self.kill(first);
        self.kill(second);
        self.push_weight(fusion.pair, formula, &Rational::ONE);
        true
    }

    /// Only vectors on the pair: `unvec(v,m,n)` between the fused labels.
    fn unstack_vector(&mut self) -> bool {
        let found = self.fusions.iter().position(|fusion| {
            fusion.pair != fusion.first
                && fusion.pair != fusion.second
                && self.is_inner(fusion.pair)
                && self.edges_at(fusion.pair).is_empty()
        });
        let Some(at) = found else { return false };
        let fusion = self.fusions.remove(at);
        let vector = self.take_weights(fusion.pair);
        self.kill(fusion.pair);
        if vector.is_empty() {
            return true;
        }
        let shape = self.between(fusion.first, fusion.second);
        let inner = self.formulas.of_chain(&vector);
        let unvec = self.formulas.heads.unvec;
        let formula =
            self.formulas.sized_call(unvec, &[inner], &[shape.rows, shape.columns], shape);
        self.push_edge(
            fusion.first,
            fusion.second,
            smallvec![Factor { formula, transposed: false }],
        );
        true
    }

    pub(crate) fn between(&self, row: usize, column: usize) -> Shape {
        Shape { rows: self.vertices[row].dimension, columns: self.vertices[column].dimension }
    }

    /// Two fusions with one matrix between their first and one between their second labels:
    /// `kron(A,B)`; crosswise, that times a commutation matrix.
    fn kronecker(&mut self) -> bool {
        for at in 0..self.fusions.len() {
            for other in at + 1..self.fusions.len() {
                let (left, right) = (self.fusions[at], self.fusions[other]);
                let straight = [(left.first, right.first), (left.second, right.second)];
                let crossed = [(left.first, right.second), (left.second, right.first)];
                let Some((pairs, is_crossed)) = [(straight, false), (crossed, true)]
                    .into_iter()
                    .find(|(pairs, _)| self.pairs_stand_alone(pairs, &left, &right))
                else {
                    continue;
                };
                self.fusions.remove(other);
                self.fusions.remove(at);
                self.join_fusions(left, right, pairs, is_crossed);
                return true;
            }
        }
        false
    }

    fn pairs_stand_alone(
        &self,
        pairs: &[(usize, usize); 2],
        left: &Fusion,
        right: &Fusion,
    ) -> bool {
        let [(a, b), (c, d)] = *pairs;
        let pair_labels = [left.pair, right.pair];
        let alone = |label: usize, partner: usize| {
            let wanted = if label == partner { 2 } else { 1 };
            self.is_summed(label)
                && self.fusions_at(label) == wanted
                && !pair_labels.contains(&label)
                && self.leads_only_to(label, partner)
        };
        left.first != left.second
            && right.first != right.second
            && left.pair != right.pair
            && a != d
            && b != c
            && alone(a, b)
            && alone(b, a)
            && alone(c, d)
            && alone(d, c)
    }

    fn join_fusions(
        &mut self,
        left: Fusion,
        right: Fusion,
        [inner, outer]: [(usize, usize); 2],
        crossed: bool,
    ) {
        let sizes = self.between(right.first, right.second);
        let fast = self.bridge(inner.0, inner.1);
        let slow = self.bridge(outer.0, outer.1);
        let pair = self.between(left.pair, right.pair);
        let is_identity = |graph: &Self, chain: &Chain| {
            matches!(chain.as_slice(), [factor]
                if matches!(graph.formulas.get(factor.formula), Formula::Identity))
        };
        let mut chain = Chain::new();
        if is_identity(self, &fast) && is_identity(self, &slow) {
            if !crossed {
                chain = self.diagonal_matrix(&Chain::new(), left.pair);
            }
        } else {
            let arguments = [slow, fast].map(|chain| self.formulas.of_chain(&chain));
            let kron = self.formulas.heads.kron;
            let formula = self.formulas.call(kron, &arguments, pair);
            chain.push(Factor { formula, transposed: false });
        }
        if crossed {
            let commutation = self.formulas.heads.commutation;
            let size = self.vertices[right.pair].dimension;
            let shape = Shape { rows: size, columns: size };
            let formula =
                self.formulas.sized_call(commutation, &[], &[sizes.rows, sizes.columns], shape);
            chain.push(Factor { formula, transposed: false });
        }
        self.push_edge(left.pair, right.pair, chain);
    }

    /// Everything between two labels of different fusions, which disappear; for one shared label a
    /// diagonal matrix.
    pub(crate) fn bridge(&mut self, from: usize, to: usize) -> Chain {
        let chain = if from == to {
            let vector = self.take_weights(from);
            self.diagonal_matrix(&vector, from)
        } else {
            self.matrix(from, to)
        };
        self.kill(from);
        self.kill(to);
        chain
    }

    /// Vectors alone on one fused label: `kron(v,eye)` or `kron(eye,v)` between the pair and the
    /// other label.
    fn half_kronecker(&mut self) -> bool {
        let found = self.fusions.iter().enumerate().find_map(|(at, fusion)| {
            [(fusion.second, fusion.first), (fusion.first, fusion.second)]
                .into_iter()
                .find(|(label, other)| {
                    label != other
                        && fusion.pair != fusion.first
                        && fusion.pair != fusion.second
                        && self.is_inner(*label)
                        && self.edges_at(*label).is_empty()
                })
                .map(|(label, other)| (at, label, other))
        });
        let Some((at, label, other)) = found else { return false };
        let fusion = self.fusions.remove(at);
        let vector = self.take_weights(label);
        let vector = if vector.is_empty() { self.ones_column(label) } else { vector };
        let vector = self.formulas.of_chain(&vector);
        self.kill(label);
        let (matrix, other) = self.beyond(other, fusion.pair);
        let matrix = self.formulas.of_chain(&matrix);
        let arguments = if label == fusion.second { [vector, matrix] } else { [matrix, vector] };
        let shape = self.between(fusion.pair, other);
        let kron = self.formulas.heads.kron;
        let formula = self.formulas.call(kron, &arguments, shape);
        debug_assert_ne!(shape.rows, Dimensions::ONE);
        self.push_edge(fusion.pair, other, smallvec![Factor { formula, transposed: false }]);
        true
    }

    /// The matrix from a label to where its only edge leads, which takes the label away; from a label
    /// that is open or has more edges, the identity.
    fn beyond(&mut self, label: usize, pair: usize) -> (Chain, usize) {
        if let [edge] = self.edges_at(label).as_slice()
            && self.is_inner_after_fusion(label)
        {
            let edge = &self.edges[*edge];
            let end = if edge.from == label { edge.to } else { edge.from };
            if end != label && end != pair && self.vertices[end].weights.is_empty() {
                let chain = self.matrix(label, end);
                self.kill(label);
                return (chain, end);
            }
        }
        (self.diagonal_matrix(&Chain::new(), label), label)
    }

    /// Whether a label is summed and belongs to no fusion any more.
    fn is_inner_after_fusion(&self, label: usize) -> bool {
        self.is_summed(label) && self.fusions_at(label) == 0
    }
}
