//! Dimensions as they stand in formulas.
//!
//! Must not know formulas.

use gradus_tensor::{DimensionId, Dimensions, Polynomial, Rational};

use crate::cost::Class;
use crate::print::number::Parts;

/// A dimension or a sum of dimensions, as source text.
pub(crate) struct SizeText {
    /// The text.
    pub(crate) text: String,
    /// Its tokens, parentheses aside.
    pub(crate) tokens: u32,
}

/// The source text of a polynomial, such as `m*n + 1`.
pub(crate) fn source_text(dimensions: &Dimensions, polynomial: &Polynomial) -> SizeText {
    let mut writer = SizeText { text: String::new(), tokens: 0 };
    if polynomial.0.is_empty() {
        writer.push("0", 1);
    }
    for (position, (monomial, coefficient)) in polynomial.0.iter().enumerate() {
        match (position, coefficient.is_negative()) {
            (0, false) => {}
            (0, true) => writer.push("-", 1),
            (_, false) => writer.push(" + ", 1),
            (_, true) => writer.push(" - ", 1),
        }
        let parts = Parts::of(coefficient);
        let mut separated = true;
        if parts.numerator != "1" || monomial.is_empty() {
            writer.push(&parts.numerator, 1);
            separated = false;
        }
        for (name, exponent) in monomial {
            if !separated {
                writer.push("*", 1);
            }
            separated = false;
            writer.push(dimensions.name_text(*name), 1);
            if *exponent != 1 {
                writer.push("^", 1);
                writer.push(&exponent.to_string(), 1);
            }
        }
        if let Some(denominator) = &parts.denominator {
            writer.push("/", 1);
            writer.push(denominator, 1);
        }
    }
    writer
}

impl SizeText {
    fn push(&mut self, text: &str, tokens: u32) {
        self.text.push_str(text);
        self.tokens = self.tokens.saturating_add(tokens);
    }
}

/// Whether the text of a dimension begins with a minus.
pub(crate) fn is_negative(dimensions: &Dimensions, id: DimensionId) -> bool {
    matches!(dimensions.polynomial(id).0.as_slice(), [(_, coefficient)] if coefficient.is_negative())
}

/// How the text of a dimension binds.
pub(crate) fn class(dimensions: &Dimensions, id: DimensionId) -> Class {
    match dimensions.polynomial(id).0.as_slice() {
        [] => Class::Atom,
        [(monomial, coefficient)] => {
            let shown = usize::from(!coefficient.abs().is_one()) + monomial.len();
            match monomial.first() {
                _ if !coefficient.is_integer() => Class::Quotient,
                _ if shown > 1 => Class::Product,
                Some((_, exponent)) if *exponent != 1 => Class::Postfix,
                _ => Class::Atom,
            }
        }
        _ => Class::Sum,
    }
}

/// The polynomial of a dimension without the sign of a single term.
pub(crate) fn magnitude(dimensions: &Dimensions, id: DimensionId) -> Polynomial {
    let polynomial = dimensions.polynomial(id);
    if is_negative(dimensions, id) {
        polynomial.scale(&Rational::MINUS_ONE)
    } else {
        polynomial.clone()
    }
}
