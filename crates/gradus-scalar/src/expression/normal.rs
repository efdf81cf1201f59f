//! The normal form: a quotient of polynomials in kernels between which no relation is left.
//!
//! Must not know limits or integrals. One level at a time: the arguments of functions are brought into
//! normal form first, then the sums and products between functions are multiplied out.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{One, Signed, ToPrimitive, Zero};
use rustc_hash::{FxHashMap, FxHashSet};

use super::arena::Arena;
use super::kernel::{Combination, Denominators, Generator, Recipe};
use super::multivariate::{Fraction, Monomial, Polynomial, TooLong};
use super::node::{ExprId, Factor, Node, Rational};

/// Multiples of an angle beyond this are not expanded.
const GREATEST_MULTIPLE: i64 = 24;
/// How deeply expressions that functions are rewritten to are normalised in turn.
const GREATEST_DEPTH: u32 = 6;
/// How often relations are applied before the form counts as found.
const MOST_ROUNDS: usize = 8;

/// What stands between functions: a node, or a power whose exponent is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Node(ExprId),
    Power(ExprId, ExprId),
}

/// One level of an expression while it is normalised.
#[derive(Default)]
struct Level {
    recipes: FxHashMap<Part, Recipe>,
    parts: Vec<Part>,
    generators: Vec<Generator>,
    places: BTreeMap<Generator, usize>,
    denominators: Denominators,
    fractions: FxHashMap<Part, Fraction>,
}

impl Arena {
    /// The normal form. An expression that is zero by the rules of arithmetic, of powers and roots, of
    /// exponentials and logarithms and of trigonometry has the normal form zero. Where the form
    /// would be too long, the expression stays as it is. Points where the expression has a
    /// value only by convention (`sign(0)`) are not kept.
    pub fn normal(&mut self, id: ExprId) -> ExprId {
        if let Some(normal) = self.normals.get(&id) {
            return *normal;
        }
        if self.normal_depth > GREATEST_DEPTH {
            return id;
        }
        self.normal_depth += 1;
        let nodes = self.reachable(id);
        let mut boundary = BTreeSet::from([id]);
        for at in &nodes {
            match self.node(*at) {
                Node::Apply(_, argument) => {
                    boundary.insert(*argument);
                }
                Node::Product(factors) => {
                    for factor in factors.iter().filter(|factor| !self.is_integer(factor)) {
                        boundary.insert(factor.base);
                        boundary.insert(factor.exponent);
                    }
                }
                _ => {}
            }
        }
        for at in boundary {
            if self.normals.contains_key(&at) {
                continue;
            }
            let normal = self.level_normal(at).unwrap_or(at);
            self.normals.insert(at, normal);
            self.normals.insert(normal, normal);
        }
        self.normal_depth -= 1;
        self.normals.get(&id).copied().unwrap_or(id)
    }

    /// The normal form if that is shorter.
    pub fn normal_if_shorter(&mut self, id: ExprId) -> ExprId {
        let normal = self.normal(id);
        let is_better = normal != Self::UNDEFINED && self.size(normal) < self.size(id);
        if is_better { normal } else { id }
    }

    fn is_integer(&self, factor: &Factor) -> bool {
        self.as_integer(factor.exponent).is_some()
    }

    fn level_normal(&mut self, id: ExprId) -> Result<ExprId, TooLong> {
        if matches!(self.node(id), Node::Number(_) | Node::Pi | Node::Variable) {
            return Ok(id);
        }
        let mut level = Level::default();
        self.gather(&mut level, id)?;
        for part in &level.parts {
            if let Some(recipe) = level.recipes.get(part)
                && !level.denominators.take(recipe)
            {
                return Err(TooLong);
            }
        }
        level.find_generators();
        let fraction = self.fraction_of(&mut level, Part::Node(id))?;
        let reduced = self.reduced(&mut level, fraction)?;
        match reduced {
            Some(fraction) => Ok(self.written(&level, &fraction.cancelled())),
            None => Ok(Self::UNDEFINED),
        }
    }

    /// Finds the parts of a level and how the functions among them are written by kernels.
    fn gather(&mut self, level: &mut Level, id: ExprId) -> Result<(), TooLong> {
        let mut open = vec![Part::Node(id)];
        let mut seen = FxHashSet::default();
        while let Some(part) = open.pop() {
            if !seen.insert(part) {
                continue;
            }
            self.spend(2);
            if self.is_exhausted() || seen.len() > 2_000 {
                return Err(TooLong);
            }
            level.parts.push(part);
            let recipe = match part {
                Part::Power(base, exponent) => {
                    let (base, exponent) = (self.normal(base), self.normal(exponent));
                    Some(self.recipe_of_power(base, exponent))
                }
                Part::Node(at) => match self.node(at).clone() {
                    Node::Sum(terms) => {
                        open.extend(terms.iter().map(|term| Part::Node(term.base)));
                        None
                    }
                    Node::Product(factors) => {
                        open.extend(factors.iter().map(|factor| self.part_of(factor)));
                        None
                    }
                    Node::Apply(function, argument) => {
                        let argument = self.normal(argument);
                        Some(self.recipe_of_call(function, argument))
                    }
                    Node::Undefined => return Err(TooLong),
                    Node::Number(_) => None,
                    _ => Some(Recipe::Opaque(at)),
                },
            };
            let Some(recipe) = recipe else { continue };
            let recipe = match (&recipe, part) {
                (Recipe::Other(Self::UNDEFINED), _) => return Err(TooLong),
                (Recipe::Other(other), Part::Node(at)) if *other == at => Recipe::Opaque(at),
                (Recipe::Root(base, _), _) => {
                    open.push(Part::Node(*base));
                    recipe
                }
                (Recipe::Other(other), _) => {
                    open.push(Part::Node(*other));
                    recipe
                }
                (Recipe::Sine(_, Some((sine, cosine))), _)
                | (Recipe::Cosine(_, Some((sine, cosine))), _) => {
                    open.push(Part::Node(*sine));
                    open.push(Part::Node(*cosine));
                    recipe
                }
                _ => recipe,
            };
            level.recipes.insert(part, recipe);
        }
        Ok(())
    }

    fn part_of(&self, factor: &Factor) -> Part {
        if self.is_integer(factor) {
            Part::Node(factor.base)
        } else {
            Part::Power(factor.base, factor.exponent)
        }
    }

    /// What must be known before the fraction of a part can be.
    fn needs(&self, level: &Level, part: Part) -> Vec<Part> {
        match level.recipes.get(&part) {
            Some(Recipe::Other(other)) => vec![Part::Node(*other)],
            Some(Recipe::Sine(_, Some((sine, cosine))))
            | Some(Recipe::Cosine(_, Some((sine, cosine)))) => {
                vec![Part::Node(*sine), Part::Node(*cosine)]
            }
            Some(_) => Vec::new(),
            None => match part {
                Part::Power(..) => Vec::new(),
                Part::Node(at) => match self.node(at) {
                    Node::Sum(terms) => terms.iter().map(|term| Part::Node(term.base)).collect(),
                    Node::Product(factors) => {
                        factors.iter().map(|factor| self.part_of(factor)).collect()
                    }
                    _ => Vec::new(),
                },
            },
        }
    }

    fn fraction_of(&mut self, level: &mut Level, root: Part) -> Result<Fraction, TooLong> {
        let mut open = vec![root];
        let mut steps = 0;
        while let Some(part) = open.last().copied() {
            steps += 1;
            if steps > 20_000 || self.is_exhausted() {
                return Err(TooLong);
            }
            if level.fractions.contains_key(&part) {
                open.pop();
                continue;
            }
            let missing: Vec<Part> = self
                .needs(level, part)
                .into_iter()
                .filter(|need| !level.fractions.contains_key(need))
                .collect();
            if missing.is_empty() {
                let fraction = self.fraction_of_part(level, part)?;
                self.spend(1 + fraction.numerator.terms.len() as u64 / 4);
                level.fractions.insert(part, fraction);
                open.pop();
            } else {
                open.extend(missing);
            }
        }
        level.fractions.get(&root).cloned().ok_or(TooLong)
    }

    fn fraction_of_part(&self, level: &Level, part: Part) -> Result<Fraction, TooLong> {
        if let Some(recipe) = level.recipes.get(&part) {
            return level.fraction_of_recipe(recipe);
        }
        let Part::Node(at) = part else { return Err(TooLong) };
        let size = level.generators.len();
        match self.node(at) {
            Node::Number(number) => {
                Ok(Fraction::polynomial(Polynomial::constant(number.clone(), size)))
            }
            Node::Sum(terms) => {
                let mut sum = Fraction::polynomial(Polynomial::default());
                for term in terms {
                    let base = level.fraction(Part::Node(term.base))?;
                    sum = sum.add(base, &term.coefficient)?;
                }
                Ok(sum)
            }
            Node::Product(factors) => {
                let mut product = level.one();
                for factor in factors {
                    let base = level.fraction(self.part_of(factor))?;
                    let power = match self.as_integer(factor.exponent) {
                        Some(exponent) => {
                            let exponent = i32::try_from(exponent).map_err(|_| TooLong)?;
                            base.power(exponent, size)?.ok_or(TooLong)?
                        }
                        None => base.clone(),
                    };
                    product = product.multiply(&power)?;
                }
                Ok(product)
            }
            _ => Err(TooLong),
        }
    }

    /// Applies the relations between generators; `None` for a division by zero.
    fn reduced(
        &mut self,
        level: &mut Level,
        fraction: Fraction,
    ) -> Result<Option<Fraction>, TooLong> {
        let mut bases: Vec<Option<Fraction>> = Vec::new();
        for generator in level.generators.clone() {
            bases.push(match generator {
                Generator::Root(base, _) => Some(self.fraction_of(level, Part::Node(base))?),
                _ => None,
            });
        }
        let mut result = level.reduce(&fraction.numerator, &bases)?;
        for (polynomial, exponent) in &fraction.denominator {
            let below = level.reduce(polynomial, &bases)?;
            let negative = -i32::try_from(*exponent).map_err(|_| TooLong)?;
            let Some(inverse) = below.power(negative, level.generators.len())? else {
                return Ok(None);
            };
            result = result.multiply(&inverse)?;
            self.spend(1 + result.numerator.terms.len() as u64);
        }
        let again = level.reduce(&result.numerator, &bases)?;
        let rest = Fraction {
            numerator: Polynomial::constant(Rational::one(), level.generators.len()),
            denominator: result.denominator,
        };
        Ok(Some(again.multiply(&rest)?))
    }

    fn written(&mut self, level: &Level, fraction: &Fraction) -> ExprId {
        let mut product = Vec::new();
        if fraction.denominator.is_empty() {
            return self.written_polynomial(level, &fraction.numerator);
        }
        let least = fraction.numerator.least_exponents();
        let outside: Monomial = least.iter().map(|exponent| (*exponent).min(0)).collect();
        let shift: Monomial = outside.iter().map(|exponent| -exponent).collect();
        product.push(self.written_polynomial(level, &fraction.numerator.shifted(&shift)));
        product.push(self.written_monomial(level, &outside));
        for (polynomial, exponent) in &fraction.denominator {
            let base = self.written_polynomial(level, polynomial);
            let exponent = self.integer(-i64::from(*exponent));
            product.push(self.power(base, exponent));
        }
        self.multiply(&product)
    }

    fn written_polynomial(&mut self, level: &Level, polynomial: &Polynomial) -> ExprId {
        let mut sum = Vec::new();
        for (monomial, coefficient) in &polynomial.terms {
            sum.push((coefficient.clone(), self.written_monomial(level, monomial)));
        }
        self.combine(&sum)
    }

    fn written_monomial(&mut self, level: &Level, monomial: &Monomial) -> ExprId {
        let mut product = Vec::new();
        for (generator, exponent) in level.generators.iter().zip(monomial) {
            if *exponent == 0 {
                continue;
            }
            let exponent = i64::from(*exponent);
            product.push(match generator {
                Generator::Opaque(id) => {
                    let exponent = self.integer(exponent);
                    self.power(*id, exponent)
                }
                Generator::Exponential(base, parts) => {
                    let argument =
                        self.scale(&Rational::new(exponent.into(), (*parts).into()), *base);
                    self.exponential(argument)
                }
                Generator::Root(base, parts) => self.root(*base, exponent, *parts),
                Generator::Power(base, other, parts) => {
                    let exponent =
                        self.scale(&Rational::new(exponent.into(), (*parts).into()), *other);
                    self.power(*base, exponent)
                }
                Generator::Sine(base, parts) | Generator::Cosine(base, parts) => {
                    let function = match generator {
                        Generator::Sine(..) => super::node::Function::Sin,
                        _ => super::node::Function::Cos,
                    };
                    let angle = self.scale(&Rational::new(1.into(), (*parts).into()), *base);
                    let value = self.apply(function, angle);
                    let exponent = self.integer(exponent);
                    self.power(value, exponent)
                }
            });
        }
        self.multiply(&product)
    }
}

impl Level {
    fn find_generators(&mut self) {
        let mut found = BTreeSet::new();
        for part in &self.parts {
            match self.recipes.get(part) {
                Some(Recipe::Opaque(id)) => {
                    found.insert(Generator::Opaque(*id));
                }
                Some(Recipe::Exponential(combination)) => {
                    for (_, base) in combination {
                        let parts = self.denominators.of_exponential(*base);
                        found.insert(Generator::Exponential(*base, parts));
                    }
                }
                Some(Recipe::Root(base, _)) => {
                    found.insert(Generator::Root(*base, self.denominators.of_root(*base)));
                }
                Some(Recipe::Power(base, combination)) => {
                    for (_, other) in combination {
                        found.insert(self.power_generator(*base, *other));
                    }
                }
                Some(Recipe::Sine(combination, _) | Recipe::Cosine(combination, _)) => {
                    for (_, base) in combination {
                        let parts = self.denominators.of_angle(*base);
                        found.insert(Generator::Sine(*base, parts));
                        found.insert(Generator::Cosine(*base, parts));
                    }
                }
                Some(Recipe::Other(_)) | None => {}
            }
        }
        self.generators = found.into_iter().collect();
        let places = self.generators.iter().enumerate();
        self.places = places.map(|(at, generator)| (generator.clone(), at)).collect();
    }

    fn power_generator(&self, base: ExprId, other: ExprId) -> Generator {
        if other == Arena::ONE {
            Generator::Root(base, self.denominators.of_root(base))
        } else {
            Generator::Power(base, other, self.denominators.of_power(base, other))
        }
    }

    fn fraction(&self, part: Part) -> Result<&Fraction, TooLong> {
        self.fractions.get(&part).ok_or(TooLong)
    }

    fn one(&self) -> Fraction {
        Fraction::polynomial(Polynomial::constant(Rational::one(), self.generators.len()))
    }

    fn generator(&self, generator: &Generator, exponent: i64) -> Result<Polynomial, TooLong> {
        let at = *self.places.get(generator).ok_or(TooLong)?;
        let mut monomial = vec![0; self.generators.len()];
        monomial[at] = i32::try_from(exponent).map_err(|_| TooLong)?;
        Ok(Polynomial::monomial(monomial, Rational::one()))
    }

    fn fraction_of_recipe(&self, recipe: &Recipe) -> Result<Fraction, TooLong> {
        let polynomial = match recipe {
            Recipe::Other(other) => return self.fraction(Part::Node(*other)).cloned(),
            Recipe::Opaque(id) => self.generator(&Generator::Opaque(*id), 1)?,
            Recipe::Exponential(combination) => {
                let mut product = Polynomial::constant(Rational::one(), self.generators.len());
                for (number, base) in combination {
                    let parts = self.denominators.of_exponential(*base);
                    let generator = Generator::Exponential(*base, parts);
                    let power = self.generator(&generator, whole(number, parts)?)?;
                    product = product.multiply(&power)?;
                }
                product
            }
            Recipe::Root(base, exponent) => {
                let parts = self.denominators.of_root(*base);
                self.generator(&Generator::Root(*base, parts), whole(exponent, parts)?)?
            }
            Recipe::Power(base, combination) => {
                let mut product = Polynomial::constant(Rational::one(), self.generators.len());
                for (number, other) in combination {
                    let generator = self.power_generator(*base, *other);
                    let parts = match &generator {
                        Generator::Root(_, parts) | Generator::Power(_, _, parts) => *parts,
                        _ => 1,
                    };
                    let power = self.generator(&generator, whole(number, parts)?)?;
                    product = product.multiply(&power)?;
                }
                product
            }
            Recipe::Sine(combination, exact) => return self.circular(combination, exact, true),
            Recipe::Cosine(combination, exact) => return self.circular(combination, exact, false),
        };
        Ok(Fraction::polynomial(polynomial))
    }

    /// Sine or cosine of a sum of multiples of angles, by the addition theorems.
    fn circular(
        &self,
        combination: &Combination,
        exact: &Option<(ExprId, ExprId)>,
        wants_sine: bool,
    ) -> Result<Fraction, TooLong> {
        let (mut cosine, mut sine) = match exact {
            Some((sine, cosine)) => (
                self.fraction(Part::Node(*cosine))?.clone(),
                self.fraction(Part::Node(*sine))?.clone(),
            ),
            None => (self.one(), Fraction::polynomial(Polynomial::default())),
        };
        for (number, base) in combination {
            let parts = self.denominators.of_angle(*base);
            let multiple = whole(number, parts)?;
            let (c, s) = self.multiple_angle(*base, parts, multiple)?;
            let minus = -Rational::one();
            let next = cosine.multiply(&c)?.add(&sine.multiply(&s)?, &minus)?;
            sine = cosine.multiply(&s)?.add(&sine.multiply(&c)?, &Rational::one())?;
            cosine = next;
        }
        Ok(if wants_sine { sine } else { cosine })
    }

    /// Cosine and sine of a multiple of an angle: the powers of cos θ + i sin θ.
    fn multiple_angle(
        &self,
        base: ExprId,
        parts: i64,
        multiple: i64,
    ) -> Result<(Fraction, Fraction), TooLong> {
        if multiple.abs() > GREATEST_MULTIPLE {
            return Err(TooLong);
        }
        let c = self.generator(&Generator::Cosine(base, parts), 1)?;
        let s = self.generator(&Generator::Sine(base, parts), 1)?;
        let sine_at = *self.places.get(&Generator::Sine(base, parts)).ok_or(TooLong)?;
        let cosine_at = *self.places.get(&Generator::Cosine(base, parts)).ok_or(TooLong)?;
        let mut cosine = Polynomial::constant(Rational::one(), self.generators.len());
        let mut sine = Polynomial::default();
        for _ in 0..multiple.abs() {
            let mut next = cosine.multiply(&c)?;
            next.add_scaled(&sine.multiply(&s)?, &-Rational::one())?;
            let mut other = cosine.multiply(&s)?;
            other.add_scaled(&sine.multiply(&c)?, &Rational::one())?;
            cosine = without_squares(&next, sine_at, cosine_at)?;
            sine = without_squares(&other, sine_at, cosine_at)?;
        }
        if multiple.is_negative() {
            sine = sine.scaled(&-Rational::one());
        }
        Ok((Fraction::polynomial(cosine), Fraction::polynomial(sine)))
    }

    /// Applies `sin² = 1 − cos²` and `(u^(1/n))^n = u` until nothing changes.
    fn reduce(
        &self,
        polynomial: &Polynomial,
        bases: &[Option<Fraction>],
    ) -> Result<Fraction, TooLong> {
        if polynomial.is_zero() {
            return Ok(Fraction::polynomial(polynomial.clone()));
        }
        let (number, monomial, core) = polynomial.primitive();
        let outside = Polynomial::monomial(monomial, number);
        let mut fraction = Fraction::polynomial(core);
        for _ in 0..MOST_ROUNDS {
            let before = fraction.numerator.clone();
            for at in 0..self.generators.len() {
                fraction = self.reduce_by(fraction, at, bases)?;
            }
            if fraction.numerator == before {
                break;
            }
        }
        fraction.multiply(&Fraction::polynomial(outside))
    }

    fn reduce_by(
        &self,
        fraction: Fraction,
        at: usize,
        bases: &[Option<Fraction>],
    ) -> Result<Fraction, TooLong> {
        match &self.generators[at] {
            Generator::Sine(base, parts) => {
                let cosine = Generator::Cosine(*base, *parts);
                let cosine_at = *self.places.get(&cosine).ok_or(TooLong)?;
                let numerator = without_squares(&fraction.numerator, at, cosine_at)?;
                Ok(Fraction { numerator, denominator: fraction.denominator })
            }
            Generator::Root(_, parts) => {
                let Some(base) = bases.get(at).and_then(Option::as_ref) else {
                    return Ok(fraction);
                };
                let degree = i32::try_from(*parts).map_err(|_| TooLong)?;
                let mut by_power: BTreeMap<i32, Polynomial> = BTreeMap::new();
                for (monomial, coefficient) in &fraction.numerator.terms {
                    let mut rest = monomial.clone();
                    let power = rest[at].div_euclid(degree);
                    rest[at] = rest[at].rem_euclid(degree);
                    by_power.entry(power).or_default().add_scaled(
                        &Polynomial::monomial(rest, coefficient.clone()),
                        &Rational::one(),
                    )?;
                }
                if by_power.keys().all(Zero::is_zero) {
                    return Ok(fraction);
                }
                let size = self.generators.len();
                let mut sum = Fraction::polynomial(Polynomial::default());
                for (power, polynomial) in by_power {
                    let factor = base.power(power, size)?.ok_or(TooLong)?;
                    let part = factor.multiply(&Fraction::polynomial(polynomial))?;
                    sum = sum.add(&part, &Rational::one())?;
                }
                let below = Fraction {
                    numerator: Polynomial::constant(Rational::one(), size),
                    denominator: fraction.denominator,
                };
                sum.multiply(&below)
            }
            _ => Ok(fraction),
        }
    }
}

/// Replaces even powers of a sine by the cosine.
fn without_squares(
    polynomial: &Polynomial,
    sine: usize,
    cosine: usize,
) -> Result<Polynomial, TooLong> {
    if polynomial.terms.keys().all(|monomial| monomial[sine] < 2) {
        return Ok(polynomial.clone());
    }
    let size = polynomial.terms.keys().next().map_or(0, Vec::len);
    let mut square = vec![0; size];
    square[cosine] = 2;
    let mut complement = Polynomial::constant(Rational::one(), size);
    complement.add_scaled(&Polynomial::monomial(square, Rational::one()), &-Rational::one())?;
    let mut result = Polynomial::default();
    for (monomial, coefficient) in &polynomial.terms {
        let halves = u32::try_from(monomial[sine] / 2).unwrap_or(0);
        let mut rest = monomial.clone();
        rest[sine] -= 2 * i32::try_from(halves).map_err(|_| TooLong)?;
        let rest = Polynomial::monomial(rest, coefficient.clone());
        let product = complement.power(halves, size)?.multiply(&rest)?;
        result.add_scaled(&product, &Rational::one())?;
    }
    Ok(result)
}

/// A number as so many parts of one.
fn whole(number: &Rational, parts: i64) -> Result<i64, TooLong> {
    let scaled = number * Rational::from_integer(parts.into());
    if !scaled.is_integer() || scaled.abs() > Rational::from_integer(400.into()) {
        return Err(TooLong);
    }
    scaled.to_integer().to_i64().ok_or(TooLong)
}
