//! The surface tree: what was written, without meaning.
//!
//! Must not know shapes or what a name stands for. The tree is an arena, so that clones, drops and
//! debug prints never recurse on the depth of an expression.

use gradus_diagnostics::Span;

/// An expression in a [`Tree`]. Children have smaller ids than their parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// An interned text in a [`Tree`]: a name, or the text of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(pub u32);

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-x`
    Minus,
    /// `+x`
    Plus,
}

/// Infix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `A * B`, also `·`
    Multiply,
    /// `a / b`
    Divide,
    /// `A \ b`
    LeftDivide,
    /// `A .* B`, also `⊙`
    ElementwiseMultiply,
    /// `A ./ B`
    ElementwiseDivide,
    /// `a ^ b`
    Power,
    /// `a .^ b`
    ElementwisePower,
    /// `A ⊗ B`
    Kronecker,
}

/// Postfix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostfixOperator {
    /// `A'`, `A.'`, `A^T`, `Aᵀ`
    Transpose,
    /// `A^H`, `Aᴴ`
    ConjugateTranspose,
    /// `A⁻¹`
    Inverse,
    /// `0+`, only as the point of a limit
    FromAbove,
    /// `0-`, only as the point of a limit
    FromBelow,
}

/// One index between `[` and `]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// `x[i]`, `x[3]`, `X[k+1, j]`
    At(ExprId),
    /// `1:k`, `:`, `2:`; both ends included, counted from 1.
    Range(Option<ExprId>, Option<ExprId>),
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A number; the text is as written.
    Number(TextId),
    /// A name.
    Name(TextId),
    /// A prefix operator.
    Unary(UnaryOperator, ExprId),
    /// An infix operator.
    Binary(BinaryOperator, ExprId, ExprId),
    /// A postfix operator.
    Postfix(PostfixOperator, ExprId),
    /// `f(a, b)`, and with derivative marks `A'(t)`.
    Call {
        /// The name before the parenthesis.
        function: TextId,
        /// How many derivative marks follow the name.
        derivative: u8,
        /// The arguments.
        arguments: Vec<ExprId>,
    },
    /// `f.(X)`, and with derivative marks `f'.(X)`: the function is applied to each entry.
    Mapped {
        /// The name before the dot.
        function: TextId,
        /// How many derivative marks follow the name.
        derivative: u8,
        /// The arguments.
        arguments: Vec<ExprId>,
    },
    /// `sum[i](body)`, `mean[i, j](body)`.
    IndexedSum {
        /// Whether the name was `mean`.
        mean: bool,
        /// The index names.
        indices: Vec<TextId>,
        /// The summand.
        body: ExprId,
    },
    /// `x[i]`, `X[1:k, :]`.
    Indexed {
        /// What is indexed.
        base: ExprId,
        /// The indices, at least one.
        indices: Vec<Index>,
    },
    /// `[a, b; c, d]`: rows of scalars or blocks.
    Matrix(Vec<Vec<ExprId>>),
    /// `‖x‖`.
    Norm(ExprId),
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Statement {
    /// An expression; as the last statement it is the function.
    Expression(ExprId),
    /// `Y = A*X`.
    Binding {
        /// The bound name.
        name: TextId,
        /// Where the name stands.
        name_span: Span,
        /// The value.
        value: ExprId,
    },
    /// `swish(x) = x.*sigmoid(x)`.
    Function {
        /// The name of the function.
        name: TextId,
        /// Where the name stands.
        name_span: Span,
        /// The parameters.
        parameters: Vec<TextId>,
        /// The body.
        body: ExprId,
    },
    /// `J[i,j] = A[i,k]*B[k,j]`: index form; an index only on the right is summed.
    IndexForm {
        /// The name on the left.
        name: TextId,
        /// The open indices.
        indices: Vec<TextId>,
        /// The value.
        value: ExprId,
    },
    /// `dX -> A*dX*B`: a linear map.
    LinearMap {
        /// The parameters.
        parameters: Vec<TextId>,
        /// The value.
        value: ExprId,
    },
    /// `X, Y: positive matrix(m,n)[N]`.
    Declaration(Declaration),
}

/// `X, Y: complex matrix(m,n)(t)[N]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Declaration {
    /// The declared names with their places.
    pub names: Vec<(TextId, Span)>,
    /// The kind as written.
    pub kind: KindSyntax,
}

/// A kind as written: prefixes, head, sizes, argument, family range. Which heads and prefixes exist
/// is decided by the elaborator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KindSyntax {
    /// All the words: `complex`, `positive`, `symmetric`, `matrix`, … in the order written.
    pub words: Vec<(TextId, Span)>,
    /// The sizes in parentheses, empty if none were written.
    pub sizes: Vec<ExprId>,
    /// The parameter of a function matrix: `t` in `matrix(m,n)(t)`.
    pub parameter: Option<TextId>,
    /// The range of a family: `N` in `vector(d)[N]`.
    pub family: Option<ExprId>,
    /// The place of the whole kind.
    pub span: Span,
}

/// The surface tree of one source text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The expressions.
    pub exprs: Vec<Expr>,
    /// The place of each expression.
    pub spans: Vec<Span>,
    /// The interned texts.
    pub texts: Vec<String>,
    /// The statements with their places, in order.
    pub statements: Vec<(Statement, Span)>,
}

impl Tree {
    /// The expression of an id.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// The place of an expression.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.spans[id.0 as usize]
    }

    /// The text of an id.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        &self.texts[id.0 as usize]
    }
}
