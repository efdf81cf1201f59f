//! Dimensions: polynomials in dimension names with rational coefficients, in normal form.
//!
//! Must not know nodes or shapes. A dimension id is equal exactly if the polynomial is.

use std::fmt::Write as _;
use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::rational::Rational;

/// An interned dimension in a [`Dimensions`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DimensionId(pub u32);

/// A dimension name in a [`Dimensions`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DimensionName(pub u32);

/// A product of powers of names, sorted by name; empty for one.
pub type Monomial = Vec<(DimensionName, u32)>;

/// A polynomial: monomials with their coefficients, sorted, no zero coefficient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Polynomial(pub Vec<(Monomial, Rational)>);

fn name_at(position: usize) -> DimensionName {
    DimensionName(u32::try_from(position).unwrap_or(u32::MAX))
}

/// The table of dimension names and of interned polynomials.
///
/// Every tree of a request has a table of its own that begins alike, so a copy shares its contents
/// until one of the two grows.
#[derive(Clone, Debug)]
pub struct Dimensions {
    table: Arc<Table>,
}

#[derive(Clone, Debug, Default)]
struct Table {
    names: IndexSet<String, FxBuildHasher>,
    polynomials: IndexSet<Polynomial, FxBuildHasher>,
}

impl Default for Dimensions {
    fn default() -> Self {
        Self::new()
    }
}

impl Dimensions {
    /// The dimension 1, of rows, columns and scalars.
    pub const ONE: DimensionId = DimensionId(0);

    /// A table that knows the dimension 1 only.
    #[must_use]
    pub fn new() -> Self {
        let mut dimensions = Self { table: Arc::new(Table::default()) };
        dimensions.number(Rational::ONE);
        dimensions
    }

    /// Interns a polynomial, which is first brought to normal form.
    pub fn intern(&mut self, polynomial: Polynomial) -> DimensionId {
        let normal = polynomial.normalized();
        let known = self.table.polynomials.get_index_of(&normal);
        let at = match known {
            Some(at) => at,
            None => Arc::make_mut(&mut self.table).polynomials.insert_full(normal).0,
        };
        DimensionId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The polynomial of an id.
    #[must_use]
    pub fn polynomial(&self, id: DimensionId) -> &Polynomial {
        &self.table.polynomials[id.0 as usize]
    }

    /// The constant `value`.
    pub fn number(&mut self, value: Rational) -> DimensionId {
        self.intern(Polynomial(vec![(Vec::new(), value)]))
    }

    /// The name with this text; the same text gives the same name.
    pub fn name(&mut self, text: &str) -> DimensionName {
        if let Some(name) = self.find_name(text) {
            return name;
        }
        name_at(Arc::make_mut(&mut self.table).names.insert_full(text.to_owned()).0)
    }

    /// The name with this text, if the table knows it.
    #[must_use]
    pub fn find_name(&self, text: &str) -> Option<DimensionName> {
        self.table.names.get_index_of(text).map(name_at)
    }

    /// The text of a name.
    #[must_use]
    pub fn name_text(&self, name: DimensionName) -> &str {
        &self.table.names[name.0 as usize]
    }

    /// Number of names known.
    #[must_use]
    pub fn name_count(&self) -> usize {
        self.table.names.len()
    }

    /// The dimension that is a single name.
    pub fn named(&mut self, text: &str) -> DimensionId {
        let name = self.name(text);
        self.variable(name)
    }

    /// The dimension that is a single name.
    pub fn variable(&mut self, name: DimensionName) -> DimensionId {
        self.intern(Polynomial(vec![(vec![(name, 1)], Rational::ONE)]))
    }

    /// The name of a dimension that is a single name.
    #[must_use]
    pub fn as_name(&self, id: DimensionId) -> Option<DimensionName> {
        match self.polynomial(id).0.as_slice() {
            [(monomial, coefficient)] if coefficient.is_one() => match monomial.as_slice() {
                [(name, 1)] => Some(*name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a dimension that is a constant.
    #[must_use]
    pub fn as_number(&self, id: DimensionId) -> Option<Rational> {
        self.polynomial(id).as_constant()
    }

    /// `a + b`.
    pub fn add(&mut self, a: DimensionId, b: DimensionId) -> DimensionId {
        let sum = self.polynomial(a).add(self.polynomial(b));
        self.intern(sum)
    }

    /// `a - b`.
    pub fn subtract(&mut self, a: DimensionId, b: DimensionId) -> DimensionId {
        let difference = self.polynomial(a).add(&self.polynomial(b).scale(&Rational::MINUS_ONE));
        self.intern(difference)
    }

    /// `a * b`.
    pub fn multiply(&mut self, a: DimensionId, b: DimensionId) -> DimensionId {
        if a == Self::ONE {
            return b;
        }
        if b == Self::ONE {
            return a;
        }
        let product = self.polynomial(a).multiply(self.polynomial(b));
        self.intern(product)
    }

    /// Whether the dimension is a natural number ≥ 1 whatever natural numbers its names stand for, as
    /// can be seen from its coefficients.
    #[must_use]
    pub fn is_visibly_natural(&self, id: DimensionId) -> bool {
        let terms = &self.polynomial(id).0;
        !terms.is_empty() && terms.iter().all(|(_, c)| c.is_integer() && !c.is_negative())
    }

    /// The value under an assignment of numbers to names; `None` if it is not a natural number ≥ 0.
    #[must_use]
    pub fn evaluate(&self, id: DimensionId, sizes: &[u64]) -> Option<u64> {
        let mut total = Rational::ZERO;
        for (monomial, coefficient) in &self.polynomial(id).0 {
            let mut term = coefficient.clone();
            for (name, exponent) in monomial {
                let size = i64::try_from(*sizes.get(name.0 as usize)?).ok()?;
                term = term.multiply(&Rational::integer(size).power(i64::from(*exponent))?);
            }
            total = total.add(&term);
        }
        total.to_i64().and_then(|value| u64::try_from(value).ok())
    }

    /// The dimension as text that the language reads back, such as `m`, `m*n`, `n+1`.
    #[must_use]
    pub fn display(&self, id: DimensionId) -> String {
        self.polynomial(id).display(self)
    }
}

impl Polynomial {
    /// The zero polynomial.
    #[must_use]
    pub fn zero() -> Self {
        Self(Vec::new())
    }

    /// The constant polynomial.
    #[must_use]
    pub fn constant(value: Rational) -> Self {
        Self(vec![(Vec::new(), value)]).normalized()
    }

    /// The value of a constant polynomial.
    #[must_use]
    pub fn as_constant(&self) -> Option<Rational> {
        match self.0.as_slice() {
            [] => Some(Rational::ZERO),
            [(monomial, coefficient)] if monomial.is_empty() => Some(coefficient.clone()),
            _ => None,
        }
    }

    /// Sorted, equal monomials collected, zeros dropped.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        if self.0.len() == 1 {
            self.0.retain(|(_, coefficient)| !coefficient.is_zero());
            return self;
        }
        // Higher degree first, then by name, so that `m*n + n + 1` reads as written in books.
        let degree = |monomial: &Monomial| monomial.iter().map(|(_, e)| *e).sum::<u32>();
        self.0.sort_by(|(a, _), (b, _)| degree(b).cmp(&degree(a)).then_with(|| a.cmp(b)));
        let mut terms: Vec<(Monomial, Rational)> = Vec::with_capacity(self.0.len());
        for (monomial, coefficient) in self.0 {
            match terms.last_mut() {
                Some((last, total)) if *last == monomial => {
                    *total = Rational::add(total, &coefficient)
                }
                _ => terms.push((monomial, coefficient)),
            }
        }
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
        Self(terms)
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect()).normalized()
    }

    /// The product with a number.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        Self(self.0.iter().map(|(m, c)| (m.clone(), c.multiply(factor))).collect()).normalized()
    }

    /// The product.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        let mut terms = Vec::with_capacity(self.0.len() * other.0.len());
        for (a, first) in &self.0 {
            for (b, second) in &other.0 {
                terms.push((multiply_monomials(a, b), first.multiply(second)));
            }
        }
        Self(terms).normalized()
    }

    /// The polynomial that is a single name.
    #[must_use]
    pub fn variable(name: DimensionName) -> Self {
        Self(vec![(vec![(name, 1)], Rational::ONE)])
    }

    /// The difference.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&other.scale(&Rational::MINUS_ONE))
    }

    /// The names that occur, with repetitions.
    pub fn names(&self) -> impl Iterator<Item = DimensionName> + '_ {
        self.0.iter().flat_map(|(monomial, _)| monomial.iter().map(|(name, _)| *name))
    }

    /// The polynomial with other polynomials in the place of names; a name for which there is none
    /// stays.
    #[must_use]
    pub fn substitute(&self, mut value: impl FnMut(DimensionName) -> Option<Self>) -> Self {
        let mut total = Self::zero();
        for (monomial, coefficient) in &self.0 {
            let mut term = Self(vec![(Vec::new(), coefficient.clone())]);
            for (name, exponent) in monomial {
                let factor = value(*name).unwrap_or_else(|| Self::variable(*name));
                for _ in 0..*exponent {
                    term = term.multiply(&factor);
                }
            }
            total = total.add(&term);
        }
        total
    }

    /// The polynomial divided by the greatest monomial that divides every term. As names are
    /// positive, an equation with zero keeps its solutions.
    #[must_use]
    pub fn without_common_factor(&self) -> Self {
        let Some((first, _)) = self.0.first() else { return Self::zero() };
        let mut common = first.clone();
        for (monomial, _) in &self.0[1..] {
            common.retain_mut(|(name, exponent)| {
                match monomial.binary_search_by_key(name, |(name, _)| *name) {
                    Ok(at) => {
                        *exponent = (*exponent).min(monomial[at].1);
                        true
                    }
                    Err(_) => false,
                }
            });
        }
        if common.is_empty() {
            return self.clone();
        }
        let quotient = |monomial: &Monomial| {
            let divided = monomial.iter().map(|(name, exponent)| {
                let at = common.binary_search_by_key(name, |(name, _)| *name);
                (*name, exponent - at.map_or(0, |at| common[at].1))
            });
            divided.filter(|(_, exponent)| *exponent > 0).collect()
        };
        Self(self.0.iter().map(|(m, c)| (quotient(m), c.clone())).collect()).normalized()
    }

    /// The polynomial as text.
    #[must_use]
    pub fn display(&self, dimensions: &Dimensions) -> String {
        if self.0.is_empty() {
            return "0".to_owned();
        }
        if let Some((common, rest, divisor)) = self.over_one_divisor() {
            let mut text = String::new();
            display_term(&mut text, &common, &Rational::ONE, dimensions);
            return format!("{text}*({})/{divisor}", rest.display(dimensions));
        }
        let mut text = String::new();
        for (position, (monomial, coefficient)) in self.0.iter().enumerate() {
            let sign = match (coefficient.is_negative(), position) {
                (true, 0) => "-",
                (false, 0) => "",
                (true, _) => "-",
                (false, _) => "+",
            };
            text.push_str(sign);
            display_term(&mut text, monomial, &coefficient.abs(), dimensions);
        }
        text
    }
}

impl Polynomial {
    /// A polynomial with fractions whose terms share names, `n^2/2 + n/2`, as those times a polynomial
    /// without fractions over a number: `n*(n+1)/2`.
    fn over_one_divisor(&self) -> Option<(Monomial, Self, i64)> {
        let ((first, _), others) = self.0.split_first()?;
        if others.is_empty() || self.0.iter().all(|(_, coefficient)| coefficient.is_integer()) {
            return None;
        }
        let mut common = first.clone();
        for (monomial, _) in others {
            common.retain_mut(|(name, exponent)| {
                let own = monomial.iter().find(|(other, _)| other == name);
                *exponent = (*exponent).min(own.map_or(0, |(_, exponent)| *exponent));
                *exponent > 0
            });
        }
        let pairs: Option<Vec<(i64, i64)>> =
            self.0.iter().map(|(_, coefficient)| coefficient.to_pair()).collect();
        let divisor = pairs?.iter().map(|(_, below)| *below).max()?;
        let scale = Rational::integer(divisor);
        let mut terms = Vec::with_capacity(self.0.len());
        for (monomial, coefficient) in &self.0 {
            let mut rest = monomial.clone();
            rest.retain_mut(|(name, exponent)| {
                let shared = common.iter().find(|(other, _)| other == name);
                *exponent -= shared.map_or(0, |(_, exponent)| *exponent);
                *exponent > 0
            });
            let coefficient = coefficient.multiply(&scale);
            if !coefficient.is_integer() {
                return None;
            }
            terms.push((rest, coefficient));
        }
        (!common.is_empty()).then_some((common, Self(terms), divisor))
    }
}

fn multiply_monomials(a: &Monomial, b: &Monomial) -> Monomial {
    let mut product = a.clone();
    for (name, exponent) in b {
        match product.binary_search_by_key(name, |(name, _)| *name) {
            Ok(at) => product[at].1 += exponent,
            Err(at) => product.insert(at, (*name, *exponent)),
        }
    }
    product
}

fn display_term(
    text: &mut String,
    monomial: &Monomial,
    coefficient: &Rational,
    dimensions: &Dimensions,
) {
    let (numerator, denominator) = coefficient.to_pair().unwrap_or((1, 1));
    let mut first = true;
    if numerator != 1 || monomial.is_empty() {
        let _ = write!(text, "{numerator}");
        first = false;
    }
    for (name, exponent) in monomial {
        if !first {
            text.push('*');
        }
        first = false;
        text.push_str(dimensions.name_text(*name));
        if *exponent != 1 {
            let _ = write!(text, "^{exponent}");
        }
    }
    if denominator != 1 {
        let _ = write!(text, "/{denominator}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_polynomials_have_equal_ids() {
        let mut table = Dimensions::new();
        let (m, n) = (table.named("m"), table.named("n"));
        let (mn, nm) = (table.multiply(m, n), table.multiply(n, m));
        assert_eq!(mn, nm);
        let sum = table.add(mn, n);
        assert_eq!(table.display(sum), "m*n+n");
        assert_eq!(table.subtract(sum, n), mn);
        assert_eq!(table.evaluate(sum, &[3, 4]), Some(16));
        assert_eq!(table.multiply(m, Dimensions::ONE), m);
    }

    #[test]
    fn names_are_found_however_many_there_are() {
        let mut table = Dimensions::new();
        let first: Vec<_> = (0..50).map(|number| table.name(&format!("n{number}"))).collect();
        let again: Vec<_> = (0..50).map(|number| table.name(&format!("n{number}"))).collect();
        assert_eq!(first, again);
        assert_eq!(table.name_count(), 50);
        assert_eq!(table.find_name("m"), None);
    }

    #[test]
    fn common_factors_are_cancelled() {
        let mut table = Dimensions::new();
        let (m, n) = (table.named("m"), table.named("n"));
        let (square, product) = (table.multiply(m, m), table.multiply(m, n));
        let sum = table.add(square, product);
        let cancelled = table.polynomial(sum).without_common_factor();
        assert_eq!(table.intern(cancelled), table.add(m, n));
    }

    #[test]
    fn names_are_substituted() {
        let mut table = Dimensions::new();
        let (m, n) = (table.named("m"), table.named("n"));
        let product = table.multiply(m, n);
        let sum = table.add(product, n);
        let value = table.polynomial(n).add(&Polynomial::constant(Rational::ONE));
        let name = table.name("m");
        let replaced =
            table.polynomial(sum).substitute(|other| (other == name).then(|| value.clone()));
        let id = table.intern(replaced);
        assert_eq!(table.evaluate(id, &[0, 3]), Some(15));
    }
}
