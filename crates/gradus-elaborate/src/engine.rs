//! The walk over expressions: what is known, what is open, and one node after the other.
//!
//! Must not know how readings are searched or how operators fit shapes.

use gradus_diagnostics::{Diagnostic, Span};
use gradus_syntax::tree::{Expr, ExprId, PostfixOperator, TextId, Tree, UnaryOperator};
use gradus_tensor::{DimensionId, FunctionId, Rational, Role, Vocabulary};
use rustc_hash::FxHashMap;

use crate::alignment::Alignment;
use crate::calls::Target;
use crate::failure::{Failure, Step};
use crate::kinds::Declared;
use crate::names::{NameId, NameTable};
use crate::program::Source;
use crate::solve::Solver;
use crate::typed::{IndexId, Operation, Shape, TypedId, TypedNode, TypedTree};

/// The greatest number of nodes of a program, after functions of the user have been put in.
const MAXIMUM_NODES: usize = 2_000_000;

/// A source with the ids of its texts.
pub(crate) struct SourceState<'a> {
    pub(crate) source: Source<'a>,
    /// The name of each text, if it has been asked for.
    ids: Vec<Option<NameId>>,
}

/// A function of the user.
#[derive(Clone, Debug)]
pub(crate) struct UserFunction {
    pub(crate) source: usize,
    pub(crate) parameters: Vec<NameId>,
    pub(crate) body: ExprId,
}

/// Where names are looked up: the program, or the body of a function.
pub(crate) struct Frame {
    pub(crate) source: usize,
    pub(crate) function: Option<u32>,
    /// The call, in the frame below.
    pub(crate) call: Option<ExprId>,
    pub(crate) parameters: Vec<(NameId, TypedId)>,
    /// Indices bound outside are not seen inside.
    pub(crate) first_index: usize,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task {
    Visit(ExprId),
    /// The operands are on the stack.
    Build(ExprId),
    /// The arguments are on the stack.
    Apply(ExprId, Target),
    /// The arguments are on the stack; the body follows.
    Enter(ExprId, u32),
    /// The body of a function is done.
    Leave,
    /// The body of an indexed sum is on the stack.
    Sum(ExprId),
    /// The body of a sum that an index form implies is on the stack.
    ImpliedSum(ExprId),
}

/// A constant array whose size came from its surroundings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Literal {
    pub(crate) node: TypedId,
    pub(crate) source: usize,
    pub(crate) expr: ExprId,
}

/// Something that is a hint if a shape turns out square.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PendingNote {
    /// An elementwise function that is easily mistaken.
    Function(FunctionId),
    /// A scalar is added to every entry.
    ScalarAdded,
}

/// The state of one elaboration.
pub(crate) struct Engine<'a> {
    pub(crate) sources: Vec<SourceState<'a>>,
    pub(crate) names: NameTable,
    pub(crate) functions: Vec<UserFunction>,
    pub(crate) declared: Vec<Declared>,
    pub(crate) solver: Solver,
    /// Its dimension table is empty until the end: the solver has it.
    pub(crate) typed: TypedTree,
    pub(crate) variable_nodes: Vec<Option<TypedId>>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) indices: Vec<(NameId, IndexId)>,
    /// Whether each index selects something.
    pub(crate) used_indices: Vec<bool>,
    /// The indices of implied sums, by the expression that is their body.
    pub(crate) implied: FxHashMap<ExprId, Vec<NameId>>,
    pub(crate) values: Vec<TypedId>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) literals: Vec<Literal>,
    pub(crate) pending_notes: Vec<(TypedId, Span, PendingNote)>,
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) conditions: Vec<DimensionId>,
    /// What sizes are made of, and which are to be equal part by part.
    pub(crate) alignment: Alignment,
    /// Sizes of undeclared variables that are tried as a declaration would give them.
    pub(crate) proposed: FxHashMap<NameId, Shape>,
    /// Sizes of variables that would settle the equations that wait.
    pub(crate) proposals: Vec<(NameId, Shape)>,
    /// Whether undeclared names may be read as variables.
    pub(crate) guessing: bool,
    /// How far open indices run whose formula does not tell.
    pub(crate) open_ranges: Vec<(String, DimensionId)>,
    /// Whether messages are wanted; a search does without.
    pub(crate) explaining: bool,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(names: NameTable, typed: TypedTree, solver: Solver) -> Self {
        Self {
            sources: Vec::new(),
            names,
            functions: Vec::new(),
            declared: Vec::new(),
            solver,
            typed,
            variable_nodes: Vec::new(),
            frames: Vec::new(),
            indices: Vec::new(),
            used_indices: Vec::new(),
            implied: FxHashMap::default(),
            values: Vec::new(),
            tasks: Vec::new(),
            literals: Vec::new(),
            pending_notes: Vec::new(),
            notes: Vec::new(),
            conditions: Vec::new(),
            alignment: Alignment::default(),
            proposed: FxHashMap::default(),
            proposals: Vec::new(),
            guessing: true,
            open_ranges: Vec::new(),
            explaining: true,
        }
    }

    /// Adds a source and gives its position.
    pub(crate) fn add_source(&mut self, source: Source<'a>) -> usize {
        self.sources.push(SourceState { source, ids: vec![None; source.tree.texts.len()] });
        self.sources.len() - 1
    }

    /// Starts to read a source outside of any function.
    pub(crate) fn enter_source(&mut self, source: usize) {
        self.frames.clear();
        self.indices.clear();
        self.values.clear();
        self.tasks.clear();
        self.implied.clear();
        self.frames.push(Frame {
            source,
            function: None,
            call: None,
            parameters: Vec::new(),
            first_index: 0,
        });
    }

    pub(crate) fn source(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.source)
    }

    pub(crate) fn tree(&self) -> &'a Tree {
        self.sources[self.source()].source.tree
    }

    pub(crate) fn expr(&self, id: ExprId) -> &'a Expr {
        self.tree().expr(id)
    }

    /// A place of the current source in the numbering of messages.
    pub(crate) fn shifted(&self, span: Span) -> Span {
        let offset = self.sources[self.source()].source.offset;
        Span { start: span.start.saturating_add(offset), end: span.end.saturating_add(offset) }
    }

    pub(crate) fn span(&self, id: ExprId) -> Span {
        self.shifted(self.tree().span(id))
    }

    /// What was written for an expression.
    pub(crate) fn text_of(&self, id: ExprId) -> &'a str {
        let source = &self.sources[self.source()].source;
        let span = source.tree.span(id);
        source.text.get(span.start as usize..span.end as usize).unwrap_or("…").trim()
    }

    pub(crate) fn name_id(&mut self, text: TextId) -> NameId {
        let source = self.source();
        let state = &mut self.sources[source];
        let known = &mut state.ids[text.0 as usize];
        *known.get_or_insert_with(|| self.names.intern(state.source.tree.text(text)))
    }

    pub(crate) fn name_text(&self, name: NameId) -> &str {
        &self.names.get(name).text
    }

    /// The argument for a parameter of the function whose body is read.
    pub(crate) fn parameter(&self, name: NameId) -> Option<TypedId> {
        let parameters = &self.frames.last()?.parameters;
        parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The index with a name that is bound here.
    pub(crate) fn bound_index(&self, name: NameId) -> Option<IndexId> {
        let first = self.frames.last()?.first_index;
        self.indices[first..].iter().rev().find(|(known, _)| *known == name).map(|(_, id)| *id)
    }

    pub(crate) fn shape(&self, id: TypedId) -> Shape {
        self.typed.shape(id)
    }

    pub(crate) fn node(&mut self, operation: Operation, shape: Shape, expr: ExprId) -> TypedId {
        let span = self.span(expr);
        self.node_at(operation, shape, span)
    }

    pub(crate) fn node_at(&mut self, operation: Operation, shape: Shape, span: Span) -> TypedId {
        let id = TypedId(u32::try_from(self.typed.nodes.len()).unwrap_or(u32::MAX));
        self.typed.nodes.push(TypedNode { operation, shape, span });
        id
    }

    pub(crate) fn number(&mut self, value: Rational, expr: ExprId) -> TypedId {
        self.node(Operation::Number(value), Shape::SCALAR, expr)
    }

    /// An error that another reading of the names in the expression could mend.
    pub(crate) fn mendable(&self, expr: ExprId, diagnostic: Diagnostic) -> Box<Failure> {
        // Inside of a function the names that matter are the arguments of the outermost call.
        let outermost = self.frames.get(1).and_then(|frame| frame.call);
        let source = self.frames.first().map_or(0, |frame| frame.source);
        let mendable = Some((source, outermost.unwrap_or(expr)));
        Box::new(Failure { diagnostic: diagnostic.into(), mendable })
    }

    /// An error about shapes; the message is written only if someone will see it.
    pub(crate) fn shape_error(
        &mut self,
        expr: ExprId,
        message: impl FnOnce(&mut Self) -> Diagnostic,
    ) -> Box<Failure> {
        let diagnostic =
            if self.explaining { message(self) } else { Diagnostic::bad_input("shape", "") };
        self.mendable(expr, diagnostic)
    }

    /// Reads an expression.
    pub(crate) fn value(&mut self, root: ExprId) -> Step<TypedId> {
        self.tasks.push(Task::Visit(root));
        while let Some(task) = self.tasks.pop() {
            if self.typed.nodes.len() > MAXIMUM_NODES {
                let message = format!("the program has more than {MAXIMUM_NODES} nodes");
                let error =
                    Diagnostic::limit(message).hint("call functions of your own less often");
                return Err(error.into());
            }
            self.check_sizes()?;
            match task {
                Task::Visit(expr) => self.visit(expr)?,
                Task::Build(expr) => self.build(expr)?,
                Task::Apply(expr, target) => self.apply(expr, target)?,
                Task::Enter(expr, function) => self.enter(expr, function)?,
                Task::Leave => {
                    if let Some(frame) = self.frames.pop() {
                        self.indices.truncate(frame.first_index);
                    }
                }
                Task::Sum(expr) => self.leave_sum(expr)?,
                Task::ImpliedSum(expr) => self.leave_implied_sum(expr)?,
            }
        }
        Ok(self.pop())
    }

    /// An error if some size has become too large to be computed with.
    pub(crate) fn check_sizes(&self) -> Step<()> {
        if self.solver.too_large {
            return Err(Diagnostic::limit("a size has too many terms or too high a degree").into());
        }
        Ok(())
    }

    /// The value on top of the stack. The walk pushes one for each operand it visits.
    pub(crate) fn pop(&mut self) -> TypedId {
        self.values.pop().unwrap_or(TypedId(0))
    }

    fn visit(&mut self, expr: ExprId) -> Step<()> {
        if !self.implied.is_empty()
            && self.frames.len() == 1
            && let Some(indices) = self.implied.get(&expr).cloned()
        {
            for name in indices {
                self.open_index(name);
            }
            self.tasks.push(Task::ImpliedSum(expr));
        }
        match self.expr(expr) {
            Expr::Number(text) => {
                let value = Rational::parse_decimal(self.tree().text(*text)).ok_or_else(|| {
                    let error = Diagnostic::bad_input("number", "this number cannot be read");
                    error.label(self.span(expr), "here")
                })?;
                let id = self.number(value, expr);
                self.values.push(id);
            }
            Expr::Name(text) => {
                let name = self.name_id(*text);
                let id = self.name_value(expr, name)?;
                self.values.push(id);
            }
            Expr::Unary(_, a) | Expr::Postfix(_, a) | Expr::Norm(a) => {
                self.tasks.extend([Task::Build(expr), Task::Visit(*a)]);
            }
            Expr::Binary(_, a, b) => {
                self.tasks.extend([Task::Build(expr), Task::Visit(*b), Task::Visit(*a)]);
            }
            Expr::Call { function, derivative, arguments } => {
                self.visit_call(expr, *function, *derivative, arguments)?;
            }
            Expr::Mapped { function, derivative, arguments } => {
                self.visit_mapped(expr, *function, *derivative, arguments)?;
            }
            Expr::IndexedSum { indices, body, .. } => {
                for index in indices {
                    let name = self.name_id(*index);
                    self.open_index(name);
                }
                self.tasks.extend([Task::Sum(expr), Task::Visit(*body)]);
            }
            Expr::Indexed { base, .. } => match self.expr(*base) {
                Expr::Name(text) => {
                    let (id, family) = self.indexed_base(*base, *text)?;
                    let id = self.indexed(expr, id, &family)?;
                    self.values.push(id);
                }
                _ => self.tasks.extend([Task::Build(expr), Task::Visit(*base)]),
            },
            Expr::Matrix(rows) => {
                self.tasks.push(Task::Build(expr));
                let cells = rows.iter().rev().flat_map(|row| row.iter().rev());
                self.tasks.extend(cells.map(|cell| Task::Visit(*cell)));
            }
        }
        Ok(())
    }

    fn build(&mut self, expr: ExprId) -> Step<()> {
        let id = match self.expr(expr) {
            Expr::Unary(operator, _) => {
                let a = self.pop();
                match operator {
                    UnaryOperator::Plus => a,
                    UnaryOperator::Minus => self.node(Operation::Negate(a), self.shape(a), expr),
                }
            }
            Expr::Postfix(operator, inner) => {
                let a = self.pop();
                let shape = self.shape(a).transposed();
                match operator {
                    PostfixOperator::Transpose if shape.is_scalar() => a,
                    PostfixOperator::Transpose => self.node(Operation::Transpose(a), shape, expr),
                    PostfixOperator::ConjugateTranspose => {
                        self.node(Operation::ConjugateTranspose(a), shape, expr)
                    }
                    PostfixOperator::Inverse => self.inverse(expr, *inner, a)?,
                    PostfixOperator::FromAbove | PostfixOperator::FromBelow => a,
                }
            }
            Expr::Binary(operator, left, right) => {
                let b = self.pop();
                let a = self.pop();
                self.binary(expr, *operator, (*left, a), (*right, b))?
            }
            Expr::Norm(inner) => {
                let a = self.pop();
                self.named_call(expr, "norm2", &[*inner], &[a])?
            }
            Expr::Matrix(rows) => self.blocks(expr, rows)?,
            Expr::Indexed { .. } => {
                let a = self.pop();
                self.indexed(expr, a, &[])?
            }
            // The others have tasks of their own.
            _ => return Ok(()),
        };
        self.values.push(id);
        Ok(())
    }

    fn inverse(&mut self, expr: ExprId, inner: ExprId, a: TypedId) -> Step<TypedId> {
        if self.is_scalar(a) {
            let one = self.number(Rational::ONE, expr);
            return Ok(self.node(Operation::Quotient(one, a), Shape::SCALAR, expr));
        }
        match gradus_functions::book().with_role(Role::Inverse) {
            Some(function) => self.function_call(expr, function, &[inner], &[a]),
            None => Err(Diagnostic::internal("the rule book lacks the inverse").into()),
        }
    }

    /// Calls an entry of the rule book by its name.
    pub(crate) fn named_call(
        &mut self,
        expr: ExprId,
        name: &'static str,
        exprs: &[ExprId],
        arguments: &[TypedId],
    ) -> Step<TypedId> {
        match gradus_functions::book().lookup(name) {
            Some(function) => self.function_call(expr, function, exprs, arguments),
            None => Err(Diagnostic::internal(format!("the rule book lacks {name}")).into()),
        }
    }

    /// Whether the value is 1×1. Where that is still open, it is decided: what has one side of length 1
    /// is a scalar, unless it is written as a constant array.
    pub(crate) fn is_scalar(&mut self, id: TypedId) -> bool {
        use crate::solve::One;
        let shape = self.shape(id);
        let (rows, columns) = (self.solver.one(shape.rows), self.solver.one(shape.columns));
        match (rows, columns) {
            (One::Yes, One::Yes) => true,
            (One::No, _) | (_, One::No) => false,
            (One::Perhaps, One::Perhaps) if self.is_constant_array(id) => false,
            _ => {
                for side in [shape.rows, shape.columns] {
                    if self.solver.one(side) == One::Perhaps {
                        self.solver.decide(side, gradus_tensor::Dimensions::ONE);
                    }
                }
                true
            }
        }
    }

    fn is_constant_array(&self, id: TypedId) -> bool {
        match self.typed.node(id).operation {
            Operation::Fill(_) => true,
            Operation::Transpose(inner) => {
                matches!(self.typed.node(inner).operation, Operation::Fill(_))
            }
            _ => false,
        }
    }
}
