//! A matrix across two fusions weighs pairs of labels, as in
//! `J = kron(B',eye)*diag(vec(E))*kron(eye,A)` for `d((E.*(A*dX))*B)`.
//!
//! Must not know nodes.

use gradus_tensor::Rational;
use smallvec::SmallVec;

use crate::raise::formula::Powers;
use crate::raise::graph::{Edge, Fusion, Graph, Vertex};

/// Labels in the order in which they were found.
type Labels = SmallVec<[usize; 6]>;

/// A matrix whose two labels part the graph into what belongs to one fusion and what belongs to the other.
struct Cut {
    /// Its labels: the one that hangs together with the first part of the one fusion comes first.
    labels: [usize; 2],
    /// The other fusion.
    other: usize,
    /// Labels on the side of the other fusion.
    beyond: Labels,
}

impl Graph<'_> {
    /// Puts a pair of labels between two fusions, so that the matrix across them is a weight of the pair.
    pub(crate) fn split_pair(&mut self) -> bool {
        let [one, two] = *self.fusions.as_slice() else { return false };
        if !self.vertices[one.pair].open
            || !self.vertices[two.pair].open
            || !self.crosses.is_empty()
        {
            return false;
        }
        let cut = (0..self.edges.len()).find_map(|edge| self.cut(edge, one, two));
        let Some(Cut { labels: [u, v], other, beyond }) = cut else { return false };
        let chain = self.matrix(u, v);
        let inner = self.formulas.of_chain(&chain);
        let sizes = [u, v].map(|label| self.vertices[label].dimension);
        let size = self.formulas.dimensions.multiply(sizes[0], sizes[1]);
        let pair = self.vertices.len();
        for dimension in [size, sizes[0], sizes[1]] {
            let weights = Powers::new();
            self.vertices.push(Vertex { dimension, alive: true, open: false, weights });
        }
        let moved = |label: &mut usize| {
            if *label == u {
                *label = pair + 1;
            } else if *label == v {
                *label = pair + 2;
            }
        };
        for edge in &mut self.edges {
            let is_beyond = beyond.contains(&edge.from) || beyond.contains(&edge.to);
            if is_beyond {
                moved(&mut edge.from);
                moved(&mut edge.to);
            }
        }
        moved(&mut self.fusions[other].first);
        moved(&mut self.fusions[other].second);
        self.fusions.push(Fusion { pair, first: u, second: v });
        self.fusions.push(Fusion { pair, first: pair + 1, second: pair + 2 });
        let column = self.column(pair);
        let vec = self.formulas.heads.vec;
        let formula = self.formulas.call(vec, &[inner], column);
        self.push_weight(pair, formula, &Rational::ONE);
        true
    }

    /// How an edge parts the graph, if it does: each of its labels hangs together with both fusions, and
    /// nothing else does.
    fn cut(&self, edge: usize, one: Fusion, two: Fusion) -> Option<Cut> {
        let Edge { from, to, .. } = self.edges[edge];
        let pairs = [one.pair, two.pair];
        if from == to || pairs.contains(&from) || pairs.contains(&to) {
            return None;
        }
        let reach = |starts: [usize; 2]| self.reach(starts, edge);
        let (near, far) = (reach([one.first, one.second]), reach([two.first, two.second]));
        let labels = [from, to];
        if !labels.iter().all(|label| near.contains(label) && far.contains(label)) {
            return None;
        }
        let inside = |side: &Labels| -> Labels {
            side.iter().copied().filter(|label| !labels.contains(label)).collect()
        };
        let (near, beyond) = (inside(&near), inside(&far));
        if near.iter().any(|label| beyond.contains(label)) {
            return None;
        }
        let first = self.reach([one.first, one.first], edge);
        let labels = if first.contains(&from) { [from, to] } else { [to, from] };
        Some(Cut { labels, other: 1, beyond })
    }

    /// The labels that hang together with some without an edge, and without going beyond its ends.
    fn reach(&self, starts: [usize; 2], without: usize) -> Labels {
        let ends = [self.edges[without].from, self.edges[without].to];
        let mut reached = Labels::new();
        let mut stack: Labels = starts.into_iter().collect();
        while let Some(label) = stack.pop() {
            if reached.contains(&label) {
                continue;
            }
            reached.push(label);
            if ends.contains(&label) {
                continue;
            }
            for at in self.edges_at(label) {
                let edge = &self.edges[at];
                stack.push(if edge.from == label { edge.to } else { edge.from });
            }
        }
        reached
    }
}
