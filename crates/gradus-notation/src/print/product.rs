//! A product as it is read: a sign, a number over a number, and the other factors.
//!
//! Must not know how factors are joined.

use gradus_tensor::Rational;

use crate::arena::NotationTree;
use crate::print::number::Parts;
use crate::tree::{Notation, NotationId};

/// The parts of a product.
pub(crate) struct ProductView<'t> {
    /// The numerator of the leading number; absent if one and there is something else to show.
    pub(crate) numerator: Option<String>,
    /// The denominator of the leading number.
    pub(crate) denominator: Option<String>,
    /// The other factors.
    pub(crate) rest: &'t [NotationId],
    /// Whether the leading number is negative.
    pub(crate) negative_number: bool,
}

impl<'t> ProductView<'t> {
    /// Takes a product apart.
    pub(crate) fn of(tree: &NotationTree, factors: &'t [NotationId]) -> Self {
        let (number, rest) = split(tree, factors);
        let parts = number.map(Parts::of);
        let negative_number = number.is_some_and(Rational::is_negative);
        let (numerator, denominator) = match parts {
            None if rest.is_empty() => (Some("1".to_owned()), None),
            None => (None, None),
            Some(parts) => {
                let hidden = parts.numerator == "1" && !rest.is_empty();
                ((!hidden).then_some(parts.numerator), parts.denominator)
            }
        };
        Self { numerator, denominator, rest, negative_number }
    }

    /// Whether a single factor is all that is shown.
    pub(crate) fn is_alone(&self) -> bool {
        self.numerator.is_none() && self.denominator.is_none() && self.rest.len() == 1
    }

    /// Where a factor stands.
    pub(crate) fn place(&self, tree: &NotationTree, position: usize) -> Place {
        Place {
            first: position == 0 && self.numerator.is_none(),
            last: position + 1 == self.rest.len(),
            // Only the last factor asks, so that a long product is looked through once.
            after_scalars: position + 1 == self.rest.len()
                && self.rest[..position].iter().all(|id| tree.shape(*id).is_scalar()),
            alone: self.is_alone(),
            divided: self.denominator.is_some(),
            signed: position == 0 && self.negative_number,
        }
    }
}

/// Where a factor stands in its product.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// Nothing is written before it.
    pub(crate) first: bool,
    /// No factor follows.
    pub(crate) last: bool,
    /// It is the last one and all before it are scalars.
    pub(crate) after_scalars: bool,
    /// It is all that is written.
    pub(crate) alone: bool,
    /// A denominator follows the product.
    pub(crate) divided: bool,
    /// A minus of the leading number stands directly before it.
    pub(crate) signed: bool,
}

/// The leading number, and the factors after it.
pub(crate) fn split<'t, 'r>(
    tree: &'r NotationTree,
    factors: &'t [NotationId],
) -> (Option<&'r Rational>, &'t [NotationId]) {
    match factors.split_first() {
        Some((first, rest)) => match tree.node(*first) {
            Notation::Number(number) => (Some(number), rest),
            _ => (None, factors),
        },
        None => (None, factors),
    }
}

/// Whether the text of a product begins with a minus.
pub(crate) fn is_negative(tree: &NotationTree, factors: &[NotationId]) -> bool {
    match split(tree, factors) {
        (Some(number), _) if !number.is_one() => number.is_negative(),
        (_, rest) => rest.first().is_some_and(|first| tree.is_negative(*first)),
    }
}
