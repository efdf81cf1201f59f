//! Sums: bounds, curvature and signs add up.
//!
//! Must not know products.

use gradus_tensor::{NodeId, Rational, Sum};

use crate::analysis::{Analysis, Definiteness, Known, Strict, Why};
use crate::bend::Bend;
use crate::certificate::Rule;
use crate::interval::Interval;

/// Sums of more terms keep no more places where they bend strictly.
const MOST_STRICT: usize = 16;

impl Analysis<'_> {
    pub(crate) fn sum(&mut self, sum: &Sum) -> Known {
        let nodes: Vec<NodeId> = sum.terms.iter().map(|(_, node)| *node).collect();
        let terms: Vec<(Rational, Known)> =
            sum.terms.iter().map(|(factor, node)| (factor.clone(), self.look(*node))).collect();
        let mut known = Known::of(self.variables_of(nodes.iter().copied()));
        known.range = terms.iter().fold(Interval::number(&Rational::ZERO), |sum, (factor, it)| {
            sum.plus(&it.range.times(factor))
        });
        let total = |bend: fn(&Known) -> Bend| {
            terms.iter().fold(Bend::Constant, |sum, (factor, it)| sum.plus(bend(it).times(factor)))
        };
        known.entries = total(|it| it.entries);
        known.order = total(|it| it.order);
        let why = |bend: Bend| {
            let rule = if bend.is_affine() { Rule::AffineSum } else { Rule::Sum };
            let rule = if terms.len() == 1 { Rule::Multiple } else { rule };
            (bend != Bend::Unknown).then(|| Why { rule, of: nodes.clone() })
        };
        known.why_entries = why(known.entries);
        known.why_order = why(known.order);
        known.definite = self.definite_sum(sum);
        let up = terms.iter().all(|(factor, _)| !factor.is_negative());
        if up {
            known.least_power = least_power(&terms);
            known.log_convex = terms.iter().all(|(_, it)| is_log_convex(it));
        }
        if known.entries == Bend::Unknown && sum.axes.is_empty() {
            self.by_squares(sum, &mut known);
        }
        known.strict = strict(&terms, known.entries);
        if !known.range.is_nonnegative() && sum.axes.is_empty() && self.is_sum_of_squares(sum) {
            known.range = known.range.meet(&Interval::nonnegative());
        }
        known
    }

    fn definite_sum(&mut self, sum: &Sum) -> Definiteness {
        let [.., rows, columns] = sum.axes.as_slice() else { return Definiteness::Unknown };
        if rows.dimension != columns.dimension || sum.terms.is_empty() {
            return Definiteness::Unknown;
        }
        let up = |(factor, node): &(Rational, NodeId)| {
            let definite = self.known(*node).map(|known| known.definite).unwrap_or_default();
            if factor.is_negative() { Definiteness::Unknown } else { definite }
        };
        let signs: Vec<Definiteness> = sum.terms.iter().map(up).collect();
        if signs.iter().all(|sign| sign.is_semidefinite()) {
            let strictly = signs.contains(&Definiteness::Definite);
            return if strictly { Definiteness::Definite } else { Definiteness::Semidefinite };
        }
        if self.is_variance(sum) || self.is_projector(sum) {
            return Definiteness::Semidefinite;
        }
        Definiteness::Unknown
    }
}

/// Whether the logarithm is convex; of a positive constant it is.
fn is_log_convex(known: &Known) -> bool {
    known.log_convex || known.is_constant() && known.range.is_positive()
}

/// Minkowski's inequality: sums of convex functions to one power, to its inverse.
fn least_power(terms: &[(Rational, Known)]) -> Option<Rational> {
    let mut least: Option<Rational> = None;
    for (_, known) in terms {
        if !known.range.is_nonnegative() {
            return None;
        }
        if known.is_constant() {
            continue;
        }
        let power = known.least_convex_power()?;
        least = Some(match least {
            Some(other) if power.subtract(&other).is_negative() => other,
            _ => power,
        });
    }
    least
}

/// Where the sum bends strictly: where one of its terms does, for all bend the same way.
fn strict(terms: &[(Rational, Known)], total: Bend) -> Vec<Strict> {
    if !matches!(total, Bend::Convex | Bend::Concave) {
        return Vec::new();
    }
    let bends = terms.iter().filter(|(factor, it)| it.entries.times(factor) == total);
    bends.flat_map(|(_, it)| it.strict.iter().cloned()).take(MOST_STRICT).collect()
}
