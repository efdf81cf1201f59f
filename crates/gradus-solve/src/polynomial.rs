//! Equations for a scalar, and equations entry by entry: polynomials with commuting factors.
//!
//! Must not know matrices: the factors of an entry by entry equation are arrays of one shape.

use gradus_notation::tree::{Notation, NotationId, PowerKind};
use gradus_tensor::Rational;

use crate::expand::{Product, collected};
use crate::facts::number;
use crate::isolate::{Isolation, Progress};
use crate::model::Condition;
use crate::rules::Rule;

/// The most terms of an entry by entry equation.
const MOST_TERMS: usize = 64;

impl Isolation<'_> {
    /// An equation for a scalar unknown.
    pub(crate) fn by_polynomial(&mut self) -> Progress {
        let atom = self.unknown.atom;
        if !self.builder.shape(atom).is_scalar() {
            return Progress::No;
        }
        let mut scalars = Vec::with_capacity(self.products.len());
        for mut product in self.products.clone() {
            if !product.chain.is_empty() {
                if !product.is_scalar_chain(self.builder) {
                    return Progress::No;
                }
                product.fold(self.builder, &self.facts.known);
            }
            if !product.over.is_empty() {
                let Some(settled) = self.settled(&product) else { return Progress::No };
                product = settled;
            }
            scalars.push(product);
        }
        self.polynomial(&scalars)
    }

    /// A sum over indices outside of which the unknown stands.
    fn settled(&mut self, product: &Product) -> Option<Product> {
        let atom = self.unknown.atom;
        let own = product.scalars.iter().find(|(id, _)| *id == atom).cloned();
        let mut rest = product.clone();
        rest.scalars.retain(|(id, _)| *id != atom);
        let formula = rest.write(self.builder, &self.facts.known);
        if self.has(formula) {
            return None;
        }
        let mut whole = Product::of(self.builder, formula);
        if let Some((_, exponent)) = own {
            whole.push_power(self.builder, atom, &exponent);
        }
        Some(whole)
    }

    /// An equation entry by entry for an array.
    pub(crate) fn by_entries(&mut self) -> Progress {
        let shape = self.builder.shape(self.unknown.atom);
        if shape.is_scalar() {
            return Progress::No;
        }
        let (left, right) = self.sides();
        if self.builder.shape(left) != shape {
            return Progress::No;
        }
        let residual = self.builder.sum(&[(false, left), (true, right)]);
        let Some(terms) = self.entries(residual) else { return Progress::No };
        self.rules.push(Rule::Entrywise);
        self.polynomial(&terms)
    }

    /// A formula as a polynomial entry by entry.
    fn entries(&mut self, root: NotationId) -> Option<Vec<Product>> {
        let mut needed = vec![false; root.0 as usize + 1];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut needed[id.0 as usize], true) || !self.has(id) {
                continue;
            }
            self.builder.node(id).for_each_child(|child| open.push(child));
        }
        let mut found: Vec<Option<Vec<Product>>> = vec![None; needed.len()];
        for (at, needed) in needed.into_iter().enumerate() {
            if needed {
                let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
                found[at] = self.entry(id, &found);
            }
        }
        found.pop().flatten()
    }

    fn entry(&mut self, id: NotationId, found: &[Option<Vec<Product>>]) -> Option<Vec<Product>> {
        let part = |id: NotationId| found.get(id.0 as usize).cloned().flatten();
        if id == self.unknown.atom {
            return Some(vec![entry_factor(id, Rational::ONE)]);
        }
        if !self.has(id) {
            if matches!(self.builder.node(id), Notation::Ones) {
                return Some(vec![Product::one()]);
            }
            return Some(vec![self.entry_constant(id)]);
        }
        match self.builder.node(id).clone() {
            Notation::Sum(terms) => {
                let mut all = Vec::new();
                for (minus, term) in terms {
                    for mut product in part(term)? {
                        if minus {
                            product.coefficient = product.coefficient.negate();
                        }
                        all.push(product);
                    }
                }
                Some(all)
            }
            Notation::Negate(inner) => {
                let mut all = part(inner)?;
                for product in &mut all {
                    product.coefficient = product.coefficient.negate();
                }
                Some(all)
            }
            Notation::Hadamard(items) => self.entry_product(&items, found),
            Notation::Product(factors) => {
                let arrays = factors.iter().filter(|id| !self.builder.shape(**id).is_scalar());
                let arrays: Vec<NotationId> = arrays.copied().collect();
                if arrays.len() <= 1 {
                    return self.entry_product(&factors, found);
                }
                // `diag(a)u = a ⊙ u`
                let (last, diagonals) = arrays.split_last()?;
                let mut items: Vec<NotationId> = factors
                    .iter()
                    .copied()
                    .filter(|id| self.builder.shape(*id).is_scalar())
                    .collect();
                let mut product: Vec<Product> = self.entry_product(&items, found)?;
                items.clear();
                for diagonal in diagonals {
                    match self.builder.node(*diagonal) {
                        Notation::Call {
                            head: gradus_notation::tree::Head::DiagonalMatrix,
                            arguments,
                            ..
                        } => items.push(arguments[0]),
                        _ => return None,
                    }
                }
                items.push(*last);
                for item in items {
                    let part =
                        if self.has(item) { part(item)? } else { vec![self.entry_constant(item)] };
                    product = products(&product, &part)?;
                }
                Some(product)
            }
            Notation::Fraction(above, below) | Notation::HadamardQuotient(above, below) => {
                let above = part(above)?;
                let below = part(below)?;
                let [only] = below.as_slice() else { return None };
                products(&above, &[raised(only, &Rational::MINUS_ONE)?])
            }
            Notation::Power {
                base,
                exponent,
                kind: PowerKind::Elementwise | PowerKind::Scalar,
            } => {
                let exponent = number(self.builder, exponent)?;
                let base = part(base)?;
                if let [only] = base.as_slice() {
                    return Some(vec![raised(only, &exponent)?]);
                }
                let mut whole = base.clone();
                for _ in 1..exponent.to_i64().filter(|exponent| (2..=4).contains(exponent))? {
                    whole = products(&whole, &base)?;
                }
                Some(whole)
            }
            _ => None,
        }
    }

    fn entry_product(
        &mut self,
        items: &[NotationId],
        found: &[Option<Vec<Product>>],
    ) -> Option<Vec<Product>> {
        let mut whole = vec![Product::one()];
        for item in items {
            let part = found.get(item.0 as usize).cloned().flatten();
            let part = match part {
                Some(part) => part,
                None if !self.has(*item) => vec![self.entry_constant(*item)],
                None => return None,
            };
            whole = products(&whole, &part)?;
        }
        Some(whole)
    }

    fn entry_constant(&self, id: NotationId) -> Product {
        let mut product = Product::one();
        if self.builder.shape(id).is_scalar() {
            product.push_power(self.builder, id, &Rational::ONE);
            return product;
        }
        match self.builder.node(id) {
            Notation::Ones => product,
            Notation::Negate(inner) => {
                let mut inner = self.entry_constant(*inner);
                inner.coefficient = inner.coefficient.negate();
                inner
            }
            _ => entry_factor(id, Rational::ONE),
        }
    }

    /// Solves a polynomial in the unknown with commuting factors.
    fn polynomial(&mut self, products: &[Product]) -> Progress {
        let atom = self.unknown.atom;
        let mut powers: Vec<(Rational, Vec<Product>)> = Vec::new();
        for product in collected(products.to_vec()) {
            let own = product.scalars.iter().find(|(id, _)| *id == atom);
            let exponent = own.map_or(Rational::ZERO, |(_, exponent)| exponent.clone());
            let mut rest = product.clone();
            rest.scalars.retain(|(id, _)| *id != atom);
            for (id, _) in rest.scalars.clone() {
                if self.has(id) {
                    return Progress::No;
                }
            }
            match powers.iter_mut().find(|(known, _)| *known == exponent) {
                Some((_, list)) => list.push(rest),
                None => powers.push((exponent, vec![rest])),
            }
        }
        powers.sort_by(|(one, _), (other, _)| one.subtract(other).to_f64().total_cmp(&0.0));
        let Some((least, _)) = powers.first() else { return Progress::No };
        let least = least.clone();
        let mut zero_too = false;
        if !least.is_zero() {
            let by = crate::expand::power(self.builder, atom, &least.abs());
            if least.is_negative() {
                self.rules.push(Rule::MultiplyByScalar(by));
            } else if powers.len() > 1 {
                zero_too = !self.facts.has_positive_entries(self.builder, atom);
                self.rules.push(Rule::DivideByScalar(by));
                if zero_too {
                    self.condition(Condition::NonZero(atom));
                }
            }
            if powers.len() > 1 {
                for (exponent, _) in &mut powers {
                    *exponent = exponent.subtract(&least);
                }
            }
        }
        let coefficients: Vec<(Rational, NotationId)> = powers
            .into_iter()
            .map(|(exponent, list)| (exponent, self.coefficient(&list)))
            .collect();
        let progress = self.roots(&coefficients);
        match progress {
            Progress::Found(mut values) if zero_too => {
                values.push(self.builder.zeros(self.builder.shape(atom)));
                Progress::Found(values)
            }
            progress => progress,
        }
    }

    fn coefficient(&mut self, list: &[Product]) -> NotationId {
        let mut terms = Vec::with_capacity(list.len());
        for product in list {
            terms.push((false, self.commuting(product)));
        }
        self.builder.sum(&terms)
    }

    /// A product of commuting factors as a formula.
    fn commuting(&mut self, product: &Product) -> NotationId {
        let (mut above, mut below) =
            (vec![self.builder.number(product.coefficient.clone())], vec![]);
        for (base, exponent) in product.scalars.clone() {
            let number = self.builder.number(exponent.abs());
            let kind = PowerKind::Elementwise;
            let factor = self.builder.power(base, number, kind);
            if exponent.is_negative() { below.push(factor) } else { above.push(factor) }
        }
        let above = self.builder.hadamard(&above);
        if below.is_empty() {
            return above;
        }
        let below = self.builder.hadamard(&below);
        self.builder.quotient(above, below)
    }

    fn roots(&mut self, coefficients: &[(Rational, NotationId)]) -> Progress {
        let atom = self.unknown.atom;
        let shape = self.builder.shape(atom);
        match coefficients {
            [(exponent, factor)] if !exponent.is_zero() => {
                self.must_not_vanish(*factor);
                let zero = self.builder.zeros(shape);
                self.line(atom, zero);
                Progress::Found(vec![zero])
            }
            [(_, constant), (exponent, factor)] => {
                let mut right = self.builder.negate(*constant);
                let mut factor = *factor;
                if self.builder.tree.is_negative(factor) {
                    (factor, right) = (self.builder.negate(factor), *constant);
                }
                let factor = &factor;
                let power = self.raised(atom, exponent);
                let left = self.builder.hadamard(&[*factor, power]);
                self.line(left, right);
                self.must_not_vanish(*factor);
                let mut value = self.over(right, *factor);
                if !self.builder.is_one(*factor) {
                    self.rules.push(Rule::DivideByScalar(*factor));
                }
                if exponent.is_one() {
                    self.line(atom, value);
                    return Progress::Found(vec![value]);
                }
                self.line(power, value);
                let Some(inverse) = exponent.reciprocal() else { return Progress::No };
                if !self.facts.has_positive_entries(self.builder, value) {
                    self.condition(Condition::Positive(value));
                }
                value = self.raised(value, &inverse);
                self.rules.push(Rule::Root);
                self.line(atom, value);
                let even = exponent.to_i64().is_some_and(|exponent| exponent % 2 == 0);
                let mut values = vec![value];
                if even && !self.facts.has_positive_entries(self.builder, atom) {
                    values.push(self.builder.negate(value));
                }
                Progress::Found(values)
            }
            [(_, c), (first, b), (second, a)]
                if first.is_one() && *second == Rational::integer(2) =>
            {
                self.quadratic(*a, *b, *c)
            }
            _ => Progress::No,
        }
    }

    fn quadratic(&mut self, a: NotationId, b: NotationId, c: NotationId) -> Progress {
        let atom = self.unknown.atom;
        let shape = self.builder.shape(atom);
        let two = Rational::integer(2);
        let square = self.raised(atom, &two);
        let terms = [
            (false, self.builder.hadamard(&[a, square])),
            (false, self.builder.hadamard(&[b, atom])),
            (false, c),
        ];
        let left = self.builder.sum(&terms);
        let zero = self.builder.zeros(shape);
        self.line(left, zero);
        let four = self.builder.integer(4);
        let (b2, ac) = (self.raised(b, &two), self.builder.hadamard(&[four, a, c]));
        let discriminant = self.builder.sum(&[(false, b2), (true, ac)]);
        let Some(half) = Rational::new(1, 2) else { return Progress::No };
        let root = self.raised(discriminant, &half);
        self.must_not_vanish(a);
        self.condition(Condition::Positive(discriminant));
        let number = self.builder.integer(2);
        let below = self.builder.hadamard(&[number, a]);
        let minus = self.builder.negate(b);
        let mut values = Vec::new();
        for sign in [false, true] {
            let above = match sign {
                false => self.builder.sum(&[(false, root), (false, minus)]),
                true => self.builder.sum(&[(false, b), (false, root)]),
            };
            let above = if sign && !shape.is_scalar() { self.builder.negate(above) } else { above };
            values.push(if shape.is_scalar() {
                let fraction = self.builder.tree.intern(Notation::Fraction(above, below), shape);
                if sign { self.builder.negate(fraction) } else { fraction }
            } else {
                self.over(above, below)
            });
        }
        self.rules.push(Rule::Quadratic);
        self.line(atom, values[0]);
        Progress::Found(values)
    }

    fn raised(&mut self, id: NotationId, exponent: &Rational) -> NotationId {
        let number = self.builder.number(exponent.clone());
        self.builder.power(id, number, PowerKind::Elementwise)
    }

    /// A quotient entry by entry, of the shape of the unknown.
    fn over(&mut self, above: NotationId, below: NotationId) -> NotationId {
        let quotient = self.builder.quotient(above, below);
        let shape = self.builder.shape(self.unknown.atom);
        if self.builder.shape(quotient) == shape {
            return quotient;
        }
        let ones = self.builder.ones(shape);
        self.builder.product(&[quotient, ones])
    }
}

fn entry_factor(id: NotationId, exponent: Rational) -> Product {
    Product { scalars: vec![(id, exponent)], ..Product::one() }
}

fn raised(product: &Product, exponent: &Rational) -> Option<Product> {
    let mut whole = product.clone();
    whole.coefficient = match exponent.to_i64() {
        Some(exponent) => product.coefficient.power(exponent)?,
        None if product.coefficient.is_one() => Rational::ONE,
        None => return None,
    };
    for (_, own) in &mut whole.scalars {
        *own = own.multiply(exponent);
    }
    Some(whole)
}

fn products(one: &[Product], other: &[Product]) -> Option<Vec<Product>> {
    let mut all = Vec::new();
    for first in one {
        for second in other {
            let mut whole = first.clone();
            whole.coefficient = whole.coefficient.multiply(&second.coefficient);
            for (base, exponent) in &second.scalars {
                match whole.scalars.iter_mut().find(|(id, _)| id == base) {
                    Some((_, known)) => *known = known.add(exponent),
                    None => whole.scalars.push((*base, exponent.clone())),
                }
            }
            whole.scalars.retain(|(_, exponent)| !exponent.is_zero());
            all.push(whole);
        }
    }
    (all.len() <= MOST_TERMS).then_some(all)
}
