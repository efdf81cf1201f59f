//! Sizes that are made of parts: the widths of blocks side by side, the factors of stacked and Kronecker
//! sizes. Where nothing else decides, equal sizes have equal parts, in order.
//!
//! Must not know which operations make such sizes.

use gradus_tensor::DimensionId;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::engine::Engine;
use crate::failure::Step;

/// The parts of a size, in order; of factors the slowest index first.
pub(crate) type PartList = SmallVec<[DimensionId; 4]>;

/// How parts make a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    /// They are added.
    Summands,
    /// They are multiplied.
    Factors,
}

/// More parts than this are not noted.
const MAXIMUM_PARTS: usize = 32;

/// What is known of sizes with parts.
#[derive(Debug, Default)]
pub(crate) struct Alignment {
    /// The parts of a size; no parts where a size is made in two ways.
    parts: FxHashMap<DimensionId, (Parts, PartList)>,
    /// Sizes that are equal and have as many parts of one sort.
    equations: Vec<(PartList, PartList)>,
}

impl Alignment {
    pub(crate) fn clear(&mut self) {
        self.parts.clear();
        self.equations.clear();
    }
}

impl Engine<'_> {
    /// Notes what a size is made of.
    pub(crate) fn note_parts(&mut self, size: DimensionId, list: PartList, sort: Parts) {
        if list.len() < 2 {
            return;
        }
        let mut parts = PartList::new();
        for part in list {
            match self.parts_of(part) {
                Some((inner, list)) if inner == sort => parts.extend(list),
                _ => parts.push(part),
            }
        }
        if parts.len() > MAXIMUM_PARTS {
            return;
        }
        let known = self.alignment.parts.entry(size).or_insert_with(|| (sort, parts.clone()));
        if *known != (sort, parts) {
            known.1.clear();
        }
    }

    fn parts_of(&mut self, size: DimensionId) -> Option<(Parts, PartList)> {
        if self.alignment.parts.is_empty() {
            return None;
        }
        let found = match self.alignment.parts.get(&size) {
            Some(found) => Some(found),
            None => {
                let size = self.solver.resolve(size);
                self.alignment.parts.get(&size)
            }
        };
        found.filter(|(_, parts)| !parts.is_empty()).cloned()
    }

    /// Notes that two sizes are to be equal.
    pub(crate) fn note_equation(&mut self, a: DimensionId, b: DimensionId) {
        if self.alignment.parts.is_empty() || a == b {
            return;
        }
        if let (Some((first, left)), Some((second, right))) = (self.parts_of(a), self.parts_of(b))
            && first == second
            && left.len() == right.len()
        {
            self.alignment.equations.push((left, right));
        }
    }

    /// Makes equal sizes equal part by part, as far as that can be.
    pub(crate) fn align(&mut self) -> Step<()> {
        for (left, right) in std::mem::take(&mut self.alignment.equations) {
            if self.solver.postponed().is_empty() {
                return Ok(());
            }
            let before = self.solver.clone();
            let fits = left.iter().zip(&right).all(|(a, b)| self.solver.unify(*a, *b).is_ok());
            if !fits || self.solver.settle().is_err() {
                self.solver = before;
            }
        }
        Ok(())
    }
}
