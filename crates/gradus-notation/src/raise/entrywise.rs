//! Entrywise products and powers: how they merge, and the order in which their factors are read.
//!
//! Must not know networks.

use gradus_tensor::{FunctionId, Rational};
use smallvec::smallvec;

use crate::raise::formula::{Factor, Formula, FormulaId, Formulas, LONG_PRODUCT, Powers, Term};
use crate::tree::Shape;

impl Formulas {
    /// Powers multiplied entry by entry, as a term of their shape. An empty product is ones.
    pub(crate) fn hadamard(&mut self, powers: &[(FormulaId, Rational)], shape: Shape) -> Term {
        if let [(base, exponent)] = powers
            && exponent.is_one()
        {
            return self.term(*base);
        }
        if let Some(term) = self.triangle_of_hadamard(powers, shape) {
            return term;
        }
        let formula = if powers.is_empty() {
            Formula::Ones
        } else {
            Formula::Hadamard(self.in_reading_order(powers))
        };
        let formula = self.intern(formula, shape);
        Term::of_chain(smallvec![Factor { formula, transposed: false }])
    }

    /// Entrywise powers with `1 - f` directly behind `f`, and differentials last.
    fn in_reading_order(&self, powers: &[(FormulaId, Rational)]) -> Powers {
        let mut ordered: Powers = powers.into();
        ordered.sort_by_key(|(base, _)| self.is_differential(*base));
        for (complement, exponent) in powers {
            let Some(original) = self.complement_of(*complement) else { continue };
            let place = |ordered: &Powers, id: FormulaId| {
                ordered.iter().position(|(base, other)| *base == id && !other.is_negative())
            };
            if exponent.is_one()
                && let Some(from) = place(&ordered, *complement)
                && place(&ordered, original).is_some()
            {
                let moved = ordered.remove(from);
                if let Some(at) = place(&ordered, original) {
                    ordered.insert(at + 1, moved);
                }
            }
        }
        ordered
    }

    /// `f` for `1 - f`.
    fn complement_of(&self, id: FormulaId) -> Option<FormulaId> {
        let Formula::Sum(terms) = self.get(id) else { return None };
        let [one, other] = terms.as_slice() else { return None };
        let [factor] = other.chain.as_slice() else { return None };
        (one.is_pure() && self.is_bare_ones(&one.chain) && !factor.transposed)
            .then_some(factor.formula)
    }

    /// A triangular mask times something is its `tril` or `triu`.
    fn triangle_of_hadamard(
        &mut self,
        powers: &[(FormulaId, Rational)],
        shape: Shape,
    ) -> Option<Term> {
        if powers.len() < 2 {
            return None;
        }
        let (at, mask) = powers.iter().enumerate().find_map(|(at, (base, exponent))| {
            (!exponent.is_negative())
                .then(|| self.triangular_mask(*base))
                .flatten()
                .map(|mask| (at, mask))
        })?;
        let mut rest: Powers = powers.into();
        rest.remove(at);
        let inner = self.hadamard(&rest, shape);
        let pure = self.of_chain(&inner.chain);
        let formula = self.call(mask, &[pure], shape);
        Some(Term { chain: smallvec![Factor { formula, transposed: false }], ..inner })
    }

    /// `tril` or `triu`, if the formula is a triangular mask.
    pub(crate) fn triangular_mask(&self, id: FormulaId) -> Option<FunctionId> {
        [self.heads.lower, self.heads.upper].into_iter().find(|function| {
            self.argument_of(id, Some(*function))
                .is_some_and(|argument| matches!(self.get(argument), Formula::Ones))
        })
    }

    /// Multiplies entrywise powers by a power of a formula, whose number and scalars are returned.
    ///
    /// The exponent must be an integer unless the formula is a bare factor.
    pub(crate) fn multiply_entrywise(
        &mut self,
        powers: &mut Powers,
        id: FormulaId,
        exponent: &Rational,
    ) -> (Rational, Powers) {
        let mut scale = (Rational::ONE, Powers::new());
        let mut base = id;
        if let Some(power) = exponent.to_i64()
            && let Formula::Term(term) = self.get(id)
            && !term.is_pure()
        {
            let term = (**term).clone();
            if let Some(coefficient) = term.coefficient.power(power) {
                scale.0 = coefficient;
                for (scalar, inner) in &term.scalars {
                    scale.1.push((*scalar, inner.multiply(exponent)));
                }
                base = self.of_chain(&term.chain);
            }
        }
        if exponent.is_integer()
            && let Formula::Hadamard(inner) = self.get(base)
            && powers.len() + inner.len() <= 2 * LONG_PRODUCT
        {
            for (factor, inner) in inner.clone() {
                Self::multiply_power(powers, factor, &inner.multiply(exponent));
            }
        } else if !matches!(self.get(base), Formula::Ones) {
            Self::multiply_power(powers, base, exponent);
        }
        scale
    }
}
