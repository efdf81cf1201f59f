//! Equations between dimensions, some of which are unknown.
//!
//! Must not know shapes, names of variables or messages.
//!
//! A dimension in this crate is either an id of the final table, or, with the highest bit set, an
//! entry of the [`Solver`]: an unknown, or a polynomial with unknowns. So a program in which
//! everything is declared never makes an entry.

use gradus_tensor::{DimensionId, DimensionName, Dimensions, Polynomial, Rational};

/// The bit that tells entries from ids of the final table, and unknowns from dimension names.
const ENTRY: u32 = 1 << 31;

/// Polynomials with more terms than this are refused.
const MAXIMUM_TERMS: usize = 256;

/// Polynomials of a higher degree are refused.
const MAXIMUM_DEGREE: u64 = 64;

/// Polynomials with longer coefficients are refused.
const MAXIMUM_BITS: u64 = 512;

/// Equations with more terms than this are not factored.
const MAXIMUM_ROOT_TERMS: usize = 24;

/// At most this many equations wait at a time.
const MAXIMUM_POSTPONED: usize = 4096;

#[derive(Clone, Debug)]
enum Entry {
    /// Not known yet; only a flexible one may become 1.
    Unknown { flexible: bool },
    /// Solved.
    Solved(DimensionId),
    /// A polynomial in names and unknowns.
    Compound(Polynomial),
}

/// Whether a dimension is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum One {
    /// It is.
    Yes,
    /// It is not, or it is a symbol, which is never treated as 1.
    No,
    /// Not decided yet.
    Perhaps,
}

/// Why two dimensions cannot be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// They differ.
    Differ,
    /// The equations became too large.
    TooLarge,
}

/// What a root of an equation is.
#[derive(Clone, Copy, Debug)]
enum Root {
    /// The unknown has this value.
    Of(DimensionId, DimensionId),
    /// There is no natural number that solves it.
    None,
}

/// An equation that waits, with the number its maker gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Postponed {
    /// One side.
    pub(crate) left: DimensionId,
    /// The other side.
    pub(crate) right: DimensionId,
    /// What the maker called it.
    pub(crate) tag: u64,
}

/// The table of dimensions with the unknowns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Solver {
    /// The final table.
    pub(crate) table: Dimensions,
    entries: Vec<Entry>,
    postponed: Vec<Postponed>,
    /// Given to postponed equations.
    pub(crate) tag: u64,
    /// Whether a polynomial was refused; some dimensions are then meaningless.
    pub(crate) too_large: bool,
}

impl Solver {
    pub(crate) fn new(table: Dimensions) -> Self {
        Self { table, entries: Vec::new(), postponed: Vec::new(), tag: 0, too_large: false }
    }

    /// Forgets every unknown.
    pub(crate) fn reset(&mut self) {
        self.entries.clear();
        self.postponed.clear();
        self.too_large = false;
    }

    /// Whether there have been no unknowns.
    pub(crate) fn is_trivial(&self) -> bool {
        self.entries.is_empty()
    }

    fn push(&mut self, entry: Entry) -> DimensionId {
        let at = u32::try_from(self.entries.len()).unwrap_or(ENTRY - 1);
        self.entries.push(entry);
        DimensionId(ENTRY | at)
    }

    /// A dimension of its own that is equal to another one, so that something can be noted of it alone.
    pub(crate) fn alias(&mut self, dimension: DimensionId) -> DimensionId {
        self.push(Entry::Solved(dimension))
    }

    /// A new unknown that is not 1.
    pub(crate) fn unknown(&mut self) -> DimensionId {
        self.push(Entry::Unknown { flexible: false })
    }

    /// A new unknown that may be 1.
    pub(crate) fn flexible(&mut self) -> DimensionId {
        self.push(Entry::Unknown { flexible: true })
    }

    /// The dimension with everything solved so far put in.
    pub(crate) fn resolve(&mut self, dimension: DimensionId) -> DimensionId {
        let mut at = dimension;
        while let Some(entry) = entry_of(at) {
            match &self.entries[entry] {
                Entry::Solved(next) => at = *next,
                Entry::Unknown { .. } => break,
                Entry::Compound(polynomial) => {
                    if !polynomial.names().any(|name| self.is_solved(name)) {
                        break;
                    }
                    let next = match self.substituted(polynomial) {
                        Some(value) => self.of_polynomial(value),
                        None => {
                            self.too_large = true;
                            Dimensions::ONE
                        }
                    };
                    self.entries[entry] = Entry::Solved(next);
                    at = next;
                }
            }
        }
        // Path compression keeps long chains linear.
        let mut path = dimension;
        while path != at {
            let Some(entry) = entry_of(path) else { break };
            let Entry::Solved(next) = self.entries[entry] else { break };
            self.entries[entry] = Entry::Solved(at);
            path = next;
        }
        at
    }

    /// Resolves every entry, the later ones first: what an unknown was found to be is mostly made later,
    /// so that long chains are followed once.
    pub(crate) fn resolve_all(&mut self) {
        for entry in (0..self.entries.len()).rev() {
            self.resolve(DimensionId(ENTRY | u32::try_from(entry).unwrap_or(0)));
        }
    }

    fn is_solved(&self, name: DimensionName) -> bool {
        unknown_of(name).is_some_and(|entry| !matches!(self.entries[entry], Entry::Unknown { .. }))
    }

    /// Puts in the values of the solved unknowns, one step only: their own unknowns may be solved
    /// too, which the loop of [`Self::resolve`] sees. Stepping keeps long chains off the stack.
    fn substituted(&self, polynomial: &Polynomial) -> Option<Polynomial> {
        substitute(polynomial, |name| {
            self.is_solved(name).then(|| self.polynomial_of(self.followed(DimensionId(name.0))))
        })
    }

    /// The end of a chain of solved unknowns.
    fn followed(&self, mut dimension: DimensionId) -> DimensionId {
        while let Some(Entry::Solved(next)) = entry_of(dimension).map(|entry| &self.entries[entry])
        {
            dimension = *next;
        }
        dimension
    }

    /// The polynomial of a resolved dimension.
    fn polynomial_of(&self, dimension: DimensionId) -> Polynomial {
        match entry_of(dimension).map(|entry| &self.entries[entry]) {
            None => self.table.polynomial(dimension).clone(),
            Some(Entry::Compound(polynomial)) => polynomial.clone(),
            Some(_) => Polynomial::variable(DimensionName(dimension.0)),
        }
    }

    /// The polynomial of a dimension.
    pub(crate) fn polynomial(&mut self, dimension: DimensionId) -> Polynomial {
        let dimension = self.resolve(dimension);
        self.polynomial_of(dimension)
    }

    /// The dimension that is a polynomial in names and unknowns.
    pub(crate) fn of_polynomial(&mut self, polynomial: Polynomial) -> DimensionId {
        if polynomial.names().all(|name| unknown_of(name).is_none()) {
            return self.table.intern(polynomial);
        }
        match polynomial.0.as_slice() {
            [(monomial, coefficient)] if coefficient.is_one() => match monomial.as_slice() {
                [(name, 1)] => DimensionId(name.0),
                _ => self.push(Entry::Compound(polynomial)),
            },
            _ => self.push(Entry::Compound(polynomial)),
        }
    }

    /// `a * b`; 1 if that is too large, which is then noted.
    pub(crate) fn multiply(&mut self, a: DimensionId, b: DimensionId) -> DimensionId {
        if a == Dimensions::ONE {
            return b;
        }
        if b == Dimensions::ONE {
            return a;
        }
        let (a, b) = (self.polynomial(a), self.polynomial(b));
        self.bounded(product(&a, &b))
    }

    /// The dimension that a polynomial is when each name stands for a dimension; 1 if that is too
    /// large, which is then noted.
    pub(crate) fn instantiate(
        &mut self,
        pattern: &Polynomial,
        values: &[DimensionId],
    ) -> DimensionId {
        let values: Vec<Polynomial> = values.iter().map(|value| self.polynomial(*value)).collect();
        let value = substitute(pattern, |name| values.get(name.0 as usize).cloned());
        self.bounded(value)
    }

    fn bounded(&mut self, polynomial: Option<Polynomial>) -> DimensionId {
        match polynomial {
            Some(polynomial) => self.of_polynomial(polynomial),
            None => {
                self.too_large = true;
                Dimensions::ONE
            }
        }
    }

    /// `a + b`.
    pub(crate) fn add(&mut self, a: DimensionId, b: DimensionId) -> DimensionId {
        let sum = self.polynomial(a).add(&self.polynomial(b));
        self.bounded((sum.0.len() <= MAXIMUM_TERMS).then_some(sum))
    }

    /// Whether the dimension is 1.
    pub(crate) fn one(&mut self, dimension: DimensionId) -> One {
        if dimension == Dimensions::ONE {
            return One::Yes;
        }
        let dimension = self.resolve(dimension);
        match entry_of(dimension).map(|entry| &self.entries[entry]) {
            None if dimension == Dimensions::ONE => One::Yes,
            Some(Entry::Unknown { flexible: true }) => One::Perhaps,
            _ => One::No,
        }
    }

    /// Whether the dimension has no unknowns.
    pub(crate) fn is_known(&mut self, dimension: DimensionId) -> bool {
        entry_of(self.resolve(dimension)).is_none()
    }

    /// Whether the dimension is a single unknown.
    pub(crate) fn is_unknown(&mut self, dimension: DimensionId) -> bool {
        let dimension = self.resolve(dimension);
        entry_of(dimension)
            .is_some_and(|entry| matches!(self.entries[entry], Entry::Unknown { .. }))
    }

    /// Whether the two dimensions could still be equal, without deciding anything.
    pub(crate) fn could_equal(&mut self, a: DimensionId, b: DimensionId) -> bool {
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return true;
        }
        match (self.one(a), self.one(b)) {
            (One::Yes, One::No) | (One::No, One::Yes) => return false,
            (One::Perhaps, _) | (_, One::Perhaps) => return true,
            _ => {}
        }
        entry_of(a).is_some() || entry_of(b).is_some()
    }

    /// Demands that two dimensions are equal.
    pub(crate) fn unify(&mut self, a: DimensionId, b: DimensionId) -> Result<(), Conflict> {
        if a == b {
            return Ok(());
        }
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return Ok(());
        }
        match (entry_of(a), entry_of(b)) {
            (None, None) => Err(Conflict::Differ),
            (Some(left), Some(right)) => self.unify_entries((a, left), (b, right)),
            (Some(entry), None) => self.assign(a, entry, b),
            (None, Some(entry)) => self.assign(b, entry, a),
        }
    }

    fn unify_entries(
        &mut self,
        (a, left): (DimensionId, usize),
        (b, right): (DimensionId, usize),
    ) -> Result<(), Conflict> {
        match (&self.entries[left], &self.entries[right]) {
            // The later unknown becomes the earlier one, unless only the earlier may be 1.
            (Entry::Unknown { flexible: first }, Entry::Unknown { flexible: second }) => {
                if *first && !*second || *first == *second && left > right {
                    self.entries[left] = Entry::Solved(b);
                } else {
                    self.entries[right] = Entry::Solved(a);
                }
                Ok(())
            }
            (Entry::Unknown { .. }, _) => self.assign(a, left, b),
            (_, Entry::Unknown { .. }) => self.assign(b, right, a),
            _ => self.solve(a, b),
        }
    }

    /// Solves `unknown = value`, where the value is not an unknown; or an equation of polynomials.
    fn assign(
        &mut self,
        unknown: DimensionId,
        entry: usize,
        value: DimensionId,
    ) -> Result<(), Conflict> {
        let Entry::Unknown { flexible } = self.entries[entry] else {
            return self.solve(unknown, value);
        };
        if value == Dimensions::ONE && !flexible {
            return Err(Conflict::Differ);
        }
        if entry_of(value).is_some() {
            let polynomial = self.polynomial_of(value);
            if polynomial.names().any(|name| name.0 == unknown.0) {
                return self.solve(unknown, value);
            }
        } else if !could_be_size(self.table.polynomial(value)) {
            return Err(Conflict::Differ);
        }
        self.entries[entry] = Entry::Solved(value);
        Ok(())
    }

    /// Solves an equation of polynomials if one side is a single unknown once common terms and
    /// factors are cancelled; else postpones it.
    fn solve(&mut self, a: DimensionId, b: DimensionId) -> Result<(), Conflict> {
        let difference =
            self.polynomial_of(a).subtract(&self.polynomial_of(b)).without_common_factor();
        let difference = root(difference);
        if difference.0.len() > MAXIMUM_TERMS {
            return Err(Conflict::TooLarge);
        }
        if difference.0.is_empty() {
            return Ok(());
        }
        let negative =
            difference.0.iter().filter(|(_, coefficient)| coefficient.is_negative()).count();
        // Names stand for positive numbers: terms of one sign never add up to zero.
        if negative == 0 || negative == difference.0.len() {
            return Err(Conflict::Differ);
        }
        if difference.names().all(|name| unknown_of(name).is_none()) {
            return Err(Conflict::Differ);
        }
        if let Some((unknown, entry, value)) = self.isolated(&difference) {
            let value = self.of_polynomial(value);
            return self.assign(unknown, entry, value);
        }
        match self.only_root(&difference) {
            Some(Root::Of(unknown, value)) => return self.unify(unknown, value),
            Some(Root::None) => return Err(Conflict::Differ),
            None => {}
        }
        if self.postponed.len() >= MAXIMUM_POSTPONED {
            return Err(Conflict::TooLarge);
        }
        self.postponed.push(Postponed { left: a, right: b, tag: self.tag });
        Ok(())
    }

    /// The one value that an unknown can have in the equation `difference = 0`, where that can be seen:
    /// another name, because `u - w` is a factor and the other factor has terms of one sign only, or a
    /// number, because the equation has no other name.
    fn only_root(&mut self, difference: &Polynomial) -> Option<Root> {
        if degree(difference) < 2 || difference.0.len() > MAXIMUM_ROOT_TERMS {
            return None;
        }
        let mut names: Vec<DimensionName> = difference.names().collect();
        names.sort_unstable();
        names.dedup();
        let unknowns: Vec<DimensionName> =
            names.iter().copied().filter(|name| unknown_of(*name).is_some()).collect();
        if let ([only], [_]) = (names.as_slice(), unknowns.as_slice()) {
            let root = crate::roots::natural_root(difference)?;
            let unknown = DimensionId(only.0);
            return Some(match root {
                Some(value) => Root::Of(unknown, self.table.number(value)),
                None => Root::None,
            });
        }
        for unknown in unknowns {
            for other in &names {
                if *other != unknown && crate::roots::only_root(difference, unknown, *other) {
                    let other = self.of_polynomial(Polynomial::variable(*other));
                    return Some(Root::Of(DimensionId(unknown.0), other));
                }
            }
        }
        None
    }

    /// `u = value`, if the equation `difference = 0` has a lone unknown on one side.
    fn isolated(&self, difference: &Polynomial) -> Option<(DimensionId, usize, Polynomial)> {
        for sign in [false, true] {
            let mut side = difference.0.iter().filter(|(_, c)| c.is_negative() == sign);
            let (Some((monomial, coefficient)), None) = (side.next(), side.next()) else {
                continue;
            };
            let [(name, 1)] = monomial.as_slice() else { continue };
            let Some(entry) = unknown_of(*name) else { continue };
            let rest: Vec<_> =
                difference.0.iter().filter(|(_, c)| c.is_negative() != sign).cloned().collect();
            let rest = Polynomial(rest);
            if rest.names().any(|other| other == *name) {
                continue;
            }
            let factor = coefficient.negate().reciprocal()?;
            return Some((DimensionId(name.0), entry, rest.scale(&factor)));
        }
        None
    }

    /// Tries the waiting equations again until none moves.
    ///
    /// # Errors
    /// The first equation that cannot hold.
    pub(crate) fn settle(&mut self) -> Result<(), (Postponed, Conflict)> {
        loop {
            let waiting = std::mem::take(&mut self.postponed);
            let before = waiting.len();
            if before == 0 {
                return Ok(());
            }
            for equation in waiting {
                self.tag = equation.tag;
                self.unify(equation.left, equation.right)
                    .map_err(|conflict| (equation, conflict))?;
            }
            if self.postponed.len() >= before {
                return Ok(());
            }
        }
    }

    /// The equations that wait.
    pub(crate) fn postponed(&self) -> &[Postponed] {
        &self.postponed
    }

    /// Gives an unknown a value, without any test.
    pub(crate) fn decide(&mut self, unknown: DimensionId, value: DimensionId) {
        let unknown = self.resolve(unknown);
        if let Some(entry) = entry_of(unknown) {
            self.entries[entry] = Entry::Solved(value);
        }
    }

    /// Whether a name of a polynomial is a dimension name and no unknown.
    pub(crate) fn is_name(&self, name: DimensionName) -> bool {
        unknown_of(name).is_none()
    }

    /// The unknowns of a dimension, in order of their making.
    pub(crate) fn unknowns(&mut self, dimension: DimensionId) -> Vec<DimensionId> {
        let polynomial = self.polynomial(dimension);
        let mut unknowns: Vec<_> = polynomial
            .names()
            .filter(|name| unknown_of(*name).is_some())
            .map(|name| DimensionId(name.0))
            .collect();
        unknowns.sort_unstable();
        unknowns.dedup();
        unknowns
    }

    /// The dimension as text, with a text for each unknown.
    pub(crate) fn display(
        &mut self,
        dimension: DimensionId,
        mut name: impl FnMut(DimensionId) -> String,
    ) -> String {
        let polynomial = self.polynomial(dimension);
        let mut texts = Dimensions::new();
        let renamed = polynomial.substitute(|unknown| {
            let text = match unknown_of(unknown) {
                Some(_) => name(DimensionId(unknown.0)),
                None => self.table.name_text(unknown).to_owned(),
            };
            Some(Polynomial::variable(texts.name(&text)))
        });
        renamed.display(&texts)
    }
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `a - b` for `a^k - b^k`: positive numbers are equal if their powers are.
fn root(mut difference: Polynomial) -> Polynomial {
    let [(first, one), (second, other)] = difference.0.as_slice() else { return difference };
    let exponents = first.iter().chain(second).map(|(_, exponent)| *exponent);
    let common = exponents.fold(0, greatest_common_divisor);
    if common < 2 || *one != other.negate() {
        return difference;
    }
    for (monomial, _) in &mut difference.0 {
        for (_, exponent) in monomial.iter_mut() {
            *exponent /= common;
        }
    }
    difference
}

fn entry_of(dimension: DimensionId) -> Option<usize> {
    (dimension.0 & ENTRY != 0).then_some((dimension.0 & !ENTRY) as usize)
}

fn unknown_of(name: DimensionName) -> Option<usize> {
    (name.0 & ENTRY != 0).then_some((name.0 & !ENTRY) as usize)
}

/// Whether a polynomial in names could be a natural number ≥ 1.
pub(crate) fn could_be_size(polynomial: &Polynomial) -> bool {
    match polynomial.as_constant() {
        Some(value) => value.is_integer() && !value.is_negative() && !value.is_zero(),
        None => polynomial.0.iter().any(|(_, coefficient)| !coefficient.is_negative()),
    }
}

/// The product of two polynomials, or nothing if it is too large.
pub(crate) fn product(a: &Polynomial, b: &Polynomial) -> Option<Polynomial> {
    if a.0.len().saturating_mul(b.0.len()) > MAXIMUM_TERMS * MAXIMUM_TERMS
        || degree(a) + degree(b) > MAXIMUM_DEGREE
    {
        return None;
    }
    let product = a.multiply(b);
    let short = product.0.iter().all(|(_, coefficient)| !coefficient.exceeds_bits(MAXIMUM_BITS));
    (short && product.0.len() <= MAXIMUM_TERMS).then_some(product)
}

fn degree(polynomial: &Polynomial) -> u64 {
    let degree = |monomial: &[(DimensionName, u32)]| {
        monomial.iter().map(|(_, exponent)| u64::from(*exponent)).sum::<u64>()
    };
    polynomial.0.iter().map(|(monomial, _)| degree(monomial)).max().unwrap_or(0)
}

/// A polynomial with other polynomials in the place of names, or nothing if that is too large.
fn substitute(
    polynomial: &Polynomial,
    mut value: impl FnMut(DimensionName) -> Option<Polynomial>,
) -> Option<Polynomial> {
    let mut total = Polynomial::zero();
    for (monomial, coefficient) in &polynomial.0 {
        let mut term = Polynomial::constant(coefficient.clone());
        for (name, exponent) in monomial {
            let factor = value(*name).unwrap_or_else(|| Polynomial::variable(*name));
            for _ in 0..*exponent {
                term = product(&term, &factor)?;
            }
        }
        total = total.add(&term);
        if total.0.len() > MAXIMUM_TERMS {
            return None;
        }
    }
    Some(total)
}

/// The polynomial that is a number.
pub(crate) fn number(value: i64) -> Polynomial {
    Polynomial::constant(Rational::integer(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn rigid_names_differ() {
        let mut solver = Solver::default();
        let (m, n) = (solver.table.named("m"), solver.table.named("n"));
        assert_eq!(solver.unify(m, n), Err(Conflict::Differ));
        assert_eq!(solver.unify(m, m), Ok(()));
    }

    #[test]
    fn unknowns_are_solved_but_never_by_one() {
        let mut solver = Solver::default();
        let m = solver.table.named("m");
        let (u, v, w) = (solver.unknown(), solver.unknown(), solver.flexible());
        assert_eq!(solver.unify(u, Dimensions::ONE), Err(Conflict::Differ));
        assert_eq!(solver.unify(w, Dimensions::ONE), Ok(()));
        assert_eq!(solver.unify(u, v), Ok(()));
        assert_eq!(solver.unify(v, m), Ok(()));
        assert_eq!(solver.resolve(u), m);
    }

    #[test]
    fn common_factors_cancel() {
        let mut solver = Solver::default();
        let (m, n) = (solver.table.named("m"), solver.table.named("n"));
        let mn = solver.table.multiply(m, n);
        let u = solver.unknown();
        let product = solver.polynomial(u).multiply(&solver.polynomial(m));
        let product = solver.of_polynomial(product);
        assert_eq!(solver.unify(product, mn), Ok(()));
        assert_eq!(solver.resolve(u), n);
        assert_eq!(solver.resolve(product), mn);
    }

    #[test]
    fn two_unknowns_wait_for_one_of_them() {
        let mut solver = Solver::default();
        let (m, n) = (solver.table.named("m"), solver.table.named("n"));
        let mn = solver.table.multiply(m, n);
        let (u, v) = (solver.unknown(), solver.unknown());
        let product = solver.polynomial(u).multiply(&solver.polynomial(v));
        let product = solver.of_polynomial(product);
        assert_eq!(solver.unify(product, mn), Ok(()));
        assert_eq!(solver.postponed().len(), 1);
        assert_eq!(solver.unify(v, m), Ok(()));
        assert!(solver.settle().is_ok());
        assert_eq!(solver.resolve(u), n);
        assert!(solver.postponed().is_empty());
    }

    #[test]
    fn equal_powers_have_equal_bases() {
        let mut solver = Solver::default();
        let (u, v) = (solver.unknown(), solver.unknown());
        let (first, second) = (solver.multiply(u, u), solver.multiply(v, v));
        assert_eq!(solver.unify(first, second), Ok(()));
        assert_eq!(solver.resolve(u), solver.resolve(v));
        assert!(solver.postponed().is_empty());
    }

    #[test]
    fn an_unknown_is_never_its_own_multiple() {
        let mut solver = Solver::default();
        let u = solver.unknown();
        let double = solver.add(u, u);
        assert_eq!(solver.unify(double, u), Err(Conflict::Differ));
        let more = solver.add(u, Dimensions::ONE);
        assert_eq!(solver.unify(more, u), Err(Conflict::Differ));
    }
}
