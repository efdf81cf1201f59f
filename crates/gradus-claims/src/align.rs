//! The claim against a formula that is known to be right: which part of the one in the place of which
//! part of the other repairs it.
//!
//! Must not know whether it does.

use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, Tree};

use crate::edits::{Edit, is_transposed};
use crate::mistake::Mistake;
use crate::surface::{Surface, inlined};
use crate::trial::Trials;

/// Of the right formula at most this many parts are tried.
const MOST_PARTS: usize = 60;

/// The right formula with its parts, each once.
pub(crate) struct Right {
    surface: Surface,
    parts: Vec<ExprId>,
    /// Of which parts the transpose is another one.
    turnable: Vec<bool>,
}

impl Right {
    /// The right formula of a question, if there is one.
    pub(crate) fn of(trials: &Trials<'_>) -> Option<Self> {
        let names = trials.known();
        let text = inlined(trials.question.expected?, &names)?;
        let surface = Surface::read(&text, &names).ok()?;
        let mut parts: Vec<ExprId> = Vec::new();
        for id in &surface.ids {
            let same = |other: &ExprId| surface.tree.same_expression(*id, &surface.tree, *other);
            if !parts.iter().any(same) && !has_differential(&surface, *id) {
                parts.push(*id);
            }
        }
        parts.truncate(MOST_PARTS);
        let is_turnable = |id: &ExprId| {
            let is_transposed =
                matches!(surface.expr(*id), Expr::Postfix(PostfixOperator::Transpose, _));
            let shape = trials.shape(surface.of(*id));
            !is_transposed && shape.is_none_or(|shape| !shape.is_scalar())
        };
        let turnable = parts.iter().map(is_turnable).collect();
        Some(Self { surface, parts, turnable })
    }

    /// The parts as texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|id| self.surface.of(*id))
    }

    /// Every part of the claim, the small ones first, with every part of the right formula in its place;
    /// not the whole for the whole.
    pub(crate) fn edits(&self, claim: &Surface) -> Vec<Edit> {
        let mut places: Vec<ExprId> =
            claim.ids.iter().copied().filter(|id| claim.parent(*id).is_some()).collect();
        places.sort_by_key(|id| claim.size(*id));
        let mut edits = Vec::new();
        for at in places {
            let is_turnable =
                !is_transposed(claim, at) && !matches!(claim.expr(at), Expr::Number(_));
            for (part, part_is_turnable) in self.parts.iter().zip(&self.turnable) {
                if claim.tree.same_expression(at, &self.surface.tree, *part) {
                    continue;
                }
                let instead = self.surface.of(*part);
                let mistake = compared(claim, at, &self.surface, *part);
                edits.push(Edit::new(mistake, at, instead));
                if is_turnable && *part_is_turnable {
                    edits.push(Edit::new(Mistake::Part, at, format!("({instead})'")));
                }
            }
        }
        edits
    }

    /// The terms of sums in the right formula, also as parts of all of it, and the whole.
    pub(crate) fn terms(&self) -> Vec<String> {
        let surface = &self.surface;
        let mut terms: Vec<String> = Vec::new();
        let mut offer = |text: String| {
            if !terms.contains(&text) {
                terms.push(text);
            }
        };
        offer(surface.text.clone());
        for id in &self.parts {
            let (minus, left, right) = match *surface.expr(*id) {
                Expr::Binary(BinaryOperator::Add, left, right) => ("", left, right),
                Expr::Binary(BinaryOperator::Subtract, left, right) => ("-", left, right),
                _ => continue,
            };
            let (left, right) = (surface.of(left), format!("{minus}({})", surface.of(right)));
            offer(surface.replaced(*id, left));
            offer(surface.replaced(*id, &right));
            offer(left.to_owned());
            offer(right);
        }
        terms
    }
}

/// Whether a differential that is not carried out stands in a part: it explains nothing.
fn has_differential(surface: &Surface, id: ExprId) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        if let Expr::Call { function, .. } = surface.expr(id)
            && matches!(surface.tree.text(*function), "d" | "differential")
        {
            return true;
        }
        surface.tree.for_each_child(id, |child| pending.push(child));
    }
    false
}

/// What the difference between two parts is called.
fn compared(claim: &Surface, at: ExprId, right: &Surface, part: ExprId) -> Mistake {
    let same = |one: ExprId, other: ExprId| claim.tree.same_expression(one, &right.tree, other);
    if let Expr::Binary(operator, left, second) = *right.expr(part)
        && (same(at, left) || same(at, second))
    {
        return match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => Mistake::TermMissing,
            _ => Mistake::FactorMissing,
        };
    }
    if let Expr::Binary(operator, left, second) = *claim.expr(at)
        && (same(left, part) || same(second, part))
    {
        return match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => Mistake::TermExtra,
            _ => Mistake::FactorExtra,
        };
    }
    match (claim.expr(at), right.expr(part)) {
        (Expr::Number(_), Expr::Number(_)) => Mistake::Number,
        (Expr::Name(_), Expr::Name(_)) => Mistake::Symbol,
        _ if is_name(claim, at) && is_name(right, part) => Mistake::Symbol,
        _ => Mistake::Part,
    }
}

/// A name or a transposed name.
fn is_name(surface: &Surface, id: ExprId) -> bool {
    let tree: &Tree = &surface.tree;
    match tree.expr(id) {
        Expr::Name(_) => true,
        Expr::Postfix(PostfixOperator::Transpose, inner) => {
            matches!(tree.expr(*inner), Expr::Name(_))
        }
        _ => false,
    }
}
