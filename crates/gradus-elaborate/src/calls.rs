//! Calls: entries of the rule book, unknown functions, the user's functions, constant arrays.
//!
//! Must not know how mistakes are worded.

use gradus_diagnostics::Diagnostic;
use gradus_functions::{ArgumentPattern, ShapeSignature, Signature, SizePattern, Structural, book};
use gradus_syntax::tree::{Expr, ExprId, TextId};
use gradus_tensor::{DimensionId, Dimensions, FunctionId, Rational};
use smallvec::SmallVec;

use crate::alignment::Parts;
use crate::engine::{Engine, Frame, Literal, PendingNote, Task};
use crate::failure::Step;
use crate::lookup::plain_variable;
use crate::names::{Constructor, Meaning, NameId, Word};
use crate::sizes::NewNames;
use crate::typed::{Approach, Nature, Operation, Shape, TypedId, VariableId};

/// What is called, once its arguments are known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// An entry of the rule book.
    Function(FunctionId),
    /// `vector(c)`, `matrix(c)`
    Constructor(Constructor),
    /// `f(X)`, `grad_f(X)`, `hess_f(X)`
    Scalar(VariableId, u8),
    /// `A(t)`, `A'(t)`
    Path(VariableId, u8),
    /// `f.(X)`, `f'.(X)`
    Mapped(VariableId, u8),
    /// `d(U)`
    Differential,
    /// `limit(M, x, x0)`, from a side
    Limit(VariableId, Approach),
    /// `int(M, x)`
    Integral(VariableId),
    /// `int(M, x, a, b)`
    DefiniteIntegral(VariableId),
}

impl Engine<'_> {
    pub(crate) fn visit_call(
        &mut self,
        expr: ExprId,
        function: TextId,
        derivative: u8,
        arguments: &[ExprId],
    ) -> Step<()> {
        let name = self.name_id(function);
        if let Some(target) = self.variable_target(expr, name, derivative, arguments)? {
            self.one_argument(expr, name, arguments)?;
            self.tasks.extend([Task::Apply(expr, target), Task::Visit(arguments[0])]);
            return Ok(());
        }
        let known = self.names.get(name);
        let (word, user) = (known.word, known.function);
        if derivative > 0 && (user.is_some() || word != Word::None) {
            return Err(self.derivative_of_known(expr, name));
        }
        if let Some(user) = user {
            let wanted = self.functions[user as usize].parameters.len();
            if wanted != arguments.len() {
                return Err(self.wrong_arity(expr, name, wanted, arguments.len()));
            }
            self.tasks.push(Task::Enter(expr, user));
            self.tasks.extend(arguments.iter().rev().map(|argument| Task::Visit(*argument)));
            return Ok(());
        }
        match word {
            Word::Function(function) => self.visit_function(expr, name, function, arguments),
            Word::Constructor(constructor) if constructor.takes_sizes() => {
                let id = self.constructor(expr, constructor, arguments, None)?;
                self.values.push(id);
                Ok(())
            }
            Word::Constructor(constructor) => {
                self.one_argument(expr, name, arguments)?;
                let target = Target::Constructor(constructor);
                self.tasks.extend([Task::Apply(expr, target), Task::Visit(arguments[0])]);
                Ok(())
            }
            Word::Rows => {
                self.one_argument(expr, name, arguments)?;
                let id = self.rows_of_family(expr, arguments[0])?;
                self.values.push(id);
                Ok(())
            }
            Word::Differential => self.visit_differential(expr, name, arguments),
            _ if derivative == 0 && self.is_differential_sign(name) => {
                self.visit_differential(expr, name, arguments)
            }
            Word::Binder(binder) => self.visit_binder(expr, name, binder, arguments),
            _ => Err(self.unknown_function(expr, name, derivative, arguments)),
        }
    }

    /// What a call of a variable's name means: an unknown function, a function matrix.
    fn variable_target(
        &mut self,
        expr: ExprId,
        name: NameId,
        derivative: u8,
        arguments: &[ExprId],
    ) -> Step<Option<Target>> {
        if self.parameter(name).is_some()
            || matches!(self.names.get(name).meaning, Meaning::Bound(_))
        {
            return Err(self.call_of_value(expr, name, arguments));
        }
        let known = self.names.get(name);
        let variable = match known.meaning {
            Meaning::Variable(variable) => Some(variable),
            _ if known.declared.is_some() => {
                Some(self.declared_variable(name, Some(self.span(expr)))?)
            }
            _ if known.word == Word::None && known.function.is_none() => {
                self.derivative_function(expr, name)?
            }
            _ => None,
        };
        let Some(id) = variable else { return Ok(None) };
        let order = if self.typed.variable(id).name == self.name_text(name) {
            derivative
        } else {
            // `grad_f` and `hess_f` carry their order in the name.
            1 + u8::from(self.name_text(name).starts_with("hess_"))
        };
        match self.typed.variable(id).nature {
            Nature::ScalarFunction if order <= 2 => Ok(Some(Target::Scalar(id, order))),
            Nature::ScalarFunction => {
                let error =
                    Diagnostic::unsupported("derivatives of an unknown function of order 3");
                let error = error.label(self.span(expr), "here");
                Err(error.hint("orders 0 to 2 are f(X), grad_f(X), hess_f(X)").into())
            }
            Nature::Path { .. } => Ok(Some(Target::Path(id, order))),
            Nature::ElementwiseFunction => Err(self.elementwise_without_dot(expr, name, arguments)),
            Nature::Array => Err(self.call_of_value(expr, name, arguments)),
        }
    }

    /// The function f of `grad_f` or `hess_f`.
    fn derivative_function(&mut self, expr: ExprId, name: NameId) -> Step<Option<VariableId>> {
        let text = self.name_text(name);
        let Some(rest) = text.strip_prefix("grad_").or_else(|| text.strip_prefix("hess_")) else {
            return Ok(None);
        };
        let Some(of) = self.names.find(rest) else { return Ok(None) };
        let known = self.names.get(of);
        let id = match known.meaning {
            Meaning::Variable(variable) => variable,
            _ if known.declared.is_some() => self.declared_variable(of, Some(self.span(expr)))?,
            _ => return Ok(None),
        };
        Ok((self.typed.variable(id).nature == Nature::ScalarFunction).then_some(id))
    }

    pub(crate) fn one_argument(
        &mut self,
        expr: ExprId,
        name: NameId,
        arguments: &[ExprId],
    ) -> Step<()> {
        if arguments.len() == 1 {
            return Ok(());
        }
        Err(self.wrong_arity(expr, name, 1, arguments.len()))
    }

    fn visit_function(
        &mut self,
        expr: ExprId,
        name: NameId,
        function: FunctionId,
        arguments: &[ExprId],
    ) -> Step<()> {
        let entry = book().get(function);
        let fits = entry.arity().map_or(!arguments.is_empty(), |arity| arity == arguments.len());
        if !fits {
            if let Some(other) = book().lookup(entry.other)
                && book().get(other).arity() == Some(arguments.len())
            {
                return self.visit_function(expr, name, other, arguments);
            }
            return Err(self.wrong_arity(expr, name, entry.parameters.len(), arguments.len()));
        }
        self.tasks.push(Task::Apply(expr, Target::Function(function)));
        for (position, argument) in arguments.iter().enumerate().rev() {
            if !is_size(function, position) {
                self.tasks.push(Task::Visit(*argument));
            }
        }
        Ok(())
    }

    pub(crate) fn visit_mapped(
        &mut self,
        expr: ExprId,
        function: TextId,
        derivative: u8,
        arguments: &[ExprId],
    ) -> Step<()> {
        let name = self.name_id(function);
        let known = self.names.get(name);
        let (word, user, meaning) = (known.word, known.function, known.meaning);
        if self.parameter(name).is_some() || matches!(meaning, Meaning::Bound(_)) {
            return Err(self.call_of_value(expr, name, arguments));
        }
        if known.declared.is_none() && meaning == Meaning::Unseen {
            if let Word::Function(function) = word {
                let elementwise = matches!(book().signatures(function), [Signature::Elementwise]);
                if derivative > 0 || !elementwise {
                    return Err(self.not_elementwise(expr, name, derivative));
                }
                return self.visit_function(expr, name, function, arguments);
            }
            if user.is_some() || !matches!(word, Word::None | Word::Pi | Word::Infinity) {
                return Err(self.not_elementwise(expr, name, derivative));
            }
        }
        let id = self.mapped_variable(expr, name)?;
        match self.typed.variable(id).nature {
            Nature::ElementwiseFunction => {}
            Nature::ScalarFunction => return Err(self.not_elementwise(expr, name, derivative)),
            _ => return Err(self.call_of_value(expr, name, arguments)),
        }
        self.one_argument(expr, name, arguments)?;
        let target = Target::Mapped(id, derivative);
        self.tasks.extend([Task::Apply(expr, target), Task::Visit(arguments[0])]);
        Ok(())
    }

    /// The unknown elementwise function with a name.
    fn mapped_variable(&mut self, expr: ExprId, name: NameId) -> Step<VariableId> {
        let known = self.names.get(name);
        match known.meaning {
            Meaning::Variable(variable) => Ok(variable),
            _ if known.declared.is_some() => self.declared_variable(name, Some(self.span(expr))),
            _ if !self.guessing => Err(self.unknown_function(expr, name, 0, &[])),
            _ => {
                let text = known.text.to_string();
                let mut variable = plain_variable(text, Shape::SCALAR, self.span(expr));
                variable.nature = Nature::ElementwiseFunction;
                Ok(self.new_variable(name, variable))
            }
        }
    }

    /// Calls the target with the arguments on the stack.
    pub(crate) fn apply(&mut self, expr: ExprId, target: Target) -> Step<()> {
        self.solver.tag = self.tag(expr);
        let id = match target {
            Target::Function(function) => {
                let exprs: &[ExprId] = match self.expr(expr) {
                    Expr::Call { arguments, .. } | Expr::Mapped { arguments, .. } => arguments,
                    _ => &[],
                };
                let arrays = (0..exprs.len()).filter(|at| !is_size(function, *at)).count();
                let start = self.values.len().saturating_sub(arrays);
                let values: SmallVec<[TypedId; 4]> = self.values.drain(start..).collect();
                self.function_call(expr, function, exprs, &values)?
            }
            Target::Constructor(constructor) => {
                let value = self.pop();
                self.constructor(expr, constructor, &[], Some(value))?
            }
            Target::Scalar(function, order) => {
                let argument = self.pop();
                let shape = match order {
                    0 => Shape::SCALAR,
                    1 => self.shape(argument),
                    _ => {
                        let shape = self.shape(argument);
                        let entries = self.solver.multiply(shape.rows, shape.columns);
                        let entries = if self.guessing && !shape.is_scalar() {
                            let entries = self.solver.alias(entries);
                            let parts = [shape.columns, shape.rows].into_iter().collect();
                            self.note_parts(entries, parts, Parts::Factors);
                            entries
                        } else {
                            entries
                        };
                        Shape { rows: entries, columns: entries }
                    }
                };
                self.node(Operation::Scalar { function, order, argument }, shape, expr)
            }
            Target::Path(function, order) => {
                let argument = self.pop();
                if !self.is_scalar(argument) {
                    return Err(self.path_argument(expr, argument));
                }
                let shape = self.typed.variable(function).shape;
                self.node(Operation::Path { function, order, argument }, shape, expr)
            }
            Target::Limit(..) | Target::Integral(_) | Target::DefiniteIntegral(_) => {
                self.apply_binder(expr, target)?
            }
            Target::Differential => {
                let value = self.pop();
                self.differential_of_value(expr, value)?
            }
            Target::Mapped(function, order) => {
                let argument = self.pop();
                let shape = self.shape(argument);
                self.node(Operation::Mapped { function, order, argument }, shape, expr)
            }
        };
        self.values.push(id);
        Ok(())
    }

    /// A call of an entry; `exprs` are all its arguments, `values` those that are arrays.
    pub(crate) fn function_call(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        exprs: &[ExprId],
        values: &[TypedId],
    ) -> Step<TypedId> {
        let book = book();
        match book.structural(Structural::Transpose) {
            Some(transpose) if transpose == function => {
                let shape = self.shape(values[0]).transposed();
                return Ok(self.node(Operation::Transpose(values[0]), shape, expr));
            }
            _ => {}
        }
        match book.signatures(function) {
            [Signature::Elementwise] => self.elementwise_call(expr, function, exprs, values),
            [Signature::Variadic] => self.concatenation(expr, function, exprs, values),
            _ => self.shaped_call(expr, function, exprs, values),
        }
    }

    fn elementwise_call(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        exprs: &[ExprId],
        values: &[TypedId],
    ) -> Step<TypedId> {
        let mut first: Option<(usize, Shape)> = None;
        for (position, value) in values.iter().enumerate() {
            if self.is_scalar(*value) {
                continue;
            }
            let shape = self.shape(*value);
            match first {
                None => first = Some((position, shape)),
                Some((other, expected)) => {
                    if !self.unify_shapes(expr, expected, shape)? {
                        let pair = [(exprs[other], values[other]), (exprs[position], *value)];
                        return Err(self.arguments_differ(expr, function, pair));
                    }
                }
            }
        }
        let shape = first.map_or(Shape::SCALAR, |(_, shape)| shape);
        let mut arguments = Vec::with_capacity(values.len());
        for (position, value) in values.iter().enumerate() {
            let broadcast = first.is_some() && self.is_scalar(*value);
            arguments.push(if broadcast {
                self.fill(*value, shape, exprs[position])
            } else {
                *value
            });
        }
        let id = self.node(Operation::Call { function, arguments, sizes: Vec::new() }, shape, expr);
        if first.is_some() && self.guessing && !book().get(function).hint.is_empty() {
            let span = self.span(expr);
            self.pending_notes.push((id, span, PendingNote::Function(function)));
        }
        Ok(id)
    }

    fn concatenation(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        exprs: &[ExprId],
        values: &[TypedId],
    ) -> Step<TypedId> {
        let below = book().structural(Structural::VerticalConcatenation) == Some(function);
        let across = book().structural(Structural::HorizontalConcatenation) == Some(function);
        if below {
            let exprs: Vec<_> = exprs.iter().map(|expr| vec![*expr]).collect();
            let values = values.iter().map(|value| vec![*value]).collect();
            self.block_node(expr, &exprs, values)
        } else if across {
            self.block_node(expr, &[exprs.to_vec()], vec![values.to_vec()])
        } else {
            Err(Diagnostic::internal("a function with any number of arguments is no concatenation")
                .into())
        }
    }

    fn shaped_call(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        exprs: &[ExprId],
        values: &[TypedId],
    ) -> Step<TypedId> {
        let sizes = self.size_arguments(function, exprs)?;
        let arguments = values.to_vec();
        for signature in book().signatures(function) {
            let Signature::Shapes(signature) = signature else { continue };
            if !self.could_fit(signature, &arguments, &sizes) {
                continue;
            }
            let Some(shape) = self.fit(expr, signature, &arguments, &sizes)? else { break };
            return Ok(self.node(Operation::Call { function, arguments, sizes }, shape, expr));
        }
        Err(self.no_signature_fits(expr, function, exprs, values))
    }

    fn size_arguments(&mut self, function: FunctionId, exprs: &[ExprId]) -> Step<Vec<DimensionId>> {
        let new = self.new_names();
        let mut sizes = Vec::new();
        for (position, expr) in exprs.iter().enumerate() {
            if is_size(function, position) {
                sizes.push(self.size(*expr, new)?);
            }
        }
        Ok(sizes)
    }

    pub(crate) fn new_names(&self) -> NewNames {
        if self.guessing { NewNames::Allowed } else { NewNames::Refused }
    }

    /// Whether the shapes could fit a signature, without deciding anything.
    fn could_fit(
        &mut self,
        signature: &ShapeSignature,
        values: &[TypedId],
        sizes: &[DimensionId],
    ) -> bool {
        let mut letters: SmallVec<[Option<DimensionId>; 6]> =
            SmallVec::from_elem(None, signature.letters.len());
        bind_sizes(signature, sizes, &mut letters);
        for (pattern, dimension) in self.patterns(signature, values) {
            let expected = match (pattern.as_letter(), pattern.as_number()) {
                (Some(letter), _) => {
                    let value = &mut letters[letter.0 as usize];
                    *value.get_or_insert(dimension)
                }
                (None, Some(number)) if number.is_one() => Dimensions::ONE,
                (None, Some(number)) => self.solver.table.number(number),
                (None, None) => continue,
            };
            if !self.solver.could_equal(expected, dimension) {
                return false;
            }
        }
        true
    }

    /// The sides of the array arguments with their patterns, single letters first.
    fn patterns<'s>(
        &self,
        signature: &'s ShapeSignature,
        values: &[TypedId],
    ) -> SmallVec<[(&'s SizePattern, DimensionId); 4]> {
        let mut values = values.iter();
        let mut sides: SmallVec<[(&SizePattern, DimensionId); 4]> = SmallVec::new();
        for argument in &signature.arguments {
            let ArgumentPattern::Array(pattern) = argument else { continue };
            let Some(value) = values.next() else { break };
            let shape = self.shape(*value);
            sides.push((&pattern.rows, shape.rows));
            sides.push((&pattern.columns, shape.columns));
        }
        sides.sort_by_key(|(pattern, _)| pattern.as_letter().is_none());
        sides
    }

    /// Demands the shapes of a signature and gives the shape of the result, or nothing if they differ.
    fn fit(
        &mut self,
        expr: ExprId,
        signature: &ShapeSignature,
        values: &[TypedId],
        sizes: &[DimensionId],
    ) -> Step<Option<Shape>> {
        let mut letters: SmallVec<[Option<DimensionId>; 6]> =
            SmallVec::from_elem(None, signature.letters.len());
        bind_sizes(signature, sizes, &mut letters);
        for (pattern, dimension) in self.patterns(signature, values) {
            let expected = match pattern.as_letter() {
                Some(letter) => *letters[letter.0 as usize].get_or_insert(dimension),
                None => self.instantiate(pattern, &mut letters),
            };
            if !self.unify(expr, expected, dimension)? {
                return Ok(None);
            }
        }
        let rows = self.instantiate(&signature.result.rows, &mut letters);
        let columns = self.instantiate(&signature.result.columns, &mut letters);
        Ok(Some(Shape { rows, columns }))
    }

    /// A size of a signature; letters without a value become unknowns.
    fn instantiate(
        &mut self,
        pattern: &SizePattern,
        letters: &mut [Option<DimensionId>],
    ) -> DimensionId {
        if let Some(letter) = pattern.as_letter() {
            let value = &mut letters[letter.0 as usize];
            return match value {
                Some(value) => *value,
                None => {
                    let unknown = self.solver.unknown();
                    *value = Some(unknown);
                    unknown
                }
            };
        }
        if let Some(number) = pattern.as_number() {
            return self.solver.table.number(number);
        }
        let mut values: SmallVec<[DimensionId; 6]> = SmallVec::new();
        for letter in letters.iter_mut() {
            values.push(*letter.get_or_insert_with(|| self.solver.unknown()));
        }
        let mut size = self.solver.instantiate(&pattern.polynomial, &values);
        if pattern.factors.len() > 1 && self.guessing {
            size = self.solver.alias(size);
            let factors =
                pattern.factors.iter().filter_map(|letter| values.get(letter.0 as usize).copied());
            let factors = factors.collect();
            self.note_parts(size, factors, Parts::Factors);
        }
        size
    }

    /// `eye`, `ones(m,n)`, `vector(c)`; sizes that are not written are unknown.
    pub(crate) fn constructor(
        &mut self,
        expr: ExprId,
        constructor: Constructor,
        sizes: &[ExprId],
        value: Option<TypedId>,
    ) -> Step<TypedId> {
        let new = self.new_names();
        let mut dimensions: SmallVec<[DimensionId; 2]> = SmallVec::new();
        for size in sizes.iter().take(2) {
            dimensions.push(self.size(*size, new)?);
        }
        if sizes.len() > 2 {
            return Err(self.constructor_arity(expr, constructor, sizes));
        }
        if let Some(value) = value
            && !self.is_scalar(value)
        {
            return Err(self.constructor_argument(expr, constructor, value));
        }
        let shape = match (constructor, dimensions.as_slice()) {
            (Constructor::Eye, []) => {
                let size = self.solver.unknown();
                Shape { rows: size, columns: size }
            }
            (Constructor::Eye, [size]) => Shape { rows: *size, columns: *size },
            (Constructor::Eye, [rows, columns]) if rows != columns => {
                return Err(self.constructor_arity(expr, constructor, sizes));
            }
            (_, [rows, columns]) => Shape { rows: *rows, columns: *columns },
            (Constructor::Vector, _) => {
                if value.is_none() {
                    return Err(self.constructor_arity(expr, constructor, sizes));
                }
                Shape { rows: self.solver.unknown(), columns: Dimensions::ONE }
            }
            (Constructor::Matrix, _) => {
                if value.is_none() {
                    return Err(self.constructor_arity(expr, constructor, sizes));
                }
                Shape { rows: self.solver.unknown(), columns: self.solver.unknown() }
            }
            (_, [rows]) => Shape { rows: *rows, columns: Dimensions::ONE },
            _ => Shape { rows: self.solver.flexible(), columns: self.solver.flexible() },
        };
        let id = match constructor {
            Constructor::Eye if shape.is_scalar() => self.number(Rational::ONE, expr),
            Constructor::Eye => self.node(Operation::Identity, shape, expr),
            _ => {
                let value = value.unwrap_or_else(|| {
                    let value = if constructor == Constructor::Ones { 1 } else { 0 };
                    self.number(Rational::integer(value), expr)
                });
                if shape.is_scalar() { value } else { self.fill(value, shape, expr) }
            }
        };
        if sizes.is_empty() {
            let source = self.source();
            self.literals.push(Literal { node: id, source, expr });
        }
        Ok(id)
    }

    /// Goes into the body of a function of the user, with the arguments on the stack.
    pub(crate) fn enter(&mut self, expr: ExprId, function: u32) -> Step<()> {
        if self.frames.iter().any(|frame| frame.function == Some(function)) {
            return Err(self.recursive_function(expr));
        }
        let user = &self.functions[function as usize];
        let (source, body) = (user.source, user.body);
        let start = self.values.len().saturating_sub(user.parameters.len());
        let parameters = user.parameters.iter().copied().zip(self.values.drain(start..)).collect();
        let first_index = self.indices.len();
        self.tasks.extend([Task::Leave, Task::Visit(body)]);
        self.frames.push(Frame {
            source,
            function: Some(function),
            call: Some(expr),
            parameters,
            first_index,
        });
        Ok(())
    }
}

/// Whether an argument of an entry is a size.
pub(crate) fn is_size(function: FunctionId, position: usize) -> bool {
    match book().signatures(function).first() {
        Some(Signature::Shapes(signature)) => {
            matches!(signature.arguments.get(position), Some(ArgumentPattern::Size(_)))
        }
        _ => false,
    }
}

fn bind_sizes(
    signature: &ShapeSignature,
    sizes: &[DimensionId],
    letters: &mut [Option<DimensionId>],
) {
    let patterns = signature.arguments.iter().filter_map(|argument| match argument {
        ArgumentPattern::Size(letter) => Some(letter),
        ArgumentPattern::Array(_) => None,
    });
    for (letter, size) in patterns.zip(sizes) {
        letters[letter.0 as usize] = Some(*size);
    }
}
