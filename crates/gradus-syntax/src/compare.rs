//! Equality of trees up to places and up to the order in which texts and expressions were added.
//!
//! Must not know the grammar.

use crate::tree::{Declaration, Expr, ExprId, Index, KindSyntax, Statement, TextId, Tree};

impl Tree {
    /// Whether two trees have the same statements, wherever they were written.
    #[must_use]
    pub fn same_as(&self, other: &Tree) -> bool {
        let mut comparison = Comparison { left: self, right: other, pending: Vec::new() };
        self.statements.len() == other.statements.len()
            && self
                .statements
                .iter()
                .zip(&other.statements)
                .all(|((left, _), (right, _))| comparison.statement(left, right))
    }

    /// Whether two expressions of two trees are the same, wherever they were written.
    #[must_use]
    pub fn same_expression(&self, id: ExprId, other: &Tree, other_id: ExprId) -> bool {
        Comparison { left: self, right: other, pending: Vec::new() }.expression(id, other_id)
    }

    /// Calls a function with each child of an expression, from left to right.
    pub fn for_each_child(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        match self.expr(id) {
            Expr::Number(_) | Expr::Name(_) => {}
            Expr::Unary(_, operand) | Expr::Postfix(_, operand) | Expr::Norm(operand) => {
                visit(*operand)
            }
            Expr::Binary(_, left, right) => {
                visit(*left);
                visit(*right);
            }
            Expr::Call { arguments, .. } | Expr::Mapped { arguments, .. } => {
                arguments.iter().copied().for_each(visit)
            }
            Expr::IndexedSum { body, .. } => visit(*body),
            Expr::Indexed { base, indices } => {
                visit(*base);
                for index in indices {
                    match *index {
                        Index::At(at) => visit(at),
                        Index::Range(lower, upper) => {
                            lower.into_iter().chain(upper).for_each(&mut visit)
                        }
                    }
                }
            }
            Expr::Matrix(rows) => rows.iter().flatten().copied().for_each(visit),
        }
    }

    /// The names that the declarations among the statements declare, in order.
    #[must_use]
    pub fn declared_names(&self) -> Vec<&str> {
        let declarations = self.statements.iter().filter_map(|(statement, _)| match statement {
            Statement::Declaration(declaration) => Some(declaration),
            _ => None,
        });
        declarations
            .flat_map(|declaration| &declaration.names)
            .map(|&(name, _)| self.text(name))
            .collect()
    }
}

struct Comparison<'t> {
    left: &'t Tree,
    right: &'t Tree,
    pending: Vec<(ExprId, ExprId)>,
}

impl Comparison<'_> {
    fn text(&self, left: TextId, right: TextId) -> bool {
        self.left.text(left) == self.right.text(right)
    }

    fn texts(&self, left: &[TextId], right: &[TextId]) -> bool {
        left.len() == right.len()
            && left.iter().zip(right).all(|(&left, &right)| self.text(left, right))
    }

    fn statement(&mut self, left: &Statement, right: &Statement) -> bool {
        match (left, right) {
            (Statement::Expression(left), Statement::Expression(right)) => {
                self.expression(*left, *right)
            }
            (
                Statement::Binding { name, value, .. },
                Statement::Binding { name: other_name, value: other_value, .. },
            ) => self.text(*name, *other_name) && self.expression(*value, *other_value),
            (
                Statement::Function { name, parameters, body, .. },
                Statement::Function {
                    name: other_name,
                    parameters: other_parameters,
                    body: other_body,
                    ..
                },
            ) => {
                self.text(*name, *other_name)
                    && self.texts(parameters, other_parameters)
                    && self.expression(*body, *other_body)
            }
            (
                Statement::IndexForm { name, indices, value },
                Statement::IndexForm {
                    name: other_name,
                    indices: other_indices,
                    value: other_value,
                },
            ) => {
                self.text(*name, *other_name)
                    && self.texts(indices, other_indices)
                    && self.expression(*value, *other_value)
            }
            (
                Statement::LinearMap { parameters, value },
                Statement::LinearMap { parameters: other_parameters, value: other_value },
            ) => self.texts(parameters, other_parameters) && self.expression(*value, *other_value),
            (Statement::Declaration(left), Statement::Declaration(right)) => {
                self.declaration(left, right)
            }
            _ => false,
        }
    }

    fn declaration(&mut self, left: &Declaration, right: &Declaration) -> bool {
        let names = |declaration: &Declaration| {
            declaration.names.iter().map(|&(name, _)| name).collect::<Vec<_>>()
        };
        self.texts(&names(left), &names(right)) && self.kind(&left.kind, &right.kind)
    }

    fn kind(&mut self, left: &KindSyntax, right: &KindSyntax) -> bool {
        let words =
            |kind: &KindSyntax| kind.words.iter().map(|&(word, _)| word).collect::<Vec<_>>();
        let parameter = |kind: &KindSyntax| kind.parameter.into_iter().collect::<Vec<_>>();
        self.texts(&words(left), &words(right))
            && self.texts(&parameter(left), &parameter(right))
            && left.sizes.len() == right.sizes.len()
            && left.family.is_some() == right.family.is_some()
            && left
                .sizes
                .iter()
                .zip(&right.sizes)
                .all(|(&left, &right)| self.expression(left, right))
            && left
                .family
                .zip(right.family)
                .is_none_or(|(left, right)| self.expression(left, right))
    }

    fn expression(&mut self, left: ExprId, right: ExprId) -> bool {
        self.pending.push((left, right));
        while let Some((left, right)) = self.pending.pop() {
            if !self.node(left, right) {
                self.pending.clear();
                return false;
            }
        }
        true
    }

    /// Compares two nodes without their children, which are put among the pending ones.
    fn node(&mut self, left: ExprId, right: ExprId) -> bool {
        let same = match (self.left.expr(left), self.right.expr(right)) {
            (Expr::Number(left), Expr::Number(right)) | (Expr::Name(left), Expr::Name(right)) => {
                self.text(*left, *right)
            }
            (Expr::Unary(left, _), Expr::Unary(right, _)) => left == right,
            (Expr::Binary(left, ..), Expr::Binary(right, ..)) => left == right,
            (Expr::Postfix(left, _), Expr::Postfix(right, _)) => left == right,
            (
                Expr::Call { function, derivative, .. },
                Expr::Call { function: other_function, derivative: other_derivative, .. },
            )
            | (
                Expr::Mapped { function, derivative, .. },
                Expr::Mapped { function: other_function, derivative: other_derivative, .. },
            ) => derivative == other_derivative && self.text(*function, *other_function),
            (
                Expr::IndexedSum { mean, indices, .. },
                Expr::IndexedSum { mean: other_mean, indices: other_indices, .. },
            ) => mean == other_mean && self.texts(indices, other_indices),
            (Expr::Indexed { indices, .. }, Expr::Indexed { indices: other, .. }) => {
                indices.len() == other.len()
                    && indices.iter().zip(other).all(|(&left, &right)| same_form(left, right))
            }
            (Expr::Matrix(rows), Expr::Matrix(other)) => {
                rows.len() == other.len()
                    && rows.iter().zip(other).all(|(row, other)| row.len() == other.len())
            }
            (Expr::Norm(_), Expr::Norm(_)) => true,
            _ => false,
        };
        same && self.push_children(left, right)
    }

    /// Puts the children of two nodes among the pending ones, unless their numbers differ.
    fn push_children(&mut self, left: ExprId, right: ExprId) -> bool {
        let mut children = Vec::new();
        self.left.for_each_child(left, |child| children.push(child));
        let mut others = Vec::new();
        self.right.for_each_child(right, |child| others.push(child));
        let same = children.len() == others.len();
        self.pending.extend(children.into_iter().zip(others));
        same
    }
}

/// Whether two indices have the same ends.
fn same_form(left: Index, right: Index) -> bool {
    match (left, right) {
        (Index::At(_), Index::At(_)) => true,
        (Index::Range(lower, upper), Index::Range(other_lower, other_upper)) => {
            lower.is_some() == other_lower.is_some() && upper.is_some() == other_upper.is_some()
        }
        _ => false,
    }
}
