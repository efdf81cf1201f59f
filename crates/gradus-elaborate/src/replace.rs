//! Putting values in the place of limits and integrals.
//!
//! Must not know how the values are found.

use gradus_diagnostics::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::program::Program;
use crate::typed::{Operation, Shape, TypedId, TypedNode, TypedTree};

impl TypedTree {
    /// Adds a node; its children must be there.
    pub fn push(&mut self, operation: Operation, shape: Shape, span: Span) -> TypedId {
        let id = TypedId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(TypedNode { operation, shape, span });
        id
    }

    /// Whether a limit or an integral stands in what some nodes are made of.
    #[must_use]
    pub fn has_binders(&self, roots: &[TypedId]) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.node(id);
            if matches!(node.operation, Operation::Limit { .. } | Operation::Integral { .. }) {
                return true;
            }
            self.children(id, |child| open.push(child));
        }
        false
    }
}

impl Operation {
    /// The operation on other children.
    #[must_use]
    pub fn with_children(&self, mut image: impl FnMut(TypedId) -> TypedId) -> Self {
        let mut operation = self.clone();
        match &mut operation {
            Self::Number(_)
            | Self::Pi
            | Self::Infinity
            | Self::Dimension(_)
            | Self::Variable(_)
            | Self::Rows(_)
            | Self::Identity => {}
            Self::Binding { value: a, .. }
            | Self::Fill(a)
            | Self::Negate(a)
            | Self::Transpose(a)
            | Self::ConjugateTranspose(a)
            | Self::Differential(a)
            | Self::Mapped { argument: a, .. }
            | Self::Scalar { argument: a, .. }
            | Self::Path { argument: a, .. }
            | Self::Member { base: a, .. }
            | Self::Slice { base: a, .. }
            | Self::IndexedSum { body: a, .. }
            | Self::Tabulate { body: a, .. }
            | Self::Family { body: a, .. } => *a = image(*a),
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Scale(a, b)
            | Self::Hadamard(a, b)
            | Self::Quotient(a, b)
            | Self::LeftDivide(a, b)
            | Self::RightDivide(a, b)
            | Self::Power(a, b)
            | Self::MatrixPower(a, b) => {
                *a = image(*a);
                *b = image(*b);
            }
            Self::Limit { body, point, .. } => {
                *body = image(*body);
                *point = image(*point);
            }
            Self::Integral { body, bounds, .. } => {
                *body = image(*body);
                for bound in bounds.iter_mut().flatten() {
                    *bound = image(*bound);
                }
            }
            Self::Call { arguments, .. } => {
                for argument in arguments {
                    *argument = image(*argument);
                }
            }
            Self::Block(rows) => {
                for cell in rows.iter_mut().flatten() {
                    *cell = image(*cell);
                }
            }
        }
        operation
    }
}

impl Program {
    /// The program with other nodes in the place of some, of the same shapes: values of limits and
    /// integrals.
    #[must_use]
    pub fn replaced(mut self, values: &FxHashMap<TypedId, TypedId>) -> Self {
        let old = std::mem::take(&mut self.tree.nodes);
        let of = |id: TypedId| values.get(&id).copied().unwrap_or(id);
        let mut open = self.results.clone();
        open.extend(self.bindings.iter().map(|(_, id)| *id));
        open.extend(self.points.iter().map(|(_, id)| *id));
        open.extend(self.equations.iter().flatten());
        open.extend(self.variable_nodes().flatten());
        let mut images: FxHashMap<TypedId, TypedId> = FxHashMap::default();
        let roots = open.clone();
        while let Some(id) = open.last().copied() {
            if images.contains_key(&id) {
                open.pop();
                continue;
            }
            let mut needs = Vec::new();
            let target = of(id);
            if target == id {
                let node = &old[id.0 as usize];
                node.operation.visit(|child| {
                    if !images.contains_key(&child) {
                        needs.push(child);
                    }
                });
                if needs.is_empty() {
                    let operation = node
                        .operation
                        .with_children(|child| images.get(&child).copied().unwrap_or(child));
                    let image = self.tree.push(operation, node.shape, node.span);
                    images.insert(id, image);
                }
            } else if let Some(image) = images.get(&target).copied() {
                images.insert(id, image);
            } else {
                needs.push(target);
            }
            open.extend(needs);
        }
        debug_assert!(roots.iter().all(|root| images.contains_key(root)));
        let image = |id: &mut TypedId| *id = images.get(id).copied().unwrap_or(*id);
        self.results.iter_mut().for_each(image);
        self.bindings.iter_mut().for_each(|(_, id)| image(id));
        self.points.iter_mut().for_each(|(_, id)| image(id));
        self.equations.iter_mut().flatten().for_each(image);
        self.map_variable_nodes(image);
        self
    }
}
