//! Points: values of some variables, read together with the program that they are variables of.
//!
//! Must not know what is done at a point.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{ExprId, Statement};

use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::names::{Meaning, NameId};
use crate::run::Outcome;
use crate::solve::One;
use crate::typed::{Nature, Operation, Shape, TypedId, VariableId};

impl Engine<'_> {
    /// Demands that the results after the first one are values of variables of the first source. A
    /// number stands for an array of it.
    pub(crate) fn at_points(&mut self, names: &[&str], outcome: &mut Outcome) -> Step<()> {
        for (position, name) in names.iter().enumerate() {
            let source = position + 1;
            let Some(value) = outcome.results.get(source).copied() else {
                return Err(Diagnostic::internal("a point without a value").into());
            };
            let (variable, id) = self.point_variable(source, name, outcome)?;
            if outcome.points.iter().any(|(known, _)| *known == variable) {
                let message = format!("`{name}` has two points");
                let error = Diagnostic::bad_input("point", message);
                let error = error.label(self.typed.node(value).span, "the second one");
                return Err(error.hint("one --at for each variable").into());
            }
            let value = self.point_value(source, (variable, id), value)?;
            outcome.results[source] = value;
            outcome.points.push((variable, value));
        }
        Ok(())
    }

    fn point_variable(
        &mut self,
        source: usize,
        text: &str,
        outcome: &Outcome,
    ) -> Step<(VariableId, NameId)> {
        let known = self.names.find(text).map(|name| (name, self.names.get(name).meaning));
        let variable = match known {
            Some((name, Meaning::Variable(variable)))
                if (variable.0 as usize) < outcome.first_variables =>
            {
                Ok((variable, name))
            }
            Some((_, Meaning::Bound(_))) => Err("is bound by the program and no variable"),
            _ => Err("is no variable of the program"),
        };
        let span = self.source_span(source);
        let refused = |message: String| {
            let error = Diagnostic::bad_input("name", message).label(span, "its point");
            error.hint("a point is given to a variable that stands in the program: --at 'x=x0'")
        };
        let (variable, name) = match variable {
            Ok(found) => found,
            Err(what) => return Err(refused(format!("`{text}` {what}")).into()),
        };
        let declared = self.typed.variable(variable);
        if declared.nature != Nature::Array {
            return Err(refused(format!("`{text}` is a function and has no point")).into());
        }
        if !declared.family.is_empty() {
            let error = Diagnostic::unsupported(format!(
                "a point of the family `{text}` is not supported yet"
            ));
            return Err(error.label(span, "its point").into());
        }
        Ok((variable, name))
    }

    /// A value in the shape of its variable.
    fn point_value(
        &mut self,
        source: usize,
        (variable, name): (VariableId, NameId),
        value: TypedId,
    ) -> Step<TypedId> {
        let wanted = self.typed.variable(variable).shape;
        let plain =
            self.solver.one(wanted.rows) == One::Yes && self.solver.one(wanted.columns) == One::Yes;
        if !plain && self.is_scalar(value) && !self.has_variables(value) {
            let span = self.typed.node(value).span;
            return Ok(self.node_at(Operation::Fill(value), wanted, span));
        }
        let found = self.shape(value);
        let fits = self.solver.unify(wanted.rows, found.rows).is_ok()
            && self.solver.unify(wanted.columns, found.columns).is_ok();
        if fits { Ok(value) } else { Err(self.wrong_point(source, name, [wanted, found], value)) }
    }

    fn wrong_point(
        &mut self,
        source: usize,
        name: NameId,
        [wanted, found]: [Shape; 2],
        value: TypedId,
    ) -> Box<Failure> {
        let text = self.names.get(name).text.clone();
        let phrases = [wanted, found].map(|shape| self.shape_phrase(shape));
        let message = format!("`{text}` {}, its point {}", phrases[0], phrases[1]);
        let error = Diagnostic::bad_input("shape", message);
        let mut error = error.label(self.typed.node(value).span, "this point");
        let declared = self.names.get(name).declared.is_some();
        let sizes = [found.rows, found.columns];
        let [rows, columns] = sizes.map(|side| self.solver.resolve(side));
        let known = [rows, columns].iter().all(|side| self.solver.is_known(*side));
        let turned = self.solver.could_equal(wanted.rows, found.columns)
            && self.solver.could_equal(wanted.columns, found.rows);
        if turned {
            error = error.hint("the point transposed may be meant: rows are separated by `;`");
        } else if declared && known {
            let kind = self.proposed_kind(name, Shape { rows, columns });
            error = error.hint(format!("declare the size of the point: --let '{text}: {kind}'"));
        }
        let mendable = self.last_expression(source).map(|expr| (source, expr));
        Box::new(Failure { diagnostic: error.into(), mendable })
    }

    /// Whether a variable stands in what a node is made of.
    fn has_variables(&self, root: TypedId) -> bool {
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if matches!(
                self.typed.node(id).operation,
                Operation::Variable(_) | Operation::Rows(_) | Operation::Path { .. }
            ) {
                return true;
            }
            self.typed.children(id, |child| open.push(child));
        }
        false
    }

    fn last_expression(&self, source: usize) -> Option<ExprId> {
        let statements = &self.sources[source].source.tree.statements;
        statements.iter().rev().find_map(|(statement, _)| match statement {
            Statement::Expression(expr) => Some(*expr),
            _ => None,
        })
    }

    fn source_span(&mut self, source: usize) -> gradus_diagnostics::Span {
        self.enter_source(source);
        self.last_expression(source).map_or_else(Default::default, |expr| self.span(expr))
    }
}
