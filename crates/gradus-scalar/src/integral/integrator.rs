//! The search for an antiderivative: the methods in the order in which they are tried.
//!
//! Must not know what each method does.

use num_rational::BigRational;
use num_traits::One;
use rustc_hash::FxHashMap;

use super::shape;
use super::step::{Rule, Step, StepId};
use super::{
    absolute, exponential, hyperbolic, parts, radical, rational, rewriting, substitution, table,
    trigonometric,
};
use crate::expression::{Arena, ExprId};

/// How deep integrals may leave other integrals.
const MOST_DEPTH: usize = 12;
/// The most integrals that are looked at.
const MOST_VISITS: usize = 400;
/// The most work, in steps of [`Arena::spend`].
const MOST_WORK: u64 = 120_000;

/// What a method found.
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) value: ExprId,
    pub(super) parts: Vec<StepId>,
}

impl Found {
    pub(super) const fn new(rule: Rule, value: ExprId) -> Self {
        Self { rule, value, parts: Vec::new() }
    }
}

type Method = fn(&mut Integrator<'_>, ExprId) -> Option<Found>;

/// The methods; the first that leads to an end is used.
const METHODS: [Method; 21] = [
    constant,
    table::of_linear,
    constant_factor,
    sum,
    absolute::piecewise,
    exponential::products,
    trigonometric::reduction,
    exponential::linearised_even,
    substitution::simplifying,
    rational::integrate,
    trigonometric::linearised,
    hyperbolic::linearised,
    exponential::gaussian,
    radical::integrate,
    parts::by_parts,
    substitution::any,
    trigonometric::rational_in_sine_and_cosine,
    substitution::inverse,
    hyperbolic::as_exponentials,
    rewriting::expanded,
    rewriting::normal,
];

/// One search.
pub(super) struct Integrator<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) steps: Vec<Step>,
    /// What was found, or how deep the search was that found nothing.
    known: FxHashMap<ExprId, Result<StepId, usize>>,
    open: Vec<ExprId>,
    visits: usize,
    work_at_start: u64,
    /// Expressions that must not be zero.
    pub(super) nonzero: Vec<ExprId>,
    /// An expression whose sign would have decided on the form of an answer.
    pub(super) open_sign: Option<ExprId>,
}

impl<'a> Integrator<'a> {
    pub(super) fn new(arena: &'a mut Arena) -> Self {
        Self {
            work_at_start: arena.spent(),
            arena,
            steps: Vec::new(),
            known: FxHashMap::default(),
            open: Vec::new(),
            visits: 0,
            nonzero: Vec::new(),
            open_sign: None,
        }
    }

    /// An antiderivative of the expression.
    pub(super) fn integrate(&mut self, integrand: ExprId) -> Option<StepId> {
        let room = MOST_DEPTH.saturating_sub(self.open.len());
        match self.known.get(&integrand) {
            Some(Ok(step)) => return Some(*step),
            Some(Err(tried)) if *tried >= room => return None,
            _ => {}
        }
        if room == 0 || self.open.contains(&integrand) || integrand == Arena::UNDEFINED {
            return None;
        }
        self.visits += 1;
        if self.visits > MOST_VISITS {
            return None;
        }
        self.open.push(integrand);
        let found = self.try_methods(integrand);
        self.open.pop();
        match found {
            Some(found) => {
                let step = self.record(integrand, found);
                self.known.insert(integrand, Ok(step));
                Some(step)
            }
            None => {
                self.known.insert(integrand, Err(room));
                None
            }
        }
    }

    fn try_methods(&mut self, integrand: ExprId) -> Option<Found> {
        for method in METHODS {
            if self.is_spent() {
                return None;
            }
            let conditions = self.nonzero.len();
            match method(self, integrand) {
                Some(found) if found.value != Arena::UNDEFINED => return Some(found),
                _ => self.nonzero.truncate(conditions),
            }
        }
        None
    }

    pub(super) fn record(&mut self, integrand: ExprId, found: Found) -> StepId {
        let Found { rule, value, parts } = found;
        self.steps.push(Step { integrand, rule, value, parts, level: 0 });
        StepId(self.steps.len() - 1)
    }

    /// Whether no more work may be done.
    pub(super) fn is_spent(&self) -> bool {
        self.arena.is_exhausted() || self.arena.spent() - self.work_at_start > MOST_WORK
    }

    /// The antiderivative that a step found.
    pub(super) fn value(&self, step: StepId) -> ExprId {
        self.steps.get(step.0).map_or(Arena::UNDEFINED, |step| step.value)
    }

    /// How many integrals of this search are waiting for the present one.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Remembers that an expression must not be zero.
    pub(super) fn require_nonzero(&mut self, id: ExprId) {
        if !self.arena.sign(id).is_nonzero() && !self.nonzero.contains(&id) {
            self.nonzero.push(id);
        }
    }
}

fn constant(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    if this.arena.depends(integrand) {
        return None;
    }
    let value = this.arena.multiply(&[integrand, Arena::VARIABLE]);
    Some(Found::new(Rule::Constant, value))
}

fn constant_factor(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let (constant, others) = shape::split_constants(this.arena, integrand);
    if constant == Arena::ONE || others == integrand {
        return None;
    }
    let part = this.integrate(others)?;
    let inner = this.value(part);
    let value = times(this.arena, constant, inner);
    Some(Found { rule: Rule::Factor(constant), value, parts: vec![part] })
}

/// A constant times an expression; a sum is multiplied term by term.
pub(super) fn times(arena: &mut Arena, constant: ExprId, value: ExprId) -> ExprId {
    let terms: Vec<(BigRational, ExprId)> = arena
        .terms(value)
        .into_iter()
        .map(|term| {
            let product = arena.multiply(&[constant, term.base]);
            (term.coefficient, product)
        })
        .collect();
    arena.combine(&terms)
}

fn sum(this: &mut Integrator<'_>, integrand: ExprId) -> Option<Found> {
    let terms = this.arena.terms(integrand);
    if terms.len() < 2 {
        return None;
    }
    let mut parts = Vec::new();
    let mut values = Vec::new();
    for term in terms {
        let term = this.arena.scale(&term.coefficient, term.base);
        let part = this.integrate(term)?;
        values.push((BigRational::one(), this.value(part)));
        parts.push(part);
    }
    let value = this.arena.combine(&values);
    Some(Found { rule: Rule::Sum, value, parts })
}
