//! Products and powers: like bases are collected, numbers and exponentials gathered.
//!
//! Must not know series or values.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::arena::Arena;
use super::node::{ExprId, Factor, Function, Node, Rational, Sign};
use super::number::{factored, integer_power};

/// A product while it is collected.
struct Collected {
    coefficient: Rational,
    factors: BTreeMap<ExprId, ExprId>,
    exponents_of_exp: Vec<ExprId>,
    open: Vec<(ExprId, ExprId)>,
}

/// Why a product has no value of its own.
struct Undefined;

impl Arena {
    /// The product.
    pub fn multiply(&mut self, items: &[ExprId]) -> ExprId {
        let open = items.iter().rev().map(|item| (*item, Self::ONE)).collect();
        self.product(open, Vec::new())
    }

    /// `a/b`; undefined where b is zero.
    pub fn divide(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.product(vec![(b, Self::MINUS_ONE), (a, Self::ONE)], Vec::new())
    }

    /// `base^exponent`, with `u^0 = 1`.
    pub fn power(&mut self, base: ExprId, exponent: ExprId) -> ExprId {
        if base == Self::UNDEFINED {
            return base;
        }
        self.product(vec![(base, exponent)], Vec::new())
    }

    /// `base^(numerator/denominator)`
    pub fn root(&mut self, base: ExprId, numerator: i64, denominator: i64) -> ExprId {
        let exponent = self.fraction(numerator, denominator);
        self.power(base, exponent)
    }

    /// `sqrt(a)`
    pub fn square_root(&mut self, a: ExprId) -> ExprId {
        self.power(a, Self::HALF)
    }

    /// `a^2`
    pub fn square(&mut self, a: ExprId) -> ExprId {
        let two = self.integer(2);
        self.power(a, two)
    }

    /// `exp(argument)`
    pub fn exponential(&mut self, argument: ExprId) -> ExprId {
        self.product(Vec::new(), vec![argument])
    }

    /// The factors: of a product its own, else the expression alone. A coefficient is left out: see
    /// [`Self::content`].
    #[must_use]
    pub fn factors(&self, id: ExprId) -> Vec<Factor> {
        match self.node(id) {
            Node::Product(factors) => factors.clone(),
            _ => vec![Factor { base: id, exponent: Self::ONE }],
        }
    }

    fn product(&mut self, open: Vec<(ExprId, ExprId)>, exponents_of_exp: Vec<ExprId>) -> ExprId {
        self.spend(1);
        let undefined = |id: &ExprId| *id == Self::UNDEFINED;
        if open.iter().any(|(base, exponent)| undefined(base) || undefined(exponent))
            || exponents_of_exp.iter().any(undefined)
        {
            return Self::UNDEFINED;
        }
        let mut product = Collected {
            coefficient: Rational::one(),
            factors: BTreeMap::new(),
            exponents_of_exp,
            open,
        };
        match self.collect(&mut product) {
            Ok(()) => self.finish_product(product),
            Err(Undefined) => Self::UNDEFINED,
        }
    }

    fn collect(&mut self, product: &mut Collected) -> Result<(), Undefined> {
        loop {
            while let Some((base, exponent)) = product.open.pop() {
                self.spend(1);
                if self.is_exhausted() || base == Self::UNDEFINED || exponent == Self::UNDEFINED {
                    return Err(Undefined);
                }
                if exponent != Self::ZERO {
                    self.put(product, base, exponent)?;
                }
            }
            self.reopen(product)?;
            if product.open.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes one power apart.
    fn put(
        &mut self,
        product: &mut Collected,
        base: ExprId,
        exponent: ExprId,
    ) -> Result<(), Undefined> {
        let integer =
            self.as_number(exponent).filter(|it| it.is_integer()).map(|it| it.to_integer());
        match self.node(base).clone() {
            Node::Number(number) => self.put_number(product, &number, exponent, integer.as_ref()),
            Node::Sum(_) => self.put_sum(product, base, exponent, integer.as_ref()),
            Node::Product(factors) if integer.is_some() => {
                for factor in factors {
                    let both = self.multiply_exponents(factor.exponent, exponent);
                    product.open.push((factor.base, both));
                }
                Ok(())
            }
            Node::Product(factors) => {
                self.put_power_of_product(product, &factors, exponent);
                Ok(())
            }
            Node::Apply(Function::Exp, argument) => {
                let both = self.multiply_exponents(argument, exponent);
                product.exponents_of_exp.push(both);
                Ok(())
            }
            Node::Apply(Function::Abs, inner) if integer.is_some_and(|it| it.is_even()) => {
                product.open.push((inner, exponent));
                Ok(())
            }
            _ => {
                self.accumulate(product, base, exponent);
                Ok(())
            }
        }
    }

    fn multiply_exponents(&mut self, a: ExprId, b: ExprId) -> ExprId {
        if b == Self::ONE { a } else { self.multiply(&[a, b]) }
    }

    fn accumulate(&mut self, product: &mut Collected, base: ExprId, exponent: ExprId) {
        let sum = match product.factors.get(&base) {
            Some(present) => self.add(&[*present, exponent]),
            None => exponent,
        };
        product.factors.insert(base, sum);
    }

    fn put_number(
        &mut self,
        product: &mut Collected,
        number: &Rational,
        exponent: ExprId,
        integer: Option<&BigInt>,
    ) -> Result<(), Undefined> {
        if number.is_zero() {
            return match self.sign(exponent) {
                Sign::Positive => {
                    product.coefficient = Rational::zero();
                    Ok(())
                }
                _ => Err(Undefined),
            };
        }
        if let Some(integer) = integer {
            let Some(power) = integer_power(number, integer) else {
                self.exhaust();
                return Err(Undefined);
            };
            product.coefficient *= power;
            return Ok(());
        }
        if number.is_negative() {
            self.accumulate(product, Self::MINUS_ONE, exponent);
        }
        for (prime, count) in factored(&number.abs()) {
            let base = self.number(Rational::from_integer(prime));
            let exponent = self.scale(&Rational::from_integer(count.into()), exponent);
            self.accumulate(product, base, exponent);
        }
        Ok(())
    }

    fn put_sum(
        &mut self,
        product: &mut Collected,
        base: ExprId,
        exponent: ExprId,
        integer: Option<&BigInt>,
    ) -> Result<(), Undefined> {
        let (content, rest) = self.content(base);
        if integer.is_some() {
            if content.is_one() {
                self.accumulate(product, rest, exponent);
                return Ok(());
            }
            self.put_number(product, &content, exponent, integer)?;
            product.open.push((rest, exponent));
            return Ok(());
        }
        let size = content.abs();
        if !size.is_one() {
            self.put_number(product, &size, exponent, None)?;
        }
        let is_negative = content.is_negative();
        let rest = if is_negative { self.negate(rest) } else { rest };
        if matches!(self.node(rest), Node::Sum(_)) {
            self.accumulate(product, rest, exponent);
        } else {
            product.open.push((rest, exponent));
        }
        Ok(())
    }

    /// A power, with an exponent that is no integer, of a product: its factors that are known not to be
    /// negative have powers of their own. If one remains, the product is a value only where that one is
    /// not negative.
    fn put_power_of_product(
        &mut self,
        product: &mut Collected,
        factors: &[Factor],
        exponent: ExprId,
    ) {
        let mut unknown = Vec::new();
        for factor in factors {
            let both = self.multiply_exponents(factor.exponent, exponent);
            let inner = self.as_number(factor.exponent).cloned();
            let is_even = inner.as_ref().is_some_and(|it| it.is_integer() && it.numer().is_even());
            let is_integer = inner.as_ref().is_some_and(Rational::is_integer);
            if is_even {
                let size = self.apply(Function::Abs, factor.base);
                product.open.push((size, both));
            } else if !is_integer || self.sign(factor.base).is_nonnegative() {
                product.open.push((factor.base, both));
            } else {
                unknown.push(factor.clone());
            }
        }
        match unknown.as_slice() {
            [] => {}
            [only] => {
                let both = self.multiply_exponents(only.exponent, exponent);
                product.open.push((only.base, both));
            }
            _ => {
                let inner = self.intern(Node::Product(unknown));
                self.accumulate(product, inner, exponent);
            }
        }
    }

    /// Finds what can be taken apart further now that like bases are collected.
    fn reopen(&mut self, product: &mut Collected) -> Result<(), Undefined> {
        let entries: Vec<(ExprId, ExprId)> =
            product.factors.iter().map(|(base, exponent)| (*base, *exponent)).collect();
        for (base, exponent) in entries {
            if exponent == Self::ZERO {
                product.factors.remove(&base);
            } else if self.writes_exponentials()
                && base != Self::MINUS_ONE
                && self.depends(exponent)
            {
                product.factors.remove(&base);
                let logarithm = self.apply(Function::Log, base);
                let argument = self.multiply(&[exponent, logarithm]);
                product.exponents_of_exp.push(argument);
            } else if matches!(self.node(base), Node::Number(_)) {
                self.split_number_power(product, base, exponent)?;
            } else if self.must_reopen(base, exponent) {
                product.factors.remove(&base);
                product.open.push((base, exponent));
            } else if let Some(rest) = self.without_reciprocal_logarithm(base, exponent) {
                product.factors.remove(&base);
                product.exponents_of_exp.push(rest);
            }
        }
        self.split_exponential(product);
        Ok(())
    }

    fn must_reopen(&mut self, base: ExprId, exponent: ExprId) -> bool {
        let Some(number) = self.as_number(exponent).filter(|it| it.is_integer()) else {
            return false;
        };
        let is_even = number.numer().is_even();
        match self.node(base) {
            Node::Product(_) => true,
            Node::Sum(_) => !self.content(base).0.is_one(),
            Node::Apply(Function::Abs, _) => is_even,
            _ => false,
        }
    }

    /// The whole part of the exponent of a number goes to the coefficient.
    fn split_number_power(
        &mut self,
        product: &mut Collected,
        base: ExprId,
        exponent: ExprId,
    ) -> Result<(), Undefined> {
        let Some(number) = self.as_number(base).cloned() else { return Ok(()) };
        let constant = match self.node(exponent) {
            Node::Number(number) => number.clone(),
            Node::Sum(terms) => terms
                .iter()
                .find(|term| term.base == Self::ONE)
                .map_or_else(Rational::zero, |term| term.coefficient.clone()),
            _ => return Ok(()),
        };
        let whole = constant.floor();
        if whole.is_zero() {
            return Ok(());
        }
        let Some(power) = integer_power(&number, &whole.to_integer()) else {
            self.exhaust();
            return Err(Undefined);
        };
        product.coefficient *= power;
        let whole = self.number(whole);
        let rest = self.subtract(exponent, whole);
        if rest == Self::ZERO {
            product.factors.remove(&base);
        } else {
            product.factors.insert(base, rest);
        }
        Ok(())
    }

    /// For `u^(c/log(u))` the argument c of the exponential that it is.
    fn without_reciprocal_logarithm(&mut self, base: ExprId, exponent: ExprId) -> Option<ExprId> {
        let (_, core) = self.content(exponent);
        let holds = self.factors(core).iter().any(|factor| {
            factor.exponent == Self::MINUS_ONE
                && *self.node(factor.base) == Node::Apply(Function::Log, base)
        });
        if !holds {
            return None;
        }
        let logarithm = self.apply(Function::Log, base);
        Some(self.multiply(&[exponent, logarithm]))
    }

    /// `exp(c*log(u)*v + r)` is `u^(c*v)*exp(r)`.
    fn split_exponential(&mut self, product: &mut Collected) {
        if product.exponents_of_exp.is_empty() {
            return;
        }
        let arguments = std::mem::take(&mut product.exponents_of_exp);
        let total = self.add(&arguments);
        let mut rest = Vec::new();
        for term in self.terms(total) {
            let may_split = |arena: &Self, others: ExprId| {
                !arena.writes_exponentials() || !arena.depends(others)
            };
            match self.logarithm_in(term.base) {
                Some((inner, others)) if may_split(self, others) => {
                    let exponent = self.scale(&term.coefficient, others);
                    product.open.push((inner, exponent));
                }
                _ => rest.push((term.coefficient, term.base)),
            }
        }
        let rest = self.combine(&rest);
        if rest != Self::ZERO {
            product.exponents_of_exp.push(rest);
        }
    }

    /// `log(u)*v` as u and v, if there is one logarithm.
    fn logarithm_in(&mut self, term: ExprId) -> Option<(ExprId, ExprId)> {
        let factors = self.factors(term);
        let mut found = None;
        let mut others = Vec::new();
        for factor in factors {
            match self.node(factor.base) {
                Node::Apply(Function::Log, inner) if factor.exponent == Self::ONE => {
                    if found.replace(*inner).is_some() {
                        return None;
                    }
                }
                _ => others.push((factor.base, factor.exponent)),
            }
        }
        let inner = found?;
        Some((inner, self.product(others, Vec::new())))
    }

    fn finish_product(&mut self, product: Collected) -> ExprId {
        if product.coefficient.is_zero() {
            return Self::ZERO;
        }
        let mut factors: Vec<Factor> =
            product.factors.into_iter().map(|(base, exponent)| Factor { base, exponent }).collect();
        if let [argument] = product.exponents_of_exp.as_slice() {
            let base = self.intern(Node::Apply(Function::Exp, *argument));
            factors.push(Factor { base, exponent: Self::ONE });
        }
        factors.sort_by_key(|factor| factor.base);
        let core = match factors.as_slice() {
            [] => return self.number(product.coefficient),
            [only] if only.exponent == Self::ONE => only.base,
            _ => self.intern(Node::Product(factors)),
        };
        self.scale(&product.coefficient, core)
    }
}
