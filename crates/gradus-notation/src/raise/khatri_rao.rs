//! Reductions at a fusion whose two parts meet again: Khatri–Rao products, and weights of the pair.
//!
//! Must not know nodes. They are what remains of derivatives of entrywise and diagonal products.

use gradus_tensor::{FunctionRef, Rational};
use smallvec::smallvec;

use crate::raise::factoring::Side;
use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Term};
use crate::raise::graph::{Fusion, Graph};

impl Graph<'_> {
    /// Matrices from both fused labels to one other label: `khatrirao(B,A)`, whose column k is the
    /// Kronecker product of the columns k. The other label may be one of the two itself, which
    /// counts as an identity.
    pub(crate) fn khatri_rao(&mut self) -> bool {
        let khatri_rao = self.formulas.heads.khatrirao;
        let found = self
            .fusions
            .iter()
            .enumerate()
            .find_map(|(at, fusion)| self.meeting_place(fusion).map(|place| (at, place)));
        let Some((at, place)) = found else { return self.repeat() };
        let fusion = self.fusions.remove(at);
        let sides = [fusion.second, fusion.first].map(|label| {
            let chain =
                if label == place { self.identity(label) } else { self.matrix(label, place) };
            if label != place {
                self.kill(label);
            }
            self.formulas.of_chain(&chain)
        });
        let shape = self.between(fusion.pair, place);
        let formula = self.formulas.call(khatri_rao, &sides, shape);
        self.push_edge(fusion.pair, place, smallvec![Factor { formula, transposed: false }]);
        true
    }

    /// A pair of twice the same label: `khatrirao(eye,eye)`, whose columns are the diagonal places;
    /// times a vector `vec(diag(v))`.
    fn repeat(&mut self) -> bool {
        let repeated =
            |fusion: &Fusion| fusion.first == fusion.second && fusion.pair != fusion.first;
        let Some(at) = self.fusions.iter().position(repeated) else { return false };
        let fusion = self.fusions.remove(at);
        let label = fusion.first;
        if self.is_summed(label) && self.fusions_at(label) == 0 && self.edges_at(label).is_empty() {
            let diagonal = self.bridge(label, label);
            let diagonal = self.formulas.of_chain(&diagonal);
            let column = self.column(fusion.pair);
            let formula = self.formulas.call(self.formulas.heads.vec, &[diagonal], column);
            self.push_weight(fusion.pair, formula, &Rational::ONE);
            return true;
        }
        let identity = self.identity(fusion.first);
        let identity = self.formulas.of_chain(&identity);
        let shape = self.between(fusion.pair, fusion.first);
        let khatri_rao = self.formulas.heads.khatrirao;
        let formula = self.formulas.call(khatri_rao, &[identity, identity], shape);
        self.push_edge(fusion.pair, fusion.first, smallvec![Factor { formula, transposed: false }]);
        true
    }

    /// The label in which matrices from both parts of a fusion end.
    fn meeting_place(&self, fusion: &Fusion) -> Option<usize> {
        let (first, second) = (fusion.first, fusion.second);
        if first == second || fusion.pair == first || fusion.pair == second {
            return None;
        }
        let reaches = |label: usize, place: usize| {
            self.is_inner(label)
                && self.edges_at(label).len() == 1
                && self.leads_only_to(label, place)
        };
        if reaches(second, first) && !self.is_inner(first) {
            return Some(first);
        }
        if reaches(first, second) && !self.is_inner(second) {
            return Some(second);
        }
        let edge = self.edges_at(first).first().copied()?;
        let edge = &self.edges[edge];
        let place = if edge.from == first { edge.to } else { edge.from };
        let apart = place != first && place != second && place != fusion.pair;
        (apart && reaches(first, place) && reaches(second, place)).then_some(place)
    }

    fn identity(&mut self, label: usize) -> Chain {
        self.diagonal_matrix(&Chain::new(), label)
    }

    /// A matrix between the two parts of a fusion: `vec(M)` is a weight of the pair.
    pub(crate) fn weigh_pair(&mut self) -> bool {
        let found = self
            .fusions
            .iter()
            .filter_map(|fusion| {
                let apart = fusion.first != fusion.second
                    && fusion.pair != fusion.first
                    && fusion.pair != fusion.second;
                let ends = [fusion.first, fusion.second];
                let joins = |edge: &crate::raise::graph::Edge| {
                    ends == [edge.from, edge.to] || ends == [edge.to, edge.from]
                };
                let edge = self.edges.iter().position(joins)?;
                apart.then_some((*fusion, edge))
            })
            .min_by_key(|(fusion, _)| fusion.pair);
        let Some((fusion, edge)) = found else { return false };
        let edge = self.edges.remove(edge);
        let (chain, _) = self.read_from(&edge, fusion.first);
        let inner: FormulaId = self.formulas.of_chain(&chain);
        let column = self.column(fusion.pair);
        let vec = self.formulas.heads.vec;
        let formula = self.formulas.call(vec, &[inner], column);
        self.push_weight(fusion.pair, formula, &Rational::ONE);
        true
    }
}

impl Formulas {
    /// The arguments of a Kronecker product.
    fn kronecker_sides(&self, factor: Factor) -> Option<[FormulaId; 2]> {
        let Formula::Call {
            callee: Callee::Function(FunctionRef::Book(callee)), arguments, ..
        } = self.get(factor.formula)
        else {
            return None;
        };
        match arguments.as_slice() {
            [left, right] if *callee == self.heads.kron && !factor.transposed => {
                Some([*left, *right])
            }
            _ => None,
        }
    }

    /// The side that the Kronecker products share in which alone two products differ.
    pub(crate) fn common_side(&self, first: &[Factor], second: &[Factor]) -> Option<Side> {
        let place = first.iter().zip(second).position(|(one, other)| one != other)?;
        let same_length = first.len() == second.len();
        if !same_length || first[place + 1..] != second[place + 1..] {
            return None;
        }
        let one = self.kronecker_sides(first[place])?;
        let other = self.kronecker_sides(second[place])?;
        let is_left = one[0] == other[0];
        (is_left || one[1] == other[1]).then(|| Side {
            place,
            shared: if is_left { one[0] } else { one[1] },
            is_left,
        })
    }

    /// The other side of the Kronecker product of a chain that is the pattern otherwise.
    pub(crate) fn other_side(
        &self,
        pattern: &[Factor],
        chain: &[Factor],
        side: Side,
    ) -> Option<FormulaId> {
        let same = pattern.len() == chain.len()
            && (0..chain.len()).all(|at| at == side.place || pattern[at] == chain[at]);
        let [left, right] = self.kronecker_sides(*chain.get(side.place).filter(|_| same)?)?;
        match side.is_left {
            true => (left == side.shared).then_some(right),
            false => (right == side.shared).then_some(left),
        }
    }

    /// The pattern with another array beside the shared side, whose scalars come to the front.
    pub(crate) fn with_side(&mut self, pattern: &[Factor], other: &Term, side: Side) -> Term {
        let inner = self.of_chain(&other.chain);
        let sides = if side.is_left { [side.shared, inner] } else { [inner, side.shared] };
        let shape = self.factor_shape(pattern[side.place]);
        let formula = self.call(self.heads.kron, &sides, shape);
        let mut chain: Chain = pattern.into();
        chain[side.place] = Factor { formula, transposed: false };
        Term { chain, ..other.clone() }
    }
}
