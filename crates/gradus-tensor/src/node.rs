//! The closed set of node kinds of the tensor DAG.
//!
//! Must not know names of functions or how nodes are built; see [`crate::arena`] for the invariants.

use smallvec::SmallVec;

use crate::dimension::DimensionId;
use crate::facts::FunctionId;
use crate::rational::Rational;
use crate::symbol::{Axes, Axis, SymbolId};

/// A node in an arena. Ids are in creation order: children before parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A label inside one contraction or application. Labels are numbered canonically, outputs first.
pub type Label = u8;

/// Labels in order.
pub type Labels = SmallVec<[Label; 4]>;

/// A factor of a contraction: an entrywise power of a node, with a label for each of its axes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Operand {
    /// The node.
    pub node: NodeId,
    /// The exponent, never zero. Elementwise powers, quotients and roots are exponents.
    pub exponent: Rational,
    /// One label per axis of the node; a label may repeat.
    pub labels: Labels,
}

// Derived, the labels would be copied one by one.
impl Clone for Operand {
    fn clone(&self) -> Self {
        Self {
            node: self.node,
            exponent: self.exponent.clone(),
            labels: Labels::from_slice(&self.labels),
        }
    }
}

/// The product of all operands, summed over every label that is not an output.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contraction {
    /// The factors.
    pub operands: SmallVec<[Operand; 2]>,
    /// The labels of the result's axes; a label may repeat (a diagonal) and may stand in no operand
    /// (the result is constant along it).
    pub output: Labels,
    /// The axis of each label.
    pub axes: SmallVec<[Axis; 4]>,
}

/// A linear combination of nodes with the same axes. The only place of coefficients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sum {
    /// The terms in the order in which they were first written; empty for zero.
    pub terms: Vec<(Rational, NodeId)>,
    /// The axes of every term.
    pub axes: Axes,
}

/// What an [`Apply`] node applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FunctionRef {
    /// An entry of the rule book.
    Book(FunctionId),
    /// An unknown elementwise function `f.(X)`, and its derivatives `f'.(X)`, `f''.(X)`.
    Elementwise {
        /// The symbol that names the function.
        symbol: SymbolId,
        /// How many times it is differentiated.
        order: u8,
    },
    /// An unknown scalar function of one array, `f(X)`. Order 1 is `grad_f(X)`, with the axes of the
    /// argument; order 2 is `hess_f(X)`, a matrix over the stacked entries of the
    /// argument.
    Scalar {
        /// The symbol that names the function.
        symbol: SymbolId,
        /// How many times it is differentiated.
        order: u8,
    },
    /// A function matrix `A(t)` of a scalar, and its derivatives `A'(t)`.
    Path {
        /// The symbol, whose axes are those of the value.
        symbol: SymbolId,
        /// How many times it is differentiated.
        order: u8,
    },
}

/// An argument of an application, with a label for each of its axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Argument {
    /// The node.
    pub node: NodeId,
    /// Labels over which the function maps, then the core labels.
    pub labels: Labels,
}

/// A function applied to arguments. It acts on the core labels, which are the last ones of each
/// argument and of the output, and maps over the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Apply {
    /// The function.
    pub function: FunctionRef,
    /// The arguments.
    pub arguments: SmallVec<[Argument; 1]>,
    /// The labels of the result's axes: the mapped ones, then the core ones.
    pub output: Labels,
    /// The axis of each label.
    pub axes: SmallVec<[Axis; 4]>,
}

/// Constant tensors: of zeros and ones but for the signs of permutations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// Axes `[p, i, j]` of sizes `rows*columns, rows, columns`: one where `p = i + rows*j`
    /// (columns are stacked; `i` and `j` count from 0).
    Fusion {
        /// Size of `i`.
        rows: DimensionId,
        /// Size of `j`.
        columns: DimensionId,
    },
    /// Axes `[p, i, j]` of sizes `size*(size+1)/2, size, size`: one where p is the place of the entry i, j
    /// of the lower triangle, columns stacked; `p = i + size*j - j*(j+1)/2` for `i ≥ j`.
    Packing {
        /// Size of `i` and `j`.
        size: DimensionId,
        /// Whether an entry above the diagonal has the place of its mirror image; else it has none.
        symmetric: bool,
    },
    /// Axes `[t, s]` of sizes `total, length`: one where `t = offset + s`.
    Selection {
        /// Size of `t`.
        total: DimensionId,
        /// Where the part begins.
        offset: DimensionId,
        /// Size of `s`.
        length: DimensionId,
    },
    /// Axes `[i, j]` of size `size`: one where `i ≥ j` (`lower`), or where `i ≤ j`.
    Triangle {
        /// Rows.
        rows: DimensionId,
        /// Columns.
        columns: DimensionId,
        /// Which side.
        lower: bool,
    },
    /// Axes `[i, j, k]` of size 3: the sign of the permutation `i j k`, zero where two are equal. It is
    /// the cross product: `(a × b)_i` is its contraction with `a_j` and `b_k`.
    Permutation,
    /// A scalar with a name of its own: π.
    Pi,
    /// Infinity, a scalar.
    Infinity,
    /// The imaginary unit, a scalar.
    ImaginaryUnit,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A declared variable.
    Symbol(SymbolId),
    /// A constant tensor.
    Constant(Constant),
    /// A linear combination.
    Sum(Sum),
    /// A product with summed labels.
    Contraction(Contraction),
    /// A function.
    Apply(Apply),
}

/// A node times a number. Every constructor returns one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// The number.
    pub coefficient: Rational,
    /// The node.
    pub node: NodeId,
}

impl Node {
    /// The nodes that this one is made of, in order; one may come several times.
    pub fn children(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (terms, operands, arguments) = match self {
            Self::Symbol(_) | Self::Constant(_) => (&[][..], &[][..], &[][..]),
            Self::Sum(sum) => (sum.terms.as_slice(), &[][..], &[][..]),
            Self::Contraction(contraction) => (&[][..], contraction.operands.as_slice(), &[][..]),
            Self::Apply(apply) => (&[][..], &[][..], apply.arguments.as_slice()),
        };
        let terms = terms.iter().map(|(_, child)| *child);
        let operands = operands.iter().map(|operand| operand.node);
        terms.chain(operands).chain(arguments.iter().map(|argument| argument.node))
    }
}

impl Scaled {
    /// The node itself.
    #[must_use]
    pub fn one(node: NodeId) -> Self {
        Self { coefficient: Rational::ONE, node }
    }

    /// The same node times a further number.
    #[must_use]
    pub fn times(&self, factor: &Rational) -> Self {
        Self { coefficient: self.coefficient.multiply(factor), node: self.node }
    }
}
