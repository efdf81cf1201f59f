//! Formulas multiplied out around an unknown: sums of products of factors that do not commute.
//!
//! Must not know what is done with the products. What does not hold the unknown stays as it is
//! written.

use gradus_derivation::Builder;
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, Rational, Role};

use crate::facts::{Holds, Known, role};

/// The most products that a formula is multiplied out to.
const MOST_PRODUCTS: usize = 256;

/// The greatest power of a sum that is multiplied out.
const GREATEST_POWER: i64 = 4;

/// A number times scalars with exponents times a chain of factors that do not commute, summed over
/// indices.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Product {
    pub(crate) coefficient: Rational,
    pub(crate) scalars: Vec<(NotationId, Rational)>,
    pub(crate) chain: Vec<NotationId>,
    pub(crate) over: Vec<String>,
}

/// Why a formula is not multiplied out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Product {
    pub(crate) fn one() -> Self {
        Self {
            coefficient: Rational::ONE,
            scalars: Vec::new(),
            chain: Vec::new(),
            over: Vec::new(),
        }
    }

    /// A formula as the only factor.
    pub(crate) fn of(builder: &Builder, id: NotationId) -> Self {
        let mut product = Self::one();
        if builder.shape(id).is_scalar() {
            product.push_power(builder, id, &Rational::ONE);
        } else {
            product.push_chain(builder, id);
        }
        product
    }

    fn push_chain(&mut self, builder: &Builder, id: NotationId) {
        match builder.node(id) {
            Notation::Identity if !self.chain.is_empty() => {}
            Notation::Product(factors) => {
                for factor in factors {
                    if builder.shape(*factor).is_scalar() {
                        self.push_power(builder, *factor, &Rational::ONE);
                    } else {
                        self.push_chain(builder, *factor);
                    }
                }
            }
            Notation::Negate(inner) => {
                self.coefficient = self.coefficient.negate();
                self.push_chain(builder, *inner);
            }
            Notation::Fraction(above, below) => {
                self.push_power(builder, *below, &Rational::MINUS_ONE);
                self.push_chain(builder, *above);
            }
            _ => self.chain.push(id),
        }
    }

    /// Multiplies by a power of a scalar, taken apart as far as its factors are scalars.
    pub(crate) fn push_power(&mut self, builder: &Builder, id: NotationId, exponent: &Rational) {
        let whole = exponent.to_i64();
        match builder.node(id) {
            Notation::Number(value) if whole.is_some() => {
                if let Some(power) = whole.and_then(|exponent| value.power(exponent)) {
                    self.coefficient = self.coefficient.multiply(&power);
                    return;
                }
            }
            Notation::Negate(inner) => {
                if let Some(whole) = whole {
                    if whole % 2 != 0 {
                        self.coefficient = self.coefficient.negate();
                    }
                    self.push_power(builder, *inner, exponent);
                    return;
                }
            }
            Notation::Product(factors)
                if whole.is_some() && factors.iter().all(|id| builder.shape(*id).is_scalar()) =>
            {
                for factor in factors {
                    self.push_power(builder, *factor, exponent);
                }
                return;
            }
            Notation::Fraction(above, below) if whole.is_some() => {
                self.push_power(builder, *above, exponent);
                self.push_power(builder, *below, &exponent.negate());
                return;
            }
            Notation::Power { base, exponent: inner, kind: PowerKind::Scalar } => {
                if let Notation::Number(inner) = builder.node(*inner)
                    && (whole.is_some() && inner.is_integer())
                {
                    self.push_power(builder, *base, &inner.multiply(exponent));
                    return;
                }
            }
            _ => {}
        }
        match self.scalars.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known = known.add(exponent),
            None => self.scalars.push((id, exponent.clone())),
        }
        self.scalars.retain(|(_, exponent)| !exponent.is_zero());
    }

    /// Whether the chain is a scalar: a row first and a column last.
    pub(crate) fn is_scalar_chain(&self, builder: &Builder) -> bool {
        match (self.chain.first(), self.chain.last()) {
            (Some(first), Some(last)) => {
                builder.shape(*first).rows == Dimensions::ONE
                    && builder.shape(*last).columns == Dimensions::ONE
            }
            _ => false,
        }
    }

    /// Makes one scalar factor of a chain that is a scalar.
    pub(crate) fn fold(&mut self, builder: &mut Builder, known: &Known) {
        if self.over.is_empty() {
            let chain = std::mem::take(&mut self.chain);
            let scalar = builder.product(&chain);
            self.push_power(builder, scalar, &Rational::ONE);
            return;
        }
        let whole = self.write(builder, known);
        *self = Self::of(builder, whole);
    }

    /// Whether any factor holds the unknown.
    pub(crate) fn holds(&self, builder: &Builder, holds: &mut Holds) -> bool {
        self.chain.iter().any(|id| holds.of(builder, *id))
            || self.scalars.iter().any(|(id, _)| holds.of(builder, *id))
    }

    /// The scalars and the number as a formula.
    pub(crate) fn scale(&self, builder: &mut Builder) -> NotationId {
        let scalars = self.scalars.clone();
        let mut factors = vec![builder.number(self.coefficient.clone())];
        for (base, exponent) in scalars {
            factors.push(power(builder, base, &exponent));
        }
        builder.product(&factors)
    }

    /// The product as a formula.
    pub(crate) fn write(&self, builder: &mut Builder, known: &Known) -> NotationId {
        let Some((index, rest)) = self.over.split_last() else {
            let scale = self.scale(builder);
            let mut factors = vec![scale];
            factors.extend(self.chain.iter().copied());
            return builder.product(&factors);
        };
        // The innermost sum first; what does not depend on the index stands before it.
        let depends = |id: &NotationId| mentions(builder, *id, index);
        let (inside, outside): (Vec<_>, Vec<_>) =
            self.scalars.iter().cloned().partition(|(id, _)| depends(id));
        let first = self.chain.iter().position(depends);
        let last = self.chain.iter().rposition(depends);
        let (left, middle, right) = match (first, last) {
            (Some(first), Some(last)) => {
                (&self.chain[..first], &self.chain[first..=last], &self.chain[last + 1..])
            }
            _ => (self.chain.as_slice(), [].as_slice(), [].as_slice()),
        };
        let (left, middle, right) = (left.to_vec(), middle.to_vec(), right.to_vec());
        let body =
            Self { coefficient: Rational::ONE, scalars: inside, chain: middle, over: Vec::new() };
        let constant = body.scalars.is_empty() && body.chain.is_empty();
        let body = body.write(builder, known);
        let summed = match known.ranges.get(index) {
            Some(range) if constant => dimension(builder, *range),
            _ => builder.indexed_sum(std::slice::from_ref(index), body),
        };
        let mut whole = Self {
            coefficient: self.coefficient.clone(),
            scalars: outside,
            chain: left,
            over: rest.to_vec(),
        };
        if builder.shape(summed).is_scalar() {
            whole.push_power(builder, summed, &Rational::ONE);
        } else {
            whole.chain.push(summed);
        }
        whole.chain.extend(right);
        whole.write(builder, known)
    }

    fn times(&self, other: &Self, builder: &mut Builder, holds: &mut Holds, known: &Known) -> Self {
        let (mut first, mut second) = (self.clone(), other.clone());
        if first.over.iter().any(|index| second.over.contains(index)) {
            let whole = second.write(builder, known);
            second = Self::of(builder, whole);
            if first.over.iter().any(|index| mentions(builder, whole, index)) {
                let whole = first.write(builder, known);
                first = Self::of(builder, whole);
            }
        }
        let (one, two) = (first.is_scalar_chain(builder), second.is_scalar_chain(builder));
        let both = !first.chain.is_empty() && !second.chain.is_empty();
        if both && (one || two) {
            let fold_first = one && !(two && first.holds(builder, holds));
            if fold_first { first.fold(builder, known) } else { second.fold(builder, known) }
        }
        let mut product = first;
        product.coefficient = product.coefficient.multiply(&second.coefficient);
        for (base, exponent) in &second.scalars {
            product.push_power(builder, *base, exponent);
        }
        if !product.chain.is_empty() {
            second.chain.retain(|id| !matches!(builder.node(*id), Notation::Identity));
        }
        if !second.chain.is_empty() {
            product.chain.retain(|id| !matches!(builder.node(*id), Notation::Identity));
        }
        product.chain.extend(second.chain);
        product.over.extend(second.over);
        product
    }

    fn transposed(&self, builder: &mut Builder) -> Self {
        let chain = if self.is_scalar_chain(builder) {
            self.chain.clone()
        } else {
            self.chain.iter().rev().map(|id| builder.transpose(*id)).collect()
        };
        Self { chain, ..self.clone() }
    }
}

/// The size of a range as a number.
pub(crate) fn dimension(builder: &mut Builder, id: gradus_tensor::DimensionId) -> NotationId {
    match builder.tree.dimensions.as_number(id) {
        Some(value) => builder.number(value),
        None => builder.tree.intern(Notation::Dimension(id), Shape::SCALAR),
    }
}

/// A scalar to a power.
pub(crate) fn power(builder: &mut Builder, base: NotationId, exponent: &Rational) -> NotationId {
    let positive = exponent.abs();
    let number = builder.number(positive);
    let raised = builder.power(base, number, PowerKind::Scalar);
    if exponent.is_negative() {
        let one = builder.integer(1);
        return builder.fraction(one, raised);
    }
    raised
}

/// Whether an index stands in a formula, other than bound by a sum in it.
pub(crate) fn mentions(builder: &Builder, root: NotationId, index: &str) -> bool {
    let mut open = vec![root];
    let mut seen = vec![false; root.0 as usize + 1];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        match builder.node(id) {
            Notation::Indexed { indices, .. } if indices.iter().any(|name| name == index) => {
                return true;
            }
            Notation::IndexedSum { indices, .. } if indices.iter().any(|name| name == index) => {}
            node => node.for_each_child(|child| open.push(child)),
        }
    }
    false
}

/// A formula as products, multiplied out as far as factors hold the unknown.
///
/// # Errors
/// There are too many products.
pub(crate) fn expand(
    builder: &mut Builder,
    holds: &mut Holds,
    known: &Known,
    root: NotationId,
) -> Result<Vec<Product>, TooLarge> {
    let mut needed = vec![false; root.0 as usize + 1];
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut needed[id.0 as usize], true) || !holds.of(builder, id) {
            continue;
        }
        builder.node(id).for_each_child(|child| open.push(child));
    }
    let mut expansion = Expansion { builder, holds, known, found: Vec::new() };
    expansion.found.resize(root.0 as usize + 1, Vec::new());
    for (at, needed) in needed.into_iter().enumerate() {
        if needed {
            let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
            let products = expansion.node(id)?;
            if products.len() > MOST_PRODUCTS {
                return Err(TooLarge);
            }
            expansion.found[at] = products;
        }
    }
    let products = std::mem::take(&mut expansion.found[root.0 as usize]);
    Ok(collected(products))
}

/// Equal products are added up.
pub(crate) fn collected(products: Vec<Product>) -> Vec<Product> {
    let mut kept: Vec<Product> = Vec::new();
    for product in products {
        let same = kept.iter_mut().find(|known| {
            known.chain == product.chain
                && known.over == product.over
                && known.scalars.len() == product.scalars.len()
                && product.scalars.iter().all(|scalar| known.scalars.contains(scalar))
        });
        match same {
            Some(known) => known.coefficient = known.coefficient.add(&product.coefficient),
            None => kept.push(product),
        }
    }
    kept.retain(|product| !product.coefficient.is_zero());
    kept
}

struct Expansion<'a> {
    builder: &'a mut Builder,
    holds: &'a mut Holds,
    known: &'a Known,
    found: Vec<Vec<Product>>,
}

impl Expansion<'_> {
    fn part(&self, id: NotationId) -> Vec<Product> {
        self.found[id.0 as usize].clone()
    }

    fn node(&mut self, id: NotationId) -> Result<Vec<Product>, TooLarge> {
        if self.builder.is_zero(id) {
            return Ok(Vec::new());
        }
        if !self.holds.of(self.builder, id) {
            return Ok(self.without(id));
        }
        let shape = self.builder.shape(id);
        Ok(match self.builder.node(id).clone() {
            Notation::Sum(terms) => {
                let mut products = Vec::new();
                for (minus, term) in terms {
                    let spread = self.builder.shape(term).is_scalar() && !shape.is_scalar();
                    for mut product in self.part(term) {
                        if minus {
                            product.coefficient = product.coefficient.negate();
                        }
                        if spread {
                            if product.is_scalar_chain(self.builder) {
                                product.fold(self.builder, self.known);
                            }
                            product.chain.push(self.builder.ones(shape));
                        }
                        products.push(product);
                    }
                }
                products
            }
            Notation::Negate(inner) => {
                let mut products = self.part(inner);
                for product in &mut products {
                    product.coefficient = product.coefficient.negate();
                }
                products
            }
            Notation::Product(factors) => self.product(&factors)?,
            Notation::Fraction(above, below) => {
                let mut products = self.part(above);
                for product in &mut products {
                    product.push_power(self.builder, below, &Rational::MINUS_ONE);
                }
                products
            }
            Notation::Transpose(inner)
                if self.builder.shape(inner) != shape || !shape.is_scalar() =>
            {
                let inner = self.part(inner);
                inner.iter().map(|product| product.transposed(self.builder)).collect()
            }
            Notation::Power { base, exponent, kind } => self.power(id, base, exponent, kind)?,
            Notation::IndexedSum { indices, body } => {
                let mut products = self.part(body);
                for product in &mut products {
                    product.over.extend(indices.iter().cloned());
                }
                products
            }
            Notation::Hadamard(items) if shape.columns == Dimensions::ONE => {
                self.hadamard(id, &items)
            }
            Notation::HadamardQuotient(above, below)
                if shape.columns == Dimensions::ONE
                    && !self.holds.of(self.builder, below)
                    && !self.builder.shape(above).is_scalar() =>
            {
                let one = self.builder.integer(1);
                let turned = self.builder.quotient(one, below);
                let diagonal = self.builder.diagonal_matrix(turned);
                self.scaled_by(diagonal, above)
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if arguments.len() == 1 =>
            {
                match book().get(function).meaning {
                    Meaning::Structural(Structural::Trace) => self.trace(arguments[0]),
                    Meaning::Structural(Structural::Sum) => self.sum(arguments[0]),
                    _ => vec![self.exponential(id, arguments[0])],
                }
            }
            _ => vec![self.opaque(id)],
        })
    }

    fn opaque(&self, id: NotationId) -> Product {
        let mut product = Product::one();
        if self.builder.shape(id).is_scalar() {
            product.scalars.push((id, Rational::ONE));
        } else {
            product.chain.push(id);
        }
        product
    }

    /// `exp(V + s1) = exp(s) exp(V)` where the unknown stands in the scalar alone.
    fn exponential(&mut self, id: NotationId, argument: NotationId) -> Product {
        let shape = self.builder.shape(id);
        let is_exponential = role(self.builder.node(id)) == Some(Role::Exponential);
        if !is_exponential || shape.is_scalar() {
            return self.opaque(id);
        }
        let (mut scalars, mut rest) = (Vec::new(), Vec::new());
        for mut product in self.part(argument) {
            let ones = |id: &NotationId| matches!(self.builder.node(*id), Notation::Ones);
            if product.chain.len() == 1 && product.chain.iter().all(ones) {
                product.chain.clear();
                scalars.push((false, product.write(self.builder, self.known)));
            } else {
                rest.push((false, product.write(self.builder, self.known)));
            }
        }
        let Notation::Call { head, .. } = self.builder.node(id).clone() else {
            return self.opaque(id);
        };
        let scalar = self.builder.sum(&scalars);
        let held = rest.iter().any(|(_, id)| self.holds.of(self.builder, *id));
        if scalars.is_empty() || held {
            return self.opaque(id);
        }
        let mut product = Product::one();
        let scalar = self.builder.call(head.clone(), &[scalar], Shape::SCALAR);
        product.scalars.push((scalar, Rational::ONE));
        product.chain.push(if rest.is_empty() {
            self.builder.ones(shape)
        } else {
            let rest = self.builder.sum(&rest);
            self.builder.call(head, &[rest], shape)
        });
        product
    }

    /// What does not hold the unknown is one product; scalar chains stay together.
    fn without(&self, id: NotationId) -> Vec<Product> {
        vec![Product::of(self.builder, id)]
    }

    fn product(&mut self, factors: &[NotationId]) -> Result<Vec<Product>, TooLarge> {
        let mut products = vec![Product::one()];
        for factor in factors {
            let part = self.part(*factor);
            let mut next = Vec::with_capacity(products.len() * part.len());
            for first in &products {
                for second in &part {
                    next.push(first.times(second, self.builder, self.holds, self.known));
                }
            }
            if next.len() > MOST_PRODUCTS {
                return Err(TooLarge);
            }
            products = next;
        }
        Ok(products)
    }

    fn power(
        &mut self,
        id: NotationId,
        base: NotationId,
        exponent: NotationId,
        kind: PowerKind,
    ) -> Result<Vec<Product>, TooLarge> {
        let whole = match self.builder.node(exponent) {
            Notation::Number(value) => value.to_i64(),
            _ => None,
        };
        let part = self.part(base);
        let simple =
            matches!(part.as_slice(), [only] if only.chain.is_empty() && only.over.is_empty());
        match (kind, whole) {
            (PowerKind::Scalar, Some(whole)) if simple => {
                let mut product = Product::one();
                let coefficient = part[0].coefficient.power(whole);
                let Some(coefficient) = coefficient else { return Ok(vec![self.opaque(id)]) };
                product.coefficient = coefficient;
                for (scalar, exponent) in &part[0].scalars {
                    let exponent = exponent.multiply(&Rational::integer(whole));
                    product.push_power(self.builder, *scalar, &exponent);
                }
                Ok(vec![product])
            }
            (PowerKind::Scalar, Some(whole @ 2..=GREATEST_POWER)) if part.len() > 1 => {
                self.product(&vec![base; usize::try_from(whole).unwrap_or(2)])
            }
            (PowerKind::Matrix, Some(whole @ 2..=GREATEST_POWER)) => {
                self.product(&vec![base; usize::try_from(whole).unwrap_or(2)])
            }
            (PowerKind::Scalar, Some(whole)) => {
                let mut product = Product::one();
                product.push_power(self.builder, base, &Rational::integer(whole));
                Ok(vec![product])
            }
            _ => Ok(vec![self.opaque(id)]),
        }
    }

    /// `a ⊙ u = diag(a)u` where one factor holds the unknown.
    fn hadamard(&mut self, id: NotationId, items: &[NotationId]) -> Vec<Product> {
        let (inside, outside): (Vec<NotationId>, Vec<NotationId>) =
            items.iter().partition(|item| self.holds.of(self.builder, **item));
        let [only] = inside.as_slice() else { return vec![self.opaque(id)] };
        let others = self.builder.hadamard(&outside);
        let diagonal = self.builder.diagonal_matrix(others);
        self.scaled_by(diagonal, *only)
    }

    fn scaled_by(&mut self, matrix: NotationId, id: NotationId) -> Vec<Product> {
        let first = Product::of(self.builder, matrix);
        let part = self.part(id);
        part.iter()
            .map(|product| first.times(product, self.builder, self.holds, self.known))
            .collect()
    }

    fn trace(&mut self, argument: NotationId) -> Vec<Product> {
        let mut products = Vec::new();
        for product in self.part(argument) {
            let mut inner = product.clone();
            inner.coefficient = Rational::ONE;
            inner.scalars.clear();
            let depends = |(id, _): &(NotationId, Rational)| {
                product.over.iter().any(|index| mentions(self.builder, *id, index))
            };
            inner.scalars =
                product.scalars.iter().filter(|scalar| depends(scalar)).cloned().collect();
            let mut outer = Product::one();
            outer.coefficient = product.coefficient.clone();
            outer.scalars =
                product.scalars.iter().filter(|scalar| !depends(scalar)).cloned().collect();
            let chain = inner.write(self.builder, self.known);
            let trace = self.builder.trace(chain);
            let trace = Product::of(self.builder, trace);
            products.push(outer.times(&trace, self.builder, self.holds, self.known));
        }
        products
    }

    /// `sum(U) = 1'U1`
    fn sum(&mut self, argument: NotationId) -> Vec<Product> {
        let shape = self.builder.shape(argument);
        let mut products = self.part(argument);
        for product in &mut products {
            if shape.is_scalar() {
                continue;
            }
            if shape.rows != Dimensions::ONE {
                let row = Shape { rows: Dimensions::ONE, columns: shape.rows };
                product.chain.insert(0, self.builder.ones(row));
            }
            if shape.columns != Dimensions::ONE {
                let column = Shape { rows: shape.columns, columns: Dimensions::ONE };
                product.chain.push(self.builder.ones(column));
            }
        }
        products
    }
}
