//! What is known of the given arrays, and which formulas hold an unknown.
//!
//! Must not know equations.

use std::collections::BTreeMap;

use gradus_derivation::Builder;
use gradus_functions::book;
use gradus_notation::tree::{Head, Notation, NotationId};
use gradus_tensor::{DimensionId, Rational, Role};

/// How many levels of a formula are looked through for a fact.
const DEPTH: u32 = 16;

/// What was declared of the variables.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Symmetric positive definite matrices.
    pub positive_definite: Vec<String>,
    /// Orthogonal matrices.
    pub orthogonal: Vec<String>,
    /// Scalars and arrays with positive entries.
    pub positive: Vec<String>,
    /// Diagonal matrices.
    pub diagonal: Vec<String>,
    /// How far each index runs.
    pub ranges: BTreeMap<String, DimensionId>,
}

/// Questions about formulas.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What was declared.
    pub known: Known,
}

/// Which formulas hold some names; the answers for all formulas are kept, for children come first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holds {
    names: Vec<String>,
    known: Vec<bool>,
}

impl Holds {
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self { names, known: Vec::new() }
    }

    pub(crate) fn of(&mut self, builder: &Builder, id: NotationId) -> bool {
        for at in self.known.len()..builder.tree.len() {
            let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
            let node = builder.node(id);
            let mut holds =
                matches!(node, Notation::Name { text, .. } if self.names.contains(text));
            node.for_each_child(|child| holds |= self.known[child.0 as usize]);
            self.known.push(holds);
        }
        self.known.get(id.0 as usize).copied().unwrap_or(false)
    }
}

/// The role of a function that is called.
pub(crate) fn role(notation: &Notation) -> Option<Role> {
    match notation {
        Notation::Call { head: Head::Book(function), .. } => book().get(*function).facts.role,
        _ => None,
    }
}

/// The matrix of which a formula is the inverse.
pub(crate) fn inverted(builder: &Builder, id: NotationId) -> Option<NotationId> {
    match builder.node(id) {
        node @ Notation::Call { arguments, .. } if role(node) == Some(Role::Inverse) => {
            arguments.first().copied()
        }
        _ => None,
    }
}

impl Facts {
    /// Whether a square matrix is known to be invertible.
    #[must_use]
    pub fn is_invertible(&self, builder: &Builder, id: NotationId) -> bool {
        self.invertible(builder, id, DEPTH)
    }

    fn invertible(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let inside = |id: NotationId| self.invertible(builder, id, depth);
        if self.definite(builder, id, depth) {
            return true;
        }
        match builder.node(id) {
            Notation::Name { text, .. } => self.known.orthogonal.contains(text),
            Notation::Transpose(inner) | Notation::Negate(inner) => inside(*inner),
            Notation::Product(factors) => factors.iter().all(|id| {
                let shape = builder.shape(*id);
                if shape.is_scalar() {
                    self.is_nonzero(builder, *id, depth)
                } else {
                    shape.rows == shape.columns && inside(*id)
                }
            }),
            node => role(node) == Some(Role::Inverse),
        }
    }

    /// Whether a symmetric matrix is known to be positive definite.
    #[must_use]
    pub fn is_definite(&self, builder: &Builder, id: NotationId) -> bool {
        self.definite(builder, id, DEPTH)
    }

    fn definite(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let inside = |id: NotationId| self.definite(builder, id, depth);
        match builder.node(id) {
            Notation::Identity => true,
            Notation::Name { text, .. } => {
                self.known.positive_definite.contains(text)
                    || self.known.diagonal.contains(text) && self.known.positive.contains(text)
            }
            Notation::Indexed { base, .. } => inside(*base),
            Notation::Sum(terms) => {
                let strict = terms.iter().any(|(minus, id)| !minus && inside(*id));
                strict
                    && terms
                        .iter()
                        .all(|(minus, id)| !minus && self.semidefinite(builder, *id, depth))
            }
            Notation::Product(factors) => {
                let (scalars, chain): (Vec<_>, Vec<_>) =
                    factors.iter().partition(|id| builder.shape(**id).is_scalar());
                let positive = scalars.iter().all(|id| self.is_positive(builder, *id, depth));
                positive && matches!(chain.as_slice(), [only] if inside(*only))
            }
            Notation::Fraction(above, below) => {
                inside(*above) && self.is_positive(builder, *below, depth)
            }
            node @ Notation::Call { arguments, .. } => match role(node) {
                // The inverse is there, so that what is semidefinite is definite.
                Some(Role::Inverse) => {
                    inside(arguments[0]) || self.semidefinite(builder, arguments[0], depth)
                }
                _ => {
                    matches!(node, Notation::Call { head: Head::DiagonalMatrix, .. })
                        && self.is_positive(builder, arguments[0], depth)
                }
            },
            _ => false,
        }
    }

    /// Whether a symmetric matrix is known to be positive semidefinite.
    #[must_use]
    pub fn is_semidefinite(&self, builder: &Builder, id: NotationId) -> bool {
        self.semidefinite(builder, id, DEPTH)
    }

    fn semidefinite(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let inside = |id: NotationId| self.semidefinite(builder, id, depth);
        if self.definite(builder, id, depth) {
            return true;
        }
        match builder.node(id) {
            Notation::Ones => builder.shape(id).rows == builder.shape(id).columns,
            Notation::Sum(terms) => terms.iter().all(|(minus, id)| !minus && inside(*id)),
            Notation::IndexedSum { body, .. } => inside(*body),
            Notation::Fraction(above, below) => {
                inside(*above) && self.is_positive(builder, *below, depth)
            }
            Notation::Product(factors) => {
                let (scalars, chain): (Vec<_>, Vec<_>) =
                    factors.iter().partition(|id| builder.shape(**id).is_scalar());
                scalars.iter().all(|id| self.is_nonnegative(builder, *id, depth))
                    && self.is_gram(builder, &chain, depth)
            }
            _ => false,
        }
    }

    /// `A'A`, `A'WA` with W semidefinite.
    fn is_gram(&self, builder: &Builder, chain: &[NotationId], depth: u32) -> bool {
        match chain {
            [] => true,
            [only] => self.semidefinite(builder, *only, depth),
            [first, middle @ .., last] => {
                transposes(builder, *first, *last) && self.is_gram(builder, middle, depth)
            }
        }
    }

    /// Whether a scalar, or each entry of an array, is known to be positive.
    pub(crate) fn is_positive(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let inside = |id: NotationId| self.is_positive(builder, id, depth);
        match builder.node(id) {
            Notation::Number(value) => !value.is_negative() && !value.is_zero(),
            Notation::Dimension(_) | Notation::Pi | Notation::Ones => true,
            Notation::Name { text, .. } => self.known.positive.contains(text),
            Notation::Indexed { base, .. } => inside(*base),
            Notation::Sum(terms) => terms.iter().all(|(minus, id)| !minus && inside(*id)),
            Notation::IndexedSum { body, .. } => inside(*body),
            Notation::Product(factors) => {
                let scalars = factors.iter().all(|id| builder.shape(*id).is_scalar());
                scalars && factors.iter().all(|id| inside(*id))
                    || builder.shape(id).is_scalar() && self.is_square_of(builder, factors, depth)
            }
            Notation::Hadamard(factors) => factors.iter().all(|id| inside(*id)),
            Notation::Fraction(above, below) | Notation::HadamardQuotient(above, below) => {
                inside(*above) && inside(*below)
            }
            Notation::Power { base, .. } => inside(*base),
            Notation::Call { head: Head::Book(function), arguments, .. }
                if book().get(*function).name == "sqrt" =>
            {
                inside(arguments[0])
            }
            node => role(node) == Some(Role::Exponential),
        }
    }

    /// `u'Su` with S positive definite is positive unless u is zero, which is not known here.
    fn is_square_of(&self, builder: &Builder, factors: &[NotationId], depth: u32) -> bool {
        let [first, middle @ .., last] = factors else { return false };
        let ones = matches!(builder.node(*last), Notation::Ones);
        ones && transposes(builder, *first, *last)
            && middle.iter().all(|id| self.definite(builder, *id, depth))
            && middle.len() < 2
    }

    fn is_nonnegative(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        if self.is_positive(builder, id, depth) {
            return true;
        }
        match builder.node(id) {
            Notation::Power { exponent, .. } => match builder.node(*exponent) {
                Notation::Number(value) => value.to_i64().is_some_and(|value| value % 2 == 0),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a scalar is known not to be zero.
    pub(crate) fn is_nonzero(&self, builder: &Builder, id: NotationId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match builder.node(id) {
            Notation::Number(value) => !value.is_zero(),
            Notation::Negate(inner) => self.is_nonzero(builder, *inner, depth),
            Notation::Product(factors)
                if factors.iter().all(|id| builder.shape(*id).is_scalar()) =>
            {
                factors.iter().all(|id| self.is_nonzero(builder, *id, depth))
            }
            _ => self.is_positive(builder, id, depth),
        }
    }

    /// Whether a scalar is known not to be zero, or each entry of an array.
    #[must_use]
    pub fn is_not_zero(&self, builder: &Builder, id: NotationId) -> bool {
        self.is_nonzero(builder, id, DEPTH)
    }

    /// Whether a scalar or each entry of an array is known to be positive.
    #[must_use]
    pub fn has_positive_entries(&self, builder: &Builder, id: NotationId) -> bool {
        self.is_positive(builder, id, DEPTH)
    }
}

/// Whether one formula is the transpose of another as it is written.
pub(crate) fn transposes(builder: &Builder, one: NotationId, other: NotationId) -> bool {
    match (builder.node(one), builder.node(other)) {
        (Notation::Transpose(inner), _) if *inner == other => true,
        (_, Notation::Transpose(inner)) if *inner == one => true,
        (Notation::Ones, Notation::Ones) => {
            let (one, other) = (builder.shape(one), builder.shape(other));
            one.rows == other.columns && one.columns == other.rows
        }
        _ => one == other && builder.is_symmetric(one, DEPTH),
    }
}

/// The number that a formula is.
pub(crate) fn number(builder: &Builder, id: NotationId) -> Option<Rational> {
    match builder.node(id) {
        Notation::Number(value) => Some(value.clone()),
        Notation::Negate(inner) => match builder.node(*inner) {
            Notation::Number(value) => Some(value.negate()),
            _ => None,
        },
        _ => None,
    }
}
