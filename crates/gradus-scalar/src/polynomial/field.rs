//! Fields of coefficients.
//!
//! Must not know polynomials.

use std::fmt::Debug;

use num_rational::BigRational;
use num_traits::{One, Zero};

/// Arithmetic in a field. The field is a value, since some need a place to keep their elements.
pub trait Field {
    /// An element. Equal elements need not have equal representations: see [`Self::is_zero`].
    type Element: Clone + Debug;

    /// The element of an integer.
    fn integer(&mut self, number: i64) -> Self::Element;
    /// `a + b`
    fn add(&mut self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// `a - b`
    fn subtract(&mut self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// `a*b`
    fn multiply(&mut self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// `a/b`, for b that is not zero.
    fn divide(&mut self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// Whether the element is zero.
    fn is_zero(&mut self, a: &Self::Element) -> bool;
    /// Whether results are still good: false once the field gave up for lack of room or time.
    fn is_sound(&self) -> bool {
        true
    }
}

/// The rational numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rationals;

impl Field for Rationals {
    type Element = BigRational;

    fn integer(&mut self, number: i64) -> BigRational {
        BigRational::from_integer(number.into())
    }

    fn add(&mut self, a: &BigRational, b: &BigRational) -> BigRational {
        a + b
    }

    fn subtract(&mut self, a: &BigRational, b: &BigRational) -> BigRational {
        a - b
    }

    fn multiply(&mut self, a: &BigRational, b: &BigRational) -> BigRational {
        if a.is_one() {
            return b.clone();
        }
        a * b
    }

    fn divide(&mut self, a: &BigRational, b: &BigRational) -> BigRational {
        if b.is_zero() { BigRational::zero() } else { a / b }
    }

    fn is_zero(&mut self, a: &BigRational) -> bool {
        a.is_zero()
    }
}
