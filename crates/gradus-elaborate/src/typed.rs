//! The typed tree: every node has a shape, every name is resolved, every broadcast is explicit.
//!
//! Must not know networks or derivatives. The oracles evaluate this tree, so its operations are few
//! and mean exactly what they say.

use gradus_diagnostics::Span;
use gradus_tensor::{DimensionId, Dimensions, FunctionId, Rational, Structure};

/// A node of a [`TypedTree`]. Children have smaller ids than parents; bindings share nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypedId(pub u32);

/// A variable of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);

/// A bound index of `sum[i](…)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexId(pub u32);

/// Rows and columns. A scalar is 1×1, a column n×1, a row 1×n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Number of rows.
    pub rows: DimensionId,
    /// Number of columns.
    pub columns: DimensionId,
}

impl Shape {
    /// 1×1.
    pub const SCALAR: Self = Self { rows: Dimensions::ONE, columns: Dimensions::ONE };

    /// Whether the shape is 1×1.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        self == Self::SCALAR
    }

    /// The shape of the transpose.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows }
    }
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// An array of numbers.
    Array,
    /// An unknown elementwise function `f.(…)`.
    ElementwiseFunction,
    /// `f: function`, an unknown scalar function of one array.
    ScalarFunction,
    /// `A: matrix(m,n)(t)`, an array that depends on the scalar `t`.
    Path {
        /// The scalar it depends on.
        parameter: VariableId,
    },
}

/// A variable: declared, or read by the preference of its first letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name as written.
    pub name: String,
    /// What it is.
    pub nature: Nature,
    /// The shape (of one member, for a family).
    pub shape: Shape,
    /// The ranges of a family, empty for a plain variable.
    pub family: Vec<DimensionId>,
    /// Declared structure.
    pub structure: Structure,
    /// Declared positive.
    pub positive: bool,
    /// Declared complex.
    pub complex: bool,
    /// Whether its kind was declared by the user.
    pub declared: bool,
    /// For `dX`, the variable X.
    pub differential_of: Option<VariableId>,
    /// The first place where it stands.
    pub span: Span,
}

/// From where a limit is approached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Approach {
    /// From both sides.
    Both,
    /// `x0+`
    FromAbove,
    /// `x0-`
    FromBelow,
}

/// The operations.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A number.
    Number(Rational),
    /// π.
    Pi,
    /// ∞.
    Infinity,
    /// A dimension read as a number.
    Dimension(DimensionId),
    /// A variable of nature array. For a family: the whole family is only legal under [`Operation::Member`].
    Variable(VariableId),
    /// The same value under a name the user bound; the child is the definition.
    Binding {
        /// The bound name.
        name: String,
        /// The definition.
        value: TypedId,
    },
    /// A scalar repeated to the node's shape.
    Fill(TypedId),
    /// The identity of the node's (square) shape.
    Identity,
    /// Entry by entry; equal shapes.
    Add(TypedId, TypedId),
    /// Entry by entry; equal shapes.
    Subtract(TypedId, TypedId),
    /// The negative.
    Negate(TypedId),
    /// Matrix product; inner dimensions agree. Two scalars also meet here.
    Multiply(TypedId, TypedId),
    /// Scalar times array (the scalar is first, whatever was written).
    Scale(TypedId, TypedId),
    /// Entry by entry; equal shapes.
    Hadamard(TypedId, TypedId),
    /// Entry by entry; equal shapes.
    Quotient(TypedId, TypedId),
    /// `A\b = inv(A)*b`, A square.
    LeftDivide(TypedId, TypedId),
    /// `b/A = b*inv(A)`, A square.
    RightDivide(TypedId, TypedId),
    /// Entry by entry power; equal shapes. A number exponent is a [`Operation::Number`] or a
    /// negated one, possibly under [`Operation::Fill`].
    Power(TypedId, TypedId),
    /// Power of a square matrix; the exponent is a scalar that stands for an integer.
    MatrixPower(TypedId, TypedId),
    /// Transpose.
    Transpose(TypedId),
    /// Conjugate transpose.
    ConjugateTranspose(TypedId),
    /// `d(U)`: the differential along `dX` of each variable X that varies, of the shape of U. Which
    /// variables vary is said by whoever asks; `dX` itself does not.
    Differential(TypedId),
    /// `limit(M, x, x0)`, entry by entry. The body depends on the variable, the value does not.
    Limit {
        /// What the limit is taken of.
        body: TypedId,
        /// A scalar.
        variable: VariableId,
        /// A scalar, possibly infinite.
        point: TypedId,
        /// From where.
        approach: Approach,
    },
    /// `int(M, x)` and `int(M, x, a, b)`, entry by entry.
    Integral {
        /// The integrand.
        body: TypedId,
        /// A scalar. Without bounds, the value depends on it.
        variable: VariableId,
        /// Two scalars, possibly infinite.
        bounds: Option<[TypedId; 2]>,
    },
    /// An entry of the rule book. Elementwise functions of several arguments have equal shapes.
    Call {
        /// The function.
        function: FunctionId,
        /// The arguments that are arrays.
        arguments: Vec<TypedId>,
        /// The arguments that are sizes, in order, as for `commutation(m,n)` and `unvec(v,m,n)`.
        sizes: Vec<DimensionId>,
    },
    /// `f.(X)`, `f'.(X)`.
    Mapped {
        /// The variable of nature elementwise function.
        function: VariableId,
        /// Derivative marks.
        order: u8,
        /// The argument.
        argument: TypedId,
    },
    /// `f(X)`, `grad_f(X)`, `hess_f(X)`.
    Scalar {
        /// The variable of nature scalar function.
        function: VariableId,
        /// 0, 1, 2.
        order: u8,
        /// The argument.
        argument: TypedId,
    },
    /// `A(t)`, `A'(t)`.
    Path {
        /// The variable of nature path.
        function: VariableId,
        /// Derivative marks.
        order: u8,
        /// The scalar argument.
        argument: TypedId,
    },
    /// Blocks in rows.
    Block(Vec<Vec<TypedId>>),
    /// `x[i]`, `X[i,j]` under bound indices.
    Member {
        /// A variable: a family, or a vector or matrix read as one. A binding may stand here too.
        base: TypedId,
        /// The indices: those of a family first, then those of the entry if one is meant. One index of a
        /// matrix means a row.
        indices: Vec<IndexId>,
    },
    /// `rows(x)`: the matrix whose rows are the members of a family of vectors; the column of a family
    /// of scalars.
    Rows(VariableId),
    /// `X[a:b, c:d]`, counted from 1, both ends included; the shape gives the lengths.
    Slice {
        /// What is sliced.
        base: TypedId,
        /// First row minus one.
        row_offset: DimensionId,
        /// First column minus one.
        column_offset: DimensionId,
    },
    /// `sum[i](body)`.
    IndexedSum {
        /// The index.
        index: IndexId,
        /// The summand.
        body: TypedId,
    },
    /// `J[i,j] = body`: the array whose entry at the indices is the scalar `body`. One index gives a
    /// column, two give a matrix.
    Tabulate {
        /// The open indices: rows, then columns.
        indices: Vec<IndexId>,
        /// A scalar.
        body: TypedId,
    },
    /// `G[i] = body` with a body that is no scalar: a family. The node has the shape of a member, and
    /// is legal only as a definition, as a result, and under [`Operation::Member`].
    Family {
        /// The open index.
        index: IndexId,
        /// A member.
        body: TypedId,
    },
}

/// A node with its shape and place.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedNode {
    /// The operation.
    pub operation: Operation,
    /// The shape.
    pub shape: Shape,
    /// The place in the source.
    pub span: Span,
}

/// An index bound by `sum[i]`.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundIndex {
    /// The name as written.
    pub name: String,
    /// How far it runs.
    pub range: DimensionId,
}

/// A typed tree with the tables its nodes refer to.
#[derive(Clone, Debug, Default)]
pub struct TypedTree {
    /// The nodes, children first.
    pub nodes: Vec<TypedNode>,
    /// The variables in order of first appearance.
    pub variables: Vec<Variable>,
    /// The bound indices.
    pub indices: Vec<BoundIndex>,
    /// The dimensions.
    pub dimensions: Dimensions,
}

impl TypedTree {
    /// The node of an id.
    #[must_use]
    pub fn node(&self, id: TypedId) -> &TypedNode {
        &self.nodes[id.0 as usize]
    }

    /// The shape of a node.
    #[must_use]
    pub fn shape(&self, id: TypedId) -> Shape {
        self.node(id).shape
    }

    /// The variable of an id.
    #[must_use]
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.0 as usize]
    }

    /// The index of a family that a name is bound to, or that a result is.
    #[must_use]
    pub fn family_index(&self, id: TypedId) -> Option<IndexId> {
        let mut at = id;
        loop {
            match &self.node(at).operation {
                Operation::Binding { value, .. } => at = *value,
                Operation::Family { index, .. } => return Some(*index),
                _ => return None,
            }
        }
    }

    /// The variable with a name.
    #[must_use]
    pub fn variable_named(&self, name: &str) -> Option<VariableId> {
        let at = self.variables.iter().position(|variable| variable.name == name)?;
        Some(VariableId(u32::try_from(at).ok()?))
    }

    /// Visits the direct children of a node in order.
    pub fn children(&self, id: TypedId, visit: impl FnMut(TypedId)) {
        self.node(id).operation.visit(visit);
    }
}

impl Operation {
    /// Visits the direct children in order.
    pub fn visit(&self, mut visit: impl FnMut(TypedId)) {
        match self {
            Operation::Number(_)
            | Operation::Pi
            | Operation::Infinity
            | Operation::Dimension(_)
            | Operation::Variable(_)
            | Operation::Rows(_)
            | Operation::Identity => {}
            Operation::Binding { value: a, .. }
            | Operation::Fill(a)
            | Operation::Negate(a)
            | Operation::Transpose(a)
            | Operation::ConjugateTranspose(a)
            | Operation::Differential(a)
            | Operation::Mapped { argument: a, .. }
            | Operation::Scalar { argument: a, .. }
            | Operation::Path { argument: a, .. }
            | Operation::Member { base: a, .. }
            | Operation::Slice { base: a, .. }
            | Operation::IndexedSum { body: a, .. }
            | Operation::Tabulate { body: a, .. }
            | Operation::Family { body: a, .. } => visit(*a),
            Operation::Add(a, b)
            | Operation::Subtract(a, b)
            | Operation::Multiply(a, b)
            | Operation::Scale(a, b)
            | Operation::Hadamard(a, b)
            | Operation::Quotient(a, b)
            | Operation::LeftDivide(a, b)
            | Operation::RightDivide(a, b)
            | Operation::Power(a, b)
            | Operation::MatrixPower(a, b) => {
                visit(*a);
                visit(*b);
            }
            Operation::Limit { body, point, .. } => {
                visit(*body);
                visit(*point);
            }
            Operation::Integral { body, bounds, .. } => {
                visit(*body);
                bounds.iter().flatten().copied().for_each(visit);
            }
            Operation::Call { arguments, .. } => arguments.iter().copied().for_each(visit),
            Operation::Block(rows) => rows.iter().flatten().copied().for_each(visit),
        }
    }
}
