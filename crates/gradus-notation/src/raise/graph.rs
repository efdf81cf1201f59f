//! A contraction as a graph: labels are vertices, matrices edges, vectors weights on vertices; and
//! its series–parallel reductions, in reading order.
//!
//! Must not know nodes of networks. What is left after all reductions is assembled in
//! [`super::assemble`]; a graph that cannot be reduced has no matrix form.

use gradus_tensor::{DimensionId, Dimensions, FunctionRef, Label, Rational};
use smallvec::{SmallVec, smallvec};

use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::tree::Shape;

/// The greatest exponent to which powers of powers are multiplied together.
const MOST_EXPONENT: i64 = 1_000_000;

/// A matrix between two labels; `chain` leads from rows at `from` to columns at `to`.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) chain: Chain,
}

/// The constant that fuses two labels into one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fusion {
    pub(crate) pair: usize,
    pub(crate) first: usize,
    pub(crate) second: usize,
}

/// A label.
#[derive(Clone, Debug)]
pub(crate) struct Vertex {
    pub(crate) dimension: DimensionId,
    /// Whether the label still counts; one that was summed or replaced does not.
    pub(crate) alive: bool,
    /// Whether the label is an output.
    pub(crate) open: bool,
    pub(crate) weights: Powers,
}

/// The graph of one contraction under reduction.
pub(crate) struct Graph<'f> {
    pub(crate) formulas: &'f mut Formulas,
    pub(crate) coefficient: Rational,
    pub(crate) scalars: Powers,
    pub(crate) vertices: SmallVec<[Vertex; 6]>,
    pub(crate) edges: SmallVec<[Edge; 6]>,
    pub(crate) fusions: SmallVec<[Fusion; 1]>,
    /// The labels of constants that are the signs of permutations: result, first and second factor of a
    /// cross product, or any rotation of them.
    pub(crate) crosses: SmallVec<[[usize; 3]; 1]>,
    /// How many edges lie at each label, as counted before the last step.
    degrees: SmallVec<[u32; 8]>,
}

impl<'f> Graph<'f> {
    /// The empty graph over labels of some dimensions, of which some are outputs.
    pub(crate) fn new(
        formulas: &'f mut Formulas,
        dimensions: impl Iterator<Item = DimensionId>,
        open: &[Label],
    ) -> Self {
        let mut vertices: SmallVec<[Vertex; 6]> = dimensions
            .map(|dimension| Vertex { dimension, alive: true, open: false, weights: Powers::new() })
            .collect();
        for label in open {
            vertices[usize::from(*label)].open = true;
        }
        Self {
            formulas,
            coefficient: Rational::ONE,
            scalars: Powers::new(),
            vertices,
            edges: SmallVec::new(),
            fusions: SmallVec::new(),
            crosses: SmallVec::new(),
            degrees: SmallVec::new(),
        }
    }

    /// Multiplies by the scalars of a term and returns its chain.
    pub(crate) fn take_scalars(&mut self, term: Term) -> Chain {
        self.coefficient = self.coefficient.multiply(&term.coefficient);
        for (base, exponent) in &term.scalars {
            Formulas::multiply_power(&mut self.scalars, *base, exponent);
        }
        term.chain
    }

    /// Multiplies by a power of a term that lies on labels.
    pub(crate) fn push(&mut self, term: Term, exponent: &Rational, labels: &[usize]) {
        match labels {
            [] => self.push_scalar(term, exponent),
            [label] => {
                let formula = self.formulas.of_term(&term);
                self.push_weight(*label, formula, exponent);
            }
            // The power of a diagonal alone: off it, the matrix may have none.
            [label, other] if label == other && !exponent.is_one() => {
                let inner = self.formulas.of_term(&term);
                let shape = self.column(*label);
                let diagonal = self.formulas.apply(Callee::DiagonalVector, &[inner], shape);
                self.push_weight(*label, diagonal, exponent);
            }
            [from, to] => {
                let chain = if exponent.is_one() {
                    self.take_scalars(term)
                } else {
                    let shape = self.formulas.term_shape(&term);
                    let formula = self.formulas.of_term(&term);
                    let mut powers = Powers::new();
                    let scale = self.formulas.multiply_entrywise(&mut powers, formula, exponent);
                    self.scale(scale);
                    let power = self.formulas.hadamard(&powers, shape);
                    self.take_scalars(power)
                };
                self.push_edge(*from, *to, chain);
            }
            _ => {}
        }
    }

    fn scale(&mut self, (coefficient, scalars): (Rational, Powers)) {
        self.coefficient = self.coefficient.multiply(&coefficient);
        for (base, exponent) in &scalars {
            Formulas::multiply_power(&mut self.scalars, *base, exponent);
        }
    }

    pub(crate) fn push_scalar(&mut self, term: Term, exponent: &Rational) {
        let single = term.coefficient.is_one() && term.scalars.len() == 1;
        let inner_is_safe = term.scalars.iter().all(|(_, inner)| inner.is_one());
        // Exponents that grow without bound are left apart.
        let bounded = term
            .scalars
            .iter()
            .all(|(_, inner)| inner.multiply(exponent).abs() <= Rational::integer(MOST_EXPONENT));
        if bounded
            && let Some(power) = exponent.to_i64()
            && let Some(coefficient) = term.coefficient.power(power)
        {
            self.coefficient = self.coefficient.multiply(&coefficient);
            for (base, inner) in &term.scalars {
                Formulas::multiply_power(&mut self.scalars, *base, &inner.multiply(exponent));
            }
        } else if single && inner_is_safe {
            Formulas::multiply_power(&mut self.scalars, term.scalars[0].0, exponent);
        } else {
            let base = self.formulas.of_term(&term);
            Formulas::multiply_power(&mut self.scalars, base, exponent);
        }
    }

    /// Puts a power of a vector on a label.
    pub(crate) fn push_weight(&mut self, label: usize, formula: FormulaId, exponent: &Rational) {
        let mut weights = std::mem::take(&mut self.vertices[label].weights);
        let scale = self.formulas.multiply_entrywise(&mut weights, formula, exponent);
        self.vertices[label].weights = weights;
        self.scale(scale);
    }

    /// Puts a product that is a column on a label.
    pub(crate) fn push_column(&mut self, label: usize, chain: &Chain) {
        let formula = self.formulas.of_chain(chain);
        self.push_weight(label, formula, &Rational::ONE);
    }

    /// Puts a matrix between two labels; one of rank one by its form is two vectors.
    pub(crate) fn push_edge(&mut self, from: usize, to: usize, chain: Chain) {
        let narrow = (0..chain.len().saturating_sub(1))
            .find(|at| self.formulas.factor_shape(chain[*at]).columns == Dimensions::ONE);
        match narrow {
            Some(at) => {
                self.push_column(from, &chain[..=at].into());
                let row = self.formulas.flip_chain(&chain[at + 1..]);
                self.push_column(to, &row);
            }
            None => self.edges.push(Edge { from, to, chain }),
        }
    }

    /// Reduces as far as possible.
    pub(crate) fn reduce(&mut self) {
        loop {
            self.count_degrees();
            let changed = self.close_loop()
                || self.sum_out_label()
                || self.sum_matrix()
                || self.matrix_times_vector()
                || self.series()
                || self.parallel()
                || self.weighted_series()
                || self.row_sums()
                || self.cross()
                || self.fuse();
            if !changed {
                return;
            }
        }
    }

    /// Counts the edges at each label once for all rules, so that long chains are reduced soon.
    fn count_degrees(&mut self) {
        self.degrees.clear();
        self.degrees.resize(self.vertices.len(), 0);
        for edge in &self.edges {
            self.degrees[edge.from] += 1;
            if edge.to != edge.from {
                self.degrees[edge.to] += 1;
            }
        }
    }

    /// Whether a label is summed and lies on no fusion.
    fn is_closed(&self, label: usize) -> bool {
        let vertex = &self.vertices[label];
        vertex.alive && !vertex.open && !self.is_fused(label)
    }

    pub(crate) fn is_fused(&self, label: usize) -> bool {
        self.is_crossed(label)
            || self
                .fusions
                .iter()
                .any(|fusion| [fusion.pair, fusion.first, fusion.second].contains(&label))
    }

    /// The places of the edges at a label.
    pub(crate) fn edges_at(&self, label: usize) -> SmallVec<[usize; 4]> {
        (0..self.edges.len())
            .filter(|at| self.edges[*at].from == label || self.edges[*at].to == label)
            .collect()
    }

    /// The matrix of an edge read from a label to the other end.
    pub(crate) fn read_from(&mut self, edge: &Edge, label: usize) -> (Chain, usize) {
        if edge.from == label {
            (edge.chain.clone(), edge.to)
        } else {
            (self.formulas.flip_chain(&edge.chain), edge.from)
        }
    }

    pub(crate) fn kill(&mut self, label: usize) {
        self.vertices[label].alive = false;
        self.vertices[label].weights.clear();
    }

    /// The weights of a label as one product, which is a column or empty for ones; its scalars go to
    /// the front.
    pub(crate) fn take_weights(&mut self, label: usize) -> Chain {
        let weights = std::mem::take(&mut self.vertices[label].weights);
        if weights.is_empty() {
            return Chain::new();
        }
        let shape = self.column(label);
        let term = self.formulas.hadamard(&weights, shape);
        self.take_scalars(term)
    }

    pub(crate) fn column(&self, label: usize) -> Shape {
        Shape { rows: self.vertices[label].dimension, columns: Dimensions::ONE }
    }

    /// `M_aa`: a trace where nothing else lies on `a`, else the diagonal as a vector.
    fn close_loop(&mut self) -> bool {
        let Some(at) = self.edges.iter().position(|edge| edge.from == edge.to) else {
            return false;
        };
        let edge = self.edges.remove(at);
        let label = edge.from;
        if self.is_closed(label)
            && self.vertices[label].weights.is_empty()
            && self.edges_at(label).is_empty()
        {
            self.kill(label);
            let trace = self.formulas.trace(&edge.chain);
            self.push_scalar(trace, &Rational::ONE);
        } else {
            let diagonal = self.diagonal_of(&edge.chain, label);
            self.push_weight(label, diagonal, &Rational::ONE);
        }
        true
    }

    fn diagonal_of(&mut self, chain: &Chain, label: usize) -> FormulaId {
        let flipped = self.formulas.flip_chain(chain);
        let chain = self.formulas.cheaper_chain(chain, &flipped).clone();
        let inner = self.formulas.of_chain(&chain);
        let shape = self.column(label);
        self.formulas.apply(Callee::DiagonalVector, &[inner], shape)
    }

    /// A closed label without matrices: a total, an inner product, or a free factor of its size.
    fn sum_out_label(&mut self) -> bool {
        let Some(label) = (0..self.vertices.len())
            .find(|label| self.degrees[*label] == 0 && self.is_closed(*label))
        else {
            return false;
        };
        let weights = std::mem::take(&mut self.vertices[label].weights);
        let column = self.column(label);
        self.kill(label);
        let total = self.formulas.total_of_powers(&weights, column);
        self.push_scalar(total, &Rational::ONE);
        true
    }

    /// A matrix alone between two closed labels: the sum of its entries.
    fn sum_matrix(&mut self) -> bool {
        let found = (0..self.edges.len()).find(|at| {
            let (from, to) = (self.edges[*at].from, self.edges[*at].to);
            [from, to].iter().all(|label| {
                self.is_closed(*label)
                    && self.vertices[*label].weights.is_empty()
                    && self.degrees[*label] == 1
            })
        });
        let Some(at) = found else { return false };
        let edge = self.edges.remove(at);
        self.kill(edge.from);
        self.kill(edge.to);
        let total = self.formulas.total_of_matrix(&edge.chain);
        self.push_scalar(total, &Rational::ONE);
        true
    }

    /// A closed label with vectors and one matrix: `M*v`. Labels with more vectors come first, so
    /// that fewer parentheses arise.
    fn matrix_times_vector(&mut self) -> bool {
        let mut best: Option<(usize, usize, usize)> = None;
        for label in 0..self.vertices.len() {
            let weights = self.vertices[label].weights.len();
            if weights == 0 || self.degrees[label] != 1 || !self.is_closed(label) {
                continue;
            }
            let edges = self.edges_at(label);
            if let [edge] = edges.as_slice()
                && best.is_none_or(|(_, _, most)| weights > most)
            {
                best = Some((label, *edge, weights));
            }
        }
        let Some((label, edge, _)) = best else { return false };
        let vector = self.take_weights(label);
        self.kill(label);
        let edge = self.edges.remove(edge);
        let (mut chain, other) = {
            let (chain, other) = self.read_from(&edge, label);
            (self.formulas.flip_chain(&chain), other)
        };
        let vector = if vector.is_empty() { self.ones_column(label) } else { vector };
        self.formulas.append(&mut chain, &vector);
        self.push_column(other, &chain);
        true
    }

    pub(crate) fn ones_column(&mut self, label: usize) -> Chain {
        let shape = self.column(label);
        let formula = self.formulas.intern(Formula::Ones, shape);
        smallvec![Factor { formula, transposed: false }]
    }

    /// The two edges of a closed label with exactly two.
    fn two_edges(&self, label: usize) -> Option<(usize, usize)> {
        if self.degrees[label] != 2 {
            return None;
        }
        match self.edges_at(label).as_slice() {
            [first, second] if self.is_closed(label) => Some((*first, *second)),
            _ => None,
        }
    }

    fn other_end(&self, edge: usize, label: usize) -> usize {
        let edge = &self.edges[edge];
        if edge.from == label { edge.to } else { edge.from }
    }

    /// A closed label between two matrices and nothing else: `A*B`.
    fn series(&mut self) -> bool {
        let found = (0..self.vertices.len()).find_map(|label| {
            let (first, second) = self.two_edges(label)?;
            let (left, right) = (self.other_end(first, label), self.other_end(second, label));
            let nothing_more = self.is_closed(left)
                && self.vertices[left].weights.is_empty()
                && self.degrees[left] == 2;
            (self.vertices[label].weights.is_empty() && (left != right || nothing_more))
                .then_some((label, first, second))
        });
        let Some((label, first, second)) = found else { return false };
        self.join_edges(label, first, second, Chain::new());
        true
    }

    /// A closed label with vectors between two matrices: `A*diag(v)*B`.
    fn weighted_series(&mut self) -> bool {
        let found = (0..self.vertices.len()).find_map(|label| {
            let (first, second) = self.two_edges(label)?;
            let apart = self.other_end(first, label) != self.other_end(second, label);
            apart.then_some((label, first, second))
        });
        let Some((label, first, second)) = found else { return false };
        let vector = self.take_weights(label);
        let middle = self.diagonal_matrix(&vector, label);
        self.join_edges(label, first, second, middle);
        true
    }

    fn join_edges(&mut self, label: usize, first: usize, second: usize, middle: Chain) {
        let right = self.edges.remove(first.max(second));
        let left = self.edges.remove(first.min(second));
        let (left_chain, from) = self.read_from(&left, label);
        let (right_chain, to) = self.read_from(&right, label);
        let mut chain = self.formulas.flip_chain(&left_chain);
        self.formulas.append(&mut chain, &middle);
        self.formulas.append(&mut chain, &right_chain);
        self.kill(label);
        self.push_edge(from, to, chain);
    }

    /// `diag(v)` of a column; the identity for no column.
    pub(crate) fn diagonal_matrix(&mut self, vector: &Chain, label: usize) -> Chain {
        let dimension = self.vertices[label].dimension;
        let shape = Shape { rows: dimension, columns: dimension };
        let formula = if vector.is_empty() {
            self.formulas.intern(Formula::Identity, shape)
        } else {
            let inner = self.formulas.of_chain(vector);
            self.formulas.apply(Callee::DiagonalMatrix, &[inner], shape)
        };
        smallvec![Factor { formula, transposed: false }]
    }

    /// Two matrices between the same labels: `diag(A*B')` where one label has nothing else, else
    /// `A.*B`.
    fn parallel(&mut self) -> bool {
        let ends = |at: usize| {
            let edge = &self.edges[at];
            (edge.from.min(edge.to), edge.from.max(edge.to))
        };
        let differential = |at: usize| {
            self.edges[at].chain.iter().any(|factor| self.formulas.is_differential(factor.formula))
        };
        // A differential is left for last, so that it ends up alone.
        let found = (0..self.edges.len())
            .flat_map(|first| (first + 1..self.edges.len()).map(move |second| (first, second)))
            .filter(|(first, second)| ends(*first) == ends(*second))
            .min_by_key(|(first, second)| differential(*first) || differential(*second));
        let Some((first, second)) = found else { return false };
        let (from, to) = (self.edges[first].from, self.edges[first].to);
        for (label, other) in [(to, from), (from, to)] {
            if self.two_edges(label).is_some() && self.vertices[label].weights.is_empty() {
                let right = self.edges.remove(second);
                let left = self.edges.remove(first);
                self.push_products_of_rows(&left, &right, label, other);
                return true;
            }
        }
        let edge = self.edges.remove(second);
        let (right, _) = self.read_from(&edge, from);
        let left = std::mem::take(&mut self.edges[first].chain);
        let product = self.entrywise(&left, &right);
        let chain = self.take_scalars(product);
        self.edges[first].chain = chain;
        true
    }

    /// The inner products of the rows of two matrices on `other`, summed over `label`: the shorter of
    /// `diag(A*B')` and `(A.*B)*ones`, and the latter where a side is made entry by entry.
    fn push_products_of_rows(&mut self, left: &Edge, right: &Edge, label: usize, other: usize) {
        let (mut product, _) = self.read_from(left, other);
        let (upright, _) = self.read_from(right, other);
        let (flipped, _) = self.read_from(right, label);
        let entrywise = self.entrywise(&product, &upright);
        let mut summed = entrywise.chain.clone();
        let ones = self.ones_column(label);
        self.formulas.append(&mut summed, &ones);
        self.formulas.append(&mut product, &flipped);
        self.kill(label);
        let diagonal = self.diagonal_of(&product, other);
        let parts = |id: FormulaId| self.formulas.measure(id);
        let is_entrywise = |edge: &Edge| match edge.chain.as_slice() {
            [only] => match self.formulas.get(only.formula) {
                Formula::Hadamard(_) | Formula::Sum(_) => true,
                Formula::Call { callee: Callee::Function(function), .. } => {
                    is_elementwise(*function)
                }
                _ => false,
            },
            _ => false,
        };
        let shorter = parts(diagonal).cost <= self.formulas.measure_chain(&summed, &parts).cost;
        if shorter && !is_entrywise(left) && !is_entrywise(right) {
            self.push_weight(other, diagonal, &Rational::ONE);
        } else {
            self.take_scalars(entrywise);
            self.push_column(other, &summed);
        }
    }

    pub(crate) fn entrywise(&mut self, left: &Chain, right: &Chain) -> Term {
        let shape = self.formulas.chain_shape(left);
        let mut powers = Powers::new();
        for chain in [left, right] {
            let formula = self.formulas.of_chain(chain);
            // Products without scalars leave no scale.
            self.formulas.multiply_entrywise(&mut powers, formula, &Rational::ONE);
        }
        self.formulas.hadamard(&powers, shape)
    }

    /// A closed label with one matrix alone: `M*ones`.
    fn row_sums(&mut self) -> bool {
        let found = (0..self.vertices.len())
            .find(|label| self.degrees[*label] == 1 && self.is_closed(*label));
        let Some(label) = found else { return false };
        let at = self.edges_at(label)[0];
        let edge = self.edges.remove(at);
        let (chain, other) = self.read_from(&edge, label);
        let mut chain = self.formulas.flip_chain(&chain);
        let ones = self.ones_column(label);
        self.formulas.append(&mut chain, &ones);
        self.kill(label);
        self.push_column(other, &chain);
        true
    }
}

/// Whether a function acts entry by entry.
fn is_elementwise(function: FunctionRef) -> bool {
    match function {
        FunctionRef::Book(id) => {
            gradus_functions::book().get(id).facts.cores.iter().all(|core| *core == 0)
        }
        FunctionRef::Elementwise { .. } => true,
        _ => false,
    }
}
