//! What a formula's surroundings must know of it: how it binds, and whether it is tall.
//!
//! Must not know what is written.

use gradus_functions::Form;
use gradus_tensor::Dimensions;

use crate::arena::NotationTree;
use crate::cost::Class;
use crate::print::product::ProductView;
use crate::print::{size, vocabulary};
use crate::tree::{Head, NameKind, Notation, NotationId, Shape};

/// How a formula binds in mathematical notation, once a leading minus is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// Two or more terms.
    Sum,
    /// `A ⊙ B`, `A ⊘ B`, `A ⊗ B`
    Infix,
    /// A sum over indices, or a product that ends with one: it takes all that follows.
    BigSum,
    /// Factors side by side.
    Product,
    /// Something over something.
    Fraction,
    /// Something raised, or under a root, or `d(U)`: nothing may be raised on it.
    Script,
    /// `dX`, which is kept apart from what follows.
    Differential,
    /// Everything that can take a script.
    Atom,
}

/// What is known of a formula.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile {
    /// How it binds.
    pub(crate) binding: Binding,
    /// Whether fences around it must grow.
    pub(crate) tall: bool,
}

/// The profiles of all formulas that some formulas consist of.
pub(crate) struct Profiles {
    /// By id; formulas that are not needed keep a meaningless entry.
    profiles: Vec<Profile>,
    /// Whether fractions are stacked.
    planar: bool,
}

impl Profiles {
    /// Looks at formulas that are given with all their parts, children first.
    pub(crate) fn of_all(tree: &NotationTree, needed: &[NotationId], planar: bool) -> Self {
        let size = needed.last().map_or(0, |id| id.0 as usize + 1);
        let nothing = Profile { binding: Binding::Atom, tall: false };
        let mut profiles = Self { profiles: vec![nothing; size], planar };
        for id in needed {
            let profile = Profile {
                binding: profiles.binding(tree, tree.node(*id), tree.shape(*id)),
                tall: planar && profiles.is_tall(tree.node(*id)),
            };
            profiles.profiles[id.0 as usize] = profile;
        }
        profiles
    }

    /// The profile of a formula.
    pub(crate) fn of(&self, id: NotationId) -> Profile {
        self.profiles[id.0 as usize]
    }

    fn binding(&self, tree: &NotationTree, notation: &Notation, shape: Shape) -> Binding {
        match notation {
            Notation::Number(number) if !number.is_integer() => Binding::Fraction,
            Notation::Dimension(id) => match size::class(&tree.dimensions, *id) {
                Class::Sum => Binding::Sum,
                Class::Product => Binding::Product,
                Class::Quotient => Binding::Fraction,
                Class::Postfix => Binding::Script,
                _ => Binding::Atom,
            },
            Notation::Name { kind: NameKind::Differential, .. } => Binding::Differential,
            Notation::Ones if shape.rows == Dimensions::ONE && !shape.is_scalar() => {
                Binding::Script
            }
            Notation::Ones if !shape.is_scalar() && !shape.is_vector() => Binding::Product,
            Notation::Sum(terms) => match terms.as_slice() {
                [] => Binding::Atom,
                [(_, term)] => self.signed(*term),
                _ => Binding::Sum,
            },
            Notation::Negate(inner) => self.signed(*inner),
            Notation::Product(factors) => self.product(tree, factors),
            Notation::Fraction(..) | Notation::Partial { .. } => Binding::Fraction,
            Notation::Hadamard(factors) => match factors.as_slice() {
                [] => Binding::Atom,
                [single] => self.signed(*single),
                _ => Binding::Infix,
            },
            Notation::HadamardQuotient(..) => Binding::Infix,
            Notation::Power { .. } | Notation::Transpose(_) | Notation::ConjugateTranspose(_) => {
                Binding::Script
            }
            Notation::Differential(inner) if is_differentiated_name(tree, *inner) => {
                Binding::Differential
            }
            Notation::Differential(_) => Binding::Script,
            Notation::IndexedSum { .. } => Binding::BigSum,
            Notation::Indexed { base, .. } | Notation::Slice { base, .. }
                if self.of(*base).binding == Binding::Differential =>
            {
                Binding::Differential
            }
            Notation::Call { head: Head::Book(id), arguments, .. } => {
                if vocabulary::as_power(notation, shape).is_some() {
                    return Binding::Script;
                }
                match (vocabulary::form(*id), arguments.len()) {
                    (Form::Infix { .. }, 2..) => Binding::Infix,
                    (Form::Root { .. } | Form::Superscript { .. }, 1) => Binding::Script,
                    _ => Binding::Atom,
                }
            }
            _ => Binding::Atom,
        }
    }

    /// Behind a possible minus, a sum has parentheses of its own.
    fn signed(&self, id: NotationId) -> Binding {
        match self.of(id).binding {
            Binding::Sum => Binding::Atom,
            binding => binding,
        }
    }

    fn product(&self, tree: &NotationTree, factors: &[NotationId]) -> Binding {
        let view = ProductView::of(tree, factors);
        if view.is_alone() {
            return self.signed(view.rest[0]);
        }
        match view.rest.last() {
            None if view.denominator.is_none() => Binding::Atom,
            None => Binding::Fraction,
            Some(_) if view.denominator.is_some() && !self.planar => Binding::Fraction,
            Some(last) => match self.of(*last).binding {
                Binding::BigSum => Binding::BigSum,
                // `2x/y` on one line is read as a quotient.
                Binding::Fraction if !self.planar => Binding::Fraction,
                _ => Binding::Product,
            },
        }
    }

    fn is_tall(&self, notation: &Notation) -> bool {
        match notation {
            Notation::Number(number) => !number.is_integer(),
            Notation::Fraction(..)
            | Notation::Partial { .. }
            | Notation::Matrix(_)
            | Notation::IndexedSum { .. } => true,
            // What is raised is small.
            Notation::Power { base, .. } => self.of(*base).tall,
            _ => {
                let mut tall = false;
                notation.for_each_child(|id| tall |= self.of(id).tall);
                tall
            }
        }
    }
}

/// Whether the differential of a formula is written without parentheses, as `dX`.
pub(crate) fn is_differentiated_name(tree: &NotationTree, inner: NotationId) -> bool {
    matches!(tree.node(inner), Notation::Name { kind: NameKind::Variable | NameKind::Binding, .. })
}

/// The formulas inside the roots and the roots themselves, children first.
pub(crate) fn reachable(tree: &NotationTree, roots: &[NotationId]) -> Vec<NotationId> {
    let size = roots.iter().map(|id| id.0 as usize + 1).max().unwrap_or(0);
    let mut seen = vec![false; size];
    for root in roots {
        seen[root.0 as usize] = true;
    }
    // Children have smaller ids, so that one pass downwards meets every formula after its parents.
    for at in (0..size).rev() {
        if seen[at] {
            let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
            tree.node(id).for_each_child(|child| seen[child.0 as usize] = true);
        }
    }
    let ids = seen.iter().enumerate().filter(|(_, seen)| **seen);
    ids.map(|(at, _)| NotationId(u32::try_from(at).unwrap_or(u32::MAX))).collect()
}
