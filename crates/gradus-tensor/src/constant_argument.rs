//! Functions of arrays whose entries are all equal: of zeros, and over an axis of equal entries.
//!
//! Must not know names of functions. Points such as `x = 0` make such arguments.

use crate::arena::Arena;
use crate::facts::{FunctionFacts, Parity, Role};
use crate::network::{Network, Wires};
use crate::node::{FunctionRef, Scaled};
use crate::rational::Rational;
use crate::symbol::{Axes, Axis};

impl Arena {
    /// An elementwise function of an array of zeros is the same number everywhere; an odd one is zero.
    pub(crate) fn of_zero(
        &mut self,
        function: FunctionRef,
        facts: &FunctionFacts,
        argument: &Scaled,
    ) -> Option<Scaled> {
        if !self.is_zero(argument.node) {
            return None;
        }
        if facts.parity == Parity::Odd {
            return Some(argument.clone());
        }
        let axes: Axes = self.axes(argument.node).into();
        if axes.is_empty() {
            return None;
        }
        let zero = self.number(Rational::ZERO);
        let value = self.apply_unary(function, &zero);
        Some(self.broadcast(&value, &axes))
    }

    /// `softmax` of equal entries, and `logsumexp` of zeros.
    pub(crate) fn of_constant(&mut self, role: Role, argument: &Scaled) -> Option<Scaled> {
        let zero = self.is_zero(argument.node);
        let axes: Axes = self.axes(argument.node).into();
        let (last, mapped) = axes.split_last()?;
        match role {
            Role::Softmax if zero || self.is_ones(argument.node) => {
                let size = self.size_of(*last);
                let part = self.power(&size, &Rational::MINUS_ONE);
                Some(self.broadcast(&part, &axes))
            }
            Role::LogSumExp if zero => {
                let size = self.size_of(*last);
                let logarithm = self.vocabulary.with_role(Role::Logarithm)?;
                let value = self.apply_unary(FunctionRef::Book(logarithm), &size);
                Some(self.broadcast(&value, mapped))
            }
            _ => None,
        }
    }

    /// The length of an axis as a number.
    fn size_of(&mut self, axis: Axis) -> Scaled {
        let mut network = Network::new();
        network.wire(axis);
        self.contract(network)
    }

    /// A scalar repeated along axes.
    fn broadcast(&mut self, value: &Scaled, axes: &[Axis]) -> Scaled {
        let mut network = Network::new();
        let wires: Wires = axes.iter().map(|axis| network.wire(*axis)).collect();
        network.factor(value, &[]);
        network.output(&wires);
        self.contract(network)
    }
}
