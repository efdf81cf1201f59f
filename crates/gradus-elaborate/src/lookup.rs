//! What a name stands for where a value is wanted; variables are made here.
//!
//! Must not know operators.

use gradus_diagnostics::{Diagnostic, Span, closest};
use gradus_functions::{Structural, book};
use gradus_syntax::tree::ExprId;
use gradus_tensor::{Dimensions, Rational, Structure};

use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::kinds::Size;
use crate::names::{Kind, Meaning, NameId, Word};
use crate::typed::{IndexId, Nature, Operation, Shape, TypedId, Variable, VariableId};

impl Engine<'_> {
    /// The value of a name.
    pub(crate) fn name_value(&mut self, expr: ExprId, name: NameId) -> Step<TypedId> {
        if let Some(value) = self.parameter(name) {
            return Ok(value);
        }
        if let Some(index) = self.bound_index(name) {
            return self.index_number(expr, index);
        }
        match self.names.get(name).meaning {
            Meaning::Bound(value) if self.typed.family_index(value).is_some() => {
                Err(self.whole_family(expr, self.name_text(name)))
            }
            Meaning::Bound(value) => Ok(value),
            Meaning::Variable(variable) => self.variable_value(expr, variable),
            Meaning::Unseen => self.first_use(expr, name),
        }
    }

    /// An index as a number: the entry of the column of the numbers from 1, which are the sums of the rows
    /// of a lower triangle of ones.
    fn index_number(&mut self, expr: ExprId, index: IndexId) -> Step<TypedId> {
        let range = self.typed.indices[index.0 as usize].range;
        let function = book().structural(Structural::LowerTriangle);
        let function = function.ok_or_else(|| Diagnostic::internal("no lower triangles"))?;
        let square = Shape { rows: range, columns: range };
        let column = Shape { rows: range, columns: Dimensions::ONE };
        let one = self.number(Rational::ONE, expr);
        let all = self.fill(one, square, expr);
        let call = Operation::Call { function, arguments: vec![all], sizes: Vec::new() };
        let triangle = self.node(call, square, expr);
        let ones = self.fill(one, column, expr);
        let numbers = self.node(Operation::Multiply(triangle, ones), column, expr);
        let member = Operation::Member { base: numbers, indices: vec![index] };
        Ok(self.node(member, Shape::SCALAR, expr))
    }

    /// The node of a variable that stands for an array.
    fn variable_value(&mut self, expr: ExprId, id: VariableId) -> Step<TypedId> {
        let variable = self.typed.variable(id);
        let text = &variable.name;
        let error = match variable.nature {
            Nature::Array if variable.family.is_empty() => return Ok(self.variable_node(id)),
            Nature::Path { parameter } => {
                let shape = variable.shape;
                let argument = self.variable_node(parameter);
                let path = Operation::Path { function: id, order: 0, argument };
                return Ok(self.node(path, shape, expr));
            }
            // A family of scalars is a vector.
            Nature::Array if variable.shape.is_scalar() => return Ok(self.rows_node(expr, id)),
            Nature::Array => return Err(self.whole_family(expr, text)),
            Nature::ScalarFunction => {
                let error = Diagnostic::bad_input("name", format!("`{text}` is a function"));
                error.label(self.span(expr), "without an argument").hint(format!("{text}(X)"))
            }
            Nature::ElementwiseFunction => {
                let error = Diagnostic::bad_input("name", format!("`{text}` is a function"));
                error.label(self.span(expr), "without an argument").hint(format!("{text}.(X)"))
            }
        };
        Err(error.into())
    }

    fn whole_family(&self, expr: ExprId, text: &str) -> Box<Failure> {
        let error = Diagnostic::bad_input("family", format!("`{text}` is a family"));
        let error = error.label(self.span(expr), "a member is meant?");
        error.hint(format!("sum[i](… {text}[i] …)")).into()
    }

    /// The one node of a variable.
    pub(crate) fn variable_node(&mut self, id: VariableId) -> TypedId {
        let at = id.0 as usize;
        if self.variable_nodes.len() <= at {
            self.variable_nodes.resize(at + 1, None);
        }
        if let Some(node) = self.variable_nodes[at] {
            return node;
        }
        let variable = self.typed.variable(id);
        let (shape, span) = (variable.shape, variable.span);
        let node = self.node_at(Operation::Variable(id), shape, span);
        self.variable_nodes[at] = Some(node);
        node
    }

    fn first_use(&mut self, expr: ExprId, name: NameId) -> Step<TypedId> {
        let known = self.names.get(name);
        let (word, function) = (known.word, known.function);
        if known.bound_later {
            let message = format!("`{}` is used before it is bound", known.text);
            let error = Diagnostic::bad_input("name", message);
            let error = error.label(self.span(expr), "its binding comes later");
            return Err(error
                .hint(format!("put `{} = …` before this statement", known.text))
                .into());
        }
        if known.declared.is_none() {
            if let Some(dimension) = known.dimension {
                let number = Operation::Dimension(dimension);
                return Ok(self.node(number, Shape::SCALAR, expr));
            }
            match word {
                Word::Constructor(constructor) => {
                    return self.constructor(expr, constructor, &[], None);
                }
                Word::Function(_) | Word::Binder(_) | Word::Rows | Word::Differential => {
                    return Err(self.function_without_argument(expr, name));
                }
                _ if function.is_some() => {
                    return Err(self.function_without_argument(expr, name));
                }
                _ => {}
            }
        }
        if known.declared.is_none()
            && let Some(value) = self.bound_value_of_differential(name)
        {
            let shape = self.shape(value);
            return Ok(self.node(Operation::Differential(value), shape, expr));
        }
        if let Some(variable) = self.variable_of(expr, name)? {
            return self.variable_value(expr, variable);
        }
        match word {
            Word::Pi => return Ok(self.node(Operation::Pi, Shape::SCALAR, expr)),
            Word::Infinity => return Ok(self.node(Operation::Infinity, Shape::SCALAR, expr)),
            _ => {}
        }
        if !self.guessing {
            return Err(self.unknown_name(expr, name));
        }
        let id = self.guessed_variable(name, self.span(expr));
        Ok(self.variable_node(id))
    }

    /// The variable that a name stands for by its declaration or as a differential.
    pub(crate) fn variable_of(&mut self, expr: ExprId, name: NameId) -> Step<Option<VariableId>> {
        if let Meaning::Variable(variable) = self.names.get(name).meaning {
            return Ok(Some(variable));
        }
        if self.names.get(name).declared.is_some() {
            return self.declared_variable(name, Some(self.span(expr))).map(Some);
        }
        self.differential(expr, name)
    }

    /// Makes the variable of a declaration.
    pub(crate) fn declared_variable(
        &mut self,
        name: NameId,
        used: Option<Span>,
    ) -> Step<VariableId> {
        let known = self.names.get(name);
        if let Meaning::Variable(variable) = known.meaning {
            return Ok(variable);
        }
        let Some(declared) = known.declared.and_then(|at| self.declared.get(at as usize)).cloned()
        else {
            return Err(Diagnostic::internal("a declaration is missing").into());
        };
        let proposed = self.proposed.get(&name).copied();
        let rows = match (declared.rows, proposed) {
            (Size::Known(rows), _) => rows,
            (_, Some(shape)) => shape.rows,
            _ => self.solver.unknown(),
        };
        let columns = match (declared.columns, proposed) {
            (Size::Known(columns), _) => columns,
            (Size::AsRows, _) => rows,
            (Size::Inferred, Some(shape)) => shape.columns,
            (Size::Inferred, None) => self.solver.unknown(),
        };
        let nature = match declared.parameter {
            _ if declared.function => Nature::ScalarFunction,
            Some(parameter) => {
                Nature::Path { parameter: self.path_parameter(parameter, declared.span)? }
            }
            None => Nature::Array,
        };
        let id = self.new_variable(
            name,
            Variable {
                name: self.name_text(name).to_owned(),
                nature,
                shape: Shape { rows, columns },
                family: declared.family.into_iter().collect(),
                structure: declared.structure,
                positive: declared.positive,
                complex: declared.complex,
                declared: true,
                differential_of: None,
                span: used.unwrap_or(declared.span),
            },
        );
        Ok(id)
    }

    /// The scalar on which a function matrix depends.
    fn path_parameter(&mut self, name: NameId, span: Span) -> Step<VariableId> {
        let known = self.names.get(name);
        let id = match known.meaning {
            Meaning::Variable(variable) => variable,
            _ if known.declared.is_some() => {
                let at = known.declared.unwrap_or_default() as usize;
                // A chain of parameters would lead back to the variable itself.
                if self.declared.get(at).is_some_and(|declared| declared.parameter.is_some()) {
                    return Err(self.no_parameter(name, span));
                }
                self.declared_variable(name, Some(span))?
            }
            _ => {
                let text = known.text.to_string();
                self.new_variable(name, plain_variable(text, Shape::SCALAR, span))
            }
        };
        let variable = self.typed.variable(id);
        if variable.nature == Nature::Array
            && variable.shape.is_scalar()
            && variable.family.is_empty()
        {
            return Ok(id);
        }
        Err(self.no_parameter(name, span))
    }

    fn no_parameter(&self, name: NameId, span: Span) -> Box<Failure> {
        let text = self.name_text(name);
        let message = format!("the parameter `{text}` is no scalar");
        let error = Diagnostic::bad_input("kind", message).label(span, "declared here");
        error.hint(format!("{text}: scalar")).into()
    }

    /// A variable whose kind is read from its name.
    pub(crate) fn guessed_variable(&mut self, name: NameId, span: Span) -> VariableId {
        let known = self.names.get(name);
        let kind = known.departure.unwrap_or_else(|| known.preferred());
        let text = known.text.to_string();
        let shape = match kind {
            _ if self.proposed.contains_key(&name) => self.proposed[&name],
            Kind::Scalar => Shape::SCALAR,
            Kind::Vector => Shape { rows: self.solver.unknown(), columns: Dimensions::ONE },
            Kind::Matrix => Shape { rows: self.solver.unknown(), columns: self.solver.unknown() },
        };
        self.new_variable(name, plain_variable(text, shape, span))
    }

    /// The differential `dX` of a variable X.
    pub(crate) fn differential(&mut self, expr: ExprId, name: NameId) -> Step<Option<VariableId>> {
        let Some(rest) = self.names.get(name).text.strip_prefix('d') else { return Ok(None) };
        let Some(of) = self.names.find(rest) else { return Ok(None) };
        let known = self.names.get(of);
        if matches!(known.meaning, Meaning::Bound(_)) || known.bound_later {
            let message = format!("`d{rest}`, the differential of the binding `{rest}`");
            let error =
                Diagnostic::unsupported(message).label(self.span(expr), "not supported yet");
            return Err(error.hint(format!("declare it as a variable: d{rest}: matrix")).into());
        }
        let id = match known.meaning {
            Meaning::Variable(variable) => variable,
            _ if known.declared.is_some() => self.declared_variable(of, None)?,
            _ if self.guessing
                && known.occurrences > 0
                && known.word == Word::None
                && known.function.is_none()
                && known.dimension.is_none()
                && self.bound_index(of).is_none() =>
            {
                self.guessed_variable(of, self.span(expr))
            }
            _ => return Ok(None),
        };
        let variable = self.typed.variable(id);
        if variable.nature != Nature::Array || variable.differential_of.is_some() {
            return Ok(None);
        }
        // Structure stays behind: a rule holds for every differential, not only for tangent ones.
        let differential = Variable {
            name: format!("d{}", variable.name),
            structure: Structure::General,
            positive: false,
            declared: false,
            differential_of: Some(id),
            span: self.span(expr),
            ..variable.clone()
        };
        Ok(Some(self.new_variable(name, differential)))
    }

    /// Adds a variable.
    pub(crate) fn new_variable(&mut self, name: NameId, variable: Variable) -> VariableId {
        let id = VariableId(u32::try_from(self.typed.variables.len()).unwrap_or(u32::MAX));
        self.typed.variables.push(variable);
        self.names.get_mut(name).meaning = Meaning::Variable(id);
        id
    }

    fn function_without_argument(&self, expr: ExprId, name: NameId) -> Box<Failure> {
        let text = self.name_text(name);
        let error =
            Diagnostic::bad_input("name", format!("the function `{text}` lacks its argument"));
        error.label(self.span(expr), "a value is wanted here").hint(format!("{text}(x)")).into()
    }

    fn unknown_name(&self, expr: ExprId, name: NameId) -> Box<Failure> {
        let text = self.name_text(name);
        let error = Diagnostic::bad_input("name", format!("unknown name `{text}`"));
        let error = error.label(self.span(expr), "neither a variable nor a binding");
        let known = self.typed.variables.iter().map(|variable| variable.name.as_str());
        match closest(text, known) {
            Some(near) => error.hint(format!("did you mean {near}?")).into(),
            None => error.into(),
        }
    }
}

/// A variable of which only name and shape are known.
pub(crate) fn plain_variable(name: String, shape: Shape, span: Span) -> Variable {
    Variable {
        name,
        nature: Nature::Array,
        shape,
        family: Vec::new(),
        structure: Structure::General,
        positive: false,
        complex: false,
        declared: false,
        differential_of: None,
        span,
    }
}
