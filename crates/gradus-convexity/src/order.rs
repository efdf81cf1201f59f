//! Matrices compared as quadratic forms: where a product bends by `⪰`, and where it is positive
//! semidefinite.
//!
//! Must not know sums.

use gradus_tensor::{Contraction, Label};

use crate::analysis::{Analysis, Definiteness, Known, Why};
use crate::bend::Bend;
use crate::certificate::Rule;
use crate::interval::Interval;
use crate::mirror::Mirror;

/// The labels of rows and columns of a product that is a square matrix.
pub(crate) fn sides(contraction: &Contraction) -> Option<(Label, Label)> {
    let [.., rows, columns] = contraction.output.as_slice() else { return None };
    let axes = &contraction.axes;
    let square = axes[*rows as usize].dimension == axes[*columns as usize].dimension
        && !axes[*rows as usize].range;
    square.then_some((*rows, *columns))
}

impl Analysis<'_> {
    /// How a product that is a square matrix bends by `⪰`.
    pub(crate) fn in_order(&mut self, contraction: &Contraction, known: &mut Known) {
        let Some((rows, columns)) = sides(contraction) else { return };
        if known.entries.is_affine() {
            (known.order, known.why_order) = (known.entries, known.why_entries.clone());
            return;
        }
        if rows == columns {
            // A diagonal matrix bends as its entries do.
            (known.order, known.why_order) = (known.entries, known.why_entries.clone());
            return;
        }
        if let Some((found, kind)) = self.convex_squares(contraction, &[(rows, columns)], &[]) {
            let half = self.half(contraction, &found, Some((rows, columns)));
            let squares = kind == crate::contraction::Halves::Squares;
            let rule = if squares { Rule::SumOfSquares } else { Rule::SquareOver };
            known.order = Bend::Convex;
            known.why_order = Some(Why { rule, of: vec![half] });
            return;
        }
        let varying = self.varying(contraction);
        let [at] = varying.as_slice() else { return };
        let operand = &contraction.operands[*at];
        let [.., inner_rows, inner_columns] = operand.labels.as_slice() else { return };
        let Some(base) = self.known(operand.node) else { return };
        let bends = matches!(base.order, Bend::Convex | Bend::Concave);
        if !operand.exponent.is_one() || !bends {
            return;
        }
        let mut pairs = vec![(rows, columns)];
        if *inner_rows != rows && *inner_rows != columns {
            pairs.push((*inner_rows, *inner_columns));
        }
        if contraction.operands.len() == 1 || self.squares(contraction, &pairs, &[*at]).is_some() {
            let base = self.known(operand.node).map_or(Bend::Unknown, |it| it.order);
            known.order = base;
            known.why_order = Some(Why { rule: Rule::Congruence, of: vec![operand.node] });
        }
    }

    /// The sign of a product that is a symmetric matrix.
    pub(crate) fn definite_product(
        &self,
        contraction: &Contraction,
        range: &Interval,
    ) -> Definiteness {
        let Some((rows, columns)) = sides(contraction) else { return Definiteness::Unknown };
        if rows == columns {
            let entries = self
                .product_range(contraction, &(0..contraction.operands.len()).collect::<Vec<_>>());
            let summed = if range.is_nonnegative() { entries.summed() } else { entries };
            return match (summed.is_positive(), summed.is_nonnegative()) {
                (true, _) => Definiteness::Definite,
                (_, true) => Definiteness::Semidefinite,
                _ => Definiteness::Unknown,
            };
        }
        match self.squares(contraction, &[(rows, columns)], &[]) {
            Some(found) if self.is_strict(contraction, &found) => Definiteness::Definite,
            Some(_) => Definiteness::Semidefinite,
            None => Definiteness::Unknown,
        }
    }

    /// Whether no vector but zero is lost: definite matrices between, invertible ones beside them, and
    /// positive numbers.
    fn is_strict(&self, contraction: &Contraction, found: &Mirror) -> bool {
        let definite = |at: &usize| {
            let known = self.known(contraction.operands[*at].node);
            known.is_some_and(|known| known.definite == Definiteness::Definite)
        };
        let invertible = |at: &usize| {
            let operand = &contraction.operands[*at];
            operand.labels.len() == 2
                && operand.exponent.is_one()
                && self.arena.facts(operand.node).invertible
        };
        let positive = |at: &usize| {
            let operand = &contraction.operands[*at];
            operand.labels.is_empty() && self.instance_range(operand).is_positive()
        };
        !(found.bridges.is_empty() && found.half.is_empty())
            && found.bridges.len() <= 1
            && found.half.len() <= 1
            && found.bridges.iter().all(definite)
            && found.half.iter().all(invertible)
            && found.fixed.iter().all(positive)
    }
}
