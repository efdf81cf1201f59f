//! Raising: tensor networks back into matrix notation.
//!
//! Must not know calculus or printing. A contraction is read as a graph in which labels are vertices,
//! matrices edges and vectors weights on vertices; reductions of that graph are the products of
//! matrix algebra. Answers are built as formulas of their own, which are cheap to transpose, factor and
//! compare, and become a [`NotationTree`] at the end.

mod apply;
mod assemble;
mod blocks;
mod conjugate;
mod cross;
mod driver;
mod emit;
mod entrywise;
mod factoring;
mod families;
mod formula;
mod fractions;
mod fusion;
mod graph;
mod heads;
mod indexed;
mod indices;
mod khatri_rao;
mod layout;
mod measure;
mod naming;
mod partial_trace;
mod rearrange;
mod scaling;
mod selection;
mod sum;
mod transpose;

use gradus_diagnostics::Result;
use gradus_tensor::{Arena, DimensionId, Scaled, Structure, SymbolId};

use crate::arena::NotationTree;
use crate::tree::Page;

/// A value to be raised, and which of its axes are its rows and columns.
///
/// A scalar has neither, a column only rows, a row only columns, a matrix both.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The value.
    pub value: Scaled,
    /// The axis that becomes the rows.
    pub rows: Option<usize>,
    /// The axis that becomes the columns.
    pub columns: Option<usize>,
    /// The axis along which each member is told for itself, and the name of the index.
    pub member: Option<(usize, String)>,
}

impl Goal {
    /// A value as it stands: no axis is a scalar, one a column, two are rows and columns.
    #[must_use]
    pub fn upright(arena: &Arena, value: Scaled) -> Self {
        let order = arena.axes(value.node).len();
        let (rows, columns) = ((order > 0).then_some(0), (order > 1).then_some(1));
        Self { value, rows, columns, member: None }
    }
}

/// What the raiser is told about names.
#[derive(Clone, Debug, Default)]
pub struct RaiseOptions {
    /// Names that introduced names must not take, beyond those of the arena and of the vocabulary.
    pub reserved: Vec<String>,
    /// Variables with one axis that the user declared as rows; of a family, its members.
    pub rows: Vec<SymbolId>,
    /// The names that the user bound to families.
    pub families: Vec<String>,
    /// Whether only what has no index may have a name. Otherwise members of families may, as in
    /// `t[i] = sigmoid(W*x[i])`.
    pub whole_names_only: bool,
    /// The names of the user's indices, with the sizes that they run over, in order.
    pub indices: Vec<(String, DimensionId)>,
    /// Which of these indices the user put first on an axis of a variable.
    pub first_indices: Vec<(SymbolId, usize, usize)>,
}

/// Raises all goals onto one page, which shares their bindings.
///
/// # Errors
/// Unsupported if a value has no matrix form.
pub fn raise(
    arena: &Arena,
    goals: &[Goal],
    options: &RaiseOptions,
) -> Result<(NotationTree, Page)> {
    let (mut tree, mut page) = driver::Driver::new(arena, options)?.run(goals)?;
    if let Some(names) = complex_names(arena) {
        conjugate::tidy(&mut tree, &mut page, names);
    }
    Ok((tree, page))
}

/// The names that stand for complex arrays, if there are any.
fn complex_names(arena: &Arena) -> Option<conjugate::Names> {
    let complex = || arena.symbols().iter().filter(|symbol| symbol.complex);
    let hermitian = |symbol: &&gradus_tensor::Symbol| symbol.structure == Structure::Hermitian;
    let name = |symbol: &gradus_tensor::Symbol| symbol.name.clone();
    let names = conjugate::Names {
        complex: complex().map(name).collect(),
        hermitian: complex().filter(hermitian).map(name).collect(),
    };
    (!names.complex.is_empty()).then_some(names)
}
