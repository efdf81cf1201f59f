//! Stationary points under constraints of length and orthogonality: eigenvalue problems and singular
//! values.
//!
//! Must not know how the derivatives were found. The forms are those of the field: `w'Bw = c` and
//! `W'BW = I` with positive definite B (Golub and Van Loan, Matrix Computations, 8.7 and 6.4).

use gradus_derivation::Builder;
use gradus_functions::book;
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{DimensionId, Dimensions, Rational};

use crate::expand::{Product, expand};
use crate::facts::{Facts, Holds, number, transposes};
use crate::model::{Condition, Equation, Line, Solution, Solved, Unknown};
use crate::rules::Rule;

/// What is asked of a function under constraints.
pub struct Spectral<'a> {
    /// The formulas.
    pub builder: &'a mut Builder,
    /// What is known.
    pub facts: &'a Facts,
    /// The unknown, and after it the multipliers.
    pub unknowns: &'a [Unknown],
    /// The derivative of the Lagrangian set to zero, and the constraints.
    pub equations: &'a [Equation],
    /// Whether the greatest value is meant.
    pub maximize: bool,
    /// The lines that are found.
    pub lines: Vec<Line>,
}

/// The constraint `X'BX = c I`, of a vector `x'Bx = c`.
#[derive(Clone, Copy, Debug)]
struct Sphere {
    weight: Option<NotationId>,
    size: NotationId,
    /// The number before the form in the constraint, of which the multiplier is told; none of a norm.
    scale: Option<NotationId>,
    /// The unknown times the derivative of the left side of the constraint.
    turned: NotationId,
}

/// A point that was recognised.
#[derive(Debug)]
pub struct Recognised {
    /// The unknown and the multiplier.
    pub solved: Solved,
    /// What the eigenvalue problem or the decomposition is of.
    pub of: NotationId,
    /// Which form the problem has.
    pub form: Form,
}

/// The forms of problems that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A quadratic form: eigenvectors.
    Eigenvectors,
    /// A linear function of a matrix: the orthogonal factor of the singular value decomposition.
    SingularValues,
    /// A linear function of a vector: the direction of its gradient.
    Direction,
}

impl Spectral<'_> {
    /// The point, if the problem has one of the known forms.
    pub fn solve(mut self) -> Option<Recognised> {
        let [unknown, multipliers @ ..] = self.unknowns else { return None };
        let unknown = unknown.clone();
        if multipliers.is_empty() {
            return self.quotient(&unknown);
        }
        let ([gradient, constraint], [multiplier]) = (self.equations, multipliers) else {
            return None;
        };
        let (gradient, constraint, multiplier) = (*gradient, *constraint, multiplier.clone());
        let sphere = self.sphere(&unknown, &constraint)?;
        let gradient = self.own_gradient(&unknown, &multiplier, &gradient)?;
        self.on_sphere(&unknown, &multiplier, sphere, gradient)
    }

    /// A constraint as `X'BX = c I`.
    fn sphere(&mut self, unknown: &Unknown, constraint: &Equation) -> Option<Sphere> {
        let mut holds = Holds::new(vec![unknown.name.clone()]);
        let residual = self.builder.sum(&[(false, constraint.left), (true, constraint.right)]);
        let mut products = expand(self.builder, &mut holds, &self.facts.known, residual).ok()?;
        let place = products.iter().position(|product| product.holds(self.builder, &mut holds))?;
        let mut product = products.remove(place);
        let mut known = Vec::new();
        for product in products {
            if product.holds(self.builder, &mut holds) {
                return None;
            }
            known.push((true, product.write(self.builder, &self.facts.known)));
        }
        let mut size = self.builder.sum(&known);
        if known.is_empty() {
            return None;
        }
        let norm = product.scalars.iter().position(|(id, _)| holds.of(self.builder, *id));
        if let (Some(place), true) = (norm, product.chain.is_empty()) {
            // `‖x‖^k = c` is `x'x = c^(2/k)`.
            let (id, exponent) = product.scalars.remove(place);
            let inner = self.norm_of(id)?;
            let scale = product.scale(self.builder);
            let degree = self.builder.number(exponent.clone());
            let turned = self.builder.product(&[degree, size]);
            size = self.builder.fraction(size, scale);
            let two = Rational::integer(2).divide(&exponent)?;
            let two = self.builder.number(two);
            if !self.builder.is_one(size) {
                size = self.builder.power(size, two, PowerKind::Scalar);
            }
            return (inner == unknown.atom).then_some(Sphere {
                weight: None,
                size,
                scale: None,
                turned,
            });
        }
        let (first, last) = (*product.chain.first()?, *product.chain.last()?);
        let turned = self.builder.transpose(unknown.atom);
        if first != turned || last != unknown.atom || product.chain.len() < 2 {
            return None;
        }
        let middle = product.chain[1..product.chain.len() - 1].to_vec();
        if middle.iter().any(|id| holds.of(self.builder, *id)) {
            return None;
        }
        let weight = match middle.as_slice() {
            [] => None,
            _ => Some(self.builder.product(&middle)),
        };
        if let Some(weight) = weight
            && !self.facts.is_definite(self.builder, weight)
        {
            return None;
        }
        let scale = product.scale(self.builder);
        let size = self.builder.fraction(size, scale);
        if self.builder.shape(size).is_scalar() {
            let two = self.builder.integer(2);
            let turned = self.builder.product(&[two, scale, size]);
            return Some(Sphere { weight, size, scale: Some(scale), turned });
        }
        // A matrix on the right is a multiple of the identity.
        let right = Product::of(self.builder, size);
        match right.chain.as_slice() {
            [only] if matches!(self.builder.node(*only), Notation::Identity) => {
                let size = right.scale(self.builder);
                let two = self.builder.integer(2);
                let turned = self.builder.product(&[two, scale, size]);
                Some(Sphere { weight, size, scale: Some(scale), turned })
            }
            _ => None,
        }
    }

    /// The argument of a norm of length.
    fn norm_of(&self, id: NotationId) -> Option<NotationId> {
        match self.builder.node(id) {
            Notation::Call { head: Head::Book(function), arguments, .. }
                if matches!(book().get(*function).name, "norm2" | "norm" | "normF") =>
            {
                arguments.first().copied()
            }
            _ => None,
        }
    }

    /// The derivative without the terms of the multiplier.
    fn own_gradient(
        &mut self,
        unknown: &Unknown,
        multiplier: &Unknown,
        gradient: &Equation,
    ) -> Option<Vec<Product>> {
        let names = vec![unknown.name.clone(), multiplier.name.clone()];
        let mut holds = Holds::new(names);
        let residual = self.builder.sum(&[(false, gradient.left), (true, gradient.right)]);
        let mut products = expand(self.builder, &mut holds, &self.facts.known, residual).ok()?;
        let mut of_multiplier = Holds::new(vec![multiplier.name.clone()]);
        products.retain(|product| !product.holds(self.builder, &mut of_multiplier));
        Some(products)
    }

    fn on_sphere(
        &mut self,
        unknown: &Unknown,
        multiplier: &Unknown,
        sphere: Sphere,
        gradient: Vec<Product>,
    ) -> Option<Recognised> {
        let atom = unknown.atom;
        let shape = self.builder.shape(atom);
        let mut holds = Holds::new(vec![unknown.name.clone()]);
        let is_matrix = shape.columns != Dimensions::ONE;
        let square = shape.rows == shape.columns;
        let whole: Vec<(bool, NotationId)> = gradient
            .iter()
            .map(|product| (false, product.write(self.builder, &self.facts.known)))
            .collect();
        let whole = self.builder.sum(&whole);
        let (mut linear, mut constant) = (Vec::new(), Vec::new());
        let mut dropped = false;
        for product in gradient {
            if !product.holds(self.builder, &mut holds) {
                constant.push((false, product.write(self.builder, &self.facts.known)));
                continue;
            }
            let scalars = product.scalars.iter().any(|(id, _)| holds.of(self.builder, *id));
            let place = product.chain.iter().position(|id| *id == atom)?;
            let count = product.chain.iter().filter(|id| holds.of(self.builder, **id)).count();
            if scalars || count != 1 || !product.over.is_empty() {
                return None;
            }
            let left = Product { chain: product.chain[..place].to_vec(), ..product.clone() };
            let right = product.chain[place + 1..].to_vec();
            let right = (!right.is_empty()).then(|| self.builder.product(&right));
            let same = match sphere.weight {
                None => left.chain.is_empty(),
                Some(weight) => left.chain == [weight],
            };
            match right {
                // `c X'BX` is constant.
                None if same => dropped = true,
                None if is_matrix && square && sphere.weight.is_none() => dropped = true,
                None => {
                    let side = if left.chain.is_empty() {
                        let size = Shape { rows: shape.rows, columns: shape.rows };
                        let identity = self.builder.identity(size);
                        Product { chain: vec![identity], ..left }
                    } else {
                        left
                    };
                    linear.push((false, side.write(self.builder, &self.facts.known)));
                }
                // `tr(X R X')` is constant where `X'X = I`.
                Some(right)
                    if left.chain.is_empty()
                        && sphere.weight.is_none()
                        && self.builder.is_symmetric(right, 12) =>
                {
                    dropped = true;
                }
                Some(_) => return None,
            }
        }
        let value = match (linear.is_empty(), constant.is_empty()) {
            (true, false) => {
                let constant = self.builder.sum(&constant);
                self.direction(unknown, sphere, constant, dropped)?
            }
            (false, true) => {
                let matrix = self.builder.sum(&linear);
                if !self.is_symmetric(matrix) {
                    return None;
                }
                self.problem(unknown, multiplier, sphere, matrix);
                self.eigenvectors(unknown, sphere.weight, matrix, Some(sphere.size))?
            }
            _ => return None,
        };
        // X' times the derivative of the Lagrangian is zero.
        let turned = self.builder.transpose(atom);
        let above = self.builder.product(&[turned, whole]);
        let stated = self.builder.fraction(above, sphere.turned);
        let multiplier_value = crate::isolate::substituted(self.builder, stated, atom, value.value);
        let lines = vec![Line { left: multiplier.atom, right: stated, rules: Vec::new() }];
        let mut recognised = self.recognised(value);
        recognised.solved.solutions.push(Solution {
            unknown: 1,
            lines,
            stated,
            value: multiplier_value,
            others: Vec::new(),
            closing: None,
            shortest: None,
            solvable: None,
        });
        Some(recognised)
    }

    fn recognised(&mut self, value: Value) -> Recognised {
        let solution = Solution {
            unknown: 0,
            lines: std::mem::take(&mut self.lines),
            stated: value.value,
            value: value.value,
            others: Vec::new(),
            closing: None,
            shortest: None,
            solvable: None,
        };
        let solved =
            Solved { solutions: vec![solution], conditions: value.conditions, ..Solved::default() };
        Recognised { solved, of: value.of, form: value.form }
    }

    /// A function that is linear under the constraint: the direction of its gradient.
    fn direction(
        &mut self,
        unknown: &Unknown,
        sphere: Sphere,
        constant: NotationId,
        dropped: bool,
    ) -> Option<Value> {
        let shape = self.builder.shape(unknown.atom);
        let constant = self.plain(constant);
        let positive = if self.maximize { constant } else { self.builder.negate(constant) };
        if shape.columns == Dimensions::ONE {
            let (along, length) = match sphere.weight {
                None => {
                    let norm = book().lookup("norm2")?;
                    let scalar = Shape::SCALAR;
                    let length = self.builder.call(Head::Book(norm), &[constant], scalar);
                    (positive, length)
                }
                Some(weight) => {
                    let inverse = self.builder.inverse(weight);
                    let turned = self.builder.transpose(constant);
                    let square = self.builder.product(&[turned, inverse, constant]);
                    let length = self.root(square)?;
                    (self.builder.product(&[inverse, positive]), length)
                }
            };
            let mut factors = vec![];
            if !self.builder.is_one(sphere.size) {
                factors.push(self.root(sphere.size)?);
            }
            factors.push(along);
            let above = self.builder.product(&factors);
            let value = self.builder.fraction(above, length);
            let rules = vec![Rule::Normalize];
            self.lines.push(Line { left: unknown.atom, right: value, rules });
            let conditions = vec![Condition::NonZero(constant)];
            return Some(Value { value, of: positive, form: Form::Direction, conditions });
        }
        // A matrix with more columns than rows has none that are orthonormal, so that only of a square
        // one it is known that there is a solution.
        if !self.builder.is_one(sphere.size) || shape.rows != shape.columns {
            return None;
        }
        let polar = book().lookup("polar")?;
        let value = match sphere.weight {
            None => self.builder.call(Head::Book(polar), &[positive], shape),
            Some(weight) => {
                let (inverse, turned) = self.inverse_factor(weight)?;
                let inside = self.builder.product(&[inverse, positive]);
                let polar = self.builder.call(Head::Book(polar), &[inside], shape);
                self.builder.product(&[turned, polar])
            }
        };
        let mut rules = Vec::new();
        if dropped {
            rules.push(Rule::ConstantUnderConstraint);
        }
        rules.push(Rule::SingularValues(positive));
        self.lines.push(Line { left: unknown.atom, right: value, rules });
        let conditions = vec![Condition::FullRank(positive)];
        Some(Value { value, of: positive, form: Form::SingularValues, conditions })
    }

    /// Whether a matrix is seen to equal its transpose.
    fn is_symmetric(&mut self, id: NotationId) -> bool {
        if self.builder.is_symmetric(id, 12) {
            return true;
        }
        let turned = self.builder.transpose_each(id);
        let difference = self.builder.sum(&[(false, id), (true, turned)]);
        self.builder.is_zero(difference)
    }

    /// A formula without its number, if that is positive.
    fn plain(&mut self, id: NotationId) -> NotationId {
        let (value, rest) = self.builder.split(id);
        match rest {
            Some(rest) if value.is_negative() => self.builder.negate(rest),
            Some(rest) => rest,
            None => id,
        }
    }

    fn root(&mut self, id: NotationId) -> Option<NotationId> {
        if let Some(value) = number(self.builder, id)
            && value.is_one()
        {
            return Some(id);
        }
        let half = self.builder.number(Rational::new(1, 2)?);
        Some(self.builder.power(id, half, PowerKind::Scalar))
    }

    /// `inv(L)` and `inv(L)'` of the Cholesky factor of a positive definite matrix.
    fn inverse_factor(&mut self, weight: NotationId) -> Option<(NotationId, NotationId)> {
        let shape = self.builder.shape(weight);
        let cholesky = book().lookup("cholesky")?;
        let factor = self.builder.call(Head::Book(cholesky), &[weight], shape);
        let inverse = self.builder.inverse(factor);
        let turned = self.builder.transpose(inverse);
        Some((inverse, turned))
    }

    /// The line `M X = B X Λ` with the multiplier.
    fn problem(
        &mut self,
        unknown: &Unknown,
        multiplier: &Unknown,
        sphere: Sphere,
        matrix: NotationId,
    ) {
        let Some(scale) = sphere.scale else { return };
        let (number, rest) = self.builder.split(matrix);
        let (Some(rest), Some(half)) = (rest, number.divide(&Rational::integer(2))) else { return };
        let half = self.builder.number(half);
        let left = self.builder.product(&[half, rest, unknown.atom]);
        let scalar = self.builder.shape(multiplier.atom).is_scalar();
        let mut factors = vec![scale];
        if scalar {
            factors.push(multiplier.atom);
        }
        factors.extend(sphere.weight);
        factors.push(unknown.atom);
        if !scalar {
            factors.push(multiplier.atom);
        }
        let right = self.builder.product(&factors);
        self.lines.push(Line { left, right, rules: vec![Rule::EigenvalueProblem] });
    }

    /// `M X = B X Λ`: the eigenvectors of the extreme eigenvalues.
    fn eigenvectors(
        &mut self,
        unknown: &Unknown,
        weight: Option<NotationId>,
        matrix: NotationId,
        size: Option<NotationId>,
    ) -> Option<Value> {
        let atom = unknown.atom;
        let shape = self.builder.shape(atom);
        let matrix = self.plain_sum(matrix);
        let square = Shape { rows: shape.rows, columns: shape.rows };
        let eigvecs = book().lookup("eigvecs")?;
        let value = match weight {
            None => {
                let vectors = self.builder.call(Head::Book(eigvecs), &[matrix], square);
                self.extreme(vectors, shape)?
            }
            Some(weight) => {
                let (inverse, turned) = self.inverse_factor(weight)?;
                let inside = self.builder.product(&[inverse, matrix, turned]);
                let vectors = self.builder.call(Head::Book(eigvecs), &[inside], square);
                let extreme = self.extreme(vectors, shape)?;
                self.builder.product(&[turned, extreme])
            }
        };
        let value = match size {
            Some(size) if !self.builder.is_one(size) => {
                let root = self.root(size)?;
                self.builder.product(&[root, value])
            }
            _ => value,
        };
        let rules = vec![Rule::Eigenvalue { greatest: self.maximize }];
        self.lines.push(Line { left: atom, right: value, rules });
        let conditions = Vec::new();
        Some(Value { value, of: matrix, form: Form::Eigenvectors, conditions })
    }

    /// A sum without a number that all terms share: eigenvectors do not depend on it.
    fn plain_sum(&mut self, id: NotationId) -> NotationId {
        let (value, rest) = self.builder.split(id);
        match (rest, value.is_negative()) {
            (Some(rest), false) => rest,
            (Some(rest), true) => self.builder.negate(rest),
            (None, _) => id,
        }
    }

    /// The last columns for the greatest eigenvalues, the first for the least.
    fn extreme(&mut self, vectors: NotationId, shape: Shape) -> Option<NotationId> {
        let offset =
            if self.maximize { self.difference(shape.rows, shape.columns) } else { self.zero() };
        let zero = self.zero();
        let slice = Notation::Slice { base: vectors, row_offset: zero, column_offset: offset };
        Some(self.builder.tree.intern(slice, shape))
    }

    fn zero(&mut self) -> DimensionId {
        self.builder.tree.dimensions.intern(gradus_tensor::Polynomial::zero())
    }

    fn difference(&mut self, one: DimensionId, other: DimensionId) -> DimensionId {
        let dimensions = &mut self.builder.tree.dimensions;
        let minus = gradus_tensor::Polynomial::constant(Rational::MINUS_ONE);
        let other = dimensions.polynomial(other).multiply(&minus);
        let difference = dimensions.polynomial(one).add(&other);
        dimensions.intern(difference)
    }

    /// A quotient of quadratic forms (Rayleigh): `A x = ρ B x`.
    fn quotient(&mut self, unknown: &Unknown) -> Option<Recognised> {
        let [gradient] = self.equations else { return None };
        let gradient = *gradient;
        let atom = unknown.atom;
        let mut holds = Holds::new(vec![unknown.name.clone()]);
        let residual = self.builder.sum(&[(false, gradient.left), (true, gradient.right)]);
        let products = expand(self.builder, &mut holds, &self.facts.known, residual).ok()?;
        if self.builder.shape(atom).columns != Dimensions::ONE {
            return None;
        }
        // The terms with the same scalars of the unknown belong together.
        type Scalars = Vec<(NotationId, Rational)>;
        let mut groups: Vec<(Scalars, Vec<(bool, NotationId)>)> = Vec::new();
        for product in products {
            let (own, rest): (Scalars, Scalars) =
                product.scalars.iter().cloned().partition(|(id, _)| holds.of(self.builder, *id));
            let (last, chain) = product.chain.split_last()?;
            if *last != atom || chain.iter().any(|id| holds.of(self.builder, *id)) {
                return None;
            }
            let mut chain = chain.to_vec();
            if chain.is_empty() {
                let size = self.builder.shape(atom).rows;
                chain.push(self.builder.identity(Shape { rows: size, columns: size }));
            }
            let matrix = Product { scalars: rest, chain, ..product.clone() };
            let matrix = matrix.write(self.builder, &self.facts.known);
            match groups.iter_mut().find(|(known, _)| *known == own) {
                Some((_, list)) => list.push((false, matrix)),
                None => groups.push((own, vec![(false, matrix)])),
            }
        }
        let [(one, first), (two, second)] = groups.as_slice() else { return None };
        let (first, second) = (self.builder.sum(first), self.builder.sum(second));
        // The matrix of the denominator stands in the scalars of the other one.
        let weight_first = self.stands_squared(one, second, atom);
        let weight_second = self.stands_squared(two, first, atom);
        let (matrix, weight) = match (weight_first, weight_second) {
            (true, _) => (first, second),
            (_, true) => (second, first),
            _ => return None,
        };
        let weight = {
            // Eigenvectors do not depend on the number.
            self.builder.split(weight).1?
        };
        if !self.is_symmetric(matrix) || !self.is_symmetric(weight) {
            return None;
        }
        let weight = match self.builder.node(weight) {
            Notation::Identity => None,
            _ if self.facts.is_definite(self.builder, weight) => Some(weight),
            _ => return None,
        };
        let value = self.eigenvectors(unknown, weight, matrix, None)?;
        Some(self.recognised(value))
    }

    /// Whether `x'Mx` stands below the line among scalars, with less exponent than the others.
    fn stands_squared(
        &mut self,
        scalars: &[(NotationId, Rational)],
        matrix: NotationId,
        atom: NotationId,
    ) -> bool {
        let (_, rest) = self.builder.split(matrix);
        let Some(rest) = rest else { return false };
        scalars.len() == 1
            && scalars.iter().all(|(id, exponent)| {
                let Notation::Product(factors) = self.builder.node(*id) else { return false };
                let chain: Vec<NotationId> = factors.clone();
                let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
                    return false;
                };
                let middle = &chain[1..chain.len() - 1];
                let same = match middle {
                    [] => matches!(self.builder.node(rest), Notation::Identity),
                    [only] => *only == rest,
                    _ => false,
                };
                exponent.is_negative()
                    && *last == atom
                    && transposes(self.builder, *first, *last)
                    && same
            })
    }
}

struct Value {
    value: NotationId,
    of: NotationId,
    form: Form,
    conditions: Vec<Condition>,
}
