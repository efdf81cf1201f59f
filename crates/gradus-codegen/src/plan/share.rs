//! Which formulas become statements: what is used twice, and what would make a line too long.
//!
//! Must not know how statements are spelled.

use gradus_notation::tree::{Head, NameKind, Notation, NotationId};
use gradus_tensor::Role;
use rustc_hash::FxHashSet;

use crate::plan::builder::Builder;
use crate::plan::names::Names;
use crate::plan::normalize::Normal;
use crate::plan::parts;
use crate::request::ModuleRequest;
use crate::statement::{Statement, StatementList};
use crate::walk;

/// A formula has at most about this many nodes; a larger one is split into statements.
const WEIGHT: u32 = 26;

/// A formula used twice is named from this weight on, unless it is a call, which always is.
const SHARED_WEIGHT: u32 = 3;

/// A part of at most this weight is not named for the length of the line alone.
const SPLIT_WEIGHT: u32 = 4;

/// Chooses the statements.
pub(crate) fn share(request: &ModuleRequest<'_>, normal: Normal<'_>) -> StatementList {
    let Normal { builder, bindings, results } = normal;
    let roots: Vec<NotationId> =
        bindings.iter().map(|binding| binding.formula).chain(results.iter().copied()).collect();
    let live = live_bindings(&builder, &bindings, &results);
    let live_roots: Vec<NotationId> = roots
        .iter()
        .enumerate()
        .filter(|(position, _)| live.get(*position).copied().unwrap_or(true))
        .map(|(_, root)| *root)
        .collect();
    let named = choose(&builder, &live_roots);
    let mut writer = Writer {
        names: Names::new(request, request.tree),
        builder,
        named,
        written: Vec::new(),
        statements: Vec::new(),
    };
    for (binding, live) in bindings.iter().zip(&live) {
        if *live {
            writer.bind(&binding.name, binding.formula, binding.from_user);
        }
    }
    let results = results.iter().map(|root| writer.write(*root)).collect();
    let symmetric = writer.builder.symmetric();
    let spread = request.spread().map(str::to_owned).collect();
    let Writer { builder, statements, .. } = writer;
    StatementList { tree: builder.tree, statements, results, spread, symmetric }
}

/// Which bindings the results depend on.
fn live_bindings(
    builder: &Builder<'_>,
    bindings: &[gradus_notation::tree::NamedFormula],
    results: &[NotationId],
) -> Vec<bool> {
    let mut used: FxHashSet<String> = FxHashSet::default();
    let mut seen: FxHashSet<NotationId> = FxHashSet::default();
    let mut mark = |used: &mut FxHashSet<String>, root: NotationId| {
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Notation::Name { text, .. } = builder.node(id) {
                used.insert(text.clone());
            }
            builder.node(id).for_each_child(|child| open.push(child));
        }
    };
    for root in results {
        mark(&mut used, *root);
    }
    let mut live = vec![false; bindings.len()];
    for (position, binding) in bindings.iter().enumerate().rev() {
        live[position] = used.contains(&binding.name);
        if live[position] {
            mark(&mut used, binding.formula);
        }
    }
    live
}

/// The formulas that get a name.
fn choose(builder: &Builder<'_>, roots: &[NotationId]) -> FxHashSet<NotationId> {
    let order = walk::reachable(&builder.tree, roots.iter().copied());
    let uses = Uses::count(builder, &order, roots);
    let mut named: FxHashSet<NotationId> = FxHashSet::default();
    // Zero for what has not been weighed.
    let mut weights: Vec<u32> = vec![0; builder.tree.len()];
    for id in order {
        let mut parts = Vec::new();
        builder.node(id).for_each_child(|child| {
            parts.push((weights[child.0 as usize].max(1), child));
        });
        let mut weight = parts.iter().fold(1_u32, |sum, (part, _)| sum.saturating_add(*part));
        // The heaviest parts first; among equals the first one.
        parts.sort_by_key(|(part, id)| (std::cmp::Reverse(*part), *id));
        parts.dedup();
        let limit = match builder.node(id) {
            Notation::Matrix(_) => 4 * WEIGHT,
            _ => WEIGHT,
        };
        for (part, child) in parts {
            if weight <= limit || part <= SPLIT_WEIGHT {
                break;
            }
            named.insert(child);
            weights[child.0 as usize] = 1;
            weight = weight.saturating_sub(part - 1);
        }
        if uses.is_shared(builder, id) && worth_sharing(builder, id, weight) {
            named.insert(id);
            weight = 1;
        }
        weights[id.0 as usize] = weight;
    }
    named
}

fn worth_sharing(builder: &Builder<'_>, id: NotationId, weight: u32) -> bool {
    let is_plain = |id: NotationId| {
        matches!(
            builder.node(id),
            Notation::Number(_)
                | Notation::Pi
                | Notation::Infinity
                | Notation::ImaginaryUnit
                | Notation::Dimension(_)
        )
    };
    match builder.node(id) {
        Notation::Call {
            head: Head::DiagonalMatrix | Head::DiagonalVector | Head::Rows, ..
        } => false,
        // It becomes an index of what it is multiplied by.
        _ if parts::is_permutation(builder.book, &builder.tree, id) => false,
        Notation::Call { .. } => true,
        Notation::Transpose(_) | Notation::Slice { .. } | Notation::Indexed { .. } => false,
        Notation::Matrix(rows) => !rows.iter().flatten().all(|entry| is_plain(*entry)),
        Notation::Power { base, exponent, .. } => !is_plain(*base) || !is_plain(*exponent),
        Notation::Sum(terms) if terms.iter().all(|(_, term)| is_plain(*term)) => false,
        Notation::Product(parts) if parts.iter().all(|part| is_plain(*part)) => false,
        Notation::Fraction(a, b) if is_plain(*a) && is_plain(*b) => false,
        _ => weight >= SHARED_WEIGHT,
    }
}

/// How often formulas stand in others.
struct Uses {
    /// Places where the value itself is needed.
    values: Vec<u32>,
    /// Places where an inverse stands in a product, so that a solve does.
    solves: Vec<u32>,
}

impl Uses {
    fn count(builder: &Builder<'_>, order: &[NotationId], roots: &[NotationId]) -> Self {
        let none = vec![0; builder.tree.len()];
        let mut uses = Self { values: none.clone(), solves: none };
        for id in order {
            let node = builder.node(*id);
            let is_array_product = matches!(node, Notation::Product(parts)
                if !parts.iter().any(|part| builder.shape(*part).is_scalar()));
            // Of two inverses side by side, the right one is what the left one is solved for.
            let right_of_inverse = match node {
                Notation::Product(parts) if is_array_product && parts.len() == 2 => {
                    solved_inverse(builder, parts[0]).and(Some(parts[1]))
                }
                _ => None,
            };
            let mut position = 0;
            node.for_each_child(|child| {
                position += 1;
                let is_operand = right_of_inverse == Some(child) && position == 2;
                let inverse = solved_inverse(builder, child);
                match inverse.filter(|_| is_array_product && !is_operand) {
                    Some(inverse) => uses.solves[inverse.0 as usize] += 1,
                    // A transpose passes the use on to what it transposes.
                    None if matches!(builder.node(child), Notation::Transpose(_)) => {
                        if let Some(inverse) = inverse {
                            uses.values[inverse.0 as usize] += 1;
                        } else {
                            uses.values[child.0 as usize] += 1;
                        }
                    }
                    None if matches!(node, Notation::Transpose(_)) && inverse.is_some() => {}
                    None => uses.values[child.0 as usize] += 1,
                }
            });
        }
        for root in roots {
            uses.values[solved_inverse(builder, *root).unwrap_or(*root).0 as usize] += 1;
        }
        uses
    }

    /// Whether a formula is needed more than once. An inverse is only named where it has to be
    /// formed anyway.
    fn is_shared(&self, builder: &Builder<'_>, id: NotationId) -> bool {
        let values = self.values[id.0 as usize];
        if parts::role(builder.book, builder.node(id)) == Some(Role::Inverse) {
            values > 0 && values + self.solves[id.0 as usize] > 1
        } else {
            values > 1
        }
    }
}

/// The inverse of a matrix behind a formula that is one, or the transpose of one.
fn solved_inverse(builder: &Builder<'_>, id: NotationId) -> Option<NotationId> {
    let inner = match builder.node(id) {
        Notation::Transpose(inner) => *inner,
        _ => id,
    };
    (parts::role(builder.book, builder.node(inner)) == Some(Role::Inverse)).then_some(inner)
}

/// Writes formulas over names.
struct Writer<'a> {
    builder: Builder<'a>,
    names: Names,
    named: FxHashSet<NotationId>,
    /// What stands for a formula in later ones.
    written: Vec<Option<NotationId>>,
    statements: Vec<Statement>,
}

impl Writer<'_> {
    fn written(&self, id: NotationId) -> Option<NotationId> {
        self.written.get(id.0 as usize).copied().flatten()
    }

    fn note_written(&mut self, id: NotationId, written: NotationId) {
        let at = id.0 as usize;
        if at >= self.written.len() {
            self.written.resize(self.builder.tree.len().max(at + 1), None);
        }
        self.written[at] = Some(written);
    }

    /// A statement with a name that is given.
    fn bind(&mut self, name: &str, root: NotationId, from_user: bool) {
        let formula = if self.written(root).is_some() {
            self.write(root)
        } else {
            self.write_parts(root);
            self.over_names(root)
        };
        let indices = self.builder.free_indices(root);
        let statement = Statement { name: name.to_owned(), indices, formula, from_user };
        self.statements.push(statement);
        self.named.remove(&root);
        if !is_leaf(self.builder.node(root)) {
            let reference = self.reference(name, root);
            self.note_written(root, reference);
        }
    }

    /// The formula over names, with the statements that it needs before it.
    fn write(&mut self, root: NotationId) -> NotationId {
        self.write_parts(root);
        match self.written(root) {
            Some(written) => written,
            None if self.named.contains(&root) => self.name(root),
            None => self.over_names(root),
        }
    }

    /// Everything below a root.
    fn write_parts(&mut self, root: NotationId) {
        let mut seen: FxHashSet<NotationId> = FxHashSet::default();
        let mut open = vec![root];
        let mut order = Vec::new();
        while let Some(id) = open.pop() {
            if self.written(id).is_some() || !seen.insert(id) {
                continue;
            }
            order.push(id);
            self.builder.node(id).for_each_child(|child| open.push(child));
        }
        order.sort_unstable();
        for id in order {
            if id == root {
                continue;
            }
            let written =
                if self.named.contains(&id) { self.name(id) } else { self.over_names(id) };
            self.note_written(id, written);
        }
    }

    /// A statement for a formula; the result is its name.
    fn name(&mut self, id: NotationId) -> NotationId {
        let formula = self.over_names(id);
        let name = self.names.fresh(self.wish(formula));
        let indices = self.builder.free_indices(id);
        self.statements.push(Statement { name: name.clone(), indices, formula, from_user: false });
        let reference = self.reference(&name, id);
        self.note_written(id, reference);
        reference
    }

    /// What stands for a named formula: `t`, or `t[i]` where the indices are free.
    fn reference(&mut self, name: &str, id: NotationId) -> NotationId {
        let shape = self.builder.shape(id);
        let indices = self.builder.free_indices(id);
        if self.builder.is_symmetric(id) && indices.is_empty() {
            self.builder.declare_symmetric(name);
        }
        let name = Notation::Name { text: name.to_owned(), kind: NameKind::Binding };
        let base = self.builder.intern(name, shape);
        if indices.is_empty() {
            base
        } else {
            self.builder.intern(Notation::Indexed { base, indices }, shape)
        }
    }

    fn over_names(&mut self, id: NotationId) -> NotationId {
        let shape = self.builder.shape(id);
        let node = self.builder.node(id).map_children(|child| self.written(child).unwrap_or(child));
        self.builder.intern(node, shape)
    }

    /// A telling name: `A_inv` for the inverse of `A`.
    fn wish(&self, formula: NotationId) -> Option<String> {
        let node = self.builder.node(formula);
        if parts::role(self.builder.book, node) != Some(Role::Inverse) {
            return None;
        }
        let Notation::Call { arguments, .. } = node else {
            return None;
        };
        match self.builder.node(*arguments.first()?) {
            Notation::Name { text, .. } => Some(format!("{text}_inv")),
            _ => None,
        }
    }
}

fn is_leaf(node: &Notation) -> bool {
    matches!(
        node,
        Notation::Number(_)
            | Notation::Pi
            | Notation::Infinity
            | Notation::ImaginaryUnit
            | Notation::Dimension(_)
            | Notation::Name { .. }
            | Notation::Ones
            | Notation::Zeros
            | Notation::Identity
    )
}
