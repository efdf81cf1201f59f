//! The most rapidly varying subexpressions.
//!
//! Must not know series.

use rustc_hash::FxHashMap;

use crate::expression::{Arena, ExprId, Function, Node};

use super::germ::Germ;
use super::{Limit, NoLimit};

/// How two classes of growth compare.
enum Comparison {
    Slower,
    Same,
    Faster,
}

impl Germ {
    /// The most rapidly varying subexpressions: the variable and exponentials. All of them are in one
    /// class.
    pub(super) fn most_rapid(&mut self, id: ExprId) -> Result<Vec<ExprId>, NoLimit> {
        let mut sets: FxHashMap<ExprId, Vec<ExprId>> = FxHashMap::default();
        for at in self.arena.reachable(id) {
            if !self.arena.depends(at) {
                continue;
            }
            let set = self.most_rapid_of_node(at, &sets)?;
            sets.insert(at, set);
        }
        Ok(sets.remove(&id).unwrap_or_default())
    }

    /// The subexpressions that vary like the exponential of the variable, where nothing varies
    /// more rapidly.
    pub(super) fn like_exponential(&mut self, id: ExprId) -> Result<Vec<ExprId>, NoLimit> {
        let candidates: Vec<(ExprId, ExprId)> = self
            .arena
            .reachable(id)
            .into_iter()
            .filter_map(|at| match self.arena.node(at) {
                Node::Apply(Function::Exp, argument) if self.arena.depends(*argument) => {
                    Some((at, *argument))
                }
                _ => None,
            })
            .collect();
        let mut found = Vec::new();
        for (candidate, logarithm) in candidates {
            let ratio = self.arena.divide(logarithm, Arena::VARIABLE);
            match self.limit(ratio)? {
                Limit::Finite(value) if self.arena.is_zero(value).is_zero() => {}
                Limit::Finite(_) => found.push(candidate),
                _ => return Err(NoLimit::Undecided),
            }
        }
        Ok(found)
    }

    fn most_rapid_of_node(
        &mut self,
        id: ExprId,
        sets: &FxHashMap<ExprId, Vec<ExprId>>,
    ) -> Result<Vec<ExprId>, NoLimit> {
        let of = |child: ExprId| sets.get(&child).cloned().unwrap_or_default();
        match self.arena.node(id).clone() {
            Node::Variable => Ok(vec![id]),
            Node::Sum(terms) => {
                let mut set = Vec::new();
                for term in terms {
                    set = self.greater(set, of(term.base))?;
                }
                Ok(set)
            }
            Node::Product(factors) => {
                let mut set = Vec::new();
                for factor in factors {
                    set = self.greater(set, of(factor.base))?;
                    if self.arena.depends(factor.exponent) {
                        return Err(NoLimit::Undecided);
                    }
                }
                Ok(set)
            }
            Node::Apply(Function::Exp, argument) => {
                self.with_exponential(of(argument), id, argument)
            }
            Node::Apply(_, argument) => Ok(of(argument)),
            _ => Ok(Vec::new()),
        }
    }

    /// Takes in an exponential if its argument goes to infinity.
    fn with_exponential(
        &mut self,
        set: Vec<ExprId>,
        exponential: ExprId,
        argument: ExprId,
    ) -> Result<Vec<ExprId>, NoLimit> {
        match self.limit(argument)? {
            Limit::Finite(_) => Ok(set),
            _ => self.greater(set, vec![exponential]),
        }
    }

    /// The set in the greater class, or the union of two in one class.
    fn greater(&mut self, a: Vec<ExprId>, b: Vec<ExprId>) -> Result<Vec<ExprId>, NoLimit> {
        let (Some(first), Some(second)) = (a.first(), b.first()) else {
            return Ok(if a.is_empty() { b } else { a });
        };
        if a == b {
            return Ok(a);
        }
        match self.compare(*first, *second)? {
            Comparison::Slower => Ok(b),
            Comparison::Faster => Ok(a),
            Comparison::Same => {
                let mut union = a;
                for id in b {
                    if !union.contains(&id) {
                        union.push(id);
                    }
                }
                Ok(union)
            }
        }
    }

    fn compare(&mut self, a: ExprId, b: ExprId) -> Result<Comparison, NoLimit> {
        if a == b {
            return Ok(Comparison::Same);
        }
        let (above, below) = (self.logarithm(a), self.logarithm(b));
        let ratio = self.arena.divide(above, below);
        Ok(match self.limit(ratio)? {
            Limit::Finite(value) if value == Arena::ZERO => Comparison::Slower,
            Limit::Finite(value) => {
                if self.arena.is_zero(value).is_zero() {
                    Comparison::Slower
                } else {
                    Comparison::Same
                }
            }
            _ => Comparison::Faster,
        })
    }

    /// The logarithm of a most rapidly varying subexpression.
    fn logarithm(&mut self, id: ExprId) -> ExprId {
        match self.arena.node(id).clone() {
            Node::Apply(Function::Exp, argument) => argument,
            _ => self.arena.apply(Function::Log, id),
        }
    }

    /// Chooses what the series is written in, the simplest of the set or its reciprocal: the logarithm
    /// of what goes to zero.
    pub(super) fn choose_scale(&mut self, rapid: &[ExprId]) -> Result<ExprId, NoLimit> {
        let simplest = rapid.iter().min_by_key(|id| (self.arena.size(**id), **id)).copied();
        let Some(simplest) = simplest else { return Err(NoLimit::Undecided) };
        let logarithm = self.logarithm(simplest);
        match self.limit(logarithm)? {
            Limit::Infinity => Ok(self.arena.negate(logarithm)),
            Limit::MinusInfinity => Ok(logarithm),
            Limit::Finite(_) => Err(NoLimit::Undecided),
        }
    }
}
