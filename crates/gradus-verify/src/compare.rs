//! What pairs of arrays at one point tell, in floating point numbers of one kind or the other.
//!
//! Must not know how points are drawn or how many are needed.

use crate::complex::Real;
use crate::draw::Drawn;
use crate::precise::Precise;
use crate::question::Pair;
use crate::tracked::{SCALE_OF_LOST, Tracked};
use crate::verdict::Difference;

/// What one point tells.
pub(crate) enum Comparison {
    Agrees,
    /// Equal, but nothing was there to be compared.
    Vanishes,
    /// Equal as far as one can see, but rounding may hide a difference.
    Hidden,
    Differs(Difference),
}

/// Floating point numbers that are compared up to rounding.
pub(crate) trait Compared: Drawn + Real {
    /// Whether agreement tells of rounding errors only, and not of a loose tolerance.
    const STRICT: bool;
    /// Whether it is a number, and what is known of its error too.
    fn is_finite(self) -> bool;
    /// What the pairs of a point tell.
    fn compare(pairs: &[Pair<Self>]) -> Comparison;
}

impl Compared for Tracked {
    const STRICT: bool = false;

    fn is_finite(self) -> bool {
        self.value.is_finite() && self.scale.is_finite()
    }

    fn compare(pairs: &[Pair<Self>]) -> Comparison {
        let mut evidence = false;
        for pair in pairs {
            for (left, right) in pair.left.iter().zip(&pair.right) {
                if !left.agrees(*right) {
                    return Comparison::Differs(pair.difference.clone());
                }
                // A scale that is not above that of lost numbers means that no term was there.
                evidence |= left.scale.max(right.scale) > SCALE_OF_LOST;
            }
        }
        if evidence { Comparison::Agrees } else { Comparison::Vanishes }
    }
}

impl Compared for Precise {
    const STRICT: bool = true;

    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }

    fn compare(pairs: &[Pair<Self>]) -> Comparison {
        let (mut evidence, mut sharp) = (false, true);
        for pair in pairs {
            let entries = pair.left.iter().chain(&pair.right);
            let largest = entries.fold(0.0, |largest: f64, entry| largest.max(entry.modulus()));
            for (left, right) in pair.left.iter().zip(&pair.right) {
                if left.differs(*right) {
                    return Comparison::Differs(pair.difference.clone());
                }
                evidence |= left.is_something() || right.is_something();
                sharp &= left.is_sharp(*right, largest);
            }
        }
        match (evidence, sharp) {
            (false, _) => Comparison::Vanishes,
            (true, false) => Comparison::Hidden,
            (true, true) => Comparison::Agrees,
        }
    }
}
