//! Signatures as data: argument patterns and a result pattern, and their parser.
//!
//! Must not know the shapes of actual arguments; unification is the business of shape inference.
//! The notation is described in [`crate::entry`].

use std::fmt;

use gradus_tensor::{DimensionId, DimensionName, Dimensions, Polynomial, Rational};

/// Which shapes a function accepts, and the shape of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// All arguments have one shape, kept by the result; scalars are broadcast.
    Elementwise,
    /// Any number of arguments, at least one; the shape rule is that of the structure.
    Variadic,
    /// Patterns with letters.
    Shapes(ShapeSignature),
}

/// A signature with patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeSignature {
    /// The letters in order of first appearance. A [`Letter`] is a position in this list.
    pub letters: Vec<char>,
    /// One pattern per argument.
    pub arguments: Vec<ArgumentPattern>,
    /// The result.
    pub result: ShapePattern,
}

/// What one argument must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentPattern {
    /// An array.
    Array(ShapePattern),
    /// A size, which is the value of a letter.
    Size(Letter),
}

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapePattern {
    /// Number of rows.
    pub rows: SizePattern,
    /// Number of columns.
    pub columns: SizePattern,
}

/// A letter of a signature: its position in [`ShapeSignature::letters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Letter(pub u32);

/// A size: a polynomial whose names are the letters of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizePattern {
    /// The polynomial.
    pub polynomial: Polynomial,
    /// The letters of a product in the order written; empty for any other size. The letter that is
    /// written first counts the slower of the indices that are stacked, so that `vec` has `n*m`.
    pub factors: Vec<Letter>,
}

impl SizePattern {
    /// The letter, if the size is a single letter.
    #[must_use]
    pub fn as_letter(&self) -> Option<Letter> {
        match self.polynomial.0.as_slice() {
            [(monomial, coefficient)] if coefficient.is_one() => match monomial.as_slice() {
                [(name, 1)] => Some(Letter(name.0)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number, if the size is fixed.
    #[must_use]
    pub fn as_number(&self) -> Option<Rational> {
        self.polynomial.as_constant()
    }

    /// The letters that occur, each once, in order.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        let names = self.polynomial.0.iter().flat_map(|(monomial, _)| monomial.iter());
        let mut letters: Vec<Letter> = names.map(|(name, _)| Letter(name.0)).collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// The dimension that the size becomes when each letter stands for a dimension. `None` if a
    /// letter has no value.
    pub fn instantiate(
        &self,
        dimensions: &mut Dimensions,
        values: &[DimensionId],
    ) -> Option<DimensionId> {
        if let Some(letter) = self.as_letter() {
            return values.get(letter.0 as usize).copied();
        }
        let mut total = Polynomial::zero();
        for (monomial, coefficient) in &self.polynomial.0 {
            let mut term = Polynomial::constant(coefficient.clone());
            for (name, exponent) in monomial {
                let value = dimensions.polynomial(*values.get(name.0 as usize)?).clone();
                for _ in 0..*exponent {
                    term = term.multiply(&value);
                }
            }
            total = total.add(&term);
        }
        Some(dimensions.intern(total))
    }
}

/// Why a signature cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureError {
    /// Offset of the offending byte.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "expected {} at offset {} of the signature", self.expected, self.at)
    }
}

impl std::error::Error for SignatureError {}

/// The greatest exponent of a letter; sizes of tensors need no more.
const MAXIMUM_EXPONENT: u32 = 8;

/// Reads a signature.
///
/// # Errors
/// If the text is not in the notation of [`crate::entry`].
pub fn parse(text: &str) -> Result<Signature, SignatureError> {
    match text.trim() {
        "elementwise" => Ok(Signature::Elementwise),
        "variadic" => Ok(Signature::Variadic),
        _ => Parser { text: text.as_bytes(), at: 0, letters: Vec::new() }.signature(),
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    letters: Vec<char>,
}

impl Parser<'_> {
    fn signature(mut self) -> Result<Signature, SignatureError> {
        let mut arguments = vec![self.argument()?];
        while self.accept(b',') {
            arguments.push(self.argument()?);
        }
        self.require(b'-', "`->`")?;
        self.require(b'>', "`->`")?;
        let result = self.shape()?;
        if self.peek().is_some() {
            return Err(self.error("the end"));
        }
        Ok(Signature::Shapes(ShapeSignature { letters: self.letters, arguments, result }))
    }

    fn argument(&mut self) -> Result<ArgumentPattern, SignatureError> {
        match self.peek() {
            Some(b'(') => Ok(ArgumentPattern::Array(self.shape()?)),
            Some(letter) if letter.is_ascii_lowercase() => {
                self.at += 1;
                Ok(ArgumentPattern::Size(self.letter(letter)))
            }
            _ => Err(self.error("a shape or a letter")),
        }
    }

    fn shape(&mut self) -> Result<ShapePattern, SignatureError> {
        self.require(b'(', "`(`")?;
        let rows = self.size()?;
        self.require(b',', "`,`")?;
        let columns = self.size()?;
        self.require(b')', "`)`")?;
        Ok(ShapePattern { rows, columns })
    }

    fn size(&mut self) -> Result<SizePattern, SignatureError> {
        self.peek();
        let start = self.at;
        let mut total = self.term()?;
        loop {
            let sign = match self.peek() {
                Some(b'+') => Rational::ONE,
                Some(b'-') => Rational::MINUS_ONE,
                _ => {
                    let factors = self.written_product(start);
                    return Ok(SizePattern { polynomial: total, factors });
                }
            };
            self.at += 1;
            total = total.add(&self.term()?.scale(&sign));
        }
    }

    /// The letters of the text since `start`, if it is a product of letters.
    fn written_product(&mut self, start: usize) -> Vec<Letter> {
        let text: Vec<u8> =
            self.text[start..self.at].iter().copied().filter(|byte| *byte != b' ').collect();
        let mut factors = text.split(|byte| *byte == b'*');
        let is_product = text.len() > 1
            && factors.all(|factor| matches!(factor, [letter] if letter.is_ascii_lowercase()));
        if !is_product {
            return Vec::new();
        }
        text.into_iter().step_by(2).map(|letter| self.letter(letter)).collect()
    }

    fn term(&mut self) -> Result<Polynomial, SignatureError> {
        let mut product = self.factor()?;
        while self.accept(b'*') {
            product = product.multiply(&self.factor()?);
        }
        if self.accept(b'/') {
            let divisor =
                Rational::new(1, self.number()?).ok_or(self.error("a divisor not zero"))?;
            product = product.scale(&divisor);
        }
        Ok(product)
    }

    fn factor(&mut self) -> Result<Polynomial, SignatureError> {
        match self.peek() {
            Some(letter) if letter.is_ascii_lowercase() => {
                self.at += 1;
                let name = DimensionName(self.letter(letter).0);
                let exponent = if self.accept(b'^') { self.exponent()? } else { 1 };
                Ok(Polynomial(vec![(vec![(name, exponent)], Rational::ONE)]))
            }
            Some(digit) if digit.is_ascii_digit() => {
                Ok(Polynomial::constant(Rational::integer(self.number()?)))
            }
            _ => Err(self.error("a letter or a number")),
        }
    }

    fn exponent(&mut self) -> Result<u32, SignatureError> {
        let exponent = u32::try_from(self.number()?).unwrap_or(u32::MAX);
        if (1..=MAXIMUM_EXPONENT).contains(&exponent) {
            Ok(exponent)
        } else {
            Err(self.error("a small exponent"))
        }
    }

    fn number(&mut self) -> Result<i64, SignatureError> {
        self.peek();
        let start = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let digits = std::str::from_utf8(&self.text[start..self.at]).ok();
        digits.and_then(|digits| digits.parse().ok()).ok_or(self.error("a number"))
    }

    fn letter(&mut self, letter: u8) -> Letter {
        let letter = char::from(letter);
        let at = self.letters.iter().position(|known| *known == letter).unwrap_or_else(|| {
            self.letters.push(letter);
            self.letters.len() - 1
        });
        Letter(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The next byte that is not a space.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn require(&mut self, byte: u8, expected: &'static str) -> Result<(), SignatureError> {
        if self.accept(byte) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn error(&self, expected: &'static str) -> SignatureError {
        SignatureError { at: self.at, expected }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn shapes(text: &str) -> ShapeSignature {
        match parse(text) {
            Ok(Signature::Shapes(shapes)) => shapes,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn products_and_sizes_are_read() {
        let unvec = shapes("(m*n,1), m, n -> (m,n)");
        assert_eq!(unvec.letters, ['m', 'n']);
        assert_eq!(unvec.arguments[1], ArgumentPattern::Size(Letter(0)));
        assert_eq!(unvec.arguments[2], ArgumentPattern::Size(Letter(1)));
        assert_eq!(unvec.result.rows.as_letter(), Some(Letter(0)));
        let ArgumentPattern::Array(vector) = &unvec.arguments[0] else { panic!("an array") };
        assert_eq!(vector.rows.letters(), [Letter(0), Letter(1)]);
        assert_eq!(vector.rows.factors, [Letter(0), Letter(1)]);
        assert_eq!(shapes("(m,n) -> (n*m,1)").result.rows.factors, [Letter(1), Letter(0)]);
        assert!(shapes("(n,n) -> (n^2/2+n/2,1)").result.rows.factors.is_empty());
        assert_eq!(vector.rows.as_letter(), None);
        assert_eq!(vector.columns.as_number(), Some(Rational::ONE));
    }

    #[test]
    fn sizes_become_dimensions() {
        let kron = shapes("(m,n), (p,q) -> (m*p,n*q)");
        let mut dimensions = Dimensions::new();
        let values = ["a", "b", "c", "d"].map(|name| dimensions.named(name));
        let rows = kron.result.rows.instantiate(&mut dimensions, &values).unwrap();
        assert_eq!(dimensions.display(rows), "a*c");
        assert_eq!(kron.result.rows.instantiate(&mut dimensions, &values[..2]), None);
        let vech = shapes("(n,n) -> (n^2/2+n/2,1)");
        let three = dimensions.number(Rational::integer(3));
        let six = vech.result.rows.instantiate(&mut dimensions, &[three]).unwrap();
        assert_eq!(dimensions.as_number(six), Some(Rational::integer(6)));
    }

    #[test]
    fn mistakes_are_errors_with_a_place() {
        for text in
            ["", "(m,n)", "(m,n) -> ", "(m) -> (m,1)", "(m,n) -> (m,n) x", "(m,n) -> (1/0,1)"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("(m,N) -> (m,1)").unwrap_err().at, 3);
        assert!(parse("(n^999999999999999999999,1) -> (1,1)").is_err());
    }
}
