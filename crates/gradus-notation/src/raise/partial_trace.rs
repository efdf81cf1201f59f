//! Reductions of stacked axes that are summed in part: sums over blocks, and stacked triangles.
//!
//! Must not know nodes. A pair is `p = i + rows*j`: the first label runs inside a block, the second one
//! counts the blocks.

use gradus_tensor::{DimensionId, Rational};
use smallvec::smallvec;

use crate::raise::formula::{Chain, Factor, Formula, FormulaId, Formulas};
use crate::raise::graph::{Fusion, Graph, Vertex};
use crate::raise::selection::Selection;
use crate::tree::Shape;

/// The constant that stacks the lower triangle of a square matrix; `symmetric` if the entries above the
/// diagonal are stacked in the same places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    pub(crate) place: usize,
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) symmetric: bool,
}

/// Two fusions of which two labels are joined and the other two are left, and the pairs of labels.
struct PartialSum {
    left: Fusion,
    right: Fusion,
    /// Whether the labels inside the blocks are joined; else those that count them.
    inside: bool,
}

impl Graph<'_> {
    /// One reduction at a fusion that is summed in part.
    pub(crate) fn sum_in_part(&mut self) -> bool {
        self.sum_of_blocks() || self.khatri_rao_partner()
    }

    fn apart(fusion: &Fusion) -> bool {
        fusion.pair != fusion.first && fusion.pair != fusion.second && fusion.first != fusion.second
    }

    /// The one label that all edges of an inner label lead to.
    fn sole_neighbour(&self, label: usize) -> Option<usize> {
        if !self.is_inner(label) {
            return None;
        }
        let edges = self.edges_at(label);
        let [edge] = edges.as_slice() else { return None };
        let edge = &self.edges[*edge];
        let other = if edge.from == label { edge.to } else { edge.from };
        (other != label).then_some(other)
    }

    /// Everything on an inner label and its one edge, as a matrix with the label's rows; the label
    /// disappears.
    fn take_arm(&mut self, label: usize) -> Chain {
        let vector = self.take_weights(label);
        let mut chain =
            if vector.is_empty() { Chain::new() } else { self.diagonal_matrix(&vector, label) };
        if let Some(at) = self.edges_at(label).first().copied() {
            let edge = self.edges.remove(at);
            let (matrix, _) = self.read_from(&edge, label);
            self.formulas.append(&mut chain, &matrix);
        }
        self.kill(label);
        chain
    }

    fn call_on(
        &mut self,
        function: gradus_tensor::FunctionId,
        sides: [Chain; 2],
        shape: Shape,
    ) -> FormulaId {
        let arguments = sides.map(|chain| self.formulas.of_chain(&chain));
        self.formulas.call(function, &arguments, shape)
    }

    /// Matrices from the pair and from one of its labels to one other label: that label's part of the
    /// product entry by entry is summed.
    fn khatri_rao_partner(&mut self) -> bool {
        let found = self.fusions.iter().enumerate().find_map(|(at, fusion)| {
            let target = self.sole_neighbour(fusion.pair)?;
            let inside = [(fusion.first, true), (fusion.second, false)]
                .into_iter()
                .find(|(label, _)| self.sole_neighbour(*label) == Some(target))?
                .1;
            let outside = ![fusion.pair, fusion.first, fusion.second].contains(&target);
            (outside && Self::apart(fusion)).then_some((at, target, inside))
        });
        let Some((at, target, inside)) = found else { return false };
        let fusion = self.fusions.remove(at);
        let (summed, kept) =
            if inside { (fusion.first, fusion.second) } else { (fusion.second, fusion.first) };
        let whole = self.take_arm(fusion.pair);
        let part = self.take_arm(summed);
        let shape = self.formulas.chain_shape(&whole);
        let ones = self.filled(self.between(kept, target));
        let sides = if inside { [ones, part] } else { [part, ones] };
        let function = self.formulas.heads.khatrirao;
        let spread = self.call_on(function, sides, shape);
        let spread: Chain = smallvec![Factor { formula: spread, transposed: false }];
        let product = self.entrywise(&whole, &spread);
        let product = self.take_scalars(product);
        let collect = self.collector(inside, &fusion);
        let mut chain = self.formulas.flip_chain(&collect);
        self.formulas.append(&mut chain, &product);
        self.push_edge(kept, target, chain);
        true
    }

    fn filled(&mut self, shape: Shape) -> Chain {
        let formula = self.formulas.intern(Formula::Ones, shape);
        smallvec![Factor { formula, transposed: false }]
    }

    fn unit(&mut self, size: DimensionId) -> Chain {
        let formula = self.formulas.intern(Formula::Identity, Shape { rows: size, columns: size });
        smallvec![Factor { formula, transposed: false }]
    }

    /// `kron(eye,ones)` from the pair to the label that counts the blocks, or `kron(ones,eye)` to the
    /// one inside them.
    fn collector(&mut self, inside: bool, fusion: &Fusion) -> Chain {
        let (first, second) =
            (self.vertices[fusion.first].dimension, self.vertices[fusion.second].dimension);
        let (kept, summed) = if inside { (second, first) } else { (first, second) };
        let unit = self.unit(kept);
        let ones = self.filled(Shape { rows: summed, columns: gradus_tensor::Dimensions::ONE });
        let sides = if inside { [unit, ones] } else { [ones, unit] };
        let shape = Shape { rows: self.vertices[fusion.pair].dimension, columns: kept };
        let function = self.formulas.heads.kron;
        let formula = self.call_on(function, sides, shape);
        smallvec![Factor { formula, transposed: false }]
    }

    /// A matrix between two pairs, of which the labels inside the blocks are joined: `blocktrace(M)`;
    /// of which those that count the blocks are: `blocksum(M)`.
    fn sum_of_blocks(&mut self) -> bool {
        let mut found = None;
        for at in 0..self.fusions.len() {
            for other in at + 1..self.fusions.len() {
                let (left, right) = (self.fusions[at], self.fusions[other]);
                let stand = Self::apart(&left)
                    && Self::apart(&right)
                    && self.sole_neighbour(left.pair) == Some(right.pair)
                    && self.sole_neighbour(right.pair) == Some(left.pair);
                let inside = self.joined(left.first, right.first);
                if stand && (inside || self.joined(left.second, right.second)) {
                    found = found.or(Some((at, other, inside)));
                }
            }
        }
        let Some((at, other, inside)) = found else { return false };
        let right = self.fusions.remove(other);
        let left = self.fusions.remove(at);
        self.join_blocks(PartialSum { left, right, inside });
        true
    }

    /// Whether two labels of different fusions are one, or have only a matrix between them.
    fn joined(&self, one: usize, other: usize) -> bool {
        if one == other {
            return self.is_summed(one)
                && self.fusions_at(one) == 2
                && self.edges_at(one).is_empty();
        }
        self.sole_neighbour(one) == Some(other) && self.sole_neighbour(other) == Some(one)
    }

    fn join_blocks(&mut self, PartialSum { left, right, inside }: PartialSum) {
        let whole = self.matrix(left.pair, right.pair);
        let (joined, kept) = if inside {
            ((left.first, right.first), (left.second, right.second))
        } else {
            ((left.second, right.second), (left.first, right.first))
        };
        let collectors = [self.collector(inside, &left), self.collector(inside, &right)];
        let shape = self.between(kept.0, kept.1);
        let inner = self.between(joined.0, joined.1);
        let bridge = self.bridge(joined.0, joined.1);
        let chain = if shape.rows == shape.columns {
            self.block_call(whole, &bridge, inside, inner, shape)
        } else {
            self.block_products(whole, bridge, inside, shape, collectors)
        };
        self.kill(left.pair);
        self.kill(right.pair);
        self.push_edge(kept.0, kept.1, chain);
    }

    /// `blocktrace(M*kron(eye,B'),p,q)` or `blocksum(M*kron(B',eye),p,q)`.
    fn block_call(
        &mut self,
        mut whole: Chain,
        bridge: &Chain,
        inside: bool,
        inner: Shape,
        kept: Shape,
    ) -> Chain {
        let turned = self.formulas.flip_chain(bridge);
        let unit = self.unit(kept.columns);
        let is_identity = matches!(bridge.as_slice(), [factor]
            if matches!(self.formulas.get(factor.formula), Formula::Identity));
        if !is_identity {
            let (p, q) = (kept.columns, (inner.columns, inner.rows));
            let rows = self.formulas.dimensions.multiply(p, q.0);
            let columns = self.formulas.dimensions.multiply(p, q.1);
            let sides = if inside { [unit, turned] } else { [turned, unit] };
            let function = self.formulas.heads.kron;
            let formula = self.call_on(function, sides, Shape { rows, columns });
            self.formulas.append(&mut whole, &[Factor { formula, transposed: false }]);
        }
        let heads = &self.formulas.heads;
        let (function, sizes) = if inside {
            (heads.blocktrace, [kept.rows, inner.rows])
        } else {
            (heads.blocksum, [inner.rows, kept.rows])
        };
        let argument = self.formulas.of_chain(&whole);
        let formula = self.formulas.sized_call(function, &[argument], &sizes, kept);
        smallvec![Factor { formula, transposed: false }]
    }

    /// Blocks in a grid that is not square: `kron(eye,ones)'*(M.*kron(ones,B))*kron(eye,ones)`.
    fn block_products(
        &mut self,
        whole: Chain,
        bridge: Chain,
        inside: bool,
        kept: Shape,
        [left, right]: [Chain; 2],
    ) -> Chain {
        let ones = self.filled(kept);
        let sides = if inside { [ones, bridge] } else { [bridge, ones] };
        let shape = self.formulas.chain_shape(&whole);
        let function = self.formulas.heads.kron;
        let spread = self.call_on(function, sides, shape);
        let spread: Chain = smallvec![Factor { formula: spread, transposed: false }];
        let product = self.entrywise(&whole, &spread);
        let product = self.take_scalars(product);
        let mut chain = self.formulas.flip_chain(&left);
        self.formulas.append(&mut chain, &product);
        self.formulas.append(&mut chain, &right);
        chain
    }

    /// Puts elimination and duplication matrices in the place of stacked triangles.
    pub(crate) fn unpack(&mut self, packings: &[Packing], selections: &[Selection]) {
        for (at, packing) in packings.iter().enumerate() {
            let size = self.vertices[packing.first].dimension;
            let total = self.formulas.dimensions.multiply(size, size);
            let fused = self.fusions.iter().position(|fusion| {
                (fusion.first, fusion.second) == (packing.first, packing.second)
                    && fusion.first != fusion.second
                    && [fusion.first, fusion.second].iter().all(|label| {
                        self.is_inner(*label)
                            && self.edges_at(*label).is_empty()
                            && self.vertices[*label].weights.is_empty()
                            && !packings.iter().enumerate().any(|(other_at, other)| {
                                other_at != at
                                    && [other.place, other.first, other.second].contains(label)
                            })
                            && !selections.iter().any(|selection| {
                                selection.whole == *label || selection.part == Some(*label)
                            })
                    })
            });
            let pair = match fused {
                Some(at) => {
                    let fusion = self.fusions.remove(at);
                    self.kill(fusion.first);
                    self.kill(fusion.second);
                    fusion.pair
                }
                None => {
                    self.vertices.push(Vertex {
                        dimension: total,
                        alive: true,
                        open: false,
                        weights: crate::raise::formula::Powers::new(),
                    });
                    let pair = self.vertices.len() - 1;
                    self.fusions.push(Fusion {
                        pair,
                        first: packing.first,
                        second: packing.second,
                    });
                    pair
                }
            };
            let place = self.vertices[packing.place].dimension;
            let heads = &self.formulas.heads;
            let (function, rows, columns) = if packing.symmetric {
                (heads.duplication, total, place)
            } else {
                (heads.elimination, place, total)
            };
            let shape = Shape { rows, columns };
            let formula = self.formulas.sized_call(function, &[], &[size], shape);
            let chain = smallvec![Factor { formula, transposed: packing.symmetric }];
            self.push_edge(packing.place, pair, chain);
        }
    }

    /// Where a stacked matrix meets nothing but an elimination matrix: `vech(M)` on the place.
    pub(crate) fn stack_triangle(&mut self, pair: usize, matrix: FormulaId) -> bool {
        if !self.is_summed(pair) || self.fusions_at(pair) > 0 {
            return false;
        }
        if !self.vertices[pair].weights.is_empty() {
            return false;
        }
        let edges = self.edges_at(pair);
        let [at] = edges.as_slice() else { return false };
        let edge = self.edges[*at].clone();
        let (chain, place) = self.read_from(&edge, pair);
        let elimination = self.formulas.heads.elimination;
        let [factor] = chain.as_slice() else { return false };
        if !factor.transposed || !self.formulas.is_call_of(factor.formula, elimination) {
            return false;
        }
        self.edges.remove(*at);
        self.kill(pair);
        let column = self.column(place);
        let function = self.formulas.heads.vech;
        let formula = self.formulas.call(function, &[matrix], column);
        self.push_weight(place, formula, &Rational::ONE);
        true
    }
}

impl Formulas {
    fn is_call_of(&self, formula: FormulaId, function: gradus_tensor::FunctionId) -> bool {
        use crate::raise::formula::Callee;
        matches!(self.get(formula), Formula::Call { callee: Callee::Function(callee), .. }
            if *callee == gradus_tensor::FunctionRef::Book(function))
    }
}
