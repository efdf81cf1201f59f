//! Sizes that would settle equations which cannot be solved: what a hint tells to declare.
//!
//! Must not know how the hint is worded. What is proposed here is tried before it is told.

use gradus_tensor::{DimensionId, DimensionName, Dimensions, Polynomial};

use crate::engine::Engine;
use crate::names::NameId;
use crate::solve::Postponed;
use crate::typed::{Nature, Shape};

/// At most this many equations are settled by guesses.
const MAXIMUM_STEPS: usize = 64;

impl Engine<'_> {
    /// Finds sizes for the variables in the equations that wait.
    pub(crate) fn propose_sizes(&mut self) {
        let mut concerned: Vec<DimensionId> = Vec::new();
        for equation in self.solver.postponed().to_vec() {
            concerned.extend(self.solver.unknowns(equation.left));
            concerned.extend(self.solver.unknowns(equation.right));
        }
        for _ in 0..MAXIMUM_STEPS {
            let Some(equation) = self.solver.postponed().first().copied() else { break };
            if !self.guess(equation) || self.solver.settle().is_err() {
                return;
            }
        }
        if !self.solver.postponed().is_empty() {
            return;
        }
        let mut owners: Vec<(NameId, Shape)> = Vec::new();
        for position in 0..self.typed.variables.len() {
            let variable = &self.typed.variables[position];
            let (shape, nature) = (variable.shape, variable.nature);
            let plain = nature == Nature::Array
                && variable.family.is_empty()
                && variable.differential_of.is_none();
            let name = self.names.find(&variable.name);
            let is_concerned =
                [shape.rows, shape.columns].iter().any(|side| concerned.contains(side));
            if let (true, true, Some(name)) = (plain, is_concerned, name) {
                owners.push((name, shape));
            }
        }
        for (unknown, letter) in self.fresh_letters() {
            let dimension = self.solver.table.named(&letter);
            self.solver.decide(unknown, dimension);
        }
        for (name, shape) in owners {
            let rows = self.solver.resolve(shape.rows);
            let columns = self.solver.resolve(shape.columns);
            if !self.solver.is_known(rows) || !self.solver.is_known(columns) {
                self.proposals.clear();
                return;
            }
            self.proposals.push((name, Shape { rows, columns }));
        }
    }

    /// Settles one equation; `false` if there is no good guess.
    fn guess(&mut self, equation: Postponed) -> bool {
        let difference = self
            .solver
            .polynomial(equation.left)
            .subtract(&self.solver.polynomial(equation.right))
            .without_common_factor();
        if let Some((left, right)) = products(&difference) {
            return self.pair(&left, &right);
        }
        // A sum: all unknowns but one are free.
        let unknowns: Vec<DimensionName> =
            difference.names().filter(|name| !self.solver.is_name(*name)).collect();
        for unknown in unknowns.iter().rev() {
            let mut with = difference
                .0
                .iter()
                .filter(|(monomial, _)| monomial.iter().any(|(name, _)| name == unknown));
            let (Some((monomial, coefficient)), None) = (with.next(), with.next()) else {
                continue;
            };
            if *monomial != [(*unknown, 1)] {
                continue;
            }
            let Some(factor) = coefficient.negate().reciprocal() else { continue };
            let rest: Vec<_> =
                difference.0.iter().filter(|term| term.0 != *monomial).cloned().collect();
            let value = self.solver.of_polynomial(Polynomial(rest).scale(&factor));
            return self.solver.unify(DimensionId(unknown.0), value).is_ok();
        }
        false
    }

    /// Makes the factors of two equal products equal one by one; the longer product has its first
    /// factors together.
    fn pair(&mut self, left: &[DimensionName], right: &[DimensionName]) -> bool {
        let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        let Some((first, others)) = short.split_first() else { return false };
        let extra = long.len() - short.len();
        let mut grouped = Dimensions::ONE;
        for factor in &long[..=extra] {
            let factor = self.factor(*factor);
            grouped = self.solver.multiply(grouped, factor);
        }
        let first = self.factor(*first);
        if self.solver.unify(first, grouped).is_err() {
            return false;
        }
        others.iter().zip(&long[extra + 1..]).all(|(a, b)| {
            let (a, b) = (self.factor(*a), self.factor(*b));
            self.solver.unify(a, b).is_ok()
        })
    }

    fn factor(&mut self, name: DimensionName) -> DimensionId {
        if self.solver.is_name(name) {
            self.solver.table.variable(name)
        } else {
            DimensionId(name.0)
        }
    }
}

/// The factors of both sides of `a*b - c*d = 0`.
fn products(difference: &Polynomial) -> Option<(Vec<DimensionName>, Vec<DimensionName>)> {
    let [(first, one), (second, other)] = difference.0.as_slice() else { return None };
    if *one != other.negate() {
        return None;
    }
    let factors = |monomial: &[(DimensionName, u32)]| -> Vec<DimensionName> {
        monomial
            .iter()
            .flat_map(|(name, exponent)| std::iter::repeat_n(*name, *exponent as usize))
            .collect()
    };
    Some((factors(first), factors(second)))
}
