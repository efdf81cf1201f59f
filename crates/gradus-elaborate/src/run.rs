//! One attempt: the statements of every source under one reading of the names.
//!
//! Must not know which reading is tried, or why.

use gradus_diagnostics::{Diagnostic, Span};
use gradus_syntax::tree::{Expr, ExprId, Statement, TextId};
use gradus_tensor::DimensionId;

use crate::describe::shortened;
use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::names::{Meaning, NameId};
use crate::solve::{Conflict, One, Postponed};
use crate::typed::{Nature, Operation, TypedId, VariableId};

/// At most this many variables are named beside an equation.
const MAXIMUM_OWNERS: usize = 4;

/// What the sources came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) results: Vec<TypedId>,
    pub(crate) bindings: Vec<(String, TypedId)>,
    pub(crate) map_parameters: Vec<VariableId>,
    /// How many variables stand in the first source.
    pub(crate) first_variables: usize,
    /// Variables with their values at the point that is asked about.
    pub(crate) points: Vec<(VariableId, TypedId)>,
    /// The sides of the equations that are assumed.
    pub(crate) equations: Vec<[TypedId; 2]>,
}

impl Engine<'_> {
    /// Reads the statements of a source; gives the value of the last one.
    pub(crate) fn run_source(&mut self, source: usize, outcome: &mut Outcome) -> Step<()> {
        self.enter_source(source);
        let tree = self.tree();
        for (statement, _) in &tree.statements {
            if let Statement::Binding { name, .. } | Statement::IndexForm { name, .. } = statement {
                let name = self.name_id(*name);
                self.names.get_mut(name).bound_later = true;
            }
        }
        let is_value = |statement: &Statement| {
            !matches!(statement, Statement::Declaration(_) | Statement::Function { .. })
        };
        let last = tree.statements.iter().rposition(|(statement, _)| is_value(statement));
        let Some(last) = last else {
            let mut error = Diagnostic::bad_input("program", "there is no expression");
            if let Some((Statement::Function { body, .. }, span)) = tree.statements.last() {
                let text = self.text_of(*body).to_owned();
                error = error.label(self.shifted(*span), "a function is defined, and not used");
                return Err(error.hint(format!("its value alone: {text}")).into());
            }
            if let Some((_, span)) = tree.statements.last() {
                error = error.label(self.shifted(*span), "the function should follow");
            }
            return Err(error.hint("end the program with the function: x: vector(n); x'*x").into());
        };
        for (position, (statement, span)) in tree.statements.iter().enumerate() {
            let is_last = position == last;
            if let Some(value) = self.statement(statement, *span, is_last, outcome)?
                && is_last
            {
                outcome.results.push(value);
            }
        }
        Ok(())
    }

    fn statement(
        &mut self,
        statement: &Statement,
        span: Span,
        is_last: bool,
        outcome: &mut Outcome,
    ) -> Step<Option<TypedId>> {
        match statement {
            Statement::Declaration(_) | Statement::Function { .. } => Ok(None),
            Statement::Expression(expr) => {
                self.refuse_early(is_last, span)?;
                self.value(*expr).map(Some)
            }
            Statement::Binding { name, name_span, value } => {
                let name = self.name_id(*name);
                let span = self.shifted(*name_span);
                self.check_bindable(name, span)?;
                let value = self.value(*value)?;
                self.bind(name, value, span, outcome).map(Some)
            }
            Statement::IndexForm { name, indices, value } => {
                let name = self.name_id(*name);
                let span = self.shifted(span);
                self.check_bindable(name, span)?;
                let value = self.tabulated(*value, indices, *value)?;
                self.bind(name, value, span, outcome).map(Some)
            }
            Statement::LinearMap { parameters, value } => {
                self.refuse_early(is_last, span)?;
                self.linear_map(parameters, *value, span, outcome).map(Some)
            }
        }
    }

    fn refuse_early(&self, is_last: bool, span: Span) -> Step<()> {
        if is_last {
            return Ok(());
        }
        let error =
            Diagnostic::bad_input("program", "only the last statement may be an expression");
        let error = error.label(self.shifted(span), "this value is not used");
        Err(error.hint("bind it to a name: t = …").into())
    }

    fn check_bindable(&mut self, name: NameId, span: Span) -> Step<()> {
        let known = self.names.get(name);
        let text = known.text.clone();
        if let Meaning::Variable(variable) = known.meaning {
            let message = format!("`{text}` is a variable and cannot be bound");
            let error = Diagnostic::bad_input("name", message).label(span, "bound here");
            let first = self.typed.variable(variable).span;
            let error = error.label(first, "a variable here");
            return Err(error.hint(format!("choose another name: {text}1 = …")).into());
        }
        if !known.bound_later {
            let error = Diagnostic::bad_input("name", format!("`{text}` is bound twice"));
            let error = error.label(span, "the second time");
            return Err(error.hint(format!("choose another name: {text}1 = …")).into());
        }
        Ok(())
    }

    fn bind(
        &mut self,
        name: NameId,
        value: TypedId,
        span: Span,
        outcome: &mut Outcome,
    ) -> Step<TypedId> {
        let text = self.name_text(name).to_owned();
        let shape = self.shape(value);
        let id = self.node_at(Operation::Binding { name: text.clone(), value }, shape, span);
        let known = self.names.get_mut(name);
        known.bound_later = false;
        known.meaning = Meaning::Bound(id);
        outcome.bindings.push((text, id));
        Ok(id)
    }

    fn linear_map(
        &mut self,
        parameters: &[TextId],
        value: ExprId,
        span: Span,
        outcome: &mut Outcome,
    ) -> Step<TypedId> {
        let body = self.value(value)?;
        for parameter in parameters {
            let name = self.name_id(*parameter);
            let variable = match self.variable_of(value, name)? {
                Some(variable) => variable,
                None if self.guessing && self.names.get(name).meaning == Meaning::Unseen => {
                    self.guessed_variable(name, self.shifted(span))
                }
                None => {
                    let message =
                        format!("the parameter `{}` is no variable", self.name_text(name));
                    let error = Diagnostic::bad_input("name", message);
                    let error = error.label(self.shifted(span), "in this linear map");
                    return Err(error.hint("dX -> A*dX*B").into());
                }
            };
            outcome.map_parameters.push(variable);
        }
        Ok(body)
    }

    /// Demands that the results have one shape, except that scalars may stand for arrays.
    pub(crate) fn same_shapes(&mut self, source: usize, results: &[TypedId]) -> Step<()> {
        let mut first: Option<TypedId> = None;
        for result in results {
            if self.is_scalar(*result) {
                continue;
            }
            let Some(before) = first else {
                first = Some(*result);
                continue;
            };
            let (a, b) = (self.shape(before), self.shape(*result));
            let fits = self.solver.unify(a.rows, b.rows).is_ok()
                && self.solver.unify(a.columns, b.columns).is_ok();
            if !fits {
                let span = self.typed.node(*result).span;
                let (first, second) = (self.shape_phrase(a), self.shape_phrase(b));
                let error = Diagnostic::bad_input("shape", "the sides differ in size");
                let mut error =
                    error.label(span, format!("this side {second}, the one before {first}"));
                if self.solver.could_equal(a.rows, b.columns)
                    && self.solver.could_equal(a.columns, b.rows)
                {
                    let text = self.side_text(source);
                    let word = text.chars().all(|letter| letter.is_alphanumeric());
                    let transposed = match text.strip_suffix('\'') {
                        Some(rest) if rest.chars().all(char::is_alphanumeric) => rest.to_owned(),
                        _ if word => format!("{text}'"),
                        _ => format!("({text})'"),
                    };
                    error = error.hint(format!("one side transposed: {transposed}"));
                }
                let statements = &self.sources[source].source.tree.statements;
                let expr = statements.iter().rev().find_map(|(statement, _)| match statement {
                    Statement::Expression(expr) => Some(*expr),
                    _ => None,
                });
                let mendable = expr.map(|expr| (source, expr));
                return Err(Box::new(Failure { diagnostic: error.into(), mendable }));
            }
        }
        Ok(())
    }

    /// The text of the last expression of a source.
    fn side_text(&self, source: usize) -> String {
        let source = &self.sources[source].source;
        let last = source.tree.statements.iter().rev().find_map(|(statement, _)| match statement {
            Statement::Expression(expr) => Some(source.tree.span(*expr)),
            _ => None,
        });
        let text = last.and_then(|span| source.text.get(span.start as usize..span.end as usize));
        shortened(text.unwrap_or("…"))
    }

    /// Solves what waits, decides what is still open, and refuses what stays undetermined.
    pub(crate) fn close(&mut self) -> Step<()> {
        if self.solver.is_trivial() {
            return Ok(());
        }
        self.settle()?;
        if !self.solver.postponed().is_empty() {
            self.align()?;
            self.square_guesses()?;
            self.settle()?;
        }
        self.solver.resolve_all();
        self.check_sizes()?;
        let literals = std::mem::take(&mut self.literals);
        for literal in &literals {
            let shape = self.shape(literal.node);
            if self.solver.one(shape.columns) == One::Perhaps
                && self.solver.one(shape.rows) != One::Perhaps
            {
                self.solver.decide(shape.columns, gradus_tensor::Dimensions::ONE);
            }
        }
        self.settle()?;
        self.check_sizes()?;
        if let Some(equation) = self.solver.postponed().first().copied() {
            return Err(self.unsolved(equation));
        }
        if literals.is_empty() {
            return Ok(());
        }
        let owned = self.owned_unknowns();
        for literal in literals {
            let shape = self.shape(literal.node);
            for side in [shape.rows, shape.columns] {
                if self
                    .solver
                    .unknowns(side)
                    .iter()
                    .any(|unknown| owned.binary_search(unknown).is_err())
                {
                    return Err(self.undetermined(literal.source, literal.expr));
                }
            }
        }
        Ok(())
    }

    /// Reads undeclared matrices as square, one after the other, while products of their sizes must be
    /// equal and are not determined.
    fn square_guesses(&mut self) -> Step<()> {
        if !self.guessing {
            return Ok(());
        }
        for position in 0..self.typed.variables.len() {
            if self.solver.postponed().is_empty() {
                return Ok(());
            }
            let variable = &self.typed.variables[position];
            let shape = variable.shape;
            if variable.declared || variable.nature != Nature::Array {
                continue;
            }
            let (rows, columns) =
                (self.solver.resolve(shape.rows), self.solver.resolve(shape.columns));
            let opposite = rows != columns
                && self.solver.is_unknown(rows)
                && self.solver.is_unknown(columns)
                && self.on_opposite_sides(rows, columns);
            if opposite && self.solver.unify(rows, columns).is_ok() {
                self.settle()?;
            }
        }
        Ok(())
    }

    /// Whether an equation that waits has one size on its left and the other on its right.
    fn on_opposite_sides(&mut self, a: DimensionId, b: DimensionId) -> bool {
        self.solver.postponed().to_vec().into_iter().any(|equation| {
            let left = self.solver.unknowns(equation.left);
            let right = self.solver.unknowns(equation.right);
            left.contains(&a) && right.contains(&b) || left.contains(&b) && right.contains(&a)
        })
    }

    /// The unknown sizes of variables, sorted.
    fn owned_unknowns(&mut self) -> Vec<DimensionId> {
        let mut owned = Vec::new();
        for position in 0..self.typed.variables.len() {
            let shape = self.typed.variables[position].shape;
            for side in [shape.rows, shape.columns] {
                if !self.solver.is_known(side) {
                    owned.extend(self.solver.unknowns(side));
                }
            }
        }
        owned.sort_unstable();
        owned.dedup();
        owned
    }

    pub(crate) fn settle(&mut self) -> Step<()> {
        match self.solver.settle() {
            Ok(()) => Ok(()),
            Err((equation, Conflict::Differ)) => Err(self.impossible(equation)),
            Err((_, Conflict::TooLarge)) => {
                Err(Diagnostic::limit("the equations between sizes are too large").into())
            }
        }
    }

    fn undetermined(&mut self, source: usize, expr: ExprId) -> Box<Failure> {
        self.enter_source(source);
        let text = self.short_text(expr);
        let hint = match text.as_str() {
            "eye" => "eye(n)".to_owned(),
            "ones" | "zeros" => format!("{text}(n), {text}(m,n)"),
            _ => {
                let value = match self.expr(expr) {
                    Expr::Call { arguments, .. } => arguments.first().copied(),
                    _ => None,
                };
                let value = value.map_or_else(|| "c".to_owned(), |value| self.factor_text(value));
                let filled = |sizes: &str| match value.as_str() {
                    "0" => format!("zeros({sizes})"),
                    "1" => format!("ones({sizes})"),
                    value => format!("{value}*ones({sizes})"),
                };
                match text.starts_with("vector") {
                    true => format!("n entries: {}", filled("n")),
                    false => format!("m×n entries: {}", filled("m,n")),
                }
            }
        };
        let error =
            Diagnostic::bad_input("shape", format!("the size of `{text}` is not determined"));
        let error = error.label(self.span(expr), "nothing around it gives a size").hint(hint);
        self.mendable(expr, error)
    }

    fn tagged(&mut self, tag: u64) -> ExprId {
        self.enter_source(usize::try_from(tag >> 32).unwrap_or(0));
        ExprId(u32::try_from(tag & u64::from(u32::MAX)).unwrap_or(0))
    }

    fn impossible(&mut self, equation: Postponed) -> Box<Failure> {
        let expr = self.tagged(equation.tag);
        self.shape_error(expr, |engine| {
            let (a, b) = (engine.size_text(equation.left), engine.size_text(equation.right));
            let message = format!("sizes differ in `{}`", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            error.label(engine.span(expr), format!("{a} and {b} cannot be equal"))
        })
    }

    /// `A is k×n, B is p×m`: the variables with a size that stands in an equation.
    fn owners(&mut self, equation: Postponed) -> String {
        let mut unknowns = self.solver.unknowns(equation.left);
        unknowns.extend(self.solver.unknowns(equation.right));
        let mut owners = Vec::new();
        for position in 0..self.typed.variables.len() {
            let variable = &self.typed.variables[position];
            let (name, shape) = (variable.name.clone(), variable.shape);
            let sides = [self.solver.resolve(shape.rows), self.solver.resolve(shape.columns)];
            if owners.len() < MAXIMUM_OWNERS && sides.iter().any(|side| unknowns.contains(side)) {
                owners.push(format!("{name} {}", self.shape_phrase(shape)));
            }
        }
        owners.join(", ")
    }

    /// An equation that cannot be solved alone: names both sizes and what would settle it. Another kind
    /// of a name could avoid the equation, but sizes are missing, not kinds.
    fn unsolved(&mut self, equation: Postponed) -> Box<Failure> {
        let expr = self.tagged(equation.tag);
        let (a, b) = (self.size_text(equation.left), self.size_text(equation.right));
        let message = format!("the sizes in `{}` are not determined", self.short_text(expr));
        let error = Diagnostic::bad_input("shape", message);
        let owners = self.owners(equation);
        let label = match owners.as_str() {
            "" => format!("{a} must equal {b}"),
            owners => format!("{a} must equal {b}, where {owners}"),
        };
        let error = error.label(self.span(expr), label);
        if self.explaining {
            self.propose_sizes();
        }
        error.into()
    }
}
