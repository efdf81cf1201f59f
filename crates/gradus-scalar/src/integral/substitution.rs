//! Substitution: `u = g(x)`, where the integrand is a function of u times its derivative, and
//! `x = h(u)`.
//!
//! Must not know other methods.

use num_integer::Integer;
use num_traits::ToPrimitive;
use rustc_hash::FxHashMap;

use super::integrator::{Found, Integrator};
use super::shape;
use super::step::Rule;
use crate::expression::{Arena, ExprId, Factor, Function, Node, Rational, Sign};

/// The most expressions that are tried for u.
const MOST_CANDIDATES: usize = 24;

/// Substitutions that leave fewer functions.
pub(super) fn simplifying(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    try_candidates(this, integrand, true)
}

/// Substitutions that leave no more functions.
pub(super) fn any(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    try_candidates(this, integrand, false)
}

fn try_candidates(
    this: &mut Integrator<'_>,
    integrand: ExprId,
    must_simplify: bool,
) -> Option<Found> {
    if !this.arena.depends(integrand) || integrand == Arena::VARIABLE {
        return None;
    }
    let before = shape::complexity(this.arena, integrand);
    // Partial fractions do better than a shift.
    let has_denominator = before.0 == 0 && shape::polynomial(this.arena, integrand).is_none();
    for inner in candidates(this.arena, integrand) {
        if has_denominator && shape::linear(this.arena, inner).is_some() {
            continue;
        }
        let Some(transformed) = transform(this.arena, integrand, inner) else { continue };
        let after = shape::complexity(this.arena, transformed);
        let is_simpler = after.0 < before.0 || (after.0 == before.0 && after.1 < before.1);
        if (must_simplify && !is_simpler) || after.0 > before.0 || transformed == integrand {
            continue;
        }
        if let Some(found) = substitute(this, inner, transformed) {
            return Some(found);
        }
    }
    None
}

/// Integrates in the new variable, and puts the old one back.
pub(super) fn substitute(
    this: &mut Integrator<'_>,
    inner: ExprId,
    transformed: ExprId,
) -> Option<Found> {
    let part = this.integrate(transformed)?;
    let value = this.value(part);
    let value = this.arena.substitute(value, inner);
    Some(Found { rule: Rule::Substitution { inner, transformed }, value, parts: vec![part] })
}

/// What u may be: the expressions in the integrand, the small ones first.
fn candidates(arena: &mut Arena, integrand: ExprId) -> Vec<ExprId> {
    let mut found = Vec::new();
    let mut extra = Vec::new();
    for at in arena.reachable(integrand) {
        if !arena.depends(at) || at == Arena::VARIABLE || at == integrand {
            continue;
        }
        found.push(at);
        match arena.node(at).clone() {
            Node::Apply(Function::Sin | Function::Cos, u) => {
                extra.push(arena.apply(Function::Tan, u));
                extra.push(arena.apply(Function::Sin, u));
                extra.push(arena.apply(Function::Cos, u));
            }
            Node::Apply(Function::Sinh | Function::Cosh | Function::Tanh, u) => {
                extra.push(arena.apply(Function::Sinh, u));
                extra.push(arena.apply(Function::Cosh, u));
                extra.push(arena.apply(Function::Tanh, u));
            }
            Node::Product(factors) => extra.extend(parts_of_product(arena, &factors)),
            Node::Sum(_) => {
                let (_, core) = shape::split_constants(arena, at);
                extra.push(core);
            }
            _ => {}
        }
    }
    if let Node::Apply(_, argument) = *arena.node(integrand) {
        found.push(argument);
    }
    found.extend(extra);
    found.retain(|at| arena.depends(*at) && *at != Arena::VARIABLE);
    found.sort_by_key(|at| (arena.size(*at), *at));
    found.dedup();
    found.truncate(MOST_CANDIDATES);
    found
}

/// Powers of the variable that divide the exponents, and single factors.
fn parts_of_product(arena: &mut Arena, factors: &[Factor]) -> Vec<ExprId> {
    let mut found = Vec::new();
    for factor in factors {
        if factor.base == Arena::VARIABLE
            && let Some(exponent) = arena.as_integer(factor.exponent)
        {
            for divisor in 2..=12 {
                if (exponent + 1) % divisor == 0 || exponent % divisor == 0 {
                    let divisor = arena.integer(divisor);
                    found.push(arena.power(Arena::VARIABLE, divisor));
                }
            }
        } else {
            found.push(arena.power(factor.base, factor.exponent));
        }
    }
    found
}

/// The integrand in `u = inner`, if it can be written in u alone, with the variable in place of u.
pub(super) fn transform(arena: &mut Arena, integrand: ExprId, inner: ExprId) -> Option<ExprId> {
    let slope = arena.derivative(inner);
    if slope == Arena::ZERO || slope == Arena::UNDEFINED {
        return None;
    }
    let quotient = arena.divide(integrand, slope);
    let change = Change::new(arena, inner);
    let written = change.written(arena, quotient).or_else(|| {
        let normal = arena.normal(quotient);
        change.written(arena, normal)
    })?;
    let written =
        arena.rebuild(written, &mut FxHashMap::from_iter([(change.new, Arena::VARIABLE)]));
    let written = super::parts::simplified(arena, written);
    (written != Arena::UNDEFINED).then_some(written)
}

/// A change of variable.
struct Change {
    inner: ExprId,
    /// Stands for u while the old variable is still there.
    new: ExprId,
    /// The old variable by the new one, where it is simple.
    back: Option<ExprId>,
}

impl Change {
    fn new(arena: &mut Arena, inner: ExprId) -> Self {
        let new = placeholder(arena, inner);
        let back = inverse_of(arena, inner, new);
        Self { inner, new, back }
    }

    /// The expression in the new variable alone.
    fn written(&self, arena: &mut Arena, id: ExprId) -> Option<ExprId> {
        if id == Arena::UNDEFINED {
            return None;
        }
        let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        for at in arena.reachable(id) {
            let image = if at == self.inner {
                self.new
            } else if at == Arena::VARIABLE {
                self.back.unwrap_or(at)
            } else if !arena.depends(at) {
                at
            } else {
                match self.related(arena, at, &images) {
                    Some(image) => image,
                    None => arena.rebuild_node(at, &images),
                }
            };
            images.insert(at, image);
        }
        let written = images.get(&id).copied()?;
        (!arena.depends(written) && written != Arena::UNDEFINED).then_some(written)
    }

    /// What a node is by the new variable, beyond its children.
    fn related(
        &self,
        arena: &mut Arena,
        at: ExprId,
        images: &FxHashMap<ExprId, ExprId>,
    ) -> Option<ExprId> {
        match arena.node(at).clone() {
            Node::Product(factors) => self.product(arena, &factors, images),
            Node::Sum(_) => self.linear_relation(arena, at),
            Node::Apply(Function::Exp, argument) => {
                let own = shape::argument_of(arena, self.inner, Function::Exp)?;
                let ratio = arena.divide(argument, own);
                let ratio = arena.normal(ratio);
                (!arena.depends(ratio)).then(|| arena.power(self.new, ratio))
            }
            _ => None,
        }
    }

    fn product(
        &self,
        arena: &mut Arena,
        factors: &[Factor],
        images: &FxHashMap<ExprId, ExprId>,
    ) -> Option<ExprId> {
        let mut changed = false;
        let mut product = Vec::new();
        let mut tangents: Vec<(Function, i64)> = Vec::new();
        for factor in factors {
            if let Some(power) = self.power(arena, factor) {
                changed = true;
                product.push(power);
                continue;
            }
            if let Some(entry) = self.for_tangent(arena, factor) {
                tangents.push(entry);
                continue;
            }
            let image = |id: ExprId| images.get(&id).copied().unwrap_or(id);
            product.push(arena.power(image(factor.base), image(factor.exponent)));
        }
        if !tangents.is_empty() {
            product.push(self.by_tangent(arena, &tangents)?);
            changed = true;
        }
        changed.then(|| arena.multiply(&product))
    }

    /// A power of u, or an even power of a function whose square u gives.
    fn power(&self, arena: &mut Arena, factor: &Factor) -> Option<ExprId> {
        if factor.base == self.inner {
            return (!arena.depends(factor.exponent))
                .then(|| arena.power(self.new, factor.exponent));
        }
        if let Node::Product(own) = arena.node(self.inner).clone()
            && let [own] = own.as_slice()
            && own.base == factor.base
        {
            let ratio = arena.divide(factor.exponent, own.exponent);
            let is_whole = arena.as_integer(ratio).is_some();
            return is_whole.then(|| arena.power(self.new, ratio));
        }
        let Node::Apply(own, argument) = *arena.node(self.inner) else { return None };
        let Node::Apply(other, other_argument) = *arena.node(factor.base) else { return None };
        let exponent = arena.as_integer(factor.exponent)?;
        if argument != other_argument || exponent % 2 != 0 {
            return None;
        }
        let (constant, sign) = match (own, other) {
            (Function::Sin, Function::Cos) | (Function::Cos, Function::Sin) => (1, -1),
            (Function::Sinh, Function::Cosh) => (1, 1),
            (Function::Cosh, Function::Sinh) => (-1, 1),
            _ => return None,
        };
        let square = arena.square(self.new);
        let constant = arena.integer(constant);
        let base = arena.combine(&[
            (Rational::from_integer(1.into()), constant),
            (Rational::from_integer(sign.into()), square),
        ]);
        let half = arena.integer(exponent / 2);
        Some(arena.power(base, half))
    }

    /// Sines and cosines of the argument of the tangent that u is.
    fn for_tangent(&self, arena: &Arena, factor: &Factor) -> Option<(Function, i64)> {
        let Node::Apply(own, argument) = *arena.node(self.inner) else { return None };
        let Node::Apply(other, other_argument) = *arena.node(factor.base) else { return None };
        let fits = match own {
            Function::Tan => matches!(other, Function::Sin | Function::Cos),
            Function::Tanh => matches!(other, Function::Sinh | Function::Cosh),
            _ => false,
        };
        let exponent = arena.as_integer(factor.exponent)?;
        (fits && argument == other_argument).then_some((other, exponent))
    }

    /// `sin^m cos^n = tan^m (1 + tan²)^(−(m+n)/2)`, and with `1 − tanh²`.
    fn by_tangent(&self, arena: &mut Arena, entries: &[(Function, i64)]) -> Option<ExprId> {
        let is_circular = shape::argument_of(arena, self.inner, Function::Tan).is_some();
        let sum: i64 = entries.iter().map(|(_, exponent)| exponent).sum();
        let sines: i64 = entries
            .iter()
            .filter(|(function, _)| matches!(function, Function::Sin | Function::Sinh))
            .map(|(_, exponent)| exponent)
            .sum();
        if sum % 2 != 0 {
            return None;
        }
        let square = arena.square(self.new);
        let sign = if is_circular { 1 } else { -1 };
        let base = arena.combine(&[
            (Rational::from_integer(1.into()), Arena::ONE),
            (Rational::from_integer(sign.into()), square),
        ]);
        let exponent = arena.integer(-sum / 2);
        let rest = arena.power(base, exponent);
        let sines = arena.integer(sines);
        let power = arena.power(self.new, sines);
        Some(arena.multiply(&[power, rest]))
    }

    /// A sum that is a number times u, plus a constant.
    fn linear_relation(&self, arena: &mut Arena, at: ExprId) -> Option<ExprId> {
        let own = arena.terms(self.inner);
        let lead = own.iter().find(|term| arena.depends(term.base))?.clone();
        let same = arena.terms(at).into_iter().find(|term| term.base == lead.base)?;
        let ratio = same.coefficient / lead.coefficient;
        let one = Rational::from_integer(1.into());
        let rest = arena.combine(&[(one.clone(), at), (-ratio.clone(), self.inner)]);
        (!arena.depends(rest)).then(|| arena.combine(&[(ratio, self.new), (one, rest)]))
    }
}

/// A symbol for the new variable, as positive as what it stands for.
fn placeholder(arena: &mut Arena, inner: ExprId) -> ExprId {
    let is_root = matches!(arena.node(inner), Node::Product(factors)
        if matches!(factors.as_slice(), [only] if arena.as_number(only.exponent)
            .is_some_and(|it| it.denom().to_i64().is_some_and(|it| it % 2 == 0))));
    if arena.sign(inner) == Sign::Positive || is_root {
        arena.parameter("u>0", Sign::Positive)
    } else {
        arena.parameter("u", Sign::Unknown)
    }
}

/// The old variable by the new one: for linear expressions, their roots and functions.
fn inverse_of(arena: &mut Arena, inner: ExprId, new: ExprId) -> Option<ExprId> {
    if let Some((slope, constant)) = shape::linear(arena, inner) {
        let difference = arena.subtract(new, constant);
        return Some(divided(arena, difference, slope));
    }
    let (argument, value) = match arena.node(inner).clone() {
        Node::Product(factors) => {
            let [only] = factors.as_slice() else { return None };
            let exponent = arena.as_number(only.exponent)?.clone();
            if exponent.is_integer() {
                return None;
            }
            let inverse = arena.number(exponent.recip());
            (only.base, arena.power(new, inverse))
        }
        Node::Apply(function, argument) => {
            let inverse = match function {
                Function::Log => Function::Exp,
                Function::Exp => Function::Log,
                Function::Asin => Function::Sin,
                Function::Acos => Function::Cos,
                Function::Atan => Function::Tan,
                Function::Asinh => Function::Sinh,
                Function::Acosh => Function::Cosh,
                Function::Atanh => Function::Tanh,
                _ => return None,
            };
            (argument, arena.apply(inverse, new))
        }
        _ => return None,
    };
    let (slope, constant) = shape::linear(arena, argument)?;
    let difference = arena.subtract(value, constant);
    Some(divided(arena, difference, slope))
}

fn divided(arena: &mut Arena, id: ExprId, by: ExprId) -> ExprId {
    let inverse = arena.power(by, Arena::MINUS_ONE);
    super::integrator::times(arena, inverse, id)
}

/// Substitutions for roots of linear expressions with several exponents: `u = (a*x + b)^(1/n)`.
pub(super) fn inverse(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let mut roots: Vec<(ExprId, i64)> = Vec::new();
    for at in this.arena.reachable(integrand) {
        let Node::Product(factors) = this.arena.node(at).clone() else { continue };
        for factor in factors {
            let Some(exponent) = this.arena.as_number(factor.exponent) else { continue };
            let Some(denominator) = exponent.denom().to_i64().filter(|it| (2..=12).contains(it))
            else {
                continue;
            };
            match roots.iter_mut().find(|(base, _)| *base == factor.base) {
                Some((_, known)) => *known = known.lcm(&denominator),
                None => roots.push((factor.base, denominator)),
            }
        }
    }
    for (base, order) in roots {
        if shape::linear(this.arena, base).is_none() {
            continue;
        }
        let inner = this.arena.root(base, 1, order);
        let Some(transformed) = transform(this.arena, integrand, inner) else { continue };
        if let Some(found) = substitute(this, inner, transformed) {
            return Some(found);
        }
    }
    None
}
