//! The arena of notation trees: interning, shapes and reading cost.
//!
//! Must not know how formulas are found or printed.

use gradus_tensor::Dimensions;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::cost::{self, Measure};
use crate::tree::{Notation, NotationId, Shape};

/// Interned formulas with their shapes.
#[derive(Clone, Debug, Default)]
pub struct NotationTree {
    /// The formulas in order of their ids, each kept once.
    nodes: IndexSet<(Notation, Shape), FxBuildHasher>,
    measures: Vec<Measure>,
    names: FxHashSet<String>,
    /// The dimensions that shapes and sizes refer to.
    pub dimensions: Dimensions,
}

impl NotationTree {
    /// An empty arena over a table of dimensions.
    #[must_use]
    pub fn new(dimensions: Dimensions) -> Self {
        Self { dimensions, ..Self::default() }
    }

    /// Interns a formula of a shape.
    pub fn intern(&mut self, notation: Notation, shape: Shape) -> NotationId {
        let key = (notation, shape);
        let (at, is_new) = self.nodes.insert_full(key);
        if is_new {
            let notation = &self.nodes[at].0;
            let measure = cost::measure(self, notation, shape);
            self.measures.push(measure);
            if let Notation::Name { text, .. } = &self.nodes[at].0
                && !self.names.contains(text)
            {
                self.names.insert(text.clone());
            }
        }
        NotationId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The formula of an id.
    #[must_use]
    pub fn node(&self, id: NotationId) -> &Notation {
        &self.nodes[id.0 as usize].0
    }

    /// The shape of a formula.
    #[must_use]
    pub fn shape(&self, id: NotationId) -> Shape {
        self.nodes[id.0 as usize].1
    }

    /// How many formulas there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The reading cost: tokens of the source text, parentheses aside, plus transpose marks.
    /// Saturates, so that a formula of exponential length is merely very expensive.
    #[must_use]
    pub fn cost(&self, id: NotationId) -> u32 {
        let measure = self.measure(id);
        measure.tokens.saturating_add(measure.transposes)
    }

    /// The number of tokens of the source text, parentheses aside; saturates.
    #[must_use]
    pub fn tokens(&self, id: NotationId) -> u32 {
        self.measure(id).tokens
    }

    /// Whether the text of a formula begins with a minus that a sum or a product can take over.
    #[must_use]
    pub fn is_negative(&self, id: NotationId) -> bool {
        self.measure(id).negative
    }

    pub(crate) fn measure(&self, id: NotationId) -> &Measure {
        &self.measures[id.0 as usize]
    }

    /// Tells that the user has given a meaning to a name, so that printers do not use it for a
    /// constant such as the identity. Names that stand in a formula are known without being told.
    pub fn reserve_name(&mut self, name: String) {
        self.names.insert(name);
    }

    /// Whether a name stands in any formula or was reserved.
    #[must_use]
    pub fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
