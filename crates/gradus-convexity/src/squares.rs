//! Sums of squares that are multiplied out: `x'x − 2x'y + y'y` is `‖x − y‖²`.
//!
//! Must not know functions. Squares with the same weights have halves `hᵢ`; what stands between them is a
//! matrix of numbers `C` in `Σ Cᵢⱼ hᵢ'Khⱼ`, and that is at least zero if `C` is positive semidefinite.

use gradus_tensor::{
    Arena, Contraction, Label, Network, Node, NodeId, Rational, Scaled, Sum, Wires,
};

use crate::analysis::{Analysis, Known, Why};
use crate::bend::Bend;
use crate::certificate::Rule;
use crate::contraction::{Halves, label};
use crate::mirror::Mirror;

/// Sums with more squares are not completed.
const MOST_SQUARES: usize = 12;
/// Sums of more terms are not squared to see whether they are projectors.
const MOST_SQUARED: usize = 4;

/// The half of a square, and what stands between it and its image.
struct Half {
    node: NodeId,
    /// For each axis of the half, whether the kernel meets it, and then whether it exchanges it.
    axes: Vec<Meeting>,
    kernel: Option<NodeId>,
    /// The place of the term, and its coefficient.
    term: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    Apart,
    Weighted,
    Bridged,
}

/// What is wanted of the squares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// That they are at least zero.
    Nonnegative,
    /// That they are convex.
    Convex,
}

impl Analysis<'_> {
    /// Completes the squares of a scalar sum of which the terms alone do not tell how it bends.
    pub(crate) fn by_squares(&mut self, sum: &Sum, known: &mut Known) {
        for (sign, bend) in [(Rational::ONE, Bend::Convex), (Rational::MINUS_ONE, Bend::Concave)] {
            let terms: Vec<(Rational, NodeId)> =
                sum.terms.iter().map(|(factor, node)| (factor.multiply(&sign), *node)).collect();
            if let Some(of) = self.complete(&terms, Goal::Convex) {
                known.entries = bend;
                known.why_entries = Some(Why { rule: Rule::CompletedSquares, of });
                return;
            }
        }
    }

    /// Whether a scalar sum is at least zero because it is a sum of squares.
    pub(crate) fn is_sum_of_squares(&mut self, sum: &Sum) -> bool {
        self.is_scalar_variance(sum) || self.complete(&sum.terms, Goal::Nonnegative).is_some()
    }

    /// The halves, if the squares and what stands between them account for all terms that are not good
    /// by themselves.
    fn complete(&mut self, terms: &[(Rational, NodeId)], goal: Goal) -> Option<Vec<NodeId>> {
        let good = |this: &Self, (factor, node): &(Rational, NodeId)| {
            this.known(*node).is_some_and(|known| match goal {
                Goal::Nonnegative => known.range.times(factor).is_nonnegative(),
                Goal::Convex => known.entries.times(factor).is_convex(),
            })
        };
        let bad: Vec<usize> = (0..terms.len()).filter(|at| !good(self, &terms[*at])).collect();
        if bad.is_empty() || terms.len() > 4 * MOST_SQUARES {
            return None;
        }
        let mut halves = Vec::new();
        for (at, (factor, node)) in terms.iter().enumerate() {
            if !factor.is_negative()
                && let Some(half) = self.half_of(*node, at, goal)
            {
                halves.push(half);
            }
        }
        if halves.len() < 2 || halves.len() > MOST_SQUARES {
            return None;
        }
        let size = halves.len();
        let mut matrix = vec![vec![Rational::ZERO; size]; size];
        let mut left = bad;
        for a in 0..size {
            for b in a..size {
                if halves[a].kernel != halves[b].kernel || halves[a].axes != halves[b].axes {
                    continue;
                }
                let Some(cross) = self.cross(&halves[a], &halves[b]) else { continue };
                let term = terms.iter().position(|(_, node)| *node == cross.node);
                let Some(term) = term else { continue };
                let mut value = terms[term].0.divide(&cross.coefficient)?;
                if a == b {
                    if term != halves[a].term {
                        return None;
                    }
                } else {
                    if halves.iter().any(|half| half.term == term) {
                        continue;
                    }
                    value = value.multiply(&Rational::new(1, 2)?);
                    left.retain(|at| *at != term);
                }
                matrix[a][b] = value.clone();
                matrix[b][a] = value;
            }
        }
        let told = (0..size).all(|at| !matrix[at][at].is_zero());
        if !left.is_empty() || !told || !is_semidefinite(matrix) {
            return None;
        }
        Some(halves.into_iter().map(|half| half.node).collect())
    }

    /// The half of a term that is a square.
    fn half_of(&mut self, node: NodeId, term: usize, goal: Goal) -> Option<Half> {
        if self.arena.is_one(node) && goal == Goal::Nonnegative {
            return Some(Half { node, axes: Vec::new(), kernel: None, term });
        }
        let Node::Contraction(contraction) = self.arena.node(node).clone() else { return None };
        let found = match self.squares(&contraction, &[], &[]) {
            Some(found) => found,
            None => self
                .convex_squares(&contraction, &[], &[])
                .and_then(|(found, kind)| (kind == Halves::Squares).then_some(found))?,
        };
        let half = self.split(&contraction, &found, term)?;
        let known = self.look(half.node);
        let fits = match goal {
            Goal::Nonnegative => true,
            Goal::Convex => known.entries.is_affine(),
        };
        let kernel_varies = match half.kernel {
            Some(kernel) => !self.look(kernel).is_constant(),
            None => false,
        };
        (fits && (goal == Goal::Nonnegative || !kernel_varies)).then_some(half)
    }

    /// Takes roots of the weights that have some into the half; the rest is the kernel.
    fn split(&mut self, contraction: &Contraction, found: &Mirror, term: usize) -> Option<Half> {
        let even = |exponent: &Rational| exponent.to_i64().is_some_and(|whole| whole % 2 == 0);
        let half = Rational::new(1, 2)?;
        let (mut taken, mut kernel): (Vec<(usize, Rational)>, Vec<usize>) = (
            found.half.iter().map(|at| (*at, contraction.operands[*at].exponent.clone())).collect(),
            found.bridges.clone(),
        );
        for at in &found.fixed {
            let operand = &contraction.operands[*at];
            let scalar = operand.labels.is_empty() && self.instance_range(operand).is_nonnegative();
            if even(&operand.exponent) || scalar {
                taken.push((*at, operand.exponent.multiply(&half)));
            } else {
                kernel.push(*at);
            }
        }
        let touches = |operands: &[usize], label: Label| {
            operands.iter().any(|at| contraction.operands[*at].labels.contains(&label))
        };
        let own: Vec<usize> = taken.iter().map(|(at, _)| *at).collect();
        let open: Vec<Label> = (0..found.image.len())
            .map(label)
            .filter(|it| {
                let met = touches(&kernel, *it);
                touches(&own, *it) && (found.stays(*it) || found.near[*it as usize] && met)
            })
            .collect();
        let axes: Vec<Meeting> = open
            .iter()
            .map(|label| match (touches(&kernel, *label), found.stays(*label)) {
                (false, _) => Meeting::Apart,
                (true, true) => Meeting::Weighted,
                (true, false) => Meeting::Bridged,
            })
            .collect();
        let met: Vec<Label> = open
            .iter()
            .zip(&axes)
            .filter(|(_, meeting)| **meeting != Meeting::Apart)
            .map(|(label, _)| *label)
            .collect();
        let far = met.iter().filter(|label| !found.stays(**label));
        let kernel_open: Vec<Label> =
            met.iter().copied().chain(far.map(|it| found.image[*it as usize])).collect();
        let all_told = (0..found.image.len())
            .map(label)
            .all(|it| !touches(&kernel, it) || kernel_open.contains(&it));
        if !all_told {
            return None;
        }
        let value = self.powers(contraction, &taken, &open);
        let node = self.settle(&value);
        let kernel = if kernel.is_empty() {
            None
        } else {
            let value = self.part(contraction, &kernel, &kernel_open);
            Some(self.settle(&value))
        };
        Some(Half { node, axes, kernel, term })
    }

    /// A product of powers with some labels open.
    fn powers(
        &mut self,
        contraction: &Contraction,
        taken: &[(usize, Rational)],
        open: &[Label],
    ) -> Scaled {
        let mut network = Network::new();
        let mut wires: Vec<Option<gradus_tensor::Wire>> = vec![None; contraction.axes.len()];
        for (at, exponent) in taken {
            let operand = &contraction.operands[*at];
            let mut place = Wires::new();
            for it in &operand.labels {
                let axis = contraction.axes[*it as usize];
                place.push(*wires[*it as usize].get_or_insert_with(|| network.wire(axis)));
            }
            network.power(self.arena, &Scaled::one(operand.node), exponent, &place);
        }
        let output: Wires = open.iter().filter_map(|it| wires[*it as usize]).collect();
        network.output(&output);
        self.arena.contract(network)
    }

    /// `h'Kg`
    fn cross(&mut self, one: &Half, other: &Half) -> Option<Scaled> {
        let mut network = Network::new();
        let near = network.wires(self.arena, one.node);
        if near.len() != one.axes.len() || self.arena.axes(one.node) != self.arena.axes(other.node)
        {
            return None;
        }
        let axes: Vec<_> = self.arena.axes(one.node).to_vec();
        let mut far = near.clone();
        let (mut met, mut beyond) = (Wires::new(), Wires::new());
        for (at, meeting) in one.axes.iter().enumerate() {
            match meeting {
                Meeting::Apart => {}
                Meeting::Weighted => met.push(near[at]),
                Meeting::Bridged => {
                    far[at] = network.wire(axes[at]);
                    met.push(near[at]);
                    beyond.push(far[at]);
                }
            }
        }
        met.extend(beyond);
        network.factor(&Scaled::one(one.node), &near);
        network.factor(&Scaled::one(other.node), &far);
        if let Some(kernel) = one.kernel {
            network.factor(&Scaled::one(kernel), &met);
        }
        Some(self.arena.contract(network))
    }

    /// `diag(p) − pp'` with `p ≥ 0` that add up to one.
    pub(crate) fn is_variance(&self, sum: &Sum) -> bool {
        let [first, second] = sum.terms.as_slice() else { return false };
        let (one, other) = if first.0.is_negative() { (second, first) } else { (first, second) };
        if one.0.is_negative() || !one.0.add(&other.0).is_zero() {
            return false;
        }
        let (Some(diagonal), Some(product)) =
            (product(self.arena, one.1), product(self.arena, other.1))
        else {
            return false;
        };
        let ([weight], [a, b]) = (diagonal.operands.as_slice(), product.operands.as_slice()) else {
            return false;
        };
        let [rows, columns] = diagonal.output.as_slice() else { return false };
        let facts = self.arena.facts(weight.node);
        let same = a.node == weight.node && b.node == weight.node;
        let apart = product.output.len() == 2 && product.output[0] != product.output[1];
        let plain = [weight, a, b].iter().all(|it| it.exponent.is_one() && it.labels.len() == 1);
        let crossed = a.labels != b.labels;
        rows == columns
            && same
            && apart
            && plain
            && crossed
            && facts.nonnegative
            && facts.sums_to_one
    }

    /// `Σ pᵢvᵢ² − (Σ pᵢvᵢ)²`
    fn is_scalar_variance(&mut self, sum: &Sum) -> bool {
        let [first, second] = sum.terms.as_slice() else { return false };
        let (one, other) = if first.0.is_negative() { (second, first) } else { (first, second) };
        if one.0.is_negative() || !one.0.add(&other.0).is_zero() {
            return false;
        }
        let Some(weighted) = product(self.arena, one.1).cloned() else { return false };
        let [a, b] = weighted.operands.as_slice() else { return false };
        let (weight, value) = if a.exponent.is_one() { (a, b) } else { (b, a) };
        let facts = self.arena.facts(weight.node);
        let fits = weight.exponent.is_one()
            && value.exponent == Rational::integer(2)
            && weight.labels == value.labels
            && weight.labels.len() == 1
            && weighted.output.is_empty()
            && facts.nonnegative
            && facts.sums_to_one;
        if !fits {
            return false;
        }
        let mut network = Network::new();
        let wires = network.wires(self.arena, weight.node);
        network.factor(&Scaled::one(weight.node), &wires);
        network.factor(&Scaled::one(value.node), &wires);
        network.output(&[]);
        let mean = self.arena.contract(network);
        let square = self.arena.power(&mean, &Rational::integer(2));
        square == Scaled::one(other.1)
    }

    /// `S = S' = S²`
    pub(crate) fn is_projector(&mut self, sum: &Sum) -> bool {
        if sum.axes.len() != 2 || sum.terms.len() > MOST_SQUARED {
            return false;
        }
        let terms: Vec<Scaled> = sum
            .terms
            .iter()
            .map(|(factor, node)| Scaled { coefficient: factor.clone(), node: *node })
            .collect();
        let whole = self.arena.sum(&terms, &sum.axes);
        if !self.arena.facts(whole.node).symmetric {
            return false;
        }
        let rebuilt = |arena: &mut Arena, factor: &Scaled| {
            let mut network = Network::new();
            let outer = network.wires(arena, whole.node);
            let last = network.wire(sum.axes[1]);
            network.factor(&whole, &outer);
            network.factor(factor, &[outer[1], last]);
            network.output(&[outer[0], last]);
            arena.contract(network)
        };
        // Term by term, so that the square is multiplied out.
        let squared: Vec<Scaled> = terms.iter().map(|term| rebuilt(self.arena, term)).collect();
        let square = self.arena.sum(&squared, &sum.axes);
        square == whole
    }
}

fn product(arena: &Arena, node: NodeId) -> Option<&Contraction> {
    match arena.node(node) {
        Node::Contraction(contraction) => Some(contraction),
        _ => None,
    }
}

/// Whether a symmetric matrix of numbers is positive semidefinite, by elimination.
fn is_semidefinite(mut matrix: Vec<Vec<Rational>>) -> bool {
    let size = matrix.len();
    for at in 0..size {
        let pivot = matrix[at][at].clone();
        if pivot.is_negative() {
            return false;
        }
        if pivot.is_zero() {
            if matrix[at][at..].iter().any(|entry| !entry.is_zero()) {
                return false;
            }
            continue;
        }
        for row in at + 1..size {
            let Some(factor) = matrix[row][at].divide(&pivot) else { return false };
            let change: Vec<Rational> =
                matrix[at].iter().map(|entry| factor.multiply(entry)).collect();
            for (entry, change) in matrix[row].iter_mut().zip(&change) {
                *entry = entry.subtract(change);
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(entries: &[&[i64]]) -> Vec<Vec<Rational>> {
        entries.iter().map(|row| row.iter().map(|it| Rational::integer(*it)).collect()).collect()
    }

    #[test]
    fn elimination_tells_semidefinite_matrices() {
        assert!(is_semidefinite(matrix(&[&[1, -1], &[-1, 1]])));
        assert!(is_semidefinite(matrix(&[&[2, 1, 0], &[1, 2, 1], &[0, 1, 2]])));
        assert!(is_semidefinite(matrix(&[&[0, 0], &[0, 1]])));
        assert!(!is_semidefinite(matrix(&[&[0, 1], &[1, 1]])));
        assert!(!is_semidefinite(matrix(&[&[1, 2], &[2, 1]])));
        assert!(!is_semidefinite(matrix(&[&[-1]])));
    }
}
