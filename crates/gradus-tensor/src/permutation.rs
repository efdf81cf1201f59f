//! The signs of permutations in a product: their labels in one order, and zero where two factors of a
//! cross product are equal.
//!
//! Must not know names of functions.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::network::{Network, Wire};
use crate::node::{Constant, Node, NodeId};
use crate::rational::Rational;

/// What a label is ordered by: outputs by their place, then factors by their age.
type Key = (bool, u32, usize);

impl Arena {
    /// Orders the labels of each constant of signs; `true` if a label moved or the product is zero.
    pub(crate) fn orient_permutations(&self, network: &mut Network) -> bool {
        if network.coefficient.is_zero() {
            return false;
        }
        for at in 0..network.factors.len() {
            let factor = &network.factors[at];
            if !matches!(self.node(factor.node), Node::Constant(Constant::Permutation))
                || !factor.exponent.is_one()
            {
                continue;
            }
            let wires = factor.wires.clone();
            let mut ordered: SmallVec<[(Key, Wire); 3]> = SmallVec::new();
            for wire in &wires {
                let Some(key) = Self::key(network, at, *wire) else { return false };
                ordered.push((key, *wire));
            }
            let [first, second, third] = ordered.as_slice() else { continue };
            let equal = |a: &(Key, Wire), b: &(Key, Wire)| {
                a.1 == b.1 || a.0 == b.0 && Self::alike(network, at, a.1, b.1)
            };
            if equal(first, second) || equal(first, third) || equal(second, third) {
                network.coefficient = Rational::ZERO;
                return false;
            }
            let inversions = [(first, second), (first, third), (second, third)]
                .iter()
                .filter(|(a, b)| a.0 > b.0)
                .count();
            if inversions == 0 {
                continue;
            }
            ordered.sort_by_key(|(key, _)| *key);
            let wires = ordered.iter().map(|(_, wire)| *wire).collect();
            network.factors[at].wires = wires;
            if inversions % 2 == 1 {
                network.coefficient = network.coefficient.negate();
            }
            return true;
        }
        false
    }

    /// By what a label is ordered; nothing for one that lies on nothing else.
    fn key(network: &Network, permutation: usize, wire: Wire) -> Option<Key> {
        if let Some(place) = network.output.iter().position(|other| *other == wire) {
            return Some((false, 0, place));
        }
        let others = network.factors.iter().enumerate().filter(|(at, _)| *at != permutation);
        let key = |(_, factor): (usize, &crate::network::Factor)| {
            let place = factor.wires.iter().position(|other| *other == wire)?;
            let NodeId(age) = factor.node;
            Some((true, age, place))
        };
        others.filter_map(key).min()
    }

    /// Whether on two summed labels lies the same, and it lies on nothing else.
    fn alike(network: &Network, permutation: usize, a: Wire, b: Wire) -> bool {
        if network.output.contains(&a) || network.output.contains(&b) {
            return false;
        }
        let on = |wire: Wire| {
            let mut found: Vec<(NodeId, Rational)> = Vec::new();
            for (at, factor) in network.factors.iter().enumerate() {
                if at == permutation || !factor.wires.contains(&wire) {
                    continue;
                }
                if factor.wires.len() != 1 {
                    return None;
                }
                found.push((factor.node, factor.exponent.clone()));
            }
            found.sort_unstable_by_key(|(node, _)| *node);
            Some(found)
        };
        matches!((on(a), on(b)), (Some(left), Some(right)) if left == right)
    }
}
