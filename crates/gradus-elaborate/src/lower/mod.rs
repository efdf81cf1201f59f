//! Lowering: typed tree to tensor network.
//!
//! Must not know derivatives. Every operation becomes a network through the smart constructors; a
//! value carries the labels it is mapped over, so that index sums and rules applied to arrays of any
//! rank need no case of their own.

mod call;
mod chain;
mod fragment;
mod operation;
mod stacked;
mod structural;
mod value;

pub use fragment::{apply_adjoint, apply_rule, argument_value};
pub use value::{Ambient, Ambients, Value, Weaver, union};

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_functions::book;
use gradus_tensor::{Arena, Axis, DimensionId, Dimensions, Structure, Symbol, SymbolId};

use chain::Chains;

use crate::program::Program;
use crate::typed::{Nature, Operation, TypedId, TypedTree, VariableId};

/// How many nodes an arena may hold.
pub const NODE_LIMIT: usize = 4_000_000;

/// A program as networks in one arena.
pub struct Lowered {
    /// The arena.
    pub arena: Arena,
    /// The symbol of each variable.
    pub symbols: Vec<SymbolId>,
    /// The functions, in the order of the program's results.
    pub results: Vec<Value>,
}

/// Lowers all results of a program.
///
/// # Errors
/// Operations that have no network yet are unsupported; a program that needs too many nodes is over a
/// limit.
pub fn lower(program: &Program) -> Result<Lowered> {
    lower_freely(program, &[])
}

/// Lowers all results of a program; of the free variables nothing is known but their axes, so that
/// the networks can be differentiated by them in every direction.
///
/// # Errors
/// As for [`lower`].
pub fn lower_freely(program: &Program, free: &[VariableId]) -> Result<Lowered> {
    let mut arena = Arena::new(program.tree.dimensions.clone(), book(), NODE_LIMIT);
    arena.plain_sums = program.plain_sums;
    let symbols = declare(&mut arena, &program.tree, free);
    let identity = |dimension: DimensionId| dimension;
    let mut lowering = Lowering::new(&mut arena, &program.tree, &symbols, &identity);
    lowering.keep_names = true;
    let results = lowering.values(&program.results)?;
    within_limits(&arena)?;
    Ok(Lowered { arena, symbols, results })
}

fn within_limits(arena: &Arena) -> Result<()> {
    match arena.exhaustion() {
        None => Ok(()),
        Some(limit) => Err(Diagnostic::limit(format!("the expression needs {limit}"))
            .hint("bind what repeats to a name: t = …")
            .into()),
    }
}

/// Declares every variable of the tree as a symbol.
fn declare(arena: &mut Arena, tree: &TypedTree, free: &[VariableId]) -> Vec<SymbolId> {
    let mut symbols: Vec<SymbolId> = Vec::with_capacity(tree.variables.len());
    for (at, variable) in tree.variables.iter().enumerate() {
        let mut axes = gradus_tensor::Axes::new();
        axes.extend(
            variable.family.iter().map(|dimension| Axis { dimension: *dimension, range: true }),
        );
        if variable.nature == Nature::Array || matches!(variable.nature, Nature::Path { .. }) {
            for side in [variable.shape.rows, variable.shape.columns] {
                if side != Dimensions::ONE {
                    axes.push(Axis::new(side));
                }
            }
        }
        // A size of one leaves no room for a structure.
        let plain = axes.is_empty() || free.iter().any(|id| id.0 as usize == at);
        symbols.push(arena.declare(Symbol {
            name: variable.name.clone(),
            axes,
            structure: if plain { Structure::General } else { variable.structure },
            positive: variable.positive,
            complex: variable.complex,
            differential_of: variable.differential_of.map(|id| symbols[id.0 as usize]),
        }));
    }
    symbols
}

/// Which indices of a tree run over the members of a family.
fn ranges(tree: &TypedTree) -> Vec<bool> {
    let mut ranges = vec![false; tree.indices.len()];
    if ranges.is_empty() {
        return ranges;
    }
    for node in &tree.nodes {
        let Operation::Member { base, indices } = &node.operation else { continue };
        let family = match tree.node(*base).operation {
            Operation::Variable(variable) => tree.variable(variable).family.len(),
            _ => usize::from(tree.family_index(*base).is_some()),
        };
        for index in indices.iter().take(family) {
            ranges[index.0 as usize] = true;
        }
    }
    ranges
}

/// The state of lowering one tree into an arena.
pub(crate) struct Lowering<'a> {
    pub(crate) arena: &'a mut Arena,
    pub(crate) tree: &'a TypedTree,
    pub(crate) symbols: &'a [SymbolId],
    /// The tree's dimensions in terms of the arena's.
    pub(crate) dimension: &'a dyn Fn(DimensionId) -> DimensionId,
    /// Values that stand for variables, in a text of the rule book.
    pub(crate) parameters: Vec<(VariableId, Value)>,
    pub(crate) keep_names: bool,
    /// Which indices run over the members of a family.
    pub(crate) ranges: Vec<bool>,
    pub(crate) values: Vec<Option<Value>>,
    pub(crate) chains: Chains,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(
        arena: &'a mut Arena,
        tree: &'a TypedTree,
        symbols: &'a [SymbolId],
        dimension: &'a dyn Fn(DimensionId) -> DimensionId,
    ) -> Self {
        Self {
            arena,
            tree,
            symbols,
            dimension,
            parameters: Vec::new(),
            keep_names: false,
            ranges: ranges(tree),
            values: vec![None; tree.nodes.len()],
            chains: Chains::default(),
        }
    }

    /// Lowers what the given nodes need, children first.
    pub(crate) fn values(&mut self, wanted: &[TypedId]) -> Result<Vec<Value>> {
        let mut needed = vec![false; self.tree.nodes.len()];
        for id in wanted {
            needed[id.0 as usize] = true;
        }
        for at in (0..needed.len()).rev() {
            if needed[at] {
                let id = typed_id(at);
                // A family as a whole has no value: its members read it themselves.
                let is_member = matches!(self.tree.node(id).operation, Operation::Member { .. });
                self.tree.children(id, |child| {
                    let operation = &self.tree.node(child).operation;
                    needed[child.0 as usize] |=
                        !is_member || !matches!(operation, Operation::Variable(_));
                });
            }
        }
        self.chains = Chains::of(self.tree, &needed, wanted);
        for (at, needed) in needed.iter().enumerate() {
            if *needed && !self.chains.is_absorbed(typed_id(at)) {
                let value = self
                    .operation(typed_id(at))
                    .map_err(|error| self.placed(error, typed_id(at)))?;
                self.values[at] = Some(value);
                within_limits(self.arena)?;
            }
        }
        wanted.iter().map(|id| self.value(*id)).collect()
    }

    /// An error at the place of a node, unless it has one or the tree is a text of the rule book.
    fn placed(&self, mut error: Error, id: TypedId) -> Error {
        if self.keep_names && error.labels.is_empty() && error.is_error() {
            error = Box::new(error.label(self.tree.node(id).span, "here"));
        }
        error
    }

    /// The value of a child, which was lowered before.
    pub(crate) fn value(&self, id: TypedId) -> Result<Value> {
        self.values[id.0 as usize]
            .clone()
            .ok_or_else(|| Diagnostic::internal("a node was lowered before its operand").into())
    }

    /// A dimension of the tree as one of the arena.
    pub(crate) fn size(&self, dimension: DimensionId) -> DimensionId {
        (self.dimension)(dimension)
    }
}

fn typed_id(at: usize) -> TypedId {
    TypedId(u32::try_from(at).unwrap_or(u32::MAX))
}
