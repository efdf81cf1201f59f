//! Limits at +∞ by the most rapidly varying subexpressions.
//!
//! Must not know where the variable went before it was sent to +∞. Recursion is on what varies less
//! rapidly, and is bounded in depth.

use rustc_hash::FxHashMap;

use crate::expression::{Arena, ExprId, Node, Sign, Zero};

use super::series::Series;
use super::{Assumption, Limit, Method, NoLimit};

/// How deeply limits may ask for other limits.
const GREATEST_DEPTH: usize = 40;
/// The numbers of terms that series are tried with.
const TERMS: [usize; 5] = [2, 4, 8, 14, 24];

/// One limit at +∞ while it is found.
pub(super) struct Germ {
    pub(super) arena: Arena,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) method: Option<Method>,
    /// The free angles that stand for what oscillates.
    pub(super) angles: Vec<ExprId>,
    limits: FxHashMap<ExprId, Result<Limit, NoLimit>>,
    depth: usize,
}

/// Whether more terms of a series would help, or nothing.
#[derive(Debug)]
pub(super) enum Stop {
    MoreTerms,
    No(NoLimit),
}

impl From<NoLimit> for Stop {
    fn from(failure: NoLimit) -> Self {
        Self::No(failure)
    }
}

/// The leading term of a series in something that goes to zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leading {
    pub(super) coefficient: ExprId,
    pub(super) exponent: ExprId,
    /// What goes to zero.
    pub(super) scale: ExprId,
    /// How often the variable was replaced by its exponential.
    pub(super) moves: usize,
}

impl Germ {
    pub(super) fn new(arena: Arena) -> Self {
        Self {
            arena,
            assumptions: Vec::new(),
            method: None,
            angles: Vec::new(),
            limits: FxHashMap::default(),
            depth: 0,
        }
    }

    /// Forgets what was found: the expressions stand for something else now.
    pub(super) fn forget(&mut self) {
        self.limits.clear();
        self.assumptions.clear();
    }

    /// The limit at +∞ of an expression in which nothing oscillates.
    pub(super) fn limit(&mut self, id: ExprId) -> Result<Limit, NoLimit> {
        if id == Arena::UNDEFINED {
            return Err(self.undefined());
        }
        if !self.arena.depends(id) {
            return Ok(Limit::Finite(id));
        }
        if id == Arena::VARIABLE {
            return Ok(Limit::Infinity);
        }
        if let Some(known) = self.limits.get(&id) {
            return known.clone();
        }
        if self.depth >= GREATEST_DEPTH || self.arena.is_exhausted() {
            return Err(NoLimit::Exhausted);
        }
        self.depth += 1;
        let result = self.limit_of_leading(id);
        self.depth -= 1;
        self.limits.insert(id, result.clone());
        result
    }

    fn limit_of_leading(&mut self, id: ExprId) -> Result<Limit, NoLimit> {
        let leading = self.leading(id)?;
        let result = match self.sign_of_exponent(leading.exponent)? {
            Sign::Positive => Limit::Finite(Arena::ZERO),
            Sign::Negative => match self.sign(leading.coefficient)? {
                Sign::Positive => Limit::Infinity,
                Sign::Negative => Limit::MinusInfinity,
                _ => return Err(NoLimit::NeedsSign(leading.coefficient)),
            },
            _ => self.limit(leading.coefficient)?,
        };
        if self.depth == 1 {
            self.method = self.describe(leading);
        }
        Ok(result)
    }

    /// The leading term as one who explains it writes it.
    fn describe(&mut self, leading: Leading) -> Option<Method> {
        let Leading { coefficient, exponent, scale, moves } = leading;
        if moves == 0 {
            return Some(Method::MostRapidlyVarying { scale, coefficient, exponent });
        }
        let logarithm = self.arena.apply(crate::expression::Function::Log, Arena::VARIABLE);
        let mut scale = scale;
        let mut coefficient = coefficient;
        for _ in 0..moves {
            scale = self.arena.substitute(scale, logarithm);
            coefficient = self.arena.substitute(coefficient, logarithm);
        }
        let reciprocal = self.arena.power(Arena::VARIABLE, Arena::MINUS_ONE);
        if scale == reciprocal && !self.arena.depends(coefficient) {
            return Some(Method::Series { coefficient, exponent });
        }
        Some(Method::MostRapidlyVarying { scale, coefficient, exponent })
    }

    /// The leading term in the most rapidly varying subexpression.
    pub(super) fn leading(&mut self, id: ExprId) -> Result<Leading, NoLimit> {
        let mut id = id;
        let mut moves = 0;
        let mut rapid = self.most_rapid(id)?;
        if rapid.contains(&Arena::VARIABLE) {
            moves = 1;
            let grown = self.arena.exponential(Arena::VARIABLE);
            id = self.arena.substitute(id, grown);
            rapid = self.like_exponential(id)?;
        }
        if rapid.is_empty() {
            let (coefficient, exponent) = (id, Arena::ZERO);
            return Ok(Leading { coefficient, exponent, scale: Arena::ONE, moves });
        }
        let scale = self.choose_scale(&rapid)?;
        for terms in TERMS {
            match self.series(id, scale, terms) {
                Ok(series) => match self.first_term(series) {
                    Ok(Some((exponent, coefficient))) => {
                        let written = self.arena.exponential(scale);
                        return Ok(Leading { coefficient, exponent, scale: written, moves });
                    }
                    Ok(None) => {
                        let (coefficient, exponent) = (Arena::ZERO, Arena::ZERO);
                        return Ok(Leading { coefficient, exponent, scale: Arena::ONE, moves });
                    }
                    Err(Stop::MoreTerms) => {}
                    Err(Stop::No(failure)) => return Err(failure),
                },
                Err(Stop::MoreTerms) => {}
                Err(Stop::No(failure)) => return Err(failure),
            }
            if self.arena.is_exhausted() {
                return Err(NoLimit::Exhausted);
            }
        }
        if self.arena.is_zero(id) == Zero::Yes {
            let (coefficient, exponent) = (Arena::ZERO, Arena::ZERO);
            return Ok(Leading { coefficient, exponent, scale: Arena::ONE, moves });
        }
        Err(NoLimit::Exhausted)
    }

    /// The first term of a series; nothing for zero.
    pub(super) fn first_term(&mut self, series: Series) -> Result<Option<(ExprId, ExprId)>, Stop> {
        match (series.terms.first(), series.order) {
            (Some(term), _) => Ok(Some(*term)),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Stop::MoreTerms),
        }
    }

    fn undefined(&self) -> NoLimit {
        if self.arena.is_exhausted() { NoLimit::Exhausted } else { NoLimit::Undefined }
    }

    /// The sign of a constant exponent.
    pub(super) fn sign_of_exponent(&mut self, id: ExprId) -> Result<Sign, NoLimit> {
        let sign = self.arena.sign(id);
        if sign.is_nonzero() || sign == Sign::Zero {
            return Ok(sign);
        }
        match self.arena.constant_sign(id) {
            Some(sign) => Ok(sign),
            None => Err(NoLimit::NeedsSign(id)),
        }
    }

    /// The sign that an expression has for all large values of the variable.
    pub(super) fn sign(&mut self, id: ExprId) -> Result<Sign, NoLimit> {
        if id == Arena::UNDEFINED {
            return Err(self.undefined());
        }
        let sign = self.arena.sign(id);
        if sign.is_nonzero() || sign == Sign::Zero {
            return Ok(sign);
        }
        if !self.arena.depends(id) {
            return self.sign_of_constant(id);
        }
        if self.depth >= GREATEST_DEPTH {
            return Err(NoLimit::Exhausted);
        }
        self.depth += 1;
        let result = self.leading(id).and_then(|leading| {
            if leading.coefficient == id {
                return Err(NoLimit::Undecided);
            }
            self.sign(leading.coefficient)
        });
        self.depth -= 1;
        result
    }

    fn sign_of_constant(&mut self, id: ExprId) -> Result<Sign, NoLimit> {
        if self.has_angle(id) {
            return self.sign_over_angles(id);
        }
        if let Some(sign) = self.arena.constant_sign(id) {
            return Ok(sign);
        }
        match self.arena.sign(id) {
            Sign::NonNegative => {
                self.assume(Assumption::NonZero(id));
                Ok(Sign::Positive)
            }
            Sign::NonPositive => {
                self.assume(Assumption::NonZero(id));
                Ok(Sign::Negative)
            }
            _ => Err(NoLimit::NeedsSign(id)),
        }
    }

    /// Whether a coefficient is zero.
    pub(super) fn vanishes(&mut self, id: ExprId) -> Result<bool, Stop> {
        if id == Arena::UNDEFINED {
            return Err(Stop::No(self.undefined()));
        }
        if matches!(self.arena.node(id), Node::Number(_)) {
            return Ok(id == Arena::ZERO);
        }
        let verdict = self.arena.is_zero(id);
        if self.arena.is_exhausted() {
            return Err(Stop::No(NoLimit::Exhausted));
        }
        match verdict {
            Zero::AssumedYes => self.assume(Assumption::ZeroToManyDigits(id)),
            Zero::AssumedNo => self.assume(Assumption::NonZeroUnseen(id)),
            Zero::Yes | Zero::No => {}
        }
        Ok(verdict.is_zero())
    }

    /// Makes sure that a coefficient may be divided by.
    pub(super) fn divisible(&mut self, id: ExprId) -> Result<(), Stop> {
        if self.arena.sign(id).is_nonzero() {
            return Ok(());
        }
        if self.has_angle(id) {
            self.sign(id)?;
        } else if !self.arena.depends(id) && self.arena.constant_sign(id).is_none() {
            self.assume(Assumption::NonZero(id));
        }
        Ok(())
    }

    /// Whether a coefficient under a root or a logarithm may be positive; if symbols leave that open,
    /// it is assumed, since there are no values otherwise.
    pub(super) fn require_positive(&mut self, id: ExprId) -> Result<(), Stop> {
        match self.sign(id) {
            Ok(Sign::Negative) => Err(Stop::No(NoLimit::Undefined)),
            Ok(_) => Ok(()),
            Err(NoLimit::NeedsSign(of)) if !self.arena.depends(of) => {
                self.assume(Assumption::Positive(id));
                Ok(())
            }
            Err(failure) => Err(Stop::No(failure)),
        }
    }

    pub(super) fn assume(&mut self, assumption: Assumption) {
        if !self.assumptions.contains(&assumption) {
            self.assumptions.push(assumption);
        }
    }
}
