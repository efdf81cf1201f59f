//! Networks under construction: factors joined by wires, before they are simplified and interned.
//!
//! Must not know simplification; see [`crate::construct`].

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::node::{NodeId, Scaled};
use crate::rational::Rational;
use crate::symbol::Axis;

/// A label in a network under construction.
pub type Wire = u32;

/// The wires of a factor, one per axis of its node.
pub type Wires = SmallVec<[Wire; 4]>;

#[derive(Debug)]
pub(crate) struct Factor {
    pub(crate) node: NodeId,
    pub(crate) exponent: Rational,
    pub(crate) wires: Wires,
}

// Derived, the wires would be copied one by one.
impl Clone for Factor {
    fn clone(&self) -> Self {
        Self {
            node: self.node,
            exponent: self.exponent.clone(),
            wires: Wires::from_slice(&self.wires),
        }
    }
}

/// A product of factors, summed over every wire that is not an output.
///
/// A wire exists exactly from [`Network::wire`] on: one that ends up in no factor and not in the
/// output is summed all the same and counts as a factor of its size.
#[derive(Clone, Debug, Default)]
pub struct Network {
    pub(crate) coefficient: Rational,
    pub(crate) factors: Vec<Factor>,
    pub(crate) output: Wires,
    // `None` where a wire was dissolved into another one.
    pub(crate) axes: SmallVec<[Option<Axis>; 8]>,
}

impl Network {
    /// The empty product, one.
    #[must_use]
    pub fn new() -> Self {
        Self { coefficient: Rational::ONE, ..Self::default() }
    }

    /// A new wire along an axis.
    pub fn wire(&mut self, axis: Axis) -> Wire {
        self.axes.push(Some(axis));
        Wire::try_from(self.axes.len() - 1).unwrap_or(Wire::MAX)
    }

    /// New wires for all axes of a node.
    pub fn wires(&mut self, arena: &Arena, node: NodeId) -> Wires {
        let axes: SmallVec<[Axis; 4]> = arena.axes(node).into();
        axes.into_iter().map(|axis| self.wire(axis)).collect()
    }

    /// The axis of a wire.
    #[must_use]
    pub fn axis(&self, wire: Wire) -> Option<Axis> {
        self.axes.get(wire as usize).copied().flatten()
    }

    /// Multiplies by a number.
    pub fn scale(&mut self, factor: &Rational) {
        self.coefficient = self.coefficient.multiply(factor);
    }

    /// Multiplies by a node whose axes lie on `wires`.
    pub fn factor(&mut self, value: &Scaled, wires: &[Wire]) {
        self.coefficient = self.coefficient.multiply(&value.coefficient);
        self.factors.push(Factor {
            node: value.node,
            exponent: Rational::ONE,
            wires: wires.into(),
        });
    }

    /// Multiplies by an entrywise power of a node whose axes lie on `wires`.
    pub fn power(
        &mut self,
        arena: &mut Arena,
        value: &Scaled,
        exponent: &Rational,
        wires: &[Wire],
    ) {
        if exponent.is_zero() {
            return;
        }
        let node = match exponent.to_i64().and_then(|power| value.coefficient.power(power)) {
            Some(power) => {
                self.coefficient = self.coefficient.multiply(&power);
                value.node
            }
            None => arena.to_node(value),
        };
        self.factors.push(Factor { node, exponent: exponent.clone(), wires: wires.into() });
    }

    /// Sets the wires of the result's axes. A wire may repeat (a diagonal), and may lie on no factor
    /// (the result is constant along it).
    pub fn output(&mut self, wires: &[Wire]) {
        self.output = wires.into();
    }

    /// How often each wire occurs in factors, and whether it is an output.
    pub(crate) fn degrees(&self) -> SmallVec<[(u32, bool); 16]> {
        let mut degrees: SmallVec<[(u32, bool); 16]> =
            self.axes.iter().map(|_| (0, false)).collect();
        for factor in &self.factors {
            for wire in &factor.wires {
                degrees[*wire as usize].0 += 1;
            }
        }
        for wire in &self.output {
            degrees[*wire as usize].1 = true;
        }
        degrees
    }

    /// Joins two wires into one: everything on `from` comes to lie on `into`.
    pub(crate) fn join(&mut self, into: Wire, from: Wire) {
        if into == from {
            return;
        }
        for factor in &mut self.factors {
            for wire in &mut factor.wires {
                if *wire == from {
                    *wire = into;
                }
            }
        }
        for wire in &mut self.output {
            if *wire == from {
                *wire = into;
            }
        }
        self.axes[from as usize] = None;
    }

    /// Removes a wire that lies on nothing any more, without counting it as a factor of its size.
    pub(crate) fn dissolve(&mut self, wire: Wire) {
        self.axes[wire as usize] = None;
    }

    /// The network as a contraction without any simplification but the names of its labels, and its
    /// coefficient, for tests that compare it with [`Arena::contract`]. `None` if it has too many
    /// wires.
    #[must_use]
    pub fn uncontracted(&self, arena: &Arena) -> Option<(Rational, crate::node::Contraction)> {
        Some((self.coefficient.clone(), crate::canonical::canonical(arena, self)?))
    }

    /// The same network with its factors in another order, for tests.
    #[must_use]
    pub fn reordered(&self, shift: usize) -> Self {
        let mut network = self.clone();
        let count = network.factors.len().max(1);
        network.factors.rotate_left(shift % count);
        network.factors.reverse();
        network
    }
}
