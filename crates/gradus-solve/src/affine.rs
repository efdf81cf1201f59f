//! Equations that are affine in the unknown: `Σ L X R + Σ L X' R = K`.
//!
//! Must not know how the equation became affine.

use gradus_derivation::Builder;
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions, Rational};

use crate::expand::{Product, expand, mentions};
use crate::facts::{Facts, Holds};
use crate::isolate::{Isolation, Progress};
use crate::model::{Condition, Symmetry};
use crate::rules::Rule;

/// `scale L X R`, or with the transpose of the unknown.
#[derive(Clone, Debug)]
struct Term {
    scale: NotationId,
    /// None is the identity.
    left: Option<NotationId>,
    right: Option<NotationId>,
    transposed: bool,
}

/// Whether a formula is affine in all unknowns together; false also where that is not seen.
#[must_use]
pub fn is_affine(builder: &mut Builder, facts: &Facts, names: &[String], id: NotationId) -> bool {
    let mut holds = Holds::new(names.to_vec());
    let Ok(products) = expand(builder, &mut holds, &facts.known, id) else { return false };
    for product in products {
        let scalars = product.scalars.iter().map(|(id, exponent)| (*id, exponent.is_one()));
        let factors = product.chain.iter().map(|id| (*id, true)).chain(scalars);
        let held: Vec<(NotationId, bool)> =
            factors.filter(|(id, _)| holds.of(builder, *id)).collect();
        match held.as_slice() {
            [] => {}
            [(only, true)] if is_linear(builder, names, *only) => {}
            _ => return false,
        }
    }
    true
}

/// A name of an unknown, its transpose or a member, or a trace of one in a product.
fn is_linear(builder: &Builder, names: &[String], id: NotationId) -> bool {
    let mut id = id;
    loop {
        match builder.node(id) {
            Notation::Name { text, .. } => return names.contains(text),
            Notation::Transpose(inner) => id = *inner,
            Notation::Indexed { base, .. } => id = *base,
            Notation::Call { head: Head::Book(function), arguments, .. }
                if matches!(
                    book().get(*function).meaning,
                    Meaning::Structural(Structural::Trace | Structural::Vec)
                ) =>
            {
                id = arguments[0];
            }
            Notation::Product(factors) => {
                let mut held = factors.iter().filter(|id| {
                    let mut holds = Holds::new(names.to_vec());
                    holds.of(builder, **id)
                });
                match (held.next(), held.next()) {
                    (Some(only), None) => id = *only,
                    _ => return false,
                }
            }
            _ => return false,
        }
    }
}

impl Isolation<'_> {
    pub(crate) fn by_affine(&mut self) -> Progress {
        if self.builder.shape(self.unknown.atom).is_scalar() {
            return Progress::No;
        }
        let Some(products) = self.affine() else { return Progress::No };
        self.products = products;
        let Some(terms) = self.terms() else { return Progress::No };
        let (_, known) = self.split();
        let shape = self.builder.shape(self.unknown.atom);
        if shape.rows == Dimensions::ONE || shape.columns == Dimensions::ONE {
            return self.vector(terms, known);
        }
        self.matrix(terms, known)
    }

    /// The known side, moved to the right.
    fn split(&mut self) -> (NotationId, NotationId) {
        self.sides()
    }

    /// The products with the unknown once in the chain of each that holds it; none if some has more.
    fn affine(&mut self) -> Option<Vec<Product>> {
        let mut found = Vec::new();
        for product in self.products.clone() {
            let inside = self.held(&product);
            let scalars = product.scalars.clone();
            let held: Vec<_> = scalars.into_iter().filter(|(id, _)| self.has(*id)).collect();
            match (inside, held.as_slice()) {
                (0, []) | (1, []) => found.push(product),
                (0, [(scalar, exponent)]) if exponent.is_one() => {
                    found.extend(self.brought_in(&product, *scalar)?);
                }
                _ => return None,
            }
        }
        for product in &found {
            for factor in &product.chain {
                if self.has(*factor) && !self.is_atom(*factor) {
                    return None;
                }
            }
        }
        let mut turned = Vec::with_capacity(found.len());
        for product in found {
            turned.push(self.upright(product));
        }
        Some(crate::expand::collected(turned))
    }

    fn held(&mut self, product: &Product) -> usize {
        let mut count = 0;
        for factor in &product.chain {
            count += usize::from(self.has(*factor));
        }
        count
    }

    fn is_atom(&self, id: NotationId) -> bool {
        let atom = self.unknown.atom;
        id == atom || matches!(self.builder.node(id), Notation::Transpose(inner) if *inner == atom)
    }

    /// `(r'u)v = v r'u`: a scalar with the unknown goes to the end of a column.
    fn brought_in(&mut self, product: &Product, scalar: NotationId) -> Option<Vec<Product>> {
        let column = match product.chain.last() {
            Some(last) => self.builder.shape(*last).columns == Dimensions::ONE,
            None => true,
        };
        if !column {
            return None;
        }
        let parts = expand(self.builder, &mut self.holds, &self.facts.known, scalar).ok()?;
        let mut found = Vec::new();
        for part in parts {
            if self.held(&part) != 1 || !part.over.is_empty() {
                return None;
            }
            let mut whole = product.clone();
            whole.scalars.retain(|(id, _)| *id != scalar);
            whole.coefficient = whole.coefficient.multiply(&part.coefficient);
            for (base, exponent) in &part.scalars {
                whole.push_power(self.builder, *base, exponent);
            }
            whole.chain.extend(part.chain);
            found.push(whole);
        }
        Some(found)
    }

    /// `V u'W w = V w'W'u` where the part behind a transposed vector is a column; a symmetric unknown
    /// is its own transpose.
    fn upright(&mut self, mut product: Product) -> Product {
        let atom = self.unknown.atom;
        let shape = self.builder.shape(atom);
        let place = product.chain.iter().position(
            |id| matches!(self.builder.node(*id), Notation::Transpose(inner) if *inner == atom),
        );
        let Some(place) = place else { return product };
        match self.unknown.symmetry {
            Symmetry::Symmetric => {
                product.chain[place] = atom;
                self.rules.push(Rule::UseSymmetry);
                return product;
            }
            Symmetry::Skew => {
                product.chain[place] = atom;
                product.coefficient = product.coefficient.negate();
                self.rules.push(Rule::UseSymmetry);
                return product;
            }
            Symmetry::None => {}
        }
        let behind = product.chain.split_off(place + 1);
        let last = behind.last().copied();
        let column = last.is_some_and(|last| self.builder.shape(last).columns == Dimensions::ONE);
        if shape.columns == Dimensions::ONE && column {
            product.chain.pop();
            for factor in behind.iter().rev() {
                let turned = self.builder.transpose(*factor);
                product.chain.push(turned);
            }
            product.chain.push(atom);
        } else {
            product.chain.extend(behind);
        }
        product
    }

    /// The terms with the unknown; none if a sum has parts that depend on its index on both sides.
    fn terms(&mut self) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        for product in self.products.clone() {
            let Some(place) = product.chain.iter().position(|id| self.is_atom(*id)) else {
                continue;
            };
            let transposed = product.chain[place] != self.unknown.atom;
            let left = product.chain[..place].to_vec();
            let right = product.chain[place + 1..].to_vec();
            let depends = |chain: &[NotationId]| {
                chain
                    .iter()
                    .any(|id| product.over.iter().any(|index| mentions(self.builder, *id, index)))
            };
            let (on_left, on_right) = (depends(&left), depends(&right));
            if on_left && on_right {
                return None;
            }
            let plain = Product {
                coefficient: product.coefficient.clone(),
                scalars: product.scalars.clone(),
                chain: Vec::new(),
                over: product.over.clone(),
            };
            let bare = |chain: Vec<NotationId>| Product { chain, ..Product::one() };
            let (scale, left, right) = if on_left {
                (None, Product { chain: left, ..plain }, bare(right))
            } else if on_right {
                (None, bare(left), Product { chain: right, ..plain })
            } else {
                (Some(plain), bare(left), bare(right))
            };
            let one = self.builder.integer(1);
            let scale = match scale {
                Some(scale) => scale.write(self.builder, &self.facts.known),
                None => one,
            };
            let left = self.side(&left);
            let right = self.side(&right);
            terms.push(Term { scale, left, right, transposed });
        }
        Some(terms)
    }

    fn side(&mut self, product: &Product) -> Option<NotationId> {
        if product.chain.is_empty() {
            return None;
        }
        let formula = product.write(self.builder, &self.facts.known);
        (!matches!(self.builder.node(formula), Notation::Identity)).then_some(formula)
    }

    fn identity(&mut self, size: DimensionId) -> NotationId {
        self.builder.identity(Shape { rows: size, columns: size })
    }

    /// The sum of the sides of some terms, with their scales.
    fn total(
        &mut self,
        sides: &[(NotationId, Option<NotationId>)],
        size: DimensionId,
    ) -> NotationId {
        let mut written = Vec::with_capacity(sides.len());
        for (scale, side) in sides {
            let side = match side {
                Some(side) => *side,
                None => self.identity(size),
            };
            written.push((false, self.builder.product(&[*scale, side])));
        }
        self.builder.sum(&written)
    }

    /// `M u = k` for a column, or the transpose for a row.
    fn vector(&mut self, terms: Vec<Term>, known: NotationId) -> Progress {
        let shape = self.builder.shape(self.unknown.atom);
        let is_column = shape.columns == Dimensions::ONE;
        let size = if is_column { shape.rows } else { shape.columns };
        if terms.iter().any(|term| {
            term.transposed || if is_column { term.right.is_some() } else { term.left.is_some() }
        }) {
            return Progress::No;
        }
        let sides: Vec<_> = terms
            .iter()
            .map(|term| (term.scale, if is_column { term.left } else { term.right }))
            .collect();
        self.show();
        let matrix = self.total(&sides, size);
        let found = self.builder.shape(matrix);
        if found.rows != found.columns {
            let (one, side) = (self.builder.integer(1), Some(matrix));
            let (left, right) = if is_column { (side, None) } else { (None, side) };
            let term = Term { scale: one, left, right, transposed: false };
            return self.generalized(&term, known);
        }
        if terms.len() > 1 {
            self.rules.push(Rule::Collect);
            let atom = self.unknown.atom;
            let factors = if is_column { [matrix, atom] } else { [atom, matrix] };
            let left = self.builder.product(&factors);
            self.line(left, known);
        }
        let value = self.stripped(matrix, known, is_column);
        self.finish(value)
    }

    /// The inverse of a square matrix times the known side.
    fn stripped(&mut self, matrix: NotationId, known: NotationId, left: bool) -> NotationId {
        let product = Product::of(self.builder, matrix);
        if let [only] = product.chain.as_slice()
            && matches!(self.builder.node(*only), Notation::Identity)
        {
            let scale = product.scale(self.builder);
            if !self.builder.is_one(scale) {
                self.must_not_vanish(scale);
                self.rules.push(Rule::DivideByScalar(scale));
            }
            return self.builder.fraction(known, scale);
        }
        self.must_invert(matrix);
        self.note_shortest(matrix, known, left);
        self.has_stripped = true;
        self.rules.push(match left {
            true => Rule::StripLeft(matrix),
            false => Rule::StripRight(matrix),
        });
        let inverse = self.inverse_of(matrix);
        let factors = if left { [inverse, known] } else { [known, inverse] };
        self.builder.product(&factors)
    }

    /// `L X R = K` with sides that are not square: the shortest solution, where there is one (Penrose
    /// 1955).
    fn generalized(&mut self, term: &Term, known: NotationId) -> Progress {
        // The right side is a name, so that it can be told for which right sides there is a solution.
        let of_known = Product::of(self.builder, known);
        let name = match of_known.chain.as_slice() {
            [only] if matches!(self.builder.node(*only), Notation::Name { .. }) => *only,
            _ => return Progress::No,
        };
        if !self.alone {
            return Progress::No;
        }
        let mut factors = vec![known];
        let mut back = Vec::new();
        if let Some(left) = term.left {
            factors.insert(0, self.pseudoinverse(left));
            self.rules.push(Rule::PseudoinverseLeft(left));
            back.push(left);
        }
        if let Some(right) = term.right {
            factors.push(self.pseudoinverse(right));
            self.rules.push(Rule::PseudoinverseRight(right));
        }
        let value = self.builder.product(&factors);
        back.push(value);
        back.extend(term.right);
        let there = self.builder.product(&back);
        if !self.builder.is_one(term.scale) {
            return Progress::No;
        }
        self.condition(Condition::Solvable(there, known));
        let left = self.applied(term);
        let number = of_known.scale(self.builder);
        let own = self.builder.fraction(left, number);
        self.solvable = Some((name, own));
        self.finish(value)
    }

    fn pseudoinverse(&mut self, id: NotationId) -> NotationId {
        let shape = self.builder.shape(id);
        let turned = Shape { rows: shape.columns, columns: shape.rows };
        match book().lookup("pinv") {
            Some(function) => self.builder.call(Head::Book(function), &[id], turned),
            None => id,
        }
    }

    /// Of normal equations `A'A X = A'B`, the shortest solution `pinv(A) B` whatever the rank.
    fn note_shortest(&mut self, matrix: NotationId, known: NotationId, left: bool) {
        let before = self.shortest.take();
        let product = Product::of(self.builder, before.unwrap_or(known));
        let Notation::Product(factors) = self.builder.node(matrix).clone() else { return };
        if self.has_stripped && before.is_none() {
            return;
        }
        let [first, last] = factors.as_slice() else { return };
        if !crate::facts::transposes(self.builder, *first, *last) {
            return;
        }
        let mut rest = product.clone();
        let own = if left { product.chain.first() } else { product.chain.last() };
        if own != Some(if left { first } else { last }) || rest.chain.len() < 2 {
            return;
        }
        if left {
            rest.chain.remove(0);
        } else {
            rest.chain.pop();
        }
        let inverse = self.pseudoinverse(if left { *last } else { *first });
        let rest = rest.write(self.builder, &self.facts.known);
        let factors = if left { [inverse, rest] } else { [rest, inverse] };
        self.shortest = Some(self.builder.product(&factors));
    }

    fn finish(&mut self, value: NotationId) -> Progress {
        let atom = self.unknown.atom;
        self.line(atom, value);
        Progress::Found(vec![value])
    }

    fn matrix(&mut self, terms: Vec<Term>, known: NotationId) -> Progress {
        let shape = self.builder.shape(self.unknown.atom);
        let (plain, turned): (Vec<Term>, Vec<Term>) =
            terms.into_iter().partition(|term| !term.transposed);
        self.show();
        if !turned.is_empty() {
            return match self.with_transpose(&plain, &turned, known) {
                Progress::No => self.stacked(&plain, &turned, known),
                progress => progress,
            };
        }
        let merged = self.merged(plain.clone());
        match merged.as_slice() {
            [only] => {
                if plain.len() > 1 {
                    self.rules.push(Rule::Collect);
                    let left = self.applied(only);
                    self.line(left, known);
                }
                let mut value = known;
                let one = self.builder.integer(1);
                let left = only.left.unwrap_or(one);
                let (left, right) = (only.left.map(|_| left), only.right);
                for (side, is_left, size) in
                    [(left, true, shape.rows), (right, false, shape.columns)]
                {
                    let Some(side) = side else { continue };
                    let own = self.builder.shape(side);
                    if own.rows != own.columns || own.rows != size {
                        return self.generalized(only, known);
                    }
                    value = self.stripped(side, value, is_left);
                }
                if !self.builder.is_one(only.scale) {
                    self.must_not_vanish(only.scale);
                    self.rules.push(Rule::DivideByScalar(only.scale));
                    value = self.builder.fraction(value, only.scale);
                }
                self.finish(value)
            }
            [first, second] => self.two_sided(first, second, known),
            several => {
                let several = several.to_vec();
                self.stacked(&several, &[], known)
            }
        }
    }

    /// `scale L X R` as a formula.
    fn applied(&mut self, term: &Term) -> NotationId {
        let mut factors = vec![term.scale];
        factors.extend(term.left);
        factors.push(self.unknown.atom);
        factors.extend(term.right);
        self.builder.product(&factors)
    }

    /// Terms with a common side collected.
    fn merged(&mut self, mut terms: Vec<Term>) -> Vec<Term> {
        let shape = self.builder.shape(self.unknown.atom);
        let one = self.builder.integer(1);
        loop {
            let before = terms.len();
            for by_right in [true, false] {
                let mut groups: Vec<Vec<Term>> = Vec::new();
                for term in terms {
                    let key = |term: &Term| if by_right { term.right } else { term.left };
                    match groups.iter_mut().find(|group| key(&group[0]) == key(&term)) {
                        Some(group) => group.push(term),
                        None => groups.push(vec![term]),
                    }
                }
                terms = Vec::with_capacity(groups.len());
                for group in groups {
                    if let [only] = group.as_slice() {
                        terms.push(only.clone());
                        continue;
                    }
                    let sides: Vec<_> = group
                        .iter()
                        .map(|term| (term.scale, if by_right { term.left } else { term.right }))
                        .collect();
                    let size = if by_right { shape.rows } else { shape.columns };
                    let total = self.total(&sides, size);
                    let product = Product::of(self.builder, total);
                    let scaled = matches!(
                        product.chain.as_slice(),
                        [only] if matches!(self.builder.node(*only), Notation::Identity)
                    );
                    let (scale, side) = if scaled {
                        (product.scale(self.builder), None)
                    } else {
                        (one, Some(total))
                    };
                    let other = if by_right { group[0].right } else { group[0].left };
                    let (left, right) = if by_right { (side, other) } else { (other, side) };
                    terms.push(Term { scale, left, right, transposed: false });
                }
            }
            if terms.len() == before {
                return terms;
            }
        }
    }

    /// `a X + b X' = K` with numbers.
    fn with_transpose(&mut self, plain: &[Term], turned: &[Term], known: NotationId) -> Progress {
        let ([one], [other]) = (plain, turned) else { return Progress::No };
        let sides = [one.left, one.right, other.left, other.right];
        if sides.iter().any(Option::is_some) {
            return Progress::No;
        }
        let (a, b) = (one.scale, other.scale);
        let two = self.builder.integer(2);
        let kind = gradus_notation::tree::PowerKind::Scalar;
        let (a2, b2) = (self.builder.power(a, two, kind), self.builder.power(b, two, kind));
        let below = match self.numeric_difference(a, b) {
            Some(number) => self.builder.number(number),
            None => self.builder.sum(&[(false, a2), (true, b2)]),
        };
        if self.builder.is_zero(below) {
            return Progress::No;
        }
        self.must_not_vanish(below);
        let turned = self.builder.transpose(known);
        let (first, second) =
            (self.builder.product(&[a, known]), self.builder.product(&[b, turned]));
        let above = self.builder.sum(&[(false, first), (true, second)]);
        self.rules.push(Rule::CombineWithTranspose);
        let value = self.builder.fraction(above, below);
        self.finish(value)
    }

    fn numeric_difference(&self, a: NotationId, b: NotationId) -> Option<Rational> {
        let a = crate::facts::number(self.builder, a)?;
        let b = crate::facts::number(self.builder, b)?;
        Some(a.multiply(&a).subtract(&b.multiply(&b)))
    }

    /// `L X R + M X N = K` as a Sylvester equation, where one side of each is the identity or
    /// invertible.
    fn two_sided(&mut self, first: &Term, second: &Term, known: NotationId) -> Progress {
        let (first, second) = match (first.right, second.left) {
            (None, None) => (first.clone(), second.clone()),
            _ if second.right.is_none() && first.left.is_none() => (second.clone(), first.clone()),
            _ => {
                let both = [first.clone(), second.clone()];
                return self.stacked(&both, &[], known);
            }
        };
        let shape = self.builder.shape(self.unknown.atom);
        let a = self.total(&[(first.scale, first.left)], shape.rows);
        let b = self.total(&[(second.scale, second.right)], shape.columns);
        let turned = self.builder.transpose(a);
        if self.has_others(a) || self.has_others(b) {
            return Progress::No;
        }
        self.condition(Condition::NoCommonEigenvalue(a, b));
        self.rules.push(if turned == b { Rule::Lyapunov } else { Rule::Sylvester });
        let Some(function) = book().lookup("sylvester") else { return Progress::No };
        let value = self.builder.call(Head::Book(function), &[a, b, known], shape);
        self.finish(value)
    }

    /// The equation of the stacked unknown: `vec(LXR) = (R' ⊗ L)vec X`.
    fn stacked(&mut self, plain: &[Term], turned: &[Term], known: NotationId) -> Progress {
        let shape = self.builder.shape(self.unknown.atom);
        let size = self.product_of_sizes(shape.rows, shape.columns);
        let square = Shape { rows: size, columns: size };
        let column = Shape { rows: size, columns: Dimensions::ONE };
        let target = self.builder.shape(known);
        if self.product_of_sizes(target.rows, target.columns) != size {
            return Progress::No;
        }
        let bare = |term: &Term| term.left.is_none() && term.right.is_none();
        if plain.iter().chain(turned).all(bare) {
            // `X ± X'` alone does not tell X.
            return Progress::No;
        }
        let Some(kron) = book().structural(Structural::Kronecker) else { return Progress::No };
        let Some(vec) = book().structural(Structural::Vec) else { return Progress::No };
        let Some(unvec) = book().structural(Structural::Unvec) else { return Progress::No };
        let Some(swap) = book().structural(Structural::Commutation) else { return Progress::No };
        let mut written = Vec::new();
        for term in plain.iter().chain(turned) {
            let inner = if term.transposed {
                Shape { rows: shape.columns, columns: shape.rows }
            } else {
                shape
            };
            let left = match term.left {
                Some(left) => left,
                None => self.identity(inner.rows),
            };
            let right = match term.right {
                Some(right) => self.builder.transpose(right),
                None => self.identity(inner.columns),
            };
            let both = [right, left].map(|id| matches!(self.builder.node(id), Notation::Identity));
            let mut factors = vec![term.scale];
            factors.push(if both == [true, true] {
                self.builder.identity(square)
            } else {
                self.builder.call(Head::Book(kron), &[right, left], square)
            });
            if term.transposed {
                let call = Notation::Call {
                    head: Head::Book(swap),
                    arguments: Vec::new(),
                    sizes: vec![shape.rows, shape.columns],
                };
                factors.push(self.builder.tree.intern(call, square));
            }
            written.push((false, self.builder.product(&factors)));
        }
        if let ([one, other], []) = (plain, turned) {
            self.name_stein(one, other);
        }
        let matrix = self.builder.sum(&written);
        if self.has_others(matrix) {
            return Progress::No;
        }
        let atom = self.unknown.atom;
        let unknown = self.builder.call(Head::Book(vec), &[atom], column);
        let given = self.builder.call(Head::Book(vec), &[known], column);
        let left = self.builder.product(&[matrix, unknown]);
        self.rules.push(Rule::Stack);
        self.line(left, given);
        self.condition(Condition::Invertible(matrix));
        let inverse = self.builder.inverse(matrix);
        let solved = self.builder.product(&[inverse, given]);
        let call = Notation::Call {
            head: Head::Book(unvec),
            arguments: vec![solved],
            sizes: vec![shape.rows, shape.columns],
        };
        let value = self.builder.tree.intern(call, shape);
        self.rules.push(Rule::Unstack);
        self.finish(value)
    }

    /// `X − AXA' = C` has a name.
    fn name_stein(&mut self, one: &Term, other: &Term) {
        for (plain, product) in [(one, other), (other, one)] {
            let bare = plain.left.is_none() && plain.right.is_none();
            if let (true, Some(left), Some(right)) = (bare, product.left, product.right)
                && self.builder.transpose(left) == right
            {
                self.rules.push(Rule::Stein);
            }
        }
    }

    fn product_of_sizes(&mut self, one: DimensionId, other: DimensionId) -> DimensionId {
        let dimensions = &mut self.builder.tree.dimensions;
        let product = dimensions.polynomial(one).multiply(dimensions.polynomial(other));
        dimensions.intern(product)
    }
}
