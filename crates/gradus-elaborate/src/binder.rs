//! `limit` and `int`: the second argument is a variable, a scalar.
//!
//! Must not know how limits and integrals are found.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{Expr, ExprId, PostfixOperator, Tree};

use crate::calls::Target;
use crate::engine::{Engine, Task};
use crate::failure::{Failure, Step};
use crate::implied::children;
use crate::names::{Binder, Kind, NameId, preference};
use crate::typed::{Approach, Operation, TypedId, VariableId};

impl Engine<'_> {
    /// The names in functions of a scalar are scalars, unless they are capitals.
    pub(crate) fn scan_binder(&mut self, tree: &Tree, arguments: &[ExprId]) {
        let mut open: Vec<ExprId> = arguments.to_vec();
        while let Some(expr) = open.pop() {
            if let Expr::Name(text) = tree.expr(expr) {
                let name = self.name_id(*text);
                let known = self.names.get_mut(name);
                known.scalar |= preference(&known.text) != Kind::Matrix && !known.transposed;
            }
            children(tree, expr, |child| open.push(child));
        }
        if let Some(Expr::Name(text)) = arguments.get(1).map(|variable| tree.expr(*variable)) {
            let name = self.name_id(*text);
            self.names.get_mut(name).scalar = true;
        }
    }

    pub(crate) fn visit_binder(
        &mut self,
        expr: ExprId,
        name: NameId,
        binder: Binder,
        arguments: &[ExprId],
    ) -> Step<()> {
        let fits = match binder {
            Binder::Limit => arguments.len() == 3,
            Binder::Integral => matches!(arguments.len(), 2 | 4),
        };
        if !fits {
            return Err(self.binder_arity(expr, name, binder, arguments.len()));
        }
        let variable = self.bound_variable(arguments[1], binder)?;
        let target = match (binder, arguments.len()) {
            (Binder::Limit, _) => Target::Limit(variable, self.approach(arguments[2])),
            (Binder::Integral, 2) => Target::Integral(variable),
            (Binder::Integral, _) => Target::DefiniteIntegral(variable),
        };
        self.tasks.push(Task::Apply(expr, target));
        self.tasks.extend(arguments[2..].iter().rev().map(|argument| Task::Visit(*argument)));
        self.tasks.push(Task::Visit(arguments[0]));
        Ok(())
    }

    fn approach(&self, point: ExprId) -> Approach {
        match self.expr(point) {
            Expr::Postfix(PostfixOperator::FromAbove, _) => Approach::FromAbove,
            Expr::Postfix(PostfixOperator::FromBelow, _) => Approach::FromBelow,
            _ => Approach::Both,
        }
    }

    /// The variable that the second argument names.
    fn bound_variable(&mut self, expr: ExprId, binder: Binder) -> Step<VariableId> {
        if let Expr::Name(text) = self.expr(expr) {
            let name = self.name_id(*text);
            let value = self.name_value(expr, name)?;
            if let Operation::Variable(variable) = self.typed.node(value).operation {
                if self.is_scalar(value) {
                    return Ok(variable);
                }
                let text = self.name_text(name);
                let error = Diagnostic::bad_input(
                    "variable",
                    format!("the variable `{text}` is no scalar"),
                );
                let error = error.label(self.span(expr), "a limit or integral is by a scalar");
                return Err(error.hint(format!("declare it: --let '{text}: scalar'")).into());
            }
        }
        let what = match binder {
            Binder::Limit => "a limit",
            Binder::Integral => "an integral",
        };
        let error =
            Diagnostic::bad_input("variable", format!("{what} needs the name of a variable"));
        let error = error.label(self.span(expr), "no variable");
        Err(error.hint(example(binder)).into())
    }

    fn binder_arity(
        &self,
        expr: ExprId,
        name: NameId,
        binder: Binder,
        count: usize,
    ) -> Box<Failure> {
        let text = self.name_text(name);
        let wanted = match binder {
            Binder::Limit => "3 arguments",
            Binder::Integral => "2 arguments, or 4 with bounds",
        };
        let error = Diagnostic::bad_input("call", format!("`{text}` takes {wanted}, not {count}"));
        error.label(self.span(expr), "here").hint(example(binder)).into()
    }

    pub(crate) fn apply_binder(&mut self, expr: ExprId, target: Target) -> Step<TypedId> {
        let operation = match target {
            Target::Limit(variable, approach) => {
                let point = self.scalar_argument(expr, 2)?;
                let body = self.pop();
                Operation::Limit { body, variable, point, approach }
            }
            Target::DefiniteIntegral(variable) => {
                let upper = self.scalar_argument(expr, 3)?;
                let lower = self.scalar_argument(expr, 2)?;
                let body = self.pop();
                Operation::Integral { body, variable, bounds: Some([lower, upper]) }
            }
            Target::Integral(variable) => {
                Operation::Integral { body: self.pop(), variable, bounds: None }
            }
            _ => return Err(Diagnostic::internal("no limit and no integral").into()),
        };
        let body = match operation {
            Operation::Limit { body, .. } | Operation::Integral { body, .. } => body,
            _ => return Err(Diagnostic::internal("no limit and no integral").into()),
        };
        let shape = self.shape(body);
        Ok(self.node(operation, shape, expr))
    }

    /// The value on the stack, which is an argument that must be a scalar.
    fn scalar_argument(&mut self, expr: ExprId, position: usize) -> Step<TypedId> {
        let value = self.pop();
        if self.is_scalar(value) {
            return Ok(value);
        }
        let place = match self.expr(expr) {
            Expr::Call { arguments, .. } => arguments.get(position).copied().unwrap_or(expr),
            _ => expr,
        };
        let error = Diagnostic::bad_input("shape", "a point or bound is no scalar");
        let error = error.label(self.span(place), "a scalar is wanted here");
        Err(self.mendable(place, error))
    }
}

/// What a right call looks like.
fn example(binder: Binder) -> &'static str {
    match binder {
        Binder::Limit => "limit(sin(x)/x, x, 0), from one side limit(1/x, x, 0+)",
        Binder::Integral => "int(x^2, x), with bounds int(x^2, x, 0, 1)",
    }
}
