//! A notation tree under construction, with the facts about each formula that planning needs.
//!
//! Must not know which formulas are worth building.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::Book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, TransposeRule};
use rustc_hash::FxHashSet;

use crate::plan::parts;

/// What planning knows about a formula.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// Equal to its transpose.
    symmetric: bool,
    /// The indices that stand free in it, as bits.
    free: u64,
}

/// The tree under construction.
pub(crate) struct Builder<'a> {
    pub(crate) tree: NotationTree,
    pub(crate) book: &'a Book,
    facts: Vec<Facts>,
    symmetric_names: FxHashSet<String>,
    index_names: Vec<String>,
}

impl<'a> Builder<'a> {
    /// An empty tree.
    pub(crate) fn new(book: &'a Book, dimensions: Dimensions) -> Self {
        Self {
            tree: NotationTree::new(dimensions),
            book,
            facts: Vec::new(),
            symmetric_names: FxHashSet::default(),
            index_names: Vec::new(),
        }
    }

    /// Lets a name count as symmetric from now on.
    pub(crate) fn declare_symmetric(&mut self, name: &str) {
        self.symmetric_names.insert(name.to_owned());
    }

    /// Registers index names before formulas with them are interned.
    pub(crate) fn declare_indices(&mut self, names: &[String]) -> Result<()> {
        for name in names {
            if !self.index_names.contains(name) {
                self.index_names.push(name.clone());
            }
        }
        if self.index_names.len() > 64 {
            return Err(Box::new(Diagnostic::limit("more than 64 index names in one program")));
        }
        Ok(())
    }

    /// Interns a formula whose children are in this tree.
    pub(crate) fn intern(&mut self, node: Notation, shape: Shape) -> NotationId {
        let id = self.tree.intern(node, shape);
        if id.0 as usize == self.facts.len() {
            let facts = Facts { symmetric: self.derive_symmetric(id), free: self.derive_free(id) };
            self.facts.push(facts);
        }
        id
    }

    /// The formula of an id.
    pub(crate) fn node(&self, id: NotationId) -> &Notation {
        self.tree.node(id)
    }

    /// The shape of a formula.
    pub(crate) fn shape(&self, id: NotationId) -> Shape {
        self.tree.shape(id)
    }

    /// Whether a formula is known to equal its transpose.
    pub(crate) fn is_symmetric(&self, id: NotationId) -> bool {
        self.facts.get(id.0 as usize).is_some_and(|facts| facts.symmetric)
    }

    /// For each formula, whether it is known to equal its transpose.
    pub(crate) fn symmetric(&self) -> Vec<bool> {
        self.facts.iter().map(|facts| facts.symmetric).collect()
    }

    /// The free indices of a formula, in the order in which they first appeared in the program.
    pub(crate) fn free_indices(&self, id: NotationId) -> Vec<String> {
        let free = self.facts.get(id.0 as usize).map_or(0, |facts| facts.free);
        let is_free = |position: &usize| free & (1 << *position) != 0;
        let positions = (0..self.index_names.len()).filter(is_free);
        positions.map(|position| self.index_names[position].clone()).collect()
    }

    /// The transpose, with no mark where none is needed.
    pub(crate) fn transpose(&mut self, id: NotationId) -> NotationId {
        if self.shape(id).is_scalar() || self.is_symmetric(id) {
            return id;
        }
        let shape = transposed(self.shape(id));
        match self.node(id) {
            Notation::Transpose(inner) => *inner,
            Notation::Ones | Notation::Zeros => {
                let node = self.node(id).clone();
                self.intern(node, shape)
            }
            _ => self.intern(Notation::Transpose(id), shape),
        }
    }

    /// The product of two factors; a scalar comes first.
    pub(crate) fn multiply(&mut self, left: NotationId, right: NotationId) -> NotationId {
        let (left_shape, right_shape) = (self.shape(left), self.shape(right));
        if left_shape.is_scalar() || right_shape.is_scalar() {
            let (scalar, other) =
                if left_shape.is_scalar() { (left, right) } else { (right, left) };
            return self.scale(vec![scalar], Some(other));
        }
        let shape = Shape { rows: left_shape.rows, columns: right_shape.columns };
        self.intern(Notation::Product(vec![left, right]), shape)
    }

    /// Scalars times an array.
    pub(crate) fn scale(
        &mut self,
        mut scalars: Vec<NotationId>,
        array: Option<NotationId>,
    ) -> NotationId {
        let shape = array.map_or(Shape::SCALAR, |array| self.shape(array));
        scalars.extend(array);
        match scalars.as_slice() {
            [single] => *single,
            _ => self.intern(Notation::Product(scalars), shape),
        }
    }

    fn derive_free(&self, id: NotationId) -> u64 {
        let bits = |names: &[String]| {
            let known = |name: &String| self.index_names.iter().position(|known| known == name);
            names.iter().filter_map(known).fold(0_u64, |bits, position| bits | (1 << position))
        };
        let mut free = 0;
        self.node(id).for_each_child(|child| {
            free |= self.facts.get(child.0 as usize).map_or(0, |facts| facts.free);
        });
        match self.node(id) {
            Notation::Indexed { indices, .. } => free | bits(indices),
            Notation::IndexedSum { indices, .. } => free & !bits(indices),
            _ => free,
        }
    }

    fn derive_symmetric(&self, id: NotationId) -> bool {
        let shape = self.shape(id);
        if shape.rows != shape.columns {
            return false;
        }
        let all = |ids: &[NotationId]| ids.iter().all(|id| self.is_symmetric(*id));
        match self.node(id) {
            Notation::Number(_)
            | Notation::Pi
            | Notation::Infinity
            | Notation::ImaginaryUnit
            | Notation::Dimension(_)
            | Notation::Ones
            | Notation::Zeros
            | Notation::Identity => true,
            Notation::Name { text, .. } => shape.is_scalar() || self.symmetric_names.contains(text),
            Notation::Sum(terms) => terms.iter().all(|(minus, term)| {
                // A term and its transpose are symmetric together.
                let has_partner = || {
                    terms.len() <= 12
                        && terms.iter().any(|(other_minus, other)| {
                            other_minus == minus && self.are_transposes(*term, *other)
                        })
                };
                self.is_symmetric(*term) || has_partner()
            }),
            Notation::Hadamard(parts) => all(parts),
            Notation::HadamardQuotient(a, b) | Notation::Fraction(a, b) => all(&[*a, *b]),
            Notation::Negate(a)
            | Notation::Transpose(a)
            | Notation::Power {
                base: a, kind: PowerKind::Elementwise | PowerKind::Matrix, ..
            } => self.is_symmetric(*a),
            Notation::Product(parts) => self.is_symmetric_product(parts),
            Notation::Call { head, arguments, .. } => {
                shape.is_scalar()
                    || matches!(head, Head::DiagonalMatrix)
                    || (self.keeps_symmetry(head) && all(arguments))
            }
            _ => shape.is_scalar(),
        }
    }

    fn is_symmetric_product(&self, parts: &[NotationId]) -> bool {
        let mut arrays = parts.iter().filter(|part| !self.shape(**part).is_scalar());
        match (arrays.next(), arrays.next(), arrays.next()) {
            (None, ..) => true,
            (Some(single), None, _) => self.is_symmetric(*single),
            (Some(left), Some(right), None) => {
                self.are_transposes(*left, *right) || (left == right && self.is_symmetric(*left))
            }
            _ => false,
        }
    }

    /// Whether one formula is written as the transpose of the other.
    fn are_transposes(&self, a: NotationId, b: NotationId) -> bool {
        let is_transpose_of = |a: NotationId, b: NotationId| matches!(self.node(a), Notation::Transpose(inner) if *inner == b);
        is_transpose_of(a, b) || is_transpose_of(b, a)
    }

    fn keeps_symmetry(&self, head: &Head) -> bool {
        parts::is_elementwise(self.book, head)
            || parts::entry(self.book, head).is_some_and(|entry| {
                entry.facts.keeps_symmetry && entry.facts.transpose == TransposeRule::Commutes
            })
    }
}

/// Rows and columns exchanged.
pub(crate) fn transposed(shape: Shape) -> Shape {
    Shape { rows: shape.columns, columns: shape.rows }
}
