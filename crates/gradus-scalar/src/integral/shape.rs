//! What an integrand looks like: linear, polynomial, rational.
//!
//! Must not know how integrals are found.

use rustc_hash::FxHashMap;

use super::constants::Constants;
use crate::expression::{Arena, ExprId, Function, Node, Rational};
use crate::polynomial::{Polynomial, Rationals};

/// Powers beyond this are not multiplied out.
const MOST_DEGREE: usize = 40;

/// A polynomial in the variable whose coefficients are constants of the arena.
pub(super) type Coefficients = Polynomial<ExprId>;

/// A quotient of polynomials, the denominator by factors as they are written.
#[derive(Clone, Debug)]
pub(super) struct Quotient {
    pub(super) numerator: Coefficients,
    pub(super) denominator: Vec<(Coefficients, usize)>,
}

/// The slope and the constant of `slope*x + constant`, where the slope is not zero.
pub(super) fn linear(arena: &mut Arena, id: ExprId) -> Option<(ExprId, ExprId)> {
    if !arena.depends(id) {
        return None;
    }
    let polynomial = polynomial(arena, id)?;
    match polynomial.coefficients() {
        [constant, slope] => Some((*slope, *constant)),
        _ => None,
    }
}

/// The polynomial in the variable that an expression is.
pub(super) fn polynomial(arena: &mut Arena, id: ExprId) -> Option<Coefficients> {
    let quotient = quotient(arena, id)?;
    quotient.denominator.is_empty().then_some(quotient.numerator)
}

/// The quotient of polynomials in the variable that an expression is.
pub(super) fn quotient(arena: &mut Arena, id: ExprId) -> Option<Quotient> {
    let mut quotients: FxHashMap<ExprId, Quotient> = FxHashMap::default();
    for at in arena.reachable(id) {
        if arena.depends(at) {
            let quotient = quotient_of_node(arena, at, &quotients)?;
            quotients.insert(at, quotient);
        }
    }
    match quotients.remove(&id) {
        Some(quotient) => Some(quotient),
        None => Some(constant(arena, id)),
    }
}

fn constant(arena: &mut Arena, id: ExprId) -> Quotient {
    let numerator = Polynomial::constant(id, &mut Constants { arena });
    Quotient { numerator, denominator: Vec::new() }
}

fn quotient_of_node(
    arena: &mut Arena,
    id: ExprId,
    known: &FxHashMap<ExprId, Quotient>,
) -> Option<Quotient> {
    match arena.node(id).clone() {
        Node::Variable => {
            let numerator = Polynomial::of_integers(&[0, 1], &mut Constants { arena });
            Some(Quotient { numerator, denominator: Vec::new() })
        }
        Node::Sum(terms) => {
            let mut sum = constant(arena, Arena::ZERO);
            for term in terms {
                let part = match known.get(&term.base) {
                    Some(quotient) => quotient.clone(),
                    None => constant(arena, term.base),
                };
                let coefficient = arena.number(term.coefficient);
                let field = &mut Constants { arena };
                let numerator = part.numerator.scale(&coefficient, field);
                sum = add(arena, &sum, &Quotient { numerator, ..part })?;
            }
            Some(sum)
        }
        Node::Product(factors) => {
            let mut product = constant(arena, Arena::ONE);
            for factor in factors {
                let part = match (known.get(&factor.base), arena.depends(factor.exponent)) {
                    (_, true) => return None,
                    (None, _) => {
                        let power = arena.power(factor.base, factor.exponent);
                        constant(arena, power)
                    }
                    (Some(base), _) => {
                        let exponent = arena.as_integer(factor.exponent)?;
                        power(arena, base, exponent)?
                    }
                };
                product = multiply(arena, &product, &part)?;
            }
            Some(product)
        }
        _ => None,
    }
}

fn checked(polynomial: Coefficients) -> Option<Coefficients> {
    (polynomial.degree().unwrap_or(0) <= MOST_DEGREE).then_some(polynomial)
}

fn power(arena: &mut Arena, base: &Quotient, exponent: i64) -> Option<Quotient> {
    let size = usize::try_from(exponent.unsigned_abs()).ok()?;
    let widest = base.numerator.degree().unwrap_or(0);
    if size > MOST_DEGREE || widest * size > MOST_DEGREE {
        return None;
    }
    let field = &mut Constants { arena };
    if exponent >= 0 {
        let numerator = base.numerator.power(size, field);
        let denominator =
            base.denominator.iter().map(|(factor, power)| (factor.clone(), power * size)).collect();
        return Some(Quotient { numerator, denominator });
    }
    if base.numerator.is_zero() {
        return None;
    }
    let mut numerator = Polynomial::of_integers(&[1], field);
    for (factor, power) in &base.denominator {
        numerator = checked(numerator.multiply(&factor.power(power * size, field), field))?;
    }
    let leading = *base.numerator.leading()?;
    let monic = base.numerator.monic(field);
    for _ in 0..size {
        let one = Arena::ONE;
        let inverse = crate::polynomial::Field::divide(field, &one, &leading);
        numerator = numerator.scale(&inverse, field);
    }
    let denominator = if monic.is_constant() { Vec::new() } else { vec![(monic, size)] };
    Some(Quotient { numerator, denominator })
}

fn multiply(arena: &mut Arena, a: &Quotient, b: &Quotient) -> Option<Quotient> {
    let field = &mut Constants { arena };
    let numerator = checked(a.numerator.multiply(&b.numerator, field))?;
    let mut denominator = a.denominator.clone();
    for (factor, power) in &b.denominator {
        match denominator.iter_mut().find(|(known, _)| known == factor) {
            Some((_, known)) => *known += power,
            None => denominator.push((factor.clone(), *power)),
        }
    }
    Some(Quotient { numerator, denominator })
}

fn add(arena: &mut Arena, a: &Quotient, b: &Quotient) -> Option<Quotient> {
    let field = &mut Constants { arena };
    let mut denominator = a.denominator.clone();
    for (factor, power) in &b.denominator {
        match denominator.iter_mut().find(|(known, _)| known == factor) {
            Some((_, known)) => *known = (*known).max(*power),
            None => denominator.push((factor.clone(), *power)),
        }
    }
    let mut raised = |quotient: &Quotient| -> Option<Coefficients> {
        let mut numerator = quotient.numerator.clone();
        for (factor, power) in &denominator {
            let own = quotient.denominator.iter().find(|(known, _)| known == factor);
            let missing = power - own.map_or(0, |(_, own)| *own);
            numerator = checked(numerator.multiply(&factor.power(missing, field), field))?;
        }
        Some(numerator)
    };
    let (a, b) = (raised(a)?, raised(b)?);
    Some(Quotient { numerator: a.add(&b, field), denominator })
}

/// The polynomial with numbers for coefficients, if they are.
pub(super) fn with_numbers(
    arena: &Arena,
    polynomial: &Coefficients,
) -> Option<Polynomial<Rational>> {
    let numbers: Option<Vec<Rational>> =
        polynomial.coefficients().iter().map(|it| arena.as_number(*it).cloned()).collect();
    Some(Polynomial::new(numbers?, &mut Rationals))
}

/// The polynomial with constants of the arena for coefficients.
pub(super) fn with_constants(arena: &mut Arena, polynomial: &Polynomial<Rational>) -> Coefficients {
    let constants = polynomial.coefficients().iter().map(|it| arena.number(it.clone())).collect();
    Polynomial::new(constants, &mut Constants { arena })
}

/// The expression of a polynomial of another expression.
pub(super) fn written(arena: &mut Arena, polynomial: &Coefficients, of: ExprId) -> ExprId {
    let mut terms = Vec::new();
    for (degree, coefficient) in polynomial.coefficients().iter().enumerate() {
        let exponent = arena.integer(i64::try_from(degree).unwrap_or(0));
        let power = arena.power(of, exponent);
        terms.push(arena.multiply(&[*coefficient, power]));
    }
    arena.add(&terms)
}

/// How many functions and roots of the variable there are, and the size of all: what a substitution
/// should make smaller.
pub(super) fn complexity(arena: &Arena, id: ExprId) -> (usize, u32) {
    let kernels = arena.reachable(id).into_iter().filter(|at| is_kernel(arena, *at)).count();
    (kernels, arena.size(id))
}

/// Whether the node is a function of the variable that is not rational in its children.
pub(super) fn is_kernel(arena: &Arena, id: ExprId) -> bool {
    if !arena.depends(id) {
        return false;
    }
    match arena.node(id) {
        Node::Apply(..) => true,
        Node::Product(factors) => factors.iter().any(|factor| {
            (arena.depends(factor.base) || arena.depends(factor.exponent))
                && arena.as_integer(factor.exponent).is_none()
        }),
        _ => false,
    }
}

/// The argument of a call of the function.
pub(super) fn argument_of(arena: &Arena, id: ExprId, function: Function) -> Option<ExprId> {
    match arena.node(id) {
        Node::Apply(found, argument) if *found == function => Some(*argument),
        _ => None,
    }
}

/// The product split into the factors without the variable, and the others.
pub(super) fn split_constants(arena: &mut Arena, id: ExprId) -> (ExprId, ExprId) {
    let (coefficient, core) = match arena.node(id) {
        Node::Sum(terms) => match terms.as_slice() {
            [only] => (only.coefficient.clone(), only.base),
            _ => arena.content(id),
        },
        _ => (Rational::from_integer(1.into()), id),
    };
    let mut constants = vec![arena.number(coefficient)];
    let mut others = Vec::new();
    for factor in arena.factors(core) {
        let power = arena.power(factor.base, factor.exponent);
        if arena.depends(power) {
            others.push(power);
        } else {
            constants.push(power);
        }
    }
    (arena.multiply(&constants), arena.multiply(&others))
}
