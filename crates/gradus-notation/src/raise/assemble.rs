//! What a reduced graph stands for: outer products, diagonals, totals, traces and inner products.
//!
//! Must not know how the graph was reduced.

use std::cmp::Ordering;

use gradus_tensor::{Dimensions, Rational};
use smallvec::{SmallVec, smallvec};

use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::raise::graph::Graph;
use crate::tree::Shape;

/// Traces of longer products keep their order.
const ROTATIONS: usize = 16;

impl Graph<'_> {
    /// The value with the given labels as rows and columns; an axis without a label has size one.
    /// `None` if the graph did not reduce to a matrix form.
    pub(crate) fn assemble(&mut self, output: &[Option<usize>]) -> Option<Term> {
        let labels: SmallVec<[usize; 2]> = output.iter().copied().flatten().collect();
        let reduced =
            self.fusions.is_empty()
                && self.crosses.is_empty()
                && self.vertices.iter().enumerate().all(|(label, vertex)| {
                    !vertex.alive || (vertex.open && labels.contains(&label))
                })
                && self.edges.iter().all(|edge| {
                    edge.from != edge.to && labels.contains(&edge.from) && labels.contains(&edge.to)
                })
                && self.edges.len() <= 1;
        if !reduced {
            return None;
        }
        let chain = match output {
            [] | [None] | [None, None] => Chain::new(),
            [Some(label)] | [Some(label), None] => self.weights_or_ones(*label),
            [None, Some(label)] => {
                let column = self.weights_or_ones(*label);
                self.formulas.flip_chain(&column)
            }
            [Some(row), Some(column)] if row == column => {
                let vector = self.take_weights(*row);
                self.diagonal_matrix(&vector, *row)
            }
            [Some(row), Some(column)] => self.matrix(*row, *column),
            _ => return None,
        };
        let mut term = Term {
            coefficient: self.coefficient.clone(),
            scalars: std::mem::take(&mut self.scalars),
            chain,
        };
        let adjacent = |pair: &[Factor]| {
            pair.iter().all(|factor| self.formulas.diagonal_factor(*factor).is_some())
        };
        if term.chain.windows(2).any(adjacent) {
            let merged = self.formulas.merge_diagonals(&term.chain);
            term.chain.clear();
            term = self.formulas.multiply(&term, &merged);
        }
        self.formulas.fill_masks(&mut term);
        self.formulas.write_means(&mut term);
        Some(self.formulas.without_inner_fractions(term))
    }

    fn weights_or_ones(&mut self, label: usize) -> Chain {
        let vector = self.take_weights(label);
        if vector.is_empty() { self.ones_column(label) } else { vector }
    }

    /// Everything between two labels, which are left without weights and edges.
    pub(crate) fn matrix(&mut self, row: usize, column: usize) -> Chain {
        let edge = self.edges.iter().position(|edge| {
            [edge.from, edge.to] == [row, column] || [edge.from, edge.to] == [column, row]
        });
        let left = self.take_weights(row);
        let right = self.take_weights(column);
        let Some(edge) = edge else { return self.outer(row, column, left, right) };
        let edge = self.edges.remove(edge);
        let (middle, _) = self.read_from(&edge, row);
        let mut chain = Chain::new();
        if !left.is_empty() {
            chain = self.diagonal_matrix(&left, row);
        }
        self.formulas.append(&mut chain, &middle);
        if !right.is_empty() {
            let right = self.diagonal_matrix(&right, column);
            self.formulas.append(&mut chain, &right);
        }
        chain
    }

    fn outer(&mut self, row: usize, column: usize, left: Chain, right: Chain) -> Chain {
        if left.is_empty() && right.is_empty() {
            let shape = Shape {
                rows: self.vertices[row].dimension,
                columns: self.vertices[column].dimension,
            };
            let formula = self.formulas.intern(Formula::Ones, shape);
            return smallvec![Factor { formula, transposed: false }];
        }
        let mut chain = if left.is_empty() { self.ones_column(row) } else { left };
        let right = if right.is_empty() { self.ones_column(column) } else { right };
        let right = self.formulas.flip_chain(&right);
        self.formulas.append(&mut chain, &right);
        chain
    }
}

impl Formulas {
    /// `sum(x)/n = mean(x)` for x with n entries.
    fn write_means(&mut self, term: &mut Term) {
        if term.scalars.len() < 2 {
            return;
        }
        for at in 0..term.scalars.len() {
            let (base, exponent) = term.scalars[at].clone();
            let Some(argument) = self.argument_of(base, Some(self.heads.sum)) else { continue };
            let shape = self.shape(argument);
            if !shape.is_vector() {
                continue;
            }
            let length = if shape.rows == Dimensions::ONE { shape.columns } else { shape.rows };
            let divides = |(other, power): &(FormulaId, Rational)| {
                matches!(self.get(*other), Formula::Dimension(size) if *size == length)
                    && power.is_negative()
                    && !exponent.is_negative()
                    && *power <= exponent.negate()
            };
            let Some(size) = term.scalars.iter().find(|power| divides(power)) else { continue };
            let size = size.0;
            let mean = self.call(self.heads.mean, &[argument], Shape::SCALAR);
            Self::multiply_power(&mut term.scalars, size, &exponent);
            Self::multiply_power(&mut term.scalars, base, &exponent.negate());
            Self::multiply_power(&mut term.scalars, mean, &exponent);
            return;
        }
    }

    /// The product that reads better. A tie goes to the one that ends in a
    /// differential, then to `M'*A*M`, then to `A'*B` before `A*B'`, then to
    /// the order of the alphabet, then to what was seen first.
    pub(crate) fn cheaper_chain<'c>(&self, one: &'c Chain, other: &'c Chain) -> &'c Chain {
        let parts = |id: FormulaId| self.measure(id);
        let [cost, other_cost] = [one, other].map(|chain| self.measure_chain(chain, &parts).cost);
        let beauty = |chain: &Chain| match (chain.first(), chain.last()) {
            (Some(first), Some(last)) => {
                let sandwich = first.formula == last.formula && first.transposed != last.transposed;
                let differential = !last.transposed
                    && self.is_differential(last.formula)
                    && matches!(self.get(last.formula), Formula::Symbol(_));
                (!differential, !sandwich, !first.transposed)
            }
            _ => (true, true, true),
        };
        let order = other_cost
            .cmp(&cost)
            .then_with(|| beauty(other).cmp(&beauty(one)))
            .then_with(|| self.reading_order(other, one));
        if order.is_lt() { other } else { one }
    }

    /// Variables in the order of the alphabet, before everything else in the order of creation.
    pub(crate) fn reading_order(&self, one: &Chain, other: &Chain) -> Ordering {
        let key = |factor: &Factor| match self.get(factor.formula) {
            Formula::Symbol(symbol) => {
                let rank = self.alphabet.get(symbol.0 as usize).copied().unwrap_or(u32::MAX);
                (false, rank, factor.transposed)
            }
            _ => (true, factor.formula.0, factor.transposed),
        };
        one.iter().map(key).cmp(other.iter().map(key))
    }

    /// Scalar variables go before other scalars, in the order of the alphabet.
    pub(crate) fn order_symbols(&self, scalars: &mut Powers) {
        let rank = |base: FormulaId| match self.get(base) {
            Formula::Symbol(symbol) if !self.is_differential(base) => {
                self.alphabet.get(symbol.0 as usize).copied().unwrap_or(u32::MAX)
            }
            _ => u32::MAX,
        };
        scalars.sort_by_key(|(base, _)| rank(*base));
    }

    fn scalar(formula: FormulaId) -> Term {
        Term {
            coefficient: Rational::ONE,
            scalars: smallvec![(formula, Rational::ONE)],
            chain: Chain::new(),
        }
    }

    /// A dimension as a number.
    pub(crate) fn size(&mut self, dimension: gradus_tensor::DimensionId) -> Term {
        match self.dimensions.as_number(dimension) {
            Some(number) => Term::number(number),
            None => {
                let formula = self.intern(Formula::Dimension(dimension), Shape::SCALAR);
                Self::scalar(formula)
            }
        }
    }

    /// The sum of the squares of all entries of an array.
    fn squared_norm(&mut self, mut base: FormulaId) -> Term {
        if let Formula::Term(term) = self.get(base)
            && term.is_pure()
            && let [factor] = term.chain.as_slice()
        {
            base = factor.formula;
        }
        // Of complex numbers a norm sums the squares of moduli.
        let formula = match self.is_complex(base) {
            true => self.sum_of_squares(base),
            false => self.intern(Formula::SquaredNorm(base), Shape::SCALAR),
        };
        Self::scalar(formula)
    }

    /// `v'*v`, `sum(M.^2)`
    fn sum_of_squares(&mut self, base: FormulaId) -> FormulaId {
        let shape = self.shape(base);
        if shape.is_vector() {
            let is_row = shape.rows == Dimensions::ONE;
            let factor = |transposed| Factor { formula: base, transposed };
            let chain = [factor(!is_row), factor(is_row)].into_iter().collect();
            return self.intern(Formula::Dot(chain), Shape::SCALAR);
        }
        let squares = [(base, Rational::integer(2))].into_iter().collect();
        let squares = self.intern(Formula::Hadamard(squares), shape);
        self.call(self.heads.sum, &[squares], Shape::SCALAR)
    }

    fn squared_norm_of_term(&mut self, root: &Term) -> Term {
        let base = self.of_chain(&root.chain);
        let mut square = self.squared_norm(base);
        let two = Rational::integer(2);
        if let Some(coefficient) = root.coefficient.power(2) {
            square.coefficient = coefficient;
        }
        for (scalar, exponent) in &root.scalars {
            Self::multiply_power(&mut square.scalars, *scalar, &exponent.multiply(&two));
        }
        square
    }

    /// The sum over a label of a product of powers of columns.
    pub(crate) fn total_of_powers(&mut self, powers: &Powers, column: Shape) -> Term {
        match powers.as_slice() {
            [] => return self.size(column.rows),
            powers if let Some(root) = square_root(powers) => {
                let root = self.hadamard(&root, column);
                return self.squared_norm_of_term(&root);
            }
            [(left, one), (right, other)] if one.is_one() && other.is_one() => {
                return self.inner_product(*left, *right);
            }
            [(base, exponent)] if exponent.is_one() => {
                if let Formula::Call { callee: Callee::DiagonalVector, arguments, .. } =
                    self.get(*base)
                {
                    let inner = self.term(arguments[0]);
                    return self.trace(&inner.chain);
                }
            }
            _ => {}
        }
        let product = self.hadamard(powers, column);
        let total = self.total_of_column(&product.chain);
        let mut best = Term { coefficient: product.coefficient, ..total };
        for (base, exponent) in &product.scalars {
            Self::multiply_power(&mut best.scalars, *base, exponent);
        }
        for at in 0..powers.len().min(8) {
            if powers.len() < 2 || !powers[at].1.is_one() {
                continue;
            }
            let mut rest = powers.clone();
            let (alone, _) = rest.remove(at);
            if rest.iter().all(|(_, exponent)| exponent.is_negative()) {
                continue;
            }
            let rest = self.hadamard(&rest, column);
            if !rest.is_pure() {
                continue;
            }
            let rest = self.of_chain(&rest.chain);
            let candidate = self.inner_product(rest, alone);
            if self.is_differential(alone) || self.term_cost(&candidate) < self.term_cost(&best) {
                best = candidate;
            }
        }
        best
    }

    pub(crate) fn term_cost(&self, term: &Term) -> u32 {
        self.measure_term(term, &|id| self.measure(id)).cost
    }

    /// `sum(v)`
    fn total_of_column(&mut self, chain: &Chain) -> Term {
        if let Some((last, rest)) = chain.split_last()
            && rest.is_empty()
            && matches!(self.get(last.formula), Formula::Ones)
        {
            return self.size(self.chain_shape(chain).rows);
        }
        // The total of a row is the total of the column.
        let inner = match chain.as_slice() {
            [factor] => factor.formula,
            _ => self.of_chain(chain),
        };
        let formula = self.call(self.heads.sum, &[inner], Shape::SCALAR);
        Self::scalar(formula)
    }

    /// `u'*v` for two columns.
    fn inner_product(&mut self, left: FormulaId, right: FormulaId) -> Term {
        let left = self.term(left).chain;
        let right = self.term(right).chain;
        for (summed, other) in [(&left, &right), (&right, &left)] {
            if let Some((last, rest)) = summed.split_last()
                && matches!(self.get(last.formula), Formula::Ones)
            {
                let mut column = self.flip_chain(rest);
                self.append(&mut column, other);
                return self.total_of_column(&column);
            }
        }
        let mut chain = self.flip_chain(&left);
        self.append(&mut chain, &right);
        let flipped = self.flip_chain(&chain);
        let chain = self.cheaper_chain(&chain, &flipped).clone();
        let formula = self.intern(Formula::Dot(chain), Shape::SCALAR);
        Self::scalar(formula)
    }

    /// The sum of all entries of a matrix.
    pub(crate) fn total_of_matrix(&mut self, chain: &Chain) -> Term {
        if let [factor] = chain.as_slice()
            && let Formula::Hadamard(powers) = self.get(factor.formula)
            && let Some(root) = square_root(powers)
        {
            let shape = self.shape(factor.formula);
            let root = self.hadamard(&root, shape);
            return self.squared_norm_of_term(&root);
        }
        let flipped = self.flip_chain(chain);
        let chain = self.cheaper_chain(chain, &flipped).clone();
        let inner = self.of_chain(&chain);
        let formula = self.call(self.heads.sum, &[inner], Shape::SCALAR);
        Self::scalar(formula)
    }

    /// The trace of a product, in the rotation and direction that read best.
    pub(crate) fn trace(&mut self, chain: &Chain) -> Term {
        let mut best = chain.clone();
        if chain.len() <= ROTATIONS {
            let flipped = self.flip_chain(chain);
            for mut rotation in [chain.clone(), flipped] {
                for _ in 0..rotation.len() {
                    best = self.cheaper_chain(&best, &rotation).clone();
                    if let Some(base) = self.half_of_square(&rotation) {
                        let base = self.of_chain(&base);
                        if !self.is_complex(base) {
                            return self.squared_norm(base);
                        }
                    }
                    rotation.rotate_left(1);
                }
            }
        }
        let inner = self.of_chain(&best);
        let formula = self.call(self.heads.trace, &[inner], Shape::SCALAR);
        Self::scalar(formula)
    }

    /// `M`, if the product is `M'*M`.
    fn half_of_square(&mut self, chain: &Chain) -> Option<Chain> {
        let half = chain.len() / 2;
        if chain.len() != 2 * half || half == 0 {
            return None;
        }
        let (left, right) = chain.split_at(half);
        let symmetric = |factor: &Factor| self.is_symmetric(factor.formula);
        // tr(S*S) of a symmetric S is a squared norm too, but reads better as it is.
        if left.iter().all(symmetric) {
            return None;
        }
        let flipped = self.flip_chain(right);
        (flipped.as_slice() == left).then(|| right.into())
    }
}

/// The entrywise square root of even powers that is no plain power again: `x.^2.*y.^2` has `x.*y`,
/// while `x.^4` reads better as it is.
fn square_root(powers: &[(FormulaId, Rational)]) -> Option<Powers> {
    let half = Rational::new(1, 2)?;
    let root: Powers =
        powers.iter().map(|(base, exponent)| (*base, exponent.multiply(&half))).collect();
    let whole = !root.is_empty() && root.iter().all(|(_, exponent)| exponent.is_integer());
    let plain = matches!(root.as_slice(), [(_, exponent)] if !exponent.is_one());
    (whole && !plain).then_some(root)
}
